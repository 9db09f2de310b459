//! Series made for tests.
use datagora_core::Unit;
use proptest::prelude::*;

use crate::Series;

/// Values of every kind that data have: gaps, zeros, tiny and huge ones.
pub(crate) fn any_values() -> impl Strategy<Value = Vec<f64>> {
    let value = prop_oneof![
        3 => -1e3..1e3f64, 2 => Just(0.0), 2 => Just(f64::NAN), 1 => Just(1e-300), 1 => 0.0..1e12f64
    ];
    prop::collection::vec(value, 1..60)
}

/// A slow climb with seasons of 3 and 12 steps.
pub(crate) fn hours(n: usize) -> Vec<f64> {
    (0..n)
        .map(|t| 50.0 + t as f64 / 50.0 + [0.0, 9.0, 4.0][t % 3] + [3.0, 0.0, 0.0, -3.0][t / 3 % 4])
        .collect()
}

/// Values with seasonal periods.
pub(crate) fn series(values: Vec<f64>, periods: &[usize]) -> Series {
    Series::new(values, Unit::ONE).unwrap().with_periods(periods).unwrap()
}
