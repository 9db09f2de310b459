//! Ours beside its peers: the same questions, the same inputs, answers that must agree.
//!
//! `cargo run --release -p datagora-benches --bin compare -- geo`; see `benches/README.md`.
mod digest;
mod geo;
mod greening;
mod inputs;
mod measure;
mod mobility;
mod peers;
mod predict;
mod report;
mod run;
mod task;
mod viz;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use self::inputs::Inputs;
use self::measure::Repeat;
use self::task::{Failure, Task};

/// Runs DatAgora and its peers on identical inputs and checks that the answers agree.
///
/// Prints one tab-separated line per task and engine: task, engine, CPU seconds, wall seconds, peak MiB, CPU seconds
/// over ours. Progress, peers that fail and answers that disagree go to the standard error; the exit code is 1 if an
/// answer disagrees or an engine of ours fails.
#[derive(Debug, Parser)]
#[command(name = "compare")]
struct Arguments {
    /// What to compare: `geo`, `greening`, `mobility`, `predict`, `viz`.
    #[arg(required = true)]
    topics: Vec<String>,
    /// Small inputs: whether all works, not how fast it is.
    #[arg(long)]
    quick: bool,
    /// Only this task; may be given several times.
    #[arg(long = "task", value_name = "NAME")]
    tasks: Vec<String>,
    /// Only this engine; may be given several times. `datagora` is ours.
    #[arg(long = "engine", value_name = "NAME")]
    engines: Vec<String>,
    /// Repetitions of which the best counts; fewer if they take longer than ten seconds together.
    #[arg(long, default_value_t = 5, value_name = "N")]
    repetitions: usize,
    /// Also writes everything measured, with digests and versions, to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Lists tasks and engines, and runs nothing.
    #[arg(long)]
    list: bool,
    /// Measures one engine of ours or of Rust in this process; the program calls itself with it.
    #[arg(long, hide = true, num_args = 2, value_names = ["TASK", "ENGINE"])]
    worker: Option<Vec<String>>,
}

fn topic(name: &str) -> Result<Vec<Task>, Failure> {
    match name {
        "geo" => Ok(geo::tasks()),
        "greening" => Ok(greening::tasks()),
        "mobility" => Ok(mobility::tasks()),
        "predict" => Ok(predict::tasks()),
        "viz" => Ok(viz::tasks()),
        other => {
            Err(format!("there is no topic “{other}”; there are: geo, greening, mobility, predict, viz")
                .into())
        }
    }
}

fn main() -> ExitCode {
    match attempt(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all answers of ours are there and all answers agree.
fn attempt(arguments: &Arguments) -> Result<bool, Failure> {
    let mut tasks = Vec::new();
    for name in &arguments.topics {
        tasks.extend(topic(name)?);
    }
    let inputs = Inputs::new(arguments.quick);
    if let Some([task, engine]) = arguments.worker.as_deref() {
        let repeat = Repeat::new(arguments.repetitions);
        let measured = run::worker(&tasks, task, engine, &inputs, &repeat)?;
        println!("{}", serde_json::to_string(&measured)?);
        return Ok(true);
    }
    for wanted in &arguments.tasks {
        if !tasks.iter().any(|task| task.name == wanted) {
            let names: Vec<&str> = tasks.iter().map(|task| task.name).collect();
            return Err(format!("there is no task “{wanted}”; there are: {}", names.join(", ")).into());
        }
    }
    tasks.retain(|task| arguments.tasks.is_empty() || arguments.tasks.iter().any(|name| name == task.name));
    for task in &mut tasks {
        task.engines.retain(|engine| {
            arguments.engines.is_empty() || arguments.engines.iter().any(|name| name == engine.name)
        });
    }
    if arguments.list {
        for task in &tasks {
            let engines: Vec<&str> = task.engines.iter().map(|engine| engine.name).collect();
            println!("{}\t{}\t{}", task.name, task.question, engines.join(", "));
        }
        return Ok(true);
    }
    let runner = run::Runner {
        topics: &arguments.topics,
        inputs: &inputs,
        quick: arguments.quick,
        repetitions: arguments.repetitions,
        peers: peers::Peers::new(&tasks),
    };
    let (lines, sound) = runner.run(&tasks)?;
    if let Some(path) = &arguments.json {
        report::write_json(path, &lines)?;
    }
    Ok(sound)
}
