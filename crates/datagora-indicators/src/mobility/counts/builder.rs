//! From rows to checked counts.
use datagora_core::{NaiveDateTime, Problem, ProblemKind, Repeated, Report, TimeError, Zone};

use super::{Channel, Counts, Doubt, Flag, HardwareChange, TimestampConvention, clock};

/// One counted interval.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Reading {
    /// Position of the channel, as [`CountsBuilder::channel`] gave it.
    pub channel: u32,
    /// Start, in seconds since 1970 (UTC); it belongs to the interval.
    pub start: i64,
    /// Length in seconds; the end does not belong to the interval.
    pub duration: u32,
    /// Count; NaN if nothing was counted.
    pub value: f64,
    /// What is known of the value.
    pub flag: Flag,
}

impl Reading {
    /// A value as counted.
    pub fn new(channel: u32, start: i64, duration: u32, value: f64) -> Self {
        Self { channel, start, duration, value, flag: Flag::Observed }
    }

    /// With this flag.
    pub fn with_flag(self, flag: Flag) -> Self {
        Self { flag, ..self }
    }

    fn end(&self) -> i64 {
        self.start + i64::from(self.duration)
    }
}

/// What is accepted as a count.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct CountsOptions {
    /// More than this per hour fits through no channel.
    pub most_per_hour: f64,
    /// Must every channel have a site?
    pub sites_needed: bool,
}

impl Default for CountsOptions {
    /// 20,000 an hour: eight lanes at capacity, or a full station hall. Channels have sites.
    fn default() -> Self {
        Self { most_per_hour: 20_000.0, sites_needed: true }
    }
}

impl CountsOptions {
    /// With this many per hour at most.
    pub fn with_most_per_hour(self, most_per_hour: f64) -> Self {
        Self { most_per_hour, ..self }
    }

    /// Whether channels without site are problems.
    pub fn with_sites_needed(self, sites_needed: bool) -> Self {
        Self { sites_needed, ..self }
    }
}

/// Seconds from 1900 to 2200: readings outside have wrong dates.
const TIMES: std::ops::Range<i64> = -2_208_988_800..7_258_118_400;
/// A year and a day: longer readings are wrong dates.
const LONGEST: u32 = 367 * 86_400;
/// Shorter intervals are too short to tell an absurd flow.
const SHORTEST_FOR_FLOW: u32 = 60;

/// Collects channels and readings, and makes [`Counts`] of them.
///
/// All problems are listed, with file, line and channel where they are known; the good part is usable.
///
/// # Example
///
/// ```
/// use datagora_core::{Month, Repeated, Zone};
/// use datagora_indicators::mobility::{Channel, CountsBuilder, TimestampConvention};
///
/// let day = Month::parse("2024-03")?.last_day(); // the clock jumps from 2:00 to 3:00
/// let mut builder = CountsBuilder::new(Zone::PARIS);
/// builder.in_file("pont.csv");
/// let pont = builder.channel(Channel::new("pont").with_site("s1"));
/// for hour in 0..4 {
///     builder.at_line(u64::from(hour) + 2);
///     let local = day.and_hms_opt(hour, 0, 0).unwrap();
///     builder.add_local(pont, local, TimestampConvention::Start, Repeated::Refuse, 3_600, 7.0);
/// }
/// let (counts, report) = builder.finish();
/// assert_eq!(counts.len(), 3);
/// assert!(report.to_string().contains("pont.csv, row 3 (line 4): found 2024-03-31 02:00:00"), "{report}");
/// # Ok::<(), datagora_core::MonthError>(())
/// ```
#[derive(Clone, Debug)]
pub struct CountsBuilder {
    zone: Zone,
    options: CountsOptions,
    channels: Vec<Channel>,
    readings: Vec<Reading>,
    /// Row that each reading was given in, counted from 1; not stored while every row made a reading.
    rows: Vec<u64>,
    /// Line of each reading; empty as long as no line was told.
    lines: Vec<u64>,
    /// From which reading on a file holds, and its name.
    files: Vec<(usize, String)>,
    /// Devices of each channel, as they were told: from when, which.
    devices: Vec<Vec<(i64, String)>>,
    row: u64,
    line: Option<u64>,
    report: Report,
}

impl CountsBuilder {
    /// Nothing yet, with local days and hours of this zone.
    pub fn new(zone: Zone) -> Self {
        Self {
            zone,
            options: CountsOptions::default(),
            channels: Vec::new(),
            readings: Vec::new(),
            rows: Vec::new(),
            lines: Vec::new(),
            files: Vec::new(),
            devices: Vec::new(),
            row: 0,
            line: None,
            report: Report::default(),
        }
    }

    /// Accepting this.
    pub fn with_options(self, options: CountsOptions) -> Self {
        Self { options, ..self }
    }

    /// What follows stands in this file; rows are counted anew.
    pub fn in_file(&mut self, file: impl Into<String>) {
        self.files.push((self.readings.len(), file.into()));
        self.row = 0;
        self.line = None;
    }

    /// What follows stands in this line of the file.
    pub fn at_line(&mut self, line: u64) {
        if self.lines.is_empty() {
            self.lines.resize(self.readings.len(), 0);
        }
        self.line = Some(line);
    }

    /// Declares a channel and gives its position.
    pub fn channel(&mut self, channel: Channel) -> u32 {
        self.devices.push(Vec::new());
        self.channels.push(channel);
        self.channels.len() as u32 - 1
    }

    /// Adds a reading.
    pub fn add(&mut self, reading: Reading) {
        self.row += 1;
        // Rows are the positions of the readings until one was left out or a second file began.
        let aligned = self.rows.is_empty() && self.row == self.readings.len() as u64 + 1;
        if !aligned {
            if self.rows.is_empty() {
                self.rows = (1..=self.readings.len() as u64).collect();
            }
            self.rows.push(self.row);
        }
        if let Some(line) = self.line {
            self.lines.push(line);
        } else if !self.lines.is_empty() {
            self.lines.push(0);
        }
        self.readings.push(reading);
    }

    /// Adds a reading whose time is that of a local clock.
    ///
    /// A time that the clock jumped over, or showed twice while `repeated` refuses it, is listed and left out.
    pub fn add_local(
        &mut self,
        channel: u32,
        local: NaiveDateTime,
        convention: TimestampConvention,
        repeated: Repeated,
        duration: u32,
        value: f64,
    ) {
        match convention.local_start(local, duration, self.zone, repeated) {
            Ok(start) => self.add(Reading::new(channel, start, duration, value)),
            Err(error) => {
                let needed = match error {
                    TimeError::Skipped { zone, .. } => {
                        format!("a time that there was: clocks in {zone} jumped over it; left out")
                    }
                    _ => format!(
                        "to know which of the two hours is meant, as clocks in {} showed it twice; left out",
                        self.zone
                    ),
                };
                let name = self.name(channel);
                self.reject(Problem::new(format!("{local} for channel {name}"), needed));
            }
        }
    }

    /// From this time on the channel is counted by this device, for readings that name theirs.
    pub fn counted_by(&mut self, channel: u32, start: i64, counter: &str) {
        let Some(devices) = self.devices.get_mut(channel as usize) else { return };
        if devices.last().is_none_or(|(_, last)| last != counter) {
            devices.push((start, counter.to_owned()));
        }
    }

    /// Lists a row that a reader could not make a reading of, with its file, row and line.
    pub fn reject(&mut self, problem: Problem) {
        self.row += 1;
        let mut problem = problem.at_row(self.row);
        if let Some(line) = self.line {
            problem = problem.at_line(line);
        }
        if let Some((_, file)) = self.files.last() {
            problem = problem.in_file(file.clone());
        }
        self.report.add(problem);
    }

    /// Counts a row that makes no reading and is no problem, such as one of a channel that was not asked for.
    pub fn skip(&mut self) {
        self.row += 1;
    }

    /// Lists a problem as it is, of a file or a channel rather than of a row.
    pub fn add_problem(&mut self, problem: Problem) {
        self.report.add(problem);
    }

    /// Checks everything: the counts that are usable, and all problems.
    ///
    /// * left out: readings of no channel, without length, out of all time; the later of two that overlap; the second
    ///   of two for the same interval (unless only the second has a value); those of a second channel of the same
    ///   identifier;
    /// * taken as missing: negative, infinite and absurd values;
    /// * used, but listed: readings out of order, channels without site or with an impossible position (which is
    ///   dropped).
    pub fn finish(mut self) -> (Counts, Report) {
        let declared = self.check_channels();
        let mut order: Vec<u32> = Vec::with_capacity(self.readings.len());
        let mut latest = vec![i64::MIN; self.channels.len()];
        let mut told = vec![false; self.channels.len()];
        for at in 0..self.readings.len() {
            if !self.check_reading(at, &declared) {
                continue;
            }
            let Reading { channel, start, .. } = self.readings[at];
            let channel = channel as usize;
            if start < latest[channel] && !told[channel] {
                told[channel] = true;
                let found = format!("{} after {}", self.place(at), clock(self.zone, latest[channel]));
                let needed = "readings in order of time; sorted";
                self.list(at, Problem::new(found, needed).of_kind(ProblemKind::Unordered));
            }
            latest[channel] = latest[channel].max(start);
            order.push(at as u32);
        }
        let key = |at: &u32| {
            let reading = &self.readings[*at as usize];
            (reading.channel, reading.start, *at)
        };
        if !order.is_sorted_by_key(key) {
            order.sort_unstable_by_key(key);
        }
        let kept = self.without_overlaps(&order);
        let mut counts = Counts {
            zone: self.zone,
            offsets: Vec::with_capacity(self.channels.len() + 1),
            start: kept.iter().map(|reading| reading.start).collect(),
            duration: kept.iter().map(|reading| reading.duration).collect(),
            value: kept.iter().map(|reading| reading.value).collect(),
            flag: kept.iter().map(|reading| reading.flag).collect(),
            hardware: hardware_changes(&mut self.channels, self.devices),
            channels: self.channels,
        };
        counts.offsets.extend(
            (0..=counts.channels.len())
                .map(|channel| kept.partition_point(|r| (r.channel as usize) < channel)),
        );
        (counts, self.report)
    }

    /// Lists what is wrong with channels; tells which of them are not a repetition.
    fn check_channels(&mut self) -> Vec<bool> {
        let mut first = std::collections::BTreeMap::new();
        let mut declared = Vec::with_capacity(self.channels.len());
        for (position, channel) in self.channels.iter_mut().enumerate() {
            let id = &channel.id;
            let earlier = *first.entry(id.clone()).or_insert(position);
            declared.push(earlier == position);
            if earlier != position {
                let found = format!("channel {id} a second time");
                let needed = "one channel of each identifier; the readings of the second are left out";
                self.report.add(Problem::new(found, needed).of_kind(ProblemKind::DuplicateRow));
            }
            if self.options.sites_needed && channel.site.is_none() {
                let found = format!("channel {id} without site");
                self.report
                    .add(Problem::new(found, "the site it belongs to").of_kind(ProblemKind::MissingValue));
            }
            if let Some([longitude, latitude]) = channel.position
                && !(longitude.abs() <= 180.0 && latitude.abs() <= 90.0)
            {
                channel.position = None;
                let found = format!("channel {id} at longitude {longitude}, latitude {latitude}");
                let needed = "degrees, -180 to 180 and -90 to 90; the position is left out";
                self.report.add(Problem::new(found, needed).of_kind(ProblemKind::WrongCrs));
            }
        }
        declared
    }

    /// Lists what is wrong with a reading by itself; tells whether it can be kept.
    fn check_reading(&mut self, at: usize, declared: &[bool]) -> bool {
        let reading = self.readings[at];
        match declared.get(reading.channel as usize) {
            Some(true) => {}
            // Listed with the channel.
            Some(false) => return false,
            None => {
                let found = format!("a reading of channel {}", reading.channel);
                let needed = format!("one of the {} channels declared; left out", declared.len());
                self.list(at, Problem::new(found, needed).of_kind(ProblemKind::UnknownCode));
                return false;
            }
        }
        if !TIMES.contains(&reading.start) {
            let found = format!("{} for channel {}", reading.start, self.name(reading.channel));
            self.list(at, Problem::new(found, "seconds since 1970 of a year from 1900 to 2199; left out"));
            return false;
        }
        if reading.duration == 0 || reading.duration > LONGEST {
            let found = format!("an interval of {} s for {}", reading.duration, self.place(at));
            self.list(at, Problem::new(found, "a length from one second to a year; left out"));
            return false;
        }
        let hours = f64::from(reading.duration.max(SHORTEST_FOR_FLOW)) / 3_600.0;
        let most = self.options.most_per_hour;
        let needed = if reading.value.is_infinite() || reading.value < 0.0 {
            "a finite count of at least 0; taken as missing".to_owned()
        } else if reading.value > most * hours {
            format!("at most {most} an hour; taken as missing")
        } else {
            return true;
        };
        let found = format!("{} for {}", reading.value, self.place(at));
        self.list(at, Problem::new(found, needed));
        self.readings[at] = Reading { value: f64::NAN, flag: Flag::Doubtful(Doubt::Impossible), ..reading };
        true
    }

    /// The readings in order without those that overlap one kept before.
    fn without_overlaps(&mut self, order: &[u32]) -> Vec<Reading> {
        let mut kept: Vec<Reading> = Vec::with_capacity(order.len());
        for &at in order {
            let at = at as usize;
            let reading = self.readings[at];
            let last = kept.last_mut().filter(|last| last.channel == reading.channel);
            let Some(last) = last.filter(|last| last.end() > reading.start) else {
                kept.push(reading);
                continue;
            };
            let twice = last.start == reading.start && last.duration == reading.duration;
            let before = *last;
            if twice && last.value.is_nan() && !reading.value.is_nan() {
                *last = reading;
            }
            let (kind, needed) = match twice {
                true => (ProblemKind::DuplicateRow, "one reading of an interval; the first value was kept"),
                false => (ProblemKind::Overlap, "intervals that do not overlap; the later one was left out"),
            };
            let (from, to) = (clock(self.zone, before.start), clock(self.zone, before.end()));
            let found = format!(
                "{} for {} after {} from {from} to {to}",
                reading.value,
                self.place(at),
                before.value
            );
            self.list(at, Problem::new(found, needed).of_kind(kind));
        }
        kept
    }

    /// Lists a problem of a reading with its file, row and line.
    fn list(&mut self, at: usize, problem: Problem) {
        let mut problem = problem.at_row(self.rows.get(at).copied().unwrap_or(at as u64 + 1));
        if let Some(&line) = self.lines.get(at).filter(|line| **line > 0) {
            problem = problem.at_line(line);
        }
        let next = self.files.partition_point(|(first, _)| *first <= at);
        if let Some(file) = next.checked_sub(1).map(|file| &self.files[file].1) {
            problem = problem.in_file(file.clone());
        }
        self.report.add(problem);
    }

    fn name(&self, channel: u32) -> String {
        let known = self.channels.get(channel as usize).map(|channel| channel.id.clone());
        known.unwrap_or_else(|| format!("number {channel}"))
    }

    fn place(&self, at: usize) -> String {
        let Reading { channel, start, .. } = self.readings[at];
        format!("channel {} at {}", self.name(channel), clock(self.zone, start))
    }
}

/// Where each channel changes its device; the first device becomes that of the channel.
fn hardware_changes(channels: &mut [Channel], devices: Vec<Vec<(i64, String)>>) -> Vec<HardwareChange> {
    let mut changes = Vec::new();
    for (position, mut devices) in devices.into_iter().enumerate() {
        devices.sort();
        let mut devices = devices.into_iter().filter(|(_, device)| !device.is_empty());
        let Some((_, mut before)) = devices.next() else { continue };
        channels[position].counter = Some(before.clone());
        for (at, after) in devices {
            if after != before {
                changes.push(HardwareChange { channel: position, at, before, after: after.clone() });
                before = after;
            }
        }
    }
    changes
}

#[cfg(test)]
mod tests;
