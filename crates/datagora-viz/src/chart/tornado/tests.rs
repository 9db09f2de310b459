use proptest::prelude::*;

use super::*;
use crate::scene::{Extent, Shape};

fn captions(language: Language) -> Captions {
    Captions::new("tornado", "De quoi dépend le coût d’un arbre ?", language)
        .with_subtitle("euros par arbre et par an")
        .with_made(true)
}

fn chart() -> Tornado {
    Tornado::new(41.2, Unit::of("{EUR}"))
        .with_assumption("prix de l’eau", ("2 €/m³", 39.5), ("5 €/m³", 43.0))
        .with_assumption(
            "durée de vie moyenne d’un arbre planté en fosse, en plein sol ou en bac",
            ("30 ans", 55.0),
            ("60 ans", 33.0),
        )
        .with_assumption("largeur de la fosse", ("1 m", 44.0), ("4 m", 42.0))
        .with_assumption("sans effet", ("non", 41.2), ("oui", 41.2))
}

#[test]
fn no_text_is_clipped_or_overlaps() {
    for language in [Language::French, Language::English] {
        for chart in [chart(), chart().with_limit(1), chart().with_base_name("scénario central ".repeat(9))]
        {
            let view = chart.draw(&captions(language)).expect("a sound chart");
            assert_eq!(view.scene().flaws(), []);
            assert_eq!(view.compact().expect("charts have one").flaws(), []);
        }
    }
}

#[test]
fn what_matters_most_comes_first() {
    let chart = chart();
    let swings: Vec<f64> = chart.ordered().iter().map(|a| (a.swing(41.2) * 10.0).round() / 10.0).collect();
    assert_eq!(swings, [22.0, 3.5, 2.8, 0.0]);
    let view = chart.draw(&captions(Language::French)).expect("a sound chart");
    let text = view.description();
    assert!(text.contains("Hypothèses centrales\u{a0}: 41,2\u{a0}€. Durée de vie"), "{text}");
    assert!(text.contains("55,0 si 30 ans, 33,0 si 60 ans"), "{text}");
    let limited = self::chart().with_limit(2).draw(&captions(Language::English)).expect("a sound chart");
    assert!(limited.to_svg().contains("and 2 more in the table") && limited.table().len() == 4);
}

#[test]
fn bars_on_one_side_do_not_hide_each_other() {
    let chart = Tornado::new(10.0, Unit::ONE).with_assumption("x", ("a", 12.0), ("b", 14.0));
    let view = chart.draw(&captions(Language::English)).expect("a sound chart");
    let bars: Vec<Extent> = view
        .scene()
        .marks()
        .iter()
        .filter(|mark| mark.tip.is_some())
        .filter_map(|mark| match mark.shape {
            Shape::Rect(extent) => Some(extent),
            _ => None,
        })
        .collect();
    assert!(bars.len() == 2 && !bars[0].overlaps(&bars[1]), "{bars:?}");
}

#[test]
fn what_is_not_known_is_named() {
    let drawn = |chart: Tornado| chart.draw(&captions(Language::English));
    assert!(matches!(drawn(Tornado::new(1.0, Unit::ONE)), Err(ChartError::Empty { .. })));
    let unknown = Tornado::new(1.0, Unit::ONE).with_assumption("x", ("a", f64::NAN), ("b", 1.0));
    assert_eq!(drawn(unknown), Err(ChartError::Unknown { name: "x".to_owned() }));
    let unknown = Tornado::new(f64::INFINITY, Unit::ONE).with_assumption("x", ("a", 1.0), ("b", 1.0));
    assert_eq!(drawn(unknown), Err(ChartError::Unknown { name: "central assumptions".to_owned() }));
}

proptest! {
    #[test]
    fn any_results_stay_in_the_picture(base in -1e7..1e7f64, results in prop::collection::vec((-1e7..1e7f64, -1e7..1e7f64), 1..9)) {
        let chart = results.iter().enumerate().fold(Tornado::new(base, Unit::ONE), |chart, (k, (low, high))| {
            chart.with_assumption(format!("n{k}"), ("bas", *low), ("haut", *high))
        });
        let view = chart.draw(&captions(Language::English)).expect("sound");
        prop_assert_eq!(view.scene().flaws(), []);
        prop_assert_eq!(view.compact().expect("charts have one").flaws(), []);
    }
}
