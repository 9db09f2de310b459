//! GeoJSON, as the standard has it and as it is found.
mod coordinates;
mod values;

use std::borrow::Cow;
use std::fmt;
use std::path::Path;

use datagora_core::Crs;
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use self::coordinates::{Coordinates, GeometryList, GeometryObject, build};
use self::values::{Properties, Scalar, set_json};
use super::columns::{Column, Columns};
use super::error::{Fault, ReadError, read_bytes};
use super::file::{FeatureFile, Parsed, can_be_degrees};
use super::note::{ReadNote, Tally};
use crate::crs::unknown_crs;
use crate::types::Geometry;

const NEEDED: &str = "a FeatureCollection, a Feature, a geometry, a list of features or one feature per line";

/// Reads GeoJSON.
///
/// Beside the documents of RFC 7946 these are read: a bare list of features, features without `type` that have a
/// geometry (with a note), one feature per line (newline-delimited GeoJSON, RFC 8142 text sequences), members in any
/// order. The properties become columns in the order in which they appear: truth values, whole numbers, numbers and
/// text; a column that mixes them is text, objects and lists are JSON text (both with a note). The identifiers of
/// features become the column `id`, or `feature_id` if there is a property `id`.
///
/// The CRS is that of the member `crs` (GeoJSON 2008, still written by most tools for projected data), else WGS 84;
/// where the coordinates cannot be degrees it is unknown, see [`Features::declared_as`](crate::Features::declared_as).
/// Coordinates are (east, north) whatever the CRS. Heights are left out with a note; a position without numbers,
/// `null` geometries and points without coordinates are missing rows.
///
/// Numbers are read to the nearest `f64`. Memory: the bytes of the file and the result; no tree of JSON values is made.
///
/// # Errors
///
/// [`ReadError::Io`], or [`ReadError::Malformed`] with the feature and byte where reading stopped: truncated files,
/// other JSON than GeoJSON, coordinates that are not nested as their geometry needs.
///
/// # Example
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("fontaines.geojson");
/// std::fs::write(&path, r#"[{"type": "Feature", "properties": {"nom": "V57442", "gid": 1},
///     "geometry": {"type": "Point", "coordinates": [4.845647, 45.756832]}}]"#)?;
/// let file = datagora_geo::read_geojson(&path)?;
/// assert_eq!(file.features.geometry.crs(), &datagora_core::Crs::WGS84);
/// assert_eq!(file.features.attributes.text("nom")?.value(0), "V57442");
/// assert!(file.notes.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Butler, H. et al. (2016). The GeoJSON Format. RFC 7946. · Gillies, S. (2017). GeoJSON Text Sequences. RFC 8142. ·
/// The GeoJSON Format Specification (2008), section 3.
pub fn read_geojson(path: impl AsRef<Path>) -> Result<FeatureFile, ReadError> {
    let path = path.as_ref();
    let bytes = read_bytes(path)?;
    let parsed = parse(&bytes).map_err(|fault| fault.in_file(path))?;
    Ok(parsed.into_file(path, &bytes))
}

/// Reads the bytes of a GeoJSON document.
pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, Fault> {
    let mut reader = Reader::default();
    let (text, skipped) = decode(bytes, &mut reader.notes)?;
    let text = text.as_ref();
    let content = text.trim_matches([' ', '\t', '\n', '\r', '\u{1e}']);
    if content.is_empty() {
        return Err(Fault::new("no content", NEEDED, "fetch the file again"));
    }
    if content.starts_with('<') {
        let hint = "it may be GML, or the error page of a portal";
        return Err(Fault::new("XML or HTML", NEEDED, hint).at_byte(0));
    }
    if text.trim_start().starts_with('\u{1e}') {
        let mut start = 0;
        for part in text.split('\u{1e}') {
            reader.read_all(part, skipped + start)?;
            start += part.len() + 1;
        }
    } else {
        reader.read_all(text, skipped)?;
    }
    reader.finish()
}

/// The text, and how many bytes were skipped before it.
fn decode<'a>(bytes: &'a [u8], notes: &mut Vec<ReadNote>) -> Result<(Cow<'a, str>, usize), Fault> {
    let (body, skipped) = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => (rest, 3),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
            return Err(Fault::new("UTF-16", "UTF-8", "convert the file to UTF-8").at_byte(0));
        }
        _ => (bytes, 0),
    };
    match std::str::from_utf8(body) {
        Ok(text) => Ok((Cow::Borrowed(text), skipped)),
        // A character cut in two at the very end is a truncated file, not another encoding.
        Err(error) if error.error_len().is_none() => {
            Err(Fault::truncated("the rest of a character").at_byte(bytes.len() as u64))
        }
        Err(_) => {
            notes.push(ReadNote::EncodingAssumed { encoding: "windows-1252" });
            Ok((encoding_rs::WINDOWS_1252.decode_without_bom_handling(body).0, skipped))
        }
    }
}

/// What has been read so far.
#[derive(Default)]
struct Reader {
    geometries: Vec<Option<Geometry>>,
    columns: Columns,
    ids: Option<Column>,
    crs: Option<CrsMember>,
    dimensions: Tally,
    closed: Tally,
    dropped: Tally,
    type_assumed: bool,
    notes: Vec<ReadNote>,
    fault: Option<Fault>,
}

enum CrsMember {
    Known(Crs),
    Unknown(String),
}

impl Reader {
    fn row(&self) -> usize {
        self.geometries.len()
    }

    fn read_all(&mut self, text: &str, offset: usize) -> Result<(), Fault> {
        let mut json = serde_json::Deserializer::from_str(text);
        while json.end().is_err() {
            let result = Object { reader: self, top: true }.deserialize(&mut json);
            if let Err(error) = result {
                let byte = offset + byte_of(text, error.line(), error.column());
                let fault = match self.fault.take() {
                    Some(fault) => fault,
                    None if error.is_eof() => Fault::truncated("the rest of a JSON value"),
                    None => {
                        Fault::new(error.to_string(), "well-formed JSON", "look at the file around this byte")
                    }
                };
                return Err(fault.at_feature(self.row()).at_byte(byte as u64));
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Parsed, Fault> {
        let mut notes = self.notes;
        if self.type_assumed {
            notes.push(ReadNote::TypeAssumed);
        }
        let crs = match self.crs {
            None if can_be_degrees(&self.geometries) => Crs::WGS84,
            None => {
                let found = "nothing, though the coordinates cannot be degrees".into();
                notes.push(ReadNote::CrsUnknown { found });
                unknown_crs()
            }
            Some(CrsMember::Known(crs)) => crs,
            Some(CrsMember::Unknown(found)) => {
                let crs = if found == "null" { unknown_crs() } else { Crs::custom(found.as_str()) };
                notes.push(ReadNote::CrsUnknown { found });
                crs
            }
        };
        self.dimensions.note(&mut notes, |features, first| ReadNote::DimensionsDropped { features, first });
        self.closed.note(&mut notes, |features, first| ReadNote::RingsClosed { features, first });
        self.dropped.note(&mut notes, |features, first| ReadNote::PartsDropped { features, first });
        if let Some(ids) = self.ids {
            self.columns.prepend(ids, "feature_id");
        }
        let attributes = self.columns.finish(self.geometries.len(), &mut notes)?;
        Ok(Parsed { geometries: self.geometries, crs, attributes, notes })
    }

    /// Stops reading, for a reason that is not one of syntax.
    fn refuse<E: de::Error>(&mut self, found: impl Into<String>, needed: &str, hint: &str) -> E {
        self.fault.get_or_insert(Fault::new(found, needed, hint));
        E::custom("not GeoJSON")
    }

    fn set_crs(&mut self, member: &serde_json::Value) {
        let properties = &member["properties"];
        let code = properties["code"].as_u64().and_then(|code| u32::try_from(code).ok());
        let name = properties["name"].as_str().or(member.as_str());
        self.crs = Some(match (code, name) {
            (Some(code), _) => CrsMember::Known(Crs::from_epsg(code)),
            (None, Some(name)) => {
                Crs::parse(name).map_or_else(|_| CrsMember::Unknown(name.to_owned()), CrsMember::Known)
            }
            (None, None) => CrsMember::Unknown(member.to_string()),
        });
    }
}

/// Offset of a line (from 1) and column (from 1, in bytes; 0 is the end of the line before).
fn byte_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (start + column.saturating_sub(1)).min(text.len())
}

/// A feature, a collection or a geometry: which one shows when all its members are read.
struct Object<'r> {
    reader: &'r mut Reader,
    /// Whether it stands by itself, not in a list of features.
    top: bool,
}

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// The members that decide what an object is.
#[derive(Default)]
struct Members {
    kind: Option<String>,
    features: bool,
    geometry: Option<Option<Geometry>>,
    coordinates: Option<Coordinates>,
    parts: Option<Vec<Geometry>>,
    /// Kept back while it is not known whether they are those of a feature.
    properties: Option<serde_json::Value>,
    foreign: Vec<(String, serde_json::Value)>,
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(NEEDED)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        if !self.top {
            return Err(self.reader.refuse("a list", "a feature", "flatten the list of features"));
        }
        while list.next_element_seed(Object { reader: &mut *self.reader, top: false })?.is_some() {}
        Ok(())
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        Err(self.reader.refuse("null", "a feature", "leave it out"))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<(), E> {
        Err(self.reader.refuse(format!("the number {value}"), NEEDED, "this JSON is not GeoJSON"))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<(), E> {
        self.visit_f64(value as f64)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<(), E> {
        self.visit_f64(value as f64)
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<(), E> {
        let start: String = value.chars().take(40).collect();
        Err(self.reader.refuse(format!("the text “{start}”"), NEEDED, "this JSON is not GeoJSON"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let reader = self.reader;
        let mut members = Members::default();
        reader.columns.rewind();
        while let Some(key) = map.next_key::<Cow<'_, str>>()? {
            match key.as_ref() {
                "type" => members.kind = Some(map.next_value()?),
                "features" if self.top => {
                    members.features = true;
                    map.next_value_seed(FeatureList { reader })?;
                }
                "crs" => {
                    let crs: serde_json::Value = map.next_value()?;
                    reader.set_crs(&crs);
                }
                "geometry" => {
                    members.geometry = Some(map.next_value_seed(GeometryObject { reader, depth: 0 })?);
                }
                "coordinates" => members.coordinates = Some(map.next_value_seed(Coordinates::default())?),
                "geometries" => {
                    members.parts = Some(map.next_value_seed(GeometryList { reader, depth: 0 })?);
                }
                "properties" if !self.top || members.kind.as_deref() == Some("Feature") => {
                    map.next_value_seed(Properties { reader })?;
                }
                "properties" => members.properties = Some(map.next_value()?),
                "id" if !self.top || members.kind.as_deref() != Some("FeatureCollection") => {
                    let row = reader.row();
                    let ids = reader.ids.get_or_insert_with(|| Column::new("id").identifying());
                    map.next_value_seed(Scalar { column: ids, row })?;
                }
                "bbox" => {
                    map.next_value::<IgnoredAny>()?;
                }
                // RFC 7946 lets other members of a feature be ignored; where nothing says that it is a feature, they
                // are all that there is.
                _ if members.kind.is_none() && !self.top => {
                    members.foreign.push((key.into_owned(), map.next_value()?));
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        members.conclude(reader, self.top)
    }
}

impl Members {
    fn conclude<E: de::Error>(self, reader: &mut Reader, top: bool) -> Result<(), E> {
        let row = reader.row();
        match self.kind.as_deref() {
            Some("FeatureCollection") | None if self.features => return Ok(()),
            Some("FeatureCollection") if top => {
                let hint = "the collection has no member “features”";
                return Err(reader.refuse(
                    "a FeatureCollection without features",
                    "a list of features",
                    hint,
                ));
            }
            Some("Feature") => {
                if let Some(properties) = self.properties {
                    reader.set_properties(row, &properties);
                }
                // The standard asks for the member; without it the geometry is missing.
                reader.geometries.push(self.geometry.flatten());
            }
            None if self.geometry.is_some() => {
                reader.type_assumed = true;
                if let Some(properties) = self.properties {
                    reader.set_properties(row, &properties);
                }
                for (name, value) in &self.foreign {
                    let slot = reader.columns.slot(name);
                    set_json(reader, slot, row, value);
                }
                reader.geometries.push(self.geometry.flatten());
            }
            Some(kind) if self.coordinates.is_some() || self.parts.is_some() => {
                let geometry = build(reader, kind, self.coordinates, self.parts)?;
                reader.geometries.push(geometry);
            }
            Some(kind) => {
                let found = format!("an object of type “{kind}”");
                return Err(reader.refuse(found, NEEDED, "this JSON is not GeoJSON"));
            }
            None => {
                let found = "an object without type, geometry or features";
                return Err(reader.refuse(found, NEEDED, "this JSON is not GeoJSON"));
            }
        }
        Ok(())
    }
}

struct FeatureList<'r> {
    reader: &'r mut Reader,
}

impl<'de> DeserializeSeed<'de> for FeatureList<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for FeatureList<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of features")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(Object { reader: &mut *self.reader, top: false })?.is_some() {}
        Ok(())
    }
}

#[cfg(test)]
mod tests;
