//! Which rings are holes of which: for formats that list rings without saying so.
use geo::algorithm::coordinate_position::{CoordPos, coord_pos_relative_to_ring};

use crate::types::{BoundingRect, Coord, Geometry, LineString, MultiPolygon, Polygon, Rect};

/// Rings put together, and what had to be done to them.
pub(super) struct Nested {
    pub(super) geometry: Option<Geometry>,
    pub(super) closed: bool,
    pub(super) dropped: bool,
    pub(super) promoted: bool,
}

struct Ring {
    line: LineString,
    /// Twice the signed area; negative if clockwise.
    area: f64,
    bounds: Rect,
}

/// Makes polygons of rings: clockwise ones are outer, counterclockwise ones holes of the smallest outer ring around.
///
/// A hole outside of all outer rings becomes a polygon. Where no ring is clockwise, containment alone decides: a ring
/// inside an odd number of others is a hole.
pub(super) fn nest(parts: Vec<Vec<Coord>>) -> Nested {
    let mut result = Nested { geometry: None, closed: false, dropped: false, promoted: false };
    let mut rings = Vec::with_capacity(parts.len());
    for part in parts {
        let open = part.first() != part.last();
        let mut line = LineString(part);
        line.close();
        let area = doubled_area(&line.0);
        match line.bounding_rect() {
            // Written so that a NaN is dropped too.
            Some(bounds) if line.0.len() > 3 && area.abs() > 0.0 => {
                result.closed |= open;
                rings.push(Ring { line, area, bounds });
            }
            _ => result.dropped = true,
        }
    }
    let clockwise = rings.iter().any(|ring| ring.area < 0.0);
    let is_outer: Vec<bool> = rings
        .iter()
        .enumerate()
        .map(|(place, ring)| match clockwise {
            true => ring.area < 0.0,
            false => {
                let around = |(other, outer): (usize, &Ring)| other != place && outer.holds(ring);
                rings.iter().enumerate().filter(|&pair| around(pair)).count() % 2 == 0
            }
        })
        .collect();
    let mut polygons: Vec<(usize, Vec<usize>)> =
        (0..rings.len()).filter(|&place| is_outer[place]).map(|place| (place, Vec::new())).collect();
    let outer_count = polygons.len();
    for hole in (0..rings.len()).filter(|&place| !is_outer[place]) {
        let home = match outer_count {
            // The usual case needs no search, unless the hole lies elsewhere.
            1 if rings[polygons[0].0].bounds_hold(&rings[hole]) => Some(0),
            _ => (0..outer_count)
                .filter(|&polygon| rings[polygons[polygon].0].holds(&rings[hole]))
                .min_by(|&a, &b| rings[polygons[a].0].area.abs().total_cmp(&rings[polygons[b].0].area.abs())),
        };
        match home {
            Some(polygon) => polygons[polygon].1.push(hole),
            None => {
                result.promoted = true;
                polygons.push((hole, Vec::new()));
            }
        }
    }
    let mut lines: Vec<Option<LineString>> = rings.into_iter().map(|ring| Some(ring.line)).collect();
    let mut take = |place: usize| lines[place].take().unwrap_or_else(|| LineString(Vec::new()));
    let mut polygons: Vec<Polygon> = polygons
        .into_iter()
        .map(|(outer, holes)| Polygon::new(take(outer), holes.into_iter().map(&mut take).collect()))
        .collect();
    result.geometry = match polygons.len() {
        0 => None,
        1 => polygons.pop().map(Geometry::Polygon),
        _ => Some(Geometry::MultiPolygon(MultiPolygon(polygons))),
    };
    result
}

impl Ring {
    fn bounds_hold(&self, other: &Ring) -> bool {
        let (a, b) = (&self.bounds, &other.bounds);
        a.min().x <= b.min().x && a.min().y <= b.min().y && a.max().x >= b.max().x && a.max().y >= b.max().y
    }

    /// Whether the other ring lies inside, judged by its first position that is not on the border.
    fn holds(&self, other: &Ring) -> bool {
        self.bounds_hold(other)
            && self.area.abs() > other.area.abs()
            && other
                .line
                .0
                .iter()
                .map(|&position| coord_pos_relative_to_ring(position, &self.line))
                .find(|place| *place != CoordPos::OnBoundary)
                // All positions on the border: the ring is inscribed.
                .is_none_or(|place| place == CoordPos::Inside)
    }
}

/// Twice the signed area of a closed ring, relative to its first position so that large coordinates keep precision.
pub(super) fn doubled_area(ring: &[Coord]) -> f64 {
    let Some(&origin) = ring.first() else { return 0.0 };
    ring.windows(2)
        .map(|pair| {
            let (a, b) = (pair[0] - origin, pair[1] - origin);
            a.x * b.y - b.x * a.y
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: f64, y: f64, side: f64, clockwise: bool) -> Vec<Coord> {
        let mut ring: Vec<Coord> = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)]
            .map(|(i, j)| Coord { x: x + i * side, y: y + j * side })
            .to_vec();
        if clockwise {
            ring.reverse();
        }
        ring
    }

    fn holes(geometry: &Option<Geometry>) -> Vec<usize> {
        match geometry {
            Some(Geometry::Polygon(polygon)) => vec![polygon.interiors().len()],
            Some(Geometry::MultiPolygon(polygons)) => polygons.iter().map(|p| p.interiors().len()).collect(),
            _ => vec![],
        }
    }

    #[test]
    fn hole_goes_to_the_smallest_ring_around_it() {
        // An island in a lake, with a pond of its own; rings in no particular order.
        let rings = vec![
            square(4.0, 4.0, 0.5, false),
            square(0.0, 0.0, 10.0, true),
            square(3.0, 3.0, 3.0, true),
            square(2.0, 2.0, 5.0, false),
        ];
        let nested = nest(rings);
        assert_eq!(holes(&nested.geometry), [1, 1]);
        assert!(!nested.promoted && !nested.closed && !nested.dropped);
    }

    #[test]
    fn hole_outside_becomes_a_polygon() {
        let nested = nest(vec![square(0.0, 0.0, 1.0, true), square(5.0, 5.0, 1.0, false)]);
        assert_eq!(holes(&nested.geometry), [0, 0]);
        assert!(nested.promoted);
    }

    #[test]
    fn wrong_winding_throughout_is_told_by_containment() {
        let nested = nest(vec![square(0.0, 0.0, 9.0, false), square(1.0, 1.0, 1.0, false)]);
        assert_eq!(holes(&nested.geometry), [1]);
    }

    #[test]
    fn hole_that_touches_the_border() {
        let nested = nest(vec![
            square(0.0, 0.0, 4.0, true),
            square(4.0, 0.0, 4.0, true),
            square(2.0, 1.0, 2.0, false),
        ]);
        assert_eq!(holes(&nested.geometry), [1, 0]);
    }

    #[test]
    fn degenerate_and_open_rings() {
        let line = vec![Coord { x: 0.0, y: 0.0 }, Coord { x: 1.0, y: 1.0 }];
        let nested = nest(vec![line]);
        assert!(nested.geometry.is_none() && nested.dropped);
        let mut open = square(0.0, 0.0, 1.0, true);
        open.pop();
        let nested = nest(vec![open]);
        assert!(nested.closed && nested.geometry.is_some());
    }
}
