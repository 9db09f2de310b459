//! Vector tiles of 10³, 10⁵ and 10⁶ points and squares, and of as many cells.
#![allow(missing_docs, clippy::unwrap_used, reason = "a program run by hand")]
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use datagora_core::Crs;
use datagora_geo::types::{Geometry, Rect, coord};
use datagora_geo::{Band, GeometryColumn, Grid, Raster};
use datagora_viz::{GridLayer, TileLayer, TileSet};

const CORNER: [f64; 2] = [1_830_000.0, 5_160_000.0];

fn points(count: usize) -> GeometryColumn {
    let spread = |ratio: f64| move |k: usize| (k as f64 * ratio).fract() * 30_000.0;
    let (x, y) = (spread(0.618_033_988_749), spread(0.754_877_666_246));
    let place = |k: usize| (CORNER[0] + x(k), CORNER[1] + y(k));
    let (x, y) = (0..count).map(place).unzip();
    GeometryColumn::points(x, y, Crs::CC46)
}

fn squares(count: usize) -> GeometryColumn {
    let side = (count as f64).sqrt() as usize;
    let square = |k: usize| -> Geometry {
        let [x, y] = [k % side, k / side].map(|k| 30.0 * k as f64);
        let at = |x: f64, y: f64| coord! { x: CORNER[0] + x, y: CORNER[1] + y };
        Rect::new(at(x, y), at(x + 30.0, y + 30.0)).to_polygon().into()
    };
    GeometryColumn::new((0..side * side).map(square), Crs::CC46)
}

fn cells(count: usize) -> Raster {
    let side = (count as f64).sqrt() as usize;
    let grid = Grid::new(CORNER, [5.0, 5.0], side, side, Crs::CC46).unwrap();
    let class = |k: usize| (((k % side) as f64 / 9.0).sin() + ((k / side) as f64 / 7.0).cos() + 3.0) as u8;
    Raster::new(grid, [Band::new((0..side * side).map(class).collect::<Vec<u8>>())]).unwrap()
}

fn tiles(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("tiles");
    for count in [1_000_usize, 100_000, 1_000_000] {
        group.throughput(Throughput::Elements(count as u64)).sample_size(10);
        for (name, column) in [("points", points(count)), ("squares", squares(count))] {
            group.bench_function(BenchmarkId::new(name, count), |bencher| {
                let set = TileSet::new("bench").with_layer(TileLayer::new("features", &column));
                bencher.iter(|| black_box(set.build().unwrap().byte_len()));
            });
        }
        let raster = cells(count);
        group.bench_function(BenchmarkId::new("cells", count), |bencher| {
            let set = TileSet::new("bench").with_grid(GridLayer::new("cells", &raster));
            bencher.iter(|| black_box(set.build().unwrap().byte_len()));
        });
    }
    group.finish();
}

criterion_group!(benches, tiles);
criterion_main!(benches);
