//! Web Mercator: the spherical formula on coordinates of the ellipsoid.
use multiversion::multiversion;

use super::panels::{Panel, Panels};
use super::stage::{Chunk, HOME_LATITUDES, if_inside};

/// EPSG method 1024 (IOGP Guidance Note 7-2, “Popular Visualisation Pseudo-Mercator”).
#[derive(Debug)]
pub(super) struct WebMercator {
    northing_of_latitude: Panels<1, TERMS>,
    latitude_of_northing: Panels<1, TERMS>,
}

const TERMS: usize = 15;
const RADIUS: f64 = 6_378_137.0;
/// Towards the poles northings go to infinity; degrees.
const NORTHERNMOST: f64 = 89.99;

impl WebMercator {
    pub(super) fn new() -> Self {
        let home = HOME_LATITUDES.map(northing);
        WebMercator {
            northing_of_latitude: Panels::around(HOME_LATITUDES, -90.0, 90.0),
            latitude_of_northing: Panels::around(home, -20_000_000.0, 20_000_000.0),
        }
    }

    fn panel_of_latitude(&self, y: f64) -> Option<&Panel<1, TERMS>> {
        self.northing_of_latitude.of(y, |latitude| [northing(latitude)])
    }

    fn panel_of_northing(&self, y: f64) -> Option<&Panel<1, TERMS>> {
        self.latitude_of_northing.of(y, |northing| [latitude(northing)])
    }

    /// Degrees to metres; whether a point was lost.
    pub(super) fn forward(&self, chunk: Chunk<'_>) -> bool {
        let panel = self.panel_of_latitude(chunk.typical().1);
        let kernel = panel.map(|panel| |chunk: &mut Chunk<'_>| forward_panel(panel, chunk));
        chunk.convert(kernel, |x, y| {
            let near = self.panel_of_latitude(y).map(|panel| forward_near(panel, x, y));
            let far = || (if super::is_longitude(x) { easting(x) } else { f64::NAN }, northing(y));
            near.and_then(if_inside).unwrap_or_else(far)
        })
    }

    /// Metres to degrees; whether a point was lost.
    pub(super) fn inverse(&self, chunk: Chunk<'_>) -> bool {
        let panel = self.panel_of_northing(chunk.typical().1);
        let kernel = panel.map(|panel| |chunk: &mut Chunk<'_>| inverse_panel(panel, chunk));
        chunk.convert(kernel, |x, y| {
            let near = self.panel_of_northing(y).map(|panel| inverse_near(panel, x, y));
            let longitude = longitude(x);
            let far = || (if super::is_longitude(longitude) { longitude } else { f64::NAN }, latitude(y));
            near.and_then(if_inside).unwrap_or_else(far)
        })
    }
}

#[inline(always)]
fn easting(longitude: f64) -> f64 {
    RADIUS * longitude.to_radians()
}

#[inline(always)]
fn longitude(easting: f64) -> f64 {
    (easting / RADIUS).to_degrees()
}

fn northing(latitude: f64) -> f64 {
    if latitude.abs() <= NORTHERNMOST { RADIUS * latitude.to_radians().tan().asinh() } else { f64::NAN }
}

fn latitude(northing: f64) -> f64 {
    let latitude = (northing / RADIUS).sinh().atan().to_degrees();
    if latitude.abs() <= NORTHERNMOST + 1e-9 { latitude } else { f64::NAN }
}

#[inline(always)]
fn forward_near(panel: &Panel<1, TERMS>, x: f64, y: f64) -> (f64, f64, bool) {
    (easting(x), panel.at(0, panel.place(y)), panel.contains(y) & super::is_longitude(x))
}

#[inline(always)]
fn inverse_near(panel: &Panel<1, TERMS>, x: f64, y: f64) -> (f64, f64, bool) {
    let longitude = longitude(x);
    (longitude, panel.at(0, panel.place(y)), panel.contains(y) & super::is_longitude(longitude))
}

#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw", "x86_64+avx2"))]
fn forward_panel(panel: &Panel<1, TERMS>, chunk: &mut Chunk<'_>) -> bool {
    chunk.each(|x, y| forward_near(panel, x, y))
}

#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw", "x86_64+avx2"))]
fn inverse_panel(panel: &Panel<1, TERMS>, chunk: &mut Chunk<'_>) -> bool {
    chunk.each(|x, y| inverse_near(panel, x, y))
}
