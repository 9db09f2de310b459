//! Keys: what colours, lines and hatches of a chart mean.
use datagora_core::Language;

use crate::frame::MARGIN;
use crate::scene::{Extent, Fill, Mark, Path, Scene, Shape, Stroke, Text};
use crate::text::{shorten_text, text_width, wrap_text};
use crate::{Colour, format_percent};

/// Size of the words, px.
const SIZE: f64 = 12.0;
/// Where words begin beside the sign, px.
const INDENT: f64 = 24.0;
const ROW: f64 = 17.0;

/// What stands before the words.
pub(super) enum Sign {
    /// A piece of line.
    Line(Stroke),
    /// A box.
    Area(Fill),
    /// A box with a line through it.
    Struck(Colour),
    /// An interval about a value.
    Whisker,
    /// An arrow to the right.
    Arrow,
    /// A dot with its outline.
    Dot(Fill, Colour),
    /// A short upright line.
    Upright,
}

/// A sign and what it means.
pub(super) struct Entry {
    pub(super) sign: Sign,
    pub(super) words: String,
    pub(super) colour: Option<Colour>,
}

impl Entry {
    pub(super) fn new(sign: Sign, words: impl Into<String>) -> Self {
        Self { sign, words: words.into(), colour: None }
    }

    /// With bold words in a colour, such as that of the line.
    pub(super) fn in_colour(self, colour: Colour) -> Self {
        Self { colour: Some(colour), ..self }
    }
}

/// An entry for each level of intervals, 0 to 1, from the lowest up.
pub(super) fn whiskers(levels: impl Iterator<Item = f64>, language: Language) -> Vec<Entry> {
    let mut levels: Vec<f64> = levels.collect();
    levels.sort_by(f64::total_cmp);
    levels.dedup();
    let entry = |level: f64| {
        let level = format_percent(level, 0, language);
        Entry::new(Sign::Whisker, format!("{} {level}", language.pick("intervalle à", "interval at")))
    };
    levels.into_iter().map(entry).collect()
}

/// Draws the entries in rows from `top` on; gives the position below them.
pub(super) fn draw_key(scene: &mut Scene, entries: &[Entry], top: f64) -> f64 {
    if entries.is_empty() {
        return top;
    }
    let limit = scene.width() - MARGIN;
    let (mut x, mut y) = (MARGIN, top + 2.0);
    let mut rows: usize = 1;
    for entry in entries {
        let bold = entry.colour.is_some();
        let lines = wrap_text(&entry.words, SIZE, bold, limit - MARGIN - INDENT);
        let widest = lines.iter().map(|line| text_width(line, SIZE, bold)).fold(0.0, f64::max);
        if x > MARGIN && x + INDENT + widest > limit {
            x = MARGIN;
            y += ROW * rows as f64;
            rows = 1;
        }
        draw_sign(scene, &entry.sign, x, y);
        let colour = entry.colour.map_or(Colour::INK, readable);
        for (row, line) in lines.iter().enumerate() {
            let text = Text::new(line, x + INDENT, y + 10.0 + ROW * row as f64).size(SIZE).colour(colour);
            scene.text(if bold { text.bold() } else { text });
        }
        rows = rows.max(lines.len());
        x += INDENT + widest + 16.0;
    }
    y + ROW * rows as f64 + 2.0
}

/// Draws discs of these radii in a row, each with the amount that it stands for, beside or below words that say of what; gives the
/// position below them.
pub(super) fn draw_discs(scene: &mut Scene, words: &str, discs: &[(f64, String)], top: f64) -> f64 {
    const BESIDE: f64 = 6.0;
    const BETWEEN: f64 = 16.0;
    let room = scene.width() - 2.0 * MARGIN;
    let tallest = discs.iter().map(|(radius, _)| 2.0 * radius + 4.0).fold(0.0, f64::max);
    let discs: Vec<(f64, String)> = discs
        .iter()
        .map(|(radius, amount)| (*radius, shorten_text(amount, SIZE, false, 0.25 * room)))
        .collect();
    let wide = |(radius, amount): &(f64, String)| 2.0 * radius + BESIDE + text_width(amount, SIZE, false);
    let across = discs.iter().map(|disc| wide(disc) + BETWEEN).sum::<f64>() - BETWEEN;
    let lines = wrap_text(words, SIZE, false, room);
    let said = lines.iter().map(|line| text_width(line, SIZE, false)).fold(0.0, f64::max);
    let one_row = lines.len() == 1 && said + BETWEEN + across <= room;
    let first = if one_row { 0.5 * tallest.max(ROW) } else { 8.0 };
    for (row, line) in lines.iter().enumerate() {
        scene.text(Text::new(line, MARGIN, top + first + 4.0 + ROW * row as f64).size(SIZE));
    }
    let (mut x, y) = match one_row {
        true => (MARGIN + said + BETWEEN, top),
        false => (MARGIN, top + ROW * lines.len() as f64),
    };
    let height = tallest.max(ROW);
    for disc in &discs {
        let (radius, amount) = disc;
        let circle = Shape::Circle { x: x + radius, y: y + 0.5 * height, radius: *radius };
        scene.add(Mark::new(circle).stroke(Stroke::new(Colour::MUTED, 1.0)));
        scene.text(Text::new(amount, x + 2.0 * radius + BESIDE, y + 0.5 * height + 4.0).size(SIZE));
        x += wide(disc) + BETWEEN;
    }
    y + height + 2.0
}

fn draw_sign(scene: &mut Scene, sign: &Sign, x: f64, y: f64) {
    let (middle, ink) = (y + 6.0, Stroke::new(Colour::INK, 1.2));
    match sign {
        Sign::Line(stroke) => scene.line([x, middle], [x + 18.0, middle], *stroke),
        Sign::Area(fill) => {
            let extent = Extent { left: x, top: y, right: x + 18.0, bottom: y + 12.0 };
            let outline = Stroke::new(Colour::MUTED, 0.6);
            scene.add(Mark::new(Shape::Rect(extent)).fill(*fill).stroke(outline));
        }
        Sign::Struck(colour) => {
            draw_sign(scene, &Sign::Area(Fill::Solid(*colour)), x, y);
            scene.line([x, middle], [x + 18.0, middle], Stroke::new(colour.readable_ink(), 1.2));
        }
        Sign::Whisker => draw_whisker(scene, [x, x + 18.0], middle, 3.5),
        Sign::Dot(fill, outline) => {
            let circle = Shape::Circle { x: x + 9.0, y: middle, radius: 5.0 };
            scene.add(Mark::new(circle).fill(*fill).stroke(Stroke::new(*outline, 1.3)));
        }
        Sign::Arrow => {
            scene.line([x, middle], [x + 18.0, middle], ink);
            draw_arrow_head(scene, x + 18.0, middle);
        }
        Sign::Upright => {
            scene.line([x + 9.0, middle - 7.0], [x + 9.0, middle + 7.0], Stroke::new(Colour::INK, 1.6))
        }
    }
}

/// An interval: a line with ends.
pub(super) fn draw_whisker(scene: &mut Scene, [from, to]: [f64; 2], middle: f64, half: f64) {
    let parts = [
        vec![[from, middle], [to, middle]],
        vec![[from, middle - half], [from, middle + half]],
        vec![[to, middle - half], [to, middle + half]],
    ];
    let path = Path { parts: parts.into_iter().map(|part| (part, false)).collect() };
    scene.add(Mark::new(Shape::Path(path)).stroke(Stroke::new(Colour::INK, 1.2)));
}

/// The head of an arrow to the right.
pub(super) fn draw_arrow_head(scene: &mut Scene, x: f64, y: f64) {
    let head = Path::line(vec![[x - 5.0, y - 4.0], [x, y], [x - 5.0, y + 4.0]]);
    scene.add(Mark::new(Shape::Path(head)).stroke(Stroke::new(Colour::INK, 1.2)));
}

/// A darker shade for words in a light colour.
pub(super) fn readable(colour: Colour) -> Colour {
    let mut shade = colour;
    while shade.contrast(Colour::WHITE) < 4.5 {
        let darker = |c: u8| (f64::from(c) * 0.9) as u8;
        shade = Colour::rgb(darker(shade.red), darker(shade.green), darker(shade.blue));
    }
    shade
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_words_wrap_within_the_picture() {
        for width in [360.0, 760.0] {
            let mut scene = Scene::new(width, 200.0);
            let words =
                "ce qui aurait été prévu douze mois à l’avance, en ne connaissant que le passé d’alors";
            let entries = [
                Entry::new(Sign::Whisker, words),
                Entry::new(Sign::Arrow, "sans maximum connu").in_colour(Colour::rgb(230, 159, 0)),
                Entry::new(Sign::Area(Fill::Hatch(Colour::MUTED)), words),
            ];
            let below = draw_key(&mut scene, &entries, 0.0);
            assert_eq!(scene.flaws(), []);
            assert!((35.0..150.0).contains(&below), "{below}");
        }
        assert!(readable(Colour::rgb(230, 159, 0)).contrast(Colour::WHITE) >= 4.5);
    }
}
