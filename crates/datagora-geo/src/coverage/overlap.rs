//! What a layer covers of a band: overlaps dissolved or summed.
use std::ops::Range;

use super::accumulate::{Accumulator, Stretch};
use super::edges::{Sink, Spot};
use super::tangle::Tangle;
use super::union::{CellUnion, Piece};
use super::units::Unit;
use crate::Grid;

/// What a thread works with.
#[derive(Debug, Default)]
pub(super) struct Room {
    cutter: Cutter,
    /// By cell: who covers it, see `NOBODY` and the others.
    owners: Vec<u32>,
    /// Which polygon reaches into which cell, of those that do not cover it whole.
    reaches: Vec<(u32, u32)>,
    /// Cells where polygons may overlap.
    contested: Vec<u32>,
    gathered: Gathered,
}

/// Takes polygons apart.
#[derive(Debug, Default)]
struct Cutter {
    accumulator: Accumulator,
    tangle: Tangle,
    union: CellUnion,
}

/// No polygon reaches into the cell.
const NOBODY: u32 = u32::MAX;
/// One polygon covers all of it.
const WHOLE: u32 = u32::MAX - 1;
/// Two polygons reach into it whose rectangles do not meet.
const TWO: u32 = u32::MAX - 2;
/// Several reach into it and may overlap.
const CONTESTED: u32 = u32::MAX - 3;
/// With a number below it: the place of the cell among the contested ones.
const PLACE: u32 = 1 << 31;

/// One layer in one band.
pub(super) struct Work<'w, 'a> {
    pub(super) grid: &'w Grid,
    pub(super) rows: Range<usize>,
    /// All polygons of the layer.
    pub(super) units: &'w [Unit<'a>],
    /// Those that reach into the band.
    pub(super) members: &'w [u32],
    /// By cell of the band, all 0.
    pub(super) shares: &'w mut [f64],
}

impl Work<'_, '_> {
    /// Gives each stretch of each polygon, with its number and the number of the cell in the band.
    fn visit(&mut self, cutter: &mut Cutter, mut visit: impl FnMut(&mut [f64], u32, usize, Stretch)) {
        let Cutter { accumulator, tangle, union } = cutter;
        for &member in self.members {
            let unit = &self.units[member as usize];
            let extent = unit.extent(&self.rows);
            let corner = self.corner(unit);
            let columns = self.grid.columns();
            let visit = |row: usize, stretch| {
                visit(self.shares, member, (corner + (row * columns) as isize) as usize, stretch);
            };
            if unit.tangled {
                tangle.begin(&extent);
                unit.cut(self.grid, &extent, tangle);
                tangle.finish(union, visit);
            } else {
                accumulator.begin(&extent);
                unit.cut(self.grid, &extent, accumulator);
                accumulator.finish(visit);
            }
        }
    }

    /// The cell of the band where the frame of a polygon begins; it may lie north of the band.
    fn corner(&self, unit: &Unit<'_>) -> isize {
        (unit.rows[0] as isize - self.rows.start as isize) * self.grid.columns() as isize
            + unit.columns[0] as isize
    }

    /// Ground as often as it is covered.
    pub(super) fn sum(&mut self, room: &mut Room) {
        self.visit(&mut room.cutter, |shares, _, first, stretch| match stretch {
            Stretch::Whole(start, end) => {
                shares[first + start..first + end].iter_mut().for_each(|share| *share += 1.0);
            }
            Stretch::Part { column, share, .. } => shares[first + column] += share,
        });
    }

    /// Ground once.
    pub(super) fn dissolve(&mut self, room: &mut Room) {
        let Room { cutter, owners, reaches, contested, gathered } = room;
        owners.clear();
        owners.resize(self.shares.len(), NOBODY);
        reaches.clear();
        contested.clear();
        let units = self.units;
        self.visit(cutter, |shares, member, first, stretch| match stretch {
            Stretch::Whole(start, end) => {
                shares[first + start..first + end].fill(1.0);
                owners[first + start..first + end].fill(WHOLE);
            }
            Stretch::Part { column, share, .. } => {
                let cell = first + column;
                let owner = owners[cell];
                if share <= 0.0 || owner == WHOLE {
                    return;
                }
                reaches.push((cell as u32, member));
                if share >= 1.0 {
                    shares[cell] = 1.0;
                    owners[cell] = WHOLE;
                    return;
                }
                match owner {
                    NOBODY => {
                        shares[cell] = share;
                        owners[cell] = member;
                    }
                    CONTESTED => {}
                    one if one != TWO && units[one as usize].apart(&units[member as usize]) => {
                        shares[cell] += share;
                        owners[cell] = TWO;
                    }
                    _ => {
                        owners[cell] = CONTESTED;
                        contested.push(cell as u32);
                    }
                }
            }
        });
        contested.retain(|&cell| owners[cell as usize] == CONTESTED);
        if contested.is_empty() {
            return;
        }
        for (place, &cell) in contested.iter().enumerate() {
            owners[cell as usize] = PLACE | place as u32;
        }
        self.gather(cutter, owners, reaches, gathered);
        gathered.resolve(contested.len(), |place, pieces, west| {
            self.shares[contested[place] as usize] = cutter.union.area(pieces, west);
        });
    }

    /// Cuts the polygons that reach into contested cells once more, and keeps their pieces there.
    fn gather(&self, cutter: &mut Cutter, owners: &[u32], reaches: &[(u32, u32)], gathered: &mut Gathered) {
        let mut involved: Vec<u32> = reaches
            .iter()
            .filter(|(cell, _)| is_place(owners[*cell as usize]))
            .map(|(_, member)| *member)
            .collect();
        involved.dedup();
        gathered.pieces.clear();
        gathered.sides.clear();
        let Cutter { accumulator, tangle, union } = cutter;
        let columns = self.grid.columns();
        for member in involved {
            let unit = &self.units[member as usize];
            let extent = unit.extent(&self.rows);
            let corner = self.corner(unit);
            let pieces = &mut gathered.pieces;
            let sides = &mut gathered.sides;
            let side = |row: usize, stretch| {
                // One that only touches the cell is left out, as it was among the reaches: what another cell made it be
                // cut for must not change the sum here.
                if let Stretch::Part { column, share, west } = stretch
                    && share > 0.0
                {
                    let cell = (corner + (row * columns + column) as isize) as usize;
                    if is_place(owners[cell]) {
                        sides.push(Side { place: owners[cell] & !PLACE, member, west });
                    }
                }
            };
            if unit.tangled {
                tangle.begin(&extent);
                let inner = &mut *tangle;
                let mut sink = Gatherer { inner, owners, pieces, corner, columns, member, factor: 1 };
                unit.cut(self.grid, &extent, &mut sink);
                tangle.finish(union, side);
            } else {
                accumulator.begin(&extent);
                let inner = &mut *accumulator;
                let mut sink = Gatherer { inner, owners, pieces, corner, columns, member, factor: 1 };
                unit.cut(self.grid, &extent, &mut sink);
                accumulator.finish(side);
            }
        }
    }
}

fn is_place(owner: u32) -> bool {
    owner & PLACE != 0 && owner < CONTESTED
}

/// The mean winding number of a polygon along the west side of a cell.
#[derive(Clone, Copy, Debug)]
struct Side {
    place: u32,
    member: u32,
    west: f64,
}

/// Pieces of edges in contested cells; `polygon` is the member's number until the cell is resolved.
#[derive(Debug, Default)]
struct Gathered {
    pieces: Vec<(u32, Piece)>,
    sides: Vec<Side>,
    /// Pieces by place: the place, and the number of the piece.
    order: Vec<(u32, u32)>,
}

impl Gathered {
    /// Gives what each contested cell has, polygons numbered from 0.
    fn resolve(&mut self, places: usize, mut resolve: impl FnMut(usize, &[Piece], &[f64])) {
        // Within a cell, everything stays in the order of polygons and of their edges.
        self.order.clear();
        self.order.extend(self.pieces.iter().zip(0..).map(|((place, _), number)| (*place, number)));
        self.order.sort_unstable();
        self.sides.sort_by_key(|side| side.place);
        let (mut piece, mut side) = (0, 0);
        let (mut here, mut west, mut members) = (Vec::new(), Vec::new(), Vec::new());
        for place in 0..places {
            here.clear();
            west.clear();
            members.clear();
            while side < self.sides.len() && self.sides[side].place as usize == place {
                members.push(self.sides[side].member);
                west.push(self.sides[side].west);
                side += 1;
            }
            while piece < self.order.len() && self.order[piece].0 as usize == place {
                let found = self.pieces[self.order[piece].1 as usize].1;
                // One that only touches the cell covers nothing of it.
                if let Ok(polygon) = members.binary_search(&found.polygon) {
                    here.push(found.of(polygon as u32));
                }
                piece += 1;
            }
            resolve(place, &here, &west);
        }
    }
}

/// Keeps pieces that are in contested cells.
struct Gatherer<'g, S> {
    /// Takes all of them.
    inner: &'g mut S,
    owners: &'g [u32],
    pieces: &'g mut Vec<(u32, Piece)>,
    corner: isize,
    columns: usize,
    member: u32,
    factor: i32,
}

impl<S: Sink> Sink for Gatherer<'_, S> {
    const LEVEL: bool = true;

    fn ring(&mut self, factor: f64) {
        self.inner.ring(factor);
        self.factor = factor as i32;
    }

    fn piece(&mut self, column: usize, row: usize, high: Spot, low: Spot, downward: bool) {
        self.inner.piece(column, row, high, low, downward);
        let owner = self.owners[(self.corner + (row * self.columns + column) as isize) as usize];
        if is_place(owner) {
            let piece = Piece::new([column, row], high, low, downward, self.factor);
            self.pieces.push((owner & !PLACE, piece.of(self.member)));
        }
    }
}
