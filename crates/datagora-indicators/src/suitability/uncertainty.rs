//! How sure the score and the class of a cell are, if the weights are not.
use datagora_geo::{Band, CoverageBand, Grid, Raster, RasterError};

use super::error::SuitabilityError;
use super::explain::Explanation;
use super::factor_set::FactorSet;
use super::map::{by_band, class_of, is_blocked};
use super::model::SuitabilityModel;
use super::noise::{WeightDraws, WeightNoise};
use super::score::{Cuts, OUTSIDE, STEPS as SCORE_STEPS, Scorer};
use crate::distribution::normal_at_most;

/// How the probability of a class is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum ClassProbability {
    /// From the normal distribution of the score: exact for normal noise, near it for other noise of several factors.
    #[default]
    Normal,
    /// The share of draws of the weights; the same draws for all cells.
    Drawn(WeightDraws),
}

/// By cell, how sure its score and its class are: six bytes a cell.
#[derive(Clone, Debug, PartialEq)]
pub struct UncertaintyMap {
    grid: Grid,
    /// NaN outside the mask.
    deviations: Vec<f32>,
    /// In `STAYS`ths; `MISSING` outside the mask.
    stays: Vec<u16>,
}

/// Steps of a probability.
const STAYS: f64 = 10_000.0;
const MISSING: u16 = u16::MAX;

impl UncertaintyMap {
    /// Where the cells lie.
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// Standard deviation of the score of a cell, in points; `None` outside the mask.
    ///
    /// # Panics
    ///
    /// If there is no such cell.
    pub fn deviation(&self, cell: usize) -> Option<f64> {
        Some(f64::from(self.deviations[cell])).filter(|deviation| !deviation.is_nan())
    }

    /// Probability that a cell is in the class that the [map](super::SuitabilityMap) says, to a ten-thousandth; `None`
    /// outside the mask. Blocked cells are sure: no weight unblocks them. So is all ground if the set has no classes.
    ///
    /// # Panics
    ///
    /// If there is no such cell.
    pub fn stays(&self, cell: usize) -> Option<f64> {
        (self.stays[cell] != MISSING).then(|| f64::from(self.stays[cell]) / STAYS)
    }

    /// Share of the cells within the mask whose class stays with at least this probability; `None` without such cells.
    pub fn share_sure(&self, probability: f64) -> Option<f64> {
        let least = (probability * STAYS).ceil();
        let (mut sure, mut all) = (0_u64, 0_u64);
        for &stays in self.stays.iter().filter(|stays| **stays != MISSING) {
            sure += u64::from(f64::from(stays) >= least);
            all += 1;
        }
        (all > 0).then(|| sure as f64 / all as f64)
    }

    /// Probabilities that cells stay in their class, as a band of whole numbers with a scale; cells outside are missing.
    ///
    /// # Errors
    ///
    /// None that can occur: as many numbers as cells.
    pub fn stays_raster(&self) -> Result<Raster, RasterError> {
        let band = Band::new(self.stays.clone())
            .with_no_data(i64::from(MISSING))
            .with_scale(1.0 / STAYS, 0.0)
            .with_name("probability");
        Raster::new(self.grid.clone(), [band])
    }

    /// Standard deviations of the scores as a band; cells outside are missing.
    ///
    /// # Errors
    ///
    /// None that can occur: as many numbers as cells.
    pub fn deviation_raster(&self) -> Result<Raster, RasterError> {
        Raster::new(self.grid.clone(), [Band::new(self.deviations.clone()).with_name("deviation")])
    }
}

impl Explanation {
    /// Standard deviation of the score under independent noise of the weights, `√ Σ (deviation · share)²`: exact for any
    /// distribution of it.
    pub fn deviation(&self, noise: &WeightNoise) -> f64 {
        let term =
            |factor: usize, share: f64| noise.deviations().get(factor).map_or(0.0, |d| (d * share).powi(2));
        self.contributions.iter().map(|found| term(found.factor, found.share)).sum::<f64>().sqrt()
    }

    /// Probability of each class of the set under normal noise of the weights; certain where the ground is blocked.
    pub fn class_probabilities(&self, set: &FactorSet, noise: &WeightNoise) -> Vec<f64> {
        let classes = set.classes().len();
        if let Some(class) = set.blocked_class().filter(|_| self.blocked) {
            return (0..classes).map(|other| if other == class { 1.0 } else { 0.0 }).collect();
        }
        let (cuts, deviation) = (Cuts::of(set), self.deviation(noise));
        (0..classes).map(|class| probability(cuts.limits(class as u8), self.score, deviation)).collect()
    }
}

/// Probability that a normal score lies above the first limit and not above the second.
fn probability((lower, upper): (f64, f64), score: f64, deviation: f64) -> f64 {
    if deviation > 0.0 {
        let at_most = |limit: f64| normal_at_most((limit - score) / deviation);
        (at_most(upper) - at_most(lower)).max(0.0)
    } else if score > lower && score <= upper {
        1.0
    } else {
        0.0
    }
}

impl SuitabilityModel {
    /// For each cell, the standard deviation of its score under noise of the weights, and the probability that it stays in
    /// its class.
    ///
    /// The mean of the score is the score itself. Both are as exact as shares are, but for [`ClassProbability::Drawn`],
    /// which is what the draws give: the same for the same seed, whatever the number of threads.
    ///
    /// ```
    /// use datagora_core::Crs;
    /// use datagora_geo::types::{Rect, coord};
    /// use datagora_geo::{GeometryColumn, Grid};
    /// use datagora_indicators::greening::plantability_v2;
    /// use datagora_indicators::suitability::{ClassProbability, SuitabilityModel, WeightNoise};
    ///
    /// let meadow = Rect::new(coord! { x: 0., y: 0. }, coord! { x: 5., y: 5. });
    /// let meadow = GeometryColumn::new([meadow.into()], Crs::CC46);
    /// let grid = Grid::new([0., 5.], [5., 5.], 2, 1, Crs::CC46)?;
    /// let model = SuitabilityModel::new(plantability_v2(), grid, [("friche-naturelle", meadow)])?;
    ///
    /// // A weight of 3 ± 0.5; very favoured is above 2.5.
    /// let noise = WeightNoise::absolute(model.set(), 0.5)?;
    /// let found = model.uncertainty(&noise, ClassProbability::Normal)?;
    /// assert_eq!(found.deviation(0), Some(0.5));
    /// assert_eq!(found.stays(0), Some(0.8413)); // one standard deviation
    /// assert_eq!(found.stays(1), Some(1.0)); // nothing there depends on a weight
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`SuitabilityError::Mismatch`] if the noise is that of another set; [`SuitabilityError::NoDraws`].
    pub fn uncertainty(
        &self,
        noise: &WeightNoise,
        classes: ClassProbability,
    ) -> Result<UncertaintyMap, SuitabilityError> {
        noise.check(&self.set)?;
        let ground = self.ground()?;
        let (coverage, slots) = ground.coverage(&self.grid, None)?;
        let factors: Vec<usize> = ground.factors.iter().map(|(factor, _)| *factor).collect();
        let drawn = match classes {
            ClassProbability::Normal => None,
            ClassProbability::Drawn(draws) => {
                Some(Drawn::new(&noise.draws(&self.set, &draws)?, &factors, &ground.weights))
            }
        };
        let (cuts, blocking) = (Cuts::of(&self.set), self.blocking);
        let deviations: Vec<f64> = factors.iter().map(|&factor| noise.deviations()[factor]).collect();
        let worker = Worker {
            scorer: Scorer { weights: &ground.weights, slots, cuts: &cuts, blocking },
            deviations: &deviations,
            drawn: drawn.as_ref(),
        };
        let cells = self.grid.len();
        let mut map =
            UncertaintyMap { grid: self.grid.clone(), deviations: vec![0.0; cells], stays: vec![0; cells] };
        let band_cells = coverage.band_rows() * self.grid.columns();
        let places = by_band(&mut map.deviations, &mut map.stays, band_cells);
        coverage.map_bands(|band| {
            if let Ok(mut place) = places[band.rows().start / coverage.band_rows()].lock() {
                let (deviations, stays) = &mut *place;
                worker.fill(band, deviations, stays);
            }
        });
        drop(places);
        Ok(map)
    }
}

/// Weights of the draws, by slot.
struct Drawn {
    /// Padded to whole lanes by NaN, which is in no class.
    weights: Vec<Vec<f32>>,
    /// How far from its weight a draw is at most, by slot.
    reach: Vec<f64>,
    count: usize,
}

/// Draws side by side.
const LANES: usize = 16;

impl Drawn {
    fn new(draws: &[Vec<f64>], factors: &[usize], weights: &[f64]) -> Self {
        let padded = draws.len().next_multiple_of(LANES);
        let of = |&factor: &usize| {
            let mut weights: Vec<f32> = draws.iter().map(|weights| weights[factor] as f32).collect();
            weights.resize(padded, f32::NAN);
            weights
        };
        let reach = |(&factor, weight): (&usize, &f64)| {
            draws.iter().map(|weights| (weights[factor] - weight).abs()).fold(0.0, f64::max)
        };
        let reach = factors.iter().zip(weights).map(reach).collect();
        Self { weights: factors.iter().map(of).collect(), reach, count: draws.len() }
    }
}

/// Number of draws in which a score lies above the first limit and not above the second.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw", "x86_64+avx2"))]
fn count_within(terms: &[(&[f32], f32)], lower: f32, upper: f32) -> u32 {
    let draws = terms.first().map_or(0, |(weights, _)| weights.len());
    let mut count = [0_u32; LANES];
    for start in (0..draws).step_by(LANES) {
        let mut scores = [0.0_f32; LANES];
        for (weights, share) in terms {
            for (score, weight) in scores.iter_mut().zip(&weights[start..start + LANES]) {
                *score += weight * share;
            }
        }
        for (count, score) in count.iter_mut().zip(scores) {
            *count += u32::from((score > lower) & (score <= upper));
        }
    }
    count.iter().sum()
}

/// What the cells of a band are computed with.
struct Worker<'w> {
    scorer: Scorer<'w>,
    /// By slot.
    deviations: &'w [f64],
    drawn: Option<&'w Drawn>,
}

/// Half of the last digit of a score: what is nearer to the limit of a class is on the side that the map says.
const HALF_STEP: f64 = 0.5 / SCORE_STEPS;

impl Worker<'_> {
    fn fill(&self, band: &CoverageBand, deviations: &mut [f32], stays: &mut [u16]) {
        let cells = stays.len();
        let (mut scores, mut states) = (vec![0; cells], vec![0; cells]);
        self.scorer.score(band, 0, &mut scores, &mut states, |_, _| {});
        let mut variances = vec![0.0; cells];
        for (slot, deviation) in self.deviations.iter().enumerate() {
            for (variance, share) in variances.iter_mut().zip(band.shares(slot)) {
                *variance += (deviation * share) * (deviation * share);
            }
        }
        let mut terms: Vec<(usize, f64)> = Vec::new();
        let mut last: (Vec<(usize, f64)>, u16) = (Vec::new(), 0);
        for cell in 0..cells {
            let state = states[cell];
            if state == OUTSIDE {
                (deviations[cell], stays[cell]) = (f32::NAN, MISSING);
                continue;
            }
            let deviation = variances[cell].sqrt();
            deviations[cell] = deviation as f32;
            let class = class_of(state);
            let (Some(class), false, true) = (class, is_blocked(state), deviation > 0.0) else {
                stays[cell] = STAYS as u16;
                continue;
            };
            let score = f64::from(scores[cell]) / SCORE_STEPS;
            let (lower, upper) = self.scorer.cuts.limits(class as u8);
            let Some(drawn) = self.drawn else {
                stays[cell] = in_steps(probability((lower, upper), score, deviation));
                continue;
            };
            terms.clear();
            let shares = (0..self.deviations.len()).map(|slot| (slot, band.shares(slot)[cell]));
            terms.extend(shares.filter(|(_, share)| *share > 0.0));
            let reach: f64 = terms.iter().map(|(slot, share)| drawn.reach[*slot] * share).sum();
            stays[cell] = if score - reach > lower + HALF_STEP && score + reach < upper - HALF_STEP {
                STAYS as u16
            } else if terms == last.0 {
                last.1
            } else {
                let weighted: Vec<(&[f32], f32)> =
                    terms.iter().map(|(slot, share)| (&drawn.weights[*slot][..], *share as f32)).collect();
                let within = |limit: f64| (limit + HALF_STEP) as f32;
                let count = count_within(&weighted, within(lower), within(upper));
                last = (terms.clone(), in_steps(f64::from(count) / drawn.count as f64));
                last.1
            };
        }
    }
}

fn in_steps(probability: f64) -> u16 {
    (probability * STAYS).round() as u16
}
