//! Intervals by drawing the data again and again.
use datagora_core::Interval;

use crate::LevelError;
use crate::level::check_level;
use crate::order::quantile_of_sorted;

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
        let draw = |replicate: u64| {
            let mut random = SplitMix64::stream(self.seed, replicate);
            let drawn: Vec<usize> = (0..units).map(|_| random.below(units as u64) as usize).collect();
            statistics(&drawn)
        };
        let draws = each(self.replicates as u64, draw);
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

/// Does the same with each number, on all cores.
#[cfg(feature = "parallel")]
pub(crate) fn each<T: Send>(count: u64, draw: impl Fn(u64) -> T + Sync + Send) -> Vec<T> {
    use rayon::iter::{IntoParallelIterator, ParallelIterator};
    (0..count).into_par_iter().map(draw).collect()
}

/// Does the same with each number.
#[cfg(not(feature = "parallel"))]
pub(crate) fn each<T: Send>(count: u64, draw: impl Fn(u64) -> T + Sync) -> Vec<T> {
    (0..count).map(draw).collect()
}

/// SplitMix64 of Steele, Lea and Flood (2014), doi:10.1145/2660193.2660195.
pub(crate) struct SplitMix64(u64);

impl SplitMix64 {
    const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

    /// The stream of one draw.
    pub(crate) fn stream(seed: u64, number: u64) -> Self {
        let mut of_seed = Self(seed);
        let mut stream = Self(of_seed.next().wrapping_add(number.wrapping_mul(0xd134_2543_de82_ef95)));
        // Neighbouring numbers start from states that have nothing in common.
        Self(stream.next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(Self::GOLDEN);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to below 1, all equally likely.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A whole number below `bound`, all equally likely (Lemire 2019, doi:10.1145/3230636).
    fn below(&mut self, bound: u64) -> u64 {
        loop {
            let wide = u128::from(self.next()) * u128::from(bound);
            if wide as u64 >= bound.wrapping_neg() % bound {
                return (wide >> 64) as u64;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_the_authors() {
        // First outputs for seed 1234567, as printed by the authors' C code (prng.di.unimi.it/splitmix64.c).
        let mut random = SplitMix64(1_234_567);
        let found = [random.next(), random.next(), random.next()];
        assert_eq!(found, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
        let mut counts = [0_u32; 3];
        for _ in 0..30_000 {
            counts[random.below(3) as usize] += 1;
        }
        assert!(counts.iter().all(|count| count.abs_diff(10_000) < 400), "{counts:?}");
    }

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
