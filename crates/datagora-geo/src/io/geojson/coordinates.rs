//! Geometries: coordinates of any nesting, whether their type stands before or behind them.
use std::borrow::Cow;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::Reader;
use crate::decoded::DEEPEST;
use crate::types::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point,
    Polygon,
};

/// A geometry, or null.
pub(super) struct GeometryObject<'r> {
    pub(super) reader: &'r mut Reader,
    pub(super) depth: usize,
}

impl<'de> DeserializeSeed<'de> for GeometryObject<'_> {
    type Value = Option<Geometry>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for GeometryObject<'_> {
    type Value = Option<Geometry>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a geometry or null")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let Self { reader, depth } = self;
        let (mut kind, mut coordinates, mut parts) = (None::<String>, None, None);
        while let Some(key) = map.next_key::<Cow<'_, str>>()? {
            match key.as_ref() {
                "type" => kind = Some(map.next_value()?),
                "coordinates" => coordinates = Some(map.next_value_seed(Coordinates::default())?),
                "geometries" => parts = Some(map.next_value_seed(GeometryList { reader, depth })?),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        let Some(kind) = kind else {
            return Err(reader.refuse("a geometry without type", "a type of geometry", "add its type"));
        };
        build(reader, &kind, coordinates, parts)
    }
}

/// The members of a geometry collection.
pub(super) struct GeometryList<'r> {
    pub(super) reader: &'r mut Reader,
    pub(super) depth: usize,
}

impl<'de> DeserializeSeed<'de> for GeometryList<'_> {
    type Value = Vec<Geometry>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for GeometryList<'_> {
    type Value = Vec<Geometry>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of geometries")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        if self.depth == DEEPEST {
            let found = "collections nested too deep";
            return Err(self.reader.refuse(found, "fewer levels", "flatten the collections"));
        }
        let mut parts = Vec::new();
        let depth = self.depth + 1;
        while let Some(part) = list.next_element_seed(GeometryObject { reader: &mut *self.reader, depth })? {
            match part {
                Some(part) => parts.push(part),
                None => self.reader.dropped.add(self.reader.geometries.len()),
            }
        }
        Ok(parts)
    }
}

/// Coordinates of any nesting, flat.
#[derive(Default)]
pub(super) struct Coordinates {
    positions: Vec<Coord>,
    /// Where the lists of positions end, and the lists of such lists.
    ends: [Vec<usize>; 2],
    /// 0 for a position, 1 for a list of them, and so on; `None` if there is no position.
    level: Option<usize>,
    /// Numbers beyond the second were met.
    more: bool,
    /// Empty lists were met and left out.
    empty: bool,
}

/// An element of coordinates.
enum Element {
    Number(f64),
    Null,
    Level(Option<usize>),
}

struct CoordinatesElement<'r>(&'r mut Coordinates);

impl<'de> DeserializeSeed<'de> for Coordinates {
    type Value = Coordinates;

    fn deserialize<D: Deserializer<'de>>(mut self, deserializer: D) -> Result<Self, D::Error> {
        match CoordinatesElement(&mut self).deserialize(deserializer)? {
            Element::Level(level) => self.level = level,
            Element::Null => {}
            Element::Number(_) => return Err(de::Error::custom("coordinates are a number, not a list")),
        }
        Ok(self)
    }
}

impl<'de> DeserializeSeed<'de> for CoordinatesElement<'_> {
    type Value = Element;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Element, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for CoordinatesElement<'_> {
    type Value = Element;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("coordinates: numbers, or lists of them")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Element, E> {
        Ok(Element::Null)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Element, E> {
        Ok(Element::Number(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Element, E> {
        Ok(Element::Number(value as f64))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Element, E> {
        Ok(Element::Number(value as f64))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Element, A::Error> {
        let into = self.0;
        let mut numbers = [f64::NAN; 2];
        let mut count = 0_usize;
        let mut nulls = 0_usize;
        let mut level: Option<usize> = None;
        while let Some(element) = list.next_element_seed(CoordinatesElement(into))? {
            match element {
                Element::Number(value) => {
                    if let Some(place) = numbers.get_mut(count) {
                        *place = value;
                    }
                    count += 1;
                }
                Element::Null => nulls += 1,
                Element::Level(None) => into.empty = true,
                Element::Level(Some(inner)) => {
                    let outer = inner + 1;
                    if *level.get_or_insert(outer) != outer {
                        return Err(de::Error::custom("coordinates mix nesting levels"));
                    }
                    if let Some(below) = inner.checked_sub(1) {
                        let end = if below == 0 { into.positions.len() } else { into.ends[below - 1].len() };
                        let Some(ends) = into.ends.get_mut(below) else {
                            return Err(de::Error::custom("coordinates are nested more than 4 deep"));
                        };
                        ends.push(end);
                    }
                }
            }
        }
        match (level, count) {
            (Some(_), 1..) => Err(de::Error::custom("coordinates mix numbers and lists")),
            (Some(level), 0) => Ok(Element::Level(Some(level))),
            (None, 0) => Ok(Element::Level(None)),
            // [null, null] stands for “no position” in exports of spreadsheets.
            (None, 1) if nulls > 0 => Ok(Element::Level(None)),
            (None, 1) => Err(de::Error::custom("a position has one number, two are needed")),
            (None, _) => {
                into.more |= count > 2;
                into.positions.push(Coord { x: numbers[0], y: numbers[1] });
                Ok(Element::Level(Some(0)))
            }
        }
    }
}

/// Makes a geometry of its members.
pub(super) fn build<E: de::Error>(
    reader: &mut Reader,
    kind: &str,
    coordinates: Option<Coordinates>,
    parts: Option<Vec<Geometry>>,
) -> Result<Option<Geometry>, E> {
    if kind == "GeometryCollection" {
        return match parts {
            Some(parts) => Ok(Some(Geometry::GeometryCollection(GeometryCollection(parts)))),
            None => Err(reader.refuse("a GeometryCollection without geometries", "a list", "add the list")),
        };
    }
    let needed = match kind {
        "Point" => 0,
        "MultiPoint" | "LineString" => 1,
        "Polygon" | "MultiLineString" => 2,
        "MultiPolygon" => 3,
        _ => {
            let found = format!("a geometry of type “{kind}”");
            return Err(reader.refuse(found, "one of the seven types of GeoJSON", "convert the geometry"));
        }
    };
    let Some(coordinates) = coordinates else {
        return Err(reader.refuse(format!("a {kind} without coordinates"), "coordinates", "make it null"));
    };
    let row = reader.row();
    if coordinates.more {
        reader.dimensions.add(row);
    }
    if coordinates.empty {
        reader.dropped.add(row);
    }
    match coordinates.level {
        Some(level) if level != needed => {
            let found = format!("a {kind} whose coordinates are nested {} deep", level + 1);
            return Err(reader.refuse(found, &format!("{} levels", needed + 1), "correct the type"));
        }
        None if needed == 0 => return Ok(None),
        _ => {}
    }
    let Coordinates { positions, ends, .. } = coordinates;
    Ok(Some(match kind {
        "Point" => return Ok(positions.first().map(|&position| Geometry::Point(Point(position)))),
        "MultiPoint" => Geometry::MultiPoint(MultiPoint(positions.into_iter().map(Point).collect())),
        "LineString" => Geometry::LineString(LineString(positions)),
        "MultiLineString" => Geometry::MultiLineString(MultiLineString(lines(&positions, 0, &ends[0]))),
        "Polygon" => Geometry::Polygon(polygon(reader, lines(&positions, 0, &ends[0]))),
        _ => {
            let mut polygons = Vec::with_capacity(ends[1].len());
            let (mut ring, mut position) = (0, 0);
            for &end in &ends[1] {
                let rings = lines(&positions, position, &ends[0][ring..end]);
                position = ends[0][ring..end].last().copied().unwrap_or(position);
                ring = end;
                polygons.push(polygon(reader, rings));
            }
            Geometry::MultiPolygon(MultiPolygon(polygons))
        }
    }))
}

fn lines(positions: &[Coord], mut start: usize, ends: &[usize]) -> Vec<LineString> {
    ends.iter()
        .map(|&end| {
            let line = LineString(positions[start..end].to_vec());
            start = end;
            line
        })
        .collect()
}

fn polygon(reader: &mut Reader, rings: Vec<LineString>) -> Polygon {
    if rings.iter().any(|ring| ring.0.first() != ring.0.last()) {
        let row = reader.row();
        reader.closed.add(row);
    }
    let mut rings = rings.into_iter();
    Polygon::new(rings.next().unwrap_or_else(|| LineString(Vec::new())), rings.collect())
}
