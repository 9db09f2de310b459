use datagora_core::{Interval, Suppression};
use proptest::prelude::*;

use super::*;

fn captions(language: Language) -> Captions {
    Captions::new("slope", "Où la canopée a gagné du terrain", language)
        .with_subtitle("part du sol sous les arbres")
        .with_made(true)
}

fn share(value: f64) -> Measured {
    Measured::new(value, Unit::PERCENT)
}

fn chart() -> SlopeChart {
    let interval = Interval::at_level(22.0, 27.5, 0.95).expect("a sound interval");
    let secret = Measured::suppressed(Unit::PERCENT, Suppression::Incomplete { needed: 0.8 });
    SlopeChart::new(["2009", "2015", "2025"], Unit::PERCENT)
        .with_heading("Commune")
        .with_line("Lyon 3e", [share(21.0), share(22.5), share(24.5).with_interval(interval)])
        .with_line("Bron", [share(28.0), share(27.0), share(26.0)])
        .with_line("Saint-Germain-au-Mont-d’Or et ses hameaux", [share(28.0), secret.clone(), share(28.2)])
        .with_line("Écully", [share(28.1), share(28.1), share(28.1)])
        .with_line("Marcy", [secret.clone(), share(31.0), share(32.0)])
        .with_line("Lissieu", [secret.clone(), secret.clone(), secret])
}

#[test]
fn no_text_is_clipped_or_overlaps() {
    for language in [Language::French, Language::English] {
        let charts = [
            chart(),
            chart().with_highlights(["Bron"]).with_direction(Direction::MoreIsBetter),
            chart().with_zero(),
            SlopeChart::new(["avant le plan climat, hiver compris", "après"], Unit::PERCENT)
                .with_line("x", [share(0.0), share(0.0)]),
        ];
        for chart in charts {
            let view = chart.draw(&captions(language)).expect("a sound chart");
            assert_eq!(view.scene().flaws(), []);
            assert_eq!(view.compact().expect("charts have one").flaws(), []);
        }
    }
}

#[test]
fn rises_and_falls_are_told() {
    let view = chart().draw(&captions(Language::French)).expect("a sound chart");
    let text = view.description();
    assert!(text.contains("6 lignes, dont 2 en hausse et 1 en baisse"), "{text}");
    assert!(text.contains("Plus forte hausse\u{a0}: Lyon 3e, 21,0 à 24,5\u{202f}%."), "{text}");
    assert!(text.contains("Plus forte baisse\u{a0}: Bron"), "{text}");
    assert!(text.contains("5 valeurs manquent"), "{text}");
    assert!(view.to_svg().contains("Sans valeur\u{a0}: Lissieu."));
    assert_eq!(view.table().columns().len(), 5);
}

#[test]
fn lines_that_are_not_highlighted_are_grey() {
    let svg = |chart: SlopeChart| chart.draw(&captions(Language::English)).expect("a sound chart").to_svg();
    let green = Direction::MoreIsBetter.colour(true).to_string();
    let better = chart().with_direction(Direction::MoreIsBetter);
    assert!(svg(better.clone()).contains(&green) && svg(better.clone()).contains("rising: better"));
    let bron = svg(better.with_highlights(["Bron"]));
    assert!(!bron.contains(&green) && bron.contains("the others") && !bron.contains("rising: better"));
}

#[test]
fn years_lie_as_far_apart_as_in_time() {
    let positions = |dates: [&str; 3]| SlopeChart::new(dates, Unit::ONE).positions();
    assert_eq!(positions(["2009", "2015", "2025"]), [2009.0, 2015.0, 2025.0]);
    assert_eq!(positions(["2009", "2015", "2015"]), [0.0, 1.0, 2.0]);
    assert_eq!(positions(["hier", "aujourd’hui", "demain"]), [0.0, 1.0, 2.0]);
}

#[test]
fn bad_input_is_named() {
    let drawn = |chart: SlopeChart| chart.draw(&captions(Language::English));
    let one = SlopeChart::new(["2009"], Unit::ONE);
    assert!(matches!(drawn(one), Err(ChartError::Length { found: 1, needed: 2, .. })));
    assert!(matches!(drawn(SlopeChart::new(["a", "b"], Unit::ONE)), Err(ChartError::Empty { .. })));
    let short = chart().with_line("x", [share(1.0)]);
    assert!(matches!(drawn(short), Err(ChartError::Length { found: 1, needed: 3, .. })));
    let dual = chart().with_line("x", vec![Measured::new(1.0, Unit::of("{job}")); 3]);
    assert!(matches!(drawn(dual), Err(ChartError::Semiology { .. })));
}

proptest! {
    #[test]
    fn any_values_stay_in_the_picture(values in prop::collection::vec((-1e7..1e7f64, prop::option::of(-1e7..1e7f64)), 1..30)) {
        let chart = values.iter().enumerate().fold(SlopeChart::new(["a", "b"], Unit::ONE), |chart, (k, (from, to))| {
            let to = Measured::new(to.unwrap_or(f64::NAN), Unit::ONE);
            chart.with_line(format!("commune {k}"), [Measured::new(*from, Unit::ONE), to])
        });
        let view = chart.draw(&captions(Language::English)).expect("sound");
        prop_assert_eq!(view.scene().flaws(), []);
        prop_assert_eq!(view.compact().expect("charts have one").flaws(), []);
    }
}

#[test]
fn a_name_that_ends_in_a_number_does_not_run_into_the_value() {
    let count = |value| Measured::new(value, Unit::of("{passage}/d"));
    let chart = SlopeChart::new(["2019", "2025"], Unit::of("{passage}/d"))
        .with_line("Rue des Tilleuls – 3", [count(8_941.0), count(9_502.0)]);
    let text = |language| chart.draw(&captions(language)).expect("a sound chart").to_svg();
    assert!(text(Language::French).contains("Rue des Tilleuls – 3\u{a0}: 8\u{202f}941"));
    assert!(text(Language::English).contains("9,502\u{a0}\u{a0}Rue des Tilleuls – 3"));
}
