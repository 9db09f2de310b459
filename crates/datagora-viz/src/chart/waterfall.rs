//! From one total to another, part by part.
mod draw;

use datagora_core::{Language, Measured, Unit};

use super::words::{colon, quantity};
use super::{CATEGORIES, ChartError};
use crate::format::{common_decimals, format_among};
use crate::semiology::Excuses;
use crate::table::measured_in_words;
use crate::{Captions, ChartDesign, Colour, Column, DataTable, Finding, View, lint_chart};

/// From one total to another, part by part: what is at the beginning, what leaves, what is added, what is at the end.
///
/// ![Two totals, and between them the parts of the change, one step after the other](pictures/waterfall.svg)
///
/// Totals are grey bars from zero; each change hangs where the one before it ended, with its sign, in one colour for more and
/// another for less. [`Waterfall::with_direction`] says whether more is better: then the colours say so, and the key too. A change
/// that carries an interval has a whisker.
///
/// ```
/// use datagora_core::{Language, Measured, Unit};
/// use datagora_viz::{Captions, Waterfall};
///
/// let unit = Unit::of("{passage}/d");
/// let change = |value: f64| Measured::new(value, unit.clone());
/// let view = Waterfall::new(unit.clone())
///     .with_total("2023", 12_000.0)
///     .with_change("counters that left", change(-900.0))
///     .with_change("counters that stayed", change(400.0))
///     .with_change("counters that entered", change(2_500.0))
///     .with_total("2024", 14_000.0)
///     .draw(&Captions::new("parts", "More counters, or more bicycles?", Language::English))?;
/// assert!(view.description().contains("counters that entered: +2,500"));
/// # Ok::<(), datagora_viz::ChartError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Waterfall {
    unit: Unit,
    steps: Vec<Step>,
    direction: Direction,
    pub(super) excuses: Excuses,
}

/// Whether more of something is good.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Direction {
    /// More is better.
    MoreIsBetter,
    /// Less is better.
    LessIsBetter,
    /// Neither, or it depends on who asks.
    #[default]
    Neutral,
}

impl Direction {
    /// The colour of a change that is more (or less): green for the better and vermilion for the worse, blue and purple where
    /// neither is better.
    pub(super) fn colour(self, more: bool) -> Colour {
        CATEGORIES[match (self, more) {
            (Direction::Neutral, true) => 0,
            (Direction::Neutral, false) => 3,
            (Direction::MoreIsBetter, true) | (Direction::LessIsBetter, false) => 2,
            (Direction::MoreIsBetter, false) | (Direction::LessIsBetter, true) => 1,
        }]
    }

    /// What that colour means, after a word for the change: « en plus\u{a0}: mieux ».
    pub(super) fn words(self, change: &str, more: bool, language: Language) -> String {
        let judged = match (self, more) {
            (Direction::Neutral, _) => return change.to_owned(),
            (Direction::MoreIsBetter, true) | (Direction::LessIsBetter, false) => {
                language.pick("mieux", "better")
            }
            _ => language.pick("moins bien", "worse"),
        };
        format!("{change}{}{judged}", colon(language))
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Step {
    name: String,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Total(f64),
    Change(Measured),
}

/// A step with where it begins and ends on the scale.
struct Placed<'a> {
    step: &'a Step,
    from: f64,
    to: f64,
}

impl Waterfall {
    /// A chart without steps.
    pub fn new(unit: Unit) -> Self {
        Self { unit, steps: Vec::new(), direction: Direction::default(), excuses: Excuses::default() }
    }

    /// With a total; the sum of the steps before it, if there are any.
    pub fn with_total(mut self, name: impl Into<String>, value: f64) -> Self {
        self.steps.push(Step { name: name.into(), kind: Kind::Total(value) });
        self
    }

    /// With a change from there: more, or less than zero for less.
    pub fn with_change(mut self, name: impl Into<String>, value: Measured) -> Self {
        self.steps.push(Step { name: name.into(), kind: Kind::Change(value) });
        self
    }

    /// Says whether more is better. Default: neither.
    pub fn with_direction(self, direction: Direction) -> Self {
        Self { direction, ..self }
    }

    /// The rules that the chart breaks: changes in another unit than the scale.
    pub fn lint(&self) -> Vec<Finding> {
        let unit = |step: &Step| match &step.kind {
            Kind::Total(_) => None,
            Kind::Change(change) => Some(change.unit().clone()),
        };
        lint_chart(&ChartDesign {
            scale: Some(self.unit.clone()),
            units: self.steps.iter().filter_map(unit).collect(),
            ..ChartDesign::default()
        })
    }

    /// Draws the chart.
    ///
    /// # Errors
    ///
    /// [`ChartError::Empty`] without steps, [`ChartError::Unknown`] for a step without a finite value, [`ChartError::Sum`] for a
    /// total that the steps before it do not add up to, by more than a millionth of the largest step; [`ChartError::Semiology`] if a
    /// rule is broken without a reason.
    pub fn draw(&self, captions: &Captions) -> Result<View, ChartError> {
        let placed = self.placed(captions)?;
        let captions = &self.excuses.apply(self.lint(), captions)?;
        let language = captions.language;
        let table = DataTable::new(&captions.title)
            .with(Column::text(
                language.pick("Étape", "Step"),
                self.steps.iter().map(|step| step.name.as_str()),
            ))
            .with(Column::measured(
                language.pick("Valeur", "Value"),
                self.unit.clone(),
                self.steps.iter().map(|step| match &step.kind {
                    Kind::Total(value) => Measured::new(*value, self.unit.clone()),
                    Kind::Change(value) => value.clone(),
                }),
            ));
        let description = self.describe(language);
        Ok(captions.view(|width| self.scene(&placed, captions, width), table, description))
    }

    fn placed(&self, captions: &Captions) -> Result<Vec<Placed<'_>>, ChartError> {
        let mut placed: Vec<Placed<'_>> = Vec::new();
        for step in &self.steps {
            let level = placed.last().map_or(0.0, |before| before.to);
            let value = match &step.kind {
                Kind::Total(value) => Some(*value),
                Kind::Change(change) => change.value(),
            };
            let Some(value) = value.filter(|value| value.is_finite()) else {
                return Err(ChartError::Unknown { name: step.name.clone() });
            };
            let (from, to) = match step.kind {
                Kind::Total(_) => (0.0, value),
                Kind::Change(_) => (level, level + value),
            };
            let largest = placed.iter().map(|p| p.to.abs()).fold(value.abs(), f64::max);
            let is_total = matches!(step.kind, Kind::Total(_));
            if is_total && !placed.is_empty() && (value - level).abs() > 1e-6 * largest {
                return Err(ChartError::Sum { name: step.name.clone(), found: value, sum: level });
            }
            placed.push(Placed { step, from, to });
        }
        if placed.is_empty() {
            return Err(ChartError::Empty { title: captions.title.clone() });
        }
        Ok(placed)
    }

    fn describe(&self, language: Language) -> String {
        let mut text = language.pick("Décomposition", "Decomposition").to_owned();
        text.push_str(colon(language));
        let told: Vec<String> = self
            .steps
            .iter()
            .map(|step| {
                let value = match &step.kind {
                    Kind::Total(value) => quantity(self.rounded(*value), &self.unit, language),
                    Kind::Change(change) => self.described_change(change, language),
                };
                format!("{}{}{value}", step.name, colon(language))
            })
            .collect();
        text.push_str(&told.join(language.pick("\u{202f}; ", "; ")));
        text.push('.');
        text
    }

    /// A change with its sign and its interval, in words.
    fn described_change(&self, change: &Measured, language: Language) -> String {
        let sign = if change.value().is_some_and(|value| value > 0.0) { "+" } else { "" };
        match change.interval() {
            Some(_) => {
                let number = |value| self.number(value, language);
                format!("{sign}{}", measured_in_words(change, number, language))
            }
            None => self.signed(change.value().unwrap_or(f64::NAN), language),
        }
    }

    /// A number with its sign: « +2 500 », "−900".
    fn signed(&self, value: f64, language: Language) -> String {
        let number = self.number(value, language);
        if value > 0.0 { format!("+{number}") } else { number }
    }

    fn number(&self, value: f64, language: Language) -> String {
        format_among(value, self.decimals(), language)
    }

    /// With as many decimals as all steps have.
    fn rounded(&self, value: f64) -> f64 {
        let unit = 10f64.powi(self.decimals() as i32);
        (value * unit).round() / unit
    }

    /// Decimals that suit all steps.
    fn decimals(&self) -> usize {
        common_decimals(self.steps.iter().filter_map(|step| match &step.kind {
            Kind::Total(value) => Some(*value),
            Kind::Change(change) => change.value(),
        }))
    }
}

#[cfg(test)]
mod tests;
