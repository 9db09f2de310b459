//! What the terminal tells while the atlas is made.
use std::path::Path;
use std::time::{Duration, Instant};

/// Tells each step with its time, unless told to be quiet.
pub(crate) struct Progress {
    quiet: bool,
    begin: Instant,
    steps: Vec<(String, Duration)>,
}

impl Progress {
    pub(crate) fn new(quiet: bool) -> Self {
        Self { quiet, begin: Instant::now(), steps: Vec::new() }
    }

    /// Does a step, and tells how long it took.
    pub(crate) fn step<T>(&mut self, name: &str, work: impl FnOnce() -> T) -> T {
        let begin = Instant::now();
        let result = work();
        self.step_took(name, begin.elapsed());
        result
    }

    /// Tells of a step that was done.
    pub(crate) fn step_took(&mut self, name: &str, time: Duration) {
        if !self.quiet {
            eprintln!("  {name:<58} {:>7.2} s", time.as_secs_f64());
        }
        self.steps.push((name.to_owned(), time));
    }

    /// The last words: what was written, how long it took and where the time went, what to open.
    pub(crate) fn summary(&self, written: &str, open: &Path) {
        if self.quiet {
            return;
        }
        println!("{written} in {}", open.parent().unwrap_or(open).display());
        let mut slowest = self.steps.clone();
        slowest.sort_by_key(|(_, time)| std::cmp::Reverse(*time));
        let slowest: Vec<String> = slowest
            .iter()
            .take(3)
            .map(|(name, time)| format!("{name} {:.2} s", time.as_secs_f64()))
            .collect();
        println!("{:.2} s in all; most of it: {}", self.begin.elapsed().as_secs_f64(), slowest.join(", "));
        println!("open {}", open.display());
    }
}
