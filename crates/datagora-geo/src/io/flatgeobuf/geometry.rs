//! Geometries of FlatGeobuf, straight into the buffers of a column.
use std::cell::Cell;
use std::ops::Range;

use flatgeobuf::{Geometry as Found, GeometryType};

use super::super::error::Fault;
use crate::GeometryKind;
use crate::decoded::DEEPEST;
use crate::geometry::{Bounds, PartKind, ShapesBuilder};
use crate::types::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point,
    Polygon,
};
use crate::wkb::RowDecoder;

/// A position: two numbers of eight bytes each.
type Position = [u8; 16];

fn positions<'a>(geometry: &Found<'a>) -> &'a [Position] {
    geometry.xy().map_or(&[], |xy| xy.bytes().as_chunks().0)
}

fn x(position: &Position) -> f64 {
    number(position, 0)
}

fn y(position: &Position) -> f64 {
    number(position, 8)
}

fn number(position: &Position, place: usize) -> f64 {
    let mut eight = [0; 8];
    eight.copy_from_slice(&position[place..place + 8]);
    f64::from_le_bytes(eight)
}

fn coord(position: &Position) -> Coord {
    Coord { x: x(position), y: y(position) }
}

/// Positions of each ring or line; `None` if their ends are not in order.
fn runs(geometry: &Found<'_>) -> Option<Vec<Range<usize>>> {
    let total = positions(geometry).len();
    let Some(ends) = geometry.ends() else {
        // A single one needs no end; nothing at all has none.
        return Some((total > 0).then_some(0..total).into_iter().collect());
    };
    let mut runs = Vec::with_capacity(ends.len());
    let mut start = 0;
    for end in ends.iter() {
        let end = end as usize;
        if end < start || end > total {
            return None;
        }
        runs.push(start..end);
        start = end;
    }
    Some(runs)
}

fn out_of_order() -> Fault {
    Fault::new(
        "ends of rings that are out of order",
        "increasing ones",
        "the file is corrupt, fetch it again",
    )
}

/// The next row; false if it is missing because it is of curves.
pub(super) fn push(geometry: &Found<'_>, kind: GeometryType, rows: &mut RowDecoder) -> Result<bool, Fault> {
    let kind = if kind == GeometryType::Unknown { geometry.type_() } else { kind };
    if kind == GeometryType::Point {
        let point = positions(geometry).first().map_or(Coord { x: f64::NAN, y: f64::NAN }, coord);
        rows.builder.push_point(point.x, point.y);
        return Ok(true);
    }
    if kind == GeometryType::GeometryCollection {
        let Some(collection) = collection(geometry, 0)? else {
            rows.builder.push_missing();
            return Ok(false);
        };
        rows.builder.push(Some(&Geometry::GeometryCollection(collection)));
        return Ok(true);
    }
    let ordered = Cell::new(true);
    let polygon = |geometry: &Found<'_>, shapes: &mut ShapesBuilder| {
        let Some(runs) = runs(geometry) else {
            ordered.set(false);
            return None;
        };
        if runs.is_empty() {
            shapes.ring(std::iter::empty());
        }
        runs.into_iter().for_each(|run| ring(geometry, run, true, shapes));
        shapes.end_part(PartKind::Polygon);
        Some(())
    };
    let known = rows.builder.row(|shapes| {
        Some(match kind {
            GeometryType::LineString => {
                ring(geometry, 0..positions(geometry).len(), false, shapes);
                shapes.end_part(PartKind::LineString);
                GeometryKind::LineString
            }
            GeometryType::MultiPoint => {
                ring(geometry, 0..positions(geometry).len(), false, shapes);
                shapes.end_part(PartKind::MultiPoint);
                GeometryKind::MultiPoint
            }
            GeometryType::Polygon | GeometryType::Triangle => {
                polygon(geometry, shapes)?;
                GeometryKind::Polygon
            }
            GeometryType::MultiLineString => {
                let Some(runs) = runs(geometry) else {
                    ordered.set(false);
                    return None;
                };
                runs.into_iter().for_each(|run| ring(geometry, run, false, shapes));
                shapes.end_part(PartKind::MultiLineString);
                GeometryKind::MultiLineString
            }
            GeometryType::MultiPolygon | GeometryType::PolyhedralSurface | GeometryType::TIN => {
                match geometry.parts() {
                    Some(parts) => parts.iter().try_for_each(|part| polygon(&part, shapes))?,
                    // Some writers have the only polygon in the place of its set.
                    None if geometry.xy().is_some() => polygon(geometry, shapes)?,
                    None => {}
                }
                GeometryKind::MultiPolygon
            }
            _ => return None,
        })
    });
    if !ordered.get() {
        return Err(out_of_order());
    }
    if !known {
        rows.builder.push_missing();
    }
    Ok(known)
}

fn ring(geometry: &Found<'_>, run: Range<usize>, close: bool, shapes: &mut ShapesBuilder) {
    let positions = &positions(geometry)[run];
    shapes.run(positions.iter().map(x), positions.iter().map(y), close);
}

/// The members; `None` if one is of curves.
fn collection(geometry: &Found<'_>, depth: usize) -> Result<Option<GeometryCollection>, Fault> {
    if depth == DEEPEST {
        let found = format!("collections nested more than {DEEPEST} deep");
        return Err(Fault::new(found, "fewer", "flatten them"));
    }
    let mut members = Vec::new();
    for part in geometry.parts().iter().flat_map(|parts| parts.iter()) {
        let all = || -> Vec<Coord> { positions(&part).iter().map(coord).collect() };
        let lines = |part: &Found<'_>| -> Result<Vec<LineString>, Fault> {
            let runs = runs(part).ok_or_else(out_of_order)?;
            Ok(runs.into_iter().map(|run| positions(part)[run].iter().map(coord).collect()).collect())
        };
        let polygon = |part: &Found<'_>| -> Result<Polygon, Fault> {
            let mut rings = lines(part)?.into_iter();
            Ok(Polygon::new(rings.next().unwrap_or_else(|| LineString(Vec::new())), rings.collect()))
        };
        members.push(match part.type_() {
            GeometryType::Point => match positions(&part).first() {
                Some(point) => Geometry::Point(coord(point).into()),
                None => continue,
            },
            GeometryType::LineString => Geometry::LineString(LineString(all())),
            GeometryType::MultiPoint => {
                Geometry::MultiPoint(MultiPoint(all().into_iter().map(Point).collect()))
            }
            GeometryType::Polygon | GeometryType::Triangle => Geometry::Polygon(polygon(&part)?),
            GeometryType::MultiLineString => Geometry::MultiLineString(MultiLineString(lines(&part)?)),
            GeometryType::MultiPolygon | GeometryType::PolyhedralSurface | GeometryType::TIN => {
                let parts = part.parts();
                let polygons = parts.iter().flat_map(|parts| parts.iter()).map(|part| polygon(&part));
                Geometry::MultiPolygon(MultiPolygon(polygons.collect::<Result<_, _>>()?))
            }
            GeometryType::GeometryCollection => match collection(&part, depth + 1)? {
                Some(inner) => Geometry::GeometryCollection(inner),
                None => return Ok(None),
            },
            _ => return Ok(None),
        });
    }
    Ok(Some(GeometryCollection(members)))
}

/// The rectangle around all positions.
pub(super) fn bounds(geometry: &Found<'_>) -> Bounds {
    fn within(geometry: &Found<'_>, depth: usize) -> Bounds {
        let around = |bounds: Bounds, at: Coord| Bounds {
            min_x: bounds.min_x.min(at.x),
            min_y: bounds.min_y.min(at.y),
            max_x: bounds.max_x.max(at.x),
            max_y: bounds.max_y.max(at.y),
        };
        let own = positions(geometry).iter().map(coord).fold(Bounds::EMPTY, around);
        match geometry.parts() {
            Some(parts) if depth < DEEPEST => {
                parts.iter().map(|part| within(&part, depth + 1)).fold(own, Bounds::union)
            }
            _ => own,
        }
    }
    within(geometry, 0)
}
