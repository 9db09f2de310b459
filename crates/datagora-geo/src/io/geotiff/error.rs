//! What is wrong with a GeoTIFF.
use std::fmt;
use std::path::{Path, PathBuf};

/// A GeoTIFF that cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{}: {problem}", file.display())]
#[non_exhaustive]
pub struct GeoTiffError {
    /// Which file; empty if the bytes come from elsewhere.
    pub file: PathBuf,
    /// What is wrong with it.
    #[source]
    pub problem: GeoTiffProblem,
}

/// What hinders reading or writing a GeoTIFF.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GeoTiffProblem {
    /// The system refused.
    #[error("the system refused: {0}")]
    Io(#[from] std::io::Error),
    /// The system refused to make the file.
    #[error(transparent)]
    Unwritable(#[from] datagora_core::io::WriteError),
    /// The content is not what the format asks for.
    #[error("{what}: found {found}; needed {needed}; the file may be truncated or damaged, fetch it again")]
    Malformed {
        /// Part of the file.
        what: String,
        /// What is there.
        found: String,
        /// What should be there.
        needed: String,
    },
    /// Sound, but of a kind that is not supported.
    #[error("{what} {found} is not supported; needed {needed}; convert it with `gdal_translate`")]
    Unsupported {
        /// Property of the file.
        what: &'static str,
        /// What the file has.
        found: String,
        /// What is supported.
        needed: &'static str,
    },
    /// Rows of cells that do not run from west to east.
    #[error(
        "the cells are rotated, sheared or mirrored: east = {:?}, north = {:?} (of column, row, 1); \
         needed rows from west to east; warp it with `gdalwarp`",
        &transform[..3], &transform[3..]
    )]
    Rotated {
        /// Coefficients of column, row and 1: three for east, three for north.
        transform: [f64; 6],
    },
    /// Nothing says where the cells lie.
    #[error(
        "the file does not say where its cells lie; needed a pixel scale with a tie point, or a transformation"
    )]
    NotPlaced,
    /// No such band.
    #[error("band {asked} was asked for (counted from 0); there are {bands}")]
    Band {
        /// Asked for.
        asked: usize,
        /// Number of bands.
        bands: usize,
    },
    /// No such overview.
    #[error("overview {asked} was asked for (counted from 0); there are {overviews}")]
    Overview {
        /// Asked for.
        asked: usize,
        /// Number of overviews.
        overviews: usize,
    },
    /// A window that reaches beyond the raster.
    #[error("the window {window} was asked for; the raster has {rows} rows and {columns} columns")]
    Window {
        /// Asked for.
        window: crate::Window,
        /// Rows of the raster.
        rows: usize,
        /// Columns of the raster.
        columns: usize,
    },
    /// More memory than the options allow.
    #[error(
        "{bytes} bytes would be needed, {limit} are allowed; read a window or an overview, or raise the limit"
    )]
    TooLarge {
        /// Needed.
        bytes: u64,
        /// Allowed.
        limit: u64,
    },
    /// Bands that one file cannot hold.
    #[error("band {band} has {found}, the first band {first}; needed the same in all bands")]
    Mixed {
        /// Band, from 0.
        band: usize,
        /// What it has.
        found: String,
        /// What the first one has.
        first: String,
    },
    /// A CRS that GeoKeys cannot tell.
    #[error(
        "GeoKeys cannot tell whether {found} is projected or geographic; reproject the raster to a CRS we know"
    )]
    Crs {
        /// CRS of the raster.
        found: datagora_core::Crs,
    },
    /// Bands of rows that do not make the raster.
    #[error("{found} were given; needed {needed}")]
    Rows {
        /// What was given.
        found: String,
        /// What was needed.
        needed: String,
    },
}

impl GeoTiffProblem {
    pub(super) fn malformed(
        what: impl Into<String>,
        found: impl fmt::Display,
        needed: impl Into<String>,
    ) -> Self {
        Self::Malformed { what: what.into(), found: found.to_string(), needed: needed.into() }
    }

    pub(super) fn unsupported(what: &'static str, found: impl fmt::Display, needed: &'static str) -> Self {
        Self::Unsupported { what, found: found.to_string(), needed }
    }

    pub(super) fn in_file(self, file: &Path) -> GeoTiffError {
        GeoTiffError { file: file.to_owned(), problem: self }
    }
}
