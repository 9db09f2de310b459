//! A chart of states as a scene.
use datagora_core::Language;

use super::super::is_narrow;
use super::super::key::{Entry, Sign, draw_key};
use super::super::plot::{TICK, Values, draw_unit, grid};
use super::clock::{date_and_clock, ticks};
use super::{Record, Slice, StateChart, unknown_name};
use crate::frame::{Frame, MARGIN};
use crate::scale::LinearScale;
use crate::scene::{Extent, Fill, Mark, Path, Scene, Shape, Stroke, Text};
use crate::text::text_width;
use crate::{Captions, Colour};

const HATCH: Fill = Fill::Hatch(Colour::rgb(140, 146, 153));

impl StateChart {
    pub(super) fn scene(&self, record: &Record, captions: &Captions, width: f64) -> Scene {
        let language = captions.language;
        let mut frame = Frame::new(captions, width);
        let scene = &mut frame.scene;
        let narrow = is_narrow(width);
        let mut top = draw_key(scene, &self.key(record, language), frame.top);
        top = draw_unit(scene, &self.counted, top, language) + 8.0;
        let values = Values::new([record.whole], true, 5, language);
        let plot = Extent {
            left: MARGIN + values.widest_name() + 8.0,
            top,
            right: width - MARGIN,
            bottom: top + if narrow { 220.0 } else { 280.0 },
        };
        let y = values.draw_rows(scene, plot, None);
        let ends = || {
            let slices = record.slices.iter().map(|slice| (slice.from, slice.to));
            slices.chain(record.holes.iter().map(|hole| (hole.from, hole.to)))
        };
        let from = ends().map(|(from, _)| from).fold(f64::INFINITY, f64::min);
        let to = ends().map(|(_, to)| to).fold(f64::NEG_INFINITY, f64::max);
        let x = LinearScale::new((from, to), (plot.left, plot.right));

        self.draw_areas(scene, record, &x, &y);
        for hole in &record.holes {
            let (left, right) = (x.position(hole.from), x.position(hole.to));
            let area = Extent { left, right, top: y.position(record.whole), bottom: plot.bottom };
            let words = language.pick("rien d’enregistré", "nothing recorded");
            scene.add(Mark::new(Shape::Rect(area)).fill(HATCH).tip(words));
            if area.width() > text_width(words, TICK, false) + 10.0 {
                let middle = 0.5 * (left + right);
                let at = 0.5 * (area.top + area.bottom);
                scene.text(Text::new(words, middle, at).size(TICK).middle().halo());
            }
        }
        self.draw_hours(scene, &x, (from, to), plot, language);
        frame.finish(plot.bottom + 36.0)
    }

    /// The states from above to below, then what is unknown.
    fn key(&self, record: &Record, language: Language) -> Vec<Entry> {
        let mut entries: Vec<Entry> = self
            .states
            .iter()
            .rev()
            .map(|state| Entry::new(Sign::Area(Fill::Solid(state.colour)), &state.name))
            .collect();
        if !record.holes.is_empty() || self.total.is_some() {
            entries.push(Entry::new(Sign::Area(HATCH), unknown_name(language)));
        }
        entries
    }

    /// The areas of each stretch without hole, from below.
    fn draw_areas(&self, scene: &mut Scene, record: &Record, x: &LinearScale, y: &LinearScale) {
        let stretches = record.slices.chunk_by(|a, b| a.to == b.from);
        for stretch in stretches {
            let mut below = vec![0.0; stretch.len()];
            for state in &self.states {
                let above: Vec<f64> =
                    stretch.iter().zip(&below).map(|(slice, base)| base + state.values[slice.step]).collect();
                let ring = steps(stretch, &below, &above, x, y);
                let mark = Mark::new(Shape::Path(Path::ring(ring))).fill(Fill::Solid(state.colour));
                scene.add(mark.stroke(Stroke::new(Colour::WHITE, 0.7)).tip(&state.name));
                below = above;
            }
            if self.total.is_some() && below.iter().any(|sum| *sum < record.whole) {
                let above = vec![record.whole; stretch.len()];
                scene.add(
                    Mark::new(Shape::Path(Path::ring(steps(stretch, &below, &above, x, y)))).fill(HATCH),
                );
            }
        }
    }

    fn draw_hours(
        &self,
        scene: &mut Scene,
        x: &LinearScale,
        (from, to): (f64, f64),
        plot: Extent,
        language: Language,
    ) {
        let most = (plot.width() / 48.0).floor() as usize;
        let mut free = f64::NEG_INFINITY;
        for tick in ticks(from, to, self.zone, language, most) {
            let place = x.position(tick.seconds);
            scene.line([place, plot.bottom], [place, plot.bottom + 4.0], grid(true));
            let centred = |name: &str| {
                let half = 0.5 * text_width(name, TICK, false);
                place.clamp(half + 2.0, scene.width() - half - 2.0)
            };
            let at = centred(&tick.name);
            let day = tick.day.map(|day| (centred(&day), day));
            scene
                .text(Text::new(tick.name, at, plot.bottom + 17.0).size(TICK).colour(Colour::MUTED).middle());
            if let Some((at, day)) = day {
                let half = 0.5 * text_width(&day, TICK, true);
                if at - half > free {
                    free = at + half + 4.0;
                    let text = Text::new(day, at, plot.bottom + 32.0).size(TICK).bold();
                    scene.text(text.colour(Colour::MUTED).middle());
                }
            }
        }
        if let Some(last) = self.times.last()
            && free == f64::NEG_INFINITY
        {
            // Not one full hour: the reader still learns when it was.
            let day = date_and_clock(*last, self.zone, language);
            scene.text(Text::new(day, plot.right, plot.bottom + 17.0).size(TICK).colour(Colour::MUTED).end());
        }
    }
}

/// The area between two stepped lines. Observations with the same values are one step.
fn steps(stretch: &[Slice], below: &[f64], above: &[f64], x: &LinearScale, y: &LinearScale) -> Vec<[f64; 2]> {
    let edge = |values: &[f64]| {
        let mut edge: Vec<[f64; 2]> = Vec::new();
        for (slice, value) in stretch.iter().zip(values) {
            let level = y.position(*value);
            match edge.last_mut() {
                Some(last) if last[1] == level => last[0] = x.position(slice.to),
                _ => edge.extend([[x.position(slice.from), level], [x.position(slice.to), level]]),
            }
        }
        edge
    };
    let (lower, upper) = (edge(below), edge(above));
    upper.into_iter().chain(lower.into_iter().rev()).collect()
}
