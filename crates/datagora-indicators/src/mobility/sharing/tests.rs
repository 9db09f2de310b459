//! Golden values and laws of shared bicycles.
use super::*;
use proptest::prelude::*;

/// Golden `bikeshare.json` (own reference, numpy 2.4.6), tolerance 1e-12.
#[test]
fn golden_half_hour_of_one_station() {
    let rows = [(0, 12, 8), (300, 10, 10), (600, 0, 20), (900, 0, 20), (1200, 3, 17), (1500, 20, 0)];
    let mut snapshots: Vec<Snapshot> = rows.map(|(t, b, d)| Snapshot::new(t, b, d)).to_vec();
    snapshots.push(Snapshot::new(1800, 18, 2));
    let record = StationRecord::new(snapshots);
    let found = record.summary(0..1800, &SharingOptions::default());
    assert!((found.empty.value().unwrap() - 100.0 / 3.0).abs() < 1e-12);
    assert!((found.full.value().unwrap() - 100.0 / 6.0).abs() < 1e-12);
    assert!((found.stock.value().unwrap() - 7.5).abs() < 1e-12);
    assert_eq!(found.unknown.value(), Some(0.0));
    assert!((found.load.value().unwrap() - 37.5).abs() < 1e-12);
    // The golden movements include the snapshot that ends the period.
    let all = record.summary(0..1801, &SharingOptions::default());
    assert_eq!((all.departures, all.arrivals), (14, 20));
    assert!((all.imbalance.value().unwrap() - 6.0 / 34.0).abs() < 1e-12);
}

#[test]
fn silence_is_unknown_not_empty() {
    let record = StationRecord::new(vec![Snapshot::new(0, 0, 20), Snapshot::new(7_000, 5, 15)]);
    let found = record.summary(0..7_600, &SharingOptions::default());
    assert_eq!(found.empty.value(), Some(50.0)); // 600 s of 1,200 s known
    let bounds = found.empty.interval().unwrap();
    assert!((bounds.lower - 60_000.0 / 7_600.0).abs() < 1e-9 && bounds.upper > 90.0);
    // A feed that repeats an old report is silent, too.
    let stale = StationRecord::new(vec![Snapshot::new(900, 0, 20).with_reported(0)]);
    assert_eq!(stale.at(900, &SharingOptions::default()), (StationState::Unknown, None));
    let never = StationRecord::default().summary(0..100, &SharingOptions::default());
    assert_eq!((never.empty.value(), never.unknown.value()), (None, Some(100.0)));
    assert_eq!((never.load.value(), never.load.completeness()), (None, 0.0));
}

#[test]
fn states_follow_what_one_can_do() {
    let state = |b, d, rents, takes| Snapshot::new(0, b, d).with_service(rents, takes).state();
    assert_eq!(state(0, 5, true, true), StationState::Empty);
    assert_eq!(state(5, 0, true, true), StationState::Full);
    assert_eq!(state(0, 0, true, true), StationState::Closed);
    assert_eq!(state(5, 5, false, false), StationState::Closed);
    assert_eq!(state(0, 5, false, true), StationState::Available);
    assert_eq!(state(5, 0, true, false), StationState::Available);
}

proptest! {
    #[test]
    fn spans_cover_the_period_exactly(
        times in proptest::collection::vec(-500_i64..5_000, 0..30), start in -100_i64..2_000, length in 0_i64..4_000
    ) {
        let snapshots = times.iter().map(|&t| Snapshot::new(t, (t % 3).unsigned_abs() as u32, 2)).collect();
        let record = StationRecord::new(snapshots);
        let options = SharingOptions::default().with_max_age(100);
        let spans = record.spans(start..start + length, &options);
        let mut now = start;
        for span in &spans {
            prop_assert_eq!(span.from, now);
            prop_assert!(span.from < span.to);
            prop_assert_eq!((span.state, span.bikes), record.at(span.from, &options));
            prop_assert_eq!((span.state, span.bikes), record.at(span.to - 1, &options));
            now = span.to;
        }
        prop_assert_eq!(now, start + length);
        let found = record.summary(start..start + length, &options);
        for share in [&found.empty, &found.full, &found.closed, &found.load] {
            if let (Some(value), Some(bounds)) = (share.value(), share.interval()) {
                prop_assert!(bounds.lower <= value + 1e-9 && value <= bounds.upper + 1e-9);
            }
        }
    }
}
