//! Arrow arrays, straight into the buffers of a geometry column.
use std::ops::Range;

use arrow::array::{Array, ArrayRef, AsArray, StructArray};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Float64Type};
use datagora_core::Crs;

use super::union::{append_collections, append_union};
use super::{Encoding, share};
use crate::decoded::DecodedColumn;
use crate::geometry::{PartKind, ShapesBuilder};
use crate::types::{Coord, Rect};
use crate::wkb::{POINT_SIZE, RowDecoder};
use crate::{Dimensions, GeometryKind, WkbError, WktError, read_wkt};

/// Why an array cannot be read.
#[derive(Debug)]
pub(crate) enum Refused {
    /// Not laid out as the encoding asks for.
    Layout,
    /// A row is no well-known binary.
    Wkb(WkbError),
    /// A row is no well-known text.
    Wkt(WktError),
}

/// The column of an array, of which the buffers are taken over where that is possible; an error comes with its row.
pub(super) fn decode(
    mut array: ArrayRef,
    encoding: Encoding,
    crs: Crs,
) -> Result<DecodedColumn, (usize, Refused)> {
    let shared = match encoding {
        Encoding::Point => share::points(array, crs.clone()),
        Encoding::Lines(nesting) => share::shapes(array, nesting, crs.clone()),
        _ => Err(array),
    };
    array = match shared {
        Ok(geometry) => {
            let (flattened, linearised, not_finite, unsupported) = (0, 0, 0, 0);
            return Ok(DecodedColumn { geometry, flattened, linearised, not_finite, unsupported });
        }
        Err(array) => array,
    };
    let mut rows = RowDecoder::default();
    match append(&array, encoding, &mut rows) {
        Ok(()) => Ok(rows.finish(crs)),
        Err(refused) => Err((rows.builder.len(), refused)),
    }
}

/// Appends the rows of an array.
pub(crate) fn append(array: &ArrayRef, encoding: Encoding, rows: &mut RowDecoder) -> Result<(), Refused> {
    match encoding {
        Encoding::Wkb => binary(array, rows),
        Encoding::Wkt => text(array, rows),
        Encoding::Box => rectangles(array, rows).ok_or(Refused::Layout),
        Encoding::Point => points(array, rows).ok_or(Refused::Layout),
        Encoding::Lines(depth) => shapes(array, depth, rows).ok_or(Refused::Layout),
        Encoding::Union => append_union(array, rows),
        Encoding::Collections => append_collections(array, rows),
    }
}

fn binary(array: &ArrayRef, rows: &mut RowDecoder) -> Result<(), Refused> {
    match array.data_type() {
        DataType::Binary => {
            let values = array.as_binary::<i32>();
            let offsets = values.value_offsets();
            let even = offsets.windows(2).all(|pair| (pair[1] - pair[0]) as usize == POINT_SIZE);
            let bytes = &values.value_data()[offsets[0] as usize..offsets[values.len()] as usize];
            if even && values.null_count() == 0 && rows.push_points(bytes.as_chunks::<POINT_SIZE>().0) {
                return Ok(());
            }
            each(values.iter(), rows)
        }
        DataType::LargeBinary => each(array.as_binary::<i64>().iter(), rows),
        DataType::BinaryView => each(array.as_binary_view().iter(), rows),
        _ => Err(Refused::Layout),
    }
}

fn each<'a>(values: impl Iterator<Item = Option<&'a [u8]>>, rows: &mut RowDecoder) -> Result<(), Refused> {
    for value in values {
        match value {
            Some(bytes) => rows.push(bytes).map_err(Refused::Wkb)?,
            None => rows.builder.push_missing(),
        }
    }
    Ok(())
}

fn text(array: &ArrayRef, rows: &mut RowDecoder) -> Result<(), Refused> {
    let values: Box<dyn Iterator<Item = Option<&str>>> = match array.data_type() {
        DataType::Utf8 => Box::new(array.as_string::<i32>().iter()),
        DataType::LargeUtf8 => Box::new(array.as_string::<i64>().iter()),
        DataType::Utf8View => Box::new(array.as_string_view().iter()),
        _ => return Err(Refused::Layout),
    };
    for value in values {
        let Some(text) = value else {
            rows.builder.push_missing();
            continue;
        };
        let decoded = read_wkt(text).map_err(Refused::Wkt)?;
        if decoded.dimensions != Dimensions::Xy {
            rows.dimensions.add(rows.builder.len());
        }
        rows.builder.push(decoded.geometry.as_ref());
    }
    Ok(())
}

/// Boxes become polygons, as rectangles do.
fn rectangles(array: &ArrayRef, rows: &mut RowDecoder) -> Option<()> {
    let corners: &StructArray = array.as_struct_opt()?;
    let [x0, y0, x1, y1] = ["xmin", "ymin", "xmax", "ymax"].map(|name| numbers(corners, name));
    let (x0, y0, x1, y1) = (x0?, y0?, x1?, y1?);
    for row in 0..corners.len() {
        if corners.is_null(row) {
            rows.builder.push_missing();
            continue;
        }
        if corners.num_columns() > 4 {
            rows.dimensions.add(rows.builder.len());
        }
        let corner = |x: &[f64], y: &[f64]| Coord { x: x[row], y: y[row] };
        // An empty rectangle has its corners exchanged.
        let (low, high) = (corner(x0, y0), corner(x1, y1));
        let polygon = if low.x > high.x || low.y > high.y {
            geo::Polygon::empty()
        } else {
            Rect::new(low, high).to_polygon()
        };
        rows.builder.push(Some(&polygon.into()));
    }
    Some(())
}

/// Positions, as structures of numbers or as runs of as many numbers.
enum Positions<'a> {
    Separated { x: &'a [f64], y: &'a [f64], more: bool },
    Interleaved { values: &'a [f64], size: usize },
}

impl<'a> Positions<'a> {
    fn of(array: &'a ArrayRef) -> Option<Self> {
        if let Some(positions) = array.as_struct_opt() {
            let (x, y) = (numbers(positions, "x")?, numbers(positions, "y")?);
            return Some(Positions::Separated { x, y, more: positions.num_columns() > 2 });
        }
        let positions = array.as_fixed_size_list_opt()?;
        let size = usize::try_from(positions.value_length()).ok().filter(|size| (2..=4).contains(size))?;
        let values = positions.values().as_primitive_opt::<Float64Type>()?;
        (values.null_count() == 0 && values.len() >= positions.len() * size)
            .then(|| Positions::Interleaved { values: values.values(), size })
    }

    /// Whether positions have more than two numbers.
    fn more(&self) -> bool {
        match self {
            Positions::Separated { more, .. } => *more,
            Positions::Interleaved { size, .. } => *size > 2,
        }
    }

    fn ring(&self, range: Range<usize>, close: bool, shapes: &mut ShapesBuilder) {
        match self {
            Positions::Separated { x, y, .. } => {
                shapes.run(x[range.clone()].iter().copied(), y[range].iter().copied(), close);
            }
            Positions::Interleaved { values, size } => {
                let run = &values[range.start * size..range.end * size];
                let every = |first: usize| run.chunks_exact(*size).map(move |position| position[first]);
                shapes.run(every(0), every(1), close);
            }
        }
    }
}

/// A member of a structure, which positions may not lack.
fn numbers<'a>(positions: &'a StructArray, name: &str) -> Option<&'a [f64]> {
    let column = positions.column_by_name(name)?.as_primitive_opt::<Float64Type>()?;
    // Where the structure is missing its members may be, too.
    let allowed = positions.null_count();
    (column.null_count() <= allowed).then(|| &column.values()[..])
}

fn points(array: &ArrayRef, rows: &mut RowDecoder) -> Option<()> {
    let positions = Positions::of(array)?;
    let start = rows.builder.len();
    let nulls = array.nulls();
    let valid = |row: usize| nulls.is_none_or(|nulls| nulls.is_valid(row));
    let at = |row: usize| match &positions {
        _ if !valid(row) => (f64::NAN, f64::NAN),
        Positions::Separated { x, y, .. } => (x[row], y[row]),
        Positions::Interleaved { values, size } => (values[row * size], values[row * size + 1]),
    };
    rows.builder.push_points((0..array.len()).map(at));
    if positions.more() {
        let there = |&row: &usize| !(at(row).0.is_nan() && at(row).1.is_nan());
        (0..array.len()).filter(there).for_each(|row| rows.dimensions.add(start + row));
    }
    Some(())
}

/// Lists within lists.
pub(super) enum Lists<'a> {
    Small(&'a [i32]),
    Large(&'a [i64]),
}

impl<'a> Lists<'a> {
    pub(super) fn of(array: &'a ArrayRef) -> Option<(Self, &'a ArrayRef, Option<&'a NullBuffer>)> {
        if let Some(lists) = array.as_list_opt::<i32>() {
            return Some((Lists::Small(lists.value_offsets()), lists.values(), lists.nulls()));
        }
        let lists = array.as_list_opt::<i64>()?;
        Some((Lists::Large(lists.value_offsets()), lists.values(), lists.nulls()))
    }

    pub(super) fn range(&self, row: usize) -> Range<usize> {
        match self {
            Lists::Small(offsets) => offsets[row] as usize..offsets[row + 1] as usize,
            Lists::Large(offsets) => offsets[row] as usize..offsets[row + 1] as usize,
        }
    }
}

/// How rows are nested in lists of positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nesting {
    LineString,
    MultiPoint,
    Polygon,
    MultiLineString,
    MultiPolygon,
}

fn shapes(array: &ArrayRef, nesting: Nesting, rows: &mut RowDecoder) -> Option<()> {
    let (outer, values, nulls) = Lists::of(array)?;
    // Below the rows nothing may be missing.
    let inner = |array: &'_ ArrayRef| array.null_count() == 0;
    if !inner(values) {
        return None;
    }
    let deeper = |array| Lists::of(array).filter(|(_, values, _)| inner(values));
    let valid = |row: usize| nulls.is_none_or(|nulls| nulls.is_valid(row));
    let (middle, innermost);
    let positions;
    match nesting {
        Nesting::LineString | Nesting::MultiPoint => {
            positions = Positions::of(values)?;
            (middle, innermost) = (None, None);
        }
        Nesting::Polygon | Nesting::MultiLineString => {
            let (lists, values, _) = deeper(values)?;
            positions = Positions::of(values)?;
            (middle, innermost) = (None, Some(lists));
        }
        Nesting::MultiPolygon => {
            let (lists, values, _) = deeper(values)?;
            let (rings, values, _) = deeper(values)?;
            positions = Positions::of(values)?;
            (middle, innermost) = (Some(lists), Some(rings));
        }
    }
    for row in 0..array.len() {
        if !valid(row) {
            rows.builder.push_missing();
            continue;
        }
        if positions.more() {
            rows.dimensions.add(rows.builder.len());
        }
        let range = outer.range(row);
        rows.builder.row(|shapes| {
            let polygon = |rings: Range<usize>, shapes: &mut ShapesBuilder| {
                let empty = rings.is_empty();
                for ring in rings {
                    positions.ring(innermost.as_ref()?.range(ring), true, shapes);
                }
                if empty {
                    shapes.ring(std::iter::empty());
                }
                shapes.end_part(PartKind::Polygon);
                Some(())
            };
            Some(match nesting {
                Nesting::LineString => {
                    positions.ring(range, false, shapes);
                    shapes.end_part(PartKind::LineString);
                    GeometryKind::LineString
                }
                Nesting::MultiPoint => {
                    positions.ring(range, false, shapes);
                    shapes.end_part(PartKind::MultiPoint);
                    GeometryKind::MultiPoint
                }
                Nesting::Polygon => {
                    polygon(range, shapes)?;
                    GeometryKind::Polygon
                }
                Nesting::MultiLineString => {
                    for line in range {
                        positions.ring(innermost.as_ref()?.range(line), false, shapes);
                    }
                    shapes.end_part(PartKind::MultiLineString);
                    GeometryKind::MultiLineString
                }
                Nesting::MultiPolygon => {
                    for part in range {
                        polygon(middle.as_ref()?.range(part), shapes)?;
                    }
                    GeometryKind::MultiPolygon
                }
            })
        });
    }
    Some(())
}
