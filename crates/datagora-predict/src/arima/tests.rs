use datagora_core::Unit;
use proptest::prelude::*;

use super::*;

fn series(values: Vec<f64>, period: usize) -> Series {
    Series::new(values, Unit::ONE).unwrap().with_period(period).unwrap()
}

/// Normal enough: the sum of twelve linear congruential numbers.
fn noise(seed: u64, n: usize) -> Vec<f64> {
    let mut state = seed;
    let mut uniform = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / (1u64 << 31) as f64
    };
    (0..n).map(|_| (0..12).map(|_| uniform()).sum::<f64>() - 6.0).collect()
}

#[test]
fn planted_parameters_are_found() {
    let shocks = noise(7, 2_000);
    let mut values = vec![0.0; 2_000];
    for t in 2..2_000 {
        values[t] = 0.6 * values[t - 1] - 0.3 * values[t - 2] + shocks[t] + 0.5 * shocks[t - 1];
    }
    values.iter_mut().for_each(|y| *y += 40.0);
    let fitted = Arima::new(2, 0, 1).with_constant(true).fit(&series(values, 1)).unwrap();
    assert!((fitted.ar()[0] - 0.6).abs() < 0.1 && (fitted.ar()[1] + 0.3).abs() < 0.1, "{fitted:?}");
    assert!((fitted.ma()[0] - 0.5).abs() < 0.1);
    assert!((fitted.constant().unwrap() - 40.0).abs() < 0.3 && (fitted.deviation() - 1.0).abs() < 0.05);
}

#[test]
fn gaps_cost_observations_and_nothing_else() {
    // A random walk with drift: values on both sides of a gap tell its sum, so that the drift is (last − first) / steps.
    let shocks = noise(3, 120);
    let mut level = 100.0;
    let mut values: Vec<f64> = shocks
        .iter()
        .map(|e| {
            level += 2.0 + e;
            level
        })
        .collect();
    values[40..60].fill(f64::NAN);
    let drift = (values[119] - values[0]) / 119.0;
    let fitted = Arima::new(0, 1, 0).with_constant(true).fit(&series(values.clone(), 1)).unwrap();
    assert!((fitted.constant().unwrap() - drift).abs() < 1e-4, "{fitted:?} {drift}");
    assert!((fitted.fitted()[45] - (values[39] + 6.0 * drift)).abs() < 1e-3);
    assert!((fitted.predict(3)[2] - (values[119] + 3.0 * drift)).abs() < 1e-3);
    assert!(fitted.fitted()[0].is_nan() && !fitted.fitted()[60].is_nan());
}

#[test]
fn gaps_at_the_end_are_steps() {
    let values: Vec<f64> =
        noise(5, 80).iter().enumerate().map(|(t, e)| 50.0 + [4.0, -4.0][t % 2] + e).collect();
    let model = Arima::new(1, 0, 0).with_season(0, 1, 1);
    let whole = model.fit(&series(values.clone(), 2)).unwrap();
    let mut silent = values;
    silent.extend([f64::NAN; 3]);
    let later = model.fit(&series(silent, 2)).unwrap();
    assert_eq!(later.predict(2), whole.predict(5)[3..]);
    assert_eq!(later.spread(2), whole.spread(5)[3..]);
    assert_eq!(later.fitted()[80..], whole.predict(3));
}

#[test]
fn spread_follows_the_responses() {
    let values = noise(11, 60);
    let walk = Arima::new(0, 1, 0).fit(&series(values.clone(), 1)).unwrap();
    let spread = walk.spread(9);
    assert!((spread[8] - 3.0 * spread[0]).abs() < 1e-9 * spread[0]);
    let mean = Arima::new(0, 0, 0).with_constant(true).fit(&series(values, 1)).unwrap();
    assert_eq!(mean.spread(5), [mean.deviation(); 5]);
}

#[test]
fn orders_that_do_not_suit_are_refused() {
    let short = series(vec![1.0, 2.0, 4.0], 1);
    assert_eq!(
        Arima::new(1, 1, 1).fit(&short).unwrap_err(),
        FitError::TooFew { model: "arima", found: 3, needed: 5 }
    );
    assert_eq!(
        Arima::new(0, 0, 0).with_season(1, 0, 0).fit(&short).unwrap_err(),
        FitError::NoSeason { model: "seasonal arima" }
    );
    assert!(!Arima::new(0, 1, 1).with_season(0, 1, 1).with_constant(true).has_constant());
}

#[test]
fn lines_and_constants_go_on() {
    let line: Vec<f64> = (0..30).map(|t| 3.0 + 2.0 * f64::from(t)).collect();
    let fitted = AutoArima::default().fit(&series(line, 1)).unwrap();
    assert!((fitted.predict(5)[4] - 71.0).abs() < 1e-6, "{}", fitted.name());
    let fitted = AutoArima::default().fit(&series(vec![7.0; 30], 4)).unwrap();
    assert_eq!(fitted.predict(3), [7.0; 3]);
    let season: Vec<f64> = (0..48).map(|t| [1.0, 5.0, 2.0, 8.0][t % 4]).collect();
    let fitted = AutoArima::default().fit(&series(season, 4)).unwrap();
    for (point, expected) in fitted.predict(4).iter().zip([1.0, 5.0, 2.0, 8.0]) {
        assert!((point - expected).abs() < 0.5, "{}: {:?}", fitted.name(), fitted.predict(4));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn any_series_has_finite_forecasts_or_a_reason(
        values in prop::collection::vec(prop_oneof![
            4 => -1e3..1e3f64, 2 => Just(0.0), 2 => Just(f64::NAN), 1 => Just(1e-300), 1 => 0.0..1e12f64,
        ], 0..70),
        period in 1usize..14,
        scale in prop_oneof![3 => Just(1.0), 1 => Just(1e-290), 1 => Just(1e290)],
        quiet in any::<bool>(),
    ) {
        let values: Vec<f64> = values.iter().map(|v| scale * if quiet { v.signum() } else { *v }).collect();
        let given = series(values, period);
        let fixed = Arima::new(2, 1, 1).with_season(usize::from(period > 1), 0, usize::from(period > 1));
        let results = [
            (AutoArima::default().fit(&given), 3),
            (fixed.with_constant(true).fit(&given), 9),
        ];
        for (result, enough) in results {
            match result {
                Ok(fitted) => {
                    let name = fitted.name();
                    prop_assert!(fitted.predict(30).iter().all(|p| p.is_finite()), "{}", name);
                    prop_assert!(fitted.spread(30).iter().all(|s| s.is_finite() && *s >= 0.0), "{}", name);
                    prop_assert_eq!(fitted.fitted().len(), given.len());
                    prop_assert!(fitted.fitted().iter().all(|f| !f.is_infinite()), "{}", name);
                }
                Err(error) => prop_assert!(given.observed() < enough, "{}", error),
            }
        }
    }

    #[test]
    fn the_unit_does_not_matter(seed in 0u64..1_000, factor in prop_oneof![Just(2f64.powi(-20)), Just(2f64.powi(20))]) {
        // Powers of two: other factors round the values, and the search may then end elsewhere.
        let values: Vec<f64> =
            noise(seed, 60).iter().enumerate().map(|(t, e)| 30.0 + e + [3.0, 0.0, -3.0][t % 3]).collect();
        let scaled = series(values.iter().map(|y| y * factor).collect(), 3);
        let (a, b) = (AutoArima::default().fit(&series(values, 3)).unwrap(), AutoArima::default().fit(&scaled).unwrap());
        prop_assert_eq!(a.name(), b.name());
        for (x, y) in a.predict(6).iter().zip(b.predict(6)) {
            prop_assert!((x * factor / y - 1.0).abs() < 1e-4);
        }
    }
}
