//! Files that appear whole or not at all.
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::WriteError;

/// A file that takes its name only when it is complete.
///
/// The bytes go to a temporary file in the same folder. [`commit`](AtomicFile::commit) makes them durable and gives them the
/// name in one step; a file dropped before leaves nothing behind, and what had the name keeps it.
///
/// ```
/// use datagora_core::io::AtomicFile;
/// use std::io::Write;
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("trees.csv");
/// let mut file = AtomicFile::create(&path)?;
/// file.write_all(b"commune,trees\r\n")?;
/// assert!(!path.exists());
/// file.commit()?;
/// assert!(path.exists());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct AtomicFile {
    path: PathBuf,
    writer: BufWriter<NamedTempFile>,
}

/// The folder in which a path lies.
pub(super) fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Makes renames in a folder durable, where the system can.
pub(super) fn sync_folder(folder: &Path) {
    // Not every system lets folders be opened; the rename itself is already done.
    if let Ok(handle) = File::open(folder) {
        let _ = handle.sync_all();
    }
}

impl AtomicFile {
    /// Begins a file that will have this path; its folder must exist.
    ///
    /// # Errors
    ///
    /// [`WriteError::Unwritable`] if no file can be made in the folder.
    pub fn create(path: impl Into<PathBuf>) -> Result<Self, WriteError> {
        let path = path.into();
        let mut builder = tempfile::Builder::new();
        builder.prefix(".datagora-");
        #[cfg(unix)]
        {
            // Readable by others, as files are: the umask takes away what it must.
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        match builder.tempfile_in(parent(&path)) {
            Ok(file) => Ok(Self { path, writer: BufWriter::new(file) }),
            Err(source) => Err(WriteError::Unwritable { path, source }),
        }
    }

    /// The path it will have.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Completes the file: from now on it has its name.
    ///
    /// # Errors
    ///
    /// [`WriteError::Unwritable`]; what had the name before keeps it.
    pub fn commit(self) -> Result<(), WriteError> {
        let Self { path, writer } = self;
        let result = writer
            .into_inner()
            .map_err(std::io::IntoInnerError::into_error)
            .and_then(|file| file.as_file().sync_all().map(|()| file))
            .and_then(|file| file.persist(&path).map_err(|error| error.error));
        match result {
            Ok(_) => {
                sync_folder(parent(&path));
                Ok(())
            }
            Err(source) => Err(WriteError::Unwritable { path, source }),
        }
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.writer.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_dropped_file_leaves_the_old_one_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        fs::write(&path, "old").unwrap();
        let mut file = AtomicFile::create(&path).unwrap();
        file.write_all(b"half").unwrap();
        drop(file);
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_committed_file_replaces_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        fs::write(&path, "old").unwrap();
        let mut file = AtomicFile::create(&path).unwrap();
        file.write_all(b"new").unwrap();
        file.commit().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let plain = folder.path().join("plain");
            fs::write(&plain, "").unwrap();
            let mode = |path| fs::metadata(path).unwrap().permissions().mode();
            assert_eq!(mode(&path), mode(&plain), "readable by the same people as any file");
        }
    }

    #[test]
    fn a_missing_folder_is_named() {
        let error = AtomicFile::create("/nowhere/at/all.txt").unwrap_err().to_string();
        assert!(error.contains("/nowhere/at/all.txt"), "{error}");
    }
}
