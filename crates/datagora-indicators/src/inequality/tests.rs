//! Golden values and laws of the inequality indices.
use proptest::prelude::*;

use super::*;

/// Income per head of 48 states of the United States in 2009 (Bureau of Economic Analysis, `usjoin.csv` of libpysal).
const INCOME_2009: [f64; 48] = [
    32_274.0, 32_077.0, 31_493.0, 40_902.0, 40_093.0, 52_736.0, 40_135.0, 36_565.0, 33_086.0, 30_987.0,
    40_933.0, 33_174.0, 35_983.0, 37_036.0, 31_250.0, 35_151.0, 35_268.0, 47_159.0, 49_590.0, 34_280.0,
    40_920.0, 29_318.0, 35_106.0, 32_699.0, 37_057.0, 38_009.0, 41_882.0, 48_123.0, 32_197.0, 46_844.0,
    33_564.0, 38_672.0, 35_018.0, 33_708.0, 35_210.0, 38_827.0, 41_283.0, 30_835.0, 36_499.0, 33_512.0,
    35_674.0, 30_107.0, 36_752.0, 43_211.0, 40_619.0, 31_843.0, 35_676.0, 42_504.0,
];
/// The same in 1929.
const INCOME_1929: [f64; 48] = [
    323.0, 600.0, 310.0, 991.0, 634.0, 1_024.0, 1_032.0, 518.0, 347.0, 507.0, 948.0, 607.0, 581.0, 532.0,
    393.0, 414.0, 601.0, 768.0, 906.0, 790.0, 599.0, 286.0, 621.0, 592.0, 596.0, 868.0, 686.0, 918.0, 410.0,
    1_152.0, 332.0, 382.0, 771.0, 455.0, 668.0, 772.0, 874.0, 271.0, 426.0, 378.0, 479.0, 551.0, 634.0,
    434.0, 741.0, 460.0, 673.0, 675.0,
];

/// Golden `inequality_us_states.json`: PySAL inequality 1.1.2 (Gini, Theil and its parts) and formulas in numpy 2.4.6;
/// tolerance 1e-12.
#[test]
fn golden_incomes_of_american_states() {
    let groups: Vec<u32> = (0..48).map(|state| u32::from(state >= 24)).collect();
    let golden = [
        (
            INCOME_2009,
            [
                0.07882648147287469,
                0.010009533443097495,
                1.3885386805960898e-05,
                0.009995648056291535,
                0.004926493800207932,
                0.00969518874692088,
                0.009742493087322009,
                0.05753682718674282,
            ],
        ),
        (
            INCOME_1929,
            [
                0.20104131391804944,
                0.0625135047202633,
                5.7983675945462096e-05,
                0.06245552104431784,
                0.03140164171956983,
                0.06282887342595866,
                0.0648893810027185,
                0.1431298679309177,
            ],
        ),
    ];
    for (incomes, wanted) in golden {
        let (between, within) = theil_by_group(&incomes, &groups);
        let found = [
            gini(&incomes),
            theil(&incomes),
            between,
            within,
            atkinson(&incomes, 0.5),
            atkinson(&incomes, 1.0),
            mean_log_deviation(&incomes),
            hoover(&incomes),
        ];
        for (i, (found, wanted)) in found.iter().zip(wanted).enumerate() {
            let found = found.value().unwrap();
            assert!((found - wanted).abs() < 1e-12, "{i}: {found} is not {wanted}");
        }
    }
}

#[test]
fn what_has_no_index_says_why() {
    for values in [&[][..], &[f64::NAN], &[1.0, -1.0], &[0.0, 0.0], &[1.0, f64::INFINITY]] {
        for index in [gini(values), theil(values), hoover(values), palma(values), mean_log_deviation(values)]
        {
            assert!(index.value().is_none() && index.suppression().is_some(), "{values:?}: {index:?}");
        }
    }
    assert_eq!(mean_log_deviation(&[0.0, 1.0]).value(), None);
    assert_eq!(atkinson(&[0.0, 1.0], 1.0).value(), None);
    assert_eq!(atkinson(&[1.0, 2.0], -1.0).value(), None);
    assert_eq!(palma(&[0.0, 0.0, 0.0, 1.0]).value(), None);
    assert_eq!(theil_by_group(&[1.0], &[]).0.value(), None);
    assert_eq!(gini(&[1.0, f64::NAN]).completeness(), 0.5);
}

proptest! {
    #[test]
    fn order_and_scale_do_not_matter(
        mut values in proptest::collection::vec(0.1..1e6_f64, 2..60), scale in 0.01..100.0_f64
    ) {
        let indices = |values: &[f64]| {
            [gini(values), theil(values), hoover(values), palma(values), atkinson(values, 0.5)]
                .map(|index| index.value().unwrap())
        };
        let found = indices(&values);
        values.reverse();
        prop_assert_eq!(indices(&values), found);
        for value in &mut values {
            *value *= scale;
        }
        for (a, b) in indices(&values).iter().zip(found) {
            prop_assert!((a - b).abs() < 1e-9 * b.abs().max(1.0));
        }
    }

    #[test]
    fn a_gift_from_rich_to_poor_never_raises_inequality(
        mut values in proptest::collection::vec(1.0..1e5_f64, 2..40), part in 0.0..0.5_f64
    ) {
        values.sort_by(f64::total_cmp);
        let before = [gini(&values), theil(&values), hoover(&values)].map(|index| index.value().unwrap());
        let last = values.len() - 1;
        let gift = part * (values[last] - values[0]);
        values[last] -= gift;
        values[0] += gift;
        let after = [gini(&values), theil(&values), hoover(&values)].map(|index| index.value().unwrap());
        prop_assert!(after.iter().zip(before).all(|(after, before)| *after <= before + 1e-9));
    }
}
