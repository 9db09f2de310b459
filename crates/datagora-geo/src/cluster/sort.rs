//! Points sorted by cell.
use std::ops::Range;

use super::ClusterError;
use super::axis::Axis;
use crate::cores::each_run;

/// Rows of which buckets are made at a time.
const CHUNK: usize = 1 << 16;

/// Buckets: runs of cells whose points are sorted on their own, in the nearest memory.
const BUCKETS: usize = 256;

/// Bits of the key that one pass of the sort looks at: few are near, more are fewer passes over many points.
const DIGIT: u32 = 8;
const DIGIT_OF_MANY: u32 = 11;
const MANY: usize = 1 << 15;

/// Points in the order of the cells, those of a cell in the order of their rows.
#[derive(Debug)]
pub(super) struct Sorted {
    pub(super) x: Vec<f64>,
    pub(super) y: Vec<f64>,
    pub(super) rows: Vec<u32>,
    /// First point of each cell, and the end.
    pub(super) starts: Vec<u32>,
    /// Place of each cell in the grid, in the order of a picture read from the bottom. Equal where points of one place
    /// turned out not to be neighbours, and are cells of their own.
    pub(super) keys: Vec<u64>,
    /// Difference between the key of a cell and that of the cell above.
    pub(super) stride: u64,
}

/// What is sorted.
struct Unsorted<'a> {
    x: &'a [f64],
    y: &'a [f64],
    columns: Axis,
    lines: Axis,
    /// Bits of a key that do not tell its bucket.
    shift: u32,
    /// Greatest squared distance of neighbours.
    most: f64,
}

/// Rows by bucket, and where each bucket begins.
struct Chunk {
    rows: Vec<u32>,
    starts: [u32; BUCKETS + 1],
}

/// Where the points of a bucket come to stand.
struct Part<'a> {
    bucket: usize,
    first: usize,
    x: &'a mut [f64],
    y: &'a mut [f64],
    rows: &'a mut [u32],
}

/// Room for sorting a bucket, kept from one to the next.
#[derive(Default)]
struct Room {
    x: Vec<f64>,
    y: Vec<f64>,
    rows: Vec<u32>,
    /// Key and place of each point.
    pairs: Vec<(u64, u32)>,
    sorted: Vec<(u64, u32)>,
}

impl Sorted {
    /// Sorts points into cells of which all points are neighbours, at a squared distance of at most `most`.
    pub(super) fn new(x: &[f64], y: &[f64], reach: f64, most: f64) -> Result<Self, ClusterError> {
        let present = || x.iter().zip(y).filter(|(x, y)| !x.is_nan() && !y.is_nan());
        let [over_x, over_y] = extents(x, y);
        let columns = Axis::new(present().map(|(x, _)| *x), over_x, x.len(), reach)?;
        let lines = Axis::new(present().map(|(_, y)| *y), over_y, x.len(), reach)?;
        let stride = columns.len();
        let bits = u64::BITS - (lines.len() * stride).leading_zeros();
        let shift = bits.saturating_sub(BUCKETS.ilog2());
        let unsorted = Unsorted { x, y, columns, lines, shift, most };

        let chunks = unsorted.chunks();
        let sizes: Vec<usize> =
            (0..BUCKETS).map(|bucket| chunks.iter().map(|chunk| chunk.range(bucket).len()).sum()).collect();
        let len = sizes.iter().sum();
        let (mut x, mut y, mut rows) = (vec![0.0; len], vec![0.0; len], vec![0; len]);
        let mut parts = Vec::with_capacity(BUCKETS);
        let (mut rest_x, mut rest_y, mut rest_rows) = (&mut x[..], &mut y[..], &mut rows[..]);
        for (bucket, &size) in sizes.iter().enumerate() {
            let first = len - rest_x.len();
            let (part_x, part_y, part_rows);
            (part_x, rest_x) = rest_x.split_at_mut(size);
            (part_y, rest_y) = rest_y.split_at_mut(size);
            (part_rows, rest_rows) = rest_rows.split_at_mut(size);
            parts.push(Part { bucket, first, x: part_x, y: part_y, rows: part_rows });
        }
        let cells = unsorted.sort(&chunks, parts);
        let count = cells.iter().map(Vec::len).sum::<usize>();
        let (mut keys, mut starts) = (Vec::with_capacity(count), Vec::with_capacity(count + 1));
        for cells in cells {
            keys.extend(cells.iter().map(|(key, _)| *key));
            starts.extend(cells.iter().map(|(_, start)| *start));
        }
        starts.push(len as u32);
        Ok(Sorted { x, y, rows, starts, keys, stride })
    }
}

impl Unsorted<'_> {
    fn chunks(&self) -> Vec<Chunk> {
        each_run(self.x.len(), CHUNK, |rows| self.chunk(rows))
    }

    fn chunk(&self, rows: Range<usize>) -> Chunk {
        let mut buckets = vec![0u16; rows.len()];
        buckets_of(self, rows.clone(), &mut buckets);
        // One more for what is missing, which is left out.
        let mut next = [0u32; BUCKETS + 1];
        buckets.iter().for_each(|bucket| next[*bucket as usize] += 1);
        let mut total = 0;
        for count in &mut next {
            total += std::mem::replace(count, total);
        }
        let starts = next;
        let mut sorted = vec![0u32; rows.len()];
        for (row, bucket) in (rows.start as u32..).zip(buckets) {
            let place = &mut next[bucket as usize];
            sorted[*place as usize] = row;
            *place += 1;
        }
        Chunk { rows: sorted, starts }
    }

    /// Sorts the buckets; gives the key and the first point of the cells of each.
    fn sort(&self, chunks: &[Chunk], parts: Vec<Part<'_>>) -> Vec<Vec<(u64, u32)>> {
        let sort = |room: &mut Room, part: Part<'_>| {
            self.fetch(chunks, part.bucket, room);
            room.sort(self.shift);
            self.put(room, part)
        };
        #[cfg(feature = "parallel")]
        {
            use rayon::prelude::*;
            parts.into_par_iter().map_init(Room::default, sort).collect()
        }
        #[cfg(not(feature = "parallel"))]
        {
            let mut room = Room::default();
            parts.into_iter().map(|part| sort(&mut room, part)).collect()
        }
    }

    fn fetch(&self, chunks: &[Chunk], bucket: usize, room: &mut Room) {
        room.rows.clear();
        chunks.iter().for_each(|chunk| room.rows.extend_from_slice(&chunk.rows[chunk.range(bucket)]));
        room.x.clear();
        room.x.extend(room.rows.iter().map(|row| self.x[*row as usize]));
        room.y.clear();
        room.y.extend(room.rows.iter().map(|row| self.y[*row as usize]));
        let first = (bucket as u64) << self.shift;
        room.pairs.clear();
        room.pairs
            .extend(room.x.iter().zip(&room.y).zip(0u32..).map(|((x, y), k)| (self.key(*x, *y) - first, k)));
    }

    #[inline(always)]
    fn key(&self, x: f64, y: f64) -> u64 {
        self.lines.cell(y) * self.columns.len() + self.columns.cell(x)
    }

    fn put(&self, room: &Room, part: Part<'_>) -> Vec<(u64, u32)> {
        let mut cells = Vec::new();
        let sure = self.columns.sure && self.lines.sure;
        let mut before = u64::MAX;
        let (mut low, mut high) = ([0.0; 2], [0.0; 2]);
        for (index, &(key, from)) in room.pairs.iter().enumerate() {
            let at = [room.x[from as usize], room.y[from as usize]];
            (part.x[index], part.y[index], part.rows[index]) = (at[0], at[1], room.rows[from as usize]);
            let mut other = key != before;
            if !sure {
                let wide = |k: usize| f64::max(high[k], at[k]) - f64::min(low[k], at[k]);
                other |= wide(0) * wide(0) + wide(1) * wide(1) > self.most;
                for k in 0..2 {
                    low[k] = if other { at[k] } else { low[k].min(at[k]) };
                    high[k] = if other { at[k] } else { high[k].max(at[k]) };
                }
            }
            if other {
                cells.push((((part.bucket as u64) << self.shift) + key, (part.first + index) as u32));
                before = key;
            }
        }
        cells
    }
}

impl Chunk {
    fn range(&self, bucket: usize) -> Range<usize> {
        self.starts[bucket] as usize..self.starts[bucket + 1] as usize
    }
}

impl Room {
    /// Sorts by key, keys having that many bits; of equal keys the places stay in their order.
    fn sort(&mut self, bits: u32) {
        let digits = if self.pairs.len() < MANY { DIGIT } else { DIGIT_OF_MANY };
        self.sorted.resize(self.pairs.len(), (0, 0));
        let mut next = [0u32; 1 << DIGIT_OF_MANY];
        for shift in (0..bits).step_by(digits as usize) {
            let digit = |key: u64| (key >> shift) as usize & ((1 << digits) - 1);
            let next = &mut next[..1 << digits];
            next.fill(0);
            self.pairs.iter().for_each(|(key, _)| next[digit(*key)] += 1);
            if self.pairs.first().is_none_or(|(key, _)| next[digit(*key)] as usize == self.pairs.len()) {
                continue;
            }
            let mut total = 0;
            for count in next.iter_mut() {
                total += std::mem::replace(count, total);
            }
            for &pair in &self.pairs {
                let place = &mut next[digit(pair.0)];
                self.sorted[*place as usize] = pair;
                *place += 1;
            }
            std::mem::swap(&mut self.pairs, &mut self.sorted);
        }
    }
}

/// The bucket of each of some rows; one after the last for a missing row.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw", "x86_64+avx2"))]
fn buckets_of(unsorted: &Unsorted<'_>, rows: Range<usize>, buckets: &mut [u16]) {
    let at = unsorted.x[rows.clone()].iter().zip(&unsorted.y[rows]);
    for (bucket, (&x, &y)) in buckets.iter_mut().zip(at) {
        let own = (unsorted.key(x, y) >> unsorted.shift) as u16;
        *bucket = if x.is_nan() | y.is_nan() { BUCKETS as u16 } else { own };
    }
}

/// Least and greatest coordinate along both axes of the points that are not missing.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw", "x86_64+avx2"))]
fn extents(x: &[f64], y: &[f64]) -> [[f64; 2]; 2] {
    const LANES: usize = 8;
    let mut low = [[f64::INFINITY; LANES]; 2];
    let mut high = [[f64::NEG_INFINITY; LANES]; 2];
    let mut take = |lane: usize, x: f64, y: f64| {
        let missing = x.is_nan() | y.is_nan();
        for (axis, v) in [x, y].into_iter().enumerate() {
            // Comparisons that NaN never wins.
            let v = if missing { f64::NAN } else { v };
            low[axis][lane] = if v < low[axis][lane] { v } else { low[axis][lane] };
            high[axis][lane] = if v > high[axis][lane] { v } else { high[axis][lane] };
        }
    };
    let (eights_x, rest_x) = x.as_chunks::<LANES>();
    let (eights_y, rest_y) = y.as_chunks::<LANES>();
    for (x, y) in eights_x.iter().zip(eights_y) {
        (0..LANES).for_each(|lane| take(lane, x[lane], y[lane]));
    }
    rest_x.iter().zip(rest_y).for_each(|(x, y)| take(0, *x, *y));
    let least = |values: [f64; LANES]| values.into_iter().fold(f64::INFINITY, f64::min);
    let greatest = |values: [f64; LANES]| values.into_iter().fold(f64::NEG_INFINITY, f64::max);
    [0, 1].map(|axis| [least(low[axis]), greatest(high[axis])])
}
