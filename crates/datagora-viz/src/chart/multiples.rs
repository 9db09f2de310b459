//! Many small line charts that are compared at a glance.
use datagora_core::{Language, Unit};

use super::key::{Entry, Sign, draw_key};
use super::plot::{TICK, Values, draw_remark, draw_runs, draw_unit};
use super::words::{colon, missing, quantity};
use super::{Axis, ChartError, category, is_narrow};
use crate::frame::{Frame, MARGIN};
use crate::scale::LinearScale;
use crate::scene::{Extent, Fill, Mark, Scene, Shape, Stroke, Text};
use crate::text::{text_width, two_lines};
use crate::{Captions, ChartDesign, Colour, Column, DataTable, Finding, View, lint_chart};

/// Size of the names of panels, px.
const NAME: f64 = 11.5;
const GAP: f64 = 14.0;
const PLOT: f64 = 62.0;

/// Small line charts over one axis, one for each place or thing, with the same scale unless it is freed.
///
/// ![Eleven small charts on one scale, each over the grey median of all](pictures/multiples.svg)
///
/// Gaps are not joined. A series to compare with, such as the median of all, is drawn in grey in each.
///
/// ```
/// use datagora_core::{Language, Unit};
/// use datagora_viz::{Axis, Captions, SmallMultiples};
///
/// let view = SmallMultiples::new(Axis::labels(["2022", "2023", "2024"]), Unit::of("{bicycle}/d"))
///     .with_panel("Quai Augagneur", [410.0, f64::NAN, 530.0])
///     .with_panel("Rue de Marseille", [980.0, 1_020.0, 1_150.0])
///     .draw(&Captions::new("counters", "Each counter", Language::English))?;
/// assert_eq!(view.table().columns().len(), 3);
/// # Ok::<(), datagora_viz::ChartError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SmallMultiples {
    axis: Axis,
    unit: Unit,
    panels: Vec<(String, Vec<f64>)>,
    comparison: Option<(String, Vec<f64>)>,
    free: bool,
}

impl SmallMultiples {
    /// Charts without panels.
    pub fn new(axis: Axis, unit: Unit) -> Self {
        Self { axis, unit, panels: Vec::new(), comparison: None, free: false }
    }

    /// With one more panel: a value per step of the axis; NaN leaves a gap.
    pub fn with_panel(mut self, name: impl Into<String>, values: impl Into<Vec<f64>>) -> Self {
        self.panels.push((name.into(), values.into()));
        self
    }

    /// With a series that all are compared with, drawn in grey in each panel.
    pub fn with_comparison(self, name: impl Into<String>, values: impl Into<Vec<f64>>) -> Self {
        Self { comparison: Some((name.into(), values.into())), ..self }
    }

    /// Gives each panel its own scale, from zero to its maximum, and says so in the picture: for comparing shapes, not sizes.
    pub fn with_free_scales(self) -> Self {
        Self { free: true, ..self }
    }

    /// Draws the charts.
    ///
    /// # Errors
    ///
    /// [`ChartError`] if there is no value, or a length differs from the axis.
    pub fn draw(&self, captions: &Captions) -> Result<View, ChartError> {
        let needed = self.axis.len();
        if let Some((name, values)) =
            self.panels.iter().chain(&self.comparison).find(|(_, values)| values.len() != needed)
        {
            return Err(ChartError::Length { name: name.clone(), found: values.len(), needed });
        }
        if !self.panels.iter().flat_map(|(_, values)| values).any(|value| value.is_finite()) {
            return Err(ChartError::Empty { title: captions.title.clone() });
        }
        let language = captions.language;
        let period = language.pick("Période", "Period");
        let mut table = DataTable::new(&captions.title)
            .with(Column::text(period, (0..needed).map(|step| self.axis.name(step))));
        for (name, values) in self.panels.iter().chain(&self.comparison) {
            table = table.with(Column::numbers(name, self.unit.clone(), values.iter().copied()));
        }
        Ok(captions.view(|width| self.scene(captions, width), table, self.describe(language)))
    }

    /// What deserves a second look: panels with a scale each, more missing than known.
    pub fn lint(&self) -> Vec<Finding> {
        let values = self.panels.iter().flat_map(|(_, values)| values);
        lint_chart(&ChartDesign {
            scales: if self.free { self.panels.len() } else { 1 },
            missing: values.clone().filter(|value| !value.is_finite()).count(),
            values: values.count(),
            ..ChartDesign::default()
        })
    }

    fn scene(&self, captions: &Captions, width: f64) -> Scene {
        let language = captions.language;
        let mut frame = Frame::new(captions, width);
        let scene = &mut frame.scene;
        let mut top = draw_key(scene, &self.key(), frame.top);
        if self.free {
            let words = language.pick(
                "Chaque graphique a sa propre échelle\u{a0}: comparer les formes, non les hauteurs.",
                "Each chart has its own scale: compare shapes, not heights.",
            );
            top = draw_remark(scene, words, top);
        }
        top = draw_unit(scene, &self.unit, top, language) + 4.0;

        let shared = self.values(self.panels.iter().flat_map(|(_, values)| values), language);
        let scales: Vec<Values> = match self.free {
            true => self.panels.iter().map(|(_, values)| self.values(values, language)).collect(),
            false => Vec::new(),
        };
        let names = scales.iter().chain([&shared]).map(Values::widest_name).fold(0.0, f64::max) + 6.0;
        let columns = if is_narrow(width) { 2 } else { 4 }.min(self.panels.len());
        // With one scale its numbers stand at the left of each row only.
        let (outer, each) = if self.free { (0.0, names) } else { (names, 0.0) };
        let inner = width - 2.0 * MARGIN - outer - GAP * (columns - 1) as f64;
        let panel_width = (inner / columns as f64).min(320.0);
        let lines: Vec<Vec<String>> =
            self.panels.iter().map(|(name, _)| two_lines(name, NAME, true, panel_width)).collect();
        let head = 15.0 * lines.iter().map(Vec::len).max().unwrap_or(1) as f64;
        let row_height = head + PLOT + 38.0;
        for (index, (name, values)) in self.panels.iter().enumerate() {
            let (column, row) = (index % columns, index / columns);
            let left = MARGIN + outer + (panel_width + GAP) * column as f64;
            let y = top + row_height * row as f64;
            for (line, words) in lines[index].iter().enumerate() {
                let baseline = y + 10.0 + 15.0 * line as f64;
                scene.text(Text::new(words, left, baseline).size(NAME).bold());
            }
            let above = y + head + 5.0;
            let plot =
                Extent { left: left + each, top: above, right: left + panel_width, bottom: above + PLOT };
            let scale = scales.get(index).unwrap_or(&shared);
            self.draw_panel(scene, name, values, scale, plot, self.free || column == 0, language);
        }
        let rows = self.panels.len().div_ceil(columns);
        frame.finish(top + row_height * rows as f64 - 12.0)
    }

    fn key(&self) -> Vec<Entry> {
        let entry = |(name, _): &(String, Vec<f64>)| Entry::new(Sign::Line(comparison_stroke()), name);
        self.comparison.iter().map(entry).collect()
    }

    /// The scale that holds these values, and the comparison.
    fn values<'a>(&self, values: impl IntoIterator<Item = &'a f64>, language: Language) -> Values {
        let comparison = self.comparison.iter().flat_map(|(_, values)| values.iter().copied());
        Values::new(values.into_iter().copied().chain(comparison), true, 2, language)
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one panel, used once")]
    fn draw_panel(
        &self,
        scene: &mut Scene,
        name: &str,
        values: &[f64],
        scale: &Values,
        plot: Extent,
        named: bool,
        language: Language,
    ) {
        let y = LinearScale::new(scale.domain, (plot.bottom, plot.top));
        for (tick, tick_name) in scale.ticks.iter().zip(&scale.names) {
            let level = y.position(*tick);
            let stroke = Stroke::new(if *tick == 0.0 { Colour::MUTED } else { Colour::FAINT }, 1.0);
            scene.line([plot.left, level], [plot.right, level], stroke);
            if named {
                let text = Text::new(tick_name, plot.left - 5.0, level + 4.0).size(TICK - 1.0);
                scene.text(text.colour(Colour::MUTED).end());
            }
        }
        let last = self.axis.len().saturating_sub(1);
        let along = LinearScale::new((0.0, last as f64), (plot.left, plot.right));
        let place = |(step, value): (usize, &f64)| {
            value.is_finite().then(|| [along.position(step as f64), y.position(*value)])
        };
        if let Some((_, values)) = &self.comparison {
            draw_runs(scene, values.iter().enumerate().map(place), comparison_stroke());
        }
        draw_runs(scene, values.iter().enumerate().map(place), Stroke::new(category(0), 1.6));
        let known = values.iter().filter(|value| value.is_finite()).count();
        let tip = format!("{name}{}{}", colon(language), self.describe_panel(values, language));
        scene.add(Mark::new(Shape::Rect(plot)).fill(Fill::Glass(Colour::WHITE, 0.0)).tip(tip));
        if known == 0 {
            let words = language.pick("aucune valeur", "no value");
            let middle = 0.5 * (plot.left + plot.right);
            let text = Text::new(words, middle, plot.bottom - 0.4 * PLOT).size(TICK).middle().halo();
            scene.text(text.colour(Colour::MUTED));
        }
        // First and last tick of the axis, at the ends of the panel.
        let (first, end) = (self.axis.tick_name(0), self.axis.tick_name(last));
        let y = plot.bottom + 14.0;
        let size = TICK - 1.0;
        scene.text(Text::new(&first, plot.left, y).size(size).colour(Colour::MUTED));
        let both = text_width(&first, size, false) + text_width(&end, size, false) + 6.0;
        if last > 0 && both < plot.width() {
            scene.text(Text::new(end, plot.right, y).size(size).colour(Colour::MUTED).end());
        }
    }

    fn describe_panel(&self, values: &[f64], language: Language) -> String {
        let known: Vec<(usize, f64)> =
            values.iter().copied().enumerate().filter(|(_, value)| value.is_finite()).collect();
        let (Some(first), Some(last)) = (known.first(), known.last()) else {
            return language.pick("aucune valeur", "no value").to_owned();
        };
        let at = |point: &(usize, f64)| {
            format!("{} ({})", quantity(point.1, &self.unit, language), self.axis.name(point.0))
        };
        let mut text = match language {
            Language::French => format!("de {} à {}", at(first), at(last)),
            Language::English => format!("from {} to {}", at(first), at(last)),
        };
        if known.len() < values.len() {
            text.push_str(&format!(", {}", missing(values.len() - known.len(), language)));
        }
        text
    }

    fn describe(&self, language: Language) -> String {
        let change = |values: &[f64]| {
            let mut known = values.iter().copied().filter(|value| value.is_finite());
            let first = known.next()?;
            Some(known.next_back()? - first)
        };
        let changes: Vec<f64> = self.panels.iter().filter_map(|(_, values)| change(values)).collect();
        let (up, down) =
            (changes.iter().filter(|c| **c > 0.0).count(), changes.iter().filter(|c| **c < 0.0).count());
        let count = self.panels.len();
        let rise = match (up, language) {
            (0 | 1, Language::French) => "monte",
            (_, Language::French) => "montent",
            (1, Language::English) => "rises",
            (_, Language::English) => "rise",
        };
        let fall = match (down, language) {
            (0 | 1, Language::French) => "descend",
            (_, Language::French) => "descendent",
            (1, Language::English) => "falls",
            (_, Language::English) => "fall",
        };
        let mut text = match language {
            Language::French => format!(
                "{count} petits graphiques en courbes. Entre leur première et leur dernière valeur, {up} {rise} et {down} {fall}."
            ),
            Language::English => format!(
                "{count} small line charts. Between their first and last value, {up} {rise} and {down} {fall}."
            ),
        };
        for (name, values) in self.panels.iter().take(6) {
            text.push_str(&format!(" {name}{}{}.", colon(language), self.describe_panel(values, language)));
        }
        if count > 6 {
            text.push_str(
                language.pick(" Les autres sont dans le tableau.", " The others are in the table."),
            );
        }
        text
    }
}

fn comparison_stroke() -> Stroke {
    Stroke::new(Colour::rgb(140, 146, 153), 1.4)
}

#[cfg(test)]
mod tests {
    use datagora_core::Month;

    use super::*;

    fn captions() -> Captions {
        Captions::new("each", "Chaque compteur", Language::French).with_made(true)
    }

    fn charts(count: usize) -> SmallMultiples {
        let first = Month::parse("2015-01").expect("a month");
        let axis = Axis::months(first, 48, Language::French);
        let series = |k: usize| -> Vec<f64> {
            (0..48).map(|t| if t % 17 == k { f64::NAN } else { (1_000 * (k + 1) + 100 * t) as f64 }).collect()
        };
        (0..count).fold(SmallMultiples::new(axis, Unit::of("{bicycle}/d")), |charts, k| {
            charts.with_panel(format!("Quai du Docteur Gailleton, compteur {k}"), series(k))
        })
    }

    #[test]
    fn no_text_is_clipped_or_overlaps() {
        for count in [1, 2, 5, 9] {
            let compared = charts(count).with_comparison("médiane de tous les compteurs", [f64::NAN; 48]);
            for charts in [charts(count), compared.with_free_scales()] {
                let view = charts.draw(&captions()).expect("sound charts");
                assert_eq!(view.scene().flaws(), []);
                assert_eq!(view.compact().expect("charts have one").flaws(), []);
            }
        }
    }

    #[test]
    fn panels_without_values_say_so_and_all_without_are_an_error() {
        let axis = || Axis::labels(["a", "b"]);
        let one = SmallMultiples::new(axis(), Unit::ONE).with_panel("x", [f64::NAN; 2]);
        assert!(matches!(one.draw(&captions()), Err(ChartError::Empty { .. })));
        let view = one.with_panel("y", [1.0, 2.0]).draw(&captions()).expect("sound charts");
        assert!(view.to_svg().contains(">aucune valeur<"));
        assert!(view.description().contains("1 monte et 0 descend."));
        let wrong = SmallMultiples::new(axis(), Unit::ONE).with_panel("x", [1.0]);
        assert!(matches!(wrong.draw(&captions()), Err(ChartError::Length { found: 1, needed: 2, .. })));
    }
}
