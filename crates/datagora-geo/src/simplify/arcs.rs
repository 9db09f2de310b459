//! Rings cut into arcs where three or more lines meet, so that each stretch of border exists once.
use rustc_hash::FxHashMap;

use crate::types::Coord;

/// A vertex, by its position: what lies at the same place is the same vertex.
pub(super) type Vertex = u32;

/// Rings and lines as sequences of arcs that they share.
#[derive(Debug, Default)]
pub(super) struct Topology {
    pub(super) positions: Vec<Coord>,
    /// Vertices from end to end; a closed arc begins and ends with the same one.
    pub(super) arcs: Vec<Vec<Vertex>>,
    pub(super) paths: Vec<Path>,
}

/// A ring or line as a sequence of arcs.
#[derive(Debug)]
pub(super) struct Path {
    pub(super) closed: bool,
    /// Arc, and whether it is walked from its end to its beginning.
    pub(super) steps: Vec<(usize, bool)>,
}

/// Gives each position a number.
#[derive(Debug, Default)]
struct Vertices {
    number: FxHashMap<[u64; 2], Vertex>,
    positions: Vec<Coord>,
    last: Vertex,
}

impl Vertices {
    fn of(&mut self, position: Coord) -> Vertex {
        // Who walks along a border again meets its vertices one after the other, most often the other way round.
        let near = [self.last.wrapping_sub(1), self.last.wrapping_add(1)];
        let known = near.into_iter().find(|near| self.positions.get(*near as usize) == Some(&position));
        self.last = known.unwrap_or_else(|| {
            // Adding 0 makes −0 and 0 the same.
            let key = [(position.x + 0.0).to_bits(), (position.y + 0.0).to_bits()];
            *self.number.entry(key).or_insert_with(|| {
                self.positions.push(position);
                (self.positions.len() - 1) as Vertex
            })
        });
        self.last
    }
}

impl Topology {
    /// Cuts runs of points, each with whether it is a ring. Rings are closed runs.
    pub(super) fn new(runs: impl Iterator<Item = (Vec<Coord>, bool)>) -> Self {
        let runs: Vec<(Vec<Coord>, bool)> = runs.collect();
        let mut vertices = Vertices::default();
        // Most vertices of a coverage are on the border of two zones.
        vertices.number.reserve(runs.iter().map(|(points, _)| points.len()).sum::<usize>() / 2);
        let mut paths: Vec<(Vec<Vertex>, bool)> = Vec::with_capacity(runs.len());
        for (points, ring) in runs {
            let mut path: Vec<Vertex> = points.into_iter().map(|point| vertices.of(point)).collect();
            path.dedup();
            let closed = ring || (path.len() > 3 && path.first() == path.last());
            if closed && path.len() > 1 && path.first() == path.last() {
                path.pop();
            }
            paths.push((path, closed));
        }
        let junction = junctions(vertices.positions.len(), &paths);
        let mut topology = Topology { positions: vertices.positions, ..Topology::default() };
        // No two arcs have an edge in common, so the first one tells which arc it is.
        let mut known: FxHashMap<[Option<Vertex>; 2], usize> = FxHashMap::default();
        for (mut path, closed) in paths {
            let mut steps = Vec::new();
            for_arcs(&mut path, closed, &junction, |arc| {
                let backwards = arc.iter().rev().lt(arc);
                let next = topology.arcs.len();
                let edge = if backwards {
                    [arc.last().copied(), arc.iter().nth_back(1).copied()]
                } else {
                    [arc.first().copied(), arc.get(1).copied()]
                };
                let index = *known.entry(edge).or_insert(next);
                if index == next {
                    let mut arc = arc.to_vec();
                    if backwards {
                        arc.reverse();
                    }
                    topology.arcs.push(arc);
                }
                steps.push((index, backwards));
            });
            topology.paths.push(Path { closed, steps });
        }
        topology
    }

    /// Points of a ring (closed) or line, from its arcs.
    pub(super) fn points(&self, path: usize) -> Vec<Coord> {
        let mut points: Vec<Coord> = Vec::new();
        for (arc, backwards) in &self.paths[path].steps {
            let arc = &self.arcs[*arc];
            // Each arc begins where the one before it ended.
            let skip = usize::from(!points.is_empty());
            let position = |vertex: &Vertex| self.positions[*vertex as usize];
            if *backwards {
                points.extend(arc.iter().rev().skip(skip).map(position));
            } else {
                points.extend(arc.iter().skip(skip).map(position));
            }
        }
        points
    }
}

/// Vertices where lines end or part: those that do not always have the same two neighbours.
fn junctions(count: usize, paths: &[(Vec<Vertex>, bool)]) -> Vec<bool> {
    let mut junction = vec![false; count];
    let mut neighbours: Vec<Option<[Vertex; 2]>> = vec![None; count];
    for (path, closed) in paths {
        let n = path.len();
        for (k, &vertex) in path.iter().enumerate() {
            if !closed && (k == 0 || k + 1 == n) {
                junction[vertex as usize] = true;
                continue;
            }
            let (before, after) = (path[(k + n - 1) % n], path[(k + 1) % n]);
            let pair = [before.min(after), before.max(after)];
            match &neighbours[vertex as usize] {
                Some(known) if *known != pair => junction[vertex as usize] = true,
                Some(_) => {}
                None => neighbours[vertex as usize] = Some(pair),
            }
        }
    }
    junction
}

/// Cuts a path at its junctions. A ring without any becomes one closed arc that begins at its least vertex, so that
/// a hole and what fills it are cut alike.
fn for_arcs(path: &mut Vec<Vertex>, closed: bool, junction: &[bool], mut each: impl FnMut(&[Vertex])) {
    let is_junction = |vertex: &Vertex| junction[*vertex as usize];
    if path.is_empty() {
        return;
    }
    if closed {
        let first = path.iter().position(is_junction).or_else(|| {
            let least = path.iter().min()?;
            path.iter().position(|vertex| vertex == least)
        });
        path.rotate_left(first.unwrap_or(0));
        path.push(path[0]);
    }
    let (mut from, last) = (0, path.len() - 1);
    for at in (1..last).filter(|&at| is_junction(&path[at])) {
        each(&path[from..=at]);
        from = at;
    }
    each(&path[from..]);
}
