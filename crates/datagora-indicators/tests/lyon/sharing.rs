//! The Vélo'v night of 2 to 3 March 2026, read about every minute, with a hole of 1 h 56.
use std::collections::BTreeMap;
use std::fs::File;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Int64Array};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type, TimeUnit};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use datagora_indicators::mobility::{SharingOptions, Snapshot, StationRecord, system_states};

use crate::{close, data};

fn night() -> Option<BTreeMap<String, StationRecord>> {
    let mut rows: Vec<(String, Snapshot)> = Vec::new();
    for day in ["2026-03-02", "2026-03-03"] {
        let file = File::open(data(&format!("lyon_mobility/velov_status_{day}.parquet"))?).unwrap();
        for batch in ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap() {
            let batch = batch.unwrap();
            let names: Vec<String> =
                batch.schema().fields().iter().map(|f| format!("{}: {}", f.name(), f.data_type())).collect();
            let column = |name: &str| -> ArrayRef {
                batch.column_by_name(name).unwrap_or_else(|| panic!("no {name} in {names:?}")).clone()
            };
            let whole = |name: &str| -> Int64Array {
                cast(&column(name), &DataType::Int64).unwrap().as_primitive::<Int64Type>().clone()
            };
            let flag = |name: &str| -> BooleanArray {
                cast(&column(name), &DataType::Boolean).unwrap().as_boolean().clone()
            };
            let stations = cast(&column("station_id"), &DataType::Utf8).unwrap();
            let instants = cast(&column("fetched_at"), &DataType::Timestamp(TimeUnit::Second, None)).unwrap();
            let times = cast(&instants, &DataType::Int64).unwrap();
            let (bikes, docks) = (whole("num_bikes_available"), whole("num_docks_available"));
            let (renting, returning) = (flag("is_renting"), flag("is_returning"));
            for row in 0..batch.num_rows() {
                assert!(!bikes.is_null(row) && !docks.is_null(row));
                let time = times.as_primitive::<Int64Type>().value(row);
                let snapshot = Snapshot::new(time, bikes.value(row) as u32, docks.value(row) as u32)
                    .with_service(renting.value(row), returning.value(row));
                rows.push((stations.as_string::<i32>().value(row).to_owned(), snapshot));
            }
        }
    }
    assert_eq!(rows.len(), 241_902);
    Some(StationRecord::by_station(rows))
}

#[test]
fn a_hole_in_the_recording_is_unknown() {
    let Some(stations) = night() else { return };
    assert_eq!(stations.len(), 453);
    let options = SharingOptions::default();
    let first = stations.values().flat_map(|s| s.snapshots().first()).map(|s| s.time).min().unwrap();
    let last = stations.values().flat_map(|s| s.snapshots().last()).map(|s| s.time).max().unwrap();
    let period = first..last;
    // The longest silence of the feed: 1 h 56; what is not within ten minutes of a snapshot is unknown.
    let one = stations.values().next().unwrap();
    let hole =
        one.snapshots().windows(2).map(|pair| (pair[1].time - pair[0].time, pair[0].time)).max().unwrap();
    assert!((6_900..7_020).contains(&hole.0), "{} s", hole.0);
    let states = system_states(stations.values(), period.clone(), 300, &options);
    let middle = states.iter().find(|s| s.time > hole.1 + hole.0 / 2).unwrap();
    assert_eq!((middle.unknown, middle.empty, middle.bikes), (453, 0, 0));
    assert!(states.iter().all(|s| s.empty + s.available + s.full + s.closed + s.unknown == 453));
    // Before the hole everything is known, and more stations are empty than full in the evening.
    let evening = &states[3];
    assert!(evening.unknown < 10 && evening.empty > 20 && evening.bikes > 2_000, "{evening:?}");

    let summaries: Vec<_> = stations.values().map(|s| s.summary(period.clone(), &options)).collect();
    for found in &summaries {
        let unknown = found.unknown.value().unwrap();
        assert!((100.0 * (hole.0 - 600) as f64 / (last - first) as f64 - 1.0..).contains(&unknown));
        close(found.empty.completeness(), 1.0 - unknown / 100.0, 1e-9);
        let shares = [&found.empty, &found.full, &found.closed];
        assert!(shares.iter().map(|share| share.value().unwrap()).sum::<f64>() <= 100.0 + 1e-9);
        let bounds = found.empty.interval().unwrap();
        assert!(bounds.lower <= found.empty.value().unwrap() && found.empty.value().unwrap() <= bounds.upper);
    }
    let always_empty = summaries.iter().filter(|s| s.empty.value() == Some(100.0)).count();
    assert!(always_empty < 40, "{always_empty}");
    let moved: u64 = summaries.iter().map(|s| s.departures).sum();
    assert!((2_000..60_000).contains(&moved), "{moved}");
}
