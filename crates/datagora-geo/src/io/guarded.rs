//! Decoders that panic.
use std::path::Path;

use super::error::ReadError;

/// Turns a panic of a decoder into an error that names the file.
///
/// What `read` has changed is half changed then, and not to be used again.
pub(super) fn guarded<T>(
    path: &Path,
    format: &'static str,
    read: impl FnOnce() -> Result<T, ReadError>,
) -> Result<T, ReadError> {
    datagora_core::io::guarded(read).unwrap_or_else(|panic| {
        Err(ReadError::Container { file: path.to_owned(), format, source: panic.into() })
    })
}
