//! Counters, hour by hour: the rhythms of the day, the week and the year, growth, gaps and outages.
use chrono::{DateTime, Datelike, Duration, NaiveDate, TimeZone, Timelike, Utc, Weekday};
use chrono_tz::Europe::Paris;
use datagora_core::Crs;
use datagora_geo::GeometryColumn;

use crate::CityPlan;
use crate::land::{Land, LandUse};
use crate::mesh::{Mesh, at};
use crate::names;
use crate::random::Stream;

/// Who is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// People on bicycles.
    Bicycle,
    /// Motor vehicles.
    Car,
    /// People on foot.
    Pedestrian,
}

/// Counters, one row each, all over the same hours.
#[derive(Clone, Debug, PartialEq)]
pub struct Sensors {
    /// Points in CC46.
    pub geometry: GeometryColumn,
    /// Where it stands.
    pub name: Vec<String>,
    /// Who is counted.
    pub mode: Vec<Mode>,
    /// Row of the commune.
    pub commune: Vec<u32>,
    /// First hour counted, UTC; each count is of the hour that begins then.
    pub start: DateTime<Utc>,
    /// Counts by sensor, one per hour; NaN where nothing came in. Some outages are recorded as zeros, as in real life.
    pub hourly: Vec<Vec<f32>>,
}

impl Sensors {
    /// Sum of each calendar month (Europe/Paris), by sensor; NaN for a month in which an hour is missing.
    ///
    /// The months are the same for all sensors, the first one is that of [`Sensors::start`].
    pub fn monthly(&self) -> Vec<Vec<f64>> {
        let hours = self.hourly.first().map_or(0, Vec::len);
        let month_of: Vec<usize> = {
            let local = |hour: usize| (self.start + Duration::hours(hour as i64)).with_timezone(&Paris);
            let first = local(0);
            let months = |t: &DateTime<chrono_tz::Tz>| t.year() * 12 + t.month0() as i32;
            (0..hours).map(|hour| (months(&local(hour)) - months(&first)) as usize).collect()
        };
        let months = month_of.last().map_or(0, |last| last + 1);
        let sum = |counts: &Vec<f32>| {
            let mut sums = vec![0.0; months];
            counts.iter().zip(&month_of).for_each(|(&count, &month)| sums[month] += f64::from(count));
            sums
        };
        self.hourly.iter().map(sum).collect()
    }
}

/// Share of a weekday's count in each hour, and of a weekend's. They need not add up to one.
const COMMUTE: [f64; 24] = [
    0.3, 0.2, 0.1, 0.1, 0.2, 0.6, 1.8, 5.0, 9.0, 5.6, 3.3, 3.2, 4.2, 4.2, 3.8, 4.2, 6.4, 9.6, 9.4, 6.0, 3.4,
    2.2, 1.6, 0.8,
];
const LEISURE: [f64; 24] = [
    0.9, 0.6, 0.4, 0.3, 0.2, 0.3, 0.5, 0.9, 1.7, 3.0, 4.4, 5.2, 5.0, 5.0, 5.8, 6.6, 6.9, 6.6, 5.4, 4.0, 2.8,
    2.0, 1.6, 1.2,
];
const TRAFFIC: [f64; 24] = [
    0.8, 0.5, 0.4, 0.4, 0.8, 2.0, 4.4, 6.6, 6.8, 5.4, 5.0, 5.1, 5.3, 5.3, 5.3, 5.7, 6.6, 7.2, 6.8, 5.2, 3.6,
    2.6, 2.0, 1.3,
];
/// Months against the year's mean: bicycles and walking shun winter and August, cars only August.
const BICYCLE_YEAR: [f64; 12] = [0.78, 0.82, 0.95, 1.04, 1.12, 1.24, 1.10, 0.80, 1.26, 1.16, 0.94, 0.79];
const CAR_YEAR: [f64; 12] = [0.97, 0.99, 1.02, 1.01, 1.01, 1.04, 0.97, 0.84, 1.03, 1.05, 1.03, 1.02];

impl Mode {
    fn typical(self) -> f64 {
        match self {
            Mode::Bicycle => 34.0,
            Mode::Car => 420.0,
            Mode::Pedestrian => 95.0,
        }
    }

    /// Growth a year.
    fn growth(self) -> f64 {
        match self {
            Mode::Bicycle => 0.075,
            Mode::Car => -0.014,
            Mode::Pedestrian => 0.01,
        }
    }

    /// How strongly the weather of the day acts.
    fn weather(self) -> f64 {
        match self {
            Mode::Bicycle => 0.17,
            Mode::Car => 0.015,
            Mode::Pedestrian => 0.12,
        }
    }

    fn rhythm(self, weekend: bool, hour: usize) -> f64 {
        match (self, weekend) {
            (Mode::Bicycle, false) => 0.28 * COMMUTE[hour],
            (Mode::Bicycle, true) => 0.19 * LEISURE[hour],
            (Mode::Car, false) => 0.26 * TRAFFIC[hour],
            (Mode::Car, true) => 0.11 * TRAFFIC[hour] + 0.10 * LEISURE[hour],
            (Mode::Pedestrian, false) => 0.12 * COMMUTE[hour] + 0.13 * LEISURE[hour],
            (Mode::Pedestrian, true) => 0.30 * LEISURE[hour],
        }
    }

    fn year(self) -> &'static [f64; 12] {
        match self {
            Mode::Car => &CAR_YEAR,
            Mode::Bicycle | Mode::Pedestrian => &BICYCLE_YEAR,
        }
    }
}

pub(crate) fn sensors(plan: &CityPlan, mesh: &Mesh, land: &Land, commune_of: &[u32]) -> Sensors {
    let start_of = |year| {
        let midnight = NaiveDate::from_ymd_opt(year, 1, 1).and_then(|date| date.and_hms_opt(0, 0, 0));
        midnight.and_then(|local| Paris.from_local_datetime(&local).earliest()).map(|t| t.with_timezone(&Utc))
    };
    let start = start_of(plan.first_year).unwrap_or(DateTime::UNIX_EPOCH);
    let end = start_of(plan.first_year + plan.years as i32).unwrap_or(start);
    let hours = (end - start).num_hours() as usize;

    // What all sensors of a mode share: rhythm, season, growth, the weather of the day.
    let mut stream = Stream::new(plan.seed, "weather", 0);
    let (mut weather, mut last_day) = (0.0, None);
    let modes = [Mode::Bicycle, Mode::Car, Mode::Pedestrian];
    let mut expected = modes.map(|_| Vec::with_capacity(hours));
    for hour in 0..hours {
        let local = (start + Duration::hours(hour as i64)).with_timezone(&Paris);
        let day = local.ordinal();
        if last_day != Some(day) {
            weather = 0.7 * weather + (1.0_f64 - 0.49).sqrt() * stream.normal();
            last_day = Some(day);
        }
        let weekend = matches!(local.weekday(), Weekday::Sat | Weekday::Sun)
            || is_fixed_holiday(local.month(), local.day());
        let years = hour as f64 / 8_766.0;
        // Months flow into each other: the factor is read between the middles of two months.
        let position = f64::from(local.month0()) + (f64::from(local.day()) - 15.5) / 30.5;
        let (below, part) = (position.floor(), position - position.floor());
        for (slot, mode) in expected.iter_mut().zip(modes) {
            let season = |k: f64| mode.year()[(k as i64).rem_euclid(12) as usize];
            let season = season(below) * (1.0 - part) + season(below + 1.0) * part;
            let trend = libm::exp(libm::log(1.0 + mode.growth()) * years);
            let rhythm = mode.rhythm(weekend, local.hour() as usize);
            slot.push((rhythm * season * trend * libm::exp(mode.weather() * weather)) as f32);
        }
    }

    let mut stream = Stream::new(plan.seed, "sensors", 0);
    let weights: Vec<f64> = (0..mesh.cells.len())
        .map(|block| if land.uses[block] == LandUse::Water { 0.0 } else { 0.02 + land.density[block] })
        .collect();
    let (mut x, mut y) = (Vec::new(), Vec::new());
    let (mut name, mut mode, mut commune, mut hourly) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (number, block) in stream.draws(&weights, plan.sensors).into_iter().enumerate() {
        let mut stream = Stream::new(plan.seed, "sensor", number as u64);
        let kind = modes[[0, 0, 1, 0, 1, 2][number % 6]];
        let (i, j) = mesh.cells[block];
        let (a, b) = (mesh.corner((i, j)), mesh.corner((i + 1, j)));
        let t = stream.between(0.2, 0.8);
        let place = at(a.x + t * (b.x - a.x), a.y + t * (b.y - a.y));
        x.push(place.x);
        y.push(place.y);
        name.push(format!("{} – {}", names::street(&mut stream), number + 1));
        mode.push(kind);
        commune.push(commune_of[block]);
        let importance = (0.4 + 1.2 * land.density[block].min(1.0)) * libm::exp(0.6 * stream.normal());
        hourly.push(counts(&mut stream, kind.typical() * importance, &expected[kind as usize]));
    }
    Sensors { geometry: GeometryColumn::points(x, y, Crs::CC46), name, mode, commune, start, hourly }
}

fn counts(stream: &mut Stream, level: f64, expected: &[f32]) -> Vec<f32> {
    let hours = expected.len();
    let mut counts: Vec<f32> =
        expected.iter().map(|&factor| stream.poisson(level * f64::from(factor)) as f32).collect();
    let years = hours as f64 / 8_766.0;
    let mut overwrite = |stream: &mut Stream, length: f64, value: f32| {
        let from = stream.below(hours);
        let to = (from + length as usize).min(hours);
        counts[from..to].fill(value);
    };
    // Gaps: the modem fails for some hours, now and then for weeks.
    for _ in 0..stream.poisson(0.15 * years) {
        let length = libm::exp(stream.between(0.0, libm::log(30.0 * 24.0)));
        overwrite(stream, length, f32::NAN);
    }
    // Outages: the loop is dead, the modem dutifully sends zeros.
    for _ in 0..stream.poisson(0.12 * years) {
        let length = stream.between(20.0, 95.0) * 24.0;
        overwrite(stream, length, 0.0);
    }
    // One counter in ten was installed later.
    if stream.chance(0.1) {
        let installed = (stream.between(0.1, 0.5) * hours as f64) as usize;
        counts[..installed].fill(f32::NAN);
    }
    counts
}

/// Public holidays of fixed date in France; a made city has no movable feasts.
fn is_fixed_holiday(month: u32, day: u32) -> bool {
    matches!((month, day), (1, 1) | (5, 1) | (5, 8) | (7, 14) | (8, 15) | (11, 1) | (11, 11) | (12, 25))
}
