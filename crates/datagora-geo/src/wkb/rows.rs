//! A column of well-known binary, straight into the buffers of a geometry column.
use super::{
    Cursor, Head, LINE, MULTI_LINE, MULTI_POINT, MULTI_POLYGON, POINT, POLYGON, POLYHEDRAL, TIN, TRIANGLE,
    WkbError, read_wkb,
};
use datagora_core::Crs;

use crate::GeometryKind;
use crate::decoded::{Decoded, DecodedColumn, Dimensions};
use crate::geometry::{ColumnBuilder, PartKind, ShapesBuilder};
use crate::tally::Tally;

/// Bytes of a planar point.
pub(crate) const POINT_SIZE: usize = 21;
/// Its first bytes: little endian, type 1.
const POINT_HEAD: [u8; 5] = [1, 1, 0, 0, 0];
/// The same behind the number of bytes, as Parquet has it.
#[cfg(feature = "arrow")]
const RECORD_HEAD: [u8; 9] = [POINT_SIZE as u8, 0, 0, 0, 1, 1, 0, 0, 0];

/// Decodes rows one after the other; what a column does not keep is counted.
///
/// Points, lines, polygons and sets of them never become geometry objects; collections and curves do.
#[derive(Debug, Default)]
pub(crate) struct RowDecoder {
    pub(crate) builder: ColumnBuilder,
    pub(crate) dimensions: Tally,
    pub(crate) linearised: Tally,
    /// The first type of geometry that is none of ours, and the rows that are missing for such a type.
    pub(crate) unsupported: Option<(u32, Tally)>,
}

impl RowDecoder {
    /// The next row. An error leaves the rows as they were.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<(), WkbError> {
        if let Some((x, y)) = plain_point(bytes) {
            self.builder.push_point(x, y);
            return Ok(());
        }
        let row = self.builder.len();
        let mut cursor = Cursor { bytes, place: 0, decoded: Decoded::default() };
        let plain = match cursor.head() {
            Ok(head) if head.kind == POINT => {
                let point = cursor.coord(head)?;
                self.builder.push_point(point.x, point.y);
                true
            }
            Ok(head) if PLAIN.contains(&head.kind) => self.builder.row(|shapes| cursor.shape(head, shapes)),
            _ => false,
        };
        if plain {
            self.count(row, &cursor.decoded);
            return Ok(());
        }
        match read_wkb(bytes) {
            Ok(decoded) => {
                self.count(row, &decoded);
                self.builder.push(decoded.geometry.as_ref());
            }
            Err(WkbError::Kind { found, .. }) => {
                self.unsupported.get_or_insert((found, Tally::default())).1.add(row);
                self.builder.push_missing();
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Rows of [`POINT_SIZE`] bytes, or of four more that say so before; false, and no row, if one is not a planar point.
    #[cfg(feature = "arrow")]
    pub(crate) fn push_points<const SIZE: usize>(&mut self, rows: &[[u8; SIZE]]) -> bool {
        let head = SIZE - 16;
        let plain = |row: &[u8; SIZE]| row[..head] == RECORD_HEAD[RECORD_HEAD.len() - head..];
        if !rows.iter().all(plain) {
            return false;
        }
        self.builder.push_points(rows.iter().map(|row| (number(row, head), number(row, head + 8))));
        true
    }

    /// The column, and the counts.
    pub(crate) fn finish(mut self, crs: Crs) -> DecodedColumn {
        DecodedColumn {
            flattened: self.dimensions.features,
            linearised: self.linearised.features,
            not_finite: self.builder.not_finite.features,
            unsupported: self.unsupported.map_or(0, |(_, tally)| tally.features),
            geometry: self.builder.finish(crs),
        }
    }

    fn count(&mut self, row: usize, decoded: &Decoded) {
        if decoded.dimensions != Dimensions::Xy {
            self.dimensions.add(row);
        }
        if decoded.linearised {
            self.linearised.add(row);
        }
    }
}

/// Reads a column of well-known binary, `None` where a row is missing.
///
/// Points, lines, polygons and sets of them go straight to the buffers of the column; otherwise as [`read_wkb`]. Rows of
/// a type that is none of ours, and rows with a coordinate that is not finite, are missing, and counted.
///
/// # Errors
///
/// [`WkbColumnError`] names the first row that is no well-known binary.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::Point;
/// use datagora_geo::{read_wkb_column, write_wkb};
///
/// let tree = write_wkb(&Point::new(4.835, 45.76).into());
/// let read = read_wkb_column([Some(&tree[..]), None], Crs::WGS84)?;
/// assert_eq!((read.geometry.len(), read.geometry.count_missing()), (2, 1));
/// assert!(read_wkb_column([Some(&tree[..20])], Crs::WGS84).unwrap_err().to_string().starts_with("row 0:"));
/// # Ok::<(), datagora_geo::WkbColumnError>(())
/// ```
pub fn read_wkb_column<'a>(
    rows: impl IntoIterator<Item = Option<&'a [u8]>>,
    crs: Crs,
) -> Result<DecodedColumn, WkbColumnError> {
    let mut decoder = RowDecoder::default();
    for row in rows {
        match row {
            None => decoder.builder.push_missing(),
            Some(bytes) => {
                decoder.push(bytes).map_err(|source| WkbColumnError { row: decoder.builder.len(), source })?
            }
        }
    }
    Ok(decoder.finish(crs))
}

/// A row that is no well-known binary.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("row {row}: {source}")]
#[non_exhaustive]
pub struct WkbColumnError {
    /// Row, from 0.
    pub row: usize,
    /// What is wrong with it.
    pub source: WkbError,
}

fn plain_point(bytes: &[u8]) -> Option<(f64, f64)> {
    let row: &[u8; POINT_SIZE] = bytes.first_chunk()?;
    (row[..5] == POINT_HEAD).then(|| (number(row, 5), number(row, 13)))
}

/// The little-endian number at a place.
fn number<const N: usize>(bytes: &[u8; N], place: usize) -> f64 {
    let mut eight = [0; 8];
    eight.copy_from_slice(&bytes[place..place + 8]);
    f64::from_le_bytes(eight)
}

/// Kinds without curves and collections, other than points.
const PLAIN: [u32; 8] = [LINE, POLYGON, TRIANGLE, MULTI_POINT, MULTI_LINE, MULTI_POLYGON, POLYHEDRAL, TIN];

impl Cursor<'_> {
    /// Adds the parts of a plain geometry; `None` where it is damaged or has curves, which the general decoder tells.
    fn shape(&mut self, head: Head, shapes: &mut ShapesBuilder) -> Option<GeometryKind> {
        Some(match head.kind {
            LINE => {
                self.positions(head, false, shapes)?;
                shapes.end_part(PartKind::LineString);
                GeometryKind::LineString
            }
            POLYGON | TRIANGLE => {
                self.polygon(head, shapes)?;
                GeometryKind::Polygon
            }
            MULTI_POINT => {
                let mut points = Vec::new();
                self.parts(head, |cursor, part| {
                    if part.kind != POINT {
                        return Err(part.refuse("a point"));
                    }
                    points.extend(cursor.point(part)?.map(|point| point.0));
                    Ok(())
                })
                .ok()?;
                shapes.ring(points.into_iter());
                shapes.end_part(PartKind::MultiPoint);
                GeometryKind::MultiPoint
            }
            MULTI_LINE => {
                for _ in 0..self.count(head.little, 9).ok()? {
                    let part = self.head().ok().filter(|part| part.kind == LINE)?;
                    self.positions(part, false, shapes)?;
                }
                shapes.end_part(PartKind::MultiLineString);
                GeometryKind::MultiLineString
            }
            MULTI_POLYGON | POLYHEDRAL | TIN => {
                for _ in 0..self.count(head.little, 9).ok()? {
                    let part = self.head().ok().filter(|part| matches!(part.kind, POLYGON | TRIANGLE))?;
                    self.polygon(part, shapes)?;
                }
                GeometryKind::MultiPolygon
            }
            _ => return None,
        })
    }

    /// A polygon without rings has an empty exterior, as in the `geo` crate.
    fn polygon(&mut self, head: Head, shapes: &mut ShapesBuilder) -> Option<()> {
        let rings = self.count(head.little, 4).ok()?;
        for _ in 0..rings {
            self.positions(head, true, shapes)?;
        }
        if rings == 0 {
            shapes.ring(std::iter::empty());
        }
        shapes.end_part(PartKind::Polygon);
        Some(())
    }

    fn positions(&mut self, head: Head, close: bool, shapes: &mut ShapesBuilder) -> Option<()> {
        let size = 8 * head.dimensions.count();
        let count = self.count(head.little, size).ok()?;
        let bytes = &self.bytes[self.place..self.place + count * size];
        self.place += bytes.len();
        match (head.little, head.dimensions.count()) {
            (true, 2) => run::<16, true>(bytes, close, shapes),
            (true, 3) => run::<24, true>(bytes, close, shapes),
            (true, _) => run::<32, true>(bytes, close, shapes),
            (false, 2) => run::<16, false>(bytes, close, shapes),
            (false, 3) => run::<24, false>(bytes, close, shapes),
            (false, _) => run::<32, false>(bytes, close, shapes),
        }
        Some(())
    }
}

/// Positions of `SIZE` bytes each, as a ring.
fn run<const SIZE: usize, const LITTLE: bool>(bytes: &[u8], close: bool, shapes: &mut ShapesBuilder) {
    let positions = bytes.as_chunks::<SIZE>().0;
    let at = |position: &[u8; SIZE], place: usize| {
        let number = number(position, place);
        if LITTLE { number } else { f64::from_bits(number.to_bits().swap_bytes()) }
    };
    let x = positions.iter().map(|position| at(position, 0));
    let y = positions.iter().map(|position| at(position, 8));
    shapes.run(x, y, close);
}

#[cfg(test)]
mod tests {
    use datagora_core::Crs;
    use proptest::prelude::*;

    use super::*;
    use crate::types::Geometry;
    use crate::wkb::tests::any_geometry;
    use crate::{GeometryColumn, write_wkb};

    /// What the general decoder makes of the rows.
    fn slow(rows: &[Vec<u8>]) -> Vec<Option<Geometry>> {
        rows.iter().map(|row| read_wkb(row).unwrap().geometry).collect()
    }

    proptest! {
        #[test]
        fn as_the_general_decoder(rows in prop::collection::vec(any_geometry(), 0..8)) {
            let rows: Vec<Vec<u8>> = rows.iter().map(write_wkb).collect();
            let mut fast = RowDecoder::default();
            for row in &rows {
                fast.push(row).unwrap();
            }
            let column = fast.builder.finish(Crs::CC46);
            prop_assert_eq!(column, GeometryColumn::from_options(slow(&rows), Crs::CC46));
        }

        #[test]
        fn damaged_rows_are_refused_as_by_the_general_decoder(
            geometry in any_geometry(), place in any::<prop::sample::Index>(), byte: u8, cut in any::<prop::sample::Index>()
        ) {
            let mut row = write_wkb(&geometry);
            let place = place.index(row.len());
            row[place] = byte;
            row.truncate(cut.index(row.len() + 1));
            let mut fast = RowDecoder::default();
            match (read_wkb(&row), fast.push(&row)) {
                (Ok(decoded), Ok(())) => {
                    let mut one = ColumnBuilder::default();
                    one.push(decoded.geometry.as_ref());
                    prop_assert_eq!(fast.builder.finish(Crs::CC46), one.finish(Crs::CC46));
                    prop_assert_eq!(fast.dimensions.features == 1, decoded.dimensions != Dimensions::Xy);
                    prop_assert_eq!(fast.linearised.features == 1, decoded.linearised);
                }
                (Err(WkbError::Kind { found, .. }), Ok(())) => {
                    prop_assert_eq!(fast.unsupported.map(|(kind, rows)| (kind, rows.features)), Some((found, 1)));
                    prop_assert_eq!(fast.builder.len(), 1);
                }
                (Err(slow), Err(fast)) => prop_assert_eq!(slow, fast),
                (slow, fast) => prop_assert!(false, "{slow:?} {fast:?}"),
            }
        }
    }

    #[cfg(feature = "arrow")]
    #[test]
    fn rows_of_points_at_once() {
        let points = [(1.0, 2.0), (f64::NAN, f64::NAN), (3.0, 4.0)];
        let bytes: Vec<u8> =
            points.iter().flat_map(|&point| write_wkb(&Geometry::Point(point.into()))).collect();
        let mut rows = RowDecoder::default();
        let records = bytes.as_chunks::<POINT_SIZE>().0;
        assert!(rows.push_points(records));
        let mut other = records.to_vec();
        other[1][0] = 0;
        assert!(!rows.push_points(&other));
        // Behind their lengths.
        let sized = |row: &[u8; POINT_SIZE]| -> [u8; 25] {
            std::array::from_fn(|place| match place {
                0 => 21,
                1..4 => 0,
                _ => row[place - 4],
            })
        };
        let mut sized: Vec<[u8; 25]> = records.iter().map(sized).collect();
        assert!(rows.push_points(&sized));
        sized[2][0] = 20;
        assert!(!rows.push_points(&sized));
        let column = rows.builder.finish(Crs::CC46);
        let (x, y) = ([1.0, f64::NAN, 3.0].repeat(2), [2.0, f64::NAN, 4.0].repeat(2));
        let expected = GeometryColumn::points(x, y, Crs::CC46);
        assert_eq!(column, expected);
    }
}
