use geo::{Contains, Intersects, polygon};
use proptest::prelude::*;

use super::few::{Few, Way};
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
fn few_points_find_what_many_find() {
    use std::f64::consts::TAU;
    let ring = |radius: f64| -> LineString {
        let at = |k: u32| TAU * f64::from(k) / 4_096.0;
        (0..4_096).map(|k| Coord { x: radius * at(k).cos(), y: radius * at(k).sin() }).collect()
    };
    let zones = GeometryColumn::from_options(
        [
            Some(Polygon::new(ring(9.0), vec![ring(3.0)]).into()),
            None,
            Some(MultiPolygon(vec![Polygon::new(ring(3.0), vec![]), square(20., 0., 5.)]).into()),
            Some(MultiPolygon(vec![Polygon::new(vec![(1., 1.); 4].into(), vec![])]).into()),
            // Two parts that lie upon each other hold a point once.
            Some(MultiPolygon(vec![square(-1., -1., 2.), square(-1., -1., 5.)]).into()),
        ],
        Crs::CC46,
    );
    let x = vec![0., 3., 6., f64::NAN, 22., 9., 10., 1., -6., 0.5, 0.25];
    let y = vec![0., 0., 0., 1., 2., 0., 0., 1., 1., 0., 0.];
    let few = GeometryColumn::points(x.clone(), y.clone(), Crs::CC46);
    let times = 400;
    let many = GeometryColumn::points(x.repeat(times), y.repeat(times), Crs::CC46);
    let is_few = |points: &GeometryColumn| {
        matches!(Way::new(points, points.as_points().unwrap(), &zones), Ok(Way::Few(_)))
    };
    assert!(is_few(&few) && !is_few(&many));
    let values = [1., 2., f64::NAN, 8., 16., 32., 64., 128., 256., 512., 1024.];
    for rule in RULES {
        let found = locate(&few, &zones, rule).unwrap();
        assert!(found.iter().eq(locate(&many, &zones, rule).unwrap().iter().take(x.len())), "{rule}");
        let counts = count_within(&few, &zones, rule).unwrap();
        let repeated: Vec<u64> = counts.iter().map(|count| count * times as u64).collect();
        assert_eq!(count_within(&many, &zones, rule).unwrap(), repeated, "{rule}");
        let sums = aggregate_weighted_within(&few, &values, &[0.5; 11], &zones, rule).unwrap();
        let repeated = sums.iter().map(|zone| Aggregate {
            count: zone.count * times as u64,
            missing: zone.missing * times as u64,
            weight: zone.weight * times as f64,
            sum: zone.sum * times as f64,
        });
        let (values, weights) = (values.repeat(times), [0.5; 11].repeat(times));
        let same = aggregate_weighted_within(&many, &values, &weights, &zones, rule).unwrap();
        assert_eq!(same, repeated.collect::<Vec<_>>(), "{rule}");
        assert!(sums[0].count > 0 && sums[0].missing == 1 && sums[4].count > 1);
        let pairs = pairs_within(&few, &zones, rule).unwrap();
        let same = pairs_within(&many, &zones, rule).unwrap();
        assert!(pairs.iter().eq(same.iter().take(pairs.len())), "{rule}");
        assert_eq!(pairs.unmatched_right()[0], 1);
    }
    let lines = GeometryColumn::new([Geometry::from(ring(1.0))], Crs::CC46);
    let refused = locate(&few, &lines, Boundary::Within).unwrap_err();
    assert!(matches!(refused, JoinError::NotPolygons { row: 0, found: GeometryKind::LineString }));
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
    assert_eq!(locate(&points, &none, Boundary::Within), Ok(Located::new(vec![Located::NONE])));
}

#[test]
fn degenerate_rings_do_no_harm() {
    let flat = Polygon::new(LineString::from(vec![(0., 0.), (5., 0.), (0., 0.)]), vec![]);
    let point = Polygon::new(LineString::from(vec![(2., 2.), (2., 2.), (2., 2.)]), vec![]);
    let points = GeometryColumn::points(vec![2., 2., 3.], vec![0., 2., 3.], Crs::CC46);
    assert_eq!(locate(&points, &column([flat.clone()]), Boundary::Covers).unwrap(), [Some(0), None, None]);
    assert_eq!(locate(&points, &column([flat, point]), Boundary::HalfOpen).unwrap(), [None; 3]);
}

#[test]
fn missing_values_are_counted_and_not_summed() {
    let zones = GeometryColumn::from_options(
        [Some(square(0., 0., 10.).into()), None, Some(square(5., 5., 10.).into())],
        Crs::CC46,
    );
    let points = GeometryColumn::points(vec![1., 6., 7., f64::NAN, 50.], vec![1., 6., 7., 1., 1.], Crs::CC46);
    let values = [1.0, f64::NAN, 3.0, 5.0, 7.0];
    let found = aggregate_within(&points, &values, &zones, Boundary::HalfOpen).unwrap();
    let expected = |count: u64, missing, sum| Aggregate { count, missing, weight: count as f64, sum };
    assert_eq!(found, [expected(2, 1, 4.0), expected(0, 0, 0.0), expected(1, 1, 3.0)]);
    assert_eq!(found.iter().map(Aggregate::mean).collect::<Vec<_>>(), [Some(2.0), None, Some(3.0)]);
    assert_eq!((found[1].completeness(), found[2].completeness()), (None, Some(0.5)));
    let weights = [1.0, 1.0, 0.0, 1.0, f64::NAN];
    let found = aggregate_weighted_within(&points, &values, &weights, &zones, Boundary::HalfOpen).unwrap();
    assert_eq!((found[0].sum, found[0].weight, found[2].mean()), (1.0, 1.0, None));
    for (values, weights) in [(&values[1..], &weights[..]), (&values[..], &weights[1..])] {
        let refused = aggregate_weighted_within(&points, values, weights, &zones, Boundary::HalfOpen);
        assert_eq!(refused, Err(JoinError::Lengths { points: 5, values: 4 }));
    }
}

#[cfg(feature = "parallel")]
#[test]
fn sums_do_not_depend_on_the_number_of_threads() {
    let zones = column([square(0., 0., 10.), square(10., 0., 10.)]);
    let spread = |k: usize, step: f64, over: f64| (k as f64 * step) % over;
    let count = 5 * PIECE + 17;
    let (x, y) = (0..count).map(|k| (spread(k, 0.754_877, 20.0), spread(k, 0.569_84, 10.0))).unzip();
    let points = GeometryColumn::points(x, y, Crs::CC46);
    let values: Vec<f64> = (0..count).map(|k| spread(k, 0.618_034, 1.0) - 0.1).collect();
    let sums = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| aggregate_within(&points, &values, &zones, Boundary::HalfOpen).unwrap())
    };
    let one = sums(1);
    assert_eq!(one.iter().map(|zone| zone.count).sum::<u64>(), count as u64);
    (2..5).for_each(|threads| assert_eq!(sums(threads), one));
}

#[test]
fn numbers_of_zones_that_take_one_two_and_four_bytes() {
    for side in [3u32, 30, 300] {
        let squares = (0..side * side).map(|k| square(f64::from(k % side), f64::from(k / side), 1.0));
        let zones = column(squares.chain([square(-1.0, -1.0, f64::from(side) + 2.0)]));
        let centre = |k: u32| (f64::from(k % side) + 0.5, f64::from(k / side) + 0.5);
        let (x, y) = (0..side * side).map(centre).chain([(-0.5, 0.5), (-1.5, 0.5)]).unzip();
        let points = GeometryColumn::points(x, y, Crs::CC46);
        let around = side * side;
        let expected: Vec<u32> = (0..around).chain([around, Located::NONE]).collect();
        assert_eq!(locate(&points, &zones, Boundary::HalfOpen).unwrap().as_raw(), expected);
        let counts = count_within(&points, &zones, Boundary::HalfOpen).unwrap();
        assert!(counts[..around as usize].iter().all(|count| *count == 1));
        assert_eq!(counts[around as usize], u64::from(around) + 1);
    }
}

#[test]
fn one_enormous_polygon_among_tiny_ones() {
    let tiny = (0..1000).map(|k| square(f64::from(k), f64::from(k % 7), 1e-3));
    let zones = column(tiny.chain([square(-1e9, -1e9, 2e9)]));
    let at = |k: usize| (k as f64 + 5e-4, (k % 7) as f64 + 5e-4);
    let (x, y) = (0..1000).map(at).chain([(-5e8, 3.0), (2e9, 0.0)]).unzip();
    let points = GeometryColumn::points(x, y, Crs::CC46);
    let counts = count_within(&points, &zones, Boundary::Covers).unwrap();
    assert!(counts[..1000].iter().all(|count| *count == 1));
    assert_eq!(counts[1000], 1001);
}

#[test]
fn all_points_equal_and_all_zones_equal() {
    let zones = column(std::iter::repeat_n(square(0.0, 0.0, 1.0), 50));
    for (at, held) in [((0.5, 0.5), true), ((0.0, 0.0), true), ((1.0, 1.0), false), ((7.0, 7.0), false)] {
        let points = GeometryColumn::points(vec![at.0; 3000], vec![at.1; 3000], Crs::CC46);
        let count = if held { 3000 } else { 0 };
        assert_eq!(count_within(&points, &zones, Boundary::HalfOpen).unwrap(), vec![count; 50], "{at:?}");
        let first = locate(&points, &zones, Boundary::HalfOpen).unwrap();
        assert!(first.iter().all(|zone| zone == held.then_some(0)));
    }
}

#[test]
fn a_ring_of_a_million_vertices() {
    let corners = 1_000_000;
    let ring = (0..corners).map(|k| {
        let angle = f64::from(k) * std::f64::consts::TAU / f64::from(corners);
        let radius = if k % 2 == 0 { 1000.0 } else { 990.0 };
        (radius * angle.cos(), radius * angle.sin())
    });
    let zones = column([Polygon::new(ring.collect(), vec![])]);
    let (x, y): (Vec<f64>, Vec<f64>) = (0..100_000)
        .map(|k| {
            let angle = f64::from(k) * 2.399_963;
            let radius = f64::from(k % 1100);
            (radius * angle.cos(), radius * angle.sin())
        })
        .unzip();
    let begun = std::time::Instant::now();
    let located = locate(&GeometryColumn::points(x, y, Crs::CC46), &zones, Boundary::HalfOpen).unwrap();
    // 0.2 s on one core; without an index it would take minutes.
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    for (k, zone) in located.iter().enumerate() {
        match k % 1100 {
            0..=989 => assert_eq!(zone, Some(0)),
            1000.. => assert_eq!(zone, None),
            _ => {}
        }
    }
}

#[test]
fn a_ring_across_the_antimeridian_is_read_as_written() {
    // From 179° east over 180° to 179° west, written without a cut: a band around the other side of the world.
    let ring = vec![(179., 0.), (-179., 0.), (-179., 1.), (179., 1.)];
    let fiji = GeometryColumn::new([Polygon::new(ring.into(), vec![]).into()], Crs::WGS84);
    let points = GeometryColumn::points(vec![179.5, 0.0, -179.5], vec![0.5; 3], Crs::WGS84);
    assert_eq!(locate(&points, &fiji, Boundary::HalfOpen).unwrap(), [None, Some(0), None]);
    // Cut in two, as GeoJSON (RFC 7946, 3.1.9) asks, it is what was meant.
    let cut = MultiPolygon(vec![
        Rect::new(Coord { x: 179., y: 0. }, Coord { x: 180., y: 1. }).to_polygon(),
        Rect::new(Coord { x: -180., y: 0. }, Coord { x: -179., y: 1. }).to_polygon(),
    ]);
    let fiji = GeometryColumn::new([cut.into()], Crs::WGS84);
    assert_eq!(locate(&points, &fiji, Boundary::HalfOpen).unwrap(), [Some(0), None, Some(0)]);
}

/// Whether a polygon holds a point, from all its edges and exact orientations.
fn holds(polygon: &Polygon, x: f64, y: f64, rule: Boundary) -> bool {
    use geo::kernels::{Kernel, Orientation, RobustKernel};
    let (mut odd, mut on) = (false, false);
    let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    for edge in rings.flat_map(|ring| ring.lines()).filter(|edge| edge.start != edge.end) {
        let (low, high) =
            if edge.start.y <= edge.end.y { (edge.start, edge.end) } else { (edge.end, edge.start) };
        let side = RobustKernel::orient2d(low, high, Coord { x, y });
        let between = |a: f64, b: f64, v: f64| a.min(b) <= v && v <= a.max(b);
        on |= side == Orientation::Collinear && between(low.x, high.x, x) && between(low.y, high.y, y);
        odd ^= low.y <= y && y < high.y && side == Orientation::CounterClockwise;
    }
    match rule {
        Boundary::HalfOpen => odd,
        Boundary::Within => odd && !on,
        Boundary::Covers => odd || on,
    }
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

    /// Overlapping stars with holes, on a lattice or turned off it, with points on their vertices, on their edges, and
    /// next to them.
    #[test]
    fn agrees_with_all_edges_and_exact_arithmetic(
        stars in prop::collection::vec((star(17), prop::option::of(star(5))), 1..8),
        (scale, turn) in (prop::sample::select(vec![1.0, 0.1, 1e-7, 1e5]), prop::sample::select(vec![0.0, 0.3])),
        shift in prop::sample::select(vec![0.0, 1_842_000.1, -1e9]),
        scattered in prop::collection::vec((-40.0..40.0f64, -40.0..40.0f64), 50),
    ) {
        use geo::MapCoords;
        let place = |c: Coord| Coord {
            x: shift + scale * (c.x - turn * c.y),
            y: 2.0 * shift + scale * (c.y + turn * c.x),
        };
        let polygons: Vec<Polygon> = stars
            .into_iter()
            .map(|(star, hole)| {
                let holes = hole.map(|hole| hole.exterior().clone());
                Polygon::new(star.exterior().clone(), holes.into_iter().collect()).map_coords(place)
            })
            .collect();
        let edges = polygons.iter().flat_map(|polygon| polygon.exterior().lines().collect::<Vec<_>>());
        let near = edges.flat_map(|edge| {
            let Coord { x, y } = edge.start;
            let middle = (edge.start + edge.end) / 2.0;
            // One step of the numbers away, but none from 0: products of such numbers underflow.
            let (more, less) = (1.0 + f64::EPSILON, 1.0 - f64::EPSILON);
            [(x, y), (middle.x, middle.y), (x * more, y), (x, y * less), (middle.x * less, middle.y)]
        });
        let scattered = scattered.into_iter().map(|(x, y)| {
            let Coord { x, y } = place(Coord { x, y });
            (x, y)
        });
        let (x, y): (Vec<f64>, Vec<f64>) = near.chain(scattered).unzip();
        for points in [1, 1000, 10_000_000] {
            let index = ZoneIndex::for_points(&column(polygons.clone()), points).unwrap();
            for rule in RULES {
                let mut located = vec![0; x.len()];
                index.locate_each(&x, &y, rule, &mut located);
                let mut counts = vec![0; polygons.len()];
                for k in 0..x.len() {
                    let expected: Vec<u32> = (0..polygons.len() as u32)
                        .filter(|zone| holds(&polygons[*zone as usize], x[k], y[k], rule))
                        .collect();
                    let found: Vec<u32> = index.locate_all(x[k], y[k], rule).collect();
                    prop_assert_eq!(&found, &expected, "({:?}, {:?}) {}", x[k], y[k], rule);
                    prop_assert_eq!(index.locate(x[k], y[k], rule), expected.first().copied());
                    prop_assert_eq!(located[k], expected.first().copied().unwrap_or(Located::NONE));
                    expected.iter().for_each(|zone| counts[*zone as usize] += 1);
                }
                prop_assert_eq!(index.count(&x, &y, rule), counts);
                let (mut left, mut right) = (Vec::new(), Vec::new());
                index.pair_each((&x, &y), 7, rule, (&mut left, &mut right));
                let expected = (0..x.len()).flat_map(|k| {
                    index.locate_all(x[k], y[k], rule).map(move |zone| (k as u32 + 7, zone))
                });
                prop_assert!(left.into_iter().zip(right).eq(expected));
            }
        }
        // Without an index: three points go round the borders, all of them look into bands.
        let zones = column(polygons.clone());
        for rule in RULES {
            for length in [3, x.len()] {
                for (x, y) in x.chunks(length).zip(y.chunks(length)) {
                    let points = GeometryColumn::points(x.to_vec(), y.to_vec(), Crs::CC46);
                    let mut found = Vec::new();
                    Few::new(&points, (x, y), &zones).each(rule, |zone, point| found.push((zone, point)));
                    let all = (0..polygons.len()).flat_map(|zone| (0..x.len()).map(move |k| (zone, k)));
                    let held = all.filter(|(zone, k)| holds(&polygons[*zone], x[*k], y[*k], rule));
                    prop_assert!(found.into_iter().eq(held.map(|(zone, k)| (zone as u32, k as u32))));
                }
            }
        }
    }

    #[test]
    fn sums_of_pairs_are_the_aggregates(
        stars in prop::collection::vec(star(9), 1..6),
        points in prop::collection::vec((-30..30i32, -30..30i32, prop::option::of(-9..9i32), 0..4i32), 1..3000),
    ) {
        let (x, y) = points.iter().map(|p| (f64::from(p.0), f64::from(p.1))).unzip();
        let column_of_points = GeometryColumn::points(x, y, Crs::CC46);
        let values: Vec<f64> = points.iter().map(|p| p.2.map_or(f64::NAN, f64::from)).collect();
        let weights: Vec<f64> = points.iter().map(|p| f64::from(p.3)).collect();
        let zones = column(stars);
        let found =
            aggregate_weighted_within(&column_of_points, &values, &weights, &zones, Boundary::Covers).unwrap();
        let pairs = pairs_within(&column_of_points, &zones, Boundary::Covers).unwrap();
        let mut expected = vec![Aggregate::default(); zones.len()];
        for (point, zone) in pairs.iter() {
            let (sum, value) = (&mut expected[zone as usize], values[point as usize]);
            if value.is_nan() {
                sum.missing += 1;
            } else {
                sum.count += 1;
                sum.weight += weights[point as usize];
                sum.sum += weights[point as usize] * value;
            }
        }
        prop_assert_eq!(found, expected);
        let located = locate(&column_of_points, &zones, Boundary::Covers).unwrap();
        let alone: Vec<u32> =
            (0u32..).zip(located.iter()).filter(|(_, zone)| zone.is_none()).map(|(point, _)| point).collect();
        prop_assert_eq!(pairs.unmatched_left(), alone);
    }

    #[test]
    fn the_order_of_points_and_zones_does_not_matter(
        stars in prop::collection::vec(star(9), 1..6),
        points in prop::collection::vec((-30..30i32, -30..30i32), 1..200),
    ) {
        let (x, y): (Vec<f64>, Vec<f64>) = points.iter().map(|(x, y)| (f64::from(*x), f64::from(*y))).unzip();
        let points = GeometryColumn::points(x, y, Crs::CC46);
        let zones = column(stars);
        let backwards = |column: &GeometryColumn| column.take(&(0..column.len()).rev().collect::<Vec<_>>());
        let counts = count_within(&points, &zones, Boundary::HalfOpen).unwrap();
        prop_assert_eq!(&count_within(&backwards(&points), &zones, Boundary::HalfOpen).unwrap(), &counts);
        let mut turned = count_within(&points, &backwards(&zones), Boundary::HalfOpen).unwrap();
        turned.reverse();
        prop_assert_eq!(turned, counts);
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
