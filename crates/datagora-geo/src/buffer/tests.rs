use std::f64::consts::PI;

use datagora_core::Crs;

use super::*;
use crate::types::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point,
    Polygon, Rect, coord,
};
use crate::{GeometryKind, area, faults};

/// Area of 64 chords of a circle of radius 1.
fn disc() -> f64 {
    32.0 * (PI / 32.0).sin()
}

fn rect(x: f64, y: f64, width: f64, height: f64) -> Rect {
    Rect::new(coord! { x: x, y: y }, coord! { x: x + width, y: y + height })
}

fn line(points: &[(f64, f64)]) -> LineString {
    points.iter().copied().collect()
}

/// A surface with a hole.
fn frame(outer: Rect, hole: Rect) -> Polygon {
    Polygon::new(outer.to_polygon().into_inner().0, vec![hole.to_polygon().into_inner().0])
}

/// Area of the buffer of one geometry, which must be sound.
fn ground(geometry: impl Into<Geometry>, distance: f64, options: BufferOptions) -> f64 {
    let made = buffer(&GeometryColumn::new([geometry.into()], Crs::CC46), distance, &options).unwrap();
    assert_eq!(faults(&made), []);
    assert!(matches!(made.kind(0), Some(GeometryKind::Polygon | GeometryKind::MultiPolygon)));
    area(&made, Metric::Planar).unwrap()[0]
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-8 * expected.abs().max(1.0), "{found} for {expected}");
}

#[test]
fn points_and_ends_by_cap() {
    let point = Point::new(1_842_000.3, 5_174_000.1);
    let lane = line(&[(0., 0.), (30., 40.)]);
    for (cap, of_point, of_ends) in [
        (BufferCap::Round, 4.0 * disc(), 4.0 * disc()),
        (BufferCap::Flat, 0.0, 0.0),
        (BufferCap::Square, 16.0, 16.0),
    ] {
        let options = BufferOptions::default().with_cap(cap);
        near(ground(point, 2.0, options), of_point);
        near(ground(lane.clone(), 2.0, options), 50.0 * 4.0 + of_ends);
        // A line without length is a point, one that goes there and back the line.
        near(ground(line(&[(3., 3.), (3., 3.)]), 2.0, options), of_point);
        let back = [lane.0.clone(), lane.0.iter().rev().copied().collect()].concat();
        near(ground(LineString(back), 2.0, BufferOptions::default()), 50.0 * 4.0 + 4.0 * disc());
    }
    near(ground(point, 3.0, BufferOptions::default().with_equal_area(true)), 9.0 * PI);
    near(ground(point, 3.0, BufferOptions::default().with_quarter_segments(1)), 18.0);
    let two = MultiPoint(vec![point, Point::new(1_842_010.3, 5_174_000.1), point]);
    near(ground(two, 2.0, BufferOptions::default()), 8.0 * disc());
}

#[test]
fn corners_by_join() {
    let block = rect(1_842_000., 5_174_000., 100., 50.);
    for (join, corners) in [
        (BufferJoin::Round, 100.0 * disc()),
        (BufferJoin::Bevel, 200.0),
        (BufferJoin::Mitre { limit: 5.0 }, 400.0),
        // Cut off at the distance, half a side of the octagon from each edge.
        (BufferJoin::Mitre { limit: 1.0 }, 400.0 * 2.0 * (2f64.sqrt() - 1.0)),
        (BufferJoin::Mitre { limit: 0.0 }, 200.0),
    ] {
        let options = BufferOptions::default().with_join(join);
        near(ground(block, 10.0, options), 5_000.0 + 3_000.0 + corners);
        near(ground(block, -10.0, options), 80.0 * 30.0);
        // A ring of streets has four corners, and no ends.
        let ring = block.to_polygon().into_inner().0;
        let flat = options.with_cap(BufferCap::Flat);
        near(ground(ring, 10.0, flat), 3_000.0 + corners + 5_000.0 - 80.0 * 30.0);
    }
}

#[test]
fn holes_close_and_surfaces_part() {
    let options = BufferOptions::default().with_join(BufferJoin::Mitre { limit: 2.0 });
    let court = frame(rect(0., 0., 100., 100.), rect(40., 40., 20., 20.));
    near(ground(court.clone(), 5.0, options), 110.0 * 110.0 - 100.0);
    near(ground(court.clone(), 10.0, options), 120.0 * 120.0);
    near(ground(court.clone(), 1_000.0, options), 2_100.0 * 2_100.0);
    near(ground(court.clone(), -5.0, options), 90.0 * 90.0 - 900.0);
    near(ground(court, -20.0, options), 0.0);
    // Two squares and a bridge of 4 m, which goes first.
    let bells = [(0., 0.), (40., 0.), (40., 18.), (60., 18.), (60., 0.), (100., 0.), (100., 40.), (60., 40.)];
    let bells = [&bells[..], &[(60., 22.), (40., 22.), (40., 40.), (0., 40.)]].concat();
    near(ground(Polygon::new(line(&bells), vec![]), -3.0, options), 2.0 * 34.0 * 34.0);
    // An island in the hole is nearer to the shore than twice the distance.
    let lake = frame(rect(0., 0., 100., 100.), rect(20., 20., 60., 60.));
    let island = rect(45., 45., 10., 10.).to_polygon();
    let both = MultiPolygon(vec![lake, island]);
    near(ground(both.clone(), 5.0, options), 110.0 * 110.0 - 50.0 * 50.0 + 20.0 * 20.0);
    near(ground(both.clone(), 20.0, options), 140.0 * 140.0);
    near(ground(both, -4.0, options), 92.0 * 92.0 - 68.0 * 68.0 + 4.0);
}

#[test]
fn invalid_surfaces_are_what_they_cover() {
    let bow = Polygon::new(line(&[(0., 0.), (10., 10.), (10., 0.), (0., 10.)]), vec![]);
    near(ground(bow.clone(), 0.0, BufferOptions::default()), 50.0);
    assert!(ground(bow, 1.0, BufferOptions::default()) > 80.0);
    let beside =
        MultiPolygon(vec![rect(0., 0., 10., 10.).to_polygon(), rect(10., 0., 10., 10.).to_polygon()]);
    near(ground(beside.clone(), -1.0, BufferOptions::default()), 18.0 * 8.0);
    near(ground(beside, 0.0, BufferOptions::default()), 200.0);
    // A surface without ground is its outline.
    let flat = Polygon::new(line(&[(0., 0.), (10., 0.), (0., 0.)]), vec![]);
    near(ground(flat.clone(), 1.0, BufferOptions::default()), 20.0 + disc());
    near(ground(flat, -1.0, BufferOptions::default()), 0.0);
}

#[test]
fn members_are_taken_together() {
    let lanes = MultiLineString(vec![line(&[(0., 0.), (100., 0.)]), line(&[(50., -50.), (50., 50.)])]);
    let flat = BufferOptions::default().with_cap(BufferCap::Flat);
    near(ground(lanes.clone(), 2.0, flat), 400.0 + 400.0 - 16.0);
    let members = vec![lanes.into(), rect(40., -10., 20., 20.).into(), Point::new(50., 0.).into()];
    let all = Geometry::GeometryCollection(GeometryCollection(members));
    let options = flat.with_join(BufferJoin::Mitre { limit: 2.0 });
    near(ground(all.clone(), 2.0, options), 24.0 * 24.0 + 2.0 * (38.0 + 38.0) * 4.0);
    near(ground(all, -2.0, options), 256.0);
}

#[test]
fn rows_stay_rows() {
    let rows = [
        None,
        Some(Point::new(0., 0.).into()),
        Some(line(&[]).into()),
        Some(line(&[(0., 0.), (1., 0.)]).into()),
        Some(rect(0., 0., 2., 2.).into()),
    ];
    let column = GeometryColumn::from_options(rows, Crs::CC46);
    let kinds = |distance: f64| {
        let made = buffer(&column, distance, &BufferOptions::default()).unwrap();
        assert_eq!(made.crs(), &Crs::CC46);
        let areas = area(&made, Metric::Planar).unwrap();
        (0..made.len()).map(|row| (!made.is_missing(row)).then(|| areas[row] > 0.0)).collect::<Vec<_>>()
    };
    assert_eq!(kinds(1.0), [None, Some(true), Some(false), Some(true), Some(true)]);
    assert_eq!(kinds(0.0), [None, None, None, None, Some(true)]);
    assert_eq!(kinds(-0.5), [None, None, None, None, Some(true)]);
    assert_eq!(kinds(-1.0), [None, None, None, None, Some(false)]);
    let by_row = buffer_by(&column, &[1.0, f64::NAN, 1.0, 2.0, f64::NAN], &BufferOptions::default()).unwrap();
    assert_eq!(by_row.count_missing(), 3);
    near(area(&by_row, Metric::Planar).unwrap()[3], 4.0 + 4.0 * disc());
    assert!(buffer(&column.take(&[]), 1.0, &BufferOptions::default()).unwrap().is_empty());
}

#[test]
fn what_has_no_buffer_is_refused() {
    let column = GeometryColumn::points(vec![4.8], vec![45.7], Crs::WGS84);
    let options = BufferOptions::default();
    for crs in [Crs::WGS84, Crs::WEB_MERCATOR] {
        let error = buffer(&column.clone().declared_as(crs.clone()), 1.0, &options).unwrap_err();
        assert_eq!(
            error,
            BufferError::Measure(MeasureError::Unsuited { metric: Metric::Planar, found: crs })
        );
    }
    let column = column.declared_as(Crs::CC46);
    assert!(matches!(buffer(&column, f64::NAN, &options), Err(BufferError::Distance { .. })));
    let infinite = f64::INFINITY;
    assert_eq!(buffer(&column, infinite, &options), Err(BufferError::Distance { found: infinite }));
    assert_eq!(
        buffer_by(&column, &[-infinite], &options),
        Err(BufferError::RowDistance { row: 0, found: -infinite })
    );
    assert_eq!(buffer_by(&column, &[], &options), Err(BufferError::Lengths { rows: 1, distances: 0 }));
    let mitre = options.with_join(BufferJoin::Mitre { limit: -1.0 });
    assert_eq!(buffer(&column, 1.0, &mitre), Err(BufferError::MitreLimit { found: -1.0 }));
    for bad in [f64::NAN, infinite, 1e200] {
        let lanes = [line(&[(0., 0.), (1., 1.)]), line(&[(0., 0.), (bad, 1.)])].map(Geometry::from);
        let lanes = GeometryColumn::new(lanes, Crs::CC46);
        assert_eq!(buffer(&lanes, 1.0, &options), Err(BufferError::NotFinite { row: 1 }));
    }
}

#[test]
fn a_line_that_nearly_goes_back_stays_near() {
    let (step, east, north) = (1e6, -3e8, 2e9);
    let way = [(3.000_000_000_001, 5.999_999_999_999), (6.0, 0.0), (3.0, 6.0)];
    let line: LineString =
        way.iter().map(|(x, y)| Coord { x: east + step * x, y: north + step * y }).collect();
    let made = buffer(&GeometryColumn::new([line.into()], Crs::CC46), 5.0 * step, &BufferOptions::default());
    // A stadium about an axis of √45 steps.
    let truth = (2.0 * 5.0 * 45_f64.sqrt() + 25.0 * PI) * step * step;
    assert!((area(&made.unwrap(), Metric::Planar).unwrap()[0] / truth - 1.0).abs() < 2e-3);
}

#[test]
fn a_ring_that_touches_itself_comes_out_in_pieces_at_distance_0() {
    let ring: LineString = vec![(2., 5.), (4., 3.), (2., 0.), (2., 5.), (0., 0.), (-1., 1.)].into();
    let column = GeometryColumn::new([Polygon::new(ring, vec![]).into()], Crs::CC46);
    let made = buffer(&column, 0.0, &BufferOptions::default()).unwrap();
    assert_eq!(faults(&made), []);
    assert!(matches!(made.get(0), Some(Geometry::MultiPolygon(parts)) if parts.0.len() == 2));
}

#[test]
fn a_sliver_whose_area_rounds_to_nothing_is_ground() {
    let (one, six) = (1.000_000_000_000_001, 5.999_999_999_999_999);
    let sliver = [(one, six), (1.666_722_212_964_783_6, 5.333_277_787_035_216), (2.0, 5.0)];
    let beside = [(2.0, 5.0), (3.499_999_999_999_999, 3.500_000_000_000_001_8), (2.0, 6.0)];
    let both = MultiPolygon([sliver, beside].map(|ring| Polygon::new(line(&ring), vec![])).to_vec());
    let made = buffer(&GeometryColumn::new([both.into()], Crs::CC46), 0.5, &BufferOptions::default());
    let made = made.unwrap();
    assert_eq!(faults(&made), []);
    let west = made.bounds().unwrap().min().x;
    assert!((west - 0.5).abs() < 1e-3, "{west}");
}
