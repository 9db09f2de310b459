//! Functional integrity by our kernel.
use datagora_core::Crs;
use datagora_geo::Grid;
use datagora_indicators::heat::{INTEGRITY_RADIUS, INTEGRITY_TARGET, IntegrityCover, functional_integrity};

use super::made::{CELL, cover_side};
use crate::digest::Digest;
use crate::inputs::Inputs;
use crate::measure::{Measured, Repeat};
use crate::task::Failure;

pub(super) fn shares(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let kind = |number: f64| match number as u8 {
        1 => IntegrityCover::Water,
        2 => IntegrityCover::SemiNatural,
        3 => IntegrityCover::Modified,
        _ => IntegrityCover::Outside,
    };
    let cover: Vec<IntegrityCover> = inputs.numbers("cover")?.into_iter().map(kind).collect();
    let side = cover_side(inputs);
    let grid = Grid::new([0.0, CELL * side as f64], [CELL; 2], side, side, Crs::CC46)?;
    let operation = || Ok(functional_integrity(&cover, &grid, INTEGRITY_RADIUS)?);
    repeat.measure(operation, |found| {
        let shares = || found.shares().iter().map(|share| f64::from(*share)).filter(|share| !share.is_nan());
        Digest::default()
            .exact("cells", shares().count())
            .exact("reaching", shares().filter(|share| *share >= INTEGRITY_TARGET).count())
            .number("shares", shares().sum())
            .number("squares", shares().map(|share| share * share).sum())
    })
}
