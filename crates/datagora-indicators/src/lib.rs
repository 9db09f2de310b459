//! Urban indicators by named definitions: mobility counts, greening, economic geography, each value with completeness and interval.
pub mod catalogue;
mod definition;
mod distribution;
pub mod economy;
pub mod greening;
mod inequality;
mod jackknife;
pub mod mobility;
mod order;
mod zones;

pub use definition::{Definition, Direction, Theme};
pub use distribution::{binomial_interval, poisson_interval};
pub use inequality::{atkinson, gini, hoover, mean_log_deviation, palma, theil, theil_by_group};
pub use zones::{ZoneCounts, ZoneError, weighted_mean_by_zone};
