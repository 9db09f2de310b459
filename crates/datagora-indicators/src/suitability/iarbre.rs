//! The published program's behaviour, reproduced so that results can be compared.
use datagora_geo::types::Rect;
use datagora_geo::{CoveredCells, GeometryColumn, Grid, burned_cells};

use super::error::SuitabilityError;
use super::factor_set::FactorSet;
use super::model::{SuitabilityModel, check};

/// The cells of IA·rbre: 5 m, from the north-west corner of the communes' extent, with 1 m pixels below.
struct IarbreGrid {
    cells: Grid,
    pixels: Grid,
}

/// Pixels along a side of a cell, and of the window that they are counted in.
const SIDE: usize = 5;

/// What the program of IA·rbre computes of the layers.
#[derive(Clone, Debug, PartialEq)]
pub struct IarbreMap {
    set: FactorSet,
    grid: Grid,
    /// NaN outside the communes.
    scores: Vec<f64>,
}

impl IarbreMap {
    /// Cells of 5 m from the corner of the communes' extent.
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// The raw score of a cell, −5 where it is blocked; `None` outside the communes.
    ///
    /// # Panics
    ///
    /// If there is no such cell.
    pub fn score(&self, cell: usize) -> Option<f64> {
        Some(self.scores[cell]).filter(|score| !score.is_nan())
    }

    /// The class of a cell as its documentation has it: 0, 2, 4, 6, 8 or 10.
    ///
    /// # Panics
    ///
    /// If there is no such cell.
    pub fn documented_class(&self, cell: usize) -> Option<u8> {
        let score = self.score(cell)?;
        let classes = self.set.classes();
        let within = |upper: Option<f64>| upper.is_none_or(|upper| score <= upper);
        classes.iter().find(|class| within(class.upper)).map(|class| class.code)
    }

    /// The class of a cell as the program gives it: the highest one is 5, the last of its thresholds, instead of 10.
    ///
    /// # Panics
    ///
    /// If there is no such cell.
    pub fn coded_class(&self, cell: usize) -> Option<u8> {
        let code = self.documented_class(cell)?;
        let last = self.set.classes().last().map(|class| class.code);
        Some(if Some(code) == last { 5 } else { code })
    }
}

impl SuitabilityModel {
    /// The scores that the program of IA·rbre (commit 8942db53, 2026-05-06) gives for the layers of this model, over the
    /// extent of communes.
    ///
    /// For comparison with published results, not for use: it differs from [`map`](Self::map) in all of this.
    ///
    /// * Cells count from the corner of the communes' extent; what is left over in the east and the south is cut off.
    /// * A factor covers a pixel of 1 m or not, by the pixel's centre ([`burned_cells`]).
    /// * The percentage of a cell counts the 25 pixels about the *north-western* one of its own, not those in it: it is
    ///   shifted by 2 m to the north and to the west. A factor that fills one cell gives 36, 24, 24 and 16 % of four. Beyond
    ///   the border there is nothing, so a factor that fills everything has 60 % of the first row and column, and 36 % of
    ///   the first cell.
    /// * Percentages are cut down to whole numbers.
    /// * Any percentage of a blocking factor blocks, and the score of a blocked cell is −5.
    /// * A cell of which the communes touch any part counts.
    ///
    /// It works on one core, and needs about 13 bytes a cell beside the layers.
    ///
    /// # Errors
    ///
    /// [`SuitabilityError`] if the communes do not suit the grid, or have no extent that holds a cell.
    pub fn iarbre_2026(&self, communes: &GeometryColumn) -> Result<IarbreMap, SuitabilityError> {
        check(&self.grid, "communes", communes)?;
        let grid = IarbreGrid::over(communes).ok_or(SuitabilityError::NoExtent)?;
        let mut scores = vec![0.0; grid.cells.len()];
        let mut blocked = vec![false; grid.cells.len()];
        for (factor, layer) in self.set.factors().iter().zip(&self.layers) {
            let Some(layer) = layer else { continue };
            let percents = grid.percents(&*layer.column()?, &factor.id)?;
            for ((score, blocked), &percent) in scores.iter_mut().zip(&mut blocked).zip(&percents) {
                *score += factor.weight * f64::from(percent) / 100.0;
                *blocked |= factor.blocking && percent > 0;
            }
        }
        let mut within = vec![false; scores.len()];
        let refused = |reason| SuitabilityError::Layer { of: "communes".to_owned(), reason };
        let mut cells = CoveredCells::new(&grid.cells, communes).map_err(refused)?;
        for commune in 0..communes.len() {
            cells.cells_of(commune, |run| {
                let first = run.row * grid.cells.columns();
                within[first + run.columns.start..first + run.columns.end].fill(true);
            });
        }
        for ((score, blocked), within) in scores.iter_mut().zip(blocked).zip(within) {
            if !within {
                *score = f64::NAN;
            } else if blocked {
                *score = -5.0;
            }
        }
        Ok(IarbreMap { set: self.set().clone(), grid: grid.cells, scores })
    }
}

impl IarbreGrid {
    fn over(communes: &GeometryColumn) -> Option<Self> {
        let extent: Rect = communes.bounds()?;
        let corner = [extent.min().x, extent.max().y];
        let grid = |size: f64| {
            let (columns, rows) = ((extent.width() / size) as usize, (extent.height() / size) as usize);
            Grid::new(corner, [size; 2], columns, rows, communes.crs().clone()).ok()
        };
        Some(Self { cells: grid(SIDE as f64)?, pixels: grid(1.0)? })
    }

    /// By cell, the percentage of the pixels about its north-western one that have their centre in the polygons.
    fn percents(&self, polygons: &GeometryColumn, of: &str) -> Result<Vec<u8>, SuitabilityError> {
        let (columns, rows) = (self.pixels.columns(), self.pixels.rows());
        // By row, the pixels in it as bits, and whether there are any.
        let words = columns.div_ceil(64);
        let mut bits = vec![0_u64; words * rows];
        let mut any = vec![false; rows];
        burned_cells(&self.pixels, polygons, |_, run| {
            any[run.row] = true;
            let row = &mut bits[run.row * words..(run.row + 1) * words];
            let words = run.columns.start / 64..run.columns.end.div_ceil(64);
            for (number, word) in words.clone().zip(&mut row[words]) {
                let from = run.columns.start.saturating_sub(number * 64);
                let until = (run.columns.end - number * 64).min(64);
                *word |= (u64::MAX >> (64 - (until - from))) << from;
            }
        })
        .map_err(|reason| SuitabilityError::Layer { of: of.to_owned(), reason })?;
        let mut percents = vec![0; self.cells.len()];
        for (row, percents) in percents.chunks_mut(self.cells.columns()).enumerate() {
            let near = (row * SIDE).saturating_sub(2)..(row * SIDE + 3).min(rows);
            if !any[near.clone()].contains(&true) {
                continue;
            }
            for (column, percent) in percents.iter_mut().enumerate() {
                let (west, east) = ((column * SIDE).saturating_sub(2), (column * SIDE + 3).min(columns));
                let count: u32 = near.clone().map(|row| count_bits(&bits[row * words..], west, east)).sum();
                // Cut down to a whole number, as floats of 64 bits give it there.
                *percent = (f64::from(count) / 25.0 * 100.0) as u8;
            }
        }
        Ok(percents)
    }
}

/// Bits set from one place up to another, five at most.
fn count_bits(bits: &[u64], from: usize, until: usize) -> u32 {
    let (word, shift) = (from / 64, from % 64);
    let mut some = bits[word] >> shift;
    if shift > 0 && until > (word + 1) * 64 {
        some |= bits[word + 1] << (64 - shift);
    }
    (some & ((1 << (until - from)) - 1)).count_ones()
}
