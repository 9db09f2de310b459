//! In which order features are left out.
use super::cores::sort;
use super::layer::Thinning;
use super::pyramid::{WORLD_BITS, interleaved};
use crate::random::SplitMix64;

/// Places along a curve that visits one cell of the quadtree after the other, with their number.
pub(super) fn along_curve(places: &[[i32; 2]]) -> Vec<(u64, u32)> {
    let inside = |axis: i32| axis.clamp(0, (1 << WORLD_BITS) - 1) as u32;
    let curve = |(number, place): (usize, &[i32; 2])| {
        (interleaved(inside(place[0]), inside(place[1])), number as u32)
    };
    let mut along: Vec<(u64, u32)> = places.iter().enumerate().map(curve).collect();
    sort(&mut along);
    along
}

/// In which order the features of a layer are admitted.
pub(super) struct Order {
    /// Place of each feature among those to admit, from 0: those with high places are left out first.
    pub(super) rank: Vec<u32>,
    /// Of [`Thinning::Even`]: how many features are the first in a cell of each level of the quadtree.
    winners: Vec<u32>,
}

/// Level of what is first in no cell.
const NEVER: u8 = WORLD_BITS as u8 + 1;

impl Order {
    /// From the features along the curve, their priority (missing last) and the row they came from.
    pub(super) fn new(
        along: Vec<(u64, u32)>,
        thinning: Thinning,
        priority: impl Fn(usize) -> f64 + Sync,
        row: impl Fn(usize) -> u32 + Sync,
    ) -> Self {
        let count = along.len();
        // Small is better: high priority, then chance by row.
        let merits: Vec<(u64, u64)> =
            (0..count).map(|feature| (descending(priority(feature)), shuffled(row(feature)))).collect();
        let mut levels = vec![0u8; count];
        if thinning != Thinning::Priority {
            levels.fill(NEVER);
            let mut alive = along;
            for level in (0..=WORLD_BITS).rev() {
                let cell = |key: u64| key >> (2 * (WORLD_BITS - level));
                let mut kept = 0;
                for at in 0..alive.len() {
                    let (key, feature) = alive[at];
                    let same = kept > 0 && cell(alive[kept - 1].0) == cell(key);
                    if !same {
                        alive[kept] = (key, feature);
                        kept += 1;
                    } else if merits[feature as usize] < merits[alive[kept - 1].1 as usize] {
                        alive[kept - 1] = (key, feature);
                    }
                }
                alive.truncate(kept);
                alive.iter().for_each(|&(_, feature)| levels[feature as usize] = level as u8);
            }
        }
        let mut winners = vec![0u32; usize::from(NEVER) + 1];
        levels.iter().for_each(|&level| winners[usize::from(level)] += 1);
        (1..winners.len()).for_each(|level| winners[level] += winners[level - 1]);
        let mut admitted: Vec<(u8, (u64, u64), u32)> =
            (0..count).map(|feature| (levels[feature], merits[feature], feature as u32)).collect();
        sort(&mut admitted);
        let mut rank = vec![0; count];
        for (place, (_, _, feature)) in admitted.into_iter().enumerate() {
            rank[feature as usize] = place as u32;
        }
        Order { rank, winners }
    }

    /// How many features are admitted if each has a square of 2^`bits` units of the world to itself.
    pub(super) fn one_per_cell(&self, bits: u32) -> u32 {
        self.winners[WORLD_BITS.saturating_sub(bits) as usize]
    }
}

/// Bits that grow as a number falls; NaN last.
fn descending(number: f64) -> u64 {
    if number.is_nan() {
        return u64::MAX;
    }
    let bits = (number + 0.0).to_bits();
    let ascending = if bits >> 63 == 1 { !bits } else { bits | 1 << 63 };
    !ascending - 1
}

/// Chance by number: a bijection.
fn shuffled(number: u32) -> u64 {
    SplitMix64::new(number.into()).bits()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(places: &[[i32; 2]], thinning: Thinning, priority: &[f64]) -> Order {
        Order::new(along_curve(places), thinning, |k| priority[k], |k| k as u32)
    }

    #[test]
    fn priority_wins_everywhere() {
        let order = order(&[[0, 0], [1, 0], [9_000, 0]], Thinning::Priority, &[1.0, f64::NAN, -5.0]);
        assert_eq!(order.rank, [0, 2, 1]);
    }

    #[test]
    fn each_prefix_is_spread() {
        // A heap of 100 points and three single ones.
        let mut places: Vec<[i32; 2]> = (0..100).map(|k| [k % 10, k / 10]).collect();
        places.extend([[1 << 29, 0], [0, 1 << 29], [1 << 29, 1 << 29]]);
        let priority: Vec<f64> = (0..103).map(f64::from).collect();
        let order = order(&places, Thinning::Even, &priority);
        let first: Vec<u32> = (100..103).map(|k| order.rank[k]).collect();
        assert!(first.iter().all(|&rank| rank < 4), "{first:?}");
        assert!(order.rank[99] < 4, "the heap is there as well, by the point of highest priority");
        assert_eq!((order.one_per_cell(30), order.one_per_cell(29), order.one_per_cell(0)), (1, 4, 103));
        let mut ranks = order.rank.clone();
        ranks.sort_unstable();
        assert!(ranks.into_iter().eq(0..103));
    }

    #[test]
    fn numbers_descend() {
        let sorted = [f64::INFINITY, 2.0, 1e-300, 0.0, -1.0, f64::NEG_INFINITY, f64::NAN];
        assert!(sorted.windows(2).all(|pair| descending(pair[0]) < descending(pair[1])));
        assert_eq!(descending(-0.0), descending(0.0));
    }
}
