//! Columns of several kinds: dense unions of the native layouts, and lists of unions for collections.
use std::ops::Range;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, UnionArray};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Field, FieldRef, UnionFields, UnionMode};

use super::decode::{Lists, append};
use super::layout::{list, native};
use super::{Encoding, GeoArrowCoordinates, GeoArrowError, Nesting, Refused};
use crate::types::Geometry;
use crate::wkb::RowDecoder;
use crate::{GeometryColumn, GeometryKind};

/// What a type id stands for; those of positions with heights, measures and both are 10, 20 and 30 more.
fn encoding(id: i8) -> Option<Encoding> {
    if !(1..=37).contains(&id) {
        return None;
    }
    Some(match id % 10 {
        1 => Encoding::Point,
        2 => Encoding::Lines(Nesting::LineString),
        3 => Encoding::Lines(Nesting::Polygon),
        4 => Encoding::Lines(Nesting::MultiPoint),
        5 => Encoding::Lines(Nesting::MultiLineString),
        6 => Encoding::Lines(Nesting::MultiPolygon),
        7 => Encoding::Collections,
        _ => return None,
    })
}

/// Appends the rows of a union, by runs that lie side by side in one child.
pub(super) fn append_union(array: &ArrayRef, rows: &mut RowDecoder) -> Result<(), Refused> {
    let union: &UnionArray = array.as_any().downcast_ref().ok_or(Refused::Layout)?;
    if !matches!(union.data_type(), DataType::Union(_, UnionMode::Dense)) {
        return Err(Refused::Layout);
    }
    let mut row = 0;
    while row < union.len() {
        let (id, first) = (union.type_id(row), union.value_offset(row));
        let next = |&count: &usize| {
            union.type_id(row + count) != id || union.value_offset(row + count) != first + count
        };
        let count = (1..union.len() - row).find(next).unwrap_or(union.len() - row);
        let child = union.child(id).slice(first, count);
        append(&child, encoding(id).ok_or(Refused::Layout)?, rows)?;
        row += count;
    }
    Ok(())
}

/// Appends lists of unions, each as a collection of its members.
pub(super) fn append_collections(array: &ArrayRef, rows: &mut RowDecoder) -> Result<(), Refused> {
    let (lists, values, nulls) = Lists::of(array).ok_or(Refused::Layout)?;
    for row in 0..array.len() {
        if nulls.is_some_and(|nulls| nulls.is_null(row)) {
            rows.builder.push_missing();
            continue;
        }
        let Range { start, end } = lists.range(row);
        let mut members = RowDecoder::default();
        append_union(&values.slice(start, end - start), &mut members)?;
        let here = rows.builder.len();
        if members.dimensions.features > 0 {
            rows.dimensions.add(here);
        }
        if members.builder.not_finite.features > 0 {
            rows.builder.not_finite.add(here);
            rows.builder.push_missing();
            continue;
        }
        let members = members.builder.finish(crate::crs::unknown_crs());
        rows.builder.row(|shapes| {
            for member in 0..members.len() {
                shapes.copy_parts(members.parts(member));
            }
            Some(GeometryKind::GeometryCollection)
        });
    }
    Ok(())
}

/// Type id and name of a kind.
fn child(kind: GeometryKind) -> (i8, &'static str) {
    match kind {
        GeometryKind::Point => (1, "Point"),
        GeometryKind::LineString => (2, "LineString"),
        GeometryKind::Polygon => (3, "Polygon"),
        GeometryKind::MultiPoint => (4, "MultiPoint"),
        GeometryKind::MultiLineString => (5, "MultiLineString"),
        GeometryKind::MultiPolygon => (6, "MultiPolygon"),
        GeometryKind::GeometryCollection => (7, "GeometryCollection"),
    }
}

/// The column as a dense union of the kinds that it has. A union has no missing rows of its own: those of the column are
/// missing in the first kind.
pub(super) fn lay_out_union(
    column: &GeometryColumn,
    coordinates: GeoArrowCoordinates,
) -> Result<ArrayRef, GeoArrowError> {
    let first = (0..column.len()).find_map(|row| column.kind(row)).unwrap_or(GeometryKind::Point);
    let mut rows: Vec<(GeometryKind, Vec<usize>)> = vec![(first, Vec::new())];
    let (mut ids, mut offsets) = (Vec::new(), Vec::new());
    for row in 0..column.len() {
        let kind = column.kind(row).unwrap_or(first);
        let place = rows.iter().position(|(other, _)| *other == kind).unwrap_or_else(|| {
            rows.push((kind, Vec::new()));
            rows.len() - 1
        });
        ids.push(child(kind).0);
        let offset = i32::try_from(rows[place].1.len());
        offsets.push(offset.map_err(|_| GeoArrowError::TooLarge { found: column.len(), what: "rows" })?);
        rows[place].1.push(row);
    }
    let (mut fields, mut children): (Vec<(i8, FieldRef)>, Vec<ArrayRef>) = (Vec::new(), Vec::new());
    for (kind, rows) in rows {
        let part = column.take(&rows);
        let array = match kind {
            GeometryKind::GeometryCollection => collections(&part, coordinates)?,
            _ => native(part, coordinates)?,
        };
        let (id, name) = child(kind);
        fields.push((id, Arc::new(Field::new(name, array.data_type().clone(), true))));
        children.push(array);
    }
    let fields: UnionFields = fields.into_iter().collect();
    let union = UnionArray::try_new(fields, ids.into(), Some(offsets.into()), children);
    Ok(Arc::new(union.map_err(|source| GeoArrowError::Arrow { source: Box::new(source) })?))
}

/// Collections as lists of unions.
fn collections(column: &GeometryColumn, coordinates: GeoArrowCoordinates) -> Result<ArrayRef, GeoArrowError> {
    let mut members: Vec<Geometry> = Vec::new();
    let mut offsets = vec![0];
    for row in column.iter() {
        if let Some(Geometry::GeometryCollection(collection)) = row {
            members.extend(collection.0);
        }
        offsets.push(members.len());
    }
    let valid: NullBuffer = (0..column.len()).map(|row| !column.is_missing(row)).collect();
    let members = GeometryColumn::new(members, column.crs().clone());
    list("geometries", offsets.into_iter(), lay_out_union(&members, coordinates)?, Some(valid))
}
