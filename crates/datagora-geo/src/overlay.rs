//! Surfaces laid over surfaces.
#[cfg(test)]
mod tests;

use datagora_core::Crs;
use geo::{Area, BooleanOps};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use crate::types::{Geometry, MultiPolygon};
use crate::{GeometryColumn, GeometryKind, MeasureError, Metric, area};

/// A surface of one column that shares ground with one of another: what [`overlaps`] finds.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Overlap {
    /// Row of the first column.
    pub left: usize,
    /// Row of the second column.
    pub right: usize,
    /// Ground shared, m².
    pub area: f64,
    /// The same as a share of the first surface, 0 to 1.
    pub share_of_left: f64,
    /// The same as a share of the second surface, 0 to 1.
    pub share_of_right: f64,
}

/// Surfaces that cannot be laid over each other.
#[derive(Debug, thiserror::Error, PartialEq)]
#[non_exhaustive]
pub enum OverlayError {
    /// Two systems: the numbers cannot be compared.
    #[error("one column is in {left}, the other in {right}; reproject one of them to the CRS of the other")]
    CrsMismatch {
        /// CRS of the first column.
        left: Crs,
        /// CRS of the second column.
        right: Crs,
    },
    /// A CRS in which areas are no square metres.
    #[error(transparent)]
    Measure(#[from] MeasureError),
    /// A row that is not a surface.
    #[error("row {row} is a {found:?}; polygons and multi-polygons are needed")]
    NotPolygons {
        /// Row, from 0.
        row: usize,
        /// What it is.
        found: GeometryKind,
    },
    /// A row with a coordinate that is not a finite number.
    #[error("row {row} has a coordinate that is not a finite number; drop or repair the row")]
    NotFinite {
        /// Row, from 0.
        row: usize,
    },
}

/// The pairs of surfaces that share ground, with its area: the weights that bring numbers from one division of the
/// city to another.
///
/// A number that adds up (inhabitants) is divided among the zones of the other column by `share_of_left`; a density is
/// averaged with `area`. `Σ share_of_left` of a row is less than 1 where the other column does not cover it.
///
/// # Shapes and units
///
/// Pairs in the order of the rows, first of `left`, then of `right`; m² for a projected CRS in metres. Pairs that only
/// touch are left out, as are missing and empty rows. Intersections are computed on a grid of a billionth of the
/// extent: areas are exact to about 1e-9 of it times the outline.
///
/// # Errors
///
/// [`OverlayError::CrsMismatch`], [`OverlayError::Measure`] for longitude and latitude, [`OverlayError::NotPolygons`],
/// [`OverlayError::NotFinite`].
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{GeometryColumn, overlaps};
///
/// let commune = Rect::new(coord! { x: 0., y: 0. }, coord! { x: 100., y: 100. });
/// let park = Rect::new(coord! { x: 75., y: 0. }, coord! { x: 125., y: 20. });
/// let communes = GeometryColumn::new([commune.into()], Crs::CC46);
/// let parks = GeometryColumn::new([park.into()], Crs::CC46);
/// let shared = overlaps(&parks, &communes)?;
/// assert!((shared[0].area - 500.0).abs() < 1e-6);
/// assert!((shared[0].share_of_left - 0.5).abs() < 1e-9);
/// # Ok::<(), datagora_geo::OverlayError>(())
/// ```
///
/// # References
///
/// Goodchild, M. F., Lam, N. S.-N. (1980). Areal interpolation: a variant of the traditional spatial problem.
/// Geo-Processing 1, 297–312.
pub fn overlaps(left: &GeometryColumn, right: &GeometryColumn) -> Result<Vec<Overlap>, OverlayError> {
    if left.crs() != right.crs() {
        return Err(OverlayError::CrsMismatch { left: left.crs().clone(), right: right.crs().clone() });
    }
    let (left_area, right_area) = (area(left, Metric::Planar)?, area(right, Metric::Planar)?);
    let (left, right) = (surfaces(left)?, surfaces(right)?);
    let tree = RTree::bulk_load(right.iter().enumerate().filter_map(|(row, s)| boxed(row, s)).collect());
    let mut found = Vec::new();
    for (row, surface) in left.iter().enumerate() {
        let Some(rectangle) = boxed(row, surface) else { continue };
        let envelope = rstar::RTreeObject::envelope(&rectangle);
        let mut rows: Vec<usize> =
            tree.locate_in_envelope_intersecting(&envelope).map(|candidate| candidate.data).collect();
        rows.sort_unstable();
        for other in rows {
            let shared = surface.intersection(&right[other]).unsigned_area();
            if shared > 0.0 {
                found.push(Overlap {
                    left: row,
                    right: other,
                    area: shared,
                    share_of_left: shared / left_area[row],
                    share_of_right: shared / right_area[other],
                });
            }
        }
    }
    Ok(found)
}

type Boxed = GeomWithData<Rectangle<[f64; 2]>, usize>;

fn boxed(row: usize, surface: &MultiPolygon) -> Option<Boxed> {
    let bounds = geo::BoundingRect::bounding_rect(surface)?;
    let corners = AABB::from_corners(bounds.min().into(), bounds.max().into());
    Some(GeomWithData::new(Rectangle::from_aabb(corners), row))
}

/// The rows as multi-polygons, empty if missing.
fn surfaces(column: &GeometryColumn) -> Result<Vec<MultiPolygon>, OverlayError> {
    if let Some(row) = column.first_not_finite() {
        return Err(OverlayError::NotFinite { row });
    }
    let surface = |(row, geometry)| match geometry {
        None => Ok(MultiPolygon(Vec::new())),
        Some(Geometry::Polygon(polygon)) => Ok(MultiPolygon(vec![polygon])),
        Some(Geometry::MultiPolygon(polygons)) => Ok(polygons),
        Some(other) => Err(OverlayError::NotPolygons { row, found: GeometryKind::of(&other) }),
    };
    column.iter().enumerate().map(surface).collect()
}
