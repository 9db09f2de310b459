//! A waterfall as a scene.
use datagora_core::Language;

use super::super::is_narrow;
use super::super::key::{Entry, Sign, draw_key, draw_whisker, whiskers};
use super::super::plot::{Values, draw_unit};
use super::super::rows::{LABEL, Rows};
use super::super::words::colon;
use super::{Kind, Placed, Waterfall};
use crate::frame::{Frame, MARGIN};
use crate::scale::LinearScale;
use crate::scene::{Extent, Fill, Mark, Scene, Shape, Stroke, Text};
use crate::text::text_width;
use crate::{Captions, Colour};

/// Height of a bar, px.
const BAR: f64 = 15.0;
/// Totals are neither more nor less.
const TOTAL: Colour = Colour::MUTED;

impl Waterfall {
    pub(super) fn scene(&self, placed: &[Placed<'_>], captions: &Captions, width: f64) -> Scene {
        let language = captions.language;
        let mut frame = Frame::new(captions, width);
        let scene = &mut frame.scene;
        let narrow = is_narrow(width);
        let mut top = draw_key(scene, &self.key(placed, language), frame.top);
        top = draw_unit(scene, &self.unit, top, language);
        let names: Vec<&str> = placed.iter().map(|p| p.step.name.as_str()).collect();
        let labels: Vec<String> = placed.iter().map(|p| self.label(p, language)).collect();
        let rows = Rows::new(&names, 26.0, top, width);
        let room = labels.iter().map(|label| text_width(label, LABEL, true)).fold(0.0, f64::max);
        let right = width - MARGIN - room - 8.0;
        let values = Values::new(placed.iter().flat_map(reach), true, if narrow { 3 } else { 5 }, language);
        let x = LinearScale::new(values.domain, (rows.left, right));
        values.draw_columns(scene, &x, &rows.spans(), rows.bottom);

        for (row, p) in placed.iter().enumerate() {
            let middle = rows.middle(row);
            let (top, bottom) = (middle - 0.5 * BAR, middle + 0.5 * BAR);
            let (from, to) = (x.position(p.from), x.position(p.to));
            let extent = Extent { left: from.min(to), top, right: from.max(to), bottom };
            let mut end = extent.right;
            let tip = format!("{}{}{}", p.step.name, colon(language), labels[row]);
            scene.add(Mark::new(Shape::Rect(extent)).fill(Fill::Solid(self.colour(p))).tip(tip));
            if let Kind::Change(change) = &p.step.kind {
                // A change of nothing is still seen.
                scene.line([to, top], [to, bottom], Stroke::new(Colour::INK, 1.2));
                if let Some(interval) =
                    change.interval().filter(|i| i.lower.is_finite() && i.upper.is_finite())
                {
                    let ends = [interval.lower, interval.upper].map(|bound| x.position(p.from + bound));
                    draw_whisker(scene, ends, middle, 4.0);
                    end = end.max(ends[1]);
                }
            }
            // From where one step ends to where the next begins.
            if row + 1 < placed.len() {
                let below = rows.middle(row + 1) - 0.5 * BAR;
                let [from, to] = if narrow { [bottom, bottom + 4.0] } else { [bottom, below] };
                scene.line([x.position(p.to), from], [x.position(p.to), to], Stroke::new(Colour::MUTED, 1.0));
            }
            scene.text(Text::new(&labels[row], end + 6.0, middle + 4.5).size(LABEL).bold().halo());
        }
        for (row, name) in names.iter().enumerate() {
            rows.draw_name(scene, row, name);
        }
        frame.finish(rows.bottom + 22.0)
    }

    fn key(&self, placed: &[Placed<'_>], language: Language) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        let shades = [
            (TOTAL, "total".to_owned()),
            self.shade(true, language.pick("en plus", "more"), language),
            self.shade(false, language.pick("en moins", "less"), language),
        ];
        for (shade, words) in shades {
            if placed.iter().any(|p| self.colour(p) == shade) {
                entries.push(Entry::new(Sign::Area(Fill::Solid(shade)), words));
            }
        }
        let level = |p: &Placed<'_>| match &p.step.kind {
            Kind::Change(change) => change.interval()?.level,
            Kind::Total(_) => None,
        };
        entries.extend(whiskers(placed.iter().filter_map(level), language));
        entries
    }

    fn shade(&self, more: bool, change: &str, language: Language) -> (Colour, String) {
        (self.direction.colour(more), self.direction.words(change, more, language))
    }

    fn colour(&self, placed: &Placed<'_>) -> Colour {
        match placed.step.kind {
            Kind::Total(_) => TOTAL,
            Kind::Change(_) => self.direction.colour(placed.to >= placed.from),
        }
    }

    fn label(&self, placed: &Placed<'_>, language: Language) -> String {
        match &placed.step.kind {
            Kind::Total(value) => self.number(*value, language),
            Kind::Change(change) => self.signed(change.value().unwrap_or(f64::NAN), language),
        }
    }
}

/// All that must lie on the scale.
fn reach(placed: &Placed<'_>) -> Vec<f64> {
    let mut values = vec![placed.from, placed.to];
    if let Kind::Change(change) = &placed.step.kind {
        let interval = change.interval().into_iter();
        values.extend(interval.flat_map(|i| [placed.from + i.lower, placed.from + i.upper]));
    }
    values.retain(|value| value.is_finite());
    values
}
