//! Conformal intervals: as wide as past errors were.
use crate::Series;
use crate::rolling::Rolled;

/// What the width of an interval rests on, from the firmest to the weakest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum Basis {
    /// Past errors of this series at this horizon.
    Horizon {
        /// How many.
        residuals: usize,
    },
    /// Past errors at this horizon of all series of the panel, in units of each one's scale.
    Panel {
        /// How many.
        residuals: usize,
    },
    /// Past errors of this series at neighbouring horizons, enlarged where those are shorter.
    Neighbours {
        /// How many.
        residuals: usize,
    },
    /// For a total: the sum of the half-widths of its steps, which is on the safe side.
    Sum,
    /// The model's own belief, **not calibrated**: too few past errors exist.
    Model,
}

impl Basis {
    /// Whether past errors decided.
    pub fn is_calibrated(&self) -> bool {
        !matches!(self, Basis::Model)
    }
}

/// The split-conformal half-width: the smallest past error that `level` of the errors, the coming one included, are
/// expected to stay below.
///
/// The ⌈(n + 1) · level⌉-th smallest of the n absolute errors; `None` when that rank exceeds n, so that no finite
/// interval is guaranteed. Gaps are passed over. If errors are exchangeable, an interval of this half-width covers with
/// probability of at least `level`.
///
/// # Example
///
/// ```
/// use datagora_predict::conformal_half_width;
///
/// let errors = [3.0, -1.0, 2.0, 5.0];
/// assert_eq!(conformal_half_width(&errors, 0.6), Some(3.0)); // third of four
/// assert_eq!(conformal_half_width(&errors, 0.95), None); // needs 19
/// ```
///
/// # References
///
/// Lei, J., G'Sell, M., Rinaldo, A., Tibshirani, R. J. and Wasserman, L. (2018). Distribution-free predictive inference
/// for regression. JASA 113, 1094–1111, algorithm 2. doi:10.1080/01621459.2017.1307116
pub fn conformal_half_width(errors: &[f64], level: f64) -> Option<f64> {
    let mut sizes: Vec<f64> = errors.iter().filter(|e| !e.is_nan()).map(|e| e.abs()).collect();
    // A level such as 0.95 is a little off its decimal: 19 errors must do for rank 19 of 20.
    let rank = (((sizes.len() + 1) as f64 * level) - 1e-9).ceil().max(1.0) as usize;
    if rank > sizes.len() {
        return None;
    }
    Some(*sizes.select_nth_unstable_by(rank - 1, f64::total_cmp).1)
}

/// Past errors in units of the scale known at their origin.
#[derive(Clone, Debug, Default)]
pub(crate) struct Residuals {
    /// By step ahead.
    steps: Vec<Vec<f64>>,
    /// Of the sum over the last `total` steps.
    totals: Vec<f64>,
}

impl Residuals {
    /// Errors of those forecasts whose target is among the first `known` steps. Totals are of the steps from `skip`.
    pub(crate) fn of(series: &Series, rolled: &[Rolled], known: usize, skip: usize) -> Self {
        let horizon = rolled.first().map_or(0, |r| r.points.len());
        let mut residuals = Self { steps: vec![Vec::new(); horizon], totals: Vec::new() };
        for origin in rolled.iter().filter(|r| r.known < known) {
            let mut total = 0.0;
            for (h, point) in origin.points.iter().enumerate() {
                let target = origin.known + h;
                let error =
                    if target < known { (series.values()[target] - point) / origin.scale } else { f64::NAN };
                if !error.is_nan() {
                    residuals.steps[h].push(error);
                }
                if h >= skip {
                    total += error;
                }
            }
            if !total.is_nan() {
                residuals.totals.push(total);
            }
        }
        residuals
    }

    /// Adds those of another series.
    pub(crate) fn extend(&mut self, other: &Residuals) {
        if self.steps.len() < other.steps.len() {
            self.steps.resize(other.steps.len(), Vec::new());
        }
        for (mine, theirs) in self.steps.iter_mut().zip(&other.steps) {
            mine.extend(theirs);
        }
    }

    fn at(&self, step: usize) -> &[f64] {
        self.steps.get(step).map_or(&[], Vec::as_slice)
    }

    /// Half-width for the step, in the unit of the series, and what it rests on.
    pub(crate) fn half_width(
        &self,
        now: &Rolled,
        step: usize,
        level: f64,
        panel: Option<&Residuals>,
    ) -> (f64, Basis) {
        if let Some(width) = conformal_half_width(self.at(step), level) {
            return (width * now.scale, Basis::Horizon { residuals: self.at(step).len() });
        }
        if let Some(panel) = panel
            && let Some(width) = conformal_half_width(panel.at(step), level)
        {
            return (width * now.scale, Basis::Panel { residuals: panel.at(step).len() });
        }
        for window in 1..=self.steps.len() / 2 {
            let near: Vec<f64> = (step.saturating_sub(window)..self.steps.len().min(step + window + 1))
                .flat_map(|h| {
                    let larger =
                        if now.spread[h] > 0.0 { (now.spread[step] / now.spread[h]).max(1.0) } else { 1.0 };
                    self.at(h).iter().map(move |e| e * larger)
                })
                .collect();
            if let Some(width) = conformal_half_width(&near, level) {
                return (width * now.scale, Basis::Neighbours { residuals: near.len() });
            }
        }
        (
            student_quantile(0.5 + level / 2.0, now.observed.saturating_sub(1).max(1)) * now.spread[step],
            Basis::Model,
        )
    }

    /// Half-width for the total, if past totals can tell.
    pub(crate) fn total_half_width(&self, now: &Rolled, level: f64) -> Option<(f64, Basis)> {
        let width = conformal_half_width(&self.totals, level)?;
        Some((width * now.scale, Basis::Horizon { residuals: self.totals.len() }))
    }
}

/// Quantile of the standard normal distribution, relative error below 1.2e-9.
///
/// Acklam, P. J. (2003). An algorithm for computing the inverse normal cumulative distribution function.
fn normal_quantile(p: f64) -> f64 {
    const A: [f64; 6] = [
        -3.969683028665376e1,
        2.209460984245205e2,
        -2.759285104469687e2,
        1.38357751867269e2,
        -3.066479806614716e1,
        2.506628277459239,
    ];
    const B: [f64; 6] = [
        -5.447609879822406e1,
        1.615858368580409e2,
        -1.556989798598866e2,
        6.680131188771972e1,
        -1.328068155288572e1,
        1.0,
    ];
    const C: [f64; 6] = [
        -7.784894002430293e-3,
        -3.223964580411365e-1,
        -2.400758277161838,
        -2.549732539343734,
        4.374664141464968,
        2.938163982698783,
    ];
    const D: [f64; 5] =
        [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1.0];
    let horner = |c: &[f64], x: f64| c.iter().fold(0.0, |sum, c| sum * x + c);
    if p < 0.02425 {
        let q = (-2.0 * p.ln()).sqrt();
        horner(&C, q) / horner(&D, q)
    } else if p > 1.0 - 0.02425 {
        -normal_quantile(1.0 - p)
    } else {
        let q = p - 0.5;
        q * horner(&A, q * q) / horner(&B, q * q)
    }
}

/// Quantile of Student's t by its expansion about the normal one (Abramowitz and Stegun, 26.7.5, three terms).
fn student_quantile(p: f64, freedom: usize) -> f64 {
    let (z, v) = (normal_quantile(p), freedom as f64);
    let (z3, z5, z7) = (z.powi(3), z.powi(5), z.powi(7));
    z + (z3 + z) / (4.0 * v)
        + (5.0 * z5 + 16.0 * z3 + 3.0 * z) / (96.0 * v * v)
        + (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * z) / (384.0 * v * v * v)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn quantiles_are_those_of_the_tables() {
        assert!((normal_quantile(0.975) - 1.959963984540054).abs() < 1e-8);
        assert!((normal_quantile(0.01) + 2.326347874040841).abs() < 1e-8);
        assert!((student_quantile(0.975, 10) - 2.228138852).abs() < 2e-3);
        assert!((student_quantile(0.9, 30) - 1.310415025).abs() < 1e-5);
    }

    #[test]
    fn nineteen_errors_do_for_ninety_five_percent() {
        let errors: Vec<f64> = (1..=19).map(f64::from).collect();
        assert_eq!(conformal_half_width(&errors, 0.95), Some(19.0));
        assert_eq!(conformal_half_width(&errors[..18], 0.95), None);
        assert_eq!(conformal_half_width(&[], 0.5), None);
    }

    proptest! {
        #[test]
        fn a_higher_level_is_never_narrower(errors in prop::collection::vec(-1e6..1e6f64, 0..60), a in 0.01..0.99f64, b in 0.01..0.99f64) {
            let (low, high) = (a.min(b), a.max(b));
            match (conformal_half_width(&errors, low), conformal_half_width(&errors, high)) {
                (Some(l), Some(h)) => prop_assert!(l <= h),
                (None, Some(_)) => prop_assert!(false),
                _ => {}
            }
        }
    }
}
