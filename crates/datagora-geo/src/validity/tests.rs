use datagora_core::Crs;
use geo::{Validation, line_string, wkt};
use proptest::prelude::*;

use super::*;
use crate::types::{Geometry, LineString, MultiPolygon, Point, Polygon};
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
    assert_eq!(kinds(ring(vec![(0., 0.), (4., 0.), (4., 4.), (4., 8.), (4., 4.), (0., 4.)])), [Spike]);
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
    // A part that touches another where a hole of that one touches its exterior.
    let notched: Polygon =
        wkt!(POLYGON((0. 0., 3. 0., 3. 3., 6. 3., 6. 6., 0. 6., 0. 0.), (3. 3., 1. 4., 3. 5., 3. 3.)));
    let corner: Polygon = wkt!(POLYGON((3. 3., 4. 0., 5. 0., 3. 3.)));
    assert_eq!(kinds(notched.clone()), []);
    assert_eq!(kinds(MultiPolygon(vec![notched, corner])), []);
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
fn repairs_are_listed_and_nothing_is_dropped_silently() {
    let untidy: Polygon =
        wkt!(POLYGON((0. 0., 0. 9., 0. 9., 0. 9., 9. 9., 9. 0., 0. 0.), (1. 1., 2. 1., 2. 2., 1. 1.)));
    let bow_tie: Polygon = wkt!(POLYGON((0. 0., 4. 4., 4. 0., 0. 4., 0. 0.)));
    let dot: Polygon = wkt!(POLYGON((1. 1., 1. 1., 1. 1., 1. 1.)));
    let lost: Polygon = Polygon::new(vec![(0., 0.), (f64::NAN, 1.), (1., 1.)].into(), vec![]);
    let line = line_string![(x: 3., y: 1.), (x: 3., y: 1.)];
    let column = GeometryColumn::from_options(
        [
            Some(untidy.into()),
            None,
            Some(bow_tie.into()),
            Some(dot.into()),
            Some(lost.into()),
            Some(line.into()),
        ],
        Crs::CC46,
    );
    let (mended, repairs) = repair(&column);
    let listed: Vec<String> = repairs.iter().map(ToString::to_string).collect();
    assert_eq!(
        listed,
        [
            "row 0, part 0, ring 0: 2 repeated points removed",
            "row 0, part 0, ring 0: turned round",
            "row 0, part 0, ring 1: turned round",
            "row 2, part 0, ring 0: rebuilt, since the ring meets itself",
            "row 3, part 0, ring 0: emptied, since too few distinct points",
            "row 4, part 0, ring 0: emptied, since a coordinate is not a finite number",
            "row 5, part 0, ring 0: emptied, since too few distinct points",
        ]
    );
    let at = |row: usize| repairs.iter().find(|repair| repair.row == row).unwrap();
    assert_eq!((at(2).area_before, at(2).area_after, at(2).at), (0., 8., Some(Coord { x: 2., y: 2. })));
    assert_eq!((mended.len(), mended.is_missing(1), mended.is_missing(3)), (6, true, false));
    assert!(faults(&mended).is_empty());
    assert_eq!(repair(&mended), (mended.clone(), vec![]));
}

#[test]
fn the_rule_says_what_a_hole_outside_and_an_overlap_become() {
    let outside: Polygon =
        wkt!(POLYGON((0. 0., 4. 0., 4. 4., 0. 4., 0. 0.), (6. 0., 6. 2., 8. 2., 8. 0., 6. 0.)));
    let square =
        |x: f64| crate::types::Rect::new(Coord { x, y: 0. }, Coord { x: x + 4., y: 4. }).to_polygon();
    let overlap = MultiPolygon(vec![square(0.), square(2.)]);
    // A pentagram: its middle is gone round twice.
    let star = Polygon::new(vec![(0., 3.), (9., 3.), (2., 9.), (4.5, 0.), (7., 9.)].into(), vec![]);
    let column = GeometryColumn::new([outside.into(), overlap.into(), star.into()], Crs::CC46);
    let areas = |rule| {
        let (mended, _) = repair_with(&column, &RepairOptions::default().with_rule(rule));
        assert_eq!(faults(&mended), []);
        area(&mended, Metric::Planar).unwrap()
    };
    let (even, union) = (areas(AreaRule::EvenOdd), areas(AreaRule::Union));
    assert!((even[0] - 20.).abs() < 1e-6 && (union[0] - 16.).abs() < 1e-6, "{even:?} {union:?}");
    assert!((even[1] - 16.).abs() < 1e-6 && (union[1] - 24.).abs() < 1e-6);
    assert!(union[2] > even[2] + 1.0);
    let sliver = square(0.).into();
    let thin = crate::types::Rect::new(Coord { x: 9., y: 0. }, Coord { x: 9.01, y: 5. }).to_polygon().into();
    let both = GeometryColumn::new([sliver, thin], Crs::CC46);
    let (mended, repairs) = repair_with(&both, &RepairOptions::default().with_sliver_width(0.05));
    assert_eq!(area(&mended, Metric::Planar).unwrap(), [16., 0.]);
    assert_eq!((repairs.len(), repairs[0].row, repairs[0].kind), (1, 1, RepairKind::SliverRemoved));
}

/// GEOS 3.14.1 on classic shapes, `tests/golden/validity.py`.
#[test]
fn agrees_with_geos() {
    // By lines, an edge that is there twice counts once for GEOS; we go round it twice. By structure, GEOS takes a hole
    // wholly outside for ground.
    let known_differences = [
        ("hole along the exterior", AreaRule::EvenOdd, 80.0),
        ("hole equal to the exterior", AreaRule::EvenOdd, 0.0),
        ("overlapping parts", AreaRule::EvenOdd, 16.0),
        ("the same part twice", AreaRule::EvenOdd, 0.0),
        ("hole outside", AreaRule::Union, 16.0),
    ];
    let table = include_str!("../../tests/golden/validity.csv");
    for line in table.lines().skip(1) {
        let [name, wkt, valid, linework, structure] = line.split(';').collect::<Vec<_>>()[..] else {
            panic!("five fields: {line}")
        };
        let column = GeometryColumn::from_options([crate::read_wkt(wkt).unwrap().geometry], Crs::CC46);
        let invalid = faults(&column).iter().any(|fault| fault.kind.is_invalid());
        assert_eq!(!invalid, valid == "true", "{name}");
        for (rule, theirs) in [(AreaRule::EvenOdd, linework), (AreaRule::Union, structure)] {
            let (mended, _) = repair_with(&column, &RepairOptions::default().with_rule(rule));
            assert_eq!(faults(&mended), [], "{name}");
            let known = known_differences.iter().find(|known| (known.0, known.1) == (name, rule));
            let theirs: f64 = theirs.parse().unwrap();
            let expected = known.map_or(theirs, |known| known.2);
            assert!(known.is_none_or(|known| known.2 != theirs), "{name} agrees: take it off the list");
            let found = area(&mended, Metric::Planar).unwrap()[0];
            // i_overlay rounds to 2⁻³⁰ of the extent.
            assert!((found - expected).abs() < 1e-6, "{name}, {rule:?}: {found} for {expected}");
        }
    }
}

#[test]
fn a_hole_that_takes_nothing_and_a_sliver_are_listed() {
    let square = |x: f64, y: f64, side: f64| {
        crate::types::Rect::new(Coord { x, y }, Coord { x: x + side, y: y + side }).to_polygon()
    };
    let hole = |x: f64, y: f64, side: f64| square(x, y, side).exterior().clone();
    // A hole within, one outside, one that touches from outside; then beside an exterior that is at fault itself.
    let holes = Polygon::new(hole(0., 0., 4.), vec![hole(1., 1., 1.), hole(6., 0., 2.), hole(4., 2., 1.)]);
    let bow_tie = Polygon::new(vec![(0., 0.), (4., 4.), (4., 0.), (0., 4.)].into(), vec![hole(6., 0., 2.)]);
    let column = GeometryColumn::new([holes.into(), bow_tie.into()], Crs::CC46);
    let (mended, repairs) = repair_with(&column, &RepairOptions::default().with_rule(AreaRule::Union));
    let listed: Vec<String> = repairs.iter().map(ToString::to_string).collect();
    assert_eq!(
        listed,
        [
            "row 0, part 0, ring 2: removed, since the hole is not within the exterior",
            "row 0, part 0, ring 3: removed, since the hole is not within the exterior",
            "row 1, part 0, ring 0: rebuilt, since the ring meets itself",
            "row 1, part 0, ring 1: removed, since the hole is not within the exterior",
        ]
    );
    assert_eq!(area(&mended, Metric::Planar).unwrap(), [15., 8.]);
    // By the other rule they are ground.
    assert_eq!(area(&repair(&column).0, Metric::Planar).unwrap(), [20., 12.]);
    // A sliver that comes of two parts which overlap nearly.
    let thin = crate::types::Rect::new(Coord { x: 0., y: 0. }, Coord { x: 4., y: 4.01 }).to_polygon();
    let column = GeometryColumn::new([MultiPolygon(vec![square(0., 0., 4.), thin]).into()], Crs::CC46);
    let (mended, repairs) = repair_with(&column, &RepairOptions::default().with_sliver_width(0.05));
    assert_eq!(repairs.last().unwrap().kind, RepairKind::SliverRemoved);
    assert_eq!(area(&mended, Metric::Planar).unwrap(), [0.]);
}

/// A ring that zigzags between two long sides: each edge's rectangle meets nearly all others.
fn zigzag(teeth: usize) -> Vec<Coord> {
    let point = |k: usize| {
        let (east, y) = if k.is_multiple_of(2) { (0., 0.) } else { (2e6, 1e6) };
        Coord { x: k as f64 + east, y }
    };
    let around = [(5e6, 1e6), (5e6, -1e6), (-9., -1e6)].map(|(x, y)| Coord { x, y });
    (0..2 * teeth).map(point).chain(around).collect()
}

#[test]
fn a_zigzag_is_swept() {
    let ring = |points: Vec<Coord>| {
        GeometryColumn::new([Polygon::new(LineString(points), vec![]).into()], Crs::CC46)
    };
    let mut points = zigzag(40_000);
    let count = points.len();
    let invalid = |column: &GeometryColumn| faults(column).iter().filter(|f| f.kind.is_invalid()).count();
    assert_eq!(invalid(&ring(points.clone())), 0);
    // One vertex pulled across its neighbour.
    points[count / 4].x += 3.0;
    assert_eq!(invalid(&ring(points)), 1);
}

proptest! {
    /// A sweep sees what a comparison of each with each sees.
    #[test]
    fn the_sweep_agrees_with_all_pairs(
        ring in prop::collection::vec((0..9i32, 0..9i32), 3..14),
        scale in prop::sample::select(vec![1.0, 0.1, 1e-7]),
    ) {
        let mut points: Vec<Coord> =
            ring.iter().map(|(x, y)| Coord { x: scale * f64::from(*x) + 0.3, y: scale * f64::from(*y) }).collect();
        points.dedup();
        while points.len() > 1 && points.first() == points.last() {
            points.pop();
        }
        let count = points.len();
        let edge = |k: usize| [points[k], points[(k + 1) % count]];
        let spike = (0..count).any(|k| crossing::turns_back(edge((k + count - 1) % count)[0], points[k], edge(k)[1]));
        prop_assume!(count >= 3 && !spike);
        let swept = sweep::first_meeting(&points).unwrap();
        prop_assert_eq!(swept.is_some(), crossing::first_of_all(count, edge).is_some(), "{:?}", points);
    }

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

    /// Whatever the rings, what comes out is sound, stays as it is when repaired again, and has the area reported.
    #[test]
    fn repair_makes_sound(rings in prop::collection::vec(prop::collection::vec((0..12i32, 0..12i32), 3..9), 1..4), union: bool) {
        let ring = |points: &Vec<(i32, i32)>| -> LineString {
            points.iter().map(|(x, y)| (1_842_000.0 + 0.7 * f64::from(*x), 0.7 * f64::from(*y))).collect::<Vec<_>>().into()
        };
        let mut rings = rings.iter().map(ring);
        let exterior = rings.next().unwrap();
        let column = GeometryColumn::new([Polygon::new(exterior, rings.collect()).into()], Crs::CC46);
        let rule = if union { AreaRule::Union } else { AreaRule::EvenOdd };
        let options = RepairOptions::default().with_rule(rule);
        let (mended, repairs) = repair_with(&column, &options);
        prop_assert_eq!(faults(&mended), vec![], "{:?}", mended);
        let (before, after) = (area(&column, Metric::Planar).unwrap()[0], area(&mended, Metric::Planar).unwrap()[0]);
        prop_assert!(repairs.iter().all(|r| (r.area_before - before).abs() < 1e-9 && (r.area_after - after).abs() < 1e-9));
        prop_assert!(!repairs.is_empty() || mended == column);
        prop_assert_eq!(repair_with(&mended, &options), (mended.clone(), vec![]));
    }
}
