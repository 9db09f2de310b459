//! How much nature lies around the ground that people use.
mod disc;

use datagora_core::{Measured, Metres, Suppression, Unit};
use datagora_geo::Grid;

use self::disc::Disc;

/// What a cell of ground is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[repr(u8)]
pub enum IntegrityCover {
    /// Outside of the study area, or unknown: counts nowhere.
    #[default]
    Outside,
    /// Water: counts nowhere, though it lies within the study area.
    Water,
    /// Natural and semi-natural ground: woods, scrub, meadows, hedges, wetlands, gardens rich in species, by the caller's
    /// nomenclature.
    SemiNatural,
    /// Ground that people have changed: fields, streets, buildings.
    Modified,
}

/// Radius around each cell in the definition of Mohamed et al. (2024): 500 m, which they call 1 km² (it is 0.785 km²).
pub const INTEGRITY_RADIUS: Metres = Metres(500.0);
/// Share of (semi-)natural ground below which nature's contributions to people fade, 0 to 1; the authors give 0.20 to 0.25.
///
/// Mohamed, A. et al. (2024), doi:10.1016/j.oneear.2023.12.008.
pub const INTEGRITY_TARGET: f64 = 0.25;
/// Where classes of the index part, 0 to 1: those of the map of IA·rbre, 12, 25, 50 and 75 %.
pub const INTEGRITY_CUTS: [f64; 4] = [0.12, 0.25, 0.5, 0.75];

/// The share of (semi-)natural ground around each cell that people have changed.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionalIntegrity {
    shares: Vec<f32>,
    modified: u64,
    cell_area: f64,
}

/// Cells around which nothing can be counted.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum IntegrityError {
    /// Another number of cells than the grid has.
    #[error("found {found} cells of ground, the grid has {needed}; as many are needed")]
    Length {
        /// Cells of ground.
        found: usize,
        /// Cells of the grid.
        needed: usize,
    },
    /// A radius that no disc has, or that is too large for the grid's numbers.
    #[error(
        "a radius of {radius} m was asked for with cells of {cell} m; it is above 0 and at most {MOST_CELLS} cells"
    )]
    Radius {
        /// Asked for.
        radius: f64,
        /// Smaller side of a cell.
        cell: f64,
    },
    /// Cells whose size is not in metres.
    #[error("the grid is in degrees; reproject the ground to a CRS in metres")]
    Degrees,
}

/// Most cells along a radius: a disc then has fewer than 2³¹ cells.
const MOST_CELLS: usize = 20_000;

/// Biosphere functional integrity: the share of (semi-)natural ground within a radius of every cell that people have changed.
///
/// The disc holds the cells whose centres lie at most the radius away from the centre of the cell, itself included. Water
/// and what lies outside of the study area counts neither above nor below the line, so the border of the study area is no
/// border of nature.
///
/// # Shapes and units
///
/// One cover per cell of a grid in metres, row by row from the north-west → one share per cell, 0 to 1.
///
/// # Missing values
///
/// Cells that are not [`IntegrityCover::Modified`] have no share (NaN); for them the question is not asked.
///
/// # Interpretation
///
/// Higher is better; below 20 to 25 % pollination, pest control and the like fade. Cells near the border of the study area
/// rest on the part of their disc within it: take ground from beyond the border if you have it. It depends on what
/// counts as semi-natural, and on the cells: hedges narrower than a cell are lost.
///
/// # Cost
///
/// `O(n · r)` for `n` cells and a radius of `r` cells, by running sums of each row; on all cores with feature `parallel`,
/// with the same result.
///
/// # Errors
///
/// [`IntegrityError`].
///
/// # Example
///
/// ```
/// use datagora_core::{Crs, Metres};
/// use datagora_geo::Grid;
/// use datagora_indicators::heat::{IntegrityCover, functional_integrity};
/// use IntegrityCover::{Modified, SemiNatural, Water};
///
/// let grid = Grid::new([0.0, 5.0], [5.0, 5.0], 4, 1, Crs::LAMBERT_93)?;
/// let found = functional_integrity(&[SemiNatural, Modified, Water, Modified], &grid, Metres(5.0))?;
/// assert_eq!(found.shares()[1], 0.5); // wood to the west, itself; the water does not count
/// assert_eq!(found.shares()[3], 0.0);
/// assert_eq!(found.mean().value(), Some(25.0)); // percent
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Mohamed, A. et al. (2024). Securing nature's contributions to people requires at least 20 %–25 % (semi-)natural habitat
/// in human-modified landscapes. One Earth 7, 59–71. doi:10.1016/j.oneear.2023.12.008
pub fn functional_integrity(
    cover: &[IntegrityCover],
    grid: &Grid,
    radius: Metres,
) -> Result<FunctionalIntegrity, IntegrityError> {
    let needed = grid.len();
    if cover.len() != needed {
        return Err(IntegrityError::Length { found: cover.len(), needed });
    }
    if grid.crs().is_geographic() {
        return Err(IntegrityError::Degrees);
    }
    let cell = grid.cell_width().min(grid.cell_height());
    if !(radius.0 > 0.0 && radius.0 <= cell * MOST_CELLS as f64) {
        return Err(IntegrityError::Radius { radius: radius.0, cell });
    }
    let disc = Disc::new(radius.0, grid.cell_width(), grid.cell_height(), grid.columns(), grid.rows());
    let shares = disc.shares(cover, grid.columns());
    let modified = cover.iter().filter(|cover| **cover == IntegrityCover::Modified).count() as u64;
    Ok(FunctionalIntegrity { shares, modified, cell_area: grid.cell_area() })
}

impl FunctionalIntegrity {
    /// The share around each cell, 0 to 1; NaN where the ground is not modified.
    pub fn shares(&self) -> &[f32] {
        &self.shares
    }

    /// The shares without the rest, as the numbers of a raster's band.
    pub fn into_shares(self) -> Vec<f32> {
        self.shares
    }

    /// Mean share around the modified ground, in percent.
    pub fn mean(&self) -> Measured {
        let sum: f64 =
            self.shares.iter().filter(|share| !share.is_nan()).map(|share| f64::from(*share)).sum();
        self.measured(100.0 * sum / self.modified as f64)
    }

    /// Percent of the modified ground with at least this share of (semi-)natural ground around, such as
    /// [`INTEGRITY_TARGET`].
    pub fn reaching(&self, target: f64) -> Measured {
        let reached = self.shares.iter().filter(|share| **share >= target as f32).count();
        self.measured(100.0 * reached as f64 / self.modified as f64)
    }

    /// Modified ground by class of share, m²: below the first cut, from each cut on, from the last on.
    ///
    /// Cuts ascend, such as [`INTEGRITY_CUTS`]; a share at a cut belongs to the class above it.
    pub fn area_by_class(&self, cuts: &[f64]) -> Vec<f64> {
        let mut cells = vec![0_u64; cuts.len() + 1];
        for share in self.shares.iter().filter(|share| !share.is_nan()) {
            // Shares and cuts are compared as they are stored, so that a share of 12 % stands at the cut of 12 %.
            cells[cuts.partition_point(|cut| *cut as f32 <= *share)] += 1;
        }
        cells.into_iter().map(|cells| cells as f64 * self.cell_area).collect()
    }

    fn measured(&self, percent: f64) -> Measured {
        if self.modified == 0 {
            let reason = "there is no modified ground".to_owned();
            return Measured::suppressed(Unit::PERCENT, Suppression::Undefined { reason });
        }
        Measured::new(percent, Unit::PERCENT).with_observations(self.modified)
    }
}

#[cfg(test)]
mod tests;
