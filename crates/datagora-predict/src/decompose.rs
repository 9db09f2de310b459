//! Classical decomposition, and the test whether there is a season at all.

/// How season and trend go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Seasonality {
    /// The season adds: as many more each summer.
    Additive,
    /// The season multiplies: by as much more each summer.
    Multiplicative,
}

/// Seasonal indices: one for each place of the season, counted from the first value.
///
/// Trend by centred moving average over one period (2×m if the period is even), indices as the mean of what is left at
/// each place, normalised to mean 1 (multiplicative) or 0 (additive).
///
/// # Missing values
///
/// A moving average needs all of its window. Gaps are bridged for that purpose alone, on the deseasonalised scale, and
/// the indices estimated again until they settle; only observed values enter the means. Without gaps this is the
/// textbook method.
///
/// Gives `None` with fewer than two periods of values, when a place has no observed value under a whole window, or when
/// a multiplicative season meets values that are not above 0.
///
/// # Example
///
/// ```
/// use datagora_predict::{Seasonality, seasonal_indices};
///
/// let values: Vec<f64> = (0..24).map(|t| f64::from(100 + t) * [0.5, 1.0, 1.0, 1.5][t as usize % 4]).collect();
/// let indices = seasonal_indices(&values, 4, Seasonality::Multiplicative).unwrap();
/// assert!((indices[3] - 1.5).abs() < 0.01);
/// ```
///
/// # References
///
/// Kendall, M. and Stuart, A. (1983). *The Advanced Theory of Statistics*, vol. 3, pp. 410–414; as `decompose` in R.
pub fn seasonal_indices(values: &[f64], period: usize, kind: Seasonality) -> Option<Vec<f64>> {
    let n = values.len();
    if period < 2 || n < 2 * period {
        return None;
    }
    if kind == Seasonality::Multiplicative && values.iter().any(|&y| y <= 0.0) {
        return None;
    }
    let gaps = values.iter().any(|y| y.is_nan());
    let mut indices = vec![if kind == Seasonality::Multiplicative { 1.0 } else { 0.0 }; period];
    for _ in 0..if gaps { 8 } else { 1 } {
        let whole = if gaps { bridged(values, &indices, kind)? } else { values.to_vec() };
        let next = indices_once(values, &whole, period, kind)?;
        let moved = next.iter().zip(&indices).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        let size = next.iter().map(|v| v.abs()).fold(0.0, f64::max);
        indices = next;
        if moved <= 1e-6 * size {
            break;
        }
    }
    Some(indices)
}

/// The values with their gaps filled by a line through the deseasonalised neighbours.
fn bridged(values: &[f64], indices: &[f64], kind: Seasonality) -> Option<Vec<f64>> {
    let flat = deseasonalised(values, indices, kind);
    let seen: Vec<usize> = (0..flat.len()).filter(|&t| !flat[t].is_nan()).collect();
    let (&first, &last) = (seen.first()?, seen.last()?);
    let mut whole = flat.clone();
    whole[..first].fill(flat[first]);
    whole[last + 1..].fill(flat[last]);
    for pair in seen.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let slope = (flat[b] - flat[a]) / (b - a) as f64;
        whole[a + 1..b].iter_mut().enumerate().for_each(|(i, v)| *v = flat[a] + slope * (i + 1) as f64);
    }
    for (t, v) in whole.iter_mut().enumerate() {
        *v = seasonalised(*v, indices[t % indices.len()], kind);
    }
    Some(whole)
}

fn indices_once(values: &[f64], whole: &[f64], period: usize, kind: Seasonality) -> Option<Vec<f64>> {
    let half = period / 2;
    let mut sums = vec![0.0; period];
    let mut counts = vec![0usize; period];
    for t in half..whole.len() - half {
        if values[t].is_nan() {
            continue;
        }
        let inner: f64 = whole[t + 1 - half..t + half].iter().sum();
        let trend = if period.is_multiple_of(2) {
            (inner + 0.5 * (whole[t - half] + whole[t + half])) / period as f64
        } else {
            whole[t - half..=t + half].iter().sum::<f64>() / period as f64
        };
        let rest = match kind {
            Seasonality::Additive => values[t] - trend,
            Seasonality::Multiplicative => values[t] / trend,
        };
        sums[t % period] += rest;
        counts[t % period] += 1;
    }
    if counts.contains(&0) {
        return None;
    }
    let raw: Vec<f64> = sums.iter().zip(&counts).map(|(s, &c)| s / c as f64).collect();
    let mean = raw.iter().sum::<f64>() / period as f64;
    let indices: Vec<f64> = match kind {
        Seasonality::Additive => raw.iter().map(|v| v - mean).collect(),
        Seasonality::Multiplicative => raw.iter().map(|v| v / mean).collect(),
    };
    indices.iter().all(|v| v.is_finite() && (kind == Seasonality::Additive || *v > 0.0)).then_some(indices)
}

/// The values without their season; gaps stay gaps.
pub(crate) fn deseasonalised(values: &[f64], indices: &[f64], kind: Seasonality) -> Vec<f64> {
    let season = |t: usize| indices[t % indices.len()];
    match kind {
        Seasonality::Additive => values.iter().enumerate().map(|(t, y)| y - season(t)).collect(),
        Seasonality::Multiplicative => values.iter().enumerate().map(|(t, y)| y / season(t)).collect(),
    }
}

/// A deseasonalised value with its season.
pub(crate) fn seasonalised(value: f64, index: f64, kind: Seasonality) -> f64 {
    match kind {
        Seasonality::Additive => value + index,
        Seasonality::Multiplicative => value * index,
    }
}

/// Whether the autocorrelation at the period is significant at 90 %: the test of the theta method and of the M4
/// competition's Naive 2.
///
/// `false` with fewer than three periods of values. Pairs with a gap are passed over.
///
/// # Example
///
/// ```
/// let values: Vec<f64> = (0..36).map(|t| [10.0, 20.0, 30.0][t % 3] + (t % 5) as f64).collect();
/// assert!(datagora_predict::is_seasonal(&values, 3));
/// assert!(!datagora_predict::is_seasonal(&values[..8], 3));
/// ```
///
/// # References
///
/// Assimakopoulos, V. and Nikolopoulos, K. (2000). The theta model. Int. J. Forecasting 16, 521–530.
/// doi:10.1016/S0169-2070(00)00066-2; the M4 benchmark code (`SeasonalityTest`).
pub fn is_seasonal(values: &[f64], period: usize) -> bool {
    let seen = values.iter().filter(|y| !y.is_nan()).count();
    if period < 2 || seen < 3 * period {
        return false;
    }
    let mean = values.iter().filter(|y| !y.is_nan()).sum::<f64>() / seen as f64;
    let centred: Vec<f64> = values.iter().map(|y| y - mean).collect();
    let total: f64 = centred.iter().filter(|v| !v.is_nan()).map(|v| v * v).sum();
    if total <= f64::EPSILON * seen as f64 * mean * mean {
        return false;
    }
    // Products lost to gaps are made up for, so that the lags stay comparable.
    let correlation = |lag: usize| {
        let (mut sum, mut pairs) = (0.0, 0usize);
        for (a, b) in centred.iter().zip(&centred[lag..]) {
            let product = a * b;
            if !product.is_nan() {
                sum += product;
                pairs += 1;
            }
        }
        if pairs == 0 {
            return 0.0;
        }
        let expected = (centred.len() - lag) as f64 * seen as f64 / centred.len() as f64;
        sum * expected / pairs as f64 / total
    };
    let before: f64 = (1..period).map(|lag| correlation(lag).powi(2)).sum();
    correlation(period).abs() > 1.645 / (seen as f64).sqrt() * (1.0 + 2.0 * before).sqrt()
}
