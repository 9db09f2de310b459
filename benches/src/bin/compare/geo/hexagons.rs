//! H3 cells.
use datagora_core::Crs;
use datagora_geo::{H3Cell, Resolution, h3_cells};
use rayon::prelude::*;

use crate::digest::Digest;
use crate::inputs::Inputs;
use crate::measure::{Measured, Repeat};
use crate::task::Failure;

fn digest(cells: impl ExactSizeIterator<Item = u64>) -> Digest {
    let count = cells.len();
    Digest::default().exact("cells", count).exact("xor", cells.fold(0, |xor, cell| xor ^ cell))
}

pub(super) fn nine(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let places = inputs.points("places", Crs::WGS84)?;
    let resolution = Resolution::new(9)?;
    let bits =
        |cells: &Vec<Option<H3Cell>>| digest(cells.iter().map(|cell| cell.map_or(0, |cell| cell.to_bits())));
    repeat.measure(|| Ok(h3_cells(&places, resolution)?), bits)
}

pub(super) fn nine_by_h3o(inputs: &Inputs, repeat: &Repeat) -> Result<Measured, Failure> {
    let (longitude, latitude) = inputs.coordinates("places")?;
    let operation = || {
        let columns = longitude.par_iter().zip(&latitude).with_min_len(1 << 16);
        let cell = |(&x, &y): (&f64, &f64)| -> Result<u64, h3o::error::InvalidLatLng> {
            Ok(h3o::LatLng::new(y, x)?.to_cell(h3o::Resolution::Nine).into())
        };
        Ok(columns.map(cell).collect::<Result<Vec<u64>, _>>()?)
    };
    repeat.measure(operation, |cells| digest(cells.iter().copied()))
}
