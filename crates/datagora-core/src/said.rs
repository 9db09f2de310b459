//! How problems of columns and cells are said, the same by every reader.
use crate::{Problem, ProblemKind};

/// A found value as it is shown in a message: quoted, on one line, and not longer than a line.
pub(crate) fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut short: String = text.chars().take(LONGEST).flat_map(char::escape_debug).collect();
    if text.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    format!("“{short}”")
}

/// The problem of a value that is missing from a required column.
pub(crate) fn missing_value() -> Problem {
    Problem::new("nothing", "a value, since the column is required").of_kind(ProblemKind::MissingValue)
}

/// The problem of a text that stands for no value of the type.
pub(crate) fn wrong_text(text: &str, needed: &str) -> Problem {
    Problem::new(quoted(text), needed).of_kind(ProblemKind::WrongType)
}
