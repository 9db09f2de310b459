//! Geometry columns that know their CRS, and operations that respect it.
mod arc;
mod decoded;
#[cfg(feature = "io")]
mod features;
mod geometry;
#[cfg(feature = "io")]
mod io;
mod join;
mod measure;
mod overlay;
mod plausibility;
mod reproject;
mod simplify;
mod validity;
mod wkb;
mod wkt;

pub use decoded::{Decoded, Dimensions};
#[cfg(feature = "io")]
pub use features::Features;
pub use geometry::{GeometryColumn, GeometryError, GeometryKind};
#[cfg(feature = "io")]
pub use io::{
    FeatureFile, GeoJsonOptions, GeoParquetOptions, Malformed, Place, ReadError, ReadNote, WriteError,
    geopackage_layers, read_geojson, read_geopackage, read_geoparquet, read_geoparquet_column,
    read_shapefile, write_geojson, write_geoparquet,
};
pub use join::{Boundary, JoinError, ZoneIndex, count_within, locate};
pub use measure::{MeasureError, Metric, area, centroid, interior_point, length, perimeter};
pub use overlay::{Overlap, OverlayError, overlaps};
pub use plausibility::{CrsDoubt, CrsFit, doubt_crs, fitting_crs};
pub use reproject::{ReprojectError, Transform};
pub use simplify::{SimplifyError, simplify_coverage};
pub use validity::{Fault, FaultKind, Repair, RepairKind, faults, repair};
pub use wkb::{WkbError, read_wkb, write_wkb};
pub use wkt::{WktError, read_wkt, write_wkt};

/// The geometry types of the `geo` crate, which appear in our signatures.
pub mod types {
    pub use geo::{
        BoundingRect, Coord, Geometry, GeometryCollection, Line, LineString, MultiLineString, MultiPoint,
        MultiPolygon, Point, Polygon, Rect, Triangle, coord,
    };
}
