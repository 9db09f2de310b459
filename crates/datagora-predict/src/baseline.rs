//! The methods everything else has to beat.
use crate::model::residual_deviation;
use crate::{Fit, FitError, Predict, Series};

/// The last observed value, for ever.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Naive;

/// The last observed value of the same place in the season.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SeasonalNaive;

/// The line through the first and the last observed value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drift;

/// The mean of what was observed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mean;

/// A fitted baseline: [`Naive`], [`SeasonalNaive`], [`Drift`] or [`Mean`].
///
/// # References
///
/// Hyndman, R. J. and Athanasopoulos, G. (2021). *Forecasting: principles and practice*, 3rd ed., sections 5.2 and 5.5
/// (forecasts and their standard deviations).
#[derive(Clone, Debug, PartialEq)]
pub struct Baseline {
    kind: Kind,
    /// Steps from the last value used to the end of the series.
    silence: usize,
    deviation: f64,
    fitted: Vec<f64>,
}

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Naive {
        last: f64,
    },
    /// The last value of each place, in the order in which the places come after the end, with its age in seasons.
    Seasonal {
        next: Vec<(f64, usize)>,
    },
    Drift {
        last: f64,
        slope: f64,
        span: f64,
    },
    Mean {
        mean: f64,
        count: f64,
    },
}

fn needs(series: &Series, model: &'static str, needed: usize) -> Result<(), FitError> {
    let found = series.observed();
    if found < needed { Err(FitError::TooFew { model, found, needed }) } else { Ok(()) }
}

/// One-step errors of the fitted values.
fn deviation(series: &Series, fitted: &[f64], parameters: usize) -> f64 {
    residual_deviation(series.values().iter().zip(fitted).map(|(y, f)| y - f), parameters)
}

/// The last value seen before each step, and after the end.
fn carried(values: &[f64]) -> (Vec<f64>, f64) {
    let mut last = f64::NAN;
    let before = values
        .iter()
        .map(|&y| {
            let known = last;
            if !y.is_nan() {
                last = y;
            }
            known
        })
        .collect();
    (before, last)
}

impl Fit for Naive {
    type Fitted = Baseline;

    fn fit(&self, series: &Series) -> Result<Baseline, FitError> {
        needs(series, "naive", 1)?;
        let (fitted, last) = carried(series.values());
        let deviation = deviation(series, &fitted, 0);
        Ok(Baseline { kind: Kind::Naive { last }, silence: series.silence(), deviation, fitted })
    }
}

impl Fit for SeasonalNaive {
    type Fitted = Baseline;

    fn fit(&self, series: &Series) -> Result<Baseline, FitError> {
        needs(series, "seasonal naive", 1)?;
        let (values, period) = (series.values(), series.period());
        let mut last: Vec<Option<(f64, usize)>> = vec![None; period];
        let mut fitted = Vec::with_capacity(values.len());
        for (t, &y) in values.iter().enumerate() {
            let place = &mut last[t % period];
            fitted.push(place.map_or(f64::NAN, |(value, _)| value));
            if !y.is_nan() {
                *place = Some((y, t));
            }
        }
        let n = values.len();
        let next = (n..n + period)
            .map(|t| match last[t % period] {
                Some((value, seen)) => Ok((value, (t - seen) / period)),
                None => Err(FitError::PlaceUnseen { model: "seasonal naive", period, place: t % period }),
            })
            .collect::<Result<Vec<_>, _>>()?;
        let deviation = deviation(series, &fitted, 0);
        Ok(Baseline { kind: Kind::Seasonal { next }, silence: series.silence(), deviation, fitted })
    }
}

impl Fit for Drift {
    type Fitted = Baseline;

    fn fit(&self, series: &Series) -> Result<Baseline, FitError> {
        needs(series, "drift", 2)?;
        let values = series.values();
        let mut seen = values.iter().enumerate().filter(|(_, y)| !y.is_nan());
        let (Some((from, first)), Some((to, last))) = (seen.next(), seen.next_back()) else {
            return Err(FitError::TooFew { model: "drift", found: 1, needed: 2 });
        };
        let span = (to - from) as f64;
        let slope = (last - first) / span;
        let mut known: Option<(usize, f64)> = None;
        let fitted = values
            .iter()
            .enumerate()
            .map(|(t, &y)| {
                let guess = known.map_or(f64::NAN, |(s, v)| v + slope * (t - s) as f64);
                if !y.is_nan() {
                    known = Some((t, y));
                }
                guess
            })
            .collect::<Vec<_>>();
        let deviation = deviation(series, &fitted, 1);
        let kind = Kind::Drift { last: *last, slope, span };
        Ok(Baseline { kind, silence: series.silence(), deviation, fitted })
    }
}

impl Fit for Mean {
    type Fitted = Baseline;

    fn fit(&self, series: &Series) -> Result<Baseline, FitError> {
        needs(series, "mean", 1)?;
        let values = series.values();
        let count = series.observed() as f64;
        let mean = values.iter().filter(|y| !y.is_nan()).map(|y| y / count).sum::<f64>();
        let fitted = vec![mean; values.len()];
        let deviation = deviation(series, &fitted, 1);
        Ok(Baseline { kind: Kind::Mean { mean, count }, silence: series.silence(), deviation, fitted })
    }
}

impl Predict for Baseline {
    fn name(&self) -> String {
        match self.kind {
            Kind::Naive { .. } => "naive",
            Kind::Seasonal { .. } => "seasonal naive",
            Kind::Drift { .. } => "drift",
            Kind::Mean { .. } => "mean",
        }
        .to_owned()
    }

    fn predict(&self, horizon: usize) -> Vec<f64> {
        (1..=horizon)
            .map(|h| match &self.kind {
                Kind::Naive { last } => *last,
                Kind::Seasonal { next } => next[(h - 1) % next.len()].0,
                Kind::Drift { last, slope, .. } => last + slope * (self.silence + h) as f64,
                Kind::Mean { mean, .. } => *mean,
            })
            .collect()
    }

    fn spread(&self, horizon: usize) -> Vec<f64> {
        (1..=horizon)
            .map(|h| {
                let steps = (self.silence + h) as f64;
                let growth = match &self.kind {
                    Kind::Naive { .. } => steps,
                    Kind::Seasonal { next } => (next[(h - 1) % next.len()].1 + (h - 1) / next.len()) as f64,
                    Kind::Drift { span, .. } => steps * (1.0 + steps / span),
                    Kind::Mean { count, .. } => 1.0 + 1.0 / count,
                };
                self.deviation * growth.sqrt()
            })
            .collect()
    }

    fn fitted(&self) -> &[f64] {
        &self.fitted
    }
}

#[cfg(test)]
mod tests {
    use datagora_core::Unit;

    use super::*;

    fn series(values: &[f64], period: usize) -> Series {
        Series::new(values, Unit::ONE).unwrap().with_period(period).unwrap()
    }

    #[test]
    fn gaps_are_neither_zero_nor_a_shift() {
        let gap = f64::NAN;
        let s = series(&[1.0, 2.0, 3.0, 11.0, gap, 13.0, gap], 3);
        assert_eq!(Naive.fit(&s).unwrap().predict(2), [13.0, 13.0]);
        // After the end comes place 1, whose last value is 2 steps of a season old.
        assert_eq!(SeasonalNaive.fit(&s).unwrap().predict(4), [2.0, 13.0, 11.0, 2.0]);
        assert_eq!(Drift.fit(&s).unwrap().predict(1), [13.0 + 12.0 / 5.0 * 2.0]);
        assert_eq!(Mean.fit(&s).unwrap().predict(1), [6.0]);
        let spread = SeasonalNaive.fit(&s).unwrap().spread(4);
        assert!(spread[0] > spread[1] && spread[3] > spread[0]);
    }

    #[test]
    fn what_is_missing_is_named() {
        let s = series(&[1.0, f64::NAN, 3.0], 3);
        let error = SeasonalNaive.fit(&s).unwrap_err();
        assert_eq!(error, FitError::PlaceUnseen { model: "seasonal naive", period: 3, place: 1 });
        let error = Drift.fit(&series(&[1.0], 1)).unwrap_err();
        assert_eq!(error, FitError::TooFew { model: "drift", found: 1, needed: 2 });
        assert!(Naive.fit(&series(&[], 1)).is_err());
    }

    #[test]
    fn spreads_follow_the_textbook() {
        let s = series(&[1.0, 2.0, 4.0, 3.0, 5.0], 1);
        let naive = Naive.fit(&s).unwrap();
        let sigma = ((1.0 + 4.0 + 1.0 + 4.0) / 4.0f64).sqrt();
        assert!((naive.spread(4)[3] - sigma * 2.0).abs() < 1e-12);
        let mean = Mean.fit(&s).unwrap();
        assert!((mean.spread(1)[0] - (10.0f64 / 4.0).sqrt() * (1.0f64 + 0.2).sqrt()).abs() < 1e-12);
    }
}
