//! What hinders reading or writing GeoArrow.
use arrow::datatypes::DataType;

use crate::{WkbError, WktError};

/// Arrays that are no GeoArrow, or columns that cannot become it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GeoArrowError {
    /// The field is of no extension type that we read.
    #[error(
        "field “{name}” has the extension type {}; geoarrow.point, linestring, polygon, multipoint, multilinestring, \
         multipolygon, geometry, geometrycollection, box, wkb or wkt is needed; convert it to geoarrow.wkb",
        found.as_deref().unwrap_or("none")
    )]
    Extension {
        /// Name of the field.
        name: String,
        /// What it says.
        found: Option<String>,
    },
    /// The array is not laid out as its extension type asks for.
    #[error("field “{name}” is {found}, which its extension type does not allow; write it again")]
    Layout {
        /// Name of the field.
        name: String,
        /// Type of the array.
        found: DataType,
    },
    /// A row is no well-known binary.
    #[error("row {row}: {source}")]
    Wkb {
        /// Row, from 0.
        row: usize,
        /// What is wrong.
        source: WkbError,
    },
    /// A row is no well-known text.
    #[error("row {row}: {source}")]
    Wkt {
        /// Row, from 0.
        row: usize,
        /// What is wrong.
        source: WktError,
    },
    /// Arrow refuses an array.
    #[error("Arrow refuses the array: {source}; write geoarrow.wkb instead")]
    Arrow {
        /// What it says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// More than offsets of 32 bits can tell.
    #[error("the column has {found} {what}, at most {} are possible in one array; split it", i32::MAX)]
    TooLarge {
        /// How many.
        found: usize,
        /// Of what.
        what: &'static str,
    },
}
