//! Speeds counted by class.
use datagora_core::{Interval, Measured, Suppression, Unit};

use super::{SpeedError, SpeedOptions, SpeedSummary, check};

/// Percentiles, pace and mean of speeds counted by class.
///
/// Within a class vehicles are taken as evenly spread: the percentile is interpolated linearly, and the pace slides over
/// the same broken line.
///
/// # Shapes and units
///
/// `n + 1` bounds of classes, km/h, and the vehicles of each of the `n` classes (a speed equal to a bound belongs to the
/// class above) → km/h and percent. The last bound may be infinite.
///
/// # Missing values
///
/// Nothing is missing within a table of classes: leave out times that were not counted before adding up. No vehicle at
/// all suppresses the values.
///
/// # Interpretation
///
/// The interval of a percentile is certain: the bounds of its class, within which it lies however the vehicles are spread
/// ([`InvertedCdf`](crate::QuantileMethod::InvertedCdf) of the individual speeds). In the open top class there is only a lower bound:
/// interval without value. The mean needs every vehicle in a closed class: with vehicles in the open one it has a lower
/// bound only. The share above a limit within a class lies between the counts on both sides.
///
/// # Errors
///
/// [`SpeedError::Shape`], [`SpeedError::Bounds`], [`SpeedError::NotACount`], [`SpeedError::Option`].
///
/// # Example
///
/// ```
/// use datagora_indicators::mobility::{SpeedOptions, binned_speeds};
///
/// let bounds = [0.0, 30.0, 40.0, 50.0, f64::INFINITY];
/// let found = binned_speeds(&bounds, &[10.0, 40.0, 40.0, 10.0], &SpeedOptions::default())?;
/// assert_eq!(found.v50.value(), Some(40.0));
/// assert_eq!(found.v85.value(), Some(48.75));
/// // With 20 % in the open class V85 is known only to be at least 50.
/// let found = binned_speeds(&bounds, &[10.0, 40.0, 30.0, 20.0], &SpeedOptions::default())?;
/// assert_eq!(found.v85.value(), None);
/// assert_eq!(found.v85.interval().unwrap().lower, 50.0);
/// # Ok::<(), datagora_indicators::mobility::SpeedError>(())
/// ```
///
/// # References
///
/// Institute of Transportation Engineers (2010). *Manual of Transportation Engineering Studies*, 2nd ed., chapter 5
/// (frequency tables of spot speeds).
pub fn binned_speeds(
    bounds: &[f64],
    counts: &[f64],
    options: &SpeedOptions,
) -> Result<SpeedSummary, SpeedError> {
    check(options)?;
    let classes = Classes::new(bounds, counts)?;
    let known = |measured: Measured| measured.with_observations(classes.total.round() as u64);
    let none =
        |unit| Measured::suppressed(unit, Suppression::Incomplete { needed: 1.0 }).with_completeness(0.0);
    let speed = |of: &dyn Fn() -> Measured| {
        if classes.total > 0.0 { known(of()) } else { none(Unit::KILOMETRE_PER_HOUR) }
    };
    let share = |of: &dyn Fn() -> Measured| {
        if classes.total > 0.0 { known(of()) } else { none(Unit::PERCENT) }
    };
    let (pace, in_pace) = classes.fullest_window(options.pace_width.0);
    Ok(SpeedSummary {
        v15: speed(&|| classes.percentile(0.15)),
        v50: speed(&|| classes.percentile(0.5)),
        v85: speed(&|| classes.percentile(0.85)),
        mean: speed(&|| classes.mean()),
        pace: if in_pace > 0.0 {
            known(Measured::new(pace, Unit::KILOMETRE_PER_HOUR))
        } else {
            none(Unit::KILOMETRE_PER_HOUR)
        },
        in_pace: share(&|| Measured::new(100.0 * in_pace / classes.total, Unit::PERCENT)),
        above_limit: options.limit.map(|limit| share(&|| classes.share_above(limit.0))),
    })
}

/// A frequency table of speeds, checked.
struct Classes<'a> {
    bounds: &'a [f64],
    counts: &'a [f64],
    total: f64,
}

impl<'a> Classes<'a> {
    fn new(bounds: &'a [f64], counts: &'a [f64]) -> Result<Self, SpeedError> {
        if counts.is_empty() || bounds.len() != counts.len() + 1 {
            return Err(SpeedError::Shape { bounds: bounds.len(), classes: counts.len() });
        }
        if !(bounds[0] >= 0.0 && bounds[0].is_finite()) {
            return Err(SpeedError::Bounds { at: 0, lower: 0.0, upper: bounds[0] });
        }
        let last = bounds.len() - 1;
        for at in 1..=last {
            let (lower, upper) = (bounds[at - 1], bounds[at]);
            if upper <= lower || upper.is_nan() || (upper.is_infinite() && at < last) {
                return Err(SpeedError::Bounds { at, lower, upper });
            }
        }
        if let Some(class) = counts.iter().position(|count| !(*count >= 0.0 && count.is_finite())) {
            return Err(SpeedError::NotACount { class, value: counts[class] });
        }
        Ok(Self { bounds, counts, total: counts.iter().sum() })
    }

    fn percentile(&self, probability: f64) -> Measured {
        let target = probability * self.total;
        let mut below = 0.0;
        let mut class = 0;
        // A share that ends exactly with a class belongs to it, in spite of rounding.
        for (i, count) in self.counts.iter().enumerate() {
            if *count > 0.0 {
                class = i;
                if below + count >= target * (1.0 - 4.0 * f64::EPSILON) {
                    break;
                }
                below += count;
            }
        }
        let (lower, upper) = (self.bounds[class], self.bounds[class + 1]);
        let within = ((target - below) / self.counts[class]).clamp(0.0, 1.0);
        let value = lower + within * (upper - lower);
        at_least_or(value, lower, upper, Unit::KILOMETRE_PER_HOUR)
    }

    fn mean(&self) -> Measured {
        let sum = |of: &dyn Fn(f64, f64) -> f64| -> f64 {
            let classes = self.bounds.windows(2).zip(self.counts).filter(|(_, count)| **count > 0.0);
            classes.map(|(class, count)| count * of(class[0], class[1])).sum::<f64>() / self.total
        };
        let (lower, upper) = (sum(&|lower, _| lower), sum(&|_, upper| upper));
        at_least_or(0.5 * (lower + upper), lower, upper, Unit::KILOMETRE_PER_HOUR)
    }

    fn share_above(&self, limit: f64) -> Measured {
        let count = |holds: &dyn Fn(f64, f64) -> bool| -> f64 {
            let classes = self.bounds.windows(2).zip(self.counts);
            100.0 * classes.filter(|(class, _)| holds(class[0], class[1])).map(|(_, n)| n).sum::<f64>()
                / self.total
        };
        // A class that begins at the limit may hold vehicles that drive exactly at it.
        let (certain, possible) = (count(&|lower, _| lower > limit), count(&|_, upper| upper > limit));
        let whole = count(&|lower, _| lower >= limit);
        if self.in_open_class(limit) {
            return bounded(certain, possible, Unit::PERCENT);
        }
        let interval = Interval { lower: certain, upper: possible, level: None };
        let split = self.bounds.windows(2).zip(self.counts);
        let split = split.filter(|(class, n)| class[0] < limit && limit < class[1] && **n > 0.0);
        let within: f64 = split.map(|(class, n)| n * (class[1] - limit) / (class[1] - class[0])).sum();
        Measured::new(whole + 100.0 * within / self.total, Unit::PERCENT).with_interval(interval)
    }

    /// Does a speed lie inside an open class that holds vehicles?
    fn in_open_class(&self, speed: f64) -> bool {
        let last = self.counts.len() - 1;
        self.bounds[last + 1].is_infinite() && speed > self.bounds[last] && self.counts[last] > 0.0
    }

    /// Vehicles below a speed, along the broken line; those of an open class are above all speeds.
    fn below(&self, speed: f64) -> f64 {
        let classes = self.bounds.windows(2).zip(self.counts).filter(|(class, _)| class[1].is_finite());
        classes
            .map(|(class, count)| count * ((speed - class[0]) / (class[1] - class[0])).clamp(0.0, 1.0))
            .sum()
    }

    /// The window with the most vehicles: along a broken line one of its ends stands at a bound.
    fn fullest_window(&self, width: f64) -> (f64, f64) {
        let closed = self.bounds.iter().filter(|bound| bound.is_finite());
        let mut best = (f64::NAN, 0.0);
        let mut starts: Vec<f64> =
            closed.flat_map(|bound| [*bound, bound - width]).filter(|start| *start >= 0.0).collect();
        starts.push(0.0);
        starts.sort_by(f64::total_cmp);
        for start in starts {
            let vehicles = self.below(start + width) - self.below(start);
            if vehicles > best.1 + 1e-9 * self.total {
                best = (start, vehicles);
            }
        }
        best
    }
}

/// A value between certain bounds, or only bounds if the upper one is infinite.
fn at_least_or(value: f64, lower: f64, upper: f64, unit: Unit) -> Measured {
    if upper.is_infinite() {
        return bounded(lower, upper, unit);
    }
    Measured::new(value, unit).with_interval(Interval { lower, upper, level: None })
}

fn bounded(lower: f64, upper: f64, unit: Unit) -> Measured {
    let reason = || Suppression::Undefined { reason: format!("bounds {lower} to {upper}") };
    Measured::bounded(lower, upper, unit.clone()).unwrap_or_else(|_| Measured::suppressed(unit, reason()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::QuantileMethod;
    use crate::mobility::spot_speeds;
    use datagora_core::KilometresPerHour;
    use proptest::prelude::*;

    const OPEN: [f64; 5] = [0.0, 30.0, 50.0, 70.0, f64::INFINITY];

    #[test]
    fn the_open_class_gives_a_lower_bound_only() {
        let options = SpeedOptions::default().with_limit(KilometresPerHour(90.0));
        let found = binned_speeds(&OPEN, &[5.0, 10.0, 60.0, 25.0], &options).unwrap();
        assert_eq!(found.v85.value(), None);
        assert_eq!(found.v85.interval().map(|i| (i.lower, i.upper)), Some((70.0, f64::INFINITY)));
        assert_eq!(found.mean.value(), None);
        assert_eq!(found.mean.interval().map(|i| i.lower), Some(0.1 * 30.0 + 0.6 * 50.0 + 0.25 * 70.0));
        let above = found.above_limit.unwrap();
        assert_eq!((above.value(), above.interval().map(|i| (i.lower, i.upper))), (None, Some((0.0, 25.0))));
        assert!((found.v50.value().unwrap() - (50.0 + 35.0 / 60.0 * 20.0)).abs() < 1e-12);
        // The fullest window of 16 km/h lies in the class from 50 to 70, the lowest of equals.
        assert_eq!(found.pace.value(), Some(50.0));
        assert!((found.in_pace.value().unwrap() - 60.0 * 16.093_44 / 20.0).abs() < 1e-9);
    }

    #[test]
    fn shares_above_a_limit_lie_between_the_counts() {
        let options = SpeedOptions::default().with_limit(KilometresPerHour(60.0));
        let above = binned_speeds(&OPEN, &[5.0, 10.0, 60.0, 25.0], &options).unwrap().above_limit.unwrap();
        assert!((above.value().unwrap() - 55.0).abs() < 1e-12);
        assert_eq!(above.interval().map(|i| (i.lower, i.upper)), Some((25.0, 85.0)));
    }

    #[test]
    fn tables_that_are_none_are_refused() {
        let options = SpeedOptions::default();
        let of = |bounds: &[f64], counts: &[f64]| binned_speeds(bounds, counts, &options).unwrap_err();
        assert_eq!(of(&[0.0, 1.0], &[1.0, 2.0]), SpeedError::Shape { bounds: 2, classes: 2 });
        assert!(matches!(of(&[0.0, 9.0, 9.0], &[1.0, 2.0]), SpeedError::Bounds { at: 2, .. }));
        assert!(matches!(of(&[0.0, f64::INFINITY, 9.0], &[1.0, 2.0]), SpeedError::Bounds { at: 1, .. }));
        assert!(matches!(of(&[f64::NAN, 9.0], &[1.0]), SpeedError::Bounds { at: 0, .. }));
        assert!(matches!(of(&[0.0, 9.0], &[f64::NAN]), SpeedError::NotACount { class: 0, .. }));
        let none = binned_speeds(&[0.0, 9.0], &[0.0], &options).unwrap();
        assert!(none.v85.suppression().is_some() && none.pace.suppression().is_some());
    }

    proptest! {
        /// However vehicles are spread within the classes, their percentile lies within the bounds.
        #[test]
        fn bounds_hold_for_the_individual_speeds(
            speeds in proptest::collection::vec(0.0..100.0_f64, 1..100)
        ) {
            let mut counts = [0.0; 4];
            for speed in &speeds {
                counts[OPEN[1..4].partition_point(|bound| bound <= speed)] += 1.0;
            }
            let limit = KilometresPerHour(42.0);
            let options = SpeedOptions::default().with_method(QuantileMethod::InvertedCdf).with_limit(limit);
            let single = spot_speeds(&speeds, &options).unwrap();
            let classes = binned_speeds(&OPEN, &counts, &options).unwrap();
            for (one, binned) in [
                (&single.v15, &classes.v15),
                (&single.v50, &classes.v50),
                (&single.v85, &classes.v85),
                (&single.mean, &classes.mean),
                (single.above_limit.as_ref().unwrap(), classes.above_limit.as_ref().unwrap()),
            ] {
                let (value, bounds) = (one.value().unwrap(), binned.interval().unwrap());
                prop_assert!(bounds.lower - 1e-9 <= value && value <= bounds.upper + 1e-9, "{} {:?}", value, bounds);
                prop_assert!(binned.value().is_none_or(|v| bounds.lower <= v && v <= bounds.upper));
            }
        }
    }
}
