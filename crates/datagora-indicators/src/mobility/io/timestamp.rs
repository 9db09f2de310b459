//! Points in time as files write them: RFC 3339, ISO 8601 and XML Schema's `dateTime`.
use datagora_core::{NaiveDate, NaiveDateTime};

/// A time that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Timestamp {
    /// With `Z` or an offset: seconds since 1970 UTC; fractions are cut off.
    Instant(i64),
    /// Without either: what a local clock showed.
    Local(NaiveDateTime),
}

/// Seconds since 1970 of a time with an offset, and nothing else.
pub(super) fn instant(text: &[u8]) -> Option<i64> {
    match parse(text)? {
        Timestamp::Instant(seconds) => Some(seconds),
        Timestamp::Local(_) => None,
    }
}

/// Reads `2024-03-31T02:30:00`, with `Z` or an offset (`+01:00`, `+0100`, `+01`) or without; the `T` may be a space, the
/// seconds may have a fraction or be missing.
pub(super) fn parse(text: &[u8]) -> Option<Timestamp> {
    let text = text.trim_ascii();
    let digits = |from: usize, length: usize| number(text.get(from..from + length)?);
    if *text.get(4)? != b'-' || *text.get(7)? != b'-' || !matches!(text.get(10)?, b'T' | b't' | b' ') {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(digits(0, 4)? as i32, digits(5, 2)?, digits(8, 2)?)?;
    if *text.get(13)? != b':' {
        return None;
    }
    let (hour, minute) = (digits(11, 2)?, digits(14, 2)?);
    let mut rest = &text[16..];
    let mut second = 0;
    if let [b':', after @ ..] = rest {
        second = number(after.get(..2)?)?;
        rest = &after[2..];
        if let [b'.' | b',', fraction @ ..] = rest {
            let length = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if length == 0 {
                return None;
            }
            rest = &fraction[length..];
        }
    }
    // A leap second is the last second of its minute, as POSIX time has it; 24:00 is the next midnight.
    let (hour, days) = if (hour, minute, second) == (24, 0, 0) { (0, 1) } else { (hour, 0) };
    let date = if days == 1 { date.succ_opt()? } else { date };
    let local = date.and_hms_opt(hour, minute, second.min(if second == 60 { 59 } else { second }))?;
    let offset = match rest {
        [] => return Some(Timestamp::Local(local)),
        [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), hours @ ..] => {
            let (hours, minutes) = match hours {
                [_, _] => (number(hours)?, 0),
                [_, _, _, _] => (number(&hours[..2])?, number(&hours[2..])?),
                [_, _, b':', _, _] => (number(&hours[..2])?, number(&hours[3..])?),
                _ => return None,
            };
            if hours > 14 || minutes > 59 {
                return None;
            }
            let seconds = i64::from(hours * 3_600 + minutes * 60);
            if *sign == b'-' { -seconds } else { seconds }
        }
        _ => return None,
    };
    Some(Timestamp::Instant(local.and_utc().timestamp() - offset))
}

/// A number of decimal digits only.
fn number(digits: &[u8]) -> Option<u32> {
    let mut value = 0_u32;
    for &digit in digits {
        value =
            value.checked_mul(10)?.checked_add(u32::from(digit.checked_sub(b'0').filter(|d| *d < 10)?))?;
    }
    (!digits.is_empty()).then_some(value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_forms_that_files_use() {
        let noon = 1_711_886_400; // 2024-03-31T12:00:00Z
        for text in [
            "2024-03-31T12:00:00Z",
            "2024-03-31T14:00:00+02:00",
            "2024-03-31T14:00:00.512345678+0200",
            "2024-03-31 08:00:00-04",
            " 2024-03-31T12:00Z ",
            "2024-03-31T12:00:00,9Z",
        ] {
            assert_eq!(instant(text.as_bytes()), Some(noon), "{text}");
        }
        let Some(Timestamp::Local(local)) = parse(b"2024-03-31T02:30:00") else { panic!("no local time") };
        assert_eq!(local.to_string(), "2024-03-31 02:30:00");
        assert_eq!(instant(b"2016-12-31T23:59:60Z"), instant(b"2016-12-31T23:59:59Z"));
        assert_eq!(instant(b"2024-03-30T24:00:00Z"), instant(b"2024-03-31T00:00:00Z"));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "2024",
            "2024-02-30T00:00:00Z",
            "2024-03-31T25:00:00Z",
            "2024-03-31T12:60:00Z",
            "31/03/2024 12:00",
            "2024-03-31T12:00:00+99:00",
            "2024-03-31T12:00:00.Z",
            "2024-03-31T12:00:00ZZ",
            "2024-03-31",
            "20a4-03-31T12:00:00Z",
        ] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..40), text in "[0-9TZ:+. -]{0,32}") {
            let _ = parse(&bytes);
            let _ = parse(text.as_bytes());
        }

        #[test]
        fn chrono_agrees(seconds in 0_i64..4_000_000_000, offset in -12_i64..=14) {
            let shifted = datagora_core::DateTime::from_timestamp(seconds + offset * 3_600, 0).unwrap().naive_utc();
            let sign = if offset < 0 { '-' } else { '+' };
            let text = format!("{}{sign}{:02}:00", shifted.format("%Y-%m-%dT%H:%M:%S"), offset.abs());
            prop_assert_eq!(instant(text.as_bytes()), Some(seconds));
        }
    }
}
