//! What is known of one zone while its cells come in.
use super::ZonalStatistic;
use super::frequency::{Frequencies, quantile};
use super::moments::{Moments, of_values, of_weighted};

/// Gathers the cells of one zone.
#[derive(Clone, Debug)]
pub(super) struct Accumulator<'a> {
    statistics: &'a [ZonalStatistic],
    /// One of the values: sums are of differences from it.
    shift: Option<f64>,
    moments: Moments,
    weighted: Moments,
    /// Above each threshold asked for, in the order of the statistics.
    above: Vec<f64>,
    frequencies: Option<Frequencies>,
}

impl<'a> Accumulator<'a> {
    pub(super) fn new(statistics: &'a [ZonalStatistic]) -> Self {
        let thresholds =
            statistics.iter().filter(|each| matches!(each, ZonalStatistic::ShareAbove(_))).count();
        let of_values = statistics.iter().any(|each| each.is_of_values());
        Self {
            statistics,
            shift: None,
            moments: Moments::NONE,
            weighted: Moments::NONE,
            above: vec![0.0; thresholds],
            frequencies: of_values.then(Frequencies::new),
        }
    }

    /// Adds neighbouring cells of which the zone covers the same share; NaN is missing.
    pub(super) fn add(&mut self, values: &[f64], weights: Option<&[f64]>, share: f64) {
        let shift = match self.shift {
            Some(shift) => shift,
            None => {
                let Some(&first) = values.iter().find(|value| value.is_finite()) else {
                    // All missing, or infinite, from which no difference is to be taken.
                    return self.add_from(values, weights, share, 0.0);
                };
                *self.shift.insert(first)
            }
        };
        self.add_from(values, weights, share, shift);
    }

    fn add_from(&mut self, values: &[f64], weights: Option<&[f64]>, share: f64, shift: f64) {
        self.moments.add(&of_values(values, shift), share);
        if let Some(weights) = weights {
            self.weighted.add(&of_weighted(values, weights, shift), share);
        }
        let thresholds = self.statistics.iter().filter_map(|each| match each {
            ZonalStatistic::ShareAbove(threshold) => Some(*threshold),
            _ => None,
        });
        for (above, threshold) in self.above.iter_mut().zip(thresholds) {
            *above += share * values.iter().filter(|&&value| value > threshold).count() as f64;
        }
        if let Some(frequencies) = &mut self.frequencies {
            values.iter().filter(|value| !value.is_nan()).for_each(|&value| frequencies.add(value, share));
        }
    }

    /// `Σ c`.
    pub(super) fn count(&self) -> f64 {
        self.moments.weight
    }

    /// The statistics, in the order asked for; `None` where no value makes them.
    pub(super) fn finish(self) -> Vec<Option<f64>> {
        use ZonalStatistic::*;
        let shift = self.shift.unwrap_or(0.0);
        let values = self.frequencies.map(Frequencies::finish).unwrap_or_default();
        let (moments, weighted) = (&self.moments, &self.weighted);
        let known = moments.weight > 0.0;
        let mut above = self.above.iter();
        let one = |statistic: &ZonalStatistic| {
            let value = match *statistic {
                Count => return Some(moments.weight),
                Variety => return Some(values.len() as f64),
                ShareAbove(_) => above.next().copied().unwrap_or(0.0) / moments.weight,
                _ if !known => return None,
                Sum => moments.sum(shift),
                Mean => moments.mean(shift),
                Min => moments.min,
                Max => moments.max,
                Variance => moments.variance(),
                StandardDeviation => moments.variance().sqrt(),
                Quantile(share) => quantile(&values, share)?,
                Majority => extreme(&values, |covers, most| covers >= most)?,
                Minority => extreme(&values, |covers, least| covers < least)?,
                WeightedSum if weighted.min <= weighted.max => weighted.sum(shift),
                WeightedMean => weighted.mean(shift),
                WeightedVariance => weighted.variance(),
                WeightedStandardDeviation => weighted.variance().sqrt(),
                WeightedSum => return None,
            };
            (!value.is_nan()).then_some(value)
        };
        self.statistics.iter().map(one).collect()
    }
}

/// The value whose cover wins over that of the winner before it; values ascend.
fn extreme(values: &[(f64, f64)], wins: impl Fn(f64, f64) -> bool) -> Option<f64> {
    let better = |best: (f64, f64), &next: &(f64, f64)| if wins(next.1, best.1) { next } else { best };
    let first = *values.first()?;
    Some(values.iter().skip(1).fold(first, better).0)
}
