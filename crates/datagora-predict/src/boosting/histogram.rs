//! Sums of gradients by bin, and the best split they show.
use std::sync::Arc;

use super::bins::{BINS, Block, Cuts, WIDTH};
use super::grow::Pulled;
use super::tree::Split;
use crate::cores;

/// A sum and a count in one number: the sum above, the count in the lowest bits. They add up together, and being whole
/// numbers they do so in any order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally(i64);

const COUNT_BITS: u32 = 26;
/// Most rows a tally can count.
pub(super) const MOST_ROWS: usize = (1 << COUNT_BITS) - 1;
/// Largest sum of gradients.
pub(super) const MOST_SUM: f64 = (1u64 << (62 - COUNT_BITS)) as f64;

impl Tally {
    pub(super) fn one(gradient: i32) -> Self {
        Self((i64::from(gradient) << COUNT_BITS) + 1)
    }

    pub(super) fn count(self) -> i64 {
        self.0 & ((1 << COUNT_BITS) - 1)
    }

    pub(super) fn sum(self) -> f64 {
        (self.0 >> COUNT_BITS) as f64
    }
}

impl std::ops::Add for Tally {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl std::ops::Sub for Tally {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

/// By feature of a block, then bin.
type Table = [[Tally; BINS]; WIDTH];

/// The tallies of a leaf, block by block.
pub(super) struct Histogram(Vec<Table>);

impl Histogram {
    pub(super) fn new(blocks: usize) -> Self {
        Self(vec![[[Tally::default(); BINS]; WIDTH]; blocks])
    }

    /// Counts rows anew.
    pub(super) fn count(&mut self, blocks: &[Arc<Block>], rows: &[Pulled]) {
        cores::each_mut(&mut self.0, |number, table| {
            let block = &blocks[number];
            *table = [[Tally::default(); BINS]; WIDTH];
            for &(row, gradient) in rows {
                let (bins, tally) = (block[row as usize], Tally::one(gradient));
                for feature in 0..WIDTH {
                    let bin = &mut table[feature][usize::from(bins[feature])];
                    *bin = *bin + tally;
                }
            }
        });
    }

    /// Leaves what is not in the other.
    pub(super) fn subtract(&mut self, other: &Histogram) {
        for (table, other) in self.0.iter_mut().zip(&other.0) {
            for (mine, theirs) in table.as_flattened_mut().iter_mut().zip(other.as_flattened()) {
                *mine = *mine - *theirs;
            }
        }
    }

    /// The best split of rows with this total; of equal ones that of the first feature.
    pub(super) fn best(&self, total: Tally, cuts: &[Cuts], open: &[bool], limits: Limits) -> Option<Split> {
        let found = cores::each(cuts.len().div_ceil(WIDTH), |block| {
            let features = block * WIDTH..cuts.len().min((block + 1) * WIDTH);
            let mut best: Option<Split> = None;
            for feature in features.filter(|feature| open[*feature]) {
                let tallies = &self.0[block][feature % WIDTH][..cuts[feature].bins()];
                if let Some(split) = best_of(tallies, total, feature as u32, limits) {
                    best = better(best, split);
                }
            }
            best
        });
        found.into_iter().flatten().fold(None, better)
    }
}

/// What a split must leave.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Fewest rows on either side.
    pub(super) rows: i64,
    /// Added to counts: ridge penalty of leaf values.
    pub(super) ridge: f64,
}

fn better(best: Option<Split>, split: Split) -> Option<Split> {
    match best {
        Some(best) if best.gain >= split.gain => Some(best),
        _ => Some(split),
    }
}

fn best_of(tallies: &[Tally], total: Tally, feature: u32, limits: Limits) -> Option<Split> {
    let whole = total.sum() * total.sum() / (total.count() as f64 + limits.ridge);
    // Rounding alone must not look like a gain.
    let least = whole * (1.0 + 1e-12) + 1e-9;
    let gaps = tallies[0];
    let (bin, score) = last_left(tallies, Tally::default(), total, limits);
    let (bin_with, score_with) = match gaps.count() {
        0 => (0, f64::NEG_INFINITY),
        _ => last_left(tallies, gaps, total, limits),
    };
    let gaps_left = score_with > score;
    let (bin, score) = if gaps_left { (bin_with, score_with) } else { (bin, score) };
    if score <= least {
        return None;
    }
    // Without gaps here, those to come go where most rows go.
    let left: i64 = tallies[1..=bin].iter().map(|tally| tally.count()).sum();
    let gaps_left = if gaps.count() > 0 { gaps_left } else { 2 * left >= total.count() };
    Some(Split { feature, bin: bin as u8, gaps_left, gain: score - whole })
}

/// The last bin of the best left side, which begins with `first`, and the score of both sides.
fn last_left(tallies: &[Tally], first: Tally, total: Tally, limits: Limits) -> (usize, f64) {
    let (mut best, mut left) = ((0, f64::NEG_INFINITY), first);
    for (bin, tally) in tallies.iter().enumerate().skip(1) {
        left = left + *tally;
        let right = total - left;
        if left.count() < limits.rows || tally.count() == 0 {
            continue;
        }
        if right.count() < limits.rows {
            break;
        }
        let (n, m) = (left.count() as f64 + limits.ridge, right.count() as f64 + limits.ridge);
        let (sum, rest) = (left.sum(), right.sum());
        // sum² / n + rest² / m, with one division.
        let score = (sum * sum * m + rest * rest * n) / (n * m);
        if score > best.1 {
            best = (bin, score);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tally_counts_and_sums() {
        let sum = Tally::one(-7) + Tally::one(3) + Tally::one(-1_000_000);
        assert_eq!((sum.count(), sum.sum()), (3, -1_000_004.0));
        let rest = sum - Tally::one(-7);
        assert_eq!((rest.count(), rest.sum()), (2, -999_997.0));
    }

    #[test]
    fn gaps_go_where_they_fit() {
        let tally = |count: usize, gradient: i32| {
            (0..count).fold(Tally::default(), |sum, _| sum + Tally::one(gradient))
        };
        let tallies = [tally(4, 1), tally(5, -1), tally(5, 1)];
        let total = tallies.iter().fold(Tally::default(), |sum, t| sum + *t);
        let limits = Limits { rows: 1, ridge: 0.0 };
        let split = best_of(&tallies, total, 3, limits).unwrap();
        assert_eq!((split.feature, split.bin, split.gaps_left), (3, 1, false));
        // Only the gaps differ: they alone go one way.
        let tallies = [tally(4, 1), tally(5, -1), tally(5, -1)];
        let total = tallies.iter().fold(Tally::default(), |sum, t| sum + *t);
        let split = best_of(&tallies, total, 0, limits).unwrap();
        assert_eq!((split.bin, split.gaps_left), (2, false));
        assert!(best_of(&tallies, total, 0, Limits { rows: 6, ridge: 0.0 }).is_none());
    }
}
