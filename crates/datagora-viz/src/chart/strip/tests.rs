use datagora_core::{Interval, Suppression};
use proptest::prelude::*;

use super::*;
use crate::{Exception, Scene};

fn values(numbers: &[f64], unit: &Unit) -> Vec<Measured> {
    numbers.iter().map(|&value| Measured::new(value, unit.clone())).collect()
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|row| format!("Saint-Germain-au-Mont-d’Or-{row}")).collect()
}

/// Awkward measures of six rows: ties, secrets, bounds, intervals beyond the scale, one value, none.
fn awkward(own: usize, names: &[String], language: Language) -> StripChart<'_> {
    let (share, jobs, dense) = (Unit::PERCENT, Unit::of("{job}"), Unit::of("{inhabitant}/km2"));
    let unsure = |value: f64, half: f64| {
        let interval = Interval::at_level(value - half, value + half, 0.95).expect("an interval");
        Measured::new(value, share.clone()).with_interval(interval)
    };
    let bounded = |lower, upper| Measured::bounded(lower, upper, jobs.clone()).expect("bounds");
    let secret = Measured::suppressed(jobs.clone(), Suppression::Secondary);
    let nan = f64::NAN;
    StripChart::new(names, own, language.pick("communes", "communes"))
        .with_peers(
            [1, 2],
            language.pick("communes proches de taille comparable", "nearby communes of similar size"),
        )
        .with_reference_word("métropole")
        .with_section(
            language.pick(
                "Un titre de partie qui est bien plus long que la place qu’il a sur un téléphone",
                "Part",
            ),
        )
        .with_strip(Strip::new("Égal", share.clone(), &values(&[2.0; 6], &share)))
        .with_strip(
            Strip::new(
                "Part des habitants à moins de 300 m d’un parc de plus d’un hectare",
                share.clone(),
                &[
                    unsure(3.0, 1.0),
                    unsure(50.0, 80.0),
                    unsure(50.0, 0.0),
                    unsure(99.0, 1.0),
                    unsure(0.0, 0.5),
                    unsure(4.0, 1.0),
                ],
            )
            .with_reference(Measured::new(61.0, share.clone())),
        )
        .with_strip(Strip::new(
            "Emplois",
            jobs.clone(),
            &[
                bounded(1.0, 2.0),
                bounded(1_234_567.0, 9_876_543.0),
                secret.clone(),
                bounded(5_000.0, f64::INFINITY),
                secret,
                bounded(3.0, 3.0),
            ],
        ))
        .with_strip(
            Strip::new("Densité", dense.clone(), &values(&[1.0, 10.0, 100.0, 1e9, nan, 0.1], &dense))
                .with_log_scale(),
        )
        .with_strip(
            Strip::new("Zéro", dense.clone(), &values(&[0.0, 10.0, nan, nan, nan, nan], &dense))
                .with_log_scale(),
        )
        .with_strip(Strip::new("Rien", dense.clone(), &values(&[nan; 6], &dense)))
}

#[test]
fn nothing_is_clipped_nor_overlaps_with_awkward_data() {
    let names = names(6);
    for language in [Language::French, Language::English] {
        for own in 0..6 {
            let captions =
                Captions::new("s", "Où se situe cette commune parmi toutes", language).with_made(true);
            let view = awkward(own, &names, language).draw(&captions).expect("a chart");
            for scene in [Some(view.scene()), view.compact()].into_iter().flatten() {
                assert_eq!(scene.flaws(), [], "{language:?} {own}");
            }
        }
    }
}

#[test]
fn what_is_not_about_the_row_is_the_same_on_every_chart() {
    let names = names(6);
    let below = |own, title: &str| {
        let captions = Captions::new("s", title, Language::French);
        let view = awkward(own, &names, Language::French).draw(&captions).expect("a chart");
        let backdrop = |scene: &Scene| scene.backdrop().expect("a backdrop").scene.clone();
        (backdrop(view.scene()), backdrop(view.compact().expect("compact")))
    };
    let long = "Un titre si long qu’il prend deux lignes sur toute la largeur d’un écran, et peut-être trois";
    assert_eq!(below(0, "Court"), below(3, long));
}

#[test]
fn words_tell_value_rank_reference_and_what_is_missing() {
    let names = names(6);
    let draw = |own, language| {
        awkward(own, &names, language).draw(&Captions::new("s", "Où", language)).expect("a chart")
    };
    let first = draw(0, Language::French);
    let told = first.description();
    assert!(
        told.starts_with(
            "Saint-Germain-au-Mont-d’Or-0 parmi 6 communes. Rang 1\u{a0}: la valeur la plus élevée."
        ),
        "{told}"
    );
    assert!(told.contains("Égal\u{a0}: 2\u{202f}%, rang 1 ex æquo sur 6."), "{told}");
    assert!(
        told.contains("3 [2 à 4]\u{202f}%, rang 3 à 5 sur 6\u{202f}; métropole\u{a0}: 61\u{202f}%."),
        "{told}"
    );
    assert!(told.contains("Emplois\u{a0}: 1 à 2\u{a0}emplois, rang 4 sur 4."), "{told}");
    let secret = draw(2, Language::English);
    assert!(secret.to_svg().contains(">statistical secrecy<"));
    let none = draw(4, Language::French);
    assert!(
        none.to_svg().contains(">non défini<")
            && none.to_svg().contains(">5 communes, 1 sans valeur, éch. log.<")
    );
    assert_eq!(first.table().len(), 6);
    assert!(!first.to_svg().contains("NaN"));
}

#[test]
fn bad_data_are_refused() {
    let names = names(2);
    let captions = Captions::new("s", "Où", Language::French);
    let unit = Unit::PERCENT;
    let strip = |numbers: &[f64]| Strip::new("Part", unit.clone(), &values(numbers, &unit));
    let draw = |chart: StripChart<'_>| chart.draw(&captions);
    let chart = |own| StripChart::new(&names, own, "communes");
    assert!(matches!(
        draw(chart(2).with_strip(strip(&[1.0, 2.0]))),
        Err(ChartError::Row { row: 2, rows: 2 })
    ));
    let peers = chart(0).with_peers([5], "x").with_strip(strip(&[1.0, 2.0]));
    assert!(matches!(draw(peers), Err(ChartError::Row { row: 5, .. })));
    assert!(matches!(
        draw(chart(0).with_strip(strip(&[1.0]))),
        Err(ChartError::Length { found: 1, needed: 2, .. })
    ));
    assert!(matches!(draw(chart(0)), Err(ChartError::Empty { .. })));
    assert!(matches!(draw(chart(0).with_strip(strip(&[f64::NAN; 2]))), Err(ChartError::Empty { .. })));
}

#[test]
fn rules_are_kept_or_broken_for_a_reason() {
    let names = names(3);
    let captions = Captions::new("s", "Où", Language::French);
    let unit = Unit::PERCENT;
    let strip = |numbers: &[f64]| Strip::new("Part", unit.clone(), &values(numbers, &unit));
    let chart = || StripChart::new(&names, 0, "communes");
    assert_eq!(chart().with_strip(strip(&[1.0, 2.0, f64::NAN])).lint(), []);
    let sparse = chart().with_strip(strip(&[1.0; 3])).with_strip(strip(&[1.0, f64::NAN, f64::NAN]));
    assert_eq!(sparse.lint(), [Finding::MostlyMissing { missing: 2, values: 3 }]);
    assert!(sparse.draw(&captions).is_ok(), "doubtful, not wrong");
    // What is counted may be left out.
    let canopy = Measured::new(1.0, Unit::of("%{canopy}"));
    assert_eq!(chart().with_strip(strip(&[1.0; 3]).with_reference(canopy)).lint(), []);
    let metres = Measured::new(1.0, Unit::METRE);
    let mixed = chart().with_strip(strip(&[1.0, 2.0, 3.0]).with_reference(metres));
    let dual = Finding::DualUnit { scale: Unit::PERCENT, found: Unit::METRE };
    assert_eq!(mixed.lint(), std::slice::from_ref(&dual));
    assert_eq!(mixed.draw(&captions).unwrap_err(), ChartError::Semiology { findings: vec![dual] });
    let excused = mixed.with_exception(Exception::DualUnit, "ce sont deux mesures d’une même longueur");
    let view = excused.draw(&captions).unwrap();
    assert!(view.to_svg().contains("deux mesures"));
    assert!([view.scene(), view.compact().unwrap()].iter().all(|scene| scene.flaws().is_empty()));
}

proptest! {
    #[test]
    fn no_data_make_it_panic(numbers in prop::collection::vec(prop::num::f64::ANY, 0..8), own in 0_usize..8, log in any::<bool>()) {
        let names = names(numbers.len());
        let strip = Strip::new("Part", Unit::ONE, &values(&numbers, &Unit::ONE));
        let strip = if log { strip.with_log_scale() } else { strip };
        let chart = StripChart::new(&names, own, "communes").with_strip(strip);
        if let Ok(view) = chart.draw(&Captions::new("s", "Où", Language::English)) {
            let svg = view.to_svg();
            prop_assert!(!svg.contains("\"NaN") && !svg.contains("\"inf") && !svg.contains("\"-inf"), "{}", svg);
            prop_assert_eq!(svg, chart.draw(&Captions::new("s", "Où", Language::English)).unwrap().to_svg());
        }
    }
}
