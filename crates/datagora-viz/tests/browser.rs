//! Interactive maps in a browser: they open as files, ask the network for nothing, draw, answer to pointer and keyboard, and pass
//! the automatic checks of accessibility.
//!
//! Needs Chromium, Node.js and the npm package axe-core, which `scripts/setup.sh` installs.
mod pages;
#[path = "browser/tools.rs"]
mod tools;

use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn maps_work_in_a_browser() {
    let Some(tools) = tools::Tools::find(env!("CARGO_TARGET_TMPDIR")) else { return };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("maps");
    let _ = fs::remove_dir_all(&folder);
    pages::write(&folder);
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    for checks in ["map.mjs", "city.mjs", "change.mjs", "story.mjs"] {
        let mut command = Command::new(&tools.node);
        command.arg(scripts.join(checks)).args([&folder, &tools.chromium, &tools.axe]);
        assert!(command.status().expect("node runs").success(), "the checks of {checks} above failed");
    }
}
