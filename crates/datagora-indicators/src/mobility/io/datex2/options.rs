//! What is taken as measured.
use datagora_core::Zone;

/// What is taken as measured.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct Datex2Options {
    pub(super) most_per_hour: f64,
    pub(super) fastest: f64,
    pub(super) least_quality: f32,
    pub(super) zone: Option<Zone>,
    pub(super) max_problems: usize,
}

impl Default for Datex2Options {
    /// Up to 20,000 vehicles per hour and 300 km/h, of any quality; times have offsets.
    fn default() -> Self {
        Self { most_per_hour: 20_000.0, fastest: 300.0, least_quality: 0.0, zone: None, max_problems: 100 }
    }
}

impl Datex2Options {
    /// A flow above this many per hour is impossible.
    pub fn with_most_per_hour(self, most_per_hour: f64) -> Self {
        Self { most_per_hour, ..self }
    }

    /// A speed above this many km/h is impossible.
    pub fn with_fastest(self, fastest: f64) -> Self {
        Self { fastest, ..self }
    }

    /// Values whose supplier gives them less than this quality, in percent, are taken as missing.
    pub fn with_least_quality(self, least_quality: f32) -> Self {
        Self { least_quality, ..self }
    }

    /// Zone of times that are written without offset; without it they are problems.
    pub fn with_zone(self, zone: Zone) -> Self {
        Self { zone: Some(zone), ..self }
    }

    /// How many problems of a kind are told one by one; all are counted.
    pub fn with_max_problems(self, max_problems: usize) -> Self {
        Self { max_problems, ..self }
    }
}
