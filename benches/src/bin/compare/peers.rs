//! The peers written for Python, in environments of their own.
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{fs, io};

use crate::inputs::workspace;
use crate::task::{Runs, Task};

/// Environments: what distinguishes the names of their folder and requirements, and the scripts that run there. Those that
/// no other has run in the first.
const ENVIRONMENTS: [(&str, &[&str]); 4] = [
    ("", &[]),
    ("-greening", &["plantability.py", "canopy.py", "homes.py", "integrity.py", "vegetation.py"]),
    ("-predict", &["m4.py", "los_loop.py"]),
    ("-viz", &["tiles.py", "choropleth.py", "classes.py"]),
];

/// The interpreters for the scripts, or why there is none.
pub(crate) struct Peers(Vec<Result<PathBuf, String>>);

impl Peers {
    /// Sets up the environments that tasks ask for.
    pub(crate) fn new(tasks: &[Task]) -> Self {
        let engines = || tasks.iter().flat_map(|task| &task.engines);
        let asked = |number| {
            engines().any(|e| matches!(e.runs, Runs::Python(script) if environment(script) == number))
        };
        let set_up = |number: usize| match asked(number) {
            true => python(ENVIRONMENTS[number].0),
            false => Err("no task asked for it".into()),
        };
        Self((0..ENVIRONMENTS.len()).map(set_up).collect())
    }

    /// The interpreter for a script.
    pub(crate) fn interpreter(&self, script: &str) -> Result<&Path, String> {
        self.0[environment(script)].as_deref().map_err(String::clone)
    }
}

fn environment(script: &str) -> usize {
    ENVIRONMENTS.iter().position(|(_, scripts)| scripts.contains(&script)).unwrap_or(0)
}

/// The interpreter of `target/peers…`, with the versions of `benches/peers/requirements….txt`, set up if need be.
fn python(environment: &str) -> Result<PathBuf, String> {
    let folder = workspace().join(format!("target/peers{environment}"));
    let python = folder.join("bin/python");
    let file = workspace().join(format!("benches/peers/requirements{environment}.txt"));
    let wanted = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let stamp = folder.join("installed.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
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
