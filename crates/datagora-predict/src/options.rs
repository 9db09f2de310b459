//! How to forecast, and why that may be impossible.
use datagora_core::Suppression;

use crate::{FitError, Series};

/// How to forecast; the default suits most series.
///
/// # Example
///
/// ```
/// use datagora_predict::ForecastOptions;
///
/// let counts = ForecastOptions::default().with_non_negative(true).with_levels([0.8]);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ForecastOptions {
    pub(crate) levels: Vec<f64>,
    pub(crate) non_negative: bool,
    pub(crate) longest_silence: Option<usize>,
    pub(crate) origins: Option<usize>,
}

impl Default for ForecastOptions {
    fn default() -> Self {
        Self { levels: vec![0.5, 0.8, 0.95], non_negative: false, longest_silence: None, origins: None }
    }
}

impl ForecastOptions {
    /// Probabilities of the intervals. Default: 0.5, 0.8, 0.95.
    pub fn with_levels(self, levels: impl Into<Vec<f64>>) -> Self {
        let mut levels = levels.into();
        levels.sort_by(f64::total_cmp);
        levels.dedup();
        Self { levels, ..self }
    }

    /// Whether values below 0 are impossible, as for counts. Default: no.
    pub fn with_non_negative(self, non_negative: bool) -> Self {
        Self { non_negative, ..self }
    }

    /// Gaps at the end of a series up to which it is still forecast. Default: one period, at least 6.
    pub fn with_longest_silence(self, steps: usize) -> Self {
        Self { longest_silence: Some(steps), ..self }
    }

    /// Moments of the past from which to forecast again, for calibration, at most; each costs a fit.
    ///
    /// Default: 60 for a series by itself. A panel shares 2,000 among its series, at least 1 and at most 60 each: the
    /// more series, the less each has to tell.
    pub fn with_origins(self, origins: usize) -> Self {
        Self { origins: Some(origins), ..self }
    }

    /// Origins of each of so many series.
    pub(crate) fn origins_of(&self, series: usize) -> usize {
        self.origins.unwrap_or((2_000 / series.max(1)).clamp(1, 60))
    }

    /// What is known, without the silence at its end, and the steps to go from there.
    pub(crate) fn task(&self, series: &Series, horizon: usize) -> Result<(Series, usize), NoForecast> {
        self.check(series, horizon)?;
        let silence = series.silence();
        Ok((series.head(series.len() - silence), silence + horizon))
    }

    /// Whether what is asked for makes sense, whatever the series.
    pub(crate) fn check_request(&self, horizon: usize) -> Result<(), NoForecast> {
        if horizon == 0 {
            return Err(NoForecast::NoHorizon);
        }
        if let Some(&found) = self.levels.iter().find(|l| !(**l > 0.0 && **l < 1.0)) {
            return Err(NoForecast::Level { found });
        }
        if self.levels.is_empty() {
            return Err(NoForecast::Level { found: f64::NAN });
        }
        Ok(())
    }

    pub(crate) fn check(&self, series: &Series, horizon: usize) -> Result<(), NoForecast> {
        self.check_request(horizon)?;
        let found = series.observed();
        if found < LEAST {
            return Err(NoForecast::TooFew { found, needed: LEAST });
        }
        let (silence, limit) = (series.silence(), self.longest_silence.unwrap_or(series.period().max(6)));
        if silence > limit {
            return Err(NoForecast::Silent { silence, limit });
        }
        Ok(())
    }
}

/// Below this many values there is no error to learn from.
const LEAST: usize = 3;

/// Why there is no forecast.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NoForecast {
    /// No step was asked for.
    #[error("a forecast of 0 steps was asked for; ask for 1 or more")]
    NoHorizon,
    /// A level that is no probability, or no level at all.
    #[error("the interval level {found} is no probability between 0 and 1; give 0.95 for 95 %")]
    Level {
        /// What was given; `NaN` if none.
        found: f64,
    },
    /// Too few values to say anything.
    #[error(
        "the series has {found} observed values, a forecast needs {needed}; wait, or forecast a larger area"
    )]
    TooFew {
        /// Observed values.
        found: usize,
        /// Needed.
        needed: usize,
    },
    /// It ended: nothing has been observed for too long.
    #[error(
        "nothing was observed in the last {silence} steps, at most {limit} are allowed; the source may be out of service"
    )]
    Silent {
        /// Steps since the last value.
        silence: usize,
        /// Allowed.
        limit: usize,
    },
    /// The model asked for does not suit the series.
    #[error(transparent)]
    Unfit(FitError),
}

impl NoForecast {
    /// The reason as an indicator carries it.
    pub fn suppression(&self) -> Suppression {
        Suppression::Undefined { reason: self.to_string() }
    }
}

#[cfg(all(test, feature = "serde"))]
mod tests {
    use super::*;

    #[test]
    fn options_are_the_parameters_of_a_lineage_step() {
        let json = serde_json::to_value(ForecastOptions::default().with_levels([0.95, 0.8, 0.8])).unwrap();
        assert_eq!(json["levels"], serde_json::json!([0.8, 0.95]));
        assert_eq!(json["origins"], serde_json::Value::Null);
    }
}
