//! What a year of readings comes down to: its hours.
mod columns;
mod many;

use std::ops::Range;
use std::sync::Arc;

use datagora_core::Zone;

use super::counts::ChannelReadings;
use super::{LocalYear, LocalYearError};
use crate::runs::runs;

pub use columns::HourlyColumns;
pub use many::HourlyYears;

/// The hours of one channel in one local year: volume, seconds observed, largest flow within the hour.
///
/// All that annual indicators need: averages by every method, design hours, peak-hour factors, completeness, profiles.
/// Readings are added in any order; partial years merge in any order and give the same to the bit. Hours can be withdrawn,
/// as if they had never been read, and added anew when data is corrected. Sixteen bytes an hour: the year of
/// 2,000 channels takes 281 MB.
///
/// Values are kept to 2⁻²⁴ of a vehicle (6·10⁻⁸), so that sums are exact: counts lose nothing, and no order matters.
///
/// # Missing values
///
/// NaN is not counted, and its seconds are not observed. An hour is as complete as its seconds.
///
/// # Example
///
/// ```
/// use datagora_core::Zone;
/// use datagora_indicators::mobility::HourlyYear;
///
/// let mut year = HourlyYear::new(2024, Zone::PARIS)?;
/// let t = year.local().start();
/// // Quarters of the first hour, the last of them in a second batch.
/// year.add(&[t, t + 900, t + 1_800], 900, &[120.0, 150.0, 180.0])?;
/// let mut rest = HourlyYear::with_local(year.local().clone());
/// rest.add(&[t + 2_700], 900, &[130.0])?;
/// year.merge(&rest)?;
/// assert_eq!((year.volume(0), year.seconds(0)), (580.0, 3_600));
/// assert_eq!(year.largest_flow(0), 720.0); // per hour
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "HourlyColumns", into = "HourlyColumns"))]
pub struct HourlyYear {
    local: Arc<LocalYear>,
    /// Start of the year, at hand for single readings.
    first: i64,
    hours: Vec<Hour>,
    /// Seconds of each hour that were imputed; empty while none was.
    imputed: Vec<u16>,
}

/// What is kept of an hour. Sums saturate, which keeps them independent of the order.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Hour {
    volume: f64,
    flow: f32,
    seconds: u16,
    readings: u16,
}

/// What became of the readings of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Added {
    /// Counted, at least in part.
    pub counted: u64,
    /// NaN: nothing to count.
    pub missing: u64,
    /// Outside the year.
    pub outside: u64,
    /// Negative, infinite, or above a hundred million.
    pub refused: u64,
}

/// A batch that cannot be added, or years that do not go together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HourlyYearError {
    /// Columns of different lengths.
    #[error("found {starts} starts, {values} values and {channels} channels; each reading has one of each")]
    Lengths {
        /// Starts given.
        starts: usize,
        /// Values given.
        values: usize,
        /// Channels given.
        channels: usize,
    },
    /// Intervals that no hour holds.
    #[error(
        "found intervals of {duration} s; hours are made of intervals from 1 to 3600 s: for daily totals, take monthly averages"
    )]
    Duration {
        /// Seconds.
        duration: u32,
    },
    /// A channel that is not there.
    #[error("found channel {channel} of {channels}; channels count from 0")]
    Channel {
        /// Asked for.
        channel: u32,
        /// How many there are.
        channels: usize,
    },
    /// Another year or zone.
    #[error(
        "found the year {found} in {found_zone}, needed {needed} in {needed_zone}; only the same year merges"
    )]
    OtherYear {
        /// Year of the other.
        found: i32,
        /// Zone of the other.
        found_zone: &'static str,
        /// Year of this one.
        needed: i32,
        /// Zone of this one.
        needed_zone: &'static str,
    },
    /// Columns that are not those of a year.
    #[error(
        "found {found} in column {column}; the columns of a year hold one value an hour, as readings made them"
    )]
    Columns {
        /// Name of the column.
        column: &'static str,
        /// What was found.
        found: String,
    },
    /// There is no such year.
    #[error(transparent)]
    Year(#[from] LocalYearError),
    /// Another number of channels.
    #[error("found {found} channels, needed {needed}; only years of the same channels merge")]
    OtherChannels {
        /// Channels of the other.
        found: usize,
        /// Channels of this one.
        needed: usize,
    },
}

/// Above this no reading is a count; below it, adding [`GRID`] rounds exactly.
const MOST: f64 = 1e8;
/// Adding and subtracting 1.5·2²⁸ rounds to multiples of 2⁻²⁴: 52 bits below its leading one.
const GRID: f64 = 402_653_184.0;
const HOUR: i64 = 3_600;

/// To the nearest multiple of 2⁻²⁴.
#[inline]
fn on_grid(value: f64) -> f64 {
    (value + GRID) - GRID
}

#[inline]
fn is_count(value: f64) -> bool {
    (0.0..MOST).contains(&value)
}

impl Hour {
    /// Volume brought to the full hour; NaN with fewer seconds than `least`, or more than an hour has.
    #[inline]
    fn full(&self, least: f64) -> f64 {
        match i64::from(self.seconds) {
            HOUR => self.volume,
            seconds if seconds > HOUR || (seconds as f64) < least => f64::NAN,
            seconds => self.volume * HOUR as f64 / seconds as f64,
        }
    }

    #[inline]
    fn add(&mut self, other: Hour) {
        self.volume += other.volume;
        self.flow = self.flow.max(other.flow);
        self.seconds = self.seconds.saturating_add(other.seconds);
        self.readings = self.readings.saturating_add(other.readings);
    }
}

/// What the counts of a run come to.
struct Sums {
    volume: f64,
    largest: f64,
    readings: u32,
}

impl Sums {
    /// In four lanes, which give the same as one: sums on the grid are exact.
    #[inline]
    fn of(values: &[f64], added: &mut Added) -> Self {
        let (mut volume, mut largest, mut sound) = ([0.0; 4], [0.0_f64; 4], true);
        let mut chunks = values.chunks_exact(4);
        for chunk in &mut chunks {
            for lane in 0..4 {
                volume[lane] += on_grid(chunk[lane]);
                largest[lane] = if chunk[lane] > largest[lane] { chunk[lane] } else { largest[lane] };
                sound &= is_count(chunk[lane]);
            }
        }
        for (lane, value) in chunks.remainder().iter().enumerate() {
            volume[lane] += on_grid(*value);
            largest[lane] = if *value > largest[lane] { *value } else { largest[lane] };
            sound &= is_count(*value);
        }
        if !sound {
            return Self::of_some(values, added);
        }
        added.counted += values.len() as u64;
        Self {
            volume: (volume[0] + volume[1]) + (volume[2] + volume[3]),
            largest: largest.into_iter().fold(0.0, f64::max),
            readings: values.len() as u32,
        }
    }

    /// Where some are not counts.
    fn of_some(values: &[f64], added: &mut Added) -> Self {
        let mut sums = Self { volume: 0.0, largest: 0.0, readings: 0 };
        for &value in values {
            if is_count(value) {
                sums.volume += on_grid(value);
                sums.largest = sums.largest.max(value);
                sums.readings += 1;
            } else {
                added.not_counted(value);
            }
        }
        added.counted += u64::from(sums.readings);
        sums
    }
}

impl HourlyYear {
    /// A year without readings. For many channels share the calendar: [`HourlyYears`].
    ///
    /// # Errors
    ///
    /// [`LocalYearError`], as [`LocalYear::new`].
    pub fn new(year: i32, zone: Zone) -> Result<Self, LocalYearError> {
        Ok(Self::with_local(Arc::new(LocalYear::new(year, zone)?)))
    }

    /// A year without readings, of this calendar.
    pub fn with_local(local: Arc<LocalYear>) -> Self {
        Self { first: local.start(), hours: vec![Hour::default(); local.hours()], imputed: Vec::new(), local }
    }

    /// Its calendar.
    pub fn local(&self) -> &Arc<LocalYear> {
        &self.local
    }

    /// Adds readings of one length, in any order; fastest in order of time.
    ///
    /// A reading that reaches over the end of an hour is shared out by time; what lies outside the year is left out.
    /// Nothing prevents the same interval from being added twice: [`overfull`](Self::overfull) lists hours with more than
    /// 3,600 seconds.
    ///
    /// # Shapes and units
    ///
    /// Starts in seconds since 1970 (UTC), the length in seconds, one count for each start.
    ///
    /// # Errors
    ///
    /// [`HourlyYearError::Lengths`]; [`HourlyYearError::Duration`] for intervals longer than an hour.
    pub fn add(&mut self, start: &[i64], duration: u32, value: &[f64]) -> Result<Added, HourlyYearError> {
        if start.len() != value.len() {
            let (starts, values) = (start.len(), value.len());
            return Err(HourlyYearError::Lengths { starts, values, channels: starts });
        }
        check_duration(duration)?;
        Ok(self.add_run(start, duration, value))
    }

    /// Adds the readings of a channel of [`Counts`](super::Counts); imputed values are remembered as such.
    ///
    /// Doubtful values count as they are: take [`Counts::without_doubtful`](super::Counts::without_doubtful) first to leave
    /// them out.
    ///
    /// # Errors
    ///
    /// [`HourlyYearError::Duration`] for intervals longer than an hour.
    pub fn add_readings(&mut self, readings: &ChannelReadings<'_>) -> Result<Added, HourlyYearError> {
        readings.duration.iter().try_for_each(|duration| check_duration(*duration))?;
        let mut added = Added::default();
        let like = |row: usize| (readings.duration[row], readings.flag[row].is_imputed());
        for rows in runs(readings.start.len(), |a, b| like(a) == like(b)) {
            let (duration, imputed) = like(rows.start);
            let (start, value) = (&readings.start[rows.clone()], &readings.value[rows]);
            added = added.plus(self.add_run(start, duration, value));
            if imputed {
                self.mark_imputed(start, duration, value);
            }
        }
        Ok(added)
    }

    /// Adds readings of one checked length. Readings of an hour that follow each other are summed before the hour is
    /// touched.
    fn add_run(&mut self, start: &[i64], duration: u32, value: &[f64]) -> Added {
        let mut added = Added::default();
        let first = self.first;
        let room = u64::from(HOUR as u32 - duration);
        let per_hour = HOUR as f64 / f64::from(duration);
        let mut from = 0;
        while from < start.len() {
            let begin = start[from];
            let hour = self.local.hour_at(begin);
            let hour_start = first + HOUR * hour.unwrap_or(0) as i64;
            let Some(hour) = hour.filter(|_| (begin - hour_start) as u64 <= room) else {
                self.add_across(begin, duration, value[from], &mut added);
                from += 1;
                continue;
            };
            let inside = |begin: &&i64| begin.wrapping_sub(hour_start) as u64 <= room;
            let run = start[from..].iter().take_while(inside).count();
            let sums = Sums::of(&value[from..from + run], &mut added);
            let most = u32::from(u16::MAX);
            self.hours[hour].add(Hour {
                volume: sums.volume,
                flow: (sums.largest * per_hour) as f32,
                seconds: sums.readings.saturating_mul(duration).min(most) as u16,
                readings: sums.readings.min(most) as u16,
            });
            from += run;
        }
        added
    }

    /// A reading that does not lie in one hour: a part for each hour of the year that it touches.
    #[cold]
    fn add_across(&mut self, start: i64, duration: u32, value: f64, added: &mut Added) {
        let parts = self.parts(start, duration);
        if parts.is_empty() {
            added.outside += 1;
        } else if !is_count(value) {
            added.not_counted(value);
        } else {
            added.counted += 1;
            for (hour, seconds) in parts {
                self.hours[hour].add(Hour {
                    volume: on_grid(value * f64::from(seconds) / f64::from(duration)),
                    flow: (value * HOUR as f64 / f64::from(duration)) as f32,
                    seconds: seconds as u16,
                    readings: 1,
                });
            }
        }
    }

    /// The hours that an interval of at most an hour touches, and the seconds in each.
    fn parts(&self, start: i64, duration: u32) -> Vec<(usize, u32)> {
        let end = start.saturating_add(i64::from(duration));
        let (from, to) = (start.max(self.local.start()), end.min(self.local.end()));
        let mut parts = Vec::with_capacity(2);
        let mut now = from;
        while now < to {
            let Some(hour) = self.local.hour_at(now) else { break };
            let next = to.min(self.local.start() + HOUR * (hour as i64 + 1));
            parts.push((hour, (next - now) as u32));
            now = next;
        }
        parts
    }

    fn mark_imputed(&mut self, start: &[i64], duration: u32, value: &[f64]) {
        for (start, _) in start.iter().zip(value).filter(|(_, value)| is_count(**value)) {
            for (hour, seconds) in self.parts(*start, duration) {
                // Empty while nothing was imputed, so that equal years are equal.
                self.imputed.resize(self.local.hours(), 0);
                self.imputed[hour] = self.imputed[hour].saturating_add(seconds as u16);
            }
        }
    }

    /// Adds all that another part of the same year holds.
    ///
    /// # Errors
    ///
    /// [`HourlyYearError::OtherYear`] if year or zone differ.
    pub fn merge(&mut self, other: &HourlyYear) -> Result<(), HourlyYearError> {
        self.check_same_year(&other.local)?;
        self.hours.iter_mut().zip(&other.hours).for_each(|(hour, more)| hour.add(*more));
        if !other.imputed.is_empty() {
            self.imputed.resize(self.local.hours(), 0);
            for (seconds, more) in self.imputed.iter_mut().zip(&other.imputed) {
                *seconds = seconds.saturating_add(*more);
            }
        }
        Ok(())
    }

    pub(super) fn check_same_year(&self, other: &LocalYear) -> Result<(), HourlyYearError> {
        self.check_same(other.year(), other.zone())
    }

    fn check_same(&self, year: i32, zone: Zone) -> Result<(), HourlyYearError> {
        if (year, zone) == (self.local.year(), self.local.zone()) {
            return Ok(());
        }
        Err(HourlyYearError::OtherYear {
            found: year,
            found_zone: zone.name(),
            needed: self.local.year(),
            needed_zone: self.local.zone().name(),
        })
    }

    /// Makes hours as if nothing had ever been read of them; positions beyond the year are ignored.
    ///
    /// To correct data, withdraw the hours it touches and add what is right: the result is that of reading the year anew.
    pub fn withdraw(&mut self, hours: Range<usize>) {
        let all = self.local.hours();
        let hours = hours.start.min(all)..hours.end.min(all);
        if hours.start >= hours.end {
            return;
        }
        self.hours[hours.clone()].fill(Hour::default());
        if !self.imputed.is_empty() {
            self.imputed[hours].fill(0);
            if self.imputed.iter().all(|seconds| *seconds == 0) {
                self.imputed = Vec::new();
            }
        }
    }

    /// Withdraws every hour that a stretch of time touches, in seconds since 1970 (UTC), and tells which.
    pub fn withdraw_time(&mut self, time: Range<i64>) -> Range<usize> {
        let (from, to) = (time.start.max(self.local.start()), time.end.min(self.local.end()));
        if from >= to {
            return 0..0;
        }
        let hour = |since: i64| (since / HOUR) as usize;
        let touched = hour(from - self.local.start())..hour(to - self.local.start() + HOUR - 1);
        self.withdraw(touched.clone());
        touched
    }

    /// What passed in the observed seconds of an hour.
    ///
    /// # Panics
    ///
    /// If the year has no such hour, as in the other methods that take one.
    pub fn volume(&self, hour: usize) -> f64 {
        self.hours[hour].volume
    }

    /// Seconds observed in an hour.
    pub fn seconds(&self, hour: usize) -> u32 {
        u32::from(self.hours[hour].seconds)
    }

    /// Readings that make up an hour.
    pub fn readings(&self, hour: usize) -> u32 {
        u32::from(self.hours[hour].readings)
    }

    /// Largest flow of a reading within an hour, per hour.
    pub fn largest_flow(&self, hour: usize) -> f64 {
        f64::from(self.hours[hour].flow)
    }

    /// Hours with more than 3,600 seconds: intervals that were added twice.
    pub fn overfull(&self) -> Vec<usize> {
        (0..self.local.hours()).filter(|hour| i64::from(self.hours[*hour].seconds) > HOUR).collect()
    }

    /// Volume of every hour of which at least this share was observed (0 to 1), brought to the full hour; NaN for the
    /// others.
    ///
    /// Hours that are overfull are NaN as well: what was added twice is not known.
    pub fn volumes(&self, least_share: f64) -> Vec<f64> {
        let least = (least_share.clamp(0.0, 1.0) * HOUR as f64).max(1.0);
        self.hours.iter().map(|hour| hour.full(least)).collect()
    }

    /// Sum of the volumes of some hours, all of them observed whole; NaN if one is not.
    pub(super) fn total(&self, hours: Range<usize>) -> f64 {
        self.hours[hours].iter().map(|hour| hour.full(HOUR as f64)).sum()
    }

    /// Share of the year's seconds that were observed, 0 to 1.
    pub fn completeness(&self) -> f64 {
        let observed: i64 = self.hours.iter().map(|hour| i64::from(hour.seconds).min(HOUR)).sum();
        observed as f64 / (HOUR * self.local.hours() as i64) as f64
    }

    /// Share of the observed seconds that were imputed, 0 to 1.
    pub fn imputed_share(&self) -> f64 {
        let observed: u64 = self.hours.iter().map(|hour| u64::from(hour.seconds)).sum();
        let imputed: u64 = self.imputed.iter().map(|seconds| u64::from(*seconds)).sum();
        if observed == 0 { 0.0 } else { (imputed as f64 / observed as f64).min(1.0) }
    }
}

impl Added {
    fn not_counted(&mut self, value: f64) {
        if value.is_nan() {
            self.missing += 1;
        } else {
            self.refused += 1;
        }
    }

    /// Both batches together.
    pub fn plus(self, other: Self) -> Self {
        Self {
            counted: self.counted + other.counted,
            missing: self.missing + other.missing,
            outside: self.outside + other.outside,
            refused: self.refused + other.refused,
        }
    }
}

fn check_duration(duration: u32) -> Result<(), HourlyYearError> {
    match duration {
        1..=3_600 => Ok(()),
        _ => Err(HourlyYearError::Duration { duration }),
    }
}

#[cfg(test)]
mod tests;
