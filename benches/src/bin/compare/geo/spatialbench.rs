//! SpatialBench: trips at scale factor 0.1, buildings at 1, made zones.
use std::process::Command;

use datagora_benches::spatialbench as queries;
use datagora_benches::spatialbench::ZoneStatistics;

use crate::digest::{Digest, checksum};
use crate::inputs::{Inputs, workspace};
use crate::measure::{Measured, Repeat};
use crate::task::Failure;

/// `trip.parquet`, `building.parquet`, `zone.parquet`.
pub(super) fn tables(inputs: &Inputs) -> Result<(), Failure> {
    inputs.once("spatialbench", || {
        let programs = workspace().join("target/peers/bin");
        let ran = |command: &mut Command| -> Result<(), Failure> {
            let output = command.output().map_err(|error| format!("the peers are needed: {error}"))?;
            match output.status.success() {
                true => Ok(()),
                false => Err(String::from_utf8_lossy(&output.stderr).into_owned().into()),
            }
        };
        let (trips, zones) = if inputs.quick { ("0.01", "1600") } else { ("0.1", "20000") };
        for (table, scale) in [("trip", trips), ("building", "1")] {
            let mut generator = Command::new(programs.join("spatialbench-cli"));
            ran(generator.args(["-s", scale, "-T", table, "-f", "parquet", "-o"]).arg(inputs.folder()))?;
        }
        let mut maker = Command::new(programs.join("python"));
        maker.arg(workspace().join("benches/peers/spatialbench_zones.py"));
        ran(maker.arg(inputs.path("trip.parquet")).arg(inputs.path("zone.parquet")).arg(zones))
    })
}

/// The checksum of a column of keys or counts.
fn exact(digest: Digest, place: usize, values: impl Iterator<Item = u64>) -> Digest {
    digest.exact(&format!("column {place}"), checksum(values))
}

/// The sum of a column of numbers.
fn sum(digest: Digest, place: usize, values: impl Iterator<Item = f64>) -> Digest {
    digest.number(&format!("column {place}"), values.filter(|value| !value.is_nan()).sum())
}

fn rows(count: usize) -> Digest {
    Digest::default().exact("rows", count)
}

fn count(found: &u64) -> Digest {
    exact(rows(1), 0, std::iter::once(*found))
}

/// The places are those of the columns in SQL.
fn statistics(found: &[ZoneStatistics], trips_at: usize, duration_at: usize, mean_at: usize) -> Digest {
    let digest = exact(rows(found.len()), 0, found.iter().map(|row| row.zone as u64));
    let digest = exact(digest, trips_at, found.iter().map(|row| row.trips));
    let digest = sum(digest, duration_at, found.iter().map(|row| row.duration));
    sum(digest, mean_at, found.iter().map(|row| row.mean))
}

pub(super) fn q2(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    repeat.measure(|| queries::trips_in_county(inputs.folder()), count)
}

pub(super) fn q4(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    repeat.measure(
        || queries::well_tipped(inputs.folder()),
        |found| {
            let digest = exact(rows(found.len()), 0, found.iter().map(|row| row.zone as u64));
            exact(digest, 2, found.iter().map(|row| row.trips))
        },
    )
}

pub(super) fn q6(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let operation = || queries::trips_in_zones_of_a_box(inputs.folder());
    repeat.measure(operation, |found| statistics(found, 2, 4, 3))
}

pub(super) fn q8(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    repeat.measure(
        || queries::near_buildings(inputs.folder()),
        |found| {
            let digest = exact(rows(found.len()), 0, found.iter().map(|row| row.building as u64));
            exact(digest, 2, found.iter().map(|row| row.trips))
        },
    )
}

pub(super) fn q10(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let operation = || queries::mean_trips(inputs.folder());
    repeat.measure(operation, |found| statistics(found, 4, 2, 3))
}

pub(super) fn q11(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    repeat.measure(|| queries::crossing_trips(inputs.folder()), count)
}

pub(super) fn q12(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    repeat.measure(
        || queries::nearest_buildings(inputs.folder()),
        |found| {
            let digest = exact(rows(found.len()), 0, found.iter().map(|row| row.trip as u64));
            sum(digest, 1, found.iter().map(|row| row.distance))
        },
    )
}
