//! Numbers on a regular grid.
mod band;
mod no_data;
mod sample;
mod samples;
#[cfg(test)]
mod tests;
mod window;

pub use self::band::Band;
pub use self::no_data::NoData;
pub use self::sample::{SampleError, Sampling};
#[cfg(feature = "io")]
pub(crate) use self::samples::each_type;
pub use self::samples::{SampleType, Samples};
pub use self::window::Window;
use crate::Grid;

/// A [`Grid`] with one number or more for each cell, some of them missing.
///
/// Bands are numbered from 0. A missing value is `None`, never a number: what a file calls NoData, and NaN.
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::{Band, Grid, Raster};
///
/// // Two rows of three cells of 10 m; the first row is the northern one.
/// let grid = Grid::new([1_842_000.0, 5_175_020.0], [10.0, 10.0], 3, 2, Crs::CC46)?;
/// let canopy = Band::new(vec![0.2, 0.4, 0.0, f64::NAN, 1.0, 0.6]).with_name("canopy");
/// let raster = Raster::new(grid, [canopy])?;
/// assert_eq!(raster.value(0, 0, 1), Some(0.4));
/// assert_eq!(raster.value(0, 1, 0), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Raster {
    grid: Grid,
    bands: Vec<Band>,
}

/// Bands that do not make a raster.
#[derive(Clone, Debug, thiserror::Error, PartialEq)]
#[non_exhaustive]
pub enum RasterError {
    /// A band of another length.
    #[error("band {band} has {found} numbers, the grid {needed} cells; as many are needed")]
    Length {
        /// Band, from 0.
        band: usize,
        /// Its numbers.
        found: usize,
        /// Cells of the grid.
        needed: usize,
    },
}

impl Raster {
    /// A raster of these bands.
    ///
    /// # Errors
    ///
    /// [`RasterError::Length`] if a band has not one number for each cell.
    pub fn new(grid: Grid, bands: impl IntoIterator<Item = Band>) -> Result<Self, RasterError> {
        let bands: Vec<Band> = bands.into_iter().collect();
        let needed = grid.len();
        match bands.iter().position(|band| band.len() != needed) {
            Some(band) => Err(RasterError::Length { band, found: bands[band].len(), needed }),
            None => Ok(Self { grid, bands }),
        }
    }

    /// Where the cells lie, and in which CRS.
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// The bands.
    pub fn bands(&self) -> &[Band] {
        &self.bands
    }

    /// One band, from 0; `None` if there are fewer.
    pub fn band(&self, band: usize) -> Option<&Band> {
        self.bands.get(band)
    }

    /// The first band of this name.
    pub fn band_named(&self, name: &str) -> Option<&Band> {
        self.bands.iter().find(|band| band.name() == Some(name))
    }

    /// The value of a band in a cell; `None` if it is missing.
    ///
    /// # Panics
    ///
    /// If there is no such band, row or column.
    pub fn value(&self, band: usize, row: usize, column: usize) -> Option<f64> {
        assert!(column < self.grid.columns(), "there is no column {column}");
        self.bands[band].value(row * self.grid.columns() + column)
    }

    /// A raster of bands of the right length.
    #[cfg(feature = "io")]
    pub(crate) fn from_sound_parts(grid: Grid, bands: Vec<Band>) -> Self {
        debug_assert!(bands.iter().all(|band| band.len() == grid.len()));
        Self { grid, bands }
    }

    /// The grid and the bands.
    pub fn into_parts(self) -> (Grid, Vec<Band>) {
        (self.grid, self.bands)
    }
}
