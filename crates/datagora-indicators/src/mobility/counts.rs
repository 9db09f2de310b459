//! Counts of any interval, typed and checked once.
mod builder;
mod channel;
mod flag;
mod monthly;
mod timestamp;

use std::ops::Range;

use datagora_core::{DateTime, Zone};

pub use builder::{CountsBuilder, CountsOptions, Reading};
pub use channel::{Channel, Mode, ModeError};
pub use flag::{Doubt, Flag, Imputation};
pub use timestamp::TimestampConvention;

/// Readings of many counting channels: channel, start, duration, value and what is known of the value.
///
/// Stored in columns, sorted by channel and start. A [`CountsBuilder`] checks every reading and lists what it cannot use;
/// what is in a `Counts` needs no further check: intervals of a channel never overlap, values are finite and not
/// negative, or NaN.
///
/// # Missing values
///
/// NaN: nothing was counted, though there was an interval. 0: nobody passed. An interval without a reading is missing as
/// well.
///
/// # Example
///
/// ```
/// use datagora_core::{Month, Zone};
/// use datagora_indicators::mobility::{Channel, CountsBuilder, Reading};
///
/// let mut builder = CountsBuilder::new(Zone::PARIS);
/// let quai = builder.channel(Channel::new("quai").with_site("s1"));
/// let midnight = Zone::PARIS.day(Month::parse("2024-05")?.first_day()).start.timestamp();
/// builder.add(Reading::new(quai, midnight, 3_600, 12.0));
/// builder.add(Reading::new(quai, midnight + 3_600, 3_600, -4.0));
/// let (counts, report) = builder.finish();
/// assert_eq!(counts.of(0).value[0], 12.0);
/// assert!(counts.of(0).value[1].is_nan()); // a count is not negative
/// assert_eq!(
///     report.problems().next().map(ToString::to_string).as_deref(),
///     Some("row 2: found -4 for channel quai at 2024-05-01T01:00, needed a finite count of at least 0; taken as missing")
/// );
/// # Ok::<(), datagora_core::MonthError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Counts {
    zone: Zone,
    channels: Vec<Channel>,
    /// Where the readings of each channel begin, and where those of the last one end.
    offsets: Vec<usize>,
    start: Vec<i64>,
    duration: Vec<u32>,
    value: Vec<f64>,
    flag: Vec<Flag>,
    hardware: Vec<HardwareChange>,
}

/// The readings of one channel, in order of time and row by row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChannelReadings<'a> {
    /// The channel.
    pub channel: &'a Channel,
    /// Starts, in seconds since 1970 (UTC); they belong to the intervals.
    pub start: &'a [i64],
    /// Lengths, in seconds.
    pub duration: &'a [u32],
    /// Counts; NaN where nothing was counted.
    pub value: &'a [f64],
    /// What is known of the values.
    pub flag: &'a [Flag],
}

/// Another device from a moment on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct HardwareChange {
    /// Position of the channel.
    pub channel: usize,
    /// Start of the first reading by the new device, in seconds since 1970 (UTC).
    pub at: i64,
    /// The device before.
    pub before: String,
    /// The device from then on.
    pub after: String,
}

impl Counts {
    /// The zone of the local days and hours.
    pub fn zone(&self) -> Zone {
        self.zone
    }

    /// The channels, in the order they were declared.
    pub fn channels(&self) -> &[Channel] {
        &self.channels
    }

    /// Position of the channel with this identifier.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.channels.iter().position(|channel| channel.id == id)
    }

    /// Number of readings.
    pub fn len(&self) -> usize {
        self.start.len()
    }

    /// Is there no reading?
    pub fn is_empty(&self) -> bool {
        self.start.is_empty()
    }

    /// Rows of a channel in the columns of all channels.
    ///
    /// # Panics
    ///
    /// If there is no channel of this position.
    pub fn rows(&self, channel: usize) -> Range<usize> {
        self.offsets[channel]..self.offsets[channel + 1]
    }

    /// The readings of one channel.
    ///
    /// # Panics
    ///
    /// If there is no channel of this position.
    pub fn of(&self, channel: usize) -> ChannelReadings<'_> {
        let rows = self.rows(channel);
        ChannelReadings {
            channel: &self.channels[channel],
            start: &self.start[rows.clone()],
            duration: &self.duration[rows.clone()],
            value: &self.value[rows.clone()],
            flag: &self.flag[rows],
        }
    }

    /// The readings of each channel in turn.
    pub fn by_channel(&self) -> impl ExactSizeIterator<Item = ChannelReadings<'_>> {
        (0..self.channels.len()).map(|channel| self.of(channel))
    }

    /// Starts of all readings, one channel after the other.
    pub fn starts(&self) -> &[i64] {
        &self.start
    }

    /// Lengths of all readings.
    pub fn durations(&self) -> &[u32] {
        &self.duration
    }

    /// Values of all readings.
    pub fn values(&self) -> &[f64] {
        &self.value
    }

    /// Flags of all readings.
    pub fn flags(&self) -> &[Flag] {
        &self.flag
    }

    /// Where a channel went on with another device, by channel and time.
    ///
    /// A new device may count differently: compare the weeks before and after before trusting a trend across it.
    pub fn hardware_changes(&self) -> &[HardwareChange] {
        &self.hardware
    }

    /// Share of the values that were put in place rather than counted, 0 to 1.
    pub fn imputed_share(&self) -> f64 {
        let there = self.value.iter().filter(|value| !value.is_nan()).count();
        let imputed =
            self.flag.iter().zip(&self.value).filter(|(flag, value)| flag.is_imputed() && !value.is_nan());
        if there == 0 { 0.0 } else { imputed.count() as f64 / there as f64 }
    }

    /// The counts with doubtful values missing; their flags stay.
    pub fn without_doubtful(&self) -> Self {
        let mut kept = self.clone();
        for (value, _) in kept.value.iter_mut().zip(&self.flag).filter(|(_, flag)| flag.is_doubtful()) {
            *value = f64::NAN;
        }
        kept
    }

    /// The channels that are accepted, such as those of one mode; possibly none.
    pub fn select(&self, mut accept: impl FnMut(&Channel) -> bool) -> Self {
        let kept: Vec<usize> = (0..self.channels.len()).filter(|&c| accept(&self.channels[c])).collect();
        let mut offsets = vec![0];
        for &channel in &kept {
            offsets.push(offsets[offsets.len() - 1] + self.rows(channel).len());
        }
        Self {
            zone: self.zone,
            channels: kept.iter().map(|&c| self.channels[c].clone()).collect(),
            offsets,
            start: kept.iter().flat_map(|&c| &self.start[self.rows(c)]).copied().collect(),
            duration: kept.iter().flat_map(|&c| &self.duration[self.rows(c)]).copied().collect(),
            value: kept.iter().flat_map(|&c| &self.value[self.rows(c)]).copied().collect(),
            flag: kept.iter().flat_map(|&c| &self.flag[self.rows(c)]).copied().collect(),
            hardware: kept
                .iter()
                .enumerate()
                .flat_map(|(now, &c)| {
                    let of = self.hardware.iter().filter(move |change| change.channel == c);
                    of.map(move |change| HardwareChange { channel: now, ..change.clone() })
                })
                .collect(),
        }
    }

    /// The flags, to be changed in place.
    pub(super) fn flags_mut(&mut self) -> &mut [Flag] {
        &mut self.flag
    }

    /// The same channels with other readings, sorted and without overlaps.
    pub(super) fn with_columns(
        &self,
        offsets: Vec<usize>,
        start: Vec<i64>,
        duration: Vec<u32>,
        value: Vec<f64>,
        flag: Vec<Flag>,
    ) -> Self {
        let (channels, hardware) = (self.channels.clone(), self.hardware.clone());
        Self { zone: self.zone, channels, offsets, start, duration, value, flag, hardware }
    }
}

/// What the local clock shows at a moment, to the minute; the seconds themselves where no calendar reaches.
pub(super) fn clock(zone: Zone, seconds: i64) -> String {
    let Some(instant) = DateTime::from_timestamp(seconds, 0) else { return format!("second {seconds}") };
    let hour = zone.hour_of(instant);
    format!("{}T{:02}:{:02}", hour.date, hour.hour, (instant - hour.start).num_minutes())
}
