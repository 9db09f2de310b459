//! How long indicators of ground and heat take on a whole metropolis: 21.5 million cells of 4 m, 500 zones, 506 IRIS.
use datagora_benches::timed;
use datagora_core::{Crs, Unit};
use datagora_geo::types::{Rect, coord};
use datagora_geo::{Band, GeometryColumn, Grid, Raster};
use datagora_indicators::heat::{
    Component, GREEN_NDVI, INTEGRITY_RADIUS, IntegrityCover, Period, Radiometry, StabilityOptions,
    VulnerabilityIndicator, VulnerabilityModel, functional_integrity, ndvi, vegetation_by_zone,
};

fn main() {
    // `cargo test --benches` runs this too: then a district is enough.
    let quick = !std::env::args().any(|argument| argument == "--bench");
    let (columns, rows) = if quick { (250, 215) } else { (5_000, 4_300) };
    let grid =
        Grid::new([830_000.0, 6_540_000.0], [4.0, 4.0], columns, rows, Crs::LAMBERT_93).expect("a grid");

    // Patches of 80 m: three in ten semi-natural, a few of water and outside.
    let cover = |cell: usize| match (cell % columns / 20 * 7_919 + cell / columns / 20 * 104_729) % 997 {
        0..30 => IntegrityCover::Outside,
        30..90 => IntegrityCover::Water,
        90..400 => IntegrityCover::SemiNatural,
        _ => IntegrityCover::Modified,
    };
    let cover: Vec<IntegrityCover> = (0..grid.len()).map(cover).collect();
    let integrity = timed("functional integrity, 500 m", || {
        functional_integrity(&cover, &grid, INTEGRITY_RADIUS).expect("a cover for each cell")
    });
    // SciPy 1.17.1 (`signal.oaconvolve`) gives the same mean.
    let mean = integrity.mean().value().expect("modified ground");
    assert!(quick || (mean - 26.311_19).abs() < 1e-4, "{mean}");
    drop((cover, integrity));

    let red: Vec<f32> = (0..grid.len()).map(|cell| (cell * 7_919 % 1_000) as f32 / 1_000.0).collect();
    let (nir, red) = (Band::new(red.iter().rev().copied().collect::<Vec<f32>>()), Band::new(red));
    let index = timed("vegetation index", || {
        ndvi(&red, &nir, Radiometry::Reflectance).expect("reflectances of one grid")
    });
    drop((red, nir));
    let side = 4.0 * columns as f64 / 25.0;
    let zone = |zone: usize| {
        let (west, south) =
            (grid.west() + side * (zone % 25) as f64, grid.south() + side * (zone / 25) as f64);
        Rect::new(coord! { x: west + 3.3, y: south + 2.1 }, coord! { x: west + side, y: south + side }).into()
    };
    let zones = GeometryColumn::new((0..500).map(zone), Crs::LAMBERT_93);
    let raster = Raster::new(grid, [index.band]).expect("a number for each cell");
    timed("mean, median, deciles, green share of 500 zones", || {
        vegetation_by_zone(&raster, &zones, GREEN_NDVI, &[0.1, 0.9]).expect("zones in the CRS of the raster")
    });

    let indicator = |at: usize| {
        let component = Component::ALL[at % 3];
        let id = format!("indicator {at}");
        VulnerabilityIndicator::new(id.clone(), (id.clone(), id), Unit::ONE, component, "made")
    };
    let model = VulnerabilityModel::new((0..23).map(indicator).collect()).expect("sound indicators");
    let column =
        |at: usize| (0..506).map(|zone| (zone * (2 * at + 7_919) % 509) as f64).collect::<Vec<f64>>();
    let columns: Vec<Vec<f64>> = (0..23).map(column).collect();
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    timed("vulnerability of 506 zones, 23 indicators, 1,000 draws", || {
        model.stability(&columns, Period::Day, &StabilityOptions::default()).expect("a column each")
    });
}
