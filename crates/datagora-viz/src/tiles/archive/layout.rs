//! Bytes of a PMTiles 3 archive: header, directories, metadata, tiles.
use std::io::Write;
use std::ops::Range;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::pmtiles::{self, About, GZIP, HEADER, Header, MAGIC, PmtilesError, VECTOR, VERSION};
use crate::tiles::TileError;
use crate::tiles::mvt::put_varint;

/// Header and root directory have to fit the first 16 KiB, which viewers fetch at once.
const ROOT: usize = 16_384 - HEADER;

/// Tiles with one content, one after the other in the order of their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) id: u64,
    pub(super) offset: u64,
    pub(super) length: u32,
    pub(super) run: u32,
}

/// Level of gzip. On tiles it makes as little of them as the usual 6, which looks twice as long for repetitions.
const LEVEL: u32 = 4;

/// As gzip, without a date: the same bytes give the same bytes.
pub(in crate::tiles) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 2 + 64), Compression::new(LEVEL));
    // A vector takes everything.
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.unwrap_or_default()
}

/// Degrees as the header has them.
pub(super) fn kept_degrees(degrees: f64) -> f64 {
    f64::from((degrees * 1e7).round() as i32) / 1e7
}

/// What is no archive of ours to read, in words.
pub(super) fn unsound(reason: impl Into<String>) -> TileError {
    TileError::Archive { reason: reason.into() }
}

/// Bytes to which a part unpacks at most: a tile of 500 kB does not unpack to more.
const UNPACKED: u64 = 1 << 30;

pub(super) fn gunzip(bytes: &[u8]) -> Result<Vec<u8>, TileError> {
    pmtiles::gunzip(bytes, UNPACKED)
        .map_err(|reason| unsound(format!("a part of it cannot be unpacked: {reason}")))
}

/// A directory: columns of differences, as the specification has them.
fn directory(entries: &[Entry]) -> Vec<u8> {
    let mut out = Vec::with_capacity(entries.len() * 6 + 10);
    put_varint(&mut out, entries.len() as u64);
    let mut last = 0;
    for entry in entries {
        put_varint(&mut out, entry.id - last);
        last = entry.id;
    }
    entries.iter().for_each(|entry| put_varint(&mut out, entry.run.into()));
    entries.iter().for_each(|entry| put_varint(&mut out, entry.length.into()));
    for (k, entry) in entries.iter().enumerate() {
        let follows = k > 0 && entry.offset == entries[k - 1].offset + u64::from(entries[k - 1].length);
        put_varint(&mut out, if follows { 0 } else { entry.offset + 1 });
    }
    gzip(&out)
}

/// Root directory, and the leaves if there are too many entries for one.
fn directories(entries: &[Entry]) -> (Vec<u8>, Vec<u8>) {
    let root = directory(entries);
    if root.len() <= ROOT {
        return (root, Vec::new());
    }
    let mut size = 4096;
    loop {
        let (mut leaves, mut pointers) = (Vec::new(), Vec::new());
        for part in entries.chunks(size) {
            let leaf = directory(part);
            pointers.push(Entry {
                id: part[0].id,
                offset: leaves.len() as u64,
                length: leaf.len() as u32,
                run: 0,
            });
            leaves.extend_from_slice(&leaf);
        }
        let root = directory(&pointers);
        if root.len() <= ROOT {
            return (root, leaves);
        }
        size *= 2;
    }
}

/// Everything before the tiles.
pub(super) fn head(entries: &[Entry], about: &About, metadata: &[u8], data: u64) -> Vec<u8> {
    let (root, leaves) = directories(entries);
    let metadata = gzip(metadata);
    let addressed: u64 = entries.iter().map(|entry| u64::from(entry.run)).sum();
    let mut offsets: Vec<u64> = entries.iter().map(|entry| entry.offset).collect();
    offsets.sort_unstable();
    offsets.dedup();
    let mut out = Vec::with_capacity(HEADER + root.len() + metadata.len() + leaves.len());
    out.extend_from_slice(MAGIC);
    out.push(VERSION);
    let mut at = HEADER as u64;
    for length in [root.len() as u64, metadata.len() as u64, leaves.len() as u64, data] {
        out.extend_from_slice(&at.to_le_bytes());
        out.extend_from_slice(&length.to_le_bytes());
        at += length;
    }
    for count in [addressed, entries.len() as u64, offsets.len() as u64] {
        out.extend_from_slice(&count.to_le_bytes());
    }
    // Clustered: contents stand in the order of the tiles.
    out.extend_from_slice(&[1, GZIP, GZIP, VECTOR, about.zooms[0], about.zooms[1]]);
    let [west, south, east, north] = about.bounds;
    let degrees = |out: &mut Vec<u8>, degrees: f64| {
        out.extend_from_slice(&((degrees * 1e7).round() as i32).to_le_bytes());
    };
    [west, south, east, north].into_iter().for_each(|side| degrees(&mut out, side));
    out.push(about.centre_zoom);
    about.centre.into_iter().for_each(|side| degrees(&mut out, side));
    out.extend_from_slice(&root);
    out.extend_from_slice(&metadata);
    out.extend_from_slice(&leaves);
    out
}

/// An archive taken apart: entries with offsets into the tiles, what the header says, metadata, and where the tiles are.
pub(super) struct Parts {
    pub(super) entries: Vec<Entry>,
    pub(super) about: About,
    pub(super) metadata: Vec<u8>,
    pub(super) data: Range<usize>,
}

pub(super) fn take_apart(bytes: &[u8]) -> Result<Parts, TileError> {
    let refused = |error: PmtilesError| unsound(error.to_string());
    let header = Header::read(bytes).map_err(refused)?;
    if header.compression != [GZIP, GZIP] {
        return Err(unsound("its parts are not compressed as gzip"));
    }
    let metadata = header.metadata(bytes, UNPACKED).map_err(refused)?.into_owned();
    let Header { root, leaves, tiles: data, about, .. } = header;
    let mut entries = Vec::new();
    for entry in read_directory(&bytes[root])? {
        if entry.run > 0 {
            entries.push(entry);
            continue;
        }
        let leaf = bytes[leaves.clone()].get(entry.offset as usize..);
        let leaf = leaf.and_then(|leaf| leaf.get(..entry.length as usize));
        let leaf = read_directory(leaf.ok_or_else(|| unsound("a directory lies outside of it"))?)?;
        if leaf.iter().any(|entry| entry.run == 0) {
            return Err(unsound("its directories are deeper than two levels"));
        }
        entries.extend(leaf);
    }
    let length = data.len() as u64;
    if entries.iter().any(|e| e.offset.checked_add(e.length.into()).is_none_or(|end| end > length)) {
        return Err(unsound("a tile lies outside of it"));
    }
    if entries.windows(2).any(|pair| pair[0].id + u64::from(pair[0].run) > pair[1].id) {
        return Err(unsound("its tiles are not in order"));
    }
    Ok(Parts { entries, about, metadata, data })
}

fn read_directory(bytes: &[u8]) -> Result<Vec<Entry>, TileError> {
    let bytes = gunzip(bytes)?;
    let mut at = 0;
    let mut next = || -> Result<u64, TileError> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = *bytes.get(at).ok_or_else(|| unsound("a directory ends too soon"))?;
            at += 1;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(unsound("a directory has a number of more than 64 bits"))
    };
    let small = |value: u64| u32::try_from(value).map_err(|_| unsound("a directory has a number too large"));
    let count = next()? as usize;
    // Each entry takes four bytes at least.
    if count > bytes.len() / 4 {
        return Err(unsound("a directory ends too soon"));
    }
    let mut entries = vec![Entry { id: 0, offset: 0, length: 0, run: 0 }; count];
    let mut last = 0u64;
    for entry in &mut entries {
        last = last
            .checked_add(next()?)
            .filter(|&id| id < 1 << 62)
            .ok_or_else(|| unsound("it has a tile beyond zoom 30"))?;
        entry.id = last;
    }
    for entry in &mut entries {
        entry.run = small(next()?)?;
    }
    for entry in &mut entries {
        entry.length = small(next()?)?;
    }
    for k in 0..count {
        entries[k].offset = match next()? {
            0 if k == 0 => return Err(unsound("a directory begins without a place")),
            0 => entries[k - 1].offset.saturating_add(entries[k - 1].length.into()),
            offset => offset - 1,
        };
    }
    Ok(entries)
}
