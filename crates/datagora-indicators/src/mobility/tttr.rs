//! Truck travel time reliability: the federal freight measure of the United States.
use datagora_core::{Measured, Metres, Suppression, Unit};

use super::lottr::{hundredth, largest, miles, period_reliability, whole_seconds};
use super::{FederalMeasureError, PeriodReliability, QuarterHours, ReliabilityPeriod};
use crate::QuantileMethod;

/// Truck travel time reliability of a section over a year.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Tttr {
    /// The five periods.
    pub periods: Vec<PeriodReliability>,
    /// The largest of the five ratios, with the share of its times that are of all vehicles as imputed share;
    /// suppressed if a period has no data.
    pub largest: Measured,
}

/// Truck travel time reliability (TTTR) of a section: the 95th percentile of the travel times of trucks over the median,
/// in each of five periods of the week over a calendar year.
///
/// Travel times are taken to the nearest second and the ratio to the nearest hundredth.
///
/// # Shapes and units
///
/// A mean travel time of trucks in seconds for each quarter hour of the year ([`QuarterHours::place`]), and if there are
/// any those of all vehicles for the same quarters → pure numbers.
///
/// # Missing values
///
/// NaN and 0 are missing. The rule replaces a missing time of trucks by the observed time of all vehicles in the same
/// quarter hour (490.609(c)), which is done if those are given, and counted: the imputed share of each ratio. Without
/// them, or where both are missing, nothing is replaced. A period without any time is suppressed.
///
/// # Interpretation
///
/// A ratio of 2: one truck in twenty takes twice as long as usual, or longer. It describes the year that was: no interval.
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
/// use datagora_indicators::mobility::{QuarterHours, truck_travel_time_reliability};
///
/// let year = QuarterHours::of_year(2024, Zone::PARIS)?;
/// let all: Vec<f64> = (0..year.len()).map(|i| if i % 10 == 0 { 90.0 } else { 60.0 }).collect();
/// let trucks = vec![f64::NAN; year.len()];
/// let found = truck_travel_time_reliability(&trucks, Some(&all), &year, QuantileMethod::Linear)?;
/// assert_eq!((found.largest.value(), found.largest.imputed_share()), (Some(1.5), 1.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// 23 CFR 490.609, 490.611 (United States, Code of Federal Regulations).
pub fn truck_travel_time_reliability(
    trucks: &[f64],
    all_vehicles: Option<&[f64]>,
    year: &QuarterHours,
    method: QuantileMethod,
) -> Result<Tttr, FederalMeasureError> {
    year.check(trucks)?;
    let mut times = whole_seconds(trucks)?;
    let own = times.clone();
    if let Some(all) = all_vehicles {
        year.check(all)?;
        for (time, all) in times.iter_mut().zip(whole_seconds(all)?) {
            if time.is_nan() {
                *time = all;
            }
        }
    }
    let of = |period| {
        let found = period_reliability(&times, year, period, 0.95, method);
        let observed = period_reliability(&own, year, period, 0.95, method).ratio.observations();
        let used = found.ratio.observations();
        let imputed = if used == 0 { 0.0 } else { (used - observed) as f64 / used as f64 };
        let mark = |measured: Measured| measured.with_imputed_share(imputed);
        PeriodReliability {
            normal: mark(found.normal),
            long: mark(found.long),
            ratio: mark(found.ratio),
            period,
        }
    };
    let periods: Vec<PeriodReliability> = ReliabilityPeriod::TRUCKS.into_iter().map(of).collect();
    let largest = largest(&periods);
    let imputed: f64 =
        periods.iter().map(|period| period.ratio.imputed_share() * period.ratio.observations() as f64).sum();
    let share = imputed / (largest.observations() as f64).max(1.0);
    Ok(Tttr { largest: largest.with_imputed_share(share), periods })
}

/// TTTR index of a network: `Σ L · max TTTR / Σ L`, to the nearest hundredth.
///
/// # Shapes and units
///
/// A length (taken to the nearest thousandth of a mile) and the largest ratio ([`Tttr::largest`]) of each section → a pure
/// number.
///
/// # Missing values
///
/// Sections without a ratio are left out of both sums; the completeness is the share of the length that has one. The
/// imputed share is averaged by length.
///
/// # Interpretation
///
/// The unreliability of the worst period of each section, averaged along the roads: 1 is perfectly reliable.
///
/// # Errors
///
/// [`FederalMeasureError::Length`]; [`FederalMeasureError::Number`].
///
/// # Example
///
/// ```
/// use datagora_core::{Measured, Metres, Unit};
/// use datagora_indicators::mobility::truck_reliability_index;
///
/// let lengths = [Metres(1_609.344), Metres(4_828.032)]; // one mile and three
/// let ratios = [Measured::new(2.0, Unit::ONE), Measured::new(1.2, Unit::ONE)];
/// assert_eq!(truck_reliability_index(&lengths, &ratios)?.value(), Some(1.4));
/// # Ok::<(), datagora_indicators::mobility::FederalMeasureError>(())
/// ```
///
/// # References
///
/// 23 CFR 490.613(b) (United States, Code of Federal Regulations).
pub fn truck_reliability_index(
    lengths: &[Metres],
    largest: &[Measured],
) -> Result<Measured, FederalMeasureError> {
    if lengths.len() != largest.len() {
        return Err(FederalMeasureError::Length { sections: lengths.len(), values: largest.len() });
    }
    let (mut all, mut known, mut sum, mut imputed, mut count) = (0.0, 0.0, 0.0, 0.0, 0);
    for (length, ratio) in lengths.iter().zip(largest) {
        let length = miles(*length)?;
        all += length;
        if let Some(value) = ratio.value() {
            known += length;
            sum += length * value;
            imputed += length * ratio.imputed_share();
            count += 1;
        }
    }
    if known == 0.0 {
        let none = Measured::suppressed(Unit::ONE, Suppression::Incomplete { needed: 1.0 });
        return Ok(none.with_completeness(0.0));
    }
    Ok(Measured::new(hundredth(sum, known), Unit::ONE)
        .with_observations(count)
        .with_completeness((known / all).min(1.0))
        .with_imputed_share((imputed / known).min(1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use datagora_core::Zone;

    #[test]
    fn missing_trucks_are_replaced_by_all_vehicles_and_counted() {
        let year = QuarterHours::of_year(2023, Zone::PARIS).unwrap();
        let every = |n: usize, of: f64, or: f64| -> Vec<f64> {
            (0..year.len()).map(|i| if i % n == 0 { of } else { or }).collect()
        };
        // Every third quarter hour has no truck; cars are slow in every tenth.
        let trucks = every(3, 0.0, 80.0);
        let alone = truck_travel_time_reliability(&trucks, None, &year, QuantileMethod::Linear).unwrap();
        assert_eq!((alone.largest.value(), alone.largest.imputed_share()), (Some(1.0), 0.0));
        assert!((alone.largest.completeness() - 2.0 / 3.0).abs() < 1e-3);
        let cars = every(3, 120.0, 60.0);
        let both =
            truck_travel_time_reliability(&trucks, Some(&cars), &year, QuantileMethod::Linear).unwrap();
        assert_eq!(both.largest.value(), Some(1.5));
        assert!((both.largest.imputed_share() - 1.0 / 3.0).abs() < 1e-3);
        assert_eq!(both.largest.completeness(), 1.0);
        assert_eq!(both.periods.len(), 5);
        assert_eq!(both.periods.iter().map(|p| p.ratio.observations()).sum::<u64>(), year.len() as u64);
        let short = truck_travel_time_reliability(&trucks, Some(&[1.0]), &year, QuantileMethod::Linear);
        assert!(matches!(short, Err(FederalMeasureError::Year(_))));
    }

    #[test]
    fn sections_without_a_ratio_are_left_out() {
        let none = Measured::suppressed(Unit::ONE, Suppression::Incomplete { needed: 1.0 });
        let lengths = [Metres(1_000.0), Metres(3_000.0)];
        let ratios = [Measured::new(1.234, Unit::ONE).with_imputed_share(0.5), none.clone()];
        let found = truck_reliability_index(&lengths, &ratios).unwrap();
        assert_eq!((found.value(), found.imputed_share(), found.observations()), (Some(1.23), 0.5, 1));
        assert!((found.completeness() - 0.25).abs() < 1e-3);
        assert!(truck_reliability_index(&lengths[..1], &[none]).unwrap().suppression().is_some());
        assert!(truck_reliability_index(&lengths, &[]).is_err());
        assert!(truck_reliability_index(&[Metres(0.0)], &ratios[..1]).is_err());
    }
}
