//! The street mesh: blocks of four corners, warped so that no street is straight, joined to a city of irregular outline.
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use datagora_geo::types::{Coord, LineString, Polygon};

use crate::CityPlan;
use crate::random::Stream;

/// Side of a block before warping, m.
pub(crate) const SIDE: f64 = 140.0;
/// Middle of the city in CC46, m: open country east of Lyon, so that no made place falls on a real commune's name.
const CENTRE: (f64, f64) = (1_868_000.0, 5_176_000.0);

/// A block of the mesh, by its column and row.
pub(crate) type Cell = (i32, i32);
/// A street corner, by its column and row.
pub(crate) type Corner = (i32, i32);

pub(crate) struct Mesh {
    /// Blocks in order of (column, row).
    pub(crate) cells: Vec<Cell>,
    index: BTreeMap<Cell, usize>,
    phases: [f64; 8],
    seed: u64,
}

impl Mesh {
    pub(crate) fn new(plan: &CityPlan) -> Self {
        let mut stream = Stream::new(plan.seed, "mesh", 0);
        let phases = std::array::from_fn(|_| stream.between(0.0, std::f64::consts::TAU));
        let count = ((plan.area * 1e6) / (SIDE * SIDE)).round().max(1.0) as usize;
        // Grow from the middle, nearest first, where "near" is stretched by direction: connected, and not round.
        let radius = (count as f64 / std::f64::consts::PI).sqrt();
        let cost = |(i, j): Cell| {
            let (x, y) = (f64::from(i), f64::from(j));
            let angle = libm::atan2(y, x);
            let stretch = 1.0
                + 0.16 * libm::sin(2.0 * angle + phases[0])
                + 0.10 * libm::sin(3.0 * angle + phases[1])
                + 0.05 * libm::sin(7.0 * angle + phases[2]);
            let ripple = 0.04 * radius * libm::sin(0.31 * x + phases[3]) * libm::sin(0.27 * y + phases[4]);
            (((x * x + y * y).sqrt() * stretch + ripple) * 1024.0) as i64
        };
        let mut index = BTreeMap::new();
        let mut seen = std::collections::BTreeSet::from([(0, 0)]);
        let mut frontier = BinaryHeap::from([Reverse((0_i64, (0, 0)))]);
        while let Some(Reverse((_, cell))) = frontier.pop() {
            index.insert(cell, 0);
            if index.len() == count {
                break;
            }
            for next in neighbours(cell) {
                if seen.insert(next) {
                    frontier.push(Reverse((cost(next), next)));
                }
            }
        }
        let cells: Vec<Cell> = index.keys().copied().collect();
        index.values_mut().enumerate().for_each(|(number, slot)| *slot = number);
        Self { cells, index, phases, seed: plan.seed }
    }

    pub(crate) fn number(&self, cell: Cell) -> Option<usize> {
        self.index.get(&cell).copied()
    }

    /// Numbers of the blocks that share a street with this one.
    pub(crate) fn around(&self, number: usize) -> impl Iterator<Item = usize> + '_ {
        neighbours(self.cells[number]).into_iter().filter_map(|cell| self.number(cell))
    }

    /// Where a corner lies, to the centimetre.
    pub(crate) fn corner(&self, (i, j): Corner) -> Coord {
        let (x, y) = (f64::from(i), f64::from(j));
        let p = &self.phases;
        let wave_x = 0.55 * libm::sin(0.55 * y + p[4]) + 0.45 * libm::sin(0.17 * x + 0.23 * y + p[5]);
        let wave_y = 0.55 * libm::sin(0.5 * x + p[6]) + 0.45 * libm::sin(0.21 * x - 0.15 * y + p[7]);
        let mut jitter = Stream::new(self.seed, "corner", (u64::from(i as u32) << 32) | u64::from(j as u32));
        let x = x + wave_x + jitter.between(-0.1, 0.1);
        let y = y + wave_y + jitter.between(-0.1, 0.1);
        // Turned by the angle of the 3-4-5 triangle's small sibling (cos 0.96, sin 0.28): exact to write down.
        at(CENTRE.0 + SIDE * (0.96 * x - 0.28 * y), CENTRE.1 + SIDE * (0.28 * x + 0.96 * y))
    }

    /// The corners of a block, counter-clockwise.
    pub(crate) fn quad(&self, number: usize) -> [Coord; 4] {
        let (i, j) = self.cells[number];
        [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)].map(|corner| self.corner(corner))
    }

    pub(crate) fn area(&self, number: usize) -> f64 {
        let [a, b, c, d] = self.quad(number);
        0.5 * ((c.x - a.x) * (d.y - b.y) - (d.x - b.x) * (c.y - a.y))
    }

    pub(crate) fn middle(&self, number: usize) -> Coord {
        inside(&self.quad(number), 0.5, 0.5)
    }

    /// Streets: every side of a block, once, with the one or two blocks it borders.
    pub(crate) fn sides(&self) -> Vec<Side> {
        let mut sides = Vec::new();
        for (number, &(i, j)) in self.cells.iter().enumerate() {
            let mut side =
                |from, to, other: Cell| sides.push(Side { from, to, blocks: (number, self.number(other)) });
            side((i, j), (i + 1, j), (i, j - 1));
            side((i, j), (i, j + 1), (i - 1, j));
            if self.number((i, j + 1)).is_none() {
                side((i, j + 1), (i + 1, j + 1), (i, j + 1));
            }
            if self.number((i + 1, j)).is_none() {
                side((i + 1, j), (i + 1, j + 1), (i + 1, j));
            }
        }
        sides
    }

    /// The outline of some blocks, which must hang together by their sides.
    ///
    /// Where two blocks meet only at a corner the ring turns right, away from the block it came along: rings then touch
    /// there, and none touches itself.
    pub(crate) fn outline(&self, members: impl IntoIterator<Item = usize>) -> Polygon {
        let members: std::collections::BTreeSet<Cell> =
            members.into_iter().map(|number| self.cells[number]).collect();
        let mut next: BTreeMap<Corner, Vec<Corner>> = BTreeMap::new();
        for &(i, j) in &members {
            let ring = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)];
            let beyond = [(i, j - 1), (i + 1, j), (i, j + 1), (i - 1, j)];
            for side in 0..4 {
                if !members.contains(&beyond[side]) {
                    next.entry(ring[side]).or_default().push(ring[(side + 1) % 4]);
                }
            }
        }
        let mut exterior = None;
        let mut holes = Vec::new();
        while let Some((&start, _)) = next.first_key_value() {
            let mut corners = vec![start];
            let mut from = start;
            let mut at = take(&mut next, start, None);
            while at != start {
                corners.push(at);
                let onward = take(&mut next, at, Some(from));
                from = at;
                at = onward;
            }
            // Signed area on the unwarped lattice: the outer ring is the counter-clockwise one.
            let twice: i64 = (0..corners.len())
                .map(|k| {
                    let (a, b) = (corners[k], corners[(k + 1) % corners.len()]);
                    i64::from(a.0) * i64::from(b.1) - i64::from(b.0) * i64::from(a.1)
                })
                .sum();
            corners.push(start);
            let ring = LineString(corners.into_iter().map(|corner| self.corner(corner)).collect());
            if twice > 0 { exterior = Some(ring) } else { holes.push(ring) }
        }
        Polygon::new(exterior.unwrap_or_else(|| LineString(Vec::new())), holes)
    }
}

/// One street between two corners.
pub(crate) struct Side {
    pub(crate) from: Corner,
    pub(crate) to: Corner,
    pub(crate) blocks: (usize, Option<usize>),
}

fn take(next: &mut BTreeMap<Corner, Vec<Corner>>, at: Corner, from: Option<Corner>) -> Corner {
    let Some(choices) = next.get_mut(&at) else { return at };
    let choice = match from {
        Some(from) if choices.len() > 1 => {
            let heading = (at.0 - from.0, at.1 - from.1);
            let right = (at.0 + heading.1, at.1 - heading.0);
            choices.iter().position(|&corner| corner == right).unwrap_or(0)
        }
        _ => 0,
    };
    let corner = choices.swap_remove(choice);
    if choices.is_empty() {
        next.remove(&at);
    }
    corner
}

fn neighbours((i, j): Cell) -> [Cell; 4] {
    [(i - 1, j), (i, j - 1), (i, j + 1), (i + 1, j)]
}

/// A place, to the centimetre.
pub(crate) fn at(x: f64, y: f64) -> Coord {
    Coord { x: (x * 100.0).round() / 100.0, y: (y * 100.0).round() / 100.0 }
}

/// The place at (u, v) of a quadrilateral, each from 0 to 1.
pub(crate) fn inside(quad: &[Coord; 4], u: f64, v: f64) -> Coord {
    let [a, b, c, d] = quad;
    let mix = |a: f64, b: f64, c: f64, d: f64| {
        (1.0 - u) * (1.0 - v) * a + u * (1.0 - v) * b + u * v * c + (1.0 - u) * v * d
    };
    at(mix(a.x, b.x, c.x, d.x), mix(a.y, b.y, c.y, d.y))
}

/// The part of a quadrilateral between two (u, v), as a polygon.
pub(crate) fn patch(quad: &[Coord; 4], low: (f64, f64), high: (f64, f64)) -> Polygon {
    let ring = [(low.0, low.1), (high.0, low.1), (high.0, high.1), (low.0, high.1), (low.0, low.1)];
    Polygon::new(LineString(ring.map(|(u, v)| inside(quad, u, v)).to_vec()), Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Area, Validation};

    #[test]
    fn blocks_hang_together_and_are_sound() {
        let mesh = Mesh::new(&CityPlan { area: 30.0, ..CityPlan::town() });
        assert_eq!(mesh.cells.len(), 1_531);
        for number in 0..mesh.cells.len() {
            assert!(mesh.area(number) > 0.3 * SIDE * SIDE, "block {number} is folded");
        }
    }

    #[test]
    fn outline_holds_exactly_its_blocks() {
        let mesh = Mesh::new(&CityPlan { area: 30.0, ..CityPlan::town() });
        let outline = mesh.outline(0..mesh.cells.len());
        let blocks: f64 = (0..mesh.cells.len()).map(|number| mesh.area(number)).sum();
        assert!((outline.unsigned_area() - blocks).abs() < 1e-3);
        // A ring of eight blocks around a missing one, and a corner where two holes would touch.
        let ring: Vec<usize> = [(0, 0), (1, 0), (2, 0), (0, 1), (2, 1), (0, 2), (1, 2), (2, 2)]
            .map(|cell| mesh.number(cell).expect("near the middle"))
            .to_vec();
        let polygon = mesh.outline(ring.iter().copied());
        assert_eq!(polygon.interiors().len(), 1);
        let checker: Vec<usize> = (0..4)
            .flat_map(|i| (0..4).map(move |j| (i, j)))
            .filter(|cell| ![(1, 1), (2, 2)].contains(cell))
            .map(|cell| mesh.number(cell).expect("near the middle"))
            .collect();
        let polygon = mesh.outline(checker.iter().copied());
        assert_eq!(polygon.interiors().len(), 2);
        assert!(polygon.is_valid(), "{:?}", polygon.validation_errors());
        let sum: f64 = checker.iter().map(|&number| mesh.area(number)).sum();
        assert!((polygon.unsigned_area() - sum).abs() < 1e-3);
    }

    #[test]
    fn sides_are_listed_once() {
        let mesh = Mesh::new(&CityPlan { area: 5.0, ..CityPlan::village() });
        let mut seen = std::collections::BTreeSet::new();
        for side in mesh.sides() {
            assert!(seen.insert((side.from, side.to)));
        }
        // Euler: sides of a connected set of unit squares = cells + corners − 1 + holes (there are none here).
        let corners: std::collections::BTreeSet<Corner> = seen.iter().flat_map(|&(a, b)| [a, b]).collect();
        assert_eq!(seen.len(), mesh.cells.len() + corners.len() - 1);
    }
}
