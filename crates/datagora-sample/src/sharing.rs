//! Shared bicycles: what the stations report through a night.
use chrono::{DateTime, Duration, NaiveDate, Utc};
use datagora_core::Crs;
use datagora_geo::GeometryColumn;

use crate::CityPlan;
use crate::land::{Land, LandUse};
use crate::mesh::Mesh;
use crate::names;
use crate::random::Stream;

/// Stations of shared bicycles and one night of their reports.
#[derive(Clone, Debug, PartialEq)]
pub struct Sharing {
    /// Stations, points in CC46.
    pub geometry: GeometryColumn,
    /// Name of each station.
    pub name: Vec<String>,
    /// Docks of each station.
    pub capacity: Vec<u32>,
    /// When the stations were asked: every two minutes from the evening to the morning, with a hole of two hours.
    pub times: Vec<DateTime<Utc>>,
    /// Bicycles by station and time; `None` while a station did not report.
    pub bikes: Vec<Vec<Option<u32>>>,
}

pub(crate) fn sharing(plan: &CityPlan, mesh: &Mesh, land: &Land) -> Sharing {
    let mut stream = Stream::new(plan.seed, "sharing", 0);
    let weights: Vec<f64> = (0..mesh.cells.len())
        .map(|block| if land.uses[block] == LandUse::Built { land.density[block] } else { 0.0 })
        .collect();
    let year = plan.first_year + plan.years as i32 - 1;
    let evening =
        NaiveDate::from_ymd_opt(year, 10, 8).and_then(|date| date.and_hms_opt(16, 40, 0)).unwrap_or_default();
    let times: Vec<DateTime<Utc>> = (0..330)
        .map(|step| evening.and_utc() + Duration::minutes(2 * step))
        .filter(|time| {
            let minutes = (*time - evening.and_utc()).num_minutes();
            !(260..380).contains(&minutes)
        })
        .collect();
    let (mut x, mut y, mut name, mut capacity, mut bikes) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (number, block) in stream.draws(&weights, plan.stations).into_iter().enumerate() {
        let mut stream = Stream::new(plan.seed, "station", number as u64);
        let middle = mesh.middle(block);
        x.push(((middle.x + stream.between(-40.0, 40.0)) * 100.0).round() / 100.0);
        y.push(((middle.y + stream.between(-40.0, 40.0)) * 100.0).round() / 100.0);
        name.push(format!("{:03} – {}", number + 1, names::street(&mut stream)));
        let docks = 12 + 2 * stream.below(12) as u32;
        capacity.push(docks);
        // Towards the centre stations empty in the evening; outside they fill.
        let pull = 0.10 * (land.remoteness(mesh, block) - 0.35);
        let mut stock = f64::from(docks) * stream.between(0.15, 0.85);
        let silent_from = if stream.chance(0.06) { stream.below(times.len()) } else { usize::MAX };
        let silent_to = silent_from.saturating_add(30 + stream.below(90));
        let mut last = evening.and_utc();
        let station = times.iter().enumerate().map(|(step, &time)| {
            let minutes = (time - last).num_minutes() as f64;
            last = time;
            let night = libm::exp(-((time - evening.and_utc()).num_minutes() as f64) / 190.0);
            stock += minutes * (pull * night) + (minutes * 0.22 * night).sqrt() * stream.normal();
            stock = stock.clamp(-0.4, f64::from(docks) + 0.4);
            (!(silent_from..silent_to).contains(&step))
                .then(|| stock.round().clamp(0.0, f64::from(docks)) as u32)
        });
        bikes.push(station.collect());
    }
    Sharing { geometry: GeometryColumn::points(x, y, Crs::CC46), name, capacity, times, bikes }
}
