//! Arrays whose buffers become those of a column without a copy.
use arrow::array::{Array, ArrayRef, AsArray, Float64Array, ListArray, StructArray};
use arrow::buffer::NullBuffer;
use arrow::datatypes::Float64Type;
use datagora_core::Crs;

use super::Nesting;
use crate::geometry::{PartKind, Structure};
use crate::{GeometryColumn, GeometryKind};

/// The column of points, taking over the buffers if the array is their only owner; `Err` with the array if it is not
/// laid out as separated planar positions.
pub(super) fn points(array: ArrayRef, crs: Crs) -> Result<GeometryColumn, ArrayRef> {
    let Some((x, y, nulls)) = planar(&array) else { return Err(array) };
    drop(array);
    let (mut x, mut y) = (take(x), take(y));
    for row in nulls.iter().flat_map(|nulls| (0..nulls.len()).filter(|&row| nulls.is_null(row))) {
        (x[row], y[row]) = (f64::NAN, f64::NAN);
    }
    Ok(GeometryColumn::points(x, y, crs))
}

/// The column of lines or polygons, taking over the buffers of coordinates if the array is their only owner; `Err` with
/// the array if it is not laid out as a column is.
pub(super) fn shapes(array: ArrayRef, nesting: Nesting, crs: Crs) -> Result<GeometryColumn, ArrayRef> {
    let Some((structure, x, y)) = structure(&array, nesting) else { return Err(array) };
    drop(array);
    Ok(GeometryColumn::from_layout(structure, take(x), take(y), crs))
}

/// The numbers as a vector: the buffer itself if nobody else holds it, otherwise a copy.
fn take(values: Float64Array) -> Vec<f64> {
    let (_, buffer, _) = values.into_parts();
    buffer.into_inner().into_vec::<f64>().unwrap_or_else(|shared| shared.typed_data::<f64>().to_vec())
}

/// Separated positions of two finite numbers, or none where a row is missing.
fn planar(array: &ArrayRef) -> Option<(Float64Array, Float64Array, Option<NullBuffer>)> {
    let positions: &StructArray = array.as_struct_opt()?;
    if positions.num_columns() != 2 {
        return None;
    }
    let numbers = |name: &str| -> Option<Float64Array> {
        let column = positions.column_by_name(name)?.as_primitive_opt::<Float64Type>()?;
        let finite = (0..column.len()).all(|row| column.value(row).is_finite() || positions.is_null(row));
        (finite && column.null_count() <= positions.null_count()).then(|| column.clone())
    };
    Some((numbers("x")?, numbers("y")?, positions.nulls().cloned()))
}

/// Offsets that begin at the first value and end behind the last, so that nothing lies outside of them.
fn whole(lists: &ListArray) -> Option<Vec<usize>> {
    let offsets = lists.value_offsets();
    let reach = offsets.first() == Some(&0) && *offsets.last()? as usize == lists.values().len();
    reach.then(|| offsets.iter().map(|&offset| offset as usize).collect())
}

fn structure(array: &ArrayRef, nesting: Nesting) -> Option<(Structure, Float64Array, Float64Array)> {
    let rows: &ListArray = array.as_list_opt::<i32>()?;
    let valid: Vec<bool> = (0..rows.len()).map(|row| rows.is_valid(row)).collect();
    let outer = whole(rows)?;
    // A missing row holds nothing.
    if (0..rows.len()).any(|row| !valid[row] && outer[row] < outer[row + 1]) {
        return None;
    }
    let below = |lists: &ListArray| -> Option<ListArray> {
        lists.values().as_list_opt::<i32>().filter(|lists| lists.null_count() == 0).cloned()
    };
    // The ends of the rows that are there: one part each.
    let ends = || -> Vec<usize> {
        std::iter::once(0)
            .chain((0..rows.len()).filter(|&row| valid[row]).map(|row| outer[row + 1]))
            .collect()
    };
    let (kind, part_kind) = match nesting {
        Nesting::LineString => (GeometryKind::LineString, PartKind::LineString),
        Nesting::MultiPoint => (GeometryKind::MultiPoint, PartKind::MultiPoint),
        Nesting::Polygon => (GeometryKind::Polygon, PartKind::Polygon),
        Nesting::MultiLineString => (GeometryKind::MultiLineString, PartKind::MultiLineString),
        Nesting::MultiPolygon => (GeometryKind::MultiPolygon, PartKind::Polygon),
    };
    let (row_parts, part_rings, ring_points, positions);
    match nesting {
        Nesting::LineString | Nesting::MultiPoint => {
            (row_parts, part_rings, ring_points) = (None, None, ends());
            positions = rows.values().clone();
        }
        Nesting::Polygon | Nesting::MultiLineString => {
            let rings = below(rows)?;
            (row_parts, part_rings, ring_points) = (None, Some(ends()), whole(&rings)?);
            positions = rings.values().clone();
        }
        Nesting::MultiPolygon => {
            let parts = below(rows)?;
            let rings = below(&parts)?;
            (row_parts, part_rings, ring_points) =
                (Some(outer.clone()), Some(whole(&parts)?), whole(&rings)?);
            positions = rings.values().clone();
        }
    }
    let (x, y, nulls) = planar(&positions)?;
    if nulls.is_some_and(|nulls| nulls.null_count() > 0) {
        return None;
    }
    let part_rings = part_rings.unwrap_or_else(|| (0..ring_points.len()).collect());
    if part_kind == PartKind::Polygon {
        let closed = |pair: &[usize]| {
            let (first, last) = (pair[0], pair[1]);
            first == last || (x.value(first) == x.value(last - 1) && y.value(first) == y.value(last - 1))
        };
        // Columns have a ring in each polygon, and close it.
        if part_rings.windows(2).any(|pair| pair[0] == pair[1]) || !ring_points.windows(2).all(closed) {
            return None;
        }
    }
    let row_parts = row_parts.unwrap_or_else(|| {
        let count = |parts: &mut usize, &valid: &bool| {
            *parts += usize::from(valid);
            Some(*parts)
        };
        std::iter::once(0).chain(valid.iter().scan(0, count)).collect()
    });
    let parts = vec![part_kind; part_rings.len() - 1];
    let rows = valid.iter().map(|&valid| valid.then_some(kind)).collect();
    Some((Structure { rows, row_parts, parts, part_rings, ring_points }, x, y))
}
