//! A value for each feature and step.
use datagora_core::{Language, Unit};

use crate::web::{TimeAxis, WebMapError};
use crate::{Classes, Column, DataTable};

/// A number for each feature of a source at each step of a [`TimeAxis`]. Values that are not finite are missing.
///
/// A page holds them once, in few bytes, apart from the features, and gives each feature the colour of its class
/// ([`WebLayer::with_step_classes`](crate::WebLayer::with_step_classes)) or the size of its amount
/// ([`CircleSizes::proportional_steps`](crate::CircleSizes::proportional_steps),
/// [`LineWidths::proportional_steps`](crate::LineWidths::proportional_steps)): a thousand zones change as fast as the screen is drawn.
///
/// ```
/// use datagora_core::Unit;
/// use datagora_viz::{Method, Palette, StepValues, WebLayer, classify};
///
/// // Two steps of three zones.
/// let speeds = StepValues::new([vec![48.0, 31.0, 27.0], vec![44.0, 12.0, f64::NAN]], 0);
/// // One set of classes for all steps, so that a colour means the same at each.
/// let classes = classify(&speeds.all(), 3, &Method::Fisher)?;
/// let layer = WebLayer::surfaces("speed", "zones", "Speed").with_step_classes(
///     speeds,
///     classes,
///     Palette::default(),
///     Unit::of("km/h"),
/// );
/// # Ok::<(), datagora_viz::ClassifyError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct StepValues {
    steps: Vec<Vec<f64>>,
    decimals: usize,
}

/// The class of what has none.
const NONE: u8 = u8::MAX;

impl StepValues {
    /// The values of all features at each step, in the order of the rows of the source; cards show this many decimals.
    pub fn new(steps: impl IntoIterator<Item = Vec<f64>>, decimals: usize) -> Self {
        Self { steps: steps.into_iter().collect(), decimals: decimals.min(9) }
    }

    /// The values of all steps one after the other, to find classes common to all. What is missing is NaN.
    pub fn all(&self) -> Vec<f64> {
        let finite = |value: &f64| if value.is_finite() { *value } else { f64::NAN };
        self.steps.iter().flatten().map(finite).collect()
    }

    /// The values of all features at a step; none at a step that there is not.
    pub(in crate::web) fn at(&self, step: usize) -> impl Iterator<Item = f64> {
        self.steps.get(step).into_iter().flatten().copied()
    }

    /// Decimals of the values on cards.
    pub(in crate::web) fn decimals(&self) -> usize {
        self.decimals
    }

    /// Refuses another number of steps than the axis has, or of rows than the source has.
    pub(in crate::web) fn check(
        &self,
        layer: &str,
        axis: Option<&TimeAxis>,
        rows: usize,
    ) -> Result<(), WebMapError> {
        let needed = axis.map_or(0, |axis| axis.steps.len());
        if self.steps.len() != needed || needed == 0 {
            return Err(WebMapError::Steps { layer: layer.to_owned(), found: self.steps.len(), needed });
        }
        match self.steps.iter().find(|step| step.len() != rows) {
            Some(step) => {
                let column = format!("steps of {layer}");
                Err(WebMapError::Length { column, found: step.len(), needed: rows })
            }
            None => Ok(()),
        }
    }

    /// Features in each class at a step, and those in none.
    pub(in crate::web) fn counts(&self, step: usize, classes: &Classes) -> (Vec<usize>, usize) {
        let mut counts = vec![0; classes.len()];
        let mut missing = 0;
        for value in self.at(step) {
            match classes.class_of(value) {
                Some(class) => counts[class] += 1,
                None => missing += 1,
            }
        }
        (counts, missing)
    }

    /// Features that are in no class at some step.
    pub(in crate::web) fn rows_without(&self, classes: &Classes) -> Vec<usize> {
        let rows = self.steps.iter().map(Vec::len).min().unwrap_or(0);
        let without = |&row: &usize| self.steps.iter().any(|step| classes.class_of(step[row]).is_none());
        (0..rows).filter(without).collect()
    }

    /// The classes as bytes, if there are any, one step after the other; then the values, one feature after the other.
    ///
    /// A value is a whole number of its last decimal, written as the difference from the one before: 0 for none, else one more than
    /// the difference with its sign as the lowest bit, in bytes of seven bits, the lowest first, of which the eighth says that
    /// more follow.
    pub(in crate::web) fn encode(&self, classes: Option<&Classes>) -> Vec<u8> {
        let mut bytes: Vec<u8> = classes.map_or_else(Vec::new, |classes| {
            let class = |value: &f64| classes.class_of(*value).map_or(NONE, |class| class as u8);
            self.steps.iter().flatten().map(class).collect()
        });
        let unit = 10f64.powi(self.decimals as i32);
        // Beyond this the page could not tell neighbours apart; no measure of a city is.
        let whole = |value: f64| (value * unit).round().clamp(-9e15, 9e15) as i64;
        for row in 0..self.steps.first().map_or(0, Vec::len) {
            let mut before = 0;
            for value in self.steps.iter().map(|step| step[row]) {
                if !value.is_finite() {
                    bytes.push(0);
                    continue;
                }
                let now = whole(value);
                let change = now - before;
                write_varint(&mut bytes, ((change << 1) ^ (change >> 63)) as u64 + 1);
                before = now;
            }
        }
        bytes
    }

    /// For each step how many features have a value, and the lowest, middle and highest: what remains without a map that moves.
    pub(in crate::web) fn table(
        &self,
        title: &str,
        axis: &TimeAxis,
        unit: &Unit,
        language: Language,
    ) -> DataTable {
        let say = |french: &'static str, english: &'static str| language.pick(french, english);
        let sorted: Vec<Vec<f64>> = self
            .steps
            .iter()
            .map(|step| {
                let mut known: Vec<f64> = step.iter().copied().filter(|value| value.is_finite()).collect();
                known.sort_by(f64::total_cmp);
                known
            })
            .collect();
        let median = |known: &Vec<f64>| match known.len() {
            0 => f64::NAN,
            n => 0.5 * (known[(n - 1) / 2] + known[n / 2]),
        };
        let edge = |value: Option<&f64>| value.copied().unwrap_or(f64::NAN);
        let numbers = |name: &str, of: &dyn Fn(&Vec<f64>) -> f64| {
            Column::numbers(name, unit.clone(), sorted.iter().map(of).collect::<Vec<_>>())
        };
        let known = Column::numbers(
            say("Avec une valeur", "With a value"),
            Unit::ONE,
            sorted.iter().map(|known| known.len() as f64),
        );
        DataTable::new(title)
            .with(Column::text(axis.name(), axis.steps.iter().cloned()))
            .with(known)
            .with(numbers(say("Minimum", "Lowest"), &|known| edge(known.first())))
            .with(numbers(say("Médiane", "Median"), &median))
            .with(numbers(say("Maximum", "Highest"), &|known| edge(known.last())))
    }
}

fn write_varint(bytes: &mut Vec<u8>, mut number: u64) {
    while number > 127 {
        bytes.push(number as u8 | 128);
        number >>= 7;
    }
    bytes.push(number as u8);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Method, classify};

    fn values() -> StepValues {
        StepValues::new([vec![1.0, f64::NAN], vec![0.5, 70.0], vec![f64::INFINITY, 3.0]], 1)
    }

    #[test]
    fn classes_and_values_are_bytes() {
        let classes = classify(&values().all(), 2, &Method::Manual(vec![10.0])).unwrap();
        let bytes = values().encode(Some(&classes));
        // Tenths: 10, then 5 less, then none; none, then 700, then 670 less.
        assert_eq!(bytes[..6], [0, NONE, 0, 1, NONE, 0]);
        assert_eq!(bytes[6..], [21, 10, 0, 0, 0xf9, 0x0a, 0xbc, 0x0a]);
        assert_eq!(values().encode(None), bytes[6..]);
        assert_eq!(values().counts(0, &classes), (vec![1, 0], 1));
        assert_eq!(values().counts(9, &classes), (vec![0, 0], 0));
        assert_eq!(values().rows_without(&classes), [0, 1]);
        assert_eq!(StepValues::new([vec![1.0, 2.0], vec![1.0, f64::NAN]], 0).rows_without(&classes), [1]);
    }

    #[test]
    fn steps_and_rows_agree_with_axis_and_source() {
        let axis = TimeAxis::new("Hour", ["1", "2", "3"]);
        assert!(values().check("a", Some(&axis), 2).is_ok());
        assert!(matches!(
            values().check("a", Some(&axis), 3),
            Err(WebMapError::Length { found: 2, needed: 3, .. })
        ));
        assert!(matches!(values().check("a", None, 2), Err(WebMapError::Steps { found: 3, needed: 0, .. })));
        let empty = StepValues::new([], 0);
        assert!(matches!(
            empty.check("a", Some(&TimeAxis::new("", [""; 0])), 0),
            Err(WebMapError::Steps { .. })
        ));
    }

    #[test]
    fn a_table_says_what_each_step_holds() {
        let axis = TimeAxis::new("Heure", ["1 h", "2 h", "3 h"]);
        let html = values().table("Débit", &axis, &Unit::ONE, Language::French).to_html(Language::French);
        assert!(html.contains("2 h") && html.contains("35,3"), "{html}");
    }
}
