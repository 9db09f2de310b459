//! Some rows of a GeoParquet file.
use std::error::Error;

use datagora_core::Table;

use crate::{Features, GeometryColumn};

/// Some rows of a file.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FeatureBatch {
    /// The main geometry and the attributes.
    pub features: Features,
    /// The other geometry columns asked for, in the order asked for; as many rows.
    pub further: Vec<GeometryColumn>,
}

impl FeatureBatch {
    /// These rows only.
    pub(super) fn take(self, rows: &[usize]) -> Self {
        let geometry = &self.features.geometry;
        if rows.len() == geometry.len() {
            return self;
        }
        let attributes = match self.features.attributes.schema().fields() {
            [] => self.features.attributes,
            _ => self.features.attributes.take(rows),
        };
        let features = Features { geometry: geometry.take(rows), attributes };
        Self { features, further: self.further.iter().map(|column| column.take(rows)).collect() }
    }

    /// One batch of several, of which there is at least one.
    pub(super) fn concat(batches: &[Self]) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let columns = |of: &dyn Fn(&Self) -> &GeometryColumn| GeometryColumn::concat(batches.iter().map(of));
        let further = (0..batches.first().map_or(0, |batch| batch.further.len()))
            .map(|place| columns(&|batch| &batch.further[place]))
            .collect::<Result<_, _>>()?;
        let geometry = columns(&|batch| &batch.features.geometry)?;
        let attributes = Table::concat(batches.iter().map(|batch| &batch.features.attributes))?;
        Ok(Self { features: Features { geometry, attributes }, further })
    }
}
