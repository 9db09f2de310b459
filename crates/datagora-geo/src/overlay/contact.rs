//! What two edges have in common.
use geo::kernels::{Kernel, Orientation, RobustKernel};

use super::outline::bounds_of;
use crate::types::Coord;

/// The points in which two edges meet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Contact {
    None,
    /// One point: an end of one of them, exactly, or where they cross, rounded.
    Point(Coord),
    /// A stretch between two of the ends.
    Along(Coord, Coord),
}

impl Contact {
    /// The point, or the ends of the stretch.
    pub(crate) fn points(self) -> impl Iterator<Item = Coord> {
        let (first, second) = match self {
            Contact::None => (None, None),
            Contact::Point(at) => (Some(at), None),
            Contact::Along(from, to) => (Some(from), Some(to)),
        };
        first.into_iter().chain(second)
    }
}

/// How two edges meet, told without rounding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Meeting {
    None,
    /// Between the ends of both.
    Crossing,
    /// In an end of one of them.
    End(Coord),
    /// A stretch between two of the ends.
    Along(Coord, Coord),
}

/// Where two edges meet. The answer is the same to the bit whichever edge comes first and whichever way they run: what
/// two neighbours share stays shared.
pub(crate) fn contact(one: [Coord; 2], other: [Coord; 2]) -> Contact {
    match meeting(one, other) {
        Meeting::None => Contact::None,
        Meeting::Crossing => Contact::Point(crossing(one, other)),
        Meeting::End(at) => Contact::Point(at),
        Meeting::Along(from, to) => Contact::Along(from, to),
    }
}

/// How two edges, each of some length, meet; the same whichever comes first and whichever way they run.
pub(crate) fn meeting([a, b]: [Coord; 2], [c, d]: [Coord; 2]) -> Meeting {
    if !bounds_of([a, b]).meets(&bounds_of([c, d])) {
        return Meeting::None;
    }
    let side = RobustKernel::orient2d;
    let (ab_c, ab_d) = (side(a, b, c), side(a, b, d));
    if ab_c == ab_d && ab_c != Orientation::Collinear {
        return Meeting::None;
    }
    if ab_c == Orientation::Collinear && ab_d == Orientation::Collinear {
        // On one line, ordered along it.
        let ([a, b], [c, d]) = (ordered([a, b]), ordered([c, d]));
        let start = if before(a, c) { c } else { a };
        let end = if before(b, d) { b } else { d };
        return match start {
            start if before(end, start) => Meeting::None,
            start if start == end => Meeting::End(start),
            start => Meeting::Along(start, end),
        };
    }
    let (cd_a, cd_b) = (side(c, d, a), side(c, d, b));
    if cd_a == cd_b && cd_a != Orientation::Collinear {
        return Meeting::None;
    }
    let ends = [(c, ab_c), (d, ab_d), (a, cd_a), (b, cd_b)];
    let end = ends.into_iter().find(|(_, side)| *side == Orientation::Collinear);
    end.map_or(Meeting::Crossing, |(end, _)| Meeting::End(end))
}

/// Where two edges cross, rounded.
fn crossing(one: [Coord; 2], other: [Coord; 2]) -> Coord {
    let ([a, b], [c, d]) = match (ordered(one), ordered(other)) {
        (first, second) if before(second[0], first[0]) => (second, first),
        (first, second) if first[0] == second[0] && before(second[1], first[1]) => (second, first),
        pair => pair,
    };
    // With twice the digits: of edges that nearly run along each other, all of one would be lost.
    let [ab, cd, ac] = [from_to(a, b), from_to(c, d), from_to(a, c)];
    let along = cross(ac, cd)[0] / cross(ab, cd)[0];
    let middle = a + (b - a) * along;
    let within = |v: f64, p: f64, q: f64| v.max(p.min(q)).min(p.max(q));
    Coord { x: within(middle.x, a.x, b.x) + 0.0, y: within(middle.y, a.y, b.y) + 0.0 }
}

/// A number and what its rounding cut off.
type Double = [f64; 2];

/// A sum without rounding (Knuth, D. E. (1997). The Art of Computer Programming 2, 4.2.2, theorem B).
fn sum(a: f64, b: f64) -> Double {
    let sum = a + b;
    let of_b = sum - a;
    [sum, (a - (sum - of_b)) + (b - of_b)]
}

/// A product without rounding (Dekker, T. J. (1971). A floating-point technique for extending the available precision.
/// Numerische Mathematik 18, 224–242).
fn product(a: f64, b: f64) -> Double {
    let halves = |v: f64| {
        let shifted = v * 134_217_729.0; // 2²⁷ + 1
        let high = shifted - (shifted - v);
        [high, v - high]
    };
    let (product, [a, a_low], [b, b_low]) = (a * b, halves(a), halves(b));
    [product, ((a * b - product) + a * b_low + a_low * b) + a_low * b_low]
}

fn times(a: Double, b: Double) -> Double {
    let [high, low] = product(a[0], b[0]);
    sum(high, low + (a[0] * b[1] + a[1] * b[0]))
}

fn cross([ax, ay]: [Double; 2], [bx, by]: [Double; 2]) -> Double {
    let (left, right) = (times(ax, by), times(ay, bx));
    let [high, low] = sum(left[0], -right[0]);
    sum(high, low + (left[1] - right[1]))
}

fn from_to(a: Coord, b: Coord) -> [Double; 2] {
    [sum(b.x, -a.x), sum(b.y, -a.y)]
}

/// From west to east; from south to north if upright.
pub(crate) fn ordered([a, b]: [Coord; 2]) -> [Coord; 2] {
    if before(b, a) { [b, a] } else { [a, b] }
}

/// Order from west to east, then from south to north.
pub(crate) fn before(a: Coord, b: Coord) -> bool {
    a.x < b.x || (a.x == b.x && a.y < b.y)
}
