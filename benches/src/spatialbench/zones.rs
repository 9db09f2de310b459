//! Queries that ask which zone a trip begins or ends in.
use std::path::Path;

use datagora_geo::types::{Rect, coord};
use datagora_geo::{
    Boundary, GeoParquetReadOptions, GeometryColumn, PackedIndex, Predicate, count_within, join_by,
    pairs_within, scan_geoparquet,
};

use super::tables::{Columns, plane};
use super::{Failure, ROWS};

/// A zone and how many trips begin in it.
#[derive(Clone, Debug, PartialEq)]
pub struct ZoneTrips {
    /// `z_zonekey`.
    pub zone: i64,
    /// `z_name`.
    pub name: String,
    /// Number of trips.
    pub trips: u64,
}

/// A zone and means over the trips that begin in it, NaN if there is none.
#[derive(Clone, Debug, PartialEq)]
pub struct ZoneStatistics {
    /// `z_zonekey`.
    pub zone: i64,
    /// `z_name`.
    pub name: String,
    /// Number of trips.
    pub trips: u64,
    /// Mean duration, s.
    pub duration: f64,
    /// Mean of the other column asked for: amount paid, or distance.
    pub mean: f64,
}

/// Zones with their keys and names.
struct Zones {
    key: Vec<i64>,
    name: Vec<String>,
    boundary: GeometryColumn,
}

impl Zones {
    fn take(&self, rows: &[usize]) -> Self {
        Zones {
            key: rows.iter().map(|&row| self.key[row]).collect(),
            name: rows.iter().map(|&row| self.name[row].clone()).collect(),
            boundary: self.boundary.take(rows),
        }
    }
}

/// The zones whose rectangle is as wanted; the others are never built.
fn zones_where(folder: &Path, wanted: impl FnMut(Rect) -> bool + Send + 'static) -> Result<Zones, Failure> {
    let options = GeoParquetReadOptions::default()
        .with_geometry("z_boundary")
        .with_undescribed(plane())
        .with_attributes(["z_zonekey", "z_name"]);
    let scan = scan_geoparquet(folder.join("zone.parquet"), &options)?;
    let zones = scan.where_bounds(wanted).read_rest()?.features;
    let (key, name) = (zones.attributes.integer("z_zonekey")?, zones.attributes.text("z_name")?);
    Ok(Zones {
        key: key.values().to_vec(),
        name: name.iter().map(|name| name.unwrap_or_default().to_owned()).collect(),
        boundary: zones.geometry,
    })
}

fn zones(folder: &Path) -> Result<Zones, Failure> {
    let columns = Columns::read(&folder.join("zone.parquet"), &["z_zonekey", "z_name", "z_boundary"])?;
    Ok(Zones {
        key: columns.keys("z_zonekey")?,
        name: columns.text("z_name")?,
        boundary: columns.geometry("z_boundary")?,
    })
}

/// Q2: how many trips begin in Coconino County.
pub fn trips_in_county(folder: &Path) -> Result<u64, Failure> {
    let zones = folder.join("zone.parquet");
    let names = Columns::read(&zones, &["z_name"])?.text("z_name")?;
    let row = names.iter().position(|name| name == "Coconino County");
    let row = row.ok_or("no zone is named Coconino County")?;
    let none: [&str; 0] = [];
    let options = GeoParquetReadOptions::default()
        .with_geometry("z_boundary")
        .with_undescribed(plane())
        .with_attributes(none)
        .with_rows([row]);
    let county = scan_geoparquet(zones, &options)?.read_rest()?.features.geometry;
    let trips = Columns::read(&folder.join("trip.parquet"), &["t_pickuploc"])?;
    Ok(count_within(&trips.geometry("t_pickuploc")?, &county, Boundary::Covers)?[0])
}

/// Number of highest tips that Q4 asks about.
const TIPS: usize = 1000;

/// Q4: the zones in which the 1,000 trips with the highest tips begin.
pub fn well_tipped(folder: &Path) -> Result<Vec<ZoneTrips>, Failure> {
    let trips = folder.join("trip.parquet");
    let tip = Columns::read(&trips, &["t_tip"])?.numbers("t_tip")?;
    let mut rows = highest(&tip, TIPS);
    if rows.len() > TIPS {
        // Of equal tips, those with the lower keys.
        let key = Columns::read_rows(&trips, &["t_tripkey"], Some(&rows))?.keys("t_tripkey")?;
        let mut keyed: Vec<(usize, i64)> = rows.into_iter().zip(key).collect();
        keyed.sort_by(|a, b| tip[b.0].total_cmp(&tip[a.0]).then(a.1.cmp(&b.1)));
        rows = keyed.into_iter().take(TIPS).map(|(row, _)| row).collect();
    }
    // Only now where these trips begin.
    let none: [&str; 0] = [];
    let options = GeoParquetReadOptions::default()
        .with_geometry("t_pickuploc")
        .with_undescribed(plane())
        .with_attributes(none)
        .with_rows(rows);
    let pickups = scan_geoparquet(trips, &options)?.read_rest()?.features.geometry;
    // Few points and many zones: those without a point in their rectangle need no look at their borders.
    let index = PackedIndex::new(&pickups);
    let zones = zones_where(folder, move |bounds| index.intersects(bounds))?;
    let counts = count_within(&pickups, &zones.boundary, Boundary::Within)?;
    let mut found: Vec<ZoneTrips> = counts
        .iter()
        .enumerate()
        .filter(|(_, trips)| **trips > 0)
        .map(|(row, &trips)| ZoneTrips { zone: zones.key[row], name: zones.name[row].clone(), trips })
        .collect();
    found.sort_by_key(|zone| (std::cmp::Reverse(zone.trips), zone.zone));
    Ok(found)
}

/// Rows with the `count` highest values, and all that equal the least of them; in ascending order.
fn highest(values: &[f64], count: usize) -> Vec<usize> {
    let (mut least, mut limit) = (f64::NEG_INFINITY, 4 * count);
    let mut held: Vec<usize> = Vec::with_capacity(limit);
    let narrow = |held: &mut Vec<usize>| {
        let mut found: Vec<f64> = held.iter().map(|&row| values[row]).collect();
        let least = *found.select_nth_unstable_by(count - 1, |a, b| b.total_cmp(a)).1;
        held.retain(|&row| values[row] >= least);
        least
    };
    for (row, &value) in values.iter().enumerate() {
        if value >= least {
            held.push(row);
            if held.len() == limit {
                least = narrow(&mut held);
                // However many are equal, each is looked at a few times only.
                limit = limit.max(2 * held.len());
            }
        }
    }
    if held.len() > count {
        narrow(&mut held);
    }
    held
}

/// Q6: number, amount paid and duration of the trips that begin in each zone that meets a box around Sedona.
pub fn trips_in_zones_of_a_box(folder: &Path) -> Result<Vec<ZoneStatistics>, Failure> {
    let square = Rect::new(coord! { x: -112.2110, y: 34.4197 }, coord! { x: -111.3110, y: 35.3197 });
    let meets = move |bounds: Rect| {
        bounds.min().x <= square.max().x
            && bounds.max().x >= square.min().x
            && bounds.min().y <= square.max().y
            && bounds.max().y >= square.min().y
    };
    let near = zones_where(folder, meets)?;
    let square = GeometryColumn::new([square.into()], plane());
    let meeting = join_by(&near.boundary, &square, Predicate::Intersects)?;
    let rows: Vec<usize> = meeting.left().iter().map(|&row| row as usize).collect();
    let zones = near.take(&rows);
    let mut found = statistics(folder, zones, "t_totalamount")?;
    found.retain(|zone| zone.trips > 0);
    found.sort_by_key(|zone| (std::cmp::Reverse(zone.trips), zone.zone));
    Ok(found)
}

/// Q10: duration and distance of the trips that begin in each zone, the longest first.
pub fn mean_trips(folder: &Path) -> Result<Vec<ZoneStatistics>, Failure> {
    let mut found = statistics(folder, zones(folder)?, "t_distance")?;
    // Zones without trips come last.
    found.sort_by(|a, b| {
        let (a_none, b_none) = (a.duration.is_nan(), b.duration.is_nan());
        a_none.cmp(&b_none).then(b.duration.total_cmp(&a.duration)).then(a.zone.cmp(&b.zone))
    });
    found.truncate(ROWS);
    Ok(found)
}

/// Means over the trips that begin in each zone.
fn statistics(folder: &Path, zones: Zones, column: &str) -> Result<Vec<ZoneStatistics>, Failure> {
    let wanted = ["t_pickuploc", "t_pickuptime", "t_dropofftime", column];
    let trips = Columns::read(&folder.join("trip.parquet"), &wanted)?;
    let (begin, end) = (trips.seconds("t_pickuptime")?, trips.seconds("t_dropofftime")?);
    let values = trips.numbers(column)?;
    let pairs = pairs_within(&trips.geometry("t_pickuploc")?, &zones.boundary, Boundary::Within)?;
    let (mut count, mut seconds, mut sum) =
        (vec![0u64; zones.key.len()], vec![0.0; zones.key.len()], vec![0.0; zones.key.len()]);
    for (trip, zone) in pairs.iter() {
        let (trip, zone) = (trip as usize, zone as usize);
        count[zone] += 1;
        seconds[zone] += end[trip] - begin[trip];
        sum[zone] += values[trip];
    }
    let row = |(row, name): (usize, String)| {
        let trips = count[row];
        let mean = |sum: f64| sum / trips as f64;
        ZoneStatistics {
            zone: zones.key[row],
            name,
            trips,
            duration: mean(seconds[row]),
            mean: mean(sum[row]),
        }
    };
    Ok(zones.name.into_iter().enumerate().map(row).collect())
}

/// Q11: how many trips begin in one zone and end in another.
pub fn crossing_trips(folder: &Path) -> Result<u64, Failure> {
    let zones = zones(folder)?;
    let trips = Columns::read(&folder.join("trip.parquet"), &["t_pickuploc", "t_dropoffloc"])?;
    let (pickups, dropoffs) = (trips.geometry("t_pickuploc")?, trips.geometry("t_dropoffloc")?);
    // Both at once, so that the zones are prepared once.
    let pairs =
        pairs_within(&GeometryColumn::concat([&pickups, &dropoffs])?, &zones.boundary, Boundary::Within)?;
    let end = pairs.left().partition_point(|&row| (row as usize) < pickups.len());
    let mut ends = pairs.iter().skip(end).map(|(row, zone)| (row - pickups.len() as u32, zone)).peekable();
    // Zones may overlap: a trip counts once for each pair of zones.
    let mut crossing = 0;
    let mut before = (u32::MAX, Vec::new());
    for (trip, from) in pairs.iter().take(end) {
        if before.0 != trip {
            while ends.next_if(|end| end.0 < trip).is_some() {}
            before =
                (trip, std::iter::from_fn(|| ends.next_if(|end| end.0 == trip)).map(|end| end.1).collect());
        }
        let elsewhere = |to: &&u32| zones.key[**to as usize] != zones.key[from as usize];
        crossing += before.1.iter().filter(elsewhere).count() as u64;
    }
    Ok(crossing)
}
