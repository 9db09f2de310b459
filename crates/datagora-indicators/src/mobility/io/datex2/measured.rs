//! Measured data: the values of each site, as a stream.
use std::ops::Range;
use std::path::Path;

use datagora_core::io::ReadError;
use datagora_core::{Problem, ProblemKind, Repeated, Report, Zone};

use super::super::file::{Source, open, refused, unpacked};
use super::super::timestamp::{self, Timestamp};
use super::super::xml::{Event, Fault, Tag, Xml, decoded};
use super::{Datex2Version, Quantity};

/// What is taken as measured.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct Datex2Options {
    most_per_hour: f64,
    fastest: f64,
    least_quality: f32,
    zone: Option<Zone>,
    max_problems: usize,
}

impl Default for Datex2Options {
    /// Up to 20,000 vehicles per hour and 300 km/h, of any quality; times have offsets.
    fn default() -> Self {
        Self { most_per_hour: 20_000.0, fastest: 300.0, least_quality: 0.0, zone: None, max_problems: 100 }
    }
}

impl Datex2Options {
    /// A flow above this many per hour is impossible.
    pub fn with_most_per_hour(self, most_per_hour: f64) -> Self {
        Self { most_per_hour, ..self }
    }

    /// A speed above this many km/h is impossible.
    pub fn with_fastest(self, fastest: f64) -> Self {
        Self { fastest, ..self }
    }

    /// Values whose supplier gives them less than this quality, in percent, are taken as missing.
    pub fn with_least_quality(self, least_quality: f32) -> Self {
        Self { least_quality, ..self }
    }

    /// Zone of times that are written without offset; without it they are problems.
    pub fn with_zone(self, zone: Zone) -> Self {
        Self { zone: Some(zone), ..self }
    }

    /// How many problems of a kind are told one by one; all are counted.
    pub fn with_max_problems(self, max_problems: usize) -> Self {
        Self { max_problems, ..self }
    }
}

/// Why there is a value, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum MeasurementState {
    /// A value as measured.
    Measured,
    /// The detector worked and nobody came by (no input values): there is no speed.
    NoVehicle,
    /// No value was given, or the sign for none (−1).
    NoValue,
    /// The supplier says that the data or the equipment is in error.
    Error,
    /// The supplier gives it less quality than was asked for.
    LowQuality,
    /// It cannot be: listed as a problem.
    Impossible,
}

/// One measured value of a site.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Measurement {
    /// Which of the site's values it is: its lane, vehicles and period stand under this index in the [`SiteTable`].
    ///
    /// [`SiteTable`]: super::SiteTable
    pub index: u32,
    /// What it measures.
    pub quantity: Quantity,
    /// The value in the unit of the quantity; NaN unless it is [`MeasurementState::Measured`].
    pub value: f64,
    /// Why there is a value, or none.
    pub state: MeasurementState,
    /// Time of its own, in seconds since 1970 (UTC), where it differs from that of the site.
    pub time: Option<i64>,
    /// Input values used, if told: usually vehicles.
    pub inputs: Option<u32>,
    /// Input values that were incomplete, if told.
    pub incomplete: Option<u32>,
    /// Standard deviation, in the unit of the quantity, if told.
    pub deviation: Option<f32>,
    /// Quality that the supplier computed, in percent, if told.
    pub quality: Option<f32>,
}

/// What the time of measurement means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum TimeMeaning {
    /// Start of the period measured.
    Start,
    /// End of the period measured.
    End,
}

/// What one site measured at one time. The reader uses it again for the next site.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SiteMeasurements {
    /// Identifier of the site.
    pub site: String,
    /// Version of the site's description.
    pub version: String,
    /// Time of measurement, in seconds since 1970 (UTC).
    pub time: Option<i64>,
    /// What that time means, if told: version 3 can say, version 2 leaves it to the supplier's documents.
    pub meaning: Option<TimeMeaning>,
    /// The values, in the order of the file.
    pub measurements: Vec<Measurement>,
}

/// What a publication says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Publication {
    /// Version of the data model.
    pub version: Datex2Version,
    /// When it was published, in seconds since 1970 (UTC).
    pub time: Option<i64>,
    /// Identifier of the table that describes the sites.
    pub site_table: Option<String>,
    /// Version of that table.
    pub site_table_version: Option<String>,
}

/// A publication of measured data, read whole.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct MeasuredData {
    /// What it says about itself.
    pub publication: Publication,
    /// The sites, in the order of the file; a site may come several times, with other times.
    pub sites: Vec<MeasuredSite>,
    /// The values of all sites, one site after the other.
    pub measurements: Vec<Measurement>,
    /// Was it read to its end? Otherwise the file was cut off, and the last problem tells where.
    pub complete: bool,
    /// All that is wrong with it.
    pub problems: Report,
}

/// One site of a publication.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct MeasuredSite {
    /// Identifier.
    pub site: Box<str>,
    /// Version of its description.
    pub version: Box<str>,
    /// Time of measurement, in seconds since 1970 (UTC).
    pub time: Option<i64>,
    /// What that time means, if told.
    pub meaning: Option<TimeMeaning>,
    /// Which of the measurements are its own.
    pub rows: Range<usize>,
}

impl MeasuredData {
    /// The values of a site.
    ///
    /// # Panics
    ///
    /// If the site is of another publication.
    pub fn of(&self, site: &MeasuredSite) -> &[Measurement] {
        &self.measurements[site.rows.clone()]
    }
}

/// Reads a DATEX II publication of measured data (`MeasuredDataPublication`), version 2 or 3, packed by gzip or not.
///
/// What is in it: flow, speed, occupancy, density, headways, travel times, each with the number of input values, the
/// supplier's quality and the mark of an error. For files that do not fit into memory see [`Datex2Reader`].
///
/// # Units
///
/// Those of [`Quantity::unit`]. A **flow is a rate** in vehicles per hour, even if it was measured over one minute: a count
/// is the rate times the period, which stands in the table of the sites ([`read_datex2_sites`](super::read_datex2_sites)).
/// Times are seconds since 1970 (UTC).
///
/// # Missing values
///
/// NaN, with the reason as [`MeasurementState`]. A value marked by `dataError` is missing although a number stands there,
/// mostly 0 for a flow. A speed from no input values is missing, whether −1 or 0 stands there: nobody came by. A flow of 0
/// from no input values is a 0; one above 0 would rest on nothing, and is missing. Negative numbers other than −1, flows and speeds above what the options allow, and
/// occupancies above 100 % are missing and listed.
///
/// # Errors
///
/// [`ReadError::Unreadable`], [`ReadError::Empty`]; [`ReadError::Content`] for other XML, another publication, another
/// version. A file that is cut off or ill-formed is no error: the sites before are given, and the problem is listed with
/// its byte.
///
/// # Example
///
/// ```
/// use datagora_indicators::mobility::io::{Datex2Options, MeasurementState, Quantity, parse_datex2};
///
/// let xml = r#"<d2LogicalModel xmlns="http://datex2.eu/schema/2/2_0" modelBaseVersion="2"
///     xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><payloadPublication xsi:type="MeasuredDataPublication" lang="nl">
///   <siteMeasurements>
///     <measurementSiteReference id="PZH01_MST_0065_00" version="11" targetClass="MeasurementSiteRecord"/>
///     <measurementTimeDefault>2025-08-15T21:48:00Z</measurementTimeDefault>
///     <measuredValue index="1"><measuredValue><basicData xsi:type="TrafficFlow">
///       <vehicleFlow><vehicleFlowRate>120</vehicleFlowRate></vehicleFlow></basicData></measuredValue></measuredValue>
///     <measuredValue index="2"><measuredValue><basicData xsi:type="TrafficSpeed">
///       <averageVehicleSpeed numberOfInputValuesUsed="0"><speed>-1</speed></averageVehicleSpeed>
///     </basicData></measuredValue></measuredValue>
///   </siteMeasurements></payloadPublication></d2LogicalModel>"#;
/// let data = parse_datex2(xml.as_bytes(), "trafficspeed.xml", &Datex2Options::default())?;
/// let [flow, speed] = data.of(&data.sites[0]) else { panic!("two values") };
/// assert_eq!((flow.quantity, flow.value), (Quantity::Flow, 120.0)); // vehicles per hour
/// assert_eq!(speed.state, MeasurementState::NoVehicle);
/// assert!(speed.value.is_nan() && data.problems.is_empty());
/// # Ok::<(), datagora_core::io::ReadError>(())
/// ```
///
/// # References
///
/// CEN/TS 16157-5, *DATEX II: Measured and elaborated data publications*. DATEX II v2.3 and v3 schemas,
/// <https://docs.datex2.eu>. NDW, *Interfacebeschrijving* (−1 and the number of input values).
pub fn read_datex2(path: impl AsRef<Path>, options: &Datex2Options) -> Result<MeasuredData, ReadError> {
    Datex2Reader::open(path, options.clone())?.read_all()
}

/// The same from bytes; `name` is what problems call them.
///
/// # Errors
///
/// As [`read_datex2`].
pub fn parse_datex2(bytes: &[u8], name: &str, options: &Datex2Options) -> Result<MeasuredData, ReadError> {
    Datex2Reader::from_reader(std::io::Cursor::new(bytes.to_vec()), name, options.clone())?.read_all()
}

/// Reads measured data site by site, so that memory does not grow with the file.
///
/// # Example
///
/// ```
/// # let folder = std::env::temp_dir().join(format!("datagora-datex2-{}.xml", std::process::id()));
/// # std::fs::write(&folder, r#"<d2LogicalModel modelBaseVersion="2"><payloadPublication type="MeasuredDataPublication">
/// #   <siteMeasurements><measurementSiteReference id="a"/><measurementTimeDefault>2025-08-15T21:48:00Z</measurementTimeDefault>
/// #   <measuredValue index="1"><measuredValue><basicData><vehicleFlow><vehicleFlowRate>120</vehicleFlowRate></vehicleFlow>
/// #   </basicData></measuredValue></measuredValue></siteMeasurements></payloadPublication></d2LogicalModel>"#)?;
/// # let path = &folder;
/// use datagora_indicators::mobility::io::{Datex2Options, Datex2Reader, Quantity};
///
/// let mut reader = Datex2Reader::open(path, Datex2Options::default())?;
/// let mut flow = 0.0;
/// while let Some(site) = reader.next_site()? {
///     flow += site.measurements.iter().filter(|m| m.quantity == Quantity::Flow).map(|m| m.value).sum::<f64>();
/// }
/// assert_eq!(flow, 120.0);
/// assert!(reader.is_complete() && reader.problems().is_empty());
/// # std::fs::remove_file(path)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Datex2Reader {
    xml: Xml<Source>,
    state: State,
    finished: bool,
    complete: bool,
}

/// Where in the file we are, and what was found so far.
struct State {
    file: String,
    options: Datex2Options,
    problems: Report,
    publication: Publication,
    depth: usize,
    place: Place,
    /// A publication of the wanted kind was found; otherwise, the first of another kind.
    found: bool,
    other: Option<String>,
    site: SiteMeasurements,
    /// Sites begun, for messages.
    row: u64,
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
    capture: Capture,
    capture_depth: usize,
    text: Vec<u8>,
}

/// A value whose element is open.
struct Pending {
    depth: usize,
    quantity: Quantity,
    value: Option<f64>,
    error: bool,
    inputs: Option<u32>,
    incomplete: Option<u32>,
    deviation: Option<f32>,
    quality: Option<f32>,
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
enum Capture {
    Nothing,
    PublicationTime,
    SiteTime,
    OwnTime,
    Meaning,
    Value,
    Error,
}

const NEEDED: &str = "a MeasuredDataPublication of DATEX II, version 2 or 3";

impl std::fmt::Debug for Datex2Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Datex2Reader")
            .field("file", &self.state.file)
            .field("sites", &self.state.row)
            .finish_non_exhaustive()
    }
}

impl Datex2Reader {
    /// Opens a file, packed by gzip or not.
    ///
    /// # Errors
    ///
    /// [`ReadError::Unreadable`], [`ReadError::Empty`].
    pub fn open(path: impl AsRef<Path>, options: Datex2Options) -> Result<Self, ReadError> {
        let (source, file) = open(path.as_ref())?;
        Ok(Self::start(source, file, options))
    }

    /// Reads from any source of bytes, packed by gzip or not; `name` is what problems call it.
    ///
    /// # Errors
    ///
    /// [`ReadError::Unreadable`], [`ReadError::Empty`].
    pub fn from_reader(
        reader: impl std::io::Read + Send + 'static,
        name: impl Into<String>,
        options: Datex2Options,
    ) -> Result<Self, ReadError> {
        let file = name.into();
        Ok(Self::start(unpacked(reader, &file)?, file, options))
    }

    fn start(source: Source, file: String, options: Datex2Options) -> Self {
        let state = State {
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
        };
        Self { xml: Xml::new(source), state, finished: false, complete: false }
    }

    /// What the publication says about itself, as far as it was read.
    pub fn publication(&self) -> &Publication {
        &self.state.publication
    }

    /// All that was wrong so far.
    pub fn problems(&self) -> &Report {
        &self.state.problems
    }

    /// Was the file read to a sound end?
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// The next site; `None` at the end, also of a file that is cut off (see [`is_complete`](Self::is_complete)).
    ///
    /// # Errors
    ///
    /// [`ReadError::Content`] if the file holds no measured data of DATEX II, version 2 or 3.
    pub fn next_site(&mut self) -> Result<Option<&SiteMeasurements>, ReadError> {
        while !self.finished {
            let step = match self.xml.next() {
                Ok(Event::Open(tag)) => self.state.opened(tag),
                Ok(Event::Close) => {
                    if self.state.closed() {
                        return Ok(Some(&self.state.site));
                    }
                    Ok(())
                }
                Ok(Event::Text(text) | Event::Verbatim(text)) => {
                    if self.state.capture != Capture::Nothing {
                        self.state.text.extend_from_slice(text);
                    }
                    Ok(())
                }
                Ok(Event::End) => {
                    self.finished = true;
                    self.complete = true;
                    self.state.ended()
                }
                Err(fault) => {
                    self.finished = true;
                    self.state.stopped(&fault)
                }
            };
            if step.is_err() {
                self.finished = true;
                step?;
            }
        }
        Ok(None)
    }

    fn read_all(mut self) -> Result<MeasuredData, ReadError> {
        let (mut sites, mut measurements) = (Vec::new(), Vec::new());
        while let Some(site) = self.next_site()? {
            let from = measurements.len();
            measurements.extend_from_slice(&site.measurements);
            sites.push(MeasuredSite {
                site: site.site.as_str().into(),
                version: site.version.as_str().into(),
                time: site.time,
                meaning: site.meaning,
                rows: from..measurements.len(),
            });
        }
        let State { publication, problems, .. } = self.state;
        Ok(MeasuredData { publication, sites, measurements, complete: self.complete, problems })
    }
}

impl State {
    fn opened(&mut self, tag: Tag<'_>) -> Result<(), ReadError> {
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

    fn begin(&mut self, quantity: Quantity, tag: Tag<'_>) {
        let mut pending = Pending {
            depth: self.depth,
            quantity,
            value: None,
            error: false,
            inputs: None,
            incomplete: None,
            deviation: None,
            quality: None,
        };
        for (name, value) in tag.attributes() {
            let understood = match name {
                b"numberOfInputValuesUsed" => {
                    pending.inputs = whole(value);
                    pending.inputs.is_some()
                }
                b"numberOfIncompleteInputs" => {
                    pending.incomplete = whole(value);
                    pending.incomplete.is_some()
                }
                b"standardDeviation" => {
                    pending.deviation = number(value).map(|value| value as f32);
                    pending.deviation.is_some()
                }
                b"supplierCalculatedDataQuality" => {
                    pending.quality = number(value).map(|value| value as f32);
                    pending.quality.is_some()
                }
                _ => true,
            };
            if !understood {
                let found = format!("{:?}", decoded(value));
                let problem = Problem::new(found, "a number").of_kind(ProblemKind::WrongType);
                self.problem(problem.in_column(decoded(name)));
            }
        }
        self.pending = Some(pending);
    }

    fn capture(&mut self, capture: Capture) {
        self.capture = capture;
        self.capture_depth = self.depth;
        self.text.clear();
    }

    /// Leaves an element; true if it was a site that can be given.
    fn closed(&mut self) -> bool {
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

    /// Takes over a value whose element ended.
    fn measured(&mut self) {
        let Some(pending) = self.pending.take() else { return };
        let Pending { quantity, value, error, inputs, incomplete, deviation, quality, .. } = pending;
        let mut impossible = None;
        let state = match value {
            _ if error => MeasurementState::Error,
            None => MeasurementState::NoValue,
            Some(_) if quality.is_some_and(|quality| quality < self.options.least_quality) => {
                MeasurementState::LowQuality
            }
            Some(-1.0) if inputs != Some(0) => MeasurementState::NoValue,
            Some(_) if inputs == Some(0) && !quantity.can_be_empty() => MeasurementState::NoVehicle,
            Some(-1.0) => MeasurementState::NoValue,
            Some(value) if inputs == Some(0) && value > 0.0 => MeasurementState::NoValue,
            Some(value) => {
                let most = match quantity {
                    Quantity::Flow | Quantity::CarEquivalentFlow | Quantity::AxleFlow => {
                        self.options.most_per_hour
                    }
                    Quantity::Speed | Quantity::FreeFlowSpeed => self.options.fastest,
                    Quantity::Occupancy | Quantity::LongVehicles => 100.0,
                    _ => f64::INFINITY,
                };
                if value.is_finite() && (0.0..=most).contains(&value) {
                    MeasurementState::Measured
                } else {
                    impossible = Some((value, most));
                    MeasurementState::Impossible
                }
            }
        };
        if let Some((value, most)) = impossible {
            let unit = quantity.unit();
            let needed = match most.is_finite() {
                true => format!("0 to {most} {}; taken as missing", unit.code()),
                false => "a number from 0 on; taken as missing".to_owned(),
            };
            let problem = Problem::new(format!("{value} {} as {quantity:?}", unit.code()), needed);
            self.problem_of_value(problem);
        }
        let value = match (state, value) {
            (MeasurementState::Measured, Some(value)) => value,
            _ => f64::NAN,
        };
        let index = self.index;
        self.site.measurements.push(Measurement {
            index,
            quantity,
            value,
            state,
            time: None,
            inputs,
            incomplete,
            deviation,
            quality,
        });
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
    fn ended(&mut self) -> Result<(), ReadError> {
        match (&self.other, self.found) {
            (_, true) => Ok(()),
            (Some(other), false) => Err(self.refused(format!("a {other}"))),
            (None, false) => Err(self.refused("XML without a publication")),
        }
    }

    /// The file is cut off or ill-formed: what was read before can be used.
    fn stopped(&mut self, fault: &Fault) -> Result<(), ReadError> {
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

fn whole(text: &[u8]) -> Option<u32> {
    std::str::from_utf8(text).ok()?.trim().parse().ok()
}

fn number(text: &[u8]) -> Option<f64> {
    std::str::from_utf8(text).ok()?.trim().parse().ok()
}
