//! What stands before the tiles of a GeoTIFF: header and directories.
use super::super::about::About;
use super::super::error::GeoTiffProblem;
use super::super::placement::geo_keys;
use super::super::tag;
use super::level::Level;
use crate::{Band, Grid, NoData, SampleType};

/// What all levels have in common, and what the directory of the first one tells beside.
#[derive(Debug)]
pub(super) struct Description {
    pub(super) bands: usize,
    pub(super) kind: SampleType,
    pub(super) tile: usize,
    /// The number that stands for missing values; of floats, NaN if none is named.
    pub(super) no_data: Option<NoData>,
    placement: Vec<Tag>,
}

/// A tag with its values, as bytes.
#[derive(Clone, Debug)]
struct Tag {
    tag: u16,
    kind: u16,
    count: u64,
    bytes: Vec<u8>,
}

impl Tag {
    fn shorts(tag: u16, values: &[u16]) -> Self {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        Self { tag, kind: 3, count: values.len() as u64, bytes }
    }

    fn long(tag: u16, value: u32) -> Self {
        Self { tag, kind: 4, count: 1, bytes: value.to_le_bytes().to_vec() }
    }

    fn doubles(tag: u16, values: &[f64]) -> Self {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        Self { tag, kind: 12, count: values.len() as u64, bytes }
    }

    fn text(tag: u16, text: &str) -> Self {
        let bytes: Vec<u8> = text.bytes().chain([0]).collect();
        Self { tag, kind: 2, count: bytes.len() as u64, bytes }
    }

    /// Offsets or lengths: of 64 bits in a BigTIFF.
    fn places(tag: u16, values: impl ExactSizeIterator<Item = u64>, big: bool) -> Self {
        let (kind, count) = (if big { 16 } else { 4 }, values.len() as u64);
        let width = if big { 8 } else { 4 };
        let bytes = values.flat_map(|value| value.to_le_bytes().into_iter().take(width)).collect();
        Self { tag, kind, count, bytes }
    }
}

impl Description {
    pub(super) fn of(grid: &Grid, bands: &[Band], tile: usize) -> Result<Self, GeoTiffProblem> {
        let (Some(first), true) = (bands.first(), grid.rows() > 0 && grid.columns() > 0) else {
            let found = format!("{} bands, {} rows and {} columns", bands.len(), grid.rows(), grid.columns());
            return Err(GeoTiffProblem::Rows { found, needed: "one or more of each".to_owned() });
        };
        let fits = |count: usize| u32::try_from(count.next_multiple_of(4096)).is_ok();
        if !fits(grid.rows()) || !fits(grid.columns()) || u16::try_from(bands.len()).is_err() {
            let found = format!("{} bands, {} rows and {} columns", bands.len(), grid.rows(), grid.columns());
            return Err(GeoTiffProblem::Rows { found, needed: "at most 65535 and 4294963200".to_owned() });
        }
        for (band, other) in bands.iter().enumerate() {
            let mixed = |found: String, first: String| Err(GeoTiffProblem::Mixed { band, found, first });
            if other.kind() != first.kind() {
                return mixed(format!("type {}", other.kind()), first.kind().to_string());
            }
            if other.no_data() != first.no_data() {
                let told = |band: &Band| {
                    band.no_data().map_or_else(
                        || "no number for missing values".into(),
                        |n| format!("{n} for missing values"),
                    )
                };
                return mixed(told(other), told(first));
            }
        }
        let kind = first.kind();
        let no_data = first.no_data().or(kind.is_float().then_some(NoData::Float(f64::NAN)));
        let (keys, ascii) = geo_keys(grid.crs())?;
        let mut placement = vec![
            Tag::doubles(tag::MODEL_PIXEL_SCALE, &[grid.cell_width(), grid.cell_height(), 0.0]),
            Tag::doubles(tag::MODEL_TIEPOINT, &[0.0, 0.0, 0.0, grid.west(), grid.north(), 0.0]),
            Tag::shorts(tag::GEO_KEY_DIRECTORY, &keys),
        ];
        if !ascii.is_empty() {
            placement.push(Tag::text(tag::GEO_ASCII_PARAMS, &ascii));
        }
        let about: Vec<About> = bands.iter().map(About::of).collect();
        if let Some(xml) = About::write(&about) {
            placement.push(Tag::text(tag::GDAL_METADATA, &xml));
        }
        Ok(Self { bands: bands.len(), kind, tile, no_data, placement })
    }

    /// The tags of a level whose tiles are at these places.
    fn tags(&self, index: usize, level: &Level, first_tile: u64, big: bool) -> Vec<Tag> {
        let bands = self.bands;
        let format = match self.kind {
            SampleType::U8 | SampleType::U16 | SampleType::U32 | SampleType::U64 => 1,
            SampleType::I8 | SampleType::I16 | SampleType::I32 | SampleType::I64 => 2,
            SampleType::F32 | SampleType::F64 => 3,
        };
        let mut tags = Vec::new();
        if index > 0 {
            tags.push(Tag::long(tag::NEW_SUBFILE_TYPE, 1));
        }
        tags.push(Tag::long(tag::IMAGE_WIDTH, level.columns as u32));
        tags.push(Tag::long(tag::IMAGE_LENGTH, level.rows as u32));
        tags.push(Tag::shorts(tag::BITS_PER_SAMPLE, &vec![8 * self.kind.bytes() as u16; bands]));
        tags.push(Tag::shorts(tag::COMPRESSION, &[8]));
        tags.push(Tag::shorts(tag::PHOTOMETRIC, &[1]));
        tags.push(Tag::shorts(tag::SAMPLES_PER_PIXEL, &[bands as u16]));
        tags.push(Tag::shorts(tag::PLANAR_CONFIGURATION, &[1]));
        tags.push(Tag::shorts(tag::PREDICTOR, &[if self.kind.is_float() { 3 } else { 2 }]));
        tags.push(Tag::long(tag::TILE_WIDTH, self.tile as u32));
        tags.push(Tag::long(tag::TILE_LENGTH, self.tile as u32));
        let mut at = first_tile;
        let offsets = level.tiles.iter().map(|&(_, length)| {
            let offset = at;
            at += length;
            offset
        });
        tags.push(Tag::places(tag::TILE_OFFSETS, offsets, big));
        tags.push(Tag::places(tag::TILE_BYTE_COUNTS, level.tiles.iter().map(|&(_, length)| length), big));
        if bands > 1 {
            tags.push(Tag::shorts(tag::EXTRA_SAMPLES, &vec![0; bands - 1]));
        }
        tags.push(Tag::shorts(tag::SAMPLE_FORMAT, &vec![format; bands]));
        if index == 0 {
            tags.extend(self.placement.iter().cloned());
        }
        if let Some(no_data) = self.no_data {
            let text = if no_data.number().is_nan() { "nan".to_owned() } else { no_data.to_string() };
            tags.push(Tag::text(tag::GDAL_NODATA, &text));
        }
        tags
    }
}

/// Header and directories, after which the tiles follow: those of the coarsest level first.
pub(super) fn head(levels: &[Level], description: &Description) -> Vec<u8> {
    let data: u64 = levels.iter().flat_map(|level| &level.tiles).map(|&(_, length)| length).sum();
    let classic = write(levels, description, false, 0).len() as u64;
    let big = classic + data > u64::from(u32::MAX);
    // The places of tiles have a fixed width: the length is known before they are.
    let length = write(levels, description, big, 0).len() as u64;
    write(levels, description, big, length)
}

/// The same for tiles that begin at a byte.
fn write(levels: &[Level], description: &Description, big: bool, first_tile: u64) -> Vec<u8> {
    let number = |value: u64| value.to_le_bytes().into_iter().take(if big { 8 } else { 4 });
    let mut bytes = b"II".to_vec();
    if big {
        bytes.extend([43, 0, 8, 0, 0, 0]);
    } else {
        bytes.extend([42, 0]);
    }
    let start = if big { 16 } else { 8 };
    bytes.extend(number(start));
    let mut at = first_tile;
    let mut first_tiles: Vec<u64> = Vec::new();
    for level in levels.iter().rev() {
        first_tiles.push(at);
        at += level.tiles.iter().map(|&(_, length)| length).sum::<u64>();
    }
    first_tiles.reverse();
    for (index, level) in levels.iter().enumerate() {
        let tags = description.tags(index, level, first_tiles[index], big);
        let (head, entry, word) = if big { (8, 20, 8) } else { (2, 12, 4) };
        let beside = bytes.len() + head + tags.len() * entry + word;
        let mut values: Vec<u8> = Vec::new();
        bytes.extend((tags.len() as u64).to_le_bytes().into_iter().take(head));
        for tag in &tags {
            bytes.extend(tag.tag.to_le_bytes());
            bytes.extend(tag.kind.to_le_bytes());
            bytes.extend(number(tag.count));
            if tag.bytes.len() <= word {
                bytes.extend(tag.bytes.iter().copied().chain([0; 8]).take(word));
            } else {
                bytes.extend(number((beside + values.len()) as u64));
                values.extend(&tag.bytes);
                // Values begin at even bytes, and those of directories too.
                values.resize(values.len().next_multiple_of(2), 0);
            }
        }
        let next = if index + 1 < levels.len() { (beside + values.len()) as u64 } else { 0 };
        bytes.extend(number(next));
        bytes.extend(values);
    }
    bytes
}
