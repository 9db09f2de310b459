//! Forecasts from many origins: what calibration and back-tests rest on.
use crate::{Fit, Predict, Series};

/// What a model would have said at one moment of the past.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rolled {
    /// Steps known then.
    pub(crate) known: usize,
    /// Its forecasts for the steps that followed.
    pub(crate) points: Vec<f64>,
    /// The spread it believed in.
    pub(crate) spread: Vec<f64>,
    /// Mean size of the values known then, for comparing residuals between origins and series.
    pub(crate) scale: f64,
    /// Number of values observed by then.
    pub(crate) observed: usize,
}

/// Fits `model` to the series as known at up to `most` moments and lets it forecast `horizon` steps each time.
///
/// Origins come after an observed value, the last ones of those at which a model has something to learn from and there
/// is a value to be compared with. Of very many, every k-th is taken, where k shares no factor with the period, so that
/// every place of the season is met.
pub(crate) fn roll<M: Fit>(model: &M, series: &Series, horizon: usize, most: usize) -> Vec<Rolled> {
    origins(series, horizon, most)
        .into_iter()
        .filter_map(|known| {
            let past = series.head(known);
            let fitted = model.fit(&past).ok()?;
            Some(rolled(&past, &fitted, horizon))
        })
        .collect()
}

/// The forecasts of a fitted model, as one origin.
pub(crate) fn rolled(past: &Series, fitted: &impl Predict, horizon: usize) -> Rolled {
    Rolled {
        known: past.len(),
        points: fitted.predict(horizon),
        spread: fitted.spread(horizon),
        scale: scale(past),
        observed: past.observed(),
    }
}

/// Mean size of what was observed; 1 where that is 0.
pub(crate) fn scale(series: &Series) -> f64 {
    let seen = series.values().iter().filter(|y| !y.is_nan());
    let (sum, n) = seen.fold((0.0, 0usize), |(sum, n), y| (sum + y.abs(), n + 1));
    if sum > 0.0 { sum / n as f64 } else { 1.0 }
}

fn origins(series: &Series, horizon: usize, most: usize) -> Vec<usize> {
    let (n, period) = (series.len(), series.period());
    let Some(last) = series.last_observed() else { return Vec::new() };
    // Two periods to learn a season from, three where enough is left over for 40 origins.
    let first = last.saturating_sub(horizon + 39).clamp(2 * period, 3 * period).max(5);
    let candidates: Vec<usize> = (first..n)
        .filter(|&known| !series.values()[known - 1].is_nan())
        .filter(|&known| series.values()[known..n.min(known + horizon)].iter().any(|y| !y.is_nan()))
        .collect();
    let mut stride = (candidates.len() / most.max(1)).max(1);
    while stride > 1 && period > 1 && common_factor(stride, period) > 1 {
        stride += 1;
    }
    let mut chosen: Vec<usize> = candidates.into_iter().rev().step_by(stride).take(most).collect();
    chosen.reverse();
    chosen
}

fn common_factor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { common_factor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use datagora_core::Unit;

    use super::*;
    use crate::Naive;

    #[test]
    fn origins_follow_a_value_and_meet_every_place() {
        let mut values: Vec<f64> = (0..120).map(f64::from).collect();
        values[60] = f64::NAN;
        let series = Series::new(values, Unit::ONE).unwrap().with_period(12).unwrap();
        let all = origins(&series, 12, 1_000);
        assert_eq!((all[0], all[all.len() - 1]), (36, 119));
        assert!(!all.contains(&61) && all.contains(&60));
        let thinned = origins(&series, 12, 30);
        let places: std::collections::BTreeSet<usize> = thinned.iter().map(|k| k % 12).collect();
        assert!(thinned.len() <= 30 && places.len() == 12, "{thinned:?}");
    }

    #[test]
    fn the_future_is_not_known() {
        let series = Series::new(vec![1.0, 2.0, 3.0, 4.0, 5.0, 99.0, 7.0], Unit::ONE).unwrap();
        let rolled = roll(&Naive, &series, 2, 10);
        assert_eq!(rolled[0].points, [5.0, 5.0]);
        assert_eq!(rolled[1].points, [99.0, 99.0]);
    }
}
