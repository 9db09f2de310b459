//! Shapefiles: `.shp`, and beside it `.shx`, `.dbf`, `.prj`, `.cpg`.
use std::path::{Path, PathBuf};

use datagora_core::{Crs, Table, content_hash};

use super::dbf::{self, TextEncoding};
use super::error::{Fault, ReadError, read_bytes};
use super::file::{FeatureFile, Parsed, can_be_degrees};
use super::note::{ReadNote, Tally};
use super::rings::nest;
use crate::crs::crs_from_wkt;
use crate::crs::unknown_crs;
use crate::types::{Coord, Geometry, LineString, MultiLineString, MultiPoint, Point};

/// Reads a Shapefile.
///
/// Geometry comes from the `.shp` (by the index `.shx` if there is one), attributes from the `.dbf`, the CRS from the
/// `.prj`, the encoding of text from the `.cpg`, else from the language driver of the `.dbf`. Only the `.shp` must be
/// there; what is missing is told by a note. Without `.prj`, coordinates that are all degrees are taken as WGS 84, and
/// others have an unknown CRS: see [`Features::declared_as`](crate::Features::declared_as).
///
/// Clockwise rings are outer rings, counterclockwise ones are holes of the smallest outer ring around them; a hole
/// outside of all becomes a polygon. A record of one part is a `Polygon` or `LineString`, one of more a `MultiPolygon`
/// or `MultiLineString`. Heights and measures are left out, multipatches are missing (both with notes). Records marked
/// as deleted are skipped.
///
/// # Errors
///
/// [`ReadError::Io`] if the `.shp` cannot be read, [`ReadError::Malformed`] with record and byte if it or the `.dbf`
/// is truncated or inconsistent.
///
/// # Example
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("arbres.shp");
/// // A point Shapefile with one record: header of 100 bytes, then number, length and content.
/// let mut bytes = [9994_i32.to_be_bytes(), [0; 4], [0; 4], [0; 4], [0; 4], [0; 4]].concat();
/// bytes.extend(64_i32.to_be_bytes()); // length of the file in 16-bit words
/// bytes.extend([1000_i32.to_le_bytes(), 1_i32.to_le_bytes()].concat());
/// bytes.resize(100, 0);
/// bytes.extend([1_i32.to_be_bytes(), 10_i32.to_be_bytes(), 1_i32.to_le_bytes()].concat());
/// bytes.extend([4.85_f64.to_le_bytes(), 45.75_f64.to_le_bytes()].concat());
/// std::fs::write(&path, bytes)?;
///
/// let file = datagora_geo::read_shapefile(&path)?;
/// assert_eq!(file.features.geometry.len(), 1);
/// for note in &file.notes {
///     println!("{note}"); // no CRS declared, EPSG:4326 assumed …; no attributes: arbres.dbf is absent
/// }
/// # assert_eq!(file.notes.len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// ESRI (1998). *ESRI Shapefile Technical Description*. White paper J-7855.
pub fn read_shapefile(path: impl AsRef<Path>) -> Result<FeatureFile, ReadError> {
    let path = path.as_ref();
    let shp = read_bytes(path)?;
    let mut parts = format!("shp:{}\n", content_hash(&shp));
    let mut part = |extension: &str| -> Result<Option<(PathBuf, Vec<u8>)>, ReadError> {
        let Some(file) = sibling(path, extension) else { return Ok(None) };
        let bytes = read_bytes(&file)?;
        parts.push_str(&format!("{extension}:{}\n", content_hash(&bytes)));
        Ok(Some((file, bytes)))
    };
    let (shx, dbf, prj, cpg) = (part("shx")?, part("dbf")?, part("prj")?, part("cpg")?);

    let index = shx.as_ref().map(|(_, bytes)| bytes.as_slice());
    let mut shapes = Shapes::read(&shp, index).map_err(|fault| fault.in_file(path))?;
    let mut notes = Vec::new();
    let definition = prj.as_ref().map(|(_, bytes)| String::from_utf8_lossy(bytes)).unwrap_or_default();
    let crs = shapes.crs(definition.trim(), &mut notes);
    let attributes = match dbf {
        Some((file, bytes)) => {
            let label = cpg.as_ref().map(|(_, bytes)| String::from_utf8_lossy(bytes));
            let declared = label.and_then(|label| TextEncoding::from_label(&label));
            let records = dbf::read(&bytes, declared, &mut notes).map_err(|fault| fault.in_file(&file))?;
            if records.deleted.len() != shapes.geometries.len() {
                let found = format!("{} records of attributes", records.deleted.len());
                let needed = format!("as many as shapes, {}", shapes.geometries.len());
                let hint = "take .shp and .dbf from one export";
                return Err(Fault::new(found, needed, hint).in_file(&file));
            }
            shapes.skip(&records.deleted, &mut notes);
            records.attributes
        }
        None => {
            let file = path.with_extension("dbf");
            let file = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            notes.push(ReadNote::AttributesAbsent { file });
            Table::empty()
        }
    };
    shapes.tell(&mut notes);
    let parsed = Parsed { geometries: shapes.geometries, crs, attributes, notes };
    Ok(parsed.with_hash(path, content_hash(parts.as_bytes())))
}

/// The file beside, whatever the case of its extension.
fn sibling(path: &Path, extension: &str) -> Option<PathBuf> {
    [extension.to_owned(), extension.to_uppercase()]
        .iter()
        .map(|extension| path.with_extension(extension))
        .find(|file| file.is_file())
}

/// The geometries of a `.shp`.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    pub(super) geometries: Vec<Option<Geometry>>,
    dimensions: Tally,
    closed: Tally,
    dropped: Tally,
    promoted: Tally,
    patches: Tally,
}

impl Shapes {
    /// Reads a `.shp`, with the places of its records from the `.shx` if that is consistent.
    pub(super) fn read(shp: &[u8], shx: Option<&[u8]>) -> Result<Self, Fault> {
        if shp.is_empty() {
            return Err(Fault::new("an empty file", "a Shapefile", "fetch it again"));
        }
        let header = shp
            .get(..100)
            .ok_or_else(|| Fault::truncated("the 100 bytes of a header").at_byte(shp.len() as u64))?;
        if big_endian(header, 0) != Some(9994) {
            let hint = "this is another format, or the file is corrupt";
            return Err(Fault::new("another signature", "9994, that of Shapefiles", hint).at_byte(0));
        }
        let mut shapes = Self::default();
        if let Some(places) = shx.and_then(|shx| places(shx, shp.len())) {
            for place in places {
                shapes.record(shp, place)?;
            }
            return Ok(shapes);
        }
        let declared = big_endian(header, 24).map_or(0, |words| words as usize * 2);
        let mut place = 100;
        while place + 8 <= shp.len().min(declared) {
            place = shapes.record(shp, place)?;
        }
        if place < declared {
            let needed = format!("{declared} bytes, as the header says");
            return Err(Fault::truncated(needed)
                .at_feature(shapes.geometries.len())
                .at_byte(shp.len() as u64));
        }
        Ok(shapes)
    }

    /// Reads the record at a byte; where it ends.
    fn record(&mut self, shp: &[u8], place: usize) -> Result<usize, Fault> {
        let row = self.geometries.len();
        let length = big_endian(shp, place + 4).map(|words| words as usize * 2);
        let content = length.and_then(|length| shp.get(place + 8..place + 8 + length));
        let (Some(length), Some(content)) = (length, content) else {
            let needed = format!("a record of {} bytes", length.unwrap_or(0));
            return Err(Fault::truncated(needed).at_feature(row).at_byte(place as u64));
        };
        let geometry = self.shape(content).map_err(|fault| fault.at_feature(row).at_byte(place as u64))?;
        self.geometries.push(geometry);
        Ok(place + 8 + length)
    }

    fn shape(&mut self, content: &[u8]) -> Result<Option<Geometry>, Fault> {
        let row = self.geometries.len();
        let short = || Fault::new("a record too short for its shape", "all its positions", "export it again");
        let kind = little_endian(content, 0).ok_or_else(short)?;
        if kind > 10 && kind != 31 {
            self.dimensions.add(row);
        }
        match kind {
            0 => Ok(None),
            1 | 11 | 21 => {
                let position = coord(content, 4).ok_or_else(short)?;
                Ok(Some(Geometry::Point(Point(position))))
            }
            8 | 18 | 28 => {
                let count = little_endian(content, 36).ok_or_else(short)? as usize;
                let points = positions(content, 40, count).ok_or_else(short)?;
                Ok(Some(Geometry::MultiPoint(MultiPoint(points.into_iter().map(Point).collect()))))
            }
            3 | 13 | 23 | 5 | 15 | 25 => {
                let parts = self.parts(content)?;
                Ok(if matches!(kind, 3 | 13 | 23) { self.lines(parts) } else { self.polygons(parts) })
            }
            31 => {
                self.patches.add(row);
                Ok(None)
            }
            other => {
                let found = format!("a shape of type {other}");
                Err(Fault::new(found, "point, line, polygon or multipoint", "convert the file"))
            }
        }
    }

    /// The parts of a line or polygon record.
    fn parts(&mut self, content: &[u8]) -> Result<Vec<Vec<Coord>>, Fault> {
        let short = || Fault::new("a record too short for its parts", "all its positions", "export it again");
        let part_count = little_endian(content, 36).ok_or_else(short)? as usize;
        let count = little_endian(content, 40).ok_or_else(short)? as usize;
        let start = part_count.checked_mul(4).and_then(|bytes| bytes.checked_add(44)).ok_or_else(short)?;
        let all = positions(content, start, count).ok_or_else(short)?;
        let mut parts = Vec::new();
        for part in 0..part_count {
            let first = little_endian(content, 44 + 4 * part).ok_or_else(short)? as usize;
            let last = match part + 1 < part_count {
                true => little_endian(content, 48 + 4 * part).ok_or_else(short)? as usize,
                false => count,
            };
            let part = all.get(first..last).ok_or_else(|| {
                let found = format!("a part from position {first} to {last} of {count}");
                Fault::new(found, "parts in order", "export the file again")
            })?;
            parts.push(part.to_vec());
        }
        Ok(parts)
    }

    fn lines(&mut self, mut parts: Vec<Vec<Coord>>) -> Option<Geometry> {
        let before = parts.len();
        parts.retain(|part| part.len() > 1);
        if parts.len() < before {
            self.dropped.add(self.geometries.len());
        }
        match parts.len() {
            0 => None,
            1 => parts.pop().map(|part| Geometry::LineString(LineString(part))),
            _ => {
                Some(Geometry::MultiLineString(MultiLineString(parts.into_iter().map(LineString).collect())))
            }
        }
    }

    fn polygons(&mut self, parts: Vec<Vec<Coord>>) -> Option<Geometry> {
        let row = self.geometries.len();
        let nested = nest(parts);
        if nested.closed {
            self.closed.add(row);
        }
        if nested.dropped {
            self.dropped.add(row);
        }
        if nested.promoted {
            self.promoted.add(row);
        }
        nested.geometry
    }

    /// The CRS of a definition; without one, what the coordinates allow.
    fn crs(&self, definition: &str, notes: &mut Vec<ReadNote>) -> Crs {
        if !definition.is_empty() {
            return crs_from_wkt(definition);
        }
        if can_be_degrees(&self.geometries) {
            let reason = "there is no .prj, and all coordinates can be degrees";
            notes.push(ReadNote::CrsAssumed { crs: Crs::WGS84, reason });
            return Crs::WGS84;
        }
        notes.push(ReadNote::CrsUnknown { found: "nothing, there is no .prj".into() });
        unknown_crs()
    }

    /// Leaves out the shapes whose records are deleted.
    fn skip(&mut self, deleted: &[bool], notes: &mut Vec<ReadNote>) {
        let features = deleted.iter().filter(|deleted| **deleted).count();
        if features > 0 {
            let mut rows = deleted.iter();
            self.geometries.retain(|_| !rows.next().copied().unwrap_or(false));
            notes.push(ReadNote::DeletedSkipped { features });
        }
    }

    fn tell(&self, notes: &mut Vec<ReadNote>) {
        self.dimensions.note(notes, |features, first| ReadNote::DimensionsDropped { features, first });
        self.closed.note(notes, |features, first| ReadNote::RingsClosed { features, first });
        self.dropped.note(notes, |features, first| ReadNote::PartsDropped { features, first });
        self.promoted.note(notes, |features, first| ReadNote::HolesPromoted { features, first });
        self.patches.note(notes, |features, first| ReadNote::GeometryDropped {
            kind: "multipatch".into(),
            features,
            first,
        });
    }
}

/// Where the records start, by the index; `None` if it does not fit the file.
fn places(shx: &[u8], length: usize) -> Option<Vec<usize>> {
    if big_endian(shx, 0)? != 9994 || shx.len() < 100 || !(shx.len() - 100).is_multiple_of(8) {
        return None;
    }
    shx[100..]
        .chunks_exact(8)
        .map(|entry| {
            let place = big_endian(entry, 0)? as usize * 2;
            let content = big_endian(entry, 4)? as usize * 2;
            (place >= 100 && place + 8 + content <= length).then_some(place)
        })
        .collect()
}

fn four(bytes: &[u8], place: usize) -> Option<[u8; 4]> {
    bytes.get(place..place.checked_add(4)?)?.try_into().ok()
}

/// Counts and lengths are signed in the format; negative ones are none.
fn big_endian(bytes: &[u8], place: usize) -> Option<u32> {
    u32::try_from(i32::from_be_bytes(four(bytes, place)?)).ok()
}

fn little_endian(bytes: &[u8], place: usize) -> Option<u32> {
    u32::try_from(i32::from_le_bytes(four(bytes, place)?)).ok()
}

fn coord(bytes: &[u8], place: usize) -> Option<Coord> {
    let number = |place: usize| -> Option<f64> {
        Some(f64::from_le_bytes(bytes.get(place..place.checked_add(8)?)?.try_into().ok()?))
    };
    Some(Coord { x: number(place)?, y: number(place + 8)? })
}

fn positions(bytes: &[u8], place: usize, count: usize) -> Option<Vec<Coord>> {
    let end = count.checked_mul(16)?.checked_add(place)?;
    let bytes = bytes.get(place..end)?;
    bytes.chunks_exact(16).map(|position| coord(position, 0)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn file(kind: i32, contents: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = vec![0; 100];
        bytes[..4].copy_from_slice(&9994_i32.to_be_bytes());
        bytes[32..36].copy_from_slice(&kind.to_le_bytes());
        for (number, content) in contents.iter().enumerate() {
            bytes.extend((number as i32 + 1).to_be_bytes());
            bytes.extend((content.len() as i32 / 2).to_be_bytes());
            bytes.extend(content);
        }
        let words = bytes.len() as i32 / 2;
        bytes[24..28].copy_from_slice(&words.to_be_bytes());
        bytes
    }

    fn numbers(values: &[f64]) -> Vec<u8> {
        values.iter().flat_map(|value| value.to_le_bytes()).collect()
    }

    fn point(kind: i32, values: &[f64]) -> Vec<u8> {
        [kind.to_le_bytes().to_vec(), numbers(values)].concat()
    }

    fn parts(kind: i32, starts: &[i32], coordinates: &[f64]) -> Vec<u8> {
        let mut content = point(kind, &[0.0; 4]);
        content.extend((starts.len() as i32).to_le_bytes());
        content.extend((coordinates.len() as i32 / 2).to_le_bytes());
        content.extend(starts.iter().flat_map(|start| start.to_le_bytes()));
        content.extend(numbers(coordinates));
        content
    }

    fn sample() -> Vec<u8> {
        let two_lines = parts(3, &[0, 2], &[0.0, 0.0, 1.0, 1.0, 5.0, 5.0, 6.0, 6.0]);
        let triangle = parts(15, &[0], &[0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0]);
        file(3, &[two_lines, vec![0; 4], triangle, point(31, &[0.0; 4]), point(11, &[1.0, 2.0, 3.0, 4.0])])
    }

    #[test]
    fn shapes_of_each_kind() {
        let shapes = Shapes::read(&sample(), None).unwrap();
        assert!(
            matches!(&shapes.geometries[0], Some(Geometry::MultiLineString(lines)) if lines.0.len() == 2)
        );
        assert_eq!(shapes.geometries[1], None);
        assert!(matches!(&shapes.geometries[2], Some(Geometry::Polygon(_))));
        assert_eq!(shapes.geometries[3], None);
        assert_eq!(shapes.geometries[4], Some(Geometry::from(Point::new(1.0, 2.0))));
        let mut notes = Vec::new();
        shapes.tell(&mut notes);
        let expected = [
            ReadNote::DimensionsDropped { features: 2, first: 2 },
            ReadNote::GeometryDropped { kind: "multipatch".into(), features: 1, first: 3 },
        ];
        assert_eq!(notes, expected);
    }

    #[test]
    fn index_passes_over_gaps() {
        let point_content = point(1, &[1.0, 2.0]);
        let mut bytes = file(1, std::slice::from_ref(&point_content));
        let place = bytes.len() + 6;
        bytes.extend([7; 6]); // what an editor left behind
        bytes.extend([2_i32.to_be_bytes(), 10_i32.to_be_bytes()].concat());
        bytes.extend(&point_content);
        let mut index = vec![0; 100];
        index[..4].copy_from_slice(&9994_i32.to_be_bytes());
        for place in [100, place] {
            index.extend([(place as i32 / 2).to_be_bytes(), 10_i32.to_be_bytes()].concat());
        }
        assert_eq!(Shapes::read(&bytes, Some(&index)).unwrap().geometries.len(), 2);
        assert!(
            Shapes::read(&bytes, Some(&index[..107])).unwrap().geometries.len() == 1,
            "a broken index is left"
        );
    }

    #[test]
    fn truncation_names_the_record() {
        let bytes = sample();
        for cut in 1..bytes.len() {
            let fault = Shapes::read(&bytes[..cut], None).unwrap_err();
            assert!(fault.details().hint.contains("truncated"), "cut at {cut}: {:?}", fault.details());
        }
        let fault = Shapes::read(&bytes[..130], None).unwrap_err();
        assert_eq!((fault.details().place.feature, fault.details().place.byte), (Some(0), Some(100)));
    }

    #[test]
    fn counts_beyond_the_record_are_refused() {
        let mut content = parts(5, &[0], &[0.0, 0.0]);
        content[40..44].copy_from_slice(&i32::MAX.to_le_bytes());
        let fault = Shapes::read(&file(5, &[content]), None).unwrap_err();
        assert_eq!(fault.details().found, "a record too short for its parts");
        let unordered = parts(5, &[3, 1], &[0.0; 8]);
        assert!(Shapes::read(&file(5, &[unordered]), None).is_err());
    }

    proptest! {
        #[test]
        fn never_panics(places in proptest::collection::vec((0_usize..500, any::<u8>()), 1..5), cut in 0_usize..500) {
            let mut bytes = sample();
            for (place, byte) in places {
                let place = place % bytes.len();
                bytes[place] = byte;
            }
            let _ = Shapes::read(&bytes, None);
            let _ = Shapes::read(&bytes, Some(&bytes));
            bytes.truncate(cut);
            let _ = Shapes::read(&bytes, None);
        }
    }
}
