//! Which vertices are near.
use super::arcs::Vertex;
use crate::geometry::Bounds;
use crate::types::Coord;

/// Vertices, with their positions, by the cell of a grid that they are in.
#[derive(Debug)]
pub(super) struct VertexGrid {
    bounds: Bounds,
    side: usize,
    density: [f64; 2],
    /// Where the vertices of each cell begin, and where those that are left end.
    ranges: Vec<[u32; 2]>,
    vertices: Vec<(Coord, Vertex)>,
}

impl VertexGrid {
    pub(super) fn new(positions: &[Coord]) -> Self {
        Self::of(positions.iter().copied().zip(0..).collect())
    }

    /// Begins anew with fewer cells if most vertices are gone.
    pub(super) fn thin_out(&mut self) {
        let left: u32 = self.ranges.iter().map(|[start, end]| end - start).sum();
        if (left as usize) < self.vertices.len() / 2 {
            let ranges = self.ranges.iter();
            let left = ranges.flat_map(|&[start, end]| &self.vertices[start as usize..end as usize]);
            *self = Self::of(left.copied().collect());
        }
    }

    fn of(vertices: Vec<(Coord, Vertex)>) -> Self {
        let bounds = vertices
            .iter()
            .fold(Bounds::EMPTY, |bounds, (p, _)| bounds.union(Bounds::around(&[p.x], &[p.y])));
        let side = ((vertices.len() as f64).sqrt() as usize).clamp(1, 2048);
        let density = [bounds.max_x - bounds.min_x, bounds.max_y - bounds.min_y]
            .map(|extent| side as f64 / extent)
            .map(|density| if density.is_finite() { density } else { 0.0 });
        let ranges = vec![[0; 2]; side * side];
        let mut grid = VertexGrid {
            bounds,
            side,
            density,
            ranges,
            vertices: vec![(Coord::default(), 0); vertices.len()],
        };
        let cells: Vec<usize> = vertices.iter().map(|(at, _)| grid.cell(*at)).collect();
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

    pub(super) fn remove(&mut self, vertex: Vertex, at: Coord) {
        let cell = self.cell(at);
        let [start, end] = self.ranges[cell];
        let left = &mut self.vertices[start as usize..end as usize];
        if let Some(place) = left.iter().position(|(_, other)| *other == vertex) {
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

    /// How many vertices are in a rectangle or on its sides.
    pub(super) fn count_within(&self, bounds: Bounds) -> usize {
        self.cells(bounds).flatten().map(|(at, _)| usize::from(is_within(bounds, *at))).sum()
    }

    /// The vertices in a rectangle and on its sides.
    pub(super) fn within(&self, bounds: Bounds) -> impl Iterator<Item = (Coord, Vertex)> {
        self.cells(bounds).flatten().copied().filter(move |(at, _)| is_within(bounds, *at))
    }

    /// The vertices of each cell that a rectangle meets.
    fn cells(&self, bounds: Bounds) -> impl Iterator<Item = &[(Coord, Vertex)]> {
        let (west, east) = (self.column(bounds.min_x), self.column(bounds.max_x));
        let rows = self.row(bounds.min_y)..=self.row(bounds.max_y);
        let ranges = rows.flat_map(move |row| &self.ranges[row * self.side + west..=row * self.side + east]);
        ranges.map(|&[start, end]| &self.vertices[start as usize..end as usize])
    }
}

/// Whether a position is in a rectangle, without branches.
fn is_within(bounds: Bounds, at: Coord) -> bool {
    (at.x >= bounds.min_x) & (at.x <= bounds.max_x) & (at.y >= bounds.min_y) & (at.y <= bounds.max_y)
}
