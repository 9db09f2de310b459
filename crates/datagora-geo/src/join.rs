//! Which zone holds each point, and which geometries stand in a relation.
mod aggregate;
mod batch;
mod borders;
mod build;
mod classes;
mod cut;
mod few;
mod grid;
mod labels;
mod located;
mod pairs;
mod position;
mod predicate;
mod slabs;
#[cfg(test)]
mod tests;
mod zones;

use datagora_core::Crs;

use self::few::Way;

pub use self::aggregate::{Aggregate, aggregate_weighted_within, aggregate_within};
pub use self::located::Located;
pub use self::pairs::{Pairs, pairs_within};
pub(crate) use self::position::Position;
pub use self::predicate::{Predicate, PredicateError, join_by, self_join_by};
pub use self::zones::{Boundary, ZoneIndex};
use crate::{GeometryColumn, GeometryKind};

/// Points and zones that cannot be joined.
#[derive(Clone, Debug, thiserror::Error, PartialEq)]
#[non_exhaustive]
pub enum JoinError {
    /// Two systems: the numbers cannot be compared.
    #[error(
        "the points are in {points}, the zones in {zones}; reproject one of them to the CRS of the other"
    )]
    CrsMismatch {
        /// CRS of the points.
        points: Crs,
        /// CRS of the zones.
        zones: Crs,
    },
    /// A row that is not one point.
    #[error("row {row} of the points is a {found:?}; points are needed, such as those `centroid` gives")]
    NotPoints {
        /// Row, from 0.
        row: usize,
        /// What it is.
        found: GeometryKind,
    },
    /// A row that is not a surface.
    #[error("row {row} of the zones is a {found:?}; polygons and multi-polygons are needed")]
    NotPolygons {
        /// Row, from 0.
        row: usize,
        /// What it is.
        found: GeometryKind,
    },
    /// Points and their values in different numbers.
    #[error("{values} values were given for {points} points; as many are needed, NaN where one is missing")]
    Lengths {
        /// Number of points.
        points: usize,
        /// Number of values, or of weights.
        values: usize,
    },
    /// A zone with a coordinate that is not a finite number.
    #[error("row {row} of the zones has a coordinate that is not a finite number; drop or repair the row")]
    NotFinite {
        /// Row, from 0.
        row: usize,
    },
}

/// Points handled at a time when work is shared among cores.
const PIECE: usize = 65_536;

/// The zone that holds each point: the point-in-polygon join.
///
/// Where zones overlap, the first one (of lowest row) is given; [`pairs_within`] gives all of them. To put
/// several sets of points on the same zones, make the [`ZoneIndex`] once.
///
/// # Shapes and missing values
///
/// `n` points → `n` rows of `zones`; `None` for points outside all zones and for missing points. Four bytes a point.
///
/// # Errors
///
/// [`JoinError::CrsMismatch`] if the columns differ in CRS, [`JoinError::NotPoints`] or [`JoinError::NotPolygons`]
/// if a row is of another kind, [`JoinError::NotFinite`] if a zone has a coordinate that is not a finite number.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{Boundary, GeometryColumn, locate};
///
/// let park = Rect::new(coord! { x: 0., y: 0. }, coord! { x: 100., y: 100. });
/// let parks = GeometryColumn::new([park.into()], Crs::CC46);
/// let trees = GeometryColumn::points(vec![50., 150., f64::NAN], vec![50., 50., 0.], Crs::CC46);
/// assert_eq!(locate(&trees, &parks, Boundary::HalfOpen)?, [Some(0), None, None]);
/// # Ok::<(), datagora_geo::JoinError>(())
/// ```
pub fn locate(
    points: &GeometryColumn,
    zones: &GeometryColumn,
    boundary: Boundary,
) -> Result<Located, JoinError> {
    let (x, y) = comparable(points, zones)?;
    let index = match Way::new(points, (x, y), zones)? {
        Way::Index(index) => index,
        Way::Few(few) => {
            let mut located = vec![Located::NONE; x.len()];
            few.each(boundary, |zone, point| {
                let first = &mut located[point as usize];
                *first = zone.min(*first);
            });
            return Ok(Located::new(located));
        }
    };
    let mut located = vec![0; x.len()];
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        let pieces = located.par_chunks_mut(PIECE).zip(x.par_chunks(PIECE).zip(y.par_chunks(PIECE)));
        pieces.for_each(|(located, (x, y))| index.locate_each(x, y, boundary, located));
    }
    #[cfg(not(feature = "parallel"))]
    index.locate_each(x, y, boundary, &mut located);
    Ok(Located::new(located))
}

/// Number of points in each zone, without the list of which is where.
///
/// A point in two overlapping zones counts in both; on a shared border, the rule of [`Boundary`] decides
/// ([`Boundary::HalfOpen`] counts it once).
///
/// # Shapes and missing values
///
/// `k` zones → `k` counts; a missing or empty zone holds 0 points, a missing point is in no zone.
///
/// # Errors
///
/// As [`locate`].
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{Boundary, GeometryColumn, count_within};
///
/// let park = Rect::new(coord! { x: 0., y: 0. }, coord! { x: 100., y: 100. });
/// let parks = GeometryColumn::new([park.into()], Crs::CC46);
/// let trees = GeometryColumn::points(vec![50., 60., 150.], vec![50., 20., 50.], Crs::CC46);
/// assert_eq!(count_within(&trees, &parks, Boundary::HalfOpen)?, [2]);
/// # Ok::<(), datagora_geo::JoinError>(())
/// ```
pub fn count_within(
    points: &GeometryColumn,
    zones: &GeometryColumn,
    boundary: Boundary,
) -> Result<Vec<u64>, JoinError> {
    let (x, y) = comparable(points, zones)?;
    let index = match Way::new(points, (x, y), zones)? {
        Way::Index(index) => index,
        Way::Few(few) => {
            let mut counts = vec![0; zones.len()];
            few.each(boundary, |zone, _| counts[zone as usize] += 1);
            return Ok(counts);
        }
    };
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        // Few pieces: each has its own counts.
        let piece = x.len().div_ceil(4 * rayon::current_num_threads()).max(PIECE);
        let counts = x.par_chunks(piece).zip(y.par_chunks(piece)).map(|(x, y)| index.count(x, y, boundary));
        Ok(counts.reduce(
            || vec![0; index.len()],
            |mut sum, counts| {
                sum.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
                sum
            },
        ))
    }
    #[cfg(not(feature = "parallel"))]
    Ok(index.count(x, y, boundary))
}

/// The coordinates of the points, if they can be compared with the zones.
fn comparable<'a>(
    points: &'a GeometryColumn,
    zones: &GeometryColumn,
) -> Result<(&'a [f64], &'a [f64]), JoinError> {
    if points.crs() != zones.crs() {
        return Err(JoinError::CrsMismatch { points: points.crs().clone(), zones: zones.crs().clone() });
    }
    points.only_points().map_err(|(row, found)| JoinError::NotPoints { row, found })
}
