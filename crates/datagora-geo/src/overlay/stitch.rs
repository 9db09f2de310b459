//! Rings from directed edges, and surfaces from rings.
use geo::kernels::{Kernel, Orientation, RobustKernel};

use super::contact::before;
use super::outline::{Outline, ring_area, sense};
use super::relation::relate;
use crate::types::Coord;

/// A surface: the exterior, counter-clockwise, then its holes, each without the point that closes it.
pub(crate) type Surface = Vec<Vec<Coord>>;

/// Orders points, so that edges can be found by where they begin.
pub(crate) fn by_place(a: Coord, b: Coord) -> std::cmp::Ordering {
    a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y))
}

/// Orders edges by where they begin, then by where they end.
pub(crate) fn by_ends(one: [Coord; 2], other: [Coord; 2]) -> std::cmp::Ordering {
    by_place(one[0], other[0]).then(by_place(one[1], other[1]))
}

/// The rings that directed edges make, the surface on the left of each; `None` if they do not close.
///
/// Where several edges leave a point, the one that turns most to the left is taken, and a ring that comes back to a point
/// is cut there: surfaces that touch at a point stay apart, and no ring touches itself.
pub(crate) fn rings(mut edges: Vec<[Coord; 2]>) -> Option<Vec<Vec<Coord>>> {
    edges.sort_unstable_by(|a, b| by_ends(*a, *b));
    let starting = |at: Coord| {
        let first = edges.partition_point(|edge| by_place(edge[0], at).is_lt());
        first..first + edges[first..].partition_point(|edge| edge[0] == at)
    };
    let mut taken = vec![false; edges.len()];
    let mut found = Vec::new();
    for first in 0..edges.len() {
        if taken[first] {
            continue;
        }
        // Edges walked so far that no ring has been cut from.
        let mut path: Vec<usize> = Vec::new();
        let mut edge = first;
        loop {
            taken[edge] = true;
            path.push(edge);
            let [from, at] = edges[edge];
            let leaving = starting(at);
            if leaving.len() != 1 || taken[leaving.start] {
                // A point of several edges, or the end: whatever came back to it is a ring.
                if let Some(place) = path.iter().rposition(|&walked| edges[walked][0] == at) {
                    found.push(path.drain(place..).map(|walked| edges[walked][0]).collect());
                    if path.is_empty() {
                        break;
                    }
                }
            }
            edge = leaving
                .filter(|&next| !taken[next])
                .min_by(|&a, &b| turn(from, at, edges[a][1], edges[b][1]))?;
        }
    }
    Some(found)
}

/// Which of two edges that leave a point comes first when turning clockwise from where one came.
fn turn(from: Coord, at: Coord, a: Coord, b: Coord) -> std::cmp::Ordering {
    // Half a turn first: 0 for directions to the left of the way, 1 straight on and to the right.
    let half = |p: Coord| match RobustKernel::orient2d(from, at, p) {
        Orientation::CounterClockwise => 0,
        Orientation::Clockwise => 2,
        Orientation::Collinear => {
            let back = (p.x - at.x) * (from.x - at.x) + (p.y - at.y) * (from.y - at.y) > 0.0;
            if back { 3 } else { 1 }
        }
    };
    half(a).cmp(&half(b)).then_with(|| match RobustKernel::orient2d(at, a, b) {
        Orientation::CounterClockwise => std::cmp::Ordering::Greater,
        Orientation::Clockwise => std::cmp::Ordering::Less,
        Orientation::Collinear => std::cmp::Ordering::Equal,
    })
}

/// Rings put together: holes with the smallest exterior around them. `None` if a hole has none.
pub(crate) fn surfaces(rings: Vec<Vec<Coord>>) -> Option<Vec<Surface>> {
    let mut exteriors: Vec<(f64, Surface)> = Vec::new();
    let mut holes = Vec::new();
    for ring in rings {
        match sense(&ring) {
            Orientation::CounterClockwise => exteriors.push((ring_area(&ring), vec![ring])),
            Orientation::Clockwise => holes.push(ring),
            Orientation::Collinear => {}
        }
    }
    exteriors.sort_by(|a, b| a.0.total_cmp(&b.0));
    if !holes.is_empty() {
        let outlines: Vec<Outline> =
            exteriors.iter().map(|(_, surface)| Outline::of_rings(&surface[..1])).collect();
        for hole in holes {
            let around = Outline::of_rings(std::slice::from_ref(&hole)).bounds();
            let holds = |outline: &Outline| outline.bounds().holds(&around) && is_within(&hole, outline);
            let place = outlines.iter().position(holds)?;
            exteriors[place].1.push(hole);
        }
    }
    let mut surfaces: Vec<Surface> = exteriors.into_iter().map(|(_, surface)| surface).collect();
    surfaces.sort_by(|a, b| by_place(first(a), first(b)));
    Some(surfaces)
}

/// The point of the exterior farthest west and south.
fn first(surface: &Surface) -> Coord {
    surface[0].iter().copied().reduce(|a, b| if before(b, a) { b } else { a }).unwrap_or_default()
}

/// Whether the ground of a hole, which crosses nothing, is within an outline.
fn is_within(hole: &[Coord], outline: &Outline) -> bool {
    let ground = Outline::of_rings(&[hole.iter().rev().copied().collect()]);
    !relate(outline, &ground, |known| known.right_beyond).right_beyond
}
