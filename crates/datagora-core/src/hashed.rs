//! The hash of what is read, while it is read.
use std::io::{self, Read};

use sha2::{Digest, Sha256};

use crate::lineage::hexadecimal;

/// A reader that hashes what passes through it, so that a file can be identified without holding it.
///
/// ```
/// use std::io::Read;
///
/// use datagora_core::{Hashed, content_hash};
///
/// let mut file = Hashed::new(&b"insee;nom"[..]);
/// let mut start = [0; 5];
/// file.read_exact(&mut start)?;
/// assert_eq!(&start, b"insee");
/// assert_eq!(file.finish()?, content_hash(b"insee;nom"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Hashed<R> {
    inner: R,
    digest: Sha256,
}

/// Bytes read at once of what nobody wants.
const CHUNK: usize = 1 << 18;

impl<R: Read> Hashed<R> {
    /// Hashes what is read from now on.
    pub fn new(inner: R) -> Self {
        Self { inner, digest: Sha256::new() }
    }

    /// Reads what is left; the [`content_hash`](crate::content_hash) of all.
    ///
    /// # Errors
    ///
    /// Those of the reader.
    pub fn finish(mut self) -> io::Result<String> {
        let mut chunk = vec![0; CHUNK];
        loop {
            match self.read(&mut chunk) {
                Ok(0) => return Ok(hexadecimal(&self.digest.finalize())),
                Err(error) if error.kind() != io::ErrorKind::Interrupted => return Err(error),
                _ => {}
            }
        }
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.digest.update(&buffer[..read]);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content_hash;

    #[test]
    fn as_of_the_whole() {
        for length in [0, 1, CHUNK - 1, CHUNK, 3 * CHUNK + 5] {
            let bytes: Vec<u8> = (0..length).map(|place| (place % 251) as u8).collect();
            let mut hashed = Hashed::new(&bytes[..]);
            let mut start = vec![0; length.min(1000)];
            hashed.read_exact(&mut start).unwrap();
            assert_eq!(hashed.finish().unwrap(), content_hash(&bytes));
        }
    }
}
