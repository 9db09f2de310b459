//! Zones whose surfaces become proportional to amounts.
use datagora_core::Crs;
use datagora_geo::types::{Coord, Rect};
use datagora_geo::{CoveredCells, GeometryColumn, Grid, faults};

use super::flow::Flow;
use super::mesh::Mesh;
use super::pressure::{MOST_CHANGE, balance};
use crate::map::{MapError, unprepared};

/// What each zone should have as a share of all, and whether it counts in the errors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Target {
    pub(super) amount: f64,
    pub(super) exact: bool,
}

/// Zones after the deformation.
pub(super) struct Deformed {
    pub(super) zones: GeometryColumn,
    /// Other layers, deformed alike.
    pub(super) layers: Vec<GeometryColumn>,
    /// By how much the surface of each zone differs from what it should be, as a share of that; `None` for zones without
    /// exact target.
    pub(super) errors: Vec<Option<f64>>,
    /// Flows one after the other.
    pub(super) rounds: usize,
}

/// Flows at most.
const MOST_ROUNDS: usize = 14;
/// No more flows once no zone is off by more than this.
const CLOSE: f64 = 0.02;
/// Nor once they are off by less than this on average.
const MEAN_CLOSE: f64 = 0.002;
/// The grid has done what it can once they are off by less than this on average: the rest is left to corrections.
const ALMOST: f64 = 0.06;
/// Length of the edges that are carried, in cells.
const EDGE: f64 = 1.0;
/// Space around the zones, as a share of the longer side, on each side.
const AROUND: f64 = 0.25;

/// Cells on a side of the grid for this many zones: one of mean size has some eighty, the smallest some four.
fn side_for(zones: usize) -> usize {
    let needed = (340.0 * zones as f64).sqrt() as usize;
    needed.next_power_of_two().clamp(128, 1024)
}

/// Deforms zones of one CRS, and layers of the same with them.
///
/// Flows even the density (amount over current surface) out, the first blurred, later ones less; after each the density
/// is measured anew. A flow that would turn a ring over, or let it cross itself, is not kept.
pub(super) fn deform(
    zones: &GeometryColumn,
    targets: &[Option<Target>],
    layers: &[GeometryColumn],
    bounds: Rect,
) -> Result<Deformed, MapError> {
    let crs = zones.crs();
    let side = side_for(zones.len());
    let n = side as f64;
    let cell = (bounds.width().max(bounds.height()) * (1.0 + 2.0 * AROUND) / n).max(f64::MIN_POSITIVE);
    let (middle, half) = (bounds.center(), 0.5 * n);
    let place = |at: Coord| [(at.x - middle.x) / cell + half, (at.y - middle.y) / cell + half];
    let mut mesh = Mesh::new();
    for column in std::iter::once(zones).chain(layers) {
        mesh.add(column, place);
    }
    let rows = zones.len();
    let shape = RingShape::of(&mesh, rows, crs);

    let mut state = State::measure(&mesh, rows, targets);
    let ground: f64 = state.surfaces.iter().sum();
    let mut rounds = 0;
    // Once more where the corrections do not reach.
    for almost in [ALMOST, 0.0] {
        while rounds < MOST_ROUNDS && state.off() > almost && !state.is_close() {
            mesh.refine(|_| EDGE);
            // Of the grid; a strong blur does not need all of it.
            let blur = 2f64.powi(5 - rounds as i32) * n / 512.0;
            let part = if blur >= COARSE_BLUR { 0.5 } else { 1.0 };
            let density = state.density(&mesh, n * part, part, crs)?;
            let blur = if blur < LEAST_BLUR { 0.0 } else { blur };
            let flow = Flow::new(&density, (n * part) as usize, blur * part);
            if !carry(&flow, part, &mut mesh, &shape, crs) {
                break;
            }
            state = State::measure(&mesh, rows, targets);
            rounds += 1;
        }
        state = balance(&mut mesh, state, targets, &shape, crs);
    }
    // As much ground as before, about the same middle.
    let factor = (ground / state.surfaces.iter().sum::<f64>()).sqrt();
    let back = |[x, y]: [f64; 2]| Coord {
        x: middle.x + (x - half) * factor * cell,
        y: middle.y + (y - half) * factor * cell,
    };
    let mut row = rows;
    let layers = layers.iter().map(|layer| {
        row += layer.len();
        mesh.column(row - layer.len()..row, crs.clone(), back)
    });
    let layers = layers.collect();
    Ok(Deformed { zones: mesh.column(0..rows, crs.clone(), back), layers, errors: state.errors, rounds })
}

/// A blur of so much is computed on a grid of half the side, in cells.
const COARSE_BLUR: f64 = 4.0;
/// How short edges are made, one after the other, where rings would cross themselves, in cells.
const CUTS: [f64; 4] = [1.0 / 8.0, 1.0 / 64.0, 1.0 / 512.0, 1.0 / 4096.0];
/// How far about such places, in cells.
const ABOUT: f64 = 1.5;

/// What must stay: the sense of each ring, and that rows which were valid are.
pub(super) struct RingShape {
    rows: usize,
    senses: Vec<bool>,
    /// Rows that are not valid, and where.
    invalid: Vec<(usize, Option<Coord>)>,
}

impl RingShape {
    pub(super) fn of(mesh: &Mesh, rows: usize, crs: &Crs) -> Self {
        let senses = mesh.ring_areas(rows).iter().map(|area| *area > 0.0).collect();
        let zones = mesh.column(0..rows, crs.clone(), |[x, y]| Coord { x, y });
        let invalid = faults(&zones).into_iter().filter(|fault| fault.kind.is_invalid());
        Self { rows, senses, invalid: invalid.map(|fault| (fault.row, fault.at)).collect() }
    }

    /// Rows whose rings cross now and did not, or have turned over, each with a vertex where that is.
    pub(super) fn broken_by(&self, mesh: &Mesh, crs: &Crs) -> Vec<(usize, usize)> {
        let now = Self::of(mesh, self.rows, crs);
        let crossed =
            now.invalid.iter().filter(|(row, _)| !self.invalid.iter().any(|(other, _)| other == row));
        let mut broken: Vec<(usize, usize)> = crossed
            .filter_map(|(row, at)| Some((*row, mesh.nearest(*row, [at.as_ref()?.x, at.as_ref()?.y])?)))
            .collect();
        let turned = now.senses.iter().zip(&self.senses).enumerate().filter(|(_, (now, then))| now != then);
        broken.extend(turned.filter_map(|(ring, _)| mesh.first_of(ring)));
        broken
    }
}

/// Carries the mesh along. Straight edges only follow the flow if they are short: where rings would cross themselves, as
/// at the tips of wedges, they are cut finer. Whether all rings are as they were; if not, nothing has moved.
fn carry(flow: &Flow, part: f64, mesh: &mut Mesh, shape: &RingShape, crs: &Crs) -> bool {
    for shorter in CUTS.into_iter().map(Some).chain([None]) {
        let before = mesh.positions.clone();
        mesh.positions.iter_mut().for_each(|at| *at = at.map(|c| c * part));
        flow.carry(&mut mesh.positions);
        mesh.positions.iter_mut().for_each(|at| *at = at.map(|c| c / part));
        let crossings: Vec<[f64; 2]> =
            shape.broken_by(mesh, crs).into_iter().map(|(_, vertex)| before[vertex]).collect();
        if crossings.is_empty() {
            return true;
        }
        mesh.positions = before;
        let Some(shorter) = shorter else { break };
        mesh.refine(|at| {
            let near = crossings.iter().any(|other| libm::hypot(other[0] - at[0], other[1] - at[1]) < ABOUT);
            if near { shorter } else { EDGE }
        });
    }
    false
}

/// A blur of less than this is none, in cells: its series would ring below zero beside dense zones.
const LEAST_BLUR: f64 = 1.6;

/// Surfaces at one moment.
pub(super) struct State {
    /// Of each zone, in cells.
    surfaces: Vec<f64>,
    /// By how much the surface of each zone must be multiplied; 1 for what is no zone.
    needed: Vec<f64>,
    errors: Vec<Option<f64>>,
}

impl State {
    pub(super) fn measure(mesh: &Mesh, rows: usize, targets: &[Option<Target>]) -> Self {
        let surfaces = mesh.areas(rows);
        let in_all: f64 = surfaces.iter().sum();
        let whole: f64 = targets.iter().flatten().map(|target| target.amount).sum();
        let needed: Vec<f64> = targets
            .iter()
            .zip(&surfaces)
            .map(|(target, &surface)| match target {
                Some(target) if surface > 0.0 => target.amount / whole * in_all / surface,
                _ => 1.0,
            })
            .collect();
        let error = |(target, needed): (&Option<Target>, &f64)| {
            target.filter(|target| target.exact).map(|_| (1.0 / needed - 1.0).abs())
        };
        Self { errors: targets.iter().zip(&needed).map(error).collect(), surfaces, needed }
    }

    pub(super) fn is_close(&self) -> bool {
        let worst = self.errors.iter().flatten().copied().fold(0.0, f64::max);
        worst <= CLOSE || self.off() <= MEAN_CLOSE
    }

    /// Mean error.
    pub(super) fn off(&self) -> f64 {
        let errors = || self.errors.iter().flatten().copied();
        errors().sum::<f64>() / errors().count().max(1) as f64
    }

    /// By how much the surface of each zone should change next.
    pub(super) fn wanted(&self) -> Vec<f64> {
        let change =
            |(surface, needed): (&f64, &f64)| surface * (needed - 1.0).clamp(-MOST_CHANGE, MOST_CHANGE);
        self.surfaces.iter().zip(&self.needed).map(change).collect()
    }

    /// Amount per surface at each cell of a grid of `n` on a side, 1 where there is no zone and on average; `part` of a cell
    /// of the grid is one of the mesh.
    fn density(&self, mesh: &Mesh, n: f64, part: f64, crs: &Crs) -> Result<Vec<f64>, MapError> {
        let side = n as usize;
        let zones =
            mesh.column(0..self.needed.len(), crs.clone(), |[x, y]| Coord { x: x * part, y: y * part });
        let grid = Grid::new([0.0, n], [1.0, 1.0], side, side, crs.clone()).map_err(unprepared(crs))?;
        let mut cells = CoveredCells::new(&grid, &zones).map_err(unprepared(crs))?;
        let mut density = vec![1.0; side * side];
        for (row, needed) in self.needed.iter().enumerate() {
            let above_mean = needed - 1.0;
            cells.cells_of(row, |run| {
                // Rows of the grid run from north to south.
                let first = (side - 1 - run.row) * side;
                for cell in &mut density[first + run.columns.start..first + run.columns.end] {
                    *cell += run.share * above_mean;
                }
            });
        }
        Ok(density)
    }
}
