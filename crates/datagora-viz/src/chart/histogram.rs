//! How often which values occur.
use datagora_core::{Language, Unit};

use super::plot::{TICK, Values, draw_unit, grid};
use super::words::{capitalised, colon, missing, plain, quantity};
use super::{ChartError, category, is_narrow};
use crate::format::format_number;
use crate::frame::{Frame, MARGIN};
use crate::scale::{LinearScale, tick_decimals};
use crate::scene::{Extent, Fill, Mark, Scene, Shape, Stroke, Text};
use crate::text::text_width;
use crate::{Captions, Colour, Column, DataTable, View, ticks};

/// How many things have a value in which bin.
///
/// ![Bars of how many trees have which height, with a mark at the median](pictures/histogram.svg)
///
/// ```
/// use datagora_core::{Language, Unit};
/// use datagora_viz::{Captions, Histogram};
///
/// let heights = [4.0, 7.5, 8.0, 8.5, 12.0, 15.5, 16.0, f64::NAN];
/// let view = Histogram::of(&heights, Unit::of("m"), Unit::of("{tree}"))
///     .with_marker(8.5, "médiane")
///     .draw(&Captions::new("heights", "Hauteur des arbres", Language::French))?;
/// assert!(view.description().contains("1 valeur manque"));
/// # Ok::<(), datagora_viz::ChartError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    unit: Unit,
    counted: Unit,
    edges: Vec<f64>,
    counts: Vec<u64>,
    missing: u64,
    markers: Vec<(f64, String)>,
}

impl Histogram {
    /// Counts in bins between edges: one more edge than counts. `unit` is that of the edges; `counted` says what is counted.
    pub fn new(edges: impl Into<Vec<f64>>, counts: impl Into<Vec<u64>>, unit: Unit, counted: Unit) -> Self {
        Self { unit, counted, edges: edges.into(), counts: counts.into(), missing: 0, markers: Vec::new() }
    }

    /// Counts the values in bins with round edges, about as wide as the rule of Freedman and Diaconis asks for. A value on
    /// an edge counts in the bin above it, the highest edge in the last bin. NaN and infinite values are missing.
    ///
    /// # References
    ///
    /// Freedman, D. and Diaconis, P. (1981). On the histogram as a density estimator. Z. Wahrscheinlichkeitstheorie 57, 453–476:
    /// width 2 · IQR · n^(−1/3); if the quartiles coincide, Sturges (1926): ⌈log₂ n⌉ + 1 bins.
    pub fn of(values: &[f64], unit: Unit, counted: Unit) -> Self {
        let mut sorted: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        let edges = round_edges(&sorted);
        let mut counts = vec![0u64; edges.len().saturating_sub(1)];
        for value in &sorted {
            let above = edges.partition_point(|edge| edge <= value);
            if let Some(count) = counts.len().checked_sub(1).map(|last| above.saturating_sub(1).min(last)) {
                counts[count] += 1;
            }
        }
        let missing = (values.len() - sorted.len()) as u64;
        Self { missing, ..Self::new(edges, counts, unit, counted) }
    }

    /// With a line at a value and its name, such as the median.
    pub fn with_marker(mut self, value: f64, name: impl Into<String>) -> Self {
        self.markers.push((value, name.into()));
        self
    }

    /// Says how many values are missing.
    pub fn with_missing(self, missing: u64) -> Self {
        Self { missing, ..self }
    }

    /// Draws the chart.
    ///
    /// # Errors
    ///
    /// [`ChartError::Empty`] without counts above 0, [`ChartError::Length`] unless there is one more edge than counts,
    /// [`ChartError::Order`] if the edges do not rise.
    pub fn draw(&self, captions: &Captions) -> Result<View, ChartError> {
        let title = || captions.title.clone();
        if self.counts.iter().all(|count| *count == 0) {
            return Err(ChartError::Empty { title: title() });
        }
        if self.edges.len() != self.counts.len() + 1 {
            let (found, needed) = (self.edges.len(), self.counts.len() + 1);
            return Err(ChartError::Length { name: title(), found, needed });
        }
        let rising = |pair: &[f64]| pair[0].is_finite() && pair[1].is_finite() && pair[0] < pair[1];
        if let Some(step) = self.edges.windows(2).position(|pair| !rising(pair)) {
            return Err(ChartError::Order { title: title(), step: step + 1 });
        }
        let language = captions.language;
        let edges = |at: usize| self.edges[at..].iter().copied().take(self.counts.len());
        let table = DataTable::new(&captions.title)
            .with(Column::numbers(language.pick("De", "From"), self.unit.clone(), edges(0)))
            .with(Column::numbers(language.pick("à moins de", "to below"), self.unit.clone(), edges(1)))
            .with(Column::numbers(
                language.pick("Nombre", "Number"),
                self.counted.clone(),
                self.counts.iter().map(|count| *count as f64),
            ));
        Ok(captions.view(|width| self.scene(captions, width), table, self.describe(language)))
    }

    fn scene(&self, captions: &Captions, width: f64) -> Scene {
        let language = captions.language;
        let mut frame = Frame::new(captions, width);
        let scene = &mut frame.scene;
        let mut top = draw_unit(scene, &self.counted, frame.top, language) + 4.0;
        top += 16.0 * self.markers.len() as f64;
        let values = Values::new(self.counts.iter().map(|count| *count as f64), true, 5, language);
        let plot = Extent {
            left: MARGIN + values.widest_name() + 8.0,
            top,
            right: width - MARGIN,
            bottom: top + if is_narrow(width) { 190.0 } else { 250.0 },
        };
        let y = values.draw_rows(scene, plot, None);
        let (low, high) = (self.edges[0], self.edges[self.edges.len() - 1]);
        let x = LinearScale::new((low, high), (plot.left, plot.right));
        for (pair, count) in self.edges.windows(2).zip(&self.counts).filter(|(_, count)| **count > 0) {
            // Bars stand a little apart, and one that is not empty is seen.
            let bar = Extent {
                left: x.position(pair[0]) + 0.5,
                top: y.position(*count as f64).min(plot.bottom - 1.0),
                right: x.position(pair[1]) - 0.5,
                bottom: plot.bottom,
            };
            let count = quantity(*count as f64, &self.counted, language);
            let tip = format!("{}{}{count}", self.bin(pair, language), colon(language));
            scene.add(Mark::new(Shape::Rect(bar)).fill(Fill::Solid(category(0))).tip(tip));
        }
        scene.line([plot.left, plot.bottom], [plot.right, plot.bottom], grid(true));
        self.draw_edges(scene, &x, plot, language);
        let mut row = top - 16.0 * self.markers.len() as f64;
        for (value, name) in self.markers.iter().filter(|(value, _)| (low..=high).contains(value)) {
            row += 16.0;
            let place = x.position(*value);
            scene.line([place, row - 2.0], [place, plot.bottom], Stroke::new(Colour::INK, 1.4).dashed(4.0));
            let words = format!("{name}{}{}", colon(language), quantity(*value, &self.unit, language));
            let needed = text_width(&words, TICK, true);
            let text = Text::new(words, place, row - 4.0).size(TICK).bold().halo();
            let fits_right = place + 5.0 + needed < width - MARGIN;
            scene.text(match fits_right {
                true => Text { x: place + 5.0, ..text },
                false => Text { x: (place - 5.0).max(MARGIN + needed), ..text }.end(),
            });
        }
        let unit = self.unit.symbol(language);
        let mut bottom = plot.bottom + 22.0;
        if !unit.is_empty() {
            let text = Text::new(unit, plot.right, bottom + 12.0).size(TICK).colour(Colour::MUTED);
            scene.text(text.end());
            bottom += 16.0;
        }
        frame.finish(bottom)
    }

    /// Names of the edges, or of every second, fourth, fifth, tenth … of them if there is not room for all.
    fn draw_edges(&self, scene: &mut Scene, x: &LinearScale, plot: Extent, language: Language) {
        let decimals = tick_decimals(&self.edges);
        let width = scene.width();
        let half = |name: &str| 0.5 * text_width(name, TICK, false);
        let named: Vec<(f64, f64, String)> = self
            .edges
            .iter()
            .map(|edge| {
                let (place, name) = (x.position(*edge), format_number(*edge, decimals, language));
                (place, place.clamp(half(&name) + 2.0, width - half(&name) - 2.0), name)
            })
            .collect();
        let fits = |stride: &usize| {
            let chosen: Vec<&(f64, f64, String)> = named.iter().step_by(*stride).collect();
            chosen.windows(2).all(|pair| pair[1].1 - half(&pair[1].2) > pair[0].1 + half(&pair[0].2) + 8.0)
        };
        let strides = [1, 2, 4, 5, 10, 20, 50, 100].into_iter().chain((200..).step_by(200));
        // A stride beyond the number of edges leaves one name, which fits.
        let Some(stride) = strides.take(named.len() + 8).find(fits) else { return };
        for (place, at, name) in named.iter().step_by(stride) {
            scene.line([*place, plot.bottom], [*place, plot.bottom + 4.0], grid(true));
            scene.text(Text::new(name, *at, plot.bottom + 17.0).size(TICK).colour(Colour::MUTED).middle());
        }
    }

    fn bin(&self, pair: &[f64], language: Language) -> String {
        let (from, to) = (plain(pair[0], language), quantity(pair[1], &self.unit, language));
        match language {
            Language::French => format!("de {from} à {to}"),
            Language::English => format!("{from} to {to}"),
        }
    }

    fn describe(&self, language: Language) -> String {
        let total: u64 = self.counts.iter().sum();
        let (low, high) = (self.edges[0], self.edges[self.edges.len() - 1]);
        let all = quantity(total as f64, &self.counted, language);
        let range = self.bin(&[low, high], language);
        let mut text = match language {
            Language::French => format!("Histogramme de {all}, {range}."),
            Language::English => format!("Histogram of {all}, {range}."),
        };
        let fullest = self.counts.iter().enumerate().rev().max_by_key(|(_, count)| **count);
        if let Some((at, count)) = fullest {
            let bin = self.bin(&self.edges[at..at + 2], language);
            let share = crate::format_percent(*count as f64 / total as f64, 0, language);
            text.push_str(&match language {
                Language::French => format!(" La classe la plus nombreuse va {bin} ({share})."),
                Language::English => format!(" The fullest bin is {bin} ({share})."),
            });
        }
        for (value, name) in &self.markers {
            let value = quantity(*value, &self.unit, language);
            text.push_str(&format!(" {}{}{value}.", capitalised(name), colon(language)));
        }
        if self.missing > 0 {
            text.push_str(&format!(" {}.", missing(self.missing as usize, language)));
        }
        text
    }
}

/// Round edges about the sorted values.
pub(crate) fn round_edges(sorted: &[f64]) -> Vec<f64> {
    let (Some(low), Some(high)) = (sorted.first().copied(), sorted.last().copied()) else {
        return Vec::new();
    };
    if low == high {
        return vec![low - 0.5, low + 0.5];
    }
    let count = sorted.len() as f64;
    let quartile = |share: f64| sorted[((count - 1.0) * share).round() as usize];
    let width = 2.0 * (quartile(0.75) - quartile(0.25)) / libm::cbrt(count);
    let bins = if width > 0.0 { ((high - low) / width).ceil() } else { libm::log2(count).ceil() + 1.0 };
    let inner = ticks(low, high, bins.clamp(1.0, 60.0) as usize);
    let [a, b, ..] = inner[..] else { return vec![low, high] };
    let step = b - a;
    // Neighbours among the largest and the smallest numbers have no room for edges between them.
    if step.is_nan() || step <= 0.0 {
        return vec![low, high];
    }
    let mut edges = inner;
    if edges[0] > low {
        edges.insert(0, edges[0] - step);
    }
    while edges[edges.len() - 1] < high {
        edges.push(edges[edges.len() - 1] + step);
    }
    edges
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn captions() -> Captions {
        Captions::new("heights", "Hauteur des arbres", Language::French)
    }

    #[test]
    fn values_are_counted_between_round_edges() {
        let values: Vec<f64> = (0..100).map(|k| f64::from(k) / 10.0).collect();
        let histogram = Histogram::of(&values, Unit::of("m"), Unit::of("{tree}"));
        // Freedman–Diaconis: 2 · 5 / 100^(1/3) = 2.15, rounded to 2.
        assert_eq!(histogram.edges, [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(histogram.counts, [20; 5]);
        let view = histogram.with_marker(4.95, "médiane").with_marker(9.9, "maximum").draw(&captions());
        let view = view.expect("a sound chart");
        assert_eq!(view.scene().flaws(), []);
        assert_eq!(view.compact().expect("charts have one").flaws(), []);
        assert!(view.description().contains("Médiane\u{a0}: 4,95\u{a0}m"), "{}", view.description());
    }

    #[test]
    fn bad_input_is_named() {
        let drawn = |edges: &[f64], counts: &[u64]| {
            Histogram::new(edges, counts, Unit::ONE, Unit::ONE).draw(&captions())
        };
        assert!(matches!(drawn(&[], &[]), Err(ChartError::Empty { .. })));
        assert!(matches!(drawn(&[0.0, 1.0], &[0]), Err(ChartError::Empty { .. })));
        assert!(matches!(drawn(&[0.0], &[3]), Err(ChartError::Length { found: 1, needed: 2, .. })));
        assert!(matches!(drawn(&[0.0, 0.0], &[3]), Err(ChartError::Order { step: 1, .. })));
        assert!(matches!(drawn(&[0.0, f64::NAN], &[3]), Err(ChartError::Order { step: 1, .. })));
    }

    #[test]
    fn names_of_edges_are_evenly_spaced() {
        let edges: Vec<f64> = (0..=69).map(|k| 50_000.0 * f64::from(k)).collect();
        let view = Histogram::new(edges, vec![1; 69], Unit::ONE, Unit::ONE).draw(&captions()).expect("sound");
        let svg = view.to_svg();
        assert!(svg.contains(">500\u{202f}000<") && svg.contains(">1\u{202f}000\u{202f}000<"), "{svg}");
        assert!(!svg.contains(">50\u{202f}000<") && !svg.contains(">450\u{202f}000<"));
    }

    proptest! {
        #[test]
        fn every_value_is_counted_once(values in prop::collection::vec(-1e6..1e6f64, 1..200)) {
            let histogram = Histogram::of(&values, Unit::ONE, Unit::ONE);
            prop_assert_eq!(histogram.counts.iter().sum::<u64>(), values.len() as u64);
            for (count, pair) in histogram.counts.iter().zip(histogram.edges.windows(2)) {
                let last = pair[1] == histogram.edges[histogram.edges.len() - 1];
                let inside = |value: f64| pair[0] <= value && (value < pair[1] || last && value == pair[1]);
                prop_assert_eq!(*count, values.iter().filter(|value| inside(**value)).count() as u64);
            }
            let view = histogram.draw(&captions()).expect("sound");
            prop_assert_eq!(view.scene().flaws(), []);
        }
    }
}
