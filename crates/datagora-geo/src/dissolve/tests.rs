use datagora_core::Crs;
use geo::wkt;
use proptest::prelude::*;

use super::*;
use crate::types::{Geometry, Polygon, Rect, coord};
use crate::{GeometryKind, Metric, area, faults};

fn rect(x: f64, y: f64, width: f64, height: f64) -> Geometry {
    Rect::new(coord! { x: x, y: y }, coord! { x: x + width, y: y + height }).into()
}

fn united(rows: impl IntoIterator<Item = Geometry>) -> (GeometryColumn, f64, bool) {
    let column = GeometryColumn::new(rows, Crs::CC46);
    let dissolved = dissolve(&column, &vec![(); column.len()]).unwrap();
    let area = area(&dissolved.shapes, Metric::Planar).unwrap()[0];
    assert!(faults(&dissolved.shapes).is_empty(), "{:?}", dissolved.shapes);
    (dissolved.shapes, area, dissolved.coverage[0])
}

#[test]
fn neighbours_touches_and_overlaps() {
    // A long side against two short ones.
    let (shape, area, exact) =
        united([rect(0., 0., 10., 20.), rect(10., 0., 5., 8.), rect(10., 8., 5., 12.)]);
    assert_eq!((shape.kind(0), area, exact), (Some(GeometryKind::Polygon), 300., true));
    // Touching at a corner they stay two.
    let (shape, area, exact) = united([rect(0., 0., 1., 1.), rect(1., 1., 1., 1.)]);
    assert_eq!((shape.kind(0), area, exact), (Some(GeometryKind::MultiPolygon), 2., true));
    // An island fills its hole.
    let ring: Polygon =
        wkt!(POLYGON((0. 0., 9. 0., 9. 9., 0. 9., 0. 0.), (3. 3., 3. 6., 6. 6., 6. 3., 3. 3.)));
    let (_, area, exact) = united([ring.clone().into(), rect(3., 3., 3., 3.)]);
    assert_eq!((area, exact), (81., true));
    // Overlap, one within the other, one twice: not a coverage.
    for (rows, ground) in [
        (vec![rect(0., 0., 2., 2.), rect(1., 1., 2., 2.)], 7.),
        (vec![rect(0., 0., 9., 9.), rect(1., 1., 2., 2.)], 81.),
        (vec![rect(0., 0., 9., 9.), rect(0., 0., 9., 9.)], 81.),
        (vec![rect(0., 0., 9., 9.), rect(1., 1., 2., 2.), rect(3., 1., 2., 2.)], 81.),
        (vec![ring.into(), rect(2., 3., 4., 3.)], 81.),
        // Borders that pass through each other at vertices of both.
        (
            vec![
                wkt!(POLYGON((0. 0., 8. 0., 8. 8., 4. 4., 0. 0.))).into(),
                wkt!(POLYGON((4. 4., 8. 0., 9. 4., 4. 4.))).into(),
            ],
            34.,
        ),
    ] {
        let (_, area, exact) = united(rows);
        assert!(!exact && (area - ground).abs() < 1e-6, "{area} for {ground}");
    }
}

#[test]
fn missing_rows_add_no_ground_and_lengths_must_agree() {
    let rows = [Some(rect(0., 0., 1., 1.)), None, None];
    let column = GeometryColumn::from_options(rows, Crs::CC46);
    let dissolved = dissolve(&column, &["a", "a", "b"]).unwrap();
    assert_eq!(area(&dissolved.shapes, Metric::Planar).unwrap(), [1., 0.]);
    assert_eq!(dissolved.rows, [vec![0, 1], vec![2]]);
    assert_eq!(dissolve(&column, &[1]), Err(OverlayError::Lengths { rows: 3, keys: 1 }));
    assert_eq!(union_all(&column.take(&[])).unwrap().len(), 1);
}

proptest! {
    /// Cells of a grid, some of them, in any order: the ground is that of the cells, whatever the groups.
    #[test]
    fn cells_add_up(cells in prop::collection::btree_set((0..12u8, 0..12u8), 1..80), keys in 1..4u8) {
        let at = |v: u8| 1_842_000.1 + 7.3 * f64::from(v);
        let square = |&(x, y): &(u8, u8)| -> Geometry {
            Rect::new(coord! { x: at(x), y: at(y) }, coord! { x: at(x + 1), y: at(y + 1) }).into()
        };
        let column = GeometryColumn::new(cells.iter().map(square), Crs::CC46);
        let groups: Vec<u8> = cells.iter().map(|(x, y)| (x * 7 + y * 3) % keys).collect();
        let dissolved = dissolve(&column, &groups).unwrap();
        prop_assert!(dissolved.coverage.iter().all(|exact| *exact));
        let sum = |column: &GeometryColumn| area(column, Metric::Planar).unwrap().iter().sum::<f64>();
        prop_assert!((sum(&dissolved.shapes) - sum(&column)).abs() < 1e-6);
        prop_assert_eq!(faults(&dissolved.shapes), vec![]);
        let again = dissolve(&dissolved.shapes, &dissolved.keys).unwrap();
        prop_assert_eq!(again.shapes, dissolved.shapes);
    }
}
