//! Queries in an order in which neighbours follow one another.
use crate::curve::hilbert;

/// Bits of a position along one axis, so that a key has twice as many and is sorted in two passes.
const BITS: u32 = 11;
const DIGITS: usize = 1 << BITS;
const CELLS: f64 = DIGITS as f64;

/// Key of a row that is missing.
const MISSING: u32 = u32::MAX;

/// Of how many points the extent is taken, and how many of them on either side may be beyond it.
const SAMPLE: usize = 1024;
const BEYOND: usize = 4;

/// Rows of points along the Hilbert curve, without those that have a NaN.
///
/// The order makes searches fast, and no result depends on it: the extent comes from a sample, so that a few points far
/// away do not put all others in one cell.
pub(crate) fn along_curve(x: &[f64], y: &[f64]) -> Vec<u32> {
    let (low_x, density_x) = scale(x);
    let (low_y, density_y) = scale(y);
    let mut keys = vec![0u32; x.len()];
    curve(x, y, [low_x, low_y], [density_x, density_y], &mut keys);
    // A radix sort in two passes, from the lower digit to the higher.
    let (mut low, mut high) = ([0u32; DIGITS], [0u32; DIGITS]);
    for &key in keys.iter().filter(|key| **key != MISSING) {
        low[key as usize % DIGITS] += 1;
        high[key as usize / DIGITS] += 1;
    }
    let present = starts(&mut low);
    starts(&mut high);
    let mut half = vec![(0u32, 0u32); present];
    for (row, key) in (0u32..).zip(keys).filter(|(_, key)| *key != MISSING) {
        let place = &mut low[key as usize % DIGITS];
        half[*place as usize] = (key / DIGITS as u32, row);
        *place += 1;
    }
    let mut rows = vec![0u32; present];
    for (digit, row) in half {
        let place = &mut high[digit as usize];
        rows[*place as usize] = row;
        *place += 1;
    }
    rows
}

/// Makes of numbers of keys where each begins; their sum.
fn starts(counts: &mut [u32]) -> usize {
    let mut total = 0;
    for count in counts {
        total += std::mem::replace(count, total);
    }
    total as usize
}

/// Least coordinate and cells per unit.
fn scale(values: &[f64]) -> (f64, f64) {
    let step = (values.len() / SAMPLE).max(1);
    let mut sample: Vec<f64> = values.iter().copied().step_by(step).filter(|v| v.is_finite()).collect();
    sample.sort_unstable_by(f64::total_cmp);
    let beyond = if step > 1 { BEYOND } else { 0 };
    let (Some(&low), Some(&high)) = (sample.get(beyond), sample.iter().rev().nth(beyond)) else {
        return (0.0, 0.0);
    };
    // The sample leaves out a little on either side.
    let margin = if step > 1 { (high - low) / 16.0 } else { 0.0 };
    let density = CELLS / (high - low + 2.0 * margin);
    (low - margin, if density.is_finite() { density } else { 0.0 })
}

#[multiversion::multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw", "x86_64+avx2"))]
fn curve(x: &[f64], y: &[f64], low: [f64; 2], density: [f64; 2], keys: &mut [u32]) {
    for ((key, &x), &y) in keys.iter_mut().zip(x).zip(y) {
        // Written so that NaN becomes 0.
        let cell = |v: f64| {
            let v = if v > 0.0 { v } else { 0.0 };
            (if v < CELLS - 1.0 { v } else { CELLS - 1.0 }) as i32 as u32
        };
        let own = hilbert::<BITS>(cell((x - low[0]) * density[0]), cell((y - low[1]) * density[1]));
        *key = if x.is_nan() | y.is_nan() { MISSING } else { own };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_with_numbers_once() {
        let x: Vec<f64> =
            (0..5000).map(|k| if k % 7 == 0 { f64::NAN } else { f64::from(k * 37 % 101) }).collect();
        let y: Vec<f64> = (0..5000).map(|k| if k == 3 { 1e300 } else { f64::from(k % 13) }).collect();
        let mut rows = along_curve(&x, &y);
        rows.sort_unstable();
        assert_eq!(rows, (0..5000).filter(|k| k % 7 != 0).collect::<Vec<u32>>());
        assert!(along_curve(&[], &[]).is_empty());
    }

    #[test]
    fn rows_follow_their_neighbours() {
        // A square of 64 × 64 in a bad order: each is beside the one before, but for the margin.
        let place = |k: u32| k * 1_531 % 4_096;
        let x: Vec<f64> = (0..4_096).map(|k| f64::from(place(k) % 64)).collect();
        let y: Vec<f64> = (0..4_096).map(|k| f64::from(place(k) / 64)).collect();
        let rows = along_curve(&x, &y);
        let step = |pair: &[u32]| {
            let [a, b] = [pair[0] as usize, pair[1] as usize];
            (x[a] - x[b]).abs() + (y[a] - y[b]).abs()
        };
        let length: f64 = rows.windows(2).map(step).sum();
        assert!(length < 1.2 * 4_096.0, "{length}");
    }
}
