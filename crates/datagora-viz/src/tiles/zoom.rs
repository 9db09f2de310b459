//! The tiles of one zoom, within the limit.
use datagora_geo::WebTile;

use super::TileError;
use super::archive::gzip;
use super::cores::each;
use super::features;
use super::layer::Thinning;
use super::mvt::LayerWriter;
use super::pyramid::{tile_ids_over, tile_of_id};
use super::ready::Ready;
use super::record::LayerThinning;
use super::view::View;

/// What of a layer is drawn at a zoom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Choice {
    /// Features, in the order in which they are admitted.
    pub(super) admitted: u32,
    /// Square units of the tile below which polygons are gathered to squares.
    pub(super) smallest: f64,
}

/// A tile as it is kept.
pub(super) struct Encoded {
    pub(super) id: u64,
    pub(super) bytes: Vec<u8>,
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

/// The layers at a zoom.
pub(super) struct Zoom<'a> {
    pub(super) ready: &'a [Ready<'a>],
    pub(super) zoom: u8,
    /// Units along each side of a tile.
    pub(super) extent: u32,
    /// Bytes of a tile at most.
    pub(super) limit: usize,
}

/// How often tiles are built anew until they are within the limit.
const ATTEMPTS: usize = 16;
/// What a tile is aimed at where the limit is exceeded: compression is not proportional.
const AIM: f64 = 0.95;

impl Zoom<'_> {
    /// Tiles, and what is left out. `bounds` are the features admitted at the zoom above, `weights` the bytes of a feature of
    /// each layer there.
    pub(super) fn build(
        &self,
        bounds: &mut [u32],
        weights: &mut [Option<f64>],
    ) -> Result<(Vec<Encoded>, Vec<LayerThinning>), TileError> {
        let most: Vec<Choice> =
            self.ready.iter().zip(&*bounds).map(|(layer, &bound)| layer.most(self.zoom, bound)).collect();
        let mut choices = self.foreseen(&most, weights);
        let mut views = self.views(&choices);
        if choices != most
            && let Some(fullest) = fullest(&views, &choices)
        {
            // What features weigh at this zoom, the tile that has most of them tells.
            weigh(&self.encode(&views, &[fullest], &choices)?, weights);
            choices = self.foreseen(&most, weights);
            // Not both at a time in memory.
            views.clear();
            views = self.views(&choices);
        }
        let mut tiles = self.encode(&views, &self.ids(&views), &choices)?;
        for _ in 0..ATTEMPTS {
            let before = choices.clone();
            for tile in tiles.iter().filter(|tile| tile.bytes.len() > self.limit) {
                self.lighten(&views, tile, &before, &mut choices);
            }
            if choices == before {
                break;
            }
            if choices.iter().zip(&before).any(|(new, old)| new.smallest != old.smallest) {
                // Other squares, everywhere.
                views.clear();
                views = self.views(&choices);
                tiles = self.encode(&views, &self.ids(&views), &choices)?;
                continue;
            }
            // Tiles that lose nothing stay as they are.
            let loses = |id: u64| {
                views.iter().enumerate().any(|(number, view)| {
                    let lost = choices[number].admitted..before[number].admitted;
                    view.as_ref().is_some_and(|view| {
                        view.of_tile(id)
                            .iter()
                            .any(|&(_, feature)| lost.contains(&view.rank[feature as usize]))
                    })
                })
            };
            let again: Vec<u64> = tiles.iter().map(|tile| tile.id).filter(|&id| loses(id)).collect();
            let mut new = self.encode(&views, &again, &choices)?.into_iter();
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
        let said = self.said(&views, &choices, &tiles);
        for ((bound, choice), view) in bounds.iter_mut().zip(&choices).zip(&views) {
            if view.as_ref().is_some_and(|view| view.clusters.is_none()) {
                *bound = choice.admitted;
            }
        }
        Ok((tiles, said))
    }

    /// The tiles of some numbers, where the choice is made.
    pub(super) fn rebuild(&self, ids: &[u64], choices: &[Choice]) -> Result<Vec<Encoded>, TileError> {
        self.encode(&self.views(choices), ids, choices)
    }

    fn foreseen(&self, most: &[Choice], weights: &[Option<f64>]) -> Vec<Choice> {
        let aim = AIM * self.limit as f64;
        let each = self.ready.iter().zip(most).zip(weights);
        each.map(|((layer, &most), &weight)| layer.foreseen(self.zoom, most, weight, aim)).collect()
    }

    fn views(&self, choices: &[Choice]) -> Vec<Option<View>> {
        let view = |(layer, &choice): (&Ready<'_>, &Choice)| match layer {
            Ready::Features(prepared, _) if prepared.is_at(self.zoom) => {
                Some(View::new(prepared, self.zoom, choice))
            }
            _ => None,
        };
        self.ready.iter().zip(choices).map(view).collect()
    }

    /// Admits fewer features of the heaviest layer of a tile, or gathers more of its polygons.
    fn lighten(&self, views: &[Option<View>], tile: &Encoded, before: &[Choice], choices: &mut [Choice]) {
        let raw: usize = tile.layers.iter().map(|layer| layer.bytes).sum();
        let of_layer = |number: usize| match (&self.ready[number], &views[number]) {
            (Ready::Features(prepared, _), Some(view)) if prepared.layer.thinning != Thinning::Keep => {
                Some((prepared, view))
            }
            _ => None,
        };
        let heaviest = (0..self.ready.len())
            .filter(|&number| of_layer(number).is_some())
            .max_by_key(|&number| (tile.layers[number].bytes, number));
        let Some((number, (prepared, view))) = heaviest.and_then(|number| Some((number, of_layer(number)?)))
        else {
            return;
        };
        let share = tile.layers[number].bytes as f64 / raw.max(1) as f64;
        let (size, aim) = (tile.bytes.len() as f64, AIM * self.limit as f64);
        let keep = (1.0 - (size - aim) / (size * share).max(1.0)).max(0.1);
        if let Some(smallest) = prepared.gathered_more(self.zoom, tile.id, before[number], keep) {
            choices[number].smallest = choices[number].smallest.max(smallest);
            return;
        }
        let ranks = view.of_tile(tile.id).iter().map(|&(_, feature)| view.rank[feature as usize]);
        let mut ranks: Vec<u32> = ranks.filter(|&rank| rank < before[number].admitted).collect();
        if ranks.len() < 2 {
            return;
        }
        let at = ((ranks.len() as f64 * keep) as usize).min(ranks.len() - 1);
        let (_, &mut rank, _) = ranks.select_nth_unstable(at);
        choices[number].admitted = choices[number].admitted.min(rank);
    }

    fn ids(&self, views: &[Option<View>]) -> Vec<u64> {
        let mut ids: Vec<u64> = Vec::new();
        for view in views.iter().flatten() {
            ids.extend(view.pairs.chunk_by(|a, b| a.0 == b.0).map(|same| same[0].0));
        }
        for layer in self.ready {
            if let Ready::Cells(cells) = layer
                && cells.is_at(self.zoom)
            {
                ids.extend(tile_ids_over(self.zoom, cells.bounds));
            }
        }
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// The tiles of some numbers; one without features has no bytes.
    fn encode(
        &self,
        views: &[Option<View>],
        ids: &[u64],
        choices: &[Choice],
    ) -> Result<Vec<Encoded>, TileError> {
        let tiles = each(ids.len(), |k| {
            let id = ids[k];
            let place = tile_of_id(id).map_or((0, 0), WebTile::place);
            let mut bytes = Vec::new();
            let mut layers = Vec::with_capacity(self.ready.len());
            for (number, layer) in self.ready.iter().enumerate() {
                let mut share = Share::default();
                let before = bytes.len();
                share.features = match (layer, &views[number]) {
                    (Ready::Features(prepared, names), Some(view)) => {
                        let mut writer = LayerWriter::new(names.len(), prepared.attributes.distinct);
                        let features = view.of_tile(id);
                        let admitted = choices[number].admitted;
                        share.merged =
                            features::write(prepared, view, features, admitted, place, &mut writer);
                        writer.finish(&prepared.layer.name, self.extent, names, &mut bytes)
                    }
                    (Ready::Cells(cells), _) if cells.is_at(self.zoom) => {
                        let mut writer = LayerWriter::new(cells.names.len(), 0);
                        cells.write(self.zoom, place, &mut writer)?;
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

    fn said(&self, views: &[Option<View>], choices: &[Choice], tiles: &[Encoded]) -> Vec<LayerThinning> {
        let mut said = Vec::new();
        for (number, layer) in self.ready.iter().enumerate() {
            let there = tiles.iter().filter(|tile| tile.layers[number].features > 0);
            let choice = choices[number];
            let mut found = LayerThinning {
                layer: layer.name().to_owned(),
                zoom: self.zoom,
                largest_tile: there.map(|tile| tile.bytes.len()).max().unwrap_or(0) as u64,
                admitted: choice.admitted.into(),
                smallest: choice.smallest as u64,
                ..LayerThinning::default()
            };
            match (layer, &views[number]) {
                (Ready::Features(prepared, _), Some(view)) => {
                    found.features = prepared.shapes.shapes.len() as u64;
                    found.drawn = view.rank.iter().filter(|&&rank| rank < choice.admitted).count() as u64;
                    (found.gathered, found.vanished) = (view.gathered, view.vanished);
                    found.merged =
                        view.merged + tiles.iter().map(|tile| tile.layers[number].merged).sum::<u64>();
                    found.dropped = match view.clusters {
                        None => found.features - found.drawn - found.gathered - found.vanished,
                        Some(_) => view.rank.len() as u64 - found.drawn,
                    };
                }
                (Ready::Cells(cells), _) if cells.is_at(self.zoom) => {
                    found.features = cells.contents.filled;
                    found.factor = cells.factor(self.zoom) as u64;
                    found.drawn = cells.contents.drawn(found.factor as usize);
                    found.merged = if found.factor > 1 { found.drawn } else { 0 };
                }
                _ => continue,
            }
            said.push(found);
        }
        said
    }
}

/// The tile with most features.
fn fullest(views: &[Option<View>], choices: &[Choice]) -> Option<u64> {
    let mut most = None;
    for (view, choice) in views.iter().zip(choices) {
        for same in
            view.iter().flat_map(|view| view.pairs.chunk_by(|a, b| a.0 == b.0).map(move |same| (view, same)))
        {
            let (view, same) = same;
            let admitted =
                same.iter().filter(|&&(_, feature)| view.rank[feature as usize] < choice.admitted).count();
            most = most.max(Some((admitted, same[0].0)));
        }
    }
    most.map(|(_, id)| id)
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
