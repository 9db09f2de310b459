//! Vector tiles: features and grids of a whole metropolis in one file that a map reads in parts.
mod archive;
mod attribute;
mod cells;
mod classes;
mod clip;
mod cluster;
mod coalesce;
mod contents;
mod cores;
mod features;
mod grid_layer;
mod layer;
mod mend;
mod mvt;
mod order;
mod outline;
mod prepared;
mod pyramid;
mod ready;
mod record;
mod ring;
mod set;
mod shapes;
mod simplify;
#[cfg(test)]
mod tests;
mod view;
mod zoom;

use std::path::PathBuf;

pub use archive::TileArchive;
pub use attribute::AttributeValues;
pub use grid_layer::{CellAggregate, GridLayer};
pub use layer::{Thinning, TileLayer};
pub use record::LayerThinning;
pub use set::TileSet;

/// Tiles that cannot be built, read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TileError {
    /// An attribute of another length than the geometries or cells.
    #[error("layer {layer:?} has {found} values of {attribute:?} for {needed} rows; one per row is needed")]
    Length {
        /// Name of the layer.
        layer: String,
        /// Name of the attribute.
        attribute: String,
        /// Number of values.
        found: usize,
        /// Number of rows.
        needed: usize,
    },
    /// A name that is there already.
    #[error("there are two layers, or two attributes of a layer, of the name {name:?}; rename one")]
    Twice {
        /// The name.
        name: String,
    },
    /// Zooms that are none, or too high.
    #[error("layer {layer:?} has the zooms {lowest} to {highest}; needed are ascending ones up to {most}")]
    Zooms {
        /// Name of the layer.
        layer: String,
        /// The first.
        lowest: u8,
        /// The last.
        highest: u8,
        /// The highest that there is with this extent.
        most: u8,
    },
    /// An extent that is no power of two from 256 to 8,192.
    #[error("tiles of {found} units; use a power of two from 256 to 8192, such as 4096")]
    Extent {
        /// Units along each side.
        found: u32,
    },
    /// Coordinates that cannot be reprojected to Web Mercator.
    #[error("layer {layer:?} cannot be brought to Web Mercator")]
    Reproject {
        /// Name of the layer.
        layer: String,
        /// Why.
        #[source]
        source: datagora_geo::ReprojectError,
    },
    /// A layer of more vertices than can be numbered.
    #[error("layer {layer:?} has {vertices} vertices; divide it into layers of fewer than 2³²")]
    TooLarge {
        /// Name of the layer.
        layer: String,
        /// Number of vertices.
        vertices: usize,
    },
    /// A band that a raster does not have.
    #[error("layer {layer:?} asks for band {band} of a raster of {bands}; bands are counted from 0")]
    Band {
        /// Name of the layer.
        layer: String,
        /// Band asked for.
        band: usize,
        /// Number of bands.
        bands: usize,
    },
    /// More classes than a layer of cells can have.
    #[error(
        "layer {layer:?} has more than {most} different values; they are no classes: use CellAggregate::Mean with a step"
    )]
    Classes {
        /// Name of the layer.
        layer: String,
        /// Largest number of classes.
        most: usize,
    },
    /// Options of a layer of cells without meaning.
    #[error(
        "layer {layer:?} has a step or factor that is not above 0, no factor, or cells smaller than a unit of the tile"
    )]
    Cells {
        /// Name of the layer.
        layer: String,
    },
    /// Bytes that are no archive of vector tiles.
    #[error("these bytes cannot be read as PMTiles 3: {reason}")]
    Archive {
        /// What is wrong.
        reason: String,
    },
    /// A file that cannot be read or written.
    #[error("{} cannot be read or written; check folder and permissions", path.display())]
    File {
        /// Its path.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}
