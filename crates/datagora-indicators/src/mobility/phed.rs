//! Peak hour excessive delay: the federal congestion measure of the United States.
use datagora_core::{KilometresPerHour, Measured, Metres, Suppression, Unit};

use super::lottr::{MILE, miles, not_negative, whole_seconds};
use super::quarter_hours::Slot;
use super::{FederalMeasureError, QuarterHours};

/// Which four hours of the afternoon are the peak: 23 CFR 490.705 leaves the choice. In the morning it is 6 to 10.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum AfternoonPeak {
    /// 15:00 to 19:00.
    #[default]
    From15,
    /// 16:00 to 20:00.
    From16,
}

impl AfternoonPeak {
    fn includes(self, slot: Slot) -> bool {
        let afternoon = match self {
            AfternoonPeak::From15 => 15..19,
            AfternoonPeak::From16 => 16..20,
        };
        slot.is_weekday() && ((6..10).contains(&slot.hour) || afternoon.contains(&slot.hour))
    }
}

/// A section of road for which excessive delay is measured.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DelaySection {
    /// Its length, taken to the nearest thousandth of a mile.
    pub length: Metres,
    /// Its posted speed limit.
    pub limit: KilometresPerHour,
    /// Persons to a vehicle over cars, buses and trucks together.
    pub occupancy: f64,
    /// The hours of the afternoon peak.
    pub afternoon: AfternoonPeak,
}

impl DelaySection {
    /// The slowest speed without excessive delay: 20 mi/h or 60 % of the limit, whichever is greater (490.705).
    ///
    /// ```
    /// use datagora_core::{KilometresPerHour, Metres};
    /// use datagora_indicators::mobility::{AfternoonPeak, DelaySection};
    ///
    /// let limit = KilometresPerHour(90.0);
    /// let (length, afternoon) = (Metres(500.0), AfternoonPeak::From16);
    /// let section = DelaySection { length, limit, occupancy: 1.3, afternoon };
    /// assert_eq!(section.threshold(), KilometresPerHour(54.0));
    /// ```
    pub fn threshold(&self) -> KilometresPerHour {
        KilometresPerHour((0.6 * self.limit.0).max(20.0 * MILE))
    }

    /// The longest travel time without excessive delay, to the nearest second (490.711(c)).
    ///
    /// # Errors
    ///
    /// [`FederalMeasureError::Number`] for a length or limit that is not positive.
    pub fn threshold_seconds(&self) -> Result<f64, FederalMeasureError> {
        let (limit, needed) = (self.limit.0, "a positive, finite one");
        if !(limit > 0.0 && limit.is_finite()) {
            return Err(FederalMeasureError::Number { name: "a speed limit", value: limit, needed });
        }
        Ok((3_600.0 * miles(self.length)? * MILE / self.threshold().0).round())
    }
}

/// Delay in a quarter hour is at most its length.
const LONGEST_DELAY: f64 = 900.0;

/// Excessive delay of a section in the peak hours of a year.
///
/// In each quarter hour of the peaks (weekdays from 6 to 10 and four hours of the afternoon) the travel time beyond that
/// at the threshold speed, at most 900 s, for each vehicle, times the persons in it; summed over the year:
/// `TED = O · Σ min(T − T_threshold, 900 s)⁺ / 3600 · V_hour / 4`. Travel times and delays are taken to the second, the
/// delay to the thousandth of an hour, the sum to the thousandth of a person-hour.
///
/// # Shapes and units
///
/// A mean travel time in seconds for each quarter hour of the year ([`QuarterHours::place`]), a volume for each of its
/// hours (observed or estimated, vehicles an hour) → person-hours a year.
///
/// # Missing values
///
/// NaN and 0 travel times and NaN volumes are missing and never replaced: those quarters add no delay, so that the sum is
/// a lower bound. The completeness is the share of the quarters of the peaks with both.
///
/// # Interpretation
///
/// Person-hours lost beyond what the rule takes as tolerable. It grows with traffic and with the length of the section:
/// compare per inhabitant or per kilometre.
///
/// # Errors
///
/// [`FederalMeasureError`].
///
/// # Example
///
/// ```
/// use datagora_core::{KilometresPerHour, Metres, Zone};
/// use datagora_indicators::mobility::{
///     AfternoonPeak, DelaySection, QuarterHours, peak_hour_excessive_delay,
/// };
///
/// let year = QuarterHours::of_year(2023, Zone::PARIS)?;
/// let limit = KilometresPerHour(50.0);
/// let (length, afternoon) = (Metres(1_609.344), AfternoonPeak::From16);
/// let section = DelaySection { length, limit, occupancy: 1.0, afternoon };
/// // At 20 mi/h the mile takes 180 s; 360 s are 0.05 h of delay a vehicle, in 260 · 8 hours of 100 vehicles.
/// let times = vec![360.0; year.len()];
/// let volumes = vec![100.0; year.len() / 4];
/// let found = peak_hour_excessive_delay(&times, &volumes, &section, &year)?;
/// assert_eq!(found.value(), Some(0.05 * 260.0 * 8.0 * 100.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// 23 CFR 490.705, 490.709, 490.711 (United States, Code of Federal Regulations).
pub fn peak_hour_excessive_delay(
    times: &[f64],
    hourly_volumes: &[f64],
    section: &DelaySection,
    year: &QuarterHours,
) -> Result<Measured, FederalMeasureError> {
    year.check(times)?;
    let times = whole_seconds(times)?;
    if hourly_volumes.len() * 4 != times.len() {
        let (found, needed) = (hourly_volumes.len(), times.len() / 4);
        return Err(FederalMeasureError::Volumes { found, needed });
    }
    let occupancy = not_negative("an occupancy", section.occupancy)?;
    let threshold = section.threshold_seconds()?;
    let (mut expected, mut known, mut vehicle_hours) = (0_u64, 0_u64, 0.0);
    for (at, (time, slot)) in times.iter().zip(year.slots()).enumerate() {
        if !section.afternoon.includes(slot) {
            continue;
        }
        expected += 1;
        let volume = hourly_volumes[at / 4];
        if time.is_nan() || volume.is_nan() {
            continue;
        }
        known += 1;
        let delay = (time - threshold).clamp(0.0, LONGEST_DELAY);
        vehicle_hours += thousandth(delay / 3_600.0) * not_negative("a volume", volume)? / 4.0;
    }
    let unit = Unit::of("{person}.h");
    let measured = if known == 0 {
        Measured::suppressed(unit, Suppression::Incomplete { needed: 1.0 })
    } else {
        Measured::new(thousandth(occupancy * vehicle_hours), unit)
    };
    let completeness = if expected == 0 { 0.0 } else { known as f64 / expected as f64 };
    Ok(measured.with_observations(known).with_completeness(completeness))
}

/// Annual hours of peak hour excessive delay per inhabitant of an urban area, to the nearest tenth.
///
/// # Shapes and units
///
/// The person-hours of each section ([`peak_hour_excessive_delay`]) and the population of the area → hours per inhabitant
/// and year.
///
/// # Missing values
///
/// Suppressed sections are left out, so that the sum is a lower bound; the completeness is the mean of the sections'
/// own, 0 for those left out.
///
/// # Interpretation
///
/// People who never drive are in the population, drivers from outside are in the delay.
///
/// # Errors
///
/// [`FederalMeasureError::Number`] for a population that is not positive.
///
/// # Example
///
/// ```
/// use datagora_core::{Measured, Unit};
/// use datagora_indicators::mobility::excessive_delay_per_inhabitant;
///
/// let sections = [1_200_000.0, 850_000.0].map(|hours| Measured::new(hours, Unit::of("{person}.h")));
/// assert_eq!(excessive_delay_per_inhabitant(&sections, 500_000.0)?.value(), Some(4.1));
/// # Ok::<(), datagora_indicators::mobility::FederalMeasureError>(())
/// ```
///
/// # References
///
/// 23 CFR 490.713(b) (United States, Code of Federal Regulations).
pub fn excessive_delay_per_inhabitant(
    person_hours: &[Measured],
    population: f64,
) -> Result<Measured, FederalMeasureError> {
    if !(population > 0.0 && population.is_finite()) {
        let needed = "a positive, finite one";
        return Err(FederalMeasureError::Number { name: "a population", value: population, needed });
    }
    let unit = Unit::of("h/{inhabitant}");
    let known = person_hours.iter().filter_map(|hours| Some((hours.value()?, hours.completeness())));
    let (mut sum, mut completeness, mut count) = (0.0, 0.0, 0);
    for (hours, share) in known {
        sum += hours;
        completeness += share;
        count += 1;
    }
    let measured = if count == 0 {
        Measured::suppressed(unit, Suppression::Incomplete { needed: 1.0 })
    } else {
        Measured::new((10.0 * sum / population).round() / 10.0, unit)
    };
    let completeness = (completeness / (person_hours.len() as f64).max(1.0)).min(1.0);
    Ok(measured.with_observations(count).with_completeness(completeness))
}

fn thousandth(value: f64) -> f64 {
    (1_000.0 * value).round() / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use datagora_core::Zone;

    const SECTION: DelaySection = DelaySection {
        length: Metres(1_609.344),
        limit: KilometresPerHour(96.560_64), // 60 mi/h: the threshold is 36 mi/h, 100 s for the mile
        occupancy: 1.5,
        afternoon: AfternoonPeak::From15,
    };

    fn year() -> QuarterHours {
        QuarterHours::of_year(2023, Zone::PARIS).expect("a year")
    }

    #[test]
    fn delay_begins_at_the_threshold_and_is_capped() {
        let year = year();
        assert_eq!(SECTION.threshold_seconds(), Ok(100.0));
        let volumes = vec![40.0; year.len() / 4];
        let of = |seconds: f64| {
            let times = vec![seconds; year.len()];
            peak_hour_excessive_delay(&times, &volumes, &SECTION, &year).unwrap().value().unwrap()
        };
        assert_eq!((of(60.0), of(100.4)), (0.0, 0.0));
        let quarters = 260.0 * 32.0;
        // 1 s is 0.0003 h, no thousandth; 2 s are 0.001 h to the nearest thousandth.
        assert_eq!((of(101.0), of(102.0)), (0.0, thousandth(0.001 * 1.5 * 10.0 * quarters)));
        let cap = 0.25 * 1.5 * 10.0 * quarters;
        assert_eq!((of(1_000.0), of(9_999.0)), (cap, cap));
    }

    #[test]
    fn only_the_peaks_count_and_nothing_is_imputed() {
        let year = year();
        let volumes = vec![40.0; year.len() / 4];
        let slow = |from: u8, to: u8| -> Vec<f64> {
            year.slots().map(|s| if (from..to).contains(&s.hour) { 460.0 } else { 60.0 }).collect()
        };
        let of = |times: &[f64], section: &DelaySection| {
            peak_hour_excessive_delay(times, &volumes, section, &year).unwrap()
        };
        // 360 s of delay are 0.1 h.
        let hour = 0.1 * 1.5 * 40.0 * 260.0;
        assert_eq!(of(&slow(10, 15), &SECTION).value(), Some(0.0));
        assert!((of(&slow(15, 16), &SECTION).value().unwrap() - hour).abs() < 1e-6);
        let later = DelaySection { afternoon: AfternoonPeak::From16, ..SECTION };
        assert_eq!(of(&slow(15, 16), &later).value(), Some(0.0));
        let mut times = slow(6, 10);
        times.iter_mut().step_by(2).for_each(|time| *time = f64::NAN);
        let half = of(&times, &SECTION);
        assert!((half.value().unwrap() - 2.0 * hour).abs() < 1e-6);
        assert_eq!((half.completeness(), half.observations()), (0.5, 260 * 16));
        let none = of(&vec![0.0; year.len()], &SECTION);
        assert!(none.suppression().is_some());
    }

    #[test]
    fn wrong_numbers_are_named() {
        let year = year();
        let (times, volumes) = (vec![60.0; year.len()], vec![40.0; year.len() / 4]);
        let of = |volumes: &[f64], section: DelaySection| {
            peak_hour_excessive_delay(&times, volumes, &section, &year).unwrap_err()
        };
        assert_eq!(of(&volumes[1..], SECTION), FederalMeasureError::Volumes { found: 8_759, needed: 8_760 });
        let negative = vec![-1.0; year.len() / 4];
        assert!(matches!(of(&negative, SECTION), FederalMeasureError::Number { name: "a volume", .. }));
        let limit = DelaySection { limit: KilometresPerHour(0.0), ..SECTION };
        assert!(matches!(of(&volumes, limit), FederalMeasureError::Number { name: "a speed limit", .. }));
        let hours = Measured::new(1.0, Unit::of("{person}.h"));
        assert!(excessive_delay_per_inhabitant(std::slice::from_ref(&hours), 0.0).is_err());
        let left = Measured::suppressed(Unit::of("{person}.h"), Suppression::Incomplete { needed: 1.0 });
        let found = excessive_delay_per_inhabitant(&[hours, left], 2.0).unwrap();
        assert_eq!((found.value(), found.completeness(), found.observations()), (Some(0.5), 0.5, 1));
    }
}
