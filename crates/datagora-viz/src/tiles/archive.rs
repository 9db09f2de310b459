//! Tiles in one file: PMTiles 3.
mod layout;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use datagora_geo::WebTile;
use datagora_geo::types::{Coord, Rect};

pub(super) use self::layout::gzip;
use self::layout::{Entry, gunzip, head, kept_degrees, take_apart, unsound};
use super::TileError;
use super::mvt::Table;
use super::pyramid::{tile_id, tile_of_id};
use super::record::{LayerThinning, Metadata};
use crate::pmtiles::About;

/// Vector tiles in one PMTiles archive: built by [`TileSet::build`](crate::TileSet::build), or read.
///
/// A PMTiles archive is a file that viewers read in parts from any server that answers range requests, or whole from within
/// a page. Tiles of the same content are kept once, in the order of the Hilbert curve.
///
/// # Example
///
/// ```
/// use datagora_core::Crs;
/// use datagora_geo::{GeometryColumn, WebTile};
/// use datagora_viz::{TileArchive, TileLayer, TileSet};
///
/// let trees = GeometryColumn::points(vec![4.835, 4.836], vec![45.76, 45.77], Crs::WGS84);
/// let archive = TileSet::new("Arbres").with_layer(TileLayer::new("trees", &trees).with_zooms(8..=12)).build()?;
/// assert_eq!(archive.zooms(), (8, 12));
///
/// let read = TileArchive::read(&archive.to_bytes())?;
/// assert_eq!(read.tile(WebTile::at(4.835, 45.76, 12)?)?, archive.tile(WebTile::at(4.835, 45.76, 12)?)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
///
/// [PMTiles version 3](https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md);
/// [Mapbox Vector Tile 2.1](https://github.com/mapbox/vector-tile-spec/tree/master/2.1).
#[derive(Clone, Debug, PartialEq)]
pub struct TileArchive {
    entries: Vec<Entry>,
    data: Vec<u8>,
    about: About,
    metadata: Metadata,
}

impl TileArchive {
    /// From tiles as gzip, in the order of their numbers.
    pub(super) fn from_tiles(
        tiles: impl IntoIterator<Item = (u64, Vec<u8>)>,
        bounds: Rect,
        metadata: Metadata,
    ) -> Self {
        let mut builder = Builder::default();
        for (id, bytes) in tiles {
            builder.push(id, 1, &bytes);
        }
        // As they are kept.
        let [min, max] =
            [bounds.min(), bounds.max()].map(|at| Coord { x: kept_degrees(at.x), y: kept_degrees(at.y) });
        let about = About {
            zooms: zooms(&builder.entries).unwrap_or([0, 0]),
            bounds: [min.x, min.y, max.x, max.y],
            centre: [kept_degrees((min.x + max.x) / 2.0), kept_degrees((min.y + max.y) / 2.0)],
            centre_zoom: 0,
        };
        let centre_zoom = about.zooms[0];
        Self { entries: builder.entries, data: builder.data, about: About { centre_zoom, ..about }, metadata }
    }

    /// Reads an archive of vector tiles, of ours or of another program.
    ///
    /// # Errors
    ///
    /// [`TileError::Archive`] for bytes that are no PMTiles 3, or hold something else than vector tiles as gzip.
    pub fn read(bytes: &[u8]) -> Result<Self, TileError> {
        let parts = take_apart(bytes)?;
        let metadata = serde_json::from_slice(&parts.metadata)
            .map_err(|error| unsound(format!("its metadata are not as expected: {error}")))?;
        let data = bytes[parts.data].to_vec();
        Ok(Self { entries: parts.entries, data, about: parts.about, metadata })
    }

    /// Reads the archive in a file.
    ///
    /// # Errors
    ///
    /// [`TileError::File`] if the file cannot be read, else as [`read`](Self::read).
    pub fn open(path: impl AsRef<Path>) -> Result<Self, TileError> {
        let path = path.as_ref();
        let bytes = fs::read(path).map_err(|source| TileError::File { path: path.into(), source })?;
        Self::read(&bytes)
    }

    /// The archive as bytes, such as those to embed in a page.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.head();
        bytes.extend_from_slice(&self.data);
        bytes
    }

    /// Writes the archive.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write(&self, to: &mut impl Write) -> io::Result<()> {
        to.write_all(&self.head())?;
        to.write_all(&self.data)
    }

    /// Writes the archive to a file, which is replaced only once the new one is complete.
    ///
    /// # Errors
    ///
    /// [`TileError::File`] if the folder cannot be written; a file that was there stays as it was.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), TileError> {
        let path = path.as_ref();
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.partial", std::process::id()));
        let partial = path.with_file_name(name);
        let written = File::create_new(&partial)
            .and_then(|mut file| self.write(&mut file).and_then(|()| file.sync_all()))
            .and_then(|()| fs::rename(&partial, path));
        written.map_err(|source| {
            // What is left of an attempt is of no use; that it failed is what matters.
            let _ = fs::remove_file(&partial);
            TileError::File { path: path.into(), source }
        })
    }

    pub(super) fn set_metadata(&mut self, metadata: Metadata) {
        self.metadata = metadata;
    }

    fn head(&self) -> Vec<u8> {
        let metadata = self.metadata.to_json();
        head(&self.entries, &self.about, metadata.as_bytes(), self.data.len() as u64)
    }

    /// Length in bytes when it is written.
    pub fn byte_len(&self) -> usize {
        self.head().len() + self.data.len()
    }

    /// Least and greatest zoom of its tiles.
    pub fn zooms(&self) -> (u8, u8) {
        (self.about.zooms[0], self.about.zooms[1])
    }

    /// What it covers, in degrees of longitude and latitude.
    pub fn bounds(&self) -> Rect {
        let [west, south, east, north] = self.about.bounds;
        Rect::new(Coord { x: west, y: south }, Coord { x: east, y: north })
    }

    /// Its metadata as JSON: `name`, `attribution`, `vector_layers`, `tilestats`, and under `datagora:thinning` what
    /// [`thinning`](Self::thinning) gives.
    pub fn metadata_json(&self) -> String {
        self.metadata.to_json()
    }

    /// What is left out or put together, by layer and zoom: what a page has to say. Empty for archives of other programs.
    pub fn thinning(&self) -> &[LayerThinning] {
        &self.metadata.thinning
    }

    /// Number of tiles.
    pub fn len(&self) -> usize {
        self.entries.iter().map(|entry| entry.run as usize).sum()
    }

    /// Whether there is no tile.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The tiles, in the order of the archive.
    pub fn tiles(&self) -> impl Iterator<Item = WebTile> + '_ {
        let ids = self.entries.iter().flat_map(|entry| entry.id..entry.id + u64::from(entry.run));
        ids.filter_map(tile_of_id)
    }

    /// A tile as Mapbox Vector Tile; `None` if nothing is there.
    ///
    /// # Errors
    ///
    /// [`TileError::Archive`] if its bytes are damaged.
    pub fn tile(&self, tile: WebTile) -> Result<Option<Vec<u8>>, TileError> {
        self.compressed_tile(tile).map(gunzip).transpose()
    }

    /// A tile as it is kept: gzip.
    pub fn compressed_tile(&self, tile: WebTile) -> Option<&[u8]> {
        let id = number(tile);
        let at = self.entries.partition_point(|entry| entry.id <= id).checked_sub(1)?;
        let entry = self.entries[at];
        (id < entry.id + u64::from(entry.run)).then(|| self.content(entry))
    }

    fn content(&self, entry: Entry) -> &[u8] {
        &self.data[entry.offset as usize..][..entry.length as usize]
    }

    /// Puts tiles (Mapbox Vector Tiles, not compressed) in the place of those that are there; `None` removes one.
    ///
    /// The others are copied as they are. See [`TileSet::update`](crate::TileSet::update) for the tiles of an edit.
    pub fn replace(&mut self, tiles: impl IntoIterator<Item = (WebTile, Option<Vec<u8>>)>) {
        self.replace_compressed(tiles.into_iter().map(|(tile, bytes)| {
            let bytes = bytes.filter(|bytes| !bytes.is_empty());
            (tile, bytes.map_or_else(Vec::new, |bytes| gzip(&bytes)))
        }));
    }

    /// As [`replace`](Self::replace), with tiles as gzip; no bytes remove one.
    pub(super) fn replace_compressed(&mut self, tiles: impl IntoIterator<Item = (WebTile, Vec<u8>)>) {
        let changed: BTreeMap<u64, Vec<u8>> =
            tiles.into_iter().map(|(tile, bytes)| (number(tile), bytes)).collect();
        let mut builder = Builder::default();
        let mut changes = changed.iter().peekable();
        for &entry in &self.entries {
            let (mut next, end) = (entry.id, entry.id + u64::from(entry.run));
            while let Some((&id, bytes)) = changes.next_if(|change| *change.0 < end) {
                if id > next {
                    builder.push(next, (id - next) as u32, self.content(entry));
                }
                if !bytes.is_empty() {
                    builder.push(id, 1, bytes);
                }
                next = next.max(id + 1);
            }
            if next < end {
                builder.push(next, (end - next) as u32, self.content(entry));
            }
        }
        for (&id, bytes) in changes {
            if !bytes.is_empty() {
                builder.push(id, 1, bytes);
            }
        }
        self.about.zooms = zooms(&builder.entries).unwrap_or(self.about.zooms);
        (self.entries, self.data) = (builder.entries, builder.data);
    }
}

fn number(tile: WebTile) -> u64 {
    tile_id(tile.zoom(), tile.place().0, tile.place().1)
}

fn zooms(entries: &[Entry]) -> Option<[u8; 2]> {
    let (first, last) = (entries.first()?, entries.last()?);
    Some([tile_of_id(first.id)?.zoom(), tile_of_id(last.id + u64::from(last.run) - 1)?.zoom()])
}

/// Keeps contents once, and runs of the same content as one entry.
#[derive(Default)]
struct Builder {
    entries: Vec<Entry>,
    data: Vec<u8>,
    /// Places of contents, by a mixture of their bytes.
    places: Table<u64, Vec<(u64, u32)>>,
}

impl Builder {
    fn push(&mut self, id: u64, run: u32, bytes: &[u8]) {
        let length = bytes.len() as u32;
        let known = self.places.entry(mixture(bytes)).or_default();
        let data = &self.data;
        let same = |&&(offset, other): &&(u64, u32)| {
            other == length && &data[offset as usize..][..length as usize] == bytes
        };
        let offset = match known.iter().find(same) {
            Some(&(offset, _)) => offset,
            None => {
                let offset = self.data.len() as u64;
                known.push((offset, length));
                self.data.extend_from_slice(bytes);
                offset
            }
        };
        match self.entries.last_mut() {
            Some(last) if last.offset == offset && last.id + u64::from(last.run) == id => last.run += run,
            _ => self.entries.push(Entry { id, offset, length, run }),
        }
    }
}

fn mixture(bytes: &[u8]) -> u64 {
    use std::hash::Hasher;
    let mut mix = super::mvt::Mix::default();
    let (words, rest) = bytes.as_chunks::<8>();
    words.iter().for_each(|&word| mix.write_u64(u64::from_le_bytes(word)));
    mix.write(rest);
    mix.finish()
}
