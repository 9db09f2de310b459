//! What a CSV file does not say about itself: encoding and separator.
use std::io::Read;

use csv::ReaderBuilder;

use super::encoding::{TextEncoding, Transcoder};

/// How much of a file is looked at to find separator and, of a stream, encoding.
pub(super) const SAMPLE: usize = 1 << 18;

/// What one look over the beginning, or the whole, of a file tells.
pub(super) struct Scan {
    pub(super) sample: Vec<u8>,
    pub(super) encoding: TextEncoding,
    pub(super) mark: usize,
    pub(super) content_hash: Option<String>,
}

impl Scan {
    pub(super) fn new(sample: Vec<u8>, utf8: bool, told: Option<TextEncoding>) -> Self {
        let marked = TextEncoding::of_mark(&sample);
        let encoding = match (told, marked) {
            (Some(told), _) => told,
            (None, Some((marked, _))) => marked,
            (None, None) if utf8 => TextEncoding::Utf8,
            (None, None) => TextEncoding::Windows1252,
        };
        let mark = marked.filter(|(marked, _)| *marked == encoding).map_or(0, |(_, length)| length);
        Self { sample, encoding, mark, content_hash: None }
    }
}

/// The separator that cuts the first record in most pieces, and the others in as many; a comma if there is none.
pub(super) fn find_separator(sample: &[u8], encoding: TextEncoding) -> u8 {
    const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];
    const RECORDS: usize = 200;
    const LONGEST_MARK: usize = 3;
    let mut text = Vec::new();
    if Transcoder::new(sample, encoding).read_to_end(&mut text).is_err() {
        return b',';
    }
    let mut best = (b',', 0.0, 1);
    for candidate in CANDIDATES {
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(candidate)
            .from_reader(text.as_slice());
        let mut widths: Vec<usize> =
            reader.byte_records().take(RECORDS).map_while(Result::ok).map(|record| record.len()).collect();
        // The last one may be cut by the end of the sample.
        if sample.len() >= SAMPLE - LONGEST_MARK && widths.len() < RECORDS {
            widths.pop();
        }
        let Some(&columns) = widths.first().filter(|columns| **columns > 1) else { continue };
        let alike = widths.iter().filter(|width| **width == columns).count() as f64 / widths.len() as f64;
        if (alike, columns) > (best.1, best.2) {
            best = (candidate, alike, columns);
        }
    }
    best.0
}
