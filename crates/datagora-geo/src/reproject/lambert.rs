//! Lambert conformal conic with two standard parallels: Lambert-93 and the nine CC zones.
use super::ellipsoid::Ellipsoid;
use super::panels::Panels;

/// Snyder, J. P. (1987). Map Projections: A Working Manual. USGS Professional Paper 1395, p. 107–109; EPSG method 9802.
/// Parameters: IGN (NT/G 71 and the decree 2006-272 of 3 March 2006).
#[derive(Debug)]
pub(super) struct Lambert {
    ellipsoid: Ellipsoid,
    /// Sine of the cone.
    n: f64,
    /// Radius for ψ = 0, m.
    radius: f64,
    /// Radius of the parallel of origin, m.
    rho_0: f64,
    x_0: f64,
    y_0: f64,
    rho_of_latitude: Panels,
    latitude_of_rho: Panels,
    atan_ratio: Panels,
}

/// Central meridian of all French zones, degrees.
const LONGITUDE_0: f64 = 3.0;
/// South of it the cone goes to infinity; degrees.
const SOUTHERNMOST: f64 = -80.0;
/// Angles (radians) and tangents up to which series are used instead of the library's functions.
const NARROW: f64 = 0.25;

impl Lambert {
    /// RGF93 / Lambert-93.
    pub(super) fn lambert_93() -> Self {
        Self::new(46.5, [44.0, 49.0], 700_000.0, 6_600_000.0)
    }

    /// RGF93 / CC42 to CC50: one zone per degree, 0.75° between the origin and each standard parallel.
    pub(super) fn conique_conforme(zone: u32) -> Self {
        let latitude = f64::from(zone);
        let northing = f64::from(zone - 41) * 1_000_000.0 + 200_000.0;
        Self::new(latitude, [latitude - 0.75, latitude + 0.75], 1_700_000.0, northing)
    }

    fn new(latitude_0: f64, parallels: [f64; 2], x_0: f64, y_0: f64) -> Self {
        let ellipsoid = Ellipsoid::grs80();
        let ln_m = |latitude: f64| {
            let (sin, cos) = latitude.to_radians().sin_cos();
            (cos / (1.0 - ellipsoid.e2 * sin * sin).sqrt()).ln()
        };
        let psi = |latitude: f64| ellipsoid.isometric(latitude.to_radians());
        let [south, north] = parallels;
        let n = (ln_m(south) - ln_m(north)) / (psi(north) - psi(south));
        let radius = ellipsoid.a * (ln_m(south) + n * psi(south)).exp() / n;
        Lambert {
            ellipsoid,
            n,
            radius,
            rho_0: radius * (-n * psi(latitude_0)).exp(),
            x_0,
            y_0,
            rho_of_latitude: Panels::new(-90.0, 4.0, 45),
            latitude_of_rho: Panels::new(0.0, 500_000.0, 60),
            atan_ratio: Panels::new(0.0, NARROW * NARROW, 1),
        }
    }

    /// Radius of a parallel; latitude in degrees.
    fn rho(&self, latitude: f64) -> f64 {
        if (SOUTHERNMOST..=90.0).contains(&latitude) {
            self.radius * (-self.n * self.ellipsoid.isometric(latitude.to_radians())).exp()
        } else {
            f64::NAN
        }
    }

    /// Latitude, in degrees, of a radius.
    fn latitude(&self, rho: f64) -> f64 {
        let psi = -(rho / self.radius).ln() / self.n;
        let latitude = self.ellipsoid.latitude_of_isometric(psi).to_degrees();
        if rho == 0.0 {
            90.0
        } else if latitude >= SOUTHERNMOST - 1e-9 {
            latitude
        } else {
            f64::NAN
        }
    }

    /// Degrees to metres, in place.
    pub(super) fn forward(&self, x: &mut [f64], y: &mut [f64]) {
        // Panels reach beyond the domain, whose border is within one of them.
        for (longitude, latitude) in x.iter().zip(y.iter_mut()) {
            if !(super::is_longitude(*longitude) && (SOUTHERNMOST..=90.0).contains(latitude)) {
                *latitude = f64::NAN;
            }
        }
        self.rho_of_latitude.map(y, |latitude| self.rho(latitude));
        let scale = self.n.to_radians();
        let turn = |longitude: f64| (longitude - LONGITUDE_0) * scale;
        let narrow = x.iter().all(|&longitude| turn(longitude).abs() <= NARROW);
        for (x, y) in x.iter_mut().zip(y) {
            let (sin, cos) = if narrow { sin_cos_near_zero(turn(*x)) } else { self.sin_cos(*x, turn(*x)) };
            *x = self.x_0 + *y * sin;
            *y = self.y_0 + self.rho_0 - *y * cos;
        }
    }

    fn sin_cos(&self, longitude: f64, turn: f64) -> (f64, f64) {
        if turn.abs() <= NARROW {
            return sin_cos_near_zero(turn);
        }
        let wrapped = super::wrap_longitude(longitude - LONGITUDE_0);
        (self.n * wrapped.to_radians()).sin_cos()
    }

    /// Metres to degrees, in place.
    pub(super) fn inverse(&self, x: &mut [f64], y: &mut [f64]) {
        let to_degrees = (1.0 / self.n).to_degrees();
        let mut squares = [0.0; super::CHUNK];
        let squares = &mut squares[..x.len()];
        for ((x, y), square) in x.iter_mut().zip(y.iter_mut()).zip(squares.iter_mut()) {
            let (east, south) = (*x - self.x_0, self.rho_0 - (*y - self.y_0));
            *y = (east * east + south * south).sqrt();
            *x = east / south;
            // A ratio that the series is not for, or a point beyond the pole, is marked by its sign.
            *square = if south > 0.0 && x.abs() <= NARROW { *x * *x } else { -1.0 };
            if *square < 0.0 {
                let turn = east.atan2(south);
                let inside = turn.abs() <= self.n * std::f64::consts::PI * (1.0 + 1e-12);
                *x = if inside { turn } else { f64::NAN };
            }
        }
        self.atan_ratio.map(
            squares,
            |square| {
                if square <= 0.0 { 1.0 } else { square.sqrt().atan() / square.sqrt() }
            },
        );
        for (x, ratio) in x.iter_mut().zip(squares.iter()) {
            *x = super::wrap_longitude(LONGITUDE_0 + *x * ratio * to_degrees);
        }
        self.latitude_of_rho.map(y, |rho| self.latitude(rho));
    }
}

/// Taylor series; the remainder is below 1e-17 up to `NARROW`.
fn sin_cos_near_zero(t: f64) -> (f64, f64) {
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
