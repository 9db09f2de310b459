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
    cells: Vec<Cell>,
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

#[derive(Clone, Default)]
struct Cell {
    signed: Vec<f64>,
    sizes: Vec<f64>,
}

impl Pool {
    /// Of the series given; `None` when fewer than two have errors.
    pub(crate) fn of(mut panel: Vec<Residuals>) -> Option<Self> {
        panel.retain(|residuals| residuals.count() > 0);
        if panel.len() < 2 {
            return None;
        }
        let cells = panel.iter().map(Residuals::cells).max().unwrap_or(0);
        let mut logarithms: Vec<Vec<f64>> = vec![Vec::new(); cells];
        for past in panel.iter().flat_map(Residuals::origins) {
            for (cell, error) in past.cells().filter(|(_, error)| *error != 0.0) {
                logarithms[cell].push(error.abs().ln() - past.outlook.base());
            }
        }
        let usual: Vec<f64> = logarithms.into_iter().map(median).collect();
        for residuals in &mut panel {
            let own: Vec<f64> =
                residuals.origins().iter().map(|past| residuals.own_size(past.known, &usual)).collect();
            for (past, own) in residuals.origins_mut().iter_mut().zip(own) {
                past.outlook = past.outlook.clone().with_own(own);
            }
        }
        let powers = fit_powers(|| rows(&panel, &usual), STIFFNESS);
        let mut found = vec![Cell::default(); cells];
        for past in panel.iter().flat_map(Residuals::origins) {
            for (cell, error) in past.cells() {
                let error = error / past.outlook.size(cell, &powers);
                found[cell].signed.push(error);
                found[cell].sizes.push(error.abs());
            }
        }
        for cell in &mut found {
            cell.signed.sort_by(f64::total_cmp);
            cell.sizes.sort_by(f64::total_cmp);
        }
        let series = panel.len() as f64;
        Some(Self { powers, usual, cells: found, leaning: series / (series + LEANING), series: panel.len() })
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
            .and_then(|errors| errors.sizes.get(errors.sizes.len() * 2 / 3))
            .copied()
            .unwrap_or(0.0)
    }

    /// Whether it decides for all series; if not, it lends to those with too few errors of their own.
    pub(crate) fn decides(&self) -> bool {
        self.series >= ENOUGH
    }

    /// Whether a cell has errors enough for a central interval of this level, and how many it has.
    pub(crate) fn serves(&self, cell: usize, level: f64) -> Option<usize> {
        let count = self.cells.get(cell)?.sizes.len();
        (count > 0 && rank(count, 0.5 + level / 2.0) <= count).then_some(count)
    }

    /// Quantile of the error of a cell.
    pub(crate) fn quantile(&self, outlook: &Outlook, cell: usize, p: f64) -> f64 {
        let Some(errors) = self.cells.get(cell).filter(|errors| !errors.signed.is_empty()) else {
            return 0.0;
        };
        let n = errors.signed.len();
        let at = |sorted: &[f64], rank: usize| sorted[rank.clamp(1, n) - 1];
        let signed = if p < 0.5 {
            at(&errors.signed, (n + 1).saturating_sub(rank(n, 1.0 - p)))
        } else {
            at(&errors.signed, rank(n, p))
        };
        let size = at(&errors.sizes, rank(n, (2.0 * p - 1.0).abs()));
        let unsigned = if p < 0.5 { -size } else { size };
        (self.leaning * signed + (1.0 - self.leaning) * unsigned) * outlook.size(cell, &self.powers)
    }
}

/// What the powers are fitted to. Errors that are nearly 0 say little about size, so logarithms stop a factor of 20
/// below what is usual; overlapping errors of a series weigh as much as the stretches they come from.
fn rows(panel: &[Residuals], usual: &[f64]) -> impl Iterator<Item = (usize, [f64; SIGNS], f64, f64)> {
    let least = (0.05f64).ln();
    panel.iter().flat_map(move |residuals| {
        let weight = residuals.stretches() / residuals.count().max(1) as f64;
        residuals.origins().iter().flat_map(move |past| {
            past.cells().map(move |(cell, error)| {
                let y = (error.abs().ln() - past.outlook.base()).max(usual[cell] + least);
                (cell, past.outlook.signs(cell), y, weight)
            })
        })
    })
}

fn median(mut values: Vec<f64>) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f64::total_cmp).1
}
