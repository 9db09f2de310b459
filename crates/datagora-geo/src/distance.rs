//! Distances between geometries, and what questions about them have in common.
mod runs;
#[cfg(test)]
pub(crate) mod tests;

use datagora_core::{Crs, Metres};
use geo::{Distance, Geodesic};

use self::runs::{Anchor, covers};
pub(crate) use self::runs::{Runs, least_squared_gap};
use crate::geometry::{PartKind, ShapesBuilder};
use crate::measure::{MeasureError, Metric};
use crate::types::{Coord, Point};
use crate::{GeometryColumn, GeometryKind, ZoneIndex};

/// Questions about distance that have no answer.
#[derive(Clone, Debug, thiserror::Error, PartialEq)]
#[non_exhaustive]
pub enum DistanceError {
    /// Distances in the numbers of a CRS that are no metres, such as degrees.
    #[error(transparent)]
    Unsuited(#[from] MeasureError),
    /// Two systems: the numbers cannot be compared.
    #[error("one column is in {from}, the other in {to}; reproject one of them to the CRS of the other")]
    CrsMismatch {
        /// CRS of the column asked from.
        from: Crs,
        /// CRS of the column asked about.
        to: Crs,
    },
    /// A row with a coordinate that is not a finite number.
    #[error(
        "row {row} of the column in {crs} has a coordinate that is not a finite number; drop or repair the row"
    )]
    NotFinite {
        /// Row, from 0.
        row: usize,
        /// CRS of the column.
        crs: Crs,
    },
    /// Columns that do not go row by row.
    #[error("one column has {from} rows, the other {to}; as many of both are needed")]
    Lengths {
        /// Rows of the one.
        from: usize,
        /// Rows of the other.
        to: usize,
    },
    /// Values that do not go row by row.
    #[error("there are {rows} rows and {found} values; as many of both are needed")]
    Values {
        /// Rows of the column.
        rows: usize,
        /// Values given.
        found: usize,
    },
    /// A row that is not one point.
    #[error("row {row} is a {found:?}; geodesic distances are between points, reproject for planar ones")]
    NotPoints {
        /// Row, from 0.
        row: usize,
        /// What it is.
        found: GeometryKind,
    },
    /// No neighbour wanted.
    #[error("0 neighbours were asked for; at least 1 is needed")]
    NoNeighbour,
    /// More neighbours than memory can hold.
    #[error("{width} neighbours of each of {rows} rows do not fit in memory; ask for fewer, or in parts")]
    TooMany {
        /// Rows asked from.
        rows: usize,
        /// Neighbours of each.
        width: usize,
    },
    /// A reach that is no distance.
    #[error("the distance is {found} m; a number of at least 0 is needed")]
    Reach {
        /// What was given.
        found: f64,
    },
}

/// Distance from each row of a column to the same row of another.
///
/// Planar: between any two geometries, the least distance between a point of one and a point of the other; 0 if they
/// touch, cross, or one is in the other. Geodesic: between points.
///
/// # Shapes and units
///
/// `n` and `n` geometries → `n` distances, m. NaN if either row is missing or empty.
///
/// # Errors
///
/// [`DistanceError::Lengths`] if the columns differ in length, [`DistanceError::CrsMismatch`] if they differ in CRS,
/// [`DistanceError::Unsuited`] if the metric does not suit it, [`DistanceError::NotFinite`] for an infinite coordinate,
/// [`DistanceError::NotPoints`] for a geodesic distance to anything else.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{GeometryColumn, Metric, distance};
///
/// let homes = GeometryColumn::points(vec![0., 70.], vec![0., 20.], Crs::CC46);
/// let park = Rect::new(coord! { x: 30., y: 10. }, coord! { x: 90., y: 40. });
/// let parks = GeometryColumn::new([park.into(), park.into()], Crs::CC46);
/// assert_eq!(distance(&homes, &parks, Metric::Planar)?, [1000f64.sqrt(), 0.0]); // m
/// # Ok::<(), datagora_geo::DistanceError>(())
/// ```
///
/// # References
///
/// Karney, C. F. F. (2013). Algorithms for geodesics. J. Geodesy 87, 43–55. doi:10.1007/s00190-012-0578-z
pub fn distance(
    from: &GeometryColumn,
    to: &GeometryColumn,
    metric: Metric,
) -> Result<Vec<f64>, DistanceError> {
    if from.len() != to.len() {
        return Err(DistanceError::Lengths { from: from.len(), to: to.len() });
    }
    same_crs(from.crs(), to.crs())?;
    metric.suits(from.crs())?;
    finite(from)?;
    finite(to)?;
    if metric == Metric::Geodesic {
        let ((x, y), (to_x, to_y)) = (points(from)?, points(to)?);
        let between = |row: usize| {
            let missing = x[row].is_nan() || to_x[row].is_nan();
            let (a, b) = (Point::new(x[row], y[row]), Point::new(to_x[row], to_y[row]));
            if missing { f64::NAN } else { Geodesic.distance(a, b) }
        };
        return Ok((0..x.len()).map(between).collect());
    }
    let (mut a, mut b) = (Runs::default(), Runs::default());
    let between = |row| {
        a.only(from, row);
        b.only(to, row);
        squared((from, row, &a), (to, row, &b)).map_or(f64::NAN, f64::sqrt)
    };
    Ok((0..from.len()).map(between).collect())
}

/// Squared planar distance between two rows whose runs are given; `None` if one is missing or empty.
pub(crate) fn squared(
    (from, row, a): (&GeometryColumn, usize, &Runs),
    (to, other, b): (&GeometryColumn, usize, &Runs),
) -> Option<f64> {
    if a.runs().is_empty() || b.runs().is_empty() {
        return None;
    }
    let holds =
        |column, row, anchors: &[Anchor]| anchors.iter().any(|anchor| is_covered(column, row, anchor.at));
    if holds(from, row, b.anchors()) || holds(to, other, a.anchors()) {
        return Some(0.0);
    }
    Some(a.squared(b))
}

/// Whether a point is in a surface of a row.
fn is_covered(column: &GeometryColumn, row: usize, point: Coord) -> bool {
    column.parts(row).any(|part| part.kind == PartKind::Polygon && covers(&part, point))
}

/// Refuses columns whose numbers cannot be compared.
pub(crate) fn same_crs(from: &Crs, to: &Crs) -> Result<(), DistanceError> {
    if from == to { Ok(()) } else { Err(DistanceError::CrsMismatch { from: from.clone(), to: to.clone() }) }
}

/// Refuses a column between whose rows no planar distance can be taken.
pub(crate) fn measurable(column: &GeometryColumn) -> Result<(), DistanceError> {
    Metric::Planar.suits(column.crs())?;
    finite(column)
}

fn finite(column: &GeometryColumn) -> Result<(), DistanceError> {
    match column.first_not_finite() {
        Some(row) => Err(DistanceError::NotFinite { row, crs: column.crs().clone() }),
        None => Ok(()),
    }
}

/// The surfaces of a column, row by row, other parts left out; `None` if there are none.
pub(crate) fn surfaces(column: &GeometryColumn) -> Option<ZoneIndex> {
    if column.as_points().is_some() {
        return None;
    }
    if column.first_not_surface().is_none() {
        return ZoneIndex::new(column).ok();
    }
    let mut builder = ShapesBuilder::new();
    let mut any = false;
    for row in 0..column.len() {
        let mut parts = column.parts(row).filter(|part| part.kind == PartKind::Polygon).peekable();
        let kind = parts.peek().map(|_| GeometryKind::MultiPolygon);
        any |= kind.is_some();
        builder.copy(kind, parts);
    }
    // Coordinates are finite and all parts polygons: there is an index of them.
    if any { ZoneIndex::new(&GeometryColumn::from_builder(builder, column.crs().clone())).ok() } else { None }
}

/// The coordinates of points.
pub(crate) fn points(column: &GeometryColumn) -> Result<(&[f64], &[f64]), DistanceError> {
    column.only_points().map_err(|(row, found)| DistanceError::NotPoints { row, found })
}

/// The greatest squared distance whose root is within reach.
pub(crate) fn greatest_square(reach: Metres) -> Result<f64, DistanceError> {
    let Metres(distance) = reach;
    if distance.is_nan() || distance < 0.0 {
        return Err(DistanceError::Reach { found: distance });
    }
    let mut squared = distance * distance;
    while squared.sqrt() > distance {
        squared = squared.next_down();
    }
    while squared < f64::INFINITY && squared.next_up().sqrt() <= distance {
        squared = squared.next_up();
    }
    Ok(squared)
}
