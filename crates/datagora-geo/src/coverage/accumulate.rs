//! Sums along the rows of a grid: from pieces of edges to shares of cells.
use super::edges::{Extent, Sink, Spot};

/// What the edges of a polygon add to the cells of some rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Accumulator {
    /// By cell: what the edges in it add to the winding of all cells east of it, and to its own covered share.
    /// All zero between two polygons.
    cells: Vec<[f64; 2]>,
    /// By row: first column with an edge, and the one after the last.
    reach: Vec<[u32; 2]>,
    columns: usize,
    top: usize,
    factor: f64,
}

/// What a polygon has of a row.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stretch {
    /// Cells that are covered whole: first, and the one after the last.
    Whole(usize, usize),
    /// A cell that an edge crosses, maybe along its whole width.
    Part {
        column: usize,
        /// 0 to 1.
        share: f64,
        /// Mean winding number along its west side.
        west: f64,
    },
}

/// Rounding of a sum of heights that should be whole, and of a share that should be 0 or 1, in so many columns.
pub(super) fn rounding(columns: usize) -> f64 {
    8.0 * f64::EPSILON * columns as f64
}

impl Accumulator {
    /// Makes room for the rows of a polygon.
    pub(super) fn begin(&mut self, extent: &Extent) {
        let rows = extent.bottom - extent.top;
        let needed = rows * extent.columns;
        if self.cells.len() < needed {
            self.cells.resize(needed, [0.0; 2]);
        }
        self.reach.clear();
        self.reach.resize(rows, [u32::MAX, 0]);
        (self.columns, self.top) = (extent.columns, extent.top);
    }

    /// Gives what the polygon has of each row, from north to south and west to east, and forgets it.
    pub(super) fn finish(&mut self, mut visit: impl FnMut(usize, Stretch)) {
        let rounding = rounding(self.columns);
        for (number, &[first, end]) in self.reach.iter().enumerate() {
            if first >= end {
                continue;
            }
            let row = self.top + number;
            let (first, end) = (first as usize, end as usize);
            let begin = number * self.columns;
            let mut west = 0.0;
            let mut since = first;
            for (column, cell) in (first..end).zip(&mut self.cells[begin + first..begin + end]) {
                let [winding, share] = *cell;
                if winding == 0.0 && share == 0.0 {
                    continue;
                }
                *cell = [0.0; 2];
                west = between(since, column, west, rounding, |stretch| visit(row, stretch));
                visit(row, Stretch::Part { column, share: share_of(west, west + share, rounding), west });
                west += winding;
                since = column + 1;
            }
            between(since, self.columns, west, rounding, |stretch| visit(row, stretch));
        }
    }
}

/// The cells between two that edges cross, or beyond the last: all of them have the same share. Gives the winding number
/// west of the next cell, rounded if it should be whole.
#[inline]
pub(super) fn between(
    start: usize,
    end: usize,
    west: f64,
    rounding: f64,
    mut visit: impl FnMut(Stretch),
) -> f64 {
    if start == end || west == 0.0 {
        return west;
    }
    let whole = west.round();
    if (west - whole).abs() > rounding {
        // An edge runs from west to east through all of them.
        let share = share_of(west, west, rounding);
        (start..end).for_each(|column| visit(Stretch::Part { column, share, west }));
        return west;
    }
    // The even–odd rule.
    if whole % 2.0 != 0.0 {
        visit(Stretch::Whole(start, end));
    }
    whole
}

/// A share without the rounding that sums of whole heights leave.
fn share_of(west: f64, share: f64, rounding: f64) -> f64 {
    if share > 1.0 - rounding {
        1.0
    } else if share < 0.0 || (share < rounding && west != 0.0) {
        0.0
    } else {
        share
    }
}

impl Sink for Accumulator {
    const LEVEL: bool = false;

    fn ring(&mut self, factor: f64) {
        self.factor = factor;
    }

    #[inline]
    fn piece(&mut self, column: usize, row: usize, high: Spot, low: Spot, downward: bool) {
        let number = row - self.top;
        let height = (low.y - high.y) * if downward { self.factor } else { -self.factor };
        let cell = &mut self.cells[number * self.columns + column];
        cell[0] += height;
        cell[1] += height * ((column + 1) as f64 - 0.5 * (high.x + low.x));
        let reach = &mut self.reach[number];
        reach[0] = reach[0].min(column as u32);
        reach[1] = reach[1].max(column as u32 + 1);
    }
}
