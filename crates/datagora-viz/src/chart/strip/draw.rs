//! A strip chart as a scene: what is the same about every row lies on a backdrop, what is about one row above it.
use std::sync::Arc;

use datagora_core::{Language, Measured};

use super::super::key::{Entry, Sign, draw_arrow_head, draw_key};
use super::super::words::{amount_or_reason, colon};
use super::super::{category, is_narrow};
use super::{Part, Strip, StripChart};
use crate::frame::{Frame, MARGIN};
use crate::scale::{LinearScale, LogScale};
use crate::scene::{Fill, Mark, Path, Scene, Shape, Stroke, Text};
use crate::text::{shorten_text, two_lines};
use crate::{Captions, Colour, describe_measured};

/// Size of names and values, px.
const NAME: f64 = 12.5;
/// Size of what stands below them.
const SMALL: f64 = 10.5;
/// Height of a heading.
const HEADING: f64 = 28.0;
/// Dots lie in three lines, lest those of one place hide each other.
const TEXTURE: [f64; 3] = [0.0, -4.0, 4.0];
const DOT: Colour = Colour::rgb(100, 112, 125);
/// Space between the ends of a strip and its first and last dot.
const INSET: f64 = 8.0;

/// Where the parts of a strip lie.
struct Layout {
    narrow: bool,
    width: f64,
    /// Both ends of the strip.
    strip: (f64, f64),
    /// Height of a strip with all its words.
    row: f64,
}

impl Layout {
    fn new(width: f64, names: impl Iterator<Item = f64>) -> Self {
        let narrow = is_narrow(width);
        if narrow {
            return Self { narrow, width, strip: (MARGIN, width - MARGIN), row: 94.0 };
        }
        let strip = (MARGIN + 196.0, width - MARGIN - 236.0);
        let room = strip.0 - 10.0 - MARGIN;
        let row = if names.fold(0.0, f64::max) > room { 58.0 } else { 46.0 };
        Self { narrow, width, strip, row }
    }

    /// Room for the name.
    fn name_room(&self) -> f64 {
        if self.narrow { self.width - 2.0 * MARGIN } else { self.strip.0 - 10.0 - MARGIN }
    }

    /// The middle of the strip below the top of its row.
    fn middle(&self) -> f64 {
        if self.narrow { 62.0 } else { 16.0 }
    }
}

/// A scale of either kind.
enum Scale {
    Linear(LinearScale),
    /// Of the value and what is added to it, so that zero has a place.
    Logarithmic(LogScale, f64),
}

impl Scale {
    /// The scale of a strip with its lowest and highest value; `None` if it has no value.
    fn of(strip: &Strip, (left, right): (f64, f64)) -> Option<(Self, [f64; 2])> {
        let numbers = strip.extremes();
        let low = numbers.iter().copied().reduce(f64::min)?;
        let high = numbers.into_iter().reduce(f64::max)?;
        let range = (left + INSET, right - INSET);
        let shift = if low == 0.0 { 1.0 } else { 0.0 };
        let logarithmic =
            strip.logarithmic.then(|| LogScale::new((low + shift, high + shift), range)).flatten();
        let scale = match logarithmic {
            Some(scale) => Self::Logarithmic(scale, shift),
            None => Self::Linear(LinearScale::new((low, high), range)),
        };
        Some((scale, [low, high]))
    }

    fn position(&self, value: f64) -> f64 {
        match self {
            Self::Linear(scale) => scale.position(value),
            Self::Logarithmic(scale, shift) => scale.position(value + shift),
        }
    }
}

impl StripChart<'_> {
    pub(super) fn scene(&self, captions: &Captions, width: f64) -> Scene {
        let language = captions.language;
        let mut frame = Frame::new(captions, width);
        let top = draw_key(&mut frame.scene, &self.key(language), frame.top) + 6.0;
        let names = self.strips().map(|strip| crate::text_width(&strip.name, NAME, false));
        let layout = Layout::new(width, names);

        let mut backdrop = Scene::new(width, 0.0);
        let mut y = 0.0;
        for part in &self.parts {
            match part {
                Part::Section(title) => {
                    let title = shorten_text(title, 13.0, true, width - 2.0 * MARGIN);
                    backdrop.text(Text::new(title, MARGIN, y + 18.0).size(13.0).bold());
                    y += HEADING;
                }
                Part::Strip(strip) => {
                    self.draw_strip(&mut backdrop, strip, &layout, y, language);
                    self.draw_own(&mut frame.scene, strip, &layout, top + y, language);
                    y += layout.row;
                }
            }
        }
        backdrop.set_height(y);
        frame.scene.set_backdrop(Arc::new(backdrop), top);
        frame.finish(top + y - 8.0)
    }

    fn key(&self, language: Language) -> Vec<Entry> {
        let mut entries = vec![
            Entry::new(Sign::Dot(Fill::Solid(category(1)), category(1)), self.names[self.own].clone())
                .in_colour(category(1)),
            Entry::new(Sign::Dot(Fill::Solid(DOT.lighter(0.3)), Colour::WHITE), self.zone_word.clone()),
        ];
        if !self.peers.is_empty() && !self.peers_word.is_empty() {
            entries.push(Entry::new(
                Sign::Dot(Fill::Solid(Colour::WHITE), Colour::INK),
                self.peers_word.clone(),
            ));
        }
        if self.strips().any(|strip| strip.reference.as_ref().is_some_and(|value| value.value().is_some())) {
            entries.push(Entry::new(Sign::Upright, self.reference_word(language)));
        }
        let own = || self.strips().map(|strip| &strip.values[self.own]);
        if own().any(|value| value.interval().is_some()) {
            entries.push(Entry::new(
                Sign::Line(Stroke::new(category(1), 3.0)),
                language.pick(
                    "intervalle\u{a0}: où la valeur peut se trouver",
                    "interval: where the value may lie",
                ),
            ));
        }
        entries
    }

    /// What is the same whichever row the chart is about.
    fn draw_strip(&self, scene: &mut Scene, strip: &Strip, layout: &Layout, top: f64, language: Language) {
        let (left, right) = layout.strip;
        let room = layout.name_room();
        let rule = Stroke::new(Colour::FAINT, 1.0);
        scene.line([MARGIN, top - 4.0], [layout.width - MARGIN, top - 4.0], rule);
        let lines = match layout.narrow {
            true => vec![shorten_text(&strip.name, NAME, false, room)],
            false => two_lines(&strip.name, NAME, false, room),
        };
        let mut baseline = top + 13.0;
        for line in &lines {
            scene.text(Text::new(line, MARGIN, baseline).size(NAME));
            baseline += 15.0;
        }
        let small = |words: String, x: f64, y: f64| Text::new(words, x, y).size(SMALL).colour(Colour::MUTED);
        let scale = Scale::of(strip, layout.strip);
        let words = self.count(strip, matches!(scale, Some((Scale::Logarithmic(..), _))), language);
        let middle = top + layout.middle();
        if layout.narrow {
            let words = shorten_text(&words, SMALL, false, 0.5 * room);
            scene.text(small(words, 0.5 * layout.width, middle + 24.0).middle());
        } else {
            scene.text(small(shorten_text(&words, SMALL, false, room), MARGIN, baseline - 1.0));
        }
        scene.line([left, middle], [right, middle], Stroke::new(Colour::FAINT, 1.0));
        let Some((scale, [low, high])) = scale else { return };
        let bound = |value: f64| {
            let number = describe_measured(&Measured::new(value, strip.unit.clone()), language);
            shorten_text(&number, SMALL, false, 0.24 * (right - left))
        };
        if low < high {
            scene.text(small(bound(low), left, middle + 24.0));
            scene.text(small(bound(high), right, middle + 24.0).end());
        } else {
            scene.text(
                small(
                    bound(low),
                    0.5 * (left + right),
                    if layout.narrow { middle - 10.0 } else { middle + 24.0 },
                )
                .middle(),
            );
        }
        if let Some(value) = strip.reference.as_ref().and_then(Measured::value) {
            let x = scale.position(value);
            scene.line([x, middle - 9.0], [x, middle + 9.0], Stroke::new(Colour::INK, 1.6));
        }
        let mut order: Vec<usize> = (0..strip.values.len()).collect();
        let size = |row: usize| strip.values[row].value().unwrap_or(f64::NAN);
        order.sort_by(|&a, &b| size(a).total_cmp(&size(b)).then(a.cmp(&b)));
        for (place, &row) in order.iter().enumerate() {
            let value = &strip.values[row];
            let y = middle + TEXTURE[place % TEXTURE.len()];
            let tip = format!("{}{}{}", self.names[row], colon(language), amount_or_reason(value, language));
            match (value.value(), value.interval()) {
                (Some(number), _) => {
                    let dot = Shape::Circle { x: scale.position(number), y, radius: 3.2 };
                    scene.add(Mark::new(dot).fill(Fill::Glass(DOT, 0.6)).tip(tip));
                }
                (None, Some(interval)) => {
                    let [from, to] =
                        within([interval.lower, interval.upper], [low, high]).map(|v| scale.position(v));
                    let line = Shape::Path(Path::line(vec![[from, y], [to.max(from + 1.0), y]]));
                    scene.add(Mark::new(line).stroke(Stroke::new(DOT.lighter(0.4), 2.0)).tip(tip));
                }
                (None, None) => {}
            }
        }
    }

    /// How many rows are known, how many not, and that the scale is logarithmic.
    fn count(&self, strip: &Strip, logarithmic: bool, language: Language) -> String {
        let known = strip.known();
        let missing = strip.values.len() - known;
        let mut words = format!("{known} {}", self.zone_word);
        if missing > 0 {
            words = format!("{words}, {missing} {}", language.pick("sans valeur", "without value"));
        }
        if logarithmic {
            words = format!("{words}{}", language.pick(", éch. log.", ", log scale"));
        }
        words
    }

    /// The row that the chart is about, and those to compare it with.
    fn draw_own(&self, scene: &mut Scene, strip: &Strip, layout: &Layout, top: f64, language: Language) {
        let own = &strip.values[self.own];
        let middle = top + layout.middle();
        let accent = category(1);
        if let Some((scale, ends)) = Scale::of(strip, layout.strip) {
            for &row in self.peers.iter().filter(|&&row| row != self.own) {
                let Some(value) = strip.values[row].value() else { continue };
                let dot = Shape::Circle { x: scale.position(value), y: middle, radius: 4.0 };
                let tip = format!(
                    "{}{}{}",
                    self.names[row],
                    colon(language),
                    amount_or_reason(&strip.values[row], language)
                );
                let mark = Mark::new(dot).fill(Fill::Solid(Colour::WHITE));
                scene.add(mark.stroke(Stroke::new(Colour::INK, 1.4)).tip(tip));
            }
            if let Some(interval) = own.interval() {
                let bounds = [interval.lower, interval.upper];
                let [from, to] = within(bounds, ends).map(|value| scale.position(value));
                scene.line([from, middle], [to.max(from + 1.0), middle], Stroke::new(accent, 3.0));
                // An end without a stop goes on beyond the scale.
                for (end, x) in bounds.into_iter().zip([from, to]) {
                    if (ends[0]..=ends[1]).contains(&end) {
                        scene.line([x, middle - 5.0], [x, middle + 5.0], Stroke::new(accent, 1.6));
                    } else if end > ends[1] {
                        draw_arrow_head(scene, x + 7.0, middle);
                    }
                }
            }
            if let Some(value) = own.value() {
                let dot = Shape::Circle { x: scale.position(value), y: middle, radius: 6.0 };
                let mark = Mark::new(dot).fill(Fill::Solid(accent)).stroke(Stroke::new(Colour::WHITE, 1.4));
                let tip =
                    format!("{}{}{}", self.names[self.own], colon(language), amount_or_reason(own, language));
                scene.add(mark.tip(tip));
            }
        }
        let value = match own.value() {
            Some(_) => amount_or_reason(&own.clone().without_interval(), language),
            None => amount_or_reason(own, language),
        };
        let (x, first) = match layout.narrow {
            true => (MARGIN, top + 29.0),
            false => (layout.strip.1 + 16.0, top + 13.0),
        };
        let room = layout.width - MARGIN - x;
        let text = Text::new(shorten_text(&value, NAME, true, room), x, first).size(NAME);
        // What is not known does not stand out.
        scene.text(if own.suppression().is_some() { text.colour(Colour::MUTED) } else { text.bold() });
        let detail = shorten_text(&self.detail(strip, language), SMALL, false, room);
        if !detail.is_empty() {
            scene.text(Text::new(detail, x, first + 14.0).size(SMALL).colour(Colour::MUTED));
        }
    }

    /// Rank and interval, in that order: what is cut off first matters least.
    fn detail(&self, strip: &Strip, language: Language) -> String {
        let own = &strip.values[self.own];
        let mut parts: Vec<String> = self.rank(strip, language).into_iter().collect();
        if let (Some(_), Some(interval)) = (own.value(), own.interval())
            && let Ok(bounds) = Measured::bounded(interval.lower, interval.upper, own.unit().clone())
            && bounds.value().is_none()
        {
            parts.push(format!("[{}]", describe_measured(&bounds, language)));
        }
        parts.join(" · ")
    }
}

/// Bounds as far as they lie on the scale.
fn within(bounds: [f64; 2], [low, high]: [f64; 2]) -> [f64; 2] {
    bounds.map(|bound| bound.clamp(low, high))
}
