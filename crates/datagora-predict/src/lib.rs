//! Forecasts whose intervals were back-tested: seasonal models, conformal intervals, rolling-origin evaluation.
