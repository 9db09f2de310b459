use datagora_core::{Language, Month};

use super::*;
use crate::Exception;

fn captions() -> Captions {
    Captions::new("lines", "Passages de vélos par jour, et douze mois de plus", Language::French)
        .with_subtitle("Moyenne journalière, périmètre constant de 14 compteurs")
        .with_credits("Source\u{a0}: Métropole de Lyon, Licence Ouverte 2.0.")
        .with_note("Les mois à zéro sont des pannes.")
        .with_made(true)
}

fn chart() -> LineChart {
    let first = Month::parse("2019-01").expect("a month");
    let mut values: Vec<f64> =
        (0..60).map(|k| 900.0 + 5.0 * f64::from(k) + 200.0 * f64::from(k % 12)).collect();
    values[20] = f64::NAN;
    values[22] = f64::NAN;
    values.extend([f64::NAN; 12]);
    let points: Vec<f64> = (0..12).map(|k| 1200.0 + 200.0 * f64::from(k)).collect();
    let around = |by: f64| points.iter().map(|p| p + by).collect::<Vec<f64>>();
    let bands = vec![(0.8, around(-150.0), around(150.0)), (0.95, around(-300.0), around(300.0))];
    let other: Vec<f64> = values.iter().map(|v| v * 0.98).collect();
    LineChart::new(Axis::months(first, 72, Language::French), Unit::of("{bicycle}/d"))
        .with_line(Line::new("Vélos", values).with_fan(Fan { start: 60, points, bands }))
        .with_line(Line::new("Voitures", other))
}

#[test]
fn no_text_is_clipped_or_overlaps() {
    let view = chart().draw(&captions()).expect("a sound chart");
    assert_eq!(view.scene().flaws(), []);
    assert_eq!(view.compact().expect("charts have one").flaws(), []);
}

#[test]
fn gaps_are_not_joined_and_lone_values_are_dots() {
    let axis = Axis::labels(["a", "b", "c", "d", "e"]);
    let view = LineChart::new(axis, Unit::ONE)
        .with_line(Line::new("x", [1.0, 2.0, f64::NAN, 3.0, f64::NAN]))
        .draw(&captions())
        .expect("a sound chart");
    let svg = view.to_svg();
    assert_eq!(svg.matches("<circle").count(), 1 + 3, "one dot, and a tip for each value");
    assert_eq!(svg.matches("stroke=\"#0072b2\"").count(), 1);
    assert!(view.description().contains("2 valeurs manquent"));
}

#[test]
fn forecast_without_interval_is_refused() {
    let fan = Fan { start: 3, points: vec![1.0], bands: Vec::new() };
    let chart = LineChart::new(Axis::labels(["a", "b", "c", "d"]), Unit::ONE)
        .with_line(Line::new("x", [1.0, 2.0, 3.0, f64::NAN]).with_fan(fan));
    let findings = vec![Finding::ForecastWithoutInterval { name: "x".into() }];
    assert_eq!(chart.lint(), findings);
    assert_eq!(chart.draw(&captions()), Err(ChartError::Semiology { findings }));
    let allowed = chart.with_exception(Exception::ForecastWithoutInterval, "le modèle n’en donne pas");
    let view = allowed.draw(&captions()).expect("a reason is given");
    let said = |note: &String| note.ends_with("Raison\u{a0}: le modèle n’en donne pas.");
    assert!(view.notes().iter().any(said), "{:?}", view.notes());
    assert!(
        view.description().contains("Prévision pour d, sans intervalle\u{a0}: 1."),
        "{}",
        view.description()
    );
    assert!(view.to_svg().contains("prévision, sans intervalle"));
    assert_eq!(view.compact().expect("charts have one").flaws(), []);
}

#[test]
fn bounds_that_are_no_interval_are_named() {
    let chart = |level: f64, lower: Vec<f64>, upper: Vec<f64>| {
        let fan = Fan { start: 3, points: vec![1.0], bands: vec![(level, lower, upper)] };
        LineChart::new(Axis::labels(["a", "b", "c", "d"]), Unit::ONE)
            .with_line(Line::new("x", [1.0, 2.0, 3.0, f64::NAN]).with_fan(fan))
            .draw(&captions())
    };
    assert!(matches!(chart(0.8, vec![f64::NAN], vec![2.0]), Err(ChartError::Semiology { .. })));
    assert!(matches!(chart(1.8, vec![0.0], vec![2.0]), Err(ChartError::Level { found: 1.8, .. })));
    assert!(matches!(chart(0.8, vec![0.0], vec![]), Err(ChartError::Length { found: 0, needed: 1, .. })));
    assert!(matches!(chart(0.8, vec![3.0], vec![2.0]), Err(ChartError::Bounds { .. })));
}

#[test]
fn more_lines_than_colours_are_refused() {
    let lines = |count: usize| {
        (0..count).fold(LineChart::new(Axis::labels(["a"]), Unit::ONE), |chart, k| {
            chart.with_line(Line::new(format!("n{k}"), [1.0]))
        })
    };
    assert_eq!(lines(6).lint(), []);
    assert!(matches!(&lines(7).lint()[..], [Finding::Confusable { .. }]));
}

#[test]
fn nothing_to_show_is_an_error() {
    let chart = LineChart::new(Axis::labels(["a"]), Unit::ONE).with_line(Line::new("x", [f64::NAN]));
    assert!(matches!(chart.draw(&captions()), Err(ChartError::Empty { .. })));
    let chart = LineChart::new(Axis::labels(["a"]), Unit::ONE).with_line(Line::new("x", [1.0, 2.0]));
    assert!(matches!(chart.draw(&captions()), Err(ChartError::Length { found: 2, needed: 1, .. })));
}

#[test]
fn same_chart_same_bytes() {
    let svg = || chart().draw(&captions()).expect("a sound chart").to_svg();
    assert_eq!(svg(), svg());
}

#[test]
fn back_test_and_outages_are_shown_and_told() {
    let axis = Axis::labels(["a", "b", "c", "d", "e"]);
    let line = Line::new("x", [10.0, 20.0, f64::NAN, f64::NAN, 30.0]);
    let view = LineChart::new(axis, Unit::of("{bicycle}"))
        .with_line(line.with_backtest([f64::NAN, 22.0, 25.0, f64::NAN, 26.0]))
        .with_outages([3, 2, 3, 99])
        .draw(&captions())
        .expect("a sound chart");
    assert!(
        view.description()
            .contains("Les prévisions passées s’écartaient en moyenne de 3\u{a0}vélos (2 comparaisons)")
    );
    assert!(view.description().contains("2 périodes hachurées"), "{}", view.description());
    // One hatched box in the key, one for the two steps in a row.
    assert_eq!(view.to_svg().matches("fill=\"url(#").count(), 2);
    assert_eq!(view.table().columns().len(), 3);
    assert_eq!(view.scene().flaws(), []);
}

#[test]
fn bounds_in_the_wrong_order_are_refused() {
    let fan = Fan { start: 1, points: vec![1.0], bands: vec![(0.8, vec![2.0], vec![0.0])] };
    let chart = LineChart::new(Axis::labels(["a", "b"]), Unit::ONE)
        .with_line(Line::new("x", [1.0, f64::NAN]).with_fan(fan));
    assert!(matches!(chart.draw(&captions()), Err(ChartError::Bounds { step: 0, .. })));
    let fan = Fan { start: usize::MAX, points: vec![1.0], bands: Vec::new() };
    let chart = LineChart::new(Axis::labels(["a"]), Unit::ONE).with_line(Line::new("x", [1.0]).with_fan(fan));
    assert!(matches!(chart.draw(&captions()), Err(ChartError::Length { .. })));
}

#[test]
fn steps_that_are_no_periods_have_their_own_heading() {
    let chart = LineChart::new(Axis::labels(["25 m", "50 m"]), Unit::PERCENT)
        .with_line(Line::new("people", [40.0, 60.0]));
    let heading = |chart: &LineChart| {
        let view = chart.draw(&captions()).expect("a chart");
        view.table().flat(Language::French)[0].name.clone()
    };
    assert_eq!(heading(&chart), "Période");
    assert_eq!(heading(&chart.with_heading("Distance")), "Distance");
}
