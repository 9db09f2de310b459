//! How two surfaces lie to each other, told by their edges without rounding.
use std::ops::ControlFlow;

use geo::kernels::{Kernel, Orientation, RobustKernel};

use super::contact::{Meeting, meeting};
use super::outline::{Outline, Place};
use super::stitch::by_place;
use crate::types::Coord;

/// What is known of two surfaces; more edges turn answers from no to yes, never back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Relation {
    /// Their boundaries share a point.
    pub(crate) touch: bool,
    /// Their boundaries share a stretch.
    pub(crate) along: bool,
    /// Their interiors share ground.
    pub(crate) ground: bool,
    /// The left has ground that the right has not.
    pub(crate) left_beyond: bool,
    /// The right has ground that the left has not.
    pub(crate) right_beyond: bool,
}

impl Relation {
    /// Part of the boundary of one is inside the other: there is ground of both beside it, and of the other alone.
    fn enters(&mut self, side: Side) {
        self.ground = true;
        *self.beyond(side.other()) = true;
    }

    /// Part of the boundary of one is outside the other.
    fn leaves(&mut self, side: Side) {
        *self.beyond(side) = true;
    }

    fn beyond(&mut self, side: Side) -> &mut bool {
        match side {
            Side::Left => &mut self.left_beyond,
            Side::Right => &mut self.right_beyond,
        }
    }
}

/// Whose boundary it is.
#[derive(Clone, Copy)]
enum Side {
    Left,
    Right,
}

impl Side {
    fn other(self) -> Self {
        match self {
            Side::Left => Side::Right,
            Side::Right => Side::Left,
        }
    }
}

/// How two valid surfaces lie to each other, as far as it must be known.
///
/// Two edges that cross say all at once. Otherwise edges meet in ends alone, and whether a boundary goes on inside, outside
/// or along the other surface is seen from the directions in which edges leave these points; a ring that meets nothing is
/// where its first point is. Only orientations of given points are asked for, which are exact.
pub(crate) fn relate(left: &Outline, right: &Outline, enough: impl Fn(&Relation) -> bool) -> Relation {
    let mut known = Relation {
        left_beyond: !right.bounds().holds(&left.bounds()),
        right_beyond: !left.bounds().holds(&right.bounds()),
        ..Relation::default()
    };
    if enough(&known) || !left.bounds().meets(&right.bounds()) {
        return known;
    }
    for (side, own, other) in [(Side::Left, left, right), (Side::Right, right, left)] {
        if let Some(ring) = own.rings().next() {
            first_point(&mut known, side, own.points(ring), other);
        }
        if enough(&known) {
            return known;
        }
    }
    let mut touches = Vec::new();
    let stopped = left.pairs(right, &mut |edge, other| {
        let (ends, others) = (left.edge(edge), right.edge(other));
        let mut touch = |at: Coord| {
            // An end of an edge is the start of the next.
            let start = |outline: &Outline, edge: usize, end: Coord| {
                if at == end { outline.next(edge) } else { edge }
            };
            let (left, right) = (start(left, edge, ends[1]), start(right, other, others[1]));
            touches.push(Touch { at, left, right });
        };
        match meeting(ends, others) {
            Meeting::None => return ControlFlow::Continue(()),
            Meeting::Crossing => {
                known.enters(Side::Left);
                known.enters(Side::Right);
            }
            Meeting::End(at) => touch(at),
            Meeting::Along(from, to) => {
                known.along = true;
                touch(from);
                touch(to);
            }
        }
        known.touch = true;
        if enough(&known) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    if stopped.is_break() {
        return known;
    }
    touches
        .sort_unstable_by(|a, b| by_place(a.at, b.at).then(a.left.cmp(&b.left)).then(a.right.cmp(&b.right)));
    let (mut of_left, mut of_right) = (Vec::new(), Vec::new());
    for group in touches.chunk_by(|a, b| a.at == b.at) {
        corners(&mut of_left, group.iter().map(|touch| touch.left), left, group[0].at);
        corners(&mut of_right, group.iter().map(|touch| touch.right), right, group[0].at);
        for (side, own, others) in [(Side::Left, &of_left, &of_right), (Side::Right, &of_right, &of_left)] {
            for corner in own {
                for (to, forward) in [(corner.out, true), (corner.back, false)] {
                    match ray(group[0].at, to, forward, others) {
                        Ray::Inside => known.enters(side),
                        Ray::Outside => known.leaves(side),
                        Ray::Same => known.ground = true,
                        Ray::Opposite => (known.left_beyond, known.right_beyond) = (true, true),
                    }
                }
            }
        }
        if enough(&known) {
            return known;
        }
    }
    for (side, own, other) in [(Side::Left, left, right), (Side::Right, right, left)] {
        let mut touched: Vec<usize> = touches
            .iter()
            .map(|touch| match side {
                Side::Left => own.ring_of(touch.left),
                Side::Right => own.ring_of(touch.right),
            })
            .collect();
        touched.sort_unstable();
        for (index, ring) in own.rings().enumerate() {
            if touched.binary_search(&index).is_err() {
                first_point(&mut known, side, own.points(ring), other);
                if enough(&known) {
                    return known;
                }
            }
        }
    }
    known
}

/// What the first point of a ring says.
fn first_point(known: &mut Relation, side: Side, ring: &[Coord], other: &Outline) {
    match other.place(ring[0]) {
        Place::Inside => known.enters(side),
        Place::Outside => known.leaves(side),
        Place::Boundary => known.touch = true,
    }
}

/// A point that two boundaries share, and the edge of each that it is on, not as its end.
struct Touch {
    at: Coord,
    left: usize,
    right: usize,
}

/// How a boundary passes through a point: whence and where to, the surface on the left of the way.
struct Corner {
    back: Coord,
    out: Coord,
}

/// Edges ascending, some of them repeated, or not ascending.
fn corners(found: &mut Vec<Corner>, edges: impl Iterator<Item = usize>, outline: &Outline, at: Coord) {
    found.clear();
    let mut edges: Vec<usize> = edges.collect();
    edges.sort_unstable();
    edges.dedup();
    found.extend(edges.into_iter().map(|edge| {
        let [start, out] = outline.edge(edge);
        let back = if start == at { outline.edge(outline.previous(edge))[0] } else { start };
        Corner { back, out }
    }));
}

/// Where a direction goes.
enum Ray {
    Inside,
    Outside,
    /// Along the other boundary, both surfaces on one side.
    Same,
    /// Along the other boundary, one surface on each side.
    Opposite,
}

/// Where the direction from a point to another goes among the corners of a surface at that point. A boundary runs along
/// it away from the point (`forward`) or towards it.
fn ray(at: Coord, to: Coord, forward: bool, corners: &[Corner]) -> Ray {
    for corner in corners {
        if is_one_way(at, to, corner.out) {
            return if forward { Ray::Same } else { Ray::Opposite };
        }
        if is_one_way(at, to, corner.back) {
            return if forward { Ray::Opposite } else { Ray::Same };
        }
    }
    // Between two corners that touch there is ground if they are of two parts, none if one is of a hole: a direction is
    // inside if as many corners hold it as hold the left of an edge that leaves.
    let Some((first, others)) = corners.split_first() else { return Ray::Outside };
    let left_of_first = 1 + others.iter().filter(|corner| holds(at, corner, first.out)).count();
    let around = corners.iter().filter(|corner| holds(at, corner, to)).count();
    if around == left_of_first { Ray::Inside } else { Ray::Outside }
}

/// Whether two directions are the same.
fn is_one_way(at: Coord, a: Coord, b: Coord) -> bool {
    let signs = |to: Coord| (at.x.partial_cmp(&to.x), at.y.partial_cmp(&to.y));
    signs(a) == signs(b) && RobustKernel::orient2d(at, a, b) == Orientation::Collinear
}

/// Whether a direction that is none of its two edges goes into a corner.
fn holds(at: Coord, corner: &Corner, to: Coord) -> bool {
    let left = |from: Coord, to: Coord| RobustKernel::orient2d(at, from, to) == Orientation::CounterClockwise;
    match RobustKernel::orient2d(at, corner.out, corner.back) {
        Orientation::CounterClockwise => left(corner.out, to) && left(to, corner.back),
        Orientation::Collinear => left(corner.out, to),
        Orientation::Clockwise => !(left(corner.back, to) && left(to, corner.out)),
    }
}
