//! What can be wrong with a file.
use std::path::PathBuf;

use crate::{Problem, ProblemKind, Report};

/// A found value as it is shown in a message: quoted, on one line, and not longer than a line.
pub(super) fn quoted(text: &str) -> String {
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
    #[error("{file}: {report}")]
    Content {
        /// Name of the file.
        file: String,
        /// All that is wrong.
        report: Report,
    },
}

impl ReadError {
    /// A file with one thing wrong.
    pub(super) fn content(file: impl Into<String>, problem: Problem) -> Self {
        let mut report = Report::default();
        report.add(problem);
        ReadError::Content { file: file.into(), report }
    }
}

/// The problems of columns that a schema names and a file lacks.
pub(super) fn lacking<'a>(needed: impl IntoIterator<Item = &'a str>, there: &[&str]) -> Vec<Problem> {
    let lacking = needed.into_iter().filter(|name| !there.contains(name));
    let problem = |name| {
        Problem::new(
            format!("only the columns {}", there.join(", ")),
            "a column of this name, as the schema says",
        )
        .of_kind(ProblemKind::MissingColumn)
        .in_column(name)
    };
    lacking.map(problem).collect()
}

/// The problem of a value that is missing from a required column.
pub(super) fn missing_value() -> Problem {
    Problem::new("nothing", "a value, since the column is required").of_kind(ProblemKind::MissingValue)
}

/// The problem of a text that stands for no value of the type.
pub(super) fn wrong_text(text: &str, needed: &str) -> Problem {
    Problem::new(quoted(text), needed).of_kind(ProblemKind::WrongType)
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
