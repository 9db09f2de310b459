//! Exact classes of the smallest variance.
use datagora_viz::{Method, classify};

use super::made::{MILLION, TEN_THOUSAND};
use crate::digest::Digest;
use crate::inputs::Inputs;
use crate::measure::{Measured, Repeat};
use crate::task::Failure;

/// Classes asked for.
const CLASSES: usize = 7;

pub(super) fn million(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    fisher(inputs, repeat, MILLION)
}

pub(super) fn ten_thousand(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    fisher(inputs, repeat, TEN_THOUSAND)
}

fn fisher(inputs: &Inputs, repeat: &Repeat, name: &str) -> Result<Measured, Failure> {
    let values = inputs.numbers(name)?;
    let operation = || Ok(classify(&values, CLASSES, &Method::Fisher)?);
    repeat.measure(operation, |classes| {
        let digest = Digest::default().exact("values", classes.counts().iter().sum::<usize>());
        digest.number("bounds", classes.breaks().iter().sum())
    })
}
