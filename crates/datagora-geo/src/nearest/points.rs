//! Points packed for many searches.
#![allow(clippy::needless_range_loop, reason = "the lanes of several wide vectors are walked together")]

use super::search::{Candidate, Search};
use crate::types::Coord;

/// Points, eight to a leaf, under boxes of eight leaves, of eight such boxes, and so on up to one.
///
/// Points are halved along the longer side of their extent until eight remain, so dense and empty regions have boxes of
/// their own size and coinciding points are under boxes of no size. Which point is where follows from coordinates and
/// rows alone.
#[derive(Clone, Debug)]
pub(crate) struct PackedPoints {
    len: usize,
    pub(super) leaves: Vec<Leaf>,
    /// Boxes of the leaves, then of eight boxes of the level before; the last level is one octet.
    levels: Vec<Vec<Octet>>,
}

/// Points side by side, places without a point being infinitely far.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leaf {
    pub(crate) x: [f64; WIDTH],
    pub(crate) y: [f64; WIDTH],
    /// Ascending; [`NO_ROW`] where there is no point.
    pub(crate) rows: [u32; WIDTH],
}

/// Eight boxes side by side.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Octet {
    min_x: [f64; WIDTH],
    min_y: [f64; WIDTH],
    max_x: [f64; WIDTH],
    max_y: [f64; WIDTH],
    /// Lowest row in each box; [`NO_ROW`] for a box without points.
    pub(crate) first: [u32; WIDTH],
    /// Points in each box.
    pub(super) counts: [u32; WIDTH],
}

/// Points per leaf, boxes per box, queries per packet: what one wide vector holds.
pub(crate) const WIDTH: usize = 8;

/// Stands for no row.
pub(crate) const NO_ROW: u32 = u32::MAX;

/// Points below which halving is not shared among cores.
#[cfg(feature = "parallel")]
const SHARED: usize = 1 << 14;

#[derive(Clone, Copy, Debug)]
struct Entry {
    x: f64,
    y: f64,
    row: u32,
}

impl Leaf {
    const EMPTY: Leaf = Leaf { x: [f64::INFINITY; WIDTH], y: [f64::INFINITY; WIDTH], rows: [NO_ROW; WIDTH] };

    /// Squared distance of each point.
    #[inline(always)]
    pub(crate) fn squared_distances(&self, x: f64, y: f64) -> [f64; WIDTH] {
        let mut squared = [0.0; WIDTH];
        for i in 0..WIDTH {
            let (dx, dy) = (self.x[i] - x, self.y[i] - y);
            squared[i] = dx * dx + dy * dy;
        }
        squared
    }

    /// Squared distance of each point to the farthest corner of a rectangle `[min_x, min_y, max_x, max_y]`: at least that
    /// to any place in it, also after rounding.
    #[inline(always)]
    pub(super) fn squared_reaches(&self, to: [f64; 4]) -> [f64; WIDTH] {
        let mut squared = [0.0; WIDTH];
        for i in 0..WIDTH {
            let dx = greater((self.x[i] - to[0]).abs(), (self.x[i] - to[2]).abs());
            let dy = greater((self.y[i] - to[1]).abs(), (self.y[i] - to[3]).abs());
            squared[i] = dx * dx + dy * dy;
        }
        squared
    }
}

impl Octet {
    const EMPTY: Octet = Octet {
        min_x: [f64::INFINITY; WIDTH],
        min_y: [f64::INFINITY; WIDTH],
        max_x: [f64::NEG_INFINITY; WIDTH],
        max_y: [f64::NEG_INFINITY; WIDTH],
        first: [NO_ROW; WIDTH],
        counts: [0; WIDTH],
    };

    /// Squared distance from each box to a rectangle `[min_x, min_y, max_x, max_y]`: at most that of any of its points
    /// to any of the rectangle, also after rounding, for each step of the computation is monotone.
    #[inline(always)]
    pub(crate) fn squared_gaps(&self, to: [f64; 4]) -> [f64; WIDTH] {
        let mut squared = [0.0; WIDTH];
        for i in 0..WIDTH {
            let dx = greater(greater(self.min_x[i] - to[2], to[0] - self.max_x[i]), 0.0);
            let dy = greater(greater(self.min_y[i] - to[3], to[1] - self.max_y[i]), 0.0);
            squared[i] = dx * dx + dy * dy;
        }
        squared
    }

    /// Squared distance from a point to the farthest corner of each box: at least that of any point in it, also after
    /// rounding.
    #[inline(always)]
    pub(super) fn squared_reaches(&self, x: f64, y: f64) -> [f64; WIDTH] {
        let mut squared = [0.0; WIDTH];
        for i in 0..WIDTH {
            let dx = greater((self.min_x[i] - x).abs(), (self.max_x[i] - x).abs());
            let dy = greater((self.min_y[i] - y).abs(), (self.max_y[i] - y).abs());
            squared[i] = dx * dx + dy * dy;
        }
        squared
    }

    /// West, south, east and north of a box.
    #[inline(always)]
    pub(super) fn around(&self, place: usize) -> [f64; 4] {
        [self.min_x[place], self.min_y[place], self.max_x[place], self.max_y[place]]
    }

    fn put(&mut self, place: usize, other: BoxOf) {
        (self.min_x[place], self.max_x[place]) = (other.x[0], other.x[1]);
        (self.min_y[place], self.max_y[place]) = (other.y[0], other.y[1]);
        (self.first[place], self.counts[place]) = (other.first, other.count);
    }

    fn all(&self) -> BoxOf {
        let least = |values: &[f64; WIDTH]| values.iter().copied().fold(f64::INFINITY, f64::min);
        let most = |values: &[f64; WIDTH]| values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        BoxOf {
            x: [least(&self.min_x), most(&self.max_x)],
            y: [least(&self.min_y), most(&self.max_y)],
            first: self.first.iter().copied().min().unwrap_or(NO_ROW),
            count: self.counts.iter().sum(),
        }
    }
}

/// The greater number, as one instruction; NaN does not occur.
#[inline(always)]
pub(crate) fn greater(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

/// One box of an octet.
struct BoxOf {
    x: [f64; 2],
    y: [f64; 2],
    first: u32,
    count: u32,
}

impl BoxOf {
    fn around(entries: &[Entry]) -> BoxOf {
        let mut around = BoxOf {
            x: [f64::INFINITY, f64::NEG_INFINITY],
            y: [f64::INFINITY, f64::NEG_INFINITY],
            first: NO_ROW,
            count: entries.len() as u32,
        };
        for entry in entries {
            around.x = [-greater(-around.x[0], -entry.x), greater(around.x[1], entry.x)];
            around.y = [-greater(-around.y[0], -entry.y), greater(around.y[1], entry.y)];
            around.first = around.first.min(entry.row);
        }
        around
    }
}

impl PackedPoints {
    /// Packs the points whose coordinates are numbers; the others are never found.
    pub(crate) fn new(x: &[f64], y: &[f64]) -> Self {
        let mut entries: Vec<Entry> = (0u32..)
            .zip(x.iter().zip(y))
            .filter(|(_, (x, y))| !x.is_nan() && !y.is_nan())
            .map(|(row, (&x, &y))| Entry { x, y, row })
            .collect();
        let mut group = WIDTH;
        while group * WIDTH < entries.len() {
            group *= WIDTH;
        }
        arrange(&mut entries, group);

        let mut leaves = Vec::with_capacity(entries.len().div_ceil(WIDTH));
        let mut boxes = Vec::with_capacity(leaves.capacity());
        for members in entries.chunks(WIDTH) {
            let mut leaf = Leaf::EMPTY;
            for (place, entry) in members.iter().enumerate() {
                (leaf.x[place], leaf.y[place], leaf.rows[place]) = (entry.x, entry.y, entry.row);
            }
            leaves.push(leaf);
            boxes.push(BoxOf::around(members));
        }
        let mut levels: Vec<Vec<Octet>> = Vec::new();
        while !boxes.is_empty() {
            let mut level = vec![Octet::EMPTY; boxes.len().div_ceil(WIDTH)];
            for (place, around) in boxes.drain(..).enumerate() {
                level[place / WIDTH].put(place % WIDTH, around);
            }
            if level.len() > 1 {
                boxes = level.iter().map(Octet::all).collect();
            }
            levels.push(level);
        }
        PackedPoints { len: entries.len(), leaves, levels }
    }

    /// Number of points that can be found.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Row and place of each point, in the order of the rows.
    pub(crate) fn by_row(&self) -> Vec<(u32, Coord)> {
        let places = self.leaves.iter().flat_map(|leaf| {
            (0..WIDTH).map(|place| (leaf.rows[place], Coord { x: leaf.x[place], y: leaf.y[place] }))
        });
        let mut places: Vec<(u32, Coord)> = places.filter(|(row, _)| *row != NO_ROW).collect();
        places.sort_unstable_by_key(|(row, _)| *row);
        places
    }

    #[inline(always)]
    pub(crate) fn leaf(&self, leaf: usize) -> &Leaf {
        &self.leaves[leaf]
    }

    #[inline(always)]
    pub(crate) fn octet(&self, level: usize, octet: usize) -> &Octet {
        &self.levels[level][octet]
    }

    /// Number of octets of a level.
    pub(super) fn octets(&self, level: usize) -> usize {
        self.levels.get(level).map_or(0, Vec::len)
    }

    /// The highest level; `None` if there is no point.
    #[inline(always)]
    pub(crate) fn top(&self) -> Option<usize> {
        self.levels.len().checked_sub(1)
    }

    /// The `k` points nearest to a point that `admits` does not refuse, at a squared distance of at most `most`: by
    /// distance, then by row.
    pub(crate) fn nearest<'a>(
        &self,
        [x, y]: [f64; 2],
        k: usize,
        most: f64,
        search: &'a mut Search,
        admits: impl Fn(u32) -> bool,
    ) -> &'a [Candidate] {
        search.start(k, most);
        if let Some(top) = self.top() {
            search.open(Candidate { squared: 0.0, row: 0 }, top + 1, 0);
        }
        while let Some((above, index)) = search.next() {
            let Some(level) = above.checked_sub(1) else {
                let leaf = self.leaf(index);
                let squared = leaf.squared_distances(x, y);
                for (squared, row) in squared.into_iter().zip(leaf.rows) {
                    if row != NO_ROW && admits(row) {
                        search.offer(Candidate { squared, row });
                    }
                }
                continue;
            };
            let octet = self.octet(level, index);
            let squared = octet.squared_gaps([x, y, x, y]);
            let before = search.opened();
            for place in 0..WIDTH {
                if octet.first[place] != NO_ROW {
                    let lowest = Candidate { squared: squared[place], row: octet.first[place] };
                    search.open(lowest, level, index * WIDTH + place);
                }
            }
            search.nearest_last(before);
        }
        search.finish()
    }
}

/// Puts points in the order of the leaves. `group` is the greatest number of points under one box that is less than all
/// of them, unless one leaf has them all.
fn arrange(entries: &mut [Entry], mut group: usize) {
    if entries.len() <= WIDTH {
        entries.sort_unstable_by_key(|entry| entry.row);
        return;
    }
    while group >= entries.len() {
        group /= WIDTH;
    }
    // As many whole groups on either side as possible.
    let groups = entries.len().div_ceil(group);
    let middle = groups.div_ceil(2) * group;
    let around = BoxOf::around(entries);
    let by_row = |a: &Entry, b: &Entry| a.row.cmp(&b.row);
    let (width, height) = (around.x[1] - around.x[0], around.y[1] - around.y[0]);
    if width == 0.0 && height == 0.0 {
        entries.sort_unstable_by(by_row);
        return;
    }
    // Coinciding points fall on either side by their row.
    if width >= height {
        entries.select_nth_unstable_by(middle, |a, b| a.x.total_cmp(&b.x).then_with(|| by_row(a, b)));
    } else {
        entries.select_nth_unstable_by(middle, |a, b| a.y.total_cmp(&b.y).then_with(|| by_row(a, b)));
    }
    let (low, high) = entries.split_at_mut(middle);
    #[cfg(feature = "parallel")]
    if low.len() > SHARED {
        rayon::join(|| arrange(low, group), || arrange(high, group));
        return;
    }
    arrange(low, group);
    arrange(high, group);
}
