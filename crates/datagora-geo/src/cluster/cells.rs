//! Cells of which all points are neighbours.

use std::ops::Range;

use super::ClusterError;
use super::axis::BESIDE;
use super::components::Components;
use super::lanes::{count_neighbours, label_points};
use super::sort::Sorted;

/// Points by cell, and the cells that have any.
///
/// A cell is as wide as two points may be apart along both axes and still be neighbours; so the neighbours of a point are
/// in its cell, the two beside it on either side, and in five cells of each of the two rows of cells above and below.
/// Only cells with points are kept, in the order of a picture read from the bottom: five in a row follow one another.
#[derive(Debug)]
pub(super) struct Cells {
    pub(super) sorted: Sorted,
    /// Greatest squared distance of neighbours.
    pub(super) most: f64,
}

/// The runs of cells in which neighbours may be, one for each row of cells.
pub(super) struct Runs {
    pub(super) begin: [usize; AROUND],
    pub(super) end: [usize; AROUND],
}

/// Cores among the points, in the order of the cells.
#[derive(Debug)]
pub(super) struct Cores {
    pub(super) points: Vec<bool>,
    /// Whether each cell has one.
    pub(super) cells: Vec<bool>,
}

/// Stands for no component.
pub(super) const NONE: u32 = u32::MAX;

/// Rows of cells in which neighbours may be.
pub(super) const AROUND: usize = 2 * BESIDE as usize + 1;

/// Cells shared among cores at a time: with more, less is left over where chunks meet.
const CHUNK: usize = 1 << 13;

impl Cells {
    pub(super) fn new(x: &[f64], y: &[f64], reach: f64, most: f64) -> Result<Self, ClusterError> {
        Ok(Cells { sorted: Sorted::new(x, y, reach, most)?, most })
    }

    /// Number of cells.
    fn len(&self) -> usize {
        self.sorted.keys.len()
    }

    /// Row of each point, in the order of the cells.
    pub(super) fn rows(&self) -> &[u32] {
        &self.sorted.rows
    }

    /// The points of cells that follow one another.
    #[inline(always)]
    pub(super) fn members(&self, cells: Range<usize>) -> Range<usize> {
        self.sorted.starts[cells.start] as usize..self.sorted.starts[cells.end] as usize
    }

    /// Calls with each of some cells that is wanted and, for it, the runs of cells in which neighbours of its points may be.
    #[inline(always)]
    pub(super) fn walk(
        &self,
        cells: Range<usize>,
        wanted: impl Fn(usize) -> bool,
        mut visit: impl FnMut(usize, &Runs),
    ) {
        let keys = &self.sorted.keys[..];
        let Some(&first) = keys.get(cells.start) else { return };
        let stride = self.sorted.stride;
        let lowest = |line: usize| (line as u64 * stride).wrapping_sub(BESIDE * stride + BESIDE);
        // Both ends of each run only go forward.
        let mut runs = Runs { begin: [0; AROUND], end: [0; AROUND] };
        for line in 0..AROUND {
            let from = first.wrapping_add(lowest(line));
            runs.begin[line] = keys.partition_point(|other| *other < from);
        }
        runs.end = runs.begin;
        for cell in cells {
            if !wanted(cell) {
                continue;
            }
            for line in 0..AROUND {
                let from = keys[cell].wrapping_add(lowest(line));
                let mut begin = runs.begin[line];
                while begin < keys.len() && keys[begin] < from {
                    begin += 1;
                }
                let mut end = runs.end[line].max(begin);
                while end < keys.len() && keys[end] <= from + 2 * BESIDE {
                    end += 1;
                }
                (runs.begin[line], runs.end[line]) = (begin, end);
            }
            visit(cell, &runs);
        }
    }

    /// Calls with runs of cells and the part of a table that belongs to their points; several at a time if there are
    /// cores.
    fn for_each_chunk<T: Send>(&self, table: &mut [T], each: impl Fn(Range<usize>, &mut [T]) + Sync) {
        let mut parts = Vec::with_capacity(self.len().div_ceil(CHUNK));
        let mut rest = table;
        for start in (0..self.len()).step_by(CHUNK) {
            let cells = start..self.len().min(start + CHUNK);
            let part;
            (part, rest) = rest.split_at_mut(self.members(cells.clone()).len());
            parts.push((cells, part));
        }
        #[cfg(feature = "parallel")]
        {
            use rayon::prelude::*;
            parts.into_par_iter().for_each(|(cells, part)| each(cells, part));
        }
        #[cfg(not(feature = "parallel"))]
        parts.into_iter().for_each(|(cells, part)| each(cells, part));
    }

    /// Which points have at least `min_points` within reach.
    pub(super) fn cores(&self, min_points: usize) -> Cores {
        let mut points = vec![false; self.rows().len()];
        self.for_each_chunk(&mut points, |cells, cores| count_neighbours(self, cells, min_points, cores));
        let has_core = |cell: usize| self.members(cell..cell + 1).any(|point| points[point]);
        let cells = (0..self.len()).map(has_core).collect();
        Cores { points, cells }
    }

    /// The component of each cell that has a core, known by the first of its cells: joined are cells that have cores
    /// which are neighbours.
    pub(super) fn components(&self, cores: &Cores) -> Vec<u32> {
        let mut parents: Vec<u32> = (0..self.len() as u32).collect();
        let join = |(number, parents): (usize, &mut [u32])| self.join(number * CHUNK, parents, cores);
        #[cfg(feature = "parallel")]
        let left_over: Vec<Vec<(u32, u32)>> = {
            use rayon::prelude::*;
            parents.par_chunks_mut(CHUNK).enumerate().map(join).collect()
        };
        #[cfg(not(feature = "parallel"))]
        let left_over: Vec<Vec<(u32, u32)>> = parents.chunks_mut(CHUNK).enumerate().map(join).collect();
        let mut components = Components::new(0, &mut parents);
        left_over.into_iter().flatten().for_each(|(a, b)| components.join(a, b));
        components.settle();
        parents
    }

    /// Joins cells from `first` on with one another; gives those to be joined with cells before.
    fn join(&self, first: usize, parents: &mut [u32], cores: &Cores) -> Vec<(u32, u32)> {
        let cells = first..first + parents.len();
        let mut components = Components::new(first, parents);
        let mut left_over = Vec::new();
        let visit = |cell: usize, runs: &Runs| {
            // The other half of the neighbours comes to this cell. Those in its row are nearest, and often know the others.
            for line in (0..=BESIDE as usize).rev() {
                for other in (runs.begin[line]..runs.end[line].min(cell)).rev() {
                    if !cores.cells[other] {
                        continue;
                    }
                    let here = other >= first;
                    let joined = here && components.find(cell as u32) == components.find(other as u32);
                    if joined || !self.any_near(cell, other, &cores.points) {
                        continue;
                    }
                    if here {
                        components.join(cell as u32, other as u32);
                    } else {
                        left_over.push((cell as u32, other as u32));
                    }
                }
            }
        };
        self.walk(cells, |cell| cores.cells[cell], visit);
        left_over
    }

    /// Whether a core of one cell is a neighbour of a core of another.
    fn any_near(&self, a: usize, b: usize, cores: &[bool]) -> bool {
        let Sorted { x, y, .. } = &self.sorted;
        let others = self.members(b..b + 1);
        for point in self.members(a..a + 1) {
            for other in others.clone() {
                let (dx, dy) = (x[point] - x[other], y[point] - y[other]);
                if cores[point] & cores[other] & (dx * dx + dy * dy <= self.most) {
                    return true;
                }
            }
        }
        false
    }

    /// The component of each point, in the order of the cells; that of its nearest core if it is none, [`NONE`] if there
    /// is no core within reach.
    pub(super) fn labels(&self, cores: &Cores, components: &[u32]) -> Vec<u32> {
        let mut labels = vec![NONE; self.rows().len()];
        self.for_each_chunk(&mut labels, |cells, labels| {
            label_points(self, cells, cores, components, labels);
        });
        labels
    }
}
