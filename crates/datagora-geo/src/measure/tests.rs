use geo::{Area, Centroid, line_string, wkt};
use proptest::prelude::*;

use super::*;
use crate::types::{MultiPolygon, Rect, coord};

fn mixed(crs: Crs) -> GeometryColumn {
    let holed: Polygon =
        wkt!(POLYGON((0. 0., 10. 0., 10. 10., 0. 10., 0. 0.), (2. 2., 4. 2., 4. 4., 2. 4., 2. 2.)));
    GeometryColumn::from_options(
        [
            Some(holed.clone().into()),
            Some(line_string![(x: 0., y: 0.), (x: 3., y: 4.)].into()),
            None,
            Some(Point::new(7., 8.).into()),
            Some(MultiPolygon(vec![]).into()),
            Some(
                MultiPolygon(vec![holed, Rect::new(coord! {x: 20., y: 0.}, coord! {x: 22., y: 1.}).into()])
                    .into(),
            ),
        ],
        crs,
    )
}

#[test]
fn planar_measures_of_each_kind() {
    let column = mixed(Crs::CC46);
    let areas = area(&column, Metric::Planar).unwrap();
    assert!(areas[2].is_nan());
    assert_eq!([areas[0], areas[1], areas[3], areas[4], areas[5]], [96., 0., 0., 0., 98.]);
    let lengths = length(&column, Metric::Planar).unwrap();
    assert!(lengths[2].is_nan());
    assert_eq!([lengths[0], lengths[1], lengths[3], lengths[4]], [0., 5., 0., 0.]);
    let outlines = perimeter(&column, Metric::Planar).unwrap();
    assert_eq!([outlines[0], outlines[1], outlines[5]], [48., 0., 54.]);
}

#[test]
fn centres_of_each_kind() {
    let column = mixed(Crs::CC46);
    let centres = centroid(&column);
    for row in [0, 1, 3, 5] {
        let expected = column.get(row).unwrap().centroid().unwrap();
        let Some(Geometry::Point(found)) = centres.get(row) else { panic!("row {row} has a centre") };
        assert!((found.x() - expected.x()).abs() < 1e-12 && (found.y() - expected.y()).abs() < 1e-12);
    }
    assert!(centres.is_missing(2) && centres.is_missing(4));
    // Nothing but an outline, nothing but a point.
    let flat = GeometryColumn::new(
        [
            Polygon::new(line_string![(x: 0., y: 0.), (x: 4., y: 0.), (x: 0., y: 0.)], vec![]).into(),
            line_string![(x: 1., y: 2.), (x: 1., y: 2.)].into(),
        ],
        Crs::CC46,
    );
    assert_eq!(centroid(&flat).as_points(), Some((&[2., 1.][..], &[0., 2.][..])));
    assert!(interior_point(&column).is_missing(2) && !interior_point(&column).is_missing(5));
}

#[test]
fn metric_and_crs_must_suit() {
    assert_eq!(
        area(&mixed(Crs::WGS84), Metric::Planar).unwrap_err().to_string(),
        "planar measures do not suit EPSG:4326; reproject, or choose another metric"
    );
    assert!(length(&mixed(Crs::WEB_MERCATOR), Metric::Planar).is_err());
    assert!(perimeter(&mixed(Crs::LAMBERT_93), Metric::Geodesic).is_err());
}

#[test]
fn geodesic_measures() {
    // geographiclib 2.1 for Python, WGS 84: a cell of one degree at Lyon, and its southern side.
    const AREA: f64 = 8_686_379_301.739_563; // m²
    const OUTLINE: f64 = 378_592.221_999_904_66; // m
    const SIDE: f64 = 78_846.334_709_795; // m
    let cell = Rect::new(coord! { x: 4., y: 45. }, coord! { x: 5., y: 46. }).to_polygon();
    let clockwise = Polygon::new(cell.exterior().0.iter().rev().copied().collect(), vec![]);
    let side = line_string![(x: 4., y: 45.), (x: 5., y: 45.)];
    let column = GeometryColumn::new([cell.into(), clockwise.into(), side.into()], Crs::WGS84);
    let areas = area(&column, Metric::Geodesic).unwrap();
    assert!((areas[0] - AREA).abs() < 1e-2 && (areas[1] - AREA).abs() < 1e-2, "{areas:?}");
    assert!((length(&column, Metric::Geodesic).unwrap()[2] - SIDE).abs() < 1e-6);
    assert!((perimeter(&column, Metric::Geodesic).unwrap()[0] - OUTLINE).abs() < 1e-5);
}

#[test]
fn projected_and_geodesic_areas_agree_up_to_the_scale_of_the_projection() {
    let quarter = Rect::new(coord! { x: 1_842_000., y: 5_174_000. }, coord! { x: 1_844_000., y: 5_176_000. });
    let projected = GeometryColumn::new([quarter.into()], Crs::CC46);
    let planar = area(&projected, Metric::Planar).unwrap()[0];
    let geodesic = area(&projected.reproject(&Crs::WGS84).unwrap(), Metric::Geodesic).unwrap()[0];
    // PROJ 9.5.1 (`Proj.get_factors`): scale 0.99992346 in CC46 and 0.99913811 in Lambert-93 at 4.84° E, 45.76° N.
    assert!((planar / geodesic - 0.999_923_46f64.powi(2)).abs() < 5e-6, "{planar} {geodesic}");
    let lambert_93 = area(&projected.reproject(&Crs::LAMBERT_93).unwrap(), Metric::Planar).unwrap()[0];
    assert!((lambert_93 / geodesic - 0.999_138_11f64.powi(2)).abs() < 1e-5, "{lambert_93} {geodesic}");
}

proptest! {
    #[test]
    fn agrees_with_geo_far_from_the_origin(
        ring in prop::collection::vec((0.0..500.0f64, 0.0..500.0f64), 3..30),
    ) {
        let ring: Vec<(f64, f64)> = ring.into_iter().map(|(x, y)| (1_842_000. + x, 5_174_000. + y)).collect();
        let polygon = Polygon::new(LineString::from(ring), vec![]);
        let column = GeometryColumn::new([polygon.clone().into()], Crs::CC46);
        prop_assert!((area(&column, Metric::Planar).unwrap()[0] - polygon.unsigned_area()).abs() < 1e-6);
    }

    #[test]
    fn interior_points_are_inside(ring in prop::collection::vec((0..9i32, 0..9i32), 3..12)) {
        use crate::{Boundary, locate};
        let ring: Vec<(f64, f64)> = ring.into_iter().map(|(x, y)| (f64::from(x), f64::from(y))).collect();
        let column = GeometryColumn::new([Polygon::new(ring.into(), vec![]).into()], Crs::CC46);
        let labels = interior_point(&column);
        prop_assert!(!labels.is_missing(0));
        let held = locate(&labels, &column, Boundary::Covers).unwrap().get(0);
        prop_assert!(held == Some(0) || area(&column, Metric::Planar).unwrap()[0] == 0.0);
    }

    #[test]
    fn areas_add_up(cut in 0.0..10.0f64) {
        let part = |from: f64, to: f64| Rect::new(coord! { x: from, y: 0. }, coord! { x: to, y: 7. }).into();
        let column = GeometryColumn::new([part(0., cut), part(cut, 10.), part(0., 10.)], Crs::CC46);
        let areas = area(&column, Metric::Planar).unwrap();
        prop_assert!((areas[0] + areas[1] - areas[2]).abs() < 1e-9);
    }
}
