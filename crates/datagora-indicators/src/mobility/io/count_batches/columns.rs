//! Which columns of a file hold counts, and what their times mean.
use std::path::Path;

use arrow::datatypes::DataType;
use datagora_core::io::ReadError;
use datagora_core::{Problem, ProblemKind, Repeated, Report, Zone};

use crate::mobility::TimestampConvention;
use crate::mobility::io::file::refused;
use crate::mobility::io::parquet_file::ParquetFile;

/// Which columns hold what, and what the times mean.
///
/// Columns that are not named are found by the roles that a table of ours remembers: identifier, time, measure.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct CountColumns {
    channel: Option<String>,
    start: Option<String>,
    duration: Option<String>,
    value: Option<String>,
    pub(super) seconds: Option<u32>,
    pub(super) convention: TimestampConvention,
    pub(super) local: Option<(Zone, Repeated)>,
    batch_rows: usize,
}

impl CountColumns {
    /// Columns found by role, times that mean this. There is no default: taking ends for starts moves every profile.
    pub fn new(convention: TimestampConvention) -> Self {
        Self {
            channel: None,
            start: None,
            duration: None,
            value: None,
            seconds: None,
            convention,
            local: None,
            batch_rows: 131_072,
        }
    }

    /// The channel stands in this column: text, a dictionary, or whole numbers.
    pub fn with_channel(self, column: impl Into<String>) -> Self {
        Self { channel: Some(column.into()), ..self }
    }

    /// The time stands in this column: timestamps of any unit, or whole seconds since 1970 (UTC).
    pub fn with_time(self, column: impl Into<String>) -> Self {
        Self { start: Some(column.into()), ..self }
    }

    /// The length of the interval stands in this column, in seconds.
    pub fn with_duration(self, column: impl Into<String>) -> Self {
        Self { duration: Some(column.into()), ..self }
    }

    /// All intervals have this many seconds.
    pub fn with_seconds(self, seconds: u32) -> Self {
        Self { seconds: Some(seconds), ..self }
    }

    /// The count stands in this column, a number of any type.
    pub fn with_value(self, column: impl Into<String>) -> Self {
        Self { value: Some(column.into()), ..self }
    }

    /// Timestamps without zone are of this zone's clock, and an hour it shows twice is this one. Otherwise they are refused.
    pub fn with_local_times(self, zone: Zone, repeated: Repeated) -> Self {
        Self { local: Some((zone, repeated)), ..self }
    }

    pub(in crate::mobility::io) fn batch_rows(&self) -> usize {
        self.batch_rows
    }

    /// How many rows a batch holds at most.
    pub fn with_batch_rows(self, batch_rows: usize) -> Self {
        Self { batch_rows: batch_rows.max(1), ..self }
    }
}

/// Names of the columns in a file.
#[derive(Clone)]
pub(in crate::mobility::io) struct Found {
    pub(super) channel: String,
    pub(super) start: String,
    pub(super) duration: Option<String>,
    pub(super) value: String,
}

impl Found {
    pub(in crate::mobility::io) fn names(&self) -> Vec<&str> {
        let some = [Some(&self.channel), Some(&self.start), self.duration.as_ref(), Some(&self.value)];
        some.into_iter().flatten().map(String::as_str).collect()
    }
}

/// Opens a file and finds its columns.
pub(in crate::mobility::io) fn open_counts(
    path: &Path,
    columns: &CountColumns,
) -> Result<(ParquetFile, Found), ReadError> {
    let file = ParquetFile::open(path)?;
    let schema = file.schema().clone();
    let by_role = |role: &str| {
        let mut found = schema
            .fields()
            .iter()
            .filter(|field| field.metadata().get("datagora:role").is_some_and(|known| known == role));
        found.next().map(|field| field.name().clone()).filter(|_| found.next().is_none())
    };
    let mut report = Report::default();
    let mut find = |told: &Option<String>, role: &str, method: &str| {
        let found = told.clone().or_else(|| by_role(role));
        if found.is_none() {
            let problem = Problem::new(
                format!("no single column of the role {role}"),
                format!("its name, by {method}"),
            );
            report.add(problem.of_kind(ProblemKind::MissingColumn).in_file(file.name.clone()));
        }
        found.unwrap_or_default()
    };
    let channel = find(&columns.channel, "identifier", "with_channel");
    let start = find(&columns.start, "time", "with_time");
    let value = find(&columns.value, "measure", "with_value");
    if columns.duration.is_none() && columns.seconds.is_none() {
        let problem = Problem::new("no length of the intervals", "with_duration, or with_seconds");
        report.add(problem.of_kind(ProblemKind::MissingColumn).in_file(file.name.clone()));
    }
    report.into_result().map_err(|report| ReadError::Content { file: file.name.clone(), report })?;
    let duration = columns.duration.clone().filter(|_| columns.seconds.is_none());
    let found = Found { channel, start, duration, value };
    file.check_columns(&found.names())?;
    if let Ok(field) = schema.field_with_name(&found.start)
        && matches!(field.data_type(), DataType::Timestamp(_, None))
        && columns.local.is_none()
    {
        let problem =
            Problem::new("timestamps without zone", "their zone, by with_local_times (Zone::UTC is one)");
        let problem = problem.of_kind(ProblemKind::WrongType).in_column(found.start.as_str());
        return Err(refused(&file.name, problem.in_file(file.name.clone())));
    }
    let file = file.with_dictionary(&found.channel)?;
    Ok((file, found))
}
