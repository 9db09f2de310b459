//! Random places within surfaces.
use datagora_geo::types::{Coord, Geometry, LineString, Polygon};
use datagora_geo::{Boundary, ZoneIndex};

use crate::random::SplitMix64;

/// A surface cut into trapezoids, from which places are drawn: as likely in each part as it is large, however thin.
///
/// # References
///
/// Cutting along the heights of the vertices: de Berg, M. et al. (2008). *Computational Geometry*, ch. 6.
pub(super) struct Scatter {
    trapezoids: Vec<Trapezoid>,
    /// Area of the trapezoids up to and with each.
    areas: Vec<f64>,
}

/// What lies between two heights and two edges.
#[derive(Clone, Copy)]
struct Trapezoid {
    y: [f64; 2],
    left: [f64; 2],
    right: [f64; 2],
}

/// An edge from its lower end to its upper.
#[derive(Clone, Copy)]
struct Edge {
    low: Coord,
    high: Coord,
}

impl Edge {
    fn x_at(&self, y: f64) -> f64 {
        if y == self.high.y {
            return self.high.x;
        }
        self.low.x + (self.high.x - self.low.x) * ((y - self.low.y) / (self.high.y - self.low.y))
    }
}

/// Draws before a place is given up: all of them fail only where a surface is thinner than its coordinates are exact.
const DRAWS: usize = 64;
/// Of so many places the one farthest from those before it is taken, so that dots do not clump by chance.
const CANDIDATES: usize = 6;

impl Scatter {
    /// Prepares a surface; `None` if it has no area. Rings within rings are holes.
    pub(super) fn new(surface: &Geometry) -> Option<Self> {
        let mut edges = Vec::new();
        gather_surfaces(surface, &mut edges);
        edges.sort_by(|a, b| a.low.y.total_cmp(&b.low.y));
        let mut heights: Vec<f64> = edges.iter().flat_map(|edge| [edge.low.y, edge.high.y]).collect();
        heights.sort_by(f64::total_cmp);
        heights.dedup();
        let (mut trapezoids, mut areas, mut whole) = (Vec::new(), Vec::new(), 0.0);
        let mut active: Vec<Edge> = Vec::new();
        let mut next = 0;
        for slab in heights.windows(2) {
            active.retain(|edge| edge.high.y > slab[0]);
            while let Some(edge) = edges.get(next).filter(|edge| edge.low.y <= slab[0]) {
                active.push(*edge);
                next += 1;
            }
            let middle = 0.5 * (slab[0] + slab[1]);
            active.sort_by(|a, b| a.x_at(middle).total_cmp(&b.x_at(middle)));
            for sides in active.chunks_exact(2) {
                let at = |edge: &Edge| [edge.x_at(slab[0]), edge.x_at(slab[1])];
                let cut = Trapezoid { y: [slab[0], slab[1]], left: at(&sides[0]), right: at(&sides[1]) };
                let area = cut.area();
                if area > 0.0 {
                    whole += area;
                    trapezoids.push(cut);
                    areas.push(whole);
                }
            }
        }
        (whole > 0.0 && whole.is_finite()).then_some(Self { trapezoids, areas })
    }

    /// Places within the row of an index that holds the surface, spread evenly; fewer where it is too thin to hold any.
    pub(super) fn places(
        &self,
        count: usize,
        index: &ZoneIndex,
        row: usize,
        random: &mut SplitMix64,
    ) -> Vec<Coord> {
        let mut placed: Vec<Coord> = Vec::with_capacity(count);
        for _ in 0..count {
            let candidates = (0..CANDIDATES).filter_map(|_| self.inside(index, row, random));
            let apart = |at: &Coord| {
                let to = |other: &Coord| (other.x - at.x).powi(2) + (other.y - at.y).powi(2);
                placed.iter().map(to).fold(f64::INFINITY, f64::min)
            };
            let best = candidates.map(|at| (apart(&at), at)).reduce(|a, b| if b.0 > a.0 { b } else { a });
            placed.extend(best.map(|(_, at)| at));
        }
        placed
    }

    /// A place that is inside by exact test, never on the border.
    fn inside(&self, index: &ZoneIndex, row: usize, random: &mut SplitMix64) -> Option<Coord> {
        (0..DRAWS)
            .map(|_| self.draw(random))
            .find(|at| index.locate_all(at.x, at.y, Boundary::Within).any(|found| found as usize == row))
    }

    fn draw(&self, random: &mut SplitMix64) -> Coord {
        let whole = self.areas[self.areas.len() - 1];
        let wanted = random.unit() * whole;
        let chosen = self.areas.partition_point(|&area| area <= wanted).min(self.areas.len() - 1);
        self.trapezoids[chosen].draw(random)
    }
}

impl Trapezoid {
    fn widths(&self) -> [f64; 2] {
        [(self.right[0] - self.left[0]).max(0.0), (self.right[1] - self.left[1]).max(0.0)]
    }

    fn area(&self) -> f64 {
        let [low, high] = self.widths();
        0.5 * (low + high) * (self.y[1] - self.y[0])
    }

    /// A place within, all equally likely: higher where it is wider there.
    fn draw(&self, random: &mut SplitMix64) -> Coord {
        let ([low, high], u) = (self.widths(), random.unit());
        // The root of the share of the area below, in the form that stands equal widths.
        let rise = u * (low + high) / (low + (low * low + u * (high * high - low * low)).sqrt());
        let rise = if rise.is_finite() { rise.min(1.0) } else { u };
        let between = |ends: [f64; 2]| ends[0] + rise * (ends[1] - ends[0]);
        let (left, right) = (between(self.left), between(self.right));
        Coord { x: left + random.unit() * (right - left), y: between(self.y) }
    }
}

fn gather_surfaces(surface: &Geometry, edges: &mut Vec<Edge>) {
    let mut polygon = |polygon: &Polygon| {
        std::iter::once(polygon.exterior())
            .chain(polygon.interiors())
            .for_each(|ring| gather_ring(ring, edges));
    };
    match surface {
        Geometry::Polygon(one) => polygon(one),
        Geometry::MultiPolygon(many) => many.iter().for_each(polygon),
        Geometry::Rect(rect) => polygon(&rect.to_polygon()),
        Geometry::Triangle(triangle) => polygon(&triangle.to_polygon()),
        _ => {}
    }
}

fn gather_ring(ring: &LineString, edges: &mut Vec<Edge>) {
    for line in ring.lines() {
        let (low, high) =
            if line.start.y <= line.end.y { (line.start, line.end) } else { (line.end, line.start) };
        if low.y < high.y {
            edges.push(Edge { low, high });
        }
    }
}

#[cfg(test)]
mod tests {
    use datagora_core::Crs;
    use datagora_geo::GeometryColumn;
    use datagora_geo::types::MultiPolygon;
    use proptest::prelude::*;

    use super::*;

    fn ring(places: &[(f64, f64)]) -> LineString {
        places.iter().copied().collect()
    }

    fn scattered(surface: impl Into<Geometry>, count: usize, seed: u64) -> Vec<Coord> {
        let surface = surface.into();
        let index = ZoneIndex::new(&GeometryColumn::new([surface.clone()], Crs::CC46)).unwrap();
        let mut random = SplitMix64::stream(seed, 0);
        Scatter::new(&surface).map_or_else(Vec::new, |cut| cut.places(count, &index, 0, &mut random))
    }

    /// Half of the draws in each half of the area, whatever the shape.
    #[test]
    fn places_are_as_likely_as_their_ground_is_large() {
        // A triangle: a quarter of its area lies above half its height.
        let triangle = Polygon::new(ring(&[(0.0, 0.0), (100.0, 0.0), (30.0, 80.0)]), vec![]);
        let cut = Scatter::new(&triangle.into()).unwrap();
        let mut random = SplitMix64::stream(3, 0);
        let drawn: Vec<Coord> = (0..40_000).map(|_| cut.draw(&mut random)).collect();
        let above = drawn.iter().filter(|at| at.y > 40.0).count();
        assert!(above.abs_diff(10_000) < 400, "{above}");
        let mean = drawn.iter().map(|at| at.x).sum::<f64>() / 40_000.0;
        assert!((mean - 130.0 / 3.0).abs() < 0.5, "{mean}");
    }

    #[test]
    fn holes_and_parts_and_slivers() {
        let outer = ring(&[(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)]);
        let hole = ring(&[(1.0, 1.0), (99.0, 1.0), (99.0, 99.0), (1.0, 99.0)]);
        let frame = Polygon::new(outer, vec![hole]);
        // A micrometre wide and a hundred kilometres long, at the coordinates of France.
        let sliver = Polygon::new(
            ring(&[(842_000.0, 6_518_000.0), (942_000.0, 6_530_000.0), (942_000.0, 6_530_000.000_001)]),
            vec![],
        );
        let placed = scattered(frame.clone(), 300, 1);
        assert_eq!(placed.len(), 300);
        assert!(placed.iter().all(|at| !(1.0..=99.0).contains(&at.x) || !(1.0..=99.0).contains(&at.y)));
        let parts = MultiPolygon(vec![frame, sliver.clone()]);
        assert_eq!(scattered(parts, 50, 1).len(), 50);
        let flat = Polygon::new(ring(&[(0.0, 0.0), (100.0, 0.0), (50.0, 0.0)]), vec![]);
        assert!(scattered(flat, 5, 1).is_empty());
        assert!(scattered(sliver, 20, 1).len() <= 20);
    }

    proptest! {
        #[test]
        fn no_place_is_outside(
            corners in prop::collection::vec((0.0..1_000.0f64, 0.0..1_000.0f64), 3..12),
            count in 0usize..40,
            seed in 0u64..9,
        ) {
            // Sorted by angle about their middle: a star, which does not cross itself.
            let n = corners.len() as f64;
            let middle = corners.iter().fold((0.0, 0.0), |m, c| (m.0 + c.0 / n, m.1 + c.1 / n));
            let mut star = corners;
            star.sort_by(|a, b| {
                let angle = |c: &(f64, f64)| (c.1 - middle.1).atan2(c.0 - middle.0);
                angle(a).total_cmp(&angle(b))
            });
            let surface: Geometry = Polygon::new(ring(&star), vec![]).into();
            let placed = scattered(surface.clone(), count, seed);
            prop_assert_eq!(&placed, &scattered(surface.clone(), count, seed));
            let index = ZoneIndex::new(&GeometryColumn::new([surface], Crs::CC46)).unwrap();
            prop_assert!(placed.iter().all(|at| index.locate(at.x, at.y, Boundary::Within).is_some()));
        }
    }
}
