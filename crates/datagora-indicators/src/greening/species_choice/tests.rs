use datagora_core::Language;
use proptest::prelude::*;

use super::*;
use crate::greening::{Occupant, PlausibleTree, SantamourRule, TaxonRank, TreeColumns};

fn species(name: &str) -> CatalogueSpecies {
    CatalogueSpecies::new(Occupant::parse(name).tree().unwrap().clone())
}

fn population(names: &[&str]) -> Trees {
    let names: Vec<Occupant> = names.iter().map(|name| Occupant::parse(name)).collect();
    Trees::new(&TreeColumns::new(&names), &PlausibleTree::default()).unwrap().0
}

#[test]
fn every_constraint_refuses_and_says_why() {
    let site = PlantingSite::default()
        .with_use(PlantingUse::StreetRow)
        .with_height(Metres(8.0))
        .with_crown(Metres(5.0))
        .with_soil(SiteSoil::Calcareous)
        .with_water(SiteWater::VeryDry)
        .with_light(4)
        .with_allergen(Level::Low)
        .with_invasive(Level::Moderate);
    let mut beech = species("Fagus sylvatica");
    let unknown = choose_species(std::slice::from_ref(&beech), &site, None, &ChoiceWeights::default());
    assert_eq!((unknown.suitable.len(), unknown.suitable[0].unchecked.len()), (1, 8));
    assert_eq!(unknown.suitable[0].score.value(), None);

    beech.uses[PlantingUse::StreetRow as usize] = Some(false);
    beech.height = Some(Range::at_least(20.0));
    beech.crown = Some(Range::between(8.0, 12.0));
    beech.soil = Some(SoilTolerance::Acid);
    beech.water = Some(WaterNeed::Moist);
    beech.light = Some((1, 3));
    beech.allergen = Some(Level::Moderate);
    beech.invasive = Some(Level::High);
    let choice = choose_species(&[beech], &site, None, &ChoiceWeights::default());
    assert_eq!((choice.suitable.len(), choice.refused[0].reasons.len()), (0, 8));
    for reason in &choice.refused[0].reasons {
        assert!(reason.text(Language::French).len() > 5 && reason.text(Language::English).len() > 5);
    }
}

#[test]
fn common_genera_come_last() {
    let trees =
        population(&["Platanus acerifolia", "Platanus acerifolia", "Tilia cordata", "Acer campestre"]);
    let catalogue = ["Platanus orientalis", "Celtis australis"]
        .map(|name| CatalogueSpecies { adaptation: Some(4.0), ..species(name) });
    let relaxed = ChoiceWeights {
        rule: SantamourRule { species: 40.0, genus: 50.0, family: 60.0 },
        ..ChoiceWeights::default()
    };
    let choice = choose_species(&catalogue, &PlantingSite::default(), Some((&trees, 1)), &relaxed);
    assert_eq!(choice.suitable[0].species, 1);
    // One hackberry among five trees is half of the 40 % for a species; three planes are more than 50 % of one genus.
    let diversity = |at: usize| choice.suitable[at].contributions.last().unwrap().value.unwrap();
    assert!((diversity(0) - 0.5).abs() < 1e-12 && diversity(1) == 0.0);
    assert!(
        choice.suitable[0]
            .explanation(Language::English)
            .starts_with("adaptation to the climate 80/100, diversity 50/100; unknown: ")
    );
}

proptest! {
    #[test]
    fn scores_lie_within_their_bounds_and_nobody_is_lost(
        rows in proptest::collection::vec(
            (prop::option::of(0.0..6.0_f64), prop::option::of(0..3_usize), prop::option::of(any::<u8>()), prop::option::of(0.0..30.0_f64)), 0..12
        ),
        height in prop::option::of(any::<f64>()), weight in any::<f64>(), more in any::<u64>(),
    ) {
        let levels = [Level::Low, Level::Moderate, Level::High];
        let catalogue: Vec<CatalogueSpecies> = rows
            .iter()
            .map(|&(adaptation, level, class, size)| CatalogueSpecies {
                adaptation,
                canopy: level.map(|level| levels[level]),
                availability: class,
                confidence: class,
                height: size.map(Range::at_least),
                ..species("Celtis australis")
            })
            .collect();
        let site = height.map_or(PlantingSite::default(), |height| PlantingSite::default().with_height(Metres(height)));
        let weights = ChoiceWeights { canopy: weight, ..ChoiceWeights::default() };
        let trees = population(&["Celtis australis", "Acer"]);
        let choice = choose_species(&catalogue, &site, Some((&trees, more)), &weights);
        prop_assert_eq!(choice.suitable.len() + choice.refused.len(), catalogue.len());
        for candidate in &choice.suitable {
            prop_assert!(candidate.score.clone().check().is_ok());
            if let (Some(value), Some(bounds)) = (candidate.score.value(), candidate.score.interval()) {
                prop_assert!(bounds.lower <= value && value <= bounds.upper && bounds.upper <= 1.0 + 1e-9);
            }
        }
        let scores: Vec<f64> = choice.suitable.iter().filter_map(|candidate| candidate.score.value()).collect();
        prop_assert!(scores.windows(2).all(|pair| pair[0] >= pair[1]));
    }

    /// More trees of its genus never make a species a better choice.
    #[test]
    fn planting_what_is_common_scores_less(others in 1..40_usize, own in 0..40_usize) {
        let names = |own: usize| -> Vec<&str> {
            std::iter::repeat_n("Acer campestre", others).chain(std::iter::repeat_n("Celtis australis", own)).collect()
        };
        let catalogue = [species("Celtis australis")];
        let score = |own| {
            let trees = population(&names(own));
            assert_eq!(trees.names(TaxonRank::Species).len(), others + own);
            let choice = choose_species(&catalogue, &PlantingSite::default(), Some((&trees, 0)), &ChoiceWeights::default());
            choice.suitable[0].score.value().unwrap()
        };
        prop_assert!(score(own + 1) <= score(own));
    }
}
