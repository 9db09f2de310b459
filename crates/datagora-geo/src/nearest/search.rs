//! The search for the k nearest, whatever k is and whatever is searched.
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What was found: at which squared distance, and its row. Ordered by distance, then by row, which is the rule for ties.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Candidate {
    pub(crate) squared: f64,
    pub(crate) row: u32,
}

impl Eq for Candidate {}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.squared.total_cmp(&other.squared).then_with(|| self.row.cmp(&other.row))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// The best so far, and the boxes still to be opened. Kept from one query to the next for its memory.
#[derive(Debug, Default)]
pub(crate) struct Search {
    k: usize,
    /// The worst of the best on top.
    best: BinaryHeap<Candidate>,
    /// What is worse is not wanted.
    worst: Option<Candidate>,
    found: Vec<Candidate>,
    /// The least that a box may hold, its level and place.
    boxes: Vec<(Candidate, usize, usize)>,
}

impl Search {
    /// Begins with nothing found.
    pub(crate) fn start(&mut self, k: usize, most: f64) {
        self.k = k;
        self.best.clear();
        self.boxes.clear();
        self.worst = (k > 0).then_some(Candidate { squared: most, row: u32::MAX });
    }

    /// Whether it would be among the best.
    fn wants(&self, candidate: &Candidate) -> bool {
        self.worst.is_some_and(|worst| *candidate <= worst)
    }

    pub(crate) fn offer(&mut self, candidate: Candidate) {
        if !self.wants(&candidate) {
            return;
        }
        if self.best.len() == self.k {
            self.best.pop();
        }
        self.best.push(candidate);
        if self.best.len() == self.k {
            self.worst = self.best.peek().copied();
        }
    }

    /// Remembers a box, unless nothing in it can be wanted.
    pub(crate) fn open(&mut self, lowest: Candidate, level: usize, index: usize) {
        if self.wants(&lowest) {
            self.boxes.push((lowest, level, index));
        }
    }

    /// How many boxes are remembered.
    pub(crate) fn opened(&self) -> usize {
        self.boxes.len()
    }

    /// Has the boxes remembered since then come back nearest first.
    pub(crate) fn nearest_last(&mut self, since: usize) {
        self.boxes[since..].sort_unstable_by_key(|opened| Reverse(opened.0));
    }

    /// The box to look into now.
    pub(crate) fn next(&mut self) -> Option<(usize, usize)> {
        while let Some((lowest, level, index)) = self.boxes.pop() {
            if self.wants(&lowest) {
                return Some((level, index));
            }
        }
        None
    }

    /// What was found, best first.
    pub(crate) fn finish(&mut self) -> &[Candidate] {
        self.found.clear();
        self.found.extend(self.best.drain());
        self.found.sort_unstable();
        &self.found
    }
}
