//! Ellipsoids, and the latitudes that projections use.

/// An ellipsoid of revolution.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ellipsoid {
    /// Equatorial radius, m.
    pub(super) a: f64,
    /// Third flattening.
    pub(super) n: f64,
    /// Square of the eccentricity.
    pub(super) e2: f64,
    /// Eccentricity.
    pub(super) e: f64,
}

impl Ellipsoid {
    /// Ellipsoid of RGF93 and ETRS89. Moritz, H. (2000). Geodetic Reference System 1980. J. Geodesy 74, 128–133.
    pub(super) fn grs80() -> Self {
        Self::new(6_378_137.0, 298.257_222_101)
    }

    /// NGA.STND.0036 (2014). World Geodetic System 1984, table 3.1.
    pub(super) fn wgs84() -> Self {
        Self::new(6_378_137.0, 298.257_223_563)
    }

    fn new(a: f64, inverse_flattening: f64) -> Self {
        let f = 1.0 / inverse_flattening;
        let e2 = f * (2.0 - f);
        Ellipsoid { a, n: f / (2.0 - f), e2, e: e2.sqrt() }
    }

    /// Isometric latitude ψ of a latitude, both in radians. Snyder (1987), eq. 3-8.
    pub(super) fn isometric(&self, latitude: f64) -> f64 {
        latitude.tan().asinh() - self.e * (self.e * latitude.sin()).atanh()
    }

    /// Latitude, in radians, of an isometric latitude.
    pub(super) fn latitude_of_isometric(&self, psi: f64) -> f64 {
        self.geodetic_tangent(psi.sinh()).atan()
    }

    /// Tangent of the conformal latitude from that of the latitude. Karney (2011), eq. 7–9.
    pub(super) fn conformal_tangent(&self, tau: f64) -> f64 {
        let sigma = (self.e * (self.e * tau / tau.hypot(1.0)).atanh()).sinh();
        tau * sigma.hypot(1.0) - sigma * tau.hypot(1.0)
    }

    /// Tangent of the latitude from that of the conformal latitude, by Newton's method. Karney (2011), eq. 19–21.
    pub(super) fn geodetic_tangent(&self, conformal: f64) -> f64 {
        let e2m = 1.0 - self.e2;
        let mut tau = conformal / e2m;
        // Converges quadratically: after a step of 1e-9 nothing is left to do. The bound is for input that is no number.
        for _ in 0..8 {
            let current = self.conformal_tangent(tau);
            let step =
                (conformal - current) / current.hypot(1.0) * (1.0 + e2m * tau * tau) / (e2m * tau.hypot(1.0));
            tau += step;
            if step.abs() <= 1e-9 * tau.abs().max(1.0) {
                break;
            }
        }
        tau
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latitudes_return() {
        let ellipsoid = Ellipsoid::grs80();
        for tenth in -899..900 {
            let latitude = (f64::from(tenth) / 10.0).to_radians();
            let back = ellipsoid.latitude_of_isometric(ellipsoid.isometric(latitude));
            assert!((back - latitude).abs() < 1e-14, "{latitude}: {back}");
        }
    }
}
