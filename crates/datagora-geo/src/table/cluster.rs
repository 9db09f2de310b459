//! Which rows of a frame crowd together.
use datagora_core::polars::prelude::{IntoColumn, NamedFrom, Series};
use datagora_core::{Dataset, Field, FieldType, Parameters, Role};

use super::place::with_fields;
use super::{AdapterError, SpatialFrame};
use crate::DbscanOptions;

const CLUSTER: &str = "cluster";
const CORE: &str = "core";

/// Each point with the number of its cluster: [`dbscan`](crate::dbscan) by role.
///
/// The column `cluster` is a dimension, numbered from 0 in the order of the lowest row of each; `core` says whether the point
/// is a core or on the border.
///
/// # Missing values
///
/// Noise, and rows without geometry, are in no cluster.
///
/// # Errors
///
/// [`AdapterError::Cluster`] as [`dbscan`](crate::dbscan), [`AdapterError::NameTaken`] if there is a column `cluster` or `core`.
///
/// # Example
///
/// ```
/// use datagora_core::polars::prelude::*;
/// use datagora_core::{Crs, Dataset, Metadata, Metres};
/// use datagora_geo::DbscanOptions;
/// use datagora_geo::table::{dbscan, spatial_points};
///
/// let accidents = df!("x" => [0., 10., 20., 500.], "y" => [0., 0., 0., 0.])?;
/// let accidents = Dataset::new(accidents, Metadata::new("accidents").with_crs(Crs::CC46));
/// let options = DbscanOptions::new(Metres(12.0)).with_min_points(3);
/// let found = dbscan(&spatial_points(&accidents, "x", "y")?, options)?;
/// let clusters = found.payload().attributes().column("cluster")?.i64()?;
/// assert_eq!(clusters.iter().collect::<Vec<_>>(), [Some(0), Some(0), Some(0), None]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn dbscan(
    points: &Dataset<SpatialFrame>,
    options: DbscanOptions,
) -> Result<Dataset<SpatialFrame>, AdapterError> {
    let parameters = Parameters::from([
        ("reach".to_owned(), options.reach.0.to_string()),
        ("min_points".to_owned(), options.min_points.to_string()),
    ]);
    let clustered = points.try_derive("dbscan", parameters, |points| {
        let found = crate::dbscan(points.geometry(), options)?;
        let labels: Vec<Option<i64>> = found.labels.iter().map(|label| label.map(i64::from)).collect();
        points.with_columns([
            Series::new(CLUSTER.into(), labels).into_column(),
            Series::new(CORE.into(), found.cores).into_column(),
        ])
    })?;
    Ok(with_fields(
        clustered,
        [
            Field::new(CLUSTER, FieldType::Integer, Role::Dimension),
            Field::new(CORE, FieldType::Boolean, Role::Attribute),
        ],
    ))
}
