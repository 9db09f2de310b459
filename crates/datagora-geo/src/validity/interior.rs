//! Whether the interior of a polygon hangs together.
use std::ops::ControlFlow;

use crate::overlay::{Meeting, Outline, by_place, meeting};
use crate::types::Coord;

/// A ring and a point of it where rings that touch cut the interior in two; `None` if it hangs together.
///
/// Rings that cross nothing and share no more than points cut the interior where one can go from ring to ring by points
/// that two have in common and come back by others: the rings and these points are a graph, and it must have no circle.
/// `touching` are the pairs of rings that share points. Points are compared without rounding.
pub(super) fn cut(rings: &[&Outline], touching: &[(usize, usize)]) -> Option<(usize, Coord)> {
    if touching.is_empty() {
        return None;
    }
    let mut shared: Vec<(Coord, usize)> = Vec::new();
    for &(one, other) in touching {
        let (left, right) = (rings[one], rings[other]);
        let _ = left.pairs(right, &mut |edge, of_other| {
            if let Meeting::End(at) = meeting(left.edge(edge), right.edge(of_other)) {
                shared.extend([(at, one), (at, other)]);
            }
            ControlFlow::Continue(())
        });
    }
    shared.sort_unstable_by(|a, b| by_place(a.0, b.0).then(a.1.cmp(&b.1)));
    shared.dedup();
    let mut components = Components { above: (0..rings.len()).collect() };
    for group in shared.chunk_by(|a, b| a.0 == b.0) {
        let (at, first) = group[0];
        for &(_, ring) in &group[1..] {
            if !components.join(first, ring) {
                return Some((ring, at));
            }
        }
    }
    None
}

/// Rings that hang together so far, as a forest.
struct Components {
    above: Vec<usize>,
}

impl Components {
    fn root(&mut self, mut ring: usize) -> usize {
        while self.above[ring] != ring {
            // Halves the way for those that come after.
            self.above[ring] = self.above[self.above[ring]];
            ring = self.above[ring];
        }
        ring
    }

    /// False if they hung together before.
    fn join(&mut self, one: usize, other: usize) -> bool {
        let (one, other) = (self.root(one), self.root(other));
        self.above[other] = one;
        one != other
    }
}
