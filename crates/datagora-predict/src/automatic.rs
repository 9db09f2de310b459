//! The default model: the mean of a few cheap strong ones, with guards.
use crate::{AutoEts, DynamicTheta, Fit, FitError, Naive, Predict, Series};

/// A forecast may leave the range of the past by so many times its width.
const REACH: f64 = 2.0;

/// The mean of the dynamic optimised theta model and of the best exponential smoothing.
///
/// On the M4 competition, plain means of such models equal its winners among statistical methods, where each alone does
/// not. A member that cannot be fitted, or whose forecasts leave the range of the past by more than twice its width,
/// does not take part, and [`Combination::members`] says so. A series too short for any gets the naive forecast.
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Automatic;

/// A model that was considered for a combination.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Member {
    /// Its name, with the form that was chosen.
    pub name: String,
    /// Whether it takes part, or why not.
    pub part: Part,
}

/// The part a model has in a combination.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum Part {
    /// It takes part, with the same weight as the others.
    Equal,
    /// It could not be fitted, and why.
    Unfit(String),
    /// It left the range of the past too far.
    Explosive,
}

/// Fitted models whose mean is the forecast.
pub struct Combination {
    models: Vec<Box<dyn Predict + Send + Sync>>,
    members: Vec<Member>,
    fitted: Vec<f64>,
    reach: Reach,
}

/// How far forecasts may go.
#[derive(Clone, Copy)]
struct Reach {
    low: f64,
    high: f64,
    steps: usize,
}

impl Reach {
    fn of(series: &Series) -> Self {
        let seen = series.values().iter().filter(|y| !y.is_nan());
        let (low, high) = seen.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), &y| (l.min(y), h.max(y)));
        Self { low, high, steps: series.observed() }
    }

    /// The furthest values at a step ahead.
    fn at(&self, ahead: usize) -> (f64, f64) {
        let way = REACH * (self.high - self.low) * (ahead as f64 / self.steps.max(1) as f64).max(1.0);
        (self.low - way, self.high + way)
    }

    fn keeps(&self, points: &[f64]) -> bool {
        points.iter().enumerate().all(|(h, p)| {
            let (low, high) = self.at(h + 1);
            (low..=high).contains(p)
        })
    }
}

impl Fit for Automatic {
    type Fitted = Combination;

    fn fit(&self, series: &Series) -> Result<Combination, FitError> {
        let reach = Reach::of(series);
        let ahead = series.len().clamp(4, 24.max(2 * series.period()));
        let mut models: Vec<Box<dyn Predict + Send + Sync>> = Vec::new();
        let mut members = Vec::new();
        let mut consider = |name: &str, fit: Result<Box<dyn Predict + Send + Sync>, FitError>| {
            let (name, part) = match fit {
                Err(error) => (name.to_owned(), Part::Unfit(error.to_string())),
                Ok(model) if !reach.keeps(&model.predict(ahead)) => (model.name(), Part::Explosive),
                Ok(model) => {
                    let name = model.name();
                    models.push(model);
                    (name, Part::Equal)
                }
            };
            members.push(Member { name, part });
        };
        // A constant has nothing to estimate.
        if reach.low < reach.high {
            consider("dynamic theta", DynamicTheta.fit(series).map(|m| Box::new(m) as _));
            consider("ETS", AutoEts::default().fit(series).map(|m| Box::new(m) as _));
        }
        if models.is_empty() {
            let naive = Naive.fit(series)?;
            members.push(Member { name: naive.name(), part: Part::Equal });
            models.push(Box::new(naive));
        }
        let fitted = mean_of(&models, series.len(), |model| model.fitted().to_vec());
        Ok(Combination { models, members, fitted, reach })
    }
}

fn mean_of(
    models: &[Box<dyn Predict + Send + Sync>],
    length: usize,
    of: impl Fn(&(dyn Predict + Send + Sync)) -> Vec<f64>,
) -> Vec<f64> {
    let mut mean = vec![0.0; length];
    for model in models {
        for (sum, value) in mean.iter_mut().zip(of(model.as_ref())) {
            *sum += value / models.len() as f64;
        }
    }
    mean
}

impl Combination {
    /// The models that were considered, and the part each takes.
    pub fn members(&self) -> &[Member] {
        &self.members
    }
}

impl Predict for Combination {
    fn name(&self) -> String {
        let names: Vec<String> = self.models.iter().map(|m| m.name()).collect();
        if names.len() == 1 { names.concat() } else { format!("mean of {}", names.join(" and ")) }
    }

    fn predict(&self, horizon: usize) -> Vec<f64> {
        let mut points = mean_of(&self.models, horizon, |model| model.predict(horizon));
        for (h, point) in points.iter_mut().enumerate() {
            let (low, high) = self.reach.at(h + 1);
            *point = point.clamp(low, high);
        }
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

    #[test]
    fn an_outburst_at_the_end_does_not_explode() {
        let mut values: Vec<f64> = (0..30).map(|t| 10.0 + f64::from(t % 3)).collect();
        values.extend([100.0, 1_000.0, 10_000.0]);
        let model = Automatic.fit(&Series::new(values, Unit::ONE).unwrap()).unwrap();
        assert!(model.predict(24).iter().all(|p| (-20_000.0..30_000.0).contains(p)));
    }

    proptest! {
        #[test]
        fn any_series_with_a_value_has_finite_forecasts_in_reach(
            values in prop::collection::vec(prop_oneof![
                3 => -1e3..1e3f64, 2 => Just(0.0), 2 => Just(f64::NAN), 1 => Just(1e-300), 1 => 0.0..1e12f64
            ], 1..60),
            period in 1usize..14,
        ) {
            let series = Series::new(values, Unit::ONE).unwrap().with_period(period).unwrap();
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
