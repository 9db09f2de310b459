//! Canopy by zone by our kernels.
use datagora_core::Crs;
use datagora_indicators::greening::{Canopy, CanopyCover};

use crate::digest::Digest;
use crate::inputs::Inputs;
use crate::measure::{Measured, Repeat};
use crate::task::Failure;

/// Sums of the areas under canopy, of their squares, and by place.
fn digest(covers: &[CanopyCover]) -> Digest {
    let (mut sum, mut squares, mut placed) = (0.0, 0.0, 0.0);
    for (zone, cover) in covers.iter().enumerate() {
        let area = cover.area.value().unwrap_or(f64::NAN);
        sum += area;
        squares += area * area;
        placed += area * (zone % 1009 + 1) as f64;
    }
    Digest::default().number("area", sum).number("squares", squares).number("placed", placed)
}

pub(super) fn of_polygons(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let canopy = inputs.polygons("canopy", Crs::CC46)?;
    let zones = inputs.polygons("green_iris", Crs::CC46)?;
    repeat.measure(|| Ok(Canopy::of_polygons(&canopy)?.by_zone(&zones, None)?), |covers| digest(covers))
}

pub(super) fn of_crowns(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let trunks = inputs.points("green_trees", Crs::CC46)?;
    let radii = inputs.numbers("green_trees.radius")?;
    let zones = inputs.polygons("green_iris", Crs::CC46)?;
    repeat.measure(|| Ok(Canopy::of_crowns(&trunks, &radii)?.by_zone(&zones, None)?), |covers| digest(covers))
}
