//! What is nearest, within a distance, and crowded: clustered points, at 10³, 10⁵ and 10⁷.
#![allow(missing_docs, clippy::unwrap_used, reason = "a program run by hand")]
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use datagora_core::{Crs, Metres};
use datagora_geo::{
    DbscanOptions, GeometryColumn, NearestIndex, NearestOptions, count_within_distance, dbscan, nearest,
    nearest_others, others_within_distance,
};

/// Clusters of about a hundred in an area that grows with them, in an order that no cache likes.
fn crowds(n: usize, shift: f64) -> GeometryColumn {
    let number = |k: usize, factor: f64| (k as f64 * factor + shift).fract();
    let side = 100.0 * (n as f64).sqrt();
    let centres = n / 100 + 1;
    let place = |k: usize| {
        let centre = k % centres;
        let (east, north) = (number(centre, 0.618_033_988_749), number(centre, 0.754_877_666_246));
        let (angle, reach) =
            (number(k, 0.569_840_290_998) * std::f64::consts::TAU, number(k, 0.682_327_803_828));
        (side * east + 600.0 * reach * angle.cos(), side * north + 600.0 * reach * angle.sin())
    };
    let (x, y) = (0..n).map(place).unzip();
    GeometryColumn::points(x, y, Crs::LAMBERT_93)
}

fn proximity(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("proximity");
    for n in [1_000, 100_000, 10_000_000] {
        group.throughput(Throughput::Elements(n as u64)).sample_size(10);
        let (from, to) = (crowds(n, 0.25), crowds(n / 10, 0.0));
        let five = NearestOptions::default().with_k(5);
        group.bench_function(BenchmarkId::new("index of a tenth", n), |bencher| {
            bencher.iter(|| black_box(NearestIndex::new(&to).unwrap()));
        });
        group.bench_function(BenchmarkId::new("5 nearest of a tenth", n), |bencher| {
            bencher.iter(|| black_box(nearest(&from, &to, five).unwrap()));
        });
        group.bench_function(BenchmarkId::new("5 nearest others", n), |bencher| {
            bencher.iter(|| black_box(nearest_others(&from, five).unwrap()));
        });
        group.bench_function(BenchmarkId::new("count of a tenth within 300 m", n), |bencher| {
            bencher.iter(|| black_box(count_within_distance(&from, &to, Metres(300.0)).unwrap()));
        });
        group.bench_function(BenchmarkId::new("pairs of a tenth within 100 m", n), |bencher| {
            bencher.iter(|| black_box(others_within_distance(&to, Metres(100.0)).unwrap()));
        });
        group.bench_function(BenchmarkId::new("clusters", n), |bencher| {
            let options = DbscanOptions::new(Metres(25.0)).with_min_points(10);
            bencher.iter(|| black_box(dbscan(&from, options).unwrap()));
        });
    }
    group.finish();
}

criterion_group!(benches, proximity);
criterion_main!(benches);
