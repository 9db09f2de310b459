//! A line swept over a ring, to see whether its edges meet.
use geo::kernels::{Kernel, Orientation, RobustKernel};

use crate::overlay::{before, by_place, contact, ordered};
use crate::types::Coord;

/// Numbers so small that their products vanish: nothing can be said of the order of the edges.
#[derive(Debug)]
pub(super) struct Unordered;

/// A point where two edges of a ring meet that are no neighbours; `None` if there is none.
///
/// A line goes over the ring from west to east (and on it from south to north) and keeps the edges that it crosses in
/// order. Two edges that meet are next to each other before they do, so only those are compared that come to be next to
/// each other: time grows with the vertices times their logarithm. Orientations are exact, and up to the first point of
/// contact the order of the edges is one; there, the search ends.
///
/// The ring is given without repeated points, the one that closes it and spikes.
///
/// # References
///
/// Shamos, M. I., Hoey, D. (1976). Geometric intersection problems. FOCS '76, 208–215. doi:10.1109/SFCS.1976.16
pub(super) fn first_meeting(points: &[Coord]) -> Result<Option<Coord>, Unordered> {
    let ring = Swept { points };
    let mut order: Vec<u32> = (0..points.len() as u32).collect();
    let at = |vertex: u32| points[vertex as usize];
    order.sort_unstable_by(|&a, &b| by_place(at(a), at(b)));
    if let Some(twice) = order.windows(2).find(|pair| at(pair[0]) == at(pair[1])) {
        return Ok(Some(at(twice[0])));
    }
    let mut active = Active::default();
    for &vertex in &order {
        if let Some(found) = ring.pass(vertex as usize, &mut active)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

struct Swept<'a> {
    points: &'a [Coord],
}

impl Swept<'_> {
    fn edge(&self, edge: u32) -> [Coord; 2] {
        let edge = edge as usize;
        [self.points[edge], self.points[if edge + 1 == self.points.len() { 0 } else { edge + 1 }]]
    }

    /// On which side of an edge, taken from west to east, a point is; above is counter-clockwise.
    fn side(&self, edge: u32, point: Coord) -> Orientation {
        let [a, b] = ordered(self.edge(edge));
        RobustKernel::orient2d(a, b, point)
    }

    /// Where two edges meet, unless they are neighbours in the ring.
    fn compare(&self, one: Option<u32>, other: Option<u32>) -> Option<Coord> {
        let (one, other) = one.zip(other)?;
        let count = self.points.len() as u32;
        if (one + 1) % count == other || (other + 1) % count == one {
            return None;
        }
        contact(self.edge(one), self.edge(other)).points().next()
    }

    /// Moves the line over a vertex; gives a point in which edges meet, if one comes to be seen.
    fn pass(&self, vertex: usize, active: &mut Active) -> Result<Option<Coord>, Unordered> {
        let (count, at) = (self.points.len(), self.points[vertex]);
        let (last, next) = (((vertex + count - 1) % count) as u32, vertex as u32);
        let (far, other) = (self.edge(last)[0], self.edge(next)[1]);
        let ends: Vec<u32> = [(last, far), (next, other)]
            .into_iter()
            .filter(|(_, to)| before(*to, at))
            .map(|(edge, _)| edge)
            .collect();
        let first = active.find(|edge| self.side(edge, at) == Orientation::CounterClockwise);
        let mut end = first;
        let mut through = 0;
        while let Some(edge) = active.get(end).filter(|&edge| self.side(edge, at) == Orientation::Collinear) {
            if !ends.contains(&edge) {
                return Ok(Some(at));
            }
            through += 1;
            end = active.after(end);
        }
        if through != ends.len() {
            return Err(Unordered);
        }
        let below = active.before(first).and_then(|below| active.get(below));
        let above = active.get(end);
        Ok(match ends[..] {
            [] => {
                let last_is_lower = RobustKernel::orient2d(at, far, other) == Orientation::CounterClockwise;
                let [lower, upper] = if last_is_lower { [last, next] } else { [next, last] };
                active.insert(first, [lower, upper]);
                self.compare(below, Some(lower)).or_else(|| self.compare(Some(upper), above))
            }
            [ending] => {
                let begun = if ending == last { next } else { last };
                active.replace(first, begun);
                self.compare(below, Some(begun)).or_else(|| self.compare(Some(begun), above))
            }
            _ => {
                active.remove(active.after(first));
                active.remove(first);
                self.compare(below, above)
            }
        })
    }
}

/// Edges in order, in runs, none of them empty, so that little is moved when one is added.
#[derive(Default)]
struct Active {
    runs: Vec<Vec<u32>>,
}

/// Length at which a run is halved.
const LONGEST: usize = 512;

/// A run, and a place in it.
type Place = (usize, usize);

impl Active {
    /// The first place at which something does not hold that holds of all before.
    fn find(&self, holds: impl Fn(u32) -> bool) -> Place {
        let run = self.runs.partition_point(|run| run.last().is_some_and(|&edge| holds(edge)));
        (run, self.runs.get(run).map_or(0, |run| run.partition_point(|&edge| holds(edge))))
    }

    fn get(&self, (run, place): Place) -> Option<u32> {
        self.runs.get(run)?.get(place).copied()
    }

    fn after(&self, (run, place): Place) -> Place {
        if self.runs.get(run).is_some_and(|run| place + 1 < run.len()) {
            (run, place + 1)
        } else {
            (run + 1, 0)
        }
    }

    fn before(&self, (run, place): Place) -> Option<Place> {
        match place.checked_sub(1) {
            Some(before) => Some((run, before)),
            None => run.checked_sub(1).map(|run| (run, self.runs[run].len() - 1)),
        }
    }

    fn replace(&mut self, (run, place): Place, edge: u32) {
        self.runs[run][place] = edge;
    }

    fn insert(&mut self, (run, place): Place, edges: [u32; 2]) {
        let (run, place) = match run.checked_sub(1) {
            _ if run < self.runs.len() => (run, place),
            Some(last) => (last, self.runs[last].len()),
            None => {
                self.runs.push(edges.to_vec());
                return;
            }
        };
        self.runs[run].splice(place..place, edges);
        if self.runs[run].len() > LONGEST {
            let later = self.runs[run].split_off(LONGEST / 2);
            self.runs.insert(run + 1, later);
        }
    }

    fn remove(&mut self, (run, place): Place) {
        self.runs[run].remove(place);
        if self.runs[run].is_empty() {
            self.runs.remove(run);
        }
    }
}
