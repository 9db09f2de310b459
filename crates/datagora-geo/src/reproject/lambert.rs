//! Lambert conformal conic with two standard parallels: Lambert-93 and the nine CC zones.
use multiversion::multiversion;

use super::ellipsoid::Ellipsoid;
use super::near::{ArcTangent, WIDEST_TURN, arc_tangent, odd, sin_cos};
use super::panels::{Panel, Panels};
use super::stage::{Chunk, HOME_LATITUDES, if_inside};

/// Snyder, J. P. (1987). Map Projections: A Working Manual. USGS Professional Paper 1395, p. 107–109; EPSG method 9802.
/// Parameters: IGN (NT/G 71 and the decree 2006-272 of 3 March 2006).
#[derive(Debug)]
pub(super) struct Lambert {
    ellipsoid: Ellipsoid,
    cone: Cone,
    /// Radius for ψ = 0, m.
    radius: f64,
    rho_of_latitude: Panels<1, TERMS>,
    latitude_of_rho: Panels<1, TERMS>,
}

const TERMS: usize = 13;

/// What the kernels need beside the panels.
#[derive(Clone, Copy, Debug)]
struct Cone {
    /// Sine of the cone.
    n: f64,
    /// Radius of the parallel of origin, m.
    rho_0: f64,
    x_0: f64,
    y_0: f64,
}

/// Central meridian of all French zones, degrees.
const LONGITUDE_0: f64 = 3.0;
/// South of it the cone goes to infinity; degrees.
const SOUTHERNMOST: f64 = -80.0;
/// Tangents of the angle at the pole up to which the series for its arc is used.
const NARROW: f64 = 0.3;

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
        let rho = |latitude: f64| radius * (-n * psi(latitude)).exp();
        let home = HOME_LATITUDES.map(rho);
        Lambert {
            ellipsoid,
            cone: Cone { n, rho_0: rho(latitude_0), x_0, y_0 },
            radius,
            rho_of_latitude: Panels::around(HOME_LATITUDES, SOUTHERNMOST + 5.0, 90.0),
            latitude_of_rho: Panels::around([home[1], home[0]], 0.0, 30_000_000.0),
        }
    }

    /// Radius of a parallel; latitude in degrees.
    fn rho(&self, latitude: f64) -> f64 {
        if (SOUTHERNMOST..=90.0).contains(&latitude) {
            self.radius * (-self.cone.n * self.ellipsoid.isometric(latitude.to_radians())).exp()
        } else {
            f64::NAN
        }
    }

    /// Latitude, in degrees, of a radius.
    fn latitude(&self, rho: f64) -> f64 {
        let psi = -(rho / self.radius).ln() / self.cone.n;
        let latitude = self.ellipsoid.latitude_of_isometric(psi).to_degrees();
        if rho == 0.0 {
            90.0
        } else if latitude >= SOUTHERNMOST - 1e-9 {
            latitude
        } else {
            f64::NAN
        }
    }

    fn panel_of_latitude(&self, latitude: f64) -> Option<&Panel<1, TERMS>> {
        self.rho_of_latitude.of(latitude, |latitude| [self.rho(latitude)])
    }

    fn panel_of_rho(&self, rho: f64) -> Option<&Panel<1, TERMS>> {
        self.latitude_of_rho.of(rho, |rho| [self.latitude(rho)])
    }

    /// Degrees to metres; whether a point was lost.
    pub(super) fn forward(&self, chunk: Chunk<'_>) -> bool {
        let panel = self.panel_of_latitude(chunk.typical().1);
        let kernel = panel.map(|panel| |chunk: &mut Chunk<'_>| forward_panel(&self.cone, panel, chunk));
        chunk.convert(kernel, |x, y| {
            let near = self.panel_of_latitude(y).map(|panel| forward_near(&self.cone, panel, x, y));
            near.and_then(if_inside).unwrap_or_else(|| self.forward_far(x, y))
        })
    }

    /// The closed form.
    fn forward_far(&self, x: f64, y: f64) -> (f64, f64) {
        if !super::is_longitude(x) {
            return (f64::NAN, f64::NAN);
        }
        let Cone { n, rho_0, x_0, y_0 } = self.cone;
        let turn = n * super::wrap_longitude(x - LONGITUDE_0).to_radians();
        let (rho, (sin, cos)) = (self.rho(y), turn.sin_cos());
        (x_0 + rho * sin, y_0 + rho_0 - rho * cos)
    }

    /// Metres to degrees; whether a point was lost.
    pub(super) fn inverse(&self, chunk: Chunk<'_>) -> bool {
        let arc = arc_tangent();
        let panel_of = |x, y| self.panel_of_rho(self.cone.polar(x, y).0);
        let (x, y) = chunk.typical();
        let kernel =
            panel_of(x, y).map(|panel| |chunk: &mut Chunk<'_>| inverse_panel(&self.cone, panel, arc, chunk));
        chunk.convert(kernel, |x, y| {
            let near = panel_of(x, y).map(|panel| inverse_near(&self.cone, panel, arc, x, y));
            near.and_then(if_inside).unwrap_or_else(|| self.inverse_far(x, y))
        })
    }

    /// The closed form.
    fn inverse_far(&self, x: f64, y: f64) -> (f64, f64) {
        let (rho, east, south) = self.cone.polar(x, y);
        let turn = east.atan2(south);
        // Beyond is the gap that the cone leaves when it is laid flat.
        if turn.abs() > self.cone.n * std::f64::consts::PI * (1.0 + 1e-12) {
            return (f64::NAN, f64::NAN);
        }
        let longitude = super::wrap_longitude(LONGITUDE_0 + turn * (1.0 / self.cone.n).to_degrees());
        (longitude, self.latitude(rho))
    }
}

impl Cone {
    /// Distance from the pole, with its parts to the east and to the south.
    #[inline(always)]
    fn polar(&self, x: f64, y: f64) -> (f64, f64, f64) {
        let (east, south) = (x - self.x_0, self.rho_0 - (y - self.y_0));
        ((east * east + south * south).sqrt(), east, south)
    }
}

#[inline(always)]
fn forward_near(cone: &Cone, panel: &Panel<1, TERMS>, x: f64, y: f64) -> (f64, f64, bool) {
    let turn = (x - LONGITUDE_0) * cone.n.to_radians();
    let (sin, cos) = sin_cos(turn);
    let rho = panel.at(0, panel.place(y));
    let inside = panel.contains(y) & (turn.abs() <= WIDEST_TURN);
    (cone.x_0 + rho * sin, cone.y_0 + cone.rho_0 - rho * cos, inside)
}

#[inline(always)]
fn inverse_near(cone: &Cone, panel: &Panel<1, TERMS>, arc: &ArcTangent, x: f64, y: f64) -> (f64, f64, bool) {
    let (rho, east, south) = cone.polar(x, y);
    let tangent = east / south;
    let inside = panel.contains(rho) & (tangent.abs() <= NARROW) & (south > 0.0);
    let longitude = LONGITUDE_0 + odd(arc, tangent) * (1.0 / cone.n).to_degrees();
    (longitude, panel.at(0, panel.place(rho)), inside)
}

#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw", "x86_64+avx2"))]
fn forward_panel(cone: &Cone, panel: &Panel<1, TERMS>, chunk: &mut Chunk<'_>) -> bool {
    chunk.each(|x, y| forward_near(cone, panel, x, y))
}

#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw", "x86_64+avx2"))]
fn inverse_panel(cone: &Cone, panel: &Panel<1, TERMS>, arc: &ArcTangent, chunk: &mut Chunk<'_>) -> bool {
    chunk.each(|x, y| inverse_near(cone, panel, arc, x, y))
}
