//! A timeline of states as a scene.
use super::super::key::{Entry, Sign, draw_key};
use super::super::plot::{TICK, draw_remark, draw_steps, grid};
use super::super::rows::{LABEL, Rows};
use super::super::words::{colon, more_in_the_table};
use super::StateTimeline;
use crate::format::format_percent;
use crate::frame::{Frame, MARGIN};
use crate::scene::{Extent, Fill, Mark, Scene, Shape, Stroke, Text};
use crate::text::{shorten_text, text_width};
use crate::{Captions, Colour};

/// Height of a strip, px.
const STRIP: f64 = 11.0;

impl StateTimeline {
    pub(super) fn scene(&self, order: &[usize], captions: &Captions, width: f64) -> Scene {
        let language = captions.language;
        let mut frame = Frame::new(captions, width);
        let scene = &mut frame.scene;
        let met = |state: usize| self.rows.iter().any(|row| row.states.contains(&Some(state)));
        let states = self.states.iter().enumerate().filter(|(state, _)| met(*state));
        let entries: Vec<Entry> =
            states.map(|(_, (name, fill))| Entry::new(Sign::Area(*fill), name)).collect();
        let mut top = draw_key(scene, &entries, frame.top);

        let drawn = &order[..order.len().min(self.limit)];
        let names: Vec<&str> = drawn.iter().map(|&row| self.rows[row].name.as_str()).collect();
        let shares: Vec<String> = drawn
            .iter()
            .map(|&row| match self.rows[row].share(self.wanted()) {
                share if share.is_nan() => "–".to_owned(),
                share => format_percent(share, 0, language),
            })
            .collect();
        let room = shares.iter().map(|share| text_width(share, LABEL, true)).fold(0.0, f64::max);
        if let Some((words, _)) = &self.share {
            let words = shorten_text(words, TICK, false, width - 2.0 * MARGIN);
            let at = Text::new(words, width - MARGIN, top + 11.0).size(TICK).colour(Colour::MUTED).end();
            scene.text(at);
            top += 16.0;
        }
        let rows = Rows::close(&names, top, width);
        let (left, right) = (rows.left, width - MARGIN - room - 6.0);
        let step = (right - left) / self.axis.len() as f64;
        for (place, &row) in drawn.iter().enumerate() {
            let row = &self.rows[row];
            let (top, bottom) = (rows.middle(place) - 0.5 * STRIP, rows.middle(place) + 0.5 * STRIP);
            for (state, steps) in row.stretches() {
                let Some(state) = state else { continue };
                let (name, fill) = &self.states[state];
                let extent = Extent {
                    left: left + step * steps.start as f64,
                    top,
                    right: left + step * steps.end as f64,
                    bottom,
                };
                let tip = format!("{}, {}{}{name}", row.name, self.when(&steps), colon(language));
                let mark = Mark::new(Shape::Rect(extent)).fill(*fill).tip(tip);
                // Hatching alone has no edge.
                scene.add(match fill {
                    Fill::Hatch(edge) => mark.stroke(Stroke::new(*edge, 0.6)),
                    _ => mark,
                });
            }
            rows.draw_name(scene, place, names[place]);
            let at = Text::new(&shares[place], width - MARGIN, rows.middle(place) + 4.5);
            scene.text(at.size(LABEL).bold().end());
        }
        scene.line([left, rows.bottom], [right, rows.bottom], grid(true));
        draw_steps(scene, &self.axis, |k| left + step * (k as f64 + 0.5), rows.bottom);
        let mut below = rows.bottom + 24.0;
        let rest = order.len() - drawn.len();
        if rest > 0 {
            below = draw_remark(scene, &more_in_the_table(rest, language), below);
        }
        frame.finish(below)
    }
}
