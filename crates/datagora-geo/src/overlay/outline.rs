//! The boundary of a surface as directed edges, found by rectangle.
use geo::kernels::{Kernel, Orientation, RobustKernel};

use crate::geometry::{Bounds, Part, PartKind, Ring};
use crate::measure::signed_area;
use crate::types::Coord;

/// Edges under one rectangle, and rectangles under one.
const FANOUT: usize = 16;

/// Rings of a surface, each wound so that the surface is on the left, without the point that closes them and without
/// repeated points.
///
/// Edge `i` goes from point `i` to point `next[i]`. Edges that follow each other along a ring are near each other, so
/// rectangles around 16 of them, around 16 of those and so on make a tree without any sorting.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outline {
    points: Vec<Coord>,
    next: Vec<u32>,
    /// First edge of each ring, and the number of edges.
    rings: Vec<u32>,
    levels: Vec<Vec<Bounds>>,
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
                outline.push(ring, (signed_area(ring) < 0.0) == (index == 0));
            }
        }
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

    fn push(&mut self, ring: Ring<'_>, turn: bool) {
        if turn { self.close(ring.points().rev()) } else { self.close(ring.points()) }
    }

    fn close(&mut self, points: impl Iterator<Item = Coord>) {
        let start = self.points.len();
        for point in points {
            // One zero: points are compared by their bits.
            let point = Coord { x: point.x + 0.0, y: point.y + 0.0 };
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
        let mut level: Vec<Bounds> = (0..self.len())
            .step_by(FANOUT)
            .map(|start| {
                let edges = start..(start + FANOUT).min(self.len());
                edges.map(|edge| self.edge_bounds(edge)).fold(Bounds::EMPTY, Bounds::union)
            })
            .collect();
        while level.len() > 1 {
            let above = level
                .chunks(FANOUT)
                .map(|below| below.iter().copied().fold(Bounds::EMPTY, Bounds::union))
                .collect();
            self.levels.push(std::mem::replace(&mut level, above));
        }
        self.levels.push(level);
    }

    /// Number of edges.
    pub(crate) fn len(&self) -> usize {
        self.points.len()
    }

    /// The rectangle around all; empty without edges.
    pub(crate) fn bounds(&self) -> Bounds {
        self.levels.last().and_then(|level| level.first()).copied().unwrap_or(Bounds::EMPTY)
    }

    pub(crate) fn edge(&self, edge: usize) -> [Coord; 2] {
        [self.points[edge], self.points[self.next[edge] as usize]]
    }

    /// The edge that follows.
    pub(crate) fn next(&self, edge: usize) -> usize {
        self.next[edge] as usize
    }

    /// The edges of each ring.
    pub(crate) fn rings(&self) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
        self.rings.windows(2).map(|ends| ends[0] as usize..ends[1] as usize)
    }

    pub(crate) fn points(&self, ring: std::ops::Range<usize>) -> &[Coord] {
        &self.points[ring]
    }

    pub(crate) fn edge_bounds(&self, edge: usize) -> Bounds {
        bounds_of(self.edge(edge))
    }

    /// Calls with each edge whose rectangle meets the window, ascending.
    pub(crate) fn visit(&self, window: &Bounds, found: &mut impl FnMut(usize)) {
        let top = self.levels.len() - 1;
        self.descend(top, 0..self.levels[top].len(), window, found);
    }

    fn descend(
        &self,
        level: usize,
        nodes: std::ops::Range<usize>,
        window: &Bounds,
        found: &mut impl FnMut(usize),
    ) {
        for node in nodes {
            if !self.levels[level][node].meets(window) {
                continue;
            }
            let below = node * FANOUT..(node + 1) * FANOUT;
            if level > 0 {
                self.descend(
                    level - 1,
                    below.start..below.end.min(self.levels[level - 1].len()),
                    window,
                    found,
                );
            } else {
                for edge in below.start..below.end.min(self.len()) {
                    if self.edge_bounds(edge).meets(window) {
                        found(edge);
                    }
                }
            }
        }
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

/// Area on the left of a ring given without the point that closes it.
pub(crate) fn ring_area(ring: &[Coord]) -> f64 {
    let Some(&origin) = ring.first() else { return 0.0 };
    let cross =
        |a: Coord, b: Coord| (a.x - origin.x) * (b.y - origin.y) - (b.x - origin.x) * (a.y - origin.y);
    ring.windows(2).map(|pair| cross(pair[0], pair[1])).sum::<f64>() / 2.0
}

pub(crate) fn bounds_of([a, b]: [Coord; 2]) -> Bounds {
    Bounds { min_x: a.x.min(b.x), min_y: a.y.min(b.y), max_x: a.x.max(b.x), max_y: a.y.max(b.y) }
}
