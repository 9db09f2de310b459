//! The made city: a seeded generator of a metropolis, the same to the byte everywhere.
//!
//! Tests, benchmarks and tutorials need data that may be committed to nothing and published by everybody, of any size from
//! a village to several metropolises. [`City::make`] makes them from a [`CityPlan`]: communes, IRIS, population, streets,
//! buildings, trees, vegetation strata, parks, counters with their rhythms, gaps and outages, shared bicycles through a
//! night, establishments. Nothing in it was observed, and every view made of it must say so.
//!
//! Coordinates are metres in RGF93 / CC46, to the centimetre. Randomness is SplitMix64, one named stream per thing;
//! transcendental functions are those of `libm`, so that the last bit does not depend on the platform.
mod built;
mod city;
mod establishments;
mod factors;
mod fingerprint;
mod land;
mod mesh;
mod names;
mod plan;
mod random;
mod sensors;
mod sharing;
mod trees;
mod zones;

pub use built::{Buildings, Stratum, Streets, Vegetation};
pub use city::{City, Communes, IrisZones, Parks};
pub use establishments::Establishments;
pub use factors::Factor;
pub use plan::{CityPlan, PlanError};
pub use random::Stream;
pub use sensors::{Mode, Sensors};
pub use sharing::Sharing;
pub use trees::Trees;
