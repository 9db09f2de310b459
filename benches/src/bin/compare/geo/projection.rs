//! Change of CRS.
use std::cell::RefCell;

use datagora_core::Crs;
use datagora_geo::Transform;
use rayon::prelude::*;

use crate::digest::Digest;
use crate::inputs::Inputs;
use crate::measure::{Measured, Repeat};
use crate::task::Failure;

/// The first point and the mean.
fn digest(x: &[f64], y: &[f64]) -> Digest {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let digest = Digest::default().number("x0", x[0]).number("y0", y[0]);
    digest.number("x", mean(x)).number("y", mean(y))
}

pub(super) fn to_lambert_93(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    to(&Crs::LAMBERT_93, inputs, repeat)
}

pub(super) fn to_cc46(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    to(&Crs::CC46, inputs, repeat)
}

/// As PROJ does through pyproj: new buffers for the result.
fn to(crs: &Crs, inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let (longitude, latitude) = inputs.coordinates("places")?;
    let operation = || Ok(Transform::between(&Crs::WGS84, crs)?.convert(&longitude, &latitude)?);
    repeat.measure(operation, |(x, y)| digest(x, y))
}

pub(super) fn to_lambert_93_into(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    into_buffers(&Crs::LAMBERT_93, inputs, repeat)
}

pub(super) fn to_cc46_into(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    into_buffers(&Crs::CC46, inputs, repeat)
}

/// Batch after batch into the same memory, which the system need not hand out anew.
fn into_buffers(crs: &Crs, inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let (longitude, latitude) = inputs.coordinates("places")?;
    let buffers = RefCell::new((vec![0.0; longitude.len()], vec![0.0; latitude.len()]));
    let operation = || {
        let (x, y) = &mut *buffers.borrow_mut();
        Ok(Transform::between(&Crs::WGS84, crs)?.convert_into(&longitude, &latitude, x, y)?)
    };
    repeat.measure(operation, |()| {
        let (x, y) = &*buffers.borrow();
        digest(x, y)
    })
}

pub(super) fn to_lambert_93_by_proj4rs(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let conic = "+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000";
    to_by_proj4rs(conic, inputs, repeat)
}

pub(super) fn to_cc46_by_proj4rs(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let conic = "+proj=lcc +lat_0=46 +lon_0=3 +lat_1=45.25 +lat_2=46.75 +x_0=1700000 +y_0=5200000";
    to_by_proj4rs(conic, inputs, repeat)
}

fn to_by_proj4rs(conic: &str, inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let (longitude, latitude) = inputs.coordinates("places")?;
    let ellipsoid = "+ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +units=m +no_defs";
    let refused = |error: proj4rs::errors::Error| Failure::from(format!("proj4rs: {error:?}"));
    let to = proj4rs::Proj::from_proj_string(&format!("{conic} {ellipsoid}")).map_err(refused)?;
    let from = proj4rs::Proj::from_proj_string("+proj=longlat +ellps=WGS84 +datum=WGS84 +no_defs");
    let from = from.map_err(refused)?;
    let operation = || {
        let mut places = vec![(0.0, 0.0); longitude.len()];
        let columns = longitude.par_iter().zip(&latitude).with_min_len(1 << 16);
        let failed = places.par_iter_mut().zip(columns).with_min_len(1 << 16).any(|(place, (x, y))| {
            *place = (x.to_radians(), y.to_radians());
            proj4rs::transform::transform(&from, &to, place).is_err()
        });
        match failed {
            true => Err(Failure::from("proj4rs refused a point")),
            false => Ok(places.into_iter().unzip()),
        }
    };
    repeat.measure(operation, |(x, y): &(Vec<f64>, Vec<f64>)| digest(x, y))
}
