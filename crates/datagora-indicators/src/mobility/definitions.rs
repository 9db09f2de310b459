//! Definitions of the mobility indicators, one file a topic.
mod annual_average;
mod growth;
mod seasonal;
mod sharing;

use crate::definition::Definition;

/// Definitions by topic, in the order of the documentation.
pub(crate) static DEFINITIONS: &[&[Definition]] =
    &[growth::DEFINITIONS, seasonal::DEFINITIONS, annual_average::DEFINITIONS, sharing::DEFINITIONS];
