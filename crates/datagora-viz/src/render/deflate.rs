//! Compression of flat pictures: runs of one colour, pixels like those above them, and the soft edges of lines.
use simd_adler32::Adler32;

/// Bytes of a pixel.
const PIXEL: usize = 3;
/// Symbols of literals, of the end of a block, and of lengths.
const SYMBOLS: usize = 286;
/// Ends a block.
const END: usize = 256;
const DISTANCES: usize = 30;
/// The longest match and the largest distance of the format.
const LONGEST: usize = 258;
const FARTHEST: usize = 32_768;
/// Tokens of a block, which has codes of its own.
const BLOCK: usize = 1 << 15;
/// Places of pairs of pixels that are kept, as a power of 2.
const SEEN: u32 = 12;
/// A match above must be longer than a run by this, since its distance takes some ten bits more.
const DEARER: usize = 2 * PIXEL;
/// Bits that follow the symbols from [`END`] on.
const EXTRA: [u32; SYMBOLS - END] = {
    let mut bits = [0; SYMBOLS - END];
    let mut length = 3;
    while length <= LONGEST {
        let range = Ranged::length(length);
        bits[range.symbol - END] = range.bits;
        length += 1;
    }
    bits
};
/// The order in which the lengths of the codes for lengths are written.
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// A number as the symbol of its range, and where it lies in that.
#[derive(Clone, Copy)]
struct Ranged {
    symbol: usize,
    extra: u32,
    /// Bits of `extra`.
    bits: u32,
}

impl Ranged {
    /// Ranges as the format has them: of 1 number each at first, then twice as large after each `per` symbols.
    const fn new(number: u32, per_power: u32) -> Self {
        let per = 1 << per_power;
        if number < 2 * per {
            return Self { symbol: number as usize, extra: 0, bits: 0 };
        }
        let bits = number.ilog2() - per_power;
        let symbol = bits * per + (number >> bits);
        Self { symbol: symbol as usize, extra: number & ((1 << bits) - 1), bits }
    }

    const fn length(length: usize) -> Self {
        // The longest one has a symbol of its own.
        if length == LONGEST {
            return Self { symbol: SYMBOLS - 1, extra: 0, bits: 0 };
        }
        let range = Self::new(length as u32 - 3, 2);
        Self { symbol: END + 1 + range.symbol, ..range }
    }

    const fn distance(distance: usize) -> Self {
        Self::new(distance as u32 - 1, 1)
    }
}

/// What a block is made of.
#[derive(Clone, Copy)]
enum Token {
    /// The filter of a row: none.
    Filter,
    Pixel([u8; PIXEL]),
    /// The symbol of a length, where it lies in the range of that, and the distance less 1.
    Match {
        symbol: u16,
        extra: u8,
        back: u16,
    },
}

/// Some bits, the first one lowest.
#[derive(Clone, Copy, Default)]
struct Bits {
    value: u64,
    count: u32,
}

impl Bits {
    fn then(self, Self { value, count }: Self) -> Self {
        Self { value: self.value | value << self.count, count: self.count + count }
    }

    fn and(self, value: u32, count: u32) -> Self {
        self.then(Self { value: value.into(), count })
    }
}

/// Compresses rows of pixels in three bytes each as the data of a PNG, a zlib stream. Of all that deflate may point back to, it tries
/// the pixel to the left, the one above, and where neither is the same, the place where these two pixels were seen last: in maps and
/// charts little else repeats.
///
/// # References
///
/// Deutsch, P. (1996). RFC 1951, DEFLATE Compressed Data Format; RFC 1950, ZLIB.
pub(super) struct Compressor {
    stream: Vec<u8>,
    /// Bits that are not yet whole bytes of the stream.
    bits: Bits,
    tokens: Vec<Token>,
    symbols: [u32; SYMBOLS],
    distances: [u32; DISTANCES],
    /// Row and byte where two pixels of a kind were seen last that were not found nearby.
    seen: Vec<[u32; 2]>,
    /// Bytes of a row.
    row: usize,
    /// The last row of before; empty at first.
    above: Vec<u8>,
    sum: Adler32,
}

impl Compressor {
    /// For rows of so many pixels.
    pub(super) fn new(width: usize) -> Self {
        Self {
            // Method deflate, window of 32 KiB, fastest algorithm.
            stream: vec![0x78, 0x01],
            bits: Bits::default(),
            tokens: Vec::with_capacity(BLOCK + LONGEST),
            symbols: [0; SYMBOLS],
            distances: [0; DISTANCES],
            seen: vec![[0; 2]; 1 << SEEN],
            row: PIXEL * width,
            above: Vec::new(),
            sum: Adler32::new(),
        }
    }

    /// Goes on with these whole rows.
    pub(super) fn rows(&mut self, pixels: &[u8]) {
        let last = std::mem::take(&mut self.above);
        let mut above = &last[..];
        self.seen.fill([0; 2]);
        for (number, row) in pixels.chunks_exact(self.row).enumerate() {
            self.one_row(pixels, number, above);
            above = row;
        }
        self.above = above.to_vec();
    }

    /// The whole stream.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.end_block(true);
        self.put(Bits { value: 0, count: 7 });
        self.stream.extend(self.sum.finish().to_be_bytes());
        self.stream
    }

    fn one_row(&mut self, pixels: &[u8], number: usize, above: &[u8]) {
        let start = number * self.row;
        let row = &pixels[start..start + self.row];
        // Each row begins with its filter: none.
        self.sum.write(&[0]);
        self.sum.write(row);
        self.symbols[0] += 1;
        self.tokens.push(Token::Filter);
        // What is farther away than the format can say is as if it were not there.
        let above = if self.row < FARTHEST { above } else { &[] };
        let mut at = 0;
        while let Some(pixel) = row[at..].first_chunk::<PIXEL>() {
            let run = if at > 0 { alike(&row[at..], &row[at - PIXEL..]) } else { 0 };
            let (mut length, mut distance) = (run, PIXEL);
            if run < LONGEST {
                let up = above.get(at..).map_or(0, |above| alike(&row[at..], above));
                // A row that begins with a run is cheaper as that, after one pixel.
                let begins = at == 0 && alike(row, &row[PIXEL..]) + PIXEL >= up;
                if up >= run + DEARER && !begins || run < PIXEL && up >= PIXEL {
                    (length, distance) = (if begins { PIXEL } else { up }, self.row + 1);
                }
            }
            if length < PIXEL {
                (length, distance) = self.seen(pixels, number, at);
            }
            let length = length / PIXEL * PIXEL;
            if length == 0 {
                pixel.iter().for_each(|&byte| self.symbols[usize::from(byte)] += 1);
                self.tokens.push(Token::Pixel(*pixel));
                at += PIXEL;
            } else {
                self.repeat(length, distance);
                at += length;
            }
        }
        if self.tokens.len() >= BLOCK {
            self.end_block(false);
        }
    }

    /// How many bytes are the same where these two pixels were seen last, and how far back that is.
    fn seen(&mut self, pixels: &[u8], number: usize, at: usize) -> (usize, usize) {
        let (here, end) = (number * self.row + at, (number + 1) * self.row);
        let Some((pair, _)) = pixels[here..end].split_first_chunk::<{ 2 * PIXEL }>() else { return (0, 0) };
        let [a, b, c, d, e, f] = *pair;
        let hash =
            u64::from_le_bytes([a, b, c, d, e, f, 0, 0]).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - SEEN);
        let [row, from] =
            std::mem::replace(&mut self.seen[hash as usize], [number as u32, at as u32]).map(|n| n as usize);
        let there = row * self.row + from;
        let distance = here - there + number - row;
        let length = alike(&pixels[here..end], &pixels[there..(row + 1) * self.row]);
        if length < 2 * PIXEL || distance > FARTHEST || distance == 0 { (0, 0) } else { (length, distance) }
    }

    fn repeat(&mut self, length: usize, distance: usize) {
        let far = Ranged::distance(distance).symbol;
        let (whole, rest) = (length / LONGEST, length % LONGEST);
        for length in std::iter::repeat_n(LONGEST, whole).chain((rest > 0).then_some(rest)) {
            let Ranged { symbol, extra, .. } = Ranged::length(length);
            self.symbols[symbol] += 1;
            self.distances[far] += 1;
            let back = (distance - 1) as u16;
            self.tokens.push(Token::Match { symbol: symbol as u16, extra: extra as u8, back });
        }
    }

    /// Writes the tokens with codes that suit them.
    fn end_block(&mut self, last: bool) {
        // Two codes at least, also where nothing is left to be written.
        (self.symbols[END], self.symbols[0]) = (1, self.symbols[0].max(1));
        self.distances[..2].iter_mut().for_each(|count| *count += 1);
        let (symbols, distances) = (code_lengths(&self.symbols, 15), code_lengths(&self.distances, 15));
        self.write_head(last, &symbols, &distances);
        let (symbols, distances) = (codes(&symbols), codes(&distances));
        for token in std::mem::take(&mut self.tokens) {
            self.put(match token {
                Token::Filter => symbols[0],
                Token::Pixel(bytes) => {
                    let [red, green, blue] = bytes.map(|byte| symbols[usize::from(byte)]);
                    red.then(green).then(blue)
                }
                Token::Match { symbol, extra, back } => {
                    let far = Ranged::distance(usize::from(back) + 1);
                    let length =
                        symbols[usize::from(symbol)].and(extra.into(), EXTRA[usize::from(symbol) - END]);
                    length.then(distances[far.symbol]).and(far.extra, far.bits)
                }
            });
        }
        self.put(symbols[END]);
        self.tokens.reserve(BLOCK + LONGEST);
        (self.symbols, self.distances) = ([0; SYMBOLS], [0; DISTANCES]);
    }

    /// Writes how long the codes of a block are.
    fn write_head(&mut self, last: bool, symbols: &[u8], distances: &[u8]) {
        let used = |lengths: &[u8], least: usize| {
            lengths.iter().rposition(|&length| length > 0).map_or(least, |at| least.max(at + 1))
        };
        let (symbols, distances) = (&symbols[..used(symbols, END + 1)], &distances[..used(distances, 1)]);
        // Each length by itself, but of zeros up to 138 at once: symbol, what follows it, bits of that.
        let lengths = [symbols, distances].concat();
        let mut words: Vec<(usize, u32, u32)> = Vec::new();
        for run in lengths.chunk_by(|a, b| *a == 0 && *b == 0) {
            for run in run.chunks(138) {
                words.push(match (run[0], run.len()) {
                    (0, zeros @ 11..) => (18, zeros as u32 - 11, 7),
                    (0, zeros @ 3..) => (17, zeros as u32 - 3, 3),
                    (length, _) => (usize::from(length), 0, 0),
                });
                if run.len() == 2 {
                    words.push((0, 0, 0));
                }
            }
        }
        let mut counts = [0; 19];
        words.iter().for_each(|(word, ..)| counts[*word] += 1);
        let own = code_lengths(&counts, 7);
        let shown = ORDER.iter().rposition(|&word| own[word] > 0).map_or(4, |at| 4.max(at + 1));
        let dynamic = 2;
        self.put(Bits { value: u64::from(last) | dynamic << 1, count: 3 });
        self.put(Bits { value: (symbols.len() - 257) as u64, count: 5 });
        self.put(Bits { value: (distances.len() - 1) as u64, count: 5 });
        self.put(Bits { value: (shown - 4) as u64, count: 4 });
        ORDER[..shown].iter().for_each(|&word| self.put(Bits { value: u64::from(own[word]), count: 3 }));
        let own = codes(&own);
        words.iter().for_each(|&(word, extra, bits)| self.put(own[word].and(extra, bits)));
    }

    /// Writes at most 48 bits.
    #[inline]
    fn put(&mut self, bits: Bits) {
        let Bits { value, count } = self.bits.then(bits);
        let bytes = count / 8;
        let length = self.stream.len();
        self.stream.extend_from_slice(&value.to_le_bytes());
        self.stream.truncate(length + bytes as usize);
        self.bits = Bits { value: if bytes == 8 { 0 } else { value >> (8 * bytes) }, count: count % 8 };
    }
}

/// How many bytes at the beginning are the same.
#[inline]
fn alike(a: &[u8], b: &[u8]) -> usize {
    const BLOCK: usize = 32;
    let length = a.len().min(b.len());
    let (a, b) = (&a[..length], &b[..length]);
    let mut same = 0;
    while let (Some(own), Some(other)) = (a[same..].first_chunk::<8>(), b[same..].first_chunk::<8>()) {
        let differ = u64::from_le_bytes(*own) ^ u64::from_le_bytes(*other);
        if differ != 0 {
            return same + differ.trailing_zeros() as usize / 8;
        }
        same += 8;
        // What is the same so far is likely to go on.
        let blocks = a[same..].as_chunks::<BLOCK>().0.iter().zip(b[same..].as_chunks::<BLOCK>().0);
        same += BLOCK * blocks.take_while(|(own, other)| own == other).count();
    }
    same + a[same..].iter().zip(&b[same..]).take_while(|(own, other)| own == other).count()
}

/// The lengths of the codes of symbols that come up so often, none longer than `most`; 0 for those that do not. There are two at
/// least.
fn code_lengths(counts: &[u32], most: u8) -> Vec<u8> {
    let mut counts = counts.to_vec();
    loop {
        let lengths = huffman(&counts);
        if lengths.iter().all(|&length| length <= most) {
            return lengths;
        }
        // Flatter, until none is too long.
        counts.iter_mut().filter(|count| **count > 0).for_each(|count| *count = *count / 2 + 1);
    }
}

/// The lengths of codes that make the whole the shortest.
///
/// # References
///
/// Huffman, D. A. (1952). A method for the construction of minimum-redundancy codes. Proceedings of the IRE 40, 1098–1101.
fn huffman(counts: &[u32]) -> Vec<u8> {
    let mut leaves: Vec<(u32, usize)> = counts
        .iter()
        .enumerate()
        .filter(|(_, count)| **count > 0)
        .map(|(symbol, &count)| (count, symbol))
        .collect();
    leaves.sort_unstable();
    let n = leaves.len();
    // The two rarest are joined, again and again; what is joined is never rarer than what was joined before.
    let mut parents = vec![0; (2 * n).saturating_sub(1)];
    let mut joined: Vec<u32> = Vec::with_capacity(n);
    let (mut leaf, mut join) = (0, 0);
    for node in n..parents.len() {
        let mut sum = 0;
        for _ in 0..2 {
            let rarest = match (leaves.get(leaf), joined.get(join)) {
                (Some((count, _)), Some(other)) if count > other => join + n,
                (None, _) => join + n,
                _ => leaf,
            };
            sum += if rarest < n { leaves[leaf].0 } else { joined[join] };
            if rarest < n {
                leaf += 1
            } else {
                join += 1
            }
            parents[rarest] = node;
        }
        joined.push(sum);
    }
    let mut depths = vec![0_u8; parents.len()];
    for node in (0..parents.len().saturating_sub(1)).rev() {
        depths[node] = depths[parents[node]].saturating_add(1);
    }
    let mut lengths = vec![0; counts.len()];
    for ((_, symbol), depth) in leaves.into_iter().zip(depths) {
        lengths[symbol] = depth;
    }
    lengths
}

/// The codes of these lengths: in order of length and symbol, their first bit lowest.
fn codes(lengths: &[u8]) -> Vec<Bits> {
    let mut codes = vec![Bits::default(); lengths.len()];
    let (mut next, mut before) = (0_u16, 0);
    for length in 1..=15 {
        next <<= length - before;
        before = length;
        for (symbol, _) in lengths.iter().enumerate().filter(|(_, own)| u32::from(**own) == length) {
            codes[symbol] = Bits { value: u64::from(next.reverse_bits() >> (16 - length)), count: length };
            next += 1;
        }
    }
    codes
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::ZlibDecoder;
    use proptest::prelude::*;

    use super::*;

    /// Compresses some rows at a time, and checks that a decoder reads them.
    fn compressed(pixels: &[u8], width: usize, band: usize) -> usize {
        let mut compressor = Compressor::new(width);
        pixels.chunks(PIXEL * width * band).for_each(|rows| compressor.rows(rows));
        let stream = compressor.finish();
        let mut read = Vec::new();
        ZlibDecoder::new(&stream[..]).read_to_end(&mut read).unwrap();
        let expected: Vec<u8> = pixels
            .chunks(PIXEL * width)
            .flat_map(|row| std::iter::once(0).chain(row.iter().copied()))
            .collect();
        assert!(read == expected, "{} bytes read of {}", read.len(), expected.len());
        stream.len()
    }

    #[test]
    fn what_repeats_takes_little_room() {
        let white = vec![255; PIXEL * 1_000 * 400];
        assert!(compressed(&white, 1_000, 30) < 3_000);
        // Stripes down and across.
        let striped = |of: fn(usize, usize) -> usize| -> Vec<u8> {
            let places = (0..400).flat_map(|y| (0..1_000).map(move |x| (x, y)));
            places.flat_map(|(x, y)| [of(x, y) as u8 / 7 * 7, 9, 200]).collect()
        };
        assert!(compressed(&striped(|x, _| x), 1_000, 400) < 9_000);
        assert!(compressed(&striped(|_, y| y), 1_000, 400) < 3_000);
        // A slanted edge that is soft over three pixels.
        let slanted = striped(|x, y| 40 * (2 * y).saturating_sub(x).min(4));
        assert!(compressed(&slanted, 1_000, 48) < 8_000);
    }

    #[test]
    fn noise_and_rows_longer_than_any_distance_are_read_again() {
        let mut state = 1_u32;
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .take(PIXEL * 12_000 * 6)
        .collect();
        assert!(compressed(&noise, 12_000, 2) < noise.len() * 102 / 100);
        let few: Vec<u8> = noise.iter().map(|byte| byte / 64).collect();
        assert!(compressed(&few, 12_000, 4) < few.len() / 2);
        // The widest picture whose rows look back at the row above.
        compressed(&few[..PIXEL * 10_922 * 6], 10_922, 6);
        compressed(&[1, 2, 3], 1, 1);
    }

    #[test]
    fn codes_are_short_enough_and_leave_no_gap() {
        // As often as Fibonacci's numbers: the longest codes that there can be.
        let mut counts = vec![0, 1, 1, 0];
        (4..40).for_each(|at| counts.push(counts[at - 1].max(1) + counts[at - 2]));
        for most in [7, 15] {
            let lengths = code_lengths(&counts, most);
            assert!(lengths.iter().all(|&length| length <= most));
            assert!(lengths.iter().zip(&counts).all(|(length, count)| (*length > 0) == (*count > 0)));
            let filled: f64 = lengths
                .iter()
                .filter(|length| **length > 0)
                .map(|&length| 1.0 / f64::from(1_u32 << length))
                .sum();
            assert_eq!(filled, 1.0, "{lengths:?}");
        }
        // Wikipedia's example: A to E of 39 letters take 87 bits.
        let counts = [15, 7, 6, 6, 5];
        let bits: u32 = code_lengths(&counts, 15)
            .iter()
            .zip(counts)
            .map(|(&length, count)| u32::from(length) * count)
            .sum();
        assert_eq!(bits, 87);
    }

    #[test]
    fn ranges_are_those_of_the_format() {
        let length = |n| {
            let Ranged { symbol, extra, bits } = Ranged::length(n);
            (symbol, extra, bits)
        };
        assert_eq!(
            [3, 10, 11, 12, 18, 19, 257, 258].map(length),
            [
                (257, 0, 0),
                (264, 0, 0),
                (265, 0, 1),
                (265, 1, 1),
                (268, 1, 1),
                (269, 0, 2),
                (284, 30, 5),
                (285, 0, 0),
            ]
        );
        let distance = |n| {
            let Ranged { symbol, extra, bits } = Ranged::distance(n);
            (symbol, extra, bits)
        };
        assert_eq!(
            [1, 4, 5, 6, 7, 32_768].map(distance),
            [(0, 0, 0), (3, 0, 0), (4, 0, 1), (4, 1, 1), (5, 0, 1), (29, 8_191, 13),]
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn all_pictures_are_read_again(
            width in 1..70_usize, band in 1..9_usize, colours in 1..9_u8, pixels in prop::collection::vec((any::<u8>(), 1..40_usize), 1..300),
        ) {
            let runs = pixels.iter().flat_map(|&(pixel, run)| std::iter::repeat_n(pixel % colours, run));
            let mut bytes: Vec<u8> = runs.flat_map(|pixel| [pixel, pixel / 2, 255 - pixel]).collect();
            bytes.resize(bytes.len().next_multiple_of(PIXEL * width), 7);
            compressed(&bytes, width, band);
        }
    }
}
