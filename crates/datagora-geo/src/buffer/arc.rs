//! Arcs and discs of chords.
use std::f64::consts::{FRAC_PI_2, TAU};

use super::options::BufferOptions;
use crate::types::Coord;

/// How circles are made of chords.
#[derive(Clone, Debug)]
pub(super) struct Arcs {
    /// Greatest angle of a chord.
    step: f64,
    equal_area: bool,
    /// A disc of radius 1, counter-clockwise.
    disc: Vec<Coord>,
}

/// Share of a chord by which an angle may exceed a whole number of them, for rounding.
const SLACK: f64 = 1e-9;

impl Arcs {
    pub(super) fn new(options: &BufferOptions) -> Self {
        let quarter = options.quarter_segments.max(1);
        let step = FRAC_PI_2 / f64::from(quarter);
        let radius = if options.equal_area { (step / step.sin()).sqrt() } else { 1.0 };
        let at = |k: u32| {
            let (sin, cos) = (step * f64::from(k)).sin_cos();
            Coord { x: radius * cos, y: radius * sin }
        };
        Arcs { step, equal_area: options.equal_area, disc: (0..4 * u32::from(quarter)).map(at).collect() }
    }

    /// By what share of the distance the middle of a chord is nearer than its ends.
    pub(super) fn slack(&self) -> f64 {
        1.0 - (self.step / 2.0).cos()
    }

    /// A disc around a point.
    pub(super) fn disc(&self, middle: Coord, radius: f64) -> impl Iterator<Item = Coord> {
        self.disc.iter().map(move |unit| middle + *unit * radius)
    }

    /// The points between the ends of an arc, from `middle + from` by an angle counter-clockwise.
    pub(super) fn between(&self, middle: Coord, from: Coord, angle: f64, curve: &mut Vec<Coord>) {
        let mut chords = (angle.min(TAU) / self.step - SLACK).ceil().max(1.0);
        if self.equal_area {
            chords = chords.max(2.0);
        }
        let (sin, cos) = (angle / chords).sin_cos();
        let radius = if self.equal_area { equal_area_radius(chords, angle / chords, sin) } else { 1.0 };
        let mut to = from;
        for _ in 1..chords as usize {
            to = Coord { x: to.x * cos - to.y * sin, y: to.x * sin + to.y * cos };
            curve.push(middle + to * radius);
        }
    }
}

/// Radius of the points between the ends of an arc of radius 1, such that its chords go round the area of the sector.
///
/// The two triangles at the ends have one side of length 1, the others none:
/// `(chords − 2) sin(step) r² + 2 sin(step) r = chords · step`.
fn equal_area_radius(chords: f64, step: f64, sin: f64) -> f64 {
    let (square, whole) = (chords - 2.0, chords * step / sin);
    if step == 0.0 {
        1.0
    } else if square == 0.0 {
        whole / 2.0
    } else {
        ((1.0 + square * whole).sqrt() - 1.0) / square
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Area of the sector that the chords of an arc of radius 1 go round.
    fn sector(arcs: &Arcs, angle: f64) -> f64 {
        let from = Coord { x: 1.0, y: 0.0 };
        let mut curve = vec![from];
        arcs.between(Coord { x: 0.0, y: 0.0 }, from, angle, &mut curve);
        curve.push(Coord { x: angle.cos(), y: angle.sin() });
        curve.windows(2).map(|ends| (ends[0].x * ends[1].y - ends[0].y * ends[1].x) / 2.0).sum()
    }

    #[test]
    fn chords_lie_in_the_circle_or_have_its_area() {
        for quarter in [1, 2, 8, 16] {
            let options = BufferOptions::default().with_quarter_segments(quarter);
            let (within, equal) = (Arcs::new(&options), Arcs::new(&options.with_equal_area(true)));
            for angle in [1e-3, 0.05, 0.7, FRAC_PI_2, 3.0, 2.0 * FRAC_PI_2] {
                let short = 1.0 - sector(&within, angle) / (angle / 2.0);
                let step = FRAC_PI_2 / f64::from(quarter);
                assert!(short > 0.0 && short <= 1.0 - step.sin() / step + 1e-12, "{short}");
                assert!((sector(&equal, angle) / (angle / 2.0) - 1.0).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn a_disc_has_four_times_the_chords_of_a_quarter() {
        let arcs = Arcs::new(&BufferOptions::default().with_quarter_segments(0));
        let disc: Vec<Coord> = arcs.disc(Coord { x: 10.0, y: 0.0 }, 2.0).collect();
        assert_eq!(disc.len(), 4);
        assert!((disc[1].x - 10.0).abs() < 1e-15 && disc[1].y == 2.0);
    }
}
