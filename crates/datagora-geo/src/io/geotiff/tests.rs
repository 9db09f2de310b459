use std::io::Cursor;
use std::path::{Path, PathBuf};

use datagora_core::Crs;

use super::*;
use crate::crs::unknown_crs;

const ROWS: usize = 37;
const COLUMNS: usize = 23;

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/geotiff/{name}.tif"))
}

/// What `golden/geotiff.py` puts in a cell.
fn expected(kind: SampleType, missing: bool, band: usize, row: usize, column: usize) -> Option<f64> {
    if missing && (row + 2 * column).is_multiple_of(11) {
        return None;
    }
    let number = ((31 * band + 7 * row + 3 * column) % 101) as f64;
    Some(match kind {
        SampleType::U8 | SampleType::U16 | SampleType::U32 | SampleType::U64 => number,
        SampleType::I8 | SampleType::I16 | SampleType::I32 | SampleType::I64 => number - 50.0,
        SampleType::F32 | SampleType::F64 => (number - 50.0) / 8.0,
    })
}

fn check(raster: &Raster, kind: SampleType, missing: bool, window: &Window, bands: &[usize]) {
    assert_eq!(raster.bands().len(), bands.len());
    for (place, &band) in bands.iter().enumerate() {
        assert_eq!(raster.bands()[place].kind(), kind);
        for (r, row) in window.rows.clone().enumerate() {
            for (c, column) in window.columns.clone().enumerate() {
                let expected = expected(kind, missing, band, row, column);
                assert_eq!(raster.value(place, r, c), expected, "band {band}, row {row}, column {column}");
            }
        }
    }
}

#[test]
fn forms_that_gdal_writes() {
    use SampleType::*;
    for (name, kind, bands, missing) in [
        ("u8_big_endian", U8, 1, false),
        ("u8_packbits_bands", U8, 3, false),
        ("i8_deflate_2", I8, 2, true),
        ("u16_tiles_deflate_2", U16, 1, true),
        ("u16_big_endian_lzw_2", U16, 2, false),
        ("i16_lzw_2", I16, 2, true),
        ("u32_planes_lzw", U32, 3, false),
        ("i32_pixels_deflate_2", I32, 3, true),
        ("u64_planes_lzw_2", U64, 2, true),
        ("i64_big_endian", I64, 1, true),
        ("f32_pixels_deflate_3", F32, 2, true),
        ("f32_big_endian_lzw_3", F32, 2, false),
        ("f64_deflate_3", F64, 1, true),
        ("f64_deflate_2", F64, 2, false),
        ("f64_bigtiff", F64, 1, true),
    ] {
        let mut file = GeoTiff::open(golden(name)).unwrap();
        let grid = Grid::new([1_842_000.0, 5_175_000.0], [10.0, 20.0], COLUMNS, ROWS, Crs::CC46).unwrap();
        assert_eq!((file.grid(), file.bands(), file.kind()), (&grid, bands, kind), "{name}");
        let all = Window::new(0..ROWS, 0..COLUMNS);
        let order: Vec<usize> = (0..bands).collect();
        check(&file.read(&GeoTiffReadOptions::default()).unwrap(), kind, missing, &all, &order);
        for window in [Window::new(15..18, 14..23), Window::new(36..37, 0..1), Window::new(3..33, 16..17)] {
            let options = GeoTiffReadOptions::default().with_bands([bands - 1, 0]);
            let part = file.read_window(&window, &options).unwrap();
            check(&part, kind, missing, &window, &[bands - 1, 0]);
            assert_eq!(part.grid().west(), 1_842_000.0 + 10.0 * window.columns.start as f64);
            assert_eq!(part.grid().north(), 5_175_000.0 - 20.0 * window.rows.start as f64);
            let wide = file.read_window(&window, &options.with_widen(true)).unwrap();
            assert!(wide.bands().iter().all(|band| band.kind() == F64 && band.no_data().is_none()));
            assert!(wide.bands()[0].values().eq(part.bands()[0].values()), "{name}");
        }
    }
}

#[test]
fn numbers_of_points_tell_the_middle_of_cells() {
    // GDAL moves the tie point by half a cell when it writes, so that the cells stay where they are.
    let raster = read_geotiff(golden("u8_pixel_is_point")).unwrap();
    let grid = raster.grid();
    assert_eq!((grid.west(), grid.north(), grid.cell_height()), (1_842_000.0, 5_175_000.0, 20.0));
}

#[test]
fn rows_from_the_south_are_turned() {
    let mut file = GeoTiff::open(golden("i16_south_up")).unwrap();
    assert_eq!((file.grid().north(), file.grid().west()), (5_175_000.0, 1_842_000.0));
    let raster = file.read(&GeoTiffReadOptions::default()).unwrap();
    for (row, column) in [(0, 0), (36, 22), (17, 5)] {
        let there = expected(SampleType::I16, true, 0, ROWS - 1 - row, column);
        assert_eq!(raster.value(0, row, column), there);
    }
    let window = Window::new(2..5, 3..7);
    let part = file.read_window(&window, &GeoTiffReadOptions::default()).unwrap();
    for row in 0..3 {
        for column in 0..4 {
            assert_eq!(part.value(0, row, column), raster.value(0, row + 2, column + 3));
        }
    }
}

#[test]
fn systems() {
    let crs = |name| read_geotiff(golden(name)).unwrap().grid().crs().clone();
    assert_eq!(crs("u16_degrees"), Crs::WGS84);
    assert_eq!(crs("u8_no_crs"), unknown_crs());
    assert_eq!(crs("f32_cog"), Crs::LAMBERT_93);
    let bonne = crs("u8_bonne");
    assert!(
        bonne.epsg().is_none() && bonne.definition().unwrap().starts_with("PROJCS[\"unknown\""),
        "{bonne}"
    );
    let degrees = read_geotiff(golden("u16_degrees")).unwrap();
    assert_eq!((degrees.grid().cell_width(), degrees.grid().cell_height()), (0.01, 0.005));
}

#[test]
fn tiles_left_out_are_missing() {
    let raster = read_geotiff(golden("u8_sparse")).unwrap();
    assert_eq!(raster.bands()[0].count_missing(), ROWS * COLUMNS);
}

#[test]
fn bands_keep_name_unit_and_scale() {
    let raster = read_geotiff(golden("i16_about")).unwrap();
    let band = &raster.bands()[0];
    assert_eq!((band.name(), band.unit(), band.scale()), (Some("chaud & froid"), Some("Cel"), (0.5, -10.0)));
    assert_eq!(band.value(0), Some(-50.0 * 0.5 - 10.0));
    assert_eq!((raster.bands()[1].name(), raster.bands()[1].unit()), (None, Some("1")));
    assert!(raster.band_named("chaud & froid").is_some());
}

#[test]
fn overviews_of_a_cog() {
    let mut file = GeoTiff::open(golden("f32_cog")).unwrap();
    assert_eq!((file.grid().rows(), file.grid().columns(), file.overviews().len()), (150, 300, 2));
    let overview = file.overviews()[0].clone();
    assert_eq!((overview.rows(), overview.columns(), overview.cell_width()), (75, 150, 10.0));
    let options = GeoTiffReadOptions::default().with_overview(0);
    let part = file.read_window(&Window::new(40..75, 100..150), &options).unwrap();
    let full = file.read(&GeoTiffReadOptions::default()).unwrap();
    for (row, column) in [(0, 0), (20, 30), (34, 49)] {
        // GDAL's nearest neighbour takes the south-eastern cell of four.
        let (r, c) = (2 * (row + 40), 2 * (column + 100));
        let cells = [(r, c), (r + 1, c + 1)].map(|(r, c)| full.value(0, r, c));
        assert!(cells.contains(&part.value(0, row, column)), "{cells:?}");
    }
    assert_eq!(full.value(0, 120, 50), None);
    let error = file.read(&options.with_overview(2)).unwrap_err();
    assert!(matches!(error.problem, GeoTiffProblem::Overview { asked: 2, overviews: 2 }));
}

#[test]
fn what_is_not_supported_is_named() {
    for (name, part) in [
        ("refused_rotated", "rotated"),
        ("refused_not_placed", "where its cells lie"),
        ("refused_zstd", "Zstandard"),
        ("refused_complex", "complex"),
        ("refused_mask", "a mask of its own"),
    ] {
        let error = read_geotiff(golden(name)).unwrap_err().to_string();
        assert!(error.contains(name) && error.contains(part), "{error}");
    }
}

#[test]
fn parts_that_are_not_there() {
    let mut file = GeoTiff::open(golden("i16_lzw_2")).unwrap();
    for window in [Window::new(0..38, 0..1), Window::new(0..0, 0..1), Window::new(0..1, 22..24)] {
        let error = file.read_window(&window, &GeoTiffReadOptions::default()).unwrap_err();
        assert!(
            matches!(error.problem, GeoTiffProblem::Window { rows: ROWS, columns: COLUMNS, .. }),
            "{error}"
        );
    }
    let error = file.read(&GeoTiffReadOptions::default().with_bands([2])).unwrap_err();
    assert!(matches!(error.problem, GeoTiffProblem::Band { asked: 2, bands: 2 }));
    let error = file.read(&GeoTiffReadOptions::default().with_limit(3403)).unwrap_err();
    assert!(matches!(error.problem, GeoTiffProblem::TooLarge { bytes: 3404, limit: 3403 }), "{error}");
    let error = read_geotiff("nowhere.tif").unwrap_err();
    assert!(matches!(error.problem, GeoTiffProblem::Io(_)));
}

#[test]
fn truncated_files_are_errors() {
    for name in ["u16_tiles_deflate_2", "f64_bigtiff", "u8_big_endian", "f32_cog"] {
        let bytes = std::fs::read(golden(name)).unwrap();
        for length in (0..bytes.len() - 1).step_by(7) {
            let read = GeoTiff::new(Cursor::new(&bytes[..length]))
                .and_then(|mut file| file.read(&GeoTiffReadOptions::default()));
            let error = read.unwrap_err();
            assert!(matches!(error.problem, GeoTiffProblem::Malformed { .. }), "{name}, {length}: {error}");
        }
    }
}

#[test]
fn numbers_of_bands_that_lie_are_not_allocated() {
    // Found by damaging files: SamplesPerPixel of 64 bits, which a BigTIFF can have.
    let mut bytes = std::fs::read(golden("f64_bigtiff")).unwrap();
    let entry = bytes.windows(4).position(|bytes| bytes == [0x15, 0x01, 3, 0]).unwrap();
    bytes[entry + 2] = 16;
    bytes[entry + 12..entry + 20].copy_from_slice(&(1_u64 << 44).to_le_bytes());
    let error = GeoTiff::new(Cursor::new(&bytes)).unwrap_err();
    assert!(error.to_string().contains("SamplesPerPixel"), "{error}");
}

/// A source that counts what is read from it.
struct Counted {
    bytes: Cursor<Vec<u8>>,
    read: std::rc::Rc<std::cell::Cell<usize>>,
}

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = self.bytes.read(into)?;
        self.read.set(self.read.get() + count);
        Ok(count)
    }
}

impl Seek for Counted {
    fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
        self.bytes.seek(to)
    }
}

#[test]
fn a_window_reads_its_tiles_only() {
    let bytes = std::fs::read(golden("f32_cog")).unwrap();
    let read = std::rc::Rc::new(std::cell::Cell::new(0));
    let source = Counted { bytes: Cursor::new(bytes), read: std::rc::Rc::clone(&read) };
    let mut file = GeoTiff::new(source).unwrap();
    assert!(read.get() < 1200, "{} bytes read to open", read.get());
    let before = read.get();
    file.read_window(&Window::new(140..145, 290..295), &GeoTiffReadOptions::default()).unwrap();
    // One tile of six; the file has 11,150 bytes.
    let of_window = read.get() - before;
    assert!(of_window < 2000, "{of_window} bytes read for one tile");
}

#[test]
fn sizes_that_lie_are_not_allocated() {
    let mut bytes = std::fs::read(golden("u8_big_endian")).unwrap();
    // ImageWidth and ImageLength are the first entries of the first directory, at byte 8 of this file.
    for entry in [0, 1] {
        let value = 10 + entry * 12 + 8;
        bytes[value..value + 4].copy_from_slice(&[0x7F, 0xFF, 0, 0]);
    }
    let mut file = GeoTiff::new(Cursor::new(&bytes)).unwrap();
    let error = file.read(&GeoTiffReadOptions::default()).unwrap_err();
    assert!(matches!(error.problem, GeoTiffProblem::Malformed { .. }), "{error}");
    let error = file.read(&GeoTiffReadOptions::default().with_limit(1 << 20)).unwrap_err();
    assert!(matches!(error.problem, GeoTiffProblem::TooLarge { .. }), "{error}");
    let window = Window::new(10_000..10_010, 0..1000);
    let error = file.read_window(&window, &GeoTiffReadOptions::default()).unwrap_err();
    assert!(matches!(error.problem, GeoTiffProblem::Malformed { .. }), "{error}");
}
