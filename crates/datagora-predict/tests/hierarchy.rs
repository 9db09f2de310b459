//! Agreement with hierarchicalforecast 1.5.3, and what must hold for any hierarchy.
#![allow(clippy::unwrap_used, reason = "a test that cannot read its data must fail")]
mod common;

use common::{furthest, golden, numbers};
use datagora_predict::{Hierarchy, HierarchyError, Reconciliation};
use proptest::prelude::*;
use serde_json::Value;

fn lists(value: &Value) -> Vec<Vec<f64>> {
    value.as_array().unwrap().iter().map(numbers).collect()
}

fn city() -> Hierarchy {
    Hierarchy::new(["a", "b", "c", "d"])
        .with_grouping("city", &["all"; 4])
        .unwrap()
        .with_grouping("district", &["1", "1", "2", "2"])
        .unwrap()
}

#[test]
fn reconciled_forecasts_are_those_of_hierarchicalforecast() {
    let Some(all) = golden("py_hierarchical") else { return };
    assert_eq!(city().summing_matrix(), lists(&all["S"]));
    let (seen, fitted, base) =
        (lists(&all["y_insample"]), lists(&all["y_hat_insample"]), lists(&all["y_hat"]));
    let errors: Vec<Vec<f64>> =
        seen.iter().zip(&fitted).map(|(y, f)| y.iter().zip(f).map(|(y, f)| y - f).collect()).collect();
    let errors = &errors;
    for (key, method) in [
        ("ols", Reconciliation::Ordinary),
        ("wls_struct", Reconciliation::Structural),
        ("wls_var", Reconciliation::Variance { errors }),
        ("mint_shrink", Reconciliation::Shrunk { errors }),
        ("mint_cov", Reconciliation::Covariance { errors }),
    ] {
        let ours = city().reconcile(&base, method).unwrap();
        let worst =
            ours.iter().zip(lists(&all["results"][key])).map(|(a, b)| furthest(a, &b)).fold(0.0, f64::max);
        eprintln!("{key}: furthest {worst:.1e} of values around 300");
        assert!(worst < 1e-6, "{key}: {worst}");
    }
}

/// scipy 1.17.1: `nnls(L @ S, L @ b)`, L the Cholesky factor of the inverse of W, of the same forecasts moved so that some
/// would be negative.
#[test]
fn forecasts_that_cannot_be_negative_are_those_of_non_negative_least_squares() {
    let Some(all) = golden("py_hierarchical") else { return };
    let (seen, fitted, base) =
        (lists(&all["y_insample"]), lists(&all["y_hat_insample"]), lists(&all["y_hat"]));
    let errors: Vec<Vec<f64>> =
        seen.iter().zip(&fitted).map(|(y, f)| y.iter().zip(f).map(|(y, f)| y - f).collect()).collect();
    let errors = &errors;
    let moved = [-60.0, -40.0, 10.0, -130.0, 20.0, -150.0, 35.0];
    let base: Vec<Vec<f64>> =
        base.iter().zip(moved).map(|(list, by)| vec![list[0] + by, list[1] + 1.4 * by]).collect();
    for (method, expected) in [
        (
            Reconciliation::Ordinary,
            [[57.770079561, 0.0], [236.155880334, 69.696187422], [0.0, 0.0], [110.228441233, 119.324936854]],
        ),
        (
            Reconciliation::Structural,
            [[48.468573744, 0.0], [226.854374517, 88.138145102], [0.0, 0.0], [104.129983466, 117.394257569]],
        ),
        (
            Reconciliation::Variance { errors },
            [[32.292361033, 0.0], [233.300334281, 95.477023848], [0.0, 0.0], [92.215624593, 109.404435995]],
        ),
        (
            Reconciliation::Covariance { errors },
            [[45.151328199, 0.0], [237.459409856, 114.516214192], [0.0, 0.0], [74.232244164, 33.239745623]],
        ),
    ] {
        let ours = city().reconcile_non_negative(&base, method).unwrap();
        let worst = furthest(&ours[3..].concat(), &expected.concat());
        assert!(worst < 1e-6, "{method:?}: {worst} {ours:?}");
    }
}

/// No series wants to change sides: one that is free has no pull left, one held at 0 would only be pushed below.
#[test]
fn a_city_of_counters_is_reconciled_without_negative_counts() {
    let key = |every: usize| (0..3_000).map(|i| format!("{}", i % every)).collect::<Vec<_>>();
    let city = Hierarchy::new((0..3_000).map(|i| format!("{i}")))
        .with_grouping("city", &key(1))
        .unwrap()
        .with_grouping("street", &key(300))
        .unwrap();
    let base: Vec<Vec<f64>> = (0..city.nodes().len())
        .map(|i| vec![city.nodes()[i].members.len() as f64 * ((i * 37 % 23) as f64 - 4.0)])
        .collect();
    let counts = city.reconcile_non_negative(&base, Reconciliation::Structural).unwrap();
    let moved = |i: usize| (base[i][0] - counts[i][0]) / city.nodes()[i].members.len() as f64;
    let (first, mut held) = (city.nodes().len() - 3_000, 0);
    for sensor in 0..3_000 {
        let pull = moved(0) + moved(1 + sensor % 300) + moved(first + sensor);
        let count = counts[first + sensor][0];
        assert!(count >= 0.0 && pull < 1e-6, "{sensor}: {count} {pull}");
        assert!(count == 0.0 || pull > -1e-6, "{sensor}: {count} {pull}");
        held += usize::from(count == 0.0);
    }
    assert!((100..2_900).contains(&held), "{held}");
}

#[test]
fn bottom_up_and_top_down_follow_one_side() {
    let base = [[90.0], [50.0], [60.0], [10.0], [20.0], [30.0], [40.0]].map(Vec::from);
    let up = city().reconcile(&base, Reconciliation::BottomUp).unwrap();
    assert_eq!(up.concat(), [100.0, 30.0, 70.0, 10.0, 20.0, 30.0, 40.0]);
    let proportions = city().proportions(&base[3..]).unwrap();
    let down = city().reconcile(&base, Reconciliation::TopDown { proportions: &proportions }).unwrap();
    assert!(furthest(&down.concat(), &[90.0, 27.0, 63.0, 9.0, 18.0, 27.0, 36.0]) < 1e-12);
    let headless = Hierarchy::new(["a", "b"]);
    let top_down = Reconciliation::TopDown { proportions: &[0.5, 0.5] };
    assert_eq!(headless.reconcile(&[vec![1.0], vec![2.0]], top_down), Err(HierarchyError::NoTotal));
}

#[test]
fn what_does_not_go_together_is_refused() {
    assert!(matches!(
        city().with_grouping("mode", &["bike"]),
        Err(HierarchyError::Length { found: 1, needed: 4, .. })
    ));
    let base = vec![vec![1.0]; 6];
    assert!(matches!(city().reconcile(&base, Reconciliation::Ordinary), Err(HierarchyError::Length { .. })));
    let base = vec![vec![f64::NAN]; 7];
    assert!(matches!(
        city().reconcile(&base, Reconciliation::Ordinary),
        Err(HierarchyError::NotFinite { .. })
    ));
    let (base, errors) = (vec![vec![1.0]; 7], vec![vec![1.0, f64::NAN]; 7]);
    let few = city().reconcile(&base, Reconciliation::Variance { errors: &errors });
    assert_eq!(few, Err(HierarchyError::TooFewErrors { position: 0, found: 1, needed: 2 }));
    let errors = vec![vec![1.0, 2.0, 4.0]; 7];
    let singular = city().reconcile(&base, Reconciliation::Covariance { errors: &errors });
    assert_eq!(singular, Err(HierarchyError::Singular));
}

/// 10,000 sensors, 1,500 streets across 40 districts: solved by gradients as it is by factors.
#[test]
fn a_city_of_sensors_is_reconciled() {
    let key = |every: usize| (0..10_000).map(|i| format!("{}", i % every)).collect::<Vec<_>>();
    let sensors = |streets: usize| {
        Hierarchy::new((0..10_000).map(|i| format!("{i}")))
            .with_grouping("city", &key(1))
            .unwrap()
            .with_grouping("district", &key(40))
            .unwrap()
            .with_grouping("street", &key(streets))
            .unwrap()
    };
    for streets in [900, 1_501] {
        let city = sensors(streets);
        let base: Vec<Vec<f64>> = (0..city.nodes().len())
            .map(|i| vec![city.nodes()[i].members.len() as f64 * (10.0 + (i * 37 % 11) as f64)])
            .collect();
        let coherent = city.reconcile(&base, Reconciliation::Structural).unwrap();
        let again = city.reconcile(&coherent, Reconciliation::Structural).unwrap();
        let total: f64 = coherent[city.nodes().len() - 10_000..].iter().map(|list| list[0]).sum();
        assert!((coherent[0][0] - total).abs() < 1e-6 * total);
        assert!(furthest(&coherent.concat(), &again.concat()) < 1e-6 * total);
        // Least squares leaves no pull: for each sensor, what its nodes were moved by, in units of their variances, is 0.
        let moved = |i: usize| (base[i][0] - coherent[i][0]) / city.nodes()[i].members.len() as f64;
        let first = city.nodes().len() - 10_000;
        for sensor in [0, 1, 77, 9_999] {
            let above = [0, 1 + sensor % 40, 41 + sensor % streets, first + sensor];
            let pull: f64 = above.into_iter().map(moved).sum();
            assert!(pull.abs() < 1e-6, "{streets} {sensor}: {pull}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_forecasts_add_up_and_coherent_ones_stay(
        base in prop::collection::vec(prop_oneof![3 => -1e3..1e3f64, 1 => Just(0.0), 1 => -1e12..1e12f64], 7),
        errors in prop::collection::vec(prop::collection::vec(
            prop_oneof![5 => -1e2..1e2f64, 1 => Just(0.0), 1 => Just(f64::NAN)], 12), 7),
    ) {
        let size = base.iter().fold(1.0f64, |a, v| a.max(v.abs()));
        let base: Vec<Vec<f64>> = base.into_iter().map(|v| vec![v]).collect();
        let errors = &errors;
        for method in [
            Reconciliation::Ordinary, Reconciliation::Structural, Reconciliation::BottomUp,
            Reconciliation::Variance { errors }, Reconciliation::Shrunk { errors }, Reconciliation::Covariance { errors },
        ] {
            match city().reconcile(&base, method) {
                Err(error) => {
                    let known = matches!(error, HierarchyError::Singular | HierarchyError::TooFewErrors { .. });
                    prop_assert!(known, "{}", error);
                }
                Ok(coherent) => {
                    let sums = city().aggregate(&coherent[3..]).unwrap();
                    prop_assert!(coherent.iter().flatten().all(|v| v.is_finite()));
                    prop_assert!(furthest(&sums.concat(), &coherent.concat()) <= 1e-9 * size);
                    let again = city().reconcile(&coherent, method).unwrap();
                    prop_assert!(furthest(&again.concat(), &coherent.concat()) <= 1e-3 * size);
                    match city().reconcile_non_negative(&base, method) {
                        Err(error) => prop_assert_eq!(error, HierarchyError::Singular),
                        Ok(counts) => {
                            prop_assert!(counts.iter().flatten().all(|v| *v >= 0.0));
                            let sums = city().aggregate(&counts[3..]).unwrap();
                            prop_assert_eq!(sums, counts);
                        }
                    }
                }
            }
        }
    }
}
