//! Lines, polygons and mixed geometries as flat buffers.
//!
//! row → parts → rings → points. A part is a set of points, a set of lines or one polygon; its rings are the runs of
//! points it is made of (one run for a set of points, one per line, exterior then holes for a polygon).
use std::ops::Range;
use std::sync::Arc;

use super::{Bounds, GeometryKind};
use crate::types::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};

/// What a part is, and what it was before it came into a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PartKind {
    Point,
    MultiPoint,
    LineString,
    MultiLineString,
    Polygon,
}

/// Which points belong together, without their coordinates: reprojection shares it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Structure {
    /// One per row; `None` is a missing row.
    pub(crate) rows: Vec<Option<GeometryKind>>,
    /// First part of each row, and the end.
    pub(crate) row_parts: Vec<usize>,
    pub(crate) parts: Vec<PartKind>,
    /// First ring of each part, and the end.
    pub(crate) part_rings: Vec<usize>,
    /// First point of each ring, and the end.
    pub(crate) ring_points: Vec<usize>,
}

/// A run of points: a ring, a line, or the points of a multi-point.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ring<'a> {
    pub(crate) x: &'a [f64],
    pub(crate) y: &'a [f64],
}

/// A set of points, a set of lines, or one polygon (exterior first).
#[derive(Clone, Debug)]
pub(crate) struct Part<'a> {
    pub(crate) kind: PartKind,
    source: Source<'a>,
}

#[derive(Clone, Debug)]
enum Source<'a> {
    One(Ring<'a>),
    Many { shapes: &'a Shapes, rings: Range<usize> },
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shapes {
    pub(crate) structure: Arc<Structure>,
    pub(crate) x: Vec<f64>,
    pub(crate) y: Vec<f64>,
    /// Rectangle of each row.
    pub(crate) bounds: Vec<Bounds>,
}

impl<'a> Ring<'a> {
    pub(crate) fn len(&self) -> usize {
        self.x.len()
    }

    pub(crate) fn point(&self, index: usize) -> Coord {
        Coord { x: self.x[index], y: self.y[index] }
    }

    pub(crate) fn points(self) -> impl DoubleEndedIterator<Item = Coord> + ExactSizeIterator + 'a {
        self.x.iter().zip(self.y).map(|(&x, &y)| Coord { x, y })
    }

    /// The segments from each point to the next.
    pub(crate) fn segments(self) -> impl Iterator<Item = [Coord; 2]> + 'a {
        (1..self.len()).map(move |end| [self.point(end - 1), self.point(end)])
    }

    fn line(self) -> LineString {
        LineString(self.points().collect())
    }
}

impl<'a> Part<'a> {
    pub(crate) fn single(ring: Ring<'a>) -> Self {
        Part { kind: PartKind::Point, source: Source::One(ring) }
    }

    pub(crate) fn rings(&self) -> impl Iterator<Item = Ring<'a>> + use<'a> {
        let (one, many) = match &self.source {
            Source::One(ring) => (Some(*ring), None),
            Source::Many { shapes, rings } => {
                let shapes: &'a Shapes = shapes;
                (None, Some(rings.clone().map(move |ring| shapes.ring(ring))))
            }
        };
        one.into_iter().chain(many.into_iter().flatten())
    }

    /// The segments that have a length, of all rings.
    pub(crate) fn edges(&self) -> impl Iterator<Item = [Coord; 2]> + use<'a> {
        self.rings().flat_map(Ring::segments).filter(|[a, b]| a != b)
    }

    fn polygon(&self) -> Polygon {
        let mut rings = self.rings().map(Ring::line);
        let exterior = rings.next().unwrap_or_else(|| LineString(Vec::new()));
        Polygon::new(exterior, rings.collect())
    }

    fn points(&self) -> impl Iterator<Item = Point> + use<'a> {
        self.rings().flat_map(Ring::points).map(Point)
    }

    fn lines(&self) -> impl Iterator<Item = LineString> + use<'a> {
        self.rings().map(Ring::line)
    }

    /// The part as a geometry of its own; `None` for a point without coordinate.
    fn geometry(&self) -> Option<Geometry> {
        Some(match self.kind {
            PartKind::Point => self.points().next()?.into(),
            PartKind::MultiPoint => MultiPoint(self.points().collect()).into(),
            PartKind::LineString => self.lines().next()?.into(),
            PartKind::MultiLineString => MultiLineString(self.lines().collect()).into(),
            PartKind::Polygon => self.polygon().into(),
        })
    }
}

impl Shapes {
    fn ring(&self, ring: usize) -> Ring<'_> {
        let points = self.structure.ring_points[ring]..self.structure.ring_points[ring + 1];
        Ring { x: &self.x[points.clone()], y: &self.y[points] }
    }

    pub(crate) fn len(&self) -> usize {
        self.structure.rows.len()
    }

    pub(crate) fn parts(&self, row: usize) -> impl Iterator<Item = Part<'_>> {
        let structure = &self.structure;
        (structure.row_parts[row]..structure.row_parts[row + 1]).map(|part| Part {
            kind: structure.parts[part],
            source: Source::Many {
                shapes: self,
                rings: structure.part_rings[part]..structure.part_rings[part + 1],
            },
        })
    }

    /// All rings of a row as one polygon.
    pub(crate) fn all_rings(&self, row: usize) -> Part<'_> {
        let structure = &self.structure;
        let ends = [row, row + 1].map(|row| structure.part_rings[structure.row_parts[row]]);
        Part { kind: PartKind::Polygon, source: Source::Many { shapes: self, rings: ends[0]..ends[1] } }
    }

    pub(crate) fn get(&self, row: usize) -> Option<Geometry> {
        let mut parts = self.parts(row);
        Some(match self.structure.rows[row]? {
            GeometryKind::MultiPolygon => MultiPolygon(parts.map(|part| part.polygon()).collect()).into(),
            GeometryKind::GeometryCollection => {
                Geometry::GeometryCollection(parts.filter_map(|part| part.geometry()).collect())
            }
            _ => parts.next()?.geometry()?,
        })
    }

    /// The row each point belongs to is found by bisection: only errors ask for it.
    pub(crate) fn row_of_point(&self, point: usize) -> usize {
        let before = |offsets: &[usize], index: usize| offsets.partition_point(|&start| start <= index) - 1;
        let ring = before(&self.structure.ring_points, point);
        let part = before(&self.structure.part_rings, ring);
        before(&self.structure.row_parts, part)
    }

    /// The same shapes with other coordinates.
    pub(crate) fn with_coordinates(&self, x: Vec<f64>, y: Vec<f64>) -> Shapes {
        debug_assert!(x.len() == self.x.len() && y.len() == self.y.len());
        let mut moved = Shapes { structure: Arc::clone(&self.structure), x, y, bounds: Vec::new() };
        let bounds = (0..moved.len()).map(|row| moved.measure_bounds(row)).collect();
        moved.bounds = bounds;
        moved
    }

    /// Changes the coordinates where they are.
    pub(super) fn change<T>(&mut self, change: impl FnOnce(&mut [f64], &mut [f64]) -> T) -> T {
        let outcome = change(&mut self.x, &mut self.y);
        for row in 0..self.len() {
            self.bounds[row] = self.measure_bounds(row);
        }
        outcome
    }

    pub(super) fn with_axes_swapped(mut self) -> Shapes {
        std::mem::swap(&mut self.x, &mut self.y);
        for bounds in &mut self.bounds {
            std::mem::swap(&mut bounds.min_x, &mut bounds.min_y);
            std::mem::swap(&mut bounds.max_x, &mut bounds.max_y);
        }
        self
    }

    fn measure_bounds(&self, row: usize) -> Bounds {
        let structure = &self.structure;
        let ring = |part: usize| structure.part_rings[part];
        let parts = structure.row_parts[row]..structure.row_parts[row + 1];
        let points = structure.ring_points[ring(parts.start)]..structure.ring_points[ring(parts.end)];
        Bounds::around(&self.x[points.clone()], &self.y[points])
    }
}

/// Whether no number is infinite or NaN; without branches, so that it runs wide.
pub(super) fn all_finite(values: &[f64]) -> bool {
    values.iter().fold(true, |all, value| all & value.is_finite())
}

/// A place in a [`ShapesBuilder`] between rows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    parts: usize,
    rings: usize,
    points: usize,
}

/// Appends rows to the buffers.
#[derive(Debug)]
pub(crate) struct ShapesBuilder {
    structure: Structure,
    x: Vec<f64>,
    y: Vec<f64>,
}

impl ShapesBuilder {
    pub(crate) fn new() -> Self {
        let structure = Structure {
            rows: Vec::new(),
            row_parts: vec![0],
            parts: Vec::new(),
            part_rings: vec![0],
            ring_points: vec![0],
        };
        ShapesBuilder { structure, x: Vec::new(), y: Vec::new() }
    }

    /// Where the row under construction begins.
    pub(crate) fn mark(&self) -> Mark {
        Mark {
            parts: self.structure.parts.len(),
            rings: self.structure.ring_points.len(),
            points: self.x.len(),
        }
    }

    /// Takes back what was added to the row.
    pub(crate) fn rewind(&mut self, mark: Mark) {
        self.structure.parts.truncate(mark.parts);
        self.structure.part_rings.truncate(mark.parts + 1);
        self.structure.ring_points.truncate(mark.rings);
        self.x.truncate(mark.points);
        self.y.truncate(mark.points);
    }

    /// Whether the coordinates added to the row are finite numbers.
    pub(crate) fn is_finite_since(&self, mark: Mark) -> bool {
        all_finite(&self.x[mark.points..]) && all_finite(&self.y[mark.points..])
    }

    pub(crate) fn len(&self) -> usize {
        self.structure.rows.len()
    }

    /// A run of points from as many eastings as northings; `close` repeats the first point at the end if it is not there.
    pub(crate) fn run(&mut self, x: impl Iterator<Item = f64>, y: impl Iterator<Item = f64>, close: bool) {
        let start = self.x.len();
        self.x.extend(x);
        self.y.extend(y);
        debug_assert_eq!(self.x.len(), self.y.len());
        if close && let (Some(&first_x), Some(&first_y)) = (self.x.get(start), self.y.get(start)) {
            let closed = self.x.last() == Some(&first_x) && self.y.last() == Some(&first_y);
            if !closed {
                self.x.push(first_x);
                self.y.push(first_y);
            }
        }
        self.structure.ring_points.push(self.x.len());
    }

    pub(crate) fn push(&mut self, geometry: Option<&Geometry>) {
        let kind = self.add_row(geometry);
        self.end_row(kind);
    }

    /// Adds the parts of a row; its kind is for [`end_row`](Self::end_row).
    pub(crate) fn add_row(&mut self, geometry: Option<&Geometry>) -> Option<GeometryKind> {
        geometry.and_then(|geometry| {
            self.add(geometry);
            match geometry {
                Geometry::Point(point) if point.x().is_nan() || point.y().is_nan() => None,
                other => Some(GeometryKind::of(other)),
            }
        })
    }

    pub(crate) fn end_row(&mut self, kind: Option<GeometryKind>) {
        self.structure.rows.push(kind);
        self.structure.row_parts.push(self.structure.parts.len());
    }

    pub(crate) fn end_part(&mut self, kind: PartKind) {
        self.structure.parts.push(kind);
        self.structure.part_rings.push(self.structure.ring_points.len() - 1);
    }

    pub(crate) fn ring(&mut self, points: impl Iterator<Item = Coord>) {
        for point in points {
            self.x.push(point.x);
            self.y.push(point.y);
        }
        self.structure.ring_points.push(self.x.len());
    }

    /// A row of another column.
    pub(crate) fn copy<'a>(&mut self, kind: Option<GeometryKind>, parts: impl Iterator<Item = Part<'a>>) {
        self.copy_parts(parts);
        self.end_row(kind);
    }

    /// Parts of another column.
    pub(crate) fn copy_parts<'a>(&mut self, parts: impl Iterator<Item = Part<'a>>) {
        for part in parts {
            for ring in part.rings() {
                self.ring(ring.points());
            }
            self.end_part(part.kind);
        }
    }

    fn polygon(&mut self, polygon: &Polygon) {
        self.ring(polygon.exterior().coords().copied());
        for hole in polygon.interiors() {
            self.ring(hole.coords().copied());
        }
        self.end_part(PartKind::Polygon);
    }

    fn add(&mut self, geometry: &Geometry) {
        match geometry {
            Geometry::Point(point) if point.x().is_nan() || point.y().is_nan() => {}
            Geometry::Point(point) => {
                self.ring(std::iter::once(point.0));
                self.end_part(PartKind::Point);
            }
            Geometry::MultiPoint(points) => {
                self.ring(points.iter().map(|point| point.0));
                self.end_part(PartKind::MultiPoint);
            }
            Geometry::Line(line) => {
                self.ring([line.start, line.end].into_iter());
                self.end_part(PartKind::LineString);
            }
            Geometry::LineString(line) => {
                self.ring(line.coords().copied());
                self.end_part(PartKind::LineString);
            }
            Geometry::MultiLineString(lines) => {
                lines.iter().for_each(|line| self.ring(line.coords().copied()));
                self.end_part(PartKind::MultiLineString);
            }
            Geometry::Polygon(polygon) => self.polygon(polygon),
            Geometry::MultiPolygon(polygons) => polygons.iter().for_each(|polygon| self.polygon(polygon)),
            Geometry::Rect(rect) => self.polygon(&rect.to_polygon()),
            Geometry::Triangle(triangle) => self.polygon(&triangle.to_polygon()),
            Geometry::GeometryCollection(members) => members.iter().for_each(|member| self.add(member)),
        }
    }

    /// The columns x and y if each row is one point or missing, otherwise the shapes.
    pub(crate) fn finish(self) -> Result<(Vec<f64>, Vec<f64>), Shapes> {
        let simple = |kind: &Option<GeometryKind>| matches!(kind, None | Some(GeometryKind::Point));
        if self.structure.rows.iter().all(simple) {
            let mut points = self.x.into_iter().zip(self.y);
            return Ok(self
                .structure
                .rows
                .iter()
                .map(|row| row.and_then(|_| points.next()).unwrap_or((f64::NAN, f64::NAN)))
                .unzip());
        }
        let shapes =
            Shapes { structure: Arc::new(self.structure), x: Vec::new(), y: Vec::new(), bounds: Vec::new() };
        Err(shapes.filled(self.x, self.y))
    }
}

impl Shapes {
    /// Shapes of a structure that fits these coordinates.
    #[cfg(feature = "arrow")]
    pub(crate) fn of(structure: Structure, x: Vec<f64>, y: Vec<f64>) -> Shapes {
        debug_assert!(structure.ring_points.last() == Some(&x.len()) && x.len() == y.len());
        Shapes { structure: Arc::new(structure), x: Vec::new(), y: Vec::new(), bounds: Vec::new() }
            .filled(x, y)
    }

    fn filled(mut self, x: Vec<f64>, y: Vec<f64>) -> Shapes {
        (self.x, self.y) = (x, y);
        self.bounds = (0..self.len()).map(|row| self.measure_bounds(row)).collect();
        self
    }
}
