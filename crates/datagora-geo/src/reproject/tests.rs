use proptest::prelude::*;

use super::*;

#[cfg(feature = "proj")]
mod with_proj;

/// Made by `tests/golden/reproject.py` with pyproj 3.7.2 (PROJ 9.5.1).
const GOLDEN: &str = include_str!("../../tests/golden/reproject.csv");

/// Made by `tests/golden/reproject_world.py` with the same.
const WORLD: &str = include_str!("../../tests/golden/reproject_world.csv");

fn golden(table: &str) -> Vec<(u32, [f64; 4])> {
    table
        .lines()
        .skip(2)
        .map(|line| {
            let fields: Vec<f64> = line.split(',').map(|field| field.parse().unwrap()).collect();
            (fields[0] as u32, [fields[1], fields[2], fields[3], fields[4]])
        })
        .collect()
}

#[test]
fn agrees_with_proj_over_france() {
    let golden = golden(GOLDEN);
    assert!(golden.len() > 3_500);
    let mut codes: Vec<u32> = golden.iter().map(|row| row.0).collect();
    codes.dedup();
    assert_eq!(codes.len(), 18);
    for code in codes {
        let rows: Vec<[f64; 4]> = golden.iter().filter(|row| row.0 == code).map(|row| row.1).collect();
        let column = |k: usize| rows.iter().map(|row| row[k]).collect::<Vec<f64>>();
        let crs = Crs::from_epsg(code);
        for geographic in [Crs::WGS84, Crs::RGF93, Crs::from_epsg(4258)] {
            let there = Transform::between(&geographic, &crs).unwrap();
            let (x, y) = there.convert(&column(0), &column(1)).unwrap();
            let back = Transform::between(&crs, &geographic).unwrap();
            let (longitude, latitude) = back.convert(&column(2), &column(3)).unwrap();
            for (k, row) in rows.iter().enumerate() {
                let metres = (x[k] - row[2]).abs().max((y[k] - row[3]).abs());
                assert!(metres <= 1e-6, "{crs} {row:?}: {metres} m from PROJ");
                // 1e-11° is 1e-6 m; the table is rounded to 1e-7 m.
                let degrees = (longitude[k] - row[0]).abs().max((latitude[k] - row[1]).abs());
                assert!(degrees <= 1e-11, "{crs} {row:?}: {degrees}° from PROJ");
            }
        }
    }
}

#[test]
fn agrees_with_proj_over_the_world() {
    let golden = golden(WORLD);
    assert_eq!(golden.len(), 1600);
    for (code, [longitude, latitude, x, y]) in golden {
        let crs = Crs::from_epsg(code);
        let there = Transform::between(&Crs::WGS84, &crs).unwrap();
        let (to_x, to_y) = there.convert(&[longitude], &[latitude]).unwrap();
        // The last digits of a coordinate of 20,000 km are 4e-9 m each.
        let tolerance = 1e-6 * (x.hypot(y) / 1e7).max(1.0);
        assert!(
            (to_x[0] - x).abs().max((to_y[0] - y).abs()) <= tolerance,
            "{code} {longitude} {latitude}: {to_x:?} {x}, {to_y:?} {y}"
        );
        let back = Transform::between(&crs, &Crs::WGS84).unwrap();
        let (back_x, back_y) = back.convert(&[x], &[y]).unwrap();
        let metres = |degrees: f64| degrees.abs() * 111_320.0;
        let east = metres(back_x[0] - longitude) * latitude.to_radians().cos();
        assert!(
            east.max(metres(back_y[0] - latitude)) <= 2e-6,
            "{code} {longitude} {latitude}: {back_x:?} {back_y:?}"
        );
    }
}

#[test]
fn a_batch_of_all_the_world_is_converted_point_by_point() {
    // Home, other panels, closed forms, missing points and what is outside stand side by side.
    let number = |k: usize, factor: f64| (k as f64 * factor).fract();
    let x: Vec<f64> = (0..5000).map(|k| 360.0 * number(k, 0.618_033_988_7) - 180.0).collect();
    let mut y: Vec<f64> = (0..5000).map(|k| 182.0 * number(k, 0.754_877_666_2) - 91.0).collect();
    (0..5000).step_by(97).for_each(|k| y[k] = f64::NAN);
    (0..5000).filter(|k| k % 3 == 0).for_each(|k| y[k] = 45.0 + 0.2 * number(k, 0.1));
    for code in [2154, 3946, 3857, 32631, 32740, 3035, 4258] {
        let there = Transform::between(&Crs::WGS84, &Crs::from_epsg(code)).unwrap();
        let back = Transform::between(&Crs::from_epsg(code), &Crs::WGS84).unwrap();
        let across = Transform::between(&Crs::from_epsg(code), &Crs::from_epsg(32631)).unwrap();
        let projected = there.convert_where_defined(&x, &y);
        for (transform, (x, y)) in
            [(there, (&x, &y)), (back, (&projected.0, &projected.1)), (across, (&projected.0, &projected.1))]
        {
            let together = transform.convert_where_defined(x, y);
            assert!(together.0.iter().filter(|x| !x.is_nan()).count() > 300);
            let (mut east, mut north) = (x.clone(), y.clone());
            let _ = transform.convert_in_place(&mut east, &mut north);
            let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(&east), bits(&together.0));
            assert_eq!(bits(&north), bits(&together.1));
            for k in 0..x.len() {
                let alone = transform.convert_where_defined(&x[k..=k], &y[k..=k]);
                assert_eq!(alone.0[0].to_bits(), together.0[k].to_bits(), "{code} {} {}", x[k], y[k]);
                assert_eq!(alone.1[0].to_bits(), together.1[k].to_bits(), "{code} {} {}", x[k], y[k]);
            }
        }
    }
}

#[test]
fn the_first_point_lost_is_named_wherever_it_stands() {
    let transform = Transform::between(&Crs::WGS84, &Crs::LAMBERT_93).unwrap();
    let (mut x, mut y) = (vec![4.85; 100_000], vec![45.75; 100_000]);
    (x[5], y[99_998], y[70_001], x[99_999]) = (f64::NAN, 95.0, -89.0, 1e300);
    let lost = transform.convert(&x, &y).unwrap_err();
    assert!(matches!(lost, ReprojectError::OutsideDomain { row: 70_001, y: -89.0, .. }), "{lost}");
    assert_eq!(transform.convert_in_place(&mut x, &mut y), Err(lost));
    assert_eq!(
        transform.convert_in_place(&mut x, &mut y[1..]),
        Err(ReprojectError::Lengths { x: 100_000, y: 99_999 })
    );
    let mut buffer = [0.0; 2];
    assert_eq!(
        transform.convert_into(&[1.0], &[1.0], &mut [0.0], &mut buffer),
        Err(ReprojectError::Buffers { points: 1, x: 1, y: 2 })
    );
}

#[test]
fn southern_and_far_zones_agree_with_proj() {
    // pyproj 3.7.2, PROJ 9.5.1: La Réunion, Sydney, Buenos Aires, and Lambert-93 far from home.
    for (code, point, expected) in [
        (32740, [55.45, -20.88], [338_767.167_364_6, 7_690_355.572_286_0]),
        (32756, [151.21, -33.87], [334_435.706_141_8, 6_250_816.397_804_7]),
        (2154, [2.35, -60.0], [449_468.448_727_6, -17_778_453.519_151_0]),
        (2154, [-175.0, 30.0], [-5_433_070.818_807_7, 17_650_173.224_653_7]),
        (3035, [-60.0, 10.0], [-2_875_248.795_779_7, 1_980_511.872_918_7]),
    ] {
        let (x, y) = Transform::between(&Crs::WGS84, &Crs::from_epsg(code))
            .unwrap()
            .convert(&[point[0]], &[point[1]])
            .unwrap();
        assert!(
            (x[0] - expected[0]).abs() < 2e-6 && (y[0] - expected[1]).abs() < 2e-6,
            "{code}: {x:?} {y:?}"
        );
    }
}

#[test]
fn shared_borders_stay_shared() {
    let golden = golden(GOLDEN);
    let x: Vec<f64> = golden.iter().map(|row| row.1[0]).collect();
    let y: Vec<f64> = golden.iter().map(|row| row.1[1]).collect();
    for code in [2154, 3946, 3857, 32631, 3035] {
        let transform = Transform::between(&Crs::WGS84, &Crs::from_epsg(code)).unwrap();
        let together = transform.convert(&x, &y).unwrap();
        for row in (0..x.len()).step_by(37) {
            let alone = transform.convert(&x[row..=row], &y[row..=row]).unwrap();
            assert_eq!((alone.0[0], alone.1[0]), (together.0[row], together.1[row]));
        }
    }
}

#[test]
fn what_cannot_be_converted_is_named() {
    let points =
        GeometryColumn::points(vec![f64::NAN, 4.8, 842_622.6], vec![1.0, 45.7, 6_519_479.0], Crs::WGS84);
    let refused = points.reproject(&Crs::CC46).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "row 2 has the coordinate (842622.6, 6519479), which EPSG:4326 → EPSG:3946 cannot convert; \
         check whether EPSG:4326 is its CRS and (east, north) its order"
    );
    for (x, y) in [(f64::INFINITY, 45.0), (4.8, 90.5), (181.0, 0.0), (4.8, -85.0)] {
        let transform = Transform::between(&Crs::WGS84, &Crs::LAMBERT_93).unwrap();
        assert!(transform.convert(&[x], &[y]).is_err(), "{x} {y}");
    }
    for crs in [Crs::LAMBERT_93, Crs::WEB_MERCATOR, Crs::LAEA_EUROPE, Crs::from_epsg(32631)] {
        let back = Transform::between(&crs, &Crs::WGS84).unwrap();
        assert!(back.convert(&[1e12], &[1e12]).is_err(), "{crs}");
    }
    assert_eq!(
        Transform::between(&Crs::WGS84, &Crs::CC46).unwrap().convert(&[1.0], &[]),
        Err(ReprojectError::Lengths { x: 1, y: 0 })
    );
}

#[cfg(not(feature = "proj"))]
#[test]
fn what_needs_proj_says_so() {
    let unknown = GeometryColumn::new([], Crs::from_epsg(27572)).reproject(&Crs::CC46).unwrap_err();
    assert!(unknown.to_string().starts_with("EPSG:27572 cannot be reprojected without the feature `proj`"));
}

#[test]
fn missing_rows_stay_missing() {
    let points = GeometryColumn::points(vec![f64::NAN, 4.8], vec![1.0, 45.7], Crs::WGS84);
    let projected = points.reproject(&Crs::CC46).unwrap();
    assert!(projected.is_missing(0) && !projected.is_missing(1));
    assert_eq!(points.reproject(&Crs::WGS84).unwrap(), points);
}

proptest! {
    #[test]
    fn there_and_back(
        code in prop::sample::select(vec![2154u32, 3942, 3946, 3950, 3857, 3035, 32630, 32631, 25832]),
        points in prop::collection::vec((-9.0..12.0f64, 38.0..55.0f64), 1..50),
    ) {
        let (longitude, latitude): (Vec<f64>, Vec<f64>) = points.into_iter().unzip();
        let crs = Crs::from_epsg(code);
        let (x, y) = Transform::between(&Crs::WGS84, &crs).unwrap().convert(&longitude, &latitude).unwrap();
        let (back_x, back_y) = Transform::between(&crs, &Crs::WGS84).unwrap().convert(&x, &y).unwrap();
        for k in 0..x.len() {
            prop_assert!((back_x[k] - longitude[k]).abs() < 1e-11 && (back_y[k] - latitude[k]).abs() < 1e-11);
        }
    }

    #[test]
    fn never_a_silent_nan(
        code in prop::sample::select(vec![2154u32, 3946, 3857, 3035, 32631, 4326]),
        x in prop::num::f64::ANY, y in prop::num::f64::ANY, back: bool,
    ) {
        let (mut from, mut to) = (Crs::WGS84, Crs::from_epsg(code));
        if back {
            std::mem::swap(&mut from, &mut to);
        }
        if let Ok((to_x, to_y)) = Transform::between(&from, &to).unwrap().convert(&[x], &[y]) {
            let missing = x.is_nan() || y.is_nan();
            prop_assert_eq!(to_x[0].is_finite() && to_y[0].is_finite(), !missing);
        }
    }
}

#[test]
fn a_column_given_away_becomes_what_a_borrowed_one_gives() {
    use crate::types::{LineString, Rect, coord};
    let square = Rect::new(coord! { x: 4.8, y: 45.7 }, coord! { x: 4.9, y: 45.8 });
    let line = LineString::from(vec![(4.8, 45.7), (4.81, 45.72)]);
    let shapes = GeometryColumn::from_options([Some(square.into()), None, Some(line.into())], Crs::WGS84);
    let points = GeometryColumn::points(vec![4.8, f64::NAN], vec![45.7, f64::NAN], Crs::WGS84);
    for column in [shapes.clone(), points, GeometryColumn::new([], Crs::WGS84)] {
        for crs in [Crs::CC46, Crs::WGS84] {
            let expected = column.reproject(&crs).unwrap();
            let found = column.clone().into_reprojected(&crs).unwrap();
            assert_eq!(found, expected);
            assert_eq!(found.bounds(), expected.bounds());
            (0..found.len()).for_each(|row| assert_eq!(found.row_bounds(row), expected.row_bounds(row)));
        }
    }
    let lost = shapes.with_axes_swapped().declared_as(Crs::CC46);
    let expected = lost.reproject(&Crs::WGS84);
    assert_eq!(lost.into_reprojected(&Crs::WGS84), expected);
    // Rows, not coordinates, are named.
    let south = GeometryColumn::from_options(
        [None, Some(LineString::from(vec![(0.0, 0.0), (0.0, -90.0)]).into())],
        Crs::WGS84,
    );
    let error = south.into_reprojected(&Crs::LAMBERT_93).unwrap_err();
    assert!(matches!(error, ReprojectError::OutsideDomain { row: 1, y: -90.0, .. }), "{error}");
}
