//! Agreement of ARIMA with R's forecast 8.20, statsmodels 0.15.0 and statsforecast 2.1.1.
#![allow(clippy::unwrap_used, reason = "a test that cannot read its data must fail")]
mod common;

use datagora_core::Unit;
use datagora_predict::{
    Arima, AutoArima, Fit, Predict, Series, differences_needed, kpss, seasonal_differences_needed,
};
use serde_json::Value;

fn golden(name: &str) -> Option<Value> {
    let text = common::text(&format!("../golden/forecasting/{name}.json"))?;
    Some(serde_json::from_str(&text).unwrap())
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap_or(f64::NAN)).collect()
}

fn classic(all: &Value, name: &str) -> Series {
    let series = &all["series"][name];
    let period = series["frequency"].as_f64().unwrap() as usize;
    Series::new(numbers(&series["y"]), Unit::ONE).unwrap().with_period(period).unwrap()
}

/// The model R chose.
fn chosen(reference: &Value) -> Arima {
    let arma = numbers(&reference["arma"]);
    let order = |i: usize| arma[i] as usize;
    let constant = ["intercept", "drift"].iter().any(|name| reference["coef"][name].is_number());
    let model = Arima::new(order(0), order(5), order(1)).with_constant(constant);
    if order(4) > 1 { model.with_season(order(2), order(6), order(3)) } else { model }
}

/// Same likelihood function. Tolerance 0.01: R's diffuse start of the levels is approximate. Forecasts and bounds then
/// agree to 1 % of the width of the 95 % interval.
#[test]
fn likelihoods_and_forecasts_of_the_same_orders_are_those_of_r() {
    let Some(all) = golden("r_forecast_classic") else { return };
    for (name, reference) in all["series"].as_object().unwrap() {
        let r = &reference["auto_arima"];
        let fitted = chosen(r).fit(&classic(&all, name)).unwrap();
        let likelihood = r["loglik"].as_f64().unwrap();
        assert!((fitted.log_likelihood() - likelihood).abs() < 0.01, "{name}: {}", fitted.log_likelihood());
        assert!((fitted.aicc() - r["aicc"].as_f64().unwrap()).abs() < 0.02, "{name}: {}", fitted.aicc());
        let mean = numbers(&r["mean"]);
        let (points, spread) = (fitted.predict(mean.len()), fitted.spread(mean.len()));
        let mut worst = 0.0f64;
        for h in 0..mean.len() {
            let (lower, upper) = (numbers(&r["lower"][h])[1], numbers(&r["upper"][h])[1]);
            let half = 1.959_963_985 * spread[h];
            for (ours, theirs) in [(points[h], mean[h]), (points[h] - half, lower), (points[h] + half, upper)]
            {
                worst = worst.max((ours - theirs).abs() / (upper - lower));
            }
        }
        eprintln!("{name}: {}, furthest {:.3} % of the width", fitted.name(), 100.0 * worst);
        assert!(worst < 0.01, "{name}: {worst}");
    }
}

/// With the same number of differences, our criterion may be higher by 4 at most: both searches go step by step, and
/// R compares conditional likelihoods of long and of monthly series.
#[test]
fn the_search_ends_where_that_of_r_does_or_near() {
    let Some(all) = golden("r_forecast_classic") else { return };
    let (mut lower, mut same, mut higher) = (0, 0, Vec::new());
    for (name, reference) in all["series"].as_object().unwrap() {
        let r = &reference["auto_arima"];
        let series = classic(&all, name);
        let fitted = AutoArima::default().fit(&series).unwrap();
        let theirs = chosen(r);
        assert_eq!(
            differences_needed(series.values()),
            reference["ndiffs"].as_u64().unwrap() as usize,
            "{name}"
        );
        if let Some(needed) = reference["nsdiffs"].as_u64() {
            let ours = seasonal_differences_needed(series.values(), series.period());
            assert_eq!(ours, needed as usize, "{name}");
        }
        assert_eq!(fitted.model().orders().1, theirs.orders().1, "{name}");
        assert_eq!(fitted.model().seasonal_orders().1, theirs.seasonal_orders().1, "{name}");
        match fitted.aicc() - r["aicc"].as_f64().unwrap() {
            d if d < -0.02 => lower += 1,
            d if d <= 0.02 => same += 1,
            d => {
                assert!(d < 4.0, "{name}: {} {d}", fitted.name());
                higher.push(format!("{name} {d:.2}"));
            }
        }
    }
    eprintln!("AICc: {lower} below R's, {same} equal, above: {higher:?}");
    assert!(lower + same >= 14);
}

#[test]
fn statsmodels_and_statsforecast_agree() {
    let (Some(python), Some(all)) = (golden("py_statsmodels"), golden("r_forecast_classic")) else { return };
    let nile = Series::new(numbers(&python["nile"]), Unit::ONE).unwrap();
    let reference = &python["results"]["nile_arma11c"];
    let fitted = Arima::new(1, 0, 1).with_constant(true).fit(&nile).unwrap();
    let likelihood = reference["llf"].as_f64().unwrap();
    // The same function of the parameters, but statsmodels stops before the top (at φ = 0.66 instead of 0.86).
    let higher = fitted.log_likelihood() - likelihood;
    assert!((0.0..1.2).contains(&higher), "{higher}");
    // statsmodels takes 5 lags here.
    let statistic = python["results"]["nile_kpss"][0].as_f64().unwrap();
    assert!((kpss(nile.values(), 5).unwrap() - statistic).abs() < 1e-9);

    // With the orders that R chose; statsforecast estimates a little differently.
    let Some(reference) = golden("py_statsforecast_classic") else { return };
    for name in ["USAccDeaths", "UKgas", "Nile", "WWWusage", "woolyrnq"] {
        let theirs = numbers(&reference["results"][name]["AutoARIMA"]["mean"]);
        let fitted = chosen(&all["series"][name]["auto_arima"]).fit(&classic(&all, name)).unwrap();
        let ours = fitted.predict(theirs.len());
        let worst = ours.iter().zip(&theirs).map(|(a, b)| (a / b - 1.0).abs()).fold(0.0, f64::max);
        eprintln!("{name}: furthest from statsforecast {:.3} %", 100.0 * worst);
        assert!(worst < 0.03, "{name}: {ours:?} {theirs:?}");
    }
}
