//! Gradient-boosted regression trees on a plain table.
mod bins;
mod grow;
mod histogram;
mod objective;
mod options;
mod part;
mod random;
mod shapley;
mod train;
mod tree;

use self::histogram::MOST_ROWS;
use self::tree::Tree;

pub(crate) use self::bins::{Binned, WIDTH};
pub use self::objective::Objective;
pub use self::options::BoostingOptions;
pub(crate) use self::train::{Watched, train};

/// Gradient-boosted regression trees: a sum of small trees, each fitted to what those before it left over.
///
/// Features are sorted into at most 255 bins by their quantiles; a tree is grown leaf by leaf, the one that gains most
/// first; a split is found from sums of gradients by bin, and of two sides only the smaller is counted. For
/// [`Objective::Absolute`] and [`Objective::Quantile`] a leaf's value is the median or quantile of what is left over in it.
/// Gradients are summed as whole numbers, so the result is the same on any number of cores (feature `parallel`).
///
/// # Shapes and units
///
/// A table is given by its columns, one of `n` values for each feature; a target has `n` values. Any strictly rising
/// transform of a feature gives the same trees, so features need no scaling.
///
/// # Missing values
///
/// `NaN` in a feature is a bin of its own: each split sends it where it fits. Rows whose target is `NaN` are left out.
///
/// # Example
///
/// ```
/// use datagora_predict::{BoostedTrees, BoostingOptions};
///
/// let hour: Vec<f64> = (0..2_400).map(|t| f64::from(t % 24)).collect();
/// let rain: Vec<f64> = (0..2_400).map(|t| if t % 7 == 0 { f64::NAN } else { f64::from(t % 5) }).collect();
/// let cyclists: Vec<f64> = hour.iter().map(|h| if (7.0..9.0).contains(h) { 90.0 } else { 10.0 }).collect();
///
/// let options = BoostingOptions::default().with_leaf_rows(10);
/// let model = BoostedTrees::fit(&[hour, rain], &cyclists, &options)?;
/// let predicted = model.predict(&[[8.0, 12.0], [f64::NAN, 0.0]])?;
/// assert!((predicted[0] - 90.0).abs() < 0.1 && (predicted[1] - 10.0).abs() < 0.1);
/// assert!(model.gain()[0] > 0.99); // it looks at the hour
/// # Ok::<(), datagora_predict::BoostingError>(())
/// ```
///
/// # References
///
/// Friedman, J. H. (2001). Greedy function approximation: a gradient boosting machine. Annals of Statistics 29,
/// 1189–1232 (algorithms 1 to 3). doi:10.1214/aos/1013203451. Ke, G. et al. (2017). LightGBM: a highly efficient gradient
/// boosting decision tree. NeurIPS 30 (bins, growth by leaf). Shi, Y. et al. (2022). Quantized training of gradient
/// boosting decision trees. NeurIPS 35 (gradients as whole numbers).
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct BoostedTrees {
    features: usize,
    ensemble: Ensemble,
}

/// The trees, and how they came about.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub(crate) struct Ensemble {
    base: f64,
    trees: Vec<Tree>,
    pub(crate) losses: Vec<f64>,
    watched: Vec<f64>,
}

/// Why trees cannot be boosted.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BoostingError {
    /// A column is not as long as the target, or as the first column.
    #[error(
        "feature {feature} has {found} values, {needed} are needed; give each column a value for each row"
    )]
    Length {
        /// Which column, from 0.
        feature: usize,
        /// Its length.
        found: usize,
        /// Length needed.
        needed: usize,
    },
    /// Another number of features than the model was fitted with.
    #[error(
        "{found} features were given, the model was fitted with {needed}; give the same ones, in the same order"
    )]
    Features {
        /// Columns given.
        found: usize,
        /// Columns of the fit.
        needed: usize,
    },
    /// A target is infinite.
    #[error("target {row} is {found}; give NaN where it is not known")]
    Infinite {
        /// Which row, from 0.
        row: usize,
        /// Its target.
        found: f64,
    },
    /// No row has a target, or there are more than can be counted.
    #[error(
        "{found} rows have a target, from 1 to {most} are needed; give fewer rows, or let gaps in the target be fewer"
    )]
    Rows {
        /// Rows with a target.
        found: usize,
        /// Most rows.
        most: usize,
    },
    /// An option is out of range.
    #[error("the {option} is {found}, it must be {needed}")]
    Option {
        /// Which one.
        option: &'static str,
        /// What was given.
        found: f64,
        /// What it may be.
        needed: &'static str,
    },
}

impl BoostedTrees {
    /// Fits trees to a target.
    ///
    /// # Errors
    ///
    /// [`BoostingError`]: lengths that differ, an infinite target, no row, an option out of range.
    pub fn fit<C: AsRef<[f64]> + Sync>(
        columns: &[C],
        target: &[f64],
        options: &BoostingOptions,
    ) -> Result<Self, BoostingError> {
        Self::fit_some(columns, target, options, |binned, rows| train(binned, rows, target, options, None))
    }

    /// Fits trees until those of other rows, which it does not learn from, are not predicted better any more.
    ///
    /// Stops when `patience` trees in a row have not lowered the loss of the watched rows, and keeps the trees up to the
    /// best. With no watched target at all, no tree is kept.
    ///
    /// # Errors
    ///
    /// As [`BoostedTrees::fit`], for both tables.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_predict::{BoostedTrees, BoostingOptions};
    ///
    /// let x: Vec<f64> = (0..600).map(f64::from).collect();
    /// let noise: Vec<f64> = (0..600u64).map(|t| (t * 7_919 % 101) as f64).collect();
    /// let options = BoostingOptions::default().with_trees(500);
    /// let model = BoostedTrees::fit_watching(&[&x[..400]], &noise[..400], &[&x[400..]], &noise[400..], 10, &options)?;
    /// assert!(model.len() < 50); // there is nothing to learn
    /// # Ok::<(), datagora_predict::BoostingError>(())
    /// ```
    pub fn fit_watching<C: AsRef<[f64]> + Sync>(
        columns: &[C],
        target: &[f64],
        watched_columns: &[C],
        watched_target: &[f64],
        patience: usize,
        options: &BoostingOptions,
    ) -> Result<Self, BoostingError> {
        if watched_columns.len() != columns.len() {
            return Err(BoostingError::Features { found: watched_columns.len(), needed: columns.len() });
        }
        let others = rows_of(watched_columns, watched_target)?;
        Self::fit_some(columns, target, options, |binned, rows| {
            let table = binned.apply(watched_target.len(), |feature, into| {
                into.copy_from_slice(watched_columns[feature].as_ref());
            });
            let watched = Watched::new(&table, &others, watched_target, patience);
            train(binned, rows, target, options, Some(&watched))
        })
    }

    fn fit_some<C: AsRef<[f64]> + Sync>(
        columns: &[C],
        target: &[f64],
        options: &BoostingOptions,
        learn: impl FnOnce(&Binned, &[u32]) -> Ensemble,
    ) -> Result<Self, BoostingError> {
        options.check()?;
        let rows = rows_of(columns, target)?;
        if rows.is_empty() {
            return Err(BoostingError::Rows { found: 0, most: MOST_ROWS });
        }
        let binned = Binned::learn(target.len(), columns.len(), options.bins, |feature, into| {
            into.copy_from_slice(columns[feature].as_ref());
        });
        Ok(Self { features: columns.len(), ensemble: learn(&binned, &rows) })
    }

    /// Predicts each row of a table with the features of the fit, in their order.
    ///
    /// # Errors
    ///
    /// [`BoostingError::Features`] and [`BoostingError::Length`].
    pub fn predict<C: AsRef<[f64]> + Sync>(&self, columns: &[C]) -> Result<Vec<f64>, BoostingError> {
        if columns.len() != self.features {
            return Err(BoostingError::Features { found: columns.len(), needed: self.features });
        }
        let rows = columns.first().map_or(0, |column| column.as_ref().len());
        lengths(columns, rows)?;
        let Ensemble { base, trees, .. } = &self.ensemble;
        let one = |row: usize| {
            base + trees.iter().map(|tree| tree.value(|feature| columns[feature].as_ref()[row])).sum::<f64>()
        };
        Ok(crate::cores::each(rows, one))
    }

    /// Number of trees.
    pub fn len(&self) -> usize {
        self.ensemble.trees.len()
    }

    /// Whether there is no tree: a constant.
    pub fn is_empty(&self) -> bool {
        self.ensemble.trees.is_empty()
    }

    /// Mean loss of the training rows after each tree that was grown, also of those not kept.
    pub fn losses(&self) -> &[f64] {
        &self.ensemble.losses
    }

    /// Mean loss of the watched rows after each tree that was grown; empty for [`BoostedTrees::fit`].
    pub fn watched_losses(&self) -> &[f64] {
        &self.ensemble.watched
    }

    /// What the model looks at: the share of each feature in all that the splits gain, together 1. Zeros without splits.
    ///
    /// Gains are counted on the rows of the training, where a feature with many values gains a little by chance.
    pub fn gain(&self) -> Vec<f64> {
        self.ensemble.gain(self.features)
    }

    /// Why a row (one value for each feature) is predicted as it is: the mean prediction over the rows of the training, and
    /// what each feature adds to it. Together they are the prediction.
    ///
    /// Shapley values: what a feature adds, on the mean over all orders in which features may become known; a branch that
    /// asks about an unknown one is taken by the share of training rows. They tell what the trees do, not what causes what.
    ///
    /// # Errors
    ///
    /// [`BoostingError::Features`].
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_predict::{BoostedTrees, BoostingOptions};
    ///
    /// let rain: Vec<f64> = (0..400).map(|t| f64::from(t % 2)).collect();
    /// let noise: Vec<f64> = (0..400).map(|t| f64::from(t * 7 % 11)).collect();
    /// let cyclists: Vec<f64> = rain.iter().map(|rain| 100.0 - 60.0 * rain).collect();
    /// let model = BoostedTrees::fit(&[rain, noise], &cyclists, &BoostingOptions::default())?;
    /// let (mean, added) = model.contributions(&[1.0, 3.0])?;
    /// assert!((mean - 70.0).abs() < 0.1 && (added[0] + 30.0).abs() < 0.1 && added[1].abs() < 0.1);
    /// # Ok::<(), datagora_predict::BoostingError>(())
    /// ```
    ///
    /// # References
    ///
    /// Lundberg, S. M. et al. (2020). From local explanations to global understanding with explainable AI for trees. Nature
    /// Machine Intelligence 2, 56–67 (algorithm 2, path dependent). doi:10.1038/s42256-019-0138-9
    pub fn contributions(&self, row: &[f64]) -> Result<(f64, Vec<f64>), BoostingError> {
        if row.len() != self.features {
            return Err(BoostingError::Features { found: row.len(), needed: self.features });
        }
        Ok(self.ensemble.explained(self.features, |node| node.takes(row[node.feature as usize])))
    }
}

impl Ensemble {
    pub(crate) fn len(&self) -> usize {
        self.trees.len()
    }

    /// Share of each feature in all gains.
    pub(crate) fn gain(&self, features: usize) -> Vec<f64> {
        let mut gains = vec![0.0; features];
        for node in self.trees.iter().flat_map(|tree| &tree.nodes) {
            gains[node.feature as usize] += node.gain;
        }
        let total: f64 = gains.iter().sum();
        gains.iter().map(|gain| if total > 0.0 { gain / total } else { 0.0 }).collect()
    }
}

/// Rows that have a target, once all lengths are known to be right.
fn rows_of<C: AsRef<[f64]>>(columns: &[C], target: &[f64]) -> Result<Vec<u32>, BoostingError> {
    lengths(columns, target.len())?;
    if target.len() > MOST_ROWS {
        return Err(BoostingError::Rows { found: target.len(), most: MOST_ROWS });
    }
    if let Some(row) = target.iter().position(|y| y.is_infinite()) {
        return Err(BoostingError::Infinite { row, found: target[row] });
    }
    Ok((0..target.len()).filter(|row| !target[*row].is_nan()).map(|row| row as u32).collect())
}

fn lengths<C: AsRef<[f64]>>(columns: &[C], needed: usize) -> Result<(), BoostingError> {
    for (feature, column) in columns.iter().enumerate() {
        let found = column.as_ref().len();
        if found != needed {
            return Err(BoostingError::Length { feature, found, needed });
        }
    }
    Ok(())
}
