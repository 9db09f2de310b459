use datagora_core::Month;

use super::*;
use crate::scene::{Fill, Shape};

fn captions() -> Captions {
    Captions::new("stack", "Parts des modes dans les passages comptés", Language::French)
        .with_subtitle("vingt compteurs au périmètre constant")
        .with_credits("Source\u{a0}: Métropole de Lyon, Licence Ouverte 2.0.")
}

fn chart() -> Result<StackedChart, Box<dyn std::error::Error>> {
    let axis = Axis::months(Month::parse("2020-01")?, 48, Language::French);
    let season = |k: usize| 8.0 * (k as f64 * std::f64::consts::PI / 6.0).sin();
    let mut bicycles: Vec<f64> = (0..48).map(|k| 22.0 + 0.3 * k as f64 + season(k)).collect();
    let unknown: Vec<f64> = (0..48).map(|k| if (10..14).contains(&k) { 25.0 } else { 3.0 }).collect();
    let cars: Vec<f64> = (0..48).map(|k| 100.0 - bicycles[k] - unknown[k]).collect();
    for step in [20, 21, 23] {
        bicycles[step] = f64::NAN;
    }
    let long = "Voitures particulières, véhicules utilitaires légers et deux-roues motorisés de tous genres";
    Ok(StackedChart::new(axis, Unit::PERCENT)
        .with_layer(Layer::new("Vélos et trottinettes", bicycles))
        .with_layer(Layer::new(long, cars))
        .with_layer(Layer::unknown("Non enregistré", unknown)))
}

/// Height of the highest point of a fill.
fn top_of(view: &View, is: impl Fn(Fill) -> bool) -> f64 {
    let paths =
        view.scene().marks().iter().filter(|mark| is(mark.fill)).filter_map(|mark| match &mark.shape {
            Shape::Path(path) => Some(path),
            _ => None,
        });
    let heights =
        paths.flat_map(|path| path.parts.iter().flat_map(|(line, _)| line.iter().map(|place| place[1])));
    heights.fold(f64::INFINITY, f64::min)
}

#[test]
fn no_text_is_clipped_or_overlaps() -> Result<(), Box<dyn std::error::Error>> {
    let view = chart()?.draw(&captions())?;
    assert_eq!(view.scene().flaws(), []);
    assert_eq!(view.compact().map(|scene| scene.flaws()), Some(Vec::new()));
    Ok(())
}

#[test]
fn a_missing_value_is_a_gap_in_all_layers() -> Result<(), Box<dyn std::error::Error>> {
    let view = chart()?.draw(&captions())?;
    let areas = view.scene().marks().iter().filter(|mark| mark.fill == Fill::Solid(CATEGORIES[1])).count();
    // The key, two runs, and a lone month between two gaps.
    assert_eq!(areas, 4);
    let text = view.description();
    assert!(text.contains("3 valeurs manquent."), "{text}");
    assert!(text.contains("Vélos et trottinettes\u{a0}: 22\u{202f}% du total en janvier 2020"), "{text}");
    Ok(())
}

#[test]
fn shares_reach_a_hundred_exactly() -> Result<(), Box<dyn std::error::Error>> {
    for last in [59.9, 60.0, 60.1] {
        let chart = StackedChart::new(Axis::labels(["a", "b"]), Unit::PERCENT)
            .with_layer(Layer::new("x", [40.0, 40.0]))
            .with_layer(Layer::new("y", [59.0, last]));
        let svg = chart.draw(&captions())?.to_svg();
        assert!(svg.contains(">100</text>") && !svg.contains(">120</text>"), "{last}");
    }
    let chart =
        StackedChart::new(Axis::labels(["a", "b"]), Unit::PERCENT).with_layer(Layer::new("x", [50.0, 100.0]));
    let view = chart.draw(&captions())?;
    let frame_top = top_of(&view, |fill| fill == Fill::Solid(CATEGORIES[0]));
    let grid_top = top_of(&view, |fill| fill == Fill::None);
    assert!((frame_top - grid_top).abs() < 1e-9, "{frame_top} {grid_top}");
    Ok(())
}

#[test]
fn what_cannot_be_stacked_is_refused() {
    let of = |values: Vec<f64>| {
        StackedChart::new(Axis::labels(["a", "b"]), Unit::ONE)
            .with_layer(Layer::new("x", values))
            .draw(&captions())
    };
    let negative = ChartError::Negative { name: "x".into(), step: 1, found: -1.0 };
    assert_eq!(of(vec![1.0, -1.0]), Err(negative));
    assert_eq!(of(vec![1.0]), Err(ChartError::Length { name: "x".into(), found: 1, needed: 2 }));
    for nothing in [vec![f64::NAN, f64::INFINITY], vec![0.0, 0.0]] {
        assert!(matches!(of(nothing), Err(ChartError::Empty { .. })));
    }
    let none = StackedChart::new(Axis::labels(["a"]), Unit::ONE).draw(&captions());
    assert!(matches!(none, Err(ChartError::Empty { .. })));
}

#[test]
fn many_layers_have_different_colours() {
    let chart = (0..9).fold(StackedChart::new(Axis::labels(["a"]), Unit::ONE), |chart, k| {
        chart.with_layer(Layer::new(k.to_string(), [1.0]))
    });
    let mut colours = chart.colours();
    colours.sort();
    colours.dedup();
    assert_eq!(colours.len(), 9);
}

#[test]
fn same_chart_same_bytes() -> Result<(), Box<dyn std::error::Error>> {
    assert_eq!(chart()?.draw(&captions())?.to_svg(), chart()?.draw(&captions())?.to_svg());
    Ok(())
}
