//! Smooth functions of one variable, tabulated as one polynomial per panel of the variable.
//!
//! The value at a point depends on the point alone, not on what else is in the column: a border that two columns share
//! stays shared when each is reprojected on its own.
use std::sync::OnceLock;

/// Size of the last terms, of the largest, that is still the rounding of the closed form: 2e-8 m on the Earth.
const NOISE: f64 = 16.0 * f64::EPSILON;

/// `FUNCTIONS` functions of one variable on one panel, as polynomials of `TERMS` terms.
#[derive(Debug)]
pub(super) struct Panel<const FUNCTIONS: usize, const TERMS: usize> {
    low: f64,
    high: f64,
    middle: f64,
    /// 2 / width
    scale: f64,
    /// Coefficients in the power basis of `u`, −1 ≤ u ≤ 1 across the panel.
    polynomials: [[f64; TERMS]; FUNCTIONS],
}

impl<const FUNCTIONS: usize, const TERMS: usize> Panel<FUNCTIONS, TERMS> {
    /// Polynomials from `low` to `high`; `None` where one of the functions is not smooth enough for them, or not
    /// defined.
    pub(super) fn fit(low: f64, high: f64, exact: impl Fn(f64) -> [f64; FUNCTIONS]) -> Option<Self> {
        let (middle, half) = (0.5 * (low + high), 0.5 * (high - low));
        let mut polynomials = [[0.0; TERMS]; FUNCTIONS];
        for (k, polynomial) in polynomials.iter_mut().enumerate() {
            *polynomial = interpolate(|u| exact(middle + half * u)[k])?;
        }
        Some(Panel { low, high, middle, scale: 1.0 / half, polynomials })
    }

    /// Whether the panel is for this value; not for NaN.
    #[inline(always)]
    pub(super) fn contains(&self, value: f64) -> bool {
        (value >= self.low) & (value < self.high)
    }

    /// Where a value lies across the panel, −1 to 1.
    #[inline(always)]
    pub(super) fn place(&self, value: f64) -> f64 {
        (value - self.middle) * self.scale
    }

    /// One of the functions at a [`place`](Self::place).
    #[inline(always)]
    pub(super) fn at(&self, function: usize, u: f64) -> f64 {
        horner(&self.polynomials[function], u)
    }
}

/// Panels of one width, fitted when first used.
#[derive(Debug)]
pub(super) struct Panels<const FUNCTIONS: usize, const TERMS: usize> {
    start: f64,
    width: f64,
    /// `None` where the functions are not smooth enough for polynomials: there the closed form is used.
    fits: Box<[OnceLock<Option<Panel<FUNCTIONS, TERMS>>>]>,
}

impl<const FUNCTIONS: usize, const TERMS: usize> Panels<FUNCTIONS, TERMS> {
    /// Panels that cover `from` to `to` at least, one of which is `home` from its first to its second number.
    pub(super) fn around(home: [f64; 2], from: f64, to: f64) -> Self {
        let width = home[1] - home[0];
        let before = ((home[0] - from) / width).ceil().max(0.0);
        let after = ((to - home[1]) / width).ceil().max(0.0);
        let count = (before + after) as usize + 1;
        Panels { start: home[0] - before * width, width, fits: (0..count).map(|_| OnceLock::new()).collect() }
    }

    /// The panel that holds a value; `None` outside all, and where the functions have to be computed.
    pub(super) fn of(
        &self,
        value: f64,
        exact: impl Fn(f64) -> [f64; FUNCTIONS],
    ) -> Option<&Panel<FUNCTIONS, TERMS>> {
        // NaN becomes 0, and is then not contained.
        let index = ((value - self.start) / self.width).floor();
        let fit = self.fits.get(if index >= 0.0 { index as usize } else { usize::MAX })?;
        let edge = |k: f64| self.start + k * self.width;
        let fitted = fit.get_or_init(|| Panel::fit(edge(index), edge(index + 1.0), exact)).as_ref()?;
        fitted.contains(value).then_some(fitted)
    }
}

#[inline(always)]
fn horner<const TERMS: usize>(polynomial: &[f64; TERMS], u: f64) -> f64 {
    let mut sum = polynomial[TERMS - 1];
    for k in (0..TERMS - 1).rev() {
        sum = sum * u + polynomial[k];
    }
    sum
}

/// Chebyshev interpolation on [−1, 1], if its last terms are as small as rounding.
///
/// Trefethen, L. N. (2013). Approximation Theory and Approximation Practice, ch. 3–4 and 8. SIAM.
fn interpolate<const TERMS: usize>(function: impl Fn(f64) -> f64) -> Option<[f64; TERMS]> {
    // cos jθ of the k-th node, within a quarter turn of 0 so that rounding of the angle does not show.
    let cosine = |j: usize, k: usize| {
        let turned = (j * (2 * k + 1)) % (4 * TERMS);
        let halved = if turned > 2 * TERMS { 4 * TERMS - turned } else { turned };
        let angle = |twice: usize| twice as f64 * std::f64::consts::PI / (2 * TERMS) as f64;
        if halved > TERMS { -angle(2 * TERMS - halved).cos() } else { angle(halved).cos() }
    };
    let samples: [f64; TERMS] = std::array::from_fn(|k| function(cosine(1, k)));
    let chebyshev: [f64; TERMS] = std::array::from_fn(|j| {
        let sum: f64 = (0..TERMS).map(|k| samples[k] * cosine(j, k)).sum();
        sum * if j == 0 { 1.0 } else { 2.0 } / TERMS as f64
    });
    let scale = chebyshev.iter().fold(0.0f64, |scale, c| scale.max(c.abs()));
    let tail = chebyshev[TERMS - 1].abs() + chebyshev[TERMS - 2].abs();
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
        let panels = Panels::<2, 13>::around([1.0, 1.5], 0.0, 4.0);
        for k in 0..4000 {
            let value = f64::from(k) / 1000.0;
            let exact = |v: f64| [v.exp(), v.cos()];
            let panel = panels.of(value, exact).unwrap();
            let u = panel.place(value);
            for (function, exact) in exact(value).into_iter().enumerate() {
                let fitted = panel.at(function, u);
                assert!((fitted - exact).abs() <= 1e-15 * exact.abs().max(1.0) * 10.0, "{fitted} {exact}");
            }
        }
    }

    #[test]
    fn what_is_not_smooth_or_not_covered_has_no_panel() {
        let panels = Panels::<1, 13>::around([0.0, 1.0], 0.0, 2.0);
        let root = |v: f64| [v.sqrt()];
        for value in [0.3, -0.1, 2.5, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX] {
            assert!(panels.of(value, root).is_none(), "{value}");
        }
        assert!(Panels::<1, 13>::around([1.0, 1.25], 1.0, 2.0).of(1.1, root).is_some());
    }

    #[test]
    fn each_value_belongs_to_one_panel() {
        let panels = Panels::<1, 13>::around([40.75, 51.75], -90.0, 90.0);
        for k in 0..1800 {
            let value = -89.0 + 0.1 * f64::from(k);
            let panel = panels.of(value, |v| [v.to_radians().sin()]);
            assert!(panel.is_some_and(|panel| panel.contains(value)), "{value}");
        }
    }
}
