//! The curve beside a line or a ring, at a distance.
//!
//! The curve runs along the right of a path: beside each edge, by an arc or another corner outside of a bend, by the vertex
//! inside of it. It crosses itself as it likes: the curve of a line, both sides of it, is the sum of the rectangles around
//! its edges and of the sectors around its vertices, and that of a ring the sum of what it goes round and of such rectangles
//! and sectors on its right. Each is gone round counter-clockwise, so the winding number counts them, and the buffer is the
//! ground that is gone round at least once.
//!
//! Where the sides of both edges meet before the vertex inside of a bend, they end there instead. That takes the kite
//! between meeting and vertex away once, which the rectangles of both edges cover: as no edge is shortened by more than its
//! length, a point in some of those kites is in one rectangle more.
//!
//! Reference: Chen, X., McMains, S. (2005). Polygon offsetting by computing winding numbers. ASME DETC2005-85513.
use geo::kernels::{Kernel, Orientation, RobustKernel};

use super::arc::Arcs;
use super::options::{BufferCap, BufferJoin, BufferOptions};
use super::shallow::without_shallow;
use crate::types::Coord;

/// What curves run at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Beside<'a> {
    /// More than 0.
    pub(super) distance: f64,
    pub(super) options: &'a BufferOptions,
    pub(super) arcs: &'a Arcs,
}

/// Bends so slight that both sides of the corner are one point: what they are apart is 1e-13 of the distance.
const STRAIGHT: f64 = 1e-6;

/// Bends that nearly go back, by cosine: where both sides would meet is far beyond the edges, and not to be computed.
const BACK: f64 = -1.0 + 1e-6;

/// An edge of a path.
#[derive(Clone, Copy, Debug)]
struct Edge {
    /// To the right, as long as the distance.
    aside: Coord,
    length: f64,
    /// How much of it shortcuts have taken.
    used: f64,
}

/// The end of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Cap(BufferCap),
    /// Where it began: flat, by way of the point.
    Corner,
}

/// How the curve passes a vertex.
#[derive(Clone, Copy, Debug)]
enum Bend {
    /// Outside, by an angle.
    Out(f64),
    /// By one point: inside where the sides of both edges meet, or nearly straight on.
    Point(Coord),
    /// Inside, by the vertex.
    Vertex,
    /// Straight on.
    None,
}

impl Beside<'_> {
    /// Around a line of at least two points, of which no two that follow each other are the same.
    ///
    /// A line that comes back to its start has a corner there rather than two ends.
    pub(super) fn line(&self, line: &[Coord]) -> Vec<Vec<Coord>> {
        let closes = line.len() > 3 && line.first() == line.last();
        let round = self.options.cap == BufferCap::Round && self.options.join == BufferJoin::Round;
        let end = if closes && !round { End::Corner } else { End::Cap(self.options.cap) };
        let mut curve = Vec::with_capacity(4 * line.len() + 64);
        let back: Vec<Coord> = line.iter().rev().copied().collect();
        self.along(line, Some(end), &mut curve);
        self.along(&back, Some(end), &mut curve);
        let mut curves = vec![curve];
        if end == End::Corner {
            curves.extend(self.closing(line).or_else(|| self.closing(&back)));
        }
        curves
    }

    /// What the corner in which a line closes has on the right, if it is outside of the bend.
    fn closing(&self, line: &[Coord]) -> Option<Vec<Coord>> {
        let path = [line[line.len() - 2], line[0], line[1]];
        if RobustKernel::orient2d(path[0], path[1], path[2]) == Orientation::Clockwise {
            return None;
        }
        let edges = self.edges(&path, false);
        let (from, to) = (edges[0].aside, edges[1].aside);
        let (sin, cos) = self.turn(from, to);
        let mut sector = vec![path[1], path[1] + from];
        self.corner(path[1], [from, to], sin.abs().atan2(cos), &mut sector);
        sector.push(path[1] + to);
        Some(sector)
    }

    /// On the right of a ring of at least three points, of which no two that follow each other are the same.
    pub(super) fn ring(&self, ring: &[Coord]) -> Vec<Coord> {
        let mut curve = Vec::with_capacity(2 * ring.len() + 64);
        self.along(ring, None, &mut curve);
        curve
    }

    fn edges(&self, path: &[Coord], closed: bool) -> Vec<Edge> {
        let count = if closed { path.len() } else { path.len() - 1 };
        let edge = |k: usize| {
            let way = path[(k + 1) % path.len()] - path[k];
            let length = way.x.hypot(way.y);
            let ahead = way / length;
            Edge { aside: Coord { x: ahead.y, y: -ahead.x } * self.distance, length, used: 0.0 }
        };
        (0..count).map(edge).collect()
    }

    /// Adds the curve on the right of a path, with its end unless it is a ring.
    fn along(&self, path: &[Coord], end: Option<End>, curve: &mut Vec<Coord>) {
        let path = &without_shallow(path, self.distance * self.arcs.slack())[..];
        let last = path.len() - 1;
        let mut edges = self.edges(path, end.is_none());
        if end.is_some() {
            curve.push(path[0] + edges[0].aside);
        }
        for k in if end.is_some() { 1..last } else { 0..path.len() } {
            let before = if k == 0 { last } else { k - 1 };
            let after = if k == last { 0 } else { k + 1 };
            let bend = self.bend(path, &mut edges, [before, k, after]);
            let (at, from, to) = (path[k], edges[before].aside, edges[k].aside);
            match bend {
                Bend::None => {}
                Bend::Point(point) => curve.push(point),
                Bend::Vertex => curve.extend([at + from, at, at + to]),
                Bend::Out(angle) => {
                    curve.push(at + from);
                    self.corner(at, [from, to], angle, curve);
                    curve.push(at + to);
                }
            }
        }
        let Some(end) = end else { return };
        let (at, aside) = (path[last], edges[last - 1].aside);
        curve.push(at + aside);
        match end {
            End::Cap(BufferCap::Round) => self.arcs.between(at, aside, std::f64::consts::PI, curve),
            End::Cap(BufferCap::Flat) => {}
            End::Cap(BufferCap::Square) => {
                curve.extend([at + aside + ahead(aside), at - aside + ahead(aside)]);
            }
            End::Corner => curve.push(at),
        }
        // The other side begins at `at - aside`.
    }

    fn bend(&self, path: &[Coord], edges: &mut [Edge], [before, k, after]: [usize; 3]) -> Bend {
        let (one, other) = (edges[before], edges[k]);
        let (from, to) = (one.aside, other.aside);
        let (sin, cos) = self.turn(from, to);
        let turn = RobustKernel::orient2d(path[before], path[k], path[after]);
        if turn == Orientation::Collinear && cos > 0.0 {
            return Bend::None;
        }
        let meeting = || path[k] + (from + to) / (1.0 + cos);
        if sin.abs() < STRAIGHT && cos > 0.0 {
            return Bend::Point(meeting());
        }
        if turn != Orientation::Clockwise {
            return Bend::Out(sin.abs().atan2(cos));
        }
        let taken = self.distance * sin.abs() / (1.0 + cos);
        if cos > BACK && one.used + taken <= one.length && other.used + taken <= other.length {
            edges[before].used += taken;
            edges[k].used += taken;
            return Bend::Point(meeting());
        }
        Bend::Vertex
    }

    /// Sine and cosine of the angle between two edges.
    fn turn(&self, from: Coord, to: Coord) -> (f64, f64) {
        let (from, to) = (from / self.distance, to / self.distance);
        (from.x * to.y - from.y * to.x, from.x * to.x + from.y * to.y)
    }

    /// The points between the two sides of a corner.
    fn corner(&self, at: Coord, [from, to]: [Coord; 2], angle: f64, curve: &mut Vec<Coord>) {
        let limit = match self.options.join {
            BufferJoin::Round => return self.arcs.between(at, from, angle, curve),
            BufferJoin::Bevel => return,
            BufferJoin::Mitre { limit } => limit * self.distance,
        };
        let (sin, cos) = (angle / 2.0).sin_cos();
        if self.distance <= limit * cos {
            // One and the cosine of the whole angle, without loss near 180°.
            curve.push(at + (from + to) / (2.0 * cos * cos));
        } else if limit > self.distance * cos {
            // Along each side, until it is as far out as the limit.
            let way = (limit - self.distance * cos) / sin / self.distance;
            curve.push(at + from + ahead(from) * way);
            curve.push(at + to - ahead(to) * way);
        }
    }
}

/// The direction of an edge from what is on its right.
fn ahead(aside: Coord) -> Coord {
    Coord { x: -aside.y, y: aside.x }
}
