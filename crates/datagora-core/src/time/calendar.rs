//! Working days.
use chrono::{Datelike, NaiveDate, Weekday};

use super::Holiday;
use crate::Month;

/// Which days of the week are worked.
///
/// # Example
///
/// ```
/// use datagora_core::{Month, WorkingWeek};
///
/// // May 2024: 1, 8 and 9 (Wednesdays, a Thursday) and 20 (a Monday) are holidays.
/// let may = Month::parse("2024-05")?;
/// assert_eq!(WorkingWeek::MondayToFriday.days_in(may), 19);
/// assert_eq!(WorkingWeek::MondayToSaturday.days_in(may), 23);
/// # Ok::<(), datagora_core::MonthError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum WorkingWeek {
    /// Monday to Friday, *jours ouvrés*: those of the French *trafic moyen des jours ouvrés*.
    #[default]
    MondayToFriday,
    /// Monday to Saturday, *jours ouvrables*.
    MondayToSaturday,
}

impl WorkingWeek {
    /// Is it a day of this week, and no public holiday?
    pub fn includes(self, date: NaiveDate) -> bool {
        let weekday = match date.weekday() {
            Weekday::Sun => false,
            Weekday::Sat => self == WorkingWeek::MondayToSaturday,
            _ => true,
        };
        weekday && Holiday::on(date).is_none()
    }

    /// Number of working days of a month.
    pub fn days_in(self, month: Month) -> u32 {
        month.dates().map(|date| u32::from(self.includes(date))).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_have_as_many_working_days_as_published() {
        // Jours ouvrés of a year, without public holidays: 2023: 251, 2024: 252, 2025: 251.
        for (year, days) in [(2023, 251), (2024, 252), (2025, 251)] {
            let months = (1..=12).filter_map(|month| Month::new(year, month).ok());
            assert_eq!(
                months.map(|month| WorkingWeek::MondayToFriday.days_in(month)).sum::<u32>(),
                days,
                "{year}"
            );
        }
    }

    #[test]
    fn saturdays_depend_on_the_week() {
        let saturday = NaiveDate::from_ymd_opt(2024, 5, 4).unwrap_or_default();
        assert!(
            WorkingWeek::MondayToSaturday.includes(saturday)
                && !WorkingWeek::MondayToFriday.includes(saturday)
        );
        let sunday = NaiveDate::from_ymd_opt(2024, 5, 5).unwrap_or_default();
        assert!(!WorkingWeek::MondayToSaturday.includes(sunday));
    }
}
