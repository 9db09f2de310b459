//! Cutting what reaches beyond a map.
use crate::Extent;

/// A ring within a rectangle (Sutherland & Hodgman 1974); parts cut off may stay joined along the border.
pub(super) fn clip_ring(ring: Vec<[f64; 2]>, area: &Extent) -> Vec<[f64; 2]> {
    sides(area).into_iter().fold(ring, |ring, (axis, sign, limit)| {
        let depth = |p: [f64; 2]| sign * (p[axis] - limit);
        let mut kept = Vec::with_capacity(ring.len());
        for (i, &to) in ring.iter().enumerate() {
            let from = ring[(i + ring.len() - 1) % ring.len()];
            if (depth(from) >= 0.0) != (depth(to) >= 0.0) {
                kept.push(between(from, to, depth(from), depth(to)));
            }
            if depth(to) >= 0.0 {
                kept.push(to);
            }
        }
        kept
    })
}

/// The pieces of a line within a rectangle.
pub(super) fn clip_line(line: &[[f64; 2]], area: &Extent) -> Vec<Vec<[f64; 2]>> {
    let mut pieces: Vec<Vec<[f64; 2]>> = Vec::new();
    let mut open = false;
    for pair in line.windows(2) {
        let (mut from, mut to, mut seen) = (pair[0], pair[1], true);
        for (axis, sign, limit) in sides(area) {
            let (a, b) = (sign * (from[axis] - limit), sign * (to[axis] - limit));
            match (a >= 0.0, b >= 0.0) {
                (true, true) => {}
                (false, true) => from = between(from, to, a, b),
                (true, false) => to = between(from, to, a, b),
                (false, false) => seen = false,
            }
        }
        if !seen {
            open = false;
            continue;
        }
        match pieces.last_mut() {
            Some(piece) if open && from == pair[0] => piece.push(to),
            _ => pieces.push(vec![from, to]),
        }
        open = to == pair[1];
    }
    pieces
}

/// Axis, direction of the inside, and position of each side.
fn sides(area: &Extent) -> [(usize, f64, f64); 4] {
    [(0, 1.0, area.left), (0, -1.0, area.right), (1, 1.0, area.top), (1, -1.0, area.bottom)]
}

/// Where a segment crosses a side at which its ends have these depths.
fn between(from: [f64; 2], to: [f64; 2], a: f64, b: f64) -> [f64; 2] {
    let share = a / (a - b);
    [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])]
}

#[cfg(test)]
mod tests {
    use super::*;

    const AREA: Extent = Extent { left: 0.0, top: 0.0, right: 10.0, bottom: 10.0 };

    #[test]
    fn a_ring_is_cut_at_the_border() {
        let cut = clip_ring(vec![[-5.0, 2.0], [5.0, 2.0], [5.0, 20.0], [-5.0, 20.0]], &AREA);
        let area: f64 = (0..cut.len())
            .map(|i| (cut[i], cut[(i + 1) % cut.len()]))
            .map(|(a, b)| 0.5 * (a[0] * b[1] - b[0] * a[1]))
            .sum();
        assert_eq!(area.abs(), 40.0);
        assert!(clip_ring(vec![[20.0, 0.0], [30.0, 0.0], [30.0, 9.0]], &AREA).is_empty());
        assert!(clip_ring(Vec::new(), &AREA).is_empty());
    }

    #[test]
    fn a_line_that_leaves_and_returns_is_two() {
        let pieces = clip_line(&[[2.0, 5.0], [5.0, 5.0], [5.0, 15.0], [8.0, 15.0], [8.0, 5.0]], &AREA);
        assert_eq!(pieces, [vec![[2.0, 5.0], [5.0, 5.0], [5.0, 10.0]], vec![[8.0, 10.0], [8.0, 5.0]]]);
        assert!(clip_line(&[[-5.0, 8.0], [8.0, 25.0]], &AREA).is_empty());
    }
}
