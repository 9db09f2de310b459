//! Queries that ask which buildings are near a trip.
use std::path::Path;

use datagora_geo::types::{Geometry, Rect, coord};
use datagora_geo::{Boundary, GeometryColumn, Metric, NearestOptions, distance, nearest, pairs_within};

use super::tables::Columns;
use super::{Failure, ROWS};

/// A building and how many trips begin near it.
#[derive(Clone, Debug, PartialEq)]
pub struct NearBuilding {
    /// `b_buildingkey`.
    pub building: i64,
    /// `b_name`.
    pub name: String,
    /// Number of trips.
    pub trips: u64,
}

/// A trip and how far the nearest buildings are.
#[derive(Clone, Debug, PartialEq)]
pub struct MeanDistance {
    /// `t_tripkey`.
    pub trip: i64,
    /// Mean distance to the five nearest buildings, degrees.
    pub distance: f64,
}

/// About 500 m, in degrees: the unit of the numbers of the plane.
const NEAR: f64 = 0.0045;

/// A rectangle that holds all that is near to what another holds, and a bit more for rounding.
fn surroundings(bounds: Rect) -> Geometry {
    let reach = coord! { x: NEAR, y: NEAR } * (1.0 + 1e-9);
    Rect::new(bounds.min() - reach, bounds.max() + reach).into()
}

/// Q8: the buildings with the most trips that begin near them.
pub fn near_buildings(folder: &Path) -> Result<Vec<NearBuilding>, Failure> {
    let buildings = ["b_buildingkey", "b_name", "b_boundary"];
    let buildings = Columns::read(&folder.join("building.parquet"), &buildings)?;
    let trips = Columns::read(&folder.join("trip.parquet"), &["t_pickuploc"])?;
    let (boundary, pickups) = (buildings.geometry("b_boundary")?, trips.geometry("t_pickuploc")?);
    // Most trips are near no building: those in a rectangle around one are few, and their distances soon taken.
    let around = (0..boundary.len()).map(|row| boundary.row_bounds(row).map(surroundings));
    let around = GeometryColumn::from_options(around, boundary.crs().clone());
    let pairs = pairs_within(&pickups, &around, Boundary::Covers)?;
    let rows = |rows: &[u32]| -> Vec<usize> { rows.iter().map(|&row| row as usize).collect() };
    let gaps =
        distance(&pickups.take(&rows(pairs.left())), &boundary.take(&rows(pairs.right())), Metric::Planar)?;
    let mut counts = vec![0; boundary.len()];
    let near = pairs.right().iter().zip(gaps).filter(|(_, gap)| *gap <= NEAR);
    near.for_each(|(&row, _)| counts[row as usize] += 1);
    let (key, name) = (buildings.keys("b_buildingkey")?, buildings.text("b_name")?);
    let all = key.into_iter().zip(name).zip(counts);
    let all = all.map(|((building, name), trips)| NearBuilding { building, name, trips });
    let mut near: Vec<NearBuilding> = all.filter(|near| near.trips > 0).collect();
    near.sort_by_key(|near| (std::cmp::Reverse(near.trips), near.building));
    near.truncate(ROWS);
    Ok(near)
}

/// Q12: the trips that begin farthest from their five nearest buildings.
pub fn nearest_buildings(folder: &Path) -> Result<Vec<MeanDistance>, Failure> {
    let buildings = Columns::read(&folder.join("building.parquet"), &["b_boundary"])?;
    let trips = Columns::read(&folder.join("trip.parquet"), &["t_tripkey", "t_pickuploc"])?;
    let (boundary, pickups) = (buildings.geometry("b_boundary")?, trips.geometry("t_pickuploc")?);
    let found = nearest(&pickups, &boundary, NearestOptions::default().with_k(5))?;
    let mean = |(row, trip): (usize, i64)| {
        let distances = found.distances(row);
        MeanDistance { trip, distance: distances.iter().sum::<f64>() / distances.len() as f64 }
    };
    let mut means: Vec<MeanDistance> = trips.keys("t_tripkey")?.into_iter().enumerate().map(mean).collect();
    means.sort_by(|a, b| b.distance.total_cmp(&a.distance).then(a.trip.cmp(&b.trip)));
    means.truncate(ROWS);
    Ok(means)
}
