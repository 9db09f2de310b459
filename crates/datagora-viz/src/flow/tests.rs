use datagora_core::{Crs, Metres, Suppression};
use datagora_geo::GeometryColumn;
use proptest::prelude::*;

use super::*;
use crate::MapError;

fn trip() -> Unit {
    Unit::of("{trip}")
}

fn measured(values: &[f64]) -> Vec<Measured> {
    values.iter().map(|&value| Measured::new(value, trip())).collect()
}

#[test]
fn what_does_not_make_sense_is_named() {
    let new = |origins: &[usize], destinations: &[usize], values: &[f64]| {
        Flows::new(3, origins, destinations, &measured(values)).unwrap_err()
    };
    assert_eq!(new(&[0], &[1, 2], &[1.0]), FlowError::Length { what: "destinations", found: 2, needed: 1 });
    assert_eq!(new(&[0], &[1], &[]), FlowError::Length { what: "amounts", found: 0, needed: 1 });
    assert_eq!(new(&[0, 1], &[1, 3], &[1.0, 1.0]), FlowError::Place { flow: 1, place: 3, places: 3 });
    assert_eq!(new(&[0], &[1], &[-1.0]), FlowError::Amount { flow: 0, amount: -1.0 });
    let infinite = Flows::of_numbers(2, &[0], &[1], &[f64::INFINITY], trip());
    assert_eq!(infinite, Err(FlowError::Amount { flow: 0, amount: f64::INFINITY }));
    let mixed = [Measured::new(1.0, trip()), Measured::new(1.0, Unit::ONE)];
    let mixed = Flows::new(2, &[0, 1], &[1, 0], &mixed);
    assert_eq!(mixed, Err(FlowError::Units { flow: 1, found: Unit::ONE, needed: trip() }));
    let twice = Flows::by_code(&["a", "a"], &["a"], &["a"], &measured(&[1.0]));
    assert_eq!(twice, Err(FlowError::Twice { code: "a".to_owned() }));
    let short = Flows::by_code(&["a", "b"], &["a"], &[], &measured(&[1.0]));
    assert!(matches!(short, Err(FlowError::Length { .. })));
}

#[test]
fn amounts_that_are_not_known_are_counted() {
    let amounts = [
        Measured::new(5.0, trip()),
        Measured::new(f64::NAN, trip()),
        Measured::suppressed(trip(), Suppression::FewUnits { minimum: 5 }),
        Measured::bounded(2.0, 9.0, trip()).unwrap(),
    ];
    let flows = Flows::new(2, &[0, 1, 0, 1], &[1, 0, 0, 0], &amounts).unwrap();
    assert_eq!((flows.missing(), flows.withheld(), flows.bounded()), (1, 1, 1));
    assert_eq!(flows.between().collect::<Vec<_>>(), [(0, 1, 5.0), (1, 0, 2.0)]);
}

#[test]
fn both_ways_and_the_difference() {
    let flows =
        Flows::of_numbers(3, &[0, 1, 2, 2, 1], &[1, 0, 1, 1, 1], &[9.0, 4.0, 1.0, 2.0, 8.0], trip()).unwrap();
    let plain =
        |flows: &[Flow]| flows.iter().map(|f| (f.origin, f.destination, f.amount)).collect::<Vec<_>>();
    assert_eq!(plain(&flows.undirected()), [(0, 1, 13.0), (1, 2, 3.0)]);
    assert_eq!(plain(&flows.net()), [(0, 1, 5.0), (2, 1, 3.0)]);
    assert_eq!(flows.total(), 16.0);
}

/// Places along a line, in metres.
fn line(x: &[f64]) -> GeometryColumn {
    GeometryColumn::points(x.to_vec(), vec![0.0; x.len()], Crs::CC46)
}

#[test]
fn a_group_stands_at_its_weighted_mean_and_is_named_after_its_largest_place() {
    // The middle one has all the weight but a tenth.
    let places = line(&[0.0, 100.0, 9_000.0]);
    let names = ["a", "b", "c"].map(String::from);
    let flows = Flows::of_numbers(3, &[0, 1, 1], &[2, 2, 0], &[1.0, 17.0, 1.0], trip()).unwrap();
    let clusters = cluster_flows(&places, &names, &flows, Metres(200.0)).unwrap();
    assert_eq!(
        (clusters.names.as_slice(), clusters.sizes.as_slice()),
        (&["b".to_owned(), "c".to_owned()][..], &[2, 1][..])
    );
    assert_eq!(clusters.group, [Some(0), Some(0), Some(1)]);
    // Weights of 2 and 18.
    let Some(datagora_geo::types::Geometry::Point(centre)) = clusters.centres.get(0) else {
        panic!("a point")
    };
    assert!((centre.x() - 90.0).abs() < 1e-9, "{}", centre.x());
    assert_eq!(clusters.flows.within(), [1.0, 0.0]);
    // Below the distance of the nearest two, places stay as they are.
    let apart = cluster_flows(&places, &names, &flows, Metres(50.0)).unwrap();
    assert_eq!(apart.names, names);
    assert_eq!(apart.flows, flows);
}

#[test]
fn places_without_position_take_their_flows_with_them() {
    let places = GeometryColumn::points(vec![0.0, f64::NAN], vec![0.0, 0.0], Crs::CC46);
    let names = ["a", "b"].map(String::from);
    let flows = Flows::of_numbers(2, &[0, 0], &[1, 0], &[5.0, 2.0], trip()).unwrap();
    let clusters = cluster_flows(&places, &names, &flows, Metres(1e6)).unwrap();
    assert_eq!(clusters.group, [Some(0), None]);
    assert_eq!((clusters.flows.total(), clusters.flows.within()), (0.0, &[2.0][..]));
    let nowhere = cluster_flows(&line(&[f64::NAN, f64::NAN]), &names, &flows, Metres(1.0));
    assert!(matches!(nowhere, Err(MapError::Nowhere { rows: 2 })));
    let degrees = GeometryColumn::points(vec![0.0, 1.0], vec![0.0, 0.0], Crs::WGS84);
    assert!(matches!(cluster_flows(&degrees, &names, &flows, Metres(1.0)), Err(MapError::Geographic { .. })));
}

proptest! {
    #[test]
    fn gathering_keeps_every_trip_and_nests(
        places in prop::collection::vec((-5e4..5e4f64, -5e4..5e4f64), 1..40),
        trips in prop::collection::vec((0..1000usize, 0..1000usize, 0..50u32), 0..120),
        distance in 1.0..1e5f64,
    ) {
        let n = places.len();
        let names: Vec<String> = (0..n).map(|place| format!("n{place}")).collect();
        let (x, y) = places.into_iter().unzip();
        let column = GeometryColumn::points(x, y, Crs::CC46);
        let origins: Vec<usize> = trips.iter().map(|trip| trip.0 % n).collect();
        let destinations: Vec<usize> = trips.iter().map(|trip| trip.1 % n).collect();
        let amounts: Vec<f64> = trips.iter().map(|trip| f64::from(trip.2)).collect();
        let flows = Flows::of_numbers(n, &origins, &destinations, &amounts, trip()).unwrap();
        let whole = |flows: &Flows| flows.total() + flows.within().iter().sum::<f64>();
        // Whole numbers add up exactly.
        prop_assert_eq!(whole(&flows), amounts.iter().sum::<f64>());
        let near = cluster_flows(&column, &names, &flows, Metres(distance)).unwrap();
        let far = cluster_flows(&column, &names, &flows, Metres(3.0 * distance)).unwrap();
        prop_assert_eq!(whole(&near.flows), whole(&flows));
        prop_assert_eq!(whole(&far.flows), whole(&flows));
        prop_assert_eq!(near.sizes.iter().sum::<usize>(), n);
        for a in 0..n {
            for b in 0..n {
                prop_assert!(near.group[a] != near.group[b] || far.group[a] == far.group[b]);
            }
        }
        prop_assert_eq!(cluster_flows(&column, &names, &flows, Metres(distance)).unwrap(), near);
    }

    #[test]
    fn nothing_makes_it_panic(
        places in prop::collection::vec((prop::num::f64::ANY, prop::num::f64::ANY), 0..12),
        trips in prop::collection::vec((0..14usize, 0..14usize, prop::num::f64::ANY), 0..30),
        distance in prop::num::f64::ANY,
    ) {
        let n = places.len();
        let (x, y) = places.into_iter().unzip();
        let column = GeometryColumn::points(x, y, Crs::CC46);
        let names = vec![String::new(); n];
        let (origins, rest): (Vec<usize>, Vec<(usize, f64)>) = trips.into_iter().map(|(a, b, c)| (a, (b, c))).unzip();
        let (destinations, amounts): (Vec<usize>, Vec<f64>) = rest.into_iter().unzip();
        if let Ok(flows) = Flows::of_numbers(n, &origins, &destinations, &amounts, trip()) {
            let _ = cluster_flows(&column, &names, &flows, Metres(distance));
        }
    }
}
