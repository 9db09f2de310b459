//! One level of a pyramid on its way to the file.
use super::super::codec::{Layout, Predictor, deflate, predict};
use super::super::image::Number;
use super::layout::Description;
use crate::raster::each_type;
use crate::{NoData, Samples};

/// The full raster or an overview, of which one row of tiles is held.
#[derive(Debug)]
pub(super) struct Level {
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// Rows given, those held included.
    given: usize,
    /// Rows held, of each band.
    bands: Vec<Samples>,
    /// Where the tiles are in the spool, and their lengths.
    pub(super) tiles: Vec<(u64, u64)>,
}

impl Level {
    pub(super) fn new(rows: usize, columns: usize, description: &Description) -> Self {
        let bands = (0..description.bands).map(|_| Samples::zeros(description.kind, 0)).collect();
        Self { rows, columns, given: 0, bands, tiles: Vec::new() }
    }

    /// Rows not yet given.
    pub(super) fn rows_left(&self) -> usize {
        self.rows - self.given
    }

    /// Rows held.
    pub(super) fn held(&self) -> usize {
        self.bands[0].len() / self.columns
    }

    pub(super) fn take(&mut self, rows: &[Samples]) {
        self.bands.iter_mut().zip(rows).for_each(|(band, rows)| band.append(rows));
        self.given += rows[0].len() / self.columns;
    }

    pub(super) fn clear(&mut self) {
        self.bands.iter_mut().for_each(Samples::clear);
    }

    /// The tiles of the rows held, packed, from west to east.
    pub(super) fn pack(&self, description: &Description, effort: u8) -> Vec<Vec<u8>> {
        let layout = Layout {
            kind: description.kind,
            row: description.tile * description.bands,
            together: description.bands,
            little: true,
            predictor: if description.kind.is_float() { Predictor::Float } else { Predictor::Horizontal },
        };
        let pack = |tile: usize| {
            let mut bytes = self.tile(tile * description.tile, description);
            predict(&mut bytes, layout);
            deflate(&bytes, effort)
        };
        let tiles = 0..self.columns.div_ceil(description.tile);
        #[cfg(feature = "parallel")]
        {
            use rayon::prelude::*;
            tiles.into_par_iter().map(pack).collect()
        }
        #[cfg(not(feature = "parallel"))]
        tiles.map(pack).collect()
    }

    /// The bytes of a tile; zero beyond the raster.
    fn tile(&self, first: usize, description: &Description) -> Vec<u8> {
        let (step, width) = (description.tile, description.kind.bytes());
        let mut bytes = vec![0; step * step * description.bands * width];
        let columns = step.min(self.columns - first);
        for (band, samples) in self.bands.iter().enumerate() {
            each_type!(samples, values => for (row, values) in values.chunks_exact(self.columns).enumerate() {
                let into = &mut bytes[(row * step * description.bands + band) * width..];
                let cells = into.chunks_mut(description.bands * width);
                for (cell, &value) in cells.zip(&values[first..first + columns]) {
                    value.write(cell);
                }
            });
        }
        bytes
    }

    /// The rows held in half as many rows and columns.
    pub(super) fn halved(&self, mean: bool, no_data: Option<NoData>) -> Vec<Samples> {
        self.bands.iter().map(|samples| samples.halved(self.columns, mean, no_data)).collect()
    }
}

impl Samples {
    /// Each four cells as one.
    fn halved(&self, columns: usize, mean: bool, no_data: Option<NoData>) -> Self {
        if !mean {
            // The upper left of the four, as it is: whole numbers of 64 bits are more than a float can say.
            return each_type!(self, values => {
                let rows = values.chunks_exact(columns).step_by(2);
                rows.flat_map(|row| row.iter().step_by(2).copied()).collect::<Vec<_>>().into()
            });
        }
        let whole = !self.kind().is_float();
        let missing = no_data.unwrap_or(NoData::Float(f64::NAN));
        let one = |row: usize, column: usize, rows: usize| {
            let (mut sum, mut count) = (0.0, 0.0);
            for row in row..(row + 2).min(rows) {
                for column in column..(column + 2).min(columns) {
                    let cell = row * columns + column;
                    let value = self.get(cell);
                    let missing = no_data.is_some_and(|no_data| no_data.is_in(self, cell));
                    if !value.is_nan() && !missing {
                        sum += value;
                        count += 1.0;
                    }
                }
            }
            let mean = if whole { f64::round(sum / count) } else { sum / count };
            (count > 0.0).then_some(mean)
        };
        let rows = self.len() / columns;
        let cells = rows.div_ceil(2) * columns.div_ceil(2);
        let mut halved = Self::zeros(self.kind(), cells);
        each_type!(&mut halved, values => {
            for (row, values) in values.chunks_exact_mut(columns.div_ceil(2)).enumerate() {
                for (column, value) in values.iter_mut().enumerate() {
                    let mean = one(2 * row, 2 * column, rows);
                    *value = mean.map_or_else(|| Number::of_no_data(missing), Number::of);
                }
            }
        });
        halved
    }
}
