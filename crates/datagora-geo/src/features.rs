//! Geometries with the attributes of each.
use datagora_core::Table;

use crate::GeometryColumn;

/// A table whose rows have a geometry: what a file of features holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Features {
    /// One geometry per row.
    pub geometry: GeometryColumn,
    /// As many rows of attributes.
    pub attributes: Table,
}
