//! GML, as Web Feature Services give it.
mod geometry;
mod tree;

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Float64Array, Int64Array, StringArray};
use datagora_core::{Crs, Field, FieldType, Role, Table};

use self::geometry::{Interpreter, Reference, is_geometry};
use self::tree::{Node, Xml};
use super::columns::{Column, Columns, Value};
use super::error::{Fault, ReadError, read_bytes};
use super::file::{FeatureFile, Parsed};
use super::note::ReadNote;
use crate::crs::unknown_crs;
use crate::types::Geometry;

/// Reads GML 2 and 3 simple features, as a Web Feature Service gives them.
///
/// The features in `featureMember`, `member` or `featureMembers` become rows, one at a time; their elements become
/// columns (`a.b` where elements hold elements), their identifier (`gml:id` or `fid`) the column `id`. GML without its
/// schema has no types: a column whose values all read as whole numbers, numbers or truth values becomes one, unless
/// that would lose a leading zero. The first geometry of a feature is its geometry. Arcs become chords, heights are left
/// out (both with notes).
///
/// # Axis order
///
/// What `srsName` says decides, and coordinates come out as (east, north):
///
/// * `urn:ogc:def:crs:EPSG::4171` and `http://www.opengis.net/def/crs/EPSG/0/4171`: the authority's order, (latitude,
///   longitude) for geographic systems and (north, east) for a few projected ones such as EPSG:3035. Swapped, with the
///   note [`ReadNote::AxesSwapped`].
/// * `EPSG:4171` and `http://www.opengis.net/gml/srs/epsg.xml#4171`, older: (east, north), as servers have always
///   written under these names.
/// * `urn:ogc:def:crs:OGC:1.3:CRS84`: (longitude, latitude).
///
/// A geometry without `srsName` has that of what surrounds it, in the end that of the collection's `boundedBy`. With
/// none at all the CRS is unknown (a note tells), and coordinates are left in the order of the file.
///
/// # Errors
///
/// [`ReadError::Io`], or [`ReadError::Malformed`] with the feature and byte where reading stopped: truncated files, other
/// XML than a collection of features, the exception report of a service, coordinates that are no numbers.
///
/// # Example
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("fontaines.gml");
/// std::fs::write(&path, r#"<FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2"><member>
///     <fontaine gml:id="f.1"><geom><gml:Point srsName="urn:ogc:def:crs:EPSG::4171">
///         <gml:pos>45.756832 4.845647</gml:pos></gml:Point></geom><nom>V57442</nom></fontaine>
///     </member></FeatureCollection>"#)?;
/// let file = datagora_geo::read_gml(&path)?;
/// let bounds = file.features.geometry.bounds().ok_or("no coordinates")?;
/// assert_eq!((bounds.min().x, bounds.min().y), (4.845647, 45.756832)); // east, north
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// OGC 07-036, *Geography Markup Language* 3.2.1. · OGC 10-100r3, *GML simple features profile*. · OGC 08-038r7, *Axis
/// order policy*.
pub fn read_gml(path: impl AsRef<Path>) -> Result<FeatureFile, ReadError> {
    let path = path.as_ref();
    let bytes = read_bytes(path)?;
    let parsed = parse(&bytes).map_err(|fault| fault.in_file(path))?;
    Ok(parsed.into_file(path, &bytes))
}

const NEEDED: &str = "a collection of GML features";

pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, Fault> {
    let mut notes = Vec::new();
    let text = tree::decode(bytes, &mut notes)?;
    let mut xml = Xml::new(&text);
    let mut reader = Reader::default();
    reader.collection(&mut xml).map_err(|fault| {
        let fault = if fault.has_feature() { fault } else { fault.at_feature(reader.geometries.len()) };
        fault.at_byte(xml.place())
    })?;
    reader.finish(notes)
}

#[derive(Default)]
struct Reader {
    geometries: Vec<Option<Geometry>>,
    columns: Columns,
    ids: Option<Column>,
    interpreter: Interpreter,
    /// That of the collection.
    surrounding: Reference,
}

impl Reader {
    fn collection(&mut self, xml: &mut Xml<'_>) -> Result<(), Fault> {
        let Some(root) = xml.open()? else {
            return Err(Fault::new("no XML element", NEEDED, "fetch the file again"));
        };
        if root.name.ends_with("ExceptionReport") {
            let report = xml.node(root, 0)?;
            let text = report.all_text();
            let hint = "the service refused the request: correct it, and fetch the file again";
            return Err(Fault::new(format!("the exception of a service: {text}"), NEEDED, hint));
        }
        let mut members = root.name.ends_with("FeatureCollection");
        while let Some(child) = xml.child()? {
            match child.name.as_str() {
                "boundedBy" => {
                    let bounds = xml.node(child, 0)?;
                    if let Some(envelope) = bounds.children.first() {
                        self.surrounding = Reference::default().within(envelope);
                    }
                }
                "featureMember" | "member" | "featureMembers" => {
                    members = true;
                    while let Some(feature) = xml.child()? {
                        let feature = xml.node(feature, 0)?;
                        self.feature(&feature)?;
                    }
                }
                _ => {
                    xml.node(child, 0)?;
                }
            }
        }
        xml.end()?;
        if !members {
            let found = format!("XML with the root <{}> and no features", root.name);
            return Err(Fault::new(found, NEEDED, "ask the service for GML"));
        }
        Ok(())
    }

    fn feature(&mut self, feature: &Node) -> Result<(), Fault> {
        let row = self.geometries.len();
        self.columns.rewind();
        if let Some(id) = feature.attribute("id").or(feature.attribute("fid")) {
            self.ids.get_or_insert_with(|| Column::new("id").identifying()).set(row, Value::Text(id));
        }
        let mut geometry = None;
        for property in &feature.children {
            match property.children.iter().find(|child| is_geometry(&child.name)) {
                _ if property.name == "boundedBy" => {}
                Some(element) if geometry.is_none() => {
                    geometry = Some(
                        self.interpreter
                            .read(element, &self.surrounding, row)
                            .map_err(|fault| fault.in_column(&property.name).at_feature(row))?,
                    );
                }
                Some(_) => self.interpreter.further(&property.name),
                None => self.property(&property.name, property, row),
            }
        }
        self.geometries.push(geometry.flatten());
        Ok(())
    }

    fn property(&mut self, name: &str, property: &Node, row: usize) {
        if property.children.is_empty() {
            let slot = self.columns.slot(name);
            let text = property.text.trim();
            if !text.is_empty() {
                self.columns.set(slot, row, Value::Text(text));
            }
            return;
        }
        for child in &property.children {
            self.property(&format!("{name}.{}", child.name), child, row);
        }
    }

    fn finish(mut self, mut notes: Vec<ReadNote>) -> Result<Parsed, Fault> {
        let crs = self.interpreter.conclude(&mut notes);
        let rows = self.geometries.len();
        if let Some(ids) = self.ids {
            self.columns.prepend(ids, "feature_id");
        }
        let attributes = typed(&self.columns.finish(rows, &mut notes)?);
        Ok(Parsed { geometries: self.geometries, crs: crs.unwrap_or_else(unknown_crs), attributes, notes })
    }
}

/// The same table, with types where all values of a column have one.
fn typed(texts: &Table) -> Table {
    let mut table = Table::empty();
    for field in texts.schema().fields() {
        let Ok(values) = texts.text(&field.name) else { continue };
        let (kind, values) = match field.role {
            Role::Attribute => narrowed(values),
            _ => (FieldType::Text, Arc::new(values.clone()) as ArrayRef),
        };
        // Names and lengths are those of a table, so nothing is refused.
        if let Ok(wider) = table.clone().with_column(Field::new(&field.name, kind, field.role), values) {
            table = wider;
        }
    }
    table
}

/// The narrowest type that holds all texts of a column without loss.
fn narrowed(texts: &StringArray) -> (FieldType, ArrayRef) {
    let plain = |text: &str| {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let leading_zero = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
        !leading_zero && digits.starts_with(|c: char| c.is_ascii_digit())
    };
    let integer = |text: &str| text.parse::<i64>().ok().filter(|_| plain(text));
    let number = |text: &str| text.parse::<f64>().ok().filter(|number| plain(text) && number.is_finite());
    let boolean = |text: &str| match text {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    };
    let mut known = texts.iter().flatten().peekable();
    if known.peek().is_none() {
        return (FieldType::Text, Arc::new(texts.clone()));
    }
    let known: Vec<&str> = known.collect();
    if known.iter().all(|text| integer(text).is_some()) {
        let values: Int64Array = texts.iter().map(|text| text.and_then(integer)).collect();
        (FieldType::Integer, Arc::new(values))
    } else if known.iter().all(|text| number(text).is_some()) {
        let values: Float64Array = texts.iter().map(|text| text.and_then(number)).collect();
        (FieldType::Number, Arc::new(values))
    } else if known.iter().all(|text| boolean(text).is_some()) {
        let values: BooleanArray = texts.iter().map(|text| text.and_then(boolean)).collect();
        (FieldType::Boolean, Arc::new(values))
    } else {
        (FieldType::Text, Arc::new(texts.clone()))
    }
}

/// The CRS that a `srsName` names, and whether its coordinates come as (north, east).
fn reference_system(name: &str) -> (Crs, bool) {
    let Ok(crs) = Crs::parse(name) else {
        return (Crs::custom(name), false);
    };
    let lower = name.trim().to_ascii_lowercase();
    let by_authority = lower.starts_with("urn:") || lower.contains("/def/crs/");
    let ogc = lower.ends_with("crs84");
    let north_first = by_authority && !ogc && crs.epsg().is_some_and(is_north_first);
    (crs, north_first)
}

/// Whether the authority has (north, east) coordinates for a code.
///
/// EPSG registry v11: two-dimensional geographic systems, and the projected ones of Europe whose axes are
/// (northing, easting).
fn is_north_first(code: u32) -> bool {
    Crs::from_epsg(code).is_geographic()
        || matches!(code, 4120..=4216 | 4218..=4326 | 4600..=4646 | 4657..=4765)
        || matches!(code, 2180 | 3034 | 3035 | 3038..=3051 | 31_466..=31_469)
}

#[cfg(test)]
mod tests;
