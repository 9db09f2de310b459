//! Rings of a polygon in a tile, and rings from edges.
use std::collections::{BTreeMap, BTreeSet};

use super::shapes::doubled_area;

/// A ring without repetition of its first point.
pub(super) type Ring = Vec<[i32; 2]>;

/// Where edges go from each point.
pub(super) type Edges = BTreeMap<[i32; 2], Vec<[i32; 2]>>;

/// The rings of a feature one after the other: outer ones, each followed by its holes.
#[derive(Default)]
pub(super) struct Rings {
    points: Vec<[i32; 2]>,
    ends: Vec<usize>,
}

impl Rings {
    pub(super) fn clear(&mut self) {
        self.points.clear();
        self.ends.clear();
    }

    pub(super) fn push(&mut self, ring: &[[i32; 2]]) {
        self.points.extend_from_slice(ring);
        self.ends.push(self.points.len());
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &[[i32; 2]]> {
        let mut start = 0;
        self.ends.iter().map(move |&end| {
            let ring = &self.points[start..end];
            start = end;
            ring
        })
    }
}

/// The rings along edges that have the area to their right where y goes down, and meet at their ends only: outer rings, each
/// followed by the holes in it. As many edges have to come to each point as go from it.
///
/// Where several edges go from a point, the ring stays close to its area: so areas that touch in a point are apart.
pub(super) fn rings_of(mut edges: Edges) -> Vec<Ring> {
    let (mut outer, mut holes) = (Vec::new(), Vec::new());
    while let Some((start, mut ends)) = edges.pop_first() {
        let Some(mut to) = ends.pop() else { continue };
        edges.insert(start, ends);
        let mut walk = vec![start];
        let mut visited = BTreeSet::from([start]);
        loop {
            let from = walk[walk.len() - 1];
            if !visited.insert(to) {
                // What lies between two visits is a ring.
                let before = walk.iter().position(|&point| point == to).unwrap_or(0);
                let ring: Ring = walk.drain(before..).collect();
                ring.iter().skip(1).for_each(|point| {
                    visited.remove(point);
                });
                match doubled_area(&ring) {
                    0 => {}
                    area if area > 0 => outer.push(ring),
                    _ => holes.push(ring),
                }
            }
            walk.push(to);
            match edges.get_mut(&to).and_then(|ends| next(ends, from, to)) {
                Some(next) => to = next,
                None => break,
            }
        }
    }
    assigned(outer, holes)
}

/// Takes out of the ends the first one around a point, from where the walk comes through the area to the right of it.
fn next(ends: &mut Vec<[i32; 2]>, from: [i32; 2], at: [i32; 2]) -> Option<[i32; 2]> {
    let back = step(at, from);
    let half = |to: [i64; 2]| match cross(back, to) {
        turn if turn < 0 => 0,
        0 if back[0] * to[0] + back[1] * to[1] < 0 => 1,
        turn if turn > 0 => 2,
        _ => 3,
    };
    let mut best = 0;
    for number in 1..ends.len() {
        let [old, new] = [ends[best], ends[number]].map(|end| step(at, end));
        let sooner = half(new).cmp(&half(old)).then_with(|| cross(old, new).cmp(&0).reverse());
        if sooner.is_lt() {
            best = number;
        }
    }
    (best < ends.len()).then(|| ends.swap_remove(best))
}

pub(super) fn step(from: [i32; 2], to: [i32; 2]) -> [i64; 2] {
    [i64::from(to[0]) - i64::from(from[0]), i64::from(to[1]) - i64::from(from[1])]
}

pub(super) fn cross(a: [i64; 2], b: [i64; 2]) -> i64 {
    a[0] * b[1] - a[1] * b[0]
}

/// Each hole after the smallest ring that it is in; one that is in none, as rings that cross themselves leave, is left out.
fn assigned(mut outer: Vec<Ring>, holes: Vec<Ring>) -> Vec<Ring> {
    outer.sort_by_cached_key(|ring| (doubled_area(ring), ring.first().copied()));
    let mut within: Vec<Vec<Ring>> = outer.iter().map(|_| Vec::new()).collect();
    for hole in holes {
        // Rings share points at most, so that the middle of an edge is on no other ring.
        let middle = [0, 1].map(|axis| i64::from(hole[0][axis]) + i64::from(hole[1][axis]));
        if let Some(number) = outer.iter().position(|ring| holds(ring, middle)) {
            within[number].push(hole);
        }
    }
    outer.into_iter().zip(within).flat_map(|(ring, holes)| std::iter::once(ring).chain(holes)).collect()
}

/// Whether a point, in halves of a unit, is within a ring.
fn holds(ring: &[[i32; 2]], [x, y]: [i64; 2]) -> bool {
    let crosses = |k: usize| {
        let [a, b] = [ring[k], ring[(k + 1) % ring.len()]].map(|point| point.map(|axis| 2 * i64::from(axis)));
        if (a[1] > y) == (b[1] > y) {
            return false;
        }
        let side =
            i128::from(b[0] - a[0]) * i128::from(y - a[1]) - i128::from(x - a[0]) * i128::from(b[1] - a[1]);
        (side > 0) == (b[1] > a[1])
    };
    (0..ring.len()).filter(|&k| crosses(k)).count() % 2 == 1
}
