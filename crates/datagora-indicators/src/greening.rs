//! Trees, parks, vegetation, and who lives with noise and heat, by zone.
//!
//! Zones come as the index of the zone of each row, as a point-in-polygon join gives it. The share of high vegetation of a
//! commune from that of its IRIS is [`weighted_mean_by_zone`](crate::weighted_mean_by_zone), weighted by area for the
//! land, by population for what the average inhabitant has around.
//!
//! A tree inventory goes through these steps:
//!
//! 1. [`Occupant::parse`] and [`Occupant::from_columns`] read Latin names as they are written; [`family_of`] gives the family. `io::read_trees`
//!    (feature `io`) reads whole inventories.
//! 2. [`Trees::new`] checks sizes, dates and positions and lists what it cannot use.
//! 3. [`Trees::diversity`] (richness, Hill numbers, rarefaction), [`Trees::santamour`] (10-20-30), [`age_structure`] and [`Trees::carbon`] are the
//!    population in numbers.
mod age;
mod carbon;
mod definitions;
mod diversity;
mod exposure;
#[cfg(feature = "io")]
pub mod io;
mod parks;
mod santamour;
mod strata;
mod taxon;
mod tree_density;
mod trees;

pub use age::{AgeClass, AgeError, AgeShare, AgeStructure, IdealAges, age_structure};
pub use carbon::{
    AllometricGroup, CarbonError, CarbonOptions, CarbonStock, DiameterImputation, Factor, OrderOfMagnitude,
    carbon_stock,
};
pub(crate) use definitions::DEFINITIONS;
pub use diversity::{Diversity, diversity_by_zone};
pub use exposure::{
    EU_LDEN_REPORTING, FRENCH_ROAD_LDEN_LIMIT, HeatSensitive, WHO_ROAD_LDEN, exposed_share,
    heat_sensitive_population,
};
pub use parks::{ParkSupply, park_supply};
pub use santamour::{Dominant, Santamour, SantamourError, SantamourRule, santamour};
pub use strata::{Growth, Strata, StrataAreas, StrataError, Stratum, classification_bounds};
pub use taxon::{Hybrid, InfraspecificRank, Occupant, Taxon, TaxonRank, family_of, similar_genera};
pub use tree_density::{trees_per_hectare, trees_per_thousand_inhabitants};
pub use trees::{Planted, PlausibleTree, TreeColumns, Trees, TreesError};
