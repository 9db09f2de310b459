//! From shares to scores and classes.
use datagora_geo::CoverageBand;

use super::factor_set::FactorSet;
use super::model::{BlockingRule, Slots};

/// Scores are whole numbers of ten-thousandths: sums that should be equal are, and a score on the limit of a class is on it.
pub(super) const STEPS: f64 = 1e4;

/// The state of a cell outside the mask.
pub(super) const OUTSIDE: u8 = u8::MAX;
/// Set in the state of a cell that is blocked; the rest is the number of its class.
pub(super) const BLOCKED: u8 = 0x80;
/// The number of the class of all cells, where the set has no classes.
pub(super) const NO_CLASS: u8 = 0x7E;

/// Added to a number below 2⁵¹ and taken away again, it rounds it to a whole number, ties to even.
const ROUNDER: f64 = 6_755_399_441_055_744.0;

/// A score in ten-thousandths.
#[inline(always)]
pub(super) fn in_steps(score: f64) -> i32 {
    ((score * STEPS + ROUNDER) - ROUNDER) as i32
}

/// Limits of classes, in ten-thousandths.
#[derive(Clone, Debug)]
pub(super) struct Cuts {
    upper: Vec<i32>,
    /// Number of the class of cells that are blocked.
    blocked: u8,
    none: bool,
}

impl Cuts {
    pub(super) fn of(set: &FactorSet) -> Self {
        let upper = set.classes().iter().filter_map(|class| class.upper).map(in_steps).collect();
        let blocked = set.blocked_class().map_or(NO_CLASS, |class| class as u8);
        Self { upper, blocked, none: set.classes().is_empty() }
    }

    /// The state of a cell within the mask.
    #[inline(always)]
    pub(super) fn state(&self, score: i32, blocked: bool) -> u8 {
        if blocked {
            return BLOCKED | self.blocked;
        }
        if self.none {
            return NO_CLASS;
        }
        self.upper.iter().map(|&upper| u8::from(score > upper)).sum()
    }

    /// The scores that belong to a class: above the first, up to the second.
    pub(super) fn limits(&self, class: u8) -> (f64, f64) {
        let at = |number: Option<usize>, otherwise: f64| {
            number
                .and_then(|number| self.upper.get(number))
                .map_or(otherwise, |&upper| f64::from(upper) / STEPS)
        };
        let class = usize::from(class);
        (at(class.checked_sub(1), f64::NEG_INFINITY), at(Some(class), f64::INFINITY))
    }
}

/// Scores and states of the cells of a band, row by row.
pub(super) struct Scorer<'s> {
    pub(super) weights: &'s [f64],
    pub(super) slots: Slots,
    pub(super) cuts: &'s Cuts,
    pub(super) blocking: BlockingRule,
}

/// A share within the mask that differs from 0 or 1 by less is 0 or 1.
const ROUNDING: f64 = 1e-9;

/// Cells at a time: their sums stay in the nearest cache.
const RUN: usize = 1 << 10;

impl Scorer<'_> {
    /// Scores some cells of a band, from `first` on, and tells which of them lie partly within the mask, and by how much.
    pub(super) fn score(
        &self,
        band: &CoverageBand,
        first: usize,
        scores: &mut [i32],
        states: &mut [u8],
        mut partial: impl FnMut(usize, f64),
    ) {
        let mut sums = [0.0; RUN];
        for ((run, scores), states) in scores.chunks_mut(RUN).enumerate().zip(states.chunks_mut(RUN)) {
            let begin = first + run * RUN;
            let sums = &mut sums[..scores.len()];
            sums.fill(0.0);
            for (slot, weight) in self.weights.iter().enumerate().take(self.slots.factors) {
                let shares = &band.shares(slot)[begin..begin + sums.len()];
                for (sum, share) in sums.iter_mut().zip(shares) {
                    *sum += weight * share;
                }
            }
            let share_of =
                |slot: Option<usize>| slot.map(|slot| &band.shares(slot)[begin..begin + sums.len()]);
            let (blocked, mask) = (share_of(self.slots.blocked), share_of(self.slots.mask));
            for (cell, sum) in sums.iter().enumerate() {
                let score = in_steps(*sum);
                let is_blocked = blocked.is_some_and(|shares| self.blocking.blocks(shares[cell]));
                scores[cell] = score;
                states[cell] = self.cuts.state(score, is_blocked);
            }
            let Some(mask) = mask else { continue };
            for (cell, &within) in mask.iter().enumerate() {
                if within > 1.0 - ROUNDING {
                    continue;
                }
                if within > ROUNDING {
                    partial(begin + cell, within);
                } else {
                    (scores[cell], states[cell]) = (0, OUTSIDE);
                }
            }
        }
    }
}
