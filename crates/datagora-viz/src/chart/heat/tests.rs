use datagora_core::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::{Fill, Shape};

fn captions(language: Language) -> Captions {
    Captions::new("hours", "Vélos sur le quai", language).with_subtitle("par heure").with_made(true)
}

/// A year of hours with a gap of three days and one of an hour that was filled.
fn year(language: Language) -> HeatMap {
    let day = NaiveDate::from_ymd_opt(2024, 1, 1).expect("a date");
    let mut values: Vec<f64> =
        (0..24 * 366).map(|cell| f64::from((cell / 366 * 13 + cell % 366 * 7) % 211)).collect();
    for row in 0..24 {
        values[row * 366 + 100..row * 366 + 103].fill(f64::NAN);
    }
    let mut imputed = vec![false; values.len()];
    imputed[8 * 366 + 40] = true;
    imputed[8 * 366 + 101] = true; // missing all the same
    HeatMap::new(Axis::days(day, 366, language), Axis::hours(language), Unit::of("{bicycle}/h"), values)
        .with_imputed(imputed)
        .with_headings(language.pick("Jour", "Day"), language.pick("Heure", "Hour"))
}

fn months() -> HeatMap {
    let mut values: Vec<f64> = (0..36).map(|k| 12_000.0 + 1_000.0 * f64::from(k)).collect();
    values[14] = f64::NAN;
    HeatMap::new(
        Axis::year(Language::French),
        Axis::labels(["2022", "2023", "2024"]),
        Unit::of("{bicycle}/mo"),
        values,
    )
}

#[test]
fn no_text_is_clipped_or_overlaps() {
    for language in [Language::French, Language::English] {
        for map in [year(language), months()] {
            let view = map.draw(&captions(language)).expect("a sound map");
            assert_eq!(view.scene().flaws(), []);
            assert_eq!(view.compact().expect("charts have one").flaws(), []);
            assert_eq!(view.to_svg(), map.draw(&captions(language)).expect("again").to_svg());
        }
    }
}

#[test]
fn what_is_missing_is_hatched_and_said() {
    let view = year(Language::French).draw(&captions(Language::French)).expect("a sound map");
    let svg = view.to_svg();
    assert!(svg.contains(">pas de mesure<") && svg.contains(">estimé, non mesuré<"));
    let text = view.description();
    assert!(text.contains("72 valeurs manquent (0,8\u{202f}%). 1 valeur est estimée"), "{text}");
    assert!(text.contains("colonnes\u{a0}: Jour (366), lignes\u{a0}: Heure (24)"), "{text}");
    let whole =
        HeatMap { values: vec![1.0; 36], ..months() }.draw(&captions(Language::French)).expect("sound");
    assert!(!whole.to_svg().contains("pas de mesure"));
}

/// The hatched surface is that of the missing cells: none of them looks like a value.
#[test]
fn hatched_surface_is_that_of_missing_cells() {
    let view = months().draw(&captions(Language::French)).expect("a sound map");
    let hatched = |scene: &crate::Scene| {
        scene
            .marks()
            .iter()
            .filter(|mark| {
                matches!((&mark.fill, &mark.shape, &mark.tip), (Fill::Hatch(_), Shape::Rect(_), Some(_)))
            })
            .count()
    };
    assert_eq!(hatched(view.scene()), 1);
    assert_eq!(hatched(view.compact().expect("charts have one")), 1);
}

#[test]
fn cells_that_do_not_exist_are_blank() {
    let mut absent = vec![false; 36];
    (absent[0], absent[14]) = (true, true);
    let view = months().with_absent(absent).draw(&captions(Language::French)).expect("a sound map");
    assert!(!view.to_svg().contains("pas de mesure") && !view.description().contains("manque"));
    assert!(!view.to_svg().contains("12\u{202f}000"), "what is absent has no value");
    let wrong = months().with_absent([true]).draw(&captions(Language::French));
    assert!(matches!(wrong, Err(ChartError::Length { found: 1, needed: 36, .. })));
}

#[test]
fn numbers_in_cells_have_the_same_decimals() {
    let with = |values: &[f64]| {
        let axis = |n: usize| Axis::labels((0..n).map(|k| k.to_string()));
        HeatMap::new(axis(values.len()), axis(1), Unit::ONE, values).decimals()
    };
    assert_eq!(
        (with(&[1.0, 900.0]), with(&[0.5, 150.0]), with(&[7.8, 12.44]), with(&[0.5, -9.0])),
        (0, 0, 1, 2)
    );
}

#[test]
fn the_table_follows_the_longer_axis() {
    let view = year(Language::English).draw(&captions(Language::English)).expect("a sound map");
    let table = view.table();
    assert_eq!((table.len(), table.columns().len()), (366, 26));
    assert_eq!(table.columns()[25].name, "Estimated values");
    let crate::Values::Text(estimated) = &table.columns()[25].values else { panic!("text expected") };
    assert_eq!((estimated[40].as_str(), estimated[101].as_str()), ("8:00", ""));
    let turned = HeatMap { columns: months().rows, rows: months().columns, ..months() };
    assert_eq!(turned.draw(&captions(Language::English)).expect("sound").table().len(), 12);
}

#[test]
fn a_year_of_hours_stays_light() {
    let view = year(Language::French).draw(&captions(Language::French)).expect("a sound map");
    // Worst case: hardly two neighbours are of one class.
    assert!(view.to_svg().len() < 400_000, "{}", view.to_svg().len());
}

#[test]
fn bad_input_is_named() {
    let wrong = HeatMap { values: vec![1.0; 7], ..months() }.draw(&captions(Language::French));
    assert!(matches!(wrong, Err(ChartError::Length { found: 7, needed: 36, .. })));
    let wrong = months().with_imputed([true]).draw(&captions(Language::French));
    assert!(matches!(wrong, Err(ChartError::Length { found: 1, needed: 36, .. })));
    let none = HeatMap { values: vec![f64::NAN; 36], ..months() }.draw(&captions(Language::French));
    assert!(matches!(none, Err(ChartError::Empty { .. })));
    let mut values = vec![1.0; 36];
    values[3] = f64::INFINITY;
    let infinite = HeatMap { values, ..months() }.draw(&captions(Language::French));
    assert_eq!(infinite, Err(ChartError::Classes(crate::ClassifyError::Infinite { row: 3 })));
    let short = months().with_palette(Palette::Ordered(vec![Colour::INK])).draw(&captions(Language::French));
    assert!(matches!(short, Err(ChartError::Palette(_))));
}

proptest! {
    #[test]
    fn any_values_stay_in_the_picture(
        values in prop::collection::vec(prop_oneof![4 => -1e7..1e7f64, 1 => Just(f64::NAN)], 2..80),
        rows in 1_usize..5,
    ) {
        prop_assume!(values.iter().any(|value| !value.is_nan()));
        let columns = values.len().div_ceil(rows);
        let mut values = values;
        values.resize(columns * rows, f64::NAN);
        let names = |n: usize| Axis::labels((0..n).map(|k| format!("pas {k}")));
        let map = HeatMap::new(names(columns), names(rows), Unit::ONE, values.clone())
            .with_imputed(values.iter().map(|value| *value > 0.0).collect::<Vec<_>>());
        let view = map.draw(&captions(Language::English)).expect("sound");
        prop_assert_eq!(view.scene().flaws(), []);
        prop_assert_eq!(view.compact().expect("charts have one").flaws(), []);
    }
}
