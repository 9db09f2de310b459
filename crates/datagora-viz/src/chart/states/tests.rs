use super::*;
use crate::CATEGORIES;

fn captions() -> Captions {
    Captions::new("night", "Une nuit de Vélo’v", Language::French).with_made(true)
}

/// Every minute from 19:41 on, with nothing recorded between 23:41 and 1:41.
fn times() -> Vec<DateTime<Utc>> {
    let start = 1_772_476_860; // 2026-03-02T18:41:00Z
    (0..240).chain(360..600).filter_map(|k| DateTime::from_timestamp(start + 60 * k, 0)).collect()
}

fn chart() -> StateChart {
    let empty: Vec<f64> = (0..480).map(|k| f64::from(20 + k % 7)).collect();
    let available: Vec<f64> = (0..480).map(|k| f64::from(60 - k % 7)).collect();
    StateChart::new(times(), Zone::PARIS, Unit::of("{station}"))
        .with_state("vide", CATEGORIES[1], empty)
        .with_state("disponible", CATEGORIES[0], available)
}

#[test]
fn holes_of_the_record_are_unknown() {
    let view = chart().with_total(100.0).draw(&captions()).expect("a sound chart");
    assert_eq!(view.scene().flaws(), []);
    assert_eq!(view.compact().expect("charts have one").flaws(), []);
    assert!(view.to_svg().contains(">rien d’enregistré<"));
    let text = view.description();
    assert!(text.contains("du 2\u{a0}mars 19\u{a0}h\u{a0}41 au 3\u{a0}mars 05\u{a0}h\u{a0}40"), "{text}");
    assert!(text.contains("Rien n’a été enregistré pendant 2\u{a0}h\u{a0}00."), "{text}");
    assert!(text.contains("Vide\u{a0}: 23,0 en moyenne (23\u{202f}%), au plus 26"), "{text}");
    assert!(text.contains("État inconnu\u{a0}: 20 en moyenne (20\u{202f}%)"), "{text}");
    assert_eq!(view.table().len(), 480);
}

#[test]
fn an_allowed_step_is_no_hole_and_missing_values_are_one() {
    let record = |chart: StateChart| chart.record(&captions()).expect("a sound chart");
    assert_eq!(record(chart()).holes.len(), 1);
    assert_eq!(record(chart().with_longest_step(Minutes(180.0))).holes.len(), 0);
    let mut gaps = chart();
    gaps.states[0].values[10] = f64::NAN;
    gaps.states[1].values[11] = f64::NAN;
    let holes = record(gaps).holes;
    assert_eq!(holes.len(), 2);
    assert_eq!(holes[0].to - holes[0].from, 120.0);
    let mut nothing = chart();
    nothing.states.iter_mut().for_each(|state| state.values[479] = 0.0);
    assert_eq!(record(nothing.with_total(100.0)).holes.len(), 2);
}

#[test]
fn bad_input_is_named() {
    let reversed: Vec<_> = times().into_iter().rev().collect();
    let wrong = StateChart { times: reversed, ..chart() };
    assert!(matches!(wrong.draw(&captions()), Err(ChartError::Order { step: 1, .. })));
    let few = chart().with_total(50.0).draw(&captions());
    assert!(matches!(few, Err(ChartError::Total { step: 0, sum: 80.0, total: 50.0 })));
    let long = chart().with_state("plein", CATEGORIES[2], vec![1.0]).draw(&captions());
    assert!(matches!(long, Err(ChartError::Length { found: 1, needed: 480, .. })));
    let below = chart().with_state("plein", CATEGORIES[2], vec![-1.0; 480]).draw(&captions());
    assert!(matches!(below, Err(ChartError::Negative { step: 0, found: -1.0, .. })));
    let none = StateChart::new(Vec::new(), Zone::PARIS, Unit::ONE).draw(&captions());
    assert!(matches!(none, Err(ChartError::Empty { .. })));
}
