//! GeoArrow: geometry columns as Arrow arrays.
mod decode;
mod error;
mod layout;
mod metadata;
mod options;
mod share;
#[cfg(test)]
mod tests;
mod union;

use arrow::array::{Array, ArrayRef};
use arrow::datatypes::Field;

#[cfg(feature = "io")]
pub(crate) use self::decode::append;
use self::decode::decode;
pub(crate) use self::decode::{Nesting, Refused};
pub use self::error::GeoArrowError;
use self::layout::lay_out;
use self::metadata::{describe, description};
#[cfg(feature = "io")]
pub(crate) use self::metadata::{description as describe_field, extension};
pub use self::options::{GeoArrowCoordinates, GeoArrowEncoding, GeoArrowOptions};
use crate::GeometryColumn;
use crate::decoded::DecodedColumn;

/// How an array holds geometries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Well-known binary.
    Wkb,
    /// Well-known text.
    Wkt,
    /// Corners of rectangles.
    Box,
    /// A position per row.
    Point,
    /// Lists of positions.
    Lines(Nesting),
    /// Any of those, and collections.
    Union,
    /// Lists of unions.
    Collections,
}

impl Encoding {
    /// By the name that follows `geoarrow.`, which is that of GeoParquet's native encodings, too.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "wkb" => Encoding::Wkb,
            "wkt" => Encoding::Wkt,
            "box" => Encoding::Box,
            "point" => Encoding::Point,
            "linestring" => Encoding::Lines(Nesting::LineString),
            "polygon" => Encoding::Lines(Nesting::Polygon),
            "multipoint" => Encoding::Lines(Nesting::MultiPoint),
            "multilinestring" => Encoding::Lines(Nesting::MultiLineString),
            "multipolygon" => Encoding::Lines(Nesting::MultiPolygon),
            "geometry" => Encoding::Union,
            "geometrycollection" => Encoding::Collections,
            _ => return None,
        })
    }
}

/// A geometry column as an Arrow array with the field that says what it is: a GeoArrow extension type and the CRS.
///
/// Columns of one kind become `geoarrow.point`, `linestring`, `polygon`, `multipoint`, `multilinestring` or
/// `multipolygon`; columns of several kinds and of collections become `geoarrow.wkb`, as do all if the options say so, or
/// with [`GeoArrowEncoding::Union`] `geoarrow.geometry`.
/// The CRS is PROJJSON where we know it, otherwise its EPSG code or definition; unknown, it is left out.
///
/// # Copies
///
/// With separated coordinates (the default) the array takes over the buffers of coordinates: nothing is copied but, for
/// lines and polygons, the offsets, which are 64 bits here and 32 there. Interleaved coordinates, unions, WKB and WKT
/// are written anew.
///
/// # Errors
///
/// [`GeoArrowError::TooLarge`] beyond 2³¹ − 1 coordinates of lines and polygons, rows of a union, or bytes of binary or
/// text.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::{GeoArrowOptions, GeometryColumn, read_geoarrow, write_geoarrow};
///
/// let trees = GeometryColumn::points(vec![1_842_734.9], vec![5_174_970.7], Crs::CC46);
/// let (field, array) = write_geoarrow("geometry", trees.clone(), &GeoArrowOptions::default())?;
/// assert_eq!(field.metadata()["ARROW:extension:name"], "geoarrow.point");
/// assert_eq!(read_geoarrow(&field, array)?.geometry, trees);
/// # Ok::<(), datagora_geo::GeoArrowError>(())
/// ```
///
/// # References
///
/// GeoArrow specification 0.2, *Memory layouts* and *Extension types*.
pub fn write_geoarrow(
    name: &str,
    column: GeometryColumn,
    options: &GeoArrowOptions,
) -> Result<(Field, ArrayRef), GeoArrowError> {
    let crs = column.crs().clone();
    let (extension, array) = lay_out(column, options)?;
    let field = Field::new(name, array.data_type().clone(), true);
    Ok((field.with_metadata(describe(extension, &crs)), array))
}

/// The geometries of an Arrow array with the field that says what it is, in any of the layouts and extension types of
/// GeoArrow: native ones with separated or interleaved coordinates, dense unions and collections of them, boxes (as
/// polygons), WKB and WKT.
///
/// A field that states no CRS is of an unknown one. Spherical edges are not kept.
///
/// # Copies
///
/// Separated planar coordinates are taken over without a copy if the array is the only owner of its buffers, these begin
/// where their allocation does and were allocated as a `Vec<f64>` (as by [`write_geoarrow`] and Arrow's builders),
/// and, for lines and polygons, rings are closed, no polygon is without rings and all coordinates are finite.
/// Otherwise coordinates are copied once.
///
/// # Errors
///
/// [`GeoArrowError::Extension`] if the field says of no type of GeoArrow that it is one of ours,
/// [`GeoArrowError::Layout`] if the array is not laid out as the type asks for, [`GeoArrowError::Wkb`] and
/// [`GeoArrowError::Wkt`] name the first bad row.
///
/// # Example
///
/// See [`write_geoarrow`].
pub fn read_geoarrow(field: &Field, array: ArrayRef) -> Result<DecodedColumn, GeoArrowError> {
    let (encoding, crs) = description(field)?;
    let kind = array.data_type().clone();
    decode(array, encoding, crs).map_err(|(row, refused)| match refused {
        Refused::Layout => GeoArrowError::Layout { name: field.name().clone(), found: kind },
        Refused::Wkb(source) => GeoArrowError::Wkb { row, source },
        Refused::Wkt(source) => GeoArrowError::Wkt { row, source },
    })
}
