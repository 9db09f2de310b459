//! The flow that evens a density out, and what it carries along.
use std::f64::consts::PI;

use super::cosine::Cosines;

/// A flow on a square grid of cells of side 1, from time 0 to 1, at the end of which the density is the same everywhere.
///
/// The density changes at a constant rate, ρ(t) = (1 − t)ρ₀ + t·mean, so that the flux J does not depend on time: it is
/// the gradient of the solution of Poisson's equation, found as a cosine series. The velocity is J/ρ(t).
pub(super) struct Flow {
    side: usize,
    /// Flux to the east and to the north, and density at the beginning, at the centre of each cell.
    cells: Vec<[f64; 3]>,
    mean: f64,
}

/// A step whose simplest and better estimates differ by more than this is taken in smaller ones, in cells.
const TOLERANCE: f64 = 0.02;
/// In a step neighbouring cells come no closer to each other, or farther from each other, than by this share of a cell:
/// what moves with them cannot change places.
const STRAIN: f64 = 0.4;
/// Steps of one flow at most: time is bounded, whatever the density.
const STEPS: usize = 4_000;

impl Flow {
    /// The flow of a density given at the centres of `side`² cells, from south to north, from west to east, blurred
    /// beforehand by a bell of this standard deviation, in cells.
    pub(super) fn new(density: &[f64], side: usize, blur: f64) -> Self {
        let cosines = Cosines::new(side);
        let mut work = Vec::new();
        let mut series = density.to_vec();
        for _ in 0..2 {
            series.chunks_exact_mut(side).for_each(|line| cosines.analyse(line, &mut work));
            transpose(&mut series, side);
        }
        // Now by row m of cosines to the north, by column n to the east.
        let n = side as f64;
        for (place, value) in series.iter_mut().enumerate() {
            let (north, east) = ((place / side) as f64, (place % side) as f64);
            let weight = if north == 0.0 { 1.0 } else { 2.0 } * if east == 0.0 { 1.0 } else { 2.0 };
            let damping = -0.5 * (blur * PI / n).powi(2) * (north * north + east * east);
            *value *= weight / (n * n) * libm::exp(damping);
        }
        let mean = series[0];
        let flux = |towards: fn(f64, f64) -> f64| {
            let each = series.iter().enumerate().map(|(place, value)| {
                let (north, east) = ((place / side) as f64, (place % side) as f64);
                if place == 0 {
                    0.0
                } else {
                    value * towards(north, east) * n / (PI * (north * north + east * east))
                }
            });
            each.collect::<Vec<f64>>()
        };
        let (mut east, mut north, mut density) =
            (flux(|_, east| east), flux(|north, _| north), series.clone());
        let lines = |values: &mut Vec<f64>, sine: bool, work: &mut Vec<[f64; 2]>| {
            for line in values.chunks_exact_mut(side) {
                if sine { cosines.sine_series(line, work) } else { cosines.cosine_series(line, work) }
            }
        };
        for (values, sines) in
            [(&mut east, [true, false]), (&mut north, [false, true]), (&mut density, [false, false])]
        {
            for sine in sines {
                lines(values, sine, &mut work);
                transpose(values, side);
            }
        }
        let cells = (0..side * side).map(|cell| [east[cell], north[cell], density[cell]]).collect();
        Self { side, cells, mean }
    }

    /// Carries positions along, in cells from the south-western corner.
    ///
    /// Midpoint rule with steps chosen by its difference from Euler's.
    pub(super) fn carry(&self, positions: &mut [[f64; 2]]) {
        let (mut time, mut step) = (0.0f64, 0.02f64);
        let mut next = vec![[0.0; 2]; positions.len()];
        for _ in 0..STEPS {
            if time >= 1.0 {
                return;
            }
            step = step.min(STRAIN / self.steepest(time)).min(1.0 - time);
            let mut difference = 0.0f64;
            for (from, to) in positions.iter().zip(&mut next) {
                let first = self.velocity(*from, time);
                let middle = [from[0] + 0.5 * step * first[0], from[1] + 0.5 * step * first[1]];
                let better = self.velocity(middle, time + 0.5 * step);
                *to = [from[0] + step * better[0], from[1] + step * better[1]];
                let apart = [better[0] - first[0], better[1] - first[1]];
                difference = difference.max(step * apart[0].abs().max(apart[1].abs()));
            }
            if difference <= TOLERANCE {
                positions.copy_from_slice(&next);
                time += step;
            }
            // The difference grows with the square of the step.
            step *= (0.9 * (TOLERANCE / difference.max(1e-12)).sqrt()).clamp(0.2, 2.0);
        }
    }

    /// The largest difference of velocity between neighbouring cells.
    fn steepest(&self, time: f64) -> f64 {
        let at = |cell: usize| {
            let [east, north, density] = self.cells[cell];
            let density = (1.0 - time) * density + time * self.mean;
            [east / density, north / density]
        };
        let mut steepest = 0.0f64;
        let mut below: Vec<[f64; 2]> = (0..self.side).map(at).collect();
        for row in 0..self.side {
            let mut west = at(row * self.side);
            for (column, south) in below.iter_mut().enumerate() {
                let here = at(row * self.side + column);
                let apart = |other: &[f64; 2]| (here[0] - other[0]).abs().max((here[1] - other[1]).abs());
                steepest = steepest.max(apart(&west)).max(apart(south));
                west = here;
                *south = here;
            }
        }
        steepest
    }

    /// Velocity at a position, from the four centres around it.
    fn velocity(&self, [x, y]: [f64; 2], time: f64) -> [f64; 2] {
        let last = (self.side - 1) as f64;
        let (x, y) = ((x - 0.5).clamp(0.0, last), (y - 0.5).clamp(0.0, last));
        let (i, j) =
            ((x as usize).min(self.side.saturating_sub(2)), (y as usize).min(self.side.saturating_sub(2)));
        let (u, v) = (x - i as f64, y - j as f64);
        let below = &self.cells[j * self.side + i..][..2];
        let above = &self.cells[(j + 1) * self.side + i..][..2];
        let at = |k: usize| {
            (1.0 - v) * ((1.0 - u) * below[0][k] + u * below[1][k])
                + v * ((1.0 - u) * above[0][k] + u * above[1][k])
        };
        let density = (1.0 - time) * at(2) + time * self.mean;
        [at(0) / density, at(1) / density]
    }
}

/// By squares that stay in the cache.
fn transpose(values: &mut [f64], side: usize) {
    const BLOCK: usize = 16;
    for top in (0..side).step_by(BLOCK) {
        for left in (top..side).step_by(BLOCK) {
            for row in top..(top + BLOCK).min(side) {
                for column in left.max(row + 1)..(left + BLOCK).min(side) {
                    values.swap(row * side + column, column * side + row);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Dense on the left: ρ₀ = 1 + ½cos(πx/n). What is carried ends where as much of the whole lies left of it.
    #[test]
    fn positions_go_where_the_density_is_even() {
        let side = 64;
        let n = side as f64;
        let at = |x: f64| 1.0 + 0.5 * (PI * x / n).cos();
        let density: Vec<f64> = (0..side * side).map(|cell| at((cell % side) as f64 + 0.5)).collect();
        let flow = Flow::new(&density, side, 0.0);
        let mut carried: Vec<[f64; 2]> = (4..61).map(|x| [f64::from(x), 30.0]).collect();
        flow.carry(&mut carried);
        for (x, found) in (4..61).map(f64::from).zip(carried) {
            let expected = x + 0.5 * n / PI * (PI * x / n).sin();
            assert!((found[0] - expected).abs() < 0.05, "{x}: {} {expected}", found[0]);
            assert!((found[1] - 30.0).abs() < 1e-9);
        }
    }

    #[test]
    fn an_even_density_moves_nothing() {
        let flow = Flow::new(&[3.0; 256], 16, 1.0);
        let mut carried = [[3.3, 9.1], [0.0, 16.0]];
        flow.carry(&mut carried);
        assert!((carried[0][0] - 3.3).abs() < 1e-9 && (carried[1][1] - 16.0).abs() < 1e-9);
    }
}
