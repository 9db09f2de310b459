//! Counts in Parquet files, read by batches: many more of them than fit into memory.
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{
    DataType, Float64Type, Int32Type, Int64Type, TimeUnit, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
};
use datagora_core::io::ReadError;
use datagora_core::{DateTime, Problem, ProblemKind, Repeated, Report, Zone};

use super::file::refused;
use super::parquet_file::{Batches, ParquetFile, column_as};
use crate::mobility::TimestampConvention;

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
    seconds: Option<u32>,
    convention: TimestampConvention,
    local: Option<(Zone, Repeated)>,
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

    pub(super) fn batch_rows(&self) -> usize {
        self.batch_rows
    }

    /// How many rows a batch holds at most.
    pub fn with_batch_rows(self, batch_rows: usize) -> Self {
        Self { batch_rows: batch_rows.max(1), ..self }
    }
}

/// Rows of counts, as plain columns of one length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CountBatch {
    channel: Vec<u32>,
    start: Vec<i64>,
    duration: Vec<u32>,
    value: Vec<f64>,
}

impl CountBatch {
    /// The channel of each row, as a position in [`CountBatches::channels`].
    pub fn channel(&self) -> &[u32] {
        &self.channel
    }

    /// Start of each interval, in seconds since 1970 (UTC).
    pub fn start(&self) -> &[i64] {
        &self.start
    }

    /// Length of each interval, in seconds; see [`same_duration`](Self::same_duration).
    pub fn duration(&self) -> &[u32] {
        &self.duration
    }

    /// The length of all intervals, if they have the same; `None` also without rows.
    pub fn same_duration(&self) -> Option<u32> {
        let (first, rest) = self.duration.split_first()?;
        rest.iter().all(|length| length == first).then_some(*first)
    }

    /// The counts; NaN where nothing was counted.
    pub fn value(&self) -> &[f64] {
        &self.value
    }

    /// Puts other numbers in the place of the channels.
    pub(super) fn renumber(&mut self, numbers: &[u32]) {
        for channel in &mut self.channel {
            *channel = numbers[*channel as usize];
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.value.len()
    }

    /// Is there no row?
    pub fn is_empty(&self) -> bool {
        self.value.is_empty()
    }
}

/// Reads counts from Parquet files batch by batch, and nothing but the columns needed: memory does not grow with the files.
///
/// What a batch gives are plain slices, for the kernels to swallow. Channels get numbers in the order they are met.
///
/// # Units
///
/// Seconds since 1970 (UTC), seconds, and counts as they stand.
///
/// # Missing values
///
/// A null count is NaN. A row without channel, time or length is left out and counted among the problems; so is a local time that
/// does not exist.
///
/// # Errors
///
/// [`ReadError`] for files that cannot be read, lack a column or hold another type in it, and for damaged pages.
///
/// # Example
///
/// ```
/// # use datagora_core::{DateTime, Role, Table, Unit};
/// # use datagora_core::io::write_parquet;
/// use datagora_indicators::mobility::TimestampConvention;
/// use datagora_indicators::mobility::io::{CountBatches, CountColumns};
///
/// # let time = |seconds| DateTime::from_timestamp(seconds, 0);
/// # let table = Table::empty()
/// #     .with_text("sensor", Role::Identifier, [Some("a"), Some("b"), Some("a")])?
/// #     .with_instant("t", Role::Time, [time(0), time(0), time(360)])?
/// #     .with_integer("count", Role::Measure, Unit::of("{vehicle}"), [Some(12), None, Some(0)])?;
/// # let path = std::env::temp_dir().join(format!("datagora-counts-{}.parquet", std::process::id()));
/// # write_parquet(&path, &table)?;
/// let columns = CountColumns::new(TimestampConvention::Start).with_seconds(360);
/// let mut batches = CountBatches::open([&path], columns)?;
/// while let Some(batch) = batches.next_batch()? {
///     assert_eq!((batch.channel(), batch.start()), (&[0, 1, 0][..], &[0, 0, 360][..]));
///     assert!(batch.value()[1].is_nan());
/// }
/// assert_eq!(batches.channels(), ["a", "b"]);
/// # std::fs::remove_file(path)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct CountBatches {
    columns: CountColumns,
    /// Files still to be read, the next one last.
    files: Vec<PathBuf>,
    current: Option<Current>,
    names: Names,
    batch: CountBatch,
    problems: Report,
}

/// The file that is being read.
struct Current {
    name: String,
    batches: Batches,
    found: Found,
    row: u64,
}

/// Names of the columns in a file.
#[derive(Clone)]
pub(super) struct Found {
    channel: String,
    start: String,
    duration: Option<String>,
    value: String,
}

impl Found {
    pub(super) fn names(&self) -> Vec<&str> {
        let some = [Some(&self.channel), Some(&self.start), self.duration.as_ref(), Some(&self.value)];
        some.into_iter().flatten().map(String::as_str).collect()
    }
}

impl std::fmt::Debug for CountBatches {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let channels = self.names.channels.len();
        f.debug_struct("CountBatches")
            .field("files", &self.files)
            .field("channels", &channels)
            .finish_non_exhaustive()
    }
}

impl CountBatches {
    /// Opens files of counts, to be read one after the other; all of them are looked at before the first is read.
    ///
    /// # Errors
    ///
    /// [`ReadError`], as said above.
    pub fn open<P: AsRef<Path>>(
        paths: impl IntoIterator<Item = P>,
        columns: CountColumns,
    ) -> Result<Self, ReadError> {
        let mut files: Vec<PathBuf> = paths.into_iter().map(|path| path.as_ref().to_owned()).collect();
        for path in &files {
            open_counts(path, &columns)?;
        }
        files.reverse();
        let names = Names::default();
        Ok(Self {
            columns,
            files,
            current: None,
            names,
            batch: CountBatch::default(),
            problems: Report::with_limit(100),
        })
    }

    /// The next rows; `None` after the last.
    ///
    /// # Errors
    ///
    /// [`ReadError::Malformed`] for a damaged file.
    pub fn next_batch(&mut self) -> Result<Option<&CountBatch>, ReadError> {
        loop {
            if self.current.is_none() {
                let Some(path) = self.files.pop() else { return Ok(None) };
                let (file, found) = open_counts(&path, &self.columns)?;
                let groups = (0..file.row_groups()).collect();
                let batches = file.batches(&found.names(), groups, self.columns.batch_rows)?;
                self.current = Some(Current { name: file.name, batches, found, row: 0 });
            }
            let Some(current) = &mut self.current else { return Ok(None) };
            match current.batches.next()? {
                Some(batch) => {
                    let mut decoder = Decoder {
                        columns: &self.columns,
                        found: &current.found,
                        file: &current.name,
                        first: current.row,
                        problems: &mut self.problems,
                    };
                    current.row += batch.num_rows() as u64;
                    decoder.decode(&batch, &mut self.names, &mut self.batch)?;
                    return Ok(Some(&self.batch));
                }
                None => self.current = None,
            }
        }
    }

    /// Identifiers of the channels met so far, by number.
    pub fn channels(&self) -> &[String] {
        &self.names.channels
    }

    /// Rows that could not be used so far.
    pub fn problems(&self) -> &Report {
        &self.problems
    }
}

/// Opens a file and finds its columns.
pub(super) fn open_counts(path: &Path, columns: &CountColumns) -> Result<(ParquetFile, Found), ReadError> {
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

/// Numbers of the channels.
#[derive(Default)]
pub(super) struct Names {
    pub(super) channels: Vec<String>,
    numbers: HashMap<String, u32>,
    whole: HashMap<i64, u32>,
    /// The dictionary met last, and the numbers of its entries.
    last: Option<(ArrayRef, Vec<u32>)>,
}

impl Names {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = self.channels.len() as u32;
        self.channels.push(name.to_owned());
        self.numbers.insert(name.to_owned(), number);
        number
    }

    /// The numbers of the channels of a column; `u32::MAX` for null.
    fn numbers_of(&mut self, column: &ArrayRef, file: &str, into: &mut Vec<u32>) -> Result<(), ReadError> {
        into.clear();
        let wrong = |found: &DataType| {
            let problem =
                Problem::new(format!("a column of {found}"), "text, a dictionary of text, or whole numbers");
            refused(file, problem.of_kind(ProblemKind::WrongType).in_file(file))
        };
        match column.data_type() {
            DataType::Dictionary(_, values)
                if matches!(**values, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View) =>
            {
                let kind = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
                let column = match column.data_type() == &kind {
                    true => column.clone(),
                    false => arrow::compute::cast(column, &kind).map_err(|_| wrong(column.data_type()))?,
                };
                let dictionary = column.as_dictionary::<Int32Type>();
                let values = dictionary.values();
                let known = self.last.as_ref().is_some_and(|(last, _)| {
                    Arc::ptr_eq(last, values) || last.to_data().ptr_eq(&values.to_data())
                });
                if !known {
                    let numbers = values
                        .as_string::<i32>()
                        .iter()
                        .map(|name| name.map_or(u32::MAX, |name| self.number(name)));
                    let numbers = numbers.collect();
                    self.last = Some((values.clone(), numbers));
                }
                let Some((_, numbers)) = &self.last else { return Ok(()) };
                let keys = dictionary.keys();
                if keys.null_count() == 0 {
                    into.extend(
                        keys.values()
                            .iter()
                            .map(|key| numbers.get(*key as usize).copied().unwrap_or(u32::MAX)),
                    );
                } else {
                    into.extend(keys.iter().map(|key| {
                        key.and_then(|key| numbers.get(key as usize).copied()).unwrap_or(u32::MAX)
                    }));
                }
            }
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
                let text =
                    arrow::compute::cast(column, &DataType::Utf8).map_err(|_| wrong(column.data_type()))?;
                into.extend(
                    text.as_string::<i32>()
                        .iter()
                        .map(|name| name.map_or(u32::MAX, |name| self.number(name))),
                );
            }
            kind if kind.is_integer() => {
                let whole = arrow::compute::cast(column, &DataType::Int64).map_err(|_| wrong(kind))?;
                let mut last: Option<(i64, u32)> = None;
                for id in whole.as_primitive::<Int64Type>() {
                    let Some(id) = id else {
                        into.push(u32::MAX);
                        continue;
                    };
                    let number = match last {
                        Some((known, number)) if known == id => number,
                        _ => match self.whole.get(&id) {
                            Some(number) => *number,
                            None => {
                                let number = self.number(&id.to_string());
                                self.whole.insert(id, number);
                                number
                            }
                        },
                    };
                    last = Some((id, number));
                    into.push(number);
                }
            }
            kind => return Err(wrong(kind)),
        }
        Ok(())
    }
}

/// Turns record batches into plain columns.
pub(super) struct Decoder<'a> {
    pub(super) columns: &'a CountColumns,
    pub(super) found: &'a Found,
    pub(super) file: &'a str,
    /// Rows of the file before the batch.
    pub(super) first: u64,
    pub(super) problems: &'a mut Report,
}

impl Decoder<'_> {
    pub(super) fn decode(
        &mut self,
        rows: &RecordBatch,
        names: &mut Names,
        into: &mut CountBatch,
    ) -> Result<(), ReadError> {
        let column = |name: &str| {
            rows.column_by_name(name)
                .cloned()
                .ok_or_else(|| refused(self.file, Problem::new("no such column", name)))
        };
        names.numbers_of(&column(&self.found.channel)?, self.file, &mut into.channel)?;
        let nulls = self.starts(&column(&self.found.start)?, &mut into.start)?;
        let value = column_as(rows, &self.found.value, &DataType::Float64, self.file)?;
        let value = value.as_primitive::<Float64Type>();
        into.value.clear();
        match value.null_count() {
            0 => into.value.extend_from_slice(value.values()),
            _ => into.value.extend(value.iter().map(|value| value.unwrap_or(f64::NAN))),
        }
        into.duration.clear();
        match (&self.found.duration, self.columns.seconds) {
            (None, seconds) => into.duration.resize(into.value.len(), seconds.unwrap_or(0)),
            (Some(name), _) => {
                let lengths = column_as(rows, name, &DataType::Int64, self.file)?;
                let lengths = lengths.as_primitive::<Int64Type>();
                into.duration.extend(
                    lengths.iter().map(|length| length.and_then(|l| u32::try_from(l).ok()).unwrap_or(0)),
                );
            }
        }
        let sound = |at: usize| into.channel[at] != u32::MAX && into.duration[at] != 0;
        if nulls || (0..into.value.len()).any(|at| !sound(at)) {
            self.drop_unsound(into);
        }
        if self.columns.convention == TimestampConvention::End {
            for (start, duration) in into.start.iter_mut().zip(&into.duration) {
                *start = start.saturating_sub(i64::from(*duration));
            }
        }
        Ok(())
    }

    /// Seconds of the times; `i64::MIN` where there is none, and whether there is any such.
    fn starts(&mut self, column: &ArrayRef, into: &mut Vec<i64>) -> Result<bool, ReadError> {
        into.clear();
        let (unit, zoned) = match column.data_type() {
            DataType::Timestamp(unit, zone) => (Some(*unit), zone.is_some()),
            kind if kind.is_integer() => (None, true),
            kind => {
                let problem =
                    Problem::new(format!("a column of {kind}"), "timestamps, or whole seconds since 1970");
                let problem = problem.of_kind(ProblemKind::WrongType).in_column(self.found.start.as_str());
                return Err(refused(self.file, problem.in_file(self.file)));
            }
        };
        match unit {
            Some(TimeUnit::Second) => {
                into.extend_from_slice(column.as_primitive::<TimestampSecondType>().values())
            }
            Some(TimeUnit::Millisecond) => {
                into.extend(
                    column
                        .as_primitive::<TimestampMillisecondType>()
                        .values()
                        .iter()
                        .map(|t| t.div_euclid(1_000)),
                );
            }
            Some(TimeUnit::Microsecond) => {
                into.extend(
                    column
                        .as_primitive::<TimestampMicrosecondType>()
                        .values()
                        .iter()
                        .map(|t| t.div_euclid(1_000_000)),
                );
            }
            Some(TimeUnit::Nanosecond) => {
                into.extend(
                    column
                        .as_primitive::<TimestampNanosecondType>()
                        .values()
                        .iter()
                        .map(|t| t.div_euclid(1_000_000_000)),
                );
            }
            None => {
                let seconds = arrow::compute::cast(column, &DataType::Int64).map_err(|source| {
                    ReadError::Malformed {
                        file: self.file.to_owned(),
                        needed: "whole seconds since 1970",
                        source: Box::new(source),
                    }
                })?;
                into.extend_from_slice(seconds.as_primitive::<Int64Type>().values());
            }
        }
        let mut missing = column.null_count() > 0;
        if missing {
            for (at, seconds) in into.iter_mut().enumerate() {
                if column.is_null(at) {
                    *seconds = i64::MIN;
                    let problem =
                        Problem::new("nothing", "a time; left out").of_kind(ProblemKind::MissingValue);
                    let problem = problem.in_file(self.file).at_row(self.first + at as u64 + 1);
                    self.problems.add(problem.in_column(self.found.start.as_str()));
                }
            }
        }
        if let Some((zone, repeated)) = self.columns.local.filter(|_| !zoned) {
            // Within an hour of the clock the offset is the same.
            let mut last: Option<(i64, Option<i64>)> = None;
            for (at, seconds) in into.iter_mut().enumerate().filter(|(_, seconds)| **seconds != i64::MIN) {
                let hour = seconds.div_euclid(3_600);
                let offset = match last {
                    Some((known, offset)) if known == hour => offset,
                    _ => {
                        let local = DateTime::from_timestamp(*seconds, 0).map(|local| local.naive_utc());
                        let instant = local.map(|local| zone.instant(local, repeated));
                        let offset =
                            instant.and_then(Result::ok).map(|instant| instant.timestamp() - *seconds);
                        last = Some((hour, offset));
                        offset
                    }
                };
                match offset {
                    Some(offset) => *seconds += offset,
                    None => {
                        let found =
                            DateTime::from_timestamp(*seconds, 0).map(|local| local.naive_utc().to_string());
                        let problem = Problem::new(
                            found.unwrap_or_else(|| format!("second {seconds}")),
                            format!("a time that clocks in {zone} showed, and once; left out"),
                        );
                        let problem = problem.in_file(self.file).at_row(self.first + at as u64 + 1);
                        self.problems.add(problem.in_column(self.found.start.as_str()));
                        *seconds = i64::MIN;
                        missing = true;
                    }
                }
            }
        }
        Ok(missing)
    }

    /// Takes out rows without channel, time or length, and lists them.
    #[cold]
    fn drop_unsound(&mut self, into: &mut CountBatch) {
        let duration = self.found.duration.clone().unwrap_or_default();
        let mut kept = 0;
        for at in 0..into.value.len() {
            let column = if into.channel[at] == u32::MAX {
                Some(&self.found.channel)
            } else if into.duration[at] == 0 {
                Some(&duration)
            } else {
                None
            };
            if let Some(column) = column {
                let problem =
                    Problem::new("nothing usable", "a value; left out").of_kind(ProblemKind::MissingValue);
                let problem = problem.in_file(self.file).at_row(self.first + at as u64 + 1);
                self.problems.add(problem.in_column(column.as_str()));
                continue;
            }
            // Those are listed already.
            if into.start[at] == i64::MIN {
                continue;
            }
            into.channel.swap(kept, at);
            into.start.swap(kept, at);
            into.duration.swap(kept, at);
            into.value.swap(kept, at);
            kept += 1;
        }
        into.channel.truncate(kept);
        into.start.truncate(kept);
        into.duration.truncate(kept);
        into.value.truncate(kept);
    }
}

#[cfg(test)]
mod tests;
