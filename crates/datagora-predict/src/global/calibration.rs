//! Quantiles that hold what they promise: moved by what they missed on values they did not learn from.
use crate::conformal::conformal_rank;

/// By how much a quantile has to be moved, and on how many values that rests.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Shift {
    pub(super) by: f64,
    pub(super) values: usize,
}

impl Shift {
    /// Of the quantile of a probability, from what was predicted and what came; `None` where too few values came.
    ///
    /// Each quantile is moved outwards or inwards by itself: conformalised quantile regression with one miss rate for
    /// each side.
    pub(super) fn of(probability: f64, pairs: impl Iterator<Item = (f64, f64)>) -> Option<Self> {
        let sign = if probability < 0.5 { -1.0 } else { 1.0 };
        let misses: Vec<f64> =
            pairs.map(|(predicted, came)| sign * (came - predicted)).filter(|miss| !miss.is_nan()).collect();
        let values = misses.len();
        let by = sign * conformal_rank(misses.into_iter(), probability.max(1.0 - probability))?;
        Some(Self { by, values })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_side_moves_by_its_own_misses() {
        let came: Vec<f64> = (1..=99).map(f64::from).collect();
        let shift = |p: f64, predicted: f64| Shift::of(p, came.iter().map(|came| (predicted, *came)));
        assert_eq!(shift(0.9, 50.0), Some(Shift { by: 40.0, values: 99 }));
        assert_eq!(shift(0.1, 50.0), Some(Shift { by: -40.0, values: 99 }));
        assert_eq!(shift(0.9, 95.0), Some(Shift { by: -5.0, values: 99 }));
        assert_eq!(shift(0.995, 50.0), None);
    }
}
