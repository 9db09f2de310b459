//! How often a series has to be differenced before it stays around one level.
use datagora_core::Unit;

use crate::regression::{Basis, dot};
use crate::{Mstl, Series};

/// Critical value of the KPSS statistic at 5 % (Kwiatkowski et al. 1992, table 1, level stationarity).
const KPSS_5_PERCENT: f64 = 0.463;
/// Of the Dickey–Fuller statistic at 1, 5 and 10 %, by powers of 1 / n (MacKinnon 2010, table 2, one series, constant).
const CRITICAL: [[f64; 4]; 3] = [
    [-3.43035, -6.5393, -16.786, -79.433],
    [-2.86154, -2.8903, -4.234, -40.040],
    [-2.56677, -1.5384, -2.809, 0.0],
];
/// Seasonal strength above which a seasonal difference is taken (as `nsdiffs` in R's forecast, chosen on M3).
const STRONG: f64 = 0.64;

/// The KPSS statistic of stationarity around a level: the larger, the less the series stays around one. Its critical
/// values are 0.347 (10 %), 0.463 (5 %) and 0.739 (1 %).
///
/// `lags` of the long-run variance, with Bartlett weights. Gaps are left out as if they had not been. `None` for fewer
/// than two values and for constants.
///
/// # Example
///
/// ```
/// use datagora_predict::kpss;
///
/// let climbs: Vec<f64> = (0..40).map(f64::from).collect();
/// let turns: Vec<f64> = (0..40).map(|t| f64::from(t % 5)).collect();
/// assert!(kpss(&climbs, 1).unwrap() > 0.739 && kpss(&turns, 1).unwrap() < 0.347);
/// ```
///
/// # References
///
/// Kwiatkowski, D., Phillips, P. C. B., Schmidt, P. and Shin, Y. (1992). Testing the null hypothesis of stationarity
/// against the alternative of a unit root. J. Econometrics 54, 159–178. doi:10.1016/0304-4076(92)90104-Y
pub fn kpss(values: &[f64], lags: usize) -> Option<f64> {
    let seen: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
    let n = seen.len() as f64;
    if seen.len() < 2 || constant(&seen) {
        return None;
    }
    let largest = seen.iter().fold(0.0f64, |m, v| m.max(v.abs()));
    let mean = seen.iter().map(|v| v / largest).sum::<f64>() / n;
    let residuals: Vec<f64> = seen.iter().map(|v| v / largest - mean).collect();
    let mut long_run = residuals.iter().map(|e| e * e).sum::<f64>();
    for lag in 1..=lags.min(seen.len() - 1) {
        let weight = 1.0 - lag as f64 / (lags + 1) as f64;
        long_run += 2.0 * weight * residuals.iter().zip(&residuals[lag..]).map(|(a, b)| a * b).sum::<f64>();
    }
    let mut sum = 0.0;
    let walk: f64 = residuals
        .iter()
        .map(|e| {
            sum += e;
            sum * sum
        })
        .sum();
    let statistic = walk / (n * long_run);
    statistic.is_finite().then_some(statistic)
}

/// What the augmented Dickey–Fuller test finds.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct DickeyFuller {
    /// The t statistic of the pull back to a level: the lower, the less the series is a random walk.
    pub statistic: f64,
    /// What it stays above in 99, 95 and 90 % of random walks of this length.
    pub critical: [f64; 3],
    /// Steps that the regression rests on.
    pub observations: usize,
}

/// The augmented Dickey–Fuller test of a random walk against a series that returns to a level, with so many `lags` of
/// changes beside it.
///
/// It asks the other way round than [`kpss`], which takes a level for granted until there is doubt; where both doubt, neither
/// describes the series. Steps with a gap among the values they need are left out. `None` for constants and where
/// fewer than two steps more are left than there are coefficients.
///
/// # Example
///
/// ```
/// use datagora_predict::dickey_fuller;
///
/// let turns: Vec<f64> = (0..90).map(|t| f64::from(t * 37 % 11)).collect();
/// let test = dickey_fuller(&turns, 2).unwrap();
/// assert!(test.statistic < test.critical[0]); // no random walk
/// ```
///
/// # References
///
/// Said, S. E. and Dickey, D. A. (1984). Testing for unit roots in autoregressive-moving average models of unknown order.
/// Biometrika 71, 599–607. doi:10.1093/biomet/71.3.599. Critical values: MacKinnon, J. G. (2010). Critical values for
/// cointegration tests. Queen's Economics Department working paper 1227, table 2 (one series, constant).
pub fn dickey_fuller(values: &[f64], lags: usize) -> Option<DickeyFuller> {
    if lags >= values.len() {
        return None;
    }
    let change = |step: usize| values[step] - values[step - 1];
    let rows: Vec<usize> = (lags + 1..values.len())
        .filter(|t| !values[t - 1].is_nan() && (0..=lags).all(|lag| !change(t - lag).is_nan()))
        .collect();
    let column = |of: &dyn Fn(usize) -> f64| rows.iter().map(|t| of(*t)).collect::<Vec<f64>>();
    let before = column(&|t| values[t - 1]);
    if rows.len() < lags + 4 || constant(&before) {
        return None;
    }
    let level = std::iter::once(vec![1.0; rows.len()]);
    let others: Vec<Vec<f64>> = level.chain((1..=lags).map(|lag| column(&|t| change(t - lag)))).collect();
    let basis = Basis::of(&others, false);
    // What the constant and the changes before leave of both sides: the pull is the slope between them.
    let (moved, before) = (basis.residuals(&column(&change)), basis.residuals(&before));
    let pull = dot(&moved, &before) / dot(&before, &before);
    let left: f64 = moved.iter().zip(&before).map(|(y, x)| (y - pull * x) * (y - pull * x)).sum();
    let observations = rows.len();
    let freedom = (observations - basis.rank() - 1) as f64;
    let statistic = pull / (left / freedom / dot(&before, &before)).sqrt();
    let critical = CRITICAL.map(|by| by.iter().rev().fold(0.0, |sum, by| sum / observations as f64 + by));
    statistic.is_finite().then_some(DickeyFuller { statistic, critical, observations })
}

/// Differences after which the KPSS test no longer doubts a level at 5 %, at most 2.
///
/// Gaps are left out. The long-run variance takes ⌊3√n/13⌋ lags, as `ndiffs` in R's forecast does.
///
/// # Example
///
/// ```
/// use datagora_predict::differences_needed;
///
/// let noise = |t: i32| f64::from(t * 37 % 11);
/// assert_eq!(differences_needed(&(0..60).map(noise).collect::<Vec<_>>()), 0);
/// assert_eq!(differences_needed(&(0..60).map(|t| 10.0 * f64::from(t) + noise(t)).collect::<Vec<_>>()), 1);
/// ```
pub fn differences_needed(values: &[f64]) -> usize {
    let mut current = values.to_vec();
    for d in 0..2 {
        let seen = current.iter().filter(|v| !v.is_nan()).count();
        let lags = (3.0 * (seen as f64).sqrt() / 13.0) as usize;
        // NaN and constants are stationary.
        if kpss(&current, lags).is_none_or(|statistic| statistic <= KPSS_5_PERCENT) {
            return d;
        }
        let next = differenced(&current, 1);
        if next.iter().all(|v| v.is_nan()) {
            return d;
        }
        current = next;
    }
    2
}

/// Seasonal differences needed: 1 where the strength of the season ([`Decomposition::strength`], by [`Mstl`]) exceeds
/// 0.64, the rule of `nsdiffs` in R's forecast, else 0. Needs more than two seasons of steps.
///
/// # Example
///
/// ```
/// use datagora_predict::seasonal_differences_needed;
///
/// let values: Vec<f64> =
///     (0..40).map(|t| t as f64 + [5.0, 9.0, 2.0, 4.0][t % 4] + (t * 7 % 5) as f64 / 10.0).collect();
/// assert_eq!(seasonal_differences_needed(&values, 4), 1);
/// ```
///
/// [`Decomposition::strength`]: crate::Decomposition::strength
pub fn seasonal_differences_needed(values: &[f64], period: usize) -> usize {
    if period < 2 || values.len() <= 2 * period || constant(values) {
        return 0;
    }
    let largest = values.iter().filter(|v| !v.is_nan()).fold(f64::MIN_POSITIVE, |m, v| m.max(v.abs()));
    let scaled: Vec<f64> = values.iter().map(|v| v / largest).collect();
    let strength = Series::new(scaled, Unit::ONE)
        .and_then(|series| series.with_period(period))
        .ok()
        .and_then(|series| Mstl::default().decompose(&series).ok()?.strength(period));
    usize::from(strength.is_some_and(|strength| strength > STRONG))
}

/// Whether all that is there is the same, up to rounding.
pub(crate) fn constant(values: &[f64]) -> bool {
    let seen = || values.iter().copied().filter(|v| !v.is_nan());
    let (low, high) = seen().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
    let size = low.abs().max(high.abs());
    low > high || high - low <= 1e-13 * size
}

/// `y_t − y_{t−lag}`; a gap where either is one.
pub(crate) fn differenced(values: &[f64], lag: usize) -> Vec<f64> {
    values.iter().zip(values.iter().skip(lag)).map(|(before, now)| now - before).collect()
}
