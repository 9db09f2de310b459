//! What the signs of a map mean.
mod square;

use datagora_core::Language;

use crate::scale::{OF_SURFACE, OF_WIDTH, round_amounts};
use crate::scene::{Extent, Fill, Mark, Scene, Shape, Stroke, Text};
use crate::{Classes, Colour, format_number, shorten_text, text_width, wrap_text};

pub(crate) use square::SquareAxis;

/// How areas without value are filled.
pub(crate) const NO_DATA: Fill = Fill::Hatch(Colour::rgb(150, 150, 150));
/// How areas whose value is withheld are filled.
pub(crate) const WITHHELD: Fill = Fill::Solid(Colour::rgb(205, 205, 205));
/// Outlines of boxes: seen on white whatever the fill.
const OUTLINE: Colour = Colour::rgb(90, 96, 104);

const SIZE: f64 = 11.5;
const SMALL: f64 = 10.5;
const ROW: f64 = 19.0;
const BOX: f64 = 28.0;

/// A legend drawn from top to bottom.
pub(crate) struct Legend<'s> {
    scene: &'s mut Scene,
    left: f64,
    y: f64,
    width: f64,
    language: Language,
}

impl<'s> Legend<'s> {
    pub(crate) fn new(scene: &'s mut Scene, left: f64, top: f64, width: f64, language: Language) -> Self {
        Self { scene, left, y: top, width, language }
    }

    /// Where what was drawn ends.
    pub(crate) fn bottom(&self) -> f64 {
        self.y
    }

    /// What is shown, and in which unit.
    pub(crate) fn title(&mut self, measure: &str, unit: &str) {
        for line in lines(measure, 12.5, true, self.width) {
            self.scene.text(Text::new(line, self.left, self.y + 11.0).size(12.5).bold());
            self.y += 16.0;
        }
        if !unit.is_empty() {
            let unit = format!("{} {unit}", self.language.pick("en", "in"));
            self.words(&unit);
        }
        self.y += 6.0;
    }

    /// Small print.
    pub(crate) fn words(&mut self, words: &str) {
        for line in lines(words, SMALL, false, self.width) {
            self.scene.text(Text::new(line, self.left, self.y + 9.5).size(SMALL).colour(Colour::MUTED));
            self.y += 14.0;
        }
    }

    pub(crate) fn gap(&mut self, height: f64) {
        self.y += height;
    }

    /// Contiguous boxes, the highest class on top, with the number of zones in each.
    pub(crate) fn classes(&mut self, classes: &Classes, colours: &[Colour], zone_word: &str) {
        let counts = classes.counts().iter().map(|&count| format_number(count as f64, 0, self.language));
        self.bands(classes, colours, zone_word, &counts.collect::<Vec<_>>());
    }

    /// Contiguous boxes, the highest class on top, with words at the right of each below a heading.
    pub(crate) fn bands(&mut self, classes: &Classes, colours: &[Colour], heading: &str, beside: &[String]) {
        let rounded = classes.rounded();
        self.column_heading(heading);
        for class in (0..classes.len()).rev() {
            self.swatch(Fill::Solid(colours[class]), ROW);
            let words = rounded.label(class, self.language);
            self.row_beside(&words, Some(&beside[class]));
        }
        self.y += 6.0;
    }

    /// What is counted at the right.
    pub(crate) fn column_heading(&mut self, zone_word: &str) {
        let right = self.left + self.width.min(MOST_WIDTH);
        let zone_word = shorten_text(zone_word, SMALL, false, self.width.min(MOST_WIDTH));
        let heading = Text::new(zone_word, right, self.y + 9.0).size(SMALL).colour(Colour::MUTED).end();
        self.scene.text(heading);
        self.y += 14.0;
    }

    /// A box that touches the one above, and how many zones it stands for.
    pub(crate) fn class(&mut self, fill: Fill, words: &str, count: usize) {
        self.swatch(fill, ROW);
        self.row(words, Some(count));
    }

    /// Circles of one size for each class, the largest on top, with the number of places in each.
    pub(crate) fn sizes(&mut self, classes: &Classes, radii: &[f64], fill: Fill, zone_word: &str) {
        let rounded = classes.rounded();
        self.column_heading(zone_word);
        let widest = radii.iter().copied().fold(0.5 * BOX, f64::max);
        for class in (0..classes.len()).rev() {
            let height = (2.0 * radii[class] + 4.0).max(ROW);
            let (x, y) = (self.left + widest, self.y + 0.5 * height);
            let circle = Mark::new(Shape::Circle { x, y, radius: radii[class] }).fill(fill);
            self.scene.add(circle.stroke(Stroke::new(OUTLINE, 0.7)));
            let right = self.left + self.width.min(MOST_WIDTH).max(2.0 * widest + 60.0).min(self.width);
            let count = format_number(classes.counts()[class] as f64, 0, self.language);
            let room = right - text_width(&count, SMALL, false) - 8.0 - (x + widest + 7.0);
            // Nothing has no circle: a bound rounded down to zero must not say that it has.
            let label = match class == 0 && rounded.values()[0] == 0.0 {
                true => {
                    format!("{} {}", self.language.pick("jusqu’à", "up to"), rounded.bound(1, self.language))
                }
                false => rounded.label(class, self.language),
            };
            let words = shorten_text(&label, SIZE, false, room);
            self.scene.text(Text::new(words, x + widest + 7.0, y + 4.0).size(SIZE));
            self.scene.text(Text::new(count, right, y + 4.0).size(SMALL).colour(Colour::MUTED).end());
            self.y += height;
        }
        self.y += 6.0;
    }

    /// A line of this width at the place of a box, and how many borders it stands for.
    pub(crate) fn stroke(&mut self, stroke: Stroke, words: &str, count: usize) {
        self.line_beside(stroke, words, Some(count));
    }

    /// A line that is no number of borders.
    pub(crate) fn line(&mut self, stroke: Stroke, words: &str) {
        self.line_beside(stroke, words, None);
    }

    fn line_beside(&mut self, stroke: Stroke, words: &str, count: Option<usize>) {
        let y = self.y + 8.5;
        self.scene.line([self.left, y], [self.left + BOX, y], stroke);
        self.row(words, count);
    }

    /// A box that stands apart, if there are zones it applies to.
    pub(crate) fn apart(&mut self, fill: Fill, words: &str, count: usize) {
        if count > 0 {
            self.swatch(fill, ROW - 4.0);
            self.row(words, Some(count));
            self.y += 2.0;
        }
    }

    /// A box that stands apart, of a surface that is no number of zones.
    pub(crate) fn surface(&mut self, fill: Fill, words: &str) {
        self.swatch(fill, ROW - 4.0);
        self.row(words, None);
        self.y += 2.0;
    }

    /// One category.
    pub(crate) fn category(&mut self, colour: Colour, round: bool, words: &str, count: Option<usize>) {
        if round {
            let circle = Shape::Circle { x: self.left + 0.5 * BOX, y: self.y + 8.0, radius: 5.5 };
            let mark = Mark::new(circle).fill(Fill::Solid(colour)).stroke(Stroke::new(Colour::WHITE, 0.8));
            self.scene.add(mark);
        } else {
            self.swatch(Fill::Solid(colour), ROW - 4.0);
        }
        self.row(words, count);
    }

    /// A sign of the caller's at the place of a box.
    pub(crate) fn sign(
        &mut self,
        fill: Fill,
        stroke: Stroke,
        radius: f64,
        words: &str,
        count: Option<usize>,
    ) {
        self.drawn(words, count, |[x, y]| {
            vec![Mark::new(Shape::Circle { x, y, radius }).fill(fill).stroke(stroke)]
        });
    }

    /// A sign that the caller draws about a centre.
    pub(crate) fn drawn(&mut self, words: &str, count: Option<usize>, draw: impl Fn([f64; 2]) -> Vec<Mark>) {
        for mark in draw([self.left + 0.5 * BOX, self.y + 8.0]) {
            self.scene.add(mark);
        }
        self.row(words, count);
    }

    /// Lines whose width stands for round amounts, each drawn by the caller from left to right; none for amounts without width.
    pub(crate) fn widths(
        &mut self,
        largest: f64,
        width: impl Fn(f64) -> Option<f64>,
        draw: impl Fn([f64; 2], [f64; 2], f64) -> Mark,
    ) {
        for amount in round_amounts(largest, OF_WIDTH) {
            let Some(width) = width(amount) else { continue };
            let height = ROW.max(width + 8.0);
            let middle = self.y + 0.5 * height;
            self.scene.add(draw([self.left, middle], [self.left + 2.0 * BOX, middle], width));
            let words = plain(amount, self.language);
            self.scene.text(Text::new(words, self.left + 2.0 * BOX + 10.0, middle + 4.0).size(SIZE));
            self.y += height;
        }
        self.y += 6.0;
    }

    fn swatch(&mut self, fill: Fill, height: f64) {
        let extent = Extent { left: self.left, top: self.y, right: self.left + BOX, bottom: self.y + height };
        self.scene.add(Mark::new(Shape::Rect(extent)).fill(fill).stroke(Stroke::new(OUTLINE, 0.7)));
    }

    /// Words beside a sign, wrapped, and how many there are; moves down.
    fn row(&mut self, words: &str, count: Option<usize>) {
        let count = count.map(|count| format_number(count as f64, 0, self.language));
        self.row_beside(words, count.as_deref());
    }

    /// The same with words at the right.
    fn row_beside(&mut self, words: &str, count: Option<&str>) {
        let right = self.left + self.width.min(MOST_WIDTH);
        let room = right
            - (self.left + BOX + 7.0)
            - count.map_or(0.0, |count| text_width(count, SMALL, false) + 8.0);
        let lines = lines(words, SIZE, false, room);
        for (i, line) in lines.iter().enumerate() {
            let baseline = self.y + 12.5 + i as f64 * 14.0;
            self.scene.text(Text::new(line, self.left + BOX + 7.0, baseline).size(SIZE));
        }
        if let Some(count) = count {
            self.scene.text(Text::new(count, right, self.y + 12.5).size(SMALL).colour(Colour::MUTED).end());
        }
        self.y += ROW + 14.0 * lines.len().saturating_sub(1) as f64;
    }

    /// How the values are distributed, above a strip of the classes.
    pub(crate) fn histogram(&mut self, values: &[f64], classes: &Classes, colours: &[Colour]) {
        const BINS: usize = 30;
        const HEIGHT: f64 = 34.0;
        let bounds = classes.bounds();
        let (low, high) = (bounds[0], bounds[classes.len()]);
        let span = high - low;
        if !(span.is_finite() && span > 0.0) {
            return;
        }
        let width = self.width.min(MOST_WIDTH);
        let x = |value: f64| self.left + width * ((value - low) / span).clamp(0.0, 1.0);
        let mut counts = [0usize; BINS];
        for value in values.iter().filter(|value| value.is_finite()) {
            let bin = ((value - low) / span * BINS as f64) as usize;
            counts[bin.min(BINS - 1)] += 1;
        }
        let most = counts.iter().copied().max().unwrap_or(0).max(1) as f64;
        let base = self.y + HEIGHT;
        for (bin, &count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let left = self.left + width * bin as f64 / BINS as f64;
            // A single zone is still seen.
            let height = (HEIGHT * count as f64 / most).max(1.5);
            let right = left + width / BINS as f64 - 0.8;
            self.scene
                .rect(Extent { left, top: base - height, right, bottom: base }, Fill::Solid(Colour::MUTED));
        }
        for (class, colour) in colours.iter().enumerate() {
            let extent = Extent {
                left: x(bounds[class]),
                top: base + 1.5,
                right: x(bounds[class + 1]),
                bottom: base + 8.5,
            };
            self.scene.add(
                Mark::new(Shape::Rect(extent)).fill(Fill::Solid(*colour)).stroke(Stroke::new(OUTLINE, 0.4)),
            );
        }
        let ends = [low, high]
            .map(|value| shorten_text(&plain(value, self.language), SMALL, false, 0.5 * width - 4.0));
        let y = base + 20.0;
        self.scene.text(Text::new(&ends[0], self.left, y).size(SMALL).colour(Colour::MUTED));
        self.scene.text(Text::new(&ends[1], self.left + width, y).size(SMALL).colour(Colour::MUTED).end());
        self.y = y + 8.0;
    }

    /// Circles one within the other, standing on the same ground, each with its amount.
    pub(crate) fn circles(&mut self, largest: f64, radius: impl Fn(f64) -> f64, fill: Fill, stroke: Stroke) {
        let circle = |x: f64, y: f64, radius: f64| Shape::Circle { x, y, radius };
        self.nested(largest, radius, circle, fill, stroke);
    }

    /// Shapes one within the other, standing on the same ground, each with its amount; of half a height and a centre.
    pub(crate) fn nested(
        &mut self,
        largest: f64,
        radius: impl Fn(f64) -> f64,
        shape: impl Fn(f64, f64, f64) -> Shape,
        fill: Fill,
        stroke: Stroke,
    ) {
        // Where the largest would leave no room for words, smaller ones explain the same; surfaces are amounts.
        let excess = radius(largest) / (0.24 * self.width.min(MOST_WIDTH));
        let amounts =
            round_amounts(if excess > 1.0 { largest / (excess * excess) } else { largest }, OF_SURFACE);
        let Some(&first) = amounts.first() else { return };
        let widest = radius(first);
        let bottom = self.y + 2.0 * widest + 2.0;
        let centre = self.left + widest.max(0.5 * BOX);
        let mut label_below = f64::NEG_INFINITY;
        for amount in amounts {
            let r = radius(amount);
            let top = bottom - 2.0 * r;
            // Names stand 13 px apart; a circle too small to have its own is left out.
            let label = top.max(label_below + 13.0);
            if label > bottom + 4.0 {
                continue;
            }
            label_below = label;
            self.scene.add(Mark::new(shape(centre, bottom - r, r)).fill(fill).stroke(stroke));
            let end = centre + widest + 10.0;
            self.scene.line([centre, top], [end, label], Stroke::new(Colour::MUTED, 0.7));
            let room = self.left + self.width - (end + 4.0);
            let words = shorten_text(&plain(amount, self.language), SIZE, false, room);
            self.scene.text(Text::new(words, end + 4.0, label + 4.0).size(SIZE));
        }
        self.y = bottom.max(label_below + 4.0) + 10.0;
    }
}

/// Text in lines no wider than there is room, words that are wider shortened.
fn lines(text: &str, size: f64, bold: bool, room: f64) -> Vec<String> {
    wrap_text(text, size, bold, room).iter().map(|line| shorten_text(line, size, bold, room)).collect()
}

/// A number within half a hundredth of itself, without trailing zeros.
pub(crate) fn plain(value: f64, language: Language) -> String {
    let close = |decimals: &usize| {
        let unit = 10f64.powi(*decimals as i32);
        ((value * unit).round() / unit - value).abs() <= 0.005 * value.abs()
    };
    format_number(value, (0..=8).find(close).unwrap_or(8), language)
}

/// On narrow screens a legend as wide as the picture would put counts far from their boxes.
const MOST_WIDTH: f64 = 230.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Method, Palette, classify};

    #[test]
    fn numbers_are_plain() {
        let plain = |value| plain(value, Language::English);
        assert_eq!(
            [plain(0.04), plain(31.42), plain(20.0), plain(19_003.2), plain(0.0)],
            ["0.04", "31.4", "20", "19,003", "0"]
        );
    }

    #[test]
    fn a_legend_has_no_flaw_at_any_width() {
        let values: Vec<f64> = (0..60).map(|i| f64::from(i * i) * 73.3).collect();
        for width in [140.0, 206.0, 328.0] {
            for language in [Language::French, Language::English] {
                let mut scene = Scene::new(width + 20.0, 900.0);
                let classes = classify(&values, 6, &Method::Fisher).unwrap();
                let colours = Palette::default().colours(classes.len()).unwrap();
                let mut legend = Legend::new(&mut scene, 10.0, 10.0, width, language);
                legend.title("Habitants par kilomètre carré au 1er janvier", "hab./km²");
                legend.classes(&classes, &colours, "communes");
                legend.category(colours[0], true, &"Établissements".repeat(4), Some(12));
                legend.apart(NO_DATA, "pas de donnée", 2);
                legend.apart(WITHHELD, "secret statistique, valeur non publiée", 12);
                legend.histogram(&values, &classes, &colours);
                legend.circles(
                    94_000.0,
                    |amount| 26.0 * (amount / 94_000.0).sqrt(),
                    Fill::None,
                    Stroke::new(OUTLINE, 1.0),
                );
                assert!(legend.bottom() < 900.0);
                assert!(scene.flaws().is_empty(), "{width}: {:?}", scene.flaws());
            }
        }
    }
}
