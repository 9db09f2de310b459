//! Tiles by our kernels; each archive is left beside the inputs, for the reference decoders.
use datagora_core::Crs;
use datagora_geo::GeometryColumn;
use datagora_viz::{GridLayer, TileArchive, TileLayer, TileSet};

use super::made::{self, KINDS};
use crate::digest::Digest;
use crate::inputs::Inputs;
use crate::measure::{Measured, Repeat};
use crate::task::Failure;

/// Bytes of a tile at most.
const LIMIT: u64 = 500_000;

pub(super) fn points(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    features(inputs, repeat, "tiles_points", &inputs.points("tiles_points", Crs::CC46)?)
}

pub(super) fn polygons(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    features(inputs, repeat, "tiles_polygons", &inputs.polygons("tiles_polygons", Crs::CC46)?)
}

fn features(
    inputs: &Inputs,
    repeat: &Repeat,
    name: &str,
    column: &GeometryColumn,
) -> Result<Measured, Failure> {
    let heights = inputs.numbers(&format!("{name}.height"))?;
    let names: Vec<String> = (0..KINDS).map(|kind| format!("kind {kind}")).collect();
    let kinds: Vec<&str> = inputs
        .numbers(&format!("{name}.kind"))?
        .into_iter()
        .map(|kind| names[kind as usize].as_str())
        .collect();
    let path = inputs.path(&format!("{name}.pmtiles"));
    let operation = || {
        let layer = TileLayer::new("features", column)
            .with_row_ids()
            .with_attribute("height", heights.clone())
            .with_attribute("kind", kinds.clone());
        let archive = TileSet::new(name).with_layer(layer).build()?;
        archive.save(&path)?;
        Ok(archive)
    };
    let sum: f64 = heights.iter().sum();
    repeat.measure(operation, |archive| digest(archive).number("height", sum))
}

pub(super) fn cells(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let raster = made::cells(inputs)?;
    let path = inputs.path("tiles_cells.pmtiles");
    let operation = || {
        let archive = TileSet::new("cells").with_grid(GridLayer::new("features", &raster)).build()?;
        archive.save(&path)?;
        Ok(archive)
    };
    repeat.measure(operation, digest)
}

fn digest(archive: &TileArchive) -> Digest {
    let shown = archive.thinning();
    for said in shown {
        eprintln!("{said:?}");
    }
    eprintln!("{} tiles, {} bytes", archive.len(), archive.byte_len());
    let largest = shown.iter().map(|said| said.largest_tile).max().unwrap_or(0);
    Digest::default()
        .exact("highest_zoom", shown.last().map_or(0, |said| said.drawn))
        .exact("within_limit", largest <= LIMIT)
}
