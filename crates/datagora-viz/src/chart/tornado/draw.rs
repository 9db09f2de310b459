//! A tornado as a scene.
use datagora_core::Language;

use super::super::CATEGORIES;
use super::super::is_narrow;
use super::super::key::{Entry, Sign, draw_key};
use super::super::plot::{Values, draw_remark, draw_unit};
use super::super::rows::{LABEL, Rows};
use super::super::words::{colon, more_in_the_table};
use super::{Assumption, Tornado};
use crate::frame::{Frame, MARGIN};
use crate::scale::LinearScale;
use crate::scene::{Extent, Fill, Mark, Scene, Shape, Stroke, Text};
use crate::text::{shorten_text, text_width};
use crate::{Captions, Colour};

/// Height of a bar, px.
const BAR: f64 = 16.0;
/// Size of the assumed values, px.
const ASSUMED: f64 = 11.5;
/// Colours of the low and of the high end.
const ENDS: [Colour; 2] = [CATEGORIES[1], CATEGORIES[0]];

impl Tornado {
    pub(super) fn scene(&self, order: &[&Assumption], captions: &Captions, width: f64) -> Scene {
        let language = captions.language;
        let mut frame = Frame::new(captions, width);
        let scene = &mut frame.scene;
        let narrow = is_narrow(width);
        let shown = &order[..order.len().min(self.limit)];
        let mut top = draw_key(scene, &key(language), frame.top);
        top = draw_unit(scene, &self.unit, top, language);
        // The name of the base stands above its line.
        let base_name =
            format!("{}{}{}", self.name(language), colon(language), self.number(self.base, language));
        let base_line = top + 12.0;
        let names: Vec<&str> = shown.iter().map(|assumption| assumption.name.as_str()).collect();
        let rows = Rows::new(&names, 27.0, base_line + 4.0, width);
        let room = |side: f64| {
            let labels = shown.iter().flat_map(|a| a.labels(self.base)).filter(|label| label.side == side);
            let widest = labels.map(|label| text_width(label.words, ASSUMED, false)).fold(0.0, f64::max);
            widest.min(0.3 * (width - rows.left)) + 8.0
        };
        let (before, after) = (room(-1.0), room(1.0));
        let (left, right) = (rows.left + before, width - MARGIN - after);
        let results = shown.iter().flat_map(|a| a.ends.iter().map(|(_, result)| *result));
        let values = Values::new(results.chain([self.base]), false, if narrow { 3 } else { 5 }, language);
        let x = LinearScale::new(values.domain, (left, right));
        values.draw_columns(scene, &x, &rows.spans(), rows.bottom);

        for (row, assumption) in shown.iter().enumerate() {
            self.draw_bars(scene, assumption, &x, rows.middle(row), language);
            for label in assumption.labels(self.base) {
                let room = if label.side < 0.0 { before } else { after };
                let words = shorten_text(label.words, ASSUMED, false, room - 8.0);
                let (at, middle) = (x.position(label.result), rows.middle(row) + 4.0 + label.offset);
                let text = Text::new(words, at + 5.0 * label.side, middle).size(ASSUMED).halo();
                scene.text(if label.side < 0.0 { text.end() } else { text });
            }
            rows.draw_name(scene, row, &assumption.name);
        }
        let at = x.position(self.base);
        for [from, to] in rows.spans() {
            scene.line([at, from], [at, to], Stroke::new(Colour::INK, 1.6));
        }
        let base_name = shorten_text(&base_name, LABEL, true, width - 2.0 * MARGIN);
        let half = 0.5 * text_width(&base_name, LABEL, true);
        let middle = at.clamp(MARGIN + half, width - MARGIN - half);
        scene.text(Text::new(base_name, middle, base_line).size(LABEL).bold().middle());
        let mut below = rows.bottom + 22.0;
        let rest = order.len() - shown.len();
        if rest > 0 {
            below = draw_remark(scene, &more_in_the_table(rest, language), below + 2.0);
        }
        frame.finish(below)
    }

    fn draw_bars(
        &self,
        scene: &mut Scene,
        assumption: &Assumption,
        x: &LinearScale,
        middle: f64,
        language: Language,
    ) {
        let base = x.position(self.base);
        let shared = assumption.same_side(self.base);
        for (end, (assumed, result)) in assumption.ends.iter().enumerate() {
            let to = x.position(*result);
            let (top, bottom) = match (shared, end) {
                (false, _) => (middle - 0.5 * BAR, middle + 0.5 * BAR),
                (true, 0) => (middle - 0.5 * BAR, middle - 0.5),
                (true, _) => (middle + 0.5, middle + 0.5 * BAR),
            };
            let extent = Extent { left: base.min(to), top, right: base.max(to), bottom };
            let result = self.number(*result, language);
            let tip = format!("{}, {assumed}{}{result}", assumption.name, colon(language));
            scene.add(Mark::new(Shape::Rect(extent)).fill(Fill::Solid(ENDS[end])).tip(tip));
        }
    }
}

/// What stands at the end of a bar.
struct Label<'a> {
    words: &'a str,
    result: f64,
    /// −1 at the left of the bar, 1 at its right.
    side: f64,
    /// How far below the middle of the row, px.
    offset: f64,
}

impl Assumption {
    /// Do both bars lie on one side of the base, so that one would hide the other?
    fn same_side(&self, base: f64) -> bool {
        (self.ends[0].1 - base) * (self.ends[1].1 - base) > 0.0
    }

    fn labels(&self, base: f64) -> impl Iterator<Item = Label<'_>> {
        let shared = self.same_side(base);
        self.ends.iter().enumerate().map(move |(end, (words, result))| {
            let other = self.ends[1 - end].1;
            // An end that does not move the result stands across from the other.
            let left =
                if *result == base { other > base || other == base && end == 0 } else { *result < base };
            let offset = match (shared, end) {
                (false, _) => 0.0,
                (true, 0) => -4.5,
                (true, _) => 7.5,
            };
            Label { words, result: *result, side: if left { -1.0 } else { 1.0 }, offset }
        })
    }
}

fn key(language: Language) -> [Entry; 2] {
    let words = [
        language.pick("valeur basse de l’hypothèse", "low value of the assumption"),
        language.pick("valeur haute", "high value"),
    ];
    [0, 1].map(|end| Entry::new(Sign::Area(Fill::Solid(ENDS[end])), words[end]))
}
