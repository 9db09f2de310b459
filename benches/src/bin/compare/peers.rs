//! The peers written for Python, in an environment of their own.
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{fs, io};

use crate::inputs::workspace;
use crate::task::{Runs, Task};

/// The interpreter of `target/peers`, with the versions of `benches/peers/requirements.txt`, set up if need be.
pub(crate) fn python(tasks: &[Task]) -> Result<PathBuf, String> {
    let asked = |task: &Task| task.engines.iter().any(|engine| matches!(engine.runs, Runs::Python(_)));
    let folder = workspace().join("target/peers");
    let python = folder.join("bin/python");
    let file = workspace().join("benches/peers/requirements.txt");
    let wanted = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let stamp = folder.join("installed.txt");
    if !tasks.iter().any(asked) || fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    eprintln!("setting up the peers in {} (a minute or two)", folder.display());
    let ran = |command: &mut Command| -> io::Result<bool> {
        Ok(command.stdout(Stdio::null()).stdin(Stdio::null()).status()?.success())
    };
    let made = ran(Command::new("python3").args(["-m", "venv"]).arg(&folder));
    if !made.as_ref().is_ok_and(|made| *made) {
        return Err(format!(
            "python3 -m venv failed ({made:?}); the peers need Python 3.11 with venv and pip"
        ));
    }
    let install = |arguments: &[&str], file: Option<&Path>| {
        let pip = ["-m", "pip", "install", "-q", "--disable-pip-version-check", "--retries", "5"];
        ran(Command::new(&python).args(pip).args(arguments).args(file)).unwrap_or(false)
    };
    // Registries fail now and then.
    if (0..3).any(|_| install(&["-r"], Some(&file))) {
        return fs::write(&stamp, wanted).map(|()| python).map_err(|error| error.to_string());
    }
    // One of them is to blame: the others can still be compared.
    let packages = wanted.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    for package in packages {
        if !install(&[package], None) {
            eprintln!("{package} cannot be installed: engines that need it will not be measured");
        }
    }
    Ok(python)
}
