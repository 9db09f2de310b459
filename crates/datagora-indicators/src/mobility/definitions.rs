//! Definitions of the mobility indicators, one file a topic.
mod annual_average;
mod cleaning;
mod congestion;
mod cycling;
mod growth;
mod peak;
mod reliability;
mod seasonal;
mod sharing;
mod speed;
mod vehicles;

use crate::definition::Definition;

/// Definitions by topic, in the order of the documentation.
pub(crate) static DEFINITIONS: &[&[Definition]] = &[
    cleaning::DEFINITIONS,
    growth::DEFINITIONS,
    seasonal::DEFINITIONS,
    annual_average::DEFINITIONS,
    speed::DEFINITIONS,
    reliability::DEFINITIONS,
    congestion::DEFINITIONS,
    peak::DEFINITIONS,
    vehicles::DEFINITIONS,
    cycling::DEFINITIONS,
    sharing::DEFINITIONS,
];
