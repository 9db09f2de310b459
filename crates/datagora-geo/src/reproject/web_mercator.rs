//! Web Mercator: the spherical formula on coordinates of the ellipsoid.
use super::panels::Panels;

/// EPSG method 1024 (IOGP Guidance Note 7-2, “Popular Visualisation Pseudo-Mercator”).
#[derive(Debug)]
pub(super) struct WebMercator {
    northing_of_latitude: Panels,
    latitude_of_northing: Panels,
}

const RADIUS: f64 = 6_378_137.0;
/// Towards the poles northings go to infinity; degrees.
const NORTHERNMOST: f64 = 89.99;

impl WebMercator {
    pub(super) fn new() -> Self {
        WebMercator {
            northing_of_latitude: Panels::new(-90.0, 4.0, 45),
            latitude_of_northing: Panels::new(-20_000_000.0, 500_000.0, 80),
        }
    }

    /// Degrees to metres, in place.
    pub(super) fn forward(&self, x: &mut [f64], y: &mut [f64]) {
        for (x, y) in x.iter_mut().zip(y.iter_mut()) {
            if !(super::is_longitude(*x) && y.abs() <= NORTHERNMOST) {
                *y = f64::NAN;
            }
            *x = RADIUS * x.to_radians();
        }
        self.northing_of_latitude.map(y, |latitude| RADIUS * latitude.to_radians().tan().asinh());
    }

    /// Metres to degrees, in place.
    pub(super) fn inverse(&self, x: &mut [f64], y: &mut [f64]) {
        for x in x.iter_mut() {
            let longitude = (*x / RADIUS).to_degrees();
            *x = if super::is_longitude(longitude) { longitude } else { f64::NAN };
        }
        self.latitude_of_northing.map(y, |northing| {
            let latitude = (northing / RADIUS).sinh().atan().to_degrees();
            if latitude.abs() <= NORTHERNMOST + 1e-9 { latitude } else { f64::NAN }
        });
    }
}
