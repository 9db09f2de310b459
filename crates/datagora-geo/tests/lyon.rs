//! The open data of the Métropole de Lyon, against what other software found in it.
//!
//! The folder is that of the environment variable `DATAGORA_DATA`, by default `../shared/data` beside the workspace;
//! without it these tests check nothing, and say so.
#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
#[path = "lyon/buffer.rs"]
mod buffer;
#[path = "lyon/coverage.rs"]
mod coverage;
#[path = "lyon/nearest.rs"]
mod nearest;
#[path = "lyon/overlay.rs"]
mod overlay;
#[path = "lyon/predicates.rs"]
mod predicates;
#[cfg(feature = "io")]
#[path = "lyon/raster.rs"]
mod raster;
#[cfg(feature = "io")]
#[path = "lyon/zonal.rs"]
mod zonal;

use std::path::{Path, PathBuf};

use datagora_core::Crs;
use datagora_geo::types::{Coord, Geometry, LineString, MultiPolygon, Polygon, Rect, coord};
use datagora_geo::{
    Boundary, GeometryColumn, Metric, ZoneIndex, area, count_within, doubt_crs, faults, locate, overlaps,
    simplify_coverage,
};
use serde_json::Value;

fn data() -> Option<PathBuf> {
    let default = || concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").into();
    let folder = std::env::var_os("DATAGORA_DATA").map_or_else(default, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("DATAGORA_DATA absent: nothing checked against the data of Lyon");
    None
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Geometry of a GeoJSON feature.
fn geometry(feature: &Value) -> Geometry {
    let point = |value: &Value| Coord { x: value[0].as_f64().unwrap(), y: value[1].as_f64().unwrap() };
    let ring = |value: &Value| LineString(value.as_array().unwrap().iter().map(point).collect());
    let polygon = |value: &Value| {
        let mut rings = value.as_array().unwrap().iter().map(ring);
        Polygon::new(rings.next().unwrap(), rings.collect())
    };
    let coordinates = &feature["geometry"]["coordinates"];
    match feature["geometry"]["type"].as_str().unwrap() {
        "Polygon" => polygon(coordinates).into(),
        "MultiPolygon" => MultiPolygon(coordinates.as_array().unwrap().iter().map(polygon).collect()).into(),
        other => panic!("{other} was not expected"),
    }
}

fn features(collection: &Value) -> &[Value] {
    collection.get("features").unwrap_or(collection).as_array().unwrap()
}

/// Polygons of a GeoJSON file, in the CRS that they are in, whatever the file says.
fn surfaces(path: &Path, crs: Crs) -> GeometryColumn {
    GeometryColumn::try_new(features(&json(path)).iter().map(geometry), crs).unwrap()
}

/// Layers of EVA, the vegetation of 2015 by strata and what it leaves.
const EVA: [&str; 6] = [
    "A_Difference_EVA_Artificialise-Routes",
    "B_A-Voies_ferree",
    "C_B-Batiments",
    "EVA2015_Artif_Sols_Extent",
    "EVA2015_Vegetation3STR_Extent",
    "Voirie_Extent",
];

/// A layer of [`EVA`].
fn eva(data: &Path, layer: &str) -> GeometryColumn {
    surfaces(&data.join(format!("lyon_green/eva2015_{layer}.json")), Crs::CC46)
}

fn communes(data: &Path) -> (GeometryColumn, Vec<String>) {
    let collection = json(&data.join("lyon_admin/communes_gl_2025_iarbre.geojson"));
    let codes = features(&collection).iter().map(|f| f["properties"]["insee"].as_str().unwrap().to_owned());
    let column =
        GeometryColumn::try_new(features(&collection).iter().map(geometry), Crs::LAMBERT_93).unwrap();
    (column, codes.collect())
}

/// Longitude and latitude of the 94,435 street trees: a shapefile whose records are all points of 28 bytes.
fn trees(data: &Path) -> GeometryColumn {
    let file = std::fs::read(data.join("lyon_green/arbres_alignement.shp")).unwrap();
    let number = |record: &[u8], at: usize| f64::from_le_bytes(record[at..at + 8].try_into().unwrap());
    let (x, y) = file[100..].chunks(28).map(|record| (number(record, 12), number(record, 20))).unzip();
    GeometryColumn::try_points(x, y, Crs::WGS84).unwrap()
}

/// `golden/geo/lyon_trees_per_commune_reference.csv`: insee → (area, trees).
fn reference(data: &Path) -> Vec<(String, f64, u64)> {
    let path = data.join("../golden/geo/lyon_trees_per_commune_reference.csv");
    let text = std::fs::read_to_string(path).unwrap();
    let row = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        (fields[2].to_owned(), fields[3].parse().unwrap(), fields[4].parse().unwrap())
    };
    text.lines().skip(1).map(row).collect()
}

#[test]
fn trees_per_commune() {
    let Some(data) = data() else { return };
    let (communes, codes) = communes(&data);
    let trees = trees(&data);
    assert_eq!((communes.len(), trees.len()), (66, 94_435));
    let projected = trees.reproject(&Crs::LAMBERT_93).unwrap();
    let expected: Vec<(String, u64)> =
        reference(&data).into_iter().map(|(code, _, count)| (code, count)).collect();
    for boundary in [Boundary::HalfOpen, Boundary::Within, Boundary::Covers] {
        let counts = count_within(&projected, &communes, boundary).unwrap();
        let found: Vec<(String, u64)> = codes.iter().cloned().zip(counts).collect();
        assert_eq!(found, expected, "{boundary}");
    }
    let located = locate(&projected, &communes, Boundary::HalfOpen).unwrap();
    assert_eq!(located.count_inside(), 94_382);
    // The other way round: the communes in longitude and latitude, where borders are other curves.
    let elsewhere = communes.reproject(&Crs::WGS84).unwrap();
    let differing = locate(&trees, &elsewhere, Boundary::HalfOpen)
        .unwrap()
        .iter()
        .zip(located.iter())
        .filter(|(a, b)| a != b)
        .count();
    assert!(differing <= 5, "{differing} trees change commune");
}

#[test]
fn areas_of_communes() {
    let Some(data) = data() else { return };
    let areas = area(&communes(&data).0, Metric::Planar).unwrap();
    for (found, (code, expected, _)) in areas.iter().zip(reference(&data)) {
        // The reference is rounded to 0.1 m².
        assert!((found - expected).abs() <= 0.05 + 1e-6, "{code}: {found} m², expected {expected}");
    }
}

#[test]
fn mislabelled_strata_are_found_out() {
    let Some(data) = data() else { return };
    let lyon = Rect::new(coord! { x: 4.6, y: 45.5 }, coord! { x: 5.2, y: 46.0 });
    let mut files = 0;
    for entry in std::fs::read_dir(data.join("lyon_green")).unwrap() {
        let path = entry.unwrap().path();
        if !path.file_name().unwrap().to_string_lossy().starts_with("eva2015_") {
            continue;
        }
        files += 1;
        let collection = json(&path);
        let declared = collection["crs"]["properties"]["name"].as_str().unwrap();
        let column = GeometryColumn::try_new(
            features(&collection).iter().map(geometry),
            Crs::parse(declared).unwrap(),
        )
        .unwrap();
        let doubt = doubt_crs(&column, &lyon).unwrap();
        assert_eq!(doubt.fits.as_ref().map(|fit| (&fit.crs, fit.swapped)), Some((&Crs::CC46, false)));
        assert_eq!(doubt_crs(&doubt.mended(column), &lyon), None);
    }
    assert_eq!(files, 6);
    assert_eq!(doubt_crs(&trees(&data), &lyon), None);
    assert_eq!(doubt_crs(&communes(&data).0, &lyon), None);
}

#[test]
fn communes_in_cc46_and_wgs84() {
    let Some(data) = data() else { return };
    let read = |name: &str, crs| surfaces(&data.join("lyon_green").join(name), crs);
    let cc46 = read("dash_communesLyonEPSG3946.json", Crs::CC46);
    let wgs84 = read("dash_communesLyonWFS84.json", Crs::WGS84);
    assert_eq!(cc46.len(), 9);
    let there = worst(&wgs84.reproject(&Crs::CC46).unwrap(), &cc46);
    assert!(there <= 1e-6, "{there} m");
    // 1e-11° is 1e-6 m.
    let back = worst(&cc46.reproject(&Crs::WGS84).unwrap(), &wgs84);
    assert!(back <= 1e-11, "{back}°");
}

/// Greatest difference of a coordinate between two columns of the same structure.
fn worst(a: &GeometryColumn, b: &GeometryColumn) -> f64 {
    let coordinates = |column: &GeometryColumn| -> Vec<f64> {
        let exterior = |geometry: Option<Geometry>| match geometry {
            Some(Geometry::Polygon(polygon)) => polygon.exterior().clone(),
            other => panic!("{other:?} was not expected"),
        };
        column.iter().map(exterior).flat_map(|ring| ring.0).flat_map(|c| [c.x, c.y]).collect()
    };
    let (a, b) = (coordinates(a), coordinates(b));
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

#[test]
fn simplified_communes_keep_their_trees() {
    let Some(data) = data() else { return };
    let (communes, _) = communes(&data);
    let count = |column: &GeometryColumn| -> usize {
        let vertices = |geometry| match geometry {
            Geometry::Polygon(polygon) => polygon.exterior().0.len(),
            other => panic!("{other:?} was not expected"),
        };
        column.iter().flatten().map(vertices).sum()
    };
    let simple = simplify_coverage(&communes, 25.0).unwrap();
    let (before, after) = (count(&communes), count(&simple));
    assert!(after * 8 < before, "{before} → {after} vertices");
    let invalid =
        |column: &GeometryColumn| faults(column).into_iter().filter(|f| f.kind.is_invalid()).count();
    assert_eq!((invalid(&communes), invalid(&simple)), (0, 0));
    let trees = trees(&data).reproject(&Crs::LAMBERT_93).unwrap();
    let located = |zones: &GeometryColumn| locate(&trees, zones, Boundary::HalfOpen).unwrap();
    let moved = located(&communes).iter().zip(located(&simple).iter()).filter(|(a, b)| a != b).count();
    assert!(moved < 100, "{moved} trees change commune");
    // No tree within the Métropole has come to be in a gap or in two communes.
    let index = ZoneIndex::new(&simple).unwrap();
    let (x, y) = trees.as_points().unwrap();
    let held = |count: usize| {
        (0..x.len()).filter(|&k| index.locate_all(x[k], y[k], Boundary::HalfOpen).count() == count).count()
    };
    // 53 are outside all communes before.
    assert!(held(0) < 60, "{} trees in no commune", held(0));
    assert_eq!(held(2), 0);
}

#[test]
fn arrondissements_of_two_files_overlap_as_they_should() {
    let Some(data) = data() else { return };
    let (communes, codes) = communes(&data);
    let collection = json(&data.join("lyon_green/dash_communesLyonEPSG3946.json"));
    let column = GeometryColumn::try_new(features(&collection).iter().map(geometry), Crs::CC46).unwrap();
    let arrondissements = column.reproject(&Crs::LAMBERT_93).unwrap();
    let shared = overlaps(&arrondissements, &communes).unwrap();
    for (row, feature) in features(&collection).iter().enumerate() {
        // Two vintages of one division: nearly all of each is in the commune of its own code.
        let of_row = shared.iter().filter(|overlap| overlap.left == row);
        let most = of_row.clone().max_by(|a, b| a.area.total_cmp(&b.area)).unwrap();
        assert_eq!(codes[most.right], feature["properties"]["insee"].as_str().unwrap());
        assert!(most.share_of_left > 0.99, "{most:?}");
        let whole: f64 = of_row.map(|overlap| overlap.share_of_left).sum();
        assert!((whole - 1.0).abs() < 1e-6, "{whole}");
    }
}
