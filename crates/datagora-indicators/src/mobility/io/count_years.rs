//! Hourly years straight from Parquet files, in one pass.
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use datagora_core::io::ReadError;
use datagora_core::{Problem, Report, Zone};

use super::count_batches::{CountBatch, CountColumns, Decoder, Names, open_counts};
use super::file::refused;
use crate::mobility::{Added, HourlyYear, HourlyYearError, HourlyYears};

/// One local year of every channel of some files.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CountYears {
    /// Identifiers of the channels, in alphabetical order.
    pub channels: Vec<String>,
    /// Their years, in the same order.
    pub years: Vec<HourlyYear>,
    /// Rows read.
    pub rows: u64,
    /// What became of their readings.
    pub added: Added,
    /// Rows that could not be used.
    pub problems: Report,
}

/// Reads counts from Parquet files into one [`HourlyYear`] per channel, in one pass.
///
/// Memory is that of the years (140 kB a channel) and of some batches; it grows neither with the files nor with the years that
/// they span, of which one is kept. With the feature `parallel` row groups are decoded on all cores; sums of an `HourlyYear` are
/// exact, so that the result is the same to the bit.
///
/// # Units
///
/// As [`CountBatches`](super::CountBatches) and [`HourlyYear::add`].
///
/// # Missing values
///
/// A null count is not observed; rows without channel, time or length are left out and listed. Readings outside the year, and
/// negative or infinite ones, are counted in [`Added`].
///
/// # Errors
///
/// [`ReadError`] for files that cannot be read, lack a column or are damaged, and for intervals longer than an hour.
///
/// # Example
///
/// ```
/// # use datagora_core::{DateTime, Role, Table, Unit};
/// # use datagora_core::io::write_parquet;
/// use datagora_core::Zone;
/// use datagora_indicators::mobility::TimestampConvention;
/// use datagora_indicators::mobility::io::{CountColumns, hourly_years_from_parquet};
///
/// # let time = |seconds: i64| DateTime::from_timestamp(1_704_063_600 + seconds, 0); // 1 January 2024 in Paris
/// # let table = Table::empty()
/// #     .with_text("sensor", Role::Identifier, [Some("b"), Some("a"), Some("b")])?
/// #     .with_instant("t", Role::Time, [time(0), time(0), time(360)])?
/// #     .with_integer("count", Role::Measure, Unit::of("{vehicle}"), [Some(12), None, Some(5)])?;
/// # let path = std::env::temp_dir().join(format!("datagora-years-{}.parquet", std::process::id()));
/// # write_parquet(&path, &table)?;
/// let columns = CountColumns::new(TimestampConvention::Start).with_seconds(360);
/// let found = hourly_years_from_parquet([&path], &columns, 2024, Zone::PARIS)?;
/// assert_eq!(found.channels, ["a", "b"]);
/// assert_eq!((found.years[1].volume(0), found.years[1].seconds(0)), (17.0, 720));
/// assert_eq!((found.added.counted, found.added.missing), (2, 1));
/// # std::fs::remove_file(path)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn hourly_years_from_parquet<P: AsRef<Path>>(
    paths: impl IntoIterator<Item = P>,
    columns: &CountColumns,
    year: i32,
    zone: Zone,
) -> Result<CountYears, ReadError> {
    let paths: Vec<PathBuf> = paths.into_iter().map(|path| path.as_ref().to_owned()).collect();
    // The pieces of work: row groups, with the rows of the file before each.
    let mut pieces: Vec<(usize, usize, u64)> = Vec::new();
    for (file, path) in paths.iter().enumerate() {
        let (opened, _) = open_counts(path, columns)?;
        pieces.extend(
            opened.rows_before().into_iter().enumerate().map(|(group, before)| (file, group, before)),
        );
    }
    let of_file = |path: &Path| path.display().to_string();
    let first = paths.first().map(|path| of_file(path)).unwrap_or_default();
    let years = HourlyYears::new(year, zone, 0)
        .map_err(|error| refused(&first, Problem::new(error.to_string(), "a year of the calendar")))?;
    let sums = Mutex::new(Sums { channels: BTreeMap::new(), years, rows: 0, added: Added::default() });
    let lock = || sums.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let next = AtomicUsize::new(0);
    // Draws row groups until there are none left. What is wrong goes by row group, to be told in the order of the files.
    let worker = || -> Outcome {
        let mut reports = Vec::new();
        let (mut names, mut batch, mut numbers) = (Names::default(), CountBatch::default(), Vec::new());
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(&(file, group, before)) = pieces.get(at) else { return Ok(reports) };
            let failed = |error| Box::new((at, error));
            let (opened, found) = open_counts(&paths[file], columns).map_err(failed)?;
            let mut batches =
                opened.batches(&found.names(), vec![group], columns.batch_rows()).map_err(failed)?;
            let mut problems = Report::with_limit(100);
            let mut row = before;
            while let Some(rows) = batches.next().map_err(failed)? {
                let mut decoder = Decoder {
                    columns,
                    found: &found,
                    file: &opened.name,
                    first: row,
                    problems: &mut problems,
                };
                decoder.decode(&rows, &mut names, &mut batch).map_err(failed)?;
                row += rows.num_rows() as u64;
                if numbers.len() < names.channels.len() {
                    lock().number(&names.channels, &mut numbers);
                }
                batch.renumber(&numbers);
                lock().add(rows.num_rows(), &batch).map_err(|error| {
                    let problem = Problem::new(error.to_string(), "intervals within an hour");
                    failed(refused(&opened.name, problem.in_file(&*opened.name)))
                })?;
            }
            if !problems.is_empty() {
                reports.push((at, problems));
            }
        }
    };
    let (mut reports, mut failed) = (Vec::new(), Vec::new());
    for outcome in on_all_cores(&worker) {
        match outcome {
            Ok(found) => reports.extend(found),
            Err(error) => failed.push(*error),
        }
    }
    if let Some((_, error)) = failed.into_iter().min_by_key(|(at, _)| *at) {
        return Err(error);
    }
    reports.sort_by_key(|(at, _)| *at);
    let mut problems = Report::with_limit(100);
    reports.into_iter().for_each(|(_, report)| problems.merge(report));
    let sums = sums.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut years: Vec<Option<HourlyYear>> = sums.years.into_years().into_iter().map(Some).collect();
    let years = sums.channels.values().filter_map(|number| years[*number as usize].take()).collect();
    Ok(CountYears {
        channels: sums.channels.into_keys().collect(),
        years,
        rows: sums.rows,
        added: sums.added,
        problems,
    })
}

/// What is wrong with the row groups that a worker read, or the row group that it failed at, and why.
type Outcome = Result<Vec<(usize, Report)>, Box<(usize, ReadError)>>;

/// Runs the worker on every core; on one without the feature `parallel`.
#[cfg(feature = "parallel")]
fn on_all_cores<T: Send>(worker: &(impl Fn() -> T + Sync)) -> Vec<T> {
    use rayon::prelude::*;
    (0..rayon::current_num_threads()).into_par_iter().map(|_| worker()).collect()
}

#[cfg(not(feature = "parallel"))]
fn on_all_cores<T>(worker: &impl Fn() -> T) -> Vec<T> {
    vec![worker()]
}

/// What all workers add to.
struct Sums {
    channels: BTreeMap<String, u32>,
    years: HourlyYears,
    rows: u64,
    added: Added,
}

impl Sums {
    /// The numbers here of the channels that a worker met, in its order; `numbers` holds those of the first.
    fn number(&mut self, channels: &[String], numbers: &mut Vec<u32>) {
        for name in &channels[numbers.len()..] {
            let number = match self.channels.get(name) {
                Some(number) => *number,
                None => {
                    let number = self.years.push() as u32;
                    self.channels.insert(name.clone(), number);
                    number
                }
            };
            numbers.push(number);
        }
    }

    fn add(&mut self, rows: usize, batch: &CountBatch) -> Result<(), HourlyYearError> {
        self.rows += rows as u64;
        let mut from = 0;
        while from < batch.len() {
            let (duration, to) = match batch.same_duration() {
                Some(duration) => (duration, batch.len()),
                None => {
                    let duration = batch.duration()[from];
                    (
                        duration,
                        from + batch.duration()[from..]
                            .iter()
                            .take_while(|other| **other == duration)
                            .count(),
                    )
                }
            };
            let (channel, start, value) =
                (&batch.channel()[from..to], &batch.start()[from..to], &batch.value()[from..to]);
            self.added = self.added.plus(self.years.add(channel, start, duration, value)?);
            from = to;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
    use arrow::datatypes::{DataType, Field, Schema};
    use parquet::arrow::ArrowWriter;
    use parquet::file::properties::WriterProperties;

    use super::*;
    use crate::mobility::TimestampConvention;

    /// A year of twenty minutes of five channels, by time or by channel, in two files of many row groups.
    fn files(by_channel: bool) -> [PathBuf; 2] {
        let start = HourlyYear::new(2024, Zone::PARIS).unwrap().local().start();
        let mut rows: Vec<(usize, i64)> =
            (0..5_000).flat_map(|t| (0..5).map(move |c| (c, start + 1_200 * t))).collect();
        if by_channel {
            rows.sort_unstable();
        }
        let half = rows.len() / 2;
        [&rows[..half], &rows[half..]].map(|rows| {
            let value = |c: usize, t: i64| {
                (t / 1_200 % 11 != 0).then(|| (t / 1_200 * (c as i64 + 3) % 17) as f64 + 0.25)
            };
            let schema = Arc::new(Schema::new(vec![
                Field::new("c", DataType::Utf8, true),
                Field::new("t", DataType::Int64, true),
                Field::new("v", DataType::Float64, true),
            ]));
            let columns: Vec<ArrayRef> = vec![
                Arc::new(rows.iter().map(|(c, _)| Some(format!("s{}", 9 - c))).collect::<StringArray>()),
                Arc::new(rows.iter().map(|(_, t)| Some(*t)).collect::<Int64Array>()),
                Arc::new(rows.iter().map(|(c, t)| value(*c, *t)).collect::<Float64Array>()),
            ];
            let path = std::env::temp_dir().join(format!(
                "datagora-count-years-{}-{by_channel}-{}.parquet",
                std::process::id(),
                rows.as_ptr() as usize
            ));
            let properties = WriterProperties::builder().set_max_row_group_row_count(Some(700)).build();
            let mut writer =
                ArrowWriter::try_new(std::fs::File::create(&path).unwrap(), schema.clone(), Some(properties))
                    .unwrap();
            writer.write(&RecordBatch::try_new(schema, columns).unwrap()).unwrap();
            writer.close().unwrap();
            path
        })
    }

    #[test]
    fn one_pass_is_what_adding_by_hand_gives() {
        let columns = CountColumns::new(TimestampConvention::Start)
            .with_channel("c")
            .with_time("t")
            .with_value("v")
            .with_seconds(1_200);
        let mut seen: Option<CountYears> = None;
        for by_channel in [false, true] {
            let paths = files(by_channel);
            for size in [64, 100_000] {
                let columns = columns.clone().with_batch_rows(size);
                let found = hourly_years_from_parquet(&paths, &columns, 2024, Zone::PARIS).unwrap();
                assert_eq!((found.rows, found.channels.len()), (25_000, 5));
                assert_eq!(found.channels, ["s5", "s6", "s7", "s8", "s9"]);
                assert!(found.problems.is_empty() && found.added.counted + found.added.missing == 25_000);
                match &seen {
                    Some(first) => assert!(first.years == found.years && first.added == found.added),
                    None => seen = Some(found),
                }
            }
            // Another year: all of it is outside.
            let other = hourly_years_from_parquet(&paths, &columns, 2023, Zone::PARIS).unwrap();
            assert_eq!(other.added.outside, 25_000);
            for path in paths {
                std::fs::remove_file(path).unwrap();
            }
        }
        let Some(found) = seen else { panic!("nothing was read") };
        let mut by_hand = HourlyYear::new(2024, Zone::PARIS).unwrap();
        let start = by_hand.local().start();
        for t in (0..5_000).map(|t| start + 1_200 * t).filter(|t| t / 1_200 % 11 != 0) {
            by_hand.add(&[t], 1_200, &[(t / 1_200 * 3 % 17) as f64 + 0.25]).unwrap();
        }
        assert_eq!(found.years[4], by_hand); // s9 is the first channel
    }

    #[test]
    fn days_are_no_hours() {
        let paths = files(true);
        let columns = CountColumns::new(TimestampConvention::Start)
            .with_channel("c")
            .with_time("t")
            .with_value("v")
            .with_seconds(86_400);
        let error = hourly_years_from_parquet(&paths, &columns, 2024, Zone::PARIS).unwrap_err().to_string();
        assert!(error.contains("86400 s"), "{error}");
        paths.iter().for_each(|path| std::fs::remove_file(path).unwrap());
    }
}
