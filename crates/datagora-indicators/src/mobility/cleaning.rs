//! What was recorded but hardly counted: found, flagged, listed; filled only on request.
mod filled;
mod impute;
mod model;
mod usual;

use std::fmt;
use std::ops::Range;

use super::counts::{ChannelReadings, Counts, Doubt, Flag, clock};
use crate::runs::runs;
use usual::Usual;

pub use filled::{Filled, FilledValue};
pub use impute::{ImputeMethod, ImputeOptions};

/// A stretch of readings of one channel that are not to be trusted, or are not there.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Fault {
    /// Position of the channel.
    pub channel: usize,
    /// What is wrong.
    pub kind: FaultKind,
    /// Its readings, counted from the first of the channel; empty where there are none.
    pub rows: Range<usize>,
    /// When it begins, in seconds since 1970 (UTC).
    pub from: i64,
    /// When it ends; the end does not belong to it.
    pub to: i64,
    /// What was recorded in that time; for another device, in the four weeks after.
    pub found: f64,
    /// What is usual in that time; for another device, what was recorded in the four weeks before. NaN if not known.
    pub usual: f64,
}

/// What can be wrong with readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum FaultKind {
    /// Nothing was counted, and says so.
    Missing,
    /// There is no reading between two others.
    Gap,
    /// Zeros where many pass: an outage recorded as a count.
    Zeros,
    /// One number again and again.
    Stuck,
    /// Far more than the channel ever counts at that time of the week.
    Spike,
    /// The numbers of the day or week before.
    Copied,
    /// Another device counts from here on. Nothing is wrong by itself: compare both sides.
    NewDevice,
}

impl FaultKind {
    /// The doubt it casts on its readings, if any.
    pub fn doubt(self) -> Option<Doubt> {
        match self {
            FaultKind::Zeros => Some(Doubt::Zeros),
            FaultKind::Stuck => Some(Doubt::Stuck),
            FaultKind::Spike => Some(Doubt::Spike),
            FaultKind::Copied => Some(Doubt::Copied),
            FaultKind::Missing | FaultKind::Gap | FaultKind::NewDevice => None,
        }
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            FaultKind::Missing => "not counted",
            FaultKind::Gap => "no reading",
            FaultKind::Zeros => "zeros",
            FaultKind::Stuck => "stuck",
            FaultKind::Spike => "spike",
            FaultKind::Copied => "copied",
            FaultKind::NewDevice => "another device",
        })
    }
}

impl Fault {
    /// One line for a list: channel, time, what is wrong, what was found and what is usual.
    pub fn describe(&self, counts: &Counts) -> String {
        let channel = counts.channels().get(self.channel).map_or("?", |channel| channel.id.as_str());
        let (from, to) = (clock(counts.zone(), self.from), clock(counts.zone(), self.to));
        let usual =
            if self.usual.is_nan() { String::new() } else { format!(" where {:.0} is usual", self.usual) };
        format!("channel {channel}, {from} to {to}: {}, {:.0}{usual}", self.kind, self.found)
    }
}

/// What counts as a fault. The thresholds are ours; a chance is that of ordinary traffic doing the same by accident.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct CleaningOptions {
    /// Zeros in a row are an outage if at least this many usually pass in that time; infinite turns the test off.
    pub zeros_usual: f64,
    /// Equal numbers, or the numbers of the day or week before, are a fault if chance does that less often; 0 turns
    /// both tests off.
    pub chance: f64,
    /// A value above so many times the 95 % quantile of its hour of the week and the hours around is a spike; infinite
    /// turns the test off.
    pub spike_ratio: f64,
    /// Smaller values are never spikes.
    pub spike_least: f64,
}

impl Default for CleaningOptions {
    /// Thirty usually pass; a chance of one in a thousand million; five times the 95 % quantile, from 50 on.
    fn default() -> Self {
        Self { zeros_usual: 30.0, chance: 1e-9, spike_ratio: 5.0, spike_least: 50.0 }
    }
}

impl CleaningOptions {
    /// With zeros where so many usually pass.
    pub fn with_zeros_usual(self, zeros_usual: f64) -> Self {
        Self { zeros_usual, ..self }
    }

    /// With this chance.
    pub fn with_chance(self, chance: f64) -> Self {
        Self { chance, ..self }
    }

    /// With this ratio to the 95 % quantile.
    pub fn with_spike_ratio(self, spike_ratio: f64) -> Self {
        Self { spike_ratio, ..self }
    }

    /// With spikes from this value on.
    pub fn with_spike_least(self, spike_least: f64) -> Self {
        Self { spike_least, ..self }
    }
}

/// Finds outages, stuck and copied values, spikes, missing intervals and changes of device, by channel and time.
///
/// Usual is what the channel counts at that hour of the week: the median over all weeks, days without any count left
/// out.
///
/// * **Zeros** – a run of zeros in which at least `zeros_usual` usually pass. Zeros of a quiet night are none.
/// * **Stuck** – a run of one number `v ≥ 1`. The most likely number of a Poisson count of mean `v` has a probability of
///   about `1/√(2πv)`; a run of `n` is a fault if that to the power `n − 1` is below `chance`: 24 ones, 12 tens, 8
///   hundreds.
/// * **Copied** – a run equal to that of one day, or seven days, before, by the same reckoning for each value; zeros
///   count for nothing.
/// * **Spike** – above `spike_ratio` times the 95 % quantile of its hour of the week and the hours before and after, the
///   largest value of each left out, from eight weeks of data on.
/// * **Missing, gap** – intervals without value, or without a reading between others.
/// * **New device** – as the readings tell.
///
/// Each reading has one reason, the first that applies.
///
/// # Interpretation
///
/// What is found is a suspicion to be listed. [`Counts::flagged`] marks it, [`Counts::without_doubtful`] makes it missing,
/// [`Counts::imputed`] fills it if that is asked for. A street closed for works counts zeros that are true; a race
/// through town is a spike that is true.
///
/// # Example
///
/// ```
/// use datagora_core::Zone;
/// use datagora_indicators::mobility::{
///     Channel, CleaningOptions, CountsBuilder, FaultKind, Reading, find_faults,
/// };
///
/// let mut builder = CountsBuilder::new(Zone::UTC);
/// let quai = builder.channel(Channel::new("quai").with_site("s"));
/// for hour in 0..24 * 28 {
///     let usual = 40.0 + f64::from(hour % 24) + f64::from(hour * 7 % 11);
///     let value = if (300..310).contains(&hour) { 0.0 } else { usual };
///     builder.add(Reading::new(quai, 3_600 * i64::from(hour), 3_600, value));
/// }
/// let (counts, _) = builder.finish();
/// let faults = find_faults(&counts, &CleaningOptions::default());
/// assert_eq!((faults.len(), faults[0].kind, faults[0].rows.clone()), (1, FaultKind::Zeros, 300..310));
/// let cleaned = counts.flagged(&faults).without_doubtful();
/// assert!(cleaned.of(0).value[300].is_nan());
/// ```
///
/// # References
///
/// Vélo & Territoires, *Comptages de vélo : comment nettoyer ses données ?* (absences, under- and over-counts). FHWA
/// (2022), *Traffic Monitoring Guide*, chapter 3 (consecutive zeros, repeated hourly volumes).
pub fn find_faults(counts: &Counts, options: &CleaningOptions) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (channel, readings) in counts.by_channel().enumerate() {
        let usual = Usual::of(&readings, counts.zone());
        let mut kinds: Vec<Option<FaultKind>> =
            readings.value.iter().map(|value| value.is_nan().then_some(FaultKind::Missing)).collect();
        mark_zeros(&readings, &usual, options, &mut kinds);
        mark_stuck(&readings, options, &mut kinds);
        mark_copies(&readings, options, &mut kinds);
        mark_spikes(&readings, &usual, options, &mut kinds);
        let mut found = stretches(channel, &readings, &usual, &kinds);
        found.extend(gaps(channel, &readings));
        found.extend(new_devices(counts, channel, &readings));
        found.sort_by_key(|fault| (fault.from, fault.kind));
        faults.extend(found);
    }
    faults
}

fn mark(kinds: &mut [Option<FaultKind>], rows: Range<usize>, kind: FaultKind) {
    kinds[rows].iter_mut().for_each(|marked| {
        marked.get_or_insert(kind);
    });
}

fn mark_zeros(
    readings: &ChannelReadings<'_>,
    usual: &Usual,
    options: &CleaningOptions,
    kinds: &mut [Option<FaultKind>],
) {
    let zero = |row: usize| readings.value[row] == 0.0;
    for run in runs(kinds.len(), |a, b| zero(a) == zero(b)).filter(|run| zero(run.start)) {
        let passing: f64 = run.clone().map(|row| usual.volume(row)).filter(|volume| !volume.is_nan()).sum();
        if passing >= options.zeros_usual {
            mark(kinds, run, FaultKind::Zeros);
        }
    }
}

/// How unlikely it is to repeat a count by chance: minus the logarithm of the probability; nothing for small counts.
fn surprise(value: f64) -> f64 {
    if value >= 1.0 { 0.5 * (std::f64::consts::TAU * value).ln() } else { 0.0 }
}

fn mark_stuck(readings: &ChannelReadings<'_>, options: &CleaningOptions, kinds: &mut [Option<FaultKind>]) {
    let same = |a: usize, b: usize| {
        readings.value[a] == readings.value[b] && readings.duration[a] == readings.duration[b]
    };
    for run in runs(kinds.len(), same) {
        if (run.len() - 1) as f64 * surprise(readings.value[run.start]) > -options.chance.ln() {
            mark(kinds, run, FaultKind::Stuck);
        }
    }
}

fn mark_copies(readings: &ChannelReadings<'_>, options: &CleaningOptions, kinds: &mut [Option<FaultKind>]) {
    let marked = kinds.to_vec();
    for days in [1, 7] {
        let Some(lag) = lag(readings, days) else { continue };
        let copied = |row: usize| {
            row >= lag
                && readings.start[row] - readings.start[row - lag] == 86_400 * days
                && readings.value[row] == readings.value[row - lag]
                && marked[row].is_none()
                && marked[row - lag].is_none()
        };
        for run in runs(kinds.len(), |a, b| copied(a) == copied(b)).filter(|run| copied(run.start)) {
            let surprise: f64 = run.clone().map(|row| surprise(readings.value[row])).sum();
            if surprise > -options.chance.ln() {
                mark(kinds, run, FaultKind::Copied);
            }
        }
    }
}

/// Readings in so many days, by the first length of an interval.
fn lag(readings: &ChannelReadings<'_>, days: i64) -> Option<usize> {
    let duration = i64::from(*readings.duration.first()?);
    let lag = 86_400 * days / duration;
    (lag > 1 && 86_400 % duration == 0).then_some(lag as usize)
}

fn mark_spikes(
    readings: &ChannelReadings<'_>,
    usual: &Usual,
    options: &CleaningOptions,
    kinds: &mut [Option<FaultKind>],
) {
    for (row, kind) in kinds.iter_mut().enumerate() {
        let value = readings.value[row];
        if kind.is_none() && value >= options.spike_least && value > options.spike_ratio * usual.most(row) {
            *kind = Some(FaultKind::Spike);
        }
    }
}

/// Neighbouring rows of one kind as faults.
fn stretches(
    channel: usize,
    readings: &ChannelReadings<'_>,
    usual: &Usual,
    kinds: &[Option<FaultKind>],
) -> Vec<Fault> {
    let end = |row: usize| readings.start[row] + i64::from(readings.duration[row]);
    runs(kinds.len(), |a, b| kinds[a] == kinds[b] && end(a) == readings.start[b])
        .filter_map(|rows| {
            let kind = kinds[rows.start]?;
            Some(Fault {
                channel,
                kind,
                from: readings.start[rows.start],
                to: end(rows.end - 1),
                found: readings.value[rows.clone()].iter().filter(|value| !value.is_nan()).sum(),
                usual: rows.clone().map(|row| usual.volume(row)).sum(),
                rows,
            })
        })
        .collect()
}

fn gaps(channel: usize, readings: &ChannelReadings<'_>) -> Vec<Fault> {
    let between = |row: usize| {
        let (from, to) =
            (readings.start[row - 1] + i64::from(readings.duration[row - 1]), readings.start[row]);
        let fault =
            Fault { channel, kind: FaultKind::Gap, rows: row..row, from, to, found: 0.0, usual: f64::NAN };
        (from < to).then_some(fault)
    };
    (1..readings.start.len()).filter_map(between).collect()
}

fn new_devices(counts: &Counts, channel: usize, readings: &ChannelReadings<'_>) -> Vec<Fault> {
    const FOUR_WEEKS: i64 = 28 * 86_400;
    let sum = |from: i64, to: i64| {
        let row = |time: i64| readings.start.partition_point(|start| *start < time);
        readings.value[row(from)..row(to)].iter().filter(|value| !value.is_nan()).sum::<f64>()
    };
    let of = counts.hardware_changes().iter().filter(|change| change.channel == channel);
    of.map(|change| {
        let row = readings.start.partition_point(|start| *start < change.at);
        Fault {
            channel,
            kind: FaultKind::NewDevice,
            rows: row..row,
            from: change.at,
            to: change.at,
            found: sum(change.at, change.at.saturating_add(FOUR_WEEKS)),
            usual: sum(change.at.saturating_sub(FOUR_WEEKS), change.at),
        }
    })
    .collect()
}

impl Counts {
    /// The counts with the readings of these faults marked as doubtful; imputed values keep their flag.
    pub fn flagged(&self, faults: &[Fault]) -> Self {
        let mut flagged = self.clone();
        for fault in faults.iter().filter(|fault| fault.channel < self.channels().len()) {
            let Some(doubt) = fault.kind.doubt() else { continue };
            let all = self.rows(fault.channel);
            let (from, to) = (all.start + fault.rows.start, all.start + fault.rows.end);
            for flag in &mut flagged.flags_mut()[from.min(all.end)..to.min(all.end)] {
                if *flag == Flag::Observed {
                    *flag = Flag::Doubtful(doubt);
                }
            }
        }
        flagged
    }
}

#[cfg(test)]
mod tests;
