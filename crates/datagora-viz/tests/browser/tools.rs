//! The programs that tests in a browser need, wherever they are.
use std::env;
use std::path::{Path, PathBuf};

/// Chromium, Node.js and the checks of accessibility.
pub(crate) struct Tools {
    pub(crate) chromium: PathBuf,
    pub(crate) node: PathBuf,
    pub(crate) axe: PathBuf,
}

impl Tools {
    /// The tools, or a loud word that the test is skipped. `scratch` is the folder of the tests within the results of builds.
    pub(crate) fn find(scratch: &str) -> Option<Self> {
        let found =
            (program(&["chromium", "chromium-browser", "google-chrome"]), program(&["node"]), axe(scratch));
        let (Some(chromium), Some(node), Some(axe)) = found else {
            eprintln!(
                "SKIPPED: Chromium, Node.js or axe-core is absent ({found:?}); scripts/setup.sh installs them"
            );
            return None;
        };
        Some(Self { chromium, node, axe })
    }
}

/// A program that is on the path.
fn program(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .find(|file| file.is_file())
}

/// The checks of accessibility, in the folder of tools beside the other results of builds.
fn axe(scratch: &str) -> Option<PathBuf> {
    let target = Path::new(scratch).parent()?;
    Some(target.join("browser/node_modules/axe-core/axe.min.js")).filter(|file| file.is_file())
}
