//! The search for orders.
use std::collections::HashMap;

use super::estimate::{estimate, usual_starts};
use super::polynomial::roots_beyond;
use super::problem::{Coefficients, Likelihood, Problem, Terms};
use super::{Arima, Explaining, FittedArima, Span, TOLERANCE, aicc};
use crate::stationarity::{constant, differenced, differences_needed, seasonal_differences_needed};
use crate::{Fit, FitError, Series};

/// Roots nearer to the unit circle than this are refused (as `auto.arima` does).
const NEAREST_ROOT: f64 = 1.01;
/// Models looked at, at most.
const MOST_MODELS: usize = 94;
/// While searching, the gain of log-likelihood below which an estimation ends.
const ROUGH: f64 = 0.02;
/// Steps times length of the state beyond which orders are compared by conditional estimates.
const LONG: usize = 40_000;
/// Criterion by which a conditional estimate may lag behind the best and still be improved.
const CLOSE: f64 = 6.0;

/// The ARIMA model with the lowest AICc, found step by step.
///
/// A seasonal difference is taken where the season is strong
/// ([`seasonal_differences_needed`](crate::seasonal_differences_needed)), then as many differences as the KPSS test asks
/// for ([`differences_needed`](crate::differences_needed)). From four first models the search moves to a better
/// neighbour, one order at a time, until there is none. Models with a root within 1 % of the unit circle are refused.
///
/// All are compared by exact likelihoods. Those of long series with a long season are estimated conditionally first,
/// and exactly only if they are near the best.
///
/// # Missing values
///
/// As [`Arima`]. The tests for differences leave gaps out or bridge them.
///
/// # Example
///
/// ```
/// use datagora_core::Unit;
/// use datagora_predict::{AutoArima, Fit, Predict, Series};
///
/// let shape = [80.0, 90.0, 120.0, 110.0];
/// let values: Vec<f64> = (0..60).map(|t| shape[t % 4] + 2.0 * t as f64 + (t * 7 % 5) as f64).collect();
/// let fitted = AutoArima::default().fit(&Series::new(values, Unit::ONE)?.with_period(4)?)?;
/// assert_eq!(fitted.model().seasonal_orders().1, 1);
/// assert!((fitted.predict(1)[0] - 202.0).abs() < 5.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Hyndman, R. J. and Khandakar, Y. (2008). Automatic time series forecasting: the forecast package for R. J.
/// Statistical Software 27(3). doi:10.18637/jss.v027.i03
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct AutoArima {
    seasonal: bool,
}

impl Default for AutoArima {
    fn default() -> Self {
        Self { seasonal: true }
    }
}

impl AutoArima {
    /// Whether seasonal orders are looked at, where the series has a period. Default: yes.
    pub fn with_season(self, seasonal: bool) -> Self {
        Self { seasonal }
    }

    /// How often to difference, by steps and by seasons of `period`.
    pub(crate) fn differences(&self, values: &[f64], period: usize) -> (usize, usize) {
        differences(values, if self.seasonal { period } else { 1 })
    }

    /// Searches for the process around a regression on the columns of `known`.
    pub(crate) fn fit_around(
        &self,
        series: &Series,
        differences: (usize, usize),
        known: &Explaining,
    ) -> Result<FittedArima, FitError> {
        let (found, needed) = (series.observed(), 3 + known.columns.len());
        if found < needed {
            return Err(FitError::TooFew { model: "automatic arima", found, needed });
        }
        let period = if self.seasonal { series.period() } else { 1 };
        let mut search = Search::new(series, period, differences, known);
        search.run();
        search.finish()
    }
}

impl Fit for AutoArima {
    type Fitted = FittedArima;

    fn fit(&self, series: &Series) -> Result<FittedArima, FitError> {
        self.fit_around(series, self.differences(series.values(), series.period()), &Explaining::default())
    }
}

/// How often to difference, by steps and by seasons, so that something is left.
fn differences(values: &[f64], period: usize) -> (usize, usize) {
    let mut seasonal = if period > 1 { seasonal_differences_needed(values, period) } else { 0 };
    let mut left = values.to_vec();
    if seasonal == 1 {
        left = differenced(values, period);
        if left.iter().filter(|v| !v.is_nan()).count() < 3 {
            (seasonal, left) = (0, values.to_vec());
        }
    }
    let mut d = differences_needed(&left);
    // A line needs a drift, not a second difference.
    while d > 0 {
        let mut check = left.clone();
        for _ in 0..d - 1 {
            check = differenced(&check, 1);
        }
        if !constant(&check) && check.iter().filter(|v| !v.is_nan()).count() > 3 {
            break;
        }
        d -= 1;
    }
    (d, seasonal)
}

/// A model that was tried.
#[derive(Clone)]
struct Tried {
    free: Vec<f64>,
    aicc: f64,
}

struct Search<'a> {
    series: &'a Series,
    period: usize,
    differences: (usize, usize),
    known: &'a Explaining,
    span: Span,
    /// Without and with a constant, once needed.
    problems: [Option<Problem>; 2],
    most: Terms,
    constant_allowed: bool,
    /// By orders and constant; `None` where refused.
    tried: HashMap<(Terms, bool), Option<Tried>>,
    best: Option<(Terms, bool)>,
}

impl<'a> Search<'a> {
    fn new(series: &'a Series, period: usize, differences: (usize, usize), known: &'a Explaining) -> Self {
        let found = series.observed();
        let short = (found / 3).min(5);
        let seasonal = if period > 1 { (found / 3 / period).min(2) } else { 0 };
        Self {
            series,
            period,
            differences,
            known,
            span: Span::of(series),
            problems: [None, None],
            most: Terms { ar: short, ma: short, seasonal_ar: seasonal, seasonal_ma: seasonal },
            constant_allowed: differences.0 + differences.1 < 2,
            tried: HashMap::new(),
            best: None,
        }
    }

    fn model(&self, terms: Terms, constant: bool) -> Arima {
        Arima::of(terms, self.differences, constant)
    }

    /// The criterion of a model, estimated from the parameters of its neighbour; infinite if it is refused.
    fn criterion(&mut self, (terms, constant): (Terms, bool), neighbour: Option<(Terms, bool)>) -> f64 {
        let within = terms.ar <= self.most.ar
            && terms.ma <= self.most.ma
            && terms.seasonal_ar <= self.most.seasonal_ar
            && terms.seasonal_ma <= self.most.seasonal_ma;
        if !within || (constant && !self.constant_allowed) {
            return f64::INFINITY;
        }
        if let Some(known) = self.tried.get(&(terms, constant)) {
            return known.as_ref().map_or(f64::INFINITY, |t| t.aicc);
        }
        if self.tried.len() >= MOST_MODELS {
            return f64::INFINITY;
        }
        let found = self.estimated(terms, constant, neighbour);
        let criterion = found.as_ref().map_or(f64::INFINITY, |t| t.aicc);
        let usable = found.is_some();
        self.tried.insert((terms, constant), found);
        if criterion < self.lowest() || (self.best.is_none() && usable) {
            self.best = Some((terms, constant));
        }
        criterion
    }

    /// Criterion of the best model so far.
    fn lowest(&self) -> f64 {
        let best = self.best.and_then(|best| self.tried.get(&best)?.as_ref());
        best.map_or(f64::INFINITY, |t| t.aicc)
    }

    fn estimated(&mut self, terms: Terms, constant: bool, neighbour: Option<(Terms, bool)>) -> Option<Tried> {
        let lowest = self.lowest();
        let near = neighbour
            .and_then(|from| Some(carried_over(from.0, &self.tried.get(&from)?.as_ref()?.free, terms)));
        let model = self.model(terms, constant);
        let (span, series, known) = (self.span, self.series, self.known);
        let slot = &mut self.problems[usize::from(constant)];
        let problem = slot.get_or_insert_with(|| span.problem(&model, series, known));
        if problem.flat() && terms.count() > 0 {
            return None;
        }
        let k = terms.count() + known.columns.len() + usize::from(constant) + 1;
        let n = problem.informative();
        if terms.count() > 0 && n <= k + 1 {
            return None;
        }
        let mut starts = vec![usual_starts(terms).swap_remove(0)];
        starts.extend(near);
        let length = (self.period * terms.seasonal_ar.max(terms.seasonal_ma)).max(1) * n;
        let likelihood = if length > LONG { Likelihood::Conditional } else { Likelihood::Exact };
        let mut found = estimate(problem, terms, &starts, likelihood, ROUGH)?;
        if likelihood == Likelihood::Conditional {
            let exact = problem.log_likelihood_at(terms, &found.free)?;
            found.log_likelihood = exact;
            if aicc(exact, k, n) < lowest + CLOSE {
                found = estimate(problem, terms, &[found.free], Likelihood::Exact, ROUGH)?;
            }
        }
        let coefficients = Coefficients::from_free(terms, &found.free);
        let minus = |v: &[f64]| -> Vec<f64> { v.iter().map(|c| -c).collect() };
        let seasonal_radius = NEAREST_ROOT.powi(self.period as i32);
        let kept = roots_beyond(&coefficients.ar, NEAREST_ROOT)
            && roots_beyond(&minus(&coefficients.ma), NEAREST_ROOT)
            && roots_beyond(&coefficients.seasonal_ar, seasonal_radius)
            && roots_beyond(&minus(&coefficients.seasonal_ma), seasonal_radius);
        let criterion = if n > k + 1 { aicc(found.log_likelihood, k, n) } else { f64::INFINITY };
        kept.then_some(Tried { free: found.free, aicc: criterion })
    }

    /// Hyndman and Khandakar's steps.
    fn run(&mut self) {
        let with = self.constant_allowed;
        let terms = |ar: usize, ma: usize, seasonal_ar: usize, seasonal_ma: usize| Terms {
            ar: ar.min(self.most.ar),
            ma: ma.min(self.most.ma),
            seasonal_ar: seasonal_ar.min(self.most.seasonal_ar),
            seasonal_ma: seasonal_ma.min(self.most.seasonal_ma),
        };
        let first = [terms(0, 0, 0, 0), terms(1, 0, 1, 0), terms(0, 1, 0, 1), terms(2, 2, 1, 1)];
        for terms in first {
            self.criterion((terms, with), None);
        }
        if with {
            self.criterion((first[0], false), None);
        }
        if let Some(best) = self.best {
            self.climb(best);
        }
    }

    /// Moves to the first better neighbour until there is none.
    fn climb(&mut self, from: (Terms, bool)) {
        const STEPS: [(isize, isize); 8] =
            [(-1, 0), (0, -1), (1, 0), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1)];
        let mut current = from;
        loop {
            let (at, constant) = current;
            let here = self.criterion(current, None);
            let moved = |ar: isize, ma: isize, seasonal_ar: isize, seasonal_ma: isize| {
                Some(Terms {
                    ar: at.ar.checked_add_signed(ar)?,
                    ma: at.ma.checked_add_signed(ma)?,
                    seasonal_ar: at.seasonal_ar.checked_add_signed(seasonal_ar)?,
                    seasonal_ma: at.seasonal_ma.checked_add_signed(seasonal_ma)?,
                })
            };
            let seasonal = STEPS.iter().filter_map(|(a, b)| moved(0, 0, *a, *b));
            let short = STEPS.iter().filter_map(|(a, b)| moved(*a, *b, 0, 0));
            let neighbours: Vec<(Terms, bool)> = seasonal
                .chain(short)
                .map(|terms| (terms, constant))
                .chain(std::iter::once((at, !constant)))
                .collect();
            let better = neighbours.into_iter().find(|next| self.criterion(*next, Some(current)) < here);
            let Some(next) = better else { break };
            current = next;
        }
    }

    /// The best model, estimated to the end.
    fn finish(mut self) -> Result<FittedArima, FitError> {
        let none = FitError::NoEstimate { model: "automatic arima" };
        let Some((terms, constant)) = self.best else { return Err(none) };
        let start = self.tried.get(&(terms, constant)).and_then(|t| t.as_ref().map(|t| t.free.clone()));
        let model = self.model(terms, constant);
        let problem = self.problems[usize::from(constant)].as_mut().ok_or(none.clone())?;
        let starts: Vec<Vec<f64>> = start.into_iter().collect();
        let found = estimate(problem, terms, &starts, Likelihood::Exact, TOLERANCE).ok_or(none)?;
        model.solved(problem, &found.free, &self.span, self.series, self.known)
    }
}

/// The parameters of a model as those of its neighbour: what both have stays, what is new starts near 0.
fn carried_over(from: Terms, free: &[f64], terms: Terms) -> Vec<f64> {
    let mut carried = Vec::with_capacity(terms.count());
    let mut rest = free;
    for (had, has) in [
        (from.ar, terms.ar),
        (from.ma, terms.ma),
        (from.seasonal_ar, terms.seasonal_ar),
        (from.seasonal_ma, terms.seasonal_ma),
    ] {
        let (own, others) = rest.split_at(had);
        rest = others;
        carried.extend((0..has).map(|i| own.get(i).copied().unwrap_or(0.05)));
    }
    carried
}
