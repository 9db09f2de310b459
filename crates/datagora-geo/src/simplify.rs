//! Fewer vertices, the same neighbours.
mod arcs;
mod douglas_peucker;
mod queue;
#[cfg(test)]
mod tests;
mod vertex_grid;
mod visvalingam;

use self::arcs::Topology;
use self::douglas_peucker::Edges;
use self::visvalingam::Removal;
use crate::GeometryColumn;
use crate::cores::each;
use crate::geometry::{PartKind, Ring, ShapesBuilder};
use crate::types::Coord;

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
    /// A scale with more detail than the one before.
    #[error(
        "the tolerance is {found}, and detail up to {least} is gone; begin anew with the column, or ask in rising order"
    )]
    Finer {
        /// What was given.
        found: f64,
        /// That of the scale before.
        least: f64,
    },
}

/// Removes detail from surfaces and lines so that neighbours stay neighbours: a border that two zones share is
/// simplified once, without gap or overlap. For maps at small scale, not for measuring.
///
/// Borders are cut into arcs where three or more of them meet; those ends stay. Of the other vertices, one goes when its
/// triangle with its neighbours is less than the triangles of these (Visvalingam), small ones before those twice as large
/// all over the map, as long as the triangle is not larger than `tolerance`², and contains no other vertex: so no border
/// comes to cross another. A ring keeps three corners at least: no zone, no hole disappears. Points are left as they are.
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
    check_tolerance(tolerance)?;
    check_coordinates(column)?;
    Ok(without_detail(column, &mut removal_of(column), tolerance))
}

/// One coverage for maps at several scales, each with less detail than the one before: borders are cut into arcs once, and what
/// went for one scale is not looked at again for the next.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::LineString;
/// use datagora_geo::{CoverageSimplifier, GeometryColumn};
///
/// let line = |positions| GeometryColumn::new([LineString::from(positions).into()], Crs::CC46);
/// let mut traces = CoverageSimplifier::new(line(vec![(0., 0.), (40., 1.), (60., 30.), (100., 0.)]))?;
/// assert_eq!(traces.simplify(25.0)?, line(vec![(0., 0.), (60., 30.), (100., 0.)]));
/// assert_eq!(traces.simplify(100.0)?, line(vec![(0., 0.), (100., 0.)]));
/// assert!(traces.simplify(10.0).is_err(), "what went is gone");
/// # Ok::<(), datagora_geo::SimplifyError>(())
/// ```
#[derive(Debug)]
pub struct CoverageSimplifier {
    column: GeometryColumn,
    removal: Removal,
    /// That of the last scale.
    tolerance: f64,
}

impl CoverageSimplifier {
    /// Cuts a coverage into arcs.
    ///
    /// # Errors
    ///
    /// [`SimplifyError::NotFinite`] for a coordinate that is not a finite number.
    pub fn new(column: GeometryColumn) -> Result<Self, SimplifyError> {
        check_coordinates(&column)?;
        let removal = removal_of(&column);
        Ok(Self { column, removal, tolerance: 0.0 })
    }

    /// The coverage without this detail, as [`simplify_coverage`] makes it of the scale before; made at once, of vertices whose
    /// triangles are nearly as large, another one may go.
    ///
    /// # Errors
    ///
    /// [`SimplifyError::Tolerance`] for a tolerance that is no distance, [`SimplifyError::Finer`] for one below that of the
    /// scale before.
    pub fn simplify(&mut self, tolerance: f64) -> Result<GeometryColumn, SimplifyError> {
        check_tolerance(tolerance)?;
        if tolerance < self.tolerance {
            return Err(SimplifyError::Finer { found: tolerance, least: self.tolerance });
        }
        self.tolerance = tolerance;
        Ok(without_detail(&self.column, &mut self.removal, tolerance))
    }

    /// The tolerance of the last scale; 0 before the first one.
    pub fn tolerance(&self) -> f64 {
        self.tolerance
    }
}

fn removal_of(column: &GeometryColumn) -> Removal {
    let parts = (0..column.len()).flat_map(|row| column.parts(row));
    let runs = parts.filter(|part| has_edges(part.kind)).flat_map(|part| {
        let ring = part.kind == PartKind::Polygon;
        part.rings().map(move |run| (run.points().collect(), ring))
    });
    Removal::new(Topology::new(runs))
}

fn without_detail(column: &GeometryColumn, removal: &mut Removal, tolerance: f64) -> GeometryColumn {
    removal.run(tolerance * tolerance);
    let mut paths = (0..removal.paths()).map(|path| removal.points(path));
    with_runs(column, |_, _| paths.next().unwrap_or_default())
}

/// Removes the vertices of each geometry that are within a tolerance of what is left: Douglas–Peucker, without making a line
/// or surface meet itself.
///
/// Of the vertices between two that stay, the one farthest from the edge between these stays as well if it is farther than
/// the tolerance, or if that edge would meet another edge of the row in more than a common end, or pass over another vertex of
/// the row; so on both sides of it. A valid row stays valid, with all of its holes, and vertices in which members of a row meet
/// stay. Rows know nothing of each other: for zones that share borders, [`simplify_coverage`].
///
/// # Arguments
///
/// * `tolerance`: distance in units of the CRS, metres for a projected one. With 0, only vertices on a straight line go.
///
/// Rings begin where they began; points and missing rows stay as they are, but repeated vertices go. Time grows as
/// `n log n` with the vertices of a row for most shapes.
///
/// # Errors
///
/// As [`simplify_coverage`].
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::LineString;
/// use datagora_geo::{GeometryColumn, simplify};
///
/// let trace = LineString::from(vec![(0., 0.), (40., 2.), (100., 0.), (100., 80.)]);
/// let simple = simplify(&GeometryColumn::new([trace.into()], Crs::CC46), 5.0)?;
/// let expected = LineString::from(vec![(0., 0.), (100., 0.), (100., 80.)]);
/// assert_eq!(simple, GeometryColumn::new([expected.into()], Crs::CC46));
/// # Ok::<(), datagora_geo::SimplifyError>(())
/// ```
///
/// # References
///
/// Douglas, D. H., Peucker, T. K. (1973). Algorithms for the reduction of the number of points required to represent a
/// digitized line or its caricature. Cartographica 10, 112–122. doi:10.3138/FM57-6770-U75U-7727
pub fn simplify(column: &GeometryColumn, tolerance: f64) -> Result<GeometryColumn, SimplifyError> {
    check_tolerance(tolerance)?;
    check_coordinates(column)?;
    let runs = each(column.len(), |row| Edges::of(column.parts(row)).simplified(tolerance));
    let mut runs = runs.into_iter().flatten();
    Ok(with_runs(column, |kind, run| {
        let least = if kind == PartKind::Polygon { 4 } else { 2 };
        // What has no extent stays as it is: without its repeated vertices it would be no line or ring.
        runs.next().filter(|kept| kept.len() >= least).unwrap_or_else(|| run.points().collect())
    }))
}

fn check_tolerance(found: f64) -> Result<(), SimplifyError> {
    if found.is_finite() && found >= 0.0 { Ok(()) } else { Err(SimplifyError::Tolerance { found }) }
}

fn check_coordinates(column: &GeometryColumn) -> Result<(), SimplifyError> {
    column.first_not_finite().map_or(Ok(()), |row| Err(SimplifyError::NotFinite { row }))
}

/// The same column with other lines and rings, given one after the other.
fn with_runs(
    column: &GeometryColumn,
    mut next: impl FnMut(PartKind, Ring<'_>) -> Vec<Coord>,
) -> GeometryColumn {
    let mut builder = ShapesBuilder::new();
    for row in 0..column.len() {
        for part in column.parts(row) {
            for run in part.rings() {
                if has_edges(part.kind) {
                    builder.ring(next(part.kind, run).into_iter());
                } else {
                    builder.ring(run.points());
                }
            }
            builder.end_part(part.kind);
        }
        builder.end_row(column.kind(row));
    }
    GeometryColumn::from_builder(builder, column.crs().clone())
}

fn has_edges(kind: PartKind) -> bool {
    !matches!(kind, PartKind::Point | PartKind::MultiPoint)
}
