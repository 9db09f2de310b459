//! What the trees are to come close to.
use super::histogram::MOST_SUM;

/// The loss that boosting lowers, and so what is predicted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum Objective {
    /// Squared error: the mean.
    #[default]
    Squared,
    /// Absolute error: the median. Outliers count no more than others.
    Absolute,
    /// Quantile (pinball) loss at a probability between 0 and 1: that quantile.
    Quantile(f64),
}

impl Objective {
    /// Probability of the quantile; `None` for the mean.
    fn probability(self) -> Option<f64> {
        match self {
            Objective::Squared => None,
            Objective::Absolute => Some(0.5),
            Objective::Quantile(probability) => Some(probability),
        }
    }

    /// Mean loss of residuals.
    pub(super) fn loss(self, residuals: impl Iterator<Item = f64>) -> f64 {
        let (mut sum, mut n) = (0.0, 0usize);
        for residual in residuals {
            n += 1;
            sum += match self {
                Objective::Squared => residual * residual,
                Objective::Absolute => residual.abs(),
                Objective::Quantile(p) => (p * residual).max((p - 1.0) * residual),
            };
        }
        sum / n.max(1) as f64
    }

    /// Where the loss pulls each row, as whole numbers whose sums cannot overflow.
    pub(super) fn gradients(self, residuals: &[f64]) -> Vec<i32> {
        let levels = (MOST_SUM / residuals.len().max(1) as f64).min(f64::from(1 << 30)).floor();
        match self.probability() {
            None => {
                let most = residuals.iter().fold(0.0f64, |most, r| most.max(r.abs()));
                let unit = if most > 0.0 { levels / most } else { 0.0 };
                // A largest residual near the smallest number has no finite inverse.
                let unit = if unit.is_finite() { unit } else { 0.0 };
                residuals.iter().map(|r| (r * unit).round() as i32).collect()
            }
            Some(p) => {
                let (up, down) = ((p * levels).round() as i32, ((p - 1.0) * levels).round() as i32);
                let pull = |r: &f64| i32::from(*r > 0.0) * up + i32::from(*r < 0.0) * down;
                residuals.iter().map(pull).collect()
            }
        }
    }

    /// The constant that lowers the loss most; reorders the residuals. 0 without any.
    pub(super) fn constant(self, residuals: &mut [f64], ridge: f64) -> f64 {
        if residuals.is_empty() {
            return 0.0;
        }
        match self.probability() {
            None => residuals.iter().sum::<f64>() / (residuals.len() as f64 + ridge),
            Some(p) => quantile(residuals, p),
        }
    }
}

/// Quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan 1996).
fn quantile(values: &mut [f64], p: f64) -> f64 {
    let place = p * (values.len() - 1) as f64;
    let (below, part) = (place.floor() as usize, place.fract());
    let (_, lower, above) = values.select_nth_unstable_by(below, f64::total_cmp);
    let lower = *lower;
    if part == 0.0 {
        return lower;
    }
    let upper = above.iter().copied().fold(f64::INFINITY, f64::min);
    lower * (1.0 - part) + upper * part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_constant_is_the_mean_the_median_or_the_quantile() {
        let values = [5.0, 1.0, 2.0, 4.0, 100.0];
        assert_eq!(Objective::Squared.constant(&mut values.clone(), 0.0), 22.4);
        assert_eq!(Objective::Absolute.constant(&mut values.clone(), 0.0), 4.0);
        assert_eq!(Objective::Quantile(0.25).constant(&mut values.clone(), 0.0), 2.0);
        assert!((Objective::Quantile(0.3).constant(&mut values.clone(), 0.0) - 2.4).abs() < 1e-12);
        assert_eq!(Objective::Absolute.constant(&mut [], 0.0), 0.0);
    }

    #[test]
    fn the_pull_is_the_slope_of_the_loss() {
        assert_eq!(Objective::Absolute.gradients(&[2.0, -3.0, 0.0])[2], 0);
        let quantile = Objective::Quantile(0.9).gradients(&[2.0, -3.0]);
        assert!((f64::from(quantile[0]) / f64::from(-quantile[1]) - 9.0).abs() < 1e-6);
        let squared = Objective::Squared.gradients(&[2.0, -4.0, 0.0]);
        assert_eq!((squared[0] * 2, squared[2]), (-squared[1], 0));
        assert_eq!(Objective::Squared.gradients(&[1e-320, 0.0]), [0, 0]);
        assert_eq!(Objective::Quantile(0.9).loss([2.0, -3.0].into_iter()), (1.8 + 0.3) / 2.0);
    }
}
