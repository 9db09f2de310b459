//! How unequally something is shared out.
mod definitions;

use datagora_core::{Measured, Suppression, Unit};

pub(crate) use definitions::DEFINITIONS;

/// The values an index can use, sorted so that their order does not change the last bit of a sum, and what is missing.
struct Shares {
    sorted: Vec<f64>,
    mean: f64,
    completeness: f64,
    problem: Option<&'static str>,
}

impl Shares {
    fn new(values: &[f64]) -> Self {
        let mut sorted: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
        sorted.sort_by(f64::total_cmp);
        let mean = sorted.iter().sum::<f64>() / sorted.len() as f64;
        let problem = if sorted.is_empty() {
            Some("no value is known")
        } else if sorted[0] < 0.0 || !mean.is_finite() {
            Some("a value is negative or infinite")
        } else if mean == 0.0 {
            Some("all values are zero")
        } else {
            None
        };
        let completeness = if values.is_empty() { 1.0 } else { sorted.len() as f64 / values.len() as f64 };
        Self { sorted, mean, completeness, problem }
    }

    fn len(&self) -> f64 {
        self.sorted.len() as f64
    }

    /// The index, unless the values do not allow one or it needs positive values and there are zeros.
    fn index(&self, positive: bool, compute: impl FnOnce(&Self) -> f64) -> Measured {
        let zeros = positive && self.sorted.first() == Some(&0.0);
        let problem = self.problem.or(zeros.then_some("a value is zero, the index needs positive values"));
        match problem {
            None => Measured::new(compute(self), Unit::ONE),
            Some(problem) => {
                Measured::suppressed(Unit::ONE, Suppression::Undefined { reason: problem.to_owned() })
            }
        }
        .with_observations(self.sorted.len() as u64)
        .with_completeness(self.completeness)
    }

    fn mean_of(&self, term: impl Fn(f64) -> f64) -> f64 {
        self.sorted.iter().map(|value| term(value / self.mean)).sum::<f64>() / self.len()
    }
}

/// Gini coefficient: 0 if all have the same, `1 − 1/n` if one has everything.
///
/// `Σ (2i − n − 1) xᵢ / (n Σ xᵢ)` over the sorted values; half the mean difference, relative to the mean.
///
/// # Missing values
///
/// NaN is left out and lowers the completeness. No value, a negative value or only zeros: suppressed.
///
/// # Interpretation
///
/// Lower is more equal. It does not depend on the scale; over zones, it depends on how they are cut.
///
/// # Example
///
/// ```
/// use datagora_indicators::gini;
///
/// assert_eq!(gini(&[1.0, 1.0, 1.0, 1.0]).value(), Some(0.0));
/// assert_eq!(gini(&[0.0, 0.0, 0.0, 8.0]).value(), Some(0.75));
/// ```
///
/// # References
///
/// Sen, A. (1973). *On Economic Inequality*, eq. 2.8.1. Oxford.
pub fn gini(values: &[f64]) -> Measured {
    Shares::new(values).index(false, |shares| {
        let n = shares.len();
        let weighted: f64 =
            shares.sorted.iter().enumerate().map(|(i, value)| (2.0 * (i + 1) as f64 - n - 1.0) * value).sum();
        weighted / (n * n * shares.mean)
    })
}

/// Theil's T: 0 if all have the same, `ln n` if one has everything; falls into a part between and a part within groups.
///
/// `mean of (x/μ) ln (x/μ)`, with `0 ln 0 = 0`. Sensitive at the top.
///
/// # Missing values
///
/// As in [`gini`].
///
/// # Example
///
/// ```
/// let found = datagora_indicators::theil(&[0.0, 4.0]).value().unwrap();
/// assert!((found - 2.0_f64.ln()).abs() < 1e-15);
/// ```
///
/// # References
///
/// Theil, H. (1967). *Economics and Information Theory*, chapter 4. North-Holland.
pub fn theil(values: &[f64]) -> Measured {
    Shares::new(values)
        .index(false, |shares| shares.mean_of(|ratio| if ratio > 0.0 { ratio * ratio.ln() } else { 0.0 }))
}

/// Theil's T between groups and within them; the two add up to [`theil`].
///
/// # Shapes and units
///
/// `n` values, `n` group numbers → the part that the means of the groups explain, and the rest.
///
/// # Missing values
///
/// Values that are NaN are left out with their group. Suppressed as [`theil`], and if there are not as many groups as
/// values.
///
/// # Example
///
/// ```
/// use datagora_indicators::{theil, theil_by_group};
///
/// let incomes = [10.0, 20.0, 30.0, 60.0];
/// let (between, within) = theil_by_group(&incomes, &[0, 0, 1, 1]);
/// let sum = between.value().unwrap() + within.value().unwrap();
/// assert!((sum - theil(&incomes).value().unwrap()).abs() < 1e-15);
/// ```
///
/// # References
///
/// Shorrocks, A. F. (1980). The class of additively decomposable inequality measures. Econometrica 48, 613–625.
pub fn theil_by_group(values: &[f64], groups: &[u32]) -> (Measured, Measured) {
    let total = theil(values);
    let none = |reason: Suppression| {
        let measured = Measured::suppressed(Unit::ONE, reason).with_completeness(total.completeness());
        (measured.clone(), measured)
    };
    if values.len() != groups.len() {
        let reason = format!("{} values in {} groups", values.len(), groups.len());
        return none(Suppression::Undefined { reason });
    }
    let Some(whole) = total.value() else {
        return none(total.suppression().cloned().unwrap_or(Suppression::Incomplete { needed: 1.0 }));
    };
    let mut sums: std::collections::BTreeMap<u32, Vec<f64>> = std::collections::BTreeMap::new();
    for (value, group) in values.iter().zip(groups).filter(|(value, _)| !value.is_nan()) {
        sums.entry(*group).or_default().push(*value);
    }
    // Replace each value by the mean of its group: what is left is the inequality between them.
    let smoothed: Vec<f64> = sums
        .values()
        .flat_map(|group| {
            let mean = group.iter().sum::<f64>() / group.len() as f64;
            std::iter::repeat_n(mean, group.len())
        })
        .collect();
    let between = theil(&smoothed).value().unwrap_or(0.0).clamp(0.0, whole.max(0.0));
    let part = |value: f64| {
        Measured::new(value, Unit::ONE)
            .with_observations(total.observations())
            .with_completeness(total.completeness())
    };
    (part(between), part(whole - between))
}

/// Mean logarithmic deviation (Theil's L): 0 if all have the same. Sensitive at the bottom.
///
/// `mean of −ln (x/μ)`.
///
/// # Missing values
///
/// As in [`gini`]; suppressed if a value is 0 as well.
///
/// # Example
///
/// ```
/// let found = datagora_indicators::mean_log_deviation(&[1.0, 3.0]).value().unwrap();
/// assert!((found - 0.5 * (4.0_f64 / 3.0).ln()).abs() < 1e-15);
/// ```
///
/// # References
///
/// Theil, H. (1967). *Economics and Information Theory*, chapter 4. North-Holland.
pub fn mean_log_deviation(values: &[f64]) -> Measured {
    Shares::new(values).index(true, |shares| shares.mean_of(|ratio| -ratio.ln()))
}

/// Atkinson's index: the share of the total that one would give up for equality, at an aversion `epsilon > 0`.
///
/// `1 − (mean of (x/μ)^(1−ε))^(1/(1−ε))`; for ε = 1 one minus the geometric over the arithmetic mean.
///
/// # Missing values
///
/// As in [`gini`]. Suppressed for an aversion that is not positive and finite, and for ε ≥ 1 if a value is 0.
///
/// # Example
///
/// ```
/// let found = datagora_indicators::atkinson(&[1.0, 4.0], 1.0).value().unwrap();
/// assert!((found - 0.2).abs() < 1e-15); // geometric mean 2, arithmetic mean 2.5
/// ```
///
/// # References
///
/// Atkinson, A. B. (1970). On the measurement of inequality. J. Econ. Theory 2, 244–263.
pub fn atkinson(values: &[f64], epsilon: f64) -> Measured {
    if !(epsilon > 0.0 && epsilon.is_finite()) {
        let reason = format!("an aversion of {epsilon} is not positive and finite");
        return Measured::suppressed(Unit::ONE, Suppression::Undefined { reason });
    }
    Shares::new(values).index(epsilon >= 1.0, |shares| {
        if epsilon == 1.0 {
            return 1.0 - shares.mean_of(f64::ln).exp();
        }
        1.0 - shares.mean_of(|ratio| ratio.powf(1.0 - epsilon)).powf(1.0 / (1.0 - epsilon))
    })
}

/// Hoover's index: the share of the total that would have to move for equality.
///
/// `½ mean of |x/μ − 1|`.
///
/// # Missing values
///
/// As in [`gini`].
///
/// # Example
///
/// ```
/// assert_eq!(datagora_indicators::hoover(&[1.0, 3.0]).value(), Some(0.25));
/// ```
///
/// # References
///
/// Hoover, E. M. (1936). The measurement of industrial localization. Rev. Econ. Statist. 18, 162–171.
pub fn hoover(values: &[f64]) -> Measured {
    Shares::new(values).index(false, |shares| 0.5 * shares.mean_of(|ratio| (ratio - 1.0).abs()))
}

/// Palma's ratio: what the top tenth has, over what the bottom four tenths have. ¼ if all have the same.
///
/// A value on the border of a group counts with the part that belongs to it.
///
/// # Missing values
///
/// As in [`gini`]. Suppressed if the bottom four tenths have nothing.
///
/// # Example
///
/// ```
/// let incomes = [1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 2.0, 4.0, 8.0];
/// assert_eq!(datagora_indicators::palma(&incomes).value(), Some(2.0));
/// ```
///
/// # References
///
/// Cobham, A. and Sumner, A. (2013). Is it all about the tails? The Palma measure of income inequality. CGD Working
/// Paper 343.
pub fn palma(values: &[f64]) -> Measured {
    Shares::new(values).index(false, |shares| {
        let n = shares.len();
        // Sum of the part of the sorted values between two positions.
        let held = |from: f64, to: f64| -> f64 {
            shares
                .sorted
                .iter()
                .enumerate()
                .map(|(i, value)| value * ((i as f64 + 1.0).min(to) - (i as f64).max(from)).max(0.0))
                .sum()
        };
        held(0.9 * n, n) / held(0.0, 0.4 * n)
    })
}

#[cfg(test)]
mod tests;
