//! Cells of classes: the square of two rates, rows of classes that merge.
use super::{Legend, MOST_WIDTH, SIZE, SMALL, lines};
use crate::scene::{Extent, Fill, Mark, Path, Shape, Stroke, Text};
use crate::{Colour, format_number, shorten_text, text_width};

/// One side of the square that explains two rates.
pub(crate) struct SquareAxis {
    /// What is measured.
    pub(crate) name: String,
    pub(crate) unit: String,
    /// Lower bound of the first class, then the upper bound of each.
    pub(crate) bounds: Vec<String>,
}

impl SquareAxis {
    fn title(&self) -> String {
        if self.unit.is_empty() { self.name.clone() } else { format!("{} ({})", self.name, self.unit) }
    }
}

impl Legend<'_> {
    /// All pairs of classes with their numbers: the first rate grows to the right, the second upwards.
    pub(crate) fn square(
        &mut self,
        first: &SquareAxis,
        second: &SquareAxis,
        colours: &[Vec<Colour>],
        counts: &[Vec<usize>],
    ) {
        let (columns, lines_up) =
            (first.bounds.len().saturating_sub(1), second.bounds.len().saturating_sub(1));
        let width = self.width.min(MOST_WIDTH);
        let label = |text: &str| text_width(text, SMALL, false);
        let room = second.bounds.iter().map(|bound| label(bound)).fold(0.0, f64::max).min(0.4 * width) + 6.0;
        let cell = ((width - room - 8.0) / columns.max(1) as f64).min(54.0);
        let height = cell.min(46.0);
        let left = self.left + room;

        // The name of the second rate above its bounds, since it is read upwards.
        self.arrow([self.left + 4.0, self.y + 12.0], [self.left + 4.0, self.y + 1.0]);
        self.axis_name(&second.title(), self.left + 14.0);
        let top = self.y + 9.0;
        for row in 0..lines_up {
            let y = top + height * (lines_up - 1 - row) as f64;
            for column in 0..columns {
                let x = left + cell * column as f64;
                let extent = Extent { left: x, top: y, right: x + cell, bottom: y + height };
                self.counted(extent, colours[row][column], counts[row][column]);
            }
        }
        for (bound, words) in second.bounds.iter().enumerate() {
            // The lowest stands on its line, clear of the first bound of the other rate.
            let below = if bound == 0 { 0.0 } else { 3.5 };
            let y = top + height * (lines_up - bound) as f64 + below;
            let words = shorten_text(words, SMALL, false, room - 6.0);
            self.scene.text(Text::new(words, left - 5.0, y).size(SMALL).colour(Colour::MUTED).end());
        }
        // Bounds of the first rate in as many lines as they need, so that none lies over another.
        let base = top + height * lines_up as f64;
        let placed: Vec<(String, f64, f64)> = first
            .bounds
            .iter()
            .enumerate()
            .map(|(bound, words)| {
                let words = shorten_text(words, SMALL, false, width);
                let half = 0.5 * label(&words);
                let x = (left + cell * bound as f64).min(self.left + self.width - half).max(self.left + half);
                (words, x, half)
            })
            .collect();
        let apart =
            |one: &(String, f64, f64), next: &(String, f64, f64)| one.2 + next.2 + 6.0 <= next.1 - one.1;
        let step = (1..=3)
            .find(|step| placed.iter().zip(placed.iter().skip(*step)).all(|(one, next)| apart(one, next)))
            .unwrap_or(placed.len().max(1));
        for (bound, (words, x, _)) in placed.into_iter().enumerate() {
            let y = base + 15.0 + 13.0 * (bound % step) as f64;
            self.scene.text(Text::new(words, x, y).size(SMALL).colour(Colour::MUTED).middle());
        }
        self.y = base + 7.0 + 13.0 * step as f64;
        let arrow_y = self.y + 6.0;
        self.arrow([left, arrow_y], [left + 12.0, arrow_y]);
        self.axis_name(&first.title(), left + 17.0);
        self.y += 8.0;
    }

    /// Cells side by side as wide as the legend, with their numbers, and below them the bounds of every `merged` classes.
    pub(crate) fn cells(&mut self, colours: &[Colour], counts: &[usize], bounds: &[String], merged: usize) {
        const HEIGHT: f64 = 24.0;
        let width = self.width.min(MOST_WIDTH);
        let cell = width / counts.len().max(1) as f64;
        let top = self.y + 2.0;
        for (index, (&colour, &count)) in colours.iter().zip(counts).enumerate() {
            let left = self.left + cell * index as f64;
            let extent = Extent { left, top, right: left + cell, bottom: top + HEIGHT };
            self.counted(extent, colour, count);
        }
        let last = counts.len();
        let bounds: Vec<&String> = bounds.iter().step_by(merged.max(1)).collect();
        // In one line, or by turns in two where they are long; the first and the last of a line share its width.
        let long = last > 1 && bounds.iter().any(|bound| text_width(bound, SMALL, false) > 0.64 * cell);
        let (lines_down, room) = match (last, long) {
            (..2, _) => (1, 0.48 * cell),
            (_, false) => (1, 0.64 * cell),
            (2, true) => (2, 0.96 * cell),
            (_, true) => (2, 1.28 * cell),
        };
        for (index, words) in bounds.into_iter().enumerate().take(last + 1) {
            let words = shorten_text(words, SMALL, false, room);
            let y = top + HEIGHT + 12.0 + 12.0 * f64::from(index as u32 % lines_down);
            let text = Text::new(words, self.left + cell * index as f64, y).size(SMALL).colour(Colour::MUTED);
            self.scene.text(match index {
                0 => text,
                _ if index == last => text.end(),
                _ => text.middle(),
            });
        }
        self.y = top + HEIGHT + 8.0 + 12.0 * f64::from(lines_down);
    }

    /// A cell with its number.
    fn counted(&mut self, extent: Extent, colour: Colour, count: usize) {
        let mark = Mark::new(Shape::Rect(extent)).fill(Fill::Solid(colour));
        self.scene.add(mark.stroke(Stroke::new(Colour::WHITE, 1.0)));
        let number = format_number(count as f64, 0, self.language);
        let number = shorten_text(&number, SIZE, false, extent.width() - 2.0);
        let ink = [Colour::WHITE, Colour::rgb(0, 0, 0)];
        let ink = if colour.contrast(ink[0]) >= colour.contrast(ink[1]) { ink[0] } else { ink[1] };
        let (x, y) = (0.5 * (extent.left + extent.right), 0.5 * (extent.top + extent.bottom) + 4.0);
        self.scene.text(Text::new(number, x, y).size(SIZE).colour(ink).middle());
    }

    fn axis_name(&mut self, name: &str, left: f64) {
        for line in lines(name, SIZE, true, self.left + self.width - left) {
            self.scene.text(Text::new(line, left, self.y + 10.5).size(SIZE).bold());
            self.y += 14.5;
        }
    }

    /// Which way values grow.
    fn arrow(&mut self, from: [f64; 2], to: [f64; 2]) {
        let stroke = Stroke::new(Colour::INK, 1.3);
        self.scene.line(from, to, stroke);
        let (dx, dy) = ((to[0] - from[0]).signum(), (to[1] - from[1]).signum());
        let (dx, dy) = (if to[0] == from[0] { 0.0 } else { dx }, if to[1] == from[1] { 0.0 } else { dy });
        let barb = |side: f64| [to[0] - 4.0 * dx + side * 3.0 * dy, to[1] - 4.0 * dy + side * 3.0 * dx];
        self.scene.add(Mark::new(Shape::Path(Path::line(vec![barb(1.0), to, barb(-1.0)]))).stroke(stroke));
    }
}
