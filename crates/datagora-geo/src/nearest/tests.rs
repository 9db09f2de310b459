use datagora_core::{Crs, Metres};
use proptest::prelude::*;

use super::*;
use crate::distance::tests::{column, points, scattered, shape};
use crate::types::{Coord, Geometry, LineString, Point, Rect};
use crate::{MeasureError, Metric, distance};

fn k(k: usize) -> NearestOptions {
    NearestOptions::default().with_k(k)
}

/// All distances, sorted, the first k: what the search must find.
fn every_pair(
    from: &[(f64, f64)],
    to: &[(f64, f64)],
    options: NearestOptions,
    others: bool,
) -> Vec<Vec<(u32, f64)>> {
    let missing = |place: &(f64, f64)| place.0.is_nan() || place.1.is_nan();
    let line = |(of, a): (usize, &(f64, f64))| {
        let mut all: Vec<Candidate> = (0u32..)
            .zip(to)
            .filter(|(row, b)| !(missing(a) || missing(b) || others && *row as usize == of))
            .map(|(row, b)| Candidate { squared: (b.0 - a.0) * (b.0 - a.0) + (b.1 - a.1) * (b.1 - a.1), row })
            .collect();
        all.sort_unstable();
        let near = |found: &(u32, f64)| options.max_distance.is_none_or(|most| found.1 <= most.0);
        all.iter().map(|found| (found.row, found.squared.sqrt())).filter(near).take(options.k).collect()
    };
    from.iter().enumerate().map(line).collect()
}

fn lines(found: &Neighbours) -> Vec<Vec<(u32, f64)>> {
    let line = |of| found.rows(of).iter().copied().zip(found.distances(of).iter().copied()).collect();
    (0..found.len()).map(line).collect()
}

fn check(from: &[(f64, f64)], to: &[(f64, f64)], options: NearestOptions) {
    let found = nearest(&points(from), &points(to), options).unwrap();
    assert_eq!(lines(&found), every_pair(from, to, options, false), "{options:?}");
    let found = nearest_others(&points(to), options).unwrap();
    assert_eq!(lines(&found), every_pair(to, to, options, true), "{options:?}, others");
}

#[test]
fn every_k_up_to_all_and_beyond() {
    let (from, to) = (scattered(40, 1), scattered(300, 2));
    for count in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 50, 63, 64, 65, 299, 300, 301, usize::MAX] {
        check(&from, &to, k(count));
    }
    let all = nearest(&points(&from), &points(&to), k(usize::MAX)).unwrap();
    assert_eq!((all.len(), all.width(), all.rows(0).len()), (40, 300, 300));
}

#[test]
fn ties_come_by_row() {
    // A lattice: many equal distances; each place twice.
    let lattice: Vec<(f64, f64)> = (0..450).map(|i| (f64::from(i % 15), f64::from(i / 15 % 15))).collect();
    let middles: Vec<(f64, f64)> =
        (0..196).map(|i| (f64::from(i % 14) + 0.5, f64::from(i / 14) + 0.5)).collect();
    for count in [1, 2, 3, 5, 8, 9, 20, 64, 65] {
        check(&lattice, &lattice, k(count));
        check(&middles, &lattice, k(count));
    }
    let stacked = [(1., 1.); 5];
    let found = nearest(&points(&[(0., 1.)]), &points(&stacked), k(3)).unwrap();
    assert_eq!((found.rows(0), found.distances(0)), (&[0, 1, 2][..], &[1.; 3][..]));
}

#[test]
fn all_in_one_place_is_not_quadratic() {
    // 10¹⁰ pairs, and a tie between all of them.
    let same = points(&vec![(3., 4.); 100_000]);
    let found = nearest(&same, &same, k(5)).unwrap();
    assert!((0..found.len()).all(|of| found.rows(of) == [0, 1, 2, 3, 4] && found.distances(of) == [0.; 5]));
    let others = nearest_others(&same, k(2)).unwrap();
    assert_eq!(
        (others.rows(0), others.rows(1), others.rows(99_999)),
        (&[1, 2][..], &[0, 2][..], &[0, 1][..])
    );
}

#[test]
fn a_million_on_a_line() {
    let x: Vec<f64> = (0..1_000_000u64).map(|i| (i * 7_919 % 1_000_003) as f64).collect();
    let line = GeometryColumn::points(x.clone(), vec![5.; x.len()], Crs::CC46);
    let found = nearest_others(&line, k(1)).unwrap();
    let mut sorted = x.clone();
    sorted.sort_unstable_by(f64::total_cmp);
    for of in (0..x.len()).step_by(997) {
        let place = sorted.partition_point(|v| *v < x[of]);
        let beside = [place.wrapping_sub(1), place + 1];
        let gap =
            beside.iter().filter_map(|i| sorted.get(*i)).map(|v| (v - x[of]).abs()).fold(f64::MAX, f64::min);
        assert_eq!(found.distances(of), [gap]);
    }
}

#[test]
fn an_outlier_far_away_and_tight_clusters() {
    let mut to = scattered(20_000, 3);
    to.push((1e12, -1e12));
    // Ten clusters, each a billionth as wide as their distances.
    to.extend(scattered(2_000, 4).iter().enumerate().map(|(i, (x, y))| {
        let centre = (i % 10) as f64 * 1e6;
        (centre + x * 1e-3, centre - y * 1e-3)
    }));
    let mut from = scattered(200, 5);
    from.extend_from_slice(&to[20_000..20_200]);
    from.push((-1e15, 3.));
    let found = nearest(&points(&from), &points(&to), k(5)).unwrap();
    assert_eq!(lines(&found), every_pair(&from, &to, k(5), false));
}

#[test]
fn few_queries_among_many() {
    // Eight queries have thousands of points between them, on the left of which nearly all are in one place.
    let mut to = scattered(30_000, 8);
    to.extend(scattered(30_000, 9).iter().map(|(x, y)| (1e-9 * x - 0.5, 1e-9 * y)));
    let mut from = scattered(30, 10);
    from.extend([(-0.5, 0.), (-0.5, 1e-9), (-0.3, 0.4), (1e6, 1e6)]);
    for count in [1, 5, 20, 64, 65] {
        let found = nearest(&points(&from), &points(&to), k(count)).unwrap();
        assert_eq!(lines(&found), every_pair(&from, &to, k(count), false), "{count}");
    }
}

#[test]
fn missing_rows_and_too_few() {
    let none = f64::NAN;
    let from = [(0., 0.), (none, none), (10., 0.)];
    let to = [(none, none), (1., 0.), (10., 0.), (none, none)];
    check(&from, &to, k(3));
    let found = nearest(&points(&from), &points(&to), k(3)).unwrap();
    assert_eq!(
        (found.width(), found.row_table()),
        (2, &[1, 2, Neighbours::NONE, Neighbours::NONE, 2, 1][..])
    );
    assert!(found.distance_table()[2].is_nan() && found.first(1).is_none());
    assert_eq!(found, found.clone());
    let nobody = nearest(&points(&from), &points(&[(none, none)]), k(2)).unwrap();
    assert_eq!((nobody.len(), nobody.width(), nobody.rows(2)), (3, 0, &[][..]));
    assert!(nearest(&points(&[]), &points(&to), k(1)).unwrap().is_empty());
    let alone = nearest_others(&points(&[(1., 1.)]), k(1)).unwrap();
    assert_eq!((alone.len(), alone.rows(0)), (1, &[][..]));
}

#[test]
fn distances_that_overflow_are_infinite() {
    let to = [(1e200, 0.), (-1e200, 0.), (0., 1e-200), (3., 4.)];
    check(&[(0., 0.), (1e200, 0.)], &to, k(4));
    let found = nearest(&points(&[(0., 0.)]), &points(&to), k(4)).unwrap();
    assert_eq!(found.distances(0), [0., 5., f64::INFINITY, f64::INFINITY]);
}

#[test]
fn what_has_no_answer_is_refused() {
    let here = points(&[(0., 0.)]);
    assert_eq!(nearest(&here, &here, k(0)), Err(DistanceError::NoNeighbour));
    assert_eq!(nearest_others(&here, k(0)), Err(DistanceError::NoNeighbour));
    let back = k(1).with_max_distance(Metres(-1.0));
    assert_eq!(nearest(&here, &here, back), Err(DistanceError::Reach { found: -1.0 }));
    let degrees = here.clone().declared_as(Crs::WGS84);
    let refused = nearest(&degrees, &here, k(1)).unwrap_err();
    assert!(refused.to_string().ends_with("reproject one of them to the CRS of the other"), "{refused}");
    let refused = nearest(&degrees, &degrees, k(1)).unwrap_err();
    assert!(matches!(refused, DistanceError::Unsuited(MeasureError::Unsuited { .. })));
    let index = NearestIndex::new(&here).unwrap();
    assert!(matches!(index.nearest(&degrees, k(1)), Err(DistanceError::CrsMismatch { .. })));
    let far = points(&[(0., 0.), (f64::INFINITY, 0.)]);
    assert_eq!(nearest(&here, &far, k(1)), Err(DistanceError::NotFinite { row: 1, crs: Crs::CC46 }));
    assert_eq!(nearest(&far, &here, k(1)), Err(DistanceError::NotFinite { row: 1, crs: Crs::CC46 }));
}

#[cfg(feature = "parallel")]
#[test]
fn threads_change_nothing() {
    let (from, to) = (points(&scattered(100_000, 6)), points(&scattered(50_000, 7)));
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| nearest(&from, &to, k(5)).unwrap())
    };
    assert_eq!(with(1), with(3));
}

/// Places with ties, gaps and clusters: small whole numbers, fractions, and some missing.
fn places(most: usize) -> impl Strategy<Value = Vec<(f64, f64)>> {
    let whole = (-6..6i32, -6..6i32).prop_map(|(x, y)| (f64::from(x), f64::from(y)));
    let anywhere = (-10.0..10.0f64, -10.0..10.0f64);
    let far = (-1e7..1e7f64, -1e7..1e7f64);
    let missing = Just((f64::NAN, f64::NAN));
    prop::collection::vec(prop_oneof![4 => whole, 4 => anywhere, 1 => far, 1 => missing], 0..most)
}

fn any_rows(most: usize) -> impl Strategy<Value = Vec<Option<Geometry>>> {
    prop::collection::vec(prop::option::weighted(0.9, shape()), 0..most)
}

/// As [`every_pair`], of any kinds.
fn every_pair_of_shapes(
    from: &GeometryColumn,
    to: &GeometryColumn,
    options: NearestOptions,
    others: bool,
) -> Vec<Vec<(u32, f64)>> {
    let rows: Vec<usize> = (0..to.len()).collect();
    let line = |of: usize| {
        let squared = distance(&from.take(&vec![of; rows.len()]), &to.take(&rows), Metric::Planar).unwrap();
        let all = (0u32..).zip(squared).filter(|(row, d)| !(d.is_nan() || others && *row as usize == of));
        let mut all: Vec<Candidate> = all.map(|(row, squared)| Candidate { squared, row }).collect();
        all.sort_unstable();
        let near = |found: &Candidate| options.max_distance.is_none_or(|most| found.squared <= most.0);
        all.iter()
            .filter(|found| near(found))
            .map(|found| (found.row, found.squared))
            .take(options.k)
            .collect()
    };
    (0..from.len()).map(line).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn shapes_as_every_pair_compared(
        from in any_rows(8),
        to in any_rows(30),
        count in 1usize..8,
        most in prop::option::of(prop_oneof![Just(1.0), Just(5.0), 0.0..20.0f64]),
    ) {
        let options = NearestOptions { k: count, max_distance: most.map(Metres) };
        let (from, to) = (column(&from), column(&to));
        let found = nearest(&from, &to, options).unwrap();
        prop_assert_eq!(lines(&found), every_pair_of_shapes(&from, &to, options, false));
        let found = nearest_others(&to, options).unwrap();
        prop_assert_eq!(lines(&found), every_pair_of_shapes(&to, &to, options, true));
    }

    #[test]
    fn as_every_pair_compared(
        from in places(60),
        to in places(200),
        count in prop_oneof![4 => 1usize..14, 1 => 14usize..70],
        most in prop::option::of(prop_oneof![Just(1.0), Just(5.0), 0.0..20.0f64]),
    ) {
        let options = NearestOptions { k: count, max_distance: most.map(Metres) };
        check(&from, &to, options);
    }

    #[test]
    fn the_order_of_rows_changes_only_their_names(from in places(40), to in places(120), count in 1usize..7) {
        let reversed: Vec<(f64, f64)> = to.iter().rev().copied().collect();
        let one = nearest(&points(&from), &points(&to), k(count)).unwrap();
        let other = nearest(&points(&from), &points(&reversed), k(count)).unwrap();
        for of in 0..from.len() {
            prop_assert_eq!(one.distances(of), other.distances(of));
        }
    }
}

#[test]
fn a_column_of_single_points_and_its_kind() {
    let column =
        GeometryColumn::from_options([Some(Geometry::from(Point(Coord { x: 1., y: 2. }))), None], Crs::CC46);
    assert_eq!(nearest(&points(&[(1., 0.)]), &column, k(1)).unwrap().first(0), Some((0, 2.)));
}

#[test]
fn points_and_shapes_one_index() {
    let benches = NearestIndex::new(&points(&[(50., 50.), (500., 50.), (f64::NAN, 0.)])).unwrap();
    let park = Rect::new(Coord { x: 0., y: 0. }, Coord { x: 100., y: 100. }).into();
    let path = LineString::from(vec![(200., 0.), (200., 500.), (1000., 500.)]).into();
    let from = GeometryColumn::from_options([Some(park), None, Some(path)], Crs::CC46);
    let found = benches.nearest(&from, k(2)).unwrap();
    assert_eq!(lines(&found), [vec![(0, 0.), (1, 400.)], vec![], vec![(0, 150.), (1, 300.)]]);
    let found = benches.nearest(&points(&[(0., 50.)]), k(1)).unwrap();
    assert_eq!(lines(&found), [[(0, 50.)]]);
}

#[test]
fn a_giant_among_dwarfs() {
    // A spiral of 100 000 vertices around ten thousand small squares in a row.
    let turn = |i: i32| {
        let (angle, reach) = (f64::from(i) * 1e-3, 2e4 + f64::from(i) * 0.1);
        (reach * angle.cos(), reach * angle.sin())
    };
    let spiral: Geometry = LineString::from((0..100_000).map(turn).collect::<Vec<_>>()).into();
    let dwarf = |i: i32| {
        let x = f64::from(i) - 5e3;
        Geometry::from(Rect::new(Coord { x, y: 0. }, Coord { x: x + 0.5, y: 0.5 }))
    };
    let to = GeometryColumn::new(std::iter::once(spiral).chain((0..10_000).map(dwarf)), Crs::CC46);
    let found = nearest_others(&to, k(3)).unwrap();
    assert_eq!(
        (found.rows(0), found.rows(1), found.rows(9_000)),
        (&[10_000, 9_999, 9_998][..], &[2, 3, 4][..], &[8_999, 9_001, 8_998][..])
    );
    assert_eq!(found.distances(9_000), [0.5, 0.5, 1.5]);
}
