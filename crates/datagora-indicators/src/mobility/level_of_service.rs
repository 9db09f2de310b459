//! Volume against capacity, and the letters that the Highway Capacity Manual gives to it.
use std::fmt;

use datagora_core::{KilometresPerHour, Measured, Suppression, Unit};

use super::lottr::MILE;

/// Level of service, from A (free) to F (broken down).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum LevelOfService {
    /// Free flow.
    A,
    /// Nearly free flow.
    B,
    /// Speeds near free flow, freedom to change lane restricted.
    C,
    /// Speeds begin to fall.
    D,
    /// At capacity.
    E,
    /// Demand exceeds capacity, or traffic has broken down.
    F,
}

/// What the level of service is judged by.
///
/// # Example
///
/// ```
/// use datagora_indicators::mobility::{LevelOfService, ServiceMeasure};
///
/// // A motorway at 14 passenger cars per kilometre and lane, three quarters full.
/// let found = ServiceMeasure::FreewayDensity(14.0).level(0.75);
/// assert_eq!(found, Some(LevelOfService::C));
/// // Beyond capacity it is F, whatever the density.
/// assert_eq!(ServiceMeasure::FreewayDensity(14.0).level(1.05), Some(LevelOfService::F));
/// ```
///
/// # References
///
/// Transportation Research Board (2016). *Highway Capacity Manual*, 6th ed.: exhibits 12-15 (basic freeway segments), 16-3
/// (urban street facilities), 19-8 (signalised intersections), 20-2 (two-way stop control).
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum ServiceMeasure {
    /// Passenger cars per kilometre and lane on a motorway.
    FreewayDensity(f64),
    /// Travel speed over base free-flow speed on an urban street, 0 to 1.
    UrbanStreetSpeed(f64),
    /// Control delay at traffic lights, seconds a vehicle.
    SignalDelay(f64),
    /// Control delay at a stop or give-way sign, seconds a vehicle.
    UnsignalisedDelay(f64),
}

impl ServiceMeasure {
    /// Highest density of the levels A to E, passenger cars per mile and lane: HCM 6th ed., exhibit 12-15.
    const FREEWAY: [f64; 5] = [11.0, 18.0, 26.0, 35.0, 45.0];
    /// Speeds above these shares of the base free-flow speed are A to E: HCM 6th ed., exhibit 16-3.
    const URBAN: [f64; 5] = [0.80, 0.67, 0.50, 0.40, 0.30];
    /// Longest control delay of the levels A to E, seconds: HCM 6th ed., exhibit 19-8.
    const SIGNAL: [f64; 5] = [10.0, 20.0, 35.0, 55.0, 80.0];
    /// Longest control delay of the levels A to E, seconds: HCM 6th ed., exhibit 20-2.
    const UNSIGNALISED: [f64; 5] = [10.0, 15.0, 25.0, 35.0, 50.0];

    /// The level of service at a ratio of volume to capacity: above 1 it is F by all four measures.
    ///
    /// A bound belongs to the better level. None if measure or ratio are missing (NaN), negative or infinite: the level of
    /// an unknown is not A. Where no ratio is known say 0, which judges by the measure alone.
    pub fn level(self, volume_to_capacity: f64) -> Option<LevelOfService> {
        use LevelOfService::{A, B, C, D, E, F};
        let known = |value: f64| value >= 0.0 && value.is_finite();
        let (value, bounds, falls) = match self {
            ServiceMeasure::FreewayDensity(density) => {
                (density, Self::FREEWAY.map(|per_mile| per_mile / MILE), false)
            }
            ServiceMeasure::UrbanStreetSpeed(share) => (share, Self::URBAN, true),
            ServiceMeasure::SignalDelay(seconds) => (seconds, Self::SIGNAL, false),
            ServiceMeasure::UnsignalisedDelay(seconds) => (seconds, Self::UNSIGNALISED, false),
        };
        if !known(value) || !known(volume_to_capacity) {
            return None;
        }
        if volume_to_capacity > 1.0 {
            return Some(F);
        }
        let within = |bound: &f64| if falls { value > *bound } else { value <= *bound };
        Some(bounds.iter().position(within).map_or(F, |level| [A, B, C, D, E][level]))
    }
}

impl fmt::Display for LevelOfService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// A number that a capacity analysis needs is none.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
#[error("found {name} of {value}; needed is {needed}")]
pub struct CapacityError {
    /// Which.
    pub name: &'static str,
    /// Its value.
    pub value: f64,
    /// What it must be.
    pub needed: &'static str,
}

fn checked(name: &'static str, value: f64, holds: bool, needed: &'static str) -> Result<f64, CapacityError> {
    if holds && value.is_finite() { Ok(value) } else { Err(CapacityError { name, value, needed }) }
}

/// Ratio of a volume to the capacity, `V / C`.
///
/// # Shapes and units
///
/// Two rates in the same unit (vehicles an hour, or passenger cars an hour and lane) → a pure number.
///
/// # Missing values
///
/// A NaN volume is missing and suppresses the ratio.
///
/// # Interpretation
///
/// Above 1 the volume is a demand: more cannot be counted than passes. A *counted* volume falls again once traffic has
/// broken down, so that a low ratio beside low speeds is congestion, not ease.
///
/// # Errors
///
/// [`CapacityError`] for a capacity that is not positive, a negative volume.
///
/// # Example
///
/// ```
/// use datagora_indicators::mobility::volume_to_capacity;
///
/// assert_eq!(volume_to_capacity(1_530.0, 1_800.0)?.value(), Some(0.85));
/// # Ok::<(), datagora_indicators::mobility::CapacityError>(())
/// ```
///
/// # References
///
/// Transportation Research Board (2016). *Highway Capacity Manual*, 6th ed., chapter 4.
pub fn volume_to_capacity(volume: f64, capacity: f64) -> Result<Measured, CapacityError> {
    checked("a capacity", capacity, capacity > 0.0, "a positive, finite rate")?;
    if volume.is_nan() {
        let none = Measured::suppressed(Unit::ONE, Suppression::Incomplete { needed: 1.0 });
        return Ok(none.with_completeness(0.0));
    }
    checked("a volume", volume, volume >= 0.0, "a finite rate that is not negative")?;
    Ok(Measured::new(volume / capacity, Unit::ONE).with_observations(1))
}

/// Heavy-vehicle adjustment: `f_HV = 1 / (1 + P · (E − 1))`.
///
/// # Shapes and units
///
/// Share of heavy vehicles `P` (0 to 1) and passenger cars that one stands for, `E` (2 in level terrain, 3 in rolling
/// terrain) → a factor of at most 1 for `E ≥ 1`.
///
/// # Errors
///
/// [`CapacityError`].
///
/// # Example
///
/// ```
/// use datagora_indicators::mobility::heavy_vehicle_factor;
///
/// assert!((heavy_vehicle_factor(0.1, 2.0)? - 0.909_090_909).abs() < 1e-9);
/// # Ok::<(), datagora_indicators::mobility::CapacityError>(())
/// ```
///
/// # References
///
/// Transportation Research Board (2016). *Highway Capacity Manual*, 6th ed., equation 12-10 and exhibit 12-25.
pub fn heavy_vehicle_factor(share: f64, equivalent: f64) -> Result<f64, CapacityError> {
    checked("a heavy-vehicle share", share, (0.0..=1.0).contains(&share), "a share from 0 to 1")?;
    checked(
        "a passenger-car equivalent",
        equivalent,
        equivalent >= 1.0,
        "a number of at least 1, such as 2",
    )?;
    Ok(1.0 / (1.0 + share * (equivalent - 1.0)))
}

/// Traffic on a motorway of one direction in the hour that is judged.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FreewayTraffic {
    /// Vehicles in the hour.
    pub volume: f64,
    /// Peak hour factor: volume over four times that of the busiest quarter.
    pub peak_hour_factor: f64,
    /// Lanes of the direction.
    pub lanes: u32,
    /// Heavy-vehicle adjustment ([`heavy_vehicle_factor`]).
    pub heavy_vehicle_factor: f64,
    /// Mean speed of the traffic.
    pub speed: KilometresPerHour,
}

impl FreewayTraffic {
    /// Demand flow of the busiest quarter: `v = V / (PHF · N · f_HV)`, passenger cars an hour and lane.
    ///
    /// # Errors
    ///
    /// [`CapacityError`].
    pub fn flow(&self) -> Result<f64, CapacityError> {
        let (volume, phf, heavy) = (self.volume, self.peak_hour_factor, self.heavy_vehicle_factor);
        checked("a volume", volume, volume >= 0.0, "a finite rate that is not negative")?;
        // Four quarters, the busiest of which holds at most all.
        checked("a peak hour factor", phf, (0.25..=1.0).contains(&phf), "a number from 0.25 to 1")?;
        checked("a number of lanes", f64::from(self.lanes), self.lanes > 0, "at least one lane")?;
        checked("a heavy-vehicle factor", heavy, heavy > 0.0 && heavy <= 1.0, "a number above 0, at most 1")?;
        Ok(volume / (phf * f64::from(self.lanes) * heavy))
    }

    /// Density `D = v / S`, passenger cars per kilometre and lane: what the level of service of a motorway is judged by.
    ///
    /// # Interpretation
    ///
    /// For stationary traffic below capacity. In a queue measure the density ([`density_from_occupancy`] for instance).
    ///
    /// [`density_from_occupancy`]: super::density_from_occupancy
    ///
    /// # Errors
    ///
    /// [`CapacityError`].
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::KilometresPerHour;
    /// use datagora_indicators::mobility::{FreewayTraffic, LevelOfService, ServiceMeasure};
    ///
    /// let traffic = FreewayTraffic {
    ///     volume: 2_700.0,
    ///     peak_hour_factor: 0.9,
    ///     lanes: 2,
    ///     heavy_vehicle_factor: 1.0,
    ///     speed: KilometresPerHour(100.0),
    /// };
    /// let density = traffic.density()?;
    /// assert_eq!(density.value(), Some(15.0));
    /// assert_eq!(ServiceMeasure::FreewayDensity(15.0).level(0.7), Some(LevelOfService::C));
    /// # Ok::<(), datagora_indicators::mobility::CapacityError>(())
    /// ```
    ///
    /// # References
    ///
    /// Transportation Research Board (2016). *Highway Capacity Manual*, 6th ed., equations 12-9 and 12-11.
    pub fn density(&self) -> Result<Measured, CapacityError> {
        checked("a speed", self.speed.0, self.speed.0 > 0.0, "a positive, finite one")?;
        Ok(Measured::new(self.flow()? / self.speed.0, Unit::of("{vehicle}/km")).with_observations(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use LevelOfService::{A, B, C, D, E, F};

    #[test]
    fn a_bound_belongs_to_the_better_level() {
        for (density, level) in
            [(0.0, A), (11.0, A), (11.1, B), (18.0, B), (26.0, C), (35.0, D), (45.0, E), (45.1, F)]
        {
            assert_eq!(ServiceMeasure::FreewayDensity(density / MILE).level(0.5), Some(level), "{density}");
        }
        for (share, level) in
            [(1.0, A), (0.8, B), (0.68, B), (0.67, C), (0.5, D), (0.4, E), (0.3, F), (0.0, F)]
        {
            assert_eq!(ServiceMeasure::UrbanStreetSpeed(share).level(0.0), Some(level), "{share}");
        }
        for (seconds, signal, sign) in [(10.0, A, A), (15.1, B, C), (35.0, C, D), (50.0, D, E), (80.1, F, F)]
        {
            assert_eq!(ServiceMeasure::SignalDelay(seconds).level(1.0), Some(signal));
            assert_eq!(ServiceMeasure::UnsignalisedDelay(seconds).level(1.0), Some(sign));
        }
    }

    #[test]
    fn the_level_of_an_unknown_is_not_a() {
        assert_eq!(ServiceMeasure::SignalDelay(f64::NAN).level(0.5), None);
        assert_eq!(ServiceMeasure::SignalDelay(5.0).level(f64::NAN), None);
        assert_eq!(ServiceMeasure::FreewayDensity(-1.0).level(0.5), None);
        assert_eq!(ServiceMeasure::SignalDelay(5.0).level(1.01), Some(F));
        assert!(A < F && F.to_string() == "F");
    }

    #[test]
    fn numbers_out_of_range_are_named() {
        assert_eq!(volume_to_capacity(1.0, 0.0).unwrap_err().name, "a capacity");
        assert_eq!(volume_to_capacity(-1.0, 1.0).unwrap_err().name, "a volume");
        assert!(volume_to_capacity(f64::NAN, 1.0).unwrap().suppression().is_some());
        assert!(heavy_vehicle_factor(10.0, 2.0).is_err() && heavy_vehicle_factor(0.1, 0.5).is_err());
        let traffic = FreewayTraffic {
            volume: 1_000.0,
            peak_hour_factor: 0.9,
            lanes: 2,
            heavy_vehicle_factor: 1.0,
            speed: KilometresPerHour(90.0),
        };
        for wrong in [
            FreewayTraffic { lanes: 0, ..traffic },
            FreewayTraffic { peak_hour_factor: 0.2, ..traffic },
            FreewayTraffic { volume: f64::NAN, ..traffic },
            FreewayTraffic { speed: KilometresPerHour(0.0), ..traffic },
        ] {
            assert!(wrong.density().is_err(), "{wrong:?}");
        }
    }
}
