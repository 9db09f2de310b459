//! Points sorted into cells of which all points are neighbours.
#![allow(clippy::needless_range_loop, reason = "the lanes of several wide vectors are walked together")]

use std::ops::Range;

use super::ClusterError;
use super::components::Components;

/// Points by cell, and the cells that have any.
///
/// A cell is as wide as two points may be apart along both axes and still be neighbours; so the neighbours of a point are
/// in its cell, the two beside it on either side, and in five cells of each of the two rows of cells above and below.
/// Only cells with points are kept, in the order of a picture read from the bottom: five in a row follow one another.
#[derive(Debug)]
pub(super) struct Cells {
    x: Vec<f64>,
    y: Vec<f64>,
    rows: Vec<u32>,
    /// First point of each cell, and the end.
    starts: Vec<u32>,
    /// Place of each cell in the grid; not less than that of the cell before. Equal where points of one place turned out
    /// not to be neighbours, and are cells of their own.
    keys: Vec<u64>,
    /// Difference between the key of a cell and that of the cell above.
    stride: u64,
    /// Greatest squared distance of neighbours.
    most: f64,
}

/// Rows or columns of cells beside which neighbours may be, and the number of them on all sides.
const BESIDE: u64 = 2;
const AROUND: usize = 2 * BESIDE as usize + 1;

/// Positions beyond which a double cannot tell one cell from the next but one.
const FARTHEST: f64 = (1u64 << 50) as f64;

/// Bits of the key that one pass of the sort looks at.
const DIGIT: u32 = 12;

/// Points compared with another at a time.
const LANES: usize = 8;

/// Cells shared among cores at a time.
const CHUNK: usize = 1 << 13;

impl Cells {
    pub(super) fn new(x: &[f64], y: &[f64], reach: f64, most: f64) -> Result<Self, ClusterError> {
        let present: Vec<u32> = (0u32..)
            .zip(x.iter().zip(y))
            .filter(|(_, (x, y))| !x.is_nan() && !y.is_nan())
            .map(|(row, _)| row)
            .collect();
        let columns = Axis::new(x, &present, reach)?;
        let lines = Axis::new(y, &present, reach)?;
        let stride = columns.count + 2 * BESIDE;
        let keys =
            present.iter().map(|&row| lines.cell(y[row as usize]) * stride + columns.cell(x[row as usize]));
        let sorted = sort(keys.zip(present.iter().copied()).collect(), (lines.count + 2 * BESIDE) * stride);

        let mut cells = Cells {
            x: sorted.iter().map(|(_, row)| x[*row as usize]).collect(),
            y: sorted.iter().map(|(_, row)| y[*row as usize]).collect(),
            rows: sorted.iter().map(|(_, row)| *row).collect(),
            starts: Vec::new(),
            keys: Vec::new(),
            stride,
            most,
        };
        let mut start = 0;
        for members in sorted.chunk_by(|a, b| a.0 == b.0) {
            cells.close(start..start + members.len(), members[0].0);
            start += members.len();
        }
        cells.starts.push(start as u32);
        Ok(cells)
    }

    /// Makes a cell of points of one place; several if they are not all neighbours, as rounding may have it.
    fn close(&mut self, points: Range<usize>, key: u64) {
        let mut low = [f64::INFINITY; 2];
        let mut high = [f64::NEG_INFINITY; 2];
        self.starts.push(points.start as u32);
        self.keys.push(key);
        for point in points {
            let at = [self.x[point], self.y[point]];
            for axis in 0..2 {
                low[axis] = low[axis].min(at[axis]);
                high[axis] = high[axis].max(at[axis]);
            }
            let (width, height) = (high[0] - low[0], high[1] - low[1]);
            if width * width + height * height > self.most {
                self.starts.push(point as u32);
                self.keys.push(key);
                (low, high) = (at, at);
            }
        }
    }

    /// Number of cells.
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// Row of each point, in the order of the cells.
    pub(super) fn rows(&self) -> &[u32] {
        &self.rows
    }

    fn members(&self, cells: Range<usize>) -> Range<usize> {
        self.starts[cells.start] as usize..self.starts[cells.end] as usize
    }

    /// Calls with each of some cells and, for it, the five runs of cells in which neighbours of its points may be.
    fn walk(&self, cells: Range<usize>, mut visit: impl FnMut(usize, [Range<usize>; AROUND])) {
        let Some(&first) = self.keys.get(cells.start) else { return };
        let lowest = |line: usize| (line as u64 * self.stride).wrapping_sub(BESIDE * self.stride + BESIDE);
        // Where each run begins and ends: both only go forward.
        let after = |key: u64| self.keys.partition_point(|other| *other < key);
        let mut begin: [usize; AROUND] = std::array::from_fn(|line| after(first.wrapping_add(lowest(line))));
        let mut end = begin;
        for cell in cells {
            let key = self.keys[cell];
            for line in 0..AROUND {
                let from = key.wrapping_add(lowest(line));
                while begin[line] < self.keys.len() && self.keys[begin[line]] < from {
                    begin[line] += 1;
                }
                end[line] = end[line].max(begin[line]);
                while end[line] < self.keys.len() && self.keys[end[line]] <= from + 2 * BESIDE {
                    end[line] += 1;
                }
            }
            visit(cell, std::array::from_fn(|line| begin[line]..end[line]));
        }
    }

    /// Which points, in the order of the cells, have at least `min_points` within reach.
    pub(super) fn cores(&self, min_points: usize) -> Vec<bool> {
        let pieces = self.by_chunk(|cells| {
            let mut cores = vec![false; self.members(cells.clone()).len()];
            self.count(cells, min_points, &mut cores);
            cores
        });
        pieces.concat()
    }

    /// What a function makes of runs of cells, in their order; several at a time if there are cores.
    fn by_chunk<T: Send>(&self, make: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
        let chunk = |number: usize| number * CHUNK..((number + 1) * CHUNK).min(self.len());
        let numbers = 0..self.len().div_ceil(CHUNK);
        #[cfg(feature = "parallel")]
        {
            use rayon::prelude::*;
            numbers.into_par_iter().map(|number| make(chunk(number))).collect()
        }
        #[cfg(not(feature = "parallel"))]
        numbers.map(|number| make(chunk(number))).collect()
    }

    fn count(&self, cells: Range<usize>, min_points: usize, cores: &mut [bool]) {
        count_neighbours(self, cells, min_points, cores);
    }

    /// Joins the cells that have cores which are neighbours.
    pub(super) fn join(&self, cores: &[bool], components: &mut Components) {
        let with_core: Vec<bool> =
            (0..self.len()).map(|cell| cores[self.members(cell..cell + 1)].contains(&true)).collect();
        self.walk(0..self.len(), |cell, around| {
            if !with_core[cell] {
                return;
            }
            // The other half of the neighbours comes to this cell.
            for other in around.into_iter().flatten().take_while(|other| *other < cell) {
                if with_core[other]
                    && components.find(cell as u32) != components.find(other as u32)
                    && self.any_near(cell, other, cores)
                {
                    components.join(cell as u32, other as u32);
                }
            }
        });
    }

    /// Whether a core of one cell is a neighbour of a core of another.
    fn any_near(&self, a: usize, b: usize, cores: &[bool]) -> bool {
        let others = || self.members(b..b + 1).filter(|other| cores[*other]);
        let mut points = self.members(a..a + 1).filter(|point| cores[*point]);
        points.any(|point| others().any(|other| self.squared(point, other) <= self.most))
    }

    fn squared(&self, a: usize, b: usize) -> f64 {
        let (dx, dy) = (self.x[a] - self.x[b], self.y[a] - self.y[b]);
        dx * dx + dy * dy
    }

    /// The component of each point, in the order of the cells; that of its nearest core if it is none.
    pub(super) fn labels(&self, cores: &[bool], components: &mut Components) -> Vec<Option<u32>> {
        let component: Vec<u32> = (0..self.len() as u32).map(|cell| components.find(cell)).collect();
        let pieces = self.by_chunk(|cells| {
            let mut labels = Vec::with_capacity(self.members(cells.clone()).len());
            self.walk(cells, |cell, around| {
                labels.extend(self.members(cell..cell + 1).map(|point| {
                    if cores[point] {
                        Some(component[cell])
                    } else {
                        self.border(point, &around, cores, &component)
                    }
                }));
            });
            labels
        });
        pieces.concat()
    }

    /// The component of the nearest core within reach of a point, of equally near ones of the lowest row.
    fn border(
        &self,
        point: usize,
        around: &[Range<usize>; AROUND],
        cores: &[bool],
        component: &[u32],
    ) -> Option<u32> {
        let mut best = (self.most, u32::MAX, None);
        for other in around.iter().cloned().flatten() {
            for candidate in self.members(other..other + 1) {
                let (squared, row) = (self.squared(point, candidate), self.rows[candidate]);
                if cores[candidate] && (squared < best.0 || squared == best.0 && row < best.1) {
                    best = (squared, row, Some(component[other]));
                }
            }
        }
        best.2
    }
}

/// Marks the points of some cells that have at least `min_points` points within reach.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw", "x86_64+avx2"))]
fn count_neighbours(cells: &Cells, range: Range<usize>, min_points: usize, cores: &mut [bool]) {
    let first = cells.starts[range.start] as usize;
    cells.walk(range, |cell, around| {
        let members = cells.members(cell..cell + 1);
        if members.len() >= min_points {
            cores[members.start - first..members.end - first].fill(true);
            return;
        }
        let runs = around.map(|run| cells.members(run));
        if runs.iter().map(|run| run.len()).sum::<usize>() < min_points {
            return;
        }
        for start in members.clone().step_by(LANES) {
            // Lanes without a point have the last one.
            let point = |lane: usize| (start + lane).min(members.end - 1);
            let x: [f64; LANES] = std::array::from_fn(|lane| cells.x[point(lane)]);
            let y: [f64; LANES] = std::array::from_fn(|lane| cells.y[point(lane)]);
            let mut counts = [0u64; LANES];
            for run in &runs {
                for (px, py) in cells.x[run.clone()].iter().zip(&cells.y[run.clone()]) {
                    for lane in 0..LANES {
                        let (dx, dy) = (px - x[lane], py - y[lane]);
                        counts[lane] += u64::from(dx * dx + dy * dy <= cells.most);
                    }
                }
            }
            for lane in 0..LANES {
                cores[point(lane) - first] = counts[lane] >= min_points as u64;
            }
        }
    });
}

/// One axis cut into cells.
struct Axis {
    low: f64,
    /// Cells per unit.
    density: f64,
    /// Where the positions that have points are, if empty stretches are left out.
    taken: Option<Vec<(u64, u64)>>,
    /// Number of cells.
    count: u64,
}

impl Axis {
    fn new(values: &[f64], present: &[u32], reach: f64) -> Result<Self, ClusterError> {
        let all = || present.iter().map(|row| values[*row as usize]);
        let (low, high) =
            all().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
        if low > high {
            return Ok(Axis { low: 0.0, density: 0.0, taken: None, count: 1 });
        }
        let extent = high - low;
        let side = reach * std::f64::consts::FRAC_1_SQRT_2 * (1.0 - 1e-9);
        let density = if extent > 0.0 && side < f64::INFINITY { 1.0 / side } else { 0.0 };
        let farthest = extent * density;
        if farthest.is_nan() || farthest >= FARTHEST {
            return Err(ClusterError::TooSmall { reach, extent });
        }
        let mut axis = Axis { low, density, taken: None, count: farthest as u64 + 1 };
        if axis.count > 8 * present.len() as u64 + (1 << 16) {
            let mut cells: Vec<u64> = all().map(|v| axis.cell(v)).collect();
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

    /// The cell of a coordinate, with room for the neighbours of the first.
    fn cell(&self, v: f64) -> u64 {
        let cell = ((v - self.low) * self.density) as u64;
        let taken = self.taken.as_ref();
        let place = taken.and_then(|taken| {
            let found = taken.binary_search_by_key(&(cell + BESIDE), |(cell, _)| *cell);
            found.ok().map(|place| taken[place].1)
        });
        place.unwrap_or(cell) + BESIDE
    }
}

/// Sorts by key, keys being less than `limit`; of equal keys the rows stay in their order.
fn sort(mut pairs: Vec<(u64, u32)>, limit: u64) -> Vec<(u64, u32)> {
    let mut sorted = vec![(0, 0); pairs.len()];
    for shift in (0..u64::BITS - limit.leading_zeros()).step_by(DIGIT as usize) {
        let digit = |key: u64| (key >> shift) as usize & ((1 << DIGIT) - 1);
        let mut next = vec![0u32; 1 << DIGIT];
        pairs.iter().for_each(|(key, _)| next[digit(*key)] += 1);
        let mut total = 0;
        for count in &mut next {
            total += std::mem::replace(count, total);
        }
        for &pair in &pairs {
            let place = &mut next[digit(pair.0)];
            sorted[*place as usize] = pair;
            *place += 1;
        }
        std::mem::swap(&mut pairs, &mut sorted);
    }
    pairs
}
