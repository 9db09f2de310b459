//! 6,791 industrial establishments of the departments 42 and 69.
use std::collections::{BTreeMap, BTreeSet};

use datagora_core::disclosure::SecrecyRule;
use datagora_indicators::economy::{
    EstablishmentTable, StaffBracket, jobs, location_quotient_bounds, location_quotients,
    location_quotients_of_counts,
};

use crate::{close, column, numbers, table};

#[test]
fn brackets_give_bounds_not_midpoints() {
    let Some(file) = table("lyon_economy/sirene_industrie_69_42.csv") else { return };
    assert_eq!(file.len(), 6_791);
    let staff: Vec<Option<StaffBracket>> = column(&file, "trancheEffectifsEtablissement")
        .iter()
        .map(|code| Some(StaffBracket::parse(code).unwrap()))
        .collect();
    assert_eq!(staff.iter().collect::<BTreeSet<_>>().len(), 13);
    let found = jobs(&staff);
    let bounds = found.interval().unwrap();
    assert_eq!((bounds.lower, bounds.upper, found.value()), (105_954.0, 209_048.0, None));
    // The column of false midpoints says 159,931; each of them lies in the bracket it stands for.
    let midpoints = numbers(&file, "trancheEffectifsEtablissementValeur");
    for (staff, midpoint) in staff.iter().zip(midpoints) {
        assert_eq!(*staff, Some(StaffBracket::containing(midpoint as u32)));
    }
}

#[test]
fn quotients_of_communes() {
    let Some(file) = table("lyon_economy/sirene_industrie_69_42.csv") else { return };
    let (codes, groups) = (column(&file, "codeCommuneEtablissement"), column(&file, "Groupe"));
    let index = |cells: &[&str]| -> BTreeMap<String, usize> {
        let names: BTreeSet<&str> = cells.iter().copied().collect();
        names.into_iter().enumerate().map(|(at, name)| (name.to_owned(), at)).collect()
    };
    let (communes, sectors) = (index(&codes), index(&groups));
    assert_eq!((communes.len(), sectors.len()), (462, 15));
    let mut counts = vec![0; communes.len() * sectors.len()];
    let (mut lower, mut upper, mut middle) =
        (vec![0.0; counts.len()], vec![0.0; counts.len()], vec![0.0; counts.len()]);
    let midpoints = numbers(&file, "trancheEffectifsEtablissementValeur");
    for (((code, group), staff), midpoint) in
        codes.iter().zip(&groups).zip(column(&file, "trancheEffectifsEtablissement")).zip(midpoints)
    {
        let cell = communes[*code] * sectors.len() + sectors[*group];
        let (low, high) = StaffBracket::parse(staff).unwrap().bounds();
        counts[cell] += 1;
        middle[cell] += midpoint;
        lower[cell] += f64::from(low);
        upper[cell] += high.map_or(f64::INFINITY, f64::from);
    }
    let transport = sectors.iter().find(|(name, _)| name.contains("transport")).map(|(_, at)| *at).unwrap();
    let cell = communes["69259"] * sectors.len() + transport; // Vénissieux: 7 of 128, of 150 in 6,791
    let found = location_quotients_of_counts(&counts, sectors.len(), 0.95).unwrap();
    close(found[cell].value().unwrap(), 2.475_885_416_666_667, 1e-12);
    let interval = found[cell].interval().unwrap();
    assert!(interval.lower < 1.0 + 0.05 && interval.upper > 4.0, "{interval:?}");
    // Of jobs, hardly anything is certain: the brackets leave room from a third to three times the share of the whole. The
    // false midpoints of the file give one number somewhere within, for every commune and sector.
    let bounds = location_quotient_bounds(&lower, &upper, sectors.len()).unwrap();
    let venissieux = bounds[cell].interval().unwrap();
    assert!(venissieux.lower < 0.5 && venissieux.upper > 3.0, "{venissieux:?}");
    let midpoints = location_quotients(&middle, sectors.len()).unwrap();
    let mut compared = 0;
    for (bounds, middle) in bounds.iter().zip(&midpoints) {
        if let Some(middle) = middle.value() {
            let bounds = bounds.interval().unwrap();
            assert!(bounds.lower <= middle + 1e-9 && middle <= bounds.upper + 1e-9);
            compared += 1;
        }
    }
    assert!(compared > 6_000, "{compared}");
}

#[test]
fn jobs_by_commune_and_sector_keep_the_secret() {
    let Some(file) = table("lyon_economy/sirene_industrie_69_42.csv") else { return };
    let people = table("lyon_admin/metropole_lyon_communes_population.csv").unwrap();
    let communes = column(&people, "code_insee");
    let groups = column(&file, "Groupe");
    let sectors: Vec<&str> = groups.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let index = |names: &[&str], name: &str| names.iter().position(|n| *n == name).map(|at| at as u32);
    let zone: Vec<_> =
        column(&file, "codeCommuneEtablissement").iter().map(|c| index(&communes, c)).collect();
    let sector: Vec<_> = groups.iter().map(|group| index(&sectors, group)).collect();
    let staff: Vec<_> = column(&file, "trancheEffectifsEtablissement")
        .iter()
        .map(|code| Some(StaffBracket::parse(code).unwrap()))
        .collect();
    let found = EstablishmentTable::new(
        &zone,
        &sector,
        &staff,
        communes.len(),
        sectors.len(),
        &SecrecyRule::default(),
    )
    .unwrap();
    // 2,692 lie in the Métropole; the others are unmatched, not lost.
    assert_eq!(found.establishments(None, None).value(), Some(2_692.0));
    assert_eq!(found.unmatched(), 6_791 - 2_692);
    let venissieux = index(&communes, "69259").map(|at| at as usize);
    assert_eq!(found.establishments(venissieux, None).value(), Some(128.0));
    assert!(found.jobs(venissieux, None).interval().is_some_and(|bounds| bounds.lower < bounds.upper));
    let (primary, secondary) = (found.protected().primary(), found.protected().secondary());
    assert!(primary > 100 && secondary > 0, "{primary} {secondary}");
    assert!(found.protected().audit().iter().all(|cell| !cell.is_recoverable()));
    let quotients = found.job_quotients().unwrap();
    let told = quotients.iter().filter(|quotient| quotient.suppression().is_none()).count();
    assert!(told > 50 && told < quotients.len() - primary / 2, "{told} of {}", quotients.len());
}
