//! A quick look at a short ring: most of them keep off themselves by far.
use super::contact::meet;
use crate::types::Coord;

/// Most vertices of a ring that is looked at.
const MOST: usize = 64;
/// Rectangles compared side by side.
const LANES: usize = 16;
/// Room for all that is compared with the last edge.
const ROOM: usize = MOST + LANES;

/// Rectangles around the edges of a ring, and empty ones after the last.
///
/// They are of single precision, relative to a vertex: subtraction and rounding keep the order of numbers, so those that
/// meet still do.
struct Boxes {
    min_x: [f32; ROOM],
    max_x: [f32; ROOM],
    min_y: [f32; ROOM],
    max_y: [f32; ROOM],
}

impl Boxes {
    #[inline(always)]
    fn around(x: &[f64], y: &[f64]) -> Self {
        let (low, high) = ([f32::INFINITY; ROOM], [f32::NEG_INFINITY; ROOM]);
        let mut boxes = Boxes { min_x: low, max_x: high, min_y: low, max_y: high };
        extents(x, &mut boxes.min_x, &mut boxes.max_x);
        extents(y, &mut boxes.min_y, &mut boxes.max_y);
        boxes
    }

    #[inline(always)]
    fn meet(&self, one: usize, other: usize) -> bool {
        (self.min_x[one] <= self.max_x[other])
            & (self.max_x[one] >= self.min_x[other])
            & (self.min_y[one] <= self.max_y[other])
            & (self.max_y[one] >= self.min_y[other])
    }

    /// Whether one meets any of those from `start` on, as many as there are lanes.
    #[inline(always)]
    fn meets_any(&self, one: usize, start: usize) -> bool {
        let (min_x, max_x) = (&self.min_x[start..start + LANES], &self.max_x[start..start + LANES]);
        let (min_y, max_y) = (&self.min_y[start..start + LANES], &self.max_y[start..start + LANES]);
        let mut any = 0;
        for lane in 0..LANES {
            let meets = (self.min_x[one] <= max_x[lane])
                & (self.max_x[one] >= min_x[lane])
                & (self.min_y[one] <= max_y[lane])
                & (self.max_y[one] >= min_y[lane]);
            any |= u32::from(meets);
        }
        any != 0
    }
}

/// Least and greatest coordinate of each edge.
#[inline(always)]
fn extents(values: &[f64], min: &mut [f32; ROOM], max: &mut [f32; ROOM]) {
    let mut places = [0.0_f32; MOST];
    let first = values[0];
    for (place, value) in places.iter_mut().zip(values) {
        *place = (value - first) as f32;
    }
    let edges = values.len() - 1;
    let (from, to) = (&places[..edges], &places[1..=edges]);
    let (min, max) = (&mut min[..edges], &mut max[..edges]);
    for edge in 0..edges {
        let rises = from[edge] < to[edge];
        min[edge] = if rises { from[edge] } else { to[edge] };
        max[edge] = if rises { to[edge] } else { from[edge] };
    }
}

/// Whether a ring is closed, short, and does not touch itself. If rounding leaves a doubt, or vertices are repeated, the
/// answer is no.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw", "x86_64+avx2"))]
pub(super) fn is_simple(x: &[f64], y: &[f64]) -> bool {
    let vertices = x.len();
    if !(4..=MOST).contains(&vertices) || y.len() != vertices {
        return false;
    }
    let edges = vertices - 1;
    if x[0] != x[edges] || y[0] != y[edges] {
        return false;
    }
    let edge = |number: usize| [number, number + 1].map(|number| Coord { x: x[number], y: y[number] });
    let boxes = Boxes::around(x, y);
    for one in 0..edges - 2 {
        // Those before have been compared with it. Its neighbours share a vertex with it: the next, and of the first the
        // last.
        let end = if one == 0 { edges - 1 } else { edges };
        for start in (one + 2..end).step_by(LANES) {
            if boxes.meets_any(one, start) {
                for other in start..end.min(start + LANES) {
                    if boxes.meet(one, other) && meet(edge(one), edge(other)) {
                        return false;
                    }
                }
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use datagora_core::Crs;
    use proptest::prelude::*;

    use super::*;
    use crate::types::Polygon;
    use crate::{FaultKind, GeometryColumn, faults};

    fn simple(corners: &[(f64, f64)]) -> bool {
        let closed = || corners.iter().chain(corners.first());
        let (x, y): (Vec<f64>, Vec<f64>) = closed().copied().unzip();
        is_simple(&x, &y)
    }

    #[test]
    fn what_it_can_tell() {
        assert!(simple(&[(0., 0.), (1., 0.), (0., 1.)]));
        assert!(simple(&[(0., 0.), (9., 0.), (9., 9.), (0., 9.)]));
        assert!(!simple(&[(0., 0.), (9., 9.), (9., 0.), (0., 9.)]));
        // A line there and back, no ring, one that is not closed, and a vertex twice.
        assert!(!simple(&[(0., 0.), (1., 0.)]));
        assert!(!is_simple(&[], &[]));
        assert!(!is_simple(&[0., 9., 9., 0.], &[0., 0., 9., 9.]));
        assert!(!simple(&[(0., 0.), (9., 0.), (9., 0.), (9., 9.), (0., 9.)]));
        // Numbers too large for single precision, and such whose products overflow.
        let large = |scale: f64| [(0., 0.), (9. * scale, 0.), (9. * scale, 9. * scale), (0., 9. * scale)];
        assert!(simple(&large(1e50)));
        assert!(!simple(&[(0., 0.), (9e50, 9e50), (9e50, 0.), (0., 9e50)]));
        assert!(!simple(&[(0., 0.), (1e200, 1e200), (2e200, 1e200), (1e199, 0.)]));
    }

    /// Corners around a point, some of them exchanged.
    fn ring() -> impl Strategy<Value = Vec<(f64, f64)>> {
        let reaches = prop::collection::vec(0.4..1.0_f64, 3..80);
        let swaps = prop::collection::vec((any::<prop::sample::Index>(), 1..40_usize), 0..2);
        (reaches, swaps, prop_oneof![Just(1.0), Just(1e-3), Just(1e6)]).prop_map(|(reaches, swaps, scale)| {
            let turn = std::f64::consts::TAU / reaches.len() as f64;
            let corner = |(number, reach): (usize, &f64)| {
                let (sin, cos) = (number as f64 * turn).sin_cos();
                (1_842_000.0 + scale * reach * cos, 5_174_000.0 + scale * reach * sin)
            };
            let mut corners: Vec<(f64, f64)> = reaches.iter().enumerate().map(corner).collect();
            for (place, gap) in swaps {
                let place = place.index(corners.len());
                let other = (place + gap) % corners.len();
                corners.swap(place, other);
            }
            corners
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn short_rings_are_told_by_it(corners in ring()) {
            let polygon = Polygon::new(corners.clone().into(), Vec::new());
            let column = GeometryColumn::new([polygon.into()], Crs::CC46);
            let valid = faults(&column).iter().all(|fault| fault.kind == FaultKind::Winding);
            prop_assert_eq!(simple(&corners), valid && corners.len() < MOST);
        }
    }
}
