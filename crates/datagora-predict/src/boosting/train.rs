//! Trees, one after the other, each correcting those before.
use super::bins::Binned;
use super::grow::{Grower, Shape};
use super::histogram::Limits;
use super::random::Random;
use super::tree::Tree;
use super::{BoostingOptions, Ensemble};
use crate::cores;

/// Rows that are looked at to know when to stop.
pub(crate) struct Watched<'a> {
    pub(super) binned: &'a Binned,
    pub(super) rows: &'a [u32],
    pub(super) target: &'a [f64],
    /// Trees without a better loss after which training stops.
    pub(super) patience: usize,
}

impl<'a> Watched<'a> {
    /// Rows of the table that is learned from.
    pub(crate) fn new(binned: &'a Binned, rows: &'a [u32], target: &'a [f64], patience: usize) -> Self {
        Self { binned, rows, target, patience }
    }
}

/// Rows that one core works on at a time.
const RUN: usize = 1 << 11;

/// Boosts on some rows of `binned`; `target` has a finite value for each of them.
pub(crate) fn train(
    binned: &Binned,
    rows: &[u32],
    target: &[f64],
    options: &BoostingOptions,
    watched: Option<&Watched>,
) -> Ensemble {
    cores::within(|| boost(binned, rows, target, options, watched))
}

fn boost(
    binned: &Binned,
    rows: &[u32],
    target: &[f64],
    options: &BoostingOptions,
    watched: Option<&Watched>,
) -> Ensemble {
    let (objective, mut random) = (options.objective, Random::new(options.seed));
    let mut known: Vec<f64> = rows.iter().map(|row| target[*row as usize]).collect();
    let base = objective.constant(&mut known, 0.0);
    let shape = Shape {
        leaves: options.leaves,
        depth: options.depth,
        limits: Limits { rows: options.leaf_rows as i64, ridge: options.ridge },
    };
    let mut ensemble = Ensemble { base, trees: Vec::new(), losses: Vec::new(), watched: Vec::new() };
    let mut residuals: Vec<f64> = target.iter().map(|y| y - base).collect();
    let mut behind: Vec<f64> = watched.map_or_else(Vec::new, |w| w.target.iter().map(|y| y - base).collect());
    let (mut grower, mut best) = (Grower::default(), (f64::INFINITY, 0));
    for number in 1..=options.trees {
        let (bag, rest) = random.rows(rows, options.row_share);
        let open = random.features(binned.features(), options.feature_share);
        let pulled: Vec<f64> = bag.iter().map(|row| residuals[*row as usize]).collect();
        let gradients = objective.gradients(&pulled);
        // Few of many rows lie far apart in memory, and a tree comes back to them again and again.
        let close = (!rest.is_empty()).then(|| binned.select(&bag));
        let mut grown = match &close {
            Some(close) => {
                let mut grown = grower.grow(close, (0u32..).zip(gradients).collect(), &open, shape);
                grown.rows.iter_mut().for_each(|(row, _)| *row = bag[*row as usize]);
                grown
            }
            None => grower.grow(binned, bag.into_iter().zip(gradients).collect(), &open, shape),
        };
        let values = cores::each(grown.ranges.len(), |leaf| {
            let rows = &grown.rows[grown.ranges[leaf].clone()];
            let mut within: Vec<f64> = rows.iter().map(|(row, _)| residuals[*row as usize]).collect();
            options.learning_rate * objective.constant(&mut within, options.ridge)
        });
        for (range, value) in grown.ranges.iter().zip(&values) {
            for (row, _) in &grown.rows[range.clone()] {
                residuals[*row as usize] -= value;
            }
        }
        grown.tree.leaves = values;
        correct(&grown.tree, binned, &rest, &mut residuals);
        ensemble.losses.push(objective.loss(rows.iter().map(|row| residuals[*row as usize])));
        ensemble.trees.push(grown.tree);
        if let (Some(watched), Some(tree)) = (watched, ensemble.trees.last()) {
            correct(tree, watched.binned, watched.rows, &mut behind);
            let loss = objective.loss(watched.rows.iter().map(|row| behind[*row as usize]));
            ensemble.watched.push(loss);
            if loss < best.0 {
                best = (loss, number);
            } else if number - best.1 >= watched.patience {
                break;
            }
        }
    }
    if watched.is_some() {
        ensemble.trees.truncate(best.1);
    }
    ensemble
}

/// Takes a tree's value off the residuals of some rows.
fn correct(tree: &Tree, binned: &Binned, rows: &[u32], residuals: &mut [f64]) {
    let runs = cores::each(rows.len().div_ceil(RUN), |run| {
        let mut rows = rows[run * RUN..rows.len().min((run + 1) * RUN)].to_vec();
        let mut values = Vec::with_capacity(rows.len());
        tree.lead(binned, &mut rows, |value, rows| values.extend(rows.iter().map(|row| (*row, value))));
        values
    });
    for (row, value) in runs.into_iter().flatten() {
        residuals[row as usize] -= value;
    }
}

impl Ensemble {
    /// The prediction for each row of bins.
    pub(crate) fn predict_bins(&self, binned: &Binned) -> Vec<f64> {
        let runs = cores::each(binned.rows().div_ceil(RUN), |run| {
            let range = run * RUN..binned.rows().min((run + 1) * RUN);
            let mut sums = vec![self.base; range.len()];
            let mut rows: Vec<u32> = range.clone().map(|row| row as u32).collect();
            for tree in &self.trees {
                tree.lead(binned, &mut rows, |value, rows| {
                    rows.iter().for_each(|row| sums[*row as usize - range.start] += value);
                });
            }
            sums
        });
        runs.concat()
    }
}
