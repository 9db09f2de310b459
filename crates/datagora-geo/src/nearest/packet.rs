//! The few nearest of many queries: eight at a time.
#![allow(clippy::needless_range_loop, reason = "the lanes of several wide vectors are walked together")]

use super::nearby::{Around, MOST_LEAVES, Nearby, PLACE, PLACES, greatest, lowest};
use super::points::{NO_ROW, PackedPoints, WIDTH, greater};
use super::search::{Candidate, Search};

/// Packets whose coordinates are fetched together, so that the memory is asked for many at a time.
const BLOCK: usize = 64;

/// Packets for which leaves are gathered together, at most; fewer, if they have more leaves near them than `MANY`.
const FLOCK: usize = 16;
const FEW: usize = 20;
const MANY: usize = 40;

/// Neighbours up to which queries go in packets; more take more memory than is near.
const MOST: usize = 64;

/// What is asked of each query.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    /// How many neighbours, at most the number of points.
    pub(crate) k: usize,
    /// Greatest squared distance.
    pub(crate) most: f64,
}

/// What takes the neighbours of each query.
pub(super) trait Found {
    /// Of the query at a row: they are in order, as many as were wanted, and stand in a column of two tables.
    fn column(&mut self, query: usize, column: usize, rows: &[[u32; WIDTH]], distances: &[[f64; WIDTH]]);

    /// Of the query at a row, in order.
    fn few(&mut self, query: usize, found: &[Candidate]);
}

/// Eight queries that are near one another.
#[derive(Clone, Copy)]
struct Packet {
    x: [f64; WIDTH],
    y: [f64; WIDTH],
    around: Around,
}

impl Packet {
    const EMPTY: Packet = Packet { x: [0.0; WIDTH], y: [0.0; WIDTH], around: [0.0; 4] };

    /// Of at most eight rows; if they are fewer, the last stands several times.
    #[inline(always)]
    fn fetch(&mut self, [x, y]: [&[f64]; 2], rows: &[u32]) {
        for lane in 0..WIDTH {
            let row = rows[lane.min(rows.len() - 1)] as usize;
            (self.x[lane], self.y[lane]) = (x[row], y[row]);
        }
        self.around = [lowest(self.x), lowest(self.y), greatest(self.x), greatest(self.y)];
    }
}

/// The rectangle around the queries of packets.
#[inline(always)]
fn around(packets: &[Packet]) -> Around {
    let mut around = packets[0].around;
    for packet in &packets[1..] {
        for side in 0..2 {
            around[side] = -greater(-around[side], -packet.around[side]);
            around[side + 2] = greater(around[side + 2], packet.around[side + 2]);
        }
    }
    around
}

/// For each query of a packet the `S` least keys so far, ascending.
///
/// A key is the squared distance with its last bits replaced by where the point is among those nearby: the least of two
/// keys, one instruction, carries the point along. Which of two points is nearer can be said from keys that differ before
/// those bits; where they do not, all points nearby are compared again.
struct Keys<const S: usize> {
    keys: [[f64; WIDTH]; S],
    /// Squared distance of each leaf nearby.
    gaps: [f64; MOST_LEAVES],
}

/// The neighbours of a packet in the order of the keys.
struct Told<const S: usize> {
    distances: [[f64; WIDTH]; S],
    rows: [[u32; WIDTH]; S],
    /// Whether that is their order, and they are all wanted.
    sure: [bool; WIDTH],
}

impl<const S: usize> Keys<S> {
    /// Number of keys kept: one more than are wanted. A number that is known beforehand keeps them in registers.
    #[inline(always)]
    fn kept(wanted: Wanted) -> usize {
        if S > MOST { wanted.k + 1 } else { S }
    }

    /// Sees all points that a query of the packet may want.
    #[inline(always)]
    fn look_around(&mut self, packet: &Packet, nearby: &Nearby, wanted: Wanted) {
        for kept in &mut self.keys[..Self::kept(wanted)] {
            *kept = [f64::INFINITY; WIDTH];
        }
        let mut limit = nearby.squared_gaps(packet.around, &mut self.gaps);
        // First the leaves in which the queries are, or the nearest.
        for first in [true, false] {
            for start in (0..nearby.len()).step_by(WIDTH) {
                let mut near = [0u8; WIDTH];
                for i in 0..WIDTH {
                    near[i] = u8::from(self.gaps[start + i] <= limit);
                }
                let mut near = u64::from_le_bytes(near);
                while near != 0 {
                    let leaf = start + near.trailing_zeros() as usize / 8;
                    near &= near - 1;
                    if self.gaps[leaf] <= limit {
                        self.look(packet, nearby, leaf, wanted);
                        self.gaps[leaf] = f64::NAN;
                        if !first {
                            limit = self.worst(nearby, wanted);
                        }
                    }
                }
            }
            limit = self.worst(nearby, wanted);
        }
    }

    /// Takes the points of a leaf into account.
    #[inline(always)]
    fn look(&mut self, packet: &Packet, nearby: &Nearby, leaf: usize, wanted: Wanted) {
        let kept = Self::kept(wanted);
        let first = leaf * WIDTH;
        let (px, py) = (&nearby.x[first..first + WIDTH], &nearby.y[first..first + WIDTH]);
        for i in 0..WIDTH {
            let place = (first + i) as u64;
            let mut key = [0.0; WIDTH];
            for lane in 0..WIDTH {
                let (dx, dy) = (px[i] - packet.x[lane], py[i] - packet.y[lane]);
                let squared = dx * dx + dy * dy;
                key[lane] = f64::from_bits(squared.to_bits() & !PLACE | place);
            }
            if S > MOST {
                let mut any = false;
                for lane in 0..WIDTH {
                    any |= key[lane] < self.keys[kept - 1][lane];
                }
                if !any {
                    continue;
                }
            }
            for kept in &mut self.keys[..kept] {
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
    fn worst(&self, nearby: &Nearby, wanted: Wanted) -> f64 {
        let key = greatest(self.keys[wanted.k - 1]);
        let worst = if key < f64::INFINITY { f64::from_bits(key.to_bits() | PLACE) } else { key };
        if worst < nearby.bound() { worst } else { nearby.bound() }
    }

    /// Reads the neighbours of all queries.
    #[inline(always)]
    fn tell(&self, packet: &Packet, nearby: &Nearby, wanted: Wanted, told: &mut Told<S>) {
        let k = wanted.k;
        for lane in 0..WIDTH {
            let [last, next] = [self.keys[k - 1][lane], self.keys[k][lane]];
            told.sure[lane] = (last < f64::INFINITY) & (last.to_bits() | PLACE != next.to_bits() | PLACE);
        }
        let mut before = [-1.0; WIDTH];
        for rank in 0..k {
            let keys = &self.keys[rank];
            let (mut squared, mut rows) = ([0.0; WIDTH], [0; WIDTH]);
            for lane in 0..WIDTH {
                let place = (keys[lane].to_bits() & PLACE) as usize;
                let (dx, dy) = (nearby.x[place] - packet.x[lane], nearby.y[place] - packet.y[lane]);
                squared[lane] = dx * dx + dy * dy;
                rows[lane] = nearby.rows[place];
            }
            for lane in 0..WIDTH {
                told.sure[lane] &= (before[lane] < squared[lane]) & (squared[lane] <= wanted.most);
                told.distances[rank][lane] = squared[lane].sqrt();
            }
            (before, told.rows[rank]) = (squared, rows);
        }
    }

    /// The neighbours of one query in their order, by comparing all points nearby; `None` if distances overflow.
    #[inline(always)]
    fn compare<'a>(
        &self,
        packet: &Packet,
        lane: usize,
        nearby: &Nearby,
        wanted: Wanted,
        found: &'a mut [Candidate; S],
    ) -> Option<&'a [Candidate]> {
        let k = wanted.k;
        let last = self.keys[k - 1][lane];
        let limit = if last < f64::INFINITY { f64::from_bits(last.to_bits() | PLACE) } else { wanted.most };
        let limit = limit.min(wanted.most).min(f64::MAX);
        let mut count = 0;
        for start in (0..nearby.len() * WIDTH).step_by(WIDTH) {
            let mut squared = [0.0; WIDTH];
            let mut any = false;
            for i in 0..WIDTH {
                let place = (start + i) % PLACES;
                let (dx, dy) = (nearby.x[place] - packet.x[lane], nearby.y[place] - packet.y[lane]);
                squared[i] = dx * dx + dy * dy;
                any |= squared[i] <= limit;
            }
            if !any {
                continue;
            }
            for i in 0..WIDTH {
                let candidate = Candidate { squared: squared[i], row: nearby.rows[start + i] };
                if squared[i] > limit || candidate.row == NO_ROW || count == k && candidate > found[k - 1] {
                    continue;
                }
                let mut at = count.min(k - 1);
                count = (count + 1).min(k);
                while at > 0 && candidate < found[at - 1] {
                    found[at] = found[at - 1];
                    at -= 1;
                }
                found[at] = candidate;
            }
        }
        // All within reach were seen, unless distances overflowed.
        (count == k || wanted.most < f64::INFINITY).then_some(&found[..count])
    }
}

/// The nearest of each query of `order`. `S` is greater than `wanted.k`.
#[inline(always)]
fn search_all<const S: usize>(
    points: &PackedPoints,
    queries: [&[f64]; 2],
    order: &[u32],
    wanted: Wanted,
    emit: &mut impl Found,
) {
    let Some(top) = points.top() else {
        order.iter().for_each(|&row| emit.few(row as usize, &[]));
        return;
    };
    let mut alone = Search::default();
    let mut nearby = Nearby::NONE;
    let mut keys = Keys::<S> { keys: [[0.0; WIDTH]; S], gaps: [0.0; MOST_LEAVES] };
    let mut told = Told::<S> { distances: [[0.0; WIDTH]; S], rows: [[0; WIDTH]; S], sure: [false; WIDTH] };
    let mut found = [Candidate { squared: 0.0, row: 0 }; S];
    let mut packets = [Packet::EMPTY; BLOCK];
    let mut size = 1;
    for block in order.chunks(BLOCK * WIDTH) {
        let packets = &mut packets[..block.len().div_ceil(WIDTH)];
        for (packet, rows) in packets.iter_mut().zip(block.chunks(WIDTH)) {
            packet.fetch(queries, rows);
        }
        let mut start = 0;
        while start < packets.len() {
            size = size.min(packets.len() - start);
            let mut together = nearby.gather(points, top, around(&packets[start..start + size]), wanted);
            while !together && size > 1 {
                size /= 2;
                together = nearby.gather(points, top, around(&packets[start..start + size]), wanted);
            }
            for (number, packet) in (start..).zip(&packets[start..start + size]) {
                let rows = &block[number * WIDTH..block.len().min((number + 1) * WIDTH)];
                if together {
                    keys.look_around(packet, &nearby, wanted);
                    keys.tell(packet, &nearby, wanted, &mut told);
                }
                for (lane, &row) in rows.iter().enumerate() {
                    if together && told.sure[lane] {
                        emit.column(row as usize, lane, &told.rows[..wanted.k], &told.distances[..wanted.k]);
                        continue;
                    }
                    let compared =
                        together.then(|| keys.compare(packet, lane, &nearby, wanted, &mut found)).flatten();
                    let query = [packet.x[lane], packet.y[lane]];
                    let nearest = match compared {
                        Some(found) => found,
                        None => points.nearest(query, wanted.k, wanted.most, &mut alone, |_| true),
                    };
                    emit.few(row as usize, nearest);
                }
            }
            start += size;
            if nearby.len() > MANY {
                size = (size / 2).max(1);
            } else if nearby.len() < FEW {
                size = (size * 2).min(FLOCK);
            }
        }
    }
}

/// The nearest of each query of `order`.
#[inline(always)]
pub(super) fn search(
    points: &PackedPoints,
    queries: [&[f64]; 2],
    order: &[u32],
    wanted: Wanted,
    emit: &mut impl Found,
) {
    match wanted.k {
        1 => search_all::<2>(points, queries, order, wanted, emit),
        2..=3 => search_all::<4>(points, queries, order, wanted, emit),
        4..=5 => search_all::<6>(points, queries, order, wanted, emit),
        6..=8 => search_all::<9>(points, queries, order, wanted, emit),
        9..=MOST => search_all::<{ MOST + 1 }>(points, queries, order, wanted, emit),
        _ => search_alone(points, queries, order, wanted, emit),
    }
}

fn search_alone(
    points: &PackedPoints,
    [x, y]: [&[f64]; 2],
    order: &[u32],
    wanted: Wanted,
    emit: &mut impl Found,
) {
    let mut search = Search::default();
    for &row in order {
        let query = [x[row as usize], y[row as usize]];
        emit.few(row as usize, points.nearest(query, wanted.k, wanted.most, &mut search, |_| true));
    }
}
