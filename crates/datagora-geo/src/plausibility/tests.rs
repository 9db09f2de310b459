use super::*;
use crate::types::coord;

fn lyon() -> Rect {
    Rect::new(coord! { x: 4.6, y: 45.5 }, coord! { x: 5.2, y: 46.0 })
}

fn trees() -> GeometryColumn {
    let x = (0..50).map(|k| 4.7 + 0.01 * f64::from(k % 30)).collect();
    let y = (0..50).map(|k| 45.6 + 0.006 * f64::from(k)).collect();
    GeometryColumn::points(x, y, Crs::WGS84)
}

#[test]
fn each_system_is_recognised_by_its_numbers() {
    for code in CANDIDATES {
        let crs = Crs::from_epsg(code);
        let projected = trees().reproject(&crs).unwrap();
        assert_eq!(doubt_crs(&projected, &lyon()), None, "{crs}");
        // Longitude and latitude are also no other system's numbers, whichever way round.
        let best = &fitting_crs(&projected, &lyon())[0];
        assert_eq!((&best.crs, best.swapped, best.share), (&crs, false, 1.0));
        let swapped = projected.clone().with_axes_swapped();
        let doubt = doubt_crs(&swapped, &lyon()).unwrap();
        assert_eq!(doubt.fits, Some(CrsFit { crs: crs.clone(), swapped: true, share: 1.0 }));
        assert_eq!(doubt.mended(swapped), projected);
    }
}

#[test]
fn a_wrong_label_is_named() {
    let cc46 = trees().reproject(&Crs::CC46).unwrap();
    for declared in [Crs::LAMBERT_93, Crs::from_epsg(2192), Crs::WGS84] {
        let doubt = doubt_crs(&cc46.clone().declared_as(declared.clone()), &lyon()).unwrap();
        assert_eq!(doubt.declared, declared);
        assert_eq!(doubt.fits.as_ref().map(|fit| &fit.crs), Some(&Crs::CC46));
        assert!(doubt.to_string().ends_with("100 % fit EPSG:3946: declare that, if the publisher confirms"));
    }
}

#[test]
fn what_is_elsewhere_fits_nothing() {
    let paris = GeometryColumn::points(vec![2.35, 2.36], vec![48.85, 48.86], Crs::WGS84);
    let doubt = doubt_crs(&paris, &lyon()).unwrap();
    assert_eq!(doubt.fits, None);
    assert_eq!(doubt.mended(paris.clone()), paris);
    let infinite = GeometryColumn::points(vec![f64::INFINITY], vec![45.8], Crs::WGS84);
    assert!(doubt_crs(&infinite, &lyon()).is_some());
}

#[test]
fn strays_and_missing_rows_raise_no_doubt() {
    let (mut x, mut y) = trees().as_points().map(|(x, y)| (x.to_vec(), y.to_vec())).unwrap();
    x.extend([0.0, f64::NAN]);
    y.extend([0.0, f64::NAN]);
    assert_eq!(doubt_crs(&GeometryColumn::points(x, y, Crs::WGS84), &lyon()), None);
    assert_eq!(doubt_crs(&GeometryColumn::new([], Crs::WGS84), &lyon()), None);
    // A system nobody knows is believed as long as nothing speaks against it.
    let new_york = GeometryColumn::points(vec![987_654.0], vec![210_123.0], Crs::from_epsg(999_999));
    assert_eq!(doubt_crs(&new_york, &lyon()), None);
}
