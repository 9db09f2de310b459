//! A choropleth of the IRIS of Lyon, from zones and values to the bytes of a picture.
use datagora_core::{Crs, Language, Measured as Value, Unit};
use datagora_geo::GeometryColumn;
use datagora_viz::{Captions, Choropleth, MapOptions, Method, View};

use super::made::DENSITIES;
use crate::digest::Digest;
use crate::inputs::Inputs;
use crate::measure::{Measured, Repeat};
use crate::task::Failure;

/// Classes of the map.
const CLASSES: usize = 6;
/// Width of the PNG, pixels.
const WIDTH: f64 = 1_800.0;

pub(super) fn svg(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    measure(inputs, repeat, &MapOptions::default(), to_svg)
}

pub(super) fn svg_alone(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    measure(inputs, repeat, &MapOptions::default().with_compact(false), to_svg)
}

pub(super) fn png(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    measure(inputs, repeat, &MapOptions::default(), to_png)
}

pub(super) fn png_alone(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    measure(inputs, repeat, &MapOptions::default().with_compact(false), to_png)
}

fn to_svg(view: &View) -> Result<Vec<u8>, Failure> {
    Ok(view.to_svg().into_bytes())
}

fn to_png(view: &View) -> Result<Vec<u8>, Failure> {
    Ok(view.to_png(WIDTH / view.scene().width())?)
}

/// Draws the map – for wide screens and, unless the options say otherwise, for narrow ones, with description and table – and writes
/// the wide one.
fn measure(
    inputs: &Inputs,
    repeat: &Repeat,
    options: &MapOptions,
    write: impl Fn(&View) -> Result<Vec<u8>, Failure>,
) -> Result<Measured, Failure> {
    let zones: GeometryColumn = inputs.polygons("iris", Crs::CC46)?;
    let names: Vec<String> = (0..zones.len()).map(|zone| format!("IRIS {zone}")).collect();
    let unit = Unit::of("{inhabitant}/km2");
    let values: Vec<Value> =
        inputs.numbers(DENSITIES)?.into_iter().map(|value| Value::new(value, unit.clone())).collect();
    let captions = Captions::new("density", "Where do people live?", Language::English);
    let operation = || {
        let map = Choropleth::new(&zones, &names, &values)
            .with_measure("Density of population")
            .with_method(Method::Quantile, CLASSES);
        let view = map.draw(options, &captions)?;
        Ok((write(&view)?, map.classify()?))
    };
    repeat.measure(operation, |(bytes, classes)| {
        eprintln!("{} bytes", bytes.len());
        let counts = classes.counts();
        Digest::default()
            .exact("zones", counts.iter().sum::<usize>())
            .number("bounds", classes.breaks().iter().sum())
    })
}
