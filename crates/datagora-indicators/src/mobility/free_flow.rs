//! What counts as undisturbed traffic.
use datagora_core::{KilometresPerHour, Metres};

use crate::QuantileMethod;

/// The travel time of undisturbed traffic on a section, and where it comes from.
///
/// Every index of congestion divides by it, and none can be compared without knowing it: a posted limit that nobody
/// reaches makes the same street look twice as congested as a percentile of its own nights. It goes through to the
/// results.
///
/// # Example
///
/// ```
/// use datagora_core::{KilometresPerHour, Metres};
/// use datagora_indicators::mobility::{FreeFlow, FreeFlowBasis};
///
/// let posted = FreeFlow::posted_limit(KilometresPerHour(50.0), Metres(1_000.0))?;
/// assert_eq!(posted.seconds(), 72.0);
/// assert_eq!(posted.basis(), FreeFlowBasis::PostedLimit);
/// # Ok::<(), datagora_indicators::mobility::FreeFlowError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct FreeFlow {
    seconds: f64,
    basis: FreeFlowBasis,
}

/// Where a free-flow travel time comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum FreeFlowBasis {
    /// Given as a time, such as by the provider of the travel times.
    Declared,
    /// The posted speed limit over the length.
    PostedLimit,
    /// A low percentile of the travel times themselves, such as the 15th: FHWA's *Urban Congestion Report* takes the
    /// 85th percentile of speed.
    LowPercentile {
        /// Share of the travel times below it.
        probability: f64,
        /// Which number is the percentile.
        method: QuantileMethod,
    },
    /// A high percentile, such as the 85th, of speeds measured when there is little traffic (nights, weekend mornings).
    OffPeakSpeeds {
        /// Share of the speeds below it.
        probability: f64,
        /// Which number is the percentile.
        method: QuantileMethod,
    },
}

/// There is no free-flow travel time.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FreeFlowError {
    /// A number that must be positive is not.
    #[error("found {name} of {value}; free flow needs a positive, finite one")]
    NotPositive {
        /// Which.
        name: &'static str,
        /// What was given.
        value: f64,
    },
    /// No observation to take a percentile of.
    #[error("found no observation to take free flow from; declare it, or use the posted limit")]
    NothingObserved,
    /// Not a probability.
    #[error(
        "found a probability of {value}; a percentile lies between 0 and 1, such as 0.15 of travel times"
    )]
    Probability {
        /// What was given.
        value: f64,
    },
}

impl FreeFlow {
    /// A travel time in seconds that somebody declares.
    ///
    /// # Errors
    ///
    /// [`FreeFlowError::NotPositive`].
    pub fn declared(seconds: f64) -> Result<Self, FreeFlowError> {
        Self::of(seconds, FreeFlowBasis::Declared)
    }

    /// The time at the speed limit.
    ///
    /// # Errors
    ///
    /// [`FreeFlowError::NotPositive`].
    pub fn posted_limit(limit: KilometresPerHour, length: Metres) -> Result<Self, FreeFlowError> {
        Self::of(seconds(limit.0, length)?, FreeFlowBasis::PostedLimit)
    }

    /// A low percentile of travel times in seconds; NaN is missing.
    ///
    /// # Errors
    ///
    /// [`FreeFlowError::NothingObserved`], [`FreeFlowError::Probability`], [`FreeFlowError::NotPositive`].
    pub fn low_percentile(
        times: &[f64],
        probability: f64,
        method: QuantileMethod,
    ) -> Result<Self, FreeFlowError> {
        let found = percentile(times, probability, method, "a travel time")?;
        Self::of(found, FreeFlowBasis::LowPercentile { probability, method })
    }

    /// The time at a high percentile of speeds in km/h when there is little traffic; NaN is missing.
    ///
    /// # Errors
    ///
    /// As [`FreeFlow::low_percentile`].
    pub fn off_peak_speeds(
        speeds: &[f64],
        length: Metres,
        probability: f64,
        method: QuantileMethod,
    ) -> Result<Self, FreeFlowError> {
        let speed = percentile(speeds, probability, method, "a speed")?;
        Self::of(seconds(speed, length)?, FreeFlowBasis::OffPeakSpeeds { probability, method })
    }

    fn of(seconds: f64, basis: FreeFlowBasis) -> Result<Self, FreeFlowError> {
        Ok(Self { seconds: positive("a travel time", seconds)?, basis })
    }

    /// The travel time, seconds.
    pub fn seconds(&self) -> f64 {
        self.seconds
    }

    /// Where it comes from.
    pub fn basis(&self) -> FreeFlowBasis {
        self.basis
    }
}

fn positive(name: &'static str, value: f64) -> Result<f64, FreeFlowError> {
    if value > 0.0 && value.is_finite() { Ok(value) } else { Err(FreeFlowError::NotPositive { name, value }) }
}

fn seconds(speed: f64, length: Metres) -> Result<f64, FreeFlowError> {
    Ok(3.6 * positive("a length", length.0)? / positive("a speed", speed)?)
}

fn percentile(
    values: &[f64],
    probability: f64,
    method: QuantileMethod,
    name: &'static str,
) -> Result<f64, FreeFlowError> {
    if !(0.0..=1.0).contains(&probability) {
        return Err(FreeFlowError::Probability { value: probability });
    }
    let mut sorted: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    sorted.sort_by(f64::total_cmp);
    let (Some(first), Some(last)) = (sorted.first(), sorted.last()) else {
        return Err(FreeFlowError::NothingObserved);
    };
    positive(name, *first)?;
    positive(name, *last)?;
    Ok(method.of_sorted(&sorted, probability))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_basis_goes_along() {
        let times = [60.0, 50.0, f64::NAN, 70.0, 80.0, 90.0];
        let found = FreeFlow::low_percentile(&times, 0.25, QuantileMethod::Linear).unwrap();
        assert_eq!(found.seconds(), 60.0);
        assert!(
            matches!(found.basis(), FreeFlowBasis::LowPercentile { probability, .. } if probability == 0.25)
        );
        let speeds = [36.0, 40.0, 72.0];
        let found =
            FreeFlow::off_peak_speeds(&speeds, Metres(200.0), 1.0, QuantileMethod::InvertedCdf).unwrap();
        assert_eq!(found.seconds(), 10.0);
    }

    #[test]
    fn nothing_comes_of_nothing() {
        let none = FreeFlow::low_percentile(&[f64::NAN], 0.15, QuantileMethod::Linear);
        assert_eq!(none, Err(FreeFlowError::NothingObserved));
        assert!(FreeFlow::declared(0.0).is_err() && FreeFlow::declared(f64::INFINITY).is_err());
        assert!(FreeFlow::posted_limit(KilometresPerHour(50.0), Metres(f64::NAN)).is_err());
        assert!(FreeFlow::low_percentile(&[0.0, 1.0], 0.15, QuantileMethod::Linear).is_err());
        assert!(FreeFlow::low_percentile(&[1.0], 15.0, QuantileMethod::Linear).is_err());
    }
}
