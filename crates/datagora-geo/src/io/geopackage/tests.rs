use arrow::array::Array;
use datagora_core::Role;
use proptest::prelude::*;

use super::*;
use crate::types::Geometry;
use crate::types::Point;
use crate::write_wkb;

/// A GeoPackage geometry with an envelope of this kind.
fn blob(kind: u8, geometry: &Geometry) -> Vec<u8> {
    let mut blob = vec![b'G', b'P', 0, 1 | (kind << 1), 0, 0, 0, 0];
    blob.resize(8 + [0, 32, 48, 48, 64][usize::from(kind)], 0);
    blob.extend(write_wkb(geometry));
    blob
}

/// A package with these layers, each of one row.
fn package(layers: &[&str], srs: i64) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("été #1 50%.gpkg");
    let database = Connection::open(&path).unwrap();
    database
        .execute_batch(
            "PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY;
             CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER, organization TEXT,
                 organization_coordsys_id INTEGER, definition TEXT);
             INSERT INTO gpkg_spatial_ref_sys VALUES ('CC46', 3946, 'epsg', 3946, 'x'), ('u', -1, 'NONE', -1, 'undefined'),
                 ('mine', 100000, 'ACME', 7, 'PROJCS[\"RGF93 / Lambert-93\"]'), ('void', 100001, 'ACME', 8, 'undefined');
             CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT);
             CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER);",
        )
        .unwrap();
    for layer in layers {
        let table = quoted(layer);
        database
            .execute_batch(&format!(
                "CREATE TABLE {table} (fid INTEGER PRIMARY KEY, geom POINT, nom TEXT(20), \"is\" BOOLEAN, n MEDIUMINT,
                     x DOUBLE, d DATE, t DATETIME, photo BLOB, odd NUMERIC);"
            ))
            .unwrap();
        database.execute("INSERT INTO gpkg_contents VALUES (?1, 'features')", [layer]).unwrap();
        database.execute("INSERT INTO gpkg_geometry_columns VALUES (?1, 'geom', ?2)", (layer, srs)).unwrap();
        let point = Geometry::Point(Point::new(1.0, 2.0));
        let insert = format!("INSERT INTO {table} VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, NULL, ?9)");
        database
            .execute(
                &insert,
                (7, blob(1, &point), "Église", 1, 3, 1.5, "1970-01-02", "1970-01-01T00:00:01Z", 4),
            )
            .unwrap();
        let nothing = rusqlite::types::Null;
        database
            .execute(&insert, (2, nothing, nothing, nothing, nothing, nothing, nothing, nothing, 2.5))
            .unwrap();
    }
    (folder, path)
}

#[test]
fn types_order_and_crs() {
    let (_folder, path) = package(&["arbres"], 3946);
    let read = read_geopackage(&path, None).unwrap();
    assert_eq!(read.features.geometry.crs(), &Crs::CC46);
    assert_eq!(read.features.geometry.get(0), None);
    assert_eq!(read.features.geometry.get(1), Some(Geometry::Point(Point::new(1.0, 2.0))));
    let table = &read.features.attributes;
    assert_eq!(table.integer("fid").unwrap().values(), &[2, 7]);
    assert_eq!(table.schema().field("fid").unwrap().role, Role::Identifier);
    assert_eq!(table.text("nom").unwrap().value(1), "Église");
    assert!(table.boolean("is").unwrap().value(1) && table.boolean("is").unwrap().is_null(0));
    assert_eq!(table.number("odd").unwrap().values(), &[2.5, 4.0]);
    let kind = |name: &str| table.schema().field(name).unwrap().kind;
    assert_eq!((kind("d"), kind("t")), (FieldType::Date, FieldType::Instant));
    assert_eq!(read.notes, [ReadNote::ColumnDropped { column: "photo".into(), kind: "BLOB".into() }]);
    assert!(!path.with_extension("gpkg-wal").exists());
}

#[test]
fn the_choice_among_layers() {
    let (_folder, path) = package(&["bancs", "arbres"], 3946);
    assert_eq!(geopackage_layers(&path).unwrap(), ["arbres", "bancs"]);
    let message = read_geopackage(&path, None).unwrap_err().to_string();
    assert!(message.contains("[\"arbres\", \"bancs\"]"), "{message}");
    assert!(matches!(read_geopackage(&path, Some("parcs")), Err(ReadError::Layer { asked: Some(_), .. })));
    assert_eq!(read_geopackage(&path, Some("BANCS")).unwrap().features.len(), 2);
    let (_folder, path) = package(&[], 3946);
    assert!(read_geopackage(&path, None).unwrap_err().to_string().contains("no layer of features"));
}

#[test]
fn systems_without_code() {
    let crs = |srs| {
        let (_folder, path) = package(&["a"], srs);
        read_geopackage(&path, None).unwrap()
    };
    assert_eq!(crs(100_000).features.geometry.crs(), &Crs::LAMBERT_93);
    for srs in [-1, 100_001, 5] {
        let read = crs(srs);
        assert_eq!(read.features.geometry.crs(), &unknown_crs());
        assert!(matches!(&read.notes[0], ReadNote::CrsUnknown { .. }), "{:?}", read.notes);
    }
}

#[test]
fn envelopes_and_bad_blobs() {
    let point = Geometry::Point(Point::new(1.0, 2.0));
    let read = |blob: &[u8]| {
        let mut decoder = Decoder::default();
        (0..3).for_each(|_| decoder.rows.builder.push_missing());
        decode(blob, &mut decoder, &mut Default::default())?;
        Ok::<_, Fault>(decoder.finish(Crs::CC46).get(3))
    };
    for kind in 0..=4 {
        assert_eq!(read(&blob(kind, &point)), Ok(Some(point.clone())));
        assert!(read(&blob(kind, &point)[..20]).is_err());
    }
    assert_eq!(read(b"POINT (1 2)").unwrap_err().details().place.feature, Some(3));
    assert!(read(&[b'G', b'P', 0, 0b1010, 0, 0, 0, 0]).is_err());
    assert_eq!(read(&[b'G', b'P', 0, 0b10_0000, 0, 0, 0, 0]), Ok(None));
}

#[test]
fn journal_beside_is_told() {
    let (_folder, path) = package(&["arbres"], 3946);
    let mut journal = path.clone().into_os_string();
    journal.push("-wal");
    std::fs::write(&journal, b"changes").unwrap();
    let read = read_geopackage(&path, None).unwrap();
    assert_eq!(read.notes[0], ReadNote::JournalIgnored { file: "été #1 50%.gpkg-wal".into() });
}

#[test]
fn what_is_no_package() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.gpkg");
    assert!(matches!(read_geopackage(&path, None), Err(ReadError::Io { .. })));
    for bytes in [&b""[..], b"SQLite format 3\0", b"{\"type\": \"Feature\"}"] {
        std::fs::write(&path, bytes).unwrap();
        assert!(matches!(read_geopackage(&path, None), Err(ReadError::Container { .. })));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn never_panics(places in proptest::collection::vec((0_usize..20_000, any::<u8>()), 1..40), cut in 0_usize..30_000) {
        thread_local!(static GOOD: (tempfile::TempDir, Vec<u8>) = {
            let (folder, path) = package(&["arbres"], 3946);
            let bytes = std::fs::read(path).unwrap();
            (folder, bytes)
        });
        let (path, mut bytes) = GOOD.with(|(folder, bytes)| (folder.path().join("bad.gpkg"), bytes.clone()));
        for (place, byte) in places {
            let place = place % bytes.len();
            bytes[place] = byte;
        }
        bytes.truncate(cut.max(100));
        std::fs::write(&path, bytes).unwrap();
        let _ = read_geopackage(&path, None);
    }

    #[test]
    fn blobs_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
        let _ = decode(&bytes, &mut Decoder::default(), &mut Default::default());
    }
}
