//! Files of features: GeoJSON, GeoPackage, Shapefile, GeoParquet, GML.
mod any;
mod arrow_columns;
mod binary;
mod columns;
mod crs_names;
mod crs_wkt;
mod dbf;
mod dos_pages;
mod error;
mod file;
mod geojson;
mod geojson_writer;
mod geopackage;
mod geoparquet;
mod geoparquet_writer;
mod geotiff;
mod gml;
mod note;
mod projjson;
mod rings;
mod shapefile;
mod write_error;

pub use any::read_features;
pub use error::{Malformed, Place, ReadError};
pub use file::FeatureFile;
pub use geojson::read_geojson;
pub use geojson_writer::{GeoJsonOptions, write_geojson};
pub use geopackage::{geopackage_layers, read_geopackage};
pub use geoparquet::{
    FeatureBatch, GeoParquetReadOptions, GeoParquetScan, read_geoparquet, read_geoparquet_column,
    scan_geoparquet,
};
pub use geoparquet_writer::{GeoParquetOptions, write_geoparquet};
pub use geotiff::{
    GeoTiff, GeoTiffError, GeoTiffProblem, GeoTiffReadOptions, GeoTiffWriteOptions, Overviews, RasterWriter,
    read_geotiff, write_geotiff,
};
pub use gml::read_gml;
pub use note::ReadNote;
pub use shapefile::read_shapefile;
pub use write_error::WriteError;

/// Stands where a file declares that its CRS is not known.
fn unknown_crs() -> datagora_core::Crs {
    datagora_core::Crs::custom("unknown")
}

#[cfg(test)]
mod tests;
