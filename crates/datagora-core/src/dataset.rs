//! A payload with what it says about itself.
use crate::{Metadata, Parameters};

/// Data, and what they say about themselves.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset<T> {
    payload: T,
    metadata: Metadata,
}

impl<T> Dataset<T> {
    /// Joins payload and metadata.
    pub fn new(payload: T, metadata: Metadata) -> Self {
        Self { payload, metadata }
    }

    /// The data.
    pub fn payload(&self) -> &T {
        &self.payload
    }

    /// What they say about themselves.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// The data alone. Credits and lineage are lost: ask for it by name only where nothing is published.
    pub fn into_payload(self) -> T {
        self.payload
    }

    /// A new dataset computed from this one; the step and its parameters join the lineage.
    pub fn derive<U>(
        &self,
        operation: &str,
        parameters: Parameters,
        compute: impl FnOnce(&T) -> U,
    ) -> Dataset<U> {
        let mut metadata = self.metadata.clone();
        metadata.lineage = self.metadata.lineage.step(operation, parameters, &[]);
        Dataset { payload: compute(&self.payload), metadata }
    }
}
