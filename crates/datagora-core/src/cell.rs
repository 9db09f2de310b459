//! Texts of cells, read as values.
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryBuilder, BooleanBuilder, Date32Builder, Float64Builder, Int64Builder, StringBuilder,
    TimestampMillisecondBuilder,
};
use chrono::{DateTime, NaiveDate, NaiveDateTime};

use crate::{FieldType, Repeated, TimeError, Zone};

/// How values are written in a file.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CellFormat {
    /// A comma may stand before the decimals.
    pub(crate) decimal_comma: bool,
    /// Zone of instants written without offset.
    pub(crate) zone: Option<Zone>,
}

/// The values of a column while they are read.
#[derive(Debug)]
pub(crate) enum Cells {
    Boolean(BooleanBuilder),
    Integer(Int64Builder),
    Number(Float64Builder),
    Text(StringBuilder),
    Date(Date32Builder),
    Instant(TimestampMillisecondBuilder),
    Geometry(BinaryBuilder),
}

impl Cells {
    pub(crate) fn new(kind: FieldType) -> Self {
        match kind {
            FieldType::Boolean => Cells::Boolean(BooleanBuilder::new()),
            FieldType::Integer => Cells::Integer(Int64Builder::new()),
            FieldType::Number => Cells::Number(Float64Builder::new()),
            FieldType::Text => Cells::Text(StringBuilder::new()),
            FieldType::Date => Cells::Date(Date32Builder::new()),
            FieldType::Instant => Cells::Instant(TimestampMillisecondBuilder::new().with_timezone("UTC")),
            FieldType::Geometry => Cells::Geometry(BinaryBuilder::new()),
        }
    }

    pub(crate) fn push_missing(&mut self) {
        match self {
            Cells::Boolean(builder) => builder.append_null(),
            Cells::Integer(builder) => builder.append_null(),
            Cells::Number(builder) => builder.append_null(),
            Cells::Text(builder) => builder.append_null(),
            Cells::Date(builder) => builder.append_null(),
            Cells::Instant(builder) => builder.append_null(),
            Cells::Geometry(builder) => builder.append_null(),
        }
    }

    /// Adds the value a text stands for; a text that stands for none adds nothing, and what was needed is returned.
    pub(crate) fn push(&mut self, text: &str, format: CellFormat) -> Result<(), &'static str> {
        let trimmed = text.trim();
        match self {
            Cells::Boolean(builder) => {
                builder.append_value(
                    boolean(trimmed).ok_or("true or false (vrai or faux, oui or non, 1 or 0)")?,
                );
            }
            Cells::Integer(builder) => {
                builder.append_value(integer(trimmed, format).ok_or("a whole number")?);
            }
            Cells::Number(builder) => match number(trimmed, format) {
                Some(value) if value.is_nan() => builder.append_null(),
                Some(value) => builder.append_value(value),
                None if format.decimal_comma => return Err("a number"),
                None => return Err("a number with a decimal point"),
            },
            Cells::Text(builder) => builder.append_value(text),
            Cells::Date(builder) => {
                let date = date(trimmed).ok_or("a date such as 2024-05-31 or 31/05/2024")?;
                builder.append_value(arrow::datatypes::Date32Type::from_naive_date(date));
            }
            Cells::Instant(builder) => builder.append_value(instant(trimmed, format.zone)?),
            Cells::Geometry(builder) => {
                builder.append_value(hexadecimal(trimmed).ok_or("a geometry as WKB in hexadecimal")?);
            }
        }
        Ok(())
    }

    pub(crate) fn finish(&mut self) -> ArrayRef {
        match self {
            Cells::Boolean(builder) => Arc::new(builder.finish()),
            Cells::Integer(builder) => Arc::new(builder.finish()),
            Cells::Number(builder) => Arc::new(builder.finish()),
            Cells::Text(builder) => Arc::new(builder.finish()),
            Cells::Date(builder) => Arc::new(builder.finish()),
            Cells::Instant(builder) => Arc::new(builder.finish()),
            Cells::Geometry(builder) => Arc::new(builder.finish()),
        }
    }
}

fn boolean(text: &str) -> Option<bool> {
    const TRUE: [&str; 8] = ["true", "vrai", "oui", "yes", "1", "t", "o", "y"];
    const FALSE: [&str; 7] = ["false", "faux", "non", "no", "0", "f", "n"];
    let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(&TRUE) {
        Some(true)
    } else if is(&FALSE) {
        Some(false)
    } else {
        None
    }
}

/// A whole number, also when it is written with a zero fraction, as spreadsheets do to columns with gaps.
fn integer(text: &str, format: CellFormat) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0; // 2^53: beyond, f64 skips whole numbers.
    if let Ok(value) = text.parse() {
        return Some(value);
    }
    let value = number(text, format)?;
    (value.fract() == 0.0 && value.abs() <= EXACT).then_some(value as i64)
}

/// A number: sign, digits, decimals after a point (or comma), exponent; digits may be grouped by spaces, as in French.
/// `INF`, `-INF` and `NaN` are written as XML Schema and CSV on the Web write them.
fn number(text: &str, format: CellFormat) -> Option<f64> {
    match text {
        "NaN" => return Some(f64::NAN),
        "INF" => return Some(f64::INFINITY),
        "-INF" => return Some(f64::NEG_INFINITY),
        _ => {}
    }
    let plain = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E');
    if text.bytes().all(plain) {
        return text.parse().ok().filter(|value: &f64| value.is_finite());
    }
    let mut digits = ungrouped(text)?;
    if format.decimal_comma && digits.matches(',').count() == 1 && !digits.contains('.') {
        digits = digits.replace(',', ".");
    }
    if digits.bytes().all(plain) { digits.parse().ok().filter(|value: &f64| value.is_finite()) } else { None }
}

/// The text without the spaces between groups of three digits; `None` if spaces stand elsewhere.
fn ungrouped(text: &str) -> Option<String> {
    let is_space = |letter: char| matches!(letter, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}');
    let end = text.find(['.', ',', 'e', 'E']).unwrap_or(text.len());
    let (whole, rest) = text.split_at(end);
    let mut groups = whole.split(is_space);
    let mut digits = groups.next()?.to_owned();
    let first = digits.trim_start_matches(['+', '-']).len();
    let mut grouped = false;
    for group in groups {
        if group.len() != 3 {
            return None;
        }
        grouped = true;
        digits.push_str(group);
    }
    if grouped && !(1..=3).contains(&first) {
        return None;
    }
    digits.push_str(rest);
    Some(digits)
}

/// A calendar date: ISO 8601, or day/month/year as French portals write it.
fn date(text: &str) -> Option<NaiveDate> {
    // The date of an instant at midnight, as exports of date columns have it.
    let text = text
        .strip_suffix("Z")
        .unwrap_or(text)
        .trim_end_matches(".000")
        .strip_suffix("00:00:00")
        .map_or(text, |day| day.trim_end_matches(['T', ' ']));
    let (format, digits) = match text.as_bytes() {
        [_, _, _, _, b'-', ..] => ("%Y-%m-%d", 10),
        [_, _, _, _, b'/', ..] => ("%Y/%m/%d", 10),
        [_, _, b'/', ..] => ("%d/%m/%Y", 10),
        _ => return None,
    };
    (text.len() == digits).then(|| NaiveDate::parse_from_str(text, format).ok()).flatten()
}

/// Milliseconds since 1970 of an instant in ISO 8601, with an offset or in a zone that is known.
fn instant(text: &str, zone: Option<Zone>) -> Result<i64, &'static str> {
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return Ok(instant.timestamp_millis());
    }
    for format in ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f %#z"] {
        if let Ok(instant) = DateTime::parse_from_str(text, format) {
            return Ok(instant.timestamp_millis());
        }
    }
    let local = [
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y-%m-%dT%H:%M",
        "%Y-%m-%d %H:%M",
        "%d/%m/%Y %H:%M:%S",
        "%d/%m/%Y %H:%M",
    ]
    .iter()
    .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
    .ok_or("an instant such as 2024-05-31T12:00:00+02:00")?;
    let zone = zone.ok_or("an instant with its offset from UTC, or a zone given in the options")?;
    match zone.instant(local, Repeated::Refuse) {
        Ok(instant) => Ok(instant.timestamp_millis()),
        Err(TimeError::Skipped { .. }) => {
            Err("an instant that exists: the clocks skip this hour as they go forward")
        }
        Err(_) => Err("an instant with its offset from UTC: this hour comes twice as the clocks go back"),
    }
}

fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| (byte as char).to_digit(16).map(|digit| digit as u8);
    if !text.len().is_multiple_of(2) {
        return None;
    }
    text.as_bytes().chunks_exact(2).map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FRENCH: CellFormat = CellFormat { decimal_comma: true, zone: Some(Zone::PARIS) };

    #[test]
    fn numbers() {
        for (text, value) in [
            ("5", 5.0),
            ("-0.5e3", -500.0),
            ("1 234,5", 1234.5),
            ("1\u{202f}234\u{202f}567", 1_234_567.0),
            ("4,5", 4.5),
            ("4.5", 4.5),
        ] {
            assert_eq!(number(text, FRENCH), Some(value), "{text}");
        }
        for text in ["", "1.234,5", "1 23", "1234 567", "1,2,3", "inf", "1e999", "abc", "1 234 ", ".", "- 5"]
        {
            assert_eq!(number(text, FRENCH), None, "{text}");
        }
        assert_eq!(number("4,5", CellFormat::default()), None);
        assert_eq!(integer("69123.0", FRENCH), Some(69123));
        assert_eq!(integer("1.5", FRENCH), None);
        assert_eq!(integer("9223372036854775807", FRENCH), Some(i64::MAX));
        assert_eq!(integer("9223372036854775808", FRENCH), None);
    }

    #[test]
    fn dates_and_instants() {
        let day = NaiveDate::from_ymd_opt(2024, 5, 31);
        for text in ["2024-05-31", "31/05/2024", "2024/05/31", "2024-05-31T00:00:00Z", "2024-05-31 00:00:00"]
        {
            assert_eq!(date(text), day, "{text}");
        }
        for text in ["2024-13-01", "31/31/2024", "2024-05-31T12:00:00", "2024-5-31x", "é024-05-3", ""] {
            assert_eq!(date(text), None, "{text}");
        }
        let noon = 1_717_149_600_000; // 2024-05-31T10:00:00Z
        for text in [
            "2024-05-31T12:00:00+02:00",
            "2024-05-31T10:00:00.000Z",
            "2024-05-31 12:00:00+0200",
            "2024-05-31 12:00:00",
            "31/05/2024 12:00",
        ] {
            assert_eq!(instant(text, FRENCH.zone), Ok(noon), "{text}");
        }
        assert!(instant("2024-05-31 12:00:00", None).unwrap_err().contains("offset"));
        assert!(instant("2024-10-27 02:30:00", FRENCH.zone).unwrap_err().contains("twice"));
        assert!(instant("2024-03-31 02:30:00", FRENCH.zone).unwrap_err().contains("skip"));
    }

    proptest! {
        #[test]
        fn reading_never_panics(text in ".*") {
            for kind in [FieldType::Boolean, FieldType::Integer, FieldType::Number, FieldType::Text,
                FieldType::Date, FieldType::Instant, FieldType::Geometry] {
                let mut cells = Cells::new(kind);
                let pushed = cells.push(&text, FRENCH).is_ok();
                prop_assert_eq!(cells.finish().len(), usize::from(pushed));
            }
        }

        #[test]
        fn numbers_come_back(value in proptest::num::f64::NORMAL) {
            prop_assert_eq!(number(&format!("{value:?}"), CellFormat::default()), Some(value));
        }
    }
}
