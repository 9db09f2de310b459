//! The pictures of the documentation: every kind of view has one, the gallery makes every one, and its bytes stay the same.
#[expect(dead_code, reason = "the program writes files; the views are what is looked at here")]
#[path = "../examples/gallery/main.rs"]
mod gallery;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

use datagora_viz::View;
use sha2::{Digest, Sha256};

/// The views of the gallery, each with the name of the type that draws it.
fn views() -> Vec<(&'static str, View)> {
    let families = gallery::FAMILIES.iter().flat_map(|family| family.views);
    families.map(|(kind, draw)| (*kind, draw().unwrap_or_else(|error| panic!("{kind}: {error}")))).collect()
}

/// The sources of the crate.
fn sources() -> Vec<String> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of sources") {
            let path = entry.expect("a readable folder").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                sources.push(fs::read_to_string(&path).expect("a source in UTF-8"));
            }
        }
    }
    sources
}

/// The types with a public method `draw`.
fn kinds(source: &str) -> BTreeSet<String> {
    let mut kinds = BTreeSet::new();
    let mut of = "";
    for line in source.lines() {
        if line.starts_with("impl") {
            let name = line.trim_end_matches(" {").rsplit(' ').next().unwrap_or_default();
            of = name.split('<').next().unwrap_or_default();
        } else if line.trim_start().starts_with("pub fn draw(&self") {
            kinds.insert(of.to_owned());
        }
    }
    kinds
}

/// The pictures that the documentation of an item shows, by the name of the item: alternative text and identifier.
fn shown(source: &str) -> BTreeMap<String, Vec<(String, String)>> {
    let (mut shown, mut pictures) = (BTreeMap::new(), Vec::new());
    for line in source.lines() {
        if let Some(words) = line.trim_start().strip_prefix("///") {
            let picture = words.trim().strip_prefix("![").and_then(|rest| rest.split_once("](pictures/"));
            if let Some((alternative, file)) = picture {
                pictures.push((alternative.to_owned(), file.trim_end_matches(".svg)").to_owned()));
            }
        } else if !line.starts_with("#[") && !pictures.is_empty() {
            let item = line.split(' ').nth(2).unwrap_or_default();
            let name = item.split(['<', '(', '{', ';']).next().unwrap_or_default().to_owned();
            shown.insert(name, std::mem::take(&mut pictures));
        }
    }
    shown
}

#[test]
fn every_kind_of_view_has_its_picture() {
    let views = views();
    let made: BTreeSet<&str> = views.iter().map(|(_, view)| view.id()).collect();
    assert_eq!(made.len(), views.len(), "two views would write one file: {made:?}");
    let sources = sources();
    let shown: BTreeMap<_, _> = sources.iter().flat_map(|source| shown(source)).collect();
    let kinds: BTreeSet<String> = sources.iter().flat_map(|source| kinds(source)).collect();
    assert!(kinds.contains("LineChart") && kinds.contains("Choropleth"), "{kinds:?}");
    for kind in &kinds {
        let drawn = |id: &str| views.iter().any(|(of, view)| of == kind && view.id() == id);
        let pictures = shown.get(kind).map(Vec::as_slice).unwrap_or_default();
        assert!(
            pictures.iter().any(|(_, id)| drawn(id)),
            "the documentation of {kind} shows no picture that the gallery lists under its name: {pictures:?}"
        );
    }
    for (item, pictures) in &shown {
        for (alternative, id) in pictures {
            assert!(made.contains(&id[..]), "{item}: the gallery makes no {id}.svg");
            assert!(alternative.len() > 20, "{item}: {id}.svg needs words for those who do not see it");
        }
    }
}

#[test]
fn texts_of_the_pictures_can_be_read() {
    for (kind, view) in views() {
        for scene in [Some(view.scene()), view.compact()].into_iter().flatten() {
            assert!(scene.flaws().is_empty(), "{kind} {}: {:?}", view.id(), scene.flaws());
        }
    }
}

#[test]
fn tables_of_the_pictures_can_be_kept_in_files() {
    let mut alike = Vec::new();
    for (kind, view) in views() {
        let mut names = BTreeSet::new();
        for column in view.table().flat(view.language()) {
            if names.contains(&column.name) {
                alike.push(format!("{kind} {}: {}", view.id(), column.name));
            }
            names.insert(column.name);
        }
    }
    assert!(alike.is_empty(), "two columns have one name: {alike:#?}");
}

/// The same data give the same bytes in every run, and on every machine that runs this test.
///
/// Where a picture is meant to change, `UPDATE_PICTURES=1 cargo test -p datagora-viz --features png,pdf --test pictures` writes
/// the new fingerprints.
#[test]
fn pictures_are_the_same_bytes_everywhere() {
    let mut now = String::new();
    for (_, view) in views() {
        let svg = view.to_svg() + &view.to_compact_svg().unwrap_or_default();
        let fingerprint: String =
            Sha256::digest(svg.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        writeln!(now, "{fingerprint}  {}", view.id()).expect("text takes text");
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures.sha256");
    if std::env::var_os("UPDATE_PICTURES").is_some() {
        fs::write(&file, &now).expect("a writable folder");
    }
    let kept = fs::read_to_string(&file).expect("the fingerprints");
    let changed: Vec<&str> = now.lines().filter(|line| !kept.lines().any(|other| other == *line)).collect();
    assert!(
        now == kept,
        "these pictures changed, or the list did: {changed:#?}; if they are meant to, UPDATE_PICTURES=1 keeps them"
    );
}
