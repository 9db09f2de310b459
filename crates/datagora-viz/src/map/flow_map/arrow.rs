//! The curves of flows.
use crate::{Extent, Path};

/// Pieces of a curve.
const PIECES: usize = 32;
/// How far a curve leaves the straight way, as a share of it.
const BOW: f64 = 0.11;

/// What a point of a curve within a strange node or outside the map costs, against a bow twice as strong as usual.
const HIT: f64 = 0.6;

/// A place that curves should not run through: its centre and radius.
pub(super) type Node = ([f64; 2], f64);

/// A curve from one position to another that bends to the right of its way, or to either side if it has no direction.
///
/// Of some bows the one that runs through the fewest nodes and stays within the area, and of these the one nearest to the usual bow.
pub(super) fn bend(
    from: [f64; 2],
    to: [f64; 2],
    either: bool,
    nodes: &[Node],
    area: &Extent,
) -> Vec<[f64; 2]> {
    let bows = [1.0, 0.6, 1.5, 2.1].map(|times| times * BOW);
    let sides: &[f64] = if either { &[1.0, -1.0] } else { &[1.0] };
    let curves = bows.iter().flat_map(|bow| sides.iter().map(move |side| side * bow)).map(|bow| {
        let curve = bowed(from, to, bow);
        let hits = |at: &[f64; 2]| {
            let outside = at[0] < area.left || at[0] > area.right || at[1] < area.top || at[1] > area.bottom;
            let near = |(centre, radius): &&Node| distance(*at, *centre) < *radius;
            usize::from(outside) + nodes.iter().filter(near).count()
        };
        let cost = HIT * curve.iter().map(hits).sum::<usize>() as f64 + (bow.abs() - BOW).abs() / BOW;
        (cost, curve)
    });
    let best = curves.reduce(|best, next| if next.0 < best.0 { next } else { best });
    let within = |[x, y]: [f64; 2]| [x.clamp(area.left, area.right), y.clamp(area.top, area.bottom)];
    best.map(|(_, curve)| curve.into_iter().map(within).collect()).unwrap_or_default()
}

/// A parabola whose middle lies off the straight way, at its right in a picture whose y grows downwards.
fn bowed(from: [f64; 2], to: [f64; 2], bow: f64) -> Vec<[f64; 2]> {
    let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
    (0..=PIECES)
        .map(|piece| {
            let t = piece as f64 / PIECES as f64;
            let off = 4.0 * bow * t * (1.0 - t);
            [from[0] + t * dx - off * dy, from[1] + t * dy + off * dx]
        })
        .collect()
}

fn distance(a: [f64; 2], b: [f64; 2]) -> f64 {
    // Not `hypot`, whose last digit differs between machines.
    let (x, y) = (a[0] - b[0], a[1] - b[1]);
    (x * x + y * y).sqrt()
}

/// The outline of a band along a curve, with a head at its end if it has a direction.
///
/// The band leaves gaps (px) at both ends. Heads grow with the width, those of thin bands are larger for their width.
pub(super) fn band(curve: &[[f64; 2]], width: f64, head: bool, gaps: [f64; 2]) -> Path {
    let mut along = vec![0.0];
    for pair in curve.windows(2) {
        along.push(along[along.len() - 1] + distance(pair[0], pair[1]));
    }
    let length = along[along.len() - 1];
    let [start, end] = gaps.map(|gap| gap.min(0.3 * length));
    let end = length - end;
    let head = if head { (3.6 + 1.05 * width).min(0.6 * (end - start)) } else { 0.0 };
    let base = end - head;
    let at = |position: f64| {
        let piece = along.partition_point(|&reached| reached < position).clamp(1, curve.len() - 1);
        let (before, after) = (along[piece - 1], along[piece]);
        let share = if after > before { (position - before) / (after - before) } else { 0.0 };
        let [a, b] = [curve[piece - 1], curve[piece]];
        [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])]
    };
    let inner = (0..curve.len()).filter(|&i| along[i] > start && along[i] < base).map(|i| curve[i]);
    let middle: Vec<[f64; 2]> = std::iter::once(at(start)).chain(inner).chain([at(base)]).collect();
    // Unit vector to the right of the way at each position.
    let right = |i: usize| {
        let (before, after) = (middle[i.saturating_sub(1)], middle[(i + 1).min(middle.len() - 1)]);
        let step = distance(before, after).max(1e-9);
        [-(after[1] - before[1]) / step, (after[0] - before[0]) / step]
    };
    let side = |by: f64| {
        (0..middle.len()).map(move |i| (i, by)).map(|(i, by)| {
            let [x, y] = right(i);
            [middle[i][0] + by * x, middle[i][1] + by * y]
        })
    };
    let half = 0.5 * width;
    let mut ring: Vec<[f64; 2]> = side(half).collect();
    if head > 0.0 {
        let (foot, tip) = (at(base), at(end));
        let step = distance(foot, tip).max(1e-9);
        let [x, y] = [-(tip[1] - foot[1]) / step, (tip[0] - foot[0]) / step];
        let wide = half + 1.7 + 0.16 * width;
        ring.extend([
            [foot[0] + wide * x, foot[1] + wide * y],
            tip,
            [foot[0] - wide * x, foot[1] - wide * y],
        ]);
    }
    let back: Vec<[f64; 2]> = side(-half).collect();
    ring.extend(back.into_iter().rev());
    Path::ring(ring)
}

/// Half a disc, the upper or the lower.
pub(super) fn half_disc([x, y]: [f64; 2], radius: f64, upper: bool) -> Path {
    let turn = if upper { -1.0 } else { 1.0 };
    // The rational form of the circle, which has the same digits on every machine.
    let on = |step: i32| {
        let t = f64::from(step) / 12.0;
        let whole = 1.0 + t * t;
        [x + radius * 2.0 * t / whole, y + turn * radius * (1.0 - t * t) / whole]
    };
    Path::ring((-12..=12).map(on).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const AREA: Extent = Extent { left: 0.0, top: 0.0, right: 500.0, bottom: 400.0 };

    fn area(path: &Path) -> f64 {
        let ring = &path.parts[0].0;
        let corners = (0..ring.len()).map(|i| (ring[i], ring[(i + 1) % ring.len()]));
        0.5 * corners.map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum::<f64>().abs()
    }

    #[test]
    fn both_ways_lie_side_by_side() {
        let (a, b) = ([100.0, 200.0], [300.0, 200.0]);
        let there = bend(a, b, false, &[], &AREA);
        let back = bend(b, a, false, &[], &AREA);
        // To the right of the way east is below.
        assert!(there[1..PIECES].iter().all(|at| at[1] > 200.0));
        assert!(back[1..PIECES].iter().all(|at| at[1] < 200.0));
        assert!((there[PIECES / 2][1] - 222.0).abs() < 1e-9);
    }

    #[test]
    fn a_curve_goes_around_a_place_and_stays_on_the_map() {
        let (a, b) = ([100.0, 200.0], [300.0, 200.0]);
        let usual = bend(a, b, false, &[], &AREA)[PIECES / 2];
        let around = bend(a, b, false, &[(usual, 6.0)], &AREA);
        assert!(around.iter().all(|at| distance(*at, usual) >= 6.0));
        let border = bend([20.0, 399.0], [480.0, 399.0], false, &[], &AREA);
        assert!(border.iter().all(|at| at[1] <= 400.0));
    }

    #[test]
    fn a_band_is_as_wide_as_told() {
        let straight: Vec<[f64; 2]> = (0..=PIECES).map(|i| [i as f64 * 10.0, 50.0]).collect();
        let band_area = area(&band(&straight, 6.0, false, [10.0, 10.0]));
        assert!((band_area - 6.0 * 300.0).abs() < 1e-6, "{band_area}");
        let tip = band(&straight, 6.0, true, [10.0, 10.0]);
        let reach = tip.parts[0].0.iter().map(|at| at[0]).fold(0.0, f64::max);
        assert!((reach - 310.0).abs() < 1e-9, "{reach}");
        // A curve of no length is still finite.
        let nothing = band(&[[5.0, 5.0]; 3], 2.0, true, [4.0, 4.0]);
        assert!(nothing.parts[0].0.iter().flatten().all(|at| at.is_finite()));
    }

    #[test]
    fn half_discs_have_half_the_surface() {
        let half = area(&half_disc([0.0, 0.0], 10.0, true));
        assert!((half / (0.5 * std::f64::consts::PI * 100.0) - 1.0).abs() < 0.01, "{half}");
        assert!(half_disc([0.0, 0.0], 10.0, true).parts[0].0.iter().all(|at| at[1] <= 1e-9));
    }
}
