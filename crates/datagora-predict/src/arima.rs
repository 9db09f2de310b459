//! ARIMA: values that depend on those before them, on past shocks, and on the season before.
mod estimate;
mod filter;
mod gaps;
mod polynomial;
mod problem;
mod search;
#[cfg(test)]
mod tests;

use std::fmt;

use crate::{Fit, FitError, Predict, Series};
use estimate::{estimate, usual_starts};
use problem::{Coefficients, Likelihood, Problem, Process, Solution, Terms};
pub use search::AutoArima;

/// Gain of log-likelihood below which an estimation ends.
const TOLERANCE: f64 = 1e-6;

/// ARIMA(p,d,q)(P,D,Q)ₛ, with the period of the series as s.
///
/// `(1 − Σ φᵢBⁱ)(1 − Σ ΦᵢBˢⁱ)(1 − B)ᵈ(1 − Bˢ)ᴰ (y − c) = (1 + Σ θᵢBⁱ)(1 + Σ ΘᵢBˢⁱ) e`. The constant is a mean without
/// differences, and a drift for each step (`c·t`) with one; with two differences there is none, because it would be a
/// parabola.
///
/// Estimated by the exact Gaussian likelihood. Only stationary and invertible processes are considered, so that
/// forecasts cannot explode: beyond the end they approach a constant, a line or a repeated season.
///
/// # Missing values
///
/// A gap is passed over: the Kalman filter goes on without a correction, and the likelihood is that of the values that
/// were observed.
///
/// # Example
///
/// ```
/// use datagora_core::Unit;
/// use datagora_predict::{Arima, Fit, Predict, Series};
///
/// let shape = [80.0, 90.0, 120.0, 110.0];
/// let values: Vec<f64> = (0..48).map(|t| shape[t % 4] + 2.0 * t as f64 + (t * 7 % 5) as f64).collect();
/// let series = Series::new(values, Unit::ONE)?.with_period(4)?;
/// let fitted = Arima::new(0, 1, 1).with_season(0, 1, 1).fit(&series)?;
/// assert_eq!(fitted.name(), "ARIMA(0,1,1)(0,1,1)[4]");
/// assert!((fitted.predict(1)[0] - 178.0).abs() < 3.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Box, G. E. P. and Jenkins, G. M. (1970). *Time Series Analysis: Forecasting and Control*. Signs and constants as in
/// R's `arima` and `forecast::Arima`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Arima {
    ar: usize,
    differences: usize,
    ma: usize,
    seasonal_ar: usize,
    seasonal_differences: usize,
    seasonal_ma: usize,
    constant: bool,
}

impl Arima {
    /// ARIMA(p,d,q) without season and constant: `ar` autoregressive terms, `differences`, `ma` moving-average terms.
    pub fn new(ar: usize, differences: usize, ma: usize) -> Self {
        Self { ar, differences, ma, seasonal_ar: 0, seasonal_differences: 0, seasonal_ma: 0, constant: false }
    }

    /// With seasonal orders (P,D,Q).
    pub fn with_season(self, seasonal_ar: usize, seasonal_differences: usize, seasonal_ma: usize) -> Self {
        Self { seasonal_ar, seasonal_differences, seasonal_ma, ..self }
    }

    /// With a mean or a drift. With more than one difference there is neither, whatever is asked.
    pub fn with_constant(self, constant: bool) -> Self {
        Self { constant, ..self }
    }

    /// Orders (p,d,q).
    pub fn orders(&self) -> (usize, usize, usize) {
        (self.ar, self.differences, self.ma)
    }

    /// Seasonal orders (P,D,Q).
    pub fn seasonal_orders(&self) -> (usize, usize, usize) {
        (self.seasonal_ar, self.seasonal_differences, self.seasonal_ma)
    }

    /// Whether there is a mean or a drift.
    pub fn has_constant(&self) -> bool {
        self.constant && self.differences + self.seasonal_differences < 2
    }

    fn terms(&self) -> Terms {
        Terms { ar: self.ar, ma: self.ma, seasonal_ar: self.seasonal_ar, seasonal_ma: self.seasonal_ma }
    }

    fn of(terms: Terms, (d, seasonal_d): (usize, usize), constant: bool) -> Self {
        Self {
            ar: terms.ar,
            differences: d,
            ma: terms.ma,
            seasonal_ar: terms.seasonal_ar,
            seasonal_differences: seasonal_d,
            seasonal_ma: terms.seasonal_ma,
            constant,
        }
    }

    fn is_seasonal(&self) -> bool {
        self.seasonal_ar + self.seasonal_differences + self.seasonal_ma > 0
    }

    /// Fits the process around a regression on the columns of `known`.
    pub(crate) fn fit_around(&self, series: &Series, known: &Explaining) -> Result<FittedArima, FitError> {
        let period = series.period();
        if self.is_seasonal() && period < 2 {
            return Err(FitError::NoSeason { model: "seasonal arima" });
        }
        let terms = self.terms();
        let linear = known.columns.len() + usize::from(self.has_constant());
        let needed = self.differences + period * self.seasonal_differences + terms.count() + linear + 2;
        let found = series.observed();
        if found < needed {
            return Err(FitError::TooFew { model: "arima", found, needed });
        }
        let span = Span::of(series);
        let mut problem = span.problem(self, series, known);
        let starts = usual_starts(terms);
        let mut best = estimate(&mut problem, terms, &starts, Likelihood::Exact, TOLERANCE);
        // Likelihoods have several hills; the conditional one often shows another.
        if terms.count() > 0 {
            let rough = estimate(&mut problem, terms, &starts, Likelihood::Conditional, 1e-3);
            let other =
                rough.and_then(|r| estimate(&mut problem, terms, &[r.free], Likelihood::Exact, TOLERANCE));
            if let Some(other) = other
                && best.as_ref().is_none_or(|b| other.log_likelihood > b.log_likelihood)
            {
                best = Some(other);
            }
        }
        let best = best.ok_or(FitError::NoEstimate { model: "arima" })?;
        self.solved(&mut problem, &best.free, &span, series, known)
    }

    fn solved(
        &self,
        problem: &mut Problem,
        free: &[f64],
        span: &Span,
        series: &Series,
        known: &Explaining,
    ) -> Result<FittedArima, FitError> {
        let coefficients = Coefficients::from_free(self.terms(), free);
        let solution = problem.solve(&coefficients).ok_or(FitError::NoEstimate { model: "arima" })?;
        Ok(FittedArima::of(*self, coefficients, solution, span, series, known))
    }
}

impl Default for Arima {
    /// ARIMA(0,1,0), the random walk.
    fn default() -> Self {
        Self::new(0, 1, 0)
    }
}

impl fmt::Display for Arima {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ARIMA({},{},{})", self.ar, self.differences, self.ma)?;
        if self.is_seasonal() {
            write!(f, "({},{},{})", self.seasonal_ar, self.seasonal_differences, self.seasonal_ma)?;
        }
        Ok(())
    }
}

impl Fit for Arima {
    type Fitted = FittedArima;

    fn fit(&self, series: &Series) -> Result<FittedArima, FitError> {
        self.fit_around(series, &Explaining::default())
    }
}

/// Columns that explain a series linearly, aligned with it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Explaining {
    pub(crate) columns: Vec<Vec<f64>>,
    pub(crate) ridge: f64,
}

/// From the first to the last value.
#[derive(Clone, Copy)]
struct Span {
    first: usize,
    last: usize,
}

impl Span {
    fn of(series: &Series) -> Self {
        let first = series.values().iter().position(|v| !v.is_nan()).unwrap_or(0);
        Self { first, last: series.last_observed().unwrap_or(0) }
    }

    fn problem(&self, model: &Arima, series: &Series, known: &Explaining) -> Problem {
        let differences = (model.differences, model.seasonal_differences);
        let order = differences.0 + differences.1;
        let mut regressors = Vec::new();
        let mut ridge = Vec::new();
        if model.has_constant() {
            let steps = self.first..=self.last;
            regressors.push(steps.map(|t| if order == 0 { 1.0 } else { t as f64 + 1.0 }).collect());
            ridge.push(0.0);
        }
        for column in &known.columns {
            regressors.push(column[self.first..=self.last].to_vec());
            ridge.push(known.ridge);
        }
        Problem::new(
            &series.values()[self.first..=self.last],
            series.period(),
            differences,
            order > 0 || model.has_constant(),
            &regressors,
            &ridge,
        )
    }
}

/// Akaike's criterion, corrected for few observations, of a likelihood with `k` parameters and `n` observations.
fn aicc(log_likelihood: f64, k: usize, n: usize) -> f64 {
    if n <= k + 1 {
        return f64::INFINITY;
    }
    let (k, n) = (k as f64, n as f64);
    -2.0 * log_likelihood + 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0)
}

/// A fitted [`Arima`].
#[derive(Clone, Debug, PartialEq)]
pub struct FittedArima {
    model: Arima,
    period: usize,
    coefficients: Coefficients,
    constant: Option<f64>,
    constant_error: Option<f64>,
    weights: Vec<f64>,
    weight_errors: Vec<f64>,
    log_likelihood: f64,
    aicc: f64,
    deviation: f64,
    process: Process,
    /// Steps of the series after its last value.
    silence: usize,
    length: usize,
    fitted: Vec<f64>,
}

impl FittedArima {
    fn of(
        model: Arima,
        coefficients: Coefficients,
        solution: Solution,
        span: &Span,
        series: &Series,
        known: &Explaining,
    ) -> Self {
        let mut weights = solution.weights;
        let mut errors = solution.errors;
        let mut process = solution.process;
        let constant_error = model.has_constant().then(|| errors.remove(0));
        let constant = model.has_constant().then(|| {
            // Without differences, the mean that was subtracted belongs to it.
            let order = model.differences + model.seasonal_differences;
            weights.remove(0) + if order == 0 { process.take_centre() } else { 0.0 }
        });
        let linear = weights.len() + usize::from(constant.is_some());
        let k = model.terms().count() + linear;
        let n = solution.count;
        let squares = solution.variance * n as f64;
        let deviation = (squares / n.saturating_sub(k).max(1) as f64).sqrt();
        let silence = series.len() - 1 - span.last;
        let mut this = Self {
            model,
            period: series.period(),
            coefficients,
            constant,
            constant_error,
            weights,
            weight_errors: errors,
            log_likelihood: solution.log_likelihood,
            aicc: aicc(solution.log_likelihood, k + 1, n),
            deviation: if deviation.is_finite() { deviation } else { f64::MAX.sqrt() },
            process,
            silence,
            length: series.len(),
            fitted: vec![f64::NAN; span.first],
        };
        this.fitted.extend(solution.fitted);
        // Gaps at the end are forecast like the future.
        let ends = this.beyond(silence);
        for (point, t) in ends.into_iter().zip(span.last + 1..) {
            this.fitted.push(point + this.explained(|column| known.columns[column][t]));
        }
        this
    }

    /// The steps after the last value, without the regression on columns.
    fn beyond(&self, steps: usize) -> Vec<f64> {
        let last = self.length - self.silence;
        let order = self.model.differences + self.model.seasonal_differences;
        let mut points = self.process.forecast(steps);
        if let Some(constant) = self.constant {
            for (h, point) in points.iter_mut().enumerate() {
                *point += constant * if order == 0 { 1.0 } else { (last + h + 1) as f64 };
            }
        }
        points.iter_mut().for_each(|p| *p = p.clamp(-f64::MAX, f64::MAX));
        points
    }

    /// What the regression on columns says where they have these values.
    pub(crate) fn explained(&self, value: impl Fn(usize) -> f64) -> f64 {
        self.weights.iter().enumerate().map(|(column, w)| w * value(column)).sum()
    }

    /// Weights of the columns, and their standard errors.
    pub(crate) fn weights(&self) -> (&[f64], &[f64]) {
        (&self.weights, &self.weight_errors)
    }

    /// Its orders.
    pub fn model(&self) -> Arima {
        self.model
    }

    /// φ₁, φ₂, …: weights of past values.
    pub fn ar(&self) -> &[f64] {
        &self.coefficients.ar
    }

    /// θ₁, θ₂, …: weights of past shocks.
    pub fn ma(&self) -> &[f64] {
        &self.coefficients.ma
    }

    /// Φ₁, Φ₂, …: weights of values of past seasons.
    pub fn seasonal_ar(&self) -> &[f64] {
        &self.coefficients.seasonal_ar
    }

    /// Θ₁, Θ₂, …: weights of shocks of past seasons.
    pub fn seasonal_ma(&self) -> &[f64] {
        &self.coefficients.seasonal_ma
    }

    /// The mean (without differences) or the drift for each step (with one), if there is one.
    pub fn constant(&self) -> Option<f64> {
        self.constant
    }

    /// Standard error of the constant, for the other parameters taken as known.
    pub fn constant_error(&self) -> Option<f64> {
        self.constant_error
    }

    /// Log-likelihood of the values after the first ones that the differencing needs, as R reports it.
    pub fn log_likelihood(&self) -> f64 {
        self.log_likelihood
    }

    /// Akaike's criterion, corrected for few observations; infinite when there are too few for it. Comparable between
    /// models with the same differences.
    pub fn aicc(&self) -> f64 {
        self.aicc
    }

    /// Standard deviation of the shocks, with the number of parameters taken off that of the observations.
    pub fn deviation(&self) -> f64 {
        self.deviation
    }
}

impl Predict for FittedArima {
    fn name(&self) -> String {
        let season = if self.model.is_seasonal() { format!("[{}]", self.period) } else { String::new() };
        let constant = match (self.constant, self.model.differences + self.model.seasonal_differences) {
            (None, _) => "",
            (Some(_), 0) => " with mean",
            (Some(_), _) => " with drift",
        };
        format!("{}{season}{constant}", self.model)
    }

    fn predict(&self, horizon: usize) -> Vec<f64> {
        self.beyond(self.silence + horizon).split_off(self.silence)
    }

    /// From the ψ weights, for parameters taken as known.
    fn spread(&self, horizon: usize) -> Vec<f64> {
        let variances = self.process.variances(self.silence + horizon);
        variances[self.silence..].iter().map(|v| (self.deviation * v.sqrt()).min(f64::MAX)).collect()
    }

    fn fitted(&self) -> &[f64] {
        &self.fitted
    }
}
