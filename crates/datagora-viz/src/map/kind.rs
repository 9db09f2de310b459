//! Signs for kinds of points: a shape each, so that they are told apart without colour.
use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI, TAU};

use super::ground::Ground;
use crate::{Path, Shape};

/// The shape of a kind of points. All have the surface of a circle of the same radius, so that none looks more important.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Circle,
    Square,
    Triangle,
    Diamond,
    Cross,
    FallingTriangle,
    Saltire,
}

impl Sign {
    const ALL: [Self; 7] = [
        Self::Circle,
        Self::Square,
        Self::Triangle,
        Self::Diamond,
        Self::Cross,
        Self::FallingTriangle,
        Self::Saltire,
    ];

    /// The sign of a kind, from the first on; after the seventh, the first again.
    pub(super) fn of_kind(kind: usize) -> Self {
        Self::ALL[kind % Self::ALL.len()]
    }

    /// The sign about a centre.
    pub(super) fn shape(self, [x, y]: [f64; 2], radius: f64) -> Shape {
        match self.outline([x, y], radius) {
            Some(outline) => Shape::Path(outline),
            None => Shape::Circle { x, y, radius },
        }
    }

    /// The sign as far as a map shows it; `None` if it lies outside.
    pub(super) fn on(self, ground: &Ground, at: [f64; 2], radius: f64) -> Option<Shape> {
        match self.outline(at, radius) {
            Some(outline) => ground.cut_out(outline).map(Shape::Path),
            None => ground.circle(at, radius),
        }
    }

    /// Its corners; `None` of a circle.
    fn outline(self, [x, y]: [f64; 2], radius: f64) -> Option<Path> {
        // So many corners on a circle, the first in this direction.
        let regular = |corners: usize, first: f64| {
            let surface = 0.5 * corners as f64 * libm::sin(TAU / corners as f64);
            let away = radius * (PI / surface).sqrt();
            let corner = move |k: usize| {
                let angle = first + TAU * k as f64 / corners as f64;
                [x + away * libm::cos(angle), y + away * libm::sin(angle)]
            };
            (0..corners).map(corner).collect()
        };
        let cross = |turn: f64| {
            // Five squares.
            let half = 0.5 * radius * (PI / 5.0).sqrt();
            let (sin, cos) = (libm::sin(turn), libm::cos(turn));
            let arm = [[1.0, 1.0], [1.0, 3.0], [-1.0, 3.0]];
            let quarter = |k: i32, [a, b]: [f64; 2]| match k {
                0 => [a, b],
                1 => [-b, a],
                2 => [-a, -b],
                _ => [b, -a],
            };
            let corners = (0..4).flat_map(|k| arm.map(|corner| quarter(k, corner)));
            corners.map(|[a, b]| [x + half * (a * cos - b * sin), y + half * (a * sin + b * cos)]).collect()
        };
        let ring: Vec<[f64; 2]> = match self {
            Self::Circle => return None,
            Self::Square => regular(4, FRAC_PI_4),
            Self::Triangle => regular(3, -FRAC_PI_2),
            Self::Diamond => regular(4, 0.0),
            Self::Cross => cross(0.0),
            Self::FallingTriangle => regular(3, FRAC_PI_2),
            Self::Saltire => cross(FRAC_PI_4),
        };
        Some(Path::ring(ring))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_signs_have_the_surface_of_the_circle_and_differ() {
        let mut outlines = Vec::new();
        for kind in 1..7 {
            let path = Sign::of_kind(kind).outline([20.0, 30.0], 5.0).unwrap();
            let ring = &path.parts[0].0;
            let next = |k: usize| ring[(k + 1) % ring.len()];
            let doubled: f64 =
                (0..ring.len()).map(|k| ring[k][0] * next(k)[1] - next(k)[0] * ring[k][1]).sum();
            assert!((0.5 * doubled.abs() - PI * 25.0).abs() < 1e-9, "{:?}", Sign::of_kind(kind));
            let middle = |axis: usize| ring.iter().map(|at| at[axis]).sum::<f64>() / ring.len() as f64;
            assert!((middle(0) - 20.0).abs() < 1e-9 && (middle(1) - 30.0).abs() < 1e-9);
            outlines.push(path);
        }
        for (k, outline) in outlines.iter().enumerate() {
            assert!(!outlines[..k].contains(outline));
        }
        assert_eq!(Sign::of_kind(0), Sign::of_kind(7));
        assert_eq!(Sign::Circle.shape([1.0, 2.0], 3.0), Shape::Circle { x: 1.0, y: 2.0, radius: 3.0 });
    }
}
