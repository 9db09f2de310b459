//! What two edges have in common.
use geo::kernels::{Kernel, Orientation, RobustKernel};

use super::outline::bounds_of;
use crate::types::Coord;

/// The points in which two edges meet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Contact {
    None,
    /// One point: an end of one of them, exactly, or where they cross, rounded.
    Point(Coord),
    /// A stretch between two of the ends.
    Along(Coord, Coord),
}

/// Where two edges meet. The answer is the same to the bit whichever edge comes first and whichever way they run: what
/// two neighbours share stays shared.
pub(crate) fn contact(one: [Coord; 2], other: [Coord; 2]) -> Contact {
    if !bounds_of(one).meets(&bounds_of(other)) {
        return Contact::None;
    }
    let ordered = |[a, b]: [Coord; 2]| if before(b, a) { [b, a] } else { [a, b] };
    let ([a, b], [c, d]) = match (ordered(one), ordered(other)) {
        (first, second) if before(second[0], first[0]) => (second, first),
        (first, second) if first[0] == second[0] && before(second[1], first[1]) => (second, first),
        pair => pair,
    };
    let side = RobustKernel::orient2d;
    let (ab_c, ab_d) = (side(a, b, c), side(a, b, d));
    if ab_c == ab_d && ab_c != Orientation::Collinear {
        return Contact::None;
    }
    if ab_c == Orientation::Collinear && ab_d == Orientation::Collinear {
        // On one line, ordered along it.
        let start = if before(a, c) { c } else { a };
        let end = if before(b, d) { b } else { d };
        return match start {
            start if before(end, start) => Contact::None,
            start if start == end => Contact::Point(start),
            start => Contact::Along(start, end),
        };
    }
    let (cd_a, cd_b) = (side(c, d, a), side(c, d, b));
    if cd_a == cd_b && cd_a != Orientation::Collinear {
        return Contact::None;
    }
    let ends = [(c, ab_c), (d, ab_d), (a, cd_a), (b, cd_b)];
    if let Some((end, _)) = ends.into_iter().find(|(_, side)| *side == Orientation::Collinear) {
        return Contact::Point(end);
    }
    // From an end of its own, so that few digits are lost.
    let cross = |p: Coord, q: Coord| p.x * q.y - p.y * q.x;
    let along = cross(c - a, d - c) / cross(b - a, d - c);
    let middle = a + (b - a) * along;
    let within = |v: f64, p: f64, q: f64| v.max(p.min(q)).min(p.max(q));
    Contact::Point(Coord { x: within(middle.x, a.x, b.x) + 0.0, y: within(middle.y, a.y, b.y) + 0.0 })
}

/// Order from west to east, then from south to north.
pub(crate) fn before(a: Coord, b: Coord) -> bool {
    a.x < b.x || (a.x == b.x && a.y < b.y)
}
