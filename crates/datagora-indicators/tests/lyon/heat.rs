//! Vegetation from a satellite image, nature around ground, biotope factors: against other software and golden values.
use datagora_core::{Crs, Metres, NaiveDate, Unit};
use datagora_geo::{Band, GeometryColumn, Grid, Raster, overlaps, read_geopackage, read_geotiff, read_wkt};
use datagora_indicators::heat::*;

use crate::{close, column, data, numbers, table};

fn zones(texts: &[&str]) -> GeometryColumn {
    let rows = texts.iter().map(|text| read_wkt(text).expect("sound text").geometry);
    GeometryColumn::from_options(rows, Crs::LAMBERT_93)
}

/// Red and near infrared of a Landsat 8 image of the shore near Arcachon, Collection 2 Level 2.
fn arcachon() -> Option<(Grid, Band, Band)> {
    let (grid, mut bands) =
        read_geotiff(data("perf/geocmeans_Littoral4_2154.tif")?).expect("a sound file").into_parts();
    let (scale, offset) = LANDSAT_REFLECTANCE;
    let (nir, red) = (bands.remove(3), bands.remove(2));
    Some((grid, red.with_scale(scale, offset), nir.with_scale(scale, offset)))
}

// rasterio 1.4.4, NumPy 2.4.6, exactextract 0.3.0, whose shares of cells have 32 bits: hence the tolerances. Count, mean,
// median, deciles, share above 0.3.
const WANTED: [[f64; 6]; 3] = [
    [
        33_794.272_744_865_535,
        0.117_097_776_622_578_75,
        -0.081_947_196_111_438_65,
        -0.540_031_550_645_563_5,
        0.811_462_111_075_523_1,
        0.431_615_994_928_217_8,
    ],
    [
        4.210_429_754_108_19,
        -0.281_185_644_748_092_1,
        -0.238_921_064_793_010_2,
        -0.731_844_533_030_305_5,
        -0.056_098_124_964_404_78,
        0.0,
    ],
    [
        4_143.326_957_374_811,
        -0.490_973_531_090_383_7,
        -0.461_801_958_732_511_2,
        -0.877_030_644_502_485_9,
        -0.157_852_404_411_585_16,
        0.0,
    ],
];

#[test]
fn vegetation_at_the_shore_is_that_of_numpy_and_exactextract() {
    let Some((grid, red, nir)) = arcachon() else { return };
    let found = ndvi(&red, &nir, Radiometry::Reflectance).unwrap();
    assert_eq!((found.missing, found.negative, found.dark), (41_598, 8_483, 0));
    let known: Vec<f64> = found.band.values().flatten().collect();
    assert_eq!(known.len(), 113_356);
    close(known.iter().sum::<f64>() / known.len() as f64, 0.164_605_907_560_396_8, 1e-12);

    // The numbers as they are stored give another index, and only when they are named.
    let (bare_red, bare_nir) = (red.clone().with_scale(1.0, 0.0), nir.clone().with_scale(1.0, 0.0));
    assert!(ndvi(&bare_red, &bare_nir, Radiometry::Reflectance).is_err());
    let bare = ndvi(&bare_red, &bare_nir, Radiometry::DigitalNumbers).unwrap();
    let bare: Vec<f64> = bare.band.values().flatten().collect();
    close(bare.iter().sum::<f64>() / bare.len() as f64, 0.121_656_406_990_287_8, 1e-12);

    let zones = zones(&[
        "POLYGON ((362000 6398000, 371000 6399500, 366500 6405900, 362000 6398000))",
        "POLYGON ((365000.5 6400000.5, 365040.25 6400000.5, 365040.25 6400100.75, 365000.5 6400100.75, 365000.5 6400000.5))",
        "POLYGON ((359000 6396000, 363000 6396000, 363000 6400000, 359000 6400000, 359000 6396000))",
    ]);
    let index = Raster::new(grid, [found.band]).unwrap();
    let by_zone = vegetation_by_zone(&index, &zones, GREEN_NDVI, &[0.1, 0.9]).unwrap();
    for (found, [count, mean, median, low, high, green]) in by_zone.iter().zip(WANTED) {
        assert_eq!(found.mean.observations(), count.ceil() as u64);
        close(found.mean.value().unwrap(), mean, 1e-7);
        close(found.median.value().unwrap(), median, 1e-6);
        close(found.quantiles[0].value().unwrap(), low, 1e-6);
        close(found.quantiles[1].value().unwrap(), high, 1e-6);
        close(found.green_share.value().unwrap(), 100.0 * green, 1e-6);
    }
    // The last zone reaches beyond the image and over water.
    assert!(by_zone[1].mean.completeness() < 1.0 && by_zone[2].mean.completeness() < 0.5);
}

/// Ground made by a rule, that any program can make again.
fn made_ground(columns: usize, rows: usize) -> Vec<IntegrityCover> {
    let cover = |cell: usize| match cell * 7919 % 1000 + 3 * (cell / columns / 40) * (cell % columns / 50) {
        0..30 => IntegrityCover::Outside,
        30..90 => IntegrityCover::Water,
        90..500 => IntegrityCover::SemiNatural,
        _ => IntegrityCover::Modified,
    };
    (0..columns * rows).map(cover).collect()
}

#[test]
fn nature_around_is_that_of_a_convolution() {
    // SciPy 1.17.1: ndimage.convolve of the disc of 100 m, mode="constant". Mean share, share of cells from 40 % on, the
    // first modified cell of the first row, the 51st of row 115.
    let wanted = [
        (4.0, 43.494_982_661_399_81, 99.997_296_274_265_93, 0.432_926_829_268_292_7, 0.431_101_272_827_891_5),
        (
            6.0,
            44.715_393_379_524_116,
            99.978_370_194_127_5,
            0.440_476_190_476_190_47,
            0.455_527_847_049_044_03,
        ),
    ];
    let cover = made_ground(310, 230);
    for (height, mean, reached, first, later) in wanted {
        let grid = Grid::new([840_000.0, 6_520_000.0], [4.0, height], 310, 230, Crs::LAMBERT_93).unwrap();
        let found = functional_integrity(&cover, &grid, Metres(100.0)).unwrap();
        assert_eq!(found.mean().observations(), 36_986);
        close(found.mean().value().unwrap(), mean, 1e-5); // shares are stored in 32 bits
        close(found.reaching(0.4).value().unwrap(), reached, 1e-9);
        let known = |row: usize| found.shares()[row * 310..][..310].iter().filter(|share| !share.is_nan());
        close(f64::from(*known(0).next().unwrap()), first, 1e-7);
        close(f64::from(*known(115).nth(50).unwrap()), later, 1e-7);
    }
}

#[test]
fn golden_biotope_factor_and_vegetation_index() {
    let Some(path) = data("golden/indicators/greening.json") else { return };
    let golden: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let (inputs, outputs) = (&golden["inputs"], &golden["outputs"]);
    let table = CoefficientTable::french_biotope();
    let surfaces: Vec<(&str, f64)> = inputs["cbs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let name = row[0].as_str().unwrap();
            assert_eq!(table.coefficient(name).unwrap(), row[2].as_f64().unwrap(), "{name}");
            (name, row[1].as_f64().unwrap())
        })
        .collect();
    let factor = biotope_area_factor(surfaces, inputs["cbs_parcel_m2"].as_f64().unwrap(), &table).unwrap();
    close(factor.value().unwrap(), outputs["cbs"].as_f64().unwrap(), 1e-15);
}

/// Geometries of the 506 IRIS of Lyon and one of their columns.
fn iris(column: &str) -> Option<(GeometryColumn, Vec<f64>)> {
    let file = read_geopackage(data("lyon_admin/LyonIris_social_env.gpkg")?, None).expect("a sound file");
    let values = file.features.attributes.numbers(column).expect("the column is there");
    Some((file.features.geometry, values))
}

#[test]
fn vegetation_of_the_iris_is_carried_by_area() {
    let Some((iris, trees)) = iris("VegHautPrt") else { return };
    let squares = zones(&[
        "POLYGON ((1840000 5170000, 1844000 5170000, 1844000 5174000, 1840000 5174000, 1840000 5170000))",
        "POLYGON ((1842000.5 5172000.25, 1846000.75 5172000.25, 1846000.75 5178000.5, 1842000.5 5178000.5, 1842000.5 5172000.25))",
        "POLYGON ((1850000 5160000, 1870000 5160000, 1870000 5180000, 1850000 5180000, 1850000 5160000))",
    ]);
    let squares = squares.declared_as(Crs::CC46);
    let shared = overlaps(&iris, &squares).unwrap();
    let found = area_weighted_to_zones(&trees, &shared, 3, &Unit::PERCENT).unwrap();
    // GeoPandas 1.2.0 with Shapely 2.2.0: overlay(how="intersection"); mean by area, share covered, pieces.
    let wanted = [
        (18.026_574_374_323_79, 0.902_501_963_064_39, 56),
        (15.358_926_350_269_224, 0.899_589_890_798_020_9, 153),
        (13.856_169_331_670_307, 0.241_024_251_085_143_3, 70),
    ];
    for (found, (mean, share, pieces)) in found.iter().zip(wanted) {
        close(found.value().unwrap(), mean, 1e-9);
        close(found.completeness(), share, 1e-9);
        assert_eq!(found.observations(), pieces);
    }
    // The same through cells of 50 m that make up the first square.
    let grid = Grid::aligned(squares.row_bounds(0).unwrap(), 50.0, Crs::CC46).unwrap();
    let cells = area_weighted_to_cells(&trees, &iris, &grid).unwrap();
    let covered: f64 = cells.covered.iter().sum();
    let known = |(value, covered): (&f64, &f64)| (!value.is_nan()).then_some(value * covered);
    let sum: f64 = cells.values.iter().zip(&cells.covered).filter_map(known).sum();
    close(sum / covered, wanted[0].0, 1e-9);
    close(covered * grid.cell_area() / 16e6, wanted[0].1, 1e-9);
}

#[test]
fn a_vulnerability_of_the_iris_is_that_of_numpy() {
    let columns = ["VegHautPrt", "Pct_65", "Pct0_14", "TxChom1564"];
    let Some(columns) = columns.into_iter().map(iris).collect::<Option<Vec<_>>>() else { return };
    let columns: Vec<&[f64]> = columns.iter().map(|(_, values)| values.as_slice()).collect();
    let declare = |id: &'static str, component, worse| {
        VulnerabilityIndicator::new(id, (id, id), Unit::PERCENT, component, "LyonIris").counting_always(worse)
    };
    let model = VulnerabilityModel::new(vec![
        declare("trees", Component::Exposure, Worse::Low),
        declare("old", Component::Sensitivity, Worse::High),
        declare("young", Component::Sensitivity, Worse::High),
        declare("jobless", Component::Coping, Worse::High),
    ])
    .unwrap();
    let index = |model: &VulnerabilityModel| -> Vec<f64> {
        let zones = model.score(&columns, Period::Day).unwrap();
        zones.iter().map(|zone| zone.index.value().unwrap()).collect()
    };
    // NumPy 2.4.6: quantile and searchsorted(side="right").
    let whole = index(&model);
    assert_eq!(whole[..5], [5.0, 6.0, 8.0, 4.0, 4.0]);
    let count = |class: usize| whole.iter().filter(|index| **index == class as f64).count();
    assert_eq!([1, 2, 3, 4, 5, 6, 7, 8, 9].map(count), [1, 28, 55, 86, 97, 101, 91, 42, 5]);
    let plain = index(&model.clone().with_rounding(Rounding::Never));
    close(plain.iter().sum::<f64>() / 506.0, 5.002_470_355_731_226, 1e-12);

    // Half of the weights and a quarter of the classes up or down: about two IRIS in three keep their class.
    let stability = model.stability(&columns, Period::Day, &StabilityOptions::default()).unwrap();
    let kept = stability.iter().flatten().map(|zone| zone.same_class).sum::<f64>() / 506.0;
    assert!((0.5..0.95).contains(&kept), "{kept}");
}

/// ERA-Interim at 12 h UTC: neither maxima nor minima. Its summer days are lower bounds, its nights unknown.
#[test]
fn temperatures_at_noon_count_no_nights() {
    let Some(table) = table("lyon_green/lyon_era_interim_t2m_1979_2017.csv") else { return };
    let days: Vec<NaiveDate> = column(&table, "Date")
        .iter()
        .map(|date| NaiveDate::parse_from_str(date, "%Y%m%d").unwrap())
        .collect();
    let noon: Vec<f64> = numbers(&table, "Value at MetPoint").iter().map(|kelvin| kelvin - 273.15).collect();
    let unknown = vec![f64::NAN; noon.len()];
    let years = heat_days(&days, &unknown, &noon, &HeatDayOptions::default()).unwrap();
    assert_eq!((years.len(), years[0].year), (39, 1979));
    // Python 3.11: counts of `t >= 25` and `t >= 30`.
    for (year, summer, hot) in [(1979, 19.0, 1.0), (1985, 41.0, 2.0), (2000, 41.0, 5.0), (2003, 79.0, 28.0)] {
        let found = &years[(year - 1979) as usize];
        assert_eq!((found.summer_days.value(), found.hot_days.value()), (Some(summer), Some(hot)));
        assert!(found.tropical_nights.value().is_none() && found.heatwave_days.value().is_none());
    }
    // The last year ends in October: bounds, no value.
    let last = &years[38].summer_days;
    assert_eq!((last.value(), last.observations()), (None, 304));
    let bounds = last.interval().unwrap();
    assert_eq!((bounds.lower, bounds.upper), (54.0, 115.0));
}
