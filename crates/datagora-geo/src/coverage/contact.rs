//! Whether the rings of a row keep apart.
use super::simple::is_simple;
use super::units::factor;
use crate::GeometryColumn;
use crate::geometry::{Bounds, Ring};
use crate::types::Coord;

/// The edges of the rings of a row, with rectangles around each eight of them, each eight of these, and so on.
#[derive(Clone, Debug, Default)]
pub(super) struct Rings {
    /// Vertices; each ring ends where it begins, and repeats no vertex in a row.
    x: Vec<f64>,
    y: Vec<f64>,
    rings: Vec<Span>,
    /// Rectangles of edges, then of eights of them; the last has one eight. The edge from a vertex to the next has the
    /// number of the vertex; where a ring ends stands an empty rectangle.
    levels: Vec<Vec<Eight>>,
    /// How many of `levels` are in use.
    depth: usize,
    /// Pairs of eights of a level that have to be compared.
    pairs: Vec<(u32, u32, u32)>,
}

/// A ring among the vertices.
#[derive(Clone, Copy, Debug)]
struct Span {
    first: usize,
    /// Its last vertex, which is the first again.
    last: usize,
    hole: bool,
    /// What it adds to the winding number east of its edges that run southward.
    factor: f64,
}

/// Rectangles side by side.
#[derive(Clone, Copy, Debug)]
struct Eight {
    min_x: [f64; 8],
    max_x: [f64; 8],
    min_y: [f64; 8],
    max_y: [f64; 8],
}

impl Eight {
    const EMPTY: Eight = Eight {
        min_x: [f64::INFINITY; 8],
        max_x: [f64::NEG_INFINITY; 8],
        min_y: [f64::INFINITY; 8],
        max_y: [f64::NEG_INFINITY; 8],
    };

    /// Which of them share a point with a rectangle.
    #[inline(always)]
    fn meeting(&self, other: &Bounds) -> Hits {
        let mut hits = [0; 8];
        for (k, hit) in hits.iter_mut().enumerate() {
            let meets = (self.min_x[k] <= other.max_x)
                & (self.max_x[k] >= other.min_x)
                & (self.min_y[k] <= other.max_y)
                & (self.max_y[k] >= other.min_y);
            *hit = u8::from(meets);
        }
        Hits(u64::from_le_bytes(hits))
    }

    #[inline(always)]
    fn get(&self, k: usize) -> Bounds {
        Bounds { min_x: self.min_x[k], min_y: self.min_y[k], max_x: self.max_x[k], max_y: self.max_y[k] }
    }

    #[inline(always)]
    fn set(&mut self, k: usize, bounds: &Bounds) {
        self.min_x[k] = bounds.min_x;
        self.max_x[k] = bounds.max_x;
        self.min_y[k] = bounds.min_y;
        self.max_y[k] = bounds.max_y;
    }

    #[inline(always)]
    fn around(&self) -> Bounds {
        (0..8).fold(Bounds::EMPTY, |bounds, k| bounds.union(self.get(k)))
    }
}

/// Some of eight: a byte each, 1 or 0.
#[derive(Clone, Copy, Debug)]
struct Hits(u64);

impl Hits {
    /// Without the first ones.
    #[inline(always)]
    fn from(self, first: usize) -> Self {
        Hits(self.0 & u64::MAX.checked_shl(8 * first as u32).unwrap_or(0))
    }
}

impl Iterator for Hits {
    type Item = usize;

    #[inline(always)]
    fn next(&mut self) -> Option<usize> {
        (self.0 != 0).then(|| {
            let first = self.0.trailing_zeros() as usize / 8;
            self.0 &= self.0 - 1;
            first
        })
    }
}

impl Rings {
    /// Takes up the rings of a row of polygons, and tells whether none touches itself or another, and each is within
    /// those it should be in and no other: then winding numbers are 0 and 1 only. Where rounding leaves a doubt, the
    /// answer is no.
    ///
    /// Edges are compared if their rectangles meet: time grows with the vertices, but for rings that run to and fro
    /// between long slanting edges.
    pub(super) fn keep_apart(&mut self, polygons: &GeometryColumn, row: usize) -> bool {
        self.rings.clear();
        let mut rings = polygons.parts(row).flat_map(|part| part.rings());
        if let (Some(ring), None) = (rings.next(), rings.next())
            && is_simple(ring.x, ring.y)
        {
            let factor = factor(ring, false);
            self.rings.push(Span { first: 0, last: 0, hole: false, factor });
            return true;
        }
        self.load(polygons, row);
        // Three edges are neighbours of each other.
        if self.rings.len() == 1 && self.x.len() <= 4 {
            return true;
        }
        self.build();
        let mut pairs = std::mem::take(&mut self.pairs);
        let apart = !touch(self, &mut pairs);
        self.pairs = pairs;
        apart && (self.rings.len() == 1 || self.nest())
    }

    fn load(&mut self, polygons: &GeometryColumn, row: usize) {
        self.x.clear();
        self.y.clear();
        for part in polygons.parts(row) {
            for (number, ring) in part.rings().enumerate() {
                self.push(ring, number > 0);
            }
        }
    }

    fn push(&mut self, ring: Ring<'_>, hole: bool) {
        let first = self.x.len();
        let factor = factor(ring, hole);
        for (&x, &y) in ring.x.iter().zip(ring.y) {
            let repeated = self.x.len() > first && self.x.last() == Some(&x) && self.y.last() == Some(&y);
            if !repeated {
                self.x.push(x);
                self.y.push(y);
            }
        }
        let Some(mut last) = self.x.len().checked_sub(1).filter(|&last| last >= first) else {
            self.rings.push(Span { first, last: first, hole, factor });
            return;
        };
        if self.x[first] != self.x[last] || self.y[first] != self.y[last] {
            self.x.push(self.x[first]);
            self.y.push(self.y[first]);
            last += 1;
        }
        self.rings.push(Span { first, last, hole, factor });
    }

    /// What each ring of the row adds to the winding number east of its edges that run southward, in the order of the row.
    pub(super) fn factors(&self) -> impl ExactSizeIterator<Item = f64> {
        self.rings.iter().map(|ring| ring.factor)
    }

    fn build(&mut self) {
        let eights = self.x.len().div_ceil(8).max(1);
        if self.levels.is_empty() {
            self.levels.push(Vec::new());
        }
        let edges = &mut self.levels[0];
        edges.clear();
        edges.resize(eights, Eight::EMPTY);
        for ring in &self.rings {
            for edge in ring.first..ring.last {
                let (ax, bx, ay, by) = (self.x[edge], self.x[edge + 1], self.y[edge], self.y[edge + 1]);
                let bounds =
                    Bounds { min_x: ax.min(bx), min_y: ay.min(by), max_x: ax.max(bx), max_y: ay.max(by) };
                edges[edge / 8].set(edge % 8, &bounds);
            }
        }
        self.depth = 1;
        while self.levels[self.depth - 1].len() > 1 {
            if self.levels.len() == self.depth {
                self.levels.push(Vec::new());
            }
            let (below, above) = self.levels.split_at_mut(self.depth);
            let (below, above) = (&below[self.depth - 1], &mut above[0]);
            above.clear();
            above.resize(below.len().div_ceil(8), Eight::EMPTY);
            for (number, eight) in below.iter().enumerate() {
                above[number / 8].set(number % 8, &eight.around());
            }
            self.depth += 1;
        }
    }

    fn vertex(&self, number: usize) -> Coord {
        Coord { x: self.x[number], y: self.y[number] }
    }

    /// Whether two edges share a point that they need not share, being neighbours in a ring.
    #[inline(always)]
    fn meet(&self, one: usize, other: usize) -> bool {
        if one + 1 == other {
            return false;
        }
        let edge = |number: usize| [self.vertex(number), self.vertex(number + 1)];
        if !meet(edge(one), edge(other)) {
            return false;
        }
        let ring = self.rings.partition_point(|ring| ring.last <= one);
        let ends = self.rings[ring];
        !(one == ends.first && other + 1 == ends.last)
    }

    /// Whether exteriors lie within no ring and holes within their exterior only, none touching another.
    fn nest(&self) -> bool {
        self.rings.iter().all(|ring| {
            ring.first == ring.last || self.winding_around(ring) == Some(if ring.hole { 1.0 } else { 0.0 })
        })
    }

    /// The winding number of the other rings at a ring; `None` if rounding leaves it in doubt.
    fn winding_around(&self, ring: &Span) -> Option<f64> {
        let at = self.vertex(ring.first);
        // A ray to the west.
        let ray = Bounds { min_x: f64::NEG_INFINITY, min_y: at.y, max_x: at.x, max_y: at.y };
        let mut winding = 0.0;
        let mut open = vec![(self.depth - 1, 0)];
        while let Some((level, number)) = open.pop() {
            for hit in self.levels[level][number].meeting(&ray) {
                let inner = 8 * number + hit;
                if level > 0 {
                    open.push((level - 1, inner));
                    continue;
                }
                let (a, b) = (self.vertex(inner), self.vertex(inner + 1));
                if (ring.first..ring.last).contains(&inner) || (a.y <= at.y) == (b.y <= at.y) {
                    continue;
                }
                let (low, high) = if a.y < b.y { (a, b) } else { (b, a) };
                let turn = side(low, high, at);
                if turn == 0.0 {
                    return None;
                }
                if turn < 0.0 {
                    let of = self.rings[self.rings.partition_point(|ring| ring.last <= inner)];
                    winding += if a.y > b.y { of.factor } else { -of.factor };
                }
            }
        }
        Some(winding)
    }
}

/// Whether two edges share a point, or rounding leaves it in doubt.
#[inline(always)]
pub(super) fn meet([a, b]: [Coord; 2], [c, d]: [Coord; 2]) -> bool {
    let same = |s: f64, t: f64| (s > 0.0 && t > 0.0) || (s < 0.0 && t < 0.0);
    !same(side(a, b, c), side(a, b, d)) && !same(side(c, d, a), side(c, d, b))
}

/// Above 0 if a point is to the left of the way from `a` to `b`, below if to the right; 0 also if rounding leaves it in
/// doubt, by the bound A of Shewchuk, J. R. (1997), Adaptive precision floating-point arithmetic, 4.4.
#[inline(always)]
fn side(a: Coord, b: Coord, point: Coord) -> f64 {
    let (left, right) = ((b.x - a.x) * (point.y - a.y), (b.y - a.y) * (point.x - a.x));
    let turn = left - right;
    if turn.abs() > DOUBT * (left.abs() + right.abs()) { turn } else { 0.0 }
}

/// (3 + 16 ε) ε with ε = 2⁻⁵³, and a little more.
const DOUBT: f64 = 1.6 * f64::EPSILON;

/// Whether two edges touch that are no neighbours.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw", "x86_64+avx2"))]
fn touch(rings: &Rings, pairs: &mut Vec<(u32, u32, u32)>) -> bool {
    pairs.clear();
    pairs.push((rings.depth as u32 - 1, 0, 0));
    while let Some((level, one, other)) = pairs.pop() {
        let eights = &rings.levels[level as usize];
        let (left, right) = (&eights[one as usize], &eights[other as usize]);
        for k in 0..8 {
            // Each pair once; of edges, none with itself.
            let first = if one != other { 0 } else { k + usize::from(level == 0) };
            for hit in right.meeting(&left.get(k)).from(first) {
                let (a, b) = (8 * one + k as u32, 8 * other + hit as u32);
                if level > 0 {
                    pairs.push((level - 1, a, b));
                } else if rings.meet(a as usize, b as usize) {
                    return true;
                }
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use datagora_core::Crs;
    use proptest::prelude::*;

    use super::*;
    use crate::types::{LineString, MultiPolygon, Polygon};
    use crate::{FaultKind, faults};

    fn apart(rings: Vec<Vec<(f64, f64)>>) -> bool {
        let mut rings = rings.into_iter().map(LineString::from);
        let exterior = rings.next().expect("an exterior");
        let column = GeometryColumn::new([Polygon::new(exterior, rings.collect()).into()], Crs::CC46);
        let mut rings = Rings::default();
        rings.keep_apart(&column, 0)
    }

    fn square(x: f64, y: f64, side: f64) -> Vec<(f64, f64)> {
        vec![(x, y), (x + side, y), (x + side, y + side), (x, y + side)]
    }

    #[test]
    fn rings_that_keep_apart_and_rings_that_do_not() {
        assert!(apart(vec![square(0., 0., 9.)]));
        assert!(apart(vec![vec![(0., 0.), (0., 0.), (9., 0.), (9., 9.), (9., 9.), (0., 9.), (0., 0.)]]));
        assert!(apart(vec![square(0., 0., 9.), square(1., 1., 2.), square(5., 5., 2.)]));
        assert!(apart(vec![vec![(0., 0.), (5., 0.), (5., 0.)]]));
        assert!(apart(vec![vec![]]));
        // A bow tie, with and without a vertex where it crosses.
        assert!(!apart(vec![vec![(0., 0.), (4., 4.), (4., 0.), (0., 4.)]]));
        assert!(!apart(vec![vec![(0., 0.), (2., 2.), (4., 4.), (4., 0.), (2., 2.), (0., 4.)]]));
        // Twice round, a spike, and a hole that touches, crosses, is outside, or within another.
        let twice = [square(0., 0., 9.), square(0., 0., 9.)].concat();
        assert!(!apart(vec![twice]));
        assert!(!apart(vec![vec![(0., 0.), (9., 0.), (9., 9.), (9., 20.), (9., 9.), (0., 9.)]]));
        assert!(!apart(vec![square(0., 0., 9.), vec![(0., 1.), (2., 1.), (2., 2.)]]));
        assert!(!apart(vec![square(0., 0., 9.), square(5., 5., 9.)]));
        assert!(!apart(vec![square(0., 0., 9.), square(10., 0., 2.)]));
        assert!(!apart(vec![square(0., 0., 9.), square(1., 1., 5.), square(2., 2., 1.)]));
        // Numbers whose products overflow leave a doubt.
        assert!(!apart(vec![vec![(0., 0.), (1e200, 1e200), (2e200, 1e200), (1e199, 0.)]]));
    }

    #[test]
    fn islands_may_lie_in_holes() {
        let part = |rings: [Vec<(f64, f64)>; 2]| {
            let [exterior, hole] = rings.map(LineString::from);
            Polygon::new(exterior, vec![hole])
        };
        let lake = part([square(0., 0., 9.), square(1., 1., 7.)]);
        let island = part([square(2., 2., 5.), square(3., 3., 3.)]);
        let ground = part([square(0.5, 2., 5.), square(3., 3., 2.)]);
        for (parts, expected) in [(vec![lake.clone(), island.clone()], true), (vec![lake, ground], false)] {
            let column = GeometryColumn::new([MultiPolygon(parts).into()], Crs::CC46);
            let mut rings = Rings::default();
            assert_eq!(rings.keep_apart(&column, 0), expected);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn what_keeps_apart_is_valid_and_the_other_way_round(
            ring in prop::collection::vec((0.0..100.0_f64, 0.0..100.0_f64), 3..9),
            hole in prop::collection::vec((20.0..50.0_f64, 20.0..50.0_f64), 3..5),
            wide in 0..2_usize,
        ) {
            let exterior = if wide == 1 { square(0., 0., 100.) } else { ring };
            let column = GeometryColumn::new(
                [Polygon::new(exterior.clone().into(), vec![hole.clone().into()]).into()],
                Crs::CC46,
            );
            let valid = faults(&column).iter().all(|fault| fault.kind == FaultKind::Winding);
            prop_assert_eq!(apart(vec![exterior, hole]), valid);
        }

        #[test]
        fn long_rings_are_searched_whole(corners in 100..700_usize, first in 0..100_usize, gap in 2..50_usize) {
            let on_circle = |k: usize| {
                let angle = k as f64 / corners as f64 * std::f64::consts::TAU;
                (100.0 * angle.cos(), 100.0 * angle.sin())
            };
            let mut ring: Vec<(f64, f64)> = (0..corners).map(on_circle).collect();
            prop_assert!(apart(vec![ring.clone()]));
            ring.swap(first % corners, (first + gap) % corners);
            prop_assert!(!apart(vec![ring]));
        }
    }
}
