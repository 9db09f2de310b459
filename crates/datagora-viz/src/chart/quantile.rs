//! Quantiles of samples.

/// The quantile at a level of sorted values: Hyndman and Fan’s type 7, that of R and numpy.
pub(super) fn quantile(sorted: &[f64], level: f64) -> Option<f64> {
    let place = sorted.len().checked_sub(1)? as f64 * level;
    let (below, share) = (place.floor() as usize, place.fract());
    let (low, high) = (sorted.get(below)?, sorted.get(below + 1).or(sorted.last())?);
    Some(low + share * (high - low))
}

/// Finite values in rising order, and how many were not finite.
pub(super) fn sorted_finite(values: &[f64]) -> (Vec<f64>, usize) {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let missing = values.len() - sorted.len();
    (sorted, missing)
}
