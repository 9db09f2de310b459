//! Surfaces over surfaces: validity, clip, areas shared and dissolve, of surfaces of 10³, 10⁵ and (validity) 10⁶ vertices.
#![allow(missing_docs, reason = "a program run by hand")]
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use datagora_core::Crs;
use datagora_geo::types::{Coord, Geometry, LineString, Polygon, Rect};
use datagora_geo::{GeometryColumn, clip, dissolve, faults, overlaps};

/// A round surface with an uneven border.
fn round(vertices: usize, middle: Coord, radius: f64) -> Geometry {
    let point = |k: usize| {
        let (sin, cos) = (std::f64::consts::TAU * k as f64 / vertices as f64).sin_cos();
        let radius = radius * (0.9 + 0.1 * (std::f64::consts::TAU * 40.0 * k as f64 / vertices as f64).sin());
        Coord { x: middle.x + radius * cos, y: middle.y + radius * sin }
    };
    Polygon::new(LineString((0..vertices).map(point).collect()), Vec::new()).into()
}

/// Squares side by side, `side` × `side` of them.
fn squares(side: usize, width: f64) -> GeometryColumn {
    let square = |k: usize| {
        let corner = Coord { x: (k % side) as f64 * width, y: (k / side) as f64 * width };
        Rect::new(corner, Coord { x: corner.x + width, y: corner.y + width }).into()
    };
    GeometryColumn::new((0..side * side).map(square), Crs::CC46)
}

fn overlay(c: &mut Criterion) {
    let middle = Coord { x: 5_000.0, y: 5_000.0 };
    let mut group = c.benchmark_group("faults");
    group.sample_size(10);
    for vertices in [1_000, 100_000, 1_000_000] {
        let one = GeometryColumn::new([round(vertices, middle, 4_000.0)], Crs::CC46);
        group.throughput(Throughput::Elements(vertices as u64));
        group.bench_with_input(BenchmarkId::from_parameter(vertices), &one, |b, one| b.iter(|| faults(one)));
    }
    group.finish();
    for vertices in [1_000, 100_000] {
        let one = GeometryColumn::new([round(vertices, middle, 4_000.0)], Crs::CC46);
        let zones = squares(10, 1_000.0);
        let mut group = c.benchmark_group("overlay");
        group.sample_size(10).throughput(Throughput::Elements(vertices as u64));
        group.bench_function(BenchmarkId::new("clip", vertices), |b| b.iter(|| clip(&one, &zones)));
        group.bench_function(BenchmarkId::new("overlaps", vertices), |b| b.iter(|| overlaps(&one, &zones)));
        group.finish();
    }
    let mut group = c.benchmark_group("dissolve");
    group.sample_size(10);
    for side in [30, 300] {
        let cells = squares(side, 10.0);
        let keys: Vec<usize> = (0..cells.len()).map(|k| k % side / 10).collect();
        group.throughput(Throughput::Elements(cells.len() as u64));
        group
            .bench_function(BenchmarkId::from_parameter(cells.len()), |b| b.iter(|| dissolve(&cells, &keys)));
    }
    group.finish();
}

criterion_group!(benches, overlay);
criterion_main!(benches);
