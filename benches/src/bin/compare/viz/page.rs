//! A million features, and a thousand zones through time, as interactive maps in one file; the pages are left beside the inputs, for
//! `benches/page.mjs`.
use datagora_core::{Crs, Language, Measured as Value, Unit};
use datagora_geo::GeometryColumn;
use datagora_geo::types::{Geometry, LineString, Polygon, Rect, coord};
use datagora_viz::{
    AttributeValues, Captions, Choropleth, CircleSizes, Column, Field, MapOptions, Method, Palette,
    StepValues, TileLayer, TileSet, TimeAxis, View, WebLayer, WebMap, WebSource, classify,
};

use super::made;
use crate::digest::Digest;
use crate::inputs::Inputs;
use crate::measure::{Measured, Repeat};
use crate::task::Failure;

/// Bytes of a page at most.
const LIMIT: usize = 20_000_000;

pub(super) fn points(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    page(inputs, repeat, "points", &inputs.points("tiles_points", Crs::CC46)?)
}

pub(super) fn polygons(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    page(inputs, repeat, "polygons", &inputs.polygons("tiles_polygons", Crs::CC46)?)
}

fn page(inputs: &Inputs, repeat: &Repeat, name: &str, column: &GeometryColumn) -> Result<Measured, Failure> {
    let heights = inputs.numbers(&format!("tiles_{name}.height"))?;
    let kinds = inputs.numbers(&format!("tiles_{name}.kind"))?;
    let path = inputs.path(&format!("page_{name}.html"));
    let operation = || -> Result<usize, Failure> {
        // The highest zoom has all; a map shows it magnified beyond, 30 m as 18 units of the tile.
        let layer = TileLayer::new("features", column)
            .with_zooms(6..=12)
            .with_attribute("height", AttributeValues::rounded(heights.clone(), 0.1))
            .with_attribute("kind", kinds.clone());
        let archive = TileSet::new(name).with_layer(layer).build()?;
        let classes = classify(&heights, 5, &Method::EqualInterval)?;
        let (id, title) = ("heights", "Heights");
        let layer = match name {
            "points" => WebLayer::circles(id, "features", title, 2.0),
            _ => WebLayer::surfaces(id, "features", title),
        };
        let layer = layer
            .with_part("features")
            .with_feature_word(if name == "points" { "points" } else { "squares" })
            .with_classes("height", classes, Palette::default(), Unit::METRE)
            .with_field(Field::number("height", "Height", Unit::METRE, 1))
            .with_field(Field::number("kind", "Kind", Unit::ONE, 0));
        let html = WebMap::new(still(name)?)
            .with_source("features", WebSource::tiles(archive.to_bytes())?)
            .with_layer(layer)
            .to_html()?;
        std::fs::write(&path, &html)?;
        eprintln!("{} tiles, {} bytes; page of {} bytes", archive.len(), archive.byte_len(), html.len());
        for said in archive.thinning() {
            eprintln!("{said:?}");
        }
        Ok(html.len())
    };
    repeat.measure(operation, |&bytes| Digest::default().exact("within_limit", bytes <= LIMIT))
}

/// Zones along each side and steps of time of the page that plays.
const SIDES: [usize; 2] = [40, 25];
const STEPS: usize = 120;

/// A thousand zones of 60 corners that change colour, and a circle in each that changes size, through 120 steps.
pub(super) fn steps(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let [across, up] = SIDES;
    let zone = |k: usize| -> Geometry { Polygon::new(outline(k % across, k / across), Vec::new()).into() };
    let zones = GeometryColumn::new((0..across * up).map(zone), Crs::CC46);
    let names: Vec<String> = (1..=zones.len()).map(|k| format!("Zone {k}")).collect();
    let middle = |k: usize, corner: f64| corner + SIDE * (k as f64 + 0.5);
    let (x, y) = (0..zones.len())
        .map(|k| (middle(k % across, made::CORNER[0]), middle(k / across, made::CORNER[1])))
        .unzip();
    let middles = GeometryColumn::points(x, y, Crs::CC46);
    // A wave that runs through the city once a day, told in tenths.
    let wave = |step: usize, k: usize| {
        let turn = step as f64 / 24.0 + (k % across) as f64 / 40.0 + (k / across) as f64 / 70.0;
        (400.0 + 300.0 * (turn * std::f64::consts::TAU).sin()).round() / 10.0
    };
    let values = |scale: f64| {
        StepValues::new((0..STEPS).map(|step| (0..zones.len()).map(|k| scale * wave(step, k)).collect()), 1)
    };
    let path = inputs.path("page_steps.html");
    let operation = || -> Result<usize, Failure> {
        let (speeds, vehicles) = (values(1.0), values(20.0));
        let classes = classify(&speeds.all(), 6, &Method::EqualInterval)?;
        let name = [Column::text("name", names.iter().cloned())];
        let html = WebMap::new(still("zones")?)
            .with_source("zones", WebSource::features(&zones, &name)?)
            .with_source("middles", WebSource::features(&middles, &name)?)
            .with_layer(
                WebLayer::surfaces("speed", "zones", "Speed")
                    .with_step_classes(speeds, classes, Palette::default(), Unit::of("km/h"))
                    .with_heading("name"),
            )
            .with_layer(
                WebLayer::sized_circles(
                    "vehicles",
                    "middles",
                    "Vehicles",
                    CircleSizes::proportional_steps(vehicles, Unit::of("{vehicle}")).with_largest_radius(9.0),
                )
                .with_heading("name")
                .hidden(),
            )
            .with_time(TimeAxis::new("Hour", (0..STEPS).map(|step| format!("{step}:00"))).with_pace(10.0))
            .to_html()?;
        std::fs::write(&path, &html)?;
        eprintln!("page of {} bytes", html.len());
        Ok(html.len())
    };
    repeat.measure(operation, |&bytes| Digest::default().exact("within_limit", bytes <= LIMIT))
}

/// Side of a zone, m.
const SIDE: f64 = 750.0;

/// The outline of a zone with 15 corners along each side, on waves that its neighbours share.
fn outline(column: usize, row: usize) -> LineString {
    let [x, y] = [(column, made::CORNER[0]), (row, made::CORNER[1])].map(|(k, from)| from + SIDE * k as f64);
    let parts = || (0..15).map(|part| f64::from(part) / 15.0);
    let bend = |t: f64| 40.0 * (t * std::f64::consts::TAU).sin();
    let south = parts().map(|t| coord! { x: x + SIDE * t, y: y + bend(t) });
    let east = parts().map(|t| coord! { x: x + SIDE + bend(t), y: y + SIDE * t });
    let north = parts().map(|t| coord! { x: x + SIDE * (1.0 - t), y: y + SIDE + bend(1.0 - t) });
    let west = parts().map(|t| coord! { x: x + bend(1.0 - t), y: y + SIDE * (1.0 - t) });
    south.chain(east).chain(north).chain(west).collect()
}

/// What stands for the map on paper: the means of quarters.
fn still(name: &str) -> Result<View, Failure> {
    let quarter = |k: u32| -> Geometry {
        let (x, y) =
            (made::CORNER[0] + 15_000.0 * f64::from(k % 2), made::CORNER[1] + 15_000.0 * f64::from(k / 2));
        Rect::new(coord! { x: x, y: y }, coord! { x: x + 15_000.0, y: y + 15_000.0 }).into()
    };
    let quarters = GeometryColumn::new((0..4).map(quarter), Crs::CC46);
    let names = ["SW", "SE", "NW", "NE"].map(String::from);
    let means = [14.0, 14.5, 15.0, 15.5].map(|mean| Value::new(mean, Unit::METRE));
    let captions = Captions::new(name, format!("A million {name}"), Language::English);
    Ok(Choropleth::new(&quarters, &names, &means)
        .with_method(Method::Quantile, 2)
        .draw(&MapOptions::default(), &captions)?)
}
