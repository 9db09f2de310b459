//! Statistics of a raster by zones: mean, extremes and median of 10³, 10⁵ and 10⁷ cells in 100 stars.
#![allow(missing_docs, clippy::unwrap_used, reason = "a program run by hand")]
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use datagora_core::Crs;
use datagora_geo::types::{LineString, Polygon};
use datagora_geo::{Band, GeometryColumn, Grid, Raster, ZonalOptions, ZonalStatistic, zonal_statistics};

/// Stars of 60 vertices that cover about a third of a square.
fn stars(side: f64) -> GeometryColumn {
    let star = |k: usize| {
        let middle = |place: usize| side * (place as f64 + 0.5) / 10.0;
        let point = |vertex: usize| {
            let radius = side / 20.0 * if vertex.is_multiple_of(2) { 0.95 } else { 0.5 };
            let angle = std::f64::consts::TAU * vertex as f64 / 60.0;
            (middle(k % 10) + radius * angle.cos(), middle(k / 10) + radius * angle.sin())
        };
        Polygon::new(LineString::from((0..60).map(point).collect::<Vec<_>>()), vec![]).into()
    };
    GeometryColumn::new((0..100).map(star), Crs::CC46)
}

fn zonal(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("zonal");
    for side in [32_usize, 316, 3162] {
        let cells = side * side;
        group.throughput(Throughput::Elements(cells as u64)).sample_size(10);
        let grid = Grid::new([0.0, side as f64], [1.0, 1.0], side, side, Crs::CC46).unwrap();
        let values: Vec<f32> =
            (0..cells).map(|cell| (cell as f64 * 0.618_033_988_749).fract() as f32).collect();
        let raster = Raster::new(grid, [Band::new(values)]).unwrap();
        let zones = stars(side as f64);
        for (name, statistics) in [
            ("mean and extremes", vec![ZonalStatistic::Mean, ZonalStatistic::Min, ZonalStatistic::Max]),
            ("median", vec![ZonalStatistic::Quantile(0.5)]),
        ] {
            let options = ZonalOptions::default().with_statistics(statistics);
            group.bench_function(BenchmarkId::new(name, cells), |bencher| {
                bencher.iter(|| black_box(zonal_statistics(&raster, &zones, &options).unwrap()));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, zonal);
criterion_main!(benches);
