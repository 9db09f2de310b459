//! Is one model better than another, or was it luck? Paired tests on losses.
use crate::distribution::{
    binomial_tail, chi_squared_tail, normal_density, normal_probability, normal_two_sided, student_two_sided,
};

/// Why models could not be compared.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CompareError {
    /// Losses that belong together differ in number.
    #[error("{found} losses where {needed} were needed; score all models on the same forecasts")]
    Lengths {
        /// What was given.
        found: usize,
        /// Losses of the first model.
        needed: usize,
    },
    /// Too few pairs to say anything.
    #[error("{found} forecasts were scored by all, {needed} are needed; use more origins or series")]
    TooFew {
        /// Without gaps.
        found: usize,
        /// Needed.
        needed: usize,
    },
    /// A single model, or none.
    #[error("{found} models cannot be ranked; give two or more")]
    Models {
        /// What was given.
        found: usize,
    },
    /// A probability outside 0 to 1.
    #[error("a significance must lie between 0 and 1, exclusive; give 0.05 for 5 %")]
    Significance,
}

/// Outcome of a paired test of two models.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct PairedTest {
    /// Mean loss of the first less that of the second: negative where the first is better.
    pub difference: f64,
    /// The statistic of the test.
    pub statistic: f64,
    /// Probability of one at least as extreme if neither were better; two-sided.
    pub p_value: f64,
    /// Pairs compared.
    pub pairs: usize,
}

/// Differences of the pairs that have no gap.
fn differences(first: &[f64], second: &[f64], needed: usize) -> Result<Vec<f64>, CompareError> {
    if first.len() != second.len() {
        return Err(CompareError::Lengths { found: second.len(), needed: first.len() });
    }
    let differences: Vec<f64> =
        first.iter().zip(second).map(|(a, b)| a - b).filter(|d| !d.is_nan()).collect();
    if differences.len() < needed {
        return Err(CompareError::TooFew { found: differences.len(), needed });
    }
    Ok(differences)
}

/// Diebold and Mariano's test of equal accuracy of two models on one series, with the correction of Harvey, Leybourne
/// and Newbold for few forecasts.
///
/// `first` and `second` hold the losses (squared or absolute errors, or any other) of forecasts `horizon` steps ahead
/// from consecutive origins. Losses `horizon` or more apart are taken to be uncorrelated. Where the truncated sum of
/// autocovariances is not positive, Bartlett's weights are used, which always give a variance. The statistic is read
/// from Student's t of n − 1 degrees of freedom.
///
/// # Missing values
///
/// A pair with a gap is left out, and those around it are taken as neighbours.
///
/// # Errors
///
/// [`CompareError::Lengths`]; [`CompareError::TooFew`] for fewer than `horizon` + 2 pairs.
///
/// # Example
///
/// ```
/// use datagora_predict::diebold_mariano;
///
/// let naive = [4.0, 5.0, 3.0, 6.0, 4.0, 5.0, 7.0, 4.0];
/// let ours = [2.0, 3.0, 2.5, 4.0, 3.0, 2.0, 3.0, 3.5];
/// let test = diebold_mariano(&ours, &naive, 1)?;
/// assert!(test.difference < 0.0 && test.p_value < 0.01);
/// # Ok::<(), datagora_predict::CompareError>(())
/// ```
///
/// # References
///
/// Diebold, F. X. and Mariano, R. S. (1995). Comparing predictive accuracy. JBES 13, 253–263. Harvey, D., Leybourne, S.
/// and Newbold, P. (1997). Testing the equality of prediction mean squared errors. Int. J. Forecasting 13, 281–291,
/// equation 9. doi:10.1016/S0169-2070(96)00719-4
pub fn diebold_mariano(first: &[f64], second: &[f64], horizon: usize) -> Result<PairedTest, CompareError> {
    let horizon = horizon.max(1);
    let d = differences(first, second, horizon + 2)?;
    let n = d.len() as f64;
    let mean = d.iter().sum::<f64>() / n;
    let autocovariance =
        |lag: usize| d.iter().zip(&d[lag..]).map(|(a, b)| (a - mean) * (b - mean)).sum::<f64>() / n;
    let variance = |weight: &dyn Fn(usize) -> f64| {
        autocovariance(0) + 2.0 * (1..horizon).map(|lag| weight(lag) * autocovariance(lag)).sum::<f64>()
    };
    let mut long_run = variance(&|_| 1.0);
    if long_run <= 0.0 {
        long_run = variance(&|lag| 1.0 - lag as f64 / horizon as f64);
    }
    let h = horizon as f64;
    let correction = ((n + 1.0 - 2.0 * h + h * (h - 1.0) / n) / n).sqrt();
    let statistic = if mean == 0.0 { 0.0 } else { correction * mean / (long_run.max(0.0) / n).sqrt() };
    Ok(PairedTest {
        difference: mean,
        statistic,
        p_value: student_two_sided(statistic, n - 1.0),
        pairs: d.len(),
    })
}

/// The sign test: of how many series or origins the first model is better, whatever the size of the difference.
///
/// `statistic` is the number of pairs in which the first has the smaller loss. Ties are left out. The p-value is exact.
///
/// # Errors
///
/// [`CompareError::Lengths`]; [`CompareError::TooFew`] without any pair.
///
/// # Example
///
/// ```
/// use datagora_predict::sign_test;
///
/// let test = sign_test(&[1.0, 2.0, 1.0, 1.0, 3.0], &[2.0, 3.0, 2.0, 4.0, 3.0])?;
/// assert_eq!(test.statistic, 4.0); // four of four; one tie
/// assert!((test.p_value - 0.125).abs() < 1e-12);
/// # Ok::<(), datagora_predict::CompareError>(())
/// ```
///
/// # References
///
/// Dixon, W. J. and Mood, A. M. (1946). The statistical sign test. JASA 41, 557–566.
pub fn sign_test(first: &[f64], second: &[f64]) -> Result<PairedTest, CompareError> {
    let d = differences(first, second, 1)?;
    let (better, worse) = (d.iter().filter(|d| **d < 0.0).count(), d.iter().filter(|d| **d > 0.0).count());
    let p_value = (2.0 * binomial_tail(better.max(worse), better + worse)).min(1.0);
    let difference = d.iter().sum::<f64>() / d.len() as f64;
    Ok(PairedTest { difference, statistic: better as f64, p_value, pairs: d.len() })
}

/// Wilcoxon's signed-rank test of two models over many series.
///
/// `statistic` is the sum of the ranks of the pairs in which the first is worse. Pairs without difference are left out
/// (Wilcoxon's way), ties share their mean rank; the p-value is that of the normal approximation with the variance
/// corrected for ties and no correction for continuity, as in SciPy (`wilcoxon(method="approx")`).
///
/// # Errors
///
/// [`CompareError::Lengths`]; [`CompareError::TooFew`] for fewer than 6 pairs.
///
/// # Example
///
/// ```
/// use datagora_predict::wilcoxon_test;
///
/// let ours = [0.8, 0.9, 0.7, 1.1, 0.95, 0.6, 0.85];
/// let naive = [1.0, 1.2, 0.9, 1.0, 1.3, 0.9, 1.1];
/// let test = wilcoxon_test(&ours, &naive)?;
/// assert_eq!(test.statistic, 1.0); // only the fourth is worse, by least
/// assert!(test.p_value < 0.05);
/// # Ok::<(), datagora_predict::CompareError>(())
/// ```
///
/// # References
///
/// Wilcoxon, F. (1945). Individual comparisons by ranking methods. Biometrics Bulletin 1, 80–83.
pub fn wilcoxon_test(first: &[f64], second: &[f64]) -> Result<PairedTest, CompareError> {
    let d = differences(first, second, 6)?;
    let moved: Vec<f64> = d.iter().copied().filter(|d| *d != 0.0).collect();
    let (ranks, ties) = mean_ranks(&moved.iter().map(|d| d.abs()).collect::<Vec<_>>());
    let statistic: f64 = moved.iter().zip(&ranks).filter(|(d, _)| **d > 0.0).map(|(_, r)| r).sum();
    let n = moved.len() as f64;
    let variance = (n * (n + 1.0) * (2.0 * n + 1.0) - ties / 2.0) / 24.0;
    let z = (statistic - n * (n + 1.0) / 4.0) / variance.sqrt();
    let p_value = if moved.is_empty() { 1.0 } else { normal_two_sided(z) };
    Ok(PairedTest { difference: d.iter().sum::<f64>() / d.len() as f64, statistic, p_value, pairs: d.len() })
}

/// Ranks from 1, ties sharing their mean, and the sum of t³ − t over groups of t ties.
fn mean_ranks(values: &[f64]) -> (Vec<f64>, f64) {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let (mut ranks, mut ties) = (vec![0.0; values.len()], 0.0);
    for group in order.chunk_by(|a, b| values[*a] == values[*b]) {
        let before = order.iter().position(|i| *i == group[0]).unwrap_or(0) as f64;
        let t = group.len() as f64;
        for i in group {
            ranks[*i] = before + (t + 1.0) / 2.0;
        }
        ties += t * t * t - t;
    }
    (ranks, ties)
}

/// Several models ranked over many series.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Ranking {
    /// Mean rank of each model, 1 = best.
    pub mean_ranks: Vec<f64>,
    /// Friedman's statistic, corrected for ties.
    pub statistic: f64,
    /// Probability of mean ranks at least as far apart if no model were better.
    pub p_value: f64,
    /// Models whose mean ranks differ by less than this cannot be told apart (Nemenyi).
    pub critical_distance: f64,
    /// Series that all models were scored on.
    pub series: usize,
}

impl Ranking {
    /// Whether two models, by position, can be told apart.
    pub fn differ(&self, first: usize, second: usize) -> Option<bool> {
        Some((self.mean_ranks.get(first)? - self.mean_ranks.get(second)?).abs() > self.critical_distance)
    }
}

/// Ranks several models over many series: Friedman's test, and the critical distance of Nemenyi by which all pairs are
/// compared at once (the "multiple comparisons with the best" of forecasting competitions).
///
/// `losses` has one slice for each model, with its loss on each series. A series with a gap for any model is left out.
/// O(models · series).
///
/// # Errors
///
/// [`CompareError::Models`] for fewer than two; [`CompareError::Lengths`]; [`CompareError::TooFew`] for fewer than two
/// series; [`CompareError::Significance`].
///
/// # Example
///
/// ```
/// use datagora_predict::rank_models;
///
/// let naive = [1.0, 1.2, 0.9, 1.0, 1.3, 0.9, 1.1, 1.2];
/// let theta = [0.8, 0.9, 0.7, 1.1, 0.9, 0.6, 0.8, 0.9];
/// let other = [0.9, 1.0, 0.8, 1.2, 1.0, 0.7, 0.9, 1.0];
/// let ranking = rank_models(&[&naive, &theta, &other], 0.05)?;
/// assert_eq!(ranking.mean_ranks, [2.75, 1.125, 2.125]);
/// assert_eq!(ranking.differ(0, 1), Some(true));
/// assert_eq!(ranking.differ(1, 2), Some(false));
/// # Ok::<(), datagora_predict::CompareError>(())
/// ```
///
/// # References
///
/// Demšar, J. (2006). Statistical comparisons of classifiers over multiple data sets. JMLR 7, 1–30, sections 3.2.1 and
/// 3.2.2. Koning, A. J. et al. (2005). The M3 competition: statistical tests of the results. Int. J. Forecasting 21,
/// 397–409. doi:10.1016/j.ijforecast.2004.10.003
pub fn rank_models(losses: &[&[f64]], significance: f64) -> Result<Ranking, CompareError> {
    let k = losses.len();
    if k < 2 {
        return Err(CompareError::Models { found: k });
    }
    if !(significance > 0.0 && significance < 1.0) {
        return Err(CompareError::Significance);
    }
    let needed = losses[0].len();
    if let Some(other) = losses.iter().find(|l| l.len() != needed) {
        return Err(CompareError::Lengths { found: other.len(), needed });
    }
    let (mut sums, mut ties, mut series) = (vec![0.0; k], 0.0, 0usize);
    for i in 0..needed {
        let row: Vec<f64> = losses.iter().map(|l| l[i]).collect();
        if row.iter().any(|l| l.is_nan()) {
            continue;
        }
        let (ranks, tied) = mean_ranks(&row);
        for (sum, rank) in sums.iter_mut().zip(ranks) {
            *sum += rank;
        }
        ties += tied;
        series += 1;
    }
    if series < 2 {
        return Err(CompareError::TooFew { found: series, needed: 2 });
    }
    let (n, k) = (series as f64, k as f64);
    let squares: f64 = sums.iter().map(|s| s * s).sum();
    let untied = 1.0 - ties / (n * k * (k * k - 1.0));
    let raw = 12.0 * squares / (n * k * (k + 1.0)) - 3.0 * n * (k + 1.0);
    let statistic = if untied > 0.0 { raw / untied } else { 0.0 };
    Ok(Ranking {
        mean_ranks: sums.iter().map(|s| s / n).collect(),
        statistic,
        p_value: chi_squared_tail(statistic, k - 1.0),
        critical_distance: range_quantile(losses.len(), 1.0 - significance) / std::f64::consts::SQRT_2
            * (k * (k + 1.0) / (6.0 * n)).sqrt(),
        series,
    })
}

/// Quantile of the range of `count` standard normal values (the studentised range with infinitely many degrees of
/// freedom), by bisection on its integral.
fn range_quantile(count: usize, p: f64) -> f64 {
    let probability = |range: f64| {
        // Simpson's rule; beyond 8 the density is below 1e-14.
        const STEPS: i32 = 400;
        let width = 16.0 / f64::from(STEPS);
        let sum: f64 = (0..=STEPS)
            .map(|i| {
                let x = -8.0 + f64::from(i) * width;
                let weight = if i == 0 || i == STEPS { 1.0 } else { f64::from(2 + 2 * (i % 2)) };
                let within = normal_probability(x + range) - normal_probability(x);
                weight * normal_density(x) * within.powi(count as i32 - 1)
            })
            .sum();
        count as f64 * sum * width / 3.0
    };
    let (mut low, mut high) = (0.0, 20.0);
    for _ in 0..50 {
        let middle = 0.5 * (low + high);
        if probability(middle) < p { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// Holm's adjustment of the p-values of several tests: those below a significance are significant together.
///
/// The i-th smallest of m is multiplied by m − i + 1, never falls below the one before and never exceeds 1. `NaN` stays,
/// and does not count.
///
/// # Example
///
/// ```
/// assert_eq!(datagora_predict::holm(&[0.01, 0.04, 0.03]), [0.03, 0.06, 0.06]);
/// ```
///
/// # References
///
/// Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian J. Statistics 6, 65–70.
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).filter(|i| !p_values[*i].is_nan()).collect();
    order.sort_by(|a, b| p_values[*a].total_cmp(&p_values[*b]));
    let mut adjusted = p_values.to_vec();
    let mut least: f64 = 0.0;
    for (place, i) in order.iter().enumerate() {
        least = least.max((p_values[*i] * (order.len() - place) as f64).min(1.0));
        adjusted[*i] = least;
    }
    adjusted
}

#[cfg(test)]
mod tests;
