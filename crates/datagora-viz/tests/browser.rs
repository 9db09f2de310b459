//! Interactive maps in a browser: they open as files, ask the network for nothing, draw, answer to pointer and keyboard, and pass
//! the automatic checks of accessibility.
//!
//! Needs Chromium, Node.js and the npm package axe-core, which `scripts/setup.sh` installs.
mod pages;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A program that is on the path.
fn program(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .find(|file| file.is_file())
}

/// The checks of accessibility, in the folder of tools beside the other results of builds.
fn axe() -> Option<PathBuf> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent()?;
    Some(target.join("browser/node_modules/axe-core/axe.min.js")).filter(|file| file.is_file())
}

#[test]
fn maps_work_in_a_browser() {
    let found = (program(&["chromium", "chromium-browser", "google-chrome"]), program(&["node"]), axe());
    let (Some(chromium), Some(node), Some(axe)) = found else {
        eprintln!(
            "SKIPPED: Chromium, Node.js or axe-core is absent ({found:?}); scripts/setup.sh installs them"
        );
        return;
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("maps");
    let _ = fs::remove_dir_all(&folder);
    pages::write(&folder);
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    for checks in ["map.mjs", "city.mjs", "story.mjs"] {
        let mut command = Command::new(&node);
        command.arg(scripts.join(checks)).args([&folder, &chromium, &axe]);
        assert!(command.status().expect("node runs").success(), "the checks of {checks} above failed");
    }
}
