//! Urban indicators by named definitions: mobility counts, greening, economic geography, each value with completeness and interval.
mod distribution;
pub mod greening;
mod jackknife;
pub mod mobility;
mod order;
mod zones;

pub use distribution::{binomial_interval, poisson_interval};
pub use zones::{ZoneCounts, ZoneError, weighted_mean_by_zone};
