//! GeoTIFF, written.
mod layout;
mod level;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use datagora_core::io::AtomicFile;
use serde::Serialize;

use self::layout::{Description, head};
use self::level::Level;
use super::error::{GeoTiffError, GeoTiffProblem};
use crate::{Band, Grid, Raster, Samples};

/// How the cells of an overview are made of the four cells that each stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Overviews {
    /// There are none.
    None,
    /// The north-western cell: right for classes, as no number is made up.
    #[default]
    Nearest,
    /// The mean of those that are not missing, rounded for whole numbers: for quantities.
    Mean,
}

/// How a GeoTIFF is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct GeoTiffWriteOptions {
    /// Rows and columns of a tile; brought to a multiple of 16, from 16 to 4096.
    pub tile: usize,
    /// Effort of compression, from 0 (none) to 9.
    pub effort: u8,
    /// What overviews are made of.
    pub overviews: Overviews,
}

impl Default for GeoTiffWriteOptions {
    /// Tiles of 512, effort 6, overviews of nearest cells.
    fn default() -> Self {
        Self { tile: 512, effort: 6, overviews: Overviews::Nearest }
    }
}

impl GeoTiffWriteOptions {
    /// Sets rows and columns of a tile.
    #[must_use]
    pub fn with_tile(self, tile: usize) -> Self {
        Self { tile, ..self }
    }

    /// Sets the effort of compression, from 0 to 9.
    #[must_use]
    pub fn with_effort(self, effort: u8) -> Self {
        Self { effort, ..self }
    }

    /// Chooses what overviews are made of.
    #[must_use]
    pub fn with_overviews(self, overviews: Overviews) -> Self {
        Self { overviews, ..self }
    }
}

/// Writes a raster as a Cloud Optimized GeoTIFF: tiles, Deflate with predictor, overviews, directories first.
///
/// The file appears whole or not at all; equal rasters give equal bytes. Names, units, scales and missing values are
/// kept; NaN is what stands for missing floats if the bands name no other number. Files of more than 4 GiB are BigTIFF.
///
/// # Errors
///
/// [`GeoTiffProblem::Mixed`] if the bands differ in type or in what stands for missing values, [`GeoTiffProblem::Crs`]
/// if the CRS cannot be told by GeoKeys, [`GeoTiffProblem::Rows`] for a raster without cells or bands,
/// [`GeoTiffProblem::Unwritable`].
///
/// # Example
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("canopy.tif");
/// use datagora_core::Crs;
/// use datagora_geo::{Band, GeoTiffWriteOptions, Grid, Raster, read_geotiff, write_geotiff};
///
/// let grid = Grid::new([1_842_000.0, 5_175_020.0], [10.0, 10.0], 3, 2, Crs::CC46)?;
/// let canopy = Band::new(vec![0.2_f32, 0.4, 0.0, f32::NAN, 1.0, 0.6]).with_name("canopy");
/// let raster = Raster::new(grid, [canopy])?;
/// write_geotiff(&path, &raster, &GeoTiffWriteOptions::default())?;
/// assert_eq!(read_geotiff(&path)?, raster);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// OGC 21-026, *Cloud Optimized GeoTIFF*.
pub fn write_geotiff(
    path: impl AsRef<Path>,
    raster: &Raster,
    options: &GeoTiffWriteOptions,
) -> Result<(), GeoTiffError> {
    let mut writer = RasterWriter::create(path, raster.grid(), raster.bands(), options)?;
    let columns = raster.grid().columns();
    for first in (0..raster.grid().rows()).step_by(writer.tile) {
        let last = (first + writer.tile).min(raster.grid().rows());
        let rows = |band: &Band| band.samples().part(first * columns..last * columns);
        writer.write_rows(&raster.bands().iter().map(rows).collect::<Vec<_>>())?;
    }
    writer.finish()
}

/// Writes a raster that is never held whole: rows are given from north to south, as they are made.
///
/// Memory holds one row of tiles and its overviews. Tiles wait in a nameless file beside the one that is written, since
/// directories come first in a Cloud Optimized GeoTIFF and tell where tiles are. Otherwise as [`write_geotiff`].
///
/// # Example
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("slope.tif");
/// use datagora_core::Crs;
/// use datagora_geo::{Band, GeoTiffWriteOptions, Grid, RasterWriter, read_geotiff};
///
/// let grid = Grid::new([1_842_000.0, 5_175_000.0], [5.0, 5.0], 400, 300, Crs::CC46)?;
/// let slope = Band::new(Vec::<f32>::new()).with_name("slope"); // type and name; its numbers come later
/// let mut writer = RasterWriter::create(&path, &grid, &[slope], &GeoTiffWriteOptions::default())?;
/// for row in 0..300 {
///     writer.write_rows(&[vec![row as f32; 400].into()])?;
/// }
/// writer.finish()?;
/// assert_eq!(read_geotiff(&path)?.value(0, 299, 0), Some(299.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct RasterWriter {
    path: PathBuf,
    file: AtomicFile,
    /// Tiles, in the order in which they came to be complete.
    spool: BufWriter<File>,
    spooled: u64,
    /// The full raster, then its overviews from fine to coarse.
    levels: Vec<Level>,
    description: Description,
    overviews: Overviews,
    effort: u8,
    tile: usize,
}

impl RasterWriter {
    /// Begins a file. Of the bands, type, name, unit, scale and the number for missing values are taken, not the
    /// numbers.
    ///
    /// # Errors
    ///
    /// As [`write_geotiff`].
    pub fn create(
        path: impl AsRef<Path>,
        grid: &Grid,
        bands: &[Band],
        options: &GeoTiffWriteOptions,
    ) -> Result<Self, GeoTiffError> {
        let path = path.as_ref();
        Self::begin(path, grid, bands, options).map_err(|problem| problem.in_file(path))
    }

    fn begin(
        path: &Path,
        grid: &Grid,
        bands: &[Band],
        options: &GeoTiffWriteOptions,
    ) -> Result<Self, GeoTiffProblem> {
        let tile = options.tile.next_multiple_of(16).clamp(16, 4096);
        let description = Description::of(grid, bands, tile)?;
        let mut levels = vec![Level::new(grid.rows(), grid.columns(), &description)];
        if options.overviews != Overviews::None {
            while let Some(last) = levels.last().filter(|last| last.rows.max(last.columns) > tile) {
                levels.push(Level::new(last.rows.div_ceil(2), last.columns.div_ceil(2), &description));
            }
        }
        let file = AtomicFile::create(path)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let spool = BufWriter::new(tempfile::tempfile_in(folder.unwrap_or(Path::new(".")))?);
        let (overviews, effort) = (options.overviews, options.effort.min(9));
        let path = path.to_owned();
        Ok(Self { path, file, spool, spooled: 0, levels, description, overviews, effort, tile })
    }

    /// Adds rows south of those given before: for each band as many numbers as there are columns, once or more.
    ///
    /// # Errors
    ///
    /// [`GeoTiffProblem::Rows`] if there are not as many bands, numbers of another type, no whole rows, or more than
    /// the grid has; [`GeoTiffProblem::Io`].
    pub fn write_rows(&mut self, bands: &[Samples]) -> Result<(), GeoTiffError> {
        self.rows(bands).map_err(|problem| problem.in_file(&self.path))
    }

    fn rows(&mut self, bands: &[Samples]) -> Result<(), GeoTiffProblem> {
        let wrong = |found: String, needed: String| Err(GeoTiffProblem::Rows { found, needed });
        let (needed, kind) = (self.description.bands, self.description.kind);
        if bands.len() != needed {
            return wrong(format!("{} bands", bands.len()), format!("{needed}, as the file has"));
        }
        if let Some(other) = bands.iter().find(|samples| samples.kind() != kind) {
            return wrong(format!("numbers of type {}", other.kind()), format!("{kind}, as the bands have"));
        }
        let (count, columns) = (bands[0].len(), self.levels[0].columns);
        if !count.is_multiple_of(columns) || bands.iter().any(|samples| samples.len() != count) {
            let found: Vec<usize> = bands.iter().map(Samples::len).collect();
            return wrong(
                format!("{found:?} numbers"),
                format!("whole rows of {columns}, as many for each band"),
            );
        }
        let rows = count / columns;
        if rows > self.levels[0].rows_left() {
            let needed = format!("at most {}, to the end of the grid", self.levels[0].rows_left());
            return wrong(format!("{rows} rows"), needed);
        }
        let mut given = 0;
        while given < rows {
            let room = (self.tile - self.levels[0].held()).min(rows - given);
            let part = |samples: &Samples| samples.part(given * columns..(given + room) * columns);
            let mut parts: Vec<Samples> = bands.iter().map(part).collect();
            if let Some(no_data) = self.description.no_data {
                parts.iter_mut().for_each(|samples| samples.replace_nan(no_data.number()));
            }
            self.add(0, &parts)?;
            given += room;
        }
        Ok(())
    }

    /// Adds rows to a level, which has room for them in its row of tiles.
    fn add(&mut self, level: usize, rows: &[Samples]) -> Result<(), GeoTiffProblem> {
        let this = &mut self.levels[level];
        this.take(rows);
        if this.held() < self.tile && this.rows_left() > 0 {
            return Ok(());
        }
        for packed in this.pack(&self.description, self.effort) {
            self.spool.write_all(&packed)?;
            this.tiles.push((self.spooled, packed.len() as u64));
            self.spooled += packed.len() as u64;
        }
        let halved = (level + 1 < self.levels.len())
            .then(|| self.levels[level].halved(self.overviews == Overviews::Mean, self.description.no_data));
        self.levels[level].clear();
        // A row of tiles gives half a row of tiles to the next level, so there is always room.
        halved.map_or(Ok(()), |halved| self.add(level + 1, &halved))
    }

    /// Completes the file: from now on it has its name.
    ///
    /// # Errors
    ///
    /// [`GeoTiffProblem::Rows`] if rows are left to be given; [`GeoTiffProblem::Unwritable`].
    pub fn finish(self) -> Result<(), GeoTiffError> {
        let path = self.path.clone();
        self.end().map_err(|problem| problem.in_file(&path))
    }

    fn end(mut self) -> Result<(), GeoTiffProblem> {
        let left = self.levels[0].rows_left();
        if left > 0 {
            let found = format!("{} rows", self.levels[0].rows - left);
            return Err(GeoTiffProblem::Rows {
                found,
                needed: format!("{left} more, to the end of the grid"),
            });
        }
        self.file.write_all(&head(&self.levels, &self.description))?;
        let mut spool = self.spool.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        let mut tile = Vec::new();
        // Coarse levels first, as readers of Cloud Optimized GeoTIFFs expect.
        for &(at, length) in self.levels.iter().rev().flat_map(|level| &level.tiles) {
            spool.seek(SeekFrom::Start(at))?;
            tile.resize(length as usize, 0);
            spool.read_exact(&mut tile)?;
            self.file.write_all(&tile)?;
        }
        self.file.flush()?;
        Ok(self.file.commit()?)
    }
}
