//! The table of measurement sites: what each value of the measured data is.
use std::path::Path;

use datagora_core::io::ReadError;
use datagora_core::{Problem, ProblemKind, Report};

use super::super::file::{Source, open, refused, unpacked};
use super::super::xml::{Event, Fault, Tag, Xml, decoded};
use super::Quantity;

/// The measurement sites of a table, with what is measured at each.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct SiteTable {
    /// Identifier of the table.
    pub id: Option<String>,
    /// Version of the table.
    pub version: Option<String>,
    /// The sites, in the order of the file.
    pub sites: Vec<MeasurementSite>,
    /// Was it read to its end? Otherwise the file was cut off, and the last problem tells where.
    pub complete: bool,
    /// All that is wrong with it.
    pub problems: Report,
}

/// A site where traffic is measured.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct MeasurementSite {
    /// Identifier.
    pub id: String,
    /// Version of this description.
    pub version: String,
    /// Name for people.
    pub name: Option<String>,
    /// Kind of device, in the supplier's words.
    pub equipment: Option<String>,
    /// How values are computed from those of single vehicles, such as `arithmeticAverageOfSamplesInATimePeriod`.
    pub method: Option<String>,
    /// Number of lanes.
    pub lanes: Option<u32>,
    /// Direction of the traffic, such as `northWestBound`.
    pub side: Option<String>,
    /// Longitude and latitude in degrees: that for display, or the first point told.
    pub position: Option<[f64; 2]>,
    /// What is measured, by index.
    pub characteristics: Vec<Characteristic>,
}

/// What one value of a site is.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Characteristic {
    /// Index of the value in the measured data.
    pub index: u32,
    /// What is measured, where it is a quantity that we read.
    pub quantity: Option<Quantity>,
    /// The same in the words of the file, such as `trafficFlow`.
    pub kind: String,
    /// Period over which it is measured, in seconds.
    pub period: Option<f64>,
    /// The lane, such as `lane1`; all lanes if not told.
    pub lane: Option<String>,
    /// Accuracy, in percent.
    pub accuracy: Option<f64>,
    /// Kinds of vehicle measured, such as `anyVehicle`.
    pub vehicles: Vec<String>,
    /// Lengths of the vehicles measured: all rules hold together.
    pub lengths: Vec<LengthRule>,
}

impl Characteristic {
    /// Are all vehicles measured, whatever their kind and length?
    pub fn is_any_vehicle(&self) -> bool {
        self.lengths.is_empty() && self.vehicles.iter().all(|kind| kind == "anyVehicle")
    }
}

/// A condition on the length of vehicles.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct LengthRule {
    /// How the length of the vehicle compares.
    pub comparison: Comparison,
    /// With this length, in metres.
    pub metres: f64,
}

/// How a number compares with another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Comparison {
    /// Less.
    Less,
    /// Less, or equal.
    LessOrEqual,
    /// Equal.
    Equal,
    /// Greater, or equal.
    GreaterOrEqual,
    /// Greater.
    Greater,
}

impl SiteTable {
    /// The site of this identifier; the last one, if there are several.
    pub fn site(&self, id: &str) -> Option<&MeasurementSite> {
        self.sites.iter().rev().find(|site| site.id == id)
    }
}

/// Reads the table of measurement sites of DATEX II (`MeasurementSiteTablePublication`), version 2 or 3, packed by gzip or not.
///
/// It says which lane, which vehicles and which period each index of the measured data is; without it a flow cannot become
/// a count. A file of one `measurementSiteRecord` alone is read as well.
///
/// # Units
///
/// Periods in seconds, lengths in metres, positions as longitude and latitude in degrees (WGS 84 or ETRS89).
///
/// # Missing values
///
/// `None`. Periods that are not positive, positions outside the globe and more than 99 lanes are missing and listed.
///
/// # Errors
///
/// [`ReadError::Unreadable`], [`ReadError::Empty`]; [`ReadError::Content`] for files without sites. A file that is cut off is no
/// error: the sites before are given.
///
/// # Example
///
/// ```
/// use datagora_indicators::mobility::io::{Quantity, parse_datex2_sites};
///
/// let xml = r#"<measurementSiteTable id="NDW01_MT" version="1647"><measurementSiteRecord id="PZH01_MST_0629_00" version="2">
///   <measurementSiteNumberOfLanes>1</measurementSiteNumberOfLanes>
///   <measurementSpecificCharacteristics index="4"><measurementSpecificCharacteristics>
///     <period>60</period><specificLane>lane1</specificLane>
///     <specificMeasurementValueType>trafficFlow</specificMeasurementValueType>
///     <specificVehicleCharacteristics><vehicleType>anyVehicle</vehicleType></specificVehicleCharacteristics>
///   </measurementSpecificCharacteristics></measurementSpecificCharacteristics>
///   <measurementSiteLocation><locationForDisplay><latitude>52.0263</latitude><longitude>4.634289</longitude>
///   </locationForDisplay></measurementSiteLocation></measurementSiteRecord></measurementSiteTable>"#;
/// let table = parse_datex2_sites(xml.as_bytes(), "sites.xml")?;
/// let site = table.site("PZH01_MST_0629_00").ok_or("no such site")?;
/// assert_eq!(site.position, Some([4.634289, 52.0263]));
/// assert_eq!((site.characteristics[0].quantity, site.characteristics[0].period), (Some(Quantity::Flow), Some(60.0)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// CEN/TS 16157-5, *DATEX II: Measured and elaborated data publications*. <https://docs.datex2.eu>.
pub fn read_datex2_sites(path: impl AsRef<Path>) -> Result<SiteTable, ReadError> {
    let (source, file) = open(path.as_ref())?;
    parse(source, file)
}

/// The same from bytes; `name` is what problems call them.
///
/// # Errors
///
/// As [`read_datex2_sites`].
pub fn parse_datex2_sites(bytes: &[u8], name: &str) -> Result<SiteTable, ReadError> {
    parse(unpacked(std::io::Cursor::new(bytes.to_vec()), name)?, name.to_owned())
}

const NEEDED: &str = "a MeasurementSiteTablePublication of DATEX II, version 2 or 3";
/// Elements of one site; more is no description of a site.
const LARGEST: usize = 100_000;

fn parse(source: Source, file: String) -> Result<SiteTable, ReadError> {
    let mut xml = Xml::new(source);
    let mut table = SiteTable {
        id: None,
        version: None,
        sites: Vec::new(),
        complete: false,
        problems: Report::with_limit(100),
    };
    let (mut found, mut row) = (false, 0);
    loop {
        let node = match xml.next() {
            Ok(Event::Open(tag)) => match tag.name {
                b"measurementSiteRecord" | b"measurementSite" => {
                    found = true;
                    let root = Node::new(tag);
                    subtree(&mut xml, root)
                }
                b"measurementSiteTable" => {
                    found = true;
                    let text = |name| tag.attribute(name).map(|value| decoded(value).into_owned());
                    table.id = table.id.take().or_else(|| text(b"id"));
                    table.version = table.version.take().or_else(|| text(b"version"));
                    continue;
                }
                _ => continue,
            },
            Ok(Event::End) => {
                table.complete = true;
                break;
            }
            Ok(_) => continue,
            Err(fault) => Err(fault),
        };
        match node {
            Ok(node) => {
                row += 1;
                let mut check = Check { file: &file, row, key: "", problems: &mut table.problems };
                table.sites.extend(site(&node, &mut check));
            }
            Err(fault) => {
                let problem = Problem::new(fault.found, fault.needed).of_kind(ProblemKind::Unreadable);
                let problem = problem.at_byte(fault.byte).in_file(file.clone());
                if !found {
                    return Err(refused(&file, problem));
                }
                table.problems.add(problem);
                break;
            }
        }
    }
    if !found {
        return Err(refused(
            &file,
            Problem::new("XML without measurement sites", NEEDED).of_kind(ProblemKind::Unreadable),
        ));
    }
    Ok(table)
}

/// An element of a site's description.
struct Node {
    name: String,
    index: Option<String>,
    id: String,
    version: String,
    text: String,
    children: Vec<Node>,
}

impl Node {
    fn new(tag: Tag<'_>) -> Self {
        let text = |name| tag.attribute(name).map(|value| decoded(value).into_owned());
        Self {
            name: decoded(tag.name).into_owned(),
            index: text(b"index"),
            id: text(b"id").unwrap_or_default(),
            version: text(b"version").unwrap_or_default(),
            text: String::new(),
            children: Vec::new(),
        }
    }

    fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The first element of this name below, however deep.
    fn below(&self, name: &str) -> Option<&Node> {
        self.children
            .iter()
            .find_map(|child| if child.name == name { Some(child) } else { child.below(name) })
    }

    /// The text, if there is any.
    fn said(&self) -> Option<String> {
        let text = self.text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn said_by(&self, name: &str) -> Option<String> {
        self.child(name)?.said()
    }
}

/// Reads on to the end of this element. Depth is bounded by the scanner.
fn subtree(xml: &mut Xml<Source>, root: Node) -> Result<Node, Fault> {
    let mut open = vec![root];
    let mut count = 1;
    loop {
        let byte = xml.position();
        match xml.next()? {
            Event::Open(tag) => {
                open.push(Node::new(tag));
                count += 1;
                if count > LARGEST {
                    let found = format!("a site of more than {LARGEST} elements");
                    return Err(Fault { byte, found, needed: "a description of a site" });
                }
            }
            Event::Text(text) => {
                if let Some(node) = open.last_mut() {
                    node.text.push_str(&decoded(text));
                }
            }
            Event::Verbatim(text) => {
                if let Some(node) = open.last_mut() {
                    node.text.push_str(&String::from_utf8_lossy(text));
                }
            }
            Event::Close => {
                let Some(node) = open.pop() else { break };
                match open.last_mut() {
                    Some(parent) => parent.children.push(node),
                    None => return Ok(node),
                }
            }
            Event::End => break,
        }
    }
    let byte = xml.position();
    Err(Fault { byte, found: "the end of the file".to_owned(), needed: "the end of a site" })
}

/// Where problems of a site go.
struct Check<'a> {
    file: &'a str,
    row: u64,
    key: &'a str,
    problems: &'a mut Report,
}

impl Check<'_> {
    fn add(&mut self, problem: Problem) {
        self.problems.add(problem.in_file(self.file).at_row(self.row).of_key(self.key));
    }

    /// A number of the file, or a problem.
    fn number(&mut self, text: Option<String>, element: &str) -> Option<f64> {
        let text = text?;
        let number = text.parse().ok().filter(|number: &f64| number.is_finite());
        if number.is_none() {
            let problem = Problem::new(format!("“{text}”"), "a number").of_kind(ProblemKind::WrongType);
            self.add(problem.in_column(element));
        }
        number
    }
}

fn site(node: &Node, check: &mut Check<'_>) -> Option<MeasurementSite> {
    if node.id.is_empty() {
        check.add(
            Problem::new("a site without identifier", "an id; left out").of_kind(ProblemKind::MissingValue),
        );
        return None;
    }
    let mut check = Check { file: check.file, row: check.row, key: &node.id, problems: check.problems };
    let multilingual =
        |name: &str| node.child(name).and_then(|child| child.below("value").unwrap_or(child).said());
    let lanes = "measurementSiteNumberOfLanes";
    let lanes = check.number(node.said_by(lanes), lanes).and_then(|number| {
        let whole = (0.0..100.0).contains(&number) && number.fract() == 0.0;
        if !whole {
            let problem = Problem::new(number.to_string(), "a whole number of lanes from 0 to 99");
            check.add(problem.of_kind(ProblemKind::ImpossibleValue).in_column(lanes));
        }
        whole.then_some(number as u32)
    });
    let mut site = MeasurementSite {
        id: node.id.clone(),
        version: node.version.clone(),
        name: multilingual("measurementSiteName"),
        equipment: multilingual("measurementEquipmentTypeUsed"),
        method: node.said_by("computationMethod"),
        lanes,
        side: node.said_by("measurementSide"),
        position: position(node, &mut check),
        characteristics: Vec::new(),
    };
    for outer in node.children.iter().filter(|child| child.name == "measurementSpecificCharacteristics") {
        let Some(index) = outer.index.as_ref().and_then(|index| index.parse().ok()) else {
            let found = format!("index {:?}", outer.index.as_deref().unwrap_or_default());
            check.add(Problem::new(found, "a whole number; left out").of_kind(ProblemKind::WrongType));
            continue;
        };
        if site.characteristics.iter().any(|known| known.index == index) {
            let found = format!("index {index} a second time");
            check.add(Problem::new(found, "each index once; left out").of_kind(ProblemKind::DuplicateRow));
            continue;
        }
        let inner = outer.child("measurementSpecificCharacteristics").unwrap_or(outer);
        site.characteristics.push(characteristic(index, inner, &mut check));
    }
    Some(site)
}

fn characteristic(index: u32, node: &Node, check: &mut Check<'_>) -> Characteristic {
    let kind = node.said_by("specificMeasurementValueType").unwrap_or_default();
    let quantity = match kind.as_str() {
        "trafficFlow" => Some(Quantity::Flow),
        "trafficSpeed" => Some(Quantity::Speed),
        "trafficConcentration" => Some(Quantity::Occupancy),
        "trafficHeadway" => Some(Quantity::TimeHeadway),
        "travelTimeInformation" | "travelTime" => Some(Quantity::TravelTime),
        _ => None,
    };
    let period = check.number(node.said_by("period"), "period").filter(|&period| {
        let sound = period > 0.0;
        if !sound {
            check.add(Problem::new(format!("{period} s"), "a period above 0").in_column("period"));
        }
        sound
    });
    // Version 3 numbers lanes in an element of their own.
    let lane = node.child("specificLane").and_then(|lane| {
        let number = lane.said_by("laneNumber").map(|number| format!("lane{number}"));
        number.or_else(|| lane.said_by("laneUsage")).or_else(|| lane.said())
    });
    let mut characteristic = Characteristic {
        index,
        quantity,
        kind,
        period,
        lane,
        accuracy: check.number(node.said_by("accuracy"), "accuracy"),
        vehicles: Vec::new(),
        lengths: Vec::new(),
    };
    for vehicle in node.child("specificVehicleCharacteristics").map_or(&[][..], |node| &node.children) {
        match vehicle.name.as_str() {
            "vehicleType" => characteristic.vehicles.extend(vehicle.said()),
            "lengthCharacteristic" => {
                let comparison = match vehicle.said_by("comparisonOperator").as_deref() {
                    Some("lessThan") => Comparison::Less,
                    Some("lessThanOrEqualTo") => Comparison::LessOrEqual,
                    Some("equalTo") => Comparison::Equal,
                    Some("greaterThanOrEqualTo") => Comparison::GreaterOrEqual,
                    Some("greaterThan") => Comparison::Greater,
                    other => {
                        let found = format!("{:?}", other.unwrap_or_default());
                        let problem = Problem::new(found, "a comparison such as lessThan; left out");
                        check.add(problem.of_kind(ProblemKind::UnknownCode).in_column("comparisonOperator"));
                        continue;
                    }
                };
                if let Some(metres) = check.number(vehicle.said_by("vehicleLength"), "vehicleLength") {
                    characteristic.lengths.push(LengthRule { comparison, metres });
                }
            }
            _ => {}
        }
    }
    characteristic
}

/// The point for display, or else the first of the location.
fn position(node: &Node, check: &mut Check<'_>) -> Option<[f64; 2]> {
    let location = node.child("measurementSiteLocation")?;
    let point = ["locationForDisplay", "coordinatesForDisplay", "pointCoordinates", "openlrCoordinate"]
        .iter()
        .find_map(|name| location.below(name))?;
    let longitude = check.number(point.said_by("longitude"), "longitude")?;
    let latitude = check.number(point.said_by("latitude"), "latitude")?;
    if !(-180.0..=180.0).contains(&longitude) || !(-90.0..=90.0).contains(&latitude) {
        check.add(Problem::new(format!("({longitude}, {latitude})"), "longitude and latitude in degrees"));
        return None;
    }
    Some([longitude, latitude])
}
