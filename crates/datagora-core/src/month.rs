//! Calendar months, the time index of monthly series.
use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};

use crate::Language;

/// A calendar month, written `2024-05`.
///
/// Months count without gaps, so a series at months can be checked for holes by subtraction. Years run from 0000 to
/// 9999, those that ISO 8601 writes with four digits.
///
/// # Example
///
/// ```
/// use datagora_core::Month;
///
/// let may = Month::parse("2024-05")?;
/// assert_eq!(may.plus(8).to_string(), "2025-01");
/// assert_eq!(may.succ().months_since(may), 1);
/// assert_eq!(may.days(), 31);
/// # Ok::<(), datagora_core::MonthError>(())
/// ```
///
/// # References
///
/// ISO 8601-1:2019, 5.2.2.2 (representation with reduced precision: a specific month).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// Months since 0000-01.
    index: i32,
}

/// Index of 9999-12.
const LAST: i32 = 12 * 10_000 - 1;

const FRENCH: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// As French newspapers and the Imprimerie nationale abbreviate them.
const FRENCH_SHORT: [&str; 12] =
    ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juill.", "août", "sept.", "oct.", "nov.", "déc."];

const ENGLISH: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const ENGLISH_SHORT: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Why something is not a month.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MonthError {
    /// Not `yyyy-mm`.
    #[error("{found:?} is not a month; write year and month as 2024-05")]
    Malformed {
        /// What was read, cut after 40 characters.
        found: String,
    },
    /// Month outside 1..=12 or year outside 0..=9999.
    #[error(
        "year {year}, month {month} is not in the calendar; years run from 0 to 9999 and months from 1 to 12"
    )]
    OutOfRange {
        /// The year given.
        year: i32,
        /// The month given.
        month: u32,
    },
}

impl Month {
    /// The month of this year and number, January being 1.
    ///
    /// # Errors
    ///
    /// [`MonthError::OutOfRange`].
    pub fn new(year: i32, month: u32) -> Result<Self, MonthError> {
        if !(0..=9999).contains(&year) || !(1..=12).contains(&month) {
            return Err(MonthError::OutOfRange { year, month });
        }
        Ok(Self { index: year * 12 + month as i32 - 1 })
    }

    /// Reads `2024-05`.
    ///
    /// # Errors
    ///
    /// [`MonthError::Malformed`] unless it is four digits, a hyphen and two digits; [`MonthError::OutOfRange`] if the
    /// month is not one of 01 to 12.
    pub fn parse(text: &str) -> Result<Self, MonthError> {
        let malformed = || MonthError::Malformed { found: text.chars().take(40).collect() };
        let (year, month) = text.split_once('-').ok_or_else(malformed)?;
        let digits =
            |part: &str, length| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return Err(malformed());
        }
        let number = |part: &str| part.parse::<u32>().map_err(|_| malformed());
        Self::new(number(year)? as i32, number(month)?)
    }

    /// The month a date falls in; `None` outside the years 0 to 9999.
    pub fn of(date: NaiveDate) -> Option<Self> {
        Self::new(date.year(), date.month()).ok()
    }

    /// The year.
    pub const fn year(self) -> i32 {
        self.index / 12
    }

    /// The month of the year, 1 to 12.
    pub const fn month(self) -> u32 {
        (self.index % 12) as u32 + 1
    }

    /// This month and `months` more, or fewer if negative. Stops at 0000-01 and 9999-12.
    pub const fn plus(self, months: i32) -> Self {
        let index = self.index.saturating_add(months);
        Self {
            index: if index < 0 {
                0
            } else if index > LAST {
                LAST
            } else {
                index
            },
        }
    }

    /// The next month.
    pub const fn succ(self) -> Self {
        self.plus(1)
    }

    /// The month before.
    pub const fn pred(self) -> Self {
        self.plus(-1)
    }

    /// How many months it comes after `other`; negative if before.
    pub const fn months_since(self, other: Self) -> i32 {
        self.index - other.index
    }

    /// All months from this one to `last`, both included; none if `last` is earlier.
    pub fn through(self, last: Self) -> impl DoubleEndedIterator<Item = Self> + ExactSizeIterator {
        let count = (last.index - self.index + 1).max(0);
        (0..count).map(move |step| self.plus(step))
    }

    /// Its first day.
    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year(), self.month(), 1).unwrap_or_default()
    }

    /// Its last day.
    pub fn last_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year(), self.month(), self.days()).unwrap_or_default()
    }

    /// Number of its days, 28 to 31.
    pub const fn days(self) -> u32 {
        let year = self.year();
        match self.month() {
            4 | 6 | 9 | 11 => 30,
            2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
            2 => 28,
            _ => 31,
        }
    }

    /// Its days in order.
    pub fn dates(self) -> impl Iterator<Item = NaiveDate> {
        self.first_day().iter_days().take(self.days() as usize)
    }

    /// In words: « mai 2024 », "May 2024".
    pub fn label(self, language: Language) -> String {
        format!("{} {}", self.name(language), self.year())
    }

    /// Its name without the year: « mai », "May".
    pub const fn name(self, language: Language) -> &'static str {
        let at = (self.index % 12) as usize;
        language.pick(FRENCH[at], ENGLISH[at])
    }

    /// Its abbreviated name without the year, for axes: « janv. », "Jan".
    pub const fn short_name(self, language: Language) -> &'static str {
        let at = (self.index % 12) as usize;
        language.pick(FRENCH_SHORT[at], ENGLISH_SHORT[at])
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.month())
    }
}

impl fmt::Debug for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Month({self})")
    }
}

impl FromStr for Month {
    type Err = MonthError;

    fn from_str(text: &str) -> Result<Self, MonthError> {
        Self::parse(text)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Month {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Month {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_month() -> impl Strategy<Value = Month> {
        (0..=LAST).prop_map(|index| Month { index })
    }

    proptest! {
        #[test]
        fn writes_what_it_reads(month in any_month()) {
            prop_assert_eq!(Month::parse(&month.to_string()), Ok(month));
            prop_assert_eq!(Month::new(month.year(), month.month()), Ok(month));
        }

        #[test]
        fn never_panics(text in ".{0,12}") {
            if let Ok(month) = Month::parse(&text) {
                prop_assert_eq!(month.to_string(), text);
            }
        }

        #[test]
        fn counts_without_gaps(month in any_month(), step in -20_000i32..20_000) {
            let moved = month.plus(step);
            if moved.index > 0 && moved.index < LAST {
                prop_assert_eq!(moved.months_since(month), step);
                prop_assert_eq!(moved.first_day().pred_opt().and_then(Month::of), Some(moved.pred()));
            }
            prop_assert_eq!(month.days() as usize, month.dates().count());
            prop_assert_eq!(month.dates().last(), Some(month.last_day()));
            prop_assert!(month.dates().all(|date| Month::of(date) == Some(month)));
        }
    }

    #[test]
    fn refuses_what_is_not_a_month() {
        for text in
            ["", "2024", "2024-5", "24-05", "2024-05-01", "2024/05", "+024-05", "２０２４-05", "2024-0٥"]
        {
            assert_eq!(Month::parse(text), Err(MonthError::Malformed { found: text.to_owned() }), "{text}");
        }
        assert_eq!(Month::parse("2024-13"), Err(MonthError::OutOfRange { year: 2024, month: 13 }));
        assert_eq!(Month::parse("2024-00"), Err(MonthError::OutOfRange { year: 2024, month: 0 }));
        assert_eq!(Month::new(10_000, 1), Err(MonthError::OutOfRange { year: 10_000, month: 1 }));
        assert_eq!(Month::new(-1, 12), Err(MonthError::OutOfRange { year: -1, month: 12 }));
    }

    #[test]
    fn stops_at_the_ends_of_the_calendar() -> Result<(), MonthError> {
        assert_eq!(Month::new(9999, 12)?.plus(i32::MAX), Month::new(9999, 12)?);
        assert_eq!(Month::new(2024, 1)?.plus(i32::MIN), Month::new(0, 1)?);
        Ok(())
    }

    #[test]
    fn runs_through_a_year() -> Result<(), MonthError> {
        let year: Vec<String> =
            Month::new(2023, 11)?.through(Month::new(2024, 2)?).map(|m| m.to_string()).collect();
        assert_eq!(year, ["2023-11", "2023-12", "2024-01", "2024-02"]);
        assert_eq!(Month::new(2024, 2)?.through(Month::new(2024, 1)?).len(), 0);
        Ok(())
    }

    #[test]
    fn speaks_both_languages() -> Result<(), MonthError> {
        let month = Month::new(2024, 2)?;
        assert_eq!(month.label(Language::French), "février 2024");
        assert_eq!(month.label(Language::English), "February 2024");
        assert_eq!(month.short_name(Language::French), "févr.");
        Ok(())
    }

    #[cfg(feature = "serde")]
    #[test]
    fn is_text_in_json() -> Result<(), Box<dyn std::error::Error>> {
        let month: Month = serde_json::from_str("\"2024-05\"")?;
        assert_eq!(serde_json::to_string(&month)?, "\"2024-05\"");
        assert!(serde_json::from_str::<Month>("\"2024-5\"").is_err());
        Ok(())
    }
}
