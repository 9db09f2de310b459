//! What a catalogue says about a species.
use datagora_core::Language;

use super::super::taxon::Taxon;
use super::{SiteSoil, SiteWater};

/// A size that a species reaches, in metres.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Range {
    /// At least.
    pub from: f64,
    /// At most; `None` if nothing is said.
    pub to: Option<f64>,
}

impl Range {
    /// Between two sizes.
    pub const fn between(from: f64, to: f64) -> Self {
        Self { from, to: Some(to) }
    }

    /// This size or more.
    pub const fn at_least(from: f64) -> Self {
        Self { from, to: None }
    }
}

/// Low, moderate, high.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Level {
    /// Low to none.
    Low,
    /// Moderate.
    Moderate,
    /// High.
    High,
}

impl Level {
    /// Its name.
    pub const fn name(self, language: Language) -> &'static str {
        match self {
            Level::Low => language.pick("faible", "low"),
            Level::Moderate => language.pick("modéré", "moderate"),
            Level::High => language.pick("fort", "high"),
        }
    }
}

/// Soils that a species bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum SoilTolerance {
    /// Any.
    Any,
    /// Neutral to basic, with lime.
    NeutralToBasic,
    /// Neutral.
    Neutral,
    /// Neutral to acid, little lime.
    NeutralToAcid,
    /// Acid without lime.
    Acid,
}

impl SoilTolerance {
    /// Does a species bear the soil of a site?
    pub const fn bears(self, soil: SiteSoil) -> bool {
        match soil {
            SiteSoil::Calcareous => matches!(self, SoilTolerance::Any | SoilTolerance::NeutralToBasic),
            SiteSoil::Neutral => !matches!(self, SoilTolerance::Acid),
            SiteSoil::Acid => {
                matches!(self, SoilTolerance::Any | SoilTolerance::NeutralToAcid | SoilTolerance::Acid)
            }
        }
    }

    /// Its name.
    pub const fn name(self, language: Language) -> &'static str {
        match self {
            SoilTolerance::Any => language.pick("indifférent", "bears any"),
            SoilTolerance::NeutralToBasic => {
                language.pick("demande un sol neutre à basique", "needs a neutral to basic one")
            }
            SoilTolerance::Neutral => language.pick("demande un sol neutre", "needs a neutral one"),
            SoilTolerance::NeutralToAcid => {
                language.pick("demande un sol neutre à acide", "needs a neutral to acid one")
            }
            SoilTolerance::Acid => language.pick("demande un sol acide", "needs an acid one"),
        }
    }
}

/// Water that a species needs or bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum WaterNeed {
    /// Fresh to moist soil; fears drought.
    Moist,
    /// Bears floods for a time, and their absence.
    Variable,
    /// Bears moderately dry soil.
    ModeratelyDry,
    /// Bears dry soil and drought.
    Dry,
}

impl WaterNeed {
    /// Does a species bear the water of a site? What bears drought also grows in moist soil.
    pub const fn bears(self, water: SiteWater) -> bool {
        match water {
            SiteWater::Moist => true,
            SiteWater::Variable => matches!(self, WaterNeed::Variable),
            SiteWater::Dry => matches!(self, WaterNeed::ModeratelyDry | WaterNeed::Dry),
            SiteWater::VeryDry => matches!(self, WaterNeed::Dry),
        }
    }

    /// Its name.
    pub const fn name(self, language: Language) -> &'static str {
        match self {
            WaterNeed::Moist => language.pick("demande un sol frais à humide", "needs fresh to moist soil"),
            WaterNeed::Variable => language
                .pick("demande un sol frais, supporte les inondations", "needs fresh soil, bears floods"),
            WaterNeed::ModeratelyDry => {
                language.pick("supporte un sol modérément sec", "bears moderately dry soil")
            }
            WaterNeed::Dry => {
                language.pick("supporte la sécheresse, non l’inondation", "bears drought, not floods")
            }
        }
    }
}

/// Kinds of planting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum PlantingUse {
    /// Rows along streets.
    StreetRow,
    /// Other places of the city.
    OtherUrban,
    /// Small gardens.
    SmallGarden,
    /// Parks and large gardens.
    Park,
    /// Edible forests.
    EdibleForest,
    /// Hedges.
    Hedge,
    /// Rain gardens and swales.
    RainGarden,
    /// Banks of rivers.
    Riverbank,
    /// Woods.
    Woodland,
}

impl PlantingUse {
    /// All uses.
    pub const ALL: [PlantingUse; 9] = [
        PlantingUse::StreetRow,
        PlantingUse::OtherUrban,
        PlantingUse::SmallGarden,
        PlantingUse::Park,
        PlantingUse::EdibleForest,
        PlantingUse::Hedge,
        PlantingUse::RainGarden,
        PlantingUse::Riverbank,
        PlantingUse::Woodland,
    ];

    /// Its name.
    pub const fn name(self, language: Language) -> &'static str {
        match self {
            PlantingUse::StreetRow => language.pick("alignement routier", "street tree"),
            PlantingUse::OtherUrban => language.pick("autre situation urbaine", "tree of other urban places"),
            PlantingUse::SmallGarden => language.pick("petit jardin", "tree of small gardens"),
            PlantingUse::Park => language.pick("parc et grand jardin", "park tree"),
            PlantingUse::EdibleForest => language.pick("forêt gourmande", "tree of edible forests"),
            PlantingUse::Hedge => language.pick("haie", "hedge"),
            PlantingUse::RainGarden => language.pick("noue et jardin de pluie", "tree of rain gardens"),
            PlantingUse::Riverbank => language.pick("ripisylve", "riverbank tree"),
            PlantingUse::Woodland => language.pick("boisement", "woodland tree"),
        }
    }
}

/// A species of a catalogue, with what is known of it.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct CatalogueSpecies {
    /// Its name.
    pub taxon: Taxon,
    /// Its name among people.
    pub common_name: Option<String>,
    /// Height at maturity.
    pub height: Option<Range>,
    /// Width of the crown at maturity.
    pub crown: Option<Range>,
    /// Soils it bears.
    pub soil: Option<SoilTolerance>,
    /// Water it needs.
    pub water: Option<WaterNeed>,
    /// Light it needs, from and to: 1 shade, 4 full sun.
    pub light: Option<(u8, u8)>,
    /// Allergenic potential of its pollen.
    pub allergen: Option<Level>,
    /// Invasive potential.
    pub invasive: Option<Level>,
    /// Adaptation to the climate to come, 0 to 5.
    pub adaptation: Option<f64>,
    /// Shade that it gives.
    pub canopy: Option<Level>,
    /// What it does for biodiversity, from low, which is harm, to high.
    pub biodiversity: Option<Level>,
    /// How easily nurseries have it: 1 often, 4 not.
    pub availability: Option<u8>,
    /// How well experts know it, 0 to 5.
    pub confidence: Option<u8>,
    /// For each of [`PlantingUse::ALL`], whether it is recommended.
    pub uses: [Option<bool>; 9],
}

impl CatalogueSpecies {
    /// A species of which nothing else is known.
    pub fn new(taxon: Taxon) -> Self {
        Self {
            taxon,
            common_name: None,
            height: None,
            crown: None,
            soil: None,
            water: None,
            light: None,
            allergen: None,
            invasive: None,
            adaptation: None,
            canopy: None,
            biodiversity: None,
            availability: None,
            confidence: None,
            uses: [None; 9],
        }
    }

    /// With a height at maturity.
    pub fn with_height(self, height: Range) -> Self {
        Self { height: Some(height), ..self }
    }

    /// With the water it needs.
    pub fn with_water(self, water: WaterNeed) -> Self {
        Self { water: Some(water), ..self }
    }

    /// Is it recommended for a use? `None` if nothing is said.
    pub fn suits(&self, planting: PlantingUse) -> Option<bool> {
        self.uses[planting as usize]
    }
}
