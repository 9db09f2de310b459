//! Parks and vegetation by commune, and IRIS made communes again, against GEOS 3.14.1 (shapely 2.2.0, pyproj).
use datagora_core::Crs;
use datagora_geo::{GeometryColumn, Metric, area, clip, difference, dissolve, faults, overlaps, repair};

use super::{EVA, communes, data, eva, features, geometry, json, surfaces};

fn sum(values: impl IntoIterator<Item = f64>) -> f64 {
    values.into_iter().sum()
}

fn invalid_rows(column: &GeometryColumn) -> usize {
    let mut rows: Vec<usize> =
        faults(column).iter().filter(|fault| fault.kind.is_invalid()).map(|fault| fault.row).collect();
    rows.dedup();
    rows.len()
}

#[test]
fn parks_and_strata_by_commune() {
    let Some(data) = data() else { return };
    let communes = communes(&data).0.reproject(&Crs::CC46).unwrap();
    let parks = surfaces(&data.join("lyon_green/pac_parcs_canop.geojson"), Crs::WGS84);
    let parks = parks.reproject(&Crs::CC46).unwrap();
    let strata = GeometryColumn::concat(&EVA.map(|layer| eva(&data, layer))).unwrap();
    // Pieces and their area: intersection and area of GEOS on the same coordinates; 1e-3 m² of 3e7 allow for the
    // difference of reprojections.
    for (layer, pieces, ground) in [(parks, 1_180, 29_425_867.978), (strata, 308, 1_288_955.479_271)] {
        let inside = clip(&layer, &communes).unwrap();
        let total = sum(inside.origins.iter().map(|piece| piece.measure));
        assert_eq!(inside.len(), pieces);
        assert!((total - ground).abs() < 0.02, "{total} for {ground}");
        let shared = sum(overlaps(&layer, &communes).unwrap().iter().map(|overlap| overlap.area));
        assert!((shared - total).abs() < 1e-6);
        let outside = difference(&layer, &communes).unwrap();
        let rest = sum(outside.origins.iter().map(|piece| piece.measure));
        let whole = sum(area(&layer, Metric::Planar).unwrap());
        assert!((total + rest - whole).abs() < 1e-4, "{total} and {rest} of {whole}");
        assert_eq!((invalid_rows(&inside.shapes), invalid_rows(&outside.shapes)), (0, 0));
    }
}

/// Two vintages, whose borders run along each other a few last digits apart.
#[test]
fn vintages_of_iris_are_laid_over_each_other_exactly() {
    let Some(data) = data() else { return };
    let column =
        |name: &str| surfaces(&data.join("lyon_admin").join(name), Crs::WGS84).reproject(&Crs::CC46).unwrap();
    let (old, new) = (column("iris_lyon_mobitic.geojson"), column("iris_lyonmetro.geojson"));
    let (both, rest) = (clip(&old, &new).unwrap(), difference(&old, &new).unwrap());
    assert_eq!((invalid_rows(&both.shapes), invalid_rows(&rest.shapes)), (0, 0));
    let parts = sum(both.origins.iter().chain(&rest.origins).map(|piece| piece.measure));
    let whole = sum(area(&old, Metric::Planar).unwrap());
    assert!((parts - whole).abs() < 1e-5, "{parts} of {whole}");
    // Areas in rational numbers of the coordinates that pyproj 3.7.2 gives, 1e-9 m from ours along a border of 1.5 km.
    for (row, other, ground) in [
        (286, 11, 132.523_441_680_792),
        (286, 58, 3_156.947_771_640_55),
        (440, 125, 1.159_394_535_181_6),
        (455, 125, 95_358.238_656_838_2),
        (455, 304, 177.737_876_476_382),
    ] {
        let piece = both.origins.iter().find(|piece| (piece.left, piece.right) == (Some(row), Some(other)));
        let found = piece.unwrap().measure;
        assert!((found - ground).abs() < 5e-6, "{row} and {other}: {found} for {ground}");
    }
}

#[test]
fn iris_make_communes() {
    let Some(data) = data() else { return };
    let collection = json(&data.join("lyon_admin/iris_lyon_mobitic.geojson"));
    let codes: Vec<&str> =
        features(&collection).iter().map(|f| f["properties"]["code_insee"].as_str().unwrap()).collect();
    let iris = GeometryColumn::try_new(features(&collection).iter().map(geometry), Crs::WGS84).unwrap();
    let iris = iris.reproject(&Crs::CC46).unwrap();
    let communes = dissolve(&iris, &codes).unwrap();
    assert_eq!(communes.keys.len(), 274);
    assert!(communes.coverage.iter().all(|exact| *exact));
    assert_eq!(invalid_rows(&communes.shapes), 0);
    let (of_iris, of_communes) =
        (area(&iris, Metric::Planar).unwrap(), area(&communes.shapes, Metric::Planar).unwrap());
    for (rows, ground) in communes.rows.iter().zip(of_communes) {
        let parts = sum(rows.iter().map(|&row| of_iris[row]));
        assert!((parts - ground).abs() < 1e-5, "{parts} for {ground}");
    }
}

#[test]
fn invalid_parks_are_mended() {
    let Some(data) = data() else { return };
    for (name, crs, invalid) in
        [("pac_parcs.geojson", Crs::WGS84, 8), ("dash_parcsJardins.json", Crs::CC46, 19)]
    {
        let parks = surfaces(&data.join("lyon_green").join(name), crs).reproject(&Crs::CC46).unwrap();
        // As many as GEOS finds.
        assert_eq!(invalid_rows(&parks), invalid, "{name}");
        let (mended, repairs) = repair(&parks);
        assert_eq!(faults(&mended), []);
        let mut rows: Vec<usize> = repairs.iter().map(|repair| repair.row).collect();
        rows.dedup();
        assert!(rows.len() >= invalid);
        assert_eq!(repair(&mended), (mended.clone(), vec![]));
    }
}
