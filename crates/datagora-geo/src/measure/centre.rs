//! One point for each geometry.
use crate::GeometryColumn;
use crate::geometry::{PartKind, Ring};
use crate::types::Coord;

/// Centre of gravity of each geometry: of its surfaces if it has any, else of its lines, else of its points.
///
/// It may lie outside the geometry (a crescent, an archipelago); [`interior_point`](crate::interior_point) does not. Surfaces without area count
/// by their outline, lines without length by their points.
///
/// # Shapes and units
///
/// `n` geometries → a column of `n` points in the same CRS; missing and empty rows stay missing. It is computed in the
/// plane of the coordinates, also for longitude and latitude: across a commune (10 km), that is a metre off.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{GeometryColumn, centroid};
///
/// let block = Rect::new(coord! { x: 0., y: 0. }, coord! { x: 100., y: 50. });
/// let centres = centroid(&GeometryColumn::new(vec![block.into()], Crs::CC46));
/// assert_eq!(centres.as_points(), Some((&[50.][..], &[25.][..])));
/// ```
pub fn centroid(column: &GeometryColumn) -> GeometryColumn {
    points(column, |row| centroid_of(column, row))
}

pub(super) fn centroid_of(column: &GeometryColumn, row: usize) -> Option<Coord> {
    let bounds = column.bounds_of(row);
    let origin = Coord { x: bounds.min_x, y: bounds.min_y };
    let mut moments = [Moment::default(); 3];
    for part in column.parts(row) {
        for (index, ring) in part.rings().enumerate() {
            if part.kind == PartKind::Polygon {
                moments[2].add_surface(ring, origin, index > 0);
            }
            if !matches!(part.kind, PartKind::Point | PartKind::MultiPoint) {
                moments[1].add_line(ring, origin);
            }
            moments[0].add_points(ring, origin);
        }
    }
    let [points, lines, surfaces] = moments;
    surfaces.centre().or(lines.centre()).or(points.centre()).map(|centre| centre + origin)
}

/// A column of one point per row.
pub(super) fn points(column: &GeometryColumn, point: impl Fn(usize) -> Option<Coord>) -> GeometryColumn {
    let (x, y) = (0..column.len())
        .map(|row| point(row).map_or((f64::NAN, f64::NAN), |point| (point.x, point.y)))
        .unzip();
    GeometryColumn::points(x, y, column.crs().clone())
}

/// Weighted sum of positions.
#[derive(Clone, Copy, Default)]
struct Moment {
    weight: f64,
    sum: Coord,
}

impl Moment {
    fn add(&mut self, position: Coord, weight: f64) {
        self.weight += weight;
        self.sum = self.sum + position * weight;
    }

    fn add_surface(&mut self, ring: Ring<'_>, origin: Coord, hole: bool) {
        // The triangles from the origin to each edge: twice their areas, and those times three times their centres.
        let mut triangles = Moment::default();
        for [a, b] in ring.segments() {
            let (a, b) = (a - origin, b - origin);
            triangles.add(a + b, a.x * b.y - b.x * a.y);
        }
        // Winding does not matter: an exterior adds, a hole takes away.
        let sign = if (triangles.weight < 0.0) != hole { -1.0 } else { 1.0 };
        self.weight += sign * triangles.weight / 2.0;
        self.sum = self.sum + triangles.sum * sign / 6.0;
    }

    fn add_line(&mut self, ring: Ring<'_>, origin: Coord) {
        for [a, b] in ring.segments() {
            self.add((a - origin + (b - origin)) / 2.0, (b.x - a.x).hypot(b.y - a.y));
        }
    }

    fn add_points(&mut self, ring: Ring<'_>, origin: Coord) {
        ring.points().for_each(|point| self.add(point - origin, 1.0));
    }

    fn centre(self) -> Option<Coord> {
        (self.weight > 0.0).then(|| self.sum / self.weight)
    }
}
