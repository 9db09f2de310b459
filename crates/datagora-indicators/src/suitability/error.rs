//! What is wrong with layers, edits, draws and maps.
use datagora_geo::{CoverageError, GeometryError};

/// Layers that make no model, or what does not go with one.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SuitabilityError {
    /// A layer for a factor that the set does not have.
    #[error("there is no factor {id:?} in the set {set:?}; give one of its identifiers")]
    NoFactor {
        /// Identifier given.
        id: String,
        /// The set.
        set: String,
    },
    /// Two layers for one factor.
    #[error("two layers were given for the factor {id:?}; join them before")]
    Twice {
        /// Identifier given.
        id: String,
    },
    /// A layer that does not suit the grid; the layer is numbered 0 in the reason.
    #[error("the layer of {of:?} does not suit: {reason}")]
    Layer {
        /// Identifier of the factor, or what else the polygons are for.
        of: String,
        /// Why.
        reason: CoverageError,
    },
    /// A rule of blocking that is no share.
    #[error("cells are to be blocked above a share of {found}; a number from 0 to 1 is needed")]
    Blocking {
        /// What was given.
        found: f64,
    },
    /// A row that is not there.
    #[error("row {row} of {of:?} is not there; give rows that have not been removed, each once")]
    NoRow {
        /// Identifier of the factor.
        of: String,
        /// The row.
        row: usize,
    },
    /// A map that is of another state of the layers.
    #[error("the map is of revision {found} of the layers, the model is at {needed}; compute it anew")]
    Stale {
        /// Of the map.
        found: u64,
        /// Of the model.
        needed: u64,
    },
    /// Columns that do not go together.
    #[error(transparent)]
    Geometry(#[from] GeometryError),
    /// Noise that is no standard deviation.
    #[error("the noise of the weight of {of:?} is {found}; a finite number of at least 0 is needed")]
    Noise {
        /// Identifier of the factor.
        of: String,
        /// What was given.
        found: f64,
    },
    /// Maps of other cells or classes.
    #[error("the maps have other {what}; compare maps of one grid and of sets with the same classes")]
    Mismatch {
        /// What differs.
        what: &'static str,
    },
    /// Communes without ground.
    #[error("the communes have no extent that holds a cell; give polygons larger than that")]
    NoExtent,
    /// A level that is no probability.
    #[error(transparent)]
    Level(#[from] crate::LevelError),
    /// No draw at all.
    #[error("no draw was asked for; one at least is needed")]
    NoDraws,
    /// Place outside the grid.
    #[error("({x}, {y}) is outside the grid; give a place on it, in its CRS")]
    Outside {
        /// East.
        x: f64,
        /// North.
        y: f64,
    },
}
