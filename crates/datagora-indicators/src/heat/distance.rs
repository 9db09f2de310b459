//! How far each cell of a grid is from the nearest marked one.

/// Distance of the centre of each cell to that of the nearest marked cell; infinite if there is none.
///
/// Exact, in a time proportional to the number of cells: Felzenszwalb, P. F. and Huttenlocher, D. P. (2012). Distance
/// transforms of sampled functions. Theory of Computing 8, 415–428. doi:10.4086/toc.2012.v008a019
pub(super) fn distance_to(marked: &[bool], columns: usize, [width, height]: [f64; 2]) -> Vec<f64> {
    let rows = marked.len() / columns;
    // Along columns, in cells, southward and back.
    let mut squares: Vec<f64> =
        marked.iter().map(|marked| if *marked { 0.0 } else { f64::INFINITY }).collect();
    for row in 1..rows {
        for cell in row * columns..(row + 1) * columns {
            squares[cell] = squares[cell].min(squares[cell - columns] + 1.0);
        }
    }
    for row in (1..rows).rev() {
        for cell in (row - 1) * columns..row * columns {
            squares[cell] = squares[cell].min(squares[cell + columns] + 1.0);
        }
    }
    squares.iter_mut().for_each(|cells| *cells = (*cells * height).powi(2));
    // Along rows: the lower envelope of a parabola for each column.
    let (mut lowest, mut from) = (Vec::with_capacity(columns), Vec::with_capacity(columns));
    for row in squares.chunks_exact_mut(columns) {
        lowest.clear();
        from.clear();
        for (column, square) in row.iter().copied().enumerate().filter(|(_, square)| square.is_finite()) {
            let at = column as f64 * width;
            // Where the parabola of this column passes below that of another.
            let meets =
                |&(other, low): &(f64, f64)| (square + at * at - low - other * other) / (2.0 * (at - other));
            while let (Some(last), Some(&start)) = (lowest.last(), from.last()) {
                if meets(last) > start {
                    break;
                }
                lowest.pop();
                from.pop();
            }
            from.push(lowest.last().map_or(f64::NEG_INFINITY, meets));
            lowest.push((at, square));
        }
        if lowest.is_empty() {
            continue;
        }
        let mut here = 0;
        for (column, square) in row.iter_mut().enumerate() {
            let at = column as f64 * width;
            while from.get(here + 1).is_some_and(|start| *start < at) {
                here += 1;
            }
            let (other, low) = lowest[here];
            *square = (at - other).powi(2) + low;
        }
    }
    squares.iter_mut().for_each(|square| *square = square.sqrt());
    squares
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn distances_are_those_to_each_marked_cell(
            (columns, marked) in (1..15_usize, 1..12_usize).prop_flat_map(|(columns, rows)| (
                Just(columns), proptest::collection::vec(prop::bool::weighted(0.1), columns * rows)
            )),
            height in prop_oneof![Just(10.0), Just(3.0), Just(30.0)],
        ) {
            let found = distance_to(&marked, columns, [10.0, height]);
            for (cell, found) in found.iter().enumerate() {
                let (x, y) = ((cell % columns) as f64, (cell / columns) as f64);
                let wanted = (0..marked.len())
                    .filter(|other| marked[*other])
                    .map(|other| {
                        let (dx, dy) = ((other % columns) as f64 - x, (other / columns) as f64 - y);
                        (dx * 10.0).hypot(dy * height)
                    })
                    .fold(f64::INFINITY, f64::min);
                prop_assert!(*found == wanted || (found - wanted).abs() < 1e-9, "{found} is not {wanted}");
            }
        }
    }
}
