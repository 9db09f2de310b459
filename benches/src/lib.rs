//! What benchmarks and the program `compare` share.
mod memory;
#[cfg(feature = "compare")]
pub mod spatialbench;

pub use memory::peak_memory;
