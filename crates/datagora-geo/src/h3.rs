//! H3: a hierarchy of hexagonal cells over the Earth.
mod icosahedron;
mod region;
#[cfg(test)]
mod tests;

use std::fmt;
use std::num::NonZeroU64;
use std::str::FromStr;

use datagora_core::Crs;

use self::region::Indexer;
use crate::by_text::by_text;
use crate::types::{Coord, Geometry, LineString, Polygon};
use crate::{GeometryColumn, GeometryKind};

/// How fine H3 cells are: from 0 (1,100 km from corner to corner) to 15 (half a metre); each step has seven times more.
///
/// Resolution 8 is a quarter (0.74 km²), 9 a few blocks (0.105 km²), 10 a block (0.015 km²).
///
/// ```
/// use datagora_geo::Resolution;
///
/// let blocks = Resolution::new(10)?;
/// assert_eq!(blocks.get(), 10);
/// assert!(Resolution::new(16).unwrap_err().to_string().starts_with("16 is no resolution of H3"));
/// # Ok::<(), datagora_geo::H3Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "u8", into = "u8"))]
pub struct Resolution(u8);

/// A cell of H3, by its identifier. `Option<H3Cell>` takes no more room than the identifier.
///
/// Text is its usual form, 15 hexadecimal digits. Order is that of identifiers: of one resolution, near cells tend to
/// be near in it.
///
/// # Example
///
/// ```
/// use datagora_geo::{H3Cell, Resolution};
///
/// let cell: H3Cell = "891f9020933ffff".parse()?;
/// assert_eq!(cell.resolution(), Resolution::new(9)?);
/// assert_eq!(cell.parent(Resolution::new(8)?).map(|cell| cell.to_string()).as_deref(), Some("881f902093fffff"));
/// assert_eq!(cell.disk(1).len(), 7);
/// # Ok::<(), datagora_geo::H3Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
pub struct H3Cell(NonZeroU64);

/// Which cells belong to a polygon: what [`h3_cover`] asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum CellRule {
    /// Those whose centre is in it: polygons that share a border share no cell.
    #[default]
    Centre,
    /// Those that lie in it as a whole.
    Within,
    /// Those that share a point with it: nothing of it is left out.
    Covering,
}

/// What H3 cells cannot be made of.
#[derive(Clone, Debug, thiserror::Error, PartialEq)]
#[non_exhaustive]
pub enum H3Error {
    /// A number that is no resolution.
    #[error("{found} is no resolution of H3; they go from 0 to 15")]
    Resolution {
        /// The number.
        found: u8,
    },
    /// A text or number that is no cell.
    #[error("“{found}” is no cell of H3; expected 15 hexadecimal digits such as “891f9020933ffff”")]
    Cell {
        /// What was found.
        found: String,
    },
    /// Coordinates that are not longitude and latitude.
    #[error("H3 cells need longitude and latitude, the column is in {found}; reproject it to {wgs84}", wgs84 = Crs::WGS84)]
    NotGeographic {
        /// CRS of the column.
        found: Crs,
    },
    /// A row of another kind.
    #[error("row {row} is a {found:?}; {needed} are needed")]
    Kind {
        /// Row, from 0.
        row: usize,
        /// Its kind.
        found: GeometryKind,
        /// What was needed.
        needed: &'static str,
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
    /// A polygon that H3 cannot fill.
    #[error("row {row} cannot be filled with cells: {reason}; repair it")]
    Unfillable {
        /// Row, from 0.
        row: usize,
        /// What is wrong.
        reason: String,
    },
}

impl Resolution {
    /// A resolution.
    ///
    /// # Errors
    ///
    /// [`H3Error::Resolution`] above 15.
    pub fn new(resolution: u8) -> Result<Self, H3Error> {
        if resolution <= 15 {
            Ok(Resolution(resolution))
        } else {
            Err(H3Error::Resolution { found: resolution })
        }
    }

    /// The number, 0 to 15.
    pub fn get(self) -> u8 {
        self.0
    }

    fn h3o(self) -> h3o::Resolution {
        h3o::Resolution::try_from(self.0).expect("a resolution is checked when it is made")
    }
}

impl TryFrom<u8> for Resolution {
    type Error = H3Error;

    fn try_from(resolution: u8) -> Result<Self, H3Error> {
        Resolution::new(resolution)
    }
}

impl From<Resolution> for u8 {
    fn from(resolution: Resolution) -> Self {
        resolution.0
    }
}

impl H3Cell {
    /// The cell that has an identifier.
    ///
    /// # Errors
    ///
    /// [`H3Error::Cell`] if there is none.
    pub fn from_bits(bits: u64) -> Result<Self, H3Error> {
        let cell = h3o::CellIndex::try_from(bits);
        cell.map(H3Cell::from).map_err(|_| H3Error::Cell { found: format!("{bits:x}") })
    }

    /// The identifier.
    pub fn to_bits(self) -> u64 {
        self.0.get()
    }

    /// How fine it is.
    pub fn resolution(self) -> Resolution {
        Resolution(self.h3o().resolution().into())
    }

    /// The cell of a coarser resolution that it belongs to (itself for its own); `None` for a finer one.
    ///
    /// Borders of parents are not those of their children: a point near one may be in a cell and not in its parent.
    pub fn parent(self, resolution: Resolution) -> Option<H3Cell> {
        self.h3o().parent(resolution.h3o()).map(H3Cell::from)
    }

    /// Its parts at a finer resolution, in order; itself for its own, none for a coarser one.
    pub fn children(self, resolution: Resolution) -> impl Iterator<Item = H3Cell> {
        self.h3o().children(resolution.h3o()).map(H3Cell::from)
    }

    /// The cells up to `k` steps away, itself included, in order.
    pub fn disk(self, k: u32) -> Vec<H3Cell> {
        let mut cells: Vec<H3Cell> =
            self.h3o().grid_disk::<Vec<_>>(k).into_iter().map(H3Cell::from).collect();
        cells.sort_unstable();
        cells
    }

    /// The cells `k` steps away, in order.
    pub fn ring(self, k: u32) -> Vec<H3Cell> {
        let (disk, inner) = (self.disk(k), if k == 0 { Vec::new() } else { self.disk(k - 1) });
        disk.into_iter().filter(|cell| inner.binary_search(cell).is_err()).collect()
    }

    /// Whether it is one of the twelve of its resolution that have five sides.
    pub fn is_pentagon(self) -> bool {
        self.h3o().is_pentagon()
    }

    fn h3o(self) -> h3o::CellIndex {
        h3o::CellIndex::try_from(self.0.get()).expect("a cell is checked when it is made")
    }

    /// Longitude and latitude of the centre.
    fn centre(self) -> (f64, f64) {
        let centre = h3o::LatLng::from(self.h3o());
        (centre.lng(), centre.lat())
    }

    /// The outline, counter-clockwise. Across the date line longitudes go on beyond ±180°, around a pole the outline goes
    /// along it.
    fn outline(self) -> Polygon {
        let boundary = self.h3o().boundary();
        let mut ring: Vec<Coord> =
            boundary.iter().map(|corner| Coord { x: corner.lng(), y: corner.lat() }).collect();
        let mut before = self.centre().0;
        for corner in &mut ring {
            corner.x -= 360.0 * ((corner.x - before) / 360.0).round();
            before = corner.x;
        }
        let closing = ring[0].x + 360.0 * ((before - ring[0].x) / 360.0).round();
        if closing != ring[0].x {
            let pole = 90f64.copysign(ring[0].y);
            let first = ring[0];
            ring.extend([
                Coord { x: closing, y: first.y },
                Coord { x: closing, y: pole },
                Coord { x: first.x, y: pole },
            ]);
        }
        Polygon::new(LineString(ring), Vec::new())
    }
}

impl From<h3o::CellIndex> for H3Cell {
    fn from(cell: h3o::CellIndex) -> Self {
        H3Cell(NonZeroU64::new(cell.into()).expect("no identifier is 0"))
    }
}

impl fmt::Display for H3Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}", self.0)
    }
}

impl fmt::Debug for H3Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "H3Cell({self})")
    }
}

impl FromStr for H3Cell {
    type Err = H3Error;

    fn from_str(text: &str) -> Result<Self, H3Error> {
        let unknown = || H3Error::Cell { found: text.to_owned() };
        // `from_str_radix` would let a sign pass.
        let digits = text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let bits = digits.then(|| u64::from_str_radix(text, 16).ok()).flatten().ok_or_else(unknown)?;
        H3Cell::from_bits(bits).map_err(|_| unknown())
    }
}

by_text!(H3Cell, H3Error);

/// The cell of each point: the same as that of the crate `h3o`, to the last point.
///
/// # Shapes and units
///
/// `n` points, longitude and latitude in degrees → `n` cells; `None` for a missing row.
///
/// # Speed
///
/// Where many points lie in few cells, as those of a city do, a point costs two polynomials, a division and a look-up.
/// Points within micrometres of the border of a cell, or of one of the twenty faces on which H3 is built, are left to
/// `h3o`, so are those whose cells are too many for a table.
///
/// # Errors
///
/// [`H3Error::NotGeographic`] for a column in another CRS, [`H3Error::Kind`] for rows that are not points,
/// [`H3Error::OutsideDomain`] for the first coordinate that is not finite or on the Earth.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::{GeometryColumn, Resolution, h3_cells};
///
/// let trees = GeometryColumn::points(vec![4.8357, f64::NAN], vec![45.7640, f64::NAN], Crs::WGS84);
/// let cells = h3_cells(&trees, Resolution::new(9)?)?;
/// assert_eq!(cells[0].expect("a point has a cell").to_string(), "891f9020933ffff");
/// assert_eq!(cells[1], None);
/// # Ok::<(), datagora_geo::H3Error>(())
/// ```
///
/// # References
///
/// Sahr, K., White, D., Kimerling, A. J. (2003). Geodesic discrete global grid systems. Cartography and Geographic
/// Information Science 30(2), 121–134. H3 4, <https://h3geo.org>.
pub fn h3_cells(points: &GeometryColumn, resolution: Resolution) -> Result<Vec<Option<H3Cell>>, H3Error> {
    require_geographic(points)?;
    let (x, y) =
        points.only_points().map_err(|(row, found)| H3Error::Kind { row, found, needed: "points" })?;
    let mut cells = no_cells(x.len());
    match index_all(x, y, resolution, &mut cells) {
        None => Ok(cells),
        Some(row) => Err(H3Error::OutsideDomain { row, x: x[row], y: y[row] }),
    }
}

/// Room for cells: memory costs most when it is first touched, so that is shared among cores.
#[cfg(feature = "parallel")]
fn no_cells(len: usize) -> Vec<Option<H3Cell>> {
    use rayon::prelude::*;
    rayon::iter::repeat_n(None, len).collect()
}

/// Room for cells.
#[cfg(not(feature = "parallel"))]
fn no_cells(len: usize) -> Vec<Option<H3Cell>> {
    vec![None; len]
}

/// The first row that is not on the Earth.
#[cfg(feature = "parallel")]
fn index_all(x: &[f64], y: &[f64], resolution: Resolution, cells: &mut [Option<H3Cell>]) -> Option<usize> {
    use rayon::prelude::*;
    // One table per thread: a share of less is not worth its own.
    let share = x.len().div_ceil(rayon::current_num_threads()).max(1 << 16);
    let shares = x.par_chunks(share).zip(y.par_chunks(share)).zip(cells.par_chunks_mut(share)).enumerate();
    let lost = shares.filter_map(|(part, ((x, y), cells))| {
        Indexer::new(resolution, x.len()).index(x, y, cells).map(|row| part * share + row)
    });
    lost.min()
}

/// The first row that is not on the Earth.
#[cfg(not(feature = "parallel"))]
fn index_all(x: &[f64], y: &[f64], resolution: Resolution, cells: &mut [Option<H3Cell>]) -> Option<usize> {
    Indexer::new(resolution, x.len()).index(x, y, cells)
}

/// The centre of each cell, longitude and latitude; missing where the cell is.
///
/// ```
/// use datagora_geo::{H3Cell, h3_centres};
///
/// let cell: H3Cell = "891f9020933ffff".parse()?;
/// let centres = h3_centres(&[Some(cell), None]);
/// let (x, y) = centres.as_points().expect("centres are points");
/// assert!((x[0] - 4.8356).abs() < 1e-3 && (y[0] - 45.7641).abs() < 1e-3 && centres.is_missing(1));
/// # Ok::<(), datagora_geo::H3Error>(())
/// ```
pub fn h3_centres(cells: &[Option<H3Cell>]) -> GeometryColumn {
    let (x, y) = cells.iter().map(|cell| cell.map_or((f64::NAN, f64::NAN), H3Cell::centre)).unzip();
    GeometryColumn::points(x, y, Crs::WGS84)
}

/// The outline of each cell as a polygon, longitude and latitude; missing where the cell is.
///
/// Across the date line longitudes go on beyond ±180°; the outline of a cell that holds a pole goes along it, from one
/// end of the map to the other.
///
/// ```
/// use datagora_geo::{H3Cell, Metric, area, h3_polygons};
///
/// let cell: H3Cell = "891f9020933ffff".parse()?;
/// let hectares = area(&h3_polygons(&[Some(cell)]), Metric::Geodesic)?[0] / 10_000.0;
/// assert!((9.0..12.0).contains(&hectares));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn h3_polygons(cells: &[Option<H3Cell>]) -> GeometryColumn {
    let outline = |cell: &Option<H3Cell>| cell.map(|cell| Geometry::Polygon(cell.outline()));
    GeometryColumn::from_options(cells.iter().map(outline), Crs::WGS84)
}

/// The cells of each polygon, each once and in order; none for a missing row.
///
/// # Errors
///
/// [`H3Error::NotGeographic`] for a column in another CRS, [`H3Error::Kind`] for rows that are not polygons,
/// [`H3Error::Unfillable`] for those that are not valid.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{CellRule, GeometryColumn, Resolution, h3_cover};
///
/// let presquile = Rect::new(coord! { x: 4.82, y: 45.74 }, coord! { x: 4.84, y: 45.77 });
/// let zones = GeometryColumn::new([presquile.into()], Crs::WGS84);
/// let cells = h3_cover(&zones, Resolution::new(9)?, CellRule::Centre)?;
/// assert!((40..60).contains(&cells[0].len()));
/// # Ok::<(), datagora_geo::H3Error>(())
/// ```
pub fn h3_cover(
    polygons: &GeometryColumn,
    resolution: Resolution,
    rule: CellRule,
) -> Result<Vec<Vec<H3Cell>>, H3Error> {
    use h3o::geom::{ContainmentMode, TilerBuilder};
    require_geographic(polygons)?;
    let mode = match rule {
        CellRule::Centre => ContainmentMode::ContainsCentroid,
        CellRule::Within => ContainmentMode::ContainsBoundary,
        CellRule::Covering => ContainmentMode::Covers,
    };
    let cover = |(row, geometry): (usize, Option<Geometry>)| {
        let parts = match geometry {
            None => Vec::new(),
            Some(Geometry::Polygon(polygon)) => vec![polygon],
            Some(Geometry::MultiPolygon(parts)) => parts.0,
            Some(other) => {
                return Err(H3Error::Kind { row, found: GeometryKind::of(&other), needed: "polygons" });
            }
        };
        let mut tiler = TilerBuilder::new(resolution.h3o()).containment_mode(mode).build();
        let parts = parts.into_iter().filter(|polygon| !polygon.exterior().0.is_empty());
        tiler.add_batch(parts).map_err(|error| H3Error::Unfillable { row, reason: error.to_string() })?;
        let mut cells: Vec<H3Cell> = tiler.into_coverage().map(H3Cell::from).collect();
        cells.sort_unstable();
        cells.dedup();
        Ok(cells)
    };
    polygons.iter().enumerate().map(cover).collect()
}

fn require_geographic(column: &GeometryColumn) -> Result<(), H3Error> {
    if column.crs().is_geographic() {
        Ok(())
    } else {
        Err(H3Error::NotGeographic { found: column.crs().clone() })
    }
}
