//! The cells of a grid layer, tile by tile.
use std::collections::HashMap;

use datagora_core::Crs;
use datagora_geo::types::{Coord, Rect};
use datagora_geo::{Band, Grid, Transform};
use serde_json::Value as Json;

use super::TileError;
use super::attribute::{Attributes, multiple, number_statistic};
use super::cores::each;
use super::grid_layer::{CellAggregate, GridLayer};
use super::mvt::{Kind, LayerWriter, Table, Value};
use super::outline::{Labels, outlines};
use super::pyramid::{HALF, rect_in};
use super::shapes::doubled_area;

/// Names of the attributes of cells.
const CLASS: &str = "class";
const MEAN: &str = "mean";
/// Number of a cell without class.
const NONE: u16 = u16::MAX;

/// A grid layer made ready for all zooms.
pub(super) struct Cells<'a> {
    pub(super) layer: &'a GridLayer<'a>,
    grid: &'a Grid,
    band: &'a Band,
    /// For each cell the number of its class, if classes are wanted.
    codes: Vec<u16>,
    classes: Vec<f64>,
    attributes: Attributes<'a>,
    /// For each cell the first one of the same attributes, if there are any.
    alike: Vec<u32>,
    /// Attributes of features: class and mean as wanted, then those of the cells.
    pub(super) names: Vec<String>,
    to_mercator: Transform,
    from_mercator: Transform,
    /// Weight of the cells of each row: their area, up to a factor.
    weights: Vec<f64>,
    /// Of all cells, in Web Mercator.
    pub(super) bounds: Rect,
    extent_bits: u32,
    /// Number of cells with a value.
    pub(super) filled: u64,
}

/// What the cells of a label have in common: number of the class, mean in steps, a cell with their attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Content {
    class: u16,
    mean: i64,
    cell: u32,
}

impl<'a> Cells<'a> {
    pub(super) fn new(layer: &'a GridLayer<'a>, extent_bits: u32) -> Result<Self, TileError> {
        let band = layer.raster.band(layer.band).ok_or_else(|| TileError::Band {
            layer: layer.name.clone(),
            band: layer.band,
            bands: layer.raster.bands().len(),
        })?;
        let grid = layer.raster.grid();
        let refused = |source| TileError::Reproject { layer: layer.name.clone(), source };
        let to_mercator = Transform::between(grid.crs(), &Crs::WEB_MERCATOR).map_err(refused)?;
        let from_mercator = Transform::between(&Crs::WEB_MERCATOR, grid.crs()).map_err(refused)?;
        let step = match layer.aggregate {
            CellAggregate::Majority => 1.0,
            CellAggregate::Mean { step } | CellAggregate::MajorityAndMean { step } => step,
        };
        let sound = step > 0.0 && step.is_finite() && layer.cell_size >= 1.0 && !layer.factors.contains(&0);
        if !sound || layer.factors.is_empty() {
            return Err(TileError::Cells { layer: layer.name.clone() });
        }
        let mut names = match layer.aggregate {
            CellAggregate::Majority => vec![CLASS.to_owned()],
            CellAggregate::Mean { .. } => vec![MEAN.to_owned()],
            CellAggregate::MajorityAndMean { .. } => vec![CLASS.to_owned(), MEAN.to_owned()],
        };
        let attributes = Attributes::new(&layer.name, &layer.attributes, grid.len())?;
        let highest = *layer.zooms.end();
        names.extend(attributes.names.iter().cloned());
        let alike = alike(&attributes, highest, grid.len());
        let weight = |row: usize| match grid.crs().is_geographic() {
            true => libm::cos(((grid.row_edge(row) + grid.row_edge(row + 1)) / 2.0).to_radians()),
            false => 1.0,
        };
        let weights = (0..grid.rows()).map(weight).collect();
        let bounds = rect_in(grid.bounds(), &to_mercator).map_err(refused)?;
        let classes_wanted = !matches!(layer.aggregate, CellAggregate::Mean { .. });
        let (codes, classes) = if classes_wanted { codes(layer, band)? } else { (Vec::new(), Vec::new()) };
        let filled = match classes_wanted {
            true => codes.iter().filter(|&&code| code != NONE).count(),
            false => band.len() - band.count_missing(),
        };
        let filled = filled as u64;
        Ok(Self {
            layer,
            grid,
            band,
            codes,
            classes,
            attributes,
            alike,
            names,
            to_mercator,
            from_mercator,
            weights,
            bounds,
            extent_bits,
            filled,
        })
    }

    pub(super) fn is_at(&self, zoom: u8) -> bool {
        self.layer.zooms.contains(&zoom)
    }

    /// Units of the tile in a metre of Web Mercator.
    fn units(&self, zoom: u8) -> f64 {
        f64::from(1u32 << self.extent_bits) * f64::from(1u32 << zoom) / (2.0 * HALF)
    }

    /// Side of a cell of the grid, in units of the tile; the lesser one.
    fn cell_size(&self, zoom: u8) -> f64 {
        let size = self.bounds.max() - self.bounds.min();
        (size.x / self.grid.columns() as f64).min(size.y / self.grid.rows() as f64) * self.units(zoom)
    }

    /// Side of a cell drawn, in units of the tile; with room for one that is not square.
    pub(super) fn block_size(&self, zoom: u8) -> f64 {
        let size = self.bounds.max() - self.bounds.min();
        let cell = (size.x / self.grid.columns() as f64).max(size.y / self.grid.rows() as f64);
        2.0 * cell * self.units(zoom) * self.factor(zoom) as f64
    }

    /// Cells along each side of a cell drawn at a zoom.
    pub(super) fn factor(&self, zoom: u8) -> usize {
        if zoom == *self.layer.zooms.end() {
            return 1;
        }
        let enough = |&&factor: &&usize| factor as f64 * self.cell_size(zoom) >= self.layer.cell_size;
        let most = self.layer.factors.iter().copied().max().unwrap_or(1);
        self.layer.factors.iter().filter(enough).copied().min().unwrap_or(most)
    }

    /// Writes the cells of a tile as features.
    pub(super) fn write(
        &self,
        zoom: u8,
        tile: (u32, u32),
        writer: &mut LayerWriter,
    ) -> Result<(), TileError> {
        let factor = self.factor(zoom);
        let Some(window) = self.window(zoom, tile, factor) else { return Ok(()) };
        let (labels, contents) = self.labels(&window, factor, zoom);
        let outlines = outlines(&labels);
        if outlines.is_empty() {
            return Ok(());
        }
        let points = self.corners(&outlines, &window, factor, zoom, tile)?;
        let mut at = 0;
        for same in outlines.chunk_by(|a, b| a.label == b.label) {
            let mut outer_there = false;
            for outline in same {
                let ring = &points[at..at + outline.corners.len()];
                at += outline.corners.len();
                let mut ring: Vec<[i32; 2]> = ring.to_vec();
                ring.dedup();
                while ring.len() > 1 && ring.first() == ring.last() {
                    ring.pop();
                }
                let area = doubled_area(&ring);
                // Cells smaller than a unit may be lost in rounding.
                let there = if outline.is_outer() { area > 0 } else { area < 0 && outer_there };
                if outline.is_outer() {
                    outer_there = there;
                }
                if there {
                    writer.steps().run(&ring, true);
                }
            }
            let content = contents[same[0].label as usize - 1];
            self.tags(content, factor, zoom, writer);
            writer.end(None, Kind::Polygon);
        }
        Ok(())
    }

    fn tags(&self, content: Content, factor: usize, zoom: u8, writer: &mut LayerWriter) {
        let mut number = 0;
        if content.class != NONE {
            writer.tag(number, Value::Number(self.classes[usize::from(content.class)]));
            number += 1;
        }
        if let CellAggregate::Mean { step } | CellAggregate::MajorityAndMean { step } = self.layer.aggregate {
            writer.tag(number, Value::Number(multiple(content.mean as f64, step)));
            number += 1;
        }
        if factor == 1 && zoom == *self.layer.zooms.end() {
            for (attribute, value) in self.attributes.of_row(content.cell as usize, zoom) {
                writer.tag(number + attribute, value);
            }
        }
    }

    /// Blocks that a tile with its buffer meets.
    fn window(&self, zoom: u8, tile: (u32, u32), factor: usize) -> Option<Blocks> {
        let unit = 1.0 / self.units(zoom);
        let side = f64::from(1u32 << self.extent_bits) * unit;
        let margin = f64::from(self.layer.buffer) * unit;
        let west = f64::from(tile.0) * side - HALF;
        let north = HALF - f64::from(tile.1) * side;
        let mut least = Coord { x: west - margin, y: north - side - margin };
        let mut most = Coord { x: west + side + margin, y: north + margin };
        // Outside of the grid the CRS may not be defined.
        let (min, max) = (self.bounds.min(), self.bounds.max());
        least = Coord { x: least.x.max(min.x), y: least.y.max(min.y) };
        most = Coord { x: most.x.min(max.x), y: most.y.min(max.y) };
        if least.x > most.x || least.y > most.y {
            return None;
        }
        let within = rect_in(Rect::new(least, most), &self.from_mercator).ok()?;
        let (columns, rows) = self.grid.cells_over(within)?;
        let block = |range: std::ops::Range<usize>, end: usize| {
            (range.start.saturating_sub(1) / factor)..(range.end + 1).min(end).div_ceil(factor)
        };
        Some(Blocks { columns: block(columns, self.grid.columns()), rows: block(rows, self.grid.rows()) })
    }

    /// Labels of the blocks of a window, and what they mean, from label 1 on.
    fn labels(&self, window: &Blocks, factor: usize, zoom: u8) -> (Labels, Vec<Content>) {
        let (columns, rows) = (window.columns.len(), window.rows.len());
        let mut found: Vec<Option<Content>> = Vec::with_capacity(columns * rows);
        if factor == 1 {
            let with_attributes = !self.alike.is_empty() && zoom == *self.layer.zooms.end();
            for row in window.rows.clone() {
                for column in window.columns.clone() {
                    found.push(self.content(row * self.grid.columns() + column, with_attributes));
                }
            }
        } else {
            let mut tally = Tally { shares: vec![0.0; self.classes.len()], used: Vec::new() };
            for row in window.rows.clone() {
                for column in window.columns.clone() {
                    found.push(self.block(row, column, factor, &mut tally));
                }
            }
        }
        // Labels in the order of what they mean.
        let mut numbers: Table<(u16, i64, u32), u32> = Table::default();
        let key = |content: Content| (content.class, content.mean, content.cell);
        let mut contents: Vec<Content> = Vec::new();
        let mut last: Option<(Content, u32)> = None;
        let mut labels = vec![0u32; found.len()];
        for (label, content) in labels.iter_mut().zip(found) {
            let Some(content) = content else { continue };
            let number = match last {
                Some((same, number)) if same == content => number,
                _ => *numbers.entry(key(content)).or_insert_with(|| {
                    contents.push(content);
                    contents.len() as u32
                }),
            };
            last = Some((content, number));
            *label = number;
        }
        let mut order: Vec<u32> = (0..contents.len() as u32).collect();
        order.sort_by_key(|&k| contents[k as usize]);
        let mut places = vec![0u32; contents.len() + 1];
        order.iter().enumerate().for_each(|(place, &k)| places[k as usize + 1] = place as u32 + 1);
        labels.iter_mut().for_each(|label| *label = places[*label as usize]);
        contents.sort();
        (Labels { columns, rows, labels }, contents)
    }

    fn step(&self) -> Option<f64> {
        match self.layer.aggregate {
            CellAggregate::Majority => None,
            CellAggregate::Mean { step } | CellAggregate::MajorityAndMean { step } => Some(step),
        }
    }

    fn content(&self, cell: usize, with_attributes: bool) -> Option<Content> {
        let class = match self.codes.get(cell) {
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
    fn block(&self, row: usize, column: usize, factor: usize, tally: &mut Tally) -> Option<Content> {
        let rows = row * factor..((row + 1) * factor).min(self.grid.rows());
        let columns = column * factor..((column + 1) * factor).min(self.grid.columns());
        let (mut whole, mut filled, mut sum) = (0.0, 0.0, 0.0);
        let step = self.step();
        for row in rows {
            let weight = self.weights[row];
            whole += weight * columns.len() as f64;
            let first = row * self.grid.columns();
            let cells = first + columns.start..first + columns.end;
            if !self.codes.is_empty() {
                for &code in self.codes[cells.clone()].iter().filter(|&&code| code != NONE) {
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
        let class = match self.codes.is_empty() {
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

    /// The corners of outlines in units of a tile.
    fn corners(
        &self,
        outlines: &[super::outline::Outline],
        window: &Blocks,
        factor: usize,
        zoom: u8,
        tile: (u32, u32),
    ) -> Result<Vec<[i32; 2]>, TileError> {
        let across = window.columns.len() + 1;
        let edge = |block: usize, end: usize| (block * factor).min(end);
        let place = |corner: u32| {
            let (column, row) = (corner as usize % across, corner as usize / across);
            let x = self.grid.column_edge(edge(window.columns.start + column, self.grid.columns()));
            let y = self.grid.row_edge(edge(window.rows.start + row, self.grid.rows()));
            (x, y)
        };
        let corners = outlines.iter().flat_map(|outline| &outline.corners);
        let (mut x, mut y): (Vec<f64>, Vec<f64>) = corners.map(|&corner| place(corner)).unzip();
        let refused = |source| TileError::Reproject { layer: self.layer.name.clone(), source };
        self.to_mercator.convert_in_place(&mut x, &mut y).map_err(refused)?;
        let units = self.units(zoom);
        let (west, north) = (tile.0 << self.extent_bits, tile.1 << self.extent_bits);
        let point = |(x, y): (&f64, &f64)| {
            let [x, y] = [(x + HALF) * units, (HALF - y) * units].map(|at| at.round() as i64);
            [(x - i64::from(west)) as i32, (y - i64::from(north)) as i32]
        };
        Ok(x.iter().zip(&y).map(point).collect())
    }

    /// Number of cells or blocks drawn.
    pub(super) fn drawn(&self, factor: usize) -> u64 {
        if factor == 1 {
            return self.filled;
        }
        let (columns, rows) = (self.grid.columns().div_ceil(factor), self.grid.rows().div_ceil(factor));
        let of_row = |row: usize| {
            let mut tally = Tally { shares: vec![0.0; self.classes.len()], used: Vec::new() };
            (0..columns).filter(|&column| self.block(row, column, factor, &mut tally).is_some()).count()
                as u64
        };
        each(rows, of_row).into_iter().sum()
    }

    /// Each attribute as in the tilestats of Mapbox.
    pub(super) fn statistics(&self) -> Vec<Json> {
        let mut found = Vec::new();
        if !self.codes.is_empty() {
            found.push(number_statistic(CLASS, self.classes.iter().copied()));
        }
        if let Some(step) = self.step() {
            let rounded = self.band.values().flatten().map(|value| multiple((value / step).round(), step));
            found.push(number_statistic(MEAN, rounded));
        }
        found.extend(self.attributes.statistics());
        found
    }

    /// Types as in TileJSON.
    pub(super) fn fields(&self) -> std::collections::BTreeMap<String, String> {
        let mut fields = self.attributes.fields();
        let own = &self.names[..self.names.len() - self.attributes.names.len()];
        fields.extend(own.iter().map(|name| (name.clone(), "Number".to_owned())));
        fields
    }
}

/// Blocks of cells.
struct Blocks {
    columns: std::ops::Range<usize>,
    rows: std::ops::Range<usize>,
}

/// Area by class.
struct Tally {
    shares: Vec<f64>,
    used: Vec<u16>,
}

impl Tally {
    fn add(&mut self, class: u16, weight: f64) {
        let share = &mut self.shares[usize::from(class)];
        if *share == 0.0 {
            self.used.push(class);
        }
        *share += weight;
    }

    /// The class of the largest area, the first of equal ones, and the area of all.
    fn take(&mut self) -> (u16, f64) {
        let (mut best, mut most, mut all) = (NONE, 0.0, 0.0);
        for class in self.used.drain(..) {
            let share = std::mem::take(&mut self.shares[usize::from(class)]);
            all += share;
            if share > most || (share == most && class < best) {
                (best, most) = (class, share);
            }
        }
        (best, all)
    }
}

/// Numbers of the classes of cells, and the classes in ascending order.
fn codes(layer: &GridLayer<'_>, band: &Band) -> Result<(Vec<u16>, Vec<f64>), TileError> {
    let mut seen: Table<u64, u16> = Table::default();
    let mut last = (f64::NAN, NONE);
    let mut codes = Vec::with_capacity(band.len());
    for value in band.values() {
        let Some(value) = value else {
            codes.push(NONE);
            continue;
        };
        if value != last.0 {
            let next = seen.len() as u16;
            let code = *seen.entry((value + 0.0).to_bits()).or_insert(next);
            if seen.len() >= usize::from(NONE) {
                return Err(TileError::Classes { layer: layer.name.clone(), most: usize::from(NONE) - 1 });
            }
            last = (value, code);
        }
        codes.push(last.1);
    }
    let mut order: Vec<(f64, u16)> =
        seen.into_iter().map(|(bits, code)| (f64::from_bits(bits), code)).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut places = vec![0u16; order.len()];
    order.iter().enumerate().for_each(|(place, &(_, code))| places[usize::from(code)] = place as u16);
    codes.iter_mut().filter(|code| **code != NONE).for_each(|code| *code = places[usize::from(*code)]);
    Ok((codes, order.into_iter().map(|(value, _)| value).collect()))
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
