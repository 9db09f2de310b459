//! The few nearest of many queries: eight neighbouring queries descend together.
#![allow(clippy::needless_range_loop, reason = "the lanes of several wide vectors are walked together")]

use super::points::{PackedPoints, WIDTH, greater};
use super::search::{Candidate, Search};

/// Leaves a packet may look at; a number of that many and of a place in a leaf fits in `PLACE` bits.
const MOST_LEAVES: usize = 64;
const PLACE: u64 = (MOST_LEAVES * WIDTH - 1) as u64;

/// Queries whose coordinates are fetched together, so that the memory is asked for many at a time.
const BLOCK: usize = 64 * WIDTH;

/// Boxes that wait, at most: seven more per level, and no set of `u32` rows has more levels than eleven.
const MOST_WAITING: usize = 12 * WIDTH;

/// Eight queries and, for each, the `S` least keys so far, ascending.
///
/// A key is the squared distance with its last bits replaced by where the point was seen: the least of two keys, one
/// instruction, carries the point along. Which of two points is nearer can be said from keys that differ before those
/// bits; where they do not, the query is searched again without keys.
struct Packet<const S: usize> {
    x: [f64; WIDTH],
    y: [f64; WIDTH],
    keys: [[f64; WIDTH]; S],
    /// Leaves looked at, in the order of looking.
    seen: [u32; MOST_LEAVES],
    count: usize,
}

/// What is asked of each query.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    /// How many neighbours, at most the number of points.
    pub(crate) k: usize,
    /// Greatest squared distance.
    pub(crate) most: f64,
}

impl<const S: usize> Packet<S> {
    /// Takes the points of a leaf into account.
    #[inline(always)]
    fn look(&mut self, points: &PackedPoints, leaf: usize) {
        let members = points.leaf(leaf);
        self.seen[self.count] = leaf as u32;
        let first = (self.count * WIDTH) as u64;
        self.count += 1;
        for i in 0..WIDTH {
            let (px, py, place) = (members.x[i], members.y[i], first + i as u64);
            let mut key = [0.0; WIDTH];
            for lane in 0..WIDTH {
                let (dx, dy) = (px - self.x[lane], py - self.y[lane]);
                let squared = dx * dx + dy * dy;
                key[lane] = f64::from_bits(squared.to_bits() & !PLACE | place);
            }
            for kept in &mut self.keys {
                for lane in 0..WIDTH {
                    // An infinite distance has become NaN, which is never less.
                    let less = key[lane] < kept[lane];
                    let (low, high) = if less { (key[lane], kept[lane]) } else { (kept[lane], key[lane]) };
                    (kept[lane], key[lane]) = (low, high);
                }
            }
        }
    }

    /// The squared distance beyond which no query of the packet wants a point.
    #[inline(always)]
    fn worst(&self, wanted: Wanted) -> f64 {
        let mut key = 0.0;
        for lane in 0..WIDTH {
            key = greater(key, self.keys[wanted.k - 1][lane]);
        }
        let worst = if key < f64::INFINITY { f64::from_bits(key.to_bits() | PLACE) } else { key };
        if worst < wanted.most { worst } else { wanted.most }
    }

    /// The neighbours of one query in their order, if the keys tell them.
    #[inline(always)]
    fn read(
        &self,
        points: &PackedPoints,
        lane: usize,
        wanted: Wanted,
        found: &mut [Candidate; S],
    ) -> Option<usize> {
        let k = wanted.k;
        let mut count = 0;
        while count < k && self.keys[count][lane] < f64::INFINITY {
            let place = (self.keys[count][lane].to_bits() & PLACE) as usize;
            let leaf = points.leaf(self.seen[place / WIDTH] as usize);
            let (dx, dy) = (leaf.x[place % WIDTH] - self.x[lane], leaf.y[place % WIDTH] - self.y[lane]);
            let candidate = Candidate { squared: dx * dx + dy * dy, row: leaf.rows[place % WIDTH] };
            let mut at = count;
            while at > 0 && candidate < found[at - 1] {
                found[at] = found[at - 1];
                at -= 1;
            }
            found[at] = candidate;
            count += 1;
        }
        if count < k {
            // All within reach were seen, unless distances overflowed.
            return (wanted.most < f64::INFINITY).then(|| within(found, count, wanted.most));
        }
        let [last, next] = [self.keys[k - 1][lane], self.keys[k][lane]];
        let told = last.to_bits() | PLACE != next.to_bits() | PLACE;
        told.then(|| within(found, count, wanted.most))
    }
}

/// How many of the first `count` are within reach.
#[inline(always)]
fn within(found: &[Candidate], mut count: usize, most: f64) -> usize {
    while count > 0 && found[count - 1].squared > most {
        count -= 1;
    }
    count
}

/// The nearest of each query of `order`, given to `emit` with the row of the query. `S` is greater than `wanted.k`.
#[inline(always)]
fn search_all<const S: usize>(
    points: &PackedPoints,
    [x, y]: [&[f64]; 2],
    order: &[u32],
    wanted: Wanted,
    mut emit: impl FnMut(usize, &[Candidate]),
) {
    let Some(top) = points.top() else {
        order.iter().for_each(|&row| emit(row as usize, &[]));
        return;
    };
    let mut alone = Search::default();
    let mut packet = Packet::<S> {
        x: [0.0; WIDTH],
        y: [0.0; WIDTH],
        keys: [[0.0; WIDTH]; S],
        seen: [0; MOST_LEAVES],
        count: 0,
    };
    let mut waiting = [(0.0f64, 0u32, 0u32); MOST_WAITING];
    let mut found = [Candidate { squared: 0.0, row: 0 }; S];
    let (mut block_x, mut block_y) = ([0.0; BLOCK], [0.0; BLOCK]);
    for block in order.chunks(BLOCK) {
        for (place, &row) in block.iter().enumerate() {
            (block_x[place], block_y[place]) = (x[row as usize], y[row as usize]);
        }
        for (number, rows) in block.chunks(WIDTH).enumerate() {
            for lane in 0..WIDTH {
                // A packet that is not full has its last query several times.
                let place = number * WIDTH + lane.min(rows.len() - 1);
                (packet.x[lane], packet.y[lane]) = (block_x[place], block_y[place]);
            }
            let together = packet.descend(points, top, wanted, &mut waiting);
            for (lane, &row) in rows.iter().enumerate() {
                let told = if together { packet.read(points, lane, wanted, &mut found) } else { None };
                let nearest = match told {
                    Some(count) => &found[..count],
                    None => {
                        let query = [packet.x[lane], packet.y[lane]];
                        points.nearest(query, wanted.k, wanted.most, &mut alone, |_| true)
                    }
                };
                emit(row as usize, nearest);
            }
        }
    }
}

impl<const S: usize> Packet<S> {
    /// Sees all points that a query of the packet may want; `false` if the queries are too far from one another.
    #[inline(always)]
    fn descend(
        &mut self,
        points: &PackedPoints,
        top: usize,
        wanted: Wanted,
        waiting: &mut [(f64, u32, u32); MOST_WAITING],
    ) -> bool {
        self.keys = [[f64::INFINITY; WIDTH]; S];
        self.count = 0;
        let mut around = [self.x[0], self.y[0], self.x[0], self.y[0]];
        for lane in 1..WIDTH {
            around[0] = -greater(-around[0], -self.x[lane]);
            around[1] = -greater(-around[1], -self.y[lane]);
            around[2] = greater(around[2], self.x[lane]);
            around[3] = greater(around[3], self.y[lane]);
        }
        // The leaf nearest to the middle gives the first bound.
        let middle = [0.5 * around[0] + 0.5 * around[2], 0.5 * around[1] + 0.5 * around[3]];
        let mut home = 0;
        let mut size = [0.0; 2];
        for level in (0..=top).rev() {
            let octet = points.octet(level, home);
            let gaps = octet.squared_gaps([middle[0], middle[1], middle[0], middle[1]]);
            let mut nearest = 0;
            for place in 1..WIDTH {
                if gaps[place] < gaps[nearest] {
                    nearest = place;
                }
            }
            size = octet.size(nearest);
            home = home * WIDTH + nearest;
        }
        if around[2] - around[0] + (around[3] - around[1]) > 2.0 * (size[0] + size[1]) {
            return false;
        }
        self.look(points, home);
        let mut worst = self.worst(wanted);
        waiting[0] = (0.0, top as u32, 0);
        let mut open = 1;
        while open > 0 {
            open -= 1;
            let (gap, level, index) = waiting[open];
            if gap > worst {
                continue;
            }
            let octet = points.octet(level as usize, index as usize);
            let gaps = octet.squared_gaps(around);
            let mut near = [0u8; WIDTH];
            for place in 0..WIDTH {
                near[place] = u8::from(gaps[place] <= worst && gaps[place] < f64::INFINITY);
            }
            let mut near = u64::from_le_bytes(near);
            while near != 0 {
                let place = near.trailing_zeros() as usize / 8;
                near &= near - 1;
                let below = index as usize * WIDTH + place;
                if level > 0 {
                    waiting[open] = (gaps[place], level - 1, below as u32);
                    open += 1;
                } else if below != home && gaps[place] <= worst {
                    if self.count == MOST_LEAVES {
                        return false;
                    }
                    self.look(points, below);
                    worst = self.worst(wanted);
                }
            }
        }
        true
    }
}

/// The nearest of each query of `order`, given to `emit` with the row of the query.
#[inline(always)]
pub(crate) fn search(
    points: &PackedPoints,
    queries: [&[f64]; 2],
    order: &[u32],
    wanted: Wanted,
    emit: impl FnMut(usize, &[Candidate]),
) {
    match wanted.k {
        1 => search_all::<2>(points, queries, order, wanted, emit),
        2..=3 => search_all::<4>(points, queries, order, wanted, emit),
        4..=5 => search_all::<6>(points, queries, order, wanted, emit),
        6..=8 => search_all::<9>(points, queries, order, wanted, emit),
        _ => search_alone(points, queries, order, wanted, emit),
    }
}

fn search_alone(
    points: &PackedPoints,
    [x, y]: [&[f64]; 2],
    order: &[u32],
    wanted: Wanted,
    mut emit: impl FnMut(usize, &[Candidate]),
) {
    let mut search = Search::default();
    for &row in order {
        let query = [x[row as usize], y[row as usize]];
        emit(row as usize, points.nearest(query, wanted.k, wanted.most, &mut search, |_| true));
    }
}
