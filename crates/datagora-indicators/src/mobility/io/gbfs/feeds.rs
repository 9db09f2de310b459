//! The files of a feed: stations, their status, the system, its vehicles.
use std::collections::BTreeSet;
use std::path::Path;

use datagora_core::io::ReadError;
use datagora_core::{Problem, ProblemKind, Zone};
use serde_json::Value;

use super::check::Check;
use super::{GbfsFeed, GbfsVersion, feed};
use crate::mobility::Snapshot;
use crate::mobility::io::file::read_all;

/// What a station is.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct StationInformation {
    /// Identifier.
    pub id: String,
    /// Name, in the first language of the feed.
    pub name: String,
    /// Longitude and latitude in degrees (WGS 84).
    pub position: [f64; 2],
    /// Address.
    pub address: Option<String>,
    /// Places for vehicles.
    pub capacity: Option<u32>,
    /// A place without docks, where the number of vehicles is not limited by them.
    pub is_virtual: bool,
}

/// What a station says at a moment.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct StationStatus {
    /// Identifier.
    pub id: String,
    /// Vehicles, free docks and service, with the time of the station's own report. A station that is not installed neither
    /// rents nor takes returns. Where docks are not limited, [`Snapshot::UNLIMITED`] are free.
    pub snapshot: Snapshot,
    /// Vehicles that are there but cannot be taken, if told.
    pub vehicles_disabled: Option<u32>,
    /// Docks that are there but cannot be used, if told.
    pub docks_disabled: Option<u32>,
    /// Vehicles that can be taken by type, where the feed tells types apart.
    pub by_type: Vec<(String, u32)>,
}

/// What the system is.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct SystemInformation {
    /// Identifier.
    pub id: String,
    /// Name, in the first language of the feed.
    pub name: String,
    /// Who runs it.
    pub operator: Option<String>,
    /// Zone of its local times.
    pub zone: Zone,
}

/// A type of vehicle.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct VehicleType {
    /// Identifier.
    pub id: String,
    /// Name, in the first language of the feed.
    pub name: Option<String>,
    /// Shape: `bicycle`, `cargo_bicycle`, `car`, `moped`, `scooter_standing`, …
    pub form: String,
    /// What moves it: `human`, `electric_assist`, `electric`, `combustion`, …
    pub propulsion: String,
    /// Farthest it goes on a full charge, in metres.
    pub range: Option<f64>,
}

/// Reads `station_status.json` of a GBFS feed, version 2.0 to 2.3, 3.0 or 3.1.
///
/// Versions differ in names (`num_bikes_available`, `num_vehicles_available`) and times (POSIX seconds, RFC 3339); what comes out
/// is the same. Several readings of it make a [`StationRecord`](crate::mobility::StationRecord).
///
/// # Units
///
/// Times are seconds since 1970 (UTC). The time of the snapshots is the feed's `last_updated`.
///
/// # Missing values
///
/// A station without identifier, number of vehicles or service is left out and listed. Without `last_reported` the snapshot is as
/// old as the feed. Without a number of docks the station has no limit (a virtual station).
///
/// # Errors
///
/// [`ReadError::Unreadable`], [`ReadError::Empty`]; [`ReadError::Malformed`] for what is no JSON, such as a truncated file;
/// [`ReadError::Content`] for another version or another file.
///
/// # Example
///
/// ```
/// use datagora_indicators::mobility::StationState;
/// use datagora_indicators::mobility::io::parse_gbfs_station_status;
///
/// let json = r#"{"last_updated": "2023-07-17T13:34:13+02:00", "ttl": 0, "version": "3.0", "data": {"stations": [
///     {"station_id": "s1", "is_installed": true, "is_renting": true, "is_returning": true, "num_vehicles_available": 0,
///      "num_docks_available": 3, "last_reported": "2023-07-17T13:34:10+02:00"}]}}"#;
/// let feed = parse_gbfs_station_status(json.as_bytes(), "station_status.json")?;
/// let station = &feed.data[0];
/// assert_eq!(station.snapshot.state(), StationState::Empty);
/// assert_eq!(station.snapshot.reported, Some(1_689_593_650));
/// assert!(feed.problems.is_empty());
/// # Ok::<(), datagora_core::io::ReadError>(())
/// ```
///
/// # References
///
/// MobilityData, *General Bikeshare Feed Specification* v2.3 and v3.0, `station_status.json`.
pub fn read_gbfs_station_status(path: impl AsRef<Path>) -> Result<GbfsFeed<Vec<StationStatus>>, ReadError> {
    let (bytes, name) = read_all(path.as_ref())?;
    parse_gbfs_station_status(&bytes, &name)
}

/// The same from bytes; `name` is what problems call them.
///
/// # Errors
///
/// As [`read_gbfs_station_status`].
pub fn parse_gbfs_station_status(
    bytes: &[u8],
    name: &str,
) -> Result<GbfsFeed<Vec<StationStatus>>, ReadError> {
    // The time of the feed is known only when its content is.
    let mut feed = feed(bytes, name, |data, check| entries(data, "stations", "station_id", check, status))?;
    for station in &mut feed.data {
        station.snapshot.time = feed.last_updated;
    }
    Ok(feed)
}

/// Reads `station_information.json` of a GBFS feed: where stations are and how much room they have.
///
/// # Missing values
///
/// A station without identifier, name or position is left out and listed; so is one whose position is not on the globe.
///
/// # Errors
///
/// As [`read_gbfs_station_status`].
///
/// # Example
///
/// ```
/// use datagora_indicators::mobility::io::parse_gbfs_station_information;
///
/// let json = r#"{"last_updated": 1771749873, "ttl": 300, "version": "2.3", "data": {"stations": [
///     {"station_id": "1024", "name": "ROUVILLE", "lat": 45.769684, "lon": 4.824607, "capacity": 17},
///     {"station_id": "1025", "name": "SANS POSITION"}]}}"#;
/// let feed = parse_gbfs_station_information(json.as_bytes(), "station_information.json")?;
/// assert_eq!((feed.data[0].position, feed.data[0].capacity), ([4.824607, 45.769684], Some(17)));
/// assert_eq!((feed.data.len(), feed.problems.count()), (1, 2)); // neither lat nor lon
/// # Ok::<(), datagora_core::io::ReadError>(())
/// ```
pub fn read_gbfs_station_information(
    path: impl AsRef<Path>,
) -> Result<GbfsFeed<Vec<StationInformation>>, ReadError> {
    let (bytes, name) = read_all(path.as_ref())?;
    parse_gbfs_station_information(&bytes, &name)
}

/// The same from bytes; `name` is what problems call them.
///
/// # Errors
///
/// As [`read_gbfs_station_status`].
pub fn parse_gbfs_station_information(
    bytes: &[u8],
    name: &str,
) -> Result<GbfsFeed<Vec<StationInformation>>, ReadError> {
    feed(bytes, name, |data, check| entries(data, "stations", "station_id", check, information))
}

/// Reads `system_information.json` of a GBFS feed: who runs the system, and in which zone.
///
/// # Errors
///
/// As [`read_gbfs_station_status`]; [`ReadError::Content`] also if identifier, name or zone are missing.
///
/// # Example
///
/// ```
/// use datagora_core::Zone;
/// use datagora_indicators::mobility::io::parse_gbfs_system_information;
///
/// let json = r#"{"last_updated": 1771749873, "ttl": 300, "version": "2.3", "data": {"system_id": "velov", "language": "fr",
///     "name": "Vélo'v", "timezone": "Europe/Paris"}}"#;
/// let feed = parse_gbfs_system_information(json.as_bytes(), "system_information.json")?;
/// assert_eq!((feed.data.name.as_str(), feed.data.zone), ("Vélo'v", Zone::PARIS));
/// # Ok::<(), datagora_core::io::ReadError>(())
/// ```
pub fn read_gbfs_system_information(
    path: impl AsRef<Path>,
) -> Result<GbfsFeed<SystemInformation>, ReadError> {
    let (bytes, name) = read_all(path.as_ref())?;
    parse_gbfs_system_information(&bytes, &name)
}

/// The same from bytes; `name` is what problems call them.
///
/// # Errors
///
/// As [`read_gbfs_system_information`].
pub fn parse_gbfs_system_information(
    bytes: &[u8],
    name: &str,
) -> Result<GbfsFeed<SystemInformation>, ReadError> {
    let GbfsFeed { version, last_updated, ttl, data, problems } =
        feed(bytes, name, |data, check| Ok(system(data, check)))?;
    match data {
        Some(data) => Ok(GbfsFeed { version, last_updated, ttl, data, problems }),
        None => Err(ReadError::Content { file: name.to_owned(), report: problems }),
    }
}

/// Reads `vehicle_types.json` of a GBFS feed.
///
/// # Missing values
///
/// A type without identifier, shape or propulsion is left out and listed; shapes and propulsions that the specification does not
/// know are listed and kept.
///
/// # Errors
///
/// As [`read_gbfs_station_status`].
///
/// # Example
///
/// ```
/// use datagora_indicators::mobility::io::parse_gbfs_vehicle_types;
///
/// let json = r#"{"last_updated": 1771749873, "ttl": 300, "version": "2.3", "data": {"vehicle_types": [
///     {"vehicle_type_id": "e", "form_factor": "bicycle", "propulsion_type": "electric_assist", "max_range_meters": 90000}]}}"#;
/// let feed = parse_gbfs_vehicle_types(json.as_bytes(), "vehicle_types.json")?;
/// assert_eq!((feed.data[0].propulsion.as_str(), feed.data[0].range), ("electric_assist", Some(90_000.0)));
/// # Ok::<(), datagora_core::io::ReadError>(())
/// ```
pub fn read_gbfs_vehicle_types(path: impl AsRef<Path>) -> Result<GbfsFeed<Vec<VehicleType>>, ReadError> {
    let (bytes, name) = read_all(path.as_ref())?;
    parse_gbfs_vehicle_types(&bytes, &name)
}

/// The same from bytes; `name` is what problems call them.
///
/// # Errors
///
/// As [`read_gbfs_station_status`].
pub fn parse_gbfs_vehicle_types(bytes: &[u8], name: &str) -> Result<GbfsFeed<Vec<VehicleType>>, ReadError> {
    feed(bytes, name, |data, check| entries(data, "vehicle_types", "vehicle_type_id", check, vehicle))
}

/// The entries of a list, each with an identifier of its own.
fn entries<T>(
    data: &Value,
    list: &str,
    identifier: &str,
    check: &mut Check<'_>,
    read: impl Fn(String, &Value, &mut Check<'_>) -> Option<T>,
) -> Result<Vec<T>, Box<Problem>> {
    let Some(found) = data.get(list).and_then(Value::as_array) else {
        let problem =
            Problem::new("no such list", "the entries of the file").of_kind(ProblemKind::MissingValue);
        return Err(Box::new(problem.in_column(format!("data/{list}"))));
    };
    let mut known = BTreeSet::new();
    let mut entries = Vec::with_capacity(found.len());
    for (row, entry) in found.iter().enumerate() {
        (check.row, check.key) = (Some(row as u64 + 1), None);
        if !entry.is_object() {
            check.wrong(entry, "an object; left out", list);
            continue;
        }
        let Some(id) = check.text(entry, identifier, true) else { continue };
        check.key = Some(id.clone());
        if !known.insert(id.clone()) {
            let problem = Problem::new(format!("“{id}” a second time"), "each once; left out");
            check.add(problem.of_kind(ProblemKind::DuplicateRow), identifier);
            continue;
        }
        entries.extend(read(id, entry, check));
    }
    (check.row, check.key) = (None, None);
    Ok(entries)
}

fn status(id: String, entry: &Value, check: &mut Check<'_>) -> Option<StationStatus> {
    let [bikes, broken] = match check.version {
        GbfsVersion::V2 => ["num_bikes_available", "num_bikes_disabled"],
        GbfsVersion::V3 => ["num_vehicles_available", "num_vehicles_disabled"],
    };
    // All members are looked at before any is missed, so that all problems are told.
    let bikes = check.count(entry, bikes, true);
    let there = entry.get("num_docks_available").is_some_and(|value| !value.is_null());
    let docks = check.count(entry, "num_docks_available", false);
    let installed = check.flag(entry, "is_installed", true);
    let renting = check.flag(entry, "is_renting", true);
    let returning = check.flag(entry, "is_returning", true);
    let reported = check.instant(entry, "last_reported", true);
    let vehicles_disabled = check.count(entry, broken, false);
    let docks_disabled = check.count(entry, "num_docks_disabled", false);
    let mut by_type = Vec::new();
    for kind in entry.get("vehicle_types_available").and_then(Value::as_array).into_iter().flatten() {
        let (kind, count) = (check.text(kind, "vehicle_type_id", true), check.count(kind, "count", true));
        by_type.extend(kind.zip(count));
    }
    if there && docks.is_none() {
        return None;
    }
    let installed = installed?;
    let mut snapshot = Snapshot::new(0, bikes?, docks.unwrap_or(Snapshot::UNLIMITED))
        .with_service(renting? && installed, returning? && installed);
    snapshot.reported = reported;
    Some(StationStatus { id, snapshot, vehicles_disabled, docks_disabled, by_type })
}

fn information(id: String, entry: &Value, check: &mut Check<'_>) -> Option<StationInformation> {
    let name = check.localised(entry, "name", true);
    let (longitude, latitude) = (check.number(entry, "lon", true), check.number(entry, "lat", true));
    let address = check.text(entry, "address", false);
    let capacity = check.count(entry, "capacity", false);
    let is_virtual = check.flag(entry, "is_virtual_station", false).unwrap_or(false);
    let position = [longitude?, latitude?];
    if !(-180.0..=180.0).contains(&position[0]) || !(-90.0..=90.0).contains(&position[1]) {
        let found = format!("({}, {})", position[0], position[1]);
        check.add(Problem::new(found, "longitude and latitude in degrees; left out"), "lon");
        return None;
    }
    Some(StationInformation { id, name: name?, position, address, capacity, is_virtual })
}

fn system(data: &Value, check: &mut Check<'_>) -> Option<SystemInformation> {
    let id = check.text(data, "system_id", true);
    let name = check.localised(data, "name", true);
    let operator = check.localised(data, "operator", false);
    let zone = check.text(data, "timezone", true).and_then(|zone| match Zone::parse(&zone) {
        Ok(zone) => Some(zone),
        Err(error) => {
            let problem = Problem::new(format!("“{zone}”"), error.to_string());
            check.add(problem.of_kind(ProblemKind::UnknownCode), "timezone");
            None
        }
    });
    Some(SystemInformation { id: id?, name: name?, operator, zone: zone? })
}

/// Shapes and propulsions that the versions know.
const FORMS: [&str; 8] =
    ["bicycle", "cargo_bicycle", "car", "moped", "scooter", "scooter_standing", "scooter_seated", "other"];
const PROPULSIONS: [&str; 8] = [
    "human",
    "electric_assist",
    "electric",
    "combustion",
    "combustion_diesel",
    "hybrid",
    "plug_in_hybrid",
    "hydrogen_fuel_cell",
];

fn vehicle(id: String, entry: &Value, check: &mut Check<'_>) -> Option<VehicleType> {
    let mut known = |member: &str, names: &[&str]| {
        let text = check.text(entry, member, true)?;
        if !names.contains(&text.as_str()) {
            let problem = Problem::new(format!("“{text}”"), names.join(", "));
            check.add(problem.of_kind(ProblemKind::UnknownCode), member);
        }
        Some(text)
    };
    let (form, propulsion) = (known("form_factor", &FORMS), known("propulsion_type", &PROPULSIONS));
    let name = check.localised(entry, "name", false);
    let range = check.number(entry, "max_range_meters", false).filter(|range| *range >= 0.0);
    Some(VehicleType { id, name, form: form?, propulsion: propulsion?, range })
}
