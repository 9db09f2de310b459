//! Maps of amounts that give up the place or the zone: dots, circles, deformed zones, hexagons, potentials.
use std::collections::{BTreeMap, HashMap};

use proptest::prelude::*;

use super::*;
use crate::map::tests::{captions, check, zones};
use crate::random::SplitMix64;

/// Inhabitants of the communes of Lyon.
fn lyon_people() -> Option<(GeometryColumn, Vec<String>, Vec<Measured>)> {
    let (communes, names, densities) = lyon_density()?;
    let areas = area(&communes, Metric::Planar).unwrap();
    let people = densities.iter().zip(areas).map(|(density, area)| {
        let value = density.value().map_or(f64::NAN, |value| (value * area / 1e6).round());
        Measured::new(value, Unit::of("{inhabitant}"))
    });
    Some((communes, names, people.collect()))
}

/// A town of square zones, with amounts that hold everything that can go wrong.
fn town(columns: usize, amounts: &[f64]) -> (GeometryColumn, Vec<String>, Vec<Measured>) {
    let zone = |row: usize| {
        let (x, y) =
            (840_000.0 + 500.0 * (row % columns) as f64, 6_520_000.0 + 500.0 * (row / columns) as f64);
        Rect::new(Coord { x, y }, Coord { x: x + 500.0, y: y + 500.0 }).to_polygon().into()
    };
    let zones = GeometryColumn::new((0..amounts.len()).map(zone), Crs::LAMBERT_93);
    let names = (0..amounts.len()).map(|row| format!("Saint-Germain-au-Mont-d’Or {row}")).collect();
    let values = amounts.iter().map(|&amount| Measured::new(amount, Unit::of("{inhabitant}"))).collect();
    (zones, names, values)
}

fn secret() -> Measured {
    Measured::suppressed(Unit::of("{inhabitant}"), Suppression::FewUnits { minimum: 3 })
}

/// Amounts of which some are missing, zero, small or large.
fn amounts() -> impl Strategy<Value = Vec<f64>> {
    let amount = prop_oneof![3 => 0.0..20_000.0f64, 1 => Just(0.0), 1 => Just(f64::NAN), 1 => 0.0..1e-3f64];
    prop::collection::vec(amount, 1..30)
}

#[test]
fn people_of_lyon_as_dots() {
    let Some((communes, names, mut people)) = lyon_people() else { return };
    people[3] = secret();
    for (language, id) in [(Language::French, "dots-fr"), (Language::English, "dots-en")] {
        let map = DotDensity::new(&communes, &names)
            .with_amounts(language.pick("Habitants", "Inhabitants"), &people);
        let options = MapOptions::default().with_zone_word("communes").with_labels(8);
        assert_eq!(map.lint(&options).unwrap(), []);
        let view = map
            .draw(&options, &captions(id, language.pick("Où habite-t-on ?", "Where people live"), language))
            .unwrap();
        check(&view);
        assert!(view.description().contains(&names[3]), "the withheld commune is named");
    }
}

#[test]
fn housing_of_lyon_as_mixed_dots_on_inhabited_ground() {
    let Some((communes, names, people)) = lyon_people() else { return };
    let part = |share: f64| -> Vec<Measured> {
        let of = |row: usize, value: &Measured| {
            let value =
                value.value().map_or(f64::NAN, |v| (v * (share + 0.1 * ((row * 7) % 5) as f64)).round());
            Measured::new(value, Unit::of("{inhabitant}"))
        };
        people.iter().enumerate().map(|(row, value)| of(row, value)).collect()
    };
    let parts = [part(0.2), part(0.3), part(0.1)];
    // Inhabited ground: discs about the middle of each commune, as a made mask.
    let centres = datagora_geo::interior_point(&communes);
    let ground = datagora_geo::buffer(&centres, 1_500.0, &datagora_geo::BufferOptions::default()).unwrap();
    let map = DotDensity::new(&communes, &names)
        .with_amounts("Propriétaires", &parts[0])
        .with_amounts("Locataires", &parts[1])
        .with_amounts("Logés gratuitement", &parts[2])
        .with_ground(&ground);
    let options = MapOptions::default().with_zone_word("communes").with_labels(0);
    let title = "Propriétaires et locataires (répartition fictive)";
    check(&map.draw(&options, &captions("dots-mixed", title, Language::French).with_made(true)).unwrap());
}

#[test]
fn dots_of_little_worth_are_doubted_or_refused() {
    let (zones, names, people) = town(3, &[9_000.0, 300.0, f64::NAN, 0.0, 40.0, 2_000.0]);
    let map = DotDensity::new(&zones, &names).with_amounts("Habitants", &people);
    let options = MapOptions::default();
    assert_eq!(map.clone().with_worth(50.0).lint(&options).unwrap(), []);
    let captions = captions("dots", "Habitants", Language::French);
    for worth in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let refused = map.clone().with_worth(worth).draw(&options, &captions).unwrap_err();
        assert!(matches!(refused, MapError::Worth { .. }), "{refused}");
    }
    let refused = map.clone().with_worth(1.0).draw(&options, &captions).unwrap_err();
    assert!(matches!(refused, MapError::TooManyDots { most: 5_000, .. }), "{refused}");
    // Ten zones of which one holds nearly all, and is small.
    let mut shapes: Vec<Geometry> = zones.iter().flatten().collect();
    shapes[0] = Rect::new(Coord { x: 840_000.0, y: 6_520_000.0 }, Coord { x: 840_040.0, y: 6_520_040.0 })
        .to_polygon()
        .into();
    let small = GeometryColumn::new(shapes, Crs::LAMBERT_93);
    let dense = DotDensity::new(&small, &names).with_amounts("Habitants", &people).with_worth(3.0);
    assert!(matches!(dense.lint(&options).unwrap()[..], [Finding::SaturatedDots { share }] if share > 0.7));
    check(&dense.draw(&options, &captions).unwrap());
}

#[test]
fn dots_stand_on_the_ground_given() {
    let (zones, names, people) = town(2, &[4_000.0, 1_000.0]);
    // Only of the first zone; it has a hole.
    let ring = |x: f64, y: f64, side: f64| -> LineString {
        [(x, y), (x + side, y), (x + side, y + side), (x, y + side)].into_iter().collect()
    };
    let ground = Polygon::new(ring(840_000.0, 6_520_000.0, 200.0), vec![ring(840_050.0, 6_520_050.0, 100.0)]);
    let ground = GeometryColumn::new([ground.into()], Crs::LAMBERT_93);
    let view = DotDensity::new(&zones, &names)
        .with_amounts("Inhabitants", &people)
        .with_worth(50.0)
        .with_ground(&ground)
        .draw(&MapOptions::default(), &captions("dots-ground", "People", Language::English))
        .unwrap();
    check(&view);
    assert!(view.description().contains("Zones without it, dots anywhere: 1."), "{}", view.description());
    let scale = crate::map::sheet::wide_ground(zones.bounds().unwrap());
    let dots: Vec<[f64; 2]> = view
        .scene()
        .marks()
        .iter()
        .filter_map(|mark| match mark.shape {
            crate::Shape::Circle { x, y, .. } => Some([x, y]),
            _ => None,
        })
        .collect();
    // The dot of the legend and 100 on the map; the map begins below its title.
    assert_eq!(dots.len(), 101);
    let west = scale.place(Coord { x: 840_000.0, y: 6_520_000.0 })[0];
    let in_first = dots.iter().filter(|dot| dot[0] < west + 200.0 * scale.scale).count();
    assert_eq!(in_first, 80);
}

#[test]
fn communes_of_lyon_as_circles_and_squares() {
    let Some((communes, names, mut people)) = lyon_people() else { return };
    people[3] = secret();
    let (_, _, densities) = lyon_density().unwrap();
    let options = MapOptions::default().with_zone_word("communes").with_labels(66);
    for (language, id) in [(Language::French, "dorling-fr"), (Language::English, "dorling-en")] {
        let map = Dorling::new(&communes, &names, &people).with_measure("Population");
        let title = language.pick("Les communes par leurs habitants", "The communes by their inhabitants");
        let view = map.draw(&options, &captions(id, title, language)).unwrap();
        check(&view);
        assert_eq!(view, map.draw(&options, &captions(id, title, language)).unwrap());
    }
    let rate =
        SymbolRates::new(&densities).with_measure("Densité de population").with_method(Method::Fisher, 5);
    let map = Dorling::new(&communes, &names, &people).with_measure("Population").with_rates(rate);
    let made = |id| captions(id, "Population et densité", Language::French);
    check(&map.draw(&options, &made("dorling-rate")).unwrap());
    check(&map.with_squares().draw(&options, &made("demers")).unwrap());
}

#[test]
fn surfaces_of_circles_are_proportional_and_none_covers_another() {
    let (zones, names, people) = town(3, &[9_000.0, 300.0, f64::NAN, 0.0, 40.0, 2_000.0]);
    let view = Dorling::new(&zones, &names, &people)
        .draw(&MapOptions::default(), &captions("dorling", "Habitants", Language::French))
        .unwrap();
    check(&view);
    for scene in [view.scene(), view.compact().unwrap()] {
        let circles: Vec<[f64; 3]> = scene
            .marks()
            .iter()
            .filter(|mark| mark.tip.is_some())
            .filter_map(|mark| match mark.shape {
                crate::Shape::Circle { x, y, radius } => Some([x, y, radius]),
                _ => None,
            })
            .collect();
        assert_eq!(circles.len(), 5, "the zero has none");
        let share = |a: usize, b: usize| (circles[a][2] / circles[b][2]).powi(2);
        assert!((share(0, 1) - 30.0).abs() < 1e-9 && (share(4, 3) - 50.0).abs() < 1e-9);
        for (i, a) in circles.iter().enumerate() {
            for b in &circles[i + 1..] {
                assert!((a[0] - b[0]).hypot(a[1] - b[1]) >= (a[2] + b[2]) * (1.0 - 1e-9), "{a:?} {b:?}");
            }
        }
    }
}

/// Pairs of zones that share edges, with the length they share.
fn shared_edges(zones: &GeometryColumn) -> Vec<(usize, usize, f64)> {
    let mut owner: HashMap<[u64; 4], usize> = HashMap::new();
    let mut shared: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for (row, geometry) in zones.iter().enumerate() {
        let mut each_ring = |ring: &LineString| {
            for line in ring.lines() {
                let bits = |at: Coord| [at.x.to_bits(), at.y.to_bits()];
                let (a, b) = (bits(line.start), bits(line.end));
                let ([first, second], [third, fourth]) = if a < b { (a, b) } else { (b, a) };
                match owner.insert([first, second, third, fourth], row) {
                    Some(other) if other != row => {
                        *shared.entry((other.min(row), other.max(row))).or_default() +=
                            (line.end.x - line.start.x).hypot(line.end.y - line.start.y);
                    }
                    _ => {}
                }
            }
        };
        let mut each = |polygon: &Polygon| {
            std::iter::once(polygon.exterior()).chain(polygon.interiors()).for_each(&mut each_ring);
        };
        match geometry {
            Some(Geometry::Polygon(polygon)) => each(&polygon),
            Some(Geometry::MultiPolygon(polygons)) => polygons.iter().for_each(each),
            _ => {}
        }
    }
    shared.into_iter().filter(|(_, length)| *length > 0.0).map(|((a, b), length)| (a, b, length)).collect()
}

/// Rings keep their sense, do not cross themselves, and what was shared stays shared.
fn check_topology(before: &GeometryColumn, after: &GeometryColumn) {
    assert_eq!(before.len(), after.len());
    let invalid: Vec<_> =
        datagora_geo::faults(after).into_iter().filter(|fault| fault.kind.is_invalid()).collect();
    assert!(invalid.is_empty(), "{invalid:?}");
    let sense = |column: &GeometryColumn| -> Vec<bool> {
        let signed = |ring: &LineString| {
            ring.lines().map(|l| l.start.x * l.end.y - l.end.x * l.start.y).sum::<f64>() > 0.0
        };
        let of = |polygon: &Polygon| {
            std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(signed).collect::<Vec<_>>()
        };
        column
            .iter()
            .flatten()
            .flat_map(|geometry| match geometry {
                Geometry::Polygon(polygon) => of(&polygon),
                Geometry::MultiPolygon(polygons) => polygons.iter().flat_map(of).collect(),
                other => panic!("{other:?}"),
            })
            .collect()
    };
    assert_eq!(sense(before), sense(after));
    let neighbours = |column: &GeometryColumn| {
        shared_edges(column).into_iter().map(|(a, b, _)| (a, b)).collect::<Vec<_>>()
    };
    assert_eq!(neighbours(before), neighbours(after));
    // No ground twice, none lost between neighbours.
    let sum = |column: &GeometryColumn| area(column, Metric::Planar).unwrap().iter().sum::<f64>();
    let together = sum(&datagora_geo::union_all(after).unwrap());
    assert!((together / sum(after) - 1.0).abs() < 1e-3, "{together} {}", sum(after));
    assert!((sum(after) / sum(before) - 1.0).abs() < 1e-3);
}

#[test]
fn communes_of_lyon_deformed_by_their_people() {
    let Some((communes, names, mut people)) = lyon_people() else { return };
    people[3] = secret();
    people[5] = Measured::new(0.0, Unit::of("{inhabitant}"));
    let (_, _, densities) = lyon_density().unwrap();
    let rate =
        SymbolRates::new(&densities).with_measure("Densité de population").with_method(Method::Fisher, 5);
    let map = ContiguousCartogram::new(&communes, &names, &people).with_measure("Population");
    let options =
        MapOptions::default().with_zone_word("communes").with_context(Context::borders(communes.clone()));
    let deformed = map.deform(&options).unwrap();
    let errors: Vec<f64> = deformed.errors.iter().flatten().copied().collect();
    let mean = errors.iter().sum::<f64>() / errors.len() as f64;
    assert!(mean < 0.01, "{mean}");
    check_topology(&communes, &deformed.zones);
    for (language, id) in [(Language::French, "cartogram-fr"), (Language::English, "cartogram-en")] {
        let title = language
            .pick("Les communes à la taille de leur population", "Communes as large as their population");
        check(&map.draw(&options, &captions(id, title, language)).unwrap());
    }
    check(
        &map.with_rates(rate)
            .draw(&options, &captions("cartogram-rate", "Densité vue des habitants", Language::French))
            .unwrap(),
    );
}

#[test]
fn iris_of_lyon_deformed_by_their_people() {
    let Some((iris, names, properties)) = zones("lyon_admin/iris_lyonmetro.geojson", "libiris", Crs::WGS84)
    else {
        return;
    };
    let iris = iris.reproject(&Crs::LAMBERT_93).unwrap();
    let people: Vec<Measured> = properties
        .iter()
        .map(|properties| {
            let people = properties["p12_pop"].as_f64().unwrap_or(f64::NAN);
            Measured::new(people, Unit::of("{inhabitant}"))
        })
        .collect();
    let map = ContiguousCartogram::new(&iris, &names, &people).with_measure("Population");
    let deformed = map.deform(&MapOptions::default()).unwrap();
    let errors: Vec<f64> = deformed.errors.iter().flatten().copied().collect();
    let mean = errors.iter().sum::<f64>() / errors.len() as f64;
    assert!(mean < 0.01, "{mean}");
    check_topology(&iris, &deformed.zones);
}

/// Quarters of the city and whole rural communes: some of these shrink until they are narrower than a cell of the grid of the flow, and
/// only corrections at the scale of their borders bring them to size.
#[test]
fn zones_narrower_than_the_grid_get_their_surface() {
    let Some((iris, names, _)) = zones("lyon_admin/iris_lyon_mobitic.geojson", "x", Crs::WGS84) else {
        return;
    };
    let iris = iris.reproject(&Crs::LAMBERT_93).unwrap();
    let mut random = SplitMix64::new(7);
    let people: Vec<Measured> = (0..iris.len())
        .map(|_| (4_000.0 * random.unit() * random.unit()).round())
        .map(|people| Measured::new(people, Unit::of("{inhabitant}")))
        .collect();
    let deformed = ContiguousCartogram::new(&iris, &names, &people).deform(&MapOptions::default()).unwrap();
    let errors: Vec<f64> = deformed.errors.iter().flatten().copied().collect();
    let mean = errors.iter().sum::<f64>() / errors.len() as f64;
    assert!(mean < 0.01, "{mean}");
    check_topology(&iris, &deformed.zones);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn no_amounts_make_maps_panic(values in amounts(), withheld in 0usize..30, columns in 1usize..6) {
        let (zones, names, mut people) = town(columns, &values);
        if withheld < people.len() {
            people[withheld] = secret();
        }
        let options = MapOptions::default().with_labels(40);
        let span = datagora_geo::PotentialOptions::new(datagora_core::Metres(200.0 + withheld as f64));
        let middles = datagora_geo::centroid(&zones);
        for language in [Language::French, Language::English] {
            let captions = captions("any", "Un titre", language);
            let views = [
                DotDensity::new(&zones, &names).with_amounts("Habitants", &people).draw(&options, &captions),
                Dorling::new(&zones, &names, &people).draw(&options, &captions),
                Dorling::new(&zones, &names, &people).with_squares().draw(&options, &captions),
                PotentialMap::new(&zones, &names, &people, span).with_resolution(100.0).draw(&options, &captions),
                PotentialMap::new(&zones, &names, &people, span)
                    .per("Habitants", &people)
                    .with_resolution(100.0)
                    .draw(&options, &captions),
                GridMap::hexagons(&middles, 300.0, Unit::of("{inhabitant}"))
                    .with_amounts(&values)
                    .with_ground(&zones)
                    .draw(&options, &captions),
                GridMap::squares(&middles, 450.0, Unit::of("{inhabitant}"))
                    .with_amounts(&values)
                    .with_symbols()
                    .draw(&options, &captions),
            ];
            for view in views {
                match view {
                    Ok(view) => {
                        prop_assert_eq!(view.scene().flaws(), []);
                        prop_assert_eq!(view.compact().unwrap().flaws(), []);
                        prop_assert!(!view.description().contains("NaN"));
                    }
                    Err(error) => prop_assert!(matches!(error, MapError::Empty { .. }), "{}", error),
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10))]
    #[test]
    fn deformed_towns_keep_their_shape(values in amounts(), columns in 2usize..6) {
        let (zones, names, people) = town(columns, &values);
        let map = ContiguousCartogram::new(&zones, &names, &people);
        match map.deform(&MapOptions::default()) {
            Ok(deformed) => {
                check_topology(&zones, &deformed.zones);
                let errors: Vec<f64> = deformed.errors.iter().flatten().copied().collect();
                prop_assert!(errors.iter().sum::<f64>() <= 0.05 * errors.len() as f64, "{errors:?}");
                let captions = captions("any", "Un titre", Language::French);
                let view = map.draw(&MapOptions::default().with_labels(40), &captions).unwrap();
                prop_assert_eq!(view.scene().flaws(), []);
                prop_assert_eq!(view.compact().unwrap().flaws(), []);
            }
            Err(error) => prop_assert!(matches!(error, MapError::Empty { .. }), "{}", error),
        }
    }
}

/// Street trees of Lyon, in Lambert-93.
fn lyon_trees() -> Option<GeometryColumn> {
    let bytes = real_bytes("lyon_green/arbres_alignement.shp")?;
    // Records of 28 bytes after a header of 100: number and length, then the type (1, a point), x and y.
    let number = |record: &[u8], at: usize| f64::from_le_bytes(record[at..at + 8].try_into().unwrap());
    let (x, y) = bytes[100..].chunks_exact(28).map(|record| (number(record, 12), number(record, 20))).unzip();
    Some(GeometryColumn::points(x, y, Crs::WGS84).reproject(&Crs::LAMBERT_93).unwrap())
}

#[test]
fn street_trees_of_lyon_by_hexagons() {
    let Some((trees, (communes, names, _))) = lyon_trees().zip(lyon_people()) else { return };
    // As if one commune kept no inventory.
    let quincieux = names.iter().position(|name| name == "Quincieux").unwrap();
    let unobserved = communes.take(&[quincieux]);
    let map = GridMap::hexagons(&trees, 600.0, Unit::of("{tree}"))
        .with_measure("Arbres d’alignement")
        .with_ground(&communes)
        .with_unobserved(&unobserved)
        .with_palette(Palette::Sequential(crate::Sequential::Greens))
        .with_method(Method::HeadTail, 5);
    let options =
        MapOptions::default().with_zone_word("hexagones").with_context(Context::borders(communes.clone()));
    let view = map.draw(&options, &captions("hexagons", "Les rues plantées", Language::French)).unwrap();
    check(&view);
    assert!(view.description().contains("Sans rien\u{a0}: "), "{}", view.description());
    let symbols = GridMap::hexagons(&trees, 1_200.0, Unit::of("{tree}"))
        .with_ground(&communes)
        .with_symbols()
        .with_colour(Colour::rgb(0, 122, 84));
    let captions = captions("hexagon-symbols", "Street trees", Language::English);
    check(&symbols.draw(&options, &captions).unwrap());
}

#[test]
fn symbols_have_no_classes_that_could_fail() {
    let points = GeometryColumn::points(vec![10.0, 20.0, 310.0], vec![10.0, 15.0, 10.0], Crs::CC46);
    let map = GridMap::squares(&points, 100.0, Unit::of("{tree}"))
        .with_method(Method::Manual(vec![f64::NAN]), 3)
        .with_measure("arbres");
    let (options, captions) = (MapOptions::default(), captions("cells", "Arbres", Language::French));
    assert!(matches!(map.draw(&options, &captions), Err(MapError::Classify(_))));
    let view = map.with_symbols().draw(&options, &captions).unwrap();
    check(&view);
    assert_eq!(view.table().columns()[1].name, "Arbres");
}

#[test]
fn zeros_and_unknown_cells_are_told_apart() {
    let points = GeometryColumn::points(
        vec![50.0, 60.0, 150.0, 250.0, f64::NAN],
        vec![50.0, 40.0, 50.0, 50.0, f64::NAN],
        Crs::CC46,
    );
    let zone = |x: f64, width: f64| {
        Rect::new(Coord { x, y: 0.0 }, Coord { x: x + width, y: 100.0 }).to_polygon().into()
    };
    let ground = GeometryColumn::new([zone(0.0, 600.0)], Crs::CC46);
    let unobserved = GeometryColumn::new([zone(400.0, 200.0)], Crs::CC46);
    let amounts = [5.0, f64::NAN, f64::NAN, 0.0, 7.0];
    let map = GridMap::squares(&points, 100.0, Unit::of("{job}"))
        .with_amounts(&amounts)
        .with_ground(&ground)
        .with_unobserved(&unobserved);
    let options = MapOptions::default().with_zone_word("carreaux");
    let view = map.draw(&options, &captions("cells", "Emplois", Language::French)).unwrap();
    check(&view);
    // One cell with 5 of 10,000 m²; the second has an unknown amount, the third a zero, the fourth nothing, two were not
    // looked at.
    assert_eq!(view.table().len(), 4);
    assert!(view.description().contains("Sans rien\u{a0}: 2 carreaux."), "{}", view.description());
    assert!(view.description().contains("E0 N0"), "{}", view.description());
    assert!(
        view.description().contains("Pas de donnée\u{a0}: E100 N0, E400 N0, E500 N0."),
        "{}",
        view.description()
    );
    assert!(view.description().contains("Points sans position connue\u{a0}: 1."));
    check(&map.clone().with_symbols().draw(&options, &captions("cells", "Jobs", Language::English)).unwrap());
    let captions = captions("cells", "Emplois", Language::French);
    let refused = map.clone().with_amounts(&[1.0]).draw(&options, &captions).unwrap_err();
    assert!(matches!(refused, MapError::Length { what: "amounts", found: 1, needed: 5 }));
    for size in [0.0, f64::NAN, -3.0, 0.001] {
        let map = GridMap::hexagons(&points, size, Unit::of("{job}")).with_ground(&ground);
        assert!(matches!(map.draw(&options, &captions), Err(MapError::Cells { .. })), "{size}");
    }
}

#[test]
fn people_and_their_density_around_each_place_of_lyon() {
    let Some((communes, names, mut people)) = lyon_people() else { return };
    people[3] = secret();
    let options = MapOptions::default().with_zone_word("communes").with_labels(8);
    let span = datagora_geo::PotentialOptions::new(datagora_core::Metres(2_000.0));
    for (language, id) in [(Language::French, "potential-fr"), (Language::English, "potential-en")] {
        let title = language.pick("Qui vit alentour\u{a0}?", "Who lives around");
        let map = PotentialMap::new(&communes, &names, &people, span)
            .with_measure(language.pick("Habitants alentour", "Inhabitants around"));
        assert!(map.lint(&options).unwrap().iter().all(|finding| !finding.is_error()));
        let view = map.draw(&options, &captions(id, title, language)).unwrap();
        check(&view);
        assert_eq!(view, map.draw(&options, &captions(id, title, language)).unwrap());
    }
    // Made jobs: many in the east.
    let jobs: Vec<Measured> = people
        .iter()
        .enumerate()
        .map(|(row, value)| {
            let value =
                value.value().map_or(f64::NAN, |value| value * (0.2 + 0.15 * ((row * 11) % 7) as f64));
            Measured::new(value.round(), Unit::of("{job}"))
        })
        .collect();
    let map = PotentialMap::new(&communes, &names, &jobs, span)
        .per("Habitants", &people)
        .with_measure("Emplois par habitant alentour")
        .with_palette(Palette::Sequential(crate::Sequential::YellowOrangeBrown));
    let made = captions("potential-ratio", "Où travaille-t-on\u{a0}? (emplois fictifs)", Language::French);
    check(&map.draw(&options, &made.with_made(true)).unwrap());
}

#[test]
fn a_potential_of_one_source_has_round_lines() {
    let source = GeometryColumn::points(vec![840_000.0], vec![6_520_000.0], Crs::LAMBERT_93);
    let (names, people) = (["Lyon".to_owned()], [Measured::new(1_000.0, Unit::of("{inhabitant}"))]);
    let span = datagora_geo::PotentialOptions::new(datagora_core::Metres(1_000.0));
    let ground = Rect::new(Coord { x: 838_000.0, y: 6_518_000.0 }, Coord { x: 842_000.0, y: 6_522_000.0 });
    let ground = GeometryColumn::new([ground.to_polygon().into()], Crs::LAMBERT_93);
    let map = PotentialMap::new(&source, &names, &people, span)
        .with_area(&ground)
        .with_method(Method::Manual(vec![500.0, 1_000.0]), 2);
    let captions = captions("potential-one", "Alentour", Language::French);
    let view = map.draw(&MapOptions::default(), &captions).unwrap();
    check(&view);
    // Half of it within the span: a disc of 1 km in a square of 4 km, π/16 of the ground.
    assert!(
        view.description().contains("(20\u{202f}%)") && view.description().contains("(80\u{202f}%)"),
        "{}",
        view.description()
    );
    for metres in [0.0, f64::NAN, 1.0] {
        let refused =
            map.clone().with_resolution(metres).draw(&MapOptions::default(), &captions).unwrap_err();
        assert!(matches!(refused, MapError::Cells { .. }), "{refused}");
    }
    let nothing = datagora_geo::PotentialOptions::new(datagora_core::Metres(0.0));
    let refused =
        PotentialMap::new(&source, &names, &people, nothing).draw(&MapOptions::default(), &captions);
    assert!(matches!(refused, Err(MapError::Geometry { .. })));
    // A ratio to nothing has no meaning.
    let nobody = [Measured::new(0.0, Unit::of("{inhabitant}"))];
    let refused = map.per("Habitants", &nobody).draw(&MapOptions::default(), &captions).unwrap_err();
    assert!(matches!(refused, MapError::Empty { rows: 1 }), "{refused}");
}
