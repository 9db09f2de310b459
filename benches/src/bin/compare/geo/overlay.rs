//! Surfaces laid over surfaces.
use datagora_core::Crs;
use datagora_geo::overlaps;
use geo::{Area, BooleanOps, BoundingRect, MultiPolygon};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{RTree, RTreeObject};

use crate::digest::Digest;
use crate::inputs::Inputs;
use crate::measure::{Measured, Repeat};
use crate::task::Failure;

/// Sum of the shared areas and of their squares.
fn digest(areas: impl Iterator<Item = f64>) -> Digest {
    let (sum, squares) = areas.fold((0.0, 0.0), |(sum, squares), a| (sum + a, squares + a * a));
    Digest::default().number("area", sum).number("squares", squares)
}

pub(super) fn strata(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    clip("strata", inputs, repeat)
}

pub(super) fn parks(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    clip("parks", inputs, repeat)
}

fn clip(layer: &str, inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let shapes = inputs.polygons(layer, Crs::CC46)?;
    let communes = inputs.polygons("limits", Crs::CC46)?;
    repeat.measure(|| Ok(overlaps(&shapes, &communes)?), |found| digest(found.iter().map(|pair| pair.area)))
}

pub(super) fn strata_by_geo(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    clip_by_geo("strata", inputs, repeat)
}

pub(super) fn parks_by_geo(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    clip_by_geo("parks", inputs, repeat)
}

/// Boolean operations of the `geo` crate on the pairs whose rectangles meet.
fn clip_by_geo(layer: &str, inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let shapes = inputs.multi_polygons(layer)?;
    let communes = inputs.multi_polygons("limits")?;
    let boxed = |(row, surface): (usize, &MultiPolygon)| {
        let bounds = surface.bounding_rect()?;
        let corners: Rectangle<[f64; 2]> = Rectangle::from_corners(bounds.min().into(), bounds.max().into());
        Some(GeomWithData::new(corners, row))
    };
    let operation = || {
        let tree = RTree::bulk_load(communes.iter().enumerate().filter_map(boxed).collect());
        let mut areas = Vec::new();
        for (row, shape) in shapes.iter().enumerate() {
            let Some(corners) = boxed((row, shape)) else { continue };
            for commune in tree.locate_in_envelope_intersecting(&corners.envelope()) {
                areas.push(shape.intersection(&communes[commune.data]).unsigned_area());
            }
        }
        Ok(areas)
    };
    repeat.measure(operation, |areas| digest(areas.iter().copied()))
}
