//! What the terminal tells while the atlas is made.
use std::path::Path;
use std::time::{Duration, Instant};

use crate::publish::Summary;

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

    /// The last words: what was written, where, how long it took and where the time went.
    pub(crate) fn summary(&self, out: &Path, summary: &Summary) {
        if self.quiet {
            return;
        }
        println!(
            "{} views, {} tables, {} remarks on the data: {:.1} MB in {}",
            summary.views,
            summary.tables,
            summary.imperfections,
            summary.bytes as f64 / 1e6,
            out.display(),
        );
        let mut slowest = self.steps.clone();
        slowest.sort_by_key(|(_, time)| std::cmp::Reverse(*time));
        let slowest: Vec<String> = slowest
            .iter()
            .take(3)
            .map(|(name, time)| format!("{name} {:.2} s", time.as_secs_f64()))
            .collect();
        println!("{:.2} s in all; most of it: {}", self.begin.elapsed().as_secs_f64(), slowest.join(", "));
        println!("open {}", out.join("index.html").display());
    }
}
