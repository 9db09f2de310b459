//! Level of travel time reliability: the federal measure of the United States.
use datagora_core::{Interval, Measured, Metres, Suppression, Unit};

use super::quarter_hours::Slot;
use super::{QuarterHours, QuarterHoursError};
use crate::QuantileMethod;
use crate::wrong::Wrong;

/// A period of the week for which reliability is measured: 23 CFR 490.511(b)(1) and 490.611(a)(1).
///
/// Hours are those of the local clock, the end excluded. Public holidays are weekdays like others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum ReliabilityPeriod {
    /// Monday to Friday, 6 to 10.
    AmPeak,
    /// Monday to Friday, 10 to 16.
    Midday,
    /// Monday to Friday, 16 to 20.
    PmPeak,
    /// Saturday and Sunday, 6 to 20.
    Weekend,
    /// Every day, 20 to 6: for trucks only.
    Overnight,
}

impl ReliabilityPeriod {
    /// The four periods of all vehicles.
    pub const ALL_VEHICLES: [ReliabilityPeriod; 4] =
        [Self::AmPeak, Self::Midday, Self::PmPeak, Self::Weekend];
    /// The five periods of trucks.
    pub const TRUCKS: [ReliabilityPeriod; 5] =
        [Self::AmPeak, Self::Midday, Self::PmPeak, Self::Weekend, Self::Overnight];

    /// The one period that a quarter hour belongs to.
    fn of(slot: Slot) -> Self {
        match (slot.hour, slot.is_weekday()) {
            (0..6 | 20.., _) => Self::Overnight,
            (_, false) => Self::Weekend,
            (6..10, true) => Self::AmPeak,
            (10..16, true) => Self::Midday,
            (_, true) => Self::PmPeak,
        }
    }
}

/// Reliability of one period.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct PeriodReliability {
    /// Which.
    pub period: ReliabilityPeriod,
    /// The normal travel time (median), seconds.
    pub normal: Measured,
    /// The long travel time (80th percentile, of trucks 95th), seconds.
    pub long: Measured,
    /// Long over normal, to the nearest hundredth.
    pub ratio: Measured,
}

/// Level of travel time reliability of a section over a year.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Lottr {
    /// The four periods.
    pub periods: Vec<PeriodReliability>,
    /// The largest of the four ratios; suppressed if a period has no data.
    pub largest: Measured,
    /// Are all four below 1.50? `None` if one has no data and the others are.
    pub reliable: Option<bool>,
}

/// A section of road in the sums over a network.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RoadSection {
    /// Its length in this direction, taken to the nearest thousandth of a mile as the rule asks.
    pub length: Metres,
    /// Its annual average daily traffic in this direction.
    pub aadt: f64,
    /// Persons to a vehicle.
    pub occupancy: f64,
}

/// Federal measures cannot be computed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FederalMeasureError {
    /// A series does not have the slots of the year.
    #[error(transparent)]
    Year(#[from] QuarterHoursError),
    /// Not a travel time.
    #[error(
        "found {found} values that are no travel times, the first {value} at {at}; they are finite and not negative: 0 and NaN are missing"
    )]
    NotATravelTime {
        /// Position of the first.
        at: usize,
        /// What stood there.
        value: f64,
        /// How many there are.
        found: usize,
    },
    /// Row-aligned inputs differ.
    #[error("found {sections} sections for {values} values; each value belongs to one section")]
    Length {
        /// Sections given.
        sections: usize,
        /// Values given.
        values: usize,
    },
    /// Hourly volumes are not those of the year.
    #[error("found {found} hourly volumes; the year has {needed} hours: mark a missing one as NaN")]
    Volumes {
        /// Volumes given.
        found: usize,
        /// Hours of the year.
        needed: usize,
    },
    /// A number that must be positive (or at least not negative) is not.
    #[error("found {name} of {value}; needed is {needed}")]
    Number {
        /// Which.
        name: &'static str,
        /// Its value.
        value: f64,
        /// What it must be.
        needed: &'static str,
    },
}

/// Level of travel time reliability (LOTTR) of a section: the 80th percentile of its travel times over the median, in
/// each of four periods of the week over a calendar year.
///
/// Travel times are taken to the nearest second and the ratio to the nearest hundredth; a section is reliable if all
/// four ratios are below 1.50.
///
/// # Shapes and units
///
/// A mean travel time in seconds for each quarter hour of the year ([`QuarterHours::place`]) → pure numbers.
///
/// # Missing values
///
/// NaN and 0 are missing (490.509(b): not reported, 0 or null) and never replaced. The completeness of a ratio is the
/// share of the quarter hours of its period with a time; a period without any is suppressed.
///
/// # Interpretation
///
/// A ratio of 1.5: one trip in five takes half as long again as usual, or longer. The whole calendar year is meant:
/// with part of a year read the completeness along. The rule names no interpolation between ranked times, hence the
/// method; with whole seconds it seldom matters. It describes the year that was: no interval.
///
/// # Errors
///
/// [`FederalMeasureError`] for a series that is not on the year and for times that are none.
///
/// # Example
///
/// ```
/// use datagora_core::Zone;
/// use datagora_indicators::QuantileMethod;
/// use datagora_indicators::mobility::{QuarterHours, level_of_travel_time_reliability};
///
/// let year = QuarterHours::of_year(2024, Zone::PARIS)?;
/// // Every fourth quarter hour takes twice as long.
/// let times: Vec<f64> = (0..year.len()).map(|i| if i % 4 == 0 { 120.0 } else { 60.0 }).collect();
/// let found = level_of_travel_time_reliability(&times, &year, QuantileMethod::Linear)?;
/// assert_eq!(found.largest.value(), Some(2.0));
/// assert_eq!(found.reliable, Some(false));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// 23 CFR 490.505, 490.509, 490.511 (United States, Code of Federal Regulations).
pub fn level_of_travel_time_reliability(
    times: &[f64],
    year: &QuarterHours,
    method: QuantileMethod,
) -> Result<Lottr, FederalMeasureError> {
    let times = whole_seconds(times)?;
    year.check(&times)?;
    let of = |period| period_reliability(&times, year, period, 0.8, method);
    let periods: Vec<PeriodReliability> = ReliabilityPeriod::ALL_VEHICLES.into_iter().map(of).collect();
    let below = |period: &PeriodReliability| period.ratio.value().map(|ratio| ratio < 1.5);
    let reliable = if periods.iter().any(|period| below(period) == Some(false)) {
        Some(false)
    } else {
        periods.iter().all(|period| below(period).is_some()).then_some(true)
    };
    Ok(Lottr { largest: largest(&periods), periods, reliable })
}

/// Share of the person-miles on reliable sections: `100 · Σ_reliable L·V·O / Σ L·V·O` with `V = 365 · AADT`.
///
/// # Shapes and units
///
/// A section and its reliability ([`Lottr::reliable`]) each → percent, to the nearest tenth.
///
/// # Missing values
///
/// Sections of unknown reliability are left out of both sums; the completeness is the share of the person-miles on
/// sections that are known, and the interval, if any are not, has them all unreliable or all reliable.
///
/// # Interpretation
///
/// Of all that people travel on these roads, how much is on roads where travel times can be relied on. The days of the
/// year are always 365, as the rule has it; they cancel.
///
/// # Errors
///
/// [`FederalMeasureError::Length`]; [`FederalMeasureError::Number`].
///
/// # Example
///
/// ```
/// use datagora_core::Metres;
/// use datagora_indicators::mobility::{RoadSection, reliable_person_miles};
///
/// let busy = RoadSection { length: Metres(1_609.344), aadt: 30_000.0, occupancy: 1.7 };
/// let calm = RoadSection { aadt: 10_000.0, ..busy };
/// let found = reliable_person_miles(&[busy, calm], &[Some(false), Some(true)])?;
/// assert_eq!(found.value(), Some(25.0)); // half of the roads, a quarter of the people
/// # Ok::<(), datagora_indicators::mobility::FederalMeasureError>(())
/// ```
///
/// # References
///
/// 23 CFR 490.513(b) and (c); 490.509(c) for the annual volume.
pub fn reliable_person_miles(
    sections: &[RoadSection],
    reliable: &[Option<bool>],
) -> Result<Measured, FederalMeasureError> {
    if sections.len() != reliable.len() {
        return Err(FederalMeasureError::Length { sections: sections.len(), values: reliable.len() });
    }
    let (mut good, mut bad, mut unknown) = (0.0, 0.0, 0.0);
    for (section, reliable) in sections.iter().zip(reliable) {
        // The volume is counted in whole vehicles.
        let volume = (365.0 * not_negative("an average daily traffic", section.aadt)?).round();
        let persons = volume * not_negative("an occupancy", section.occupancy)?;
        let person_miles = miles(section.length)? * persons;
        match reliable {
            Some(true) => good += person_miles,
            Some(false) => bad += person_miles,
            None => unknown += person_miles,
        }
    }
    let all = good + bad + unknown;
    let known = (good + bad) / all;
    if good + bad <= 0.0 {
        let none = Measured::suppressed(Unit::PERCENT, Suppression::Incomplete { needed: 1.0 });
        return Ok(none.with_completeness(0.0).with_observations(0));
    }
    let count = reliable.iter().flatten().count() as u64;
    let measured = Measured::new(tenth(100.0 * good / (good + bad)), Unit::PERCENT)
        .with_observations(count)
        .with_completeness(known.min(1.0));
    if unknown == 0.0 {
        return Ok(measured);
    }
    let (lower, upper) = (tenth(100.0 * good / all), tenth(100.0 * (good + unknown) / all));
    Ok(measured.with_interval(Interval { lower, upper, level: None }))
}

/// Reliability of the quarter hours of one period; times are whole seconds, NaN missing.
pub(super) fn period_reliability(
    times: &[f64],
    year: &QuarterHours,
    period: ReliabilityPeriod,
    long: f64,
    method: QuantileMethod,
) -> PeriodReliability {
    let within = times.iter().zip(year.slots()).filter(|(_, slot)| ReliabilityPeriod::of(*slot) == period);
    let expected = within.clone().count();
    let mut sorted: Vec<f64> = within.map(|(time, _)| *time).filter(|time| !time.is_nan()).collect();
    sorted.sort_by(f64::total_cmp);
    let (normal, long) = (method.of_sorted(&sorted, 0.5), method.of_sorted(&sorted, long));
    let known = |value: f64, unit: Unit| {
        let measured = if sorted.is_empty() {
            Measured::suppressed(unit, Suppression::Incomplete { needed: 1.0 })
        } else {
            Measured::new(value, unit)
        };
        let completeness = if expected == 0 { 0.0 } else { sorted.len() as f64 / expected as f64 };
        measured.with_observations(sorted.len() as u64).with_completeness(completeness)
    };
    PeriodReliability {
        period,
        normal: known(normal, Unit::SECOND),
        long: known(long, Unit::SECOND),
        ratio: known(hundredth(long, normal), Unit::ONE),
    }
}

/// The largest ratio of the periods, unless one has none.
pub(super) fn largest(periods: &[PeriodReliability]) -> Measured {
    let observations = periods.iter().map(|period| period.ratio.observations()).sum();
    // Completeness of the whole: present over expected.
    let expected: f64 = periods
        .iter()
        .map(|period| period.ratio.observations() as f64 / period.ratio.completeness())
        .filter(|expected| expected.is_finite())
        .sum();
    let values: Option<Vec<f64>> = periods.iter().map(|period| period.ratio.value()).collect();
    match values {
        Some(values) => Measured::new(values.iter().copied().fold(f64::NAN, f64::max), Unit::ONE)
            .with_completeness((observations as f64 / expected).min(1.0)),
        None => Measured::suppressed(Unit::ONE, Suppression::Incomplete { needed: 1.0 })
            .with_completeness(smallest_completeness(periods)),
    }
    .with_observations(observations)
}

fn smallest_completeness(periods: &[PeriodReliability]) -> f64 {
    periods.iter().map(|period| period.ratio.completeness()).fold(1.0, f64::min)
}

/// Travel times to the nearest second; 0 is missing. One that rounds to 0 is one second, the shortest there is.
pub(super) fn whole_seconds(times: &[f64]) -> Result<Vec<f64>, FederalMeasureError> {
    if let Some(Wrong { at, value, found }) = Wrong::negative(times) {
        return Err(FederalMeasureError::NotATravelTime { at, value, found });
    }
    let whole = |time: &f64| if *time == 0.0 { f64::NAN } else { time.round().max(1.0) };
    Ok(times.iter().map(|time| if time.is_nan() { f64::NAN } else { whole(time) }).collect())
}

/// A ratio to the nearest hundredth, halves up. Exact for whole seconds: 100 times the upper one is a whole number.
pub(super) fn hundredth(upper: f64, lower: f64) -> f64 {
    (100.0 * upper / lower).round() / 100.0
}

fn tenth(value: f64) -> f64 {
    (10.0 * value).round() / 10.0
}

/// Kilometres to a mile.
pub(super) const MILE: f64 = 1.609_344;

/// A length to the nearest thousandth of a mile.
pub(super) fn miles(length: Metres) -> Result<f64, FederalMeasureError> {
    if !(length.0 > 0.0 && length.0.is_finite()) {
        let needed = "a positive, finite one";
        return Err(FederalMeasureError::Number { name: "a length", value: length.0, needed });
    }
    Ok((length.0 / MILE).round() / 1_000.0)
}

pub(super) fn not_negative(name: &'static str, value: f64) -> Result<f64, FederalMeasureError> {
    if value >= 0.0 && value.is_finite() {
        return Ok(value);
    }
    Err(FederalMeasureError::Number { name, value, needed: "a finite one that is not negative" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use datagora_core::Zone;

    fn year() -> QuarterHours {
        QuarterHours::of_year(2023, Zone::PARIS).expect("a year")
    }

    /// Slow in the afternoon peak of weekdays only: `share` of its quarters take `slow` seconds, the others 60.
    fn slow_evenings(year: &QuarterHours, slow: f64) -> Vec<f64> {
        let mut seen = 0;
        let time = |slot: Slot| {
            let evening = ReliabilityPeriod::of(slot) == ReliabilityPeriod::PmPeak;
            seen += usize::from(evening);
            if evening && seen % 3 == 0 { slow } else { 60.0 }
        };
        year.slots().map(time).collect()
    }

    #[test]
    fn one_unreliable_period_makes_the_section_unreliable() {
        let year = year();
        for (slow, ratio, reliable) in [(89.0, 1.48, true), (90.0, 1.5, false), (89.6, 1.5, false)] {
            let times = slow_evenings(&year, slow);
            let found = level_of_travel_time_reliability(&times, &year, QuantileMethod::InvertedCdf).unwrap();
            let ratios: Vec<_> = found.periods.iter().map(|p| p.ratio.value().unwrap()).collect();
            assert_eq!(ratios, [1.0, 1.0, ratio, 1.0]);
            assert_eq!(found.reliable, Some(reliable), "{slow}");
        }
        // 260 weekdays of 16 quarters in the morning, 105 days of weekends of 56.
        let found =
            level_of_travel_time_reliability(&slow_evenings(&year, 60.0), &year, QuantileMethod::Linear)
                .unwrap();
        assert_eq!(found.periods[0].ratio.observations(), 260 * 16);
        assert_eq!(found.periods[3].ratio.observations(), 105 * 56);
    }

    #[test]
    fn missing_times_are_never_replaced() {
        let year = year();
        let mut times = slow_evenings(&year, 60.0);
        for (time, slot) in times.iter_mut().zip(year.slots()) {
            if ReliabilityPeriod::of(slot) == ReliabilityPeriod::Weekend {
                *time = 0.0;
            }
        }
        let found = level_of_travel_time_reliability(&times, &year, QuantileMethod::Linear).unwrap();
        assert_eq!((found.reliable, found.periods[3].ratio.value()), (None, None));
        assert!(found.largest.suppression().is_some() && found.largest.completeness() == 0.0);
        // What is known to be unreliable stays so.
        times.iter_mut().enumerate().filter(|(i, _)| i % 3 == 0).for_each(|(_, time)| *time *= 2.0);
        let found = level_of_travel_time_reliability(&times, &year, QuantileMethod::Linear).unwrap();
        assert_eq!(found.reliable, Some(false));
        assert!(level_of_travel_time_reliability(&times[1..], &year, QuantileMethod::Linear).is_err());
        times[7] = -1.0;
        assert_eq!(
            level_of_travel_time_reliability(&times, &year, QuantileMethod::Linear),
            Err(FederalMeasureError::NotATravelTime { at: 7, value: -1.0, found: 1 })
        );
    }

    #[test]
    fn person_miles_weigh_and_unknown_sections_give_bounds() {
        let section = RoadSection { length: Metres(1_000.0), aadt: 1_000.0, occupancy: 1.5 };
        let sections = [section, section, RoadSection { aadt: 2_000.0, ..section }];
        let found = reliable_person_miles(&sections, &[Some(true), Some(false), None]).unwrap();
        assert_eq!((found.value(), found.completeness()), (Some(50.0), 0.5));
        assert_eq!(found.interval(), Some(Interval { lower: 25.0, upper: 75.0, level: None }));
        let thirds = reliable_person_miles(&[section; 3], &[Some(true), Some(false), Some(true)]).unwrap();
        assert_eq!((thirds.value(), thirds.interval()), (Some(66.7), None));
        assert!(reliable_person_miles(&[section], &[None]).unwrap().suppression().is_some());
        assert!(reliable_person_miles(&[section], &[]).is_err());
        let wrong = RoadSection { aadt: -1.0, ..section };
        assert!(matches!(reliable_person_miles(&[wrong], &[None]), Err(FederalMeasureError::Number { .. })));
        assert_eq!(miles(Metres(1_000.0)), Ok(0.621));
    }
}
