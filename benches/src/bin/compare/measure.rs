//! Time and memory of an operation.
use std::time::{Duration, Instant};

use datagora_benches::{cpu_seconds, peak_memory};
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::task::Failure;

/// What an engine took, and what it answered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Measured {
    /// User and system time of all threads of the process, in the repetition that took least.
    pub(crate) cpu_s: f64,
    /// Time by the clock, in the repetition that took least.
    pub(crate) wall_s: f64,
    /// Largest resident memory while it ran, inputs included.
    pub(crate) peak_mib: f64,
    pub(crate) repetitions: usize,
    pub(crate) digest: Digest,
    /// Of a peer: its version.
    #[serde(default)]
    pub(crate) version: Option<String>,
}

/// How often an operation is repeated.
pub(crate) struct Repeat {
    repetitions: usize,
    /// No repetition begins after that.
    budget: Duration,
}

impl Repeat {
    pub(crate) fn new(repetitions: usize) -> Self {
        Self { repetitions: repetitions.max(1), budget: Duration::from_secs(10) }
    }

    /// Runs an operation and times it; the digest of its answer is taken outside of the measured time.
    pub(crate) fn measure<R>(
        &self,
        mut operation: impl FnMut() -> Result<R, Failure>,
        digest: impl Fn(&R) -> Digest,
    ) -> Result<Measured, Failure> {
        let begin = Instant::now();
        let mut found: Option<Measured> = None;
        for repetition in 1..=self.repetitions {
            reset_peak();
            let (cpu, wall) = (cpu_seconds(), Instant::now());
            let answer = operation()?;
            let (cpu_s, wall_s) = (cpu_seconds() - cpu, wall.elapsed().as_secs_f64());
            let peak_mib = peak_memory().unwrap_or(f64::NAN);
            let digest = digest(&answer);
            drop(answer);
            found = Some(match found {
                None => Measured { cpu_s, wall_s, peak_mib, repetitions: 1, digest, version: None },
                Some(best) if best.digest != digest => {
                    return Err(format!("repetition {repetition} gives another answer than the first").into());
                }
                Some(best) => Measured {
                    cpu_s: best.cpu_s.min(cpu_s),
                    wall_s: best.wall_s.min(wall_s),
                    peak_mib: best.peak_mib.max(peak_mib),
                    repetitions: repetition,
                    ..best
                },
            });
            if begin.elapsed() > self.budget {
                break;
            }
        }
        found.ok_or_else(|| "nothing was repeated".into())
    }
}

/// Lets the peak of resident memory begin anew, where the system can.
fn reset_peak() {
    // Without it, the peak is that of the process so far, which is what is then reported.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}
