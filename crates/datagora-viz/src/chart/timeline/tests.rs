use datagora_core::Month;
use proptest::prelude::*;

use super::*;
use crate::CATEGORIES;

fn captions(language: Language) -> Captions {
    Captions::new("counters", "Ce qui a été compté", language).with_subtitle("mois par mois").with_made(true)
}

fn chart(language: Language) -> StateTimeline {
    let months = Axis::months(Month::new(2015, 3).expect("a month"), 130, language);
    let mut chart = StateTimeline::new(months)
        .with_state("compté", CATEGORIES[4])
        .with_state("en panne", CATEGORIES[1])
        .with_unknown("rien d’enregistré")
        .with_share("part des mois comptés", [0])
        .with_heading("Compteur");
    for counter in 0..12 {
        let state = |month: usize| match month {
            _ if month < 8 * counter => None,
            _ if (month + 5 * counter).is_multiple_of(17) => Some(1),
            90..95 if counter % 3 == 0 => Some(2),
            _ => Some(0),
        };
        let whole =
            ["Quai du Docteur Gailleton, rive gauche du Rhône,", "Quai"][usize::from(counter % 5 == 4)];
        let name = format!("{whole} {counter}");
        chart = chart.with_row(name, (0..130).map(state).collect::<Vec<_>>());
    }
    chart.with_row("Jamais là", vec![None; 130])
}

#[test]
fn no_text_is_clipped_or_overlaps() {
    for language in [Language::French, Language::English] {
        let short = StateTimeline { rows: vec![chart(language).rows[4].clone()], ..chart(language) };
        for chart in [chart(language), short, chart(language).sorted().with_limit(4)] {
            let view = chart.draw(&captions(language)).expect("a sound chart");
            assert_eq!(view.scene().flaws(), []);
            assert_eq!(view.compact().expect("charts have one").flaws(), []);
        }
    }
}

#[test]
fn a_long_name_at_the_left_edge_makes_room() {
    let first = "2024-01-01".parse().expect("a date");
    let view = StateTimeline::new(Axis::days(first, 366, Language::French))
        .with_state("compté", CATEGORIES[0])
        .with_row("Quai", vec![Some(0); 366])
        .draw(&captions(Language::French))
        .expect("a sound chart");
    assert_eq!(view.compact().expect("charts have one").flaws(), []);
}

#[test]
fn the_least_sure_come_first_and_columns_follow() {
    let numbers = Column::numbers("n", Unit::ONE, (0..13).map(f64::from));
    let view =
        chart(Language::French).sorted().with_limit(2).with_column(numbers).draw(&captions(Language::French));
    let view = view.expect("a sound chart");
    assert!(view.to_svg().contains("et 11 autres dans le tableau"));
    let crate::Values::Numbers(shares) = &view.table().columns()[1].values else {
        panic!("numbers expected")
    };
    assert!(shares[..12].is_sorted() && shares[12].is_nan(), "{shares:?}");
    let crate::Values::Numbers(order) = &view.table().columns()[4].values else { panic!("numbers expected") };
    assert_eq!(order[12], 12.0);
    assert!(order[..12].iter().any(|row| *row != 0.0));
    let crate::Values::Text(names) = &view.table().columns()[0].values else { panic!("text expected") };
    assert!(names[0].ends_with(&format!(" {}", order[0])), "{names:?} {order:?}");
}

#[test]
fn time_before_a_thing_was_there_is_in_no_share() {
    let row = Row { name: String::new(), states: vec![None, None, Some(0), Some(1), Some(0), Some(0)] };
    assert_eq!((row.share(&[0]), row.share(&[0, 1])), (0.75, 1.0));
    let months = Axis::months(Month::new(2024, 1).expect("a month"), 6, Language::English);
    let view = StateTimeline::new(months)
        .with_state("counted", CATEGORIES[0])
        .with_unknown("nothing recorded")
        .with_state("gone", CATEGORIES[1])
        .with_row("Bridge", row.states)
        .draw(&captions(Language::English))
        .expect("a sound chart");
    assert!(!view.to_svg().contains(">gone<"), "states that no row is in are not in the key");
    let crate::Values::Text(when) = &view.table().columns()[4].values else { panic!("text expected") };
    assert_eq!(when[0], "April 2024: nothing recorded");
    assert!(view.description().contains("counted: 75.0%, nothing recorded: 25.0%"), "{}", view.description());
}

#[test]
fn bad_input_is_named() {
    let bad = |chart: StateTimeline| chart.draw(&captions(Language::French));
    let short = bad(chart(Language::French).with_row("x", [Some(0)]));
    assert!(matches!(short, Err(ChartError::Length { found: 1, needed: 130, .. })));
    let state = bad(chart(Language::French).with_row("x", vec![Some(3); 130]));
    assert!(matches!(state, Err(ChartError::State { step: 0, found: 3, known: 3, .. })));
    let column = bad(chart(Language::French).with_column(Column::numbers("n", Unit::ONE, [1.0])));
    assert!(matches!(column, Err(ChartError::Length { found: 1, needed: 13, .. })));
    let none = bad(StateTimeline::new(Axis::labels(["a"])).with_state("a", CATEGORIES[0]));
    assert!(matches!(none, Err(ChartError::Empty { .. })));
}

proptest! {
    #[test]
    fn any_states_stay_in_the_picture(
        rows in prop::collection::vec(prop::collection::vec(prop::option::of(0_usize..3), 9), 1..9)
    ) {
        let axis = Axis::labels((0..9).map(|k| format!("pas {k}")));
        let mut chart = StateTimeline::new(axis)
            .with_state("a", CATEGORIES[0])
            .with_state("b", CATEGORIES[1])
            .with_unknown("c")
            .sorted();
        let there = rows.iter().flatten().flatten().count();
        for (k, states) in rows.into_iter().enumerate() {
            chart = chart.with_row(format!("n{k}"), states);
        }
        match chart.draw(&captions(Language::English)) {
            Ok(view) => {
                prop_assert_eq!(view.scene().flaws(), []);
                prop_assert_eq!(view.compact().expect("charts have one").flaws(), []);
            }
            Err(error) => prop_assert!(there == 0, "{}", error),
        }
    }
}
