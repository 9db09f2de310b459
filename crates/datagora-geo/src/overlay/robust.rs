//! Surfaces laid over each other on a grid of integers, where nothing is unclear.
use geo::BooleanOps;
use geo::bool_ops::{FillRule, OpType};

use super::fragments::{Operation, common};
use super::outline::{Outline, ring_area};
use super::stitch::Surface;
use crate::geometry::Bounds;
use crate::types::{Coord, LineString, MultiPolygon, Polygon};

/// The same as [`overlay`](super::fragments::overlay) by i_overlay, whose points are on a grid of about 2⁻³⁰ of the
/// extent. To keep it fine, the surfaces are first cut to where they can meet.
pub(crate) fn overlay(left: &Outline, right: &Outline, operation: Operation) -> Vec<Surface> {
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

/// What rings cover under a rule, whatever way they cross.
pub(crate) fn cover(rings: impl Iterator<Item = Vec<Coord>>, rule: FillRule) -> Vec<Surface> {
    let rings = MultiPolygon(rings.map(|ring| Polygon::new(LineString(ring), Vec::new())).collect());
    surfaces(rings.boolean_op_with_fill_rule(&MultiPolygon::<f64>(Vec::new()), OpType::Union, rule))
}

/// What surfaces cover together, each the ground its exterior goes round without that its holes go round.
pub(crate) fn cover_by_parts(parts: impl Iterator<Item = Vec<Vec<Coord>>>) -> Vec<Surface> {
    let nothing = || MultiPolygon::<f64>(Vec::new());
    let round = |rings: &mut dyn Iterator<Item = Vec<Coord>>| {
        // Ring by ring: two holes wound against each other must not cancel.
        rings.fold(nothing(), |ground, ring| {
            let ring = Polygon::new(LineString(ring), Vec::new());
            let inside = ring.boolean_op_with_fill_rule(&nothing(), OpType::Union, FillRule::NonZero);
            ground.union(&inside)
        })
    };
    let ground = parts.fold(nothing(), |ground, part| {
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
        if (ring_area(&points) < 0.0) == (index == 0) {
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
