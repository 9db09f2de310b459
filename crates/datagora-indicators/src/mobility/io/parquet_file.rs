//! Parquet files, by columns and row groups.
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Int64Type, Schema, SchemaRef, TimeUnit, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
};
use datagora_core::io::ReadError;
use datagora_core::{Problem, Report};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};

/// A file that was opened, and what it says about itself.
pub(super) struct ParquetFile {
    pub(super) name: String,
    handle: File,
    metadata: ArrowReaderMetadata,
}

/// Batches of some of its columns.
pub(super) struct Batches {
    name: String,
    reader: ParquetRecordBatchReader,
    broken: bool,
}

fn malformed(name: &str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> ReadError {
    ReadError::Malformed { file: name.to_owned(), needed: "a sound Parquet file", source: source.into() }
}

/// Runs the decoder, whose panic becomes an error.
fn guarded<T>(name: &str, decode: impl FnOnce() -> T) -> Result<T, ReadError> {
    datagora_core::io::guarded(decode).map_err(|panic| malformed(name, panic))
}

impl ParquetFile {
    pub(super) fn open(path: &Path) -> Result<Self, ReadError> {
        let name = path.display().to_string();
        let unreadable = |source| ReadError::Unreadable { file: name.clone(), source };
        let handle = File::open(path).map_err(unreadable)?;
        if handle.metadata().map_err(unreadable)?.len() == 0 {
            return Err(ReadError::Empty { file: name });
        }
        let metadata = guarded(&name, || ArrowReaderMetadata::load(&handle, ArrowReaderOptions::new()))?
            .map_err(|error| malformed(&name, error))?;
        Ok(Self { name, handle, metadata })
    }

    pub(super) fn schema(&self) -> &SchemaRef {
        self.metadata.schema()
    }

    pub(super) fn row_groups(&self) -> usize {
        self.metadata.metadata().num_row_groups()
    }

    /// Rows before each row group.
    pub(super) fn rows_before(&self) -> Vec<u64> {
        let groups = self.metadata.metadata().row_groups().iter();
        let mut rows = 0;
        groups
            .map(|group| {
                let before = rows;
                rows += u64::try_from(group.num_rows()).unwrap_or(0);
                before
            })
            .collect()
    }

    /// Text of this column comes as a dictionary: each different text once, and its number in every row.
    pub(super) fn with_dictionary(mut self, column: &str) -> Result<Self, ReadError> {
        let schema = self.schema().clone();
        let text =
            |kind: &DataType| matches!(kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
        if !schema.field_with_name(column).is_ok_and(|field| text(field.data_type())) {
            return Ok(self);
        }
        let fields: Vec<_> = schema
            .fields()
            .iter()
            .map(|field| {
                if field.name() != column {
                    return field.clone();
                }
                let kind = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
                Arc::new(field.as_ref().clone().with_data_type(kind))
            })
            .collect();
        let wanted = Schema::new(fields).with_metadata(schema.metadata().clone());
        let options = ArrowReaderOptions::new().with_schema(Arc::new(wanted));
        self.metadata = guarded(&self.name, || ArrowReaderMetadata::load(&self.handle, options))?
            .map_err(|error| malformed(&self.name, error))?;
        Ok(self)
    }

    /// The columns of these names, in these row groups.
    pub(super) fn batches(
        &self,
        columns: &[&str],
        row_groups: Vec<usize>,
        rows: usize,
    ) -> Result<Batches, ReadError> {
        let handle = self
            .handle
            .try_clone()
            .map_err(|source| ReadError::Unreadable { file: self.name.clone(), source })?;
        let roots = self.schema().fields().iter().enumerate();
        let roots: Vec<usize> = roots
            .filter(|(_, field)| columns.contains(&field.name().as_str()))
            .map(|(root, _)| root)
            .collect();
        let reader = guarded(&self.name, || {
            let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(handle, self.metadata.clone());
            let mask = ProjectionMask::roots(builder.parquet_schema(), roots);
            builder.with_projection(mask).with_row_groups(row_groups).with_batch_size(rows.max(1)).build()
        })?;
        let reader = reader.map_err(|error| malformed(&self.name, error))?;
        Ok(Batches { name: self.name.clone(), reader, broken: false })
    }

    /// All columns that are lacking, as one error.
    pub(super) fn check_columns(&self, columns: &[&str]) -> Result<(), ReadError> {
        let there: Vec<&str> = self.schema().fields().iter().map(|field| field.name().as_str()).collect();
        let lacking = Problem::lacking_columns(columns.iter().copied(), &there);
        let mut report = Report::default();
        report.extend(lacking.into_iter().map(|problem| problem.in_file(self.name.clone())));
        report.into_result().map_err(|report| ReadError::Content { file: self.name.clone(), report })
    }
}

impl Batches {
    pub(super) fn next(&mut self) -> Result<Option<RecordBatch>, ReadError> {
        if self.broken {
            return Ok(None);
        }
        let batch = guarded(&self.name, || self.reader.next())
            .and_then(|batch| batch.transpose().map_err(|error| malformed(&self.name, error)));
        self.broken = batch.is_err();
        batch
    }
}

/// Seconds since 1970 (UTC) of a column of timestamps of any unit, or of numbers of seconds; `i64::MIN` where there is none.
/// Gives whether there is any such.
pub(super) fn posix_seconds(column: &ArrayRef, file: &str, into: &mut Vec<i64>) -> Result<bool, ReadError> {
    fn whole<T: ArrowPrimitiveType<Native = i64>>(column: &ArrayRef, per_second: i64, into: &mut Vec<i64>) {
        into.extend(column.as_primitive::<T>().values().iter().map(|time| time.div_euclid(per_second)));
    }
    into.clear();
    let mut nulls = column.nulls().cloned();
    match column.data_type() {
        DataType::Timestamp(TimeUnit::Second, _) => {
            into.extend_from_slice(column.as_primitive::<TimestampSecondType>().values());
        }
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            whole::<TimestampMillisecondType>(column, 1_000, into);
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            whole::<TimestampMicrosecondType>(column, 1_000_000, into);
        }
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            whole::<TimestampNanosecondType>(column, 1_000_000_000, into);
        }
        _ => {
            let seconds = cast(column, &DataType::Int64).map_err(|source| ReadError::Malformed {
                file: file.to_owned(),
                needed: "timestamps, or seconds since 1970",
                source: Box::new(source),
            })?;
            into.extend_from_slice(seconds.as_primitive::<Int64Type>().values());
            nulls = seconds.nulls().cloned();
        }
    }
    let Some(nulls) = nulls.filter(|nulls| nulls.null_count() > 0) else { return Ok(false) };
    for (seconds, there) in into.iter_mut().zip(&nulls) {
        if !there {
            *seconds = i64::MIN;
        }
    }
    Ok(true)
}

/// A column as another type; values that do not fit are null.
pub(super) fn column_as(
    batch: &RecordBatch,
    column: &str,
    kind: &DataType,
    file: &str,
) -> Result<ArrayRef, ReadError> {
    let found = batch
        .column_by_name(column)
        .ok_or_else(|| malformed(file, format!("column {column} went missing")))?;
    if found.data_type() == kind {
        return Ok(found.clone());
    }
    cast(found, kind).map_err(|error| malformed(file, format!("column {column}: {error}")))
}
