//! Calibrated intervals: as wide as past errors were.
use std::sync::Arc;

use crate::ForecastOptions;
use crate::conformal::rank;
use crate::difficulty::{Outlook, Powers, TOTAL};
use crate::distribution::{normal_quantile, student_quantile};
use crate::pool::Pool;
use crate::residuals::Residuals;
use crate::rolling::Rolled;

/// What the width of an interval rests on, from the firmest to the weakest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum Basis {
    /// Past errors of this series, those at this horizon enough by themselves.
    Horizon {
        /// How many at this horizon.
        residuals: usize,
    },
    /// Past errors at this horizon of all series of the panel, in units of the size to be expected of each.
    Panel {
        /// How many.
        residuals: usize,
    },
    /// Past errors of this series at all horizons, of which this one has too few.
    Neighbours {
        /// How many.
        residuals: usize,
    },
    /// For a total: the sum of the half-widths of its steps, which is on the safe side.
    Sum,
    /// The model's own belief, **not calibrated**: too few past errors exist.
    Model,
}

impl Basis {
    /// Whether past errors decided.
    pub fn is_calibrated(&self) -> bool {
        !matches!(self, Basis::Model)
    }
}

/// Stretches that what is known from elsewhere weighs against the errors of one horizon of one series.
pub(crate) const SHRINKAGE: f64 = 3.0;

/// Past errors below which the model's own belief says more.
const LEAST: usize = 8;

/// The distribution of the errors of one forecast.
#[derive(Clone, Debug)]
pub(crate) struct Margins {
    outlook: Outlook,
    skip: usize,
    source: Source,
}

#[derive(Clone, Debug)]
enum Source {
    Pool(Arc<Pool>),
    Own(Own),
    /// Spread of each cell, and values observed.
    Model {
        spread: Box<[f64]>,
        observed: usize,
    },
}

/// Errors of one series, in units of the size to be expected.
#[derive(Clone, Debug)]
struct Own {
    /// Sizes at all steps in units of their root mean square, sorted.
    units: Box<[f64]>,
    /// Of each cell: root mean square in units of the outlook, number of errors, how many of them are independent.
    cells: Box<[(f64, usize, f64)]>,
}

impl Own {
    /// `None` without any error.
    fn of(residuals: &Residuals) -> Option<Self> {
        let mut scaled: Vec<Vec<f64>> = vec![Vec::new(); residuals.cells()];
        for past in residuals.origins() {
            for (cell, error) in past.cells() {
                scaled[cell].push(error / past.outlook.size(cell, &Powers::PRIOR));
            }
        }
        let square = |errors: &[f64]| errors.iter().map(|e| e * e).sum::<f64>() / errors.len().max(1) as f64;
        let weight: Vec<f64> =
            scaled.iter().enumerate().map(|(cell, e)| residuals.independent(cell, e.len())).collect();
        let all: f64 = weight.iter().skip(TOTAL + 1).sum();
        if all == 0.0 {
            return None;
        }
        let steps = scaled.iter().zip(&weight).skip(TOTAL + 1);
        let usual = steps.map(|(e, w)| w * square(e)).sum::<f64>() / all;
        let cells: Box<[(f64, usize, f64)]> = scaled
            .iter()
            .zip(&weight)
            .map(|(e, w)| (((w * square(e) + SHRINKAGE * usual) / (w + SHRINKAGE)).sqrt(), e.len(), *w))
            .collect();
        let mut units: Vec<f64> = scaled
            .iter()
            .zip(&cells)
            .skip(TOTAL + 1)
            .filter(|(_, (root, ..))| *root > 0.0)
            .flat_map(|(errors, (root, ..))| errors.iter().map(move |e| e.abs() / root))
            .collect();
        units.sort_by(f64::total_cmp);
        Some(Self { units: units.into(), cells })
    }

    /// Half-width of a central interval of a cell.
    fn half(&self, outlook: &Outlook, cell: usize, level: f64) -> f64 {
        let (root, _, independent) = self.cells.get(cell).copied().unwrap_or((0.0, 0, 0.0));
        if self.units.is_empty() || level <= 0.0 {
            return 0.0;
        }
        let n = self.units.len();
        let seen = self.units[rank(n, level).min(n) - 1];
        let normal = normal_quantile(0.5 + level / 2.0);
        // All steps tell about the shape; as many independently as the step of which most are independent.
        let tell = self.cells.iter().skip(TOTAL + 1).map(|cell| cell.2).fold(0.0, f64::max);
        let quantile = (tell * seen + SHRINKAGE * normal) / (tell + SHRINKAGE);
        // The size itself is estimated from few errors: Student's t instead of the normal distribution.
        let freedom = independent + SHRINKAGE;
        let student = student_quantile(0.5 + level / 2.0, freedom) / normal * (1.0 + 1.0 / freedom).sqrt();
        root * outlook.size(cell, &Powers::PRIOR) * quantile * student
    }
}

impl Margins {
    /// As [`Margins::of`], by the pool only if it decides for all series or this one has too few errors of its own, and
    /// if it has enough for the levels asked for.
    pub(crate) fn decided(
        now: &Rolled,
        residuals: &Residuals,
        skip: usize,
        pool: Option<&Arc<Pool>>,
        options: &ForecastOptions,
    ) -> Self {
        let (steps, highest) = (now.points.len(), options.levels.last().copied().unwrap_or(0.0));
        let pool = pool.filter(|pool| {
            (pool.decides() || !residuals.suffice(steps, highest))
                && (0..=steps).all(|cell| pool.serves(cell, highest).is_some())
        });
        Self::of(now, residuals, skip, pool)
    }

    /// For the forecast `now`, from the errors known by then; `pool` where a panel decides.
    pub(crate) fn of(now: &Rolled, residuals: &Residuals, skip: usize, pool: Option<&Arc<Pool>>) -> Self {
        let outlook = Outlook::of(now, skip);
        if let Some(pool) = pool {
            let outlook = pool.outlook(outlook, residuals, now.known);
            return Self { outlook, skip, source: Source::Pool(Arc::clone(pool)) };
        }
        let source = match Own::of(residuals) {
            Some(own) if residuals.count() >= LEAST => Source::Own(own),
            _ => Source::Model { spread: now.spread.clone(), observed: now.observed },
        };
        Self { outlook, skip, source }
    }

    /// Number of steps.
    pub(crate) fn steps(&self) -> usize {
        self.outlook.steps()
    }

    /// What sizes of errors are measured by.
    pub(crate) fn powers(&self) -> Powers {
        match &self.source {
            Source::Pool(pool) => pool.powers(),
            _ => Powers::PRIOR,
        }
    }

    /// The usual error of a cell, in units of its outlook.
    pub(crate) fn usual(&self, cell: usize) -> f64 {
        match &self.source {
            Source::Pool(pool) => pool.usual(cell),
            Source::Own(own) => own.cells.get(cell).map_or(0.0, |cell| cell.0),
            Source::Model { .. } => 0.0,
        }
    }

    /// Quantile of the error of a step, in the unit of the series.
    pub(crate) fn quantile(&self, step: usize, p: f64) -> f64 {
        self.cell_quantile(step + 1, p)
    }

    fn cell_quantile(&self, cell: usize, p: f64) -> f64 {
        match &self.source {
            Source::Pool(pool) => pool.quantile(&self.outlook, cell, p),
            Source::Own(own) => (p - 0.5).signum() * own.half(&self.outlook, cell, (2.0 * p - 1.0).abs()),
            Source::Model { spread, observed } => {
                let freedom = observed.saturating_sub(1).max(3) as f64;
                let of = |step: usize| {
                    // A trend drawn through few values errs the more the further it is drawn out.
                    let drawn_out = (1.0 + (step + 1) as f64 / (*observed).max(1) as f64).sqrt();
                    spread.get(step).copied().unwrap_or(0.0) * drawn_out
                };
                let spread: f64 =
                    if cell == TOTAL { (self.skip..spread.len()).map(of).sum() } else { of(cell - 1) };
                student_quantile(p, freedom) * spread
            }
        }
    }

    /// Lower and upper error of a step at a level, and what they rest on. The point lies between them.
    pub(crate) fn bounds(&self, step: usize, level: f64) -> (f64, f64, Basis) {
        self.cell_bounds(step + 1, level)
    }

    /// Of the total.
    pub(crate) fn total_bounds(&self, level: f64) -> (f64, f64, Basis) {
        self.cell_bounds(TOTAL, level)
    }

    fn cell_bounds(&self, cell: usize, level: f64) -> (f64, f64, Basis) {
        let lower = self.cell_quantile(cell, 0.5 - level / 2.0).min(0.0);
        let upper = self.cell_quantile(cell, 0.5 + level / 2.0).max(0.0);
        (lower, upper, self.basis(cell, level))
    }

    /// What the bounds of a step rest on.
    pub(crate) fn basis_of(&self, step: usize, level: f64) -> Basis {
        self.basis(step + 1, level)
    }

    fn basis(&self, cell: usize, level: f64) -> Basis {
        match &self.source {
            Source::Pool(pool) => match pool.serves(cell, level) {
                Some(residuals) => Basis::Panel { residuals },
                None => Basis::Model,
            },
            Source::Own(own) => {
                let count = own.cells.get(cell).map_or(0, |c| c.1);
                let all = own.units.len();
                if count >= LEAST && rank(count, level) <= count {
                    Basis::Horizon { residuals: count }
                } else if cell == TOTAL {
                    Basis::Sum
                } else {
                    Basis::Neighbours { residuals: all }
                }
            }
            Source::Model { .. } => Basis::Model,
        }
    }
}
