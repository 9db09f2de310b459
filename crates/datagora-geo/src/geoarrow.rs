//! GeoArrow: geometry columns as Arrow arrays.
mod decode;

pub(crate) use self::decode::{Nesting, Refused, append};

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
            _ => return None,
        })
    }
}
