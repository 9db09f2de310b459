//! What benchmarks and the program `compare` share.
mod cpu;
mod memory;
#[cfg(feature = "compare")]
pub mod spatialbench;

pub use cpu::cpu_seconds;
pub use memory::peak_memory;
