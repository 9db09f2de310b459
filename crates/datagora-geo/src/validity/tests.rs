use datagora_core::Crs;
use geo::{Validation, line_string, wkt};
use proptest::prelude::*;

use super::*;
use crate::types::{Geometry, MultiPolygon, Point};
use crate::{Metric, area};

fn kinds(geometry: impl Into<Geometry>) -> Vec<FaultKind> {
    faults(&GeometryColumn::new([geometry.into()], Crs::CC46)).iter().map(|fault| fault.kind).collect()
}

#[test]
fn each_fault_is_named() {
    use FaultKind::*;
    let sound: Polygon =
        wkt!(POLYGON((0. 0., 9. 0., 9. 9., 0. 9., 0. 0.), (1. 1., 1. 2., 2. 2., 2. 1., 1. 1.)));
    assert_eq!(kinds(sound.clone()), []);
    assert_eq!(kinds(Point::new(0., 0.)), []);
    assert_eq!(kinds(MultiPolygon::<f64>(vec![])), []);
    assert_eq!(kinds(line_string![(x: 1., y: 1.), (x: 1., y: 1.)]), [TooShort]);
    assert_eq!(kinds(line_string![(x: 1., y: 1.), (x: f64::NAN, y: 1.)]), [NotFinite]);
    let ring = |points: Vec<(f64, f64)>| Polygon::new(points.into(), vec![]);
    assert_eq!(kinds(ring(vec![(0., 0.), (1., 0.), (0., 0.)])), [TooShort]);
    assert_eq!(kinds(ring(vec![(0., 0.), (1., 0.), (1., 0.), (1., 1.)])), [RepeatedPoint]);
    assert_eq!(kinds(ring(vec![(0., 0.), (1., 1.), (1., 0.)])), [Winding]);
    // A bow tie, a spike, a ring that touches itself at a vertex, one that runs along itself.
    assert_eq!(kinds(ring(vec![(0., 0.), (4., 4.), (4., 0.), (0., 4.)])), [SelfIntersection]);
    assert_eq!(
        kinds(ring(vec![(0., 0.), (4., 0.), (4., 4.), (4., 8.), (4., 4.), (0., 4.)])),
        [SelfIntersection]
    );
    assert_eq!(
        kinds(ring(vec![(0., 0.), (4., 0.), (2., 2.), (4., 4.), (0., 4.), (2., 2.)])),
        [SelfIntersection]
    );
    assert_eq!(
        kinds(ring(vec![(0., 0.), (9., 0.), (9., 5.), (6., 5.), (6., 0.), (3., 0.), (3., 5.), (0., 5.)])),
        [SelfIntersection]
    );
    let with_hole = |hole: Vec<(f64, f64)>| Polygon::new(sound.exterior().clone(), vec![hole.into()]);
    assert_eq!(kinds(with_hole(vec![(20., 1.), (20., 2.), (21., 2.)])), [HoleOutside]);
    assert_eq!(kinds(with_hole(vec![(8., 1.), (8., 2.), (11., 2.)])), [HoleOutside]);
    assert_eq!(kinds(with_hole(vec![(0., 1.), (0., 2.), (1., 2.)])), [RingsOverlap]);
    assert_eq!(kinds(with_hole(vec![(1., 1.), (2., 1.), (2., 2.)])), [Winding]);
    // Touching the exterior at one point is allowed.
    assert_eq!(kinds(with_hole(vec![(0., 1.), (1., 2.), (1., 1.)])), []);
    let cell: Polygon = wkt!(POLYGON((3. 3., 5. 3., 5. 5., 3. 5., 3. 3.)));
    assert_eq!(kinds(MultiPolygon(vec![sound.clone(), cell])), [PartsOverlap]);
    let island: Polygon = wkt!(POLYGON((1.2 1.2, 1.8 1.2, 1.8 1.8, 1.2 1.2)));
    assert_eq!(kinds(MultiPolygon(vec![sound, island])), []);
}

#[test]
fn a_fault_says_where() {
    let column = GeometryColumn::from_options(
        [None, Some(line_string![(x: 0., y: 0.), (x: f64::INFINITY, y: 1.)].into())],
        Crs::CC46,
    );
    assert_eq!(
        faults(&column)[0].to_string(),
        "row 1, part 0, ring 0: a coordinate is not a finite number at (inf, 1)"
    );
}

#[test]
fn repairs_are_listed_and_the_rest_is_left() {
    let untidy: Polygon =
        wkt!(POLYGON((0. 0., 0. 9., 0. 9., 0. 9., 9. 9., 9. 0., 0. 0.), (1. 1., 2. 1., 2. 2., 1. 1.)));
    let bow_tie: Polygon = wkt!(POLYGON((0. 0., 4. 4., 4. 0., 0. 5., 0. 0.)));
    let dot: Polygon = wkt!(POLYGON((1. 1., 1. 1., 1. 1., 1. 1.)));
    let column = GeometryColumn::from_options(
        [Some(untidy.into()), None, Some(bow_tie.into()), Some(dot.into())],
        Crs::CC46,
    );
    let (mended, repairs) = repair(&column);
    let listed: Vec<String> = repairs.iter().map(ToString::to_string).collect();
    assert_eq!(
        listed,
        [
            "row 0, part 0, ring 0: 2 repeated points removed",
            "row 0, part 0, ring 0: turned round",
            "row 0, part 0, ring 1: turned round"
        ]
    );
    assert_eq!(
        (2..4).map(|row| mended.get(row)).collect::<Vec<_>>(),
        (2..4).map(|row| column.get(row)).collect::<Vec<_>>()
    );
    let left: Vec<(usize, FaultKind)> = faults(&mended).iter().map(|fault| (fault.row, fault.kind)).collect();
    assert_eq!(left, [(2, FaultKind::SelfIntersection), (3, FaultKind::TooShort)]);
    assert_eq!(repair(&mended), (mended.clone(), vec![]));
}

proptest! {
    /// On a coarse lattice, where rings touch and retrace themselves often.
    #[test]
    fn agrees_with_geo(ring in prop::collection::vec((0..5i32, 0..5i32), 4..9)) {
        let points: Vec<(f64, f64)> = ring.iter().map(|(x, y)| (f64::from(*x), f64::from(*y))).collect();
        let polygon = Polygon::new(points.into(), vec![]);
        let invalid = kinds(polygon.clone()).into_iter().any(FaultKind::is_invalid);
        // geo does not see a ring that turns back on its last edge, so the two differ there.
        let edges: Vec<_> = polygon.exterior().lines().filter(|edge| edge.start != edge.end).collect();
        let turns_back = (0..edges.len()).any(|k| {
            let (a, b) = (edges[k].delta(), edges[(k + 1) % edges.len()].delta());
            a.x * b.y == a.y * b.x && a.x * b.x + a.y * b.y < 0.0
        });
        prop_assert_eq!(invalid, turns_back || !polygon.is_valid(), "{:?}", polygon);
    }

    #[test]
    fn repair_keeps_the_ground(ring in prop::collection::vec((0..20i32, 0..20i32), 3..12)) {
        let points: Vec<(f64, f64)> = ring.iter().map(|(x, y)| (f64::from(*x), f64::from(*y))).collect();
        let column = GeometryColumn::new([Polygon::new(points.into(), vec![]).into()], Crs::CC46);
        let (mended, _) = repair(&column);
        prop_assert_eq!(area(&mended, Metric::Planar).unwrap(), area(&column, Metric::Planar).unwrap());
    }
}
