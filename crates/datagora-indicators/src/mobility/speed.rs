//! How fast vehicles pass a point: percentiles and pace.
mod binned;

use datagora_core::{Interval, KilometresPerHour, Measured, Suppression, Unit};

use crate::level::check_level;
use crate::order::quantile_interval;
use crate::wrong::Wrong;
use crate::{LevelError, QuantileMethod};

pub use binned::binned_speeds;

/// How to summarise speeds at a point.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct SpeedOptions {
    /// Which number is the percentile of individual speeds.
    pub method: QuantileMethod,
    /// Width of the pace.
    pub pace_width: KilometresPerHour,
    /// Speed limit, for the share above it.
    pub limit: Option<KilometresPerHour>,
    /// Level of the intervals, between 0 and 1.
    pub level: f64,
}

impl Default for SpeedOptions {
    /// Linear interpolation, a pace of 10 miles per hour, no limit, intervals at 95 %.
    fn default() -> Self {
        // The pace of traffic studies is 10 mi/h wide: Institute of Transportation Engineers, Manual of Transportation
        // Engineering Studies, 2nd ed., chapter 5.
        Self {
            method: QuantileMethod::Linear,
            pace_width: KilometresPerHour(16.093_44),
            limit: None,
            level: 0.95,
        }
    }
}

impl SpeedOptions {
    /// With this method for percentiles.
    pub fn with_method(self, method: QuantileMethod) -> Self {
        Self { method, ..self }
    }

    /// With a pace of this width.
    pub fn with_pace_width(self, pace_width: KilometresPerHour) -> Self {
        Self { pace_width, ..self }
    }

    /// With this speed limit.
    pub fn with_limit(self, limit: KilometresPerHour) -> Self {
        Self { limit: Some(limit), ..self }
    }

    /// With this level of the intervals.
    pub fn with_level(self, level: f64) -> Self {
        Self { level, ..self }
    }
}

/// Speeds at a point, summarised.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SpeedSummary {
    /// 15 % of the vehicles drive no faster, km/h.
    pub v15: Measured,
    /// Median speed, km/h.
    pub v50: Measured,
    /// 85 % of the vehicles drive no faster, km/h.
    pub v85: Measured,
    /// Arithmetic mean of the speeds of vehicles (time-mean speed), km/h.
    pub mean: Measured,
    /// Lower end of the pace: of all ranges of its width the one with the most vehicles, the lowest such range in a tie.
    pub pace: Measured,
    /// Share of the vehicles in the pace, percent.
    pub in_pace: Measured,
    /// Share of the vehicles above the limit, percent; `None` without a limit.
    pub above_limit: Option<Measured>,
}

/// Speeds cannot be summarised.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SpeedError {
    /// Not a speed.
    #[error(
        "found {found} values that are no speeds, the first {value} at {at}; speeds are finite and not negative: mark a missing one as NaN"
    )]
    NotASpeed {
        /// Position of the first.
        at: usize,
        /// What stood there.
        value: f64,
        /// How many there are.
        found: usize,
    },
    /// Bounds and counts of classes do not fit.
    #[error(
        "found {bounds} bounds for {classes} classes; n classes have n + 1 bounds, the last may be infinite"
    )]
    Shape {
        /// Bounds given.
        bounds: usize,
        /// Counts given.
        classes: usize,
    },
    /// Bounds are not in order.
    #[error(
        "found {upper} after {lower} at bound {at}; bounds of classes grow, from 0 or more, and only the last may be infinite"
    )]
    Bounds {
        /// Position of the second.
        at: usize,
        /// The bound before.
        lower: f64,
        /// The bound that does not follow.
        upper: f64,
    },
    /// Not a number of vehicles.
    #[error(
        "found {value} vehicles in class {class}; counts are finite and not negative: leave out a time that was not counted as a whole"
    )]
    NotACount {
        /// The class.
        class: usize,
        /// What stood there.
        value: f64,
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

/// Percentiles, pace and mean of the speeds of single vehicles at a point.
///
/// V85 is the speed that 85 % of the vehicles do not exceed, the usual basis of speed limits and of road design; V15 and
/// V50 likewise. The pace is the range of 10 mi/h (an option) that holds the most vehicles.
///
/// # Shapes and units
///
/// One speed a vehicle, km/h, in any order → km/h and percent.
///
/// # Missing values
///
/// NaN is a vehicle whose speed was not measured: left out; the completeness is the share measured. Without any speed
/// the values are suppressed.
///
/// # Interpretation
///
/// A survey is a sample of the vehicles: the interval of a percentile is the one between two order statistics that the
/// binomial distribution gives, whatever the distribution of speeds; it is absent where there are too few (V85 and V15
/// need 23 at 95 %; traffic studies ask for 100). Shares have the exact binomial interval. Vehicles in a queue are not
/// independent: the intervals are for free traffic. The mean is that over vehicles at a point, higher than the mean
/// over a length of road.
///
/// # Errors
///
/// [`SpeedError::NotASpeed`]; [`SpeedError::Level`]; [`SpeedError::Option`] for a pace without width.
///
/// # Example
///
/// ```
/// use datagora_core::KilometresPerHour;
/// use datagora_indicators::mobility::{SpeedOptions, spot_speeds};
///
/// let speeds: Vec<f64> = (0..=100).map(|i| 40.0 + 0.2 * f64::from(i)).collect();
/// let options = SpeedOptions::default().with_limit(KilometresPerHour(50.0));
/// let found = spot_speeds(&speeds, &options)?;
/// assert!((found.v85.value().unwrap() - 57.0).abs() < 1e-9);
/// let interval = found.v85.interval().unwrap();
/// assert!(interval.lower < 57.0 && 57.0 < interval.upper);
/// assert!((found.above_limit.unwrap().value().unwrap() - 49.5).abs() < 0.1); // %
/// # Ok::<(), datagora_indicators::mobility::SpeedError>(())
/// ```
///
/// # References
///
/// Institute of Transportation Engineers (2010). *Manual of Transportation Engineering Studies*, 2nd ed., chapter 5 (spot
/// speeds). Hyndman and Fan (1996), Am. Stat. 50, 361 (percentiles). Conover (1999), *Practical Nonparametric
/// Statistics*, section 3.2 (interval of a quantile).
pub fn spot_speeds(speeds: &[f64], options: &SpeedOptions) -> Result<SpeedSummary, SpeedError> {
    check(options)?;
    if let Some(Wrong { at, value, found }) = Wrong::negative(speeds) {
        return Err(SpeedError::NotASpeed { at, value, found });
    }
    let mut sorted: Vec<f64> = speeds.iter().copied().filter(|speed| !speed.is_nan()).collect();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len() as u64;
    let completeness = if speeds.is_empty() { 0.0 } else { sorted.len() as f64 / speeds.len() as f64 };
    let known = |measured: Measured| measured.with_observations(n).with_completeness(completeness);
    if sorted.is_empty() {
        let none = |unit| known(Measured::suppressed(unit, Suppression::Incomplete { needed: 1.0 }));
        let speed = none(Unit::KILOMETRE_PER_HOUR);
        return Ok(SpeedSummary {
            v15: speed.clone(),
            v50: speed.clone(),
            v85: speed.clone(),
            mean: speed.clone(),
            pace: speed,
            in_pace: none(Unit::PERCENT),
            above_limit: options.limit.map(|_| none(Unit::PERCENT)),
        });
    }
    let percentile = |probability| {
        let value = options.method.of_sorted(&sorted, probability);
        let measured = known(Measured::new(value, Unit::KILOMETRE_PER_HOUR));
        match quantile_interval(&sorted, probability, options.level) {
            Some(interval) => measured.with_interval(interval),
            None => measured,
        }
    };
    let share = |vehicles: usize| {
        let interval = crate::binomial_interval(vehicles as u64, n, options.level);
        let percent = Interval { lower: 100.0 * interval.lower, upper: 100.0 * interval.upper, ..interval };
        known(Measured::new(100.0 * vehicles as f64 / n as f64, Unit::PERCENT).with_interval(percent))
    };
    let (pace, in_pace) = fullest_window(&sorted, options.pace_width.0);
    let above = |limit: f64| sorted.len() - sorted.partition_point(|speed| *speed <= limit);
    Ok(SpeedSummary {
        v15: percentile(0.15),
        v50: percentile(0.5),
        v85: percentile(0.85),
        mean: known(Measured::new(sorted.iter().sum::<f64>() / n as f64, Unit::KILOMETRE_PER_HOUR)),
        pace: known(Measured::new(pace, Unit::KILOMETRE_PER_HOUR)),
        // The window was chosen for holding many: a binomial interval would be too high.
        in_pace: share(in_pace).without_interval(),
        above_limit: options.limit.map(|limit| share(above(limit.0))),
    })
}

/// Where the window of this width, ends included, that holds the most of the sorted values begins, and how many.
fn fullest_window(sorted: &[f64], width: f64) -> (f64, usize) {
    let mut best = (f64::NAN, 0);
    let mut end = 0;
    for (start, low) in sorted.iter().enumerate() {
        while end < sorted.len() && sorted[end] <= low + width {
            end += 1;
        }
        if end - start > best.1 {
            best = (*low, end - start);
        }
    }
    best
}

fn check(options: &SpeedOptions) -> Result<(), SpeedError> {
    let width = options.pace_width.0;
    if !(width > 0.0 && width.is_finite()) {
        return Err(SpeedError::Option { name: "a pace width", value: width, needed: "a speed above 0" });
    }
    check_level(options.level)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value(measured: &Measured) -> f64 {
        measured.value().expect("a value")
    }

    #[test]
    fn percentiles_and_pace_of_a_survey() {
        // numpy 2.4.6: quantile of arange(100) at 0.15, 0.5, 0.85; windows of 10 hold 11 of them.
        let speeds: Vec<f64> = (0..100).rev().map(f64::from).collect();
        let options = SpeedOptions::default().with_pace_width(KilometresPerHour(10.0));
        let found = spot_speeds(&speeds, &options.with_limit(KilometresPerHour(90.0))).unwrap();
        assert!((value(&found.v15) - 14.85).abs() < 1e-12);
        assert!((value(&found.v50) - 49.5).abs() < 1e-12);
        assert!((value(&found.v85) - 84.15).abs() < 1e-12);
        assert_eq!((value(&found.pace), value(&found.in_pace)), (0.0, 11.0));
        assert_eq!(value(&found.above_limit.unwrap()), 9.0);
        let first = options.with_method(QuantileMethod::InvertedCdf);
        assert_eq!(value(&spot_speeds(&speeds, &first).unwrap().v85), 84.0);
    }

    #[test]
    fn missing_speeds_are_left_out_and_few_have_no_interval() {
        let found = spot_speeds(&[50.0, f64::NAN, 30.0, 40.0], &SpeedOptions::default()).unwrap();
        assert_eq!((value(&found.v50), found.v50.observations(), found.v50.completeness()), (40.0, 3, 0.75));
        assert_eq!(found.v85.interval(), None);
        let none = spot_speeds(&[f64::NAN], &SpeedOptions::default()).unwrap();
        assert!(none.v85.suppression().is_some() && none.v85.completeness() == 0.0);
    }

    #[test]
    fn what_is_no_speed_is_named() {
        let options = SpeedOptions::default();
        let error = SpeedError::NotASpeed { at: 1, value: -3.0, found: 2 };
        assert_eq!(spot_speeds(&[1.0, -3.0, f64::INFINITY], &options), Err(error));
        assert!(spot_speeds(&[], &options.with_level(95.0)).is_err());
        assert!(spot_speeds(&[], &options.with_pace_width(KilometresPerHour(0.0))).is_err());
    }

    proptest! {
        #[test]
        fn order_does_not_matter_and_percentiles_scale(
            speeds in proptest::collection::vec(0.0..130.0_f64, 1..80)
        ) {
            let options = SpeedOptions::default().with_pace_width(KilometresPerHour(10.0));
            let found = spot_speeds(&speeds, &options).unwrap();
            let turned: Vec<f64> = speeds.iter().rev().copied().collect();
            prop_assert_eq!(&spot_speeds(&turned, &options).unwrap().v85, &found.v85);
            let doubled: Vec<f64> = speeds.iter().map(|speed| 2.0 * speed).collect();
            let wide = options.with_pace_width(KilometresPerHour(20.0));
            let twice = spot_speeds(&doubled, &wide).unwrap();
            prop_assert_eq!(value(&twice.v85), 2.0 * value(&found.v85));
            prop_assert_eq!(value(&twice.in_pace), value(&found.in_pace));
            // No window of this width, begun at any vehicle, holds more.
            for low in &speeds {
                let held = speeds.iter().filter(|v| *low <= **v && **v <= low + 10.0).count();
                prop_assert!(100.0 * held as f64 / speeds.len() as f64 <= value(&found.in_pace) + 1e-9);
            }
            if let Some(interval) = found.v50.interval() {
                prop_assert!(interval.contains(value(&found.v50)));
            }
        }
    }
}
