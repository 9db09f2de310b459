//! Regression with ARIMA errors: what was planted is found, what cannot be told apart is named.
#![allow(clippy::unwrap_used, reason = "tests")]
mod common;

use datagora_core::{Month, SchoolTerms, Unit};
use datagora_predict::{
    Arima, AutoArima, Covariates, DropReason, Fit, FitError, ForecastOptions, Predict, Regression, Series,
    backtest_with, dickey_fuller, forecast_with, kpss,
};
use proptest::prelude::*;

/// Normal enough: the sum of twelve linear congruential numbers.
fn noise(seed: u64, n: usize) -> Vec<f64> {
    let mut state = seed;
    let mut uniform = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / (1u64 << 31) as f64
    };
    (0..n).map(|_| (0..12).map(|_| uniform()).sum::<f64>() - 6.0).collect()
}

fn series(values: Vec<f64>) -> Series {
    Series::new(values, Unit::ONE).unwrap()
}

fn autoregressive(seed: u64, n: usize, phi: f64) -> Vec<f64> {
    let mut last = 0.0;
    noise(seed, n)
        .into_iter()
        .map(|shock| {
            last = phi * last + shock;
            last
        })
        .collect()
}

#[test]
fn planted_coefficients_and_errors_are_found() {
    let (n, ahead) = (600, 10);
    let (warm, rain) = (noise(1, n + ahead), noise(2, n + ahead));
    let errors = autoregressive(3, n, 0.7);
    let mut values: Vec<f64> = (0..n).map(|t| 50.0 + 4.0 * warm[t] - 2.0 * rain[t] + errors[t]).collect();
    values[100..130].fill(f64::NAN);
    let covariates = Covariates::new(n + ahead)
        .with_column("warm", warm.clone())
        .unwrap()
        .with_column("rain", rain.clone())
        .unwrap();
    for model in [
        Regression::new(covariates.clone()).with_errors(Arima::new(1, 0, 0).with_constant(true)),
        Regression::new(covariates),
    ] {
        let fitted = model.fit(&series(values.clone())).unwrap();
        for (found, planted) in fitted.coefficients().iter().zip([4.0, -2.0]) {
            assert!((found.value - planted).abs() < 4.0 * found.error, "{found:?}");
            assert!((0.01..0.06).contains(&found.error), "{found:?}");
        }
        let expected: Vec<f64> = (n..n + ahead)
            .map(|t| 50.0 + 4.0 * warm[t] - 2.0 * rain[t] + errors[n - 1] * 0.7f64.powi((t + 1 - n) as i32))
            .collect();
        for (point, expected) in fitted.predict(ahead).iter().zip(expected) {
            assert!((point - expected).abs() < 0.8, "{}: {point} {expected}", fitted.name());
        }
        assert_eq!((fitted.hidden(), fitted.assumed(ahead)), (0, 0));
    }
    let fixed = Regression::new(Covariates::new(n))
        .with_errors(Arima::new(1, 0, 0).with_constant(true))
        .fit(&series(errors))
        .unwrap();
    assert!((fixed.process().ar()[0] - 0.7).abs() < 0.1);
}

#[test]
fn without_process_it_is_least_squares() {
    let x: Vec<f64> = (0..40).map(|t| (t * 7 % 13) as f64).collect();
    let y: Vec<f64> = x.iter().zip(noise(9, 40)).map(|(x, e)| 3.0 + 0.5 * x + e).collect();
    let covariates = Covariates::new(40).with_column("x", x.clone()).unwrap();
    let model =
        Regression::new(covariates).with_errors(Arima::new(0, 0, 0).with_constant(true)).with_ridge(0.0);
    let fitted = model.fit(&series(y.clone())).unwrap();
    let (mx, my) = (x.iter().sum::<f64>() / 40.0, y.iter().sum::<f64>() / 40.0);
    let xx: f64 = x.iter().map(|x| (x - mx).powi(2)).sum();
    let slope = x.iter().zip(&y).map(|(x, y)| (x - mx) * (y - my)).sum::<f64>() / xx;
    let left: f64 = x.iter().zip(&y).map(|(x, y)| (y - my - slope * (x - mx)).powi(2)).sum();
    let found = &fitted.coefficients()[0];
    assert!((found.value - slope).abs() < 1e-10);
    // As in R's `arima`, the variance is that of maximum likelihood.
    assert!((found.error - (left / 40.0 / xx).sqrt()).abs() < 1e-10);
    assert!((fitted.process().constant().unwrap() - (my - slope * mx)).abs() < 1e-10);
    assert!((fitted.process().deviation() - (left / 38.0).sqrt()).abs() < 1e-10);
    for (point, x) in fitted.fitted().iter().zip(&x) {
        assert!((point - (my + slope * (x - mx))).abs() < 1e-10);
    }
}

/// Relative humidity (%), temperature (K) and wind (m/s) at Orly every three hours from 2021-01-01, without gaps.
fn weather(rows: usize) -> Option<[Vec<f64>; 3]> {
    let text = common::text("traffic/paris_weather_3h.csv")?;
    let mut columns = [const { Vec::new() }; 3];
    for line in text.lines().skip(1).take(rows) {
        let parts: Vec<&str> = line.split(',').collect();
        for (column, place) in columns.iter_mut().zip([9, 7, 6]) {
            column.push(parts[place].parse::<f64>().unwrap());
        }
    }
    Some(columns)
}

/// statsmodels 0.15.0 on 800 values of the humidity of Paris: `OLS` exactly (its standard errors divide by n − 3, ours by
/// n); `SARIMAX` of order (1, 0, 0), whose search stops a little short of the maximum.
#[test]
fn weather_is_explained_as_by_statsmodels() {
    let Some([humidity, warm, wind]) = weather(804) else { return };
    let covariates = Covariates::new(804).with_column("t", warm).unwrap().with_column("ff", wind).unwrap();
    let humidity = series(humidity[..800].to_vec());
    let model = Regression::new(covariates).with_ridge(0.0);

    let plain = model.clone().with_errors(Arima::new(0, 0, 0).with_constant(true)).fit(&humidity).unwrap();
    let error = |error: f64| error * (797.0f64 / 800.0).sqrt();
    for (found, (value, expected)) in plain
        .coefficients()
        .iter()
        .zip([(-0.2983764506684699, 0.07439522413220104), (-1.4234312339474475, 0.20687760934263272)])
    {
        assert!((found.value - value).abs() < 1e-9, "{found:?}");
        assert!((found.error - error(expected)).abs() < 1e-9, "{found:?}");
    }
    assert!((plain.process().constant().unwrap() - 172.00853180302119).abs() < 1e-7);
    assert!((plain.process().log_likelihood() + 3104.272612418966).abs() < 1e-6);

    let fitted = model.with_errors(Arima::new(1, 0, 0).with_constant(true)).fit(&humidity).unwrap();
    assert!(
        fitted.process().log_likelihood() > -2480.9038680036165 - 1e-3,
        "{}",
        fitted.process().log_likelihood()
    );
    for (found, expected) in fitted.coefficients().iter().zip([-3.682355397908306, -0.26947648554133846]) {
        assert!((found.value - expected).abs() < 0.01, "{found:?}");
    }
    assert!((fitted.process().ar()[0] - 0.9700118641553839).abs() < 1e-3, "{:?}", fitted.process().ar());
    let expected = [86.62649527257759, 98.37076866827273, 101.10823665344925, 105.87678072360112];
    for (point, expected) in fitted.predict(4).iter().zip(expected) {
        assert!((point - expected).abs() < 0.05, "{point} {expected}");
    }
}

/// statsmodels 0.15.0: `kpss(regression="c")` and `adfuller(regression="c", autolag=None)` of the same values.
#[test]
fn stationarity_is_tested_as_by_statsmodels() {
    let Some([humidity, ..]) = weather(800) else { return };
    for (lags, level, walk, critical) in [
        (
            0,
            3.275766091505695,
            -10.612410096383643,
            [-3.4385608049885876, -2.865164107438179, -2.5686998068142124],
        ),
        (
            4,
            1.1976261982945025,
            -9.156746285392613,
            [-3.438602251755426, -2.8651823762743245, -2.5687095387840673],
        ),
        (
            12,
            0.7231790708714589,
            -4.761274186816004,
            [-3.438686413400388, -2.8652194721349424, -2.5687293001910008],
        ),
    ] {
        assert!((kpss(&humidity, lags).unwrap() - level).abs() < 1e-9, "{lags}");
        let found = dickey_fuller(&humidity, lags).unwrap();
        assert!((found.statistic - walk).abs() < 1e-7, "{lags}: {found:?}");
        assert_eq!(found.observations, 799 - lags);
        for (found, expected) in found.critical.iter().zip(critical) {
            assert!((found - expected).abs() < 1e-9, "{lags}: {found} {expected}");
        }
    }
    assert_eq!(dickey_fuller(&[3.0; 50], 1), None);
    assert_eq!(dickey_fuller(&humidity[..5], 2), None);
    assert_eq!(dickey_fuller(&humidity, usize::MAX), None);
}

#[test]
fn columns_that_say_nothing_new_are_named() {
    let n = 80;
    let x = noise(4, n);
    let y: Vec<f64> = x.iter().zip(noise(5, n)).map(|(x, e)| 10.0 + 2.0 * x + 0.3 * e).collect();
    let column = |f: &dyn Fn(usize) -> f64| (0..n).map(f).collect::<Vec<f64>>();
    let covariates = Covariates::new(n)
        .with_column("x", x.clone())
        .unwrap()
        .with_column("always", vec![3.0; n])
        .unwrap()
        .with_column("x again", column(&|t| 5.0 - 7.0 * x[t]))
        .unwrap()
        .with_column("never", vec![f64::NAN; n])
        .unwrap()
        .with_column("time", column(&|t| t as f64))
        .unwrap();
    let reasons = |errors: Arima| {
        let fitted = Regression::new(covariates.clone()).with_errors(errors).fit(&series(y.clone())).unwrap();
        assert!((fitted.coefficients()[0].value - 2.0).abs() < 0.1);
        fitted.dropped().iter().map(|d| (d.name.clone(), d.reason)).collect::<Vec<_>>()
    };
    let expected = [
        ("never".to_owned(), DropReason::Unknown),
        ("always".to_owned(), DropReason::Constant),
        ("x again".to_owned(), DropReason::Collinear),
    ];
    assert_eq!(reasons(Arima::new(0, 0, 1).with_constant(true)), expected);
    // A difference makes a constant of the time, which the drift says already.
    let mut differenced = expected.to_vec();
    differenced.push(("time".to_owned(), DropReason::Differenced));
    assert_eq!(reasons(Arima::new(0, 1, 1).with_constant(true)), differenced);
}

#[test]
fn what_is_not_known_is_not_guessed_in_the_past_and_named_in_the_future() {
    let n = 60;
    let mut x = noise(6, n + 4);
    let y: Vec<f64> = (0..n).map(|t| 3.0 * x[t]).zip(noise(7, n)).map(|(x, e)| x + 0.1 * e).collect();
    x[10] = f64::NAN;
    x[11] = f64::NAN;
    x[n + 1] = f64::NAN;
    let model = Regression::new(Covariates::new(n + 4).with_column("x", x.clone()).unwrap())
        .with_errors(Arima::new(0, 0, 0).with_constant(true));
    let fitted = model.fit(&series(y.clone())).unwrap();
    assert_eq!((fitted.hidden(), fitted.assumed(4), fitted.assumed(6)), (2, 1, 3));
    assert!((fitted.coefficients()[0].value - 3.0).abs() < 0.1);
    let points = fitted.predict(6);
    assert!((points[0] - 3.0 * x[n]).abs() < 0.3 && (points[1] - points[4]).abs() < 1e-12);
    assert_eq!(
        model.fit(&series(vec![1.0; n + 5])).unwrap_err(),
        FitError::ShortCovariates { found: n + 4, needed: n + 5 }
    );
}

#[test]
fn a_calendar_known_in_advance_forecasts_holidays() {
    // Three years of days: bicycles of workers, who stay at home on Sundays, on holidays and in the school breaks.
    let first = Month::new(2022, 1).unwrap().first_day();
    let (n, ahead) = (1_000, 40);
    let days = Covariates::of_days(first, n + ahead)
        .with_weekdays()
        .unwrap()
        .with_holidays()
        .unwrap()
        .with_school_breaks(&SchoolTerms::ZONE_A)
        .unwrap()
        .with_fourier(365.25, 2)
        .unwrap();
    let effect =
        |name: &str, size: f64| -> Vec<f64> { days.column(name).unwrap().iter().map(|x| size * x).collect() };
    let parts = [effect("Sunday", -300.0), effect("public holiday", -400.0), effect("school break", -150.0)];
    let noise = autoregressive(8, n + ahead, 0.5);
    let all: Vec<f64> =
        (0..n + ahead).map(|t| 900.0 + 30.0 * noise[t] + parts.iter().map(|p| p[t]).sum::<f64>()).collect();
    let past = series(all[..n].to_vec());
    let model = Regression::new(days).with_errors(Arima::new(1, 0, 0).with_constant(true));
    let fitted = model.fit(&past).unwrap();
    let value = |name: &str| fitted.coefficients().iter().find(|c| c.name == name).unwrap();
    for (name, planted) in [("Sunday", -300.0), ("public holiday", -400.0), ("school break", -150.0)] {
        let found = value(name);
        assert!((found.value - planted).abs() < 4.0 * found.error, "{found:?}");
    }
    let options = ForecastOptions::default().with_origins(5);
    let next = forecast_with(&model, &past, ahead, &options).unwrap();
    let error =
        |points: &[f64]| points.iter().zip(&all[n..]).map(|(p, y)| (p - y).abs()).sum::<f64>() / ahead as f64;
    // The mean absolute deviation of these errors is 28; without calendar the holidays of the year's end are missed.
    let weekly = AutoArima::default().fit(&past.clone().with_period(7).unwrap()).unwrap();
    let (with, without) = (error(next.points()), error(&weekly.predict(ahead)));
    assert!(with < 40.0 && with < 0.7 * without, "{with} {without}");
    let test = backtest_with(&model, &past, 7, &options).unwrap();
    assert!(test.accuracy().unwrap().mase < 0.5 * test.benchmark().unwrap().mase);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_columns_give_finite_forecasts_or_a_reason(
        rows in prop::collection::vec((
            prop_oneof![4 => -1e3..1e3f64, 1 => Just(0.0), 1 => Just(f64::NAN), 1 => 0.0..1e12f64],
            prop_oneof![4 => -1e3..1e3f64, 2 => Just(1.0), 1 => Just(f64::NAN), 1 => Just(1e-300)],
            prop_oneof![4 => Just(0.0), 1 => Just(1.0), 1 => Just(1e200)],
        ), 0..50),
        ahead in 0usize..6,
        period in 1usize..8,
        kind in 0usize..3,
    ) {
        let n = rows.len().saturating_sub(ahead);
        let values: Vec<f64> = rows[..n].iter().map(|r| r.0).collect();
        let a: Vec<f64> = rows.iter().map(|r| r.1).collect();
        let b: Vec<f64> = rows.iter().map(|r| r.2).collect();
        let sum: Vec<f64> = a.iter().zip(&b).map(|(a, b)| a + b).collect();
        let covariates = Covariates::new(rows.len())
            .with_column("a", a).unwrap()
            .with_column("b", b).unwrap()
            .with_column("sum", sum).unwrap();
        let model = match kind {
            0 => Regression::new(covariates),
            1 => Regression::new(covariates).with_errors(Arima::new(1, 0, 0).with_constant(true)),
            _ => Regression::new(covariates).with_errors(Arima::new(0, 1, 1)).with_ridge(10.0),
        };
        let given = series(values).with_period(period).unwrap();
        match model.fit(&given) {
            Ok(fitted) => {
                prop_assert!(fitted.predict(8).iter().all(|p| p.is_finite()), "{}", fitted.name());
                prop_assert!(fitted.spread(8).iter().all(|s| s.is_finite() && *s >= 0.0), "{}", fitted.name());
                prop_assert_eq!(fitted.fitted().len(), n);
                prop_assert_eq!(fitted.coefficients().len() + fitted.dropped().len(), 3);
            }
            Err(error) => prop_assert!(matches!(error, FitError::TooFew { .. } | FitError::NoEstimate { .. }), "{}", error),
        }
    }
}
