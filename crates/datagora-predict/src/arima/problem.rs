//! One differencing of a series, with the columns that explain it linearly: residuals for any parameters.
use super::filter::{Innovations, conditional, exact};
use super::gaps::{advance, kalman, level};
use super::polynomial::{Lags, differencing, from_partial};

/// Numbers of the parameters: autoregressive and moving-average, of the steps and of the seasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Terms {
    pub(super) ar: usize,
    pub(super) ma: usize,
    pub(super) seasonal_ar: usize,
    pub(super) seasonal_ma: usize,
}

impl Terms {
    pub(super) fn count(self) -> usize {
        self.ar + self.ma + self.seasonal_ar + self.seasonal_ma
    }
}

/// The four short polynomials, as they are reported: `y = Σ ar y + e + Σ ma e`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Coefficients {
    pub(super) ar: Vec<f64>,
    pub(super) ma: Vec<f64>,
    pub(super) seasonal_ar: Vec<f64>,
    pub(super) seasonal_ma: Vec<f64>,
}

impl Coefficients {
    /// From any numbers: their hyperbolic tangents are partial autocorrelations, so that the process is stationary and
    /// invertible.
    pub(super) fn from_free(terms: Terms, free: &[f64]) -> Self {
        let (ar, rest) = free.split_at(terms.ar);
        let (ma, rest) = rest.split_at(terms.ma);
        let (seasonal_ar, seasonal_ma) = rest.split_at(terms.seasonal_ar);
        let of = |free: &[f64], sign: f64| -> Vec<f64> {
            let partial: Vec<f64> = free.iter().map(|x| x.tanh()).collect();
            from_partial(&partial).into_iter().map(|c| sign * c).collect()
        };
        Self {
            ar: of(ar, 1.0),
            ma: of(ma, -1.0),
            seasonal_ar: of(seasonal_ar, 1.0),
            seasonal_ma: of(seasonal_ma, -1.0),
        }
    }

    /// φ and θ of the whole process.
    pub(super) fn lags(&self, period: usize) -> (Lags, Lags) {
        let minus = |v: &[f64]| -> Vec<f64> { v.iter().map(|c| -c).collect() };
        let phi = Lags::product(&minus(&self.ar), &minus(&self.seasonal_ar), period);
        (Lags::of(minus(&phi.dense)), Lags::product(&self.ma, &self.seasonal_ma, period))
    }
}

/// How innovations are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Likelihood {
    Exact,
    /// Given the first values; exact where there are gaps.
    Conditional,
}

/// Residuals whose sum of squares is to be least: that of the innovations times the mean of their variances.
#[derive(Clone, Debug, Default)]
pub(super) struct Residuals {
    pub(super) values: Vec<f64>,
    pub(super) squares: f64,
    pub(super) count: usize,
    pub(super) log_sum: f64,
}

/// A series, differenced.
pub(super) struct Problem {
    period: usize,
    differences: Lags,
    /// Levels of the series and of the regressors from the first to the last value, centred and scaled.
    levels: Vec<Vec<f64>>,
    /// The same differenced, if there are no gaps.
    differenced: Option<Vec<Vec<f64>>>,
    /// What was subtracted from the series, and what all was divided by.
    centre: f64,
    scale: f64,
    /// What each regressor was divided by.
    units: Vec<f64>,
    /// Ridge of each regressor, in units of an observation.
    ridge: Vec<f64>,
    /// Nothing is left to explain.
    flat: bool,
    work: Innovations,
}

/// What is known once the parameters are.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Solution {
    /// Of the regressors, in units of the series.
    pub(super) weights: Vec<f64>,
    /// Standard errors of these, from the generalised least squares.
    pub(super) errors: Vec<f64>,
    pub(super) log_likelihood: f64,
    /// Variance of the noise by maximum likelihood.
    pub(super) variance: f64,
    pub(super) count: usize,
    /// One-step forecasts from the first to the last value.
    pub(super) fitted: Vec<f64>,
    pub(super) process: Process,
}

/// The process around the regression, after its last value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Process {
    pub(super) phi: Lags,
    pub(super) theta: Lags,
    differences: Lags,
    state: Vec<f64>,
    centre: f64,
    scale: f64,
}

impl Process {
    /// The level that was subtracted, which is no longer added to forecasts then.
    pub(super) fn take_centre(&mut self) -> f64 {
        std::mem::take(&mut self.centre)
    }

    /// Levels of the following steps, without the regression.
    pub(super) fn forecast(&self, horizon: usize) -> Vec<f64> {
        let mut state = self.state.clone();
        let r = state.len() - self.differences.longest();
        (0..horizon)
            .map(|_| {
                let now = level(&state, r, &self.differences);
                advance(&mut state, r, &self.phi, now);
                now * self.scale + self.centre
            })
            .collect()
    }

    /// Variance of the error of the following steps, in units of that of the noise.
    pub(super) fn variances(&self, horizon: usize) -> Vec<f64> {
        let mut whole = self.phi.dense.clone();
        whole.resize(self.phi.longest() + self.differences.longest(), 0.0);
        for (lag, weight) in &self.differences.sparse {
            whole[lag - 1] += weight;
            for (other, c) in &self.phi.sparse {
                whole[lag + other - 1] -= weight * c;
            }
        }
        let psi = super::polynomial::responses(&Lags::of(whole), &self.theta, horizon);
        psi.iter()
            .scan(0.0, |sum, p| {
                *sum += p * p;
                Some(*sum)
            })
            .collect()
    }
}

fn difference(column: &[f64], differences: &Lags) -> Vec<f64> {
    (differences.longest()..column.len())
        .map(|t| column[t] - differences.sparse.iter().map(|(lag, w)| w * column[t - lag]).sum::<f64>())
        .collect()
}

/// Root mean square of what is there, safe against overflow; 1 if it is 0.
fn root_mean_square(values: &[f64]) -> f64 {
    let seen = || values.iter().filter(|v| !v.is_nan());
    let largest = seen().fold(0.0f64, |m, v| m.max(v.abs()));
    if largest <= 0.0 {
        return 1.0;
    }
    let n = seen().count() as f64;
    let root = (seen().map(|v| (v / largest).powi(2)).sum::<f64>() / n).sqrt() * largest;
    if root.is_finite() && root > 0.0 { root } else { 1.0 }
}

impl Problem {
    /// `values` begin and end with a value. `centred` if a level may be subtracted without changing the model.
    pub(super) fn new(
        values: &[f64],
        period: usize,
        (d, seasonal_d): (usize, usize),
        centred: bool,
        regressors: &[Vec<f64>],
        ridge: &[f64],
    ) -> Self {
        let differences = differencing(d, seasonal_d, period);
        let largest = values.iter().filter(|v| !v.is_nan()).fold(0.0f64, |m, v| m.max(v.abs()));
        let largest = if largest > 0.0 { largest } else { 1.0 };
        let mut series: Vec<f64> = values.iter().map(|v| v / largest).collect();
        let centre = if centred {
            let (sum, n) =
                series.iter().filter(|v| !v.is_nan()).fold((0.0, 0usize), |(sum, n), v| (sum + v, n + 1));
            sum / n.max(1) as f64
        } else {
            0.0
        };
        series.iter_mut().for_each(|v| *v -= centre);
        let changes = difference(&series, &differences);
        // Differences of rounding errors are none.
        let flat = changes.iter().filter(|v| !v.is_nan()).all(|v| v.abs() < 1e-13);
        let scale = if flat { 1.0 } else { root_mean_square(&changes) };
        series.iter_mut().for_each(|v| *v /= scale);
        let gaps = values.iter().any(|v| v.is_nan());
        let mut levels = vec![series];
        let mut units = Vec::with_capacity(regressors.len());
        for regressor in regressors {
            let unit = root_mean_square(&difference(regressor, &differences));
            levels.push(regressor.iter().map(|v| v / unit).collect());
            units.push(unit);
        }
        let differenced =
            (!gaps).then(|| levels.iter().map(|level| difference(level, &differences)).collect());
        Self {
            period,
            differences,
            levels,
            differenced,
            centre: centre * largest,
            scale: scale * largest,
            units,
            ridge: ridge.to_vec(),
            flat,
            work: Innovations::default(),
        }
    }

    pub(super) fn flat(&self) -> bool {
        self.flat
    }

    /// Steps that say something about the process.
    pub(super) fn informative(&self) -> usize {
        let seen = self.levels[0].iter().filter(|v| !v.is_nan()).count();
        seen.saturating_sub(self.differences.longest())
    }

    fn filter(&mut self, phi: &Lags, theta: &Lags, likelihood: Likelihood) -> bool {
        match (&self.differenced, likelihood) {
            (Some(columns), Likelihood::Conditional) => {
                conditional(phi, theta, columns, &mut self.work);
                true
            }
            (Some(columns), Likelihood::Exact) => exact(phi, theta, columns, &mut self.work),
            (None, _) => kalman(phi, theta, &self.differences, &self.levels, &mut self.work),
        }
    }

    /// Residuals at these parameters, with the best weights of the regressors.
    pub(super) fn residuals(
        &mut self,
        coefficients: &Coefficients,
        likelihood: Likelihood,
        out: &mut Residuals,
    ) -> bool {
        let (phi, theta) = coefficients.lags(self.period);
        if !self.filter(&phi, &theta, likelihood) || self.work.count == 0 {
            return false;
        }
        let count = self.work.count;
        least_squares(&mut self.work.standardised, &self.ridge);
        let factor = (0.5 * self.work.log_sum / count as f64).exp();
        out.values.clear();
        out.values.extend(self.work.standardised[0].iter().map(|e| e * factor));
        out.squares = out.values.iter().map(|e| e * e).sum();
        out.count = count;
        out.log_sum = self.work.log_sum;
        out.squares.is_finite()
    }

    /// Log-likelihood of residuals, in units of the series.
    pub(super) fn log_likelihood(&self, residuals: &Residuals) -> f64 {
        let n = residuals.count as f64;
        // The mean of the variances is in the residuals already; a perfect fit has no more to gain.
        let variance = (residuals.squares / n).max(1e-20);
        -0.5 * n * ((2.0 * std::f64::consts::PI * variance).ln() + 1.0) - n * self.scale.ln()
    }

    /// The exact log-likelihood at these parameters.
    pub(super) fn log_likelihood_at(&mut self, terms: Terms, free: &[f64]) -> Option<f64> {
        let mut residuals = Residuals::default();
        let coefficients = Coefficients::from_free(terms, free);
        self.residuals(&coefficients, Likelihood::Exact, &mut residuals)
            .then(|| self.log_likelihood(&residuals))
    }

    /// Everything at these parameters, by the exact likelihood.
    pub(super) fn solve(&mut self, coefficients: &Coefficients) -> Option<Solution> {
        let mut residuals = Residuals::default();
        if !self.residuals(coefficients, Likelihood::Exact, &mut residuals) {
            return None;
        }
        let log_likelihood = self.log_likelihood(&residuals);
        let (phi, theta) = coefficients.lags(self.period);
        self.filter(&phi, &theta, Likelihood::Exact);
        let (weights, spread) = least_squares(&mut self.work.standardised, &self.ridge);
        let count = self.work.count;
        let variance = self.work.standardised[0].iter().map(|e| e * e).sum::<f64>() / count as f64;

        // The series without what the regressors explain is one process more.
        let explained: Vec<f64> = (0..self.levels[0].len())
            .map(|t| weights.iter().zip(&self.levels[1..]).map(|(w, c)| w * c[t]).sum())
            .collect();
        let alone: Vec<f64> = self.levels[0].iter().zip(&explained).map(|(y, e)| y - e).collect();
        let lags = self.differences.longest();
        let mut work = Innovations::default();
        let expected: Vec<f64>;
        let mut state;
        if self.differenced.is_some() {
            exact(&phi, &theta, &[difference(&alone, &self.differences)], &mut work).then_some(())?;
            let innovations = work.standardised[0].iter().zip(&work.variance).map(|(e, v)| e * v.sqrt());
            let known = alone[lags..].iter().zip(innovations).map(|(y, e)| y - e);
            expected = std::iter::repeat_n(f64::NAN, lags).chain(known).collect();
            state = work.state.swap_remove(0);
            state.extend(alone.iter().rev().take(lags));
        } else {
            kalman(&phi, &theta, &self.differences, &[alone], &mut work).then_some(())?;
            expected = work.expected;
            state = work.state.swap_remove(0);
        }
        let fitted =
            expected.iter().zip(&explained).map(|(y, e)| (y + e) * self.scale + self.centre).collect();
        let unit = |value: f64, j: usize| value * self.scale / self.units[j];
        Some(Solution {
            weights: weights.iter().enumerate().map(|(j, w)| unit(*w, j)).collect(),
            errors: spread.iter().enumerate().map(|(j, s)| unit(s * variance.sqrt(), j)).collect(),
            log_likelihood,
            variance: variance * self.scale * self.scale,
            count,
            fitted,
            process: Process {
                phi,
                theta,
                differences: self.differences.clone(),
                state,
                centre: self.centre,
                scale: self.scale,
            },
        })
    }
}

/// Regresses the first column on the others and leaves the residuals in it. Weights and the roots of the diagonal of
/// (X'X)⁻¹. A column that the ones before it explain gets weight 0. Modified Gram-Schmidt, a ridge as rows of its own.
fn least_squares(columns: &mut [Vec<f64>], ridge: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let Some((y, regressors)) = columns.split_first_mut() else { return Default::default() };
    let k = regressors.len();
    if k == 0 {
        return Default::default();
    }
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    // Rows of the ridge, kept apart so that residuals stay aligned with time.
    let mut extra: Vec<Vec<f64>> = (0..k)
        .map(|j| {
            (0..k).map(|i| if i == j { ridge.get(j).copied().unwrap_or(0.0).sqrt() } else { 0.0 }).collect()
        })
        .collect();
    let mut extra_y = vec![0.0; k];
    let mut upper = vec![0.0; k * k];
    let mut rotated = vec![0.0; k];
    let mut used = vec![false; k];
    for j in 0..k {
        let whole = upper[..j * k].iter().skip(j).step_by(k).map(|u| u * u).sum::<f64>();
        let square = dot(&regressors[j], &regressors[j]) + dot(&extra[j], &extra[j]);
        if square.is_nan() || square <= 1e-14 * (whole + square) || square <= 1e-200 {
            continue;
        }
        used[j] = true;
        let norm = square.sqrt();
        upper[j * k + j] = norm;
        regressors[j].iter_mut().chain(&mut extra[j]).for_each(|v| *v /= norm);
        let (done, rest) = regressors.split_at_mut(j + 1);
        let (extra_done, extra_rest) = extra.split_at_mut(j + 1);
        let (unit, extra_unit) = (&done[j], &extra_done[j]);
        for (i, (column, tail)) in rest.iter_mut().zip(extra_rest).enumerate() {
            let part = dot(unit, column) + dot(extra_unit, tail);
            upper[j * k + j + 1 + i] = part;
            column.iter_mut().zip(unit).for_each(|(v, u)| *v -= part * u);
            tail.iter_mut().zip(extra_unit).for_each(|(v, u)| *v -= part * u);
        }
        rotated[j] = dot(unit, y) + dot(extra_unit, &extra_y);
        y.iter_mut().zip(unit).for_each(|(v, u)| *v -= rotated[j] * u);
        extra_y.iter_mut().zip(extra_unit).for_each(|(v, u)| *v -= rotated[j] * u);
    }
    let back = |right: &[f64]| {
        let mut weights = vec![0.0; k];
        for j in (0..k).rev().filter(|j| used[*j]) {
            let rest: f64 = (j + 1..k).map(|i| upper[j * k + i] * weights[i]).sum();
            weights[j] = (right[j] - rest) / upper[j * k + j];
        }
        weights
    };
    let weights = back(&rotated);
    let mut squares = vec![0.0; k];
    for j in 0..k {
        let mut unit = vec![0.0; k];
        unit[j] = 1.0;
        squares.iter_mut().zip(back(&unit)).for_each(|(s, w)| *s += w * w);
    }
    (weights, squares.into_iter().map(f64::sqrt).collect())
}
