//! How much hotter the city is than the country around.
use std::collections::BTreeMap;

use datagora_core::{DateTime, Measured, Metres, Suppression, Unit, Utc};
use datagora_geo::{Band, CoverageError, CoverageOptions, GeometryColumn, coverage};

use super::distance::distance_to;
use super::surface_temperature::SurfaceTemperature;
use crate::{Bootstrap, LevelError};

/// The ground that the city is compared with.
///
/// There is no accepted one: the same city on the same day has islands that differ by kelvins. A published value names it.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum RuralReference {
    /// A ring around the city: cells whose centres lie between two distances from its nearest cell.
    Ring {
        /// Nearest.
        from: Metres,
        /// Farthest.
        to: Metres,
    },
    /// The nearest ground from a distance on that is as large as the city: Peng, S. et al. (2012). Surface urban heat island
    /// across 419 global big cities. Environ. Sci. Technol. 46, 696–703. doi:10.1021/es2030438
    EqualArea {
        /// Nearest.
        from: Metres,
    },
    /// These cells, by a rule of the caller.
    Cells(Vec<bool>),
}

/// How a surface heat island is measured.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SurfaceHeatIslandOptions {
    /// The ground compared with.
    pub reference: RuralReference,
    /// Cells that do not count on either side, such as water; none if not given.
    pub excluded: Option<Vec<bool>>,
    /// Greatest difference of altitude of the rural ground from the mean of the city, with an altitude given.
    pub altitude_within: Metres,
    /// Side of the blocks that are drawn for the interval. Neighbouring cells resemble each other: blocks smaller than the
    /// range of that resemblance make the interval too narrow.
    pub block: Metres,
    /// Draws of the interval.
    pub bootstrap: Bootstrap,
}

impl SurfaceHeatIslandOptions {
    /// Against this ground; altitudes within 50 m, blocks of 1 km, 1,000 draws, 95 %.
    pub fn new(reference: RuralReference) -> Self {
        Self {
            reference,
            excluded: None,
            altitude_within: Metres(50.0),
            block: Metres(1_000.0),
            bootstrap: Bootstrap::default(),
        }
    }

    /// Without these cells, such as water.
    pub fn with_excluded(self, cells: Vec<bool>) -> Self {
        Self { excluded: Some(cells), ..self }
    }

    /// With rural ground at most that much higher or lower than the city.
    pub fn with_altitude_within(self, metres: Metres) -> Self {
        Self { altitude_within: metres, ..self }
    }

    /// With blocks of this side.
    pub fn with_block(self, side: Metres) -> Self {
        Self { block: side, ..self }
    }

    /// With these draws.
    pub fn with_bootstrap(self, bootstrap: Bootstrap) -> Self {
        Self { bootstrap, ..self }
    }
}

/// Difference of the temperatures of the ground in a city and around it at one moment.
///
/// It is no difference of air temperatures, which [`AirHeatIsland`] is: the two have other sizes and are largest at other
/// hours, and there is no way from one to the other here.
#[derive(Clone, Debug, PartialEq)]
pub struct SurfaceHeatIsland {
    /// City minus reference, in kelvins.
    pub intensity: Measured,
    /// Mean of the city, in degrees Celsius.
    pub urban: Measured,
    /// Mean of the reference, in degrees Celsius.
    pub rural: Measured,
    /// When the satellite passed.
    pub acquired: DateTime<Utc>,
}

/// A heat island that cannot be measured.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum HeatIslandError {
    /// Cells of another grid.
    #[error("found {found} cells of {what}, the image has {needed}; as many are needed")]
    Length {
        /// Which.
        what: &'static str,
        /// Cells found.
        found: usize,
        /// Cells of the image.
        needed: usize,
    },
    /// A length that is none.
    #[error("{what} is {found} m; a finite number above 0 is needed")]
    Distance {
        /// Which.
        what: &'static str,
        /// Found.
        found: f64,
    },
    /// A ring without width.
    #[error(
        "a ring from {from} m to {to} m holds nothing; its far side must lie beyond the near one, from 0 on"
    )]
    Ring {
        /// Nearest.
        from: f64,
        /// Farthest.
        to: f64,
    },
    /// Distances in degrees.
    #[error("the image is in degrees; reproject it to a CRS in metres")]
    Degrees,
    /// The city is not a surface on this grid.
    #[error(transparent)]
    City(#[from] CoverageError),
    /// The level of the interval.
    #[error(transparent)]
    Level(#[from] LevelError),
}

/// Shares of a cell below this one are rounding, and no city.
const LEAST_SHARE: f64 = 1e-9;

/// Surface urban heat island: mean temperature of the ground in the city minus that of a named rural reference.
///
/// Cells at the edge of the city count by the share that it covers. Rural ground has no share of the city, is not excluded,
/// and, if altitudes are given, lies at most [`SurfaceHeatIslandOptions::altitude_within`] above or below the mean of the city.
///
/// # Shapes and units
///
/// An image of `n` cells, polygons of the city, altitudes by cell in metres if wanted → kelvins.
///
/// # Missing values
///
/// Cells without temperature do not count, nor does rural ground of unknown altitude where altitudes are given. The
/// completeness is the smaller of the shares of city and reference that have a temperature. Without any of either the
/// island is suppressed.
///
/// # Interval
///
/// Bootstrap by blocks: squares of [`SurfaceHeatIslandOptions::block`] are drawn with replacement. It tells how far the
/// value depends on which ground happened to be in it, as far as blocks are independent; nothing of the error of the
/// sensor, the atmosphere, or the choice of the reference, which is often the largest.
///
/// # Errors
///
/// [`HeatIslandError`].
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, DateTime, Metres, Utc};
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{Band, GeometryColumn, Grid};
/// use datagora_indicators::heat::{
///     RuralReference, SurfaceHeatIslandOptions, SurfaceTemperature, surface_heat_island,
/// };
///
/// let grid = Grid::new([0.0, 100.0], [100.0, 100.0], 4, 1, Crs::LAMBERT_93)?;
/// let pass: DateTime<Utc> = "2022-07-18T10:24:00Z".parse()?;
/// let kelvin = Band::new(vec![312.0, 310.0, 304.0, 303.0]);
/// let ground = SurfaceTemperature::from_kelvin(grid, &kelvin, pass)?;
/// let city = Rect::new(coord! { x: 0., y: 0. }, coord! { x: 200., y: 100. });
/// let city = GeometryColumn::new([city.into()], Crs::LAMBERT_93);
/// let ring = RuralReference::Ring { from: Metres(50.0), to: Metres(500.0) };
/// let found = surface_heat_island(&ground, &city, None, &SurfaceHeatIslandOptions::new(ring))?;
/// assert_eq!(found.intensity.value(), Some(7.5));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Voogt, J. A. and Oke, T. R. (2003). Thermal remote sensing of urban climates. Remote Sens. Environ. 86, 370–384.
/// doi:10.1016/S0034-4257(03)00079-8. Künsch, H. R. (1989), Ann. Statist. 17, 1217–1241, for blocks.
pub fn surface_heat_island(
    ground: &SurfaceTemperature,
    city: &GeometryColumn,
    altitude: Option<&Band>,
    options: &SurfaceHeatIslandOptions,
) -> Result<SurfaceHeatIsland, HeatIslandError> {
    let grid = ground.raster().grid();
    check(grid.len(), altitude, options)?;
    if grid.crs().is_geographic() {
        return Err(HeatIslandError::Degrees);
    }
    let mut urban = coverage(grid, city, CoverageOptions::default())?;
    urban.iter_mut().filter(|share| **share < LEAST_SHARE).for_each(|share| *share = 0.0);
    let excluded = |cell: usize| options.excluded.as_ref().is_some_and(|excluded| excluded[cell]);
    // Excluded ground of the city is still city: it does not become country.
    let mut rural: Vec<bool> =
        urban.iter().enumerate().map(|(cell, share)| *share == 0.0 && !excluded(cell)).collect();
    let size = [grid.cell_width(), grid.cell_height()];
    let distances = match &options.reference {
        RuralReference::Cells(_) => Vec::new(),
        _ => {
            let built: Vec<bool> = urban.iter().map(|share| *share > 0.0).collect();
            distance_to(&built, grid.columns(), size)
        }
    };
    for (cell, share) in urban.iter_mut().enumerate() {
        if excluded(cell) {
            *share = 0.0;
        }
    }
    if let Some(altitude) = altitude {
        keep_level(&mut rural, &urban, altitude, options.altitude_within.0);
    }
    match &options.reference {
        RuralReference::Ring { from, to } => {
            for (rural, distance) in rural.iter_mut().zip(&distances) {
                *rural &= (from.0..=to.0).contains(distance);
            }
        }
        RuralReference::EqualArea { from } => keep_nearest(&mut rural, &urban, &distances, from.0),
        RuralReference::Cells(cells) => {
            for (rural, cell) in rural.iter_mut().zip(cells) {
                *rural &= cell;
            }
        }
    }
    compare(ground, &urban, &rural, options)
}

fn check(
    needed: usize,
    altitude: Option<&Band>,
    options: &SurfaceHeatIslandOptions,
) -> Result<(), HeatIslandError> {
    let lengths = [
        ("altitude", altitude.map(Band::len)),
        ("excluded ground", options.excluded.as_ref().map(Vec::len)),
        (
            "rural ground",
            match &options.reference {
                RuralReference::Cells(cells) => Some(cells.len()),
                _ => None,
            },
        ),
    ];
    for (what, found) in lengths {
        if let Some(found) = found.filter(|found| *found != needed) {
            return Err(HeatIslandError::Length { what, found, needed });
        }
    }
    for (what, found) in
        [("the side of a block", options.block.0), ("the difference of altitude", options.altitude_within.0)]
    {
        if !(found > 0.0 && found.is_finite()) {
            return Err(HeatIslandError::Distance { what, found });
        }
    }
    match options.reference {
        RuralReference::Ring { from, to } if !(from.0 >= 0.0 && to.0 > from.0) => {
            Err(HeatIslandError::Ring { from: from.0, to: to.0 })
        }
        RuralReference::EqualArea { from } if !(from.0 >= 0.0 && from.0.is_finite()) => {
            Err(HeatIslandError::Ring { from: from.0, to: f64::INFINITY })
        }
        _ => Ok(()),
    }
}

/// Leaves the rural ground that lies near the mean altitude of the city.
fn keep_level(rural: &mut [bool], urban: &[f64], altitude: &Band, within: f64) {
    let (sum, ground) = urban
        .iter()
        .zip(altitude.values())
        .filter_map(|(share, altitude)| Some((share, altitude?)))
        .fold((0.0, 0.0), |(sum, ground), (share, altitude)| (sum + share * altitude, ground + share));
    // Of a city of unknown altitude nothing is near: the comparison with NaN fails.
    let mean = sum / ground;
    for (rural, altitude) in rural.iter_mut().zip(altitude.values()) {
        *rural &= altitude.is_some_and(|altitude| (altitude - mean).abs() <= within);
    }
}

/// Leaves the nearest rural ground from a distance on, as much as there is city; of cells equally far, all or none.
fn keep_nearest(rural: &mut [bool], urban: &[f64], distances: &[f64], from: f64) {
    let wanted: f64 = urban.iter().sum();
    let mut near: Vec<f64> = rural
        .iter()
        .zip(distances)
        .filter(|(rural, far)| **rural && **far >= from)
        .map(|(_, far)| *far)
        .collect();
    near.sort_by(f64::total_cmp);
    let last =
        (wanted.ceil() as usize).min(near.len()).checked_sub(1).map_or(f64::NEG_INFINITY, |at| near[at]);
    for (rural, far) in rural.iter_mut().zip(distances) {
        *rural &= (from..=last).contains(far);
    }
}

/// Sums of a block of ground: city and reference, each temperature times share, and share.
#[derive(Clone, Copy, Default)]
struct Block([f64; 4]);

impl Block {
    fn add(&mut self, other: &Block) {
        self.0.iter_mut().zip(other.0).for_each(|(sum, term)| *sum += term);
    }

    /// Mean of the city, mean of the reference, their difference.
    fn means(&self) -> [f64; 3] {
        let [urban, urban_ground, rural, rural_ground] = self.0;
        let (urban, rural) = (urban / urban_ground, rural / rural_ground);
        [urban, rural, urban - rural]
    }
}

fn compare(
    ground: &SurfaceTemperature,
    urban: &[f64],
    rural: &[bool],
    options: &SurfaceHeatIslandOptions,
) -> Result<SurfaceHeatIsland, HeatIslandError> {
    let grid = ground.raster().grid();
    let mut blocks: BTreeMap<(u64, u64), Block> = BTreeMap::new();
    let (mut cells, mut all) = ([0_u64; 2], [0.0; 2]);
    for (cell, value) in ground.raster().bands()[0].values().enumerate() {
        let shares = [urban[cell], f64::from(rural[cell])];
        let Some(value) = value else {
            all.iter_mut().zip(shares).for_each(|(all, share)| *all += share);
            continue;
        };
        if shares == [0.0, 0.0] {
            continue;
        }
        let (column, row) = grid.position(cell);
        let block = |at: usize, size: f64| (at as f64 * size / options.block.0) as u64;
        let block = (block(column, grid.cell_width()), block(row, grid.cell_height()));
        let sums = [value * shares[0], shares[0], value * shares[1], shares[1]];
        blocks.entry(block).or_default().add(&Block(sums));
        for side in 0..2 {
            all[side] += shares[side];
            cells[side] += u64::from(shares[side] > 0.0);
        }
    }
    let blocks: Vec<Block> = blocks.into_values().collect();
    let mut total = Block::default();
    blocks.iter().for_each(|block| total.add(block));
    let means = total.means();
    let draws = |drawn: &[usize]| {
        let mut sum = Block::default();
        drawn.iter().for_each(|&block| sum.add(&blocks[block]));
        sum.means()
    };
    let intervals = options.bootstrap.intervals(blocks.len(), draws)?;
    let known = [total.0[1], total.0[3]];
    let completeness = |side: usize| if all[side] > 0.0 { known[side] / all[side] } else { 0.0 };
    let measured = |which: usize, unit: Unit, cells: u64, completeness: f64| {
        let measured = match means[which] {
            mean if mean.is_nan() => Measured::suppressed(
                unit,
                Suppression::Undefined { reason: "no ground with a temperature on one side".to_owned() },
            ),
            mean => Measured::new(mean, unit),
        };
        let measured = match intervals[which] {
            Some(interval) => measured.with_interval(interval),
            None => measured,
        };
        measured.with_observations(cells).with_completeness(completeness)
    };
    let least = completeness(0).min(completeness(1));
    Ok(SurfaceHeatIsland {
        intensity: measured(2, Unit::KELVIN, cells[0] + cells[1], least),
        urban: measured(0, Unit::CELSIUS, cells[0], completeness(0)),
        rural: measured(1, Unit::CELSIUS, cells[1], completeness(1)),
        acquired: ground.acquired(),
    })
}

/// Difference of the air temperatures of a city and its surroundings, measured by stations.
///
/// Not to be mixed with the temperatures of the ground of a [`SurfaceHeatIsland`].
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AirHeatIsland {
    /// Mean of city minus country at the same moments, in kelvins.
    pub intensity: Measured,
    /// The largest difference at one moment, in kelvins.
    pub largest: Measured,
}

/// Urban heat island of the air: mean difference of simultaneous temperatures in the city and outside.
///
/// # Shapes and units
///
/// `n` temperatures in the city and `n` outside, at the same moments, in degrees Celsius or kelvins → kelvins. Choose the
/// moments to the question: the island is largest on calm clear nights.
///
/// # Missing values
///
/// Moments at which one side is NaN are left out; completeness is the share of moments with both. Without any, suppressed.
///
/// # Errors
///
/// [`HeatIslandError::Length`].
///
/// # Example
///
/// ```
/// use datagora_indicators::heat::air_heat_island;
///
/// let found = air_heat_island(&[24.0, 22.5, f64::NAN], &[20.0, 19.5, 18.0])?;
/// assert_eq!(found.intensity.value(), Some(3.5));
/// assert_eq!(found.largest.value(), Some(4.0));
/// # Ok::<(), datagora_indicators::heat::HeatIslandError>(())
/// ```
///
/// # References
///
/// Oke, T. R. (1982). The energetic basis of the urban heat island. Q. J. R. Meteorol. Soc. 108, 1–24.
/// doi:10.1002/qj.49710845502. Stewart, I. D. (2011). A systematic review and scientific critique of methodology in modern
/// urban heat island literature. Int. J. Climatol. 31, 200–217. doi:10.1002/joc.2141
pub fn air_heat_island(urban: &[f64], rural: &[f64]) -> Result<AirHeatIsland, HeatIslandError> {
    if urban.len() != rural.len() {
        let (found, needed) = (rural.len(), urban.len());
        return Err(HeatIslandError::Length { what: "temperatures outside", found, needed });
    }
    let both: Vec<f64> =
        urban.iter().zip(rural).map(|(urban, rural)| urban - rural).filter(|d| d.is_finite()).collect();
    let completeness = if urban.is_empty() { 0.0 } else { both.len() as f64 / urban.len() as f64 };
    let measured = |value: f64| {
        let measured = match both.is_empty() {
            true => Measured::suppressed(Unit::KELVIN, Suppression::Incomplete { needed: 0.0 }),
            false => Measured::new(value, Unit::KELVIN),
        };
        measured.with_observations(both.len() as u64).with_completeness(completeness)
    };
    Ok(AirHeatIsland {
        intensity: measured(both.iter().sum::<f64>() / both.len() as f64),
        largest: measured(both.iter().copied().fold(f64::NEG_INFINITY, f64::max)),
    })
}

#[cfg(test)]
mod tests;
