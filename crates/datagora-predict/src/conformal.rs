//! Conformal prediction on slices: split, quantile-based, and adaptive over time.
use std::collections::VecDeque;

use datagora_core::Interval;

use crate::MetricError;

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
    conformal_rank(errors.iter().map(|e| e.abs()), level)
}

/// How far quantile forecasts have to be moved outwards to cover with probability `level`: conformalised quantile
/// regression.
///
/// The conformal rank (see [`conformal_half_width`]) of max(lower − y, y − upper). Negative where the bounds were too
/// wide; `None` where there are too few values for the level. New bounds are `lower − adjustment` and
/// `upper + adjustment`. Gaps are passed over.
///
/// # Errors
///
/// [`MetricError::Lengths`] if the slices differ in length; [`MetricError::Level`].
///
/// # Example
///
/// ```
/// use datagora_predict::conformal_quantile_adjustment;
///
/// let actual = [3.0, 6.0, 9.0, 5.0];
/// let adjustment = conformal_quantile_adjustment(&actual, &[4.0; 4], &[8.0; 4], 0.6)?;
/// assert_eq!(adjustment, Some(1.0)); // third of −1, −1, 1, 1, where 5 are expected
/// # Ok::<(), datagora_predict::MetricError>(())
/// ```
///
/// # References
///
/// Romano, Y., Patterson, E. and Candès, E. J. (2019). Conformalized quantile regression. NeurIPS 32, equations 8–10.
/// arXiv:1905.03222
pub fn conformal_quantile_adjustment(
    actual: &[f64],
    lower: &[f64],
    upper: &[f64],
    level: f64,
) -> Result<Option<f64>, MetricError> {
    for bound in [lower, upper] {
        if bound.len() != actual.len() {
            return Err(MetricError::Lengths { found: bound.len(), needed: actual.len() });
        }
    }
    if !(level > 0.0 && level < 1.0) {
        return Err(MetricError::Level);
    }
    let outside = actual.iter().zip(lower).zip(upper).map(|((y, l), u)| {
        // `max` would let a gap in one bound pass as the other.
        if l.is_nan() || u.is_nan() { f64::NAN } else { (l - y).max(y - u) }
    });
    Ok(conformal_rank(outside, level))
}

/// The ⌈(n + 1) · level⌉-th smallest of the n scores that are no gap.
pub(crate) fn conformal_rank(scores: impl Iterator<Item = f64>, level: f64) -> Option<f64> {
    let mut scores: Vec<f64> = scores.filter(|s| !s.is_nan()).collect();
    let rank = rank(scores.len(), level);
    if rank == 0 || rank > scores.len() {
        return None;
    }
    Some(*scores.select_nth_unstable_by(rank - 1, f64::total_cmp).1)
}

/// The conformal rank among `count` scores, from 1; above `count` where no finite score guarantees the level.
pub(crate) fn rank(count: usize, level: f64) -> usize {
    // A level such as 0.95 is a little off its decimal: 19 errors must do for rank 19 of 20.
    (((count + 1) as f64 * level) - 1e-9).ceil().max(1.0) as usize
}

/// Intervals for a stream whose behaviour drifts: the level asked of past errors rises when intervals miss and sinks
/// when they hold, so that in the long run the promised share holds, whatever the stream does.
///
/// After T steps the share that held differs from the level by at most (max(α, 1 − α) + γ) / (γ T), where α = 1 − level
/// and γ is the rate. While the tracked level is 1 or more the interval is the whole line; at 0 or less it is empty.
///
/// # Example
///
/// ```
/// use datagora_predict::AdaptiveConformal;
///
/// let errors: Vec<f64> = (1..=99).map(|e| f64::from(e) / 100.0).collect();
/// let mut stream = AdaptiveConformal::new(0.9, &errors)?;
/// let calm = stream.half_width();
/// assert_eq!(calm, 0.9);
/// stream.observe(5.0, 0.0); // a miss
/// assert!(stream.half_width() > calm && stream.level() > 0.9);
/// # Ok::<(), datagora_predict::MetricError>(())
/// ```
///
/// # References
///
/// Gibbs, I. and Candès, E. J. (2021). Adaptive conformal inference under distribution shift. NeurIPS 34, equation 2 and
/// proposition 4.1. arXiv:2106.00170
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct AdaptiveConformal {
    target: f64,
    miss: f64,
    rate: f64,
    window: Option<usize>,
    errors: VecDeque<f64>,
    sorted: Vec<f64>,
    steps: u64,
    held: u64,
}

impl AdaptiveConformal {
    /// A stream that is to be covered with probability `level`, with the errors known so far (in the unit of the values;
    /// gaps are passed over).
    ///
    /// # Errors
    ///
    /// [`MetricError::Level`] if the level is no probability.
    pub fn new(level: f64, errors: &[f64]) -> Result<Self, MetricError> {
        if !(level > 0.0 && level < 1.0) {
            return Err(MetricError::Level);
        }
        let errors: VecDeque<f64> = errors.iter().filter(|e| !e.is_nan()).map(|e| e.abs()).collect();
        let mut sorted: Vec<f64> = errors.iter().copied().collect();
        sorted.sort_by(f64::total_cmp);
        let miss = 1.0 - level;
        Ok(Self { target: miss, miss, rate: 0.02, window: None, errors, sorted, steps: 0, held: 0 })
    }

    /// By how much one miss moves the level, γ. Default: 0.02. Larger adapts sooner and wavers more.
    pub fn with_rate(self, rate: f64) -> Self {
        Self { rate: rate.max(0.0), ..self }
    }

    /// Learn new errors, and keep the last `window` of them. Default: the errors given at the start stay the
    /// calibration, as in the paper's split-conformal form.
    pub fn with_window(mut self, window: usize) -> Self {
        self.window = Some(window);
        self.forget();
        self
    }

    /// The level at which past errors are read now; outside 0 to 1 after a run of misses or of hits.
    pub fn level(&self) -> f64 {
        1.0 - self.miss
    }

    /// Half-width of the next interval; infinite where no finite one is sure enough, −∞ where none is needed.
    pub fn half_width(&self) -> f64 {
        if self.level() <= 0.0 {
            return f64::NEG_INFINITY;
        }
        let rank = rank(self.sorted.len(), self.level());
        self.sorted.get(rank - 1).copied().unwrap_or(f64::INFINITY)
    }

    /// The next interval about a point forecast; `None` where it is empty or the point is a gap.
    pub fn interval(&self, point: f64) -> Option<Interval> {
        let half = self.half_width();
        let interval = Interval { lower: point - half, upper: point + half, level: Some(1.0 - self.target) };
        (half >= 0.0 && !point.is_nan()).then_some(interval)
    }

    /// Learns what came at a step that had been forecast as `point`, and says whether the interval had held it. A gap
    /// teaches nothing.
    pub fn observe(&mut self, actual: f64, point: f64) -> Option<bool> {
        let error = (actual - point).abs();
        if error.is_nan() {
            return None;
        }
        let held = error <= self.half_width();
        self.miss += self.rate * (self.target - f64::from(u8::from(!held)));
        self.steps += 1;
        self.held += u64::from(held);
        if self.window.is_some() {
            self.errors.push_back(error);
            let place = self.sorted.partition_point(|e| *e < error);
            self.sorted.insert(place, error);
            self.forget();
        }
        Some(held)
    }

    fn forget(&mut self) {
        while self.window.is_some_and(|window| self.errors.len() > window) {
            if let Some(old) = self.errors.pop_front() {
                let place = self.sorted.partition_point(|e| *e < old);
                self.sorted.remove(place);
            }
        }
    }

    /// Share of the observed values that their interval held; `None` before the first.
    pub fn coverage(&self) -> Option<f64> {
        (self.steps > 0).then(|| self.held as f64 / self.steps as f64)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nineteen_errors_do_for_ninety_five_percent() {
        let errors: Vec<f64> = (1..=19).map(f64::from).collect();
        assert_eq!(conformal_half_width(&errors, 0.95), Some(19.0));
        assert_eq!(conformal_half_width(&errors[..18], 0.95), None);
        assert_eq!(conformal_half_width(&[], 0.5), None);
    }

    #[test]
    fn lengths_levels_and_gaps_are_minded() {
        assert_eq!(
            conformal_quantile_adjustment(&[1.0], &[], &[1.0], 0.5),
            Err(MetricError::Lengths { found: 0, needed: 1 })
        );
        assert_eq!(conformal_quantile_adjustment(&[], &[], &[], 1.0), Err(MetricError::Level));
        let gaps = conformal_quantile_adjustment(&[1.0, 9.0], &[0.0, f64::NAN], &[2.0, 2.0], 0.5);
        assert_eq!(gaps, Ok(Some(-1.0)));
        assert_eq!(AdaptiveConformal::new(95.0, &[]), Err(MetricError::Level));
        let mut stream = AdaptiveConformal::new(0.9, &[]).unwrap();
        assert_eq!(stream.half_width(), f64::INFINITY);
        assert_eq!((stream.observe(f64::NAN, 1.0), stream.coverage()), (None, None));
    }

    /// The variance grows tenfold half-way: fixed intervals stop covering, adaptive ones recover.
    #[test]
    fn a_change_of_variance_is_caught_up_with() {
        let mut state = 7u64;
        let mut noise = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0
        };
        let calm: Vec<f64> = (0..200).map(|_| noise()).collect();
        let fixed = conformal_half_width(&calm, 0.9).unwrap();
        let mut stream = AdaptiveConformal::new(0.9, &calm).unwrap().with_window(200);
        let (mut held_fixed, mut held) = (0, 0);
        for _ in 0..1_000 {
            let error = 10.0 * noise();
            held_fixed += i32::from(error.abs() <= fixed);
            held += i32::from(stream.observe(error, 0.0) == Some(true));
        }
        assert!(held_fixed < 200, "{held_fixed}");
        assert!((870..=930).contains(&held), "{held}");
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

        /// Proposition 4.1 of Gibbs and Candès holds for every stream, not on average.
        #[test]
        fn the_long_run_share_is_kept_whatever_comes(values in prop::collection::vec(-1e3..1e3f64, 1..400), rate in 0.005..0.2f64, window in 1usize..50) {
            let mut stream = AdaptiveConformal::new(0.9, &[1.0, 2.0]).unwrap().with_rate(rate).with_window(window);
            for y in &values {
                stream.observe(*y, 0.0);
            }
            let bound = (0.9 + rate) / (rate * values.len() as f64);
            prop_assert!((stream.coverage().unwrap() - 0.9).abs() <= bound + 1e-9);
        }
    }
}
