//! Surfaces cut by circles.
use super::arcs::{Circle, between, chord, cross, direction, merge, wedge};
use crate::geometry::{Bounds, Part};
use crate::measure::signed_area;
use crate::overlay::bounds_of;
use crate::types::Coord;
use crate::{GeometryColumn, PackedIndex};

/// Area that a row of surfaces has in a disc.
pub(super) fn area_in_circle(column: &GeometryColumn, row: usize, circle: Circle) -> f64 {
    let of_part = |part: Part<'_>| {
        part.rings()
            .enumerate()
            .map(|(place, ring)| {
                let wedges = ring.segments().map(|[a, b]| wedge(a - circle.at, b - circle.at, circle.radius));
                let swept: f64 = wedges.sum();
                if place == 0 { swept.abs() } else { -swept.abs() }
            })
            .sum::<f64>()
    };
    column.parts(row).map(of_part).sum::<f64>().max(0.0)
}

/// The edges of a row of surfaces, with its ground to their left.
pub(super) struct Outline {
    edges: Vec<[Coord; 2]>,
    index: PackedIndex,
    pub(super) bounds: Bounds,
    /// Near all edges, so that areas swept from here are no larger than they have to be.
    pub(super) middle: Coord,
}

impl Outline {
    pub(super) fn of(column: &GeometryColumn, row: usize) -> Self {
        let mut edges = Vec::new();
        for part in column.parts(row) {
            for (place, ring) in part.rings().enumerate() {
                // Exteriors run anticlockwise, holes clockwise.
                let right = (signed_area(ring) > 0.0) == (place == 0);
                edges.extend(ring.segments().map(|[a, b]| if right { [a, b] } else { [b, a] }));
            }
        }
        let index = PackedIndex::of_bounds(edges.iter().map(|edge| bounds_of(*edge)));
        let bounds = column.bounds_of(row);
        let middle = Coord { x: 0.5 * (bounds.min_x + bounds.max_x), y: 0.5 * (bounds.min_y + bounds.max_y) };
        Self { edges, index, bounds, middle }
    }

    /// Room for what is covered of each edge.
    pub(super) fn edges_uncovered(&self) -> Vec<Vec<(f64, f64)>> {
        vec![Vec::new(); self.edges.len()]
    }

    /// Which edges a disc covers, from where to where along them (0 to 1).
    pub(super) fn chords(&self, circle: Circle) -> Vec<(usize, f64, f64)> {
        let mut found = Vec::new();
        self.index.visit(&circle.bounds(), |edge| {
            let [a, b] = self.edges[edge as usize];
            if let Some((from, to)) = chord(a - circle.at, b - circle.at, circle.radius) {
                found.push((edge as usize, from, to));
            }
        });
        found
    }

    /// The directions in which a circle crosses the edges.
    pub(super) fn crossings(&self, circle: Circle, chords: &[(usize, f64, f64)]) -> Vec<f64> {
        let ends = chords.iter().flat_map(|&(edge, from, to)| [(edge, from), (edge, to)]);
        ends.filter(|(_, along)| *along > 0.0 && *along < 1.0)
            .map(|(edge, along)| direction(circle.at, self.at(edge, along)))
            .collect()
    }

    fn at(&self, edge: usize, along: f64) -> Coord {
        let [a, b] = self.edges[edge];
        between(a, b, along)
    }

    /// ½ ∫ (x dy − y dx) along a piece of an edge, seen from an origin.
    pub(super) fn swept(&self, edge: usize, from: f64, to: f64, origin: Coord) -> f64 {
        0.5 * cross(self.at(edge, from) - origin, self.at(edge, to) - origin)
    }

    /// The same along all that is covered of each edge, seen from the middle.
    pub(super) fn swept_by_all(&self, covered: Vec<Vec<(f64, f64)>>) -> f64 {
        let of_edge = |(edge, spans): (usize, Vec<(f64, f64)>)| {
            merge(spans).into_iter().map(|(from, to)| self.swept(edge, from, to, self.middle)).sum::<f64>()
        };
        covered.into_iter().enumerate().map(of_edge).sum()
    }
}
