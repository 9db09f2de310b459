//! Layers that share tiles.
use datagora_core::{Crs, Language};
use datagora_geo::Transform;
use datagora_geo::types::{Coord, Rect};
use serde_json::json;

use super::TileError;
use super::archive::TileArchive;
use super::grid_layer::GridLayer;
use super::layer::TileLayer;
use super::pyramid::{HALF, WORLD_BITS, degrees, rect_in, tile_ids_over, tile_of_id};
use super::ready::Ready;
use super::record::{LayerThinning, Metadata};
use super::zoom::{Choice, Zoom};

/// Vector tiles to build: layers, and what an archive says about itself.
///
/// # Size
///
/// No tile is larger than [`with_limit`](Self::with_limit) as it is sent, that is, compressed (tippecanoe counts so too). Where
/// one would be, features of its heaviest layer are left out by its [`Thinning`](crate::Thinning), in all tiles of that zoom by the same
/// rule, so that no edge of a tile shows on the map. What is left out at a zoom is left out at all lower ones. What may not
/// be left out ([`Thinning::Keep`](crate::Thinning::Keep), cells of grids) may exceed the limit; [`LayerThinning::largest_tile`] tells.
///
/// The same layers give the same bytes, for any number of threads.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::GeometryColumn;
/// use datagora_viz::{Thinning, TileLayer, TileSet};
///
/// let (x, y) = (0..1_000).map(|k| (4.8 + f64::from(k % 40) * 1e-4, 45.7 + f64::from(k / 40) * 1e-4)).unzip();
/// let trees = GeometryColumn::points(x, y, Crs::WGS84);
/// let set = TileSet::new("Arbres").with_layer(
///     TileLayer::new("trees", &trees).with_zooms(8..=14).with_thinning(Thinning::Cluster { cell: 256 }),
/// );
/// let archive = set.build()?;
/// let shown = archive.thinning();
/// assert_eq!((shown[0].zoom, shown[0].features, shown[0].drawn), (8, 1_000, 1));
/// assert_eq!((shown[6].zoom, shown[6].drawn), (14, 1_000));
/// assert!(archive.metadata_json().contains("point_count"));
/// # Ok::<(), datagora_viz::TileError>(())
/// ```
#[derive(Clone, Debug)]
pub struct TileSet<'a> {
    name: String,
    description: String,
    attribution: String,
    layers: Vec<Layer<'a>>,
    limit: usize,
    extent: u32,
}

#[derive(Clone, Debug)]
enum Layer<'a> {
    Features(TileLayer<'a>),
    Cells(GridLayer<'a>),
}

impl<'a> TileSet<'a> {
    /// No layer yet; tiles of 500 kB at most, of 4,096 units along each side.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            description: String::new(),
            attribution: String::new(),
            layers: Vec::new(),
            limit: 500_000,
            extent: 4096,
        }
    }

    /// With a sentence on what it shows.
    pub fn with_description(self, description: impl Into<String>) -> Self {
        Self { description: description.into(), ..self }
    }

    /// With the credits that the data oblige to.
    pub fn with_metadata(self, metadata: &datagora_core::Metadata, language: Language) -> Self {
        Self { attribution: metadata.attribution(language), ..self }
    }

    /// With these credits.
    pub fn with_attribution(self, attribution: impl Into<String>) -> Self {
        Self { attribution: attribution.into(), ..self }
    }

    /// With one more layer of features, above those before it.
    pub fn with_layer(mut self, layer: TileLayer<'a>) -> Self {
        self.layers.push(Layer::Features(layer));
        self
    }

    /// With one more layer of cells, above those before it.
    pub fn with_grid(mut self, layer: GridLayer<'a>) -> Self {
        self.layers.push(Layer::Cells(layer));
        self
    }

    /// Bytes of a tile at most, compressed; 500,000 by default.
    pub fn with_limit(self, bytes: usize) -> Self {
        Self { limit: bytes, ..self }
    }

    /// Units along each side of a tile: a power of two from 256 to 8,192; 4,096 by default.
    pub fn with_extent(self, extent: u32) -> Self {
        Self { extent, ..self }
    }

    /// Builds the tiles.
    ///
    /// # Errors
    ///
    /// [`TileError`] for layers of the same name, attributes of another length than their column, a CRS that cannot be
    /// reprojected, zooms that leave less than a unit of the world, options without meaning.
    pub fn build(&self) -> Result<TileArchive, TileError> {
        let ready = self.ready()?;
        let (lowest, highest) = self.zooms();
        let mut thinning = Vec::new();
        let mut zooms = Vec::new();
        let mut bounds = vec![u32::MAX; ready.len()];
        let mut weights: Vec<Option<f64>> = vec![None; ready.len()];
        for zoom in (lowest..=highest).rev() {
            let (tiles, said) = self.at(&ready, zoom).build(&mut bounds, &mut weights)?;
            thinning.splice(0..0, said);
            zooms.push(tiles);
        }
        let tiles = zooms.into_iter().rev().flatten().map(|tile| (tile.id, tile.bytes));
        Ok(TileArchive::from_tiles(
            tiles,
            degrees(self.mercator_bounds(&ready)),
            self.metadata(&ready, thinning),
        ))
    }

    /// Builds anew the tiles that meet a rectangle, and puts them in the place of those of an archive that was built from the
    /// same layers before an edit. Features are left out by the rule found when it was built; squares that stand for small polygons
    /// beyond the rectangle stay as they were.
    ///
    /// Gives the number of tiles built. The numbers of [`TileArchive::thinning`] stay those of the archive as it was built.
    ///
    /// # Errors
    ///
    /// As [`build`](Self::build); [`TileError::Reproject`] also for a rectangle that cannot be reprojected.
    ///
    /// # Example
    ///
    /// ```
    /// use datagora_core::Crs;
    /// use datagora_geo::types::{Rect, coord};
    /// use datagora_geo::{Band, Grid, Raster};
    /// use datagora_viz::{GridLayer, TileSet};
    ///
    /// let grid = Grid::new([1_842_000.0, 5_175_000.0], [5.0, 5.0], 400, 400, Crs::CC46)?;
    /// let mut scores = vec![1u8; 160_000];
    /// let before = Raster::new(grid.clone(), [Band::new(scores.clone())])?;
    /// scores[0] = 9;
    /// let after = Raster::new(grid, [Band::new(scores)])?;
    ///
    /// let mut archive = TileSet::new("Scores").with_grid(GridLayer::new("score", &before)).build()?;
    /// let edited = Rect::new(coord! { x: 1_842_000., y: 5_174_995. }, coord! { x: 1_842_005., y: 5_175_000. });
    /// let set = TileSet::new("Scores").with_grid(GridLayer::new("score", &after));
    /// assert!(set.update(&mut archive, edited, &Crs::CC46)? < 12);
    /// for tile in archive.tiles() {
    ///     assert_eq!(archive.tile(tile)?, set.build()?.tile(tile)?);
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn update(&self, archive: &mut TileArchive, edited: Rect, crs: &Crs) -> Result<usize, TileError> {
        let refused = |source| TileError::Reproject { layer: "edited rectangle".to_owned(), source };
        let transform = Transform::between(crs, &Crs::WEB_MERCATOR).map_err(refused)?;
        let edited = rect_in(edited, &transform).map_err(refused)?;
        let ready = self.ready()?;
        let (lowest, highest) = self.zooms();
        let mut changed = Vec::new();
        for zoom in lowest..=highest {
            let unit = 2.0 * HALF / f64::from(1u32 << zoom) / f64::from(self.extent);
            let margin = unit * ready.iter().map(|layer| layer.reach(zoom)).fold(0.0, f64::max);
            let around = Coord { x: margin, y: margin };
            let ids = tile_ids_over(zoom, Rect::new(edited.min() - around, edited.max() + around));
            let choice = |layer: &Ready<'_>| {
                let known =
                    archive.thinning().iter().find(|said| said.zoom == zoom && said.layer == layer.name());
                let most = layer.most(zoom, u32::MAX);
                known.map_or(most, |said| Choice {
                    admitted: u32::try_from(said.admitted).unwrap_or(u32::MAX),
                    smallest: most.smallest.max(said.smallest as f64),
                })
            };
            let choices: Vec<Choice> = ready.iter().map(choice).collect();
            let built = self.at(&ready, zoom).rebuild(&ids, &choices)?;
            changed.extend(built.into_iter().filter_map(|tile| {
                let place = tile_of_id(tile.id)?;
                Some((place, tile.bytes))
            }));
        }
        let count = changed.len();
        archive.replace_compressed(changed);
        archive.set_metadata(self.metadata(&ready, archive.thinning().to_vec()));
        Ok(count)
    }

    fn ready(&self) -> Result<Vec<Ready<'_>>, TileError> {
        if !(self.extent.is_power_of_two() && (256..=8192).contains(&self.extent)) {
            return Err(TileError::Extent { found: self.extent });
        }
        let bits = self.extent.ilog2();
        let mut ready: Vec<Ready<'_>> = Vec::new();
        for layer in &self.layers {
            let (name, zooms) = layer.name_and_zooms();
            if ready.iter().any(|other| other.name() == name) {
                return Err(TileError::Twice { name: name.to_owned() });
            }
            if zooms.is_empty() || u32::from(*zooms.end()) + bits > WORLD_BITS {
                return Err(TileError::Zooms {
                    layer: name.to_owned(),
                    lowest: *zooms.start(),
                    highest: *zooms.end(),
                    most: (WORLD_BITS - bits) as u8,
                });
            }
            ready.push(match layer {
                Layer::Features(layer) => Ready::features(layer, bits)?,
                Layer::Cells(layer) => Ready::cells(layer, bits)?,
            });
        }
        Ok(ready)
    }

    fn at<'b>(&self, ready: &'b [Ready<'b>], zoom: u8) -> Zoom<'b> {
        Zoom { ready, zoom, extent: self.extent, limit: self.limit }
    }

    fn zooms(&self) -> (u8, u8) {
        let zooms = || self.layers.iter().map(|layer| layer.name_and_zooms().1);
        let lowest = zooms().map(|zooms| *zooms.start()).min().unwrap_or(0);
        (lowest, zooms().map(|zooms| *zooms.end()).max().unwrap_or(0))
    }

    fn mercator_bounds(&self, ready: &[Ready<'_>]) -> Rect {
        let mut all: Option<Rect> = None;
        for found in ready.iter().filter_map(Ready::bounds) {
            all = Some(match all {
                None => found,
                Some(all) => {
                    let (min, max) = (all.min(), all.max());
                    Rect::new(
                        Coord { x: min.x.min(found.min().x), y: min.y.min(found.min().y) },
                        Coord { x: max.x.max(found.max().x), y: max.y.max(found.max().y) },
                    )
                }
            });
        }
        all.unwrap_or_else(|| Rect::new(Coord { x: -HALF, y: -HALF }, Coord { x: HALF, y: HALF }))
    }

    fn metadata(&self, ready: &[Ready<'_>], thinning: Vec<LayerThinning>) -> Metadata {
        let layers: Vec<_> = ready.iter().map(Ready::statistics).collect();
        let mut others = serde_json::Map::new();
        others.insert("type".to_owned(), json!("overlay"));
        others.insert("generator".to_owned(), json!(concat!("datagora-viz ", env!("CARGO_PKG_VERSION"))));
        Metadata {
            name: self.name.clone(),
            description: self.description.clone(),
            attribution: self.attribution.clone(),
            vector_layers: ready.iter().map(Ready::vector_layer).collect(),
            tilestats: Some(json!({ "layerCount": layers.len(), "layers": layers })),
            thinning,
            others,
        }
    }
}

impl Layer<'_> {
    fn name_and_zooms(&self) -> (&str, &std::ops::RangeInclusive<u8>) {
        match self {
            Self::Features(layer) => (&layer.name, &layer.zooms),
            Self::Cells(layer) => (&layer.name, &layer.zooms),
        }
    }
}
