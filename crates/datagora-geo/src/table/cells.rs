//! Frames and the cells of grids and rasters.
use datagora_core::polars::prelude::{IntoColumn, NamedFrom, Series};
use datagora_core::{Dataset, Field, FieldType, Parameters, Role, Schema, Unit, Use};

use super::place::with_fields;
use super::{AdapterError, SpatialFrame};
use crate::zonal::LEAST_SHARE;
use crate::{
    Coverage, CoverageOptions, GeometryColumn, Grid, OverlapRule, Raster, ZonalOptions, ZonalStatistic,
};

const CELL: &str = "cell";
const SHARE: &str = "share";
const GEOMETRY: &str = "geometry";
const COMPLETENESS: &str = "completeness";

/// The cells of a grid that polygons cover, each with its `share`: [`Coverage`] by role.
///
/// The result has a row for each cell that is covered at all, from the north-west row by row: its number in the grid as
/// identifier `cell`, its `share`, a measure of unit 1, and its square as geometry. Cells without a row are not covered. They
/// come from bands of the grid, so that memory grows with the covered ground only.
///
/// # Missing values
///
/// A row without geometry covers nothing.
///
/// # Errors
///
/// [`AdapterError::Coverage`] if the frame is in another CRS than the grid, or a row is no polygon.
///
/// # Example
///
/// ```
/// use datagora_core::polars::prelude::*;
/// use datagora_core::{Crs, Dataset, Field, FieldType, Metadata, Role, Schema};
/// use datagora_geo::table::{coverage, spatial};
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{CoverageOptions, Grid, write_wkb};
///
/// let lawn = write_wkb(&Rect::new(coord! { x: 0., y: 0. }, coord! { x: 7.5, y: 5. }).into());
/// let schema = Schema::new(vec![Field::new("shape", FieldType::Geometry, Role::Geometry)]);
/// let metadata = Metadata::new("lawns").with_schema(schema).with_crs(Crs::CC46);
/// let lawns = spatial(&Dataset::new(df!("shape" => [lawn.as_slice()])?, metadata))?;
/// let grid = Grid::new([0., 10.], [5., 5.], 2, 2, Crs::CC46)?;
/// let cells = coverage(&lawns, &grid, CoverageOptions::default())?;
/// let shares = cells.payload().attributes().column("share")?.f64()?;
/// assert_eq!(shares.iter().collect::<Vec<_>>(), [Some(1.0), Some(0.5)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn coverage(
    data: &Dataset<SpatialFrame>,
    grid: &Grid,
    options: CoverageOptions,
) -> Result<Dataset<SpatialFrame>, AdapterError> {
    let overlaps = match options.overlaps {
        OverlapRule::Dissolve => "dissolve",
        OverlapRule::Sum => "sum",
    };
    let parameters = Parameters::from([
        ("overlaps".to_owned(), overlaps.to_owned()),
        ("north_west".to_owned(), format!("{} {}", grid.west(), grid.north())),
        ("cell".to_owned(), format!("{} {}", grid.cell_width(), grid.cell_height())),
        ("columns".to_owned(), grid.columns().to_string()),
        ("rows".to_owned(), grid.rows().to_string()),
    ]);
    let covered = data.try_derive("coverage", parameters, |frame| {
        let coverage = Coverage::new(grid, &[frame.geometry()], options)?;
        let found = coverage.map_bands(|band| {
            let cells = (band.rows().start * grid.columns()..).zip(band.shares(0).iter().copied());
            cells.filter(|(_, share)| *share >= LEAST_SHARE).collect::<Vec<(usize, f64)>>()
        });
        let (cells, shares): (Vec<usize>, Vec<f64>) = found.into_iter().flatten().unzip();
        let squares = cells.iter().map(|&cell| grid.cell_rect(cell).into());
        let squares = GeometryColumn::new(squares, grid.crs().clone());
        let numbers: Vec<u64> = cells.iter().map(|&cell| cell as u64).collect();
        let columns = vec![
            Series::new(CELL.into(), numbers).into_column(),
            Series::new(SHARE.into(), shares).into_column(),
        ];
        SpatialFrame::new(columns, squares)
    })?;
    let fields = vec![
        Field::new(CELL, FieldType::Integer, Role::Identifier).required(),
        Field::new(SHARE, FieldType::Number, Role::Measure).with_unit(Unit::ONE).required(),
        Field::new(GEOMETRY, FieldType::Geometry, Role::Geometry).required(),
    ];
    Ok(covered.describe(|metadata| metadata.with_schema(Schema::new(fields))))
}

/// Each zone with statistics of a raster, whose values are in `unit`: [`zonal_statistics`](crate::zonal_statistics) by role.
///
/// Each statistic is a column of its name, spaces as `_`: `mean`, `standard_deviation`, `quantile_0.5`; a measure of the
/// unit it has. The column `completeness` is the share of the zone that has values.
///
/// The count is in `{cell}`, variety and shares in 1, a variance in the square of `unit`, and spreads of temperatures in
/// kelvins. A weighted sum has no unit, as that of the weights is not known.
///
/// # Missing values
///
/// What no value makes is missing, as are all statistics of a zone without geometry.
///
/// # Errors
///
/// [`AdapterError::Zonal`] as [`zonal_statistics`](crate::zonal_statistics), among others if zones and raster differ in CRS,
/// [`AdapterError::NotAdditive`] for the sum of what cannot be added, [`AdapterError::NameTaken`] if the zones have a column of
/// one of the names added, [`AdapterError::Licence`] if the licences do not allow `purpose` together.
///
/// # Example
///
/// ```
/// use datagora_core::polars::prelude::*;
/// use datagora_core::{Crs, Dataset, Field, FieldType, Metadata, Role, Schema, Unit, Use};
/// use datagora_geo::table::{spatial, zonal_statistics};
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{Band, Grid, Raster, ZonalOptions, write_wkb};
///
/// let grid = Grid::new([0., 10.], [10., 10.], 2, 1, Crs::CC46)?;
/// let heat = Raster::new(grid, [Band::new(vec![30., 34.])])?;
/// let heat = Dataset::new(heat, Metadata::new("heat").with_crs(Crs::CC46));
/// let block = write_wkb(&Rect::new(coord! { x: 0., y: 0. }, coord! { x: 15., y: 10. }).into());
/// let schema = Schema::new(vec![Field::new("shape", FieldType::Geometry, Role::Geometry)]);
/// let metadata = Metadata::new("blocks").with_schema(schema).with_crs(Crs::CC46);
/// let blocks = spatial(&Dataset::new(df!("shape" => [block.as_slice()])?, metadata))?;
/// let found = zonal_statistics(&blocks, &heat, &ZonalOptions::default(), Unit::CELSIUS, Use::Internal)?;
/// let mean = found.payload().attributes().column("mean")?.f64()?.get(0);
/// assert!((mean.unwrap() - 94. / 3.).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn zonal_statistics(
    zones: &Dataset<SpatialFrame>,
    raster: &Dataset<Raster>,
    options: &ZonalOptions,
    unit: Unit,
    purpose: Use,
) -> Result<Dataset<SpatialFrame>, AdapterError> {
    let statistics = &options.statistics;
    let sums = |statistic: &&ZonalStatistic| {
        matches!(statistic, ZonalStatistic::Sum | ZonalStatistic::WeightedSum) && !unit.is_additive()
    };
    if let Some(&statistic) = statistics.iter().find(sums) {
        return Err(AdapterError::NotAdditive { statistic, unit });
    }
    let names: Vec<String> = statistics.iter().map(|each| each.to_string().replace(' ', "_")).collect();
    let mut parameters = Parameters::from([
        ("statistics".to_owned(), names.join(" ")),
        ("band".to_owned(), options.band.to_string()),
    ]);
    if let Some(band) = options.weight_band {
        parameters.insert("weight_band".to_owned(), band.to_string());
    }
    let found = zones.try_combine(raster, "zonal statistics", parameters, purpose, |zones, raster| {
        let table = crate::zonal_statistics(raster, zones.geometry(), options)?;
        let values = |statistic: &ZonalStatistic| table.column(*statistic).unwrap_or_default();
        let columns = names
            .iter()
            .zip(statistics)
            .map(|(name, statistic)| Series::new(name.as_str().into(), values(statistic)).into_column());
        let completeness = Series::new(COMPLETENESS.into(), table.completeness()).into_column();
        zones.with_columns(columns.chain([completeness]))
    })?;
    let fields = names.iter().zip(statistics).map(|(name, &statistic)| {
        let field = Field::new(name.as_str(), FieldType::Number, Role::Measure);
        match unit_of(statistic, &unit) {
            Some(unit) => field.with_unit(unit),
            None => field,
        }
    });
    let completeness = Field::new(COMPLETENESS, FieldType::Number, Role::Attribute).with_unit(Unit::ONE);
    Ok(with_fields(found, fields.chain([completeness])))
}

/// The unit of a statistic of values in a unit.
fn unit_of(statistic: ZonalStatistic, unit: &Unit) -> Option<Unit> {
    use ZonalStatistic::*;
    match statistic {
        Count => Some(Unit::of("{cell}")),
        Variety | ShareAbove(_) => Some(Unit::ONE),
        Variance | WeightedVariance => unit.of_difference().multiply(&unit.of_difference()).ok(),
        StandardDeviation | WeightedStandardDeviation => Some(unit.of_difference()),
        WeightedSum => None,
        Sum | Mean | Min | Max | Quantile(_) | Majority | Minority | WeightedMean => Some(unit.clone()),
    }
}
