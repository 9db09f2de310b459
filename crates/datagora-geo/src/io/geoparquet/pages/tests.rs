use std::path::{Path, PathBuf};

use arrow::array::{ArrayRef, BinaryArray, Int64Array, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema};
use datagora_core::Crs;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::{WriterProperties, WriterVersion};
use parquet::file::reader::{FileReader, SerializedFileReader};
use proptest::prelude::*;

use super::*;
use crate::types::{Geometry, Point};
use crate::wkb::tests::any_geometry;
use crate::{GeoParquetReadOptions, GeometryColumn, scan_geoparquet, write_wkb};

/// How a file is laid out.
#[derive(Clone, Debug)]
struct Layout {
    version: WriterVersion,
    dictionary: bool,
    /// Rows of a page, and of a row group.
    page: usize,
    group: usize,
    compression: Compression,
    nullable: bool,
    encoding: Option<Encoding>,
}

impl Layout {
    fn any() -> impl Strategy<Value = Self> {
        let version = prop_oneof![Just(WriterVersion::PARQUET_1_0), Just(WriterVersion::PARQUET_2_0)];
        let compression = prop_oneof![Just(Compression::UNCOMPRESSED), Just(Compression::SNAPPY)];
        let layout = (version, any::<bool>(), 1..12_usize, 1..40_usize, compression, any::<bool>());
        layout.prop_map(|(version, dictionary, page, group, compression, nullable)| Layout {
            version,
            dictionary,
            page,
            group,
            compression,
            nullable,
            encoding: None,
        })
    }

    fn write(&self, path: &Path, rows: &[Option<Vec<u8>>]) {
        let properties = WriterProperties::builder()
            .set_writer_version(self.version)
            .set_dictionary_enabled(self.dictionary)
            .set_dictionary_page_size_limit(200)
            .set_data_page_row_count_limit(self.page)
            .set_write_batch_size(self.page)
            .set_max_row_group_row_count(Some(self.group))
            .set_compression(self.compression);
        // That of values which no dictionary has: version 2 has another by default.
        let encoding = self.encoding.unwrap_or(Encoding::PLAIN);
        let properties = properties.set_column_encoding("shape".into(), encoding);
        let shapes: BinaryArray = rows.iter().map(Option::as_deref).collect();
        let numbers: Int64Array = (0..rows.len() as i64).map(Some).collect();
        let schema = Schema::new(vec![
            Field::new("shape", DataType::Binary, self.nullable),
            Field::new("number", DataType::Int64, false),
        ]);
        let columns: Vec<ArrayRef> = vec![Arc::new(shapes), Arc::new(numbers)];
        let batch = RecordBatch::try_new(Arc::new(schema), columns).unwrap();
        let file = File::create(path).unwrap();
        let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties.build())).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
    }
}

fn file() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shapes.parquet");
    (folder, path)
}

fn options() -> GeoParquetReadOptions {
    GeoParquetReadOptions::default().with_geometry("shape").with_undescribed(Crs::CC46)
}

fn binary(rows: &[Option<Geometry>]) -> Vec<Option<Vec<u8>>> {
    rows.iter().map(|row| row.as_ref().map(write_wkb)).collect()
}

/// Whether the column of shapes is read by pages.
fn by_pages(path: &Path) -> bool {
    let file = Arc::new(File::open(path).unwrap());
    let metadata = SerializedFileReader::new(file.try_clone().unwrap()).unwrap().metadata().clone();
    let groups: Vec<usize> = (0..metadata.num_row_groups()).collect();
    Pages::of(&file, &Arc::new(metadata), "shape", &groups, None).is_some()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn values_of_any_layout_come_back(
        layout in Layout::any(), distinct in prop::collection::vec(any_geometry(), 1..12),
        rows in prop::collection::vec((any::<prop::sample::Index>(), 0..9_u8), 0..80),
        points: bool, chosen in prop::collection::btree_set(0..80_usize, 0..30), batch in 1..50_usize
    ) {
        let rows: Vec<Option<Geometry>> = rows
            .iter()
            .enumerate()
            .map(|(row, (index, missing))| {
                let point = || Point::new(row as f64, index.index(5) as f64).into();
                let there = *missing > 1 || !layout.nullable;
                there.then(|| if points { point() } else { index.get(&distinct).clone() })
            })
            .collect();
        let (_folder, path) = file();
        layout.write(&path, &binary(&rows));
        prop_assert!(by_pages(&path));
        let expected = GeometryColumn::from_options(rows.clone(), Crs::CC46);
        let whole = scan_geoparquet(&path, &options()).unwrap().read_rest().unwrap();
        prop_assert_eq!(&whole.features.geometry, &expected);

        let chosen: Vec<usize> = chosen.into_iter().filter(|&row| row < rows.len()).collect();
        let some = options().with_rows(chosen.clone()).with_batch(batch);
        let some = scan_geoparquet(&path, &some).unwrap().read_rest().unwrap();
        prop_assert_eq!(some.features.geometry, expected.take(&chosen));
        let numbers = some.features.attributes.integer("number").unwrap().values().to_vec();
        prop_assert_eq!(numbers, chosen.iter().map(|&row| row as i64).collect::<Vec<_>>());
        // Nothing is left for Arrow to read.
        let bare = options().with_rows(chosen.clone()).with_batch(batch).with_attributes::<String>([]);
        let bare = scan_geoparquet(&path, &bare).unwrap().read_rest().unwrap();
        prop_assert_eq!(bare.features.geometry, expected.take(&chosen));
        prop_assert_eq!(bare.features.attributes.schema().fields().len(), 0);

        let scan = scan_geoparquet(&path, &options().with_batch(batch)).unwrap();
        let east = scan.where_bounds(|bounds| bounds.max().x > 10.0).read_rest().unwrap();
        let kept = |&row: &usize| expected.row_bounds(row).is_some_and(|bounds| bounds.max().x > 10.0);
        let kept: Vec<usize> = (0..rows.len()).filter(kept).collect();
        prop_assert_eq!(east.features.geometry, expected.take(&kept));
        let numbers = east.features.attributes.integer("number").unwrap().values().to_vec();
        prop_assert_eq!(numbers, kept.iter().map(|&row| row as i64).collect::<Vec<_>>());
    }

    #[test]
    fn damaged_pages_are_errors_or_other_values(
        layout in Layout::any(), places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)
    ) {
        let rows: Vec<Option<Geometry>> =
            (0..60).map(|row| (row % 5 > 0 || !layout.nullable).then(|| Point::new(f64::from(row % 7), 1.0).into())).collect();
        let (_folder, path) = file();
        layout.write(&path, &binary(&rows));
        let mut bytes = std::fs::read(&path).unwrap();
        for (place, byte) in places {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        std::fs::write(&path, bytes).unwrap();
        for options in [options(), options().with_rows([3, 4, 31])] {
            let _ = scan_geoparquet(&path, &options).and_then(|mut scan| scan.read_rest());
        }
    }
}

#[test]
fn other_encodings_are_read_by_arrow() {
    let rows: Vec<Option<Geometry>> =
        (0..30).map(|row| (row % 4 > 0).then(|| Point::new(f64::from(row), 1.0).into())).collect();
    for encoding in [Encoding::DELTA_LENGTH_BYTE_ARRAY, Encoding::DELTA_BYTE_ARRAY] {
        let layout = Layout {
            version: WriterVersion::PARQUET_2_0,
            dictionary: false,
            page: 7,
            group: 13,
            compression: Compression::SNAPPY,
            nullable: true,
            encoding: Some(encoding),
        };
        let (_folder, path) = file();
        layout.write(&path, &binary(&rows));
        assert!(!by_pages(&path));
        let expected = GeometryColumn::from_options(rows.clone(), Crs::CC46);
        let whole = scan_geoparquet(&path, &options()).unwrap().read_rest().unwrap();
        assert_eq!(whole.features.geometry, expected);
        let some =
            scan_geoparquet(&path, &options().with_rows([29, 12, 13, 5])).unwrap().read_rest().unwrap();
        assert_eq!(some.features.geometry, expected.take(&[5, 12, 13, 29]));
    }
}

#[test]
fn rows_and_values_that_are_not_there_are_named() {
    let layout = Layout {
        version: WriterVersion::PARQUET_1_0,
        dictionary: false,
        page: 4,
        group: 10,
        compression: Compression::UNCOMPRESSED,
        nullable: false,
        encoding: None,
    };
    let (_folder, path) = file();
    let mut rows = binary(&[(); 12].map(|()| Some(Point::new(1.0, 2.0).into())));
    layout.write(&path, &rows);
    let message = scan_geoparquet(&path, &options().with_rows([3, 12])).unwrap_err().to_string();
    assert!(message.contains("found 12 rows; needed row 12, counted from 0"), "{message}");
    let falling = GeoParquetReadOptions { rows: Some(vec![3, 1]), ..options() };
    let message = scan_geoparquet(&path, &falling).unwrap_err().to_string();
    assert!(message.contains("row 1 asked for after row 3"), "{message}");
    let none = scan_geoparquet(&path, &options().with_rows([])).unwrap();
    assert_eq!(none.row_groups(), (0, 2));
    assert_eq!(none.map(|batch| batch.unwrap().features.len()).sum::<usize>(), 0);

    rows[11] = Some(b"nothing".to_vec());
    layout.write(&path, &rows);
    let message = scan_geoparquet(&path, &options()).unwrap().read_rest().unwrap_err().to_string();
    assert!(message.contains("feature 11") && message.contains("column “shape”"), "{message}");
    assert!(scan_geoparquet(&path, &options().with_rows([10])).unwrap().read_rest().is_ok());

    // What was half read is not given out.
    let mut scan = scan_geoparquet(&path, &options().with_batch(5)).unwrap();
    assert_eq!(scan.by_ref().map(|batch| batch.is_ok()).collect::<Vec<_>>(), [true, true, false]);
    let message = scan.read_rest().unwrap_err().to_string();
    assert!(message.contains("scan the file again"), "{message}");
}
