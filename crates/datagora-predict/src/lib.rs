//! Forecasts whose intervals were back-tested: seasonal models, conformal intervals, rolling-origin evaluation.
mod automatic;
mod backtest;
mod baseline;
mod decompose;
mod ets;
mod forecast;
mod interval;
mod metrics;
mod minimise;
mod model;
mod panel;
mod rolling;
mod series;
mod theta;

pub use automatic::{Automatic, Combination, Member, Part};
pub use backtest::{Accuracy, BackTest, Coverage, Origin, backtest, backtest_with};
pub use baseline::{Baseline, Drift, Mean, Naive, SeasonalNaive};
pub use decompose::{Seasonality, is_seasonal, seasonal_indices};
pub use ets::{AutoEts, Errors, Ets, FittedEts, Trend};
pub use forecast::{Band, Forecast, ForecastOptions, NoForecast, forecast, forecast_with};
pub use interval::{Basis, conformal_half_width};
pub use metrics::{
    MetricError, coverage, crps_sample, interval_score, mae, mase, msis, quantile_loss, rmsse, smape,
    weighted_quantile_loss,
};
pub use model::{Fit, FitError, Predict};
pub use panel::forecast_panel;
pub use series::{Series, SeriesError};
pub use theta::{DynamicTheta, FittedTheta};
