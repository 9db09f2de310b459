//! The ground within a distance.
use datagora_core::Crs;
use datagora_geo::{BufferOptions, GeometryColumn, Metric, area, buffer};
use geo::algorithm::buffer::{Buffer, BufferStyle, LineCap, LineJoin};
use geo::{Area, Point};

use crate::digest::Digest;
use crate::inputs::Inputs;
use crate::measure::{Measured, Repeat};
use crate::task::Failure;

/// Metres around parks and around trees.
const PARKS: f64 = 50.0;
const TREES: f64 = 5.0;

/// Sum of the areas and of their squares.
fn digest(areas: impl Iterator<Item = f64>) -> Digest {
    let (sum, squares) = areas.fold((0.0, 0.0), |(sum, squares), a| (sum + a, squares + a * a));
    Digest::default().number("area", sum).number("squares", squares)
}

pub(super) fn parks(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    widen(&inputs.polygons("parks", Crs::CC46)?, PARKS, repeat)
}

pub(super) fn trees(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    widen(&inputs.points("trees", Crs::CC46)?, TREES, repeat)
}

fn widen(column: &GeometryColumn, distance: f64, repeat: &Repeat) -> Result<Measured, Failure> {
    let operation = || Ok(buffer(column, distance, &BufferOptions::default())?);
    repeat.measure(operation, |made| digest(area(made, Metric::Planar).unwrap_or_default().into_iter()))
}

pub(super) fn parks_by_geo(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    widen_by_geo(&inputs.multi_polygons("parks")?, PARKS, repeat)
}

pub(super) fn trees_by_geo(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let (x, y) = inputs.coordinates("trees")?;
    let trees: Vec<Point> = x.into_iter().zip(y).map(Point::from).collect();
    widen_by_geo(&trees, TREES, repeat)
}

/// Buffers of the `geo` crate, with as many chords.
fn widen_by_geo(
    rows: &[impl Buffer<Scalar = f64>],
    distance: f64,
    repeat: &Repeat,
) -> Result<Measured, Failure> {
    let chord = std::f64::consts::FRAC_PI_2 / 16.0;
    let style = BufferStyle::new(distance).line_cap(LineCap::Round(chord)).line_join(LineJoin::Round(chord));
    let operation = || Ok(rows.iter().map(|row| row.buffer_with_style(style.clone())).collect::<Vec<_>>());
    repeat.measure(operation, |made| digest(made.iter().map(Area::unsigned_area)))
}
