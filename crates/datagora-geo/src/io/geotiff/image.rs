//! One image of a TIFF file: its numbers, and the tiles or strips that hold them.
use std::io::{Read, Seek};
use std::ops::Range;

use super::codec::{Layout, Packing, Predictor, restore};
use super::directory::{Directory, Tiff};
use super::error::GeoTiffProblem;
use super::tag;
use crate::raster::each_type;
use crate::{NoData, SampleType, Samples, Window};

/// For messages.
const CHUNK: &str = "a tile or strip";

/// An image, as its directory tells it.
#[derive(Clone, Debug)]
pub(super) struct Image {
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) bands: usize,
    pub(super) kind: SampleType,
    packing: Packing,
    predictor: Predictor,
    /// Each band in tiles of its own.
    separate: bool,
    tiled: bool,
    chunk_rows: usize,
    chunk_columns: usize,
    directory: Directory,
}

/// A tile or strip on its way from the file to the bands.
#[derive(Debug)]
struct Chunk {
    /// Rows of the image that it holds.
    rows: Range<usize>,
    first_column: usize,
    /// Rows as bytes; nothing if the file leaves the tile out.
    bytes: Option<Vec<u8>>,
    /// Where its packed bytes are, and how many.
    stored: Option<(u64, u64)>,
    /// Bytes that it takes unpacked.
    room: usize,
}

/// What is wanted of an image.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'a> {
    /// Rows and columns of the file.
    pub(super) window: &'a Window,
    pub(super) bands: &'a [usize],
    /// Stands in tiles that are left out.
    pub(super) fill: NoData,
    /// Most bytes at a time.
    pub(super) limit: u64,
}

impl Image {
    pub(super) fn read<R: Read + Seek>(
        tiff: &mut Tiff<R>,
        directory: Directory,
    ) -> Result<Self, GeoTiffProblem> {
        let mut size = |tag: u16, default: Option<u64>| -> Result<usize, GeoTiffProblem> {
            let found = tiff.one(&directory, tag, default)?;
            let sound = usize::try_from(found).ok().filter(|&size| size > 0);
            sound.ok_or_else(|| GeoTiffProblem::malformed(tag::name(tag), found, "1 or more"))
        };
        let rows = size(tag::IMAGE_LENGTH, None)?;
        let columns = size(tag::IMAGE_WIDTH, None)?;
        let bands = size(tag::SAMPLES_PER_PIXEL, Some(1))?;
        if u16::try_from(bands).is_err() {
            let tag = tag::name(tag::SAMPLES_PER_PIXEL);
            return Err(GeoTiffProblem::malformed(tag, bands, "at most 65535, as 16 bits can tell"));
        }
        let tiled = directory.contains_key(&tag::TILE_OFFSETS);
        let (chunk_rows, chunk_columns) = if tiled {
            (size(tag::TILE_LENGTH, None)?, size(tag::TILE_WIDTH, None)?)
        } else {
            (size(tag::ROWS_PER_STRIP, Some(rows as u64))?.min(rows), columns)
        };
        let kind = kind(tiff, &directory, bands)?;
        let packing = Packing::of(tiff.one(&directory, tag::COMPRESSION, Some(1))?)?;
        let predictor = match tiff.one(&directory, tag::PREDICTOR, Some(1))? {
            // A predictor goes with what can be predicted from: libtiff knows it for LZW and Deflate only.
            _ if !matches!(packing, Packing::Lzw | Packing::Deflate) => Predictor::None,
            1 => Predictor::None,
            2 => Predictor::Horizontal,
            3 if kind.is_float() => Predictor::Float,
            other => return Err(GeoTiffProblem::unsupported("predictor", other, "1, 2, or 3 of floats")),
        };
        if tiff.one(&directory, tag::PHOTOMETRIC, Some(1))? == 6 {
            return Err(GeoTiffProblem::unsupported("colour space", "YCbCr", "numbers, grey or RGB"));
        }
        let separate = match tiff.one(&directory, tag::PLANAR_CONFIGURATION, Some(1))? {
            1 => false,
            2 => bands > 1,
            other => {
                let tag = tag::name(tag::PLANAR_CONFIGURATION);
                return Err(GeoTiffProblem::malformed(tag, other, "1 or 2"));
            }
        };
        let image = Self {
            rows,
            columns,
            bands,
            kind,
            packing,
            predictor,
            separate,
            tiled,
            chunk_rows,
            chunk_columns,
            directory,
        };
        let size = rows.checked_mul(columns).and_then(|cells| cells.checked_mul(bands));
        let chunk = chunk_rows.checked_mul(chunk_columns).and_then(|cells| cells.checked_mul(bands));
        if size.zip(chunk).is_none_or(|(size, chunk)| size.max(chunk) > usize::MAX / 16) {
            let found = format!("{rows} rows, {columns} columns, {bands} bands");
            return Err(GeoTiffProblem::malformed("the size of the image", found, "one that can be counted"));
        }
        Ok(image)
    }

    /// Numbers of one cell that stand together.
    fn together(&self) -> usize {
        if self.separate { 1 } else { self.bands }
    }

    /// Reads some bands of a window: as many numbers for each as the window has cells.
    pub(super) fn samples<R: Read + Seek>(
        &self,
        tiff: &mut Tiff<R>,
        wanted: Wanted<'_>,
    ) -> Result<Vec<Samples>, GeoTiffProblem> {
        let cells = wanted.window.rows.len() * wanted.window.columns.len();
        let chunk_rows =
            wanted.window.rows.start / self.chunk_rows..wanted.window.rows.end.div_ceil(self.chunk_rows);
        // The planes to read; of each the bands that it has, by their place in the result and in a cell of the plane.
        let bands = wanted.bands.iter().enumerate();
        let planes: Vec<(usize, Vec<(usize, usize)>)> = match self.separate {
            true => bands.map(|(place, &band)| (band, vec![(place, 0)])).collect(),
            false => vec![(0, bands.map(|(place, &band)| (place, band)).collect())],
        };
        // Nothing is allocated before all tiles have been found to be in the file, and large enough.
        for chunk_row in chunk_rows.clone() {
            for &(plane, _) in &planes {
                self.plan(tiff, wanted, plane, chunk_row)?;
            }
        }
        let mut bands: Vec<Samples> = wanted.bands.iter().map(|_| Samples::zeros(self.kind, cells)).collect();
        for chunk_row in chunk_rows {
            for (plane, members) in &planes {
                let chunks = self.chunks(tiff, wanted, *plane, chunk_row)?;
                for &(place, band) in members {
                    chunks.iter().for_each(|chunk| self.copy(chunk, wanted, band, &mut bands[place]));
                }
            }
        }
        Ok(bands)
    }

    /// The chunks of one row of chunks that the window meets, unpacked.
    fn chunks<R: Read + Seek>(
        &self,
        tiff: &mut Tiff<R>,
        wanted: Wanted<'_>,
        plane: usize,
        chunk_row: usize,
    ) -> Result<Vec<Chunk>, GeoTiffProblem> {
        let mut chunks = self.plan(tiff, wanted, plane, chunk_row)?;
        for chunk in &mut chunks {
            if let Some((offset, count)) = chunk.stored {
                chunk.bytes = Some(tiff.bytes_at(offset, count, CHUNK)?);
            }
        }
        self.unpack(&mut chunks, tiff.little())?;
        Ok(chunks)
    }

    /// The chunks of one row of chunks that the window meets, not yet read.
    fn plan<R: Read + Seek>(
        &self,
        tiff: &mut Tiff<R>,
        wanted: Wanted<'_>,
        plane: usize,
        chunk_row: usize,
    ) -> Result<Vec<Chunk>, GeoTiffProblem> {
        let across = self.columns.div_ceil(self.chunk_columns);
        let down = self.rows.div_ceil(self.chunk_rows);
        let columns = wanted.window.columns.start / self.chunk_columns
            ..wanted.window.columns.end.div_ceil(self.chunk_columns);
        let first = ((plane * down + chunk_row) * across + columns.start) as u64;
        let range = first..first + columns.len() as u64;
        let (at, counts) = match self.tiled {
            true => (tag::TILE_OFFSETS, tag::TILE_BYTE_COUNTS),
            false => (tag::STRIP_OFFSETS, tag::STRIP_BYTE_COUNTS),
        };
        let offsets = tiff.whole(&self.directory, at, range.clone())?;
        let counts = tiff.whole(&self.directory, counts, range)?;
        let top = chunk_row * self.chunk_rows;
        // The last strip ends with the image, the last tile does not.
        let bottom = if self.tiled { top + self.chunk_rows } else { (top + self.chunk_rows).min(self.rows) };
        let row_bytes = self.chunk_columns * self.together() * self.kind.bytes();
        let mut chunks = Vec::with_capacity(columns.len());
        for ((column, offset), count) in columns.zip(offsets).zip(counts) {
            let first_column = column * self.chunk_columns;
            let mut chunk = Chunk { rows: top..bottom, first_column, bytes: None, stored: None, room: 0 };
            if offset == 0 && count == 0 {
                chunks.push(chunk);
                continue;
            }
            let (mut offset, mut count) = (offset, count);
            if self.packing == Packing::None {
                // Only the rows that are wanted: an image in one strip is not read whole.
                let (from, to) = (top.max(wanted.window.rows.start), bottom.min(wanted.window.rows.end));
                offset = offset.saturating_add(((from - top) * row_bytes) as u64);
                count = ((to - from) * row_bytes) as u64;
                chunk.rows = from..to;
            }
            if offset.checked_add(count).is_none_or(|end| end > tiff.length()) {
                let needed = format!("{count} bytes from byte {offset} on");
                return Err(GeoTiffProblem::malformed(CHUNK, tiff.end(), needed));
            }
            let room = (chunk.rows.len() * row_bytes) as u64;
            if room > count.saturating_mul(self.packing.greatest_ratio()) {
                let needed = format!("what can hold {room} bytes");
                return Err(GeoTiffProblem::malformed(CHUNK, format!("{count} bytes"), needed));
            }
            if room > wanted.limit {
                return Err(GeoTiffProblem::TooLarge { bytes: room, limit: wanted.limit });
            }
            chunk.room = room as usize;
            chunk.stored = Some((offset, count));
            chunks.push(chunk);
        }
        Ok(chunks)
    }

    fn unpack(&self, chunks: &mut [Chunk], little: bool) -> Result<(), GeoTiffProblem> {
        let layout = Layout {
            kind: self.kind,
            row: self.chunk_columns * self.together(),
            together: self.together(),
            little,
            predictor: self.predictor,
        };
        let unpack = |chunk: &mut Chunk| {
            let Some(packed) = &mut chunk.bytes else { return Ok(()) };
            if self.packing != Packing::None {
                let mut bytes = vec![0; chunk.room];
                self.packing.unpack(packed, &mut bytes)?;
                *packed = bytes;
            }
            restore(packed, layout);
            Ok(())
        };
        #[cfg(feature = "parallel")]
        {
            use rayon::prelude::*;
            chunks.par_iter_mut().try_for_each(unpack)
        }
        #[cfg(not(feature = "parallel"))]
        chunks.iter_mut().try_for_each(unpack)
    }

    /// Copies what the window wants of a chunk.
    fn copy(&self, chunk: &Chunk, wanted: Wanted<'_>, band: usize, samples: &mut Samples) {
        let window = wanted.window;
        let rows = chunk.rows.start.max(window.rows.start)..chunk.rows.end.min(window.rows.end);
        let chunk_end = chunk.first_column + self.chunk_columns;
        let columns = chunk.first_column.max(window.columns.start)..chunk_end.min(window.columns.end);
        let step = self.together() * self.kind.bytes();
        each_type!(samples, values => for row in rows {
            let first = (row - window.rows.start) * window.columns.len() + columns.start - window.columns.start;
            let into = &mut values[first..first + columns.len()];
            match &chunk.bytes {
                None => into.fill(Number::of_no_data(wanted.fill)),
                Some(bytes) => {
                    let cell = (row - chunk.rows.start) * self.chunk_columns + columns.start - chunk.first_column;
                    let from = &bytes[cell * step + band * self.kind.bytes()..];
                    for (to, from) in into.iter_mut().zip(from.chunks(step)) {
                        *to = Number::read(from);
                    }
                }
            }
        });
    }
}

/// A number as files hold it, least significant byte first.
pub(super) trait Number: Copy {
    /// From the first bytes of a slice.
    fn read(bytes: &[u8]) -> Self;
    /// The nearest number of this type.
    fn of(value: f64) -> Self;
    /// The nearest whole number of this type.
    fn of_whole(value: i128) -> Self;
    /// The number that stands for missing values.
    fn of_no_data(no_data: NoData) -> Self {
        match no_data {
            NoData::Whole(number) => Self::of_whole(number),
            NoData::Float(number) => Self::of(number),
        }
    }
    /// To the first bytes of a slice.
    fn write(self, into: &mut [u8]);
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl Number for $number {
            fn read(bytes: &[u8]) -> Self {
                let mut number = [0; size_of::<$number>()];
                number.copy_from_slice(&bytes[..size_of::<$number>()]);
                Self::from_le_bytes(number)
            }
            fn of(value: f64) -> Self {
                value as $number
            }
            fn of_whole(value: i128) -> Self {
                let (least, greatest) = (<$number>::MIN as i128, <$number>::MAX as i128);
                value.clamp(least, greatest) as $number
            }
            fn write(self, into: &mut [u8]) {
                into[..size_of::<$number>()].copy_from_slice(&self.to_le_bytes());
            }
        }
    )*};
}
numbers!(u8, i8, u16, i16, u32, i32, u64, i64, f32, f64);

/// The one type of all bands.
fn kind<R: Read + Seek>(
    tiff: &mut Tiff<R>,
    directory: &Directory,
    bands: usize,
) -> Result<SampleType, GeoTiffProblem> {
    let mut same = |tag: u16| -> Result<u64, GeoTiffProblem> {
        let Some(entry) = directory.get(&tag) else { return Ok(1) };
        // Some writers give one value for all bands.
        let count = entry.count.min(bands as u64);
        let values = tiff.whole(directory, tag, 0..count.max(1))?;
        match values.iter().find(|&&value| value != values[0]) {
            None => Ok(values[0]),
            Some(other) => Err(GeoTiffProblem::unsupported(
                "a file of bands",
                format!("with {} {} and {other}", tag::name(tag), values[0]),
                "one type for all bands",
            )),
        }
    };
    let (bits, format) = (same(tag::BITS_PER_SAMPLE)?, same(tag::SAMPLE_FORMAT)?);
    Ok(match (format, bits) {
        (1 | 4, 8) => SampleType::U8,
        (1 | 4, 16) => SampleType::U16,
        (1 | 4, 32) => SampleType::U32,
        (1 | 4, 64) => SampleType::U64,
        (2, 8) => SampleType::I8,
        (2, 16) => SampleType::I16,
        (2, 32) => SampleType::I32,
        (2, 64) => SampleType::I64,
        (3, 32) => SampleType::F32,
        (3, 64) => SampleType::F64,
        _ => {
            let name = match format {
                1 | 4 => "whole numbers without sign",
                2 => "whole numbers with sign",
                3 => "floats",
                5 | 6 => "complex numbers",
                _ => "numbers of an unknown kind",
            };
            let found = format!("of {name} of {bits} bits");
            let needed = "whole numbers of 8, 16, 32 or 64 bits, f32 or f64";
            return Err(GeoTiffProblem::unsupported("a raster", found, needed));
        }
    })
}
