//! Rows with a name each: at the left where there is room, above their row on narrow screens.
use super::is_narrow;
use crate::frame::MARGIN;
use crate::scene::{Scene, Text};
use crate::text::{shorten_text, text_width, two_lines};

/// Size of names and values, px.
pub(super) const LABEL: f64 = 12.0;
/// Share of the width that names may take at the left.
const NAMES: f64 = 0.34;

/// Where rows lie, from a height on.
pub(super) struct Rows {
    /// Where what a row shows begins.
    pub(super) left: f64,
    /// Below the last row.
    pub(super) bottom: f64,
    count: usize,
    narrow: bool,
    column: f64,
    top: f64,
    height: f64,
    one_line: bool,
}

impl Rows {
    /// Places rows; on wide screens they are `height` high if every name fits into one line.
    pub(super) fn new(names: &[&str], height: f64, top: f64, width: f64) -> Self {
        let fits = names.iter().all(|name| text_width(name, LABEL, false) <= NAMES * width);
        Self::place(names, if fits { height } else { 34.0 }, 36.0, top, width)
    }

    /// Places rows that stand close: names are cut to one line.
    pub(super) fn close(names: &[&str], top: f64, width: f64) -> Self {
        Self { one_line: true, ..Self::place(names, 16.0, 32.0, top, width) }
    }

    fn place(names: &[&str], wide: f64, high: f64, top: f64, width: f64) -> Self {
        let narrow = is_narrow(width);
        let widest = names.iter().map(|name| text_width(name, LABEL, false)).fold(0.0, f64::max);
        // A hair more than the widest, lest rounding break its line.
        let column = widest.min(NAMES * width) + 1e-6;
        let height = if narrow { high } else { wide };
        let top = top + 4.0;
        Self {
            left: MARGIN + if narrow { 0.0 } else { column + 10.0 },
            bottom: top + height * names.len() as f64,
            count: names.len(),
            narrow,
            column,
            top,
            height,
            one_line: false,
        }
    }

    /// Middle of what a row shows.
    pub(super) fn middle(&self, row: usize) -> f64 {
        let y = self.top + self.height * row as f64;
        if self.narrow { y + 24.0 } else { y + 0.5 * self.height }
    }

    /// Where lines down through all rows run: on narrow screens they stop short of the names above the rows.
    pub(super) fn spans(&self) -> Vec<[f64; 2]> {
        match self.narrow {
            true => (0..self.count).map(|row| [self.middle(row) - 10.0, self.middle(row) + 10.0]).collect(),
            false => vec![[self.top - 4.0, self.bottom]],
        }
    }

    /// Writes the name of a row.
    pub(super) fn draw_name(&self, scene: &mut Scene, row: usize, name: &str) {
        let middle = self.middle(row);
        if self.narrow {
            let name = shorten_text(name, LABEL, false, scene.width() - 2.0 * MARGIN);
            scene.text(Text::new(name, MARGIN, middle - 12.5).size(LABEL));
            return;
        }
        let lines = match self.one_line {
            true => vec![shorten_text(name, LABEL, false, self.column)],
            false => two_lines(name, LABEL, false, self.column),
        };
        let first = middle + 4.0 - 7.5 * (lines.len() - 1) as f64;
        for (line, words) in lines.into_iter().enumerate() {
            let baseline = first + 15.0 * line as f64;
            scene.text(Text::new(words, self.left - 8.0, baseline).size(LABEL).end());
        }
    }
}
