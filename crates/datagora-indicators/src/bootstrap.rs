//! Intervals by drawing the data again and again.
use datagora_core::Interval;

use crate::LevelError;
use crate::cores::each;
use crate::level::check_level;
use crate::order::quantile_of_sorted;
use crate::random::SplitMix64;

/// How to draw the data again for an interval.
///
/// Units that stand for themselves (days, in traffic) are drawn with replacement as often as there are, the indicator is
/// computed of each draw, and the interval leaves out the same share of the results on both sides (percentile method).
/// Each draw has random numbers of its own, from the seed and its number: the result is the same for any number of
/// threads and on any machine.
///
/// # References
///
/// Efron, B. and Tibshirani, R. J. (1993). *An Introduction to the Bootstrap*, chapter 13. Künsch, H. R. (1989). The
/// jackknife and the bootstrap for general stationary observations. Ann. Statist. 17, 1217–1241 (blocks).
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct Bootstrap {
    /// Number of draws.
    pub replicates: usize,
    /// Level of the interval, between 0 and 1.
    pub level: f64,
    /// Seed of the random numbers.
    pub seed: u64,
}

impl Default for Bootstrap {
    /// 1,000 draws, 95 %, seed 1.
    fn default() -> Self {
        Self { replicates: 1_000, level: 0.95, seed: 1 }
    }
}

impl Bootstrap {
    /// With this number of draws.
    pub fn with_replicates(self, replicates: usize) -> Self {
        Self { replicates, ..self }
    }

    /// With this level of the interval.
    pub fn with_level(self, level: f64) -> Self {
        Self { level, ..self }
    }

    /// With this seed.
    pub fn with_seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Interval of each of `N` statistics of the units drawn.
    ///
    /// A draw of which a statistic does not exist (NaN) is left out of its interval; `None` if that is more than one in
    /// ten, or if there are fewer than two units.
    ///
    /// # Errors
    ///
    /// [`LevelError`], whether there is anything to draw or not.
    pub(crate) fn intervals<const N: usize>(
        &self,
        units: usize,
        statistics: impl Fn(&[usize]) -> [f64; N] + Sync,
    ) -> Result<[Option<Interval>; N], LevelError> {
        let level = check_level(self.level)?;
        if units < 2 || self.replicates == 0 {
            return Ok([None; N]);
        }
        let draw = |replicate: usize| {
            let mut random = SplitMix64::stream(self.seed, replicate as u64);
            let drawn: Vec<usize> = (0..units).map(|_| random.below(units as u64) as usize).collect();
            statistics(&drawn)
        };
        let draws = each(self.replicates, draw);
        Ok(std::array::from_fn(|i| {
            let mut found: Vec<f64> = draws.iter().map(|draw| draw[i]).filter(|v| v.is_finite()).collect();
            if found.len() * 10 < draws.len() * 9 {
                return None;
            }
            found.sort_by(f64::total_cmp);
            let at = |probability| quantile_of_sorted(&found, probability);
            Some(Interval { lower: at(0.5 - 0.5 * level), upper: at(0.5 + 0.5 * level), level: Some(level) })
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_of_a_mean_is_the_usual_one() {
        // 200 values of variance 1/12 · (1 − 1/200²): the mean has a standard error of 0.0204.
        let values: Vec<f64> = (0..200).map(|i| (f64::from(i) + 0.5) / 200.0).collect();
        let mean = |drawn: &[usize]| [drawn.iter().map(|&i| values[i]).sum::<f64>() / drawn.len() as f64];
        let bootstrap = Bootstrap::default().with_replicates(4_000);
        let [found] = bootstrap.intervals(200, mean).unwrap();
        let found = found.expect("two hundred units");
        assert!((found.width() - 2.0 * 1.96 * 0.0204).abs() < 0.004, "{found:?}");
        assert!(found.contains(0.5));
        assert_eq!(bootstrap.intervals(200, mean), Ok([Some(found)]));
        assert_ne!(bootstrap.with_seed(2).intervals(200, mean), Ok([Some(found)]));
    }

    #[test]
    fn what_cannot_be_drawn_has_no_interval() {
        let bootstrap = Bootstrap::default().with_replicates(50);
        assert_eq!(bootstrap.intervals(1, |_| [1.0]), Ok([None]));
        assert_eq!(bootstrap.intervals(9, |_| [f64::NAN, 2.0]).unwrap()[0], None);
        for level in [95.0, 0.0, 1.0, -0.5, f64::NAN] {
            assert!(bootstrap.with_level(level).intervals(1, |_| [1.0]).is_err(), "{level}");
        }
    }

    /// One worker or four: the same bits.
    #[cfg(feature = "parallel")]
    #[test]
    fn threads_do_not_matter() {
        let sum = |drawn: &[usize]| [drawn.iter().map(|&i| (i as f64).sqrt()).sum::<f64>()];
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
            pool.install(|| Bootstrap::default().intervals(31, sum))
        };
        assert_eq!(with(1), with(4));
    }
}
