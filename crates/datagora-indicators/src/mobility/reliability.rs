//! How long a trip takes, and how far one can rely on it.
use datagora_core::{Measured, Suppression, Unit};

use super::FreeFlow;
use crate::order::rank_of;
use crate::wrong::Wrong;
use crate::{Bootstrap, LevelError, QuantileMethod};

/// What the buffer is measured against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum BufferBase {
    /// The mean travel time: FHWA's definition.
    #[default]
    Mean,
    /// The median travel time, which a few bad days do not move.
    Median,
}

/// How to measure reliability.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct ReliabilityOptions {
    /// Which number is the percentile of the travel times.
    pub method: QuantileMethod,
    /// What the buffer is measured against.
    pub base: BufferBase,
    /// Share of the travel times that are the worst, for the misery index.
    pub worst: f64,
    /// Values to a day (or another block that stands for itself), for the intervals: they draw whole blocks.
    pub block: usize,
    /// How to draw for the intervals; no intervals without.
    pub bootstrap: Option<Bootstrap>,
}

impl Default for ReliabilityOptions {
    /// Linear interpolation, buffer over the mean, the worst 5 %, no intervals (days of 96 quarter hours).
    fn default() -> Self {
        Self {
            method: QuantileMethod::Linear,
            base: BufferBase::Mean,
            worst: 0.05,
            block: 96,
            bootstrap: None,
        }
    }
}

impl ReliabilityOptions {
    /// With this method for percentiles.
    pub fn with_method(self, method: QuantileMethod) -> Self {
        Self { method, ..self }
    }

    /// With the buffer measured against this.
    pub fn with_base(self, base: BufferBase) -> Self {
        Self { base, ..self }
    }

    /// With this share as the worst.
    pub fn with_worst(self, worst: f64) -> Self {
        Self { worst, ..self }
    }

    /// With intervals from drawing blocks of this many values, such as the values of a day.
    pub fn with_bootstrap(self, bootstrap: Bootstrap, block: usize) -> Self {
        Self { bootstrap: Some(bootstrap), block, ..self }
    }
}

/// Travel times of a section, and what they say about its reliability.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Reliability {
    /// What the indices divide by.
    pub free_flow: FreeFlow,
    /// Mean travel time, seconds.
    pub mean: Measured,
    /// 95th percentile of the travel times, seconds: to be late once in twenty trips.
    pub planning_time: Measured,
    /// Travel time index (TTI): mean over free flow.
    pub travel_time_index: Measured,
    /// Planning time index (PTI): 95th percentile over free flow.
    pub planning_time_index: Measured,
    /// Buffer index: what must be added to the mean (or median) to be late once in twenty trips, percent of it.
    pub buffer_index: Measured,
    /// Misery index: mean of the worst travel times over free flow.
    pub misery_index: Measured,
}

/// Reliability cannot be measured.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ReliabilityError {
    /// Not a travel time.
    #[error(
        "found {found} values that are no travel times, the first {value} at {at}; they are positive and finite: mark a missing one as NaN"
    )]
    NotATravelTime {
        /// Position of the first.
        at: usize,
        /// What stood there.
        value: f64,
        /// How many there are.
        found: usize,
    },
    /// The level of the interval is not a probability.
    #[error(transparent)]
    Level(#[from] LevelError),
    /// An option makes no sense.
    #[error("found {name} of {value}; needed is {needed}")]
    Option {
        /// Which.
        name: &'static str,
        /// Its value.
        value: f64,
        /// What it must be.
        needed: &'static str,
    },
}

/// Travel time index, planning time index, buffer index and misery index of a section.
///
/// * `TTI = mean(T) / T_ff`
/// * `PTI = P95(T) / T_ff`
/// * `buffer = 100 · (P95(T) − mean(T)) / mean(T)`, or of the median
/// * `misery = mean of the worst 5 % / T_ff`, the worst `⌈0.05 n⌉` travel times
///
/// # Shapes and units
///
/// Travel times in seconds, in the order of time if intervals are asked for → pure numbers, and percent for the buffer.
/// The times may be of trips, or means of quarter hours: means hide the spread between vehicles, say which they are.
///
/// # Missing values
///
/// NaN is missing, left out and never imputed; the completeness is the share observed. A missing time is often a road
/// that is closed or empty: low completeness is a finding of its own.
///
/// # Interpretation
///
/// A TTI of 1.3: a trip takes 30 % longer than in free flow on average. It may fall below 1 where free flow is a speed
/// limit that is exceeded, and is not clipped. PTI ≥ TTI where the mean is below the 95th percentile. The interval, if
/// asked for, draws whole days: it says how much the year depends on its days, not how well a vehicle was timed.
///
/// # Errors
///
/// [`ReliabilityError`] for times that are none and options that make no sense.
///
/// # Example
///
/// ```
/// use datagora_indicators::mobility::{FreeFlow, ReliabilityOptions, reliability};
///
/// let times = [100.0, 110.0, f64::NAN, 120.0, 130.0, 240.0];
/// let free_flow = FreeFlow::declared(100.0)?;
/// let found = reliability(&times, &free_flow, &ReliabilityOptions::default())?;
/// assert_eq!(found.travel_time_index.value(), Some(1.4));
/// assert_eq!(found.misery_index.value(), Some(2.4)); // the worst one of five
/// assert!((found.travel_time_index.completeness() - 5.0 / 6.0).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// FHWA (2006). *Travel Time Reliability: Making It There On Time, All The Time*, FHWA-HOP-06-070 (TTI, PTI, buffer).
/// National Academies (2008). *Cost-Effective Performance Measures for Travel Time Delay, Variation, and Reliability*,
/// NCHRP Report 618, exhibit 2.3 (misery index).
pub fn reliability(
    times: &[f64],
    free_flow: &FreeFlow,
    options: &ReliabilityOptions,
) -> Result<Reliability, ReliabilityError> {
    if !(options.worst > 0.0 && options.worst <= 1.0) {
        let needed = "a share above 0, such as 0.05";
        return Err(ReliabilityError::Option { name: "a worst share", value: options.worst, needed });
    }
    if options.bootstrap.is_some() && options.block == 0 {
        let needed = "at least one value";
        return Err(ReliabilityError::Option { name: "a block", value: 0.0, needed });
    }
    let wrong = Wrong::among(times, |time| time <= 0.0 || time.is_infinite());
    if let Some(Wrong { at, value, found }) = wrong {
        return Err(ReliabilityError::NotATravelTime { at, value, found });
    }
    let statistics = |observed: Vec<f64>| Statistics::of(observed, free_flow.seconds(), options).all();
    let observed: Vec<f64> = times.iter().copied().filter(|time| !time.is_nan()).collect();
    let n = observed.len();
    let values = statistics(observed);
    let intervals = match options.bootstrap {
        Some(bootstrap) => {
            let blocks: Vec<&[f64]> = times.chunks(options.block).collect();
            bootstrap.intervals(blocks.len(), |drawn| {
                let drawn = drawn.iter().flat_map(|&block| blocks[block].iter().copied());
                statistics(drawn.filter(|time| !time.is_nan()).collect())
            })?
        }
        None => [None; 6],
    };
    let completeness = if times.is_empty() { 0.0 } else { n as f64 / times.len() as f64 };
    let measure = |i: usize, unit: Unit| {
        let measured = match (n, intervals[i]) {
            (0, _) => Measured::suppressed(unit, Suppression::Incomplete { needed: 1.0 }),
            (_, Some(interval)) => Measured::new(values[i], unit).with_interval(interval),
            (_, None) => Measured::new(values[i], unit),
        };
        measured.with_observations(n as u64).with_completeness(completeness)
    };
    Ok(Reliability {
        free_flow: *free_flow,
        mean: measure(0, Unit::SECOND),
        planning_time: measure(1, Unit::SECOND),
        travel_time_index: measure(2, Unit::ONE),
        planning_time_index: measure(3, Unit::ONE),
        buffer_index: measure(4, Unit::PERCENT),
        misery_index: measure(5, Unit::ONE),
    })
}

/// What the indices are made of.
struct Statistics {
    free_flow: f64,
    mean: f64,
    high: f64,
    base: f64,
    worst: f64,
}

impl Statistics {
    fn of(mut times: Vec<f64>, free_flow: f64, options: &ReliabilityOptions) -> Self {
        times.sort_by(f64::total_cmp);
        let n = times.len();
        let mean = |times: &[f64]| times.iter().sum::<f64>() / times.len() as f64;
        let worst = rank_of(options.worst * n as f64).clamp(1.min(n), n);
        let all = mean(&times);
        Self {
            free_flow,
            mean: all,
            high: options.method.of_sorted(&times, 0.95),
            base: match options.base {
                BufferBase::Mean => all,
                BufferBase::Median => options.method.of_sorted(&times, 0.5),
            },
            worst: mean(&times[n - worst..]),
        }
    }

    /// In the order of the fields of [`Reliability`].
    fn all(&self) -> [f64; 6] {
        [
            self.mean,
            self.high,
            self.mean / self.free_flow,
            self.high / self.free_flow,
            100.0 * (self.high - self.base) / self.base,
            self.worst / self.free_flow,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn free_flow(seconds: f64) -> FreeFlow {
        FreeFlow::declared(seconds).expect("a time")
    }

    #[test]
    fn intervals_draw_whole_days_and_repeat() {
        // Thirty days of eight values; a bad day is bad as a whole.
        let times: Vec<f64> = (0..240).map(|i| 100.0 + f64::from((i / 8) * 7 % 30)).collect();
        let options = ReliabilityOptions::default();
        let days = options.with_bootstrap(Bootstrap::default().with_replicates(400), 8);
        let found = reliability(&times, &free_flow(90.0), &days).unwrap();
        let interval = found.travel_time_index.interval().unwrap();
        assert!(interval.contains(found.travel_time_index.value().unwrap()));
        assert_eq!(reliability(&times, &free_flow(90.0), &days).unwrap(), found);
        // Values taken one by one pretend to know more.
        let single = options.with_bootstrap(Bootstrap::default().with_replicates(400), 1);
        let single = reliability(&times, &free_flow(90.0), &single).unwrap();
        assert!(single.travel_time_index.interval().unwrap().width() < 0.6 * interval.width());
    }

    #[test]
    fn what_is_missing_or_wrong_is_said() {
        let options = ReliabilityOptions::default();
        let none = reliability(&[f64::NAN; 3], &free_flow(9.0), &options).unwrap();
        assert!(none.misery_index.suppression().is_some() && none.mean.completeness() == 0.0);
        assert_eq!(
            reliability(&[5.0, 0.0, -1.0], &free_flow(9.0), &options),
            Err(ReliabilityError::NotATravelTime { at: 1, value: 0.0, found: 2 })
        );
        assert!(reliability(&[], &free_flow(9.0), &options.with_worst(0.0)).is_err());
        let empty = options.with_bootstrap(Bootstrap::default(), 0);
        assert!(reliability(&[], &free_flow(9.0), &empty).is_err());
        // Faster than the reference is not clipped.
        let fast = reliability(&[8.0], &free_flow(10.0), &options).unwrap();
        assert_eq!(fast.travel_time_index.value(), Some(0.8));
    }

    proptest! {
        #[test]
        fn indices_are_in_order_and_ignore_the_unit(
            times in proptest::collection::vec(1.0..1e4_f64, 1..100), scale in 0.1..10.0_f64
        ) {
            let options = ReliabilityOptions::default().with_base(BufferBase::Median);
            let found = reliability(&times, &free_flow(50.0), &options).unwrap();
            let value = |measured: &Measured| measured.value().unwrap();
            prop_assert!(value(&found.misery_index) >= value(&found.planning_time_index) - 1e-9);
            prop_assert!(value(&found.misery_index) >= value(&found.travel_time_index) - 1e-9);
            prop_assert!(value(&found.buffer_index) >= 0.0);
            let scaled: Vec<f64> = times.iter().map(|time| scale * time).collect();
            let other = reliability(&scaled, &free_flow(50.0 * scale), &options).unwrap();
            let near = |a: &Measured, b: &Measured| (value(a) - value(b)).abs() <= 1e-9 * value(a).max(1.0);
            prop_assert!(near(&found.travel_time_index, &other.travel_time_index));
            prop_assert!(near(&found.buffer_index, &other.buffer_index));
            prop_assert!(near(&found.misery_index, &other.misery_index));
        }
    }
}
