//! Many points at a time.
use super::classes::EMPTY;
use super::labels::CHUNK;
use super::zones::{Boundary, ZoneIndex};

/// What is noted of the points of a chunk.
pub(super) struct Chunk {
    cells: [u32; CHUNK],
    classes: [u32; CHUNK],
    open: [u32; CHUNK],
    /// Points of which more must be tested, with the number of the border.
    hard: Vec<(u32, u32)>,
    zones: Vec<u32>,
}

impl Chunk {
    pub(super) fn new() -> Self {
        let nothing = [0; CHUNK];
        Chunk { cells: nothing, classes: nothing, open: nothing, hard: Vec::new(), zones: Vec::new() }
    }
}

impl ZoneIndex {
    /// Finds the zones of points, chunk by chunk. Calls `settled` with the place of the first point of a chunk and the
    /// class of each, which is that of no zone for those with which `tested` is called then: the place of a point, and
    /// its zones.
    pub(super) fn classify<S>(
        &self,
        x: &[f64],
        y: &[f64],
        boundary: Boundary,
        state: &mut S,
        mut settled: impl FnMut(&mut S, usize, &[u32]),
        mut tested: impl FnMut(&mut S, usize, &[u32]),
    ) {
        let Chunk { mut cells, mut classes, mut open, mut hard, mut zones } = Chunk::new();
        for (chunk, (x, y)) in x.chunks(CHUNK).zip(y.chunks(CHUNK)).enumerate() {
            let first = chunk * CHUNK;
            let (cells, classes) = (&mut cells[..x.len()], &mut classes[..x.len()]);
            self.grid.find(x, y, cells);
            hard.clear();
            for &k in self.labels.look_up(cells, classes, &mut open) {
                let point = k as usize;
                let class = self.class_on_border(cells[point] as usize, x[point], y[point], boundary);
                classes[point] = class.unwrap_or_else(|border| {
                    hard.push((k, border as u32));
                    EMPTY
                });
            }
            settled(state, first, classes);
            for &(k, border) in &hard {
                let point = k as usize;
                self.test(border as usize, x[point], y[point], boundary, &mut zones);
                tested(state, first + point, &zones);
            }
        }
    }

    /// Number of points in each zone.
    pub(super) fn count(&self, x: &[f64], y: &[f64], boundary: Boundary) -> Vec<u64> {
        let classes = self.classes.len();
        // Several counters for each class: points one after the other are often in one class, and need not wait.
        let ways = if classes <= MOST_COUNTED_APART { 4 } else { 1 };
        let mut counts = (vec![0u64; classes * ways], vec![0u64; self.len()]);
        self.classify(
            x,
            y,
            boundary,
            &mut counts,
            |(by_class, _), _, classes| {
                for (k, class) in classes.iter().enumerate() {
                    by_class[*class as usize * ways + k % ways] += 1;
                }
            },
            |(_, by_zone), _, zones| zones.iter().for_each(|zone| by_zone[*zone as usize] += 1),
        );
        let (by_class, mut by_zone) = counts;
        let by_class = by_class.chunks(ways).map(|counts| counts.iter().sum()).collect();
        self.classes.spread(by_class, &mut by_zone, |sum, count: u64| *sum += count);
        by_zone
    }

    /// The first zone of each point.
    pub(super) fn locate_each(&self, x: &[f64], y: &[f64], boundary: Boundary, located: &mut [u32]) {
        let first_of = self.classes.first();
        self.classify(
            x,
            y,
            boundary,
            &mut &mut *located,
            |located, first, classes| {
                for (zone, class) in located[first..].iter_mut().zip(classes) {
                    *zone = first_of[*class as usize];
                }
            },
            |located, point, zones| {
                if let Some(zone) = zones.first() {
                    located[point] = *zone;
                }
            },
        );
    }
}

/// Classes up to which several counters of each are in the nearest memory.
const MOST_COUNTED_APART: usize = 1024;
