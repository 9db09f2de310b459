//! Record batches as plain columns: times in seconds, rows that are not sound left out and listed.
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use datagora_core::io::ReadError;
use datagora_core::{DateTime, Problem, ProblemKind, Report};

use super::{CountBatch, CountColumns, Found, Names};
use crate::mobility::TimestampConvention;
use crate::mobility::io::file::refused;
use crate::mobility::io::parquet_file::{column_as, posix_seconds};

/// Turns record batches into plain columns.
pub(in crate::mobility::io) struct Decoder<'a> {
    pub(in crate::mobility::io) columns: &'a CountColumns,
    pub(in crate::mobility::io) found: &'a Found,
    pub(in crate::mobility::io) file: &'a str,
    /// Rows of the file before the batch.
    pub(in crate::mobility::io) first: u64,
    pub(in crate::mobility::io) problems: &'a mut Report,
}

impl Decoder<'_> {
    pub(in crate::mobility::io) fn decode(
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
        let zoned = match column.data_type() {
            DataType::Timestamp(_, zone) => zone.is_some(),
            kind if kind.is_integer() => true,
            kind => {
                let problem =
                    Problem::new(format!("a column of {kind}"), "timestamps, or whole seconds since 1970");
                let problem = problem.of_kind(ProblemKind::WrongType).in_column(self.found.start.as_str());
                return Err(refused(self.file, problem.in_file(self.file)));
            }
        };
        let mut missing = posix_seconds(column, self.file, into)?;
        if missing {
            for (at, seconds) in into.iter().enumerate() {
                if *seconds == i64::MIN {
                    let problem =
                        Problem::new("nothing", "a time; left out").of_kind(ProblemKind::MissingValue);
                    let problem = problem.in_file(self.file).at_row(self.first + at as u64 + 1);
                    self.problems.add(problem.in_column(self.found.start.as_str()));
                }
            }
        }
        if let Some((zone, repeated)) = self.columns.local.filter(|_| !zoned) {
            // Within a quarter of an hour of the clock the offset is the same, in all zones since 1972.
            let mut last: Option<(i64, Option<i64>)> = None;
            for (at, seconds) in into.iter_mut().enumerate().filter(|(_, seconds)| **seconds != i64::MIN) {
                let quarter = seconds.div_euclid(900);
                let offset = match last {
                    Some((known, offset)) if known == quarter => offset,
                    _ => {
                        let local = DateTime::from_timestamp(*seconds, 0).map(|local| local.naive_utc());
                        let instant = local.map(|local| zone.instant(local, repeated));
                        let offset =
                            instant.and_then(Result::ok).map(|instant| instant.timestamp() - *seconds);
                        last = Some((quarter, offset));
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
