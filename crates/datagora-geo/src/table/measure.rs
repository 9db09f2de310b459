//! Frames in another CRS, and the size of their rows.
use datagora_core::polars::prelude::{IntoColumn, NamedFrom, Series};
use datagora_core::{Crs, Dataset, Field, FieldType, Parameters, Role, Unit};

use super::place::with_fields;
use super::{AdapterError, SpatialFrame};
use crate::Metric;

/// The frame with its geometry in another CRS, which its metadata declare.
///
/// # Errors
///
/// [`AdapterError::Reproject`], as [`GeometryColumn::reproject`](crate::GeometryColumn::reproject).
///
/// # Example
///
/// ```
/// use datagora_core::polars::prelude::*;
/// use datagora_core::{Crs, Dataset, Metadata};
/// use datagora_geo::table::{reproject, spatial_points};
///
/// let trees = Dataset::new(df!("lon" => [4.835], "lat" => [45.76])?, Metadata::new("trees").with_crs(Crs::WGS84));
/// let trees = reproject(&spatial_points(&trees, "lon", "lat")?, &Crs::CC46)?;
/// assert_eq!(trees.metadata().crs, Some(Crs::CC46));
/// assert_eq!(trees.payload().geometry().as_points().unwrap().0[0].round(), 1_842_735.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn reproject(data: &Dataset<SpatialFrame>, to: &Crs) -> Result<Dataset<SpatialFrame>, AdapterError> {
    let from = data.payload().geometry().crs();
    let parameters =
        Parameters::from([("from".to_owned(), from.to_string()), ("to".to_owned(), to.to_string())]);
    let moved = data.try_derive("reproject", parameters, |frame| {
        Ok::<_, AdapterError>(frame.with_geometry(frame.geometry().reproject(to)?))
    })?;
    Ok(moved.describe(|metadata| metadata.with_crs(to.clone())))
}

/// The frame with the area of each row in a column `area`, in m²: [`area`](crate::area) by role.
///
/// # Missing values
///
/// A row without geometry has no area.
///
/// # Errors
///
/// [`AdapterError::Measure`] if the metric does not suit the CRS, [`AdapterError::NameTaken`] if there is a column `area`.
///
/// # Example
///
/// ```
/// use datagora_core::polars::prelude::*;
/// use datagora_core::{Crs, Dataset, Field, FieldType, Metadata, Role, Schema};
/// use datagora_geo::table::{area, spatial};
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{Metric, write_wkb};
///
/// let block = write_wkb(&Rect::new(coord! { x: 0., y: 0. }, coord! { x: 100., y: 50. }).into());
/// let schema = Schema::new(vec![Field::new("shape", FieldType::Geometry, Role::Geometry)]);
/// let metadata = Metadata::new("blocks").with_schema(schema).with_crs(Crs::CC46);
/// let blocks = Dataset::new(df!("shape" => [block.as_slice()])?, metadata);
/// let measured = area(&spatial(&blocks)?, Metric::Planar)?;
/// assert_eq!(measured.payload().attributes().column("area")?.f64()?.get(0), Some(5_000.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn area(data: &Dataset<SpatialFrame>, metric: Metric) -> Result<Dataset<SpatialFrame>, AdapterError> {
    let parameters = Parameters::from([("metric".to_owned(), metric.to_string())]);
    let measured = data.try_derive("area", parameters, |frame| {
        let areas = crate::area(frame.geometry(), metric)?;
        let known: Vec<Option<f64>> =
            areas.into_iter().map(|area| (!area.is_nan()).then_some(area)).collect();
        frame.with_columns([Series::new(AREA.into(), known).into_column()])
    })?;
    Ok(with_fields(
        measured,
        [Field::new(AREA, FieldType::Number, Role::Measure).with_unit(Unit::SQUARE_METRE)],
    ))
}

const AREA: &str = "area";
