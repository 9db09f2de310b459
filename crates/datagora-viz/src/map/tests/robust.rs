//! No data makes a map panic, and none leaves text that cannot be read.
use datagora_core::Interval;
use proptest::prelude::*;

use super::*;
use crate::{
    BivariateMap, Contrast, DifferenceMap, Discontinuities, GraduatedSymbols, MapMultiples, Shape,
    SymbolRates, ValueSuppressingMap,
};

/// A value of any kind: a number, missing, within bounds, secret.
fn value(unit: Unit) -> impl Strategy<Value = Measured> {
    let number = prop_oneof![
        4 => (0.0..1e4f64).prop_map(f64::round),
        2 => -1e3..1e3f64,
        1 => Just(0.0),
        1 => Just(f64::NAN),
        1 => prop_oneof![Just(1e300), Just(-1e300), Just(1e-300), Just(f64::INFINITY)],
    ];
    (number, 0.0..5.0f64, 0..12).prop_map(move |(number, margin, kind)| match kind {
        0 => Measured::suppressed(unit.clone(), Suppression::FewUnits { minimum: 3 }),
        1 => Measured::bounded(margin, margin + 1.0, unit.clone()).unwrap(),
        2 | 3 if number.is_finite() => Measured::new(number, unit.clone())
            .with_interval(Interval::at_level(number - margin, number + margin, 0.95).unwrap()),
        _ => Measured::new(number, unit.clone()),
    })
}

fn values(unit: &'static str) -> impl Strategy<Value = Vec<Measured>> {
    prop::collection::vec(value(Unit::of(unit)), 9)
}

/// Neighbours in a row, one without place, one far away.
fn places(rows: usize) -> GeometryColumn {
    let geometries = (0..rows).map(|i| match i {
        2 => None,
        5 => Some(square(40)),
        _ => Some(square(i)),
    });
    GeometryColumn::from_options(geometries, Crs::CC46)
}

/// A map, or an error; never text that is cut or lies over other text.
fn sound(drawn: Result<View, MapError>) {
    if let Ok(view) = drawn {
        assert_eq!(view.scene().flaws(), [], "wide");
        assert_eq!(view.compact().unwrap().flaws(), [], "compact");
        for scene in [view.scene(), view.compact().unwrap()] {
            let finite = |at: &[f64; 2]| at.iter().all(|c| c.is_finite());
            let drawn = |mark: &crate::Mark| match &mark.shape {
                Shape::Path(path) => path.parts.iter().flat_map(|part| &part.0).all(finite),
                Shape::Circle { x, y, radius } => finite(&[*x, *y]) && radius.is_finite(),
                Shape::Rect(extent) => {
                    [extent.left, extent.top, extent.right, extent.bottom].iter().all(|c| c.is_finite())
                }
                Shape::Text(text) => finite(&[text.x, text.y]),
            };
            assert!(scene.height().is_finite() && scene.marks().iter().all(drawn));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn maps_of_anything(
        first in values("%"),
        second in values("%"),
        amounts in values("{tree}"),
        rows in 1..9usize,
        classes in 1..4usize,
        huge in any::<bool>(),
        english in any::<bool>(),
    ) {
        let zones = places(rows);
        let names: Vec<String> = (0..rows)
            .map(|i| if huge { format!("Saint-Quelque-Chose-{i}-").repeat(9) } else { format!("zone {i}") })
            .collect();
        let word = if huge { "unités-de-recensement-".repeat(6) } else { "zones".to_owned() };
        let options = MapOptions::default().with_zone_word(&word).with_exception(Exception::ConfusableColours);
        let language = if english { Language::English } else { Language::French };
        let captions = captions("x", "Titre", language);
        let (first, second, amounts) = (&first[..rows], &second[..rows], &amounts[..rows]);
        let measure = if huge { "Une mesure au nom interminable ".repeat(4) } else { String::new() };
        sound(
            BivariateMap::new(&zones, &names, first, second)
                .with_measures(&measure, &measure)
                .with_method(Method::Quantile, classes, 4 - classes)
                .draw(&options, &captions),
        );
        sound(
            DifferenceMap::new(&zones, &names, first, second)
                .with_measure(&measure)
                .with_times(&measure, "2")
                .with_method(Method::Quantile, classes)
                .draw(&options, &captions),
        );
        sound(
            GraduatedSymbols::new(&zones, &names, amounts)
                .with_measure(&measure)
                .with_method(Method::Quantile, classes)
                .draw(&options, &captions),
        );
        sound(
            ProportionalSymbols::new(&zones, &names, amounts)
                .with_measure(&measure)
                .with_rates(SymbolRates::new(first).with_measure(&measure).with_method(Method::Quantile, classes))
                .draw(&options, &captions),
        );
        for contrast in [Contrast::Absolute, Contrast::Relative] {
            sound(
                Discontinuities::new(&zones, &names, first)
                    .with_measure(&measure)
                    .with_contrast(contrast)
                    .with_widths(classes)
                    .with_share(0.5)
                    .draw(&options, &captions),
            );
        }
        sound(
            MapMultiples::new(&zones, &names)
                .with_map(&measure, first)
                .with_map("2", second)
                .with_map("3", first)
                .with_measure(&measure)
                .with_method(Method::Quantile, classes)
                .draw(&options, &captions),
        );
        sound(ValueSuppressingMap::new(&zones, &names, first).with_measure(&measure).draw(&options, &captions));
        let window = Inset::new(&measure, GeometryColumn::new([square(0)], Crs::CC46));
        sound(
            Choropleth::new(&zones, &names, first)
                .with_method(Method::Quantile, classes)
                .draw(&options.clone().with_inset(window.clone()).with_inset(window), &captions),
        );
    }
}
