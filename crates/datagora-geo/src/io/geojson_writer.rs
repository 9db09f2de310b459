//! GeoJSON, written.
use std::io::{self, Write};
use std::path::Path;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Date32Type, Float64Type, Int64Type, TimestampMillisecondType};
use datagora_core::io::AtomicFile;
use datagora_core::{Crs, FieldType, Role};
use serde::Serialize;

use super::columns::{date_text, instant_text};
use super::rings::doubled_area;
use super::write_error::{WriteError, check_length};
use crate::Features;
use crate::types::{Coord, Geometry, LineString, Polygon};

/// How GeoJSON is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct GeoJsonOptions {
    /// Decimals of coordinates; `None` writes as many as bring each number back exactly.
    pub digits: Option<u8>,
}

impl GeoJsonOptions {
    /// Rounds coordinates: 6 decimals of a degree are 11 cm, 7 are 1 cm. More than 15 are as 15.
    pub fn with_digits(self, digits: u8) -> Self {
        Self { digits: Some(digits) }
    }
}

/// Writes GeoJSON as RFC 7946 has it: WGS 84, outer rings counterclockwise, one feature a line.
///
/// Columns become properties, missing values `null`, dates and instants ISO 8601 text. A column named `id` or
/// `feature_id` whose role is that of an identifier becomes the identifier of the features. Numbers that are not finite
/// are `null`, since JSON has none. The file appears whole or not at all; equal features give equal bytes.
///
/// # Errors
///
/// [`WriteError::Crs`] if the features are not in WGS 84, [`WriteError::Length`] if geometries and attributes differ in
/// number, [`WriteError::File`].
///
/// # Example
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("trees.geojson");
/// use datagora_core::{Crs, Role, Table};
/// use datagora_geo::{Features, GeoJsonOptions, GeometryColumn, write_geojson};
///
/// let geometry = GeometryColumn::points(vec![4.835_123_456], vec![45.76], Crs::WGS84);
/// let attributes = Table::empty().with_text("genus", Role::Attribute, [Some("Tilia")])?;
/// write_geojson(&path, &Features { geometry, attributes }, &GeoJsonOptions::default().with_digits(6))?;
/// assert_eq!(
///     std::fs::read_to_string(&path)?,
///     "{\"type\":\"FeatureCollection\",\"features\":[\n\
///      {\"type\":\"Feature\",\"properties\":{\"genus\":\"Tilia\"},\
///      \"geometry\":{\"type\":\"Point\",\"coordinates\":[4.835123,45.76]}}\n]}\n"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// Butler, H. et al. (2016). The GeoJSON Format. RFC 7946, sections 3.1.6 (winding) and 4 (CRS).
pub fn write_geojson(
    path: impl AsRef<Path>,
    features: &Features,
    options: &GeoJsonOptions,
) -> Result<(), WriteError> {
    let path = path.as_ref();
    if features.geometry.crs() != &Crs::WGS84 {
        return Err(WriteError::Crs {
            file: path.to_owned(),
            found: features.geometry.crs().clone(),
            needed: "WGS 84 (EPSG:4326), the only CRS of GeoJSON,",
        });
    }
    check_length(features, path)?;
    let mut file = AtomicFile::create(path)?;
    write(features, options, &mut file).map_err(|source| {
        WriteError::File(datagora_core::io::WriteError::Unwritable { path: path.to_owned(), source })
    })?;
    Ok(file.commit()?)
}

fn write(features: &Features, options: &GeoJsonOptions, out: &mut impl Write) -> io::Result<()> {
    let fields = features.attributes.schema().fields();
    let columns = features.attributes.batch().columns();
    let is_id = |place: &usize| {
        let field = &fields[*place];
        field.role == Role::Identifier && matches!(field.name.as_str(), "id" | "feature_id")
    };
    let id = (0..fields.len()).find(is_id);
    let names: Vec<String> =
        fields.iter().map(|field| serde_json::Value::from(field.name.as_str()).to_string()).collect();
    out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")?;
    for (row, geometry) in features.geometry.iter().enumerate() {
        out.write_all(if row == 0 { b"\n" } else { b",\n" })?;
        out.write_all(b"{\"type\":\"Feature\",")?;
        if let Some(place) = id.filter(|&place| columns[place].is_valid(row)) {
            out.write_all(b"\"id\":")?;
            write_value(fields[place].kind, columns[place].as_ref(), row, out)?;
            out.write_all(b",")?;
        }
        out.write_all(b"\"properties\":{")?;
        for (count, place) in (0..fields.len()).filter(|&place| id != Some(place)).enumerate() {
            out.write_all(if count == 0 { b"" } else { b"," })?;
            out.write_all(names[place].as_bytes())?;
            out.write_all(b":")?;
            write_value(fields[place].kind, columns[place].as_ref(), row, out)?;
        }
        out.write_all(b"},\"geometry\":")?;
        match geometry {
            Some(geometry) => write_geometry(&geometry, options.digits, out)?,
            None => out.write_all(b"null")?,
        }
        out.write_all(b"}")?;
    }
    out.write_all(b"\n]}\n")
}

fn write_value(kind: FieldType, column: &dyn Array, row: usize, out: &mut impl Write) -> io::Result<()> {
    if column.is_null(row) {
        return out.write_all(b"null");
    }
    match kind {
        FieldType::Boolean => write!(out, "{}", column.as_boolean().value(row)),
        FieldType::Integer => write!(out, "{}", column.as_primitive::<Int64Type>().value(row)),
        // Numbers that are not finite are null.
        FieldType::Number => {
            Ok(serde_json::to_writer(out, &column.as_primitive::<Float64Type>().value(row))?)
        }
        FieldType::Text => Ok(serde_json::to_writer(out, column.as_string::<i32>().value(row))?),
        FieldType::Date => write!(out, "\"{}\"", date_text(column.as_primitive::<Date32Type>().value(row))),
        FieldType::Instant => {
            write!(out, "\"{}\"", instant_text(column.as_primitive::<TimestampMillisecondType>().value(row)))
        }
        _ => out.write_all(b"null"),
    }
}

fn write_geometry(geometry: &Geometry, digits: Option<u8>, out: &mut impl Write) -> io::Result<()> {
    let mut member = |kind: &str, part: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>| {
        write!(out, "{{\"type\":\"{kind}\",\"coordinates\":")?;
        part(out)?;
        out.write_all(b"}")
    };
    match geometry {
        Geometry::Point(point) => member("Point", &mut |mut out| write_coord(point.0, digits, &mut out)),
        Geometry::MultiPoint(points) => member("MultiPoint", &mut |mut out| {
            write_list(&points.0, &mut out, |point, out| write_coord(point.0, digits, out))
        }),
        Geometry::Line(line) => write_geometry(&Geometry::LineString(LineString::from(*line)), digits, out),
        Geometry::LineString(line) => {
            member("LineString", &mut |mut out| write_coords(line.0.iter(), digits, &mut out))
        }
        Geometry::MultiLineString(lines) => member("MultiLineString", &mut |mut out| {
            write_list(&lines.0, &mut out, |line, out| write_coords(line.0.iter(), digits, out))
        }),
        Geometry::Polygon(polygon) => {
            member("Polygon", &mut |mut out| write_polygon(polygon, digits, &mut out))
        }
        Geometry::Rect(rect) => write_geometry(&Geometry::Polygon(rect.to_polygon()), digits, out),
        Geometry::Triangle(triangle) => {
            write_geometry(&Geometry::Polygon(triangle.to_polygon()), digits, out)
        }
        Geometry::MultiPolygon(polygons) => member("MultiPolygon", &mut |mut out| {
            write_list(&polygons.0, &mut out, |polygon, out| write_polygon(polygon, digits, out))
        }),
        Geometry::GeometryCollection(parts) => {
            out.write_all(b"{\"type\":\"GeometryCollection\",\"geometries\":[")?;
            for (place, part) in parts.0.iter().enumerate() {
                out.write_all(if place == 0 { b"" } else { b"," })?;
                // Through a box, since the type of a writer cannot nest without end.
                write_geometry(part, digits, &mut (&mut *out as &mut dyn Write))?;
            }
            out.write_all(b"]}")
        }
    }
}

fn write_list<T>(
    items: impl IntoIterator<Item = T>,
    out: &mut dyn Write,
    mut item: impl FnMut(T, &mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    out.write_all(b"[")?;
    for (place, each) in items.into_iter().enumerate() {
        out.write_all(if place == 0 { b"" } else { b"," })?;
        item(each, out)?;
    }
    out.write_all(b"]")
}

fn write_polygon(polygon: &Polygon, digits: Option<u8>, out: &mut dyn Write) -> io::Result<()> {
    if polygon.exterior().0.is_empty() {
        return out.write_all(b"[]");
    }
    let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    write_list(rings.enumerate(), out, |(place, ring), out| {
        // Outer rings counterclockwise, holes clockwise.
        let backwards = if place == 0 { doubled_area(&ring.0) < 0.0 } else { doubled_area(&ring.0) > 0.0 };
        match backwards {
            true => write_coords(ring.0.iter().rev(), digits, out),
            false => write_coords(ring.0.iter(), digits, out),
        }
    })
}

fn write_coords<'a>(
    coords: impl Iterator<Item = &'a Coord>,
    digits: Option<u8>,
    out: &mut dyn Write,
) -> io::Result<()> {
    write_list(coords, out, |coord, out| write_coord(*coord, digits, out))
}

fn write_coord(coord: Coord, digits: Option<u8>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"[")?;
    write_number(coord.x, digits, out)?;
    out.write_all(b",")?;
    write_number(coord.y, digits, out)?;
    out.write_all(b"]")
}

fn write_number(number: f64, digits: Option<u8>, out: &mut dyn Write) -> io::Result<()> {
    let Some(digits) = digits else {
        return write!(out, "{number}");
    };
    let text = format!("{number:.*}", usize::from(digits.min(15)));
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    out.write_all(if text == "-0" { b"0" } else { text.as_bytes() })
}

#[cfg(test)]
mod tests {
    use datagora_core::{Field, Table, Unit};
    use proptest::prelude::*;

    use super::super::geojson::parse;
    use super::*;
    use crate::GeometryColumn;
    use crate::types::{MultiPolygon, Point};
    use crate::wkb::tests::any_geometry;

    fn text(features: &Features, options: &GeoJsonOptions) -> String {
        let mut bytes = Vec::new();
        write(features, options, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    fn ring(coords: &[(f64, f64)]) -> LineString {
        LineString::from(coords.to_vec())
    }

    #[test]
    fn rings_wind_as_the_standard_says() {
        let outer = ring(&[(0.0, 0.0), (0.0, 9.0), (9.0, 9.0), (9.0, 0.0), (0.0, 0.0)]); // clockwise
        let hole = ring(&[(1.0, 1.0), (2.0, 1.0), (2.0, 2.0), (1.0, 1.0)]); // counterclockwise
        let polygon = Polygon::new(outer, vec![hole]);
        let geometry = GeometryColumn::new([MultiPolygon(vec![polygon]).into()], Crs::WGS84);
        let text = text(&Features { geometry, attributes: Table::empty() }, &GeoJsonOptions::default());
        let coordinates = "[[[[0,0],[9,0],[9,9],[0,9],[0,0]],[[1,1],[2,2],[2,1],[1,1]]]]";
        assert!(text.contains(coordinates), "{text}");
    }

    #[test]
    fn types_identifiers_and_missing_values_come_back() {
        let dates = arrow::array::Date32Array::from(vec![Some(1), None]);
        let attributes = Table::empty()
            .with_text("id", Role::Identifier, [Some("a.1"), Some("a.2")])
            .unwrap()
            .with_integer("n", Role::Attribute, Unit::ONE, [Some(i64::MAX), None])
            .unwrap()
            .with_number("x", Role::Attribute, Unit::ONE, [Some(0.1), Some(f64::NAN)])
            .unwrap()
            .with_text("guillemet \"", Role::Attribute, [Some("l'«é»\n"), None])
            .unwrap()
            .with_column(Field::new("d", FieldType::Date, Role::Time), std::sync::Arc::new(dates))
            .unwrap();
        let point = Geometry::from(Point::new(0.1, -0.0));
        let geometry = GeometryColumn::from_options([Some(point.clone()), None], Crs::WGS84);
        let written = text(&Features { geometry, attributes }, &GeoJsonOptions::default());
        let back = parse(written.as_bytes()).unwrap();
        assert_eq!(back.geometries, [Some(point), None]);
        let table = back.attributes;
        assert_eq!(table.text("id").unwrap().value(1), "a.2");
        assert_eq!(table.schema().field("id").unwrap().role, Role::Identifier);
        assert_eq!(table.integer("n").unwrap().iter().collect::<Vec<_>>(), [Some(i64::MAX), None]);
        assert_eq!(table.number("x").unwrap().iter().collect::<Vec<_>>(), [Some(0.1), None]);
        assert_eq!(table.text("guillemet \"").unwrap().value(0), "l'«é»\n");
        assert_eq!(table.text("d").unwrap().value(0), "1970-01-02");
    }

    #[test]
    fn rounding() {
        let number = |number: f64, digits| {
            let mut bytes = Vec::new();
            write_number(number, digits, &mut bytes).unwrap();
            String::from_utf8(bytes).unwrap()
        };
        assert_eq!(number(4.835_123_456, Some(6)), "4.835123");
        assert_eq!(number(-0.000_000_1, Some(6)), "0");
        assert_eq!(number(100.0, Some(2)), "100");
        assert_eq!(number(100.0, Some(0)), "100");
        assert_eq!(number(0.1 + 0.2, None), "0.30000000000000004");
    }

    #[test]
    fn other_systems_are_refused_and_nothing_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.geojson");
        let geometry = GeometryColumn::points(vec![1.0], vec![2.0], Crs::CC46);
        let features = Features { geometry, attributes: Table::empty() };
        let error = write_geojson(&path, &features, &GeoJsonOptions::default()).unwrap_err();
        assert!(error.to_string().contains("EPSG:3946"), "{error}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    proptest! {
        #[test]
        fn there_and_back(geometry in any_geometry()) {
            // Rings may turn, so compare what a second round gives with the first.
            let column = |geometry| GeometryColumn::from_options([geometry], Crs::WGS84);
            let options = GeoJsonOptions::default();
            let features = |geometry| Features { geometry: column(geometry), attributes: Table::empty() };
            let first = text(&features(Some(geometry)), &options);
            let once = parse(first.as_bytes()).unwrap().geometries.remove(0);
            prop_assert_eq!(text(&features(once), &options), first);
        }
    }
}
