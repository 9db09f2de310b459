//! Files, compressed or not.
use std::fs::File;
use std::io::{Chain, Cursor, Read};
use std::path::Path;

use datagora_core::io::ReadError;
use datagora_core::{Problem, Report};
use flate2::read::MultiGzDecoder;

/// A source of bytes.
pub(super) type Source = Box<dyn Read + Send>;

/// Opens a file; gzip is recognised by its first bytes and unpacked on the way.
pub(super) fn open(path: &Path) -> Result<(Source, String), ReadError> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|source| ReadError::Unreadable { file: name.clone(), source })?;
    Ok((unpacked(file, &name)?, name))
}

/// The bytes of a source, unpacked if they are compressed by gzip.
pub(super) fn unpacked(mut source: impl Read + Send + 'static, name: &str) -> Result<Source, ReadError> {
    let mut first = Vec::with_capacity(2);
    (&mut source)
        .take(2)
        .read_to_end(&mut first)
        .map_err(|source| ReadError::Unreadable { file: name.to_owned(), source })?;
    if first.is_empty() {
        return Err(ReadError::Empty { file: name.to_owned() });
    }
    let packed = first == [0x1F, 0x8B];
    let whole: Chain<Cursor<Vec<u8>>, _> = Cursor::new(first).chain(source);
    Ok(if packed { Box::new(MultiGzDecoder::new(whole)) } else { Box::new(whole) })
}

/// The bytes of a whole file, unpacked.
pub(super) fn read_all(path: &Path) -> Result<(Vec<u8>, String), ReadError> {
    let (mut source, name) = open(path)?;
    let mut bytes = Vec::new();
    source.read_to_end(&mut bytes).map_err(|source| ReadError::Unreadable { file: name.clone(), source })?;
    Ok((bytes, name))
}

/// A file with one thing wrong.
pub(super) fn refused(file: &str, problem: Problem) -> ReadError {
    let mut report = Report::default();
    report.add(problem);
    ReadError::Content { file: file.to_owned(), report }
}
