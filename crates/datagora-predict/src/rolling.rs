//! Forecasts from many origins: what calibration and back-tests rest on.
use crate::{Fit, Predict, Series};

/// What a model would have said at one moment of the past.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rolled {
    /// Steps known then.
    pub(crate) known: usize,
    /// Its forecasts for the steps that followed.
    pub(crate) points: Box<[f64]>,
    /// The spread it believed in.
    pub(crate) spread: Box<[f64]>,
    /// Mean size of the change over a period, of what was known then; 0 where nothing ever changed.
    pub(crate) change: f64,
    /// The same, where each change weighs 0.8 of the one after it.
    pub(crate) recent: f64,
    /// Number of values observed by then.
    pub(crate) observed: usize,
}

/// From which moments of the past a series is forecast again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    /// As many as this, of one series by itself.
    Alone {
        /// At most.
        most: usize,
    },
    /// The same moments for all series of a panel, so many steps apart, each with its whole horizon in the past.
    Together {
        /// At most.
        most: usize,
        /// Steps between neighbours.
        stride: usize,
    },
}

impl Plan {
    /// For a panel: spread over the past of the longest series, at most a horizon apart.
    pub(crate) fn together(panel: &[Series], horizon: usize, most: usize) -> Self {
        let room = |series: &Series| (series.len() + 1).saturating_sub(first(series, horizon) + horizon);
        let longest = panel.iter().map(room).max().unwrap_or(0);
        let period = panel.iter().map(Series::period).max().unwrap_or(1);
        Self::Together { most, stride: stride((longest / most.max(1)).min(horizon), period) }
    }
}

/// Fits `model` to the series as known at the moments of the plan and lets it forecast `horizon` steps each time.
///
/// Origins come after an observed value, the last ones of those at which a model has something to learn from and there
/// is a value to be compared with. Of very many, every k-th is taken, where k shares no factor with the period, so that
/// every place of the season is met.
pub(crate) fn roll<M: Fit>(model: &M, series: &Series, horizon: usize, plan: Plan) -> Vec<Rolled> {
    origins(series, horizon, plan)
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
    let (change, recent) = changes(past.values(), past.period());
    Rolled {
        known: past.len(),
        points: fitted.predict(horizon).into(),
        spread: fitted.spread(horizon).into(),
        change,
        recent,
        observed: past.observed(),
    }
}

/// Mean size of the change over a period, or from value to value where no period can be compared; plain, and with
/// weights that fall by 0.8 from each change to the one before.
fn changes(values: &[f64], period: usize) -> (f64, f64) {
    let mean = |lag: usize| {
        let ahead = values.get(lag..).unwrap_or_default();
        let (mut sum, mut count, mut recent, mut weight) = (0.0, 0.0, 0.0, 0.0);
        for change in values.iter().zip(ahead).map(|(a, b)| (b - a).abs()).filter(|c| !c.is_nan()) {
            sum += change;
            count += 1.0;
            recent = 0.8 * recent + change;
            weight = 0.8 * weight + 1.0;
        }
        if count > 0.0 { Some((sum / count, recent / weight)) } else { None }
    };
    mean(period).or_else(|| mean(1)).unwrap_or((0.0, 0.0))
}

/// The first origin considered: two periods to learn a season from, three where enough is left over for 40 origins.
fn first(series: &Series, horizon: usize) -> usize {
    let (last, period) = (series.last_observed().unwrap_or(0), series.period());
    last.saturating_sub(horizon + 39).clamp(2 * period, 3 * period).max(5)
}

/// At least 1, and without a factor in common with the period.
fn stride(wanted: usize, period: usize) -> usize {
    let mut stride = wanted.max(1);
    while stride > 1 && period > 1 && common_factor(stride, period) > 1 {
        stride += 1;
    }
    stride
}

/// The moments of a plan, oldest first, as numbers of steps known by then.
pub(crate) fn origins(series: &Series, horizon: usize, plan: Plan) -> Vec<usize> {
    let n = series.len();
    if series.observed() == 0 {
        return Vec::new();
    }
    let follows_a_value = |known: &usize| !series.values()[known - 1].is_nan();
    let has_a_value =
        |known: &usize| series.values()[*known..n.min(known + horizon)].iter().any(|y| !y.is_nan());
    let first = first(series, horizon);
    let mut chosen: Vec<usize> = match plan {
        Plan::Alone { most } => {
            let candidates: Vec<usize> = (first..n).filter(follows_a_value).filter(has_a_value).collect();
            let stride = stride(candidates.len() / most.max(1), series.period());
            candidates.into_iter().rev().step_by(stride).take(most).collect()
        }
        Plan::Together { most, stride } => (first..(n + 1).saturating_sub(horizon))
            .rev()
            .step_by(stride)
            .filter(follows_a_value)
            .filter(has_a_value)
            .take(most)
            .collect(),
    };
    chosen.reverse();
    chosen
}

/// Greatest common factor.
pub(crate) fn common_factor(a: usize, b: usize) -> usize {
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
        let all = origins(&series, 12, Plan::Alone { most: 1_000 });
        assert_eq!((all[0], all[all.len() - 1]), (36, 119));
        assert!(!all.contains(&61) && all.contains(&60));
        let thinned = origins(&series, 12, Plan::Alone { most: 30 });
        let places: std::collections::BTreeSet<usize> = thinned.iter().map(|k| k % 12).collect();
        assert!(thinned.len() <= 30 && places.len() == 12, "{thinned:?}");
    }

    #[test]
    fn the_future_is_not_known() {
        let series = Series::new(vec![1.0, 2.0, 3.0, 4.0, 5.0, 99.0, 7.0], Unit::ONE).unwrap();
        let rolled = roll(&Naive, &series, 2, Plan::Alone { most: 10 });
        assert_eq!(*rolled[0].points, [5.0, 5.0]);
        assert_eq!(*rolled[1].points, [99.0, 99.0]);
    }
}
