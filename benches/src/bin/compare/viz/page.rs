//! A million features as an interactive map in one file; the pages are left beside the inputs, for `benches/page.mjs`.
use datagora_core::{Crs, Language, Measured as Value, Unit};
use datagora_geo::GeometryColumn;
use datagora_geo::types::{Geometry, Rect, coord};
use datagora_viz::{
    AttributeValues, Captions, Choropleth, Field, MapOptions, Method, Palette, TileLayer, TileSet, View,
    WebLayer, WebMap, WebSource, classify,
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
