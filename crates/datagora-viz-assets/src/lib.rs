//! MapLibre GL JS and pmtiles, compressed, for the interactive maps of `datagora-viz`.
//!
//! | item | what |
//! |---|---|
//! | [`Asset`] | one file: name, package, version, compressed bytes |
//! | [`MAPLIBRE`], [`MAPLIBRE_STYLE`] | the program that draws maps, and its style sheet |
//! | [`MAPLIBRE_WORKER`] | what it runs beside the page, as a file, for hosts that forbid workers made from text |
//! | [`PMTILES`] | the reader of tile archives |
//! | [`LICENCES`] | the licences of all of them, to be passed on with them |
#![doc = ""]
#![doc = include_str!("../README.md")]

/// A file of another project, as its package publishes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asset {
    name: &'static str,
    package: &'static str,
    version: &'static str,
    gzip: &'static [u8],
}

impl Asset {
    /// Name of the file.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The npm package that it comes from.
    pub const fn package(&self) -> &'static str {
        self.package
    }

    /// Version of that package.
    pub const fn version(&self) -> &'static str {
        self.version
    }

    /// Its bytes, compressed with gzip (RFC 1952).
    pub const fn gzip(&self) -> &'static [u8] {
        self.gzip
    }
}

const MAPLIBRE_VERSION: &str = "5.24.1";

/// MapLibre GL JS as one classic script that defines `maplibregl`: a page opened as a file can run it, which it cannot a module.
pub const MAPLIBRE: Asset = Asset {
    name: "maplibre-gl.js",
    package: "maplibre-gl",
    version: MAPLIBRE_VERSION,
    gzip: include_bytes!("../assets/maplibre-gl.js.gz"),
};

/// The worker of MapLibre GL JS as a file, for `maplibregl.setWorkerUrl`.
pub const MAPLIBRE_WORKER: Asset = Asset {
    name: "maplibre-gl-worker.js",
    package: "maplibre-gl",
    version: MAPLIBRE_VERSION,
    gzip: include_bytes!("../assets/maplibre-gl-worker.js.gz"),
};

/// The style sheet of MapLibre GL JS.
pub const MAPLIBRE_STYLE: Asset = Asset {
    name: "maplibre-gl.css",
    package: "maplibre-gl",
    version: MAPLIBRE_VERSION,
    gzip: include_bytes!("../assets/maplibre-gl.css.gz"),
};

/// The reader of PMTiles archives, a classic script that defines `pmtiles`.
pub const PMTILES: Asset = Asset {
    name: "pmtiles.js",
    package: "pmtiles",
    version: "4.5.0",
    gzip: include_bytes!("../assets/pmtiles.js.gz"),
};

/// Every asset.
pub const ASSETS: [Asset; 4] = [MAPLIBRE, MAPLIBRE_WORKER, MAPLIBRE_STYLE, PMTILES];

/// The licences of the assets and of all that is bundled in them, which must accompany copies.
pub const LICENCES: &str = include_str!("../assets/licences.txt");
