//! Which species suit a street, and why the others do not.
mod catalogue;
mod score;

use datagora_core::{Language, Metres};

pub use catalogue::{CatalogueSpecies, Level, PlantingUse, Range, SoilTolerance, WaterNeed};
pub use score::{Candidate, ChoiceWeights, Criterion, CriterionScore};

use super::trees::Trees;
use score::Population;

/// Soil of a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum SiteSoil {
    /// Neutral to basic, with lime, as most street soils of Lyon.
    Calcareous,
    /// Slightly acid to slightly basic.
    Neutral,
    /// Acid.
    Acid,
}

/// Water at a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum SiteWater {
    /// Fresh to moist all year.
    Moist,
    /// Flooded for a time and dry for another, as in a rain garden.
    Variable,
    /// Moderately dry.
    Dry,
    /// Dry to very dry, as in a small pit without watering.
    VeryDry,
}

/// What a place for trees allows; what is not said is not checked.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct PlantingSite {
    planting_use: Option<PlantingUse>,
    height: Option<Metres>,
    crown: Option<Metres>,
    soil: Option<SiteSoil>,
    water: Option<SiteWater>,
    light: Option<u8>,
    allergen: Option<Level>,
    invasive: Option<Level>,
}

impl PlantingSite {
    /// A kind of planting for which a species must be recommended.
    pub fn with_use(self, planting_use: PlantingUse) -> Self {
        Self { planting_use: Some(planting_use), ..self }
    }

    /// Free height, such as under cables.
    pub fn with_height(self, height: Metres) -> Self {
        Self { height: Some(height), ..self }
    }

    /// Free width for a crown, such as twice the distance to the front of the houses.
    pub fn with_crown(self, crown: Metres) -> Self {
        Self { crown: Some(crown), ..self }
    }

    /// Soil.
    pub fn with_soil(self, soil: SiteSoil) -> Self {
        Self { soil: Some(soil), ..self }
    }

    /// Water.
    pub fn with_water(self, water: SiteWater) -> Self {
        Self { water: Some(water), ..self }
    }

    /// Light: 1 shade, 2 half shade, 3 sun, 4 full sun.
    pub fn with_light(self, light: u8) -> Self {
        Self { light: Some(light), ..self }
    }

    /// Highest allergenic potential that is admitted, low beside a school.
    pub fn with_allergen(self, most: Level) -> Self {
        Self { allergen: Some(most), ..self }
    }

    /// Highest invasive potential that is admitted, low beside a natural corridor.
    pub fn with_invasive(self, most: Level) -> Self {
        Self { invasive: Some(most), ..self }
    }
}

/// Why a species does not suit a site.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum Refusal {
    /// Not recommended for this kind of planting.
    Use(PlantingUse),
    /// It grows at least as high as the space.
    Height {
        /// Height it reaches, in metres.
        reaches: f64,
        /// Free height, in metres.
        free: f64,
    },
    /// Its crown grows at least as wide as the space.
    Crown {
        /// Width it reaches, in metres.
        reaches: f64,
        /// Free width, in metres.
        free: f64,
    },
    /// It does not bear the soil.
    Soil(SoilTolerance),
    /// It does not bear the water, or its lack.
    Water(WaterNeed),
    /// Too much or too little light.
    Light {
        /// Least light it needs, 1 to 4.
        from: u8,
        /// Most light it bears, 1 to 4.
        to: u8,
    },
    /// Its pollen is too allergenic.
    Allergen(Level),
    /// It is too invasive.
    Invasive(Level),
}

impl Refusal {
    /// In words.
    pub fn text(&self, language: Language) -> String {
        let pick =
            |french: String, english: String| if language == Language::French { french } else { english };
        match self {
            Refusal::Use(planting) => pick(
                format!("non recommandé pour l’usage «\u{a0}{}\u{a0}»", planting.name(Language::French)),
                format!("not recommended as {}", planting.name(Language::English)),
            ),
            Refusal::Height { reaches, free } => pick(
                format!("atteint {reaches}\u{a0}m de haut ou plus, pour {free}\u{a0}m disponibles"),
                format!("grows to {reaches} m or more, {free} m are free"),
            ),
            Refusal::Crown { reaches, free } => pick(
                format!("houppier de {reaches}\u{a0}m ou plus, pour {free}\u{a0}m disponibles"),
                format!("its crown grows to {reaches} m or more, {free} m are free"),
            ),
            Refusal::Soil(soil) => pick(
                format!("sol\u{202f}: {}", soil.name(Language::French)),
                format!("soil: {}", soil.name(Language::English)),
            ),
            Refusal::Water(water) => pick(
                format!("eau\u{202f}: {}", water.name(Language::French)),
                format!("water: {}", water.name(Language::English)),
            ),
            Refusal::Light { from, to } => pick(
                format!("lumière\u{202f}: demande {from} à {to} sur 4"),
                format!("light: needs {from} to {to} of 4"),
            ),
            Refusal::Allergen(level) => pick(
                format!("potentiel allergisant {}", level.name(Language::French)),
                format!("{} allergenic potential", level.name(Language::English)),
            ),
            Refusal::Invasive(level) => pick(
                format!("potentiel invasif {}", level.name(Language::French)),
                format!("{} invasive potential", level.name(Language::English)),
            ),
        }
    }
}

/// A species that does not suit.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Refused {
    /// Its position in the catalogue.
    pub species: usize,
    /// All the reasons.
    pub reasons: Vec<Refusal>,
}

/// The species of a catalogue, sorted for a site.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct SpeciesChoice {
    /// Those that suit, the highest score first; in the order of the catalogue among equals.
    pub suitable: Vec<Candidate>,
    /// Those that do not, in the order of the catalogue.
    pub refused: Vec<Refused>,
}

/// Constraints of streets that no catalogue of this form says anything about: nobody checked them.
pub const UNCHECKED_CONSTRAINTS: [&str; 3] = ["salt", "fruit and litter", "roots and volume of soil"];

/// Which species of a catalogue suit a site, in the order of a score that is open to its parts.
///
/// Constraints refuse: use, free height and crown width, soil, water, light, allergenic and invasive potential, each with its reason. What is left is ranked
/// by a weighted mean of contributions from 0 to 1: adaptation to the climate to come, canopy, biodiversity, allergens, space, availability, confidence, and
/// diversity. The last is what is left of the closest of Santamour's limits once the trees are planted, so that species of common genera and families come
/// last and the choice lowers what breaks the rule.
///
/// # Missing criteria
///
/// A criterion that the catalogue does not know for a species refuses nothing; it is named in [`Candidate::unchecked`]. In the score it has no part: the
/// completeness is the weight of what is known, and the bounds let it be the worst or the best. [`UNCHECKED_CONSTRAINTS`] are in no catalogue of this form.
///
/// # Interpretation
///
/// A list to talk about, not a decision: the criteria are classes given by experts, and weights are opinions. Set your own and see what changes.
///
/// # Example
///
/// ```
/// use datagora_core::{Language, Metres};
/// use datagora_indicators::greening::{
///     CatalogueSpecies, ChoiceWeights, Occupant, PlantingSite, Range, SiteWater, WaterNeed, choose_species,
/// };
///
/// let species = |name, height, water| {
///     let taxon = Occupant::parse(name).tree().cloned().unwrap();
///     CatalogueSpecies::new(taxon).with_height(height).with_water(water)
/// };
/// let catalogue = [
///     species("Fagus sylvatica", Range::at_least(20.0), WaterNeed::Moist),
///     species("Cercis siliquastrum", Range::between(8.0, 15.0), WaterNeed::Dry),
/// ];
/// let site = PlantingSite::default().with_height(Metres(12.0)).with_water(SiteWater::VeryDry);
/// let choice = choose_species(&catalogue, &site, None, &ChoiceWeights::default());
/// assert_eq!(choice.suitable[0].species, 1);
/// let reasons: Vec<String> = choice.refused[0].reasons.iter().map(|reason| reason.text(Language::English)).collect();
/// assert_eq!(reasons, ["grows to 20 m or more, 12 m are free", "water: needs fresh to moist soil"]);
/// ```
///
/// # References
///
/// Criteria and classes: Métropole de Lyon and Erasme, *Outil de sélection des essences* (catalogue under CC BY-SA 4.0, read at run time). Santamour, F. S.
/// (1990), Proc. 7th METRIA Conference, 57–65.
pub fn choose_species(
    catalogue: &[CatalogueSpecies],
    site: &PlantingSite,
    planted: Option<(&Trees, u64)>,
    weights: &ChoiceWeights,
) -> SpeciesChoice {
    let population = planted.map(|(trees, more)| Population::new(trees, more));
    let mut choice = SpeciesChoice { suitable: Vec::new(), refused: Vec::new() };
    for (at, species) in catalogue.iter().enumerate() {
        let (reasons, unchecked) = check(species, site);
        if reasons.is_empty() {
            choice.suitable.push(Candidate::new(at, species, site, population.as_ref(), weights, unchecked));
        } else {
            choice.refused.push(Refused { species: at, reasons });
        }
    }
    let score = |candidate: &Candidate| candidate.score.value().unwrap_or(f64::NEG_INFINITY);
    choice.suitable.sort_by(|a, b| score(b).total_cmp(&score(a)));
    choice
}

/// Reasons to refuse, and criteria that the site asks for and the species lacks.
fn check(species: &CatalogueSpecies, site: &PlantingSite) -> (Vec<Refusal>, Vec<Criterion>) {
    let mut reasons = Vec::new();
    let mut unchecked = Vec::new();
    if let Some(planting) = site.planting_use {
        match species.suits(planting) {
            Some(true) => {}
            Some(false) => reasons.push(Refusal::Use(planting)),
            None => unchecked.push(Criterion::Use),
        }
    }
    let mut space = |free: Option<Metres>,
                     range: Option<Range>,
                     criterion,
                     refusal: fn(f64, f64) -> Refusal| match (free, range) {
        (Some(Metres(free)), Some(range)) if range.from >= free => reasons.push(refusal(range.from, free)),
        (Some(_), None) => unchecked.push(criterion),
        _ => {}
    };
    space(site.height, species.height, Criterion::Height, |reaches, free| Refusal::Height { reaches, free });
    space(site.crown, species.crown, Criterion::Crown, |reaches, free| Refusal::Crown { reaches, free });
    match (site.soil, species.soil) {
        (Some(soil), Some(tolerance)) if !tolerance.bears(soil) => reasons.push(Refusal::Soil(tolerance)),
        (Some(_), None) => unchecked.push(Criterion::Soil),
        _ => {}
    }
    match (site.water, species.water) {
        (Some(water), Some(need)) if !need.bears(water) => reasons.push(Refusal::Water(need)),
        (Some(_), None) => unchecked.push(Criterion::Water),
        _ => {}
    }
    match (site.light, species.light) {
        (Some(light), Some((from, to))) if !(from..=to).contains(&light) => {
            reasons.push(Refusal::Light { from, to })
        }
        (Some(_), None) => unchecked.push(Criterion::Light),
        _ => {}
    }
    match (site.allergen, species.allergen) {
        (Some(most), Some(level)) if level > most => reasons.push(Refusal::Allergen(level)),
        (Some(_), None) => unchecked.push(Criterion::Allergen),
        _ => {}
    }
    match (site.invasive, species.invasive) {
        (Some(most), Some(level)) if level > most => reasons.push(Refusal::Invasive(level)),
        (Some(_), None) => unchecked.push(Criterion::Invasive),
        _ => {}
    }
    (reasons, unchecked)
}

#[cfg(test)]
mod tests;
