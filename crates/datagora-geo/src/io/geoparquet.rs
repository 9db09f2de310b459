//! GeoParquet.
use std::any::Any;
use std::collections::BTreeSet;
use std::error::Error;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, new_empty_array};
use arrow::compute::concat;
use arrow::datatypes::{DataType, SchemaRef};
use datagora_core::{Crs, Field, Role, Table, content_hash};
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::basic::LogicalType;
use parquet::file::metadata::ParquetMetaData;
use serde_json::Value;

use super::arrow_columns::{conform, field_type};
use super::binary::Decoder;
use super::error::{Fault, ReadError, read_bytes};
use super::file::{FeatureFile, Parsed};
use super::native;
use super::note::{ReadNote, Tally};
use super::projjson::crs_from_projjson;
use super::unknown_crs;
use crate::types::Geometry;

/// Reads GeoParquet: the features with their primary geometry column.
///
/// Versions 1.0 and 1.1 with their WKB and native encodings; Parquet's own `GEOMETRY` and `GEOGRAPHY` types where the
/// file has no `geo` metadata. The CRS is that of the metadata by code or name (none stated: WGS 84; `null`: unknown).
/// Coordinates are (east, north), as the standard has it for every CRS. Geographies keep their coordinates; that their
/// edges are geodesics is lost.
///
/// Whole numbers, numbers, text, truth values, dates and instants become columns of those types; lists and structures
/// become JSON text, times without zone become text, other columns (a bounding box that covers the geometry apart) are
/// left out: all with notes.
///
/// # Errors
///
/// [`ReadError::Io`]; [`ReadError::Container`] if the file is not Parquet or is corrupt; [`ReadError::Malformed`] if it
/// has no geometry, or with the row if one cannot be read.
///
/// # Example
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("trees.parquet");
/// use datagora_core::{Crs, Table};
/// use datagora_geo::{Features, GeoParquetOptions, GeometryColumn, read_geoparquet, write_geoparquet};
///
/// let geometry = GeometryColumn::points(vec![1_842_734.9], vec![5_174_970.7], Crs::CC46);
/// let trees = Features { geometry, attributes: Table::empty() };
/// write_geoparquet(&path, &trees, &GeoParquetOptions::default())?;
/// assert_eq!(read_geoparquet(&path)?.features, trees);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// OGC 24-013, *GeoParquet 1.1.0*. · Apache Parquet, *Logical types: GEOMETRY, GEOGRAPHY*.
pub fn read_geoparquet(path: impl AsRef<Path>) -> Result<FeatureFile, ReadError> {
    read(path.as_ref(), None)
}

/// Reads GeoParquet with another than its primary geometry column.
///
/// # Errors
///
/// As [`read_geoparquet`]; [`ReadError::Layer`], naming the geometry columns, if there is none of the name.
///
/// # Example
///
/// ```no_run
/// let file = datagora_geo::read_geoparquet_column("communes.parquet", "chef_lieu")?;
/// # Ok::<(), datagora_geo::ReadError>(())
/// ```
pub fn read_geoparquet_column(path: impl AsRef<Path>, column: &str) -> Result<FeatureFile, ReadError> {
    read(path.as_ref(), Some(column))
}

/// Reads, and turns a panic of the Parquet decoder into an error: on corrupt pages it asserts what it should check
/// (parquet 59.3, in `util/bit_util.rs`).
fn read(path: &Path, column: Option<&str>) -> Result<FeatureFile, ReadError> {
    let refused = |payload: Box<dyn Any + Send>| {
        let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default();
        let source = format!("the decoder gave up: {text}").into();
        ReadError::Container { file: path.to_owned(), format: "GeoParquet", source }
    };
    // Nothing outlives the closure, so nothing half changed can be seen.
    catch_unwind(AssertUnwindSafe(|| read_unguarded(path, column)))
        .unwrap_or_else(|payload| Err(refused(payload)))
}

fn read_unguarded(path: &Path, column: Option<&str>) -> Result<FeatureFile, ReadError> {
    let hash = content_hash(&read_bytes(path)?);
    let refused = |source: Box<dyn Error + Send + Sync>| ReadError::Container {
        file: path.to_owned(),
        format: "GeoParquet",
        source,
    };
    let file = File::open(path).map_err(|source| ReadError::Io { file: path.to_owned(), source })?;
    // Types are those of Parquet: the Arrow schema that some writers add is not needed, and its decoder panics on bytes
    // that are not one (arrow-ipc 59.3).
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options)
        .map_err(|error| refused(error.into()))?;
    let geo = Geo::find(builder.metadata(), builder.schema()).map_err(|fault| fault.in_file(path))?;
    let chosen = geo.choose(path, column)?;
    let schema = builder.schema().clone();
    let mut reader = builder.build().map_err(|error| refused(error.into()))?;

    let mut rows =
        Rows { chosen, decoder: Decoder::default(), more: Tally::default(), geometries: Vec::new() };
    let mut batches = Vec::new();
    for batch in reader.by_ref() {
        let batch: RecordBatch = batch.map_err(|error| refused(error.into()))?;
        rows.decode(&batch).map_err(|fault| fault.in_file(path))?;
        batches.push(batch);
    }
    let mut notes = Vec::new();
    let crs = rows.chosen.crs(&mut notes);
    rows.decoder.tell(&mut notes);
    rows.more.note(&mut notes, |features, first| ReadNote::DimensionsDropped { features, first });
    let attributes = attributes(&schema, &batches, rows.chosen, &geo, &mut notes).map_err(refused)?;
    Ok(Parsed { geometries: rows.geometries, crs, attributes, notes }.with_hash(path, hash))
}

/// The geometry columns of a file.
struct Geo {
    primary: String,
    columns: Vec<GeoColumn>,
    /// Columns that hold bounding boxes of geometries.
    covering: BTreeSet<String>,
}

struct GeoColumn {
    name: String,
    /// `WKB`, or the name of a native encoding.
    encoding: String,
    crs: CrsOf,
}

enum CrsOf {
    Default,
    Unknown,
    Definition(Value),
}

impl Geo {
    fn find(metadata: &Arc<ParquetMetaData>, schema: &SchemaRef) -> Result<Self, Fault> {
        let pairs = metadata.file_metadata().key_value_metadata();
        let value = |key: &str| {
            let pair = pairs?.iter().find(|pair| pair.key == key)?;
            pair.value.as_deref()
        };
        match value("geo") {
            Some(text) => Self::from_metadata(text, schema),
            None => Self::from_types(metadata, schema, value),
        }
    }

    fn from_metadata(text: &str, schema: &SchemaRef) -> Result<Self, Fault> {
        let hint = "write the file again";
        let geo: Value = serde_json::from_str(text).map_err(|error| {
            Fault::new(format!("“geo” metadata that is no JSON: {error}"), "GeoParquet", hint)
        })?;
        let fault = |found: &str| Fault::new(found, "the “geo” metadata of GeoParquet", hint);
        let primary = geo["primary_column"].as_str().ok_or_else(|| fault("no primary column"))?;
        let described = geo["columns"].as_object().ok_or_else(|| fault("no geometry columns"))?;
        let mut columns = Vec::new();
        let mut covering = BTreeSet::new();
        for (name, column) in described {
            if schema.field_with_name(name).is_err() {
                return Err(fault("a geometry column that is not in the table").in_column(name));
            }
            let encoding = column["encoding"].as_str().ok_or_else(|| fault("no encoding").in_column(name))?;
            let crs = match column.get("crs") {
                None => CrsOf::Default,
                Some(Value::Null) => CrsOf::Unknown,
                Some(definition) => CrsOf::Definition(definition.clone()),
            };
            if let Some(corners) = column["covering"]["bbox"].as_object() {
                let roots = corners.values().filter_map(|path| path[0].as_str());
                covering.extend(roots.map(str::to_owned));
            }
            columns.push(GeoColumn { name: name.clone(), encoding: encoding.to_owned(), crs });
        }
        Ok(Self { primary: primary.to_owned(), columns, covering })
    }

    /// By Parquet's own types.
    fn from_types<'a>(
        metadata: &ParquetMetaData,
        schema: &SchemaRef,
        value: impl Fn(&str) -> Option<&'a str>,
    ) -> Result<Self, Fault> {
        let descriptor = metadata.file_metadata().schema_descr();
        let mut columns = Vec::new();
        for place in 0..descriptor.num_columns() {
            let column = descriptor.column(place);
            let [name] = column.path().parts() else { continue };
            let crs = match column.logical_type_ref() {
                Some(LogicalType::Geometry(kind)) => kind.crs.as_deref(),
                Some(LogicalType::Geography(kind)) => kind.crs.as_deref(),
                _ => continue,
            };
            let crs = match crs {
                None | Some("") => CrsOf::Default,
                Some(text) => {
                    // “projjson:key” and “srid:code” are the spellings of the specification.
                    let text = text.strip_prefix("projjson:").and_then(&value).unwrap_or(text);
                    match text.strip_prefix("srid:") {
                        Some("0") => CrsOf::Unknown,
                        Some(code) => CrsOf::Definition(Value::from(format!("EPSG:{code}"))),
                        None => CrsOf::Definition(
                            serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)),
                        ),
                    }
                }
            };
            columns.push(GeoColumn { name: name.clone(), encoding: "WKB".into(), crs });
        }
        let Some(first) = columns.first() else {
            let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
            let found = format!("a table without geometry, of the columns {names:?}");
            let hint = "read it as a table, and make points of its coordinates";
            return Err(Fault::new(found, "“geo” metadata or a column of type GEOMETRY", hint));
        };
        Ok(Self { primary: first.name.clone(), columns, covering: BTreeSet::new() })
    }

    fn choose(&self, path: &Path, asked: Option<&str>) -> Result<&GeoColumn, ReadError> {
        let name = asked.unwrap_or(&self.primary);
        self.columns.iter().find(|column| column.name == name).ok_or_else(|| ReadError::Layer {
            file: PathBuf::from(path),
            asked: Some(name.to_owned()),
            found: self.columns.iter().map(|column| column.name.clone()).collect(),
        })
    }
}

impl GeoColumn {
    fn crs(&self, notes: &mut Vec<ReadNote>) -> Crs {
        match &self.crs {
            CrsOf::Default => Crs::WGS84,
            CrsOf::Unknown => {
                notes.push(ReadNote::CrsUnknown { found: "null".into() });
                unknown_crs()
            }
            CrsOf::Definition(definition) => crs_from_projjson(definition),
        }
    }
}

/// The geometries read so far.
struct Rows<'a> {
    chosen: &'a GeoColumn,
    decoder: Decoder,
    more: Tally,
    geometries: Vec<Option<Geometry>>,
}

impl Rows<'_> {
    fn decode(&mut self, batch: &RecordBatch) -> Result<(), Fault> {
        let name = &self.chosen.name;
        let unsuited = |found: String| {
            Fault::new(found, "WKB, or a native encoding of GeoParquet 1.1", "write the file again")
                .in_column(name)
        };
        let column = batch.column_by_name(name).ok_or_else(|| unsuited("no such column".into()))?;
        if self.chosen.encoding != "WKB" {
            let more = native::has_more(column.data_type());
            for row in 0..column.len() {
                let index = self.geometries.len();
                let geometry = native::geometry(column, row, &self.chosen.encoding).map_err(|()| {
                    let found = format!("{} in the encoding “{}”", column.data_type(), self.chosen.encoding);
                    unsuited(found).at_feature(index)
                })?;
                if more && geometry.is_some() {
                    self.more.add(index);
                }
                self.geometries.push(geometry);
            }
            return Ok(());
        }
        for row in 0..column.len() {
            let index = self.geometries.len();
            let geometry = match binary(column, row) {
                _ if column.is_null(row) => None,
                Some(bytes) => self.decoder.decode(index, bytes).map_err(|fault| fault.in_column(name))?,
                None => return Err(unsuited(format!("{} in the encoding “WKB”", column.data_type()))),
            };
            self.geometries.push(geometry);
        }
        Ok(())
    }
}

fn binary(column: &ArrayRef, row: usize) -> Option<&[u8]> {
    match column.data_type() {
        DataType::Binary => Some(column.as_binary::<i32>().value(row)),
        DataType::LargeBinary => Some(column.as_binary::<i64>().value(row)),
        DataType::BinaryView => Some(column.as_binary_view().value(row)),
        _ => None,
    }
}

fn attributes(
    schema: &SchemaRef,
    batches: &[RecordBatch],
    chosen: &GeoColumn,
    geo: &Geo,
    notes: &mut Vec<ReadNote>,
) -> Result<Table, Box<dyn Error + Send + Sync>> {
    let mut table = Table::empty();
    for (place, field) in schema.fields().iter().enumerate() {
        let name = field.name();
        if *name == chosen.name || geo.covering.contains(name) {
            continue;
        }
        let geometry = geo.columns.iter().any(|column| column.name == *name);
        let Some(kind) = field_type(field.data_type()).filter(|_| !geometry) else {
            let kind = if geometry { "geometry".to_owned() } else { field.data_type().to_string() };
            notes.push(ReadNote::ColumnDropped { column: name.clone(), kind });
            continue;
        };
        let pieces: Vec<&dyn Array> = batches.iter().map(|batch| batch.column(place).as_ref()).collect();
        // Arrow's offsets are 32 bits.
        let text =
            |piece: &&dyn Array| piece.as_string_opt::<i32>().map_or(0, |text| text.value_data().len());
        if pieces.iter().map(text).sum::<usize>() > i32::MAX as usize {
            return Err(format!("column “{name}” holds more than 2 GiB of text; split the file").into());
        }
        let whole = match pieces.is_empty() {
            true => new_empty_array(field.data_type()),
            false => concat(&pieces)?,
        };
        if let Some(values) = conform(&whole, name, notes)? {
            table = table.with_column(Field::new(name, kind, Role::Attribute), values)?;
        }
    }
    Ok(table)
}

#[cfg(test)]
mod tests;
