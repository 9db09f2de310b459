//! Street trees by commune, noise and heat-relevant people by IRIS.
use std::collections::BTreeMap;

use datagora_core::Unit;
use datagora_indicators::greening::{
    FRENCH_ROAD_LDEN_LIMIT, WHO_ROAD_LDEN, exposed_share, trees_per_hectare, trees_per_thousand_inhabitants,
};
use datagora_indicators::{ZoneCounts, weighted_mean_by_zone};

use crate::{close, column, numbers, table};

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
