//! The boundary of a surface as directed edges, found by rectangle.
use std::ops::{ControlFlow, Range};

use geo::kernels::{Kernel, Orientation, RobustKernel};

use super::boxes::BoxTree;
use super::contact::before;
use crate::geometry::{Bounds, Part, PartKind, Ring};
use crate::types::Coord;

/// Rings of a surface, each wound so that the surface is on the left, without the point that closes them and without
/// repeated points.
///
/// Edge `i` goes from point `i` to point `next[i]`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outline {
    points: Vec<Coord>,
    next: Vec<u32>,
    /// First edge of each ring, and the number of edges.
    rings: Vec<u32>,
    tree: BoxTree,
}

/// Where a point is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Inside,
    Outside,
    /// On an edge or a vertex.
    Boundary,
}

impl Outline {
    /// The surfaces among the parts of a row.
    pub(crate) fn of<'a>(parts: impl Iterator<Item = Part<'a>>) -> Self {
        let mut outline = Outline { rings: vec![0], ..Outline::default() };
        for part in parts.filter(|part| part.kind == PartKind::Polygon) {
            for (index, ring) in part.rings().enumerate() {
                outline.push(ring, index == 0);
            }
        }
        outline.build();
        outline
    }

    /// What a ring goes round, whichever way.
    pub(crate) fn around(ring: Ring<'_>) -> Self {
        let mut outline = Outline { rings: vec![0], ..Outline::default() };
        outline.push(ring, true);
        outline.build();
        outline
    }

    /// Rings taken as they are wound, each without the point that closes it.
    pub(crate) fn of_rings(rings: &[Vec<Coord>]) -> Self {
        let mut outline = Outline { rings: vec![0], ..Outline::default() };
        for ring in rings {
            outline.close(ring.iter().copied());
        }
        outline.build();
        outline
    }

    /// Adds a ring, counter-clockwise around ground or clockwise around a hole.
    fn push(&mut self, ring: Ring<'_>, ground: bool) {
        let start = self.points.len();
        self.close(ring.points());
        if (sense(&self.points[start..]) == Orientation::CounterClockwise) != ground {
            self.points[start..].reverse();
        }
    }

    fn close(&mut self, points: impl Iterator<Item = Coord>) {
        let start = self.points.len();
        for point in points {
            let point = zeroed(point);
            if self.points.len() == start || self.points.last() != Some(&point) {
                self.points.push(point);
            }
        }
        while self.points.len() > start + 1 && self.points.last() == Some(&self.points[start]) {
            self.points.pop();
        }
        if self.points.len() < start + 3 {
            self.points.truncate(start);
            return;
        }
        self.next.extend((start + 1..self.points.len()).map(|next| next as u32));
        self.next.push(start as u32);
        self.rings.push(self.points.len() as u32);
    }

    fn build(&mut self) {
        let mut tree = std::mem::take(&mut self.tree);
        tree.rebuild(self.len(), |edge| self.edge_bounds(edge));
        self.tree = tree;
    }

    /// Number of edges.
    pub(crate) fn len(&self) -> usize {
        self.points.len()
    }

    /// The rectangle around all; empty without edges.
    pub(crate) fn bounds(&self) -> Bounds {
        self.tree.bounds()
    }

    pub(crate) fn edge(&self, edge: usize) -> [Coord; 2] {
        [self.points[edge], self.points[self.next[edge] as usize]]
    }

    /// The edge that follows.
    pub(crate) fn next(&self, edge: usize) -> usize {
        self.next[edge] as usize
    }

    /// The edge that comes before.
    pub(crate) fn previous(&self, edge: usize) -> usize {
        match edge.checked_sub(1) {
            Some(before) if self.next(before) == edge => before,
            _ => self.rings[self.ring_of(edge) + 1] as usize - 1,
        }
    }

    /// The ring that an edge is of.
    pub(crate) fn ring_of(&self, edge: usize) -> usize {
        self.rings.partition_point(|&start| start as usize <= edge) - 1
    }

    /// The edges of each ring.
    pub(crate) fn rings(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        self.rings.windows(2).map(|ends| ends[0] as usize..ends[1] as usize)
    }

    pub(crate) fn points(&self, ring: Range<usize>) -> &[Coord] {
        &self.points[ring]
    }

    pub(crate) fn edge_bounds(&self, edge: usize) -> Bounds {
        bounds_of(self.edge(edge))
    }

    /// Calls with each edge whose rectangle meets the window, ascending.
    pub(crate) fn visit(&self, window: &Bounds, found: &mut impl FnMut(usize)) {
        self.tree.visit(window, &|edge| self.edge_bounds(edge), found);
    }

    /// Calls with each edge of this and each of another outline whose rectangles meet, until told to stop.
    pub(crate) fn pairs(
        &self,
        other: &Outline,
        found: &mut impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let (own, others) = (|edge| self.edge_bounds(edge), |edge| other.edge_bounds(edge));
        self.tree.pairs(&other.tree, &own, &others, found)
    }

    /// Calls with each two edges whose rectangles meet, the lower first, until told to stop.
    pub(crate) fn own_pairs(
        &self,
        found: &mut impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        self.tree.own_pairs(&|edge| self.edge_bounds(edge), usize::MAX, found)
    }

    /// How often the rings of `of` go round a point counter-clockwise, and whether the point is on one of them.
    pub(crate) fn winding(&self, point: Coord, of: impl Fn(usize) -> bool) -> (i32, bool) {
        let (mut winding, mut touched) = (0, false);
        let eastwards = Bounds { min_x: point.x, min_y: point.y, max_x: f64::INFINITY, max_y: point.y };
        self.visit(&eastwards, &mut |edge| {
            if !of(edge) {
                return;
            }
            let [a, b] = self.edge(edge);
            let (up, down) = (a.y <= point.y && b.y > point.y, b.y <= point.y && a.y > point.y);
            if a.x.min(b.x) > point.x {
                winding += i32::from(up) - i32::from(down);
                return;
            }
            match RobustKernel::orient2d(a, b, point) {
                // The rectangle of the edge holds the point's height and reaches its east, not yet the point itself.
                Orientation::Collinear => {
                    touched |= point.x <= a.x.max(b.x)
                        && point.y >= a.y.min(b.y)
                        && point.y <= a.y.max(b.y)
                        && point.x >= a.x.min(b.x);
                }
                Orientation::CounterClockwise => winding += i32::from(up),
                Orientation::Clockwise => winding -= i32::from(down),
            }
        });
        (winding, touched)
    }

    /// Where a point is, without rounding.
    pub(crate) fn place(&self, point: Coord) -> Place {
        if !self.bounds().meets(&bounds_of([point, point])) {
            return Place::Outside;
        }
        match self.winding(point, |_| true) {
            (_, true) => Place::Boundary,
            (0, false) => Place::Outside,
            _ => Place::Inside,
        }
    }

    /// Area on the left of the rings, measured from a corner near to them.
    pub(crate) fn area(&self) -> f64 {
        self.rings().map(|ring| ring_area(self.points(ring))).sum()
    }
}

/// Which way a ring goes round. The turn at its westernmost point tells for a ring that does not meet itself, exactly; for
/// others the greater area does.
pub(crate) fn sense(ring: &[Coord]) -> Orientation {
    let area = ring_area(ring);
    let around = bounds_of_all(ring);
    if area.abs() > UNDOUBTED * (around.max_x - around.min_x) * (around.max_y - around.min_y) {
        return if area > 0.0 { Orientation::CounterClockwise } else { Orientation::Clockwise };
    }
    let first = (0..ring.len()).reduce(|a, b| if before(ring[b], ring[a]) { b } else { a });
    first.map_or(Orientation::Collinear, |k| {
        let (last, next) = ((k + ring.len() - 1) % ring.len(), (k + 1) % ring.len());
        RobustKernel::orient2d(ring[last], ring[k], ring[next])
    })
}

/// Share of the rectangle beyond which rounding cannot have turned the sign of an area.
const UNDOUBTED: f64 = 1e-9;

/// Area on the left of a ring given without the point that closes it.
pub(crate) fn ring_area(ring: &[Coord]) -> f64 {
    let Some(&origin) = ring.first() else { return 0.0 };
    let cross =
        |a: Coord, b: Coord| (a.x - origin.x) * (b.y - origin.y) - (b.x - origin.x) * (a.y - origin.y);
    ring.windows(2).map(|pair| cross(pair[0], pair[1])).sum::<f64>() / 2.0
}

/// With one zero: points are compared by their bits.
pub(crate) fn zeroed(point: Coord) -> Coord {
    Coord { x: point.x + 0.0, y: point.y + 0.0 }
}

/// The rectangle around an edge.
pub(crate) fn bounds_of([a, b]: [Coord; 2]) -> Bounds {
    Bounds { min_x: a.x.min(b.x), min_y: a.y.min(b.y), max_x: a.x.max(b.x), max_y: a.y.max(b.y) }
}

/// The rectangle around points.
pub(crate) fn bounds_of_all(points: &[Coord]) -> Bounds {
    points.iter().map(|&point| bounds_of([point, point])).fold(Bounds::EMPTY, Bounds::union)
}
