//! Errors of past forecasts, with what was known at their origin about how large they might be.
use crate::Series;
use crate::conformal::rank;
use crate::difficulty::{Outlook, TOTAL};
use crate::rolling::Rolled;

/// A size of errors smaller than this share of the largest value is rounding, and measures nothing.
const ROUNDING: f64 = 1e-12;

/// Errors of one series.
#[derive(Clone, Debug, Default)]
pub(crate) struct Residuals {
    origins: Vec<Past>,
}

/// Errors from one origin.
#[derive(Clone, Debug)]
pub(crate) struct Past {
    /// Steps known then.
    pub(crate) known: usize,
    pub(crate) outlook: Outlook,
    /// Of the total over the steps that were asked for, then of each step; `NaN` where a target is a gap, or was not
    /// known yet.
    pub(crate) errors: Vec<f64>,
}

impl Residuals {
    /// Errors of those forecasts whose target is among the first `known` steps. Totals are of the steps from `skip`.
    pub(crate) fn of(series: &Series, rolled: &[Rolled], known: usize, skip: usize) -> Self {
        let values = &series.values()[..known.min(series.len())];
        let largest = values.iter().filter(|y| !y.is_nan()).fold(0.0f64, |most, y| most.max(y.abs()));
        let origins = rolled
            .iter()
            .filter(|r| r.known < known)
            .map(|origin| {
                let mut errors = vec![0.0; origin.points.len() + 1];
                for (h, point) in origin.points.iter().enumerate() {
                    let target = origin.known + h;
                    let error = if target < known { series.values()[target] - point } else { f64::NAN };
                    errors[h + 1] = error;
                    if h >= skip {
                        errors[TOTAL] += error;
                    }
                }
                Past {
                    known: origin.known,
                    outlook: Outlook::of(origin, skip).above(ROUNDING * largest),
                    errors,
                }
            })
            .collect();
        Self { origins }
    }

    pub(crate) fn origins(&self) -> &[Past] {
        &self.origins
    }

    /// With the size of the own errors known at each origin, where `usual` is as for [`Residuals::own_size`].
    pub(crate) fn sized(mut self, usual: &[f64]) -> Self {
        let own: Vec<f64> = self.origins.iter().map(|past| self.own_size(past.known, usual)).collect();
        for (past, own) in self.origins.iter_mut().zip(own) {
            past.outlook = past.outlook.clone().with_own(own);
        }
        self
    }

    /// Number of cells: the total and the steps.
    pub(crate) fn cells(&self) -> usize {
        self.origins.iter().map(|past| past.errors.len()).max().unwrap_or(0)
    }

    /// Errors that can be measured in the unit of their origin.
    pub(crate) fn count(&self) -> usize {
        self.origins.iter().map(|past| past.steps().count()).sum()
    }

    /// Whether each of so many steps has errors enough for a level.
    pub(crate) fn suffice(&self, steps: usize, level: f64) -> bool {
        (1..=steps).all(|cell| {
            let count = self.origins.iter().flat_map(Past::steps).filter(|(found, _)| *found == cell).count();
            rank(count, level) <= count
        })
    }

    /// How many stretches of the horizon's length the origins span: about as many errors of a step are independent.
    pub(crate) fn stretches(&self) -> f64 {
        let span = match (self.origins.first(), self.origins.last()) {
            (Some(first), Some(last)) => last.known - first.known,
            _ => return 0.0,
        };
        1.0 + span as f64 / self.cells().saturating_sub(1).max(1) as f64
    }

    /// Distance between neighbouring origins.
    fn gap(&self) -> f64 {
        let span = self.origins.last().map_or(0, |last| last.known)
            - self.origins.first().map_or(0, |first| first.known);
        (span as f64 / self.origins.len().saturating_sub(1).max(1) as f64).max(1.0)
    }

    /// How many of `count` errors of a cell are as good as independent.
    ///
    /// Errors h steps ahead from origins g apart share h − g of the shocks they add up, so they correlate by 1 − g/h and
    /// their squares by its square.
    pub(crate) fn independent(&self, cell: usize, count: usize) -> f64 {
        let ahead = if cell == TOTAL { self.cells().saturating_sub(1) } else { cell }.max(1) as f64;
        let gap = self.gap();
        let shared: f64 = (1..count)
            .map(|lag| 1.0 - lag as f64 * gap / ahead)
            .take_while(|c| *c > 0.0)
            .map(|c| c * c)
            .sum();
        count as f64 / (1.0 + 2.0 * shared)
    }

    /// ln of how large the errors known at `known` were, relative to what is usual at each step, drawn towards 0 where
    /// they are few.
    ///
    /// `usual` holds ln of the usual error of each cell in the unit of its origin.
    pub(crate) fn own_size(&self, known: usize, usual: &[f64]) -> f64 {
        let (mut sum, mut count) = (0.0, 0usize);
        for past in self.origins.iter().take_while(|past| past.known < known) {
            for (cell, error) in past.steps().filter(|(cell, _)| past.known + cell <= known) {
                sum += error.abs() / (past.outlook.base() + usual.get(cell).copied().unwrap_or(0.0)).exp();
                count += 1;
            }
        }
        if count == 0 || sum == 0.0 {
            return 0.0;
        }
        let stretches = count as f64 / self.cells().saturating_sub(1).max(1) as f64;
        (sum / count as f64).ln().clamp(-3.0, 3.0) * stretches / (stretches + 1.0)
    }
}

impl Past {
    /// Cell and error of each step that can be measured.
    pub(crate) fn steps(&self) -> impl Iterator<Item = (usize, f64)> {
        let measurable = self.outlook.base().is_finite();
        let errors = self.errors.iter().copied().enumerate().skip(TOTAL + 1);
        errors.filter(move |(_, error)| measurable && !error.is_nan())
    }

    /// As [`Past::steps`], with the total.
    pub(crate) fn cells(&self) -> impl Iterator<Item = (usize, f64)> {
        let total = self.errors[TOTAL];
        let total = (!total.is_nan() && self.outlook.base().is_finite()).then_some((TOTAL, total));
        total.into_iter().chain(self.steps())
    }
}
