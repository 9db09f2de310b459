//! Removal of the vertices that matter least, where nothing is in the way.
use geo::kernels::{Kernel, Orientation, RobustKernel};

use super::arcs::{Topology, Vertex};
use super::queue::{Queue, Waiting};
use super::vertex_grid::VertexGrid;
use crate::geometry::Bounds;
use crate::types::Coord;

/// Distinct vertices that a ring keeps.
const LEAST: usize = 3;

/// The neighbour of an end of an arc, as if it were a vertex.
const NONE: Vertex = Vertex::MAX;

/// A coverage whose vertices are removed one after the other.
#[derive(Debug)]
pub(super) struct Removal {
    topology: Topology,
    links: Vec<Link>,
    /// Arc of each vertex that is no end of one.
    arc_of: Vec<u32>,
    /// Rings and closed lines that walk each arc.
    users: Vec<Vec<u32>>,
    /// Distinct vertices left in each path.
    left: Vec<usize>,
    there: Vec<bool>,
    grid: VertexGrid,
}

/// A vertex on its arc.
#[derive(Clone, Copy, Debug)]
struct Link {
    /// Neighbours; none of the ends of an arc.
    before: Vertex,
    after: Vertex,
    /// Area of the triangle that it makes with them; infinite where it may not go, and when it is gone.
    area: f64,
    /// Whether it waits with this area.
    waits: bool,
}

impl Removal {
    pub(super) fn new(topology: Topology) -> Self {
        let count = topology.positions.len();
        let end = Link { before: NONE, after: NONE, area: f64::INFINITY, waits: false };
        let (mut links, mut arc_of) = (vec![end; count], vec![0; count]);
        for (index, arc) in topology.arcs.iter().enumerate() {
            for window in arc.windows(3) {
                links[window[1] as usize] = Link { before: window[0], after: window[2], ..end };
                arc_of[window[1] as usize] = index as u32;
            }
        }
        let mut users = vec![Vec::new(); topology.arcs.len()];
        let mut left = Vec::with_capacity(topology.paths.len());
        for (index, path) in topology.paths.iter().enumerate() {
            left.push(path.steps.iter().map(|(arc, _)| topology.arcs[*arc].len() - 1).sum());
            if path.closed {
                path.steps.iter().for_each(|(arc, _)| users[*arc].push(index as u32));
            }
        }
        let grid = VertexGrid::new(&topology.positions);
        Removal { topology, links, arc_of, users, left, there: vec![true; count], grid }
    }

    /// Points of a ring (closed) or line, as far as they are left.
    pub(super) fn points(&self, path: usize) -> Vec<Coord> {
        self.topology.points(path)
    }

    pub(super) fn paths(&self) -> usize {
        self.topology.paths.len()
    }

    /// Removes vertices whose triangles are not larger than `most`, least ones first.
    pub(super) fn run(&mut self, most: f64) {
        self.grid.thin_out();
        let mut queue = Queue::new(most.min(f64::MAX));
        let all: Vec<Vertex> = (0..self.links.len() as Vertex).filter(|v| self.there[*v as usize]).collect();
        self.measure(&all);
        all.into_iter().for_each(|vertex| self.wait(&mut queue, vertex));
        let mut blocked: Vec<Vertex> = Vec::new();
        loop {
            let mut removed = false;
            while let Some(Waiting { vertex, area, .. }) = queue.pop() {
                let link = &mut self.links[vertex as usize];
                let Link { before, after, .. } = *link;
                // It has another triangle now, or went.
                if link.area != area {
                    continue;
                }
                link.waits = false;
                if !self.is_least(vertex) {
                    continue;
                }
                if self.may_go(vertex) && self.is_clear(vertex, before, after) {
                    self.remove(vertex, before, after);
                    removed = true;
                    self.measure(&[before, after]);
                    let beyond = [self.links[before as usize].before, self.links[after as usize].after];
                    for vertex in [before, after].into_iter().chain(beyond) {
                        self.wait(&mut queue, vertex);
                    }
                } else {
                    // The neighbours need not let it go first.
                    blocked.push(vertex);
                    self.links[vertex as usize].area = f64::INFINITY;
                    [before, after].into_iter().for_each(|vertex| self.wait(&mut queue, vertex));
                }
            }
            // What was in the way may have gone.
            blocked.retain(|vertex| self.there[*vertex as usize]);
            if !removed || blocked.is_empty() {
                break;
            }
            self.measure(&blocked);
            blocked.drain(..).for_each(|vertex| self.wait(&mut queue, vertex));
        }
        let Self { topology, there, .. } = self;
        topology.arcs.iter_mut().for_each(|arc| arc.retain(|vertex| there[*vertex as usize]));
    }

    /// Lets a vertex wait for its removal if its triangle is less than those of its neighbours, which then stay what they are: the
    /// least triangle of all is one of these.
    fn wait(&mut self, queue: &mut Queue, vertex: Vertex) {
        let Some(link) = self.links.get(vertex as usize).filter(|link| !link.waits) else { return };
        if link.area < f64::INFINITY && self.is_least(vertex) {
            let waiting = Waiting { vertex, at: self.position(vertex), area: link.area };
            self.links[vertex as usize].waits = queue.add(waiting);
        }
    }

    /// Whether the triangle of a vertex between two others is less than theirs; of equal ones, that of the southernmost is.
    fn is_least(&self, vertex: Vertex) -> bool {
        let Link { before, after, area, .. } = self.links[vertex as usize];
        let is_less = |other: Vertex| {
            let than = self.links[other as usize].area;
            let place = |vertex| {
                let at = self.position(vertex);
                (at.y, at.x)
            };
            area < than || area == than && place(vertex) < place(other)
        };
        is_less(before) && is_less(after)
    }

    /// Measures the triangles of vertices, one or both of whose neighbours are new.
    fn measure(&mut self, vertices: &[Vertex]) {
        for &vertex in vertices {
            let Link { before, after, .. } = self.links[vertex as usize];
            if before != NONE {
                let [before, at, after] = [before, vertex, after].map(|vertex| self.position(vertex));
                let twice = (before.x - at.x) * (after.y - at.y) - (after.x - at.x) * (before.y - at.y);
                let link = &mut self.links[vertex as usize];
                (link.area, link.waits) = (twice.abs() / 2.0, false);
            }
        }
    }

    fn position(&self, vertex: Vertex) -> Coord {
        self.topology.positions[vertex as usize]
    }

    /// Whether all rings stay rings without the vertex.
    fn may_go(&self, vertex: Vertex) -> bool {
        let users = &self.users[self.arc_of[vertex as usize] as usize];
        users.iter().all(|path| self.left[*path as usize] > LEAST.max(users.len()))
    }

    /// Whether no other vertex is in the triangle: then the new edge crosses nothing.
    fn is_clear(&self, vertex: Vertex, before: Vertex, after: Vertex) -> bool {
        let corners = [before, vertex, after];
        let [a, b, c] = corners.map(|v| self.position(v));
        let bounds = Bounds {
            min_x: a.x.min(b.x).min(c.x),
            min_y: a.y.min(b.y).min(c.y),
            max_x: a.x.max(b.x).max(c.x),
            max_y: a.y.max(b.y).max(c.y),
        };
        // The corners themselves are there; most often nothing else is.
        self.grid.count_within(bounds) <= corners.len()
            || self
                .grid
                .within(bounds)
                .all(|(at, other)| corners.contains(&other) || is_outside(at, [a, b, c]))
    }

    fn remove(&mut self, vertex: Vertex, before: Vertex, after: Vertex) {
        self.there[vertex as usize] = false;
        self.links[vertex as usize].area = f64::INFINITY;
        self.grid.remove(vertex, self.position(vertex));
        for path in &self.users[self.arc_of[vertex as usize] as usize] {
            self.left[*path as usize] -= 1;
        }
        let link = &mut self.links[before as usize];
        if link.before != NONE {
            link.after = after;
        }
        let link = &mut self.links[after as usize];
        if link.before != NONE {
            link.before = before;
        }
    }
}

/// Whether a point is neither in a triangle nor on its border.
fn is_outside(p: Coord, [a, b, c]: [Coord; 3]) -> bool {
    let sides = [(a, b), (b, c), (c, a)].map(|(from, to)| RobustKernel::orient2d(from, to, p));
    sides.contains(&Orientation::Clockwise) && sides.contains(&Orientation::CounterClockwise)
}
