//! An index of zones for many points.
use std::fmt;

use datagora_core::Crs;

use super::JoinError;
use super::slabs::Slabs;
use crate::geometry::{Bounds, PartKind};
use crate::{GeometryColumn, GeometryKind};

/// Which zone has a point that lies exactly on a border.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Boundary {
    /// The zone to its east; on a border that runs east–west, the one to its north. Where zones cover the plane
    /// without overlap, each point is in exactly one: counts add up.
    #[default]
    HalfOpen,
    /// No zone: only interiors count. `ST_Within` of PostGIS, `within` of GeoPandas.
    Within,
    /// Every zone that it borders. `ST_CoveredBy` of PostGIS, `covered_by` of GeoPandas.
    Covers,
}

impl fmt::Display for Boundary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Boundary::HalfOpen => "half-open",
            Boundary::Within => "within",
            Boundary::Covers => "covers",
        })
    }
}

/// Polygons prepared for finding the zones that hold many points.
///
/// A grid says which polygons touch each cell; most cells lie within one polygon and need no test. In the others, the
/// edges of the polygon in the point's horizontal band are tested with exact arithmetic, so a point is never on
/// the wrong side of a border by rounding.
///
/// Rings count by the even–odd rule, so their winding does not matter, and holes are outside. Edges are straight in the
/// column's coordinates, also for longitude and latitude.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{Boundary, GeometryColumn, ZoneIndex};
///
/// let west = Rect::new(coord! { x: 0., y: 0. }, coord! { x: 1., y: 1. });
/// let east = Rect::new(coord! { x: 1., y: 0. }, coord! { x: 2., y: 1. });
/// let zones = ZoneIndex::new(&GeometryColumn::new([west.into(), east.into()], Crs::CC46))?;
/// assert_eq!(zones.locate(0.5, 0.5, Boundary::HalfOpen), Some(0));
/// assert_eq!(zones.locate(1.0, 0.5, Boundary::HalfOpen), Some(1)); // on the shared border
/// assert_eq!(zones.locate_all(1.0, 0.5, Boundary::Covers).collect::<Vec<_>>(), [0, 1]);
/// assert_eq!(zones.locate(1.0, 0.5, Boundary::Within), None);
/// # Ok::<(), datagora_geo::JoinError>(())
/// ```
///
/// # References
///
/// Shewchuk, J. R. (1997). Adaptive precision floating-point arithmetic and fast robust geometric predicates.
/// Discrete & Computational Geometry 18, 305–363. doi:10.1007/PL00009321
#[derive(Debug)]
pub struct ZoneIndex {
    crs: Crs,
    rows: usize,
    slabs: Slabs,
    /// Row of the column that each polygon belongs to; ascending.
    zone_of: Vec<u32>,
    grid: Grid,
    /// What is known of each cell without looking at candidates: `OPEN`, `NOBODY`, or the one zone that has all of it.
    settled: Vec<u32>,
    /// What may be in a cell: first candidate of each cell, and the end.
    starts: Vec<u32>,
    /// By cell, then by polygon.
    candidates: Vec<Candidate>,
}

#[derive(Clone, Copy, Debug)]
struct Candidate {
    polygon: u32,
    /// Whether the whole cell is in the polygon.
    whole: bool,
}

/// The cell is in no zone.
const NOBODY: u32 = u32::MAX;
/// Points of the cell must be tested, or are in several zones.
const OPEN: u32 = u32::MAX - 1;

/// Equal cells over the bounds of all zones.
#[derive(Debug)]
struct Grid {
    bounds: Bounds,
    side: usize,
    /// Cells per unit of x and y.
    density: [f64; 2],
    /// How far, in cells, rounding may move an interpolated coordinate.
    slack: f64,
}

/// Cells per edge aimed at, most cells along a side, and most candidates in all.
const CELLS_PER_EDGE: f64 = 4.0;
const LONGEST_SIDE: f64 = 1024.0;
const MOST_CANDIDATES: f64 = 8e6;

impl Grid {
    fn new(slabs: &Slabs, edges: usize) -> Self {
        let all = (0..slabs.len()).map(|polygon| slabs.bounds(polygon));
        let bounds = all.clone().fold(Bounds::EMPTY, Bounds::union);
        let extent = [bounds.max_x - bounds.min_x, bounds.max_y - bounds.min_y];
        // How often the polygons' rectangles cover the whole: overlapping zones get fewer cells.
        let covered: f64 =
            all.map(|b| ((b.max_x - b.min_x) / extent[0]) * ((b.max_y - b.min_y) / extent[1])).sum();
        let cells = (CELLS_PER_EDGE * edges as f64).min(MOST_CANDIDATES / covered.max(1.0));
        let side = cells.sqrt().clamp(1.0, LONGEST_SIDE) as usize;
        let density = extent.map(|extent| if extent > 0.0 { side as f64 / extent } else { 0.0 });
        let density = density.map(|density| if density.is_finite() { density } else { 0.0 });
        let reach = [bounds.min_x, bounds.max_x, bounds.min_y, bounds.max_y]
            .iter()
            .fold(0.0f64, |reach, v| reach.max(v.abs()));
        let slack = 1e-6 + 8.0 * f64::EPSILON * reach * density[0].max(density[1]);
        Grid { bounds, side, density, slack }
    }

    /// Position along x or y in cells; monotone.
    fn scaled(&self, x: f64, y: f64) -> [f64; 2] {
        [(x - self.bounds.min_x) * self.density[0], (y - self.bounds.min_y) * self.density[1]]
    }

    fn clamp(&self, position: f64) -> usize {
        // Negative positions become 0.
        (position as usize).min(self.side - 1)
    }

    fn cell(&self, x: f64, y: f64) -> Option<usize> {
        let Bounds { min_x, min_y, max_x, max_y } = self.bounds;
        (x >= min_x && x <= max_x && y >= min_y && y <= max_y).then(|| {
            let [i, j] = self.scaled(x, y);
            self.clamp(j) * self.side + self.clamp(i)
        })
    }

    /// All cells that an edge may touch.
    fn trace(&self, a: crate::types::Coord, b: crate::types::Coord, mut touch: impl FnMut(usize)) {
        let (a, b) = (self.scaled(a.x, a.y), self.scaled(b.x, b.y));
        let (low, high) = if a[1] <= b[1] { (a, b) } else { (b, a) };
        let slope = (high[0] - low[0]) / (high[1] - low[1]);
        let at = |y: f64| {
            // A horizontal edge has no slope; its whole width is taken.
            let x = low[0] + slope * (y - low[1]);
            if x.is_finite() { x.clamp(a[0].min(b[0]), a[0].max(b[0])) } else { low[0] }
        };
        for j in self.clamp(low[1] - self.slack)..=self.clamp(high[1] + self.slack) {
            let (from, to) =
                (at((j as f64 - self.slack).max(low[1])), at(((j + 1) as f64 + self.slack).min(high[1])));
            let (from, to) = if slope.is_finite() { (from, to) } else { (a[0], b[0]) };
            let (west, east) = (from.min(to) - self.slack, from.max(to) + self.slack);
            (self.clamp(west)..=self.clamp(east)).for_each(|i| touch(j * self.side + i));
        }
    }

    /// The middle of a cell.
    fn middle(&self, i: usize, j: usize) -> (f64, f64) {
        let along =
            |low: f64, high: f64, k: usize| low + (high - low) * ((k as f64 + 0.5) / self.side as f64);
        let Bounds { min_x, min_y, max_x, max_y } = self.bounds;
        (along(min_x, max_x, i), along(min_y, max_y, j))
    }
}

impl ZoneIndex {
    /// Prepares the polygons of a column. Missing and empty rows hold no point.
    ///
    /// # Errors
    ///
    /// [`JoinError::NotPolygons`] for a row of another kind, [`JoinError::NotFinite`] for a coordinate that is not a
    /// finite number.
    pub fn new(zones: &GeometryColumn) -> Result<Self, JoinError> {
        let mut slabs = Slabs::default();
        let mut zone_of = Vec::new();
        let mut polygons = Vec::new();
        let mut edges = 0;
        if let Some(row) = zones.first_not_finite() {
            return Err(JoinError::NotFinite { row });
        }
        for row in 0..zones.len() {
            match zones.kind(row) {
                None | Some(GeometryKind::Polygon | GeometryKind::MultiPolygon) => {}
                Some(found) => return Err(JoinError::NotPolygons { row, found }),
            }
            for part in zones.parts(row) {
                debug_assert_eq!(part.kind, PartKind::Polygon);
                if slabs.push(&part) {
                    edges += part.rings().map(|ring| ring.len()).sum::<usize>();
                    zone_of.push(row as u32);
                    polygons.push(part);
                }
            }
        }
        let grid = Grid::new(&slabs, edges);
        let mut found: Vec<(u32, Candidate)> = Vec::new();
        let mut touched: Vec<u32> = Vec::new();
        for (polygon, part) in polygons.iter().enumerate() {
            touched.clear();
            for [a, b] in part.rings().flat_map(|ring| ring.segments()) {
                grid.trace(a, b, |cell| touched.push(cell as u32));
            }
            touched.sort_unstable();
            touched.dedup();
            let tested = Candidate { polygon: polygon as u32, whole: false };
            found.extend(touched.iter().map(|&cell| (cell, tested)));
            fill(&grid, &slabs, polygon, &touched, |cell| {
                found.push((cell, Candidate { polygon: polygon as u32, whole: true }));
            });
        }
        found.sort_unstable_by_key(|(cell, candidate)| (*cell, candidate.polygon));
        let mut starts = vec![0u32; grid.side * grid.side + 1];
        found.iter().for_each(|(cell, _)| starts[*cell as usize + 1] += 1);
        (1..starts.len()).for_each(|cell| starts[cell] += starts[cell - 1]);
        let settle = |cell: &[u32]| match &found[cell[0] as usize..cell[1] as usize] {
            [] => NOBODY,
            [(_, Candidate { polygon, whole: true })] => zone_of[*polygon as usize],
            _ => OPEN,
        };
        let settled = starts.windows(2).map(settle).collect();
        Ok(ZoneIndex {
            settled,
            crs: zones.crs().clone(),
            rows: zones.len(),
            slabs,
            zone_of,
            grid,
            starts,
            candidates: found.into_iter().map(|(_, candidate)| candidate).collect(),
        })
    }

    /// Number of zones, missing and empty ones included.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there is no zone.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// CRS of the zones, in which points must be given.
    pub fn crs(&self) -> &Crs {
        &self.crs
    }

    /// The first zone that holds a point; `None` if there is none or a coordinate is NaN.
    pub fn locate(&self, x: f64, y: f64, boundary: Boundary) -> Option<u32> {
        let cell = self.grid.cell(x, y)?;
        match self.settled[cell] {
            NOBODY => None,
            OPEN => self.test(cell, x, y, boundary).next(),
            zone => Some(zone),
        }
    }

    /// Adds a point to the counts of all zones that hold it.
    pub(super) fn count(&self, x: f64, y: f64, boundary: Boundary, counts: &mut [u64]) {
        let Some(cell) = self.grid.cell(x, y) else { return };
        match self.settled[cell] {
            NOBODY => {}
            OPEN => self.test(cell, x, y, boundary).for_each(|zone| counts[zone as usize] += 1),
            zone => counts[zone as usize] += 1,
        }
    }

    /// All zones that hold a point, in the order of the rows.
    pub fn locate_all(&self, x: f64, y: f64, boundary: Boundary) -> impl Iterator<Item = u32> + '_ {
        self.grid.cell(x, y).into_iter().flat_map(move |cell| self.test(cell, x, y, boundary))
    }

    /// The zones of the candidates of a cell that hold a point of it.
    fn test(&self, cell: usize, x: f64, y: f64, boundary: Boundary) -> impl Iterator<Item = u32> + '_ {
        let candidates = &self.candidates[self.starts[cell] as usize..self.starts[cell + 1] as usize];
        let mut last = None;
        candidates.iter().filter_map(move |candidate| {
            let polygon = candidate.polygon as usize;
            let zone = self.zone_of[polygon];
            if last == Some(zone) {
                // Another polygon of the same zone has it.
                return None;
            }
            let held = candidate.whole || {
                let position = self.slabs.position(polygon, x, y);
                match boundary {
                    Boundary::HalfOpen => position.odd,
                    Boundary::Within => position.odd && !position.on_boundary,
                    Boundary::Covers => position.odd || position.on_boundary,
                }
            };
            held.then(|| *last.insert(zone))
        })
    }
}

/// Finds the cells that lie in a polygon without touching its boundary: along a row, all cells between two touched ones
/// are in if one is.
fn fill(grid: &Grid, slabs: &Slabs, polygon: usize, touched: &[u32], mut whole: impl FnMut(u32)) {
    // In each row of the grid, a polygon's cells begin and end with touched ones.
    for pair in touched.windows(2) {
        let (before, after) = (pair[0] as usize, pair[1] as usize);
        let row = before / grid.side;
        if after == before + 1 || after / grid.side != row {
            continue;
        }
        let (x, y) = grid.middle(before % grid.side + 1, row);
        if slabs.position(polygon, x, y).odd {
            (before + 1..after).for_each(|cell| whole(cell as u32));
        }
    }
}
