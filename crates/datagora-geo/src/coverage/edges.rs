//! Edges cut at the lines of a grid.

/// A point in cells east and south of a frame's corner.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// What takes the pieces of edges.
pub(super) trait Sink {
    /// Whether pieces without height are wanted.
    const LEVEL: bool;

    /// What the edges that follow add to the winding number of the ground east of them where they run downward; where
    /// they run upward they take it away.
    fn ring(&mut self, factor: f64);

    /// A piece of an edge within one cell, from `high` down to `low` (y grows southward). The ring runs from `high` to
    /// `low` if `downward`, otherwise from `low` to `high`.
    fn piece(&mut self, column: usize, row: usize, high: Spot, low: Spot, downward: bool);
}

/// The rows and columns that pieces are wanted for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    /// Number of columns.
    pub(super) columns: usize,
    /// First row.
    pub(super) top: usize,
    /// Row after the last.
    pub(super) bottom: usize,
}

impl Extent {
    /// Whether all of these heights are above the rows, or all below.
    pub(super) fn is_beside(&self, heights: &[f64]) -> bool {
        let (top, bottom) = (self.top as f64, self.bottom as f64);
        heights.iter().all(|&y| y < top) || heights.iter().all(|&y| y > bottom)
    }

    /// Cuts an edge at the lines between cells. What lies west of the first column is moved onto its west border, what
    /// lies east of the last, or above or below, is left out.
    ///
    /// Where the edge crosses a line between rows depends on the edge and the line only, so each row gets the same
    /// pieces whatever other rows are wanted.
    #[inline]
    pub(super) fn cut<S: Sink>(&self, from: Spot, to: Spot, sink: &mut S) {
        let downward = to.y > from.y;
        if from.y == to.y {
            if S::LEVEL && from.y >= self.top as f64 && from.y < self.bottom as f64 {
                let row = from.y as usize;
                if row as f64 != from.y {
                    self.across(row, from, to, true, sink);
                }
            }
            return;
        }
        let (high, low) = if downward { (from, to) } else { (to, from) };
        if !(low.y > self.top as f64 && high.y < self.bottom as f64) {
            return;
        }
        let slope = (low.x - high.x) / (low.y - high.y);
        let (least, most) = if low.x < high.x { (low.x, high.x) } else { (high.x, low.x) };
        let at = |y: f64| (high.x + slope * (y - high.y)).max(least).min(most);
        let mut begin = high;
        if high.y < self.top as f64 {
            begin = Spot { x: at(self.top as f64), y: self.top as f64 };
        }
        let mut row = begin.y as usize;
        loop {
            let line = (row + 1) as f64;
            if low.y <= line {
                self.across(row, begin, low, downward, sink);
                return;
            }
            let end = Spot { x: at(line), y: line };
            self.across(row, begin, end, downward, sink);
            begin = end;
            row += 1;
            if row >= self.bottom {
                return;
            }
        }
    }

    /// Cuts a piece within one row at the lines between columns.
    #[inline(always)]
    pub(super) fn across<S: Sink>(&self, row: usize, begin: Spot, end: Spot, downward: bool, sink: &mut S) {
        let width = self.columns as f64;
        if begin.x >= 0.0 && begin.x < width {
            let column = begin.x as usize;
            let local = end.x - column as f64;
            if (0.0..1.0).contains(&local) {
                sink.piece(column, row, begin, end, downward);
                return;
            }
        }
        self.over_columns(row, begin, end, downward, sink);
    }

    #[inline(never)]
    fn over_columns<S: Sink>(&self, row: usize, begin: Spot, end: Spot, downward: bool, sink: &mut S) {
        let width = self.columns as f64;
        if begin.x >= width && end.x >= width {
            return;
        }
        let west = |y: f64| Spot { x: 0.0, y };
        if begin.x <= 0.0 && end.x <= 0.0 {
            sink.piece(0, row, west(begin.y), west(end.y), downward);
            return;
        }
        let cross = |x: f64| Spot {
            x,
            y: (begin.y + (x - begin.x) / (end.x - begin.x) * (end.y - begin.y)).min(end.y),
        };
        let mut from = begin;
        if end.x > begin.x {
            if from.x < 0.0 {
                from = cross(0.0);
                sink.piece(0, row, west(begin.y), from, downward);
            }
            let mut column = from.x as usize;
            while column < self.columns {
                let line = (column + 1) as f64;
                if end.x <= line {
                    sink.piece(column, row, from, end, downward);
                    return;
                }
                let to = cross(line);
                sink.piece(column, row, from, to, downward);
                from = to;
                column += 1;
            }
        } else {
            if from.x > width {
                from = cross(width);
            }
            // A line belongs to the column west of it for what comes from there.
            let mut column = (from.x.ceil() as usize).saturating_sub(1);
            loop {
                let line = column as f64;
                if end.x >= line {
                    sink.piece(column, row, from, end, downward);
                    return;
                }
                let to = cross(line);
                sink.piece(column, row, from, to, downward);
                from = to;
                if column == 0 {
                    sink.piece(0, row, from, west(end.y), downward);
                    return;
                }
                column -= 1;
            }
        }
    }
}
