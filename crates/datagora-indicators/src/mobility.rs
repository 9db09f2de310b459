//! What a mobility observatory publishes: counts, their growth and season, annual averages, shared bicycles.
//!
//! Counts of any interval are read into [`Counts`], which a [`CountsBuilder`] checks; [`Counts::monthly`] gives the
//! monthly totals of complete months.
//!
//! A table of monthly counts goes through these steps:
//!
//! 1. [`MonthlyCounts::from_rows`] checks the rows and lists what it cannot use.
//! 2. [`find_outages`] lists months that are not counts (zeros, stuck numbers, drops); [`MonthlyCounts::without`] makes
//!    them missing. Nothing is imputed.
//! 3. [`constant_perimeter_growth`] compares two periods on the counters there in both; [`chained_index`] and
//!    [`index_to_base`] follow many periods while counters come and go.
//! 4. [`seasonal_profile`] gives the shape of the year, [`annual_average`] the average day.
//!
//! Shared bicycles: [`StationRecord`] holds the snapshots of one station; time without information is unknown, never
//! empty.
mod annual_average;
mod chain;
mod counts;
mod definitions;
mod growth;
mod monthly_counts;
mod outage;
mod seasonal;
mod sharing;

pub use annual_average::{CompletenessRule, annual_average};
pub use chain::{ChainedIndex, chained_index, index_to_base};
pub use counts::{
    Channel, ChannelReadings, Counts, CountsBuilder, CountsOptions, Doubt, Flag, HardwareChange, Imputation,
    Mode, ModeError, Reading, TimestampConvention,
};
pub(crate) use definitions::DEFINITIONS;
pub use growth::{Decomposition, Growth, GrowthError, GrowthOptions, Matching, constant_perimeter_growth};
pub use monthly_counts::{CountProblem, CountsError, MonthlyCounts};
pub use outage::{Outage, OutageOptions, OutageReason, find_outages};
pub use seasonal::{SeasonalError, SeasonalFactor, SeasonalOptions, SeasonalProfile, seasonal_profile};
pub use sharing::{
    SharingOptions, Snapshot, StateSpan, StationRecord, StationState, StationSummary, SystemStates,
    system_states,
};
