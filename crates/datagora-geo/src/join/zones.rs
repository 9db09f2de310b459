//! An index of zones for many points.
use std::fmt;

use datagora_core::Crs;

use super::JoinError;
use super::borders::Borders;
use super::build::Build;
use super::classes::{Classes, NOBODY};
use super::grid::Grid;
use super::labels::Labels;
use super::slabs::Slabs;
use crate::GeometryColumn;
use crate::geometry::PartKind;

/// Which zone has a point that lies exactly on a border.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Boundary {
    /// The zone to its east; on a border that runs east–west, the one to its north. Where zones cover the plane
    /// without overlap, each point is in exactly one: counts add up.
    #[default]
    HalfOpen,
    /// No zone: only interiors count. `ST_Within` of PostGIS, `within` of GeoPandas.
    Within,
    /// Every zone that it borders. `ST_CoveredBy` of PostGIS, `covered_by` of GeoPandas.
    Covers,
}

impl fmt::Display for Boundary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Boundary::HalfOpen => "half-open",
            Boundary::Within => "within",
            Boundary::Covers => "covers",
        })
    }
}

/// Polygons prepared for finding the zones that hold many points.
///
/// A grid says which zones hold each cell; most cells are cut by no border and need no test. In the others, the few edges
/// that cut the cell are tested in floating-point numbers with a bound on the error; where that bound forbids to say,
/// and where too many edges meet, with exact arithmetic. So a point is never on the wrong side of a border by rounding.
///
/// Rings count by the even–odd rule, so their winding does not matter, and holes are outside. Edges are straight in the
/// column's coordinates, also for longitude and latitude.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{Boundary, GeometryColumn, ZoneIndex};
///
/// let west = Rect::new(coord! { x: 0., y: 0. }, coord! { x: 1., y: 1. });
/// let east = Rect::new(coord! { x: 1., y: 0. }, coord! { x: 2., y: 1. });
/// let zones = ZoneIndex::new(&GeometryColumn::new([west.into(), east.into()], Crs::CC46))?;
/// assert_eq!(zones.locate(0.5, 0.5, Boundary::HalfOpen), Some(0));
/// assert_eq!(zones.locate(1.0, 0.5, Boundary::HalfOpen), Some(1)); // on the shared border
/// assert_eq!(zones.locate_all(1.0, 0.5, Boundary::Covers).collect::<Vec<_>>(), [0, 1]);
/// assert_eq!(zones.locate(1.0, 0.5, Boundary::Within), None);
/// # Ok::<(), datagora_geo::JoinError>(())
/// ```
///
/// # References
///
/// Shewchuk, J. R. (1997). Adaptive precision floating-point arithmetic and fast robust geometric predicates.
/// Discrete & Computational Geometry 18, 305–363. doi:10.1007/PL00009321
#[derive(Debug)]
pub struct ZoneIndex {
    pub(super) crs: Crs,
    pub(super) rows: usize,
    pub(super) grid: Grid,
    /// What is known of each cell without any test.
    pub(super) labels: Labels,
    pub(super) classes: Classes,
    /// The cells that need a test.
    pub(super) borders: Borders,
    pub(super) slabs: Slabs,
    /// Row of the column that each polygon belongs to; ascending.
    pub(super) zone_of: Vec<u32>,
}

/// Points for which an index is made if nothing is said of their number.
const POINTS: usize = 1_000_000;

/// All rows are polygons of finite coordinates, or missing.
pub(super) fn check_zones(zones: &GeometryColumn) -> Result<(), JoinError> {
    if let Some(row) = zones.first_not_finite() {
        return Err(JoinError::NotFinite { row });
    }
    match zones.first_not_surface() {
        Some((row, found)) => Err(JoinError::NotPolygons { row, found }),
        None => Ok(()),
    }
}

impl ZoneIndex {
    /// Prepares the polygons of a column. Missing and empty rows hold no point.
    ///
    /// # Errors
    ///
    /// [`JoinError::NotPolygons`] for a row of another kind, [`JoinError::NotFinite`] for a coordinate that is not a
    /// finite number.
    pub fn new(zones: &GeometryColumn) -> Result<Self, JoinError> {
        Self::for_points(zones, POINTS)
    }

    /// Prepares the polygons of a column for about as many points: more of them are worth a finer grid. Results do not
    /// depend on it.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn for_points(zones: &GeometryColumn, points: usize) -> Result<Self, JoinError> {
        check_zones(zones)?;
        let mut edges = Vec::with_capacity(zones.coordinates().0.len());
        let mut build = Build::default();
        for row in 0..zones.len() {
            for part in zones.parts(row) {
                debug_assert_eq!(part.kind, PartKind::Polygon);
                let first = edges.len();
                edges.extend(part.edges());
                if edges.len() > first {
                    build.push(row as u32, first..edges.len(), &edges);
                }
            }
        }
        Ok(build.finish(zones.crs().clone(), zones.len(), &edges, points))
    }

    /// Number of zones, missing and empty ones included.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there is no zone.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// CRS of the zones, in which points must be given.
    pub fn crs(&self) -> &Crs {
        &self.crs
    }

    /// The first zone that holds a point; `None` if there is none or a coordinate is NaN.
    pub fn locate(&self, x: f64, y: f64, boundary: Boundary) -> Option<u32> {
        let zone = match self.class(x, y, boundary) {
            Ok(class) => self.classes.first()[class as usize],
            Err(border) => {
                let mut zones = Vec::new();
                self.test(border, x, y, boundary, &mut zones);
                zones.first().copied().unwrap_or(NOBODY)
            }
        };
        (zone != NOBODY).then_some(zone)
    }

    /// All zones that hold a point, in the order of the rows.
    pub fn locate_all(&self, x: f64, y: f64, boundary: Boundary) -> impl Iterator<Item = u32> + use<> {
        let mut zones = Vec::new();
        match self.class(x, y, boundary) {
            Ok(class) => {
                zones.extend(self.classes.members(class));
                zones.sort_unstable();
            }
            Err(border) => self.test(border, x, y, boundary, &mut zones),
        }
        zones.into_iter()
    }

    /// The class of a point, or the border that must be tested in full.
    fn class(&self, x: f64, y: f64, boundary: Boundary) -> Result<u32, usize> {
        let cell = self.grid.cell(x, y);
        self.labels.get(cell).map_or_else(|| self.class_on_border(cell, x, y, boundary), Ok)
    }
}
