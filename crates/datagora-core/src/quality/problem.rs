//! Problems found in data, all of them reported.
use std::collections::BTreeMap;
use std::fmt;

/// Which kind of thing is wrong. Problems of one kind tend to come in thousands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum ProblemKind {
    /// The file cannot be read, is cut off or empty.
    Unreadable,
    /// A column that is needed is not there.
    MissingColumn,
    /// A column is there twice.
    DuplicateColumn,
    /// A column or value has another type.
    WrongType,
    /// A column has another unit.
    WrongUnit,
    /// Coordinates contradict the declared CRS, or there is none.
    WrongCrs,
    /// A value that must not be missing is.
    MissingValue,
    /// A value outside what is possible.
    #[default]
    ImpossibleValue,
    /// A code that does not follow its rules, or that nothing has.
    UnknownCode,
    /// A row that is there twice.
    DuplicateRow,
    /// Intervals that overlap where they must not.
    Overlap,
    /// Rows that do not come in their order.
    Unordered,
    /// A geometry that is not valid.
    InvalidGeometry,
    /// Text in a wrong encoding.
    Encoding,
}

/// One thing in data that is not as needed.
///
/// # Example
///
/// ```
/// use datagora_core::{Problem, ProblemKind};
///
/// let problem = Problem::new("“abc”", "a whole number")
///     .of_kind(ProblemKind::WrongType)
///     .in_file("trees.csv")
///     .at_row(17)
///     .in_column("hauteur");
/// assert_eq!(problem.to_string(), "trees.csv, row 17, column “hauteur”: found “abc”, needed a whole number");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Problem {
    /// Kind of problem.
    pub kind: ProblemKind,
    /// File or dataset.
    pub file: Option<Box<str>>,
    /// Record or feature, counted from 1 without the header.
    pub row: Option<u64>,
    /// Line of the file at which the record begins, counted from 1; records may span lines.
    pub line: Option<u64>,
    /// Byte of the file, counted from 0, for files without lines or that stop in the middle.
    #[cfg_attr(feature = "serde", serde(default))]
    pub byte: Option<u64>,
    /// Name of the column.
    pub column: Option<Box<str>>,
    /// Key of the record, such as the identifier of a counter.
    #[cfg_attr(feature = "serde", serde(default))]
    pub key: Option<Box<str>>,
    /// What was found.
    pub found: String,
    /// What was needed.
    pub needed: String,
}

impl Problem {
    /// Something was found where something else was needed.
    pub fn new(found: impl Into<String>, needed: impl Into<String>) -> Self {
        Self {
            kind: ProblemKind::default(),
            file: None,
            row: None,
            line: None,
            byte: None,
            column: None,
            key: None,
            found: found.into(),
            needed: needed.into(),
        }
    }

    /// The problems of the columns that are needed and not there, in the order in which they are needed.
    ///
    /// ```
    /// use datagora_core::Problem;
    ///
    /// let problems = Problem::lacking_columns(["insee", "trees"], &["insee", "name"]);
    /// assert_eq!(problems.len(), 1);
    /// assert_eq!(
    ///     problems[0].to_string(),
    ///     "column “trees”: found only the columns insee, name, needed a column of this name",
    /// );
    /// ```
    pub fn lacking_columns<'a>(needed: impl IntoIterator<Item = &'a str>, there: &[&str]) -> Vec<Self> {
        let lacking = needed.into_iter().filter(|name| !there.contains(name));
        let problem = |name| {
            Self::new(format!("only the columns {}", there.join(", ")), "a column of this name")
                .of_kind(ProblemKind::MissingColumn)
                .in_column(name)
        };
        lacking.map(problem).collect()
    }

    /// Of this kind.
    pub fn of_kind(self, kind: ProblemKind) -> Self {
        Self { kind, ..self }
    }

    /// In this file or dataset.
    pub fn in_file(self, file: impl Into<String>) -> Self {
        Self { file: Some(file.into().into_boxed_str()), ..self }
    }

    /// In this record, counted from 1.
    pub fn at_row(self, row: u64) -> Self {
        Self { row: Some(row), ..self }
    }

    /// In the record that begins at this line, counted from 1.
    pub fn at_line(self, line: u64) -> Self {
        Self { line: Some(line), ..self }
    }

    /// At this byte, counted from 0.
    pub fn at_byte(self, byte: u64) -> Self {
        Self { byte: Some(byte), ..self }
    }

    /// In this column.
    pub fn in_column(self, column: impl Into<String>) -> Self {
        Self { column: Some(column.into().into_boxed_str()), ..self }
    }

    /// In the record of this key.
    pub fn of_key(self, key: impl Into<String>) -> Self {
        Self { key: Some(key.into().into_boxed_str()), ..self }
    }
}

/// Where, what was found, what was needed.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row = match (self.row, self.line) {
            (Some(row), Some(line)) => Some(format!("row {row} (line {line})")),
            (Some(row), None) => Some(format!("row {row}")),
            (None, Some(line)) => Some(format!("line {line}")),
            (None, None) => None,
        };
        let byte = self.byte.map(|byte| format!("byte {byte}"));
        let column = self.column.as_ref().map(|column| format!("column “{column}”"));
        let key = self.key.as_ref().map(|key| format!("key “{key}”"));
        let file = self.file.as_deref().map(str::to_owned);
        let place: Vec<String> = [file, row, byte, column, key].into_iter().flatten().collect();
        if !place.is_empty() {
            write!(f, "{}: ", place.join(", "))?;
        }
        write!(f, "found {}, needed {}", self.found, self.needed)
    }
}

/// All problems of a check: the first of each kind in full, the others counted.
///
/// A report that is not empty is an error and can be returned as one.
///
/// # Example
///
/// ```
/// use datagora_core::{Problem, Report};
///
/// let mut report = Report::with_limit(2);
/// for row in 1..=1000 {
///     report.add(Problem::new("-3 m", "a height above 0").at_row(row));
/// }
/// assert_eq!(report.problems().count(), 2);
/// assert_eq!(report.count(), 1000);
/// assert!(report.into_result().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Report {
    limit: usize,
    kinds: BTreeMap<ProblemKind, Found>,
}

/// The problems of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
struct Found {
    count: u64,
    first: Vec<Problem>,
}

impl Default for Report {
    fn default() -> Self {
        Self::with_limit(20)
    }
}

impl Report {
    /// An empty report that keeps this many problems of each kind in full.
    pub fn with_limit(limit: usize) -> Self {
        Self { limit, kinds: BTreeMap::new() }
    }

    /// Adds a problem.
    pub fn add(&mut self, problem: Problem) {
        let found = self.kinds.entry(problem.kind).or_default();
        found.count += 1;
        if found.first.len() < self.limit {
            found.first.push(problem);
        }
    }

    /// The same problems, all of them in this file.
    ///
    /// ```
    /// use datagora_core::{Problem, Report};
    ///
    /// let mut sites = Report::with_limit(1);
    /// sites.extend([Problem::new("x", "a number").at_row(1), Problem::new("y", "a number").at_row(2)]);
    /// let mut all = Report::default();
    /// all.merge(sites.in_file("site.csv"));
    /// assert_eq!(all.count(), 2);
    /// assert_eq!(all.problems().next().and_then(|problem| problem.file.as_deref()), Some("site.csv"));
    /// ```
    pub fn in_file(mut self, file: &str) -> Self {
        for problem in self.kinds.values_mut().flat_map(|found| &mut found.first) {
            problem.file = Some(file.into());
        }
        self
    }

    /// Adds all problems of another report.
    pub fn merge(&mut self, other: Report) {
        for (kind, others) in other.kinds {
            let found = self.kinds.entry(kind).or_default();
            found.count += others.count;
            let room = self.limit.saturating_sub(found.first.len());
            found.first.extend(others.first.into_iter().take(room));
        }
    }

    /// Was nothing found?
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// Number of problems, also of those not kept.
    pub fn count(&self) -> u64 {
        self.kinds.values().map(|found| found.count).sum()
    }

    /// Number of problems of a kind, also of those not kept.
    pub fn count_of(&self, kind: ProblemKind) -> u64 {
        self.kinds.get(&kind).map_or(0, |found| found.count)
    }

    /// The problems kept, by kind and in the order they were found.
    pub fn problems(&self) -> impl Iterator<Item = &Problem> {
        self.kinds.values().flat_map(|found| &found.first)
    }

    /// Nothing if nothing was found.
    ///
    /// # Errors
    ///
    /// The report itself, unless it is empty.
    pub fn into_result(self) -> Result<(), Report> {
        if self.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl Extend<Problem> for Report {
    fn extend<I: IntoIterator<Item = Problem>>(&mut self, problems: I) {
        problems.into_iter().for_each(|problem| self.add(problem));
    }
}

/// One problem a line; what was not kept is counted.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.count() {
            0 => return f.write_str("no problem"),
            1 => f.write_str("1 problem")?,
            count => write!(f, "{count} problems")?,
        }
        for found in self.kinds.values() {
            for problem in &found.first {
                write!(f, "\n  {problem}")?;
            }
            match found.count - found.first.len() as u64 {
                0 => {}
                more => write!(f, "\n  … and {more} more of this kind")?,
            }
        }
        Ok(())
    }
}

impl std::error::Error for Report {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_where_as_far_as_it_knows() {
        let bare = Problem::new("nothing", "a header");
        assert_eq!(bare.to_string(), "found nothing, needed a header");
        let line = bare.clone().at_row(3).at_line(8);
        assert_eq!(line.to_string(), "row 3 (line 8): found nothing, needed a header");
        let stopped = bare.clone().at_byte(512).of_key("C01");
        assert_eq!(stopped.to_string(), "byte 512, key “C01”: found nothing, needed a header");
        assert_eq!(bare.at_line(8).to_string(), "line 8: found nothing, needed a header");
    }

    #[test]
    fn keeps_the_first_of_each_kind_and_counts_the_rest() {
        let mut report = Report::with_limit(1);
        report.extend((1..=3).map(|row| Problem::new("x", "y").at_row(row)));
        let mut other = Report::default();
        other.extend((4..=5).map(|row| Problem::new("x", "y").at_row(row)));
        other.add(Problem::new("no “insee”", "a column “insee”").of_kind(ProblemKind::MissingColumn));
        report.merge(other);
        assert_eq!((report.count(), report.count_of(ProblemKind::ImpossibleValue)), (6, 5));
        assert_eq!(
            report.to_string(),
            "6 problems\n  found no “insee”, needed a column “insee”\n  row 1: found x, needed y\n  \
             … and 4 more of this kind"
        );
        assert_eq!(report.clone().into_result(), Err(report));
        assert_eq!(Report::default().into_result(), Ok(()));
    }
}
