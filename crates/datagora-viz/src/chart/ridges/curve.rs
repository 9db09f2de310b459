//! A group as it is drawn: a density, a profile, or dots.
use super::super::quantile::quantile;
use super::density::Density;

/// A group with what is drawn of it.
pub(super) struct Curve<'a> {
    pub(super) name: &'a str,
    pub(super) mode: Mode<'a>,
    /// Values known.
    pub(super) count: usize,
    pub(super) missing: usize,
    /// Places before which a quarter, half and three quarters lie; `None` without a value.
    pub(super) quartiles: Option<[f64; 3]>,
}

pub(super) enum Mode<'a> {
    /// A density from here to there, with the width of its kernel.
    Density(Density, [f64; 2], f64),
    /// Values, one per step of the axis.
    Profile(&'a [f64]),
    /// Values too few, or too equal, for a curve.
    Dots(Vec<f64>),
}

/// A density is drawn as far from its values as its kernel is seen, in widths.
const TAIL: f64 = 3.0;
/// Points of a curve.
const POINTS: usize = 240;

impl<'a> Curve<'a> {
    /// Of a sample, sorted; without a width of the kernel, its values.
    pub(super) fn sample(
        name: &'a str,
        sorted: Vec<f64>,
        missing: usize,
        width: Option<f64>,
        (low, high): (f64, f64),
    ) -> Self {
        let quartile = |level| quantile(&sorted, level);
        let quartiles = quartile(0.25).zip(quartile(0.5)).zip(quartile(0.75)).map(|((a, b), c)| [a, b, c]);
        let count = sorted.len();
        let mode = match (width, &sorted[..]) {
            (Some(width), [first, .., last]) => {
                let ends = [(first - TAIL * width).max(low), (last + TAIL * width).min(high)];
                Mode::Density(Density::new(&sorted, width, (low, high)), ends, width)
            }
            _ => Mode::Dots(sorted),
        };
        Self { name, mode, count, missing, quartiles }
    }

    /// Of a profile, which is not below zero.
    pub(super) fn profile(name: &'a str, values: &'a [f64]) -> Self {
        let count = values.iter().filter(|value| value.is_finite()).count();
        let quartiles = weighted_quartiles(values);
        Self { name, mode: Mode::Profile(values), count, missing: values.len() - count, quartiles }
    }

    pub(super) fn median(&self) -> Option<f64> {
        Some(self.quartiles?[1])
    }

    /// Width of the kernel.
    pub(super) fn width(&self) -> Option<f64> {
        match self.mode {
            Mode::Density(_, _, width) => Some(width),
            _ => None,
        }
    }

    /// From where to where something is drawn.
    pub(super) fn reach(&self) -> Option<[f64; 2]> {
        match &self.mode {
            Mode::Density(_, ends, _) => Some(*ends),
            Mode::Profile(values) => Some([0.0, values.len().saturating_sub(1) as f64]),
            Mode::Dots(values) => Some([*values.first()?, *values.last()?]),
        }
    }

    /// The curve as runs of places with their heights.
    pub(super) fn runs(&self) -> Vec<Vec<[f64; 2]>> {
        match &self.mode {
            Mode::Density(density, [from, to], _) => {
                let at = |k: usize| from + (to - from) * k as f64 / POINTS as f64;
                vec![(0..=POINTS).map(|k| [at(k), density.at(at(k))]).collect()]
            }
            Mode::Profile(values) => {
                let known = |(step, value): (usize, &f64)| value.is_finite().then_some([step as f64, *value]);
                super::super::plot::runs(values.iter().enumerate().map(known))
            }
            Mode::Dots(_) => Vec::new(),
        }
    }
}

/// Steps before which a quarter, half and three quarters of the sum lie, in parts of a step about its middle.
fn weighted_quartiles(values: &[f64]) -> Option<[f64; 3]> {
    let sum: f64 = values.iter().filter(|value| value.is_finite()).sum();
    if !(sum.is_finite() && sum > 0.0) {
        return None;
    }
    let place = |level: f64| {
        let mut before = 0.0;
        for (step, value) in values.iter().enumerate().filter(|(_, value)| value.is_finite()) {
            if *value > 0.0 && before + value >= level * sum {
                return step as f64 - 0.5 + (level * sum - before) / value;
            }
            before += value;
        }
        values.len().saturating_sub(1) as f64
    };
    Some([place(0.25), place(0.5), place(0.75)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_a_profile_lies_before_its_median() {
        assert_eq!(weighted_quartiles(&[1.0, 1.0, 1.0, 1.0]), Some([0.5, 1.5, 2.5]));
        assert_eq!(weighted_quartiles(&[0.0, f64::NAN, 5.0]), Some([1.75, 2.0, 2.25]));
        assert_eq!([weighted_quartiles(&[]), weighted_quartiles(&[0.0, f64::NAN])], [None; 2]);
    }
}
