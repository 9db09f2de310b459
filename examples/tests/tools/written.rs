//! An atlas, written by the program.
use std::path::{Path, PathBuf};
use std::process::Command;

/// Writes an atlas; gives its folder.
pub(crate) fn atlas(name: &str, arguments: &[&str]) -> PathBuf {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&out);
    let run = Command::new(env!("CARGO_BIN_EXE_atlas"))
        .args(["--quiet", "--out"])
        .arg(&out)
        .args(arguments)
        .output()
        .expect("the atlas runs");
    assert!(out.is_dir(), "{}", String::from_utf8_lossy(&run.stderr));
    out
}
