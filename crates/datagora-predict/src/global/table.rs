//! The features as columns: one row for each series and moment.
use super::feature::Feature;
use super::neighbours::Weighted;
use crate::{Panel, cores};

/// The size of a series in its training.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub(super) struct Scale {
    pub(super) mean: f64,
    /// Standard deviation, above 0.
    pub(super) deviation: f64,
    /// In what the model counts: the deviation, or 1.
    pub(super) unit: f64,
}

impl Scale {
    /// Of what was observed; a mean of 0 without any, a deviation of 1 for a constant.
    pub(super) fn of(values: &[f64], scaled: bool) -> Self {
        let seen = || values.iter().filter(|y| !y.is_nan());
        let n = seen().count().max(1) as f64;
        let mean = seen().map(|y| y / n).sum::<f64>();
        let deviation = seen().map(|y| (y - mean) * (y - mean) / n).sum::<f64>().sqrt();
        // Rounding alone is no deviation.
        let differs = deviation.is_finite() && deviation > 1e-9 * mean.abs();
        let deviation = if differs { deviation } else { 1.0 };
        Self { mean, deviation, unit: if scaled { deviation } else { 1.0 } }
    }
}

/// What the columns are written from.
pub(super) struct Table<'a> {
    panel: &'a Panel,
    scales: &'a [Scale],
    neighbours: &'a [Weighted],
    /// Last value of each series at each step, its mean before the first; and its age.
    last: Vec<(Vec<f64>, Vec<f64>)>,
    /// Weighted mean of the neighbours of each series at each step.
    around: Vec<Vec<f64>>,
}

impl<'a> Table<'a> {
    pub(super) fn new(panel: &'a Panel, scales: &'a [Scale], neighbours: &'a [Weighted]) -> Self {
        let count = panel.series().len();
        let last = cores::each(count, |series| {
            let (mut level, mut age) = (scales[series].mean, f64::NAN);
            let step = |value: &f64| {
                (level, age) = if value.is_nan() { (level, age + 1.0) } else { (*value, 0.0) };
                (level, age)
            };
            panel.series()[series].values().iter().map(step).unzip()
        });
        let around = cores::each(count, |series| {
            let mut sums = vec![(0.0, 0.0); panel.steps()];
            for &(other, weight) in &neighbours[series] {
                for (sum, value) in sums.iter_mut().zip(panel.series()[other].values()) {
                    if !value.is_nan() {
                        *sum = (sum.0 + weight * value, sum.1 + weight);
                    }
                }
            }
            sums.into_iter().map(|(sum, weight)| sum / weight).collect()
        });
        Self { panel, scales, neighbours, last, around }
    }

    /// What a series is measured against at a moment: its last value then.
    pub(super) fn base(&self, series: usize, now: usize) -> f64 {
        self.last[series].0[now]
    }

    /// Writes a column: for each series in turn, its values at the moments; `ahead` steps later is the step to come.
    pub(super) fn write(&self, feature: &Feature, moments: &[usize], ahead: usize, into: &mut [f64]) {
        let season = matches!(feature, Feature::SeasonMean | Feature::SeasonChange);
        // The calendar is the same for all series.
        let calendar: Vec<f64> = moments.iter().map(|now| self.calendar(feature, now + ahead)).collect();
        for (series, column) in into.chunks_exact_mut(moments.len().max(1)).enumerate() {
            let values = self.panel.series()[series].values();
            let Scale { mean, deviation, unit } = self.scales[series];
            let (last, age) = &self.last[series];
            let against = |value: f64, now: usize| (value - last[now]) / unit;
            let back = |values: &[f64], now: usize, steps: usize| {
                now.checked_sub(steps).and_then(|at| values.get(at)).copied().unwrap_or(f64::NAN)
            };
            let mut fill = |value: &dyn Fn(usize) -> f64| {
                for (cell, now) in column.iter_mut().zip(moments) {
                    *cell = value(*now);
                }
            };
            let means = if season { self.season_means(values) } else { Vec::new() };
            match *feature {
                Feature::Level => fill(&|now| (last[now] - mean) / unit),
                Feature::Age => fill(&|now| age[now]),
                Feature::Lag(steps) => fill(&|now| against(back(values, now, steps), now)),
                Feature::Mean(window) => {
                    let sums = Sums::of(values, |y| y);
                    fill(&|now| against(sums.mean(now, window), now));
                }
                Feature::Deviation(window) => {
                    let (sums, squares) =
                        (Sums::of(values, |y| y - mean), Sums::of(values, |y| (y - mean) * (y - mean)));
                    fill(&|now| {
                        let middle = sums.mean(now, window);
                        (squares.mean(now, window) - middle * middle).max(0.0).sqrt() / unit
                    });
                }
                Feature::Neighbours(lag) => {
                    fill(&|now| against(back(&self.around[series], now, lag), now));
                }
                Feature::Neighbour(rank) => {
                    let other = self.neighbours[series].get(rank);
                    let other: &[f64] = other.map_or(&[], |(other, _)| self.panel.series()[*other].values());
                    fill(&|now| against(back(other, now, 0), now));
                }
                Feature::SeriesMean => fill(&|_| mean),
                Feature::SeriesDeviation => fill(&|_| deviation),
                Feature::Covariate(number) => fill(&|now| self.panel.covariates()[number].at(series, now)),
                Feature::Ahead(number) => {
                    fill(&|now| self.panel.covariates()[number].at(series, now + ahead))
                }
                Feature::SeasonLag(seasons) => {
                    let steps = self.seasons_back(ahead, seasons);
                    fill(&|now| against(back(values, now + ahead, steps), now));
                }
                Feature::SeasonMean => {
                    let steps = self.seasons_back(ahead, 1);
                    fill(&|now| against(back(&means, now + ahead, steps), now));
                }
                Feature::SeasonChange => {
                    let (then, here) = (self.seasons_back(ahead, 1), self.panel.period());
                    fill(&|now| (back(&means, now + ahead, then) - back(&means, now, here)) / unit);
                }
                Feature::SeasonPlace
                | Feature::TimeOfDay
                | Feature::Weekday
                | Feature::Holiday
                | Feature::Month
                | Feature::Week => column.copy_from_slice(&calendar),
            }
        }
    }

    /// The target of each row in units of its series: by how much it leaves the last value. `NaN` where it is not known.
    pub(super) fn target(&self, moments: &[usize], ahead: usize) -> Vec<f64> {
        let mut target = Vec::with_capacity(self.scales.len() * moments.len());
        for (series, scale) in self.scales.iter().enumerate() {
            let values = self.panel.series()[series].values();
            target.extend(moments.iter().map(|now| {
                let then = values.get(now + ahead).copied().unwrap_or(f64::NAN);
                (then - self.base(series, *now)) / scale.unit
            }));
        }
        target
    }

    /// The fewest whole seasons before a step to come that reach what is known now, and `more - 1` further ones; in steps.
    fn seasons_back(&self, ahead: usize, more: usize) -> usize {
        let period = self.panel.period();
        (ahead.div_ceil(period) + more - 1) * period
    }

    /// At each step, the mean of what was observed there and in all seasons before.
    fn season_means(&self, values: &[f64]) -> Vec<f64> {
        let period = self.panel.period();
        let mut sums = vec![(0.0, 0.0); values.len()];
        for (step, value) in values.iter().enumerate() {
            let before = if step >= period { sums[step - period] } else { (0.0, 0.0) };
            sums[step] = if value.is_nan() { before } else { (before.0 + value, before.1 + 1.0) };
        }
        sums.into_iter().map(|(sum, count)| sum / count).collect()
    }

    fn calendar(&self, feature: &Feature, step: usize) -> f64 {
        let index = self.panel.index();
        let number = |value: Option<u32>| value.map_or(f64::NAN, f64::from);
        match feature {
            Feature::SeasonPlace => (step % self.panel.period()) as f64,
            Feature::TimeOfDay => number(index.and_then(|index| index.second_of_day(step))),
            Feature::Weekday => number(index.and_then(|index| index.weekday(step))),
            Feature::Holiday => number(index.and_then(|index| index.is_holiday(step)).map(u32::from)),
            Feature::Month => number(index.and_then(|index| index.month_of_year(step))),
            Feature::Week => number(index.and_then(|index| index.week_of_year(step))),
            _ => f64::NAN,
        }
    }
}

/// Running sums of what was observed.
struct Sums(Vec<(f64, f64)>);

impl Sums {
    fn of(values: &[f64], of: impl Fn(f64) -> f64) -> Self {
        let mut sums = Vec::with_capacity(values.len() + 1);
        let (mut sum, mut count) = (0.0, 0.0);
        sums.push((sum, count));
        for value in values {
            if !value.is_nan() {
                (sum, count) = (sum + of(*value), count + 1.0);
            }
            sums.push((sum, count));
        }
        Self(sums)
    }

    /// Mean of the last `window` steps up to `now`; `NaN` without any value.
    fn mean(&self, now: usize, window: usize) -> f64 {
        let (end, begin) = (self.0[now + 1], self.0[(now + 1).saturating_sub(window)]);
        (end.0 - begin.0) / (end.1 - begin.1)
    }
}
