//! The heat of a summer's day in a made city, told step by step on a map, as one file that opens offline.
//!
//! ```sh
//! cargo run --release -p datagora-viz --features web --example story -- story.html
//! ```
use std::error::Error;

use datagora_core::{Credit, Crs, Language, Licence, Measured, Metadata, Unit};
use datagora_geo::types::{Geometry, Rect, coord};
use datagora_geo::{GeometryColumn, interior_point};
use datagora_viz::{
    Axis, Captions, Choropleth, CircleSizes, Colour, Column, Ground, Line, LineChart, MapOptions, Method,
    Palette, Sequential, StepValues, Story, StoryFeature, StoryScene, StoryStep, TimeAxis, View, WebLayer,
    WebMap, WebSource, classify,
};

/// Quarters along each side, and the side of one, m.
const QUARTERS: usize = 6;
const SIDE: f64 = 800.0;
const WEST: f64 = 1_842_000.0;
const SOUTH: f64 = 5_170_000.0;
const HOURS: usize = 24;

/// Share of a quarter under trees, %: much by the river in the west, little in the middle.
fn canopy(quarter: usize) -> f64 {
    let [x, y] = [(quarter % QUARTERS) as f64, (quarter / QUARTERS) as f64];
    let middle = libm::exp(-((x - 3.4).powi(2) + (y - 2.6).powi(2)) / 3.0);
    ((34.0 - 3.0 * x + 2.0 * libm::sin(1.7 * y)) * (1.0 - 0.75 * middle)).round()
}

/// Temperature of the air, °C: trees take off more by day than by night.
fn heat(hour: usize, quarter: usize) -> f64 {
    let warmest = libm::exp(-((hour as f64 - 16.0) / 6.0).powi(2));
    let shade = canopy(quarter) / 40.0;
    ((22.5 + 13.0 * warmest - shade * (1.5 + 8.0 * warmest)) * 10.0).round() / 10.0
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "story.html".to_owned());
    let n = QUARTERS * QUARTERS;
    let zone = |quarter: usize| -> Geometry {
        let [x, y] = [WEST + SIDE * (quarter % QUARTERS) as f64, SOUTH + SIDE * (quarter / QUARTERS) as f64];
        Rect::new(coord! { x: x, y: y }, coord! { x: x + SIDE, y: y + SIDE }).into()
    };
    let zones = GeometryColumn::new((0..n).map(zone), Crs::CC46);
    let names: Vec<String> = (1..=n).map(|quarter| format!("Quartier {quarter}")).collect();
    let (hottest, coolest) = (extreme(n, |a, b| a > b), extreme(n, |a, b| a < b));
    let people: Vec<f64> = (0..n).map(|quarter| 4_200.0 - 90.0 * canopy(quarter)).collect();

    let afternoon = picture(&zones, &names, 16, "afternoon", "La température de l’air à 16 h")?;
    let night = picture(&zones, &names, 4, "night", "La température de l’air à 4 h")?;
    let day = course(&names, hottest, coolest)?;

    let celsius = Unit::of("Cel");
    let values =
        StepValues::new((0..HOURS).map(|hour| (0..n).map(|quarter| heat(hour, quarter)).collect()), 1);
    let classes = classify(&values.all(), 6, &Method::EqualInterval)?;
    let person = Unit::of("{inhabitant}");
    let sizes =
        CircleSizes::proportional("people", people.iter().copied(), person.clone()).with_largest_radius(22.0);
    let attributes =
        [Column::text("name", names.clone()), Column::numbers("people", person, people.iter().copied())];
    let map = WebMap::new(afternoon.clone())
        .with_source("quarters", WebSource::features(&zones, &attributes)?)
        .with_source("middles", WebSource::features(&interior_point(&zones), &attributes)?)
        .with_layer(WebLayer::surfaces("land", "quarters", "Territoire").with_ground(Ground::Land))
        .with_layer(
            WebLayer::surfaces("heat", "quarters", "Température de l’air")
                .with_step_classes(
                    values,
                    classes,
                    Palette::Sequential(Sequential::YellowOrangeBrown),
                    celsius,
                )
                .with_feature_word("quartiers"),
        )
        .with_layer(WebLayer::lines("limits", "quarters", "Limites", 1.0).with_ground(Ground::Boundary))
        .with_layer(
            WebLayer::sized_circles("people", "middles", "Population", sizes)
                .with_colour(Colour::rgb(86, 180, 233))
                .with_opacity(0.8)
                .hidden(),
        )
        .with_time(TimeAxis::new("Heure", (0..HOURS).map(|hour| format!("{hour}\u{a0}h"))).opening_at(16))
        .with_places(&names, &zones)?;

    let quarter = |at: usize| StoryFeature::new("heat", "name", &names[at]);
    let story = Story::new("Une journée d’été, quartier par quartier")
        .with_lead("Où il fait chaud, à quelle heure, et pour qui. Une ville inventée, en cinq étapes.")
        .with_step(
            StoryStep::new("À 16 heures, la ville a deux visages")
                .with_text("À l’ouest, les arbres couvrent un tiers du sol. Au centre, presque rien ne fait de l’ombre.")
                .with_scene(StoryScene::whole().with_layers(["heat"]).with_time("16\u{a0}h"))
                .with_view("afternoon"),
        )
        .with_step(
            StoryStep::new(format!("{} est le plus chaud", names[hottest]))
                .with_text(format!(
                    "{}\u{202f}% de son sol est sous des arbres. L’air y atteint {}\u{202f}°C.",
                    canopy(hottest),
                    decimal(heat(16, hottest))
                ))
                .with_scene(
                    StoryScene::at(&names[hottest])
                        .with_layers(["heat"])
                        .with_time("16\u{a0}h")
                        .with_feature(quarter(hottest)),
                ),
        )
        .with_step(
            StoryStep::new("L’écart se creuse l’après-midi")
                .with_text("Le matin, un ou deux degrés séparent les deux extrêmes ; à 16 heures, bien davantage.")
                .with_view("day"),
        )
        .with_step(
            StoryStep::new("La nuit rend peu de fraîcheur au centre")
                .with_text("À 4 heures, l’ordre des quartiers est le même qu’au plus chaud de la journée.")
                .with_scene(StoryScene::whole().with_layers(["heat"]).with_time("4\u{a0}h"))
                .with_view("night"),
        )
        .with_step(
            StoryStep::new("C’est là que l’on vit le plus nombreux")
                .with_text("Les cercles montrent la population : les plus grands sont dans les quartiers les moins plantés.")
                .with_scene(StoryScene::whole().with_layers(["heat", "people"]).with_time("16\u{a0}h")),
        );
    let html = map.to_story(&story, &[afternoon, night, day])?;
    std::fs::write(&path, &html)?;
    println!("{} bytes written to {path}", html.len());
    Ok(())
}

/// The quarter whose temperature at 16 h comes before that of all others.
fn extreme(n: usize, before: impl Fn(f64, f64) -> bool) -> usize {
    (0..n).fold(0, |best, quarter| if before(heat(16, quarter), heat(16, best)) { quarter } else { best })
}

fn decimal(value: f64) -> String {
    datagora_viz::format_number(value, 1, Language::French)
}

fn captions(id: &str, title: &str) -> Captions {
    let metadata =
        Metadata::new("heat").with_credit(Credit::new("Chaleur", "DatAgora", Licence::Cc0)).with_made(true);
    Captions::new(id, title, Language::French).with_metadata(&metadata)
}

fn picture(
    zones: &GeometryColumn,
    names: &[String],
    hour: usize,
    id: &str,
    title: &str,
) -> Result<View, Box<dyn Error>> {
    let celsius = Unit::of("Cel");
    let values: Vec<Measured> =
        (0..names.len()).map(|quarter| Measured::new(heat(hour, quarter), celsius.clone())).collect();
    Ok(Choropleth::new(zones, names, &values)
        .with_measure("Température de l’air")
        .with_palette(Palette::Sequential(Sequential::YellowOrangeBrown))
        .with_method(Method::EqualInterval, 5)
        .draw(&MapOptions::default().with_zone_word("quartiers"), &captions(id, title))?)
}

fn course(names: &[String], hottest: usize, coolest: usize) -> Result<View, Box<dyn Error>> {
    let line = |quarter: usize| {
        Line::new(&names[quarter], (0..HOURS).map(|hour| heat(hour, quarter)).collect::<Vec<_>>())
    };
    Ok(LineChart::new(Axis::hours(Language::French), Unit::of("Cel"))
        .with_line(line(hottest))
        .with_line(line(coolest))
        .draw(&captions("day", "Le quartier le plus chaud et le plus frais"))?)
}
