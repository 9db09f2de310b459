//! Equal cells over the ground of all zones.
use crate::geometry::Bounds;
use crate::types::Coord;

/// Equal cells over the bounds of all zones, and a margin of one cell around them.
#[derive(Debug)]
pub(super) struct Grid {
    /// Corner of the cell (1, 1): the south-west corner of the bounds.
    low: [f64; 2],
    /// Cells per unit of x and y.
    density: [f64; 2],
    /// Cells along x and y, margins included.
    sides: [usize; 2],
    /// How far, in cells, rounding may move a position; generous.
    slack: f64,
    pub(super) bounds: Bounds,
}

/// Cells per edge aimed at, and the limits of their number: labels of a byte for 2^20 cells stay in the nearest megabyte.
const CELLS_PER_EDGE: f64 = 32.0;
const CELLS: f64 = 1_048_576.0;
/// For very many edges, as many cells as edges, up to this.
const MOST_CELLS: f64 = 4_194_304.0;
/// Sum over cells of the zones that may hold them.
const MOST_ZONES_OF_CELLS: f64 = 8e6;
/// An edge costs about as much to lay on the grid as this many points to find.
const POINTS_PER_CELL: f64 = 0.25;

/// Adding it rounds a number from 0 to 2^51 to an integer, in the last bits of the sum.
const ROUND: f64 = 4_503_599_627_370_496.0;

/// What an edge does in a cell that it touches.
#[derive(Clone, Copy, Debug)]
pub(super) struct Touch {
    pub(super) cell: u32,
    /// Bits `WEST` to `NORTH`: it may touch that side; `CROSSES_SOUTH` and `CROSSES_NORTH`: it crosses the line of the
    /// side there.
    pub(super) flags: u8,
}

pub(super) const WEST: u8 = 1;
pub(super) const EAST: u8 = 2;
pub(super) const SOUTH: u8 = 4;
pub(super) const NORTH: u8 = 8;
pub(super) const CROSSES_SOUTH: u8 = 16;
pub(super) const CROSSES_NORTH: u8 = 32;

impl Grid {
    /// Cells for polygons of these bounds, with this number of edges in all, and for as many points.
    pub(super) fn new(polygons: impl Iterator<Item = Bounds> + Clone, edges: usize, points: usize) -> Self {
        let bounds = polygons.clone().fold(Bounds::EMPTY, Bounds::union);
        let extent = [bounds.max_x - bounds.min_x, bounds.max_y - bounds.min_y];
        // How often the polygons' rectangles cover the whole: overlapping zones get fewer cells.
        let covered: f64 =
            polygons.map(|b| ((b.max_x - b.min_x) / extent[0]) * ((b.max_y - b.min_y) / extent[1])).sum();
        let edges = edges as f64;
        let fine = (CELLS_PER_EDGE * edges).min(CELLS.max(edges.min(MOST_CELLS)));
        let wanted = fine.min((POINTS_PER_CELL * points as f64).max(4.0 * edges));
        let cells = wanted.min(MOST_ZONES_OF_CELLS / covered.max(1.0)).max(1.0);
        // As near to squares as the number allows.
        let aspect = (extent[0] / extent[1]).clamp(1e-3, 1e3);
        let along =
            |share: f64| if share.is_finite() { (cells * share).sqrt().max(1.0) } else { cells.sqrt() };
        let inner = [along(aspect).min(cells).floor(), along(1.0 / aspect).min(cells).floor()];
        let mut grid = Grid { low: [0.0; 2], density: [0.0; 2], sides: [3; 2], slack: 1e-6, bounds };
        let reach = [bounds.min_x, bounds.max_x, bounds.min_y, bounds.max_y]
            .iter()
            .fold(0.0f64, |reach, v| reach.max(v.abs()));
        for (axis, low) in [bounds.min_x, bounds.min_y].into_iter().enumerate() {
            let density = inner[axis] / extent[axis];
            // Where there is no extent, or too much for numbers, all is in one cell.
            if density.is_finite() && density > 0.0 {
                (grid.low[axis], grid.density[axis]) = (low, density);
                grid.sides[axis] = inner[axis] as usize + 2;
                grid.slack = grid.slack.max(1e-6 + 8.0 * f64::EPSILON * reach * density);
            }
        }
        grid
    }

    /// Number of cells, margins included.
    pub(super) fn cells(&self) -> usize {
        self.sides[0] * self.sides[1]
    }

    /// Cells along a row, margins included.
    pub(super) fn width(&self) -> usize {
        self.sides[0]
    }

    /// The cell of a point, one of the margin for a point out of bounds or not a number; monotone in x and in y.
    pub(super) fn cell(&self, x: f64, y: f64) -> usize {
        let mut cell = [0];
        cells_of(self, &[x], &[y], &mut cell);
        cell[0] as usize
    }

    /// The cells of many points, as [`cell`](Self::cell) finds them.
    pub(super) fn find(&self, x: &[f64], y: &[f64], cells: &mut [u32]) {
        cells_of(self, x, y, cells);
    }

    /// Position along x and y in cells: cell k goes from k to k + 1.
    fn scaled(&self, at: Coord) -> [f64; 2] {
        [(at.x - self.low[0]) * self.density[0] + 1.0, (at.y - self.low[1]) * self.density[1] + 1.0]
    }

    /// The cell of a position along an axis.
    fn clamp(&self, axis: usize, position: f64) -> usize {
        // A conversion takes negative positions and NaN to 0.
        (position as usize).min(self.sides[axis] - 1)
    }

    /// All cells that an edge may touch.
    ///
    /// A cell is touched if the edge comes within `slack` of it, a side within twice that: where an edge touches a cell
    /// and not its side, it crosses no line from a point of the cell to that side beyond the side.
    pub(super) fn trace(&self, a: Coord, b: Coord, mut touch: impl FnMut(Touch)) {
        let (a, b) = (self.scaled(a), self.scaled(b));
        let (low, high) = if a[1] <= b[1] { (a, b) } else { (b, a) };
        let (least, greatest) = (a[0].min(b[0]), a[0].max(b[0]));
        let slope = (high[0] - low[0]) / (high[1] - low[1]);
        let at = |y: f64| {
            let x = low[0] + slope * (y - low[1]);
            // A number for edges so flat that their slope is none.
            if x.is_nan() { low[0] } else { x.clamp(least, greatest) }
        };
        // From where to where in x it goes between two heights; `None` if it is at neither nor between.
        let span = |from: f64, to: f64| {
            if from > high[1] || to < low[1] {
                None
            } else if slope.is_finite() {
                let (from, to) = (at(from.max(low[1])), at(to.min(high[1])));
                Some((from.min(to), from.max(to)))
            } else {
                // A horizontal edge has no slope; its whole width is taken.
                Some((least, greatest))
            }
        };
        // A crossing of a line between rows is half-open: it counts for the line at the lower end of the edge.
        let crossing = |line: f64| (low[1] <= line && line < high[1]).then(|| self.clamp(0, at(line)));
        let (slack, wide) = (self.slack, 2.0 * self.slack);
        let first = self.clamp(1, low[1] - slack);
        let mut south = span(first as f64 - wide, first as f64 + wide);
        for j in first..=self.clamp(1, high[1] + slack) {
            let (line, next) = (j as f64, (j + 1) as f64);
            let north = span(next - wide, next + wide);
            let row = span(line - slack, next + slack).unwrap_or((least, greatest));
            let band = span(line - wide, next + wide).unwrap_or((least, greatest));
            let (under, over) = (crossing(line), crossing(next));
            for i in self.clamp(0, row.0 - slack)..=self.clamp(0, row.1 + slack) {
                let (west, east) = (i as f64, (i + 1) as f64);
                let meets =
                    |span: (f64, f64), from: f64, to: f64| span.0 - wide <= to && span.1 + wide >= from;
                let flag = |held: bool, flag: u8| if held { flag } else { 0 };
                touch(Touch {
                    cell: (j * self.sides[0] + i) as u32,
                    flags: flag(meets(band, west, west), WEST)
                        | flag(meets(band, east, east), EAST)
                        | flag(south.is_some_and(|span| meets(span, west, east)), SOUTH)
                        | flag(north.is_some_and(|span| meets(span, west, east)), NORTH)
                        | flag(under == Some(i), CROSSES_SOUTH)
                        | flag(over == Some(i), CROSSES_NORTH),
                });
            }
            south = north;
        }
    }
}

#[multiversion::multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw", "x86_64+avx2"))]
fn cells_of(grid: &Grid, x: &[f64], y: &[f64], cells: &mut [u32]) {
    let Grid { low: [low_x, low_y], density: [density_x, density_y], sides, .. } = *grid;
    let (most_x, most_y, width) = ((sides[0] - 1) as f64, (sides[1] - 1) as f64, sides[0] as f64);
    for ((x, y), cell) in x.iter().zip(y).zip(cells) {
        // The cell k goes from k - 0.5 to k + 0.5 here, for rounding; comparisons take NaN to 0.
        let i = (x - low_x) * density_x + 0.5;
        let j = (y - low_y) * density_y + 0.5;
        let i = if i > 0.0 { i } else { 0.0 };
        let j = if j > 0.0 { j } else { 0.0 };
        let i = (if i < most_x { i } else { most_x } + ROUND) - ROUND;
        let j = (if j < most_y { j } else { most_y } + ROUND) - ROUND;
        *cell = (j * width + i + ROUND).to_bits() as u32;
    }
}
