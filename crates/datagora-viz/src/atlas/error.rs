//! Why an atlas cannot be written.
use datagora_core::Unit;

use crate::{ChartError, MapError};

/// An atlas that cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AtlasError {
    /// No page to write.
    #[error("there is no territory; an atlas needs one at least")]
    Empty,
    /// Lengths that should agree do not.
    #[error("{found} {what} for {needed} territories; one per territory is needed, in the same order")]
    Length {
        /// What differs.
        what: String,
        /// How many there are.
        found: usize,
        /// Number of territories.
        needed: usize,
    },
    /// Values in more than one unit.
    #[error("“{indicator}” has a value in {found}, but is in {needed}; convert the values to one unit")]
    Units {
        /// Name of the indicator.
        indicator: String,
        /// Unit found.
        found: Unit,
        /// Unit of the indicator.
        needed: Unit,
    },
    /// A page that is not there.
    #[error("a chapter is for territory {row}, but there are {territories}; territories are counted from 0")]
    Territory {
        /// Territory asked for, from 0.
        row: usize,
        /// Number of territories.
        territories: usize,
    },
    /// A map cannot be drawn.
    #[error("the map of “{name}” cannot be drawn")]
    Map {
        /// What it shows.
        name: String,
        /// Why.
        #[source]
        source: MapError,
    },
    /// A chart cannot be drawn.
    #[error("the chart of “{name}” cannot be drawn")]
    Chart {
        /// What it shows.
        name: String,
        /// Why.
        #[source]
        source: ChartError,
    },
}
