//! Change of CRS: points around Lyon, at 10³, 10⁵ and 10⁷, there and back, into buffers that are there.
#![allow(missing_docs, clippy::unwrap_used, reason = "a program run by hand")]
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use datagora_core::Crs;
use datagora_geo::Transform;

/// Evenly spread, in an order that no cache likes.
fn lyon(n: usize) -> (Vec<f64>, Vec<f64>) {
    let number = |k: usize, factor: f64| (k as f64 * factor).fract();
    (0..n)
        .map(|k| (4.6 + 0.52 * number(k, 0.618_033_988_749), 45.55 + 0.36 * number(k, 0.754_877_666_246)))
        .unzip()
}

fn reproject(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("reproject");
    for n in [1_000, 100_000, 10_000_000] {
        group.throughput(Throughput::Elements(n as u64)).sample_size(10);
        let (longitude, latitude) = lyon(n);
        let (mut to_x, mut to_y) = (vec![0.0; n], vec![0.0; n]);
        for code in [2154, 3946, 32631, 3857, 3035] {
            let crs = Crs::from_epsg(code);
            let there = Transform::between(&Crs::WGS84, &crs).unwrap();
            let back = Transform::between(&crs, &Crs::WGS84).unwrap();
            let (x, y) = there.convert(&longitude, &latitude).unwrap();
            group.bench_function(BenchmarkId::new(format!("degrees to {code}"), n), |bencher| {
                bencher.iter(|| there.convert_into(&longitude, &latitude, &mut to_x, &mut to_y).unwrap());
            });
            group.bench_function(BenchmarkId::new(format!("{code} to degrees"), n), |bencher| {
                bencher.iter(|| back.convert_into(&x, &y, &mut to_x, &mut to_y).unwrap());
            });
        }
        let to_lambert = Transform::between(&Crs::WGS84, &Crs::LAMBERT_93).unwrap();
        group.bench_function(BenchmarkId::new("degrees to 2154, new memory", n), |bencher| {
            bencher.iter(|| black_box(to_lambert.convert(&longitude, &latitude).unwrap()));
        });
    }
    group.finish();
}

criterion_group!(benches, reproject);
criterion_main!(benches);
