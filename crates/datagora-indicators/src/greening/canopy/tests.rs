use datagora_core::{Crs, Suppression};
use datagora_geo::types::{Geometry, Rect, coord};
use datagora_geo::{Band, Grid};
use proptest::prelude::*;

use super::*;

fn rect(x: f64, y: f64, width: f64, height: f64) -> Geometry {
    Rect::new(coord! { x: x, y: y }, coord! { x: x + width, y: y + height }).into()
}

fn column(shapes: Vec<Geometry>) -> GeometryColumn {
    GeometryColumn::new(shapes, Crs::CC46)
}

#[test]
fn ground_counts_once_however_often_it_is_mapped() {
    let mapped = column(vec![
        rect(0., 0., 10., 10.),
        rect(5., 0., 10., 10.),
        rect(50., 50., 10., 10.),
        rect(0., 0., 10., 10.),
    ]);
    let zones = GeometryColumn::from_options(
        [Some(rect(0., 0., 100., 10.)), None, Some(rect(200., 0., 1., 1.))],
        Crs::CC46,
    );
    let found = Canopy::of_polygons(&mapped).unwrap().by_zone(&zones, None).unwrap();
    assert_eq!(found[0].area.value(), Some(150.0));
    assert_eq!(found[0].share.value(), Some(15.0));
    assert_eq!(found[0].counted_twice.value(), Some(150.0));
    let unknown = Suppression::Undefined { reason: "surveyed area unknown".to_owned() };
    assert_eq!(found[1].share.suppression(), Some(&unknown));
    assert_eq!(found[2].share.value(), Some(0.0));
}

#[test]
fn ground_that_nobody_looked_at_is_told() {
    let mapped = column(vec![rect(0., 0., 10., 10.), rect(60., 0., 10., 10.)]);
    let zones = column(vec![rect(0., 0., 100., 10.), rect(0., 100., 10., 10.)]);
    let survey = column(vec![rect(0., 0., 40., 10.), rect(0., 0., 20., 5.)]);
    let found = Canopy::of_polygons(&mapped).unwrap().by_zone(&zones, Some(&survey)).unwrap();
    assert_eq!((found[0].share.value(), found[0].share.completeness()), (Some(25.0), 0.4));
    assert_eq!((found[1].share.value(), found[1].share.completeness()), (None, 0.0));
    let crowns = Canopy::of_crowns(
        &GeometryColumn::points(vec![5., 6., 90.], vec![5.; 3], Crs::CC46),
        &[1., f64::NAN, 1.],
    );
    let found = crowns.unwrap().by_zone(&zones, Some(&survey)).unwrap();
    assert_eq!((found[0].area.observations(), found[0].area.completeness()), (1, 0.2));
    assert!((found[0].area.value().unwrap() - PI).abs() < 1e-9);
}

#[test]
fn heights_of_a_raster_and_polygons_agree() {
    let grid = Grid::new([0., 20.], [10., 10.], 2, 2, Crs::CC46).unwrap();
    let raster = Raster::new(grid, [Band::new(vec![0.0, 4.0, 3.0, 2.9])]).unwrap();
    let zones = column(vec![rect(2., 3., 15., 12.), rect(-10., -10., 15., 15.)]);
    let found = canopy_of_heights(&raster, 0, Metres(3.0), &zones).unwrap();
    let trees = column(vec![rect(10., 10., 10., 10.), rect(0., 0., 10., 10.)]);
    let same = Canopy::of_polygons(&trees).unwrap().by_zone(&zones, None).unwrap();
    for (cells, shapes) in found.iter().zip(&same) {
        assert!((cells.area.value().unwrap() - shapes.area.value().unwrap()).abs() < 1e-9);
    }
    // Three quarters and more of the second zone lie outside the raster.
    assert!((found[1].share.completeness() - 25.0 / 225.0).abs() < 1e-12);
    assert!(matches!(
        canopy_of_heights(&raster, 1, Metres(3.0), &zones),
        Err(GreenError::Band { asked: 1, bands: 1 })
    ));
    for least in [0.0, -1.0, f64::NAN] {
        assert!(matches!(
            canopy_of_heights(&raster, 0, Metres(least), &zones),
            Err(GreenError::Threshold { .. })
        ));
    }
}

#[test]
fn what_does_not_go_together_is_refused() {
    let degrees = GeometryColumn::new([rect(4.8, 45.7, 0.1, 0.1)], Crs::WGS84);
    assert!(matches!(Canopy::of_polygons(&degrees), Err(GreenError::Overlay(_))));
    let lambert = GeometryColumn::new([rect(0., 0., 1., 1.)], Crs::LAMBERT_93);
    let canopy = Canopy::of_polygons(&column(vec![rect(0., 0., 1., 1.)])).unwrap();
    assert!(canopy.by_zone(&lambert, None).is_err());
    let home = GeometryColumn::points(vec![0.], vec![0.], Crs::CC46);
    assert!(matches!(canopy.around(&home, Metres(0.0)), Err(GreenError::Threshold { .. })));
    assert!(canopy.around(&home, Metres(-1.0)).is_err());
    let nowhere = GeometryColumn::points(vec![f64::NAN], vec![0.], Crs::CC46);
    assert!(canopy.around(&nowhere, Metres(10.0)).unwrap()[0].is_nan());
}

proptest! {
    /// Overlapping crowns cover at most their sum, a zone at most itself, and halves of a zone what the whole has.
    #[test]
    fn cover_is_a_share_and_adds_up(
        trees in proptest::collection::vec((0.0..100.0_f64, 0.0..100.0_f64, 0.0..30.0_f64), 0..30), cut in 1.0..99.0_f64
    ) {
        let x = trees.iter().map(|tree| tree.0).collect();
        let y = trees.iter().map(|tree| tree.1).collect();
        let radii: Vec<f64> = trees.iter().map(|tree| tree.2).collect();
        let canopy = Canopy::of_crowns(&GeometryColumn::points(x, y, Crs::CC46), &radii).unwrap();
        let zones = column(vec![rect(0., 0., 100., 100.), rect(0., 0., cut, 100.), rect(cut, 0., 100.0 - cut, 100.)]);
        let found = canopy.by_zone(&zones, None).unwrap();
        let area = |zone: usize| found[zone].area.value().unwrap();
        for zone in &found {
            let share = zone.share.value().unwrap();
            prop_assert!((0.0..=100.0).contains(&share) && zone.counted_twice.value().unwrap() >= 0.0);
        }
        prop_assert!((area(0) - area(1) - area(2)).abs() < 1e-6);
    }

    #[test]
    fn polygons_cover_at_most_their_sum(
        squares in proptest::collection::vec((0.0..80.0_f64, 0.0..80.0_f64, 1.0..40.0_f64), 1..12)
    ) {
        let shapes = squares.iter().map(|&(x, y, side)| rect(x, y, side, side)).collect();
        let canopy = Canopy::of_polygons(&column(shapes)).unwrap();
        let found = canopy.by_zone(&column(vec![rect(0., 0., 120., 120.)]), None).unwrap();
        let (once, twice) = (found[0].area.value().unwrap(), found[0].counted_twice.value().unwrap());
        let sum: f64 = squares.iter().map(|square| square.2 * square.2).sum();
        prop_assert!((once + twice - sum).abs() < 1e-6 * sum && once <= sum * (1.0 + 1e-9));
        let all = canopy.around(&GeometryColumn::points(vec![60.], vec![60.], Crs::CC46), Metres(500.0)).unwrap();
        prop_assert!((all[0] / 100.0 * PI * 250_000.0 - once).abs() < 1e-6 * sum);
    }
}
