//! Peaks: design hours, peak-hour factor, direction, peak spreading.
mod profile;

use datagora_core::{Interval, Measured, Suppression, Unit};

use super::{HourlyYear, HourlyYearError};
use crate::LevelError;
use crate::level::check_level;

pub use profile::{DayProfile, PeakHour, day_profile};

/// Peak-hour factor of an hour: its volume over the volume it would have if its busiest part lasted all hour.
///
/// `PHF = V / (N · max V_i)` over the `N` parts of the hour; with quarters between 0.25 and 1.
///
/// # Missing values
///
/// Undefined if a part is missing (NaN), or nothing was counted.
///
/// # Interpretation
///
/// Near 1: even flow. Low: a burst within the hour, for which the hourly volume understates the demand. Shorter parts
/// give lower factors: compare quarters with quarters.
///
/// # Example
///
/// ```
/// use datagora_indicators::mobility::peak_hour_factor;
///
/// let factor = peak_hour_factor(&[120.0, 150.0, 180.0, 130.0]);
/// assert!((factor.value().unwrap() - 0.805_555_555_555_555_6).abs() < 1e-12);
/// ```
///
/// # References
///
/// TRB (2016). *Highway Capacity Manual*, 6th ed., chapter 3.
pub fn peak_hour_factor(parts: &[f64]) -> Measured {
    let there = parts.iter().filter(|part| !part.is_nan()).count();
    let volume: f64 = parts.iter().sum();
    let most = parts.iter().copied().fold(0.0, f64::max);
    factor(volume, most * parts.len() as f64, there as u64, there as f64 / (parts.len() as f64).max(1.0))
}

fn factor(volume: f64, rate: f64, observations: u64, completeness: f64) -> Measured {
    let measured = if completeness < 1.0 {
        Measured::suppressed(Unit::ONE, Suppression::Incomplete { needed: 1.0 })
    } else if rate > 0.0 {
        Measured::new(volume / rate, Unit::ONE)
    } else {
        let reason = "nothing was counted in the hour".to_owned();
        Measured::suppressed(Unit::ONE, Suppression::Undefined { reason })
    };
    measured.with_observations(observations).with_completeness(completeness.min(1.0))
}

/// The `n`-th highest hour of a year, and what share of the average day passes in it.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DesignHour {
    /// Rank among the observed hours.
    pub rank: usize,
    /// Position of the hour in the year; none if fewer hours were observed.
    pub hour: Option<usize>,
    /// Volume of the hour; the interval lets missing hours be among the higher ones.
    pub volume: Measured,
    /// `K_n`: volume of the hour over the annual average day.
    pub k: Measured,
    /// Rank to expect among all hours of the year, if hours are missing by chance: `n / completeness`. Above `n`, the
    /// factor is biased low.
    pub expected_rank: f64,
}

/// In which direction the design hour goes.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DirectionSplit {
    /// Position of the design hour of both directions together; none if no hour was observed in both.
    pub hour: Option<usize>,
    /// Share of the busier direction, 0.5 to 1.
    pub d: Measured,
    /// Is the busier direction the first one?
    pub first_is_busier: bool,
}

impl HourlyYear {
    /// Peak-hour factor of one hour, from the readings that make it up: see [`peak_hour_factor`].
    ///
    /// Undefined if the hour is not complete, was read as one value, or nothing was counted in it.
    ///
    /// # Panics
    ///
    /// If the year has no such hour.
    pub fn peak_hour_factor(&self, hour: usize) -> Measured {
        let share = f64::from(self.seconds(hour)) / 3_600.0;
        if self.readings(hour) == 1 {
            let reason = "the hour was read as one value".to_owned();
            return Measured::suppressed(Unit::ONE, Suppression::Undefined { reason }).with_observations(1);
        }
        if share > 1.0 {
            let reason = "intervals of the hour were added twice".to_owned();
            return Measured::suppressed(Unit::ONE, Suppression::Undefined { reason });
        }
        factor(self.volume(hour), self.largest_flow(hour), u64::from(self.readings(hour)), share)
    }

    /// The `n`-th highest hourly volume, and K-factor (`K30` for the French *30e heure*).
    ///
    /// `K_n = V_(n) / AADT`. Of hours that were only partly observed none counts.
    ///
    /// # Missing values
    ///
    /// The rank is that among observed hours. A missing hour may have been higher: the lower bound of the interval holds
    /// for certain, the upper one is the volume of rank `n − m`, `m` being as many of the `n` highest hours as are
    /// missing with the probability `level` if hours are missing by chance. It is infinite if that is all of them.
    /// Outages in peak hours are no chance.
    ///
    /// # Interpretation
    ///
    /// 0.08 to 0.12 on city streets, more on roads for leisure: the share of an average day that a road must bear in its
    /// design hour.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::Zone;
    /// use datagora_indicators::mobility::{AadtOptions, HourlyYear};
    ///
    /// let mut year = HourlyYear::new(2023, Zone::UTC)?;
    /// let t = year.local().start();
    /// let starts: Vec<i64> = (0..8_760).map(|hour| t + 3_600 * hour).collect();
    /// let counts: Vec<f64> = (0..8_760).map(|hour| f64::from(hour % 24)).collect();
    /// year.add(&starts, 3_600, &counts)?;
    /// let k30 = year.design_hour(30, &year.aadt(&AadtOptions::default())?.value, 0.95)?;
    /// assert_eq!(k30.volume.value(), Some(23.0));
    /// assert!((k30.k.value().unwrap() - 23.0 / 276.0).abs() < 1e-9);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`LevelError`] if the level is no probability.
    ///
    /// # References
    ///
    /// FHWA (2022). *Traffic Monitoring Guide*, chapter 3. TRB (2016). *Highway Capacity Manual*, 6th ed., chapter 3.
    pub fn design_hour(&self, n: usize, aadt: &Measured, level: f64) -> Result<DesignHour, LevelError> {
        let level = check_level(level)?;
        let volumes = self.volumes(1.0);
        let rank = n.max(1);
        let mut order: Vec<u32> =
            (0..volumes.len() as u32).filter(|h| !volumes[*h as usize].is_nan()).collect();
        let there = order.len();
        let completeness = there as f64 / volumes.len() as f64;
        let unit = Unit::of("{vehicle}/h");
        let expected_rank = rank as f64 / completeness;
        let finish = |measured: Measured| {
            measured
                .with_observations(there as u64)
                .with_completeness(completeness)
                .with_imputed_share(self.imputed_share())
        };
        if there < rank {
            let needed = rank as f64 / volumes.len() as f64;
            let lack = |unit| finish(Measured::suppressed(unit, Suppression::Incomplete { needed }));
            let (volume, k) = (lack(unit), lack(Unit::ONE));
            return Ok(DesignHour { rank, hour: None, volume, k, expected_rank });
        }
        let volume_of = |hour: u32| volumes[hour as usize];
        let higher_first = |a: &u32, b: &u32| volume_of(*b).total_cmp(&volume_of(*a)).then(a.cmp(b));
        order.select_nth_unstable_by(rank - 1, higher_first);
        order.truncate(rank);
        order.sort_unstable_by(higher_first);
        let hour = order[rank - 1] as usize;
        let value = volumes[hour];
        let missing = binomial_quantile(rank, 1.0 - completeness, level);
        let upper = match rank.checked_sub(missing + 1) {
            Some(at) => volume_of(order[at]),
            None => f64::INFINITY,
        };
        let bounded = (there < volumes.len()).then_some(Interval { lower: value, upper, level: Some(level) });
        let volume = Measured::new(value, unit);
        let volume = finish(match bounded {
            Some(bounds) => volume.with_interval(bounds),
            None => volume,
        });
        let k = match aadt.value() {
            Some(day) if day > 0.0 => {
                let k = Measured::new(value / day, Unit::ONE);
                // The day at its own bounds, against the hour at its bounds: no narrower than either alone.
                let days = aadt.interval().unwrap_or(Interval { lower: day, upper: day, level: None });
                match bounded {
                    Some(bounds) if days.lower > 0.0 => k.with_interval(Interval {
                        lower: bounds.lower / days.upper,
                        upper: bounds.upper / days.lower,
                        level: bounds.level,
                    }),
                    _ => k,
                }
            }
            Some(_) => {
                let reason = "the average day counts nothing".to_owned();
                Measured::suppressed(Unit::ONE, Suppression::Undefined { reason })
            }
            None => {
                let reason = aadt.suppression().map(Suppression::derived);
                let reason = reason.unwrap_or(Suppression::Incomplete { needed: 1.0 });
                Measured::suppressed(Unit::ONE, reason)
            }
        };
        Ok(DesignHour { rank, hour: Some(hour), volume, k: finish(k), expected_rank })
    }
}

/// Least number that at most so many of `n` events of this probability exceed only with probability `1 − level`.
fn binomial_quantile(n: usize, probability: f64, level: f64) -> usize {
    if probability <= 0.0 {
        return 0;
    }
    if probability >= 1.0 {
        return n;
    }
    let odds = (probability / (1.0 - probability)).ln();
    let mut log = n as f64 * (-probability).ln_1p();
    let mut below = log.exp();
    for k in 0..n {
        if below >= level {
            return k;
        }
        log += odds + ((n - k) as f64 / (k + 1) as f64).ln();
        below += log.exp();
    }
    n
}

/// D-factor: the share of the busier direction in the `n`-th highest hour of both directions together.
///
/// `D = max(V_1, V_2) / (V_1 + V_2)` in that hour.
///
/// # Missing values
///
/// Only hours observed in both directions count; the completeness is their share. Without one the factor is suppressed.
///
/// # Interpretation
///
/// 0.5: both alike. 0.7 and more: a commuting road, to be designed for one direction. Never average it over hours.
///
/// # Errors
///
/// [`HourlyYearError::OtherYear`] if the years differ.
///
/// # Example
///
/// ```
/// use datagora_core::Zone;
/// use datagora_indicators::mobility::{HourlyYear, direction_factor};
///
/// let mut to_town = HourlyYear::new(2024, Zone::PARIS)?;
/// let mut out_of_town = HourlyYear::with_local(to_town.local().clone());
/// let t = to_town.local().start();
/// to_town.add(&[t, t + 3_600], 3_600, &[300.0, 900.0])?;
/// out_of_town.add(&[t, t + 3_600], 3_600, &[800.0, 100.0])?;
/// let split = direction_factor(&to_town, &out_of_town, 1)?;
/// assert_eq!((split.hour, split.first_is_busier), (Some(0), false));
/// assert!((split.d.value().unwrap() - 800.0 / 1_100.0).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// FHWA (2022). *Traffic Monitoring Guide*, chapter 3.
pub fn direction_factor(
    first: &HourlyYear,
    second: &HourlyYear,
    n: usize,
) -> Result<DirectionSplit, HourlyYearError> {
    first.check_same_year(second.local())?;
    let (one, two) = (first.volumes(1.0), second.volumes(1.0));
    let mut both: Vec<usize> = (0..one.len()).filter(|hour| !(one[*hour] + two[*hour]).is_nan()).collect();
    let completeness = both.len() as f64 / one.len() as f64;
    let rank = n.max(1);
    let finish =
        |measured: Measured| measured.with_observations(both.len() as u64).with_completeness(completeness);
    if both.len() < rank {
        let needed = rank as f64 / one.len() as f64;
        let d = finish(Measured::suppressed(Unit::ONE, Suppression::Incomplete { needed }));
        return Ok(DirectionSplit { hour: None, d, first_is_busier: false });
    }
    let total = |hour: usize| one[hour] + two[hour];
    let observed = both.len() as u64;
    let (_, &mut hour, _) =
        both.select_nth_unstable_by(rank - 1, |a, b| total(*b).total_cmp(&total(*a)).then(a.cmp(b)));
    let d = if total(hour) > 0.0 {
        Measured::new(one[hour].max(two[hour]) / total(hour), Unit::ONE)
    } else {
        let reason = "nothing was counted in the hour".to_owned();
        Measured::suppressed(Unit::ONE, Suppression::Undefined { reason })
    };
    Ok(DirectionSplit {
        hour: Some(hour),
        d: d.with_observations(observed).with_completeness(completeness),
        first_is_busier: one[hour] > two[hour],
    })
}

#[cfg(test)]
mod tests;
