//! One model for all series of a panel: boosted trees on what is known of each at a moment.
mod calibration;
mod feature;
mod fitted;
mod neighbours;
mod table;

use self::calibration::Shift;
use self::feature::features;
use self::fitted::Step;
use self::table::{Scale, Table};
use crate::boosting::{Binned, Ensemble, WIDTH, Watched, train};
use crate::rolling::common_factor;
use crate::{BoostingError, BoostingOptions, Objective, Panel};

pub use self::fitted::{Explanation, FittedGlobal, PanelForecast};
pub use self::neighbours::Neighbours;

/// Boosted trees that learn from all series of a panel how one goes on.
///
/// A row of the table is a series at a moment: its last value, those before and their means, the same places of past
/// seasons, its neighbours, the calendar and the covariates of the step to come. All is seen against the last value, in
/// units of the deviation of the series; what is predicted is by how much it will be left. Each step ahead has trees of
/// its own (the direct strategy), so errors do not feed on errors.
///
/// It pays where there are many series with a common way, short steps, neighbours or covariates: traffic by minutes,
/// bicycles with weather. For some dozens of monthly values, [`forecast`](crate::forecast) is the better choice.
///
/// # Missing values
///
/// Gaps stay gaps: the trees know them as such. The last value is the last that was observed.
///
/// # Example
///
/// ```
/// use datagora_core::Unit;
/// use datagora_predict::{BoostingOptions, GlobalBoosting, Panel, Series};
///
/// // Twelve counters that repeat a pattern of six steps, each at its own size.
/// let pattern = [1.0, 4.0, 9.0, 7.0, 3.0, 2.0];
/// let counter = |size: usize| {
///     let values: Vec<f64> = (0..120).map(|t| size as f64 * pattern[t % 6]).collect();
///     Series::new(values, Unit::of("{passage}"))?.with_period(6)
/// };
/// let panel = Panel::new((1..=12).map(counter).collect::<Result<Vec<_>, _>>()?)?;
///
/// let model = GlobalBoosting::default().fit(&panel, &[1, 3])?;
/// let next = model.predict(&panel)?;
/// assert!((next.points(9)[0] - 10.0).abs() < 2.0 && (next.points(9)[1] - 90.0).abs() < 5.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Januschowski, T. et al. (2020). Criteria for classifying forecasting methods. Int. J. Forecasting 36, 167–177 (global
/// models). doi:10.1016/j.ijforecast.2019.05.008. Makridakis, S., Spiliotis, E. and Assimakopoulos, V. (2022). M5 accuracy
/// competition: results, findings, and conclusions. Int. J. Forecasting 38, 1346–1364. doi:10.1016/j.ijforecast.2021.11.013
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct GlobalBoosting {
    lags: usize,
    windows: Vec<usize>,
    season_lags: usize,
    neighbours: Neighbours,
    scaled: bool,
    non_negative: bool,
    rows: usize,
    quantiles: Vec<f64>,
    calibration: f64,
    patience: Option<usize>,
    boosting: BoostingOptions,
}

impl Default for GlobalBoosting {
    fn default() -> Self {
        let boosting = BoostingOptions::default()
            .with_objective(Objective::Absolute)
            .with_trees(200)
            .with_learning_rate(0.08)
            .with_leaves(63)
            .with_leaf_rows(100)
            .with_bins(127);
        Self {
            lags: 8,
            windows: vec![3, 6, 12, 36],
            season_lags: 2,
            neighbours: Neighbours::None,
            scaled: true,
            non_negative: false,
            rows: 180_000,
            quantiles: Vec::new(),
            calibration: 0.2,
            patience: None,
            boosting,
        }
    }
}

/// Why a panel cannot be learned from, or forecast.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum GlobalError {
    /// No step ahead was asked for, or step 0, which is known.
    #[error("steps ahead {found:?} were asked for; give one or more, from 1 up")]
    Ahead {
        /// What was given.
        found: Vec<usize>,
    },
    /// A probability of a quantile is none.
    #[error(
        "the quantile {found} is no probability between 0 and 1; give 0.05 and 0.95 for the bounds of 90 %"
    )]
    Quantile {
        /// What was given.
        found: f64,
    },
    /// The panel has other series than the one learned from.
    #[error(
        "the panel has {found} series, the model learned from {needed}; give the same ones, in the same order"
    )]
    Series {
        /// Series given.
        found: usize,
        /// Series of the fit.
        needed: usize,
    },
    /// A moment outside of the panel.
    #[error("a forecast after {found} steps was asked for, the panel has {most}; give from 1 to {most}")]
    Moment {
        /// Steps known at that moment.
        found: usize,
        /// Steps of the panel.
        most: usize,
    },
    /// The trees cannot be grown.
    #[error(transparent)]
    Boosting(#[from] BoostingError),
}

impl GlobalBoosting {
    /// Number of last values looked at one by one. Default: 8.
    pub fn with_lags(self, lags: usize) -> Self {
        Self { lags, ..self }
    }

    /// Steps of which mean and deviation are looked at. Default: 3, 6, 12, 36.
    pub fn with_windows(self, windows: impl Into<Vec<usize>>) -> Self {
        let mut windows = windows.into();
        windows.retain(|window| *window > 1);
        Self { windows, ..self }
    }

    /// Past seasons looked at one by one, and their mean; 0 for neither. Default: 2.
    ///
    /// They are used from two seasons on. Seasons shorter than a week, if the index of the panel tells so, are used from
    /// two weeks on: before, a weekday cannot be told from a Sunday.
    pub fn with_season_lags(self, season_lags: usize) -> Self {
        Self { season_lags, ..self }
    }

    /// Who tells something about whom. Default: [`Neighbours::None`].
    pub fn with_neighbours(self, neighbours: Neighbours) -> Self {
        Self { neighbours, ..self }
    }

    /// Whether errors count in units of the deviation of each series, so that the small ones count as much as the large
    /// ones; if not, they count in the unit of the values. Default: yes.
    pub fn with_scaled(self, scaled: bool) -> Self {
        Self { scaled, ..self }
    }

    /// Whether values below 0 are impossible, as for counts. Default: no.
    pub fn with_non_negative(self, non_negative: bool) -> Self {
        Self { non_negative, ..self }
    }

    /// Rows to learn from: of more, every k-th moment is taken. Neighbouring moments tell nearly the same. Default: 180,000.
    pub fn with_rows(self, rows: usize) -> Self {
        Self { rows, ..self }
    }

    /// Probabilities of quantiles to forecast beside the point, each by trees of its own, calibrated
    /// ([`GlobalBoosting::with_calibration`]). Default: none.
    pub fn with_quantiles(self, quantiles: impl Into<Vec<f64>>) -> Self {
        let mut quantiles = quantiles.into();
        quantiles.sort_by(f64::total_cmp);
        quantiles.dedup();
        Self { quantiles, ..self }
    }

    /// Share of the steps, at the end, from which quantiles are calibrated, 0 to 0.5; 0 for quantiles as the model believes
    /// them. Default: 0.2.
    ///
    /// The trees of quantiles learn from what came before. Each quantile is then moved by what it missed on the steps held
    /// out, of all series together, in units of their deviation, so that it holds its share there and, as far as the future
    /// resembles them, later (conformalised quantile regression, each side by itself). Points learn from everything.
    /// [`FittedGlobal::calibrated_on`] says on how many values a quantile rests.
    ///
    /// # References
    ///
    /// Romano, Y., Patterson, E. and Candès, E. J. (2019). Conformalized quantile regression. NeurIPS 32 (theorem 2).
    pub fn with_calibration(self, share: f64) -> Self {
        Self { calibration: if share.is_nan() { 0.0 } else { share.clamp(0.0, 0.5) }, ..self }
    }

    /// Whether the number of trees is found on the past: how many it takes until `patience` more do not foresee better what
    /// came next, on the mean of three parts of a tenth of the steps, the last ones, each foreseen from what came before it.
    /// The trees are then grown on everything. It costs up to three times as much. Default: no, all trees are grown.
    pub fn with_early_stopping(self, patience: usize) -> Self {
        Self { patience: Some(patience.max(1)), ..self }
    }

    /// How the trees are grown. Default: 200 trees of 63 leaves for the absolute error, learning rate 0.08.
    pub fn with_boosting(self, boosting: BoostingOptions) -> Self {
        Self { boosting, ..self }
    }

    /// How the trees are grown.
    pub fn boosting(&self) -> &BoostingOptions {
        &self.boosting
    }

    /// Learns from a panel to forecast these steps ahead, such as `[3, 6, 12]`.
    ///
    /// # Errors
    ///
    /// [`GlobalError`]: no step, a quantile that is no probability, options of the trees out of range, and
    /// [`BoostingError::Rows`] if the panel is too short for a single pair of a moment and a step to come.
    pub fn fit(&self, panel: &Panel, ahead: &[usize]) -> Result<FittedGlobal, GlobalError> {
        if ahead.is_empty() || ahead.contains(&0) {
            return Err(GlobalError::Ahead { found: ahead.to_vec() });
        }
        if let Some(&found) = self.quantiles.iter().find(|p| !(**p > 0.0 && **p < 1.0)) {
            return Err(GlobalError::Quantile { found });
        }
        self.boosting.check()?;
        let scales: Vec<Scale> =
            panel.series().iter().map(|series| Scale::of(series.values(), self.scaled)).collect();
        let neighbours = self.neighbours.of(panel);
        let features = features(self, panel, neighbours.iter().map(Vec::len).max().unwrap_or(0));
        let table = Table::new(panel, &scales, &neighbours);
        let moments = self.moments(panel);
        let rows = moments.len() * panel.series().len();
        // Bins of what does not depend on the step to come are made once.
        let shared = features.iter().filter(|feature| !feature.looks_ahead()).count() / WIDTH * WIDTH;
        let bins = self.boosting.bins();
        let common = Binned::learn(rows, shared, bins, |feature, into| {
            table.write(&features[feature], &moments, 0, into);
        });
        let step = |&ahead: &usize| -> Result<Step, GlobalError> {
            let own = &features[shared..];
            let binned = common.and(own.len(), bins, |feature, into| {
                table.write(&own[feature], &moments, ahead, into);
            });
            let target = table.target(&moments, ahead);
            let known: Vec<u32> = (0..rows as u32).filter(|row| target[*row as usize].is_finite()).collect();
            if known.is_empty() {
                return Err(BoostingError::Rows { found: 0, most: rows }.into());
            }
            let among = |from: usize, to: usize| -> Vec<u32> {
                let within = |row: &u32| {
                    let now = moments[*row as usize % moments.len()];
                    now + 1 >= from && now + ahead < to
                };
                known.iter().copied().filter(within).collect()
            };
            let options = self.stopped(&binned, &target, panel.steps(), among);
            // Where nothing is left to learn from, nothing is held out.
            let cut = panel.steps() - (self.calibration * panel.steps() as f64) as usize;
            let (early, held) = (among(0, cut), among(cut, usize::MAX));
            let holds = !early.is_empty() && self.calibration > 0.0;
            let quantile = |p: &f64| -> (Ensemble, Option<Shift>) {
                let options = options.clone().with_objective(Objective::Quantile(*p));
                let trees = train(&binned, if holds { &early } else { &known }, &target, &options, None);
                let predicted = if holds { trees.predict_bins(&binned) } else { Vec::new() };
                let pair = |row: &u32| (predicted[*row as usize], target[*row as usize]);
                let shift = if holds { Shift::of(*p, held.iter().map(pair)) } else { None };
                (trees, shift)
            };
            let quantiles = self.quantiles.iter().map(quantile).collect();
            let point = train(&binned, &known, &target, &options, None);
            Ok(Step { ahead, bins: binned.without_rows(), point, quantiles })
        };
        let steps = ahead.iter().map(step).collect::<Result<Vec<Step>, GlobalError>>()?;
        Ok(FittedGlobal {
            names: features.iter().map(|feature| feature.name(panel)).collect(),
            features,
            scales,
            neighbours,
            steps,
            quantiles: self.quantiles.clone(),
            non_negative: self.non_negative,
        })
    }

    /// How to grow the trees of a step: as told, with as many as were best on parts of the past where that is asked for.
    /// `among` gives the rows from one moment whose target is known at another.
    fn stopped(
        &self,
        binned: &Binned,
        target: &[f64],
        steps: usize,
        among: impl Fn(usize, usize) -> Vec<u32>,
    ) -> BoostingOptions {
        let Some(patience) = self.patience else { return self.boosting.clone() };
        let best = |tenth: usize| {
            let (from, to) = (steps * tenth / 10, steps * (tenth + 1) / 10);
            let (early, next) = (among(0, from), among(from, to));
            let watched = Watched::new(binned, &next, target, patience);
            let told = !early.is_empty() && !next.is_empty();
            told.then(|| train(binned, &early, target, &self.boosting, Some(&watched)).len())
        };
        let best: Vec<usize> = [7, 8, 9].into_iter().filter_map(best).collect();
        match best.len() {
            0 => self.boosting.clone(),
            parts => self.boosting.clone().with_trees(best.iter().sum::<usize>().div_ceil(parts)),
        }
    }

    /// The moments to learn from, in an order in which those drawn together lie apart in time.
    fn moments(&self, panel: &Panel) -> Vec<usize> {
        let (steps, series) = (panel.steps(), panel.series().len());
        let most = (self.rows / series).max(1);
        // With fewer values before them than are looked at, moments are not what the model will meet.
        let first = self.lags.saturating_sub(1).min(steps / 2);
        let stride = (steps - first).div_ceil(most).max(1);
        let moments: Vec<usize> = (first..steps).rev().step_by(stride).collect();
        let mut leap = (moments.len() as f64 * GOLDEN) as usize + 1;
        while common_factor(leap, moments.len()) > 1 {
            leap += 1;
        }
        (0..moments.len()).map(|number| moments[number * leap % moments.len()]).collect()
    }
}

/// A leap by this share of the whole visits all parts evenly.
const GOLDEN: f64 = 0.618_033_988_749_895;
