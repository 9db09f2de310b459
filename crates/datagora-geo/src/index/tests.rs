use datagora_core::Crs;
use proptest::prelude::*;

use super::*;
use crate::types::{Coord, Geometry, LineString, Point};

fn rect((x, y, width, height): (f64, f64, f64, f64)) -> Rect {
    Rect::new(Coord { x, y }, Coord { x: x + width, y: y + height })
}

fn shares_a_point(a: &Rect, b: &Rect) -> bool {
    a.min().x <= b.max().x && b.min().x <= a.max().x && a.min().y <= b.max().y && b.min().y <= a.max().y
}

#[test]
fn no_rectangle_one_and_equal_ones() {
    let window = rect((0., 0., 1., 1.));
    let none = PackedIndex::of_rects([None, None]);
    assert!(none.is_empty() && none.bounds().is_none() && none.root().is_none());
    assert!(none.intersecting(window).is_empty() && !none.intersects(window));
    let one = PackedIndex::of_rects([None, Some(window)]);
    assert_eq!((one.len(), one.bounds(), one.intersecting(window)), (1, Some(window), vec![1]));
    let same = PackedIndex::of_rects(vec![Some(window); 1000]);
    assert_eq!(same.intersecting(window), (0..1000).collect::<Vec<u32>>());
}

#[test]
fn not_a_number_is_never_found_and_infinity_always() {
    let x = vec![f64::NAN, 0.0, f64::INFINITY, -1e308, 1e308];
    let column = GeometryColumn::points(x, vec![0.0; 5], Crs::CC46);
    let index = PackedIndex::new(&column);
    assert_eq!(index.len(), 4);
    let everything = rect((f64::MIN / 2.0, -1.0, f64::MAX, 2.0));
    assert_eq!(index.intersecting(everything), [1]);
    let half = Rect::new(Coord { x: -1e308, y: 0.0 }, Coord { x: f64::INFINITY, y: 0.0 });
    assert_eq!(index.intersecting(half), [1, 2, 3, 4]);
}

#[test]
fn each_row_is_under_the_root_once() {
    let rects = (0..5000).map(|k| {
        let (x, y) = (f64::from(k * 7919 % 5003), f64::from(k * 104_729 % 4999));
        (k % 10 != 0).then(|| rect((x, y, 3.0, 5.0)))
    });
    let index = PackedIndex::of_rects(rects);
    let mut rows = Vec::new();
    let mut open: Vec<Node> = index.root().into_iter().collect();
    while let Some(node) = open.pop() {
        if let Some(row) = index.row(node) {
            rows.push(row);
            continue;
        }
        for child in index.children(node) {
            assert_eq!(index.node_bounds(child).union(*index.node_bounds(node)), *index.node_bounds(node));
            open.push(child);
        }
    }
    rows.sort_unstable();
    assert_eq!(rows, (0..5000).filter(|k| k % 10 != 0).collect::<Vec<u32>>());
}

#[test]
fn what_is_not_finite_does_not_enter() {
    let mut index = DynamicIndex::new(Crs::CC46);
    index.insert(1, Point::new(1., 1.)).unwrap();
    let refused = index.insert(1, Point::new(f64::NAN, 1.)).unwrap_err();
    assert!(refused.to_string().starts_with("the geometry 1 has the coordinate (NaN, 1)"));
    assert_eq!(index.get(1), Some(&Point::new(1., 1.).into()));
    index.insert(2, LineString::<f64>(vec![])).unwrap();
    assert_eq!((index.len(), index.intersecting(rect((0., 0., 9., 9.)))), (2, vec![1]));
    assert_eq!(index.remove(2), Some(LineString::<f64>(vec![]).into()));
    assert_eq!(index.remove(2), None);
}

proptest! {
    #[test]
    fn finds_what_a_scan_finds(
        rects in prop::collection::vec(prop::option::of((0..100i32, 0..100i32, 0..9i32, 0..9i32)), 0..400),
        windows in prop::collection::vec((-5..105i32, -5..105i32, 0..40i32, 0..40i32), 1..20),
        removed in prop::collection::vec(0..400u64, 0..100),
    ) {
        let number = |(x, y, w, h): (i32, i32, i32, i32)| rect((x.into(), y.into(), w.into(), h.into()));
        let rects: Vec<Option<Rect>> = rects.into_iter().map(|r| r.map(number)).collect();
        let packed = PackedIndex::of_rects(rects.clone());
        let mut dynamic = DynamicIndex::new(Crs::CC46);
        for (id, rect) in (0..).zip(&rects).filter_map(|(id, rect)| Some((id, (*rect)?))) {
            dynamic.insert(id, Geometry::from(rect)).unwrap();
        }
        removed.iter().for_each(|id| drop(dynamic.remove(*id)));
        for window in windows.into_iter().map(number) {
            let scan: Vec<u32> = (0..)
                .zip(&rects)
                .filter(|(_, rect)| rect.is_some_and(|rect| shares_a_point(&rect, &window)))
                .map(|(row, _)| row)
                .collect();
            prop_assert_eq!(&packed.intersecting(window), &scan);
            prop_assert_eq!(packed.intersects(window), !scan.is_empty());
            let left: Vec<u64> =
                scan.iter().map(|row| u64::from(*row)).filter(|id| !removed.contains(id)).collect();
            prop_assert_eq!(dynamic.intersecting(window), left);
        }
    }
}
