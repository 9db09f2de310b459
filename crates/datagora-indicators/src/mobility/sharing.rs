//! Shared bicycles: how long a station was empty, full, or silent.
mod demand;
mod turnover;

use std::collections::BTreeMap;
use std::ops::Range;

use datagora_core::{Interval, Measured, Suppression, Unit};

pub use demand::{Demand, DemandError, Need};
pub use turnover::{Turnover, system_turnover};

/// What a station said at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Snapshot {
    /// When it was read, in seconds (POSIX time).
    pub time: i64,
    /// When the station itself last reported, if the feed says so; an old report is no news, however often it is read.
    pub reported: Option<i64>,
    /// Vehicles that can be taken.
    pub bikes: u32,
    /// Docks where one can be returned; [`Snapshot::UNLIMITED`] where docks do not limit returns.
    pub docks: u32,
    /// Does the station give vehicles out?
    pub renting: bool,
    /// Does it take them back?
    pub returning: bool,
}

impl Snapshot {
    /// Free docks of a station that takes any number of vehicles, such as a virtual one.
    pub const UNLIMITED: u32 = u32::MAX;

    /// A snapshot of a station that works.
    pub fn new(time: i64, bikes: u32, docks: u32) -> Self {
        Self { time, reported: None, bikes, docks, renting: true, returning: true }
    }

    /// Whether it gives and takes vehicles.
    pub fn with_service(self, renting: bool, returning: bool) -> Self {
        Self { renting, returning, ..self }
    }

    /// With the time of the station's own report.
    pub fn with_reported(self, reported: i64) -> Self {
        Self { reported: Some(reported), ..self }
    }

    /// What a citizen in front of it can do.
    pub fn state(&self) -> StationState {
        let (takes, gives) = (self.returning && self.docks > 0, self.renting && self.bikes > 0);
        match (self.renting, self.returning) {
            (false, false) => StationState::Closed,
            _ if self.bikes == 0 && self.docks == 0 => StationState::Closed,
            (true, _) if !gives => StationState::Empty,
            (_, true) if !takes => StationState::Full,
            _ => StationState::Available,
        }
    }
}

/// State of a station.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum StationState {
    /// No vehicle to take, though it rents.
    Empty,
    /// Vehicles to take and room to return one, or one of them where the station offers only that.
    Available,
    /// No dock to return to, though it takes returns.
    Full,
    /// Neither rents nor takes returns, or has neither a vehicle nor a free dock.
    Closed,
    /// Nothing is known: no snapshot, or too old a one.
    Unknown,
}

/// When a snapshot is too old.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct SharingOptions {
    /// Seconds for which a snapshot tells the state; then it is unknown until the next.
    pub max_age: i64,
}

impl Default for SharingOptions {
    /// Ten minutes.
    fn default() -> Self {
        Self { max_age: 600 }
    }
}

impl SharingOptions {
    /// With this age in seconds.
    pub fn with_max_age(mut self, max_age: i64) -> Self {
        self.max_age = max_age;
        self
    }
}

/// A stretch of time in one state; the end is excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct StateSpan {
    /// Start, in seconds.
    pub from: i64,
    /// End, in seconds.
    pub to: i64,
    /// State.
    pub state: StationState,
    /// Vehicles, if known.
    pub bikes: Option<u32>,
    /// Free docks, if known.
    pub docks: Option<u32>,
}

impl StateSpan {
    fn seconds(&self) -> f64 {
        (self.to - self.from) as f64
    }
}

/// The snapshots of one station, in order of time.
///
/// Of several snapshots of the same second, the last one given counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct StationRecord {
    snapshots: Vec<Snapshot>,
}

/// One station through a period.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct StationSummary {
    /// Percent of the known time without a vehicle; the interval lets the unknown time be all or nothing.
    pub empty: Measured,
    /// Percent of the known time without a free dock.
    pub full: Measured,
    /// Percent of the known time out of service.
    pub closed: Measured,
    /// Percent of the period in which nothing is known.
    pub unknown: Measured,
    /// Vehicles on average over the known time.
    pub stock: Measured,
    /// Percent of the places in service that held a vehicle, `bikes / (bikes + docks)`, on average over the known time in
    /// which there were places; the interval lets the rest of the time be 0 or 100 %.
    pub load: Measured,
    /// Vehicles that left, at the least: what came and went between two snapshots is not seen.
    pub departures: u64,
    /// Vehicles that arrived, at the least.
    pub arrivals: u64,
    /// `|arrivals − departures| / (arrivals + departures)` of these: 0 balanced, 1 all one way.
    pub imbalance: Measured,
}

/// How many stations were in each state at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SystemStates {
    /// The moment, in seconds.
    pub time: i64,
    /// Stations without a vehicle.
    pub empty: usize,
    /// Stations with both.
    pub available: usize,
    /// Stations without a free dock.
    pub full: usize,
    /// Stations out of service.
    pub closed: usize,
    /// Stations of which nothing is known.
    pub unknown: usize,
    /// Vehicles at the stations that are known.
    pub bikes: u64,
}

impl StationRecord {
    /// The record of these snapshots, in any order.
    pub fn new(mut snapshots: Vec<Snapshot>) -> Self {
        snapshots.sort_by_key(|snapshot| snapshot.time);
        let mut kept: Vec<Snapshot> = Vec::with_capacity(snapshots.len());
        for snapshot in snapshots {
            match kept.last_mut() {
                Some(last) if last.time == snapshot.time => *last = snapshot,
                _ => kept.push(snapshot),
            }
        }
        Self { snapshots: kept }
    }

    /// The records of all stations, from rows in any order.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_indicators::mobility::{Snapshot, StationRecord};
    ///
    /// let rows = [("b", Snapshot::new(0, 3, 2)), ("a", Snapshot::new(0, 1, 9)), ("b", Snapshot::new(60, 2, 3))];
    /// let records = StationRecord::by_station(rows);
    /// assert_eq!(records["b"].snapshots().len(), 2);
    /// ```
    pub fn by_station<S: Into<String>>(
        rows: impl IntoIterator<Item = (S, Snapshot)>,
    ) -> BTreeMap<String, StationRecord> {
        let mut stations: BTreeMap<String, Vec<Snapshot>> = BTreeMap::new();
        for (station, snapshot) in rows {
            stations.entry(station.into()).or_default().push(snapshot);
        }
        stations.into_iter().map(|(station, snapshots)| (station, Self::new(snapshots))).collect()
    }

    /// The snapshots, in order of time.
    pub fn snapshots(&self) -> &[Snapshot] {
        &self.snapshots
    }

    /// State and vehicles at a moment: those of the last snapshot, unless it is too old.
    pub fn at(&self, time: i64, options: &SharingOptions) -> (StationState, Option<u32>) {
        let next = self.snapshots.partition_point(|snapshot| snapshot.time <= time);
        match next.checked_sub(1).map(|last| &self.snapshots[last]) {
            Some(last) if time < known_until(last, options) => (last.state(), Some(last.bikes)),
            _ => (StationState::Unknown, None),
        }
    }

    /// The period as spans of one state and stock each, without gaps: where nothing is known, that is the state.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_indicators::mobility::{SharingOptions, Snapshot, StationRecord, StationState};
    ///
    /// // Read every minute, then nothing for an hour.
    /// let record = StationRecord::new(vec![Snapshot::new(0, 0, 20), Snapshot::new(60, 0, 20), Snapshot::new(3_660, 4, 16)]);
    /// let states: Vec<_> = record.spans(0..3_700, &SharingOptions::default()).iter().map(|s| (s.to, s.state)).collect();
    /// use StationState::{Available, Empty, Unknown};
    /// assert_eq!(states, [(60, Empty), (660, Empty), (3_660, Unknown), (3_700, Available)]);
    /// ```
    pub fn spans(&self, period: Range<i64>, options: &SharingOptions) -> Vec<StateSpan> {
        self.known(period, options)
            .into_iter()
            .map(|(span, known)| StateSpan {
                from: span.start,
                to: span.end,
                state: known.map_or(StationState::Unknown, Snapshot::state),
                bikes: known.map(|snapshot| snapshot.bikes),
                docks: known.map(|snapshot| snapshot.docks),
            })
            .collect()
    }

    /// The period in pieces without gaps, each with the snapshot that holds, if any does.
    fn known(&self, period: Range<i64>, options: &SharingOptions) -> Vec<(Range<i64>, Option<&Snapshot>)> {
        let mut pieces = Vec::new();
        let mut now = period.start;
        let mut push = |from: i64, to: i64, known| {
            if from < to {
                pieces.push((from..to, known));
            }
        };
        for (i, snapshot) in self.snapshots.iter().enumerate() {
            let next = self.snapshots.get(i + 1).map_or(i64::MAX, |next| next.time);
            let start = snapshot.time.max(period.start);
            let end = known_until(snapshot, options).min(next).min(period.end);
            if end <= start {
                continue;
            }
            push(now, start, None);
            push(start, end, Some(snapshot));
            now = end;
        }
        push(now, period.end, None);
        pieces
    }

    /// What came and went between the snapshots of a period.
    fn movements(&self, period: &Range<i64>) -> Movements {
        let inside = || self.snapshots.iter().filter(|snapshot| period.contains(&snapshot.time));
        let mut found = Movements { departures: 0, arrivals: 0, seen: inside().count() as u64 };
        for (before, after) in inside().zip(inside().skip(1)) {
            found.departures += u64::from(before.bikes.saturating_sub(after.bikes));
            found.arrivals += u64::from(after.bikes.saturating_sub(before.bikes));
        }
        found
    }

    /// Time empty, full, closed and unknown; stock, movements and imbalance over a period.
    ///
    /// Each snapshot tells the state until the next, for at most `max_age` seconds (last observation carried forward).
    ///
    /// # Missing values
    ///
    /// Unknown time is left out of the shares and reported; the interval of a share holds for certain, whatever happened
    /// in the unknown time. Without any known time the values are suppressed. Movements across a gap count with their net
    /// change, which is still a lower bound.
    ///
    /// # Interpretation
    ///
    /// A station empty in the morning rush fails more people than one empty at night: look at the time of day as well.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_indicators::mobility::{SharingOptions, Snapshot, StationRecord};
    ///
    /// let record = StationRecord::new(vec![Snapshot::new(0, 0, 20), Snapshot::new(300, 5, 15)]);
    /// let night = record.summary(0..600, &SharingOptions::default());
    /// assert_eq!(night.empty.value(), Some(50.0));
    /// assert_eq!(night.arrivals, 5);
    /// ```
    ///
    /// # References
    ///
    /// MobilityData, *General Bikeshare Feed Specification* v3.0, `station_status.json`.
    pub fn summary(&self, period: Range<i64>, options: &SharingOptions) -> StationSummary {
        let spans = self.spans(period.clone(), options);
        let length: f64 = spans.iter().map(StateSpan::seconds).sum();
        let spent = |state: StationState| {
            // Of no span the sum is −0; a share of the time is 0.
            spans.iter().filter(|span| span.state == state).map(StateSpan::seconds).sum::<f64>() + 0.0
        };
        let unknown = spent(StationState::Unknown);
        let known = length - unknown;
        let Movements { departures, arrivals, seen } = self.movements(&period);
        let measured = |unit: Unit, value: f64| {
            if known > 0.0 {
                Measured::new(value, unit)
            } else {
                Measured::suppressed(unit, Suppression::Incomplete { needed: 0.0 })
            }
            .with_observations(seen)
            .with_completeness(if length > 0.0 { known / length } else { 0.0 })
        };
        let share = |state: StationState| share_of(spent(state), known, length).with_observations(seen);
        let vehicle_seconds: f64 = spans.iter().filter_map(|s| Some(f64::from(s.bikes?) * s.seconds())).sum();
        let limited = spans.iter().filter(|span| span.docks != Some(Snapshot::UNLIMITED));
        let loads = limited.filter_map(|span| {
            let (bikes, docks) = (f64::from(span.bikes?), f64::from(span.docks?));
            (bikes + docks > 0.0).then(|| (bikes / (bikes + docks) * span.seconds(), span.seconds()))
        });
        let (loaded, in_service) =
            loads.fold((0.0, 0.0), |sums, (load, time)| (sums.0 + load, sums.1 + time));
        let moved = (arrivals + departures) as f64;
        let imbalance = if moved > 0.0 {
            Measured::new(arrivals.abs_diff(departures) as f64 / moved, Unit::ONE)
                .with_observations(arrivals + departures)
                .with_completeness(if length > 0.0 { known / length } else { 0.0 })
        } else {
            let reason = "no vehicle was seen to come or go".to_owned();
            Measured::suppressed(Unit::ONE, Suppression::Undefined { reason })
        };
        StationSummary {
            empty: share(StationState::Empty),
            full: share(StationState::Full),
            closed: share(StationState::Closed),
            unknown: Measured::new(
                if length > 0.0 { 100.0 * unknown / length } else { 100.0 },
                Unit::PERCENT,
            )
            .with_observations(seen),
            stock: measured(Unit::of("{vehicle}"), vehicle_seconds / known),
            load: share_of(loaded, in_service, length).with_observations(seen),
            departures,
            arrivals,
            imbalance,
        }
    }
}

/// Net changes between neighbouring snapshots, and how many snapshots there are.
struct Movements {
    departures: u64,
    arrivals: u64,
    seen: u64,
}

/// The first second at which a snapshot no longer tells the state.
fn known_until(snapshot: &Snapshot, options: &SharingOptions) -> i64 {
    let news = snapshot.reported.unwrap_or(snapshot.time).min(snapshot.time);
    news.saturating_add(options.max_age)
}

/// Percent that a part is of what is known, with the bounds that hold if the rest of all is nothing or all of it.
fn share_of(part: f64, known: f64, all: f64) -> Measured {
    let found = if known > 0.0 {
        Measured::new(100.0 * part / known, Unit::PERCENT).with_interval(Interval {
            lower: 100.0 * part / all,
            upper: 100.0 * (part + (all - known)) / all,
            level: None,
        })
    } else {
        Measured::suppressed(Unit::PERCENT, Suppression::Incomplete { needed: 0.0 })
    };
    found.with_completeness(if all > 0.0 { known / all } else { 0.0 })
}

/// How many stations are in each state, every `step` seconds of a period.
///
/// # Missing values
///
/// A station without fresh snapshot is unknown; so in a hole of the recording all stations are, and none is empty.
///
/// # Example
///
/// ```
/// use datagora_indicators::mobility::{SharingOptions, Snapshot, StationRecord, system_states};
///
/// let records = [StationRecord::new(vec![Snapshot::new(0, 0, 9)]), StationRecord::new(vec![Snapshot::new(0, 4, 5)])];
/// let states = system_states(&records, 0..1_200, 600, &SharingOptions::default());
/// assert_eq!((states[0].empty, states[0].available, states[0].bikes), (1, 1, 4));
/// assert_eq!((states[1].empty, states[1].unknown), (0, 2));
/// ```
pub fn system_states<'a>(
    stations: impl IntoIterator<Item = &'a StationRecord>,
    period: Range<i64>,
    step: u32,
    options: &SharingOptions,
) -> Vec<SystemStates> {
    let mut states: Vec<SystemStates> = period
        .step_by(step.max(1) as usize)
        .map(|time| SystemStates { time, ..SystemStates::default() })
        .collect();
    for station in stations {
        for moment in &mut states {
            let (state, bikes) = station.at(moment.time, options);
            *match state {
                StationState::Empty => &mut moment.empty,
                StationState::Available => &mut moment.available,
                StationState::Full => &mut moment.full,
                StationState::Closed => &mut moment.closed,
                StationState::Unknown => &mut moment.unknown,
            } += 1;
            moment.bikes += u64::from(bikes.unwrap_or(0));
        }
    }
    states
}

#[cfg(test)]
mod tests;
