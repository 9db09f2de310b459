//! Tables in Parquet files.
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, RecordBatch, RecordBatchReader, TimestampMillisecondArray};
use arrow::compute::cast;
use arrow::datatypes::{
    DataType, Field as ArrowField, Schema as ArrowSchema, TimeUnit, TimestampMillisecondType,
};
use chrono::DateTime;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::arrow::{ArrowWriter, ProjectionMask};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use super::{AtomicFile, DecoderPanic, ReadError, WriteError, guarded};
use crate::{Problem, Repeated, Report, Schema, Table, Zone};

/// How a Parquet file is to be read.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ParquetOptions {
    schema: Option<Schema>,
    zone: Option<Zone>,
    batch_rows: usize,
}

impl Default for ParquetOptions {
    fn default() -> Self {
        Self { schema: None, zone: None, batch_rows: 65_536 }
    }
}

impl ParquetOptions {
    /// Reads these columns, in this order and as these types; the others are not even decoded.
    ///
    /// Without a schema all columns are read, with the roles and units that [`write_parquet`] left.
    pub fn with_schema(self, schema: Schema) -> Self {
        Self { schema: Some(schema), ..self }
    }

    /// Zone of instants that are stored without one; without it they are refused.
    pub fn with_zone(self, zone: Zone) -> Self {
        Self { zone: Some(zone), ..self }
    }

    /// How many rows a table of the stream holds.
    pub fn with_batch_rows(self, batch_rows: usize) -> Self {
        Self { batch_rows: batch_rows.max(1), ..self }
    }
}

/// Reads a Parquet file in tables of some thousand rows.
pub struct ParquetReader {
    batches: ParquetRecordBatchReader,
    options: ParquetOptions,
    file: String,
    row: u64,
    broken: bool,
}

fn malformed(file: &str, source: impl std::error::Error + Send + Sync + 'static) -> ReadError {
    ReadError::Malformed {
        file: file.to_owned(),
        needed: "a Parquet file of the columns asked for",
        source: Box::new(source),
    }
}

/// The decoder is not used again.
fn unsound(file: &str, panic: DecoderPanic) -> ReadError {
    ReadError::Malformed { file: file.to_owned(), needed: "a sound Parquet file", source: Box::new(panic) }
}

impl ParquetReader {
    /// Opens a file and reads what it says about itself.
    ///
    /// # Errors
    ///
    /// [`ReadError::Unreadable`]; [`ReadError::Empty`]; [`ReadError::Malformed`] if it is no Parquet file;
    /// [`ReadError::Content`] with all columns that the schema names and the file lacks.
    pub fn open(path: impl AsRef<Path>, options: ParquetOptions) -> Result<Self, ReadError> {
        let file = path.as_ref().display().to_string();
        guarded(|| Self::open_unguarded(path.as_ref(), file.clone(), options))
            .unwrap_or_else(|panic| Err(unsound(&file, panic)))
    }

    fn open_unguarded(path: &Path, file: String, options: ParquetOptions) -> Result<Self, ReadError> {
        let unreadable = |source| ReadError::Unreadable { file: file.clone(), source };
        let handle = File::open(path).map_err(unreadable)?;
        if handle.metadata().map_err(unreadable)?.len() == 0 {
            return Err(ReadError::Empty { file });
        }
        let mut builder =
            ParquetRecordBatchReaderBuilder::try_new(handle).map_err(|error| malformed(&file, error))?;
        if let Some(schema) = &options.schema {
            let stored = builder.schema().clone();
            let names: Vec<&str> = stored.fields().iter().map(|field| field.name().as_str()).collect();
            let mut report = Report::default();
            report.extend(Problem::lacking_columns(
                schema.fields().iter().map(|field| field.name.as_str()),
                &names,
            ));
            if !report.is_empty() {
                return Err(ReadError::Content { file, report });
            }
            let roots = (0..names.len()).filter(|index| schema.field(names[*index]).is_some());
            let mask = ProjectionMask::roots(builder.parquet_schema(), roots);
            builder = builder.with_projection(mask);
        }
        let batches =
            builder.with_batch_size(options.batch_rows).build().map_err(|error| malformed(&file, error))?;
        Ok(Self { batches, options, file, row: 0, broken: false })
    }

    fn table(&mut self, batch: RecordBatch) -> Result<Table, ReadError> {
        let first = self.row;
        self.row += batch.num_rows() as u64;
        let batch = match self.options.zone {
            Some(zone) => self.placed(batch, zone, first)?,
            None => batch,
        };
        match &self.options.schema {
            Some(schema) => Table::from_batch(&batch, schema.clone()),
            None => Table::from_arrow(&batch),
        }
        .map_err(|error| malformed(&self.file, error))
    }

    /// The batch with instants in the place of times without zone.
    fn placed(&self, batch: RecordBatch, zone: Zone, first: u64) -> Result<RecordBatch, ReadError> {
        let mut fields = Vec::new();
        let mut columns = Vec::new();
        for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
            if !matches!(field.data_type(), DataType::Timestamp(_, None)) {
                fields.push(field.clone());
                columns.push(column.clone());
                continue;
            }
            let local = cast(column, &DataType::Timestamp(TimeUnit::Millisecond, None))
                .map_err(|error| malformed(&self.file, error))?;
            let mut report = Report::default();
            let mut place = |(row, time): (usize, Option<i64>)| {
                let local = DateTime::from_timestamp_millis(time?)?.naive_utc();
                match zone.instant(local, Repeated::Refuse) {
                    Ok(instant) => Some(instant.timestamp_millis()),
                    Err(error) => {
                        let problem = Problem::new(error.to_string(), "an instant");
                        report.add(problem.at_row(first + row as u64 + 1).in_column(field.name()));
                        None
                    }
                }
            };
            let placed: TimestampMillisecondArray =
                local.as_primitive::<TimestampMillisecondType>().iter().enumerate().map(&mut place).collect();
            if !report.is_empty() {
                return Err(ReadError::Content { file: self.file.clone(), report });
            }
            let placed: ArrayRef = Arc::new(placed.with_timezone("UTC"));
            fields.push(Arc::new(ArrowField::new(
                field.name(),
                placed.data_type().clone(),
                field.is_nullable(),
            )));
            columns.push(placed);
        }
        RecordBatch::try_new(Arc::new(ArrowSchema::new(fields)), columns)
            .map_err(|error| malformed(&self.file, error))
    }
}

impl Iterator for ParquetReader {
    type Item = Result<Table, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.broken {
            return None;
        }
        let batch = match guarded(|| self.batches.next()) {
            Ok(batch) => batch?,
            Err(panic) => {
                self.broken = true;
                return Some(Err(unsound(&self.file, panic)));
            }
        };
        Some(match batch {
            Ok(batch) => self.table(batch),
            Err(error) => Err(malformed(&self.file, error)),
        })
    }
}

impl std::fmt::Debug for ParquetReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ParquetReader")
            .field("file", &self.file)
            .field("row", &self.row)
            .finish_non_exhaustive()
    }
}

/// Reads a whole Parquet file.
///
/// # Errors
///
/// [`ReadError`]; [`ReadError::Malformed`] also if a column is of another type than asked for, or of one that no
/// [`FieldType`](crate::FieldType) stands for: give a schema that leaves it out.
///
/// # Example
///
/// ```no_run
/// use datagora_core::Zone;
/// use datagora_core::io::{ParquetOptions, read_parquet};
///
/// let polls = read_parquet("velov_status_2026-03-02.parquet", &ParquetOptions::default().with_zone(Zone::UTC))?;
/// println!("{} polls", polls.len());
/// # Ok::<(), datagora_core::io::ReadError>(())
/// ```
///
/// # References
///
/// Apache Parquet format. <https://parquet.apache.org/docs/file-format/>
pub fn read_parquet(path: impl AsRef<Path>, options: &ParquetOptions) -> Result<Table, ReadError> {
    let mut reader = ParquetReader::open(path, options.clone())?;
    let tables: Vec<Table> = reader.by_ref().collect::<Result<_, _>>()?;
    if tables.is_empty() {
        // No row group at all: the columns are there, and empty.
        let schema = reader.batches.schema();
        return reader.table(RecordBatch::new_empty(schema));
    }
    Table::concat(&tables).map_err(|error| malformed(&reader.file, error))
}

/// Writes a table as a Parquet file that appears whole or not at all: Zstandard, roles and units in the metadata.
///
/// The same table gives the same bytes.
///
/// # Errors
///
/// [`WriteError`].
pub fn write_parquet(path: impl AsRef<Path>, table: &Table) -> Result<(), WriteError> {
    let mut file = AtomicFile::create(path.as_ref())?;
    write_parquet_to(&mut file, table)?;
    file.commit()
}

/// Writes a table as Parquet into anything that takes bytes.
///
/// # Errors
///
/// [`WriteError::Unencodable`], also if the writer takes no more.
pub fn write_parquet_to(writer: impl Write + Send, table: &Table) -> Result<(), WriteError> {
    let unencodable = |source| WriteError::Unencodable { format: "Parquet", source };
    let batch = table.to_batch();
    let level = ZstdLevel::default();
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_created_by(concat!("datagora-core ", env!("CARGO_PKG_VERSION")).to_owned())
        .build();
    let mut writer = ArrowWriter::try_new(writer, batch.schema(), Some(properties))
        .map_err(|error| unencodable(Box::new(error) as Box<dyn std::error::Error + Send + Sync>))?;
    writer.write(&batch).and_then(|()| writer.close().map(drop)).map_err(|error| unencodable(Box::new(error)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Field, FieldType, Role, Unit};

    fn table() -> Table {
        Table::empty()
            .with_text("zone", Role::Identifier, [Some("69123"), Some("é"), None])
            .unwrap()
            .with_number("density", Role::Measure, Unit::of("{tree}/har"), [Some(1.5), None, Some(-0.0)])
            .unwrap()
            .with_instant("at", Role::Time, [DateTime::from_timestamp_millis(1), None, None])
            .unwrap()
    }

    #[test]
    fn what_is_written_is_read_back_and_the_same_to_the_byte() {
        let folder = tempfile::tempdir().unwrap();
        let (one, two) = (folder.path().join("1.parquet"), folder.path().join("2.parquet"));
        write_parquet(&one, &table()).unwrap();
        write_parquet(&two, &table()).unwrap();
        assert_eq!(std::fs::read(&one).unwrap(), std::fs::read(&two).unwrap());
        assert_eq!(read_parquet(&one, &ParquetOptions::default()).unwrap(), table());
        let empty = table().take(&[]);
        write_parquet(&two, &empty).unwrap();
        assert_eq!(read_parquet(&two, &ParquetOptions::default()).unwrap(), empty);
    }

    #[test]
    fn columns_are_chosen_in_the_order_of_the_schema() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.parquet");
        write_parquet(&path, &table()).unwrap();
        let schema = table().select(&["density", "zone"]).unwrap().schema().clone();
        let chosen = read_parquet(&path, &ParquetOptions::default().with_schema(schema.clone())).unwrap();
        assert_eq!(chosen.schema(), &schema);
        let small = ParquetReader::open(&path, ParquetOptions::default().with_batch_rows(2)).unwrap();
        assert_eq!(small.map(|table| table.unwrap().len()).collect::<Vec<_>>(), [2, 1]);
        let lacking = Schema::new(vec![Field::new("x", FieldType::Text, Role::Attribute)]);
        let error = read_parquet(&path, &ParquetOptions::default().with_schema(lacking)).unwrap_err();
        assert!(matches!(&error, ReadError::Content { report, .. } if report.count() == 1), "{error}");
    }

    #[test]
    fn broken_files_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.parquet");
        std::fs::write(&path, "").unwrap();
        assert!(matches!(read_parquet(&path, &ParquetOptions::default()), Err(ReadError::Empty { .. })));
        write_parquet(&path, &table()).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        for cut in [4, bytes.len() / 2, bytes.len() - 1] {
            std::fs::write(&path, &bytes[..cut]).unwrap();
            let error = read_parquet(&path, &ParquetOptions::default()).unwrap_err();
            assert!(error.to_string().contains("a.parquet"), "{error}");
        }
    }

    proptest::proptest! {
        #[test]
        fn corrupt_files_are_read_or_refused(flips in proptest::collection::vec((0usize..4000, 1u8..), 1..6)) {
            let mut bytes = Vec::new();
            write_parquet_to(&mut bytes, &table()).expect("in memory");
            for (place, mask) in flips {
                let place = place % bytes.len();
                bytes[place] ^= mask;
            }
            let file = tempfile::NamedTempFile::new().expect("a temporary file");
            std::fs::write(file.path(), &bytes).expect("a temporary file");
            if let Err(error) = read_parquet(file.path(), &ParquetOptions::default()) {
                proptest::prop_assert!(error.to_string().starts_with(&file.path().display().to_string()), "{}", error);
            }
        }
    }

    #[test]
    fn polls_of_shared_bicycles() {
        let folder = std::env::var("DATAGORA_DATA")
            .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").to_owned());
        let mut rows = 0;
        for day in ["02", "03"] {
            let path = Path::new(&folder).join(format!("lyon_mobility/velov_status_2026-03-{day}.parquet"));
            if !path.exists() {
                eprintln!("DATAGORA_DATA absent: {} not checked", path.display());
                return;
            }
            rows += read_parquet(&path, &ParquetOptions::default().with_zone(Zone::UTC)).unwrap().len();
        }
        assert_eq!(rows, 241_902);
    }
}
