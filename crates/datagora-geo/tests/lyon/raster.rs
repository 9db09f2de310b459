//! Rasters of Lyon, and of the Arcachon coast, against what rasterio 1.4.4 (GDAL 3.10.3) reads.
use datagora_core::Crs;
use datagora_geo::{Band, GeoTiffWriteOptions, SampleType, Samples, Window, read_geotiff, write_geotiff};
use datagora_geo::{GeoTiff, GeoTiffReadOptions};

use super::data;

/// File; CRS and type; west, north, cell width and height; of each band the sums of [`sums`], and cells without value.
type Expected = (&'static str, Crs, SampleType, [f64; 4], &'static [(u64, u64, usize)]);

/// Sum, and sum of each number times (its place mod 1009).
fn sums(band: &Band) -> (u64, u64) {
    let numbers = (0..band.len()).map(|cell| band.samples().get(cell) as u64);
    numbers.enumerate().fold((0, 0), |(sum, placed), (at, n)| (sum + n, placed + n * (at as u64 % 1009)))
}

#[test]
fn rasters_are_as_gdal_reads_them() {
    let Some(data) = data() else { return };
    const LITTORAL: [(u64, u64, usize); 6] = [
        (1_063_732_881, 536_883_658_896, 41_606),
        (1_186_573_620, 598_787_739_267, 41_598),
        (1_138_475_662, 574_466_760_781, 41_598),
        (1_571_333_461, 792_953_700_795, 41_598),
        (1_382_829_130, 697_929_056_465, 41_598),
        (1_232_564_514, 622_162_858_179, 41_598),
    ];
    const PLAN: [(u64, u64, usize); 3] =
        [(9_049_425, 4_533_691_962, 0), (4_674_632, 2_343_025_107, 0), (871_645, 436_476_855, 0)];
    const ORTHO: [(u64, u64, usize); 3] =
        [(83_593_181, 42_120_071_091, 0), (83_294_473, 41_969_554_054, 0), (79_060_872, 39_833_962_795, 0)];
    let expected: [Expected; 3] = [
        (
            "perf/geocmeans_Littoral4_2154.tif",
            Crs::LAMBERT_93,
            SampleType::U16,
            [360_281.782, 6_406_678.383_1, 30.007639915074346, 30.042659077809464],
            &LITTORAL,
        ),
        (
            "lyon_green/grandlyon_wcs_epsg2154.tif",
            Crs::LAMBERT_93,
            SampleType::U8,
            [846_414.0, 6_522_840.0, 5.574879227053528, 5.590673575129283],
            &PLAN,
        ),
        (
            "lyon_green/grandlyon_wcs_ortho_epsg3946.tif",
            Crs::CC46,
            SampleType::U8,
            [1_832_784.0000000002, 5_158_023.359999994, 1.5988692579505952, 1.598632478635658],
            &ORTHO,
        ),
    ];
    for (name, crs, kind, [west, north, width, height], bands) in expected {
        let raster = read_geotiff(data.join(name)).unwrap();
        let grid = raster.grid();
        assert_eq!(grid.crs(), &crs, "{name}");
        // What GDAL derives from pixel scale and tie point, to its last digit or the one before.
        for (found, expected) in [
            (grid.west(), west),
            (grid.north(), north),
            (grid.cell_width(), width),
            (grid.cell_height(), height),
        ] {
            assert!((found - expected).abs() <= 1e-15 * expected, "{name}: {found}, expected {expected}");
        }
        assert_eq!(raster.bands().len(), bands.len());
        for (band, &(sum, placed, missing)) in raster.bands().iter().zip(bands) {
            assert_eq!(
                (band.kind(), sums(band), band.count_missing()),
                (kind, (sum, placed), missing),
                "{name}"
            );
        }
        // There and back, and by windows.
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("copy.tif");
        write_geotiff(&path, &raster, &GeoTiffWriteOptions::default().with_tile(128)).unwrap();
        let mut copy = GeoTiff::open(&path).unwrap();
        assert_eq!(copy.read(&GeoTiffReadOptions::default()).unwrap(), raster, "{name}");
        let window = Window::new(grid.rows() - 70..grid.rows(), 100..grid.columns() - 1);
        let part = copy.read_window(&window, &GeoTiffReadOptions::default()).unwrap();
        let again =
            GeoTiff::open(data.join(name)).unwrap().read_window(&window, &GeoTiffReadOptions::default());
        assert_eq!(part, again.unwrap());
        let row = part.band(1).map(|band| match band.samples() {
            Samples::U8(numbers) => f64::from(numbers[0]),
            Samples::U16(numbers) => f64::from(numbers[0]),
            other => panic!("{} was not expected", other.kind()),
        });
        assert_eq!(row, Some(raster.bands()[1].samples().get((grid.rows() - 70) * grid.columns() + 100)));
    }
}
