//! Bends that a curve beside a path need not follow.
use geo::kernels::{Kernel, Orientation, RobustKernel};

use crate::types::Coord;

/// A path without the bends away from its right that are less than `depth` deep, of which a curve on the right would be
/// wider than that of the path by less.
///
/// One vertex after the other is left out where the path turns right, which adds the triangle that it makes with its
/// neighbours to the left of the path, and takes nothing away.
pub(super) fn without_shallow(path: &[Coord], depth: f64) -> Vec<Coord> {
    // Each vertex, and how deep at most the path was between the one before and it.
    let mut kept: Vec<(Coord, f64)> = Vec::with_capacity(path.len());
    for &at in path {
        let mut below = 0.0;
        while let [.., (before, _), (middle, middle_below)] = kept[..] {
            let turn = RobustKernel::orient2d(before, middle, at);
            let deep = height(before, middle, at) + f64::max(middle_below, below);
            if turn != Orientation::Clockwise || deep >= depth {
                break;
            }
            below = deep;
            kept.pop();
        }
        kept.push((at, below));
    }
    kept.into_iter().map(|(at, _)| at).collect()
}

/// Distance of a point from the line through two others.
fn height(from: Coord, at: Coord, to: Coord) -> f64 {
    let (way, aside) = (to - from, at - from);
    (way.x * aside.y - way.y * aside.x).abs() / way.x.hypot(way.y)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(points: &[(f64, f64)]) -> Vec<Coord> {
        points.iter().map(|&(x, y)| Coord { x, y }).collect()
    }

    #[test]
    fn dents_are_passed_over_and_bumps_are_not() {
        // Seen from the south, on the right: two dents, of 1 and of 3.
        let way = path(&[(0., 0.), (10., 1.), (20., 0.), (30., 3.), (40., 0.)]);
        assert_eq!(without_shallow(&way, 2.0), path(&[(0., 0.), (20., 0.), (30., 3.), (40., 0.)]));
        assert_eq!(without_shallow(&way, 0.5), way);
        let back: Vec<Coord> = way.iter().rev().copied().collect();
        assert_eq!(without_shallow(&back, 1.5), back);
        assert_eq!(without_shallow(&back, 2.5).len(), 4);
    }

    #[test]
    fn many_slight_bends_do_not_add_up() {
        let arc: Vec<Coord> =
            (0..=180).map(|k| f64::from(k).to_radians()).map(|a| Coord { x: -a.cos(), y: a.sin() }).collect();
        let kept = without_shallow(&arc, 0.01);
        assert!(kept.len() > 10 && kept.len() < arc.len());
        let deepest = kept.windows(2).map(|ends| {
            let middle = (ends[0] + ends[1]) / 2.0;
            1.0 - middle.x.hypot(middle.y)
        });
        assert!(deepest.fold(0.0, f64::max) < 0.01);
    }

    #[test]
    fn a_path_without_length_stays() {
        let spike = path(&[(0., 0.), (1., 1.), (0., 0.)]);
        assert_eq!(without_shallow(&spike, 10.0), spike);
        assert_eq!(without_shallow(&[], 1.0), []);
    }
}
