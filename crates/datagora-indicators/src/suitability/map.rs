//! The score and the class of each cell.
use std::sync::{Arc, Mutex};

use datagora_core::Unit;
use datagora_geo::{Band, Grid, Raster, RasterError};

use super::error::SuitabilityError;
use super::factor::SuitabilityClass;
use super::factor_set::FactorSet;
use super::model::{FactorCompleteness, SuitabilityModel};
use super::score::{BLOCKED, Cuts, NO_CLASS, OUTSIDE, STEPS, Scorer};

/// Scores and classes of all cells of a grid: five bytes a cell.
///
/// Scores are exact to half a ten-thousandth.
#[derive(Clone, Debug, PartialEq)]
pub struct SuitabilityMap {
    pub(super) set: Arc<FactorSet>,
    pub(super) grid: Grid,
    pub(super) scores: Vec<i32>,
    pub(super) states: Vec<u8>,
    /// Cells that lie partly within the mask, ascending, and by which share.
    pub(super) partial: Vec<(usize, f64)>,
    pub(super) completeness: FactorCompleteness,
    pub(super) revision: u64,
}

impl SuitabilityModel {
    /// Scores and classes of all cells.
    ///
    /// Works in bands of rows, with feature `parallel` on all cores: beside the map, memory grows with the layers, not with
    /// the grid. The result does not depend on the number of threads, to the last bit.
    ///
    /// # Errors
    ///
    /// [`SuitabilityError::Layer`] if a layer has more than 2³⁰ polygons.
    pub fn map(&self) -> Result<SuitabilityMap, SuitabilityError> {
        let ground = self.ground()?;
        let (coverage, slots) = ground.coverage(&self.grid, None)?;
        let cuts = Cuts::of(&self.set);
        let scorer = Scorer { weights: &ground.weights, slots, cuts: &cuts, blocking: self.blocking };
        let columns = self.grid.columns();
        let (mut scores, mut states) = (vec![0; self.grid.len()], vec![0; self.grid.len()]);
        let places = by_band(&mut scores, &mut states, coverage.band_rows() * columns);
        let partial = coverage.map_bands(|band| {
            let mut partial = Vec::new();
            let start = band.rows().start;
            if let Ok(mut place) = places[start / coverage.band_rows()].lock() {
                let (scores, states) = &mut *place;
                scorer.score(band, 0, scores, states, |cell, within| {
                    partial.push((start * columns + cell, within))
                });
            }
            partial
        });
        drop(places);
        Ok(SuitabilityMap {
            set: Arc::clone(&self.set),
            grid: self.grid.clone(),
            scores,
            states,
            partial: partial.concat(),
            completeness: self.completeness(),
            revision: self.revision,
        })
    }
}

/// Two buffers in pieces of so many cells, each taken by the one who works on it.
pub(super) fn by_band<'b, A, B>(
    a: &'b mut [A],
    b: &'b mut [B],
    cells: usize,
) -> Vec<Mutex<(&'b mut [A], &'b mut [B])>> {
    a.chunks_mut(cells).zip(b.chunks_mut(cells)).map(Mutex::new).collect()
}

impl SuitabilityMap {
    /// Where the cells lie.
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// The set of factors.
    pub fn set(&self) -> &FactorSet {
        &self.set
    }

    /// Which factors it is made of.
    pub fn completeness(&self) -> &FactorCompleteness {
        &self.completeness
    }

    /// The score of a cell; `None` outside the mask.
    ///
    /// # Panics
    ///
    /// If there is no such cell.
    pub fn score(&self, cell: usize) -> Option<f64> {
        (self.states[cell] != OUTSIDE).then(|| f64::from(self.scores[cell]) / STEPS)
    }

    /// The class of a cell; `None` outside the mask, and where the set has no classes.
    ///
    /// # Panics
    ///
    /// If there is no such cell.
    pub fn class(&self, cell: usize) -> Option<&SuitabilityClass> {
        self.set.classes().get(class_of(self.states[cell])?)
    }

    /// Whether a cell within the mask is blocked.
    ///
    /// # Panics
    ///
    /// If there is no such cell.
    pub fn is_blocked(&self, cell: usize) -> bool {
        is_blocked(self.states[cell])
    }

    /// The share of a cell that lies within the mask, 0 to 1.
    ///
    /// # Panics
    ///
    /// If there is no such cell.
    pub fn share_within(&self, cell: usize) -> f64 {
        match self.states[cell] {
            OUTSIDE => 0.0,
            _ => self
                .partial
                .binary_search_by_key(&cell, |(cell, _)| *cell)
                .map_or(1.0, |at| self.partial[at].1),
        }
    }

    /// Scores as a band of whole numbers with a scale, to be written by `write_geotiff`; cells outside are missing.
    ///
    /// # Errors
    ///
    /// None that can occur: as many numbers as cells.
    pub fn score_raster(&self) -> Result<Raster, RasterError> {
        let numbers = self.scores.iter().zip(&self.states);
        let scores: Vec<i32> =
            numbers.map(|(&score, &state)| if state == OUTSIDE { i32::MIN } else { score }).collect();
        let band = Band::new(scores)
            .with_no_data(i64::from(i32::MIN))
            .with_scale(1.0 / STEPS, 0.0)
            .with_name("score")
            .with_unit(Unit::ONE.to_string());
        Raster::new(self.grid.clone(), [band])
    }

    /// Codes of classes as a band of bytes; 255 is missing.
    ///
    /// # Errors
    ///
    /// None that can occur: as many numbers as cells.
    pub fn class_raster(&self) -> Result<Raster, RasterError> {
        let mut codes = [u8::MAX; 256];
        for (state, code) in (0..=u8::MAX).zip(&mut codes) {
            let class = class_of(state).and_then(|class| self.set.classes().get(class));
            *code = class.map_or(u8::MAX, |class| class.code);
        }
        let classes: Vec<u8> = self.states.iter().map(|&state| codes[usize::from(state)]).collect();
        Raster::new(
            self.grid.clone(),
            [Band::new(classes).with_no_data(i64::from(u8::MAX)).with_name("class")],
        )
    }
}

/// The number of the class of a cell.
#[inline(always)]
pub(super) fn class_of(state: u8) -> Option<usize> {
    let class = state & !BLOCKED;
    (state != OUTSIDE && class != NO_CLASS).then_some(usize::from(class))
}

/// Whether a cell is within the mask and blocked.
#[inline(always)]
pub(super) fn is_blocked(state: u8) -> bool {
    state != OUTSIDE && state & BLOCKED != 0
}
