//! Tiles of web maps: squares of Web Mercator, halved at each zoom.
use std::f64::consts::PI;
use std::fmt;
use std::str::FromStr;

use crate::by_text::by_text;
use crate::types::{Rect, coord};

/// A tile of the pyramid that web maps share, by zoom, column from the west and row from the north.
///
/// Text is `zoom/x/y`; [`quadkey`](Self::quadkey) is the other usual name. The pyramid ends at latitudes ±85.0511°:
/// points beyond belong to the last row.
///
/// # Example
///
/// ```
/// use datagora_geo::WebTile;
///
/// let lyon = WebTile::at(4.835, 45.764, 12)?;
/// assert_eq!((lyon.to_string(), lyon.quadkey()), ("12/2103/1461".to_owned(), "120220330313".to_owned()));
/// assert!(lyon.bounds().min().x < 4.835 && 4.835 < lyon.bounds().max().x);
/// # Ok::<(), datagora_geo::WebTileError>(())
/// ```
///
/// # References
///
/// OGC 17-083r4, Two Dimensional Tile Matrix Set, annex D (`WebMercatorQuad`); Schwartz, J. (2018). Bing Maps Tile
/// System (quadkeys).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
pub struct WebTile {
    zoom: u8,
    x: u32,
    y: u32,
}

/// What is no tile.
#[derive(Clone, Debug, thiserror::Error, PartialEq)]
#[non_exhaustive]
pub enum WebTileError {
    /// A zoom above 30.
    #[error("zoom {found} is too large; tiles go to zoom 30")]
    Zoom {
        /// The zoom.
        found: u8,
    },
    /// A column or row beyond the last.
    #[error("there is no tile {zoom}/{x}/{y}; columns and rows of zoom {zoom} go from 0 to {last}", last = (1u64 << zoom) - 1)]
    Outside {
        /// Its zoom.
        zoom: u8,
        /// Its column.
        x: u32,
        /// Its row.
        y: u32,
    },
    /// A text that names none.
    #[error(
        "“{found}” is no tile; expected zoom/x/y such as “12/2103/1461”, or a quadkey of up to 30 digits from 0 to 3"
    )]
    Name {
        /// The text.
        found: String,
    },
    /// A coordinate that is not on the Earth.
    #[error("({longitude}, {latitude}) is no longitude and latitude; check the CRS and the order")]
    OutsideDomain {
        /// As found.
        longitude: f64,
        /// As found.
        latitude: f64,
    },
}

const DEEPEST: u8 = 30;
/// Half the width of the map, m.
const HALF: f64 = PI * 6_378_137.0;

impl WebTile {
    /// A tile by its numbers.
    ///
    /// # Errors
    ///
    /// [`WebTileError::Zoom`] above 30, [`WebTileError::Outside`] beyond the last column or row.
    pub fn new(zoom: u8, x: u32, y: u32) -> Result<Self, WebTileError> {
        let zoom = checked_zoom(zoom)?;
        if x >> zoom == 0 && y >> zoom == 0 {
            Ok(WebTile { zoom, x, y })
        } else {
            Err(WebTileError::Outside { zoom, x, y })
        }
    }

    /// The tile that holds a point.
    ///
    /// # Errors
    ///
    /// [`WebTileError::Zoom`], and [`WebTileError::OutsideDomain`] for what is not on the Earth.
    pub fn at(longitude: f64, latitude: f64, zoom: u8) -> Result<Self, WebTileError> {
        let zoom = checked_zoom(zoom)?;
        if !(longitude.abs() <= 180.0 && latitude.abs() <= 90.0) {
            return Err(WebTileError::OutsideDomain { longitude, latitude });
        }
        let tiles = f64::from(1u32 << zoom);
        let sin = latitude.to_radians().sin();
        let (across, down) = (longitude / 360.0 + 0.5, 0.5 - sin.atanh() / (2.0 * PI));
        let index = |share: f64| (share * tiles).floor().clamp(0.0, tiles - 1.0) as u32;
        Ok(WebTile { zoom, x: index(across), y: index(down) })
    }

    /// Its zoom.
    pub fn zoom(self) -> u8 {
        self.zoom
    }

    /// Column from the west, and row from the north.
    pub fn place(self) -> (u32, u32) {
        (self.x, self.y)
    }

    /// The four times larger tile it lies in; `None` for the whole map.
    pub fn parent(self) -> Option<Self> {
        let zoom = self.zoom.checked_sub(1)?;
        Some(WebTile { zoom, x: self.x / 2, y: self.y / 2 })
    }

    /// One digit per zoom, 0 to 3 from the north-west.
    pub fn quadkey(self) -> String {
        let digit = |bit: u8| char::from(b'0' + (self.x >> bit & 1) as u8 + 2 * (self.y >> bit & 1) as u8);
        (0..self.zoom).rev().map(digit).collect()
    }

    /// The tile of a quadkey.
    ///
    /// # Errors
    ///
    /// [`WebTileError::Name`] for what is none.
    pub fn from_quadkey(quadkey: &str) -> Result<Self, WebTileError> {
        let unknown = || WebTileError::Name { found: quadkey.to_owned() };
        if quadkey.len() > usize::from(DEEPEST) {
            return Err(unknown());
        }
        let mut tile = WebTile { zoom: quadkey.len() as u8, x: 0, y: 0 };
        for digit in quadkey.bytes() {
            let digit = u32::from(digit.wrapping_sub(b'0'));
            if digit > 3 {
                return Err(unknown());
            }
            (tile.x, tile.y) = (2 * tile.x + digit % 2, 2 * tile.y + digit / 2);
        }
        Ok(tile)
    }

    /// Its square in EPSG:3857, m.
    pub fn mercator_bounds(self) -> Rect {
        let side = 2.0 * HALF / f64::from(1u32 << self.zoom);
        let (x, y) = (f64::from(self.x), f64::from(self.y));
        Rect::new(
            coord! { x: x * side - HALF, y: HALF - (y + 1.0) * side },
            coord! { x: (x + 1.0) * side - HALF, y: HALF - y * side },
        )
    }

    /// Its rectangle in degrees of longitude and latitude.
    pub fn bounds(self) -> Rect {
        let tiles = f64::from(1u32 << self.zoom);
        let longitude = |x: f64| x / tiles * 360.0 - 180.0;
        let latitude = |y: f64| (PI * (1.0 - 2.0 * y / tiles)).sinh().atan().to_degrees();
        let (x, y) = (f64::from(self.x), f64::from(self.y));
        Rect::new(
            coord! { x: longitude(x), y: latitude(y + 1.0) },
            coord! { x: longitude(x + 1.0), y: latitude(y) },
        )
    }
}

fn checked_zoom(zoom: u8) -> Result<u8, WebTileError> {
    if zoom <= DEEPEST { Ok(zoom) } else { Err(WebTileError::Zoom { found: zoom }) }
}

impl fmt::Display for WebTile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.zoom, self.x, self.y)
    }
}

impl FromStr for WebTile {
    type Err = WebTileError;

    fn from_str(text: &str) -> Result<Self, WebTileError> {
        let unknown = || WebTileError::Name { found: text.to_owned() };
        // `parse` alone would let a sign pass.
        let number = |digits: &str| {
            digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<u32>().ok()).flatten()
        };
        let mut parts = text.split('/').map(number);
        let mut next = || parts.next().flatten().ok_or_else(unknown);
        let (zoom, x, y) = (next()?, next()?, next()?);
        if parts.next().is_some() {
            return Err(unknown());
        }
        WebTile::new(u8::try_from(zoom).map_err(|_| unknown())?, x, y)
    }
}

by_text!(WebTile, WebTileError);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Made by `tests/golden/cells.py` with mercantile 1.2.1.
    const GOLDEN: &str = include_str!("../tests/golden/web_tiles.csv");

    #[test]
    fn agrees_with_mercantile() {
        let mut count = 0;
        for line in GOLDEN.lines().skip(2) {
            let fields: Vec<&str> = line.split(',').collect();
            let number = |k: usize| fields[k].parse::<f64>().unwrap();
            let tile = WebTile::at(number(0), number(1), number(2) as u8).unwrap();
            assert_eq!(tile.place(), (number(3) as u32, number(4) as u32));
            assert_eq!(tile.quadkey(), fields[5]);
            assert_eq!(WebTile::from_quadkey(fields[5]), Ok(tile));
            let sides = |rect: Rect| [rect.min().x, rect.min().y, rect.max().x, rect.max().y];
            for (k, side) in sides(tile.bounds()).into_iter().enumerate() {
                assert!((side - number(6 + k)).abs() < 1e-9, "{tile} {side} {}", number(6 + k));
            }
            for (k, side) in sides(tile.mercator_bounds()).into_iter().enumerate() {
                assert!((side - number(10 + k)).abs() < 1e-3, "{tile} {side} {}", number(10 + k));
            }
            count += 1;
        }
        assert_eq!(count, 100);
    }

    #[test]
    fn ends_of_the_map() {
        let whole = WebTile::at(0.0, 0.0, 0).unwrap();
        assert_eq!((whole.parent(), whole.quadkey().as_str()), (None, ""));
        assert_eq!(WebTile::at(180.0, -90.0, 5).unwrap().place(), (31, 31));
        assert_eq!(WebTile::at(-180.0, 90.0, 5).unwrap().place(), (0, 0));
        assert_eq!(WebTile::new(31, 0, 0), Err(WebTileError::Zoom { found: 31 }));
        assert_eq!(
            WebTile::new(2, 4, 0).unwrap_err().to_string(),
            "there is no tile 2/4/0; columns and rows of zoom 2 go from 0 to 3"
        );
        assert!(WebTile::at(f64::NAN, 0.0, 3).is_err() && WebTile::at(0.0, 91.0, 3).is_err());
        for wrong in ["", "1/2", "1/0/0/0", "1/-1/0", "300/0/0", "a/b/c"] {
            assert_eq!(wrong.parse::<WebTile>(), Err(WebTileError::Name { found: wrong.to_owned() }));
        }
        for wrong in ["4", "0123x", "0000000000000000000000000000000"] {
            assert_eq!(WebTile::from_quadkey(wrong), Err(WebTileError::Name { found: wrong.to_owned() }));
        }
    }

    proptest! {
        #[test]
        fn names_return(longitude in -180.0..180.0f64, latitude in -85.0..85.0f64, zoom in 0u8..=30) {
            let tile = WebTile::at(longitude, latitude, zoom).unwrap();
            prop_assert_eq!(tile.to_string().parse(), Ok(tile));
            prop_assert_eq!(WebTile::from_quadkey(&tile.quadkey()), Ok(tile));
            let bounds = tile.bounds();
            prop_assert!(bounds.min().x <= longitude && longitude <= bounds.max().x);
            prop_assert!(bounds.min().y - 1e-9 <= latitude && latitude <= bounds.max().y + 1e-9);
            if let Some(parent) = tile.parent() {
                prop_assert_eq!(WebTile::at(longitude, latitude, zoom - 1), Ok(parent));
            }
        }
    }
}
