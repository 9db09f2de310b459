//! Values of a raster at points.
use datagora_core::Crs;

use super::Raster;
use crate::{GeometryColumn, GeometryKind};

/// How the value at a point is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Sampling {
    /// The value of the cell that holds the point: right for classes and counts.
    ///
    /// A point on a line between cells belongs to the cell east or north of it, as in [`Grid::cell_at`](crate::Grid::cell_at).
    #[default]
    Nearest,
    /// Between the middles of the four cells around it, in proportion to the distance along both axes: for surfaces
    /// without steps, such as heights.
    ///
    /// Missing if one of those that have a weight is missing. Within half a cell of the edge of the raster, the outermost cells stand
    /// in for those beyond.
    Bilinear,
}

/// Points at which a raster cannot be sampled.
#[derive(Clone, Debug, thiserror::Error, PartialEq)]
#[non_exhaustive]
pub enum SampleError {
    /// Two systems: the numbers cannot be compared.
    #[error(
        "the points are in {points}, the raster in {raster}; reproject the points to the CRS of the raster"
    )]
    CrsMismatch {
        /// CRS of the points.
        points: Crs,
        /// CRS of the raster.
        raster: Crs,
    },
    /// A row that is not one point.
    #[error("row {row} of the points is a {found:?}; points are needed, such as those `centroid` gives")]
    NotPoints {
        /// Row, from 0.
        row: usize,
        /// What it is.
        found: GeometryKind,
    },
    /// No such band.
    #[error("band {asked} was asked for (counted from 0); there are {bands}")]
    Band {
        /// Asked for.
        asked: usize,
        /// Number of bands.
        bands: usize,
    },
}

impl Raster {
    /// The values of a band at points.
    ///
    /// # Shapes and missing values
    ///
    /// `n` points → `n` values, in the unit of the band; `None` for a missing point, a point outside the raster, and
    /// where the value is missing.
    ///
    /// # Errors
    ///
    /// [`SampleError::CrsMismatch`], [`SampleError::NotPoints`], [`SampleError::Band`].
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::Crs;
    /// use datagora_geo::{Band, GeometryColumn, Grid, Raster, Sampling};
    ///
    /// let grid = Grid::new([0.0, 10.0], [10.0, 10.0], 2, 1, Crs::CC46)?;
    /// let heights = Raster::new(grid, [Band::new(vec![100.0, 200.0])])?;
    /// let points = GeometryColumn::points(vec![7.5, 12.0, 30.0], vec![5.0; 3], Crs::CC46);
    /// assert_eq!(heights.sample(&points, 0, Sampling::Nearest)?, [Some(100.0), Some(200.0), None]);
    /// assert_eq!(heights.sample(&points, 0, Sampling::Bilinear)?, [Some(125.0), Some(170.0), None]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sample(
        &self,
        points: &GeometryColumn,
        band: usize,
        sampling: Sampling,
    ) -> Result<Vec<Option<f64>>, SampleError> {
        if points.crs() != self.grid.crs() {
            let (points, raster) = (points.crs().clone(), self.grid.crs().clone());
            return Err(SampleError::CrsMismatch { points, raster });
        }
        if band >= self.bands.len() {
            return Err(SampleError::Band { asked: band, bands: self.bands.len() });
        }
        let (x, y) = points.only_points().map_err(|(row, found)| SampleError::NotPoints { row, found })?;
        let value = |(&x, &y)| match sampling {
            Sampling::Nearest => self.nearest(band, x, y),
            Sampling::Bilinear => self.bilinear(band, x, y),
        };
        Ok(x.iter().zip(y).map(value).collect())
    }

    fn nearest(&self, band: usize, x: f64, y: f64) -> Option<f64> {
        self.bands[band].value(self.grid.cell_at(x, y)?)
    }

    fn bilinear(&self, band: usize, x: f64, y: f64) -> Option<f64> {
        self.grid.cell_at(x, y)?;
        // Columns and rows from the north-west corner.
        let column = (x - self.grid.west()) / self.grid.cell_width();
        let row = (self.grid.north() - y) / self.grid.cell_height();
        // The two cells whose middles are left and right of a place, and how far it is on the way.
        let between = |place: f64, count: usize| {
            let place = (place - 0.5).clamp(0.0, (count - 1) as f64);
            let first = place as usize;
            (first, (first + 1).min(count - 1), place - first as f64)
        };
        let (west, east, eastward) = between(column, self.grid.columns());
        let (north, south, southward) = between(row, self.grid.rows());
        // What has no weight may be missing.
        let mix = |a: &dyn Fn() -> Option<f64>, b: &dyn Fn() -> Option<f64>, way: f64| {
            if way == 0.0 { a() } else { Some(a()? * (1.0 - way) + b()? * way) }
        };
        let value = |row: usize, column: usize| self.value(band, row, column);
        let along = |row: usize| mix(&|| value(row, west), &|| value(row, east), eastward);
        mix(&|| along(north), &|| along(south), southward)
    }
}
