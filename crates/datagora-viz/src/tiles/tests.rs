mod cells;
mod decode;
mod features;

use datagora_geo::WebTile;

use self::decode::{DecodedLayer, decode};
use super::TileArchive;

/// All tiles of a zoom, decoded.
fn decoded(archive: &TileArchive, zoom: u8) -> Vec<(WebTile, Vec<DecodedLayer>)> {
    let tiles = archive.tiles().filter(|tile| tile.zoom() == zoom);
    tiles.map(|tile| (tile, decode(&archive.tile(tile).unwrap().unwrap()))).collect()
}
