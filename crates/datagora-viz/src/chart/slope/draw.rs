//! A slope chart as a scene.
use datagora_core::{Interval, Language};

use super::super::declutter::spread_labels;
use super::super::is_narrow;
use super::super::key::{Entry, Sign, draw_key, readable, whiskers};
use super::super::plot::{Values, draw_remark, draw_runs, draw_unit};
use super::super::words::colon;
use super::{Slope, SlopeChart};
use crate::frame::{Frame, MARGIN};
use crate::scale::LinearScale;
use crate::scene::{Extent, Fill, Mark, Path, Scene, Shape, Stroke, Text};
use crate::text::{shorten_text, text_width};
use crate::{Captions, Colour, describe_measured};

/// Size of labels, px.
const LABEL: f64 = 11.5;
/// Between labels, px.
const GAP: f64 = 14.0;
/// A label that moved farther than this is joined to its value by a line, px.
const JOINED: f64 = 3.0;
/// Between the end of a line and its label, px.
const ARM: f64 = 16.0;
/// Lines that are not highlighted; their labels are read all the same.
const GREY: Colour = Colour::rgb(160, 166, 173);
/// Lines that neither rise nor fall.
const LEVEL: Colour = Colour::MUTED;

impl SlopeChart {
    pub(super) fn scene(&self, captions: &Captions, width: f64) -> Scene {
        let language = captions.language;
        let narrow = is_narrow(width);
        let mut frame = Frame::new(captions, width);
        let scene = &mut frame.scene;
        let mut top = draw_key(scene, &self.key(language), frame.top);
        top = draw_unit(scene, &self.unit, top, language);
        let dates = top + 12.0;
        let last = self.dates.len() - 1;
        let labels = [self.labels(0, narrow, language), self.labels(last, false, language)];
        let crowd = labels.iter().map(Vec::len).max().unwrap_or(0);
        let height = (GAP * crowd as f64 + 8.0).max(if narrow { 240.0 } else { 300.0 });
        let widest = |labels: &[Label<'_>], share: f64| {
            let all = labels.iter().map(|label| text_width(&label.words, LABEL, label.strong));
            all.fold(0.0, f64::max).min(share * width)
        };
        let rooms = [widest(&labels[0], 0.32), widest(&labels[1], if narrow { 0.45 } else { 0.32 })];
        let plot = Extent {
            left: MARGIN + rooms[0] + ARM + 4.0,
            top: dates + 14.0,
            right: width - MARGIN - rooms[1] - ARM - 4.0,
            bottom: dates + 14.0 + height,
        };
        let values = Values::new(self.reach(), self.zero, 5, language);
        let y = LinearScale::new(values.domain, (plot.bottom - 4.0, plot.top + 4.0));
        let dated = self.positions();
        let along = LinearScale::new((dated[0], dated[last]), (plot.left, plot.right));
        let x = |date: usize| along.position(dated[date]);

        self.draw_dates(scene, &x, dates, plot);
        // Grey lines first, so that they cover none in colour.
        let mut lines: Vec<&Slope> = self.lines.iter().collect();
        lines.sort_by_key(|line| self.is_strong(line));
        for line in &lines {
            self.draw_line(scene, line, &x, &y, language);
        }
        for (side, labels) in labels.iter().enumerate() {
            let end = if side == 0 { plot.left } else { plot.right };
            draw_labels(scene, labels, &y, end, side == 0, rooms[side], plot);
        }
        let mut below = plot.bottom + 4.0;
        let absent: Vec<&str> =
            self.lines.iter().filter(|l| !l.is_known()).map(|l| l.name.as_str()).collect();
        if !absent.is_empty() {
            let words = language.pick("Sans valeur", "Without value");
            below =
                draw_remark(scene, &format!("{words}{}{}.", colon(language), absent.join(", ")), below + 6.0);
        }
        frame.finish(below)
    }

    /// Where the dates lie in time: as far apart as their numbers if all are numbers that rise, such as years, else evenly.
    pub(super) fn positions(&self) -> Vec<f64> {
        let dates = 0..self.dates.len();
        let numbers: Option<Vec<f64>> =
            dates.clone().map(|date| self.dates.name(date).trim().parse().ok()).collect();
        let rising = |numbers: &Vec<f64>| {
            numbers.iter().all(|number| number.is_finite())
                && numbers.windows(2).all(|pair| pair[0] < pair[1])
        };
        numbers.filter(rising).unwrap_or_else(|| dates.map(|date| date as f64).collect())
    }

    fn is_strong(&self, line: &Slope) -> bool {
        self.highlighted.is_empty() || self.highlighted.contains(&line.name)
    }

    fn colour(&self, line: &Slope) -> Colour {
        match line.change() {
            _ if !self.is_strong(line) => GREY,
            Some(change) if change != 0.0 => self.direction.colour(change > 0.0),
            _ => LEVEL,
        }
    }

    fn key(&self, language: Language) -> Vec<Entry> {
        let line = |colour| Sign::Line(Stroke::new(colour, 2.0));
        let strong = || self.lines.iter().filter(|line| self.is_strong(line));
        let mut entries = Vec::new();
        for more in [true, false] {
            let moves =
                |line: &Slope| line.change().is_some_and(|change| (change > 0.0) == more && change != 0.0);
            if strong().any(moves) {
                let change = match more {
                    true => language.pick("en hausse", "rising"),
                    false => language.pick("en baisse", "falling"),
                };
                let words = self.direction.words(change, more, language);
                entries.push(Entry::new(line(self.direction.colour(more)), words));
            }
        }
        if self.lines.iter().any(|line| !self.is_strong(line) && line.is_known()) {
            entries.push(Entry::new(line(GREY), language.pick("les autres", "the others")));
        }
        entries.extend(whiskers(self.intervals().filter_map(|interval| interval.level), language));
        entries
    }

    /// Intervals about values.
    fn intervals(&self) -> impl Iterator<Item = Interval> {
        let values = self.lines.iter().flat_map(|line| &line.values).filter(|value| value.value().is_some());
        values.filter_map(|value| value.interval())
    }

    /// All that must lie on the scale.
    fn reach(&self) -> impl Iterator<Item = f64> {
        let values = self.lines.iter().flat_map(|line| line.values.iter().filter_map(|value| value.value()));
        values.chain(self.intervals().flat_map(|interval| [interval.lower, interval.upper]))
    }

    /// What stands at an end: name and value, or the value alone.
    fn labels(&self, date: usize, bare: bool, language: Language) -> Vec<Label<'_>> {
        let label = |line: &'_ Slope| {
            let value = line.values[date].value()?;
            let number = self.number(value, language);
            let words = match (bare, date) {
                (true, _) => number,
                // A name that ends in a number, or begins with one, is not read as part of the value.
                (false, 0) => format!("{}{}{number}", line.name, colon(language)),
                (false, _) => format!("{number}\u{a0}\u{a0}{}", line.name),
            };
            let strong = self.is_strong(line) && !self.highlighted.is_empty();
            Some((words, value, strong, readable(self.colour(line))))
        };
        let made = self.lines.iter().filter_map(|line| Some((line, label(line)?)));
        made.map(|(line, (words, value, strong, colour))| Label {
            name: &line.name,
            words,
            value,
            strong,
            colour,
        })
        .collect()
    }

    fn draw_dates(&self, scene: &mut Scene, x: &impl Fn(usize) -> f64, top: f64, plot: Extent) {
        let last = self.dates.len() - 1;
        let closest = (1..=last).map(|date| x(date) - x(date - 1)).fold(f64::INFINITY, f64::min);
        let room = closest - 8.0;
        for date in 0..=last {
            let at = x(date);
            scene.line([at, plot.top], [at, plot.bottom], Stroke::new(Colour::FAINT, 1.0));
            // Dates at the ends have the room above the labels too.
            let limit = if date == 0 || date == last { 0.5 * room + 40.0 } else { room };
            let name = shorten_text(self.dates.name(date), LABEL, true, limit.max(24.0));
            let half = 0.5 * text_width(&name, LABEL, true);
            let middle = at.clamp(MARGIN + half, scene.width() - MARGIN - half);
            scene.text(Text::new(name, middle, top).size(LABEL).bold().middle());
        }
    }

    fn draw_line(
        &self,
        scene: &mut Scene,
        line: &Slope,
        x: &impl Fn(usize) -> f64,
        y: &LinearScale,
        language: Language,
    ) {
        let colour = self.colour(line);
        let width = if self.is_strong(line) { 2.0 } else { 1.3 };
        let places = line.values.iter().enumerate().map(|(k, v)| Some([x(k), y.position(v.value()?)]));
        draw_runs(scene, places, Stroke::new(colour, width));
        for (date, value) in line.values.iter().enumerate() {
            let Some(point) = value.value() else { continue };
            let (at, level) = (x(date), y.position(point));
            if let Some(interval) = value.interval().filter(|i| i.lower.is_finite() && i.upper.is_finite()) {
                let ends = [interval.lower, interval.upper].map(|bound| y.position(bound));
                let mut parts = vec![(vec![[at, ends[0]], [at, ends[1]]], false)];
                parts.extend(ends.map(|end| (vec![[at - 3.5, end], [at + 3.5, end]], false)));
                scene.add(Mark::new(Shape::Path(Path { parts })).stroke(Stroke::new(colour, 1.2)));
            }
            let told = describe_measured(value, language);
            let tip = format!("{}, {}{}{told}", line.name, self.dates.name(date), colon(language));
            let dot = Mark::new(Shape::Circle { x: at, y: level, radius: width + 1.4 });
            scene.add(dot.fill(Fill::Solid(colour)).stroke(Stroke::new(Colour::WHITE, 0.8)).tip(tip));
        }
    }
}

struct Label<'a> {
    name: &'a str,
    words: String,
    value: f64,
    strong: bool,
    colour: Colour,
}

/// Writes the labels of one end in a column, moved apart by as little as possible.
fn draw_labels(
    scene: &mut Scene,
    labels: &[Label<'_>],
    y: &LinearScale,
    end: f64,
    at_left: bool,
    room: f64,
    plot: Extent,
) {
    // Of equal values the names decide, in the order of reading.
    let mut order: Vec<&Label<'_>> = labels.iter().collect();
    order.sort_by(|a, b| b.value.total_cmp(&a.value).then_with(|| a.name.cmp(b.name)));
    let places: Vec<f64> = order.iter().map(|label| y.position(label.value)).collect();
    let spread = spread_labels(&places, GAP, plot.top + 4.0, plot.bottom - 4.0);
    let side = if at_left { -1.0 } else { 1.0 };
    for ((label, from), to) in order.iter().zip(places).zip(spread) {
        if (to - from).abs() > JOINED {
            let joint = vec![[end + 5.0 * side, from], [end + (ARM - 3.0) * side, to]];
            scene.add(Mark::new(Shape::Path(Path::line(joint))).stroke(Stroke::new(GREY, 0.8)));
        }
        let words = shorten_text(&label.words, LABEL, label.strong, room + 1e-6);
        let text = Text::new(words, end + ARM * side, to + 4.0).size(LABEL).colour(label.colour);
        let text = if label.strong { text.bold() } else { text };
        scene.text(if at_left { text.end() } else { text });
    }
}
