//! Availability as people meet it: weighted by when they come.
use std::ops::Range;

use datagora_core::{DateTime, Measured, Zone};

use super::{SharingOptions, StationRecord, share_of};

/// What somebody at the station wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Need {
    /// To take a vehicle.
    Vehicle,
    /// To return one.
    Dock,
}

/// How many people come in each hour of the local day; only the proportions matter.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Demand([f64; 24]);

/// Weights that are no demand.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DemandError {
    /// Negative, infinite or NaN.
    #[error("found {found} for hour {hour}, a weight is finite and not negative")]
    Weight {
        /// Hour of the day.
        hour: usize,
        /// Its weight.
        found: f64,
    },
    /// Nobody ever comes.
    #[error("found 0 for every hour, at least one needs a weight above 0")]
    Nobody,
}

impl Demand {
    /// As many at all hours.
    pub const EVEN: Demand = Demand([1.0; 24]);

    /// With these weights from 0:00 on, such as the trips or departures of a usual day by hour.
    ///
    /// # Errors
    ///
    /// [`DemandError`] for weights that are negative, not finite, or all 0.
    pub fn new(weights: [f64; 24]) -> Result<Self, DemandError> {
        let wrong = weights.iter().position(|weight| !weight.is_finite() || *weight < 0.0);
        if let Some(hour) = wrong {
            return Err(DemandError::Weight { hour, found: weights[hour] });
        }
        if weights.iter().all(|weight| *weight == 0.0) {
            return Err(DemandError::Nobody);
        }
        Ok(Self(weights))
    }

    /// The weights.
    pub fn weights(&self) -> &[f64; 24] {
        &self.0
    }

    /// Weight of a stretch of time: seconds times the weight of the hours that they lie in.
    fn of(&self, time: Range<i64>, zone: Zone) -> f64 {
        let mut sum = 0.0;
        let mut now = time.start;
        while now < time.end {
            let Some(instant) = DateTime::from_timestamp(now, 0) else { break };
            let hour = zone.hour_of(instant);
            let end = (hour.start.timestamp() + 3_600).clamp(now + 1, time.end);
            sum += (end - now) as f64 * self.0[hour.hour as usize % 24];
            now = end;
        }
        sum
    }
}

impl StationRecord {
    /// Percent of those who came who found what they needed: the time in which it was there, weighted by the demand of the
    /// hour.
    ///
    /// # Shapes and units
    ///
    /// A period in seconds since 1970 (UTC), demand by hour of the local day → percent.
    ///
    /// # Missing values
    ///
    /// Unknown time is left out; the interval lets it be all or nothing, and holds for certain. Without known time in hours of
    /// demand the value is suppressed.
    ///
    /// # Interpretation
    ///
    /// 0 to 100, more is better. People who give up because the station is often empty are in no data of trips: weights from
    /// observed trips understate the demand at hours of want.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::Zone;
    /// use datagora_indicators::mobility::{Demand, Need, SharingOptions, Snapshot, StationRecord};
    ///
    /// // Empty in the first hour of the day, in which one in four comes.
    /// let record = StationRecord::new(vec![Snapshot::new(0, 0, 9), Snapshot::new(3_600, 5, 4)]);
    /// let mut weights = [0.0; 24];
    /// weights[..2].copy_from_slice(&[1.0, 3.0]);
    /// let options = SharingOptions::default().with_max_age(3_600);
    /// let found = record.availability(0..7_200, Need::Vehicle, &Demand::new(weights)?, Zone::UTC, &options);
    /// assert_eq!(found.value(), Some(75.0)); // of the time alone: 50
    /// # Ok::<(), datagora_indicators::mobility::DemandError>(())
    /// ```
    pub fn availability(
        &self,
        period: Range<i64>,
        need: Need,
        demand: &Demand,
        zone: Zone,
        options: &SharingOptions,
    ) -> Measured {
        let (mut met, mut known, mut all) = (0.0, 0.0, 0.0);
        for (span, snapshot) in self.known(period.clone(), options) {
            let weight = demand.of(span, zone);
            all += weight;
            let Some(snapshot) = snapshot else { continue };
            known += weight;
            let there = match need {
                Need::Vehicle => snapshot.renting && snapshot.bikes > 0,
                Need::Dock => snapshot.returning && snapshot.docks > 0,
            };
            met += if there { weight } else { 0.0 };
        }
        let seen = self.snapshots.iter().filter(|snapshot| period.contains(&snapshot.time)).count();
        share_of(met, known, all).with_observations(seen as u64)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Snapshot;
    use super::*;

    #[test]
    fn weights_are_checked() {
        let mut weights = [0.0; 24];
        assert_eq!(Demand::new(weights), Err(DemandError::Nobody));
        weights[7] = -1.0;
        assert_eq!(Demand::new(weights), Err(DemandError::Weight { hour: 7, found: -1.0 }));
        weights[7] = f64::NAN;
        assert!(Demand::new(weights).is_err());
    }

    #[test]
    fn both_needs_and_the_unknown() {
        // Full for an hour, then silent for one, of which ten minutes are known.
        let record = StationRecord::new(vec![Snapshot::new(0, 9, 0)]);
        let options = SharingOptions::default().with_max_age(3_600);
        let take = record.availability(0..7_200, Need::Vehicle, &Demand::EVEN, Zone::UTC, &options);
        let give = record.availability(0..7_200, Need::Dock, &Demand::EVEN, Zone::UTC, &options);
        assert_eq!((take.value(), give.value()), (Some(100.0), Some(0.0)));
        assert_eq!(take.completeness(), 0.5);
        let bounds = take.interval().unwrap();
        assert_eq!((bounds.lower, bounds.upper), (50.0, 100.0));
        // A station that does not rent has vehicles for nobody.
        let shut = StationRecord::new(vec![Snapshot::new(0, 9, 9).with_service(false, true)]);
        let found = shut.availability(0..600, Need::Vehicle, &Demand::EVEN, Zone::UTC, &options);
        assert_eq!(found.value(), Some(0.0));
        let never =
            StationRecord::default().availability(0..600, Need::Dock, &Demand::EVEN, Zone::UTC, &options);
        assert_eq!((never.value(), never.completeness()), (None, 0.0));
    }

    #[test]
    fn hours_are_those_of_the_local_clock() {
        let mut weights = [0.0; 24];
        weights[2] = 1.0;
        let night = Demand::new(weights).unwrap();
        // 31 March 2024 has no 2:00 in Paris, 27 October has it twice.
        let day = |from: i64| from..from + 12 * 3_600;
        assert_eq!(night.of(day(1_711_839_600), Zone::PARIS), 0.0);
        assert_eq!(night.of(day(1_729_980_000), Zone::PARIS), 7_200.0);
    }

    proptest! {
        /// Even demand weighs nothing: what remains is the share of time.
        #[test]
        fn even_demand_is_the_share_of_time(times in proptest::collection::vec(0_i64..9_000, 1..20), length in 1_i64..9_000) {
            let record = StationRecord::new(times.iter().map(|&t| Snapshot::new(t, (t % 3) as u32, 2)).collect());
            let options = SharingOptions::default();
            let found = record.availability(0..length, Need::Vehicle, &Demand::EVEN, Zone::PARIS, &options);
            let time = record.summary(0..length, &options);
            match (found.value(), time.empty.value()) {
                (Some(there), Some(empty)) => prop_assert!((there + empty - 100.0).abs() < 1e-9),
                (there, empty) => prop_assert_eq!(there, empty),
            }
        }
    }
}
