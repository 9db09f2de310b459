//! The French national standard of mobility counts: sites, channels, measures.
mod schema;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::Path;

use arrow::array::Array;
use datagora_core::io::{CsvOptions, CsvReader, OnProblem, ReadError};
use datagora_core::{Problem, ProblemKind, Repeated, Report, Zone};

use self::schema::{File, Rule, number};
use super::timestamp::{self, Timestamp};
use crate::mobility::{
    Channel, Counts, CountsBuilder, CountsOptions, Flag, Imputation, Mode, Reading, TimestampConvention,
};

/// How files of the national standard are read.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct ComptageOptions {
    zone: Zone,
    local: Option<Repeated>,
    counts: CountsOptions,
    max_problems: usize,
}

impl Default for ComptageOptions {
    /// Local days of Paris; times have offsets, as the standard asks.
    fn default() -> Self {
        Self { zone: Zone::PARIS, local: None, counts: CountsOptions::default(), max_problems: 100 }
    }
}

impl ComptageOptions {
    /// Zone of local days and hours.
    pub fn with_zone(self, zone: Zone) -> Self {
        Self { zone, ..self }
    }

    /// Times without offset are those of the zone's clock, and the hour it shows twice is this one. Otherwise they are problems.
    pub fn with_local_times(self, repeated: Repeated) -> Self {
        Self { local: Some(repeated), ..self }
    }

    /// What is accepted as a count.
    pub fn with_counts(self, counts: CountsOptions) -> Self {
        Self { counts, ..self }
    }

    /// How many problems of a kind are told one by one; all are counted.
    pub fn with_max_problems(self, max_problems: usize) -> Self {
        Self { max_problems, ..self }
    }
}

/// Reads counts in the French national standard *comptage-mobilités*, version 0.2: files of sites, channels and measures.
///
/// Give the sites first, then the channels, then the measures; several files of each are fine. Everything that the schema asks for
/// is checked (required values, lists of values, patterns, ranges, unique keys), and what holds between files: channels have a
/// site, measures have a channel, and an end or else the time step of their channel. Exports of Eco-Compteur have the form of
/// the standard.
///
/// # Units
///
/// Counts per interval; times in seconds since 1970 (UTC), the start included, the end excluded.
///
/// # Missing values
///
/// An empty count is missing (nothing was counted), 0 is a count. A count that is not whole was computed by the provider, says the
/// standard: it is flagged as imputed.
///
/// # Errors
///
/// [`ReadError`] for files that cannot be read or lack a column. All else is listed by [`finish`](Self::finish) with file, record,
/// line, column and key, and what is sound is used. A channel with a wrong value in a column that we do not use is kept.
///
/// # Example
///
/// ```
/// use datagora_indicators::mobility::io::{ComptageOptions, ComptageReader};
///
/// let mut reader = ComptageReader::new(ComptageOptions::default());
/// reader.parse_sites("site_id,site_name,xlong,ylat\n1,Mauves sur Loire,-1.3744,47.2889\n", "site.csv")?;
/// reader.parse_channels(
///     "channel_id,site_id,mobility_type,temporality,started_at,time_step\nc,1,BIKE,PERMANENT,2020-01-01T00:00:00Z,3600\n",
///     "channel.csv",
/// )?;
/// reader.parse_measures(
///     "channel_id,counter_id,start_datetime,end_datetime,count\nc,X1,2022-05-01T00:00:00+02:00,,12\nc,X1,2022-05-01T01:00:00+02:00,,\nd,X1,,,1\n",
///     "measure.csv",
/// )?;
/// let (counts, report) = reader.finish();
/// assert_eq!((counts.of(0).value[0], counts.of(0).duration[0]), (12.0, 3_600));
/// assert!(counts.of(0).value[1].is_nan());
/// assert_eq!(report.count(), 2); // no such channel, no start
/// # Ok::<(), datagora_core::io::ReadError>(())
/// ```
///
/// # References
///
/// Etalab, *Schéma comptage-mobilités* v0.2.4, <https://github.com/etalab/schema-comptage-mobilites>.
#[derive(Debug)]
pub struct ComptageReader {
    options: ComptageOptions,
    builder: CountsBuilder,
    sites: HashMap<String, Site>,
    any_sites: bool,
    channels: HashMap<String, (u32, Option<u32>)>,
    report: Report,
}

#[derive(Debug)]
struct Site {
    name: Option<String>,
    position: Option<[f64; 2]>,
}

/// A record: its cells in the order of the schema, and whether each is there and sound.
struct Record<'a> {
    cells: &'a [Option<&'a str>],
    sound: bool,
    line: u64,
}

impl ComptageReader {
    /// Nothing read yet.
    pub fn new(options: ComptageOptions) -> Self {
        Self {
            builder: CountsBuilder::new(options.zone).with_options(options.counts),
            sites: HashMap::new(),
            any_sites: false,
            channels: HashMap::new(),
            report: Report::with_limit(options.max_problems),
            options,
        }
    }

    /// Reads a file of sites.
    ///
    /// # Errors
    ///
    /// [`ReadError`], as said above.
    pub fn read_sites(&mut self, path: impl AsRef<Path>) -> Result<(), ReadError> {
        let reader = CsvReader::open(path, self.csv_options())?;
        self.take_sites(reader)
    }

    /// Reads sites from text; `name` is what problems call it.
    ///
    /// # Errors
    ///
    /// [`ReadError`], as said above.
    pub fn parse_sites(&mut self, text: impl AsRef<[u8]>, name: &str) -> Result<(), ReadError> {
        let reader = self.reader_of(text.as_ref(), name)?;
        self.take_sites(reader)
    }

    /// Reads a file of channels.
    ///
    /// # Errors
    ///
    /// [`ReadError`], as said above.
    pub fn read_channels(&mut self, path: impl AsRef<Path>) -> Result<(), ReadError> {
        let reader = CsvReader::open(path, self.csv_options())?;
        self.take_channels(reader)
    }

    /// Reads channels from text; `name` is what problems call it.
    ///
    /// # Errors
    ///
    /// [`ReadError`], as said above.
    pub fn parse_channels(&mut self, text: impl AsRef<[u8]>, name: &str) -> Result<(), ReadError> {
        let reader = self.reader_of(text.as_ref(), name)?;
        self.take_channels(reader)
    }

    /// Reads a file of measures.
    ///
    /// # Errors
    ///
    /// [`ReadError`], as said above.
    pub fn read_measures(&mut self, path: impl AsRef<Path>) -> Result<(), ReadError> {
        let reader = CsvReader::open(path, self.csv_options())?;
        self.take_measures(reader)
    }

    /// Reads measures from text; `name` is what problems call it.
    ///
    /// # Errors
    ///
    /// [`ReadError`], as said above.
    pub fn parse_measures(&mut self, text: impl AsRef<[u8]>, name: &str) -> Result<(), ReadError> {
        let reader = self.reader_of(text.as_ref(), name)?;
        self.take_measures(reader)
    }

    /// The counts, and all that is wrong with the files.
    pub fn finish(self) -> (Counts, Report) {
        let (counts, found) = self.builder.finish();
        let mut report = self.report;
        report.merge(found);
        (counts, report)
    }

    /// Commas and points, as the standard has them; records of a wrong length are left out and told.
    fn csv_options(&self) -> CsvOptions {
        CsvOptions::default().with_on_problem(OnProblem::SkipRow).with_max_problems(self.options.max_problems)
    }

    fn reader_of(&self, text: &[u8], name: &str) -> Result<CsvReader, ReadError> {
        CsvReader::from_reader(std::io::Cursor::new(text.to_vec()), name, self.csv_options())
    }

    fn take_sites(&mut self, reader: CsvReader) -> Result<(), ReadError> {
        self.any_sites = true;
        self.records(reader, File::Site, |this, record, file, row| {
            let [Some(id), _, name, _, x, y, ..] = record.cells[..] else { return };
            let position = x.and_then(number).zip(y.and_then(number)).filter(|_| record.sound);
            let site = Site { name: name.map(str::to_owned), position: position.map(|(x, y)| [x, y]) };
            if this.sites.insert(id.to_owned(), site).is_some() {
                this.twice(id, "site_id", file, row, record.line);
            }
        })
    }

    fn take_channels(&mut self, reader: CsvReader) -> Result<(), ReadError> {
        self.records(reader, File::Channel, |this, record, file, row| {
            let cell = |name: &str| {
                File::Channel.columns().iter().position(|c| c.name == name).and_then(|at| record.cells[at])
            };
            let Some(id) = cell("channel_id") else { return };
            if this.channels.contains_key(id) {
                this.twice(id, "channel_id", file, row, record.line);
                return;
            }
            let mut channel = Channel::new(id).with_mode(
                cell("mobility_type").and_then(|mode| mode.parse().ok()).unwrap_or(Mode::Undefined),
            );
            channel.direction = cell("direction")
                .or(cell("provider_direction_name"))
                .or(cell("provider_direction_code"))
                .map(str::to_owned);
            channel.name = cell("provider_direction_name").map(str::to_owned);
            if let Some(site) = cell("site_id") {
                channel = channel.with_site(site);
                match this.sites.get(site) {
                    Some(found) => {
                        channel.position = found.position;
                        channel.name = channel.name.or_else(|| found.name.clone());
                    }
                    None if this.any_sites => {
                        let problem = Problem::new(format!("the site “{site}”"), "one of the file of sites");
                        let problem =
                            problem.of_kind(ProblemKind::UnknownCode).in_column("site_id").of_key(id);
                        this.report.add(problem.in_file(file).at_row(row).at_line(record.line));
                    }
                    None => {}
                }
            }
            // A step is a whole number of seconds; others are told, and none.
            let step = cell("time_step").and_then(number);
            channel.interval = step
                .filter(|step| *step >= 1.0 && step.fract() == 0.0 && *step < 1e9)
                .map(|step| step as u32);
            if let Some(step) = step.filter(|_| channel.interval.is_none()) {
                let problem = Problem::new(step.to_string(), "a whole number of seconds above 0")
                    .in_column("time_step");
                this.report.add(problem.of_key(id).in_file(file).at_row(row).at_line(record.line));
            }
            let period = cell("started_at").zip(cell("ended_at"));
            let instants = period.and_then(|(from, to)| {
                timestamp::instant(from.as_bytes()).zip(timestamp::instant(to.as_bytes()))
            });
            if instants.is_some_and(|(from, to)| to < from) {
                let problem = Problem::new("an end before the start", "started_at before ended_at")
                    .in_column("ended_at");
                this.report.add(problem.of_key(id).in_file(file).at_row(row).at_line(record.line));
            }
            let interval = channel.interval;
            let position = this.builder.channel(channel);
            this.channels.insert(id.to_owned(), (position, interval));
        })
    }

    fn take_measures(&mut self, reader: CsvReader) -> Result<(), ReadError> {
        self.builder.in_file(reader.report().file.clone());
        self.records(reader, File::Measure, |this, record, file, row| {
            this.builder.at_line(record.line);
            let reject = |this: &mut Self, problem: Problem, column: &str, key: Option<&str>| {
                let problem = problem.in_column(column).in_file(file).at_row(row).at_line(record.line);
                this.report.add(match key {
                    Some(key) => problem.of_key(key),
                    None => problem,
                });
            };
            let &[Some(id), counter, start, end, count] = record.cells else { return this.builder.skip() };
            let Some(&(channel, step)) = this.channels.get(id) else {
                let problem =
                    Problem::new(format!("the channel “{id}”"), "one of the file of channels; left out");
                reject(this, problem.of_kind(ProblemKind::UnknownCode), "channel_id", Some(id));
                return this.builder.skip();
            };
            if !record.sound {
                return this.builder.skip();
            }
            let Some(start) = start.and_then(|start| timestamp::parse(start.as_bytes())) else {
                return this.builder.skip();
            };
            let end = end.and_then(|end| timestamp::parse(end.as_bytes()));
            let instant = |this: &mut Self, time: Timestamp, column: &str| match (time, this.options.local) {
                (Timestamp::Instant(seconds), _) => Some(seconds),
                (Timestamp::Local(local), Some(repeated)) => {
                    match TimestampConvention::Start.local_start(local, 0, this.options.zone, repeated) {
                        Ok(seconds) => Some(seconds),
                        Err(error) => {
                            reject(
                                this,
                                Problem::new(local.to_string(), format!("{error}; left out")),
                                column,
                                Some(id),
                            );
                            None
                        }
                    }
                }
                (Timestamp::Local(local), None) => {
                    let problem =
                        Problem::new(local.to_string(), "a time with Z or an offset from UTC; left out");
                    reject(this, problem.of_kind(ProblemKind::WrongType), column, Some(id));
                    None
                }
            };
            let Some(begin) = instant(this, start, "start_datetime") else { return this.builder.skip() };
            let duration = match end {
                Some(end) => {
                    let Some(end) = instant(this, end, "end_datetime") else { return this.builder.skip() };
                    match u32::try_from(end.saturating_sub(begin)).ok().filter(|length| *length > 0) {
                        Some(length) => length,
                        None => {
                            let problem = Problem::new(
                                "an end that is not after the start",
                                "end_datetime after start_datetime; left out",
                            );
                            reject(this, problem, "end_datetime", Some(id));
                            return this.builder.skip();
                        }
                    }
                }
                None => match step {
                    Some(step) => step,
                    None => {
                        let problem = Problem::new(
                            "no end",
                            "end_datetime, or else the time_step of the channel; left out",
                        );
                        reject(this, problem.of_kind(ProblemKind::MissingValue), "end_datetime", Some(id));
                        return this.builder.skip();
                    }
                },
            };
            let value = count.and_then(number).unwrap_or(f64::NAN);
            if let Some(counter) = counter {
                this.builder.counted_by(channel, begin, counter);
            }
            let flag = if value.fract() > 0.0 { Flag::Imputed(Imputation::Provider) } else { Flag::Observed };
            this.builder.add(Reading::new(channel, begin, duration, value).with_flag(flag));
        })
    }

    fn twice(&mut self, key: &str, column: &str, file: &str, row: u64, line: u64) {
        let problem = Problem::new(format!("“{key}” a second time"), "each key once")
            .of_kind(ProblemKind::DuplicateRow);
        self.report.add(problem.in_file(file).at_row(row).at_line(line).in_column(column).of_key(key));
    }

    /// Reads the records of a file and checks their cells.
    fn records(
        &mut self,
        mut reader: CsvReader,
        file: File,
        mut take: impl FnMut(&mut Self, Record<'_>, &str, u64),
    ) -> Result<(), ReadError> {
        let name = reader.report().file.clone();
        let schema = reader.schema();
        let there: Vec<&str> = schema.fields().iter().map(|field| field.name.as_str()).collect();
        let needed = file.columns().iter().filter(|column| file.needs(column)).map(|column| column.name);
        let lacking = Problem::lacking_columns(needed, &there);
        let mut missing = Report::with_limit(self.options.max_problems);
        missing.extend(lacking.into_iter().map(|problem| problem.in_file(name.clone())));
        if !missing.is_empty() {
            return Err(ReadError::Content { file: name, report: missing });
        }
        while let Some(table) = reader.next() {
            let table = table?;
            let columns: Vec<_> = file.columns().iter().map(|column| table.text(column.name).ok()).collect();
            for (at, &(row, line)) in reader.places().iter().enumerate() {
                let cells: Vec<Option<&str>> = columns
                    .iter()
                    .map(|column| column.filter(|column| column.is_valid(at)).map(|column| column.value(at)))
                    .map(|cell| cell.map(str::trim).filter(|cell| !cell.is_empty()))
                    .collect();
                let key = cells[0];
                let mut sound = true;
                for (column, cell) in file.columns().iter().zip(&cells) {
                    let problem = match cell {
                        Some(text) => match column.rule.broken_by(text) {
                            Some(needed) => {
                                let text: String = text.chars().take(60).collect();
                                let kind = match column.rule {
                                    Rule::Number(None) | Rule::Time => ProblemKind::WrongType,
                                    Rule::Number(Some(_)) => ProblemKind::ImpossibleValue,
                                    _ => ProblemKind::UnknownCode,
                                };
                                Problem::new(format!("“{text}”"), needed).of_kind(kind)
                            }
                            None => continue,
                        },
                        None if column.required => {
                            Problem::new("nothing", "a value").of_kind(ProblemKind::MissingValue)
                        }
                        None => continue,
                    };
                    sound = false;
                    let problem =
                        problem.in_file(name.clone()).at_row(row).at_line(line).in_column(column.name);
                    self.report.add(match key {
                        Some(key) => problem.of_key(key),
                        None => problem,
                    });
                }
                take(self, Record { cells: &cells, sound, line }, &name, row);
            }
        }
        self.report.merge(reader.into_report().problems.in_file(&name));
        Ok(())
    }
}
