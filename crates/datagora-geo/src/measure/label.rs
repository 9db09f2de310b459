//! A point inside each geometry.
use super::centre::{centroid_of, points};
use crate::GeometryColumn;
use crate::geometry::{Part, PartKind, Ring};
use crate::types::Coord;

/// A point within each geometry, well away from its border: where a label stands.
///
/// For surfaces, the middle of the widest stretch of a polygon along a horizontal line through its middle; for lines and
/// points, the one of their points nearest to the centre.
///
/// # Shapes and units
///
/// `n` geometries → a column of `n` points in the same CRS; missing and empty rows stay missing. A surface without
/// area gives one of its points.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::Polygon;
/// use datagora_geo::{GeometryColumn, Boundary, interior_point, locate};
///
/// // A river bend whose centroid is in the next commune.
/// let bend = vec![(0., 0.), (9., 0.), (9., 9.), (0., 9.), (0., 8.), (8., 8.), (8., 1.), (0., 1.)];
/// let communes = GeometryColumn::new([Polygon::new(bend.into(), vec![]).into()], Crs::CC46);
/// let labels = interior_point(&communes);
/// assert_eq!(locate(&labels, &communes, Boundary::Within)?, [Some(0)]);
/// # Ok::<(), datagora_geo::JoinError>(())
/// ```
pub fn interior_point(column: &GeometryColumn) -> GeometryColumn {
    points(column, |row| {
        let surfaces = column.parts(row).filter(|part| part.kind == PartKind::Polygon);
        let widest = surfaces.filter_map(|part| widest_stretch(&part)).max_by(|a, b| a.0.total_cmp(&b.0));
        widest.map(|(_, middle)| middle).or_else(|| nearest_to_centre(column, row))
    })
}

/// Width and middle of the widest stretch of a polygon along a horizontal line that meets no vertex.
fn widest_stretch(polygon: &Part<'_>) -> Option<(f64, Coord)> {
    let y = line_through_middle(polygon)?;
    let mut crossings: Vec<f64> = polygon
        .rings()
        .flat_map(Ring::segments)
        .filter(|[a, b]| (a.y <= y) != (b.y <= y))
        .map(|[a, b]| a.x + (b.x - a.x) * ((y - a.y) / (b.y - a.y)))
        .collect();
    crossings.sort_by(f64::total_cmp);
    // Between the first crossing and the second is inside, and so on.
    crossings
        .chunks_exact(2)
        // Where a ring runs along itself, rounding alone tells the crossings apart.
        .filter(|pair| pair[1] - pair[0] > 8.0 * f64::EPSILON * pair[0].abs().max(pair[1].abs()))
        .map(|pair| (pair[1] - pair[0], Coord { x: pair[0] + (pair[1] - pair[0]) / 2.0, y }))
        .filter(|(_, middle)| middle.x.is_finite())
        .max_by(|a, b| a.0.total_cmp(&b.0))
}

/// Half-way between the nearest vertices above and below the middle of the bounds.
fn line_through_middle(polygon: &Part<'_>) -> Option<f64> {
    let exterior = polygon.rings().next()?;
    let (low, high) = exterior
        .y
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &y| (low.min(y), high.max(y)));
    let middle = low + (high - low) / 2.0;
    let (mut below, mut above) = (low, high);
    for &y in polygon.rings().flat_map(|ring| ring.y) {
        if y <= middle {
            below = below.max(y);
        } else {
            above = above.min(y);
        }
    }
    let line = below + (above - below) / 2.0;
    line.is_finite().then_some(line)
}

fn nearest_to_centre(column: &GeometryColumn, row: usize) -> Option<Coord> {
    let centre = centroid_of(column, row)?;
    let distance = |point: &Coord| (point.x - centre.x).hypot(point.y - centre.y);
    let vertices = column.parts(row).flat_map(|part| part.rings()).flat_map(Ring::points);
    vertices.min_by(|a, b| distance(a).total_cmp(&distance(b)))
}
