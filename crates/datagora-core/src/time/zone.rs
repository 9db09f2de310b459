//! Local clocks and the instants they show.
use std::fmt;
use std::ops::Range;

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

use crate::Month;

/// A time zone of the IANA database, with its changes of clock.
///
/// A local day is not 24 hours: on the last Sunday of March clocks in Paris jump from 2:00 to 3:00, and on the last
/// Sunday of October the hour from 2:00 to 3:00 happens twice.
///
/// # Example
///
/// ```
/// use datagora_core::{Month, Zone};
///
/// let march = Month::parse("2024-03")?;
/// assert_eq!(Zone::PARIS.hours_in_day(march.last_day()), 23);
/// assert_eq!(Zone::PARIS.hours_in_month(march), 31 * 24 - 1);
/// # Ok::<(), datagora_core::MonthError>(())
/// ```
///
/// # References
///
/// IANA Time Zone Database. <https://www.iana.org/time-zones>. Directive 2000/84/EC on summer-time arrangements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Zone(Tz);

/// One hour of a local clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LocalHour {
    /// When it begins.
    pub start: DateTime<Utc>,
    /// The local day.
    pub date: NaiveDate,
    /// What the clock shows, 0 to 23.
    pub hour: u32,
    /// Is it the second hour of the day to show this?
    pub repeated: bool,
    /// How far the clock is ahead of UTC.
    offset: chrono::FixedOffset,
}

/// Which of two instants a repeated local time means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Repeated {
    /// Neither: an error.
    #[default]
    Refuse,
    /// The first, still in summer time.
    First,
    /// The second, already in winter time.
    Second,
}

/// Why a local time is no instant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeError {
    /// Not a name of the database.
    #[error("{found:?} is not a time zone; needed is a name of the IANA database such as Europe/Paris")]
    UnknownZone {
        /// What was read, cut after 40 characters.
        found: String,
    },
    /// The clock jumped over this time.
    #[error("{local} does not exist in {zone}: the clock jumped over it; check whether the times are UTC")]
    Skipped {
        /// The local time.
        local: NaiveDateTime,
        /// Name of the zone.
        zone: &'static str,
    },
    /// The clock showed this time twice.
    #[error(
        "{local} happened twice in {zone}; say which one is meant with Repeated::First or Repeated::Second"
    )]
    Ambiguous {
        /// The local time.
        local: NaiveDateTime,
        /// Name of the zone.
        zone: &'static str,
    },
}

impl Zone {
    /// The zone of Lyon.
    pub const PARIS: Zone = Zone(Tz::Europe__Paris);
    /// Coordinated universal time.
    pub const UTC: Zone = Zone(Tz::UTC);

    /// The zone of a name of the IANA database.
    ///
    /// # Errors
    ///
    /// [`TimeError::UnknownZone`].
    pub fn parse(name: &str) -> Result<Self, TimeError> {
        name.parse().map(Zone).map_err(|_| TimeError::UnknownZone { found: name.chars().take(40).collect() })
    }

    /// Its name in the IANA database.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The instant of a local time.
    ///
    /// # Errors
    ///
    /// [`TimeError::Skipped`] for a time the clock jumped over; [`TimeError::Ambiguous`] for one it showed twice, if
    /// `repeated` refuses it.
    pub fn instant(self, local: NaiveDateTime, repeated: Repeated) -> Result<DateTime<Utc>, TimeError> {
        let found = self.0.from_local_datetime(&local);
        let instant = match repeated {
            Repeated::First => found.earliest(),
            Repeated::Second => found.latest(),
            Repeated::Refuse => {
                if found.latest() != found.earliest() {
                    return Err(TimeError::Ambiguous { local, zone: self.name() });
                }
                found.single()
            }
        };
        instant.map(|instant| instant.to_utc()).ok_or(TimeError::Skipped { local, zone: self.name() })
    }

    /// The hour of the local clock in which an instant lies.
    pub fn hour_of(self, instant: DateTime<Utc>) -> LocalHour {
        let offset = self.0.offset_from_utc_datetime(&instant.naive_utc()).fix();
        let local = instant.naive_utc().checked_add_offset(offset).unwrap_or(instant.naive_utc());
        let since = Duration::seconds(i64::from(local.num_seconds_from_midnight() % 3600))
            + Duration::nanoseconds(i64::from(local.nanosecond()));
        let start = instant.checked_sub_signed(since).unwrap_or(instant);
        let hour = local.hour();
        let date = local.date();
        let repeated = date.and_hms_opt(hour, 0, 0).is_some_and(|clock| {
            let both = self.0.from_local_datetime(&clock);
            both.earliest() != both.latest() && both.latest().is_some_and(|latest| latest.to_utc() == start)
        });
        LocalHour { start, date, hour, repeated, offset }
    }

    /// When a local day begins and ends, the end excluded.
    pub fn day(self, date: NaiveDate) -> Range<DateTime<Utc>> {
        let end = date.succ_opt().map_or(DateTime::<Utc>::MAX_UTC, |next| self.midnight(next));
        self.midnight(date)..end
    }

    /// Number of hours of a local day: 24, or 23 or 25 when the clock changes.
    pub fn hours_in_day(self, date: NaiveDate) -> u32 {
        hours(&self.day(date))
    }

    /// Number of hours of a local month, as a complete hourly series has them.
    pub fn hours_in_month(self, month: Month) -> u32 {
        hours(&(self.midnight(month.first_day())..self.day(month.last_day()).end))
    }

    /// The hours of a local day in order, as the clock shows them: without 2:00 in spring, with 2:00 twice in autumn.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::{Month, Zone};
    ///
    /// let sunday = Month::parse("2024-10")?.dates().nth(26).unwrap_or_default();
    /// let labels: Vec<String> = Zone::PARIS.hours(sunday).iter().map(ToString::to_string).collect();
    /// assert_eq!(labels.len(), 25);
    /// assert_eq!(labels[2], "2024-10-27T02:00+02:00");
    /// assert_eq!(labels[3], "2024-10-27T02:00+01:00");
    /// # Ok::<(), datagora_core::MonthError>(())
    /// ```
    pub fn hours(self, date: NaiveDate) -> Vec<LocalHour> {
        let day = self.day(date);
        let mut hours = Vec::with_capacity(25);
        let mut start = day.start;
        // A day has at most 25 hours, or 26 where a zone ever moved by two.
        while start < day.end && hours.len() < 26 {
            hours.push(self.hour_of(start));
            match start.checked_add_signed(Duration::hours(1)) {
                Some(next) => start = next,
                None => break,
            }
        }
        hours
    }

    /// The first instant of a local day. Where the clock jumps over midnight, that after the jump.
    fn midnight(self, date: NaiveDate) -> DateTime<Utc> {
        let clock = date.and_time(NaiveTime::MIN);
        let found = self.0.from_local_datetime(&clock).earliest().map(|instant| instant.to_utc());
        found.unwrap_or_else(|| {
            let before = clock.checked_sub_signed(Duration::hours(3)).unwrap_or(clock);
            let offset = self.0.offset_from_utc_datetime(&before).fix();
            clock
                .and_utc()
                .checked_sub_signed(Duration::seconds(i64::from(offset.local_minus_utc())))
                .unwrap_or(clock.and_utc())
        })
    }
}

/// Whole hours of a range, 24 for one that the calendar cuts off.
fn hours(range: &Range<DateTime<Utc>>) -> u32 {
    u32::try_from((range.end - range.start).num_hours()).unwrap_or(0)
}

/// Name of the zone.
impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Zone {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Zone {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
        Self::parse(&name).map_err(serde::de::Error::custom)
    }
}

/// Its beginning in ISO 8601 with the offset from UTC, which tells repeated hours apart.
impl fmt::Display for LocalHour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}T{:02}:00{}", self.date, self.hour, self.offset)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn date(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
    }

    #[test]
    fn clocks_change_on_last_sundays() {
        for (spring, autumn) in [
            ((2024, 3, 31), (2024, 10, 27)),
            ((2015, 3, 29), (2015, 10, 25)),
            ((2026, 3, 29), (2026, 10, 25)),
        ] {
            assert_eq!(Zone::PARIS.hours_in_day(date(spring.0, spring.1, spring.2)), 23);
            assert_eq!(Zone::PARIS.hours_in_day(date(autumn.0, autumn.1, autumn.2)), 25);
        }
        assert_eq!(Zone::PARIS.hours_in_day(date(2024, 5, 1)), 24);
        assert_eq!(Zone::UTC.hours_in_day(date(2024, 3, 31)), 24);
    }

    #[test]
    fn a_year_has_all_its_hours() {
        let year = (1..=12).filter_map(|month| Month::new(2024, month).ok());
        assert_eq!(year.map(|month| Zone::PARIS.hours_in_month(month)).sum::<u32>(), 366 * 24);
    }

    #[test]
    fn spring_skips_and_autumn_repeats() -> Result<(), TimeError> {
        let spring = Zone::PARIS.hours(date(2024, 3, 31));
        assert_eq!(spring.iter().map(|hour| hour.hour).take(4).collect::<Vec<_>>(), [0, 1, 3, 4]);
        let autumn = Zone::PARIS.hours(date(2024, 10, 27));
        let labels: Vec<(u32, bool)> = autumn.iter().map(|hour| (hour.hour, hour.repeated)).take(5).collect();
        assert_eq!(labels, [(0, false), (1, false), (2, false), (2, true), (3, false)]);

        let skipped = date(2024, 3, 31).and_hms_opt(2, 30, 0).unwrap_or_default();
        assert!(matches!(Zone::PARIS.instant(skipped, Repeated::Second), Err(TimeError::Skipped { .. })));
        let twice = date(2024, 10, 27).and_hms_opt(2, 30, 0).unwrap_or_default();
        assert!(matches!(Zone::PARIS.instant(twice, Repeated::Refuse), Err(TimeError::Ambiguous { .. })));
        let (first, second) =
            (Zone::PARIS.instant(twice, Repeated::First)?, Zone::PARIS.instant(twice, Repeated::Second)?);
        assert_eq!(second - first, Duration::hours(1));
        assert_eq!(Zone::PARIS.hour_of(first), autumn[2]);
        assert_eq!(Zone::PARIS.hour_of(second), autumn[3]);
        Ok(())
    }

    #[test]
    fn days_begin_even_where_midnight_is_skipped() -> Result<(), TimeError> {
        // Clocks in Beirut jump from 0:00 to 1:00.
        let beirut = Zone::parse("Asia/Beirut")?;
        let jump = date(2022, 3, 27);
        assert_eq!(beirut.hours_in_day(jump), 23);
        assert_eq!(beirut.hours(jump).first().map(|hour| (hour.date, hour.hour)), Some((jump, 1)));
        assert_eq!(beirut.day(jump).start, beirut.day(date(2022, 3, 26)).end);
        assert!(Zone::parse("Europe/Lyon").is_err());
        Ok(())
    }

    #[test]
    fn survives_the_ends_of_the_calendar() {
        for end in [NaiveDate::MIN, NaiveDate::MAX] {
            for zone in [Zone::PARIS, Zone::UTC] {
                let _ = zone.hours(end);
                let _ = zone.hours_in_day(end);
            }
        }
        let _ = Zone::PARIS.hour_of(DateTime::<Utc>::MAX_UTC);
        let _ = Zone::PARIS.hour_of(DateTime::<Utc>::MIN_UTC);
    }

    proptest! {
        #[test]
        fn hours_tile_the_days(day in 0i64..60_000) {
            let today = date(1920, 1, 1) + Duration::days(day);
            let hours = Zone::PARIS.hours(today);
            prop_assert_eq!(hours.len() as u32, Zone::PARIS.hours_in_day(today));
            prop_assert!(hours.iter().all(|hour| hour.date == today && Zone::PARIS.hour_of(hour.start) == *hour));
            prop_assert_eq!(hours.last().map(|hour| hour.start + Duration::hours(1)), Some(Zone::PARIS.day(today).end));
            prop_assert_eq!(Zone::PARIS.day(today).end, Zone::PARIS.day(today + Duration::days(1)).start);
        }
    }
}
