//! Polygons whose rings meet, by the even–odd rule.
use super::accumulate::{Stretch, between, rounding};
use super::edges::{Extent, Sink, Spot};
use super::union::{CellUnion, Piece};

/// The pieces of the edges of one polygon in some rows, cell by cell.
///
/// What the edges add up to says what is inside only where winding numbers are 0 and 1. Of a polygon whose rings cross,
/// the pieces themselves are looked at.
#[derive(Clone, Debug, Default)]
pub(super) struct Tangle {
    /// Numbered from the first row.
    pieces: Vec<(u32, Piece)>,
    here: Vec<Piece>,
    columns: usize,
    top: usize,
    factor: i32,
}

impl Tangle {
    /// Makes room for the rows of a polygon.
    pub(super) fn begin(&mut self, extent: &Extent) {
        self.pieces.clear();
        (self.columns, self.top) = (extent.columns, extent.top);
    }

    /// Gives what the polygon has of each row, from north to south and west to east; a cell that a piece of an edge
    /// touches is a part, even if nothing of it is covered.
    pub(super) fn finish(&mut self, union: &mut CellUnion, mut visit: impl FnMut(usize, Stretch)) {
        let rounding = rounding(self.columns);
        self.pieces.sort_by_key(|(cell, _)| *cell);
        for row in self.pieces.chunk_by(|a, b| a.0 as usize / self.columns == b.0 as usize / self.columns) {
            let number = self.top + row[0].0 as usize / self.columns;
            let (mut west, mut since) = (0.0, 0);
            for pieces in row.chunk_by(|a, b| a.0 == b.0) {
                let column = pieces[0].0 as usize % self.columns;
                west = between(since, column, west, rounding, |stretch| visit(number, stretch));
                self.here.clear();
                self.here.extend(pieces.iter().map(|(_, piece)| piece));
                let share = union.area(&self.here, &[west]);
                let share = if share > 1.0 - rounding { 1.0 } else { share };
                visit(number, Stretch::Part { column, share, west });
                west += self.here.iter().map(Piece::turn).sum::<f64>();
                since = column + 1;
            }
            between(since, self.columns, west, rounding, |stretch| visit(number, stretch));
        }
    }
}

impl Sink for Tangle {
    const LEVEL: bool = true;

    fn ring(&mut self, factor: f64) {
        self.factor = factor as i32;
    }

    fn piece(&mut self, column: usize, row: usize, high: Spot, low: Spot, downward: bool) {
        let cell = ((row - self.top) * self.columns + column) as u32;
        self.pieces.push((cell, Piece::new([column, row], high, low, downward, self.factor)));
    }
}
