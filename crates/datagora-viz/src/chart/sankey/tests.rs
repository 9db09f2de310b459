use datagora_core::{Language, Suppression};
use proptest::prelude::*;

use super::layout::{Layout, crossings, order};
use super::*;
use crate::{Exception, Flaw};

fn captions(language: Language) -> Captions {
    Captions::new("bands", "Que sont devenus les champs ?", language)
        .with_subtitle("usage du sol")
        .with_made(true)
}

fn area(value: f64) -> Measured {
    Measured::new(value, Unit::HECTARE)
}

fn secret() -> Measured {
    Measured::suppressed(Unit::HECTARE, Suppression::FewUnits { minimum: 3 })
}

fn flaws(view: &View) -> Vec<Flaw> {
    [view.scene().flaws(), view.compact().expect("charts have one").flaws()].concat()
}

/// Five kinds of ground over some years.
fn ground(years: usize) -> Sankey {
    let kinds = ["bâti", "zones d’activités économiques et commerciales", "champs", "bois", "Ô"];
    let mut sankey =
        Sankey::new(Unit::HECTARE).with_stages((0..years).map(|year| (2000 + 5 * year).to_string()));
    for step in 0..years - 1 {
        for (i, from) in kinds.iter().enumerate() {
            for (j, to) in kinds.iter().enumerate() {
                let amount = match (i * 5 + j + step) % 11 {
                    7 => secret(),
                    8 => Measured::bounded(3.0, 9.0, Unit::HECTARE).unwrap(),
                    9 => Measured::new(f64::NAN, Unit::HECTARE),
                    k if i == j => area(1_200.0 * (k + 1) as f64),
                    k => area(k as f64 * 7.5),
                };
                sankey = sankey.with_transition(step, *from, *to, amount);
            }
        }
    }
    sankey
}

/// A chain with links that leap over columns.
fn heat() -> Sankey {
    let mut sankey = Sankey::new(Unit::HECTARE);
    for (from, to, amount) in [
        ("gaz", "chaufferies", 420.0),
        ("bois", "chaufferies", 310.0),
        ("chaufferies", "réseau de chaleur de la métropole", 700.0),
        ("réseau de chaleur de la métropole", "logements", 480.0),
        ("réseau de chaleur de la métropole", "bureaux", 220.0),
        ("gaz", "logements", 1_450.0),
        ("électricité", "bureaux", 720.0),
    ] {
        sankey = sankey.with_link(from, to, area(amount));
    }
    sankey
}

#[test]
fn every_form_is_read_in_both_languages() {
    for language in [Language::French, Language::English] {
        for sankey in
            [ground(2), ground(3), ground(6), ground(4).in_given_order(), heat(), heat().coloured_by_target()]
        {
            let view = sankey.draw(&captions(language)).unwrap();
            assert_eq!(flaws(&view), []);
            assert!(!view.description().contains("NaN"), "{}", view.description());
            assert_eq!(view.to_svg(), sankey.draw(&captions(language)).unwrap().to_svg());
        }
    }
}

#[test]
fn differences_are_told() {
    let view = heat().draw(&captions(Language::French)).unwrap();
    let text = view.description();
    assert!(text.contains("Ce qui entre n’est pas ce qui sort\u{a0}: chaufferies (730 → 700)."), "{text}");
    assert!(view.to_svg().contains(">730 → 700<") && view.to_svg().contains("(entrée → sortie)"));
    // Nothing is said of what is not known to differ.
    let unknown =
        heat().with_link("chaufferies", "pertes", secret()).draw(&captions(Language::French)).unwrap();
    assert!(!unknown.description().contains("n’est pas ce qui sort"), "{}", unknown.description());
    assert!(unknown.description().contains("Sans valeur\u{a0}: chaufferies → pertes (secret statistique)."));
    assert!(unknown.to_svg().contains(">≥\u{a0}730<"));
}

#[test]
fn changes_between_the_first_and_the_last_stage_are_told() {
    let sankey = Sankey::new(Unit::HECTARE)
        .with_stages(["2015", "2025"])
        .with_transition(0, "champs", "champs", area(800.0))
        .with_transition(0, "champs", "bâti", area(60.0))
        .with_transition(0, "bâti", "bâti", area(400.0));
    let view = sankey.draw(&captions(Language::French)).unwrap();
    let text = view.description();
    assert!(text.contains("Bâti\u{a0}: 400 en 2015, 460 en 2025."), "{text}");
    assert!(text.contains("champs (2015) → champs (2025)\u{a0}: 800\u{a0}ha"), "{text}");
    assert_eq!(view.table().len(), 3);
}

#[test]
fn bands_and_bars_are_proportional_and_touch() {
    let sankey = heat();
    let graph = Graph::new(&sankey, &captions(Language::French)).unwrap();
    let (routed, parts) = graph.routed();
    assert_eq!(parts.iter().map(Vec::len).collect::<Vec<_>>(), [1, 1, 1, 1, 1, 3, 3]);
    let labels = vec![28.0; routed.nodes.len()];
    let layout = Layout::new(&routed, &order(&routed, false), &labels, 360.0);
    for (edge, [from, to, height]) in routed.edges.iter().zip(&layout.bands) {
        assert!((height - layout.scale * edge.amount.unwrap()).abs() < 1e-9);
        for (node, top) in [(edge.from, from), (edge.to, to)] {
            let [bar, bar_height] = layout.bars[node];
            assert!(*top >= bar - 1e-9 && top + height <= bar + bar_height + 1e-9);
        }
    }
    for (node, [bar, height]) in routed.nodes.iter().zip(&layout.bars) {
        assert!((height - layout.scale * node.size()).abs() < 1e-9);
        assert!(*bar >= -1e-9 && bar + height <= layout.height + 1e-9);
    }
}

#[test]
fn many_links_without_amount_find_room() {
    let mut sankey = heat();
    for k in 0..150 {
        sankey = sankey.with_link(format!("source {}", k % 40), "logements", secret());
    }
    let view = sankey.draw(&captions(Language::French)).unwrap();
    assert_eq!(flaws(&view), []);
    let hatched = view.scene().marks().iter().filter(|mark| matches!(mark.fill, crate::Fill::Hatch(_)));
    let tops = hatched.flat_map(|mark| match &mark.shape {
        crate::Shape::Path(path) => path.parts[0].0.iter().map(|at| at[1]).collect(),
        _ => Vec::new(),
    });
    let body = 60.0..view.scene().height();
    assert!(tops.into_iter().all(|y| body.contains(&y)));
}

#[test]
fn an_order_without_crossings_is_found() {
    // Each letter goes to its capital, named in the reverse order.
    let mut sankey = Sankey::new(Unit::HECTARE).with_stages(["a", "b", "c"]);
    for (k, letter) in ["a", "b", "c", "d", "e"].into_iter().enumerate() {
        sankey = sankey.with_transition(0, letter, letter.to_uppercase(), area(1.0 + k as f64));
    }
    for letter in ["E", "C", "D", "B", "A"] {
        sankey = sankey.with_transition(1, letter, format!("{letter}{letter}"), area(2.0));
    }
    let graph = Graph::new(&sankey, &captions(Language::French)).unwrap();
    let columns = order(&graph, false);
    let mut ranks = vec![0.0; graph.nodes.len()];
    for nodes in &columns {
        for (place, node) in nodes.iter().enumerate() {
            ranks[*node] = place as f64;
        }
    }
    assert_eq!(crossings(&graph, &ranks), 0.0);
    // As given they do cross.
    let given = order(&graph, true);
    for (place, node) in given[2].iter().enumerate() {
        ranks[*node] = place as f64;
    }
    assert!(crossings(&graph, &ranks) > 0.0);
}

#[test]
fn rules_are_kept_or_broken_for_a_reason() {
    assert_eq!(heat().lint(), []);
    let alike = heat().with_colour("gaz", Colour::rgb(200, 0, 0)).with_colour("bois", Colour::rgb(200, 8, 8));
    assert!(matches!(alike.lint()[..], [Finding::Confusable { .. }]));
    assert!(matches!(alike.draw(&captions(Language::French)), Err(ChartError::Semiology { .. })));
    let reason = "les deux sont des énergies de chauffe";
    let excused = alike.with_exception(Exception::ConfusableColours, reason);
    let view = excused.draw(&captions(Language::French)).unwrap();
    assert!(view.to_svg().contains(reason) && flaws(&view).is_empty());
    // One colour on purpose is a group; one that another node already has is not.
    let group =
        heat().with_colour("gaz", Colour::rgb(90, 60, 30)).with_colour("bois", Colour::rgb(90, 60, 30));
    assert_eq!(group.lint(), []);
    let taken = heat().with_colour("gaz", CATEGORIES[0]);
    assert!(matches!(taken.lint()[..], [Finding::Confusable { .. }]));
    let many = (0..8u8).fold(heat(), |sankey, k| {
        let name = format!("n{k}");
        let colour = Colour::rgb(30 * k, 255 - 30 * k, 40 * (k % 4));
        sankey.with_link(&name, "bureaux", area(1.0)).with_colour(name, colour)
    });
    assert!(matches!(many.lint()[0], Finding::TooManyClasses { most: 7, .. }));
    let unknown = (0..8).fold(heat(), |sankey, k| sankey.with_link(format!("n{k}"), "bureaux", secret()));
    assert_eq!(unknown.lint(), [Finding::MostlyMissing { missing: 8, values: 15 }]);
    assert!(unknown.draw(&captions(Language::English)).is_ok(), "doubtful, not wrong");
}

#[test]
fn what_cannot_be_drawn_is_named() {
    let refused = |sankey: Sankey| sankey.draw(&captions(Language::French)).unwrap_err();
    let back = heat().with_link("bureaux", "chaufferies", area(1.0));
    let ChartError::Cycle { names } = refused(back) else { panic!("a cycle") };
    assert_eq!(names.first(), names.last());
    assert!(names.len() == 4 && names.contains(&"bureaux".to_owned()), "{names:?}");
    let own = Sankey::new(Unit::HECTARE).with_link("a", "a", area(1.0));
    assert_eq!(refused(own), ChartError::Cycle { names: vec!["a".to_owned(), "a".to_owned()] });
    assert!(matches!(refused(heat().with_link("a", "b", area(-1.0))), ChartError::Flow { found: -1.0, .. }));
    let unit = refused(heat().with_link("a", "b", Measured::new(1.0, Unit::ONE)));
    assert!(matches!(unit, ChartError::Units { found, .. } if found == Unit::ONE));
    assert!(matches!(refused(Sankey::new(Unit::ONE)), ChartError::Empty { .. }));
    assert!(matches!(
        refused(Sankey::new(Unit::HECTARE).with_link("a", "b", secret())),
        ChartError::Empty { .. }
    ));
    let zero = Sankey::new(Unit::HECTARE).with_link("a", "b", area(0.0));
    assert!(matches!(refused(zero), ChartError::Empty { .. }));
    let stages = Sankey::new(Unit::HECTARE).with_stages(["2015"]).with_transition(0, "a", "b", area(1.0));
    assert!(matches!(refused(stages), ChartError::Stage { found: 1, known: 1, .. }));
    let deep = Sankey::new(Unit::HECTARE).with_stages(["1", "2"]).with_link("a", "b", area(1.0)).with_link(
        "b",
        "c",
        area(1.0),
    );
    assert!(matches!(refused(deep), ChartError::Stage { found: 2, known: 2, .. }));
}

proptest! {
    #[test]
    fn any_links_stay_readable(
        links in prop::collection::vec((0..9usize, 0..9usize, 0..12u32, 0.0..1e7f64), 1..40),
        stages in 0..6usize,
        given in prop::bool::ANY,
        french in prop::bool::ANY,
    ) {
        let mut sankey = Sankey::new(Unit::HECTARE).with_stages((0..stages).map(|stage| format!("étape numéro {stage}")));
        for (from, to, kind, value) in links {
            let amount = match kind {
                0 => secret(),
                1 => Measured::bounded(value, value + 5.0, Unit::HECTARE).unwrap(),
                2 => area(0.0),
                _ => area(value),
            };
            let name = |node: usize| format!("zone d’activités {node}");
            sankey = match stages {
                0 | 1 => sankey.with_link(name(from.min(to)), name(from.max(to) + 1), amount),
                _ => sankey.with_transition(from % (stages - 1), name(from), name(to), amount),
            };
        }
        if given {
            sankey = sankey.in_given_order();
        }
        let language = if french { Language::French } else { Language::English };
        match sankey.draw(&captions(language)) {
            Ok(view) => prop_assert_eq!(flaws(&view), []),
            Err(ChartError::Empty { .. } | ChartError::Stage { .. }) => {}
            Err(error) => prop_assert!(false, "{}", error),
        }
    }

    #[test]
    fn nothing_makes_it_panic(
        links in prop::collection::vec((0..5usize, 0..5usize, prop::num::f64::ANY), 0..12),
        stage in 0..4usize,
    ) {
        let mut sankey = Sankey::new(Unit::ONE).with_stages(["a", "b"]);
        for (from, to, value) in links {
            let amount = Measured::new(value, Unit::ONE);
            sankey = match stage {
                0 => sankey.with_link(from.to_string(), to.to_string(), amount),
                _ => sankey.with_transition(stage - 1, from.to_string(), to.to_string(), amount),
            };
        }
        let _ = sankey.draw(&captions(Language::English));
    }
}
