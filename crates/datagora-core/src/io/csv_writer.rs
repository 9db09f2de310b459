//! Tables as CSV files.
use std::io::Write;
use std::path::Path;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Date32Type, Float64Type, Int64Type, TimestampMillisecondType};
use chrono::{DateTime, SecondsFormat};
use csv::{Terminator, WriterBuilder};

use super::{AtomicFile, WriteError};
use crate::{FieldType, Table};

/// How a CSV file is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct CsvWriteOptions {
    byte_order_mark: bool,
}

impl CsvWriteOptions {
    /// Begins the file with a byte order mark, by which Excel knows UTF-8.
    pub fn with_byte_order_mark(self, byte_order_mark: bool) -> Self {
        Self { byte_order_mark }
    }
}

/// Writes a table as a CSV file that appears whole or not at all: UTF-8, commas, decimal points, lines ended by CR LF.
///
/// Missing values are empty cells. Numbers have as many digits as it takes to read the same number back; infinite ones are
/// `INF`. Dates and instants are ISO 8601, geometries WKB in hexadecimal.
///
/// # Errors
///
/// [`WriteError`].
///
/// # References
///
/// Shafranovich, Y. (2005). *Common Format and MIME Type for CSV Files*. RFC 4180. Numbers: W3C, *Model for Tabular Data and
/// Metadata on the Web*, 6.4.2.
pub fn write_csv(path: impl AsRef<Path>, table: &Table) -> Result<(), WriteError> {
    write_csv_with(path, table, &CsvWriteOptions::default())
}

/// Writes a table as a CSV file, as the options say.
///
/// # Errors
///
/// As [`write_csv`].
pub fn write_csv_with(
    path: impl AsRef<Path>,
    table: &Table,
    options: &CsvWriteOptions,
) -> Result<(), WriteError> {
    let mut file = AtomicFile::create(path.as_ref())?;
    let unwritable = |source| WriteError::Unwritable { path: path.as_ref().to_owned(), source };
    if options.byte_order_mark {
        file.write_all(b"\xEF\xBB\xBF").map_err(unwritable)?;
    }
    write_csv_to(&mut file, table).map_err(unwritable)?;
    file.commit()
}

/// Writes a table as CSV into anything that takes bytes.
///
/// # Errors
///
/// Those of the writer.
pub fn write_csv_to(writer: impl Write, table: &Table) -> std::io::Result<()> {
    let mut records = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(writer);
    let fields = table.schema().fields();
    records.write_record(fields.iter().map(|field| field.name.as_bytes()))?;
    let mut cell = String::new();
    for row in 0..table.len() {
        for (field, column) in fields.iter().zip(table.batch().columns()) {
            cell.clear();
            if column.is_valid(row) {
                show(&mut cell, field.kind, column, row);
            }
            records.write_field(&cell)?;
        }
        records.write_record(None::<&[u8]>)?;
    }
    records.flush()
}

fn show(cell: &mut String, kind: FieldType, column: &dyn Array, row: usize) {
    use std::fmt::Write;
    // Writing into a string cannot fail.
    let _ = match kind {
        FieldType::Boolean => write!(cell, "{}", column.as_boolean().value(row)),
        FieldType::Integer => write!(cell, "{}", column.as_primitive::<Int64Type>().value(row)),
        FieldType::Number => show_number(cell, column.as_primitive::<Float64Type>().value(row)),
        FieldType::Text => write!(cell, "{}", column.as_string::<i32>().value(row)),
        FieldType::Date => {
            let day = Date32Type::to_naive_date_opt(column.as_primitive::<Date32Type>().value(row));
            day.map_or(Ok(()), |day| write!(cell, "{}", day.format("%Y-%m-%d")))
        }
        FieldType::Instant => {
            let instant = column.as_primitive::<TimestampMillisecondType>().value(row);
            DateTime::from_timestamp_millis(instant).map_or(Ok(()), |instant| {
                write!(cell, "{}", instant.to_rfc3339_opts(SecondsFormat::AutoSi, true))
            })
        }
        FieldType::Geometry => {
            write!(cell, "{}", crate::lineage::hexadecimal(column.as_binary::<i32>().value(row)))
        }
    };
}

fn show_number(cell: &mut String, value: f64) -> std::fmt::Result {
    use std::fmt::Write;
    if value.is_nan() {
        // Missing, as for the kernels.
        Ok(())
    } else if value.is_infinite() {
        cell.write_str(if value > 0.0 { "INF" } else { "-INF" })
    } else if value == 0.0 || (1e-5..1e16).contains(&value.abs()) {
        write!(cell, "{value}")
    } else {
        write!(cell, "{value:e}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Role, Table, Unit};

    #[test]
    fn cells_that_need_quotes_get_them() {
        let table = Table::empty()
            .with_text("nom, prénom", Role::Attribute, [Some("l’\"été\""), None, Some("a\nb")])
            .unwrap()
            .with_number("x", Role::Measure, Unit::ONE, [Some(0.1), Some(f64::NAN), Some(1e300)])
            .unwrap();
        let mut bytes = Vec::new();
        write_csv_to(&mut bytes, &table).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text, "\"nom, prénom\",x\r\n\"l’\"\"été\"\"\",0.1\r\n,\r\n\"a\nb\",1e300\r\n");
    }

    #[test]
    fn a_single_missing_cell_is_still_a_record() {
        let table = Table::empty().with_text("a", Role::Attribute, [None::<&str>, Some("x")]).unwrap();
        let mut bytes = Vec::new();
        write_csv_to(&mut bytes, &table).unwrap();
        assert_eq!(bytes, b"a\r\n\"\"\r\nx\r\n");
    }

    #[test]
    fn the_mark_is_written_on_request() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        let table = Table::empty().with_text("a", Role::Attribute, [Some("x")]).unwrap();
        write_csv_with(&path, &table, &CsvWriteOptions::default().with_byte_order_mark(true)).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"\xEF\xBB\xBFa\r\nx\r\n");
        write_csv(&path, &table).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"a\r\nx\r\n");
    }
}
