//! Why an interactive map cannot, or should not, be made.
use datagora_core::Crs;

use crate::semiology::explain_findings;
use crate::{Finding, PaletteError};

/// An interactive map that cannot, or should not, be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WebMapError {
    /// A column of attributes with another number of rows than there are geometries.
    #[error("column {column:?} has {found} rows for {needed} geometries; one value per geometry is needed")]
    Length {
        /// Name of the column.
        column: String,
        /// Its rows.
        found: usize,
        /// Number of geometries.
        needed: usize,
    },
    /// Geometries that cannot be brought to WGS 84.
    #[error("the geometries in {crs} cannot be brought to WGS 84, which the map needs")]
    Geometry {
        /// Their CRS.
        crs: Crs,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A name given to two sources or two layers.
    #[error("two {what} are called {id:?}; give each its own name")]
    Twice {
        /// Sources or layers.
        what: &'static str,
        /// The name.
        id: String,
    },
    /// A name that cannot stand in addresses.
    #[error("{id:?} names a source or layer; use letters of the Latin alphabet, digits, - and _ only")]
    Name {
        /// The name.
        id: String,
    },
    /// A layer that draws from a source which the map does not have.
    #[error("layer {layer:?} draws from {source_id:?}, the map has {known}; add it with WebMap::with_source")]
    NoSource {
        /// The layer.
        layer: String,
        /// The source it names.
        source_id: String,
        /// The sources there are.
        known: String,
    },
    /// A layer that draws a part which its archive does not have.
    #[error(
        "layer {layer:?} draws part {part:?}, the archive has {known}; name one with WebLayer::with_part"
    )]
    NoPart {
        /// The layer.
        layer: String,
        /// The part it names.
        part: String,
        /// The parts there are.
        known: String,
    },
    /// Nothing says where the map is.
    #[error("no source has a place, so that nothing says what the map shows; add a source with geometries")]
    Nowhere,
    /// Nothing to draw or to filter by.
    #[error("{what} have no value, so that there is nothing to show; leave them out, or give their values")]
    NoValues {
        /// What has none.
        what: String,
    },
    /// An amount that no circle and no width can show.
    #[error("layer {layer:?} has an amount of {value}; circles and widths show amounts of 0 and more")]
    Amount {
        /// The layer.
        layer: String,
        /// The amount.
        value: f64,
    },
    /// A filter, a comparison or a step that names a layer which the map does not have.
    #[error("{what} names layer {layer:?}, the map has {known}; add it with WebMap::with_layer")]
    NoLayer {
        /// What names it.
        what: String,
        /// The layer it names.
        layer: String,
        /// The layers there are.
        known: String,
    },
    /// Edges of a histogram that do not rise, or too many or no bins.
    #[error("filter {filter:?} has {found} bins; give 1 to {most}, between edges that are finite and rise")]
    Bins {
        /// The filter.
        filter: String,
        /// Bins, if the edges rose.
        found: usize,
        /// Bins that a filter may have.
        most: usize,
    },
    /// Another number of steps than the axis of time has.
    #[error(
        "layer {layer:?} has values for {found} steps, the axis has {needed}; give one set of values for each step of WebMap::with_time"
    )]
    Steps {
        /// The layer.
        layer: String,
        /// Steps with values.
        found: usize,
        /// Steps of the axis.
        needed: usize,
    },
    /// Values by row, of steps or differences, for features that are in tiles.
    #[error("layer {layer:?} has {what} by row, but draws from tiles; draw it from WebSource::features")]
    RowsOfTiles {
        /// The layer.
        layer: String,
        /// Values by step, or differences.
        what: &'static str,
    },
    /// A comparison of what is not drawn as surfaces coloured by data.
    #[error(
        "layer {layer:?} is compared, but is no surface coloured by data; compare layers of WebLayer::surfaces with classes"
    )]
    NotCompared {
        /// The layer.
        layer: String,
    },
    /// A step of a story that names what is not there.
    #[error("step {step} of the story names {what} {name:?}, there is {known}; add it, or name one of these")]
    Story {
        /// The step, counted from 1.
        step: usize,
        /// What it names: a place, a layer, a filter, a step of time, a view.
        what: &'static str,
        /// The name.
        name: String,
        /// What there is.
        known: String,
    },
    /// Not as many colours as classes.
    #[error("the colours of layer {layer:?}")]
    Palette {
        /// The layer.
        layer: String,
        /// Why.
        #[source]
        source: PaletteError,
    },
    /// A layer breaks rules for which no exception was named.
    #[error("layer {layer:?}: {}", explain_findings(findings, "WebLayer"))]
    Semiology {
        /// The layer.
        layer: String,
        /// The rules broken.
        findings: Vec<Finding>,
    },
}
