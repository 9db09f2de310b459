//! Made inputs: seeded, in metres around Lyon, of the sizes of the published comparison.
use std::f64::consts::{PI, TAU};

use datagora_core::Crs;
use datagora_geo::types::{Coord, LineString, Polygon};
use datagora_geo::{GeometryColumn, faults};
use datagora_sample::Stream;

use crate::inputs::Inputs;
use crate::task::Failure;

const SEED: u64 = 69;
/// South-west corner and side of the square, m.
const CORNER: [f64; 2] = [822_000.0, 6_499_000.0];
const SIDE: f64 = 40_000.0;

fn uniform(stream: &mut Stream, count: usize, low: [f64; 2], extent: [f64; 2]) -> (Vec<f64>, Vec<f64>) {
    let mut draw = || (low[0] + extent[0] * stream.unit(), low[1] + extent[1] * stream.unit());
    (0..count).map(|_| draw()).unzip()
}

/// Points around so many centres, normal with this deviation, kept in the square.
fn clustered(stream: &mut Stream, count: usize, centres: usize, deviation: f64) -> (Vec<f64>, Vec<f64>) {
    let (x, y) = uniform(stream, centres, [0.0; 2], [SIDE; 2]);
    let mut draw = || {
        let centre = stream.below(centres);
        let mut near = |c: f64, low: f64| low + (c + deviation * stream.normal()).clamp(0.0, SIDE);
        (near(x[centre], CORNER[0]), near(y[centre], CORNER[1]))
    };
    (0..count).map(|_| draw()).unzip()
}

/// What both point-in-polygon tasks read.
pub(super) fn points_and_communes(inputs: &Inputs) -> Result<(), Failure> {
    communes(inputs)?;
    points(inputs)
}

/// `points`: 10 M, uniform.
fn points(inputs: &Inputs) -> Result<(), Failure> {
    inputs.once("points", || {
        let mut stream = Stream::new(SEED, "points", 0);
        let (x, y) = uniform(&mut stream, inputs.rows(10_000_000), CORNER, [SIDE; 2]);
        inputs.write_points("points", &x, &y)
    })
}

/// `bases` and `queries`: 100 k and 1 M, in other clusters.
pub(super) fn neighbours(inputs: &Inputs) -> Result<(), Failure> {
    inputs.once("neighbours", || {
        for (name, count, deviation) in [("bases", 100_000, 900.0), ("queries", 1_000_000, 1_500.0)] {
            let mut stream = Stream::new(SEED, name, 0);
            let (x, y) = clustered(&mut stream, inputs.rows(count), 300, deviation);
            inputs.write_points(name, &x, &y)?;
        }
        Ok(())
    })
}

/// `places`: 10 M longitudes and latitudes around Lyon, uniform.
pub(super) fn places(inputs: &Inputs) -> Result<(), Failure> {
    inputs.once("places", || {
        let mut stream = Stream::new(SEED, "places", 0);
        let (x, y) = uniform(&mut stream, inputs.rows(10_000_000), [4.6, 45.5], [0.6, 0.5]);
        inputs.write_points("places", &x, &y)
    })
}

/// Side of a cell of the grid, m.
pub(super) const CELL: f64 = 5.0;

/// Cells along a side of the grid.
pub(super) fn cells(inputs: &Inputs) -> usize {
    if inputs.quick { 100 } else { 1_000 }
}

/// South-west corner of the grid.
pub(super) const GRID: [f64; 2] = [CORNER[0] + 20_000.0, CORNER[1] + 20_000.0];

/// `crowns`: 10 k stars of 8 to 39 vertices, 14 m across in the middle of them, that may overlap; `grid.f64`: west,
/// south, side of a cell, columns, rows.
pub(super) fn crowns(inputs: &Inputs) -> Result<(), Failure> {
    inputs.once("crowns", || {
        let mut stream = Stream::new(SEED, "crowns", 0);
        let side = cells(inputs) as f64 * CELL;
        let mut star = || {
            let centre = Coord { x: GRID[0] + side * stream.unit(), y: GRID[1] + side * stream.unit() };
            let radius = (14.0 * (0.5 * stream.normal()).exp()).clamp(3.0, 90.0);
            let corners = 8 + stream.below(32);
            let angles = loop {
                let mut angles: Vec<f64> = (0..corners).map(|_| stream.between(0.0, TAU)).collect();
                angles.sort_by(f64::total_cmp);
                let gaps = angles.windows(2).map(|pair| pair[1] - pair[0]);
                let last = TAU - angles[corners - 1] + angles[0];
                // Seen from its centre, a ring whose corners leave half of the circle free may cross itself.
                if gaps.fold(last, f64::max) < PI {
                    break angles;
                }
            };
            let corner = |angle: f64| {
                let reach = radius * stream.between(0.6, 1.0);
                Coord { x: centre.x + reach * angle.cos(), y: centre.y + reach * angle.sin() }
            };
            Polygon::new(angles.into_iter().map(corner).collect(), vec![]).into()
        };
        let column = GeometryColumn::try_new((0..inputs.rows(10_000)).map(|_| star()), Crs::LAMBERT_93)?;
        inputs.write_polygons("crowns", &column)?;
        let along = cells(inputs) as f64;
        inputs.write_numbers("grid", &[GRID[0], GRID[1], CELL, along, along])
    })
}

/// `crowd`: 1 M points, four of five in 2,000 small clusters, the others uniform.
pub(super) fn crowd(inputs: &Inputs) -> Result<(), Failure> {
    inputs.once("crowd", || {
        let mut stream = Stream::new(SEED, "crowd", 0);
        let count = inputs.rows(1_000_000);
        let (mut x, mut y) = clustered(&mut stream, count * 4 / 5, inputs.rows(2_000), 60.0);
        let (lone_x, lone_y) = uniform(&mut stream, count - x.len(), CORNER, [SIDE; 2]);
        x.extend(lone_x);
        y.extend(lone_y);
        inputs.write_points("crowd", &x, &y)
    })
}

/// Side of a cell of `heat`, m.
pub(super) const HEAT_CELL: f64 = 20.0;

/// `heat`: a raster over the square, row by row from the north-west; `heat_grid`: west, north, columns, rows.
pub(super) fn heat_and_communes(inputs: &Inputs) -> Result<(), Failure> {
    communes(inputs)?;
    inputs.once("heat", || {
        let mut stream = Stream::new(SEED, "heat", 0);
        let along = (SIDE / HEAT_CELL) as usize;
        let heat: Vec<f64> = (0..along * along).map(|_| stream.between(25.0, 45.0)).collect();
        inputs.write_numbers("heat", &heat)?;
        inputs.write_numbers("heat_grid", &[CORNER[0], CORNER[1] + SIDE, along as f64, along as f64])
    })
}

/// Number of communes, as in the Métropole.
const COMMUNES: usize = 59;
/// Length of the segments of borders, m.
const SEGMENT: f64 = 42.0;

/// What lies beyond an edge of a cell: another cell, or a side of the square.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Beyond {
    Cell(usize),
    West,
    East,
    South,
    North,
}

/// `communes`: Voronoi cells with jagged borders that neighbours share to the bit.
fn communes(inputs: &Inputs) -> Result<(), Failure> {
    inputs.once("communes", || {
        let mut stream = Stream::new(SEED, "seeds", 0);
        let (x, y) = uniform(&mut stream, COMMUNES, CORNER, [SIDE; 2]);
        let seeds: Vec<Coord> = x.into_iter().zip(y).map(|(x, y)| Coord { x, y }).collect();
        let cells: Vec<Vec<Beyond>> = (0..COMMUNES).map(|cell| edges(&seeds, cell)).collect();
        // Borders that would cross others are drawn less jagged.
        let mut heights = vec![0.03; COMMUNES];
        loop {
            let rings = (0..COMMUNES).map(|cell| outline(&seeds, cell, &cells[cell], &heights));
            let column =
                GeometryColumn::try_new(rings.map(|r| Polygon::new(r, vec![]).into()), Crs::LAMBERT_93)?;
            let faults = faults(&column);
            if faults.is_empty() {
                return inputs.write_polygons("communes", &column);
            }
            faults.iter().for_each(|fault| heights[fault.row] /= 2.0);
        }
    })
}

/// What lies around a cell, counter-clockwise.
fn edges(seeds: &[Coord], cell: usize) -> Vec<Beyond> {
    let (x, y) = (CORNER[0], CORNER[1]);
    // Corners, each with what lies beyond the edge that begins there.
    let mut ring = vec![
        (Coord { x, y }, Beyond::South),
        (Coord { x: x + SIDE, y }, Beyond::East),
        (Coord { x: x + SIDE, y: y + SIDE }, Beyond::North),
        (Coord { x, y: y + SIDE }, Beyond::West),
    ];
    for (other, seed) in seeds.iter().enumerate().filter(|(other, _)| *other != cell) {
        // How much nearer to the cell's own seed a place is.
        let own = seeds[cell];
        let middle = (own + *seed) / 2.0;
        let lead = |c: Coord| (c.x - middle.x) * (own.x - seed.x) + (c.y - middle.y) * (own.y - seed.y);
        let mut kept = Vec::with_capacity(ring.len() + 1);
        for (index, &(corner, beyond)) in ring.iter().enumerate() {
            let (next, _) = ring[(index + 1) % ring.len()];
            let (here, there) = (lead(corner), lead(next));
            let crossing = || corner + (next - corner) * (here / (here - there));
            if here >= 0.0 {
                kept.push((corner, beyond));
                if there < 0.0 {
                    kept.push((crossing(), Beyond::Cell(other)));
                }
            } else if there >= 0.0 {
                kept.push((crossing(), beyond));
            }
        }
        ring = kept;
    }
    ring.into_iter().map(|(_, beyond)| beyond).collect()
}

/// The place where three meet, the same to the bit for each of them.
fn corner(seeds: &[Coord], mut around: [Beyond; 3]) -> Coord {
    around.sort_unstable();
    let line = |a: usize, b: usize| {
        let (a, b) = (seeds[a], seeds[b]);
        let middle = (a + b) / 2.0;
        let normal = b - a;
        (normal, normal.x * middle.x + normal.y * middle.y)
    };
    let side = |beyond: Beyond| match beyond {
        Beyond::West => (Coord { x: 1.0, y: 0.0 }, CORNER[0]),
        Beyond::East => (Coord { x: 1.0, y: 0.0 }, CORNER[0] + SIDE),
        Beyond::South => (Coord { x: 0.0, y: 1.0 }, CORNER[1]),
        _ => (Coord { x: 0.0, y: 1.0 }, CORNER[1] + SIDE),
    };
    let (first, second) = match around {
        [Beyond::Cell(a), Beyond::Cell(b), Beyond::Cell(c)] => (line(a, b), line(b, c)),
        [Beyond::Cell(a), Beyond::Cell(b), beyond] => (line(a, b), side(beyond)),
        [_, one, other] => (side(one), side(other)),
    };
    let ((n, d), (m, e)) = (first, second);
    let determinant = n.x * m.y - n.y * m.x;
    let clamp = |v: f64, low: f64| v.clamp(low, low + SIDE);
    Coord {
        x: clamp((d * m.y - e * n.y) / determinant, CORNER[0]),
        y: clamp((n.x * e - m.x * d) / determinant, CORNER[1]),
    }
}

/// The ring of a cell with its jagged edges.
fn outline(seeds: &[Coord], cell: usize, around: &[Beyond], heights: &[f64]) -> LineString {
    let mut ring = Vec::new();
    for (index, &beyond) in around.iter().enumerate() {
        let before = around[(index + around.len() - 1) % around.len()];
        let after = around[(index + 1) % around.len()];
        let own = Beyond::Cell(cell);
        let (from, to) = (corner(seeds, [own, before, beyond]), corner(seeds, [own, beyond, after]));
        match beyond {
            Beyond::Cell(other) => {
                let height = heights[cell].min(heights[other]);
                let number = (cell.min(other) * COMMUNES + cell.max(other)) as u64;
                // Drawn from the cell of lower number, by both.
                if cell < other {
                    ring.extend(&jagged(from, to, height, number)[1..]);
                } else {
                    ring.extend(jagged(to, from, height, number).iter().rev().skip(1));
                }
            }
            _ => ring.extend(&jagged(from, to, 0.0, 0)[1..]),
        }
    }
    let mut ring = LineString(ring);
    ring.close();
    ring
}

/// A random walk between two places that leaves the straight way by at most this share of its length.
fn jagged(from: Coord, to: Coord, height: f64, number: u64) -> Vec<Coord> {
    let along = to - from;
    let length = along.x.hypot(along.y);
    let segments = ((length / SEGMENT).round() as usize).max(2);
    let mut stream = Stream::new(SEED, "border", number);
    let mut sum = 0.0;
    let mut walk = vec![0.0];
    walk.extend((0..segments).map(|_| {
        sum += stream.normal();
        sum
    }));
    let share = |step: usize| step as f64 / segments as f64;
    let bridge: Vec<f64> = walk.iter().enumerate().map(|(step, w)| w - share(step) * sum).collect();
    let highest = bridge.iter().fold(f64::MIN_POSITIVE, |high, v| high.max(v.abs()));
    let place = |step: usize| match step {
        0 => from,
        _ if step == segments => to,
        _ => {
            let aside = height * bridge[step] / highest;
            let (t, across) = (share(step), Coord { x: -along.y, y: along.x });
            from + along * t + across * aside
        }
    };
    (0..=segments).map(place).collect()
}
