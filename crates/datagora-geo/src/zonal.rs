//! Statistics of a raster by zones.
mod accumulator;
#[cfg(feature = "io")]
mod file;
mod frequency;
mod moments;
mod statistic;
mod table;
#[cfg(test)]
mod tests;

use std::ops::Range;

use self::accumulator::Accumulator;
#[cfg(feature = "io")]
pub use self::file::zonal_statistics_of_file;
pub use self::statistic::{ZonalOptions, ZonalStatistic};
pub use self::table::ZonalTable;
use crate::measure::signed_area;
use crate::{Band, CellRun, CoverageError, CoveredCells, GeometryColumn, Grid, Raster, repair};

/// Statistics that cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ZonalError {
    /// Zones whose cells cannot be computed: in another CRS than the raster, no polygons, or not finite.
    #[error(transparent)]
    Zones(#[from] CoverageError),
    /// The cells of the weights are not those of the values.
    #[error(
        "the raster has the grid {values:?}, the weights {weights:?}; resample one of them to the grid of the other"
    )]
    GridMismatch {
        /// Grid of the values.
        values: Box<Grid>,
        /// Grid of the weights.
        weights: Box<Grid>,
    },
    /// No such band.
    #[error("band {asked} was asked for (counted from 0); there are {bands}")]
    Band {
        /// Asked for.
        asked: usize,
        /// Number of bands.
        bands: usize,
    },
    /// A weighted statistic without weights.
    #[error("the {statistic} needs weights; give a second raster, or a band with `with_weight_band`")]
    WeightsAbsent {
        /// Asked for.
        statistic: ZonalStatistic,
    },
    /// A quantile that is no share.
    #[error("quantile {found} was asked for; needed a number from 0 to 1")]
    Quantile {
        /// Asked for.
        found: f64,
    },
    /// The file cannot be read.
    #[cfg(feature = "io")]
    #[error(transparent)]
    File(#[from] crate::GeoTiffError),
}

/// Statistics of the values of a raster within each zone, by the exact share of each cell that the zone covers.
///
/// All statistics are made in one pass over the cells of a zone. Values and order do not depend on the number of
/// threads (feature `parallel`).
///
/// # Shapes and units
///
/// `n` zones → a table of `n` rows and a column for each statistic of the options; values in the unit of the band,
/// counts in cells. Zones may overlap.
///
/// # Missing values
///
/// Cells without value do not count; [`ZonalTable::completeness`] says which share of a zone has values, so that a mean
/// of 3 % of a zone is not taken for that of the zone. A missing zone has no statistic at all; one that meets no value has count and
/// variety 0, and no other.
///
/// # Errors
///
/// [`ZonalError::Zones`] if the CRS of the zones is not that of the raster, if a row is no polygon or multi-polygon, or
/// has a coordinate that is not finite; [`ZonalError::Band`], [`ZonalError::WeightsAbsent`], [`ZonalError::Quantile`].
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{Band, GeometryColumn, Grid, Raster, ZonalOptions, ZonalStatistic, zonal_statistics};
///
/// // Surface temperature in two cells of 10 m; a garden covers half of the first and a quarter of the second.
/// let grid = Grid::new([0.0, 10.0], [10.0, 10.0], 2, 1, Crs::CC46)?;
/// let heat = Raster::new(grid, [Band::new(vec![30.0, 36.0])])?;
/// let garden = Rect::new(coord! { x: 5., y: 0. }, coord! { x: 12.5, y: 10. });
/// let gardens = GeometryColumn::new([garden.into()], Crs::CC46);
/// let table = zonal_statistics(&heat, &gardens, &ZonalOptions::default())?;
/// assert_eq!(table.get(0, ZonalStatistic::Mean), Some(32.0)); // (0.5 · 30 + 0.25 · 36) / 0.75
/// assert_eq!(table.completeness(), [Some(1.0)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Baston, D., *exactextract* 0.3, whose conventions the statistics follow.
pub fn zonal_statistics(
    raster: &Raster,
    zones: &GeometryColumn,
    options: &ZonalOptions,
) -> Result<ZonalTable, ZonalError> {
    statistics(raster, options.weight_band.map(|_| raster), zones, options)
}

/// As [`zonal_statistics`], with the weights of a second raster on the same grid.
///
/// The weights are in its band [`ZonalOptions::weight_band`], by default the first; inhabitants for a mean exposure, for
/// instance. Cells without weight do not count in weighted statistics.
///
/// # Errors
///
/// [`ZonalError::GridMismatch`] if the cells are others, else as [`zonal_statistics`].
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{
///     Band, GeometryColumn, Grid, Raster, ZonalOptions, ZonalStatistic, weighted_zonal_statistics,
/// };
///
/// let grid = Grid::new([0.0, 10.0], [10.0, 10.0], 2, 1, Crs::CC46)?;
/// let noise = Raster::new(grid.clone(), [Band::new(vec![70.0, 50.0])])?;
/// let inhabitants = Raster::new(grid, [Band::new(vec![10.0, 90.0])])?;
/// let block = Rect::new(coord! { x: 0., y: 0. }, coord! { x: 20., y: 10. });
/// let blocks = GeometryColumn::new([block.into()], Crs::CC46);
/// let options = ZonalOptions::default().with_statistics([ZonalStatistic::WeightedMean]);
/// let table = weighted_zonal_statistics(&noise, &inhabitants, &blocks, &options)?;
/// assert_eq!(table.get(0, ZonalStatistic::WeightedMean), Some(52.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn weighted_zonal_statistics(
    raster: &Raster,
    weights: &Raster,
    zones: &GeometryColumn,
    options: &ZonalOptions,
) -> Result<ZonalTable, ZonalError> {
    if raster.grid() != weights.grid() {
        let (values, weights) = (Box::new(raster.grid().clone()), Box::new(weights.grid().clone()));
        return Err(ZonalError::GridMismatch { values, weights });
    }
    statistics(raster, Some(weights), zones, options)
}

fn statistics(
    raster: &Raster,
    weights: Option<&Raster>,
    zones: &GeometryColumn,
    options: &ZonalOptions,
) -> Result<ZonalTable, ZonalError> {
    check(options, weights.is_some())?;
    let band = |raster: &'_ Raster, asked: usize| match asked < raster.bands().len() {
        true => Ok(asked),
        false => Err(ZonalError::Band { asked, bands: raster.bands().len() }),
    };
    let values = &raster.bands()[band(raster, options.band)?];
    let weights = match weights {
        Some(weights) => Some(&weights.bands()[band(weights, options.weight_band.unwrap_or(0))?]),
        None => None,
    };
    let grid = raster.grid();
    let part = Part { rows: 0..grid.rows(), columns: 0..grid.columns(), values, weights };
    let all: Vec<usize> = (0..zones.len()).collect();
    let cells = CoveredCells::new(grid, zones)?;
    let rows = for_each_zone(&cells, &all, |cells, zone| {
        let mut accumulator = Accumulator::new(&options.statistics);
        part.gather(cells, zone, &mut accumulator);
        finish(cells, zone, accumulator)
    });
    Ok(ZonalTable::of(options.statistics.clone(), rows))
}

/// Refuses statistics that cannot be made.
fn check(options: &ZonalOptions, weighted: bool) -> Result<(), ZonalError> {
    for &statistic in &options.statistics {
        match statistic {
            ZonalStatistic::Quantile(found) if !(0.0..=1.0).contains(&found) => {
                return Err(ZonalError::Quantile { found });
            }
            _ if statistic.is_weighted() && !weighted => return Err(ZonalError::WeightsAbsent { statistic }),
            _ => {}
        }
    }
    Ok(())
}

/// Does the same for each zone, on all cores.
fn for_each_zone<T: Send>(
    cells: &CoveredCells<'_>,
    zones: &[usize],
    each: impl Fn(&mut CoveredCells<'_>, usize) -> T + Sync + Send,
) -> Vec<T> {
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        zones.par_iter().map_init(|| cells.clone(), |cells, &zone| each(cells, zone)).collect()
    }
    #[cfg(not(feature = "parallel"))]
    {
        let mut cells = cells.clone();
        zones.iter().map(|&zone| each(&mut cells, zone)).collect()
    }
}

/// The statistics of a zone, and which share of it has values.
fn finish(
    cells: &mut CoveredCells<'_>,
    zone: usize,
    accumulator: Accumulator<'_>,
) -> (Vec<Option<f64>>, Option<f64>) {
    let (grid, zones) = (cells.grid(), cells.polygons());
    if zones.is_missing(zone) {
        return (Vec::new(), None);
    }
    // Of rings that meet, the areas do not add up to that of the ground within, which is found by the same rule as the
    // cells: even–odd.
    let area = match cells.keep_apart(zone) {
        true => area_of(zones, zone),
        false => area_of(&repair(&zones.take(&[zone])).0, 0),
    };
    let cells = area / grid.cell_area();
    let completeness = (cells > 0.0).then(|| (accumulator.count() / cells).min(1.0));
    (accumulator.finish(), completeness)
}

/// Area of a row whose rings keep apart, in the square of the unit of the CRS.
fn area_of(zones: &GeometryColumn, zone: usize) -> f64 {
    let area = |part: crate::geometry::Part<'_>| {
        let mut rings = part.rings().map(|ring| signed_area(ring).abs());
        rings.next().unwrap_or(0.0) - rings.sum::<f64>()
    };
    zones.parts(zone).map(area).sum()
}

/// Shares below this one are rounding of [`coverage`](crate::coverage), and no ground: a zone that ends at a line of the
/// grid does not take the least value of the cell beyond.
pub(crate) const LEAST_SHARE: f64 = 1e-12;

/// A part of a raster that is at hand.
#[derive(Debug)]
struct Part<'a> {
    /// Rows and columns of the whole raster.
    rows: Range<usize>,
    columns: Range<usize>,
    /// The values there.
    values: &'a Band,
    weights: Option<&'a Band>,
}

impl Part<'_> {
    /// Adds the cells of this part that a zone covers, row by row.
    fn gather(&self, cells: &mut CoveredCells<'_>, zone: usize, accumulator: &mut Accumulator<'_>) {
        let (mut values, mut weights) = (Vec::new(), Vec::new());
        cells.cells_of(zone, |CellRun { row, columns, share }| {
            let columns = columns.start.max(self.columns.start)..columns.end.min(self.columns.end);
            if share < LEAST_SHARE || !self.rows.contains(&row) || columns.is_empty() {
                return;
            }
            let first = (row - self.rows.start) * self.columns.len() + columns.start - self.columns.start;
            values.resize(columns.len(), 0.0);
            self.values.values_into(first, &mut values);
            let weights = self.weights.map(|band| {
                weights.resize(columns.len(), 0.0);
                band.values_into(first, &mut weights);
                weights.as_slice()
            });
            accumulator.add(&values, weights, share);
        });
    }
}
