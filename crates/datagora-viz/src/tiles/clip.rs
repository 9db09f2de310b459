//! Parts of lines and rings within a square. What is cut is rounded to units; an edge is cut at the same places whichever
//! way it runs, so that neighbours stay neighbours.

/// From `least` to `most` along both axes, ends included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Window {
    pub(super) least: [i32; 2],
    pub(super) most: [i32; 2],
}

/// What is on the inner side: at least, or at most, a coordinate along an axis.
#[derive(Clone, Copy)]
struct Side {
    axis: usize,
    at: i32,
    below: bool,
}

impl Side {
    fn holds(self, point: [i32; 2]) -> bool {
        if self.below { point[self.axis] <= self.at } else { point[self.axis] >= self.at }
    }

    /// Where an edge whose ends are on different sides crosses.
    fn crossing(self, a: [i32; 2], b: [i32; 2]) -> [i32; 2] {
        let (a, b) = if a < b { (a, b) } else { (b, a) };
        let other = 1 - self.axis;
        let [from, to, at] = [a[self.axis], b[self.axis], self.at].map(i64::from);
        let [start, end] = [a[other], b[other]].map(i64::from);
        let turned = (to - from).signum();
        let (num, den) = ((end - start) * (at - from) * turned, (to - from) * turned);
        // To the nearest, halves up.
        let along = start + (2 * num + den).div_euclid(2 * den);
        let mut point = [0; 2];
        point[self.axis] = self.at;
        point[other] = along as i32;
        point
    }
}

impl Window {
    pub(super) fn holds(&self, point: [i32; 2]) -> bool {
        (0..2).all(|axis| self.least[axis] <= point[axis] && point[axis] <= self.most[axis])
    }

    /// Whether a rectangle lies in it.
    pub(super) fn covers(&self, least: [i32; 2], most: [i32; 2]) -> bool {
        self.holds(least) && self.holds(most)
    }

    fn sides(&self) -> [Side; 4] {
        [0, 1, 2, 3].map(|k| {
            let (axis, below) = (k / 2, k % 2 == 1);
            Side { axis, at: if below { self.most[axis] } else { self.least[axis] }, below }
        })
    }

    /// The part of a ring within (Sutherland and Hodgman 1974). Where it falls apart, its parts are joined along the
    /// side of the square.
    pub(super) fn clip_ring(&self, ring: &mut Vec<[i32; 2]>, spare: &mut Vec<[i32; 2]>) {
        for side in self.sides() {
            if ring.iter().all(|&point| side.holds(point)) {
                continue;
            }
            spare.clear();
            let mut push = |point: [i32; 2]| {
                if spare.last() != Some(&point) {
                    spare.push(point);
                }
            };
            for (k, &point) in ring.iter().enumerate() {
                let before = ring[if k == 0 { ring.len() - 1 } else { k - 1 }];
                if side.holds(before) != side.holds(point) {
                    push(side.crossing(before, point));
                }
                if side.holds(point) {
                    push(point);
                }
            }
            while spare.len() > 1 && spare.first() == spare.last() {
                spare.pop();
            }
            std::mem::swap(ring, spare);
        }
    }

    /// The parts of a line within, one after the other: `part` takes each.
    pub(super) fn clip_line(&self, line: &[[i32; 2]], mut part: impl FnMut(&[[i32; 2]])) {
        let mut current: Vec<[i32; 2]> = Vec::new();
        let mut end = |current: &mut Vec<[i32; 2]>| {
            if current.len() > 1 {
                part(current);
            }
            current.clear();
        };
        for pair in line.windows(2) {
            let Some([a, b]) = self.clip_segment(pair[0], pair[1]) else {
                end(&mut current);
                continue;
            };
            if current.last() != Some(&a) {
                end(&mut current);
                current.push(a);
            }
            if a != b {
                current.push(b);
            }
            if b != pair[1] {
                end(&mut current);
            }
        }
        end(&mut current);
    }

    fn clip_segment(&self, mut a: [i32; 2], mut b: [i32; 2]) -> Option<[[i32; 2]; 2]> {
        for side in self.sides() {
            match (side.holds(a), side.holds(b)) {
                (true, true) => {}
                (false, false) => return None,
                (false, true) => a = side.crossing(a, b),
                (true, false) => b = side.crossing(a, b),
            }
        }
        Some([a, b])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::shapes::doubled_area;
    use super::*;

    const SQUARE: Window = Window { least: [-10, -10], most: [110, 110] };

    fn clipped(ring: &[[i32; 2]]) -> Vec<[i32; 2]> {
        let mut ring = ring.to_vec();
        SQUARE.clip_ring(&mut ring, &mut Vec::new());
        ring
    }

    #[test]
    fn rings() {
        assert_eq!(clipped(&[[0, 0], [50, 0], [50, 50]]), [[0, 0], [50, 0], [50, 50]]);
        assert!(clipped(&[[200, 0], [250, 0], [250, 50]]).is_empty());
        let mut all = clipped(&[[-500, -500], [900, -500], [900, 900], [-500, 900]]);
        assert_eq!(doubled_area(&all), 2 * 120 * 120);
        all.sort_unstable();
        assert_eq!(all, [[-10, -10], [-10, 110], [110, -10], [110, 110]]);
        let cut = clipped(&[[0, 0], [220, 0], [0, 110]]);
        assert_eq!((cut.len(), doubled_area(&cut)), (4, 110 * 110 + 110 * 55));
        assert!(cut.contains(&[110, 55]));
    }

    #[test]
    fn a_line_falls_apart() {
        let mut parts = Vec::new();
        let line = [[0, 0], [200, 0], [200, 50], [0, 50], [0, 60]];
        SQUARE.clip_line(&line, |part| parts.push(part.to_vec()));
        assert_eq!(parts, [vec![[0, 0], [110, 0]], vec![[110, 50], [0, 50], [0, 60]]]);
        parts.clear();
        SQUARE.clip_line(&[[-20, 0], [0, -20]], |part| parts.push(part.to_vec()));
        assert!(parts.is_empty(), "it touches the corner only: {parts:?}");
    }

    proptest! {
        #[test]
        fn what_is_within_stays(
            ring in prop::collection::vec(prop::array::uniform2(-300..300i32), 3..9),
        ) {
            let mut turned = ring.clone();
            turned.reverse();
            let (one, other) = (clipped(&ring), clipped(&turned));
            prop_assert_eq!(doubled_area(&one), -doubled_area(&other));
            prop_assert!(one.iter().all(|&point| SQUARE.holds(point)));
            for point in ring.iter().filter(|&&point| SQUARE.holds(point)) {
                prop_assert!(one.contains(point));
            }
            SQUARE.clip_line(&ring, |part| {
                assert!(part.len() > 1 && part.iter().all(|&point| SQUARE.holds(point)));
            });
        }
    }
}
