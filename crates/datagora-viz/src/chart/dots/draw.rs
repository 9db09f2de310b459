//! Quantile dots as a scene.
use datagora_core::Language;

use super::super::is_narrow;
use super::super::key::{Entry, Sign, draw_key};
use super::super::plot::{TICK, Values, grid};
use super::super::words::{capitalised, colon, quantity};
use super::stacking::{diameter, stacks};
use super::{Dotted, QuantileDotPlot};
use crate::frame::{Frame, MARGIN};
use crate::scale::LinearScale;
use crate::scene::{Fill, Mark, Scene, Shape, Stroke, Text};
use crate::text::wrap_text;
use crate::{CATEGORIES, Captions, Colour, format_percent};

/// Height of the dots of a distribution, alone and among others, px.
const ALONE: f64 = 190.0;
const AMONG: f64 = 96.0;
/// Largest dot, px.
const MOST: f64 = 26.0;
/// Size of names and sentences, px.
const NAME: f64 = 12.5;
const LINE: f64 = 16.0;
const LIKELY: Colour = CATEGORIES[0];

impl QuantileDotPlot {
    pub(super) fn scene(&self, rows: &[Dotted<'_>], captions: &Captions, width: f64) -> Scene {
        let language = captions.language;
        let mut frame = Frame::new(captions, width);
        let scene = &mut frame.scene;
        let mut y = draw_key(scene, &self.key(language), frame.top);
        let all = rows.iter().flat_map(|dotted| dotted.dots.iter().copied());
        let threshold = self.event.as_ref().map(|(event, _)| event.threshold());
        let ticks = if is_narrow(width) { 4 } else { 7 };
        let values = Values::new(all.chain(threshold), false, ticks, language);
        let height = if rows.len() == 1 { ALONE } else { AMONG };
        // Dots at the ends stay within the picture.
        let x = LinearScale::new(values.domain, (MARGIN + 0.5 * MOST, width - MARGIN - 0.5 * MOST));
        let places: Vec<Vec<f64>> =
            rows.iter().map(|dotted| dotted.dots.iter().map(|dot| x.position(*dot)).collect()).collect();
        let size = diameter(&places, height, MOST);
        for (dotted, places) in rows.iter().zip(&places) {
            y = self.draw_words(scene, dotted, y + 4.0, language);
            y += 6.0;
            if let Some(threshold) = threshold {
                let at = x.position(threshold);
                scene.line([at, y], [at, y + height], Stroke::new(Colour::INK, 1.2).dashed(4.0));
            }
            y += height;
            self.draw_dots(scene, (dotted, places), size, y, language);
            scene.line([MARGIN, y], [width - MARGIN, y], grid(true));
            y += 14.0;
        }
        let bottom = y - 14.0;
        values.draw_columns(scene, &x, &[], bottom);
        let mut below = bottom + 22.0;
        let unit = self.unit.symbol(language);
        if !unit.is_empty() {
            scene.text(Text::new(unit, width - MARGIN, below + 10.0).size(TICK).colour(Colour::MUTED).end());
            below += 14.0;
        }
        frame.finish(below)
    }

    fn key(&self, language: Language) -> Vec<Entry> {
        let n = self.count;
        let one = match language {
            Language::French => format!("un point\u{a0}: une chance sur {n}"),
            Language::English => format!("one dot: one chance in {n}"),
        };
        let mut entries = vec![Entry::new(Sign::Dot(Fill::Solid(LIKELY), LIKELY), one)];
        if let Some((event, _)) = &self.event {
            let words = quantity(event.threshold(), &self.unit, language);
            let line = Sign::Line(Stroke::new(Colour::INK, 1.2).dashed(4.0));
            entries.push(Entry::new(
                line,
                format!("{}{}{words}", language.pick("seuil", "threshold"), colon(language)),
            ));
        }
        entries
    }

    /// Writes the name of a distribution and its chances; gives the position below.
    fn draw_words(&self, scene: &mut Scene, dotted: &Dotted<'_>, top: f64, language: Language) -> f64 {
        let room = scene.width() - 2.0 * MARGIN;
        let mut y = top;
        for line in wrap_text(&dotted.row.name, NAME, false, room) {
            scene.text(Text::new(line, MARGIN, y + 12.0).size(NAME));
            y += LINE;
        }
        let chances = self.chances(dotted, language).map(|words| capitalised(&words));
        for line in wrap_text(&chances.unwrap_or_default(), NAME, true, room) {
            scene.text(Text::new(line, MARGIN, y + 12.0).size(NAME).bold().colour(LIKELY));
            y += LINE;
        }
        y
    }

    fn draw_dots(
        &self,
        scene: &mut Scene,
        (dotted, places): (&Dotted<'_>, &[f64]),
        size: f64,
        base: f64,
        language: Language,
    ) {
        let radius = 0.5 * size - 0.75;
        let mut dots = dotted.dots.iter().enumerate();
        for (x, count) in stacks(places, size) {
            for (level, (index, dot)) in dots.by_ref().take(count).enumerate() {
                let likely = self.event.as_ref().is_none_or(|(event, _)| event.holds(*dot));
                let fill = if likely { Fill::Solid(LIKELY) } else { Fill::Solid(Colour::WHITE) };
                let value = quantity(*dot, &self.unit, language);
                let share = format_percent(self.level(index), 0, language);
                let below = language.pick("des chances en dessous", "of chances below");
                let circle =
                    Shape::Circle { x, y: base - size * (level as f64 + 0.5), radius: radius.max(0.5) };
                let mark = Mark::new(circle).fill(fill).stroke(Stroke::new(LIKELY, 1.3));
                scene.add(mark.tip(format!("{value}{}{share} {below}", colon(language))));
            }
        }
    }
}
