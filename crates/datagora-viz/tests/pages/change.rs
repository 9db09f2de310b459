//! Two dates with their difference, circles and lines that follow amounts, in a made city.
use std::fs;
use std::path::Path;

use datagora_core::{Credit, Crs, Interval, Language, Licence, Measured, Metadata, Unit};
use datagora_geo::GeometryColumn;
use datagora_geo::types::{Geometry, LineString, coord};
use datagora_viz::{
    Captions, CircleSizes, Colour, Column, Comparison, DifferenceMap, Diverging, Field, Ground, LineWidths,
    MapOptions, Method, Palette, Sequential, StepValues, TimeAxis, WebLayer, WebMap, WebSource, classify,
};

use super::city::{SIDE, SOUTH, STEP, WEST, middles, names, zones};

const ZONES: usize = SIDE * SIDE;
const HOURS: usize = 4;
/// Vehicles of five streets: the first has none, the last is not known.
const VEHICLES: [f64; 5] = [0.0, 4_000.0, 8_000.0, 16_000.0, f64::NAN];

/// Share under trees of zone `i` in 2015, %.
fn before(i: usize) -> f64 {
    10.0 + 2.0 * i as f64
}

/// Change to 2023: much less in the first zones, about nothing in the middle, much more in the last; zone 13 is not known.
fn change(i: usize) -> f64 {
    match i {
        13 => f64::NAN,
        _ => i as f64 - 7.0,
    }
}

/// A share with its interval: of one point to each side, of six for zone 10, whose change of 3 points is not sure.
fn share(i: usize, value: f64) -> Measured {
    let margin = if i == 10 { 6.0 } else { 0.5 };
    let interval = Interval::at_level(value - margin, value + margin, 0.95);
    match interval {
        Ok(interval) => Measured::new(value, Unit::PERCENT).with_interval(interval),
        Err(_) => Measured::new(f64::NAN, Unit::PERCENT),
    }
}

/// Bicycles in zone `i` at a step: none in zone 0, not known in zone 2, and four times as many at the end as at the beginning.
fn bicycles(step: usize, i: usize) -> f64 {
    match i {
        2 => f64::NAN,
        _ => 25.0 * (i * (step + 1)) as f64,
    }
}

/// Streets between the rows of zones, or between the columns.
fn streets(across: bool) -> GeometryColumn {
    let far = STEP * SIDE as f64;
    let street = |i: usize| -> Geometry {
        let at = STEP * i as f64;
        let ends = match across {
            true => [coord! { x: WEST, y: SOUTH + at }, coord! { x: WEST + far, y: SOUTH + at }],
            false => [coord! { x: WEST + at, y: SOUTH }, coord! { x: WEST + at, y: SOUTH + far }],
        };
        LineString::new(ends.to_vec()).into()
    };
    GeometryColumn::new((0..=SIDE).map(street), Crs::WGS84)
}

fn map(language: Language) -> WebMap {
    let say = |french: &'static str, english: &'static str| language.pick(french, english);
    let (zones, names) = (zones(), names());
    let (first, second): (Vec<Measured>, Vec<Measured>) =
        (0..ZONES).map(|i| (share(i, before(i)), share(i, before(i) + change(i)))).unzip();
    let canopy = say("Canopée", "Canopy");
    let difference = DifferenceMap::new(&zones, &names, &first, &second)
        .with_measure(canopy)
        .with_times("2015", "2023")
        .with_method(Method::Manual(vec![1.5, 4.0, 8.0]), 3)
        .with_palette(Diverging::BrownTeal);
    let metadata = Metadata::new("canopy")
        .with_credit(Credit::new("Canopy", "DatAgora", Licence::LicenceOuverte2))
        .with_made(true);
    let view = difference
        .draw(
            &MapOptions::default().with_crs(Crs::LAMBERT_93),
            &Captions::new("canopy", say("La canopée change", "The canopy changes"), language)
                .with_metadata(&metadata),
        )
        .expect("a sound picture");

    let numbers = |values: &[Measured]| -> Vec<f64> {
        values.iter().map(|value| value.value().unwrap_or(f64::NAN)).collect()
    };
    let both: Vec<f64> = numbers(&first).into_iter().chain(numbers(&second)).collect();
    let manual = Method::Manual(vec![15.0, 25.0, 35.0]);
    let classes = |values: &[Measured]| {
        let bounds = classify(&both, 4, &manual).expect("classes").breaks().to_vec();
        classify(&numbers(values), 4, &Method::Manual(bounds)).expect("classes")
    };
    let dated = |id: &str, title: &str, attribute: &str, values: &[Measured]| {
        WebLayer::surfaces(id, "zones", title)
            .with_classes(attribute, classes(values), Palette::Sequential(Sequential::Greens), Unit::PERCENT)
            .with_feature_word(say("quartiers", "quarters"))
            .with_heading("name")
            .with_field(Field::number(attribute, title, Unit::PERCENT, 1))
    };
    let attributes = [
        Column::text("name", names.clone()),
        Column::measured("before", Unit::PERCENT, first.clone()),
        Column::measured("after", Unit::PERCENT, second.clone()),
    ];
    let titles = [say("Canopée en 2015", "Canopy in 2015"), say("Canopée en 2023", "Canopy in 2023")];

    let of_step = |value: fn(usize, usize) -> f64, n: usize| {
        StepValues::new((0..HOURS).map(|step| (0..n).map(|i| value(step, i)).collect()), 0)
    };
    let bicycle = Unit::of("{bicycle}");
    let vehicle = Unit::of("{vehicle}/h");
    let street_columns = [
        Column::text("name", (0..=SIDE).map(|i| format!("Rue {i}"))),
        Column::numbers("vehicles", vehicle.clone(), VEHICLES),
    ];
    WebMap::new(view)
        .with_source("zones", WebSource::features(&zones, &attributes).expect("features"))
        .with_source("middles", WebSource::features(&middles(), &attributes[..1]).expect("features"))
        .with_source("rows", WebSource::features(&streets(true), &street_columns).expect("features"))
        .with_source("columns", WebSource::features(&streets(false), &street_columns).expect("features"))
        .with_layer(WebLayer::surfaces("land", "zones", say("Territoire", "Land")).with_ground(Ground::Land))
        .with_layer(dated("y2015", titles[0], "before", &first))
        .with_layer(dated("y2023", titles[1], "after", &second))
        .with_layer(
            WebLayer::differences(
                "change",
                "zones",
                say("Canopée, 2023 − 2015", "Canopy, 2023 − 2015"),
                &difference,
            )
            .expect("differences")
            .with_feature_word(say("quartiers", "quarters"))
            .with_heading("name"),
        )
        .with_layer(
            WebLayer::sized_lines(
                "traffic",
                "rows",
                say("Trafic", "Traffic"),
                LineWidths::proportional("vehicles", VEHICLES, vehicle.clone()).with_widest(16.0),
            )
            .with_colour(Colour::rgb(213, 94, 0))
            .with_heading("name")
            .hidden(),
        )
        .with_layer(
            WebLayer::sized_lines(
                "hourly",
                "columns",
                say("Trafic par heure", "Traffic by hour"),
                LineWidths::proportional_steps(
                    of_step(|step, i| 1_000.0 * (i * (step + 1)) as f64, SIDE + 1),
                    vehicle,
                )
                .with_widest(16.0),
            )
            .with_colour(Colour::rgb(213, 94, 0))
            .with_heading("name")
            .hidden(),
        )
        .with_layer(
            WebLayer::sized_circles(
                "bicycles",
                "middles",
                say("Vélos", "Bicycles"),
                CircleSizes::proportional_steps(of_step(bicycles, ZONES), bicycle),
            )
            .with_colour(Colour::rgb(0, 114, 178))
            .with_heading("name")
            .hidden(),
        )
        .with_comparison(
            Comparison::new("y2015", "y2023").with_names("2015", "2023").with_difference("change"),
        )
        .with_time(TimeAxis::new(say("Heure", "Hour"), ["7:00", "8:00", "9:00", "10:00"]).with_pace(8.0))
        .with_places(&names, &zones)
        .expect("places")
}

/// Writes the pages of what changes.
pub(super) fn write(folder: &Path) {
    for language in [Language::French, Language::English] {
        let html = map(language).to_html().expect("a page");
        fs::write(folder.join(format!("change-{}.html", language.code())), html).expect("a file");
    }
}

/// The colours of the page: of the classes of both dates, of those of the difference.
pub(super) fn colours() -> [Vec<String>; 2] {
    [
        Palette::Sequential(Sequential::Greens).colours(4),
        Palette::Diverging(Diverging::BrownTeal).colours_around(2, true, 2),
    ]
    .map(|colours| colours.expect("colours").iter().map(Colour::to_string).collect())
}
