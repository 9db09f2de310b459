//! Where in a publication of measured data the reader is, and what it found so far.
mod value;

use datagora_core::io::ReadError;
use datagora_core::{Problem, ProblemKind, Repeated, Report};

use self::value::{Pending, number, whole};
use super::super::file::refused;
use super::super::timestamp::{self, Timestamp};
use super::super::xml::{Fault, Tag, decoded};
use super::{
    Datex2Options, Datex2Version, MeasurementState, Publication, Quantity, SiteMeasurements, TimeMeaning,
};

/// Where in the file we are, and what was found so far.
pub(super) struct State {
    pub(super) file: String,
    options: Datex2Options,
    pub(super) problems: Report,
    pub(super) publication: Publication,
    depth: usize,
    place: Place,
    /// A publication of the wanted kind was found; otherwise, the first of another kind.
    found: bool,
    other: Option<String>,
    pub(super) site: SiteMeasurements,
    /// Sites begun, for messages.
    pub(super) row: u64,
    /// The indexed value that is open: its index, depth and first measurement, and whether a fault is told of it.
    index: u32,
    index_depth: usize,
    index_from: usize,
    faulty: bool,
    /// The basic data that is open: depth, first measurement, time of its own.
    basic_depth: usize,
    basic_from: usize,
    basic_time: Option<i64>,
    pending: Option<Pending>,
    pub(super) capture: Capture,
    capture_depth: usize,
    pub(super) text: Vec<u8>,
}

/// What surrounds an element; the number is the depth of what surrounds.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Outside,
    Publication(usize),
    Site(usize),
}

/// What the text of the innermost element is.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Capture {
    Nothing,
    PublicationTime,
    SiteTime,
    OwnTime,
    Meaning,
    Value,
    Error,
}

const NEEDED: &str = "a MeasuredDataPublication of DATEX II, version 2 or 3";

impl State {
    pub(super) fn new(file: String, options: Datex2Options) -> Self {
        Self {
            file,
            problems: Report::with_limit(options.max_problems),
            options,
            publication: Publication {
                version: Datex2Version::V2,
                time: None,
                site_table: None,
                site_table_version: None,
            },
            depth: 0,
            place: Place::Outside,
            found: false,
            other: None,
            site: SiteMeasurements::default(),
            row: 0,
            index: 0,
            index_depth: 0,
            index_from: 0,
            faulty: false,
            basic_depth: 0,
            basic_from: 0,
            basic_time: None,
            pending: None,
            capture: Capture::Nothing,
            capture_depth: 0,
            text: Vec::new(),
        }
    }

    pub(super) fn opened(&mut self, tag: Tag<'_>) -> Result<(), ReadError> {
        self.depth += 1;
        match self.place {
            Place::Site(_) => self.opened_in_site(tag),
            Place::Publication(around) => self.opened_in_publication(tag, around),
            Place::Outside => return self.opened_outside(tag),
        }
        Ok(())
    }

    fn opened_outside(&mut self, tag: Tag<'_>) -> Result<(), ReadError> {
        let kind = match tag.name {
            b"d2LogicalModel" | b"D2LogicalModel" | b"messageContainer" => false,
            b"payloadPublication" | b"payload" => true,
            _ => return Ok(()),
        };
        if let Some(version) = tag.attribute(b"modelBaseVersion") {
            self.publication.version = match version.first() {
                Some(b'2') => Datex2Version::V2,
                Some(b'3') => Datex2Version::V3,
                _ => return Err(self.refused(format!("DATEX II of version {}", decoded(version)))),
            };
        } else if tag.name == b"messageContainer" {
            self.publication.version = Datex2Version::V3;
        }
        if kind {
            let name = decoded(tag.attribute(b"type").unwrap_or_default());
            let name = name.rsplit(':').next().unwrap_or_default();
            if name == "MeasuredDataPublication" {
                self.found = true;
                self.place = Place::Publication(self.depth);
            } else {
                self.other.get_or_insert_with(|| name.to_owned());
            }
        }
        Ok(())
    }

    fn opened_in_publication(&mut self, tag: Tag<'_>, around: usize) {
        match tag.name {
            b"siteMeasurements" if self.depth == around + 1 => {
                self.row += 1;
                self.place = Place::Site(self.depth);
                self.site.site.clear();
                self.site.version.clear();
                self.site.time = None;
                self.site.meaning = None;
                self.site.measurements.clear();
            }
            b"publicationTime" if self.depth == around + 1 => self.capture(Capture::PublicationTime),
            b"measurementSiteTableReference" if self.publication.site_table.is_none() => {
                let text = |name| tag.attribute(name).map(|value| decoded(value).into_owned());
                self.publication.site_table = text(b"id");
                self.publication.site_table_version = text(b"version");
            }
            _ => {}
        }
    }

    fn opened_in_site(&mut self, tag: Tag<'_>) {
        if let Some(pending) = &self.pending {
            if self.depth == pending.depth + 1 {
                match tag.name {
                    b"dataError" => self.capture(Capture::Error),
                    b"reasonForDataError" => {}
                    name if name.ends_with(b"Extension") => {}
                    _ => self.capture(Capture::Value),
                }
            }
            return;
        }
        if self.basic_depth > 0 {
            if let Some(quantity) = Quantity::of_element(tag.name) {
                self.begin(quantity, tag);
                return;
            }
            match tag.name {
                b"measurementOrCalculationTime" | b"timeValue" => self.capture(Capture::OwnTime),
                _ => {}
            }
            return;
        }
        match tag.name {
            b"measuredValue" | b"physicalQuantity" => {
                if let Some(index) = tag.attribute(b"index") {
                    self.index_depth = self.depth;
                    self.index_from = self.site.measurements.len();
                    self.faulty = false;
                    self.index = whole(index).unwrap_or_else(|| {
                        let found = format!("index {:?}", decoded(index));
                        self.problem(Problem::new(found, "a whole number").of_kind(ProblemKind::WrongType));
                        0
                    });
                }
            }
            b"basicData" => {
                self.basic_depth = self.depth;
                self.basic_from = self.site.measurements.len();
                self.basic_time = None;
            }
            b"measurementSiteReference" => {
                for (name, value) in tag.attributes() {
                    match name {
                        b"id" => self.site.site.push_str(&decoded(value)),
                        b"version" => self.site.version.push_str(&decoded(value)),
                        _ => {}
                    }
                }
            }
            b"measurementTimeDefault" | b"timeValue" => self.capture(Capture::SiteTime),
            b"timeMeaning" => self.capture(Capture::Meaning),
            b"measurementEquipmentFault" | b"physicalQuantityFault" => self.faulty = true,
            _ => {}
        }
    }

    fn capture(&mut self, capture: Capture) {
        self.capture = capture;
        self.capture_depth = self.depth;
        self.text.clear();
    }

    /// Leaves an element; true if it was a site that can be given.
    pub(super) fn closed(&mut self) -> bool {
        if self.capture != Capture::Nothing && self.capture_depth == self.depth {
            self.captured();
        }
        if self.pending.as_ref().is_some_and(|pending| pending.depth == self.depth) {
            self.measured();
        }
        let depth = self.depth;
        self.depth = self.depth.saturating_sub(1);
        match self.place {
            Place::Site(around) => {
                if depth == self.basic_depth {
                    self.basic_depth = 0;
                    if let Some(time) = self.basic_time {
                        for measurement in &mut self.site.measurements[self.basic_from..] {
                            measurement.time = Some(time);
                        }
                    }
                } else if depth == self.index_depth {
                    self.index_depth = 0;
                    if self.faulty {
                        for measurement in &mut self.site.measurements[self.index_from..] {
                            measurement.value = f64::NAN;
                            measurement.state = MeasurementState::Error;
                        }
                    }
                } else if depth == around {
                    self.place = Place::Publication(around - 1);
                    return self.site_is_sound();
                }
            }
            Place::Publication(around) if depth == around => self.place = Place::Outside,
            _ => {}
        }
        false
    }

    fn captured(&mut self) {
        let capture = std::mem::replace(&mut self.capture, Capture::Nothing);
        let text = std::mem::take(&mut self.text);
        let trimmed = text.trim_ascii();
        match capture {
            Capture::Nothing => {}
            // The element held others, of which the time was one.
            Capture::SiteTime | Capture::OwnTime if trimmed.is_empty() => {}
            Capture::PublicationTime => self.publication.time = self.time(trimmed, "publicationTime"),
            Capture::SiteTime => self.site.time = self.time(trimmed, "measurementTimeDefault"),
            Capture::OwnTime => self.basic_time = self.time(trimmed, "measurementOrCalculationTime"),
            Capture::Meaning => {
                self.site.meaning = match trimmed {
                    b"startTime" | b"beginTime" => Some(TimeMeaning::Start),
                    b"endTime" => Some(TimeMeaning::End),
                    _ => self.site.meaning,
                };
            }
            Capture::Value => match number(trimmed) {
                Some(value) => {
                    if let Some(pending) = &mut self.pending {
                        pending.value = Some(value);
                    }
                }
                None if trimmed.is_empty() => {}
                None => {
                    let found = format!("“{}”", decoded(&trimmed[..trimmed.len().min(40)]));
                    let problem = Problem::new(found, "a number; taken as missing");
                    self.problem_of_value(problem.of_kind(ProblemKind::WrongType));
                }
            },
            Capture::Error => {
                if let Some(pending) = &mut self.pending {
                    pending.error = matches!(trimmed, b"true" | b"1");
                }
            }
        }
        self.text = text;
    }

    /// Whether the site that ended can be used: it must have a name.
    fn site_is_sound(&mut self) -> bool {
        self.basic_depth = 0;
        self.index_depth = 0;
        if self.site.site.is_empty() {
            let problem =
                Problem::new("a site without identifier", "measurementSiteReference with an id; left out");
            self.problem(problem.of_kind(ProblemKind::MissingValue));
            return false;
        }
        if self.site.time.is_none() && self.site.measurements.iter().any(|one| one.time.is_none()) {
            let problem = Problem::new("no time", "the time of the measurements");
            self.problem(problem.of_kind(ProblemKind::MissingValue).in_column("measurementTimeDefault"));
        }
        true
    }

    fn time(&mut self, text: &[u8], element: &str) -> Option<i64> {
        let needed = match timestamp::parse(text) {
            Some(Timestamp::Instant(seconds)) => return Some(seconds),
            Some(Timestamp::Local(local)) => match self.options.zone {
                Some(zone) => match zone.instant(local, Repeated::Refuse) {
                    Ok(instant) => return Some(instant.timestamp()),
                    Err(error) => error.to_string(),
                },
                None => "a time with Z or an offset from UTC, or a zone in the options".to_owned(),
            },
            None => "a time such as 2025-08-15T21:48:00Z".to_owned(),
        };
        let found = format!("“{}”", decoded(&text[..text.len().min(40)]));
        self.problem(Problem::new(found, needed).of_kind(ProblemKind::WrongType).in_column(element));
        None
    }

    fn problem_of_value(&mut self, problem: Problem) {
        let index = self.index;
        self.problem(problem.in_column(format!("index {index}")));
    }

    fn problem(&mut self, problem: Problem) {
        let mut problem = problem.in_file(self.file.clone());
        if self.row > 0 {
            problem = problem.at_row(self.row);
        }
        if !self.site.site.is_empty() {
            problem = problem.of_key(self.site.site.clone());
        }
        self.problems.add(problem);
    }

    fn refused(&self, found: impl Into<String>) -> ReadError {
        refused(&self.file, Problem::new(found, NEEDED).of_kind(ProblemKind::Unreadable))
    }

    /// The file ended as it should.
    pub(super) fn ended(&mut self) -> Result<(), ReadError> {
        match (&self.other, self.found) {
            (_, true) => Ok(()),
            (Some(other), false) => Err(self.refused(format!("a {other}"))),
            (None, false) => Err(self.refused("XML without a publication")),
        }
    }

    /// The file is cut off or ill-formed: what was read before can be used.
    pub(super) fn stopped(&mut self, fault: &Fault) -> Result<(), ReadError> {
        let mut found = fault.found.clone();
        if matches!(self.place, Place::Site(_)) {
            found += "; the site begun is left out";
        }
        let problem = Problem::new(found, fault.needed).of_kind(ProblemKind::Unreadable).at_byte(fault.byte);
        if !self.found {
            return Err(refused(&self.file, problem));
        }
        self.problem(problem);
        Ok(())
    }
}
