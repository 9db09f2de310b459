//! How the bytes of a text stand for letters.
use std::fmt;
use std::io::Read;

use encoding_rs::{Decoder, Encoding};

/// How the bytes of a file stand for letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum TextEncoding {
    /// UTF-8.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// Windows-1252, which holds ISO 8859-1: what western files that are not UTF-8 almost always are.
    Windows1252,
    /// Mac OS Roman: never guessed, since every text could be it.
    MacRoman,
}

impl fmt::Display for TextEncoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TextEncoding::Utf8 => "UTF-8",
            TextEncoding::Utf16Le => "UTF-16LE",
            TextEncoding::Utf16Be => "UTF-16BE",
            TextEncoding::Windows1252 => "Windows-1252",
            TextEncoding::MacRoman => "Mac OS Roman",
        })
    }
}

impl TextEncoding {
    fn decoder(self) -> Option<Decoder> {
        let encoding: &'static Encoding = match self {
            TextEncoding::Utf8 => return None,
            TextEncoding::Utf16Le => encoding_rs::UTF_16LE,
            TextEncoding::Utf16Be => encoding_rs::UTF_16BE,
            TextEncoding::Windows1252 => encoding_rs::WINDOWS_1252,
            TextEncoding::MacRoman => encoding_rs::MACINTOSH,
        };
        Some(encoding.new_decoder_without_bom_handling())
    }

    /// The encoding a byte order mark announces, and the length of the mark.
    pub(super) fn of_mark(bytes: &[u8]) -> Option<(Self, usize)> {
        match bytes {
            [0xEF, 0xBB, 0xBF, ..] => Some((TextEncoding::Utf8, 3)),
            [0xFF, 0xFE, ..] => Some((TextEncoding::Utf16Le, 2)),
            [0xFE, 0xFF, ..] => Some((TextEncoding::Utf16Be, 2)),
            _ => None,
        }
    }
}

/// Tells, byte after byte, whether a text is valid UTF-8, whatever the pieces it comes in.
#[derive(Debug, Default)]
pub(super) struct Utf8Check {
    invalid: bool,
    held: Vec<u8>,
}

impl Utf8Check {
    /// Looks at the next piece.
    pub(super) fn update(&mut self, piece: &[u8]) {
        if self.invalid {
            return;
        }
        let joined;
        let bytes = if self.held.is_empty() {
            piece
        } else {
            joined = [self.held.as_slice(), piece].concat();
            &joined
        };
        match std::str::from_utf8(bytes) {
            Ok(_) => self.held = Vec::new(),
            // Not wrong, only cut.
            Err(error) if error.error_len().is_none() => self.held = bytes[error.valid_up_to()..].to_vec(),
            Err(_) => self.invalid = true,
        }
    }

    /// Whether nothing contradicts UTF-8 so far; a letter cut by the end counts against it only at the end of a file.
    pub(super) fn valid(&self, complete: bool) -> bool {
        !self.invalid && (!complete || self.held.is_empty())
    }
}

/// Gives the bytes of another reader as UTF-8. UTF-8 itself passes through unchecked.
pub(super) struct Transcoder<R> {
    inner: R,
    decoder: Option<Decoder>,
    input: Vec<u8>,
    output: Vec<u8>,
    given: usize,
    ended: bool,
    malformed: bool,
}

impl<R: Read> Transcoder<R> {
    pub(super) fn new(inner: R, encoding: TextEncoding) -> Self {
        Self {
            inner,
            decoder: encoding.decoder(),
            input: Vec::new(),
            output: Vec::new(),
            given: 0,
            ended: false,
            malformed: false,
        }
    }

    /// Whether bytes were met that stand for nothing in the encoding.
    pub(super) fn malformed(&self) -> bool {
        self.malformed
    }
}

impl<R: Read> Read for Transcoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let Some(decoder) = &mut self.decoder else { return self.inner.read(buffer) };
        while self.given == self.output.len() && !self.ended {
            self.input.resize(1 << 14, 0);
            let read = self.inner.read(&mut self.input)?;
            self.ended = read == 0;
            // No encoding here needs more than three bytes for one, plus what was held back.
            self.output.resize(3 * read + 16, 0);
            let (_, _, written, malformed) =
                decoder.decode_to_utf8(&self.input[..read], &mut self.output, self.ended);
            self.output.truncate(written);
            self.malformed |= malformed;
            self.given = 0;
        }
        let count = buffer.len().min(self.output.len() - self.given);
        buffer[..count].copy_from_slice(&self.output[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

/// Undoes double encoding: UTF-8 that was taken for Windows-1252 and encoded again, so that “é” reads “Ã©”.
///
/// Only sequences are repaired whose outcome is itself a letter of Windows-1252, so that sound French text stays as it is. A
/// sequence cut off at the end of a shortened text cannot be repaired, and stays. Text encoded three times is repaired too.
/// `None` if there is nothing to repair.
///
/// ```
/// use datagora_core::io::repair_mojibake;
///
/// assert_eq!(repair_mojibake("fabrication dâ€™articles mÃ©talliques").as_deref(), Some("fabrication d’articles métalliques"));
/// assert_eq!(repair_mojibake("forêt à l’été"), None);
/// ```
pub fn repair_mojibake(text: &str) -> Option<String> {
    const PASSES: usize = 3;
    let mut repaired: Option<String> = None;
    for _ in 0..PASSES {
        match repair_once(repaired.as_deref().unwrap_or(text)) {
            Some(better) => repaired = Some(better),
            None => break,
        }
    }
    repaired
}

fn repair_once(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let mut repaired = String::with_capacity(text.len());
    let mut changed = false;
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match doubly_encoded(letter, letters.clone()) {
            Some((original, taken)) => {
                changed = true;
                repaired.push(original);
                letters.by_ref().take(taken).for_each(drop);
            }
            None => repaired.push(letter),
        }
    }
    changed.then_some(repaired)
}

/// The letter whose UTF-8 bytes were read as this letter and some of the next, and how many of those.
fn doubly_encoded(first: char, rest: impl Iterator<Item = char>) -> Option<(char, usize)> {
    let lead = byte_of(first)?;
    let follow = match lead {
        0xC2..=0xDF => 1,
        0xE0..=0xEF => 2,
        _ => return None,
    };
    let mut bytes = [lead, 0, 0];
    let mut count = 1;
    for letter in rest.take(follow) {
        bytes[count] = byte_of(letter)?;
        count += 1;
    }
    let original =
        std::str::from_utf8(&bytes[..count]).ok()?.chars().next().filter(|_| count == follow + 1)?;
    byte_of(original).map(|_| (original, follow))
}

/// The byte above 127 that stands for a letter in Windows-1252, or in ISO 8859-1 where that has none.
fn byte_of(letter: char) -> Option<u8> {
    if letter.is_ascii() {
        return None;
    }
    if let Ok(byte) = u8::try_from(letter) {
        return Some(byte);
    }
    let mut text = [0; 4];
    let (bytes, _, unmappable) = encoding_rs::WINDOWS_1252.encode(letter.encode_utf8(&mut text));
    match (&*bytes, unmappable) {
        ([byte], false) => Some(*byte),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_sound_stays() {
        for text in
            ["SOCIÉTÉ\u{a0}»", "«\u{a0}L’ÉTÉ…\u{a0}»", "à 20 °C", "N° 5", "œuvre", "Ã", "dâ€", "東京", ""]
        {
            assert_eq!(repair_mojibake(text), None, "{text}");
        }
    }

    #[test]
    fn what_was_encoded_twice_or_thrice_is_repaired() {
        for text in ["Étang d’été à l’Œuvre, 20 €", "MÉTALLURGIE", "Ça", "°"] {
            let misread = |text: &str| {
                text.bytes()
                    .map(|byte| encoding_rs::WINDOWS_1252.decode_without_bom_handling(&[byte]).0.into_owned())
                    .collect::<String>()
            };
            assert_eq!(repair_mojibake(&misread(text)).as_deref(), Some(text));
            assert_eq!(repair_mojibake(&misread(&misread(text))).as_deref(), Some(text));
        }
        // Cut in the middle of a letter: what is whole is repaired.
        assert_eq!(repair_mojibake("mÃ©tal, dâ€").as_deref(), Some("métal, dâ€"));
    }

    proptest! {
        #[test]
        fn repairing_never_panics_and_settles(text in ".*") {
            if let Some(repaired) = repair_mojibake(&text) {
                prop_assert!(repaired.len() < text.len());
            }
        }

        #[test]
        fn pieces_do_not_matter(bytes in proptest::collection::vec(any::<u8>(), 0..40), cut in 0usize..40) {
            let cut = cut.min(bytes.len());
            let mut check = Utf8Check::default();
            check.update(&bytes[..cut]);
            check.update(&bytes[cut..]);
            prop_assert_eq!(check.valid(true), std::str::from_utf8(&bytes).is_ok());
        }

        #[test]
        fn utf16_comes_out_as_utf8(text in ".*") {
            let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let mut out = String::new();
            let mut transcoder = Transcoder::new(bytes.as_slice(), TextEncoding::Utf16Le);
            transcoder.read_to_string(&mut out).expect("valid UTF-16");
            prop_assert_eq!(out, text);
            prop_assert!(!transcoder.malformed());
        }
    }
}
