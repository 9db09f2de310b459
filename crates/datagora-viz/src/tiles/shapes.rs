//! Geometries of a layer in units of the world, as flat buffers.
use datagora_core::Crs;
use datagora_geo::GeometryColumn;
use datagora_geo::types::{Coord, Geometry, LineString, Polygon};

use super::TileError;
use super::mvt::Kind;
use super::pyramid::world_place;

/// Points of one ring, line, or set of points: where they end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    pub(super) end: u32,
    /// Whether a ring begins a polygon.
    pub(super) outer: bool,
}

/// A feature: part of a row of one kind.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub(super) row: u32,
    pub(super) kind: Kind,
    /// Where its runs end.
    pub(super) end: u32,
}

/// Features, their runs, their points. Rings do not repeat their first point; those of holes turn against those around them.
#[derive(Default)]
pub(super) struct Shapes {
    pub(super) shapes: Vec<Shape>,
    pub(super) runs: Vec<Run>,
    pub(super) points: Vec<[i32; 2]>,
}

impl Shapes {
    pub(super) fn of(layer: &str, column: &GeometryColumn) -> Result<Self, TileError> {
        let refused = |source| TileError::Reproject { layer: layer.to_owned(), source };
        let reprojected = column.reproject(&Crs::WEB_MERCATOR).map_err(refused)?;
        let mut found = Self::default();
        if let Some((x, y)) = reprojected.as_points() {
            found.shapes.reserve(x.len());
            found.runs.reserve(x.len());
            found.points.reserve(x.len());
            for (row, (&x, &y)) in x.iter().zip(y).enumerate().filter(|(_, (x, _))| !x.is_nan()) {
                found.points.push(world_place(x, y));
                found.end_run(true);
                found.end_shape(row, Kind::Point);
            }
        } else {
            for (row, geometry) in reprojected.iter().enumerate() {
                let Some(geometry) = geometry else { continue };
                for kind in [Kind::Point, Kind::Line, Kind::Polygon] {
                    found.add(&geometry, kind);
                    found.end_shape(row, kind);
                }
            }
        }
        if u32::try_from(found.points.len()).is_err() {
            return Err(TileError::TooLarge { layer: layer.to_owned(), vertices: found.points.len() });
        }
        Ok(found)
    }

    /// The same shapes in another order.
    pub(super) fn in_order(&self, order: impl Iterator<Item = usize>) -> Self {
        let mut found = Self {
            shapes: Vec::with_capacity(self.shapes.len()),
            runs: Vec::with_capacity(self.runs.len()),
            points: Vec::with_capacity(self.points.len()),
        };
        for shape in order {
            for run in self.runs_of(shape) {
                found.points.extend_from_slice(&self.points[self.points_of(run)]);
                found.end_run(self.runs[run].outer);
            }
            found.shapes.push(Shape { end: found.runs.len() as u32, ..self.shapes[shape] });
        }
        found
    }

    /// Runs of a shape.
    pub(super) fn runs_of(&self, shape: usize) -> std::ops::Range<usize> {
        let start = if shape == 0 { 0 } else { self.shapes[shape - 1].end as usize };
        start..self.shapes[shape].end as usize
    }

    /// Places of the points of a run.
    pub(super) fn points_of(&self, run: usize) -> std::ops::Range<usize> {
        let start = if run == 0 { 0 } else { self.runs[run - 1].end as usize };
        start..self.runs[run].end as usize
    }

    fn end_run(&mut self, outer: bool) {
        self.runs.push(Run { end: self.points.len() as u32, outer });
    }

    fn end_shape(&mut self, row: usize, kind: Kind) {
        let (start, end) = (self.shapes.last().map_or(0, |shape| shape.end), self.runs.len() as u32);
        if end > start {
            self.shapes.push(Shape { row: row as u32, kind, end });
        }
    }

    /// What a geometry has of a kind.
    fn add(&mut self, geometry: &Geometry, kind: Kind) {
        match (geometry, kind) {
            (Geometry::Point(point), Kind::Point) => self.add_points([point.0]),
            (Geometry::MultiPoint(points), Kind::Point) => {
                self.add_points(points.iter().map(|point| point.0))
            }
            (Geometry::LineString(line), Kind::Line) => self.add_line(line),
            (Geometry::MultiLineString(lines), Kind::Line) => {
                lines.iter().for_each(|line| self.add_line(line))
            }
            (Geometry::Polygon(polygon), Kind::Polygon) => self.add_polygon(polygon),
            (Geometry::MultiPolygon(polygons), Kind::Polygon) => {
                polygons.iter().for_each(|polygon| self.add_polygon(polygon));
            }
            (Geometry::GeometryCollection(members), _) => {
                members.iter().for_each(|member| self.add(member, kind));
            }
            _ => {}
        }
    }

    fn add_points(&mut self, points: impl IntoIterator<Item = Coord>) {
        let start = self.points.len();
        self.points.extend(points.into_iter().map(|point| world_place(point.x, point.y)));
        if self.points.len() > start {
            self.end_run(true);
        }
    }

    fn add_line(&mut self, line: &LineString) {
        let start = self.points.len();
        self.points.extend(line.0.iter().map(|point| world_place(point.x, point.y)));
        match self.points.len() - start {
            0 => {}
            // A line of one point has no length.
            1 => self.points.truncate(start),
            _ => self.end_run(true),
        }
    }

    /// The outer ring with positive area, as the specification wants it where y goes down, holes with negative area.
    fn add_polygon(&mut self, polygon: &Polygon) {
        let outer = self.add_ring(polygon.exterior(), true);
        if outer {
            polygon.interiors().iter().for_each(|hole| {
                self.add_ring(hole, false);
            });
        }
    }

    fn add_ring(&mut self, ring: &LineString, outer: bool) -> bool {
        let start = self.points.len();
        let closed = ring.0.first() == ring.0.last();
        let distinct = ring.0.len().saturating_sub(usize::from(closed));
        for point in &ring.0[..distinct] {
            let place = world_place(point.x, point.y);
            if self.points[start..].last() != Some(&place) {
                self.points.push(place);
            }
        }
        while self.points.len() > start + 1 && self.points[start] == self.points[self.points.len() - 1] {
            self.points.pop();
        }
        if !orient(&mut self.points[start..], outer) {
            self.points.truncate(start);
            return false;
        }
        self.end_run(outer);
        true
    }
}

/// Turns an outer ring clockwise where y goes down, a hole against that; whether it has an area.
pub(super) fn orient(ring: &mut [[i32; 2]], outer: bool) -> bool {
    let area = doubled_area(ring);
    if (area > 0) != outer {
        ring.reverse();
    }
    area != 0
}

/// Twice the area of a ring by the surveyor's formula, positive if it turns clockwise on a map where y goes down.
pub(super) fn doubled_area(ring: &[[i32; 2]]) -> i64 {
    let Some(&origin) = ring.first() else { return 0 };
    let from = |point: [i32; 2]| {
        [i64::from(point[0]) - i64::from(origin[0]), i64::from(point[1]) - i64::from(origin[1])]
    };
    let crossed = |pair: &[[i32; 2]]| {
        let (a, b) = (from(pair[0]), from(pair[1]));
        a[0].wrapping_mul(b[1]).wrapping_sub(b[0].wrapping_mul(a[1]))
    };
    // The first and the last side begin or end at the origin.
    ring.windows(2).map(crossed).fold(0, i64::wrapping_add)
}
