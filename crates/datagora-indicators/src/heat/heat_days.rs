//! Hot days, tropical nights and heat waves, by year.
use chrono::Datelike;
use datagora_core::{Interval, Measured, NaiveDate, Suppression, Unit};

/// Thresholds of a département above which a heat wave endangers lives: of the means over three days of minima and of
/// maxima, in degrees Celsius.
///
/// Laaidi, K. et al. (2004), *Système d'alerte canicule et santé*, Institut de veille sanitaire; revised by Santé publique
/// France and Météo-France. Each département has its own: give those of the year in question.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct HeatwaveThresholds {
    /// Of the minima.
    pub night: f64,
    /// Of the maxima.
    pub day: f64,
}

impl HeatwaveThresholds {
    /// Rhône: 20 °C at night and 34 °C by day.
    ///
    /// Météo-France, thresholds of the vigilance canicule by département, as published in July 2018.
    pub const RHONE: Self = Self { night: 20.0, day: 34.0 };
}

/// How hot days are counted.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct HeatDayOptions {
    /// Maximum from which a day is a summer day.
    pub summer: f64,
    /// Maximum from which a day is hot.
    pub hot: f64,
    /// Minimum from which a night is tropical.
    pub tropical: f64,
    /// Thresholds of a heat wave.
    pub heatwave: HeatwaveThresholds,
    /// Most days of a year that may be missing for a count to stand for the year.
    pub most_missing: u32,
}

impl Default for HeatDayOptions {
    /// 25, 30 and 20 °C, the thresholds of the Rhône, and at most 15 missing days, as in ETCCDI.
    fn default() -> Self {
        Self {
            summer: 25.0,
            hot: 30.0,
            tropical: 20.0,
            heatwave: HeatwaveThresholds::RHONE,
            most_missing: 15,
        }
    }
}

impl HeatDayOptions {
    /// With the thresholds of another département.
    pub fn with_heatwave(self, heatwave: HeatwaveThresholds) -> Self {
        Self { heatwave, ..self }
    }

    /// With so many missing days at most.
    pub fn with_most_missing(self, days: u32) -> Self {
        Self { most_missing: days, ..self }
    }
}

/// The heat of one year, in days; each with certain bounds if days are missing.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct HeatYear {
    /// Calendar year.
    pub year: i32,
    /// Days whose maximum reaches 25 °C.
    pub summer_days: Measured,
    /// Days whose maximum reaches 30 °C.
    pub hot_days: Measured,
    /// Nights whose minimum does not fall below 20 °C.
    pub tropical_nights: Measured,
    /// Days from which on the means over three days of minima and maxima both reach the thresholds.
    pub heatwave_days: Measured,
}

/// Days that cannot be counted.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum HeatDayError {
    /// Columns of different lengths.
    #[error("found {found} {what}, needed {needed}, one a day")]
    Length {
        /// Which.
        what: &'static str,
        /// Found.
        found: usize,
        /// Days.
        needed: usize,
    },
    /// Days out of order or twice.
    #[error("{date} in row {row} does not follow the day before it; sort the days, one row each")]
    Order {
        /// Row.
        row: usize,
        /// Day found.
        date: NaiveDate,
    },
    /// Kelvins or worse.
    #[error("found {value} in row {row}; degrees Celsius from -60 to 60 are needed: convert kelvins before")]
    NotCelsius {
        /// Row.
        row: usize,
        /// Value found.
        value: f64,
    },
}

/// Summer days, hot days, tropical nights and heat-wave days of each calendar year from the first to the last day.
///
/// A heat-wave day is the first of three days whose mean minimum and mean maximum both reach the thresholds: the
/// biometeorological indices (IBM) of the French warning system, from measured instead of forecast temperatures.
///
/// # Shapes and units
///
/// `n` days in order, gaps allowed, with minima and maxima in degrees Celsius → days, a row for each year.
///
/// # Missing values
///
/// A day without row or value (NaN) is missing. Completeness is the share of the days of the year with a value; a heat-wave
/// day needs all three days on both sides, and those that run into a year without data are missing. If days are missing the
/// count of the others is a lower bound, and the upper one takes all of them for hot; with more than
/// [`HeatDayOptions::most_missing`] there are bounds, and no value.
///
/// # Interpretation
///
/// Give true minima and maxima of a station. A temperature at a fixed hour is no maximum: given as one, as from a reanalysis
/// at noon, its counts are lower bounds of the hot days, and its year says nothing of nights and heat waves.
///
/// # Errors
///
/// [`HeatDayError`].
///
/// # Example
///
/// ```
/// use datagora_core::NaiveDate;
/// use datagora_indicators::heat::{HeatDayOptions, heat_days};
///
/// let first = NaiveDate::from_ymd_opt(2023, 1, 1).unwrap();
/// let days: Vec<NaiveDate> = first.iter_days().take(365).collect();
/// // A year of 10 to 20 °C, with four days of 21 to 36 °C.
/// let hot = |day: usize| (230..234).contains(&day);
/// let minima: Vec<f64> = (0..365).map(|day| if hot(day) { 21.0 } else { 10.0 }).collect();
/// let maxima: Vec<f64> = (0..365).map(|day| if hot(day) { 36.0 } else { 20.0 }).collect();
/// let found = heat_days(&days, &minima, &maxima, &HeatDayOptions::default())?;
/// assert_eq!(found[0].tropical_nights.value(), Some(4.0));
/// assert_eq!(found[0].hot_days.value(), Some(4.0));
/// assert_eq!(found[0].heatwave_days.value(), Some(2.0));
/// # Ok::<(), datagora_indicators::heat::HeatDayError>(())
/// ```
///
/// # References
///
/// Zhang, X. et al. (2011). Indices for monitoring changes in extremes. WIREs Clim. Change 2, 851–870. doi:10.1002/wcc.147
/// (SU, TR; ETCCDI). Pascal, M. et al. (2006). France's heat health watch warning system. Int. J. Biometeorol. 50, 144–153.
/// doi:10.1007/s00484-005-0003-x
pub fn heat_days(
    days: &[NaiveDate],
    minima: &[f64],
    maxima: &[f64],
    options: &HeatDayOptions,
) -> Result<Vec<HeatYear>, HeatDayError> {
    for (what, values) in [("minima", minima), ("maxima", maxima)] {
        if values.len() != days.len() {
            return Err(HeatDayError::Length { what, found: values.len(), needed: days.len() });
        }
        let wrong = values.iter().position(|value| !value.is_nan() && !(-60.0..=60.0).contains(value));
        if let Some(row) = wrong {
            return Err(HeatDayError::NotCelsius { row, value: values[row] });
        }
    }
    if let Some(before) = days.windows(2).position(|pair| pair[0] >= pair[1]) {
        return Err(HeatDayError::Order { row: before + 1, date: days[before + 1] });
    }
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return Ok(Vec::new()) };
    let table = Table { days, minima, maxima };
    let reaches = |value: Option<f64>, threshold: f64| value.map(|value| value >= threshold);
    let year = |year: i32| {
        let dates: Vec<NaiveDate> = first_of(year)
            .into_iter()
            .flat_map(|day| day.iter_days())
            .take_while(|day| day.year() == year)
            .collect();
        let count = |hot: &dyn Fn(NaiveDate) -> Option<bool>| {
            let answers: Vec<Option<bool>> = dates.iter().map(|day| hot(*day)).collect();
            counted(&answers, options.most_missing)
        };
        HeatYear {
            year,
            summer_days: count(&|day| reaches(table.maximum(day), options.summer)),
            hot_days: count(&|day| reaches(table.maximum(day), options.hot)),
            tropical_nights: count(&|day| reaches(table.minimum(day), options.tropical)),
            heatwave_days: count(&|day| {
                let night = table.three_days(day, Table::minimum)?;
                let noon = table.three_days(day, Table::maximum)?;
                Some(night >= options.heatwave.night && noon >= options.heatwave.day)
            }),
        }
    };
    Ok((first.year()..=last.year()).map(year).collect())
}

fn first_of(year: i32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, 1, 1)
}

struct Table<'a> {
    days: &'a [NaiveDate],
    minima: &'a [f64],
    maxima: &'a [f64],
}

impl Table<'_> {
    fn value(&self, values: &[f64], day: NaiveDate) -> Option<f64> {
        let row = self.days.binary_search(&day).ok()?;
        Some(values[row]).filter(|value| !value.is_nan())
    }

    fn minimum(&self, day: NaiveDate) -> Option<f64> {
        self.value(self.minima, day)
    }

    fn maximum(&self, day: NaiveDate) -> Option<f64> {
        self.value(self.maxima, day)
    }

    /// Mean of a day and the two after it.
    fn three_days(&self, day: NaiveDate, of: impl Fn(&Self, NaiveDate) -> Option<f64>) -> Option<f64> {
        let next = day.succ_opt()?;
        Some((of(self, day)? + of(self, next)? + of(self, next.succ_opt()?)?) / 3.0)
    }
}

/// How many of the answers are yes; bounds where some are missing.
fn counted(answers: &[Option<bool>], most_missing: u32) -> Measured {
    let yes = answers.iter().filter(|answer| **answer == Some(true)).count() as f64;
    let known = answers.iter().flatten().count();
    let missing = answers.len() - known;
    let bounds = Interval { lower: yes, upper: yes + missing as f64, level: None };
    let measured = if known == 0 {
        Measured::suppressed(Unit::DAY, Suppression::Incomplete { needed: 0.0 })
    } else if missing > most_missing as usize {
        // The lower bound is below the upper: days are missing.
        Measured::bounded(bounds.lower, bounds.upper, Unit::DAY)
            .unwrap_or_else(|_| Measured::suppressed(Unit::DAY, Suppression::Incomplete { needed: 0.0 }))
    } else {
        Measured::new(yes, Unit::DAY).with_interval(bounds)
    };
    measured.with_observations(known as u64).with_completeness(known as f64 / answers.len().max(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn from(year: i32) -> impl Iterator<Item = NaiveDate> {
        first_of(year).unwrap().iter_days()
    }

    #[test]
    fn gaps_leave_bounds_and_long_ones_no_value() {
        let days: Vec<NaiveDate> = from(2022).take(365).filter(|day| day.ordinal() > 10).collect();
        let maxima = vec![26.0; days.len()];
        let minima = vec![f64::NAN; days.len()];
        let run = |days: &[NaiveDate]| {
            let n = days.len();
            heat_days(days, &minima[..n], &maxima[..n], &HeatDayOptions::default()).unwrap().remove(0)
        };
        let found = run(&days);
        assert_eq!(found.summer_days.value(), Some(355.0));
        assert_eq!(found.summer_days.interval().map(|bounds| bounds.upper), Some(365.0));
        assert_eq!((found.hot_days.value(), found.hot_days.observations()), (Some(0.0), 355));
        // Without minima, nothing is known of nights and heat waves.
        assert!(found.tropical_nights.suppression().is_some() && found.heatwave_days.suppression().is_some());
        let short = run(&days[..300]).summer_days;
        assert_eq!((short.value(), short.interval().map(|bounds| bounds.lower)), (None, Some(300.0)));
        assert!(heat_days(&[], &[], &[], &HeatDayOptions::default()).unwrap().is_empty());
    }

    #[test]
    fn a_wave_needs_hot_nights_and_hot_days() {
        let days: Vec<NaiveDate> = from(2022).take(365).collect();
        let wave = |night: f64, noon: f64| {
            let hot = |day: &NaiveDate| (200..205).contains(&day.ordinal());
            let minima: Vec<f64> = days.iter().map(|day| if hot(day) { night } else { 12.0 }).collect();
            let maxima: Vec<f64> = days.iter().map(|day| if hot(day) { noon } else { 24.0 }).collect();
            let year = heat_days(&days, &minima, &maxima, &HeatDayOptions::default()).unwrap().remove(0);
            (year.heatwave_days.value(), year.heatwave_days.completeness())
        };
        // The last two days of December lack a day after them.
        assert_eq!(wave(20.0, 34.0), (Some(3.0), 363.0 / 365.0));
        assert_eq!((wave(19.9, 36.0).0, wave(22.0, 33.9).0), (Some(0.0), Some(0.0)));
    }

    #[test]
    fn what_is_no_series_of_days_is_said() {
        let days: Vec<NaiveDate> = from(2022).take(2).collect();
        let options = HeatDayOptions::default();
        let kelvin = heat_days(&days, &[1.0, 1.0], &[1.0, 296.0], &options);
        assert_eq!(kelvin, Err(HeatDayError::NotCelsius { row: 1, value: 296.0 }));
        let back = heat_days(&[days[1], days[0]], &[1.0; 2], &[1.0; 2], &options);
        assert_eq!(back, Err(HeatDayError::Order { row: 1, date: days[0] }));
        assert!(matches!(heat_days(&days, &[1.0], &[1.0; 2], &options), Err(HeatDayError::Length { .. })));
    }

    proptest! {
        #[test]
        fn hot_days_are_summer_days_and_bounds_hold(
            maxima in proptest::collection::vec(prop_oneof![9 => -10.0..42.0_f64, 1 => Just(f64::NAN)], 1..800),
            start in 0..400_usize,
        ) {
            let days: Vec<NaiveDate> = from(2020).skip(start).take(maxima.len()).collect();
            let minima: Vec<f64> = maxima.iter().map(|maximum| maximum - 9.0).collect();
            for year in heat_days(&days, &minima, &maxima, &HeatDayOptions::default()).unwrap() {
                for count in [&year.summer_days, &year.hot_days, &year.tropical_nights, &year.heatwave_days] {
                    prop_assert!(count.clone().check().is_ok());
                    if let (Some(value), Some(bounds)) = (count.value(), count.interval()) {
                        prop_assert!(bounds.contains(value));
                    }
                }
                let lower = |count: &Measured| count.interval().map_or(0.0, |bounds| bounds.lower);
                prop_assert!(lower(&year.hot_days) <= lower(&year.summer_days));
            }
        }
    }
}
