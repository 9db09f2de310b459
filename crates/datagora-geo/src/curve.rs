//! The Hilbert curve.

/// Position of a cell on the Hilbert curve through 2^`BITS` × 2^`BITS` cells, each a neighbour of the one before.
///
/// Without branches, so that many cells are placed at a time.
#[inline(always)]
pub(crate) fn hilbert<const BITS: u32>(mut x: u32, mut y: u32) -> u32 {
    let all = (1 << BITS) - 1;
    let mut position = 0;
    for bit in (0..BITS).rev() {
        let (east, north) = (x >> bit & 1, y >> bit & 1);
        position = position << 2 | (3 * east) ^ north;
        // In the lower quadrants the axes change places, in that to the east turned round as well.
        let swap = north.wrapping_sub(1);
        let turn = swap & east.wrapping_neg() & all;
        (x, y) = (x ^ turn, y ^ turn);
        let exchanged = (x ^ y) & swap;
        (x, y) = (x ^ exchanged, y ^ exchanged);
    }
    position
}

#[cfg(test)]
mod tests {
    use super::*;

    fn each_a_neighbour_of_the_one_before<const BITS: u32>() {
        // The cells of one corner.
        let side = 32u32;
        let mut cells: Vec<(u32, i64, i64)> = (0..side * side)
            .map(|k| (hilbert::<BITS>(k % side, k / side), i64::from(k % side), i64::from(k / side)))
            .collect();
        cells.sort_unstable();
        assert_eq!(cells[0].0, 0);
        for pair in cells.windows(2) {
            assert_eq!(pair[1].0, pair[0].0 + 1);
            assert_eq!((pair[1].1 - pair[0].1).abs() + (pair[1].2 - pair[0].2).abs(), 1);
        }
    }

    #[test]
    fn each_cell_is_visited_once_after_a_neighbour() {
        each_a_neighbour_of_the_one_before::<5>();
        each_a_neighbour_of_the_one_before::<11>();
        each_a_neighbour_of_the_one_before::<16>();
    }
}
