//! Geometry columns that know their CRS, and operations that respect it.
#[cfg(feature = "io")]
mod features;
mod geometry;
#[cfg(feature = "io")]
mod io;

#[cfg(feature = "io")]
pub use features::Features;
pub use geometry::GeometryColumn;
#[cfg(feature = "io")]
pub use io::{FeatureFile, Malformed, Place, ReadError, ReadNote, read_geojson, read_shapefile};

/// The geometry types of the `geo` crate, which appear in our signatures.
pub mod types {
    pub use geo::{
        BoundingRect, Coord, Geometry, GeometryCollection, Line, LineString, MultiLineString, MultiPoint,
        MultiPolygon, Point, Polygon, Rect, Triangle, coord,
    };
}
