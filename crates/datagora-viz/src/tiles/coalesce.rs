//! Polygons that become one with their neighbours: where one runs along an edge and another runs back, it goes.
use std::collections::{BTreeMap, BTreeSet};

use super::shapes::doubled_area;

/// A ring without repetition of its first point.
pub(super) type Ring = Vec<[i32; 2]>;

/// The rings that are left of polygons merged with their neighbours: outer ones, each followed by the holes in it. Outer rings
/// have to turn clockwise where y goes down, and holes against them.
///
/// Neighbours are those that share whole edges: as simplification leaves them.
pub(super) fn merged(rings: &[Ring]) -> Vec<Ring> {
    // Where edges go from each point.
    let mut edges: BTreeMap<[i32; 2], Vec<[i32; 2]>> = BTreeMap::new();
    for ring in rings {
        for (k, &from) in ring.iter().enumerate() {
            let to = ring[(k + 1) % ring.len()];
            let back =
                edges.get_mut(&to).and_then(|ends| Some((ends.iter().position(|&end| end == from)?, ends)));
            match back {
                Some((at, ends)) => {
                    ends.swap_remove(at);
                }
                None => edges.entry(from).or_default().push(to),
            }
        }
    }
    let (mut outer, mut holes) = (Vec::new(), Vec::new());
    while let Some((start, mut ends)) = edges.pop_first() {
        // As many edges come as go, so that a walk ends where it began.
        let Some(mut to) = ends.pop() else { continue };
        edges.insert(start, ends);
        let mut walk = vec![start];
        let mut visited = BTreeSet::from([start]);
        loop {
            if !visited.insert(to) {
                // What lies between two visits is a ring.
                let before = walk.iter().position(|&point| point == to).unwrap_or(0);
                let ring: Ring = walk.drain(before..).collect();
                ring.iter().for_each(|point| {
                    visited.remove(point);
                });
                match doubled_area(&ring) {
                    0 => {}
                    area if area > 0 => outer.push(ring),
                    _ => holes.push(ring),
                }
                visited.insert(to);
            }
            walk.push(to);
            match edges.get_mut(&to).and_then(Vec::pop) {
                Some(next) => to = next,
                None => break,
            }
        }
    }
    assigned(outer, holes)
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cell(x: i32, y: i32) -> Ring {
        vec![[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1]]
    }

    #[test]
    fn neighbours_become_one() {
        let found = merged(&[cell(0, 0), cell(1, 0), cell(5, 5)]);
        let areas: Vec<i64> = found.iter().map(|ring| doubled_area(ring)).collect();
        assert_eq!(areas, [2, 4]);
        // Around a hole, in which there is one more.
        let mut ring: Vec<Ring> = Vec::new();
        for k in 0..25 {
            let (x, y) = (k % 5, k / 5);
            if x % 4 == 0 || y % 4 == 0 || k == 12 {
                ring.push(cell(x, y));
            }
        }
        let areas: Vec<i64> = merged(&ring).iter().map(|ring| doubled_area(ring)).collect();
        assert_eq!(areas, [2, 50, -18]);
    }

    proptest! {
        #[test]
        fn areas_stay(cells in prop::collection::btree_set((0..9i32, 0..9i32), 1..70)) {
            let rings: Vec<Ring> = cells.iter().map(|&(x, y)| cell(x, y)).collect();
            let found = merged(&rings);
            let area: i64 = found.iter().map(|ring| doubled_area(ring)).sum();
            prop_assert_eq!(area, 2 * cells.len() as i64);
            prop_assert!(doubled_area(&found[0]) > 0);
            for ring in &found {
                let distinct: BTreeSet<[i32; 2]> = ring.iter().copied().collect();
                prop_assert_eq!(distinct.len(), ring.len());
            }
            let edge = |ring: &Ring| ring.len();
            let sides = |&(x, y): &(i32, i32)| {
                [(x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)].iter().filter(|&near| !cells.contains(near)).count()
            };
            prop_assert_eq!(found.iter().map(edge).sum::<usize>(), cells.iter().map(sides).sum::<usize>());
        }
    }
}
