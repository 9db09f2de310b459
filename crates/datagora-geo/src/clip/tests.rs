use datagora_core::Crs;
use geo::{LineString, line_string, wkt};
use proptest::prelude::*;

use super::*;
use crate::types::{Geometry, MultiPoint, MultiPolygon, Polygon, Rect, coord};
use crate::{FaultKind, Metric, area, dissolve, faults, length, overlaps, union_all};

fn rect(x: f64, y: f64, width: f64, height: f64) -> Geometry {
    Rect::new(coord! { x: x, y: y }, coord! { x: x + width, y: y + height }).into()
}

fn column(geometries: impl IntoIterator<Item = Geometry>) -> GeometryColumn {
    GeometryColumn::new(geometries, Crs::CC46)
}

fn measures(pieces: &Pieces) -> Vec<(usize, Option<usize>, f64)> {
    pieces.origins.iter().map(|piece| (piece.left.unwrap(), piece.right, piece.measure)).collect()
}

#[test]
fn holes_touches_and_shared_borders() {
    let ring: Polygon =
        wkt!(POLYGON((0. 0., 9. 0., 9. 9., 0. 9., 0. 0.), (3. 3., 3. 6., 6. 6., 6. 3., 3. 3.)));
    let zones = column([ring.into(), rect(9., 0., 9., 9.), rect(3., 3., 3., 3.)]);
    // In the hole's zone alone, across the hole, along the border of two, equal to a zone, touching at a corner.
    let left = column([
        rect(4., 4., 1., 1.),
        rect(2., 4., 5., 1.),
        rect(8., 0., 2., 9.),
        rect(9., 0., 9., 9.),
        rect(18., 9., 1., 1.),
    ]);
    let pieces = clip(&left, &zones).unwrap();
    let found = measures(&pieces);
    assert_eq!(
        found,
        [
            (0, Some(2), 1.),
            (1, Some(0), 2.),
            (1, Some(2), 3.),
            (2, Some(0), 9.),
            (2, Some(1), 9.),
            (3, Some(1), 81.)
        ]
    );
    assert_eq!(pieces.shapes.kind(1), Some(GeometryKind::MultiPolygon));
    assert_eq!(pieces.shapes.get(5), left.get(3));
    let rest = difference(&zones, &left).unwrap();
    assert_eq!(measures(&rest), [(0, None, 72. - 2. - 9.), (2, None, 9. - 3.)]);
    assert_eq!(measures(&difference(&left, &zones).unwrap()), [(4, None, 1.)]);
}

#[test]
fn a_hole_that_touches_the_border_stays_a_hole() {
    let square = column([rect(0., 0., 4., 4.)]);
    let diamond: Polygon = wkt!(POLYGON((2. 0., 3. 1., 2. 2., 1. 1., 2. 0.)));
    let left = difference(&square, &column([diamond.into()])).unwrap();
    let Some(Geometry::Polygon(shape)) = left.shapes.get(0) else { panic!("one polygon") };
    assert_eq!((shape.interiors().len(), left.origins[0].measure), (1, 14.));
    assert!(faults(&left.shapes).is_empty());
    // Touching at two points it parts the ground.
    let across: Polygon = wkt!(POLYGON((2. 0., 3. 1., 2. 4., 1. 1., 2. 0.)));
    let parted = difference(&square, &column([across.into()])).unwrap();
    let Some(Geometry::MultiPolygon(parts)) = parted.shapes.get(0) else { panic!("two polygons") };
    assert_eq!((parts.0.len(), parted.origins[0].measure), (2, 12.));
    assert!(faults(&parted.shapes).is_empty());
}

#[test]
fn lines_and_points_keep_what_is_on_the_border() {
    let zones = column([rect(0., 0., 10., 10.), rect(10., 0., 10., 10.)]);
    let lines = column([
        line_string![(x: -5., y: 5.), (x: 15., y: 5.)].into(),
        line_string![(x: 10., y: -2.), (x: 10., y: 4.), (x: 12., y: 4.), (x: 12., y: 12.), (x: 30., y: 12.)]
            .into(),
        LineString::new(vec![]).into(),
    ]);
    let pieces = clip(&lines, &zones).unwrap();
    assert_eq!(measures(&pieces), [(0, Some(0), 10.), (0, Some(1), 5.), (1, Some(0), 4.), (1, Some(1), 12.)]);
    assert_eq!(measures(&difference(&lines, &zones).unwrap()), [(0, None, 5.), (1, None, 2. + 20.)]);
    let points = column([MultiPoint::from(vec![(10., 3.), (11., 3.), (50., 3.)]).into()]);
    let found = measures(&clip(&points, &zones).unwrap());
    assert_eq!(found, [(0, Some(0), 1.), (0, Some(1), 2.)]);
    assert_eq!(measures(&difference(&points, &zones).unwrap()), [(0, None, 1.)]);
}

#[test]
fn nothing_and_everything() {
    let zone = column([rect(0., 0., 10., 10.)]);
    let rows = [
        None,
        Some(MultiPolygon::<f64>(vec![]).into()),
        Some(rect(0., 0., 0., 5.)),
        Some(rect(1., 1., 1., 1.)),
    ];
    let left = GeometryColumn::from_options(rows, Crs::CC46);
    assert_eq!(measures(&clip(&left, &zone).unwrap()), [(3, Some(0), 1.)]);
    assert!(difference(&left, &zone).unwrap().is_empty());
    assert!(clip(&zone, &left.take(&[0, 1])).unwrap().is_empty());
    assert_eq!(measures(&difference(&zone, &left).unwrap()), [(0, None, 99.)]);
    let collection = column([Geometry::GeometryCollection(vec![rect(0., 0., 1., 1.)].into())]);
    assert!(matches!(clip(&collection, &zone), Err(OverlayError::Collection { row: 0 })));
    assert!(matches!(clip(&zone, &collection), Err(OverlayError::NotPolygons { row: 0, .. })));
}

/// A star around a point: valid whatever the radii.
fn star() -> impl Strategy<Value = Polygon> {
    (0..60i32, 0..60i32, prop::collection::vec(3..30i32, 3..24)).prop_map(|(x, y, radii)| {
        let step = std::f64::consts::TAU / radii.len() as f64;
        let point = |(k, radius): (usize, &i32)| {
            let (sin, cos) = (step * k as f64).sin_cos();
            let at = |middle: i32, offset: f64| 1_842_000.5 + f64::from(middle) + offset;
            Coord { x: at(x, f64::from(*radius) * cos), y: at(y, f64::from(*radius) * sin) }
        };
        Polygon::new(radii.iter().enumerate().map(point).collect(), vec![])
    })
}

/// Rectangles and stairs of whole numbers, which share vertices, edges and stretches of edges all the time.
fn stairs() -> impl Strategy<Value = Polygon> {
    (0..6i32, 0..6i32, prop::collection::vec((1..4i32, 1..4i32), 1..5)).prop_map(|(x, y, steps)| {
        let mut points = vec![(x, y)];
        let (mut at, total): ((i32, i32), i32) = ((x, y), steps.iter().map(|step| step.1).sum());
        for (run, rise) in steps {
            points.push((at.0 + run, at.1));
            at = (at.0 + run, at.1 + rise);
            points.push(at);
        }
        points.push((x, y + total));
        Polygon::new(
            points.iter().map(|&(x, y)| Coord { x: f64::from(x), y: f64::from(y) }).collect(),
            vec![],
        )
    })
}

fn total(pieces: &Pieces) -> f64 {
    pieces.origins.iter().map(|piece| piece.measure).sum()
}

fn invalid(column: &GeometryColumn) -> Vec<FaultKind> {
    faults(column).into_iter().map(|fault| fault.kind).filter(|kind| kind.is_invalid()).collect()
}

fn check_laws(a: Polygon, b: Polygon, tolerance: f64) -> Result<(), TestCaseError> {
    let (left, right) = (column([a.into()]), column([b.into()]));
    let (both, rest, other_rest) = (
        clip(&left, &right).unwrap(),
        difference(&left, &right).unwrap(),
        difference(&right, &left).unwrap(),
    );
    let (whole, other_whole) =
        (area(&left, Metric::Planar).unwrap()[0], area(&right, Metric::Planar).unwrap()[0]);
    prop_assert!(
        (total(&both) + total(&rest) - whole).abs() < tolerance,
        "{} {} {}",
        total(&both),
        total(&rest),
        whole
    );
    prop_assert!((total(&both) + total(&other_rest) - other_whole).abs() < tolerance);
    let turned = clip(&right, &left).unwrap();
    prop_assert!((total(&both) - total(&turned)).abs() < tolerance);
    let shared: f64 = overlaps(&left, &right).unwrap().iter().map(|overlap| overlap.area).sum();
    prop_assert!((shared - total(&both)).abs() < tolerance);
    for pieces in [&both, &rest, &other_rest, &turned] {
        let shapes = area(&pieces.shapes, Metric::Planar).unwrap();
        prop_assert!(
            shapes.iter().zip(&pieces.origins).all(|(area, piece)| (area - piece.measure).abs() < tolerance)
        );
        prop_assert_eq!(invalid(&pieces.shapes), vec![], "{:?}", pieces.shapes);
    }
    let together = union_all(&GeometryColumn::concat([&left, &right]).unwrap()).unwrap();
    let united = area(&together, Metric::Planar).unwrap()[0];
    prop_assert!((united - (whole + other_whole - total(&both))).abs() < 1e-3, "{} {}", united, total(&both));
    Ok(())
}

proptest! {
    #[test]
    fn laws_of_stars(a in star(), b in star()) {
        check_laws(a, b, 1e-6)?;
    }

    #[test]
    fn laws_of_stairs(a in stairs(), b in stairs()) {
        check_laws(a, b, 1e-9)?;
    }

    /// Zones that share borders take a surface and a line apart without loss, and are one again when dissolved.
    #[test]
    fn a_division_adds_up(shape in star(), cut in star(), angle in 0.0..3.0f64) {
        let ground = column([rect(1_841_900., 1_841_900., 300., 300.)]);
        let cutter = column([cut.into()]);
        let inner = clip(&ground, &cutter).unwrap().shapes;
        let outer = difference(&ground, &cutter).unwrap().shapes;
        let zones = GeometryColumn::concat([&inner, &outer]).unwrap();
        let left = column([shape.into()]);
        let whole = area(&left, Metric::Planar).unwrap()[0];
        prop_assert!((total(&clip(&left, &zones).unwrap()) - whole).abs() < 1e-6);
        prop_assert!(total(&difference(&left, &zones).unwrap()) < 1e-6);
        let united = dissolve(&zones, &[0, 0]).unwrap();
        prop_assert!(united.coverage[0]);
        prop_assert_eq!(area(&united.shapes, Metric::Planar).unwrap(), vec![90_000.]);
        let (sin, cos) = angle.sin_cos();
        let end = |way: f64| Coord { x: 1_842_030. + way * cos, y: 1_842_030. + way * sin };
        let line = column([LineString(vec![end(-90.), end(0.), end(90.)]).into()]);
        let along = length(&line, Metric::Planar).unwrap()[0];
        prop_assert!((total(&clip(&line, &zones).unwrap()) - along).abs() < 1e-6);
    }
}
