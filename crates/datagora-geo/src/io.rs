//! Files of features: GeoJSON, GeoPackage, Shapefile, GeoParquet, FlatGeobuf, Arrow IPC, GML.
mod any;
mod arrow_columns;
mod arrow_file;
mod arrow_writer;
mod attributes;
mod binary;
mod columns;
mod dbf;
mod dos_pages;
mod error;
mod file;
mod flatgeobuf;
mod flatgeobuf_writer;
mod geojson;
mod geojson_writer;
mod geopackage;
mod geoparquet;
mod geoparquet_writer;
mod geotiff;
mod gml;
mod guarded;
mod note;
mod rings;
mod shapefile;
mod write_error;

pub use any::read_features;
pub use arrow_file::read_arrow;
pub use arrow_writer::write_arrow;
pub use error::{Malformed, Place, ReadError};
pub use file::FeatureFile;
pub use flatgeobuf::{read_flatgeobuf, read_flatgeobuf_within};
pub use flatgeobuf_writer::{FlatGeobufOptions, write_flatgeobuf};
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

#[cfg(test)]
mod tests;
