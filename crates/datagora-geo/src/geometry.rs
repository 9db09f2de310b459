//! A column of geometries with their CRS.
use datagora_core::Crs;

use crate::types::{BoundingRect, Coord, Geometry, Rect};

/// Geometries of one CRS, one per row, some of them missing.
///
/// Coordinates are in (east, north) order: (longitude, latitude) for geographic systems.
#[derive(Clone, Debug, PartialEq)]
pub struct GeometryColumn {
    geometries: Vec<Option<Geometry>>,
    crs: Crs,
}

impl GeometryColumn {
    /// A column without missing rows.
    pub fn new(geometries: impl IntoIterator<Item = Geometry>, crs: Crs) -> Self {
        Self::from_options(geometries.into_iter().map(Some), crs)
    }

    /// A column in which rows may be missing.
    pub fn from_options(geometries: impl IntoIterator<Item = Option<Geometry>>, crs: Crs) -> Self {
        Self { geometries: geometries.into_iter().collect(), crs }
    }

    /// A column of points; a row with a NaN is missing.
    ///
    /// # Panics
    ///
    /// If `x` and `y` differ in length.
    pub fn points(x: Vec<f64>, y: Vec<f64>, crs: Crs) -> Self {
        assert_eq!(x.len(), y.len(), "as many northings as eastings are needed");
        let point = |(x, y): (f64, f64)| {
            (!x.is_nan() && !y.is_nan()).then(|| Geometry::Point(crate::types::Point(Coord { x, y })))
        };
        Self::from_options(x.into_iter().zip(y).map(point), crs)
    }

    /// Number of rows, missing ones included.
    pub fn len(&self) -> usize {
        self.geometries.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.geometries.is_empty()
    }

    /// What the coordinates mean.
    pub fn crs(&self) -> &Crs {
        &self.crs
    }

    /// The geometry of a row; `None` if it is missing.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    pub fn get(&self, row: usize) -> Option<Geometry> {
        self.geometries[row].clone()
    }

    /// The geometries, row by row.
    pub fn iter(&self) -> impl Iterator<Item = Option<Geometry>> + '_ {
        (0..self.len()).map(|row| self.get(row))
    }

    /// The smallest rectangle that holds all geometries; `None` if there is no coordinate.
    pub fn bounds(&self) -> Option<Rect> {
        let boxes = (0..self.len()).filter_map(|row| self.row_bounds(row));
        boxes.reduce(|a, b| {
            Rect::new(
                Coord { x: a.min().x.min(b.min().x), y: a.min().y.min(b.min().y) },
                Coord { x: a.max().x.max(b.max().x), y: a.max().y.max(b.max().y) },
            )
        })
    }

    /// The smallest rectangle that holds the geometry of a row; `None` if it is missing or empty.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    pub fn row_bounds(&self, row: usize) -> Option<Rect> {
        self.geometries[row].as_ref().and_then(BoundingRect::bounding_rect)
    }

    /// The rows named, in the order named.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    pub fn take(&self, rows: &[usize]) -> Self {
        Self {
            geometries: rows.iter().map(|&row| self.geometries[row].clone()).collect(),
            crs: self.crs.clone(),
        }
    }
}
