//! The faces that edges cut the plane into, and the surfaces that some of them make.
use std::cmp::Ordering;
use std::ops::ControlFlow;

use geo::kernels::{Kernel, Orientation, RobustKernel};

use super::boxes::BoxTree;
use super::contact::{before, contact, ordered};
use super::coverage::cut;
use super::outline::bounds_of;
use super::stitch::{self, Surface, by_ends, by_place};
use crate::geometry::Bounds;
use crate::types::Coord;

/// How often the edges of two layers go round a face.
pub(crate) type Windings = [i32; 2];

/// An edge, its surface on the left, and the layer that it is of.
type Edge = ([Coord; 2], usize);

/// Rounds of cutting before it is given up, and of those the first in which all points are rounded, not only crossings:
/// the rounding of a point may push an edge over a neighbour, which is then cut in turn.
const ROUNDS: usize = 40;
const ALL: usize = 12;

/// Sizes between which orientations are exact: products neither vanish nor overflow. Smaller numbers are taken for zero.
const SMALLEST: f64 = 1e-100;
/// See [`SMALLEST`]; a row with a larger coordinate is at fault.
pub(crate) const LARGEST: f64 = 1e100;

/// The faces of closed edges that are asked for, put together.
///
/// Edges are cut where they meet until they meet in ends only; then each face is gone round as often as the face across an
/// edge, and once more or less for each time that the edge runs there. Points of the input keep their coordinates, and only
/// where edges cross a point is rounded, to the last digit of the greatest coordinate; if edges are so near each other that
/// their pieces still cross after a dozen rounds, all points are. `None` if the cutting comes to no end even so, or if a
/// number is too large to be multiplied.
pub(crate) fn cover(edges: Vec<Edge>, wanted: impl Fn(Windings) -> bool) -> Option<Vec<Surface>> {
    let (edges, tree) = noded(edges)?;
    let kept = Faces::of(&edges).border(&edges, &tree, wanted)?;
    stitch::rings(kept).and_then(stitch::surfaces)
}

/// Edges that meet in ends only, and their rectangles.
fn noded(mut edges: Vec<Edge>) -> Option<(Vec<Edge>, BoxTree)> {
    let mut tree = BoxTree::default();
    let zeroed = |v: f64| if v.abs() < SMALLEST { 0.0 } else { v };
    edges
        .iter_mut()
        .flat_map(|(ends, _)| ends)
        .for_each(|end| *end = Coord { x: zeroed(end.x), y: zeroed(end.y) });
    edges.retain(|([from, to], _)| from != to);
    let usable = |v: f64| v.abs() <= LARGEST;
    let step = step_of(&edges);
    for round in 0..ROUNDS {
        if !edges.iter().flat_map(|(ends, _)| ends).all(|end| usable(end.x) && usable(end.y)) {
            return None;
        }
        if round >= ALL {
            let step = step * (1 << ((round - ALL) / 4)) as f64;
            edges.iter_mut().for_each(|(ends, _)| *ends = ends.map(|end| rounded(end, step)));
            edges.retain(|([from, to], _)| from != to);
        }
        let bounds = |edge: usize| bounds_of(edges[edge].0);
        tree.rebuild(edges.len(), bounds);
        let mut cuts = Vec::new();
        let _ = tree.own_pairs(&bounds, usize::MAX, &mut |one, other| {
            let (ends, others) = (edges[one].0, edges[other].0);
            for at in contact(ends, others).points() {
                let crosses = !ends.contains(&at) && !others.contains(&at);
                let at = if crosses { rounded(at, step) } else { at };
                cuts.extend((!ends.contains(&at)).then_some((one, at)));
                cuts.extend((!others.contains(&at)).then_some((other, at)));
            }
            ControlFlow::Continue(())
        });
        if cuts.is_empty() {
            return Some((edges, tree));
        }
        let mut pieces = Vec::with_capacity(edges.len() + cuts.len());
        cut(edges.len(), |edge| edges[edge].0, cuts, |edge, piece| pieces.push((piece, edges[edge].1)));
        edges = pieces;
    }
    None
}

/// The last digit of the greatest coordinate: a step for both axes, so that points come to lie on a lattice of squares.
fn step_of(edges: &[Edge]) -> f64 {
    let size = |point: &Coord| point.x.abs().max(point.y.abs());
    let largest = edges.iter().flat_map(|(ends, _)| ends).map(size).fold(0.0, f64::max);
    let power = f64::from_bits(largest.to_bits() & f64::INFINITY.to_bits());
    power * f64::EPSILON
}

fn rounded(point: Coord, step: f64) -> Coord {
    let round = |v: f64| (v / step).round() * step + 0.0;
    Coord { x: round(point.x), y: round(point.y) }
}

/// Edges from west to east, each there once, and the ways along them.
struct Faces {
    /// Ends, and how much oftener the face on the left is gone round than that on the right.
    edges: Vec<([Coord; 2], Windings)>,
    /// Ways out of points, by point, then counter-clockwise from the south: `2 edge` there, `2 edge + 1` back.
    ways: Vec<usize>,
    /// Where each way is in `ways`.
    places: Vec<usize>,
    /// First way of the point of each way in `ways`, and the end.
    points: Vec<(usize, usize)>,
}

impl Faces {
    fn of(edges: &[Edge]) -> Self {
        let mut once: Vec<([Coord; 2], Windings)> = edges
            .iter()
            .map(|&([a, b], layer)| {
                let mut windings = [0; 2];
                windings[layer] = if before(b, a) { -1 } else { 1 };
                (ordered([a, b]), windings)
            })
            .collect();
        once.sort_unstable_by(|(a, _), (b, _)| by_ends(*a, *b));
        once.dedup_by(|(next, more), (ends, windings)| {
            let same = next == ends;
            if same {
                *windings = [windings[0] + more[0], windings[1] + more[1]];
            }
            same
        });
        let way = |way: usize| {
            if way.is_multiple_of(2) { once[way / 2].0 } else { [once[way / 2].0[1], once[way / 2].0[0]] }
        };
        let mut ways: Vec<usize> = (0..2 * once.len()).collect();
        ways.sort_unstable_by(|&one, &other| {
            let ([from, to], [other_from, other_to]) = (way(one), way(other));
            by_place(from, other_from).then_with(|| turn(from, to, other_to))
        });
        let mut places = vec![0; ways.len()];
        let mut points = Vec::with_capacity(ways.len());
        for (place, &way) in ways.iter().enumerate() {
            places[way] = place;
        }
        for group in ways.chunk_by(|&one, &other| way(one)[0] == way(other)[0]) {
            let start = points.len();
            points.extend(group.iter().map(|_| (start, start + group.len())));
        }
        Faces { edges: once, ways, places, points }
    }

    /// The edges that have a face that is wanted on one side only, it being on the left.
    fn border(
        &self,
        edges: &[Edge],
        tree: &BoxTree,
        wanted: impl Fn(Windings) -> bool,
    ) -> Option<Vec<[Coord; 2]>> {
        // Of the face on the left of each way.
        let mut windings: Vec<Option<Windings>> = vec![None; self.ways.len()];
        let mut open = Vec::new();
        for place in 0..self.ways.len() {
            if windings[self.ways[place]].is_some() {
                continue;
            }
            // The westernmost point of edges that hang together: the last way counter-clockwise has the west on its left.
            let (_, end) = self.points[place];
            let way = self.ways[end - 1];
            windings[way] = Some(winding(edges, tree, self.from(way)));
            open.push(way);
            while let Some(way) = open.pop() {
                let left = windings[way]?;
                let across = self.across(way, left);
                // The face on the left is on the right of the next way around the point.
                let place = self.places[way];
                let (start, end) = self.points[place];
                let next = self.ways[if place + 1 == end { start } else { place + 1 }];
                for (way, found) in [(way ^ 1, across), (next, self.across(next ^ 1, left))] {
                    match windings[way] {
                        None => {
                            windings[way] = Some(found);
                            open.push(way);
                        }
                        Some(known) if known != found => return None,
                        Some(_) => {}
                    }
                }
            }
        }
        let mut kept = Vec::new();
        for (edge, &([a, b], _)) in self.edges.iter().enumerate() {
            match (wanted(windings[2 * edge]?), wanted(windings[2 * edge + 1]?)) {
                (true, false) => kept.push([a, b]),
                (false, true) => kept.push([b, a]),
                _ => {}
            }
        }
        Some(kept)
    }

    fn from(&self, way: usize) -> Coord {
        self.edges[way / 2].0[way % 2]
    }

    /// Windings on the right of a way, those on the left being known.
    fn across(&self, way: usize, left: Windings) -> Windings {
        let more = self.edges[way / 2].1;
        let sign = if way.is_multiple_of(2) { 1 } else { -1 };
        [left[0] - sign * more[0], left[1] - sign * more[1]]
    }
}

/// Order of directions from a point, counter-clockwise from the south (not itself) round to the south.
pub(super) fn turn(at: Coord, a: Coord, b: Coord) -> Ordering {
    // East of the point or north of it, otherwise.
    let half = |to: Coord| u8::from(!before(at, to));
    half(a).cmp(&half(b)).then_with(|| match RobustKernel::orient2d(at, a, b) {
        Orientation::CounterClockwise => Ordering::Less,
        Orientation::Clockwise => Ordering::Greater,
        Orientation::Collinear => Ordering::Equal,
    })
}

/// How often edges go round the face west of a point, of which no edge that passes it to the west has an end there.
fn winding(edges: &[Edge], tree: &BoxTree, at: Coord) -> Windings {
    let westwards = Bounds { min_x: f64::NEG_INFINITY, min_y: at.y, max_x: at.x, max_y: at.y };
    let mut windings = [0; 2];
    tree.visit(&westwards, &|edge| bounds_of(edges[edge].0), &mut |edge| {
        let ([a, b], layer) = edges[edge];
        let (up, down) = (a.y <= at.y && b.y > at.y, b.y <= at.y && a.y > at.y);
        if !(up || down) {
            return;
        }
        let side = RobustKernel::orient2d(a, b, at);
        // East of an edge that goes up is its right.
        if up && side == Orientation::Clockwise {
            windings[layer] -= 1;
        } else if down && side == Orientation::CounterClockwise {
            windings[layer] += 1;
        }
    });
    windings
}
