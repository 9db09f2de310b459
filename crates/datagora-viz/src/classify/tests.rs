use std::path::PathBuf;

use proptest::prelude::*;

use super::*;

fn golden() -> Option<serde_json::Value> {
    let data = std::env::var_os("DATAGORA_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")),
        PathBuf::from,
    );
    let path = data.parent()?.join("golden/views/gold.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("DATAGORA_DATA absent: {} not checked", path.display());
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}

fn numbers(value: &serde_json::Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

/// mapclassify 2.10.0 on its `load_example()` (58 values), k = 5; bounds printed there with 6 decimals.
#[test]
fn golden_mapclassify() {
    let Some(gold) = golden() else { return };
    let y = numbers(&gold["y"]);
    for (name, method) in [
        ("Quantiles", Method::Quantile),
        ("EqualInterval", Method::EqualInterval),
        ("FisherJenks", Method::Fisher),
        ("HeadTail", Method::HeadTail),
        ("StdMean", Method::StandardDeviation),
        ("MaximumBreaks", Method::MaximumBreaks),
        ("PrettyBreaks", Method::Pretty),
        ("BoxPlot", Method::BoxPlot),
        ("Percentiles", Method::Percentiles),
    ] {
        let out = &gold["out"][name];
        let bins = numbers(&out["bins"]);
        let counts: Vec<usize> = numbers(&out["counts"]).into_iter().map(|n| n as usize).collect();
        // Empty classes below the smallest value are dropped here, and only those.
        let empty = bins.iter().filter(|&&bin| bin < 0.13).count();
        assert!(counts[..empty].iter().all(|&n| n == 0), "{name}");
        let classes = classify(&y, 5, &method).unwrap();
        assert_eq!(classes.len(), bins.len() - empty, "{name}");
        for (ours, theirs) in classes.breaks().iter().zip(&bins[empty..]) {
            assert!((ours - theirs).abs() <= 5e-7 + 1e-12 * theirs.abs(), "{name}: {ours} is not {theirs}");
        }
        assert_eq!(classes.counts(), &counts[empty..], "{name}");
        let adcm = out["adcm"].as_f64().unwrap();
        assert!((deviation_from_medians(&y, &classes) - adcm).abs() < 0.005, "{name}");
    }
}

/// jenkspy 0.4 on the same values: the smallest value, then the bounds.
#[test]
fn golden_jenkspy() {
    let Some(gold) = golden() else { return };
    let classes = classify(&numbers(&gold["y"]), 5, &Method::Fisher).unwrap();
    assert_eq!(classes.bounds(), numbers(&gold["out"]["jenkspy"]));
}

/// What mapclassify calls adcm: absolute deviations from class medians.
fn deviation_from_medians(y: &[f64], classes: &Classes) -> f64 {
    (0..classes.len())
        .map(|class| {
            let mut members: Vec<f64> =
                y.iter().copied().filter(|&value| classes.class_of(value) == Some(class)).collect();
            members.sort_by(f64::total_cmp);
            let n = members.len();
            if n == 0 {
                return 0.0;
            }
            let median = (members[(n - 1) / 2] + members[n / 2]) / 2.0;
            members.iter().map(|value| (value - median).abs()).sum()
        })
        .sum()
}

#[test]
fn few_different_values_give_fewer_classes_and_say_so() {
    for method in [Method::Quantile, Method::Fisher, Method::MaximumBreaks, Method::HeadTail] {
        let classes = classify(&[3.0, 3.0, 7.0, f64::NAN], 5, &method).unwrap();
        assert_eq!(classes.len(), 2, "{method}");
        assert_eq!(classes.counts().iter().sum::<usize>(), 3);
        assert_eq!((classes.asked(), classes.unique(), classes.missing()), (5, 2, 1));
        assert!(classes.remark(Language::French).unwrap().contains("2 valeurs distinctes"), "{method}");
    }
    for method in [Method::Quantile, Method::EqualInterval, Method::StandardDeviation, Method::Pretty] {
        let constant = classify(&[4.5; 9], 4, &method).unwrap();
        assert_eq!((constant.breaks(), constant.counts()), (&[4.5][..], &[9][..]), "{method}");
        assert_eq!(constant.goodness_of_variance_fit(), 1.0);
        assert_eq!(constant.rounded().label(0, Language::French), "4,5");
    }
}

#[test]
fn bad_input_is_named() {
    assert_eq!(classify(&[f64::NAN; 3], 4, &Method::Fisher), Err(ClassifyError::Empty { missing: 3 }));
    assert_eq!(classify(&[], 4, &Method::Fisher), Err(ClassifyError::Empty { missing: 0 }));
    assert_eq!(classify(&[1.0, f64::INFINITY], 4, &Method::Fisher), Err(ClassifyError::Infinite { row: 1 }));
    assert_eq!(classify(&[1.0], 0, &Method::Fisher), Err(ClassifyError::Count { found: 0, limit: 255 }));
    let falling = classify(&[1.0], 3, &Method::Manual(vec![5.0, 5.0]));
    assert_eq!(falling, Err(ClassifyError::Bounds { position: 1, found: 5.0, before: Some(5.0) }));
}

#[test]
fn bounds_chosen_by_hand_cover_all_values() {
    let classes =
        classify(&[4.0, 8.0, 15.0, 16.0, 23.0, 42.0], 9, &Method::Manual(vec![1.0, 10.0, 20.0])).unwrap();
    assert_eq!(classes.bounds(), [4.0, 10.0, 20.0, 42.0]);
    assert_eq!(classes.counts(), [2, 2, 2]);
    let roomy = classify(&[4.0, 8.0], 9, &Method::Manual(vec![5.0, 10.0, 20.0])).unwrap();
    assert_eq!(roomy.bounds(), [4.0, 5.0, 10.0]);
}

#[test]
fn membership_of_values_not_classified() {
    let classes = classify(&[1.0, 2.0, 3.0, 4.0], 2, &Method::EqualInterval).unwrap();
    let of = |value| classes.class_of(value);
    assert_eq!(
        [of(0.9), of(1.0), of(2.5), of(2.6), of(4.0), of(4.1)],
        [None, Some(0), Some(0), Some(1), Some(1), None]
    );
    assert_eq!(of(f64::NAN), None);
}

#[test]
fn fisher_tells_tight_groups_apart_far_from_the_median() {
    let values = [0.0, 0.0, 0.0, 1e9 + 1.0, 1e9 + 2.0, 1e9 + 10.0];
    assert_eq!(classify(&values, 3, &Method::Fisher).unwrap().breaks(), [0.0, 1e9 + 2.0, 1e9 + 10.0]);
    let huge = [-1.7e308, -1.6e308, 1.6e308, 1.7e308];
    assert_eq!(classify(&huge, 2, &Method::Fisher).unwrap().breaks(), [-1.6e308, 1.7e308]);
    let tiny = [1e-310, 2e-310, 9e-310];
    assert_eq!(classify(&tiny, 2, &Method::Fisher).unwrap().breaks(), [2e-310, 9e-310]);
}

#[test]
fn rounded_bounds_of_the_example() {
    let values = [0.13, 0.42, 5.9, 14.03, 49.47, 75.29, 110.74, 192.05, 264.93, 370.5, 722.85, 4111.45];
    let classes = classify(&values, 4, &Method::Fisher).unwrap();
    assert_eq!(classes.breaks(), [110.74, 370.5, 722.85, 4111.45]);
    assert_eq!(classes.rounded().values(), [0.0, 120.0, 380.0, 730.0, 4200.0]);
    assert_eq!(classes.rounded().label(3, Language::English), "730 to 4,200");
}

/// Smallest sum of squared deviations over all divisions, by trying them all.
fn brute(sorted: &[f64], k: usize) -> f64 {
    let n = sorted.len();
    if k == 1 || n == 1 {
        return squared_deviations(sorted, 1.0);
    }
    (1..n)
        .filter(|&i| sorted[i - 1] < sorted[i])
        .map(|i| brute(&sorted[..i], k - 1) + squared_deviations(&sorted[i..], 1.0))
        .fold(squared_deviations(sorted, 1.0), f64::min)
}

fn methods() -> impl Strategy<Value = Method> {
    prop_oneof![
        Just(Method::Quantile),
        Just(Method::EqualInterval),
        Just(Method::Fisher),
        Just(Method::HeadTail),
        Just(Method::StandardDeviation),
        Just(Method::MaximumBreaks),
        Just(Method::Pretty),
        Just(Method::BoxPlot),
        Just(Method::Percentiles),
        Just(Method::Manual(vec![-3.0, 0.0, 0.25, 80.0])),
    ]
}

fn samples() -> impl Strategy<Value = Vec<f64>> {
    let value = prop_oneof![
        8 => -1e3..1e3f64,
        8 => (-5i32..5).prop_map(f64::from),
        2 => any::<f64>().prop_filter("finite", |x| x.is_finite()),
        1 => Just(f64::NAN),
    ];
    prop::collection::vec(value, 1..40)
}

proptest! {
    #[test]
    fn every_value_is_in_exactly_one_class(values in samples(), k in 1..9usize, method in methods()) {
        let Ok(classes) = classify(&values, k, &method) else {
            prop_assert!(values.iter().all(|value| value.is_nan()));
            return Ok(());
        };
        prop_assert!(classes.bounds()[1..].windows(2).all(|pair| pair[0] < pair[1]), "{classes:?}");
        let mut counts = vec![0; classes.len()];
        for &value in values.iter().filter(|value| !value.is_nan()) {
            let class = classes.class_of(value);
            prop_assert!(class.is_some(), "{value} is in no class of {classes:?}");
            counts[class.unwrap()] += 1;
        }
        prop_assert_eq!(&counts[..], classes.counts());
        prop_assert_eq!(counts.iter().sum::<usize>() + classes.missing(), values.len());
        prop_assert!((0.0..=1.0).contains(&classes.goodness_of_variance_fit()));
    }

    #[test]
    fn rounding_moves_no_value(values in samples(), k in 1..9usize, method in methods()) {
        let Ok(classes) = classify(&values, k, &method) else { return Ok(()) };
        let rounded = classes.rounded();
        let bounds = rounded.values();
        prop_assert_eq!(bounds.len(), classes.len() + 1);
        for &value in values.iter().filter(|value| !value.is_nan()) {
            let class = classes.class_of(value).unwrap();
            prop_assert!(value <= bounds[class + 1], "{} above its class, {:?}", value, bounds);
            let above = if class == 0 { value >= bounds[0] } else { value > bounds[class] };
            prop_assert!(above, "{} below its class, {:?}", value, bounds);
        }
    }

    #[test]
    fn fisher_is_optimal(values in prop::collection::vec(prop_oneof![-50.0..50.0f64, (-4i32..4).prop_map(f64::from)], 1..12), k in 1..5usize) {
        let classes = classify(&values, k, &Method::Fisher).unwrap();
        let mut sorted = values.clone();
        sorted.sort_by(f64::total_cmp);
        let ours: f64 = (0..classes.len())
            .map(|class| {
                let members: Vec<f64> =
                    sorted.iter().copied().filter(|&value| classes.class_of(value) == Some(class)).collect();
                squared_deviations(&members, 1.0)
            })
            .sum();
        let best = brute(&sorted, k);
        prop_assert!(ours <= best + 1e-9 * (1.0 + best), "{ours} instead of {best}");
    }

    #[test]
    fn order_does_not_matter(values in samples(), k in 1..9usize, method in methods()) {
        let reversed: Vec<f64> = values.iter().rev().copied().collect();
        prop_assert_eq!(classify(&values, k, &method).ok(), classify(&reversed, k, &method).ok());
    }
}

#[test]
fn bounds_of_a_legend_have_the_same_decimals() {
    let labels = |values: &[f64], bounds: &[f64]| {
        let classes = classify(values, bounds.len(), &Method::Manual(bounds.to_vec())).unwrap();
        let rounded = classes.rounded();
        (0..classes.len()).map(|class| rounded.label(class, Language::English)).collect::<Vec<_>>()
    };
    assert_eq!(labels(&[52.8, 56.62, 56.63, 61.0], &[56.62, 61.0]), ["52.80 to 56.62", "56.62 to 61.00"]);
    assert_eq!(labels(&[2.0, 4.0, 9.0], &[5.0, 9.0]), ["2 to 5", "5 to 9"]);
    // Zeros that say nothing are left out where classes widen a thousandfold.
    assert_eq!(labels(&[0.001, 3.0, 900.0], &[0.004, 5.0, 1_500.0])[1..], ["0.004 to 5", "5 to 1,500"]);
}
