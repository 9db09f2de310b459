//! The report on forecasts is the same to the byte however many cores work on it, and says what it has to say.
#![allow(clippy::unwrap_used, reason = "tests")]
use std::path::{Path, PathBuf};
use std::process::Command;

fn data() -> PathBuf {
    std::env::var_os("DATAGORA_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data")),
        PathBuf::from,
    )
}

fn write(out: &Path, threads: &str) {
    let done = Command::new(env!("CARGO_BIN_EXE_forecast_report"))
        .env("RAYON_NUM_THREADS", threads)
        .arg("--data")
        .arg(data())
        .arg("--out")
        .arg(out)
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn the_report_is_whole_and_does_not_depend_on_cores() {
    if !data().join("lyon_mobility/cyclopolis_monthly_counts.csv").exists() {
        eprintln!("DATAGORA_DATA absent: {} not checked", data().display());
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (folder.path().join("one"), folder.path().join("other"));
    write(&one, "1");
    write(&other, "2");
    let page = std::fs::read_to_string(one.join("index.html")).unwrap();
    assert_eq!(page, std::fs::read_to_string(other.join("index.html")).unwrap());
    let mut views = 0;
    for view in std::fs::read_dir(one.join("views")).unwrap() {
        let view = view.unwrap();
        let same = std::fs::read(other.join("views").join(view.file_name())).unwrap();
        assert!(std::fs::read(view.path()).unwrap() == same, "{:?}", view.file_name());
        views += 1;
    }
    assert_eq!(views, 18); // nine views, as SVG and as PNG
    for words in ["changement de niveau", "Nemenyi", "Licence Ouverte 2.0", "lacune"] {
        assert!(page.contains(words), "{words}");
    }
}

#[test]
fn without_data_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("report");
    let mut command = Command::new(env!("CARGO_BIN_EXE_forecast_report"));
    let done = command.arg("--data").arg(folder.path()).arg("--out").arg(&out).output().unwrap();
    assert!(!done.status.success() && !out.exists());
    assert!(String::from_utf8_lossy(&done.stderr).contains("was left as it was"));
}
