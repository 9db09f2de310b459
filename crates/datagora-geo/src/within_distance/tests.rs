use datagora_core::Crs;
use proptest::prelude::*;

use super::*;
use crate::distance::tests::{column, shape};
use crate::types::Geometry;
use crate::{Metric, distance};

/// All pairs compared.
fn every_pair(from: &GeometryColumn, to: &GeometryColumn, reach: f64) -> Vec<(u32, u32)> {
    let rows: Vec<usize> = (0..to.len()).collect();
    let of = |row: usize| {
        let distances =
            distance(&from.take(&vec![row; rows.len()]), &to.take(&rows), Metric::Planar).unwrap();
        let near = (0u32..).zip(distances).filter(move |(_, distance)| *distance <= reach);
        near.map(move |(other, _)| (row as u32, other)).collect::<Vec<_>>()
    };
    (0..from.len()).flat_map(of).collect()
}

fn check(from: &GeometryColumn, to: &GeometryColumn, reach: f64) {
    let expected = every_pair(from, to, reach);
    let pairs = |found: Pairs| found.iter().collect::<Vec<_>>();
    assert_eq!(pairs(within_distance(from, to, Metres(reach)).unwrap()), expected);
    let counts = count_within_distance(from, to, Metres(reach)).unwrap();
    let values: Vec<f64> = (0..to.len()).map(|row| (row * row % 17) as f64).collect();
    let sums = sum_within_distance(from, to, &values, Metres(reach)).unwrap();
    for row in 0..from.len() {
        let near = || expected.iter().filter(|(of, _)| *of as usize == row);
        if from.row_bounds(row).is_none() {
            assert!(counts[row].is_none() && sums[row].is_nan());
        } else {
            assert_eq!(counts[row], Some(near().count() as u64));
            assert_eq!(sums[row], near().map(|(_, other)| values[*other as usize]).sum::<f64>());
        }
    }
    let others = every_pair(to, to, reach).into_iter().filter(|(row, other)| row < other).collect::<Vec<_>>();
    assert_eq!(pairs(others_within_distance(to, Metres(reach)).unwrap()), others);
}

fn any_points(most: usize) -> impl Strategy<Value = GeometryColumn> {
    let whole = (-9..9i32, -9..9i32).prop_map(|(x, y)| (f64::from(x), f64::from(y)));
    let anywhere = (-10.0..10.0f64, -10.0..10.0f64);
    let missing = Just((f64::NAN, f64::NAN));
    prop::collection::vec(prop_oneof![4 => whole, 4 => anywhere, 1 => missing], 0..most).prop_map(|places| {
        let (x, y) = places.into_iter().unzip();
        GeometryColumn::points(x, y, Crs::CC46)
    })
}

fn any_reach() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), Just(1.0), Just(5.0), 0.0..30.0f64, Just(f64::INFINITY)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn points_as_every_pair_compared(from in any_points(20), to in any_points(150), reach in any_reach()) {
        check(&from, &to, reach);
    }

    #[test]
    fn shapes_as_every_pair_compared(
        from in prop::collection::vec(prop::option::weighted(0.9, shape()), 0..8),
        to in prop::collection::vec(prop::option::weighted(0.9, shape()), 0..30),
        reach in any_reach(),
    ) {
        check(&column(&from), &column(&to), reach);
    }
}

#[test]
fn many_in_one_place_are_counted_by_their_box() {
    // 10¹⁰ pairs.
    let same = GeometryColumn::points(vec![7.; 100_000], vec![7.; 100_000], Crs::CC46);
    let counts = count_within_distance(&same, &same, Metres(1.0)).unwrap();
    assert!(counts.iter().all(|count| *count == Some(100_000)));
}

#[test]
fn a_missing_value_within_reach_makes_the_sum_missing() {
    let from = GeometryColumn::points(vec![0., 100.], vec![0., 0.], Crs::CC46);
    let to = GeometryColumn::points(vec![1., 2., 99.], vec![0., 0., 0.], Crs::CC46);
    let sums = sum_within_distance(&from, &to, &[1.0, f64::NAN, 3.0], Metres(10.0)).unwrap();
    assert!(sums[0].is_nan());
    assert_eq!(sums[1], 3.0);
}

#[test]
fn what_has_no_answer_is_refused() {
    let here = GeometryColumn::points(vec![0.], vec![0.], Crs::CC46);
    let degrees = here.clone().declared_as(Crs::WGS84);
    let reach = Metres(1.0);
    assert!(matches!(within_distance(&here, &degrees, reach), Err(DistanceError::CrsMismatch { .. })));
    assert!(matches!(count_within_distance(&degrees, &degrees, reach), Err(DistanceError::Unsuited(_))));
    assert!(matches!(others_within_distance(&degrees, reach), Err(DistanceError::Unsuited(_))));
    let refused = sum_within_distance(&here, &here, &[1.0, 2.0], reach);
    assert_eq!(refused, Err(DistanceError::Values { rows: 1, found: 2 }));
    let refused = within_distance(&here, &here, Metres(f64::NAN));
    assert!(matches!(refused, Err(DistanceError::Reach { .. })));
    let empty = GeometryColumn::new(Vec::<Geometry>::new(), Crs::CC46);
    assert!(within_distance(&empty, &here, reach).unwrap().is_empty());
    assert_eq!(count_within_distance(&here, &empty, reach), Ok(vec![Some(0)]));
}
