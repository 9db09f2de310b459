//! The leaves near a few queries.
#![allow(clippy::needless_range_loop, reason = "the lanes of several wide vectors are walked together")]

use super::packet::Wanted;
use super::points::{Leaf, Octet, PackedPoints, WIDTH, greater};

/// Leaves that may be near; the number of one of them and of a place in it fits in `PLACE` bits.
pub(super) const MOST_LEAVES: usize = 128;
pub(super) const PLACES: usize = MOST_LEAVES * WIDTH;
pub(super) const PLACE: u64 = (PLACES - 1) as u64;

/// Boxes that wait, at most: seven more per level, and no set of `u32` rows has more levels than eleven.
const MOST_WAITING: usize = 12 * WIDTH;

/// West, south, east and north of a rectangle.
pub(super) type Around = [f64; 4];

/// The leaves that hold all points wanted by any query in a rectangle, copied side by side.
pub(super) struct Nearby {
    /// Number of leaves.
    len: usize,
    /// Squared distance beyond which no query in the rectangle wants a point.
    bound: f64,
    pub(super) x: [f64; PLACES],
    pub(super) y: [f64; PLACES],
    pub(super) rows: [u32; PLACES],
    /// West, south, east and north of each leaf.
    boxes: [[f64; MOST_LEAVES]; 4],
}

impl Nearby {
    pub(super) const NONE: Nearby = Nearby {
        len: 0,
        bound: 0.0,
        x: [0.0; PLACES],
        y: [0.0; PLACES],
        rows: [0; PLACES],
        boxes: [[0.0; MOST_LEAVES]; 4],
    };

    /// Number of leaves.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Squared distance beyond which no query in the rectangle wants a point.
    #[inline(always)]
    pub(super) fn bound(&self) -> f64 {
        self.bound
    }

    /// Finds the leaves; `false` if they are too many.
    #[inline(always)]
    pub(super) fn gather(
        &mut self,
        points: &PackedPoints,
        top: usize,
        around: Around,
        wanted: Wanted,
    ) -> bool {
        let bound = bound(points, top, around, wanted.k);
        self.bound = if bound < wanted.most { bound } else { wanted.most };
        self.len = 0;
        let mut waiting = [(0u32, 0u32); MOST_WAITING];
        waiting[0] = (top as u32, 0);
        let mut open = 1;
        while open > 0 {
            open -= 1;
            let (level, index) = (waiting[open].0, waiting[open].1 as usize);
            let octet = points.octet(level as usize, index);
            let gaps = octet.squared_gaps(around);
            let mut near = [0u8; WIDTH];
            for place in 0..WIDTH {
                near[place] = u8::from(gaps[place] <= self.bound && gaps[place] < f64::INFINITY);
            }
            let mut near = u64::from_le_bytes(near);
            while near != 0 {
                let place = near.trailing_zeros() as usize / 8;
                near &= near - 1;
                let below = index * WIDTH + place;
                if level > 0 {
                    waiting[open] = (level - 1, below as u32);
                    open += 1;
                } else if self.len < MOST_LEAVES {
                    self.push(octet, place, points.leaf(below));
                } else {
                    return false;
                }
            }
        }
        true
    }

    #[inline(always)]
    fn push(&mut self, octet: &Octet, place: usize, leaf: &Leaf) {
        let first = self.len * WIDTH;
        self.x[first..first + WIDTH].copy_from_slice(&leaf.x);
        self.y[first..first + WIDTH].copy_from_slice(&leaf.y);
        self.rows[first..first + WIDTH].copy_from_slice(&leaf.rows);
        let sides = octet.around(place);
        for side in 0..4 {
            self.boxes[side][self.len] = sides[side];
        }
        self.len += 1;
    }

    /// Squared distance of each leaf to a rectangle, as [`Octet::squared_gaps`], NaN up to the next eight; gives the least.
    #[inline(always)]
    pub(super) fn squared_gaps(&self, to: Around, squared: &mut [f64; MOST_LEAVES]) -> f64 {
        let mut least = [f64::INFINITY; WIDTH];
        let mut first = 0;
        while first < self.len {
            for i in 0..WIDTH {
                let leaf = first + i;
                let dx = greater(greater(self.boxes[0][leaf] - to[2], to[0] - self.boxes[2][leaf]), 0.0);
                let dy = greater(greater(self.boxes[1][leaf] - to[3], to[1] - self.boxes[3][leaf]), 0.0);
                let gap = if leaf < self.len { dx * dx + dy * dy } else { f64::NAN };
                squared[leaf] = gap;
                least[i] = if gap < least[i] { gap } else { least[i] };
            }
            first += WIDTH;
        }
        lowest(least)
    }
}

/// The greatest of eight numbers; NaN does not occur.
#[inline(always)]
pub(super) fn greatest(mut values: [f64; WIDTH]) -> f64 {
    for half in [4, 2, 1] {
        for i in 0..half {
            values[i] = greater(values[i], values[i + half]);
        }
    }
    values[0]
}

/// The least of eight numbers; NaN does not occur.
#[inline(always)]
pub(super) fn lowest(mut values: [f64; WIDTH]) -> f64 {
    for half in [4, 2, 1] {
        for i in 0..half {
            values[i] = if values[i] < values[i + half] { values[i] } else { values[i + half] };
        }
    }
    values[0]
}

/// A squared distance at which, from every place in a rectangle, there are at least `k` points: those of the leaves
/// nearest to its middle. Infinite if they are too few.
#[inline(always)]
fn bound(points: &PackedPoints, top: usize, around: Around, k: usize) -> f64 {
    let middle = [0.5 * around[0] + 0.5 * around[2], 0.5 * around[1] + 0.5 * around[3]];
    let middle = [middle[0], middle[1], middle[0], middle[1]];
    let mut home = 0;
    for level in (1..=top).rev() {
        home = home * WIDTH + place_of_least(&points.octet(level, home).squared_gaps(middle));
    }
    let octet = points.octet(0, home);
    let mut gaps = octet.squared_gaps(middle);
    let mut reaches = [f64::INFINITY; WIDTH * WIDTH];
    let (mut seen, mut held) = (0, 0);
    while held < k && seen < reaches.len() {
        let place = place_of_least(&gaps);
        if gaps[place] == f64::INFINITY {
            break;
        }
        gaps[place] = f64::INFINITY;
        let own = points.leaf(home * WIDTH + place).squared_reaches(around);
        reaches[seen..seen + WIDTH].copy_from_slice(&own);
        seen += WIDTH;
        held += octet.counts[place] as usize;
    }
    if held < k {
        return f64::INFINITY;
    }
    *reaches[..seen].select_nth_unstable_by(k - 1, f64::total_cmp).1
}

#[inline(always)]
fn place_of_least(values: &[f64; WIDTH]) -> usize {
    let mut least = 0;
    for place in 1..WIDTH {
        if values[place] < values[least] {
            least = place;
        }
    }
    least
}
