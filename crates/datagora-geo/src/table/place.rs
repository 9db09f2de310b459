//! In which zone the rows of a frame are, and how many each zone holds.
use datagora_core::polars::prelude::{
    Column, DataType, IdxCa, IntoColumn, NamedFrom, NewChunkedArray, PlSmallStr, Series,
};
use datagora_core::{Dataset, Field, FieldType, Parameters, Role, Unit, Use};

use super::{AdapterError, SpatialFrame};
use crate::Boundary;

/// Each row of `points` with the identifiers of the zone that holds it: [`locate`](crate::locate) by roles.
///
/// The columns of `zones` with the role Identifier join those of `points`, as dimensions.
///
/// # Missing values
///
/// Points outside all zones, and rows without geometry, have no identifier.
///
/// # Errors
///
/// [`AdapterError::NoIdentifier`] if the zones have no column to be named by, [`AdapterError::NameTaken`] if the points have a
/// column of the same name, [`AdapterError::Join`] as [`locate`](crate::locate), [`AdapterError::Licence`] if the licences do
/// not allow `purpose` together.
///
/// # Example
///
/// See the [module](crate::table).
pub fn locate(
    points: &Dataset<SpatialFrame>,
    zones: &Dataset<SpatialFrame>,
    boundary: Boundary,
    purpose: Use,
) -> Result<Dataset<SpatialFrame>, AdapterError> {
    let named = identifiers(zones)?;
    let parameters = Parameters::from([("boundary".to_owned(), boundary.to_string())]);
    let located = points.try_combine(zones, "locate", parameters, purpose, |points, zones| {
        let located = crate::locate(points.geometry(), zones.geometry(), boundary)?;
        points.with_columns(columns_at(zones, &named, located.iter())?)
    })?;
    Ok(with_fields(located, named.into_iter().map(|field| Field { role: Role::Dimension, ..field })))
}

/// Each zone with the number of `points` in it: [`count_within`](crate::count_within) by roles.
///
/// The column is called `count` and is a measure of `unit`, such as `{tree}`.
///
/// # Missing values
///
/// A zone without points, or without geometry, counts 0; points without geometry are in no zone.
///
/// # Errors
///
/// As [`locate`], but that zones need no identifier.
///
/// # Example
///
/// ```
/// use datagora_core::polars::prelude::*;
/// use datagora_core::{Crs, Dataset, Field, FieldType, Metadata, Role, Schema, Unit, Use};
/// use datagora_geo::table::{count_within, spatial, spatial_points};
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{Boundary, write_wkb};
///
/// let park = write_wkb(&Rect::new(coord! { x: 0., y: 0. }, coord! { x: 100., y: 100. }).into());
/// let shape = Schema::new(vec![Field::new("shape", FieldType::Geometry, Role::Geometry)]);
/// let parks = Metadata::new("parks").with_schema(shape).with_crs(Crs::CC46);
/// let parks = spatial(&Dataset::new(df!("shape" => [park.as_slice()])?, parks))?;
/// let trees = Dataset::new(df!("x" => [5., 150.], "y" => [5., 5.])?, Metadata::new("trees").with_crs(Crs::CC46));
/// let trees = spatial_points(&trees, "x", "y")?;
/// let counted = count_within(&parks, &trees, Boundary::HalfOpen, Unit::of("{tree}"), Use::Internal)?;
/// assert_eq!(counted.payload().attributes().column("count")?.u64()?.get(0), Some(1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn count_within(
    zones: &Dataset<SpatialFrame>,
    points: &Dataset<SpatialFrame>,
    boundary: Boundary,
    unit: Unit,
    purpose: Use,
) -> Result<Dataset<SpatialFrame>, AdapterError> {
    let parameters = Parameters::from([("boundary".to_owned(), boundary.to_string())]);
    let counted = zones.try_combine(points, "count within", parameters, purpose, |zones, points| {
        let counts = crate::count_within(points.geometry(), zones.geometry(), boundary)?;
        zones.with_columns([Series::new(COUNT.into(), counts).into_column()])
    })?;
    Ok(with_fields(counted, [Field::new(COUNT, FieldType::Integer, Role::Measure).with_unit(unit)]))
}

const COUNT: &str = "count";

/// Each zone with the sum and the mean of each measure of the `points` in it: [`aggregate_within`](crate::aggregate_within) by
/// roles.
///
/// A column `height` with the role Measure gives `height_sum` and `height_mean`, of its unit, and `height_known`, the number
/// of points they rest on.
///
/// # Missing values
///
/// A point whose value is missing is in none of the three. A zone without known value has no mean, and a sum of 0.
///
/// # Errors
///
/// [`AdapterError::NoMeasure`] if the points have none, otherwise as [`count_within`].
///
/// # Example
///
/// ```
/// use datagora_core::polars::prelude::*;
/// use datagora_core::{Crs, Dataset, Field, FieldType, Metadata, Role, Schema, Unit, Use};
/// use datagora_geo::table::{aggregate_within, spatial, spatial_points};
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{Boundary, write_wkb};
///
/// let park = write_wkb(&Rect::new(coord! { x: 0., y: 0. }, coord! { x: 100., y: 100. }).into());
/// let shape = Schema::new(vec![Field::new("shape", FieldType::Geometry, Role::Geometry)]);
/// let parks = Metadata::new("parks").with_schema(shape).with_crs(Crs::CC46);
/// let parks = spatial(&Dataset::new(df!("shape" => [park.as_slice()])?, parks))?;
/// let height = Field::new("height", FieldType::Number, Role::Measure).with_unit(Unit::METRE);
/// let trees = Metadata::new("trees").with_schema(Schema::new(vec![height])).with_crs(Crs::CC46);
/// let trees = Dataset::new(df!("x" => [5., 6.], "y" => [5., 5.], "height" => [12., 8.])?, trees);
/// let trees = spatial_points(&trees, "x", "y")?;
/// let found = aggregate_within(&parks, &trees, Boundary::HalfOpen, Use::Internal)?;
/// assert_eq!(found.payload().attributes().column("height_mean")?.f64()?.get(0), Some(10.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn aggregate_within(
    zones: &Dataset<SpatialFrame>,
    points: &Dataset<SpatialFrame>,
    boundary: Boundary,
    purpose: Use,
) -> Result<Dataset<SpatialFrame>, AdapterError> {
    let measures: Vec<Field> = points.metadata().schema.with_role(Role::Measure).cloned().collect();
    if measures.is_empty() {
        return Err(AdapterError::NoMeasure { title: points.metadata().title.clone() });
    }
    let parameters = Parameters::from([("boundary".to_owned(), boundary.to_string())]);
    let gathered = zones.try_combine(points, "aggregate within", parameters, purpose, |zones, points| {
        let mut columns = Vec::with_capacity(3 * measures.len());
        for measure in &measures {
            let values = numbers(points, &measure.name)?;
            let found = crate::aggregate_within(points.geometry(), &values, zones.geometry(), boundary)?;
            let [sum, mean, known] = names(&measure.name).map(PlSmallStr::from);
            columns.extend([
                Series::new(sum, found.iter().map(|zone| zone.sum).collect::<Vec<f64>>()).into_column(),
                Series::new(mean, found.iter().map(crate::Aggregate::mean).collect::<Vec<_>>()).into_column(),
                Series::new(known, found.iter().map(|zone| zone.count).collect::<Vec<u64>>()).into_column(),
            ]);
        }
        zones.with_columns(columns)
    })?;
    let fields = measures.iter().flat_map(|measure| {
        let [sum, mean, known] = names(&measure.name);
        let of_unit = |name| Field { name, kind: FieldType::Number, nullable: true, ..measure.clone() };
        [of_unit(sum), of_unit(mean), Field::new(known, FieldType::Integer, Role::Attribute)]
    });
    Ok(with_fields(gathered, fields))
}

/// Of the columns that a measure gives.
fn names(measure: &str) -> [String; 3] {
    ["sum", "mean", "known"].map(|kind| format!("{measure}_{kind}"))
}

/// The values of a column as numbers; NaN where they are missing.
fn numbers(frame: &SpatialFrame, name: &str) -> Result<Vec<f64>, AdapterError> {
    let column = frame.attributes().column(name).and_then(|column| column.cast(&DataType::Float64));
    let column = column.map_err(super::query)?;
    let values = column.f64().map_err(super::query)?;
    Ok(values.iter().map(|value| value.unwrap_or(f64::NAN)).collect())
}

/// The columns that name the rows of a frame.
pub(super) fn identifiers(data: &Dataset<SpatialFrame>) -> Result<Vec<Field>, AdapterError> {
    let metadata = data.metadata();
    let named: Vec<Field> = metadata.schema.with_role(Role::Identifier).cloned().collect();
    if named.is_empty() {
        return Err(AdapterError::NoIdentifier { title: metadata.title.clone() });
    }
    Ok(named)
}

/// Columns of a frame at rows of it, missing where there is no row.
pub(super) fn columns_at(
    frame: &SpatialFrame,
    fields: &[Field],
    rows: impl Iterator<Item = Option<u32>>,
) -> Result<Vec<Column>, AdapterError> {
    let rows = IdxCa::from_iter_options(PlSmallStr::EMPTY, rows);
    let taken = |field: &Field| frame.attributes().column(&field.name).and_then(|column| column.take(&rows));
    fields.iter().map(taken).collect::<Result<_, _>>().map_err(super::query)
}

/// The dataset with more fields in its schema, for columns it has been given.
pub(super) fn with_fields(
    data: Dataset<SpatialFrame>,
    more: impl IntoIterator<Item = Field>,
) -> Dataset<SpatialFrame> {
    data.describe(|metadata| {
        let fields = metadata.schema.fields().iter().cloned().chain(more).collect();
        metadata.with_schema(datagora_core::Schema::new(fields))
    })
}
