//! Fewer vertices, the same neighbours.
mod arcs;
#[cfg(test)]
mod tests;
mod visvalingam;

use self::arcs::Topology;
use crate::GeometryColumn;
use crate::geometry::{PartKind, ShapesBuilder};

/// Geometries that cannot be simplified.
#[derive(Clone, Debug, thiserror::Error, PartialEq)]
#[non_exhaustive]
pub enum SimplifyError {
    /// A tolerance that is no distance.
    #[error("the tolerance is {found}; a finite number of at least 0 is needed, in units of the CRS")]
    Tolerance {
        /// What was given.
        found: f64,
    },
    /// A row with a coordinate that is not a finite number.
    #[error("row {row} has a coordinate that is not a finite number; drop or repair the row")]
    NotFinite {
        /// Row, from 0.
        row: usize,
    },
}

/// Removes detail from surfaces and lines so that neighbours stay neighbours: a border that two zones share is
/// simplified once, without gap or overlap. For maps at small scale, not for measuring.
///
/// Borders are cut into arcs where three or more of them meet; those ends stay. Of the other vertices, the one whose
/// triangle with its neighbours is least goes first (Visvalingam), as long as the triangle is not larger than
/// `tolerance`², and contains no other vertex: so no border comes to cross another. A ring keeps three corners at
/// least: no zone, no hole disappears. Points are left as they are.
///
/// Neighbours must have the same vertices along their common border, as the divisions published by INSEE, IGN and the
/// Métropole have. Where one has a vertex in the middle of an edge of the other, that border is two borders.
///
/// # Arguments
///
/// * `tolerance`: size of the detail removed, in units of the CRS: metres for a projected one.
///
/// Rings may begin at another vertex than before; their winding stays. Time grows as `n log n` with the vertices.
///
/// # Errors
///
/// [`SimplifyError::Tolerance`] for a negative tolerance or one that is not a finite number,
/// [`SimplifyError::NotFinite`] for such a coordinate.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::Polygon;
/// use datagora_geo::{GeometryColumn, Metric, area, simplify_coverage};
///
/// // A border with a dent of 2 m between two zones.
/// let west = vec![(0., 0.), (50., 0.), (52., 30.), (50., 60.), (0., 60.)];
/// let east = vec![(50., 0.), (100., 0.), (100., 60.), (50., 60.), (52., 30.)];
/// let zones = [west, east].map(|ring| Polygon::new(ring.into(), vec![]).into());
/// let simple = simplify_coverage(&GeometryColumn::new(zones, Crs::CC46), 10.0)?;
/// assert_eq!(area(&simple, Metric::Planar).unwrap(), [3_000.0, 3_000.0]);
/// # Ok::<(), datagora_geo::SimplifyError>(())
/// ```
///
/// # References
///
/// Visvalingam, M., Whyatt, J. D. (1993). Line generalisation by repeated elimination of points. The Cartographic Journal
/// 30, 46–51. doi:10.1179/000870493786962263
pub fn simplify_coverage(column: &GeometryColumn, tolerance: f64) -> Result<GeometryColumn, SimplifyError> {
    if !tolerance.is_finite() || tolerance < 0.0 {
        return Err(SimplifyError::Tolerance { found: tolerance });
    }
    if let Some(row) = column.first_not_finite() {
        return Err(SimplifyError::NotFinite { row });
    }
    let parts = || (0..column.len()).flat_map(|row| column.parts(row));
    let runs = parts().filter(|part| has_edges(part.kind)).flat_map(|part| {
        let ring = part.kind == PartKind::Polygon;
        part.rings().map(move |run| (run.points().collect(), ring))
    });
    let mut topology = Topology::new(runs);
    visvalingam::remove_vertices(&mut topology, tolerance * tolerance);

    let mut builder = ShapesBuilder::new();
    let mut paths = 0..topology.paths.len();
    for row in 0..column.len() {
        for part in column.parts(row) {
            for run in part.rings() {
                let path = if has_edges(part.kind) { paths.next() } else { None };
                match path {
                    Some(path) => builder.ring(topology.points(path).into_iter()),
                    None => builder.ring(run.points()),
                }
            }
            builder.end_part(part.kind);
        }
        builder.end_row(column.kind(row));
    }
    Ok(GeometryColumn::from_builder(builder, column.crs().clone()))
}

fn has_edges(kind: PartKind) -> bool {
    !matches!(kind, PartKind::Point | PartKind::MultiPoint)
}
