//! Universal transverse Mercator.
use std::f64::consts::FRAC_PI_2;

use multiversion::multiversion;

use super::ellipsoid::Ellipsoid;
use super::near::{
    ArTanh, ArcTangent, WIDEST_ATANH, ar_tanh, arc_tangent, atan_tiny, odd, sin_cos, sinh_cosh,
};
use super::panels::{Panel, Panels};
use super::stage::{Chunk, HOME_LATITUDES, if_inside};

/// Krüger's series to the sixth order in the third flattening: nanometres within 3 900 km of the central meridian.
///
/// Karney, C. F. F. (2011). Transverse Mercator with an accuracy of a few nanometers. J. Geodesy 85, 475–485,
/// eq. 7–21, 35 and 36. doi:10.1007/s00190-011-0445-3
#[derive(Debug)]
pub(super) struct TransverseMercator {
    ellipsoid: Ellipsoid,
    zone: Zone,
    /// Sine and cosine of the conformal latitude, and it itself in radians, of the latitude in degrees.
    conformal: Panels<3, 11>,
    /// Sine and cosine of ξ.
    of_xi: Panels<2, 11>,
}

/// What the kernels need beside the panels.
#[derive(Clone, Copy, Debug)]
struct Zone {
    /// Degrees.
    longitude_0: f64,
    false_northing: f64,
    /// Scale on the central meridian × rectifying radius, m.
    scale: f64,
    forward: [f64; 6],
    inverse: [f64; 6],
    /// Of the latitude as a series of sines of the conformal latitude.
    latitude: [f64; 6],
}

const FALSE_EASTING: f64 = 500_000.0;
/// Distance from the central meridian, in radii, up to which the series holds.
const WIDEST: f64 = 0.61;
/// Differences of longitude, in radians, and distances from the central meridian, in radii, up to which kernels hold.
const NARROW: f64 = 0.15;
/// How far, in radians, ξ goes beyond that of the meridian at the border of the kernel.
const BULGE: f64 = 0.007;

impl TransverseMercator {
    pub(super) fn utm(zone: u32, south: bool, ellipsoid: Ellipsoid) -> Self {
        let n = ellipsoid.n;
        let series = |coefficients: &[f64], order: i32| {
            let terms = coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * n + coefficient);
            terms * n.powi(order)
        };
        let radius = ellipsoid.a / (1.0 + n) * (1.0 + n.powi(2) / 4.0 + n.powi(4) / 64.0 + n.powi(6) / 256.0);
        let zone = Zone {
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
            // Karney (2022), https://arxiv.org/abs/2212.05818, eq. A5: φ of χ.
            latitude: [
                series(&[2., -2. / 3., -2., 116. / 45., 26. / 45., -2854. / 675.], 1),
                series(&[7. / 3., -8. / 5., -227. / 45., 2704. / 315., 2323. / 945.], 2),
                series(&[56. / 15., -136. / 35., -1262. / 105., 73_814. / 2835.], 3),
                series(&[4279. / 630., -332. / 35., -399_572. / 14_175.], 4),
                series(&[4174. / 315., -144_838. / 6237.], 5),
                series(&[601_676. / 22_275.], 6),
            ],
        };
        let xi = |latitude: f64| {
            let conformal = ellipsoid.conformal_tangent(latitude.to_radians().tan()).atan();
            conformal + sine_series(&zone.forward, &Doubled::of(conformal, 0.0)).0
        };
        let home = HOME_LATITUDES.map(xi);
        TransverseMercator {
            ellipsoid,
            zone,
            conformal: Panels::around(HOME_LATITUDES, -90.0, 90.0),
            of_xi: Panels::around([home[0] - BULGE, home[1] + BULGE], -FRAC_PI_2, FRAC_PI_2),
        }
    }

    fn panel_of_latitude(&self, latitude: f64) -> Option<&Panel<3, 11>> {
        self.conformal.of(latitude, |latitude| {
            if latitude.abs() > 90.0 {
                return [f64::NAN; 3];
            }
            let conformal = self.ellipsoid.conformal_tangent(latitude.to_radians().tan()).atan();
            [conformal.sin(), conformal.cos(), conformal]
        })
    }

    fn panel_of_northing(&self, y: f64) -> Option<&Panel<2, 11>> {
        self.of_xi.of(self.zone.xi_eta(0.0, y).0, |xi| {
            if xi.abs() > FRAC_PI_2 { [f64::NAN; 2] } else { [xi.sin(), xi.cos()] }
        })
    }

    /// Degrees to metres; whether a point was lost.
    pub(super) fn forward(&self, chunk: Chunk<'_>) -> bool {
        let artanh = ar_tanh();
        let panel = self.panel_of_latitude(chunk.typical().1);
        let kernel =
            panel.map(|panel| |chunk: &mut Chunk<'_>| forward_panel(&self.zone, panel, artanh, chunk));
        chunk.convert(kernel, |x, y| {
            let near = self.panel_of_latitude(y).map(|panel| forward_near(&self.zone, panel, artanh, x, y));
            near.and_then(if_inside).unwrap_or_else(|| self.forward_far(x, y))
        })
    }

    /// The closed form.
    fn forward_far(&self, x: f64, y: f64) -> (f64, f64) {
        let turn = super::wrap_longitude(x - self.zone.longitude_0);
        if !(super::is_longitude(x) && y.abs() <= 90.0 && turn.abs() <= 90.0) {
            return (f64::NAN, f64::NAN);
        }
        let (sin, cos) = turn.to_radians().sin_cos();
        let tau = self.ellipsoid.conformal_tangent(y.to_radians().tan());
        let (xi, eta) = (tau.atan2(cos), (sin / tau.hypot(cos)).asinh());
        let (north, east) = sine_series(&self.zone.forward, &Doubled::of(xi, eta));
        let (xi, eta) = (xi + north, eta + east);
        if eta.abs() <= WIDEST { self.zone.plane_of(xi, eta) } else { (f64::NAN, f64::NAN) }
    }

    /// Metres to degrees; whether a point was lost.
    pub(super) fn inverse(&self, chunk: Chunk<'_>) -> bool {
        let arc = arc_tangent();
        let panel = self.panel_of_northing(chunk.typical().1);
        let kernel = panel.map(|panel| |chunk: &mut Chunk<'_>| inverse_panel(&self.zone, panel, arc, chunk));
        chunk.convert(kernel, |x, y| {
            let near = self.panel_of_northing(y).map(|panel| inverse_near(&self.zone, panel, arc, x, y));
            near.and_then(if_inside).unwrap_or_else(|| self.inverse_far(x, y))
        })
    }

    /// The closed form.
    fn inverse_far(&self, x: f64, y: f64) -> (f64, f64) {
        let (xi, eta) = self.zone.xi_eta(x, y);
        if !(eta.abs() <= WIDEST + 1e-12 && xi.abs() <= FRAC_PI_2 + 1e-12) {
            return (f64::NAN, f64::NAN);
        }
        let (north, east) = sine_series(&self.zone.inverse, &Doubled::of(xi, eta));
        let (xi, eta) = (xi - north, eta - east);
        let (sin, cos) = xi.sin_cos();
        let tau = sin / eta.sinh().hypot(cos);
        let longitude = self.zone.longitude_0 + eta.sinh().atan2(cos).to_degrees();
        (super::wrap_longitude(longitude), self.ellipsoid.geodetic_tangent(tau).atan().to_degrees())
    }
}

impl Zone {
    #[inline(always)]
    fn plane_of(&self, xi: f64, eta: f64) -> (f64, f64) {
        (FALSE_EASTING + self.scale * eta, self.false_northing + self.scale * xi)
    }

    /// ξ and η
    #[inline(always)]
    fn xi_eta(&self, x: f64, y: f64) -> (f64, f64) {
        let inverse = 1.0 / self.scale;
        ((y - self.false_northing) * inverse, (x - FALSE_EASTING) * inverse)
    }
}

/// With χ the conformal latitude and λ the difference of longitude, tan(ξ′ − χ) is sin χ cos χ (1 − cos λ) over
/// 1 − cos² χ (1 − cos λ), and tanh η′ = cos χ sin λ; the doubled arguments follow without another function.
#[inline(always)]
fn forward_near(zone: &Zone, panel: &Panel<3, 11>, artanh: &ArTanh, x: f64, y: f64) -> (f64, f64, bool) {
    let turn = (x - zone.longitude_0).to_radians();
    let (sin_turn, cos_turn) = sin_cos(turn);
    let u = panel.place(y);
    let (sin, cos, conformal) = (panel.at(0, u), panel.at(1, u), panel.at(2, u));
    let v = cos * sin_turn;
    // 1 − cos λ without cancellation
    let versine = sin_turn * sin_turn / (1.0 + cos_turn);
    let xi = conformal + atan_tiny(sin * cos * versine / (1.0 - cos * cos * versine));
    let eta = odd(artanh, v);
    let along = cos * cos_turn;
    let inverse = 1.0 / (1.0 - v * v);
    let doubled = Doubled {
        sin: 2.0 * sin * along * inverse,
        cos: (along * along - sin * sin) * inverse,
        sinh: 2.0 * v * inverse,
        cosh: (1.0 + v * v) * inverse,
    };
    let (north, east) = sine_series(&zone.forward, &doubled);
    let (x, y_plane) = zone.plane_of(xi + north, eta + east);
    (x, y_plane, panel.contains(y) & (turn.abs() <= NARROW))
}

/// As [`forward_near`] backwards; ξ′ and η′ are ξ and η less something small.
#[inline(always)]
fn inverse_near(zone: &Zone, panel: &Panel<2, 11>, arc: &ArcTangent, x: f64, y: f64) -> (f64, f64, bool) {
    let (xi, eta) = zone.xi_eta(x, y);
    let u = panel.place(xi);
    let (sin, cos) = (panel.at(0, u), panel.at(1, u));
    let (sinh, cosh) = sinh_cosh(eta);
    let doubled = Doubled {
        sin: 2.0 * sin * cos,
        cos: (cos - sin) * (cos + sin),
        sinh: 2.0 * sinh * cosh,
        cosh: 1.0 + 2.0 * sinh * sinh,
    };
    let (north, east) = sine_series(&zone.inverse, &doubled);
    let (sin_north, cos_north) = sin_cos(north);
    let (sinh_east, cosh_east) = sinh_cosh(east);
    let (sin, cos) = (sin * cos_north - cos * sin_north, cos * cos_north + sin * sin_north);
    let (sinh, cosh) = (sinh * cosh_east - cosh * sinh_east, cosh * cosh_east - sinh * sinh_east);
    let tangent = sinh / cos;
    // cos χ cosh η′
    let q = (sinh * sinh + cos * cos).sqrt();
    let conformal = xi - north - atan_tiny(sin * sinh * sinh / ((q + cos) * (cos * q + sin * sin)));
    let (sin, cos) = (sin / cosh, q / cosh);
    let latitude = conformal + real_sine_series(&zone.latitude, 2.0 * sin * cos, (cos - sin) * (cos + sin));
    let longitude = zone.longitude_0 + odd(arc, tangent).to_degrees();
    let inside = panel.contains(xi) & (eta.abs() <= NARROW) & (tangent.abs() <= WIDEST_ATANH);
    (longitude, latitude.to_degrees(), inside)
}

#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw", "x86_64+avx2"))]
fn forward_panel(zone: &Zone, panel: &Panel<3, 11>, artanh: &ArTanh, chunk: &mut Chunk<'_>) -> bool {
    chunk.each(|x, y| forward_near(zone, panel, artanh, x, y))
}

#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw", "x86_64+avx2"))]
fn inverse_panel(zone: &Zone, panel: &Panel<2, 11>, arc: &ArcTangent, chunk: &mut Chunk<'_>) -> bool {
    chunk.each(|x, y| inverse_near(zone, panel, arc, x, y))
}

/// Sines and cosines of 2ξ, hyperbolic ones of 2η.
struct Doubled {
    sin: f64,
    cos: f64,
    sinh: f64,
    cosh: f64,
}

impl Doubled {
    fn of(xi: f64, eta: f64) -> Self {
        let (sin, cos) = (2.0 * xi).sin_cos();
        Doubled { sin, cos, sinh: (2.0 * eta).sinh(), cosh: (2.0 * eta).cosh() }
    }
}

/// Σ c(j) sin 2jζ for ζ = ξ + iη, by Clenshaw's summation; real and imaginary part.
#[inline(always)]
fn sine_series(coefficients: &[f64; 6], doubled: &Doubled) -> (f64, f64) {
    let Doubled { sin, cos, sinh, cosh } = *doubled;
    // 2 cos 2ζ and sin 2ζ
    let (re, im) = (2.0 * cos * cosh, -2.0 * sin * sinh);
    let (mut current, mut before) = ((0.0, 0.0), (0.0, 0.0));
    for k in (0..6).rev() {
        let next = (
            coefficients[k] + re * current.0 - im * current.1 - before.0,
            re * current.1 + im * current.0 - before.1,
        );
        (current, before) = (next, current);
    }
    let (re, im) = (sin * cosh, cos * sinh);
    (re * current.0 - im * current.1, re * current.1 + im * current.0)
}

/// Σ c(j) sin 2jχ of sin 2χ and cos 2χ.
#[inline(always)]
fn real_sine_series(coefficients: &[f64; 6], sin: f64, cos: f64) -> f64 {
    let (mut current, mut before) = (0.0, 0.0);
    for k in (0..6).rev() {
        (current, before) = (coefficients[k] + 2.0 * cos * current - before, current);
    }
    current * sin
}
