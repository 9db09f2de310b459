//! Which zones stay best, if the weights are unsure.
use std::collections::BTreeMap;

use super::error::SuitabilityError;
use super::factor_set::FactorSet;
use super::model::SuitabilityModel;
use super::noise::{WeightDraws, WeightNoise};
use super::zones::ZoneCells;
use crate::level::check_level;

/// Mean share of the ground of each zone that each factor covers: any weights give the mean scores of zones from it.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ZoneShares {
    /// By zone, then by factor of the set; `None` for a zone without ground within the mask.
    pub shares: Vec<Option<Vec<f64>>>,
}

/// The place of a zone among all, under noise of the weights.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ZoneRank {
    /// Mean score, in points.
    pub mean: f64,
    /// Its standard deviation: exact.
    pub deviation: f64,
    /// Rank by the weights of the set: 1 for the highest mean score; of equal ones the zone given first.
    pub rank: usize,
    /// Best and worst rank in the middle share of draws that was asked for.
    pub ranks: (usize, usize),
    /// Share of draws in which the zone is among the best.
    pub in_top: f64,
}

impl SuitabilityModel {
    /// Mean shares of the factors in zones, clipped exactly as in [`SuitabilityMap::by_zone`](super::SuitabilityMap::by_zone).
    ///
    /// # Errors
    ///
    /// [`SuitabilityError::Mismatch`] if the zones are those of another grid.
    pub fn zone_shares(&self, zones: &ZoneCells) -> Result<ZoneShares, SuitabilityError> {
        zones.check_grid(&self.grid)?;
        let ground = self.ground()?;
        let (coverage, slots) = ground.coverage(&self.grid, None)?;
        let width = self.grid.columns();
        // By zone: its cells, and the sum of shares by slot.
        let sums = coverage.map_bands(|band| {
            let mut sums: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
            let mut weights = Vec::new();
            for (number, row) in band.rows().enumerate() {
                for run in zones.of_row(row) {
                    let cells = number * width + run.start as usize..number * width + run.end as usize;
                    weights.clear();
                    weights.resize(cells.len(), run.share);
                    if let Some(mask) = slots.mask {
                        let mask = &band.shares(mask)[cells.clone()];
                        weights
                            .iter_mut()
                            .zip(mask)
                            .for_each(|(weight, within)| *weight = within.min(*weight));
                    }
                    let own = sums.entry(run.zone).or_insert_with(|| vec![0.0; slots.factors + 1]);
                    own[slots.factors] += weights.iter().sum::<f64>();
                    for (slot, sum) in own.iter_mut().enumerate().take(slots.factors) {
                        let shares = &band.shares(slot)[cells.clone()];
                        *sum +=
                            shares.iter().zip(&weights).map(|(share, weight)| share * weight).sum::<f64>();
                    }
                }
            }
            sums
        });
        let mut all: Vec<Option<Vec<f64>>> = vec![None; zones.len()];
        for (zone, sums) in sums.into_iter().flatten() {
            match &mut all[zone as usize] {
                Some(all) => all.iter_mut().zip(sums).for_each(|(all, sum)| *all += sum),
                none => *none = Some(sums),
            }
        }
        let means = |sums: Vec<f64>| {
            let cells = sums[slots.factors];
            let mut shares = vec![0.0; self.set.factors().len()];
            for (slot, (factor, _)) in ground.factors.iter().enumerate() {
                shares[*factor] = sums[slot] / cells;
            }
            (cells > 0.0).then_some(shares)
        };
        Ok(ZoneShares { shares: all.into_iter().map(|sums| sums.and_then(means)).collect() })
    }
}

impl ZoneShares {
    /// The place of each zone among those with ground, by its mean score under noise of the weights: with which rank, and
    /// how often among the `top` best.
    ///
    /// The interval of ranks holds the middle `level` of the draws, 0.95 for 95 %.
    ///
    /// ```
    /// use datagora_core::Crs;
    /// use datagora_geo::types::{Rect, coord};
    /// use datagora_geo::{GeometryColumn, Grid};
    /// use datagora_indicators::greening::plantability_v2;
    /// use datagora_indicators::suitability::{SuitabilityModel, WeightDraws, WeightNoise, ZoneCells};
    ///
    /// let rect = |west: f64| Rect::new(coord! { x: west, y: 0. }, coord! { x: west + 50., y: 50. }).into();
    /// let column = |west: f64| GeometryColumn::new([rect(west)], Crs::CC46);
    /// let grid = Grid::new([0., 50.], [5., 5.], 30, 10, Crs::CC46)?;
    /// let layers = [("strate-basse-pelouse", column(0.)), ("parcs-jardins", column(50.)), ("rsx-gaz", column(100.))];
    /// let model = SuitabilityModel::new(plantability_v2(), grid, layers)?;
    /// let zones = GeometryColumn::new([rect(0.), rect(50.), rect(100.)], Crs::CC46);
    ///
    /// let shares = model.zone_shares(&ZoneCells::new(model.grid(), &zones)?)?;
    /// let noise = WeightNoise::absolute(model.set(), 1.0)?;
    /// let ranks = shares.ranks(model.set(), &noise, 1, 0.95, &WeightDraws::default())?;
    /// let [lawn, park, gas] = [0, 1, 2].map(|zone| ranks[zone].as_ref().unwrap());
    /// assert_eq!((lawn.rank, park.rank, gas.rank), (1, 2, 3));
    /// // 3 ± 1 against 2 ± 1: first in three of four draws. The gas main is last in all but a few.
    /// assert!((lawn.in_top - 0.76).abs() < 0.05 && gas.ranks == (3, 3));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`SuitabilityError`] if the noise is that of another set, no draw is asked for, or the level is none.
    pub fn ranks(
        &self,
        set: &FactorSet,
        noise: &WeightNoise,
        top: usize,
        level: f64,
        draws: &WeightDraws,
    ) -> Result<Vec<Option<ZoneRank>>, SuitabilityError> {
        let level = check_level(level)?;
        let drawn = noise.draws(set, draws)?;
        let zones: Vec<(usize, &Vec<f64>)> = self
            .shares
            .iter()
            .enumerate()
            .filter_map(|(zone, shares)| Some((zone, shares.as_ref()?)))
            .collect();
        if zones.iter().any(|(_, shares)| shares.len() != set.factors().len()) {
            return Err(SuitabilityError::Mismatch { what: "factors than the set" });
        }
        let weights: Vec<f64> = set.factors().iter().map(|factor| factor.weight).collect();
        let means: Vec<f64> = zones.iter().map(|(_, shares)| dot(&weights, shares)).collect();
        let ranks = ranks_of(&means);
        let mut in_draws: Vec<Vec<usize>> = vec![Vec::with_capacity(drawn.len()); zones.len()];
        for weights in &drawn {
            let means: Vec<f64> = zones.iter().map(|(_, shares)| dot(weights, shares)).collect();
            in_draws.iter_mut().zip(ranks_of(&means)).for_each(|(ranks, rank)| ranks.push(rank));
        }
        let beside = (0.5 * (1.0 - level) * drawn.len() as f64) as usize;
        let mut found = vec![None; self.shares.len()];
        for (number, (zone, shares)) in zones.iter().enumerate() {
            let ranks_drawn = &mut in_draws[number];
            ranks_drawn.sort_unstable();
            let best = ranks_drawn.iter().filter(|rank| **rank <= top).count();
            let squares =
                noise.deviations().iter().zip(*shares).map(|(deviation, share)| (deviation * share).powi(2));
            found[*zone] = Some(ZoneRank {
                mean: means[number],
                deviation: squares.sum::<f64>().sqrt(),
                rank: ranks[number],
                ranks: (ranks_drawn[beside], ranks_drawn[ranks_drawn.len() - 1 - beside]),
                in_top: best as f64 / drawn.len() as f64,
            });
        }
        Ok(found)
    }
}

fn dot(weights: &[f64], shares: &[f64]) -> f64 {
    weights.iter().zip(shares).map(|(weight, share)| weight * share).sum()
}

/// Ranks from 1 for the highest; equal ones in their order.
fn ranks_of(means: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..means.len()).collect();
    order.sort_by(|&a, &b| means[b].total_cmp(&means[a]));
    let mut ranks = vec![0; means.len()];
    for (place, zone) in order.into_iter().enumerate() {
        ranks[zone] = place + 1;
    }
    ranks
}
