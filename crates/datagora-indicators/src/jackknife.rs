//! Interval of a ratio of sums, by leaving one unit out at a time.
use datagora_core::Interval;

use crate::distribution::student_reach;

/// Interval of a positive estimate, from the estimates made without each unit in turn.
///
/// The variance is taken on the logarithmic scale, so that the interval stays positive, contains the estimate, and is
/// the reciprocal one for the reciprocal ratio. Student's quantile with `n − 1` degrees of freedom.
///
/// `None` if there are fewer than two units, or if an estimate is not positive and finite.
///
/// Tukey, J. W. (1958). Bias and confidence in not-quite large samples. Ann. Math. Statist. 29, 614.
pub(crate) fn jackknife_interval(
    estimate: f64,
    without_each: impl Iterator<Item = f64> + Clone,
    level: f64,
) -> Option<Interval> {
    let usable = |value: f64| value > 0.0 && value.is_finite();
    let mut n = 0.0;
    let mut sum = 0.0;
    for value in without_each.clone() {
        if !usable(value) {
            return None;
        }
        n += 1.0;
        sum += value.ln();
    }
    if n < 2.0 || !usable(estimate) {
        return None;
    }
    let mean = sum / n;
    let squares: f64 = without_each.map(|value| (value.ln() - mean).powi(2)).sum();
    let error = ((n - 1.0) / n * squares).sqrt();
    let reach = (student_reach(level, n - 1.0) * error).exp();
    Some(Interval { lower: estimate / reach, upper: estimate * reach, level: Some(level) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interval_of_a_mean_of_logs_is_the_classical_one() {
        // For exp(mean of logs) the jackknife variance is the usual s²/n.
        let logs = [0.1, 0.4, 0.2, 0.7];
        let mean = logs.iter().sum::<f64>() / 4.0;
        let without = logs.map(|left| ((logs.iter().sum::<f64>() - left) / 3.0).exp());
        let found = jackknife_interval(mean.exp(), without.into_iter(), 0.95).expect("four units");
        let variance = logs.iter().map(|l| (l - mean).powi(2)).sum::<f64>() / 3.0 / 4.0;
        let wanted = mean + 3.182_446_305_284_263 * variance.sqrt(); // R 4.2.2: qt(0.975, 3)
        assert!((found.upper.ln() - wanted).abs() < 1e-9);
    }

    #[test]
    fn one_unit_or_a_zero_gives_none() {
        assert_eq!(jackknife_interval(1.0, [1.0].into_iter(), 0.95), None);
        assert_eq!(jackknife_interval(1.0, [1.0, 0.0].into_iter(), 0.95), None);
    }
}
