//! Bytes of a tile or strip: packed, and what predicts them.
use weezl::BitOrder;

use super::error::GeoTiffProblem;
use crate::SampleType;

/// How the bytes of a tile are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    None,
    Lzw,
    Deflate,
    PackBits,
}

/// What was taken from each number before packing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Predictor {
    None,
    /// The number to the left (TIFF 6.0, section 14).
    Horizontal,
    /// Bytes of floats by significance, then each the byte to the left (Adobe, *TIFF technical note 3*).
    Float,
}

/// The numbers of a tile as bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    pub(super) kind: SampleType,
    /// Numbers in a row.
    pub(super) row: usize,
    /// Numbers of one cell that stand together.
    pub(super) together: usize,
    /// Least significant byte first.
    pub(super) little: bool,
    pub(super) predictor: Predictor,
}

impl Packing {
    pub(super) fn of(code: u64) -> Result<Self, GeoTiffProblem> {
        match code {
            1 => Ok(Self::None),
            5 => Ok(Self::Lzw),
            8 | 32_946 => Ok(Self::Deflate),
            32_773 => Ok(Self::PackBits),
            other => {
                let name = match other {
                    2..=4 => "of faxes",
                    6 | 7 => "JPEG",
                    34_887 => "LERC",
                    34_925 => "LZMA",
                    50_000 => "Zstandard",
                    50_001 => "WebP",
                    _ => "unknown",
                };
                let found = format!("{other} ({name})");
                Err(GeoTiffProblem::unsupported("compression", found, "none, LZW, Deflate or PackBits"))
            }
        }
    }

    /// Most bytes that can come out of one.
    pub(super) fn greatest_ratio(self) -> u64 {
        match self {
            Self::None => 1,
            // 258 bytes from 2 bits: zlib's *Technical details*, maximum compression factor.
            Self::Deflate => 1032,
            // 4096 bytes from a code of 12 bits.
            Self::Lzw => 2731,
            // A run of 128 bytes from 2.
            Self::PackBits => 64,
        }
    }

    /// Fills the buffer with what the bytes stand for. More than it holds is left out.
    pub(super) fn unpack(self, packed: &[u8], into: &mut [u8]) -> Result<(), GeoTiffProblem> {
        let filled = match self {
            Self::None => {
                let filled = packed.len().min(into.len());
                into[..filled].copy_from_slice(&packed[..filled]);
                filled
            }
            Self::Deflate => inflate(packed, into)?,
            Self::Lzw => unpack_lzw(packed, into)?,
            Self::PackBits => unpack_bits(packed, into),
        };
        if filled < into.len() {
            return Err(GeoTiffProblem::malformed(
                "a tile or strip",
                format!("{filled} bytes"),
                format!("{} bytes", into.len()),
            ));
        }
        Ok(())
    }
}

fn damaged(how: impl std::fmt::Display) -> GeoTiffProblem {
    GeoTiffProblem::malformed("a tile or strip", how, "sound compressed bytes")
}

fn inflate(packed: &[u8], into: &mut [u8]) -> Result<usize, GeoTiffProblem> {
    use miniz_oxide::inflate::{TINFLStatus, decompress_slice_iter_to_slice};
    let room = into.len();
    match decompress_slice_iter_to_slice(into, std::iter::once(packed), true, false) {
        Ok(filled) => Ok(filled),
        Err(TINFLStatus::HasMoreOutput) => Ok(room),
        Err(status) => Err(damaged(format!("Deflate status {status:?}"))),
    }
}

fn unpack_lzw(packed: &[u8], into: &mut [u8]) -> Result<usize, GeoTiffProblem> {
    use weezl::LzwStatus;
    if packed.starts_with(&[0, 1]) {
        // Codes begin with 256, “clear”: in this order of bits, that is how writers before TIFF 6.0 put it.
        return Err(GeoTiffProblem::unsupported(
            "LZW",
            "with the bits of old writers",
            "the order of TIFF 6.0",
        ));
    }
    let mut decoder = weezl::decode::Configuration::with_tiff_size_switch(BitOrder::Msb, 8).build();
    let (mut read, mut filled) = (0, 0);
    while filled < into.len() {
        let step = decoder.decode_bytes(&packed[read..], &mut into[filled..]);
        read += step.consumed_in;
        filled += step.consumed_out;
        match step.status {
            Ok(LzwStatus::Ok) => {}
            Ok(LzwStatus::Done | LzwStatus::NoProgress) => break,
            Err(error) => return Err(damaged(error)),
        }
    }
    Ok(filled)
}

/// TIFF 6.0, section 9.
fn unpack_bits(packed: &[u8], into: &mut [u8]) -> usize {
    let (mut read, mut filled) = (0, 0);
    while filled < into.len() && read < packed.len() {
        let head = packed[read] as i8;
        read += 1;
        let count = usize::from(head.unsigned_abs()) + 1;
        let room = into.len() - filled;
        if head >= 0 {
            let count = count.min(room).min(packed.len() - read);
            into[filled..filled + count].copy_from_slice(&packed[read..read + count]);
            (read, filled) = (read + count, filled + count);
        } else if head != i8::MIN {
            let Some(&byte) = packed.get(read) else { break };
            let count = count.min(room);
            into[filled..filled + count].fill(byte);
            (read, filled) = (read + 1, filled + count);
        }
    }
    filled
}

/// Deflate in a zlib wrapper; the same bytes on each machine, as `miniz_oxide` is pure Rust.
pub(super) fn deflate(bytes: &[u8], level: u8) -> Vec<u8> {
    miniz_oxide::deflate::compress_to_vec_zlib(bytes, level)
}

/// Adds what the predictor took, and gives the bytes of numbers the order of little-endian machines.
pub(super) fn restore(bytes: &mut [u8], layout: Layout) {
    let width = layout.kind.bytes();
    if layout.predictor == Predictor::Float {
        let mut row = vec![0; layout.row * width];
        for each in bytes.chunks_exact_mut(layout.row * width) {
            for at in layout.together..each.len() {
                each[at] = each[at].wrapping_add(each[at - layout.together]);
            }
            // The first plane has the most significant bytes, whatever the order of the file.
            for (place, number) in row.chunks_exact_mut(width).enumerate() {
                for (byte, to) in number.iter_mut().enumerate() {
                    *to = each[(width - 1 - byte) * layout.row + place];
                }
            }
            each.copy_from_slice(&row);
        }
        return;
    }
    if !layout.little && width > 1 {
        bytes.chunks_exact_mut(width).for_each(<[u8]>::reverse);
    }
    if layout.predictor == Predictor::Horizontal {
        for row in bytes.chunks_exact_mut(layout.row * width) {
            accumulate(row, width, layout.together);
        }
    }
}

/// Each number plus the one so many places to the left, as whole numbers without sign.
fn accumulate(row: &mut [u8], width: usize, together: usize) {
    macro_rules! run {
        ($number:ty) => {{
            const WIDTH: usize = size_of::<$number>();
            for at in (together * WIDTH..row.len()).step_by(WIDTH) {
                let read = |from: usize| {
                    let mut bytes = [0; WIDTH];
                    bytes.copy_from_slice(&row[from..from + WIDTH]);
                    <$number>::from_le_bytes(bytes)
                };
                let sum = read(at).wrapping_add(read(at - together * WIDTH));
                row[at..at + WIDTH].copy_from_slice(&sum.to_le_bytes());
            }
        }};
    }
    match width {
        1 => run!(u8),
        2 => run!(u16),
        4 => run!(u32),
        _ => run!(u64),
    }
}

/// Does the reverse of [`restore`], for little-endian files.
pub(super) fn predict(bytes: &mut [u8], layout: Layout) {
    let width = layout.kind.bytes();
    let step = layout.together;
    match layout.predictor {
        Predictor::None => {}
        Predictor::Horizontal => {
            for row in bytes.chunks_exact_mut(layout.row * width) {
                differences(row, width, step);
            }
        }
        Predictor::Float => {
            let mut planes = vec![0; layout.row * width];
            for row in bytes.chunks_exact_mut(layout.row * width) {
                for (place, number) in row.chunks_exact(width).enumerate() {
                    for (byte, &from) in number.iter().enumerate() {
                        planes[(width - 1 - byte) * layout.row + place] = from;
                    }
                }
                row[..step].copy_from_slice(&planes[..step]);
                for at in step..row.len() {
                    row[at] = planes[at].wrapping_sub(planes[at - step]);
                }
            }
        }
    }
}

fn differences(row: &mut [u8], width: usize, together: usize) {
    macro_rules! run {
        ($number:ty) => {{
            const WIDTH: usize = size_of::<$number>();
            for at in (together * WIDTH..row.len()).step_by(WIDTH).rev() {
                let read = |from: usize| {
                    let mut bytes = [0; WIDTH];
                    bytes.copy_from_slice(&row[from..from + WIDTH]);
                    <$number>::from_le_bytes(bytes)
                };
                let difference = read(at).wrapping_sub(read(at - together * WIDTH));
                row[at..at + WIDTH].copy_from_slice(&difference.to_le_bytes());
            }
        }};
    }
    match width {
        1 => run!(u8),
        2 => run!(u16),
        4 => run!(u32),
        _ => run!(u64),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn layout() -> impl Strategy<Value = Layout> {
        let kind = prop::sample::select(vec![
            SampleType::U8,
            SampleType::I16,
            SampleType::U32,
            SampleType::F32,
            SampleType::F64,
        ]);
        (kind, 1_usize..9, 1_usize..4, any::<bool>()).prop_map(|(kind, cells, together, plain)| Layout {
            kind,
            row: cells * together,
            together,
            little: true,
            predictor: match (plain, kind.is_float()) {
                (true, _) => Predictor::None,
                (false, true) => Predictor::Float,
                (false, false) => Predictor::Horizontal,
            },
        })
    }

    proptest! {
        #[test]
        fn what_is_packed_comes_back(layout in layout(), seed in prop::collection::vec(any::<u8>(), 3 * 27 * 8)) {
            let bytes = &seed[..3 * layout.row * layout.kind.bytes()];
            let mut moved = bytes.to_vec();
            predict(&mut moved, layout);
            let packed = deflate(&moved, 6);
            let mut back = vec![0; bytes.len()];
            Packing::Deflate.unpack(&packed, &mut back).unwrap();
            restore(&mut back, layout);
            prop_assert_eq!(back, bytes);
        }

        #[test]
        fn no_bytes_make_a_panic(packed in prop::collection::vec(any::<u8>(), 0..200), room in 0_usize..300) {
            for packing in [Packing::None, Packing::Lzw, Packing::Deflate, Packing::PackBits] {
                let _ = packing.unpack(&packed, &mut vec![0; room]);
            }
        }
    }

    #[test]
    fn pack_bits_of_the_specification() {
        let packed =
            [0xFE, 0xAA, 0x02, 0x80, 0x00, 0x2A, 0xFD, 0xAA, 0x03, 0x80, 0x00, 0x2A, 0x22, 0xF7, 0xAA];
        let mut into = [0; 24];
        Packing::PackBits.unpack(&packed, &mut into).unwrap();
        assert_eq!(into[..9], [0xAA, 0xAA, 0xAA, 0x80, 0x00, 0x2A, 0xAA, 0xAA, 0xAA]);
        assert_eq!(into[23], 0xAA);
    }
}
