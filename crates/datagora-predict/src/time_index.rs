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
    /// Weeks of ISO 8601, Monday to Sunday.
    Weeks {
        /// A day of the first.
        start: NaiveDate,
    },
    /// Months.
    Months {
        /// The first.
        start: Month,
    },
    /// Quarters of the year.
    Quarters {
        /// A month of the first.
        start: Month,
    },
}

/// Seconds of a day and of a year, on average.
const DAY: f64 = 86_400.0;
const YEAR: f64 = 365.2425 * DAY;

impl TimeIndex {
    /// The local date of a step; of a week, its Monday; of a month or quarter, its first day. `None` outside of the
    /// calendar.
    pub fn date(&self, step: usize) -> Option<NaiveDate> {
        match *self {
            TimeIndex::Clock { zone, .. } => Some(zone.hour_of(self.instant(step)?).date),
            TimeIndex::Days { start } => later(start, i32::try_from(step).ok()?),
            TimeIndex::Weeks { start } => {
                let days = i32::try_from(step).ok()?.checked_mul(7)?;
                later(start, days.checked_sub(weekday(start) as i32)?)
            }
            TimeIndex::Months { start } => Some(start.plus(i32::try_from(step).ok()?).first_day()),
            TimeIndex::Quarters { start } => {
                let months = i32::try_from(step).ok()?.checked_mul(3)?;
                Some(start.plus(months - (start.month() as i32 - 1) % 3).first_day())
            }
        }
    }

    /// Seconds that the local clock shows at the begin of a step; `None` for days and longer steps.
    pub fn second_of_day(&self, step: usize) -> Option<u32> {
        let TimeIndex::Clock { zone, .. } = *self else { return None };
        let instant = self.instant(step)?;
        let hour = zone.hour_of(instant);
        Some(hour.hour * 3_600 + u32::try_from(instant.timestamp() - hour.start.timestamp()).ok()?)
    }

    /// Day of the week of a step, 0 for Monday; `None` for steps longer than a day.
    pub fn weekday(&self, step: usize) -> Option<u32> {
        self.is_within_days().then(|| self.date(step).map(weekday))?
    }

    /// Whether a step lies in a public holiday of France; `None` for steps longer than a day.
    pub fn is_holiday(&self, step: usize) -> Option<bool> {
        self.is_within_days().then(|| self.date(step).map(|date| Holiday::on(date).is_some()))?
    }

    /// Month of the year of a step, 1 to 12: of a week that of its Thursday, of a quarter the first.
    pub fn month_of_year(&self, step: usize) -> Option<u32> {
        let date = self.date(step)?;
        let date = if matches!(self, TimeIndex::Weeks { .. }) { later(date, 3)? } else { date };
        Some(Month::of(date)?.month())
    }

    /// Number of the week of ISO 8601 that a step lies in, 1 to 53: the first is that of the first Thursday of the year.
    /// `None` for steps longer than a week.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::NaiveDate;
    /// use datagora_predict::TimeIndex;
    ///
    /// let start = NaiveDate::from_ymd_opt(2020, 12, 30).unwrap_or_default();
    /// let weeks = TimeIndex::Weeks { start };
    /// assert_eq!([0, 1, 52].map(|step| weeks.week_of_year(step)), [Some(53), Some(1), Some(52)]);
    /// assert_eq!(weeks.date(0), NaiveDate::from_ymd_opt(2020, 12, 28));
    /// ```
    pub fn week_of_year(&self, step: usize) -> Option<u32> {
        if matches!(self, TimeIndex::Months { .. } | TimeIndex::Quarters { .. }) {
            return None;
        }
        let date = self.date(step)?;
        let thursday = later(date, 3 - weekday(date) as i32)?;
        let month = Month::of(thursday)?;
        let new_year = month.plus(1 - month.month() as i32).first_day();
        u32::try_from((thursday.to_epoch_days() - new_year.to_epoch_days()) / 7 + 1).ok()
    }

    fn is_within_days(&self) -> bool {
        matches!(self, TimeIndex::Clock { .. } | TimeIndex::Days { .. })
    }

    /// Steps in a day, a week and a year, on average.
    pub(crate) fn cycles(&self) -> [f64; 3] {
        let second = match self {
            TimeIndex::Clock { seconds, .. } => f64::from((*seconds).max(1)),
            TimeIndex::Days { .. } => DAY,
            TimeIndex::Weeks { .. } => 7.0 * DAY,
            TimeIndex::Months { .. } => YEAR / 12.0,
            TimeIndex::Quarters { .. } => YEAR / 4.0,
        };
        [DAY / second, 7.0 * DAY / second, YEAR / second]
    }

    fn instant(&self, step: usize) -> Option<DateTime<Utc>> {
        let TimeIndex::Clock { start, seconds, .. } = self else { return None };
        let passed = i64::try_from(step).ok()?.checked_mul(i64::from(*seconds))?;
        DateTime::from_timestamp(start.timestamp().checked_add(passed)?, 0)
    }
}

/// The date so many days later.
fn later(date: NaiveDate, days: i32) -> Option<NaiveDate> {
    NaiveDate::from_epoch_days(date.to_epoch_days().checked_add(days)?)
}

/// 0 for Monday.
fn weekday(date: NaiveDate) -> u32 {
    // 1 January 1970 was a Thursday.
    (i64::from(date.to_epoch_days()) + 3).rem_euclid(7) as u32
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

    /// Weeks of ISO 8601 as Python's `date.isocalendar` numbers them.
    #[test]
    fn weeks_begin_on_monday_and_quarters_with_their_first_month() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        for (date, week) in [
            (day(2005, 1, 1), 53),
            (day(2008, 12, 29), 1),
            (day(2010, 1, 3), 53),
            (day(2016, 1, 4), 1),
            (day(2023, 1, 1), 52),
            (day(2024, 12, 31), 1),
        ] {
            assert_eq!(TimeIndex::Days { start: date }.week_of_year(0), Some(week), "{date}");
            assert_eq!(TimeIndex::Weeks { start: date }.week_of_year(0), Some(week), "{date}");
        }
        let weeks = TimeIndex::Weeks { start: day(2024, 2, 1) };
        assert_eq!((weeks.date(0), weeks.date(4)), (Some(day(2024, 1, 29)), Some(day(2024, 2, 26))));
        assert_eq!([0, 4].map(|step| weeks.month_of_year(step)), [Some(2), Some(2)]);
        assert_eq!((weeks.weekday(0), weeks.is_holiday(0), weeks.second_of_day(0)), (None, None, None));
        let quarters = TimeIndex::Quarters { start: Month::new(2023, 11).unwrap() };
        assert_eq!((quarters.date(0), quarters.date(1)), (Some(day(2023, 10, 1)), Some(day(2024, 1, 1))));
        assert_eq!([0, 1, 6].map(|step| quarters.month_of_year(step)), [Some(10), Some(1), Some(4)]);
        assert_eq!((quarters.weekday(0), quarters.week_of_year(0)), (None, None));
        assert_eq!((weeks.date(usize::MAX), quarters.date(usize::MAX)), (None, None));
    }
}
