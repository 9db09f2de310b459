//! Street trees by commune, noise and heat-relevant people by IRIS.
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use datagora_core::Unit;
use datagora_indicators::greening::{
    Diversity, FRENCH_ROAD_LDEN_LIMIT, Occupant, SantamourRule, Taxon, TaxonRank, WHO_ROAD_LDEN,
    exposed_share, family_of, santamour, trees_per_hectare, trees_per_thousand_inhabitants,
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

/// Genus, species and variety of the trees of Grenoble.
fn grenoble(path: &Path) -> Vec<[String; 3]> {
    let file =
        rusqlite::Connection::open_with_flags(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut query = file.prepare("select genre_bota, espece, variete from arbres").unwrap();
    let text = |row: &rusqlite::Row<'_>, at| row.get::<_, Option<String>>(at).map(Option::unwrap_or_default);
    let rows = query.query_map([], |row| Ok([text(row, 0)?, text(row, 1)?, text(row, 2)?])).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

/// The trees of Grenoble against Python 3 (counts of the first word of the species, accents removed, without the dead “chandelle”)
/// and R 4.2.2 with vegan 2.6-4 (diversity of these counts).
#[test]
fn trees_of_grenoble() {
    let Some(path) = data("lyon_green/grenoble_arbres.sqlite") else { return };
    let rows = grenoble(&path);
    let occupants: Vec<Occupant> = rows
        .iter()
        .map(|[genus, species, variety]| Occupant::from_columns(genus, species, variety))
        .collect();
    let taxa: Vec<&Taxon> = occupants.iter().filter_map(Occupant::tree).collect();
    assert_eq!((rows.len(), taxa.len()), (30_913, 30_913));
    assert!(taxa.iter().all(|taxon| taxon.unread().is_none()));

    // Genera that the table of families lacks are misspelt, or French.
    let strangers: BTreeSet<&str> =
        taxa.iter().filter(|taxon| taxon.family().is_none()).filter_map(|taxon| taxon.genus()).collect();
    let expected = ["Cladastris", "Eleagnus", "Nerprun", "Poncinos", "Sambuccus"];
    assert_eq!(strangers.into_iter().collect::<Vec<_>>(), expected);

    let names = |rank| -> Vec<Option<&str>> { taxa.iter().map(|taxon| taxon.name_at(rank)).collect() };
    let [species, genera, families] = [TaxonRank::Species, TaxonRank::Genus, TaxonRank::Family].map(names);
    let by_species = Diversity::of_names(species.iter().copied());
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
        close(by_species.rarefied(n).value().unwrap(), kinds, 1e-7);
        close(by_species.rarefied_error(n).unwrap(), error, 1e-6);
    }
    close(
        Diversity::of_names(genera.iter().copied()).shannon().value().unwrap(),
        3.225_378_045_040_527,
        1e-9,
    );

    let found = santamour(&species, &genera, &families, SantamourRule::default()).unwrap();
    assert_eq!(found.species.name.as_deref(), Some("Platanus acerifolia"));
    close(found.species.share.value().unwrap(), 100.0 * 4_439.0 / 30_913.0, 1e-9);
    assert_eq!(found.genus.name.as_deref(), Some("Acer"));
    close(found.genus.share.value().unwrap(), 100.0 * 5_174.0 / 30_913.0, 1e-9);
    assert_eq!((found.species.keeps, found.genus.keeps), (Some(false), Some(true)));
    // The misspelt and French genera are unidentified as families.
    assert_eq!(found.family.name.as_deref(), Some("Sapindaceae"));
    assert!(found.family.share.completeness() < found.genus.share.completeness());
}
