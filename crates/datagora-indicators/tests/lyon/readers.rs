//! Readers on what is published: the Dutch motorways of a minute, GBFS fixtures, the Vélo'v night, Lyon's counters.
use std::fs::File;
use std::io::Read;

use datagora_core::Zone;
use datagora_indicators::mobility::io::{
    CountBatches, CountColumns, Datex2Options, GbfsVersion, MeasurementState, Quantity, StationColumns,
    parse_datex2, read_cerema_count_points, read_cyclopolis, read_datex2, read_datex2_sites,
    read_gbfs_station_information, read_gbfs_station_status, read_gbfs_system_information,
    read_gbfs_vehicle_types, read_station_records,
};
use datagora_indicators::mobility::{
    Demand, Mode, Need, SharingOptions, StationState, TimestampConvention, system_turnover,
};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::{close, data};

/// Numbers counted by regular expressions over the same file.
#[test]
fn a_minute_of_dutch_motorways() {
    let Some(path) = data("transit/datex2/trafficspeed.xml.gz") else { return };
    let found = read_datex2(&path, &Datex2Options::default()).unwrap();
    assert!(found.complete && found.problems.is_empty(), "{}", found.problems);
    assert_eq!(found.sites.len(), 19_587);
    assert_eq!(found.publication.site_table_version.as_deref(), Some("1648"));
    let count = |quantity, state| {
        found.measurements.iter().filter(|m| m.quantity == quantity && m.state == state).count()
    };
    use MeasurementState::{Error, Measured, NoValue, NoVehicle};
    // Flows: 23,443 + 30,225 zeros and 27,290 + 6,738 others; 7,300 in error although a number stands there.
    assert_eq!((count(Quantity::Flow, Measured), count(Quantity::Flow, Error)), (87_696, 7_300));
    // Speeds of nobody: 21,957 times −1, and 23,476 times 0 that are no congestion.
    assert_eq!((count(Quantity::Speed, NoVehicle), count(Quantity::Speed, NoValue)), (45_433, 8_266));
    assert_eq!((count(Quantity::Speed, Measured), count(Quantity::Speed, Error)), (33_912, 7_379));
    assert!(found.measurements.iter().all(|m| m.value.is_nan() != (m.state == Measured)));
    let flows = found.measurements.iter().filter(|m| m.quantity == Quantity::Flow).map(|m| m.value);
    assert_eq!(flows.fold(0.0, f64::max), 3_420.0);
    assert_eq!((&*found.sites[0].site, found.sites[0].time), ("PZH01_MST_0065_00", Some(1_755_294_480)));
    assert_eq!(found.of(&found.sites[0]).len(), 12);

    // Cut in half: the sites before are the same.
    let mut packed = Vec::new();
    File::open(&path).unwrap().read_to_end(&mut packed).unwrap();
    let half = parse_datex2(&packed[..packed.len() / 2], "half.xml.gz", &Datex2Options::default()).unwrap();
    assert!(!half.complete && half.problems.count() == 1);
    assert!(half.sites.len() > 5_000 && half.sites[..] == found.sites[..half.sites.len()]);
}

#[test]
fn a_table_of_sites() {
    for name in ["MeasurementSiteTable.xml", "MeasurementSiteRecord.xml"] {
        let Some(path) = data(&format!("transit/datex2/{name}")) else { return };
        let table = read_datex2_sites(&path).unwrap();
        assert!(table.problems.is_empty(), "{}", table.problems);
        let site = table.site("PZH01_MST_0629_00").unwrap();
        assert_eq!((site.lanes, site.side.as_deref()), (Some(1), Some("northWestBound")));
        assert!(site.characteristics.iter().all(|one| one.period == Some(60.0) && one.quantity.is_some()));
        let all = site.characteristics.iter().find(|one| one.is_any_vehicle()).unwrap();
        assert_eq!((all.index, all.quantity), (4, Some(Quantity::Flow)));
        assert_eq!(site.characteristics[1].lengths.len(), 2);
    }
    let Some(other) = data("transit/datex2/VmsUnit.xml") else { return };
    assert!(read_datex2_sites(other).is_err());
    let Some(signs) = data("transit/datex2/datex2v3_drip.xml") else { return };
    let error = read_datex2(signs, &Datex2Options::default()).unwrap_err().to_string();
    assert!(error.contains("found a VmsTablePublication"), "{error}");
}

#[test]
fn feeds_of_every_version() {
    for (folder, version, stations) in [
        ("gbfs/testFixtures/v2.3", GbfsVersion::V2, 2),
        ("gbfs/testFixtures/v3.0", GbfsVersion::V3, 1),
        ("gbfs/testFixtures/v3.1-RC3", GbfsVersion::V3, 2),
    ] {
        let Some(folder) = data(&format!("transit/{folder}")) else { return };
        let status = read_gbfs_station_status(folder.join("station_status.json")).unwrap();
        assert_eq!((status.version, status.data.len()), (version, stations), "{}", status.problems);
        assert!(status.problems.is_empty(), "{}", status.problems);
        let places = read_gbfs_station_information(folder.join("station_information.json")).unwrap();
        assert!(!places.data.is_empty() && places.problems.is_empty(), "{}", places.problems);
        let system = read_gbfs_system_information(folder.join("system_information.json")).unwrap();
        assert!(!system.data.id.is_empty());
        let types = read_gbfs_vehicle_types(folder.join("vehicle_types.json")).unwrap();
        assert!(!types.data.is_empty() && types.problems.is_empty(), "{}", types.problems);
    }
    let Some(fixture) = data("transit/gbfs/testFixtures/v3.0/station_status.json") else { return };
    let dockless = read_gbfs_station_status(fixture).unwrap();
    assert_eq!(dockless.data[0].snapshot.state(), StationState::Empty);
    for name in ["2.2", "3.0"] {
        let Some(path) = data(&format!("transit/transport-site/station_status.{name}.json")) else { return };
        assert!(!read_gbfs_station_status(path).unwrap().data.is_empty());
    }
    let Some(velov) = data("lyon_mobility/gbfs_lyon_station_information.json") else { return };
    let velov = read_gbfs_station_information(velov).unwrap();
    assert!(velov.data.len() > 400 && velov.problems.is_empty(), "{}: {}", velov.data.len(), velov.problems);
}

#[test]
fn the_night_as_it_was_recorded() {
    let (Some(first), Some(second)) = (
        data("lyon_mobility/velov_status_2026-03-02.parquet"),
        data("lyon_mobility/velov_status_2026-03-03.parquet"),
    ) else {
        return;
    };
    let night = read_station_records([first, second], &StationColumns::default()).unwrap();
    assert_eq!((night.stations.len(), night.rows), (453, 241_902));
    assert!(night.problems.is_empty(), "{}", night.problems);
    let times = night.stations.values().flat_map(|s| s.snapshots()).map(|s| s.time);
    let (from, to) = (times.clone().min().unwrap(), times.max().unwrap());
    let options = SharingOptions::default();
    let turnover = system_turnover(night.stations.values(), from..to, &options);
    let bounds = turnover.departures.interval().unwrap();
    assert!(bounds.lower > 2_000.0 && bounds.upper.is_infinite());
    // A hole of 1 h 56 less ten minutes is unknown at every station.
    let hole = turnover.departures.completeness();
    assert!((0.5..0.95).contains(&hole), "{hole}");
    for station in night.stations.values() {
        let even = station.availability(from..to, Need::Vehicle, &Demand::EVEN, Zone::PARIS, &options);
        let summary = station.summary(from..to, &options);
        let (Some(there), Some(bounds)) = (even.value(), even.interval()) else { continue };
        close(even.completeness(), summary.empty.completeness(), 1e-9);
        assert!(
            bounds.lower <= there
                && there <= bounds.upper
                && there <= 100.0 - summary.empty.value().unwrap() + 1e-9
        );
    }
}

#[test]
fn counters_of_lyon() {
    let (Some(counters), Some(months)) =
        (data("lyon_mobility/cyclopolis_counters.csv"), data("lyon_mobility/cyclopolis_monthly_counts.csv"))
    else {
        return;
    };
    let lyon = read_cyclopolis(counters, months).unwrap();
    assert_eq!(lyon.channels.len(), 132);
    assert_eq!(lyon.channels.iter().filter(|channel| channel.mode == Mode::Bike).count(), 88);
    let sum = lyon.counts.values().iter().filter(|value| !value.is_nan()).count();
    assert!(sum > 13_000, "{sum}");
    let Some(points) = data("lyon_mobility/cerema_avatar_count_points_lyon.json") else { return };
    let (points, problems) = read_cerema_count_points(points).unwrap();
    assert_eq!((points.len(), problems.count()), (1_754, 0));
    assert_eq!(points.iter().filter(|point| point.name.is_none()).count(), 63);
}

#[test]
fn bicycles_of_paris_by_the_hour() {
    let Some(path) = data("traffic/paris_bike_counters_hourly.parquet") else { return };
    let columns = CountColumns::new(TimestampConvention::Start)
        .with_channel("counter_id")
        .with_time("date")
        .with_value("bike_count")
        .with_seconds(3_600)
        .with_batch_rows(10_000);
    // The instants have no zone.
    let error = CountBatches::open([&path], columns.clone()).unwrap_err().to_string();
    assert!(error.contains("timestamps without zone"), "{error}");
    let columns = columns.with_local_times(Zone::UTC, datagora_core::Repeated::Refuse);
    let mut batches = CountBatches::open([&path], columns).unwrap();
    let (mut rows, mut sum) = (0, 0.0);
    while let Some(batch) = batches.next_batch().unwrap() {
        assert_eq!(batch.same_duration(), Some(3_600));
        rows += batch.len();
        sum += batch.value().iter().sum::<f64>();
    }
    let stored = ParquetRecordBatchReaderBuilder::try_new(File::open(&path).unwrap()).unwrap();
    assert_eq!(rows as i64, stored.metadata().file_metadata().num_rows());
    assert_eq!((rows, batches.channels().len()), (422_243, 56));
    assert!(sum > 1e7 && batches.problems().is_empty());
}
