//! What every indicator returns: more than a number.
use crate::Unit;

/// A value with all that is needed to trust it.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Measured {
    value: Option<f64>,
    unit: Unit,
    interval: Option<Interval>,
    observations: u64,
    completeness: f64,
    imputed_share: f64,
    suppression: Option<Suppression>,
}

/// Lower and upper bound of a value.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Interval {
    /// Smallest value compatible with the data.
    pub lower: f64,
    /// Largest value compatible with the data; infinite when the data give no upper bound.
    pub upper: f64,
    /// Probability with which the interval is meant to cover; `None` for bounds that hold for certain, such as the
    /// ends of a job bracket.
    pub level: Option<f64>,
}

/// Why a value is withheld or does not exist.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Suppression {
    /// Statistical secrecy: too few units contribute.
    FewUnits {
        /// Units needed for publication.
        minimum: u64,
    },
    /// Statistical secrecy: one unit makes up too much of the total.
    Dominance {
        /// Largest share that may be published.
        limit: f64,
    },
    /// Withheld so that another withheld cell cannot be computed by subtraction.
    Secondary,
    /// Not enough data for the definition.
    Incomplete {
        /// Completeness the definition needs, 0 to 1.
        needed: f64,
    },
    /// The definition gives no value here, such as a ratio with nothing below the line.
    Undefined {
        /// In words.
        reason: String,
    },
}

impl Measured {
    /// A value from complete data, without interval.
    pub fn new(value: f64, unit: Unit) -> Self {
        Self {
            value: Some(value),
            unit,
            interval: None,
            observations: 0,
            completeness: 1.0,
            imputed_share: 0.0,
            suppression: None,
        }
    }

    /// No value, and why.
    pub fn suppressed(unit: Unit, reason: Suppression) -> Self {
        Self { value: None, suppression: Some(reason), ..Self::new(0.0, unit) }
    }

    /// With bounds.
    pub fn with_interval(self, interval: Interval) -> Self {
        Self { interval: Some(interval), ..self }
    }

    /// With the number of observations it rests on.
    pub fn with_observations(self, observations: u64) -> Self {
        Self { observations, ..self }
    }

    /// With the share of the expected data that was there, 0 to 1.
    pub fn with_completeness(self, completeness: f64) -> Self {
        Self { completeness, ..self }
    }

    /// With the share of the data that was imputed, 0 to 1.
    pub fn with_imputed_share(self, imputed_share: f64) -> Self {
        Self { imputed_share, ..self }
    }

    /// The number, unless it is suppressed.
    pub fn value(&self) -> Option<f64> {
        self.value
    }

    /// Its unit.
    pub fn unit(&self) -> &Unit {
        &self.unit
    }

    /// Its bounds, if known.
    pub fn interval(&self) -> Option<Interval> {
        self.interval
    }

    /// Number of observations.
    pub fn observations(&self) -> u64 {
        self.observations
    }

    /// Share of the expected data that was there, 0 to 1.
    pub fn completeness(&self) -> f64 {
        self.completeness
    }

    /// Share of the data that was imputed, 0 to 1.
    pub fn imputed_share(&self) -> f64 {
        self.imputed_share
    }

    /// Why there is no value.
    pub fn suppression(&self) -> Option<&Suppression> {
        self.suppression.as_ref()
    }
}
