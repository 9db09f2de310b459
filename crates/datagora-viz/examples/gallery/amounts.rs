//! Maps of the made city that show amounts without letting the size of zones speak.
use std::error::Error;

use datagora_core::{Measured, Metres, Suppression, Unit};
use datagora_geo::PotentialOptions;
use datagora_viz::{
    Colour, Context, ContiguousCartogram, Diverging, Dorling, DotDensity, GridMap, MapError, MapOptions,
    Method, Palette, PotentialMap, Sequential, SymbolRates, View,
};

use super::city::{City, noise};
use super::maps::{rivers, scattered};
use super::{Draw, captions};

pub(crate) const VIEWS: &[(&str, Draw)] = &[
    ("DotDensity", dots),
    ("GridMap", hexagons),
    ("GridMap", hexagon_symbols),
    ("Dorling", dorling),
    ("ContiguousCartogram", cartogram),
    ("PotentialMap", potential),
    ("PotentialMap", potential_ratio),
];

fn inhabitants(values: impl IntoIterator<Item = f64>) -> Vec<Measured> {
    values.into_iter().map(|value| Measured::new(value.round(), Unit::of("{inhabitant}"))).collect()
}

/// Flats and houses of each zone; one zone keeps its numbers to itself.
fn dots() -> Result<View, Box<dyn Error>> {
    let city = City::new()?;
    let part = |flats: bool| {
        let homes = (0..city.zones.len()).map(|zone| {
            let share = (1.05 - city.remoteness[zone] + 0.3 * (noise(40, zone, 0) - 0.5)).clamp(0.02, 0.98);
            (0.47 * city.inhabitants[zone] * if flats { share } else { 1.0 - share }).round()
        });
        let mut homes: Vec<Measured> = homes.map(|n| Measured::new(n, Unit::of("{dwelling}"))).collect();
        homes[7] = Measured::suppressed(Unit::of("{dwelling}"), Suppression::FewUnits { minimum: 11 });
        homes
    };
    let (flats, houses) = (part(true), part(false));
    let captions =
        captions("dots", "Des appartements au centre, des maisons autour", "Logements, zones, 2025");
    Ok(DotDensity::new(&city.zones, &city.zone_names)
        .with_amounts("Appartements", &flats)
        .with_amounts("Maisons", &houses)
        .draw(
            &MapOptions::default()
                .with_context(Context::borders(city.communes.clone()))
                .with_context(rivers(&city))
                .with_labels(0),
            &captions,
        )?)
}

/// Trees, more of them where more live.
fn trees(city: &City) -> datagora_geo::GeometryColumn {
    let counts: Vec<usize> = (0..city.zones.len())
        .map(|zone| (city.inhabitants[zone] / 25.0 * (noise(41, zone, 0) - 0.15).max(0.0)) as usize)
        .collect();
    scattered(city, 42, &counts)
}

/// A commune without inventory.
fn unobserved(city: &City) -> datagora_geo::GeometryColumn {
    city.communes.take(&[13])
}

/// The trees of the city by hexagons of a width, m; one commune was never surveyed.
fn tree_hexagons(
    width: f64,
    finish: impl FnOnce(GridMap<'_>, &City) -> Result<View, MapError>,
) -> Result<View, Box<dyn Error>> {
    let city = City::new()?;
    let (trees, unobserved) = (trees(&city), unobserved(&city));
    let map = GridMap::hexagons(&trees, width, Unit::of("{tree}"));
    Ok(finish(map.with_ground(&city.communes).with_unobserved(&unobserved), &city)?)
}

fn hexagons() -> Result<View, Box<dyn Error>> {
    tree_hexagons(400.0, |map, city| {
        map.with_measure("Arbres par hectare")
            .with_method(Method::HeadTail, 5)
            .with_palette(Palette::Sequential(Sequential::Greens))
            .draw(
                &MapOptions::default()
                    .with_context(Context::borders(city.communes.clone()))
                    .with_context(rivers(city))
                    .with_zone_word("hexagones"),
                &captions("hexagons", "Les rues les plus plantées", "Arbres d’alignement, 2025"),
            )
    })
}

fn hexagon_symbols() -> Result<View, Box<dyn Error>> {
    tree_hexagons(800.0, |map, city| {
        map.with_measure("Arbres d’alignement").with_symbols().with_colour(Colour::rgb(0, 122, 84)).draw(
            &MapOptions::default().with_context(rivers(city)).with_zone_word("hexagones"),
            &captions("hexagon-symbols", "Où sont les arbres des rues", "Arbres d’alignement, 2025"),
        )
    })
}

/// Part of those who look for work, of each commune.
fn unemployment(city: &City) -> Vec<Measured> {
    (0..city.commune_names.len())
        .map(|commune| Measured::new((60.0 + 110.0 * noise(44, commune, 0)).round() / 10.0, Unit::PERCENT))
        .collect()
}

fn dorling() -> Result<View, Box<dyn Error>> {
    let city = City::new()?;
    let people = inhabitants(city.by_commune(&city.inhabitants));
    let rates = unemployment(&city);
    let rate = SymbolRates::new(&rates)
        .with_measure("Taux de chômage")
        .with_method(Method::Quantile, 4)
        .with_palette(Palette::Sequential(Sequential::YellowOrangeBrown));
    let captions = captions("dorling", "Le chômage à la mesure des habitants", "Communes, 2025");
    Ok(Dorling::new(&city.communes, &city.commune_names, &people)
        .with_measure("Population")
        .with_rates(rate)
        .draw(&MapOptions::default().with_zone_word("communes").with_labels(22), &captions)?)
}

fn cartogram() -> Result<View, Box<dyn Error>> {
    let city = City::new()?;
    let people = inhabitants(city.by_commune(&city.inhabitants));
    let growth: Vec<Measured> = (0..city.commune_names.len())
        .map(|commune| Measured::new((60.0 * noise(45, commune, 0) - 22.0).round() / 20.0, Unit::PERCENT))
        .collect();
    let rate = SymbolRates::new(&growth)
        .with_measure("Évolution annuelle de la population")
        .with_method(Method::Manual(vec![-0.5, 0.0, 0.5, 1.0, 2.0]), 5)
        .with_palette(Palette::Diverging(Diverging::OrangePurple))
        .with_centre(0.0);
    let captions =
        captions("cartogram", "Les communes à la taille de leur population", "Communes, 2018 à 2025");
    Ok(ContiguousCartogram::new(&city.communes, &city.commune_names, &people)
        .with_measure("Population")
        .with_rates(rate)
        .draw(&MapOptions::default().with_context(rivers(&city)).with_zone_word("communes"), &captions)?)
}

fn potential() -> Result<View, Box<dyn Error>> {
    let city = City::new()?;
    let people = inhabitants(city.inhabitants.iter().copied());
    let captions = captions("potential", "Combien de gens vivent alentour\u{a0}?", "Zones et communes, 2025");
    Ok(PotentialMap::new(&city.zones, &city.zone_names, &people, PotentialOptions::new(Metres(1_000.0)))
        .with_measure("Habitants alentour")
        .draw(
            &MapOptions::default()
                .with_context(Context::borders(city.communes.clone()))
                .with_context(rivers(&city))
                .with_labels(0),
            &captions,
        )?)
}

fn potential_ratio() -> Result<View, Box<dyn Error>> {
    let city = City::new()?;
    let people = inhabitants(city.inhabitants.iter().copied());
    let jobs: Vec<Measured> = (0..city.zones.len())
        .map(|zone| {
            let share = 0.15 + 0.9 * noise(46, city.commune_of[zone], 0) * noise(47, zone, 0);
            Measured::new((city.inhabitants[zone] * share).round(), Unit::of("{job}"))
        })
        .collect();
    let captions =
        captions("potential-ratio", "Où les emplois sont nombreux pour les habitants", "Zones, 2025");
    Ok(PotentialMap::new(&city.zones, &city.zone_names, &jobs, PotentialOptions::new(Metres(1_500.0)))
        .per("Habitants", &people)
        .with_measure("Emplois par habitant alentour")
        .with_palette(Palette::Sequential(Sequential::BluePurple))
        .draw(&MapOptions::default().with_context(rivers(&city)).with_labels(0), &captions)?)
}
