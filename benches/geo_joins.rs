//! Joins: points in 64 zones with jagged borders, at 10³, 10⁵ and 10⁷ points; zones with zones.
#![allow(missing_docs, clippy::unwrap_used, reason = "a program run by hand")]
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use datagora_core::Crs;
use datagora_geo::types::{LineString, Polygon};
use datagora_geo::{
    Boundary, GeometryColumn, PackedIndex, Predicate, ZoneIndex, aggregate_within, count_within, join_by,
    locate, pairs_within,
};

const SIDE: usize = 8;
const EXTENT: f64 = 40_000.0;
const CORNER: (f64, f64) = (822_000.0, 6_499_000.0);
/// Vertices along one side of a zone: 516 around it.
const STEPS: usize = 129;

/// A place on the net of borders, in steps: jagged, and the same for the zones on both sides.
fn place(i: usize, j: usize) -> (f64, f64) {
    let all = SIDE * STEPS;
    let jag = |k: usize| ((k as f64 * 0.618_033_988_749).fract() - 0.5) * 0.6;
    let inner = |k: usize| k > 0 && k < all;
    let shift_x = if inner(i) && i.is_multiple_of(STEPS) { jag(31 * i + j) } else { 0.0 };
    let shift_y = if inner(j) && j.is_multiple_of(STEPS) { jag(17 * j + i) } else { 0.0 };
    let step = EXTENT / all as f64;
    (CORNER.0 + (i as f64 + shift_x) * step, CORNER.1 + (j as f64 + shift_y) * step)
}

fn zones() -> GeometryColumn {
    let zone = |k: usize| {
        let (i, j) = (k % SIDE * STEPS, k / SIDE * STEPS);
        let south = (0..STEPS).map(|t| place(i + t, j));
        let east = (0..STEPS).map(|t| place(i + STEPS, j + t));
        let north = (0..STEPS).map(|t| place(i + STEPS - t, j + STEPS));
        let west = (0..STEPS).map(|t| place(i, j + STEPS - t));
        let ring: LineString = south.chain(east).chain(north).chain(west).collect();
        Polygon::new(ring, vec![]).into()
    };
    GeometryColumn::new((0..SIDE * SIDE).map(zone), Crs::LAMBERT_93)
}

/// Evenly spread, in an order that no cache likes.
fn points(n: usize) -> GeometryColumn {
    let along = |k: usize, factor: f64| EXTENT * (k as f64 * factor).fract();
    let (x, y) = (0..n)
        .map(|k| (CORNER.0 + along(k, 0.618_033_988_749), CORNER.1 + along(k, 0.754_877_666_246)))
        .unzip();
    GeometryColumn::points(x, y, Crs::LAMBERT_93)
}

fn points_in_zones(criterion: &mut Criterion) {
    let zones = zones();
    let rule = Boundary::HalfOpen;
    let mut group = criterion.benchmark_group("points in zones");
    for n in [1_000, 100_000, 10_000_000] {
        group.throughput(Throughput::Elements(n as u64)).sample_size(10);
        let points = points(n);
        let values = vec![1.5; n];
        let id = |name: &str| BenchmarkId::new(name, n);
        group.bench_function(id("index"), |bencher| {
            bencher.iter(|| black_box(ZoneIndex::for_points(&zones, n).unwrap()));
        });
        group.bench_function(id("count"), |bencher| {
            bencher.iter(|| count_within(&points, &zones, rule).unwrap());
        });
        group.bench_function(id("locate"), |bencher| {
            bencher.iter(|| locate(&points, &zones, rule).unwrap());
        });
        group.bench_function(id("aggregate"), |bencher| {
            bencher.iter(|| aggregate_within(&points, &values, &zones, rule).unwrap());
        });
        group.bench_function(id("pairs"), |bencher| {
            bencher.iter(|| pairs_within(&points, &zones, rule).unwrap());
        });
        if n < 10_000_000 {
            group.bench_function(id("packed index"), |bencher| {
                bencher.iter(|| black_box(PackedIndex::new(&points)));
            });
        }
    }
    group.finish();
}

fn zones_with_zones(criterion: &mut Criterion) {
    let zones = zones();
    let mut group = criterion.benchmark_group("zones with zones");
    group.sample_size(10);
    for predicate in [Predicate::Intersects, Predicate::Within, Predicate::Touches, Predicate::Overlaps] {
        group.bench_function(predicate.to_string(), |bencher| {
            bencher.iter(|| join_by(&zones, &zones, predicate).unwrap());
        });
    }
    group.finish();
}

criterion_group!(benches, points_in_zones, zones_with_zones);
criterion_main!(benches);
