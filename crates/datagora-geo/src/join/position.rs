//! The exact point-in-polygon test, edge by edge.
use geo::kernels::{Kernel, Orientation, RobustKernel};

use super::Boundary;
use crate::types::Coord;

/// Where a point is with respect to a polygon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Position {
    /// Whether a ray to the east crosses the boundary an odd number of times, a crossing being half-open: of the points
    /// on the boundary, exactly those are in whose neighbours to the east (and, on horizontal edges, north) are in.
    pub(crate) odd: bool,
    /// Whether it is on the boundary.
    pub(crate) on_boundary: bool,
}

impl Position {
    /// Takes another edge of the polygon into account; one without length is a point of the boundary.
    #[inline]
    pub(crate) fn pass(&mut self, [a, b]: [Coord; 2], x: f64, y: f64) {
        if (a.y <= y) != (b.y <= y) {
            if x < a.x.min(b.x) {
                self.odd = !self.odd;
            } else if x <= a.x.max(b.x) {
                match RobustKernel::orient2d(a, b, Coord { x, y }) {
                    Orientation::Collinear => self.on_boundary = true,
                    side => self.odd ^= (side == Orientation::CounterClockwise) == (b.y > a.y),
                }
            }
        } else if a.y == y || b.y == y {
            // An end that the half-open rule leaves out, or a horizontal edge.
            let on = if a.y == b.y {
                x >= a.x.min(b.x) && x <= a.x.max(b.x)
            } else {
                (if a.y == y { a.x } else { b.x }) == x
            };
            self.on_boundary |= on;
        }
    }

    /// Whether the polygon holds the point.
    pub(crate) fn is_held(self, boundary: Boundary) -> bool {
        match boundary {
            Boundary::HalfOpen => self.odd,
            Boundary::Within => self.odd && !self.on_boundary,
            Boundary::Covers => self.odd || self.on_boundary,
        }
    }
}
