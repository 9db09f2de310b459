//! What the cells of a grid layer hold, and what stands for several of them.
use std::collections::HashMap;

use datagora_geo::{Band, Grid};

use super::TileError;
use super::attribute::Attributes;
use super::classes::{Classes, NONE, Tally};
use super::cores::each;
use super::grid_layer::{CellAggregate, GridLayer};

/// What the cells of a label have in common: number of the class, mean in steps, a cell with their attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Content {
    pub(super) class: u16,
    pub(super) mean: i64,
    pub(super) cell: u32,
}

/// Values of the cells of a layer.
pub(super) struct Contents<'a> {
    layer: &'a GridLayer<'a>,
    grid: &'a Grid,
    band: &'a Band,
    pub(super) classes: Classes,
    /// For each cell the first one of the same attributes, if there are any.
    alike: Vec<u32>,
    /// Weight of the cells of each row: their area, up to a factor.
    weights: Vec<f64>,
    /// Number of cells with a value.
    pub(super) filled: u64,
}

impl<'a> Contents<'a> {
    pub(super) fn new(
        layer: &'a GridLayer<'a>,
        band: &'a Band,
        attributes: &Attributes<'_>,
    ) -> Result<Self, TileError> {
        let grid = layer.raster.grid();
        let weight = |row: usize| match grid.crs().is_geographic() {
            true => libm::cos(((grid.row_edge(row) + grid.row_edge(row + 1)) / 2.0).to_radians()),
            false => 1.0,
        };
        let classes_wanted = !matches!(layer.aggregate, CellAggregate::Mean { .. });
        let classes = if classes_wanted { Classes::of(layer, band)? } else { Classes::default() };
        let filled = match classes_wanted {
            true => classes.codes.iter().filter(|&&code| code != NONE).count(),
            false => band.len() - band.count_missing(),
        };
        let alike = alike(attributes, *layer.zooms.end(), grid.len());
        let weights = (0..grid.rows()).map(weight).collect();
        Ok(Self { layer, grid, band, classes, alike, weights, filled: filled as u64 })
    }

    /// Whether cells have attributes of their own.
    pub(super) fn has_attributes(&self) -> bool {
        !self.alike.is_empty()
    }

    /// All values there are.
    pub(super) fn values(&self) -> impl Iterator<Item = f64> + '_ {
        self.band.values().flatten()
    }

    /// To what means are rounded, if they are wanted.
    pub(super) fn step(&self) -> Option<f64> {
        match self.layer.aggregate {
            CellAggregate::Majority => None,
            CellAggregate::Mean { step } | CellAggregate::MajorityAndMean { step } => Some(step),
        }
    }

    /// What a cell holds; `None` if it has no value.
    pub(super) fn cell(&self, cell: usize, with_attributes: bool) -> Option<Content> {
        let class = match self.classes.codes.get(cell) {
            Some(&NONE) => return None,
            Some(&class) => class,
            None => NONE,
        };
        let mean = match self.step() {
            Some(step) => (self.band.value(cell)? / step).round() as i64,
            None => 0,
        };
        Some(Content { class, mean, cell: if with_attributes { self.alike[cell] } else { 0 } })
    }

    /// What stands for a block of cells.
    pub(super) fn block(
        &self,
        row: usize,
        column: usize,
        factor: usize,
        tally: &mut Tally,
    ) -> Option<Content> {
        let rows = row * factor..((row + 1) * factor).min(self.grid.rows());
        let columns = column * factor..((column + 1) * factor).min(self.grid.columns());
        let (mut whole, mut filled, mut sum) = (0.0, 0.0, 0.0);
        let step = self.step();
        for row in rows {
            let weight = self.weights[row];
            whole += weight * columns.len() as f64;
            let first = row * self.grid.columns();
            let cells = first + columns.start..first + columns.end;
            if !self.classes.codes.is_empty() {
                for &code in self.classes.codes[cells.clone()].iter().filter(|&&code| code != NONE) {
                    tally.add(code, weight);
                }
            }
            if step.is_some() {
                for value in cells.filter_map(|cell| self.band.value(cell)) {
                    filled += weight;
                    sum += weight * value;
                }
            }
        }
        let class = match self.classes.codes.is_empty() {
            true => NONE,
            false => {
                let (class, all) = tally.take();
                filled = all;
                class
            }
        };
        let enough = filled > 0.0 && filled >= self.layer.least_share * whole * (1.0 - 1e-12);
        let mean = step.map_or(0, |step| (sum / filled / step).round() as i64);
        enough.then_some(Content { class, mean, cell: 0 })
    }

    /// Number of cells or blocks drawn.
    pub(super) fn drawn(&self, factor: usize) -> u64 {
        if factor == 1 {
            return self.filled;
        }
        let (columns, rows) = (self.grid.columns().div_ceil(factor), self.grid.rows().div_ceil(factor));
        let of_row = |row: usize| {
            let mut tally = Tally::new(&self.classes);
            (0..columns).filter(|&column| self.block(row, column, factor, &mut tally).is_some()).count()
                as u64
        };
        each(rows, of_row).into_iter().sum()
    }
}

/// For each cell the first one that has the same attributes; empty if there is no attribute.
fn alike(attributes: &Attributes<'_>, zoom: u8, cells: usize) -> Vec<u32> {
    if attributes.names.is_empty() {
        return Vec::new();
    }
    let mut first: HashMap<Vec<(usize, u64)>, u32> = HashMap::new();
    let key = |cell: usize| {
        attributes.of_row(cell, zoom).map(|(attribute, value)| (attribute, value.bits().1)).collect()
    };
    (0..cells).map(|cell| *first.entry(key(cell)).or_insert(cell as u32)).collect()
}
