//! A bar chart as a scene.
use datagora_core::{Language, Measured};

use super::super::key::{Entry, Sign, draw_arrow_head, draw_key, draw_whisker};
use super::super::plot::{TICK, Values, draw_remark, draw_unit, grid};
use super::super::words::{colon, quantity, short_reason};
use super::super::{category, is_narrow};
use super::{BarChart, size};
use crate::frame::{Frame, MARGIN};
use crate::scale::LinearScale;
use crate::scene::{Extent, Fill, Mark, Scene, Shape, Stroke, Text};
use crate::text::{shorten_text, text_width, two_lines};
use crate::{Captions, Colour, describe_measured, format_percent};

/// Size of names and values, px.
const LABEL: f64 = 12.0;
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
        let labels: Vec<String> = shown.iter().map(|(_, value)| label(value, language)).collect();

        let mut top = draw_key(scene, &self.key(shown, language), frame.top);
        top = draw_unit(scene, &self.unit, top, language);
        let names = shown.iter().map(|(name, _)| text_width(name, LABEL, false)).fold(0.0, f64::max);
        let column = names.min(0.34 * width);
        let left = MARGIN + if narrow { 0.0 } else { column + 10.0 };
        let room = labels.iter().map(|label| text_width(label, LABEL, true)).fold(0.0, f64::max);
        let room = room.min(0.45 * (width - left));
        let right = width - MARGIN - room - 8.0;

        let values = Values::new(self.extremes(shown), true, if narrow { 3 } else { 5 }, language);
        let x = LinearScale::new(values.domain, (left, right));
        let row = match narrow {
            true => 36.0,
            false if names > column => 34.0,
            false => 23.0,
        };
        let bottom = top + 4.0 + row * shown.len() as f64;
        let middle = |index: usize| {
            let y = top + 4.0 + row * index as f64;
            if narrow { y + 24.0 } else { y + 0.5 * row }
        };
        // On narrow screens lines stop short of the names above the bars.
        let spans: Vec<[f64; 2]> = match narrow {
            true => (0..shown.len()).map(|index| [middle(index) - 10.0, middle(index) + 10.0]).collect(),
            false => vec![[top, bottom]],
        };
        draw_columns(scene, &values, &x, &spans, bottom);
        let ends: Vec<f64> = shown
            .iter()
            .enumerate()
            .map(|(index, (name, value))| {
                let tip = format!("{name}{}{}", colon(language), describe_measured(value, language));
                draw_bar(scene, value, &x, middle(index), right, tip)
            })
            .collect();
        if let Some((value, _)) = &self.reference {
            let place = x.position(*value);
            for [from, to] in &spans {
                scene.line([place, *from], [place, *to], reference_stroke());
            }
        }
        for (index, (((name, _), label), end)) in shown.iter().zip(&labels).zip(ends).enumerate() {
            let middle = middle(index);
            if narrow {
                let name = shorten_text(name, LABEL, false, width - 2.0 * MARGIN);
                scene.text(Text::new(name, MARGIN, middle - 12.5).size(LABEL));
            } else {
                let lines = two_lines(name, LABEL, false, column);
                let first = middle + 4.0 - 7.5 * (lines.len() - 1) as f64;
                for (line, words) in lines.into_iter().enumerate() {
                    let baseline = first + 15.0 * line as f64;
                    scene.text(Text::new(words, left - 8.0, baseline).size(LABEL).end());
                }
            }
            let label = shorten_text(label, LABEL, true, width - 6.0 - end - 6.0);
            scene.text(Text::new(label, end + 6.0, middle + 4.5).size(LABEL).bold().halo());
        }
        let mut below = bottom + 22.0;
        let rest = bars.len() - shown.len();
        if rest > 0 {
            let count = language.group_digits(rest as u64);
            let words = match (rest, language) {
                (1, Language::French) => "et une autre dans le tableau".to_owned(),
                (_, Language::French) => format!("et {count} autres dans le tableau"),
                (_, Language::English) => format!("and {count} more in the table"),
            };
            below = draw_remark(scene, &words, below + 2.0);
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
                true => language.pick("valeur, ou minimum certain", "value, or certain minimum"),
                false => language.pick("minimum certain", "certain minimum"),
            };
            entries.push(Entry::new(Sign::Area(full), words));
            let words = language.pick("jusqu’au maximum possible", "up to the possible maximum");
            entries.push(Entry::new(Sign::Area(pale), words));
        }
        if shown.iter().any(|(_, value)| is_open(value)) {
            entries.push(Entry::new(Sign::Arrow, language.pick("sans maximum connu", "no known maximum")));
        }
        let mut levels: Vec<f64> = intervals()
            .filter(|(_, value)| value.is_some())
            .filter_map(|(interval, _)| interval.level)
            .collect();
        levels.sort_by(f64::total_cmp);
        levels.dedup();
        for level in levels {
            let level = format_percent(level, 0, language);
            let words = format!("{} {level}", language.pick("intervalle à", "interval at"));
            entries.push(Entry::new(Sign::Whisker, words));
        }
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
    fn extremes(&self, shown: &[&(String, Measured)]) -> Vec<f64> {
        let mut values: Vec<f64> = self.reference.iter().map(|(value, _)| *value).collect();
        for (_, value) in shown {
            values.extend(value.value());
            values.extend(value.interval().into_iter().flat_map(|interval| [interval.lower, interval.upper]));
        }
        values.retain(|value| value.is_finite());
        if shown.iter().any(|(_, value)| is_open(value)) {
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
fn label(value: &Measured, language: Language) -> String {
    match (value.suppression(), value.value()) {
        (Some(reason), _) => short_reason(reason, language).to_owned(),
        (None, Some(_)) => describe_measured(&value.clone().without_interval(), language),
        (None, None) => describe_measured(value, language),
    }
}

fn draw_columns(scene: &mut Scene, values: &Values, x: &LinearScale, spans: &[[f64; 2]], bottom: f64) {
    let mut free = f64::NEG_INFINITY;
    for (tick, name) in values.ticks.iter().zip(&values.names) {
        let place = x.position(*tick);
        for [from, to] in spans {
            scene.line([place, *from], [place, *to], grid(*tick == 0.0));
        }
        let half = 0.5 * text_width(name, TICK, false);
        let at = place.clamp(half + 2.0, scene.width() - half - 2.0);
        if at - half > free {
            scene.text(Text::new(name, at, bottom + 15.0).size(TICK).colour(Colour::MUTED).middle());
            free = at + half + 6.0;
        }
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
    let base = x.position(0.0);
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
