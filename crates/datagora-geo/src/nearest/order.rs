//! Queries in an order in which neighbours follow one another.

/// Bits of a position along one axis, so that a key has twice as many and is sorted in two passes.
const BITS: u32 = 11;
const CELLS: f64 = (1 << BITS) as f64;

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
    let present: Vec<(u32, u32)> = (0u32..)
        .zip(keys)
        .filter(|(row, _)| !x[*row as usize].is_nan() && !y[*row as usize].is_nan())
        .map(|(row, key)| (key, row))
        .collect();
    let low = pass(&present, 0);
    pass(&low, BITS).into_iter().map(|(_, row)| row).collect()
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
        *key = hilbert(cell((x - low[0]) * density[0]), cell((y - low[1]) * density[1]));
    }
}

/// Position of a cell on the curve, without branches.
#[inline(always)]
fn hilbert(mut x: u32, mut y: u32) -> u32 {
    const ALL: u32 = (1 << BITS) - 1;
    let mut position = 0;
    for bit in (0..BITS).rev() {
        let (east, north) = (x >> bit & 1, y >> bit & 1);
        position = position << 2 | (3 * east) ^ north;
        // In the lower quadrants the axes change places, in that to the east turned round as well.
        let swap = north.wrapping_sub(1);
        let turn = swap & east.wrapping_neg() & ALL;
        (x, y) = (x ^ turn, y ^ turn);
        let exchanged = (x ^ y) & swap;
        (x, y) = (x ^ exchanged, y ^ exchanged);
    }
    position
}

/// One pass of a radix sort: by `BITS` bits of the key from `shift` on.
fn pass(from: &[(u32, u32)], shift: u32) -> Vec<(u32, u32)> {
    let digit = |key: u32| (key >> shift) as usize & ((1 << BITS) - 1);
    let mut next = vec![0u32; 1 << BITS];
    from.iter().for_each(|(key, _)| next[digit(*key)] += 1);
    let mut total = 0;
    for count in &mut next {
        total += std::mem::replace(count, total);
    }
    let mut sorted = vec![(0, 0); from.len()];
    for &(key, row) in from {
        let place = &mut next[digit(key)];
        sorted[*place as usize] = (key, row);
        *place += 1;
    }
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cell_is_a_neighbour_of_the_one_before() {
        let side = 32u32;
        let mut cells: Vec<(u32, i64, i64)> = (0..side * side)
            .map(|k| (hilbert(k % side, k / side), i64::from(k % side), i64::from(k / side)))
            .collect();
        cells.sort_unstable();
        for pair in cells.windows(2) {
            assert_eq!(pair[1].0, pair[0].0 + 1);
            assert_eq!((pair[1].1 - pair[0].1).abs() + (pair[1].2 - pair[0].2).abs(), 1);
        }
    }

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
}
