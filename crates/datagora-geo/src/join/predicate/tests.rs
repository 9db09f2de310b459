use geo::{MapCoords, wkt};
use proptest::prelude::*;

use super::*;
use crate::faults;
use crate::types::{Coord, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon, Rect};

const ALL: [Predicate; 9] = [
    Predicate::Intersects,
    Predicate::Within,
    Predicate::Contains,
    Predicate::Covers,
    Predicate::CoveredBy,
    Predicate::Touches,
    Predicate::Crosses,
    Predicate::Overlaps,
    Predicate::Equals,
];

fn column(geometries: impl IntoIterator<Item = Geometry>) -> GeometryColumn {
    GeometryColumn::new(geometries, Crs::CC46)
}

fn square(x: f64, y: f64, side: f64) -> Geometry {
    Rect::new(Coord { x, y }, Coord { x: x + side, y: y + side }).into()
}

fn pairs(pairs: &Pairs) -> Vec<(u32, u32)> {
    pairs.iter().collect()
}

#[test]
fn what_cannot_be_related_is_refused() {
    let good = column([square(0., 0., 1.)]);
    let elsewhere = good.clone().declared_as(Crs::WGS84);
    assert_eq!(
        join_by(&good, &elsewhere, Predicate::Within).unwrap_err().to_string(),
        "the left column is in EPSG:3946, the right one in EPSG:4326; reproject one of them to the CRS of the other"
    );
    let bow_tie: Polygon = wkt!(POLYGON((0. 0., 4. 4., 4. 0., 0. 4., 0. 0.)));
    let invalid = column([square(0., 0., 1.), bow_tie.into()]);
    for (left, right, side) in [(&invalid, &good, "left"), (&good, &invalid, "right")] {
        assert_eq!(
            join_by(left, right, Predicate::Touches),
            Err(PredicateError::Invalid { side, row: 1, fault: FaultKind::SelfIntersection })
        );
    }
    let collection = column([Geometry::GeometryCollection(vec![square(0., 0., 1.)].into())]);
    assert_eq!(
        self_join_by(&collection, Predicate::Touches),
        Err(PredicateError::Collection { side: "left", row: 0 })
    );
}

#[test]
fn missing_and_empty_rows_are_in_no_pair() {
    let empty: Geometry = MultiPolygon::<f64>(vec![]).into();
    let column = GeometryColumn::from_options([None, Some(empty), Some(square(0., 0., 1.))], Crs::CC46);
    for predicate in ALL {
        let found = join_by(&column, &column, predicate).unwrap();
        let reflexive = !matches!(predicate, Predicate::Touches | Predicate::Crosses | Predicate::Overlaps);
        assert_eq!(pairs(&found), if reflexive { vec![(2, 2)] } else { vec![] }, "{predicate}");
        assert!(self_join_by(&column, predicate).unwrap().is_empty());
        assert!(join_by(&column, &column.take(&[]), predicate).unwrap().is_empty());
    }
    let found = join_by(&column, &column, Predicate::Intersects).unwrap();
    assert_eq!((found.unmatched_left(), found.unmatched_right()), (vec![0, 1], vec![0, 1]));
}

#[test]
fn a_self_join_names_each_pair_once() {
    // Two neighbours, one of them twice, and a small one in it.
    let zones = column([square(0., 0., 4.), square(4., 0., 4.), square(0., 0., 4.), square(1., 1., 1.)]);
    let found = |predicate| pairs(&self_join_by(&zones, predicate).unwrap());
    assert_eq!(found(Predicate::Touches), [(0, 1), (1, 2)]);
    assert_eq!(found(Predicate::Equals), [(0, 2)]);
    assert_eq!(found(Predicate::Contains), [(0, 2), (0, 3), (2, 0), (2, 3)]);
    assert_eq!(found(Predicate::Within), [(0, 2), (2, 0), (3, 0), (3, 2)]);
    assert_eq!(found(Predicate::Intersects), [(0, 1), (0, 2), (0, 3), (1, 2), (2, 3)]);
}

#[test]
fn a_border_is_covered_and_not_within() {
    let zone = column([square(0., 0., 4.)]);
    let others = column([
        Point::new(0., 2.).into(),
        LineString::from(vec![(0., 0.), (0., 4.)]).into(),
        LineString::from(vec![(0., 0.), (4., 4.)]).into(),
        LineString::from(vec![(-1., 2.), (5., 2.)]).into(),
        MultiPoint::from(vec![(0., 0.), (2., 2.)]).into(),
    ]);
    let found = |predicate| {
        let found = join_by(&others, &zone, predicate).unwrap();
        found.left().to_vec()
    };
    assert_eq!(found(Predicate::CoveredBy), [0, 1, 2, 4]);
    assert_eq!(found(Predicate::Within), [2, 4]);
    assert_eq!(found(Predicate::Touches), [0, 1]);
    assert_eq!(found(Predicate::Crosses), [3]);
}

/// Geometries of each kind on a coarse lattice, so that they touch in all ways; some are not valid.
fn geometry() -> impl Strategy<Value = Geometry> {
    let coord = || (0..7i32, 0..7i32).prop_map(|(x, y)| Coord { x: f64::from(x), y: f64::from(y) });
    let line = move || prop::collection::vec(coord(), 2..5).prop_map(LineString);
    let ring = move || prop::collection::vec(coord(), 3..6).prop_map(LineString);
    let square = || {
        (0..6i32, 0..6i32, 1..4i32).prop_map(|(x, y, side)| {
            let (x, y, side) = (f64::from(x), f64::from(y), f64::from(side));
            Rect::new(Coord { x, y }, Coord { x: x + side, y: y + side }).to_polygon()
        })
    };
    prop_oneof![
        coord().prop_map(|c| Point(c).into()),
        prop::collection::vec(coord(), 1..4)
            .prop_map(|c| MultiPoint(c.into_iter().map(Point).collect()).into()),
        line().prop_map(Geometry::from),
        prop::collection::vec(line(), 1..3).prop_map(|lines| MultiLineString(lines).into()),
        ring().prop_map(|ring| Polygon::new(ring, vec![]).into()),
        (square(), ring())
            .prop_map(|(outer, hole)| Polygon::new(outer.exterior().clone(), vec![hole]).into()),
        square().prop_map(Geometry::from),
        prop::collection::vec(square(), 1..4).prop_map(|polygons| MultiPolygon(polygons).into()),
    ]
}

/// Those of some geometries that are valid.
fn valid(geometries: Vec<Geometry>, place: impl Fn(Coord) -> Coord + Copy) -> GeometryColumn {
    let all = column(geometries.into_iter().map(|geometry| geometry.map_coords(place)));
    let bad: Vec<usize> = faults(&all).iter().filter(|f| f.kind.is_invalid()).map(|f| f.row).collect();
    let good: Vec<usize> = (0..all.len()).filter(|row| !bad.contains(row)).collect();
    all.take(&good)
}

proptest! {
    /// Rectangles and vertices decide as the intersection matrix does.
    #[test]
    fn agrees_with_the_intersection_matrix(geometries in prop::collection::vec(geometry(), 2..12)) {
        let valid = valid(geometries, |c| c);
        let rows: Vec<Geometry> = valid.iter().flatten().collect();
        for predicate in ALL {
            let found = pairs(&join_by(&valid, &valid, predicate).unwrap());
            for (a, left) in (0u32..).zip(&rows) {
                for (b, right) in (0u32..).zip(&rows) {
                    let expected = holds(predicate, &left.relate(right));
                    prop_assert_eq!(
                        found.contains(&(a, b)), expected, "{:?} {} {:?}", left, predicate, right
                    );
                }
            }
        }
    }

    /// Where coordinates are no binary fractions, vertices come to lie a last digit beside edges. Intersections are exact
    /// there; the matrix is not (of two lines that cross a last digit before the end of one, it says that they do not
    /// meet, as GEOS says that they touch), but nothing panics.
    #[test]
    fn rounded_coordinates_do_no_harm(geometries in prop::collection::vec(geometry(), 2..12)) {
        let valid = valid(geometries, |c| Coord { x: c.x * 0.1 + 1_842_000.3, y: c.y * 0.7 + 5_174_000.1 });
        for predicate in ALL {
            let found = join_by(&valid, &valid, predicate).unwrap();
            if predicate == Predicate::Intersects {
                let rows: Vec<Geometry> = valid.iter().flatten().collect();
                let meet = |a: u32, b: u32| rows[a as usize].intersects(&rows[b as usize]);
                let count = rows.len() as u32;
                let all = (0..count).flat_map(|a| (0..count).map(move |b| (a, b)));
                let expected: Vec<(u32, u32)> = all.filter(|&(a, b)| meet(a, b)).collect();
                prop_assert_eq!(pairs(&found), expected);
            }
        }
    }
}
