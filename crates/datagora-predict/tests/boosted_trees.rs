//! Laws of boosted trees: what they must find, and what must not matter to them.
#![allow(clippy::unwrap_used, reason = "tests")]
use datagora_predict::{BoostedTrees, BoostingError, BoostingOptions, Objective};
use proptest::prelude::*;

/// Numbers between 0 and 1 from a generator.
fn uniform(seed: u64, n: usize) -> Vec<f64> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    (0..n).map(|_| next()).collect()
}

/// Three features, and a target made of steps, with noise.
fn table(n: usize) -> (Vec<Vec<f64>>, Vec<f64>) {
    let columns: Vec<Vec<f64>> = (1..=3).map(|seed| uniform(seed, n)).collect();
    let noise = uniform(9, n);
    let target =
        (0..n).map(|row| plan(&[columns[0][row], columns[1][row]]) + 0.5 * (noise[row] - 0.5)).collect();
    (columns, target)
}

fn plan(x: &[f64]) -> f64 {
    let first = if x[0] <= 0.3 { 10.0 } else { -5.0 };
    first + if x[1] > 0.6 && x[0] > 0.3 { 20.0 } else { 0.0 }
}

const ALL: [Objective; 3] = [Objective::Squared, Objective::Absolute, Objective::Quantile(0.8)];

#[test]
fn planted_steps_are_found() {
    let (columns, target) = table(4_000);
    for objective in ALL {
        let options = BoostingOptions::default()
            .with_objective(objective)
            .with_leaves(4)
            .with_trees(25)
            .with_learning_rate(0.3);
        let model = BoostedTrees::fit(&columns, &target, &options).unwrap();
        // The quantile of the noise: 0.8 of its way from -0.25 to 0.25.
        let shift = if objective == Objective::Quantile(0.8) { 0.15 } else { 0.0 };
        for x in [[0.1, 0.2], [0.2, 0.9], [0.5, 0.3], [0.8, 0.9], [0.32, 0.65], [0.99, 0.55]] {
            let found = model.predict(&[[x[0]], [x[1]], [0.5]]).unwrap()[0];
            assert!((found - plan(&x) - shift).abs() < 0.2, "{objective:?} at {x:?}: {found}");
        }
        let gain = model.gain();
        assert!(gain[2] < 0.01 && gain[0] > 0.2 && gain[1] > 0.2, "{gain:?}");
        assert!((gain.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
}

#[test]
fn a_quantile_has_its_share_of_rows_below_it() {
    let (columns, target) = table(4_000);
    for p in [0.1, 0.5, 0.9] {
        let options = BoostingOptions::default().with_objective(Objective::Quantile(p)).with_leaf_rows(100);
        let fitted = BoostedTrees::fit(&columns, &target, &options).unwrap().predict(&columns).unwrap();
        let below = target.iter().zip(&fitted).filter(|(y, q)| y <= q).count() as f64 / 4_000.0;
        assert!((below - p).abs() < 0.03, "{p}: {below}");
    }
    let median = BoostingOptions::default().with_objective(Objective::Quantile(0.5));
    let absolute = BoostingOptions::default().with_objective(Objective::Absolute);
    let predict = |options| BoostedTrees::fit(&columns, &target, options).unwrap().predict(&columns).unwrap();
    assert_eq!(predict(&median), predict(&absolute));
}

#[test]
fn each_tree_lowers_the_loss_of_the_training() {
    let (columns, target) = table(1_500);
    for objective in ALL {
        for rate in [0.1, 1.0] {
            let options = BoostingOptions::default().with_objective(objective).with_learning_rate(rate);
            let model = BoostedTrees::fit(&columns, &target, &options).unwrap();
            assert_eq!(model.losses().len(), 100);
            for pair in model.losses().windows(2) {
                assert!(pair[1] <= pair[0] * (1.0 + 1e-9), "{objective:?}: {pair:?}");
            }
        }
    }
}

#[test]
fn neither_order_nor_scale_of_features_matters() {
    let (columns, target) = table(1_500);
    let turned = [columns[2].clone(), columns[0].clone(), columns[1].clone()];
    let bend = |column: &Vec<f64>| column.iter().map(|x| (9.0 * x).exp() - 4.0).collect();
    let bent: Vec<Vec<f64>> = columns.iter().map(bend).collect();
    for objective in ALL {
        let options = BoostingOptions::default().with_objective(objective).with_trees(40);
        let fitted = |columns: &[Vec<f64>]| {
            BoostedTrees::fit(columns, &target, &options).unwrap().predict(columns).unwrap()
        };
        let first = fitted(&columns);
        assert!(fitted(&bent) == first, "{objective:?}");
        // Signs of residuals are alike so often that two features gain the same: then their order decides.
        assert!(objective != Objective::Squared || fitted(&turned) == first);
    }
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let (columns, target) = table(1_500);
    let options = BoostingOptions::default().with_objective(Objective::Absolute).with_trees(40);
    let model = BoostedTrees::fit(&columns, &target, &options).unwrap();
    let back = |values: &[f64]| values.iter().rev().copied().collect::<Vec<f64>>();
    let reversed: Vec<Vec<f64>> = columns.iter().map(|column| back(column)).collect();
    let again = BoostedTrees::fit(&reversed, &back(&target), &options).unwrap();
    for (a, b) in model.predict(&columns).unwrap().iter().zip(again.predict(&columns).unwrap()) {
        assert!((a - b).abs() < 1e-9, "{a} {b}");
    }
}

#[test]
fn a_feature_without_values_is_harmless_and_gaps_are_a_sign() {
    let (mut columns, target) = table(1_500);
    let options = BoostingOptions::default().with_trees(30);
    let without = BoostedTrees::fit(&columns, &target, &options).unwrap().predict(&columns).unwrap();
    columns.push(vec![f64::NAN; 1_500]);
    let with = BoostedTrees::fit(&columns, &target, &options).unwrap();
    assert_eq!(with.predict(&columns).unwrap(), without);
    assert_eq!(with.gain()[3], 0.0);

    let sign: Vec<f64> =
        (0..400).map(|row| if row % 4 == 0 { f64::NAN } else { f64::from(row % 3) }).collect();
    let target: Vec<f64> = sign.iter().map(|x| if x.is_nan() { 50.0 } else { 0.0 }).collect();
    let model = BoostedTrees::fit(&[sign], &target, &BoostingOptions::default().with_trees(80)).unwrap();
    let found = model.predict(&[[f64::NAN, 0.0, 2.0, 9.0]]).unwrap();
    assert!((found[0] - 50.0).abs() < 0.1 && found[1..].iter().all(|y| y.abs() < 0.1), "{found:?}");
}

#[test]
fn rows_without_target_are_left_out() {
    let (columns, mut target) = table(600);
    // So few values that each has its own bin, however many rows there are.
    let coarse: Vec<Vec<f64>> =
        columns.iter().map(|c| c.iter().map(|x| (50.0 * x).floor()).collect()).collect();
    let some: Vec<Vec<f64>> = coarse.iter().map(|column| column[..400].to_vec()).collect();
    let options = BoostingOptions::default().with_trees(20);
    let known = BoostedTrees::fit(&some, &target[..400], &options).unwrap();
    target[400..].fill(f64::NAN);
    let all = BoostedTrees::fit(&coarse, &target, &options).unwrap();
    assert_eq!(all.losses(), known.losses());
    assert_eq!(all.predict(&coarse), known.predict(&coarse));
}

#[test]
fn watching_stops_where_nothing_more_is_learned() {
    let (columns, target) = table(1_200);
    let part = |from: usize, to: usize| columns.iter().map(|c| &c[from..to]).collect::<Vec<_>>();
    let options = BoostingOptions::default().with_trees(2_000).with_learning_rate(0.3);
    let (known, others) = (part(0, 800), part(800, 1_200));
    let model =
        BoostedTrees::fit_watching(&known, &target[..800], &others, &target[800..], 20, &options).unwrap();
    let losses = model.watched_losses();
    assert!(model.len() < 400 && losses.len() == model.len() + 20);
    let least = losses.iter().copied().fold(f64::INFINITY, f64::min);
    assert_eq!(losses[model.len() - 1], least);
    let predicted = model.predict(&others).unwrap();
    let error = predicted.iter().zip(&target[800..]).map(|(p, y)| (p - y) * (p - y)).sum::<f64>() / 400.0;
    assert!((error - least).abs() < 1e-9 * (1.0 + least));
}

#[test]
fn what_is_drawn_takes_a_seed() {
    let (columns, target) = table(1_500);
    let fitted = |seed: u64| {
        let options = BoostingOptions::default().with_row_share(0.5).with_feature_share(0.6).with_seed(seed);
        BoostedTrees::fit(&columns, &target, &options).unwrap()
    };
    assert_eq!(fitted(1), fitted(1));
    assert_ne!(fitted(1), fitted(2));
    let (first, last) = (fitted(1).losses()[0], fitted(1).losses()[99]);
    assert!(last < 0.05 * first);
}

#[cfg(feature = "parallel")]
#[test]
fn the_number_of_threads_does_not_matter() {
    let (columns, target) = table(5_000);
    for objective in ALL {
        let options = BoostingOptions::default().with_objective(objective).with_trees(20).with_row_share(0.7);
        let on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                let model = BoostedTrees::fit(&columns, &target, &options).unwrap();
                let predicted = model.predict(&columns).unwrap();
                (model, predicted)
            })
        };
        assert_eq!(on(1), on(2));
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let options = BoostingOptions::default();
    let fit = |columns: &[Vec<f64>], target: &[f64], options: &BoostingOptions| {
        BoostedTrees::fit(columns, target, options).unwrap_err()
    };
    let column = || vec![1.0, 2.0, 3.0];
    let error = fit(&[column(), vec![1.0]], &[1.0; 3], &options);
    assert_eq!(error, BoostingError::Length { feature: 1, found: 1, needed: 3 });
    let error = fit(&[column()], &[1.0, f64::INFINITY, f64::NAN], &options);
    assert_eq!(error, BoostingError::Infinite { row: 1, found: f64::INFINITY });
    assert!(matches!(fit(&[column()], &[f64::NAN; 3], &options), BoostingError::Rows { found: 0, .. }));
    for wrong in [
        options.clone().with_objective(Objective::Quantile(1.0)),
        options.clone().with_learning_rate(0.0),
        options.clone().with_learning_rate(f64::NAN),
        options.clone().with_bins(256),
        options.clone().with_leaves(0),
        options.clone().with_leaf_rows(0),
        options.clone().with_row_share(1.5),
        options.clone().with_ridge(-1.0),
    ] {
        assert!(matches!(fit(&[column()], &[1.0; 3], &wrong), BoostingError::Option { .. }), "{wrong:?}");
    }
    let model = BoostedTrees::fit(&[column()], &[1.0; 3], &options).unwrap();
    assert_eq!(model.predict(&[[1.0], [2.0]]), Err(BoostingError::Features { found: 2, needed: 1 }));
    // No feature at all: the constant.
    let constant = BoostedTrees::fit::<Vec<f64>>(&[], &[1.0, 5.0], &options).unwrap();
    assert_eq!(constant.predict::<Vec<f64>>(&[]), Ok(vec![]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn whatever_the_table_predictions_stay_within_the_target(
        rows in prop::collection::vec((
            prop_oneof![3 => -1e3..1e3f64, 1 => Just(0.0), 1 => Just(f64::NAN), 1 => Just(f64::INFINITY)],
            prop_oneof![2 => -1.0..1.0f64, 1 => Just(f64::NEG_INFINITY), 1 => Just(f64::NAN), 1 => Just(-0.0)],
            prop_oneof![4 => -1e6..1e6f64, 2 => Just(0.0), 1 => Just(1e-300), 1 => Just(f64::NAN), 1 => 0.0..1e12f64],
        ), 1..80),
        objective in 0usize..3,
        leaves in 1usize..12,
        leaf_rows in 1usize..6,
        share in 0.2..1.0f64,
        ridge in prop_oneof![Just(0.0), 0.0..5.0f64],
    ) {
        let columns: Vec<Vec<f64>> = vec![
            rows.iter().map(|r| r.0).collect(),
            rows.iter().map(|r| r.1).collect(),
            vec![f64::NAN; rows.len()],
        ];
        let target: Vec<f64> = rows.iter().map(|r| r.2).collect();
        let options = BoostingOptions::default()
            .with_objective(ALL[objective])
            .with_trees(12)
            .with_leaves(leaves)
            .with_leaf_rows(leaf_rows)
            .with_row_share(share)
            .with_ridge(ridge)
            .with_learning_rate(share);
        let known = || target.iter().copied().filter(|y| !y.is_nan());
        match BoostedTrees::fit(&columns, &target, &options) {
            Err(error) => prop_assert_eq!(known().count(), 0, "{}", error),
            Ok(model) => {
                let (low, high) = known().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), y| (l.min(y), h.max(y)));
                let reach = (high - low).max(1e-9 * high.abs());
                for value in model.predict(&columns).unwrap() {
                    // A tree corrects by what is left over in a leaf, other rows there may then overshoot a little.
                    prop_assert!(value >= low - reach && value <= high + reach, "{} of {}..{}", value, low, high);
                }
                prop_assert!(model.losses().iter().all(|loss| loss.is_finite()));
            }
        }
    }
}
