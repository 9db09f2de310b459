//! Well-known binary, to and fro.
#[cfg(feature = "io")]
mod outline;
mod rows;

use crate::decoded::{DEEPEST, Decoded, Dimensions};
use crate::types::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point,
    Polygon,
};

#[cfg(feature = "io")]
pub(crate) use self::outline::outline;
#[cfg(feature = "arrow")]
pub(crate) use self::rows::{POINT_SIZE, RowDecoder};
pub use self::rows::{WkbColumnError, read_wkb_column};

/// Bytes that are no well-known binary.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WkbError {
    /// The bytes end before the geometry does.
    #[error("well-known binary ends at byte {byte}, {needed} more bytes are needed; it was cut short")]
    Truncated {
        /// Where reading stopped.
        byte: usize,
        /// How many are missing, at least.
        needed: usize,
    },
    /// Neither 0 (big endian) nor 1 (little endian).
    #[error("byte {byte} is {found}, 0 or 1 is needed as a byte order; this is not well-known binary")]
    ByteOrder {
        /// Where.
        byte: usize,
        /// What is there.
        found: u8,
    },
    /// A type of geometry that is unknown, or not allowed here.
    #[error("geometry of type {found} at byte {byte}, {needed} is needed; convert it")]
    Kind {
        /// Where.
        byte: usize,
        /// Type code, without the flags of its dimensions.
        found: u32,
        /// What is allowed.
        needed: &'static str,
    },
    /// Collections nested too deep.
    #[error("collections at byte {byte} are nested more than {deepest} deep; flatten them")]
    Depth {
        /// Where.
        byte: usize,
        /// The limit.
        deepest: usize,
    },
}

/// Reads well-known binary: that of ISO 19125 and OGC, and PostGIS's extended form, in either byte order.
///
/// Heights and measures are left out ([`Decoded::dimensions`] tells). Triangles, TINs and polyhedral surfaces become
/// polygons; circular arcs are replaced by chords of at most 4° ([`Decoded::linearised`] tells). Bytes behind the
/// geometry are not looked at.
///
/// Memory is bounded by the length of the input, whatever counts it claims.
///
/// # Errors
///
/// [`WkbError`], with the byte where reading stopped.
///
/// # Example
///
/// ```
/// use datagora_geo::types::Point;
/// use datagora_geo::{read_wkb, write_wkb};
///
/// let bytes = write_wkb(&Point::new(4.835, 45.76).into());
/// assert_eq!(read_wkb(&bytes)?.geometry, Some(Point::new(4.835, 45.76).into()));
/// assert!(read_wkb(&bytes[..20]).is_err());
/// # Ok::<(), datagora_geo::WkbError>(())
/// ```
///
/// # References
///
/// OGC 06-103r4, *Simple feature access, part 1*, section 8. · ISO/IEC 13249-3 for curves and dimensions. · PostGIS
/// manual, *ST_GeomFromEWKB*.
pub fn read_wkb(bytes: &[u8]) -> Result<Decoded, WkbError> {
    let mut cursor = Cursor { bytes, place: 0, decoded: Decoded::default() };
    let geometry = cursor.geometry(0)?;
    Ok(Decoded { geometry, ..cursor.decoded })
}

/// Writes well-known binary: ISO, planar, little endian.
///
/// Lines, rectangles and triangles are written as line strings and polygons.
///
/// ```
/// use datagora_geo::types::Point;
///
/// assert_eq!(datagora_geo::write_wkb(&Point::new(1.0, 2.0).into()).len(), 21);
/// ```
pub fn write_wkb(geometry: &Geometry) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(geometry, &mut bytes);
    bytes
}

const POINT: u32 = 1;
const LINE: u32 = 2;
const POLYGON: u32 = 3;
const MULTI_POINT: u32 = 4;
const MULTI_LINE: u32 = 5;
const MULTI_POLYGON: u32 = 6;
const COLLECTION: u32 = 7;
const CIRCULAR: u32 = 8;
const COMPOUND: u32 = 9;
const CURVE_POLYGON: u32 = 10;
const MULTI_CURVE: u32 = 11;
const MULTI_SURFACE: u32 = 12;
const POLYHEDRAL: u32 = 15;
const TIN: u32 = 16;
const TRIANGLE: u32 = 17;

struct Cursor<'a> {
    bytes: &'a [u8],
    place: usize,
    decoded: Decoded,
}

/// The head of a geometry.
#[derive(Clone, Copy)]
struct Head {
    place: usize,
    little: bool,
    kind: u32,
    dimensions: Dimensions,
}

impl Head {
    fn refuse(&self, needed: &'static str) -> WkbError {
        WkbError::Kind { byte: self.place, found: self.kind, needed }
    }
}

impl Cursor<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], WkbError> {
        let rest = &self.bytes[self.place..];
        match rest.first_chunk() {
            Some(chunk) => {
                self.place += N;
                Ok(*chunk)
            }
            None => Err(WkbError::Truncated { byte: self.bytes.len(), needed: N - rest.len() }),
        }
    }

    fn unsigned(&mut self, little: bool) -> Result<u32, WkbError> {
        let bytes = self.take()?;
        Ok(if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    fn number(&mut self, little: bool) -> Result<f64, WkbError> {
        let bytes = self.take()?;
        Ok(if little { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) })
    }

    /// A count of things of at least so many bytes, refused if they cannot all be there.
    fn count(&mut self, little: bool, smallest: usize) -> Result<usize, WkbError> {
        let count = self.unsigned(little)? as usize;
        let (rest, needed) = (self.bytes.len() - self.place, count.saturating_mul(smallest));
        if needed > rest {
            return Err(WkbError::Truncated { byte: self.bytes.len(), needed: needed - rest });
        }
        Ok(count)
    }

    fn head(&mut self) -> Result<Head, WkbError> {
        let place = self.place;
        let [order] = self.take()?;
        if order > 1 {
            return Err(WkbError::ByteOrder { byte: place, found: order });
        }
        let little = order == 1;
        let code = self.unsigned(little)?;
        if code & 0x2000_0000 != 0 {
            self.decoded.srid = Some(self.unsigned(little)?);
        }
        let plain = code & 0x0fff_ffff;
        let (mut height, mut measure) = (code & 0x8000_0000 != 0, code & 0x4000_0000 != 0);
        match plain / 1000 {
            0 => {}
            1 => height = true,
            2 => measure = true,
            3 => (height, measure) = (true, true),
            _ => {
                let needed = "a type below 4000";
                return Err(WkbError::Kind { byte: place, found: plain, needed });
            }
        }
        let dimensions = Dimensions::new(height, measure);
        if dimensions.count() > self.decoded.dimensions.count() {
            self.decoded.dimensions = dimensions;
        }
        Ok(Head { place, little, kind: plain % 1000, dimensions })
    }

    fn coord(&mut self, head: Head) -> Result<Coord, WkbError> {
        let coord = Coord { x: self.number(head.little)?, y: self.number(head.little)? };
        for _ in 2..head.dimensions.count() {
            self.number(head.little)?;
        }
        Ok(coord)
    }

    fn line(&mut self, head: Head) -> Result<LineString, WkbError> {
        let count = self.count(head.little, 8 * head.dimensions.count())?;
        let mut coords = Vec::with_capacity(count);
        for _ in 0..count {
            coords.push(self.coord(head)?);
        }
        Ok(LineString(coords))
    }

    fn lines(&mut self, head: Head) -> Result<Vec<LineString>, WkbError> {
        let count = self.count(head.little, 4)?;
        let mut lines = Vec::new();
        for _ in 0..count {
            lines.push(self.line(head)?);
        }
        Ok(lines)
    }

    fn geometry(&mut self, depth: usize) -> Result<Option<Geometry>, WkbError> {
        let head = self.head()?;
        Ok(Some(match head.kind {
            POINT => return Ok(self.point(head)?.map(Geometry::Point)),
            LINE | CIRCULAR | COMPOUND => Geometry::LineString(self.curve(head, depth)?),
            POLYGON | TRIANGLE | CURVE_POLYGON => Geometry::Polygon(self.surface(head, depth)?),
            MULTI_POINT => {
                let mut points = Vec::new();
                self.parts(head, |cursor, part| {
                    if part.kind != POINT {
                        return Err(part.refuse("a point (1) in a multipoint"));
                    }
                    points.extend(cursor.point(part)?);
                    Ok(())
                })?;
                Geometry::MultiPoint(MultiPoint(points))
            }
            MULTI_LINE | MULTI_CURVE => {
                let mut lines = Vec::new();
                self.parts(head, |cursor, part| {
                    lines.push(cursor.curve(part, depth)?);
                    Ok(())
                })?;
                Geometry::MultiLineString(MultiLineString(lines))
            }
            MULTI_POLYGON | MULTI_SURFACE | POLYHEDRAL | TIN => {
                let mut polygons = Vec::new();
                self.parts(head, |cursor, part| {
                    polygons.push(cursor.surface(part, depth)?);
                    Ok(())
                })?;
                Geometry::MultiPolygon(MultiPolygon(polygons))
            }
            COLLECTION => {
                if depth == DEEPEST {
                    return Err(WkbError::Depth { byte: head.place, deepest: DEEPEST });
                }
                let count = self.count(head.little, 9)?;
                let mut parts = Vec::new();
                for _ in 0..count {
                    parts.extend(self.geometry(depth + 1)?);
                }
                Geometry::GeometryCollection(GeometryCollection(parts))
            }
            _ => return Err(head.refuse("one of the types 1 to 12 or 15 to 17")),
        }))
    }

    fn parts(
        &mut self,
        head: Head,
        mut part: impl FnMut(&mut Self, Head) -> Result<(), WkbError>,
    ) -> Result<(), WkbError> {
        let count = self.count(head.little, 9)?;
        for _ in 0..count {
            let head = self.head()?;
            part(self, head)?;
        }
        Ok(())
    }

    /// An empty point has NaN coordinates.
    fn point(&mut self, head: Head) -> Result<Option<Point>, WkbError> {
        let coord = self.coord(head)?;
        Ok((!coord.x.is_nan() || !coord.y.is_nan()).then_some(Point(coord)))
    }

    fn curve(&mut self, head: Head, depth: usize) -> Result<LineString, WkbError> {
        match head.kind {
            LINE => self.line(head),
            CIRCULAR => {
                let line = self.line(head)?;
                self.decoded.linearised = true;
                Ok(LineString(crate::arc::chords(&line.0)))
            }
            COMPOUND if depth < DEEPEST => {
                let mut coords: Vec<Coord> = Vec::new();
                self.parts(head, |cursor, part| {
                    let piece = cursor.curve(part, depth + 1)?.0;
                    let joined = coords.last().is_some() && coords.last() == piece.first();
                    coords.extend(&piece[usize::from(joined)..]);
                    Ok(())
                })?;
                Ok(LineString(coords))
            }
            _ => Err(head.refuse("a curve (2, 8 or 9)")),
        }
    }

    fn surface(&mut self, head: Head, depth: usize) -> Result<Polygon, WkbError> {
        let rings = match head.kind {
            POLYGON | TRIANGLE => self.lines(head)?,
            CURVE_POLYGON => {
                let mut rings = Vec::new();
                self.parts(head, |cursor, part| {
                    rings.push(cursor.curve(part, depth)?);
                    Ok(())
                })?;
                rings
            }
            _ => return Err(head.refuse("a surface (3, 10 or 17)")),
        };
        let mut rings = rings.into_iter();
        Ok(Polygon::new(rings.next().unwrap_or_else(|| LineString(Vec::new())), rings.collect()))
    }
}

fn write(geometry: &Geometry, bytes: &mut Vec<u8>) {
    match geometry {
        Geometry::Point(point) => write_point(point, bytes),
        Geometry::Line(line) => write_line(&LineString::from(*line), bytes),
        Geometry::LineString(line) => write_line(line, bytes),
        Geometry::Polygon(polygon) => write_polygon(polygon, bytes),
        Geometry::Rect(rect) => write_polygon(&rect.to_polygon(), bytes),
        Geometry::Triangle(triangle) => write_polygon(&triangle.to_polygon(), bytes),
        Geometry::MultiPoint(points) => write_parts(MULTI_POINT, &points.0, write_point, bytes),
        Geometry::MultiLineString(lines) => write_parts(MULTI_LINE, &lines.0, write_line, bytes),
        Geometry::MultiPolygon(polygons) => write_parts(MULTI_POLYGON, &polygons.0, write_polygon, bytes),
        Geometry::GeometryCollection(parts) => write_parts(COLLECTION, &parts.0, write, bytes),
    }
}

fn write_head(kind: u32, bytes: &mut Vec<u8>) {
    bytes.push(1);
    bytes.extend(kind.to_le_bytes());
}

/// Counts are 32 bits in the format; no geometry in memory comes near (64 GiB of coordinates).
fn write_count(count: usize, bytes: &mut Vec<u8>) {
    bytes.extend((count as u32).to_le_bytes());
}

fn write_parts<T>(kind: u32, parts: &[T], part: impl Fn(&T, &mut Vec<u8>), bytes: &mut Vec<u8>) {
    write_head(kind, bytes);
    write_count(parts.len(), bytes);
    for each in parts {
        part(each, bytes);
    }
}

fn write_coord(coord: Coord, bytes: &mut Vec<u8>) {
    bytes.extend(coord.x.to_le_bytes());
    bytes.extend(coord.y.to_le_bytes());
}

fn write_coords(coords: &[Coord], bytes: &mut Vec<u8>) {
    write_count(coords.len(), bytes);
    for &coord in coords {
        write_coord(coord, bytes);
    }
}

fn write_point(point: &Point, bytes: &mut Vec<u8>) {
    write_head(POINT, bytes);
    write_coord(point.0, bytes);
}

fn write_line(line: &LineString, bytes: &mut Vec<u8>) {
    write_head(LINE, bytes);
    write_coords(&line.0, bytes);
}

fn write_polygon(polygon: &Polygon, bytes: &mut Vec<u8>) {
    write_head(POLYGON, bytes);
    if polygon.exterior().0.is_empty() {
        return write_count(0, bytes);
    }
    write_count(1 + polygon.interiors().len(), bytes);
    write_coords(&polygon.exterior().0, bytes);
    for ring in polygon.interiors() {
        write_coords(&ring.0, bytes);
    }
}

#[cfg(test)]
pub(crate) mod tests;
