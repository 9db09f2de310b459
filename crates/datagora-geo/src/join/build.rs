//! How an index of zones is made.
use std::ops::Range;

use datagora_core::Crs;

use super::borders::{Border, Borders, Cutting, Split};
use super::classes::{Classes, EMPTY};
use super::cut::free_side;
use super::grid::{CROSSES_NORTH, CROSSES_SOUTH, EAST, Grid, NORTH};
use super::labels::{Labels, OPEN};
use super::slabs::Slabs;
use super::zones::ZoneIndex;
use crate::types::Coord;

/// Polygons taken in for an index.
#[derive(Default)]
pub(super) struct Build {
    slabs: Slabs,
    zone_of: Vec<u32>,
    /// The edges of each polygon.
    edges_of: Vec<Range<usize>>,
}

/// The edges of one polygon in one cell.
struct Piece {
    cell: u32,
    polygon: u32,
    /// Among the edges that pieces list.
    edges: Range<usize>,
    /// A side of the cell that none of them touches, and whether it is in the polygon.
    free: Option<(u8, bool)>,
}

/// Edges in a cell up to which they are tested one by one; with more, those of the point's band are tested.
const MOST_EDGES: usize = 12;

/// An edge in a cell as one number, in the order of cells: 26 bits for the cell, 32 for the edge, 6 for its flags.
const FLAG_BITS: u32 = 6;
const EDGE_BITS: u32 = 32;

impl Build {
    /// Takes a polygon in, by its zone and its edges.
    pub(super) fn push(&mut self, zone: u32, range: Range<usize>, edges: &[[Coord; 2]]) {
        self.slabs.push(&edges[range.clone()]);
        self.zone_of.push(zone);
        self.edges_of.push(range);
    }

    pub(super) fn finish(self, crs: Crs, rows: usize, edges: &[[Coord; 2]], points: usize) -> ZoneIndex {
        let Build { slabs, zone_of, edges_of } = self;
        let bounds = (0..slabs.len()).map(|polygon| slabs.bounds(polygon));
        let grid = Grid::new(bounds, edges.len(), points);
        let mut classes = Classes::default();
        let mut cells = vec![EMPTY; grid.cells()];
        let mut borders = Borders::over(grid.cells());

        let (mut pieces, mut listed) = (Vec::new(), Vec::new());
        let mut touches: Vec<u64> = Vec::new();
        for (polygon, range) in edges_of.into_iter().enumerate() {
            touches.clear();
            for edge in range {
                let [a, b] = edges[edge];
                grid.trace(a, b, |touch| {
                    let key = u64::from(touch.cell) << EDGE_BITS | edge as u64;
                    touches.push(key << FLAG_BITS | u64::from(touch.flags));
                });
            }
            touches.sort_unstable();
            let zone = zone_of[polygon];
            let whole = |cells: &mut [u32]| add_zone(cells, zone, &mut classes);
            sweep(&touches, polygon as u32, &mut cells, grid.width(), whole, &mut pieces, &mut listed);
        }
        pieces.iter().for_each(|piece| borders.mark(piece.cell));
        let settled = classes.len();
        settle(&mut borders, &pieces, &listed, edges, &zone_of, &mut cells, &mut classes);
        classes.finish();
        let labels = Labels::new(cells, settled);
        ZoneIndex { crs, rows, grid, labels, classes, borders, slabs, zone_of }
    }
}

/// Adds a zone to cells that are all in it.
fn add_zone(cells: &mut [u32], zone: u32, classes: &mut Classes) {
    for run in cells.chunk_by_mut(|a, b| a == b) {
        run.fill(classes.with(run[0], zone));
    }
}

/// Goes through the cells that a polygon's edges touch, row by row: makes a piece of each, and finds the cells between
/// them that are wholly in the polygon.
fn sweep(
    touches: &[u64],
    polygon: u32,
    cells: &mut [u32],
    width: usize,
    mut whole: impl FnMut(&mut [u32]),
    pieces: &mut Vec<Piece>,
    listed: &mut Vec<u32>,
) {
    let cell_of = |touch: &u64| (touch >> (EDGE_BITS + FLAG_BITS)) as usize;
    // Whether the lines at the south and at the north of the row are in the polygon, at the west of the next cell.
    let (mut row, mut next) = (usize::MAX, 0);
    let (mut south, mut north) = (false, false);
    for touches in touches.chunk_by(|a, b| cell_of(a) == cell_of(b)) {
        let cell = cell_of(&touches[0]);
        if cell / width != row {
            (row, south, north) = (cell / width, false, false);
        } else if south {
            whole(&mut cells[next..cell]);
        }
        next = cell + 1;
        let first = listed.len();
        let (mut flags, mut under, mut over) = (0, false, false);
        for touch in touches {
            let own = *touch as u8;
            flags |= own;
            under ^= own & CROSSES_SOUTH != 0;
            over ^= own & CROSSES_NORTH != 0;
            listed.push((touch >> FLAG_BITS) as u32);
        }
        let free = free_side(flags).filter(|_| touches.len() <= MOST_EDGES).map(|side| {
            // Where the side begins.
            let inside = match side {
                EAST => south != under,
                NORTH => north,
                _ => south,
            };
            (side, inside)
        });
        if free.is_none() {
            listed.truncate(first);
        }
        pieces.push(Piece { cell: cell as u32, polygon, edges: first..listed.len(), free });
        (south, north) = (south != under, north != over);
    }
}

/// Prepares the tests of the cells that pieces are in.
fn settle(
    borders: &mut Borders,
    pieces: &[Piece],
    listed: &[u32],
    edges: &[[Coord; 2]],
    zone_of: &[u32],
    cells: &mut [u32],
    classes: &mut Classes,
) {
    let cut = borders.number();
    let mut starts = vec![0u32; cut.len() + 1];
    pieces.iter().for_each(|piece| starts[borders.rank(piece.cell as usize) + 1] += 1);
    (1..starts.len()).for_each(|rank| starts[rank] += starts[rank - 1]);
    // Pieces by cell, those of a cell by polygon.
    let mut order = vec![0u32; pieces.len()];
    let mut place = starts.clone();
    for (index, piece) in (0u32..).zip(pieces) {
        let place = &mut place[borders.rank(piece.cell as usize)];
        order[*place as usize] = index;
        *place += 1;
    }
    let edges_of = |piece: &Piece| listed[piece.edges.clone()].iter().map(|&edge| edges[edge as usize]);
    for (rank, cell) in cut.into_iter().enumerate() {
        let base = std::mem::replace(&mut cells[cell as usize], OPEN);
        let here = &order[starts[rank] as usize..starts[rank + 1] as usize];
        let piece = |k: usize| &pieces[here[k] as usize];
        let one_chain = (1..here.len()).all(|k| same_edges(edges_of(piece(0)), edges_of(piece(k))));
        let split = piece(0).free.filter(|_| one_chain).map(|(side, _)| {
            let (mut even, mut odd) = (base, base);
            for k in 0..here.len() {
                let zone = zone_of[piece(k).polygon as usize];
                // The same edges leave the same sides free.
                let inside = piece(k).free.is_some_and(|(_, inside)| inside);
                let class = if inside { &mut even } else { &mut odd };
                *class = classes.with(*class, zone);
            }
            Split { cut: borders.cuts.push(edges_of(piece(0)), side), even, odd }
        });
        for k in 0..here.len() {
            let own = piece(k).free.filter(|_| split.is_none());
            let cut = own.map(|(side, inside)| (borders.cuts.push(edges_of(piece(k)), side), inside));
            borders.polygons.push(Cutting { polygon: piece(k).polygon, cut });
        }
        borders.cells.push(Border { base, split });
    }
    borders.starts = starts;
}

/// Whether the same edges are there, in whichever direction.
fn same_edges(
    a: impl ExactSizeIterator<Item = [Coord; 2]>,
    b: impl ExactSizeIterator<Item = [Coord; 2]> + Clone,
) -> bool {
    a.len() == b.len()
        && a.into_iter().all(|[from, to]| b.clone().any(|edge| edge == [from, to] || edge == [to, from]))
}
