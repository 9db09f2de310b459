//! Well-known text, to and fro.
use std::fmt::Write;

use crate::decoded::{DEEPEST, Decoded, Dimensions};
use crate::types::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point,
    Polygon,
};

/// Text that is no well-known text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("found {found} at byte {byte}, {needed} is needed; check the well-known text")]
#[non_exhaustive]
pub struct WktError {
    /// Where.
    pub byte: usize,
    /// What is there.
    pub found: String,
    /// What should be there.
    pub needed: &'static str,
}

/// Reads well-known text: that of OGC and ISO, and PostGIS's extended form with `SRID=…;`.
///
/// Heights and measures are left out ([`Decoded::dimensions`] tells); a third number without `Z` or `M` is a height.
/// Both `MULTIPOINT (1 2, 3 4)` and `MULTIPOINT ((1 2), (3 4))` are read. Triangles, TINs and polyhedral surfaces
/// become polygons.
///
/// # Errors
///
/// [`WktError`], with the byte where reading stopped.
///
/// # Example
///
/// ```
/// use datagora_geo::types::Point;
/// use datagora_geo::{read_wkt, write_wkt};
///
/// let decoded = read_wkt("SRID=4171;POINT Z (4.835 45.76 170)")?;
/// assert_eq!(decoded.geometry, Some(Point::new(4.835, 45.76).into()));
/// assert_eq!(decoded.srid, Some(4171));
/// assert_eq!(write_wkt(&Point::new(4.835, 45.76).into()), "POINT (4.835 45.76)");
/// # Ok::<(), datagora_geo::WktError>(())
/// ```
///
/// # References
///
/// OGC 06-103r4, *Simple feature access, part 1*, section 7.
pub fn read_wkt(text: &str) -> Result<Decoded, WktError> {
    let mut parser = Parser { text, place: 0, decoded: Decoded::default() };
    if parser.keyword("SRID") {
        parser.symbol('=', "“=”")?;
        let srid = parser.number()?;
        if srid.fract() != 0.0 || !(0.0..=f64::from(u32::MAX)).contains(&srid) {
            return Err(parser.refuse("a whole number"));
        }
        parser.decoded.srid = Some(srid as u32);
        parser.symbol(';', "“;”")?;
    }
    let geometry = parser.geometry(0)?;
    parser.skip();
    if parser.place < text.len() {
        return Err(parser.refuse("the end"));
    }
    Ok(Decoded { geometry, ..parser.decoded })
}

/// Writes well-known text, each number with as many digits as bring it back exactly.
///
/// Lines, rectangles and triangles are written as line strings and polygons.
///
/// ```
/// use datagora_geo::types::{Rect, coord};
///
/// let block = Rect::new(coord! { x: 0.0, y: 0.0 }, coord! { x: 1.0, y: 0.5 });
/// assert_eq!(datagora_geo::write_wkt(&block.into()), "POLYGON ((1 0, 1 0.5, 0 0.5, 0 0, 1 0))");
/// ```
pub fn write_wkt(geometry: &Geometry) -> String {
    let mut text = String::new();
    write(geometry, &mut text);
    text
}

struct Parser<'a> {
    text: &'a str,
    place: usize,
    decoded: Decoded,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.place..]
    }

    fn skip(&mut self) {
        self.place = self.text.len() - self.rest().trim_start().len();
    }

    fn refuse(&self, needed: &'static str) -> WktError {
        let rest = self.rest().trim_start();
        let end = rest.char_indices().nth(20).map_or(rest.len(), |(place, _)| place);
        let found = if rest.is_empty() { "the end".to_owned() } else { format!("“{}”", &rest[..end]) };
        WktError { byte: self.text.len() - rest.len(), found, needed }
    }

    fn word(&mut self) -> &'a str {
        self.skip();
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        &rest[..end]
    }

    /// Moves past a word if it is this one.
    fn keyword(&mut self, keyword: &str) -> bool {
        let word = self.word();
        let is = word.eq_ignore_ascii_case(keyword);
        if is {
            self.place += word.len();
        }
        is
    }

    /// Moves past a symbol if it is there.
    fn accept(&mut self, symbol: char) -> bool {
        self.skip();
        let is = self.rest().starts_with(symbol);
        if is {
            self.place += symbol.len_utf8();
        }
        is
    }

    fn symbol(&mut self, symbol: char, needed: &'static str) -> Result<(), WktError> {
        if self.accept(symbol) { Ok(()) } else { Err(self.refuse(needed)) }
    }

    fn number(&mut self) -> Result<f64, WktError> {
        self.skip();
        let rest = self.rest();
        let end =
            rest.find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c))).unwrap_or(rest.len());
        let number = rest[..end].parse().map_err(|_| self.refuse("a number"))?;
        self.place += end;
        Ok(number)
    }

    fn saw(&mut self, dimensions: Dimensions) {
        if dimensions.count() > self.decoded.dimensions.count() {
            self.decoded.dimensions = dimensions;
        }
    }

    fn coord(&mut self, declared: Dimensions) -> Result<Coord, WktError> {
        let coord = Coord { x: self.number()?, y: self.number()? };
        let mut more = 0;
        loop {
            self.skip();
            if self.rest().starts_with([',', ')']) || self.rest().is_empty() {
                break;
            }
            self.number()?;
            more += 1;
        }
        match (declared, more) {
            (Dimensions::Xy, 0) => {}
            (Dimensions::Xy, 1) => self.saw(Dimensions::Xyz),
            (Dimensions::Xy, 2) => self.saw(Dimensions::Xyzm),
            (_, more) if more + 2 == declared.count() => {}
            _ => return Err(self.refuse("as many numbers in each position as declared")),
        }
        Ok(coord)
    }

    /// `EMPTY`, or a list in parentheses.
    fn list<T>(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Result<T, WktError>,
    ) -> Result<Vec<T>, WktError> {
        let mut items = Vec::new();
        if self.keyword("EMPTY") {
            return Ok(items);
        }
        self.symbol('(', "“(” or EMPTY")?;
        loop {
            items.push(item(self)?);
            if !self.accept(',') {
                break;
            }
        }
        self.symbol(')', "“,” or “)”")?;
        Ok(items)
    }

    fn line(&mut self, dimensions: Dimensions) -> Result<LineString, WktError> {
        self.list(|parser| parser.coord(dimensions)).map(LineString)
    }

    fn polygon(&mut self, dimensions: Dimensions) -> Result<Polygon, WktError> {
        let mut rings = self.list(|parser| parser.line(dimensions))?.into_iter();
        Ok(Polygon::new(rings.next().unwrap_or_else(|| LineString(Vec::new())), rings.collect()))
    }

    /// The kind and the dimensions, whether written `POINT ZM`, `POINTZM` or `POINT`.
    fn head(&mut self) -> (String, Dimensions) {
        let word = self.word();
        self.place += word.len();
        let mut kind = word.to_ascii_uppercase();
        let mut suffix = String::new();
        let known = |kind: &str| KINDS.contains(&kind);
        if !known(&kind) {
            for tail in ["ZM", "Z", "M"] {
                if let Some(stem) = kind.strip_suffix(tail).filter(|stem| known(stem)) {
                    suffix = tail.to_owned();
                    kind = stem.to_owned();
                    break;
                }
            }
        } else {
            let next = self.word();
            if ["Z", "M", "ZM"].iter().any(|tail| next.eq_ignore_ascii_case(tail)) {
                self.place += next.len();
                suffix = next.to_ascii_uppercase();
            }
        }
        (kind, Dimensions::new(suffix.contains('Z'), suffix.contains('M')))
    }

    fn geometry(&mut self, depth: usize) -> Result<Option<Geometry>, WktError> {
        self.skip();
        let start = self.place;
        let (kind, dimensions) = self.head();
        self.saw(dimensions);
        Ok(Some(match kind.as_str() {
            "POINT" => {
                let coords = self.list(|parser| parser.coord(dimensions))?;
                return match coords[..] {
                    [] => Ok(None),
                    [coord] if coord.x.is_nan() && coord.y.is_nan() => Ok(None),
                    [coord] => Ok(Some(Geometry::Point(Point(coord)))),
                    _ => Err(self.refuse("one position in a point")),
                };
            }
            "LINESTRING" => Geometry::LineString(self.line(dimensions)?),
            "POLYGON" | "TRIANGLE" => Geometry::Polygon(self.polygon(dimensions)?),
            "MULTIPOINT" => {
                let points = self.list(|parser| parser.member_point(dimensions))?;
                Geometry::MultiPoint(MultiPoint(points.into_iter().flatten().collect()))
            }
            "MULTILINESTRING" => {
                Geometry::MultiLineString(MultiLineString(self.list(|parser| parser.line(dimensions))?))
            }
            "MULTIPOLYGON" | "POLYHEDRALSURFACE" | "TIN" => {
                Geometry::MultiPolygon(MultiPolygon(self.list(|parser| parser.polygon(dimensions))?))
            }
            "GEOMETRYCOLLECTION" if depth < DEEPEST => {
                let parts = self.list(|parser| parser.geometry(depth + 1))?;
                Geometry::GeometryCollection(GeometryCollection(parts.into_iter().flatten().collect()))
            }
            "GEOMETRYCOLLECTION" => return Err(self.refuse("collections nested at most 32 deep")),
            _ => {
                self.place = start;
                return Err(self.refuse("a type of geometry, such as POINT"));
            }
        }))
    }

    fn member_point(&mut self, dimensions: Dimensions) -> Result<Option<Point>, WktError> {
        if self.keyword("EMPTY") {
            return Ok(None);
        }
        let parenthesis = self.accept('(');
        let coord = self.coord(dimensions)?;
        if parenthesis {
            self.symbol(')', "“)”")?;
        }
        Ok(Some(Point(coord)))
    }
}

const KINDS: [&str; 10] = [
    "POINT",
    "LINESTRING",
    "POLYGON",
    "MULTIPOINT",
    "MULTILINESTRING",
    "MULTIPOLYGON",
    "GEOMETRYCOLLECTION",
    "TRIANGLE",
    "TIN",
    "POLYHEDRALSURFACE",
];

fn write(geometry: &Geometry, text: &mut String) {
    match geometry {
        Geometry::Point(point) => {
            text.push_str("POINT (");
            write_coord(point.0, text);
            text.push(')');
        }
        Geometry::Line(line) => write(&Geometry::LineString(LineString::from(*line)), text),
        Geometry::LineString(line) => {
            text.push_str("LINESTRING ");
            write_line(line, text);
        }
        Geometry::Polygon(polygon) => {
            text.push_str("POLYGON ");
            write_polygon(polygon, text);
        }
        Geometry::Rect(rect) => write(&Geometry::Polygon(rect.to_polygon()), text),
        Geometry::Triangle(triangle) => write(&Geometry::Polygon(triangle.to_polygon()), text),
        Geometry::MultiPoint(points) => {
            text.push_str("MULTIPOINT ");
            write_list(&points.0, text, |point, text| {
                text.push('(');
                write_coord(point.0, text);
                text.push(')');
            });
        }
        Geometry::MultiLineString(lines) => {
            text.push_str("MULTILINESTRING ");
            write_list(&lines.0, text, write_line);
        }
        Geometry::MultiPolygon(polygons) => {
            text.push_str("MULTIPOLYGON ");
            write_list(&polygons.0, text, write_polygon);
        }
        Geometry::GeometryCollection(parts) => {
            text.push_str("GEOMETRYCOLLECTION ");
            write_list(&parts.0, text, write);
        }
    }
}

fn write_list<T>(items: &[T], text: &mut String, item: impl Fn(&T, &mut String)) {
    if items.is_empty() {
        return text.push_str("EMPTY");
    }
    for (place, each) in items.iter().enumerate() {
        text.push_str(if place == 0 { "(" } else { ", " });
        item(each, text);
    }
    text.push(')');
}

fn write_coord(coord: Coord, text: &mut String) {
    // Writing to a string cannot fail.
    let _ = write!(text, "{} {}", coord.x, coord.y);
}

fn write_line(line: &LineString, text: &mut String) {
    write_list(&line.0, text, |coord, text| write_coord(*coord, text));
}

fn write_polygon(polygon: &Polygon, text: &mut String) {
    if polygon.exterior().0.is_empty() {
        return text.push_str("EMPTY");
    }
    text.push('(');
    write_line(polygon.exterior(), text);
    for ring in polygon.interiors() {
        text.push_str(", ");
        write_line(ring, text);
    }
    text.push(')');
}

#[cfg(test)]
mod tests;
