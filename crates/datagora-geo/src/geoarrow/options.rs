//! How GeoArrow is written.
use serde::Serialize;

/// How a column becomes an array.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct GeoArrowOptions {
    /// Of which extension type.
    pub encoding: GeoArrowEncoding,
    /// In which order numbers stand, in native encodings.
    pub coordinates: GeoArrowCoordinates,
}

impl GeoArrowOptions {
    /// Sets the extension type.
    pub fn with_encoding(self, encoding: GeoArrowEncoding) -> Self {
        Self { encoding, ..self }
    }

    /// Sets the order of coordinates.
    pub fn with_coordinates(self, coordinates: GeoArrowCoordinates) -> Self {
        Self { coordinates, ..self }
    }
}

/// Extension types.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub enum GeoArrowEncoding {
    /// The native type of the kind that all rows are of; well-known binary if they are of several, or collections.
    #[default]
    Native,
    /// `geoarrow.geometry`, a dense union of the native types of all kinds that there are, collections included. Fewer
    /// programs read it than well-known binary.
    Union,
    /// Well-known binary.
    Wkb,
    /// Well-known text.
    Wkt,
}

/// Order of coordinates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub enum GeoArrowCoordinates {
    /// One buffer of eastings, one of northings.
    #[default]
    Separated,
    /// One buffer of both in turn.
    Interleaved,
}
