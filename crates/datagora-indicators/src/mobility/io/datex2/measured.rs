//! Measured data: the values of each site.
use std::ops::Range;

use datagora_core::Report;

use super::{Datex2Version, Quantity};

/// Why there is a value, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum MeasurementState {
    /// A value as measured.
    Measured,
    /// The detector worked and nobody came by (no input values): there is no speed.
    NoVehicle,
    /// No value was given, or the sign for none (−1).
    NoValue,
    /// The supplier says that the data or the equipment is in error.
    Error,
    /// The supplier gives it less quality than was asked for.
    LowQuality,
    /// It cannot be: listed as a problem.
    Impossible,
}

/// One measured value of a site.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Measurement {
    /// Which of the site's values it is: its lane, vehicles and period stand under this index in the [`SiteTable`].
    ///
    /// [`SiteTable`]: super::SiteTable
    pub index: u32,
    /// What it measures.
    pub quantity: Quantity,
    /// The value in the unit of the quantity; NaN unless it is [`MeasurementState::Measured`].
    pub value: f64,
    /// Why there is a value, or none.
    pub state: MeasurementState,
    /// Time of its own, in seconds since 1970 (UTC), where it differs from that of the site.
    pub time: Option<i64>,
    /// Input values used, if told: usually vehicles.
    pub inputs: Option<u32>,
    /// Input values that were incomplete, if told.
    pub incomplete: Option<u32>,
    /// Standard deviation, in the unit of the quantity, if told.
    pub deviation: Option<f32>,
    /// Quality that the supplier computed, in percent, if told.
    pub quality: Option<f32>,
}

/// What the time of measurement means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum TimeMeaning {
    /// Start of the period measured.
    Start,
    /// End of the period measured.
    End,
}

/// What one site measured at one time. The reader uses it again for the next site.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SiteMeasurements {
    /// Identifier of the site.
    pub site: String,
    /// Version of the site's description.
    pub version: String,
    /// Time of measurement, in seconds since 1970 (UTC).
    pub time: Option<i64>,
    /// What that time means, if told: version 3 can say, version 2 leaves it to the supplier's documents.
    pub meaning: Option<TimeMeaning>,
    /// The values, in the order of the file.
    pub measurements: Vec<Measurement>,
}

/// What a publication says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Publication {
    /// Version of the data model.
    pub version: Datex2Version,
    /// When it was published, in seconds since 1970 (UTC).
    pub time: Option<i64>,
    /// Identifier of the table that describes the sites.
    pub site_table: Option<String>,
    /// Version of that table.
    pub site_table_version: Option<String>,
}

/// A publication of measured data, read whole.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct MeasuredData {
    /// What it says about itself.
    pub publication: Publication,
    /// The sites, in the order of the file; a site may come several times, with other times.
    pub sites: Vec<MeasuredSite>,
    /// The values of all sites, one site after the other.
    pub measurements: Vec<Measurement>,
    /// Was it read to its end? Otherwise the file was cut off, and the last problem tells where.
    pub complete: bool,
    /// All that is wrong with it.
    pub problems: Report,
}

/// One site of a publication.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct MeasuredSite {
    /// Identifier.
    pub site: Box<str>,
    /// Version of its description.
    pub version: Box<str>,
    /// Time of measurement, in seconds since 1970 (UTC).
    pub time: Option<i64>,
    /// What that time means, if told.
    pub meaning: Option<TimeMeaning>,
    /// Which of the measurements are its own.
    pub rows: Range<usize>,
}

impl MeasuredData {
    /// The values of a site.
    ///
    /// # Panics
    ///
    /// If the site is of another publication.
    pub fn of(&self, site: &MeasuredSite) -> &[Measurement] {
        &self.measurements[site.rows.clone()]
    }
}
