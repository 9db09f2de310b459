//! A file that data came from.
use std::fs::File;
use std::path::Path;

use datagora_core::io::ReadError;
use datagora_core::{Hashed, Lineage};

/// A file that was read: what a lineage says of it.
///
/// # Example
///
/// ```
/// # let path = std::env::temp_dir().join(format!("datagora-source-{}.csv", std::process::id()));
/// use datagora_core::content_hash;
/// use datagora_indicators::mobility::io::read_cyclopolis;
///
/// let counts = "mode,counter,month,count,name,lon,lat\nvelo,quai,2016-02-01,41000,Quai,4.83,45.74\n";
/// std::fs::write(&path, counts)?;
/// let lyon = read_cyclopolis(&path, &path)?;
/// assert_eq!(lyon.files[1].content_hash, content_hash(counts.as_bytes()));
/// let lineage = lyon.files[1].lineage("Comptages mensuels");
/// assert_eq!(lineage.sources().count(), 1);
/// # std::fs::remove_file(path)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct SourceFile {
    /// Its name, without the folder, which depends on the machine.
    pub name: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub content_hash: String,
}

impl SourceFile {
    pub(super) fn new(path: &Path, content_hash: String) -> Self {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Self { name, content_hash }
    }

    /// Reads the file through, without holding it.
    pub(super) fn hashed(path: &Path) -> Result<Self, ReadError> {
        let hash = File::open(path).and_then(|file| Hashed::new(file).finish());
        let unreadable = |source| ReadError::Unreadable { file: path.display().to_string(), source };
        Ok(Self::new(path, hash.map_err(unreadable)?))
    }

    /// The lineage of data read from this file alone.
    pub fn lineage(&self, title: impl Into<String>) -> Lineage {
        Lineage::source(title, self.name.as_str(), self.content_hash.as_str())
    }
}
