//! The theta method: a level that follows the series, and a line through it.
mod path;
#[cfg(test)]
mod tests;

use crate::decompose::{deseasonalised, is_seasonal, seasonal_indices, seasonalised};
use crate::model::residual_deviation;
use crate::{Fit, FitError, Predict, Seasonality, Series};
use path::{Estimate, Line, Path, WARM_UP, estimate};

/// Seasonal indices that multiply are not below this, or the season is taken to add.
const SMALLEST_INDEX: f64 = 0.01;

/// A model of the theta family.
///
/// All forecast by simple exponential smoothing of the series pulled towards a line through it; θ says how strongly:
/// 1 not at all, 2 half, ∞ fully. Deseasonalised first when the season is significant ([`is_seasonal`]):
/// multiplicatively if all values are above 0 and no season falls below a hundredth of the mean, else additively.
///
/// For a given smoothing α, one-step forecasts are linear in the initial level and in 1 − 1/θ, so both are found
/// exactly by least squares and only α is searched: O(n) for each of some 25 values.
///
/// # Missing values
///
/// A gap corrects neither level nor line: the level moves on as it does beyond the end.
///
/// # Example
///
/// ```
/// use datagora_core::Unit;
/// use datagora_predict::{Fit, Predict, Series, Theta};
///
/// let series = Series::new((0..30).map(|t| 50.0 + 2.0 * f64::from(t)).collect::<Vec<_>>(), Unit::ONE)?;
/// let half = Theta::Standard.fit(&series)?;
/// let full = Theta::DynamicOptimised.fit(&series)?;
/// assert!(half.predict(10)[9] < full.predict(10)[9]);
/// assert_eq!(half.theta(), 2.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Assimakopoulos, V. and Nikolopoulos, K. (2000). The theta model. Int. J. Forecasting 16, 521–530.
/// doi:10.1016/S0169-2070(00)00066-2
///
/// Fiorucci, J. A., Pellegrini, T. R., Louzada, F., Petropoulos, F. and Koehler, A. B. (2016). Models for optimising the
/// theta method and their relationship to state space models. Int. J. Forecasting 32, 1151–1161.
/// doi:10.1016/j.ijforecast.2016.02.005 (STM, OTM, DSTM and DOTM; as there, 0.1 ≤ α ≤ 0.99, θ ≥ 1, and the first three
/// errors do not count).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum Theta {
    /// θ = 2 and the line through the whole series: the method that won the M3 competition (STM).
    Standard,
    /// The line through the whole series, θ estimated (OTM).
    Optimised,
    /// θ = 2 and the line through what has been seen, renewed at every step (DSTM).
    DynamicStandard,
    /// The line through what has been seen, θ estimated (DOTM).
    DynamicOptimised,
}

impl Theta {
    /// In the order in which [`AutoTheta`] tries them.
    const ALL: [Theta; 4] =
        [Theta::Standard, Theta::Optimised, Theta::DynamicStandard, Theta::DynamicOptimised];

    fn is_dynamic(self) -> bool {
        matches!(self, Theta::DynamicStandard | Theta::DynamicOptimised)
    }

    /// 1 − 1/θ where it is given.
    fn share(self) -> Option<f64> {
        matches!(self, Theta::Standard | Theta::DynamicStandard).then_some(0.5)
    }
}

impl Fit for Theta {
    type Fitted = FittedTheta;

    fn fit(&self, series: &Series) -> Result<FittedTheta, FitError> {
        let flat = Flat::of(series)?;
        let estimate = flat.estimate(*self);
        Ok(flat.fitted(*self, &estimate))
    }
}

/// The dynamic optimised theta model, [`Theta::DynamicOptimised`]: the strongest of the family on the M4 competition.
///
/// # Example
///
/// ```
/// use datagora_core::Unit;
/// use datagora_predict::{DynamicTheta, Fit, Predict, Series};
///
/// let series = Series::new((0..30).map(|t| 50.0 + 2.0 * f64::from(t)).collect::<Vec<_>>(), Unit::ONE)?;
/// let forecast = DynamicTheta.fit(&series)?.predict(3);
/// assert!((forecast[0] - 110.0).abs() < 2.0 && forecast[2] > forecast[0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DynamicTheta;

impl Fit for DynamicTheta {
    type Fitted = FittedTheta;

    fn fit(&self, series: &Series) -> Result<FittedTheta, FitError> {
        Theta::DynamicOptimised.fit(series)
    }
}

/// The theta model with the smallest squared errors one step ahead, as statsforecast's `AutoTheta` selects.
///
/// # Example
///
/// ```
/// use datagora_core::Unit;
/// use datagora_predict::{AutoTheta, Fit, Predict, Series, Theta};
///
/// let values: Vec<f64> = (0..40).map(|t| 50.0 + 2.0 * f64::from(t) + f64::from(t * 7 % 5)).collect();
/// let fitted = AutoTheta.fit(&Series::new(values, Unit::ONE)?)?;
/// assert_eq!(fitted.form(), Theta::Optimised);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AutoTheta;

impl Fit for AutoTheta {
    type Fitted = FittedTheta;

    fn fit(&self, series: &Series) -> Result<FittedTheta, FitError> {
        let flat = Flat::of(series)?;
        let (form, estimate) = Theta::ALL
            .map(|form| (form, flat.estimate(form)))
            .into_iter()
            .reduce(|best, next| if next.1.squares < best.1.squares { next } else { best })
            .ok_or(FitError::NoEstimate { model: "theta" })?;
        Ok(flat.fitted(form, &estimate))
    }
}

/// A fitted [`Theta`].
#[derive(Clone, Debug, PartialEq)]
pub struct FittedTheta {
    form: Theta,
    alpha: f64,
    /// 1 − 1/θ: the share of the line.
    share: f64,
    path: Path,
    season: Option<(Seasonality, Vec<f64>)>,
    /// Steps in the series.
    length: usize,
    deviation: f64,
    fitted: Vec<f64>,
}

/// A series without its season, from its first to its last value.
struct Flat<'a> {
    series: &'a Series,
    season: Option<(Seasonality, Vec<f64>)>,
    /// In units of `scale`, so that sums of squares are of small numbers.
    values: Vec<f64>,
    scale: f64,
    first: usize,
    last: usize,
}

impl<'a> Flat<'a> {
    fn of(series: &'a Series) -> Result<Self, FitError> {
        let (found, needed) = (series.observed(), WARM_UP + 1);
        let ends = series.values().iter().position(|y| !y.is_nan()).zip(series.last_observed());
        let Some((first, last)) = ends.filter(|_| found >= needed) else {
            return Err(FitError::TooFew { model: "theta", found, needed });
        };
        let values = series.values();
        let season = season(values, series.period());
        let mut values = match &season {
            Some((kind, indices)) => deseasonalised(values, indices, *kind),
            None => values.to_vec(),
        };
        values.truncate(last + 1);
        values.drain(..first);
        let scale = values.iter().filter(|y| !y.is_nan()).map(|y| y.abs() / found as f64).sum::<f64>();
        let scale = if scale > 0.0 { scale } else { 1.0 };
        values.iter_mut().for_each(|y| *y /= scale);
        Ok(Self { series, season, values, scale, first, last })
    }

    fn estimate(&self, form: Theta) -> Estimate {
        let line = (!form.is_dynamic()).then(|| Line::through(&self.values));
        estimate(&self.values, line, form.share())
    }

    fn fitted(self, form: Theta, estimate: &Estimate) -> FittedTheta {
        let Estimate { alpha, share, .. } = *estimate;
        let mut path = estimate.start(self.scale);
        let mut flat_errors = Vec::with_capacity(self.values.len());
        let mut fitted = Vec::with_capacity(self.series.len());
        fitted.resize(self.first, f64::NAN);
        let length = self.last + 1;
        let mut model = FittedTheta {
            form,
            alpha,
            share,
            path,
            season: self.season,
            length,
            deviation: 0.0,
            fitted: Vec::new(),
        };
        for (t, y) in self.values.iter().map(|y| y * self.scale).enumerate() {
            let point = path.level + share * path.pull(alpha);
            fitted.push(model.with_season(point, self.first + t));
            if t >= WARM_UP {
                flat_errors.push(y - point);
            }
            if y.is_nan() {
                path.pass(point, alpha);
            } else {
                path.take(y, alpha);
            }
        }
        model.deviation = residual_deviation(flat_errors.into_iter(), 3);
        model.path = path;
        // Gaps at the end are forecast like the future.
        for t in length..self.series.len() {
            let point = model.path.level + share * model.path.pull(alpha);
            fitted.push(model.with_season(point, t));
            model.path.take(point, alpha);
        }
        model.fitted = fitted;
        model.length = self.series.len();
        model
    }
}

/// The season, if there is one that matters.
fn season(values: &[f64], period: usize) -> Option<(Seasonality, Vec<f64>)> {
    if !is_seasonal(values, period) {
        return None;
    }
    let multiplies = seasonal_indices(values, period, Seasonality::Multiplicative)
        .filter(|indices| indices.iter().all(|&index| index >= SMALLEST_INDEX));
    match multiplies {
        Some(indices) => Some((Seasonality::Multiplicative, indices)),
        None => {
            let indices = seasonal_indices(values, period, Seasonality::Additive)?;
            Some((Seasonality::Additive, indices))
        }
    }
}

impl FittedTheta {
    /// Which model of the family.
    pub fn form(&self) -> Theta {
        self.form
    }

    /// Smoothing of the level, α.
    pub fn alpha(&self) -> f64 {
        self.alpha
    }

    /// θ, the curvature of the theta line; infinite when the line through the past takes its full part.
    pub fn theta(&self) -> f64 {
        1.0 / (1.0 - self.share)
    }

    /// How the season enters, if it is significant.
    pub fn season(&self) -> Option<Seasonality> {
        self.season.as_ref().map(|(kind, _)| *kind)
    }

    fn with_season(&self, point: f64, t: usize) -> f64 {
        match &self.season {
            Some((kind, indices)) => seasonalised(point, indices[t % indices.len()], *kind),
            None => point,
        }
    }
}

impl Predict for FittedTheta {
    fn name(&self) -> String {
        let form = match self.form {
            Theta::Standard => "theta",
            Theta::Optimised => "optimised theta",
            Theta::DynamicStandard => "dynamic standard theta",
            Theta::DynamicOptimised => "dynamic theta",
        };
        let season = match self.season() {
            None => "",
            Some(Seasonality::Additive) => ", additive season",
            Some(Seasonality::Multiplicative) => ", multiplicative season",
        };
        format!("{form}{season}")
    }

    fn predict(&self, horizon: usize) -> Vec<f64> {
        let mut path = self.path;
        (0..horizon)
            .map(|h| {
                let point = path.level + self.share * path.pull(self.alpha);
                path.take(point, self.alpha);
                self.with_season(point, self.length + h)
            })
            .collect()
    }

    /// As simple exponential smoothing with drift, σ² (1 + (h − 1) α²), the form the theta method is equivalent to
    /// (Hyndman and Billah 2003, Int. J. Forecasting 19, 287–290).
    fn spread(&self, horizon: usize) -> Vec<f64> {
        (0..horizon)
            .map(|h| {
                let flat = self.deviation * (1.0 + h as f64 * self.alpha * self.alpha).sqrt();
                match &self.season {
                    Some((Seasonality::Multiplicative, indices)) => {
                        flat * indices[(self.length + h) % indices.len()]
                    }
                    _ => flat,
                }
            })
            .collect()
    }

    fn fitted(&self) -> &[f64] {
        &self.fitted
    }
}
