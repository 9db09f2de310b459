//! GBFS: both versions, and what is not as they say.
use proptest::prelude::*;

use super::*;
use crate::mobility::{Snapshot, StationState};

fn status(version: &str, updated: &str, stations: &str) -> Result<GbfsFeed<Vec<StationStatus>>, ReadError> {
    let json = format!(
        r#"{{"last_updated": {updated}, "ttl": 60, "version": "{version}", "data": {{"stations": [{stations}]}}}}"#
    );
    parse_gbfs_station_status(json.as_bytes(), "status.json")
}

const V2: &str = r#"{"station_id": "a", "is_installed": true, "is_renting": true, "is_returning": true, "last_reported": 1771749800,
    "num_bikes_available": 3, "num_docks_available": 0, "num_bikes_disabled": 1,
    "vehicle_types_available": [{"vehicle_type_id": "e", "count": 2}, {"vehicle_type_id": "m", "count": 1}]}"#;

#[test]
fn both_versions_give_the_same() {
    let two = status("2.3", "1771749873", V2).unwrap();
    let v3 = V2.replace("num_bikes", "num_vehicles").replace("1771749800", "\"2026-02-22T09:43:20.5+01:00\"");
    let three = status("3.0", "\"2026-02-22T08:44:33Z\"", &v3).unwrap();
    assert!(two.problems.is_empty() && three.problems.is_empty(), "{} {}", two.problems, three.problems);
    assert_eq!((two.version, three.version), (GbfsVersion::V2, GbfsVersion::V3));
    assert_eq!((&two.data, two.last_updated), (&three.data, three.last_updated));
    let station = &two.data[0];
    assert_eq!(station.snapshot, Snapshot::new(1_771_749_873, 3, 0).with_reported(1_771_749_800));
    assert_eq!(station.snapshot.state(), StationState::Full);
    assert_eq!(station.by_type, [("e".to_owned(), 2), ("m".to_owned(), 1)]);
    assert_eq!(status("3.1-RC3", "\"2026-02-22T08:44:33Z\"", &v3).unwrap().data, two.data);
}

#[test]
fn other_versions_are_refused() {
    for version in ["1.1", "4.0", "3", "2.4", "", "3.1beta"] {
        let error = status(version, "1771749873", "").unwrap_err().to_string();
        assert!(error.contains("needed GBFS of version 2.0 to 2.3, 3.0 or 3.1"), "{error}");
    }
    let none = parse_gbfs_station_status(br#"{"last_updated": 1, "data": {}}"#, "x").unwrap_err();
    assert!(none.to_string().contains("no version"), "{none}");
    assert!(matches!(parse_gbfs_station_status(b"{\"a\"", "x"), Err(ReadError::Malformed { .. })));
    assert!(matches!(parse_gbfs_station_status(b" ", "x"), Err(ReadError::Empty { .. })));
    assert!(
        parse_gbfs_vehicle_types(
            br#"{"last_updated": 1771749873, "ttl": 0, "version": "2.3", "data": {"stations": []}}"#,
            "x"
        )
        .is_err()
    );
}

#[test]
fn a_station_without_docks_is_never_full() {
    let dockless = V2.replace(r#""num_docks_available": 0,"#, "");
    let feed = status("2.3", "1771749873", &dockless).unwrap();
    assert_eq!(feed.data[0].snapshot.docks, Snapshot::UNLIMITED);
    assert_eq!(feed.data[0].snapshot.state(), StationState::Available);
    assert!(feed.problems.is_empty());
}

#[test]
fn all_problems_are_told_and_the_rest_is_used() {
    let stations = [
        V2.to_owned(),
        V2.to_owned(),
        r#"{"is_installed": true}"#.to_owned(),
        r#"{"station_id": 5, "is_installed": 1, "is_renting": "yes", "num_bikes_available": -2, "last_reported": 1771749800000}"#
            .to_owned(),
        V2.replace("\"a\"", "\"b\"").replace("\"is_installed\": true", "\"is_installed\": false"),
        "7".to_owned(),
    ];
    let feed = status("2.3", "\"2026-02-22T08:44:33Z\"", &stations.join(",")).unwrap();
    assert_eq!(feed.data.iter().map(|s| s.id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(feed.data[1].snapshot.state(), StationState::Closed);
    let told: Vec<String> = feed.problems.problems().map(ToString::to_string).collect();
    for wanted in [
        "status.json, column “last_updated”: found \"2026-02-22T08:44:33Z\", needed POSIX seconds; taken as the time it is",
        "status.json, row 2, column “station_id”, key “a”: found “a” a second time, needed each once; left out",
        "status.json, row 3, column “station_id”: found nothing, needed a value",
        "status.json, row 4, column “num_bikes_available”, key “5”: found -2, needed a whole number from 0 on",
        "status.json, row 4, column “is_renting”, key “5”: found \"yes\", needed true or false",
        "status.json, row 4, column “is_installed”, key “5”: found 1, needed true or false; taken as that",
        "status.json, row 4, column “is_returning”, key “5”: found nothing, needed a value",
        "status.json, row 6, column “stations”: found 7, needed an object; left out",
    ] {
        assert!(told.iter().any(|one| one == wanted), "{wanted}\n{}", told.join("\n"));
    }
    assert!(told.iter().any(|one| one.contains("rather than milliseconds")));
    assert_eq!(feed.problems.count(), 10, "{}", told.join("\n"));
}

#[test]
fn vehicles_and_systems_are_read() {
    let types = br#"{"last_updated": "2019-07-04T13:33:03.969Z", "ttl": 60, "version": "3.0", "data": {"vehicle_types": [
        {"vehicle_type_id": "e", "form_factor": "unicycle", "propulsion_type": "human", "name": [{"text": "Un", "language": "fr"}]},
        {"vehicle_type_id": "f"}]}}"#;
    let feed = parse_gbfs_vehicle_types(types, "types.json").unwrap();
    assert_eq!((feed.data.len(), feed.data[0].name.as_deref()), (1, Some("Un")));
    assert_eq!((feed.problems.count_of(ProblemKind::UnknownCode), feed.problems.count()), (1, 3));
    let system = br#"{"last_updated": 1606830357, "ttl": 300, "version": "2.3", "data": {"system_id": "x", "timezone": "Europe/Lyon"}}"#;
    let error = parse_gbfs_system_information(system, "system.json").unwrap_err().to_string();
    assert!(error.contains("Europe/Lyon") && error.contains("column “name”"), "{error}");
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..100), cut in 0_usize..400, at in 0_usize..400, byte in any::<u8>()) {
        let json = format!(r#"{{"last_updated": 1771749873, "ttl": 60, "version": "2.3", "data": {{"stations": [{V2}]}}}}"#);
        let mut changed = json.into_bytes();
        let at = at % changed.len();
        changed[at] = byte;
        changed.truncate(changed.len().saturating_sub(cut * usize::from(cut > 300)));
        for bytes in [&bytes, &changed] {
            let _ = parse_gbfs_station_status(bytes, "random");
            let _ = parse_gbfs_station_information(bytes, "random");
            let _ = parse_gbfs_system_information(bytes, "random");
            let _ = parse_gbfs_vehicle_types(bytes, "random");
        }
    }
}
