//! Trees, parks, vegetation, and who lives with noise and heat, by zone.
//!
//! Zones come as the index of the zone of each row, as a point-in-polygon join gives it. The share of high vegetation of a
//! commune from that of its IRIS is [`weighted_mean_by_zone`](crate::weighted_mean_by_zone), weighted by area for the
//! land, by population for what the average inhabitant has around.
//!
//! Ground under vegetation is measured with [`Canopy`], [`strata_within`] and [`strata_of_raster`], each square metre once;
//! whose herbs, shrubs and trees they are is a value, too: [`Strata`]. Who has green near home is asked of [`HomeGreen`]
//! (3-30-300) and [`PublicGreen`], with the inhabitants from [`people_by_building`]; where they are known by area only, of
//! [`PublicGreen::ground_within`].
//!
//! A tree inventory goes through these steps:
//!
//! 1. [`Occupant::parse`] and [`Occupant::from_columns`] read Latin names as they are written; [`family_of`] gives the family. `io::read_trees`
//!    (feature `io`) reads whole inventories.
//! 2. [`Trees::new`] checks sizes, dates and positions and lists what it cannot use.
//! 3. [`Trees::diversity`] (richness, Hill numbers, rarefaction), [`Trees::santamour`] (10-20-30), [`age_structure`] and [`Trees::carbon`] are the
//!    population in numbers.
//! 4. [`choose_species`] says which species of a catalogue suit a street, and why the others do not.
mod access;
mod age;
mod canopy;
mod carbon;
mod cells;
mod definitions;
mod diversity;
mod exposure;
mod ground;
#[cfg(feature = "io")]
pub mod io;
mod parks;
mod people;
mod plantability;
mod santamour;
mod species_choice;
mod strata;
mod street_trees;
mod taxon;
mod three_thirty;
mod tree_density;
mod trees;
mod vegetation;

pub use access::{
    GreenAccess, GreenAccessKind, PublicGreen, ReachedGreen, WHO_GREEN_AREA, WHO_GREEN_DISTANCE,
    green_access_share, median_of_people, reached_green,
};
pub use age::{AgeClass, AgeError, AgeShare, AgeStructure, IdealAges, age_structure};
pub use canopy::{Canopy, CanopyCover, canopy_of_heights};
pub use carbon::{
    AllometricGroup, CarbonError, CarbonFactor, CarbonOptions, CarbonStock, DiameterImputation,
    OrderOfMagnitude, carbon_stock,
};
pub(crate) use definitions::{COVER_DEFINITIONS, DEFINITIONS};
pub use diversity::{Diversity, diversity_by_zone};
pub use exposure::{
    EU_LDEN_REPORTING, FRENCH_ROAD_LDEN_LIMIT, HeatSensitive, WHO_ROAD_LDEN, exposed_share,
    heat_sensitive_population,
};
pub use ground::GreenError;
pub use parks::{ParkSupply, park_supply};
pub use people::{BuildingPeople, people_by_building};
pub use plantability::{plantability_v1, plantability_v2};
pub use santamour::{Dominant, Santamour, SantamourError, SantamourRule, santamour};
pub use species_choice::{
    Candidate, CatalogueSpecies, ChoiceWeights, Criterion, CriterionScore, Level, PlantingSite, PlantingUse,
    Range, Refusal, Refused, SiteSoil, SiteWater, SoilTolerance, SpeciesChoice, UNCHECKED_CONSTRAINTS,
    WaterNeed, choose_species,
};
pub use strata::{Growth, Strata, StrataAreas, StrataError, Stratum, classification_bounds};
pub use street_trees::{StreetTrees, trees_per_street_kilometre};
pub use taxon::{Hybrid, InfraspecificRank, Occupant, Taxon, TaxonRank, family_of, similar_genera};
pub use three_thirty::{Assessment330300, HomeGreen, Rule330300, Shares330300, VisibleTrees};
pub use tree_density::{trees_per_hectare, trees_per_thousand_inhabitants};
pub use trees::{Planted, PlausibleTree, TreeColumns, Trees, TreesError};
pub use vegetation::{CellReading, strata_of_raster, strata_within};
