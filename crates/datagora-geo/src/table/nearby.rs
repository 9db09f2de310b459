//! What is near the rows of a frame.
use datagora_core::polars::prelude::{IdxCa, IntoColumn, NamedFrom, PlSmallStr, Series};
use datagora_core::{Dataset, Field, FieldType, Metres, Parameters, Role, Unit, Use};

use super::place::{columns_at, identifiers, with_fields};
use super::{AdapterError, SpatialFrame};
use crate::NearestOptions;

/// A row of the result: the row it is about, and the row, rank and distance of a neighbour if there is one.
struct Line {
    of: u32,
    found: Option<(u32, i64, f64)>,
}

const RANK: &str = "rank";
const DISTANCE: &str = "distance";

/// Each row of `from` with its nearest rows of `to`: [`nearest`](crate::nearest) by roles.
///
/// A row of `from` comes once per neighbour, nearest first, with the identifiers of the neighbour, its `rank` from 1 and the
/// `distance` in metres.
///
/// # Missing values
///
/// A row without neighbour comes once, with neither identifiers, rank nor distance.
///
/// # Errors
///
/// [`AdapterError::NoIdentifier`] if `to` has no column to be named by, [`AdapterError::NameTaken`] if `from` has a column of
/// one of the names added, [`AdapterError::Distance`] as [`nearest`](crate::nearest), [`AdapterError::Licence`] if the
/// licences do not allow `purpose` together.
///
/// # Example
///
/// ```
/// use datagora_core::polars::prelude::*;
/// use datagora_core::{Crs, Dataset, Field, FieldType, Metadata, Role, Schema, Use};
/// use datagora_geo::NearestOptions;
/// use datagora_geo::table::{nearest, spatial_points};
///
/// let metadata = |title: &str| Metadata::new(title).with_crs(Crs::CC46);
/// let homes = Dataset::new(df!("x" => [0.0], "y" => [0.0])?, metadata("homes"));
/// let named = Schema::new(vec![Field::new("stop", FieldType::Text, Role::Identifier)]);
/// let stops = df!("stop" => ["Bellecour", "Ampère"], "x" => [300.0, 30.0], "y" => [0.0, 40.0])?;
/// let stops = Dataset::new(stops, metadata("stops").with_schema(named));
/// let (homes, stops) = (spatial_points(&homes, "x", "y")?, spatial_points(&stops, "x", "y")?);
/// let found = nearest(&homes, &stops, NearestOptions::default(), Use::Internal)?;
/// assert_eq!(found.payload().attributes().column("stop")?.str()?.get(0), Some("Ampère"));
/// assert_eq!(found.payload().attributes().column("distance")?.f64()?.get(0), Some(50.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn nearest(
    from: &Dataset<SpatialFrame>,
    to: &Dataset<SpatialFrame>,
    options: NearestOptions,
    purpose: Use,
) -> Result<Dataset<SpatialFrame>, AdapterError> {
    let named = identifiers(to)?;
    let mut parameters = Parameters::from([("k".to_owned(), options.k.to_string())]);
    if let Some(distance) = options.max_distance {
        parameters.insert("max_distance".to_owned(), distance.to_string());
    }
    let found =
        from.try_combine(to, "nearest", parameters, purpose, |from, to| {
            let neighbours = crate::nearest(from.geometry(), to.geometry(), options)?;
            let mut lines: Vec<Line> = Vec::new();
            for of in 0..from.len() {
                let pairs = neighbours.rows(of).iter().zip(neighbours.distances(of)).zip(1..);
                let before = lines.len();
                lines.extend(pairs.map(|((row, distance), rank)| Line {
                    of: of as u32,
                    found: Some((*row, rank, *distance)),
                }));
                if lines.len() == before {
                    lines.push(Line { of: of as u32, found: None });
                }
            }
            let found = || lines.iter().map(|line| line.found);
            let origins = IdxCa::from_vec(PlSmallStr::EMPTY, lines.iter().map(|line| line.of).collect());
            let mut columns = columns_at(to, &named, found().map(|found| Some(found?.0)))?;
            let ranks: Vec<Option<i64>> = found().map(|found| Some(found?.1)).collect();
            let distances: Vec<Option<f64>> = found().map(|found| Some(found?.2)).collect();
            columns.push(Series::new(RANK.into(), ranks).into_column());
            columns.push(Series::new(DISTANCE.into(), distances).into_column());
            from.take(&origins)?.with_columns(columns)
        })?;
    let named = named.into_iter().map(|field| Field { role: Role::Dimension, ..field });
    let added = [
        Field::new(RANK, FieldType::Integer, Role::Attribute),
        Field::new(DISTANCE, FieldType::Number, Role::Measure).with_unit(Unit::METRE),
    ];
    Ok(with_fields(found, named.chain(added)))
}

/// The pairs of a row of `from` and a row of `to` within a distance of each other: [`within_distance`](crate::within_distance)
/// by roles.
///
/// A row of `from` comes once per pair, ascending by row of `to`, with the identifiers of that row. For distances beside, ask
/// [`nearest`] with a maximum distance.
///
/// # Missing values
///
/// Rows in no pair do not come, nor do those without geometry.
///
/// # Errors
///
/// As [`nearest`].
///
/// # Example
///
/// ```
/// use datagora_core::polars::prelude::*;
/// use datagora_core::{Crs, Dataset, Field, FieldType, Metadata, Metres, Role, Schema, Use};
/// use datagora_geo::table::{spatial_points, within_distance};
///
/// let metadata = |title: &str, name: &str| {
///     let named = Schema::new(vec![Field::new(name, FieldType::Text, Role::Identifier)]);
///     Metadata::new(title).with_schema(named).with_crs(Crs::CC46)
/// };
/// let homes = df!("home" => ["a", "b"], "x" => [0., 500.], "y" => [0., 0.])?;
/// let homes = spatial_points(&Dataset::new(homes, metadata("homes", "home")), "x", "y")?;
/// let stops = df!("stop" => ["Ampère", "Bellecour"], "x" => [300., 400.], "y" => [0., 0.])?;
/// let stops = spatial_points(&Dataset::new(stops, metadata("stops", "stop")), "x", "y")?;
/// let served = within_distance(&homes, &stops, Metres(300.), Use::Internal)?;
/// let pairs = served.payload().attributes();
/// assert_eq!((pairs.height(), pairs.column("stop")?.str()?.get(2)), (3, Some("Bellecour")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn within_distance(
    from: &Dataset<SpatialFrame>,
    to: &Dataset<SpatialFrame>,
    reach: Metres,
    purpose: Use,
) -> Result<Dataset<SpatialFrame>, AdapterError> {
    let named = identifiers(to)?;
    let parameters = Parameters::from([("reach".to_owned(), reach.0.to_string())]);
    let found = from.try_combine(to, "within distance", parameters, purpose, |from, to| {
        let pairs = crate::within_distance(from.geometry(), to.geometry(), reach)?;
        let origins = IdxCa::from_vec(PlSmallStr::EMPTY, pairs.left().to_vec());
        let columns = columns_at(to, &named, pairs.right().iter().copied().map(Some))?;
        from.take(&origins)?.with_columns(columns)
    })?;
    Ok(with_fields(found, named.into_iter().map(|field| Field { role: Role::Dimension, ..field })))
}
