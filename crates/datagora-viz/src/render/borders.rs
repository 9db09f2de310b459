//! Lines that several shapes share.
use rustc_hash::FxHashSet;

use super::outline::Outline;

/// The sides of shapes that lie beside each other.
#[derive(Default)]
pub(super) struct Borders {
    /// The two ends of each side met so far, the lesser first.
    seen: FxHashSet<[[u32; 2]; 2]>,
    /// Whether each side of a part was met before.
    known: Vec<bool>,
}

impl Borders {
    /// As at first.
    pub(super) fn clear(&mut self) {
        self.seen.clear();
    }

    /// Adds to `lines` those sides of a shape that no shape before had, in lines as long as can be. A line ends where others pass, so
    /// that no corner stays open.
    pub(super) fn new_sides(&mut self, shape: &Outline, lines: &mut Outline) {
        for (positions, closed) in shape.parts() {
            let n = positions.len();
            let sides = if closed { n } else { n - 1 };
            self.known.clear();
            for side in 0..sides {
                let [a, b] = [positions[side], positions[(side + 1) % n]].map(|at| at.map(f32::to_bits));
                self.known.push(!self.seen.insert([a.min(b), a.max(b)]));
            }
            let Some(first) = self.known.iter().position(|known| *known) else {
                positions.iter().for_each(|&position| lines.push(position));
                lines.end(closed);
                continue;
            };
            // A ring may begin within a line: go round from a side that is none of it.
            let start = if closed { first } else { 0 };
            let mut drawn = false;
            for side in (start..sides).chain(0..start) {
                if self.known[side] {
                    lines.end(false);
                } else {
                    if !drawn {
                        lines.push(positions[side]);
                    }
                    lines.push(positions[(side + 1) % n]);
                }
                drawn = !self.known[side];
            }
            lines.end(false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(borders: &mut Borders, positions: &[[f32; 2]], closed: bool) -> Vec<(Vec<[f32; 2]>, bool)> {
        let (mut shape, mut lines) = (Outline::default(), Outline::default());
        positions.iter().for_each(|&position| shape.push(position));
        shape.end(closed);
        borders.new_sides(&shape, &mut lines);
        lines.parts().map(|(positions, closed)| (positions.to_vec(), closed)).collect()
    }

    #[test]
    fn a_side_is_drawn_with_the_first_shape_that_has_it() {
        let [a, b, c, d, e, f] = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [2.0, 0.0], [2.0, 1.0]];
        let mut borders = Borders::default();
        assert_eq!(parts(&mut borders, &[a, b, c, d], true), [(vec![a, b, c, d], true)]);
        // The neighbour, whose ring begins within what is new.
        assert_eq!(parts(&mut borders, &[f, c, b, e], true), [(vec![b, e, f, c], false)]);
        // The same once more, and a line with a known side in its middle.
        assert_eq!(parts(&mut borders, &[b, e, f, c], true), []);
        let (from, to) = ([-1.0, -1.0], [3.0, 3.0]);
        assert_eq!(
            parts(&mut borders, &[from, a, b, to], false),
            [(vec![from, a], false), (vec![b, to], false)]
        );
        borders.clear();
        assert_eq!(parts(&mut borders, &[b, e, f, c], true), [(vec![b, e, f, c], true)]);
    }
}
