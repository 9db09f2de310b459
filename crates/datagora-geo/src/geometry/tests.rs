use geo::{line_string, point, polygon, wkt};
use proptest::prelude::*;

use super::*;
use crate::types::{GeometryCollection, LineString, MultiPoint, MultiPolygon};

fn kinds() -> Vec<Option<Geometry>> {
    let square = polygon!(exterior: [(x: 0., y: 0.), (x: 4., y: 0.), (x: 4., y: 4.), (x: 0., y: 4.)],
        interiors: [[(x: 1., y: 1.), (x: 1., y: 2.), (x: 2., y: 2.), (x: 2., y: 1.)]]);
    vec![
        Some(point!(x: 1., y: 2.).into()),
        None,
        Some(line_string![(x: 0., y: 0.), (x: 3., y: 4.)].into()),
        Some(wkt!(MULTILINESTRING((0. 0., 1. 1.), (2. 2., 3. 1., 5. 5.))).into()),
        Some(square.clone().into()),
        Some(
            MultiPolygon(vec![square.clone(), polygon![(x: 9., y: 9.), (x: 8., y: 9.), (x: 8., y: 8.)]])
                .into(),
        ),
        Some(MultiPoint::new(vec![point!(x: 1., y: 1.), point!(x: 7., y: 2.)]).into()),
        Some(Geometry::GeometryCollection(GeometryCollection(vec![
            point!(x: 1., y: 1.).into(),
            square.into(),
        ]))),
        Some(MultiPolygon::<f64>(vec![]).into()),
        Some(LineString::<f64>(vec![]).into()),
        Some(MultiPoint::<f64>(vec![]).into()),
        Some(Polygon::new(LineString(vec![]), vec![]).into()),
        Some(Geometry::GeometryCollection(GeometryCollection(vec![]))),
    ]
}

use crate::types::Polygon;

#[test]
fn each_kind_comes_back() {
    let rows = kinds();
    let column = GeometryColumn::from_options(rows.clone(), Crs::CC46);
    assert_eq!(column.iter().collect::<Vec<_>>(), rows);
    assert_eq!(column.len(), rows.len());
    assert!(column.as_points().is_none());
    assert!(column.is_missing(1) && !column.is_missing(8));
    assert_eq!(column.count_missing(), 1);
    assert_eq!(column.row_bounds(8), None);
    use geo::BoundingRect;
    for (row, geometry) in rows.iter().enumerate() {
        assert_eq!(column.row_bounds(row), geometry.as_ref().and_then(|g| g.bounding_rect()));
    }
    assert_eq!(
        column.bounds(),
        Some(Rect::new(Coord { x: 0., y: 0. }, Coord { x: 9., y: 9. })),
        "bounds of the whole"
    );
}

/// Wherever it comes from: nothing is left to say of what kind a row is that is no point.
#[test]
fn a_column_without_shapes_is_one_of_points() {
    let shapes = GeometryColumn::from_options(kinds(), Crs::CC46);
    assert_eq!(shapes.only_points(), Err((2, GeometryKind::LineString)));
    let (none, missing) = (shapes.take(&[]), shapes.take(&[1, 1]));
    let both = GeometryColumn::concat([&none, &missing]).unwrap();
    let swapped = shapes.clone().with_axes_swapped().take(&[1]);
    for (column, rows) in [(none, 0), (missing, 2), (both, 2), (swapped, 1)] {
        let (x, y) = column.only_points().unwrap();
        assert_eq!((x.len(), y.len(), column.count_missing()), (rows, rows, rows));
    }
}

#[test]
fn the_order_of_rows_is_the_callers() {
    let column = GeometryColumn::from_options(kinds(), Crs::CC46);
    let picked = column.take(&[5, 1, 5, 0]);
    assert_eq!(picked.iter().collect::<Vec<_>>(), [5, 1, 5, 0].map(|row| column.get(row)));
    // Points alone are kept as points, whichever way they came.
    let points = column.take(&[0, 1]);
    assert_eq!(points, GeometryColumn::points(vec![1., f64::NAN], vec![2., 0.], Crs::CC46));
    assert!(points.as_points().is_some());
}

#[test]
fn other_spellings_of_a_kind() {
    let square = Rect::new(Coord { x: 0., y: 0. }, Coord { x: 2., y: 1. });
    let column = GeometryColumn::new(
        [square.into(), geo::Line::new(Coord { x: 0., y: 0. }, Coord { x: 1., y: 1. }).into()],
        Crs::CC46,
    );
    assert_eq!(column.get(0), Some(square.to_polygon().into()));
    assert_eq!(column.get(1), Some(line_string![(x: 0., y: 0.), (x: 1., y: 1.)].into()));
    let nested = GeometryCollection(vec![
        Geometry::GeometryCollection(GeometryCollection(vec![point!(x: 5., y: 6.).into()])),
        MultiPolygon(vec![square.to_polygon(), square.to_polygon()]).into(),
    ]);
    let flat = GeometryCollection(vec![
        point!(x: 5., y: 6.).into(),
        square.to_polygon().into(),
        square.to_polygon().into(),
    ]);
    assert_eq!(
        GeometryColumn::new([Geometry::GeometryCollection(nested)], Crs::CC46).get(0),
        Some(Geometry::GeometryCollection(flat))
    );
}

#[test]
fn coordinates_that_are_no_numbers_are_refused() {
    let line = line_string![(x: 0., y: 0.), (x: f64::NAN, y: 1.)];
    let refused = GeometryColumn::try_new([point!(x: 0., y: 0.).into(), line.into()], Crs::CC46);
    assert!(matches!(refused, Err(GeometryError::NotFinite { row: 1, .. })));
    assert_eq!(
        GeometryColumn::try_points(vec![0.], vec![], Crs::CC46),
        Err(GeometryError::Lengths { x: 1, y: 0 })
    );
    assert!(GeometryColumn::try_points(vec![f64::INFINITY], vec![0.], Crs::CC46).is_err());
    assert_eq!(GeometryColumn::try_points(vec![f64::NAN], vec![0.], Crs::CC46).unwrap().count_missing(), 1);
}

#[test]
fn a_coordinate_knows_its_row() {
    let column = GeometryColumn::from_options(kinds(), Crs::CC46);
    let (x, _) = column.coordinates();
    let mut index = 0;
    for row in 0..column.len() {
        for _ in 0..column.parts(row).flat_map(|part| part.rings()).map(|ring| ring.len()).sum() {
            assert_eq!(column.row_of_coordinate(index), row);
            index += 1;
        }
    }
    assert_eq!(index, x.len());
}

proptest! {
    #[test]
    fn columns_keep_their_rows(
        lines in prop::collection::vec(prop::option::of(prop::collection::vec((-1e7..1e7f64, -1e7..1e7f64), 0..6)), 0..20)
    ) {
        let rows: Vec<Option<Geometry>> = lines
            .into_iter()
            .map(|line| line.map(|points| LineString::from(points).into()))
            .collect();
        let column = GeometryColumn::from_options(rows.clone(), Crs::CC46);
        prop_assert_eq!(column.iter().collect::<Vec<_>>(), rows);
        let all: Vec<usize> = (0..column.len()).collect();
        prop_assert_eq!(column.take(&all), column);
    }
}
