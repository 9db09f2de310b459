//! Where a ring meets itself.
use geo::kernels::{Kernel, Orientation, RobustKernel};

use crate::geometry::Ring;
use crate::types::Coord;

/// A point where a ring crosses, touches or retraces itself; `None` if it is simple.
///
/// Edges are swept from west to east: time grows with the number of edges that are above each other.
pub(super) fn self_intersection(ring: Ring<'_>) -> Option<Coord> {
    let mut edges: Vec<(usize, [Coord; 2])> = ring.segments().filter(|[a, b]| a != b).enumerate().collect();
    let count = edges.len();
    let west = |[a, b]: [Coord; 2]| a.x.min(b.x);
    edges.sort_by(|a, b| west(a.1).total_cmp(&west(b.1)));
    for (k, &(i, edge)) in edges.iter().enumerate() {
        let east = edge[0].x.max(edge[1].x);
        for &(j, other) in edges[k + 1..].iter().take_while(|(_, other)| west(*other) <= east) {
            let (low, high) = (i.min(j), i.max(j));
            // Neighbours share the point between them; the last edge ends where the first begins.
            let shared = if high == low + 1 {
                Some(if j == high { edge[1] } else { other[1] })
            } else if low == 0 && high + 1 == count {
                Some(if i == low { edge[0] } else { other[0] })
            } else {
                None
            };
            let met = match shared {
                Some(shared) if count > 2 => retraced(edge, other, shared),
                _ => meeting(edge, other),
            };
            if met.is_some() {
                return met;
            }
        }
    }
    None
}

/// Where two edges that share an end run along each other.
fn retraced(edge: [Coord; 2], other: [Coord; 2], shared: Coord) -> Option<Coord> {
    let far = |[a, b]: [Coord; 2]| if a == shared { b } else { a };
    let (a, b) = (far(edge), far(other));
    let straight = RobustKernel::orient2d(a, shared, b) == Orientation::Collinear;
    let back = (a.x - shared.x) * (b.x - shared.x) + (a.y - shared.y) * (b.y - shared.y) > 0.0;
    (straight && back).then_some(shared)
}

/// A point that two edges have in common.
fn meeting([a, b]: [Coord; 2], [c, d]: [Coord; 2]) -> Option<Coord> {
    let apart = |a: f64, b: f64, c: f64, d: f64| a.max(b) < c.min(d) || c.max(d) < a.min(b);
    if apart(a.x, b.x, c.x, d.x) || apart(a.y, b.y, c.y, d.y) {
        return None;
    }
    let side = RobustKernel::orient2d;
    let (ab_c, ab_d) = (side(a, b, c), side(a, b, d));
    let (cd_a, cd_b) = (side(c, d, a), side(c, d, b));
    if (ab_c == ab_d && ab_c != Orientation::Collinear) || (cd_a == cd_b && cd_a != Orientation::Collinear) {
        return None;
    }
    // An end on the other edge is the meeting point itself; the rectangles meet, so collinear edges share one.
    let within = |p: Coord, [a, b]: [Coord; 2]| {
        p.x >= a.x.min(b.x) && p.x <= a.x.max(b.x) && p.y >= a.y.min(b.y) && p.y <= a.y.max(b.y)
    };
    let ends = [(c, ab_c, [a, b]), (d, ab_d, [a, b]), (a, cd_a, [c, d]), (b, cd_b, [c, d])];
    let on = |(p, side, edge): &(Coord, Orientation, [Coord; 2])| {
        *side == Orientation::Collinear && within(*p, *edge)
    };
    if let Some((point, ..)) = ends.iter().find(|end| on(end)) {
        return Some(*point);
    }
    let cross = |p: Coord, q: Coord| p.x * q.y - p.y * q.x;
    let along = cross(c - a, d - c) / cross(b - a, d - c);
    Some(a + (b - a) * along)
}
