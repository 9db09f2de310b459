//! What is asked, and of whom.
use std::error::Error;

use crate::inputs::Inputs;
use crate::measure::{Measured, Repeat};

/// Why something was not measured, for people to read.
pub(crate) type Failure = Box<dyn Error + Send + Sync>;

/// A question with one answer.
pub(crate) struct Task {
    /// As on the command line and in the first column.
    pub(crate) name: &'static str,
    /// In a few words.
    pub(crate) question: &'static str,
    /// Makes sure that the files are there which the engines read.
    pub(crate) prepare: fn(&Inputs) -> Result<(), Failure>,
    /// The first is the one the others are compared with: ours.
    pub(crate) engines: Vec<Engine>,
    /// How far numbers of the digest may be apart, relative to the larger one; exact values must be equal.
    pub(crate) tolerance: f64,
}

/// Who answers.
#[derive(Clone, Copy)]
pub(crate) struct Engine {
    /// As on the command line and in the second column.
    pub(crate) name: &'static str,
    pub(crate) runs: Runs,
    pub(crate) threads: Threads,
}

/// How an engine is run, always in a process of its own.
#[derive(Clone, Copy)]
pub(crate) enum Runs {
    /// By this program.
    Rust(fn(&Inputs, &Repeat) -> Result<Measured, Failure>),
    /// By a script of `benches/peers`, in the environment of the peers.
    Python(&'static str),
}

/// Number of threads asked for through the environment (`RAYON_NUM_THREADS`, `OMP_NUM_THREADS`, …).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Threads {
    One,
    Two,
}

/// The name of our engine on one thread; other ways to run it begin with it.
pub(crate) const OURS: &str = "datagora";
const OURS_TWO: &str = "datagora (2 threads)";

type Answer = fn(&Inputs, &Repeat) -> Result<Measured, Failure>;

/// Ours on one and on two threads.
pub(crate) fn ours(answer: Answer) -> Vec<Engine> {
    let one = Engine { name: OURS, runs: Runs::Rust(answer), threads: Threads::One };
    [vec![one], two_threads(answer)].concat()
}

/// Ours on two threads alone, of a task that takes minutes.
pub(crate) fn two_threads(answer: Answer) -> Vec<Engine> {
    vec![Engine { name: OURS_TWO, runs: Runs::Rust(answer), threads: Threads::Two }]
}

/// An engine in Rust, on one thread.
pub(crate) fn rust(name: &'static str, answer: Answer) -> Vec<Engine> {
    vec![Engine { name, runs: Runs::Rust(answer), threads: Threads::One }]
}

/// Peers that a script asks.
pub(crate) fn python(script: &'static str, names: &[&'static str]) -> Vec<Engine> {
    let engine = |&name: &&'static str| Engine { name, runs: Runs::Python(script), threads: Threads::One };
    names.iter().map(engine).collect()
}
