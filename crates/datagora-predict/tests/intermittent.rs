//! Agreement with statsforecast 2.1.1.
#![allow(clippy::unwrap_used, reason = "a test that cannot read its data must fail")]
mod common;

use common::{classic, golden, numbers};
use datagora_predict::{Croston, Fit, Predict};

/// Exact to 1e-9 of the value.
#[test]
fn rates_are_those_of_statsforecast() {
    let (Some(reference), Some(all)) = (golden("py_statsforecast_classic"), golden("r_forecast_classic"))
    else {
        return;
    };
    let mut checked = 0;
    for (name, models) in reference["results"].as_object().unwrap() {
        let theirs = numbers(&models["CrostonSBA"]["mean"]);
        let ours = Croston::debiased().fit(&classic(&all, name)).unwrap().predict(theirs.len());
        for (a, b) in ours.iter().zip(&theirs) {
            assert!((a / b - 1.0).abs() < 1e-9, "{name}: {a} {b}");
        }
        checked += 1;
    }
    assert_eq!(checked, 6);
}
