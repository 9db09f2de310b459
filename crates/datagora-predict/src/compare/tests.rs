use proptest::prelude::*;

use super::*;

fn losses(factor: usize, modulus: usize, shift: f64) -> Vec<f64> {
    (0..40).map(|i| ((i * factor) % modulus) as f64 / 5.0 + shift).collect()
}

/// SciPy 1.17.1 (`t.sf`, `wilcoxon(method="approx", correction=False)`, `binomtest`, `friedmanchisquare`); the statistic
/// of Diebold and Mariano from its formula in NumPy. Tolerance 1e-11.
#[test]
fn tests_agree_with_scipy() {
    let (a, b, c) = (losses(37, 23, 1.0), losses(29, 19, 1.7), losses(31, 17, 1.4));
    for (horizon, statistic, p) in
        [(1, -1.198893839064342, 0.23780330928154692), (3, -1.6443376033668244, 0.1081447347225529)]
    {
        let found = diebold_mariano(&a, &b, horizon).unwrap();
        assert!(
            (found.statistic - statistic).abs() < 1e-11 && (found.p_value - p).abs() < 1e-11,
            "{found:?}"
        );
    }
    let found = wilcoxon_test(&a, &b).unwrap();
    assert!(found.statistic == 332.0 && (found.p_value - 0.2943137140436116).abs() < 1e-11, "{found:?}");
    let found = sign_test(&a, &b).unwrap();
    assert!(found.statistic == 23.0 && (found.p_value - 0.42959050784338615).abs() < 1e-11, "{found:?}");
    let found = rank_models(&[&a, &b, &c], 0.05).unwrap();
    assert_eq!(found.mean_ranks, [1.9375, 2.175, 1.8875]);
    assert!((found.statistic - 1.8993710691824357).abs() < 1e-11, "{found:?}");
    assert!((found.p_value - 0.38686265925265784).abs() < 1e-11, "{found:?}");
}

/// `scipy.stats.studentized_range.ppf(.95, k, inf) / sqrt(2)`; table 5 of Demšar (2006) has the same to three decimals.
#[test]
fn critical_values_are_those_of_the_table() {
    for (count, value) in
        [(2, 1.9599639845400534), (3, 2.343700586378409), (5, 2.7277743708703763), (10, 3.163683577053373)]
    {
        let found = range_quantile(count, 0.95) / std::f64::consts::SQRT_2;
        assert!((found - value).abs() < 1e-8, "{count}: {found}");
    }
}

#[test]
fn what_cannot_be_compared_says_why() {
    let short = diebold_mariano(&[1.0; 4], &[2.0; 4], 3);
    assert_eq!(short, Err(CompareError::TooFew { found: 4, needed: 5 }));
    assert_eq!(sign_test(&[1.0], &[]), Err(CompareError::Lengths { found: 0, needed: 1 }));
    assert_eq!(rank_models(&[&[1.0]], 0.05), Err(CompareError::Models { found: 1 }));
    assert_eq!(rank_models(&[&[1.0], &[1.0]], 5.0), Err(CompareError::Significance));
    let same = diebold_mariano(&[1.0; 9], &[1.0; 9], 2).unwrap();
    assert_eq!((same.statistic, same.p_value), (0.0, 1.0));
    let always = diebold_mariano(&[1.0; 9], &[2.0; 9], 2).unwrap();
    assert_eq!((always.statistic, always.p_value), (f64::NEG_INFINITY, 0.0));
    assert_eq!(wilcoxon_test(&[1.0; 9], &[1.0; 9]).unwrap().p_value, 1.0);
    assert_eq!(holm(&[0.5, f64::NAN, 0.6])[..1], [1.0]);
}

proptest! {
    #[test]
    fn exchanging_the_models_turns_the_sign(
        pairs in prop::collection::vec((0.0..9.0f64, 0.0..9.0f64), 12..60),
        horizon in 1usize..6,
    ) {
        let (a, b): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        let (one, other) = (diebold_mariano(&a, &b, horizon).unwrap(), diebold_mariano(&b, &a, horizon).unwrap());
        prop_assert!((one.statistic + other.statistic).abs() < 1e-9 * (1.0 + one.statistic.abs()));
        for test in [one, sign_test(&a, &b).unwrap(), wilcoxon_test(&a, &b).unwrap()] {
            prop_assert!((0.0..=1.0 + 1e-12).contains(&test.p_value));
        }
        let ranking = rank_models(&[&a, &b], 0.05).unwrap();
        prop_assert!((ranking.mean_ranks.iter().sum::<f64>() - 3.0).abs() < 1e-12);
    }

    #[test]
    fn holm_never_lowers_and_keeps_the_order(p in prop::collection::vec(0.0..1.0f64, 1..20)) {
        let adjusted = holm(&p);
        for i in 0..p.len() {
            prop_assert!(adjusted[i] >= p[i] && adjusted[i] <= 1.0);
            for j in 0..p.len() {
                prop_assert!(p[i] > p[j] || adjusted[i] <= adjusted[j]);
            }
        }
    }
}
