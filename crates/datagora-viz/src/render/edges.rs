//! Edges of outlines, in parts of a pixel.
use std::ops::Range;

use super::outline::Outline;

/// Parts of a pixel in which positions are given, as a power of 2.
pub(super) const FINE: u32 = 8;
pub(super) const PIXEL: i32 = 1 << FINE;
/// What is farther away is drawn as if it were here, pixels; no picture is as large.
const FAR: f32 = 2_000_000.0;

/// The edges of outlines, one after the other; those that are level, which change nothing from row to row, are left out.
#[derive(Default)]
pub(super) struct Edges(Vec<[[i32; 2]; 2]>);

/// The edges of one outline.
pub(super) struct Drawn {
    edges: Range<usize>,
    /// The pixels that it may touch.
    pub(super) columns: Range<i32>,
    pub(super) rows: Range<i32>,
}

impl Edges {
    /// Adds those of an outline, all its parts closed; `None` where it has no place, or no height.
    pub(super) fn add(&mut self, outline: &Outline) -> Option<Drawn> {
        let from = self.0.len();
        let (mut low, mut high) = ([i32::MAX; 2], [i32::MIN; 2]);
        let mut placed = true;
        let fine = |at: f32| {
            let near = at.clamp(-FAR, FAR) * PIXEL as f32 + 0.5;
            let whole = near as i32;
            // Rounded down also below 0.
            whole - i32::from(whole as f32 > near)
        };
        for (part, _) in outline.parts() {
            let mut place = |[x, y]: [f32; 2]| {
                placed &= x.is_finite() & y.is_finite();
                let place = [fine(x), fine(y)];
                low = [low[0].min(place[0]), low[1].min(place[1])];
                high = [high[0].max(place[0]), high[1].max(place[1])];
                place
            };
            let Some(&last) = part.last() else { continue };
            let mut start = place(last);
            for &position in part {
                let end = place(position);
                if start[1] != end[1] {
                    self.0.push([start, end]);
                }
                start = end;
            }
        }
        let edges = from..self.0.len();
        if !placed || edges.is_empty() {
            self.0.truncate(from);
            return None;
        }
        let [columns, rows] = [0, 1].map(|axis| low[axis] >> FINE..(high[axis] + PIXEL - 1) >> FINE);
        Some(Drawn { edges, columns, rows })
    }

    /// The two ends of each edge.
    pub(super) fn of(&self, drawn: &Drawn) -> &[[[i32; 2]; 2]] {
        &self.0[drawn.edges.clone()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(positions: &[[f32; 2]]) -> Outline {
        let mut ring = Outline::default();
        positions.iter().for_each(|&position| ring.push(position));
        ring.end(true);
        ring
    }

    #[test]
    fn edges_are_those_that_go_up_or_down() {
        let mut edges = Edges::default();
        let first = edges.add(&ring(&[[-0.5, 1.0], [2.5, 1.0], [2.5, 3.25]])).unwrap();
        let second = edges.add(&ring(&[[1.0, 0.0], [1.0, 2.0]])).unwrap();
        assert_eq!(edges.of(&first), [[[640, 832], [-128, 256]], [[640, 256], [640, 832]]]);
        assert_eq!((first.columns, first.rows), (-1..3, 1..4));
        assert_eq!(edges.of(&second), [[[256, 512], [256, 0]], [[256, 0], [256, 512]]]);
    }

    #[test]
    fn what_has_no_place_or_no_height_has_no_edges() {
        let mut edges = Edges::default();
        for positions in [&[][..], &[[1.0, 2.0], [9.0, 2.0]], &[[1.0, 2.0], [f32::NAN, 0.0], [3.0, 5.0]]] {
            assert!(edges.add(&ring(positions)).is_none());
        }
        let kept = edges.add(&ring(&[[0.0, 0.0], [f32::MAX, 1.0]])).unwrap();
        assert_eq!((edges.of(&kept).len(), kept.rows), (2, 0..1));
    }
}
