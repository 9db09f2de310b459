//! Circles, and which part of their turn is where.
use std::f64::consts::TAU;

use crate::PackedIndex;
use crate::geometry::Bounds;
use crate::types::Coord;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Circle {
    pub(super) at: Coord,
    pub(super) radius: f64,
}

impl Circle {
    pub(super) fn bounds(&self) -> Bounds {
        let Circle { at, radius } = *self;
        Bounds { min_x: at.x - radius, min_y: at.y - radius, max_x: at.x + radius, max_y: at.y + radius }
    }

    /// Whether all of a rectangle is in the disc.
    pub(super) fn holds(&self, bounds: &Bounds) -> bool {
        let east = (bounds.max_x - self.at.x).abs().max((bounds.min_x - self.at.x).abs());
        let north = (bounds.max_y - self.at.y).abs().max((bounds.min_y - self.at.y).abs());
        east * east + north * north <= self.radius * self.radius
    }

    /// Whether no point of a rectangle is within the disc.
    pub(super) fn misses(&self, bounds: &Bounds) -> bool {
        let east = (bounds.min_x - self.at.x).max(self.at.x - bounds.max_x).max(0.0);
        let north = (bounds.min_y - self.at.y).max(self.at.y - bounds.max_y).max(0.0);
        east * east + north * north >= self.radius * self.radius
    }

    pub(super) fn distance_to(&self, other: &Circle) -> f64 {
        (other.at.x - self.at.x).hypot(other.at.y - self.at.y)
    }

    /// The turn of the circle that lies in another disc whose circle crosses it: from, to.
    pub(super) fn turn_in(&self, other: &Circle) -> (f64, f64) {
        let apart = self.distance_to(other);
        let towards = direction(self.at, other.at);
        let square = self.radius * self.radius - other.radius * other.radius;
        let half = ((apart * apart + square) / (2.0 * apart * self.radius)).clamp(-1.0, 1.0).acos();
        (towards - half, towards + half)
    }

    /// ½ ∮ (x dy − y dx) along turns, anticlockwise, seen from an origin.
    pub(super) fn swept(&self, turns: &Turns, origin: Coord) -> f64 {
        let (x, y, r) = (self.at.x - origin.x, self.at.y - origin.y, self.radius);
        let along = |&(from, to): &(f64, f64)| {
            let ((sin_from, cos_from), (sin_to, cos_to)) = (from.sin_cos(), to.sin_cos());
            0.5 * r * (r * (to - from) + x * (sin_to - sin_from) - y * (cos_to - cos_from))
        };
        turns.0.iter().map(along).sum()
    }

    /// The turns between neighbouring directions whose middle is where it is wanted.
    pub(super) fn turns_where(&self, directions: &[f64], wanted: impl Fn(Coord) -> bool) -> Turns {
        let mut cuts: Vec<f64> = directions.iter().map(|turn| turn.rem_euclid(TAU)).collect();
        cuts.sort_by(f64::total_cmp);
        let ends: Vec<f64> = std::iter::once(0.0).chain(cuts).chain([TAU]).collect();
        let mut turns = Turns::default();
        for pair in ends.windows(2).filter(|pair| pair[0] < pair[1]) {
            let (sin, cos) = (0.5 * (pair[0] + pair[1])).sin_cos();
            if wanted(Coord { x: self.at.x + self.radius * cos, y: self.at.y + self.radius * sin }) {
                turns.0.push((pair[0], pair[1]));
            }
        }
        turns
    }
}

/// Parts of the turn of a circle, each from and to, within 0 and 2 π.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Turns(Vec<(f64, f64)>);

impl Turns {
    /// A part of at most a whole turn, which may pass the direction 0.
    pub(super) fn add(&mut self, (from, to): (f64, f64)) {
        let start = from.rem_euclid(TAU);
        let end = start + (to - from);
        if end <= TAU {
            self.0.push((start, end));
        } else {
            self.0.extend([(start, TAU), (0.0, end - TAU)]);
        }
    }

    pub(super) fn add_all(&mut self) {
        self.0.push((0.0, TAU));
    }

    /// Each part once, ascending.
    pub(super) fn merged(self) -> Self {
        Turns(merge(self.0))
    }

    /// What is in none of the parts, which are merged.
    fn rest(&self) -> Self {
        let mut rest = Vec::new();
        let mut reached = 0.0;
        for &(from, to) in &self.0 {
            if from > reached {
                rest.push((reached, from));
            }
            reached = to;
        }
        if reached < TAU {
            rest.push((reached, TAU));
        }
        Turns(rest)
    }

    /// What is in both; both are ascending.
    pub(super) fn common(&self, other: &Self) -> Self {
        let (mut own, mut theirs) = (0, 0);
        let mut common = Vec::new();
        while let (Some(a), Some(b)) = (self.0.get(own), other.0.get(theirs)) {
            let (from, to) = (a.0.max(b.0), a.1.min(b.1));
            if from < to {
                common.push((from, to));
            }
            if a.1 < b.1 { own += 1 } else { theirs += 1 }
        }
        Turns(common)
    }
}

/// Spans that overlap or touch made one, ascending.
pub(super) fn merge(mut spans: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut merged: Vec<(f64, f64)> = Vec::with_capacity(spans.len());
    for (from, to) in spans {
        match merged.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => merged.push((from, to)),
        }
    }
    merged
}

/// The part of a circle's turn that no other disc covers. Of equal discs on one spot the first has all of it.
pub(super) fn exposed(row: usize, circles: &[Option<Circle>], index: &PackedIndex) -> Turns {
    let Some(circle) = circles[row] else { return Turns::default() };
    let mut covered = Turns::default();
    index.visit(&circle.bounds(), |other_row| {
        let other_row = other_row as usize;
        let Some(other) = circles[other_row].filter(|_| other_row != row) else { return };
        let apart = circle.distance_to(&other);
        let same = apart == 0.0 && circle.radius == other.radius;
        if same {
            if other_row < row {
                covered.add_all();
            }
        } else if apart + circle.radius <= other.radius {
            covered.add_all();
        } else if apart + other.radius > circle.radius && apart < circle.radius + other.radius {
            covered.add(circle.turn_in(&other));
        }
    });
    covered.merged().rest()
}

/// The area of the disc that a wedge from its centre, over a stretch from `a` to `b`, has; both seen from the centre.
pub(super) fn wedge(a: Coord, b: Coord, radius: f64) -> f64 {
    let square = radius * radius;
    let sector = |a: Coord, b: Coord| 0.5 * square * cross(a, b).atan2(a.x * b.x + a.y * b.y);
    match chord(a, b, radius) {
        None => sector(a, b),
        Some((from, to)) => {
            let (p, q) = (between(a, b, from), between(a, b, to));
            let before = if from > 0.0 { sector(a, p) } else { 0.0 };
            let after = if to < 1.0 { sector(q, b) } else { 0.0 };
            before + 0.5 * cross(p, q) + after
        }
    }
}

/// Where a stretch from `a` (0) to `b` (1) is within a circle about the origin.
pub(super) fn chord(a: Coord, b: Coord, radius: f64) -> Option<(f64, f64)> {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let length = dx * dx + dy * dy;
    let half = a.x * dx + a.y * dy;
    let beyond = a.x * a.x + a.y * a.y - radius * radius;
    let root = half * half - length * beyond;
    if length == 0.0 || root <= 0.0 {
        return None;
    }
    let root = root.sqrt();
    let (from, to) = (((-half - root) / length).max(0.0), ((-half + root) / length).min(1.0));
    (from < to).then_some((from, to))
}

/// The place on a stretch from `a` (0) to `b` (1).
pub(super) fn between(a: Coord, b: Coord, share: f64) -> Coord {
    a + (b - a) * share
}

pub(super) fn cross(a: Coord, b: Coord) -> f64 {
    a.x * b.y - a.y * b.x
}

/// Half a turn either way: the direction of a point seen from another.
pub(super) fn direction(from: Coord, to: Coord) -> f64 {
    (to.y - from.y).atan2(to.x - from.x)
}
