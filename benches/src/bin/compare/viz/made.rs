//! Features over a metropolis, as files for all engines.
use std::fs::File;
use std::io::{BufWriter, Write};

use datagora_core::Crs;
use datagora_geo::types::{Geometry, Rect, coord};
use datagora_geo::{Band, GeometryColumn, Grid, Raster};
use datagora_sample::Stream;

use crate::geo::lyon;
use crate::inputs::Inputs;
use crate::task::Failure;

const SEED: u64 = 69;
/// South-west corner of the metropolis in CC46, m.
pub(super) const CORNER: [f64; 2] = [1_826_000.0, 5_150_000.0];
/// Kinds that the second attribute tells apart.
pub(super) const KINDS: usize = 12;
/// A density for each IRIS of Lyon.
pub(super) const DENSITIES: &str = "iris_densities";
/// Different values, heavy-tailed, in no order.
pub(super) const MILLION: &str = "classes_million";
pub(super) const TEN_THOUSAND: &str = "classes_ten_thousand";

/// The IRIS of Lyon, each with a density.
pub(super) fn densities(inputs: &Inputs) -> Result<(), Failure> {
    lyon::trees_and_iris(inputs)?;
    inputs.once(DENSITIES, || {
        let zones = inputs.polygons("iris", Crs::CC46)?;
        inputs.write_numbers(DENSITIES, &heavy_tailed(DENSITIES, zones.len()))
    })
}

pub(super) fn million(inputs: &Inputs) -> Result<(), Failure> {
    inputs.once(MILLION, || inputs.write_numbers(MILLION, &heavy_tailed(MILLION, inputs.rows(1_000_000))))
}

pub(super) fn ten_thousand(inputs: &Inputs) -> Result<(), Failure> {
    let rows = inputs.rows(10_000);
    inputs.once(TEN_THOUSAND, || inputs.write_numbers(TEN_THOUSAND, &heavy_tailed(TEN_THOUSAND, rows)))
}

/// Values from 0 to some 10,000, most of them small.
fn heavy_tailed(name: &str, rows: usize) -> Vec<f64> {
    let mut stream = Stream::new(SEED, name, 0);
    (0..rows).map(|_| 100.0 * (1.0 / (1.0 - 0.99 * stream.unit()) - 1.0)).collect()
}

/// `tiles_points`: half of them in heaps, half anywhere in 30 km × 40 km.
pub(super) fn points(inputs: &Inputs) -> Result<(), Failure> {
    inputs.once("tiles_points", || {
        let rows = inputs.rows(1_000_000);
        let mut stream = Stream::new(SEED, "points", 0);
        let mut heap = [0.0; 2];
        let (mut x, mut y) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
        for row in 0..rows {
            let place = [stream.unit() * 30_000.0, stream.unit() * 40_000.0];
            if row % 500 == 0 {
                heap = place;
            }
            let mut near = || (stream.unit() + stream.unit() - 1.0) * 400.0;
            let place = if row % 2 == 0 { place } else { [heap[0] + near(), heap[1] + near()] };
            x.push(CORNER[0] + place[0]);
            y.push(CORNER[1] + place[1]);
        }
        let column = GeometryColumn::try_points(x, y, Crs::CC46)?;
        let (x, y) = column.as_points().ok_or("points")?;
        inputs.write_points("tiles_points", x, y)?;
        write_attributes(inputs, "tiles_points", rows)?;
        write_lines(inputs, "tiles_points", &column)
    })
}

/// `tiles_polygons`: squares of 30 m side by side.
pub(super) fn polygons(inputs: &Inputs) -> Result<(), Failure> {
    inputs.once("tiles_polygons", || {
        let rows = inputs.rows(1_000_000);
        let side = (rows as f64).sqrt() as usize;
        let square = |row: usize| -> Geometry {
            let corner = |k: usize, from: f64| from + 30.0 * k as f64;
            let (column, row) = (row % side, row / side);
            Rect::new(
                coord! { x: corner(column, CORNER[0]), y: corner(row, CORNER[1]) },
                coord! { x: corner(column + 1, CORNER[0]), y: corner(row + 1, CORNER[1]) },
            )
            .to_polygon()
            .into()
        };
        let column = GeometryColumn::new((0..side * side).map(square), Crs::CC46);
        inputs.write_polygons("tiles_polygons", &column)?;
        write_attributes(inputs, "tiles_polygons", side * side)?;
        write_lines(inputs, "tiles_polygons", &column)
    })
}

/// A height with one decimal, and a kind that is the same in patches.
fn write_attributes(inputs: &Inputs, name: &str, rows: usize) -> Result<(), Failure> {
    let mut stream = Stream::new(SEED, "attributes", 0);
    let heights: Vec<f64> = (0..rows).map(|_| (stream.unit() * 300.0).round() / 10.0).collect();
    let kinds: Vec<f64> = (0..rows).map(|row| (row / 7 % KINDS) as f64).collect();
    inputs.write_numbers(&format!("{name}.height"), &heights)?;
    inputs.write_numbers(&format!("{name}.kind"), &kinds)
}

/// The same as GeoJSON, a feature per line, for tippecanoe.
fn write_lines(inputs: &Inputs, name: &str, column: &GeometryColumn) -> Result<(), Failure> {
    let heights = inputs.numbers(&format!("{name}.height"))?;
    let kinds = inputs.numbers(&format!("{name}.kind"))?;
    let column = column.reproject(&Crs::WGS84)?;
    let mut file = BufWriter::new(File::create(inputs.path(&format!("{name}.geojsonl")))?);
    for (row, geometry) in column.iter().enumerate() {
        let geometry = match geometry {
            Some(Geometry::Point(at)) => {
                format!(r#"{{"type":"Point","coordinates":[{:.7},{:.7}]}}"#, at.x(), at.y())
            }
            Some(Geometry::Polygon(polygon)) => {
                let points: Vec<String> =
                    polygon.exterior().0.iter().map(|at| format!("[{:.7},{:.7}]", at.x, at.y)).collect();
                format!(r#"{{"type":"Polygon","coordinates":[[{}]]}}"#, points.join(","))
            }
            _ => return Err("a feature that is neither point nor polygon".into()),
        };
        writeln!(
            file,
            r#"{{"type":"Feature","id":{row},"properties":{{"height":{},"kind":"kind {}"}},"geometry":{geometry}}}"#,
            heights[row], kinds[row]
        )?;
    }
    Ok(file.flush()?)
}

/// Classes of 4,650 × 4,630 cells of 5 m in a disc: patches of some cells, with single ones in between.
pub(super) fn cells(inputs: &Inputs) -> Result<Raster, Failure> {
    let scale = if inputs.quick { 10 } else { 1 };
    let (columns, rows) = (4_650 / scale, 4_630 / scale);
    let grid = Grid::new([CORNER[0], CORNER[1] + 5.0 * rows as f64], [5.0, 5.0], columns, rows, Crs::CC46)?;
    let mut stream = Stream::new(SEED, "cells", 0);
    let mut classes = Vec::with_capacity(grid.len());
    for row in 0..rows {
        for column in 0..columns {
            let (x, y) = (column as f64, row as f64);
            let (dx, dy) = (x / columns as f64 - 0.5, y / rows as f64 - 0.5);
            let wave = (x / 9.0 + (y / 31.0).sin() * 2.0).sin() + (y / 7.0 + (x / 23.0).cos() * 2.0).sin();
            let speck = if stream.unit() < 0.05 { stream.unit() * 4.0 - 2.0 } else { 0.0 };
            let class = ((wave + speck + 4.0) * 1.25) as u8 + 1;
            classes.push(if dx * dx + dy * dy < 0.25 { class } else { 0 });
        }
    }
    Ok(Raster::new(grid, [Band::new(classes).with_no_data(0)])?)
}
