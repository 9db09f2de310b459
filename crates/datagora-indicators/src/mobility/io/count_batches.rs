//! Counts in Parquet files, read by batches: many more of them than fit into memory.
mod columns;
mod decoder;
mod names;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use datagora_core::Report;
use datagora_core::io::ReadError;

use super::parquet_file::Batches;

pub use self::columns::CountColumns;
pub(super) use self::columns::{Found, open_counts};
pub(super) use self::decoder::Decoder;
pub(super) use self::names::Names;

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
                let batches = file.batches(&found.names(), groups, self.columns.batch_rows())?;
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
