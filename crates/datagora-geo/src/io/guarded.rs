//! Decoders that panic.
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::error::ReadError;

/// Turns a panic of a decoder into an error: on corrupt files those of Arrow and Parquet assert what they should check
/// (arrow-ipc 59.3; parquet 59.3, in `util/bit_util.rs`).
///
/// What `read` has changed is half changed then, and not to be used again.
pub(super) fn guarded<T>(
    path: &Path,
    format: &'static str,
    read: impl FnOnce() -> Result<T, ReadError>,
) -> Result<T, ReadError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|payload: Box<dyn Any + Send>| {
        let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default();
        let source = format!("the decoder gave up: {text}").into();
        Err(ReadError::Container { file: path.to_owned(), format, source })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_that_says_why() {
        let reads: [fn() -> Result<(), ReadError>; 2] =
            [|| panic!("place 3"), || panic!("place {}", std::hint::black_box(3))];
        for read in reads {
            let found = guarded(Path::new("a.arrow"), "Arrow IPC", read);
            let Err(ReadError::Container { file, format: "Arrow IPC", source }) = found else { panic!() };
            assert_eq!(file, Path::new("a.arrow"));
            assert_eq!(source.to_string(), "the decoder gave up: place 3");
        }
        assert_eq!(guarded(Path::new("a.arrow"), "Arrow IPC", || Ok(1)).unwrap(), 1);
    }
}
