//! Files of other projects, compared with the values that stand beside them.
//!
//! Each file is read right, or refused with a reason, or stands among the known differences with the reason; a known
//! difference that starts to agree fails the test, as does a file that nothing looks at.
#![cfg(feature = "io")]
#![allow(clippy::unwrap_used, reason = "helpers of tests")]
#[path = "conformance/flatgeobuf.rs"]
mod flatgeobuf;
#[path = "conformance/geoarrow.rs"]
mod geoarrow;
#[path = "conformance/geoparquet.rs"]
mod geoparquet;
#[path = "conformance/others.rs"]
mod others;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use datagora_geo::types::Geometry;
use datagora_geo::{GeometryColumn, read_wkt};

/// A folder of conformance files, or nothing where the shared data are absent.
fn folder(name: &str) -> Option<PathBuf> {
    let shared = std::env::var_os("DATAGORA_DATA")
        .map_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").into(), PathBuf::from);
    let folder = shared.join("conformance").join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("DATAGORA_DATA absent: conformance/{name} not checked");
    None
}

/// Names of the files of a folder.
fn files(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

/// Rows of well-known text, empty where missing.
fn expected(texts: &[String]) -> Vec<Option<Geometry>> {
    texts
        .iter()
        .map(|text| match text.as_str() {
            "" => None,
            text => read_wkt(text).unwrap().geometry,
        })
        .collect()
}

/// Whether each row is what its text says: an empty point is not a missing row, a multipolygon no polygon.
fn says_the_same(found: &GeometryColumn, texts: &[String]) -> bool {
    let row = |(found, text): (Option<Geometry>, &String)| match text.as_str() {
        "" => found.is_none(),
        text => found.is_some() && found == read_wkt(text).unwrap().geometry,
    };
    found.len() == texts.len() && found.iter().zip(texts).all(row)
}

/// What became of the files of a folder.
#[derive(Debug, Default)]
struct Tally {
    right: BTreeSet<String>,
    refused: BTreeMap<String, String>,
    different: BTreeSet<String>,
    /// Values, schemas, licences, and parts of files looked at with their main one.
    beside: BTreeSet<String>,
}

impl Tally {
    /// Checks that every file was looked at, and how many came out how.
    fn check(&self, folder: &Path, right: usize, refused: usize, different: usize) {
        let seen: BTreeSet<String> = self
            .right
            .iter()
            .chain(self.refused.keys())
            .chain(&self.different)
            .chain(&self.beside)
            .cloned()
            .collect();
        let unseen: Vec<_> = files(folder).difference(&seen).cloned().collect();
        assert!(unseen.is_empty(), "not looked at: {unseen:?}");
        println!(
            "{}: {} right, {} refused, {} known differences",
            folder.display(),
            self.right.len(),
            self.refused.len(),
            self.different.len()
        );
        let found = (self.right.len(), self.refused.len(), self.different.len());
        assert_eq!(found, (right, refused, different), "{self:#?}");
    }
}
