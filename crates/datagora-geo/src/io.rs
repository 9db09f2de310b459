//! Files of features: GeoJSON, GeoPackage, Shapefile, GeoParquet, GML.
mod binary;
mod columns;
mod crs_names;
mod crs_wkt;
mod dbf;
mod dos_pages;
mod error;
mod file;
mod geojson;
mod geopackage;
mod note;
mod rings;
mod shapefile;

pub use error::{Malformed, Place, ReadError};
pub use file::FeatureFile;
pub use geojson::read_geojson;
pub use geopackage::{geopackage_layers, read_geopackage};
pub use note::ReadNote;
pub use shapefile::read_shapefile;

/// Stands where a file declares that its CRS is not known.
fn unknown_crs() -> datagora_core::Crs {
    datagora_core::Crs::custom("unknown")
}

#[cfg(test)]
mod tests;
