//! What an archive says about itself.
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a layer shows at a zoom, and what not: features counted once, however many tiles they are in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LayerThinning {
    /// Name of the layer.
    pub layer: String,
    /// The zoom.
    pub zoom: u8,
    /// Features there are: rows with a geometry, or cells with a value.
    pub features: u64,
    /// Features, clusters or cells drawn.
    pub drawn: u64,
    /// Features left out so that tiles stay within the limit, or because others are too near.
    pub dropped: u64,
    /// Of those drawn, points, polygons or cells that stand for several: clusters, aggregated cells, and in each tile
    /// the polygons merged with neighbours.
    pub merged: u64,
    /// Polygons too small to be seen, whose area is drawn as squares.
    pub gathered: u64,
    /// Features of which nothing is left at this zoom: lines and rings shorter than a unit of the tile, and what lies off
    /// the map, beyond 85° north or south.
    pub vanished: u64,
    /// Cells of the grid along each side of a cell drawn; 0 for features.
    pub factor: u64,
    /// Bytes of the largest tile that the layer is in, all layers together, as gzip.
    pub largest_tile: u64,
    /// Square units of the tile below which polygons are gathered: more than [`TileLayer::with_smallest`] says where the
    /// limit asks for it.
    ///
    /// [`TileLayer::with_smallest`]: crate::TileLayer::with_smallest
    #[serde(default)]
    pub smallest: u64,
    /// Rows admitted in the order in which they are left out.
    pub(super) admitted: u64,
}

/// The metadata that the PMTiles and MBTiles specifications know, ours, and those of others.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Metadata {
    #[serde(default)]
    pub(super) name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) description: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) attribution: String,
    #[serde(default)]
    pub(super) vector_layers: Vec<VectorLayer>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) tilestats: Option<Value>,
    #[serde(default, rename = "datagora:thinning", skip_serializing_if = "Vec::is_empty")]
    pub(super) thinning: Vec<LayerThinning>,
    #[serde(flatten)]
    pub(super) others: Map<String, Value>,
}

impl Metadata {
    pub(super) fn to_json(&self) -> String {
        // Text and numbers, with text for keys: nothing that JSON could refuse.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// A layer as TileJSON 3 describes it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct VectorLayer {
    pub(super) id: String,
    #[serde(default)]
    pub(super) description: String,
    #[serde(default)]
    pub(super) minzoom: u8,
    #[serde(default)]
    pub(super) maxzoom: u8,
    /// Attributes and their type: `Number`, `String` or `Boolean`.
    #[serde(default)]
    pub(super) fields: BTreeMap<String, String>,
}
