//! The reader of measured data, site by site or whole.
use std::path::Path;

use datagora_core::Report;
use datagora_core::io::ReadError;

use super::super::file::{Source, open, unpacked};
use super::super::xml::{Event, Xml};
use super::state::{Capture, State};
use super::{Datex2Options, MeasuredData, MeasuredSite, Publication, SiteMeasurements};

/// Reads a DATEX II publication of measured data (`MeasuredDataPublication`), version 2 or 3, packed by gzip or not.
///
/// What is in it: flow, speed, occupancy, density, headways, travel times, each with the number of input values, the
/// supplier's quality and the mark of an error. For files that do not fit into memory see [`Datex2Reader`].
///
/// # Units
///
/// Those of [`Quantity::unit`](super::Quantity::unit). A **flow is a rate** in vehicles per hour, even if it was measured over one minute: a count
/// is the rate times the period, which stands in the table of the sites ([`read_datex2_sites`](super::read_datex2_sites)).
/// Times are seconds since 1970 (UTC).
///
/// # Missing values
///
/// NaN, with the reason as [`MeasurementState`](super::MeasurementState). A value marked by `dataError` is missing although a number stands there,
/// mostly 0 for a flow. A speed from no input values is missing, whether −1 or 0 stands there: nobody came by. A flow of 0
/// from no input values is a 0; one above 0 would rest on nothing, and is missing. Negative numbers other than −1, flows
/// and speeds above what the options allow, and occupancies above 100 % are missing and listed.
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
        let state = State::new(file, options);
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
