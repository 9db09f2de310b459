use datagora_core::{Interval, Suppression};
use proptest::prelude::*;

use super::*;
use crate::Exception;

fn captions(language: Language) -> Captions {
    Captions::new("bars", "Emplois industriels", language).with_subtitle("par commune").with_made(true)
}

fn chart() -> BarChart {
    let job = Unit::of("{job}");
    let bounded = |lower, upper| Measured::bounded(lower, upper, job.clone()).expect("sound bounds");
    let level = Interval::at_level(700.0, 1_150.0, 0.95).expect("a sound interval");
    BarChart::new(job.clone())
        .with_heading("Commune")
        .with_bar("Vaulx-en-Velin", bounded(1_200.0, 2_150.0))
        .with_bar("Saint-Germain-au-Mont-d’Or", Measured::suppressed(job.clone(), Suppression::Secondary))
        .with_bar("Marcy-l’Étoile", bounded(5_000.0, f64::INFINITY))
        .with_bar("Bron", Measured::new(900.0, job.clone()).with_interval(level))
        .with_bar("Lissieu", Measured::new(12.0, job.clone()))
        .with_bar(
            "Saint-Didier-au-Mont-d’Or – fabrication de produits informatiques et optiques",
            Measured::new(8.0, job.clone()),
        )
        .with_bar("Dardilly", Measured::suppressed(job, Suppression::Incomplete { needed: 0.8 }))
        .sorted()
}

#[test]
fn no_text_is_clipped_or_overlaps() {
    for language in [Language::French, Language::English] {
        for chart in [chart(), chart().with_limit(2), chart().with_reference(1_000.0, "moyenne des communes")]
        {
            let view = chart.draw(&captions(language)).expect("a sound chart");
            assert_eq!(view.scene().flaws(), []);
            assert_eq!(view.compact().expect("charts have one").flaws(), []);
        }
    }
}

#[test]
fn longest_first_and_withheld_last() {
    let view = chart().draw(&captions(Language::French)).expect("a sound chart");
    let names = match &view.table().columns()[0].values {
        crate::Values::Text(names) => names.clone(),
        other => panic!("text expected, found {other:?}"),
    };
    let expected = ["Marcy-l’Étoile", "Vaulx-en-Velin", "Bron", "Lissieu"];
    assert_eq!(names[..4], expected);
    assert_eq!(names[5..], ["Dardilly", "Saint-Germain-au-Mont-d’Or"]);
}

#[test]
fn description_tells_what_is_withheld_and_open() {
    let text = chart().draw(&captions(Language::French)).expect("a sound chart").description().to_owned();
    assert!(text.contains("Marcy-l’Étoile (5\u{202f}000 ou plus)"), "{text}");
    assert!(text.contains("en emplois"), "{text}");
    assert!(text.contains("Une valeur est couverte par le secret statistique. 1 valeur manque."), "{text}");
}

#[test]
fn bars_from_elsewhere_than_zero_need_a_reason() {
    let bars = [("a", 96.0), ("b", 98.5)].map(|(name, value)| (name, Measured::new(value, Unit::PERCENT)));
    let chart = BarChart::new(Unit::PERCENT).with_bars(bars).without_zero();
    let findings = vec![Finding::TruncatedBars { from: 96.0 }];
    assert_eq!(chart.draw(&captions(Language::French)), Err(ChartError::Semiology { findings }));
    let allowed = chart.with_exception(Exception::TruncatedBars, "la différence seule importe");
    let view = allowed.draw(&captions(Language::French)).expect("a reason is given");
    assert!(view.to_svg().contains("la différence seule importe"));
    assert_eq!(view.scene().flaws(), []);
}

#[test]
fn values_in_another_unit_are_refused() {
    let chart = BarChart::new(Unit::PERCENT).with_bar("a", Measured::new(3.0, Unit::of("{job}")));
    let findings = vec![Finding::DualUnit { scale: Unit::PERCENT, found: Unit::of("{job}") }];
    assert_eq!(chart.draw(&captions(Language::English)), Err(ChartError::Semiology { findings }));
}

#[test]
fn numbers_side_by_side_have_the_same_decimals() {
    let bars = [11.5, 7.2, 2.0].map(|value| (value.to_string(), Measured::new(value, Unit::PERCENT)));
    let svg = BarChart::new(Unit::PERCENT)
        .with_bars(bars)
        .draw(&captions(Language::English))
        .expect("sound")
        .to_svg();
    for label in [">11.5<", ">7.2<", ">2.0<"] {
        assert!(svg.contains(label), "{label}");
    }
}

#[test]
fn bars_that_are_all_withheld_are_an_error() {
    let chart =
        BarChart::new(Unit::ONE).with_bar("x", Measured::suppressed(Unit::ONE, Suppression::Secondary));
    assert!(matches!(chart.draw(&captions(Language::French)), Err(ChartError::Empty { .. })));
    assert!(matches!(
        BarChart::new(Unit::ONE).draw(&captions(Language::French)),
        Err(ChartError::Empty { .. })
    ));
}

proptest! {
    #[test]
    fn any_values_stay_in_the_picture(values in prop::collection::vec(-1e7..1e7f64, 1..12)) {
        let bars = values.iter().enumerate().map(|(k, v)| (format!("n{k}"), Measured::new(*v, Unit::ONE)));
        let view = BarChart::new(Unit::ONE).with_bars(bars).draw(&captions(Language::English)).expect("sound");
        prop_assert_eq!(view.scene().flaws(), []);
        prop_assert_eq!(view.compact().expect("charts have one").flaws(), []);
    }
}
