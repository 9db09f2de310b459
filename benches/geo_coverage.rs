//! The exact share of cells that polygons cover: 10³, 10⁵ and 10⁷ cells, with a star polygon per hundred of them.
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use datagora_core::Crs;
use datagora_geo::types::{Coord, Polygon};
use datagora_geo::{CoverageOptions, CoveredCells, GeometryColumn, Grid, OverlapRule, coverage};

/// Stars of 24 vertices and 8 to 14 m about places that a multiplicative generator gives.
fn stars(count: usize, side: f64) -> GeometryColumn {
    let mut state = 69_u64;
    let mut unit = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let star = |_| {
        let (x, y) = (side * unit(), side * unit());
        let ring = (0..24).map(|k| {
            let angle = f64::from(k) / 24.0 * std::f64::consts::TAU;
            let radius = 8.0 + 6.0 * unit();
            Coord { x: x + radius * angle.cos(), y: y + radius * angle.sin() }
        });
        Polygon::new(ring.collect(), Vec::new()).into()
    };
    GeometryColumn::new((0..count).map(star), Crs::CC46)
}

fn shares(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("coverage");
    group.sample_size(10);
    for side in [32_usize, 316, 3_162] {
        let length = 5.0 * side as f64;
        let grid = Grid::new([0.0, length], [5.0, 5.0], side, side, Crs::CC46).expect("a grid");
        let layer = stars(side * side / 100, length);
        group.throughput(Throughput::Elements(grid.len() as u64));
        for rule in [OverlapRule::Sum, OverlapRule::Dissolve] {
            let options = CoverageOptions::default().with_overlaps(rule);
            group.bench_with_input(
                BenchmarkId::new(format!("{rule:?}"), grid.len()),
                &grid,
                |bencher, grid| {
                    bencher.iter(|| coverage(black_box(grid), &layer, options).expect("shares"));
                },
            );
        }
        group.bench_with_input(BenchmarkId::new("cells of polygons", grid.len()), &grid, |bencher, grid| {
            bencher.iter(|| {
                let mut cells = CoveredCells::new(black_box(grid), &layer).expect("cells");
                let mut sum = 0.0;
                for row in 0..layer.len() {
                    cells.cells_of(row, |run| sum += run.share * run.columns.len() as f64);
                }
                sum
            });
        });
    }
    group.finish();
}

criterion_group!(benches, shares);
criterion_main!(benches);
