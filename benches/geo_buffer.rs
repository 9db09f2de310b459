//! Buffers of 10³ and 10⁵ points, lines of eight vertices, and buildings; one line of 10⁵ vertices, buffered and simplified.
#![allow(missing_docs, reason = "a program run by hand")]
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use datagora_core::Crs;
use datagora_geo::types::{Coord, Geometry, LineString, Polygon};
use datagora_geo::{BufferOptions, GeometryColumn, buffer, simplify};
use datagora_sample::Stream;

/// So many places in a square of 10 km.
fn places(count: usize) -> Vec<Coord> {
    let mut stream = Stream::new(69, "places", 0);
    (0..count).map(|_| Coord { x: 1e4 * stream.unit(), y: 1e4 * stream.unit() }).collect()
}

/// Points at a distance from a place, ahead by turns of at most half a right angle, or around it.
fn walk(from: Coord, steps: usize, length: f64, stream: &mut Stream) -> LineString {
    let (mut at, mut angle) = (from, std::f64::consts::TAU * stream.unit());
    let mut step = || {
        let here = at;
        angle += std::f64::consts::FRAC_PI_2 * (stream.unit() - 0.5);
        at = at + Coord { x: length * angle.cos(), y: length * angle.sin() };
        here
    };
    (0..steps).map(|_| step()).collect()
}

/// An L of walls.
fn building(corner: Coord) -> Polygon {
    let corners = [(0., 0.), (20., 0.), (20., 8.), (9., 8.), (9., 15.), (0., 15.)];
    Polygon::new(corners.map(|(x, y)| corner + Coord { x, y }).to_vec().into(), Vec::new())
}

fn buffers(c: &mut Criterion) {
    let options = BufferOptions::default();
    for rows in [1_000, 100_000] {
        let mut stream = Stream::new(69, "walks", 0);
        let places = places(rows);
        let (x, y) = places.iter().map(|at| (at.x, at.y)).unzip();
        let lines: Vec<Geometry> = places.iter().map(|&at| walk(at, 8, 25.0, &mut stream).into()).collect();
        let layers = [
            ("points", GeometryColumn::points(x, y, Crs::CC46)),
            ("lines", GeometryColumn::new(lines, Crs::CC46)),
            ("buildings", GeometryColumn::new(places.iter().map(|&at| building(at).into()), Crs::CC46)),
        ];
        let mut group = c.benchmark_group("buffer");
        group.sample_size(10).throughput(Throughput::Elements(rows as u64));
        for (name, column) in &layers {
            group
                .bench_function(BenchmarkId::new(*name, rows), |b| b.iter(|| buffer(column, 10.0, &options)));
        }
        group.finish();
    }
    let one = walk(Coord { x: 0.0, y: 0.0 }, 100_000, 5.0, &mut Stream::new(69, "one", 0));
    let one = GeometryColumn::new([one.into()], Crs::CC46);
    let mut group = c.benchmark_group("one line");
    group.sample_size(10).throughput(Throughput::Elements(100_000));
    group.bench_function("buffer", |b| b.iter(|| buffer(&one, 20.0, &options)));
    group.bench_function("simplify", |b| b.iter(|| simplify(&one, 5.0)));
    group.finish();
}

criterion_group!(benches, buffers);
criterion_main!(benches);
