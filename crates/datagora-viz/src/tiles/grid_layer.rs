//! A layer of the cells of a raster, put together at lower zooms.
use std::ops::RangeInclusive;

use datagora_geo::Raster;

use super::attribute::{Attribute, AttributeValues};

/// What stands for several cells where one is drawn in their place. Each cell counts by its area.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum CellAggregate {
    /// The value that covers most, of equal ones the least: for classes. It becomes the attribute `class`.
    Majority,
    /// The mean, rounded to a multiple of `step`: for measures. It becomes the attribute `mean`.
    Mean {
        /// To what the mean is rounded: coarse steps let neighbours be equal, and tiles be small.
        step: f64,
    },
    /// Both: attributes `class` and `mean`, for scores.
    MajorityAndMean {
        /// To what the mean is rounded.
        step: f64,
    },
}

/// Cells of a raster for tiles: a regular grid in any CRS, of any orientation to the tiles.
///
/// At the highest zoom each cell is drawn with its exact corners. At lower ones, 2 × 2, 4 × 4, … cells become one, so
/// that a cell drawn is never smaller than [`with_cell_size`](Self::with_cell_size); such a block is drawn if at least half of its
/// area has a value. Neighbours of equal values are merged: a tile has one feature per value. No gap opens between two
/// values, since all cells that meet in a corner have the same corner.
///
/// # Missing values
///
/// Cells without value are not drawn, and count in no mean.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::{Band, Grid, Raster};
/// use datagora_viz::{CellAggregate, GridLayer, TileSet};
///
/// let grid = Grid::new([1_842_000.0, 5_175_000.0], [5.0, 5.0], 200, 200, Crs::CC46)?;
/// let scores: Vec<u8> = (0..40_000).map(|cell| (cell / 4_000) as u8).collect();
/// let raster = Raster::new(grid, [Band::new(scores).with_no_data(0)])?;
/// let layer = GridLayer::new("plantability", &raster).with_zooms(10..=15);
/// let archive = TileSet::new("Plantabilité").with_grid(layer).build()?;
/// let shown = archive.thinning().iter().find(|shown| shown.zoom == 13).expect("13 is one of its zooms");
/// assert_eq!((shown.factor, shown.features), (4, 36_000));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct GridLayer<'a> {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) raster: &'a Raster,
    pub(super) band: usize,
    pub(super) aggregate: CellAggregate,
    pub(super) zooms: RangeInclusive<u8>,
    pub(super) cell_size: f64,
    pub(super) factors: Vec<usize>,
    pub(super) least_share: f64,
    pub(super) buffer: u32,
    pub(super) attributes: Vec<Attribute>,
}

impl<'a> GridLayer<'a> {
    /// The first band of a raster as classes, under the name by which a style refers to the layer; zooms 10 to 15.
    pub fn new(name: impl Into<String>, raster: &'a Raster) -> Self {
        Self {
            name: name.into(),
            description: String::new(),
            raster,
            band: 0,
            aggregate: CellAggregate::Majority,
            zooms: 10..=15,
            cell_size: 16.0,
            factors: (0..16).map(|bit| 1 << bit).collect(),
            least_share: 0.5,
            buffer: 16,
            attributes: Vec::new(),
        }
    }

    /// With a sentence on what the cells are.
    pub fn with_description(self, description: impl Into<String>) -> Self {
        Self { description: description.into(), ..self }
    }

    /// Of this band.
    pub fn with_band(self, band: usize) -> Self {
        Self { band, ..self }
    }

    /// What stands for several cells; [`CellAggregate::Majority`] by default.
    pub fn with_aggregate(self, aggregate: CellAggregate) -> Self {
        Self { aggregate, ..self }
    }

    /// In tiles of these zooms: the cells themselves at the highest, blocks of them below.
    pub fn with_zooms(self, zooms: RangeInclusive<u8>) -> Self {
        Self { zooms, ..self }
    }

    /// The least side of a cell drawn, in units of the tile; 16 by default, two pixels of a tile of 512 pixels.
    pub fn with_cell_size(self, units: f64) -> Self {
        Self { cell_size: units, ..self }
    }

    /// Cells along each side of the blocks to choose from, such as 1, 2, 4, 10, 20; powers of two by default.
    pub fn with_factors(self, factors: impl IntoIterator<Item = usize>) -> Self {
        Self { factors: factors.into_iter().collect(), ..self }
    }

    /// The least share of its area that has to have a value for a block to be drawn; 0.5 by default, which keeps the area
    /// drawn about the same.
    pub fn with_least_share(self, share: f64) -> Self {
        Self { least_share: share, ..self }
    }

    /// So many units around a tile belong to it as well; 16 by default.
    pub fn with_buffer(self, units: u32) -> Self {
        Self { buffer: units, ..self }
    }

    /// With one more attribute at the highest zoom, one value per cell of the grid, such as the code of an explanation. Cells
    /// are then merged only where it is the same: meant for smaller extents.
    pub fn with_attribute(mut self, name: impl Into<String>, values: impl Into<AttributeValues>) -> Self {
        self.attributes.push(Attribute { name: name.into(), values: values.into(), lowest: 0 });
        self
    }
}
