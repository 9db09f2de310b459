//! Maps that answer: a page of its own for each, in the folder of the gallery.
//!
//! What changed between two dates, side by side and as difference; bicycles as circles and traffic as widths, hour by hour.
use std::error::Error;

use datagora_core::{Crs, Interval, Measured, Unit};
use datagora_geo::types::{Geometry, LineString, Point};
use datagora_geo::{GeometryColumn, interior_point};
use datagora_viz::{
    CircleSizes, Colour, Column, Comparison, DifferenceMap, Diverging, Field, Ground, LineWidths, Method,
    Palette, Sequential, StepValues, TimeAxis, WebLayer, WebMap, WebSource, classify,
};

use super::captions;
use super::city::{City, noise};
use super::maps::surfaces;

const HOURS: usize = 24;

/// How busy an hour is, 0 to 1: two peaks, the evening longer than the morning.
fn busy(hour: usize) -> f64 {
    let peak = |at: f64, long: f64| libm::exp(-((hour as f64 - at) / long).powi(2));
    0.06 + 0.94 * peak(8.0, 1.6).max(0.9 * peak(17.5, 2.4)).max(0.45 * peak(12.5, 3.0))
}

/// Share of each zone under trees at two dates, from a survey: with intervals, and not known everywhere.
fn canopies(city: &City) -> Result<[Vec<Measured>; 2], Box<dyn Error>> {
    let known = |value: f64, margin: f64| -> Result<Measured, Box<dyn Error>> {
        let value = (10.0 * value.clamp(margin, 95.0)).round() / 10.0;
        let interval = Interval::at_level(value - margin, value + margin, 0.95)?;
        Ok(Measured::new(value, Unit::PERCENT).with_interval(interval))
    };
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for zone in 0..city.zones.len() {
        let before = 5.0
            + 24.0 * city.remoteness[zone]
            + 14.0 * noise(70, city.commune_of[zone], 0) * noise(71, zone, 0);
        let planted = 9.0 * (0.5 - city.remoteness[zone]) + 5.0 * (noise(72, zone, 0) - 0.5);
        first.push(known(before, 1.2)?);
        second.push(match noise(73, zone, 0) < 0.02 {
            true => Measured::new(f64::NAN, Unit::PERCENT),
            false => known(before + planted, 1.2)?,
        });
    }
    Ok([first, second])
}

/// Links from each commune to the three that lie nearest, each once.
fn links(places: &[Point]) -> Vec<[usize; 2]> {
    let far = |a: usize, b: usize| libm::hypot(places[a].x() - places[b].x(), places[a].y() - places[b].y());
    let mut links = Vec::new();
    for from in 0..places.len() {
        let mut others: Vec<usize> = (0..places.len()).filter(|&to| to != from).collect();
        others.sort_by(|&a, &b| far(from, a).total_cmp(&far(from, b)));
        links.extend(others.into_iter().take(3).map(|to| [from.min(to), from.max(to)]));
    }
    links.sort_unstable();
    links.dedup();
    links
}

/// The page, as one file.
pub(super) fn change() -> Result<String, Box<dyn Error>> {
    let city = City::new()?;
    let [first, second] = canopies(&city)?;
    let difference = DifferenceMap::new(&city.zones, &city.zone_names, &first, &second)
        .with_measure("Canopée")
        .with_times("2015", "2025")
        .with_method(Method::Manual(vec![1.0, 3.0, 5.0, 8.0]), 4)
        .with_palette(Diverging::BrownTeal);
    let view = difference.draw(
        &surfaces(&city),
        &captions(
            "change",
            "La canopée gagne au centre et recule au bord",
            "Part du sol sous des arbres en 2015 et en 2025, zones\u{202f}; vélos et trafic heure par heure",
        ),
    )?;

    // One set of classes for both dates; each date counts its own zones.
    let numbers = |values: &[Measured]| -> Vec<f64> {
        values.iter().map(|value| value.value().unwrap_or(f64::NAN)).collect()
    };
    let both: Vec<f64> = [numbers(&first), numbers(&second)].concat();
    let bounds = Method::Manual(classify(&both, 5, &Method::Fisher)?.rounded().values()[1..5].to_vec());
    let bounds = Method::Manual(classify(&both, 5, &bounds)?.breaks().to_vec());
    let dated = |id: &str, year: &str, values: &[Measured]| -> Result<WebLayer, Box<dyn Error>> {
        let values = numbers(values);
        let title = format!("Canopée en {year}");
        Ok(WebLayer::surfaces(id, "zones", title.clone())
            .with_classes(
                id,
                classify(&values, 5, &bounds)?,
                Palette::Sequential(Sequential::Greens),
                Unit::PERCENT,
            )
            .with_feature_word("zones")
            .with_heading("name")
            .with_field(Field::number("y2015", "Canopée en 2015", Unit::PERCENT, 1))
            .with_field(Field::number("y2025", "Canopée en 2025", Unit::PERCENT, 1)))
    };
    let zones = WebSource::features(
        &city.zones,
        &[
            Column::text("name", city.zone_names.iter().cloned()),
            Column::measured("y2015", Unit::PERCENT, first.clone()),
            Column::measured("y2025", Unit::PERCENT, second.clone()),
        ],
    )?;

    let inhabitants = city.by_commune(&city.inhabitants);
    let middles = interior_point(&city.communes);
    let places: Vec<Point> = middles
        .iter()
        .map(|shape| shape.and_then(|shape| shape.try_into().ok()).unwrap_or_default())
        .collect();
    let links = links(&places);
    let roads = GeometryColumn::new(
        links.iter().map(|&[a, b]| Geometry::from(LineString(vec![places[a].0, places[b].0]))),
        Crs::CC46,
    );
    let road_names =
        links.iter().map(|&[a, b]| format!("{} – {}", city.commune_names[a], city.commune_names[b]));
    let by_hour = |value: &dyn Fn(usize, usize) -> f64, n: usize| {
        StepValues::new((0..HOURS).map(|hour| (0..n).map(|i| value(hour, i).round()).collect()), 0)
    };
    let bicycles =
        by_hour(&|hour, i| busy(hour) * inhabitants[i] / 60.0 * (0.6 + 0.8 * noise(74, i, 0)), places.len());
    let vehicles = by_hour(
        &|hour, i| {
            let [a, b] = links[i];
            busy(hour) * (inhabitants[a] * inhabitants[b]).sqrt() / 9.0 * (0.5 + noise(75, i, 0))
        },
        links.len(),
    );
    let commune_name = [Column::text("name", city.commune_names.iter().cloned())];
    let hours = (0..HOURS).map(|hour| format!("{hour}\u{a0}h"));
    Ok(WebMap::new(view)
        .with_source("zones", zones)
        .with_source("communes", WebSource::features(&city.communes, &commune_name)?)
        .with_source("middles", WebSource::features(&middles, &commune_name)?)
        .with_source("roads", WebSource::features(&roads, &[Column::text("name", road_names)])?)
        .with_source("rivers", WebSource::features(&city.rivers, &[])?)
        .with_layer(WebLayer::surfaces("land", "communes", "Territoire").with_ground(Ground::Land))
        .with_layer(dated("y2015", "2015", &first)?)
        .with_layer(dated("y2025", "2025", &second)?)
        .with_layer(
            WebLayer::differences("change", "zones", "Canopée, 2025 − 2015", &difference)?
                .with_feature_word("zones")
                .with_heading("name")
                .with_field(Field::number("y2015", "Canopée en 2015", Unit::PERCENT, 1))
                .with_field(Field::number("y2025", "Canopée en 2025", Unit::PERCENT, 1)),
        )
        .with_layer(WebLayer::lines("rivers", "rivers", "Rivières", 3.0).with_ground(Ground::Water))
        .with_layer(
            WebLayer::lines("limits", "communes", "Limites des communes", 1.0).with_ground(Ground::Boundary),
        )
        .with_layer(
            WebLayer::sized_lines(
                "traffic",
                "roads",
                "Trafic entre communes",
                LineWidths::proportional_steps(vehicles, Unit::of("{vehicle}/h")),
            )
            .with_colour(Colour::rgb(170, 51, 119))
            .with_feature_word("liaisons")
            .with_heading("name")
            .hidden(),
        )
        .with_layer(
            WebLayer::sized_circles(
                "bicycles",
                "middles",
                "Vélos en circulation",
                CircleSizes::proportional_steps(bicycles, Unit::of("{bicycle}")),
            )
            .with_colour(Colour::rgb(0, 114, 178))
            .with_opacity(0.85)
            .with_feature_word("communes")
            .with_heading("name")
            .hidden(),
        )
        .with_layer(WebLayer::names("names", "middles", "Noms des communes", "name", 12.0).hidden())
        .with_comparison(
            Comparison::new("y2015", "y2025").with_names("2015", "2025").with_difference("change"),
        )
        .with_time(TimeAxis::new("Heure", hours).opening_at(8))
        .with_places(&city.commune_names, &city.communes)?
        .to_html()?)
}
