//! Surfaces laid over each other whatever their edges do: by faces, and should that fail, on a grid of integers.
use geo::BooleanOps;
use geo::bool_ops::{FillRule, OpType};
use geo::kernels::Orientation;

use super::faces::{self, Windings};
use super::fragments::{Operation, common};
use super::outline::{Outline, sense, zeroed};
use super::relation::relate;
use super::stitch::Surface;
use crate::geometry::Bounds;
use crate::types::{Coord, LineString, MultiPolygon, Polygon};

/// The same as [`overlay`](super::fragments::overlay), by the faces of the edges of both.
pub(crate) fn overlay(left: &Outline, right: &Outline, operation: Operation) -> Vec<Surface> {
    let edges = |outline: &Outline, layer: usize| {
        (0..outline.len()).map(|edge| (outline.edge(edge), layer)).collect::<Vec<_>>()
    };
    let wanted = |[left, right]: Windings| match operation {
        Operation::Intersection => left > 0 && right > 0,
        Operation::Difference => left > 0 && right <= 0,
    };
    faces::cover([edges(left, 0), edges(right, 1)].concat(), wanted)
        .unwrap_or_else(|| on_grid(left, right, operation))
}

/// The same by i_overlay, whose points are on a grid of about 2⁻³⁰ of the extent. To keep it fine, the surfaces are first
/// cut to where they can meet.
pub(super) fn on_grid(left: &Outline, right: &Outline, operation: Operation) -> Vec<Surface> {
    // Beyond it products of coordinates overflow: `faults` calls such rows not finite.
    let around = left.bounds().union(right.bounds());
    if [around.min_x, around.min_y, around.max_x, around.max_y].iter().any(|v| v.abs() > faces::LARGEST) {
        return Vec::new();
    }
    let window = match operation {
        Operation::Intersection => common(&left.bounds(), &right.bounds()),
        Operation::Difference => left.bounds(),
    };
    // Wider, so that no edge of theirs runs along the cut.
    let margin = 0.01 * (window.max_x - window.min_x).max(window.max_y - window.min_y).max(f64::MIN_POSITIVE);
    let window = Bounds {
        min_x: window.min_x - margin,
        min_y: window.min_y - margin,
        max_x: window.max_x + margin,
        max_y: window.max_y + margin,
    };
    let operation = match operation {
        Operation::Intersection => OpType::Intersection,
        Operation::Difference => OpType::Difference,
    };
    surfaces(cut(left, &window).boolean_op(&cut(right, &window), operation))
}

/// What rings cover under a rule, whatever way they cross; each is given without the point that closes it, or with it.
pub(crate) fn cover(rings: Vec<Vec<Coord>>, rule: FillRule) -> Vec<Surface> {
    let wanted = |[winding, _]: Windings| match rule {
        FillRule::EvenOdd => winding % 2 != 0,
        FillRule::NonZero => winding != 0,
        FillRule::Positive => winding > 0,
        FillRule::Negative => winding < 0,
    };
    faces::cover(rings.iter().flat_map(|ring| ring_edges(ring)).collect(), wanted).unwrap_or_else(|| {
        let rings =
            MultiPolygon(rings.into_iter().map(|ring| Polygon::new(LineString(ring), Vec::new())).collect());
        surfaces(rings.boolean_op_with_fill_rule(&MultiPolygon::<f64>(Vec::new()), OpType::Union, rule))
    })
}

/// The edges of a ring, on layer 0.
fn ring_edges(ring: &[Coord]) -> impl Iterator<Item = ([Coord; 2], usize)> + '_ {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).filter(|(a, b)| a != b).map(|(a, b)| ([zeroed(*a), zeroed(*b)], 0))
}

/// The ground of polygons whose rings may do what they like.
#[derive(Debug)]
pub(crate) struct Ground {
    pub(crate) surfaces: Vec<Surface>,
    /// Holes that take nothing away: the part, and the ring of the part.
    pub(crate) idle: Vec<(usize, usize)>,
}

/// What polygons cover together, each the ground that its exterior goes round without what its holes go round.
pub(crate) fn cover_by_parts(parts: Vec<Vec<Vec<Coord>>>) -> Ground {
    let edges = |surfaces: &[Surface], layer: usize| {
        surfaces
            .iter()
            .flatten()
            .flat_map(|ring| ring_edges(ring))
            .map(move |(ends, _)| (ends, layer))
            .collect::<Vec<_>>()
    };
    let mut idle = Vec::new();
    let mut ground = Vec::new();
    let mut together = Some(Vec::new());
    for (part, rings) in parts.iter().enumerate() {
        // Ring by ring: two holes wound against each other must not cancel.
        let mut round = rings.iter().map(|ring| cover(vec![ring.clone()], FillRule::NonZero));
        let exterior = round.next().unwrap_or_default();
        let outline = Outline::of_rings(&exterior.concat());
        let mut own = edges(&exterior, 0);
        for (hole, taken) in round.enumerate().filter(|(_, taken)| !taken.is_empty()) {
            let taken_outline = Outline::of_rings(&taken.concat());
            if relate(&outline, &taken_outline, |known| known.ground).ground {
                own.extend(edges(&taken, 1));
            } else {
                idle.push((part, hole + 1));
            }
        }
        match faces::cover(own, |[ground, taken]| ground > 0 && taken <= 0) {
            Some(surfaces) => ground.push(surfaces),
            None => together = None,
        }
    }
    if let Some(all) = &mut together {
        ground.iter().for_each(|surfaces| all.extend(edges(surfaces, 0)));
    }
    let surfaces = together.and_then(|all| faces::cover(all, |[ground, _]| ground > 0));
    Ground { surfaces: surfaces.unwrap_or_else(|| parts_on_grid(parts)), idle }
}

fn parts_on_grid(parts: Vec<Vec<Vec<Coord>>>) -> Vec<Surface> {
    let nothing = || MultiPolygon::<f64>(Vec::new());
    let round = |rings: &mut dyn Iterator<Item = Vec<Coord>>| {
        rings.fold(nothing(), |ground, ring| {
            let ring = Polygon::new(LineString(ring), Vec::new());
            let inside = ring.boolean_op_with_fill_rule(&nothing(), OpType::Union, FillRule::NonZero);
            ground.union(&inside)
        })
    };
    let ground = parts.into_iter().fold(nothing(), |ground, part| {
        let mut rings = part.into_iter();
        let exterior = round(&mut rings.by_ref().take(1));
        ground.union(&exterior.difference(&round(&mut rings)))
    });
    surfaces(ground)
}

fn surfaces(polygons: MultiPolygon) -> Vec<Surface> {
    let open = |(index, ring): (usize, LineString)| {
        let mut points = ring.0;
        points.pop();
        if (sense(&points) == Orientation::Clockwise) == (index == 0) {
            points.reverse();
        }
        points
    };
    let surface = |polygon: Polygon| {
        let (exterior, holes) = polygon.into_inner();
        std::iter::once(exterior).chain(holes).enumerate().map(open).collect()
    };
    polygons.0.into_iter().map(surface).collect()
}

/// Rings within a rectangle; where they were cut they run along its border, there and back where they must.
fn cut(outline: &Outline, window: &Bounds) -> MultiPolygon {
    let rings = outline.rings().filter_map(|ring| {
        let mut points = outline.points(ring).to_vec();
        points = half(&points, |p| p.x - window.min_x);
        points = half(&points, |p| window.max_x - p.x);
        points = half(&points, |p| p.y - window.min_y);
        points = half(&points, |p| window.max_y - p.y);
        (points.len() > 2).then(|| Polygon::new(LineString(points), Vec::new()))
    });
    MultiPolygon(rings.collect())
}

/// The side of a ring on which a distance is not negative.
fn half(ring: &[Coord], distance: impl Fn(Coord) -> f64) -> Vec<Coord> {
    let mut kept = Vec::with_capacity(ring.len());
    let Some(&last) = ring.last() else { return kept };
    let (mut from, mut from_distance) = (last, distance(last));
    for &to in ring {
        let to_distance = distance(to);
        if (from_distance < 0.0) != (to_distance < 0.0) {
            kept.push(from + (to - from) * (from_distance / (from_distance - to_distance)));
        }
        if to_distance >= 0.0 {
            kept.push(to);
        }
        (from, from_distance) = (to, to_distance);
    }
    kept
}
