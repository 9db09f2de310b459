//! What a forecasting model is: something that can be fitted, and only then predicts.
use crate::Series;

/// A model that has not seen data yet. It cannot predict; [`Fit::fit`] gives something that can.
///
/// # Example
///
/// ```
/// use datagora_core::Unit;
/// use datagora_predict::{Drift, Fit, Predict, Series};
///
/// let series = Series::new(vec![10.0, 12.0, 14.0], Unit::ONE)?;
/// assert_eq!(Drift.fit(&series)?.predict(2), [16.0, 18.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Fit {
    /// What the fitted model is.
    type Fitted: Predict;

    /// Learns from a series.
    ///
    /// # Errors
    ///
    /// [`FitError`] when the series is too short or otherwise outside what the model can describe.
    fn fit(&self, series: &Series) -> Result<Self::Fitted, FitError>;
}

/// A fitted model.
pub trait Predict {
    /// The name forecasters know it by, with its form, such as `ETS(M,Ad,M)`.
    fn name(&self) -> String;

    /// Point forecasts for the `horizon` steps after the end of the series, in its unit.
    fn predict(&self, horizon: usize) -> Vec<f64>;

    /// Standard deviation of the error at each of these steps, *as the model itself believes*.
    ///
    /// Such intervals are known to be too narrow on real series; [`forecast`](crate::forecast) calibrates instead.
    fn spread(&self, horizon: usize) -> Vec<f64>;

    /// One-step forecasts within the series, aligned with it; `NaN` where the model had nothing to start from.
    fn fitted(&self) -> &[f64];
}

/// Why a model could not be fitted.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FitError {
    /// Too few values.
    #[error("{model} needs {needed} observed values, the series has {found}; use a simpler model")]
    TooFew {
        /// Which model.
        model: &'static str,
        /// Observed values in the series.
        found: usize,
        /// Observed values the model needs.
        needed: usize,
    },
    /// A seasonal model of a series that has no season.
    #[error("{model} needs a seasonal period; give one with `with_period`, such as 12 for months")]
    NoSeason {
        /// Which model.
        model: &'static str,
    },
    /// Covariates that end before the series does.
    #[error(
        "regression needs covariates for each of the {needed} steps of the series, they have {found}; add rows, NaN where nothing is known"
    )]
    ShortCovariates {
        /// Rows of the covariates.
        found: usize,
        /// Steps of the series.
        needed: usize,
    },
    /// A place in the season has never been observed.
    #[error("{model} needs a value at each of the {period} places of the season, place {place} has none")]
    PlaceUnseen {
        /// Which model.
        model: &'static str,
        /// Length of the season.
        period: usize,
        /// Place without value, from 0 at the start of the series.
        place: usize,
    },
    /// A multiplicative model of values that are not all above zero.
    #[error("{model} is multiplicative and needs values above 0, found {found}; use its additive form")]
    NotPositive {
        /// Which model.
        model: &'static str,
        /// Smallest value of the series.
        found: f64,
    },
    /// The estimation found no parameters with a finite likelihood.
    #[error("{model} has no finite likelihood on this series; use a simpler model")]
    NoEstimate {
        /// Which model.
        model: &'static str,
    },
}

/// Standard deviation about zero of residuals that `parameters` were spent on; gaps are passed over.
pub(crate) fn residual_deviation(residuals: impl Iterator<Item = f64>, parameters: usize) -> f64 {
    let (mut n, mut squares) = (0usize, 0.0);
    for residual in residuals.filter(|r| !r.is_nan()) {
        n += 1;
        squares += residual * residual;
    }
    if n == 0 { 0.0 } else { (squares / n.saturating_sub(parameters).max(1) as f64).sqrt() }
}
