//! Street trees by commune, noise and heat-relevant people by IRIS.
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use datagora_core::Unit;
use datagora_indicators::greening::{
    AgeClass, CarbonOptions, FRENCH_ROAD_LDEN_LIMIT, IdealAges, Occupant, Planted, PlausibleTree,
    SantamourRule, Taxon, TaxonRank, TreeColumns, Trees, WHO_ROAD_LDEN, age_structure, exposed_share,
    family_of, trees_per_hectare, trees_per_thousand_inhabitants,
};
use datagora_indicators::{ZoneCounts, weighted_mean_by_zone};

use crate::{close, column, data, numbers, table};

#[test]
fn trees_by_commune() {
    let Some(trees) = table("golden/geo/lyon_trees_per_commune_reference.csv") else { return };
    let people = table("lyon_admin/metropole_lyon_communes_population.csv").unwrap();
    let population: BTreeMap<&str, f64> =
        column(&people, "code_insee").into_iter().zip(numbers(&people, "population_municipale")).collect();
    let codes = column(&trees, "insee");
    let counts: Vec<u64> = numbers(&trees, "trees").iter().map(|count| *count as u64).collect();
    let inside: u64 = counts.iter().sum();
    assert_eq!((codes.len(), inside), (66, 94_382));
    let counts = ZoneCounts::from_counts(counts, 94_435 - inside);
    let areas = numbers(&trees, "area_m2");
    let inhabitants: Vec<f64> = codes.iter().map(|code| population[code]).collect();
    let (by_land, by_people) = (
        trees_per_hectare(&counts, &areas).unwrap(),
        trees_per_thousand_inhabitants(&counts, &inhabitants).unwrap(),
    );
    for (land, golden) in by_land.iter().zip(numbers(&trees, "trees_per_km2")) {
        // Reference (GDAL 3): four decimals of trees per km², a hundred of our unit; and areas rounded to 0.1 m².
        close(land.value().unwrap() * 100.0, golden, 1e-3);
        close(land.completeness(), 94_382.0 / 94_435.0, 1e-12);
    }
    let lyon_3 = codes.iter().position(|code| *code == "69383").unwrap();
    close(by_people[lyon_3].value().unwrap(), 44.656_780_460_672_04, 1e-9);
}

#[test]
fn noise_and_vegetation_of_the_iris() {
    let Some(iris) = table("lyon_admin/LyonIris_social_env.csv") else { return };
    let lden = numbers(&iris, "Lden");
    assert_eq!(lden.len(), 506);
    // The file has no population: IRIS are drawn for about 2,000 inhabitants, so each counts the same here.
    let (ones, zones) = (vec![1.0; 506], vec![Some(0); 506]);
    let share = |limit| exposed_share(&lden, &ones, &zones, 1, limit).unwrap().remove(0);
    let (loud, who) = (share(FRENCH_ROAD_LDEN_LIMIT), share(WHO_ROAD_LDEN));
    let above = lden.iter().filter(|level| **level >= 68.0).count();
    close(loud.value().unwrap(), 100.0 * above as f64 / 506.0, 1e-9);
    assert!(who.value().unwrap() > loud.value().unwrap() && who.completeness() == 1.0);

    // Vegetation by commune from its IRIS lies between the extremes of its IRIS.
    let codes = column(&iris, "INSEE_COM");
    let communes: Vec<&str> =
        codes.iter().copied().collect::<std::collections::BTreeSet<_>>().into_iter().collect();
    let zones: Vec<Option<u32>> =
        codes.iter().map(|code| communes.binary_search(code).ok().map(|at| at as u32)).collect();
    let trees = numbers(&iris, "VegHautPrt");
    let means = weighted_mean_by_zone(&trees, &ones, &zones, communes.len(), &Unit::PERCENT).unwrap();
    for (zone, mean) in means.iter().enumerate() {
        let own = || trees.iter().zip(&zones).filter(|(_, z)| **z == Some(zone as u32)).map(|(t, _)| *t);
        let (low, high) = (own().fold(f64::INFINITY, f64::min), own().fold(0.0, f64::max));
        assert!(low - 1e-9 <= mean.value().unwrap() && mean.value().unwrap() <= high + 1e-9);
        assert_eq!(mean.observations() as usize, own().count());
    }
}

/// Genera that the table of families lacks are misspelt in the list; no other may be missing.
#[test]
fn every_genus_of_the_metropolis_has_a_family() {
    let Some(path) = data("lyon_green/liste_genre_metro.csv") else { return };
    let text = std::fs::read_to_string(path).unwrap();
    let genera: Vec<&str> =
        text.lines().skip(1).map(|line| line.split('\t').next().unwrap().trim()).collect();
    assert_eq!(genera.len(), 320);
    let missing: Vec<&str> = genera.into_iter().filter(|genus| family_of(genus).is_none()).collect();
    assert_eq!(missing, ["Cryptomera", "Sciadopitus"]);
}

/// The table of trees of Grenoble.
#[derive(Default)]
struct Grenoble {
    occupants: Vec<Occupant>,
    planted: Vec<Option<Planted>>,
    age_classes: Vec<Option<AgeClass>>,
}

fn grenoble(path: &Path) -> Grenoble {
    let file =
        rusqlite::Connection::open_with_flags(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let columns = "genre_bota, espece, variete, stadededeveloppement, anneedeplantation";
    let mut query = file.prepare(&format!("select {columns} from arbres")).unwrap();
    let text = |row: &rusqlite::Row<'_>, at| row.get::<_, Option<String>>(at).map(Option::unwrap_or_default);
    let mut found = Grenoble::default();
    let mut rows = query.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let [genus, species, variety, stage] = [0, 1, 2, 3].map(|at| text(row, at).unwrap());
        found.occupants.push(Occupant::from_columns(&genus, &species, &variety));
        found.age_classes.push(AgeClass::parse(&stage));
        found.planted.push(row.get::<_, Option<i32>>(4).unwrap().map(Planted::Year));
    }
    found
}

/// The trees of Grenoble against Python 3 (counts of the first word of the species, accents removed, without the dead “chandelle”)
/// and R 4.2.2 with vegan 2.6-4 (diversity of these counts).
#[test]
fn trees_of_grenoble() {
    let Some(path) = data("lyon_green/grenoble_arbres.sqlite") else { return };
    let Grenoble { occupants, planted, age_classes } = grenoble(&path);
    let columns = TreeColumns::new(&occupants).with_planted(&planted).with_age_classes(&age_classes);
    let (trees, problems) = Trees::new(&columns, &PlausibleTree::default()).unwrap();
    assert_eq!((occupants.len(), trees.len()), (30_913, 30_913));

    // Genera that the table of families lacks are misspelt, or French; each is told with what it may be.
    let strangers: BTreeSet<&str> =
        trees.taxa().filter(|taxon| taxon.family().is_none()).filter_map(Taxon::genus).collect();
    let expected = ["Cladastris", "Eleagnus", "Nerprun", "Poncinos", "Sambuccus"];
    assert_eq!(strangers.into_iter().collect::<Vec<_>>(), expected);
    let told: Vec<String> = problems.problems().map(ToString::to_string).collect();
    assert!(
        told.iter().any(|problem| problem.contains("Eleagnus") && problem.ends_with("perhaps Elaeagnus"))
    );
    assert!(trees.taxa().all(|taxon| taxon.unread().is_none()));

    let by_species = trees.diversity(TaxonRank::Species);
    assert_eq!((by_species.richness().value(), by_species.individuals()), (Some(317.0), 27_006));
    close(by_species.richness().completeness(), 27_006.0 / 30_913.0, 1e-12);
    close(by_species.shannon().value().unwrap(), 4.033_984_562_184_433, 1e-9);
    close(by_species.hill(2.0).value().unwrap(), 22.882_939_346_427_31, 1e-9);
    close(by_species.chao1().value().unwrap(), 385.44, 1e-9);
    for (n, kinds, error) in [
        (100, 45.973_227_290_879_53, 3.687_823_228_351_086),
        (1_000, 131.802_504_015_250_1, 5.667_445_352_175_017),
        (10_000, 259.728_774_692_299_17, 5.288_330_451_967_049),
    ] {
        // vegan takes differences of logarithms of factorials of 27,006, which leave seven digits.
        close(by_species.rarefied(n).value().unwrap(), kinds, 1e-7);
        close(by_species.rarefied_error(n).unwrap(), error, 1e-6);
    }
    close(trees.diversity(TaxonRank::Genus).shannon().value().unwrap(), 3.225_378_045_040_527, 1e-9);

    assert_eq!(trees.counts(TaxonRank::Genus)[..3], [("Acer", 5_174), ("Platanus", 4_609), ("Pinus", 2_119)]);
    let found = trees.santamour(SantamourRule::default());
    assert_eq!(found.species.name.as_deref(), Some("Platanus acerifolia"));
    close(found.species.share.value().unwrap(), 100.0 * 4_439.0 / 30_913.0, 1e-9);
    close(found.genus.share.value().unwrap(), 100.0 * 5_174.0 / 30_913.0, 1e-9);
    assert_eq!((found.species.keeps, found.genus.keeps), (Some(false), Some(true)));
    assert_eq!(trees.santamour(SantamourRule::FIVE_TEN_TWENTY).genus.keeps, Some(false));
    // The misspelt and French genera are unidentified as families.
    assert_eq!(found.family.name.as_deref(), Some("Sapindaceae"));
    assert!(found.family.share.completeness() < found.genus.share.completeness());

    // 1,104 years are not known; nobody measured a trunk, so there is no carbon.
    let ages = IdealAges::new(&[20.0, 40.0, 60.0], &[40.0, 30.0, 20.0, 10.0]).unwrap();
    let structure = age_structure(&trees.ages(2018), &ages, 0.95).unwrap();
    close(structure.missing.value().unwrap(), 100.0 * 1_104.0 / 30_913.0, 1e-9);
    let old = trees.age_classes().iter().filter(|class| **class == Some(AgeClass::Old)).count();
    assert_eq!((old, trees.age_classes().iter().flatten().count()), (186, 30_913 - 1_547));
    let carbon = trees.carbon(&CarbonOptions::default()).unwrap();
    assert_eq!(carbon.total.to_string(), "unknown");
}

/// A page of the inventory of Lyon against Python 3, standard library, with the equations typed anew.
#[cfg(feature = "io")]
#[test]
fn hundred_trees_of_lyon() {
    use datagora_indicators::greening::io::{TreeSchema, read_trees};
    let Some(path) = data("lyon_green/dash_vegetal.json") else { return };
    let file = read_trees(path, TreeSchema::Lyon, &PlausibleTree::default()).unwrap();
    let trees = &file.trees;
    assert_eq!((file.rows, trees.len(), trees.stumps(), trees.empty_places()), (100, 94, 4, 2));
    assert!(file.next.unwrap().ends_with("start=101&maxfeatures=100"));
    // Four girths of 0 cm are missing, and nothing else is wrong.
    assert_eq!(file.problems.count(), 4);
    assert!(file.problems.problems().all(|problem| problem.to_string().contains("found 0 cm")));
    let known = |column: &[f64]| column.iter().filter(|value| !value.is_nan()).count();
    assert_eq!([trees.heights(), trees.diameters(), trees.crowns()].map(known), [94, 90, 94]);
    assert_eq!(trees.planting_years().iter().flatten().count(), 48);
    assert_eq!(trees.by_commune().0.len(), 33);
    assert_eq!(trees.counts(TaxonRank::Species)[0], ("Platanus acerifolia", 33));
    assert_eq!(trees.diversity(TaxonRank::Species).richness().value(), Some(31.0));
    let structure = age_structure(trees.diameters(), &IdealAges::richards(), 0.95).unwrap();
    assert_eq!(structure.classes.iter().map(|class| class.trees).collect::<Vec<_>>(), [33, 33, 14, 10]);
    let carbon = trees.carbon(&CarbonOptions::default()).unwrap();
    let (total, bounds) = (carbon.total.measured(), carbon.total.measured().interval().unwrap());
    close(total.value().unwrap(), 37.478_823_661_092, 1e-9);
    close(bounds.lower, 15.996_779_711_004, 1e-9);
    close(bounds.upper, 107.510_388_587_596, 1e-9);
    close(total.completeness(), 90.0 / 94.0, 1e-12);
}

/// The catalogue of species for a narrow, dry, calcareous street, against a filter written anew in Python 3.
#[cfg(feature = "io")]
#[test]
fn species_for_a_street_of_lyon() {
    use datagora_core::{Language, Metres};
    use datagora_indicators::greening::io::{TreeSchema, read_species_catalogue, read_trees};
    use datagora_indicators::greening::{
        ChoiceWeights, Criterion, Level, PlantingSite, PlantingUse, Refusal, SiteSoil, SiteWater,
        choose_species,
    };
    let Some(path) = data("lyon_green/erasme_essences_arbres.json") else { return };
    let catalogue = read_species_catalogue(path).unwrap();
    assert_eq!((catalogue.species.len(), catalogue.problems.count()), (352, 0));
    let trees = read_trees(
        data("lyon_green/dash_vegetal.json").unwrap(),
        TreeSchema::Lyon,
        &PlausibleTree::default(),
    );
    let trees = trees.unwrap().trees;
    let site = PlantingSite::default()
        .with_use(PlantingUse::StreetRow)
        .with_height(Metres(12.0))
        .with_crown(Metres(8.0))
        .with_soil(SiteSoil::Calcareous)
        .with_water(SiteWater::VeryDry)
        .with_allergen(Level::Low)
        .with_invasive(Level::Low);
    let choice = choose_species(&catalogue.species, &site, Some((&trees, 5)), &ChoiceWeights::default());
    let name = |at: usize| catalogue.species[at].taxon.species().unwrap();
    let suitable: BTreeSet<&str> = choice.suitable.iter().map(|candidate| name(candidate.species)).collect();
    let expected = ["Celtis bungeana", "Celtis caucasica", "Koelreuteria paniculata", "Morus alba"];
    assert_eq!(suitable.into_iter().collect::<Vec<_>>(), expected);
    let refused = |of: fn(&Refusal) -> bool| {
        choice.refused.iter().filter(|species| species.reasons.iter().any(of)).count()
    };
    assert_eq!(refused(|reason| matches!(reason, Refusal::Use(_))), 176);
    assert_eq!(refused(|reason| matches!(reason, Refusal::Height { .. })), 152);
    assert_eq!(refused(|reason| matches!(reason, Refusal::Crown { .. })), 139);
    assert_eq!(refused(|reason| matches!(reason, Refusal::Soil(_))), 187);
    assert_eq!(refused(|reason| matches!(reason, Refusal::Water(_))), 275);
    assert_eq!(refused(|reason| matches!(reason, Refusal::Allergen(_))), 140);
    assert_eq!(refused(|reason| matches!(reason, Refusal::Invasive(_))), 53);
    // Seven hackberries of 94 trees bring the genus near its limit: both come after the golden rain tree and the mulberry.
    let last: Vec<&str> = choice.suitable[2..].iter().map(|candidate| name(candidate.species)).collect();
    assert!(last.iter().all(|name| name.starts_with("Celtis")), "{last:?}");
    let diversity = |at: usize| {
        let parts = &choice.suitable[at].contributions;
        parts.iter().find(|part| part.criterion == Criterion::Diversity).and_then(|part| part.value).unwrap()
    };
    // Twelve of 99: 12.1 % of the genus, of 20 allowed.
    close(diversity(2), 1.0 - 100.0 * 12.0 / 99.0 / 20.0, 1e-12);
    assert!(choice.suitable[0].explanation(Language::French).contains("/100"));
}
