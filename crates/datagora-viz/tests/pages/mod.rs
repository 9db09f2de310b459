//! The pages that the browser opens.
mod change;
mod city;

use std::fs;
use std::path::Path;

use datagora_core::{Credit, Crs, Language, Licence, Measured, Metadata, Unit};
use datagora_geo::types::{Geometry, Point, Rect, coord};
use datagora_geo::{Band, GeometryColumn, Grid, Raster};
use datagora_viz::{
    Captions, Category, Choropleth, Colour, Column, Contributions, Diverging, Field, GridLayer, Ground,
    MapOptions, Method, Palette, Qualitative, Sequential, TileSet, View, WebLayer, WebMap, WebSource,
    classify,
};

/// Side of a zone, degrees.
const STEP: f64 = 0.02;
const WEST: f64 = 4.80;
const SOUTH: f64 = 45.70;
/// Names that a careless page would take for markup.
const NAMES: [&str; 6] =
    ["Bron", "Écully", "</script><b>Lyon & \"Lui\"", "Oullins", "Rillieux", "Vaulx-en-Velin"];
const SCORES: [f64; 6] = [-3.5, -1.25, 0.4, 1.75, 2.6, f64::NAN];

/// Zone of column `i % 3`, row `i / 3` from the south.
fn zones() -> GeometryColumn {
    let zone = |i: usize| -> Geometry {
        let (x, y) = (WEST + STEP * (i % 3) as f64, SOUTH + STEP * (i / 3) as f64);
        Rect::new(coord! { x: x, y: y }, coord! { x: x + STEP, y: y + STEP }).into()
    };
    GeometryColumn::new((0..6).map(zone), Crs::WGS84)
}

/// Cells of a twentieth of a zone, in tiles: class 1 to 3 by column of zones.
fn cells() -> Vec<u8> {
    const CELLS: usize = 20;
    let north = SOUTH + 2.0 * STEP;
    let side = STEP / CELLS as f64;
    let grid = Grid::new([WEST, north], [side, side], 3 * CELLS, 2 * CELLS, Crs::WGS84).expect("a grid");
    let classes: Vec<u8> = (0..grid.len()).map(|cell| 1 + (grid.position(cell).0 / CELLS) as u8).collect();
    let raster = Raster::new(grid, [Band::new(classes)]).expect("a raster");
    let layer = GridLayer::new("cells", &raster).with_zooms(9..=14);
    TileSet::new("cells").with_grid(layer).build().expect("tiles").to_bytes()
}

fn still(language: Language) -> View {
    let names = NAMES.map(String::from);
    let index = Unit::of("{index}");
    let values = SCORES.map(|score| Measured::new(score, index.clone()));
    let metadata = Metadata::new("zones")
        .with_credit(Credit::new("Zones", "DatAgora", Licence::LicenceOuverte2))
        .with_made(true);
    let title = language.pick("Où planter\u{202f}?", "Where to plant?");
    Choropleth::new(&zones(), &names, &values)
        .with_measure(language.pick("Indice", "Index"))
        .with_method(Method::Quantile, 3)
        .draw(
            &MapOptions::default().with_crs(Crs::LAMBERT_93),
            &Captions::new("where", title, language).with_metadata(&metadata),
        )
        .expect("a sound picture")
}

fn map(language: Language) -> WebMap {
    let say = |french: &'static str, english: &'static str| language.pick(french, english);
    let names = NAMES.map(String::from);
    let zones = zones();
    let shares = [12.0, 7.5, 31.0, 22.0, 55.0, f64::NAN];
    let why = SCORES.map(|score| match score {
        score if score < 0.0 => Contributions::encode([(3, 0.5), (17, 0.25), (99, 1.0)]),
        _ => String::new(),
    });
    let attributes = [
        Column::text("name", names.clone()),
        Column::numbers("score", Unit::ONE, SCORES),
        Column::numbers("share", Unit::PERCENT, shares),
        Column::text("why", why),
    ];
    let middle = Point::new(WEST + 1.5 * STEP, SOUTH + 1.5 * STEP);
    let stations = GeometryColumn::new([Geometry::from(middle)], Crs::WGS84);
    let kinds = [Column::text("name", ["Quai"]), Column::numbers("kind", Unit::ONE, [2.0])];
    let factors = Contributions::new(2)
        .with_factor(3, say("Réseau gaz", "Gas pipe"), say("Réseaux", "Networks"), -3.0)
        .with_factor(17, say("Pelouse", "Lawn"), say("Sol", "Ground"), 1.0);
    let words = say("zones", "zones");
    let kind = |code: i64| Category::new(code, code.to_string()).with_count(800);
    let (score, cover) = (say("Plantabilité", "Plantability"), say("Couvert arboré", "Tree cover"));
    let classes = classify(&SCORES, 4, &Method::Manual(vec![-2.0, 0.0, 2.0])).expect("classes");
    let cover_classes = classify(&shares, 3, &Method::Fisher).expect("classes");
    WebMap::new(still(language))
        .with_source("zones", WebSource::features(&zones, &attributes).expect("features"))
        .with_source("cells", WebSource::tiles(cells()).expect("an archive"))
        .with_source("stations", WebSource::features(&stations, &kinds).expect("features"))
        .with_layer(WebLayer::surfaces("land", "zones", say("Territoire", "Land")).with_ground(Ground::Land))
        .with_layer(
            WebLayer::surfaces("score", "zones", score)
                .with_classes("score", classes, Palette::Diverging(Diverging::BrownTeal), Unit::of("{index}"))
                .with_centre(0.0)
                .with_missing(1)
                .with_feature_word(words)
                .with_heading("name")
                .with_field(Field::number("score", say("Indice", "Index"), Unit::ONE, 2))
                .with_field(Field::contributions("why", say("Pourquoi", "Why"), factors)),
        )
        .with_layer(
            WebLayer::surfaces("cover", "zones", cover)
                .with_classes("share", cover_classes, Palette::Sequential(Sequential::Greens), Unit::PERCENT)
                .with_heading("name")
                .with_field(Field::number("share", cover, Unit::PERCENT, 1)),
        )
        .with_layer(
            WebLayer::surfaces("cells", "cells", say("Cellules", "Cells"))
                .with_categories("class", (1..=3).map(kind), Palette::Qualitative(Qualitative::OkabeIto))
                .with_feature_word(say("cellules", "cells"))
                .with_field(Field::coded("class", say("Classe", "Class"), [(1, "A"), (2, "B"), (3, "C")])),
        )
        .with_layer(
            WebLayer::lines("limits", "zones", say("Limites", "Limits"), 1.5).with_ground(Ground::Boundary),
        )
        .with_layer(
            WebLayer::circles("stations", "stations", say("Stations", "Stations"), 7.0)
                .with_categories(
                    "kind",
                    [
                        Category::new(1, say("petite", "small")),
                        Category::new(2, say("grande", "large")).with_count(1),
                    ],
                    Palette::Qualitative(Qualitative::OkabeIto),
                )
                .with_heading("name")
                .with_field(Field::coded("kind", say("Taille", "Size"), [(2, say("grande", "large"))]))
                .hidden(),
        )
        .with_layer(WebLayer::names("names", "zones", say("Noms", "Names"), "name", 13.0))
        .with_places(&names, &zones)
        .expect("places")
}

/// Writes the pages, and what the browser must find on them.
pub(crate) fn write(folder: &Path) {
    fs::create_dir_all(folder).expect("a folder");
    for language in [Language::French, Language::English] {
        let html = map(language).to_html().expect("a page");
        fs::write(folder.join(format!("{}.html", language.code())), html).expect("a file");
    }
    city::write(folder);
    change::write(folder);
    let [dates, differences] = change::colours();
    for file in map(Language::French).to_folder().expect("a folder") {
        let path = folder.join("site").join(&file.path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, file.bytes).expect("a file");
    }
    let expected = serde_json::json!({
        "colours": Palette::Diverging(Diverging::BrownTeal)
            .colours_around(2, false, 2)
            .expect("colours")
            .iter()
            .map(Colour::to_string)
            .collect::<Vec<_>>(),
        "categories": Palette::Qualitative(Qualitative::OkabeIto)
            .colours(3)
            .expect("colours")
            .iter()
            .map(Colour::to_string)
            .collect::<Vec<_>>(),
        "dates": dates, "differences": differences,
        "west": WEST, "south": SOUTH, "step": STEP,
    });
    fs::write(folder.join("expected.json"), expected.to_string()).expect("a file");
}
