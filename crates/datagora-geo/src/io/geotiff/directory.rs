//! The directories of a TIFF file (IFDs) and the values of their tags.
use std::collections::{BTreeMap, HashSet};
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;

use super::error::GeoTiffProblem;
use super::tag;

/// Most directories that are followed: a pyramid of a raster of 2³² columns has 33.
const MOST_DIRECTORIES: usize = 1024;

/// A TIFF file, of which nothing is read but what is asked for.
#[derive(Debug)]
pub(super) struct Tiff<R> {
    reader: R,
    length: u64,
    little: bool,
    big: bool,
}

/// Where the values of a tag are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    kind: u16,
    pub(super) count: u64,
    /// Offset of the first value in the file.
    at: u64,
}

/// The tags of one image.
pub(super) type Directory = BTreeMap<u16, Entry>;

impl Entry {
    /// Bytes of one value, by TIFF 6.0 p. 15 and the BigTIFF extension.
    fn width(self) -> Option<u64> {
        Some(match self.kind {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 | 16 | 17 | 18 => 8,
            _ => return None,
        })
    }
}

impl<R: Read + Seek> Tiff<R> {
    /// Reads the header; gives the offset of the first directory too.
    pub(super) fn open(mut reader: R) -> Result<(Self, u64), GeoTiffProblem> {
        let length = reader.seek(SeekFrom::End(0))?;
        let mut tiff = Self { reader, length, little: true, big: false };
        let mut header = [0; 4];
        tiff.read_at(0, &mut header, "the header")?;
        tiff.little = match &header[..2] {
            b"II" => true,
            b"MM" => false,
            other => {
                return Err(GeoTiffProblem::malformed(
                    "the first two bytes",
                    format!("{other:02x?}"),
                    "“II” or “MM”, as in a TIFF",
                ));
            }
        };
        let first = match tiff.number(&header[2..]) {
            42 => tiff.number_at(4, 4, "the header")?,
            43 => {
                tiff.big = true;
                tiff.number_at(8, 8, "the header")?
            }
            other => return Err(GeoTiffProblem::malformed("bytes 2 and 3", other, "42, or 43 of a BigTIFF")),
        };
        Ok((tiff, first))
    }

    /// All directories, in the order of their chain.
    pub(super) fn directories(&mut self, first: u64) -> Result<Vec<Directory>, GeoTiffProblem> {
        let mut seen = HashSet::new();
        let mut directories = Vec::new();
        let mut at = first;
        while at != 0 {
            if directories.len() == MOST_DIRECTORIES || !seen.insert(at) {
                return Err(GeoTiffProblem::malformed(
                    "the chain of directories",
                    "one without end",
                    format!("at most {MOST_DIRECTORIES}, each once"),
                ));
            }
            let (directory, next) = self.directory(at)?;
            directories.push(directory);
            at = next;
        }
        Ok(directories)
    }

    fn directory(&mut self, at: u64) -> Result<(Directory, u64), GeoTiffProblem> {
        let what = "a directory";
        let (head, size) = if self.big { (8, 20) } else { (2, 12) };
        let count = self.number_at(at, head, what)?;
        let entries = at + head as u64; // `number_at` has read up to here.
        let end = count.checked_mul(size).and_then(|bytes| entries.checked_add(bytes));
        let Some(end) = end.filter(|&end| end <= self.length) else {
            return Err(GeoTiffProblem::malformed(
                what,
                format!("{count} entries"),
                "as many as the file holds",
            ));
        };
        let mut bytes = vec![0; (end - entries) as usize];
        self.read_at(entries, &mut bytes, what)?;
        let mut directory = Directory::new();
        for (index, entry) in bytes.chunks_exact(size as usize).enumerate() {
            let inline = entries + index as u64 * size + if self.big { 12 } else { 8 };
            let room = if self.big { 8 } else { 4 };
            let count = self.number(&entry[4..4 + room]);
            let kind = self.number(&entry[2..4]) as u16;
            let mut found = Entry { kind, count, at: inline };
            let Some(width) = found.width() else { continue };
            if count.checked_mul(width).is_none_or(|bytes| bytes > room as u64) {
                found.at = self.number(&entry[4 + room..]);
            }
            directory.entry(self.number(&entry[..2]) as u16).or_insert(found);
        }
        let next = self.number_at(end, if self.big { 8 } else { 4 }, "the end of a directory")?;
        Ok((directory, next))
    }

    /// Bytes from an offset on.
    pub(super) fn read_at(&mut self, at: u64, into: &mut [u8], what: &str) -> Result<(), GeoTiffProblem> {
        let end = at.checked_add(into.len() as u64);
        if end.is_none_or(|end| end > self.length) {
            return Err(GeoTiffProblem::malformed(
                what,
                self.end(),
                format!("{} bytes from byte {at} on", into.len()),
            ));
        }
        self.reader.seek(SeekFrom::Start(at))?;
        Ok(self.reader.read_exact(into)?)
    }

    /// As many bytes from an offset on, if the file has them.
    pub(super) fn bytes_at(&mut self, at: u64, count: u64, what: &str) -> Result<Vec<u8>, GeoTiffProblem> {
        if at.checked_add(count).is_none_or(|end| end > self.length) {
            return Err(GeoTiffProblem::malformed(
                what,
                self.end(),
                format!("{count} bytes from byte {at} on"),
            ));
        }
        let mut bytes = vec![0; count as usize];
        self.read_at(at, &mut bytes, what)?;
        Ok(bytes)
    }

    /// Bytes of the file.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Where the file ends, for messages.
    pub(super) fn end(&self) -> String {
        format!("the end of the file at byte {}", self.length)
    }

    /// Whether the least significant byte of a number comes first.
    pub(super) fn little(&self) -> bool {
        self.little
    }

    fn number_at(&mut self, at: u64, bytes: usize, what: &str) -> Result<u64, GeoTiffProblem> {
        let mut buffer = [0; 8];
        self.read_at(at, &mut buffer[..bytes], what)?;
        Ok(self.number(&buffer[..bytes]))
    }

    fn number(&self, bytes: &[u8]) -> u64 {
        let digit = |sum: u64, &byte: &u8| (sum << 8) | u64::from(byte);
        if self.little { bytes.iter().rev().fold(0, digit) } else { bytes.iter().fold(0, digit) }
    }

    /// Some of the whole numbers of a tag.
    pub(super) fn whole(
        &mut self,
        directory: &Directory,
        tag: u16,
        range: Range<u64>,
    ) -> Result<Vec<u64>, GeoTiffProblem> {
        let name = tag::name(tag);
        let Some(&entry) = directory.get(&tag) else {
            return Err(GeoTiffProblem::malformed(name, "nothing", "a value"));
        };
        if range.end > entry.count || range.start > range.end {
            return Err(GeoTiffProblem::malformed(
                name,
                format!("{} values", entry.count),
                format!("{} or more", range.end),
            ));
        }
        // Without sign, of 8, 16, 32 or 64 bits.
        let width = match entry.kind {
            1 | 3 | 4 | 16 | 13 | 18 => entry.width().unwrap_or(1),
            other => return Err(GeoTiffProblem::malformed(name, format!("type {other}"), "whole numbers")),
        };
        let bytes = self.values(entry, width, range, &name)?;
        Ok(bytes.chunks_exact(width as usize).map(|bytes| self.number(bytes)).collect())
    }

    /// The one whole number of a tag, or the one meant if there is none.
    pub(super) fn one(
        &mut self,
        directory: &Directory,
        tag: u16,
        default: Option<u64>,
    ) -> Result<u64, GeoTiffProblem> {
        match default {
            Some(default) if !directory.contains_key(&tag) => Ok(default),
            _ => Ok(self.whole(directory, tag, 0..1)?[0]),
        }
    }

    /// The floats of a tag, none if there is no such tag.
    pub(super) fn doubles(&mut self, directory: &Directory, tag: u16) -> Result<Vec<f64>, GeoTiffProblem> {
        let Some(&entry) = directory.get(&tag) else { return Ok(Vec::new()) };
        let name = tag::name(tag);
        match entry.kind {
            12 => {
                let bytes = self.values(entry, 8, 0..entry.count, &name)?;
                Ok(bytes.chunks_exact(8).map(|bytes| f64::from_bits(self.number(bytes))).collect())
            }
            other => Err(GeoTiffProblem::malformed(name, format!("type {other}"), "floats of 64 bits")),
        }
    }

    /// The text of a tag, up to its first zero byte; none if there is no such tag.
    pub(super) fn text(&mut self, directory: &Directory, tag: u16) -> Result<Option<String>, GeoTiffProblem> {
        let Some(&entry) = directory.get(&tag) else { return Ok(None) };
        let name = tag::name(tag);
        if entry.width() != Some(1) {
            return Err(GeoTiffProblem::malformed(name, format!("type {}", entry.kind), "text"));
        }
        let bytes = self.values(entry, 1, 0..entry.count, &name)?;
        let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
        Ok(Some(String::from_utf8_lossy(&bytes[..end]).into_owned()))
    }

    fn values(
        &mut self,
        entry: Entry,
        width: u64,
        range: Range<u64>,
        name: &str,
    ) -> Result<Vec<u8>, GeoTiffProblem> {
        let place = |index: u64| index.checked_mul(width);
        let span = place(range.start).zip(place(range.end - range.start));
        let from = span.and_then(|(from, bytes)| Some((entry.at.checked_add(from)?, bytes)));
        let Some((at, bytes)) = from else {
            return Err(GeoTiffProblem::malformed(
                name,
                format!("{} values", entry.count),
                "as many as the file holds",
            ));
        };
        self.bytes_at(at, bytes, name)
    }
}
