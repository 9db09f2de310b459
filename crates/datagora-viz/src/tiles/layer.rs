//! A layer of features, and what happens to them where there are too many.
use std::ops::RangeInclusive;

use datagora_geo::GeometryColumn;

use super::attribute::{Attribute, AttributeValues};

/// What is done where a tile would be too heavy or its features too near each other.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Thinning {
    /// All features are drawn, however heavy the tiles become.
    Keep,
    /// Features are left out where they are densest, evenly over the map: in each cell of a quadtree one stays longer than
    /// the others, that of the highest [priority](TileLayer::with_priority). Before polygons are left out, more of them are
    /// gathered to squares of the same area ([`TileLayer::with_smallest`]), up to 8 pixels wide, so that no hole opens.
    #[default]
    Even,
    /// Features of the lowest [priority](TileLayer::with_priority) are left out first, wherever they are.
    Priority,
    /// Points within a square of this many units of the tile become one point at their mean place, below the highest zoom.
    /// It has the attribute `point_count`, the mean of each attribute of numbers, and of others what all its points have
    /// in common.
    Cluster {
        /// Side of the square; a tile has 4,096 units.
        cell: u32,
    },
    /// Polygons of equal attributes are merged with the neighbours they share whole edges with, in each tile below the
    /// highest zoom, and lose their ids; where that is not enough, they are left out evenly.
    Coalesce,
}

/// Features for tiles: geometries of one column with the attributes that matter.
///
/// # What happens to a geometry
///
/// It is reprojected to Web Mercator and rounded to a world of 2³⁰ units. At each zoom, vertices go whose triangle with
/// their neighbours is small (Visvalingam and Whyatt 1993); where two polygons share a border they lose the same vertices,
/// so that no gap opens. What remains is rounded to the units of the tile and clipped to the tile with its buffer. Rings that
/// cross or touch themselves then fall apart into rings that do not, with the same area within rounding. Rings without area
/// and lines without length vanish; polygons smaller than [`with_smallest`](Self::with_smallest) are drawn as
/// squares that have their area together. Each of these is counted: [`TileArchive::thinning`](crate::TileArchive::thinning).
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::GeometryColumn;
/// use datagora_viz::{Thinning, TileLayer};
///
/// let trees = GeometryColumn::points(vec![1_842_700.0, 1_842_800.0], vec![5_174_900.0, 5_175_000.0], Crs::CC46);
/// let layer = TileLayer::new("trees", &trees)
///     .with_zooms(10..=15)
///     .with_attribute("height", vec![12.0, f64::NAN])
///     .with_attribute("genus", vec!["Platanus", "Tilia"])
///     .with_thinning(Thinning::Priority)
///     .with_priority(vec![12.0, 4.0]);
/// ```
#[derive(Clone, Debug)]
pub struct TileLayer<'a> {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) column: &'a GeometryColumn,
    pub(super) attributes: Vec<Attribute>,
    pub(super) zooms: RangeInclusive<u8>,
    pub(super) thinning: Thinning,
    pub(super) priority: Option<Vec<f64>>,
    pub(super) spacing: u32,
    pub(super) drop_rate: f64,
    pub(super) buffer: u32,
    pub(super) tolerance: f64,
    pub(super) smallest: f64,
    /// The zoom from which features have ids.
    pub(super) ids: Option<u8>,
}

impl<'a> TileLayer<'a> {
    /// Geometries under the name by which a style refers to the layer; zooms 6 to 14.
    pub fn new(name: impl Into<String>, column: &'a GeometryColumn) -> Self {
        Self {
            name: name.into(),
            description: String::new(),
            column,
            attributes: Vec::new(),
            zooms: 6..=14,
            thinning: Thinning::default(),
            priority: None,
            spacing: 8,
            drop_rate: 1.0,
            buffer: 64,
            tolerance: 4.0,
            smallest: 16.0,
            ids: None,
        }
    }

    /// With a sentence on what the features are.
    pub fn with_description(self, description: impl Into<String>) -> Self {
        Self { description: description.into(), ..self }
    }

    /// With one more attribute, one value per row.
    pub fn with_attribute(mut self, name: impl Into<String>, values: impl Into<AttributeValues>) -> Self {
        self.attributes.push(Attribute { name: name.into(), values: values.into(), lowest: 0 });
        self
    }

    /// With one more attribute that features have from a zoom on: what no map colours by, but a card tells of a feature that
    /// is large enough to be asked. Below that zoom [`Thinning::Coalesce`] does not mind it.
    pub fn with_attribute_from(
        mut self,
        zoom: u8,
        name: impl Into<String>,
        values: impl Into<AttributeValues>,
    ) -> Self {
        self.attributes.push(Attribute { name: name.into(), values: values.into(), lowest: zoom });
        self
    }

    /// In tiles of these zooms. Maps show the highest one magnified beyond it.
    pub fn with_zooms(self, zooms: RangeInclusive<u8>) -> Self {
        Self { zooms, ..self }
    }

    /// What is done where there are too many features; [`Thinning::Even`] by default.
    pub fn with_thinning(self, thinning: Thinning) -> Self {
        Self { thinning, ..self }
    }

    /// Which features to keep rather than others: those of the highest numbers, one per row. A missing one (NaN) comes
    /// last. Without it, chance decides by the number of the row.
    pub fn with_priority(self, priority: Vec<f64>) -> Self {
        Self { priority: Some(priority), ..self }
    }

    /// Below the highest zoom and with [`Thinning::Even`], at most one point per square of so many units of the tile; 8 by
    /// default, about a pixel of a tile of 512 pixels. 0 keeps all.
    pub fn with_spacing(self, units: u32) -> Self {
        Self { spacing: units, ..self }
    }

    /// Below the highest zoom, with [`Thinning::Even`] or [`Thinning::Priority`], each zoom admits one feature in so many of the
    /// zoom above it: the `--drop-rate` of tippecanoe, which is 2.5 there by default. 1 or less leaves nothing out for this reason, as
    /// by default.
    ///
    /// At 2.5, a million points with two attributes take 19 MB rather than 38 (zooms 6 to 14), and two zooms below the highest a reader
    /// sees a sixth of them. The archive says how many each zoom shows
    /// ([`TileArchive::thinning`](crate::TileArchive::thinning)), and so does the legend of a `WebMap`.
    ///
    /// ```
    /// use datagora_core::Crs;
    /// use datagora_geo::GeometryColumn;
    /// use datagora_viz::{TileLayer, TileSet};
    ///
    /// let place = |k: usize| (1_842_000.0 + 300.0 * (k % 10) as f64, 5_174_000.0 + 300.0 * (k / 10) as f64);
    /// let (x, y) = (0..100).map(place).unzip();
    /// let trees = GeometryColumn::points(x, y, Crs::CC46);
    /// let layer = TileLayer::new("trees", &trees).with_zooms(13..=14).with_drop_rate(2.5);
    /// let archive = TileSet::new("trees").with_layer(layer).build()?;
    /// assert_eq!(archive.thinning()[0].drawn, 40);
    /// # Ok::<(), datagora_viz::TileError>(())
    /// ```
    ///
    /// # References
    ///
    /// tippecanoe 2, options `-r` and `--drop-rate`.
    pub fn with_drop_rate(self, rate: f64) -> Self {
        Self { drop_rate: rate, ..self }
    }

    /// So many units around a tile belong to it as well; 64 by default. Symbols and outlines must not be wider.
    pub fn with_buffer(self, units: u32) -> Self {
        Self { buffer: units, ..self }
    }

    /// Vertices go whose triangle is smaller than that of a square of so many units; 4 by default, half a pixel. 0 keeps
    /// all that rounding keeps.
    pub fn with_tolerance(self, units: f64) -> Self {
        Self { tolerance: units, ..self }
    }

    /// Polygons of less area, in square units of the tile, are gathered to squares of that area; 16 by default, a quarter
    /// of a square pixel. 0 draws each as it is, and lets [`Thinning::Even`] leave polygons out rather than gather more.
    pub fn with_smallest(self, area: f64) -> Self {
        Self { smallest: area, ..self }
    }

    /// With the number of its row as id of each feature, from 0, for the feature state of MapLibre.
    pub fn with_row_ids(self) -> Self {
        self.with_row_ids_from(0)
    }

    /// With the number of its row as id of each feature from a zoom on: ids of many features are a quarter of a tile.
    pub fn with_row_ids_from(self, zoom: u8) -> Self {
        Self { ids: Some(zoom), ..self }
    }
}
