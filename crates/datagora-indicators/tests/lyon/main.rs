//! The indicators on real data of Lyon, against numbers computed independently (Python 3 standard library, from the same
//! files) or published with the data.
#![allow(clippy::unwrap_used, reason = "the lint spares tests, not the functions that several tests share")]
mod canopy;
mod cycling;
mod economy;
mod greening;
mod heat;
mod imputation;
mod mobility;
mod paris;
#[cfg(feature = "io")]
mod readers;
mod sharing;
mod traffic;

use std::path::PathBuf;

use datagora_core::Table;
use datagora_core::io::{CsvOptions, read_csv};

/// The file below the data folder, or its sibling `golden`; `None`, told on the terminal, if it is not there.
fn data(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("DATAGORA_DATA")
        .map_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").into(), PathBuf::from);
    let path = match name.strip_prefix("golden/") {
        Some(golden) => root.parent()?.join("golden").join(golden),
        None => root.join(name),
    };
    if !path.exists() {
        eprintln!("DATAGORA_DATA absent: {name} not checked");
        return None;
    }
    Some(path)
}

/// All columns of a CSV file as text.
fn table(name: &str) -> Option<Table> {
    Some(read_csv(data(name)?, &CsvOptions::default()).expect("the file is a sound CSV").table)
}

/// One column; an empty cell is empty text.
fn column<'a>(table: &'a Table, name: &str) -> Vec<&'a str> {
    table.text(name).expect("the column is there").iter().map(Option::unwrap_or_default).collect()
}

/// One column of numbers; an empty cell is NaN.
fn numbers(table: &Table, name: &str) -> Vec<f64> {
    column(table, name).iter().map(|cell| cell.parse().unwrap_or(f64::NAN)).collect()
}

#[track_caller]
fn close(found: f64, wanted: f64, tolerance: f64) {
    assert!((found - wanted).abs() <= tolerance, "{found} is not {wanted}");
}
