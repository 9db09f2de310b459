//! The packed R-tree of a file: boxes of 40 bytes, root first, leaves last.
use crate::geometry::Bounds;

/// Bytes of a node: four numbers and an offset.
const NODE: usize = 40;

/// Nodes of each level, leaves first.
fn levels(items: usize, node_size: usize) -> Vec<usize> {
    let node_size = node_size.max(2);
    let mut levels = vec![items];
    let mut nodes = items;
    loop {
        nodes = nodes.div_ceil(node_size);
        levels.push(nodes);
        if nodes <= 1 {
            return levels;
        }
    }
}

/// Bytes of the index; `None` if no file could be so long.
pub(super) fn length(items: usize, node_size: usize) -> Option<usize> {
    let nodes = levels(items, node_size).into_iter().try_fold(0, usize::checked_add)?;
    nodes.checked_mul(NODE)
}

/// Offsets of the features whose box meets the rectangle; `None` if nodes point to places that are none.
pub(super) fn search(index: &[u8], items: usize, node_size: usize, rectangle: &Bounds) -> Option<Vec<u64>> {
    let node_size = node_size.max(2);
    let levels = levels(items, node_size);
    // Where each level ends, leaves first.
    let mut ends = Vec::with_capacity(levels.len());
    let mut end = index.len() / NODE;
    for nodes in &levels {
        ends.push(end);
        end = end.checked_sub(*nodes)?;
    }
    let mut found = Vec::new();
    let mut open = vec![(levels.len() - 1, 0)];
    while let Some((level, first)) = open.pop() {
        for node in first..(first + node_size).min(ends[level]) {
            let bytes: &[u8; NODE] = index.get(node * NODE..)?.first_chunk()?;
            let eight = |place: usize| {
                let mut eight = [0; 8];
                eight.copy_from_slice(&bytes[8 * place..8 * place + 8]);
                eight
            };
            let number = |place: usize| f64::from_le_bytes(eight(place));
            let bounds = Bounds { min_x: number(0), min_y: number(1), max_x: number(2), max_y: number(3) };
            if !bounds.meets(rectangle) {
                continue;
            }
            let offset = u64::from_le_bytes(eight(4));
            match level.checked_sub(1) {
                None => found.push(offset),
                Some(below) => {
                    let child = usize::try_from(offset).ok()?;
                    // Children are behind their parents, in the level below: no path comes back.
                    if !(ends[level]..ends[below]).contains(&child) {
                        return None;
                    }
                    open.push((below, child));
                }
            }
        }
        // A damaged index may name one node many times.
        if found.len() > items || open.len() > index.len() / NODE {
            return None;
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use flatgeobuf::packed_r_tree::{NodeItem, PackedRTree, calc_extent, hilbert_sort};
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn as_by_looking_at_each(
            points in prop::collection::vec((0..50_i32, 0..50_i32), 1..200), node_size in 2..20_u16,
            corner in (0..50_i32, 0..50_i32), size in (0..20_i32, 0..20_i32)
        ) {
            let mut nodes: Vec<NodeItem> = points.iter().enumerate().map(|(row, &(x, y))| {
                let (x, y) = (f64::from(x), f64::from(y));
                NodeItem { min_x: x, min_y: y, max_x: x, max_y: y, offset: row as u64 }
            }).collect();
            let extent = calc_extent(&nodes);
            hilbert_sort(&mut nodes, &extent);
            let mut bytes = Vec::new();
            PackedRTree::build(&nodes, &extent, node_size).unwrap().stream_write(&mut bytes).unwrap();
            prop_assert_eq!(length(points.len(), node_size.into()), Some(bytes.len()));
            let (min_x, min_y) = (f64::from(corner.0), f64::from(corner.1));
            let rectangle =
                Bounds { min_x, min_y, max_x: min_x + f64::from(size.0), max_y: min_y + f64::from(size.1) };
            let mut found = search(&bytes, points.len(), node_size.into(), &rectangle).unwrap();
            found.sort_unstable();
            let inside = |&(x, y): &(i32, i32)| {
                let (x, y) = (f64::from(x), f64::from(y));
                (min_x..=rectangle.max_x).contains(&x) && (min_y..=rectangle.max_y).contains(&y)
            };
            let expected: Vec<u64> =
                (0..points.len()).filter(|&row| inside(&points[row])).map(|row| row as u64).collect();
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn damage_ends(mut bytes in prop::collection::vec(any::<u8>(), 0..2000), items in 1..60_usize, node_size in 2..9_usize) {
            bytes.resize(length(items, node_size).unwrap(), 0);
            let everything = Bounds { min_x: -1e300, min_y: -1e300, max_x: 1e300, max_y: 1e300 };
            let _ = search(&bytes, items, node_size, &everything);
        }
    }

    #[test]
    fn counts_that_no_file_has() {
        assert_eq!(length(usize::MAX, 16), None);
        assert_eq!(length(1, 16), Some(80));
    }
}
