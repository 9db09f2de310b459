//! Golden values and laws of spatial association.
use std::path::Path;

use proptest::prelude::*;

use super::*;

/// Cells of a square, neighbours by sides and corners.
fn square(side: u32) -> Neighbourhood {
    let cell = |row: u32, column: u32| row * side + column;
    let pairs = (0..side).flat_map(|row| {
        (0..side).flat_map(move |column| {
            let right = (column + 1 < side).then(|| (cell(row, column), cell(row, column + 1)));
            let below = (row + 1 < side).then(|| (cell(row, column), cell(row + 1, column)));
            let corner = (column + 1 < side && row + 1 < side).then(|| {
                [
                    (cell(row, column), cell(row + 1, column + 1)),
                    (cell(row, column + 1), cell(row + 1, column)),
                ]
            });
            right.into_iter().chain(below).chain(corner.into_iter().flatten())
        })
    });
    Neighbourhood::new((side * side) as usize, pairs).unwrap()
}

/// Values of a square of 8 by 8 that rise to one corner, with noise.
fn slope() -> Vec<f64> {
    let value = |row: u32, column: u32| f64::from(row * 3 + column * 2 + (row * 37 + column * 53) % 11);
    (0..8).flat_map(|row| (0..8).map(move |column| value(row, column))).collect()
}

/// esda 2.9.0 with libpysal 4.14.1 and numpy 2.4.6: `Moran` and `Moran_Local` of that square, queen weights by row, 99,999
/// permutations. Local values times 64 / 63, since esda divides by n − 1.
#[test]
fn a_square_as_esda_has_it() {
    let (values, square) = (slope(), square(8));
    let options = PermutationOptions::default().with_permutations(9_999);
    let found = moran(&values, &square, &options).unwrap();
    assert!((found.index.value().unwrap() - 0.757_967_477_700_613_8).abs() < 1e-12);
    assert!((found.expected + 1.0 / 63.0).abs() < 1e-15);
    assert_eq!(found.p, 1e-4); // none of the draws came near
    let local = local_moran(&values, &square, &options).unwrap();
    for (place, index, p) in [
        (0, 3.872_977_726_919_528_2, 0.000_47),
        (9, 2.397_044_673_643_825, 0.000_01),
        (27, 0.049_479_293_137_778_64, 0.178_49),
        (36, 0.191_463_351_707_056_53, 0.162_32),
        (63, 2.773_565_362_294_206_7, 0.000_66),
        (7, 0.016_620_580_593_463_163, 0.277_13),
        (56, -0.005_816_406_439_706_662, 0.484_71),
    ] {
        let LocalMoran { index: found, p: found_p, .. } = local[place].unwrap();
        assert!((found - index * 64.0 / 63.0).abs() < 1e-12, "{place}: {found}");
        // Four standard errors of a share of 9,999 draws, and the draw that is always counted.
        let error = 4.0 * f64::sqrt(p * (1.0 - p) / 9_999.0) + 1e-4;
        assert!((found_p - p).abs() < error, "{place}: {found_p}");
    }
    let p_values: Vec<f64> = local.iter().flatten().map(|place| place.p).collect();
    let threshold = false_discovery_threshold(&p_values, 0.05);
    assert!(p_values.iter().filter(|p| **p <= threshold).count().abs_diff(28) <= 2);
    assert_eq!(local[0].unwrap().lag, 25.0 / 3.0);
}

/// Golden `global_columbus.json`: esda 2.8.2, queen weights by row.
#[test]
fn golden_columbus() {
    let root = std::env::var("DATAGORA_DATA")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").to_owned());
    let read = |name: &str| -> Option<serde_json::Value> {
        let path = Path::new(&root).join(format!("../golden/indicators/{name}.json"));
        Some(serde_json::from_str(&std::fs::read_to_string(path).ok()?).unwrap())
    };
    let (Some(golden), Some(weights)) = (read("global_columbus"), read("weights_columbus")) else {
        eprintln!("DATAGORA_DATA absent: golden Moran’s I not checked");
        return;
    };
    let neighbours = weights["outputs"]["queen"]["neighbors"].as_object().unwrap();
    let pairs = neighbours.iter().flat_map(|(place, others)| {
        let place: u32 = place.parse().unwrap();
        others.as_array().unwrap().iter().map(move |other| (place, other.as_u64().unwrap() as u32))
    });
    let queen = Neighbourhood::new(49, pairs).unwrap();
    let options = PermutationOptions::default().with_permutations(9_999);
    for name in ["HOVAL", "INC", "CRIME"] {
        let values: Vec<f64> =
            golden["inputs"][name].as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect();
        let wanted = &golden["outputs"][name]["R"]["moran"];
        let wanted = |field: &str| wanted[field].as_f64().unwrap();
        let found = moran(&values, &queen, &options).unwrap();
        assert!((found.index.value().unwrap() - wanted("I")).abs() < 1e-12, "{name}");
        assert!((found.expected - wanted("EI")).abs() < 1e-15);
        let p = wanted("p_sim");
        assert!((found.p - p).abs() < 4.0 * f64::sqrt(p * (1.0 - p) / 9_999.0) + 1e-4, "{name}: {}", found.p);
    }
}

#[test]
fn what_does_not_go_together_is_said() {
    let none = PermutationOptions::default().with_permutations(0);
    let street = Neighbourhood::new(2, [(0, 1)]).unwrap();
    let options = PermutationOptions::default();
    assert_eq!(Neighbourhood::new(2, [(1, 2)]), Err(AssociationError::Pair { pair: (1, 2), places: 2 }));
    assert_eq!(Neighbourhood::new(2, [(1, 1)]), Err(AssociationError::Pair { pair: (1, 1), places: 2 }));
    assert_eq!(moran(&[1.0], &street, &options), Err(AssociationError::Length { found: 1, needed: 2 }));
    let infinite = [0.0, f64::INFINITY];
    assert_eq!(local_moran(&infinite, &street, &options), Err(AssociationError::Infinite { row: 1 }));
    assert_eq!(moran(&[1.0, 2.0], &street, &none), Err(AssociationError::NoPermutations));
}

#[test]
fn equal_values_have_no_association() {
    let options = PermutationOptions::default();
    let found = moran(&[0.1; 9], &square(3), &options).unwrap();
    assert!(found.index.value().is_none() && found.p.is_nan() && found.expected.is_nan());
    assert_eq!(local_moran(&[0.1; 9], &square(3), &options).unwrap(), [None; 9]);
    let empty = Neighbourhood::new(0, []).unwrap();
    assert!(empty.is_empty());
    assert!(moran(&[], &empty, &options).unwrap().index.value().is_none());
}

/// Values of a square of 5 by 5, some missing.
fn values() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(prop_oneof![6 => -1e6..1e6, 1 => Just(f64::NAN), 1 => Just(3.0)], 25)
}

proptest! {
    #[test]
    fn the_mean_of_the_places_is_the_whole(values in values()) {
        let options = PermutationOptions::default().with_permutations(19);
        let whole = moran(&values, &square(5), &options).unwrap();
        let local: Vec<LocalMoran> = local_moran(&values, &square(5), &options).unwrap().into_iter().flatten().collect();
        if let Some(index) = whole.index.value() {
            let mean = local.iter().map(|place| place.index).sum::<f64>() / local.len() as f64;
            prop_assert!((mean - index).abs() < 1e-9 * (1.0 + index.abs()));
            prop_assert_eq!(whole.index.observations() as usize, local.len());
        }
        for p in local.iter().map(|place| place.p) {
            prop_assert!((0.05..=0.55).contains(&p), "{}", p);
        }
    }

    #[test]
    fn unit_and_origin_do_not_matter(values in values(), by in 0.1..50.0, shift in -100.0..100.0) {
        let options = PermutationOptions::default().with_permutations(19);
        let other: Vec<f64> = values.iter().map(|value| value * by + shift).collect();
        let index = |values: &[f64]| moran(values, &square(5), &options).unwrap().index.value();
        if let (Some(one), Some(two)) = (index(&values), index(&other)) {
            prop_assert!((one - two).abs() < 1e-6, "{} {}", one, two);
        }
    }

    #[test]
    fn a_missing_place_is_as_if_it_were_not_there(values in values()) {
        let options = PermutationOptions::default().with_permutations(19);
        let whole = square(5);
        let known: Vec<usize> = (0..25).filter(|&place| !values[place].is_nan()).collect();
        let number = |place: u32| known.binary_search(&(place as usize)).ok().map(|at| at as u32);
        let pairs = known.iter().flat_map(|&place| {
            whole.of(place).iter().filter_map(move |&other| Some((number(place as u32)?, number(other)?)))
        });
        let part = Neighbourhood::new(known.len(), pairs).unwrap();
        let left: Vec<f64> = known.iter().map(|&place| values[place]).collect();
        let all = local_moran(&values, &whole, &options).unwrap();
        let some = local_moran(&left, &part, &options).unwrap();
        prop_assert_eq!(known.iter().map(|&place| all[place]).collect::<Vec<_>>(), some);
    }
}
