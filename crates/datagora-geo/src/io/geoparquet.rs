//! GeoParquet.
mod batch;
mod filter;
mod metadata;
mod options;
mod pages;
mod runs;
mod scan;
mod selection;
mod within;

use std::path::Path;

pub use self::batch::FeatureBatch;
pub use self::options::GeoParquetReadOptions;
pub use self::scan::{GeoParquetScan, scan_geoparquet};
use super::error::{ReadError, hash_of_file};
use super::file::FeatureFile;

/// Reads GeoParquet: the features with their primary geometry column.
///
/// Versions 1.0 and 1.1 with their WKB and native encodings; Parquet's own `GEOMETRY` and `GEOGRAPHY` types where the
/// file has no `geo` metadata. The CRS is that of the metadata by code or name (none stated: WGS 84; `null`: unknown).
/// Coordinates are (east, north), as the standard has it for every CRS. Geographies keep their coordinates; that their
/// edges are geodesics is lost.
///
/// Whole numbers, numbers, text, truth values, dates and instants become columns of those types; lists and structures
/// become JSON text, times without zone become text (a table has instants and dates, and a local time is neither;
/// [`with_zone`](GeoParquetReadOptions::with_zone) says which instants they are), other columns (a bounding box that
/// covers the geometry apart) are left out: all with notes.
///
/// [`scan_geoparquet`] reads by batches, chosen columns, chosen rows, or a rectangle, and does not hash the file.
///
/// # Errors
///
/// [`ReadError::Io`]; [`ReadError::Container`] if the file is not Parquet or is corrupt; [`ReadError::Malformed`] if it
/// has no geometry, or with the row if one cannot be read.
///
/// # Example
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("trees.parquet");
/// use datagora_core::{Crs, Table};
/// use datagora_geo::{Features, GeoParquetOptions, GeometryColumn, read_geoparquet, write_geoparquet};
///
/// let geometry = GeometryColumn::points(vec![1_842_734.9], vec![5_174_970.7], Crs::CC46);
/// let trees = Features { geometry, attributes: Table::empty() };
/// write_geoparquet(&path, &trees, &GeoParquetOptions::default())?;
/// assert_eq!(read_geoparquet(&path)?.features, trees);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// OGC 24-013, *GeoParquet 1.1.0*. · Apache Parquet, *Logical types: GEOMETRY, GEOGRAPHY*.
pub fn read_geoparquet(path: impl AsRef<Path>) -> Result<FeatureFile, ReadError> {
    read(path.as_ref(), GeoParquetReadOptions::default())
}

/// Reads GeoParquet with another than its primary geometry column.
///
/// # Errors
///
/// As [`read_geoparquet`]; [`ReadError::Layer`], naming the geometry columns, if there is none of the name.
///
/// # Example
///
/// ```no_run
/// let file = datagora_geo::read_geoparquet_column("communes.parquet", "chef_lieu")?;
/// # Ok::<(), datagora_geo::ReadError>(())
/// ```
pub fn read_geoparquet_column(path: impl AsRef<Path>, column: &str) -> Result<FeatureFile, ReadError> {
    read(path.as_ref(), GeoParquetReadOptions::default().with_geometry(column))
}

fn read(path: &Path, options: GeoParquetReadOptions) -> Result<FeatureFile, ReadError> {
    let hash = hash_of_file(path)?;
    let mut scan = scan_geoparquet(path, &options)?;
    let all = scan.read_rest()?;
    Ok(FeatureFile::new(all.features, scan.notes(), path, hash))
}

#[cfg(test)]
mod tests;
