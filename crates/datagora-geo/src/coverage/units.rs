//! Polygons in the frame of a grid.
use super::CoverageError;
use super::edges::{Extent, Sink, Spot};
use crate::geometry::{Bounds, Part, Ring};
use crate::{GeometryColumn, GeometryKind, Grid};

/// Refuses a layer that does not suit the grid.
pub(super) fn check(grid: &Grid, layer: usize, polygons: &GeometryColumn) -> Result<(), CoverageError> {
    if polygons.crs() != grid.crs() {
        return Err(CoverageError::CrsMismatch {
            layer,
            found: polygons.crs().clone(),
            grid: grid.crs().clone(),
        });
    }
    let other = |row| match polygons.kind(row) {
        None | Some(GeometryKind::Polygon | GeometryKind::MultiPolygon) => None,
        Some(found) => Some(CoverageError::NotPolygons { layer, row, found }),
    };
    if let Some(error) = (0..polygons.len()).find_map(other) {
        return Err(error);
    }
    match polygons.first_not_finite() {
        Some(row) => Err(CoverageError::NotFinite { layer, row }),
        None => Ok(()),
    }
}

/// Cells counted from a corner of the grid's lines.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame<'a> {
    grid: &'a Grid,
    /// Column and row of the corner.
    pub(super) first: [usize; 2],
    corner: [f64; 2],
    cell: [f64; 2],
}

/// Added to a number below 2⁵¹ and taken away again, it rounds it to a whole number.
const ROUNDER: f64 = 6_755_399_441_055_744.0;
/// How near a line, in cells, a vertex is compared with the line itself.
const NEAR: f64 = 1e-6;

impl<'a> Frame<'a> {
    pub(super) fn new(grid: &'a Grid, column: usize, row: usize) -> Self {
        Frame {
            grid,
            first: [column, row],
            corner: [grid.column_edge(column), grid.row_edge(row)],
            cell: [grid.cell_width(), grid.cell_height()],
        }
    }

    /// A vertex in cells from the corner. One on a line of the grid is on it exactly, whatever rounding division does.
    #[inline]
    fn spot(&self, x: f64, y: f64) -> Spot {
        let mut spot =
            Spot { x: (x - self.corner[0]) / self.cell[0], y: (self.corner[1] - y) / self.cell[1] };
        let (column, row) = ((spot.x + ROUNDER) - ROUNDER, (spot.y + ROUNDER) - ROUNDER);
        if (spot.x - column).abs() < NEAR && column.abs() < MOST {
            let line = self.grid.x_of_line(self.first[0] as i64 + column as i64);
            spot.x = column + (x - line) / self.cell[0];
        }
        if (spot.y - row).abs() < NEAR && row.abs() < MOST {
            let line = self.grid.y_of_line(self.first[1] as i64 + row as i64);
            spot.y = row + (line - y) / self.cell[1];
        }
        spot
    }

    /// Cuts a ring at the lines of the grid; one that is not closed is closed.
    #[inline]
    pub(super) fn cut<S: Sink>(&self, ring: Ring<'_>, factor: f64, extent: &Extent, sink: &mut S) {
        let Some(last) = ring.len().checked_sub(1) else { return };
        sink.ring(factor);
        let first = self.spot(ring.x[0], ring.y[0]);
        let mut from = first;
        for (&x, &y) in ring.x[1..].iter().zip(&ring.y[1..]) {
            let to = self.spot(x, y);
            extent.cut(from, to, sink);
            from = to;
        }
        if ring.x[0] != ring.x[last] || ring.y[0] != ring.y[last] {
            extent.cut(from, first, sink);
        }
    }
}

/// Most columns or rows away from the frame that a line is looked up for.
const MOST: f64 = i32::MAX as f64;

/// What a ring adds to the winding number east of its edges that run southward, so that an exterior counts 1 inside and
/// a hole −1, however they are wound.
pub(super) fn factor(ring: Ring<'_>, hole: bool) -> f64 {
    let Some(last) = ring.len().checked_sub(1) else { return 1.0 };
    // Relative to its first vertex: coordinates are large beside the ring.
    let (x0, y0) = (ring.x[0], ring.y[0]);
    let mut area = 0.0;
    let (mut before_x, mut before_y) = (ring.x[last] - x0, ring.y[last] - y0);
    for (&x, &y) in ring.x.iter().zip(ring.y) {
        let (x, y) = (x - x0, y - y0);
        area += before_x * y - x * before_y;
        (before_x, before_y) = (x, y);
    }
    if (area > 0.0) == hole { -1.0 } else { 1.0 }
}

/// One polygon of a layer: a part of a row.
#[derive(Clone, Debug)]
pub(super) struct Unit<'a> {
    part: Part<'a>,
    /// First and last column and row of the cells it may share ground with.
    pub(super) columns: [u32; 2],
    pub(super) rows: [u32; 2],
    pub(super) bounds: Bounds,
    /// Whether the factor of its first 64 rings is −1.
    negative: u64,
}

impl<'a> Unit<'a> {
    /// `None` if it lies outside the grid.
    pub(super) fn new(grid: &Grid, part: Part<'a>) -> Option<Self> {
        let bounds = part.rings().next().map(|ring| Bounds::around(ring.x, ring.y))?;
        let (columns, rows) = grid.cells_over(bounds.rect()?)?;
        let ends = |range: std::ops::Range<usize>| [range.start as u32, range.end as u32 - 1];
        let negative = part
            .rings()
            .take(64)
            .enumerate()
            .fold(0, |bits, (number, ring)| bits | (u64::from(factor(ring, number > 0) < 0.0) << number));
        Some(Unit { part, columns: ends(columns), rows: ends(rows), bounds, negative })
    }

    /// The rows of `band` that it may share ground with, as rows of its own frame.
    pub(super) fn extent(&self, band: &std::ops::Range<usize>) -> Extent {
        let top = self.rows[0] as usize;
        Extent {
            columns: (self.columns[1] - self.columns[0] + 1) as usize,
            top: band.start.saturating_sub(top),
            bottom: band.end.min(self.rows[1] as usize + 1) - top,
        }
    }

    pub(super) fn frame<'g>(&self, grid: &'g Grid) -> Frame<'g> {
        Frame::new(grid, self.columns[0] as usize, self.rows[0] as usize)
    }

    pub(super) fn cut<S: Sink>(&self, frame: &Frame<'_>, extent: &Extent, sink: &mut S) {
        for (number, ring) in self.part.rings().enumerate() {
            let factor = match number {
                0..64 if self.negative >> number & 1 == 1 => -1.0,
                0..64 => 1.0,
                _ => factor(ring, true),
            };
            frame.cut(ring, factor, extent, sink);
        }
    }

    /// Whether two polygons cannot share ground, as their rectangles do not.
    pub(super) fn apart(&self, other: &Self) -> bool {
        let (a, b) = (&self.bounds, &other.bounds);
        a.max_x <= b.min_x || b.max_x <= a.min_x || a.max_y <= b.min_y || b.max_y <= a.min_y
    }
}
