//! Where models fail: several models, many series, many moments of the past.
#[cfg(feature = "parallel")]
use rayon::prelude::*;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::interval::Margins;
use crate::pool::Pool;
use crate::residuals::Residuals;
use crate::rolling::{Plan, Rolled, roll};
use crate::trouble::{Trouble, troubles};
use crate::{
    CompareError, Coverage, Fit, ForecastOptions, NoForecast, PairedTest, Ranking, Series, rank_models,
    wilcoxon_test,
};

/// What a model would have said at the moments of a plan.
type Roll = dyn Fn(&Series, usize, Plan) -> Vec<Rolled> + Send + Sync;

/// A model that takes part in an evaluation, with the name it is reported by.
pub struct Contender {
    name: String,
    roll: Box<Roll>,
}

impl Contender {
    /// Any model that can be fitted.
    pub fn new<M: Fit + Send + Sync + 'static>(name: impl Into<String>, model: M) -> Self {
        Self {
            name: name.into(),
            roll: Box::new(move |series, horizon, plan| roll(&model, series, horizon, plan)),
        }
    }
}

/// How good the forecasts of a group were: a horizon, a place of the season, a series, or all.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Score {
    /// Mean absolute error, each in units of the mean change over a period known at its origin (as MASE); `NaN` where
    /// nothing could be compared.
    pub error: f64,
    /// Mean error in the same unit: above 0 where what came was higher.
    pub bias: f64,
    /// Forecasts compared.
    pub pairs: usize,
    /// How often the intervals of each level held, over those that could be calibrated.
    pub coverage: Vec<Coverage>,
}

/// How good the forecasts of one series were, and what may be the reason.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SeriesScore {
    /// Position in the panel.
    pub position: usize,
    /// The name of the series.
    pub label: Option<String>,
    /// Its score.
    pub score: Score,
    /// What happened in the evaluated part of the series that no model could know.
    pub troubles: Vec<Trouble>,
}

/// One forecast, and what came.
#[derive(Clone, Debug)]
struct Record {
    series: usize,
    step: usize,
    place: usize,
    /// In units of the mean change over a period.
    error: f64,
    /// For each level, whether it held; `None` where nothing calibrated it.
    held: Vec<Option<bool>>,
}

/// Errors and coverage of several models over a panel.
///
/// # Example
///
/// ```
/// use datagora_core::Unit;
/// use datagora_predict::{Automatic, Contender, ForecastOptions, SeasonalNaive, Series, evaluate};
///
/// let counter = |k: usize| {
///     let values: Vec<f64> =
///         (0..60).map(|t| 100.0 + [30.0, 0.0, -30.0, 0.0][t % 4] + ((t * t + k * t) % 17) as f64).collect();
///     Series::new(values, Unit::of("{passage}"))?.with_period(4)
/// };
/// let panel = (0..20).map(counter).collect::<Result<Vec<_>, _>>()?;
/// let models = [Contender::new("default", Automatic), Contender::new("seasonal naive", SeasonalNaive)];
/// let evaluation = evaluate(&models, &panel, 4, &ForecastOptions::default().with_origins(8))?;
/// assert!(evaluation.overall(0).error < evaluation.overall(1).error);
/// assert_eq!(evaluation.by_step(0).len(), 4);
/// assert!(evaluation.paired(0, 1)?.p_value < 0.01);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Evaluation {
    names: Vec<String>,
    /// By model.
    records: Vec<Vec<Record>>,
    series: Vec<(Option<String>, Vec<Trouble>)>,
    horizon: usize,
    period: usize,
    levels: Vec<f64>,
    origins: usize,
}

/// Forecasts a panel again from moments of its past, by several models, each with intervals calibrated on the errors of
/// all series that were known at that moment.
///
/// All series are taken to end together. Their origins are the same moments, and only those count at which every model
/// could be fitted, so that all are compared on the same forecasts. Origins are as many as
/// [`forecast_panel`](crate::forecast_panel) takes, unless the options say how many; each costs a fit for each model. The
/// place of the season is counted from the end of the panel: 0 is the first step to come.
///
/// # Errors
///
/// [`NoForecast::NoHorizon`] and [`NoForecast::Level`] for options that make no sense; [`NoForecast::TooFew`] when no
/// series can be forecast from any moment of its past.
pub fn evaluate(
    contenders: &[Contender],
    panel: &[Series],
    horizon: usize,
    options: &ForecastOptions,
) -> Result<Evaluation, NoForecast> {
    options.check_request(horizon)?;
    let plan = Plan::together(panel, horizon, options.origins_of(panel.len()));
    let one = |series: &Series| -> Vec<Vec<Rolled>> {
        let mut rolled: Vec<Vec<Rolled>> =
            contenders.iter().map(|contender| (contender.roll)(series, horizon, plan)).collect();
        let common = |rolled: &[Vec<Rolled>], known: usize| {
            rolled.iter().all(|model| model.iter().any(|origin| origin.known == known))
        };
        let all: BTreeSet<usize> = rolled.iter().flatten().map(|origin| origin.known).collect();
        let common: BTreeSet<usize> = all.into_iter().filter(|known| common(&rolled, *known)).collect();
        for model in &mut rolled {
            model.retain(|origin| common.contains(&origin.known));
        }
        rolled
    };
    #[cfg(feature = "parallel")]
    let rolled: Vec<_> = panel.par_iter().map(one).collect();
    #[cfg(not(feature = "parallel"))]
    let rolled: Vec<_> = panel.iter().map(one).collect();

    let origins: usize = rolled.iter().filter_map(|models| models.first()).map(Vec::len).sum();
    if origins == 0 {
        let found = panel.iter().map(Series::observed).max().unwrap_or(0);
        let needed = panel.iter().map(|s| (2 * s.period()).max(5) + horizon).min().unwrap_or(horizon + 5);
        return Err(NoForecast::TooFew { found, needed });
    }
    let period = panel.iter().map(Series::period).max().unwrap_or(1);
    let records = (0..contenders.len())
        .map(|model| {
            let past: Vec<&[Rolled]> = rolled.iter().map(|models| models[model].as_slice()).collect();
            records(panel, &past, horizon, period, options)
        })
        .collect();
    let series = panel
        .iter()
        .zip(&rolled)
        .map(|(series, models)| {
            let first = models.first().and_then(|m| m.first()).map_or(series.len(), |origin| origin.known);
            (series.label().map(str::to_owned), troubles(series, first))
        })
        .collect();
    Ok(Evaluation {
        names: contenders.iter().map(|contender| contender.name.clone()).collect(),
        records,
        series,
        horizon,
        period,
        levels: options.levels.clone(),
        origins,
    })
}

/// The records of one model, moment by moment.
fn records(
    panel: &[Series],
    past: &[&[Rolled]],
    horizon: usize,
    period: usize,
    options: &ForecastOptions,
) -> Vec<Record> {
    // By how long before the end: the moment is the same for all series.
    let mut moments: BTreeMap<usize, Vec<(usize, &Rolled)>> = BTreeMap::new();
    for (position, (series, rolled)) in panel.iter().zip(past).enumerate() {
        for origin in *rolled {
            moments.entry(series.len() - origin.known).or_default().push((position, origin));
        }
    }
    let mut records = Vec::new();
    for (ago, origins) in moments.iter().rev() {
        let mut by_period: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (position, series) in panel.iter().enumerate() {
            by_period.entry(series.period()).or_default().push(position);
        }
        let pool = |of: Vec<usize>| {
            Pool::of(of.len(), |number| {
                let (series, rolled) = (&panel[of[number]], past[of[number]]);
                Residuals::of(series, rolled, series.len().saturating_sub(*ago), 0)
            })
        };
        let pools: BTreeMap<usize, Arc<Pool>> =
            by_period.into_iter().filter_map(|(period, of)| Some((period, Arc::new(pool(of)?)))).collect();
        for (position, origin) in origins {
            let series = &panel[*position];
            let own = Residuals::of(series, past[*position], origin.known, 0);
            let pool = pools.get(&series.period());
            let margins = Margins::decided(origin, &own, 0, pool, options);
            for h in 0..horizon {
                let actual = series.values()[origin.known + h];
                let point = origin.points[h];
                let point = if options.non_negative { point.max(0.0) } else { point };
                let error = (actual - point) / origin.change;
                if !error.is_finite() {
                    continue;
                }
                let held = options.levels.iter().map(|level| {
                    let (below, above, basis) = margins.bounds(h, *level);
                    basis.is_calibrated().then(|| (below..=above).contains(&(actual - origin.points[h])))
                });
                let place = (h + period - ago % period) % period;
                records.push(Record { series: *position, step: h, place, error, held: held.collect() });
            }
        }
    }
    records
}

impl Evaluation {
    /// Names of the models, in the order given; all other functions take their position.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Number of forecasts that were made again by each model.
    pub fn origins(&self) -> usize {
        self.origins
    }

    fn score<'a>(&self, records: impl Iterator<Item = &'a Record>) -> Score {
        let (mut size, mut sum, mut pairs) = (0.0, 0.0, 0usize);
        let mut counts = vec![(0usize, 0usize); self.levels.len()];
        for record in records {
            size += record.error.abs();
            sum += record.error;
            pairs += 1;
            for (count, held) in counts.iter_mut().zip(&record.held) {
                if let Some(held) = held {
                    count.0 += usize::from(*held);
                    count.1 += 1;
                }
            }
        }
        let coverage = self.levels.iter().zip(counts);
        Score {
            error: size / pairs as f64,
            bias: sum / pairs as f64,
            pairs,
            coverage: coverage
                .map(|(&level, (held, pairs))| Coverage { level, share: held as f64 / pairs as f64, pairs })
                .collect(),
        }
    }

    fn records(&self, model: usize) -> &[Record] {
        self.records.get(model).map_or(&[], Vec::as_slice)
    }

    /// Over everything.
    pub fn overall(&self, model: usize) -> Score {
        self.score(self.records(model).iter())
    }

    /// By step ahead.
    pub fn by_step(&self, model: usize) -> Vec<Score> {
        let at = |h: usize| self.score(self.records(model).iter().filter(move |record| record.step == h));
        (0..self.horizon).map(at).collect()
    }

    /// By place of the season, the first step after the end of the panel first.
    pub fn by_place(&self, model: usize) -> Vec<Score> {
        let at = |p: usize| self.score(self.records(model).iter().filter(move |record| record.place == p));
        (0..self.period).map(at).collect()
    }

    /// By series, in the order of the panel.
    pub fn by_series(&self, model: usize) -> Vec<SeriesScore> {
        let mut records: Vec<Vec<&Record>> = vec![Vec::new(); self.series.len()];
        for record in self.records(model) {
            records[record.series].push(record);
        }
        let scores = records.into_iter().map(|records| self.score(records.into_iter()));
        let series = self.series.iter().enumerate().zip(scores);
        series
            .map(|((position, (label, troubles)), score)| SeriesScore {
                position,
                label: label.clone(),
                score,
                troubles: troubles.clone(),
            })
            .collect()
    }

    /// The series with the largest errors, worst first.
    pub fn worst(&self, model: usize, count: usize) -> Vec<SeriesScore> {
        let mut scores: Vec<SeriesScore> =
            self.by_series(model).into_iter().filter(|series| series.score.pairs > 0).collect();
        scores.sort_by(|a, b| b.score.error.total_cmp(&a.score.error));
        scores.truncate(count);
        scores
    }

    /// Mean error of each series, by model.
    fn losses(&self) -> Vec<Vec<f64>> {
        (0..self.names.len())
            .map(|model| self.by_series(model).into_iter().map(|series| series.score.error).collect())
            .collect()
    }

    /// All models ranked over the series ([`rank_models`]).
    ///
    /// # Errors
    ///
    /// As [`rank_models`].
    pub fn ranking(&self, significance: f64) -> Result<Ranking, CompareError> {
        let losses = self.losses();
        rank_models(&losses.iter().map(Vec::as_slice).collect::<Vec<_>>(), significance)
    }

    /// Whether one model is better than another over the series ([`wilcoxon_test`]).
    ///
    /// # Errors
    ///
    /// As [`wilcoxon_test`].
    pub fn paired(&self, first: usize, second: usize) -> Result<PairedTest, CompareError> {
        let losses = self.losses();
        let of = |model: usize| losses.get(model).map_or(&[][..], Vec::as_slice);
        wilcoxon_test(of(first), of(second))
    }
}

#[cfg(test)]
mod tests {
    use datagora_core::Unit;

    use super::*;
    use crate::{Mean, Naive};

    /// Counters about a level; the fourth jumps to another one within the evaluated part.
    fn panel() -> Vec<Series> {
        let mut state = 11u64;
        (0..24)
            .map(|counter| {
                let values: Vec<f64> = (0..60)
                    .map(|t| {
                        state = state
                            .wrapping_mul(6_364_136_223_846_793_005)
                            .wrapping_add(1_442_695_040_888_963_407);
                        let jump = if counter == 3 && t >= 45 { 400.0 } else { 0.0 };
                        500.0
                            + jump
                            + [40.0, 0.0, -40.0, 0.0][t % 4]
                            + (state >> 40) as f64 / (1u64 << 19) as f64
                    })
                    .collect();
                let series = Series::new(values, Unit::of("{passage}")).unwrap();
                series.with_period(4).unwrap().with_label(format!("counter {counter}"))
            })
            .collect()
    }

    #[test]
    fn the_shifted_counter_is_found_and_the_reason_named() {
        let models = [Contender::new("naive", Naive), Contender::new("mean", Mean)];
        let evaluation =
            evaluate(&models, &panel(), 4, &ForecastOptions::default().with_origins(12)).unwrap();
        let worst = evaluation.worst(1, 2);
        assert_eq!((worst[0].position, worst[0].label.as_deref()), (3, Some("counter 3")));
        let (shifted, calm) = (&worst[0].score, &worst[1].score);
        assert!(shifted.error > 1.2 * calm.error && shifted.bias > 0.0, "{shifted:?} {calm:?}");
        assert!(
            matches!(worst[0].troubles[..], [Trouble::LevelShift { step: 45, .. }, ..]),
            "{:?}",
            worst[0]
        );
        // Places are counted from the end: 60 is the first place of the season, a high one, where the mean is too low.
        let places = evaluation.by_place(1);
        assert!(places[0].bias > places[1].bias && places[2].bias < places[1].bias);
        let all = evaluation.overall(0);
        assert_eq!(all.pairs, evaluation.by_step(0).iter().map(|s| s.pairs).sum::<usize>());
        let held = all.coverage[1];
        assert!(held.pairs > 500 && (held.share - 0.8).abs() < 0.07, "{held:?}");
        assert_eq!(evaluation.ranking(0.05).unwrap().series, 24);
    }

    #[test]
    fn an_evaluation_of_nothing_says_why() {
        let models = [Contender::new("naive", Naive)];
        let options = ForecastOptions::default();
        assert!(matches!(evaluate(&models, &[], 4, &options), Err(NoForecast::TooFew { .. })));
        assert!(matches!(evaluate(&models, &panel(), 0, &options), Err(NoForecast::NoHorizon)));
        let short = Series::new(vec![1.0, 2.0, 3.0], Unit::ONE).unwrap();
        assert!(matches!(
            evaluate(&models, &[short], 1, &options),
            Err(NoForecast::TooFew { found: 3, needed: 6 })
        ));
    }
}
