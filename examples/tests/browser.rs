//! The pages of the atlas in a browser: they pass the checks of accessibility, ask the network for nothing, read on a telephone, by
//! night and by keyboard, and print.
//!
//! Needs Chromium, Node.js and the npm package axe-core, which `scripts/setup.sh` installs.
#[path = "../../crates/datagora-viz/tests/browser/tools.rs"]
mod tools;
#[path = "tools/written.rs"]
mod written;

use std::path::Path;
use std::process::Command;

use tools::Tools;
use written::atlas;

/// Checks pages, each with its kind before it.
fn check(tools: &Tools, shots: &str, pages: &[String]) {
    let gate = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/datagora-viz/tests/browser/gate.mjs");
    let shots = Path::new(env!("CARGO_TARGET_TMPDIR")).join(shots);
    let status = Command::new(&tools.node)
        .arg(gate)
        .args([&tools.chromium, &tools.axe, &shots])
        .args(pages)
        .status()
        .expect("node runs");
    assert!(status.success(), "the checks above failed; pictures of the pages are in {}", shots.display());
}

#[test]
fn the_atlas_passes_in_a_browser() {
    let Some(tools) = Tools::find(env!("CARGO_TARGET_TMPDIR")) else { return };
    let out = atlas("atlas-village", &["--size", "village"]);
    check(&tools, "shots-atlas", &[format!("page:{}/index.html", out.display())]);
}

#[test]
fn the_story_passes_in_a_browser() {
    let Some(tools) = Tools::find(env!("CARGO_TARGET_TMPDIR")) else { return };
    let out = atlas("story-town", &["--size", "town", "--lang", "en"]);
    check(&tools, "shots-story", &[format!("story:{}/maps/story-heat.html", out.display())]);
}

#[test]
fn the_atlas_of_communes_passes_in_a_browser_in_both_forms() {
    let Some(tools) = Tools::find(env!("CARGO_TARGET_TMPDIR")) else { return };
    let out = atlas("communes-town", &["--communes", "--size", "town", "--lang", "en"]);
    let out = out.display();
    let names = std::fs::read_dir(format!("{out}/site")).expect("a folder");
    let mut names: Vec<String> = names
        .filter_map(|entry| entry.expect("an entry").file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".html").map(str::to_owned))
        .filter(|name| name != "index")
        .collect();
    names.sort();
    let (first, last) = (&names[0], &names[names.len() - 1]);
    let mut pages = vec![
        format!("overview:{out}/communes.html"),
        format!("territory:{out}/communes.html#{first}"),
        format!("overview:{out}/site/index.html"),
        format!("territory:{out}/site/{last}.html"),
    ];
    let others = names.iter().filter(|name| *name != last);
    pages.extend(others.map(|name| format!("brief:{out}/site/{name}.html")));
    check(&tools, "shots-communes", &pages);
}
