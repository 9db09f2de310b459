//! Points of a cell compared, eight at a time, with those around it.
#![allow(clippy::needless_range_loop, reason = "the lanes of several wide vectors are walked together")]

use std::ops::Range;

use super::cells::{AROUND, Cells, Cores, NONE, Runs};
use super::sort::Sorted;

/// Points compared with another at a time.
const LANES: usize = 8;

/// The row of cells in the middle first, where most neighbours are.
const FROM_MIDDLE: [usize; AROUND] = [2, 1, 3, 0, 4];

/// Marks the points of some cells that have at least `min_points` points within reach.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw", "x86_64+avx2"))]
pub(super) fn count_neighbours(cells: &Cells, range: Range<usize>, min_points: usize, cores: &mut [bool]) {
    let (all_x, all_y, starts) = (&cells.sorted.x[..], &cells.sorted.y[..], &cells.sorted.starts[..]);
    let first = starts[range.start] as usize;
    // All points of a cell are neighbours.
    for cell in range.clone() {
        let members = cells.members(cell..cell + 1);
        if members.len() >= min_points {
            cores[members.start - first..members.end - first].fill(true);
        }
    }
    let undecided = |cell: usize| cells.members(cell..cell + 1).len() < min_points;
    let count = |cell: usize, runs: &Runs| {
        let mut candidates = 0;
        for line in 0..AROUND {
            candidates += (starts[runs.end[line]] - starts[runs.begin[line]]) as usize;
        }
        if candidates < min_points {
            return;
        }
        let members = cells.members(cell..cell + 1);
        for start in members.clone().step_by(LANES) {
            // Lanes without a point have the last one.
            let (mut x, mut y) = ([0.0; LANES], [0.0; LANES]);
            for lane in 0..LANES {
                let point = (start + lane).min(members.end - 1);
                (x[lane], y[lane]) = (all_x[point], all_y[point]);
            }
            let mut counts = [0u64; LANES];
            for line in FROM_MIDDLE {
                let run = starts[runs.begin[line]] as usize..starts[runs.end[line]] as usize;
                let (run_x, run_y) = (&all_x[run.clone()], &all_y[run]);
                for other in 0..run_x.len().min(run_y.len()) {
                    for lane in 0..LANES {
                        let (dx, dy) = (run_x[other] - x[lane], run_y[other] - y[lane]);
                        counts[lane] += u64::from(dx * dx + dy * dy <= cells.most);
                    }
                }
                let mut enough = true;
                for lane in 0..LANES {
                    enough &= counts[lane] >= min_points as u64;
                }
                if enough {
                    break;
                }
            }
            for (lane, point) in (start..members.end).take(LANES).enumerate() {
                cores[point - first] = counts[lane] >= min_points as u64;
            }
        }
    };
    cells.walk(range, undecided, count);
}

/// Writes the component of the points of some cells; of those that are no core, that of the nearest core within reach, of
/// equally near ones of the lowest row.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw", "x86_64+avx2"))]
pub(super) fn label_points(
    cells: &Cells,
    range: Range<usize>,
    cores: &Cores,
    components: &[u32],
    labels: &mut [u32],
) {
    let Sorted { x: all_x, y: all_y, rows, starts, .. } = &cells.sorted;
    let first = starts[range.start] as usize;
    for cell in range.clone() {
        if cores.cells[cell] {
            let members = cells.members(cell..cell + 1);
            labels[members.start - first..members.end - first].fill(components[cell]);
        }
    }
    let mut near = Vec::new();
    let any_border = |cell: usize| {
        let mut any = false;
        for point in cells.members(cell..cell + 1) {
            any |= !cores.points[point];
        }
        any
    };
    let label = |cell: usize, runs: &Runs| {
        near.clear();
        for line in 0..AROUND {
            for other in runs.begin[line]..runs.end[line] {
                if cores.cells[other] {
                    near.push(other);
                }
            }
        }
        if near.is_empty() {
            return;
        }
        let members = cells.members(cell..cell + 1);
        let mut next = members.start;
        while next < members.end {
            // Lanes without a point have any.
            let mut points = [next; LANES];
            let mut count = 0;
            while count < LANES && next < members.end {
                points[count] = next;
                count += usize::from(!cores.points[next]);
                next += 1;
            }
            let (mut x, mut y) = ([0.0; LANES], [0.0; LANES]);
            for lane in 0..LANES {
                (x[lane], y[lane]) = (all_x[points[lane]], all_y[points[lane]]);
            }
            // All of one width, so that they are chosen in one go.
            let (mut best, mut best_row) = ([cells.most; LANES], [u64::MAX; LANES]);
            let mut best_label = [u64::from(NONE); LANES];
            for &other in &near {
                for core in cells.members(other..other + 1) {
                    if !cores.points[core] {
                        continue;
                    }
                    let (core_x, core_y) = (all_x[core], all_y[core]);
                    let (row, component) = (u64::from(rows[core]), u64::from(components[other]));
                    for lane in 0..LANES {
                        let (dx, dy) = (x[lane] - core_x, y[lane] - core_y);
                        let squared = dx * dx + dy * dy;
                        let nearer =
                            (squared < best[lane]) | ((squared == best[lane]) & (row < best_row[lane]));
                        best[lane] = if nearer { squared } else { best[lane] };
                        best_row[lane] = if nearer { row } else { best_row[lane] };
                        best_label[lane] = if nearer { component } else { best_label[lane] };
                    }
                }
            }
            for lane in 0..count {
                labels[points[lane] - first] = best_label[lane] as u32;
            }
        }
    };
    cells.walk(range, any_border, label);
}
