//! The zoom from which each vertex is drawn, the same for all that share a border.
use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::cores::{each, sort};
use super::mvt::Kind;
use super::shapes::Shapes;

/// For each point of the shapes, the lowest zoom at which it is drawn; 0 for those that stay at all zooms: ends of lines,
/// and places where more than two borders meet.
///
/// `least` has, zoom by zoom, twice the area of the triangle (square units of the world) below which a vertex goes.
///
/// Between such places a border is simplified by itself: the vertex of the smallest triangle goes first, of equal ones that
/// of the lower coordinates, and no vertex counts less than one that went before (Visvalingam and Whyatt 1993). So what
/// becomes of a vertex depends on the border alone, and not on the polygon or the direction it is seen from.
pub(super) fn first_zooms(shapes: &Shapes, least: &[u64]) -> Vec<u8> {
    let needless = |shape: usize| {
        let longest = shapes.runs_of(shape).map(|run| shapes.points_of(run).len()).max().unwrap_or(0);
        match shapes.shapes[shape].kind {
            Kind::Point => true,
            Kind::Line => longest <= 2,
            Kind::Polygon => longest <= 4,
        }
    };
    if (0..shapes.shapes.len()).all(needless) {
        return vec![0; shapes.points.len()];
    }
    let meeting = meetings(shapes);
    let zooms = each(shapes.shapes.len(), |shape| {
        let range = shapes.runs_of(shape);
        let start = if range.start == 0 { 0 } else { shapes.runs[range.start - 1].end as usize };
        let end = shapes.runs[range.end - 1].end as usize;
        let mut zooms = vec![0u8; end - start];
        let kind = shapes.shapes[shape].kind;
        for run in range.filter(|_| kind != Kind::Point) {
            let points = shapes.points_of(run);
            let zooms = &mut zooms[points.start - start..points.end - start];
            simplify_run(&shapes.points[points.clone()], &meeting[points], kind, least, zooms);
        }
        zooms
    });
    zooms.concat()
}

fn key(point: [i32; 2]) -> u64 {
    u64::from(point[0] as u32) << 32 | u64::from(point[1] as u32)
}

/// Whether a point is the end of a line, or one where borders part.
fn meetings(shapes: &Shapes) -> Vec<bool> {
    const NOTHING: u64 = u64::MAX;
    let mut seen: Vec<(u64, [u64; 2], u32)> = Vec::with_capacity(shapes.points.len());
    for (shape, about) in shapes.shapes.iter().enumerate().filter(|(_, about)| about.kind != Kind::Point) {
        for run in shapes.runs_of(shape) {
            let range = shapes.points_of(run);
            let points = &shapes.points[range.clone()];
            let last = points.len() - 1;
            for (k, &point) in points.iter().enumerate() {
                let ring = about.kind == Kind::Polygon;
                let before = match k {
                    0 if ring => key(points[last]),
                    0 => NOTHING,
                    _ => key(points[k - 1]),
                };
                let after = match k {
                    _ if k < last => key(points[k + 1]),
                    _ if ring => key(points[0]),
                    _ => NOTHING,
                };
                seen.push((key(point), [before.min(after), before.max(after)], (range.start + k) as u32));
            }
        }
    }
    sort(&mut seen);
    let mut meeting = vec![false; shapes.points.len()];
    for same in seen.chunk_by(|a, b| a.0 == b.0) {
        let neighbours = same[0].1;
        let parts = neighbours[1] == NOTHING || same.iter().any(|other| other.1 != neighbours);
        same.iter().for_each(|&(_, _, point)| meeting[point as usize] = parts);
    }
    meeting
}

fn simplify_run(points: &[[i32; 2]], meeting: &[bool], kind: Kind, least: &[u64], zooms: &mut [u8]) {
    let len = points.len();
    let ends: Vec<usize> = (0..len).filter(|&k| meeting[k]).collect();
    let mut arc = Arc::default();
    let mut simplify = |from: usize, steps: usize, closed: bool| {
        arc.points.clear();
        arc.points.extend((0..=steps).map(|step| points[(from + step) % len]));
        arc.weigh(closed);
        for (step, &weight) in arc.weights.iter().enumerate() {
            if let Some(weight) = weight {
                let zoom = least.iter().position(|&least| weight >= least);
                zooms[(from + step) % len] = zoom.unwrap_or(least.len()) as u8;
            }
        }
    };
    match (ends.first(), kind) {
        (None, Kind::Polygon) => simplify(0, len - 1, true),
        (None, _) => {}
        (Some(&first), Kind::Polygon) => {
            for pair in ends.windows(2) {
                simplify(pair[0], pair[1] - pair[0], false);
            }
            let last = ends[ends.len() - 1];
            simplify(last, first + len - last, false);
        }
        (Some(_), _) => ends.windows(2).for_each(|pair| simplify(pair[0], pair[1] - pair[0], false)),
    }
}

/// A border between two ends, or a ring that touches nothing.
#[derive(Default)]
struct Arc {
    points: Vec<[i32; 2]>,
    /// Twice the triangle of each vertex when it goes; `None` for those that stay.
    weights: Vec<Option<u64>>,
    before: Vec<usize>,
    after: Vec<usize>,
    queue: BinaryHeap<Reverse<(u64, u64, usize)>>,
}

impl Arc {
    fn weigh(&mut self, closed: bool) {
        let len = self.points.len();
        self.weights.clear();
        self.weights.resize(len, None);
        let mut left = len;
        // What is left in the end: two ends, or the corners of a triangle.
        let stay = if closed { 3 } else { 2 };
        if left <= stay {
            return;
        }
        self.before.clear();
        self.before.extend((0..len).map(|k| (k + len - 1) % len));
        self.after.clear();
        self.after.extend((0..len).map(|k| (k + 1) % len));
        self.queue.clear();
        let movable = if closed { 0..len } else { 1..len - 1 };
        for k in movable.clone() {
            let entry = self.entry(k);
            self.queue.push(entry);
        }
        let mut least = 0;
        while let Some(Reverse((area, _, k))) = self.queue.pop() {
            if self.weights[k].is_some() || self.triangle(k) != area {
                continue;
            }
            if left <= stay {
                break;
            }
            least = least.max(area);
            self.weights[k] = Some(least);
            left -= 1;
            let (before, after) = (self.before[k], self.after[k]);
            (self.after[before], self.before[after]) = (after, before);
            for neighbour in [before, after] {
                if movable.contains(&neighbour) {
                    let entry = self.entry(neighbour);
                    self.queue.push(entry);
                }
            }
        }
    }

    fn entry(&self, k: usize) -> Reverse<(u64, u64, usize)> {
        Reverse((self.triangle(k), key(self.points[k]), k))
    }

    /// Twice the area.
    fn triangle(&self, k: usize) -> u64 {
        let [a, b, c] = [self.before[k], k, self.after[k]].map(|k| self.points[k].map(i64::from));
        ((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])).unsigned_abs()
    }
}

#[cfg(test)]
mod tests {
    use datagora_core::Crs;
    use datagora_geo::GeometryColumn;
    use datagora_geo::types::{LineString, Polygon};

    use super::*;

    #[test]
    fn both_sides_of_a_border_lose_the_same() {
        // Two zones with a ragged border between (10, 0) and (10, 9).
        let bulges = [0.0, 0.01, 0.04, 0.3, 0.1, 1.6, 0.9, 0.95, 0.2, 0.0];
        let border: Vec<(f64, f64)> = (0..10).map(|k| (10.0 + bulges[k], k as f64)).collect();
        let mut west = vec![(0.0, 0.0)];
        west.extend(&border);
        west.push((0.0, 9.0));
        let mut east: Vec<(f64, f64)> = border.iter().rev().copied().collect();
        east.extend([(20.0, 0.0), (20.0, 9.0)]);
        let rings = [west, east].map(|ring| Polygon::new(LineString::from(ring), vec![]).into());
        let shapes = Shapes::of("zones", &GeometryColumn::new(rings, Crs::WEB_MERCATOR)).unwrap();
        let units = f64::from(1u32 << 30) / (2.0 * super::super::pyramid::HALF);
        let least: Vec<u64> =
            (0..6).rev().map(|z| (units * units * 0.05 * f64::from(1 << z)) as u64).collect();
        let zooms = first_zooms(&shapes, &least);
        let mut shared = 0;
        let all = |at: [i32; 2]| {
            let same = shapes.points.iter().zip(&zooms).filter(move |(point, _)| **point == at);
            same.map(|(_, &zoom)| zoom).collect::<Vec<u8>>()
        };
        for &point in &shapes.points {
            let found = all(point);
            if found.len() == 2 {
                shared += 1;
                assert_eq!(found[0], found[1]);
            }
        }
        assert_eq!(shared, 20);
        let mut kinds = zooms.clone();
        kinds.sort_unstable();
        kinds.dedup();
        assert!(kinds.len() >= 3, "vertices of several zooms: {kinds:?}");
        assert_eq!(all(shapes.points[1]), [0, 0], "where the border ends");
    }

    #[test]
    fn a_ring_keeps_three_corners_and_a_line_its_ends() {
        let circle: Vec<(f64, f64)> = (0..50)
            .map(|k| (f64::from(k) * 0.125_663_7).sin_cos())
            .map(|(x, y)| (1e3 * x, 1e3 * y))
            .collect();
        let ring = Polygon::new(LineString::from(circle.clone()), vec![]).into();
        let line = LineString::from(circle.iter().map(|&(x, y)| (x + 1e5, y)).collect::<Vec<_>>()).into();
        let shapes = Shapes::of("both", &GeometryColumn::new([ring, line], Crs::WEB_MERCATOR)).unwrap();
        let zooms = first_zooms(&shapes, &[u64::MAX]);
        let stay: Vec<usize> = (0..zooms.len()).filter(|&k| zooms[k] == 0).collect();
        assert_eq!((stay.len(), zooms.len()), (5, 100));
        assert_eq!(stay[3..], [50, 99]);
    }
}
