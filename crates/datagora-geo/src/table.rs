//! Polars data frames with a geometry: the columns are found by role, the kernels of the crate are called, the step is
//! recorded.
//!
//! A [`Dataset`](datagora_core::Dataset) of a data frame says by its schema which column is what, and by its CRS where its
//! coordinates are. [`spatial`] checks both, once, and decodes the geometry; the functions here take what it gives. Eager and
//! lazy frames give the same: of a lazy one, only the columns of the schema are computed.
//!
//! ```
//! use datagora_core::polars::prelude::*;
//! use datagora_core::{Crs, Dataset, Field, FieldType, Metadata, Role, Schema, Unit, Use};
//! use datagora_geo::table::{spatial_points, spatial, locate};
//! use datagora_geo::types::{Rect, coord};
//! use datagora_geo::{Boundary, write_wkb};
//!
//! let block = |x: f64| write_wkb(&Rect::new(coord! { x: x, y: 0. }, coord! { x: x + 100., y: 100. }).into());
//! let communes = df!("insee" => ["69123", "69266"], "shape" => [block(0.).as_slice(), block(100.).as_slice()])?;
//! let schema = Schema::new(vec![
//!     Field::new("insee", FieldType::Text, Role::Identifier),
//!     Field::new("shape", FieldType::Geometry, Role::Geometry),
//! ]);
//! let communes = Dataset::new(communes, Metadata::new("communes").with_schema(schema).with_crs(Crs::CC46));
//!
//! let trees = df!("x" => [50.0, 150.0], "y" => [50.0, 50.0], "height" => [12.0, 8.0])?;
//! let schema = Schema::new(vec![
//!     Field::new("x", FieldType::Number, Role::Attribute),
//!     Field::new("y", FieldType::Number, Role::Attribute),
//!     Field::new("height", FieldType::Number, Role::Measure).with_unit(Unit::of("m")),
//! ]);
//! let trees = Dataset::new(trees.lazy(), Metadata::new("trees").with_schema(schema).with_crs(Crs::CC46));
//!
//! let trees = spatial_points(&trees, "x", "y")?;
//! let located = locate(&trees, &spatial(&communes)?, Boundary::HalfOpen, Use::Internal)?;
//! assert_eq!(located.payload().attributes().column("insee")?.str()?.get(1), Some("69266"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
mod cells;
mod cluster;
mod frame;
mod measure;
mod nearby;
mod place;
#[cfg(test)]
mod tests;

pub use cells::{coverage, zonal_statistics};
pub use cluster::dbscan;
pub use frame::{Frame, SpatialFrame, spatial, spatial_points, to_data_frame};
pub use measure::{area, reproject};
pub use nearby::{nearest, within_distance};
pub use place::{aggregate_within, count_within, locate};

use datagora_core::polars::prelude::PolarsError;
use datagora_core::{FrameError, LicenceConflict, Unit};

use crate::{
    ClusterError, CoverageError, DistanceError, JoinError, MeasureError, ReprojectError, WkbError,
    ZonalError, ZonalStatistic,
};

/// Data frames that a spatial operation cannot be done with.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AdapterError {
    /// No geometry by role, or several.
    #[error(
        "“{title}” has {} columns with the role Geometry, {found:?}; exactly one is needed, or two columns of coordinates given by name",
        found.len()
    )]
    Geometry {
        /// Title of the dataset.
        title: String,
        /// Names of those there are.
        found: Vec<String>,
    },
    /// No CRS.
    #[error("“{title}” does not say in which CRS its coordinates are; declare it with `with_crs`")]
    NoCrs {
        /// Title of the dataset.
        title: String,
    },
    /// Nothing to name a row by.
    #[error("“{title}” has no column with the role Identifier; one is needed to name its rows in the result")]
    NoIdentifier {
        /// Title of the dataset.
        title: String,
    },
    /// Nothing to sum up.
    #[error("“{title}” has no column with the role Measure; at least one is needed")]
    NoMeasure {
        /// Title of the dataset.
        title: String,
    },
    /// A sum of what cannot be added, such as degrees Celsius or decibels.
    #[error("the {statistic} of values in {unit} means nothing, as they cannot be added; ask for the mean")]
    NotAdditive {
        /// Asked for.
        statistic: ZonalStatistic,
        /// Of the values.
        unit: Unit,
    },
    /// Two columns of one name.
    #[error("the result would have two columns “{name}”; rename one of them first")]
    NameTaken {
        /// The name.
        name: String,
    },
    /// Bytes that are no geometry.
    #[error("row {row} of column “{column}” holds no well-known binary")]
    Wkb {
        /// The column.
        column: String,
        /// Row, from 0.
        row: usize,
        /// What is wrong.
        source: WkbError,
    },
    /// The frame is not as its schema says.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// Points and zones that cannot be joined.
    #[error(transparent)]
    Join(#[from] JoinError),
    /// Distances that cannot be taken.
    #[error(transparent)]
    Distance(#[from] DistanceError),
    /// Points that cannot be clustered.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// Polygons whose cells cannot be computed.
    #[error(transparent)]
    Coverage(#[from] CoverageError),
    /// Statistics that cannot be made.
    #[error(transparent)]
    Zonal(#[from] ZonalError),
    /// A metric that does not suit the CRS.
    #[error(transparent)]
    Measure(#[from] MeasureError),
    /// Coordinates that cannot be converted.
    #[error(transparent)]
    Reproject(#[from] ReprojectError),
    /// Licences that do not go together.
    #[error(transparent)]
    Licence(#[from] LicenceConflict),
}

fn query(error: PolarsError) -> AdapterError {
    AdapterError::Frame(FrameError::Query { source: Box::new(error) })
}
