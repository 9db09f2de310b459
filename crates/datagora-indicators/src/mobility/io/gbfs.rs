//! GBFS: feeds of shared vehicles.
mod check;
mod feeds;
#[cfg(test)]
mod tests;

use datagora_core::io::ReadError;
use datagora_core::{Problem, ProblemKind, Report};
use serde_json::Value;

use self::check::Check;
use super::file::refused;

pub use feeds::{
    StationInformation, StationStatus, SystemInformation, VehicleType, parse_gbfs_station_information,
    parse_gbfs_station_status, parse_gbfs_system_information, parse_gbfs_vehicle_types,
    read_gbfs_station_information, read_gbfs_station_status, read_gbfs_system_information,
    read_gbfs_vehicle_types,
};

/// A version of the General Bikeshare Feed Specification that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum GbfsVersion {
    /// 2.0 to 2.3: times in POSIX seconds, `num_bikes_available`.
    V2,
    /// 3.0 and 3.1 with its candidates: times in RFC 3339, `num_vehicles_available`, texts by language.
    V3,
}

impl GbfsVersion {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "2.0" | "2.1" | "2.2" | "2.3" => Some(GbfsVersion::V2),
            "3.0" | "3.1" => Some(GbfsVersion::V3),
            _ if text.starts_with("3.0-RC") || text.starts_with("3.1-RC") => Some(GbfsVersion::V3),
            _ if text.starts_with("2.")
                && text[2..].starts_with(['1', '2', '3'])
                && text[3..].starts_with("-RC") =>
            {
                Some(GbfsVersion::V2)
            }
            _ => None,
        }
    }
}

/// One file of a feed.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct GbfsFeed<T> {
    /// Version of the specification.
    pub version: GbfsVersion,
    /// When the data was updated, in seconds since 1970 (UTC).
    pub last_updated: i64,
    /// Seconds until it is updated again; 0 if always.
    pub ttl: u32,
    /// Its content.
    pub data: T,
    /// All that is not as the specification says; entries that could not be used are left out.
    pub problems: Report,
}

/// Reads what all files of a feed have in common; `content` reads what is in `data`.
fn feed<T>(
    bytes: &[u8],
    name: &str,
    content: impl FnOnce(&Value, &mut Check<'_>) -> Result<T, Box<Problem>>,
) -> Result<GbfsFeed<T>, ReadError> {
    if bytes.trim_ascii().is_empty() {
        return Err(ReadError::Empty { file: name.to_owned() });
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let root: Value = serde_json::from_slice(bytes).map_err(|source| ReadError::Malformed {
        file: name.to_owned(),
        needed: "a GBFS file in JSON",
        source: Box::new(source),
    })?;
    const VERSIONS: &str = "GBFS of version 2.0 to 2.3, 3.0 or 3.1";
    let refuse = |found: String| {
        let problem = Problem::new(found, VERSIONS).of_kind(ProblemKind::Unreadable).in_column("version");
        Err(refused(name, problem.in_file(name)))
    };
    let version = match root.get("version").and_then(Value::as_str) {
        Some(text) => match GbfsVersion::parse(text) {
            Some(version) => version,
            None => return refuse(format!("version “{}”", text.chars().take(40).collect::<String>())),
        },
        None => return refuse("no version, as before GBFS 1.1 or in another file".to_owned()),
    };
    let mut check = Check::new(name, version);
    let last_updated = check.instant(&root, "last_updated", true);
    let ttl = check.count(&root, "ttl", true).unwrap_or(0);
    let Some(last_updated) = last_updated else {
        return Err(ReadError::Content { file: name.to_owned(), report: check.problems });
    };
    let data = root.get("data").filter(|data| data.is_object());
    let data = data.ok_or_else(|| {
        let problem =
            Problem::new("no such object", "the content of the file").of_kind(ProblemKind::MissingValue);
        refused(name, problem.in_column("data").in_file(name))
    })?;
    let data = content(data, &mut check).map_err(|problem| refused(name, (*problem).in_file(name)))?;
    Ok(GbfsFeed { version, last_updated, ttl, data, problems: check.problems })
}
