//! Lambert azimuthal equal-area: the projection of European statistics.
use multiversion::multiversion;

use super::ellipsoid::Ellipsoid;
use super::near::{ArcTangent, WIDEST_ATAN, WIDEST_WIDE_TURN, arc_tangent, odd, sin_cos_wide};
use super::panels::{Panel, Panels};
use super::stage::{Chunk, HOME_LATITUDES, if_inside};

/// ETRS89 / LAEA Europe.
///
/// Snyder, J. P. (1987). Map Projections: A Working Manual. USGS Professional Paper 1395, p. 187–190; EPSG method 9820.
#[derive(Debug)]
pub(super) struct EqualArea {
    ellipsoid: Ellipsoid,
    /// q at the pole.
    q_pole: f64,
    plane: Plane,
    /// Sine and cosine of the authalic latitude, of the latitude.
    authalic: Panels<2, 11>,
    /// The latitude, in degrees, of the tangent of half the authalic latitude.
    latitude: Panels<1, 13>,
}

/// What the kernels need beside the panels.
#[derive(Clone, Copy, Debug)]
struct Plane {
    /// Radius of the sphere of the same area, m.
    radius: f64,
    sin_beta_0: f64,
    cos_beta_0: f64,
    d: f64,
}

const LATITUDE_0: f64 = 52.0;
const LONGITUDE_0: f64 = 10.0;
const X_0: f64 = 4_321_000.0;
const Y_0: f64 = 3_210_000.0;

impl EqualArea {
    pub(super) fn europe() -> Self {
        let ellipsoid = Ellipsoid::grs80();
        let q_pole = q(&ellipsoid, 1.0);
        let radius = ellipsoid.a * (q_pole / 2.0).sqrt();
        let (sin, cos) = LATITUDE_0.to_radians().sin_cos();
        let sin_beta_0 = q(&ellipsoid, sin) / q_pole;
        let cos_beta_0 = (1.0 - sin_beta_0 * sin_beta_0).sqrt();
        let m = cos / (1.0 - ellipsoid.e2 * sin * sin).sqrt();
        let d = ellipsoid.a * m / (radius * cos_beta_0);
        let half_tangent = |latitude: f64| {
            let sin = q(&ellipsoid, latitude.to_radians().sin()) / q_pole;
            sin / (1.0 + (1.0 - sin * sin).sqrt())
        };
        EqualArea {
            ellipsoid,
            q_pole,
            plane: Plane { radius, sin_beta_0, cos_beta_0, d },
            authalic: Panels::around(HOME_LATITUDES, -90.0, 90.0),
            latitude: Panels::around(HOME_LATITUDES.map(half_tangent), -1.0, 1.0),
        }
    }

    /// Sine and cosine of the authalic latitude of a latitude in degrees.
    fn authalic(&self, latitude: f64) -> [f64; 2] {
        if latitude.is_nan() || latitude.abs() > 90.0 {
            return [f64::NAN; 2];
        }
        let sin = (q(&self.ellipsoid, latitude.to_radians().sin()) / self.q_pole).clamp(-1.0, 1.0);
        [sin, ((1.0 - sin) * (1.0 + sin)).sqrt()]
    }

    /// Latitude, in degrees, of the sine of the authalic latitude.
    fn latitude(&self, sin_beta: f64) -> f64 {
        sine_of_q(&self.ellipsoid, self.q_pole * sin_beta).asin().to_degrees()
    }

    fn panel_of_latitude(&self, latitude: f64) -> Option<&Panel<2, 11>> {
        self.authalic.of(latitude, |latitude| self.authalic(latitude))
    }

    fn panel_of(&self, x: f64, y: f64) -> Option<&Panel<1, 13>> {
        let latitude =
            |t: f64| [if t.abs() <= 1.0 { self.latitude(2.0 * t / (1.0 + t * t)) } else { f64::NAN }];
        self.latitude.of(self.plane.sphere_of(x, y).half_tangent(), latitude)
    }

    /// Degrees to metres; whether a point was lost.
    pub(super) fn forward(&self, chunk: Chunk<'_>) -> bool {
        let panel = self.panel_of_latitude(chunk.typical().1);
        let kernel = panel.map(|panel| |chunk: &mut Chunk<'_>| forward_panel(&self.plane, panel, chunk));
        chunk.convert(kernel, |x, y| {
            let near = self.panel_of_latitude(y).map(|panel| forward_near(&self.plane, panel, x, y));
            near.and_then(if_inside).unwrap_or_else(|| self.forward_far(x, y))
        })
    }

    /// The closed form.
    fn forward_far(&self, x: f64, y: f64) -> (f64, f64) {
        let turn = (x - LONGITUDE_0).to_radians().sin_cos();
        let (east, north, across) = self.plane.of_sphere(self.authalic(y), turn);
        // The antipode is a circle on the map.
        if super::is_longitude(x) && across > 1e-6 { (east, north) } else { (f64::NAN, f64::NAN) }
    }

    /// Metres to degrees; whether a point was lost.
    pub(super) fn inverse(&self, chunk: Chunk<'_>) -> bool {
        let arc = arc_tangent();
        let (x, y) = chunk.typical();
        let panel = self.panel_of(x, y);
        let kernel = panel.map(|panel| |chunk: &mut Chunk<'_>| inverse_panel(&self.plane, panel, arc, chunk));
        chunk.convert(kernel, |x, y| {
            let near = self.panel_of(x, y).map(|panel| inverse_near(&self.plane, panel, arc, x, y));
            near.and_then(if_inside).unwrap_or_else(|| self.inverse_far(x, y))
        })
    }

    /// The closed form.
    fn inverse_far(&self, x: f64, y: f64) -> (f64, f64) {
        let OnSphere { inside, sin_beta, across, along } = self.plane.sphere_of(x, y);
        if !inside {
            return (f64::NAN, f64::NAN);
        }
        let turn = across.atan2(along).to_degrees();
        (super::wrap_longitude(LONGITUDE_0 + turn), self.latitude(sin_beta))
    }
}

/// A point of the plane, back on the sphere: from the axis, towards 90° east of the central meridian, and towards it.
struct OnSphere {
    /// Nearer than the antipode.
    inside: bool,
    sin_beta: f64,
    across: f64,
    along: f64,
}

impl OnSphere {
    /// Tangent of half the authalic latitude.
    #[inline(always)]
    fn half_tangent(&self) -> f64 {
        let cos_beta = (self.across * self.across + self.along * self.along).sqrt();
        self.sin_beta / (1.0 + cos_beta)
    }
}

impl Plane {
    /// Easting, northing, and 1 + the cosine of the distance from the origin.
    #[inline(always)]
    fn of_sphere(&self, authalic: [f64; 2], turn: (f64, f64)) -> (f64, f64, f64) {
        let ([sin_beta, cos_beta], (sin_turn, cos_turn)) = (authalic, turn);
        let across = 1.0 + self.sin_beta_0 * sin_beta + self.cos_beta_0 * cos_beta * cos_turn;
        let b = self.radius * (2.0 / across).sqrt();
        let north = self.cos_beta_0 * sin_beta - self.sin_beta_0 * cos_beta * cos_turn;
        (X_0 + b * self.d * cos_beta * sin_turn, Y_0 + b * (1.0 / self.d) * north, across)
    }

    /// With c the distance from the origin as an angle, ρ = 2 R sin ½c: sin c / ρ and cos c need no trigonometry.
    #[inline(always)]
    fn sphere_of(&self, x: f64, y: f64) -> OnSphere {
        let (east, north) = ((x - X_0) * (1.0 / self.d), (y - Y_0) * self.d);
        let half_sine_squared = (east * east + north * north) * (0.25 / (self.radius * self.radius));
        let cos = 1.0 - 2.0 * half_sine_squared;
        let (east, north) = {
            let ratio = (1.0 - half_sine_squared).max(0.0).sqrt() * (1.0 / self.radius);
            (east * ratio, north * ratio)
        };
        OnSphere {
            inside: half_sine_squared < 1.0,
            sin_beta: cos * self.sin_beta_0 + north * self.cos_beta_0,
            across: east,
            along: cos * self.cos_beta_0 - north * self.sin_beta_0,
        }
    }
}

#[inline(always)]
fn forward_near(plane: &Plane, panel: &Panel<2, 11>, x: f64, y: f64) -> (f64, f64, bool) {
    let turn = (x - LONGITUDE_0).to_radians();
    let u = panel.place(y);
    let (east, north, _) = plane.of_sphere([panel.at(0, u), panel.at(1, u)], sin_cos_wide(turn));
    (east, north, panel.contains(y) & (turn.abs() <= WIDEST_WIDE_TURN))
}

#[inline(always)]
fn inverse_near(plane: &Plane, panel: &Panel<1, 13>, arc: &ArcTangent, x: f64, y: f64) -> (f64, f64, bool) {
    let point = plane.sphere_of(x, y);
    let half_tangent = point.half_tangent();
    let tangent = point.across / point.along;
    let inside =
        point.inside & panel.contains(half_tangent) & (tangent.abs() <= WIDEST_ATAN) & (point.along > 0.0);
    let longitude = LONGITUDE_0 + odd(arc, tangent).to_degrees();
    (longitude, panel.at(0, panel.place(half_tangent)), inside)
}

#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw", "x86_64+avx2"))]
fn forward_panel(plane: &Plane, panel: &Panel<2, 11>, chunk: &mut Chunk<'_>) -> bool {
    chunk.each(|x, y| forward_near(plane, panel, x, y))
}

#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw", "x86_64+avx2"))]
fn inverse_panel(plane: &Plane, panel: &Panel<1, 13>, arc: &ArcTangent, chunk: &mut Chunk<'_>) -> bool {
    chunk.each(|x, y| inverse_near(plane, panel, arc, x, y))
}

/// Snyder's q (eq. 3-12) from the sine of the latitude.
fn q(ellipsoid: &Ellipsoid, sin: f64) -> f64 {
    let Ellipsoid { e, e2, .. } = ellipsoid;
    (1.0 - e2) * (sin / (1.0 - e2 * sin * sin) + (e * sin).atanh() / e)
}

/// Sine of the latitude from q, by Newton's method.
fn sine_of_q(ellipsoid: &Ellipsoid, target: f64) -> f64 {
    let e2 = ellipsoid.e2;
    let mut sin = target / 2.0;
    for _ in 0..8 {
        let slope = 2.0 * (1.0 - e2) / (1.0 - e2 * sin * sin).powi(2);
        let step = (target - q(ellipsoid, sin)) / slope;
        sin += step;
        if step.abs() <= 1e-9 {
            break;
        }
    }
    sin.clamp(-1.0, 1.0)
}
