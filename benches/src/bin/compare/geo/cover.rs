//! Exact cover of cells.
use datagora_core::Crs;
use datagora_geo::types::{Rect, coord};
use datagora_geo::{CoverageOptions, Grid, OverlapRule, coverage};
use geo::{Area, BooleanOps, BoundingRect};

use super::made::{CELL, GRID, cells};
use crate::digest::Digest;
use crate::inputs::Inputs;
use crate::measure::{Measured, Repeat};
use crate::task::Failure;

/// From the area covered of each cell, m².
fn digest(areas: impl Iterator<Item = f64>) -> Digest {
    let (mut sum, mut squares, mut touched) = (0.0, 0.0, 0.0);
    for area in areas {
        sum += area;
        squares += area * area;
        touched += f64::from(u8::from(area > 1e-6));
    }
    Digest::default().number("area", sum).number("squares", squares).number("cells", touched)
}

/// The grid of the made crowns.
fn grid(inputs: &Inputs) -> Result<Grid, Failure> {
    let side = cells(inputs);
    let north = GRID[1] + side as f64 * CELL;
    Ok(Grid::new([GRID[0], north], [CELL, CELL], side, side, Crs::LAMBERT_93)?)
}

pub(super) fn crowns(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let crowns = inputs.polygons("crowns", Crs::LAMBERT_93)?;
    let grid = grid(inputs)?;
    // Overlaps add up, as they do for the peers.
    let options = CoverageOptions::default().with_overlaps(OverlapRule::Sum);
    let areas = |shares: &Vec<f64>| digest(shares.iter().map(|share| share * CELL * CELL));
    repeat.measure(|| Ok(coverage(&grid, &crowns, options)?), areas)
}

/// Boolean operations of the `geo` crate on each polygon and each cell of its rectangle.
pub(super) fn crowns_by_geo(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let crowns = inputs.multi_polygons("crowns")?;
    let side = cells(inputs);
    let operation = || {
        let mut areas = vec![0.0; side * side];
        for crown in &crowns {
            let Some(bounds) = crown.bounding_rect() else { continue };
            let cell = |v: f64, low: f64| (((v - low) / CELL).max(0.0) as usize).min(side - 1);
            for column in cell(bounds.min().x, GRID[0])..=cell(bounds.max().x, GRID[0]) {
                for row in cell(bounds.min().y, GRID[1])..=cell(bounds.max().y, GRID[1]) {
                    let (x, y) = (GRID[0] + column as f64 * CELL, GRID[1] + row as f64 * CELL);
                    let square = Rect::new(coord! { x: x, y: y }, coord! { x: x + CELL, y: y + CELL });
                    areas[row * side + column] += crown.intersection(&square.to_polygon()).unsigned_area();
                }
            }
        }
        Ok(areas)
    };
    repeat.measure(operation, |areas| digest(areas.iter().copied()))
}
