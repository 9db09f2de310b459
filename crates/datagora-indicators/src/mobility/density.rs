//! Vehicles on a kilometre of lane, from how long they stand over a loop.
use datagora_core::{Measured, Metres, Suppression, Unit};

use crate::wrong::Wrong;

/// What a loop sees of a vehicle: the length of vehicles and that of the loop.
///
/// A loop is occupied while any part of a vehicle is over any part of it. Both lengths are assumptions about the traffic
/// and the hardware, and the density is inversely proportional to their sum: 20 % more lorries are a lower density.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct EffectiveLength {
    /// Mean length of the vehicles.
    pub vehicle: Metres,
    /// Length of the detection zone.
    pub detector: Metres,
}

impl Default for EffectiveLength {
    /// Vehicles of 4.5 m over a loop of 1.5 m, 6 m in all.
    fn default() -> Self {
        Self { vehicle: Metres(4.5), detector: Metres(1.5) }
    }
}

impl EffectiveLength {
    /// With vehicles of this mean length.
    pub fn with_vehicle(self, vehicle: Metres) -> Self {
        Self { vehicle, ..self }
    }

    /// With a detection zone of this length.
    pub fn with_detector(self, detector: Metres) -> Self {
        Self { detector, ..self }
    }
}

/// Density at a loop over time.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Density {
    /// Vehicles per kilometre and lane of each interval; NaN where the occupancy is missing.
    pub values: Vec<f64>,
    /// Their mean over time.
    pub mean: Measured,
}

/// Density cannot be computed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DensityError {
    /// Not an occupancy.
    #[error(
        "found {found} occupancies outside 0 to 100 %, the first {value} at {at}; mark a missing one as NaN"
    )]
    NotAnOccupancy {
        /// Position of the first.
        at: usize,
        /// What stood there.
        value: f64,
        /// How many there are.
        found: usize,
    },
    /// Lengths that no detector sees.
    #[error(
        "found an effective length of {length} m; it is positive: vehicle and detector together, such as 6 m"
    )]
    Length {
        /// Sum of both lengths.
        length: f64,
    },
}

/// Density from occupancy: `k = 10 · occupancy[%] / (L_vehicle + L_detector)`, vehicles per kilometre and lane.
///
/// # Shapes and units
///
/// Occupancies of one lane in percent → vehicles per kilometre, row by row, and their mean.
///
/// # Missing values
///
/// NaN stays NaN and is left out of the mean; the completeness is the share observed.
///
/// # Interpretation
///
/// With the flow it gives the space-mean speed, `v = q / k`. Its largest error is the length of vehicles: declare it.
/// Over several lanes take the mean of the occupancies, not the sum.
///
/// # Errors
///
/// [`DensityError::NotAnOccupancy`] outside 0 to 100 %; [`DensityError::Length`].
///
/// # Example
///
/// ```
/// use datagora_indicators::mobility::{EffectiveLength, density_from_occupancy};
///
/// let found = density_from_occupancy(&[15.0, 30.0], &EffectiveLength::default())?;
/// assert_eq!(found.values, [25.0, 50.0]); // vehicles per km
/// # Ok::<(), datagora_indicators::mobility::DensityError>(())
/// ```
///
/// # References
///
/// Athol, P. (1965). Interdependence of certain operational characteristics within a moving traffic stream. Highway
/// Research Record 72, 58–87.
pub fn density_from_occupancy(
    occupancies: &[f64],
    length: &EffectiveLength,
) -> Result<Density, DensityError> {
    let metres = length.vehicle.0 + length.detector.0;
    if !(metres > 0.0 && metres.is_finite()) || length.vehicle.0 < 0.0 || length.detector.0 < 0.0 {
        return Err(DensityError::Length { length: metres });
    }
    if let Some(Wrong { at, value, found }) = Wrong::no_percentage(occupancies) {
        return Err(DensityError::NotAnOccupancy { at, value, found });
    }
    let values: Vec<f64> = occupancies.iter().map(|occupancy| 10.0 * occupancy / metres).collect();
    let (mut sum, mut known) = (0.0, 0_u64);
    for value in values.iter().filter(|value| !value.is_nan()) {
        sum += value;
        known += 1;
    }
    let unit = Unit::of("{vehicle}/km");
    let mean = if known == 0 {
        Measured::suppressed(unit, Suppression::Incomplete { needed: 1.0 })
    } else {
        Measured::new(sum / known as f64, unit)
    };
    let completeness = if values.is_empty() { 0.0 } else { known as f64 / values.len() as f64 };
    Ok(Density { values, mean: mean.with_observations(known).with_completeness(completeness) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_stays_missing_and_impossible_is_refused() {
        let length = EffectiveLength::default();
        let found = density_from_occupancy(&[f64::NAN, 12.0], &length).unwrap();
        assert!(found.values[0].is_nan());
        assert_eq!((found.mean.value(), found.mean.completeness()), (Some(20.0), 0.5));
        assert_eq!(
            density_from_occupancy(&[1.0, 130.0, -1.0], &length),
            Err(DensityError::NotAnOccupancy { at: 1, value: 130.0, found: 2 })
        );
        let none = length.with_vehicle(Metres(-1.5));
        assert_eq!(density_from_occupancy(&[], &none), Err(DensityError::Length { length: 0.0 }));
        assert!(density_from_occupancy(&[], &length).unwrap().mean.suppression().is_some());
    }
}
