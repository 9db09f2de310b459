//! Complex exponential smoothing: level and information potential, smoothed together.
mod recursion;
#[cfg(test)]
mod tests;

use crate::decompose::seasonal_indices;
use crate::minimise::least_squares;
use crate::model::residual_deviation;
use crate::{Fit, FitError, Predict, Seasonality, Series};
use recursion::{Pair, State, Tape, squares};

/// Region of the parameters, as statsforecast's `AutoCES` has it: of the level, and of the season.
const LEVEL: [(f64, f64); 2] = [(0.01, 1.8), (0.01, 1.9)];
const SEASON: [(f64, f64); 2] = [(0.01, 1.5), (0.01, 1.5)];
/// Where the search starts, as there.
const START: [f64; 2] = [1.3, 1.0];
const PARTIAL_START: f64 = 0.1;

/// Values whose mean is the level to start from, without season.
const BEGINNING: usize = 10;

/// A form of complex exponential smoothing.
///
/// The level and what it cannot explain yet, its information potential, are the two parts of a complex number that is
/// smoothed by a complex parameter. There is no trend to switch on or off: depending on the parameter the forecasts stay,
/// climb, bend or wave.
///
/// Parameters by least squares (Gauss-Newton with exact derivatives, damped), initial states by backcasting. The
/// one-step errors of the level must be stable, so that the distant past is forgotten.
///
/// # Missing values
///
/// A gap is a step in which the states move on without being corrected.
///
/// # Example
///
/// ```
/// use datagora_core::Unit;
/// use datagora_predict::{Ces, Fit, Predict, Series};
///
/// let values: Vec<f64> = (0..40).map(|t| 100.0 + 2.0 * f64::from(t) + f64::from(t * 7 % 5)).collect();
/// let fitted = Ces::NonSeasonal.fit(&Series::new(values, Unit::ONE)?)?;
/// assert!((fitted.predict(1)[0] - 182.0).abs() < 3.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Svetunkov, I., Kourentzes, N. and Ord, J. K. (2022). Complex exponential smoothing. Naval Research Logistics 69,
/// 1108–1123. doi:10.1002/nav.22074 (state space form, seasonal forms, stability condition).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum Ces {
    /// No season.
    NonSeasonal,
    /// A level of its own for each place of the season, all with the same parameter.
    Simple,
    /// One level, and an additive season with a parameter of its own.
    Partial,
    /// One level, and a season that is itself smoothed by a complex parameter: it may add, multiply or change.
    Full,
}

impl Ces {
    /// Smoothing parameters and the error variance; backcast states are not counted.
    fn estimated(self) -> usize {
        match self {
            Ces::NonSeasonal | Ces::Simple => 3,
            Ces::Partial => 4,
            Ces::Full => 5,
        }
    }

    /// Fits it to the values from the first on, in units of `scale`.
    fn fit_scaled(self, series: &Series, values: &[f64], scale: f64) -> Result<FittedCes, FitError> {
        let (found, period) = (series.observed(), series.period());
        if self != Ces::NonSeasonal && period < 2 {
            return Err(FitError::TooFew {
                model: "seasonal ces of a series without season",
                found: 1,
                needed: 2,
            });
        }
        let needed = self.estimated() + 2;
        let needed = if self == Ces::NonSeasonal { needed } else { needed.max(2 * period) };
        if found < needed {
            return Err(FitError::TooFew { model: "ces", found, needed });
        }
        let first = series.len() - values.len();
        let initial = self.initial(values, period, first)?;
        let [level, potential] = LEVEL;
        let [a, b] = START;
        let estimate = match self {
            Ces::NonSeasonal | Ces::Simple => estimate(values, [a, b], [level, potential], initial),
            Ces::Partial => estimate(values, [a, b, PARTIAL_START], [level, potential, SEASON[0]], initial),
            Ces::Full => estimate(values, [a, b, a, b], [level, potential, SEASON[0], SEASON[1]], initial),
        };
        let (smoothing, state) = estimate.ok_or(FitError::NoEstimate { model: "ces" })?;
        let mut state = state.scaled(scale);
        let mut fitted = Vec::with_capacity(series.len());
        fitted.resize(first, f64::NAN);
        let mut sum = 0.0;
        for (t, y) in series.values()[first..].iter().enumerate() {
            let point = state.point(t);
            fitted.push(point);
            let error = if y.is_nan() { 0.0 } else { y - point };
            state.step(t, &smoothing, error);
            sum += (error / scale).powi(2);
        }
        let (n, k) = (found as f64, self.estimated() as f64);
        // A perfect fit has an infinite likelihood; beyond this floor there is nothing to gain.
        let likelihood = n * (sum.max(1e-20 * n).ln() + 2.0 * scale.ln());
        let errors = series.values().iter().zip(&fitted).map(|(y, f)| y - f);
        Ok(FittedCes {
            form: self,
            deviation: residual_deviation(errors, self.estimated() - 1),
            smoothing,
            state,
            step: values.len(),
            log_likelihood: -0.5 * likelihood,
            aicc: likelihood + 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0),
            fitted,
        })
    }

    /// States to start from; places are counted from the first value.
    fn initial(self, values: &[f64], period: usize, first: usize) -> Result<State, FitError> {
        let mean = |of: &mut dyn Iterator<Item = f64>| {
            let (sum, n) = of.fold((0.0, 0.0), |(sum, n), y| (sum + y, n + 1.0));
            Pair::starting_at(sum / n)
        };
        let mut seen = values.iter().copied().filter(|y| !y.is_nan());
        let season = |potential: fn(f64) -> Pair| {
            let indices = seasonal_indices(values, period, Seasonality::Additive)
                .ok_or(FitError::NoEstimate { model: "seasonal ces" })?;
            Ok(indices.into_iter().map(potential).collect())
        };
        Ok(match self {
            Ces::NonSeasonal => State { levels: vec![mean(&mut seen.take(BEGINNING))], seasons: Vec::new() },
            Ces::Simple => {
                let of_place = |place: usize| {
                    let mut at = values.iter().skip(place).step_by(period).filter(|y| !y.is_nan());
                    at.next().map(|&y| Pair::starting_at(y)).ok_or(FitError::PlaceUnseen {
                        model: "ces",
                        period,
                        place: (first + place) % period,
                    })
                };
                State { levels: (0..period).map(of_place).collect::<Result<_, _>>()?, seasons: Vec::new() }
            }
            Ces::Partial => State {
                levels: vec![mean(&mut seen.by_ref().take(period))],
                seasons: season(|value| Pair { value, potential: 0.0 })?,
            },
            Ces::Full => State {
                levels: vec![mean(&mut seen.by_ref().take(period))],
                seasons: season(Pair::starting_at)?,
            },
        })
    }
}

/// Smoothing parameters within `bounds`, and the states before the first value.
fn estimate<const P: usize>(
    values: &[f64],
    start: [f64; P],
    bounds: [(f64, f64); P],
    initial: State,
) -> Option<(Vec<f64>, State)> {
    let mut tape = Tape::new();
    let found = least_squares(start, bounds, |x| {
        if !is_stable(x[0], x[1]) {
            return None;
        }
        let squares = squares(values, x, &initial, &mut tape);
        squares.sum.is_finite().then_some((squares.sum, squares.gradient, squares.curvature))
    })?;
    let state = tape.start_of(values, &found, &initial);
    Some((found.to_vec(), state))
}

/// Whether errors die out: both eigenvalues of the transition of the errors lie within the unit circle (Svetunkov et
/// al. 2022, section 2.3; by the conditions of Jury).
fn is_stable(a: f64, b: f64) -> bool {
    let trace = 2.0 - 2.0 * a + b;
    let determinant = (1.0 - a) * (2.0 - a) + b * b - b;
    determinant < 1.0 && trace.abs() < 1.0 + determinant
}

impl Fit for Ces {
    type Fitted = FittedCes;

    fn fit(&self, series: &Series) -> Result<FittedCes, FitError> {
        let (values, scale) = scaled(series);
        self.fit_scaled(series, &values, scale)
    }
}

/// From the first value on, in units of the mean size, and that unit.
fn scaled(series: &Series) -> (Vec<f64>, f64) {
    let first = series.values().iter().position(|y| !y.is_nan()).unwrap_or(series.len());
    let found = series.observed() as f64;
    let sizes = series.values().iter().filter(|y| !y.is_nan());
    let scale = sizes.map(|y| y.abs() / found).sum::<f64>();
    let scale = if scale > 0.0 { scale } else { 1.0 };
    (series.values()[first..].iter().map(|y| y / scale).collect(), scale)
}

/// The form of complex exponential smoothing with the lowest AICc.
///
/// Without a season, or with fewer than two of it, only [`Ces::NonSeasonal`] is tried.
///
/// # Example
///
/// ```
/// use datagora_core::Unit;
/// use datagora_predict::{AutoCes, Ces, Fit, Predict, Series};
///
/// let values: Vec<f64> =
///     (0..48).map(|t| f64::from(200 + t * 5 % 7) + [0.0, 40.0, 80.0, 20.0][t as usize % 4]).collect();
/// let fitted = AutoCes.fit(&Series::new(values, Unit::ONE)?.with_period(4)?)?;
/// assert_ne!(fitted.form(), Ces::NonSeasonal);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// As [`Ces`], section 3.3.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AutoCes;

impl Fit for AutoCes {
    type Fitted = FittedCes;

    fn fit(&self, series: &Series) -> Result<FittedCes, FitError> {
        let (values, scale) = scaled(series);
        let seasonal = series.period() > 1 && series.observed() >= 2 * series.period();
        let forms: &[Ces] = if seasonal {
            &[Ces::NonSeasonal, Ces::Simple, Ces::Partial, Ces::Full]
        } else {
            &[Ces::NonSeasonal]
        };
        let mut best: Option<FittedCes> = None;
        let mut refusal = FitError::NoEstimate { model: "ces" };
        for (i, form) in forms.iter().enumerate() {
            match form.fit_scaled(series, &values, scale) {
                Ok(fitted) if best.as_ref().is_none_or(|b| fitted.aicc < b.aicc) => best = Some(fitted),
                Ok(_) => {}
                Err(error) if i == 0 => refusal = error,
                Err(_) => {}
            }
        }
        best.ok_or(refusal)
    }
}

/// A fitted [`Ces`].
#[derive(Clone, Debug, PartialEq)]
pub struct FittedCes {
    form: Ces,
    smoothing: Vec<f64>,
    state: State,
    /// Steps from the first value to the end.
    step: usize,
    log_likelihood: f64,
    aicc: f64,
    deviation: f64,
    fitted: Vec<f64>,
}

impl FittedCes {
    /// Its form.
    pub fn form(&self) -> Ces {
        self.form
    }

    /// The complex smoothing parameter of the level, α₀ + iα₁.
    pub fn alpha(&self) -> (f64, f64) {
        (self.smoothing[0], self.smoothing[1])
    }

    /// The smoothing of the season: the second part is 0 if the season is partial, both without one.
    pub fn beta(&self) -> (f64, f64) {
        let part = |i: usize| self.smoothing.get(i).copied().unwrap_or(0.0);
        (part(2), part(3))
    }

    /// Log-likelihood, up to a constant: −n/2 · ln Σe².
    pub fn log_likelihood(&self) -> f64 {
        self.log_likelihood
    }

    /// Akaike's criterion, corrected for few observations.
    pub fn aicc(&self) -> f64 {
        self.aicc
    }
}

impl Predict for FittedCes {
    fn name(&self) -> String {
        match self.form {
            Ces::NonSeasonal => "CES",
            Ces::Simple => "CES, simple season",
            Ces::Partial => "CES, partial season",
            Ces::Full => "CES, full season",
        }
        .to_owned()
    }

    fn predict(&self, horizon: usize) -> Vec<f64> {
        let mut state = self.state.clone();
        (self.step..self.step + horizon)
            .map(|t| {
                let point = state.point(t);
                state.step(t, &self.smoothing, 0.0);
                point
            })
            .collect()
    }

    /// Exact: the forecasts are linear in the past errors.
    fn spread(&self, horizon: usize) -> Vec<f64> {
        let none = Pair { value: 0.0, potential: 0.0 };
        let mut state = self.state.clone();
        state.levels.fill(none);
        state.seasons.fill(none);
        let mut sum = 1.0f64;
        state.step(self.step, &self.smoothing, 1.0);
        (self.step + 1..self.step + 1 + horizon)
            .map(|t| {
                let deviation = self.deviation * sum.sqrt();
                sum += state.point(t).powi(2);
                state.step(t, &self.smoothing, 0.0);
                deviation
            })
            .collect()
    }

    fn fitted(&self) -> &[f64] {
        &self.fitted
    }
}
