//! Parts of a whole over time, as areas one over the other.
mod draw;

use datagora_core::{Language, Unit};

use super::words::{capitalised, colon, missing, quantity};
use super::{Axis, CATEGORIES, ChartError};
use crate::semiology::Excuses;
use crate::{Captions, ChartDesign, Colour, Column, DataTable, Finding, View, format_percent, lint_chart};

/// One layer of a stack.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    name: String,
    values: Vec<f64>,
    unknown: bool,
}

impl Layer {
    /// A part with these values, one per step of the axis; NaN leaves a gap in all layers.
    pub fn new(name: impl Into<String>, values: impl Into<Vec<f64>>) -> Self {
        Self { name: name.into(), values: values.into(), unknown: false }
    }

    /// The part of which nothing is known, such as things not recorded; it is hatched.
    pub fn unknown(name: impl Into<String>, values: impl Into<Vec<f64>>) -> Self {
        Self { unknown: true, ..Self::new(name, values) }
    }
}

/// Areas one over the other along an axis, the first layer lowest.
///
/// ![Shares of cars, transit, bicycles and walking over eleven years, one above the other, and a hatched remainder](pictures/stack.svg)
///
/// A step at which a layer has no value is a gap in all layers, since the sum is not known there. States along irregular
/// hours are better drawn with [`StateChart`](crate::StateChart).
///
/// ```
/// use datagora_core::{Language, Month, Unit};
/// use datagora_viz::{Axis, Captions, Layer, StackedChart};
///
/// let axis = Axis::months(Month::parse("2024-01")?, 3, Language::English);
/// let view = StackedChart::new(axis, Unit::PERCENT)
///     .with_layer(Layer::new("cars", [60.0, 58.0, 55.0]))
///     .with_layer(Layer::new("bicycles", [30.0, 32.0, 40.0]))
///     .with_layer(Layer::unknown("not recorded", [10.0, 10.0, 5.0]))
///     .draw(&Captions::new("share", "What passes", Language::English))?;
/// assert!(view.description().contains("Bicycles: 30% of the total in January 2024, 40% in March 2024"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct StackedChart {
    axis: Axis,
    unit: Unit,
    layers: Vec<Layer>,
    pub(super) excuses: Excuses,
}

impl StackedChart {
    /// A chart without layers.
    pub fn new(axis: Axis, unit: Unit) -> Self {
        Self { axis, unit, layers: Vec::new(), excuses: Excuses::default() }
    }

    /// With one more layer, above the others.
    pub fn with_layer(mut self, layer: Layer) -> Self {
        self.layers.push(layer);
        self
    }

    /// Draws the chart.
    ///
    /// # Errors
    ///
    /// [`ChartError::Length`] if a layer is not as long as the axis, [`ChartError::Negative`] for a value below zero,
    /// [`ChartError::Empty`] if at no step all layers have a value, or all are zero.
    pub fn draw(&self, captions: &Captions) -> Result<View, ChartError> {
        let sums = self.sums(captions)?;
        let captions = &self.excuses.apply(self.lint(), captions)?;
        let language = captions.language;
        let steps = (0..self.axis.len()).map(|step| self.axis.name(step));
        let table =
            DataTable::new(&captions.title).with(Column::text(language.pick("Période", "Period"), steps));
        let table = self.layers.iter().fold(table, |table, layer| {
            table.with(Column::numbers(&layer.name, self.unit.clone(), layer.values.iter().copied()))
        });
        let scene = |width| self.scene(&sums, captions, width);
        Ok(captions.view(scene, table, self.describe(&sums, language)))
    }

    /// The sum of all layers at each step; none where a layer has no value.
    fn sums(&self, captions: &Captions) -> Result<Vec<Option<f64>>, ChartError> {
        let needed = self.axis.len();
        for layer in &self.layers {
            let name = || layer.name.clone();
            if layer.values.len() != needed {
                return Err(ChartError::Length { name: name(), found: layer.values.len(), needed });
            }
            if let Some(step) = layer.values.iter().position(|value| *value < 0.0) {
                return Err(ChartError::Negative { name: name(), step, found: layer.values[step] });
            }
        }
        let sum = |step: usize| self.layers.iter().map(|layer| layer.values[step]).sum::<f64>();
        let sums: Vec<Option<f64>> =
            (0..needed).map(|step| Some(sum(step)).filter(|sum| sum.is_finite())).collect();
        if !sums.iter().flatten().any(|sum| *sum > 0.0) {
            return Err(ChartError::Empty { title: captions.title.clone() });
        }
        Ok(sums)
    }

    /// Where the scale must reach: shares that were rounded make up 100 % all the same.
    fn highest(&self, sums: &[Option<f64>]) -> f64 {
        let highest = sums.iter().copied().flatten().fold(0.0, f64::max);
        if self.unit == Unit::PERCENT && (highest - 100.0).abs() <= 0.5 { 100.0 } else { highest }
    }

    /// The rules that the chart breaks: colours that look alike, more than seven layers.
    pub fn lint(&self) -> Vec<Finding> {
        let colours = self.colours();
        let known = self.layers.iter().zip(colours).filter(|(layer, _)| !layer.unknown);
        lint_chart(&ChartDesign {
            colours: known.map(|(_, colour)| colour).collect(),
            ..ChartDesign::default()
        })
    }

    /// Colours of the layers; after six known ones, lighter shades of the same.
    fn colours(&self) -> Vec<Colour> {
        let mut known = 0;
        let colour = |layer: &Layer| {
            if layer.unknown {
                return Colour::MUTED;
            }
            let (turn, index) = (known / CATEGORIES.len(), known % CATEGORIES.len());
            known += 1;
            CATEGORIES[index].lighter(0.5 * turn.min(1) as f64)
        };
        self.layers.iter().map(colour).collect()
    }

    fn describe(&self, sums: &[Option<f64>], language: Language) -> String {
        let known: Vec<(usize, f64)> =
            sums.iter().enumerate().filter_map(|(step, sum)| sum.map(|sum| (step, sum))).collect();
        let mut text = language.pick("Aires empilées.", "Stacked areas.").to_owned();
        let (Some(first), Some(last)) = (known.first(), known.last()) else { return text };
        for layer in &self.layers {
            let share = |(step, sum): (usize, f64)| {
                let share = if sum > 0.0 { layer.values[step] / sum } else { 0.0 };
                (format_percent(share, 0, language), self.axis.name(step))
            };
            let highest = known.iter().fold(first.0, |best, (step, _)| {
                if layer.values[*step] > layer.values[best] { *step } else { best }
            });
            let ((a, from), (b, to)) = (share(*first), share(*last));
            let (most, when) =
                (quantity(layer.values[highest], &self.unit, language), self.axis.name(highest));
            text.push_str(&format!(" {}{}", capitalised(&layer.name), colon(language)));
            text.push_str(&match language {
                Language::French => format!("{a} du total en {from}, {b} en {to}, maximum {most} ({when})."),
                Language::English => {
                    format!("{a} of the total in {from}, {b} in {to}, highest {most} ({when}).")
                }
            });
        }
        let gaps = sums.len() - known.len();
        if gaps > 0 {
            text.push_str(&format!(" {}.", capitalised(&missing(gaps, language))));
        }
        text
    }
}

#[cfg(test)]
mod tests;
