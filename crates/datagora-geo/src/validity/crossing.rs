//! Where a ring meets itself.
use geo::kernels::{Kernel, Orientation, RobustKernel};

use super::FaultKind;
use crate::geometry::Ring;
use crate::overlay::{Contact, Outline, contact};
use crate::types::Coord;

/// A point where a ring crosses, touches or retraces itself, and whether it is a spike; `None` if it is simple.
///
/// Edges are looked up by rectangle: time grows with the number of edges, and of those whose rectangles meet.
pub(super) fn self_intersection(ring: Ring<'_>) -> Option<(FaultKind, Coord)> {
    let outline = Outline::of_rings(&[ring.points().collect()]);
    let spike = (0..outline.len()).find_map(|edge| {
        let ends = outline.edge(edge);
        retraced(ends, outline.edge(outline.next(edge)), ends[1])
    });
    if let Some(at) = spike {
        return Some((FaultKind::Spike, at));
    }
    let mut found = None;
    for edge in 0..outline.len() {
        let ends = outline.edge(edge);
        outline.visit(&outline.edge_bounds(edge), &mut |other| {
            // Neighbours share the point between them, and no more.
            let neighbours = outline.next(edge) == other || outline.next(other) == edge;
            if other <= edge || neighbours || found.is_some() {
                return;
            }
            found = match contact(ends, outline.edge(other)) {
                Contact::None => None,
                Contact::Point(at) | Contact::Along(at, _) => Some(at),
            };
        });
        if found.is_some() {
            break;
        }
    }
    found.map(|at| (FaultKind::SelfIntersection, at))
}

/// Where two edges that share an end run along each other.
fn retraced(edge: [Coord; 2], other: [Coord; 2], shared: Coord) -> Option<Coord> {
    let far = |[a, b]: [Coord; 2]| if a == shared { b } else { a };
    let (a, b) = (far(edge), far(other));
    let straight = RobustKernel::orient2d(a, shared, b) == Orientation::Collinear;
    let back = (a.x - shared.x) * (b.x - shared.x) + (a.y - shared.y) * (b.y - shared.y) > 0.0;
    (straight && back).then_some(shared)
}
