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

/// The least and greatest numbers so far, of two positions side by side: x, y, x, y.
struct Extent {
    least: [f64; 4],
    greatest: [f64; 4],
    finite: bool,
}

impl Default for Extent {
    fn default() -> Self {
        Self { least: [f64::INFINITY; 4], greatest: [f64::NEG_INFINITY; 4], finite: true }
    }
}

impl Extent {
    fn add(&mut self, positions: [f64; 4]) {
        for (lane, value) in positions.into_iter().enumerate() {
            self.least[lane] = if value < self.least[lane] { value } else { self.least[lane] };
            self.greatest[lane] = if value > self.greatest[lane] { value } else { self.greatest[lane] };
            self.finite &= value.is_finite();
        }
    }

    fn add_positions(&mut self, bytes: &[u8]) {
        let number = |bytes: &[u8; 32], place: usize| {
            let mut eight = [0; 8];
            eight.copy_from_slice(&bytes[8 * place..8 * place + 8]);
            f64::from_le_bytes(eight)
        };
        let (pairs, rest) = bytes.as_chunks::<32>();
        pairs.iter().for_each(|pair| self.add(std::array::from_fn(|place| number(pair, place))));
        if let Some(last) = rest.first_chunk::<16>() {
            let mut twice = [0; 32];
            twice[..16].copy_from_slice(last);
            twice[16..].copy_from_slice(last);
            self.add(std::array::from_fn(|place| number(&twice, place)));
        }
    }

    fn bounds(&self) -> Option<Bounds> {
        let ([x, y, other_x, other_y], [far_x, far_y, farther_x, farther_y]) = (self.least, self.greatest);
        self.finite.then(|| Bounds {
            min_x: x.min(other_x),
            min_y: y.min(other_y),
            max_x: far_x.max(farther_x),
            max_y: far_y.max(farther_y),
        })
    }
}

impl Cursor<'_> {
    fn extend(&mut self, head: Head, extent: &mut Extent) -> Option<()> {
        if !head.little || head.dimensions != Dimensions::Xy {
            return None;
        }
        match head.kind {
            POINT => {
                extent.add_positions(self.bytes.get(self.place..self.place + 16)?);
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
        extent.add_positions(bytes);
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
