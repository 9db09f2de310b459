//! Polygons in the frame of a grid.
use std::ops::Range;

use super::CoverageError;
use super::contact::Rings;
use super::edges::{Extent, Sink, Spot};
use crate::geometry::{Bounds, Part, Ring};
use crate::{GeometryColumn, Grid};

/// Refuses a layer that does not suit the grid.
pub(crate) fn check(grid: &Grid, layer: usize, polygons: &GeometryColumn) -> Result<(), CoverageError> {
    if polygons.crs() != grid.crs() {
        return Err(CoverageError::CrsMismatch {
            layer,
            found: polygons.crs().clone(),
            grid: grid.crs().clone(),
        });
    }
    if let Some((row, found)) = polygons.first_not_surface() {
        return Err(CoverageError::NotPolygons { layer, row, found });
    }
    match polygons.first_not_finite() {
        Some(row) => Err(CoverageError::NotFinite { layer, row }),
        None => Ok(()),
    }
}

/// Cells counted from a corner of the grid's lines.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    x: Axis,
    y: Axis,
}

/// One direction of a frame: where its lines are.
#[derive(Clone, Copy, Debug)]
struct Axis {
    /// The line that is counted as 0.
    corner: f64,
    /// Where the lines of the grid are counted from, and which of them is the corner.
    origin: f64,
    first: f64,
    /// Size of a cell, below 0 if lines are counted against the axis.
    cell: f64,
}

/// Added to a number below 2⁵¹ and taken away again, it rounds it to a whole number.
const ROUNDER: f64 = 6_755_399_441_055_744.0;
/// How near a line, in cells, a vertex is compared with the line itself.
const NEAR: f64 = 1e-6;
/// Most columns or rows away from the frame that a line is looked up for.
const MOST: f64 = i32::MAX as f64;
/// Edges cut at a time.
const RUN: usize = 63;
/// Coordinates converted side by side, and of short runs.
const LANES: usize = 8;
const FEW: usize = 4;

/// Coordinates in cells from the corner, as many as there are. One on a line of the grid is on it exactly, whatever
/// rounding division does.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw", "x86_64+avx2"))]
fn convert(axis: Axis, coordinates: &[f64], cells: &mut [f64; RUN + 1]) {
    let cells = &mut cells[..coordinates.len()];
    match coordinates.len() {
        LANES.. => axis.convert_by::<LANES>(coordinates, cells),
        FEW.. => axis.convert_by::<FEW>(coordinates, cells),
        _ => axis.convert_by::<1>(coordinates, cells),
    }
}

/// The whole number next to it.
#[inline(always)]
fn whole(cells: f64) -> f64 {
    (cells + ROUNDER) - ROUNDER
}

/// Whether a coordinate has to be compared with the line of that number.
#[inline(always)]
fn is_near(cells: f64, number: f64) -> bool {
    ((cells - number).abs() < NEAR) & (number.abs() < MOST)
}

impl Axis {
    /// So many side by side. The last ones overlap those before, which comes to the same.
    #[inline(always)]
    fn convert_by<const N: usize>(self, coordinates: &[f64], cells: &mut [f64]) {
        let (whole, rest) = coordinates.as_chunks::<N>();
        for (coordinates, cells) in whole.iter().zip(cells.as_chunks_mut::<N>().0) {
            self.convert(coordinates, cells);
        }
        if let (false, Some(coordinates), Some(cells)) =
            (rest.is_empty(), coordinates.last_chunk::<N>(), cells.last_chunk_mut::<N>())
        {
            self.convert(coordinates, cells);
        }
    }

    #[inline(always)]
    fn convert<const N: usize>(self, coordinates: &[f64; N], cells: &mut [f64; N]) {
        let mut any = 0;
        for (cell, &coordinate) in cells.iter_mut().zip(coordinates) {
            let about = (coordinate - self.corner) / self.cell;
            any |= u64::from(is_near(about, whole(about)));
            *cell = about;
        }
        if any == 0 {
            return;
        }
        for (cell, &coordinate) in cells.iter_mut().zip(coordinates) {
            let (about, number) = (*cell, whole(*cell));
            let line = self.origin + (self.first + number) * self.cell;
            let beside = number + (coordinate - line) / self.cell;
            *cell = if is_near(about, number) { beside } else { about };
        }
    }
}

impl Frame {
    pub(super) fn new(grid: &Grid, column: usize, row: usize) -> Self {
        let ([x, y], [first_x, first_y]) = grid.lines();
        let axis =
            |origin: f64, first: f64, cell: f64| Axis { corner: origin + first * cell, origin, first, cell };
        Frame {
            x: axis(x, first_x + column as f64, grid.cell_width()),
            y: axis(y, first_y + row as f64, -grid.cell_height()),
        }
    }

    /// Cuts a ring at the lines of the grid; one that is not closed is closed.
    #[inline]
    pub(super) fn cut<S: Sink>(&self, ring: Ring<'_>, factor: f64, extent: &Extent, sink: &mut S) {
        let Some(last) = ring.len().checked_sub(1) else { return };
        sink.ring(factor);
        for start in (0..last).step_by(RUN) {
            let end = (start + RUN).min(last);
            self.cut_run(&ring.x[start..=end], &ring.y[start..=end], extent, sink);
        }
        if ring.x[0] != ring.x[last] || ring.y[0] != ring.y[last] {
            self.cut_run(&[ring.x[last], ring.x[0]], &[ring.y[last], ring.y[0]], extent, sink);
        }
    }

    /// Cuts the edges between at most [`RUN`] + 1 vertices.
    #[inline]
    fn cut_run<S: Sink>(&self, x: &[f64], y: &[f64], extent: &Extent, sink: &mut S) {
        let (mut columns, mut rows) = ([0.0; RUN + 1], [0.0; RUN + 1]);
        convert(self.y, y, &mut rows);
        let rows = &rows[..y.len()];
        if extent.is_beside(rows) {
            return;
        }
        convert(self.x, x, &mut columns);
        let columns = &columns[..x.len()];
        let spot = |number: usize| Spot { x: columns[number], y: rows[number] };
        let mut from = spot(0);
        for number in 1..columns.len() {
            let to = spot(number);
            extent.cut(from, to, sink);
            from = to;
        }
    }
}

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

/// One polygon of a layer: a part of a row, or all of a row whose rings meet.
#[derive(Clone, Debug)]
pub(super) struct Unit<'a> {
    part: Part<'a>,
    /// First and last column and row of the cells it may share ground with.
    pub(super) columns: [u32; 2],
    pub(super) rows: [u32; 2],
    pub(super) bounds: Bounds,
    /// Whether rings meet or are not within each other as they should: the even–odd rule says what is inside.
    pub(super) tangled: bool,
    /// Whether the factor of its first 64 rings is −1.
    negative: u64,
}

impl<'a> Unit<'a> {
    /// The units of a row, none if it lies outside the grid.
    pub(super) fn of_row(
        grid: &Grid,
        polygons: &'a GeometryColumn,
        row: usize,
        rings: &mut Rings,
        mut push: impl FnMut(Self),
    ) {
        let bounds = polygons.bounds_of(row);
        let over = |bounds: &Bounds| bounds.rect().and_then(|rect| grid.cells_over(rect));
        let Some(cells) = over(&bounds) else { return };
        let unit = |part: Part<'a>, bounds, (columns, rows): (Range<usize>, Range<usize>)| {
            let ends = |range: Range<usize>| [range.start as u32, range.end as u32 - 1];
            Unit { part, columns: ends(columns), rows: ends(rows), bounds, tangled: false, negative: 0 }
        };
        if !rings.keep_apart(polygons, row) {
            let all = polygons.all_rings(row).map(|part| unit(part, bounds, cells));
            all.into_iter().for_each(|all| push(Unit { tangled: true, ..all }));
            return;
        }
        let mut factors = rings.factors();
        let alone = polygons.parts(row).nth(1).is_none();
        for part in polygons.parts(row) {
            let negative =
                part.rings().zip(&mut factors).enumerate().fold(0, |bits, (number, (_, factor))| {
                    bits | if number < 64 { u64::from(factor < 0.0) << number } else { 0 }
                });
            let exterior = part.rings().next();
            let around = || exterior.map_or(Bounds::EMPTY, |ring| Bounds::around(ring.x, ring.y));
            let bounds = if alone { bounds } else { around() };
            let found = if alone { Some(cells.clone()) } else { over(&bounds) };
            if let Some(cells) = found {
                push(Unit { negative, ..unit(part, bounds, cells) });
            }
        }
    }

    /// The rows of `band` that it may share ground with, as rows of its own frame.
    pub(super) fn extent(&self, band: &Range<usize>) -> Extent {
        let top = self.rows[0] as usize;
        Extent {
            columns: (self.columns[1] - self.columns[0] + 1) as usize,
            top: band.start.saturating_sub(top),
            bottom: band.end.min(self.rows[1] as usize + 1) - top,
        }
    }

    pub(super) fn cut<S: Sink>(&self, grid: &Grid, extent: &Extent, sink: &mut S) {
        let frame = Frame::new(grid, self.columns[0] as usize, self.rows[0] as usize);
        for (number, ring) in self.part.rings().enumerate() {
            let factor = match number {
                // By the even–odd rule, any will do.
                _ if self.tangled => 1.0,
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
