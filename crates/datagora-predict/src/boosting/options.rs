//! How trees are grown and added up.
use super::{BoostingError, Objective};

/// How to boost; the default suits some thousands of rows and more.
///
/// # Example
///
/// ```
/// use datagora_predict::{BoostingOptions, Objective};
///
/// let options = BoostingOptions::default().with_objective(Objective::Absolute).with_trees(200).with_learning_rate(0.05);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct BoostingOptions {
    pub(super) objective: Objective,
    pub(super) trees: usize,
    pub(super) learning_rate: f64,
    pub(super) leaves: usize,
    pub(super) depth: usize,
    pub(super) leaf_rows: usize,
    pub(super) ridge: f64,
    pub(super) bins: usize,
    pub(super) row_share: f64,
    pub(super) feature_share: f64,
    pub(super) seed: u64,
}

impl Default for BoostingOptions {
    fn default() -> Self {
        Self {
            objective: Objective::Squared,
            trees: 100,
            learning_rate: 0.1,
            leaves: 31,
            depth: 64,
            leaf_rows: 20,
            ridge: 0.0,
            bins: 255,
            row_share: 1.0,
            feature_share: 1.0,
            seed: 0,
        }
    }
}

impl BoostingOptions {
    /// The loss to lower. Default: [`Objective::Squared`].
    pub fn with_objective(self, objective: Objective) -> Self {
        Self { objective, ..self }
    }

    /// Number of trees; the most there may be where training stops early. Default: 100.
    pub fn with_trees(self, trees: usize) -> Self {
        Self { trees, ..self }
    }

    /// Share of each tree's correction that is made, above 0 and up to 1. Default: 0.1.
    pub fn with_learning_rate(self, learning_rate: f64) -> Self {
        Self { learning_rate, ..self }
    }

    /// Most leaves of a tree. The leaf that gains most is split first. Default: 31.
    pub fn with_leaves(self, leaves: usize) -> Self {
        Self { leaves, ..self }
    }

    /// Most questions from the root to a leaf. Default: 64.
    pub fn with_depth(self, depth: usize) -> Self {
        Self { depth, ..self }
    }

    /// Fewest rows of a leaf, at least 1. Default: 20.
    pub fn with_leaf_rows(self, leaf_rows: usize) -> Self {
        Self { leaf_rows, ..self }
    }

    /// Rows without any pull that are added to each leaf of [`Objective::Squared`], and to each side of a split when gains
    /// are compared. Default: 0.
    pub fn with_ridge(self, ridge: f64) -> Self {
        Self { ridge, ..self }
    }

    /// Most bins of a feature, 2 to 255, beside the one for gaps. Default: 255.
    pub fn with_bins(self, bins: usize) -> Self {
        Self { bins, ..self }
    }

    /// Share of the rows that each tree is grown on, drawn anew for each. Default: 1.
    pub fn with_row_share(self, row_share: f64) -> Self {
        Self { row_share, ..self }
    }

    /// Share of the features that each tree may ask about, drawn anew for each. Default: 1.
    pub fn with_feature_share(self, feature_share: f64) -> Self {
        Self { feature_share, ..self }
    }

    /// Seed of what is drawn. Default: 0.
    pub fn with_seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    pub(crate) fn bins(&self) -> usize {
        self.bins
    }

    pub(crate) fn check(&self) -> Result<(), BoostingError> {
        let refuse = |option, found, needed| Err(BoostingError::Option { option, found, needed });
        let share = |share: f64| share > 0.0 && share <= 1.0;
        if let Objective::Quantile(p) = self.objective
            && !(p > 0.0 && p < 1.0)
        {
            return refuse("probability of the quantile", p, "above 0 and below 1");
        }
        if !share(self.learning_rate) {
            return refuse("learning rate", self.learning_rate, "above 0 and up to 1");
        }
        if !share(self.row_share) {
            return refuse("share of rows", self.row_share, "above 0 and up to 1");
        }
        if !share(self.feature_share) {
            return refuse("share of features", self.feature_share, "above 0 and up to 1");
        }
        if !(self.ridge >= 0.0 && self.ridge.is_finite()) {
            return refuse("ridge", self.ridge, "0 or more");
        }
        if !(2..=255).contains(&self.bins) {
            return refuse("number of bins", self.bins as f64, "from 2 to 255");
        }
        if self.leaves == 0 || self.leaf_rows == 0 {
            return refuse("number of leaves, or of rows in one,", 0.0, "1 or more");
        }
        Ok(())
    }
}
