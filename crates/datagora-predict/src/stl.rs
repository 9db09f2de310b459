//! Seasonal-trend decomposition by local regression.
mod loess;

use crate::decomposition::{Decomposition, Season};
use crate::{FitError, Series};
use loess::{Loess, Points};

/// What is fitted around each point of a local regression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Degree {
    /// A weighted mean.
    Constant,
    /// A line.
    Linear,
}

/// Seasonal-trend decomposition by loess (STL) of a series with one season.
///
/// The season may change slowly, and robust fits keep outliers out of season and trend. Defaults are those of R's
/// `stl` with a seasonal window of 11 cycles.
///
/// # Missing values
///
/// Local regressions take the nearest *observed* values, so that nothing is filled. Trend and season exist at gaps too, the
/// remainder does not. A place of the season that has never been observed lies on the line between its neighbours.
///
/// # Example
///
/// ```
/// use datagora_core::Unit;
/// use datagora_predict::{Series, Stl};
///
/// let values: Vec<f64> = (0..70).map(|t| f64::from(t) + [5.0, 0.0, -2.0, 1.0, -1.0, 0.0, -3.0][t as usize % 7]).collect();
/// let series = Series::new(values, Unit::of("{passage}"))?.with_period(7)?;
/// let parts = Stl::default().decompose(&series)?;
/// assert!((parts.trend()[35] - 35.0).abs() < 0.1);
/// assert!((parts.seasons()[0].values[35] - 5.0).abs() < 0.1);
/// assert!(parts.strength(7).unwrap() > 0.99);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Cleveland, R. B., Cleveland, W. S., McRae, J. E. and Terpenning, I. (1990). STL: a seasonal-trend decomposition
/// procedure based on loess. J. Official Statistics 6, 3–73.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Stl {
    /// `None`: the season is the same in all cycles.
    season: Option<usize>,
    season_degree: Degree,
    trend: Option<usize>,
    low_pass: Option<usize>,
    robust: bool,
    iterations: Option<(usize, usize)>,
    every_point: bool,
}

impl Default for Stl {
    fn default() -> Self {
        Self {
            season: Some(11),
            season_degree: Degree::Constant,
            trend: None,
            low_pass: None,
            robust: false,
            iterations: None,
            every_point: false,
        }
    }
}

/// The next odd number, as windows with a middle are.
fn odd(window: usize) -> usize {
    window.max(3) | 1
}

impl Stl {
    /// With the number of cycles over which the season is smoothed, odd, at least 7 for a season that changes slowly.
    /// Default: 11.
    pub fn with_seasonal_window(self, cycles: usize) -> Self {
        Self { season: Some(odd(cycles)), ..self }
    }

    /// With the same season in all cycles.
    pub fn periodic(self) -> Self {
        Self { season: None, ..self }
    }

    /// What is fitted along the cycles. Default: a constant.
    pub fn with_seasonal_degree(self, degree: Degree) -> Self {
        Self { season_degree: degree, ..self }
    }

    /// With the number of steps over which the trend is smoothed. Default: the smallest odd number from
    /// 1.5 × period / (1 − 1.5 / seasonal window).
    pub fn with_trend_window(self, steps: usize) -> Self {
        Self { trend: Some(odd(steps)), ..self }
    }

    /// With the window of the low-pass filter that keeps trend out of the season. Default: the smallest odd number from
    /// the period.
    pub fn with_low_pass_window(self, steps: usize) -> Self {
        Self { low_pass: Some(odd(steps)), ..self }
    }

    /// Whether outliers are kept out of trend and season. Default: no.
    pub fn with_robust(self, robust: bool) -> Self {
        Self { robust, ..self }
    }

    /// With the passes between season and trend, and the times values are weighed anew. Default: 2 and 0, or 1 and 15 if
    /// robust.
    pub fn with_iterations(self, inner: usize, outer: usize) -> Self {
        Self { iterations: Some((inner.max(1), outer)), ..self }
    }

    /// Whether to compute the regressions at every point. Default: no, but at every tenth of their windows, on lines
    /// between.
    pub fn with_every_point(self, every_point: bool) -> Self {
        Self { every_point, ..self }
    }

    /// Decomposes by the period of the series; of several, by the shortest.
    ///
    /// # Errors
    ///
    /// [`FitError::NoSeason`] without a period, [`FitError::TooFew`] with fewer than two periods of steps or without values.
    pub fn decompose(&self, series: &Series) -> Result<Decomposition, FitError> {
        let period = series.period();
        if period < 2 {
            return Err(FitError::NoSeason { model: "stl" });
        }
        if series.len() < 2 * period || series.observed() == 0 {
            let found = if series.observed() == 0 { 0 } else { series.len() };
            return Err(FitError::TooFew { model: "stl", found, needed: 2 * period });
        }
        let parts = self.parts(series.values(), period);
        let seasons = vec![Season { period, values: parts.season }];
        Ok(Decomposition::of(series.values(), parts.trend, seasons, parts.weights))
    }

    pub(crate) fn is_periodic(&self) -> bool {
        self.season.is_none()
    }

    fn loess(&self, window: usize, degree: Degree) -> Loess {
        Loess::new(window, degree, if self.every_point { 1 } else { window.div_ceil(10) })
    }

    pub(crate) fn parts(&self, values: &[f64], period: usize) -> Parts {
        let n = values.len();
        // As R: a window of ten times the series is as good as constant.
        let season = self.season.unwrap_or(odd(10 * n + 1));
        let default = (1.5 * period as f64 / (1.0 - 1.5 / season as f64)).ceil() as usize;
        let degree = if self.season.is_none() { Degree::Constant } else { self.season_degree };
        let (inner, outer) = self.iterations.unwrap_or(if self.robust { (1, 15) } else { (2, 0) });
        let mut run = Run {
            period,
            season: self.loess(season, degree),
            trend: self.loess(self.trend.unwrap_or(odd(default)), Degree::Linear),
            low_pass: self.loess(self.low_pass.unwrap_or(odd(period)), Degree::Linear),
            seen: (0..n).filter(|&t| !values[t].is_nan()).collect(),
            values,
            trust: None,
        };
        let positions: Vec<f64> = run.seen.iter().map(|&t| t as f64).collect();
        let (mut season, mut trend) = (vec![0.0; n], vec![0.0; n]);
        for round in 0..=outer {
            for _ in 0..inner {
                run.pass(&positions, &mut season, &mut trend);
            }
            if round < outer {
                run.weigh(&season, &trend);
            }
        }
        if self.season.is_none() {
            for place in 0..period {
                let count = n.saturating_sub(place).div_ceil(period) as f64;
                let mean = season[place..].iter().step_by(period).map(|s| s / count).sum();
                season[place..].iter_mut().step_by(period).for_each(|s| *s = mean);
            }
        }
        let mut weights = vec![f64::NAN; n];
        for (i, &t) in run.seen.iter().enumerate() {
            weights[t] = run.trust.as_ref().map_or(1.0, |trust| trust[i]);
        }
        Parts { trend, season, weights }
    }
}

pub(crate) struct Parts {
    pub(crate) trend: Vec<f64>,
    pub(crate) season: Vec<f64>,
    pub(crate) weights: Vec<f64>,
}

/// The smoothers and the trust of one decomposition.
struct Run<'a> {
    period: usize,
    season: Loess,
    trend: Loess,
    low_pass: Loess,
    values: &'a [f64],
    /// Steps with a value.
    seen: Vec<usize>,
    /// Robustness weights of those.
    trust: Option<Vec<f64>>,
}

impl Run<'_> {
    /// The inner loop: a season from what is not trend, then a trend from what is not season.
    fn pass(&self, positions: &[f64], season: &mut [f64], trend: &mut [f64]) {
        let n = self.values.len();
        let cycles = self.cycles(trend);
        let averaged = average(&average(&average(&cycles, self.period), self.period), 3);
        let every: Vec<f64> = (0..n).map(|t| t as f64).collect();
        let low = Points { length: n, positions: &every, values: &averaged, weights: None };
        self.low_pass.smooth(&low, season);
        for (s, c) in season.iter_mut().zip(&cycles[self.period..]) {
            *s = c - *s;
        }
        let flat: Vec<f64> = self.seen.iter().map(|&t| self.values[t] - season[t]).collect();
        let flat = Points { length: n, positions, values: &flat, weights: self.trust.as_deref() };
        self.trend.smooth(&flat, trend);
    }

    /// Each place of the season smoothed along its cycles, from one cycle before the start to one after the end.
    fn cycles(&self, trend: &[f64]) -> Vec<f64> {
        let (n, period) = (self.values.len(), self.period);
        let mut cycles = vec![f64::NAN; n + 2 * period];
        let mut unseen = Vec::new();
        let most = n.div_ceil(period);
        let (mut positions, mut rest, mut trust) = (Vec::new(), Vec::new(), Vec::new());
        let mut smooth = vec![0.0; most];
        // Trust by step, since the places of a season are far apart in the list of values seen.
        let trusted: Option<Vec<f64>> = self.trust.as_ref().map(|weights| {
            let mut by_step = vec![0.0; n];
            self.seen.iter().zip(weights).for_each(|(&t, &w)| by_step[t] = w);
            by_step
        });
        for place in 0..period {
            positions.clear();
            rest.clear();
            trust.clear();
            for (cycle, t) in (place..n).step_by(period).enumerate() {
                if !self.values[t].is_nan() {
                    positions.push(cycle as f64);
                    rest.push(self.values[t] - trend[t]);
                    if let Some(by_step) = &trusted {
                        trust.push(by_step[t]);
                    }
                }
            }
            if rest.is_empty() {
                unseen.push(place);
                continue;
            }
            let length = (n - place).div_ceil(period);
            let weights = self.trust.is_some().then_some(&trust[..]);
            let points = Points { length, positions: &positions, values: &rest, weights };
            self.season.smooth(&points, &mut smooth[..length]);
            cycles[place] = self.season.at(&points, -1.0).unwrap_or(smooth[0]);
            for (cycle, s) in smooth[..length].iter().enumerate() {
                cycles[place + (cycle + 1) * period] = *s;
            }
            let after = self.season.at(&points, length as f64);
            cycles[place + (length + 1) * period] = after.unwrap_or(smooth[length - 1]);
        }
        for place in unseen {
            bridge(&mut cycles, place, period);
        }
        cycles
    }

    /// Tukey's biweight of what the decomposition leaves, against six times its median size.
    fn weigh(&mut self, season: &[f64], trend: &[f64]) {
        let sizes: Vec<f64> =
            self.seen.iter().map(|&t| (self.values[t] - trend[t] - season[t]).abs()).collect();
        let reach = 6.0 * median(sizes.clone());
        let weight = |size: f64| {
            if size <= 0.001 * reach {
                1.0
            } else if size <= 0.999 * reach {
                (1.0 - (size / reach).powi(2)).powi(2)
            } else {
                0.0
            }
        };
        self.trust = Some(sizes.into_iter().map(weight).collect());
    }
}

/// Fills a place that has never been observed from the nearest places before and after it that have, in every cycle.
fn bridge(cycles: &mut [f64], place: usize, period: usize) {
    for t in (place..cycles.len()).step_by(period) {
        let before = (0..t).rev().find(|&s| !cycles[s].is_nan());
        let after = (t + 1..cycles.len()).find(|&s| !cycles[s].is_nan());
        cycles[t] = match (before, after) {
            (Some(b), Some(a)) => cycles[b] + (cycles[a] - cycles[b]) * (t - b) as f64 / (a - b) as f64,
            (Some(only), None) | (None, Some(only)) => cycles[only],
            (None, None) => 0.0,
        };
    }
}

/// Moving averages of `window` values.
fn average(values: &[f64], window: usize) -> Vec<f64> {
    let mut sum: f64 = values[..window].iter().sum();
    let mut averages = Vec::with_capacity(values.len() + 1 - window);
    averages.push(sum / window as f64);
    for (old, new) in values.iter().zip(&values[window..]) {
        sum += new - old;
        averages.push(sum / window as f64);
    }
    averages
}

/// The middle value, or the mean of the two.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    let n = values.len();
    if n == 0 {
        return 0.0;
    }
    let (below, &mut upper, _) = values.select_nth_unstable_by(n / 2, f64::total_cmp);
    if n % 2 == 1 {
        return upper;
    }
    let lower = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    lower / 2.0 + upper / 2.0
}

/// The trend of a series without season, and the full trust in each value.
pub(crate) fn trend_alone(values: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let n = values.len();
    let seen: Vec<usize> = (0..n).filter(|&t| !values[t].is_nan()).collect();
    let positions: Vec<f64> = seen.iter().map(|&t| t as f64).collect();
    let present: Vec<f64> = seen.iter().map(|&t| values[t]).collect();
    let points = Points { length: n, positions: &positions, values: &present, weights: None };
    let mut trend = vec![0.0; n];
    Loess::new(odd(n / 2), Degree::Linear, 1).smooth(&points, &mut trend);
    (trend, values.iter().map(|y| if y.is_nan() { f64::NAN } else { 1.0 }).collect())
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::made::{hours, series};

    #[test]
    fn an_outlier_stays_out_of_a_robust_season() {
        let mut values = hours(120);
        values[61] += 500.0;
        let robust = Stl::default().with_robust(true).decompose(&series(values, &[12])).unwrap();
        assert!((robust.remainder()[61] - 500.0).abs() < 6.0 && robust.weights()[61] == 0.0);
    }

    #[test]
    fn places_never_seen_lie_between_their_neighbours() {
        let mut values: Vec<f64> = (0..70).map(|t| [5.0, 3.0, 1.0, 1.0, 2.0, 1.0, 1.0][t % 7]).collect();
        values.iter_mut().skip(1).step_by(7).for_each(|y| *y = f64::NAN);
        let parts = Stl::default().periodic().decompose(&series(values, &[7])).unwrap();
        let season = &parts.seasons()[0].values;
        assert!((season[1] - (season[0] + season[2]) / 2.0).abs() < 1e-6, "{season:?}");
    }
}
