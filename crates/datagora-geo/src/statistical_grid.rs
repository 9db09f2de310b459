//! The grids of official statistics: INSEE's 200 m and 1 km cells, by their identifiers.
use std::fmt;
use std::str::FromStr;

use datagora_core::Crs;

use crate::by_text::by_text;
use crate::types::{Geometry, Rect, coord};
use crate::{GeometryColumn, GeometryKind};

/// A square cell of a statistical grid, by its size and south-west corner in a CRS.
///
/// Its identifier is that of INSPIRE, as INSEE (Filosofi: `idINSPIRE`, `idcar_200m`, `idcar_1km`, `idcar_nat`) and
/// Eurostat (`GRD_ID`) publish it: `CRS3035RES200mN2029800E4254200`. Metropolitan France lies in EPSG:3035, Martinique in
/// EPSG:5490, La Réunion in EPSG:2975. The short form of whole kilometres (`1kmN2029E4254`, GEOSTAT 2006 and 2011) is
/// read as well.
///
/// A point on a border belongs to the cell to the east or to the north.
///
/// # Example
///
/// ```
/// use datagora_geo::StatisticalCell;
///
/// let cell: StatisticalCell = "CRS3035RES200mN2530200E3919000".parse()?;
/// assert_eq!((cell.size(), cell.corner()), (200, (3_919_000, 2_530_200)));
/// let kilometre = cell.parent(1000).expect("five of them make a kilometre");
/// assert_eq!(kilometre.to_string(), "CRS3035RES1000mN2530000E3919000");
/// assert_eq!("1kmN2530E3919".parse(), Ok(kilometre));
/// # Ok::<(), datagora_geo::StatisticalGridError>(())
/// ```
///
/// # References
///
/// INSPIRE Data Specification on Geographical Grid Systems (D2.8.I.2), § 5 and annex; Regulation (EU) 1089/2010, annex
/// II.2.2; INSEE, “Grille de carreaux”, <https://www.insee.fr/fr/statistiques/6214726>.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
pub struct StatisticalCell {
    epsg: u32,
    size: u32,
    north: u32,
    east: u32,
}

/// What is no cell of a statistical grid, or in none.
#[derive(Clone, Debug, thiserror::Error, PartialEq)]
#[non_exhaustive]
pub enum StatisticalGridError {
    /// A text that is no identifier.
    #[error("“{found}” is no cell: {reason}; expected a form such as “CRS3035RES200mN2029800E4254200”")]
    Identifier {
        /// The text.
        found: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A size of no cell.
    #[error("cells of {found} m are in no statistical grid; 200 or 1000 are those of INSEE")]
    Size {
        /// The size, m.
        found: u32,
    },
    /// Coordinates in a system that has no grid.
    #[error("the column is in {found}, where there is no statistical grid; reproject it to {laea} (EPSG:5490 for Martinique, EPSG:2975 for La Réunion)", laea = Crs::LAEA_EUROPE)]
    Crs {
        /// CRS of the column.
        found: Crs,
    },
    /// Cells of several systems, which cannot stand in one column.
    #[error("row {row} is in EPSG:{found}, those before are in EPSG:{before}; make a column of each")]
    Mixed {
        /// Row, from 0.
        row: usize,
        /// EPSG code of its system.
        found: u32,
        /// That of the rows before.
        before: u32,
    },
    /// A row of another kind.
    #[error("row {row} is a {found:?}; points are needed")]
    Kind {
        /// Row, from 0.
        row: usize,
        /// Its kind.
        found: GeometryKind,
    },
    /// A point that is in no cell.
    #[error("row {row} has the coordinate ({x}, {y}), where there is no cell; check its CRS")]
    OutsideDomain {
        /// Row, from 0.
        row: usize,
        /// East, as found.
        x: f64,
        /// North, as found.
        y: f64,
    },
}

/// Systems of the grids: LAEA Europe, RGAF09 / UTM 20N (Martinique), RGR92 / UTM 40S (La Réunion).
const SYSTEMS: [u32; 3] = [3035, 5490, 2975];
/// Beyond are no coordinates of these systems, m.
const FARTHEST: f64 = 10_000_000.0;

impl StatisticalCell {
    /// The cell of a size, in metres, that holds a point of a CRS.
    ///
    /// # Errors
    ///
    /// [`StatisticalGridError::Crs`] and [`StatisticalGridError::Size`] if there is no such grid,
    /// [`StatisticalGridError::OutsideDomain`] (of row 0) if there is no cell at the point.
    pub fn at(east: f64, north: f64, size: u32, crs: &Crs) -> Result<Self, StatisticalGridError> {
        let (epsg, size) = (system(crs)?, checked_size(size)?);
        cell_at(east, north, size, epsg).ok_or(StatisticalGridError::OutsideDomain {
            row: 0,
            x: east,
            y: north,
        })
    }

    /// Length of its side, m.
    pub fn size(self) -> u32 {
        self.size
    }

    /// Its south-west corner, (east, north), m.
    pub fn corner(self) -> (u32, u32) {
        (self.east, self.north)
    }

    /// What the corner is measured in.
    pub fn crs(self) -> Crs {
        Crs::from_epsg(self.epsg)
    }

    /// The square, in its CRS.
    pub fn bounds(self) -> Rect {
        let (x, y, size) = (f64::from(self.east), f64::from(self.north), f64::from(self.size));
        Rect::new(coord! { x: x, y: y }, coord! { x: x + size, y: y + size })
    }

    /// The cell of a larger size that it lies in; `None` for a size that is not a multiple of its own.
    pub fn parent(self, size: u32) -> Option<Self> {
        let fits = size > 0 && size.is_multiple_of(self.size);
        fits.then(|| StatisticalCell {
            size,
            north: self.north / size * size,
            east: self.east / size * size,
            ..self
        })
    }
}

fn system(crs: &Crs) -> Result<u32, StatisticalGridError> {
    let found = crs.epsg().filter(|code| SYSTEMS.contains(code));
    found.ok_or_else(|| StatisticalGridError::Crs { found: crs.clone() })
}

/// From 100 m, twice and five times, to 100 km: those of INSEE (200 m to 32 km) double.
fn checked_size(size: u32) -> Result<u32, StatisticalGridError> {
    let decimal = [100, 1000, 10_000, 100_000].iter().any(|unit| [1, 2, 5].iter().any(|k| k * unit == size));
    let doubled = size.is_multiple_of(1000) && (size / 1000).is_power_of_two();
    if (decimal || doubled) && size <= 100_000 {
        Ok(size)
    } else {
        Err(StatisticalGridError::Size { found: size })
    }
}

fn cell_at(east: f64, north: f64, size: u32, epsg: u32) -> Option<StatisticalCell> {
    let inside = (0.0..FARTHEST).contains(&east) && (0.0..FARTHEST).contains(&north);
    // Coordinates are positive: dropping decimals rounds down.
    let down = |value: f64| value as u32 / size * size;
    inside.then(|| StatisticalCell { epsg, size, north: down(north), east: down(east) })
}

impl fmt::Display for StatisticalCell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CRS{}RES{}mN{}E{}", self.epsg, self.size, self.north, self.east)
    }
}

impl FromStr for StatisticalCell {
    type Err = StatisticalGridError;

    fn from_str(text: &str) -> Result<Self, StatisticalGridError> {
        let wrong = |reason| StatisticalGridError::Identifier { found: text.to_owned(), reason };
        // `parse` alone would let a sign pass.
        let number = |digits: &str| {
            digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<u32>().ok()).flatten()
        };
        let (head, corner) = text.split_once('N').ok_or_else(|| wrong("it has no “N”"))?;
        let (north, east) = corner.split_once('E').ok_or_else(|| wrong("it has no “E”"))?;
        let corner =
            number(north).zip(number(east)).ok_or_else(|| wrong("its corner is no pair of whole numbers"))?;
        let (epsg, size, unit) = if let Some(kilometres) = head.strip_suffix("km") {
            (3035, number(kilometres).and_then(|km| km.checked_mul(1000)), 1000)
        } else {
            let long = head.strip_prefix("CRS").and_then(|rest| rest.strip_suffix('m')?.split_once("RES"));
            let (epsg, size) = long.ok_or_else(|| wrong("it does not begin with “CRS…RES…m”"))?;
            (number(epsg).unwrap_or(0), number(size), 1)
        };
        if !SYSTEMS.contains(&epsg) {
            return Err(wrong("its CRS has no statistical grid"));
        }
        let size = size
            .and_then(|size| checked_size(size).ok())
            .ok_or_else(|| wrong("no grid has cells of its size"))?;
        let whole = |value: u32| value.checked_mul(unit).filter(|value| value.is_multiple_of(size));
        let corner =
            whole(corner.0).zip(whole(corner.1)).ok_or_else(|| wrong("its corner is none of the grid"))?;
        Ok(StatisticalCell { epsg, size, north: corner.0, east: corner.1 })
    }
}

by_text!(StatisticalCell, StatisticalGridError);

/// The cell of each point, `size` metres wide: 200 or 1000 for those of INSEE.
///
/// # Shapes and units
///
/// `n` points in EPSG:3035, 5490 or 2975 → `n` cells; `None` for a missing row.
///
/// # Errors
///
/// [`StatisticalGridError::Crs`] for a column in another system, [`StatisticalGridError::Size`],
/// [`StatisticalGridError::Kind`] for rows that are not points, [`StatisticalGridError::OutsideDomain`].
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::{GeometryColumn, statistical_cells};
///
/// let bellecour = GeometryColumn::points(vec![4.8320], vec![45.7578], Crs::WGS84);
/// let cells = statistical_cells(&bellecour.reproject(&Crs::LAEA_EUROPE)?, 200)?;
/// assert_eq!(cells[0].map(|cell| cell.to_string()).as_deref(), Some("CRS3035RES200mN2530000E3918600"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn statistical_cells(
    points: &GeometryColumn,
    size: u32,
) -> Result<Vec<Option<StatisticalCell>>, StatisticalGridError> {
    let (epsg, size) = (system(points.crs())?, checked_size(size)?);
    let (x, y) = points.only_points().map_err(|(row, found)| StatisticalGridError::Kind { row, found })?;
    let cell = |(row, (&x, &y)): (usize, (&f64, &f64))| {
        if x.is_nan() || y.is_nan() {
            return Ok(None);
        }
        let cell = cell_at(x, y, size, epsg);
        cell.map(Some).ok_or(StatisticalGridError::OutsideDomain { row, x, y })
    };
    x.iter().zip(y).enumerate().map(cell).collect()
}

/// The square of each cell; missing where the cell is. Without cells the CRS is EPSG:3035.
///
/// # Errors
///
/// [`StatisticalGridError::Mixed`] for cells of several systems.
///
/// ```
/// use datagora_geo::{Metric, StatisticalCell, area, statistical_polygons};
///
/// let cell: StatisticalCell = "CRS3035RES200mN2530000E3918600".parse()?;
/// let squares = statistical_polygons(&[Some(cell), None])?;
/// assert_eq!(area(&squares, Metric::Planar)?[0], 40_000.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn statistical_polygons(
    cells: &[Option<StatisticalCell>],
) -> Result<GeometryColumn, StatisticalGridError> {
    let before = cells.iter().flatten().next().map_or(3035, |cell| cell.epsg);
    let other = cells.iter().position(|cell| cell.is_some_and(|cell| cell.epsg != before));
    if let Some((row, cell)) = other.and_then(|row| Some((row, cells[row]?))) {
        return Err(StatisticalGridError::Mixed { row, found: cell.epsg, before });
    }
    let squares = cells.iter().map(|cell| cell.map(|cell| Geometry::Rect(cell.bounds())));
    Ok(GeometryColumn::from_options(squares, Crs::from_epsg(before)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Made by `tests/golden/cells.py`: pyproj 3.7.2 and whole division.
    const GOLDEN: &str = include_str!("../tests/golden/statistical_cells.csv");

    #[test]
    fn agrees_with_pyproj_over_france_martinique_and_la_reunion() {
        let mut count = 0;
        for line in GOLDEN.lines().skip(2) {
            let fields: Vec<&str> = line.split(',').collect();
            let number = |k: usize| fields[k].parse::<f64>().unwrap();
            let crs = Crs::from_epsg(fields[0].parse().unwrap());
            let points = GeometryColumn::points(vec![number(1)], vec![number(2)], Crs::WGS84);
            let points = points.reproject(&crs).unwrap();
            for (size, expected) in [(200, fields[3]), (1000, fields[4])] {
                let cell = statistical_cells(&points, size).unwrap()[0].unwrap();
                assert_eq!(cell.to_string(), expected);
                assert_eq!(expected.parse(), Ok(cell));
                assert_eq!(cell.crs(), crs);
                let (x, y) = points.as_points().unwrap();
                let bounds = cell.bounds();
                assert!((bounds.min().x..bounds.max().x).contains(&x[0]));
                assert!((bounds.min().y..bounds.max().y).contains(&y[0]));
            }
            count += 1;
        }
        assert_eq!(count, 120);
    }

    #[test]
    fn what_is_no_identifier_is_told_why() {
        for (text, reason) in [
            ("", "it has no “N”"),
            ("CRS3035RES200mN2029800", "it has no “E”"),
            ("CRS3035RES200mN2029800E+4254200", "its corner is no pair of whole numbers"),
            ("CRS3035RES200mN2029800E99999999999", "its corner is no pair of whole numbers"),
            ("3035RES200mN2029800E4254200", "it does not begin with “CRS…RES…m”"),
            ("CRS2154RES200mN2029800E4254200", "its CRS has no statistical grid"),
            ("CRS3035RES0mN2029800E4254200", "no grid has cells of its size"),
            ("CRS3035RES300mN2029800E4254200", "no grid has cells of its size"),
            ("CRS3035RES200mN2029900E4254200", "its corner is none of the grid"),
            ("2kmN2029E4254", "its corner is none of the grid"),
            ("1kmN4294968E4254", "its corner is none of the grid"),
        ] {
            let refused = text.parse::<StatisticalCell>().unwrap_err();
            assert_eq!(refused, StatisticalGridError::Identifier { found: text.to_owned(), reason });
        }
    }

    #[test]
    fn what_is_in_no_cell_is_named() {
        let at = |x, y, crs: Crs| {
            statistical_cells(&GeometryColumn::points(vec![f64::NAN, x], vec![0.0, y], crs), 200)
        };
        assert_eq!(at(1.0, 2.0, Crs::WGS84), Err(StatisticalGridError::Crs { found: Crs::WGS84 }));
        for (x, y) in [(-0.1, 2.0), (1.0, 1e8), (f64::INFINITY, 1.0)] {
            assert_eq!(at(x, y, Crs::LAEA_EUROPE), Err(StatisticalGridError::OutsideDomain { row: 1, x, y }));
        }
        assert_eq!(at(399.9, 400.0, Crs::LAEA_EUROPE).unwrap()[1].unwrap().corner(), (200, 400));
        let refused = StatisticalCell::at(1.0, 1.0, 250, &Crs::LAEA_EUROPE).unwrap_err();
        assert_eq!(refused, StatisticalGridError::Size { found: 250 });
        let cells =
            ["CRS3035RES200mN2029800E4254200", "CRS2975RES200mN7690200E338600"].map(|text| text.parse().ok());
        let mixed = statistical_polygons(&cells).unwrap_err();
        assert_eq!(mixed, StatisticalGridError::Mixed { row: 1, found: 2975, before: 3035 });
        assert_eq!(cells[0].and_then(|cell: StatisticalCell| cell.parent(500)), None);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "(CRS[0-9]{0,5}RES[0-9]{0,12}m|[0-9]{0,11}km|.{0,4})N?[-+0-9]{0,11}E?[0-9]{0,11}.{0,2}") {
            if let Ok(cell) = text.parse::<StatisticalCell>() {
                prop_assert_eq!(cell.to_string().parse::<StatisticalCell>(), Ok(cell));
            }
        }
    }
}
