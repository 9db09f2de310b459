//! The front door to DatAgora: every crate under one name, one feature each, no logic of its own.
#[cfg(feature = "geo")]
pub use datagora_geo as geo;
#[cfg(feature = "indicators")]
pub use datagora_indicators as indicators;
#[cfg(feature = "predict")]
pub use datagora_predict as predict;
#[cfg(feature = "viz")]
pub use datagora_viz as viz;

pub use datagora_core as core;
