use proptest::prelude::*;

use super::*;

fn captions(language: Language) -> Captions {
    Captions::new("dots", "Fera-t-il trop chaud dans l’école en juin ?", language)
        .with_subtitle("température de l’air à 15 h, juin 2050")
        .with_made(true)
}

fn sample(middle: f64) -> Vec<f64> {
    (0..400).map(|k| middle + 4.0 * f64::from(k * 37 % 400 - 200) / 200.0).collect()
}

fn chart() -> QuantileDotPlot {
    QuantileDotPlot::new(Unit::CELSIUS)
        .with_sample(
            "avec des arbres dans la cour et une toiture claire, volets fermés le matin",
            &sample(30.0),
        )
        .with_sample("sans rien changer", &sample(33.0))
        .with_event(Event::AtLeast(32.0), "il fasse au moins 32 °C")
}

#[test]
fn no_text_is_clipped_or_overlaps() {
    for language in [Language::French, Language::English] {
        let lone = QuantileDotPlot::new(Unit::ONE).with_sample("", &[0.0; 50]).with_dots(50);
        for chart in [chart(), chart().with_dots(50), lone] {
            let view = chart.draw(&captions(language)).expect("a sound chart");
            assert_eq!(view.scene().flaws(), []);
            assert_eq!(view.compact().expect("charts have one").flaws(), []);
        }
    }
}

#[test]
fn chances_are_counted() {
    let view = chart().draw(&captions(Language::French)).expect("a sound chart");
    // Even from 26 to 34 and from 29 to 37, the upper ends left out: almost a quarter and five eighths are 32 and more.
    assert!(
        view.description().contains("; 5 chances sur 20 qu’il fasse au moins 32 °C."),
        "{}",
        view.description()
    );
    assert!(view.description().contains("; 12 chances sur 20 qu’il fasse"), "{}", view.description());
    let words = |event| {
        let chart = QuantileDotPlot::new(Unit::CELSIUS).with_sample("", &sample(30.0)).with_event(event, "");
        chart.draw(&captions(Language::English)).expect("a sound chart").description().to_owned()
    };
    assert!(
        words(Event::AtLeast(90.0))
            .contains("less than 1 chance in 20 that the value is at least 90\u{a0}°C")
    );
    assert!(
        words(Event::AtMost(90.0))
            .contains("more than 19 chances in 20 that the value is at most 90\u{a0}°C")
    );
}

/// numpy 2.4.6, quantile(x, (arange(20) + 0.5) / 20), the default method "linear".
#[test]
fn dots_of_a_sample_are_the_quantiles_of_numpy() {
    let values: Vec<f64> = (0..37).map(|k| f64::from(k * k % 53)).collect();
    let chart = QuantileDotPlot::new(Unit::ONE).with_sample("x", &values);
    let dots = chart.dotted(&chart.rows[0]).expect("a large sample").dots;
    for (found, expected) in dots.iter().zip([
        0.9, 5.4, 6.5, 7.6, 10.1, 12.8, 15.7, 17.0, 24.0, 25.3, 28.9, 33.9, 37.5, 40.0, 42.0, 42.9, 43.7,
        46.0, 47.6, 52.0,
    ]) {
        assert!((found - expected).abs() < 1e-9, "{dots:?}");
    }
}

#[test]
fn quantiles_are_even_between_levels() {
    let chart =
        |pairs: &[(f64, f64)]| QuantileDotPlot::new(Unit::ONE).with_dots(5).with_quantiles("x", pairs);
    let sound = chart(&[(0.1, 0.0), (0.5, 4.0), (0.9, 16.0)]);
    let dots = sound.dotted(&sound.rows[0]).expect("sound").dots;
    assert!(dots.iter().zip([0.0, 2.0, 4.0, 10.0, 16.0]).all(|(a, b)| (a - b).abs() < 1e-9), "{dots:?}");
    let drawn = |pairs: &[(f64, f64)]| chart(pairs).draw(&captions(Language::English));
    assert!(matches!(drawn(&[(0.2, 0.0), (0.9, 4.0)]), Err(ChartError::Tails { .. })));
    assert!(matches!(drawn(&[(0.1, 5.0), (0.9, 4.0)]), Err(ChartError::Order { step: 1, .. })));
    assert!(matches!(drawn(&[(0.1, f64::NAN), (0.9, 4.0)]), Err(ChartError::Order { step: 0, .. })));
    assert!(matches!(drawn(&[]), Err(ChartError::Tails { .. })));
}

#[test]
fn bad_input_is_named() {
    let drawn = |chart: QuantileDotPlot| chart.draw(&captions(Language::English));
    assert!(matches!(drawn(QuantileDotPlot::new(Unit::ONE)), Err(ChartError::Empty { .. })));
    let few = QuantileDotPlot::new(Unit::ONE).with_sample("x", &[1.0, f64::NAN]);
    assert_eq!(drawn(few), Err(ChartError::TooFew { name: "x".to_owned(), found: 1, needed: 20 }));
    let endless = chart().with_event(Event::AtMost(f64::INFINITY), "");
    assert!(matches!(drawn(endless), Err(ChartError::Unknown { .. })));
}

proptest! {
    #[test]
    fn any_sample_stays_in_the_picture(values in prop::collection::vec(-1e7..1e7f64, 20..60), at in -1e7..1e7f64) {
        let chart = QuantileDotPlot::new(Unit::ONE).with_sample("n", &values).with_event(Event::AtLeast(at), "");
        let dots = chart.dotted(&chart.rows[0]).expect("a large sample").dots;
        prop_assert!(dots.is_sorted());
        let view = chart.draw(&captions(Language::French)).expect("sound");
        prop_assert_eq!(view.scene().flaws(), []);
        prop_assert_eq!(view.compact().expect("charts have one").flaws(), []);
    }
}
