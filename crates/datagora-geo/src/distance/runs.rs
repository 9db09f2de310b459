//! Geometries cut into short runs of segments, and the distance between runs.
use geo::kernels::{Kernel, Orientation, RobustKernel};

use crate::GeometryColumn;
use crate::geometry::{Bounds, Part, PartKind};
use crate::join::Position;
use crate::types::Coord;

/// The runs of some rows of a column. Part by part, a point is a run of its own, and a line or ring is cut into runs of
/// up to [`SEGMENTS`] segments, each beginning where the one before ends.
#[derive(Clone, Debug, Default)]
pub(crate) struct Runs {
    points: Vec<Coord>,
    runs: Vec<Run>,
    anchors: Vec<Anchor>,
}

/// A run: its points from `start` to before `end`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    pub(crate) row: u32,
    pub(crate) bounds: Bounds,
    start: u32,
    end: u32,
}

/// A point of each connected piece of a row: a piece none of whose segments meets the boundary of a polygon is in it if
/// this one of its points is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Anchor {
    pub(crate) row: u32,
    pub(crate) at: Coord,
}

/// Segments per run: few enough that a rectangle says where they are, enough that there are not many rectangles.
const SEGMENTS: usize = 12;

impl Runs {
    /// Of all rows.
    pub(crate) fn of(column: &GeometryColumn) -> Self {
        let mut runs = Runs::default();
        (0..column.len()).for_each(|row| runs.add(column, row));
        runs
    }

    /// Of one row, in place of what was there.
    pub(crate) fn only(&mut self, column: &GeometryColumn, row: usize) {
        self.points.clear();
        self.runs.clear();
        self.anchors.clear();
        self.add(column, row);
    }

    fn add(&mut self, column: &GeometryColumn, row: usize) {
        for part in column.parts(row) {
            let row = row as u32;
            for ring in part.rings().filter(|ring| ring.len() > 0) {
                if matches!(part.kind, PartKind::Point | PartKind::MultiPoint) {
                    for point in ring.points() {
                        self.anchors.push(Anchor { row, at: point });
                        self.push(row, std::iter::once(point));
                    }
                    continue;
                }
                self.anchors.push(Anchor { row, at: ring.point(0) });
                for start in (0..ring.len().max(2) - 1).step_by(SEGMENTS) {
                    let end = (start + SEGMENTS + 1).min(ring.len());
                    self.push(row, (start..end).map(|point| ring.point(point)));
                }
            }
        }
    }

    fn push(&mut self, row: u32, points: impl Iterator<Item = Coord>) {
        let start = self.points.len();
        self.points.extend(points);
        let bounds = self.points[start..].iter().fold(Bounds::EMPTY, |bounds, &Coord { x, y }| {
            bounds.union(Bounds { min_x: x, min_y: y, max_x: x, max_y: y })
        });
        self.runs.push(Run { row, bounds, start: start as u32, end: self.points.len() as u32 });
    }

    /// Of points, in the order of their rows.
    pub(crate) fn of_points(points: impl IntoIterator<Item = (u32, Coord)>) -> Self {
        let mut runs = Runs::default();
        for (row, at) in points {
            runs.anchors.push(Anchor { row, at });
            runs.push(row, std::iter::once(at));
        }
        runs
    }

    /// The rectangle around all.
    pub(crate) fn bounds(&self) -> Bounds {
        self.runs.iter().fold(Bounds::EMPTY, |all, run| all.union(run.bounds))
    }

    pub(crate) fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// By row, ascending.
    pub(crate) fn anchors(&self) -> &[Anchor] {
        &self.anchors
    }

    fn points(&self, run: &Run) -> &[Coord] {
        &self.points[run.start as usize..run.end as usize]
    }

    /// Squared distance from all of these runs to a run of others, if it is less than `most`; otherwise `most` or more.
    pub(crate) fn squared_to(&self, others: &Runs, other: &Run, most: f64) -> f64 {
        let mut least = most;
        for run in &self.runs {
            if least_squared_gap(&run.bounds, &other.bounds) < least {
                least = least.min(squared_between(self.points(run), others.points(other)));
            }
        }
        least
    }

    /// Squared distance between the boundaries (of surfaces), lines and points of two sets of runs.
    pub(crate) fn squared(&self, others: &Runs) -> f64 {
        others
            .runs
            .iter()
            .fold(f64::INFINITY, |least, other| least.min(self.squared_to(others, other, least)))
    }
}

/// Squared distance between two rectangles, lowered by what rounding may do to the distance of what is in them, so that
/// no computed distance is below it.
pub(crate) fn least_squared_gap(a: &Bounds, b: &Bounds) -> f64 {
    let dx = (b.min_x - a.max_x).max(a.min_x - b.max_x).max(0.0);
    let dy = (b.min_y - a.max_y).max(a.min_y - b.max_y).max(0.0);
    let reach = |c: &Bounds| (c.max_x - c.min_x) + (c.max_y - c.min_y);
    let slack = 16.0 * f64::EPSILON * (dx + dy + reach(a) + reach(b));
    let (dx, dy) = ((dx - slack).max(0.0), (dy - slack).max(0.0));
    dx * dx + dy * dy
}

/// Squared distance between two runs: 0 if they meet, otherwise that of a point of one to a segment of the other.
fn squared_between(a: &[Coord], b: &[Coord]) -> f64 {
    if a.len() > 1
        && b.len() > 1
        && a.windows(2).any(|a| b.windows(2).any(|b| meet([a[0], a[1]], [b[0], b[1]])))
    {
        return 0.0;
    }
    squared_from_points(a, b).min(if a.len() > 1 { squared_from_points(b, a) } else { f64::INFINITY })
}

/// Least squared distance from a point of `points` to the run.
fn squared_from_points(points: &[Coord], run: &[Coord]) -> f64 {
    let of_point = |p: &Coord| match run {
        [only] => (p.x - only.x) * (p.x - only.x) + (p.y - only.y) * (p.y - only.y),
        _ => run.windows(2).fold(f64::INFINITY, |least, s| least.min(squared_to_segment(*p, s[0], s[1]))),
    };
    points.iter().map(of_point).fold(f64::INFINITY, f64::min)
}

/// Squared distance from a point to a segment.
fn squared_to_segment(p: Coord, a: Coord, b: Coord) -> f64 {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let (px, py) = (p.x - a.x, p.y - a.y);
    let (qx, qy) = (p.x - b.x, p.y - b.y);
    let length = dx * dx + dy * dy;
    let ends = (px * px + py * py).min(qx * qx + qy * qy);
    // Beside the segment if the angles at both ends are acute; a segment without length has only ends.
    if px * dx + py * dy > 0.0 && qx * dx + qy * dy < 0.0 && length > 0.0 {
        let across = dx * py - dy * px;
        ends.min(across * across / length)
    } else {
        ends
    }
}

/// Whether two segments share a point; exact.
fn meet([a, b]: [Coord; 2], [c, d]: [Coord; 2]) -> bool {
    let apart = |a: f64, b: f64, c: f64, d: f64| a.max(b) < c.min(d) || c.max(d) < a.min(b);
    if apart(a.x, b.x, c.x, d.x) || apart(a.y, b.y, c.y, d.y) {
        return false;
    }
    let side = RobustKernel::orient2d;
    let (of_c, of_d) = (side(a, b, c), side(a, b, d));
    if of_c == of_d && of_c != Orientation::Collinear {
        return false;
    }
    let (of_a, of_b) = (side(c, d, a), side(c, d, b));
    // All on one line: their rectangles meet, and so do they.
    of_a != of_b || of_a == Orientation::Collinear
}

/// Whether a point is in a polygon or on its boundary; exact. Rings count by the even–odd rule.
pub(crate) fn covers(polygon: &Part<'_>, point: Coord) -> bool {
    let mut position = Position::default();
    for edge in polygon.rings().flat_map(|ring| ring.segments()) {
        position.pass(edge, point.x, point.y);
        if position.on_boundary {
            return true;
        }
    }
    position.odd
}
