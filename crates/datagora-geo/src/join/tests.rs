use geo::{Contains, Intersects, polygon};
use proptest::prelude::*;

use super::*;
use crate::types::{Coord, Geometry, LineString, MultiPolygon, Point, Polygon, Rect};

fn square(x: f64, y: f64, side: f64) -> Polygon {
    Rect::new(Coord { x, y }, Coord { x: x + side, y: y + side }).to_polygon()
}

fn column(polygons: impl IntoIterator<Item = Polygon>) -> GeometryColumn {
    GeometryColumn::new(polygons.into_iter().map(Geometry::from), Crs::CC46)
}

const RULES: [Boundary; 3] = [Boundary::HalfOpen, Boundary::Within, Boundary::Covers];

#[test]
fn holes_parts_overlaps_and_gaps() {
    let ring =
        Polygon::new(square(0., 0., 10.).exterior().clone(), vec![square(2., 2., 4.).exterior().clone()]);
    let two = MultiPolygon(vec![square(20., 0., 5.), square(30., 0., 5.)]);
    let zones = GeometryColumn::from_options(
        [
            Some(ring.into()),
            None,
            Some(two.into()),
            Some(square(8., 8., 20.).into()),
            Some(MultiPolygon(vec![]).into()),
        ],
        Crs::CC46,
    );
    let x = vec![1., 4., 22., 33., 27., 9., 50., f64::NAN];
    let y = vec![1., 4., 2., 2., 2., 9., 1., 1.];
    let points = GeometryColumn::points(x, y, Crs::CC46);
    let expected = [Some(0), None, Some(2), Some(2), None, Some(0), None, None];
    for rule in RULES {
        assert_eq!(locate(&points, &zones, rule).unwrap(), expected, "{rule}");
        assert_eq!(count_within(&points, &zones, rule).unwrap(), [2, 0, 2, 1, 0], "{rule}");
    }
}

#[test]
fn a_point_on_a_shared_border_is_counted_once() {
    // Four squares around (1, 1), and the points of their borders.
    let zones = column([square(0., 0., 1.), square(1., 0., 1.), square(0., 1., 1.), square(1., 1., 1.)]);
    let points = GeometryColumn::points(vec![1., 1., 1., 0.5, 0.], vec![0.5, 1., 1.5, 1., 0.5], Crs::CC46);
    let located = |rule| locate(&points, &zones, rule).unwrap();
    assert_eq!(located(Boundary::HalfOpen), [Some(1), Some(3), Some(3), Some(2), Some(0)]);
    assert_eq!(located(Boundary::Within), [None; 5]);
    assert_eq!(located(Boundary::Covers), [Some(0), Some(0), Some(2), Some(0), Some(0)]);
    assert_eq!(count_within(&points, &zones, Boundary::HalfOpen).unwrap().iter().sum::<u64>(), 5);
    assert_eq!(count_within(&points, &zones, Boundary::Covers).unwrap(), [4, 2, 3, 2]);
}

#[test]
fn what_cannot_be_joined_is_refused() {
    let zones = column([square(0., 0., 1.)]);
    let points = GeometryColumn::points(vec![0.5], vec![0.5], Crs::WGS84);
    assert_eq!(
        locate(&points, &zones, Boundary::Within).unwrap_err().to_string(),
        "the points are in EPSG:4326, the zones in EPSG:3946; reproject one of them to the CRS of the other"
    );
    assert_eq!(
        locate(&zones, &zones, Boundary::Within),
        Err(JoinError::NotPoints { row: 0, found: GeometryKind::Polygon })
    );
    let points = points.declared_as(Crs::CC46);
    assert_eq!(
        count_within(&points, &points, Boundary::Within),
        Err(JoinError::NotPolygons { row: 0, found: GeometryKind::Point })
    );
    let bad = column([polygon![(x: 0., y: 0.), (x: f64::NAN, y: 0.), (x: 1., y: 1.)]]);
    assert_eq!(locate(&points, &bad, Boundary::Within), Err(JoinError::NotFinite { row: 0 }));
    // Zones without any polygon hold nothing.
    let none = GeometryColumn::from_options([None], Crs::CC46);
    assert_eq!(locate(&points, &none, Boundary::Within), Ok(vec![None]));
}

#[test]
fn degenerate_rings_do_no_harm() {
    let flat = Polygon::new(LineString::from(vec![(0., 0.), (5., 0.), (0., 0.)]), vec![]);
    let point = Polygon::new(LineString::from(vec![(2., 2.), (2., 2.), (2., 2.)]), vec![]);
    let points = GeometryColumn::points(vec![2., 2., 3.], vec![0., 2., 3.], Crs::CC46);
    assert_eq!(locate(&points, &column([flat.clone()]), Boundary::Covers).unwrap(), [Some(0), None, None]);
    assert_eq!(locate(&points, &column([flat, point]), Boundary::HalfOpen).unwrap(), [None; 3]);
}

/// A star-shaped ring around a centre, on a coarse lattice so that vertices and edges are hit.
fn star(corners: usize) -> impl Strategy<Value = Polygon> {
    (prop::collection::vec(1..20i32, corners), -10..10i32, -10..10i32).prop_map(move |(radii, x, y)| {
        let ring = radii.iter().enumerate().map(|(k, radius)| {
            let angle = k as f64 * std::f64::consts::TAU / radii.len() as f64;
            let on_lattice = |v: f64| (v * 2.0).round() / 2.0;
            (
                f64::from(x) + on_lattice(f64::from(*radius) * angle.cos()),
                f64::from(y) + on_lattice(f64::from(*radius) * angle.sin()),
            )
        });
        Polygon::new(LineString::from(ring.collect::<Vec<_>>()), vec![])
    })
}

proptest! {
    #[test]
    fn agrees_with_the_predicates_of_geo(polygon in star(23)) {
        use geo::Validation;
        prop_assume!(polygon.is_valid());
        let zones = ZoneIndex::new(&column([polygon.clone()])).unwrap();
        for i in -64..64 {
            for j in -64..64 {
                let point = Point::new(f64::from(i) * 0.5, f64::from(j) * 0.5);
                let (inside, touching) = (polygon.contains(&point), polygon.intersects(&point));
                let held = |rule| zones.locate(point.x(), point.y(), rule).is_some();
                prop_assert_eq!(held(Boundary::Within), inside);
                prop_assert_eq!(held(Boundary::Covers), touching);
                prop_assert!(!inside || held(Boundary::HalfOpen));
                prop_assert!(touching || !held(Boundary::HalfOpen));
            }
        }
    }

    /// Triangles around an inner point cover their square: each point of it is in exactly one.
    #[test]
    fn a_partition_counts_each_point_once(
        (cx, cy) in (1..63i32, 1..63i32),
        rim in prop::collection::btree_set(0..256i32, 4..40),
        points in prop::collection::vec((0..640i32, 0..640i32), 1..300),
    ) {
        let corner = |t: i32| {
            let (side, along) = (t / 64, f64::from(t % 64));
            match side { 0 => (along, 0.), 1 => (64., along), 2 => (64. - along, 64.), _ => (0., 64. - along) }
        };
        let rim: std::collections::BTreeSet<i32> = rim.into_iter().chain([0, 64, 128, 192]).collect();
        let rim: Vec<(f64, f64)> = rim.into_iter().map(corner).collect();
        let centre = (f64::from(cx) + 0.3, f64::from(cy) + 0.7);
        // Moved far from the origin, as projected coordinates are, in units that are no binary fractions.
        let place = |(x, y): (f64, f64)| (1_842_000.1 + x * 0.1, 5_174_000.3 + y * 0.1);
        let triangles = (0..rim.len()).map(|k| {
            let ring = [centre, rim[k], rim[(k + 1) % rim.len()]].map(place);
            Polygon::new(LineString::from(ring.to_vec()), vec![])
        });
        let zones = ZoneIndex::new(&column(triangles)).unwrap();
        let vertices = rim.iter().copied().filter(|(x, y)| *x < 64. && *y < 64.).chain([centre]);
        let inner = points.iter().map(|(i, j)| (f64::from(*i) * 0.1, f64::from(*j) * 0.1));
        for point in vertices.chain(inner) {
            let (x, y) = place(point);
            prop_assert_eq!(zones.locate_all(x, y, Boundary::HalfOpen).count(), 1, "{:?}", point);
        }
    }
}
