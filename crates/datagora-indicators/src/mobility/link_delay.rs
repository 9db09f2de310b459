//! How travel time grows with the volume on a link.
use datagora_core::{Measured, Suppression, Unit};

use crate::wrong::Wrong;

/// A volume–delay function: travel time over free-flow travel time, by the ratio of volume to capacity.
///
/// # Example
///
/// ```
/// use datagora_indicators::mobility::LinkDelay;
///
/// let ratios = [0.0, 0.5, 1.0];
/// assert_eq!(LinkDelay::BPR.travel_times(10.0, &ratios)?, [10.0, 10.09375, 11.5]);
/// let conical = LinkDelay::Conical { alpha: 6.0 };
/// assert!((conical.travel_times(10.0, &ratios)?[2] - 20.0).abs() < 1e-12); // twice as long at capacity
/// # Ok::<(), datagora_indicators::mobility::LinkDelayError>(())
/// ```
///
/// # References
///
/// Bureau of Public Roads (1964). *Traffic Assignment Manual*. U.S. Department of Commerce. Spiess, H. (1990). Conical
/// volume-delay functions. Transportation Science 24, 153–158. doi:10.1287/trsc.24.2.153
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum LinkDelay {
    /// `1 + α · x^β` of the Bureau of Public Roads.
    Bpr {
        /// Added share of the travel time at capacity.
        alpha: f64,
        /// How suddenly it grows.
        beta: f64,
    },
    /// `2 + √(a²(1 − x)² + b²) − a(1 − x) − b` with `b = (2a − 1) / (2a − 2)`: like BPR with exponent `a`, but growing
    /// linearly beyond capacity, so that assignments converge.
    Conical {
        /// Steepness, above 1.
        alpha: f64,
    },
}

/// A travel time cannot be computed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LinkDelayError {
    /// Not a ratio of volume to capacity.
    #[error(
        "found a ratio of {value} of volume to capacity at {at}; it is finite and not negative: mark a missing one as NaN"
    )]
    Ratio {
        /// Position.
        at: usize,
        /// What stood there.
        value: f64,
    },
    /// A parameter makes no sense.
    #[error("found {name} of {value}; needed is {needed}")]
    Parameter {
        /// Which.
        name: &'static str,
        /// Its value.
        value: f64,
        /// What it must be.
        needed: &'static str,
    },
}

impl LinkDelay {
    /// The parameters of the Bureau of Public Roads: 0.15 and 4.
    pub const BPR: LinkDelay = LinkDelay::Bpr { alpha: 0.15, beta: 4.0 };

    /// Travel time on a link for each ratio of volume to capacity.
    ///
    /// # Shapes and units
    ///
    /// A free-flow travel time and ratios → travel times in the same unit, row by row.
    ///
    /// # Missing values
    ///
    /// A NaN ratio gives a NaN travel time.
    ///
    /// # Interpretation
    ///
    /// A model, not a measurement: means over the hour of a stationary volume. Above capacity the volume is a demand that
    /// does not pass, and times say how long a queue makes the wait only in order of magnitude.
    ///
    /// # Errors
    ///
    /// [`LinkDelayError`] for a negative or infinite ratio, a free-flow time that is not positive, parameters out of range.
    pub fn travel_times(&self, free_flow: f64, ratios: &[f64]) -> Result<Vec<f64>, LinkDelayError> {
        if !(free_flow > 0.0 && free_flow.is_finite()) {
            let needed = "a positive, finite one";
            return Err(LinkDelayError::Parameter { name: "a free-flow time", value: free_flow, needed });
        }
        self.check()?;
        if let Some(Wrong { at, value, .. }) = Wrong::negative(ratios) {
            return Err(LinkDelayError::Ratio { at, value });
        }
        Ok(ratios.iter().map(|ratio| free_flow * self.factor(*ratio)).collect())
    }

    /// Mean of the travel time over that in free flow, each interval weighted by its volume: what the average vehicle
    /// meets.
    ///
    /// # Shapes and units
    ///
    /// Volumes of intervals of the same length and the capacity in the same unit → a pure number, 1 in free flow.
    ///
    /// # Missing values
    ///
    /// NaN volumes are left out; the completeness is the share of the intervals with a volume. Without any vehicle the
    /// value is suppressed.
    ///
    /// # Errors
    ///
    /// As [`LinkDelay::travel_times`].
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_indicators::mobility::LinkDelay;
    ///
    /// let found = LinkDelay::BPR.mean_factor(&[0.0, 1_800.0], 1_800.0)?;
    /// assert_eq!(found.value(), Some(1.15)); // nobody meets the empty road
    /// # Ok::<(), datagora_indicators::mobility::LinkDelayError>(())
    /// ```
    pub fn mean_factor(&self, volumes: &[f64], capacity: f64) -> Result<Measured, LinkDelayError> {
        if !(capacity > 0.0 && capacity.is_finite()) {
            let needed = "a positive, finite one";
            return Err(LinkDelayError::Parameter { name: "a capacity", value: capacity, needed });
        }
        let ratios: Vec<f64> = volumes.iter().map(|volume| volume / capacity).collect();
        let factors = self.travel_times(1.0, &ratios)?;
        let (mut sum, mut vehicles, mut known) = (0.0, 0.0, 0_u64);
        for (factor, volume) in factors.iter().zip(volumes).filter(|(_, volume)| !volume.is_nan()) {
            sum += factor * volume;
            vehicles += volume;
            known += 1;
        }
        let measured = if vehicles > 0.0 {
            Measured::new(sum / vehicles, Unit::ONE)
        } else {
            let reason = "no vehicle to meet a delay".to_owned();
            Measured::suppressed(Unit::ONE, Suppression::Undefined { reason })
        };
        let completeness = if volumes.is_empty() { 0.0 } else { known as f64 / volumes.len() as f64 };
        Ok(measured.with_observations(known).with_completeness(completeness))
    }

    fn check(&self) -> Result<(), LinkDelayError> {
        let parameter = |name, value: f64, above: f64, needed| {
            if value > above && value.is_finite() {
                return Ok(());
            }
            Err(LinkDelayError::Parameter { name, value, needed })
        };
        match *self {
            LinkDelay::Bpr { alpha, beta } => {
                parameter("alpha", alpha, 0.0, "a number above 0, such as 0.15")?;
                parameter("beta", beta, 0.0, "a number above 0, such as 4")
            }
            LinkDelay::Conical { alpha } => parameter("alpha", alpha, 1.0, "a number above 1, such as 6"),
        }
    }

    /// Travel time over free-flow travel time.
    fn factor(&self, ratio: f64) -> f64 {
        match *self {
            LinkDelay::Bpr { alpha, beta } => 1.0 + alpha * ratio.powf(beta),
            LinkDelay::Conical { alpha } => {
                let beta = (2.0 * alpha - 1.0) / (2.0 * alpha - 2.0);
                let left = alpha * (1.0 - ratio);
                2.0 + (left * left + beta * beta).sqrt() - left - beta
            }
        }
    }
}

impl Default for LinkDelay {
    /// [`LinkDelay::BPR`].
    fn default() -> Self {
        Self::BPR
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_no_ratio_or_parameter_is_named() {
        let bpr = LinkDelay::BPR;
        assert_eq!(bpr.travel_times(1.0, &[0.0, -0.1]), Err(LinkDelayError::Ratio { at: 1, value: -0.1 }));
        assert!(bpr.travel_times(0.0, &[]).is_err());
        assert!(bpr.travel_times(1.0, &[f64::NAN]).unwrap()[0].is_nan());
        assert!(LinkDelay::Conical { alpha: 1.0 }.travel_times(1.0, &[]).is_err());
        assert!(LinkDelay::Bpr { alpha: 0.15, beta: f64::NAN }.travel_times(1.0, &[]).is_err());
        assert!(bpr.mean_factor(&[1.0], 0.0).is_err());
        let none = bpr.mean_factor(&[0.0, f64::NAN], 100.0).unwrap();
        assert!(none.suppression().is_some() && none.completeness() == 0.5);
    }

    proptest! {
        #[test]
        fn delay_grows_and_conical_is_twice_free_flow_at_capacity(
            alpha in 1.1..20.0_f64, a in 0.0..3.0_f64, b in 0.0..3.0_f64
        ) {
            for delay in [LinkDelay::BPR, LinkDelay::Conical { alpha }] {
                let found = delay.travel_times(60.0, &[a.min(b), a.max(b), 0.0, 1.0]).unwrap();
                prop_assert!(found[0] <= found[1] + 1e-9);
                prop_assert!((found[2] - 60.0).abs() < 1e-9);
                if let LinkDelay::Conical { .. } = delay {
                    prop_assert!((found[3] - 120.0).abs() < 1e-9);
                }
            }
        }
    }
}
