//! How good a forecast was: points, quantiles, intervals.
use crate::distribution::{normal_density, normal_probability};
use crate::{Fit, Naive2, Predict, Series};

/// Why a measure has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MetricError {
    /// Inputs that belong together differ in length.
    #[error("{found} values where {needed} were needed; give one for each actual value")]
    Lengths {
        /// What was given.
        found: usize,
        /// Number of actual values.
        needed: usize,
    },
    /// No step has both an actual value and a forecast.
    #[error("no step has both an actual value and a forecast; check for gaps")]
    NoPairs,
    /// The scale the error is divided by is 0 or has no data.
    #[error(
        "the scale is undefined or 0: the training values do not change over a period; use an unscaled measure"
    )]
    NoScale,
    /// A probability outside 0 to 1.
    #[error("a level must lie between 0 and 1, exclusive; give 0.95 for 95 %")]
    Level,
}

/// Mean of `loss(actual, forecast)` over the steps that have both.
fn mean_loss(actual: &[f64], forecast: &[f64], loss: impl Fn(f64, f64) -> f64) -> Result<f64, MetricError> {
    same_length(actual, forecast)?;
    let (mut sum, mut n) = (0.0, 0usize);
    for (&y, &f) in actual.iter().zip(forecast).filter(|(y, f)| !y.is_nan() && !f.is_nan()) {
        sum += loss(y, f);
        n += 1;
    }
    if n == 0 { Err(MetricError::NoPairs) } else { Ok(sum / n as f64) }
}

fn same_length(actual: &[f64], other: &[f64]) -> Result<(), MetricError> {
    if actual.len() == other.len() {
        Ok(())
    } else {
        Err(MetricError::Lengths { found: other.len(), needed: actual.len() })
    }
}

fn probability(level: f64) -> Result<(), MetricError> {
    if level > 0.0 && level < 1.0 { Ok(()) } else { Err(MetricError::Level) }
}

/// Mean absolute error, in the unit of the values. Steps with a gap are passed over, here and below.
///
/// # Errors
///
/// [`MetricError::Lengths`], [`MetricError::NoPairs`].
///
/// # Example
///
/// ```
/// assert_eq!(datagora_predict::mae(&[1.0, f64::NAN, 3.0], &[2.0, 9.0, 5.0]), Ok(1.5));
/// ```
pub fn mae(actual: &[f64], forecast: &[f64]) -> Result<f64, MetricError> {
    mean_loss(actual, forecast, |y, f| (y - f).abs())
}

/// Symmetric mean absolute percentage error, 0 to 200 %; a step where both are 0 counts 0.
///
/// # Interpretation
///
/// 200 |y − f| / (|y| + |f|). Biased to low forecasts, and unstable near 0; kept because competitions report it.
///
/// # Errors
///
/// [`MetricError::Lengths`], [`MetricError::NoPairs`].
///
/// # Example
///
/// ```
/// assert_eq!(datagora_predict::smape(&[100.0], &[300.0]), Ok(100.0));
/// ```
///
/// # References
///
/// Makridakis, S., Spiliotis, E. and Assimakopoulos, V. (2020). The M4 Competition. Int. J. Forecasting 36, 54–74.
/// doi:10.1016/j.ijforecast.2019.04.014
pub fn smape(actual: &[f64], forecast: &[f64]) -> Result<f64, MetricError> {
    mean_loss(actual, forecast, |y, f| {
        let size = y.abs() + f.abs();
        if size == 0.0 { 0.0 } else { 200.0 * (y - f).abs() / size }
    })
}

/// Mean of `power(|change over a period|)` within the training values: the error of the seasonal naive forecast.
fn seasonal_change(train: &[f64], period: usize, power: impl Fn(f64) -> f64) -> Result<f64, MetricError> {
    let ahead = train.get(period.max(1)..).unwrap_or_default();
    let (mut sum, mut n) = (0.0, 0usize);
    for change in train.iter().zip(ahead).map(|(a, b)| (b - a).abs()).filter(|c| !c.is_nan()) {
        sum += power(change);
        n += 1;
    }
    if n == 0 || sum == 0.0 { Err(MetricError::NoScale) } else { Ok(sum / n as f64) }
}

/// Mean absolute scaled error: 1 is as good as the seasonal naive forecast was within the training values.
///
/// # Errors
///
/// [`MetricError::Lengths`], [`MetricError::NoPairs`]; [`MetricError::NoScale`] when the training values repeat exactly
/// or are too few.
///
/// # Example
///
/// ```
/// let train = [1.0, 3.0, 2.0, 4.0];
/// assert_eq!(datagora_predict::mase(&[5.0, 6.0], &[4.0, 4.0], &train, 2), Ok(1.5));
/// ```
///
/// # References
///
/// Hyndman, R. J. and Koehler, A. B. (2006). Another look at measures of forecast accuracy. Int. J. Forecasting 22,
/// 679–688. doi:10.1016/j.ijforecast.2006.03.001
pub fn mase(actual: &[f64], forecast: &[f64], train: &[f64], period: usize) -> Result<f64, MetricError> {
    Ok(mae(actual, forecast)? / seasonal_change(train, period, |c| c)?)
}

/// Root mean squared scaled error: the squared sibling of [`mase`].
///
/// # Errors
///
/// As [`mase`].
///
/// # Example
///
/// ```
/// let train = [1.0, 3.0, 2.0, 4.0];
/// assert_eq!(datagora_predict::rmsse(&[5.0, 6.0], &[4.0, 5.0], &train, 2), Ok(1.0));
/// ```
///
/// # References
///
/// Makridakis, S., Spiliotis, E. and Assimakopoulos, V. (2022). M5 accuracy competition. Int. J. Forecasting 38,
/// 1346–1364 (there with period 1). doi:10.1016/j.ijforecast.2021.11.013
pub fn rmsse(actual: &[f64], forecast: &[f64], train: &[f64], period: usize) -> Result<f64, MetricError> {
    let squares = mean_loss(actual, forecast, |y, f| (y - f) * (y - f))?;
    Ok((squares / seasonal_change(train, period, |c| c * c)?).sqrt())
}

/// Mean quantile (pinball) loss of forecasts of the quantile `level`, in the unit of the values.
///
/// # Errors
///
/// [`MetricError::Level`], [`MetricError::Lengths`], [`MetricError::NoPairs`].
///
/// # Example
///
/// ```
/// assert_eq!(datagora_predict::quantile_loss(&[10.0], &[8.0], 0.75), Ok(1.5));
/// ```
///
/// # References
///
/// Koenker, R. and Bassett, G. (1978). Regression quantiles. Econometrica 46, 33–50. doi:10.2307/1913643
pub fn quantile_loss(actual: &[f64], forecast: &[f64], level: f64) -> Result<f64, MetricError> {
    probability(level)?;
    mean_loss(actual, forecast, |y, f| pinball(y, f, level))
}

fn pinball(y: f64, f: f64, level: f64) -> f64 {
    if y >= f { level * (y - f) } else { (1.0 - level) * (f - y) }
}

/// Weighted quantile loss: twice the summed quantile losses over the levels, averaged, over the summed |actual|.
///
/// An approximation of the continuous ranked probability score in relative terms: 0.1 is about a tenth of the level.
/// `quantiles` holds one slice of forecasts for each of `levels`.
///
/// # Errors
///
/// As [`quantile_loss`]; [`MetricError::NoScale`] when all actual values are 0.
///
/// # Example
///
/// ```
/// let low = [8.0, 8.0];
/// let high = [12.0, 12.0];
/// let loss = datagora_predict::weighted_quantile_loss(&[10.0, 10.0], &[&low, &high], &[0.25, 0.75])?;
/// assert!((loss - 0.1).abs() < 1e-12);
/// # Ok::<(), datagora_predict::MetricError>(())
/// ```
///
/// # References
///
/// Park, Y. et al. (2022). Learning quantile functions without quantile crossing. AISTATS; as in GIFT-Eval and
/// GluonTS (`mean_weighted_sum_quantile_loss`).
pub fn weighted_quantile_loss(
    actual: &[f64],
    quantiles: &[&[f64]],
    levels: &[f64],
) -> Result<f64, MetricError> {
    if quantiles.len() != levels.len() || levels.is_empty() {
        return Err(MetricError::Lengths { found: quantiles.len(), needed: levels.len() });
    }
    let size = actual.iter().filter(|y| !y.is_nan()).map(|y| y.abs()).sum::<f64>();
    let n = actual.iter().filter(|y| !y.is_nan()).count() as f64;
    let mut sum = 0.0;
    for (forecast, &level) in quantiles.iter().zip(levels) {
        sum += quantile_loss(actual, forecast, level)?;
    }
    if size == 0.0 { Err(MetricError::NoScale) } else { Ok(2.0 * sum / levels.len() as f64 * n / size) }
}

/// Interval score of Winkler for central intervals of probability `level`, in the unit of the values; lower is better.
///
/// Width, plus 2 / (1 − level) times the distance by which an actual value lies outside.
///
/// # Errors
///
/// [`MetricError::Level`], [`MetricError::Lengths`], [`MetricError::NoPairs`].
///
/// # Example
///
/// ```
/// assert_eq!(datagora_predict::interval_score(&[5.0], &[0.0], &[4.0], 0.5), Ok(8.0));
/// ```
///
/// # References
///
/// Gneiting, T. and Raftery, A. E. (2007). Strictly proper scoring rules, prediction, and estimation. JASA 102,
/// 359–378, equation 43. doi:10.1198/016214506000001437
pub fn interval_score(actual: &[f64], lower: &[f64], upper: &[f64], level: f64) -> Result<f64, MetricError> {
    probability(level)?;
    same_length(actual, upper)?;
    let penalty = 2.0 / (1.0 - level);
    let widths: Vec<f64> = lower.iter().zip(upper).map(|(l, u)| u - l).collect();
    let width = mean_loss(actual, &widths, |_, w| w)?;
    let below = mean_loss(actual, lower, |y, l| (l - y).max(0.0))?;
    let above = mean_loss(actual, upper, |y, u| (y - u).max(0.0))?;
    Ok(width + penalty * (below + above))
}

/// Mean scaled interval score: [`interval_score`] over the seasonal naive error within the training values.
///
/// # Errors
///
/// As [`interval_score`] and [`mase`].
///
/// # Example
///
/// ```
/// let train = [1.0, 3.0, 2.0, 4.0];
/// assert_eq!(datagora_predict::msis(&[5.0], &[0.0], &[4.0], 0.5, &train, 2), Ok(8.0));
/// ```
///
/// # References
///
/// The M4 Competition (see [`smape`]), section 2.2.2.
pub fn msis(
    actual: &[f64],
    lower: &[f64],
    upper: &[f64],
    level: f64,
    train: &[f64],
    period: usize,
) -> Result<f64, MetricError> {
    Ok(interval_score(actual, lower, upper, level)? / seasonal_change(train, period, |c| c)?)
}

/// Share of the actual values within the bounds, ends included.
///
/// # Errors
///
/// [`MetricError::Lengths`], [`MetricError::NoPairs`].
///
/// # Example
///
/// ```
/// assert_eq!(datagora_predict::coverage(&[1.0, 5.0], &[0.0, 0.0], &[2.0, 2.0]), Ok(0.5));
/// ```
pub fn coverage(actual: &[f64], lower: &[f64], upper: &[f64]) -> Result<f64, MetricError> {
    same_length(actual, lower)?;
    same_length(actual, upper)?;
    let (mut inside, mut n) = (0usize, 0usize);
    for ((y, l), u) in actual.iter().zip(lower).zip(upper) {
        if !(y.is_nan() || l.is_nan() || u.is_nan()) {
            inside += usize::from(l <= y && y <= u);
            n += 1;
        }
    }
    if n == 0 { Err(MetricError::NoPairs) } else { Ok(inside as f64 / n as f64) }
}

/// Continuous ranked probability score of a sample of forecasts, in the unit of the value; lower is better.
///
/// E|X − y| − ½ E|X − X'| over the empirical distribution of `sample`. `NaN` for an empty sample. O(n log n).
///
/// # Example
///
/// ```
/// assert_eq!(datagora_predict::crps_sample(3.0, &[1.0, 2.0]), 1.25);
/// ```
///
/// # References
///
/// Gneiting and Raftery (see [`interval_score`]), equation 21.
pub fn crps_sample(actual: f64, sample: &[f64]) -> f64 {
    let n = sample.len() as f64;
    let mut sorted = sample.to_vec();
    sorted.sort_by(f64::total_cmp);
    let distance: f64 = sorted.iter().map(|x| (x - actual).abs()).sum::<f64>() / n;
    let between: f64 = sorted.iter().enumerate().map(|(i, x)| (2.0 * i as f64 + 1.0 - n) * x).sum();
    distance - between / (n * n)
}

/// Continuous ranked probability score of a normal forecast, in the unit of the value; lower is better.
///
/// The absolute error where `deviation` is 0; `NaN` where it is negative.
///
/// # Example
///
/// ```
/// let score = datagora_predict::crps_normal(0.0, 0.0, 1.0);
/// assert!((score - 0.233_694_977_254).abs() < 1e-9);
/// ```
///
/// # References
///
/// Gneiting and Raftery (see [`interval_score`]), equation 22.
pub fn crps_normal(actual: f64, mean: f64, deviation: f64) -> f64 {
    if deviation == 0.0 {
        return (actual - mean).abs();
    }
    if deviation < 0.0 {
        return f64::NAN;
    }
    let z = (actual - mean) / deviation;
    let root_pi = std::f64::consts::PI.sqrt();
    deviation * (z * (2.0 * normal_probability(z) - 1.0) + 2.0 * normal_density(z) - 1.0 / root_pi)
}

/// Overall weighted average of a set of series: sMAPE and MASE relative to [`Naive2`](crate::Naive2), averaged. Below 1
/// is better than that benchmark.
///
/// One row of `actual` and of `forecasts` for each series of the past. Series for which sMAPE, MASE or the benchmark has
/// no value are passed over, for both alike.
///
/// # Errors
///
/// [`MetricError::Lengths`] if the numbers of rows differ; [`MetricError::NoPairs`] if no series can be scored.
///
/// # Example
///
/// ```
/// use datagora_core::Unit;
/// use datagora_predict::{Drift, Fit, Predict, Series, owa};
///
/// let past = Series::new(vec![1.0, 2.1, 2.9, 4.0, 5.0], Unit::ONE)?;
/// let forecast = Drift.fit(&past)?.predict(2);
/// assert!(owa(&[past], &[vec![6.0, 7.0]], &[forecast])? < 0.1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// The M4 Competition (see [`smape`]), section 2.2.1.
pub fn owa(past: &[Series], actual: &[Vec<f64>], forecasts: &[Vec<f64>]) -> Result<f64, MetricError> {
    for rows in [actual, forecasts] {
        if rows.len() != past.len() {
            return Err(MetricError::Lengths { found: rows.len(), needed: past.len() });
        }
    }
    let (mut ours, mut reference) = ([0.0; 2], [0.0; 2]);
    for ((series, actual), forecast) in past.iter().zip(actual).zip(forecasts) {
        let score = |points: &[f64]| {
            Ok([smape(actual, points)?, mase(actual, points, series.values(), series.period())?])
        };
        let Ok(naive) = Naive2.fit(series) else { continue };
        let scores: Result<_, MetricError> =
            score(forecast).and_then(|ours| Ok((ours, score(&naive.predict(actual.len()))?)));
        if let Ok((found, benchmark)) = scores {
            for i in 0..2 {
                ours[i] += found[i];
                reference[i] += benchmark[i];
            }
        }
    }
    if reference.iter().all(|r| *r > 0.0) {
        Ok(0.5 * (ours[0] / reference[0] + ours[1] / reference[1]))
    } else {
        Err(MetricError::NoPairs)
    }
}

#[cfg(test)]
mod tests;
