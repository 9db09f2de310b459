//! Calibration on a panel: what is usual among comparable series, and how much harder than usual each one is.
use crate::conformal::rank;
use crate::difficulty::{Outlook, Powers, SIGNS, fit_powers};
use crate::residuals::Residuals;

/// Series with errors from which on a panel calibrates all of its series.
pub(crate) const ENOUGH: usize = 20;

/// Series at which signed and unsigned errors decide equally: whether errors lean to one side is told by few shocks
/// that all series share, so it takes many series of different kinds to believe it.
const LEANING: f64 = 1_000.0;

/// Independent stretches that the prior of the powers weighs.
const STIFFNESS: f64 = 20.0;

/// Errors of all series of a panel, by step, in units of the size that was to be expected of each.
#[derive(Clone)]
pub(crate) struct Pool {
    powers: Powers,
    /// ln of the usual error of each cell, in the unit of its origin.
    usual: Vec<f64>,
    /// Errors of each cell, sorted.
    cells: Vec<Vec<f64>>,
    /// Share of the signed errors in the bounds, 0 to 1.
    leaning: f64,
    series: usize,
}

/// Without the errors themselves, which every forecast of the panel shares.
impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool")
            .field("powers", &self.powers)
            .field("series", &self.series)
            .finish_non_exhaustive()
    }
}

impl Pool {
    /// Of so many series, each with its errors; `None` when fewer than two have any.
    ///
    /// Errors are worked out anew each time they are gone through: those of a large panel take more memory than all of its
    /// forecasts.
    pub(crate) fn of(series: usize, residuals: impl Fn(usize) -> Residuals) -> Option<Self> {
        let told: Vec<usize> = (0..series).filter(|number| residuals(*number).count() > 0).collect();
        if told.len() < 2 {
            return None;
        }
        let mut logarithms: Vec<Vec<f64>> = Vec::new();
        for number in &told {
            let residuals = residuals(*number);
            logarithms.resize(logarithms.len().max(residuals.cells()), Vec::new());
            for past in residuals.origins() {
                for (cell, error) in past.cells().filter(|(_, error)| *error != 0.0) {
                    logarithms[cell].push(error.abs().ln() - past.outlook.base());
                }
            }
        }
        let usual: Vec<f64> = logarithms.into_iter().map(median).collect();
        let sized = |number: &usize| residuals(*number).sized(&usual);
        let powers = fit_powers(|| told.iter().flat_map(|number| rows(&sized(number), &usual)), STIFFNESS);
        let mut cells: Vec<Vec<f64>> = vec![Vec::new(); usual.len()];
        for number in &told {
            for past in sized(number).origins() {
                for (cell, error) in past.cells() {
                    cells[cell].push(error / past.outlook.size(cell, &powers));
                }
            }
        }
        for cell in &mut cells {
            cell.sort_by(f64::total_cmp);
            cell.shrink_to_fit();
        }
        let series = told.len() as f64;
        Some(Self { powers, usual, cells, leaning: series / (series + LEANING), series: told.len() })
    }

    /// The outlook of a series, given its own errors.
    pub(crate) fn outlook(&self, outlook: Outlook, own: &Residuals, known: usize) -> Outlook {
        let own = own.own_size(known, &self.usual);
        outlook.with_own(own)
    }

    pub(crate) fn powers(&self) -> Powers {
        self.powers
    }

    /// The size that two thirds of the errors of a cell stay below, in units of what was to be expected.
    pub(crate) fn usual(&self, cell: usize) -> f64 {
        self.cells
            .get(cell)
            .filter(|errors| !errors.is_empty())
            .map_or(0.0, |errors| smallest(errors, errors.len() * 2 / 3))
    }

    /// Whether it decides for all series; if not, it lends to those with too few errors of their own.
    pub(crate) fn decides(&self) -> bool {
        self.series >= ENOUGH
    }

    /// Whether a cell has errors enough for a central interval of this level, and how many it has.
    pub(crate) fn serves(&self, cell: usize, level: f64) -> Option<usize> {
        let count = self.cells.get(cell)?.len();
        (count > 0 && rank(count, 0.5 + level / 2.0) <= count).then_some(count)
    }

    /// Quantile of the error of a cell.
    pub(crate) fn quantile(&self, outlook: &Outlook, cell: usize, p: f64) -> f64 {
        let Some(errors) = self.cells.get(cell).filter(|errors| !errors.is_empty()) else {
            return 0.0;
        };
        let n = errors.len();
        let place = |rank: usize| rank.clamp(1, n) - 1;
        let signed = if p < 0.5 {
            errors[place((n + 1).saturating_sub(rank(n, 1.0 - p)))]
        } else {
            errors[place(rank(n, p))]
        };
        let size = smallest(errors, place(rank(n, (2.0 * p - 1.0).abs())));
        let unsigned = if p < 0.5 { -size } else { size };
        (self.leaning * signed + (1.0 - self.leaning) * unsigned) * outlook.size(cell, &self.powers)
    }
}

/// What the powers are fitted to. Errors that are nearly 0 say little about size, so logarithms stop a factor of 20
/// below what is usual; overlapping errors of a series weigh as much as the stretches they come from.
fn rows(residuals: &Residuals, usual: &[f64]) -> Vec<(usize, [f64; SIGNS], f64, f64)> {
    let least = (0.05f64).ln();
    let weight = residuals.stretches() / residuals.count().max(1) as f64;
    let mut rows = Vec::new();
    for past in residuals.origins() {
        for (cell, error) in past.cells() {
            let y = (error.abs().ln() - past.outlook.base()).max(usual[cell] + least);
            rows.push((cell, past.outlook.signs(cell), y, weight));
        }
    }
    rows
}

/// The size with so many smaller ones among the sizes of sorted errors, of which there are more.
fn smallest(sorted: &[f64], smaller: usize) -> f64 {
    let (below, above) = sorted.split_at(sorted.partition_point(|error| *error < 0.0));
    // So many of the smaller ones are negative: the fewest with which those above 0 are not larger than what is left out.
    let (mut few, mut many) = (smaller.saturating_sub(above.len()), smaller.min(below.len()));
    while few < many {
        let middle = (few + many) / 2;
        if -below[below.len() - 1 - middle] < above[smaller - middle - 1] {
            few = middle + 1
        } else {
            many = middle
        }
    }
    let negative = below.len().checked_sub(few + 1).map(|at| -below[at]);
    let positive = above.get(smaller - few).copied();
    negative.into_iter().chain(positive).fold(f64::INFINITY, f64::min)
}

fn median(mut values: Vec<f64>) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f64::total_cmp).1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn sizes_are_ranked_without_being_sorted(
            mut errors in prop::collection::vec(prop_oneof![3 => -1e3..1e3f64, 1 => Just(0.0), 1 => Just(-2.0)], 1..40),
        ) {
            errors.sort_by(f64::total_cmp);
            let mut sizes: Vec<f64> = errors.iter().map(|e| e.abs()).collect();
            sizes.sort_by(f64::total_cmp);
            for (rank, size) in sizes.iter().enumerate() {
                prop_assert_eq!(smallest(&errors, rank), *size);
            }
        }
    }
}
