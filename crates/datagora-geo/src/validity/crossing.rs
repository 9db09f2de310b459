//! Where a ring meets itself.
use std::ops::ControlFlow;

use geo::kernels::{Kernel, Orientation, RobustKernel};

use super::FaultKind;
use super::sweep::{Unordered, first_meeting};
use crate::geometry::Ring;
use crate::overlay::{BoxTree, bounds_of, contact, zeroed};
use crate::types::Coord;

/// Finds where rings meet themselves; keeps its memory from one ring to the next.
#[derive(Default)]
pub(super) struct Crossings {
    /// Of the ring, without repeated points and the one that closes it.
    points: Vec<Coord>,
    tree: BoxTree,
}

/// Runs of edges compared with each other, per run, and pairs of edges, per edge, beyond which a ring is swept instead.
const RUNS: usize = 64;
const PAIRS: usize = 64;

impl Crossings {
    /// A point where a ring crosses, touches or retraces itself, and whether it is a spike; `None` if it is simple.
    pub(super) fn find(&mut self, ring: Ring<'_>) -> Option<(FaultKind, Coord)> {
        let Crossings { points, tree } = self;
        points.clear();
        points.extend(ring.points().map(zeroed));
        points.dedup();
        while points.len() > 1 && points.first() == points.last() {
            points.pop();
        }
        let count = points.len();
        if count < 3 {
            return None;
        }
        let spike = (0..count).find(|&k| {
            let (before, after) = (points[(k + count - 1) % count], points[(k + 1) % count]);
            turns_back(before, points[k], after)
        });
        if let Some(k) = spike {
            return Some((FaultKind::Spike, points[k]));
        }
        let edge = |k: usize| [points[k], points[if k + 1 == count { 0 } else { k + 1 }]];
        let bounds = |k: usize| bounds_of(edge(k));
        tree.rebuild(count, bounds);
        let mut found: Option<(usize, usize, Coord)> = None;
        let mut pairs = PAIRS * count;
        let stopped = tree.own_pairs(&bounds, RUNS * count.div_ceil(16) + RUNS, &mut |one, other| {
            // Neighbours share the point between them, and no more.
            if other == one + 1 || (one == 0 && other + 1 == count) {
                return ControlFlow::Continue(());
            }
            pairs = pairs.saturating_sub(1);
            if found.is_none_or(|(first, second, _)| (one, other) < (first, second)) {
                found = contact(edge(one), edge(other)).points().next().map(|at| (one, other, at)).or(found);
            }
            if pairs == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        let at = match (stopped, found) {
            (ControlFlow::Break(()), None) => {
                first_meeting(points).unwrap_or_else(|Unordered| first_of_all(points.len(), edge))
            }
            _ => found.map(|(.., at)| at),
        };
        at.map(|at| (FaultKind::SelfIntersection, at))
    }
}

/// A point where two edges that are no neighbours meet, each compared with each.
pub(super) fn first_of_all(count: usize, edge: impl Fn(usize) -> [Coord; 2]) -> Option<Coord> {
    let others = |one: usize| one + 2..if one == 0 { count - 1 } else { count };
    let pairs = (0..count).flat_map(|one| others(one).map(move |other| (one, other)));
    pairs.flat_map(|(one, other)| contact(edge(one), edge(other)).points()).next()
}

/// Whether the way through a point goes back the way it came.
pub(super) fn turns_back(before: Coord, at: Coord, after: Coord) -> bool {
    let back = (before.x - at.x) * (after.x - at.x) + (before.y - at.y) * (after.y - at.y) > 0.0;
    back && RobustKernel::orient2d(before, at, after) == Orientation::Collinear
}
