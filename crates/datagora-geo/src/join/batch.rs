//! Many points at a time.
use super::classes::EMPTY;
use super::labels::CHUNK;
use super::zones::{Boundary, ZoneIndex};

/// What is found of a chunk of points.
pub(super) struct Found<'a> {
    /// Place of the first point.
    pub(super) first: usize,
    /// The class of each point; that of no zone for those that were tested.
    pub(super) classes: &'a [u32],
    /// Points that were tested, ascending, and the end of their zones.
    tested: &'a [(u32, usize)],
    zones: &'a [u32],
}

impl<'a> Found<'a> {
    /// The points that were tested, by their place in the chunk, and their zones, ascending.
    pub(super) fn tested(&self) -> impl Iterator<Item = (usize, &'a [u32])> + use<'a> {
        let Found { tested, zones, .. } = *self;
        tested.iter().enumerate().map(move |(k, (point, end))| {
            let start = if k == 0 { 0 } else { tested[k - 1].1 };
            (*point as usize, &zones[start..*end])
        })
    }
}

impl ZoneIndex {
    /// Finds the zones of points, chunk by chunk.
    pub(super) fn classify(
        &self,
        x: &[f64],
        y: &[f64],
        boundary: Boundary,
        mut found: impl FnMut(Found<'_>),
    ) {
        let (mut cells, mut classes, mut open) = ([0; CHUNK], [0; CHUNK], [0; CHUNK]);
        let (mut tested, mut zones, mut own) = (Vec::new(), Vec::new(), Vec::new());
        for (chunk, (x, y)) in x.chunks(CHUNK).zip(y.chunks(CHUNK)).enumerate() {
            let (cells, classes) = (&mut cells[..x.len()], &mut classes[..x.len()]);
            self.grid.find(x, y, cells);
            tested.clear();
            zones.clear();
            for &k in self.labels.look_up(cells, classes, &mut open) {
                let point = k as usize;
                let (x, y) = (x[point], y[point]);
                let class = self.class_on_border(cells[point] as usize, x, y, boundary);
                classes[point] = class.unwrap_or_else(|border| {
                    self.test(border, x, y, boundary, &mut own);
                    zones.extend_from_slice(&own);
                    tested.push((k, zones.len()));
                    EMPTY
                });
            }
            found(Found { first: chunk * CHUNK, classes, tested: &tested, zones: &zones });
        }
    }

    /// Number of points in each zone.
    pub(super) fn count(&self, x: &[f64], y: &[f64], boundary: Boundary) -> Vec<u64> {
        let classes = self.classes.len();
        // Several counters for each class: points one after the other are often in one class, and need not wait.
        let ways = if classes <= MOST_COUNTED_APART { 4 } else { 1 };
        let (mut by_class, mut by_zone) = (vec![0u64; classes * ways], vec![0u64; self.len()]);
        self.classify(x, y, boundary, |found| {
            for (k, class) in found.classes.iter().enumerate() {
                by_class[*class as usize * ways + k % ways] += 1;
            }
            found.tested().flat_map(|(_, zones)| zones).for_each(|zone| by_zone[*zone as usize] += 1);
        });
        let by_class = by_class.chunks(ways).map(|counts| counts.iter().sum()).collect();
        self.classes.spread(by_class, &mut by_zone, |sum, count: u64| *sum += count);
        by_zone
    }

    /// The first zone of each point.
    pub(super) fn locate_each(&self, x: &[f64], y: &[f64], boundary: Boundary, located: &mut [u32]) {
        let first_of = self.classes.first();
        self.classify(x, y, boundary, |found| {
            let located = &mut located[found.first..];
            for (zone, class) in located.iter_mut().zip(found.classes) {
                *zone = first_of[*class as usize];
            }
            for (point, zones) in found.tested() {
                if let Some(zone) = zones.first() {
                    located[point] = *zone;
                }
            }
        });
    }

    /// Puts each point, numbered from `first`, and each zone that holds it at the end of two lists.
    pub(super) fn pair_each(
        &self,
        (x, y): (&[f64], &[f64]),
        first: usize,
        boundary: Boundary,
        (points, zones): (&mut Vec<u32>, &mut Vec<u32>),
    ) {
        let mut members = Vec::new();
        self.classify(x, y, boundary, |found| {
            let mut tested = found.tested().peekable();
            for (k, &class) in found.classes.iter().enumerate() {
                let held = match tested.next_if(|(point, _)| *point == k) {
                    Some((_, zones)) => zones,
                    None => {
                        members.clear();
                        members.extend(self.classes.members(class));
                        members.sort_unstable();
                        &members
                    }
                };
                zones.extend_from_slice(held);
                points.resize(zones.len(), (first + found.first + k) as u32);
            }
        });
    }
}

/// Classes up to which several counters of each are in the nearest memory.
const MOST_COUNTED_APART: usize = 1024;
