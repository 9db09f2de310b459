//! How well a species suits, and from which parts that comes.
use std::collections::HashMap;

use datagora_core::{Interval, Language, Measured, Metres, Suppression, Unit};

use super::super::santamour::SantamourRule;
use super::super::taxon::{Taxon, TaxonRank};
use super::super::trees::Trees;
use super::PlantingSite;
use super::catalogue::{CatalogueSpecies, Level, Range};

/// What a species is judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Criterion {
    /// Kind of planting.
    Use,
    /// Free height.
    Height,
    /// Free width.
    Crown,
    /// Soil.
    Soil,
    /// Water.
    Water,
    /// Light.
    Light,
    /// Allergens.
    Allergen,
    /// Invasive potential.
    Invasive,
    /// Adaptation to the climate to come.
    Adaptation,
    /// Shade.
    Canopy,
    /// Biodiversity.
    Biodiversity,
    /// Whether it fits into the space for certain.
    Space,
    /// Nurseries.
    Availability,
    /// What experts know of it.
    Confidence,
    /// Diversity of the trees that are there.
    Diversity,
}

impl Criterion {
    /// Its name.
    pub const fn name(self, language: Language) -> &'static str {
        match self {
            Criterion::Use => language.pick("usage", "use"),
            Criterion::Height => language.pick("hauteur", "height"),
            Criterion::Crown => language.pick("houppier", "crown"),
            Criterion::Soil => language.pick("sol", "soil"),
            Criterion::Water => language.pick("eau", "water"),
            Criterion::Light => language.pick("lumière", "light"),
            Criterion::Allergen => language.pick("allergènes", "allergens"),
            Criterion::Invasive => language.pick("potentiel invasif", "invasive potential"),
            Criterion::Adaptation => language.pick("adaptation au climat", "adaptation to the climate"),
            Criterion::Canopy => language.pick("ombrage", "shade"),
            Criterion::Biodiversity => language.pick("biodiversité", "biodiversity"),
            Criterion::Space => language.pick("place", "space"),
            Criterion::Availability => language.pick("disponibilité en pépinière", "availability"),
            Criterion::Confidence => language.pick("confiance", "confidence"),
            Criterion::Diversity => language.pick("diversité", "diversity"),
        }
    }
}

/// How much each part of the score counts; negative weights count as none.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct ChoiceWeights {
    /// Adaptation to the climate to come.
    pub adaptation: f64,
    /// Shade.
    pub canopy: f64,
    /// Biodiversity.
    pub biodiversity: f64,
    /// Few allergens.
    pub allergen: f64,
    /// Room to spare.
    pub space: f64,
    /// Availability in nurseries.
    pub availability: f64,
    /// What experts know.
    pub confidence: f64,
    /// Distance to the limits of Santamour's rule.
    pub diversity: f64,
    /// The rule.
    pub rule: SantamourRule,
}

impl Default for ChoiceWeights {
    /// Diversity 3, adaptation and shade 2, all others 1; 10-20-30. Our choice: the catalogue names no weights.
    fn default() -> Self {
        Self {
            adaptation: 2.0,
            canopy: 2.0,
            biodiversity: 1.0,
            allergen: 1.0,
            space: 1.0,
            availability: 1.0,
            confidence: 1.0,
            diversity: 3.0,
            rule: SantamourRule::TEN_TWENTY_THIRTY,
        }
    }
}

/// One part of a score.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct CriterionScore {
    /// What it judges.
    pub criterion: Criterion,
    /// How much it counts.
    pub weight: f64,
    /// From 0, worst, to 1, best; `None` if it is not known.
    pub value: Option<f64>,
}

/// A species that suits.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Candidate {
    /// Its position in the catalogue.
    pub species: usize,
    /// Weighted mean of the contributions that are known, 0 to 1, between what the unknown ones could make of it; its completeness is the share of
    /// the weight that is known.
    pub score: Measured,
    /// The parts.
    pub contributions: Vec<CriterionScore>,
    /// Constraints of the site that could not be checked.
    pub unchecked: Vec<Criterion>,
}

impl Candidate {
    pub(super) fn new(
        at: usize,
        species: &CatalogueSpecies,
        site: &PlantingSite,
        population: Option<&Population>,
        weights: &ChoiceWeights,
        unchecked: Vec<Criterion>,
    ) -> Self {
        let level = |level: Option<Level>| level.map(|level| f64::from(level as u8) / 2.0);
        let space =
            [(site.height, species.height), (site.crown, species.crown)].map(|(free, size)| fit(free, size));
        let contribution = |criterion, weight: f64, value: Option<f64>| {
            let value = value.filter(|value| !value.is_nan()).map(|value| value.clamp(0.0, 1.0));
            CriterionScore { criterion, weight: weight.max(0.0), value }
        };
        let mut contributions = vec![
            contribution(
                Criterion::Adaptation,
                weights.adaptation,
                species.adaptation.map(|index| index / 5.0),
            ),
            contribution(Criterion::Canopy, weights.canopy, level(species.canopy)),
            contribution(Criterion::Biodiversity, weights.biodiversity, level(species.biodiversity)),
            contribution(
                Criterion::Allergen,
                weights.allergen,
                level(species.allergen).map(|level| 1.0 - level),
            ),
            contribution(
                Criterion::Availability,
                weights.availability,
                species.availability.map(|class| (4.0 - f64::from(class)) / 3.0),
            ),
            contribution(
                Criterion::Confidence,
                weights.confidence,
                species.confidence.map(|index| f64::from(index) / 5.0),
            ),
        ];
        if site.height.is_some() || site.crown.is_some() {
            let [height, crown] = space;
            contributions.push(contribution(
                Criterion::Space,
                weights.space,
                height.zip(crown).map(|(a, b)| a.min(b)),
            ));
        }
        if let Some(population) = population {
            let left = population.left(&species.taxon, weights.rule);
            contributions.push(contribution(Criterion::Diversity, weights.diversity, left));
        }
        Self { species: at, score: mean(&contributions), contributions, unchecked }
    }

    /// What a person may read: the parts from the one that counts most, and what is not known.
    pub fn explanation(&self, language: Language) -> String {
        let mut known: Vec<(Criterion, f64, f64)> = self
            .contributions
            .iter()
            .filter_map(|part| Some((part.criterion, part.weight * part.value?, part.value?)))
            .collect();
        known.sort_by(|a, b| b.1.total_cmp(&a.1));
        let mut text = known
            .iter()
            .map(|(criterion, _, value)| format!("{} {:.0}/100", criterion.name(language), 100.0 * value))
            .collect::<Vec<_>>()
            .join(", ");
        let parts = self.contributions.iter().filter(|part| part.value.is_none()).map(|part| part.criterion);
        let unknown: Vec<&str> =
            self.unchecked.iter().copied().chain(parts).map(|criterion| criterion.name(language)).collect();
        if !unknown.is_empty() {
            text += language.pick("\u{202f}; inconnu\u{202f}: ", "; unknown: ");
            text += &unknown.join(", ");
        }
        text
    }
}

/// 1 if a size fits for certain or nothing limits it, one half if it may; `None` if it is not known.
fn fit(free: Option<Metres>, size: Option<Range>) -> Option<f64> {
    let Some(Metres(free)) = free else { return Some(1.0) };
    let most = size?.to;
    Some(if most.is_some_and(|most| most <= free) { 1.0 } else { 0.5 })
}

fn mean(contributions: &[CriterionScore]) -> Measured {
    let total: f64 = contributions.iter().map(|part| part.weight).sum();
    let (mut known, mut sum) = (0.0, 0.0);
    for part in contributions {
        if let Some(value) = part.value {
            known += part.weight;
            sum += part.weight * value;
        }
    }
    if !(known > 0.0 && total.is_finite()) {
        let reason = "no criterion with a weight is known".to_owned();
        return Measured::suppressed(Unit::ONE, Suppression::Undefined { reason }).with_completeness(0.0);
    }
    let (share, lower) = ((known / total).min(1.0), sum / total);
    let upper = lower + (1.0 - share);
    Measured::new((sum / known).clamp(lower, upper), Unit::ONE)
        .with_interval(Interval { lower, upper, level: None })
        .with_completeness(share)
}

/// The trees that are there, by name at each rank.
pub(super) struct Population<'a> {
    counts: [HashMap<&'a str, u64>; 3],
    trees: u64,
    more: u64,
}

const RANKS: [TaxonRank; 3] = [TaxonRank::Species, TaxonRank::Genus, TaxonRank::Family];

impl<'a> Population<'a> {
    pub(super) fn new(trees: &'a Trees, more: u64) -> Self {
        let counts = RANKS.map(|rank| trees.counts(rank).into_iter().collect());
        Self { counts, trees: trees.len() as u64, more }
    }

    /// What is left of the closest limit of the rule after planting, from 0 to 1; `None` for an unidentified species or nothing planted.
    fn left(&self, taxon: &Taxon, rule: SantamourRule) -> Option<f64> {
        let all = self.trees.saturating_add(self.more);
        if all == 0 {
            return None;
        }
        let limits = [rule.species, rule.genus, rule.family];
        RANKS
            .iter()
            .zip(&self.counts)
            .zip(limits)
            .filter_map(|((rank, counts), limit)| {
                let name = taxon.name_at(*rank)?;
                let count = counts.get(name).copied().unwrap_or(0).saturating_add(self.more);
                Some((1.0 - 100.0 * count as f64 / all as f64 / limit).max(0.0))
            })
            .reduce(f64::min)
    }
}
