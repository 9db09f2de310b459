use datagora_core::{Crs, Measured, Suppression, Unit};
use datagora_geo::types::{Coord, Geometry, Rect};
use proptest::prelude::*;

use super::*;
use crate::{Flaw, Inset, MapError, Shape};

fn trip() -> Unit {
    Unit::of("{trip}")
}

fn captions(language: Language) -> Captions {
    Captions::new("flows", "Qui va où ?", language)
        .with_subtitle("déplacements d’un jour ouvré")
        .with_made(true)
}

const NAMES: [&str; 6] = [
    "Saint-Germain-au-Mont-d’Or",
    "Bron",
    "Lyon 3",
    "Vaulx-en-Velin",
    "Un nom <long> & même très très long",
    "Ô",
];

/// Six zones in a row of two, which exchange what their places in the row say; one flow is secret, one missing, one bounded.
fn city() -> (GeometryColumn, Vec<String>, Flows) {
    let zone = |i: usize| -> Geometry {
        let (x, y) = ((i % 3) as f64 * 4_000.0, (i / 3) as f64 * 3_500.0);
        Rect::new(Coord { x, y }, Coord { x: x + 4_000.0, y: y + 3_500.0 }).into()
    };
    let zones = GeometryColumn::new((0..6).map(zone), Crs::CC46);
    let pairs: Vec<(usize, usize)> = (0..36).map(|k| (k / 6, k % 6)).collect();
    let amounts: Vec<Measured> = pairs
        .iter()
        .enumerate()
        .map(|(k, _)| match k {
            3 => Measured::suppressed(trip(), Suppression::FewUnits { minimum: 5 }),
            4 => Measured::new(f64::NAN, trip()),
            5 => Measured::bounded(20.0, 49.0, trip()).unwrap(),
            _ => Measured::new((k * k * 7 % 97 * 40) as f64, trip()),
        })
        .collect();
    let (origins, destinations): (Vec<usize>, Vec<usize>) = pairs.into_iter().unzip();
    let flows = Flows::new(6, &origins, &destinations, &amounts).unwrap();
    (zones, NAMES.map(String::from).to_vec(), flows)
}

fn flaws(view: &View) -> Vec<Flaw> {
    [view.scene().flaws(), view.compact().expect("maps have one").flaws()].concat()
}

const DIRECTIONS: [FlowDirection; 3] =
    [FlowDirection::Directed, FlowDirection::Undirected, FlowDirection::Net];

#[test]
fn every_form_is_read_in_both_languages() {
    let (zones, names, flows) = city();
    for language in [Language::French, Language::English] {
        for direction in DIRECTIONS {
            for clustering in [Clustering::None, Clustering::BySize, Clustering::Distance(Metres(5_000.0))] {
                let map = FlowMap::new(&zones, &names, &flows)
                    .with_measure("déplacements de personnes, tous modes et tous motifs")
                    .with_direction(direction)
                    .with_clustering(clustering);
                let view =
                    map.draw(&MapOptions::default().with_zone_word("communes"), &captions(language)).unwrap();
                assert_eq!(flaws(&view), [], "{direction:?} {clustering:?}");
                assert!(!view.description().contains("NaN"));
                let again =
                    map.draw(&MapOptions::default().with_zone_word("communes"), &captions(language)).unwrap();
                assert_eq!(view.to_svg(), again.to_svg());
            }
        }
    }
}

#[test]
fn what_is_not_drawn_is_told() {
    let (zones, names, flows) = city();
    let map = FlowMap::new(&zones, &names, &flows).with_most(10);
    let view =
        map.draw(&MapOptions::default().with_zone_word("communes"), &captions(Language::English)).unwrap();
    let text = view.description();
    let mut all: Vec<f64> = flows.between().map(|flow| flow.2).collect();
    all.sort_by(|a, b| b.total_cmp(a));
    let share = (100.0 * all[..10].iter().sum::<f64>() / flows.total()).floor();
    let told = format!("The 10 largest of {} flows, {share}% of the total between communes.", flows.len());
    assert!(text.contains(&told), "{text}");
    assert!(text.contains("Flows withheld by statistical secrecy, not drawn: 1."), "{text}");
    assert!(text.contains("Flows without data, not drawn: 1."), "{text}");
    assert!(text.contains("Flows known within bounds, drawn at the lower: 1."), "{text}");
    let within: f64 = flows.within().iter().sum();
    assert!(
        text.contains(&format!(
            "Within communes, not drawn: {}",
            crate::format_number(within, 0, Language::English)
        )),
        "{text}"
    );
    // Ten flows, then what stays in each of the zones where something does.
    let staying = flows.within().iter().filter(|amount| **amount > 0.0).count();
    assert_eq!(view.table().len(), 10 + staying);
    let least = FlowMap::new(&zones, &names, &flows).with_least(all[3]);
    let view = least.draw(&MapOptions::default(), &captions(Language::French)).unwrap();
    assert!(view.description().contains("Les 4 plus grands flux sur"), "{}", view.description());
}

#[test]
fn places_without_position_are_told_with_their_flows() {
    let places = GeometryColumn::points(vec![0.0, 3_000.0, f64::NAN], vec![0.0, 2_000.0, 0.0], Crs::CC46);
    let names = ["Bron", "Lyon", "ailleurs"].map(String::from);
    let flows = Flows::of_numbers(3, &[0, 0, 1], &[1, 2, 2], &[60.0, 30.0, 10.0], trip()).unwrap();
    let view = FlowMap::new(&places, &names, &flows)
        .draw(&MapOptions::default(), &captions(Language::French))
        .unwrap();
    let text = view.description();
    assert!(text.contains("absent de la carte\u{a0}: ailleurs."), "{text}");
    assert!(
        text.contains("Leurs flux, non dessinés\u{a0}: 40\u{a0}déplacements (40\u{202f}% de tout)."),
        "{text}"
    );
    assert_eq!(flaws(&view), []);
}

#[test]
fn net_flows_say_who_gains() {
    let places = GeometryColumn::points(vec![0.0, 3_000.0, 0.0], vec![0.0, 2_000.0, 4_000.0], Crs::CC46);
    let names = ["Bron", "Lyon", "Sathonay"].map(String::from);
    let flows = Flows::of_numbers(3, &[0, 1, 2], &[1, 0, 1], &[60.0, 25.0, 10.0], trip()).unwrap();
    let map = FlowMap::new(&places, &names, &flows).with_direction(FlowDirection::Net);
    let view = map.draw(&MapOptions::default(), &captions(Language::English)).unwrap();
    assert!(view.description().contains("from Bron to Lyon (35"), "{}", view.description());
    assert!(view.description().contains("Gains most: Lyon (45"), "{}", view.description());
    assert!(view.description().contains("Loses most: Bron (35"), "{}", view.description());
    assert!(view.to_svg().contains("35\u{a0}trips more than the other way"), "tips");
}

#[test]
fn widths_are_proportional() {
    let places = GeometryColumn::points(vec![0.0, 3_000.0, 6_000.0], vec![0.0, 2_000.0, 0.0], Crs::CC46);
    let names = ["a", "b", "c"].map(String::from);
    let flows = Flows::of_numbers(3, &[0, 1], &[1, 2], &[400.0, 100.0], trip()).unwrap();
    let map = FlowMap::new(&places, &names, &flows).with_direction(FlowDirection::Undirected);
    let view = map.draw(&MapOptions::default(), &captions(Language::English)).unwrap();
    // The band begins with its right side and ends with its left side, both at the first end of the curve.
    let widths: Vec<f64> = view
        .scene()
        .marks()
        .iter()
        .filter(|mark| mark.tip.as_ref().is_some_and(|tip| tip.contains('–')))
        .filter_map(|mark| match &mark.shape {
            Shape::Path(path) => path.parts[0].0.first().copied().zip(path.parts[0].0.last().copied()),
            _ => None,
        })
        .map(|([ax, ay], [bx, by])| (ax - bx).hypot(ay - by))
        .collect();
    assert_eq!(widths.len(), 2);
    assert!((widths[0] / widths[1] - 4.0).abs() < 1e-6, "{widths:?}");
}

#[test]
fn a_window_shows_the_flows_that_begin_or_end_in_it() {
    let (zones, names, flows) = city();
    let around = GeometryColumn::new([zones.iter().next().flatten().unwrap()], Crs::CC46);
    let options = MapOptions::default().with_inset(Inset::new("le premier", around));
    for direction in DIRECTIONS {
        let map = FlowMap::new(&zones, &names, &flows).with_direction(direction).with_most(12);
        let plain = map.draw(&MapOptions::default(), &captions(Language::French)).unwrap();
        let view = map.draw(&options, &captions(Language::French)).unwrap();
        assert_eq!(flaws(&view), [], "{direction:?}");
        assert!(view.description().ends_with("Agrandissement\u{a0}: le premier."), "{}", view.description());
        assert_eq!(view.table(), plain.table());
        let bands = |view: &View| -> Vec<(String, usize)> {
            let marks = view.scene().marks().iter().filter(|mark| matches!(mark.shape, Shape::Path(_)));
            let tips = marks.filter_map(|mark| mark.tip.clone()).filter(|tip| tip.contains(['→', '–']));
            let mut counts = std::collections::BTreeMap::new();
            tips.for_each(|tip| *counts.entry(tip).or_default() += 1);
            counts.into_iter().collect()
        };
        let drawn = bands(&plain);
        assert_eq!(drawn.len(), 12, "{drawn:?}");
        for (tip, count) in bands(&view) {
            assert_eq!(count, if tip.contains(NAMES[0]) { 2 } else { 1 }, "{direction:?} {tip}");
        }
    }
}

#[test]
fn bad_input_is_named() {
    let (zones, names, flows) = city();
    let (options, captions) = (MapOptions::default(), captions(Language::French));
    let few = FlowMap::new(&zones, &names[..5], &flows).draw(&options, &captions);
    assert!(matches!(few, Err(MapError::Length { what: "names", found: 5, needed: 6 })));
    let other = Flows::of_numbers(2, &[0], &[1], &[1.0], trip()).unwrap();
    let other = FlowMap::new(&zones, &names, &other).draw(&options, &captions);
    assert!(matches!(other, Err(MapError::Length { what: "places of the flows", .. })));
    let still = Flows::of_numbers(6, &[0], &[0], &[1.0], trip()).unwrap();
    assert!(matches!(
        FlowMap::new(&zones, &names, &still).draw(&options, &captions),
        Err(MapError::Empty { .. })
    ));
    let rates = Flows::of_numbers(6, &[0], &[1], &[1.0], Unit::PERCENT).unwrap();
    let rates = FlowMap::new(&zones, &names, &rates);
    assert!(matches!(rates.draw(&options, &captions), Err(MapError::Semiology { .. })));
    assert!(matches!(rates.lint()[..], [Finding::RateAsSize { .. }]));
    let lost = GeometryColumn::from_options(vec![None; 6], Crs::CC46);
    assert!(matches!(
        FlowMap::new(&lost, &names, &flows).draw(&options, &captions),
        Err(MapError::Nowhere { .. })
    ));
    let degrees = GeometryColumn::points(vec![4.8; 6], vec![45.7; 6], Crs::WGS84);
    assert!(matches!(
        FlowMap::new(&degrees, &names, &flows).draw(&options.clone().with_crs(Crs::WGS84), &captions),
        Err(MapError::Geographic { .. })
    ));
    let n = MOST_POINTS + 1;
    let many = GeometryColumn::points((0..n).map(|i| i as f64).collect(), vec![0.0; n], Crs::CC46);
    let many_names = vec![String::new(); n];
    let many_flows = Flows::of_numbers(n, &[0], &[n - 1], &[1.0], trip()).unwrap();
    let many_map = FlowMap::new(&many, &many_names, &many_flows);
    assert!(matches!(many_map.draw(&options, &captions), Err(MapError::TooManyPoints { .. })));
    assert!(many_map.with_clustering(Clustering::BySize).draw(&options, &captions).is_ok());
}

proptest! {
    #[test]
    fn any_flows_stay_readable(
        places in prop::collection::vec((-2e4..2e4f64, -2e4..2e4f64), 2..25),
        trips in prop::collection::vec((0..100usize, 0..100usize, 0.0..1e6f64), 1..80),
        form in 0..9usize,
        french in prop::bool::ANY,
    ) {
        let n = places.len();
        let (x, y) = places.into_iter().unzip();
        let column = GeometryColumn::points(x, y, Crs::CC46);
        let names: Vec<String> = (0..n).map(|place| format!("Caluire-et-Cuire {place}")).collect();
        let origins: Vec<usize> = trips.iter().map(|trip| trip.0 % n).collect();
        let destinations: Vec<usize> = trips.iter().map(|trip| trip.1 % n).collect();
        let amounts: Vec<f64> = trips.iter().map(|trip| trip.2).collect();
        let flows = Flows::of_numbers(n, &origins, &destinations, &amounts, trip()).unwrap();
        let clustering = [Clustering::None, Clustering::BySize, Clustering::Distance(Metres(3_000.0))][form % 3];
        let map = FlowMap::new(&column, &names, &flows).with_direction(DIRECTIONS[form / 3]).with_clustering(clustering);
        let language = if french { Language::French } else { Language::English };
        match map.draw(&MapOptions::default(), &captions(language)) {
            Ok(view) => prop_assert_eq!(flaws(&view), []),
            Err(error) => prop_assert!(matches!(error, MapError::Empty { .. }), "{}", error),
        }
    }
}
