//! Functions of small arguments as short series, which vectorise where the library's do not.
use std::sync::LazyLock;

use super::panels::Panel;

/// Arc tangent as a polynomial in the square of its argument.
pub(super) type ArcTangent = Panel<1, 11>;
/// Inverse hyperbolic tangent likewise.
pub(super) type ArTanh = Panel<1, 9>;

/// Largest argument of [`atan`].
pub(super) const WIDEST_ATAN: f64 = 0.31;
/// Largest argument of [`atanh`].
pub(super) const WIDEST_ATANH: f64 = 0.16;
/// Largest argument of [`sin_cos`]; radians.
pub(crate) const WIDEST_TURN: f64 = 0.15;
/// Largest argument of [`sin_cos_wide`]; radians.
pub(super) const WIDEST_WIDE_TURN: f64 = 0.3;

/// atan(t) / t of t².
pub(super) fn arc_tangent() -> &'static ArcTangent {
    static FIT: LazyLock<ArcTangent> =
        LazyLock::new(|| even_ratio(WIDEST_ATAN, f64::atan).expect("the arc tangent is smooth at 0"));
    &FIT
}

/// artanh(t) / t of t².
pub(super) fn ar_tanh() -> &'static ArTanh {
    static FIT: LazyLock<ArTanh> =
        LazyLock::new(|| even_ratio(WIDEST_ATANH, f64::atanh).expect("artanh is smooth at 0"));
    &FIT
}

fn even_ratio<const TERMS: usize>(widest: f64, odd: fn(f64) -> f64) -> Option<Panel<1, TERMS>> {
    // A little wider than asked, so that rounding never leaves the panel.
    let high = widest * widest * (1.0 + 1e-9);
    Panel::fit(0.0, high, |square| {
        let t = square.max(0.0).sqrt();
        [if t == 0.0 { 1.0 } else { odd(t) / t }]
    })
}

/// An odd function given as its ratio to its argument.
#[inline(always)]
pub(super) fn odd<const TERMS: usize>(ratio: &Panel<1, TERMS>, t: f64) -> f64 {
    t * ratio.at(0, ratio.place(t * t))
}

/// Arc tangent of a number below 0.02, by its Taylor series.
#[inline(always)]
pub(super) fn atan_tiny(t: f64) -> f64 {
    let s = t * t;
    t * (1.0 + s * (-1.0 / 3.0 + s * (1.0 / 5.0 + s * (-1.0 / 7.0 + s * (1.0 / 9.0)))))
}

/// Taylor series; the remainder is below 3e-17 up to [`WIDEST_TURN`].
#[inline(always)]
pub(crate) fn sin_cos(t: f64) -> (f64, f64) {
    let s = t * t;
    let sin = 1.0 + s * (-1.0 / 6.0 + s * (1.0 / 120.0 + s * (-1.0 / 5_040.0 + s * (1.0 / 362_880.0))));
    let cos = 1.0
        + s * (-0.5
            + s * (1.0 / 24.0 + s * (-1.0 / 720.0 + s * (1.0 / 40_320.0 + s * (-1.0 / 3_628_800.0)))));
    (t * sin, cos)
}

/// Taylor series; the remainder is below 1e-17 up to [`WIDEST_WIDE_TURN`].
#[inline(always)]
pub(super) fn sin_cos_wide(t: f64) -> (f64, f64) {
    let s = t * t;
    let sin = 1.0
        + s * (-1.0 / 6.0
            + s * (1.0 / 120.0 + s * (-1.0 / 5_040.0 + s * (1.0 / 362_880.0 + s * (-1.0 / 39_916_800.0)))));
    let cos = 1.0
        + s * (-0.5
            + s * (1.0 / 24.0
                + s * (-1.0 / 720.0
                    + s * (1.0 / 40_320.0 + s * (-1.0 / 3_628_800.0 + s * (1.0 / 479_001_600.0))))));
    (t * sin, cos)
}

/// Hyperbolic sine and cosine, for arguments up to [`WIDEST_ATANH`].
#[inline(always)]
pub(super) fn sinh_cosh(t: f64) -> (f64, f64) {
    let s = t * t;
    let sinh = 1.0 + s * (1.0 / 6.0 + s * (1.0 / 120.0 + s * (1.0 / 5_040.0 + s * (1.0 / 362_880.0))));
    let cosh = 1.0
        + s * (0.5 + s * (1.0 / 24.0 + s * (1.0 / 720.0 + s * (1.0 / 40_320.0 + s * (1.0 / 3_628_800.0)))));
    (t * sinh, cosh)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_hold_to_the_end_of_their_range() {
        for k in -1000..=1000 {
            let share = f64::from(k) / 1000.0;
            for (series, widest) in [
                (sin_cos as fn(f64) -> (f64, f64), WIDEST_TURN),
                (sin_cos_wide as fn(f64) -> (f64, f64), WIDEST_WIDE_TURN),
            ] {
                let t = share * widest;
                let (sin, cos) = series(t);
                assert!((sin - t.sin()).abs() <= 1.2e-16 && (cos - t.cos()).abs() <= 2.3e-16, "{t}");
            }
            let t = share * WIDEST_ATAN;
            assert!((odd(arc_tangent(), t) - t.atan()).abs() <= 2.3e-16, "{t}");
            let t = share * WIDEST_ATANH;
            assert!((odd(ar_tanh(), t) - t.atanh()).abs() <= 1.2e-16, "{t}");
            let (sinh, cosh) = sinh_cosh(t);
            assert!((sinh - t.sinh()).abs() <= 1.2e-16 && (cosh - t.cosh()).abs() <= 4.5e-16, "{t}");
        }
    }
}
