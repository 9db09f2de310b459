#![doc = include_str!("../README.md")]
#[cfg(feature = "geo")]
pub use datagora_geo as geo;
#[cfg(feature = "indicators")]
pub use datagora_indicators as indicators;
#[cfg(feature = "predict")]
pub use datagora_predict as predict;
#[cfg(feature = "viz")]
pub use datagora_viz as viz;

pub use datagora_core as core;

/// The example of the workspace's README compiles.
#[cfg(all(doctest, feature = "viz", feature = "io"))]
#[doc = include_str!("../../../README.md")]
struct Readme;
