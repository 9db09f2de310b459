use datagora_core::Crs;
use proptest::prelude::*;

use super::*;
use crate::types::{Coord, Geometry, LineString, Point, Polygon};
use crate::{Boundary, FaultKind, Metric, ZoneIndex, area, faults};

fn vertices(column: &GeometryColumn) -> usize {
    column.coordinates().0.len()
}

fn column(rings: impl IntoIterator<Item = Vec<(f64, f64)>>) -> GeometryColumn {
    GeometryColumn::new(rings.into_iter().map(|ring| Polygon::new(ring.into(), vec![]).into()), Crs::CC46)
}

#[test]
fn a_hole_and_what_fills_it_stay_together() {
    let circle = |radius: f64| -> Vec<(f64, f64)> {
        (0..90)
            .map(|k| (f64::from(k) * 4.0).to_radians())
            .map(|a| (radius * a.cos(), radius * a.sin()))
            .collect()
    };
    let hole: LineString = circle(50.).into();
    let island: Vec<(f64, f64)> = circle(50.).into_iter().rev().collect();
    let surround = Polygon::new(circle(100.).into(), vec![hole]);
    let zones = GeometryColumn::new([surround.into(), Polygon::new(island.into(), vec![]).into()], Crs::CC46);
    let simple = simplify_coverage(&zones, 10.).unwrap();
    assert!(vertices(&simple) < vertices(&zones) / 3, "{} vertices", vertices(&simple));
    let ring = |geometry: Option<Geometry>, hole: bool| match geometry {
        Some(Geometry::Polygon(polygon)) if hole => polygon.interiors()[0].clone(),
        Some(Geometry::Polygon(polygon)) => polygon.exterior().clone(),
        other => panic!("{other:?} is no polygon"),
    };
    let sorted = |ring: LineString| {
        let mut points = ring.0[1..].to_vec();
        points.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
        points
    };
    assert_eq!(sorted(ring(simple.get(0), true)), sorted(ring(simple.get(1), false)));
    assert_eq!(faults(&simple).iter().filter(|fault| fault.kind.is_invalid()).count(), 0);
}

#[test]
fn rings_do_not_collapse_and_points_stay() {
    let zones = column([vec![(0., 0.), (1., 0.), (1., 1.), (0., 1.)], vec![(5., 5.), (6., 5.), (5., 6.)]]);
    let simple = simplify_coverage(&zones, 1e6).unwrap();
    for row in 0..2 {
        let Some(Geometry::Polygon(polygon)) = simple.get(row) else { panic!("row {row} is a polygon") };
        assert_eq!(polygon.exterior().0.len(), 4);
    }
    let mixed = GeometryColumn::from_options(
        [
            Some(Point::new(3., 4.).into()),
            None,
            Some(LineString::from(vec![(0., 0.), (5., 0.1), (9., 0.)]).into()),
            Some(LineString::<f64>(vec![]).into()),
            Some(Polygon::new(LineString(vec![]), vec![]).into()),
        ],
        Crs::CC46,
    );
    let simple = simplify_coverage(&mixed, 2.).unwrap();
    assert_eq!((simple.get(0), simple.get(1)), (mixed.get(0), None));
    assert_eq!(simple.get(2), Some(LineString::from(vec![(0., 0.), (9., 0.)]).into()));
    assert_eq!((simple.get(3), simple.get(4)), (mixed.get(3), mixed.get(4)));
}

#[test]
fn a_border_does_not_jump_over_a_village() {
    // A bulge of the border holds a small zone: cutting the bulge off would leave it outside.
    let bulge = vec![(0., 0.), (50., 0.), (60., 30.), (50., 60.), (0., 60.)];
    let village = vec![(54., 29.), (56., 29.), (56., 31.), (54., 31.)];
    let simple = simplify_coverage(&column([bulge.clone(), village]), 20.).unwrap();
    assert!(vertices(&simple) >= 6 + 4);
    assert!(vertices(&simplify_coverage(&column([bulge]), 20.).unwrap()) < 6);
}

#[test]
fn what_is_no_tolerance_or_no_number_is_refused() {
    let zones = column([vec![(0., 0.), (1., 0.), (1., 1.)]]);
    assert_eq!(simplify_coverage(&zones, -1.), Err(SimplifyError::Tolerance { found: -1. }));
    assert!(simplify_coverage(&zones, f64::NAN).is_err());
    let bad = column([vec![(0., 0.), (f64::NAN, 0.), (1., 1.)]]);
    assert_eq!(simplify_coverage(&bad, 1.), Err(SimplifyError::NotFinite { row: 0 }));
}

/// Cells of a lattice whose borders are ragged: a point between each two corners, moved at random, twice.
fn ragged(size: usize, shifts: &[f64]) -> GeometryColumn {
    let corner = |i: usize, j: usize| (10. * i as f64, 10. * j as f64);
    let mut next = shifts.iter().cycle();
    let mut border = std::collections::BTreeMap::new();
    for i in 0..=size {
        for j in 0..=size {
            for di in [1, 0] {
                let points: Vec<(f64, f64)> = (1..8)
                    .map(|k| {
                        let shift = next.next().copied().unwrap_or(0.);
                        let (x, y) = corner(i, j);
                        let along = 10. * f64::from(k) / 8.;
                        if di == 1 { (x + along, y + shift) } else { (x + shift, y + along) }
                    })
                    .collect();
                border.insert((i, j, di), points);
            }
        }
    }
    let cells = (0..size).flat_map(|i| (0..size).map(move |j| (i, j))).map(|(i, j)| {
        let mut ring = vec![corner(i, j)];
        ring.extend(&border[&(i, j, 1)]);
        ring.push(corner(i + 1, j));
        ring.extend(&border[&(i + 1, j, 0)]);
        ring.push(corner(i + 1, j + 1));
        ring.extend(border[&(i, j + 1, 1)].iter().rev());
        ring.push(corner(i, j + 1));
        ring.extend(border[&(i, j, 0)].iter().rev());
        ring
    });
    column(cells)
}

proptest! {
    #[test]
    fn no_gap_no_overlap_no_crossing(
        shifts in prop::collection::vec(-1.2..1.2f64, 50..200),
        tolerance in 0.0..6.0f64,
        // Away from the outline of the whole, of which corners may be cut off.
        points in prop::collection::vec((10.0..30.0f64, 10.0..30.0f64), 100),
    ) {
        let zones = ragged(4, &shifts);
        prop_assume!(faults(&zones).iter().all(|fault| !fault.kind.is_invalid()));
        let simple = simplify_coverage(&zones, tolerance).unwrap();
        let invalid: Vec<FaultKind> = faults(&simple).iter().map(|f| f.kind).filter(|k| k.is_invalid()).collect();
        prop_assert!(invalid.is_empty(), "{:?}", invalid);
        let index = ZoneIndex::new(&simple).unwrap();
        for (x, y) in points {
            prop_assert_eq!(index.locate_all(x, y, Boundary::HalfOpen).count(), 1, "({}, {})", x, y);
        }
        prop_assert!(vertices(&simple) <= vertices(&zones));
        prop_assert!(area(&simple, Metric::Planar).unwrap().iter().all(|area| *area > 0.0));
        // What was removed is no corner of the lattice.
        let corner = Coord { x: 20., y: 20. };
        let (x, y) = simple.coordinates();
        prop_assert!(x.iter().zip(y).any(|(x, y)| (*x, *y) == (corner.x, corner.y)));
    }
}

proptest! {
    #[test]
    fn a_next_scale_is_what_the_last_one_becomes(
        shifts in prop::collection::vec(-1.2..1.2f64, 50..200), tolerances in prop::array::uniform3(0.0..6.0f64),
    ) {
        let zones = ragged(4, &shifts);
        let mut tolerances = tolerances;
        tolerances.sort_by(f64::total_cmp);
        let places = |column: &GeometryColumn| {
            let (x, y) = column.coordinates();
            let mut places: Vec<[u64; 2]> = x.iter().zip(y).map(|(x, y)| [x.to_bits(), y.to_bits()]).collect();
            places.sort_unstable();
            places.dedup();
            places
        };
        let mut simplifier = CoverageSimplifier::new(zones.clone()).unwrap();
        let mut last = zones;
        for tolerance in tolerances {
            let next = simplifier.simplify(tolerance).unwrap();
            last = simplify_coverage(&last, tolerance).unwrap();
            prop_assert_eq!(places(&next), places(&last));
            prop_assert_eq!(simplifier.tolerance(), tolerance);
        }
        let finer = tolerances[2] - 1.0;
        prop_assume!(finer >= 0.0);
        prop_assert_eq!(simplifier.simplify(finer), Err(SimplifyError::Finer { found: finer, least: tolerances[2] }));
    }
}

fn simple_line(points: &[(f64, f64)], tolerance: f64) -> Vec<(f64, f64)> {
    let line = GeometryColumn::new([LineString::from(points.to_vec()).into()], Crs::CC46);
    let simple = simplify(&line, tolerance).unwrap();
    let (x, y) = simple.coordinates();
    x.iter().copied().zip(y.iter().copied()).collect()
}

#[test]
fn vertices_within_the_tolerance_go() {
    let trace = [(0., 0.), (0., 0.), (40., 2.), (60., -2.), (100., 0.), (100., 40.), (100., 80.)];
    assert_eq!(simple_line(&trace, 2.0), [(0., 0.), (100., 0.), (100., 80.)]);
    assert_eq!(simple_line(&trace, 1.9), [(0., 0.), (40., 2.), (60., -2.), (100., 0.), (100., 80.)]);
    assert_eq!(simple_line(&trace, 0.0), simple_line(&trace, 1.9));
    // Nothing that has no extent becomes less than a line.
    assert_eq!(simple_line(&[(1., 1.), (1., 1.)], 1.0), [(1., 1.), (1., 1.)]);
}

#[test]
fn no_edge_comes_to_cross_another() {
    // A bay with a jetty from the other shore, which a straight shore would cut.
    let shore = LineString::from(vec![(0., 0.), (50., 4.), (100., 0.)]);
    let jetty = LineString::from(vec![(50., -20.), (50., 3.)]);
    let alone = GeometryColumn::new([shore.clone().into()], Crs::CC46);
    assert_eq!(vertices(&simplify(&alone, 5.0).unwrap()), 2);
    let both = GeometryColumn::new([geo::MultiLineString(vec![shore, jetty]).into()], Crs::CC46);
    assert_eq!(simplify(&both, 5.0).unwrap(), both);
    // A hole in a bulge that would be cut off.
    let outer = vec![(0., 0.), (100., 0.), (100., 50.), (50., 54.), (0., 50.)];
    let hole = vec![(48., 51.), (52., 51.), (50., 52.)];
    let ring = |points: &[(f64, f64)]| LineString::from(points.to_vec());
    let bare = GeometryColumn::new([Polygon::new(ring(&outer), vec![]).into()], Crs::CC46);
    assert_eq!(vertices(&simplify(&bare, 5.0).unwrap()), 5);
    let holed = GeometryColumn::new([Polygon::new(ring(&outer), vec![ring(&hole)]).into()], Crs::CC46);
    assert_eq!(simplify(&holed, 5.0).unwrap(), holed);
}

#[test]
fn rings_keep_three_corners_and_members_their_meetings() {
    let zones = column([vec![(0., 0.), (1., 0.), (1., 1.), (0., 1.)], vec![(5., 5.), (6., 5.), (5., 6.)]]);
    assert_eq!(area(&simplify(&zones, 1e6).unwrap(), Metric::Planar).unwrap(), [0.5, 0.5]);
    let lanes = geo::MultiLineString(vec![
        LineString::from(vec![(0., 0.), (50., 1.), (100., 0.)]),
        LineString::from(vec![(50., 1.), (50., 40.)]),
    ]);
    let lanes = GeometryColumn::new([lanes.into()], Crs::CC46);
    assert_eq!(simplify(&lanes, 5.0).unwrap(), lanes);
    // Two ways between the same two places stay two.
    let ways = geo::MultiLineString(vec![
        LineString::from(vec![(0., 0.), (50., 1.), (100., 0.)]),
        LineString::from(vec![(0., 0.), (50., -1.), (100., 0.)]),
    ]);
    let ways = GeometryColumn::new([ways.into()], Crs::CC46);
    assert_eq!(simplify(&ways, 5.0).unwrap(), ways);
}

#[test]
fn what_cannot_be_simplified_is_refused() {
    let zones = column([vec![(0., 0.), (1., 0.), (1., 1.)], vec![(0., 0.), (f64::NAN, 0.), (1., 1.)]]);
    assert_eq!(simplify(&zones, 1.0), Err(SimplifyError::NotFinite { row: 1 }));
    assert!(matches!(simplify(&zones, f64::NAN), Err(SimplifyError::Tolerance { .. })));
}
