//! Simulated futures: what steps, and series, do together.
use datagora_core::{Interval, Unit};

use crate::conformal::rank;
use crate::difficulty::TOTAL;
use crate::distribution::normal_quantile;
use crate::interval::{Margins, SHRINKAGE};
use crate::residuals::Residuals;

/// Equally likely futures of one forecast, or of a sum of forecasts.
///
/// At each step their distribution is that of the calibrated intervals. How steps go together is taken from past
/// forecasts: where they erred in the same direction for a year, so do the paths. A sum, a maximum or any other function
/// of a path therefore has the interval that bounds of single steps cannot give.
///
/// # Example
///
/// ```
/// use datagora_core::Unit;
/// use datagora_predict::{ForecastOptions, Series, forecast};
///
/// let shape = [80.0, 90.0, 120.0, 110.0];
/// let passages: Vec<f64> = (0..64).map(|t| shape[t % 4] + ((t * t) % 13) as f64).collect();
/// let series = Series::new(passages, Unit::of("{passage}"))?.with_period(4)?;
/// let next_year = forecast(&series, 4, &ForecastOptions::default())?;
///
/// let paths = next_year.paths(1_000, 42);
/// let total = paths.sum().interval(0.8).unwrap();
/// let busiest = paths.maximum().interval(0.8).unwrap();
/// let above = paths.measure(|path| f64::from(path.iter().all(|y| *y > 70.0))).mean();
/// assert!(total.lower < 424.0 && 424.0 < total.upper);
/// assert!(busiest.upper < total.lower && above > 0.9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Clark, M. et al. (2004). The Schaake shuffle. J. Hydrometeorology 5, 243–262 (margins reordered by ranks of the
/// past); Schefzik, R., Thorarinsdottir, T. L. and Gneiting, T. (2013). Uncertainty quantification in complex simulation
/// models using ensemble copula coupling. Statistical Science 28, 616–640. doi:10.1214/13-STS443. Here the ranks come
/// from random sums of past errors, so that there can be more paths than past forecasts.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Paths {
    unit: Unit,
    seed: u64,
    horizon: usize,
    values: Vec<f64>,
}

/// Paths that do not go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathsError {
    /// Drawn with different seeds, so that the same path means different shocks.
    #[error("paths drawn with seeds {left} and {right} cannot be added; draw both with one seed")]
    Seeds {
        /// Of the one.
        left: u64,
        /// Of the other.
        right: u64,
    },
    /// Different numbers of paths or of steps.
    #[error(
        "{left_count} paths of {left_steps} steps cannot be added to {right_count} of {right_steps}; forecast and draw \
         the same numbers"
    )]
    Shape {
        /// Paths of the one.
        left_count: usize,
        /// Its steps.
        left_steps: usize,
        /// Paths of the other.
        right_count: usize,
        /// Its steps.
        right_steps: usize,
    },
    /// Different units.
    #[error("paths in different units cannot be added; convert one series first")]
    Units,
}

/// How past errors of one series went together.
#[derive(Clone, Debug)]
pub(crate) struct Dependence {
    /// Of each past forecast: how long ago it was made, and its errors step by step, in units of what is usual.
    shocks: Vec<(u64, Vec<f64>)>,
    /// Share of the past errors in the variance of a path; the rest is a first-order autoregression.
    share: f64,
    /// Its coefficient.
    persistence: f64,
}

impl Dependence {
    /// From the errors known at the end of a series of `length` steps, for the steps after `skip`.
    pub(crate) fn of(margins: &Margins, residuals: &Residuals, length: usize, skip: usize) -> Self {
        let steps = residuals.cells().saturating_sub(1);
        let mut shocks = Vec::new();
        for past in residuals.origins().iter().filter(|past| past.known + steps <= length) {
            // A gap goes with the step before it.
            let mut last = 0.0;
            let errors: Vec<f64> = past
                .errors
                .iter()
                .enumerate()
                .skip(TOTAL + 1 + skip)
                .map(|(cell, error)| {
                    let unit = margins.usual(cell) * past.outlook.size(cell, &margins.powers());
                    if !error.is_nan() && unit > 0.0 {
                        last = (error / unit).clamp(-3.0, 3.0);
                    }
                    last
                })
                .collect();
            if errors.iter().any(|e| *e != 0.0) {
                shocks.push(((length - past.known) as u64, errors));
            }
        }
        let independent = if shocks.is_empty() { 0.0 } else { residuals.independent(steps, shocks.len()) };
        let width = |step: usize| margins.quantile(step, 0.84) - margins.quantile(step, 0.16);
        let (first, last) = (width(skip), width(margins.steps().saturating_sub(1)));
        let persistence =
            if first > 0.0 { persistence((last / first).powi(2), margins.steps() - skip) } else { 0.0 };
        Self { shocks, share: independent / (independent + SHRINKAGE), persistence }
    }

    /// One path of standard scores.
    fn scores(&self, horizon: usize, seed: u64, path: u64) -> Vec<f64> {
        let mut scores = vec![0.0; horizon];
        let scale = (self.share / self.shocks.len().max(1) as f64).sqrt();
        for (ago, errors) in &self.shocks {
            let weight = scale * normal(seed, path, *ago, 0);
            for (score, error) in scores.iter_mut().zip(errors) {
                *score += weight * error;
            }
        }
        let (mut state, fresh) =
            (normal(seed, path, 0, 0), (1.0 - self.persistence * self.persistence).sqrt());
        for (h, score) in scores.iter_mut().enumerate() {
            *score += (1.0 - self.share).sqrt() * state;
            state = self.persistence * state + fresh * normal(seed, path, 0, h as u64 + 1);
        }
        scores
    }
}

/// The coefficient of an autoregression whose error variance grows by `growth` between the first step and the last.
fn persistence(growth: f64, steps: usize) -> f64 {
    let grown = |rho: f64| (0..steps).fold(0.0, |sum, _| 1.0 + rho * rho * sum);
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..40 {
        let middle = 0.5 * (low + high);
        if grown(middle) < growth { low = middle } else { high = middle }
    }
    // Short of 1: a walk that starts at its full variance would never move.
    0.5 * (low + high).min(1.98)
}

/// A standard normal number that belongs to these coordinates, whoever asks and in whatever order (SplitMix64 of Steele,
/// Lea and Flood, 2014).
fn normal(seed: u64, path: u64, ago: u64, step: u64) -> f64 {
    normal_quantile(even(seed, path, ago, step))
}

/// The same, evenly distributed in (0, 1).
pub(crate) fn even(seed: u64, path: u64, ago: u64, step: u64) -> f64 {
    let mix = |z: u64| {
        let z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    let bits = [path, ago, step].iter().fold(mix(seed), |state, x| mix(state ^ mix(*x)));
    ((bits >> 11) as f64 + 0.5) / (1u64 << 53) as f64
}

/// Draws paths about `points`, whose first step is the one after `skip`.
pub(crate) fn draw(
    (points, skip): (&[f64], usize),
    (margins, dependence): (&Margins, &Dependence),
    (unit, non_negative): (&Unit, bool),
    count: usize,
    seed: u64,
) -> Paths {
    let horizon = points.len();
    let scores: Vec<Vec<f64>> =
        (0..count).map(|path| dependence.scores(horizon, seed, path as u64)).collect();
    let mut values = vec![0.0; count * horizon];
    let mut order: Vec<usize> = (0..count).collect();
    for (h, point) in points.iter().enumerate() {
        order.sort_by(|a, b| scores[*a][h].total_cmp(&scores[*b][h]).then(a.cmp(b)));
        for (place, path) in order.iter().enumerate() {
            let p = (place as f64 + 0.5) / count as f64;
            values[path * horizon + h] = {
                let value = point + margins.quantile(skip + h, p);
                if non_negative { value.max(0.0) } else { value }
            };
        }
    }
    Paths::of(unit.clone(), seed, horizon, values)
}

impl Paths {
    /// Of values, path by path, with so many steps each.
    pub(crate) fn of(unit: Unit, seed: u64, horizon: usize, values: Vec<f64>) -> Self {
        Self { unit, seed, horizon, values }
    }

    /// Unit of all values.
    pub fn unit(&self) -> &Unit {
        &self.unit
    }

    /// Number of steps of each.
    pub fn horizon(&self) -> usize {
        self.horizon
    }

    /// The paths, each with one value for each step.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.values.chunks_exact(self.horizon)
    }

    /// What one step (from 0) may be; `None` beyond the horizon.
    pub fn step(&self, step: usize) -> Option<Outcomes> {
        (step < self.horizon).then(|| self.measure(|path| path[step]))
    }

    /// What the sum over the steps may be, such as a year's total.
    pub fn sum(&self) -> Outcomes {
        self.measure(|path| path.iter().sum())
    }

    /// What the highest step may be.
    pub fn maximum(&self) -> Outcomes {
        self.measure(|path| path.iter().copied().fold(f64::NEG_INFINITY, f64::max))
    }

    /// What any number computed from a path may be.
    pub fn measure(&self, of: impl Fn(&[f64]) -> f64) -> Outcomes {
        let mut sorted: Vec<f64> = self.iter().map(of).collect();
        sorted.sort_by(f64::total_cmp);
        Outcomes { sorted }
    }

    /// The sum of two forecasts, path by path, such as two counters of a city.
    ///
    /// Paths drawn with one seed share their shocks: path 17 of one counter and path 17 of another mix the errors made
    /// at the same moments of the past, so that a common shock, such as the weather, stays common. Moments are matched by
    /// their distance from the end: both series have to end together, and to be forecast by
    /// [`forecast_panel`](crate::forecast_panel) or with the same length. Where a series has few past errors, its paths
    /// follow the shocks of the others, which makes the sum rather too uncertain than too sure.
    ///
    /// # Errors
    ///
    /// [`PathsError`] when seed, number of paths, horizon or unit differ.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::Unit;
    /// use datagora_predict::{ForecastOptions, PathsError, Series, forecast};
    ///
    /// let values: Vec<f64> = (0..40).map(|t| 10.0 + ((t * t) % 7) as f64).collect();
    /// let next = forecast(&Series::new(values, Unit::ONE)?, 3, &ForecastOptions::default())?;
    /// let both = next.paths(500, 1).plus(&next.paths(500, 1))?;
    /// assert_eq!(both.sum().mean(), 2.0 * next.paths(500, 1).sum().mean());
    /// let other = next.paths(500, 2);
    /// assert_eq!(both.plus(&other), Err(PathsError::Seeds { left: 1, right: 2 }));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn plus(&self, other: &Paths) -> Result<Paths, PathsError> {
        if self.seed != other.seed {
            return Err(PathsError::Seeds { left: self.seed, right: other.seed });
        }
        if self.horizon != other.horizon || self.values.len() != other.values.len() {
            return Err(PathsError::Shape {
                left_count: self.iter().len(),
                left_steps: self.horizon,
                right_count: other.iter().len(),
                right_steps: other.horizon,
            });
        }
        if self.unit != other.unit {
            return Err(PathsError::Units);
        }
        let values = self.values.iter().zip(&other.values).map(|(a, b)| a + b).collect();
        Ok(Paths { values, ..self.clone() })
    }
}

/// What a number may be: equally likely values.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Outcomes {
    sorted: Vec<f64>,
}

impl Outcomes {
    /// The values, smallest first.
    pub fn values(&self) -> &[f64] {
        &self.sorted
    }

    /// Their mean; `NaN` if no path was drawn.
    pub fn mean(&self) -> f64 {
        self.sorted.iter().sum::<f64>() / self.sorted.len() as f64
    }

    /// The value that is not exceeded with probability `p`: the ⌈(n + 1) p⌉-th smallest, within the values drawn. `None`
    /// for no probability, or if no path was drawn.
    pub fn quantile(&self, p: f64) -> Option<f64> {
        let n = self.sorted.len();
        ((0.0..=1.0).contains(&p) && n > 0).then(|| self.sorted[rank(n, p).min(n) - 1])
    }

    /// The central interval of a level: as many values lie below as above. `None` as for [`Outcomes::quantile`].
    pub fn interval(&self, level: f64) -> Option<Interval> {
        let n = self.sorted.len();
        if n == 0 || !(0.0..=1.0).contains(&level) {
            return None;
        }
        let upper = rank(n, 0.5 + level / 2.0).min(n) - 1;
        Some(Interval { lower: self.sorted[n - 1 - upper], upper: self.sorted[upper], level: Some(level) })
    }

    /// Probability of a value above `threshold`, such as more passages than a street can take; `NaN` if no path was
    /// drawn.
    pub fn probability_above(&self, threshold: f64) -> f64 {
        let below = self.sorted.partition_point(|v| *v <= threshold);
        (self.sorted.len() - below) as f64 / self.sorted.len() as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn persistence_is_read_from_how_the_spread_grows() {
        assert!(persistence(1.0, 12) < 0.01);
        assert!(persistence(12.0, 12) > 0.98);
        let found = persistence((1.0 - 0.64f64.powi(12)) / 0.36, 12);
        assert!((found - 0.8).abs() < 1e-6, "{found}");
    }

    #[test]
    fn quantiles_count_as_many_below_as_above() {
        let outcomes = Outcomes { sorted: (1..=99).map(f64::from).collect() };
        assert_eq!(outcomes.quantile(0.9), Some(90.0));
        let interval = outcomes.interval(0.8).unwrap();
        assert_eq!((interval.lower, interval.upper), (10.0, 90.0));
        assert_eq!(outcomes.probability_above(66.0), 1.0 / 3.0);
        assert_eq!(Outcomes { sorted: vec![] }.interval(0.8), None);
    }

    #[test]
    fn normal_numbers_are_normal_and_do_not_repeat() {
        let drawn: Vec<f64> =
            (0..100).flat_map(|path| (0..100).map(move |step| normal(7, path, 3, step))).collect();
        let mean = drawn.iter().sum::<f64>() / 1e4;
        let square = drawn.iter().map(|z| z * z).sum::<f64>() / 1e4;
        let next = drawn.windows(2).map(|pair| pair[0] * pair[1]).sum::<f64>() / 1e4;
        assert!(
            mean.abs() < 0.03 && (square - 1.0).abs() < 0.04 && next.abs() < 0.03,
            "{mean} {square} {next}"
        );
    }
}
