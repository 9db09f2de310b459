use proptest::prelude::*;

use super::*;

fn captions(language: Language) -> Captions {
    Captions::new("ridges", "Combien de temps dure un trajet ?", language)
        .with_subtitle("minutes de porte à porte")
        .with_made(true)
}

fn sample(middle: f64, count: u32) -> Vec<f64> {
    (0..count).map(|k| middle + f64::from(k * 37 % count) * 12.0 / f64::from(count)).collect()
}

fn chart() -> Ridgelines {
    Ridgelines::new(Unit::MINUTE)
        .with_heading("Quartier")
        .with_group("Centre", &sample(8.0, 300))
        .with_group("Saint-Germain-au-Mont-d’Or et tous les hameaux d’alentour", &sample(30.0, 60))
        .with_group("Lissieu", &[25.0, 31.0, f64::NAN])
        .with_group("pareils", &[12.0; 40])
        .with_group("Poleymieux", &[])
}

fn profiles() -> Ridgelines {
    let step = |peak: usize| (0..24).map(|h| if h == peak { 9.0 } else { 1.0 }).collect::<Vec<f64>>();
    let mut outage = step(4);
    outage[10] = f64::NAN;
    Ridgelines::over(Axis::hours(Language::French), Unit::of("{bicycle}/h"))
        .with_group("soir", &step(19))
        .with_group("matin", &outage)
        .with_group("rien", &[0.0; 24])
}

#[test]
fn no_text_is_clipped_or_overlaps() {
    for language in [Language::French, Language::English] {
        let lone = Ridgelines::new(Unit::ONE).with_group("x", &[1e9]);
        let charts = [chart(), chart().sorted().with_limit(1), profiles(), lone];
        for chart in
            charts.into_iter().chain([chart().with_limits(0.0, 50.0).with_bandwidth(Bandwidth::Fixed(2.0))])
        {
            let view = chart.draw(&captions(language)).expect("a sound chart");
            assert_eq!(view.scene().flaws(), []);
            assert_eq!(view.compact().expect("charts have one").flaws(), []);
        }
    }
}

#[test]
fn few_values_are_dots_and_are_named() {
    let view = chart().draw(&captions(Language::French)).expect("a sound chart");
    let text = view.description();
    assert!(text.contains("sans courbe\u{a0}: Lissieu, pareils."), "{text}");
    assert!(text.contains("1 valeur manque."), "{text}");
    assert!(text.contains("Médiane la plus haute\u{a0}: Saint-Germain"), "{text}");
    assert!(
        text.ends_with("largeur\u{a0}: règle de Sheather et Jones\u{202f}; toutes de même aire."),
        "{text}"
    );
    let curves = |fewest: usize| {
        let svg = chart().with_fewest(fewest).draw(&captions(Language::French)).expect("sound").to_svg();
        svg.matches("stroke=\"#0072b2\"").count()
    };
    assert_eq!([curves(20), curves(100)], [2, 1]);
}

#[test]
fn highest_medians_first_or_earliest_steps() {
    let first = |view: View| match &view.table().columns()[0].values {
        crate::Values::Text(names) => names.clone(),
        other => panic!("text expected, found {other:?}"),
    };
    let names = first(chart().sorted().draw(&captions(Language::English)).expect("sound"));
    assert!(
        names[0].starts_with("Saint-Germain") && names[1] == "Lissieu" && names[4] == "Poleymieux",
        "{names:?}"
    );
    let view = profiles().sorted().draw(&captions(Language::French)).expect("sound");
    let columns: Vec<&str> = view.table().columns().iter().map(|column| column.name.as_str()).collect();
    assert_eq!(columns, ["Pas", "matin", "soir", "rien"]);
}

#[test]
fn a_median_over_hours_is_a_time_of_day() {
    // Hours that begin at 0, 6, 12 and 18 hold a quarter each: half lies before the end of the second.
    let quarters: Vec<f64> = (0..24).map(|hour| f64::from(u8::from(hour % 6 == 0))).collect();
    // 6 before 15 h, 10 in that hour, 6 after: half lies before its middle.
    let mut afternoon = [0.0; 24];
    (afternoon[8], afternoon[15], afternoon[20]) = (6.0, 10.0, 6.0);
    for (language, expected) in [
        (Language::French, ["7\u{a0}h\u{a0}00", "15\u{a0}h\u{a0}30"]),
        (Language::English, ["7:00", "15:30"]),
    ] {
        let chart = Ridgelines::over(Axis::hours(language), Unit::of("{bicycle}/h"));
        let view = chart
            .with_group("a", &quarters)
            .with_group("b", &afternoon)
            .draw(&captions(language))
            .expect("sound");
        for words in expected {
            assert!(view.description().contains(words), "{}", view.description());
            assert!(view.to_svg().contains(words));
        }
    }
}

#[test]
fn bad_input_is_named() {
    let drawn = |chart: Ridgelines| chart.draw(&captions(Language::English));
    assert!(matches!(drawn(Ridgelines::new(Unit::ONE)), Err(ChartError::Empty { .. })));
    assert!(matches!(drawn(chart().with_limits(9.0, 99.0)), Err(ChartError::Limits { found: 8.0, .. })));
    let short = profiles().with_group("x", &[1.0]);
    assert!(matches!(drawn(short), Err(ChartError::Length { found: 1, needed: 24, .. })));
    let below = profiles().with_group("x", &[-1.0; 24]);
    assert!(matches!(drawn(below), Err(ChartError::Negative { step: 0, .. })));
}

proptest! {
    #[test]
    fn any_groups_stay_in_the_picture(groups in prop::collection::vec(prop::collection::vec(-1e6..1e6f64, 0..50), 1..6)) {
        let chart = groups.iter().enumerate().fold(Ridgelines::new(Unit::ONE), |chart, (k, values)| {
            chart.with_group(format!("n{k}"), values)
        });
        let Ok(view) = chart.draw(&captions(Language::English)) else {
            prop_assert!(groups.iter().all(Vec::is_empty));
            return Ok(());
        };
        prop_assert_eq!(view.scene().flaws(), []);
        prop_assert_eq!(view.compact().expect("charts have one").flaws(), []);
    }
}
