//! The rectangle of well-known binary, without building the geometry.
use super::{Cursor, Head, LINE, MULTI_LINE, MULTI_POLYGON, POINT, POLYGON, POLYHEDRAL, TIN, TRIANGLE};
use crate::decoded::{Decoded, Dimensions};
use crate::geometry::Bounds;

/// The rectangle around a planar geometry in little-endian order; `None` where it takes the decoder to tell: for curves,
/// collections, other dimensions and orders, coordinates that are not finite, and what is damaged.
pub(crate) fn outline(bytes: &[u8]) -> Option<Bounds> {
    let mut cursor = Cursor { bytes, place: 0, decoded: Decoded::default() };
    let mut extent = Extent::default();
    let head = cursor.head().ok()?;
    cursor.extend(head, &mut extent)?;
    extent.bounds()
}

/// Numbers of four positions side by side: x, y, x, y and so on.
const LANES: usize = 8;

/// The least and greatest numbers so far.
struct Extent {
    least: [f64; LANES],
    greatest: [f64; LANES],
    /// 0, or NaN if a number was not finite.
    doubt: [f64; LANES],
}

impl Default for Extent {
    fn default() -> Self {
        Self { least: [f64::INFINITY; LANES], greatest: [f64::NEG_INFINITY; LANES], doubt: [0.0; LANES] }
    }
}

impl Extent {
    #[inline(always)]
    fn add(&mut self, lane: usize, bytes: [u8; 8]) {
        let value = f64::from_le_bytes(bytes);
        self.least[lane] = if value < self.least[lane] { value } else { self.least[lane] };
        self.greatest[lane] = if value > self.greatest[lane] { value } else { self.greatest[lane] };
        self.doubt[lane] += 0.0 * value;
    }

    fn bounds(&self) -> Option<Bounds> {
        let around = |axis: usize| {
            let lanes = (axis..LANES).step_by(2);
            let least = lanes.clone().fold(f64::INFINITY, |least, lane| least.min(self.least[lane]));
            (least, lanes.fold(f64::NEG_INFINITY, |greatest, lane| greatest.max(self.greatest[lane])))
        };
        let ((min_x, max_x), (min_y, max_y)) = (around(0), around(1));
        self.doubt.iter().all(|doubt| *doubt == 0.0).then_some(Bounds { min_x, min_y, max_x, max_y })
    }
}

/// Adds planar positions in little-endian order.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw", "x86_64+avx2"))]
fn add_positions(extent: &mut Extent, bytes: &[u8]) {
    let (numbers, _) = bytes.as_chunks::<8>();
    let (whole, rest) = numbers.as_chunks::<LANES>();
    for numbers in whole {
        for (lane, number) in numbers.iter().enumerate() {
            extent.add(lane, *number);
        }
    }
    for (lane, number) in rest.iter().enumerate() {
        extent.add(lane, *number);
    }
}

impl Cursor<'_> {
    fn extend(&mut self, head: Head, extent: &mut Extent) -> Option<()> {
        if !head.little || head.dimensions != Dimensions::Xy {
            return None;
        }
        match head.kind {
            POINT => {
                add_positions(extent, self.bytes.get(self.place..self.place + 16)?);
                self.place += 16;
            }
            LINE => self.extend_by_run(extent)?,
            POLYGON | TRIANGLE => {
                for _ in 0..self.count(true, 4).ok()? {
                    self.extend_by_run(extent)?;
                }
            }
            MULTI_LINE | MULTI_POLYGON | POLYHEDRAL | TIN => {
                let (line, polygon) = (&[LINE][..], &[POLYGON, TRIANGLE][..]);
                let members = if head.kind == MULTI_LINE { line } else { polygon };
                for _ in 0..self.count(true, 9).ok()? {
                    let member = self.head().ok().filter(|member| members.contains(&member.kind))?;
                    self.extend(member, extent)?;
                }
            }
            _ => return None,
        }
        Some(())
    }

    fn extend_by_run(&mut self, extent: &mut Extent) -> Option<()> {
        let count = self.count(true, 16).ok()?;
        let bytes = &self.bytes[self.place..self.place + 16 * count];
        self.place += bytes.len();
        add_positions(extent, bytes);
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use datagora_core::Crs;
    use proptest::prelude::*;

    use super::*;
    use crate::wkb::tests::any_geometry;
    use crate::{GeometryColumn, read_wkb, write_wkb};

    proptest! {
        #[test]
        fn as_of_the_geometry(geometry in any_geometry(), place in any::<prop::sample::Index>(), byte: u8, damage: bool) {
            let mut bytes = write_wkb(&geometry);
            if damage {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
            // Where there is a rectangle the decoder agrees to it.
            if let Some(outline) = outline(&bytes) {
                let column = GeometryColumn::from_options([read_wkb(&bytes).unwrap().geometry], Crs::CC46);
                prop_assert_eq!(outline, column.bounds_of(0));
            }
        }
    }

    #[test]
    fn what_is_plain_has_one() {
        use crate::types::{Geometry, LineString, MultiPolygon, Point, Polygon};
        let line: LineString = vec![(3.0, 1.0), (1.0, 5.0), (2.0, 2.0)].into();
        let polygon = Polygon::new(line.clone(), Vec::new());
        let expected = Bounds { min_x: 1.0, min_y: 1.0, max_x: 3.0, max_y: 5.0 };
        let plain: [Geometry; 3] = [line.into(), polygon.clone().into(), MultiPolygon(vec![polygon]).into()];
        for geometry in plain {
            assert_eq!(outline(&write_wkb(&geometry)), Some(expected), "{geometry:?}");
        }
        let point = Bounds { min_x: 1.0, min_y: 2.0, max_x: 1.0, max_y: 2.0 };
        assert_eq!(outline(&write_wkb(&Point::new(1.0, 2.0).into())), Some(point));
        assert_eq!(outline(&write_wkb(&Point::new(f64::NAN, f64::NAN).into())), None);
    }
}
