use datagora_core::{Interval, Suppression};
use proptest::prelude::*;

use super::*;
use crate::check_palette;

fn captions(language: Language) -> Captions {
    Captions::new("parts", "Plus de vélos, ou plus de compteurs ?", language)
        .with_subtitle("passages par jour")
        .with_made(true)
}

fn chart() -> Waterfall {
    let unit = Unit::of("{passage}/d");
    let change = |value: f64| Measured::new(value, unit.clone());
    let stayed = Interval::at_level(-1_200.0, 5_900.0, 0.95).expect("a sound interval");
    Waterfall::new(unit.clone())
        .with_total("Tous les compteurs, 2023", 52_000.4)
        .with_change("compteurs sortis du périmètre, ou qui n’ont pas toute l’année 2024", change(-8_000.4))
        .with_change("compteurs restés", change(2_345.6).with_interval(stayed))
        .with_change("compteurs entrés", change(0.0))
        .with_total("Tous les compteurs, 2024", 46_345.6)
}

#[test]
fn no_text_is_clipped_or_overlaps() {
    for language in [Language::French, Language::English] {
        let view = chart().draw(&captions(language)).expect("a sound chart");
        assert_eq!(view.scene().flaws(), []);
        assert_eq!(view.compact().expect("charts have one").flaws(), []);
    }
}

#[test]
fn every_part_is_told_with_its_sign() {
    let view = chart().draw(&captions(Language::French)).expect("a sound chart");
    let text = view.description();
    assert!(text.contains("2023\u{a0}: 52\u{202f}000\u{a0}passages"), "{text}");
    assert!(text.contains("compteurs restés\u{a0}: +2\u{202f}346 [−1\u{202f}200 à 5\u{202f}900]"), "{text}");
    assert!(text.contains("2024\u{a0}: −8\u{202f}000\u{202f};"), "{text}");
    assert!(
        view.to_svg().contains(">+2\u{202f}346<") && view.to_svg().contains(">intervalle à 95\u{202f}%<")
    );
    assert_eq!(view.table().len(), 5);
}

#[test]
fn sums_that_do_not_add_up_are_refused() {
    let unit = || Unit::of("{passage}/d");
    let wrong = chart().with_change("x", Measured::new(1.0, unit())).with_total("y", 5.0);
    assert!(matches!(wrong.draw(&captions(Language::French)), Err(ChartError::Sum { found: 5.0, .. })));
    let unknown = Measured::suppressed(unit(), Suppression::Incomplete { needed: 1.0 });
    let wrong = chart().with_change("x", unknown).draw(&captions(Language::French));
    assert_eq!(wrong, Err(ChartError::Unknown { name: "x".to_owned() }));
    let wrong = chart().with_total("x", f64::INFINITY).draw(&captions(Language::French));
    assert_eq!(wrong, Err(ChartError::Unknown { name: "x".to_owned() }));
    let none = Waterfall::new(Unit::ONE).draw(&captions(Language::French));
    assert!(matches!(none, Err(ChartError::Empty { .. })));
}

#[test]
fn colours_say_what_is_better() {
    use Direction::{LessIsBetter, MoreIsBetter, Neutral};
    assert_eq!(MoreIsBetter.colour(true), LessIsBetter.colour(false));
    assert_eq!(MoreIsBetter.colour(false), LessIsBetter.colour(true));
    for direction in [MoreIsBetter, LessIsBetter, Neutral] {
        let colours = [Colour::MUTED, direction.colour(true), direction.colour(false)];
        assert_eq!(check_palette(&colours, false), [], "{direction:?}");
        // Purple is 2.9:1; each bar carries its number and its sign.
        assert!(colours.iter().all(|colour| colour.contrast(Colour::WHITE) > 2.8), "{direction:?}");
    }
    let svg = chart().with_direction(LessIsBetter).draw(&captions(Language::French)).expect("sound").to_svg();
    assert!(svg.contains(">en plus\u{a0}: moins bien<"), "{svg}");
    let neutral = chart().draw(&captions(Language::English)).expect("sound").to_svg();
    assert!(neutral.contains(">more<") && !neutral.contains("better"), "{neutral}");
}

#[test]
fn changes_in_another_unit_are_refused() {
    let wrong = chart().with_change("x", Measured::new(1.0, Unit::PERCENT)).draw(&captions(Language::French));
    assert!(matches!(wrong, Err(ChartError::Semiology { .. })));
}

proptest! {
    #[test]
    fn any_changes_stay_in_the_picture(
        start in 0.0..1e7f64,
        changes in prop::collection::vec(-1e7..1e7f64, 0..7),
    ) {
        let mut chart = Waterfall::new(Unit::ONE).with_total("n", start);
        let mut sum = start;
        for (k, change) in changes.into_iter().enumerate() {
            chart = chart.with_change(format!("n{k}"), Measured::new(change, Unit::ONE));
            sum += change;
        }
        let view = chart.with_total("m", sum).draw(&captions(Language::English)).expect("sound");
        prop_assert_eq!(view.scene().flaws(), []);
        prop_assert_eq!(view.compact().expect("charts have one").flaws(), []);
    }
}
