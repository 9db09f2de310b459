//! Counting within a disc around every cell, by running sums.
use super::IntegrityCover;

/// Cells worked on side by side: the running sums they need stay in the cache of a core.
const BLOCK: usize = 512;
/// Rows of a strip, the share of work of a thread.
const STRIP: usize = 128;

/// The cells of a disc: by distance in rows, how many columns to either side.
pub(super) struct Disc {
    /// From the row of the centre on.
    reach: Vec<usize>,
}

/// Counts that wrap around: a difference of running sums is right as long as the disc itself has fewer cells.
trait Count: Copy + Default + Send + Sync {
    /// One more, if it is there.
    fn plus(self, one: bool) -> Self;
    /// Adds the counts of two runs of cells, each from a running sum to another.
    fn add(into: &mut [Self], runs: [[&[Self]; 2]; 2]);
    fn count(self) -> f64;
}

macro_rules! count {
    ($number:ty) => {
        impl Count for $number {
            fn plus(self, one: bool) -> Self {
                self.wrapping_add(<$number>::from(one))
            }

            fn add(into: &mut [Self], [[a, b], [c, d]]: [[&[Self]; 2]; 2]) {
                // Of one length, so that the loop needs no checks and several cells are added at a time.
                let n = into.len();
                let (a, b, c, d) = (&a[..n], &b[..n], &c[..n], &d[..n]);
                for i in 0..n {
                    let runs = b[i].wrapping_sub(a[i]).wrapping_add(d[i].wrapping_sub(c[i]));
                    into[i] = into[i].wrapping_add(runs);
                }
            }

            fn count(self) -> f64 {
                f64::from(self)
            }
        }
    };
}
count!(u16);
count!(u32);

impl Disc {
    /// The disc of a radius on cells of this width and height, cut to what a grid of so many columns and rows can hold.
    pub(super) fn new(radius: f64, width: f64, height: f64, columns: usize, rows: usize) -> Self {
        // A centre on the circle is within, though the quotient may fall a hair short of a whole number.
        let whole = |length: f64| (length * (1.0 + 4.0 * f64::EPSILON)).floor().max(0.0) as usize;
        let reach = (0..=whole(radius / height).min(rows))
            .map(|row| {
                let up = row as f64 * height;
                whole((radius * radius - up * up).max(0.0).sqrt() / width).min(columns)
            })
            .collect();
        Self { reach }
    }

    /// The share of semi-natural among the ground that counts, around each modified cell.
    pub(super) fn shares(&self, cover: &[IntegrityCover], columns: usize) -> Vec<f32> {
        let cells: usize = self.reach.iter().map(|reach| 2 * (2 * reach + 1)).sum();
        match u16::try_from(cells) {
            Ok(_) => self.shares_with::<u16>(cover, columns),
            Err(_) => self.shares_with::<u32>(cover, columns),
        }
    }

    fn shares_with<C: Count>(&self, cover: &[IntegrityCover], columns: usize) -> Vec<f32> {
        let mut shares = vec![f32::NAN; cover.len()];
        let strip = |(number, shares): (usize, &mut [f32])| {
            self.strip::<C>(cover, columns, number * STRIP, shares);
        };
        #[cfg(feature = "parallel")]
        {
            use rayon::prelude::*;
            shares.par_chunks_mut(STRIP * columns).enumerate().for_each(strip);
        }
        #[cfg(not(feature = "parallel"))]
        shares.chunks_mut(STRIP * columns).enumerate().for_each(strip);
        shares
    }

    /// The shares of some rows, from `first` on.
    fn strip<C: Count>(&self, cover: &[IntegrityCover], columns: usize, first: usize, shares: &mut [f32]) {
        let rows = cover.len() / columns;
        let (high, wide) = (self.reach.len() - 1, self.reach[0]);
        let top = first.saturating_sub(high);
        let bottom = (first + shares.len() / columns + high).min(rows);
        let (natural, ground) = (
            RunningSums::<C>::new(cover, columns, top..bottom, wide, |cover| {
                cover == IntegrityCover::SemiNatural
            }),
            RunningSums::<C>::new(cover, columns, top..bottom, wide, |cover| {
                matches!(cover, IntegrityCover::SemiNatural | IntegrityCover::Modified)
            }),
        );
        let (mut above, mut below) = (vec![C::default(); BLOCK], vec![C::default(); BLOCK]);
        for left in (0..columns).step_by(BLOCK) {
            let width = BLOCK.min(columns - left);
            for (row, shares) in (first..).zip(shares.chunks_exact_mut(columns)) {
                let shares = &mut shares[left..left + width];
                let cover = &cover[row * columns + left..][..width];
                if !cover.contains(&IntegrityCover::Modified) {
                    continue;
                }
                natural.around(row, left, &self.reach, &mut above[..width]);
                ground.around(row, left, &self.reach, &mut below[..width]);
                let counts = above.iter().zip(&below).zip(cover);
                for (share, ((natural, ground), cover)) in shares.iter_mut().zip(counts) {
                    if *cover == IntegrityCover::Modified {
                        *share = (natural.count() / ground.count()) as f32;
                    }
                }
            }
        }
    }
}

/// Sums along each row of how many cells are of a kind, with room beyond both ends.
struct RunningSums<C> {
    sums: Vec<C>,
    rows: std::ops::Range<usize>,
    /// Columns of room on either side.
    room: usize,
    /// Sums of a row.
    width: usize,
    /// A row of nothing, for what lies beyond the first and last.
    nothing: Vec<C>,
}

impl<C: Count> RunningSums<C> {
    fn new(
        cover: &[IntegrityCover],
        columns: usize,
        rows: std::ops::Range<usize>,
        room: usize,
        counts: impl Fn(IntegrityCover) -> bool,
    ) -> Self {
        // Sum `room + c` is that of the cells before column `c`.
        let width = columns + 1 + 2 * room;
        let mut sums = Vec::with_capacity(width * rows.len());
        for row in rows.clone() {
            let mut sum = C::default();
            sums.resize(sums.len() + room + 1, sum);
            sums.extend(cover[row * columns..][..columns].iter().map(|cover| {
                sum = sum.plus(counts(*cover));
                sum
            }));
            sums.resize(sums.len() + room, sum);
        }
        Self { sums, rows, room, width, nothing: vec![C::default(); BLOCK] }
    }

    /// The count around each of some cells of a row, from column `left` on.
    fn around(&self, row: usize, left: usize, reach: &[usize], into: &mut [C]) {
        into.fill(C::default());
        let run = |row: Option<usize>, reach: usize| match row.filter(|row| self.rows.contains(row)) {
            Some(row) => {
                let from = (row - self.rows.start) * self.width + self.room + left;
                [&self.sums[from - reach..], &self.sums[from + reach + 1..]]
            }
            None => [&self.nothing[..], &self.nothing[..]],
        };
        C::add(into, [run(Some(row), reach[0]), run(None, 0)]);
        for (up, &reach) in reach.iter().enumerate().skip(1) {
            let (above, below) = (row.checked_sub(up), Some(row + up));
            C::add(into, [run(above, reach), run(below, reach)]);
        }
    }
}
