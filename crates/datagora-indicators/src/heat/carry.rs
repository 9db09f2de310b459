//! Values of zones carried to other zones and to cells, by the ground they share.
use datagora_core::{Measured, Suppression, Unit};
use datagora_geo::{CoverageError, CoveredCells, GeometryColumn, Grid, MeasureError, Overlap};

/// Rows and zones that do not go together.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CarryError {
    /// Another number of values than zones.
    #[error("found {found} {what}, needed {needed}, one each")]
    Length {
        /// Which.
        what: &'static str,
        /// Found.
        found: usize,
        /// Needed.
        needed: usize,
    },
    /// A shared surface of a zone that has no value column, or of a target beyond the last.
    #[error("overlap {at} is of zones {left} and {right}; there are {values} values and {targets} targets")]
    NoSuchZone {
        /// Which overlap.
        at: usize,
        /// Its row on the left.
        left: usize,
        /// Its row on the right.
        right: usize,
        /// Number of values.
        values: usize,
        /// Number of targets.
        targets: usize,
    },
    /// Zones that no cells can be found for.
    #[error(transparent)]
    Zones(#[from] CoverageError),
    /// Zones without areas in m².
    #[error(transparent)]
    Measure(#[from] MeasureError),
}

/// Means by area of the values of zones, in other zones: what an index or rate of IRIS is in quarters.
///
/// `Σ area · value / Σ area` over the shared ground, so that a sliver counts as the sliver it is; the zone with the largest
/// share does not take all.
///
/// # Shapes and units
///
/// `n` values; what the zones share with `m` targets, as [`overlaps`](datagora_geo::overlaps) gives it with the zones on the
/// left → `m` means, in the unit of the values.
///
/// # Missing values
///
/// Zones of unknown value (NaN) are left out; completeness is the share of the target's ground with a known value. A target
/// without any is suppressed.
///
/// # Interpretation
///
/// For intensive values: an index, a rate, a temperature. Counts of people are divided instead. A mean of classes is a mean
/// of the ground, no class.
///
/// # Errors
///
/// [`CarryError::NoSuchZone`].
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Unit};
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{GeometryColumn, overlaps};
/// use datagora_indicators::heat::area_weighted_to_zones;
///
/// let square = |x: f64, width: f64| Rect::new(coord! { x: x, y: 0. }, coord! { x: x + width, y: 10. }).into();
/// let iris = GeometryColumn::new([square(0.0, 30.0), square(30.0, 30.0)], Crs::CC46);
/// let quarter = GeometryColumn::new([square(15.0, 20.0)], Crs::CC46);
/// let shared = overlaps(&iris, &quarter)?;
/// let found = area_weighted_to_zones(&[4.0, 8.0], &shared, 1, &Unit::ONE)?;
/// assert!((found[0].value().unwrap() - 5.0).abs() < 1e-9); // 15 m of 4, 5 m of 8
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn area_weighted_to_zones(
    values: &[f64],
    overlaps: &[Overlap],
    targets: usize,
    unit: &Unit,
) -> Result<Vec<Measured>, CarryError> {
    let mut sums = vec![(0.0, 0.0, 0.0, 0_u64); targets];
    for (at, overlap) in overlaps.iter().enumerate() {
        let &Overlap { left, right, area, share_of_right, .. } = overlap;
        let (Some(value), Some(sum)) = (values.get(left), sums.get_mut(right)) else {
            return Err(CarryError::NoSuchZone { at, left, right, values: values.len(), targets });
        };
        if !value.is_nan() {
            sum.0 += area * value;
            sum.1 += area;
            sum.2 += share_of_right;
            sum.3 += 1;
        }
    }
    Ok(sums.into_iter().map(|(sum, area, share, zones)| mean_of(sum, area, share, zones, unit)).collect())
}

/// A mean by area, with the share of the ground that is known.
fn mean_of(sum: f64, area: f64, share: f64, rows: u64, unit: &Unit) -> Measured {
    let measured = match area > 0.0 {
        true => Measured::new(sum / area, unit.clone()),
        false => Measured::suppressed(unit.clone(), Suppression::Incomplete { needed: 0.0 }),
    };
    // Zones that overlap each other cover more than all.
    measured.with_observations(rows).with_completeness(share.clamp(0.0, 1.0))
}

/// Values of zones on the cells of a grid.
#[derive(Clone, Debug, PartialEq)]
pub struct CarriedCells {
    /// Mean by area of the zones in each cell; NaN where none of known value is.
    pub values: Vec<f64>,
    /// Share of each cell under zones of known value; above 1 where zones overlap.
    pub covered: Vec<f64>,
}

/// Means by area of the values of zones, in the cells of a grid, by exact shares.
///
/// The way back, from cells to zones, is [`zonal_statistics`](datagora_geo::zonal_statistics) with
/// [`ZonalStatistic::Mean`](datagora_geo::ZonalStatistic::Mean).
///
/// # Missing values
///
/// Zones of unknown value (NaN) are left out. [`CarriedCells::covered`] tells how much of a cell the rest stand for.
///
/// # Errors
///
/// [`CarryError::Length`], [`CarryError::Zones`].
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{GeometryColumn, Grid};
/// use datagora_indicators::heat::area_weighted_to_cells;
///
/// let grid = Grid::new([0.0, 10.0], [10.0, 10.0], 2, 1, Crs::CC46)?;
/// let square = |x: f64, width: f64| Rect::new(coord! { x: x, y: 0. }, coord! { x: x + width, y: 10. }).into();
/// let zones = GeometryColumn::new([square(0.0, 7.5), square(7.5, 7.5)], Crs::CC46);
/// let found = area_weighted_to_cells(&[2.0, 6.0], &zones, &grid)?;
/// assert_eq!(found.values, [3.0, 6.0]);
/// assert_eq!(found.covered, [1.0, 0.5]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn area_weighted_to_cells(
    values: &[f64],
    zones: &GeometryColumn,
    grid: &Grid,
) -> Result<CarriedCells, CarryError> {
    check_rows("values", values.len(), zones)?;
    let mut cells = CoveredCells::new(grid, zones)?;
    let (mut sums, mut covered) = (vec![0.0; grid.len()], vec![0.0; grid.len()]);
    for (zone, value) in values.iter().enumerate().filter(|(_, value)| !value.is_nan()) {
        cells.cells_of(zone, |run| {
            let first = grid.index(run.columns.start, run.row);
            for cell in first..first + run.columns.len() {
                sums[cell] += run.share * value;
                covered[cell] += run.share;
            }
        });
    }
    for (sum, covered) in sums.iter_mut().zip(&covered) {
        *sum = if *covered > 0.0 { *sum / covered } else { f64::NAN };
    }
    Ok(CarriedCells { values: sums, covered })
}

/// One row for each zone.
pub(super) fn check_rows(what: &'static str, found: usize, zones: &GeometryColumn) -> Result<(), CarryError> {
    match found == zones.len() {
        true => Ok(()),
        false => Err(CarryError::Length { what, found, needed: zones.len() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use datagora_core::Crs;
    use datagora_geo::types::{Rect, coord};
    use datagora_geo::{Band, Raster, ZonalOptions, ZonalStatistic, overlaps, zonal_statistics};
    use proptest::prelude::*;

    fn squares(edges: &[f64]) -> GeometryColumn {
        let square =
            |pair: &[f64]| Rect::new(coord! { x: pair[0], y: 0. }, coord! { x: pair[1], y: 100. }).into();
        GeometryColumn::new(edges.windows(2).map(square), Crs::CC46)
    }

    #[test]
    fn unknown_ground_is_not_made_up() {
        let (zones, targets) = (squares(&[0.0, 50.0, 100.0]), squares(&[0.0, 200.0, 300.0]));
        let shared = overlaps(&zones, &targets).unwrap();
        let found = area_weighted_to_zones(&[2.0, f64::NAN], &shared, 2, &Unit::ONE).unwrap();
        assert_eq!((found[0].value(), found[0].observations()), (Some(2.0), 1));
        assert!((found[0].completeness() - 0.25).abs() < 1e-12);
        assert!(found[1].suppression().is_some() && found[1].completeness() == 0.0);
        let short = area_weighted_to_zones(&[2.0], &shared, 2, &Unit::ONE);
        assert!(matches!(short, Err(CarryError::NoSuchZone { at: 1, left: 1, .. })));
        let grid = Grid::new([0.0, 100.0], [50.0, 50.0], 2, 2, Crs::CC46).unwrap();
        assert_eq!(
            area_weighted_to_cells(&[1.0], &zones, &grid),
            Err(CarryError::Length { what: "values", found: 1, needed: 2 })
        );
        let cells = area_weighted_to_cells(&[1.0, f64::NAN], &zones, &grid).unwrap();
        assert!(cells.values[1].is_nan() && cells.covered[1] == 0.0);
    }

    proptest! {
        /// The whole keeps its mean, whichever way it is cut.
        #[test]
        fn carrying_keeps_the_mean_of_the_ground(
            cuts in proptest::collection::vec(1.0..99.0_f64, 1..6), values in proptest::collection::vec(-5.0..5.0_f64, 7)
        ) {
            let mut edges = cuts;
            edges.extend([0.0, 100.0]);
            edges.sort_by(f64::total_cmp);
            edges.dedup();
            let zones = squares(&edges);
            let values = &values[..zones.len()];
            let whole: f64 = edges.windows(2).zip(values).map(|(pair, value)| (pair[1] - pair[0]) * value).sum::<f64>() / 100.0;
            let all = squares(&[0.0, 100.0]);
            let found = area_weighted_to_zones(values, &overlaps(&zones, &all).unwrap(), 1, &Unit::ONE).unwrap();
            prop_assert!((found[0].value().unwrap() - whole).abs() < 1e-9);
            let grid = Grid::new([0.0, 100.0], [12.5, 25.0], 8, 4, Crs::CC46).unwrap();
            let cells = area_weighted_to_cells(values, &zones, &grid).unwrap();
            prop_assert!(cells.covered.iter().all(|covered| (covered - 1.0).abs() < 1e-9));
            let raster = Raster::new(grid, [Band::new(cells.values)]).unwrap();
            let back = zonal_statistics(&raster, &all, &ZonalOptions::default()).unwrap();
            prop_assert!((back.get(0, ZonalStatistic::Mean).unwrap() - whole).abs() < 1e-9);
        }
    }
}
