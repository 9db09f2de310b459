//! Geometry columns laid out as arrays.
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryBuilder, FixedSizeListArray, Float64Array, ListArray, StringBuilder, StructArray,
};
use arrow::buffer::{NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow::datatypes::{DataType, Field, FieldRef, Fields};

use super::union::lay_out_union;
use super::{GeoArrowCoordinates, GeoArrowEncoding, GeoArrowError, GeoArrowOptions};
use crate::geometry::{Store, Structure};
use crate::{GeometryColumn, GeometryKind, write_wkb, write_wkt};

/// The name of the extension type, without `geoarrow.`, and the array.
pub(super) fn lay_out(
    column: GeometryColumn,
    options: &GeoArrowOptions,
) -> Result<(&'static str, ArrayRef), GeoArrowError> {
    match options.encoding {
        GeoArrowEncoding::Wkb => binary(&column),
        GeoArrowEncoding::Wkt => text(&column),
        GeoArrowEncoding::Native => match native_name(&column) {
            None => binary(&column),
            Some(name) => Ok((name, native(column, options.coordinates)?)),
        },
        GeoArrowEncoding::Union => Ok(("geometry", lay_out_union(&column, options.coordinates)?)),
    }
}

/// The native type of the kind of all rows; `None` if they are of several, or collections.
fn native_name(column: &GeometryColumn) -> Option<&'static str> {
    if column.as_points().is_some() {
        return Some("point");
    }
    let mut kinds = (0..column.len()).filter_map(|row| column.kind(row));
    let first = kinds.next()?;
    let name = match first {
        GeometryKind::Point => "point",
        GeometryKind::LineString => "linestring",
        GeometryKind::Polygon => "polygon",
        GeometryKind::MultiPoint => "multipoint",
        GeometryKind::MultiLineString => "multilinestring",
        GeometryKind::MultiPolygon => "multipolygon",
        GeometryKind::GeometryCollection => return None,
    };
    kinds.all(|kind| kind == first).then_some(name)
}

pub(super) fn native(
    column: GeometryColumn,
    coordinates: GeoArrowCoordinates,
) -> Result<ArrayRef, GeoArrowError> {
    match column.into_store() {
        Store::Points { x, y } => {
            // Without a missing row there is no bitmap.
            let missing = x.iter().any(|x| x.is_nan());
            let valid = missing.then(|| x.iter().map(|x| !x.is_nan()).collect::<NullBuffer>());
            Ok(positions(x, y, coordinates, valid))
        }
        Store::Shapes(shapes) => {
            let structure = shapes.structure;
            let values = positions(shapes.x, shapes.y, coordinates, None);
            nest(&structure, values)
        }
    }
}

fn positions(
    x: Vec<f64>,
    y: Vec<f64>,
    coordinates: GeoArrowCoordinates,
    valid: Option<NullBuffer>,
) -> ArrayRef {
    let numbers =
        |values: Vec<f64>| -> ArrayRef { Arc::new(Float64Array::new(ScalarBuffer::from(values), None)) };
    match coordinates {
        GeoArrowCoordinates::Separated => {
            let fields: Fields =
                ["x", "y"].iter().map(|name| Field::new(*name, DataType::Float64, false)).collect();
            Arc::new(StructArray::new(fields, vec![numbers(x), numbers(y)], valid))
        }
        GeoArrowCoordinates::Interleaved => {
            let both: Vec<f64> = x.into_iter().zip(y).flat_map(<[f64; 2]>::from).collect();
            let field = Arc::new(Field::new("xy", DataType::Float64, false));
            Arc::new(FixedSizeListArray::new(field, 2, numbers(both), valid))
        }
    }
}

/// Lists around the positions of shapes of one kind.
fn nest(structure: &Structure, positions: ArrayRef) -> Result<ArrayRef, GeoArrowError> {
    let valid: Option<NullBuffer> = structure
        .rows
        .iter()
        .any(Option::is_none)
        .then(|| structure.rows.iter().map(Option::is_some).collect());
    let kind = structure.rows.iter().flatten().next();
    let rings = |row: usize| structure.part_rings[structure.row_parts[row]];
    let rows = 0..structure.row_parts.len();
    let row_rings = || rows.clone().map(rings);
    let inner = || list("vertices", structure.ring_points.iter().copied(), positions.clone(), None);
    let row_points = || row_rings().map(|ring| structure.ring_points[ring]);
    match kind {
        Some(GeometryKind::MultiPoint) => list("points", row_points(), positions.clone(), valid),
        Some(GeometryKind::Polygon) => list("rings", row_rings(), inner()?, valid),
        Some(GeometryKind::MultiLineString) => list("linestrings", row_rings(), inner()?, valid),
        Some(GeometryKind::MultiPolygon) => {
            let polygons = list("rings", structure.part_rings.iter().copied(), inner()?, None)?;
            list("polygons", structure.row_parts.iter().copied(), polygons, valid)
        }
        _ => list("vertices", row_points(), positions.clone(), valid),
    }
}

pub(super) fn list(
    name: &str,
    offsets: impl Iterator<Item = usize>,
    values: ArrayRef,
    valid: Option<NullBuffer>,
) -> Result<ArrayRef, GeoArrowError> {
    let found = values.len();
    if i32::try_from(found).is_err() {
        return Err(GeoArrowError::TooLarge { found, what: "coordinates" });
    }
    let offsets: Vec<i32> = offsets.map(|offset| offset as i32).collect();
    let field: FieldRef = Arc::new(Field::new(name, values.data_type().clone(), false));
    Ok(Arc::new(ListArray::new(field, OffsetBuffer::new(offsets.into()), values, valid)))
}

fn binary(column: &GeometryColumn) -> Result<(&'static str, ArrayRef), GeoArrowError> {
    let mut builder = BinaryBuilder::new();
    for row in 0..column.len() {
        builder.append_option(column.get(row).map(|geometry| write_wkb(&geometry)));
        check(builder.values_slice().len())?;
    }
    Ok(("wkb", Arc::new(builder.finish())))
}

fn text(column: &GeometryColumn) -> Result<(&'static str, ArrayRef), GeoArrowError> {
    let mut builder = StringBuilder::new();
    for row in 0..column.len() {
        builder.append_option(column.get(row).map(|geometry| write_wkt(&geometry)));
        check(builder.values_slice().len())?;
    }
    Ok(("wkt", Arc::new(builder.finish())))
}

/// Refuses bytes that 32-bit offsets do not reach, before the builder would. A single geometry is no larger than what
/// is left: half of the range.
fn check(found: usize) -> Result<(), GeoArrowError> {
    if found > i32::MAX as usize / 2 {
        return Err(GeoArrowError::TooLarge { found, what: "bytes (in halves)" });
    }
    Ok(())
}
