//! A bar chart as a scene.
use datagora_core::{Language, Measured};

use super::super::key::{Entry, Sign, draw_arrow_head, draw_key, draw_whisker, whiskers};
use super::super::plot::{Values, draw_remark, draw_unit};
use super::super::rows::{LABEL, Rows};
use super::super::words::{colon, more_in_the_table, quantity, short_reason};
use super::super::{category, is_narrow};
use super::{BarChart, in_words, size};
use crate::frame::{Frame, MARGIN};
use crate::scale::LinearScale;
use crate::scene::{Extent, Fill, Mark, Scene, Shape, Stroke, Text};
use crate::text::{shorten_text, text_width};
use crate::{Captions, Colour};

/// Height of a bar, px.
const BAR: f64 = 14.0;
/// Length of a hatched bar that stands for a withheld value, px.
const WITHHELD: f64 = 46.0;

impl BarChart {
    pub(super) fn scene(&self, bars: &[&(String, Measured)], captions: &Captions, width: f64) -> Scene {
        let language = captions.language;
        let mut frame = Frame::new(captions, width);
        let scene = &mut frame.scene;
        let narrow = is_narrow(width);
        let shown = &bars[..bars.len().min(self.limit)];
        let decimals = self.decimals();
        let labels: Vec<String> = shown.iter().map(|(_, value)| label(value, decimals, language)).collect();

        let mut top = draw_key(scene, &self.key(shown, language), frame.top);
        top = draw_unit(scene, &self.unit, top, language);
        let names: Vec<&str> = shown.iter().map(|(name, _)| name.as_str()).collect();
        let rows = Rows::new(&names, 23.0, top, width);
        let left = rows.left;
        let room = labels.iter().map(|label| text_width(label, LABEL, true)).fold(0.0, f64::max);
        let room = room.min(0.45 * (width - left));
        let right = width - MARGIN - room - 8.0;

        let extremes = self.extremes(shown.iter().copied());
        let values = Values::new(extremes, self.zero, if narrow { 3 } else { 5 }, language);
        let x = LinearScale::new(values.domain, (left, right));
        let (bottom, spans) = (rows.bottom, rows.spans());
        values.draw_columns(scene, &x, &spans, bottom);
        let ends: Vec<f64> = shown
            .iter()
            .enumerate()
            .map(|(index, (name, value))| {
                let tip = format!("{name}{}{}", colon(language), in_words(value, decimals, language));
                draw_bar(scene, value, &x, rows.middle(index), right, tip)
            })
            .collect();
        if let Some((value, _)) = &self.reference {
            let place = x.position(*value);
            for [from, to] in &spans {
                scene.line([place, *from], [place, *to], reference_stroke());
            }
        }
        for (index, (((name, _), label), end)) in shown.iter().zip(&labels).zip(ends).enumerate() {
            rows.draw_name(scene, index, name);
            let label = shorten_text(label, LABEL, true, width - 6.0 - end - 6.0);
            scene.text(Text::new(label, end + 6.0, rows.middle(index) + 4.5).size(LABEL).bold().halo());
        }
        let mut below = bottom + 22.0;
        let rest = bars.len() - shown.len();
        if rest > 0 {
            below = draw_remark(scene, &more_in_the_table(rest, language), below + 2.0);
        }
        frame.finish(below)
    }

    /// The signs that the bars use.
    fn key(&self, shown: &[&(String, Measured)], language: Language) -> Vec<Entry> {
        let mut entries = Vec::new();
        let intervals = || shown.iter().filter_map(|(_, value)| Some((value.interval()?, value.value())));
        let colour = category(0);
        if intervals().any(|(interval, value)| value.is_none() || interval.level.is_none()) {
            let (full, pale) = (Fill::Solid(colour), Fill::Solid(colour.lighter(0.72)));
            let words = match shown.iter().any(|(_, value)| value.value().is_some()) {
                true => language.pick("valeur, ou au moins autant", "value, or at least this much"),
                false => language.pick("au moins autant", "at least this much"),
            };
            entries.push(Entry::new(Sign::Area(full), words));
            let words = language.pick("au plus autant", "at most this much");
            entries.push(Entry::new(Sign::Area(pale), words));
        }
        if shown.iter().any(|(_, value)| is_open(value)) {
            entries.push(Entry::new(Sign::Arrow, language.pick("sans limite connue", "no known limit")));
        }
        let about = intervals().filter(|(_, value)| value.is_some());
        entries.extend(whiskers(about.filter_map(|(interval, _)| interval.level), language));
        if shown.iter().any(|(_, value)| value.suppression().is_some()) {
            let words = language.pick("valeur non publiée", "value not published");
            entries.push(Entry::new(Sign::Area(Fill::Hatch(Colour::MUTED)), words));
        }
        if let Some((value, name)) = &self.reference {
            let words = format!("{name}{}{}", colon(language), quantity(*value, &self.unit, language));
            entries.push(Entry::new(Sign::Line(reference_stroke()), words));
        }
        entries
    }

    /// All that must lie on the scale; with an open bound, some space for its arrow.
    pub(super) fn extremes<'a>(
        &self,
        shown: impl Iterator<Item = &'a (String, Measured)> + Clone,
    ) -> Vec<f64> {
        let mut values: Vec<f64> = self.reference.iter().map(|(value, _)| *value).collect();
        for (_, value) in shown.clone() {
            values.extend(value.value());
            values.extend(value.interval().into_iter().flat_map(|interval| [interval.lower, interval.upper]));
        }
        values.retain(|value| value.is_finite());
        if shown.clone().any(|(_, value)| is_open(value)) {
            let high = values.iter().copied().fold(0.0, f64::max);
            values.push(1.08 * high);
        }
        values
    }
}

fn reference_stroke() -> Stroke {
    Stroke::new(Colour::INK, 1.2).dashed(4.0)
}

fn is_open(value: &Measured) -> bool {
    value.interval().is_some_and(|interval| interval.upper.is_infinite())
}

/// What stands beside a bar.
fn label(value: &Measured, decimals: usize, language: Language) -> String {
    match (value.suppression(), value.value()) {
        (Some(reason), _) => short_reason(reason, language).to_owned(),
        (None, Some(_)) => in_words(&value.clone().without_interval(), decimals, language),
        (None, None) => in_words(value, decimals, language),
    }
}

/// Draws one bar; gives where its label may begin.
fn draw_bar(
    scene: &mut Scene,
    value: &Measured,
    x: &LinearScale,
    middle: f64,
    right: f64,
    tip: String,
) -> f64 {
    let (top, bottom) = (middle - 0.5 * BAR, middle + 0.5 * BAR);
    // A scale without zero begins the bars at its end.
    let (low, high) = x.domain();
    let base = x.position(0.0f64.clamp(low, high));
    let across = |a: f64, b: f64| Extent { left: a.min(b), top, right: a.max(b), bottom };
    let colour = category(0);
    let mut end = base;
    let Some(length) = size(value) else {
        let area = across(base, base + WITHHELD);
        let mark = Mark::new(Shape::Rect(area)).fill(Fill::Hatch(Colour::MUTED));
        scene.add(mark.stroke(Stroke::new(Colour::MUTED, 0.6)).tip(tip));
        return base + WITHHELD;
    };
    let to = x.position(length);
    end = end.max(to);
    if let Some(interval) = value.interval() {
        let upper = if interval.upper.is_finite() { x.position(interval.upper) } else { right };
        let lower = if interval.lower.is_finite() { x.position(interval.lower) } else { base };
        end = end.max(upper);
        if value.value().is_none() || interval.level.is_none() {
            let pale = Mark::new(Shape::Rect(across(lower, upper)));
            let outline = Stroke::new(colour, 0.8);
            scene.add(pale.fill(Fill::Solid(colour.lighter(0.72))).stroke(outline).tip(&tip));
        }
        scene.add(Mark::new(Shape::Rect(across(base, to))).fill(Fill::Solid(colour)).tip(tip));
        if !interval.upper.is_finite() {
            scene.line([to, middle], [upper, middle], Stroke::new(Colour::INK, 1.2));
            draw_arrow_head(scene, upper, middle);
        } else if value.value().is_some() && interval.lower.is_finite() && interval.level.is_some() {
            draw_whisker(scene, [lower, upper], middle, 4.0);
        }
    } else {
        scene.add(Mark::new(Shape::Rect(across(base, to))).fill(Fill::Solid(colour)).tip(tip));
    }
    end
}
