//! Sums and maxima over the horizon, and over a city: their intervals cover where bounds of single steps do not.
#![allow(clippy::unwrap_used, reason = "tests")]
use datagora_core::Unit;
use datagora_predict::{Forecast, ForecastOptions, Paths, Series, forecast, forecast_panel};

const AHEAD: usize = 12;

/// Nearly normal noise: the sum of twelve even numbers, less six (Irwin–Hall).
fn noise(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    move || {
        (0..12)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 11) as f64 / (1u64 << 53) as f64
            })
            .sum::<f64>()
            - 6.0
    }
}

/// A first-order autoregression about 100.
fn autoregression(length: usize, persistence: f64, mut shock: impl FnMut() -> f64) -> Vec<f64> {
    let mut state = 0.0;
    (0..length)
        .map(|_| {
            state = persistence * state + shock();
            100.0 + state
        })
        .collect()
}

fn series(values: &[f64]) -> Series {
    Series::new(values, Unit::of("{passage}")).unwrap()
}

#[test]
fn a_sum_of_persistent_values_is_covered_as_promised() {
    let (mut paths, mut bounds, mut apart, mut highest) = (0, 0, 0, 0);
    let cases = 150;
    for seed in 0..cases {
        let values = autoregression(132 + AHEAD, 0.7, noise(seed + 1));
        let (past, future) = values.split_at(132);
        let next = forecast(&series(past), AHEAD, &ForecastOptions::default()).unwrap();
        let drawn = next.paths(1_000, seed);
        let sum: f64 = future.iter().sum();
        let interval = drawn.sum().interval(0.8).unwrap();
        paths += i32::from((interval.lower..=interval.upper).contains(&sum));
        let interval = drawn.maximum().interval(0.8).unwrap();
        let maximum = future.iter().copied().fold(f64::MIN, f64::max);
        highest += i32::from((interval.lower..=interval.upper).contains(&maximum));
        let band = next.band(0.8).unwrap();
        bounds += i32::from((band.lower.iter().sum()..=band.upper.iter().sum()).contains(&sum));
        // As if errors of different steps had nothing to do with each other.
        let half =
            band.lower.iter().zip(&band.upper).map(|(l, u)| ((u - l) / 2.0).powi(2)).sum::<f64>().sqrt();
        apart += i32::from((sum - next.points().iter().sum::<f64>()).abs() <= half);
    }
    let share = |count: i32| f64::from(count) / cases as f64;
    eprintln!(
        "80 % of a sum: paths {:.3}, summed bounds {:.3}, steps apart {:.3}; of the maximum: {:.3}",
        share(paths),
        share(bounds),
        share(apart),
        share(highest)
    );
    assert!((0.73..=0.89).contains(&share(paths)), "{}", share(paths));
    assert!((0.72..=0.93).contains(&share(highest)), "{}", share(highest));
    assert!(share(apart) < 0.7 && share(bounds) > share(paths), "{} {}", share(apart), share(bounds));
}

fn total(forecasts: &[Forecast], seed: impl Fn(usize) -> u64) -> Vec<Paths> {
    forecasts.iter().enumerate().map(|(i, f)| f.paths(400, seed(i))).collect()
}

#[test]
fn a_city_is_as_unsure_as_its_common_shocks_make_it() {
    let (mut together, mut apart, mut pairs) = (0, 0, 0.0);
    for city in 0..12u64 {
        let mut common = noise(1_000 + city);
        let shocks: Vec<f64> = (0..132 + AHEAD).map(|_| common()).collect();
        let counters: Vec<Vec<f64>> = (0..24)
            .map(|counter| {
                let (mut own, mut shared) = (noise(city * 100 + counter), shocks.iter());
                autoregression(132 + AHEAD, 0.5, || own() + 1.5 * shared.next().copied().unwrap())
            })
            .collect();
        let panel: Vec<Series> = counters.iter().map(|values| series(&values[..132])).collect();
        let forecasts: Vec<Forecast> =
            forecast_panel(&panel, AHEAD, &ForecastOptions::default().with_origins(40))
                .into_iter()
                .map(Result::unwrap)
                .collect();
        let with_common = total(&forecasts, |_| city);
        let city_paths = with_common[1..].iter().fold(with_common[0].clone(), |sum, p| sum.plus(p).unwrap());
        let strangers = total(&forecasts, |counter| counter as u64);
        assert!(strangers[0].plus(&strangers[1]).is_err());
        for h in 0..AHEAD {
            let actual: f64 = counters.iter().map(|values| values[132 + h]).sum();
            let interval = city_paths.step(h).unwrap().interval(0.8).unwrap();
            together += i32::from((interval.lower..=interval.upper).contains(&actual));
            let mean: f64 = forecasts.iter().map(|f| f.points()[h]).sum();
            let half: f64 = forecasts
                .iter()
                .filter_map(|f| f.interval(h, 0.8))
                .map(|i| ((i.upper - i.lower) / 2.0).powi(2))
                .sum::<f64>()
                .sqrt();
            apart += i32::from((actual - mean).abs() <= half);
            pairs += 1.0;
        }
    }
    let (together, apart) = (f64::from(together) / pairs, f64::from(apart) / pairs);
    eprintln!("80 % of a city's total: with common shocks {together:.3}, counters apart {apart:.3}");
    assert!((0.66..=0.92).contains(&together), "{together}");
    assert!(apart < 0.5, "{apart}");
}

#[test]
fn a_seed_gives_the_same_paths_and_margins_are_the_intervals() {
    let values = autoregression(100, 0.6, noise(3));
    let next = forecast(&series(&values), 6, &ForecastOptions::default()).unwrap();
    let paths = next.paths(999, 7);
    assert_eq!(paths, next.paths(999, 7));
    assert_ne!(paths, next.paths(999, 8));
    assert_eq!((paths.iter().len(), paths.horizon()), (999, 6));
    for h in 0..6 {
        let (drawn, band) = (paths.step(h).unwrap().interval(0.8).unwrap(), next.interval(h, 0.8).unwrap());
        let width = band.upper - band.lower;
        assert!(
            (drawn.lower - band.lower).abs() < 0.03 * width
                && (drawn.upper - band.upper).abs() < 0.03 * width
        );
    }
    assert_eq!(paths.step(6), None);
    assert_eq!(next.paths(0, 1).sum().interval(0.8), None);
    let counts = ForecastOptions::default().with_non_negative(true);
    let small: Vec<f64> = values.iter().map(|y| (y - 100.0).max(0.0)).collect();
    let none_below = forecast(&series(&small), 6, &counts).unwrap().paths(200, 1);
    assert!(none_below.iter().flatten().all(|y| *y >= 0.0));
}
