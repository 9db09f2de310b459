//! Universal transverse Mercator.
use super::ellipsoid::Ellipsoid;

/// Krüger's series to the sixth order in the third flattening: nanometres within 3 900 km of the central meridian.
///
/// Karney, C. F. F. (2011). Transverse Mercator with an accuracy of a few nanometers. J. Geodesy 85, 475–485,
/// eq. 7–21, 35 and 36. doi:10.1007/s00190-011-0445-3
#[derive(Debug)]
pub(super) struct TransverseMercator {
    ellipsoid: Ellipsoid,
    /// Degrees.
    longitude_0: f64,
    false_northing: f64,
    /// Scale on the central meridian × rectifying radius, m.
    scale: f64,
    forward: [f64; 6],
    inverse: [f64; 6],
}

const FALSE_EASTING: f64 = 500_000.0;
/// Distance from the central meridian, in radii, up to which the series holds.
const WIDEST: f64 = 0.61;

impl TransverseMercator {
    pub(super) fn utm(zone: u32, south: bool, ellipsoid: Ellipsoid) -> Self {
        let n = ellipsoid.n;
        let series = |coefficients: &[f64], order: i32| {
            let terms = coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * n + coefficient);
            terms * n.powi(order)
        };
        let radius = ellipsoid.a / (1.0 + n) * (1.0 + n.powi(2) / 4.0 + n.powi(4) / 64.0 + n.powi(6) / 256.0);
        TransverseMercator {
            ellipsoid,
            longitude_0: f64::from(zone) * 6.0 - 183.0,
            false_northing: if south { 10_000_000.0 } else { 0.0 },
            scale: 0.9996 * radius,
            forward: [
                series(&[1. / 2., -2. / 3., 5. / 16., 41. / 180., -127. / 288., 7891. / 37_800.], 1),
                series(&[13. / 48., -3. / 5., 557. / 1440., 281. / 630., -1_983_433. / 1_935_360.], 2),
                series(&[61. / 240., -103. / 140., 15_061. / 26_880., 167_603. / 181_440.], 3),
                series(&[49_561. / 161_280., -179. / 168., 6_601_661. / 7_257_600.], 4),
                series(&[34_729. / 80_640., -3_418_889. / 1_995_840.], 5),
                series(&[212_378_941. / 319_334_400.], 6),
            ],
            inverse: [
                series(&[1. / 2., -2. / 3., 37. / 96., -1. / 360., -81. / 512., 96_199. / 604_800.], 1),
                series(&[1. / 48., 1. / 15., -437. / 1440., 46. / 105., -1_118_711. / 3_870_720.], 2),
                series(&[17. / 480., -37. / 840., -209. / 4480., 5569. / 90_720.], 3),
                series(&[4397. / 161_280., -11. / 504., -830_251. / 7_257_600.], 4),
                series(&[4583. / 161_280., -108_847. / 3_991_680.], 5),
                series(&[20_648_693. / 638_668_800.], 6),
            ],
        }
    }

    /// Degrees to metres, in place.
    pub(super) fn forward(&self, x: &mut [f64], y: &mut [f64]) {
        for (x, y) in x.iter_mut().zip(y) {
            let turn = super::wrap_longitude(*x - self.longitude_0);
            if !(super::is_longitude(*x) && y.abs() <= 90.0 && turn.abs() <= 90.0) {
                (*x, *y) = (f64::NAN, f64::NAN);
                continue;
            }
            let (sin, cos) = turn.to_radians().sin_cos();
            let tau = self.ellipsoid.conformal_tangent(y.to_radians().tan());
            let (xi, eta) = (tau.atan2(cos), (sin / tau.hypot(cos)).asinh());
            let (north, east) = sine_series(&self.forward, xi, eta);
            let (xi, eta) = (xi + north, eta + east);
            let inside = eta.abs() <= WIDEST;
            *x = if inside { FALSE_EASTING + self.scale * eta } else { f64::NAN };
            *y = self.false_northing + self.scale * xi;
        }
    }

    /// Metres to degrees, in place.
    pub(super) fn inverse(&self, x: &mut [f64], y: &mut [f64]) {
        for (x, y) in x.iter_mut().zip(y) {
            let xi = (*y - self.false_northing) / self.scale;
            let eta = (*x - FALSE_EASTING) / self.scale;
            if !(eta.abs() <= WIDEST + 1e-12 && xi.abs() <= std::f64::consts::FRAC_PI_2 + 1e-12) {
                (*x, *y) = (f64::NAN, f64::NAN);
                continue;
            }
            let (north, east) = sine_series(&self.inverse, xi, eta);
            let (xi, eta) = (xi - north, eta - east);
            let (sin, cos) = xi.sin_cos();
            let tau = sin / eta.sinh().hypot(cos);
            *x = super::wrap_longitude(self.longitude_0 + eta.sinh().atan2(cos).to_degrees());
            *y = self.ellipsoid.geodetic_tangent(tau).atan().to_degrees();
        }
    }
}

/// Σ c(j) sin 2jζ for ζ = ξ + iη, by Clenshaw's summation; real and imaginary part.
fn sine_series(coefficients: &[f64; 6], xi: f64, eta: f64) -> (f64, f64) {
    let (sin, cos) = (2.0 * xi).sin_cos();
    let (sinh, cosh) = ((2.0 * eta).sinh(), (2.0 * eta).cosh());
    // 2 cos 2ζ and sin 2ζ
    let (re, im) = (2.0 * cos * cosh, -2.0 * sin * sinh);
    let (mut current, mut before) = ((0.0, 0.0), (0.0, 0.0));
    for coefficient in coefficients.iter().rev() {
        let next = (
            coefficient + re * current.0 - im * current.1 - before.0,
            re * current.1 + im * current.0 - before.1,
        );
        (current, before) = (next, current);
    }
    let (re, im) = (sin * cosh, cos * sinh);
    (re * current.0 - im * current.1, re * current.1 + im * current.0)
}
