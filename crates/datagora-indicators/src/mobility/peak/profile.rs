//! The average day by the clock, and its peaks.
use std::ops::Range;

use datagora_core::{Measured, SchoolTermsError, Suppression, Unit};

use crate::mobility::{DayKind, HourlyYear};

/// Mean volume of each clock hour over the days of a kind.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DayProfile {
    /// Mean volume from 0:00 to 23:00; NaN where no hour was observed.
    pub volumes: [f64; 24],
    /// Hours observed.
    pub observed: [u32; 24],
    /// Hours of days of the kind.
    pub expected: [u32; 24],
}

/// The busiest hour of a window.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PeakHour {
    /// When it begins, by the clock.
    pub hour: usize,
    /// Its mean volume.
    pub volume: Measured,
    /// Its share of the three busiest consecutive hours that hold it: ⅓ for a flat peak, 1 for a burst.
    pub spreading: Measured,
}

/// The average day of a kind, by the clock.
///
/// # Missing values
///
/// Each clock hour is averaged over the complete hours there are, also of incomplete days.
///
/// # Errors
///
/// [`SchoolTermsError`] if school terms matter and the calendar of that year is not known.
///
/// # Example
///
/// ```
/// use datagora_core::{WorkingWeek, Zone};
/// use datagora_indicators::mobility::{DayKind, HourlyYear, day_profile};
///
/// let mut year = HourlyYear::new(2024, Zone::PARIS)?;
/// let local = year.local().clone();
/// for day in &local.days()[..31] {
///     for hour in day.hours.clone() {
///         let count = match local.clock(hour) { 8 => 90.0, 7 | 9 => 60.0, 17 => 80.0, _ => 20.0 };
///         year.add(&[local.start() + 3_600 * hour as i64], 3_600, &[count])?;
///     }
/// }
/// let profile = day_profile(&year, DayKind::Working(WorkingWeek::MondayToFriday))?;
/// let [morning, evening] = profile.peaks();
/// assert_eq!((morning.as_ref().unwrap().hour, evening.unwrap().hour), (8, 17));
/// assert_eq!(morning.unwrap().spreading.value(), Some(90.0 / 210.0));
/// assert_eq!(profile.peak(16..19).unwrap().volume.value(), Some(80.0)); // the window of the evening
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn day_profile(year: &HourlyYear, kind: DayKind) -> Result<DayProfile, SchoolTermsError> {
    let volumes = year.volumes(1.0);
    let local = year.local();
    let mut sums = [0.0; 24];
    let (mut observed, mut expected) = ([0; 24], [0; 24]);
    for day in local.days() {
        if kind.includes(day.date)? {
            for hour in day.hours.clone() {
                let clock = local.clock(hour);
                expected[clock] += 1;
                if !volumes[hour].is_nan() {
                    sums[clock] += volumes[hour];
                    observed[clock] += 1;
                }
            }
        }
    }
    let volumes = std::array::from_fn(|clock| sums[clock] / f64::from(observed[clock]));
    Ok(DayProfile { volumes, observed, expected })
}

impl DayProfile {
    /// The busiest hours found before and from noon on: *heure de pointe du matin* and *du soir*.
    pub fn peaks(&self) -> [Option<PeakHour>; 2] {
        [self.peak(0..12), self.peak(12..24)]
    }

    /// The busiest hour that begins in a window of the clock, such as 7 to 9 or 16 to 19; the earliest of equals.
    ///
    /// `None` if no hour of the window was observed.
    pub fn peak(&self, window: Range<usize>) -> Option<PeakHour> {
        let window = window.start.min(24)..window.end.min(24);
        let there = window.filter(|hour| !self.volumes[*hour].is_nan());
        let hour =
            there.reduce(|best, hour| if self.volumes[hour] > self.volumes[best] { hour } else { best })?;
        let completeness = f64::from(self.observed[hour]) / f64::from(self.expected[hour].max(1));
        let measured = |value: f64, unit: Unit| {
            Measured::new(value, unit)
                .with_observations(u64::from(self.observed[hour]))
                .with_completeness(completeness.min(1.0))
        };
        let busiest = (hour.saturating_sub(2)..=hour.min(21))
            .map(|from| self.volumes[from..from + 3].iter().sum::<f64>())
            .filter(|three| !three.is_nan())
            .reduce(f64::max);
        let spreading = match busiest {
            Some(three) if three > 0.0 => measured(self.volumes[hour] / three, Unit::ONE),
            Some(_) => {
                let reason = "nothing was counted in the peak".to_owned();
                Measured::suppressed(Unit::ONE, Suppression::Undefined { reason })
            }
            None => Measured::suppressed(Unit::ONE, Suppression::Incomplete { needed: 1.0 }),
        };
        let volume = measured(self.volumes[hour], Unit::of("{vehicle}/h"));
        Some(PeakHour { hour, volume, spreading })
    }
}
