//! Ground that is counted once.
use datagora_geo::{
    GeometryColumn, GeometryError, JoinError, MeasureError, OverlayError, dissolve, overlaps,
};

use super::strata::StrataError;
use crate::zones::ZoneError;

/// Vegetation, zones and people that cannot be laid over each other.
#[derive(Debug, thiserror::Error, PartialEq)]
#[non_exhaustive]
pub enum GreenError {
    /// Surfaces in two systems, or that are none.
    #[error(transparent)]
    Overlay(#[from] OverlayError),
    /// Crowns or reaches that are none.
    #[error(transparent)]
    Disc(#[from] datagora_geo::DiscError),
    /// Zones and a raster that do not go together.
    #[error(transparent)]
    Coverage(#[from] datagora_geo::CoverageError),
    /// Surroundings that cannot be made.
    #[error(transparent)]
    Buffer(#[from] datagora_geo::BufferError),
    /// Distances that cannot be taken.
    #[error(transparent)]
    Distance(#[from] datagora_geo::DistanceError),
    /// Points and zones that do not go together.
    #[error(transparent)]
    Join(#[from] JoinError),
    /// Areas that cannot be taken.
    #[error(transparent)]
    Measure(#[from] MeasureError),
    /// Columns that cannot become one.
    #[error(transparent)]
    Geometry(#[from] GeometryError),
    /// Zones, or amounts by row, that do not go together.
    #[error(transparent)]
    Zone(#[from] ZoneError),
    /// Strata that are none, or others.
    #[error(transparent)]
    Strata(#[from] StrataError),
    /// No such band of a raster.
    #[error("band {asked} was asked for (counted from 0); the raster has {bands}")]
    Band {
        /// Asked for.
        asked: usize,
        /// Number of bands.
        bands: usize,
    },
    /// A threshold that is none.
    #[error("{what} is {found}; {needed}")]
    Threshold {
        /// Which.
        what: &'static str,
        /// What was given.
        found: f64,
        /// What is needed.
        needed: &'static str,
    },
}

/// The surfaces of a column such that none overlaps another: those that do are made one, with those that they overlap.
/// The others stay as they are, in their order; neighbours that only touch stay apart, so that rows stay small.
pub(super) fn apart(surfaces: &GeometryColumn) -> Result<GeometryColumn, GreenError> {
    let pairs: Vec<(usize, usize)> = overlaps(surfaces, surfaces)?
        .iter()
        .filter(|pair| pair.left < pair.right)
        .map(|pair| (pair.left, pair.right))
        .collect();
    if pairs.is_empty() {
        return Ok(surfaces.clone());
    }
    let mut first: Vec<usize> = (0..surfaces.len()).collect();
    for (left, right) in pairs {
        let (left, right) = (root(&mut first, left), root(&mut first, right));
        first[left.max(right)] = left.min(right);
    }
    let keys: Vec<usize> = (0..surfaces.len()).map(|row| root(&mut first, row)).collect();
    Ok(dissolve(surfaces, &keys)?.shapes)
}

/// The first row of the group of a row; the way to it is shortened.
fn root(first: &mut [usize], mut row: usize) -> usize {
    while first[row] != row {
        first[row] = first[first[row]];
        row = first[row];
    }
    row
}

/// Ground of each zone that surfaces cover, which must not overlap each other, m².
pub(super) fn covered(surfaces: &GeometryColumn, zones: &GeometryColumn) -> Result<Vec<f64>, GreenError> {
    let mut found = vec![0.0; zones.len()];
    for pair in overlaps(surfaces, zones)? {
        found[pair.right] += pair.area;
    }
    Ok(found)
}
