//! What each block is used for, and how densely people live there.
use std::collections::VecDeque;

use crate::CityPlan;
use crate::mesh::{Mesh, SIDE};
use crate::random::Stream;

/// What a block is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LandUse {
    Water,
    Park,
    Industry,
    Built,
    Field,
}

pub(crate) struct Land {
    pub(crate) uses: Vec<LandUse>,
    /// Relative density of people, by block.
    pub(crate) density: Vec<f64>,
    /// Blocks of each park.
    pub(crate) parks: Vec<Vec<usize>>,
}

impl Land {
    pub(crate) fn new(plan: &CityPlan, mesh: &Mesh) -> Self {
        let mut stream = Stream::new(plan.seed, "land", 0);
        let count = mesh.cells.len();
        let radius = (count as f64 / std::f64::consts::PI).sqrt();
        let mut uses = vec![LandUse::Built; count];

        // A river that meanders from north to south, a little west of the middle; two or three blocks wide.
        let phase = stream.between(0.0, std::f64::consts::TAU);
        let width = if count > 2_000 { 1.3 } else { 0.6 };
        if count > 200 {
            for (number, &(i, j)) in mesh.cells.iter().enumerate() {
                let y = f64::from(j);
                let bed = -0.22 * radius
                    + 0.16 * radius * libm::sin(3.1 * y / radius + phase)
                    + 1.2 * libm::sin(0.6 * y);
                if (f64::from(i) - bed).abs() < width {
                    uses[number] = LandUse::Water;
                }
            }
        }

        // Density: one large centre, and lesser ones about it.
        let centres: Vec<(f64, f64, f64, f64)> = std::iter::once((0.0, 0.0, 1.0, 0.28 * radius + 2.0))
            .chain((1..plan.communes.max(2)).map(|_| {
                let angle = stream.between(0.0, std::f64::consts::TAU);
                let distance = radius * stream.between(0.25, 0.95);
                let (x, y) = (distance * libm::cos(angle), distance * libm::sin(angle));
                (x, y, stream.between(0.08, 0.35), radius * stream.between(0.03, 0.09) + 1.5)
            }))
            .collect();
        let field: Vec<f64> = mesh
            .cells
            .iter()
            .map(|&(i, j)| {
                let near = |&(x, y, weight, scale): &(f64, f64, f64, f64)| {
                    let (dx, dy) = (f64::from(i) - x, f64::from(j) - y);
                    weight * libm::exp(-(dx * dx + dy * dy).sqrt() / scale)
                };
                centres.iter().map(near).sum::<f64>()
            })
            .collect();

        // Parks and industry grow from seeds, until they have the share of the land they should.
        let mut parks = Vec::new();
        let mut grow =
            |stream: &mut Stream, uses: &mut Vec<LandUse>, to: LandUse, share: f64, largest: f64| {
                let wanted = (share * count as f64).round() as usize;
                let mut grown = 0;
                for _ in 0..50 * wanted {
                    if grown >= wanted {
                        break;
                    }
                    let seed = stream.below(count);
                    let size = libm::exp(stream.between(0.0, libm::log(largest))) as usize;
                    let blocks = patch_of(mesh, uses, seed, size.clamp(1, wanted - grown), stream);
                    blocks.iter().for_each(|&block| uses[block] = to);
                    grown += blocks.len();
                    if to == LandUse::Park && !blocks.is_empty() {
                        parks.push(blocks);
                    }
                }
            };
        grow(&mut stream, &mut uses, LandUse::Park, 0.06, 28.0);
        grow(&mut stream, &mut uses, LandUse::Industry, 0.08, 60.0);
        parks.sort_by_key(|blocks| blocks[0]);

        let mut density = vec![0.0; count];
        for number in 0..count {
            let people = field[number] * stream.between(0.6, 1.4);
            match uses[number] {
                LandUse::Built if people < 0.012 => {
                    uses[number] = LandUse::Field;
                    density[number] = 0.1 * people;
                }
                LandUse::Built => density[number] = people,
                LandUse::Industry => density[number] = 0.06 * people,
                LandUse::Water | LandUse::Park | LandUse::Field => {}
            }
        }
        // A village on the edge of nowhere still has somebody in it.
        if density.iter().all(|&people| people <= 0.0) {
            density.fill(1.0);
        }
        Self { uses, density, parks }
    }

    /// Share of a block that is neither built on nor paved.
    pub(crate) fn open_share(&self, block: usize) -> f64 {
        match self.uses[block] {
            LandUse::Park | LandUse::Field => 0.97,
            LandUse::Built => (0.50 - 0.45 * self.density[block].sqrt()).max(0.06),
            LandUse::Industry => 0.12,
            LandUse::Water => 0.0,
        }
    }

    /// Distance to the middle of the city, as a share of its radius.
    pub(crate) fn remoteness(&self, mesh: &Mesh, number: usize) -> f64 {
        let (i, j) = mesh.cells[number];
        let radius = (mesh.cells.len() as f64 * SIDE * SIDE / std::f64::consts::PI).sqrt() / SIDE;
        (f64::from(i) * f64::from(i) + f64::from(j) * f64::from(j)).sqrt() / radius
    }
}

/// Up to `size` built blocks that hang together, about a seed.
fn patch_of(mesh: &Mesh, uses: &[LandUse], seed: usize, size: usize, stream: &mut Stream) -> Vec<usize> {
    if uses[seed] != LandUse::Built {
        return Vec::new();
    }
    let mut blocks = vec![seed];
    let mut edge = VecDeque::from([seed]);
    while blocks.len() < size {
        let Some(block) = edge.pop_front() else { break };
        for next in mesh.around(block) {
            if blocks.len() < size
                && uses[next] == LandUse::Built
                && !blocks.contains(&next)
                && stream.chance(0.8)
            {
                blocks.push(next);
                edge.push_back(next);
            }
        }
    }
    blocks.sort_unstable();
    blocks
}
