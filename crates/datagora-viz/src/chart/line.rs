//! Lines over time, with gaps, bands and a forecast as a fan.
mod describe;
mod draw;

use datagora_core::Unit;

use super::{Axis, ChartError, category};
use crate::semiology::Excuses;
use crate::{Captions, ChartDesign, Column, DataTable, Finding, View, format_percent, lint_chart};

/// One line of a chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub(super) name: String,
    pub(super) values: Vec<f64>,
    pub(super) band: Option<(Vec<f64>, Vec<f64>)>,
    pub(super) fan: Option<Fan>,
    pub(super) backtest: Option<Vec<f64>>,
    pub(super) dashed: bool,
}

/// A forecast: points and bounds for the steps from `start` on.
#[derive(Clone, Debug, PartialEq)]
pub struct Fan {
    /// Step of the axis at which the forecast begins.
    pub start: usize,
    /// Forecast values.
    pub points: Vec<f64>,
    /// Level (0 to 1), lower and upper bounds of each interval, as long as the points.
    pub bands: Vec<(f64, Vec<f64>, Vec<f64>)>,
}

impl Fan {
    /// Is every step between two bounds, at one level at least?
    fn has_interval(&self) -> bool {
        let complete = |bounds: &[f64]| bounds.iter().all(|bound| bound.is_finite());
        !self.bands.is_empty()
            && self.bands.iter().all(|(_, lower, upper)| complete(lower) && complete(upper))
    }
}

impl Line {
    /// A line through these values, one per step of the axis; NaN leaves a gap.
    pub fn new(name: impl Into<String>, values: impl Into<Vec<f64>>) -> Self {
        Self {
            name: name.into(),
            values: values.into(),
            band: None,
            fan: None,
            backtest: None,
            dashed: false,
        }
    }

    /// With a band about it, such as the spread over counters; NaN leaves a gap.
    pub fn with_band(self, lower: impl Into<Vec<f64>>, upper: impl Into<Vec<f64>>) -> Self {
        Self { band: Some((lower.into(), upper.into())), ..self }
    }

    /// With a forecast.
    pub fn with_fan(self, fan: Fan) -> Self {
        Self { fan: Some(fan), ..self }
    }

    /// With what would have been forecast for steps that are known today, one value per step of the axis; NaN where nothing
    /// was. It is drawn as a thin dashed line over the values, so that the reader sees how good such forecasts were.
    pub fn with_backtest(self, values: impl Into<Vec<f64>>) -> Self {
        Self { backtest: Some(values.into()), ..self }
    }

    /// Drawn dashed: a reference, a plan.
    pub fn dashed(self) -> Self {
        Self { dashed: true, ..self }
    }
}

/// Lines over a common axis.
///
/// ![A line of bicycles per day over eight years with hatched outages, and a fan of twelve months ahead](pictures/lines.svg)
///
/// Gaps are not joined, a lone value is a dot. Lines are named at their end, in their colour, or in a key above.
///
/// ```
/// use datagora_core::{Language, Month, Unit};
/// use datagora_viz::{Axis, Captions, Line, LineChart};
///
/// let axis = Axis::months(Month::parse("2024-01")?, 4, Language::English);
/// let view = LineChart::new(axis, Unit::of("{bicycle}/d"))
///     .with_line(Line::new("Quai", [410.0, f64::NAN, 530.0, 560.0]))
///     .with_outages([1])
///     .draw(&Captions::new("quai", "Bicycles on the quay", Language::English))?;
/// assert!(view.description().contains("Quai"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct LineChart {
    pub(super) axis: Axis,
    pub(super) unit: Unit,
    heading: Option<String>,
    pub(super) lines: Vec<Line>,
    outages: Vec<usize>,
    band_meaning: Option<String>,
    zero: bool,
    reference: Option<f64>,
    pub(super) excuses: Excuses,
}

impl LineChart {
    /// A chart without lines.
    pub fn new(axis: Axis, unit: Unit) -> Self {
        Self {
            axis,
            unit,
            heading: None,
            lines: Vec::new(),
            outages: Vec::new(),
            band_meaning: None,
            zero: true,
            reference: None,
            excuses: Excuses::default(),
        }
    }

    /// With one more line.
    pub fn with_line(mut self, line: Line) -> Self {
        self.lines.push(line);
        self
    }

    /// Says what the steps are, if not periods: the heading of the first column of the table.
    pub fn with_heading(self, heading: impl Into<String>) -> Self {
        Self { heading: Some(heading.into()), ..self }
    }

    /// With steps in which nothing was measured, hatched. Steps that the axis does not have are left out.
    pub fn with_outages(self, steps: impl IntoIterator<Item = usize>) -> Self {
        let mut outages: Vec<usize> = steps.into_iter().filter(|step| *step < self.axis.len()).collect();
        outages.sort_unstable();
        outages.dedup();
        Self { outages, ..self }
    }

    /// Says in the key what the bands about lines are, such as « la moitié centrale des compteurs ».
    pub fn with_band_meaning(self, words: impl Into<String>) -> Self {
        Self { band_meaning: Some(words.into()), ..self }
    }

    /// With a scale that need not begin at zero: for indexes and ratios.
    pub fn without_zero(self) -> Self {
        Self { zero: false, ..self }
    }

    /// With a line across at this value, such as the base of an index.
    pub fn with_reference(self, value: f64) -> Self {
        Self { reference: Some(value), ..self }
    }

    /// Draws the chart.
    ///
    /// # Errors
    ///
    /// [`ChartError`] if there is no value, a length differs from the axis, bounds are in the wrong order, or a rule is broken
    /// without a reason, such as by a forecast without interval.
    pub fn draw(&self, captions: &Captions) -> Result<View, ChartError> {
        self.check(captions)?;
        let captions = &self.excuses.apply(self.lint(), captions)?;
        let table = self.table(captions);
        Ok(captions.view(|width| self.scene(captions, width), table, self.describe(captions.language)))
    }

    /// The rules that the chart breaks: a forecast without interval (one whose bounds are not all finite has none), colours
    /// that look alike, more missing than known.
    pub fn lint(&self) -> Vec<Finding> {
        let open = |line: &&Line| line.fan.as_ref().is_some_and(|fan| !fan.has_interval());
        let expected =
            |line: &Line| line.fan.as_ref().map_or(line.values.len(), |fan| fan.start).min(line.values.len());
        let known = self.lines.iter().map(|line| &line.values[..expected(line)]);
        lint_chart(&ChartDesign {
            colours: (0..self.lines.len()).map(category).collect(),
            forecasts_without_interval: self
                .lines
                .iter()
                .filter(open)
                .map(|line| line.name.clone())
                .collect(),
            missing: known.clone().flatten().filter(|value| !value.is_finite()).count(),
            values: known.map(<[f64]>::len).sum(),
            ..ChartDesign::default()
        })
    }

    fn check(&self, captions: &Captions) -> Result<(), ChartError> {
        let needed = self.axis.len();
        for line in &self.lines {
            let mut lengths = vec![line.values.len()];
            lengths.extend(line.backtest.as_ref().map(Vec::len));
            if let Some((lower, upper)) = &line.band {
                lengths.extend([lower.len(), upper.len()]);
                ordered(&line.name, lower, upper)?;
            }
            if let Some(found) = lengths.into_iter().find(|length| *length != needed) {
                return Err(ChartError::Length { name: line.name.clone(), found, needed });
            }
            if let Some(fan) = &line.fan {
                line.check_fan(fan, needed)?;
            }
        }
        if !self.lines.iter().flat_map(|line| &line.values).any(|value| value.is_finite()) {
            return Err(ChartError::Empty { title: captions.title.clone() });
        }
        Ok(())
    }

    fn table(&self, captions: &Captions) -> DataTable {
        let language = captions.language;
        let steps = self.axis.len();
        let mut table = DataTable::new(&captions.title).with(Column::text(
            self.heading.as_deref().unwrap_or(language.pick("Période", "Period")),
            (0..steps).map(|step| self.axis.name(step)),
        ));
        let numbers =
            |name: String, values: &[f64]| Column::numbers(name, self.unit.clone(), values.iter().copied());
        for line in &self.lines {
            table = table.with(numbers(line.name.clone(), &line.values));
            let low = |level: &str| format!("{}, {} {level}", line.name, language.pick("bas", "low"));
            let high = |level: &str| format!("{}, {} {level}", line.name, language.pick("haut", "high"));
            if let Some((lower, upper)) = &line.band {
                table = table
                    .with(numbers(low("").trim_end().to_owned(), lower))
                    .with(numbers(high("").trim_end().to_owned(), upper));
            }
            if let Some(backtest) = &line.backtest {
                let name = language.pick("prévision passée", "past forecast");
                table = table.with(numbers(format!("{}, {name}", line.name), backtest));
            }
            if let Some(fan) = &line.fan {
                let spread = |values: &[f64]| {
                    let mut all = vec![f64::NAN; steps];
                    all[fan.start..fan.start + values.len()].copy_from_slice(values);
                    all
                };
                let name = format!("{}, {}", line.name, language.pick("prévision", "forecast"));
                table = table.with(numbers(name, &spread(&fan.points)));
                for (level, lower, upper) in &fan.bands {
                    let level = format_percent(*level, 0, language);
                    table = table
                        .with(numbers(low(&level), &spread(lower)))
                        .with(numbers(high(&level), &spread(upper)));
                }
            }
        }
        table
    }
}

impl Line {
    fn check_fan(&self, fan: &Fan, needed: usize) -> Result<(), ChartError> {
        let end = fan.start.saturating_add(fan.points.len());
        if end > needed {
            return Err(ChartError::Length { name: self.name.clone(), found: end, needed });
        }
        for (level, lower, upper) in &fan.bands {
            if !(0.0..=1.0).contains(level) {
                return Err(ChartError::Level { name: self.name.clone(), found: *level });
            }
            if let Some(found) = [lower.len(), upper.len()].into_iter().find(|n| *n != fan.points.len()) {
                return Err(ChartError::Length { name: self.name.clone(), found, needed: fan.points.len() });
            }
        }
        fan.bands.iter().try_for_each(|(_, lower, upper)| ordered(&self.name, lower, upper))
    }
}

/// Whether no lower bound is above its upper one.
pub(super) fn ordered(name: &str, lower: &[f64], upper: &[f64]) -> Result<(), ChartError> {
    match lower.iter().zip(upper).position(|(lower, upper)| lower > upper) {
        Some(step) => {
            Err(ChartError::Bounds { name: name.to_owned(), step, lower: lower[step], upper: upper[step] })
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
