//! Back-tests: what the forecasts of the past would have been, beside what came.
use std::sync::{Arc, OnceLock};

use datagora_core::Unit;

use crate::forecast::{Band, bands, bounded};
use crate::interval::Margins;
use crate::residuals::Residuals;
use crate::rolling::{Plan, Rolled, roll};
use crate::{
    Combination, Fit, ForecastOptions, MetricError, NoForecast, Predict, SeasonalNaive, Series, mase, msis,
    rmsse, smape, weighted_quantile_loss,
};

/// One moment of the past: what was forecast, and what came.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Origin {
    /// Steps known then; the first forecast is for the step at this position.
    pub known: usize,
    /// What came; `NaN` = gap or not yet known.
    pub actual: Vec<f64>,
    /// What was forecast.
    pub points: Vec<f64>,
    /// What the seasonal naive method would have forecast; `NaN` where it cannot.
    pub benchmark: Vec<f64>,
    /// Bounds, calibrated on errors known then.
    pub bands: Vec<Band>,
}

/// A back-test of the default model on one series.
///
/// What was forecast is kept; the bounds at its origins are calibrated when they are first asked for.
#[derive(Clone)]
pub struct BackTest {
    series: Series,
    past: Box<[Rolled]>,
    options: Arc<ForecastOptions>,
    origins: OnceLock<Box<[Origin]>>,
}

impl std::fmt::Debug for BackTest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BackTest")
            .field("series", &self.series)
            .field("origins", &self.origins())
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for BackTest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut fields = serializer.serialize_struct("BackTest", 4)?;
        fields.serialize_field("values", self.series.values())?;
        fields.serialize_field("period", &self.series.period())?;
        fields.serialize_field("unit", self.series.unit())?;
        fields.serialize_field("origins", self.origins())?;
        fields.end()
    }
}

/// Mean errors over the origins of a back-test; steps with a gap are passed over.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Accuracy {
    /// Mean absolute scaled error, scaled by what was known at each origin ([`mase`]).
    pub mase: f64,
    /// Root mean squared scaled error ([`rmsse`]).
    pub rmsse: f64,
    /// Symmetric mean absolute percentage error, in % ([`smape`]).
    pub smape: f64,
}

/// How often the intervals of a level held what came.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Coverage {
    /// What was promised.
    pub level: f64,
    /// Share that held, 0 to 1.
    pub share: f64,
    /// Values that were compared. They overlap between origins, so they are not independent.
    pub pairs: usize,
}

/// Back-tests the default model: forecasts `horizon` steps from up to `options.with_origins` moments of the past, each
/// time with what was known then, intervals included.
///
/// The origins are those that [`forecast`](crate::forecast) calibrates on; a forecast brings this along as
/// [`Forecast::backtest`](crate::Forecast::backtest).
///
/// # Errors
///
/// As [`forecast`](crate::forecast), except that a source that fell silent can be back-tested;
/// [`NoForecast::TooFew`] when no origin has a value to be compared with.
///
/// # Example
///
/// ```
/// use datagora_core::Unit;
/// use datagora_predict::{ForecastOptions, Series, backtest};
///
/// let values: Vec<f64> =
///     (0..80).map(|t| 100.0 + t as f64 + [30.0, 5.0, -30.0, -5.0][t % 4] + ((t * t) % 7) as f64).collect();
/// let series = Series::new(values, Unit::ONE)?.with_period(4)?;
/// let test = backtest(&series, 4, &ForecastOptions::default())?;
/// assert!(test.accuracy()?.mase < test.benchmark()?.mase);
/// assert!(test.coverage(0.8)?.share > 0.6);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Tashman, L. J. (2000). Out-of-sample tests of forecasting accuracy. Int. J. Forecasting 16, 437–450.
/// doi:10.1016/S0169-2070(00)00065-0
pub fn backtest(series: &Series, horizon: usize, options: &ForecastOptions) -> Result<BackTest, NoForecast> {
    let heard = series.head(series.len() - series.silence());
    options.check(&heard, horizon)?;
    let plan = Plan::Alone { most: options.origins_of(1) };
    let (_, _, past) = Combination::roll(&heard, horizon, plan).map_err(NoForecast::Unfit)?;
    BackTest::of(heard, past, &Arc::new(options.clone()))
}

/// Back-tests the model given, as [`backtest`] does the default one.
///
/// # Errors
///
/// As [`backtest`].
///
/// # Example
///
/// ```
/// use datagora_core::Unit;
/// use datagora_predict::{ForecastOptions, Naive, Series, backtest_with};
///
/// let series = Series::new((0..30).map(f64::from).collect::<Vec<_>>(), Unit::ONE)?;
/// let test = backtest_with(&Naive, &series, 2, &ForecastOptions::default())?;
/// assert_eq!(test.accuracy()?.mase, test.benchmark()?.mase);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn backtest_with<M: Fit>(
    model: &M,
    series: &Series,
    horizon: usize,
    options: &ForecastOptions,
) -> Result<BackTest, NoForecast> {
    let heard = series.head(series.len() - series.silence());
    options.check(&heard, horizon)?;
    let plan = Plan::Alone { most: options.origins_of(1) };
    let past = roll(model, &heard, horizon, plan);
    BackTest::of(heard, past, &Arc::new(options.clone()))
}

impl BackTest {
    /// Of forecasts of the past of a series; `known` is all that is known of it.
    pub(crate) fn of(
        known: Series,
        past: Vec<Rolled>,
        options: &Arc<ForecastOptions>,
    ) -> Result<Self, NoForecast> {
        if past.is_empty() {
            let needed = (2 * known.period()).max(5) + 1;
            return Err(NoForecast::TooFew { found: known.observed(), needed });
        }
        let (past, options) = (past.into(), Arc::clone(options));
        Ok(Self { series: known, past, options, origins: OnceLock::new() })
    }

    /// The forecasts that it rests on.
    pub(crate) fn past(&self) -> &[Rolled] {
        &self.past
    }

    /// The origins, oldest first.
    pub fn origins(&self) -> &[Origin] {
        self.origins.get_or_init(|| self.past.iter().map(|now| self.origin(now)).collect())
    }

    fn origin(&self, now: &Rolled) -> Origin {
        let (values, horizon) = (self.series.values(), now.points.len());
        let residuals = Residuals::of(&self.series, &self.past, now.known, 0);
        let benchmark = SeasonalNaive
            .fit(&self.series.head(now.known))
            .map_or_else(|_| vec![f64::NAN; horizon], |naive| naive.predict(horizon));
        let target = |h| values.get(now.known + h).copied().unwrap_or(f64::NAN);
        Origin {
            known: now.known,
            actual: (0..horizon).map(target).collect(),
            points: bounded(&now.points, self.options.non_negative),
            benchmark,
            bands: bands(&now.points, &Margins::of(now, &residuals, 0, None), 0, &self.options),
        }
    }

    /// Unit of forecasts and values.
    pub fn unit(&self) -> &Unit {
        self.series.unit()
    }

    /// Errors of the forecasts, over the steps the benchmark can forecast too.
    ///
    /// # Errors
    ///
    /// [`MetricError::NoPairs`] or [`MetricError::NoScale`] when no origin can be scored.
    pub fn accuracy(&self) -> Result<Accuracy, MetricError> {
        self.accuracy_of(|origin| {
            origin
                .points
                .iter()
                .zip(&origin.benchmark)
                .map(|(p, b)| if b.is_nan() { *b } else { *p })
                .collect()
        })
    }

    /// Errors of the seasonal naive method over the same steps.
    ///
    /// # Errors
    ///
    /// As [`BackTest::accuracy`].
    pub fn benchmark(&self) -> Result<Accuracy, MetricError> {
        self.accuracy_of(|origin| origin.benchmark.clone())
    }

    fn accuracy_of(&self, of: impl Fn(&Origin) -> Vec<f64>) -> Result<Accuracy, MetricError> {
        let known = |origin: &Origin| &self.series.values()[..origin.known];
        Ok(Accuracy {
            mase: self.mean(|o| mase(&o.actual, &of(o), known(o), self.series.period()))?,
            rmsse: self.mean(|o| rmsse(&o.actual, &of(o), known(o), self.series.period()))?,
            smape: self.mean(|o| smape(&o.actual, &of(o)))?,
        })
    }

    /// Mean over the origins that have a score; the first reason if none has.
    fn mean(&self, score: impl Fn(&Origin) -> Result<f64, MetricError>) -> Result<f64, MetricError> {
        let (mut sum, mut n, mut refusal) = (0.0, 0usize, MetricError::NoPairs);
        for result in self.origins().iter().map(score) {
            match result {
                Ok(value) => {
                    sum += value;
                    n += 1;
                }
                Err(error) => refusal = error,
            }
        }
        if n == 0 { Err(refusal) } else { Ok(sum / n as f64) }
    }

    /// How often the calibrated intervals of a level held what came.
    ///
    /// # Errors
    ///
    /// [`MetricError::Level`] for a level that was not asked for, [`MetricError::NoPairs`] when no interval was
    /// calibrated.
    pub fn coverage(&self, level: f64) -> Result<Coverage, MetricError> {
        let (mut inside, mut pairs) = (0usize, 0usize);
        for origin in self.origins() {
            let band = band(origin, level)?;
            for (h, y) in origin.actual.iter().enumerate() {
                if !y.is_nan() && band.basis[h].is_calibrated() {
                    pairs += 1;
                    inside += usize::from((band.lower[h]..=band.upper[h]).contains(y));
                }
            }
        }
        if pairs == 0 {
            Err(MetricError::NoPairs)
        } else {
            Ok(Coverage { level, share: inside as f64 / pairs as f64, pairs })
        }
    }

    /// Mean scaled interval score of a level ([`msis`]), all intervals included.
    ///
    /// # Errors
    ///
    /// [`MetricError::Level`] for a level that was not asked for; as [`BackTest::accuracy`].
    pub fn interval_score(&self, level: f64) -> Result<f64, MetricError> {
        self.mean(|origin| {
            let band = band(origin, level)?;
            msis(
                &origin.actual,
                &band.lower,
                &band.upper,
                level,
                &self.series.values()[..origin.known],
                self.series.period(),
            )
        })
    }

    /// Weighted quantile loss over the ends of all bands and the points as medians ([`weighted_quantile_loss`]).
    ///
    /// # Errors
    ///
    /// As [`weighted_quantile_loss`].
    pub fn quantile_loss(&self) -> Result<f64, MetricError> {
        self.mean(|origin| {
            let (mut quantiles, mut levels) = (vec![origin.points.as_slice()], vec![0.5]);
            for band in &origin.bands {
                quantiles.extend([band.lower.as_slice(), band.upper.as_slice()]);
                levels.extend([0.5 - band.level / 2.0, 0.5 + band.level / 2.0]);
            }
            weighted_quantile_loss(&origin.actual, &quantiles, &levels)
        })
    }
}

fn band(origin: &Origin, level: f64) -> Result<&Band, MetricError> {
    origin.bands.iter().find(|b| (b.level - level).abs() < 1e-9).ok_or(MetricError::Level)
}
