use geo::Euclidean;
use geo::algorithm::line_measures::Distance as _;
use proptest::prelude::*;

use super::*;
use crate::types::{Geometry, LineString, MultiPoint, MultiPolygon, Polygon, Rect};

proptest! {
    #[test]
    fn a_square_is_within_reach_if_its_root_is(distance in 0.0..1e9f64) {
        let most = greatest_square(Metres(distance)).unwrap();
        prop_assert!(most.sqrt() <= distance && most.next_up().sqrt() > distance);
    }
}

#[test]
fn reaches() {
    assert_eq!(greatest_square(Metres(0.0)), Ok(0.0));
    assert_eq!(greatest_square(Metres(f64::INFINITY)), Ok(f64::INFINITY));
    assert!(greatest_square(Metres(1e200)).unwrap() >= f64::MAX);
    assert!(greatest_square(Metres(1e-200)).unwrap() < 1e-300);
    assert_eq!(greatest_square(Metres(-1.0)), Err(DistanceError::Reach { found: -1.0 }));
    assert!(greatest_square(Metres(f64::NAN)).is_err());
}

/// Points, lines, surfaces with a hole or several parts, on whole numbers so that they touch, cross and hold one another.
pub(crate) fn shape() -> impl Strategy<Value = Geometry> {
    let at = || (-8..8i32, -8..8i32).prop_map(|(x, y)| (f64::from(x), f64::from(y)));
    let square = |(x, y): (f64, f64), side: f64| {
        Rect::new(Coord { x, y }, Coord { x: x + side, y: y + side }).to_polygon()
    };
    let ring = move |corner: (f64, f64), side: f64| {
        let hole = square((corner.0 + 1.0, corner.1 + 1.0), side - 2.0);
        Polygon::new(square(corner, side).exterior().clone(), vec![hole.exterior().clone()])
    };
    prop_oneof![
        at().prop_map(|(x, y)| Point::new(x + 0.25, y).into()),
        prop::collection::vec(at(), 2..30).prop_map(|points| LineString::from(points).into()),
        prop::collection::vec(at(), 1..5)
            .prop_map(|points| MultiPoint(points.into_iter().map(Point::from).collect()).into()),
        (at(), 1..6i32).prop_map(move |(corner, side)| square(corner, f64::from(side)).into()),
        (at(), 3..9i32).prop_map(move |(corner, side)| ring(corner, f64::from(side)).into()),
        (at(), at(), 1..3i32).prop_map(move |(a, b, side)| {
            // Apart, so that the surface is sound.
            let b = (b.0 + 20.0, b.1);
            MultiPolygon(vec![square(a, f64::from(side)), square(b, f64::from(side))]).into()
        }),
    ]
}

pub(crate) fn points(places: &[(f64, f64)]) -> GeometryColumn {
    let (x, y) = places.iter().copied().unzip();
    GeometryColumn::points(x, y, Crs::CC46)
}

/// Numbers that look random, without a generator.
pub(crate) fn scattered(count: usize, seed: u64) -> Vec<(f64, f64)> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / (1u64 << 31) as f64
    };
    (0..count).map(|_| (next(), next())).collect()
}

pub(crate) fn column(shapes: &[Option<Geometry>]) -> GeometryColumn {
    GeometryColumn::from_options(shapes.iter().cloned(), Crs::CC46)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn as_the_geo_crate_measures(a in shape(), b in shape()) {
        let [there, back] = [(&a, &b), (&b, &a)].map(|(a, b)| {
            distance(&column(&[Some(a.clone())]), &column(&[Some(b.clone())]), Metric::Planar).unwrap()[0]
        });
        let expected = Euclidean.distance(&a, &b);
        prop_assert_eq!(there, back);
        prop_assert!((there - expected).abs() < 1e-12, "{} is not {}", there, expected);
    }
}

#[test]
fn missing_empty_and_geodesic() {
    let lyon = Point::new(4.8357, 45.7640);
    let paris = Point::new(2.3522, 48.8566);
    let of = |points: [Option<Point>; 2]| {
        GeometryColumn::from_options(points.map(|point| point.map(Geometry::from)), Crs::WGS84)
    };
    let found = distance(&of([Some(lyon), None]), &of([Some(paris), Some(lyon)]), Metric::Geodesic).unwrap();
    // GeographicLib 2.0, Geodesic.WGS84.Inverse.
    assert!(
        (found[0] - Geodesic.distance(lyon, paris)).abs() < 1e-9
            && (391_000.0..393_000.0).contains(&found[0])
    );
    assert!(found[1].is_nan());
    let empty = column(&[Some(LineString::<f64>(vec![]).into()), None]);
    let points = GeometryColumn::points(vec![0., 0.], vec![0., 0.], Crs::CC46);
    assert!(distance(&points, &empty, Metric::Planar).unwrap().iter().all(|d| d.is_nan()));
}

#[test]
fn what_has_no_distance_is_refused() {
    let one = GeometryColumn::points(vec![0.], vec![0.], Crs::CC46);
    let two = GeometryColumn::points(vec![0., 1.], vec![0., 1.], Crs::CC46);
    assert_eq!(distance(&one, &two, Metric::Planar), Err(DistanceError::Lengths { from: 1, to: 2 }));
    assert!(matches!(distance(&one, &one, Metric::Geodesic), Err(DistanceError::Unsuited(_))));
    let degrees = one.clone().declared_as(Crs::WGS84);
    assert!(matches!(distance(&degrees, &degrees, Metric::Planar), Err(DistanceError::Unsuited(_))));
    assert!(matches!(distance(&degrees, &one, Metric::Planar), Err(DistanceError::CrsMismatch { .. })));
    let line = LineString::from(vec![(0., 0.), (1., 1.)]).into();
    let line = GeometryColumn::new([line], Crs::WGS84);
    let refused = DistanceError::NotPoints { row: 0, found: GeometryKind::LineString };
    assert_eq!(distance(&degrees, &line, Metric::Geodesic), Err(refused));
    let far = GeometryColumn::points(vec![f64::INFINITY], vec![0.], Crs::CC46);
    assert!(matches!(distance(&one, &far, Metric::Planar), Err(DistanceError::NotFinite { row: 0, .. })));
}

#[test]
fn huge_coordinates_give_no_panic() {
    let of = |scale: f64| {
        let line = LineString::from(vec![(-scale, 0.), (scale, scale), (0., -scale)]);
        column(&[Some(line.into()), Some(Point::new(scale, -scale).into())])
    };
    for scale in [1e-300, 1e-160, 1e150, 1e200, f64::MAX] {
        assert_eq!(distance(&of(scale), &of(scale), Metric::Planar).unwrap(), [0.0, 0.0]);
    }
}
