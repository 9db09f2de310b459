use proptest::prelude::*;

use super::*;
use crate::Shape;

fn captions(language: Language) -> Captions {
    Captions::new("scatter", "Où il y a des arbres, il fait moins chaud", language).with_made(true)
}

fn chart() -> Scatter {
    Scatter::new(
        ("canopée", Unit::PERCENT),
        ("température de surface un après-midi de canicule, fenêtre de trois heures", Unit::CELSIUS),
    )
    .with_heading("Quartier")
    .with_points((0..40).map(|k| {
        let x = f64::from(k * 17 % 40);
        (format!("Saint-Germain-au-Mont-d’Or {k}"), x, 42.0 - 0.2 * x + f64::from(k * 7 % 5) / 3.0)
    }))
    .with_point("x", f64::NAN, 30.0)
}

fn full() -> Scatter {
    let sizes: Vec<f64> = (0..41).map(|k| f64::from(k * 100)).collect();
    let kinds: Vec<Option<&str>> =
        (0..41).map(|k| [Some("centre"), Some("périphérie"), None][k % 3]).collect();
    chart()
        .with_sizes("habitants", Unit::of("{inhabitant}"), &sizes)
        .with_categories(&kinds)
        .with_band("moindres carrés, bande à 95 %", [(0.0, 42.5, 42.0, 43.0), (40.0, 34.5, 34.0, 35.0)])
}

#[test]
fn no_text_is_clipped_or_overlaps() {
    for language in [Language::French, Language::English] {
        let lone = Scatter::new(("x", Unit::ONE), ("y", Unit::ONE)).with_point("seul", 0.0, 0.0);
        for chart in [chart(), full(), chart().with_most_points(10), lone, full().with_names(40)] {
            let view = chart.draw(&captions(language)).expect("a sound chart");
            assert_eq!(view.scene().flaws(), []);
            assert_eq!(view.compact().expect("charts have one").flaws(), []);
        }
    }
}

#[test]
fn many_points_are_counted_and_it_is_said() {
    let view = chart().with_most_points(10).draw(&captions(Language::French)).expect("sound");
    assert!(view.description().contains("Les points sont comptés par hexagone."), "{}", view.description());
    assert!(view.to_svg().contains("40 points, comptés par hexagone") && !view.to_svg().contains("<circle"));
    assert!(view.description().contains("1 valeur manque."));
    assert_eq!(view.table().len(), 41);
}

/// Discs of the key have the surface of points of the same amount, in both pictures.
#[test]
fn sizes_are_explained_to_scale() {
    let chart = Scatter::new(("x", Unit::ONE), ("y", Unit::ONE))
        .with_points([("a", 0.0, 0.0), ("b", 1.0, 1.0), ("c", 2.0, 0.0), ("d", 3.0, 2.0)])
        .with_sizes("habitants", Unit::of("{inhabitant}"), &[4_000.0, 2_000.0, 1_000.0, 200.0])
        .with_names(0);
    let view = chart.draw(&captions(Language::French)).expect("sound");
    for scene in [view.scene(), view.compact().expect("charts have one")] {
        let radii = |points: bool| {
            let of = scene.marks().iter().filter(move |mark| mark.tip.is_some() == points);
            of.filter_map(|mark| match mark.shape {
                Shape::Circle { radius, .. } => Some(radius),
                _ => None,
            })
            .collect::<Vec<f64>>()
        };
        // The key explains 2 000, 1 000 and 200; points are drawn from the largest down.
        let (points, key) = (radii(true), radii(false));
        assert_eq!((points.len(), key.len()), (4, 3));
        assert!(points[1..].iter().zip(&key).all(|(a, b)| (a - b).abs() < 1e-9), "{points:?} {key:?}");
    }
}

#[test]
fn the_farthest_from_the_line_are_named() {
    let chart = Scatter::new(("x", Unit::ONE), ("y", Unit::ONE))
        .with_points([("a", 0.0, 0.1), ("b", 1.0, 1.0), ("loin", 2.0, 5.0), ("c", 9.0, 9.2)])
        .with_line("égalité", [(0.0, 0.0), (10.0, 10.0)])
        .with_names(1);
    assert_eq!(chart.level(5.0), Some(5.0));
    let view = chart.draw(&captions(Language::English)).expect("sound");
    assert!(view.description().contains("Farthest from the line: loin (2, 5)."), "{}", view.description());
    assert!(view.to_svg().contains(">loin<") && !view.to_svg().contains(">c<"));
}

#[test]
fn bad_input_is_named() {
    let drawn = |chart: Scatter| chart.draw(&captions(Language::English));
    let none = Scatter::new(("x", Unit::ONE), ("y", Unit::ONE)).with_point("a", 1.0, f64::NAN);
    assert!(matches!(drawn(none), Err(ChartError::Empty { .. })));
    let few = chart().with_sizes("n", Unit::ONE, &[1.0]);
    assert!(matches!(drawn(few), Err(ChartError::Length { found: 1, needed: 41, .. })));
    let below = chart().with_sizes("n", Unit::ONE, &[-1.0; 41]);
    assert!(matches!(drawn(below), Err(ChartError::Negative { step: 0, .. })));
    let band = chart().with_band("x", [(0.0, 1.0, 2.0, 0.0)]);
    assert!(matches!(drawn(band), Err(ChartError::Bounds { step: 0, .. })));
    let names: Vec<String> = (0..7).map(|k| format!("n{k}")).collect();
    let many: Vec<Option<&str>> = names.iter().map(|name| Some(name.as_str())).collect();
    assert!(matches!(drawn(chart().with_categories(&many)), Err(ChartError::Semiology { .. })));
}

proptest! {
    #[test]
    fn any_points_stay_in_the_picture(points in prop::collection::vec((-1e7..1e7f64, -1e7..1e7f64), 1..40), most in 0usize..50) {
        let places = points.iter().enumerate().map(|(k, (x, y))| (format!("n{k}"), *x, *y));
        let chart = Scatter::new(("x", Unit::ONE), ("y", Unit::ONE)).with_points(places).with_most_points(most);
        let view = chart.draw(&captions(Language::English)).expect("sound");
        prop_assert_eq!(view.scene().flaws(), []);
        prop_assert_eq!(view.compact().expect("charts have one").flaws(), []);
    }
}
