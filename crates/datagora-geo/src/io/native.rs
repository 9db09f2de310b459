//! Geometries in the native encodings of GeoParquet 1.1: lists of structures of coordinates.
use arrow::array::{Array, ArrayRef, AsArray, StructArray};
use arrow::datatypes::Float64Type;

use crate::types::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};

/// The geometry of a row; `Err` if the column is not laid out as the encoding asks for.
pub(super) fn geometry(array: &dyn Array, row: usize, encoding: &str) -> Result<Option<Geometry>, ()> {
    if array.is_null(row) {
        return Ok(None);
    }
    if encoding == "point" {
        let point = coords(&array.slice(row, 1))?;
        let finite = point.first().filter(|coord| !coord.x.is_nan());
        return Ok(finite.map(|&coord| Geometry::Point(Point(coord))));
    }
    let row = list(array, row)?;
    let line = |array: &dyn Array, row| coords(&list(array, row)?).map(LineString);
    let lines =
        |array: &ArrayRef| (0..array.len()).map(|row| line(array, row)).collect::<Result<Vec<_>, ()>>();
    let polygon = |rings: Vec<LineString>| {
        let mut rings = rings.into_iter();
        Polygon::new(rings.next().unwrap_or_else(|| LineString(Vec::new())), rings.collect())
    };
    Ok(Some(match encoding {
        "linestring" => Geometry::LineString(LineString(coords(&row)?)),
        "multipoint" => Geometry::MultiPoint(MultiPoint(coords(&row)?.into_iter().map(Point).collect())),
        "polygon" => Geometry::Polygon(polygon(lines(&row)?)),
        "multilinestring" => Geometry::MultiLineString(MultiLineString(lines(&row)?)),
        "multipolygon" => {
            let polygons = (0..row.len()).map(|part| Ok(polygon(lines(&list(&row, part)?)?)));
            Geometry::MultiPolygon(MultiPolygon(polygons.collect::<Result<_, ()>>()?))
        }
        _ => return Err(()),
    }))
}

/// Whether positions have more than two numbers.
pub(super) fn has_more(kind: &arrow::datatypes::DataType) -> bool {
    use arrow::datatypes::DataType;
    match kind {
        DataType::List(field) | DataType::LargeList(field) => has_more(field.data_type()),
        DataType::Struct(fields) => fields.len() > 2,
        _ => false,
    }
}

fn list(array: &dyn Array, row: usize) -> Result<ArrayRef, ()> {
    if array.is_null(row) {
        return Err(());
    }
    match (array.as_list_opt::<i32>(), array.as_list_opt::<i64>()) {
        (Some(lists), _) => Ok(lists.value(row)),
        (None, Some(lists)) => Ok(lists.value(row)),
        (None, None) => Err(()),
    }
}

fn coords(array: &ArrayRef) -> Result<Vec<Coord>, ()> {
    let positions: &StructArray = array.as_struct_opt().ok_or(())?;
    let numbers = |name: &str| {
        let column = positions.column_by_name(name)?.as_primitive_opt::<Float64Type>()?;
        Some(column.values().iter().copied())
    };
    let (x, y) = (numbers("x").ok_or(())?, numbers("y").ok_or(())?);
    Ok(x.zip(y).map(|(x, y)| Coord { x, y }).collect())
}
