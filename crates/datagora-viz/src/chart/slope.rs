//! From one date to another: who rises, who falls.
mod draw;

use datagora_core::{Language, Measured, Unit};

use super::words::{capitalised, colon, missing, quantity};
use super::{Axis, ChartError, Direction};
use crate::format::{common_decimals, format_among};
use crate::semiology::Excuses;
use crate::{Captions, ChartDesign, Column, DataTable, Finding, View, lint_chart};

/// Lines between two dates, or a few, each named at both ends. Dates that are numbers, such as years, lie as far apart as these.
///
/// ![Lines from 2019 to 2025 with names at both ends, three of them in colour and the others grey](pictures/slopes.svg)
///
/// The colour says whether a line rises or falls, and whether that is good if [`SlopeChart::with_direction`] tells. With
/// highlighted lines, the others are grey. A value with an interval has a whisker; a line ends at a value that is missing.
///
/// ```
/// use datagora_core::{Language, Measured, Unit};
/// use datagora_viz::{Captions, SlopeChart};
///
/// let share = |value: f64| Measured::new(value, Unit::PERCENT);
/// let view = SlopeChart::new(["2015", "2025"], Unit::PERCENT)
///     .with_line("Lyon 3e", [share(21.0), share(24.5)])
///     .with_line("Bron", [share(28.0), share(26.0)])
///     .draw(&Captions::new("canopy", "Where canopy grew", Language::English))?;
/// assert!(view.description().contains("Lyon 3e"));
/// # Ok::<(), datagora_viz::ChartError>(())
/// ```
///
/// # References
///
/// Tufte, E. (1983). *The Visual Display of Quantitative Information*, p. 158. Labels move by the smallest sum of squares that
/// keeps them apart.
#[derive(Clone, Debug, PartialEq)]
pub struct SlopeChart {
    dates: Axis,
    unit: Unit,
    heading: Option<String>,
    lines: Vec<Slope>,
    highlighted: Vec<String>,
    direction: Direction,
    zero: bool,
    pub(super) excuses: Excuses,
}

#[derive(Clone, Debug, PartialEq)]
struct Slope {
    name: String,
    values: Vec<Measured>,
}

impl Slope {
    fn first(&self) -> Option<f64> {
        self.values.first()?.value()
    }

    fn last(&self) -> Option<f64> {
        self.values.last()?.value()
    }

    /// From the first date to the last.
    fn change(&self) -> Option<f64> {
        Some(self.last()? - self.first()?)
    }

    fn is_known(&self) -> bool {
        self.values.iter().any(|value| value.value().is_some())
    }
}

impl SlopeChart {
    /// A chart of these dates, at least two, without lines.
    pub fn new(dates: impl IntoIterator<Item = impl Into<String>>, unit: Unit) -> Self {
        Self {
            dates: Axis::labels(dates),
            unit,
            heading: None,
            lines: Vec::new(),
            highlighted: Vec::new(),
            direction: Direction::default(),
            zero: false,
            excuses: Excuses::default(),
        }
    }

    /// With one more line: a value at each date.
    pub fn with_line(mut self, name: impl Into<String>, values: impl Into<Vec<Measured>>) -> Self {
        self.lines.push(Slope { name: name.into(), values: values.into() });
        self
    }

    /// Says what the names are, such as « Commune »: the heading of the first column of the table.
    pub fn with_heading(self, heading: impl Into<String>) -> Self {
        Self { heading: Some(heading.into()), ..self }
    }

    /// Draws these lines in colour and the others in grey.
    pub fn with_highlights(self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { highlighted: names.into_iter().map(Into::into).collect(), ..self }
    }

    /// Says whether more is better. Default: neither.
    pub fn with_direction(self, direction: Direction) -> Self {
        Self { direction, ..self }
    }

    /// With a scale that begins at zero.
    pub fn with_zero(self) -> Self {
        Self { zero: true, ..self }
    }

    /// The rules that the chart breaks: values in another unit than the scale, more missing than known.
    pub fn lint(&self) -> Vec<Finding> {
        let values = || self.lines.iter().flat_map(|line| &line.values);
        lint_chart(&ChartDesign {
            scale: Some(self.unit.clone()),
            units: values().map(|value| value.unit().clone()).collect(),
            missing: values().filter(|value| value.value().is_none()).count(),
            values: values().count(),
            ..ChartDesign::default()
        })
    }

    /// Draws the chart.
    ///
    /// # Errors
    ///
    /// [`ChartError::Length`] with fewer than two dates, or if a line has not one value for each; [`ChartError::Empty`] without a
    /// value; [`ChartError::Semiology`] if a rule is broken without a reason.
    pub fn draw(&self, captions: &Captions) -> Result<View, ChartError> {
        let needed = self.dates.len();
        if needed < 2 {
            return Err(ChartError::Length { name: captions.title.clone(), found: needed, needed: 2 });
        }
        if let Some(line) = self.lines.iter().find(|line| line.values.len() != needed) {
            return Err(ChartError::Length { name: line.name.clone(), found: line.values.len(), needed });
        }
        if !self.lines.iter().any(Slope::is_known) {
            return Err(ChartError::Empty { title: captions.title.clone() });
        }
        let captions = &self.excuses.apply(self.lint(), captions)?;
        let language = captions.language;
        let heading = self.heading.as_deref().unwrap_or(language.pick("Nom", "Name"));
        let mut table = DataTable::new(&captions.title)
            .with(Column::text(heading, self.lines.iter().map(|line| line.name.as_str())));
        for date in 0..needed {
            let values = self.lines.iter().map(|line| line.values[date].clone());
            table = table.with(Column::measured(self.dates.name(date), self.unit.clone(), values));
        }
        let changes = self.lines.iter().map(|line| line.change().unwrap_or(f64::NAN));
        let table = table.with(Column::numbers(language.pick("Écart", "Change"), self.unit.clone(), changes));
        Ok(captions.view(|width| self.scene(captions, width), table, self.describe(language)))
    }

    /// A value with the decimals that suit all.
    fn number(&self, value: f64, language: Language) -> String {
        let values = self.lines.iter().flat_map(|line| line.values.iter().filter_map(Measured::value));
        format_among(value, common_decimals(values), language)
    }

    fn describe(&self, language: Language) -> String {
        let (from, to) = (self.dates.name(0), self.dates.name(self.dates.len() - 1));
        let mut changes: Vec<(&Slope, f64)> =
            self.lines.iter().filter_map(|line| Some((line, line.change()?))).collect();
        changes.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.name.cmp(&b.0.name)));
        let count = |keep: fn(f64) -> bool| {
            language.group_digits(changes.iter().filter(|(_, change)| keep(*change)).count() as u64)
        };
        let (up, down) = (count(|change| change > 0.0), count(|change| change < 0.0));
        let all = language.group_digits(self.lines.len() as u64);
        let mut text = match language {
            Language::French => {
                format!(
                    "Évolution de {from} à {to}\u{a0}: {all} lignes, dont {up} en hausse et {down} en baisse."
                )
            }
            Language::English => {
                format!("Change from {from} to {to}: {all} lines, of which {up} rise and {down} fall.")
            }
        };
        let mut say = |words: &str, found: Option<&(&Slope, f64)>| {
            let Some((line, _)) = found else { return };
            let (Some(first), Some(last)) = (line.first(), line.last()) else { return };
            let (first, last) = (self.number(first, language), quantity(last, &self.unit, language));
            let to = language.pick("à", "to");
            text.push_str(&format!(" {words}{}{}, {first} {to} {last}.", colon(language), line.name));
        };
        let rise = changes.first().filter(|(_, change)| *change > 0.0);
        say(language.pick("Plus forte hausse", "Largest rise"), rise);
        let fall = changes.last().filter(|(_, change)| *change < 0.0);
        say(language.pick("Plus forte baisse", "Largest fall"), fall);
        let absent = self.lines.iter().flat_map(|line| &line.values).filter(|value| value.value().is_none());
        let absent = absent.count();
        if absent > 0 {
            text.push_str(&format!(" {}.", capitalised(&missing(absent, language))));
        }
        text
    }
}

#[cfg(test)]
mod tests;
