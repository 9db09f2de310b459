//! Layers over a grid, a band of rows at a time.
use std::ops::Range;
use std::sync::Mutex;

use super::accumulate::{Accumulator, Stretch};
use super::edges::{Sink, Spot};
use super::union::{CellUnion, Piece};
use super::units::{Unit, check};
use super::{CoverageError, CoverageOptions, OverlapRule};
use crate::{GeometryColumn, Grid};

/// The share of each cell that each of several layers covers, computed in bands of rows: memory does not grow with the
/// grid, only with a band of it.
///
/// Polygons are assigned to the bands they reach into, and cut there; they are not copied. With feature `parallel`,
/// bands are computed on several cores. Shares do not depend on the height of bands or the number of threads, to the
/// last bit. See [`coverage`](crate::coverage) for method and precision.
///
/// # Example
///
/// How much of an area is covered by buildings or trees, cell by cell, without holding the cells:
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::types::{Rect, coord};
/// use datagora_geo::{Coverage, CoverageOptions, GeometryColumn, Grid};
///
/// let square = |west: f64, size: f64| {
///     let rect = Rect::new(coord! { x: west, y: 0. }, coord! { x: west + size, y: size });
///     GeometryColumn::new([rect.into()], Crs::CC46)
/// };
/// let (buildings, trees) = (square(10., 30.), square(20., 40.));
/// let grid = Grid::new([0., 100.], [5., 5.], 20, 20, Crs::CC46)?;
///
/// let coverage = Coverage::new(&grid, &[&buildings, &trees], CoverageOptions::default())?;
/// let areas = coverage.map_bands(|band| {
///     let area = |layer| band.shares(layer).iter().sum::<f64>() * band.grid().cell_area();
///     [area(0), area(1)]
/// });
/// let sum = |layer: usize| areas.iter().map(|area| area[layer]).sum::<f64>();
/// assert_eq!((sum(0), sum(1)), (900., 1_600.));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Coverage<'a> {
    grid: &'a Grid,
    overlaps: OverlapRule,
    band_rows: usize,
    layers: Vec<Layer<'a>>,
    /// Room of threads that are not at work.
    rooms: Mutex<Vec<Room>>,
}

/// The shares of some rows of a grid: what [`Coverage`] gives.
#[derive(Clone, Debug, PartialEq)]
pub struct CoverageBand {
    grid: Grid,
    rows: Range<usize>,
    shares: Vec<Vec<f64>>,
}

impl CoverageBand {
    /// The band as a grid: a window of the whole.
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// Which rows of the whole grid it has.
    pub fn rows(&self) -> Range<usize> {
        self.rows.clone()
    }

    /// The share of each cell of the band that a layer covers, row by row from the north-west.
    ///
    /// # Panics
    ///
    /// If there is no such layer.
    pub fn shares(&self, layer: usize) -> &[f64] {
        &self.shares[layer]
    }

    /// The shares of all layers, in their order.
    pub fn layers(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.shares.iter().map(Vec::as_slice)
    }
}

/// The polygons of a layer by band.
#[derive(Debug)]
struct Layer<'a> {
    units: Vec<Unit<'a>>,
    /// By band: where its list begins, and the end.
    starts: Vec<usize>,
    /// Numbers of units, by band.
    members: Vec<u32>,
}

/// Cells of all layers in a band, 8 bytes each, if the caller does not say how many rows it has.
const BAND_CELLS: usize = 1 << 21;
/// Most cells of a band: their numbers fit beside a bit.
const MOST_BAND_CELLS: usize = 1 << 30;
/// Most polygons of a layer: their numbers leave two bits free.
const MOST_UNITS: usize = 1 << 30;

impl<'a> Coverage<'a> {
    /// Prepares layers of polygons, all in the CRS of the grid.
    ///
    /// # Errors
    ///
    /// [`CoverageError`] names the layer and row that does not suit.
    pub fn new(
        grid: &'a Grid,
        layers: &[&'a GeometryColumn],
        options: CoverageOptions,
    ) -> Result<Self, CoverageError> {
        let automatic = BAND_CELLS / grid.columns() / layers.len().max(1);
        let most = (MOST_BAND_CELLS / grid.columns()).min(grid.rows()).max(1);
        let band_rows = options.band_rows.unwrap_or(automatic).clamp(1, most);
        let prepare = |(layer, polygons): (usize, &&'a GeometryColumn)| {
            check(grid, layer, polygons)?;
            Layer::new(grid, layer, polygons, band_rows)
        };
        #[cfg(feature = "parallel")]
        let layers = {
            use rayon::prelude::*;
            // The first error by layer, whichever thread is faster.
            let prepared: Vec<_> = layers.par_iter().enumerate().map(prepare).collect();
            prepared.into_iter().collect::<Result<_, _>>()?
        };
        #[cfg(not(feature = "parallel"))]
        let layers = layers.iter().enumerate().map(prepare).collect::<Result<_, _>>()?;
        Ok(Self { grid, overlaps: options.overlaps, band_rows, layers, rooms: Mutex::default() })
    }

    /// The grid.
    pub fn grid(&self) -> &'a Grid {
        self.grid
    }

    /// Number of bands, from north to south.
    pub fn band_count(&self) -> usize {
        self.grid.rows().div_ceil(self.band_rows)
    }

    /// One band.
    ///
    /// # Panics
    ///
    /// If there is no such band.
    pub fn band(&self, number: usize) -> CoverageBand {
        self.with_band(number, &CoverageBand::clone)
    }

    /// The bands from north to south, each computed when it is asked for.
    pub fn bands(&self) -> impl ExactSizeIterator<Item = CoverageBand> {
        (0..self.band_count()).map(|number| self.band(number))
    }

    /// Calls a function with each band, and gives what it returns from north to south.
    ///
    /// With feature `parallel`, several bands are at work at the same time. A band lives for one call only.
    pub fn map_bands<R: Send>(&self, use_band: impl Fn(&CoverageBand) -> R + Sync) -> Vec<R> {
        #[cfg(feature = "parallel")]
        {
            use rayon::prelude::*;
            (0..self.band_count())
                .into_par_iter()
                .with_max_len(1)
                .map(|number| self.with_band(number, &use_band))
                .collect()
        }
        #[cfg(not(feature = "parallel"))]
        (0..self.band_count()).map(|number| self.with_band(number, &use_band)).collect()
    }

    fn with_band<R>(&self, number: usize, use_band: &impl Fn(&CoverageBand) -> R) -> R {
        let start = number * self.band_rows;
        let rows = start..(start + self.band_rows).min(self.grid.rows());
        assert!(!rows.is_empty(), "no band {number} among {}", self.band_count());
        let mut room = self.rooms.lock().ok().and_then(|mut rooms| rooms.pop()).unwrap_or_default();
        room.shares.resize(self.layers.len(), Vec::new());
        for (number_of_layer, layer) in self.layers.iter().enumerate() {
            let mut shares = std::mem::take(&mut room.shares[number_of_layer]);
            shares.clear();
            shares.resize(rows.len() * self.grid.columns(), 0.0);
            let members = &layer.members[layer.starts[number]..layer.starts[number + 1]];
            let mut work = Work { grid: self.grid, rows: &rows, layer, members, shares: &mut shares };
            match self.overlaps {
                OverlapRule::Sum => work.sum(&mut room),
                OverlapRule::Dissolve => work.dissolve(&mut room),
            }
            room.shares[number_of_layer] = shares;
        }
        let window = self.grid.window(0..self.grid.columns(), rows.clone());
        let grid = window.unwrap_or_else(|_| self.grid.clone());
        let band = CoverageBand { grid, rows, shares: std::mem::take(&mut room.shares) };
        let result = use_band(&band);
        room.shares = band.shares;
        if let Ok(mut rooms) = self.rooms.lock() {
            rooms.push(room);
        }
        result
    }
}

impl<'a> Layer<'a> {
    fn new(
        grid: &Grid,
        layer: usize,
        polygons: &'a GeometryColumn,
        band_rows: usize,
    ) -> Result<Self, CoverageError> {
        let parts = (0..polygons.len()).flat_map(|row| polygons.parts(row));
        let units: Vec<Unit<'a>> = parts.filter_map(|part| Unit::new(grid, part)).collect();
        if units.len() > MOST_UNITS {
            return Err(CoverageError::TooMany { layer, found: units.len() });
        }
        let bands =
            |unit: &Unit<'_>| unit.rows[0] as usize / band_rows..unit.rows[1] as usize / band_rows + 1;
        let mut starts = vec![0; grid.rows().div_ceil(band_rows) + 1];
        for unit in &units {
            bands(unit).for_each(|band| starts[band + 1] += 1);
        }
        for band in 1..starts.len() {
            starts[band] += starts[band - 1];
        }
        let mut next = starts.clone();
        let mut members = vec![0; starts[starts.len() - 1]];
        for (number, unit) in units.iter().enumerate() {
            for band in bands(unit) {
                members[next[band]] = number as u32;
                next[band] += 1;
            }
        }
        Ok(Self { units, starts, members })
    }
}

/// What a thread works with.
#[derive(Debug, Default)]
struct Room {
    shares: Vec<Vec<f64>>,
    accumulator: Accumulator,
    /// By cell: who covers it, see `NOBODY` and the others.
    owners: Vec<u32>,
    /// Which polygon reaches into which cell, of those that do not cover it whole.
    reaches: Vec<(u32, u32)>,
    /// Cells where polygons may overlap.
    contested: Vec<u32>,
    gathered: Gathered,
    union: CellUnion,
}

/// No polygon reaches into the cell.
const NOBODY: u32 = u32::MAX;
/// One polygon covers all of it.
const WHOLE: u32 = u32::MAX - 1;
/// Two polygons reach into it whose rectangles do not meet.
const TWO: u32 = u32::MAX - 2;
/// Several reach into it and may overlap.
const CONTESTED: u32 = u32::MAX - 3;
/// With a number below it: the place of the cell among the contested ones.
const PLACE: u32 = 1 << 31;

/// One layer in one band.
struct Work<'w, 'a> {
    grid: &'w Grid,
    rows: &'w Range<usize>,
    layer: &'w Layer<'a>,
    members: &'w [u32],
    shares: &'w mut [f64],
}

impl Work<'_, '_> {
    /// Gives each stretch of each polygon, with its number and the number of the cell in the band.
    fn visit(
        &mut self,
        accumulator: &mut Accumulator,
        mut visit: impl FnMut(&mut [f64], u32, usize, Stretch),
    ) {
        for &member in self.members {
            let unit = &self.layer.units[member as usize];
            let extent = unit.extent(self.rows);
            accumulator.begin(&extent);
            unit.cut(&unit.frame(self.grid), &extent, accumulator);
            let corner = self.corner(unit);
            accumulator.finish(|row, stretch| {
                let first = (corner + (row * self.grid.columns()) as isize) as usize;
                visit(self.shares, member, first, stretch);
            });
        }
    }

    /// The cell of the band where the frame of a polygon begins; it may lie north of the band.
    fn corner(&self, unit: &Unit<'_>) -> isize {
        (unit.rows[0] as isize - self.rows.start as isize) * self.grid.columns() as isize
            + unit.columns[0] as isize
    }

    fn sum(&mut self, room: &mut Room) {
        self.visit(&mut room.accumulator, |shares, _, first, stretch| match stretch {
            Stretch::Whole(start, end) => {
                shares[first + start..first + end].iter_mut().for_each(|share| *share += 1.0);
            }
            Stretch::Part { column, share, .. } => shares[first + column] += share,
        });
    }

    fn dissolve(&mut self, room: &mut Room) {
        let Room { accumulator, owners, reaches, contested, gathered, union, .. } = room;
        owners.clear();
        owners.resize(self.shares.len(), NOBODY);
        reaches.clear();
        contested.clear();
        let layer = self.layer;
        self.visit(accumulator, |shares, member, first, stretch| match stretch {
            Stretch::Whole(start, end) => {
                shares[first + start..first + end].fill(1.0);
                owners[first + start..first + end].fill(WHOLE);
            }
            Stretch::Part { column, share, .. } => {
                let cell = first + column;
                let owner = owners[cell];
                if share <= 0.0 || owner == WHOLE {
                    return;
                }
                reaches.push((cell as u32, member));
                if share >= 1.0 {
                    shares[cell] = 1.0;
                    owners[cell] = WHOLE;
                    return;
                }
                match owner {
                    NOBODY => {
                        shares[cell] = share;
                        owners[cell] = member;
                    }
                    CONTESTED => {}
                    one if one != TWO && layer.units[one as usize].apart(&layer.units[member as usize]) => {
                        shares[cell] += share;
                        owners[cell] = TWO;
                    }
                    _ => {
                        owners[cell] = CONTESTED;
                        contested.push(cell as u32);
                    }
                }
            }
        });
        contested.retain(|&cell| owners[cell as usize] == CONTESTED);
        if contested.is_empty() {
            return;
        }
        for (place, &cell) in contested.iter().enumerate() {
            owners[cell as usize] = PLACE | place as u32;
        }
        self.gather(accumulator, owners, reaches, gathered);
        gathered.resolve(contested.len(), |place, pieces, west| {
            self.shares[contested[place] as usize] = union.area(pieces, west);
        });
    }

    /// Cuts the polygons that reach into contested cells once more, and keeps their pieces there.
    fn gather(
        &self,
        accumulator: &mut Accumulator,
        owners: &[u32],
        reaches: &[(u32, u32)],
        gathered: &mut Gathered,
    ) {
        let mut involved: Vec<u32> = reaches
            .iter()
            .filter(|(cell, _)| is_place(owners[*cell as usize]))
            .map(|(_, member)| *member)
            .collect();
        involved.dedup();
        gathered.pieces.clear();
        gathered.sides.clear();
        for member in involved {
            let unit = &self.layer.units[member as usize];
            let extent = unit.extent(self.rows);
            accumulator.begin(&extent);
            let corner = self.corner(unit);
            let columns = self.grid.columns();
            let mut sink = Gatherer { accumulator, owners, gathered, corner, columns, member, factor: 1 };
            unit.cut(&unit.frame(self.grid), &extent, &mut sink);
            accumulator.finish(|row, stretch| {
                if let Stretch::Part { column, west, .. } = stretch {
                    let cell = (corner + (row * columns + column) as isize) as usize;
                    if is_place(owners[cell]) {
                        gathered.sides.push(Side { place: owners[cell] & !PLACE, member, west });
                    }
                }
            });
        }
    }
}

fn is_place(owner: u32) -> bool {
    owner & PLACE != 0 && owner < CONTESTED
}

/// The mean winding number of a polygon along the west side of a cell.
#[derive(Clone, Copy, Debug)]
struct Side {
    place: u32,
    member: u32,
    west: f64,
}

/// Pieces of edges in contested cells; `polygon` is the member's number until the cell is resolved.
#[derive(Debug, Default)]
struct Gathered {
    pieces: Vec<(u32, Piece)>,
    sides: Vec<Side>,
}

impl Gathered {
    /// Gives what each contested cell has, polygons numbered from 0.
    fn resolve(&mut self, places: usize, mut resolve: impl FnMut(usize, &[Piece], &[f64])) {
        // Stable: within a cell, everything stays in the order of polygons and of their edges.
        self.pieces.sort_by_key(|(place, _)| *place);
        self.sides.sort_by_key(|side| side.place);
        let (mut piece, mut side) = (0, 0);
        let (mut here, mut west, mut members) = (Vec::new(), Vec::new(), Vec::new());
        for place in 0..places {
            here.clear();
            west.clear();
            members.clear();
            while side < self.sides.len() && self.sides[side].place as usize == place {
                members.push(self.sides[side].member);
                west.push(self.sides[side].west);
                side += 1;
            }
            while piece < self.pieces.len() && self.pieces[piece].0 as usize == place {
                let found = self.pieces[piece].1;
                // One that only touches the cell covers nothing of it.
                if let Ok(polygon) = members.binary_search(&found.polygon) {
                    here.push(Piece { polygon: polygon as u32, ..found });
                }
                piece += 1;
            }
            resolve(place, &here, &west);
        }
    }
}

/// Adds pieces up, and keeps those in contested cells.
struct Gatherer<'g> {
    accumulator: &'g mut Accumulator,
    owners: &'g [u32],
    gathered: &'g mut Gathered,
    corner: isize,
    columns: usize,
    member: u32,
    factor: i32,
}

impl Sink for Gatherer<'_> {
    const LEVEL: bool = true;

    fn ring(&mut self, factor: f64) {
        self.accumulator.ring(factor);
        self.factor = factor as i32;
    }

    fn piece(&mut self, column: usize, row: usize, high: Spot, low: Spot, downward: bool) {
        self.accumulator.piece(column, row, high, low, downward);
        let owner = self.owners[(self.corner + (row * self.columns + column) as isize) as usize];
        if is_place(owner) {
            let local = |spot: Spot| Spot { x: spot.x - column as f64, y: spot.y - row as f64 };
            let winding = if downward { self.factor } else { -self.factor };
            let piece = Piece { high: local(high), low: local(low), winding, downward, polygon: self.member };
            self.gathered.pieces.push((owner & !PLACE, piece));
        }
    }
}
