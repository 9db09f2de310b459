//! <https://github.com/geoarrow/geoarrow-data>: the same geometries as Arrow streams, Parquet and FlatGeobuf, the small
//! ones as text, too.
use std::path::Path;

use datagora_core::Crs;
use datagora_geo::types::{Geometry, MultiLineString, MultiPolygon};
use datagora_geo::{GeometryColumn, ReadNote, read_features, write_wkt};

use super::{Tally, expected, files, folder, says_the_same};

/// Files that do not say the same as their text, and why.
fn known_difference(name: &str) -> Option<&'static str> {
    // The small files of points, lines, …: `example_kind-dimensions`.
    let kind = name.strip_prefix("example_")?.split(['-', '_', '.']).next()?;
    match kind {
        "point" => Some("the column has no empty point: it is read as a missing row"),
        "geometry" | "geometrycollection" => {
            Some("a multipolygon in a collection is kept as its polygons: collections are flat in a column")
        }
        _ => None,
    }
}

fn read(path: &Path) -> (GeometryColumn, Vec<ReadNote>) {
    let file = read_features(path).unwrap_or_else(|error| panic!("{error}"));
    (file.features.geometry, file.notes)
}

#[test]
fn small_files_say_what_their_text_says() {
    let Some(folder) = folder("geoarrow-data") else { return };
    let all = files(&folder);
    let mut tally = Tally::default();
    for name in all.iter().filter(|name| name.ends_with(".tsv")) {
        tally.beside.insert(name.clone());
        let stem = name.trim_end_matches(".tsv");
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        let texts: Vec<String> = text.lines().skip(1).map(|line| line.trim_matches('"').to_owned()).collect();
        let twins = ["", "_geo", "_native"].map(|variant| format!("{stem}{variant}.parquet"));
        let streams = ["", "_wkb", "_wkt"].map(|variant| format!("{stem}{variant}.arrows"));
        for twin in twins.into_iter().chain(streams).filter(|twin| all.contains(twin)) {
            let (found, notes) = read(&folder.join(&twin));
            // Apart from the known differences rows are the same, whatever the column keeps of them.
            let column = GeometryColumn::from_options(expected(&texts), found.crs().clone());
            assert_eq!(found, column, "{twin}");
            let flat =
                !texts.iter().any(|text| [" Z ", " M ", " ZM "].iter().any(|mark| text.contains(mark)));
            let told = notes.iter().any(|note| matches!(note, ReadNote::DimensionsDropped { .. }));
            assert_ne!(flat, told, "{twin}: heights and measures are told: {notes:?}");
            match (says_the_same(&found, &texts), known_difference(&twin)) {
                (true, None) => tally.right.insert(twin),
                (false, Some(_)) => tally.different.insert(twin),
                (true, Some(reason)) => panic!("{twin} agrees now, although: {reason}"),
                (false, None) => panic!("{twin} differs from its text"),
            };
        }
    }
    large_files_agree(&folder, &mut tally);
    systems(&folder, &mut tally);
    tally.check(&folder, 170, 0, 76);
}

/// Maps without text: all layouts of one give the same geometries as its well-known binary.
fn large_files_agree(folder: &Path, tally: &mut Tally) {
    let all = files(folder);
    for (stem, rows) in [
        ("natural-earth_cities", 243),
        ("natural-earth_countries", 177),
        ("natural-earth_countries-bounds", 177),
        ("natural-earth_countries-geography", 177),
        ("quadrangles_100k", 1_809),
    ] {
        let (reference, _) = read(&folder.join(format!("{stem}_wkb.arrows")));
        assert_eq!(reference.len(), rows, "{stem}");
        let variants = [".arrows", "_wkb.arrows", ".parquet", "_geo.parquet", "_native.parquet", ".fgb"];
        for variant in variants.map(|variant| format!("{stem}{variant}")) {
            if !all.contains(&variant) {
                continue;
            }
            let (found, _) = read(&folder.join(&variant));
            assert_eq!(found.len(), rows, "{variant}");
            // Native layouts hold sets only; features of FlatGeobuf stand in the order of the index.
            let (mut found, mut reference) = (texts(&found), texts(&reference));
            if variant.ends_with(".fgb") {
                found.sort();
                reference.sort();
            }
            let same = found == reference;
            assert!(same, "{variant}");
            tally.right.insert(variant);
        }
    }
}

/// Rows as text, a single line or polygon as the set of it.
fn texts(column: &GeometryColumn) -> Vec<String> {
    let set = |row: Geometry| match row {
        Geometry::LineString(line) => MultiLineString(vec![line]).into(),
        Geometry::Polygon(polygon) => MultiPolygon(vec![polygon]).into(),
        other => other,
    };
    column.iter().map(|row| row.map_or_else(String::new, |row| write_wkt(&set(row)))).collect()
}

/// The outline of Vermont in several systems: those whose code or name we know, and those of which the file says nothing
/// that we understand.
fn systems(folder: &Path, tally: &mut Tally) {
    for name in files(folder).into_iter().filter(|name| name.starts_with("example-crs_")) {
        let (found, _) = read(&folder.join(&name));
        let crs = found.crs();
        let system = name.trim_start_matches("example-crs_vermont-").split(['_', '.']).next().unwrap();
        let (degrees, known) = match system {
            "4326" | "crs84" | "crs84-auth-code" | "crs84-wkt2" | "crs84-unknown" => {
                (true, *crs == Crs::WGS84)
            }
            "utm" => (false, *crs == Crs::from_epsg(32_618)),
            "custom" => {
                (false, crs.epsg().is_none() && crs.definition().is_some_and(|text| text.len() > 100))
            }
            other => panic!("{other}"),
        };
        assert!(known, "{name}: {crs}");
        let west = found.bounds().unwrap().min().x;
        // The least of GDAL 3.12.4 for the FlatGeobuf files.
        let expected = match system {
            _ if degrees => -73.4296726142165,
            "utm" => 625858.1940030524,
            _ => -59304.89862416361,
        };
        assert!((west - expected).abs() < 1e-6, "{name}: {west}");
        tally.right.insert(name);
    }
}
