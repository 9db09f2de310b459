//! Lambert azimuthal equal-area: the projection of European statistics.
use super::ellipsoid::Ellipsoid;

/// ETRS89 / LAEA Europe.
///
/// Snyder, J. P. (1987). Map Projections: A Working Manual. USGS Professional Paper 1395, p. 187–190; EPSG method 9820.
#[derive(Debug)]
pub(super) struct EqualArea {
    ellipsoid: Ellipsoid,
    /// q at the pole.
    q_pole: f64,
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
        EqualArea { ellipsoid, q_pole, radius, sin_beta_0, cos_beta_0, d }
    }

    /// Degrees to metres, in place.
    pub(super) fn forward(&self, x: &mut [f64], y: &mut [f64]) {
        for (x, y) in x.iter_mut().zip(y) {
            let inside = super::is_longitude(*x) && y.abs() <= 90.0;
            let (sin_turn, cos_turn) = (*x - LONGITUDE_0).to_radians().sin_cos();
            let sin_beta = (q(&self.ellipsoid, y.to_radians().sin()) / self.q_pole).clamp(-1.0, 1.0);
            let cos_beta = ((1.0 - sin_beta) * (1.0 + sin_beta)).sqrt();
            let across = 1.0 + self.sin_beta_0 * sin_beta + self.cos_beta_0 * cos_beta * cos_turn;
            if !(inside && across > 1e-6) {
                // The antipode is a circle on the map.
                (*x, *y) = (f64::NAN, f64::NAN);
                continue;
            }
            let b = self.radius * (2.0 / across).sqrt();
            *x = X_0 + b * self.d * cos_beta * sin_turn;
            *y = Y_0 + b / self.d * (self.cos_beta_0 * sin_beta - self.sin_beta_0 * cos_beta * cos_turn);
        }
    }

    /// Metres to degrees, in place.
    pub(super) fn inverse(&self, x: &mut [f64], y: &mut [f64]) {
        for (x, y) in x.iter_mut().zip(y) {
            let (east, north) = ((*x - X_0) / self.d, (*y - Y_0) * self.d);
            let rho = east.hypot(north);
            let half_sine = rho / (2.0 * self.radius);
            if half_sine.is_nan() || half_sine >= 1.0 {
                (*x, *y) = (f64::NAN, f64::NAN);
                continue;
            }
            if rho == 0.0 {
                (*x, *y) = (LONGITUDE_0, LATITUDE_0);
                continue;
            }
            let (sin, cos) = (2.0 * half_sine.asin()).sin_cos();
            let sin_beta = cos * self.sin_beta_0 + north * sin * self.cos_beta_0 / rho;
            let turn = (east * sin).atan2(rho * self.cos_beta_0 * cos - north * self.sin_beta_0 * sin);
            *x = super::wrap_longitude(LONGITUDE_0 + turn.to_degrees());
            *y = sine_of_q(&self.ellipsoid, self.q_pole * sin_beta).asin().to_degrees();
        }
    }
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
