//! Polygons that become one with their neighbours: where one runs along an edge and another runs back, it goes.
use super::ring::{Edges, Ring, rings_of};

/// The rings that are left of polygons merged with their neighbours: outer ones, each followed by the holes in it. Outer rings
/// have to turn clockwise where y goes down, and holes against them.
///
/// Neighbours are those that share whole edges: as simplification leaves them.
pub(super) fn merged(rings: &[Ring]) -> Vec<Ring> {
    let mut edges = Edges::new();
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
    rings_of(edges)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::super::shapes::doubled_area;
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
