//! Geometries with the attributes of each.
use datagora_core::{Crs, Table};

use crate::GeometryColumn;

/// A table whose rows have a geometry: what a file of features holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Features {
    /// One geometry per row.
    pub geometry: GeometryColumn,
    /// As many rows of attributes; a table without columns if there are none.
    pub attributes: Table,
}

impl Features {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.geometry.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.geometry.is_empty()
    }

    /// The same coordinates, declared to be of another CRS: for files that do not say it, or say it wrong.
    ///
    /// Nothing is computed; to change coordinates, reproject the geometry column.
    ///
    /// ```
    /// use datagora_core::{Crs, Table};
    /// use datagora_geo::{Features, GeometryColumn};
    ///
    /// let geometry = GeometryColumn::points(vec![1_842_734.9], vec![5_174_970.7], Crs::LAMBERT_93);
    /// let features = Features { geometry, attributes: Table::empty() };
    /// let features = features.declared_as(Crs::CC46); // the label was wrong
    /// assert_eq!(features.geometry.crs(), &Crs::CC46);
    /// ```
    #[must_use]
    pub fn declared_as(self, crs: Crs) -> Self {
        Self { geometry: self.geometry.declared_as(crs), ..self }
    }
}
