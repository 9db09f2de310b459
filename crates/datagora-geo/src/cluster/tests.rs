use datagora_core::Crs;
use proptest::prelude::*;

use super::*;
use crate::distance::tests::{points, scattered};
use crate::others_within_distance;

fn options(reach: f64, min_points: usize) -> DbscanOptions {
    DbscanOptions::new(Metres(reach)).with_min_points(min_points)
}

/// The definition, by comparing all pairs.
fn every_pair(places: &[(f64, f64)], reach: f64, min_points: usize) -> Clusters {
    let missing = |row: usize| places[row].0.is_nan() || places[row].1.is_nan();
    let apart = |a: usize, b: usize| {
        let (dx, dy) = (places[a].0 - places[b].0, places[a].1 - places[b].1);
        (dx * dx + dy * dy).sqrt()
    };
    let rows = 0..places.len();
    let near = |a: usize, b: usize| !missing(a) && !missing(b) && apart(a, b) <= reach;
    let is_core =
        |row: usize| !missing(row) && rows.clone().filter(|other| near(row, *other)).count() >= min_points;
    let cores: Vec<bool> = rows.clone().map(is_core).collect();
    // Cores take the least row of the cores they reach, until nothing changes.
    let mut known: Vec<usize> = rows.clone().collect();
    let mut changed = true;
    while changed {
        changed = false;
        for a in rows.clone().filter(|row| cores[*row]) {
            for b in rows.clone().filter(|row| cores[*row] && near(a, *row)) {
                if known[b] < known[a] {
                    known[a] = known[b];
                    changed = true;
                }
            }
        }
    }
    let of = |row: usize| {
        if cores[row] {
            return Some(known[row]);
        }
        let reached = rows.clone().filter(|other| cores[*other] && near(row, *other));
        reached
            .min_by(|a, b| apart(row, *a).total_cmp(&apart(row, *b)).then(a.cmp(b)))
            .map(|core| known[core])
    };
    let mut names = Vec::new();
    let labels = rows.clone().map(|row| {
        let known = of(row)?;
        Some(names.iter().position(|name| *name == known).unwrap_or_else(|| {
            names.push(known);
            names.len() - 1
        }) as u32)
    });
    let labels = labels.collect();
    Clusters { labels, cores, count: names.len() }
}

fn check(places: &[(f64, f64)], reach: f64, min_points: usize) {
    let found = dbscan(&points(places), options(reach, min_points)).unwrap();
    assert_eq!(found, every_pair(places, reach, min_points), "reach {reach}, {min_points} points");
}

#[test]
fn points_at_exactly_the_reach_are_neighbours() {
    let lattice: Vec<(f64, f64)> =
        (0..100).map(|i| (f64::from(i % 10) * 0.1, f64::from(i / 10) * 0.1)).collect();
    for reach in [0.1, 0.1 * 2f64.sqrt(), 0.2, 0.30000000000000004] {
        for min_points in [1, 3, 5, 9, 13] {
            check(&lattice, reach, min_points);
        }
    }
}

#[test]
fn a_border_goes_to_the_nearest_core_and_ties_to_the_lower_row() {
    // Two cores' worth of points on either side of one in the middle.
    let sides = [10., 10., 10., -10., -10., -10.];
    let mut places: Vec<(f64, f64)> = sides.map(|x| (x, 0.)).to_vec();
    places.push((0., 0.));
    check(&places, 10.0, 5);
    check(&places, 10.0, 4);
    places.push((-1., 0.));
    let found = dbscan(&points(&places), options(10.0, 3)).unwrap();
    assert_eq!(found, every_pair(&places, 10.0, 3));
    places[6].0 = 100.0;
    check(&places, 11.0, 4);
    check(&places, 9.0, 4);
}

#[test]
fn clusters_are_numbered_by_their_lowest_row() {
    let places = [(500., 0.), (0., 0.), (501., 0.), (1., 0.), (900., 0.)];
    let found = dbscan(&points(&places), options(2.0, 2)).unwrap();
    assert_eq!((found.count, found.labels), (2, vec![Some(0), Some(1), Some(0), Some(1), None]));
}

#[test]
fn far_outliers_and_one_place() {
    let mut places: Vec<(f64, f64)> = (0..60).map(|i| (f64::from(i % 8), f64::from(i / 8))).collect();
    places.extend([(1e12, -1e12), (1e12, -1e12 + 1.0), (-1e14, 5.0), (f64::NAN, f64::NAN)]);
    check(&places, 1.0, 3);
    let refused = dbscan(&points(&places), options(1e-9, 3)).unwrap_err();
    assert!(refused.to_string().starts_with("a reach of 0.000000001 m is too small"), "{refused}");
    let same = points(&vec![(3., 4.); 50_000]);
    let found = dbscan(&same, options(0.0, 50_000)).unwrap();
    assert_eq!((found.count, found.cores[49_999]), (1, true));
    assert_eq!(dbscan(&same, options(0.0, 50_001)).unwrap().count, 0);
    let everything = dbscan(&points(&places), options(f64::INFINITY, 63)).unwrap();
    assert_eq!((everything.count, everything.labels[63]), (1, None));
}

#[test]
fn a_hundred_thousand_on_a_line() {
    // Far apart but for one pair in the middle: empty stretches take no memory.
    let mut x: Vec<f64> = (0..100_000).map(|i| f64::from(i) * 1e7).collect();
    x.push(5e11 + 1.0);
    let line = GeometryColumn::points(x, vec![0.; 100_001], Crs::CC46);
    let found = dbscan(&line, options(2.0, 2)).unwrap();
    assert_eq!((found.count, found.labels[50_000], found.labels[100_000]), (1, Some(0), Some(0)));
    assert_eq!(found.labels.iter().flatten().count(), 2);
}

/// The definition, by the pairs within reach of one another.
fn by_pairs(column: &GeometryColumn, reach: f64, min_points: usize) -> Clusters {
    let pairs = others_within_distance(column, Metres(reach)).unwrap();
    let mut near = vec![Vec::new(); column.len()];
    for (a, b) in pairs.iter().map(|(a, b)| (a as usize, b as usize)) {
        near[a].push(b);
        near[b].push(a);
    }
    let cores: Vec<bool> = near.iter().map(|near| near.len() + 1 >= min_points).collect();
    let (x, y) = column.as_points().unwrap();
    let apart = |a: usize, b: usize| (x[a] - x[b]) * (x[a] - x[b]) + (y[a] - y[b]) * (y[a] - y[b]);
    let mut known = vec![None; column.len()];
    for first in (0..column.len()).filter(|row| cores[*row]) {
        let mut open = if known[first].is_none() { vec![first] } else { Vec::new() };
        while let Some(row) = open.pop() {
            if known[row].is_none() {
                known[row] = Some(first);
                open.extend(near[row].iter().filter(|other| cores[**other] && known[**other].is_none()));
            }
        }
    }
    let of = |row: usize| {
        let reached = near[row].iter().filter(|other| cores[**other]);
        let nearest = reached.min_by(|a, b| apart(row, **a).total_cmp(&apart(row, **b)).then(a.cmp(b)));
        known[row].or_else(|| known[*nearest?])
    };
    let mut names = std::collections::HashMap::new();
    let labels = (0..column.len()).map(|row| {
        let count = names.len() as u32;
        of(row).map(|known| *names.entry(known).or_insert(count))
    });
    let labels = labels.collect();
    Clusters { labels, cores, count: names.len() }
}

#[test]
fn many_cells_shared_among_cores() {
    // More cells than a core takes at a time, in and beside clusters that cross from one core's to another's.
    let even = scattered(40_000, 1);
    let crowded = scattered(20_000, 2).into_iter().enumerate().map(|(k, (x, y))| {
        let centre = (k % 300) as f64 / 300.0;
        (centre + 0.01 * x * x, (centre * 7.3).fract() + 0.3 * y * y * y)
    });
    let places: Vec<(f64, f64)> = even.into_iter().chain(crowded).collect();
    let column = points(&places);
    for (reach, min_points) in [(0.002, 2), (0.004, 5), (0.006, 3), (0.012, 12)] {
        let found = dbscan(&column, options(reach, min_points)).unwrap();
        assert_eq!(found, by_pairs(&column, reach, min_points), "reach {reach}, {min_points} points");
        #[cfg(feature = "parallel")]
        for threads in [1, 3] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let again = pool.install(|| dbscan(&column, options(reach, min_points)).unwrap());
            assert_eq!(again, found, "{threads} threads");
        }
    }
}

#[test]
fn chains_across_all_cells() {
    let chain: Vec<f64> = (0..100_000).map(|k| f64::from(k * 7_919 % 100_000) * 0.9).collect();
    let still = vec![3.0; chain.len()];
    for (x, y) in [(&chain, &still), (&still, &chain), (&chain, &chain)] {
        let column = GeometryColumn::points(x.clone(), y.clone(), Crs::CC46);
        let found = dbscan(&column, options(1.3, 3)).unwrap();
        assert_eq!((found.count, found.labels.iter().filter(|label| label.is_none()).count()), (1, 0));
        assert_eq!(found.cores.iter().filter(|core| !**core).count(), 2);
        let found = dbscan(&column, options(0.8, 1)).unwrap();
        assert_eq!((found.count, found.labels[99_999]), (100_000, Some(99_999)));
    }
}

#[test]
fn what_cannot_be_clustered_is_refused() {
    let here = points(&[(0., 0.)]);
    let degrees = here.clone().declared_as(Crs::WGS84);
    let refused = dbscan(&degrees, options(1.0, 1)).unwrap_err();
    assert!(matches!(refused, ClusterError::Distance(DistanceError::Unsuited(_))));
    let refused = dbscan(&here, options(-1.0, 1)).unwrap_err();
    assert!(matches!(refused, ClusterError::Distance(DistanceError::Reach { .. })));
    let nobody = dbscan(&points(&[]), options(1.0, 1)).unwrap();
    assert_eq!((nobody.count, nobody.labels.len()), (0, 0));
    let missing = dbscan(&points(&[(f64::NAN, 0.)]), options(1.0, 1)).unwrap();
    assert_eq!((missing.count, missing.labels), (0, vec![None]));
}

fn places() -> impl Strategy<Value = Vec<(f64, f64)>> {
    let whole = (-9..9i32, -9..9i32).prop_map(|(x, y)| (f64::from(x), f64::from(y)));
    let anywhere = (-10.0..10.0f64, -10.0..10.0f64);
    let far = (-1e9..1e9f64, -1e9..1e9f64);
    let missing = Just((f64::NAN, f64::NAN));
    prop::collection::vec(prop_oneof![8 => whole, 8 => anywhere, 1 => far, 1 => missing], 0..150)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn as_every_pair_compared(
        places in places(),
        reach in prop_oneof![Just(1.0), Just(2.0), Just(5f64.sqrt()), 0.1..6.0f64],
        min_points in 0usize..9,
    ) {
        check(&places, reach, min_points);
    }

    #[test]
    fn the_order_of_rows_changes_only_names_and_ties(places in places(), reach in 0.1..4.0f64, min_points in 1usize..6) {
        let reversed: Vec<(f64, f64)> = places.iter().rev().copied().collect();
        let one = dbscan(&points(&places), options(reach, min_points)).unwrap();
        let other = dbscan(&points(&reversed), options(reach, min_points)).unwrap();
        prop_assert_eq!(one.count, other.count);
        prop_assert!(one.cores.iter().eq(other.cores.iter().rev()));
        let noise = |label: &Option<u32>| label.is_none();
        prop_assert!(one.labels.iter().map(noise).eq(other.labels.iter().rev().map(noise)));
    }
}
