//! What the time written beside a count means.
use datagora_core::{NaiveDateTime, Repeated, TimeError, Zone};

/// Whether a timestamp is the start or the end of the interval counted in.
///
/// Paris publishes loop counts at the end of the hour, the national standard at its start: taking one for the other
/// moves every profile by an hour. There is no default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum TimestampConvention {
    /// The interval begins at the timestamp, which belongs to it.
    Start,
    /// The interval ends at the timestamp, which does not belong to it.
    End,
}

impl TimestampConvention {
    /// Start of the interval, from a timestamp in seconds since 1970 (UTC) and the length of the interval.
    pub fn start(self, timestamp: i64, duration: u32) -> i64 {
        match self {
            TimestampConvention::Start => timestamp,
            TimestampConvention::End => timestamp.saturating_sub(i64::from(duration)),
        }
    }

    /// Start of the interval, in seconds since 1970 (UTC), from the time that a local clock showed.
    ///
    /// The length is subtracted from the instant, not from the clock: an hour that ends at 3:00 on the last Sunday of
    /// March began at 1:00.
    ///
    /// # Errors
    ///
    /// [`TimeError`] for a time that the clock jumped over, or showed twice and `repeated` refuses.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::{Month, Repeated, Zone};
    /// use datagora_indicators::mobility::TimestampConvention;
    ///
    /// let noon = Month::parse("2024-07")?.first_day().and_hms_opt(12, 0, 0).unwrap();
    /// let start = TimestampConvention::End.local_start(noon, 3_600, Zone::PARIS, Repeated::Refuse)?;
    /// assert_eq!(start, noon.and_utc().timestamp() - 3 * 3_600); // 11:00 in Lyon is 9:00 UTC
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn local_start(
        self,
        local: NaiveDateTime,
        duration: u32,
        zone: Zone,
        repeated: Repeated,
    ) -> Result<i64, TimeError> {
        Ok(self.start(zone.instant(local, repeated)?.timestamp(), duration))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use datagora_core::NaiveDate;

    #[test]
    fn ends_count_back_from_the_instant() {
        let clock = |month, day, hour| {
            NaiveDate::from_ymd_opt(2024, month, day).unwrap().and_hms_opt(hour, 0, 0).unwrap()
        };
        let start = |clock, convention: TimestampConvention, repeated| {
            convention.local_start(clock, 3_600, Zone::PARIS, repeated)
        };
        let (first, end) = (Repeated::First, TimestampConvention::End);
        // 31 March: the hour before 3:00 summer time begins at 1:00 winter time, 0:00 UTC.
        let midnight = clock(3, 31, 0).and_utc().timestamp();
        assert_eq!(start(clock(3, 31, 3), end, first), Ok(midnight));
        assert!(start(clock(3, 31, 2), end, first).is_err());
        // 27 October: 2:00 comes twice; the hour before the second is the first hour from 2:00 to 3:00.
        let midnight = clock(10, 27, 0).and_utc().timestamp();
        assert_eq!(start(clock(10, 27, 2), end, Repeated::First), Ok(midnight - 3_600));
        assert_eq!(start(clock(10, 27, 2), end, Repeated::Second), Ok(midnight));
        assert_eq!(
            start(clock(10, 27, 2), TimestampConvention::Start, Repeated::Second),
            Ok(midnight + 3_600)
        );
        assert!(start(clock(10, 27, 2), end, Repeated::Refuse).is_err());
    }
}
