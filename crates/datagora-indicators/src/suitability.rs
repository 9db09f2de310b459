//! Suitability of the ground for a use: weighted factors, exactly covered cells, what blocks, why, and how sure.
//!
//! An index of suitability adds up what speaks for a use of the ground (lawns, for planting trees) and what speaks against
//! it (gas mains), each by a weight, and leaves out what makes it impossible (buildings). Its factors, weights and classes
//! are data: a [`FactorSet`], that ships ([`plantability_v2`](crate::greening::plantability_v2)) or is one's own.
//!
//! | question | here |
//! |---|---|
//! | What is it made of? | [`FactorSet`], [`Factor`], [`GeometryStep`], [`SuitabilityClass`] |
//! | Which polygons of the objects of a source? | [`Factor::prepare`] |
//! | What is the score of each cell, and its class? | [`SuitabilityModel::map`], [`SuitabilityMap`] |
//! | Which factors were missing? | [`SuitabilityModel::completeness`] |
//! | Why this score? | [`SuitabilityModel::explain_cell`], [`SuitabilityModel::explain_at`], [`SuitabilityModel::explain_area`] |
//! | How much of each class in each commune? | [`SuitabilityMap::by_zone`], [`ZoneCells`] |
//! | How sure is it, if the weights are opinions? | [`SuitabilityModel::uncertainty`], [`WeightNoise`] |
//! | Which communes stay best? | [`SuitabilityModel::zone_shares`], [`ZoneShares::ranks`] |
//! | What if a layer changes? | [`SuitabilityModel::update`], [`LayerEdit`] |
//! | What would the published program say? | [`SuitabilityModel::iarbre_2026`] |
//! | What if weights were others? | [`SuitabilityModel::with_set`], [`SuitabilityMap::difference`] |
mod difference;
mod error;
mod explain;
mod factor;
mod factor_set;
mod iarbre;
mod layer;
mod map;
mod model;
mod noise;
mod prepare;
mod score;
mod stability;
#[cfg(test)]
mod tests;
mod uncertainty;
mod update;
mod zones;

pub use self::difference::SuitabilityDifference;
pub use self::error::SuitabilityError;
pub use self::explain::{Contribution, Explanation};
pub use self::factor::{Factor, FactorFamily, FactorSource, GeometryStep, Label, SuitabilityClass};
pub use self::factor_set::{FactorSet, FactorSetDraft, FactorSetError, FactorSetFault};
pub use self::iarbre::IarbreMap;
pub use self::map::SuitabilityMap;
pub use self::model::{BlockingRule, FactorCompleteness, SuitabilityModel};
pub use self::noise::{NoiseShape, WeightDraws, WeightNoise};
pub use self::prepare::PrepareError;
pub use self::stability::{ZoneRank, ZoneShares};
pub use self::uncertainty::{ClassProbability, UncertaintyMap};
pub use self::update::{LayerEdit, SuitabilityUpdate};
pub use self::zones::{ZoneCells, ZoneSuitability};
