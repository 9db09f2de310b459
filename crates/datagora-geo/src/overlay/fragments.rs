//! Two surfaces laid over each other: their edges cut where they meet, and kept by where they are.
use std::ops::{ControlFlow, Range};

use super::contact::contact;
use super::outline::{Outline, Place, bounds_of};
use super::stitch::{by_ends, by_place};
use crate::geometry::Bounds;
use crate::types::Coord;

/// What is kept of two surfaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    /// What both have.
    Intersection,
    /// What the left has and the right has not.
    Difference,
}

/// What an operation leaves.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outcome {
    /// No ground.
    Nothing,
    /// The left surface as it is.
    Left,
    /// These edges, the surface on the left of each.
    Edges(Vec<[Coord; 2]>),
    /// Rounding hid how edges meet; [`robust`](super::robust) knows.
    Unclear,
}

/// Edges between two points of contact (or all of a ring without contact).
struct Chain {
    edges: Vec<[Coord; 2]>,
    /// A ring without contact.
    ring: bool,
    /// Leaves the window, where the other surface is not.
    leaves: bool,
}

/// Where a chain is with regard to the other surface.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Inside,
    Outside,
    /// On its boundary, both surfaces on the same side.
    Same,
    /// On its boundary, one on each side.
    Opposite,
}

/// Lays two surfaces over each other.
///
/// Edges are cut where they touch or cross those of the other; between two cuts an edge is inside, outside or along the
/// other surface, which one point tells. No coordinate but that of a crossing is rounded.
pub(crate) fn overlay(left: &Outline, right: &Outline, operation: Operation) -> Outcome {
    let window = common(&left.bounds(), &right.bounds());
    if window.is_empty() {
        return match operation {
            Operation::Intersection => Outcome::Nothing,
            Operation::Difference if left.len() == 0 => Outcome::Nothing,
            Operation::Difference => Outcome::Left,
        };
    }
    let (mut of_left, mut of_right) = (Vec::new(), Vec::new());
    let _ = left.pairs(right, &mut |edge, other| {
        for at in contact(left.edge(edge), right.edge(other)).points() {
            of_left.push((edge, at));
            of_right.push((other, at));
        }
        ControlFlow::Continue(())
    });
    if of_left.is_empty() {
        return of_whole_rings(left, right, operation);
    }
    let mut near = Vec::new();
    left.visit(&window, &mut |edge| near.push(edge));
    if operation == Operation::Difference {
        near = (0..left.len()).collect();
    }
    let whole = near.len() == left.len();
    let left_chains = chains(left, &near, of_left);
    near.clear();
    right.visit(&window, &mut |edge| near.push(edge));
    let right_chains = chains(right, &near, of_right);
    let Some(kept) = keep(left, right, &left_chains, &right_chains, operation) else {
        return Outcome::Unclear;
    };
    match kept {
        Kept { edges, .. } if edges.is_empty() => Outcome::Nothing,
        Kept { all_of_left: true, none_of_right: true, .. } if whole => Outcome::Left,
        Kept { edges, .. } if closes(&edges) => Outcome::Edges(edges),
        _ => Outcome::Unclear,
    }
}

/// What is left of surfaces whose edges do not meet: each ring is on one side of the other surface.
fn of_whole_rings(left: &Outline, right: &Outline, operation: Operation) -> Outcome {
    let edges_of =
        |outline: &Outline, ring: Range<usize>| ring.map(|edge| outline.edge(edge)).collect::<Vec<_>>();
    let is_in = |other: &Outline, ring: &[Coord]| other.place(ring[0]) == Place::Inside;
    let mut edges = Vec::new();
    let (mut all_of_left, mut none_of_right) = (true, true);
    for ring in left.rings() {
        if is_in(right, left.points(ring.clone())) == (operation == Operation::Intersection) {
            edges.extend(edges_of(left, ring));
        } else {
            all_of_left = false;
        }
    }
    for ring in right.rings().filter(|ring| is_in(left, right.points(ring.clone()))) {
        none_of_right = false;
        let ring = edges_of(right, ring).into_iter();
        match operation {
            Operation::Intersection => edges.extend(ring),
            Operation::Difference => edges.extend(ring.map(|[a, b]| [b, a])),
        }
    }
    match edges.is_empty() {
        true => Outcome::Nothing,
        false if all_of_left && none_of_right => Outcome::Left,
        false => Outcome::Edges(edges),
    }
}

struct Kept {
    edges: Vec<[Coord; 2]>,
    all_of_left: bool,
    none_of_right: bool,
}

fn keep(
    left: &Outline,
    right: &Outline,
    of_left: &[Chain],
    of_right: &[Chain],
    operation: Operation,
) -> Option<Kept> {
    let (single_left, single_right) = (singles(of_left), singles(of_right));
    let mut kept = Kept { edges: Vec::new(), all_of_left: true, none_of_right: true };
    for chain in of_left {
        let keeps = matches!(
            (side(chain, right, &single_right)?, operation),
            (Side::Inside | Side::Same, Operation::Intersection)
                | (Side::Outside | Side::Opposite, Operation::Difference)
        );
        kept.all_of_left &= keeps;
        if keeps {
            kept.edges.extend(&chain.edges);
        }
    }
    for chain in of_right {
        if side(chain, left, &single_left)? == Side::Inside {
            kept.none_of_right = false;
            match operation {
                Operation::Intersection => kept.edges.extend(&chain.edges),
                Operation::Difference => kept.edges.extend(chain.edges.iter().map(|&[a, b]| [b, a])),
            }
        }
    }
    Some(kept)
}

/// The part of the plane in two rectangles.
pub(crate) fn common(a: &Bounds, b: &Bounds) -> Bounds {
    Bounds {
        min_x: a.min_x.max(b.min_x),
        min_y: a.min_y.max(b.min_y),
        max_x: a.max_x.min(b.max_x),
        max_y: a.max_y.min(b.max_y),
    }
}

/// Chains of one edge, which may run along an edge of the other surface, in the order of their ends.
fn singles(chains: &[Chain]) -> Vec<[Coord; 2]> {
    let mut singles: Vec<[Coord; 2]> = chains
        .iter()
        .filter(|chain| chain.edges.len() == 1 && !chain.leaves)
        .map(|chain| chain.edges[0])
        .collect();
    singles.sort_unstable_by(|a, b| by_ends(*a, *b));
    singles
}

/// `None` if rounding put a point onto the boundary that should be off it.
fn side(chain: &Chain, other: &Outline, singles: &[[Coord; 2]]) -> Option<Side> {
    let point = match chain.edges[..] {
        _ if chain.leaves => return Some(Side::Outside),
        [[a, b]] if !chain.ring => {
            let has = |edge: [Coord; 2]| singles.binary_search_by(|single| by_ends(*single, edge)).is_ok();
            if has([a, b]) {
                return Some(Side::Same);
            }
            if has([b, a]) {
                return Some(Side::Opposite);
            }
            a + (b - a) * 0.5
        }
        // The first point that is no contact.
        _ => chain.edges[0][1],
    };
    match other.place(point) {
        Place::Inside => Some(Side::Inside),
        Place::Outside => Some(Side::Outside),
        Place::Boundary => None,
    }
}

/// The edges given (ascending), cut and put together between cuts.
fn chains(outline: &Outline, near: &[usize], mut cuts: Vec<(usize, Coord)>) -> Vec<Chain> {
    // A cut at the end of an edge is one at the start of the next.
    for (edge, at) in &mut cuts {
        if *at == outline.edge(*edge)[1] {
            *edge = outline.next(*edge);
        }
    }
    cuts.sort_unstable_by(|(edge, at), (other, other_at)| {
        edge.cmp(other).then_with(|| along(outline.edge(*edge), *at, *other_at))
    });
    cuts.dedup();
    let mut found = Vec::new();
    let mut cuts = &cuts[..];
    let mut near = near;
    for ring in outline.rings() {
        let (of_ring, rest) = near.split_at(near.partition_point(|&edge| edge < ring.end));
        let (cuts_of_ring, other_cuts) = cuts.split_at(cuts.partition_point(|(edge, _)| *edge < ring.end));
        (near, cuts) = (rest, other_cuts);
        if !of_ring.is_empty() {
            chains_of_ring(outline, of_ring, cuts_of_ring, &mut found);
        }
    }
    found
}

fn chains_of_ring(outline: &Outline, near: &[usize], mut cuts: &[(usize, Coord)], found: &mut Vec<Chain>) {
    /// What comes before a piece of an edge.
    #[derive(Clone, Copy, PartialEq)]
    enum Before {
        Edge,
        Contact,
        Gap,
    }
    let mut pieces: Vec<(Before, [Coord; 2])> = Vec::with_capacity(near.len() + cuts.len());
    let mut previous = near[near.len() - 1];
    for &edge in near {
        let [start, end] = outline.edge(edge);
        let mut before = if outline.next(previous) == edge { Before::Edge } else { Before::Gap };
        previous = edge;
        let mut from = start;
        cuts = &cuts[cuts.partition_point(|(cut, _)| *cut < edge)..];
        while let Some((_, at)) = cuts.first().filter(|(cut, _)| *cut == edge) {
            if *at != from {
                pieces.push((before, [from, *at]));
                from = *at;
            }
            before = Before::Contact;
            cuts = &cuts[1..];
        }
        pieces.push((before, [from, end]));
    }
    let Some(first) = pieces.iter().position(|(before, _)| *before != Before::Edge) else {
        let edges = pieces.into_iter().map(|(_, edge)| edge).collect();
        found.push(Chain { edges, ring: true, leaves: false });
        return;
    };
    pieces.rotate_left(first);
    let ends_in_gap = pieces[0].0 == Before::Gap;
    let start = found.len();
    for (before, edge) in pieces {
        let leaves = before == Before::Gap;
        if before == Before::Edge {
            // The first piece opens a chain.
            if let Some(chain) = found.last_mut() {
                chain.edges.push(edge);
            }
            continue;
        }
        if let Some(chain) = found[start..].last_mut() {
            chain.leaves |= leaves;
        }
        found.push(Chain { edges: vec![edge], ring: false, leaves });
    }
    if let Some(chain) = found[start..].last_mut() {
        chain.leaves |= ends_in_gap;
    }
}

/// Order of two points along an edge.
pub(crate) fn along([start, end]: [Coord; 2], a: Coord, b: Coord) -> std::cmp::Ordering {
    let way = end - start;
    let east = if way.x < 0.0 { b.x.total_cmp(&a.x) } else { a.x.total_cmp(&b.x) };
    let north = if way.y < 0.0 { b.y.total_cmp(&a.y) } else { a.y.total_cmp(&b.y) };
    if way.x.abs() >= way.y.abs() { east.then(north) } else { north.then(east) }
}

/// Whether as many edges end in each point as begin there.
fn closes(edges: &[[Coord; 2]]) -> bool {
    let sorted = |end: usize| {
        let mut points: Vec<Coord> = edges.iter().map(|edge| edge[end]).collect();
        points.sort_unstable_by(|a, b| by_place(*a, *b));
        points
    };
    sorted(0) == sorted(1)
}

/// Area on the left of edges that close, measured from the middle of their ground.
pub(crate) fn area_of(edges: &[[Coord; 2]]) -> f64 {
    let around = edges.iter().map(|edge| bounds_of(*edge)).fold(Bounds::EMPTY, Bounds::union);
    let origin =
        Coord { x: 0.5 * around.min_x + 0.5 * around.max_x, y: 0.5 * around.min_y + 0.5 * around.max_y };
    let cross =
        |[a, b]: &[Coord; 2]| (a.x - origin.x) * (b.y - origin.y) - (b.x - origin.x) * (a.y - origin.y);
    edges.iter().map(cross).sum::<f64>() / 2.0
}
