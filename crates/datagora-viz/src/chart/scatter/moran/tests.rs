use proptest::prelude::*;

use super::*;

fn captions(language: Language) -> Captions {
    Captions::new("moran", "Les revenus se ressemblent d’un quartier à l’autre", language).with_made(true)
}

fn chart() -> MoranScatter {
    let names: Vec<String> = (0..30).map(|k| format!("Saint-Didier-au-Mont-d’Or {k}")).collect();
    let values: Vec<f64> = (0..30).map(|k| f64::from(k * 11 % 30)).collect();
    let lags: Vec<f64> =
        values.iter().enumerate().map(|(k, value)| 0.7 * value + 4.0 + (k % 4) as f64).collect();
    let p_values: Vec<f64> = (0..30).map(|k| f64::from(k % 10) / 60.0).collect();
    MoranScatter::new("revenu médian", &names, &values, &lags).with_p_values(&p_values, 0.05).with_moran(0.7)
}

#[test]
fn no_text_is_clipped_or_overlaps() {
    for language in [Language::French, Language::English] {
        for chart in [chart(), chart().with_names(30), chart().with_moran(-9.0), chart().with_moran(0.0)] {
            let view = chart.draw(&captions(language)).expect("a sound chart");
            assert_eq!(view.scene().flaws(), []);
            assert_eq!(view.compact().expect("charts have one").flaws(), []);
        }
    }
}

#[test]
fn the_map_has_the_classes_of_the_chart() {
    let names = ["a", "b", "c", "d", "e"].map(String::from);
    let values = [4.0, 2.0, 0.0, 2.0, f64::NAN];
    let chart = MoranScatter::new("x", &names, &values, &[3.0, 1.0, 1.0, f64::NAN, 2.0]);
    let expected = [Some(LisaClass::HighHigh), Some(LisaClass::LowLow), Some(LisaClass::LowLow), None, None];
    assert_eq!(chart.classes().expect("sound"), expected);
    let view = chart.draw(&captions(Language::French)).expect("sound");
    assert!(
        view.description().contains("Haut parmi des hauts\u{a0}: 1, bas parmi des bas\u{a0}: 2."),
        "{}",
        view.description()
    );
    assert!(view.description().contains("2 valeurs manquent."));
    // Mean 2, population standard deviation √2.
    let places = chart.placed().expect("sound");
    assert!((places[0].as_ref().expect("known").deviations[1] - 1.0 / 2f64.sqrt()).abs() < 1e-12);
}

#[test]
fn the_line_ends_within_the_picture() {
    assert_eq!(clip(0.5, (-2.0, 4.0), (-3.0, 3.0)), [[-2.0, -1.0], [4.0, 2.0]]);
    assert_eq!(clip(-3.0, (-2.0, 4.0), (-3.0, 3.0)), [[-1.0, 3.0], [1.0, -3.0]]);
    assert_eq!(clip(0.0, (-2.0, 4.0), (-3.0, 3.0)), [[-2.0, 0.0], [4.0, 0.0]]);
}

#[test]
fn bad_input_is_named() {
    let names = ["a", "b"].map(String::from);
    let drawn = |values: &[f64], lags: &[f64]| {
        MoranScatter::new("x", &names, values, lags).draw(&captions(Language::English))
    };
    assert!(matches!(drawn(&[1.0], &[1.0, 2.0]), Err(ChartError::Length { found: 1, needed: 2, .. })));
    assert!(matches!(drawn(&[1.0, 1.0], &[1.0, 1.0]), Err(ChartError::Empty { .. })));
    assert!(matches!(drawn(&[1.0, 2.0], &[f64::NAN; 2]), Err(ChartError::Empty { .. })));
    let p = chart().with_p_values(&[1.5; 30], 0.05).draw(&captions(Language::English));
    assert!(matches!(p, Err(ChartError::Level { found: 1.5, .. })));
    let endless = chart().with_moran(f64::NAN).draw(&captions(Language::English));
    assert!(matches!(endless, Err(ChartError::Unknown { .. })));
}

proptest! {
    #[test]
    fn any_places_stay_in_the_picture(places in prop::collection::vec((-1e7..1e7f64, -1e7..1e7f64), 2..40), moran in -3.0..3.0f64) {
        let names: Vec<String> = (0..places.len()).map(|k| format!("n{k}")).collect();
        let (values, lags): (Vec<f64>, Vec<f64>) = places.into_iter().unzip();
        let chart = MoranScatter::new("x", &names, &values, &lags).with_moran(moran);
        let Ok(view) = chart.draw(&captions(Language::English)) else {
            prop_assert!(values.iter().all(|value| *value == values[0]));
            return Ok(());
        };
        prop_assert_eq!(view.scene().flaws(), []);
        prop_assert_eq!(view.compact().expect("charts have one").flaws(), []);
    }
}
