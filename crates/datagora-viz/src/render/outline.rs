//! Lines and rings of straight pieces, in pixels.
/// How far a straight piece may be from the curve that it stands for, pixels.
pub(super) const TOLERANCE: f32 = 0.05;
/// Pieces of one curve at most.
const MOST_PIECES: f32 = 10_000.0;

/// Lines and rings, one after the other.
#[derive(Clone, Debug, Default)]
pub(super) struct Outline {
    positions: Vec<[f32; 2]>,
    /// Where each part ends, and whether it is closed.
    parts: Vec<(usize, bool)>,
}

impl Outline {
    /// Goes on with the part that is being drawn.
    pub(super) fn push(&mut self, position: [f32; 2]) {
        self.positions.push(position);
    }

    /// Ends the part that is being drawn; without a position there is none.
    pub(super) fn end(&mut self, closed: bool) {
        let from = self.parts.last().map_or(0, |&(end, _)| end);
        if self.positions.len() > from {
            self.parts.push((self.positions.len(), closed));
        }
    }

    /// Empty again, its memory kept.
    pub(super) fn clear(&mut self) {
        self.positions.clear();
        self.parts.clear();
    }

    /// The positions of each part, and whether it is closed.
    pub(super) fn parts(&self) -> impl Iterator<Item = (&[[f32; 2]], bool)> {
        let mut from = 0;
        self.parts.iter().map(move |&(end, closed)| {
            let part = &self.positions[from..end];
            from = end;
            (part, closed)
        })
    }

    /// Whether all positions are numbers.
    pub(super) fn is_placed(&self) -> bool {
        self.positions.as_flattened().iter().all(|at| at.is_finite())
    }

    /// A ring around a centre.
    pub(super) fn circle(&mut self, [x, y]: [f32; 2], radius: f32) {
        let turn = turn_within(radius);
        let pieces = (std::f32::consts::TAU / turn).ceil().max(8.0);
        for piece in 0..pieces as usize {
            let (sin, cos) = libm::sincosf(std::f32::consts::TAU * piece as f32 / pieces);
            self.push([x + radius * cos, y + radius * sin]);
        }
        self.end(true);
    }

    /// A curve of the second degree from the last position.
    pub(super) fn quadratic(&mut self, b: [f32; 2], c: [f32; 2]) {
        let Some(&a) = self.positions.last() else { return };
        // A chord is off by an eighth of the second derivative times its step squared.
        let pieces = pieces(0.25 * bend(a, b, c));
        for piece in 1..=pieces {
            let t = piece as f32 / pieces as f32;
            self.push(between(between(a, b, t), between(b, c, t), t));
        }
    }

    /// A curve of the third degree from the last position.
    pub(super) fn cubic(&mut self, b: [f32; 2], c: [f32; 2], d: [f32; 2]) {
        let Some(&a) = self.positions.last() else { return };
        let pieces = pieces(0.75 * bend(a, b, c).max(bend(b, c, d)));
        for piece in 1..=pieces {
            let t = piece as f32 / pieces as f32;
            let (ab, bc, cd) = (between(a, b, t), between(b, c, t), between(c, d, t));
            self.push(between(between(ab, bc, t), between(bc, cd, t), t));
        }
    }
}

/// The angle whose chord on a circle of this radius stays within the tolerance.
pub(super) fn turn_within(radius: f32) -> f32 {
    if radius <= TOLERANCE {
        std::f32::consts::FRAC_PI_2
    } else {
        2.0 * libm::acosf(1.0 - TOLERANCE / radius)
    }
    .max(std::f32::consts::TAU / MOST_PIECES)
}

/// How many chords keep a curve within the tolerance that one would miss by `off`.
fn pieces(off: f32) -> usize {
    (off / TOLERANCE).sqrt().ceil().clamp(1.0, MOST_PIECES) as usize
}

fn bend(a: [f32; 2], b: [f32; 2], c: [f32; 2]) -> f32 {
    let [x, y] = [0, 1].map(|at| a[at] - 2.0 * b[at] + c[at]);
    (x * x + y * y).sqrt()
}

fn between(a: [f32; 2], b: [f32; 2], t: f32) -> [f32; 2] {
    [0, 1].map(|at| a[at] + t * (b[at] - a[at]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(outline: &Outline) -> f32 {
        let ring = |(ring, _): (&[[f32; 2]], bool)| -> f32 {
            let next = ring.iter().cycle().skip(1);
            0.5 * ring.iter().zip(next).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum::<f32>()
        };
        outline.parts().map(ring).sum()
    }

    #[test]
    fn curves_stay_near_what_they_stand_for() {
        for radius in [0.01_f32, 0.3, 2.0, 40.0, 3_000.0] {
            let mut outline = Outline::default();
            outline.circle([0.0, 0.0], radius);
            let exact = std::f32::consts::PI * radius * radius;
            let missed = exact - area(&outline);
            let allowed = (std::f32::consts::TAU * radius * TOLERANCE).min(0.11 * exact);
            assert!((0.0..=allowed).contains(&missed), "{missed} of a circle of {radius}");
        }
        // A parabola over its chord is two thirds of their parallelogram.
        let mut outline = Outline::default();
        outline.push([0.0, 0.0]);
        outline.quadratic([50.0, 100.0], [100.0, 0.0]);
        outline.end(true);
        assert!((area(&outline).abs() - 10_000.0 / 3.0).abs() < 100.0 * TOLERANCE);
        // The same, raised to the third degree.
        let mut outline = Outline::default();
        outline.push([0.0, 0.0]);
        outline.cubic([100.0 / 3.0, 200.0 / 3.0], [200.0 / 3.0, 200.0 / 3.0], [100.0, 0.0]);
        outline.end(true);
        assert!((area(&outline).abs() - 10_000.0 / 3.0).abs() < 100.0 * TOLERANCE);
    }

    #[test]
    fn parts_end_where_they_were_ended() {
        let mut outline = Outline::default();
        outline.end(true);
        outline.push([1.0, 2.0]);
        outline.end(false);
        outline.push([5.0, 6.0]);
        outline.push([7.0, 8.0]);
        outline.end(true);
        let parts: Vec<_> = outline.parts().collect();
        assert_eq!(parts, [(&[[1.0, 2.0]][..], false), (&[[5.0, 6.0], [7.0, 8.0]][..], true)]);
        assert!(outline.is_placed());
        outline.push([0.0, f32::INFINITY]);
        assert!(!outline.is_placed());
        outline.clear();
        assert_eq!(outline.parts().count(), 0);
    }
}
