//! The cells that a polygon covers, and how much of each.
use std::ops::Range;

use super::CoverageError;
use super::accumulate::{Accumulator, Stretch};
use super::contact::Rings;
use super::edges::Extent;
use super::tangle::Tangle;
use super::union::CellUnion;
use super::units::{Frame, check};
use crate::{GeometryColumn, Grid};

/// Cells of one row of a grid that a polygon covers by the same share: a run of whole cells, or one cell that its border
/// crosses.
#[derive(Clone, Debug, PartialEq)]
pub struct CellRun {
    /// Row of the grid.
    pub row: usize,
    /// Columns of the grid.
    pub columns: Range<usize>,
    /// Share of each of the cells that the polygon covers, above 0, at most 1.
    pub share: f64,
}

/// The cells that each polygon covers, with their shares: [`coverage`](crate::coverage) seen from the polygons. Zonal
/// statistics, areal interpolation and sampling are sums over it.
///
/// Cells within a polygon come as runs, not one by one. Precision, and what is asked of polygons, are those of
/// [`coverage`](crate::coverage).
///
/// It keeps room to work in; for several threads, clone it (nothing is copied but the room).
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{CellRun, CoveredCells, GeometryColumn, Grid};
///
/// let grid = Grid::new([0., 10.], [5., 5.], 4, 2, Crs::CC46)?;
/// let temperatures = [20., 21., 22., 23., 24., 25., 26., 27.];
/// let park = Rect::new(coord! { x: 0., y: 0. }, coord! { x: 12.5, y: 5. });
/// let parks = GeometryColumn::new([park.into()], Crs::CC46);
///
/// let mut cells = CoveredCells::new(&grid, &parks)?;
/// assert_eq!(
///     cells.runs_of(0),
///     [CellRun { row: 1, columns: 0..2, share: 1.0 }, CellRun { row: 1, columns: 2..3, share: 0.5 }],
/// );
/// let (mut sum, mut weight) = (0.0, 0.0);
/// cells.cells_of(0, |run| {
///     for column in run.columns.clone() {
///         sum += run.share * temperatures[grid.index(column, run.row)];
///         weight += run.share;
///     }
/// });
/// assert_eq!(sum / weight, 24.8);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct CoveredCells<'a> {
    grid: &'a Grid,
    polygons: &'a GeometryColumn,
    accumulator: Accumulator,
    tangle: Tangle,
    union: CellUnion,
    /// Those of the row last looked at, and whether they keep apart.
    rings: Rings,
    last: Option<(usize, bool)>,
}

/// Most cells worked on at a time, 16 bytes each; a larger polygon is taken in strips of rows.
const MOST_CELLS: usize = 1 << 20;

impl<'a> CoveredCells<'a> {
    /// Prepares to look the polygons' cells up.
    ///
    /// # Errors
    ///
    /// [`CoverageError`] if the CRS of the polygons is not that of the grid, if a row is no polygon or multi-polygon, or
    /// has a coordinate that is not finite.
    pub fn new(grid: &'a Grid, polygons: &'a GeometryColumn) -> Result<Self, CoverageError> {
        check(grid, 0, polygons)?;
        let (accumulator, tangle) = (Accumulator::default(), Tangle::default());
        Ok(Self {
            grid,
            polygons,
            accumulator,
            tangle,
            union: CellUnion::default(),
            rings: Rings::default(),
            last: None,
        })
    }

    /// The grid.
    pub fn grid(&self) -> &'a Grid {
        self.grid
    }

    /// The polygons.
    pub fn polygons(&self) -> &'a GeometryColumn {
        self.polygons
    }

    /// Whether no ring of a row touches itself or another, so that areas of rings add up to that of the ground within.
    pub(crate) fn keep_apart(&mut self, row: usize) -> bool {
        match self.last {
            Some((last, apart)) if last == row => apart,
            _ => {
                let apart = self.rings.keep_apart(self.polygons, row);
                self.last = Some((row, apart));
                apart
            }
        }
    }

    /// The cells that the polygon of a row covers, from north to south and from west to east; each cell once.
    ///
    /// None for missing and empty rows, and for polygons outside the grid; of a polygon partly outside, those inside.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    pub fn cells_of(&mut self, row: usize, mut visit: impl FnMut(CellRun)) {
        let Some((columns, rows)) =
            self.polygons.bounds_of(row).rect().and_then(|bounds| self.grid.cells_over(bounds))
        else {
            return;
        };
        let tangled = !self.keep_apart(row);
        let frame = Frame::new(self.grid, columns.start, rows.start);
        let strip = (MOST_CELLS / columns.len()).max(1);
        for top in (0..rows.len()).step_by(strip) {
            let extent = Extent { columns: columns.len(), top, bottom: (top + strip).min(rows.len()) };
            let rings = self.polygons.parts(row).flat_map(|part| part.rings()).zip(self.rings.factors());
            // Cells that are covered whole, one way or the other, make one run.
            let mut run = CellRun { row: 0, columns: 0..0, share: 1.0 };
            let each = |row: usize, stretch| {
                let (start, end, share) = match stretch {
                    Stretch::Whole(start, end) => (start, end, 1.0),
                    Stretch::Part { column, share, .. } => (column, column + 1, share),
                };
                let next = CellRun {
                    row: rows.start + row,
                    columns: columns.start + start..columns.start + end,
                    share,
                };
                if share == 1.0
                    && run.share == 1.0
                    && run.row == next.row
                    && run.columns.end == next.columns.start
                {
                    run.columns.end = next.columns.end;
                } else if share > 0.0 {
                    let last = std::mem::replace(&mut run, next);
                    if !last.columns.is_empty() {
                        visit(last);
                    }
                }
            };
            if tangled {
                self.tangle.begin(&extent);
                rings.for_each(|(ring, _)| frame.cut(ring, 1.0, &extent, &mut self.tangle));
                self.tangle.finish(&mut self.union, each);
            } else {
                self.accumulator.begin(&extent);
                rings.for_each(|(ring, factor)| frame.cut(ring, factor, &extent, &mut self.accumulator));
                self.accumulator.finish(each);
            }
            if !run.columns.is_empty() {
                visit(run);
            }
        }
    }

    /// What [`cells_of`](Self::cells_of) visits, as a list.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    pub fn runs_of(&mut self, row: usize) -> Vec<CellRun> {
        let mut runs = Vec::new();
        self.cells_of(row, |run| runs.push(run));
        runs
    }
}
