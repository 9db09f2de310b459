//! Filling what is missing, on request and marked as such.
use chrono::Duration;
use datagora_core::{DateTime, Repeated, Zone};

use crate::mobility::counts::{ChannelReadings, Counts, Flag, Imputation};
use crate::order::median;

/// How to fill missing intervals.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct ImputeOptions {
    /// Weeks before and after in which the same hour and weekday is looked up.
    pub weeks: u32,
    /// Fewest such values.
    pub least: usize,
    /// Positions of channels whose course tells how that time differed from its neighbours; none: not at all.
    pub control: Vec<usize>,
}

impl Default for ImputeOptions {
    /// Four weeks before and after, at least three values, no control group.
    fn default() -> Self {
        Self { weeks: 4, least: 3, control: Vec::new() }
    }
}

impl ImputeOptions {
    /// With this many weeks before and after.
    pub fn with_weeks(self, weeks: u32) -> Self {
        Self { weeks, ..self }
    }

    /// With at least this many values.
    pub fn with_least(self, least: usize) -> Self {
        Self { least, ..self }
    }

    /// Scaled by what these channels did.
    pub fn with_control(self, control: impl IntoIterator<Item = usize>) -> Self {
        Self { control: control.into_iter().collect(), ..self }
    }
}

/// What was filled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Filled {
    /// Intervals that have an imputed value now.
    pub filled: u64,
    /// Intervals that stay missing, as too little is known around them.
    pub left: u64,
}

impl Counts {
    /// The counts with missing and doubtful values filled, each flagged as imputed.
    ///
    /// Intervals without value, doubtful ones, and gaps between readings that hold whole intervals of the channel's usual
    /// length are filled by the median of the same hour and weekday in the weeks before and after. With a control group
    /// this median is multiplied by `Σ controls now / Σ controls' own medians`: a strike or a holiday that all counters
    /// saw is then in it. Only observed values are looked at.
    ///
    /// # Missing values
    ///
    /// Where fewer than `least` values (or, with a control group, no control) are known, the interval stays missing; a
    /// doubtful value there is withdrawn as well. Before the first and after the last reading nothing is filled.
    ///
    /// # Interpretation
    ///
    /// Indicators of filled counts carry the imputed share; totals become complete, not more certain. Travel times must
    /// not be imputed for federal measures (23 CFR 490.509).
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::Zone;
    /// use datagora_indicators::mobility::{Channel, CountsBuilder, ImputeOptions, Reading};
    ///
    /// let mut builder = CountsBuilder::new(Zone::UTC);
    /// let quai = builder.channel(Channel::new("quai").with_site("s"));
    /// for hour in (0..24 * 28).filter(|hour| *hour != 400) {
    ///     builder.add(Reading::new(quai, 3_600 * hour, 3_600, (hour % 168) as f64));
    /// }
    /// let (counts, filled) = builder.finish().0.imputed(&ImputeOptions::default());
    /// assert_eq!((filled.filled, filled.left), (1, 0));
    /// assert_eq!(counts.of(0).value[400], 64.0); // as on the same hour of the other weeks
    /// assert!(counts.of(0).flag[400].is_imputed());
    /// ```
    pub fn imputed(&self, options: &ImputeOptions) -> (Self, Filled) {
        let mut columns = Columns::default();
        let mut done = Filled::default();
        let mut offsets = vec![0];
        let kind = if options.control.is_empty() {
            Imputation::SameHourAndWeekday
        } else {
            Imputation::ControlGroup
        };
        for channel in 0..self.channels().len() {
            let readings = self.of(channel);
            let mut fill = |start: i64, duration: u32, columns: &mut Columns, there: Option<Flag>| match self
                .expected(channel, start, duration, options)
            {
                Some(value) => {
                    done.filled += 1;
                    columns.push(start, duration, value, Flag::Imputed(kind));
                }
                None => {
                    done.left += 1;
                    if let Some(flag) = there {
                        columns.push(start, duration, f64::NAN, flag);
                    }
                }
            };
            let usual = usual_duration(&readings);
            for row in 0..readings.start.len() {
                let (start, duration) = (readings.start[row], readings.duration[row]);
                if row > 0 {
                    let before = readings.start[row - 1] + i64::from(readings.duration[row - 1]);
                    if (start - before) % i64::from(usual) == 0 {
                        let slots = (before..start).step_by(usual as usize);
                        slots.for_each(|slot| fill(slot, usual, &mut columns, None));
                    }
                }
                let (value, flag) = (readings.value[row], readings.flag[row]);
                if value.is_nan() || flag.is_doubtful() {
                    fill(start, duration, &mut columns, Some(flag));
                } else {
                    columns.push(start, duration, value, flag);
                }
            }
            offsets.push(columns.start.len());
        }
        let Columns { start, duration, value, flag } = columns;
        (self.with_columns(offsets, start, duration, value, flag), done)
    }

    fn expected(&self, channel: usize, start: i64, duration: u32, options: &ImputeOptions) -> Option<f64> {
        let times = neighbours(self.zone(), start, options.weeks);
        let reference = |channel: usize| {
            let readings = self.of(channel);
            let mut values: Vec<f64> =
                times.iter().filter_map(|time| observed(&readings, *time, duration)).collect();
            (values.len() >= options.least.max(1)).then(|| median(&mut values))
        };
        let own = reference(channel)?;
        if options.control.is_empty() {
            return Some(own);
        }
        let (mut now, mut before) = (0.0, 0.0);
        let others = options.control.iter().filter(|c| **c < self.channels().len() && **c != channel);
        for &control in others {
            if let (Some(value), Some(usual)) =
                (observed(&self.of(control), start, duration), reference(control))
            {
                now += value;
                before += usual;
            }
        }
        (before > 0.0).then(|| own * now / before)
    }
}

#[derive(Default)]
struct Columns {
    start: Vec<i64>,
    duration: Vec<u32>,
    value: Vec<f64>,
    flag: Vec<Flag>,
}

impl Columns {
    fn push(&mut self, start: i64, duration: u32, value: f64, flag: Flag) {
        self.start.push(start);
        self.duration.push(duration);
        self.value.push(value);
        self.flag.push(flag);
    }
}

/// The value observed in an interval, if there is one and nothing speaks against it.
fn observed(readings: &ChannelReadings<'_>, start: i64, duration: u32) -> Option<f64> {
    let row = readings.start.binary_search(&start).ok()?;
    let sound = readings.flag[row] == Flag::Observed && readings.duration[row] == duration;
    Some(readings.value[row]).filter(|value| sound && !value.is_nan())
}

/// The same local time in the weeks before and after, where the clock shows it once.
fn neighbours(zone: Zone, start: i64, weeks: u32) -> Vec<i64> {
    let Some(instant) = DateTime::from_timestamp(start, 0) else { return Vec::new() };
    let hour = zone.hour_of(instant);
    let Some(clock) = hour.date.and_hms_opt(hour.hour, 0, 0) else { return Vec::new() };
    let local = clock + (instant - hour.start);
    let weeks = i64::from(weeks);
    (-weeks..=weeks)
        .filter(|week| *week != 0)
        .filter_map(|week| local.checked_add_signed(Duration::weeks(week)))
        .filter_map(|local| zone.instant(local, Repeated::First).ok())
        .map(|instant| instant.timestamp())
        .collect()
}

/// The declared length of an interval, or the most frequent one.
fn usual_duration(readings: &ChannelReadings<'_>) -> u32 {
    if let Some(seconds) = readings.channel.interval.filter(|seconds| *seconds > 0) {
        return seconds;
    }
    let mut lengths = readings.duration.to_vec();
    lengths.sort_unstable();
    let runs = lengths.chunk_by(|a, b| a == b);
    runs.max_by_key(|run| run.len()).and_then(|run| run.first()).copied().unwrap_or(3_600)
}
