//! The quarter hours of a local year.
use datagora_core::Zone;

use super::{LocalYear, LocalYearError};

/// Days of the week and hours of the clock of every quarter hour of a local year.
///
/// The federal measures of the United States average travel times over 15 minutes and group them by day of the week and
/// hour. A series on these quarters has one slot for each that really passed, from midnight of 1 January on: 35,040 or
/// 35,136 where clocks change twice a year (92 and 100 on the days of the change). What was not observed is NaN in its
/// slot, so that nothing can be missing without being seen.
///
/// Made once, it serves all sections of a network. The calendar is that of [`LocalYear`].
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
    local: LocalYear,
    /// Of each hour; its four quarters share it.
    hours: Vec<Slot>,
}

/// Day of the week (0: Monday) and hour of the clock.
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
    /// There is no such year.
    #[error(transparent)]
    Year(#[from] LocalYearError),
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
        let local = LocalYear::new(year, zone)?;
        let slot =
            |hour: usize| Slot { weekday: local.day(hour).weekday as u8, hour: local.clock(hour) as u8 };
        Ok(Self { hours: (0..local.hours()).map(slot).collect(), local })
    }

    /// Its calendar.
    pub fn local(&self) -> &LocalYear {
        &self.local
    }

    /// Number of quarter hours.
    pub fn len(&self) -> usize {
        4 * self.hours.len()
    }

    /// Never: a year has quarter hours.
    pub fn is_empty(&self) -> bool {
        self.hours.is_empty()
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
            let slot = start.saturating_sub(self.local.start()).div_euclid(Self::SECONDS);
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

    /// Refuses a series that has not as many values as there are slots.
    pub(super) fn check(&self, values: &[f64]) -> Result<(), QuarterHoursError> {
        if values.len() != self.len() {
            return Err(QuarterHoursError::Slots { found: values.len(), needed: self.len() });
        }
        Ok(())
    }

    /// Day of the week and hour of each quarter.
    pub(super) fn slots(&self) -> impl Iterator<Item = Slot> + Clone + '_ {
        self.hours.iter().flat_map(|slot| [*slot; 4])
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
        let slots: Vec<Slot> = year.slots().collect();
        assert_eq!(slots[0], Slot { weekday: 6, hour: 0 });
        let quarters = |day: usize, hour| {
            let from = if day > 85 { (day - 1) * 96 - 4 } else { (day - 1) * 96 };
            slots[from..from + 100].iter().take_while(|s| s.weekday == 6).filter(|s| s.hour == hour).count()
        };
        assert_eq!((quarters(85, 2), quarters(85, 3), quarters(302, 2), quarters(302, 3)), (0, 4, 8, 4));
        let refused = Err(LocalYearError::Year { year: 12_000 }.into());
        assert_eq!(QuarterHours::of_year(12_000, Zone::UTC), refused);
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
        assert!(year.check(&values).is_ok() && year.check(&values[1..]).is_err());
    }
}
