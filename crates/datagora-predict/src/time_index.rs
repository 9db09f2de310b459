//! When the steps of a panel are, so that a model can know the hour and the day.
use datagora_core::{DateTime, Holiday, Month, NaiveDate, Utc, Zone};

/// When each step is: the first one and the way from one to the next.
///
/// # Example
///
/// ```
/// use datagora_core::{DateTime, Zone};
/// use datagora_predict::TimeIndex;
///
/// let start = DateTime::from_timestamp(1_711_846_800, 0).unwrap_or_default(); // 2024-03-31 02:00 in Paris
/// let hours = TimeIndex::Clock { start, seconds: 3_600, zone: Zone::PARIS };
/// assert_eq!(hours.second_of_day(0), Some(3_600 * 3)); // the clock has jumped
/// assert_eq!(hours.second_of_day(22), Some(3_600));
/// assert_eq!(hours.weekday(0), Some(6));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimeIndex {
    /// Steps of so many seconds.
    Clock {
        /// When the first step begins.
        start: DateTime<Utc>,
        /// Seconds from one step to the next.
        seconds: u32,
        /// The clock that people look at.
        zone: Zone,
    },
    /// Days.
    Days {
        /// The first.
        start: NaiveDate,
    },
    /// Months.
    Months {
        /// The first.
        start: Month,
    },
}

/// Seconds of a day and of a year, on average.
const DAY: f64 = 86_400.0;
const YEAR: f64 = 365.2425 * DAY;

impl TimeIndex {
    /// The local date of a step; of a month, its first day. `None` outside of the calendar.
    pub fn date(&self, step: usize) -> Option<NaiveDate> {
        match *self {
            TimeIndex::Clock { zone, .. } => Some(zone.hour_of(self.instant(step)?).date),
            TimeIndex::Days { start } => {
                NaiveDate::from_epoch_days(start.to_epoch_days().checked_add(i32::try_from(step).ok()?)?)
            }
            TimeIndex::Months { start } => Some(start.plus(i32::try_from(step).ok()?).first_day()),
        }
    }

    /// Seconds that the local clock shows at the begin of a step; `None` for days and months.
    pub fn second_of_day(&self, step: usize) -> Option<u32> {
        let TimeIndex::Clock { zone, .. } = *self else { return None };
        let instant = self.instant(step)?;
        let hour = zone.hour_of(instant);
        Some(hour.hour * 3_600 + u32::try_from(instant.timestamp() - hour.start.timestamp()).ok()?)
    }

    /// Day of the week of a step, 0 for Monday; `None` for months.
    pub fn weekday(&self, step: usize) -> Option<u32> {
        if matches!(self, TimeIndex::Months { .. }) {
            return None;
        }
        // 1 January 1970 was a Thursday.
        Some((self.date(step)?.to_epoch_days() + 3).rem_euclid(7) as u32)
    }

    /// Whether a step lies in a public holiday of France; `None` for months.
    pub fn is_holiday(&self, step: usize) -> Option<bool> {
        match self {
            TimeIndex::Months { .. } => None,
            _ => Some(Holiday::on(self.date(step)?).is_some()),
        }
    }

    /// Month of the year of a step, 1 to 12.
    pub fn month_of_year(&self, step: usize) -> Option<u32> {
        Some(Month::of(self.date(step)?)?.month())
    }

    /// Steps in a day, a week and a year, on average.
    pub(crate) fn cycles(&self) -> [f64; 3] {
        let second = match self {
            TimeIndex::Clock { seconds, .. } => f64::from((*seconds).max(1)),
            TimeIndex::Days { .. } => DAY,
            TimeIndex::Months { .. } => YEAR / 12.0,
        };
        [DAY / second, 7.0 * DAY / second, YEAR / second]
    }

    fn instant(&self, step: usize) -> Option<DateTime<Utc>> {
        let TimeIndex::Clock { start, seconds, .. } = self else { return None };
        let passed = i64::try_from(step).ok()?.checked_mul(i64::from(*seconds))?;
        DateTime::from_timestamp(start.timestamp().checked_add(passed)?, 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_months_have_their_calendar() {
        let start = NaiveDate::from_ymd_opt(2024, 2, 28).unwrap();
        let days = TimeIndex::Days { start };
        assert_eq!(days.date(2), NaiveDate::from_ymd_opt(2024, 3, 1));
        assert_eq!([0, 1, 4].map(|step| days.weekday(step)), [Some(2), Some(3), Some(6)]);
        assert_eq!((days.is_holiday(33), days.is_holiday(34)), (Some(true), Some(false))); // Easter Monday
        assert_eq!((days.second_of_day(0), days.month_of_year(2)), (None, Some(3)));
        let months = TimeIndex::Months { start: Month::new(2023, 11).unwrap() };
        assert_eq!([0, 1, 2].map(|step| months.month_of_year(step)), [Some(11), Some(12), Some(1)]);
        assert_eq!((months.weekday(0), months.is_holiday(1)), (None, None));
        assert_eq!((days.date(usize::MAX), months.date(usize::MAX)), (None, None));
    }
}
