//! Whatever is given, there is a forecast or a reason.
#![allow(clippy::unwrap_used, reason = "tests")]
use datagora_core::{Month, Unit};
use datagora_predict::{Basis, ForecastOptions, NoForecast, Part, Series, backtest, forecast};
use proptest::prelude::*;

fn series(values: Vec<f64>, period: usize) -> Series {
    Series::new(values, Unit::of("{passage}")).unwrap().with_period(period).unwrap()
}

fn quick() -> ForecastOptions {
    ForecastOptions::default().with_origins(12)
}

/// A generator of even noise in (-1, 1).
fn noise(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
}

#[test]
fn what_cannot_be_forecast_says_why() {
    let reason = |values: Vec<f64>| forecast(&series(values, 12), 12, &quick()).unwrap_err();
    assert_eq!(reason(vec![]), NoForecast::TooFew { found: 0, needed: 3 });
    assert_eq!(reason(vec![f64::NAN; 50]), NoForecast::TooFew { found: 0, needed: 3 });
    assert_eq!(reason(vec![1.0, f64::NAN, 2.0]), NoForecast::TooFew { found: 2, needed: 3 });
    let mut dead = vec![5.0; 40];
    dead.extend([f64::NAN; 13]);
    assert_eq!(reason(dead.clone()), NoForecast::Silent { silence: 13, limit: 12 });
    assert!(forecast(&series(dead, 12), 12, &quick().with_longest_silence(13)).is_ok());
    let some = series(vec![1.0, 2.0, 3.0], 1);
    assert_eq!(forecast(&some, 0, &quick()).unwrap_err(), NoForecast::NoHorizon);
    assert_eq!(
        forecast(&some, 1, &quick().with_levels([95.0])).unwrap_err(),
        NoForecast::Level { found: 95.0 }
    );
    assert!(matches!(forecast(&some, 1, &quick().with_levels([])).unwrap_err(), NoForecast::Level { .. }));
    assert!(matches!(backtest(&some, 1, &quick()).unwrap_err(), NoForecast::TooFew { .. }));
}

#[test]
fn constants_and_zeros_stay_what_they_are() {
    for value in [0.0, 7.0, 1e-300, -3.5] {
        let next = forecast(&series(vec![value; 60], 12), 12, &ForecastOptions::default()).unwrap();
        assert_eq!(next.points(), [value; 12]);
        assert_eq!(next.interval(11, 0.95).map(|i| (i.lower, i.upper)), Some((value, value)));
    }
}

#[test]
fn a_short_series_gets_a_forecast_that_admits_it() {
    let next = forecast(&series(vec![10.0, 12.0, 11.0, 13.0], 12), 12, &quick()).unwrap();
    assert!(!next.is_calibrated() && next.backtest().is_none());
    assert_eq!(next.band(0.95).unwrap().basis[0], Basis::Model);
    let interval = next.interval(0, 0.95).unwrap();
    assert!(interval.lower < 11.0 && interval.upper > 13.0);
    assert!(next.members().iter().any(|m| matches!(m.part, Part::Weight(w) if w > 0.0)));
}

#[test]
fn gaps_at_the_end_are_time_that_passes() {
    let mut random = noise(5);
    let mut values: Vec<f64> =
        (0..96).map(|t| 200.0 + [0.0, 60.0, 0.0, -60.0][t % 4] + 10.0 * random()).collect();
    let whole = forecast(&series(values.clone(), 4), 4, &ForecastOptions::default()).unwrap();
    values.extend([f64::NAN; 2]);
    let start = Month::new(2020, 1).unwrap();
    let later = forecast(&series(values, 4).with_start(start), 2, &ForecastOptions::default()).unwrap();
    assert_eq!(later.silence(), 2);
    assert_eq!(later.points(), &whole.points()[2..]);
    assert_eq!(later.interval(1, 0.8), whole.interval(3, 0.8));
    assert_eq!(later.months().unwrap(), [start.plus(98), start.plus(99)]);
    assert!((later.completeness() - 96.0 / 98.0).abs() < 1e-12);
}

#[test]
fn intervals_of_pure_noise_cover_as_promised() {
    let (mut inside, mut pairs) = ([0.0; 3], 0.0);
    for seed in 0..40 {
        let mut random = noise(seed);
        let test =
            backtest(&series((0..90).map(|_| 50.0 + random()).collect(), 1), 3, &quick().with_origins(40))
                .unwrap();
        for (sum, level) in inside.iter_mut().zip([0.5, 0.8, 0.95]) {
            *sum += test.coverage(level).map_or(0.0, |c| c.share);
        }
        pairs += 1.0;
    }
    for (sum, level) in inside.iter().zip([0.5, 0.8, 0.95]) {
        assert!((sum / pairs - level).abs() < 0.04, "{level}: {}", sum / pairs);
    }
}

#[test]
fn the_unit_does_not_matter() {
    let mut random = noise(3);
    let passages: Vec<f64> =
        (0..72).map(|t| (400.0 + t as f64) * [0.7, 1.2, 1.1][t % 3] + 30.0 * random()).collect();
    let by = |factor: f64| {
        let scaled = passages.iter().map(|y| y * factor).collect();
        forecast(&series(scaled, 3), 6, &quick()).unwrap()
    };
    let (ones, thousands) = (by(1.0), by(1e-3));
    assert_eq!(ones.model(), thousands.model());
    // Rounding may end a search a little elsewhere.
    for h in 0..6 {
        assert!((ones.points()[h] / 1e3 / thousands.points()[h] - 1.0).abs() < 1e-3);
        let (a, b) = (ones.interval(h, 0.8).unwrap(), thousands.interval(h, 0.8).unwrap());
        assert!((a.upper / 1e3 / b.upper - 1.0).abs() < 1e-3);
    }
}

#[test]
fn totals_know_their_errors() {
    let mut random = noise(9);
    let values: Vec<f64> = (0..120)
        .map(|t| 300.0 + 50.0 * (t as f64 * std::f64::consts::FRAC_PI_6).sin() + 20.0 * random())
        .collect();
    let next = forecast(&series(values, 12), 12, &ForecastOptions::default()).unwrap();
    let (total, basis) = next.total(0.8).unwrap();
    assert!(matches!(basis, Basis::Horizon { residuals } if residuals > 30), "{basis:?}");
    let interval = total.interval().unwrap();
    assert!(interval.lower < 3_600.0 && 3_600.0 < interval.upper);
    // Errors of months cancel: a year is surer than the sum of its months.
    let widths: f64 = (0..12).filter_map(|h| next.interval(h, 0.8)).map(|i| i.upper - i.lower).sum();
    assert!(interval.upper - interval.lower < widths);
    assert!(next.total(0.7).is_none());
}

#[test]
fn movements_that_are_only_rounding_measure_no_errors() {
    let values = vec![0.0, 0.0, 0.0, 1e-300, 0.0, 0.0, 0.0, 0.0, 5_870.9];
    let next = forecast(&series(values, 1), 3, &quick().with_origins(6)).unwrap();
    for band in next.bands() {
        assert!(band.lower.iter().chain(&band.upper).all(|bound| bound.is_finite()), "{band:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_series_gets_finite_nested_bounds_or_a_reason(
        values in prop::collection::vec(prop_oneof![
            4 => 0.0..1e4f64, 2 => Just(0.0), 2 => Just(f64::NAN), 1 => -1e9..1e9f64, 1 => Just(1e-300)
        ], 0..50),
        period in 1usize..13,
        horizon in 1usize..15,
        counts in any::<bool>(),
    ) {
        let options = quick().with_origins(6).with_non_negative(counts);
        let given = series(values, period);
        match forecast(&given, horizon, &options) {
            Err(reason) => prop_assert!(given.observed() < 3 || given.silence() > period.max(6), "{}", reason),
            Ok(next) => {
                prop_assert_eq!(next.horizon(), horizon);
                for h in 0..horizon {
                    let point = next.points()[h];
                    prop_assert!(point.is_finite() && (!counts || point >= 0.0));
                    let mut inner = (point, point);
                    for band in next.bands() {
                        let (lower, upper) = (band.lower[h], band.upper[h]);
                        prop_assert!(lower.is_finite() && upper.is_finite() && (!counts || lower >= 0.0));
                        prop_assert!(lower <= inner.0 && inner.1 <= upper);
                        inner = (lower, upper);
                    }
                }
            }
        }
    }
}
