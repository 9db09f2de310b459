//! The union of surfaces: of a clean coverage by striking out what neighbours share, of others by the faces of their edges.
use std::ops::ControlFlow;

use geo::bool_ops::FillRule;

use super::contact::{Contact, contact, ordered};
use super::faces::turn;
use super::fragments::along;
use super::outline::{Outline, ring_area};
use super::robust;
use super::stitch::{self, Surface, by_ends, by_place};
use crate::PackedIndex;
use crate::types::Coord;

/// What surfaces cover together, and whether it was told from shared edges alone, without rounding.
pub(crate) fn union(outlines: &[&Outline]) -> (Vec<Surface>, bool) {
    if let Some(surfaces) = of_coverage(outlines) {
        return (surfaces, true);
    }
    let outlines = along_curve(outlines);
    let rings = outlines.iter().flat_map(|outline| outline.rings().map(|ring| outline.points(ring).to_vec()));
    (robust::cover(rings.collect(), FillRule::NonZero), false)
}

/// Surfaces near each other one after the other, so that the rectangles around runs of their edges are small.
fn along_curve<'a>(outlines: &[&'a Outline]) -> Vec<&'a Outline> {
    let index = PackedIndex::of_bounds(outlines.iter().map(|outline| outline.bounds()));
    index.rows().iter().map(|&row| outlines[row as usize]).collect()
}

/// Rounds of cutting edges at the vertices of others before a coverage is given up.
const ROUNDS: usize = 3;

/// `None` if surfaces overlap.
///
/// An edge that two neighbours share runs once each way and is struck out. If the edges that remain meet only in ends of
/// both, and outside of each ring lies no surface and inside one, then none overlaps and the rings are the union.
pub(crate) fn of_coverage(outlines: &[&Outline]) -> Option<Vec<Surface>> {
    let mut edges: Vec<[Coord; 2]> =
        outlines.iter().flat_map(|outline| (0..outline.len()).map(|edge| outline.edge(edge))).collect();
    for _ in 0..ROUNDS {
        let rings = stitch::rings(without_shared(edges)?)?;
        let outline = Outline::of_rings(&rings);
        let meetings = meetings(&outline);
        if meetings.is_empty() {
            let single = sides_alternate(&outline) && is_single(&outline);
            return single.then(|| stitch::surfaces(rings)).flatten();
        }
        edges = Vec::with_capacity(outline.len() + meetings.len());
        cut(outline.len(), |edge| outline.edge(edge), meetings, |_, piece| edges.push(piece));
    }
    None
}

/// The edges that have no opposite; `None` if one is there twice.
fn without_shared(mut edges: Vec<[Coord; 2]>) -> Option<Vec<[Coord; 2]>> {
    edges.sort_unstable_by(|one, other| {
        let (a, b) = (ordered(*one), ordered(*other));
        by_ends(a, b).then(by_place(one[0], other[0]))
    });
    let mut kept = Vec::new();
    for same in edges.chunk_by(|a, b| ordered(*a) == ordered(*b)) {
        match same {
            [edge] => kept.push(*edge),
            [a, b] if a[0] == b[1] => {}
            _ => return None,
        }
    }
    Some(kept)
}

/// Whether an outline goes round ground as it is: once, and without meeting itself but in points.
pub(crate) fn is_ground(outline: &Outline) -> bool {
    meetings(outline).is_empty() && sides_alternate(outline) && is_single(outline)
}

/// Where edges meet other than in ends of both: the edge and the point.
pub(crate) fn meetings(outline: &Outline) -> Vec<(usize, Coord)> {
    let mut found = Vec::new();
    let _ = outline.own_pairs(&mut |edge, other| {
        let (ends, others) = (outline.edge(edge), outline.edge(other));
        let contact = contact(ends, others);
        let runs_along = matches!(contact, Contact::Along(..));
        for at in contact.points() {
            if runs_along || !ends.contains(&at) || !others.contains(&at) {
                found.push((edge, at));
                found.push((other, at));
            }
        }
        ControlFlow::Continue(())
    });
    found
}

/// Calls with the pieces of edges cut at points of theirs, each with the edge it is of.
pub(crate) fn cut(
    edges: usize,
    edge: impl Fn(usize) -> [Coord; 2],
    mut cuts: Vec<(usize, Coord)>,
    mut piece: impl FnMut(usize, [Coord; 2]),
) {
    cuts.sort_unstable_by(|(one, at), (other, other_at)| {
        one.cmp(other).then_with(|| along(edge(*one), *at, *other_at))
    });
    let mut cuts = &cuts[..];
    for index in 0..edges {
        let [mut from, end] = edge(index);
        while let Some((_, at)) = cuts.first().filter(|(cut, _)| *cut == index) {
            if *at != from && *at != end {
                piece(index, [from, *at]);
                from = *at;
            }
            cuts = &cuts[1..];
        }
        piece(index, [from, end]);
    }
}

/// Whether around each point of several edges ground and no ground take turns: rings that meet in ends only may still pass
/// through each other there.
pub(crate) fn sides_alternate(outline: &Outline) -> bool {
    let mut order: Vec<usize> = (0..outline.len()).collect();
    let start = |edge: usize| outline.edge(edge)[0];
    order.sort_unstable_by(|&a, &b| by_place(start(a), start(b)));
    let mut rays = Vec::new();
    order.chunk_by(|&a, &b| start(a) == start(b)).filter(|edges| edges.len() > 1).all(|edges| {
        let at = start(edges[0]);
        rays.clear();
        for &edge in edges {
            rays.push((outline.edge(edge)[1], true));
            rays.push((start(outline.previous(edge)), false));
        }
        // The first of all directions, then by turns; numbers whose products vanish leave the order open, and no more.
        (0..rays.len()).all(|ray| {
            let (to, out) = rays[ray];
            let later = |from: Coord, to: Coord| turn(at, from, to).is_lt();
            let others =
                || rays.iter().enumerate().filter(move |(other, _)| *other != ray).map(|(_, ray)| *ray);
            let next = others()
                .filter(|(other, _)| later(to, *other))
                .reduce(|a, b| if later(b.0, a.0) { b } else { a })
                .or_else(|| others().reduce(|a, b| if later(b.0, a.0) { b } else { a }));
            next.is_some_and(|(_, other_out)| other_out != out)
        })
    })
}

/// Whether rings that cross nothing have nothing on their right and one surface on their left.
fn is_single(outline: &Outline) -> bool {
    outline.rings().all(|ring| {
        let points = outline.points(ring.clone());
        let expected = if ring_area(points) > 0.0 { (0, false) } else { (1, false) };
        // A point of the ring that no other ring touches.
        let middles = ring.clone().map(|edge| {
            let [a, b] = outline.edge(edge);
            a + (b - a) * 0.5
        });
        let mut around = points
            .iter()
            .copied()
            .chain(middles)
            .map(|point| outline.winding(point, |edge| !ring.contains(&edge)));
        around.find(|(_, touched)| !touched) == Some(expected)
    })
}
