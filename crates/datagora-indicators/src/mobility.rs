//! What a mobility observatory publishes: counts, their growth and season, annual averages, shared bicycles.
//!
//! Counts of any interval are read into [`Counts`], which a [`CountsBuilder`] checks; [`Counts::monthly`] gives the
//! monthly totals of complete months.
//!
//! [`find_faults`] lists outages recorded as zeros, stuck and copied values, spikes and gaps; [`Counts::flagged`] marks
//! them, [`Counts::imputed`] fills them on request: by neighbouring weeks, a control group, or a model with its interval.
//!
//! What a year of readings comes down to is an [`HourlyYear`]: it grows by batches, merges with others and can be
//! corrected. From it come [`HourlyYear::aadt`] by four methods, [`average_day`] of a kind (TMJO),
//! [`HourlyYear::design_hour`] (K30), [`direction_factor`], and [`day_profile`] with its peaks. [`HourlyYears`] holds
//! those of many channels. A [`FactorGroup`] expands short counts to the year; [`heavy_share`] and
//! [`vehicle_kilometres`] go with them.
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
//! Cycling: [`weather_adjusted_trend`] tells growth from good weather, [`bike_against_car`] compares both where both are
//! counted, [`day_of_year_factors`] expand short counts.
//!
//! Speeds and travel times:
//!
//! * at a point [`spot_speeds`] and [`binned_speeds`] (V85, V15, pace), [`congestion_by_occupancy`] and
//!   [`congestion_by_speed`], [`density_from_occupancy`];
//! * on a section [`reliability`] (TTI, PTI, buffer and misery index, over a declared [`FreeFlow`]), and on the
//!   [`QuarterHours`] of a year the federal measures of the United States: [`level_of_travel_time_reliability`],
//!   [`truck_travel_time_reliability`], [`peak_hour_excessive_delay`], with their sums over a network;
//! * against capacity [`volume_to_capacity`], [`ServiceMeasure`] (level of service), [`LinkDelay`] (BPR, conical);
//! * of a network [`fundamental_diagram`].
//!
//! Shared bicycles: [`StationRecord`] holds the snapshots of one station; time without information is unknown, never
//! empty.
mod annual;
mod bike_car;
mod chain;
mod cleaning;
mod congestion;
mod counts;
mod day_of_year;
mod definitions;
mod density;
mod free_flow;
mod fundamental_diagram;
mod growth;
mod hourly_year;
#[cfg(feature = "io")]
pub mod io;
mod level_of_service;
mod link_delay;
mod local_year;
mod lottr;
mod monthly_counts;
mod outage;
mod peak;
mod phed;
mod quarter_hours;
mod reliability;
mod seasonal;
mod sharing;
mod short_count;
mod speed;
mod tttr;
mod vehicles;
mod weather_trend;

pub use annual::{
    Aadt, AadtMethod, AadtOptions, Averaging, DayKind, YearRule, annual_average, average_day, average_day_of,
};
pub use bike_car::{BikeAgainstCar, bike_against_car};
pub use chain::{ChainedIndex, chained_index, index_to_base};
pub use cleaning::{
    CleaningOptions, Fault, FaultKind, Filled, FilledValue, ImputeMethod, ImputeOptions, find_faults,
};
pub use congestion::{
    Congestion, CongestionError, TrafficState, congestion_by_occupancy, congestion_by_speed,
};
pub use counts::{
    Channel, ChannelReadings, Counts, CountsBuilder, CountsOptions, Doubt, Flag, HardwareChange, Imputation,
    Mode, ModeError, Reading, TimestampConvention,
};
pub use day_of_year::{DayFactorError, DayFactorOptions, DayFactors, day_of_year_factors};
pub(crate) use definitions::DEFINITIONS;
pub use density::{Density, DensityError, EffectiveLength, density_from_occupancy};
pub use free_flow::{FreeFlow, FreeFlowBasis, FreeFlowError};
pub use fundamental_diagram::{
    DiagramError, DiagramOptions, DiagramPoint, FundamentalDiagram, NetworkState, fundamental_diagram,
    network_states,
};
pub use growth::{Decomposition, Growth, GrowthError, GrowthOptions, Matching, constant_perimeter_growth};
pub use hourly_year::{Added, HourlyColumns, HourlyYear, HourlyYearError, HourlyYears};
pub use level_of_service::{
    CapacityError, FreewayTraffic, LevelOfService, ServiceMeasure, heavy_vehicle_factor, volume_to_capacity,
};
pub use link_delay::{LinkDelay, LinkDelayError};
pub use local_year::{LocalDay, LocalYear, LocalYearError};
pub use lottr::{
    FederalMeasureError, Lottr, PeriodReliability, ReliabilityPeriod, RoadSection,
    level_of_travel_time_reliability, reliable_person_miles,
};
pub use monthly_counts::{CountProblem, CountsError, MonthlyCounts};
pub use outage::{Outage, OutageOptions, OutageReason, find_outages};
pub use peak::{
    DayProfile, DesignHour, DirectionSplit, PeakHour, day_profile, direction_factor, peak_hour_factor,
};
pub use phed::{AfternoonPeak, DelaySection, excessive_delay_per_inhabitant, peak_hour_excessive_delay};
pub use quarter_hours::{QuarterHours, QuarterHoursError};
pub use reliability::{BufferBase, Reliability, ReliabilityError, ReliabilityOptions, reliability};
pub use seasonal::{SeasonalError, SeasonalFactor, SeasonalOptions, SeasonalProfile, seasonal_profile};
pub use sharing::{
    Demand, DemandError, Need, SharingOptions, Snapshot, StateSpan, StationRecord, StationState,
    StationSummary, SystemStates, Turnover, system_states, system_turnover,
};
pub use short_count::{ExpandOptions, FactorGroup};
pub use speed::{SpeedError, SpeedOptions, SpeedSummary, binned_speeds, spot_speeds};
pub use tttr::{Tttr, truck_reliability_index, truck_travel_time_reliability};
pub use vehicles::{HeavyShare, SegmentsError, heavy_share, vehicle_kilometres};
pub use weather_trend::{
    TrendError, TrendOptions, TrendStep, TrendTerm, Weather, WeatherTrend, weather_adjusted_trend,
};
