//! How a CSV file is to be read.
use super::TextEncoding;
use crate::cell::CellFormat;
use crate::{Schema, Zone};

/// What becomes of records that are not as needed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum OnProblem {
    /// The file is refused, and all problems are told.
    #[default]
    Refuse,
    /// The record is left out, and its problems are told in the report.
    SkipRow,
}

/// How a CSV file is to be read. What is not said is found out: encoding, separator, decimal mark.
///
/// ```
/// use datagora_core::io::CsvOptions;
///
/// let options = CsvOptions::default().with_separator(';').with_decimal_comma(true);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct CsvOptions {
    pub(super) schema: Option<Schema>,
    pub(super) encoding: Option<TextEncoding>,
    pub(super) separator: Option<char>,
    pub(super) decimal_comma: Option<bool>,
    pub(super) repair_mojibake: bool,
    pub(super) missing: Vec<String>,
    pub(super) columns: Option<Vec<String>>,
    pub(super) zone: Option<Zone>,
    pub(super) on_problem: OnProblem,
    pub(super) max_problems: usize,
    pub(super) batch_rows: usize,
}

impl Default for CsvOptions {
    fn default() -> Self {
        Self {
            schema: None,
            encoding: None,
            separator: None,
            decimal_comma: None,
            repair_mojibake: false,
            missing: Vec::new(),
            columns: None,
            zone: None,
            on_problem: OnProblem::Refuse,
            max_problems: 100,
            batch_rows: 65_536,
        }
    }
}

impl CsvOptions {
    /// Reads these columns, in this order and as these types; others are left out, and told in the report.
    ///
    /// Without a schema all columns are read, as text.
    pub fn with_schema(self, schema: Schema) -> Self {
        Self { schema: Some(schema), ..self }
    }

    /// The encoding. Found out otherwise: by the byte order mark; else UTF-8 if it is valid; else Windows-1252.
    pub fn with_encoding(self, encoding: TextEncoding) -> Self {
        Self { encoding: Some(encoding), ..self }
    }

    /// The separator, an ASCII character. Found out otherwise, among `,` `;` tab and `|`.
    pub fn with_separator(self, separator: char) -> Self {
        Self { separator: Some(separator), ..self }
    }

    /// Whether a comma may stand before the decimals. Otherwise it may unless the separator is a comma.
    pub fn with_decimal_comma(self, decimal_comma: bool) -> Self {
        Self { decimal_comma: Some(decimal_comma), ..self }
    }

    /// Undoes double encoding in every cell and header; the report tells how many cells changed.
    pub fn with_mojibake_repaired(self) -> Self {
        Self { repair_mojibake: true, ..self }
    }

    /// Texts that stand for a missing value, beside the empty one.
    pub fn with_missing(self, texts: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { missing: texts.into_iter().map(Into::into).collect(), ..self }
    }

    /// Names of the columns of a file without header: its first record is data.
    pub fn with_column_names(self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { columns: Some(names.into_iter().map(Into::into).collect()), ..self }
    }

    /// Zone of instants that are written without offset from UTC; without it they are problems.
    pub fn with_zone(self, zone: Zone) -> Self {
        Self { zone: Some(zone), ..self }
    }

    /// What becomes of records that are not as needed.
    pub fn with_on_problem(self, on_problem: OnProblem) -> Self {
        Self { on_problem, ..self }
    }

    /// How many problems of a kind are told one by one; all are counted.
    pub fn with_max_problems(self, max_problems: usize) -> Self {
        Self { max_problems, ..self }
    }

    /// How many rows a table of the stream holds.
    pub fn with_batch_rows(self, batch_rows: usize) -> Self {
        Self { batch_rows: batch_rows.max(1), ..self }
    }

    pub(super) fn format(&self, separator: u8) -> CellFormat {
        CellFormat { decimal_comma: self.decimal_comma.unwrap_or(separator != b','), zone: self.zone }
    }

    pub(super) fn is_missing(&self, text: &str) -> bool {
        let trimmed = text.trim();
        trimmed.is_empty() || self.missing.iter().any(|missing| missing == trimmed)
    }
}
