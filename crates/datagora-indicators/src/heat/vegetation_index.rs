//! How green the ground looks from above: the normalised difference vegetation index.
use datagora_core::{Measured, Unit};
use datagora_geo::{
    Band, GeometryColumn, Raster, ZonalError, ZonalOptions, ZonalStatistic, ZonalTable, zonal_statistics,
};

use super::zonal::of_zone;

/// Scale and offset that make surface reflectance of the numbers of Landsat Collection 2 Level 2: 0.0000275 and −0.2.
///
/// USGS (2024). *Landsat 8-9 Collection 2 Level 2 Science Product Guide* (LSDS-1619), surface reflectance.
pub const LANDSAT_REFLECTANCE: (f64, f64) = (0.000_027_5, -0.2);
/// Scale and offset that make reflectance of the numbers of Sentinel-2 Level 2A from processing baseline 04.00 (25 January
/// 2022) on: (DN − 1000) / 10,000. Before, the offset was 0.
///
/// ESA, *Sentinel-2 Products Specification Document* (S2-PDGS-TAS-DI-PSD), `QUANTIFICATION_VALUE`, `BOA_ADD_OFFSET`.
pub const SENTINEL_2_REFLECTANCE: (f64, f64) = (0.000_1, -0.1);

/// What the numbers of the two bands are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Radiometry {
    /// Reflectances, 0 to 1 and a little beyond over snow and glint, once scale and offset of the band are done.
    #[default]
    Reflectance,
    /// Digital numbers of a sensor, taken as they are. The index then depends on gains and offsets and is not comparable
    /// between images; with an offset, as Landsat and Sentinel-2 have, it is wrong.
    DigitalNumbers,
}

/// The index, and the cells of which there is none.
#[derive(Clone, Debug, PartialEq)]
pub struct VegetationIndex {
    /// NDVI, −1 to 1.
    pub band: Band,
    /// Cells where one of the bands is missing.
    pub missing: usize,
    /// Cells where both are 0: no light, no index.
    pub dark: usize,
    /// Cells where a reflectance is negative, as the correction of the atmosphere took away more than there was, mostly
    /// over water. The index would leave −1 to 1.
    pub negative: usize,
}

/// Bands that make no vegetation index.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum VegetationIndexError {
    /// Bands of two grids.
    #[error("the near infrared has {found} cells, the red {needed}; bring both to one grid")]
    Length {
        /// Cells of the near infrared.
        found: usize,
        /// Cells of the red.
        needed: usize,
    },
    /// Numbers that are no reflectances.
    #[error(
        "found {value} in cell {cell} of the {band} band, above {MOST_REFLECTANCE}; give scale and offset with `Band::with_scale`, or name digital numbers"
    )]
    NotReflectance {
        /// Which band.
        band: &'static str,
        /// Cell.
        cell: usize,
        /// Value found.
        value: f64,
    },
}

/// The greatest number taken for a reflectance; the valid range of Landsat Collection 2 ends at 1.6022.
const MOST_REFLECTANCE: f64 = 2.0;

/// Normalised difference vegetation index of each cell: `(NIR − R) / (NIR + R)`.
///
/// # Shapes and units
///
/// Two bands of `n` cells, with their scale and offset ([`Band::with_scale`], [`LANDSAT_REFLECTANCE`],
/// [`SENTINEL_2_REFLECTANCE`]) → a band of `n` pure numbers, −1 to 1.
///
/// # Missing values
///
/// A cell is missing where a band is, where both are 0, and where a reflectance is negative; the numbers of each are
/// told. Mask clouds before with a [`QualityMask`](super::QualityMask).
///
/// # Interpretation
///
/// Below 0 water, about 0.1 to 0.2 bare ground and roofs, above 0.3 vegetation, 0.6 to 0.9 dense and green. It says how
/// green, not how high: a watered lawn is above a tree in August. It saturates in dense canopy and follows the season:
/// compare images of the same weeks.
///
/// # Errors
///
/// [`VegetationIndexError::Length`]; [`VegetationIndexError::NotReflectance`] if numbers said to be reflectances are not.
///
/// # Example
///
/// ```
/// use datagora_geo::Band;
/// use datagora_indicators::heat::{LANDSAT_REFLECTANCE, Radiometry, ndvi};
///
/// let (scale, offset) = LANDSAT_REFLECTANCE;
/// let red = Band::new(vec![9_091_u16, 0]).with_no_data(0).with_scale(scale, offset); // reflectance 0.05
/// let nir = Band::new(vec![20_000_u16, 0]).with_no_data(0).with_scale(scale, offset); // 0.35
/// let found = ndvi(&red, &nir, Radiometry::Reflectance)?;
/// assert!((found.band.value(0).unwrap() - 0.75).abs() < 1e-4); // of the numbers as stored: 0.37
/// assert_eq!((found.band.value(1), found.missing), (None, 1));
/// # Ok::<(), datagora_indicators::heat::VegetationIndexError>(())
/// ```
///
/// # References
///
/// Rouse, J. W., Haas, R. H., Schell, J. A. and Deering, D. W. (1974). Monitoring vegetation systems in the Great Plains
/// with ERTS. NASA SP-351, 309–317. Tucker, C. J. (1979). Remote Sens. Environ. 8, 127–150.
pub fn ndvi(
    red: &Band,
    near_infrared: &Band,
    radiometry: Radiometry,
) -> Result<VegetationIndex, VegetationIndexError> {
    let needed = red.len();
    if near_infrared.len() != needed {
        return Err(VegetationIndexError::Length { found: near_infrared.len(), needed });
    }
    let (mut missing, mut dark, mut negative) = (0, 0, 0);
    let mut index = Vec::with_capacity(needed);
    for (cell, pair) in red.values().zip(near_infrared.values()).enumerate() {
        let (Some(red), Some(nir)) = pair else {
            missing += 1;
            index.push(f64::NAN);
            continue;
        };
        if radiometry == Radiometry::Reflectance {
            for (band, value) in [("red", red), ("near infrared", nir)] {
                if value > MOST_REFLECTANCE {
                    return Err(VegetationIndexError::NotReflectance { band, cell, value });
                }
            }
        }
        index.push(if red < 0.0 || nir < 0.0 {
            negative += 1;
            f64::NAN
        } else if red + nir == 0.0 {
            dark += 1;
            f64::NAN
        } else {
            (nir - red) / (nir + red)
        });
    }
    Ok(VegetationIndex { band: Band::new(index).with_name("NDVI").with_unit("1"), missing, dark, negative })
}

/// The vegetation index of a zone.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ZoneVegetation {
    /// Mean over the ground.
    pub mean: Measured,
    /// Median over the ground.
    pub median: Measured,
    /// The quantiles asked for, in their order.
    pub quantiles: Vec<Measured>,
    /// Percent of the ground with an index above the threshold.
    pub green_share: Measured,
}

/// The index from which ground is called green where nothing else is said: 0.3.
pub const GREEN_NDVI: f64 = 0.3;

/// Mean, median, quantiles and green share of a vegetation index by zone, by exact shares of cells.
///
/// # Shapes and units
///
/// A raster whose first band is the index, `n` zones, a threshold such as [`GREEN_NDVI`], quantiles from 0 to 1 → `n` rows;
/// pure numbers, and percent.
///
/// # Missing values
///
/// Cells without index do not count; the completeness is the share of the zone that has one. A zone without any is
/// suppressed. Half a zone under clouds gives the index of the other half: mind the completeness.
///
/// # Interpretation
///
/// A cell of 30 m is a mean over street, roof and tree: the share above a threshold depends on the size of the cells.
///
/// # Errors
///
/// [`ZonalError`], as [`zonal_statistics`].
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{Band, GeometryColumn, Grid, Raster};
/// use datagora_indicators::heat::{GREEN_NDVI, vegetation_by_zone};
///
/// let grid = Grid::new([0.0, 10.0], [10.0, 10.0], 2, 1, Crs::CC46)?;
/// let index = Raster::new(grid, [Band::new(vec![0.6, 0.2])])?;
/// let block = Rect::new(coord! { x: 5., y: 0. }, coord! { x: 20., y: 10. });
/// let blocks = GeometryColumn::new([block.into()], Crs::CC46);
/// let found = vegetation_by_zone(&index, &blocks, GREEN_NDVI, &[])?;
/// assert!((found[0].mean.value().unwrap() - 1.0 / 3.0).abs() < 1e-12);
/// assert!((found[0].green_share.value().unwrap() - 100.0 / 3.0).abs() < 1e-9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn vegetation_by_zone(
    index: &Raster,
    zones: &GeometryColumn,
    threshold: f64,
    quantiles: &[f64],
) -> Result<Vec<ZoneVegetation>, ZonalError> {
    let above = ZonalStatistic::ShareAbove(threshold);
    let mut statistics =
        vec![ZonalStatistic::Count, ZonalStatistic::Mean, ZonalStatistic::Quantile(0.5), above];
    statistics.extend(quantiles.iter().map(|&quantile| ZonalStatistic::Quantile(quantile)));
    let table = zonal_statistics(index, zones, &ZonalOptions::default().with_statistics(statistics))?;
    let number = |table: &ZonalTable, zone, statistic| of_zone(table, zone, statistic, 1.0, &Unit::ONE);
    Ok((0..table.len())
        .map(|zone| ZoneVegetation {
            mean: number(&table, zone, ZonalStatistic::Mean),
            median: number(&table, zone, ZonalStatistic::Quantile(0.5)),
            quantiles: quantiles.iter().map(|&q| number(&table, zone, ZonalStatistic::Quantile(q))).collect(),
            green_share: of_zone(&table, zone, above, 100.0, &Unit::PERCENT),
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_over_nothing_is_missing() {
        let red = Band::new(vec![0.1, 0.0, -0.01, f64::NAN, 0.3]);
        let nir = Band::new(vec![0.4, 0.0, 0.2, 0.4, 0.3]);
        let found = ndvi(&red, &nir, Radiometry::Reflectance).unwrap();
        assert_eq!((found.missing, found.dark, found.negative), (1, 1, 1));
        let values: Vec<Option<f64>> = found.band.values().collect();
        // Golden `greening`: (0.4 − 0.1) / 0.5 and 0; NumPy 2.4.6.
        assert_eq!(values, [Some(0.600_000_000_000_000_1), None, None, None, Some(0.0)]);
    }

    #[test]
    fn digital_numbers_are_refused_unless_named() {
        let (red, nir) = (Band::new(vec![0.1, 9_091.0]), Band::new(vec![0.2, 20_000.0]));
        let refused = ndvi(&red, &nir, Radiometry::Reflectance);
        assert_eq!(
            refused,
            Err(VegetationIndexError::NotReflectance { band: "red", cell: 1, value: 9_091.0 })
        );
        assert!(refused.unwrap_err().to_string().contains("above 2;"));
        assert!(ndvi(&red, &nir, Radiometry::DigitalNumbers).is_ok());
        let short = Band::new(vec![0.1]);
        assert_eq!(
            ndvi(&red, &short, Radiometry::Reflectance),
            Err(VegetationIndexError::Length { found: 1, needed: 2 })
        );
    }

    proptest! {
        #[test]
        fn the_index_lies_between_and_changes_sign_with_the_bands(
            pairs in proptest::collection::vec((0.0..1.5_f64, 0.0..1.5_f64), 1..40)
        ) {
            let (red, nir): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
            let (red, nir) = (Band::new(red), Band::new(nir));
            let there = ndvi(&red, &nir, Radiometry::Reflectance).unwrap().band;
            let back = ndvi(&nir, &red, Radiometry::Reflectance).unwrap().band;
            for (there, back) in there.values().zip(back.values()) {
                prop_assert_eq!(there, back.map(|value| -value));
                prop_assert!(there.is_none_or(|value| (-1.0..=1.0).contains(&value)));
            }
        }
    }
}
