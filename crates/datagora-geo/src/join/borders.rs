//! The cells that borders cut, and what is tested in them.
use super::classes::EMPTY;
use super::cut::{Cut, Cuts};
use super::zones::{Boundary, ZoneIndex};

/// The cells that borders cut, in the order of the cells.
#[derive(Debug, Default)]
pub(super) struct Borders {
    /// A bit per cell: whether a border cuts it.
    bits: Vec<u64>,
    /// Number of bits before each word.
    ranks: Vec<u32>,
    pub(super) cells: Vec<Border>,
    /// First polygon of each of these cells in `polygons`, and the end.
    pub(super) starts: Vec<u32>,
    pub(super) polygons: Vec<Cutting>,
    pub(super) cuts: Cuts,
}

/// A cell that a border cuts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Border {
    /// The zones that hold all of it.
    pub(super) base: u32,
    pub(super) split: Option<Split>,
}

/// A cell that one chain of edges, which may be the border of several zones, cuts in two.
#[derive(Clone, Copy, Debug)]
pub(super) struct Split {
    pub(super) cut: Cut,
    /// The zones that hold a point whose way to the free side crosses no edge, or two, or one.
    pub(super) even: u32,
    pub(super) odd: u32,
}

/// A polygon whose boundary cuts a cell.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cutting {
    pub(super) polygon: u32,
    /// Its own edges in the cell, and whether the free side is in it.
    pub(super) cut: Option<(Cut, bool)>,
}

impl Borders {
    /// Borders without any cell cut yet.
    pub(super) fn over(cells: usize) -> Self {
        Borders { bits: vec![0; cells.div_ceil(64)], ..Borders::default() }
    }

    /// Notes that a border cuts a cell.
    pub(super) fn mark(&mut self, cell: u32) {
        self.bits[cell as usize / 64] |= 1 << (cell % 64);
    }

    /// Numbers the cells marked, and gives them in order.
    pub(super) fn number(&mut self) -> Vec<u32> {
        let mut cells = Vec::new();
        for (word, bits) in (0u32..).zip(&self.bits) {
            self.ranks.push(cells.len() as u32);
            let mut left = *bits;
            while left != 0 {
                cells.push(word * 64 + left.trailing_zeros());
                left &= left - 1;
            }
        }
        cells
    }

    /// The number of a cell marked.
    pub(super) fn rank(&self, cell: usize) -> usize {
        let before = self.bits[cell / 64] & ((1 << (cell % 64)) - 1);
        self.ranks[cell / 64] as usize + before.count_ones() as usize
    }
}

impl ZoneIndex {
    /// The class of a point in a cell that a border cuts, or the number of the border if a full test is needed.
    #[inline]
    pub(super) fn class_on_border(
        &self,
        cell: usize,
        x: f64,
        y: f64,
        boundary: Boundary,
    ) -> Result<u32, usize> {
        let rank = self.borders.rank(cell);
        let bounds = &self.grid.bounds;
        if !(x >= bounds.min_x && x <= bounds.max_x && y >= bounds.min_y && y <= bounds.max_y) {
            return Ok(EMPTY);
        }
        let Some(split) = &self.borders.cells[rank].split else { return Err(rank) };
        let odd = self.borders.cuts.crosses_odd(split.cut, x, y, boundary != Boundary::HalfOpen);
        odd.map(|odd| if odd { split.odd } else { split.even }).ok_or(rank)
    }

    /// Puts the zones that hold a point of a border's cell in the place of `zones`, ascending.
    pub(super) fn test(&self, border: usize, x: f64, y: f64, boundary: Boundary, zones: &mut Vec<u32>) {
        zones.clear();
        zones.extend(self.classes.members(self.borders.cells[border].base));
        let cutting = self.borders.starts[border] as usize..self.borders.starts[border + 1] as usize;
        for Cutting { polygon, cut } in &self.borders.polygons[cutting] {
            let polygon = *polygon as usize;
            let quick = cut.and_then(|(cut, free)| {
                let odd = self.borders.cuts.crosses_odd(cut, x, y, boundary != Boundary::HalfOpen)?;
                Some(odd != free)
            });
            let held = quick.unwrap_or_else(|| self.slabs.position(polygon, x, y).is_held(boundary));
            if held {
                zones.push(self.zone_of[polygon]);
            }
        }
        zones.sort_unstable();
        zones.dedup();
    }
}
