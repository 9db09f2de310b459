//! Plantability by our kernels: exactly, and as the published program does.
use datagora_core::Crs;
use datagora_geo::types::{Rect, coord};
use datagora_geo::{Coverage, CoverageOptions, GeometryColumn, Grid};
use datagora_indicators::suitability::SuitabilityModel;

use super::made::{CELL, layer, set};
use crate::digest::Digest;
use crate::inputs::Inputs;
use crate::measure::{Measured, Repeat};
use crate::task::Failure;

struct Ground {
    grid: Grid,
    layers: Vec<(String, GeometryColumn)>,
}

impl Ground {
    fn read(inputs: &Inputs) -> Result<Self, Failure> {
        let about = inputs.numbers("plantability_grid")?;
        let [west, north, cells] = about[..] else { return Err("a grid of three numbers".into()) };
        let grid = Grid::new([west, north], [CELL; 2], cells as usize, cells as usize, Crs::CC46)?;
        let set = set();
        let factors = set.factors().iter().enumerate();
        let read = |(number, factor): (usize, &datagora_indicators::suitability::Factor)| {
            Ok((factor.id.clone(), inputs.polygons(&layer(number), Crs::CC46)?))
        };
        Ok(Self { grid, layers: factors.map(read).collect::<Result<_, Failure>>()? })
    }

    fn model(&self) -> Result<SuitabilityModel, Failure> {
        Ok(SuitabilityModel::new(set(), self.grid.clone(), self.layers.clone())?)
    }
}

/// Sums of scores, of their squares, and by place.
fn digest(scores: impl Iterator<Item = f64>) -> Digest {
    let (mut sum, mut squares, mut placed) = (0.0, 0.0, 0.0);
    for (cell, score) in scores.enumerate() {
        sum += score;
        squares += score * score;
        placed += score * (cell % 1009 + 1) as f64;
    }
    Digest::default().number("scores", sum).number("squares", squares).number("placed", placed)
}

pub(super) fn exact(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let ground = Ground::read(inputs)?;
    let cells = ground.grid.len();
    // What the shares are that the scores come from, outside of the measured time.
    let columns: Vec<&GeometryColumn> = ground.layers.iter().map(|(_, column)| column).collect();
    let coverage = Coverage::new(&ground.grid, &columns, CoverageOptions::default())?;
    let sums = coverage.map_bands(|band| {
        let shares = || band.layers().flatten();
        [shares().sum::<f64>(), shares().map(|share| share * share).sum::<f64>()]
    });
    let total = |part: usize| sums.iter().map(|sums| sums[part]).sum::<f64>();
    let operation = || Ok(ground.model()?.map()?);
    repeat.measure(operation, |map| {
        let blocked = (0..cells).filter(|&cell| map.is_blocked(cell)).count();
        digest((0..cells).filter_map(|cell| map.score(cell)))
            .number("shares", total(0))
            .number("squares_of_shares", total(1))
            .exact("blocked", blocked)
    })
}

pub(super) fn published(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let ground = Ground::read(inputs)?;
    let bounds = ground.grid.bounds();
    let (min, max) = (bounds.min(), bounds.max());
    let square = Rect::new(coord! { x: min.x, y: min.y }, coord! { x: max.x, y: max.y });
    let communes = GeometryColumn::new([square.into()], Crs::CC46);
    let cells = ground.grid.len();
    let operation = || Ok(ground.model()?.iarbre_2026(&communes)?);
    repeat.measure(operation, |map| {
        let scores = || (0..cells).filter_map(|cell| map.score(cell));
        digest(scores()).exact("blocked", scores().filter(|score| *score == -5.0).count())
    })
}
