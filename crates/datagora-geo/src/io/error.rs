//! What is wrong with a file, and where.
use std::error::Error;
use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};

use datagora_core::Hashed;

/// Where in a file something was met. Features are counted from 0, as rows of the result are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Index of the feature, row or record.
    pub feature: Option<usize>,
    /// Offset from the start of the file.
    pub byte: Option<u64>,
    /// Name of the column.
    pub column: Option<String>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if let Some(feature) = self.feature {
            parts.push(format!("feature {feature} (counted from 0)"));
        }
        if let Some(column) = &self.column {
            parts.push(format!("column “{column}”"));
        }
        if let Some(byte) = self.byte {
            parts.push(format!("byte {byte}"));
        }
        f.write_str(
            if parts.is_empty() { "the file as a whole".to_owned() } else { parts.join(", ") }.as_str(),
        )
    }
}

/// A file that cannot be read as features.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The file system refused.
    #[error("{}: cannot be read: {source}; check that it exists and may be read", file.display())]
    Io {
        /// Which file.
        file: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The content is not what the format asks for.
    #[error(transparent)]
    Malformed(Box<Malformed>),
    /// None of the formats we read.
    #[error(
        "{}: found {found}; needed GeoJSON, GeoPackage, Shapefile, GeoParquet, FlatGeobuf, Arrow IPC or GML; convert it to one of them",
        file.display()
    )]
    Unrecognised {
        /// Which file.
        file: PathBuf,
        /// What its first bytes look like.
        found: String,
    },
    /// The layer must be named, or the one named is not there.
    #[error(
        "{}: found the layers {found:?}; needed {}; name one of those found",
        file.display(),
        asked.as_ref().map_or_else(|| "a choice among them".to_owned(), |name| format!("“{name}”"))
    )]
    Layer {
        /// Which file.
        file: PathBuf,
        /// Layer asked for, if one was.
        asked: Option<String>,
        /// Layers there are.
        found: Vec<String>,
    },
    /// The library that understands the container refused it.
    #[error("{}: cannot be read as {format}: {source}; it may be truncated, or of another format", file.display())]
    Container {
        /// Which file.
        file: PathBuf,
        /// Format expected.
        format: &'static str,
        /// What the library said.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
}

/// What in a file is not as its format asks for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {place}: found {found}; needed {needed}; {hint}", file.display())]
#[non_exhaustive]
pub struct Malformed {
    /// Which file.
    pub file: PathBuf,
    /// Where in it.
    pub place: Place,
    /// What is there.
    pub found: String,
    /// What should be there.
    pub needed: String,
    /// What to try.
    pub hint: String,
}

/// A [`Malformed`] whose file is not yet known.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault(Box<Malformed>);

impl Fault {
    pub(crate) fn new(found: impl Into<String>, needed: impl Into<String>, hint: impl Into<String>) -> Self {
        Self(Box::new(Malformed {
            file: PathBuf::new(),
            place: Place::default(),
            found: found.into(),
            needed: needed.into(),
            hint: hint.into(),
        }))
    }

    /// The file stops early.
    pub(crate) fn truncated(needed: impl Into<String>) -> Self {
        Self::new("the end of the file", needed, "the file looks truncated, fetch it again")
    }

    pub(crate) fn at_feature(mut self, index: usize) -> Self {
        self.0.place.feature = Some(index);
        self
    }

    pub(crate) fn at_byte(mut self, byte: u64) -> Self {
        self.0.place.byte = Some(byte);
        self
    }

    /// Whether the feature is already known.
    pub(crate) fn has_feature(&self) -> bool {
        self.0.place.feature.is_some()
    }

    pub(crate) fn in_column(mut self, name: &str) -> Self {
        self.0.place.column = Some(name.to_owned());
        self
    }

    pub(crate) fn in_file(mut self, file: &Path) -> ReadError {
        self.0.file = file.to_owned();
        ReadError::Malformed(self.0)
    }

    #[cfg(test)]
    pub(crate) fn details(&self) -> &Malformed {
        &self.0
    }
}

/// The hash of a file, which is not held for it.
pub(crate) fn hash_of_file(file: &Path) -> Result<String, ReadError> {
    let hash = File::open(file).and_then(|opened| Hashed::new(opened).finish());
    hash.map_err(|source| ReadError::Io { file: file.to_owned(), source })
}

/// The bytes of a file.
pub(crate) fn read_bytes(file: &Path) -> Result<Vec<u8>, ReadError> {
    std::fs::read(file).map_err(|source| ReadError::Io { file: file.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn message_names_file_place_found_needed_and_hint() {
        let fault = Fault::truncated("a closing bracket").at_feature(3).at_byte(99).in_column("nom");
        assert_eq!(
            fault.in_file(Path::new("a.geojson")).to_string(),
            "a.geojson: feature 3 (counted from 0), column “nom”, byte 99: found the end of the file; \
             needed a closing bracket; the file looks truncated, fetch it again"
        );
    }

    #[test]
    fn layers_are_named() {
        let error = ReadError::Layer {
            file: "a.gpkg".into(),
            asked: None,
            found: vec!["bancs".into(), "arbres".into()],
        };
        assert_eq!(
            error.to_string(),
            "a.gpkg: found the layers [\"bancs\", \"arbres\"]; needed a choice among them; name one of those found"
        );
    }
}
