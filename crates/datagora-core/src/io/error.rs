//! What can be wrong with a file.
use std::fmt;
use std::path::PathBuf;

/// One thing in a file that is not as needed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Problem {
    /// Record, counted from 1 without the header.
    pub row: Option<u64>,
    /// Line of the file at which the record begins, counted from 1; records may span lines.
    pub line: Option<u64>,
    /// Name of the column.
    pub column: Option<String>,
    /// What was found.
    pub found: String,
    /// What was needed.
    pub needed: String,
}

impl Problem {
    /// A problem of the file as a whole.
    pub(crate) fn new(found: impl Into<String>, needed: impl Into<String>) -> Self {
        Self { row: None, line: None, column: None, found: found.into(), needed: needed.into() }
    }

    /// In this record, which begins at this line.
    pub(crate) fn at(self, row: u64, line: Option<u64>) -> Self {
        Self { row: Some(row), line, ..self }
    }

    /// In this column.
    pub(crate) fn within(self, column: impl Into<String>) -> Self {
        Self { column: Some(column.into()), ..self }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.row, self.line) {
            (Some(row), Some(line)) => write!(f, "row {row} (line {line}), ")?,
            (Some(row), None) => write!(f, "row {row}, ")?,
            _ => {}
        }
        if let Some(column) = &self.column {
            write!(f, "column “{column}”: ")?;
        }
        write!(f, "found {}, needed {}", self.found, self.needed)
    }
}

/// A found value as it is shown in a message: quoted, on one line, and not longer than a line.
pub(crate) fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut short: String = text.chars().take(LONGEST).flat_map(char::escape_debug).collect();
    if text.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    format!("“{short}”")
}

/// Why a file could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The operating system would not give it.
    #[error("cannot read {file}: {source}")]
    Unreadable {
        /// Name of the file.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// There is nothing in it.
    #[error("{file} is empty, at least a header was needed; fetch it again")]
    Empty {
        /// Name of the file.
        file: String,
    },
    /// It is not of the format, or broken beyond single rows.
    #[error("{file} is not {needed}: {source}; it may be truncated, fetch it again")]
    Malformed {
        /// Name of the file.
        file: String,
        /// The format.
        needed: &'static str,
        /// What the format's library says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Its content is not as needed.
    #[error("{file}: {}", listed(.problems, *.total))]
    Content {
        /// Name of the file.
        file: String,
        /// What is wrong, in the order of the file; no more than the options ask for.
        problems: Vec<Problem>,
        /// How many problems there are in all.
        total: u64,
    },
}

fn listed(problems: &[Problem], total: u64) -> String {
    const SHOWN: usize = 5;
    let mut text: Vec<String> = problems.iter().take(SHOWN).map(Problem::to_string).collect();
    let shown = text.len() as u64;
    if total > shown {
        text.push(format!("and {} more", total - shown));
    }
    text.join("; ")
}

/// Why something could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The operating system would not take it.
    #[error("cannot write {}: {source}", .path.display())]
    Unwritable {
        /// Where.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The output folder holds files that are not ours.
    #[error(
        "{} holds what an earlier run did not write ({}); move it away or choose another folder",
        .path.display(), .found.join(", ")
    )]
    Occupied {
        /// The folder.
        path: PathBuf,
        /// Names of files that were not written by an earlier run, or changed since; the first few.
        found: Vec<String>,
    },
    /// A name that leads out of the folder.
    #[error("“{found}” does not name a file inside the folder; use a relative path without “..”")]
    Outside {
        /// The name.
        found: String,
    },
    /// The table cannot be expressed in the format.
    #[error("the table cannot be written as {format}: {source}")]
    Unencodable {
        /// The format.
        format: &'static str,
        /// What the format's library says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}
