//! 6,791 industrial establishments of the departments 42 and 69.
use std::collections::{BTreeMap, BTreeSet};

use datagora_indicators::economy::{
    StaffBracket, jobs, location_quotient_bounds, location_quotients, location_quotients_of_counts,
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
