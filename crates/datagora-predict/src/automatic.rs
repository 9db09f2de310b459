//! The default model: the mean of a few cheap strong ones, weighted by how they did on the past, with guards.
use std::sync::Arc;

use crate::candidates::{Candidate, Field, Model, Reach};
use crate::rolling::{Plan, Rolled, origins, rolled};
use crate::{Fit, FitError, Predict, Series};

/// Origins that decide the weights when a model is fitted by itself, a horizon apart.
const ORIGINS: usize = 3;

/// The mean of the dynamic theta model, the best of the theta family, the best exponential smoothing and the best
/// complex exponential smoothing, each weighted by its errors when it forecast the past of this same series.
///
/// On the M4 competition, plain means of such models equal its winners among statistical methods, where each alone does
/// not; weights from past errors help where a series is long enough to tell. Where the season has more than 24 places,
/// the models without it and its decomposition ([`Decomposed`](crate::Decomposed)) are considered too. A series with several seasons is forecast by their profiles
/// ([`SeasonalProfile`](crate::SeasonalProfile)) and their decomposition alone, which
/// models of one season only make worse. ARIMA is left out: it costs more than all others and adds little to them.
///
/// A weight is the inverse of the mean error at past origins, in units of the mean error of all candidates there; one
/// more origin at which all did equally well is counted in, so that few origins change little. A member that cannot be fitted, or whose forecasts leave the range of the past by more than twice its width,
/// does not take part, and [`Combination::members`] says so. A series too short for any gets the naive forecast.
///
/// Fitted by itself, it weighs by errors over two seasons (6 steps without season) from up to three origins;
/// [`forecast`](crate::forecast) knows the horizon, and weighs by the origins that its intervals rest on.
///
/// # Example
///
/// ```
/// use datagora_core::Unit;
/// use datagora_predict::{Automatic, Fit, Predict, Series};
///
/// let model = Automatic.fit(&Series::new(vec![7.0; 10], Unit::ONE)?)?;
/// assert_eq!(model.predict(2), [7.0, 7.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Petropoulos, F. and Svetunkov, I. (2020). A simple combination of univariate models. Int. J. Forecasting 36,
/// 110–115. doi:10.1016/j.ijforecast.2019.01.006
///
/// Pawlikowski, M. and Chorowska, A. (2020). Weighted ensemble of statistical models. Int. J. Forecasting 36, 93–97.
/// doi:10.1016/j.ijforecast.2019.03.019
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Automatic;

/// A model that was considered for a combination.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Member {
    /// Its name, with the form that was chosen.
    #[cfg_attr(feature = "serde", serde(serialize_with = "crate::names::serialize"))]
    pub name: Arc<str>,
    /// Whether it takes part, or why not.
    pub part: Part,
}

/// The part a model has in a combination.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum Part {
    /// It takes part, with this weight; those of all members sum to 1.
    Weight(f64),
    /// It could not be fitted, and why.
    Unfit(String),
    /// It left the range of the past too far.
    Explosive,
}

/// Fitted models whose weighted mean is the forecast.
pub struct Combination {
    models: Vec<(f64, Model)>,
    members: Vec<Member>,
    fitted: Vec<f64>,
    reach: Reach,
}

/// What each candidate said at a moment of the past, in their order; nothing where it had no part.
struct Moment {
    known: usize,
    points: Vec<Option<Vec<f64>>>,
}

impl Moment {
    /// Mean absolute error of each candidate over the steps that are known by then, in units of the mean of those that
    /// took part; `None` if nothing is known yet.
    fn errors(&self, values: &[f64]) -> Option<Vec<Option<f64>>> {
        let actual = values.get(self.known..).unwrap_or_default();
        let error = |points: &Vec<f64>| {
            let (mut sum, mut count) = (0.0, 0usize);
            for (point, value) in points.iter().zip(actual).filter(|(_, y)| !y.is_nan()) {
                sum += (point - value).abs();
                count += 1;
            }
            (count > 0).then(|| sum / count as f64)
        };
        let errors: Vec<Option<f64>> =
            self.points.iter().map(|points| points.as_ref().and_then(error)).collect();
        let taking_part = errors.iter().flatten().count();
        let mean = errors.iter().flatten().sum::<f64>() / taking_part as f64;
        let relative = |error: f64| if mean > 0.0 { error / mean } else { 1.0 };
        (taking_part > 0).then(|| errors.into_iter().map(|e| e.map(relative)).collect())
    }
}

/// Weights of the models of a field, by the errors of their candidates at earlier moments and one at which all were
/// equal; 0 without part.
fn weights(field: &Field, earlier: &[Moment], values: &[f64]) -> Vec<f64> {
    let errors: Vec<Vec<Option<f64>>> = earlier.iter().filter_map(|moment| moment.errors(values)).collect();
    let weight = |(candidate, model): (usize, &Result<Model, Member>)| {
        if model.is_err() {
            return 0.0;
        }
        let own = errors.iter().filter_map(|of| of.get(candidate).copied().flatten());
        let (sum, count) = own.fold((0.0, 0usize), |(sum, n), e| (sum + e, n + 1));
        (1.0 + count as f64) / (1.0 + sum)
    };
    let raw: Vec<f64> = field.models.iter().enumerate().map(weight).collect();
    let total: f64 = raw.iter().sum();
    raw.into_iter().map(|w| w / total).collect()
}

impl Combination {
    fn of(field: Field, weights: &[f64], length: usize) -> Self {
        let Field { models, reach } = field;
        let (mut taking_part, mut members) = (Vec::new(), Vec::new());
        for (model, &weight) in models.into_iter().zip(weights) {
            match model {
                Err(member) => members.push(member),
                Ok(model) => {
                    members.push(Member { name: model.name().into(), part: Part::Weight(weight) });
                    taking_part.push((weight, model));
                }
            }
        }
        let fitted = mean_of(&taking_part, length, |model| model.fitted().to_vec());
        Self { models: taking_part, members, fitted, reach }
    }

    /// The models that were considered, and the part each takes.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// The combination for the end of a series, what it says there, and what combinations would have said at the
    /// moments of the plan, each weighted by what was known of the errors before it.
    pub(crate) fn roll(
        series: &Series,
        horizon: usize,
        plan: Plan,
    ) -> Result<(Self, Rolled, Vec<Rolled>), FitError> {
        let candidates = Candidate::of(series);
        let mut moments: Vec<Moment> = Vec::new();
        let mut at = |known: usize| {
            let past = series.head(known);
            let field = Field::fit(&candidates, &past, horizon)?;
            let weights = weights(&field, &moments, past.values());
            let points = field.models.iter().map(|m| m.as_ref().ok().map(|m| m.predict(horizon))).collect();
            moments.push(Moment { known, points });
            let combination = Combination::of(field, &weights, known);
            let rolled = rolled(&past, &combination, horizon);
            Ok((combination, rolled))
        };
        let past =
            origins(series, horizon, plan).into_iter().filter_map(|known| Some(at(known).ok()?.1)).collect();
        let (combination, now) = at(series.len())?;
        Ok((combination, now, past))
    }
}

impl Fit for Automatic {
    type Fitted = Combination;

    fn fit(&self, series: &Series) -> Result<Combination, FitError> {
        let horizon = if series.period() > 1 { 2 * series.period() } else { 6 };
        let plan = Plan::Together { most: ORIGINS, stride: horizon };
        Ok(Combination::roll(series, horizon, plan)?.0)
    }
}

fn mean_of(
    models: &[(f64, Model)],
    length: usize,
    of: impl Fn(&(dyn Predict + Send + Sync)) -> Vec<f64>,
) -> Vec<f64> {
    let mut mean = vec![0.0; length];
    for (weight, model) in models {
        for (sum, value) in mean.iter_mut().zip(of(model.as_ref())) {
            *sum += weight * value;
        }
    }
    mean
}

impl Predict for Combination {
    fn name(&self) -> String {
        let names: Vec<String> = self.models.iter().map(|(_, model)| model.name()).collect();
        match &names[..] {
            [one] => one.clone(),
            [others @ .., last] => format!("weighted mean of {} and {last}", others.join(", ")),
            [] => String::new(),
        }
    }

    fn predict(&self, horizon: usize) -> Vec<f64> {
        let mut points = mean_of(&self.models, horizon, |model| model.predict(horizon));
        self.reach.keep(&mut points);
        points
    }

    /// The mean of the members' own: their errors are taken to go together.
    fn spread(&self, horizon: usize) -> Vec<f64> {
        mean_of(&self.models, horizon, |model| model.spread(horizon))
    }

    fn fitted(&self) -> &[f64] {
        &self.fitted
    }
}

#[cfg(test)]
mod tests {
    use datagora_core::Unit;
    use proptest::prelude::*;

    use super::*;
    use crate::made;

    fn weight(member: &Member) -> f64 {
        if let Part::Weight(weight) = member.part { weight } else { 0.0 }
    }

    #[test]
    fn an_outburst_at_the_end_does_not_explode() {
        let mut values: Vec<f64> = (0..30).map(|t| 10.0 + f64::from(t % 3)).collect();
        values.extend([100.0, 1_000.0, 10_000.0]);
        let model = Automatic.fit(&Series::new(values, Unit::ONE).unwrap()).unwrap();
        assert!(model.predict(24).iter().all(|p| (-20_000.0..30_000.0).contains(p)));
    }

    #[test]
    fn who_was_wrong_in_the_past_has_less_to_say() {
        // A long season that only the seasonal models can know.
        let values: Vec<f64> =
            (0..200).map(|t| [100.0, 40.0, 70.0, 10.0][t % 40 / 10] + (t % 3) as f64).collect();
        let model = Automatic.fit(&Series::new(values, Unit::ONE).unwrap().with_period(40).unwrap()).unwrap();
        let members = model.members();
        assert_eq!(members.len(), 8);
        assert!((members.iter().map(weight).sum::<f64>() - 1.0).abs() < 1e-12);
        let seasonal = members[..4].iter().chain(&members[7..]).map(weight).fold(f64::INFINITY, f64::min);
        assert!(members[4..7].iter().all(|plain| weight(plain) < seasonal), "{members:?}");
    }

    proptest! {
        #[test]
        fn any_series_with_a_value_has_finite_forecasts_in_reach(
            values in made::any_values(),
            periods in prop::collection::vec(1usize..30, 0..3),
        ) {
            let series = Series::new(values, Unit::ONE).unwrap().with_periods(periods).unwrap();
            match Automatic.fit(&series) {
                Ok(model) => {
                    let reach = Reach::of(&series);
                    prop_assert!(reach.keeps(&model.predict(30)), "{}", model.name());
                    prop_assert!(model.spread(30).iter().all(|s| s.is_finite() && *s >= 0.0), "{}", model.name());
                    prop_assert_eq!(model.fitted().len(), series.len());
                }
                Err(error) => prop_assert_eq!(error, FitError::TooFew { model: "naive", found: 0, needed: 1 }),
            }
        }
    }
}
