//! Statistics by zones, against what exactextract 0.3.0 finds: `golden/zonal.py`.
use std::path::Path;

use datagora_geo::types::Geometry;
use datagora_geo::{
    Band, GeoTiff, GeometryColumn, Raster, ZonalOptions, ZonalStatistic, read_geotiff, read_wkt,
    weighted_zonal_statistics, zonal_statistics_of_file,
};

use super::data;

/// In the order of the columns of the table.
const STATISTICS: [ZonalStatistic; 16] = [
    ZonalStatistic::Count,
    ZonalStatistic::Sum,
    ZonalStatistic::Mean,
    ZonalStatistic::Min,
    ZonalStatistic::Max,
    ZonalStatistic::Variance,
    ZonalStatistic::StandardDeviation,
    ZonalStatistic::Quantile(0.1),
    ZonalStatistic::Quantile(0.5),
    ZonalStatistic::Quantile(0.9),
    ZonalStatistic::Majority,
    ZonalStatistic::Minority,
    ZonalStatistic::Variety,
    ZonalStatistic::WeightedMean,
    ZonalStatistic::WeightedSum,
    ZonalStatistic::ShareAbove(0.0),
];

/// Polygons of one raster, and the numbers found for each.
fn golden(raster: &str) -> (Vec<Option<Geometry>>, Vec<Vec<Option<f64>>>) {
    let table = include_str!("../golden/zonal.csv");
    let rows = table.lines().skip(1).filter_map(|line| line.strip_prefix(raster));
    rows.map(|line| {
        let (_, rest) = line.split_once('"').unwrap();
        let (wkt, numbers) = rest.split_once("\",").unwrap();
        let numbers = numbers.split(',').map(|text| text.parse().ok()).collect();
        (Some(read_wkt(wkt).unwrap().geometry.unwrap()), numbers)
    })
    .unzip()
}

/// The first band, and the second as weights without sign.
fn check(raster: &Raster, name: &str) {
    let (zones, expected) = golden(name);
    assert_eq!(expected.len(), 24);
    let zones = GeometryColumn::from_options(zones, raster.grid().crs().clone());
    let weights = Band::from_options(raster.bands()[1].values().map(|value| value.map(f64::abs)));
    let weights = Raster::new(raster.grid().clone(), [weights]).unwrap();
    let options = ZonalOptions::default().with_statistics(STATISTICS);
    let table = weighted_zonal_statistics(raster, &weights, &zones, &options).unwrap();
    for (zone, expected) in expected.into_iter().enumerate() {
        // exactextract holds shares in floats of 32 bits: 6e-8 of each.
        let spread = table.get(zone, ZonalStatistic::StandardDeviation).unwrap_or(0.0);
        for (statistic, expected) in STATISTICS.into_iter().zip(expected) {
            let found = table.get(zone, statistic);
            let Some(expected) = expected.filter(|_| found.is_some()) else {
                // Of no value, exactextract says that the sum is 0.
                let none = expected.is_none_or(|expected| expected == 0.0);
                assert!(
                    found.is_none_or(|found| found == 0.0) && none,
                    "{name}, zone {zone}: {statistic} {found:?}"
                );
                continue;
            };
            let found = found.unwrap();
            let near = 1e-6 * (expected.abs() + spread + 1e-3);
            assert!(
                (found - expected).abs() <= near,
                "{name}, zone {zone}: {statistic} {found}, expected {expected}"
            );
        }
    }
}

#[test]
fn small_raster_as_exactextract() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/geotiff/i32_pixels_deflate_2.tif");
    check(&read_geotiff(path).unwrap(), "i32_pixels_deflate_2.tif");
}

#[test]
fn littoral_as_exactextract() {
    let Some(data) = data() else { return };
    let path = data.join("perf/geocmeans_Littoral4_2154.tif");
    let raster = read_geotiff(&path).unwrap();
    check(&raster, "geocmeans_Littoral4_2154.tif");
    // By windows of the file, and in any number of threads: the same to the bit.
    let zones =
        GeometryColumn::from_options(golden("geocmeans_Littoral4_2154.tif").0, raster.grid().crs().clone());
    let options = ZonalOptions::default().with_statistics(STATISTICS).with_weight_band(1);
    let whole = datagora_geo::zonal_statistics(&raster, &zones, &options).unwrap();
    for window in [1 << 24, 1000] {
        let mut file = GeoTiff::open(&path).unwrap();
        let by_window =
            zonal_statistics_of_file(&mut file, &zones, &options.clone().with_window(window)).unwrap();
        assert_eq!(by_window, whole);
    }
}
