//! From the order of the cells to that of the rows.
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};

use super::Clusters;
use super::cells::NONE;

/// Points whose place is looked up, and rows that are put down, at a time.
const CHUNK: usize = 1 << 16;

/// Clusters of `len` rows, from the row, the component and the core of each point.
pub(super) fn by_row(len: usize, rows: &[u32], components: &[u32], cores: &[bool]) -> Clusters {
    let numbers = numbers(rows, components);
    let count = numbers.iter().filter(|number| **number != NONE).count();
    // Each row has one point: where several threads write, the result is the same.
    let labels: Vec<AtomicU32> = std::iter::repeat_with(|| AtomicU32::new(NONE)).take(len).collect();
    let core_rows: Vec<AtomicBool> = std::iter::repeat_with(AtomicBool::default).take(len).collect();
    let put = |first: usize| {
        let end = rows.len().min(first + CHUNK);
        let of = components[first..end].iter().zip(&cores[first..end]);
        for (&row, (&component, &core)) in rows[first..end].iter().zip(of) {
            if component != NONE {
                labels[row as usize].store(numbers[component as usize], Relaxed);
                core_rows[row as usize].store(core, Relaxed);
            }
        }
    };
    let starts = (0..rows.len()).step_by(CHUNK);
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        starts.collect::<Vec<_>>().into_par_iter().for_each(put);
    }
    #[cfg(not(feature = "parallel"))]
    starts.for_each(put);
    let label = |label: AtomicU32| Some(label.into_inner()).filter(|label| *label != NONE);
    Clusters {
        labels: labels.into_iter().map(label).collect(),
        cores: core_rows.into_iter().map(AtomicBool::into_inner).collect(),
        count,
    }
}

/// The number of each component, in the order of the lowest row of each; [`NONE`] for what is none.
fn numbers(rows: &[u32], components: &[u32]) -> Vec<u32> {
    let last = components.iter().filter(|component| **component != NONE).max();
    let mut lowest = vec![NONE; last.map_or(0, |last| *last as usize + 1)];
    for (&row, &component) in rows.iter().zip(components) {
        if let Some(lowest) = lowest.get_mut(component as usize) {
            *lowest = row.min(*lowest);
        }
    }
    let mut order: Vec<(u32, u32)> =
        lowest.iter().copied().zip(0u32..).filter(|(lowest, _)| *lowest != NONE).collect();
    order.sort_unstable();
    let mut numbers = lowest;
    for ((_, component), number) in order.into_iter().zip(0u32..) {
        numbers[component as usize] = number;
    }
    numbers
}
