//! A cell cut by few edges of a polygon.
use super::grid::{EAST, NORTH, SOUTH, WEST};
use crate::types::Coord;

/// Edges of a polygon in a cell, and a side of the cell that none of them touches: a point of the cell is on the same
/// side of the boundary as that side of the cell is, if the way straight to it crosses an even number of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut {
    first: u32,
    count: u16,
    /// Whether the way is along y: x and y of the edges are exchanged then.
    along_y: bool,
}

/// The edges of all cuts, turned so that a point on their left has them on its way to the free side.
#[derive(Debug, Default)]
pub(super) struct Cuts {
    edges: Vec<[Coord; 2]>,
}

/// Relative error of the orientation of three points computed in floating-point numbers.
///
/// Shewchuk, J. R. (1997). Adaptive precision floating-point arithmetic and fast robust geometric predicates, eq. 28:
/// (3 + 16 ε) ε with ε = 2^-53.
const ORIENTATION_ERROR: f64 = 3.330_669_073_875_471_6e-16;

impl Cuts {
    /// Keeps the edges of a cell for the way to the first side that is not among those touched; `None` if all are.
    pub(super) fn push(&mut self, edges: impl Iterator<Item = [Coord; 2]>, side: u8) -> Cut {
        let first = self.edges.len() as u32;
        let along_y = matches!(side, SOUTH | NORTH);
        for [a, b] in edges {
            let [a, b] = if along_y { [a, b].map(|c| Coord { x: c.y, y: c.x }) } else { [a, b] };
            // The way goes to greater x if edges go up, to lesser x if they go down.
            let upward = matches!(side, EAST | NORTH);
            self.edges.push(if (a.y < b.y) == upward { [a, b] } else { [b, a] });
        }
        Cut { first, count: (self.edges.len() - first as usize) as u16, along_y }
    }

    /// Whether the way from a point of the cell to the free side crosses an odd number of edges; `None` if rounding
    /// forbids to say or, with `strict`, if the point may be on an edge.
    pub(super) fn crosses_odd(&self, cut: Cut, x: f64, y: f64, strict: bool) -> Option<bool> {
        let (x, y) = if cut.along_y { (y, x) } else { (x, y) };
        let (mut odd, mut unsure) = (false, false);
        for [a, b] in &self.edges[cut.first as usize..cut.first as usize + usize::from(cut.count)] {
            let crosses = (a.y <= y) != (b.y <= y);
            let left = (b.x - a.x) * (y - a.y);
            let right = (b.y - a.y) * (x - a.x);
            let turn = left - right;
            let error = ORIENTATION_ERROR * (left.abs() + right.abs());
            odd ^= crosses & (turn > 0.0);
            // Written so that NaN is unsure.
            let sure = (turn > error) | (turn < -error);
            unsure |= (crosses & !sure) | (strict & ((a.y == y) | (b.y == y)));
        }
        (!unsure).then_some(odd)
    }
}

/// A side that is not among those touched.
pub(super) fn free_side(touched: u8) -> Option<u8> {
    [WEST, EAST, SOUTH, NORTH].into_iter().find(|side| touched & side == 0)
}
