//! GeoParquet, written.
use std::collections::BTreeSet;
use std::io::Write;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryBuilder, Float64Builder, RecordBatch, RecordBatchOptions, StructArray};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Field, Fields, Schema};
use datagora_core::io::AtomicFile;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::arrow::{ArrowSchemaConverter, ArrowWriter};
use parquet::basic::{Compression, LogicalType, Repetition, Type as PhysicalType, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::schema::types::{ColumnPath, SchemaDescriptor, Type};
use serde::Serialize;
use serde_json::{Value, json};

use super::write_error::{WriteError, check_length};
use crate::crs::projjson;
use crate::crs::unknown_crs;
use crate::types::Geometry;
use crate::{Features, write_wkb};

/// How GeoParquet is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct GeoParquetOptions {
    /// Name of the geometry column.
    pub column: String,
    /// Whether a column `bbox` holds the bounding box of each row, so that readers can skip row groups.
    pub covering: bool,
    /// Most rows in a row group, at least 1.
    pub row_group: usize,
    /// Whether the geometry column has Parquet's own type GEOMETRY besides the metadata of GeoParquet. Readers that do
    /// not know the type see a column of bytes, as without it.
    pub native_type: bool,
}

impl Default for GeoParquetOptions {
    /// Column `geometry`, no bounding boxes, row groups of 65,536 rows, a column of bytes.
    fn default() -> Self {
        Self { column: "geometry".into(), covering: false, row_group: 65_536, native_type: false }
    }
}

impl GeoParquetOptions {
    /// Names the geometry column.
    pub fn with_column(self, column: impl Into<String>) -> Self {
        Self { column: column.into(), ..self }
    }

    /// Adds a column with the bounding box of each row.
    pub fn with_covering(self, covering: bool) -> Self {
        Self { covering, ..self }
    }

    /// Gives the geometry column Parquet's own type GEOMETRY, too.
    pub fn with_native_type(self, native_type: bool) -> Self {
        Self { native_type, ..self }
    }

    /// Sets the most rows that a row group holds.
    pub fn with_row_group(self, rows: usize) -> Self {
        Self { row_group: rows, ..self }
    }
}

/// Writes GeoParquet 1.1: WKB, the CRS as PROJJSON, types of geometry and bounding box in the metadata.
///
/// Compressed with Zstandard. The file appears whole or not at all; equal features give equal bytes. Units and roles
/// of columns are not kept.
///
/// # Errors
///
/// [`WriteError::Crs`] if the CRS has no PROJJSON definition: known are WGS 84, RGF93, ETRS89, Lambert-93, CC42 to CC50,
/// UTM, Web Mercator, LAEA Europe, and those that were read from PROJJSON. [`WriteError::Name`] if an attribute has the
/// name of the geometry or bounding box, [`WriteError::Length`] if geometries and attributes differ in number,
/// [`WriteError::File`].
///
/// # Example
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("trees.parquet");
/// use datagora_core::{Crs, Role, Table};
/// use datagora_geo::{Features, GeoParquetOptions, GeometryColumn, write_geoparquet};
///
/// let geometry = GeometryColumn::points(vec![1_842_734.9], vec![5_174_970.7], Crs::CC46);
/// let attributes = Table::empty().with_text("genus", Role::Attribute, [Some("Tilia")])?;
/// let options = GeoParquetOptions::default().with_covering(true);
/// write_geoparquet(&path, &Features { geometry, attributes }, &options)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// OGC 24-013, *GeoParquet 1.1.0*.
pub fn write_geoparquet(
    path: impl AsRef<Path>,
    features: &Features,
    options: &GeoParquetOptions,
) -> Result<(), WriteError> {
    let path = path.as_ref();
    check_length(features, path)?;
    let metadata = metadata(features, options, path)?;
    let rows = features.geometry.len();
    let group = options.row_group.max(1);
    let first = batch(features, options, path, 0..rows.min(group))?;
    let refused = |source: ParquetError| WriteError::Container {
        file: path.to_owned(),
        format: "GeoParquet",
        source: Box::new(source),
    };
    let properties = WriterProperties::builder()
        .set_created_by("datagora-geo".into())
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        // Geometries are seldom the same: a dictionary of them would only be in the way.
        .set_column_dictionary_enabled(ColumnPath::from(options.column.as_str()), false)
        .set_max_row_group_row_count(Some(group))
        .set_key_value_metadata(Some(vec![KeyValue::new("geo".into(), metadata.to_string())]))
        .build();
    let mut file = AtomicFile::create(path)?;
    let mut writing = ArrowWriterOptions::new().with_properties(properties);
    if options.native_type {
        let crs = &metadata["columns"][&options.column]["crs"];
        writing = writing.with_parquet_schema(native_schema(&first.schema(), options, crs).map_err(refused)?);
    }
    let mut writer =
        ArrowWriter::try_new_with_options(&mut file, first.schema(), writing).map_err(refused)?;
    writer.write(&first).map_err(refused)?;
    // A row group at a time: memory, and the 2 GiB that a column of bytes can hold, are per group.
    for start in (group..rows).step_by(group) {
        let batch = batch(features, options, path, start..rows.min(start.saturating_add(group)))?;
        writer.write(&batch).map_err(refused)?;
    }
    writer.close().map_err(refused)?;
    file.flush()
        .map_err(|source| datagora_core::io::WriteError::Unwritable { path: path.to_owned(), source })?;
    Ok(file.commit()?)
}

/// Name of the column of bounding boxes.
const BOXES: &str = "bbox";

fn metadata(features: &Features, options: &GeoParquetOptions, path: &Path) -> Result<Value, WriteError> {
    let crs = features.geometry.crs();
    let definition = match projjson(crs) {
        Some(definition) => definition,
        None if *crs == unknown_crs() => Value::Null,
        None => {
            return Err(WriteError::Crs {
                file: path.to_owned(),
                found: crs.clone(),
                needed: "a CRS whose PROJJSON definition is known, such as Lambert-93 or WGS 84,",
            });
        }
    };
    let types: BTreeSet<&str> =
        features.geometry.iter().flatten().map(|geometry| type_name(&geometry)).collect();
    let mut column = json!({"encoding": "WKB", "geometry_types": types, "crs": definition});
    if let Some(bounds) = features.geometry.bounds() {
        column["bbox"] = json!([bounds.min().x, bounds.min().y, bounds.max().x, bounds.max().y]);
    }
    if options.covering {
        let corners = CORNERS.map(|corner| (corner.to_owned(), json!([BOXES, corner])));
        column["covering"] = json!({"bbox": serde_json::Map::from_iter(corners)});
    }
    let mut columns = serde_json::Map::new();
    columns.insert(options.column.clone(), column);
    Ok(json!({"version": "1.1.0", "primary_column": options.column, "columns": columns}))
}

pub(super) const CORNERS: [&str; 4] = ["xmin", "ymin", "xmax", "ymax"];

fn type_name(geometry: &Geometry) -> &'static str {
    match geometry {
        Geometry::Point(_) => "Point",
        Geometry::Line(_) | Geometry::LineString(_) => "LineString",
        Geometry::Polygon(_) | Geometry::Rect(_) | Geometry::Triangle(_) => "Polygon",
        Geometry::MultiPoint(_) => "MultiPoint",
        Geometry::MultiLineString(_) => "MultiLineString",
        Geometry::MultiPolygon(_) => "MultiPolygon",
        Geometry::GeometryCollection(_) => "GeometryCollection",
    }
}

/// The schema of Parquet, in which the geometry column is of type GEOMETRY.
fn native_schema(
    schema: &Schema,
    options: &GeoParquetOptions,
    crs: &Value,
) -> Result<SchemaDescriptor, ParquetError> {
    let plain = ArrowSchemaConverter::new().convert(schema)?;
    // None stated is longitude and latitude of WGS 84; “srid:0” is unknown.
    let crs = match crs {
        Value::Null => Some("srid:0".to_owned()),
        crs if crs["id"] == json!({"authority": "EPSG", "code": 4326}) => None,
        crs => Some(crs.to_string()),
    };
    let mut fields = plain.root_schema().get_fields().to_vec();
    for field in &mut fields {
        if field.name() == options.column {
            let geometry = Type::primitive_type_builder(&options.column, PhysicalType::BYTE_ARRAY)
                .with_repetition(Repetition::OPTIONAL)
                .with_logical_type(Some(LogicalType::geometry(crs.clone())));
            *field = Arc::new(geometry.build()?);
        }
    }
    let root = Type::group_type_builder(plain.name()).with_fields(fields).build()?;
    Ok(SchemaDescriptor::new(Arc::new(root)))
}

fn batch(
    features: &Features,
    options: &GeoParquetOptions,
    path: &Path,
    rows: Range<usize>,
) -> Result<RecordBatch, WriteError> {
    let table = match features.attributes.schema().fields() {
        [] => features.attributes.batch().clone(),
        _ => features.attributes.batch().slice(rows.start, rows.len()),
    };
    let mut fields: Vec<Arc<Field>> = table.schema().fields().iter().cloned().collect();
    let mut columns: Vec<ArrayRef> = table.columns().to_vec();
    let mut add = |name: &str, values: ArrayRef| {
        if fields.iter().any(|field| field.name() == name) {
            return Err(WriteError::Name { file: path.to_owned(), name: name.to_owned() });
        }
        fields.push(Arc::new(Field::new(name, values.data_type().clone(), true)));
        columns.push(values);
        Ok(())
    };
    let mut geometry = BinaryBuilder::new();
    let mut bytes = 0;
    for row in rows.clone() {
        match features.geometry.get(row).map(|each| write_wkb(&each)) {
            Some(binary) => {
                bytes += binary.len();
                if bytes > i32::MAX as usize {
                    return Err(WriteError::Container {
                        file: path.to_owned(),
                        format: "GeoParquet",
                        source: "more than 2 GiB of geometry in one row group; choose smaller groups".into(),
                    });
                }
                geometry.append_value(binary);
            }
            None => geometry.append_null(),
        }
    }
    add(&options.column, Arc::new(geometry.finish()))?;
    if options.covering {
        add(BOXES, Arc::new(boxes(features, rows.clone())))?;
    }
    let count = RecordBatchOptions::new().with_row_count(Some(rows.len()));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), columns, &count).map_err(|source| {
        WriteError::Container { file: path.to_owned(), format: "GeoParquet", source: Box::new(source) }
    })
}

/// The bounding box of each row; rows without coordinates have none.
fn boxes(features: &Features, rows: Range<usize>) -> StructArray {
    let bounds: Vec<_> = rows.clone().map(|row| features.geometry.row_bounds(row)).collect();
    let corner = |of: fn(&crate::types::Rect) -> f64| -> ArrayRef {
        let mut builder = Float64Builder::with_capacity(rows.len());
        bounds.iter().for_each(|bounds| builder.append_option(bounds.as_ref().map(of)));
        Arc::new(builder.finish())
    };
    let columns =
        vec![corner(|b| b.min().x), corner(|b| b.min().y), corner(|b| b.max().x), corner(|b| b.max().y)];
    let fields: Fields = CORNERS.iter().map(|name| Field::new(*name, DataType::Float64, true)).collect();
    let valid: NullBuffer = bounds.iter().map(Option::is_some).collect();
    StructArray::new(fields, columns, Some(valid))
}
