//! What a step of a benchmark costs.
use std::time::Instant;

use crate::{cpu_seconds, peak_memory};

/// Does something, and tells what it cost: time by the clock and of processors, and the peak of memory so far.
pub fn timed<T>(what: &str, act: impl FnOnce() -> T) -> T {
    let (begin, cpu) = (Instant::now(), cpu_seconds());
    let result = act();
    println!(
        "{what}: wall {:.3} s, CPU {:.2} s, peak {:.0} MiB",
        begin.elapsed().as_secs_f64(),
        cpu_seconds() - cpu,
        peak_memory().unwrap_or(f64::NAN),
    );
    result
}
