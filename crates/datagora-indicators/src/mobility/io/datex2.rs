//! DATEX II: what detectors measured, and what they are.
mod counts;
mod measured;
mod options;
mod reader;
mod sites;
mod state;
#[cfg(test)]
mod tests;

use datagora_core::Unit;

pub use counts::datex2_counts;
pub use measured::{
    MeasuredData, MeasuredSite, Measurement, MeasurementState, Publication, SiteMeasurements, TimeMeaning,
};
pub use options::Datex2Options;
pub use reader::{Datex2Reader, parse_datex2, read_datex2};
pub use sites::{
    Characteristic, Comparison, LengthRule, MeasurementSite, SiteTable, parse_datex2_sites, read_datex2_sites,
};

/// Version of the data model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Datex2Version {
    /// Version 2: `d2LogicalModel`, `measuredValue`.
    V2,
    /// Version 3: `messageContainer`, `physicalQuantity`.
    V3,
}

/// What a value of traffic data measures, each in one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Quantity {
    /// Vehicles per hour: a rate, whatever the period it was measured over. It is not a count.
    Flow,
    /// Passenger-car equivalents per hour.
    CarEquivalentFlow,
    /// Axles per hour.
    AxleFlow,
    /// Percent of the vehicles that are long.
    LongVehicles,
    /// Average speed, km/h.
    Speed,
    /// Percent of the time in which the detector is occupied.
    Occupancy,
    /// Vehicles per kilometre.
    Density,
    /// Average time between vehicles, s.
    TimeHeadway,
    /// Average distance between vehicles, m.
    DistanceHeadway,
    /// Travel time, s.
    TravelTime,
    /// Travel time if traffic were free, s.
    FreeFlowTravelTime,
    /// Travel time as it usually is, s.
    UsualTravelTime,
    /// Speed if traffic were free, km/h.
    FreeFlowSpeed,
}

impl Quantity {
    /// Unit of its values.
    pub fn unit(self) -> Unit {
        match self {
            Quantity::Flow => Unit::of("{vehicle}/h"),
            Quantity::CarEquivalentFlow => Unit::of("{car_equivalent}/h"),
            Quantity::AxleFlow => Unit::of("{axle}/h"),
            Quantity::LongVehicles | Quantity::Occupancy => Unit::PERCENT,
            Quantity::Speed | Quantity::FreeFlowSpeed => Unit::KILOMETRE_PER_HOUR,
            Quantity::Density => Unit::of("{vehicle}/km"),
            Quantity::TimeHeadway
            | Quantity::TravelTime
            | Quantity::FreeFlowTravelTime
            | Quantity::UsualTravelTime => Unit::SECOND,
            Quantity::DistanceHeadway => Unit::METRE,
        }
    }

    /// The quantity that an element of this name holds.
    fn of_element(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"vehicleFlow" => Quantity::Flow,
            b"averageVehicleSpeed" => Quantity::Speed,
            b"occupancy" => Quantity::Occupancy,
            b"concentration" | b"density" => Quantity::Density,
            b"pcuFlow" => Quantity::CarEquivalentFlow,
            b"axleFlow" => Quantity::AxleFlow,
            b"percentageLongVehicles" => Quantity::LongVehicles,
            b"averageTimeHeadway" => Quantity::TimeHeadway,
            b"averageDistanceHeadway" => Quantity::DistanceHeadway,
            b"travelTime" => Quantity::TravelTime,
            b"freeFlowTravelTime" => Quantity::FreeFlowTravelTime,
            b"normallyExpectedTravelTime" => Quantity::UsualTravelTime,
            b"freeFlowSpeed" => Quantity::FreeFlowSpeed,
            _ => return None,
        })
    }

    /// Zero is a value where nobody came by: a rate, or the time in which the detector was occupied. Of speeds, headways and
    /// shares without a vehicle there is none.
    fn can_be_empty(self) -> bool {
        matches!(
            self,
            Quantity::Flow
                | Quantity::CarEquivalentFlow
                | Quantity::AxleFlow
                | Quantity::Occupancy
                | Quantity::Density
        )
    }
}
