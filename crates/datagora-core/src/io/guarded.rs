//! Decoders that panic.
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What a decoder said when it gave up: the message of its panic.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the decoder gave up: {said}")]
pub struct DecoderPanic {
    /// The message, empty if there is none.
    pub said: String,
}

/// Turns a panic of a decoder into an error.
///
/// On corrupt files the decoders of Arrow and Parquet assert what they should check (arrow-ipc 59.3; parquet 59.3, in
/// `util/bit_util.rs`), and one file should not end the program that reads a thousand. What `decode` has changed is half
/// changed then, and not to be used again.
///
/// # Errors
///
/// [`DecoderPanic`], which makes a good `source` of an error that names the file.
///
/// # Example
///
/// ```
/// use datagora_core::io::guarded;
///
/// assert_eq!(guarded(|| 1)?, 1);
/// let bytes: [u8; 0] = [];
/// let found = guarded(|| bytes.first().copied().expect("a first byte"));
/// assert_eq!(found.unwrap_err().to_string(), "the decoder gave up: a first byte");
/// # Ok::<(), datagora_core::io::DecoderPanic>(())
/// ```
pub fn guarded<T>(decode: impl FnOnce() -> T) -> Result<T, DecoderPanic> {
    catch_unwind(AssertUnwindSafe(decode)).map_err(|payload: Box<dyn Any + Send>| {
        let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let said = text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default();
        DecoderPanic { said }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_that_says_why() {
        let reads: [fn(); 2] = [|| panic!("place 3"), || panic!("place {}", std::hint::black_box(3))];
        for read in reads {
            assert_eq!(guarded(read), Err(DecoderPanic { said: "place 3".to_owned() }));
        }
        let wordless = guarded(|| std::panic::panic_any(3));
        assert_eq!(wordless, Err(DecoderPanic { said: String::new() }));
    }
}
