//! What questions about distance have in common.
use datagora_core::{Crs, Metres};

use crate::measure::{MeasureError, Metric};
use crate::{GeometryColumn, GeometryKind};

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
    /// A row that is not one point.
    #[error("row {row} is a {found:?}; points are needed, such as those `centroid` gives")]
    NotPoints {
        /// Row, from 0.
        row: usize,
        /// What it is.
        found: GeometryKind,
    },
    /// No neighbour wanted.
    #[error("0 neighbours were asked for; at least 1 is needed")]
    NoNeighbour,
    /// A reach that is no distance.
    #[error("the distance is {found} m; a number of at least 0 is needed")]
    Reach {
        /// What was given.
        found: f64,
    },
}

/// Refuses columns between which no planar distance can be taken.
pub(crate) fn comparable(from: &GeometryColumn, to: &GeometryColumn) -> Result<(), DistanceError> {
    if from.crs() != to.crs() {
        return Err(DistanceError::CrsMismatch { from: from.crs().clone(), to: to.crs().clone() });
    }
    measurable(from)?;
    measurable(to)
}

/// Refuses a column between whose rows no planar distance can be taken.
pub(crate) fn measurable(column: &GeometryColumn) -> Result<(), DistanceError> {
    Metric::Planar.suits(column.crs())?;
    match column.first_not_finite() {
        Some(row) => Err(DistanceError::NotFinite { row, crs: column.crs().clone() }),
        None => Ok(()),
    }
}

/// The coordinates of points.
pub(crate) fn points(column: &GeometryColumn) -> Result<(&[f64], &[f64]), DistanceError> {
    column.as_points().ok_or_else(|| {
        let other =
            |row| column.kind(row).filter(|kind| *kind != GeometryKind::Point).map(|kind| (row, kind));
        let (row, found) = (0..column.len()).find_map(other).unwrap_or((0, GeometryKind::GeometryCollection));
        DistanceError::NotPoints { row, found }
    })
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_square_is_within_reach_if_its_root_is(distance in 0.0..1e9f64) {
            let most = greatest_square(Metres(distance)).unwrap();
            prop_assert!(most.sqrt() <= distance && most.next_up().sqrt() > distance);
        }
    }

    #[test]
    fn reaches() {
        assert_eq!(greatest_square(Metres(0.0)), Ok(0.0));
        assert_eq!(greatest_square(Metres(f64::INFINITY)), Ok(f64::INFINITY));
        assert!(greatest_square(Metres(1e200)).unwrap() >= f64::MAX);
        assert!(greatest_square(Metres(1e-200)).unwrap() < 1e-300);
        assert_eq!(greatest_square(Metres(-1.0)), Err(DistanceError::Reach { found: -1.0 }));
        assert!(greatest_square(Metres(f64::NAN)).is_err());
    }
}
