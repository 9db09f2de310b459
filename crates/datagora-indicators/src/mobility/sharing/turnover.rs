//! How often vehicles leave and arrive, as far as snapshots can tell.
use std::ops::Range;

use datagora_core::{Measured, Suppression, Unit};

use super::{SharingOptions, StationRecord};

/// Movements at a station or in a system, at the least.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Turnover {
    /// Departures a day: no value, but a lower bound.
    pub departures: Measured,
    /// Arrivals a day: no value, but a lower bound.
    pub arrivals: Measured,
    /// Departures a day for each vehicle at the stations: no value, but a lower bound.
    pub per_vehicle: Measured,
}

/// Departures and arrivals a day over all stations, from the net changes between snapshots.
///
/// Between two snapshots a vehicle may leave and another come, and nothing is seen: the net change is the least that happened.
/// There is no upper bound in snapshots, which is said by an infinite one. Rotations proper need data of trips.
///
/// # Units
///
/// Vehicles per day of the period; vehicles are those at the stations on average over the known time.
///
/// # Missing values
///
/// A change across a hole of the recording counts with its net, which is still a lower bound. Completeness is the known share of
/// the time of all stations. Without two snapshots of any station the values are suppressed.
///
/// # Interpretation
///
/// Repositioning by van looks like departures and arrivals. The bound is the tighter, the more often the feed is read.
///
/// # Example
///
/// ```
/// use datagora_indicators::mobility::{SharingOptions, Snapshot, StationRecord, system_turnover};
///
/// let record = StationRecord::new(vec![Snapshot::new(0, 4, 6), Snapshot::new(600, 1, 9), Snapshot::new(1_200, 3, 7)]);
/// let hour = system_turnover([&record], 0..3_600, &SharingOptions::default());
/// assert_eq!(hour.departures.interval().map(|bounds| bounds.lower), Some(72.0)); // 3 in an hour
/// assert_eq!(hour.departures.value(), None);
/// ```
pub fn system_turnover<'a>(
    stations: impl IntoIterator<Item = &'a StationRecord>,
    period: Range<i64>,
    options: &SharingOptions,
) -> Turnover {
    let days = (period.end - period.start).max(0) as f64 / 86_400.0;
    let (mut departures, mut arrivals, mut pairs, mut seen) = (0_u64, 0_u64, 0_u64, 0_u64);
    let (mut vehicles, mut known, mut all) = (0.0, 0.0, 0.0);
    for station in stations {
        let (mut vehicle_seconds, mut seconds) = (0.0, 0.0);
        for (span, snapshot) in station.known(period.clone(), options) {
            let length = (span.end - span.start) as f64;
            all += length;
            if let Some(snapshot) = snapshot {
                seconds += length;
                vehicle_seconds += length * f64::from(snapshot.bikes);
            }
        }
        known += seconds;
        vehicles += if seconds > 0.0 { vehicle_seconds / seconds } else { 0.0 };
        let moved = station.movements(&period);
        departures += moved.departures;
        arrivals += moved.arrivals;
        seen += moved.seen;
        pairs += moved.seen.saturating_sub(1);
    }
    let completeness = if all > 0.0 { known / all } else { 0.0 };
    let at_least = |count: f64, unit: Unit| {
        let found = match Measured::bounded(count, f64::INFINITY, unit.clone()) {
            Ok(found) if pairs > 0 && days > 0.0 && count.is_finite() => found,
            _ => Measured::suppressed(unit, Suppression::Incomplete { needed: 0.0 }),
        };
        found.with_observations(seen).with_completeness(completeness)
    };
    Turnover {
        departures: at_least(departures as f64 / days, Unit::of("{vehicle}/d")),
        arrivals: at_least(arrivals as f64 / days, Unit::of("{vehicle}/d")),
        per_vehicle: at_least(departures as f64 / days / vehicles, Unit::of("/d")),
    }
}

impl StationRecord {
    /// Departures and arrivals a day of this station: [`system_turnover`] of it alone.
    pub fn turnover(&self, period: Range<i64>, options: &SharingOptions) -> Turnover {
        system_turnover([self], period, options)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Snapshot;
    use super::*;

    /// The least that a bounded value can be.
    fn least(found: &Measured) -> Option<f64> {
        found.interval().map(|bounds| bounds.lower)
    }

    /// The movements of golden `bikeshare.json`: 14 departures, 20 arrivals, 7.5 vehicles, with the snapshot that ends it.
    #[test]
    fn golden_movements_by_day() {
        let rows = [
            (0, 12, 8),
            (300, 10, 10),
            (600, 0, 20),
            (900, 0, 20),
            (1200, 3, 17),
            (1500, 20, 0),
            (1800, 18, 2),
        ];
        let record = StationRecord::new(rows.map(|(t, b, d)| Snapshot::new(t, b, d)).to_vec());
        let found = record.turnover(0..1_801, &SharingOptions::default());
        let days = 1_801.0 / 86_400.0;
        assert!((least(&found.departures).unwrap() - 14.0 / days).abs() < 1e-9);
        assert!((least(&found.arrivals).unwrap() - 20.0 / days).abs() < 1e-9);
        let stock = (7.5 * 1_800.0 + 18.0) / 1_801.0;
        assert!((least(&found.per_vehicle).unwrap() - 14.0 / days / stock).abs() < 1e-9);
    }

    #[test]
    fn nothing_known_is_no_bound() {
        let options = SharingOptions::default();
        for snapshots in [vec![], vec![Snapshot::new(5, 3, 3)]] {
            let found = StationRecord::new(snapshots).turnover(0..100, &options);
            assert_eq!((found.departures.interval(), found.departures.value()), (None, None));
        }
        let empty = StationRecord::new(vec![Snapshot::new(0, 0, 3), Snapshot::new(9, 0, 3)]);
        let found = empty.turnover(0..100, &options);
        assert_eq!((least(&found.departures), least(&found.per_vehicle)), (Some(0.0), None));
        assert_eq!(empty.turnover(100..100, &options).departures.interval(), None);
    }

    proptest! {
        /// Reading the feed more often never shows less.
        #[test]
        fn more_snapshots_tighten_the_bound(stock in proptest::collection::vec(0_u32..30, 2..40)) {
            let all: Vec<Snapshot> = stock.iter().enumerate().map(|(i, &b)| Snapshot::new(i as i64, b, 5)).collect();
            let few: Vec<Snapshot> = all.iter().step_by(2).copied().collect();
            let period = 0..all.len() as i64;
            let options = SharingOptions::default();
            let (all, few) = (StationRecord::new(all).turnover(period.clone(), &options), StationRecord::new(few).turnover(period, &options));
            if let (Some(more), Some(less)) = (least(&all.departures), least(&few.departures)) {
                prop_assert!(more >= less - 1e-9);
            }
        }
    }
}
