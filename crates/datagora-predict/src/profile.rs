//! Profiles of day, week and year upon a local level: a quick strong model of hourly counts with gaps.
use crate::model::residual_deviation;
use crate::stl::median;
use crate::{Fit, FitError, Predict, Series};

/// What is tried: the weight that a profile loses from one shortest season to the one before.
const MEMORIES: [f64; 4] = [0.75, 0.85, 0.93, 1.0];
/// What is tried: how much of the last deviation from the level is left after one step.
const RETURNS: [f64; 8] = [0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.995, 1.0];
/// Past forecasts by which memories and scales are compared.
const TRIALS: usize = 6;
/// Tukey's constant: six median deviations are an outlier.
const OUTLYING: f64 = 6.0;

/// A profile for each season, one upon the other, and a level to which deviations return.
///
/// The mean day is taken out first, then what the week adds to it, and so on for every period of the series of which two
/// are there. Recent cycles count more, outliers less, and a longer profile is believed as far as its cycles agree (it is
/// shrunk by the ratio of its variance to its noise). The rest is forecast as a recent mean plus a share, fading step by
/// step, of its last deviation from it.
///
/// How fast the past is forgotten, how long the mean and how quick the return is, and for values all above 0 whether
/// seasons add or multiply, are chosen by errors of forecasts of the series' own past.
///
/// # Missing values
///
/// Gaps enter no mean. A place of a profile that has never been observed adds nothing to the shorter ones.
///
/// # Example
///
/// ```
/// use datagora_core::Unit;
/// use datagora_predict::{Fit, Predict, SeasonalProfile, Series};
///
/// // Six weeks of a counter that is quiet at night and on Sundays, and was out of order for two days.
/// let mut passages: Vec<f64> = (0..1_008)
///     .map(|h| if h % 24 < 6 { 10.0 } else { 80.0 } * if h / 24 % 7 == 6 { 0.5 } else { 1.0 } + (h * 7 % 5) as f64)
///     .collect();
/// passages[500..548].fill(f64::NAN);
/// let hours = Series::new(passages, Unit::of("{passage}"))?.with_periods([24, 168])?;
/// let week = SeasonalProfile.fit(&hours)?.predict(168);
/// assert!((week[12] - 82.0).abs() < 3.0 && (week[6 * 24 + 12] - 42.0).abs() < 3.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// The level is that of Brown's mean with damped deviations; shrinkage as in Efron, B. and Morris, C. (1975). Data analysis
/// using Stein's estimator and its generalizations. JASA 70, 311–319; selection by past errors as in Pawlikowski, M. and
/// Chorowska, A. (2020). Weighted ensemble of statistical models. Int. J. Forecasting 36, 93–97.
/// doi:10.1016/j.ijforecast.2019.03.019
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SeasonalProfile;

/// A fitted [`SeasonalProfile`].
#[derive(Clone, Debug, PartialEq)]
pub struct FittedProfile {
    /// Whether seasons multiply: everything else is of logarithms then.
    multiplies: bool,
    memory: f64,
    length: usize,
    model: Profiles,
    fitted: Vec<f64>,
    deviation: f64,
}

/// Profiles and level of one series.
#[derive(Clone, Debug, PartialEq)]
struct Profiles {
    seasons: Vec<Vec<f64>>,
    level: f64,
    /// Last deviation from the level, and how old it is.
    last: (f64, usize),
    back: f64,
    window: usize,
    /// The range of the past, half as wide again on either side: forecasts stay within.
    reach: (f64, f64),
}

impl Profiles {
    fn season(&self, t: usize) -> f64 {
        self.seasons.iter().map(|profile| profile[t % profile.len()]).sum()
    }

    /// The forecast `ahead` steps (from 1) after the end of `length` steps.
    fn at(&self, length: usize, ahead: usize) -> f64 {
        let (deviation, age) = self.last;
        let left = self.back.powi(i32::try_from(ahead + age).unwrap_or(i32::MAX));
        let point = self.level + left * deviation + self.season(length + ahead - 1);
        point.clamp(self.reach.0, self.reach.1)
    }

    /// Fits to values with at least one observed.
    fn of(values: &[f64], periods: &[usize], memory: f64) -> Self {
        let n = values.len();
        let periods: Vec<usize> = periods.iter().copied().filter(|&p| p > 1 && 2 * p <= n).collect();
        let longest = periods.iter().copied().rfind(|p| 3 * p <= n);
        let about = longest.or(periods.first().copied()).unwrap_or(n);
        let slow = local_means(values, about);
        let mut rest: Vec<f64> = values.iter().zip(&slow).map(|(y, level)| y - level).collect();
        let mut seasons = Vec::new();
        for (i, &period) in periods.iter().enumerate() {
            let profile = profile(&rest, period, periods[0], memory, i > 0);
            for (t, r) in rest.iter_mut().enumerate() {
                *r -= profile[t % period];
            }
            seasons.push(profile);
        }
        let flat: Vec<f64> = rest.iter().zip(&slow).map(|(r, level)| r + level).collect();
        let sums = Sums::of(&flat);
        let unit = periods.first().copied().unwrap_or(1);
        let (window, back) = returning(&flat, &sums, unit, periods.last().copied().unwrap_or(8));
        let level = sums.mean(n.saturating_sub(window), n).unwrap_or_else(|| sums.mean(0, n).unwrap_or(0.0));
        let last = flat.iter().rposition(|v| !v.is_nan());
        let last = last.map_or((0.0, 0), |t| (flat[t] - level, n - 1 - t));
        let seen = values.iter().filter(|y| !y.is_nan());
        let (low, high) = seen.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), &y| (l.min(y), h.max(y)));
        let more = (high - low) / 2.0;
        Self { seasons, level, last, back, window, reach: (low - more, high + more) }
    }
}

/// Running sums that pass over gaps.
struct Sums {
    sums: Vec<f64>,
    counts: Vec<usize>,
}

impl Sums {
    fn of(values: &[f64]) -> Self {
        let (mut sums, mut counts) = (vec![0.0], vec![0]);
        let (mut sum, mut count) = (0.0, 0);
        for &y in values {
            if !y.is_nan() {
                sum += y;
                count += 1;
            }
            sums.push(sum);
            counts.push(count);
        }
        Self { sums, counts }
    }

    fn mean(&self, from: usize, to: usize) -> Option<f64> {
        let count = self.counts[to] - self.counts[from];
        (count > 0).then(|| (self.sums[to] - self.sums[from]) / count as f64)
    }
}

/// Mean over a window about each step, moved inwards at the ends; windows without value take the mean of all.
fn local_means(values: &[f64], window: usize) -> Vec<f64> {
    let n = values.len();
    let sums = Sums::of(values);
    let all = sums.mean(0, n).unwrap_or(0.0);
    (0..n)
        .map(|t| {
            let from = t.saturating_sub(window / 2).min(n - window.min(n));
            sums.mean(from, (from + window).min(n)).unwrap_or(all)
        })
        .collect()
}

/// The mean at each place, recent cycles first; shrunk towards 0 by its noise if it comes upon a shorter profile.
fn profile(rest: &[f64], period: usize, unit: usize, memory: f64, shrink: bool) -> Vec<f64> {
    let n = rest.len();
    let weights: Vec<f64> = (0..=n / unit).map(|age| memory.powi(age as i32)).collect();
    let (mut noise, mut spare, mut places, mut cycles) = (0.0, 0.0, 0.0, 0.0);
    let mut seen = Vec::new();
    let mut profile: Vec<f64> = (0..period)
        .map(|place| {
            seen.clear();
            let observed = (place..n).step_by(period).filter(|&t| !rest[t].is_nan());
            seen.extend(observed.map(|t| (rest[t], weights[(n - 1 - t) / unit])));
            if seen.is_empty() {
                return 0.0;
            }
            let mean = robust_mean(&seen);
            noise += seen.iter().map(|(v, _)| (v - mean).powi(2)).sum::<f64>();
            spare += seen.len() as f64 - 1.0;
            places += 1.0;
            cycles += seen.len() as f64;
            mean
        })
        .collect();
    if shrink && places > 0.0 {
        let squares = profile.iter().map(|v| v * v / places).sum::<f64>();
        let doubt = if spare > 0.0 { noise / spare * places / cycles } else { squares };
        let keep = if squares > 0.0 { (1.0 - doubt / squares).max(0.0) } else { 0.0 };
        profile.iter_mut().for_each(|v| *v *= keep);
    }
    profile
}

/// Weighted mean, without outliers where there are enough values to tell.
fn robust_mean(seen: &[(f64, f64)]) -> f64 {
    let mean = |trust: &dyn Fn(f64) -> f64| {
        let (sum, total) = seen
            .iter()
            .fold((0.0, 0.0), |(sum, total), &(v, w)| (sum + trust(v) * w * v, total + trust(v) * w));
        (total > 0.0).then(|| sum / total)
    };
    let plain = || mean(&|_| 1.0).unwrap_or(0.0);
    if seen.len() < 8 {
        return plain();
    }
    let middle = median(seen.iter().map(|(v, _)| *v).collect());
    let reach = OUTLYING * median(seen.iter().map(|(v, _)| (v - middle).abs()).collect());
    let trust = |v: f64| {
        let far = (v - middle).abs();
        if far < reach { (1.0 - (far / reach).powi(2)).powi(2) } else { f64::from(far <= 0.0) }
    };
    mean(&trust).unwrap_or_else(plain)
}

/// The window of the level and the return per step whose forecasts of the past two thirds were nearest.
fn returning(flat: &[f64], sums: &Sums, unit: usize, longest: usize) -> (usize, f64) {
    let n = flat.len();
    let horizon = 2 * unit.max(4);
    let start = (n / 3).max(1);
    // A stride without common factor with most periods, and not more than some 150 origins.
    let stride = ((n - start.min(n)) / 150).max(if n > 200 { 7 } else { 1 }) | 1;
    let mut best = (f64::INFINITY, n, 0.0);
    for window in [unit, 3 * unit, longest, 2 * longest, n] {
        let mut errors = [0.0; RETURNS.len()];
        let mut last = None;
        for origin in (start..n).step_by(stride) {
            last = (last.map_or(0, |t: usize| t + 1)..origin).rev().find(|&t| !flat[t].is_nan()).or(last);
            let (Some(last), Some(level)) = (last, sums.mean(origin.saturating_sub(window), origin)) else {
                continue;
            };
            let deviation = flat[last] - level;
            for (error, back) in errors.iter_mut().zip(RETURNS) {
                let mut left = deviation * back.powi((origin - 1 - last) as i32);
                for &y in &flat[origin..n.min(origin + horizon)] {
                    left *= back;
                    if !y.is_nan() {
                        *error += (y - level - left).abs();
                    }
                }
            }
        }
        for (error, back) in errors.into_iter().zip(RETURNS) {
            if error < best.0 {
                best = (error, window, back);
            }
        }
    }
    (best.1, best.2)
}

impl Fit for SeasonalProfile {
    type Fitted = FittedProfile;

    fn fit(&self, series: &Series) -> Result<FittedProfile, FitError> {
        let (found, needed) = (series.observed(), 1);
        if found < needed {
            return Err(FitError::TooFew { model: "seasonal profile", found, needed });
        }
        let (values, periods, n) = (series.values(), series.periods(), series.len());
        let positive = values.iter().all(|y| y.is_nan() || *y > 0.0);
        let logs: Vec<f64> = if positive { values.iter().map(|y| y.ln()).collect() } else { Vec::new() };
        let unit = periods[0];
        let horizon = 2 * unit.max(4);
        let mut best: Option<(f64, bool, f64)> = None;
        for multiplies in [false, true] {
            if multiplies && !positive {
                continue;
            }
            let source = if multiplies { &logs } else { values };
            for memory in MEMORIES {
                let mut error = 0.0;
                for origin in (1..=TRIALS).filter_map(|trial| n.checked_sub(trial * unit.max(4))) {
                    let past = &source[..origin];
                    if 3 * origin < n || past.iter().all(|y| y.is_nan()) {
                        continue;
                    }
                    let model = Profiles::of(past, periods, memory);
                    for (h, y) in values[origin..n.min(origin + horizon)].iter().enumerate() {
                        if !y.is_nan() {
                            let point = model.at(origin, h + 1);
                            error += (y - if multiplies { point.exp() } else { point }).abs();
                        }
                    }
                }
                if best.is_none_or(|(least, ..)| error < least) {
                    best = Some((error, multiplies, memory));
                }
            }
        }
        let (_, multiplies, memory) = best.unwrap_or((0.0, false, 1.0));
        let source = if multiplies { &logs } else { values };
        let model = Profiles::of(source, periods, memory);
        let fitted = model.fitted(source);
        let deviation = residual_deviation(source.iter().zip(&fitted).map(|(y, f)| y - f), 2);
        let fitted = if multiplies { fitted.into_iter().map(f64::exp).collect() } else { fitted };
        Ok(FittedProfile { multiplies, memory, length: n, model, fitted, deviation })
    }
}

impl Profiles {
    /// One-step forecasts by these profiles, each from the level known then.
    fn fitted(&self, values: &[f64]) -> Vec<f64> {
        let flat: Vec<f64> = values.iter().enumerate().map(|(t, y)| y - self.season(t)).collect();
        let sums = Sums::of(&flat);
        let mut last: Option<usize> = None;
        (0..flat.len())
            .map(|t| {
                let known = last;
                if !flat[t].is_nan() {
                    last = Some(t);
                }
                let (Some(known), Some(level)) = (known, sums.mean(t.saturating_sub(self.window), t)) else {
                    return f64::NAN;
                };
                level + self.back.powi((t - known) as i32) * (flat[known] - level) + self.season(t)
            })
            .collect()
    }
}

impl FittedProfile {
    /// The profile of each season, from the shortest, by place from the start of the series; of logarithms where seasons
    /// multiply.
    pub fn profiles(&self) -> &[Vec<f64>] {
        &self.model.seasons
    }

    /// Whether seasons multiply.
    pub fn multiplies(&self) -> bool {
        self.multiplies
    }

    /// What is left of the last deviation from the level after one step, 0 to 1.
    pub fn damping(&self) -> f64 {
        self.model.back
    }

    /// Weight of a cycle of the shortest season relative to the next.
    pub fn memory(&self) -> f64 {
        self.memory
    }
}

impl Predict for FittedProfile {
    fn name(&self) -> String {
        let periods: Vec<String> = self.model.seasons.iter().map(|p| p.len().to_string()).collect();
        let kind = if self.multiplies { "multiplicative" } else { "additive" };
        match &periods[..] {
            [] => "damped level".to_owned(),
            some => format!("{kind} profiles of {}", some.join(", ")),
        }
    }

    fn predict(&self, horizon: usize) -> Vec<f64> {
        (1..=horizon)
            .map(|ahead| {
                let point = self.model.at(self.length, ahead);
                if self.multiplies { point.exp() } else { point }
            })
            .collect()
    }

    /// Deviations as a first-order autoregression: σ² (1 + φ² + … + φ²⁽ʰ⁻¹⁾), in proportion to the point where seasons
    /// multiply.
    fn spread(&self, horizon: usize) -> Vec<f64> {
        let (mut variance, mut power) = (0.0, 1.0);
        let age = self.model.last.1;
        let mut spreads: Vec<f64> = (0..horizon + age)
            .map(|_| {
                variance += power;
                power *= self.model.back * self.model.back;
                self.deviation * f64::sqrt(variance)
            })
            .collect();
        spreads.drain(..age);
        if self.multiplies {
            spreads.iter_mut().zip(self.predict(horizon)).for_each(|(s, point)| *s *= point);
        }
        spreads
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

    fn series(values: Vec<f64>, periods: &[usize]) -> Series {
        Series::new(values, Unit::ONE).unwrap().with_periods(periods).unwrap()
    }

    fn hours(n: usize) -> Vec<f64> {
        (0..n).map(|t| (30.0 + f64::from(t as u32 % 24)) * if t / 24 % 7 > 4 { 0.5 } else { 1.0 }).collect()
    }

    #[test]
    fn day_and_week_are_found() {
        let model = SeasonalProfile.fit(&series(hours(1_344), &[24, 168])).unwrap();
        assert!(model.name().ends_with("profiles of 24, 168"));
        let next = hours(1_512)[1_344..].to_vec();
        for (a, b) in model.predict(168).iter().zip(next) {
            assert!((a / b - 1.0).abs() < 0.03, "{a} {b}");
        }
    }

    #[test]
    fn gaps_and_outliers_change_little() {
        let mut values = hours(2_016);
        values[900..960].fill(f64::NAN);
        values[2_010..].fill(f64::NAN);
        values[700] = 5_000.0;
        values[1_204] = 5_000.0;
        let model = SeasonalProfile.fit(&series(values, &[24, 168])).unwrap();
        for (a, b) in model.predict(168).iter().zip(&hours(2_184)[2_016..]) {
            assert!((a / b - 1.0).abs() < 0.05, "{a} {b}");
        }
    }

    #[test]
    fn noise_is_no_week() {
        let mut state = 1u64;
        let mut noise = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1u64 << 53) as f64 - 0.5
        };
        let values: Vec<f64> = (0..1_008).map(|t| f64::from(t % 24) - 12.0 + 4.0 * noise()).collect();
        let model = SeasonalProfile.fit(&series(values, &[24, 168])).unwrap();
        let size = |profile: &[f64]| profile.iter().map(|v| v * v).sum::<f64>() / profile.len() as f64;
        assert!(size(&model.profiles()[1]) < 0.02 * size(&model.profiles()[0]));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]
        #[test]
        fn any_series_has_finite_forecasts(
            values in prop::collection::vec(prop_oneof![
                3 => -1e3..1e3f64, 2 => Just(0.0), 2 => Just(f64::NAN), 1 => Just(1e-300), 1 => 0.0..1e12f64
            ], 0..60),
            periods in prop::collection::vec(1usize..14, 0..3),
            positive in any::<bool>(),
        ) {
            let values = values.into_iter().map(|y| if positive { y.abs() + 1e-300 } else { y }).collect();
            let given = series(values, &periods);
            match SeasonalProfile.fit(&given) {
                Ok(model) => {
                    prop_assert!(model.predict(20).iter().all(|p| p.is_finite()), "{:?}", model.predict(20));
                    prop_assert!(model.spread(20).iter().all(|s| s.is_finite() && *s >= 0.0));
                    prop_assert_eq!(model.fitted().len(), given.len());
                }
                Err(_) => prop_assert_eq!(given.observed(), 0),
            }
        }
    }
}
