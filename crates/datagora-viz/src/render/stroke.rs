//! What a line of some width covers: butt ends, round joins.
use super::outline::{Outline, TOLERANCE, turn_within};

/// Positions nearer than this to the one before are left out, pixels.
const NEAR: f32 = 1e-3;
/// Cosine of the turn up to which the two sides of a join simply meet: the round join is nearer than 0.8 % of half the width.
const SLIGHT: f32 = 0.97;

/// A straight piece of a line.
#[derive(Clone, Copy)]
struct Piece {
    from: [f32; 2],
    /// Of length 1.
    along: [f32; 2],
    length: f32,
}

impl Piece {
    /// The same walked the other way.
    fn reversed(self) -> Self {
        let [x, y] = self.along;
        Self { from: self.end(), along: [-x, -y], length: self.length }
    }

    fn end(&self) -> [f32; 2] {
        self.at(self.length)
    }

    fn at(&self, length: f32) -> [f32; 2] {
        [self.from[0] + length * self.along[0], self.from[1] + length * self.along[1]]
    }

    /// Where the side of a line of half this width starts.
    fn aside(&self, half: f32) -> [f32; 2] {
        [-half * self.along[1], half * self.along[0]]
    }
}

/// Draws lines of one width into an outline, to be filled where it winds at all (nonzero rule).
pub(super) struct Pen<'a> {
    half: f32,
    /// The angle of one piece of a round join.
    turn: f32,
    dash: f32,
    pieces: Vec<Piece>,
    covered: &'a mut Outline,
}

impl<'a> Pen<'a> {
    /// Of this width, with dashes and gaps of length `dash` where that is more than 0, all in pixels.
    pub(super) fn new(width: f32, dash: f32, covered: &'a mut Outline) -> Self {
        let half = 0.5 * width;
        Self { half, turn: turn_within(half), dash, pieces: Vec::new(), covered }
    }

    pub(super) fn draw(&mut self, lines: &Outline) {
        for (positions, closed) in lines.parts() {
            self.split(positions, closed);
            if self.dash > 0.0 {
                self.dashes();
            } else {
                self.line(closed);
            }
        }
    }

    /// The pieces between positions that are not the same.
    fn split(&mut self, positions: &[[f32; 2]], closed: bool) {
        self.pieces.clear();
        let Some((&first, others)) = positions.split_first() else { return };
        let back = if closed { Some(&first) } else { None };
        let mut from = first;
        for &to in others.iter().chain(back) {
            let (x, y) = (to[0] - from[0], to[1] - from[1]);
            let length = (x * x + y * y).sqrt();
            if length > NEAR {
                self.pieces.push(Piece { from, along: [x / length, y / length], length });
                from = to;
            }
        }
    }

    /// Dashes from the beginning of the line on, the gaps left out.
    fn dashes(&mut self) {
        let whole = std::mem::take(&mut self.pieces);
        let (mut left, mut drawn) = (self.dash, true);
        for piece in &whole {
            let mut done = 0.0;
            while done < piece.length {
                let step = left.min(piece.length - done);
                if drawn && step > NEAR {
                    self.pieces.push(Piece { from: piece.at(done), length: step, ..*piece });
                }
                done += step;
                left -= step;
                if left <= NEAR {
                    self.line(false);
                    self.pieces.clear();
                    (left, drawn) = (self.dash, !drawn);
                }
            }
        }
        self.line(false);
    }

    fn line(&mut self, closed: bool) {
        let pieces = std::mem::take(&mut self.pieces);
        let half = self.half;
        if let (Some(first), Some(last)) = (pieces.first(), pieces.last()) {
            let back = || pieces.iter().rev().map(|piece| piece.reversed());
            if closed {
                self.join(last, first);
                self.side(pieces.iter().copied());
                self.covered.end(true);
                // Where a line but goes there and back, one side is all around it.
                if pieces.len() > 2 {
                    self.join(&first.reversed(), &last.reversed());
                    self.side(back());
                }
            } else {
                self.covered.push(shifted(first.from, first.aside(half)));
                self.side(pieces.iter().copied());
                self.covered.push(shifted(last.end(), last.aside(half)));
                self.covered.push(shifted(last.end(), last.aside(-half)));
                self.side(back());
                self.covered.push(shifted(first.from, first.aside(-half)));
            }
            self.covered.end(true);
        }
        self.pieces = pieces;
    }

    /// One side of a line, without its two ends.
    fn side(&mut self, mut pieces: impl Iterator<Item = Piece>) {
        let Some(mut before) = pieces.next() else { return };
        for after in pieces {
            self.join(&before, &after);
            before = after;
        }
    }

    /// From the side of one piece to that of the next.
    fn join(&mut self, before: &Piece, after: &Piece) {
        let (a, b, at) = (before.along, after.along, after.from);
        let (cos, sin) = (a[0] * b[0] + a[1] * b[1], a[0] * b[1] - a[1] * b[0]);
        let (from, to) = (before.aside(self.half), after.aside(self.half));
        let inner = sin > 0.0;
        // As far from the position along each piece the sides cross.
        let short = self.half * sin.abs() < 0.5 * (1.0 + cos) * before.length.min(after.length);
        if short && (inner || cos > SLIGHT) {
            let meet = 1.0 / (1.0 + cos);
            return self.covered.push(shifted(at, [meet * (from[0] + to[0]), meet * (from[1] + to[1])]));
        }
        self.covered.push(shifted(at, from));
        if inner {
            // By way of the position itself, so that nothing is wound the wrong way.
            self.covered.push(at);
        } else {
            // The chord of a slight turn, or of a thin line, is as good as the arc.
            let rise = self.half * (1.0 - (0.5 * (1.0 + cos)).max(0.0).sqrt());
            if rise > TOLERANCE {
                self.arc(at, from, libm::atan2f(sin.abs(), cos));
            }
        }
        self.covered.push(shifted(at, to));
    }

    /// Round from one end of a radius to the other, both left out.
    fn arc(&mut self, at: [f32; 2], from: [f32; 2], angle: f32) {
        let pieces = (angle / self.turn).ceil();
        let (sin, cos) = libm::sincosf(angle / pieces);
        let mut radius = from;
        for _ in 1..pieces as usize {
            radius = [cos * radius[0] + sin * radius[1], cos * radius[1] - sin * radius[0]];
            self.covered.push(shifted(at, radius));
        }
    }
}

fn shifted(at: [f32; 2], by: [f32; 2]) -> [f32; 2] {
    [at[0] + by[0], at[1] + by[1]]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::coverage::tests::sweep;
    use crate::render::coverage::{Coverage, LEVELS, Rule};

    fn area(lines: &Outline, width: f32, dash: f32) -> f32 {
        let mut covered = Outline::default();
        Pen::new(width, dash, &mut covered).draw(lines);
        let mut area = 0.0;
        sweep(&mut Coverage::default(), &covered, Rule::NonZero, (200, 0..200), |_, columns, level| {
            area += columns.len() as f32 * level as f32 / LEVELS as f32
        });
        area
    }

    fn line(positions: &[[f32; 2]], closed: bool) -> Outline {
        let mut line = Outline::default();
        positions.iter().for_each(|&position| line.push(position));
        line.end(closed);
        line
    }

    #[test]
    fn areas_are_those_of_geometry() {
        let straight = line(&[[10.0, 10.0], [50.0, 40.0], [90.0, 70.0]], false);
        // Shares are rounded to a sixteenth, and along this slope always the same way.
        assert!((area(&straight, 3.0, 0.0) - 300.0).abs() < 3.0);
        // A square ring: four sides that share their corners, a quarter of a circle at each.
        let square = line(&[[50.0, 50.0], [150.0, 50.0], [150.0, 150.0], [50.0, 150.0]], true);
        let exact = 4.0 * 100.0 * 8.0 - 4.0 * 16.0 + std::f32::consts::PI * 16.0;
        assert!((area(&square, 8.0, 0.0) - exact).abs() < 1.0);
        // There and back: half a circle at each end.
        let back = line(&[[50.0, 60.0], [150.0, 60.0]], true);
        let exact = 100.0 * 8.0 + std::f32::consts::PI * 16.0;
        // Chords of the two halves miss nearly 1.
        assert!((area(&back, 8.0, 0.0) - exact).abs() < 2.0);
        assert_eq!(
            area(&line(&[[50.0, 50.0], [50.0, 50.0]], true), 8.0, 0.0),
            0.0,
            "a place has no direction"
        );
    }

    #[test]
    fn a_ring_as_wide_as_its_radius_leaves_no_hole() {
        for (radius, width) in [(4.0_f32, 9.0_f32), (4.0, 20.0), (0.2, 6.0)] {
            let mut ring = Outline::default();
            ring.circle([100.0, 100.0], radius);
            let exact = std::f32::consts::PI * (radius + 0.5 * width).powi(2);
            assert!((area(&ring, width, 0.0) / exact - 1.0).abs() < 0.03, "{radius} {width}");
        }
    }

    #[test]
    fn dashes_go_round_corners() {
        // 70 px: dashes of 10 at 0, 20, 40 (round the corner at 45) and 60.
        let bent = line(&[[20.0, 20.0], [65.0, 20.0], [65.0, 45.0]], false);
        let corner = 0.25 * std::f32::consts::PI - 1.0;
        assert!((area(&bent, 2.0, 10.0) - (4.0 * 20.0 + corner)).abs() < 0.1, "{}", area(&bent, 2.0, 10.0));
    }
}
