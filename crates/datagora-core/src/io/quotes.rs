//! Notices quoted text that never ends.
use std::io::Read;

/// Passes bytes on, and follows the quotes of a CSV file, so that a file cut inside a quoted cell is noticed.
pub(super) struct QuoteWatch<R> {
    inner: R,
    separator: u8,
    state: State,
    line: u64,
    opened: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Plain,
    Quoted,
    /// A quote inside quoted text: its end, or half of a doubled one.
    QuoteInQuoted,
}

impl<R> QuoteWatch<R> {
    pub(super) fn new(inner: R, separator: u8) -> Self {
        Self { inner, separator, state: State::Start, line: 1, opened: 0 }
    }

    pub(super) fn inner(&self) -> &R {
        &self.inner
    }

    /// The line at which the quoted text began in which we are.
    pub(super) fn open_since(&self) -> Option<u64> {
        (self.state == State::Quoted).then_some(self.opened)
    }

    fn follow(&mut self, byte: u8) {
        let ends_cell = byte == self.separator || byte == b'\n' || byte == b'\r';
        self.state = match (self.state, byte) {
            (State::Start, b'"') => {
                self.opened = self.line;
                State::Quoted
            }
            (State::Quoted, b'"') => State::QuoteInQuoted,
            (State::Quoted, _) | (State::QuoteInQuoted, b'"') => State::Quoted,
            _ if ends_cell => State::Start,
            _ => State::Plain,
        };
        self.line += u64::from(byte == b'\n');
    }
}

impl<R: Read> Read for QuoteWatch<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        for &byte in &buffer[..read] {
            self.follow(byte);
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_open_quote_is_open() {
        for (text, open) in [
            ("a,b\n1,2\n", None),
            ("a,\"b\n", Some(1)),
            ("a\n\"b\"\"c\"\n", None),
            ("a\n\n\"b\"\"", Some(3)),
            // Not at the start of a cell: an inch sign, not a quote.
            ("a,5\" pipe\n", None),
            ("\"\"", None),
        ] {
            let mut watch = QuoteWatch::new(text.as_bytes(), b',');
            std::io::copy(&mut watch, &mut std::io::sink()).expect("in memory");
            assert_eq!(watch.open_since(), open, "{text}");
        }
    }
}
