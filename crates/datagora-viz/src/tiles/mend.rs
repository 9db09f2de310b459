//! Rings that cross or touch themselves, as rounding and clipping leave them, become rings that do not.
use super::ring::{Edges, Ring, Rings, cross, rings_of, step};

/// An edge of a ring.
#[derive(Clone, Copy)]
struct Edge {
    from: [i32; 2],
    to: [i32; 2],
    ring: u32,
}

/// How often edges are divided where they cross: a place of crossing is rounded, so that edges move and may cross anew.
const ROUNDS: usize = 12;

/// The rings of a polygon, or of several, that have the same area and meet each other and themselves in points at most, if
/// these do not; `None` if they are sound, or cannot be mended. Outer rings, each followed by the holes in it.
///
/// Edges are divided where they cross or touch. Of what is left, those are the border that have area on one side only; area is
/// what lies in more outer rings than holes, and a ring that turns around a place in either direction has it.
pub(super) fn mended(rings: &Rings) -> Option<Vec<Ring>> {
    if are_plain(rings) {
        return None;
    }
    let mut edges = Vec::new();
    for (number, ring) in (0u32..).zip(rings.iter()) {
        let to = ring.iter().skip(1).chain(&ring[..1]);
        edges.extend(ring.iter().zip(to).map(|(&from, &to)| Edge { from, to, ring: number }));
    }
    let mut meets = false;
    pairs(&edges, |a, b| {
        meets = a.meets(b);
        !meets
    });
    if !meets {
        return None;
    }
    for _ in 0..ROUNDS {
        if !divide(&mut edges) {
            let holes: Vec<bool> = rings.iter().map(|ring| super::shapes::doubled_area(ring) < 0).collect();
            return Some(rings_of(border(&edges, &holes)));
        }
    }
    None
}

/// Whether there is one ring only, a triangle or a convex quadrangle: most of small polygons.
fn are_plain(rings: &Rings) -> bool {
    let mut all = rings.iter();
    let (Some(ring), None) = (all.next(), all.next()) else { return false };
    let turn = |k: usize| {
        let [a, b, c] = [0, 1, 2].map(|on| ring[(k + on) % ring.len()]);
        cross(step(a, b), step(b, c))
    };
    ring.len() == 3 || ring.len() == 4 && (0..4).all(|k| turn(k) > 0)
}

/// Calls with all pairs of edges whose rectangles meet, as long as it is wanted.
fn pairs(edges: &[Edge], mut wants_more: impl FnMut(Edge, Edge) -> bool) {
    let mut order: Vec<u32> = (0..edges.len() as u32).collect();
    order.sort_unstable_by_key(|&edge| (edges[edge as usize].span(0).0, edge));
    let mut active: Vec<Edge> = Vec::new();
    for number in order {
        let edge = edges[number as usize];
        let ((start, _), (low, high)) = (edge.span(0), edge.span(1));
        active.retain(|other| other.span(0).1 >= start);
        for other in &active {
            let (least, most) = other.span(1);
            if least <= high && low <= most && !wants_more(*other, edge) {
                return;
            }
        }
        active.push(edge);
    }
}

impl Edge {
    /// Least and greatest coordinate along an axis.
    fn span(&self, axis: usize) -> (i32, i32) {
        let (a, b) = (self.from[axis], self.to[axis]);
        (a.min(b), a.max(b))
    }

    /// To which side of the edge a point lies.
    fn side(&self, point: [i32; 2]) -> i64 {
        cross(step(self.from, self.to), step(self.from, point)).signum()
    }

    /// Whether a point lies on the edge, and not at its ends.
    fn holds(&self, point: [i32; 2]) -> bool {
        let within = |axis: usize| {
            let (least, most) = self.span(axis);
            least <= point[axis] && point[axis] <= most
        };
        point != self.from && point != self.to && within(0) && within(1) && self.side(point) == 0
    }

    fn crosses(&self, other: Self) -> bool {
        self.side(other.from) * self.side(other.to) < 0 && other.side(self.from) * other.side(self.to) < 0
    }

    /// Whether two edges have more in common than the corner between them.
    fn meets(&self, other: Self) -> bool {
        let follows = self.to == other.from || other.to == self.from;
        let touches = self.to == other.to || self.from == other.from;
        let both = self.to == other.from && other.to == self.from;
        let holds = |a: Self, b: Self| a.holds(b.from) || a.holds(b.to);
        touches
            || both
            || follows && self.ring != other.ring
            || holds(*self, other)
            || holds(other, *self)
            || self.crosses(other)
    }

    /// Where two edges cross, to the nearest.
    fn crossing(&self, other: Self) -> [i32; 2] {
        // The same whichever edge and end comes first.
        let ordered = |edge: &Self| (edge.from.min(edge.to), edge.from.max(edge.to));
        let (first, second) = (ordered(self).min(ordered(&other)), ordered(self).max(ordered(&other)));
        let (a, b) = (step(first.0, first.1), step(second.0, second.1));
        let between = step(first.0, second.0);
        let (num, den) = (i128::from(cross(between, b)), i128::from(cross(a, b)));
        let (num, den) = if den < 0 { (-num, -den) } else { (num, den) };
        let along = |axis: usize| (2 * num * i128::from(a[axis]) + den).div_euclid(2 * den) as i32;
        [first.0[0] + along(0), first.0[1] + along(1)]
    }
}

/// Divides edges where they cross or touch; whether there was such a place.
fn divide(edges: &mut Vec<Edge>) -> bool {
    let mut places: Vec<(u32, [i32; 2])> = Vec::new();
    // As rings of their own, edges are known by number.
    let numbered: Vec<Edge> =
        (0..).zip(&*edges).map(|(number, edge)| Edge { ring: number, ..*edge }).collect();
    pairs(&numbered, |a, b| {
        let mut place = |edge: Edge, point: [i32; 2]| {
            if point != edge.from && point != edge.to {
                places.push((edge.ring, point));
            }
        };
        if a.crosses(b) {
            let point = a.crossing(b);
            place(a, point);
            place(b, point);
        }
        for (edge, other) in [(a, b), (b, a)] {
            for point in [other.from, other.to] {
                if edge.holds(point) {
                    place(edge, point);
                }
            }
        }
        true
    });
    if places.is_empty() {
        return false;
    }
    let far = |edge: Edge, point: [i32; 2]| {
        let [x, y] = step(edge.from, point);
        x * x + y * y
    };
    places.sort_unstable_by_key(|&(number, point)| (number, far(edges[number as usize], point), point));
    places.dedup();
    let mut divided = Vec::with_capacity(edges.len() + places.len());
    let mut places = places.into_iter().peekable();
    for (number, &edge) in (0u32..).zip(&*edges) {
        let mut from = edge.from;
        while let Some((_, to)) = places.next_if(|place| place.0 == number) {
            divided.push(Edge { from, to, ..edge });
            from = to;
        }
        divided.push(Edge { from, ..edge });
    }
    *edges = divided;
    true
}

/// The edges that have area on one side only, to their right where y goes down.
fn border(edges: &[Edge], holes: &[bool]) -> Edges {
    // Edges between the same points, whichever way, together.
    let mut sorted: Vec<Edge> = edges.to_vec();
    let ends = |edge: &Edge| (edge.from.min(edge.to), edge.from.max(edge.to));
    sorted.sort_unstable_by_key(|edge| (ends(edge), edge.ring, edge.from));
    let strips = [Strips::new(edges, 0), Strips::new(edges, 1)];
    let mut turns = Turns { of_ring: vec![0; holes.len()], holes };
    let mut border = Edges::new();
    for same in sorted.chunk_by(|a, b| ends(a) == ends(b)) {
        let (from, to) = ends(&same[0]);
        // The edge runs up or level along one axis, and is seen from along the other.
        let across = usize::from(from[1] == to[1]);
        strips[across].around(from, to, edges, &mut turns);
        let beyond = turns.is_area();
        for edge in same {
            turns.add(edge.ring, heading(edge, across));
        }
        let before = turns.is_area();
        turns.clear();
        if beyond != before {
            // Seen towards higher x, an edge that goes to higher y has what is before it to the right; towards higher y, one that
            // goes to lower x.
            let up = from[1 - across] < to[1 - across];
            let ahead = up == (before == (across == 0));
            let (from, to) = if ahead { (from, to) } else { (to, from) };
            border.entry(from).or_default().push(to);
        }
    }
    border
}

/// In which direction an edge passes one who looks along an axis.
fn heading(edge: &Edge, across: usize) -> i32 {
    let along = 1 - across;
    (edge.to[along] - edge.from[along]).signum() * if across == 0 { 1 } else { -1 }
}

/// How often each ring turns around a place.
struct Turns<'a> {
    of_ring: Vec<i32>,
    holes: &'a [bool],
}

impl Turns<'_> {
    fn add(&mut self, ring: u32, turn: i32) {
        self.of_ring[ring as usize] += turn;
    }

    fn is_area(&self) -> bool {
        let around = self.of_ring.iter().zip(self.holes).filter(|(turns, _)| **turns != 0);
        around.map(|(_, hole)| if *hole { -1 } else { 1 }).sum::<i32>() > 0
    }

    fn clear(&mut self) {
        self.of_ring.fill(0);
    }
}

/// Edges by the strips that they pass, for those who look along an axis.
struct Strips {
    across: usize,
    least: i32,
    edges: Vec<Vec<u32>>,
}

/// Width of a strip, as a power of two.
const STRIP: u32 = 5;

impl Strips {
    fn new(edges: &[Edge], across: usize) -> Self {
        let along = 1 - across;
        let least = edges.iter().map(|edge| edge.span(along).0).min().unwrap_or(0);
        let most = edges.iter().map(|edge| edge.span(along).1).max().unwrap_or(0);
        let mut found = vec![Vec::new(); ((most - least) >> STRIP) as usize + 1];
        for (number, edge) in (0u32..).zip(edges) {
            let (from, to) = edge.span(along);
            if from < to {
                for strip in (from - least) >> STRIP..=(to - least) >> STRIP {
                    found[strip as usize].push(number);
                }
            }
        }
        Self { across, least, edges: found }
    }

    /// The turns around a place just beyond the middle of an edge.
    fn around(&self, from: [i32; 2], to: [i32; 2], edges: &[Edge], turns: &mut Turns<'_>) {
        let (across, along) = (self.across, 1 - self.across);
        // In halves of a unit.
        let middle = [0, 1].map(|axis| i64::from(from[axis]) + i64::from(to[axis]));
        let strip = ((middle[along] >> 1) as i32 - self.least) >> STRIP;
        for edge in self.edges[strip as usize].iter().map(|&number| &edges[number as usize]) {
            let [a, b] = [edge.from, edge.to].map(|point| point.map(|axis| 2 * i64::from(axis)));
            let passes = (a[along] > middle[along]) != (b[along] > middle[along]);
            if !passes || edge.span(across).1 < from[across].min(to[across]) {
                continue;
            }
            let same = (edge.from, edge.to) == (from, to) || (edge.to, edge.from) == (from, to);
            let ahead = (b[across] - a[across]) * (middle[along] - a[along])
                - (middle[across] - a[across]) * (b[along] - a[along]);
            if !same && (ahead > 0) == (b[along] > a[along]) {
                turns.add(edge.ring, heading(edge, across));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::shapes::{doubled_area, orient};
    use super::*;

    fn rings(all: &[Ring]) -> Rings {
        let mut rings = Rings::default();
        all.iter().for_each(|ring| rings.push(ring));
        rings
    }

    fn areas(all: &[Ring]) -> Vec<i64> {
        let mut areas: Vec<i64> = all.iter().map(|ring| doubled_area(ring)).collect();
        areas.sort_unstable();
        areas
    }

    #[test]
    fn sound_rings_stay() {
        let square = vec![[0, 0], [9, 0], [9, 9], [0, 9]];
        let hole = vec![[2, 2], [2, 5], [5, 5], [5, 2]];
        let ell = vec![[0, 0], [9, 0], [9, 2], [2, 2], [2, 9], [0, 9]];
        for sound in [vec![square.clone()], vec![square, hole], vec![ell]] {
            assert_eq!(mended(&rings(&sound)), None);
        }
    }

    #[test]
    fn rings_that_cross_themselves_fall_apart() {
        let eight = vec![[0, 0], [10, 10], [10, 0], [0, 10]];
        assert_eq!(areas(&mended(&rings(&[eight])).unwrap()), [50, 50]);
        // A side of the tile along which a ring runs twice, between two arms.
        let comb = vec![[0, 0], [8, 0], [8, 3], [0, 3], [0, 5], [6, 5], [6, 9], [0, 9]];
        assert_eq!(areas(&mended(&rings(&[comb])).unwrap()), [48, 48]);
        // A hole that reaches beyond, and one that touches twice.
        let square = vec![[0, 0], [10, 0], [10, 10], [0, 10]];
        let beyond = vec![[2, 8], [2, 14], [4, 14], [4, 8]];
        assert_eq!(areas(&mended(&rings(&[square.clone(), beyond])).unwrap()), [192]);
        let twice = vec![[5, 0], [3, 5], [5, 10], [7, 5]];
        assert_eq!(areas(&mended(&rings(&[square, twice])).unwrap()), [80, 80]);
    }

    /// How often a ring turns around a point.
    fn turns(ring: &[[i32; 2]], [x, y]: [i32; 2]) -> i64 {
        let edges = ring.iter().zip(ring.iter().skip(1).chain(&ring[..1]));
        edges
            .filter(|(a, b)| (a[1] > y) != (b[1] > y))
            .map(|(&a, &b)| {
                let side = cross(step(a, b), step(a, [x, y])).signum();
                if side == (i64::from(b[1]) - i64::from(a[1])).signum() { side } else { 0 }
            })
            .sum()
    }

    fn is_near(ring: &[[i32; 2]], [x, y]: [i32; 2]) -> bool {
        ring.iter().zip(ring.iter().skip(1).chain(&ring[..1])).any(|(&a, &b)| {
            let (along, to) = (step(a, b).map(|k| k as f64), step(a, [x, y]).map(|k| k as f64));
            let length = along[0].powi(2) + along[1].powi(2);
            let share = ((along[0] * to[0] + along[1] * to[1]) / length).clamp(0.0, 1.0);
            (to[0] - share * along[0]).hypot(to[1] - share * along[1]) < 20.0
        })
    }

    fn any_ring() -> impl Strategy<Value = Ring> {
        let place = prop::array::uniform2((0..7i32).prop_map(|k| 1_000 * k));
        prop::collection::vec(place, 3..10).prop_map(|mut ring: Ring| {
            ring.dedup();
            while ring.len() > 1 && ring.first() == ring.last() {
                ring.pop();
            }
            ring
        })
    }

    proptest! {
        #[test]
        fn mended_rings_are_sound_and_have_the_area(
            mut outer in any_ring(),
            holes in prop::collection::vec(any_ring(), 0..3),
            places in prop::collection::vec(prop::array::uniform2(-500..6_500i32), 40),
        ) {
            prop_assume!(orient(&mut outer, true));
            let mut all = vec![outer];
            all.extend(holes.into_iter().filter_map(|mut hole| orient(&mut hole, false).then_some(hole)));
            let Some(found) = mended(&rings(&all)) else { return Ok(()) };
            for (number, ring) in found.iter().enumerate() {
                prop_assert!(doubled_area(ring) != 0 && (number > 0 || doubled_area(ring) > 0));
                let mut distinct = ring.clone();
                distinct.sort_unstable();
                distinct.dedup();
                prop_assert_eq!(distinct.len(), ring.len(), "no corner twice");
            }
            let edges: Vec<Edge> = found.iter().flat_map(|ring| {
                ring.iter().zip(ring.iter().skip(1).chain(&ring[..1])).map(|(&from, &to)| Edge { from, to, ring: 0 })
            }).collect();
            for (k, a) in edges.iter().enumerate() {
                for b in &edges[..k] {
                    let same = (a.from, a.to) == (b.from, b.to) || (a.to, a.from) == (b.from, b.to);
                    prop_assert!(!same && !a.crosses(*b) && !a.holds(b.from) && !a.holds(b.to) && !b.holds(a.from));
                }
            }
            for place in places.into_iter().filter(|&place| !all.iter().any(|ring| is_near(ring, place))) {
                let around = |ring: &&Ring| turns(ring, place) != 0;
                let expected = turns(&all[0], place) != 0 && !all[1..].iter().any(|hole| around(&hole));
                let count: i64 = found.iter().map(|ring| turns(ring, place)).sum();
                prop_assert_eq!(count, i64::from(expected), "{:?}", place);
            }
        }
    }
}
