//! Windows on the dense part of real maps, and projections that nobody asked for.
use super::*;
use datagora_core::Metres;
use datagora_geo::PotentialOptions;

use crate::{
    ContiguousCartogram, Dorling, FlowMap, Flows, Inset, MapMultiples, PotentialMap, Scene, Shape,
    SymbolRates,
};

/// The arrondissements and Villeurbanne.
fn centre(communes: &GeometryColumn, names: &[String]) -> GeometryColumn {
    let rows: Vec<usize> = (0..names.len())
        .filter(|&row| names[row].starts_with("Lyon ") || names[row] == "Villeurbanne")
        .collect();
    assert_eq!(rows.len(), 10);
    communes.take(&rows)
}

/// Every mark that is not text lies within the picture, and circles within no frame that they leave.
fn inside(scene: &Scene) -> bool {
    let within = |[x, y]: [f64; 2]| {
        (-0.5..=scene.width() + 0.5).contains(&x) && (-0.5..=scene.height() + 0.5).contains(&y)
    };
    scene.marks().iter().all(|mark| match &mark.shape {
        Shape::Path(path) => path.parts.iter().flat_map(|part| &part.0).all(|&at| within(at)),
        Shape::Circle { x, y, radius } => {
            within([x - radius, y - radius]) && within([x + radius, y + radius])
        }
        Shape::Rect(extent) => within([extent.left, extent.top]) && within([extent.right, extent.bottom]),
        Shape::Text(_) => true,
    })
}

#[test]
fn the_centre_of_lyon_is_enlarged() {
    let Some((communes, names, densities)) = lyon_density() else { return };
    let areas = area(&communes, Metric::Planar).unwrap();
    let people: Vec<Measured> = densities
        .iter()
        .zip(&areas)
        .map(|(value, area)| {
            Measured::new((value.value().unwrap_or(f64::NAN) * area / 1e6).round(), Unit::of("{inhabitant}"))
        })
        .collect();
    let kinds: Vec<Option<String>> = names
        .iter()
        .map(|name| Some(if name.starts_with("Lyon") { "Lyon" } else { "autres" }.into()))
        .collect();
    let options = MapOptions::default()
        .with_zone_word("communes")
        .with_labels(10)
        .with_inset(Inset::new("Lyon et Villeurbanne", centre(&communes, &names)));
    for (language, id) in [(Language::French, "inset-fr"), (Language::English, "inset-en")] {
        let captions = captions(id, language.pick("Densité", "Density"), language);
        let view = Choropleth::new(&communes, &names, &densities)
            .with_measure(language.pick("Densité de population", "Population density"))
            .draw(&options, &captions)
            .unwrap();
        check(&view);
        assert!(view.description().ends_with("Lyon et Villeurbanne."), "{}", view.description());
        // Two scale bars, and the arrondissements twice: once on the map, once enlarged.
        assert_eq!(view.to_svg().matches(">Lyon et Villeurbanne<").count(), 1);
        assert!(view.to_svg().matches("<title>Lyon 3").count() == 2);
        assert!([view.scene(), view.compact().unwrap()].into_iter().all(inside));
    }
    let two = options.clone().with_inset(Inset::new("Givors", {
        let row = names.iter().position(|name| name == "Givors").unwrap();
        communes.take(&[row])
    }));
    let symbols = ProportionalSymbols::new(&communes, &names, &people).with_measure("Population");
    let view = symbols.draw(&two, &captions("inset-symbols", "Population", Language::French)).unwrap();
    check(&view);
    assert!(inside(view.scene()) && inside(view.compact().unwrap()));
    assert!(view.to_svg().contains(">A – Lyon et Villeurbanne<") && view.to_svg().contains(">B<"));
    let view = Typology::new(&communes, &names, &kinds)
        .draw(&two, &captions("inset-kinds", "Lyon et les autres", Language::French))
        .unwrap();
    check(&view);
    assert!(inside(view.scene()));
}

#[test]
fn flows_potentials_and_small_maps_have_windows() {
    let Some((communes, names, densities)) = lyon_density() else { return };
    let options = MapOptions::default()
        .with_zone_word("communes")
        .with_labels(8)
        .with_inset(Inset::new("Lyon et Villeurbanne", centre(&communes, &names)));
    let people: Vec<f64> = densities.iter().map(|value| value.value().unwrap_or(0.0)).collect();
    let pairs = (0..names.len()).flat_map(|a| (0..names.len()).map(move |b| (a, b)));
    let (origins, destinations): (Vec<usize>, Vec<usize>) = pairs.filter(|(a, b)| a != b).unzip();
    let trips: Vec<f64> = origins
        .iter()
        .zip(&destinations)
        .map(|(&a, &b)| (people[a] * people[b] / (5e4 * (1.0 + a.abs_diff(b) as f64))).round())
        .collect();
    let flows = Flows::of_numbers(names.len(), &origins, &destinations, &trips, Unit::of("{trip}")).unwrap();
    let amounts: Vec<Measured> =
        people.iter().map(|&value| Measured::new(value.round(), Unit::of("{inhabitant}"))).collect();
    for language in [Language::French, Language::English] {
        let captions =
            |id: &str| captions(&format!("window-{id}-{}", language.pick("fr", "en")), "Titre", language);
        let views = [
            FlowMap::new(&communes, &names, &flows)
                .with_measure(language.pick("Déplacements fictifs", "Made trips"))
                .draw(&options, &captions("flows")),
            PotentialMap::new(&communes, &names, &amounts, PotentialOptions::new(Metres(2_000.0)))
                .with_measure(language.pick("Population fictive alentour", "Made population around"))
                .draw(&options, &captions("potential")),
            MapMultiples::new(&communes, &names)
                .with_map("2010", &densities)
                .with_map("2020", &densities)
                .with_map("2030", &densities)
                .with_measure(language.pick("Densité", "Density"))
                .draw(&options, &captions("multiples")),
        ];
        for view in views.map(Result::unwrap) {
            check(&view);
            assert!(view.description().ends_with("Lyon et Villeurbanne."), "{}", view.description());
            assert!([view.scene(), view.compact().unwrap()].into_iter().all(inside), "{}", view.id());
        }
    }
}

#[test]
fn windows_without_room_are_refused_with_what_to_try() {
    let zones = GeometryColumn::new((0..3).map(square), Crs::CC46);
    let names = ["a", "b", "c"].map(String::from);
    let values = [1.0, 2.0, 3.0].map(|value| Measured::new(value, Unit::of("{job}/km2")));
    let amounts = [1.0, 2.0, 3.0].map(|value| Measured::new(value, Unit::of("{job}")));
    let titled = captions("x", "Titre", Language::French);
    let one = MapOptions::default().with_inset(Inset::new("premier", zones.take(&[0])));
    let two = one.clone().with_inset(Inset::new("second", zones.take(&[1])));
    let maps = MapMultiples::new(&zones, &names).with_map("2010", &values).with_map("2020", &values);
    let view = maps.draw(&one, &titled).unwrap();
    check(&view);
    assert_eq!(view.to_svg().matches(">premier<").count(), 2, "a window below each map");
    let refused = [
        maps.draw(&two, &titled),
        Dorling::new(&zones, &names, &amounts).draw(&one, &titled),
        ContiguousCartogram::new(&zones, &names, &amounts).draw(&one, &titled),
    ];
    for (refused, title) in refused.into_iter().zip(["second", "premier", "premier"]) {
        let refused = refused.unwrap_err();
        assert!(matches!(&refused, MapError::Inset { title: found, .. } if found == title), "{refused}");
        assert!(refused.to_string().contains("leave"), "{refused}");
    }
}

#[test]
fn windows_that_enlarge_nothing_are_refused() {
    let zones = GeometryColumn::new((0..3).map(square), Crs::CC46);
    let names = ["a", "b", "c"].map(String::from);
    let values = [1.0, 2.0, 3.0].map(|value| Measured::new(value, Unit::PERCENT));
    let draw = |around: GeometryColumn| {
        Choropleth::new(&zones, &names, &values).draw(
            &MapOptions::default().with_inset(Inset::new("fenêtre", around)),
            &captions("x", "Titre", Language::French),
        )
    };
    let at = |from: f64, to: f64| {
        GeometryColumn::new(
            [Rect::new(Coord { x: from, y: 0.0 }, Coord { x: to, y: 100.0 }).into()],
            Crs::CC46,
        )
    };
    check(&draw(at(0.0, 100.0)).unwrap());
    for (around, what) in [
        (at(900.0, 990.0), "outside"),
        (at(-9.0, 990.0), "as large"),
        (GeometryColumn::from_options([None], Crs::CC46), "no coordinates"),
    ] {
        let refused = draw(around).unwrap_err();
        assert!(matches!(refused, MapError::Inset { .. }) && refused.to_string().contains(what), "{refused}");
    }
}

#[test]
fn degrees_are_drawn_in_the_projection_of_their_place() {
    let Some((places, names, modes, _)) = counters() else { return };
    let map = PointMap::new(&places, &names).with_categories("mode", &modes);
    let captions = |id, language| captions(id, "Compteurs", language);
    let options = MapOptions::default().with_zone_word("compteurs");
    let chosen = map.draw(&options, &captions("chosen", Language::French)).unwrap();
    check(&chosen);
    assert!(chosen.to_svg().contains("CC46"), "the legend names the projection");
    let asked = map.draw(&options.with_crs(Crs::CC46), &captions("chosen", Language::French)).unwrap();
    assert!(!asked.to_svg().contains("CC46"), "who asked for it knows it");
    assert_eq!(
        chosen.scene().marks().iter().filter(|mark| mark.tip.is_some()).count(),
        asked.scene().marks().iter().filter(|mark| mark.tip.is_some()).count(),
    );
}

#[test]
fn circles_coloured_by_a_rate() {
    let Some((communes, names, densities)) = lyon_density() else { return };
    let people: Vec<Measured> = densities
        .iter()
        .enumerate()
        .map(|(row, _)| match row % 11 {
            0 => Measured::bounded(20_000.0, 40_000.0, Unit::of("{inhabitant}")).unwrap(),
            1 => Measured::suppressed(Unit::of("{inhabitant}"), Suppression::FewUnits { minimum: 3 }),
            _ => Measured::new(1_000.0 * row as f64, Unit::of("{inhabitant}")),
        })
        .collect();
    let mut rates = densities.clone();
    rates[2] = Measured::suppressed(rates[2].unit().clone(), Suppression::FewUnits { minimum: 3 });
    rates[4] = Measured::new(f64::NAN, rates[4].unit().clone());
    let options = MapOptions::default().with_zone_word("communes");
    for (language, id) in [(Language::French, "rates-fr"), (Language::English, "rates-en")] {
        let map = ProportionalSymbols::new(&communes, &names, &people)
            .with_measure(language.pick("Population fictive", "Made population"))
            .with_rates(SymbolRates::new(&rates).with_measure(language.pick("Densité", "Density")));
        assert_eq!(map.lint().unwrap(), []);
        let view = map.draw(&options, &captions(id, "Titre", language)).unwrap();
        check(&view);
        assert_eq!(view.table().columns().len(), 4);
    }
    let amounts = SymbolRates::new(&people);
    let refused = ProportionalSymbols::new(&communes, &names, &people)
        .with_rates(amounts)
        .draw(&options, &captions("x", "Titre", Language::French))
        .unwrap_err();
    assert!(matches!(refused, MapError::Semiology { .. }), "an amount is no colour: {refused}");
}
