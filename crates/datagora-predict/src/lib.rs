//! Forecasts whose intervals were back-tested: seasonal models, conformal intervals, rolling-origin evaluation.
//!
//! A [`Series`] goes in; [`forecast`] gives a [`Forecast`] with its bounds, what they rest on and its back-test, or a
//! [`NoForecast`] with the reason.
//!
//! | to | use |
//! |---|---|
//! | forecast one series, or all of a city | [`forecast`], [`forecast_panel`] |
//! | a sum, a maximum, a city's total | [`Forecast::paths`], [`Paths`] |
//! | try it on the past | [`backtest`], [`BackTest`] |
//! | choose the model | [`forecast_with`], [`backtest_with`], [`Automatic`], [`AutoEts`], [`Ets`], [`DynamicTheta`], [`Theta`], [`AutoTheta`], [`AutoCes`], [`Ces`] |
//! | model what values owe to those before | [`Arima`], [`AutoArima`], [`differences_needed`], [`seasonal_differences_needed`], [`kpss`], [`dickey_fuller`] |
//! | use what is known of the future: calendar, school, weather | [`Covariates`], [`Regression`] |
//! | forecast what is mostly 0 | [`Croston`], [`TeunterSyntetosBabai`], [`Adida`], [`Imapa`] |
//! | make forecasts add up | [`Hierarchy`], [`Reconciliation`] |
//! | write a model | [`Fit`], [`Predict`] |
//! | find a season | [`is_seasonal`], [`seasonal_indices`], [`Stl`], [`Mstl`] |
//! | forecast with several seasons | [`Series::with_periods`], [`SeasonalProfile`], [`Decomposed`] |
//! | find out where models fail | [`evaluate`], [`Evaluation`], [`Trouble`] |
//! | compare models | [`diebold_mariano`], [`wilcoxon_test`], [`sign_test`], [`rank_models`], [`holm`] |
//! | calibrate other forecasts | [`conformal_half_width`], [`conformal_quantile_adjustment`], [`AdaptiveConformal`] |
//! | know what has to be beaten | [`Naive`], [`Naive2`], [`SeasonalNaive`], [`Drift`], [`Mean`] |
//! | measure | [`mase`], [`rmsse`], [`smape`], [`weighted_quantile_loss`], [`msis`], [`coverage()`], [`crps_sample`], [`crps_normal`], [`owa`] |
//! | learn one model from all series, with neighbours, calendar and covariates | [`Panel`], [`GlobalBoosting`] |
//! | boost trees on a table | [`BoostedTrees`] |
//! | forecast the series of a data frame | module `table`, with feature `polars` |
//!
//! The same series give the same bytes, on any number of cores; what is drawn at random takes a seed.
#![doc = ""]
#![doc = include_str!("../README.md")]
mod arima;
mod automatic;
mod backtest;
mod baseline;
mod boosting;
mod candidates;
mod ces;
mod compare;
mod conformal;
mod cores;
mod covariates;
mod decompose;
mod decomposed;
mod decomposition;
mod difficulty;
mod distribution;
mod ets;
mod evaluation;
mod forecast;
mod global;
mod hierarchy;
mod intermittent;
mod interval;
#[cfg(test)]
mod made;
mod metrics;
mod minimise;
mod model;
mod mstl;
mod naive2;
mod names;
mod options;
mod panel;
mod paths;
mod pool;
mod profile;
mod regression;
mod residuals;
mod rolling;
mod series;
mod series_panel;
mod stationarity;
mod stl;
#[cfg(feature = "polars")]
pub mod table;
mod theta;
mod time_index;
mod trouble;

pub use arima::{Arima, AutoArima, FittedArima};
pub use automatic::{Automatic, Combination, Member, Part};
pub use backtest::{Accuracy, BackTest, Coverage, Origin, backtest, backtest_with};
pub use baseline::{Baseline, Drift, Mean, Naive, SeasonalNaive};
pub use boosting::{BoostedTrees, BoostingError, BoostingOptions, Objective};
pub use ces::{AutoCes, Ces, FittedCes};
pub use compare::{
    CompareError, PairedTest, Ranking, diebold_mariano, holm, rank_models, sign_test, wilcoxon_test,
};
pub use conformal::{AdaptiveConformal, conformal_half_width, conformal_quantile_adjustment};
pub use covariates::{Covariates, CovariatesError};
pub use decompose::{Seasonality, is_seasonal, seasonal_indices};
pub use decomposed::{Decomposed, FittedDecomposed};
pub use decomposition::{Decomposition, Season};
pub use ets::{AutoEts, Errors, Ets, FittedEts, Region, Trend};
pub use evaluation::{Contender, Evaluation, Score, SeriesScore, evaluate};
pub use forecast::{Band, Forecast, forecast, forecast_with};
pub use global::{Explanation, FittedGlobal, GlobalBoosting, GlobalError, Neighbours, PanelForecast};
pub use hierarchy::{Hierarchy, HierarchyError, Node, Reconciliation};
pub use intermittent::{Adida, Croston, FittedIntermittent, Imapa, TeunterSyntetosBabai};
pub use interval::Basis;
pub use metrics::{
    MetricError, coverage, crps_normal, crps_sample, interval_score, mae, mase, msis, owa, quantile_loss,
    rmsse, smape, weighted_quantile_loss,
};
pub use model::{Fit, FitError, Predict};
pub use mstl::Mstl;
pub use naive2::{FittedNaive2, Naive2};
pub use options::{ForecastOptions, NoForecast};
pub use panel::forecast_panel;
pub use paths::{Outcomes, Paths, PathsError};
pub use profile::{FittedProfile, SeasonalProfile};
pub use regression::{Coefficient, DropReason, Dropped, FittedRegression, Regression};
pub use series::{Series, SeriesError};
pub use series_panel::{Covariate, Panel, PanelError};
pub use stationarity::{DickeyFuller, dickey_fuller, differences_needed, kpss, seasonal_differences_needed};
pub use stl::{Degree, Stl};
pub use theta::{AutoTheta, DynamicTheta, FittedTheta, Theta};
pub use time_index::TimeIndex;
pub use trouble::Trouble;
