//! Each engine in a process of its own, one after the other.
use std::fs::File;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::inputs::{Inputs, workspace};
use crate::measure::{Measured, Repeat};
use crate::peers::Peers;
use crate::report::{HEADER, Line};
use crate::task::{Engine, Failure, OURS, Runs, Task, Threads};

/// An engine that takes longer is stopped.
const PATIENCE: Duration = Duration::from_secs(600);

/// What all processes have in common.
pub(crate) struct Runner<'a> {
    pub(crate) topics: &'a [String],
    pub(crate) inputs: &'a Inputs,
    pub(crate) quick: bool,
    pub(crate) repetitions: usize,
    /// The interpreters with the peers.
    pub(crate) peers: Peers,
}

/// Measures in this process.
pub(crate) fn worker(
    tasks: &[Task],
    task: &str,
    engine: &str,
    inputs: &Inputs,
    repeat: &Repeat,
) -> Result<Measured, Failure> {
    let task = tasks.iter().find(|candidate| candidate.name == task).ok_or("no such task")?;
    let engine = task.engines.iter().find(|candidate| candidate.name == engine).ok_or("no such engine")?;
    match engine.runs {
        Runs::Rust(answer) => answer(inputs, repeat),
        Runs::Python(script) => Err(format!("{script} is not run by this program").into()),
    }
}

impl Runner<'_> {
    /// Prints a line per task and engine; gives the lines, and whether all answers of ours came and all agree.
    pub(crate) fn run(&self, tasks: &[Task]) -> Result<(Vec<Line>, bool), Failure> {
        println!("{HEADER}");
        let (mut lines, mut sound) = (Vec::new(), true);
        for task in tasks {
            if let Err(failure) = (task.prepare)(self.inputs) {
                eprintln!("{}: left out: {failure}", task.name);
                continue;
            }
            let mut first: Option<Line> = None;
            for engine in &task.engines {
                eprintln!("{}: {} …", task.name, engine.name);
                let measured = match self.measure(task, engine) {
                    Ok(measured) => measured,
                    Err(failure) => {
                        eprintln!("{}: {}: not measured: {failure}", task.name, engine.name);
                        sound &= !engine.name.starts_with(OURS);
                        continue;
                    }
                };
                let differences = first.as_ref().map_or_else(Vec::new, |first| {
                    first.measured.digest.differences(&measured.digest, task.tolerance)
                });
                for difference in &differences {
                    eprintln!("{}: {} DISAGREES: {difference}", task.name, engine.name);
                    sound = false;
                }
                let ours = match &first {
                    Some(line) if line.engine == OURS => Some(line.measured.cpu_s),
                    Some(_) => None,
                    None => (engine.name == OURS).then_some(measured.cpu_s),
                };
                let ratio_to_ours = ours.map(|ours| measured.cpu_s / ours);
                let line =
                    Line { task: task.name, engine: engine.name, measured, ratio_to_ours, differences };
                println!("{}", line.tsv());
                first.get_or_insert_with(|| line.clone());
                lines.push(line);
            }
        }
        Ok((lines, sound))
    }

    fn measure(&self, task: &Task, engine: &Engine) -> Result<Measured, Failure> {
        let mut command = match engine.runs {
            Runs::Rust(_) => {
                let mut command = Command::new(std::env::current_exe()?);
                command.args(self.topics).args(["--worker", task.name, engine.name]);
                command.args(["--repetitions", &self.repetitions.to_string()]);
                if self.quick {
                    command.arg("--quick");
                }
                command
            }
            Runs::Python(script) => {
                let mut command = Command::new(self.peers.interpreter(script)?);
                command.arg(workspace().join("benches/peers").join(script));
                command.args([task.name, engine.name]).arg(self.inputs.folder());
                command.arg(self.repetitions.to_string()).env("PYTHONDONTWRITEBYTECODE", "1");
                command
            }
        };
        let threads = if engine.threads == Threads::Two { "2" } else { "1" };
        for variable in ["RAYON_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"]
        {
            command.env(variable, threads);
        }
        let said = self.inputs.path(&format!("{}.{}.log", task.name, engine.name));
        let answer = self.inputs.path("answer.json");
        command.stdin(Stdio::null()).stdout(File::create(&answer)?).stderr(File::create(&said)?);
        let mut child = command.spawn()?;
        let begin = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait()? {
                break status;
            }
            if begin.elapsed() > PATIENCE {
                child.kill()?;
                child.wait()?;
                return Err(format!("stopped after {} s", PATIENCE.as_secs()).into());
            }
            sleep(Duration::from_millis(20));
        };
        if !status.success() {
            let text = std::fs::read(&said).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())?;
            let last = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("without a word");
            return Err(format!("{last} ({status}; more in {})", said.display()).into());
        }
        let text = std::fs::read_to_string(&answer)?;
        let last = text.lines().next_back().ok_or("printed nothing")?;
        Ok(serde_json::from_str(last)?)
    }
}
