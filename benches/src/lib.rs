//! What benchmarks and the program `compare` share.
#[cfg(feature = "compare")]
mod cpu;
mod memory;
#[cfg(feature = "compare")]
pub mod spatialbench;
#[cfg(feature = "compare")]
mod timed;

#[cfg(feature = "compare")]
pub use cpu::cpu_seconds;
pub use memory::peak_memory;
#[cfg(feature = "compare")]
pub use timed::timed;
