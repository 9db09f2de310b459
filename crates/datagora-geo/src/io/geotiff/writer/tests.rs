use datagora_core::Crs;
use proptest::prelude::*;

use super::*;
use crate::crs::unknown_crs;
use crate::{GeoTiff, GeoTiffReadOptions, SampleType, read_geotiff};

fn grid(rows: usize, columns: usize, crs: Crs) -> Grid {
    Grid::new([1_842_000.25, 5_175_000.5], [5.0, 2.5], columns, rows, crs).unwrap()
}

fn written(raster: &Raster, options: &GeoTiffWriteOptions) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.tif");
    write_geotiff(&path, raster, options).unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
    std::fs::read(&path).unwrap()
}

fn read(bytes: &[u8]) -> GeoTiff<std::io::Cursor<&[u8]>> {
    GeoTiff::new(std::io::Cursor::new(bytes)).unwrap()
}

/// Bands of one type, with the number for missing values.
fn bands(cells: usize) -> impl Strategy<Value = Vec<Band>> {
    let kind = prop::sample::select(vec![
        SampleType::U8,
        SampleType::I8,
        SampleType::U16,
        SampleType::I16,
        SampleType::U32,
        SampleType::I32,
        SampleType::U64,
        SampleType::I64,
        SampleType::F32,
        SampleType::F64,
    ]);
    let values = prop::collection::vec(prop::collection::vec(0..60_u8, cells), 1..4);
    (kind, values, prop::option::of(0..60_u8)).prop_map(|(kind, values, no_data)| {
        let band = |values: Vec<u8>| {
            let band = Band::new(match kind {
                SampleType::U8 => Samples::from(values),
                SampleType::I8 => values.iter().map(|&v| v as i8 - 30).collect::<Vec<_>>().into(),
                SampleType::U16 => values.iter().map(|&v| u16::from(v) * 1000).collect::<Vec<_>>().into(),
                SampleType::I16 => {
                    values.iter().map(|&v| i16::from(v) * 500 - 15_000).collect::<Vec<_>>().into()
                }
                SampleType::U32 => values.iter().map(|&v| u32::from(v) << 26).collect::<Vec<_>>().into(),
                SampleType::I32 => values.iter().map(|&v| -(i32::from(v) << 24)).collect::<Vec<_>>().into(),
                SampleType::U64 => values.iter().map(|&v| u64::MAX - u64::from(v)).collect::<Vec<_>>().into(),
                SampleType::I64 => {
                    values.iter().map(|&v| i64::from(v) - (1 << 60)).collect::<Vec<_>>().into()
                }
                SampleType::F32 => values
                    .iter()
                    .map(|&v| if v == 7 { f32::NAN } else { f32::from(v) / 3.0 })
                    .collect::<Vec<_>>()
                    .into(),
                SampleType::F64 => values
                    .iter()
                    .map(|&v| if v == 7 { f64::NAN } else { f64::from(v) / 7.0 })
                    .collect::<Vec<_>>()
                    .into(),
            });
            match no_data {
                Some(number) => band.with_no_data(f64::from(number)),
                None => band,
            }
        };
        values.into_iter().map(band).collect()
    })
}

fn raster() -> impl Strategy<Value = Raster> {
    let crs = prop::sample::select(vec![Crs::CC46, Crs::WGS84, unknown_crs(), Crs::custom("Plan local")]);
    (1..40_usize, 1..70_usize, crs).prop_flat_map(|(rows, columns, crs)| {
        bands(rows * columns)
            .prop_map(move |bands| Raster::new(grid(rows, columns, crs.clone()), bands).unwrap())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read(raster in raster(), mean in any::<bool>(), effort in 0_u8..10) {
        let overviews = if mean { Overviews::Mean } else { Overviews::Nearest };
        let options = GeoTiffWriteOptions::default().with_tile(16).with_overviews(overviews).with_effort(effort);
        let bytes = written(&raster, &options);
        let mut file = read(&bytes);
        let found = file.read(&GeoTiffReadOptions::default()).unwrap();
        prop_assert_eq!(found.grid(), raster.grid());
        for (found, band) in found.bands().iter().zip(raster.bands()) {
            prop_assert!(found.values().eq(band.values()));
            prop_assert_eq!(found.kind(), band.kind());
            if !band.kind().is_float() {
                prop_assert_eq!(found.samples(), band.samples());
            }
        }
        let levels = (0..).find(|k| raster.grid().rows().max(raster.grid().columns()).div_ceil(1 << k) <= 16).unwrap();
        prop_assert_eq!(file.overviews().len(), levels);
        prop_assert_eq!(written(&raster, &options), bytes);
    }
}

#[test]
fn rows_may_come_in_any_portion() {
    let values: Vec<u16> = (0..50 * 33).map(|n| (n * n % 977) as u16).collect();
    let raster = Raster::new(grid(50, 33, Crs::CC46), [Band::new(values.clone()).with_name("n")]).unwrap();
    let options = GeoTiffWriteOptions::default().with_tile(16).with_overviews(Overviews::Mean);
    let whole = written(&raster, &options);
    for portion in [1, 3, 16, 17, 50] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.tif");
        let template = [Band::new(Vec::<u16>::new()).with_name("n")];
        let mut writer = RasterWriter::create(&path, raster.grid(), &template, &options).unwrap();
        for rows in values.chunks(portion * 33) {
            writer.write_rows(&[rows.to_vec().into()]).unwrap();
        }
        assert!(!path.exists());
        writer.finish().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), whole, "{portion} rows at a time");
    }
}

#[test]
fn overviews_skip_what_is_missing() {
    let grid = grid(3, 20, Crs::CC46);
    let mut values = vec![4_i16; 60];
    (values[0], values[1], values[20], values[21]) = (1, 2, -9, -9);
    values[2] = -9;
    let band = Band::new(values).with_no_data(-9.0);
    let raster = Raster::new(grid, [band]).unwrap();
    let overview = |overviews| {
        let options = GeoTiffWriteOptions::default().with_tile(16).with_overviews(overviews);
        let bytes = written(&raster, &options);
        read(&bytes).read(&GeoTiffReadOptions::default().with_overview(0)).unwrap()
    };
    let mean = overview(Overviews::Mean);
    assert_eq!((mean.grid().rows(), mean.grid().columns()), (2, 10));
    assert_eq!(
        (mean.value(0, 0, 0), mean.value(0, 0, 1), mean.value(0, 1, 9)),
        (Some(2.0), Some(4.0), Some(4.0))
    );
    let nearest = overview(Overviews::Nearest);
    assert_eq!((nearest.value(0, 0, 0), nearest.value(0, 0, 1)), (Some(1.0), None));
    let bytes =
        written(&raster, &GeoTiffWriteOptions::default().with_tile(16).with_overviews(Overviews::None));
    assert!(read(&bytes).overviews().is_empty());
}

#[test]
fn bands_keep_what_is_said_of_them() {
    let grid = grid(2, 2, Crs::LAMBERT_93);
    let heat = Band::new(vec![1_i16, 2, 3, -1]).with_no_data(-1.0);
    let heat = heat.with_name("chaud & <froid>").with_unit("Cel").with_scale(0.25, -10.0);
    let raster = Raster::new(grid, [heat.clone(), heat.with_name("2")]).unwrap();
    let bytes = written(&raster, &GeoTiffWriteOptions::default());
    assert_eq!(read(&bytes).read(&GeoTiffReadOptions::default()).unwrap(), raster);
}

#[test]
fn what_one_file_cannot_hold() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.tif");
    let create = |crs, bands: &[Band]| {
        RasterWriter::create(&path, &grid(2, 2, crs), bands, &GeoTiffWriteOptions::default()).unwrap_err()
    };
    let (bytes, floats) = (Band::new(vec![0_u8; 4]), Band::new(vec![0.0; 4]));
    let error = create(Crs::CC46, &[bytes.clone(), floats]);
    assert!(matches!(error.problem, GeoTiffProblem::Mixed { band: 1, .. }), "{error}");
    let error = create(Crs::CC46, &[bytes.clone(), bytes.clone().with_no_data(255.0)]);
    assert!(error.to_string().contains("255 for missing values"), "{error}");
    let error = create(Crs::from_epsg(4499), std::slice::from_ref(&bytes));
    assert!(matches!(error.problem, GeoTiffProblem::Crs { .. }), "{error}");
    assert!(matches!(create(Crs::CC46, &[]).problem, GeoTiffProblem::Rows { .. }));
    let options = GeoTiffWriteOptions::default();
    let error =
        RasterWriter::create("/nowhere/a.tif", &grid(2, 2, Crs::CC46), &[bytes], &options).unwrap_err();
    assert!(matches!(error.problem, GeoTiffProblem::Unwritable(_)), "{error}");
}

#[test]
fn rows_that_do_not_make_the_raster() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.tif");
    std::fs::write(&path, "old").unwrap();
    let template = [Band::new(Vec::<u8>::new())];
    let begin = || {
        RasterWriter::create(&path, &grid(2, 3, Crs::CC46), &template, &GeoTiffWriteOptions::default())
            .unwrap()
    };
    for wrong in [
        vec![],
        vec![Samples::from(vec![0_u8; 4])],
        vec![Samples::from(vec![0_u16; 3])],
        vec![Samples::from(vec![0_u8; 9])],
        vec![Samples::from(vec![0_u8; 3]), Samples::from(vec![0_u8; 3])],
    ] {
        let error = begin().write_rows(&wrong).unwrap_err();
        assert!(matches!(error.problem, GeoTiffProblem::Rows { .. }), "{error}");
    }
    let mut early = begin();
    early.write_rows(&[vec![0_u8; 3].into()]).unwrap();
    assert!(early.finish().unwrap_err().to_string().contains("1 more"));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
    assert!(matches!(read_geotiff(&path).unwrap_err().problem, GeoTiffProblem::Malformed { .. }));
}

#[test]
fn a_file_of_more_than_4_gib_is_a_big_tiff() {
    let template = [Band::new(Vec::<u8>::new())];
    let grid = grid(10, 20, Crs::CC46);
    let description = Description::of(&grid, &template, 16).unwrap();
    let mut level = Level::new(10, 20, &description);
    level.tiles = vec![(0, 3 << 30), (3 << 30, 1 << 30)];
    let bytes = head(&[level], &description);
    assert_eq!(bytes[..4], *b"II\x2b\0");
    // The directory is read back, though the tiles are not there.
    let mut file = read(&bytes);
    assert_eq!((file.grid(), file.bands()), (&grid, 1));
    let error = file.read(&GeoTiffReadOptions::default()).unwrap_err();
    assert!(error.to_string().contains("3221225472 bytes"), "{error}");
}
