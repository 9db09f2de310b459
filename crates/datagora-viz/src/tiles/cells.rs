//! The cells of a grid layer, tile by tile.
use datagora_core::Crs;
use datagora_geo::types::{Coord, Rect};
use datagora_geo::{Grid, Transform};
use serde_json::Value as Json;

use super::TileError;
use super::attribute::{Attributes, multiple, number_statistic};
use super::classes::{NONE, Tally};
use super::contents::{Content, Contents};
use super::grid_layer::{CellAggregate, GridLayer};
use super::mvt::{Kind, LayerWriter, Table, Value};
use super::outline::{Labels, outlines};
use super::pyramid::{HALF, rect_in};
use super::shapes::doubled_area;

/// Names of the attributes of cells.
const CLASS: &str = "class";
const MEAN: &str = "mean";

/// A grid layer made ready for all zooms.
pub(super) struct Cells<'a> {
    pub(super) layer: &'a GridLayer<'a>,
    grid: &'a Grid,
    pub(super) contents: Contents<'a>,
    attributes: Attributes<'a>,
    /// Attributes of features: class and mean as wanted, then those of the cells.
    pub(super) names: Vec<String>,
    to_mercator: Transform,
    from_mercator: Transform,
    /// Of all cells, in Web Mercator.
    pub(super) bounds: Rect,
    extent_bits: u32,
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
        names.extend(attributes.names.iter().cloned());
        let contents = Contents::new(layer, band, &attributes)?;
        let bounds = rect_in(grid.bounds(), &to_mercator).map_err(refused)?;
        Ok(Self { layer, grid, contents, attributes, names, to_mercator, from_mercator, bounds, extent_bits })
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
            writer.tag(number, Value::Number(self.contents.classes.values[usize::from(content.class)]));
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
            let with_attributes = self.contents.has_attributes() && zoom == *self.layer.zooms.end();
            for row in window.rows.clone() {
                for column in window.columns.clone() {
                    found.push(self.contents.cell(row * self.grid.columns() + column, with_attributes));
                }
            }
        } else {
            let mut tally = Tally::new(&self.contents.classes);
            for row in window.rows.clone() {
                for column in window.columns.clone() {
                    found.push(self.contents.block(row, column, factor, &mut tally));
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

    /// Each attribute as in the tilestats of Mapbox.
    pub(super) fn statistics(&self) -> Vec<Json> {
        let mut found = Vec::new();
        let classes = &self.contents.classes;
        if !classes.codes.is_empty() {
            found.push(number_statistic(CLASS, classes.values.iter().copied()));
        }
        if let Some(step) = self.contents.step() {
            let rounded = self.contents.values().map(|value| multiple((value / step).round(), step));
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
