//! How long a benchmark kept the processor.
use rustix::time::{ClockId, clock_gettime};

/// Seconds of user and system time that this process took so far, on all cores.
pub fn cpu_seconds() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}
