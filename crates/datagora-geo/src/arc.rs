//! Circular arcs, as chords.
use std::f64::consts::TAU;

use crate::types::Coord;

/// Largest angle that one chord spans: 4 degrees, as GDAL does by default.
const STEP: f64 = TAU / 90.0;

/// Replaces arcs, each given by its start, a position on it, and its end (the next one's start), by chords.
///
/// Positions that lie on a line make a line; a last pair without an end is kept as it is. The three positions of each
/// arc are kept, so that neighbours which share an arc share its chords' ends.
pub(crate) fn chords(positions: &[Coord]) -> Vec<Coord> {
    let Some(&first) = positions.first() else { return Vec::new() };
    let mut line = vec![first];
    let mut start = first;
    let mut arcs = positions[1..].chunks_exact(2);
    for arc in arcs.by_ref() {
        append(start, arc[0], arc[1], &mut line);
        start = arc[1];
    }
    line.extend(arcs.remainder());
    line
}

fn append(start: Coord, middle: Coord, end: Coord, line: &mut Vec<Coord>) {
    // A full circle: start and end coincide, the other position is opposite.
    let circle = start == end && middle != start;
    let centre = if circle { Some((start + middle) / 2.0) } else { circumcentre(start, middle, end) };
    let Some(centre) = centre else {
        line.extend([middle, end]);
        return;
    };
    let angle = |position: Coord| (position.y - centre.y).atan2(position.x - centre.x);
    let radius = (start.x - centre.x).hypot(start.y - centre.y);
    let (from, via) = (angle(start), angle(middle));
    let turn = (middle.x - start.x) * (end.y - start.y) - (middle.y - start.y) * (end.x - start.x);
    let direction = if turn < 0.0 { -1.0 } else { 1.0 };
    let sweep = |from: f64, to: f64| (direction * (to - from)).rem_euclid(TAU);
    for (from, to, last) in [(from, via, middle), (via, angle(end), end)] {
        let span = sweep(from, to);
        // Between NaN and 0 there is nothing to interpolate.
        let steps = if span > STEP { (span / STEP).ceil().min(90.0) as usize } else { 1 };
        for step in 1..steps {
            let angle = from + direction * span * step as f64 / steps as f64;
            line.push(Coord { x: centre.x + radius * angle.cos(), y: centre.y + radius * angle.sin() });
        }
        line.push(last);
    }
}

/// The centre of the circle through three positions; `None` if they lie on a line.
pub(crate) fn circumcentre(a: Coord, b: Coord, c: Coord) -> Option<Coord> {
    // Relative to a, so that large coordinates keep precision.
    let (b, c) = (b - a, c - a);
    let double = 2.0 * (b.x * c.y - b.y * c.x);
    let scale = (b.x.hypot(b.y)) * (c.x.hypot(c.y));
    if !double.is_finite() || double.abs() <= 1e-12 * scale {
        return None;
    }
    let (bb, cc) = (b.x * b.x + b.y * b.y, c.x * c.x + c.y * c.y);
    Some(a + Coord { x: (c.y * bb - b.y * cc) / double, y: (b.x * cc - c.x * bb) / double })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f64, y: f64) -> Coord {
        Coord { x, y }
    }

    #[test]
    fn half_circle_has_the_length_of_its_chords() {
        let line = chords(&[at(-1.0, 0.0), at(0.0, 1.0), at(1.0, 0.0)]);
        assert_eq!(line.len(), 47); // 45 chords of 4°, and rounding at the middle
        assert!(line.iter().all(|p| (p.x.hypot(p.y) - 1.0).abs() < 1e-12 && p.y >= 0.0));
        let length: f64 = line.windows(2).map(|p| (p[1].x - p[0].x).hypot(p[1].y - p[0].y)).sum();
        assert!((length - std::f64::consts::PI).abs() < 2e-3, "{length}");
    }

    #[test]
    fn clockwise_arcs_and_full_circles() {
        let line = chords(&[at(1.0, 0.0), at(0.0, 1.0), at(-1.0, 0.0)]);
        assert!(line.iter().all(|p| p.y >= 0.0));
        let below = chords(&[at(1.0, 0.0), at(0.0, -1.0), at(-1.0, 0.0)]);
        assert!(below.iter().all(|p| p.y <= 0.0));
        let circle = chords(&[at(1.0, 0.0), at(-1.0, 0.0), at(1.0, 0.0)]);
        assert!(circle.iter().all(|p| (p.x.hypot(p.y) - 1.0).abs() < 1e-12));
        assert_eq!(circle.first(), circle.last());
    }

    #[test]
    fn straight_and_degenerate_arcs() {
        assert_eq!(chords(&[at(0.0, 0.0), at(1.0, 1.0), at(2.0, 2.0)]).len(), 3);
        assert_eq!(chords(&[at(0.0, 0.0), at(0.0, 0.0), at(0.0, 0.0)]).len(), 3);
        assert_eq!(chords(&[at(0.0, 0.0), at(f64::NAN, 0.0), at(1.0, f64::INFINITY)]).len(), 3);
        assert_eq!(chords(&[at(0.0, 0.0), at(1.0, 1.0)]).len(), 2);
        assert_eq!(chords(&[]), []);
    }
}
