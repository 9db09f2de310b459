//! Recorded station status, as collectors of GBFS feeds store it.
use std::collections::BTreeMap;
use std::path::Path;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Int64Type};
use datagora_core::io::ReadError;
use datagora_core::{Problem, ProblemKind, Report};

use super::SourceFile;
use super::parquet_file::{ParquetFile, column_as, posix_seconds};
use crate::mobility::{Snapshot, StationRecord};

/// Names of the columns of recorded station status.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
#[non_exhaustive]
pub struct StationColumns {
    /// Identifier of the station: text or whole numbers.
    pub station: String,
    /// When the feed was read: timestamps; those without zone are UTC.
    pub time: String,
    /// Vehicles that can be taken.
    pub bikes: String,
    /// Free docks.
    pub docks: String,
    /// Does the station rent?
    pub renting: String,
    /// Does it take returns?
    pub returning: String,
    /// When the station reported itself: timestamps, or POSIX seconds; read if it is there.
    pub reported: String,
}

impl Default for StationColumns {
    /// The names of GBFS 2, and `fetched_at`.
    fn default() -> Self {
        Self {
            station: "station_id".to_owned(),
            time: "fetched_at".to_owned(),
            bikes: "num_bikes_available".to_owned(),
            docks: "num_docks_available".to_owned(),
            renting: "is_renting".to_owned(),
            returning: "is_returning".to_owned(),
            reported: "last_reported".to_owned(),
        }
    }
}

/// Stations through the time of a recording.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct StationRecords {
    /// The record of each station, by identifier.
    pub stations: BTreeMap<String, StationRecord>,
    /// Rows read.
    pub rows: u64,
    /// Rows that could not be used, and why.
    pub problems: Report,
    /// The files, in the order they were given.
    pub files: Vec<SourceFile>,
}

/// Reads recorded station status from Parquet files, a row for each station and reading of the feed.
///
/// A hole in the recording stays a hole: see [`StationRecord::spans`].
///
/// # Units
///
/// Times become seconds since 1970 (UTC).
///
/// # Missing values
///
/// A row without station, time, vehicles, docks or service is left out and listed; so is one with a negative number.
///
/// # Errors
///
/// [`ReadError`] for files that cannot be read, lack a column, or hold another type in it.
///
/// # Example
///
/// ```
/// # use datagora_core::{Role, Table, Unit};
/// # use datagora_core::io::write_parquet;
/// use datagora_indicators::mobility::io::{StationColumns, read_station_records};
///
/// # let table = Table::empty()
/// #     .with_text("station_id", Role::Identifier, [Some("1"), Some("1")])?
/// #     .with_instant("fetched_at", Role::Time, [datagora_core::DateTime::from_timestamp(0, 0), datagora_core::DateTime::from_timestamp(60, 0)])?
/// #     .with_integer("num_bikes_available", Role::Measure, Unit::of("{vehicle}"), [Some(3), Some(-1)])?
/// #     .with_integer("num_docks_available", Role::Measure, Unit::of("{dock}"), [Some(3), Some(4)])?
/// #     .with_boolean("is_renting", Role::Attribute, [Some(true), Some(true)])?
/// #     .with_boolean("is_returning", Role::Attribute, [Some(true), Some(true)])?;
/// # let path = std::env::temp_dir().join(format!("datagora-stations-{}.parquet", std::process::id()));
/// # write_parquet(&path, &table)?;
/// let night = read_station_records([&path], &StationColumns::default())?;
/// assert_eq!(night.stations["1"].snapshots().len(), 1);
/// assert_eq!(night.problems.count(), 1); // −1 bicycles
/// # std::fs::remove_file(path)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_station_records<P: AsRef<Path>>(
    paths: impl IntoIterator<Item = P>,
    columns: &StationColumns,
) -> Result<StationRecords, ReadError> {
    let mut stations: BTreeMap<String, Vec<Snapshot>> = BTreeMap::new();
    let (mut rows, mut problems, mut files) = (0, Report::with_limit(100), Vec::new());
    for path in paths {
        let file = ParquetFile::open(path.as_ref())?;
        files.push(SourceFile::hashed(path.as_ref())?);
        let needed = [
            &columns.station,
            &columns.time,
            &columns.bikes,
            &columns.docks,
            &columns.renting,
            &columns.returning,
        ];
        let mut names = needed.map(String::as_str).to_vec();
        file.check_columns(&names)?;
        let told = file.schema().field_with_name(&columns.reported).is_ok();
        names.extend(told.then_some(columns.reported.as_str()));
        let mut batches = file.batches(&names, (0..file.row_groups()).collect(), 65_536)?;
        let mut row = 0;
        while let Some(batch) = batches.next()? {
            let as_kind = |name: &str, kind: DataType| column_as(&batch, name, &kind, &file.name);
            let seconds = |name: &str| -> Result<Vec<Option<i64>>, ReadError> {
                let mut seconds = Vec::new();
                if let Some(column) = batch.column_by_name(name) {
                    posix_seconds(column, &file.name, &mut seconds)?;
                }
                Ok(seconds.into_iter().map(|time| Some(time).filter(|time| *time != i64::MIN)).collect())
            };
            let station = as_kind(&columns.station, DataType::Utf8)?;
            let (bikes, docks) =
                (as_kind(&columns.bikes, DataType::Int64)?, as_kind(&columns.docks, DataType::Int64)?);
            let (renting, returning) = (
                as_kind(&columns.renting, DataType::Boolean)?,
                as_kind(&columns.returning, DataType::Boolean)?,
            );
            let time = seconds(&columns.time)?;
            let reported = told.then(|| seconds(&columns.reported)).transpose()?;
            let whole = |column: &ArrayRef, at: usize| {
                column.is_valid(at).then(|| column.as_primitive::<Int64Type>().value(at))
            };
            let flag =
                |column: &ArrayRef, at: usize| column.is_valid(at).then(|| column.as_boolean().value(at));
            for at in 0..batch.num_rows() {
                row += 1;
                let key = station.is_valid(at).then(|| station.as_string::<i32>().value(at));
                let mut lack = |column: &str, found: Option<i64>| {
                    let problem = match found {
                        Some(number) => Problem::new(number.to_string(), "a number from 0 on; left out"),
                        None => {
                            Problem::new("nothing", "a value; left out").of_kind(ProblemKind::MissingValue)
                        }
                    };
                    let problem = problem.in_file(file.name.clone()).at_row(row).in_column(column);
                    problems.add(match key {
                        Some(key) => problem.of_key(key),
                        None => problem,
                    });
                };
                let mut count = |column: &ArrayRef, name: &str| {
                    let found = whole(column, at);
                    let count = found.and_then(|number| u32::try_from(number).ok());
                    if count.is_none() {
                        lack(name, found);
                    }
                    count
                };
                let (bikes, docks) = (count(&bikes, &columns.bikes), count(&docks, &columns.docks));
                let (gives, takes) = (flag(&renting, at), flag(&returning, at));
                let now = time[at];
                for (missing, name) in [
                    (key.is_none(), &columns.station),
                    (now.is_none(), &columns.time),
                    (gives.is_none(), &columns.renting),
                    (takes.is_none(), &columns.returning),
                ] {
                    if missing {
                        lack(name, None);
                    }
                }
                let (Some(key), Some(now), Some(bikes), Some(docks), Some(gives), Some(takes)) =
                    (key, now, bikes, docks, gives, takes)
                else {
                    continue;
                };
                let mut snapshot = Snapshot::new(now, bikes, docks).with_service(gives, takes);
                snapshot.reported = reported.as_ref().and_then(|reported| reported[at]);
                match stations.get_mut(key) {
                    Some(snapshots) => snapshots.push(snapshot),
                    None => {
                        stations.insert(key.to_owned(), vec![snapshot]);
                    }
                }
            }
        }
        rows += row;
    }
    let stations = stations.into_iter().map(|(id, snapshots)| (id, StationRecord::new(snapshots))).collect();
    Ok(StationRecords { stations, rows, problems, files })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{BooleanArray, Float64Array, Int64Array, RecordBatch, TimestampMillisecondArray};
    use parquet::arrow::ArrowWriter;

    use super::*;

    #[test]
    fn times_of_every_type_are_seconds() {
        let whole = |values: [i64; 3]| Arc::new(Int64Array::from(values.to_vec())) as ArrayRef;
        let yes: ArrayRef = Arc::new(BooleanArray::from(vec![true; 3]));
        let fetched: ArrayRef = Arc::new(TimestampMillisecondArray::from(vec![Some(-1), Some(60_999), None]));
        let reported: ArrayRef = Arc::new(Float64Array::from(vec![Some(-30.0), None, Some(0.0)]));
        let columns = [
            ("station_id", whole([7, 7, 7])),
            ("fetched_at", fetched),
            ("num_bikes_available", whole([3, 4, 5])),
            ("num_docks_available", whole([3, 2, 1])),
            ("is_renting", yes.clone()),
            ("is_returning", yes),
            ("last_reported", reported),
        ];
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let path = std::env::temp_dir().join(format!("datagora-times-{}.parquet", std::process::id()));
        let file = std::fs::File::create(&path).unwrap();
        let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        let found = read_station_records([&path], &StationColumns::default());
        let hash = datagora_core::content_hash(&std::fs::read(&path).unwrap());
        std::fs::remove_file(&path).unwrap();
        let found = found.unwrap();
        assert_eq!(found.files, [SourceFile::new(&path, hash)]);
        let times: Vec<_> = found.stations["7"].snapshots().iter().map(|s| (s.time, s.reported)).collect();
        assert_eq!(times, [(-1, Some(-30)), (60, None)]);
        assert_eq!((found.rows, found.problems.count_of(ProblemKind::MissingValue)), (3, 1));
    }
}
