//! A file that is read from its start to its end.
use std::io::{self, Read, copy, sink};

/// Bytes read in order, with the place reached. No length that a file states is trusted with memory.
pub(super) struct Forward<R> {
    reader: R,
    place: u64,
}

/// What begins at a place.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// All of it.
    Whole,
    /// Less than it says.
    Cut,
    /// The end of the file.
    None,
}

impl<R: Read> Forward<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, place: 0 }
    }

    pub(super) fn place(&self) -> u64 {
        self.place
    }

    /// Appends so many bytes; whether there are as many.
    pub(super) fn read(&mut self, bytes: u64, to: &mut Vec<u8>) -> io::Result<bool> {
        let found = self.reader.by_ref().take(bytes).read_to_end(to)? as u64;
        self.place += found;
        Ok(found == bytes)
    }

    /// Goes on to a place; whether it is ahead and in the file.
    pub(super) fn go_to(&mut self, place: u64) -> io::Result<bool> {
        let Some(bytes) = place.checked_sub(self.place) else { return Ok(false) };
        let found = copy(&mut self.reader.by_ref().take(bytes), &mut sink())?;
        self.place += found;
        Ok(found == bytes)
    }

    /// Reads what begins with its length in four bytes, length included.
    pub(super) fn piece(&mut self, piece: &mut Vec<u8>) -> io::Result<Piece> {
        piece.clear();
        if !self.read(4, piece)? {
            return Ok(if piece.is_empty() { Piece::None } else { Piece::Cut });
        }
        let length = piece.first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes));
        Ok(if self.read(length.into(), piece)? { Piece::Whole } else { Piece::Cut })
    }
}
