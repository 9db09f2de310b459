//! Shapes whose common vertices are one.
use std::collections::HashMap;

use datagora_core::Crs;
use datagora_geo::GeometryColumn;
use datagora_geo::types::{
    Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon,
};

/// Geometries as positions and numbers of positions: what moves a position moves it in every geometry that has it, so
/// that what was shared stays shared.
pub(super) struct Mesh {
    pub(super) positions: Vec<[f64; 2]>,
    numbers: HashMap<[u64; 2], u32>,
    shapes: Vec<Option<Shape>>,
}

enum Shape {
    /// Polygons, each of an outer ring and holes; rings are not closed. Whether there can be several.
    Surfaces(Vec<Vec<Vec<u32>>>, bool),
    Lines(Vec<Vec<u32>>),
    Points(Vec<u32>),
}

impl Mesh {
    pub(super) fn new() -> Self {
        Self { positions: Vec::new(), numbers: HashMap::new(), shapes: Vec::new() }
    }

    /// Adds the rows of a column, their coordinates changed by a function; what is no surface, line or point is left out.
    pub(super) fn add(&mut self, column: &GeometryColumn, place: impl Fn(Coord) -> [f64; 2]) {
        for geometry in column.iter() {
            let shape = geometry.and_then(|geometry| self.shape(geometry, &place));
            self.shapes.push(shape);
        }
    }

    fn shape(&mut self, geometry: Geometry, place: &impl Fn(Coord) -> [f64; 2]) -> Option<Shape> {
        let mut number = |at: Coord| self.number(place(at));
        let mut line = |line: &LineString| line.0.iter().map(|&at| number(at)).collect::<Vec<u32>>();
        let mut surface = |polygon: &Polygon| {
            let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
            rings
                .map(|ring| {
                    let mut ring = line(ring);
                    ring.pop();
                    ring
                })
                .collect::<Vec<_>>()
        };
        Some(match geometry {
            Geometry::Polygon(polygon) => Shape::Surfaces(vec![surface(&polygon)], false),
            Geometry::MultiPolygon(polygons) => Shape::Surfaces(polygons.iter().map(surface).collect(), true),
            Geometry::Rect(rect) => Shape::Surfaces(vec![surface(&rect.to_polygon())], false),
            Geometry::Triangle(triangle) => Shape::Surfaces(vec![surface(&triangle.to_polygon())], false),
            Geometry::LineString(one) => Shape::Lines(vec![line(&one)]),
            Geometry::MultiLineString(many) => Shape::Lines(many.iter().map(line).collect()),
            Geometry::Line(one) => Shape::Lines(vec![vec![number(one.start), number(one.end)]]),
            Geometry::Point(point) => Shape::Points(vec![number(point.0)]),
            Geometry::MultiPoint(points) => {
                Shape::Points(points.iter().map(|point| number(point.0)).collect())
            }
            Geometry::GeometryCollection(_) => return None,
        })
    }

    fn number(&mut self, at: [f64; 2]) -> u32 {
        let next = self.positions.len() as u32;
        *self.numbers.entry(at.map(|c| (c + 0.0).to_bits())).or_insert_with(|| {
            self.positions.push(at);
            next
        })
    }

    /// Cuts edges that are longer than wanted about their middle into equal parts, those of neighbours alike.
    pub(super) fn refine(&mut self, longest: impl Fn([f64; 2]) -> f64) {
        let mut between: HashMap<(u32, u32), Vec<u32>> = HashMap::new();
        let positions = &mut self.positions;
        let mut refined = |line: &[u32], closed: bool| {
            let mut fine = Vec::with_capacity(line.len());
            for (i, &from) in line.iter().enumerate() {
                fine.push(from);
                let to = match line.get(i + 1) {
                    Some(&to) => to,
                    None if closed => line[0],
                    None => continue,
                };
                let (low, high) = (from.min(to), from.max(to));
                let added = between.entry((low, high)).or_insert_with(|| {
                    let [a, b] = [positions[low as usize], positions[high as usize]];
                    let middle = [0.5 * (a[0] + b[0]), 0.5 * (a[1] + b[1])];
                    let length = libm::hypot(b[0] - a[0], b[1] - a[1]);
                    let parts = (length / longest(middle)).ceil().clamp(1.0, 1e6) as u32;
                    (1..parts)
                        .map(|part| {
                            let share = f64::from(part) / f64::from(parts);
                            positions.push([a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])]);
                            positions.len() as u32 - 1
                        })
                        .collect()
                });
                if from == low { fine.extend(added.iter()) } else { fine.extend(added.iter().rev()) }
            }
            fine
        };
        for shape in self.shapes.iter_mut().flatten() {
            match shape {
                Shape::Surfaces(surfaces, _) => {
                    for ring in surfaces.iter_mut().flatten() {
                        *ring = refined(ring, true);
                    }
                }
                Shape::Lines(lines) => lines.iter_mut().for_each(|line| *line = refined(line, false)),
                Shape::Points(_) => {}
            }
        }
    }

    /// The vertex of a surface that is nearest to a position.
    pub(super) fn nearest(&self, row: usize, to: [f64; 2]) -> Option<usize> {
        let Some(Shape::Surfaces(surfaces, _)) = &self.shapes[row] else { return None };
        let away = |number: &u32| {
            let [x, y] = self.positions[*number as usize];
            libm::hypot(x - to[0], y - to[1])
        };
        let vertices = surfaces.iter().flatten().flatten();
        vertices.min_by(|a, b| away(a).total_cmp(&away(b))).map(|number| *number as usize)
    }

    /// The row of a ring, counted as by [`ring_areas`](Self::ring_areas), and its first vertex.
    pub(super) fn first_of(&self, ring: usize) -> Option<(usize, usize)> {
        let rings = self.shapes.iter().enumerate().flat_map(|(row, shape)| {
            let surfaces = match shape {
                Some(Shape::Surfaces(surfaces, _)) => &surfaces[..],
                _ => &[],
            };
            surfaces.iter().flatten().map(move |ring| (row, ring))
        });
        let (row, ring) = rings.into_iter().nth(ring)?;
        Some((row, *ring.first()? as usize))
    }

    /// Area of each of the first rows, holes taken away; 0 for what is no surface.
    pub(super) fn areas(&self, rows: usize) -> Vec<f64> {
        let of_rings = |rings: &Vec<Vec<u32>>| {
            let mut areas = rings.iter().map(|ring| 0.5 * self.ring_area(ring).abs());
            areas.next().unwrap_or(0.0) - areas.sum::<f64>()
        };
        let of_shape = |shape: &Option<Shape>| match shape {
            Some(Shape::Surfaces(surfaces, _)) => surfaces.iter().map(of_rings).sum(),
            _ => 0.0,
        };
        self.shapes[..rows].iter().map(of_shape).collect()
    }

    /// Twice the signed area of each ring of the first rows.
    pub(super) fn ring_areas(&self, rows: usize) -> Vec<f64> {
        let mut areas = Vec::new();
        for shape in self.shapes[..rows].iter().flatten() {
            if let Shape::Surfaces(surfaces, _) = shape {
                areas.extend(surfaces.iter().flatten().map(|ring| self.ring_area(ring)));
            }
        }
        areas
    }

    /// The edges of the first rows, by their ends: the lower number first, then the row, and whether it lies left of the way
    /// from the first end to the second.
    pub(super) fn edges(&self, rows: usize) -> Vec<([u32; 2], usize, bool)> {
        let mut edges = Vec::new();
        for (row, shape) in self.shapes[..rows].iter().enumerate() {
            let Some(Shape::Surfaces(surfaces, _)) = shape else { continue };
            for (place, ring) in surfaces.iter().flat_map(|rings| rings.iter().enumerate()) {
                // Outer rings have their inside at the left if they turn left, holes if they turn right.
                let left = (self.ring_area(ring) > 0.0) == (place == 0);
                for (i, &from) in ring.iter().enumerate() {
                    let to = ring[(i + 1) % ring.len()];
                    edges.push(([from.min(to), from.max(to)], row, left == (from < to)));
                }
            }
        }
        edges.sort_unstable();
        edges
    }

    fn ring_area(&self, ring: &[u32]) -> f64 {
        let Some(&first) = ring.first() else { return 0.0 };
        // Relative to the first vertex: small areas far from the origin stay exact.
        let origin = self.positions[first as usize];
        let at = |i: usize| {
            let [x, y] = self.positions[ring[i % ring.len()] as usize];
            [x - origin[0], y - origin[1]]
        };
        (0..ring.len()).map(|i| (at(i), at(i + 1))).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum()
    }

    /// Rows as geometries, their coordinates changed by a function.
    pub(super) fn column(
        &self,
        rows: std::ops::Range<usize>,
        crs: Crs,
        place: impl Fn([f64; 2]) -> Coord,
    ) -> GeometryColumn {
        let at = |number: &u32| place(self.positions[*number as usize]);
        let line = |line: &Vec<u32>| line.iter().map(at).collect::<LineString>();
        let surface = |rings: &Vec<Vec<u32>>| {
            // Polygons close their rings themselves.
            let mut rings = rings.iter().map(line);
            Polygon::new(rings.next().unwrap_or_else(|| LineString(Vec::new())), rings.collect())
        };
        let geometry = |shape: &Shape| match shape {
            Shape::Surfaces(surfaces, true) => MultiPolygon(surfaces.iter().map(surface).collect()).into(),
            Shape::Surfaces(surfaces, false) => surfaces
                .first()
                .map_or_else(|| MultiPolygon(Vec::new()).into(), |rings| surface(rings).into()),
            Shape::Lines(lines) => MultiLineString(lines.iter().map(line).collect()).into(),
            Shape::Points(points) => {
                MultiPoint(points.iter().map(|number| Point(at(number))).collect()).into()
            }
        };
        GeometryColumn::from_options(self.shapes[rows].iter().map(|shape| shape.as_ref().map(geometry)), crs)
    }
}
