//! Forecasts whose intervals were back-tested: seasonal models, conformal intervals, rolling-origin evaluation.
//!
//! A [`Series`] goes in; [`forecast`] gives a [`Forecast`] with its bounds, what they rest on and its back-test, or a
//! [`NoForecast`] with the reason.
//!
//! | to | use |
//! |---|---|
//! | forecast one series, or all of a city | [`forecast`], [`forecast_panel`] |
//! | try it on the past | [`backtest`], [`BackTest`] |
//! | choose the model | [`forecast_with`], [`backtest_with`], [`Automatic`], [`AutoEts`], [`Ets`], [`DynamicTheta`], [`Theta`], [`AutoTheta`], [`AutoCes`], [`Ces`] |
//! | model what values owe to those before | [`Arima`], [`AutoArima`], [`differences_needed`], [`seasonal_differences_needed`] |
//! | know what has to be beaten | [`Naive`], [`SeasonalNaive`], [`Drift`], [`Mean`] |
//! | write a model | [`Fit`], [`Predict`] |
//! | measure | [`mase`], [`rmsse`], [`smape`], [`weighted_quantile_loss`], [`msis`], [`coverage()`], [`crps_sample`] |
//! | find a season | [`is_seasonal`], [`seasonal_indices`], [`Stl`], [`Mstl`] |
//! | forecast with several seasons | [`Series::with_periods`], [`Decomposed`] |
//!
//! Everything is computed, nothing is drawn at random: the same series gives the same bytes, on any number of cores.
#![doc = ""]
#![doc = include_str!("../README.md")]
mod arima;
mod automatic;
mod backtest;
mod baseline;
mod ces;
mod decompose;
mod decomposed;
mod decomposition;
mod ets;
mod forecast;
mod interval;
mod metrics;
mod minimise;
mod model;
mod mstl;
mod options;
mod panel;
mod rolling;
mod series;
mod stationarity;
mod stl;
mod theta;

pub use arima::{Arima, AutoArima, FittedArima};
pub use automatic::{Automatic, Combination, Member, Part};
pub use backtest::{Accuracy, BackTest, Coverage, Origin, backtest, backtest_with};
pub use baseline::{Baseline, Drift, Mean, Naive, SeasonalNaive};
pub use ces::{AutoCes, Ces, FittedCes};
pub use decompose::{Seasonality, is_seasonal, seasonal_indices};
pub use decomposed::{Decomposed, FittedDecomposed};
pub use decomposition::{Decomposition, Season};
pub use ets::{AutoEts, Errors, Ets, FittedEts, Trend};
pub use forecast::{Band, Forecast, forecast, forecast_with};
pub use interval::{Basis, conformal_half_width};
pub use metrics::{
    MetricError, coverage, crps_sample, interval_score, mae, mase, msis, quantile_loss, rmsse, smape,
    weighted_quantile_loss,
};
pub use model::{Fit, FitError, Predict};
pub use mstl::Mstl;
pub use options::{ForecastOptions, NoForecast};
pub use panel::forecast_panel;
pub use series::{Series, SeriesError};
pub use stationarity::{differences_needed, kpss, seasonal_differences_needed};
pub use stl::{Degree, Stl};
pub use theta::{AutoTheta, DynamicTheta, FittedTheta, Theta};
