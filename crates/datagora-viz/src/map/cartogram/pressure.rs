//! The last corrections of surfaces, where zones are narrower than a cell of the grid of the flow.
use datagora_core::Crs;

use super::deform::{RingShape, State, Target};
use super::mesh::Mesh;

/// A border edge between two zones; the first zone lies left of the way from the first end to the second.
struct Edge {
    ends: [usize; 2],
    zones: [usize; 2],
}

/// Corrections at most.
const MOST_STEPS: usize = 12;
/// In one correction a zone grows or shrinks by no more than this share of its surface.
pub(super) const MOST_CHANGE: f64 = 0.3;
/// Attempts at one correction, each without the zones whose rings crossed in the one before.
const ATTEMPTS: usize = 6;
/// Corrections go on while each leaves less than this share of the mean error.
const WORTH: f64 = 0.95;
/// Over so many edges from a zone that stays, vertices move the less the nearer they are.
const REACH: usize = 6;
/// How often the moves of vertices are evened out along the borders.
const SMOOTH: usize = 4;

/// Moves the borders between zones until their surfaces are right.
///
/// Each zone has a pressure, and a border moves by the difference of both: the pressures that change all surfaces at once
/// by what is wanted, in the first order, follow from a linear system with one unknown a zone. Outer borders, and what is
/// not exactly the border of two zones, stay where they are. As in the flow, no ring turns over or crosses itself.
pub(super) fn balance(
    mesh: &mut Mesh,
    mut state: State,
    targets: &[Option<Target>],
    shape: &RingShape,
    crs: &Crs,
) -> State {
    let rows = targets.len();
    let (edges, free) = borders(mesh, rows);
    for _ in 0..MOST_STEPS {
        if state.is_close() {
            break;
        }
        let (before, mut shares) = (mesh.positions.clone(), free.clone());
        let mut better = None;
        for _ in 0..ATTEMPTS {
            push(mesh, &edges, &shares, &state.wanted());
            let crossings = shape.broken_by(mesh, crs);
            if crossings.is_empty() {
                let now = State::measure(mesh, rows, targets);
                better = Some(now).filter(|now| now.off() < WORTH * state.off());
                break;
            }
            mesh.positions.clone_from(&before);
            hold(&edges, &mut shares, &crossings);
        }
        let Some(now) = better else {
            mesh.positions = before;
            break;
        };
        state = now;
    }
    state
}

/// The edges that are borders of two zones, and 1 for the vertices that have no other edges, which may move.
fn borders(mesh: &Mesh, rows: usize) -> (Vec<Edge>, Vec<f64>) {
    let all = mesh.edges(rows);
    let mut free = vec![0.0; mesh.positions.len()];
    let mut stays = vec![false; mesh.positions.len()];
    let mut edges = Vec::new();
    for same in all.chunk_by(|one, other| one.0 == other.0) {
        let ends = same[0].0.map(|end| end as usize);
        match same {
            [(_, one, one_left), (_, other, other_left)] if one != other && one_left != other_left => {
                let zones = if *one_left { [*one, *other] } else { [*other, *one] };
                edges.push(Edge { ends, zones });
                ends.into_iter().for_each(|end| free[end] = 1.0);
            }
            _ => ends.into_iter().for_each(|end| stays[end] = true),
        }
    }
    free.iter_mut().zip(stays).filter(|(_, stays)| *stays).for_each(|(free, _)| *free = 0.0);
    (edges, free)
}

/// Moves each vertex by its share, so that each surface changes by what is wanted in the first order.
fn push(mesh: &mut Mesh, edges: &[Edge], shares: &[f64], wanted: &[f64]) {
    let positions = &mut mesh.positions;
    // Length, and the way to the right of it, of each edge; of the length only the part that moves.
    let sides: Vec<([f64; 2], f64)> = edges
        .iter()
        .map(|Edge { ends: [from, to], .. }| {
            let ([ax, ay], [bx, by]) = (positions[*from], positions[*to]);
            let share = 0.5 * (shares[*from] + shares[*to]);
            ([by - ay, ax - bx], share * libm::hypot(bx - ax, by - ay))
        })
        .collect();
    let weights: Vec<f64> = sides.iter().map(|(_, length)| *length).collect();
    let pressures = pressures(edges, &weights, wanted);
    let mut moves = vec![([0.0; 2], 0.0); positions.len()];
    for (Edge { ends, zones: [left, right] }, (across, _)) in edges.iter().zip(&sides) {
        let by = pressures[*left] - pressures[*right];
        for &end in ends {
            let ([x, y], length) = &mut moves[end];
            *x += by * across[0];
            *y += by * across[1];
            *length += libm::hypot(across[0], across[1]);
        }
    }
    let mut moves: Vec<[f64; 2]> = moves
        .into_iter()
        .zip(shares)
        .map(|(([x, y], length), share)| match length > 0.0 {
            true => [share * x / length, share * y / length],
            false => [0.0; 2],
        })
        .collect();
    for _ in 0..SMOOTH {
        even_out(&mut moves, edges, shares);
    }
    for (at, [x, y]) in positions.iter_mut().zip(moves) {
        *at = [at[0] + x, at[1] + y];
    }
}

/// Lets each vertex move as the mean of itself and its neighbours, so that the bends of a border move together; those without share
/// stay.
fn even_out(moves: &mut [[f64; 2]], edges: &[Edge], shares: &[f64]) {
    let mut sums: Vec<([f64; 2], f64)> = moves.iter().map(|&by| (by, 1.0)).collect();
    for Edge { ends: [a, b], .. } in edges {
        for (to, from) in [(*a, *b), (*b, *a)] {
            let ([x, y], count) = &mut sums[to];
            *x += moves[from][0];
            *y += moves[from][1];
            *count += 1.0;
        }
    }
    for ((by, ([x, y], count)), share) in moves.iter_mut().zip(sums).zip(shares) {
        *by = if *share > 0.0 { [x / count, y / count] } else { [0.0; 2] };
    }
}

/// The pressures p for which Σⱼ wᵢⱼ (pᵢ − pⱼ) is what is wanted of each zone i: by conjugate gradients.
fn pressures(edges: &[Edge], weights: &[f64], wanted: &[f64]) -> Vec<f64> {
    /// Share of the diagonal that is added to it: the pressure of a zone is else only known up to a constant.
    const TIED: f64 = 1e-6;
    let n = wanted.len();
    let mut diagonal = vec![0.0; n];
    for (edge, weight) in edges.iter().zip(weights) {
        edge.zones.iter().for_each(|&zone| diagonal[zone] += weight);
    }
    let times = |p: &[f64]| {
        let mut product: Vec<f64> = p.iter().zip(&diagonal).map(|(p, d)| TIED * d * p).collect();
        for (Edge { zones: [a, b], .. }, weight) in edges.iter().zip(weights) {
            let flow = weight * (p[*a] - p[*b]);
            product[*a] += flow;
            product[*b] -= flow;
        }
        product
    };
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let scaled = |r: &[f64]| -> Vec<f64> {
        r.iter().zip(&diagonal).map(|(r, d)| if *d > 0.0 { r / d } else { 0.0 }).collect()
    };
    let mut p = vec![0.0; n];
    // Zones without such borders have no say.
    let mut rest: Vec<f64> =
        wanted.iter().zip(&diagonal).map(|(wanted, d)| if *d > 0.0 { *wanted } else { 0.0 }).collect();
    let mut search = scaled(&rest);
    let mut size = dot(&rest, &search);
    let enough = 1e-12 * size;
    for _ in 0..2 * n {
        if size <= enough {
            break;
        }
        let product = times(&search);
        let step = size / dot(&search, &product);
        for ((p, rest), (search, product)) in p.iter_mut().zip(&mut rest).zip(search.iter().zip(&product)) {
            *p += step * search;
            *rest -= step * product;
        }
        let next = scaled(&rest);
        let new = dot(&rest, &next);
        search.iter_mut().zip(&next).for_each(|(search, next)| *search = next + new / size * *search);
        size = new;
    }
    p
}

/// Keeps the zones of these vertices as they are; beside them borders move the less the nearer they are.
fn hold(edges: &[Edge], shares: &mut [f64], crossings: &[(usize, usize)]) {
    let mut away = vec![REACH; shares.len()];
    for Edge { ends, zones } in edges {
        if crossings.iter().any(|(row, _)| zones.contains(row)) {
            ends.iter().for_each(|&end| away[end] = 0);
        }
    }
    for _ in 0..REACH {
        for Edge { ends: [a, b], .. } in edges {
            away[*a] = away[*a].min(away[*b] + 1);
            away[*b] = away[*b].min(away[*a] + 1);
        }
    }
    for (share, away) in shares.iter_mut().zip(away) {
        *share = share.min(away as f64 / REACH as f64);
    }
}

#[cfg(test)]
mod tests {
    use datagora_geo::types::{Coord, Rect};
    use datagora_geo::{GeometryColumn, faults};

    use super::*;

    /// Three strips side by side, of which the one in the middle is a hundredth as wide as the others.
    #[test]
    fn narrow_zones_get_their_surface() {
        let strip =
            |from: f64, to: f64| Rect::new(Coord { x: from, y: 0.0 }, Coord { x: to, y: 10.0 }).to_polygon();
        let zones = GeometryColumn::new(
            [strip(0.0, 10.0), strip(10.0, 10.1), strip(10.1, 20.0)].map(Into::into),
            Crs::LAMBERT_93,
        );
        let mut mesh = Mesh::new();
        mesh.add(&zones, |at| [at.x, at.y]);
        mesh.refine(|_| 1.0);
        let target = |amount: f64| Some(Target { amount, exact: true });
        let targets = [target(10.0), target(0.3), target(9.7)];
        let shape = RingShape::of(&mesh, 3, &Crs::LAMBERT_93);
        let before = State::measure(&mesh, 3, &targets);
        let (start, outline) = (before.off(), mesh.positions.clone());
        let after = balance(&mut mesh, before, &targets, &shape, &Crs::LAMBERT_93);
        assert!(start > 0.2 && after.off() < 0.02, "{start} {}", after.off());
        // The outline stays.
        let fixed = outline
            .iter()
            .zip(&mesh.positions)
            .filter(|(before, _)| [0.0, 20.0].contains(&before[0]) || [0.0, 10.0].contains(&before[1]));
        assert!(fixed.clone().count() > 50 && fixed.clone().all(|(before, now)| before == now));
        let moved = mesh.column(0..3, Crs::LAMBERT_93, |[x, y]| Coord { x, y });
        assert!(faults(&moved).iter().all(|fault| !fault.kind.is_invalid()));
    }

    #[test]
    fn pressures_change_surfaces_by_what_is_wanted() {
        let edge = |a: usize, b: usize| Edge { ends: [0, 0], zones: [a, b] };
        let (edges, weights) = ([edge(0, 1), edge(1, 2), edge(0, 2), edge(2, 3)], [2.0, 1.0, 0.5, 4.0]);
        let wanted = [1.0, -3.0, 1.5, 0.5];
        let p = pressures(&edges, &weights, &wanted);
        let mut found = [0.0; 4];
        for (Edge { zones: [a, b], .. }, weight) in edges.iter().zip(weights) {
            found[*a] += weight * (p[*a] - p[*b]);
            found[*b] -= weight * (p[*a] - p[*b]);
        }
        assert!(found.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-4), "{found:?}");
    }
}
