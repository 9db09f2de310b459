//! All points within reach of one: counted, summed, or one by one.
#![allow(clippy::needless_range_loop, reason = "the lanes of several wide vectors are walked together")]

use super::points::{NO_ROW, PackedPoints, WIDTH};

/// A part of the index within reach.
enum Within {
    /// All points of a box: its level, octet and place.
    Box(usize, usize, usize),
    /// A point of a leaf.
    Point(u32),
}

/// Sums of values under each box, level by level, octet by octet.
pub(crate) struct Sums(Vec<Vec<[f64; WIDTH]>>);

impl PackedPoints {
    /// Number of points at a squared distance of at most `most`.
    pub(crate) fn count_within(&self, at: [f64; 2], most: f64) -> u64 {
        let mut count = 0;
        self.visit(at, most, |within| match within {
            Within::Box(level, octet, place) => count += u64::from(self.octet(level, octet).counts[place]),
            Within::Point(_) => count += 1,
        });
        count
    }

    /// Sum of the values of the points at a squared distance of at most `most`.
    pub(crate) fn sum_within(&self, at: [f64; 2], most: f64, values: &[f64], sums: &Sums) -> f64 {
        let mut sum = 0.0;
        self.visit(at, most, |within| match within {
            Within::Box(level, octet, place) => sum += sums.0[level][octet][place],
            Within::Point(row) => sum += values[row as usize],
        });
        sum
    }

    /// Sums of values, one per row, for [`sum_within`](Self::sum_within).
    pub(crate) fn sums(&self, values: &[f64]) -> Sums {
        let mut levels: Vec<Vec<[f64; WIDTH]>> = Vec::new();
        for level in 0..=self.top().unwrap_or(0) {
            let octet = |octet: usize| {
                std::array::from_fn(|place| match level.checked_sub(1) {
                    Some(below) => {
                        levels[below].get(octet * WIDTH + place).map_or(0.0, |sums| sums.iter().sum())
                    }
                    None => self.rows_of(octet * WIDTH + place).map(|row| values[row as usize]).sum(),
                })
            };
            let sums = (0..self.octets(level)).map(octet).collect();
            levels.push(sums);
        }
        Sums(levels)
    }

    /// Calls with the row of each point at a squared distance of at most `most`.
    pub(crate) fn for_each_within(&self, at: [f64; 2], most: f64, mut found: impl FnMut(u32)) {
        self.visit(at, most, |within| match within {
            Within::Box(level, octet, place) => {
                // The leaves under a box follow one another.
                let under = WIDTH.pow(level as u32);
                let first = (octet * WIDTH + place) * under;
                (first..first + under).for_each(|leaf| self.rows_of(leaf).for_each(&mut found));
            }
            Within::Point(row) => found(row),
        });
    }

    /// The rows of a leaf; none if there is no such leaf.
    fn rows_of(&self, leaf: usize) -> impl Iterator<Item = u32> {
        let rows = self.leaves.get(leaf).map_or([NO_ROW; WIDTH], |leaf| leaf.rows);
        rows.into_iter().filter(|row| *row != NO_ROW)
    }

    #[inline(always)]
    fn visit(&self, [x, y]: [f64; 2], most: f64, mut found: impl FnMut(Within)) {
        let Some(top) = self.top() else { return };
        let mut waiting = [(0u32, 0u32); 12 * WIDTH];
        waiting[0] = (top as u32, 0);
        let mut open = 1;
        while open > 0 {
            open -= 1;
            let (level, index) = (waiting[open].0 as usize, waiting[open].1 as usize);
            let octet = self.octet(level, index);
            let gaps = octet.squared_gaps([x, y, x, y]);
            let reaches = octet.squared_reaches(x, y);
            for place in 0..WIDTH {
                if octet.counts[place] == 0 || gaps[place] > most {
                    continue;
                }
                let below = index * WIDTH + place;
                if reaches[place] <= most {
                    found(Within::Box(level, index, place));
                } else if level > 0 {
                    waiting[open] = (level as u32 - 1, below as u32);
                    open += 1;
                } else {
                    let leaf = self.leaf(below);
                    let squared = leaf.squared_distances(x, y);
                    for (squared, row) in squared.into_iter().zip(leaf.rows) {
                        if squared <= most && row != NO_ROW {
                            found(Within::Point(row));
                        }
                    }
                }
            }
        }
    }
}
