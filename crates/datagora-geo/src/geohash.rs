//! Geohash: rectangles of longitude and latitude with names that begin alike where they are near.
use std::fmt;
use std::str::FromStr;

use datagora_core::Crs;

use crate::by_text::by_text;
use crate::types::{Geometry, Rect, coord};
use crate::{GeometryColumn, GeometryKind};

/// A rectangle of longitude and latitude, halved five times per letter.
///
/// Six letters are 1.2 km × 0.6 km at the equator, seven 150 m × 150 m. Unlike cells of H3 they are narrower towards
/// the poles.
///
/// # Example
///
/// ```
/// use datagora_geo::Geohash;
///
/// let fourviere = Geohash::at(4.8226, 45.7623, 7)?;
/// assert_eq!(fourviere.to_string(), "u05kmdz");
/// assert_eq!(fourviere.parent(5).map(|cell| cell.to_string()).as_deref(), Some("u05km"));
/// # Ok::<(), datagora_geo::GeohashError>(())
/// ```
///
/// # References
///
/// Niemeyer, G. (2008). Geohash. <https://en.wikipedia.org/wiki/Geohash>; Morton, G. M. (1966). A computer oriented
/// geodetic data base. IBM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
pub struct Geohash {
    /// Bits from the left, so that order is that of the names.
    bits: u64,
    length: u8,
}

/// What is no geohash, or has none.
#[derive(Clone, Debug, thiserror::Error, PartialEq)]
#[non_exhaustive]
pub enum GeohashError {
    /// A name that is none.
    #[error("“{found}” is no geohash; expected 1 to 12 of the letters 0–9 and b–z without i, l, o")]
    Name {
        /// The text.
        found: String,
    },
    /// A number of letters that is not 1 to 12.
    #[error("geohashes of {found} letters are not supported; from 1 to 12 are")]
    Length {
        /// The number.
        found: u8,
    },
    /// Coordinates that are not longitude and latitude.
    #[error("geohashes need longitude and latitude, the column is in {found}; reproject it to {wgs84}", wgs84 = Crs::WGS84)]
    NotGeographic {
        /// CRS of the column.
        found: Crs,
    },
    /// A row of another kind.
    #[error("row {row} is a {found:?}; points are needed")]
    Kind {
        /// Row, from 0.
        row: usize,
        /// Its kind.
        found: GeometryKind,
    },
    /// A coordinate that is not on the Earth.
    #[error(
        "row {row} has the coordinate ({x}, {y}), which is no longitude and latitude; check its CRS and order"
    )]
    OutsideDomain {
        /// Row, from 0.
        row: usize,
        /// Longitude, as found.
        x: f64,
        /// Latitude, as found.
        y: f64,
    },
    /// More rectangles than anybody wants.
    #[error("the rectangle holds {found} geohashes, more than {most}; take fewer letters")]
    TooMany {
        /// How many there are.
        found: u64,
        /// How many are given out.
        most: u64,
    },
}

const LETTERS: &[u8; 32] = b"0123456789bcdefghjkmnpqrstuvwxyz";
const LONGEST: u8 = 12;
/// Largest result of [`geohash_cover`].
const MOST: u64 = 1 << 22;

impl Geohash {
    /// The geohash of so many letters at a point.
    ///
    /// # Errors
    ///
    /// [`GeohashError::Length`], and [`GeohashError::OutsideDomain`] (of row 0) for what is not on the Earth.
    pub fn at(longitude: f64, latitude: f64, length: u8) -> Result<Self, GeohashError> {
        let length = checked_length(length)?;
        let (x, y) = (longitude, latitude);
        Self::of_point(x, y, length).ok_or(GeohashError::OutsideDomain { row: 0, x, y })
    }

    fn of_point(longitude: f64, latitude: f64, length: u8) -> Option<Self> {
        let on_earth = longitude.abs() <= 180.0 && latitude.abs() <= 90.0;
        let (columns, rows) = halvings(length);
        on_earth
            .then(|| Self::of_place(place(longitude, 180.0, columns), place(latitude, 90.0, rows), length))
    }

    /// From the column and row among the rectangles of its length, from the south-west.
    fn of_place(column: u64, row: u64, length: u8) -> Self {
        let (mut column, mut row) = halvings_to_left(column, row, length);
        let mut bits = 0;
        for bit in 0..5 * u32::from(length) {
            let next = if bit % 2 == 0 { &mut column } else { &mut row };
            bits |= (*next >> 63) << (63 - bit);
            *next <<= 1;
        }
        Geohash { bits, length }
    }

    /// Column and row among the rectangles of its length, from the south-west.
    fn place(self) -> (u64, u64) {
        let (mut column, mut row) = (0, 0);
        for bit in 0..5 * u32::from(self.length) {
            let next = if bit % 2 == 0 { &mut column } else { &mut row };
            *next = (*next << 1) | (self.bits >> (63 - bit)) & 1;
        }
        (column, row)
    }

    /// Number of letters, 1 to 12.
    pub fn length(self) -> u8 {
        self.length
    }

    /// The rectangle, longitude and latitude; its south and west sides belong to it.
    pub fn bounds(self) -> Rect {
        let (column, row) = self.place();
        let (columns, rows) = halvings(self.length);
        let side = |index: u64, limit: f64, halvings: u32| {
            index as f64 * (2.0 * limit / 2f64.powi(halvings as i32)) - limit
        };
        Rect::new(
            coord! { x: side(column, 180.0, columns), y: side(row, 90.0, rows) },
            coord! { x: side(column + 1, 180.0, columns), y: side(row + 1, 90.0, rows) },
        )
    }

    /// The rectangle of fewer letters it lies in (itself for as many); `None` for more, and for none.
    pub fn parent(self, length: u8) -> Option<Self> {
        let fits = (1..=self.length).contains(&length);
        fits.then(|| Geohash { bits: self.bits & (u64::MAX << (64 - 5 * u32::from(length))), length })
    }

    /// The eight around it, from the north clockwise; `None` beyond a pole. East goes on at the date line.
    ///
    /// ```
    /// use datagora_geo::Geohash;
    ///
    /// let cell: Geohash = "u05kmdz".parse()?;
    /// let names = cell.neighbours().map(|cell| cell.map(|cell| cell.to_string()).unwrap_or_default());
    /// assert_eq!(names[0], "u05kmep");
    /// # Ok::<(), datagora_geo::GeohashError>(())
    /// ```
    pub fn neighbours(self) -> [Option<Self>; 8] {
        let (column, row) = self.place();
        let (columns, rows) = halvings(self.length);
        [(0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1)].map(|(east, north)| {
            let row = row.checked_add_signed(north).filter(|row| row >> rows == 0)?;
            let column = column.wrapping_add_signed(east) & ((1 << columns) - 1);
            Some(Self::of_place(column, row, self.length))
        })
    }
}

fn checked_length(length: u8) -> Result<u8, GeohashError> {
    if (1..=LONGEST).contains(&length) { Ok(length) } else { Err(GeohashError::Length { found: length }) }
}

/// How often longitude and latitude are halved.
fn halvings(length: u8) -> (u32, u32) {
    let bits = 5 * u32::from(length);
    (bits.div_ceil(2), bits / 2)
}

/// Both with their first bit at the left.
fn halvings_to_left(column: u64, row: u64, length: u8) -> (u64, u64) {
    let (columns, rows) = halvings(length);
    (column << (64 - columns), row << (64 - rows))
}

/// Which of 2ⁿ parts of −limit…limit a value is in. Halving, not division: borders are exact numbers, and the last part
/// holds its end.
fn place(value: f64, limit: f64, halvings: u32) -> u64 {
    let (mut low, mut high) = (-limit, limit);
    let mut index = 0;
    for _ in 0..halvings {
        let middle = 0.5 * (low + high);
        let upper = value >= middle;
        index = (index << 1) | u64::from(upper);
        if upper { low = middle } else { high = middle }
    }
    index
}

impl fmt::Display for Geohash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letter = |k: u32| char::from(LETTERS[(self.bits >> (59 - 5 * k) & 31) as usize]);
        (0..u32::from(self.length)).try_for_each(|k| write!(f, "{}", letter(k)))
    }
}

impl FromStr for Geohash {
    type Err = GeohashError;

    fn from_str(text: &str) -> Result<Self, GeohashError> {
        let unknown = || GeohashError::Name { found: text.to_owned() };
        if !(1..=usize::from(LONGEST)).contains(&text.len()) {
            return Err(unknown());
        }
        let mut bits = 0;
        for (k, letter) in text.bytes().enumerate() {
            let value =
                LETTERS.iter().position(|known| *known == letter.to_ascii_lowercase()).ok_or_else(unknown)?;
            bits |= (value as u64) << (59 - 5 * k);
        }
        Ok(Geohash { bits, length: text.len() as u8 })
    }
}

by_text!(Geohash, GeohashError);

/// The geohash of each point.
///
/// # Shapes and units
///
/// `n` points, longitude and latitude in degrees → `n` geohashes of `length` letters; `None` for a missing row.
///
/// # Errors
///
/// [`GeohashError::NotGeographic`], [`GeohashError::Length`], [`GeohashError::Kind`] for rows that are not points,
/// [`GeohashError::OutsideDomain`] for the first that is not on the Earth.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::{GeometryColumn, geohashes};
///
/// let points = GeometryColumn::points(vec![4.8226, f64::NAN], vec![45.7623, f64::NAN], Crs::WGS84);
/// let cells = geohashes(&points, 6)?;
/// assert_eq!(cells[0].map(|cell| cell.to_string()).as_deref(), Some("u05kmd"));
/// assert_eq!(cells[1], None);
/// # Ok::<(), datagora_geo::GeohashError>(())
/// ```
pub fn geohashes(points: &GeometryColumn, length: u8) -> Result<Vec<Option<Geohash>>, GeohashError> {
    let length = checked_length(length)?;
    if !points.crs().is_geographic() {
        return Err(GeohashError::NotGeographic { found: points.crs().clone() });
    }
    let (x, y) = points.only_points().map_err(|(row, found)| GeohashError::Kind { row, found })?;
    let cell = |(row, (&x, &y)): (usize, (&f64, &f64))| {
        if x.is_nan() || y.is_nan() {
            return Ok(None);
        }
        let cell = Geohash::of_point(x, y, length);
        cell.map(Some).ok_or(GeohashError::OutsideDomain { row, x, y })
    };
    x.iter().zip(y).enumerate().map(cell).collect()
}

/// The geohashes that share a point with a rectangle of longitude and latitude, from the south-west, row by row.
///
/// # Errors
///
/// [`GeohashError::Length`], [`GeohashError::OutsideDomain`] (of row 0) for a corner that is not on the Earth,
/// [`GeohashError::TooMany`] above four million.
///
/// # Example
///
/// ```
/// use datagora_geo::geohash_cover;
/// use datagora_geo::types::{Rect, coord};
///
/// let lyon = Rect::new(coord! { x: 4.77, y: 45.71 }, coord! { x: 4.90, y: 45.81 });
/// assert_eq!(geohash_cover(&lyon, 5)?.len(), 12);
/// # Ok::<(), datagora_geo::GeohashError>(())
/// ```
pub fn geohash_cover(area: &Rect, length: u8) -> Result<Vec<Geohash>, GeohashError> {
    let (first, last) = (area.min(), area.max());
    let (west, south) = Geohash::at(first.x, first.y, length)?.place();
    let (east, north) = Geohash::at(last.x, last.y, length)?.place();
    let found = (east - west + 1).saturating_mul(north - south + 1);
    if found > MOST {
        return Err(GeohashError::TooMany { found, most: MOST });
    }
    let row = |row| (west..=east).map(move |column| Geohash::of_place(column, row, length));
    Ok((south..=north).flat_map(row).collect())
}

/// The rectangle of each geohash, longitude and latitude; missing where the geohash is.
pub fn geohash_polygons(cells: &[Option<Geohash>]) -> GeometryColumn {
    let rectangles = cells.iter().map(|cell| cell.map(|cell| Geometry::Rect(cell.bounds())));
    GeometryColumn::from_options(rectangles, Crs::WGS84)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Made by `tests/golden/cells.py` with pygeohash 3.5.1.
    const GOLDEN: &str = include_str!("../tests/golden/geohashes.csv");

    #[test]
    fn agrees_with_pygeohash() {
        let mut count = 0;
        for line in GOLDEN.lines().skip(2) {
            let fields: Vec<&str> = line.split(',').collect();
            let number = |k: usize| fields[k].parse::<f64>().unwrap();
            let points = GeometryColumn::points(vec![number(0)], vec![number(1)], Crs::WGS84);
            let cell = geohashes(&points, fields[2].parse().unwrap()).unwrap()[0].unwrap();
            assert_eq!(cell.to_string(), fields[3]);
            let centre = cell.bounds().center();
            assert!((centre.x - number(4)).abs() < 1e-12 && (centre.y - number(5)).abs() < 1e-12);
            for (side, name) in [0, 2, 4, 6].into_iter().zip(&fields[6..]) {
                if !name.is_empty() {
                    assert_eq!(cell.neighbours()[side].unwrap().to_string(), *name);
                }
            }
            count += 1;
        }
        assert_eq!(count, 100);
    }

    #[test]
    fn ends_of_the_map() {
        let corner = Geohash::at(180.0, 90.0, 3).unwrap();
        assert_eq!((corner.to_string().as_str(), corner.bounds().max()), ("zzz", coord! { x: 180., y: 90. }));
        let around = corner.neighbours();
        assert_eq!((around[0], around[1], around[7]), (None, None, None));
        assert_eq!(around[2].unwrap().bounds().min().x, -180.0);
        assert_eq!(Geohash::at(-180.0, -90.0, 12).unwrap().to_string(), "000000000000");
        assert_eq!(Geohash::at(180.1, 0.0, 3), Err(GeohashError::OutsideDomain { row: 0, x: 180.1, y: 0.0 }));
        assert_eq!(Geohash::at(0.0, 0.0, 13), Err(GeohashError::Length { found: 13 }));
        let world = Rect::new(coord! { x: -180., y: -90. }, coord! { x: 180., y: 90. });
        assert_eq!(geohash_cover(&world, 2).unwrap().len(), 1024);
        assert!(matches!(geohash_cover(&world, 12), Err(GeohashError::TooMany { .. })));
    }

    #[test]
    fn what_has_none_is_named() {
        for wrong in ["", "a", "u05i", "u05knvm000000", "é"] {
            assert_eq!(wrong.parse::<Geohash>(), Err(GeohashError::Name { found: wrong.to_owned() }));
        }
        assert_eq!("U05KN".parse::<Geohash>().unwrap().to_string(), "u05kn");
        let at = |x, crs: Crs| geohashes(&GeometryColumn::points(vec![f64::NAN, x], vec![0.0, 0.0], crs), 5);
        assert_eq!(at(1.0, Crs::CC46), Err(GeohashError::NotGeographic { found: Crs::CC46 }));
        let infinite = f64::INFINITY;
        assert_eq!(
            at(infinite, Crs::WGS84),
            Err(GeohashError::OutsideDomain { row: 1, x: infinite, y: 0.0 })
        );
        let square = Rect::new(coord! { x: 0., y: 0. }, coord! { x: 1., y: 1. });
        let squares = GeometryColumn::new([square.into()], Crs::WGS84);
        assert_eq!(geohashes(&squares, 5), Err(GeohashError::Kind { row: 0, found: GeometryKind::Polygon }));
    }

    proptest! {
        #[test]
        fn names_return_and_rectangles_hold(x in -180.0..180.0f64, y in -90.0..90.0f64, length in 1u8..=12) {
            let cell = Geohash::at(x, y, length).unwrap();
            prop_assert_eq!(cell.to_string().parse(), Ok(cell));
            let bounds = cell.bounds();
            prop_assert!((bounds.min().x..bounds.max().x).contains(&x) && (bounds.min().y..bounds.max().y).contains(&y));
            let parent = cell.parent(1).unwrap();
            prop_assert!(cell.to_string().starts_with(&parent.to_string()));
            // Stepping there and back returns.
            for (side, other) in [(2, 6), (6, 2), (0, 4), (4, 0)] {
                if let Some(neighbour) = cell.neighbours()[side] {
                    prop_assert_eq!(neighbour.neighbours()[other], Some(cell));
                }
            }
        }
    }
}
