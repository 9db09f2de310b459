//! Removal of the vertices that matter least, where nothing is in the way.
use std::cmp::Reverse;
use std::collections::BinaryHeap;

use geo::kernels::{Kernel, Orientation, RobustKernel};

use super::arcs::{Topology, Vertex};
use crate::geometry::Bounds;
use crate::types::Coord;

/// Distinct vertices that a ring keeps.
const LEAST: usize = 3;

/// A coverage whose vertices are removed one after the other.
#[derive(Debug)]
pub(super) struct Removal {
    topology: Topology,
    /// Neighbours of the vertices that are not ends of an arc.
    neighbours: Vec<Option<[Vertex; 2]>>,
    /// Arc of those.
    arc_of: Vec<u32>,
    /// Rings and closed lines that walk each arc.
    users: Vec<Vec<u32>>,
    /// Distinct vertices left in each path.
    left: Vec<usize>,
    there: Vec<bool>,
    grid: VertexGrid,
}

/// Vertices that wait for their removal, least triangle first.
struct Queue {
    /// Those of the beginning, sorted once; the least last. Areas are not negative, so their bits are in the order of
    /// their values.
    first: Vec<(u64, Vertex)>,
    /// Those whose triangle has become another since.
    later: BinaryHeap<Reverse<(u64, Vertex)>>,
    /// The least area with which each vertex waits; the largest number if it does not.
    least: Vec<u64>,
    /// Vertices with larger triangles stay.
    most: f64,
}

impl Queue {
    fn new(removal: &Removal, most: f64) -> Self {
        let mut least = vec![u64::MAX; removal.topology.positions.len()];
        let mut first = Vec::with_capacity(least.len());
        for (vertex, least) in least.iter_mut().enumerate() {
            let area = removal.triangle(vertex as Vertex).filter(|area| *area <= most);
            if let Some(area) = area.filter(|_| removal.there[vertex]) {
                *least = area.to_bits();
                first.push((*least, vertex as Vertex));
            }
        }
        first.sort_unstable_by_key(|waiting| Reverse(*waiting));
        Queue { first, later: BinaryHeap::new(), least, most }
    }

    /// Lets a vertex wait whose triangle may be another now. One that grew keeps its place until it is reached there.
    fn update(&mut self, removal: &Removal, vertex: Vertex) {
        let Some(area) = removal.triangle(vertex).filter(|area| *area <= self.most) else { return };
        if removal.there[vertex as usize] && area.to_bits() < self.least[vertex as usize] {
            self.least[vertex as usize] = area.to_bits();
            self.later.push(Reverse((area.to_bits(), vertex)));
        }
    }

    fn next(&mut self, removal: &Removal) -> Option<Vertex> {
        loop {
            let (area, vertex) = match (self.first.last(), self.later.peek()) {
                (Some(first), Some(Reverse(later))) if first <= later => self.first.pop()?,
                (Some(_), None) => self.first.pop()?,
                _ => self.later.pop()?.0,
            };
            if self.least[vertex as usize] != area {
                continue;
            }
            self.least[vertex as usize] = u64::MAX;
            if removal.triangle(vertex).is_some_and(|now| now.to_bits() == area) {
                return Some(vertex);
            }
            self.update(removal, vertex);
        }
    }
}

impl Removal {
    pub(super) fn new(topology: Topology) -> Self {
        let count = topology.positions.len();
        let (mut neighbours, mut arc_of) = (vec![None; count], vec![0; count]);
        for (index, arc) in topology.arcs.iter().enumerate() {
            for window in arc.windows(3) {
                neighbours[window[1] as usize] = Some([window[0], window[2]]);
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
        Removal {
            neighbours,
            arc_of,
            users,
            left,
            there: vec![true; count],
            grid: VertexGrid::new(&topology.positions),
            topology,
        }
    }

    /// Points of a ring (closed) or line, as far as they are left.
    pub(super) fn points(&self, path: usize) -> Vec<Coord> {
        self.topology.points(path)
    }

    pub(super) fn paths(&self) -> usize {
        self.topology.paths.len()
    }

    /// Removes vertices, least triangle first, as long as it is not larger than `most`.
    pub(super) fn run(&mut self, most: f64) {
        self.grid.thin_out(&self.topology.positions);
        let mut queue = Queue::new(self, most);
        let mut blocked: Vec<Vertex> = Vec::new();
        loop {
            let mut removed = false;
            while let Some(vertex) = queue.next(self) {
                let Some([before, after]) = self.neighbours[vertex as usize] else { continue };
                if !self.may_go(vertex) {
                    continue;
                }
                if !self.is_clear(vertex, before, after) {
                    blocked.push(vertex);
                    continue;
                }
                self.remove(vertex, before, after);
                removed = true;
                queue.update(self, before);
                queue.update(self, after);
            }
            // What was in the way may have gone.
            if !removed || blocked.is_empty() {
                break;
            }
            blocked.sort_unstable();
            blocked.dedup();
            blocked.drain(..).for_each(|vertex| queue.update(self, vertex));
        }
        let Self { topology, there, .. } = self;
        topology.arcs.iter_mut().for_each(|arc| arc.retain(|vertex| there[*vertex as usize]));
    }

    fn position(&self, vertex: Vertex) -> Coord {
        self.topology.positions[vertex as usize]
    }

    /// Area of the triangle that a vertex makes with its neighbours.
    fn triangle(&self, vertex: Vertex) -> Option<f64> {
        let [before, after] = self.neighbours[vertex as usize]?.map(|v| self.position(v));
        let at = self.position(vertex);
        let twice = (before.x - at.x) * (after.y - at.y) - (after.x - at.x) * (before.y - at.y);
        Some(twice.abs() / 2.0)
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
        self.grid.all_within(bounds, |other| {
            let p = self.position(other);
            !(p.x >= bounds.min_x && p.x <= bounds.max_x && p.y >= bounds.min_y && p.y <= bounds.max_y)
                || corners.contains(&other)
                || is_outside(p, [a, b, c])
        })
    }

    fn remove(&mut self, vertex: Vertex, before: Vertex, after: Vertex) {
        self.there[vertex as usize] = false;
        self.grid.remove(vertex, self.position(vertex));
        for path in &self.users[self.arc_of[vertex as usize] as usize] {
            self.left[*path as usize] -= 1;
        }
        for (neighbour, other) in [(before, after), (after, before)] {
            if let Some(pair) = &mut self.neighbours[neighbour as usize] {
                let side = if pair[0] == vertex { 0 } else { 1 };
                pair[side] = other;
            }
        }
    }
}

/// Whether a point is neither in a triangle nor on its border.
fn is_outside(p: Coord, [a, b, c]: [Coord; 3]) -> bool {
    let sides = [(a, b), (b, c), (c, a)].map(|(from, to)| RobustKernel::orient2d(from, to, p));
    sides.contains(&Orientation::Clockwise) && sides.contains(&Orientation::CounterClockwise)
}

/// Vertices by the cell of a grid that they are in.
#[derive(Debug)]
struct VertexGrid {
    bounds: Bounds,
    side: usize,
    density: [f64; 2],
    /// Where the vertices of each cell begin, and where those that are left end.
    ranges: Vec<[u32; 2]>,
    vertices: Vec<Vertex>,
}

impl VertexGrid {
    fn new(positions: &[Coord]) -> Self {
        Self::of((0..positions.len() as Vertex).collect(), positions)
    }

    /// Begins anew with fewer cells if most vertices are gone.
    fn thin_out(&mut self, positions: &[Coord]) {
        let left: u32 = self.ranges.iter().map(|[start, end]| end - start).sum();
        if (left as usize) < self.vertices.len() / 2 {
            let ranges = self.ranges.iter();
            let left = ranges.flat_map(|&[start, end]| &self.vertices[start as usize..end as usize]);
            *self = Self::of(left.copied().collect(), positions);
        }
    }

    fn of(vertices: Vec<Vertex>, positions: &[Coord]) -> Self {
        let bounds =
            positions.iter().fold(Bounds::EMPTY, |bounds, p| bounds.union(Bounds::around(&[p.x], &[p.y])));
        let side = ((vertices.len() as f64).sqrt() as usize).clamp(1, 2048);
        let density = [bounds.max_x - bounds.min_x, bounds.max_y - bounds.min_y]
            .map(|extent| side as f64 / extent)
            .map(|density| if density.is_finite() { density } else { 0.0 });
        let ranges = vec![[0; 2]; side * side];
        let mut grid = VertexGrid { bounds, side, density, ranges, vertices: vec![0; vertices.len()] };
        let cells: Vec<usize> =
            vertices.iter().map(|&vertex| grid.cell(positions[vertex as usize])).collect();
        cells.iter().for_each(|&cell| grid.ranges[cell][1] += 1);
        let mut start = 0;
        for range in &mut grid.ranges {
            let count = range[1];
            *range = [start; 2];
            start += count;
        }
        for (vertex, cell) in vertices.into_iter().zip(cells) {
            let end = &mut grid.ranges[cell][1];
            grid.vertices[*end as usize] = vertex;
            *end += 1;
        }
        grid
    }

    fn cell(&self, at: Coord) -> usize {
        self.row(at.y) * self.side + self.column(at.x)
    }

    fn remove(&mut self, vertex: Vertex, at: Coord) {
        let cell = self.cell(at);
        let [start, end] = self.ranges[cell];
        let left = &mut self.vertices[start as usize..end as usize];
        if let Some(place) = left.iter().position(|&other| other == vertex) {
            left.swap(place, left.len() - 1);
            self.ranges[cell][1] -= 1;
        }
    }

    fn column(&self, x: f64) -> usize {
        (((x - self.bounds.min_x) * self.density[0]) as usize).min(self.side - 1)
    }

    fn row(&self, y: f64) -> usize {
        (((y - self.bounds.min_y) * self.density[1]) as usize).min(self.side - 1)
    }

    /// Whether something holds of the vertices of all cells that a rectangle meets.
    fn all_within(&self, bounds: Bounds, holds: impl Fn(Vertex) -> bool) -> bool {
        let (west, east) = (self.column(bounds.min_x), self.column(bounds.max_x));
        for row in self.row(bounds.min_y)..=self.row(bounds.max_y) {
            for &[start, end] in &self.ranges[row * self.side + west..=row * self.side + east] {
                if !self.vertices[start as usize..end as usize].iter().all(|&vertex| holds(vertex)) {
                    return false;
                }
            }
        }
        true
    }
}
