//! Maps of the made city.
use std::error::Error;

use datagora_core::{Interval, Measured, Suppression, Unit};
use datagora_geo::{GeometryColumn, interior_point};
use datagora_viz::{
    BivariateMap, Choropleth, Clustering, Colour, Context, DifferenceMap, Discontinuities, Diverging,
    FlowDirection, FlowMap, Flows, GraduatedSymbols, Inset, MapMultiples, MapOptions, Method, Palette,
    PointMap, ProportionalSymbols, Sequential, SymbolRates, Typology, ValueSuppressingMap, View,
    density_grid,
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
    ("FlowMap", flow_inset),
    ("BivariateMap", bivariate),
    ("GraduatedSymbols", graduated),
    ("ProportionalSymbols", rated),
    ("Discontinuities", discontinuities),
    ("DifferenceMap", difference),
    ("ValueSuppressingMap", suppressing),
    ("Inset", inset),
    ("MapMultiples", multiples),
];

/// The rivers, above what is coloured.
pub(super) fn rivers(city: &City) -> Context {
    Context::lines(city.rivers.clone(), Colour::rgb(126, 178, 214), 3.5)
}

/// Surfaces with the borders of the communes and the rivers; zones are too small to be named.
pub(super) fn surfaces(city: &City) -> MapOptions {
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
pub(super) fn scattered(city: &City, stream: usize, counts: &[usize]) -> GeometryColumn {
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
            &surfaces(&city)
                .with_context(Context::land(city.communes.clone()).with_meaning("aucun arbre"))
                .with_zone_word("carreaux"),
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

/// The two communes in the middle.
fn centre(city: &City) -> Inset {
    let rows: Vec<usize> = (0..city.communes.len())
        .filter(|&commune| ["Aurelle", "Valorcy"].contains(&&city.commune_names[commune][..]))
        .collect();
    Inset::new("Aurelle et Valorcy", city.communes.take(&rows))
}

fn flow_inset() -> Result<View, Box<dyn Error>> {
    let city = City::new()?;
    let flows = commuters(&city)?;
    let captions = captions(
        "flow-inset",
        "Qui traverse le centre\u{a0}?",
        "Actifs, de zone en zone, les plus grands flux",
    );
    Ok(FlowMap::new(&city.zones, &city.zone_names, &flows)
        .with_measure("Actifs ayant un emploi")
        .with_most(40)
        .draw(&surfaces(&city).with_inset(centre(&city)), &captions)?)
}

/// Part of each zone, %: from `near` in the centre to `far` at the edge, with some chance.
fn share(city: &City, stream: usize, near: f64, far: f64, chance: f64) -> Vec<f64> {
    (0..city.zones.len())
        .map(|zone| {
            let east = 0.3 * (noise(stream + 1, city.commune_of[zone], 0) - 0.5);
            let smooth = near + (far - near) * (city.remoteness[zone] + east).clamp(0.0, 1.0);
            let value = smooth + chance * (noise(stream, zone, 0) - 0.5);
            (10.0 * value.clamp(0.5, 95.0)).round() / 10.0
        })
        .collect()
}

fn percent(values: &[f64]) -> Vec<Measured> {
    values.iter().map(|&value| Measured::new(value, Unit::PERCENT)).collect()
}

fn bivariate() -> Result<View, Box<dyn Error>> {
    let city = City::new()?;
    let mut canopy = percent(&share(&city, 40, 6.0, 38.0, 16.0));
    let mut poverty = percent(&share(&city, 42, 31.0, 6.0, 14.0));
    for (zone, (canopy, poverty)) in canopy.iter_mut().zip(&mut poverty).enumerate() {
        match noise(44, zone, 0) {
            chance if chance < 0.02 => {
                *poverty = Measured::suppressed(Unit::PERCENT, Suppression::FewUnits { minimum: 11 });
            }
            chance if chance < 0.035 => *canopy = Measured::new(f64::NAN, Unit::PERCENT),
            _ => {}
        }
    }
    let captions = captions(
        "bivariate",
        "Pauvre et sans ombre\u{a0}: le centre",
        "Taux de pauvreté et part du sol sous des arbres, zones, 2025",
    );
    Ok(BivariateMap::new(&city.zones, &city.zone_names, &poverty, &canopy)
        .with_measures("Taux de pauvreté", "Canopée")
        .draw(&surfaces(&city), &captions)?)
}

/// Shops of each commune: many in the centre, none in some villages.
fn shops(city: &City) -> Vec<Measured> {
    let shops: Vec<f64> = (0..city.zones.len())
        .map(|zone| {
            let central = (1.0 - city.remoteness[zone]).max(0.0);
            (city.inhabitants[zone] * 0.03 * central * central * (0.4 + noise(45, zone, 0))).floor()
        })
        .collect();
    city.by_commune(&shops).into_iter().map(|n| Measured::new(n, Unit::of("{establishment}"))).collect()
}

fn graduated() -> Result<View, Box<dyn Error>> {
    let city = City::new()?;
    let captions = captions(
        "graduated",
        "Le commerce, affaire du centre",
        "Commerces par commune, ordres de grandeur, 2025",
    );
    Ok(GraduatedSymbols::new(&city.communes, &city.commune_names, &shops(&city))
        .with_measure("Commerces")
        .with_method(Method::Manual(vec![10.0, 50.0, 200.0, 500.0]), 4)
        .with_colour(Colour::rgb(176, 74, 20))
        .draw(&ground(&city).with_zone_word("communes"), &captions)?)
}

fn rated() -> Result<View, Box<dyn Error>> {
    let city = City::new()?;
    let people: Vec<Measured> = city
        .by_commune(&city.inhabitants)
        .into_iter()
        .map(|n| Measured::new(n, Unit::of("{inhabitant}")))
        .collect();
    let unemployed: Vec<f64> =
        share(&city, 46, 13.0, 5.0, 7.0).iter().zip(&city.inhabitants).map(|(rate, n)| rate * n).collect();
    let rates: Vec<f64> = city
        .by_commune(&unemployed)
        .iter()
        .zip(city.by_commune(&city.inhabitants))
        .map(|(sum, n)| (10.0 * sum / n).round() / 10.0)
        .collect();
    let rates = percent(&rates);
    let captions = captions(
        "rated-symbols",
        "Combien d’habitants, combien sans emploi",
        "Population et taux de chômage par commune, 2025",
    );
    Ok(ProportionalSymbols::new(&city.communes, &city.commune_names, &people)
        .with_measure("Population")
        .with_rates(SymbolRates::new(&rates).with_measure("Taux de chômage"))
        .draw(&ground(&city).with_zone_word("communes"), &captions)?)
}

fn discontinuities() -> Result<View, Box<dyn Error>> {
    let city = City::new()?;
    let poverty = percent(&share(&city, 42, 31.0, 6.0, 14.0));
    let captions = captions(
        "discontinuities",
        "Où la ville se brise",
        "Écarts de taux de pauvreté entre zones voisines, un dixième des frontières, 2025",
    );
    Ok(Discontinuities::new(&city.zones, &city.zone_names, &poverty)
        .with_measure("Taux de pauvreté")
        .with_share(0.1)
        .draw(&MapOptions::default().with_context(rivers(&city)).with_labels(0), &captions)?)
}

fn difference() -> Result<View, Box<dyn Error>> {
    let city = City::new()?;
    let known = |value: f64, margin: f64| -> Result<Measured, Box<dyn Error>> {
        let interval = Interval::at_level(value - margin, value + margin, 0.95)?;
        Ok(Measured::new(value, Unit::PERCENT).with_interval(interval))
    };
    let canopy = share(&city, 40, 6.0, 38.0, 16.0);
    let before = canopy.iter().map(|&value| known(value, 1.0)).collect::<Result<Vec<_>, _>>()?;
    let after = canopy
        .iter()
        .enumerate()
        .map(|(zone, value)| {
            let planted = 9.0 * (0.55 - city.remoteness[zone]) + 5.0 * (noise(48, zone, 0) - 0.5);
            match noise(49, zone, 0) < 0.02 {
                true => Ok(Measured::new(f64::NAN, Unit::PERCENT)),
                false => known((10.0 * (value + planted).max(0.5)).round() / 10.0, 1.0),
            }
        })
        .collect::<Result<Vec<_>, _>>()?;
    let captions = captions(
        "difference",
        "La canopée gagne au centre et recule au bord",
        "Part du sol sous des arbres, différence de 2015 à 2025, zones",
    );
    Ok(DifferenceMap::new(&city.zones, &city.zone_names, &before, &after)
        .with_measure("Canopée")
        .with_times("2015", "2025")
        .with_method(Method::Manual(vec![1.0, 3.0, 5.0, 8.0]), 4)
        .with_palette(Diverging::BrownTeal)
        .draw(&surfaces(&city), &captions)?)
}

/// A survey that asked a hundred people in some zones and a dozen in others.
fn suppressing() -> Result<View, Box<dyn Error>> {
    let city = City::new()?;
    let cyclists = share(&city, 53, 38.0, 3.0, 10.0)
        .iter()
        .enumerate()
        .map(|(zone, &percent)| {
            let asked = 12.0 + 160.0 * noise(55, zone, 0) * noise(56, city.commune_of[zone], 0);
            let margin = 1.28 * (percent * (100.0 - percent) / asked).sqrt();
            let interval = Interval::at_level((percent - margin).max(0.0), percent + margin, 0.8)?;
            Ok(Measured::new(percent, Unit::PERCENT).with_interval(interval))
        })
        .collect::<Result<Vec<_>, Box<dyn Error>>>()?;
    let captions = captions(
        "suppressing",
        "Qui va au travail à vélo, pour autant qu’on le sache",
        "Part des actifs, enquête par sondage, intervalles à 80\u{202f}%, zones, 2025",
    );
    Ok(ValueSuppressingMap::new(&city.zones, &city.zone_names, &cyclists)
        .with_measure("À vélo au travail")
        .draw(&surfaces(&city), &captions)?)
}

fn inset() -> Result<View, Box<dyn Error>> {
    let city = City::new()?;
    let unit = Unit::of("{inhabitant}/km2");
    let densities: Vec<Measured> = (0..city.zones.len())
        .map(|zone| Measured::new((city.inhabitants[zone] / city.surfaces[zone]).round(), unit.clone()))
        .collect();
    let captions = captions("inset", "Le centre, de plus près", "Habitants par kilomètre carré, zones, 2025");
    let options = surfaces(&city).with_inset(centre(&city));
    Ok(Choropleth::new(&city.zones, &city.zone_names, &densities)
        .with_measure("Densité de population")
        .draw(&options, &captions)?)
}

fn multiples() -> Result<View, Box<dyn Error>> {
    let city = City::new()?;
    let now = share(&city, 50, 88.0, 4.0, 26.0);
    let years: Vec<Vec<Measured>> = [0.35, 0.55, 0.8, 1.0]
        .into_iter()
        .enumerate()
        .map(|(step, factor)| {
            let spread = |value: f64, zone: usize| value * (factor + 0.1 * (noise(52, zone, step) - 0.5));
            let values: Vec<f64> = now
                .iter()
                .enumerate()
                .map(|(zone, &value)| spread(value, zone).clamp(0.0, 100.0).round())
                .collect();
            percent(&values)
        })
        .collect();
    let captions = captions(
        "map-multiples",
        "Les immeubles gagnent les faubourgs",
        "Part des logements en immeuble, zones, quatre recensements",
    );
    let mut maps = MapMultiples::new(&city.zones, &city.zone_names).with_measure("Logements en immeuble");
    for (year, values) in ["1975", "1990", "2010", "2025"].into_iter().zip(&years) {
        maps = maps.with_map(year, values);
    }
    Ok(maps.draw(&surfaces(&city), &captions)?)
}
