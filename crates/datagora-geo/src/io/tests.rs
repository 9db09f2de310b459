//! Readers on real files.
use std::path::PathBuf;

use datagora_core::{Crs, Role, Table};
use proptest::prelude::*;

use super::*;
use crate::wkb::tests::any_geometry;
use crate::{Features, GeoArrowEncoding, GeoArrowOptions, GeometryColumn};

/// The shared data, or nothing where they are absent.
fn data(file: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("DATAGORA_DATA")
        .map_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").into(), PathBuf::from);
    let path = folder.join(file);
    if path.exists() {
        return Some(path);
    }
    eprintln!("DATAGORA_DATA absent: {file} not checked");
    None
}

#[test]
fn geojson_of_lyon() {
    for (file, rows, columns, crs) in [
        ("lyon_admin/communes_gl_2025_iarbre.geojson", 66, 3, Crs::LAMBERT_93),
        ("lyon_admin/communes_limit_grandlyon.geojson", 59, 8, Crs::RGF93),
        ("lyon_admin/iris_lyon_mobitic.geojson", 752, 8, Crs::WGS84),
        ("lyon_admin/parkingsurfacique_iarbre.geojson", 843, 4, Crs::CC46),
        ("lyon_green/dash_communesLyonWFS84.json", 9, 8, Crs::WGS84),
        ("lyon_green/pac_bancs.geojson", 7287, 6, Crs::WGS84),
        ("lyon_green/pac_parcs_canop.geojson", 1219, 4, Crs::WGS84),
        ("lyon_green/eva2015_Voirie_Extent.json", 50, 43, Crs::from_epsg(2192)),
        ("lyon_mobility/iarbre_pt_arret_tcl.geojson", 4657, 9, Crs::LAMBERT_93),
        ("lyon_mobility/velov_stations.geojson", 425, 15, Crs::RGF93),
    ] {
        let Some(path) = data(file) else { return };
        let read = read_geojson(path).unwrap();
        assert_eq!(read.features.len(), rows, "{file}");
        assert_eq!(read.features.attributes.schema().fields().len(), columns, "{file}");
        assert_eq!(read.features.geometry.crs(), &crs, "{file}");
    }
}

#[test]
fn bare_list_in_a_projection_it_does_not_name() {
    let Some(path) = data("lyon_green/dash_communesLyonEPSG3946.json") else { return };
    let read = read_geojson(path).unwrap();
    assert_eq!(read.features.len(), 9);
    assert!(matches!(read.notes[..], [ReadNote::CrsUnknown { .. }]), "{:?}", read.notes);
    assert_eq!(read.features.declared_as(Crs::CC46).geometry.crs(), &Crs::CC46);
}

#[test]
fn json_that_is_not_geojson_is_refused_by_name() {
    let Some(path) = data("lyon_green/dash_vegetal.json") else { return };
    let message = read_geojson(path).unwrap_err().to_string();
    assert!(message.contains("dash_vegetal.json") && message.contains("without type"), "{message}");
}

#[test]
fn shapefile_without_attributes() {
    let Some(path) = data("lyon_green/arbres_alignement.shp") else { return };
    let read = read_shapefile(path).unwrap();
    assert_eq!((read.features.len(), read.features.geometry.crs()), (94_435, &Crs::WGS84));
    assert_eq!(read.notes, [ReadNote::AttributesAbsent { file: "arbres_alignement.dbf".into() }]);
}

#[test]
fn shapefiles_of_elsewhere() {
    for (file, rows, columns) in [
        ("conformance/flatgeobuf/countries.shp", 179, 2),
        ("conformance/pyshp/blockgroups.shp", 663, 43),
        ("spatial_stats/libpysal/columbus/columbus.shp", 49, 20),
        ("spatial_stats/libpysal/virginia/vautm17n.shp", 136, 7),
        ("perf/nyc_taxi_zones.shp", 263, 6),
    ] {
        let Some(path) = data(file) else { return };
        let read = read_shapefile(path).unwrap();
        assert_eq!(read.features.len(), rows, "{file}");
        assert_eq!(read.features.attributes.schema().fields().len(), columns, "{file}");
        assert!(read.features.geometry.iter().all(|geometry| geometry.is_some()), "{file}");
    }
    let Some(path) = data("conformance/pyshp/latin1.shp") else { return };
    let read = read_shapefile(path).unwrap();
    assert!(read.notes.contains(&ReadNote::EncodingAssumed { encoding: "windows-1252" }));
}

#[test]
fn geopackages_of_lyon() {
    for (file, rows, columns, crs) in [
        ("lyon_admin/LyonIris_social_env.gpkg", 506, 16, Crs::CC46),
        ("lyon_admin/bounding_metrop.gpkg", 1, 2, Crs::CC46),
        ("lyon_green/fontaines_potables.gpkg", 606, 8, Crs::CC46),
        ("spatial_stats/spNetwork/mtl_network.gpkg", 2945, 2, Crs::from_epsg(3797)),
    ] {
        let Some(path) = data(file) else { return };
        let read = read_geopackage(path, None).unwrap();
        assert_eq!(read.features.len(), rows, "{file}");
        assert_eq!(read.features.attributes.schema().fields().len(), columns, "{file}");
        assert_eq!(read.features.geometry.crs(), &crs, "{file}");
        assert_eq!(read.notes, [], "{file}");
    }
}

/// Places of the first collection that are within 2e-6° of one of the second.
fn near(a: &crate::GeometryColumn, b: &crate::GeometryColumn) -> usize {
    let places = |column: &crate::GeometryColumn| -> Vec<(f64, f64)> {
        (0..column.len()).filter_map(|row| column.row_bounds(row)).map(|r| (r.min().x, r.min().y)).collect()
    };
    let others = places(b);
    let close =
        |&(x, y): &(f64, f64)| others.iter().any(|(u, v)| (x - u).abs() < 2e-6 && (y - v).abs() < 2e-6);
    places(a).iter().filter(|place| close(place)).count()
}

/// Drinking fountains as GML (RGF93, latitude first), GeoPackage (CC46) and GeoJSON (WGS 84), of three vintages. Numbers
/// of places in common: geopandas 1.2.0 with GDAL 3.12.4 and PROJ.
#[test]
fn fountains_in_three_formats() {
    let (Some(gml), Some(package), Some(json)) = (
        data("lyon_green/fontaines_potables.gml"),
        data("lyon_green/fontaines_potables.gpkg"),
        data("lyon_green/pac_fontaines_potables.geojson"),
    ) else {
        return;
    };
    let (gml, package, json) =
        (read_features(gml).unwrap(), read_features(package).unwrap(), read_features(json).unwrap());
    assert_eq!((gml.features.len(), package.features.len(), json.features.len()), (141, 606, 803));
    assert_eq!(gml.features.geometry.crs(), &Crs::RGF93);
    assert_eq!(gml.notes, [ReadNote::AxesSwapped { crs: Crs::RGF93 }]);
    let bounds = gml.features.geometry.bounds().unwrap();
    // The lower corner that the file states, as (east, north).
    assert_eq!((bounds.min().x, bounds.min().y), (4.723937, 45.664902));
    assert_eq!(gml.features.attributes.integer("gid").unwrap().value(140), 141);

    let (a, b) = (&package.features.attributes, &json.features.attributes);
    let package = package.features.geometry.reproject(&Crs::WGS84).unwrap();
    let json = &json.features.geometry;
    let gml = gml.features.geometry.declared_as(Crs::WGS84);
    assert_eq!((near(&gml, json), near(&package, json), near(&gml, &package)), (85, 447, 89));
    let mut common = 0;
    for (row, gid) in a.integer("gid").unwrap().iter().enumerate() {
        let Some(other) = b.integer("gid").unwrap().iter().position(|other| other == gid) else { continue };
        let (here, there) = (package.row_bounds(row).unwrap().min(), json.row_bounds(other).unwrap().min());
        assert!((here.x - there.x).hypot(here.y - there.y) < 2e-6, "gid {gid:?}");
        common += 1;
    }
    assert_eq!(common, 440);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Missing rows stay missing and empty ones empty, in every format that we write.
    #[test]
    fn what_is_written_is_read(
        rows in proptest::collection::vec(proptest::option::of(any_geometry()), 0..6), group in 1..4_usize, native: bool
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let geometry = GeometryColumn::from_options(rows, Crs::WGS84);
        let names: Vec<String> = (0..geometry.len()).map(|row| row.to_string()).collect();
        let names = names.iter().enumerate().map(|(row, name)| (row % 3 > 0).then_some(name.as_str()));
        let attributes = Table::empty().with_text("nom", Role::Attribute, names).unwrap();
        let features = Features { geometry, attributes };
        let check = |format: &str| {
            let read = read_features(&path).unwrap().features;
            if format == "GeoJSON" {
                // Its rings are wound as RFC 7946 asks for, whichever way they were.
                let rows = |column: &GeometryColumn| -> Vec<_> {
                    (0..column.len()).map(|row| (column.kind(row), column.row_bounds(row))).collect()
                };
                assert_eq!(rows(&read.geometry), rows(&features.geometry), "{format}");
            } else {
                assert_eq!(read.geometry, features.geometry, "{format}");
            }
            if !features.is_empty() {
                assert_eq!(read.attributes.batch().columns(), features.attributes.batch().columns(), "{format}");
            }
        };
        let options = GeoParquetOptions::default().with_row_group(group).with_native_type(native).with_covering(native);
        write_geoparquet(&path, &features, &options).unwrap();
        check("GeoParquet");
        write_flatgeobuf(&path, &features, &FlatGeobufOptions::default()).unwrap();
        check("FlatGeobuf");
        for encoding in [GeoArrowEncoding::Native, GeoArrowEncoding::Wkb, GeoArrowEncoding::Wkt] {
            write_arrow(&path, &features, &GeoArrowOptions::default().with_encoding(encoding)).unwrap();
            check("Arrow");
        }
        write_geojson(&path, &features, &GeoJsonOptions::default()).unwrap();
        check("GeoJSON");
    }
}
