//! Intermittent demand: counts that are mostly 0, such as incidents of one street.
mod demand;

use datagora_core::Unit;

use self::demand::Demand;
use crate::distribution::normal_quantile;
use crate::minimise::downhill;
use crate::paths::even;
use crate::{Fit, FitError, Paths, Predict, Series};

/// Smoothing of sizes and intervals where none is asked for, as in the literature.
const SMOOTHING: f64 = 0.1;
/// Where the smoothing of aggregates is searched.
const SEARCHED: (f64, f64) = (0.1, 0.3);

/// Croston's method: the size of demands and the interval between them, each smoothed when there is a demand; their ratio
/// is the rate forecast at every step.
///
/// Croston's rate is too high on average; [`Croston::debiased`] gives the approximation of Syntetos and Boylan (SBA).
///
/// # Missing values
///
/// A gap belongs to no interval: intervals count observed steps. The same holds for the other methods of this family.
///
/// # Example
///
/// ```
/// use datagora_core::Unit;
/// use datagora_predict::{Croston, Fit, Predict, Series};
///
/// // Two incidents every fourth week.
/// let incidents: Vec<f64> = (1..=40).map(|week| if week % 4 == 0 { 2.0 } else { 0.0 }).collect();
/// let model = Croston::default().fit(&Series::new(incidents, Unit::of("{incident}"))?)?;
/// assert!((model.predict(1)[0] - 0.5).abs() < 1e-9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Croston, J. D. (1972). Forecasting and stock control for intermittent demands. Operational Research Quarterly 23,
/// 289–303. Syntetos, A. A. and Boylan, J. E. (2005). The accuracy of intermittent demand estimates. Int. J. Forecasting
/// 21, 303–314. doi:10.1016/j.ijforecast.2004.10.001
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Croston {
    smoothing: f64,
    debiased: bool,
}

impl Default for Croston {
    fn default() -> Self {
        Self { smoothing: SMOOTHING, debiased: false }
    }
}

/// A smoothing within what has a meaning.
fn share(smoothing: f64) -> f64 {
    if smoothing.is_nan() { SMOOTHING } else { smoothing.clamp(1e-6, 1.0) }
}

impl Croston {
    /// The approximation of Syntetos and Boylan: the rate times 1 − smoothing / 2.
    pub fn debiased() -> Self {
        Self { debiased: true, ..Self::default() }
    }

    /// With the weight of the newest size and interval, above 0 to 1. Default: 0.1.
    pub fn with_smoothing(self, smoothing: f64) -> Self {
        Self { smoothing: share(smoothing), ..self }
    }
}

/// The method of Teunter, Syntetos and Babai: the size of demands, and the probability of one, which is smoothed at every
/// step. Where demand dies out, so does its forecast.
///
/// # Example
///
/// ```
/// use datagora_core::Unit;
/// use datagora_predict::{Fit, Predict, Series, TeunterSyntetosBabai};
///
/// let model = TeunterSyntetosBabai::default();
/// let passages = |zeros| [vec![0.0, 3.0, 0.0, 3.0], vec![0.0; zeros]].concat();
/// let rate = |zeros| Ok::<f64, Box<dyn std::error::Error>>(model.fit(&Series::new(passages(zeros), Unit::ONE)?)?.predict(1)[0]);
/// assert!(rate(50)? < 0.1 * rate(0)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Teunter, R. H., Syntetos, A. A. and Babai, M. Z. (2011). Intermittent demand: linking forecasting to inventory
/// obsolescence. European J. Operational Research 214, 606–615. doi:10.1016/j.ejor.2011.05.018
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TeunterSyntetosBabai {
    size: f64,
    probability: f64,
}

impl Default for TeunterSyntetosBabai {
    fn default() -> Self {
        Self { size: SMOOTHING, probability: SMOOTHING }
    }
}

impl TeunterSyntetosBabai {
    /// With the weights of the newest size and of the newest step, above 0 to 1. Default: 0.1 both.
    pub fn with_smoothing(self, size: f64, probability: f64) -> Self {
        Self { size: share(size), probability: share(probability) }
    }
}

/// Aggregate–disaggregate (ADIDA): simple exponential smoothing of sums over the mean interval between demands, shared
/// equally among the steps.
///
/// # References
///
/// Nikolopoulos, K., Syntetos, A. A., Boylan, J. E., Petropoulos, F. and Assimakopoulos, V. (2011). An
/// aggregate–disaggregate intermittent demand approach (ADIDA) to forecasting. J. Operational Research Society 62,
/// 544–554. doi:10.1057/jors.2010.32
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Adida;

/// The mean of ADIDA over every aggregation from one step to the mean interval between demands (IMAPA).
///
/// # References
///
/// Petropoulos, F. and Kourentzes, N. (2015). Forecast combinations for intermittent demand. J. Operational Research
/// Society 66, 914–924. doi:10.1057/jors.2014.62
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imapa;

/// A fitted method for intermittent demand: one rate for every step.
#[derive(Clone, Debug, PartialEq)]
pub struct FittedIntermittent {
    name: &'static str,
    rate: f64,
    /// Variance of what the rate moves by in a step.
    drift: f64,
    demand: Demand,
    unit: Unit,
    fitted: Vec<f64>,
}

impl FittedIntermittent {
    fn new(name: &'static str, rate: f64, fitted: Vec<f64>, series: &Series) -> Self {
        let moves = fitted.windows(2).map(|pair| (pair[1] - pair[0]) * (pair[1] - pair[0]));
        let (sum, count) = moves
            .filter(|square| square.is_finite())
            .fold((0.0, 0.0), |(sum, n), square| (sum + square, n + 1.0));
        let drift = if count > 0.0 { sum / count } else { 0.0 };
        Self { name, rate, drift, demand: Demand::of(series), unit: series.unit().clone(), fitted }
    }

    /// Equally likely futures of demand: whether there is some follows a chain of two states, its size is drawn from the
    /// past, whole numbers with a jitter. Sums over a lead time, or the probability of none at all, are read from them,
    /// where a rate with a normal error says nothing true. They follow the whole past, not the smoothed rate, and have at
    /// least one step.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::Unit;
    /// use datagora_predict::{Croston, Fit, Series};
    ///
    /// let incidents: Vec<f64> = (0..200).map(|day| if day * 7 % 10 < 2 { 1.0 + f64::from(day % 3) } else { 0.0 }).collect();
    /// let model = Croston::default().fit(&Series::new(incidents, Unit::of("{incident}"))?)?;
    /// let week = model.paths(7, 2_000, 1).sum();
    /// assert_eq!(week.quantile(0.05), Some(0.0));
    /// assert!(week.probability_above(0.0) > 0.7 && week.mean() > 1.5 && week.mean() < 4.5);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # References
    ///
    /// Willemain, T. R., Smart, C. N. and Schwarz, H. F. (2004). A new approach to forecasting intermittent demand for
    /// service parts inventories. Int. J. Forecasting 20, 375–387 (section 4). doi:10.1016/S0169-2070(03)00013-X
    pub fn paths(&self, horizon: usize, count: usize, seed: u64) -> Paths {
        let steps = horizon.max(1);
        let path = |path: usize| {
            let mut drawn = 0;
            let next = || {
                drawn += 1;
                even(seed, path as u64, 0, drawn)
            };
            self.demand.path(steps, next, normal_quantile)
        };
        let values = (0..count).flat_map(path).collect();
        Paths::of(self.unit.clone(), seed, steps, values)
    }
}

/// Something smoothed exponentially from its first value on.
#[derive(Default)]
struct Smooth(Option<f64>);

impl Smooth {
    fn push(&mut self, value: f64, weight: f64) {
        self.0 = Some(self.0.map_or(value, |level| level + weight * (value - level)));
    }
}

fn observed(series: &Series, model: &'static str) -> Result<(), FitError> {
    if series.observed() == 0 { Err(FitError::TooFew { model, found: 0, needed: 1 }) } else { Ok(()) }
}

impl Fit for Croston {
    type Fitted = FittedIntermittent;

    fn fit(&self, series: &Series) -> Result<FittedIntermittent, FitError> {
        observed(series, "croston")?;
        let correction = if self.debiased { 1.0 - self.smoothing / 2.0 } else { 1.0 };
        let (mut size, mut interval, mut since) = (Smooth::default(), Smooth::default(), 0.0);
        let mut fitted = Vec::with_capacity(series.len());
        let rate = |size: &Smooth, interval: &Smooth| Some(correction * size.0? / interval.0?);
        for &y in series.values() {
            fitted.push(rate(&size, &interval).unwrap_or(f64::NAN));
            if y.is_nan() {
                continue;
            }
            since += 1.0;
            if y != 0.0 {
                size.push(y, self.smoothing);
                interval.push(since, self.smoothing);
                since = 0.0;
            }
        }
        let name = if self.debiased { "Croston (SBA)" } else { "Croston" };
        Ok(FittedIntermittent::new(name, rate(&size, &interval).unwrap_or(0.0), fitted, series))
    }
}

impl Fit for TeunterSyntetosBabai {
    type Fitted = FittedIntermittent;

    fn fit(&self, series: &Series) -> Result<FittedIntermittent, FitError> {
        observed(series, "TSB")?;
        let (mut size, mut probability) = (Smooth::default(), Smooth::default());
        let mut fitted = Vec::with_capacity(series.len());
        let rate = |size: &Smooth, probability: &Smooth| Some(size.0? * probability.0?);
        for &y in series.values() {
            fitted.push(rate(&size, &probability).unwrap_or(f64::NAN));
            if y.is_nan() {
                continue;
            }
            probability.push(f64::from(y != 0.0), self.probability);
            if y != 0.0 {
                size.push(y, self.size);
            }
        }
        Ok(FittedIntermittent::new("TSB", rate(&size, &probability).unwrap_or(0.0), fitted, series))
    }
}

/// Mean number of observed steps from one demand to the next, rounded, at least 1.
fn mean_interval(values: &[f64]) -> usize {
    let (mut seen, mut steps, mut demands) = (0usize, 0usize, 0usize);
    for &y in values.iter().filter(|y| !y.is_nan()) {
        seen += 1;
        if y != 0.0 {
            demands += 1;
            steps = seen;
        }
    }
    if demands == 0 { 1 } else { ((steps as f64 / demands as f64).round() as usize).max(1) }
}

/// The rate by sums over `level` steps, counted from the end, and what it was before each step.
fn aggregated(series: &Series, level: usize) -> (f64, Vec<f64>) {
    let values = series.values();
    let cut = if values.len() < level { 0 } else { values.len() % level };
    // Mean of each bucket; one without any value is a gap.
    let buckets: Vec<f64> = values[cut..]
        .chunks(level)
        .map(|bucket| {
            let seen = bucket.iter().filter(|y| !y.is_nan());
            let n = seen.clone().count() as f64;
            seen.map(|y| y / n).fold(f64::NAN, |sum, y| if sum.is_nan() { y } else { sum + y })
        })
        .collect();
    let scale = buckets.iter().filter(|y| !y.is_nan()).fold(f64::MIN_POSITIVE, |a, y| a.max(y.abs()));
    let run = |weight: f64| {
        let (mut smooth, mut squares) = (Smooth::default(), 0.0);
        let mut before = Vec::with_capacity(buckets.len());
        for &y in &buckets {
            before.push(smooth.0.unwrap_or(f64::NAN));
            if !y.is_nan() {
                squares += smooth.0.map_or(0.0, |level| ((y - level) / scale).powi(2));
                smooth.push(y, weight);
            }
        }
        (smooth.0.unwrap_or(0.0), before, squares)
    };
    let weight = downhill(0.2, SEARCHED.0, SEARCHED.1, 0.05, |weight| run(weight).2);
    let (rate, before, _) = run(weight);
    let mut fitted = vec![f64::NAN; cut];
    fitted.extend((cut..values.len()).map(|t| before[(t - cut) / level]));
    (rate, fitted)
}

impl Fit for Adida {
    type Fitted = FittedIntermittent;

    fn fit(&self, series: &Series) -> Result<FittedIntermittent, FitError> {
        observed(series, "ADIDA")?;
        let (rate, fitted) = aggregated(series, mean_interval(series.values()));
        Ok(FittedIntermittent::new("ADIDA", rate, fitted, series))
    }
}

impl Fit for Imapa {
    type Fitted = FittedIntermittent;

    fn fit(&self, series: &Series) -> Result<FittedIntermittent, FitError> {
        observed(series, "IMAPA")?;
        let levels = mean_interval(series.values());
        let (mut rate, mut fitted) = (0.0, vec![0.0; series.len()]);
        for level in 1..=levels {
            let (one, before) = aggregated(series, level);
            rate += one / levels as f64;
            fitted.iter_mut().zip(before).for_each(|(sum, f)| *sum += f / levels as f64);
        }
        Ok(FittedIntermittent::new("IMAPA", rate, fitted, series))
    }
}

impl Predict for FittedIntermittent {
    fn name(&self) -> String {
        self.name.to_owned()
    }

    fn predict(&self, horizon: usize) -> Vec<f64> {
        vec![self.rate; horizon]
    }

    /// Root mean square of what demand is away from the rate at each step, by the chain of demand and the sizes of the past
    /// ([`FittedIntermittent::paths`]); to its square comes, for each step gone, that of the usual move of the rate. Counts
    /// are far from normal, so ask [`forecast_with`](crate::forecast_with) for intervals.
    fn spread(&self, horizon: usize) -> Vec<f64> {
        let squares = self.demand.squares(self.rate, horizon);
        squares.iter().enumerate().map(|(gone, square)| (square + gone as f64 * self.drift).sqrt()).collect()
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

    fn series(values: Vec<f64>) -> Series {
        Series::new(values, Unit::ONE).unwrap()
    }

    fn rate<M: Fit>(model: M, values: &[f64]) -> f64 {
        model.fit(&series(values.to_vec())).map(|fitted| fitted.predict(1)[0]).unwrap()
    }

    /// By hand: sizes 4, 2 give 3.8; intervals 2, 3 give 2.1.
    #[test]
    fn rates_are_those_of_the_formulas() {
        let values = [0.0, 4.0, 0.0, 0.0, 2.0, 0.0];
        assert!((rate(Croston::default(), &values) - 3.8 / 2.1).abs() < 1e-12);
        assert!((rate(Croston::debiased(), &values) - 0.95 * 3.8 / 2.1).abs() < 1e-12);
        // Probabilities 0, .1, .09, .081, .1729, .15561.
        assert!((rate(TeunterSyntetosBabai::default(), &values) - 3.8 * 0.15561).abs() < 1e-12);
        // Mean interval 5 / 2, rounded away from 0: buckets of 3 with 4 and 2.
        assert_eq!(mean_interval(&values), 3);
        let ada = rate(Adida, &values);
        assert!((2.0 / 3.0..4.0 / 3.0).contains(&ada), "{ada}");
    }

    #[test]
    fn steady_demand_is_forecast_as_it_is() {
        let values: Vec<f64> = (1..=60).map(|t| if t % 5 == 0 { 10.0 } else { 0.0 }).collect();
        for found in [rate(Croston::default(), &values), rate(Adida, &values)] {
            assert!((found - 2.0).abs() < 1e-9, "{found}");
        }
        assert!((rate(Imapa, &values) - 2.0).abs() < 0.5);
        assert_eq!(rate(Imapa, &[0.0; 20]), 0.0);
    }

    #[test]
    fn the_spread_is_that_of_demand_and_grows_with_the_way_of_the_rate() {
        // 3 every fourth step, known for sure: a rate of 0.75 is 0.75 off at 0 and 2.25 off at 3.
        let steady: Vec<f64> = (1..=4_000).map(|t| if t % 4 == 0 { 3.0 } else { 0.0 }).collect();
        let fitted = Croston::default().fit(&series(steady)).unwrap();
        let spread = fitted.spread(40);
        assert!(
            (spread[39] - (0.25 * 2.25f64.powi(2) + 0.75 * 0.75f64.powi(2)).sqrt()).abs() < 0.01,
            "{spread:?}"
        );
        assert!((spread[0] - 0.75).abs() < 0.01, "no demand follows demand: {spread:?}");
        let paths = fitted.paths(1, 500, 3);
        assert!(paths.sum().mean() < 0.05);
        // Demand that wanders: each step adds to what the rate may be off by.
        let wander: Vec<f64> = (0..300).map(|t| f64::from((t / 50) % 2 * 8 + 1) * f64::from(t % 2)).collect();
        let spread = Croston::default().fit(&series(wander)).unwrap().spread(60);
        assert!(spread[58] > spread[0] + 0.05, "{spread:?}");
    }

    #[test]
    fn a_gap_belongs_to_no_interval() {
        let gap = f64::NAN;
        let whole = [0.0, 4.0, 0.0, 0.0, 2.0, 0.0];
        let holed = [gap, 0.0, 4.0, 0.0, gap, gap, 0.0, 2.0, 0.0, gap];
        assert_eq!(rate(Croston::default(), &whole), rate(Croston::default(), &holed));
        assert_eq!(
            rate(TeunterSyntetosBabai::default(), &whole),
            rate(TeunterSyntetosBabai::default(), &holed)
        );
    }

    fn sound<M: Fit<Fitted = FittedIntermittent>>(model: &M, series: &Series) -> Result<(), TestCaseError> {
        match model.fit(series) {
            Err(_) => prop_assert_eq!(series.observed(), 0),
            Ok(fitted) => {
                let most = series.values().iter().filter(|y| !y.is_nan()).fold(0.0f64, |a, y| a.max(*y));
                let (rate, spread) = (fitted.predict(1)[0], fitted.spread(1)[0]);
                prop_assert!((0.0..=most * (1.0 + 1e-9)).contains(&rate), "{} {}", fitted.name(), rate);
                prop_assert!(spread.is_finite() && spread >= 0.0);
                let paths = fitted.paths(3, 5, 1);
                prop_assert!(paths.iter().flatten().all(|demand| demand.is_finite() && *demand >= 0.0));
                prop_assert_eq!(fitted.fitted().len(), series.len());
            }
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn rates_lie_between_nothing_and_the_largest_demand(
            values in prop::collection::vec(prop_oneof![
                4 => Just(0.0), 2 => (1u32..9).prop_map(f64::from), 1 => Just(f64::NAN), 1 => Just(1e-300), 1 => 0.0..1e12f64
            ], 0..50),
        ) {
            let given = series(values);
            sound(&Croston::default(), &given)?;
            sound(&Croston::debiased().with_smoothing(0.9), &given)?;
            sound(&TeunterSyntetosBabai::default(), &given)?;
            sound(&Adida, &given)?;
            sound(&Imapa, &given)?;
        }
    }
}
