//! From one total to another, part by part.
mod draw;

use datagora_core::{Language, Measured, Unit};

use super::ChartError;
use super::words::{colon, quantity};
use crate::format::format_number;
use crate::{Captions, Column, DataTable, View, describe_measured};

/// From one total to another, part by part: what is at the beginning, what leaves, what is added, what is at the end.
///
/// ![Two totals, and between them the parts of the change, one step after the other](pictures/waterfall.svg)
///
/// Totals are bars from zero; each change hangs where the one before it ended, in one colour for more and another for less,
/// with its sign. A change that carries an interval has a whisker.
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
        Self { unit, steps: Vec::new() }
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

    /// Draws the chart.
    ///
    /// # Errors
    ///
    /// [`ChartError::Empty`] without steps, [`ChartError::Unknown`] for a step without a finite value, [`ChartError::Sum`] for a
    /// total that the steps before it do not add up to, by more than a millionth of the largest step.
    pub fn draw(&self, captions: &Captions) -> Result<View, ChartError> {
        let placed = self.placed(captions)?;
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
                    Kind::Total(value) => quantity(rounded(*value), &self.unit, language),
                    Kind::Change(change) => described_change(change, language),
                };
                format!("{}{}{value}", step.name, colon(language))
            })
            .collect();
        text.push_str(&told.join(language.pick("\u{202f}; ", "; ")));
        text.push('.');
        text
    }
}

/// A change with its sign and its interval, in words.
fn described_change(change: &Measured, language: Language) -> String {
    let value = change.value().unwrap_or(f64::NAN);
    match change.interval() {
        Some(_) if value > 0.0 => format!("+{}", describe_measured(change, language)),
        Some(_) => describe_measured(change, language),
        None => signed(value, language),
    }
}

/// A number with its sign: « +2 500 », "−900".
fn signed(value: f64, language: Language) -> String {
    let number = format_number(rounded(value), decimals(value), language);
    if value > 0.0 && !number.starts_with('−') { format!("+{number}") } else { number }
}

/// Whole from a hundred on, so that numbers that do not deserve decimals have none.
fn rounded(value: f64) -> f64 {
    if decimals(value) == 0 { value.round() } else { value }
}

fn decimals(value: f64) -> usize {
    if value.abs() >= 100.0 || value.fract() == 0.0 { 0 } else { 1 }
}

#[cfg(test)]
mod tests;
