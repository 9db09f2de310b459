//! The quarter hours of a local year.
use chrono::Datelike;
use datagora_core::{DateTime, NaiveDate, Utc, Zone};

/// Days of the week and hours of the clock of every quarter hour of a local year.
///
/// The federal measures of the United States average travel times over 15 minutes and group them by day of the week and
/// hour. A series on these quarters has one slot for each that really passed, from midnight of 1 January on: 35,040 or
/// 35,136 where clocks change twice a year (92 and 100 on the days of the change). What was not observed is NaN in its
/// slot, so that nothing can be missing without being seen.
///
/// Made once, it serves all sections of a network.
///
/// # Example
///
/// ```
/// use datagora_core::Zone;
/// use datagora_indicators::mobility::QuarterHours;
///
/// let year = QuarterHours::of_year(2024, Zone::PARIS)?;
/// assert_eq!(year.len(), 366 * 96);
/// // Two readings of five minutes in the first quarter of the year, 0:00 in Paris: their mean stands in its slot.
/// let midnight = 1_704_063_600;
/// let (times, outside) = year.place(&[midnight, midnight + 300], &[60.0, 70.0])?;
/// assert_eq!((times[0], times[1].is_nan(), outside), (65.0, true, 0));
/// # Ok::<(), datagora_indicators::mobility::QuarterHoursError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct QuarterHours {
    first: i64,
    slots: Vec<Slot>,
}

/// Day of the week (0: Monday) and hour of the clock of a quarter hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) weekday: u8,
    pub(super) hour: u8,
}

impl Slot {
    pub(super) fn is_weekday(self) -> bool {
        self.weekday < 5
    }
}

/// A year, or values on it, are none.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum QuarterHoursError {
    /// Not a year of the calendar.
    #[error("found the year {year}; calendars here go from -9999 to 9999")]
    Year {
        /// What was given.
        year: i32,
    },
    /// Row-aligned inputs differ.
    #[error("found {starts} starts for {values} values; each value has one")]
    Length {
        /// Starts given.
        starts: usize,
        /// Values given.
        values: usize,
    },
    /// A series does not have the slots of the year.
    #[error("found {found} values; the year has {needed} quarter hours: mark a missing one as NaN")]
    Slots {
        /// Values given.
        found: usize,
        /// Slots of the year.
        needed: usize,
    },
}

impl QuarterHours {
    const SECONDS: i64 = 900;

    /// The quarter hours of a local year.
    ///
    /// # Errors
    ///
    /// [`QuarterHoursError::Year`].
    pub fn of_year(year: i32, zone: Zone) -> Result<Self, QuarterHoursError> {
        let january = |year: i32| {
            let known = (-9_999..=9_999).contains(&year);
            let date = NaiveDate::from_ymd_opt(year, 1, 1).filter(|_| known);
            date.map(|date| zone.day(date).start.timestamp()).ok_or(QuarterHoursError::Year { year })
        };
        let (first, end) = (january(year)?, january(year.saturating_add(1))?);
        let slots = (first..end).step_by(Self::SECONDS as usize).map(|start| {
            let instant =
                DateTime::<Utc>::from_timestamp(start, 0).ok_or(QuarterHoursError::Year { year })?;
            let local = zone.hour_of(instant);
            Ok(Slot { weekday: local.date.weekday().num_days_from_monday() as u8, hour: local.hour as u8 })
        });
        Ok(Self { first, slots: slots.collect::<Result<_, _>>()? })
    }

    /// Number of quarter hours.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Never: a year has quarter hours.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Puts readings into the slots of the year: each slot holds the mean of the readings that start in it.
    ///
    /// Starts are Unix seconds. NaN readings count as missing; a slot without reading is NaN. Also returned: how many
    /// readings start outside the year.
    ///
    /// # Errors
    ///
    /// [`QuarterHoursError::Length`].
    pub fn place(&self, starts: &[i64], values: &[f64]) -> Result<(Vec<f64>, usize), QuarterHoursError> {
        if starts.len() != values.len() {
            return Err(QuarterHoursError::Length { starts: starts.len(), values: values.len() });
        }
        let (mut sums, mut counts, mut outside) = (vec![0.0; self.len()], vec![0_u32; self.len()], 0);
        for (start, value) in starts.iter().zip(values) {
            let slot = start.saturating_sub(self.first).div_euclid(Self::SECONDS);
            match usize::try_from(slot).ok().filter(|slot| *slot < self.len()) {
                Some(slot) if !value.is_nan() => {
                    sums[slot] += value;
                    counts[slot] += 1;
                }
                Some(_) => {}
                None => outside += 1,
            }
        }
        // 0 of 0 is NaN: missing.
        Ok((sums.iter().zip(&counts).map(|(sum, count)| sum / f64::from(*count)).collect(), outside))
    }

    /// The slots, if a series has as many values.
    pub(super) fn slots_of(&self, values: &[f64]) -> Result<&[Slot], QuarterHoursError> {
        if values.len() != self.len() {
            return Err(QuarterHoursError::Slots { found: values.len(), needed: self.len() });
        }
        Ok(&self.slots)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_have_the_quarters_that_passed() {
        let year = QuarterHours::of_year(2023, Zone::PARIS).unwrap();
        assert_eq!(year.len(), 365 * 96);
        // 1 January 2023 was a Sunday; 26 March has no hour 2, 29 October has it twice.
        assert_eq!(year.slots[0], Slot { weekday: 6, hour: 0 });
        let quarters = |day: usize, hour| {
            let from = if day > 85 { (day - 1) * 96 - 4 } else { (day - 1) * 96 };
            year.slots[from..from + 100]
                .iter()
                .take_while(|s| s.weekday == 6)
                .filter(|s| s.hour == hour)
                .count()
        };
        assert_eq!((quarters(85, 2), quarters(85, 3), quarters(302, 2), quarters(302, 3)), (0, 4, 8, 4));
        assert_eq!(QuarterHours::of_year(12_000, Zone::UTC), Err(QuarterHoursError::Year { year: 12_000 }));
    }

    #[test]
    fn readings_outside_the_year_are_counted() {
        let year = QuarterHours::of_year(1970, Zone::UTC).unwrap();
        let nan = f64::NAN;
        let (values, outside) = year
            .place(&[-1, 0, 899, 900, 1_800, i64::MIN, i64::MAX], &[9.0, 1.0, 2.0, nan, 4.0, 5.0, 6.0])
            .unwrap();
        assert_eq!((values[0], values[2], outside), (1.5, 4.0, 3));
        assert!(values[1].is_nan());
        assert_eq!(year.place(&[0], &[]), Err(QuarterHoursError::Length { starts: 1, values: 0 }));
        assert!(year.slots_of(&values).is_ok() && year.slots_of(&values[1..]).is_err());
    }
}
