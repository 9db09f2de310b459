//! Maps of the made city.
use std::error::Error;

use datagora_core::{Measured, Suppression, Unit};
use datagora_geo::{GeometryColumn, interior_point};
use datagora_viz::{
    Choropleth, Clustering, Colour, Context, FlowDirection, FlowMap, Flows, MapOptions, Method, Palette,
    PointMap, ProportionalSymbols, Sequential, Typology, View, density_grid,
};

use super::city::{City, noise};
use super::{Draw, captions};

pub(crate) const VIEWS: &[(&str, Draw)] = &[
    ("Choropleth", choropleth),
    ("ProportionalSymbols", symbols),
    ("Typology", typology),
    ("PointMap", points),
    ("DensityGrid", grid),
    ("FlowMap", flows),
    ("FlowMap", net_flows),
];

/// The rivers, above what is coloured.
fn rivers(city: &City) -> Context {
    Context::lines(city.rivers.clone(), Colour::rgb(126, 178, 214), 3.5)
}

/// Surfaces with the borders of the communes and the rivers; zones are too small to be named.
fn surfaces(city: &City) -> MapOptions {
    MapOptions::default()
        .with_context(Context::borders(city.communes.clone()))
        .with_context(rivers(city))
        .with_labels(0)
}

/// The communes as ground for symbols, with the rivers.
fn ground(city: &City) -> MapOptions {
    MapOptions::default().with_context(Context::land(city.communes.clone())).with_context(rivers(city))
}

fn choropleth() -> Result<View, Box<dyn Error>> {
    let city = City::new()?;
    let unit = Unit::of("{inhabitant}/km2");
    let densities: Vec<Measured> = (0..city.zones.len())
        .map(|zone| match (city.inhabitants[zone], noise(20, zone, 0)) {
            (inhabitants, _) if inhabitants < 150.0 => {
                Measured::suppressed(unit.clone(), Suppression::FewUnits { minimum: 150 })
            }
            (_, chance) if chance < 0.02 => {
                Measured::suppressed(unit.clone(), Suppression::Incomplete { needed: 0.8 })
            }
            (inhabitants, _) => Measured::new((inhabitants / city.surfaces[zone]).round(), unit.clone()),
        })
        .collect();
    let captions = captions(
        "choropleth",
        "Où habite-t-on\u{a0}?",
        "Habitants par kilomètre carré, zones et communes, 2025",
    );
    Ok(Choropleth::new(&city.zones, &city.zone_names, &densities)
        .with_measure("Densité de population")
        .with_method(Method::Fisher, 6)
        .draw(&surfaces(&city), &captions)?)
}

fn symbols() -> Result<View, Box<dyn Error>> {
    let city = City::new()?;
    let trees: Vec<f64> = (0..city.zones.len())
        .map(|zone| (city.inhabitants[zone] * (0.05 + 0.2 * noise(21, zone, 0))).round())
        .collect();
    let trees: Vec<Measured> =
        city.by_commune(&trees).into_iter().map(|n| Measured::new(n, Unit::of("{tree}"))).collect();
    let captions =
        captions("symbols", "Les arbres d’alignement", "Arbres plantés le long des rues, par commune, 2025");
    Ok(ProportionalSymbols::new(&city.communes, &city.commune_names, &trees)
        .with_measure("Arbres d’alignement")
        .with_colour(Colour::rgb(0, 122, 84))
        .draw(&ground(&city).with_zone_word("communes"), &captions)?)
}

fn typology() -> Result<View, Box<dyn Error>> {
    let city = City::new()?;
    let kinds: Vec<Option<String>> = (0..city.zones.len())
        .map(|zone| {
            let (far, chance) = (city.remoteness[zone], noise(22, zone, 0));
            let kind = match far + 0.35 * (chance - 0.5) {
                _ if noise(23, zone, 0) < 0.015 => return None,
                _ if noise(24, zone, 0) < 0.09 => "activités",
                f if f < 0.32 => "centre ancien",
                f if f < 0.6 => "immeubles",
                f if f < 0.9 => "maisons",
                _ => "champs et bois",
            };
            Some(kind.to_owned())
        })
        .collect();
    let captions = captions("typology", "De la vieille ville aux champs", "Usage principal du sol, zones");
    Ok(Typology::new(&city.zones, &city.zone_names, &kinds)
        .with_variable("Usage principal")
        .with_order(["centre ancien", "immeubles", "maisons", "champs et bois", "activités"])
        .draw(&surfaces(&city), &captions)?)
}

/// Places around an inner point of each zone, as many as `counts` says.
fn scattered(city: &City, stream: usize, counts: &[usize]) -> GeometryColumn {
    let centres = interior_point(&city.zones);
    let Some((x, y)) = centres.as_points() else { return centres };
    let (mut eastings, mut northings) = (Vec::new(), Vec::new());
    for (zone, &count) in counts.iter().enumerate() {
        let reach = 900.0 * city.surfaces[zone].sqrt();
        for k in 0..count {
            eastings.push(x[zone] + reach * (noise(stream, zone, k) - 0.5));
            northings.push(y[zone] + reach * (noise(stream + 1, zone, k) - 0.5));
        }
    }
    GeometryColumn::points(eastings, northings, city.zones.crs().clone())
}

fn points() -> Result<View, Box<dyn Error>> {
    let city = City::new()?;
    let counts: Vec<usize> = (0..city.zones.len())
        .map(|zone| usize::from(noise(25, zone, 0) > 0.55 + 0.4 * city.remoteness[zone]))
        .collect();
    let places = scattered(&city, 26, &counts);
    let names: Vec<String> = (1..=places.len()).map(|k| format!("Compteur {k}")).collect();
    let modes: Vec<String> = (0..places.len())
        .map(|k| match noise(28, k, 0) {
            chance if chance < 0.55 => "vélos",
            chance if chance < 0.85 => "voitures",
            _ => "piétons",
        })
        .map(str::to_owned)
        .collect();
    let captions =
        captions("points", "Où l’on compte", "Compteurs permanents selon ce qu’ils comptent, 2025");
    Ok(PointMap::new(&places, &names)
        .with_categories("Mode", &modes)
        .draw(&ground(&city).with_labels(0).with_zone_word("compteurs"), &captions)?)
}

fn grid() -> Result<View, Box<dyn Error>> {
    let city = City::new()?;
    let counts: Vec<usize> = (0..city.zones.len())
        .map(|zone| (city.inhabitants[zone] / 30.0 * (0.3 + noise(29, zone, 0))) as usize)
        .collect();
    let trees = scattered(&city, 30, &counts);
    let grid = density_grid(&trees, 250.0, &Unit::of("{tree}"))?;
    let captions =
        captions("grid", "Les rues les plus plantées", "Arbres par hectare, carreaux de 250\u{a0}m, 2025");
    Ok(Choropleth::new(&grid.cells, &grid.names, &grid.densities)
        .with_measure("Arbres par hectare")
        .with_method(Method::HeadTail, 5)
        .with_palette(Palette::Sequential(Sequential::Greens))
        .draw(
            &surfaces(&city).with_context(Context::land(city.communes.clone())).with_zone_word("carreaux"),
            &captions,
        )?)
}

/// Who lives in which zone and works in which: more towards the centre and nearby.
fn commuters(city: &City) -> Result<Flows, Box<dyn Error>> {
    let n = city.zones.len();
    let centres = interior_point(&city.zones);
    let Some((x, y)) = centres.as_points() else { return Err("inner points are points".into()) };
    let jobs: Vec<f64> = (0..n)
        .map(|zone| {
            let centrality = (1.0 - city.remoteness[zone]).max(0.05);
            centrality * centrality * (0.3 + 1.4 * noise(31, zone, 0))
        })
        .collect();
    let (mut from, mut to, mut amounts) = (Vec::new(), Vec::new(), Vec::new());
    for home in 0..n {
        let pull: Vec<f64> = (0..n)
            .map(|work| {
                let (dx, dy) = ((x[home] - x[work]) / 3_500.0, (y[home] - y[work]) / 3_500.0);
                jobs[work] * (0.5 + noise(32, home, work)) / (1.0 + dx * dx + dy * dy)
            })
            .collect();
        let sum: f64 = pull.iter().sum();
        for (work, pull) in pull.into_iter().enumerate() {
            from.push(home);
            to.push(work);
            amounts.push((0.42 * city.inhabitants[home] * pull / sum).round());
        }
    }
    Ok(Flows::of_numbers(n, &from, &to, &amounts, Unit::of("{person}"))?)
}

fn flows() -> Result<View, Box<dyn Error>> {
    let city = City::new()?;
    let zones = commuters(&city)?;
    let of = |zone: usize| city.commune_of[zone];
    let within = zones.within().iter().enumerate().map(|(zone, amount)| (zone, zone, *amount));
    let (mut from, mut to, mut amounts) = (Vec::new(), Vec::new(), Vec::new());
    for (home, work, amount) in zones.between().chain(within) {
        from.push(of(home));
        to.push(of(work));
        amounts.push(amount);
    }
    let flows = Flows::of_numbers(city.communes.len(), &from, &to, &amounts, Unit::of("{person}"))?;
    let captions = captions(
        "flows",
        "Où travaille-t-on\u{a0}?",
        "Actifs, de la commune où ils habitent à celle où ils travaillent",
    );
    Ok(FlowMap::new(&city.communes, &city.commune_names, &flows)
        .with_measure("Actifs ayant un emploi")
        .with_most(40)
        .draw(&MapOptions::default().with_context(rivers(&city)).with_zone_word("communes"), &captions)?)
}

fn net_flows() -> Result<View, Box<dyn Error>> {
    let city = City::new()?;
    let flows = commuters(&city)?;
    let captions =
        captions("net-flows", "Qui attire, qui envoie\u{a0}?", "Actifs, solde des allers et des retours");
    Ok(FlowMap::new(&city.zones, &city.zone_names, &flows)
        .with_measure("Solde des actifs")
        .with_direction(FlowDirection::Net)
        .with_clustering(Clustering::BySize)
        .draw(&surfaces(&city).with_labels(10), &captions)?)
}
