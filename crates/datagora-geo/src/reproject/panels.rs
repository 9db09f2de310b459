//! A smooth function of one variable, tabulated as one polynomial per panel.
//!
//! The value at a point depends on the point alone, not on what else is in the column: a border that two columns share
//! stays shared when each is reprojected on its own.
use std::sync::OnceLock;

const DEGREE: usize = 12;
const TERMS: usize = DEGREE + 1;

/// Size of the last terms, of the largest, that is still the rounding of the closed form: 2e-8 m on the Earth.
const NOISE: f64 = 16.0 * f64::EPSILON;

/// Coefficients in the power basis of `u`, −1 ≤ u ≤ 1 across the panel.
type Polynomial = [f64; TERMS];

#[derive(Debug)]
pub(super) struct Panels {
    start: f64,
    width: f64,
    /// `None` where the function is not smooth enough for the polynomial: there the closed form is used.
    fits: Box<[OnceLock<Option<Polynomial>>]>,
}

impl Panels {
    /// Panels of one width from `start`, fitted when first used.
    pub(super) fn new(start: f64, width: f64, count: usize) -> Self {
        Panels { start, width, fits: (0..count).map(|_| OnceLock::new()).collect() }
    }

    fn index(&self, value: f64) -> Option<usize> {
        let panel = ((value - self.start) / self.width).floor();
        (panel >= 0.0 && panel < self.fits.len() as f64).then_some(panel as usize)
    }

    fn middle(&self, panel: usize) -> f64 {
        self.start + (panel as f64 + 0.5) * self.width
    }

    fn fit(&self, panel: usize, exact: impl Fn(f64) -> f64) -> Option<&Polynomial> {
        let half = 0.5 * self.width;
        let middle = self.middle(panel);
        self.fits[panel].get_or_init(|| interpolate(|u| exact(middle + half * u))).as_ref()
    }

    /// The function of each value, in place; NaN stays NaN.
    pub(super) fn map(&self, values: &mut [f64], exact: impl Fn(f64) -> f64) {
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let greatest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let one = self.index(least).filter(|_| self.index(least) == self.index(greatest));
        if let Some(panel) = one
            && let Some(polynomial) = self.fit(panel, &exact)
        {
            let (middle, scale) = (self.middle(panel), 2.0 / self.width);
            values.iter_mut().for_each(|value| *value = horner(polynomial, (*value - middle) * scale));
            return;
        }
        values.iter_mut().for_each(|value| *value = self.value(*value, &exact));
    }

    /// The function of one value: the same number as [`map`](Self::map) gives.
    fn value(&self, value: f64, exact: impl Fn(f64) -> f64) -> f64 {
        let fitted = self.index(value).and_then(|panel| Some((panel, self.fit(panel, &exact)?)));
        match fitted {
            Some((panel, polynomial)) => {
                horner(polynomial, (value - self.middle(panel)) * (2.0 / self.width))
            }
            None => exact(value),
        }
    }
}

fn horner(polynomial: &Polynomial, u: f64) -> f64 {
    polynomial.iter().rev().fold(0.0, |sum, coefficient| sum * u + coefficient)
}

/// Chebyshev interpolation on [−1, 1], if its last terms are as small as rounding.
///
/// Trefethen, L. N. (2013). Approximation Theory and Approximation Practice, ch. 3–4 and 8. SIAM.
fn interpolate(function: impl Fn(f64) -> f64) -> Option<Polynomial> {
    let angle = |k: usize| (2 * k + 1) as f64 * std::f64::consts::PI / (2 * TERMS) as f64;
    let samples: [f64; TERMS] = std::array::from_fn(|k| function(angle(k).cos()));
    let chebyshev: [f64; TERMS] = std::array::from_fn(|j| {
        let sum: f64 = (0..TERMS).map(|k| samples[k] * (j as f64 * angle(k)).cos()).sum();
        sum * if j == 0 { 1.0 } else { 2.0 } / TERMS as f64
    });
    let scale = chebyshev.iter().fold(0.0f64, |scale, c| scale.max(c.abs()));
    let tail = chebyshev[DEGREE].abs() + chebyshev[DEGREE - 1].abs();
    if tail.is_nan() || tail > NOISE * scale {
        return None;
    }
    let mut power = [0.0; TERMS];
    let (mut current, mut next) = ([0.0; TERMS], [0.0; TERMS]);
    (current[0], next[1]) = (1.0, 1.0);
    for coefficient in chebyshev {
        for (sum, term) in power.iter_mut().zip(current) {
            *sum += coefficient * term;
        }
        // T(j+2) = 2 u T(j+1) − T(j)
        let after: [f64; TERMS] =
            std::array::from_fn(|k| if k > 0 { 2.0 * next[k - 1] } else { 0.0 } - current[k]);
        (current, next) = (next, after);
    }
    Some(power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn smooth_functions_are_followed_to_rounding() {
        let panels = Panels::new(0.0, 0.5, 8);
        let mut values: Vec<f64> = (0..4000).map(|k| f64::from(k) / 1000.0).collect();
        let exact: Vec<f64> = values.iter().map(|v| v.exp()).collect();
        panels.map(&mut values, f64::exp);
        for (fitted, exact) in values.iter().zip(exact) {
            assert!((fitted - exact).abs() <= 1e-15 * exact * 10.0, "{fitted} {exact}");
        }
    }

    #[test]
    fn the_neighbours_do_not_matter() {
        let panels = Panels::new(0.0, 0.5, 8);
        let values: Vec<f64> = (0..400).map(|k| f64::from(k) / 101.0).collect();
        let mut together = values.clone();
        panels.map(&mut together, f64::sin);
        for (value, together) in values.iter().zip(together) {
            let mut alone = [*value];
            panels.map(&mut alone, f64::sin);
            assert_eq!(alone[0].to_bits(), together.to_bits());
        }
    }

    #[test]
    fn what_is_not_smooth_or_not_covered_is_computed() {
        let panels = Panels::new(0.0, 1.0, 1);
        let mut values = [0.3, 5.0, f64::NAN];
        panels.map(&mut values, f64::sqrt);
        assert_eq!((values[0], values[1]), (0.3f64.sqrt(), 5f64.sqrt()));
        assert!(values[2].is_nan());
    }
}
