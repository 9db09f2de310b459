//! FlatGeobuf, written.
use std::io::Write;
use std::path::Path;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Date32Type, Float64Type, Int64Type, TimestampMillisecondType};
use datagora_core::io::AtomicFile;
use datagora_core::{Crs, FieldType};
use flatbuffers::{FlatBufferBuilder, WIPOffset};
use flatgeobuf::packed_r_tree::{NodeItem, PackedRTree, calc_extent, hilbert_sort};
use flatgeobuf::{
    Column, ColumnArgs, ColumnType, Crs as CrsOf, CrsArgs, Feature, FeatureArgs, Geometry, GeometryArgs,
    GeometryType, Header, HeaderArgs, finish_size_prefixed_feature_buffer,
    finish_size_prefixed_header_buffer,
};
use serde::Serialize;

use super::columns::{date_text, instant_text};
use super::flatgeobuf::MAGIC;
use super::write_error::{WriteError, check_length};
use crate::crs::unknown_crs;
use crate::geometry::{Part, PartKind};
use crate::{Features, GeometryColumn, GeometryKind};

/// How FlatGeobuf is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FlatGeobufOptions {
    /// Whether the file holds a packed index, by which readers find the features of a rectangle. Features then stand in
    /// the order of a Hilbert curve, not in that of the rows.
    pub index: bool,
}

impl FlatGeobufOptions {
    /// Adds a packed index, which changes the order of the features.
    pub fn with_index(self, index: bool) -> Self {
        Self { index }
    }
}

/// Children of a node of the index: the value that all writers use.
const NODE_SIZE: u16 = 16;

/// Writes FlatGeobuf 3, all kinds of geometry. A missing geometry is a feature without one.
///
/// Dates and instants become text of ISO 8601 in columns of times. The file appears whole or not at all; equal features
/// give equal bytes. Units and roles of columns are not kept, but for identifiers.
///
/// # Errors
///
/// [`WriteError::Crs`] if the CRS has neither an EPSG code nor a WKT definition, [`WriteError::Length`] if geometries and
/// attributes differ in number, [`WriteError::Container`] for more than 65,536 columns or a feature of 2 GiB,
/// [`WriteError::File`].
///
/// # Example
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("trees.fgb");
/// use datagora_core::{Crs, Role, Table};
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{
///     Features, FlatGeobufOptions, GeometryColumn, read_flatgeobuf_within, write_flatgeobuf,
/// };
///
/// let geometry = GeometryColumn::points(vec![4.83, 4.95], vec![45.75, 45.77], Crs::WGS84);
/// let attributes = Table::empty().with_text("genus", Role::Attribute, [Some("Tilia"), Some("Acer")])?;
/// let trees = Features { geometry, attributes };
/// write_flatgeobuf(&path, &trees, &FlatGeobufOptions::default().with_index(true))?;
/// let square = Rect::new(coord! { x: 4.8, y: 45.7 }, coord! { x: 4.9, y: 45.8 });
/// assert_eq!(read_flatgeobuf_within(&path, square)?.features.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// FlatGeobuf specification 3, <https://flatgeobuf.org>.
pub fn write_flatgeobuf(
    path: impl AsRef<Path>,
    features: &Features,
    options: &FlatGeobufOptions,
) -> Result<(), WriteError> {
    let path = path.as_ref();
    check_length(features, path)?;
    let refused = |source: String| WriteError::Container {
        file: path.to_owned(),
        format: "FlatGeobuf",
        source: source.into(),
    };
    let columns = features.attributes.schema().fields().len();
    if columns > usize::from(u16::MAX) + 1 {
        return Err(refused(format!("{columns} columns, 65536 are possible")));
    }
    let rows = features.geometry.len();
    let kind = common_kind(&features.geometry);
    let mut body: Vec<u8> = Vec::new();
    let mut nodes: Vec<NodeItem> = Vec::with_capacity(rows);
    let mut builder = FlatBufferBuilder::new();
    for row in 0..rows {
        let bounds = features.geometry.bounds_of(row);
        nodes.push(NodeItem {
            min_x: bounds.min_x,
            min_y: bounds.min_y,
            max_x: bounds.max_x,
            max_y: bounds.max_y,
            offset: body.len() as u64,
        });
        // A position is 16 bytes; half of the format's limit leaves room for the attributes.
        let size: usize =
            features.geometry.parts(row).flat_map(|part| part.rings()).map(|ring| ring.len()).sum();
        let properties = properties(features, row);
        if size * 16 + properties.len() > (1 << 30) {
            return Err(refused(format!("feature {row} has {size} positions, 1 GiB is possible")));
        }
        builder.reset();
        let geometry = features.geometry.kind(row).map(|kind| {
            let parts: Vec<Part<'_>> = features.geometry.parts(row).collect();
            geometry(&mut builder, kind, &parts)
        });
        let properties = (!properties.is_empty()).then(|| builder.create_vector(&properties));
        let feature = Feature::create(&mut builder, &FeatureArgs { geometry, properties, columns: None });
        finish_size_prefixed_feature_buffer(&mut builder, feature);
        body.extend_from_slice(builder.finished_data());
    }

    let index = options.index && rows > 0;
    let header = header(features, kind, index, path)?;
    let mut file = AtomicFile::create(path)?;
    let unwritable = |source| datagora_core::io::WriteError::Unwritable { path: path.to_owned(), source };
    let mut write = |bytes: &[u8]| file.write_all(bytes).map_err(unwritable);
    write(MAGIC)?;
    write(&header)?;
    if !index {
        write(&body)?;
    } else {
        let extent = calc_extent(&nodes);
        hilbert_sort(&mut nodes, &extent);
        let mut sorted: Vec<u8> = Vec::with_capacity(body.len());
        for node in &mut nodes {
            let start = node.offset as usize;
            node.offset = sorted.len() as u64;
            let length = body[start..].first_chunk().map_or(0, |chunk| u32::from_le_bytes(*chunk) as usize);
            sorted.extend_from_slice(&body[start..start + 4 + length]);
        }
        let tree =
            PackedRTree::build(&nodes, &extent, NODE_SIZE).map_err(|error| refused(error.to_string()))?;
        let mut bytes = Vec::new();
        tree.stream_write(&mut bytes).map_err(unwritable)?;
        write(&bytes)?;
        write(&sorted)?;
    }
    file.flush().map_err(unwritable)?;
    Ok(file.commit()?)
}

fn type_of(kind: GeometryKind) -> GeometryType {
    match kind {
        GeometryKind::Point => GeometryType::Point,
        GeometryKind::MultiPoint => GeometryType::MultiPoint,
        GeometryKind::LineString => GeometryType::LineString,
        GeometryKind::MultiLineString => GeometryType::MultiLineString,
        GeometryKind::Polygon => GeometryType::Polygon,
        GeometryKind::MultiPolygon => GeometryType::MultiPolygon,
        GeometryKind::GeometryCollection => GeometryType::GeometryCollection,
    }
}

/// The type that the header declares.
fn common_kind(column: &GeometryColumn) -> GeometryType {
    let mut kinds = (0..column.len()).filter_map(|row| column.kind(row));
    match kinds.next() {
        Some(first) if kinds.all(|kind| kind == first) => type_of(first),
        _ => GeometryType::Unknown,
    }
}

fn geometry<'a>(
    builder: &mut FlatBufferBuilder<'a>,
    kind: GeometryKind,
    parts: &[Part<'_>],
) -> WIPOffset<Geometry<'a>> {
    match (kind, parts) {
        (GeometryKind::MultiPolygon | GeometryKind::GeometryCollection, _) => {
            let members: Vec<_> = parts.iter().map(|part| of_part(builder, part)).collect();
            let members = builder.create_vector(&members);
            let args = GeometryArgs { type_: type_of(kind), parts: Some(members), ..GeometryArgs::default() };
            Geometry::create(builder, &args)
        }
        (_, [part, ..]) => of_part(builder, part),
        (_, []) => {
            Geometry::create(builder, &GeometryArgs { type_: type_of(kind), ..GeometryArgs::default() })
        }
    }
}

fn of_part<'a>(builder: &mut FlatBufferBuilder<'a>, part: &Part<'_>) -> WIPOffset<Geometry<'a>> {
    let type_ = match part.kind {
        PartKind::Point => GeometryType::Point,
        PartKind::MultiPoint => GeometryType::MultiPoint,
        PartKind::LineString => GeometryType::LineString,
        PartKind::MultiLineString => GeometryType::MultiLineString,
        PartKind::Polygon => GeometryType::Polygon,
    };
    let mut numbers: Vec<f64> = Vec::new();
    let mut ends: Vec<u32> = Vec::new();
    for ring in part.rings() {
        numbers.extend(ring.points().flat_map(|point| [point.x, point.y]));
        ends.push((numbers.len() / 2) as u32);
    }
    // A single run that is not empty needs no end.
    let several = matches!(part.kind, PartKind::Polygon | PartKind::MultiLineString)
        && (ends.len() != 1 || numbers.is_empty());
    let ends = several.then(|| builder.create_vector(&ends));
    let xy = Some(builder.create_vector(&numbers));
    Geometry::create(builder, &GeometryArgs { type_, xy, ends, ..GeometryArgs::default() })
}

/// The values of a row that are not missing, each behind the number of its column.
fn properties(features: &Features, row: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let fields = features.attributes.schema().fields().iter();
    for (index, (field, column)) in fields.zip(features.attributes.batch().columns()).enumerate() {
        if column.is_null(row) {
            continue;
        }
        bytes.extend((index as u16).to_le_bytes());
        let mut text = |text: &[u8]| {
            bytes.extend((text.len() as u32).to_le_bytes());
            bytes.extend(text);
        };
        match field.kind {
            FieldType::Text => text(column.as_string::<i32>().value(row).as_bytes()),
            FieldType::Date => text(date_text(column.as_primitive::<Date32Type>().value(row)).as_bytes()),
            FieldType::Instant => {
                text(instant_text(column.as_primitive::<TimestampMillisecondType>().value(row)).as_bytes());
            }
            FieldType::Boolean => bytes.push(u8::from(column.as_boolean().value(row))),
            FieldType::Integer => bytes.extend(column.as_primitive::<Int64Type>().value(row).to_le_bytes()),
            FieldType::Number => bytes.extend(column.as_primitive::<Float64Type>().value(row).to_le_bytes()),
            _ => text(column.as_binary::<i32>().value(row)),
        }
    }
    bytes
}

fn header(features: &Features, kind: GeometryType, index: bool, path: &Path) -> Result<Vec<u8>, WriteError> {
    let mut builder = FlatBufferBuilder::new();
    let columns: Vec<WIPOffset<Column<'_>>> = features
        .attributes
        .schema()
        .fields()
        .iter()
        .map(|field| {
            let name = Some(builder.create_string(&field.name));
            let type_ = match field.kind {
                FieldType::Boolean => ColumnType::Bool,
                FieldType::Integer => ColumnType::Long,
                FieldType::Number => ColumnType::Double,
                FieldType::Text => ColumnType::String,
                FieldType::Date | FieldType::Instant => ColumnType::DateTime,
                _ => ColumnType::Binary,
            };
            let nullable = field.nullable;
            Column::create(&mut builder, &ColumnArgs { name, type_, nullable, ..ColumnArgs::default() })
        })
        .collect();
    let columns = (!columns.is_empty()).then(|| builder.create_vector(&columns));
    let crs = crs(features.geometry.crs(), &mut builder, path)?;
    let envelope = features.geometry.bounds().map(|bounds| {
        builder.create_vector(&[bounds.min().x, bounds.min().y, bounds.max().x, bounds.max().y])
    });
    let args = HeaderArgs {
        columns,
        crs,
        envelope,
        geometry_type: kind,
        features_count: features.geometry.len() as u64,
        index_node_size: if index { NODE_SIZE } else { 0 },
        ..HeaderArgs::default()
    };
    let header = Header::create(&mut builder, &args);
    finish_size_prefixed_header_buffer(&mut builder, header);
    Ok(builder.finished_data().to_vec())
}

fn crs<'a>(
    crs: &Crs,
    builder: &mut FlatBufferBuilder<'a>,
    path: &Path,
) -> Result<Option<WIPOffset<CrsOf<'a>>>, WriteError> {
    if *crs == unknown_crs() {
        return Ok(None);
    }
    let code = crs.epsg().and_then(|code| i32::try_from(code).ok());
    let args = match (code, crs.definition()) {
        (Some(code), _) => {
            let org = Some(builder.create_string("EPSG"));
            CrsArgs { org, code, ..CrsArgs::default() }
        }
        (None, Some(definition)) if definition.contains('[') && !definition.starts_with('{') => {
            CrsArgs { wkt: Some(builder.create_string(definition)), ..CrsArgs::default() }
        }
        _ => {
            return Err(WriteError::Crs {
                file: path.to_owned(),
                found: crs.clone(),
                needed: "a CRS with an EPSG code or a WKT definition",
            });
        }
    };
    Ok(Some(CrsOf::create(builder, &args)))
}
