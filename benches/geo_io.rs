//! Geometry columns in and out: well-known binary, GeoArrow and GeoParquet of points and of polygons with 25 positions.
#![allow(missing_docs, clippy::unwrap_used, reason = "a program run by hand")]
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use datagora_core::{Crs, Table};
use datagora_geo::types::Polygon;
use datagora_geo::{
    Features, GeoArrowOptions, GeoParquetOptions, GeoParquetReadOptions, GeometryColumn, read_geoarrow,
    read_wkb_column, scan_geoparquet, write_geoarrow, write_geoparquet, write_wkb,
};

fn number(k: usize, factor: f64) -> f64 {
    (k as f64 * factor).fract()
}

fn points(n: usize) -> GeometryColumn {
    let place = |k| (4.6 + 0.52 * number(k, 0.618_033_988_749), 45.55 + 0.36 * number(k, 0.754_877_666_246));
    let (x, y) = (0..n).map(place).unzip();
    GeometryColumn::points(x, y, Crs::WGS84)
}

fn polygons(n: usize) -> GeometryColumn {
    let polygon = |k: usize| {
        let (x, y) =
            (1.82e6 + 4e4 * number(k, 0.618_033_988_749), 5.15e6 + 4e4 * number(k, 0.754_877_666_246));
        let angle = |corner: usize| f64::from(corner as u32 % 24) * std::f64::consts::TAU / 24.0;
        let ring: Vec<(f64, f64)> =
            (0..=24).map(|corner| (x + 20.0 * angle(corner).cos(), y + 20.0 * angle(corner).sin())).collect();
        Polygon::new(ring.into(), vec![]).into()
    };
    GeometryColumn::new((0..n).map(polygon), Crs::CC46)
}

fn columns(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    let mut group = criterion.benchmark_group("io");
    type Make = fn(usize) -> GeometryColumn;
    let cases: [(&str, Make, &[usize]); 2] = [
        ("points", points, &[1_000, 100_000, 10_000_000]),
        ("polygons", polygons, &[1_000, 100_000, 700_000]),
    ];
    for (name, make, sizes) in cases {
        for &n in sizes {
            group.throughput(Throughput::Elements(n as u64)).sample_size(10);
            let column = make(n);
            let rows: Vec<Vec<u8>> = column.iter().flatten().map(|row| write_wkb(&row)).collect();
            group.bench_function(BenchmarkId::new(format!("{name} from WKB"), n), |bencher| {
                let slices = || rows.iter().map(|row| Some(row.as_slice()));
                bencher.iter(|| black_box(read_wkb_column(slices(), Crs::WGS84).unwrap()));
            });
            group.bench_function(BenchmarkId::new(format!("{name} to GeoArrow and back"), n), |bencher| {
                bencher.iter_batched(
                    || column.clone(),
                    |column| {
                        let (field, array) =
                            write_geoarrow("g", column, &GeoArrowOptions::default()).unwrap();
                        black_box(read_geoarrow(&field, array).unwrap())
                    },
                    criterion::BatchSize::LargeInput,
                );
            });
            let features = Features { geometry: column, attributes: Table::empty() };
            write_geoparquet(&path, &features, &GeoParquetOptions::default()).unwrap();
            group.bench_function(BenchmarkId::new(format!("{name} from GeoParquet"), n), |bencher| {
                let options = GeoParquetReadOptions::default();
                bencher.iter(|| black_box(scan_geoparquet(&path, &options).unwrap().read_rest().unwrap()));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, columns);
criterion_main!(benches);
