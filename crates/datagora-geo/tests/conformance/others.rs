//! Shapefiles of pyshp, GeoJSON of Frictionless. Rows, rectangles and numbers of coordinates are those of GDAL 3.12.4.
use datagora_geo::read_features;
use geo::CoordsIter;

use super::{Tally, folder};

fn check(folder: &std::path::Path, name: &str, rows: usize, points: usize, corners: [f64; 4]) {
    let features = read_features(folder.join(name)).unwrap_or_else(|error| panic!("{error}")).features;
    let coordinates: usize = features.geometry.iter().flatten().map(|geometry| geometry.coords_count()).sum();
    let bounds = features.geometry.bounds().unwrap();
    assert_eq!((features.len(), coordinates), (rows, points), "{name}");
    assert_eq!([bounds.min().x, bounds.min().y, bounds.max().x, bounds.max().y], corners, "{name}");
}

#[test]
fn shapefiles_of_pyshp() {
    let Some(folder) = folder("pyshp") else { return };
    let mut tally = Tally::default();
    check(&folder, "blockgroups.shp", 663, 10_705, [-122.515048, 37.652916, -122.327622, 37.863433]);
    // Its header states more bytes than there are.
    check(&folder, "corrupt_too_long.shp", 10, 30, [1.0, 1.0, 2.0, 2.0]);
    // It has no index, without which GDAL does not read it; pyshp's test asks for this text.
    let latin = read_features(folder.join("latin1.shp")).unwrap().features;
    assert_eq!(latin.attributes.text("Name").unwrap().value(0), "Ñandú");
    tally.right.extend(["blockgroups.shp", "corrupt_too_long.shp", "latin1.shp"].map(str::to_owned));
    for name in ["REL.zip", "blockgroups.zip", "blockgroups_multishapefile.zip", "empty_zipfile.zip"] {
        let message = read_features(folder.join(name)).unwrap_err().to_string();
        assert!(message.contains("a ZIP archive (unpack it first)"), "{name}: {message}");
        tally.refused.insert(name.to_owned(), "a ZIP archive".to_owned());
    }
    let beside = [
        "ATTRIBUTION",
        "blockgroups.dbf",
        "blockgroups.sbn",
        "blockgroups.sbx",
        "blockgroups.shx",
        "corrupt_too_long.dbf",
        "corrupt_too_long.shx",
        "latin1.dbf",
    ];
    tally.beside.extend(beside.map(str::to_owned));
    tally.check(&folder, 3, 4, 0);
}

/// The other folders of Frictionless hold tables without geometry, which are for the readers of tables.
#[test]
fn geojson_of_frictionless() {
    let Some(folder) = folder("frictionless/geo") else { return };
    let mut tally = Tally::default();
    check(
        &folder,
        "map.geojson",
        1,
        5,
        [76.695556640625, 43.12103377575541, 77.13775634765625, 43.406045194993965],
    );
    tally.right.insert("map.geojson".into());
    let message = read_features(folder.join("map.topojson")).unwrap_err().to_string();
    assert!(message.contains("“Topology”"), "{message}");
    tally.refused.insert("map.topojson".into(), "TopoJSON".into());
    tally.check(&folder, 1, 1, 0);
}
