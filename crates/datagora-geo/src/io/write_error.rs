//! What hinders writing features.
use std::error::Error;
use std::path::PathBuf;

use datagora_core::Crs;

/// Features that cannot be written to a file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The format cannot say this CRS.
    #[error("{}: found {found}; {needed} is needed; reproject the features", file.display())]
    Crs {
        /// Which file.
        file: PathBuf,
        /// CRS of the features.
        found: Crs,
        /// What the format needs.
        needed: &'static str,
    },
    /// Two columns of one name.
    #[error("{}: there is a column “{name}” already; rename it, or choose another name in the options", file.display())]
    Name {
        /// Which file.
        file: PathBuf,
        /// The name.
        name: String,
    },
    /// Geometries and attributes differ in number.
    #[error("{}: found {geometries} geometries and {rows} rows of attributes; as many are needed", file.display())]
    Length {
        /// Which file.
        file: PathBuf,
        /// Number of geometries.
        geometries: usize,
        /// Number of rows.
        rows: usize,
    },
    /// The file system refused.
    #[error(transparent)]
    File(#[from] datagora_core::io::WriteError),
    /// The library that writes the container refused.
    #[error("{}: cannot be written as {format}: {source}", file.display())]
    Container {
        /// Which file.
        file: PathBuf,
        /// The format.
        format: &'static str,
        /// What the library said.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
}

/// Refuses geometries and attributes of different lengths.
pub(super) fn check_length(features: &crate::Features, file: &std::path::Path) -> Result<(), WriteError> {
    let (geometries, rows) = (features.geometry.len(), features.attributes.len());
    if geometries != rows && !features.attributes.schema().fields().is_empty() {
        return Err(WriteError::Length { file: file.to_owned(), geometries, rows });
    }
    Ok(())
}
