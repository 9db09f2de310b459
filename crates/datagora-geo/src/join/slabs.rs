//! Exact point-in-polygon tests on edges sorted into horizontal bands.
use super::position::Position;
use crate::geometry::Bounds;
use crate::overlay::bounds_of;
use crate::types::Coord;

/// Edges of polygons, each polygon's by bands of its height.
#[derive(Debug, Default)]
pub(super) struct Slabs {
    polygons: Vec<Bands>,
    /// First edge of each band, and the end, polygon after polygon.
    starts: Vec<u32>,
    edges: Vec<[Coord; 2]>,
}

#[derive(Debug)]
struct Bands {
    bounds: Bounds,
    /// Bands per unit of y.
    density: f64,
    count: usize,
    /// Where its bands begin in `starts`.
    first: usize,
}

/// Edges per band aimed at, and how often an edge may be repeated on average.
const EDGES_PER_BAND: usize = 4;
const REPETITION: f64 = 3.0;

impl Bands {
    /// Monotone in y, so that an edge is in the band of each of its points.
    fn band(&self, y: f64) -> usize {
        (((y - self.bounds.min_y) * self.density) as usize).min(self.count - 1)
    }
}

impl Slabs {
    pub(super) fn len(&self) -> usize {
        self.polygons.len()
    }

    pub(super) fn bounds(&self, polygon: usize) -> Bounds {
        self.polygons[polygon].bounds
    }

    /// Adds a polygon by its edges, at least one and none of them without length.
    pub(super) fn push(&mut self, edges: &[[Coord; 2]]) {
        let bounds = edges.iter().map(|edge| bounds_of(*edge)).fold(Bounds::EMPTY, Bounds::union);
        let height = bounds.max_y - bounds.min_y;
        let climbed: f64 = edges.iter().map(|[a, b]| (b.y - a.y).abs()).sum();
        let affordable = REPETITION * edges.len() as f64 * (height / climbed);
        let wanted = (edges.len() / EDGES_PER_BAND) as f64;
        // A flat polygon has no height: the quotient is not a number, and one band is enough.
        let count = affordable.min(wanted).max(1.0) as usize;
        let density = if height > 0.0 { count as f64 / height } else { 0.0 };
        let bands =
            Bands { bounds, density: if density.is_finite() { density } else { 0.0 }, count, first: 0 };

        let span = |[a, b]: &[Coord; 2]| bands.band(a.y.min(b.y))..=bands.band(a.y.max(b.y));
        let mut starts = vec![0u32; count + 1];
        edges.iter().flat_map(span).for_each(|band| starts[band + 1] += 1);
        let base = self.edges.len() as u32;
        let mut total = base;
        for start in &mut starts {
            total += *start;
            *start = total;
        }
        let mut next = starts.clone();
        self.edges.resize(total as usize, [Coord::zero(); 2]);
        for edge in edges {
            for band in span(edge) {
                self.edges[next[band] as usize] = *edge;
                next[band] += 1;
            }
        }
        self.polygons.push(Bands { first: self.starts.len(), ..bands });
        self.starts.extend(starts);
    }

    /// Where a point is; exact for any finite coordinates.
    pub(super) fn position(&self, polygon: usize, x: f64, y: f64) -> Position {
        let bands = &self.polygons[polygon];
        let Bounds { min_x, min_y, max_x, max_y } = bands.bounds;
        let mut position = Position::default();
        if !(x >= min_x && x <= max_x && y >= min_y && y <= max_y) {
            return position;
        }
        let band = bands.first + bands.band(y);
        for edge in &self.edges[self.starts[band] as usize..self.starts[band + 1] as usize] {
            position.pass(*edge, x, y);
        }
        position
    }
}
