//! GeoTIFF, read and written.
//!
//! TIFF 6.0 (Adobe, 1992); BigTIFF; GeoTIFF 1.1 (OGC 19-008r4); Cloud Optimized GeoTIFF (OGC 21-026).
mod about;
mod codec;
mod directory;
mod error;
mod image;
mod placement;
mod tag;
#[cfg(test)]
mod tests;
mod writer;

use std::fs::File;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};

use serde::Serialize;

use self::about::About;
use self::directory::Tiff;
pub use self::error::{GeoTiffError, GeoTiffProblem};
use self::image::{Image, Wanted};
use self::placement::Placement;
pub use self::writer::{GeoTiffWriteOptions, Overviews, RasterWriter, write_geotiff};
use crate::{Band, Grid, NoData, Raster, SampleType, Window};

/// How a GeoTIFF is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct GeoTiffReadOptions {
    /// Bands to read, from 0, in this order; `None` is all.
    pub bands: Option<Vec<usize>>,
    /// Overview to read instead of the full raster, from 0 for the finest.
    pub overview: Option<usize>,
    /// Whether values become floats of 64 bits, with NaN for missing ones, whatever the type in the file.
    pub widen: bool,
    /// Most bytes that the values may take.
    pub limit: u64,
}

impl Default for GeoTiffReadOptions {
    /// All bands of the full raster, in their own type, up to 2 GiB.
    fn default() -> Self {
        Self { bands: None, overview: None, widen: false, limit: 2 << 30 }
    }
}

impl GeoTiffReadOptions {
    /// Chooses bands, from 0.
    #[must_use]
    pub fn with_bands(self, bands: impl Into<Vec<usize>>) -> Self {
        Self { bands: Some(bands.into()), ..self }
    }

    /// Chooses an overview, from 0 for the finest.
    #[must_use]
    pub fn with_overview(self, overview: usize) -> Self {
        Self { overview: Some(overview), ..self }
    }

    /// Makes all values floats of 64 bits.
    #[must_use]
    pub fn with_widen(self, widen: bool) -> Self {
        Self { widen, ..self }
    }

    /// Sets the most bytes that the values may take.
    #[must_use]
    pub fn with_limit(self, bytes: u64) -> Self {
        Self { limit: bytes, ..self }
    }
}

/// An open GeoTIFF, of which windows are read.
///
/// Opening reads the directories only. [`read_window`](Self::read_window) reads the tiles or strips that the window
/// meets, so that memory follows the window, not the file: give any source that can be read and sought in, such as a
/// file or a range reader of a Cloud Optimized GeoTIFF.
///
/// # What is understood
///
/// Classic TIFF and BigTIFF of both byte orders; strips and tiles, bands together or separate; whole numbers of 8, 16, 32
/// and 64 bits with and without sign, f32 and f64; no compression, LZW, Deflate and PackBits, with their predictors; tiles left out (sparse files). Georeferencing by pixel
/// scale and tie point or by transformation, of areas and of points; rows from the south are turned. The CRS by its EPSG code, else by the
/// name or definition in its citation. NoData, names, units, scales and offsets as GDAL writes them. Overviews. Further
/// pages of a file of many pages are not read.
///
/// # Example
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("canopy.tif");
/// # let grid = datagora_geo::Grid::new([1_842_000.0, 5_175_000.0], [5.0, 5.0], 6, 4, datagora_core::Crs::CC46)?;
/// # let raster = datagora_geo::Raster::new(grid, [datagora_geo::Band::new(vec![7_u8; 24])])?;
/// # datagora_geo::write_geotiff(&path, &raster, &Default::default())?;
/// use datagora_geo::{GeoTiff, GeoTiffReadOptions, Window};
///
/// let mut file = GeoTiff::open(&path)?;
/// assert_eq!((file.grid().rows(), file.grid().columns(), file.bands()), (4, 6, 1));
/// let corner = file.read_window(&Window::new(0..2, 0..3), &GeoTiffReadOptions::default())?;
/// assert_eq!(corner.grid().len(), 6);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct GeoTiff<R> {
    tiff: Tiff<R>,
    file: PathBuf,
    /// The full raster, then its overviews from fine to coarse.
    images: Vec<Image>,
    /// Their grids.
    grids: Vec<Grid>,
    south_up: bool,
    no_data: Option<NoData>,
    about: Vec<About>,
}

/// Reads all bands of a GeoTIFF in their own type.
///
/// To read bands, windows or overviews by choice, see [`GeoTiff`].
///
/// # Errors
///
/// [`GeoTiffError`] if the file cannot be read, is damaged, or of a kind that is not supported, such as one that is
/// rotated; [`GeoTiffProblem::TooLarge`] beyond 2 GiB of values.
///
/// # Example
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("canopy.tif");
/// # let grid = datagora_geo::Grid::new([1_842_000.0, 5_175_000.0], [5.0, 5.0], 6, 4, datagora_core::Crs::CC46)?;
/// # let raster = datagora_geo::Raster::new(grid, [datagora_geo::Band::new(vec![7_u8; 24])])?;
/// # datagora_geo::write_geotiff(&path, &raster, &Default::default())?;
/// use datagora_geo::read_geotiff;
///
/// let raster = read_geotiff(&path)?;
/// assert_eq!(raster.value(0, 3, 5), Some(7.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_geotiff(path: impl AsRef<Path>) -> Result<Raster, GeoTiffError> {
    GeoTiff::open(path)?.read(&GeoTiffReadOptions::default())
}

impl GeoTiff<File> {
    /// Opens a file.
    ///
    /// # Errors
    ///
    /// [`GeoTiffError`] if it cannot be read, is damaged, or of a kind that is not supported.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, GeoTiffError> {
        let path = path.as_ref();
        let opened = File::open(path).map_err(GeoTiffProblem::from).and_then(Self::begin);
        match opened {
            Ok(opened) => Ok(Self { file: path.to_owned(), ..opened }),
            Err(problem) => Err(problem.in_file(path)),
        }
    }
}

impl<R: Read + Seek> GeoTiff<R> {
    /// Opens any source of bytes.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn new(reader: R) -> Result<Self, GeoTiffError> {
        Self::begin(reader).map_err(|problem| problem.in_file(Path::new("")))
    }

    fn begin(reader: R) -> Result<Self, GeoTiffProblem> {
        let (mut tiff, first) = Tiff::open(reader)?;
        let mut directories = tiff.directories(first)?.into_iter();
        let Some(directory) = directories.next() else {
            return Err(GeoTiffProblem::malformed("the file", "no image", "one image or more"));
        };
        let no_data = tiff.text(&directory, tag::GDAL_NODATA)?;
        let no_data = no_data.and_then(|text| {
            let text = text.trim();
            text.parse::<i128>().map(NoData::Whole).or_else(|_| text.parse().map(NoData::Float)).ok()
        });
        let metadata = tiff.text(&directory, tag::GDAL_METADATA)?;
        let image = Image::read(&mut tiff, directory.clone())?;
        let placement = Placement::read(&mut tiff, &directory, image.rows)?;
        let about = About::read(metadata.as_deref().unwrap_or_default(), image.bands);
        let mut images = vec![image];
        for directory in directories {
            // Bit 0 is “reduced”, bit 2 “mask” (TIFF 6.0, p. 36).
            let subfile = tiff.one(&directory, tag::NEW_SUBFILE_TYPE, Some(0))?;
            if subfile & 4 != 0 {
                let needed = "NoData or NaN for missing values";
                return Err(GeoTiffProblem::unsupported("a file with", "a mask of its own", needed));
            }
            if subfile & 1 != 0 {
                let overview = Image::read(&mut tiff, directory)?;
                if (overview.bands, overview.kind) == (images[0].bands, images[0].kind) {
                    images.push(overview);
                }
            }
        }
        let grids = images.iter().map(|image| placement.grid(&images[0], image)).collect::<Result<_, _>>()?;
        let south_up = placement.south_up;
        Ok(Self { tiff, file: PathBuf::new(), images, grids, south_up, no_data, about })
    }

    /// Where the cells of the full raster lie, and in which CRS.
    pub fn grid(&self) -> &Grid {
        &self.grids[0]
    }

    /// The grids of the overviews, from fine to coarse: the same ground in fewer cells.
    pub fn overviews(&self) -> &[Grid] {
        &self.grids[1..]
    }

    /// Number of bands.
    pub fn bands(&self) -> usize {
        self.images[0].bands
    }

    /// Type of the values in the file.
    pub fn kind(&self) -> SampleType {
        self.images[0].kind
    }

    /// The number that stands for missing values in the file.
    pub fn no_data(&self) -> Option<NoData> {
        self.no_data
    }

    /// Reads the whole raster, or the whole of an overview.
    ///
    /// # Errors
    ///
    /// As [`read_window`](Self::read_window).
    pub fn read(&mut self, options: &GeoTiffReadOptions) -> Result<Raster, GeoTiffError> {
        let level = self.level(options).map_err(|problem| problem.in_file(&self.file))?;
        let grid = &self.grids[level];
        self.read_window(&Window::new(0..grid.rows(), 0..grid.columns()), options)
    }

    /// Reads the cells of a window of the raster, or of the overview that the options name.
    ///
    /// Rows of the window are counted from the north, whatever the order in the file.
    ///
    /// # Errors
    ///
    /// [`GeoTiffProblem::Window`], [`GeoTiffProblem::Band`], [`GeoTiffProblem::Overview`] if there is no such part;
    /// [`GeoTiffProblem::TooLarge`]; [`GeoTiffProblem::Malformed`] if the bytes are damaged.
    pub fn read_window(
        &mut self,
        window: &Window,
        options: &GeoTiffReadOptions,
    ) -> Result<Raster, GeoTiffError> {
        self.window(window, options).map_err(|problem| problem.in_file(&self.file))
    }

    /// Index among the images.
    fn level(&self, options: &GeoTiffReadOptions) -> Result<usize, GeoTiffProblem> {
        match options.overview {
            None => Ok(0),
            Some(overview) if overview + 1 < self.images.len() => Ok(overview + 1),
            Some(asked) => Err(GeoTiffProblem::Overview { asked, overviews: self.images.len() - 1 }),
        }
    }

    fn window(&mut self, window: &Window, options: &GeoTiffReadOptions) -> Result<Raster, GeoTiffProblem> {
        let level = self.level(options)?;
        let image = &self.images[level];
        let fits =
            |range: &std::ops::Range<usize>, count: usize| range.start < range.end && range.end <= count;
        if !fits(&window.rows, image.rows) || !fits(&window.columns, image.columns) {
            let (rows, columns) = (image.rows, image.columns);
            return Err(GeoTiffProblem::Window { window: window.clone(), rows, columns });
        }
        let all: Vec<usize>;
        let bands = match &options.bands {
            Some(bands) => bands,
            None => {
                all = (0..image.bands).collect();
                &all
            }
        };
        if let Some(&asked) = bands.iter().find(|&&band| band >= image.bands) {
            return Err(GeoTiffProblem::Band { asked, bands: image.bands });
        }
        let width = if options.widen { 8 } else { image.kind.bytes() };
        let bytes = (window.len() as u64).saturating_mul((bands.len() * width) as u64);
        if bytes > options.limit {
            return Err(GeoTiffProblem::TooLarge { bytes, limit: options.limit });
        }
        let mut of_file = window.clone();
        if self.south_up {
            of_file.rows = image.rows - window.rows.end..image.rows - window.rows.start;
        }
        let fill = self.no_data.unwrap_or(NoData::Whole(0));
        let wanted = Wanted { window: &of_file, bands, fill, limit: options.limit };
        let mut found = image.samples(&mut self.tiff, wanted)?;
        if self.south_up {
            found.iter_mut().for_each(|samples| samples.turn(window.columns.len()));
        }
        let finish = |(samples, &band): (crate::Samples, &usize)| {
            let mut band = self.about[band].onto(Band::new(samples));
            if let Some(no_data) = self.no_data {
                band = band.with_no_data(no_data);
            }
            if options.widen { band.widened() } else { band }
        };
        let bands: Vec<Band> = found.into_iter().zip(bands).map(finish).collect();
        let grid = self.grids[level].window(window.columns.clone(), window.rows.clone());
        let grid =
            grid.map_err(|error| GeoTiffProblem::malformed("the window", error, "cells of the grid"))?;
        Ok(Raster::from_sound_parts(grid, bands))
    }
}
