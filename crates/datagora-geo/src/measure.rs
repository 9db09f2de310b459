//! Areas, lengths and centres.
mod centre;
mod label;
#[cfg(test)]
mod tests;

use std::fmt;

use datagora_core::Crs;
use geo::{Distance, Geodesic, GeodesicArea};

pub use self::centre::centroid;
pub use self::label::interior_point;
use crate::GeometryColumn;
use crate::geometry::{Part, PartKind, Ring};
use crate::types::{Geometry, LineString, Point, Polygon};

/// On what a measure is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Metric {
    /// In the plane of a projected CRS: fast, and as true as the projection. In Lyon, Lambert-93 makes lengths
    /// 0.086 % too short and areas 0.17 % too small, CC46 ten times less (0.008 % and 0.015 %; PROJ 9.5.1).
    Planar,
    /// On the ellipsoid WGS 84, for longitude and latitude: exact to 15 nm for lengths and 0.1 m² for areas of any size,
    /// some hundred times slower than planar.
    Geodesic,
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Metric::Planar => "planar",
            Metric::Geodesic => "geodesic",
        })
    }
}

/// Measures that would not mean what they say.
#[derive(Clone, Debug, thiserror::Error, PartialEq)]
#[non_exhaustive]
pub enum MeasureError {
    /// Metric and CRS do not go together, such as planar measures of degrees or of Web Mercator.
    #[error("{metric} measures do not suit {found}; reproject, or choose another metric")]
    Unsuited {
        /// Asked for.
        metric: Metric,
        /// CRS of the column.
        found: Crs,
    },
}

/// Web Mercator, also under the codes it had before EPSG gave it one: at the latitude of Lyon its areas are doubled.
const MAPS_NOT_TO_MEASURE: [u32; 3] = [3857, 3785, 900_913];

impl Metric {
    /// Refuses to measure in a CRS in which the result would be no metres.
    pub(crate) fn suits(self, crs: &Crs) -> Result<(), MeasureError> {
        let suited = match self {
            Metric::Planar => {
                !crs.is_geographic() && !crs.epsg().is_some_and(|code| MAPS_NOT_TO_MEASURE.contains(&code))
            }
            Metric::Geodesic => crs.is_geographic(),
        };
        if suited { Ok(()) } else { Err(MeasureError::Unsuited { metric: self, found: crs.clone() }) }
    }
}

/// Area of each geometry.
///
/// Shoelace formula (planar) or Karney's geodesic polygon area; holes are subtracted, whatever the winding of the
/// rings. The parts of a multi-polygon are added: overlaps count twice.
///
/// # Shapes and units
///
/// `n` geometries → `n` areas, m² (for a projected CRS in metres). Empty geometries, points and lines give 0, missing
/// rows NaN.
///
/// # Errors
///
/// [`MeasureError::Unsuited`] if the metric does not suit the column's CRS.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{GeometryColumn, Metric, area};
///
/// let block = Rect::new(coord! { x: 0., y: 0. }, coord! { x: 100., y: 50. });
/// let blocks = GeometryColumn::new(vec![block.into()], Crs::CC46);
/// assert_eq!(area(&blocks, Metric::Planar)?, [5_000.0]); // m²
/// # Ok::<(), datagora_geo::MeasureError>(())
/// ```
///
/// # References
///
/// Karney, C. F. F. (2013). Algorithms for geodesics. J. Geodesy 87, 43–55. doi:10.1007/s00190-012-0578-z
pub fn area(column: &GeometryColumn, metric: Metric) -> Result<Vec<f64>, MeasureError> {
    by_part(column, metric, |part| match part.kind {
        PartKind::Polygon => {
            let mut rings = part.rings().map(|ring| match metric {
                Metric::Planar => signed_area(ring).abs(),
                Metric::Geodesic => geodesic_area(ring),
            });
            let exterior = rings.next().unwrap_or(0.0);
            exterior - rings.sum::<f64>()
        }
        _ => 0.0,
    })
}

/// Length of the lines of each geometry. For the outline of surfaces see [`perimeter`].
///
/// # Shapes and units
///
/// `n` geometries → `n` lengths, m (for a projected CRS in metres). Empty geometries, points and polygons give 0,
/// missing rows NaN.
///
/// # Errors
///
/// [`MeasureError::Unsuited`] if the metric does not suit the column's CRS.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::LineString;
/// use datagora_geo::{GeometryColumn, Metric, length};
///
/// let lane = LineString::from(vec![(0., 0.), (30., 40.), (30., 140.)]);
/// let lanes = GeometryColumn::new(vec![lane.into()], Crs::CC46);
/// assert_eq!(length(&lanes, Metric::Planar)?, [150.0]); // m
/// # Ok::<(), datagora_geo::MeasureError>(())
/// ```
///
/// # References
///
/// Karney, C. F. F. (2013). Algorithms for geodesics. J. Geodesy 87, 43–55. doi:10.1007/s00190-012-0578-z
pub fn length(column: &GeometryColumn, metric: Metric) -> Result<Vec<f64>, MeasureError> {
    by_part(column, metric, |part| match part.kind {
        PartKind::LineString | PartKind::MultiLineString => {
            part.rings().map(|ring| ring_length(ring, metric)).sum()
        }
        _ => 0.0,
    })
}

/// Length of the outline of each surface, that of its holes included.
///
/// # Shapes and units
///
/// `n` geometries → `n` lengths, m (for a projected CRS in metres). Empty geometries, points and lines give 0, missing
/// rows NaN.
///
/// # Errors
///
/// [`MeasureError::Unsuited`] if the metric does not suit the column's CRS.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{GeometryColumn, Metric, perimeter};
///
/// let block = Rect::new(coord! { x: 0., y: 0. }, coord! { x: 100., y: 50. });
/// let blocks = GeometryColumn::new(vec![block.into()], Crs::CC46);
/// assert_eq!(perimeter(&blocks, Metric::Planar)?, [300.0]); // m
/// # Ok::<(), datagora_geo::MeasureError>(())
/// ```
pub fn perimeter(column: &GeometryColumn, metric: Metric) -> Result<Vec<f64>, MeasureError> {
    by_part(column, metric, |part| match part.kind {
        PartKind::Polygon => part.rings().map(|ring| ring_length(ring, metric)).sum(),
        _ => 0.0,
    })
}

fn by_part(
    column: &GeometryColumn,
    metric: Metric,
    measure: impl Fn(&Part<'_>) -> f64,
) -> Result<Vec<f64>, MeasureError> {
    metric.suits(column.crs())?;
    let row = |row| {
        if column.is_missing(row) { f64::NAN } else { column.parts(row).map(|part| measure(&part)).sum() }
    };
    Ok((0..column.len()).map(row).collect())
}

/// Area of a ring, positive if it is wound counter-clockwise. Taken from its first point, so that digits are not lost to
/// coordinates of millions.
pub(crate) fn signed_area(ring: Ring<'_>) -> f64 {
    if ring.len() < 3 {
        return 0.0;
    }
    let origin = ring.point(0);
    let twice: f64 = ring
        .segments()
        .map(|[a, b]| (a.x - origin.x) * (b.y - origin.y) - (b.x - origin.x) * (a.y - origin.y))
        .sum();
    twice / 2.0
}

fn geodesic_area(ring: Ring<'_>) -> f64 {
    let ring: LineString = ring.points().collect();
    // A clockwise ring has a negative area; the unsigned one would be the rest of the Earth.
    Geometry::Polygon(Polygon::new(ring, Vec::new())).geodesic_area_signed().abs()
}

fn ring_length(ring: Ring<'_>, metric: Metric) -> f64 {
    ring.segments()
        .map(|[a, b]| match metric {
            Metric::Planar => (b.x - a.x).hypot(b.y - a.y),
            Metric::Geodesic => Geodesic.distance(Point(a), Point(b)),
        })
        .sum()
}
