//! The places of cells along an axis.
use super::ClusterError;

/// Rows or columns of cells on either side in which neighbours may be.
pub(super) const BESIDE: u64 = 2;

/// Positions beyond which a double cannot tell one cell from the next but one.
const FARTHEST: f64 = (1u64 << 50) as f64;

/// Positions up to which rounding is less than what cells are too narrow.
const NEAR: u64 = 1 << 20;
const TOO_NARROW: f64 = 1e-9;

/// Reaches whose squares are far from the least and the greatest double.
const COMMON: std::ops::Range<f64> = 1e-100..1e100;

/// One axis cut into cells: as wide as two points may be apart along both axes and still be neighbours.
#[derive(Debug)]
pub(super) struct Axis {
    low: f64,
    /// Cells per unit.
    density: f64,
    /// Where the positions that have points are, if empty stretches are left out.
    taken: Option<Vec<(u64, u64)>>,
    /// Number of cells.
    pub(super) count: u64,
    /// Whether two points in one cell are neighbours whatever the rounding.
    pub(super) sure: bool,
}

impl Axis {
    /// `values` are `rows` at most, from the least to the greatest.
    pub(super) fn new(
        values: impl Iterator<Item = f64> + Clone,
        [low, high]: [f64; 2],
        rows: usize,
        reach: f64,
    ) -> Result<Self, ClusterError> {
        if low > high {
            return Ok(Axis { low: 0.0, density: 0.0, taken: None, count: 1, sure: true });
        }
        let extent = high - low;
        let side = reach * std::f64::consts::FRAC_1_SQRT_2 * (1.0 - TOO_NARROW);
        let density = if extent > 0.0 && side < f64::INFINITY { 1.0 / side } else { 0.0 };
        let farthest = extent * density;
        if farthest.is_nan() || farthest >= FARTHEST {
            return Err(ClusterError::TooSmall { reach, extent });
        }
        let count = farthest as u64 + 1;
        let sure = count <= NEAR && COMMON.contains(&reach);
        let mut axis = Axis { low, density, taken: None, count, sure };
        if axis.count > 8 * rows as u64 + (1 << 16) {
            let mut cells: Vec<u64> = values.map(|v| axis.cell(v)).collect();
            cells.sort_unstable();
            cells.dedup();
            let mut taken = Vec::with_capacity(cells.len());
            let (mut before, mut place) = (cells[0], 0);
            for &cell in &cells {
                // What is not beside one another stays so.
                place += (cell - before).min(BESIDE + 1);
                before = cell;
                taken.push((cell, place));
            }
            axis.count = place + 1;
            axis.taken = Some(taken);
        }
        Ok(axis)
    }

    /// Cells from the first to the last, with room for their neighbours.
    pub(super) fn len(&self) -> u64 {
        self.count + 2 * BESIDE
    }

    /// The cell of a coordinate, with room for the neighbours of the first.
    #[inline(always)]
    pub(super) fn cell(&self, v: f64) -> u64 {
        let cell = ((v - self.low) * self.density) as u64 + BESIDE;
        match &self.taken {
            None => cell,
            Some(taken) => {
                let found = taken.binary_search_by_key(&cell, |(cell, _)| *cell);
                // All that is asked for was there when the axis was made.
                found.map_or(cell, |place| taken[place].1 + BESIDE)
            }
        }
    }
}
