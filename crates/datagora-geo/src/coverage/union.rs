//! The area of the union of several polygons within one cell.
use super::edges::{Extent, Sink, Spot};

/// A piece of an edge within the cell, from its north-west corner, y southward.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    high: Spot,
    low: Spot,
    /// What it adds to the winding number of its polygon east of it.
    winding: i32,
    /// Whether the ring runs from `high` to `low`.
    downward: bool,
    /// Number of the polygon among those of the cell.
    pub(super) polygon: u32,
}

impl Piece {
    /// A piece in the cell at this column and row, of a ring that adds `factor` where it runs downward.
    pub(super) fn new([column, row]: [usize; 2], high: Spot, low: Spot, downward: bool, factor: i32) -> Self {
        let local = |spot: Spot| Spot { x: spot.x - column as f64, y: spot.y - row as f64 };
        let winding = if downward { factor } else { -factor };
        Piece { high: local(high), low: local(low), winding, downward, polygon: 0 }
    }

    /// The same of another polygon.
    pub(super) fn of(self, polygon: u32) -> Self {
        Piece { polygon, ..self }
    }

    /// What it adds to the mean winding number along the sides east of it.
    pub(super) fn turn(&self) -> f64 {
        f64::from(self.winding) * (self.low.y - self.high.y)
    }

    /// Where it is at a height that it has.
    fn x_at(&self, y: f64) -> f64 {
        let share = (y - self.high.y) / (self.low.y - self.high.y);
        self.high.x + share * (self.low.x - self.high.x)
    }

    /// The height at which two pieces change sides, if they do between the heights that both have.
    fn crossing(&self, other: &Self) -> Option<f64> {
        let (top, bottom) = (self.high.y.max(other.high.y), self.low.y.min(other.low.y));
        let beside = self.high.x.max(self.low.x) < other.high.x.min(other.low.x)
            || other.high.x.max(other.low.x) < self.high.x.min(self.low.x);
        if bottom <= top || beside {
            return None;
        }
        let (above, below) = (self.x_at(top) - other.x_at(top), self.x_at(bottom) - other.x_at(bottom));
        // Those that meet at an end only do not change sides.
        if !((above < 0.0 && below > 0.0) || (above > 0.0 && below < 0.0)) {
            return None;
        }
        Some(top + (bottom - top) * (above / (above - below)))
    }
}

/// Room for the sweep over a cell.
#[derive(Clone, Debug, Default)]
pub(super) struct CellUnion {
    /// By polygon: mean winding number along the west side of the slab.
    west: Vec<f64>,
    /// By polygon: the same in the north-west corner of the slab.
    corners: Vec<f64>,
    /// By polygon: the winding number where the sweep is; 0 for those without pieces in the slab.
    windings: Vec<i32>,
    /// Pieces by slab.
    slabs: Vec<(u32, Piece)>,
    here: Vec<Piece>,
    /// Polygons with pieces in the slab.
    members: Vec<u32>,
    /// Where the winding number along the west side changes: y, polygon, by how much.
    steps: Vec<(f64, u32, i32)>,
    /// Heights of vertices and crossings.
    levels: Vec<f64>,
    /// Pieces of a strip, numbered in the slab, with their x in the middle of it.
    active: Vec<(f64, u32)>,
}

/// Pieces of a slab, if they lie side by side.
const SLAB: usize = 48;
/// Most slabs of a cell.
const MOST_SLABS: usize = 1 << 20;

impl CellUnion {
    /// The share of the cell that at least one of the polygons covers, each by the even–odd rule.
    ///
    /// `west` holds the mean winding number of each polygon along the west side of the cell.
    ///
    /// Between two heights at which pieces begin, end or cross, their order from west to east does not change: each strip
    /// is a row of trapezoids, whose area is their width in the middle times the height. A crossing missed by
    /// rounding moves the area by no more than that rounding. A cell of many pieces is taken in slabs from west to east.
    pub(super) fn area(&mut self, pieces: &[Piece], west: &[f64]) -> f64 {
        self.west.clear();
        self.west.extend(west);
        self.windings.clear();
        self.windings.resize(west.len(), 0);
        self.corners.resize(west.len(), 0.0);
        let columns = (pieces.len() / SLAB + 1).min(MOST_SLABS);
        let mut here = std::mem::take(&mut self.here);
        let area = if columns == 1 {
            here.clear();
            here.extend(pieces);
            self.members.clear();
            self.members.extend(0..west.len() as u32);
            self.slab(&mut here, 0)
        } else {
            self.by_slabs(pieces, columns, &mut here)
        };
        self.here = here;
        area.clamp(0.0, 1.0)
    }

    fn by_slabs(&mut self, pieces: &[Piece], columns: usize, here: &mut Vec<Piece>) -> f64 {
        let mut slabs = std::mem::take(&mut self.slabs);
        slabs.clear();
        let extent = Extent { columns, top: 0, bottom: 1 };
        let scaled = |spot: Spot| Spot { x: spot.x * columns as f64, ..spot };
        for &piece in pieces {
            let (high, low) = (scaled(piece.high), scaled(piece.low));
            extent.across(0, high, low, piece.downward, &mut Slabs { slabs: &mut slabs, piece });
        }
        // Stable, so that sums have one order.
        slabs.sort_by_key(|(column, _)| *column);
        let mut covering = self.west.iter().filter(|&&mean| is_odd(mean)).count();
        let (mut area, mut since) = (0.0, 0);
        for slab in slabs.chunk_by(|a, b| a.0 == b.0) {
            if covering > 0 {
                area += f64::from(slab[0].0 - since);
            }
            since = slab[0].0 + 1;
            here.clear();
            here.extend(slab.iter().map(|(_, piece)| piece));
            self.members.clear();
            self.members.extend(here.iter().map(|piece| piece.polygon));
            self.members.sort_unstable();
            self.members.dedup();
            let others = covering - self.covering_members();
            area += self.slab(here, others);
            for (_, piece) in slab {
                self.west[piece.polygon as usize] += piece.turn();
            }
            covering = others + self.covering_members();
        }
        if covering > 0 {
            area += f64::from(columns as u32 - since);
        }
        self.slabs = slabs;
        area / columns as f64
    }

    /// How many polygons with pieces in the slab cover the ground west of it.
    fn covering_members(&self) -> usize {
        self.members.iter().filter(|&&member| is_odd(self.west[member as usize])).count()
    }

    /// The share of a slab of width 1 that is covered; `others` polygons without pieces in it cover it whole.
    fn slab(&mut self, pieces: &mut Vec<Piece>, others: usize) -> f64 {
        self.find_west_side(pieces);
        // Those without height cross nothing.
        pieces.retain(|piece| piece.low.y > piece.high.y);
        pieces.sort_unstable_by(|a, b| a.high.y.total_cmp(&b.high.y));
        self.find_levels(pieces);
        let odd = self.members.iter().filter(|&&member| self.windings[member as usize] % 2 != 0).count();
        let mut covering = others + odd;
        self.active.clear();
        let (mut area, mut next_piece, mut next_step) = (0.0, 0, 0);
        for strip in 1..self.levels.len() {
            let (top, bottom) = (self.levels[strip - 1], self.levels[strip]);
            let middle = 0.5 * (top + bottom);
            while let Some(&(_, polygon, by)) = self.steps.get(next_step).filter(|step| step.0 < middle) {
                turn(&mut self.windings[polygon as usize], by, &mut covering);
                next_step += 1;
            }
            self.active.retain(|&(_, number)| pieces[number as usize].low.y >= bottom);
            while pieces.get(next_piece).is_some_and(|piece| piece.high.y <= top) {
                self.active.push((0.0, next_piece as u32));
                next_piece += 1;
            }
            for (x, number) in &mut self.active {
                *x = pieces[*number as usize].x_at(middle);
            }
            // Those of the strip above are in order, or nearly so.
            self.active.sort_by(|a, b| a.0.total_cmp(&b.0));
            area += (bottom - top) * self.width(pieces, covering);
        }
        for &member in &self.members {
            self.windings[member as usize] = 0;
        }
        area
    }

    /// The winding number of each polygon in the north-west corner, and its changes along the west side: these follow
    /// from the pieces that begin or end there, the number in the corner from its mean, which rounding cannot move by a
    /// half.
    fn find_west_side(&mut self, pieces: &[Piece]) {
        self.steps.clear();
        for piece in pieces {
            // What a piece takes over from the west of the side it adds in the cell.
            let forward = if piece.downward { piece.winding } else { -piece.winding };
            let (start, end) = if piece.downward { (piece.high, piece.low) } else { (piece.low, piece.high) };
            if start.x <= 0.0 {
                self.steps.push((start.y, piece.polygon, -forward));
            }
            if end.x <= 0.0 {
                self.steps.push((end.y, piece.polygon, forward));
            }
        }
        self.steps.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        for &member in &self.members {
            self.corners[member as usize] = self.west[member as usize];
        }
        for &(y, polygon, by) in &self.steps {
            self.corners[polygon as usize] -= f64::from(by) * (1.0 - y);
        }
        for &member in &self.members {
            self.windings[member as usize] = self.corners[member as usize].round() as i32;
        }
    }

    /// The heights between which the order of pieces does not change.
    fn find_levels(&mut self, pieces: &[Piece]) {
        self.levels.clear();
        self.levels.extend([0.0, 1.0]);
        self.levels.extend(self.steps.iter().map(|step| step.0));
        self.active.clear();
        for (number, piece) in pieces.iter().enumerate() {
            self.levels.extend([piece.high.y, piece.low.y]);
            self.active.retain(|&(_, other)| pieces[other as usize].low.y > piece.high.y);
            let others = self.active.iter().map(|&(_, other)| &pieces[other as usize]);
            self.levels.extend(others.filter_map(|other| piece.crossing(other)));
            self.active.push((0.0, number as u32));
        }
        self.levels.sort_unstable_by(f64::total_cmp);
        self.levels.dedup();
    }

    /// How much of a line from west to east through the middle of a strip is covered.
    fn width(&mut self, pieces: &[Piece], mut covering: usize) -> f64 {
        let (mut width, mut from) = (0.0, 0.0);
        for &(x, number) in &self.active {
            if covering > 0 {
                width += x - from;
            }
            from = x;
            let Piece { polygon, winding, .. } = pieces[number as usize];
            turn(&mut self.windings[polygon as usize], winding, &mut covering);
        }
        if covering > 0 {
            width += 1.0 - from;
        }
        for &(_, number) in &self.active {
            let Piece { polygon, winding, .. } = pieces[number as usize];
            self.windings[polygon as usize] -= winding;
        }
        width
    }
}

/// Whether a mean winding number, whole but for rounding, is of ground that is covered.
fn is_odd(mean: f64) -> bool {
    mean.round() % 2.0 != 0.0
}

/// Changes a winding number, and with it how many polygons cover.
fn turn(winding: &mut i32, by: i32, covering: &mut usize) {
    let before = *winding % 2 != 0;
    *winding += by;
    match (before, *winding % 2 != 0) {
        (false, true) => *covering += 1,
        (true, false) => *covering -= 1,
        _ => {}
    }
}

/// Sorts what a piece is cut into by slab.
struct Slabs<'s> {
    slabs: &'s mut Vec<(u32, Piece)>,
    piece: Piece,
}

impl Sink for Slabs<'_> {
    const LEVEL: bool = true;

    fn ring(&mut self, _: f64) {}

    fn piece(&mut self, column: usize, _: usize, high: Spot, low: Spot, _: bool) {
        let local = |spot: Spot| Spot { x: spot.x - column as f64, ..spot };
        self.slabs.push((column as u32, Piece { high: local(high), low: local(low), ..self.piece }));
    }
}
