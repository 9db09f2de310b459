//! Order statistics.
use std::fmt;

use datagora_core::Interval;

use crate::distribution::binomial_at_most;

/// Which number is the percentile of a sample.
///
/// Programs disagree where a percentile falls between two observations; a published V85 or 95th percentile names its
/// method. With thousands of observations the difference is small, with dozens it is not.
///
/// Hyndman, R. J. and Fan, Y. (1996). Sample quantiles in statistical packages. Am. Stat. 50, 361–365.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum QuantileMethod {
    /// Linear interpolation between order statistics: type 7 of Hyndman and Fan, the default of R, NumPy and
    /// spreadsheets (`PERCENTILE.INC`).
    #[default]
    Linear,
    /// The smallest observation that at least this share does not exceed: type 1. Always an observed value.
    InvertedCdf,
    /// The observation nearest to the position of type 7, the even rank in a tie: `nearest` of NumPy.
    Nearest,
}

impl QuantileMethod {
    /// The quantile of sorted values without NaN; NaN of none.
    pub(crate) fn of_sorted(self, sorted: &[f64], probability: f64) -> f64 {
        let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
        let probability = probability.clamp(0.0, 1.0);
        match self {
            QuantileMethod::Linear => quantile_of_sorted(sorted, probability),
            QuantileMethod::InvertedCdf => {
                sorted[rank_of(probability * sorted.len() as f64).saturating_sub(1).min(last)]
            }
            QuantileMethod::Nearest => {
                sorted[((probability * last as f64).round_ties_even() as usize).min(last)]
            }
        }
    }
}

impl fmt::Display for QuantileMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            QuantileMethod::Linear => "linear interpolation (type 7)",
            QuantileMethod::InvertedCdf => "inverse of the distribution function (type 1)",
            QuantileMethod::Nearest => "nearest observation",
        })
    }
}

/// The first whole number not below a product of a probability and a number of observations.
///
/// `0.95 · 20` is a little more than 19 in binary: a hair above a whole number is that number.
pub(crate) fn rank_of(position: f64) -> usize {
    (position * (1.0 - 4.0 * f64::EPSILON)).ceil().max(0.0) as usize
}

/// The quantile of sorted values by linear interpolation (definition 7 of Hyndman and Fan 1996); NaN of none.
pub(crate) fn quantile_of_sorted(sorted: &[f64], probability: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let position = probability.clamp(0.0, 1.0) * last as f64;
    let below = position.floor() as usize;
    let above = (below + 1).min(last);
    sorted[below] + (position - below as f64) * (sorted[above] - sorted[below])
}

/// Confidence interval of a quantile of the population, for independent observations: the order statistics whose ranks
/// the binomial distribution leaves a tail of at most `(1 − level) / 2` on either side.
///
/// It assumes no shape of the distribution and covers with at least `level`. `None` where the sample is too small for
/// a bound on both sides: 0.85 needs 23 observations at 95 %.
///
/// Conover, W. J. (1999). *Practical Nonparametric Statistics*, 3rd ed., section 3.2.
pub(crate) fn quantile_interval(sorted: &[f64], probability: f64, level: f64) -> Option<Interval> {
    let n = sorted.len() as u64;
    let tail = 0.5 * (1.0 - level);
    // The probability that fewer than `rank` observations lie below the quantile grows with the rank.
    let fewer = |rank: u64| binomial_at_most(rank - 1, n, probability);
    let lower = first_rank(n, |rank| fewer(rank) > tail) - 1;
    let upper = first_rank(n, |rank| fewer(rank) >= 1.0 - tail);
    if lower == 0 || upper > n {
        return None;
    }
    let at = |rank: u64| sorted[(rank - 1) as usize];
    Some(Interval { lower: at(lower), upper: at(upper), level: Some(level) })
}

/// The first of the ranks 1 to n for which an increasing condition holds, n + 1 if for none.
fn first_rank(n: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (1, n + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// The median, sorting the values in place; NaN of none.
pub(crate) fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    quantile_of_sorted(values, 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn quantiles_interpolate() {
        assert_eq!(median(&mut [3.0, 1.0, 2.0, 10.0]), 2.5);
        assert_eq!(quantile_of_sorted(&[0.0, 10.0], 0.25), 2.5);
        assert!(median(&mut []).is_nan());
    }

    #[test]
    fn methods_are_those_of_numpy() {
        // numpy 2.4.6: np.quantile([1, 2, 4, 8, 16], q, method=…).
        let sorted = [1.0, 2.0, 4.0, 8.0, 16.0];
        for (method, wanted) in [
            (QuantileMethod::Linear, [1.6, 4.0, 11.2]),
            (QuantileMethod::InvertedCdf, [1.0, 4.0, 16.0]),
            (QuantileMethod::Nearest, [2.0, 4.0, 8.0]),
        ] {
            for (probability, wanted) in [0.15, 0.5, 0.85].into_iter().zip(wanted) {
                let found = method.of_sorted(&sorted, probability);
                assert!((found - wanted).abs() < 1e-12, "{method} {probability}: {found}");
            }
            assert!(method.of_sorted(&[], 0.5).is_nan());
            assert_eq!((method.of_sorted(&sorted, 0.0), method.of_sorted(&sorted, 1.0)), (1.0, 16.0));
        }
        assert_eq!((rank_of(0.95 * 20.0), rank_of(0.07 * 100.0), rank_of(2.1)), (19, 7, 3));
    }

    #[test]
    fn ranks_of_the_interval_are_those_of_the_binomial_tables() {
        // Conover (1999), table A3: the median of 10 lies between the 2nd and the 9th with 97.9 %.
        let sorted: Vec<f64> = (1..=10).map(f64::from).collect();
        let found = quantile_interval(&sorted, 0.5, 0.95).expect("ten observations");
        assert_eq!((found.lower, found.upper), (2.0, 9.0));
        // 0.85^22 = 0.028 is more than the tail, 0.85^23 = 0.0238 is not.
        let sorted: Vec<f64> = (1..=23).map(f64::from).collect();
        assert_eq!(quantile_interval(&sorted[..22], 0.85, 0.95), None);
        assert_eq!(quantile_interval(&sorted, 0.85, 0.95).map(|found| found.upper), Some(23.0));
        assert_eq!(quantile_interval(&[], 0.85, 0.95), None);
    }

    proptest! {
        #[test]
        fn quantiles_lie_among_the_values_and_grow(
            mut values in proptest::collection::vec(-1e6..1e6_f64, 1..60), p in 0.0..1.0_f64, q in 0.0..1.0_f64
        ) {
            values.sort_by(f64::total_cmp);
            for method in [QuantileMethod::Linear, QuantileMethod::InvertedCdf, QuantileMethod::Nearest] {
                let (low, high) = (method.of_sorted(&values, p.min(q)), method.of_sorted(&values, p.max(q)));
                prop_assert!(values[0] <= low && low <= high && high <= values[values.len() - 1]);
            }
            // By definition at least the share p is not above the inverse of the distribution function.
            let found = QuantileMethod::InvertedCdf.of_sorted(&values, p);
            let share = values.iter().filter(|v| **v <= found).count() as f64 / values.len() as f64;
            prop_assert!(share >= p - 1e-12);
        }
    }
}
