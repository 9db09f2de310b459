//! Which places to plant: one after the other, each where it brings most people nearest to their trees.
use std::cmp::Reverse;
use std::collections::BinaryHeap;

use datagora::geo::{Grid, Pairs};

/// Homes that lack trees, and the cells near them where one may be planted.
pub(super) struct Search<'a> {
    grid: &'a Grid,
    /// Cells of the grid, ascending.
    cells: &'a [usize],
    people: &'a [f64],
    /// Trees that each home still lacks.
    lacking: Vec<u64>,
    homes_of_cell: Lines,
    cells_of_home: Lines,
}

impl<'a> Search<'a> {
    /// Pairs of a cell and a home that a tree in it would serve.
    pub(super) fn new(
        grid: &'a Grid,
        cells: &'a [usize],
        people: &'a [f64],
        lacking: Vec<u64>,
        near: &Pairs,
    ) -> Self {
        let homes_of_cell = Lines::new(near.left(), near.right(), cells.len());
        let cells_of_home = Lines::new(near.right(), near.left(), people.len());
        Self { grid, cells, people, lacking, homes_of_cell, cells_of_home }
    }

    /// Rows of the chosen cells, in the order of choice: at most `number`, none nearer to another than `spacing`.
    ///
    /// Each is the cell with the most people near it, those who lack fewer trees weighing more: a home of 60 people counts
    /// 60 if it lacks one tree, 30 if it lacks two. Of equal cells the one with the lowest number is taken.
    pub(super) fn choose(mut self, number: usize, spacing: f64) -> Vec<usize> {
        let mut open = vec![true; self.cells.len()];
        let mut gains: Vec<f64> = (0..self.cells.len()).map(|cell| self.gain(cell)).collect();
        // Bits of numbers that are not negative are in the order of the numbers.
        let entry = |gain: f64, cell: usize| (gain.to_bits(), Reverse(cell));
        let served = |&(_, gain): &(usize, &f64)| *gain > 0.0;
        let mut queue: BinaryHeap<_> =
            gains.iter().enumerate().filter(served).map(|(cell, &gain)| entry(gain, cell)).collect();
        let mut chosen = Vec::new();
        while chosen.len() < number
            && let Some((bits, Reverse(cell))) = queue.pop()
        {
            // Gains change while entries wait; the entry of today's gain is in the queue as well.
            if !open[cell] || gains[cell].to_bits() != bits {
                continue;
            }
            chosen.push(cell);
            self.close(cell, spacing, &mut open);
            let served = self.homes_of_cell.of(cell);
            let mut touched: Vec<u32> = Vec::new();
            for &home in served {
                let lacking = &mut self.lacking[home as usize];
                if *lacking > 0 {
                    *lacking -= 1;
                    touched.extend(self.cells_of_home.of(home as usize));
                }
            }
            touched.sort_unstable();
            touched.dedup();
            for other in touched.into_iter().map(|other| other as usize).filter(|&other| open[other]) {
                gains[other] = self.gain(other);
                if gains[other] > 0.0 {
                    queue.push(entry(gains[other], other));
                }
            }
        }
        chosen
    }

    fn gain(&self, cell: usize) -> f64 {
        let share = |&home: &u32| match self.lacking[home as usize] {
            0 => 0.0,
            lacking => self.people[home as usize] / lacking as f64,
        };
        self.homes_of_cell.of(cell).iter().map(share).fold(0.0, |sum, share| sum + share)
    }

    /// No other tree comes into a cell that is too near, nor into this one.
    fn close(&self, chosen: usize, spacing: f64, open: &mut [bool]) {
        let middle = self.grid.cell_centre(self.cells[chosen]);
        let (column, row) = self.grid.position(self.cells[chosen]);
        let reach = |side: f64| (spacing / side).ceil() as usize;
        let (across, down) = (reach(self.grid.cell_width()), reach(self.grid.cell_height()));
        for row in row.saturating_sub(down)..=(row + down).min(self.grid.rows() - 1) {
            for column in column.saturating_sub(across)..=(column + across).min(self.grid.columns() - 1) {
                let Ok(other) = self.cells.binary_search(&self.grid.index(column, row)) else { continue };
                let centre = self.grid.cell_centre(self.cells[other]);
                if (centre.x - middle.x).hypot(centre.y - middle.y) < spacing {
                    open[other] = false;
                }
            }
        }
    }
}

/// For each key, the rows that go with it.
struct Lines {
    starts: Vec<usize>,
    rows: Vec<u32>,
}

impl Lines {
    fn new(keys: &[u32], rows: &[u32], count: usize) -> Self {
        let mut starts = vec![0; count + 1];
        keys.iter().for_each(|&key| starts[key as usize + 1] += 1);
        (0..count).for_each(|key| starts[key + 1] += starts[key]);
        let mut next = starts.clone();
        let mut sorted = vec![0; rows.len()];
        for (&key, &row) in keys.iter().zip(rows) {
            sorted[next[key as usize]] = row;
            next[key as usize] += 1;
        }
        Self { starts, rows: sorted }
    }

    fn of(&self, key: usize) -> &[u32] {
        &self.rows[self.starts[key]..self.starts[key + 1]]
    }
}

#[cfg(test)]
mod tests {
    use datagora::core::{Crs, Metres};
    use datagora::geo::{GeometryColumn, within_distance};

    use super::*;

    const SPACING: f64 = 8.0;

    /// Forty homes on a square of 150 m, and all cells of it but every seventh.
    fn town() -> (Grid, Vec<usize>, GeometryColumn, Vec<f64>, Vec<u64>) {
        let grid = Grid::new([0.0, 150.0], [5.0, 5.0], 30, 30, Crs::CC46).expect("a grid");
        let cells = (0..grid.len()).filter(|cell| cell % 7 != 0).collect();
        let at = |home: usize, prime: usize| (home * prime % 149) as f64;
        let x = (0..40).map(|home| at(home, 61)).collect();
        let y = (0..40).map(|home| at(home, 97)).collect();
        let people = (0..40).map(|home| 1.0 + at(home, 31)).collect();
        let lacking = (0..40).map(|home| 1 + home % 3).collect();
        (grid, cells, GeometryColumn::points(x, y, Crs::CC46), people, lacking)
    }

    #[test]
    fn each_choice_is_the_best_that_is_left() {
        let (grid, cells, homes, people, mut lacking) = town();
        let (x, y): (Vec<f64>, Vec<f64>) =
            cells.iter().map(|&cell| grid.cell_centre(cell)).map(|at| (at.x, at.y)).unzip();
        let centres = GeometryColumn::points(x.clone(), y.clone(), Crs::CC46);
        let near = within_distance(&centres, &homes, Metres(20.0)).expect("metres");
        let chosen = Search::new(&grid, &cells, &people, lacking.clone(), &near).choose(40, SPACING);
        assert!(chosen.len() > 10, "{}", chosen.len());
        let apart = |a: usize, b: usize| (x[a] - x[b]).hypot(y[a] - y[b]) >= SPACING;
        for (number, &cell) in chosen.iter().enumerate() {
            // All gains anew, in the order of the pairs.
            let mut gains = vec![0.0; cells.len()];
            for (other, home) in near.iter().filter(|pair| lacking[pair.1 as usize] > 0) {
                gains[other as usize] += people[home as usize] / lacking[home as usize] as f64;
            }
            let free = |other: &usize| chosen[..number].iter().all(|&before| apart(before, *other));
            assert!(free(&cell), "too near another: {cell}");
            let best = (0..cells.len()).filter(free).map(|other| gains[other]).fold(0.0, f64::max);
            assert_eq!(gains[cell], best);
            assert!(best > 0.0);
            for (_, home) in near.iter().filter(|pair| pair.0 as usize == cell) {
                lacking[home as usize] = lacking[home as usize].saturating_sub(1);
            }
        }
    }

    #[test]
    fn nobody_in_need_needs_no_tree() {
        let (grid, cells, homes, people, lacking) = town();
        let far = GeometryColumn::points(vec![9_000.0; cells.len()], vec![0.0; cells.len()], Crs::CC46);
        let near = within_distance(&far, &homes, Metres(20.0)).expect("metres");
        assert!(Search::new(&grid, &cells, &people, lacking, &near).choose(40, SPACING).is_empty());
    }
}
