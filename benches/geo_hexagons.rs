//! H3 cells of points around Lyon, at 10³, 10⁵ and 10⁷, coarse and fine.
#![allow(missing_docs, clippy::unwrap_used, reason = "a program run by hand")]
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use datagora_core::Crs;
use datagora_geo::{GeometryColumn, Resolution, h3_cells};

/// Evenly spread, in an order that no cache likes.
fn lyon(n: usize) -> GeometryColumn {
    let number = |k: usize, factor: f64| (k as f64 * factor).fract();
    let place = |k| (4.6 + 0.52 * number(k, 0.618_033_988_749), 45.55 + 0.36 * number(k, 0.754_877_666_246));
    let (longitude, latitude) = (0..n).map(place).unzip();
    GeometryColumn::points(longitude, latitude, Crs::WGS84)
}

fn hexagons(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("hexagons");
    for n in [1_000, 100_000, 10_000_000] {
        group.throughput(Throughput::Elements(n as u64)).sample_size(10);
        let places = lyon(n);
        for resolution in [7, 9, 11] {
            let wanted = Resolution::new(resolution).unwrap();
            group.bench_function(BenchmarkId::new(format!("resolution {resolution}"), n), |bencher| {
                bencher.iter(|| black_box(h3_cells(&places, wanted).unwrap()));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, hexagons);
criterion_main!(benches);
