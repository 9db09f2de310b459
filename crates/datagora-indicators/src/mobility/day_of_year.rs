//! Factors of single days: from a short count to the year.
use datagora_core::{Interval, Measured, Suppression, Unit};

use crate::LevelError;
use crate::distribution::student_reach;
use crate::level::check_level;
use crate::order::rank_of;
use crate::wrong::Wrong;

/// How to make factors of days.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct DayFactorOptions {
    /// Smallest share of the days that a continuous counter must have to be in the group.
    pub smallest_completeness: f64,
    /// Level of the intervals, between 0 and 1.
    pub level: f64,
}

impl Default for DayFactorOptions {
    /// Counters with 95 % of the days, intervals at 95 %.
    fn default() -> Self {
        Self { smallest_completeness: 0.95, level: 0.95 }
    }
}

impl DayFactorOptions {
    /// With counters that have at least this share of the days.
    pub fn with_smallest_completeness(self, smallest_completeness: f64) -> Self {
        Self { smallest_completeness, ..self }
    }

    /// With this level of the intervals.
    pub fn with_level(self, level: f64) -> Self {
        Self { level, ..self }
    }
}

/// Factors of the days of one year in a group of continuous counters.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct DayFactors {
    /// Volume of each day over the average day, mean of the counters. The interval is that of the mean over counters.
    pub factors: Vec<Measured>,
    /// Counters of the group, by their position.
    pub counters: Vec<usize>,
    /// Ratio of each day to the average day of each counter, one counter after the other; NaN where missing.
    ratios: Vec<f64>,
    level: f64,
}

/// Factors cannot be made or used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DayFactorError {
    /// Values do not fill the rows.
    #[error("found {values} values for {counters} counters; each needs one for every day of the year")]
    Shape {
        /// Values given.
        values: usize,
        /// Counters asked for.
        counters: usize,
    },
    /// Not a count.
    #[error(
        "found {value} for day {day} of row {row}; counts are finite and not negative: mark a missing one as NaN"
    )]
    NotACount {
        /// Counter, or 0 for a short count.
        row: usize,
        /// Day.
        day: usize,
        /// What stood there.
        value: f64,
    },
    /// A day that the factors do not have.
    #[error("found day {day}; the factors are of {days} days, counted from 0")]
    Day {
        /// What was given.
        day: usize,
        /// Days there are.
        days: usize,
    },
    /// Days and counts differ in number.
    #[error("found {days} days for {counts} counts; each count has its day")]
    Length {
        /// Days given.
        days: usize,
        /// Counts given.
        counts: usize,
    },
    /// The level of the interval is not a probability.
    #[error(transparent)]
    Level(#[from] LevelError),
    /// An option makes no sense.
    #[error("found {name} of {value}; needed is {needed}")]
    Option {
        /// Which.
        name: &'static str,
        /// Its value.
        value: f64,
        /// What it must be.
        needed: &'static str,
    },
}

/// Day-of-year factors of a group of continuous counters: the volume of each single day over that of the average day.
///
/// Unlike factors of weekdays and months they hold the weather, strikes and holidays of the very days on which short counts
/// were made: a rainy week is rainy at the short count and at the continuous counters alike. For counts of another year
/// there is [`FactorGroup`](super::FactorGroup).
///
/// # Shapes and units
///
/// `counters` rows of daily volumes over the days of one year → a pure number for each day, their mean near 1.
///
/// # Missing values
///
/// NaN is missing. A counter with too few days ([`DayFactorOptions::smallest_completeness`]) is not in the group: the mean
/// of what it has would be biased by the season. The completeness of a factor is the share of the group's counters with
/// that day; a day that none has is suppressed.
///
/// # Interpretation
///
/// 1.4 on a Tuesday in June: 40 % more than on the average day. Factors are of one year, and of one kind of traffic:
/// commuting streets and riverside paths need groups of their own.
///
/// # Errors
///
/// [`DayFactorError`].
///
/// # Example
///
/// ```
/// use datagora_indicators::mobility::{DayFactorOptions, day_of_year_factors};
///
/// // A "year" of four days at two counters, and a short count of two days elsewhere.
/// let daily = [100.0, 200.0, 300.0, 200.0, 11.0, 19.0, 31.0, 19.0];
/// let factors = day_of_year_factors(&daily, 2, &DayFactorOptions::default())?;
/// assert!((factors.factors[0].value().unwrap() - 0.525).abs() < 1e-12);
/// let found = factors.expand(&[0, 1], &[60.0, 110.0])?;
/// assert!((found.value().unwrap() - 170.0 / 1.5).abs() < 1e-3); // passages on the average day
/// # Ok::<(), datagora_indicators::mobility::DayFactorError>(())
/// ```
///
/// # References
///
/// Hankey, S., Lindsey, G. and Marshall, J. (2014). Day-of-year scaling factors and design considerations for nonmotorized
/// traffic monitoring programs. Transportation Research Record 2468, 64–73. doi:10.3141/2468-08
pub fn day_of_year_factors(
    daily: &[f64],
    counters: usize,
    options: &DayFactorOptions,
) -> Result<DayFactors, DayFactorError> {
    let days = daily.len().checked_div(counters).unwrap_or(0);
    if days * counters != daily.len() {
        return Err(DayFactorError::Shape { values: daily.len(), counters });
    }
    let share = options.smallest_completeness;
    if !(0.0..=1.0).contains(&share) {
        let needed = "a share from 0 to 1";
        return Err(DayFactorError::Option { name: "a completeness", value: share, needed });
    }
    check_level(options.level)?;
    let mut members = Vec::new();
    let mut ratios = Vec::new();
    for (row, series) in daily.chunks_exact(days.max(1)).enumerate() {
        check(series, row)?;
        let there: Vec<f64> = series.iter().copied().filter(|value| !value.is_nan()).collect();
        let average = there.iter().sum::<f64>() / there.len() as f64;
        if average > 0.0 && there.len() as f64 >= share * days as f64 {
            members.push(row);
            ratios.extend(series.iter().map(|value| value / average));
        }
    }
    let factor = |day: usize| {
        let of: Vec<f64> = ratios.chunks_exact(days).map(|row| row[day]).filter(|r| !r.is_nan()).collect();
        let (mean, error) = mean_and_error(&of);
        let completeness = of.len() as f64 / members.len().max(1) as f64;
        let measured = if of.is_empty() {
            Measured::suppressed(Unit::ONE, Suppression::Incomplete { needed: 1.0 })
        } else {
            Measured::new(mean, Unit::ONE)
        };
        let measured = measured.with_observations(of.len() as u64).with_completeness(completeness);
        if of.len() < 2 {
            return measured;
        }
        let reach = student_reach(options.level, (of.len() - 1) as f64) * error;
        let level = Some(options.level);
        measured.with_interval(Interval { lower: mean - reach, upper: mean + reach, level })
    };
    let factors = (0..days).map(factor).collect();
    Ok(DayFactors { factors, counters: members, ratios, level: options.level })
}

impl DayFactors {
    /// The average day of the year at a site that was counted on a few days only: `Σ counts / Σ factors of those days`.
    ///
    /// The interval comes from the group itself: each of its counters is expanded from the same days with the factors of
    /// the others, and the logarithm of how far that misses its true average is taken as what a further site would miss by:
    /// the miss of rank `⌈level · (n + 1)⌉` (conformal, no shape assumed), or of groups too small for that rank (19 at
    /// 95 %) Student's quantile with the error of a new observation.
    ///
    /// # Shapes and units
    ///
    /// Positions of days from 0, and a count of each → passages a day.
    ///
    /// # Missing values
    ///
    /// NaN counts and days without a factor are left out; the completeness is the share of the days used. With none the
    /// value is suppressed.
    ///
    /// # Interpretation
    ///
    /// Supposes that the site has the season of the group. A week is hardly worse than more, and April to October better than
    /// winter (Hankey, Lindsey and Marshall 2014).
    ///
    /// # References
    ///
    /// Barber, R. F., Candès, E. J., Ramdas, A. and Tibshirani, R. J. (2021). Predictive inference with the jackknife+. Ann.
    /// Statist. 49, 486–507. doi:10.1214/20-AOS1965
    ///
    /// # Errors
    ///
    /// [`DayFactorError::Length`], [`DayFactorError::Day`], [`DayFactorError::NotACount`].
    pub fn expand(&self, days: &[usize], counts: &[f64]) -> Result<Measured, DayFactorError> {
        if days.len() != counts.len() {
            return Err(DayFactorError::Length { days: days.len(), counts: counts.len() });
        }
        if let Some(day) = days.iter().find(|day| **day >= self.factors.len()) {
            return Err(DayFactorError::Day { day: *day, days: self.factors.len() });
        }
        check(counts, 0)?;
        let known = |(day, count): (&usize, &f64)| {
            Some((*day, self.factors[*day].value()?, *count)).filter(|(_, _, count)| !count.is_nan())
        };
        let used: Vec<(usize, f64, f64)> = days.iter().zip(counts).filter_map(known).collect();
        let (sum, weight) = used.iter().fold((0.0, 0.0), |s, (_, factor, count)| (s.0 + count, s.1 + factor));
        let unit = Unit::of("{vehicle}/d");
        let completeness = if days.is_empty() { 0.0 } else { used.len() as f64 / days.len() as f64 };
        let told = |measured: Measured| {
            measured.with_observations(used.len() as u64).with_completeness(completeness)
        };
        if used.is_empty() {
            return Ok(told(Measured::suppressed(unit, Suppression::Incomplete { needed: 1.0 })));
        }
        let value = sum / weight;
        let measured = told(Measured::new(value, unit));
        let days: Vec<usize> = used.iter().map(|(day, _, _)| *day).collect();
        let misses = self.misses(&days);
        if misses.len() < 2 || measured.value().is_none() {
            return Ok(measured);
        }
        let reach = self.reach(misses);
        let interval =
            Interval { lower: value / reach.exp(), upper: value * reach.exp(), level: Some(self.level) };
        Ok(measured.with_interval(interval))
    }

    /// How far, in logarithms, a further site is missed at the level of the intervals.
    fn reach(&self, mut misses: Vec<f64>) -> f64 {
        let n = misses.len();
        let rank = rank_of(self.level * (n + 1) as f64);
        if rank <= n {
            misses.iter_mut().for_each(|miss| *miss = miss.abs());
            misses.sort_by(f64::total_cmp);
            return misses[rank - 1];
        }
        let (_, error) = mean_and_error(&misses);
        // Of a new observation: √(s² + s²/n), and s² is n times the square of the error of the mean.
        student_reach(self.level, (n - 1) as f64) * error * ((n + 1) as f64).sqrt()
    }

    /// By which logarithm each counter's average is missed when it is expanded from these days with the factors of the
    /// others; counters that miss one of the days are left out.
    fn misses(&self, days: &[usize]) -> Vec<f64> {
        let width = self.factors.len().max(1);
        let rows: Vec<f64> = self
            .ratios
            .chunks_exact(width)
            .map(|row| days.iter().map(|&day| row[day]).sum::<f64>())
            .filter(|sum| !sum.is_nan())
            .collect();
        let all: f64 = rows.iter().sum();
        let others = rows.len() as f64 - 1.0;
        let miss = |own: &f64| (own * others / (all - own)).ln();
        rows.iter().map(miss).filter(|miss| miss.is_finite()).collect()
    }
}

fn check(series: &[f64], row: usize) -> Result<(), DayFactorError> {
    match Wrong::negative(series) {
        Some(Wrong { at: day, value, .. }) => Err(DayFactorError::NotACount { row, day, value }),
        None => Ok(()),
    }
}

/// The mean and its standard error.
fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (mean, (squares / (n - 1.0) / n).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NAN: f64 = f64::NAN;

    #[test]
    fn sites_of_one_season_are_expanded_exactly() {
        let season = [0.5, 1.0, 1.5, 1.2, 0.8];
        let daily: Vec<f64> =
            [100.0, 20.0, 7.0].iter().flat_map(|size| season.map(|day| size * day)).collect();
        let factors = day_of_year_factors(&daily, 3, &DayFactorOptions::default()).unwrap();
        for (factor, wanted) in factors.factors.iter().zip(season) {
            assert!((factor.value().unwrap() - wanted).abs() < 1e-12);
        }
        let found = factors.expand(&[2, 4], &[150.0 * 4.0, 80.0 * 4.0]).unwrap();
        assert!((found.value().unwrap() - 400.0).abs() < 1e-9);
        assert!(found.interval().unwrap().width() < 1e-6);
    }

    #[test]
    fn incomplete_counters_and_days_are_left_out() {
        let daily = [1.0, 2.0, 3.0, 2.0, NAN, 2.0, 3.0, 2.0, 2.0, 1.0, 3.0, 2.0];
        let strict = day_of_year_factors(&daily, 3, &DayFactorOptions::default()).unwrap();
        assert_eq!((strict.counters.as_slice(), strict.factors[0].value()), ([0, 2].as_slice(), Some(0.75)));
        let options = DayFactorOptions::default().with_smallest_completeness(0.5);
        let lax = day_of_year_factors(&daily, 3, &options).unwrap();
        assert_eq!(lax.counters, [0, 1, 2]);
        assert!((lax.factors[0].completeness() - 2.0 / 3.0).abs() < 1e-12);
        let found = strict.expand(&[0, 1], &[NAN, 9.0]).unwrap();
        assert_eq!((found.value(), found.completeness()), (Some(12.0), 0.5));
        assert!(strict.expand(&[], &[]).unwrap().suppression().is_some());
        let none = day_of_year_factors(&[NAN; 4], 1, &DayFactorOptions::default()).unwrap();
        assert!(none.counters.is_empty() && none.factors[0].suppression().is_some());
        assert!(day_of_year_factors(&[], 0, &DayFactorOptions::default()).unwrap().factors.is_empty());
    }

    #[test]
    fn wrong_numbers_are_named() {
        let options = DayFactorOptions::default();
        assert_eq!(
            day_of_year_factors(&[1.0; 3], 2, &options),
            Err(DayFactorError::Shape { values: 3, counters: 2 })
        );
        let negative = day_of_year_factors(&[1.0, 1.0, -1.0, 1.0], 2, &options);
        assert_eq!(negative, Err(DayFactorError::NotACount { row: 1, day: 0, value: -1.0 }));
        let factors = day_of_year_factors(&[1.0, 2.0], 1, &options).unwrap();
        assert_eq!(factors.expand(&[2], &[1.0]), Err(DayFactorError::Day { day: 2, days: 2 }));
        assert!(factors.expand(&[0], &[]).is_err() && factors.expand(&[0], &[-1.0]).is_err());
        assert_eq!(factors.expand(&[0], &[1.0]).unwrap().interval(), None); // one counter knows no spread
        assert!(day_of_year_factors(&[], 0, &options.with_level(1.0)).is_err());
        assert!(day_of_year_factors(&[], 0, &options.with_smallest_completeness(95.0)).is_err());
    }

    proptest! {
        #[test]
        fn factors_have_mean_one_and_the_whole_year_gives_the_average(
            daily in proptest::collection::vec(1.0..1e4_f64, 3 * 10), scale in 0.1..10.0_f64
        ) {
            let factors = day_of_year_factors(&daily, 3, &DayFactorOptions::default()).unwrap();
            let values: Vec<f64> = factors.factors.iter().filter_map(Measured::value).collect();
            prop_assert!((values.iter().sum::<f64>() - 10.0).abs() < 1e-9);
            let days: Vec<usize> = (0..10).collect();
            let counts: Vec<f64> = daily[..10].iter().map(|value| scale * value).collect();
            let found = factors.expand(&days, &counts).unwrap();
            let average = counts.iter().sum::<f64>() / 10.0;
            prop_assert!((found.value().unwrap() / average - 1.0).abs() < 1e-9);
            prop_assert!(found.interval().unwrap().contains(found.value().unwrap()));
        }
    }
}
