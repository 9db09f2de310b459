//! The hours and days of a local year.
use std::ops::Range;

use chrono::Datelike;
use datagora_core::{NaiveDate, Zone};

/// One calendar year of a local clock: which elapsed hour belongs to which day, and what the clock shows then.
///
/// Hours count from 1 January, 0:00: there are 8,760 or 8,784, as the hour lost in March comes back in October. Days of
/// 23 and 25 hours come out by themselves. Made once, and shared by all channels.
///
/// # Example
///
/// ```
/// use datagora_core::Zone;
/// use datagora_indicators::mobility::LocalYear;
///
/// let year = LocalYear::new(2024, Zone::PARIS)?;
/// assert_eq!((year.hours(), year.days().len()), (8_784, 366));
/// let spring = &year.days()[90]; // 31 March
/// assert_eq!(spring.hours.len(), 23);
/// assert_eq!(year.clock(spring.hours.start + 2), 3); // 2:00 does not exist
/// # Ok::<(), datagora_indicators::mobility::LocalYearError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct LocalYear {
    year: i32,
    zone: Zone,
    start: i64,
    days: Vec<LocalDay>,
    clock: Vec<u8>,
    day_of: Vec<u16>,
}

/// One day of a local year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalDay {
    /// The date.
    pub date: NaiveDate,
    /// Its hours, as positions in the year.
    pub hours: Range<usize>,
    /// Month, 0 for January.
    pub month: usize,
    /// Day of the week, 0 for Monday.
    pub weekday: usize,
}

impl LocalDay {
    /// Position of its month and weekday among the 84 of a year.
    pub(super) fn month_and_weekday(&self) -> usize {
        self.month * 7 + self.weekday
    }
}

/// There is no such year, or its clock has no hours to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LocalYearError {
    /// Too long ago, or too far ahead.
    #[error("found the year {year}; counts are of the years 1900 to 2199")]
    Year {
        /// The year asked for.
        year: i32,
    },
    /// The clock changes by less than an hour, as that of Lord Howe Island does.
    #[error(
        "the clock of {zone} changes by part of an hour in {year}; needed are hours that begin when an hour of the clock does: take another zone"
    )]
    PartHour {
        /// Name of the zone.
        zone: &'static str,
        /// The year asked for.
        year: i32,
    },
}

impl LocalYear {
    /// The hours of a year in a zone whose clock changes by whole hours.
    ///
    /// # Errors
    ///
    /// [`LocalYearError::Year`] before 1900 and after 2199; [`LocalYearError::PartHour`] if the clock changes by part of an
    /// hour.
    pub fn new(year: i32, zone: Zone) -> Result<Self, LocalYearError> {
        let date =
            |year, month, day| NaiveDate::from_ymd_opt(year, month, day).ok_or(LocalYearError::Year { year });
        if !(1900..2200).contains(&year) {
            return Err(LocalYearError::Year { year });
        }
        let start = zone.day(date(year, 1, 1)?).start.timestamp();
        let (mut days, mut clock, mut day_of) = (Vec::with_capacity(366), Vec::new(), Vec::new());
        let mut weekday = date(year, 1, 1)?.weekday().num_days_from_monday() as usize;
        for month in 1..=12 {
            for day in 1..=31 {
                let Some(date) = NaiveDate::from_ymd_opt(year, month, day) else { break };
                let elapsed = zone.day(date);
                let seconds = (elapsed.end - elapsed.start).num_seconds();
                if seconds % 3_600 != 0 {
                    return Err(LocalYearError::PartHour { zone: zone.name(), year });
                }
                let hours = seconds / 3_600;
                let first = clock.len();
                if hours == 24 {
                    clock.extend(0..24);
                } else {
                    clock.extend(zone.hours(date).iter().map(|hour| hour.hour as u8));
                }
                day_of.resize(clock.len(), days.len() as u16);
                days.push(LocalDay { date, hours: first..clock.len(), month: month as usize - 1, weekday });
                weekday = (weekday + 1) % 7;
            }
        }
        Ok(Self { year, zone, start, days, clock, day_of })
    }

    /// The year.
    pub fn year(&self) -> i32 {
        self.year
    }

    /// The zone of its clock.
    pub fn zone(&self) -> Zone {
        self.zone
    }

    /// Its first second, since 1970 (UTC).
    pub fn start(&self) -> i64 {
        self.start
    }

    /// The first second after it.
    pub fn end(&self) -> i64 {
        self.start + 3_600 * self.hours() as i64
    }

    /// Number of hours.
    pub fn hours(&self) -> usize {
        self.clock.len()
    }

    /// The days in order.
    pub fn days(&self) -> &[LocalDay] {
        &self.days
    }

    /// The day of an hour.
    ///
    /// # Panics
    ///
    /// If the year has no such hour.
    pub fn day(&self, hour: usize) -> &LocalDay {
        &self.days[usize::from(self.day_of[hour])]
    }

    /// Position of the day of an hour.
    pub(super) fn day_number(&self, hour: usize) -> usize {
        usize::from(self.day_of[hour])
    }

    /// What the clock shows when an hour begins, 0 to 23.
    ///
    /// # Panics
    ///
    /// If the year has no such hour.
    pub fn clock(&self, hour: usize) -> usize {
        usize::from(self.clock[hour])
    }

    /// The hour of a moment in seconds since 1970 (UTC), if it lies in the year.
    pub fn hour_at(&self, seconds: i64) -> Option<usize> {
        let since = seconds.checked_sub(self.start).filter(|since| *since >= 0)?;
        usize::try_from(since / 3_600).ok().filter(|hour| *hour < self.hours())
    }

    /// Number of days of each month.
    pub fn days_of_months(&self) -> [u32; 12] {
        let mut days = [0; 12];
        self.days.iter().for_each(|day| days[day.month] += 1);
        days
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_and_days_agree_with_the_zone() {
        for (year, zone) in [(2023, Zone::PARIS), (2024, Zone::PARIS), (2024, Zone::UTC)] {
            let local = LocalYear::new(year, zone).unwrap();
            let days = if year == 2024 { 366 } else { 365 };
            assert_eq!((local.days().len(), local.hours()), (days, days * 24));
            for day in
                local.days().iter().step_by(3).chain(&local.days()[85..95]).chain(&local.days()[298..304])
            {
                let wanted = zone.hours(day.date);
                assert_eq!(wanted.len(), day.hours.len());
                for (hour, wanted) in day.hours.clone().zip(wanted) {
                    assert_eq!(local.clock(hour), wanted.hour as usize);
                    assert_eq!(local.hour_at(wanted.start.timestamp() + 3_599), Some(hour));
                    assert_eq!(local.day(hour), day);
                }
            }
            assert_eq!(local.hour_at(local.start() - 1), None);
            assert_eq!(local.hour_at(local.end()), None);
            assert_eq!(local.hour_at(i64::MIN), None);
        }
        // Half-hour offsets are as good as others, changes by half an hour are not.
        assert_eq!(LocalYear::new(2024, Zone::parse("Asia/Kolkata").unwrap()).unwrap().hours(), 8_784);
        let island = Zone::parse("Australia/Lord_Howe").unwrap();
        let refused = Err(LocalYearError::PartHour { zone: "Australia/Lord_Howe", year: 2024 });
        assert_eq!(LocalYear::new(2024, island), refused);
        // 1 January 2024 was a Monday, 31 December a Tuesday.
        let local = LocalYear::new(2024, Zone::PARIS).unwrap();
        assert_eq!((local.days()[0].weekday, local.days()[365].weekday), (0, 1));
        assert_eq!(LocalYear::new(20_240, Zone::PARIS), Err(LocalYearError::Year { year: 20_240 }));
    }
}
