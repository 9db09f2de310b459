//! What can be wrong with a file.
use std::path::PathBuf;

use crate::{Problem, Report};

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
