//! A line chart as a scene.
use datagora_core::Language;

use super::super::declutter::spread_labels;
use super::super::key::{Entry, Sign, draw_key, readable};
use super::super::plot::{Values, draw_band, draw_runs, draw_steps, draw_unit};
use super::super::words::{colon, quantity};
use super::super::{category, is_narrow};
use super::{Line, LineChart};
use crate::frame::{Frame, MARGIN};
use crate::scale::LinearScale;
use crate::scene::{Extent, Fill, Mark, Scene, Shape, Stroke, Text};
use crate::text::text_width;
use crate::{Captions, Colour, format_percent};

/// Height of the plot, px.
const HEIGHT: f64 = 290.0;
const NARROW_HEIGHT: f64 = 220.0;
/// Size of the names of lines, px.
const NAME: f64 = 12.0;
/// How opaque one band of a fan is; they lie one over the other.
const GLASS: f64 = 0.2;
/// More points than this have no tips: the page would grow for nothing.
const MOST_TIPS: usize = 600;

impl LineChart {
    fn all_values(&self) -> impl Iterator<Item = f64> + '_ {
        self.lines.iter().flat_map(|line| {
            let band = line.band.iter().flat_map(|(lower, upper)| lower.iter().chain(upper));
            let fan = line.fan.iter().flat_map(|fan| {
                fan.points.iter().chain(fan.bands.iter().flat_map(|(_, l, u)| l.iter().chain(u)))
            });
            line.values.iter().chain(band).chain(fan).chain(line.backtest.iter().flatten()).copied()
        })
    }

    pub(super) fn scene(&self, captions: &Captions, width: f64) -> Scene {
        let language = captions.language;
        let mut frame = Frame::new(captions, width);
        let scene = &mut frame.scene;
        let narrow = is_narrow(width);
        let values = Values::new(self.all_values().chain(self.reference), self.zero, 5, language);
        // Names stand at the end of lines where there is room, else in a key above.
        let widest = self.lines.iter().map(|line| text_width(&line.name, NAME, true)).fold(0.0, f64::max);
        let named_at_end = !narrow && self.lines.len() > 1 && widest < 0.25 * width;
        let mut top = draw_key(scene, &self.key(named_at_end, language), frame.top);
        top = draw_unit(scene, &self.unit, top, language) + 8.0;
        let plot = Extent {
            left: MARGIN + values.widest_name() + 8.0,
            top,
            right: width - MARGIN - if named_at_end { widest + 10.0 } else { 4.0 },
            bottom: top + if narrow { NARROW_HEIGHT } else { HEIGHT },
        };
        let steps = self.axis.len();
        let inset = if steps <= 24 { 0.5 } else { 0.0 };
        let along =
            LinearScale::new((-inset, steps.saturating_sub(1) as f64 + inset), (plot.left, plot.right));
        let x = |step: usize| along.position(step as f64);

        self.draw_outages(scene, &along, plot);
        let y = values.draw_rows(scene, plot, self.reference);
        draw_steps(scene, &self.axis, x, plot.bottom);
        for (index, line) in self.lines.iter().enumerate() {
            draw_bands(scene, line, category(index), &x, &y);
        }
        for (index, line) in self.lines.iter().enumerate() {
            draw_line(scene, line, category(index), &x, &y);
        }
        if self.lines.len() * steps <= MOST_TIPS {
            self.draw_tips(scene, &x, &y, language);
        }
        if named_at_end {
            self.name_ends(scene, &y, plot);
        }
        frame.finish(plot.bottom + 22.0)
    }

    /// What stands above the plot: lines that are not named at their end, forecast, back-test, bands, outages.
    fn key(&self, named_at_end: bool, language: Language) -> Vec<Entry> {
        let mut entries = Vec::new();
        if !named_at_end && self.lines.len() > 1 {
            for (index, line) in self.lines.iter().enumerate() {
                let colour = category(index);
                entries.push(Entry::new(Sign::Line(stroke(line, colour)), &line.name).in_colour(colour));
            }
        }
        let grey = Colour::rgb(70, 78, 88);
        let shade = if self.lines.len() == 1 { category(0) } else { grey };
        let mut levels: Vec<f64> = self
            .lines
            .iter()
            .filter_map(|line| line.fan.as_ref())
            .flat_map(|fan| fan.bands.iter().map(|band| band.0))
            .collect();
        levels.sort_by(f64::total_cmp);
        levels.dedup();
        if self.lines.iter().any(|line| line.fan.is_some()) {
            let line = Stroke::new(shade, 2.0).dashed(4.0);
            let words = match levels.is_empty() {
                true => language.pick("prévision, sans intervalle", "forecast, without interval"),
                false => language.pick("prévision", "forecast"),
            };
            entries.push(Entry::new(Sign::Line(line), words));
        }
        for (rank, level) in levels.iter().enumerate() {
            // As dark as that many bands one over the other.
            let darkness = 1.0 - (1.0 - GLASS).powi((levels.len() - rank) as i32);
            let level = format_percent(*level, 0, language);
            let words = match rank {
                0 => format!("{} {level}", language.pick("intervalle à", "interval at")),
                _ => level,
            };
            entries.push(Entry::new(Sign::Area(Fill::Glass(shade, darkness)), words));
        }
        if self.lines.iter().any(|line| line.backtest.is_some()) {
            let words = language.pick("ce qui aurait été prévu", "what would have been forecast");
            entries.push(Entry::new(Sign::Line(Stroke::new(Colour::INK, 1.2).dashed(3.0)), words));
        }
        if let Some(meaning) = &self.band_meaning
            && self.lines.iter().any(|line| line.band.is_some())
        {
            entries.push(Entry::new(Sign::Area(Fill::Glass(shade, 0.18)), meaning));
        }
        if !self.outages.is_empty() {
            let words = language.pick("panne, sans mesure", "outage, no measurement");
            entries.push(Entry::new(Sign::Area(Fill::Hatch(Colour::MUTED.lighter(0.5))), words));
        }
        entries
    }

    /// Hatches steps without measurement, those in a row as one.
    fn draw_outages(&self, scene: &mut Scene, along: &LinearScale, plot: Extent) {
        let mut rest = &self.outages[..];
        while let Some(&first) = rest.first() {
            let count = rest.iter().zip(first..).take_while(|(step, expected)| *step == expected).count();
            let left = along.position(first as f64 - 0.5).max(plot.left);
            let right = along.position((first + count) as f64 - 0.5).min(plot.right);
            let mark = Mark::new(Shape::Rect(Extent { left, right, ..plot }))
                .fill(Fill::Hatch(Colour::MUTED.lighter(0.6)));
            let last = first + count - 1;
            let tip = match count {
                1 => self.axis.name(first).to_owned(),
                _ => format!("{} – {}", self.axis.name(first), self.axis.name(last)),
            };
            scene.add(mark.tip(tip));
            rest = &rest[count..];
        }
    }

    /// Invisible dots that tell the values to a pointer.
    fn draw_tips(&self, scene: &mut Scene, x: &impl Fn(usize) -> f64, y: &LinearScale, language: Language) {
        for line in &self.lines {
            let fan = line.fan.iter().flat_map(|fan| fan.points.iter().zip(fan.start..));
            let all = line.values.iter().zip(0..).chain(fan).filter(|(value, _)| value.is_finite());
            for (value, step) in all {
                let value_text = quantity(*value, &self.unit, language);
                let tip = format!("{}, {}{}{value_text}", line.name, self.axis.name(step), colon(language));
                let dot = Shape::Circle { x: x(step), y: y.position(*value), radius: 5.0 };
                scene.add(Mark::new(dot).fill(Fill::Glass(Colour::WHITE, 0.0)).tip(tip));
            }
        }
    }

    /// Names beside the last value of each line, pushed apart.
    fn name_ends(&self, scene: &mut Scene, y: &LinearScale, plot: Extent) {
        const GAP: f64 = 15.0;
        let last = |line: &Line| {
            let fan = line.fan.as_ref().and_then(|fan| fan.points.last().copied());
            fan.or_else(|| line.values.iter().rev().copied().find(|value| value.is_finite()))
        };
        let ends: Vec<(usize, f64)> = self
            .lines
            .iter()
            .enumerate()
            .filter_map(|(index, line)| last(line).map(|value| (index, y.position(value))))
            .collect();
        let wished: Vec<f64> = ends.iter().map(|(_, place)| *place).collect();
        let places = spread_labels(&wished, GAP, plot.top, plot.bottom);
        for ((index, _), place) in ends.into_iter().zip(places) {
            let text = Text::new(&self.lines[index].name, plot.right + 6.0, place + 4.0).size(NAME).bold();
            scene.text(text.colour(readable(category(index))));
        }
    }
}

fn stroke(line: &Line, colour: Colour) -> Stroke {
    let stroke = Stroke::new(colour, 2.0);
    if line.dashed { stroke.dashed(5.0) } else { stroke }
}

/// The value just before the forecast, from which it is drawn.
fn origin(line: &Line) -> Option<(usize, f64)> {
    let before = line.fan.as_ref()?.start.checked_sub(1)?;
    line.values.get(before).filter(|value| value.is_finite()).map(|value| (before, *value))
}

fn draw_bands(scene: &mut Scene, line: &Line, colour: Colour, x: &impl Fn(usize) -> f64, y: &LinearScale) {
    let place = |step: usize, lower: f64, upper: f64| {
        (lower.is_finite() && upper.is_finite()).then(|| [x(step), y.position(lower), y.position(upper)])
    };
    if let Some((lower, upper)) = &line.band {
        let places = lower.iter().zip(upper).enumerate().map(|(step, (l, u))| place(step, *l, *u));
        draw_band(scene, places, Fill::Glass(colour, 0.18));
    }
    if let Some(fan) = &line.fan {
        let mut bands: Vec<_> = fan.bands.iter().collect();
        bands.sort_by(|a, b| b.0.total_cmp(&a.0));
        for (_, lower, upper) in bands {
            let start = origin(line).map(|(step, value)| place(step, value, value));
            let rest = lower.iter().zip(upper).enumerate();
            let rest = rest.map(|(step, (l, u))| place(fan.start + step, *l, *u));
            draw_band(scene, start.into_iter().chain(rest), Fill::Glass(colour, GLASS));
        }
    }
}

fn draw_line(scene: &mut Scene, line: &Line, colour: Colour, x: &impl Fn(usize) -> f64, y: &LinearScale) {
    let place = |(step, value): (usize, f64)| value.is_finite().then(|| [x(step), y.position(value)]);
    let values = line.values.iter().copied().enumerate();
    draw_runs(scene, values.map(place), stroke(line, colour));
    if let Some(backtest) = &line.backtest {
        let places = backtest.iter().copied().enumerate().map(place);
        draw_runs(scene, places, Stroke::new(Colour::INK, 1.2).dashed(3.0));
    }
    if let Some(fan) = &line.fan {
        let points = fan.points.iter().copied().enumerate().map(|(step, value)| (fan.start + step, value));
        let places = origin(line).into_iter().chain(points).map(place);
        draw_runs(scene, places, Stroke::new(colour, 2.0).dashed(4.0));
    }
}
