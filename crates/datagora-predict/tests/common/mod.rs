//! Where the reference data lie, and what is read from them.
use std::collections::BTreeMap;
use std::path::PathBuf;

use datagora_core::{Month, Unit};
use datagora_predict::Series;
use serde_json::Value;

/// The folder of real data: `DATAGORA_DATA`, or the one beside the workspace.
pub(crate) fn data() -> PathBuf {
    std::env::var_os("DATAGORA_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")),
        PathBuf::from,
    )
}

/// A file below the data folder, if it is there.
#[allow(dead_code, reason = "each test program uses its part")]
pub(crate) fn text(path: &str) -> Option<String> {
    let file = data().join(path);
    let text = std::fs::read_to_string(&file);
    if text.is_err() {
        eprintln!("DATAGORA_DATA absent: {} not checked", file.display());
    }
    text.ok()
}

/// Monthly counts by mode and counter, from the first to the last month with a count; months of 0 are outages.
#[allow(dead_code, reason = "each test program uses its part")]
pub(crate) fn counters(text: &str) -> Vec<Series> {
    let mut counts: BTreeMap<String, BTreeMap<i32, f64>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let [mode, counter, month, count] = line.split(',').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let (year, of_year): (i32, i32) = (month[..4].parse().unwrap(), month[5..7].parse().unwrap());
        let count: f64 = count.parse().unwrap();
        if count > 0.0 {
            counts.entry(format!("{mode} {counter}")).or_default().insert(year * 12 + of_year - 1, count);
        }
    }
    counts
        .into_iter()
        .map(|(label, months)| {
            let (first, last) = (*months.keys().next().unwrap(), *months.keys().next_back().unwrap());
            let values: Vec<f64> =
                (first..=last).map(|m| months.get(&m).copied().unwrap_or(f64::NAN)).collect();
            let start = Month::new(first.div_euclid(12), first.rem_euclid(12) as u32 + 1).unwrap();
            let series = Series::new(values, Unit::of("{passage}")).unwrap().with_period(12).unwrap();
            series.with_label(label).with_start(start)
        })
        .collect()
}

/// A file of reference values, if it is there.
#[allow(dead_code, reason = "each test program uses its part")]
pub(crate) fn golden(name: &str) -> Option<Value> {
    let text = text(&format!("../golden/forecasting/{name}.json"))?;
    Some(serde_json::from_str(&text).unwrap())
}

/// The numbers of a list; what is none is a gap.
#[allow(dead_code, reason = "each test program uses its part")]
pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap_or(f64::NAN)).collect()
}

/// A series of `r_forecast_classic`.
#[allow(dead_code, reason = "each test program uses its part")]
pub(crate) fn classic(all: &Value, name: &str) -> Series {
    let series = &all["series"][name];
    let period = series["frequency"].as_f64().unwrap() as usize;
    Series::new(numbers(&series["y"]), Unit::ONE).unwrap().with_period(period).unwrap()
}

/// The largest difference between two lists of the same length.
#[allow(dead_code, reason = "each test program uses its part")]
pub(crate) fn furthest(ours: &[f64], reference: &[f64]) -> f64 {
    assert_eq!(ours.len(), reference.len());
    ours.iter().zip(reference).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}
