//! The shape of the year.
use datagora_core::{Interval, Measured, Unit};

use crate::LevelError;
use crate::level::check_level;
use crate::order::quantile_of_sorted;

/// How to take the seasonal profile.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct SeasonalOptions {
    /// Bins in a year: 12 months.
    pub period: usize,
    /// Share of the (counter, year) pairs whose factor lies within the interval.
    pub level: f64,
}

impl Default for SeasonalOptions {
    /// Months, and the middle 80 % of the counters and years.
    fn default() -> Self {
        Self { period: 12, level: 0.8 }
    }
}

impl SeasonalOptions {
    /// With this number of bins in a year.
    pub fn with_period(self, period: usize) -> Self {
        Self { period, ..self }
    }

    /// With this share within the interval.
    pub fn with_level(self, level: f64) -> Self {
        Self { level, ..self }
    }
}

/// Factor of one bin of the year.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SeasonalFactor {
    /// Mean over the counters of the ratio of this bin to the mean of its year. The interval is the spread: quantiles over
    /// counters and years, not an error of the mean.
    pub factor: Measured,
    /// Standard deviation between counters, of their means over the years; NaN with fewer than two counters.
    pub between_channels: f64,
    /// Standard deviation between the years of a counter, pooled; NaN if no counter has two years.
    pub between_years: f64,
}

/// The seasonal profile of a group of counters.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SeasonalProfile {
    /// One factor per bin of the year, from the first (January); their mean is 1. Empty if no year is complete.
    pub factors: Vec<SeasonalFactor>,
    /// Channels with at least one complete year.
    pub channels: Vec<usize>,
    /// Complete (channel, year) pairs.
    pub years: usize,
}

/// The table is not one of years.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SeasonalError {
    /// Values do not fill the rows.
    #[error("found {values} values for {channels} channels; each needs the same number")]
    Shape {
        /// Values given.
        values: usize,
        /// Channels asked for.
        channels: usize,
    },
    /// The level of the interval is not a probability.
    #[error(transparent)]
    Level(#[from] LevelError),
    /// No season has this number of bins, or starts there.
    #[error(
        "found a first position of {first} in a period of {period} bins; the period has at least 2, the position lies in it"
    )]
    Period {
        /// Bins of the year.
        period: usize,
        /// Position of the first value in its year.
        first: usize,
    },
}

/// Seasonal profile: the ratio of each month to the mean of its year, over counters and years.
///
/// Only complete calendar years of a counter are used: their factors have mean 1 exactly, and a growth of the traffic
/// from year to year does not disturb them. Each counter weighs the same, however many years it has.
///
/// # Shapes and units
///
/// `channels` rows of *daily averages* per month ([`MonthlyCounts::per_day`](super::MonthlyCounts::per_day): totals would
/// make February low); `first` is the position of the first column in its year, 0 for January → one factor per bin, a
/// pure number. The expansion factor of FHWA (`AADT / MADT`) is its reciprocal.
///
/// # Missing values
///
/// NaN is missing and excludes the year of that counter. A year whose mean is 0 is excluded too. The completeness of a
/// factor is the share of the values given that stand in a complete year.
///
/// # Interpretation
///
/// 1.2 in June: 20 % above the mean of the year. The interval tells how differently counters and years behave: a
/// commuting street and a riverside path do not have one season. Growth within a year leans the profile towards December.
///
/// # Errors
///
/// [`SeasonalError`] if values do not fill the rows, the period has fewer than two bins, or the level is no probability.
///
/// # Example
///
/// ```
/// use datagora_indicators::mobility::{SeasonalOptions, seasonal_profile};
///
/// // One counter, "years" of two bins; the second year doubles the first.
/// let options = SeasonalOptions::default().with_period(2);
/// let profile = seasonal_profile(&[50.0, 150.0, 100.0, 300.0], 1, 0, &options)?;
/// assert_eq!(profile.factors[1].factor.value(), Some(1.5));
/// # Ok::<(), datagora_indicators::mobility::SeasonalError>(())
/// ```
///
/// # References
///
/// FHWA (2022). *Traffic Monitoring Guide*, chapter 3 (monthly factors).
pub fn seasonal_profile(
    daily: &[f64],
    channels: usize,
    first: usize,
    options: &SeasonalOptions,
) -> Result<SeasonalProfile, SeasonalError> {
    let period = options.period;
    if period < 2 || first >= period {
        return Err(SeasonalError::Period { period, first });
    }
    let level = check_level(options.level)?;
    let row = daily.len().checked_div(channels).unwrap_or(0);
    if row * channels != daily.len() {
        return Err(SeasonalError::Shape { values: daily.len(), channels });
    }
    let skipped = (period - first) % period;
    let mut years: Vec<Vec<Vec<f64>>> = Vec::new();
    let mut members = Vec::new();
    for channel in 0..channels {
        let series = &daily[channel * row..(channel + 1) * row];
        let complete: Vec<Vec<f64>> =
            series.get(skipped..).unwrap_or(&[]).chunks_exact(period).filter_map(ratios_to_mean).collect();
        if !complete.is_empty() {
            members.push(channel);
            years.push(complete);
        }
    }
    let count: usize = years.iter().map(Vec::len).sum();
    let given = daily.iter().filter(|value| !value.is_nan()).count();
    let completeness = if given == 0 { 0.0 } else { (count * period) as f64 / given as f64 };
    let factors = if count == 0 { 0 } else { period };
    Ok(SeasonalProfile {
        factors: (0..factors).map(|bin| factor(&years, bin, level, completeness)).collect(),
        channels: members,
        years: count,
    })
}

/// A year as ratios to its mean, unless a bin is missing or all are zero.
fn ratios_to_mean(year: &[f64]) -> Option<Vec<f64>> {
    let mean = year.iter().sum::<f64>() / year.len() as f64;
    (mean.is_finite() && mean > 0.0).then(|| year.iter().map(|value| value / mean).collect())
}

fn factor(years: &[Vec<Vec<f64>>], bin: usize, level: f64, completeness: f64) -> SeasonalFactor {
    let means: Vec<f64> = years
        .iter()
        .map(|years| years.iter().map(|year| year[bin]).sum::<f64>() / years.len() as f64)
        .collect();
    let mean = means.iter().sum::<f64>() / means.len() as f64;
    let spread = |squares: f64, degrees: usize| {
        if degrees == 0 { f64::NAN } else { (squares / degrees as f64).sqrt() }
    };
    let between = means.iter().map(|m| (m - mean).powi(2)).sum();
    let within = years.iter().zip(&means);
    let within =
        within.flat_map(|(years, mean)| years.iter().map(move |year| (year[bin] - mean).powi(2))).sum();
    let mut all: Vec<f64> = years.iter().flatten().map(|year| year[bin]).collect();
    all.sort_by(f64::total_cmp);
    let interval = Interval {
        lower: quantile_of_sorted(&all, 0.5 - 0.5 * level),
        upper: quantile_of_sorted(&all, 0.5 + 0.5 * level),
        level: Some(level),
    };
    SeasonalFactor {
        factor: Measured::new(mean, Unit::ONE)
            .with_interval(interval)
            .with_observations(all.len() as u64)
            .with_completeness(completeness),
        between_channels: spread(between, means.len() - 1),
        between_years: spread(within, all.len() - means.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spread_is_split_between_counters_and_years() {
        // Counters with factors 0.8/1.2 and 0.6/1.4, the same in both years.
        let daily = [80.0, 120.0, 160.0, 240.0, 6.0, 14.0, 3.0, 7.0];
        let options = SeasonalOptions::default().with_period(2);
        let profile = seasonal_profile(&daily, 2, 0, &options).unwrap();
        let first = &profile.factors[0];
        assert!((first.factor.value().unwrap() - 0.7).abs() < 1e-12);
        assert!((first.between_channels - 0.02_f64.sqrt()).abs() < 1e-12);
        assert!(first.between_years.abs() < 1e-12);
        assert_eq!((profile.channels, profile.years), (vec![0, 1], 4));
    }

    #[test]
    fn a_year_starts_at_its_first_bin_and_gaps_exclude_it() {
        // Starts at position 1: the first value is the end of an incomplete year; the last year has a hole.
        let daily = [9.0, 1.0, 3.0, f64::NAN, 5.0];
        let options = SeasonalOptions::default().with_period(2);
        let profile = seasonal_profile(&daily, 1, 1, &options).unwrap();
        assert_eq!(profile.years, 1);
        assert_eq!(profile.factors[1].factor.value(), Some(1.5));
        assert!((profile.factors[0].factor.completeness() - 0.5).abs() < 1e-12);
        assert!(profile.factors[0].between_years.is_nan());
        let none = seasonal_profile(&[f64::NAN; 4], 1, 0, &options).unwrap();
        assert!(none.factors.is_empty());
        assert!(seasonal_profile(&daily, 2, 0, &options).is_err());
        assert!(seasonal_profile(&daily, 1, 2, &options).is_err());
        let percent = seasonal_profile(&daily, 1, 1, &options.with_level(80.0));
        assert_eq!(percent, Err(LevelError { level: 80.0 }.into()));
    }

    proptest! {
        #[test]
        fn factors_have_mean_one_and_ignore_scale_and_order(
            daily in proptest::collection::vec(1.0..1e4_f64, 3 * 24), scale in 0.1..10.0_f64
        ) {
            let options = SeasonalOptions::default();
            let values = |daily: &[f64]| -> Vec<f64> {
                let profile = seasonal_profile(daily, 3, 0, &options).unwrap();
                profile.factors.iter().filter_map(|f| f.factor.value()).collect()
            };
            let found = values(&daily);
            prop_assert!((found.iter().sum::<f64>() - 12.0).abs() < 1e-9);
            let turned: Vec<f64> = daily.chunks_exact(24).rev().flatten().map(|v| v * scale).collect();
            for (a, b) in found.iter().zip(values(&turned)) {
                prop_assert!((a - b).abs() < 1e-9);
            }
        }
    }
}
