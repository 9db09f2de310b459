use proptest::prelude::*;

use super::*;
use crate::types::{Coord, Geometry, LineString, Polygon, Rect, coord};

fn rect(x: f64, y: f64, width: f64, height: f64) -> Geometry {
    Rect::new(coord! { x: x, y: y }, coord! { x: x + width, y: y + height }).into()
}

#[test]
fn pairs_come_in_order_and_neighbours_that_touch_are_left_out() {
    let left = GeometryColumn::from_options(
        [Some(rect(0., 0., 10., 10.)), None, Some(rect(10., 0., 10., 10.))],
        Crs::CC46,
    );
    let right =
        GeometryColumn::new([rect(12., 0., 2., 2.), rect(8., 8., 4., 2.), rect(50., 50., 1., 1.)], Crs::CC46);
    let found = overlaps(&left, &right).unwrap();
    let pairs: Vec<(usize, usize, f64)> =
        found.iter().map(|o| (o.left, o.right, (o.area * 1e6).round() / 1e6)).collect();
    assert_eq!(pairs, [(0, 1, 4.), (2, 0, 4.), (2, 1, 4.)]);
    assert!((found[0].share_of_left - 0.04).abs() < 1e-9 && (found[0].share_of_right - 0.5).abs() < 1e-9);
    let again: Vec<_> = overlaps(&right, &left).unwrap().iter().map(|o| (o.right, o.left)).collect();
    assert_eq!(again, [(2, 0), (0, 1), (2, 1)]);
}

#[test]
fn what_cannot_be_laid_over_is_refused() {
    let squares = GeometryColumn::new([rect(0., 0., 1., 1.)], Crs::CC46);
    let elsewhere = squares.clone().declared_as(Crs::LAMBERT_93);
    assert!(matches!(overlaps(&squares, &elsewhere), Err(OverlayError::CrsMismatch { .. })));
    let degrees = squares.clone().declared_as(Crs::WGS84);
    assert!(matches!(overlaps(&degrees, &degrees), Err(OverlayError::Measure(_))));
    let points = GeometryColumn::points(vec![0.], vec![0.], Crs::CC46);
    assert_eq!(
        overlaps(&squares, &points),
        Err(OverlayError::NotPolygons { row: 0, found: GeometryKind::Point })
    );
    for bad in [f64::INFINITY, f64::NAN] {
        let ring: LineString =
            [Coord { x: 0., y: 0. }, Coord { x: bad, y: 1. }, Coord { x: 1., y: 0. }].into_iter().collect();
        let bad = GeometryColumn::new([rect(0., 0., 1., 1.), Polygon::new(ring, vec![]).into()], Crs::CC46);
        assert_eq!(overlaps(&squares, &bad), Err(OverlayError::NotFinite { row: 1 }));
    }
}

proptest! {
    /// A division of the ground takes each surface apart without loss.
    #[test]
    fn shares_of_a_division_add_up_to_one(
        x in 0.0..60.0f64, y in 0.0..60.0f64, w in 1.0..40.0f64, h in 1.0..40.0f64,
    ) {
        let at = |x: f64, y: f64, w: f64, h: f64| rect(1_842_000. + x, 5_174_000. + y, w, h);
        let cells =
            (0..10).flat_map(|i| (0..10).map(move |j| at(10. * f64::from(i), 10. * f64::from(j), 10., 10.)));
        let division = GeometryColumn::new(cells, Crs::CC46);
        let one = GeometryColumn::new([at(x, y, w, h)], Crs::CC46);
        let shares: f64 = overlaps(&one, &division).unwrap().iter().map(|o| o.share_of_left).sum();
        prop_assert!((shares - 1.0).abs() < 1e-6, "{}", shares);
    }
}

/// A comb of `teeth` teeth pointing north: cut by a rectangle across the teeth it falls into pieces.
fn comb(teeth: u32, origin: Coord, width: f64) -> Outline {
    let mut points = vec![Coord { x: origin.x, y: origin.y }];
    points.push(Coord { x: origin.x + f64::from(2 * teeth) * width, y: origin.y });
    for tooth in (0..teeth).rev() {
        let west = origin.x + f64::from(2 * tooth) * width;
        points.push(Coord { x: west + 1.5 * width, y: origin.y + 10. });
        points.push(Coord { x: west + 1.3 * width, y: origin.y + 90.3 });
        points.push(Coord { x: west + 0.7 * width, y: origin.y + 90.7 });
        points.push(Coord { x: west + 0.5 * width, y: origin.y + 10. });
    }
    Outline::of_rings(&[points])
}

fn laid_area(laid: Laid, left: &Outline) -> f64 {
    match laid {
        Laid::Nothing => 0.0,
        Laid::Left => left.area(),
        Laid::Ground { area, .. } => area,
    }
}

#[test]
fn edges_faces_and_grid_agree() {
    let origin = Coord { x: 1_842_000.25, y: 5_174_000.75 };
    let teeth = comb(40, origin, 7.3);
    // Across the teeth, at their tips, beside them; a turned square that cuts some.
    let at = |x: f64, y: f64| Coord { x: origin.x + x, y: origin.y + y };
    for ring in [
        vec![at(20., 40.), at(300., 40.), at(300., 60.), at(20., 60.)],
        vec![at(20., 90.), at(300., 90.), at(300., 95.), at(20., 95.)],
        vec![at(-20., 40.), at(-10., 40.), at(-10., 60.), at(-20., 60.)],
        vec![at(100., -10.), at(180., 50.), at(100., 110.), at(20., 50.)],
    ] {
        let other = Outline::of_rings(&[ring]);
        for operation in [Operation::Intersection, Operation::Difference] {
            for (left, right) in [(&teeth, &other), (&other, &teeth)] {
                let by_edges = laid_area(lay_surfaces(left, right, operation), left);
                let from_faces = laid_area(by_faces(left, right, operation), left);
                assert!((by_edges - from_faces).abs() < 1e-7, "{operation:?}: {by_edges} and {from_faces}");
                let on_grid = robust::on_grid(left, right, operation);
                let on_grid: f64 = on_grid.iter().flatten().map(|ring| ring_area(ring)).sum();
                // Steps of 2⁻²⁹ of 600 m, 1e-6 m, along 8 km of border: 9e-3 m² at worst, most of which cancels.
                assert!((by_edges - on_grid).abs() < 1e-3, "{operation:?}: {by_edges} and {on_grid}");
            }
            let turned = operation == Operation::Intersection;
            let (one, two) =
                (lay_surfaces(&teeth, &other, operation), lay_surfaces(&other, &teeth, operation));
            let (one, two) = (laid_area(one, &teeth), laid_area(two, &other));
            assert!(!turned || (one - two).abs() < 1e-8, "{one} and {two}");
        }
    }
}

proptest! {
    /// Faces are found whatever the edges: of rings of a lattice, which meet in all ways, the ground is that of the cells
    /// whose middles are gone round.
    #[test]
    fn faces_are_those_of_the_cells(
        rings in prop::collection::vec(prop::collection::vec((0..7i32, 0..7i32), 3..9), 1..4),
        even: bool,
    ) {
        // Horizontal and vertical edges only: corners between the points given.
        let ring = |points: &Vec<(i32, i32)>| -> Vec<Coord> {
            let next = points.iter().cycle().skip(1);
            let corner = |(a, b): (&(i32, i32), &(i32, i32))| [(a.0, a.1), (b.0, a.1)];
            points.iter().zip(next).flat_map(corner).map(|(x, y)| Coord { x: f64::from(x), y: f64::from(y) }).collect()
        };
        let rings: Vec<Vec<Coord>> = rings.iter().map(ring).collect();
        let rule = if even { geo::bool_ops::FillRule::EvenOdd } else { geo::bool_ops::FillRule::NonZero };
        let winding = |x: f64, y: f64| -> i32 {
            let edges = rings.iter().flat_map(|ring| ring.iter().zip(ring.iter().cycle().skip(1)));
            edges.filter(|(a, b)| a.x == b.x && a.x > x).map(|(a, b)| i32::from(a.y < y && b.y > y) - i32::from(b.y < y && a.y > y)).sum()
        };
        let middles = (0..49).map(|k| (f64::from(k % 7) + 0.5, f64::from(k / 7) + 0.5));
        let cells = middles.filter(|&(x, y)| if even { winding(x, y) % 2 != 0 } else { winding(x, y) != 0 }).count();
        let surfaces = cover(rings.clone(), rule);
        let ground: f64 = surfaces.iter().flatten().map(|ring| ring_area(ring)).sum();
        prop_assert_eq!(ground, cells as f64, "{:?}", rings);
        let mut builder = ShapesBuilder::new();
        push_surfaces(&mut builder, &surfaces);
        let column = GeometryColumn::from_builder(builder, Crs::CC46);
        prop_assert_eq!(crate::faults(&column), vec![], "{:?}", rings);
    }
}
