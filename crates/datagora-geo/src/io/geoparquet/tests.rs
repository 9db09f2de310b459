use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int32Array, RecordBatch, TimestampMicrosecondArray, UInt64Array};
use datagora_core::{Crs, FieldType, Role, Table, content_hash};
use parquet::arrow::ArrowWriter;
use proptest::prelude::*;

use super::*;
use crate::crs::unknown_crs;
use crate::types::{Geometry, Point, Rect, coord};
use crate::wkb::tests::any_geometry;
use crate::{Features, GeoParquetOptions, GeometryColumn, ReadNote, write_geoparquet};

fn there_and_back(features: &Features, options: &GeoParquetOptions) -> (FeatureFile, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    write_geoparquet(&path, features, options).unwrap();
    (read_geoparquet(&path).unwrap(), std::fs::read(&path).unwrap())
}

fn points(crs: Crs) -> Features {
    let geometry = GeometryColumn::from_options(
        [Some(Geometry::from(Point::new(1.0, 2.0))), None, Some(Geometry::from(Point::new(3.0, 4.0)))],
        crs,
    );
    let attributes = Table::empty()
        .with_text("nom", Role::Attribute, [Some("Église"), None, Some("")])
        .unwrap()
        .with_integer("n", Role::Attribute, datagora_core::Unit::ONE, [None, Some(-1), Some(i64::MAX)])
        .unwrap();
    Features { geometry, attributes }
}

/// The file of a batch, with this “geo” metadata.
fn parquet(columns: Vec<(&str, ArrayRef)>, geo: Option<&str>) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer = ArrowWriter::try_new(File::create(&path).unwrap(), batch.schema(), None).unwrap();
    if let Some(geo) = geo {
        writer
            .append_key_value_metadata(parquet::file::metadata::KeyValue::new("geo".into(), geo.to_owned()));
    }
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    (folder, path)
}

fn binary_points(rows: usize) -> ArrayRef {
    let bytes = crate::write_wkb(&Point::new(1.0, 2.0).into());
    Arc::new(arrow::array::BinaryArray::from(vec![bytes.as_slice(); rows]))
}

const PLAIN: &str =
    r#"{"version": "1.0.0", "primary_column": "geom", "columns": {"geom": {"encoding": "WKB"}}}"#;

#[test]
fn all_known_systems_come_back() {
    for code in [4326, 4171, 2154, 3942, 3946, 3950, 3857, 3035, 32_631, 32_731] {
        let features = points(Crs::from_epsg(code));
        for options in [GeoParquetOptions::default(), GeoParquetOptions::default().with_covering(true)] {
            let (read, _) = there_and_back(&features, &options);
            assert_eq!(read.features.geometry, features.geometry);
            assert_eq!(read.features.attributes.batch(), features.attributes.batch());
            assert_eq!(read.notes, []);
        }
    }
}

#[test]
fn the_own_type_of_parquet() {
    for crs in [Crs::WGS84, Crs::CC46, unknown_crs()] {
        let features = points(crs.clone());
        let options = GeoParquetOptions::default().with_native_type(true).with_row_group(2);
        let (read, bytes) = there_and_back(&features, &options);
        assert_eq!(read.features.geometry, features.geometry);
        assert_eq!(read.features.attributes.batch().columns(), features.attributes.batch().columns());
        // The type alone says the same: the metadata under another key.
        let place = bytes.windows(5).rposition(|window| window == b"\x03geo\x18").unwrap();
        let mut bare = bytes.clone();
        bare[place + 1..place + 4].copy_from_slice(b"foo");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.parquet");
        std::fs::write(&path, bare).unwrap();
        let read = read_geoparquet(&path).unwrap();
        assert_eq!(read.features.geometry, features.geometry);
    }
}

#[test]
fn equal_features_give_equal_bytes() {
    let features = points(Crs::CC46);
    let options = GeoParquetOptions::default().with_covering(true).with_column("geom").with_row_group(2);
    let (read, bytes) = there_and_back(&features, &options);
    assert_eq!(there_and_back(&features, &options).1, bytes);
    assert_eq!(read.content_hash, content_hash(&bytes));
}

#[test]
fn unknown_systems() {
    let (read, _) = there_and_back(&points(unknown_crs()), &GeoParquetOptions::default());
    assert_eq!(read.notes, [ReadNote::CrsUnknown { found: "null".into() }]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    let error =
        write_geoparquet(&path, &points(Crs::from_epsg(27_572)), &GeoParquetOptions::default()).unwrap_err();
    assert!(error.to_string().contains("EPSG:27572"), "{error}");
    let error = write_geoparquet(&path, &points(Crs::CC46), &GeoParquetOptions::default().with_column("nom"));
    assert!(matches!(error, Err(crate::WriteError::Name { .. })));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn attributes_of_other_types() {
    let list = arrow::array::ListArray::from_iter_primitive::<arrow::datatypes::Int32Type, _, _>([
        Some(vec![Some(1), None]),
        None,
    ]);
    let naive = TimestampMicrosecondArray::from(vec![Some(1_000_000), None]);
    let zoned = naive.clone().with_timezone("Europe/Paris");
    let (_folder, path) = parquet(
        vec![
            ("small", Arc::new(Int32Array::from(vec![Some(1), None]))),
            ("list", Arc::new(list)),
            ("naive", Arc::new(naive)),
            ("zoned", Arc::new(zoned)),
            ("photo", Arc::new(arrow::array::BinaryArray::from(vec![&b"x"[..], b"y"]))),
            ("geom", binary_points(2)),
        ],
        Some(PLAIN),
    );
    let read = read_geoparquet(&path).unwrap();
    let table = &read.features.attributes;
    let kinds: Vec<_> = table.schema().fields().iter().map(|field| field.kind).collect();
    assert_eq!(kinds, [FieldType::Integer, FieldType::Text, FieldType::Text, FieldType::Instant]);
    assert_eq!(table.text("list").unwrap().value(0), "[1,null]");
    assert_eq!(table.text("naive").unwrap().value(0), "1970-01-01T00:00:01");
    let notes = [
        ReadNote::ColumnDropped { column: "photo".into(), kind: "Binary".into() },
        ReadNote::NestedAsText { column: "list".into() },
        ReadNote::ZoneMissing { column: "naive".into() },
    ];
    assert_eq!(read.notes, notes);
}

#[test]
fn times_without_zone_are_instants_of_one_that_is_given() {
    // 2026-03-29, one second before the clocks go from 2 to 3 in Paris, and a half hour that they skip; 1970.
    let naive = TimestampMicrosecondArray::from(vec![
        Some(1_774_749_599_000_000),
        Some(1_774_751_400_000_000),
        None,
        Some(1_000_000),
    ]);
    let (_folder, path) = parquet(vec![("naive", Arc::new(naive)), ("geom", binary_points(4))], Some(PLAIN));
    let options =
        GeoParquetReadOptions::default().with_zone(datagora_core::Zone::parse("Europe/Paris").unwrap());
    let mut scan = scan_geoparquet(&path, &options).unwrap();
    let table = scan.read_rest().unwrap().features.attributes;
    assert_eq!(table.schema().fields()[0].kind, FieldType::Instant);
    let expected = [Some(1_774_749_599_000 - 3_600_000), None, None, Some(1_000 - 3_600_000)];
    assert_eq!(table.instant("naive").unwrap().iter().collect::<Vec<_>>(), expected);
    assert_eq!(scan.notes(), [ReadNote::ValuesDropped { column: "naive".into(), values: 1 }]);
    let mut batches = scan_geoparquet(&path, &options.clone().with_batch(2)).unwrap();
    assert!(batches.by_ref().all(|batch| batch.is_ok()));
    assert_eq!(batches.notes().len(), 1);
    // Batch by batch they are as many as together.
    let skipped = TimestampMicrosecondArray::from(vec![1_774_751_400_000_000; 3]);
    let (_folder, path) =
        parquet(vec![("naive", Arc::new(skipped)), ("geom", binary_points(3))], Some(PLAIN));
    for rows in [1, 2, 3] {
        let mut batches = scan_geoparquet(&path, &options.clone().with_batch(rows)).unwrap();
        assert!(batches.by_ref().all(|batch| batch.is_ok()));
        assert_eq!(batches.notes(), [ReadNote::ValuesDropped { column: "naive".into(), values: 3 }]);
    }
}

#[test]
fn whole_numbers_that_do_not_fit_are_refused() {
    let (_folder, path) = parquet(
        vec![("big", Arc::new(UInt64Array::from(vec![u64::MAX]))), ("geom", binary_points(1))],
        Some(PLAIN),
    );
    let message = read_geoparquet(&path).unwrap_err().to_string();
    assert!(message.contains("18446744073709551615"), "{message}");
}

#[test]
fn what_is_wrong_is_named() {
    let (_folder, path) = parquet(vec![("lon", binary_points(1))], None);
    let message = read_geoparquet(&path).unwrap_err().to_string();
    assert!(message.contains("a table without geometry, of the columns [\"lon\"]"), "{message}");
    for (geo, found) in [
        ("{", "no JSON"),
        ("{}", "no primary column"),
        (r#"{"primary_column": "geom", "columns": {"geom": {"encoding": "WKB"}}}"#, "not in the table"),
        (r#"{"primary_column": "lon", "columns": {"lon": {}}}"#, "no encoding"),
        (r#"{"primary_column": "lon", "columns": {"lon": {"encoding": "polygon"}}}"#, "“polygon”"),
    ] {
        let (_folder, path) = parquet(vec![("lon", binary_points(1))], Some(geo));
        let message = read_geoparquet(&path).unwrap_err().to_string();
        assert!(message.contains(found), "{message}");
    }
    let (_folder, path) = parquet(vec![("geom", binary_points(1))], Some(PLAIN));
    assert!(matches!(read_geoparquet_column(&path, "other"), Err(ReadError::Layer { .. })));
    let bad: ArrayRef = Arc::new(arrow::array::BinaryArray::from(vec![&b"nothing"[..]]));
    let (_folder, path) = parquet(vec![("geom", bad)], Some(PLAIN));
    let message = read_geoparquet(&path).unwrap_err().to_string();
    assert!(message.contains("feature 0") && message.contains("column “geom”"), "{message}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_geometry_comes_back(geometries in proptest::collection::vec(proptest::option::of(any_geometry()), 0..5)) {
        let geometry = GeometryColumn::from_options(geometries, Crs::LAMBERT_93);
        let features = Features { geometry, attributes: Table::empty() };
        let (read, _) = there_and_back(&features, &GeoParquetOptions::default().with_covering(true));
        prop_assert_eq!(read.features, features);
    }

    #[test]
    fn never_panics(places in proptest::collection::vec((any::<usize>(), any::<u8>()), 1..6), cut: usize) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.parquet");
        write_geoparquet(&path, &points(Crs::CC46), &GeoParquetOptions::default()).unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        for (place, byte) in places {
            let place = place % bytes.len();
            bytes[place] = byte;
        }
        std::fs::write(&path, &bytes).unwrap();
        let _ = read_geoparquet(&path);
        bytes.truncate(cut % bytes.len());
        std::fs::write(&path, &bytes).unwrap();
        prop_assert!(read_geoparquet(&path).is_err());
    }
}

#[test]
fn batches_make_the_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    let geometry = GeometryColumn::from_options(
        (0..100).map(|row| (row % 7 > 0).then(|| Geometry::Point(Point::new(f64::from(row), 1.0)))),
        Crs::CC46,
    );
    let names: Vec<String> = (0..100).map(|row| row.to_string()).collect();
    let names = names.iter().enumerate().map(|(row, name)| (row % 5 > 0).then_some(name.as_str()));
    let attributes = Table::empty().with_text("n", Role::Attribute, names).unwrap();
    let features = Features { geometry, attributes };
    write_geoparquet(&path, &features, &GeoParquetOptions::default().with_row_group(30)).unwrap();
    for rows in [0, 1, 7, 30, 1000] {
        let scan = scan_geoparquet(&path, &GeoParquetReadOptions::default().with_batch(rows)).unwrap();
        assert_eq!((scan.rows(), scan.row_groups()), (100, (4, 4)));
        let batches: Vec<FeatureBatch> = scan.map(|batch| batch.unwrap()).collect();
        let geometry = GeometryColumn::concat(batches.iter().map(|batch| &batch.features.geometry)).unwrap();
        let attributes = Table::concat(batches.iter().map(|batch| &batch.features.attributes)).unwrap();
        assert_eq!(Features { geometry, attributes }, features);
    }
}

#[test]
fn columns_that_the_file_does_not_describe() {
    let (_folder, path) = parquet(
        vec![
            ("from", binary_points(3)),
            ("to", binary_points(3)),
            ("n", Arc::new(Int32Array::from(vec![1, 2, 3]))),
        ],
        None,
    );
    assert!(read_geoparquet(&path).unwrap_err().to_string().contains("without geometry"));
    let options = GeoParquetReadOptions::default().with_geometry("to").with_geometry("from");
    let message = scan_geoparquet(&path, &options).unwrap_err().to_string();
    assert!(message.contains("without geometry"), "{message}");
    let options = options.with_undescribed(Crs::WGS84);
    let all = scan_geoparquet(&path, &options).unwrap().read_rest().unwrap();
    let expected = GeometryColumn::points(vec![1.0; 3], vec![2.0; 3], Crs::WGS84);
    assert_eq!((&all.features.geometry, &all.further[..]), (&expected, &[expected.clone()][..]));
    assert_eq!(all.features.attributes.schema().fields().len(), 1);
    let none: [&str; 0] = [];
    let bare = scan_geoparquet(&path, &options.clone().with_attributes(none)).unwrap().read_rest().unwrap();
    assert_eq!(bare.features.attributes, Table::empty());
    let message = scan_geoparquet(&path, &options.with_attributes(["m"])).unwrap_err().to_string();
    assert!(message.contains("needed “m”"), "{message}");
}

#[test]
fn a_rectangle_skips_row_groups_and_rows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    let line = |row: i32| {
        let at = f64::from(row);
        Geometry::LineString(vec![(at, 0.0), (at + 1.5, 1.0)].into())
    };
    let rows: Vec<Option<Geometry>> = (0..100).map(|row| (row % 7 > 0).then(|| line(row))).collect();
    let attributes = Table::empty()
        .with_integer("n", Role::Attribute, datagora_core::Unit::ONE, (0..100).map(Some))
        .unwrap();
    let features = Features { geometry: GeometryColumn::from_options(rows, Crs::CC46), attributes };
    let rectangle = Rect::new(coord! { x: 41.0, y: 0.5 }, coord! { x: 44.0, y: 9.0 });
    for (covering, groups) in [(true, 1), (false, 10)] {
        let options = GeoParquetOptions::default().with_row_group(10).with_covering(covering);
        write_geoparquet(&path, &features, &options).unwrap();
        let options = GeoParquetReadOptions::default().within(rectangle).with_batch(4);
        let mut scan = scan_geoparquet(&path, &options).unwrap();
        // Rows 40 to 49 hold those that begin at 41 or later; row 39 (to 40.5) ends before.
        assert_eq!(scan.row_groups(), (groups, 10));
        let whole = scan.read_rest().unwrap();
        let found: Vec<i64> = whole.features.attributes.integer("n").unwrap().values().to_vec();
        assert_eq!(found, [40, 41, 43, 44], "42 is missing");
        assert_eq!(whole.features.geometry, features.geometry.take(&[40, 41, 43, 44]));
        let counted: usize =
            scan_geoparquet(&path, &options).unwrap().map(|batch| batch.unwrap().features.len()).sum();
        assert_eq!(counted, 4);
    }
    // Nothing there is nothing, of the right columns.
    let nowhere = Rect::new(coord! { x: -9.0, y: -9.0 }, coord! { x: -8.0, y: -8.0 });
    let options = GeoParquetReadOptions::default().within(nowhere);
    let none = scan_geoparquet(&path, &options).unwrap().read_rest().unwrap();
    assert_eq!((none.features.len(), none.features.attributes.schema().fields().len()), (0, 1));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rows_within_a_rectangle_are_those_of_the_whole(
        points in proptest::collection::vec((0..20_i32, 0..20_i32), 1..60), corner in (0..20_i32, 0..20_i32),
        size in (0..9_i32, 0..9_i32), group in 1..20_usize, covering: bool
    ) {
        let (x, y): (Vec<f64>, Vec<f64>) = points.iter().map(|&(x, y)| (f64::from(x), f64::from(y))).unzip();
        let geometry = GeometryColumn::points(x.clone(), y.clone(), Crs::CC46);
        let features = Features { geometry, attributes: Table::empty() };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.parquet");
        let options = GeoParquetOptions::default().with_row_group(group).with_covering(covering);
        write_geoparquet(&path, &features, &options).unwrap();
        let (low_x, low_y) = (f64::from(corner.0), f64::from(corner.1));
        let (high_x, high_y) = (low_x + f64::from(size.0), low_y + f64::from(size.1));
        let rectangle = Rect::new(coord! { x: low_x, y: low_y }, coord! { x: high_x, y: high_y });
        let inside = |&row: &usize| (low_x..=high_x).contains(&x[row]) && (low_y..=high_y).contains(&y[row]);
        let rows: Vec<usize> = (0..x.len()).filter(inside).collect();
        let options = GeoParquetReadOptions::default().within(rectangle);
        let found = scan_geoparquet(&path, &options).unwrap().read_rest().unwrap();
        prop_assert_eq!(found.features.geometry, features.geometry.take(&rows));
    }
}
