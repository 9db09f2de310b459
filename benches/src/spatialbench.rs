//! Queries of SpatialBench, written as a user of `datagora-geo` writes them: Parquet in, a small table out.
//!
//! The queries are those of the revision of July 2026, whose results have at most 100 rows; the same in SQL are in
//! `benches/peers/spatialbench.py`. Coordinates are degrees, and the queries measure distances in them as if the earth
//! were flat, which [`GeometryColumn`](datagora_geo::GeometryColumn) refuses for a geographic CRS: so the columns are
//! declared to be of a plane of their own.
//!
//! # References
//!
//! Apache Sedona SpatialBench, <https://sedona.apache.org/spatialbench/queries/>.
mod distances;
mod tables;
mod zones;

use std::error::Error;

pub use self::distances::{MeanDistance, NearBuilding, near_buildings, nearest_buildings};
pub use self::zones::{
    ZoneStatistics, ZoneTrips, crossing_trips, mean_trips, trips_in_county, trips_in_zones_of_a_box,
    well_tipped,
};

/// Why a query has no answer.
pub type Failure = Box<dyn Error + Send + Sync>;

/// Most rows of an answer.
const ROWS: usize = 100;
