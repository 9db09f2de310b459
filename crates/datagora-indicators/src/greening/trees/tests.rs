use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;

#[test]
fn what_cannot_be_true_is_told_and_missing() {
    let names = ["Tilia", "Tilia", "Tilia", "Emplacement libre", "Tilia", "Tilia"].map(Occupant::parse);
    let date = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).map(Planted::Date);
    let planted = [
        date(1900, 1, 1),
        date(2005, 3, 15),
        Some(Planted::Year(1970)),
        Some(Planted::Year(0)),
        Some(Planted::Year(2050)),
        None,
    ];
    let places =
        [Some([4.83, 45.76]), Some([1_842_000.0, 5_175_000.0]), None, None, Some([f64::NAN, 1.0]), None];
    let keys = ["a", "b", "c", "d", "e", ""];
    let columns = TreeColumns::new(&names)
        .with_keys(&keys)
        .with_heights(&[1_000.0, f64::NAN, -1.0, 0.0, 10.0, f64::INFINITY])
        .with_diameters(&[20.0, 20.0, f64::NAN, 0.0, f64::NAN, 0.0])
        .with_girths(&[63.0, 100.0, 31.4, 0.0, 2_000.0, 62.8])
        .with_crowns(&[f64::NAN, 4.0, 61.0, 0.0, 5.0, 6.0])
        .with_planted(&planted)
        .with_places(Crs::WGS84, &places);
    let rule = PlausibleTree::default().with_years(1800, 2024);
    let (trees, problems) = Trees::new(&columns, &rule).unwrap();
    assert_eq!((trees.len(), trees.empty_places(), trees.rows()), (5, 1, [1, 2, 3, 5, 6].as_slice()));
    assert_eq!(trees.heights()[3], 10.0);
    assert_eq!(trees.heights().iter().filter(|height| height.is_nan()).count(), 4);
    assert_eq!(trees.diameters()[..2], [20.0, 20.0]);
    assert!((trees.diameters()[4] - 19.99).abs() < 0.01 && trees.diameters()[3].is_nan());
    assert_eq!(trees.planting_years(), [None, Some(2005), Some(1970), None, None]);
    assert_eq!(trees.places().unwrap().1, [Some([4.83, 45.76]), None, None, None, None]);
    let told: Vec<String> = problems.problems().map(ToString::to_string).collect();
    // Nothing is told of the empty place of row 4.
    assert_eq!(told.len(), 11, "{told:#?}");
    assert!(told.iter().all(|problem| !problem.starts_with("row 4")));
    assert!(
        told.iter().any(|problem| problem.contains("1900-01-01") && problem.contains("placeholder")),
        "{told:#?}"
    );
}

#[test]
fn columns_of_another_length_are_refused() {
    let names = [Occupant::parse("Tilia")];
    let columns = TreeColumns::new(&names).with_heights(&[1.0, 2.0]);
    let error = Trees::new(&columns, &PlausibleTree::default()).unwrap_err();
    assert_eq!(error, TreesError { what: "height", found: 2, needed: 1 });
    let none = TreeColumns::new(&names).with_places(Crs::WGS84, &[]);
    assert!(Trees::new(&none, &PlausibleTree::default()).is_err());
    assert!(Trees::new(&TreeColumns::new(&[]), &PlausibleTree::default()).unwrap().0.is_empty());
}

#[test]
fn unidentified_trees_stay_in_the_denominator() {
    let names = ["Tilia cordata", "Tilia", "Tilia x europaea", "?", "Inconnu"].map(Occupant::parse);
    let (trees, _) = Trees::new(&TreeColumns::new(&names), &PlausibleTree::default()).unwrap();
    let found = trees.santamour(SantamourRule::default());
    assert_eq!(found.genus.share.value(), Some(60.0));
    assert_eq!((found.species.share.value(), found.family.share.completeness()), (Some(20.0), 0.6));
    assert_eq!(trees.counts(TaxonRank::Family), [("Malvaceae", 3)]);
    let zones =
        trees.diversity_by_zone(TaxonRank::Species, &[Some(0), Some(0), Some(1), None, Some(1)], 2).unwrap();
    assert_eq!(zones[1].richness().completeness(), 0.5);
    assert!(trees.diversity_by_zone(TaxonRank::Species, &[], 2).is_err());
}

proptest! {
    #[test]
    fn no_inventory_makes_it_panic(
        rows in proptest::collection::vec((".{0,20}", any::<f64>(), any::<f64>(), any::<f64>(), any::<i32>()), 0..20)
    ) {
        let names: Vec<Occupant> = rows.iter().map(|row| Occupant::parse(&row.0)).collect();
        let column = |of: fn(&(String, f64, f64, f64, i32)) -> f64| rows.iter().map(of).collect::<Vec<f64>>();
        let (a, b, c) = (column(|row| row.1), column(|row| row.2), column(|row| row.3));
        let planted: Vec<_> = rows.iter().map(|row| Some(Planted::Year(row.4))).collect();
        let places: Vec<_> = rows.iter().map(|row| Some([row.1, row.2])).collect();
        let columns = TreeColumns::new(&names)
            .with_heights(&a).with_girths(&b).with_diameters(&c).with_crowns(&a)
            .with_planted(&planted).with_places(Crs::WGS84, &places);
        let (trees, _) = Trees::new(&columns, &PlausibleTree::default()).unwrap();
        let places = trees.stumps() + trees.empty_places() + trees.len() as u64;
        prop_assert_eq!(places, rows.len() as u64);
        let sizes = [trees.heights(), trees.diameters(), trees.crowns()];
        prop_assert!(sizes.iter().all(|column| column.iter().all(|size| size.is_nan() || (*size > 0.0 && *size <= 500.0))));
    }
}
