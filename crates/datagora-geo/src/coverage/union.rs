//! The area of the union of several polygons within one cell.
use super::edges::Spot;

/// A piece of an edge within the cell, from its north-west corner, y southward.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) high: Spot,
    pub(super) low: Spot,
    /// What it adds to the winding number of its polygon east of it.
    pub(super) winding: i32,
    /// Whether the ring runs from `high` to `low`.
    pub(super) downward: bool,
    /// Number of the polygon among those of the cell.
    pub(super) polygon: u32,
}

/// Room for the sweep over a cell.
#[derive(Clone, Debug, Default)]
pub(super) struct CellUnion {
    /// By polygon: winding number at the north-west corner.
    corners: Vec<i32>,
    /// Where the winding number along the west side changes: y, polygon, by how much.
    steps: Vec<(f64, u32, i32)>,
    /// Heights of vertices and crossings.
    levels: Vec<f64>,
    /// Pieces of a strip: x in the middle of it, polygon, winding.
    active: Vec<(f64, u32, i32)>,
    windings: Vec<i32>,
}

impl CellUnion {
    /// The share of the cell that at least one of the polygons covers, each by the even–odd rule.
    ///
    /// `west` holds the mean winding number of each polygon along the west side of the cell.
    ///
    /// Between two heights at which pieces begin, end or cross, their order from west to east does not change: each strip
    /// is a row of trapezoids, whose area is their width in the middle times the height. A crossing missed by
    /// rounding moves the area by no more than that rounding.
    pub(super) fn area(&mut self, pieces: &[Piece], west: &[f64]) -> f64 {
        self.west_side(pieces, west);
        self.levels.clear();
        self.levels.extend([0.0, 1.0]);
        for (number, a) in pieces.iter().enumerate() {
            self.levels.extend([a.high.y, a.low.y]);
            self.levels.extend(pieces[number + 1..].iter().filter_map(|b| crossing(a, b)));
        }
        self.levels.sort_unstable_by(f64::total_cmp);
        let mut area = 0.0;
        for strip in 1..self.levels.len() {
            let (top, bottom) = (self.levels[strip - 1], self.levels[strip]);
            if bottom > top {
                area += (bottom - top) * self.width(pieces, top, bottom);
            }
        }
        area.clamp(0.0, 1.0)
    }

    /// The winding number of each polygon along the west side: its changes follow from the pieces that begin or end
    /// there, its value at the corner from its mean, which rounding cannot move by a half.
    fn west_side(&mut self, pieces: &[Piece], west: &[f64]) {
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
        self.corners.clear();
        for (polygon, mean) in west.iter().enumerate() {
            let steps = self.steps.iter().filter(|step| step.1 as usize == polygon);
            let below: f64 = steps.map(|step| f64::from(step.2) * (1.0 - step.0)).sum();
            self.corners.push((mean - below).round() as i32);
        }
    }

    /// How much of a line from west to east through the middle of a strip is covered.
    fn width(&mut self, pieces: &[Piece], top: f64, bottom: f64) -> f64 {
        let middle = 0.5 * (top + bottom);
        self.windings.clear();
        self.windings.extend(&self.corners);
        for step in self.steps.iter().filter(|step| step.0 < middle) {
            self.windings[step.1 as usize] += step.2;
        }
        self.active.clear();
        for piece in pieces.iter().filter(|piece| piece.high.y <= top && piece.low.y >= bottom) {
            self.active.push((x_at(piece, middle), piece.polygon, piece.winding));
        }
        self.active.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let mut inside = self.windings.iter().filter(|winding| *winding % 2 != 0).count();
        let (mut width, mut from) = (0.0, 0.0);
        for &(x, polygon, winding) in &self.active {
            if inside > 0 {
                width += x - from;
            }
            from = x;
            let count = &mut self.windings[polygon as usize];
            let before = *count % 2 != 0;
            *count += winding;
            match (before, *count % 2 != 0) {
                (false, true) => inside += 1,
                (true, false) => inside -= 1,
                _ => {}
            }
        }
        if inside > 0 {
            width += 1.0 - from;
        }
        width
    }
}

/// Where a piece is at a height that it has.
fn x_at(piece: &Piece, y: f64) -> f64 {
    let (high, low) = (piece.high, piece.low);
    let share = (y - high.y) / (low.y - high.y);
    high.x + share * (low.x - high.x)
}

/// The height at which two pieces change sides, if they do between the heights that both have.
fn crossing(a: &Piece, b: &Piece) -> Option<f64> {
    let (top, bottom) = (a.high.y.max(b.high.y), a.low.y.min(b.low.y));
    if bottom <= top {
        return None;
    }
    let (above, below) = (x_at(a, top) - x_at(b, top), x_at(a, bottom) - x_at(b, bottom));
    // Those that meet at an end only do not change sides.
    if !((above < 0.0 && below > 0.0) || (above > 0.0 && below < 0.0)) {
        return None;
    }
    Some(top + (bottom - top) * (above / (above - below)))
}
