//! Vegetation index by zone by our kernels.
use datagora_core::{Crs, Measured as Value};
use datagora_geo::{Band, Grid, Raster};
use datagora_indicators::heat::{GREEN_NDVI, Radiometry, ZoneVegetation, ndvi, vegetation_by_zone};

use super::made::PIXEL;
use crate::digest::Digest;
use crate::inputs::Inputs;
use crate::measure::{Measured, Repeat};
use crate::task::Failure;

pub(super) fn index(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let about = inputs.numbers("reflectance_grid")?;
    let [west, north, columns, rows] = about[..] else { return Err("a grid of four numbers".into()) };
    let grid = Grid::new([west, north], [PIXEL; 2], columns as usize, rows as usize, Crs::CC46)?;
    let (red, nir) = (Band::new(inputs.numbers("red")?), Band::new(inputs.numbers("nir")?));
    let zones = inputs.polygons("green_iris", Crs::CC46)?;
    let operation = || {
        let index = ndvi(&red, &nir, Radiometry::Reflectance)?;
        let index = Raster::new(grid.clone(), [index.band])?;
        Ok(vegetation_by_zone(&index, &zones, GREEN_NDVI, &[])?)
    };
    repeat.measure(operation, |found| {
        let sum = |of: fn(&ZoneVegetation) -> &Value| {
            found.iter().map(|zone| of(zone).value().unwrap_or(f64::NAN)).sum()
        };
        Digest::default()
            .number("mean", sum(|zone| &zone.mean))
            .number("median", sum(|zone| &zone.median))
            .number("green_share", sum(|zone| &zone.green_share))
            .number("completeness", found.iter().map(|zone| zone.mean.completeness()).sum())
    })
}
