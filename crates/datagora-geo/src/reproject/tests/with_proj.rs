//! Our formulas against PROJ itself, and what only PROJ can do.
use super::*;

/// PROJ also where we have formulas.
fn by_proj(from: &Crs, to: &Crs) -> Transform {
    let route = Route::Proj(ByProj::between(from, to).unwrap());
    Transform { from: from.clone(), to: to.clone(), route }
}

/// Points spread over a rectangle of longitude and latitude.
fn spread([west, south, east, north]: [f64; 4]) -> (Vec<f64>, Vec<f64>) {
    let share = |k: usize, factor: f64| (k as f64 * factor).fract();
    (0..4000)
        .map(|k| {
            (
                west + (east - west) * share(k, 0.618_033_988_749_895),
                south + (north - south) * share(k, 0.754_877_666_246_693),
            )
        })
        .unzip()
}

/// Metropolitan France with its seas.
const FRANCE: [f64; 4] = [-5.5, 41.2, 9.8, 51.3];

#[test]
fn every_system_agrees_with_proj_over_france_both_ways() {
    let lambert = std::iter::once(2154).chain(3942..=3950);
    let systems = lambert.chain([3857, 3035, 4171, 4258]).chain(32630..=32632).chain(25830..=25832);
    let overseas = [
        (5490, [-61.9, 14.3, -60.7, 16.6]),
        (2972, [-54.7, 2.0, -51.5, 5.9]),
        (2975, [55.1, -21.5, 55.9, -20.8]),
        (4471, [44.9, -13.1, 45.4, -12.6]),
    ];
    for (code, area) in systems.map(|code| (code, FRANCE)).chain(overseas) {
        let (crs, (longitude, latitude)) = (Crs::from_epsg(code), spread(area));
        let (x, y) = by_proj(&Crs::WGS84, &crs).convert(&longitude, &latitude).unwrap();
        let ours = Transform::between(&Crs::WGS84, &crs).unwrap().convert(&longitude, &latitude).unwrap();
        let back = by_proj(&crs, &Crs::WGS84).convert(&x, &y).unwrap();
        let our_back = Transform::between(&crs, &Crs::WGS84).unwrap().convert(&x, &y).unwrap();
        // PROJ 9.6.2 itself does not return from LAEA by 0.4 to 0.7 mm (its series of the authalic latitude is short); we do.
        let known_difference = code == 3035;
        let mut farthest = 0.0f64;
        // A degree is 111,320 m or less.
        let unit = if crs.is_geographic() { 111_320.0 } else { 1.0 };
        for k in 0..x.len() {
            let metres = unit * (x[k] - ours.0[k]).abs().max((y[k] - ours.1[k]).abs());
            assert!(metres <= 1e-6, "{crs} at {} {}: {metres} m", longitude[k], latitude[k]);
            let apart = |a: &(Vec<f64>, Vec<f64>), x: f64, y: f64| {
                111_320.0 * (a.0[k] - x).abs().max((a.1[k] - y).abs())
            };
            farthest = farthest.max(apart(&back, our_back.0[k], our_back.1[k]));
            let metres = apart(&our_back, longitude[k], latitude[k]);
            assert!(metres <= 1e-6, "{crs} back at {} {}: {metres} m", longitude[k], latitude[k]);
        }
        if known_difference {
            assert!(
                (1e-4..1e-3).contains(&farthest),
                "{crs} back: {farthest} m; strike it from the differences"
            );
        } else {
            assert!(farthest <= 1e-6, "{crs} back: {farthest} m from PROJ");
        }
    }
}

#[test]
fn systems_without_formulas_go_through_proj() {
    // The old Lambert II of Lyon; PROJ 9.6 without grids (the reference values).
    let to_ntf = Transform::between(&Crs::WGS84, &Crs::from_epsg(27572)).unwrap();
    let (x, y) = to_ntf.convert(&[4.835, f64::NAN], &[45.76, 45.0]).unwrap();
    assert_eq!(format!("{:.4} {:.4}", x[0], y[0]), "794349.9808 2087497.2770");
    assert!(x[1].is_nan() && y[1].is_nan());
    let operation = to_ntf.operation(4.835, 45.76).unwrap();
    assert!(operation.accuracy.is_some_and(|metres| metres >= 1.0), "{operation:?}");
    assert!(operation.definition.contains("x=168"), "{operation:?}");
    // By text, and (east, north) whatever the authority's order: EPSG:2056 of Switzerland, and EPSG:4230 in degrees.
    let text = Crs::custom(
        "+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000 +ellps=GRS80",
    );
    let (x, y) = Transform::between(&Crs::WGS84, &text).unwrap().convert(&[4.835], &[45.76]).unwrap();
    assert_eq!(format!("{:.4} {:.4}", x[0], y[0]), "842622.5883 6519479.0190");
    let back = Transform::between(&text, &Crs::from_epsg(4230)).unwrap().convert(&x, &y).unwrap();
    assert!((back.0[0] - 4.835).abs() < 0.01 && (back.1[0] - 45.76).abs() < 0.01);
}

#[test]
fn what_proj_cannot_do_is_named() {
    let unknown = Transform::between(&Crs::from_epsg(999_999), &Crs::WGS84).unwrap_err();
    assert!(
        unknown.to_string().starts_with("PROJ finds no way from EPSG:999999 to EPSG:4326: "),
        "{unknown}"
    );
    let to_ntf = Transform::between(&Crs::WGS84, &Crs::from_epsg(27572)).unwrap();
    for (x, y) in [(f64::INFINITY, 45.0), (4.8, f64::NEG_INFINITY), (4.8, 95.0)] {
        let lost = to_ntf.convert(&[4.8, x], &[45.7, y]).unwrap_err();
        assert!(matches!(lost, ReprojectError::OutsideDomain { row: 1, .. }), "{lost}");
        assert_eq!(to_ntf.operation(x, y), None);
    }
}

#[test]
fn threads_agree() {
    let (longitude, latitude) = spread(FRANCE);
    let to_ntf = Transform::between(&Crs::WGS84, &Crs::from_epsg(27572)).unwrap();
    let expected = to_ntf.convert(&longitude, &latitude).unwrap();
    std::thread::scope(|scope| {
        let convert = || to_ntf.convert(&longitude, &latitude).unwrap();
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(convert)).collect();
        threads.into_iter().for_each(|thread| assert_eq!(thread.join().unwrap(), expected));
    });
}

/// Run by the test below, in surroundings of its own.
#[test]
fn foreign_files_do_not_change_results_unnoticed() {
    match Transform::between(&Crs::WGS84, &Crs::from_epsg(27572)) {
        Ok(to_ntf) => {
            let (x, _) = to_ntf.convert(&[4.835], &[45.76]).unwrap();
            assert_eq!(format!("{:.4}", x[0]), "794349.9808");
        }
        Err(refused) => assert!(refused.to_string().contains("PROJ_DATA is set"), "{refused}"),
    }
}

#[test]
fn the_files_of_another_proj_are_noticed() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("proj.db"), "not the database of this PROJ").unwrap();
    let name = "reproject::tests::with_proj::foreign_files_do_not_change_results_unnoticed";
    let run = std::process::Command::new(std::env::current_exe().unwrap())
        .args([name, "--exact"])
        .env("PROJ_DATA", folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(run.status.success() && said.contains("1 passed"), "{said}");
}
