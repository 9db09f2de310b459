//! Communes and IRIS: blocks joined to zones.
use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::mesh::Mesh;
use crate::random::Stream;

/// Divides some blocks among `count` zones that each hang together: seeds drawn by weight, then grown nearest first.
///
/// The blocks may fall apart into islands; an island without a seed becomes part of no zone unless it gets one, so every
/// island is given one seed first. There may be fewer zones than asked if there are fewer blocks, and more if there are
/// more islands.
pub(crate) fn divide(
    mesh: &Mesh,
    blocks: &[usize],
    weights: &[f64],
    count: usize,
    stream: &mut Stream,
) -> Vec<Vec<usize>> {
    let mut inside = vec![false; mesh.cells.len()];
    blocks.iter().for_each(|&block| inside[block] = true);

    let mut seeds = Vec::new();
    let mut reached = vec![false; mesh.cells.len()];
    for &block in blocks {
        if !reached[block] {
            seeds.push(block);
            let mut stack = vec![block];
            reached[block] = true;
            while let Some(block) = stack.pop() {
                for next in mesh.around(block) {
                    if inside[next] && !reached[next] {
                        reached[next] = true;
                        stack.push(next);
                    }
                }
            }
        }
    }
    if seeds.len() == 1 {
        seeds.clear();
    }
    // Seeds keep away from each other: of eight drawn, the one farthest from the others is taken.
    let weights: Vec<f64> = blocks.iter().map(|&block| weights[block] + 1e-9).collect();
    while seeds.len() < count.min(blocks.len()) {
        let candidates = stream.draws(&weights, 8);
        let distance = |block: usize| {
            let (i, j) = mesh.cells[block];
            let from = |&seed: &usize| {
                let (k, l) = mesh.cells[seed];
                i64::from(i - k).pow(2) + i64::from(j - l).pow(2)
            };
            seeds.iter().map(from).min().unwrap_or(i64::MAX)
        };
        let best =
            candidates.into_iter().map(|c| blocks[c]).max_by_key(|&block| (distance(block), Reverse(block)));
        match best.filter(|&block| distance(block) > 0) {
            Some(block) => seeds.push(block),
            // All candidates are taken: take the first free block.
            None => seeds.extend(blocks.iter().find(|block| !seeds.contains(block))),
        }
    }

    let mut zone = vec![usize::MAX; mesh.cells.len()];
    let mut frontier: BinaryHeap<_> =
        seeds.iter().enumerate().map(|(z, &block)| Reverse((0_u64, block, z))).collect();
    while let Some(Reverse((cost, block, z))) = frontier.pop() {
        if zone[block] != usize::MAX {
            continue;
        }
        zone[block] = z;
        for next in mesh.around(block) {
            if inside[next] && zone[next] == usize::MAX {
                frontier.push(Reverse((cost + 700 + stream.next_u64() % 600, next, z)));
            }
        }
    }
    let mut zones = vec![Vec::new(); seeds.len()];
    blocks.iter().for_each(|&block| zones[zone[block]].push(block));
    zones
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CityPlan;

    #[test]
    fn zones_share_all_blocks_and_hang_together() {
        let mesh = Mesh::new(&CityPlan { area: 20.0, ..CityPlan::town() });
        let blocks: Vec<usize> = (0..mesh.cells.len()).collect();
        let zones = divide(&mesh, &blocks, &vec![1.0; blocks.len()], 9, &mut Stream::new(3, "test", 0));
        assert_eq!(zones.len(), 9);
        let mut all: Vec<usize> = zones.concat();
        all.sort_unstable();
        assert_eq!(all, blocks);
        for zone in &zones {
            // One piece: dividing it into one zone finds one island.
            assert_eq!(
                divide(&mesh, zone, &vec![1.0; blocks.len()], 1, &mut Stream::new(3, "test", 1)).len(),
                1
            );
        }
    }
}
