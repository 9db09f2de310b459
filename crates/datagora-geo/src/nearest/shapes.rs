//! Geometries of any kind, packed for finding the nearest.
use std::collections::BinaryHeap;

use super::search::Candidate;
use crate::distance::{Runs, least_squared_gap, surfaces};
use crate::index::Node;
use crate::types::Coord;
use crate::{Boundary, GeometryColumn, PackedIndex, ZoneIndex};

/// Runs of segments in a packed index, and the surfaces in an index of zones: a long line or large polygon is many small
/// rectangles, and a point in a polygon is found without its edges.
#[derive(Debug)]
pub(crate) struct PackedShapes {
    runs: Runs,
    index: PackedIndex,
    zones: Option<ZoneIndex>,
    /// Rows, missing and empty ones included.
    rows: usize,
    /// Rows that can be found.
    present: usize,
}

/// One geometry asked from.
#[derive(Debug, Default)]
pub(crate) struct ShapeQuery {
    pub(crate) runs: Runs,
    /// Rows that the geometry covers a piece of, ascending; the lowest that can be wanted are enough.
    pub(crate) covered: Vec<u32>,
    /// A row that is not wanted.
    pub(crate) own: Option<u32>,
}

/// The best rows so far, and the boxes still to be opened. Kept from one query to the next for its memory.
#[derive(Debug)]
pub(crate) struct ShapeSearch {
    k: usize,
    most: f64,
    /// Ascending.
    found: Vec<Candidate>,
    /// Squared distance of each row that is found, NaN for the others.
    squared: Vec<f64>,
    boxes: BinaryHeap<Opened>,
    /// All rows within reach, if that is what is asked.
    rows: Vec<u32>,
    open: Vec<Node>,
}

/// A box that waits, the nearest on top of the heap.
#[derive(Debug)]
struct Opened {
    gap: f64,
    node: Node,
}

impl PartialEq for Opened {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Opened {}

impl PartialOrd for Opened {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Opened {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        other.gap.total_cmp(&self.gap)
    }
}

impl PackedShapes {
    pub(crate) fn new(column: &GeometryColumn) -> Self {
        Self::packed(Runs::of(column), surfaces(column), column.len())
    }

    /// Points, in the order of their rows.
    pub(crate) fn of_points(points: impl IntoIterator<Item = (u32, Coord)>, rows: usize) -> Self {
        Self::packed(Runs::of_points(points), None, rows)
    }

    fn packed(runs: Runs, zones: Option<ZoneIndex>, rows: usize) -> Self {
        let index = PackedIndex::of_bounds(runs.runs().iter().map(|run| run.bounds));
        let present = runs.runs().chunk_by(|a, b| a.row == b.row).count();
        PackedShapes { runs, index, zones, rows, present }
    }

    /// Number of rows that can be found.
    pub(crate) fn len(&self) -> usize {
        self.present
    }

    /// For each surface of another column, the `most` lowest rows of which it covers a piece.
    pub(crate) fn covered_by(&self, surfaces: &ZoneIndex, most: usize) -> Vec<Vec<u32>> {
        let mut covered: Vec<Vec<u32>> = vec![Vec::new(); surfaces.len()];
        for anchor in self.runs.anchors() {
            for zone in surfaces.locate_all(anchor.at.x, anchor.at.y, Boundary::Covers) {
                let rows = &mut covered[zone as usize];
                if rows.len() < most && rows.last() != Some(&anchor.row) {
                    rows.push(anchor.row);
                }
            }
        }
        covered
    }

    /// Room for searches among these geometries.
    pub(crate) fn search(&self) -> ShapeSearch {
        ShapeSearch {
            k: 0,
            most: 0.0,
            found: Vec::new(),
            squared: vec![f64::NAN; self.rows],
            boxes: BinaryHeap::new(),
            rows: Vec::new(),
            open: Vec::new(),
        }
    }

    /// The `k` rows nearest to a geometry at a squared distance of at most `most`: by distance, then by row.
    pub(crate) fn nearest<'a>(
        &self,
        query: &ShapeQuery,
        k: usize,
        most: f64,
        search: &'a mut ShapeSearch,
    ) -> &'a [Candidate] {
        search.start(k, most);
        for &row in &query.covered {
            search.offer(Candidate { squared: 0.0, row }, query.own);
        }
        for anchor in query.runs.anchors() {
            let zones = self.zones.iter();
            for row in zones.flat_map(|zones| zones.locate_all(anchor.at.x, anchor.at.y, Boundary::Covers)) {
                search.offer(Candidate { squared: 0.0, row }, query.own);
            }
        }
        let around = query.runs.bounds();
        let gap_to = |node| least_squared_gap(&around, self.index.node_bounds(node));
        if let Some(root) = self.index.root().filter(|_| !around.is_empty()) {
            search.boxes.push(Opened { gap: gap_to(root), node: root });
        }
        while let Some(Opened { gap, node }) = search.boxes.pop() {
            if !search.wants(&Candidate { squared: gap, row: 0 }) {
                break;
            }
            if let Some(run) = self.index.row(node) {
                let run = &self.runs.runs()[run as usize];
                let known = search.squared[run.row as usize];
                if Some(run.row) == query.own
                    || known <= gap
                    || !search.wants(&Candidate { squared: gap, row: run.row })
                {
                    continue;
                }
                // Farther than the worst is as good as infinitely far, and an equal distance must be known.
                let enough = search.worst().next_up();
                let enough = if known.is_nan() { enough } else { known };
                let squared = query.runs.squared_to(&self.runs, run, enough);
                if squared < enough || enough == f64::INFINITY {
                    search.offer(Candidate { squared, row: run.row }, query.own);
                }
                continue;
            }
            for child in self.index.children(node) {
                let gap = gap_to(child);
                if search.wants(&Candidate { squared: gap, row: 0 }) {
                    search.boxes.push(Opened { gap, node: child });
                }
            }
        }
        &search.found
    }

    /// The rows at a squared distance of at most `most` of a geometry, ascending.
    pub(crate) fn within<'a>(&self, query: &ShapeQuery, most: f64, search: &'a mut ShapeSearch) -> &'a [u32] {
        search.start(0, most);
        search.rows.clear();
        query.covered.iter().for_each(|row| search.mark(*row));
        for anchor in query.runs.anchors() {
            let zones = self.zones.iter();
            let covering =
                zones.flat_map(|zones| zones.locate_all(anchor.at.x, anchor.at.y, Boundary::Covers));
            covering.for_each(|row| search.mark(row));
        }
        let around = query.runs.bounds();
        search.open.extend(self.index.root());
        while let Some(node) = search.open.pop() {
            if least_squared_gap(&around, self.index.node_bounds(node)) > most {
                continue;
            }
            let Some(run) = self.index.row(node) else {
                search.open.extend(self.index.children(node));
                continue;
            };
            let run = &self.runs.runs()[run as usize];
            if search.squared[run.row as usize].is_nan()
                && query.runs.squared_to(&self.runs, run, most.next_up()) <= most
            {
                search.mark(run.row);
            }
        }
        search.rows.sort_unstable();
        search.rows.iter().for_each(|row| search.squared[*row as usize] = f64::NAN);
        &search.rows
    }
}

impl ShapeSearch {
    fn start(&mut self, k: usize, most: f64) {
        (self.k, self.most) = (k, most);
        for found in self.found.drain(..) {
            self.squared[found.row as usize] = f64::NAN;
        }
        self.boxes.clear();
    }

    /// Finds a row that may have been found before.
    fn mark(&mut self, row: u32) {
        if self.squared[row as usize].is_nan() {
            self.squared[row as usize] = 0.0;
            self.rows.push(row);
        }
    }

    /// The squared distance beyond which nothing is wanted.
    fn worst(&self) -> f64 {
        if self.found.len() < self.k {
            self.most
        } else {
            self.found.last().map_or(-1.0, |worst| worst.squared)
        }
    }

    fn wants(&self, candidate: &Candidate) -> bool {
        if self.found.len() < self.k {
            candidate.squared <= self.most
        } else {
            self.found.last().is_some_and(|worst| candidate < worst)
        }
    }

    fn offer(&mut self, candidate: Candidate, own: Option<u32>) {
        let row = candidate.row as usize;
        if Some(candidate.row) == own || self.squared[row] <= candidate.squared {
            return;
        }
        if !self.squared[row].is_nan() {
            // Nearer than was known.
            let known = Candidate { squared: self.squared[row], row: candidate.row };
            if let Ok(place) = self.found.binary_search(&known) {
                self.found.remove(place);
                self.squared[row] = f64::NAN;
            }
        }
        if !self.wants(&candidate) {
            return;
        }
        if self.found.len() == self.k
            && let Some(worst) = self.found.pop()
        {
            self.squared[worst.row as usize] = f64::NAN;
        }
        let place = self.found.partition_point(|found| *found < candidate);
        self.found.insert(place, candidate);
        self.squared[row] = candidate.squared;
    }
}
