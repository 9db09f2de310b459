//! How steep the ground is.
use std::ops::RangeInclusive;

use datagora_core::{Crs, Measured, Suppression, Unit};
use datagora_geo::{
    Band, CoveredCells, GeometryColumn, Raster, RasterError, ZonalError, ZonalOptions, ZonalStatistic,
    zonal_statistics,
};

use super::zonal::of_zone;

/// Heights that have no slope.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SlopeError {
    /// Cells whose size is not in metres.
    #[error("the heights are in {0}, whose cells have no metres; reproject them")]
    Degrees(Crs),
    /// No such band.
    #[error("band {asked} was asked for (counted from 0); there are {bands}")]
    Band {
        /// Asked for.
        asked: usize,
        /// Number of bands.
        bands: usize,
    },
    /// Zones whose cells cannot be found.
    #[error(transparent)]
    Zones(#[from] ZonalError),
    /// Slopes that do not fit the grid of the heights.
    #[error(transparent)]
    Raster(#[from] RasterError),
}

/// Slope of each cell in degrees, from the heights of its eight neighbours.
///
/// Differences of the third order, in which the nearer neighbours count twice.
///
/// # Shapes and units
///
/// A raster in metres whose band holds heights in metres → a band of degrees, 0 to 90.
///
/// # Missing values
///
/// The cells at the border of the raster, and those of which a neighbour or the cell itself is missing.
///
/// # Interpretation
///
/// It depends on the size of the cells: a model of 1 m sees kerbs and walls, one of 25 m hills.
///
/// # Errors
///
/// [`SlopeError::Degrees`], [`SlopeError::Band`].
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::{Band, Grid, Raster};
/// use datagora_indicators::heat::slope;
///
/// // A plane that rises by 1 m each metre to the east.
/// let grid = Grid::new([0.0, 3.0], [1.0, 1.0], 3, 3, Crs::LAMBERT_93)?;
/// let heights = Raster::new(grid, [Band::new(vec![0.0, 1.0, 2.0, 0.0, 1.0, 2.0, 0.0, 1.0, 2.0])])?;
/// let found = slope(&heights, 0)?;
/// assert!((found.value(4).unwrap() - 45.0).abs() < 1e-12);
/// assert_eq!(found.value(0), None); // at the border
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Horn, B. K. P. (1981). Hill shading and the reflectance map. Proc. IEEE 69, 14–47. doi:10.1109/PROC.1981.11918
pub fn slope(heights: &Raster, band: usize) -> Result<Band, SlopeError> {
    let grid = heights.grid();
    if grid.crs().is_geographic() {
        return Err(SlopeError::Degrees(grid.crs().clone()));
    }
    let bands = heights.bands().len();
    let values: Vec<f64> = heights
        .band(band)
        .ok_or(SlopeError::Band { asked: band, bands })?
        .values()
        .map(|height| height.unwrap_or(f64::NAN))
        .collect();
    let columns = grid.columns();
    let mut degrees = vec![f64::NAN; grid.len()];
    for row in 1..grid.rows().saturating_sub(1) {
        let line = |row: usize| &values[row * columns..(row + 1) * columns];
        let [north, middle, south] = [line(row - 1), line(row), line(row + 1)];
        for column in 1..columns.saturating_sub(1) {
            let sum = |[a, b, c]: [f64; 3]| a + 2.0 * b + c;
            let across = |line: &[f64]| [line[column - 1], line[column], line[column + 1]];
            let along = |column: usize| [north[column], middle[column], south[column]];
            let east = (sum(along(column + 1)) - sum(along(column - 1))) / (8.0 * grid.cell_width());
            let up = (sum(across(north)) - sum(across(south))) / (8.0 * grid.cell_height());
            // The height of the cell itself does not enter; without it the cell is not known.
            if !middle[column].is_nan() {
                degrees[row * columns + column] = east.hypot(up).atan().to_degrees();
            }
        }
    }
    Ok(Band::new(degrees).with_name("slope").with_unit("deg"))
}

/// What the slope of a zone is: one number for many cells.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum SlopeSummary {
    /// Mean of the slopes.
    #[default]
    Mean,
    /// Mean of the slopes within a range of degrees, such as 5 to 50: without kerbs and walls, and without flat ground.
    MeanWithin(RangeInclusive<f64>),
    /// Standard deviation of the slopes: how uneven the ground is.
    StandardDeviation,
    /// The greatest slope.
    Max,
    /// Slope of the plane that fits the heights best (least squares, by the exact shares of cells): the lie of the land
    /// without what stands on it.
    BestFitPlane,
}

/// Slope of each zone in degrees, by exact shares of cells.
///
/// # Shapes and units
///
/// A raster in metres whose band holds heights in metres, `n` zones → `n` slopes in degrees.
///
/// # Missing values
///
/// Cells without slope ([`slope`]; without height, for a plane) do not count; the completeness is the share of the zone that
/// has one. A zone without any is suppressed, as are one without slopes in the range, and a plane through fewer than three
/// cells or cells in one line. The peer that the range of [`SlopeSummary::MeanWithin`] is from puts 0 there instead.
///
/// # Errors
///
/// [`SlopeError`].
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{Band, GeometryColumn, Grid, Raster};
/// use datagora_indicators::heat::{SlopeSummary, slope_by_zone};
///
/// let grid = Grid::new([0.0, 3.0], [1.0, 1.0], 3, 3, Crs::LAMBERT_93)?;
/// let heights = Raster::new(grid, [Band::new(vec![0.0, 1.0, 2.0, 0.0, 1.0, 2.0, 0.0, 1.0, 2.0])])?;
/// let plot = Rect::new(coord! { x: 0., y: 0. }, coord! { x: 3., y: 3. });
/// let plots = GeometryColumn::new([plot.into()], Crs::LAMBERT_93);
/// let found = slope_by_zone(&heights, 0, &plots, &SlopeSummary::BestFitPlane)?;
/// assert!((found[0].value().unwrap() - 45.0).abs() < 1e-9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn slope_by_zone(
    heights: &Raster,
    band: usize,
    zones: &GeometryColumn,
    summary: &SlopeSummary,
) -> Result<Vec<Measured>, SlopeError> {
    let slopes = slope(heights, band)?;
    let statistic = match summary {
        SlopeSummary::BestFitPlane => return planes(heights, band, zones),
        SlopeSummary::Mean | SlopeSummary::MeanWithin(_) => ZonalStatistic::Mean,
        SlopeSummary::StandardDeviation => ZonalStatistic::StandardDeviation,
        SlopeSummary::Max => ZonalStatistic::Max,
    };
    let unit = Unit::of("deg");
    let values = match summary {
        SlopeSummary::MeanWithin(range) => {
            Band::from_options(slopes.values().map(|slope| slope.filter(|slope| range.contains(slope))))
        }
        _ => slopes,
    };
    let raster = Raster::new(heights.grid().clone(), [values])?;
    let options = ZonalOptions::default().with_statistics([ZonalStatistic::Count, statistic]);
    let table = zonal_statistics(&raster, zones, &options)?;
    Ok((0..table.len()).map(|zone| of_zone(&table, zone, statistic, 1.0, &unit)).collect())
}

/// The slope of the best plane through the heights of each zone.
fn planes(heights: &Raster, band: usize, zones: &GeometryColumn) -> Result<Vec<Measured>, SlopeError> {
    let grid = heights.grid();
    let heights = &heights.bands()[band];
    let mut cells = CoveredCells::new(grid, zones).map_err(ZonalError::from)?;
    let mut found = Vec::with_capacity(zones.len());
    for zone in 0..zones.len() {
        let (mut points, mut ground) = (Vec::new(), 0.0);
        cells.cells_of(zone, |run| {
            ground += run.share * run.columns.len() as f64;
            for column in run.columns.clone() {
                if let Some(height) = heights.value(grid.index(column, run.row)) {
                    let east = column as f64 * grid.cell_width();
                    points.push([run.share, east, run.row as f64 * grid.cell_height(), height]);
                }
            }
        });
        let known: f64 = points.iter().map(|point| point[0]).sum();
        let unit = Unit::of("deg");
        let measured = match plane(&points, known) {
            Some([east, south]) => Measured::new(east.hypot(south).atan().to_degrees(), unit),
            None => {
                let reason =
                    "no plane lies through fewer than three heights, or heights in one line".to_owned();
                Measured::suppressed(unit, Suppression::Undefined { reason })
            }
        };
        let share = if ground > 0.0 { (known / ground).min(1.0) } else { 0.0 };
        found.push(measured.with_observations(points.len() as u64).with_completeness(share));
    }
    Ok(found)
}

/// Rise to the east and to the south of the plane with the least squares, of points with weight, place and height.
fn plane(points: &[[f64; 4]], weight: f64) -> Option<[f64; 2]> {
    let mean = |of: usize| points.iter().map(|point| point[0] * point[of]).sum::<f64>() / weight;
    let [x, y, z] = [1, 2, 3].map(mean);
    let [mut xx, mut xy, mut yy, mut xz, mut yz] = [0.0; 5];
    for &[weight, east, south, height] in points {
        let (dx, dy, dz) = (east - x, south - y, height - z);
        xx += weight * dx * dx;
        xy += weight * dx * dy;
        yy += weight * dy * dy;
        xz += weight * dx * dz;
        yz += weight * dy * dz;
    }
    let determinant = xx * yy - xy * xy;
    (points.len() >= 3 && determinant > 1e-12 * xx * yy)
        .then(|| [(xz * yy - yz * xy) / determinant, (yz * xx - xz * xy) / determinant])
}

#[cfg(test)]
mod tests {
    use super::*;
    use datagora_geo::Grid;
    use datagora_geo::types::{Rect, coord};
    use proptest::prelude::*;

    fn heights(of: impl Fn(f64, f64) -> f64) -> Raster {
        let grid = Grid::new([0.0, 0.0], [2.0, 3.0], 80, 60, Crs::LAMBERT_93).unwrap();
        let values: Vec<f64> = (0..80 * 60).map(|cell| of((cell / 80) as f64, (cell % 80) as f64)).collect();
        Raster::new(grid, [Band::new(values)]).unwrap()
    }

    fn made(row: f64, column: f64) -> f64 {
        170.0 + 0.3 * column + 12.0 * (row / 7.0).sin() + 5.0 * (column * row / 211.0).cos()
    }

    /// Columns 20 to 24 of rows 10 to 14, and half of that.
    fn plots() -> GeometryColumn {
        let plot = |east: f64| Rect::new(coord! { x: 40., y: -45. }, coord! { x: east, y: -30. }).into();
        GeometryColumn::new([plot(50.0), plot(42.0)], Crs::LAMBERT_93)
    }

    #[test]
    fn slopes_are_those_of_the_formula_elsewhere() {
        // NumPy 2.4.6, Horn's differences over slices of the array; numpy.linalg.lstsq for the plane. xarray-spatial 0.5.3
        // `slope` gives the same mean to its 32 bits.
        let raster = heights(made);
        let found = slope(&raster, 0).unwrap();
        let known: Vec<f64> = found.values().flatten().collect();
        assert_eq!(known.len(), 78 * 58);
        let close = |found: Option<f64>, wanted: f64| {
            assert!((found.unwrap() - wanted).abs() < 1e-9, "{found:?} is not {wanted}");
        };
        close(Some(known.iter().sum::<f64>() / known.len() as f64), 24.037_616_680_360_202);
        close(found.value(81), 0.583_226_380_434_208_2_f64.atan().to_degrees());
        let wanted = [
            (SlopeSummary::Mean, 13.670_508_917_868_24),
            (SlopeSummary::StandardDeviation, 6.239_044_652_668_323),
            (SlopeSummary::Max, 23.082_058_527_514_37),
            (SlopeSummary::MeanWithin(5.0..=50.0), 14.929_818_635_372_538),
            (SlopeSummary::BestFitPlane, 13.765_652_580_169_256),
        ];
        for (summary, wanted) in wanted {
            close(slope_by_zone(&raster, 0, &plots(), &summary).unwrap()[0].value(), wanted);
        }
    }

    #[test]
    fn holes_have_no_slope_and_lines_no_plane() {
        let mut values = vec![0.0; 25];
        values[12] = f64::NAN;
        let grid = Grid::new([0.0, 5.0], [1.0, 1.0], 5, 5, Crs::LAMBERT_93).unwrap();
        let raster = Raster::new(grid, [Band::new(values)]).unwrap();
        assert_eq!(slope(&raster, 0).unwrap().count_missing(), 25);
        assert!(matches!(slope(&raster, 1), Err(SlopeError::Band { asked: 1, bands: 1 })));
        let column = Rect::new(coord! { x: 0., y: 0. }, coord! { x: 1., y: 5. });
        let column = GeometryColumn::new([column.into()], Crs::LAMBERT_93);
        let found = slope_by_zone(&raster, 0, &column, &SlopeSummary::BestFitPlane).unwrap();
        assert!(found[0].suppression().is_some());
        let flat =
            slope_by_zone(&heights(|_, _| 1.0), 0, &plots(), &SlopeSummary::MeanWithin(5.0..=50.0)).unwrap();
        assert!(flat.iter().all(|slope| slope.value().is_none() && slope.completeness() == 0.0));
        let degrees = Grid::new([4.8, 45.8], [0.1, 0.1], 3, 3, Crs::WGS84).unwrap();
        let degrees = Raster::new(degrees, [Band::new(vec![0.0; 9])]).unwrap();
        assert!(matches!(slope(&degrees, 0), Err(SlopeError::Degrees(_))));
    }

    proptest! {
        #[test]
        fn a_plane_has_its_slope_everywhere(east in -3.0..3.0_f64, south in -3.0..3.0_f64) {
            let raster = heights(|row, column| 100.0 + east * 2.0 * column + south * 3.0 * row);
            let wanted = east.hypot(south).atan().to_degrees();
            for found in slope(&raster, 0).unwrap().values().flatten() {
                prop_assert!((found - wanted).abs() < 1e-6);
            }
            for summary in [SlopeSummary::Mean, SlopeSummary::Max, SlopeSummary::BestFitPlane] {
                for found in slope_by_zone(&raster, 0, &plots(), &summary).unwrap() {
                    // The half plot is one column wide: no plane.
                    prop_assert!(found.value().is_none_or(|found| (found - wanted).abs() < 1e-6));
                }
            }
        }
    }
}
