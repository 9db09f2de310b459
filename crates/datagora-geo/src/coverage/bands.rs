//! Layers over a grid, a band of rows at a time.
use std::ops::Range;
use std::sync::Mutex;

use super::contact::Rings;
use super::overlap::{Room, Work};
use super::units::{Unit, check};
use super::{CoverageError, CoverageOptions, OverlapRule};
use crate::cores::each_run;
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
    /// Room of threads that are not at work, and their last band's shares.
    rooms: Mutex<Vec<(Room, Vec<Vec<f64>>)>>,
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
/// Cells of one layer in a band: they stay in the cache of a core.
const LAYER_CELLS: usize = 1 << 17;
/// Vertices of a layer for which a band is worth while.
const BAND_VERTICES: usize = 1 << 18;
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
        let vertices = layers.iter().map(|layer| layer.coordinates().0.len()).max().unwrap_or(0);
        let cells = (BAND_CELLS / layers.len().max(1)).min(LAYER_CELLS);
        let automatic = (cells / grid.columns()).min(grid.rows() / (vertices / BAND_VERTICES + 1));
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

    /// Rows of the grid in a band; the last may have fewer.
    pub fn band_rows(&self) -> usize {
        self.band_rows
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

    /// The shares of all cells, each band written where it belongs.
    pub(super) fn shares_of(&self, layer: usize) -> Vec<f64> {
        let mut shares = vec![0.0; self.grid.len()];
        let cells = self.band_rows * self.grid.columns();
        let fill = |(number, shares): (usize, &mut [f64])| {
            let (mut room, old) = self.take_room();
            // They are 0; this brings the band into the cache in one go, before polygons visit it here and there.
            shares.fill(0.0);
            self.fill(layer, number, shares, &mut room);
            self.leave_room((room, old));
        };
        #[cfg(feature = "parallel")]
        {
            use rayon::prelude::*;
            shares.par_chunks_mut(cells).enumerate().with_max_len(1).for_each(fill);
        }
        #[cfg(not(feature = "parallel"))]
        shares.chunks_mut(cells).enumerate().for_each(fill);
        shares
    }

    fn rows_of(&self, band: usize) -> Range<usize> {
        let start = band * self.band_rows;
        let rows = start..(start + self.band_rows).min(self.grid.rows());
        assert!(!rows.is_empty(), "no band {band} among {}", self.band_count());
        rows
    }

    fn take_room(&self) -> (Room, Vec<Vec<f64>>) {
        self.rooms.lock().ok().and_then(|mut rooms| rooms.pop()).unwrap_or_default()
    }

    fn leave_room(&self, room: (Room, Vec<Vec<f64>>)) {
        if let Ok(mut rooms) = self.rooms.lock() {
            rooms.push(room);
        }
    }

    /// Computes the shares of a layer in a band, all 0 so far.
    fn fill(&self, layer: usize, band: usize, shares: &mut [f64], room: &mut Room) {
        let layer = &self.layers[layer];
        let members = &layer.members[layer.starts[band]..layer.starts[band + 1]];
        let mut work =
            Work { grid: self.grid, rows: self.rows_of(band), units: &layer.units, members, shares };
        match self.overlaps {
            OverlapRule::Sum => work.sum(room),
            OverlapRule::Dissolve => work.dissolve(room),
        }
    }

    fn with_band<R>(&self, number: usize, use_band: &impl Fn(&CoverageBand) -> R) -> R {
        let rows = self.rows_of(number);
        let (mut room, mut shares) = self.take_room();
        shares.resize(self.layers.len(), Vec::new());
        for (layer, shares) in shares.iter_mut().enumerate() {
            shares.clear();
            shares.resize(rows.len() * self.grid.columns(), 0.0);
            self.fill(layer, number, shares, &mut room);
        }
        let window = self.grid.window(0..self.grid.columns(), rows.clone());
        let grid = window.unwrap_or_else(|_| self.grid.clone());
        let band = CoverageBand { grid, rows, shares };
        let result = use_band(&band);
        self.leave_room((room, band.shares));
        result
    }
}

/// Rows whose polygons are prepared by one thread.
const ROWS: usize = 1 << 10;

impl<'a> Layer<'a> {
    fn new(
        grid: &Grid,
        layer: usize,
        polygons: &'a GeometryColumn,
        band_rows: usize,
    ) -> Result<Self, CoverageError> {
        let units_of = |rows: Range<usize>| {
            let (mut rings, mut units) = (Rings::default(), Vec::with_capacity(rows.len()));
            rows.for_each(|row| Unit::of_row(grid, polygons, row, &mut rings, |unit| units.push(unit)));
            units
        };
        let mut units = Vec::with_capacity(polygons.len());
        each_run(polygons.len(), ROWS, units_of).iter_mut().for_each(|some| units.append(some));
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
