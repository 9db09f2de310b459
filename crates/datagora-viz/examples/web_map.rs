//! A million cells of 5 m that say why they are what they are, as an interactive map in one file: with a filter, circles, the heat of a
//! day hour by hour, and fifty thousand addresses.
//!
//! ```sh
//! cargo run --release -p datagora-viz --features tiles,web --example web_map -- map.html
//! ```
use std::error::Error;

use datagora_core::{Credit, Crs, Language, Licence, Measured, Metadata, Unit};
use datagora_geo::types::{Geometry, LineString, Rect, coord};
use datagora_geo::{Band, GeometryColumn, Grid, Raster, interior_point};
use datagora_viz::{
    Captions, Choropleth, CircleSizes, Colour, Column, Contributions, Diverging, Field, Filter, GridLayer,
    Ground, MapOptions, Method, Palette, Sequential, StepValues, TileSet, TimeAxis, WebLayer, WebMap,
    WebSource, classify,
};

/// Cells along each side.
const CELLS: usize = 1_000;
/// Side of a cell, m.
const CELL: f64 = 5.0;
const WEST: f64 = 1_842_000.0;
const NORTH: f64 = 5_175_000.0;
/// Quarters along each side.
const QUARTERS: usize = 5;

/// Factors with their family, their weight, and the share of a cell that they cover, by its column and row.
type Factor = (&'static str, &'static str, f64, fn(f64, f64) -> f64);
const FACTORS: [Factor; 6] = [
    ("Bâtiments", "interdit", -5.0, |x, y| built(x, y)),
    ("Chaussée", "gêne", -2.0, |x, y| street(x, 24.0, 2.0).max(street(y, 32.0, 2.0))),
    ("Réseau gaz", "gêne", -3.0, |x, y| 0.4 * street(x, 24.0, 1.0).max(street(y, 96.0, 1.0))),
    ("Fleuve", "interdit", -5.0, |x, y| inside(river(x, y) - 22.0)),
    ("Pelouse", "favorise", 3.0, |x, y| inside(river(x, y) - 60.0) * (1.0 - inside(river(x, y) - 22.0))),
    ("Espace public ouvert", "favorise", 1.0, |x, y| 1.0 - built(x, y)),
];

/// From 0 outside to 1 inside, over the width of a cell.
fn inside(distance: f64) -> f64 {
    (0.5 - distance).clamp(0.0, 1.0)
}

fn river(x: f64, y: f64) -> f64 {
    (x - 430.0 - 120.0 * libm::sin(y / 160.0) - 0.15 * y).abs()
}

/// Bands of a width at regular distances.
fn street(x: f64, every: f64, width: f64) -> f64 {
    inside((x.rem_euclid(every) - 0.5 * every).abs() - 0.5 * width)
}

/// A building in each block, larger towards the middle of the city; none by the river.
fn built(x: f64, y: f64) -> f64 {
    let far = ((x - 620.0).powi(2) + (y - 480.0).powi(2)).sqrt();
    let size = 9.0 - far / 90.0;
    let [along, across] = [x.rem_euclid(24.0), y.rem_euclid(32.0)];
    let edge = |place: f64, every: f64| place.min(every - place);
    inside(edge(along, 24.0) - size) * inside(edge(across, 32.0) - 1.2 * size) * inside(62.0 - river(x, y))
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "map.html".to_owned());
    let index = Unit::of("{index}");
    let shares = |cell: usize| {
        let (x, y) = ((cell % CELLS) as f64, (cell / CELLS) as f64);
        FACTORS.iter().map(move |(.., share)| share(x, y))
    };
    let score =
        |cell: usize| FACTORS.iter().zip(shares(cell)).map(|((_, _, weight, _), share)| weight * share).sum();
    let exact: Vec<f64> = (0..CELLS * CELLS).map(score).collect();
    let rounded: Vec<f64> = exact.iter().map(|score| (2.0 * score).round() / 2.0).collect();
    let why: Vec<String> = (0..CELLS * CELLS)
        .map(|cell| {
            Contributions::encode(
                (0..).zip(shares(cell)).map(|(factor, share)| (factor, (20.0 * share).round() / 20.0)),
            )
        })
        .collect();

    let grid = Grid::new([WEST, NORTH], [CELL, CELL], CELLS, CELLS, Crs::CC46)?;
    let raster = Raster::new(grid, [Band::new(rounded.clone())])?;
    let layer = GridLayer::new("plantability", &raster).with_zooms(11..=16).with_attribute("why", why);
    let tiles = TileSet::new("Plantabilité").with_grid(layer).build()?.to_bytes();
    println!("{} bytes of tiles", tiles.len());

    // Quarters for the base map, the search, the picture on paper and its table.
    let side = CELL * (CELLS / QUARTERS) as f64;
    let quarter = |i: usize| -> Geometry {
        let [x, y] = [WEST + side * (i % QUARTERS) as f64, NORTH - side * (1 + i / QUARTERS) as f64];
        Rect::new(coord! { x: x, y: y }, coord! { x: x + side, y: y + side }).into()
    };
    let quarters = GeometryColumn::new((0..QUARTERS * QUARTERS).map(quarter), Crs::CC46);
    let names: Vec<String> = (1..=QUARTERS * QUARTERS).map(|i| format!("Quartier {i}")).collect();
    let cells_of = CELLS / QUARTERS;
    let mean = |i: usize| {
        let [left, top] = [cells_of * (i % QUARTERS), cells_of * (i / QUARTERS)];
        let rows = (top..top + cells_of).flat_map(|y| (left..left + cells_of).map(move |x| y * CELLS + x));
        rows.map(|cell| exact[cell]).sum::<f64>() / (cells_of * cells_of) as f64
    };
    let means: Vec<f64> = (0..QUARTERS * QUARTERS).map(mean).collect();
    let middle: Vec<_> = (0..=CELLS / 5)
        .map(|i| 5.0 * i as f64)
        .map(|y| coord! { x: WEST + CELL * (430.0 + 120.0 * libm::sin(y / 160.0) + 0.15 * y), y: NORTH - CELL * y })
        .collect();
    let river = GeometryColumn::new([Geometry::from(LineString::new(middle))], Crs::CC46);

    let measured: Vec<Measured> = means.iter().map(|&mean| Measured::new(mean, index.clone())).collect();
    let metadata =
        Metadata::new("cells").with_credit(Credit::new("Cellules", "DatAgora", Licence::Cc0)).with_made(true);
    let captions = Captions::new("plantability", "Où planter des arbres\u{202f}?", Language::French)
        .with_subtitle("Indice de plantabilité\u{a0}: somme des facteurs, pondérée par la part de chaque cellule qu’ils couvrent")
        .with_metadata(&metadata);
    let brown = Palette::Diverging(Diverging::BrownTeal);
    let picture = Choropleth::new(&quarters, &names, &measured)
        .with_measure("Plantabilité moyenne")
        .with_palette(Palette::Sequential(Sequential::Greens))
        .with_method(Method::Quantile, 4);
    let view = picture.draw(&MapOptions::default().with_zone_word("quartiers"), &captions)?;

    let mut factors = Contributions::new(2);
    for (number, (name, family, weight, _)) in (0..).zip(FACTORS) {
        factors = factors.with_factor(number, name, family, weight);
    }
    // Trees that would find a place, the heat of a summer's day, and addresses along the streets.
    let tree = Unit::of("{tree}");
    let places = |i: usize| {
        let [left, top] = [cells_of * (i % QUARTERS), cells_of * (i / QUARTERS)];
        let rows = (top..top + cells_of).flat_map(|y| (left..left + cells_of).map(move |x| y * CELLS + x));
        rows.filter(|&cell| rounded[cell] >= 2.0).count() as f64
    };
    let places: Vec<f64> = (0..QUARTERS * QUARTERS).map(places).collect();
    let heat = |hour: usize, i: usize| {
        let warmest = libm::exp(-((hour as f64 - 16.0) / 6.0).powi(2));
        ((21.0 + 13.0 * warmest - 0.9 * means[i] * (1.5 - warmest)) * 10.0).round() / 10.0
    };
    let heat =
        StepValues::new((0..24).map(|hour| (0..QUARTERS * QUARTERS).map(|i| heat(hour, i)).collect()), 1);
    let heat_classes = classify(&heat.all(), 6, &Method::EqualInterval)?;
    let celsius = Unit::of("Cel");
    let (addresses, numbers, streets) = addresses();

    let attributes = [
        Column::text("name", names.clone()),
        Column::numbers("mean", Unit::ONE, means),
        Column::numbers("places", tree.clone(), places.iter().copied()),
    ];
    let classes = classify(&rounded, 6, &Method::Manual(vec![-4.0, -2.0, -0.5, 0.5, 2.0]))?;
    let html = WebMap::new(view)
        .with_source("cells", WebSource::tiles(tiles)?)
        .with_source("quarters", WebSource::features(&quarters, &attributes)?)
        .with_source("labels", WebSource::features(&interior_point(&quarters), &attributes)?)
        .with_source("river", WebSource::features(&river, &[])?)
        .with_layer(WebLayer::surfaces("land", "quarters", "Territoire").with_ground(Ground::Land))
        .with_layer(
            WebLayer::surfaces("plantability", "cells", "Plantabilité")
                .with_classes("class", classes, brown, index.clone())
                .with_centre(0.0)
                .with_feature_word("cellules de 5 m")
                .with_opacity(0.9)
                .with_field(Field::number("class", "Indice, arrondi à 0,5", Unit::ONE, 1))
                .with_field(Field::contributions("why", "Pourquoi cet indice", factors)),
        )
        .with_layer(
            WebLayer::surfaces("means", "quarters", "Moyenne par quartier")
                .with_classes("mean", picture.classify()?, Palette::Sequential(Sequential::Greens), index)
                .with_feature_word("quartiers")
                .with_opacity(0.9)
                .with_heading("name")
                .with_field(Field::number("mean", "Plantabilité moyenne", Unit::ONE, 2)),
        )
        .with_layer(
            WebLayer::surfaces("heat", "quarters", "Température de l’air")
                .with_step_classes(
                    heat,
                    heat_classes,
                    Palette::Sequential(Sequential::YellowOrangeBrown),
                    celsius,
                )
                .with_feature_word("quartiers")
                .with_opacity(0.9)
                .with_heading("name"),
        )
        .with_layer(
            WebLayer::lines("river", "river", "Fleuve", 8.0).with_ground(Ground::Water).with_zooms(0.0, 14.0),
        )
        .with_layer(
            WebLayer::lines("limits", "quarters", "Limites des quartiers", 1.2).with_ground(Ground::Boundary),
        )
        .with_layer(
            WebLayer::sized_circles(
                "places",
                "labels",
                "Emplacements favorables",
                CircleSizes::proportional("places", places, tree.clone()),
            )
            .with_colour(Colour::rgb(0, 114, 178))
            .with_opacity(0.8)
            .with_heading("name")
            .with_field(Field::number("places", "Cellules d’indice 2 et plus", tree, 0))
            .hidden(),
        )
        .with_layer(WebLayer::names("names", "labels", "Noms des quartiers", "name", 12.0))
        .with_filter(
            Filter::range("plantability", "class", "Indice de plantabilité", Unit::ONE, rounded)
                .with_edges((-20..=11).map(|half| f64::from(half) / 2.0)),
        )
        .with_time(TimeAxis::new("Heure", (0..24).map(|hour| format!("{hour}\u{a0}h"))).opening_at(16))
        .with_places(&names, &quarters)?
        .with_addresses(&addresses, &numbers, &streets)?
        .to_html()?;
    std::fs::write(&path, &html)?;
    println!("{} bytes written to {path}", html.len());
    Ok(())
}

/// Fifty thousand addresses: a thousand streets of fifty numbers, even ones on one side and odd ones on the other.
fn addresses() -> (GeometryColumn, Vec<String>, Vec<String>) {
    const KINDS: [&str; 5] = ["Rue", "Avenue", "Boulevard", "Place", "Impasse"];
    const TREES: [&str; 10] = [
        "Érables",
        "Tilleuls",
        "Platanes",
        "Chênes",
        "Hêtres",
        "Frênes",
        "Aulnes",
        "Charmes",
        "Ormes",
        "Peupliers",
    ];
    let (mut x, mut y, mut numbers, mut streets) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for street in 0..1_000 {
        let name = format!("{} des {} {}", KINDS[street % 5], TREES[street / 5 % 10], 1 + street / 50);
        for number in 1..=50 {
            x.push(WEST + 100.0 * (street % 50) as f64 + 1.8 * f64::from(number));
            y.push(NORTH - 250.0 * (street / 50) as f64 - 6.0 * f64::from(number % 2));
            numbers.push(number.to_string());
            streets.push(name.clone());
        }
    }
    (GeometryColumn::points(x, y, Crs::CC46), numbers, streets)
}
