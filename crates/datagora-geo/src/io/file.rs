//! What a reader returns.
use std::path::Path;

use datagora_core::{Credit, Crs, Dataset, Lineage, Metadata, Table, content_hash};

use super::note::ReadNote;
use crate::Features;
use crate::geometry::ColumnBuilder;
use crate::types::{BoundingRect, Geometry};

/// The features of a file, what was done to read them, and what identifies the bytes they came from.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FeatureFile {
    /// Geometries and attributes, row by row as in the file.
    pub features: Features,
    /// What was changed, left out or assumed; empty if nothing was.
    pub notes: Vec<ReadNote>,
    /// SHA-256 of the bytes read, in hexadecimal. Of a Shapefile, that of the list of its parts' extensions and hashes.
    pub content_hash: String,
    /// Name of the file, without its folders, so that lineage is the same on every machine.
    pub name: String,
}

impl FeatureFile {
    pub(crate) fn new(features: Features, notes: Vec<ReadNote>, path: &Path, content_hash: String) -> Self {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Self { features, notes, content_hash, name }
    }

    /// The features as a dataset: its lineage begins with this file.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("parcs.geojson");
    /// # std::fs::write(&path, r#"{"type": "Point", "coordinates": [4.85, 45.77]}"#)?;
    /// use datagora_core::{Credit, Licence};
    ///
    /// let credit = Credit {
    ///     work: "Parcs et jardins".into(),
    ///     publisher: "Métropole de Lyon".into(),
    ///     licence: Licence::LicenceOuverte2,
    ///     date: None,
    ///     url: None,
    /// };
    /// let parks = datagora_geo::read_geojson(&path)?.into_dataset("Parcs", vec![credit]);
    /// assert_eq!(parks.metadata().title, "Parcs");
    /// assert_eq!(parks.metadata().lineage.events().count(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn into_dataset(self, title: impl Into<String>, credits: Vec<Credit>) -> Dataset<Features> {
        let title = title.into();
        let metadata = Metadata {
            schema: self.features.attributes.schema().clone(),
            crs: Some(self.features.geometry.crs().clone()),
            credits,
            lineage: Lineage::source(title.clone(), self.name, self.content_hash),
            title,
            ..Metadata::default()
        };
        Dataset::new(self.features, metadata)
    }
}

/// Whether all coordinates can be degrees of longitude and latitude.
pub(crate) fn can_be_degrees(geometries: &[Option<Geometry>]) -> bool {
    geometries.iter().flatten().filter_map(BoundingRect::bounding_rect).all(|bounds| {
        let (min, max) = (bounds.min(), bounds.max());
        min.x >= -180.0 && max.x <= 180.0 && min.y >= -90.0 && max.y <= 90.0
    })
}

/// The content of a file, before it is known which file.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) geometries: Vec<Option<Geometry>>,
    pub(crate) crs: Crs,
    pub(crate) attributes: Table,
    pub(crate) notes: Vec<ReadNote>,
}

impl Parsed {
    /// The result for a file of these bytes.
    pub(crate) fn into_file(self, path: &Path, bytes: &[u8]) -> FeatureFile {
        self.with_hash(path, content_hash(bytes))
    }

    pub(crate) fn with_hash(mut self, path: &Path, content_hash: String) -> FeatureFile {
        let mut builder = ColumnBuilder::default();
        self.geometries.iter().for_each(|geometry| builder.push(geometry.as_ref()));
        builder.not_finite.note(&mut self.notes, ReadNote::not_finite);
        let features = Features { geometry: builder.finish(self.crs), attributes: self.attributes };
        FeatureFile::new(features, self.notes, path, content_hash)
    }
}
