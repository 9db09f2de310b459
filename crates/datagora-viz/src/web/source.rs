//! What the layers of an interactive map draw from.
use std::fmt::Write;

use datagora_core::Crs;
use datagora_geo::GeometryColumn;
use datagora_geo::types::{Coord, Geometry, LineString, Polygon};
use serde_json::Value;

use super::WebMapError;
use super::archive::Archive;
use crate::{Column, PmtilesError, Values};

/// Data of an interactive map: an archive of tiles, or a few hundred features held whole.
#[derive(Clone, Debug, PartialEq)]
pub struct WebSource(pub(super) Kind);

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Tiles(Archive),
    Features { geojson: String, bounds: Option<[f64; 4]>, rows: usize },
}

impl WebSource {
    /// The vector tiles of a PMTiles archive: for more than a few thousand features.
    ///
    /// If its metadata say, under `datagora:thinning`, how many features of a layer each zoom shows, the legend tells readers.
    ///
    /// # Errors
    ///
    /// [`PmtilesError`] if the bytes are not a whole PMTiles archive, version 3, of vector tiles.
    ///
    /// # References
    ///
    /// PMTiles specification, version 3. Mapbox Vector Tile specification 2.1.
    pub fn tiles(archive: Vec<u8>) -> Result<Self, PmtilesError> {
        Ok(Self(Kind::Tiles(Archive::new(archive)?)))
    }

    /// Geometries with their attributes, one value per row: for zones, places, and what else is small.
    ///
    /// Rows without geometry are left out. A missing number, a text that is empty and a value that is withheld or known only by
    /// an interval are absent from the feature: the map shows them as missing. Coordinates keep seven decimals of a degree, a
    /// centimetre.
    ///
    /// # Errors
    ///
    /// [`WebMapError::Length`] if a column has another number of rows; [`WebMapError::Geometry`] if the geometries cannot be
    /// brought to WGS 84.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::{Crs, Unit};
    /// use datagora_geo::GeometryColumn;
    /// use datagora_viz::{Column, WebSource};
    ///
    /// let trees = GeometryColumn::points(vec![4.83, 4.85], vec![45.75, 45.76], Crs::WGS84);
    /// let heights = Column::numbers("height", Unit::METRE, [12.5, f64::NAN]);
    /// let source = WebSource::features(&trees, &[Column::text("kind", ["Acer", "Tilia"]), heights])?;
    /// # Ok::<(), datagora_viz::WebMapError>(())
    /// ```
    pub fn features(geometry: &GeometryColumn, attributes: &[Column]) -> Result<Self, WebMapError> {
        for column in attributes {
            if column.len() != geometry.len() {
                let (found, needed) = (column.len(), geometry.len());
                return Err(WebMapError::Length { column: column.name.clone(), found, needed });
            }
        }
        let geometry = geographic(geometry)?;
        let mut geojson = String::from("{\"type\":\"FeatureCollection\",\"features\":[");
        let mut first = true;
        for (row, shape) in geometry.iter().enumerate() {
            let Some(shape) = shape else { continue };
            if !std::mem::take(&mut first) {
                geojson.push(',');
            }
            // The number of the row, by which values of steps find their feature. Writing to a String cannot fail.
            let _ = write!(geojson, "{{\"type\":\"Feature\",\"id\":{row},\"properties\":{{");
            let properties: Vec<String> =
                attributes.iter().filter_map(|column| property(column, row)).collect();
            geojson.push_str(&properties.join(","));
            geojson.push_str("},\"geometry\":");
            write_geometry(&mut geojson, &shape);
            geojson.push('}');
        }
        geojson.push_str("]}");
        let bounds = geometry.bounds().map(|b| [b.min().x, b.min().y, b.max().x, b.max().y]);
        Ok(Self(Kind::Features { geojson, bounds, rows: geometry.len() }))
    }

    pub(super) fn bounds(&self) -> Option<[f64; 4]> {
        match &self.0 {
            Kind::Tiles(archive) => Some(archive.bounds()),
            Kind::Features { bounds, .. } => *bounds,
        }
    }
}

/// The geometries in degrees.
pub(super) fn geographic(column: &GeometryColumn) -> Result<GeometryColumn, WebMapError> {
    if *column.crs() == Crs::WGS84 {
        return Ok(column.clone());
    }
    column
        .reproject(&Crs::WGS84)
        .map_err(|source| WebMapError::Geometry { crs: column.crs().clone(), source: source.into() })
}

/// An attribute in JSON; `None` if it is missing.
fn property(column: &Column, row: usize) -> Option<String> {
    let number = |value: f64| value.is_finite().then(|| Value::from(value));
    let value = match &column.values {
        Values::Text(values) => Some(Value::from(&values[row][..])).filter(|_| !values[row].is_empty()),
        Values::Numbers(values) => number(values[row]),
        Values::Measured(values) => values[row].value().and_then(number),
    }?;
    Some(format!("{}:{value}", Value::from(&column.name[..])))
}

fn write_geometry(json: &mut String, geometry: &Geometry) {
    let (kind, write): (&str, &dyn Fn(&mut String)) = match geometry {
        Geometry::Point(point) => ("Point", &|json| write_place(json, point.0)),
        Geometry::MultiPoint(points) => {
            ("MultiPoint", &|json| write_list(json, &points.0, |json, point| write_place(json, point.0)))
        }
        Geometry::Line(line) => {
            ("LineString", &|json| write_list(json, &[line.start, line.end], write_coord))
        }
        Geometry::LineString(line) => ("LineString", &|json| write_line(json, line)),
        Geometry::MultiLineString(lines) => {
            ("MultiLineString", &|json| write_list(json, &lines.0, write_line))
        }
        Geometry::Polygon(polygon) => ("Polygon", &|json| write_polygon(json, polygon)),
        Geometry::MultiPolygon(polygons) => {
            ("MultiPolygon", &|json| write_list(json, &polygons.0, write_polygon))
        }
        Geometry::Rect(rect) => ("Polygon", &|json| write_polygon(json, &rect.to_polygon())),
        Geometry::Triangle(triangle) => ("Polygon", &|json| write_polygon(json, &triangle.to_polygon())),
        Geometry::GeometryCollection(parts) => {
            json.push_str("{\"type\":\"GeometryCollection\",\"geometries\":");
            write_list(json, &parts.0, write_geometry);
            json.push('}');
            return;
        }
    };
    // Writing to a String cannot fail.
    let _ = write!(json, "{{\"type\":\"{kind}\",\"coordinates\":");
    write(json);
    json.push('}');
}

fn write_list<T>(json: &mut String, items: &[T], write: impl Fn(&mut String, &T)) {
    json.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            json.push(',');
        }
        write(json, item);
    }
    json.push(']');
}

fn write_polygon(json: &mut String, polygon: &Polygon) {
    let rings: Vec<&LineString> = std::iter::once(polygon.exterior()).chain(polygon.interiors()).collect();
    write_list(json, &rings, |json, ring| write_line(json, ring));
}

fn write_line(json: &mut String, line: &LineString) {
    write_list(json, &line.0, write_coord);
}

fn write_coord(json: &mut String, place: &Coord) {
    write_place(json, *place);
}

fn write_place(json: &mut String, place: Coord) {
    let round = |degrees: f64| (degrees * 1e7).round() / 1e7;
    let _ = write!(json, "[{},{}]", round(place.x), round(place.y));
}

#[cfg(test)]
mod tests {
    use datagora_core::{Measured, Suppression, Unit};
    use datagora_geo::types::{Rect, coord};

    use super::*;

    #[test]
    fn features_are_geojson_and_missing_values_are_absent() {
        let square = Rect::new(coord! { x: 4.8, y: 45.7 }, coord! { x: 4.9, y: 45.8 });
        let zones = GeometryColumn::new(vec![square.into(), square.into()], Crs::WGS84);
        let job = Unit::of("{job}");
        let jobs = [
            Measured::suppressed(job.clone(), Suppression::FewUnits { minimum: 3 }),
            Measured::new(7.0, job.clone()),
        ];
        let attributes = [
            Column::text("nom \"a\"", ["</script>", ""]),
            Column::numbers("n", Unit::ONE, [f64::NAN, 2.5]),
            Column::measured("jobs", job, jobs),
        ];
        let WebSource(Kind::Features { geojson, bounds, .. }) =
            WebSource::features(&zones, &attributes).unwrap()
        else {
            panic!("features")
        };
        assert_eq!(bounds, Some([4.8, 45.7, 4.9, 45.8]));
        let json: Value = serde_json::from_str(&geojson).unwrap();
        assert_eq!(json["features"][0]["properties"], serde_json::json!({ "nom \"a\"": "</script>" }));
        assert_eq!(json["features"][1]["properties"], serde_json::json!({ "n": 2.5, "jobs": 7.0 }));
        assert_eq!(json["features"][0]["geometry"]["coordinates"][0].as_array().map(Vec::len), Some(5));
        let short = WebSource::features(&zones, &[Column::text("a", ["b"])]);
        assert!(matches!(short, Err(WebMapError::Length { found: 1, needed: 2, .. })));
    }

    #[test]
    fn geometries_come_in_degrees() {
        let place =
            GeometryColumn::points(vec![842_000.0, f64::NAN], vec![6_519_000.0, f64::NAN], Crs::LAMBERT_93);
        let WebSource(Kind::Features { geojson, bounds, .. }) = WebSource::features(&place, &[]).unwrap()
        else {
            panic!("features")
        };
        let [west, south, ..] = bounds.unwrap();
        assert!((4.8..4.9).contains(&west) && (45.7..45.8).contains(&south), "{west} {south}");
        let json: Value = serde_json::from_str(&geojson).unwrap();
        assert_eq!(json["features"].as_array().map(Vec::len), Some(1));
    }
}
