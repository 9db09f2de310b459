//! <https://github.com/flatgeobuf/flatgeobuf>: test data. Rows, rectangles and numbers of coordinates are those of GDAL
//! 3.12.4 (pyogrio 0.13.0).
use datagora_core::Crs;
use datagora_geo::types::{Geometry, MultiPolygon};
use datagora_geo::{Features, read_features, read_flatgeobuf, write_wkt};
use geo::CoordsIter;

use super::{Tally, folder};

/// File, EPSG code, rows, coordinates, and the rectangle of all if there is any.
type Expected = (&'static str, Option<u32>, usize, usize, Option<[f64; 4]>);

const FILES: [Expected; 12] = [
    ("alldatatypes.fgb", None, 1, 1, Some([0.0, 0.0, 0.0, 0.0])),
    ("binary_wkb.fgb", Some(4326), 1, 0, None),
    ("countries.fgb", Some(4326), 179, 10_672, Some([-180.0, -85.609038, 180.0, 83.64513])),
    ("countries_nocrs.fgb", None, 179, 10_672, Some([-180.0, -85.609038, 180.0, 83.64513])),
    ("countries_nogeo.fgb", None, 179, 0, None),
    ("empty.fgb", Some(4326), 0, 0, None),
    ("heterogeneous.fgb", None, 3, 7, Some([1.2, -4.8, 45.0, 40.0])),
    (
        "mp_overlapping.fgb",
        Some(4326),
        2,
        17,
        Some([14.698990144327581, 54.97732564865369, 15.240183578355849, 55.3051375358136]),
    ),
    ("no_properties.fgb", None, 1, 1, Some([-123.1874, 48.7902, -123.1874, 48.7902])),
    ("poly00.fgb", Some(27_700), 10, 245, Some([478315.53125, 4762880.5, 481645.3125, 4765610.5])),
    ("poly01.fgb", Some(27_700), 10, 245, Some([478315.53125, 4762880.5, 481645.3125, 4765610.5])),
    (
        "unknown_feature_count.fgb",
        Some(4326),
        1,
        5,
        Some([-69.9114990234375, 18.4587681200151, -69.906005859375, 18.4639785913204]),
    ),
];

/// Files refused, and what the message says.
const REFUSED: [(&str, &str); 2] = [
    // Version 2, which GDAL refuses, too.
    ("topp_states.fgb", "does not begin with “fgb” and 3"),
    // Bytes that made a fuzzer of the format's own library fail.
    ("clusterfuzz-testcase-minimized-fgb_fuzzer-4642513358553088", "does not begin with “fgb” and 3"),
];

fn coordinates(features: &Features) -> usize {
    features.geometry.iter().flatten().map(|geometry| geometry.coords_count()).sum()
}

fn corners(features: &Features) -> Option<[f64; 4]> {
    features.geometry.bounds().map(|b| [b.min().x, b.min().y, b.max().x, b.max().y])
}

#[test]
fn files_of_the_format() {
    let Some(folder) = folder("flatgeobuf") else { return };
    let mut tally = Tally::default();
    for (name, code, rows, points, rectangle) in FILES {
        let features = read_flatgeobuf(folder.join(name)).unwrap_or_else(|error| panic!("{error}")).features;
        assert_eq!((features.len(), coordinates(&features)), (rows, points), "{name}");
        assert_eq!(corners(&features), rectangle, "{name}");
        assert_eq!(features.geometry.crs().epsg(), code, "{name}");
        tally.right.insert(name.to_owned());
    }
    for (name, reason) in REFUSED {
        let message = read_features(folder.join(name)).unwrap_err().to_string();
        assert!(message.contains(reason), "{name}: {message}");
        tally.refused.insert(name.to_owned(), reason.to_owned());
    }
    // GDAL refuses the type 17, triangle; it is a polygon to us.
    let triangle = read_flatgeobuf(folder.join("triangle.fgb")).unwrap().features;
    assert!(matches!(triangle.geometry.get(0), Some(Geometry::Polygon(_))) && coordinates(&triangle) == 4);
    tally.right.insert("triangle.fgb".into());

    countries(&folder, &mut tally);
    for (name, rows, points) in [("states.geojson", 49, 11_481), ("tiger_roads.geojson", 8_333, 17_462)] {
        let features = read_features(folder.join(name)).unwrap().features;
        assert_eq!((features.len(), coordinates(&features)), (rows, points), "{name}");
        tally.right.insert(name.to_owned());
    }
    // Parts of Shapefiles; that of the counties is without its main file.
    let parts = [
        "countries.dbf",
        "countries.prj",
        "countries.shx",
        "UScounties.dbf",
        "UScounties.prj",
        "UScounties.shx",
    ];
    tally.beside.extend(parts.map(str::to_owned));
    tally.check(&folder, 17, 2, 0);
}

/// The same map as FlatGeobuf, GeoJSON and Shapefile.
fn countries(folder: &std::path::Path, tally: &mut Tally) {
    let rows = |name: &str| {
        let features = read_features(folder.join(name)).unwrap().features;
        assert_eq!(features.geometry.crs(), &Crs::WGS84, "{name}");
        let table = &features.attributes;
        let texts = |column: &str| -> Vec<String> {
            table.text(column).unwrap().iter().map(|text| text.unwrap_or_default().to_owned()).collect()
        };
        let geometries = features.geometry.iter().map(|row| {
            // Rings of Shapefiles are wound the other way round, and begin elsewhere.
            let row = match row.unwrap() {
                // FlatGeobuf has the sets that the header declares.
                Geometry::Polygon(polygon) => MultiPolygon(vec![polygon]).into(),
                other => other,
            };
            if name.ends_with("shp") { row.coords_count().to_string() } else { write_wkt(&row) }
        });
        let mut rows: Vec<_> = texts("id").into_iter().zip(texts("name")).zip(geometries).collect();
        rows.sort();
        rows
    };
    let (fgb, json, shp) = (rows("countries.fgb"), rows("countries.geojson"), rows("countries.shp"));
    // The files have the ring of Bermuda in different order, to GDAL, too.
    let differ = fgb.iter().zip(&json).filter(|(a, b)| a != b).map(|((names, _), _)| names.0.as_str());
    assert_eq!(differ.collect::<Vec<_>>(), ["BMU"]);
    let names =
        |rows: &[((String, String), String)]| rows.iter().map(|(names, _)| names.clone()).collect::<Vec<_>>();
    assert_eq!(names(&fgb), names(&shp));
    tally.right.extend(["countries.geojson", "countries.shp"].map(str::to_owned));
}

#[test]
fn all_types_of_attributes() {
    let Some(folder) = folder("flatgeobuf") else { return };
    let file = read_flatgeobuf(folder.join("alldatatypes.fgb")).unwrap();
    let table = &file.features.attributes;
    for (name, value) in [
        ("byte", -1),
        ("ubyte", 255),
        ("short", -1),
        ("ushort", 65_535),
        ("int", -1),
        ("uint", 4_294_967_295),
        ("long", -1),
    ] {
        assert_eq!(table.integer(name).unwrap().value(0), value, "{name}");
    }
    assert_eq!(table.number("ulong").unwrap().value(0), 18_446_744_073_709_551_615.0);
    assert_eq!(
        (table.number("float").unwrap().value(0), table.number("double").unwrap().value(0)),
        (0.0, 0.0)
    );
    assert_eq!((table.text("string").unwrap().value(0), table.text("json").unwrap().value(0)), ("X", "X"));
    assert!(table.boolean("bool").unwrap().value(0));
    // 2020-02-29T12:34:56Z.
    assert_eq!(table.instant("datetime").unwrap().value(0), 1_582_979_696_000);
}
