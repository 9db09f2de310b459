//! Layers that share tiles.
use datagora_core::{Crs, Language};
use datagora_geo::types::{Coord, Rect};
use datagora_geo::{Transform, WebTile};
use serde_json::json;

use super::TileError;
use super::archive::{TileArchive, gzip};
use super::cells::{Cells, rect_in};
use super::cores::each;
use super::features::{self, names};
use super::grid_layer::GridLayer;
use super::layer::{Thinning, TileLayer};
use super::mvt::{Kind, LayerWriter};
use super::prepared::Prepared;
use super::pyramid::{HALF, WORLD_BITS, tile_id, tile_of_id};
use super::record::{LayerThinning, Metadata, VectorLayer};
use super::view::View;

/// Vector tiles to build: layers, and what an archive says about itself.
///
/// # Size
///
/// No tile is larger than [`with_limit`](Self::with_limit) as it is sent, that is, compressed (tippecanoe counts so too). Where
/// one would be, features of its heaviest layer are left out by its [`Thinning`], in all tiles of that zoom by the same
/// rule, so that no edge of a tile shows on the map. What is left out at a zoom is left out at all lower ones. What may not
/// be left out ([`Thinning::Keep`], cells of grids) may exceed the limit; [`LayerThinning::largest_tile`] tells.
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

/// A layer made ready.
enum Ready<'a> {
    Features(Box<Prepared<'a>>, Vec<String>),
    Cells(Box<Cells<'a>>),
}

/// A tile as it is kept.
struct Encoded {
    id: u64,
    bytes: Vec<u8>,
    layers: Vec<Share>,
}

/// What a layer has in a tile.
#[derive(Default)]
struct Share {
    /// Before compression.
    bytes: usize,
    features: usize,
    /// Features that stand for several.
    merged: u64,
}

/// How often the tiles of a zoom are built anew until they are within the limit.
const ATTEMPTS: usize = 16;
/// What a tile is aimed at where the limit is exceeded: compression is not proportional.
const AIM: f64 = 0.95;

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
            let (tiles, said) = self.zoom(&ready, zoom, &mut bounds, &mut weights)?;
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
    /// same layers before an edit. Features are left out by the rule found when it was built.
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
            let admitted: Vec<u32> = ready
                .iter()
                .map(|layer| {
                    let known = archive
                        .thinning()
                        .iter()
                        .find(|said| said.zoom == zoom && said.layer == layer.name());
                    known.map_or(u32::MAX, |said| u32::try_from(said.admitted).unwrap_or(u32::MAX))
                })
                .collect();
            let views = views(&ready, zoom, &admitted);
            let built = self.encode(&ready, &views, zoom, &ids, &admitted)?;
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
                Layer::Features(layer) => {
                    let prepared = Prepared::new(layer, bits)?;
                    let names = names(&prepared);
                    Ready::Features(Box::new(prepared), names)
                }
                Layer::Cells(layer) => Ready::Cells(Box::new(Cells::new(layer, bits)?)),
            });
        }
        Ok(ready)
    }

    fn zooms(&self) -> (u8, u8) {
        let zooms = || self.layers.iter().map(|layer| layer.name_and_zooms().1);
        let lowest = zooms().map(|zooms| *zooms.start()).min().unwrap_or(0);
        (lowest, zooms().map(|zooms| *zooms.end()).max().unwrap_or(0))
    }

    /// Tiles of a zoom, and what is left out. `bounds` are the features admitted at the zoom above, `weights` the bytes of
    /// a feature of each layer.
    fn zoom(
        &self,
        ready: &[Ready<'_>],
        zoom: u8,
        bounds: &mut [u32],
        weights: &mut [Option<f64>],
    ) -> Result<(Vec<Encoded>, Vec<LayerThinning>), TileError> {
        let spaced: Vec<u32> =
            ready.iter().zip(&*bounds).map(|(layer, &bound)| layer.admitted(zoom).min(bound)).collect();
        let foresee = |weights: &[Option<f64>]| -> Vec<u32> {
            let each = ready.iter().zip(weights).zip(&spaced);
            each.map(|((layer, weight), &bound)| layer.foreseen(zoom, bound, *weight, self.limit)).collect()
        };
        let mut admitted = foresee(weights);
        let mut views_of = views(ready, zoom, &admitted);
        let mut ids = self.ids(ready, &views_of, zoom);
        let mut tiles = self.encode(ready, &views_of, zoom, &ids, &admitted)?;
        let mut raised = false;
        for _ in 0..ATTEMPTS {
            let largest = tiles.iter().map(|tile| tile.bytes.len()).max().unwrap_or(0);
            let foreseen_too_low = !raised && (largest as f64) < 0.8 * self.limit as f64;
            if foreseen_too_low && admitted.iter().zip(&spaced).any(|(admitted, bound)| admitted < bound) {
                // Once, with what features weigh at this zoom.
                raised = true;
                weigh(&tiles, weights);
                admitted = foresee(weights);
                views_of = views(ready, zoom, &admitted);
                ids = self.ids(ready, &views_of, zoom);
                tiles = self.encode(ready, &views_of, zoom, &ids, &admitted)?;
                continue;
            }
            if largest <= self.limit {
                break;
            }
            let before = admitted.clone();
            for tile in tiles.iter().filter(|tile| tile.bytes.len() > self.limit) {
                self.lighten(ready, &views_of, tile, &before, &mut admitted);
            }
            if admitted == before {
                break;
            }
            // Tiles that lose nothing stay as they are.
            let loses = |id: u64| {
                views_of.iter().enumerate().any(|(number, view)| {
                    let features = view.as_ref().map_or(&[][..], |view| of_tile(view, id));
                    let rank = |feature: u32| view.as_ref().map_or(0, |view| view.rank[feature as usize]);
                    features
                        .iter()
                        .any(|&(_, feature)| (admitted[number]..before[number]).contains(&rank(feature)))
                })
            };
            let again: Vec<u64> = tiles.iter().map(|tile| tile.id).filter(|&id| loses(id)).collect();
            let mut new = self.encode(ready, &views_of, zoom, &again, &admitted)?.into_iter();
            for tile in &mut tiles {
                if again.binary_search(&tile.id).is_ok()
                    && let Some(new) = new.next()
                {
                    *tile = new;
                }
            }
        }
        weigh(&tiles, weights);
        tiles.retain(|tile| !tile.bytes.is_empty());
        let said = said(ready, &views_of, zoom, &admitted, &tiles);
        for ((bound, &admitted), view) in bounds.iter_mut().zip(&admitted).zip(&views_of) {
            if view.as_ref().is_some_and(|view| view.clusters.is_none()) {
                *bound = admitted;
            }
        }
        Ok((tiles, said))
    }

    /// Admits fewer features of the heaviest layer of a tile.
    fn lighten(
        &self,
        ready: &[Ready<'_>],
        views: &[Option<View>],
        tile: &Encoded,
        before: &[u32],
        admitted: &mut [u32],
    ) {
        let raw: usize = tile.layers.iter().map(|layer| layer.bytes).sum();
        let droppable = |number: &usize| ready[*number].may_drop() && views[*number].is_some();
        let heaviest =
            (0..ready.len()).filter(droppable).max_by_key(|&number| (tile.layers[number].bytes, number));
        let Some(number) = heaviest else { return };
        let Some(view) = &views[number] else { return };
        let share = tile.layers[number].bytes as f64 / raw.max(1) as f64;
        let (size, aim) = (tile.bytes.len() as f64, AIM * self.limit as f64);
        let keep = (1.0 - (size - aim) / (size * share).max(1.0)).max(0.1);
        let ranks = of_tile(view, tile.id).iter().map(|&(_, feature)| view.rank[feature as usize]);
        let mut ranks: Vec<u32> = ranks.filter(|&rank| rank < before[number]).collect();
        if ranks.len() < 2 {
            return;
        }
        let at = ((ranks.len() as f64 * keep) as usize).min(ranks.len() - 1);
        let (_, &mut rank, _) = ranks.select_nth_unstable(at);
        admitted[number] = admitted[number].min(rank);
    }

    fn ids(&self, ready: &[Ready<'_>], views: &[Option<View>], zoom: u8) -> Vec<u64> {
        let mut ids: Vec<u64> = Vec::new();
        for view in views.iter().flatten() {
            ids.extend(view.pairs.chunk_by(|a, b| a.0 == b.0).map(|same| same[0].0));
        }
        for layer in ready {
            if let Ready::Cells(cells) = layer
                && cells.is_at(zoom)
            {
                ids.extend(tile_ids_over(zoom, cells.bounds));
            }
        }
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// The tiles of some numbers; one without features has no bytes.
    fn encode(
        &self,
        ready: &[Ready<'_>],
        views: &[Option<View>],
        zoom: u8,
        ids: &[u64],
        admitted: &[u32],
    ) -> Result<Vec<Encoded>, TileError> {
        let tiles = each(ids.len(), |k| {
            let id = ids[k];
            let place = tile_of_id(id).map_or((0, 0), WebTile::place);
            let mut bytes = Vec::new();
            let mut layers = Vec::with_capacity(ready.len());
            for (number, layer) in ready.iter().enumerate() {
                let mut share = Share::default();
                let before = bytes.len();
                share.features = match (layer, &views[number]) {
                    (Ready::Features(prepared, names), Some(view)) => {
                        let mut writer = LayerWriter::new(names.len());
                        let features = of_tile(view, id);
                        share.merged =
                            features::write(prepared, view, features, admitted[number], place, &mut writer);
                        writer.finish(&prepared.layer.name, self.extent, names, &mut bytes)
                    }
                    (Ready::Cells(cells), _) if cells.is_at(zoom) => {
                        let mut writer = LayerWriter::new(cells.names.len());
                        cells.write(zoom, place, &mut writer)?;
                        writer.finish(&cells.layer.name, self.extent, &cells.names, &mut bytes)
                    }
                    _ => 0,
                };
                share.bytes = bytes.len() - before;
                layers.push(share);
            }
            let bytes = if bytes.is_empty() { bytes } else { gzip(&bytes) };
            Ok(Encoded { id, bytes, layers })
        });
        tiles.into_iter().collect()
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

impl Ready<'_> {
    fn name(&self) -> &str {
        match self {
            Self::Features(prepared, _) => &prepared.layer.name,
            Self::Cells(cells) => &cells.layer.name,
        }
    }

    /// How far an edit is seen beyond its rectangle, in units of a tile.
    fn reach(&self, zoom: u8) -> f64 {
        let rounding = 2.0;
        rounding
            + match self {
                Self::Features(prepared, _) => f64::from(prepared.layer.buffer),
                Self::Cells(cells) => f64::from(cells.layer.buffer) + cells.block_size(zoom),
            }
    }

    fn may_drop(&self) -> bool {
        matches!(self, Self::Features(prepared, _) if prepared.may_drop())
    }

    fn admitted(&self, zoom: u8) -> u32 {
        match self {
            Self::Features(prepared, _) => prepared.admitted(zoom),
            Self::Cells(_) => u32::MAX,
        }
    }

    /// How many features to try, if each has the weight of one at the zoom above.
    fn foreseen(&self, zoom: u8, bound: u32, weight: Option<f64>, limit: usize) -> u32 {
        match (self, weight) {
            (Self::Features(prepared, _), Some(weight)) if prepared.is_at(zoom) && prepared.may_drop() => {
                prepared.foreseen(zoom, bound, limit as f64 / weight)
            }
            _ => bound,
        }
    }

    fn bounds(&self) -> Option<Rect> {
        match self {
            Self::Features(prepared, _) => prepared.mercator_bounds(),
            Self::Cells(cells) => Some(cells.bounds),
        }
    }

    fn vector_layer(&self) -> VectorLayer {
        let (description, zooms, fields) = match self {
            Self::Features(prepared, _) => {
                let mut fields = prepared.attributes.fields();
                if matches!(prepared.layer.thinning, Thinning::Cluster { .. }) {
                    fields.insert(super::cluster::POINT_COUNT.to_owned(), "Number".to_owned());
                }
                (&prepared.layer.description, &prepared.layer.zooms, fields)
            }
            Self::Cells(cells) => (&cells.layer.description, &cells.layer.zooms, cells.fields()),
        };
        VectorLayer {
            id: self.name().to_owned(),
            description: description.clone(),
            minzoom: *zooms.start(),
            maxzoom: *zooms.end(),
            fields,
        }
    }

    /// As in the tilestats of Mapbox.
    fn statistics(&self) -> serde_json::Value {
        let (count, geometry, attributes) = match self {
            Self::Features(prepared, _) => {
                let kind = match prepared.shapes.shapes.first().map(|shape| shape.kind) {
                    Some(Kind::Line) => "LineString",
                    Some(Kind::Polygon) => "Polygon",
                    _ => "Point",
                };
                (prepared.shapes.shapes.len() as u64, kind, prepared.attributes.statistics())
            }
            Self::Cells(cells) => (cells.filled, "Polygon", cells.statistics()),
        };
        json!({
            "layer": self.name(), "count": count, "geometry": geometry,
            "attributeCount": attributes.len(), "attributes": attributes,
        })
    }
}

fn views(ready: &[Ready<'_>], zoom: u8, admitted: &[u32]) -> Vec<Option<View>> {
    let each = ready.iter().zip(admitted);
    each.map(|(layer, &admitted)| match layer {
        Ready::Features(prepared, _) if prepared.is_at(zoom) => Some(View::new(prepared, zoom, admitted)),
        _ => None,
    })
    .collect()
}

/// The features of a tile.
fn of_tile(view: &View, id: u64) -> &[(u64, u32)] {
    let start = view.pairs.partition_point(|pair| pair.0 < id);
    let end = start + view.pairs[start..].partition_point(|pair| pair.0 == id);
    &view.pairs[start..end]
}

/// Bytes of a feature of each layer, compressed.
fn weigh(tiles: &[Encoded], weights: &mut [Option<f64>]) {
    for (number, weight) in weights.iter_mut().enumerate() {
        let (mut bytes, mut count) = (0.0, 0);
        for tile in tiles {
            let raw: usize = tile.layers.iter().map(|layer| layer.bytes).sum();
            bytes += tile.bytes.len() as f64 * tile.layers[number].bytes as f64 / raw.max(1) as f64;
            count += tile.layers[number].features;
        }
        if count > 0 {
            *weight = Some(bytes / count as f64);
        }
    }
}

fn said(
    ready: &[Ready<'_>],
    views: &[Option<View>],
    zoom: u8,
    admitted: &[u32],
    tiles: &[Encoded],
) -> Vec<LayerThinning> {
    let mut said = Vec::new();
    for (number, layer) in ready.iter().enumerate() {
        let largest =
            tiles.iter().filter(|tile| tile.layers[number].features > 0).map(|tile| tile.bytes.len()).max();
        let mut found = LayerThinning {
            layer: layer.name().to_owned(),
            zoom,
            largest_tile: largest.unwrap_or(0) as u64,
            admitted: admitted[number].into(),
            ..LayerThinning::default()
        };
        match (layer, &views[number]) {
            (Ready::Features(prepared, _), Some(view)) => {
                found.features = prepared.shapes.shapes.len() as u64;
                found.drawn = view.rank.iter().filter(|&&rank| rank < admitted[number]).count() as u64;
                (found.gathered, found.vanished) = (view.gathered, view.vanished);
                found.merged = view.merged + tiles.iter().map(|tile| tile.layers[number].merged).sum::<u64>();
                if view.clusters.is_none() {
                    found.dropped = found.features - found.drawn - found.gathered - found.vanished;
                } else {
                    found.dropped = view.rank.len() as u64 - found.drawn;
                }
            }
            (Ready::Cells(cells), _) if cells.is_at(zoom) => {
                found.features = cells.filled;
                found.factor = cells.factor(zoom) as u64;
                found.drawn = cells.drawn(found.factor as usize);
                found.merged = if found.factor > 1 { found.drawn } else { 0 };
            }
            _ => continue,
        }
        said.push(found);
    }
    said
}

/// Numbers of the tiles that a rectangle in Web Mercator meets, in order.
fn tile_ids_over(zoom: u8, rect: Rect) -> Vec<u64> {
    let tiles = f64::from(1u32 << zoom);
    let index = |across: f64| (across / (2.0 * HALF) * tiles).floor().clamp(0.0, tiles - 1.0) as u32;
    let (min, max) = (rect.min(), rect.max());
    let mut ids = Vec::new();
    for y in index(HALF - max.y)..=index(HALF - min.y) {
        ids.extend((index(min.x + HALF)..=index(max.x + HALF)).map(|x| tile_id(zoom, x, y)));
    }
    ids.sort_unstable();
    ids
}

fn degrees(mercator: Rect) -> Rect {
    let place = |at: Coord| Coord {
        x: (at.x / HALF * 180.0).clamp(-180.0, 180.0),
        y: libm::atan(libm::sinh(at.y / 6_378_137.0)).to_degrees().clamp(-85.051_129, 85.051_129),
    };
    Rect::new(place(mercator.min()), place(mercator.max()))
}
