//! Borders that zones share.
use std::collections::BTreeMap;

use datagora_geo::types::{Coord, Geometry, LineString, MultiLineString, Polygon, Rect};
use datagora_geo::{GeometryColumn, PackedIndex};

/// What two zones have in common.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Border {
    /// Rows of the zones, the smaller first.
    pub(super) zones: [usize; 2],
    /// The border, in pieces where it is interrupted.
    pub(super) line: MultiLineString,
    /// Its length, in units of the CRS.
    pub(super) length: f64,
}

/// Sides farther apart than this share of the extent of the zones are not shared; half a metre in a metropolis of 50 km.
const APART: f64 = 1e-5;

/// Shorter borders, as a multiple of that distance, are corners.
const CORNER: f64 = 4.0;

/// The borders along which pairs of zones meet, by pair. A common corner is no border.
///
/// Vertices need not be the same: a side is shared as far as a side of the neighbour runs along it.
pub(super) fn shared_borders(zones: &GeometryColumn) -> Vec<Border> {
    let Some(bounds) = zones.bounds() else { return Vec::new() };
    let apart = APART * libm::hypot(bounds.width(), bounds.height());
    let sides: Vec<(usize, Coord, Coord)> = zones
        .iter()
        .enumerate()
        .flat_map(|(row, geometry)| {
            geometry.iter().flat_map(rings).map(move |ring| (row, ring)).collect::<Vec<_>>()
        })
        .flat_map(|(row, ring)| {
            ring.0.windows(2).map(move |side| (row, side[0], side[1])).collect::<Vec<_>>()
        })
        .collect();
    let finite = |at: Coord| at.x.is_finite() && at.y.is_finite();
    let rectangle = |from: Coord, to: Coord| (finite(from) && finite(to)).then(|| Rect::new(from, to));
    let index = PackedIndex::of_rects(sides.iter().map(|&(_, from, to)| rectangle(from, to)));
    let mut found: BTreeMap<[usize; 2], Vec<Vec<Coord>>> = BTreeMap::new();
    for &(row, from, to) in &sides {
        let along = to - from;
        let length = libm::hypot(along.x, along.y);
        if !(length > 0.0 && length.is_finite()) {
            continue;
        }
        let near = Rect::new(from, to);
        let margin = Coord { x: apart, y: apart };
        let near = Rect::new(near.min() - margin, near.max() + margin);
        let mut pieces: Vec<(usize, f64, f64)> = index
            .intersecting(near)
            .into_iter()
            .filter_map(|other| {
                let (neighbour, start, end) = sides[other as usize];
                if neighbour <= row {
                    return None;
                }
                // Along the side from 0 to 1, and across it in units of the CRS.
                let position = |at: Coord| {
                    let way = at - from;
                    let (dot, cross) = (way.x * along.x + way.y * along.y, along.x * way.y - along.y * way.x);
                    (dot / (length * length), cross / length)
                };
                let ((a, across_a), (b, across_b)) = (position(start), position(end));
                let (low, high) = (a.min(b).max(0.0), a.max(b).min(1.0));
                // A side that leads away touches this one in a point.
                if high <= low || (across_b - across_a).abs() > (b - a).abs() * length {
                    return None;
                }
                let across = |at: f64| across_a + (across_b - across_a) * (at - a) / (b - a);
                (across(low).abs() <= apart && across(high).abs() <= apart).then_some((neighbour, low, high))
            })
            .collect();
        pieces.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        for (neighbour, low, high) in pieces {
            let (start, end) = (from + along * low, from + along * high);
            let lines = found.entry([row, neighbour]).or_default();
            let joined = |line: &Vec<Coord>| {
                line.last().is_some_and(|last| libm::hypot(last.x - start.x, last.y - start.y) <= apart)
            };
            match lines.last_mut() {
                Some(line) if joined(line) => line.push(end),
                _ => lines.push(vec![start, end]),
            }
        }
    }
    let border = |(zones, mut lines): ([usize; 2], Vec<Vec<Coord>>)| {
        close_the_ring(&mut lines, apart);
        let length = lines
            .iter()
            .flat_map(|line| line.windows(2))
            .map(|p| libm::hypot(p[1].x - p[0].x, p[1].y - p[0].y));
        Border {
            zones,
            length: length.sum(),
            line: MultiLineString(lines.into_iter().map(LineString).collect()),
        }
    };
    // Zones that touch in a corner have sides near it that are as near to each other.
    found.into_iter().map(border).filter(|border| border.length > CORNER * apart).collect()
}

/// A border across the first vertex of a ring was cut there.
fn close_the_ring(lines: &mut Vec<Vec<Coord>>, apart: f64) {
    if lines.len() < 2 {
        return;
    }
    let ends = (lines[lines.len() - 1].last().copied(), lines[0].first().copied());
    if let (Some(end), Some(start)) = ends
        && libm::hypot(end.x - start.x, end.y - start.y) <= apart
        && let Some(mut last) = lines.pop()
    {
        last.extend(lines[0].drain(..).skip(1));
        lines[0] = last;
    }
}

fn rings(geometry: &Geometry) -> Vec<LineString> {
    let of = |polygon: &Polygon| {
        std::iter::once(polygon.exterior()).chain(polygon.interiors()).cloned().collect::<Vec<_>>()
    };
    match geometry {
        Geometry::Polygon(polygon) => of(polygon),
        Geometry::MultiPolygon(polygons) => polygons.iter().flat_map(of).collect(),
        Geometry::Rect(rect) => of(&rect.to_polygon()),
        Geometry::Triangle(triangle) => of(&triangle.to_polygon()),
        Geometry::GeometryCollection(parts) => parts.iter().flat_map(rings).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use datagora_core::Crs;
    use proptest::prelude::*;

    use super::*;

    fn column(rings: &[&[(f64, f64)]]) -> GeometryColumn {
        let polygon = |ring: &&[(f64, f64)]| Polygon::new(LineString::from(ring.to_vec()), Vec::new()).into();
        GeometryColumn::new(rings.iter().map(polygon), Crs::CC46)
    }

    #[test]
    fn sides_corners_and_vertices_of_one_alone() {
        let zones = column(&[
            &[(0., 0.), (100., 0.), (100., 100.), (0., 100.)],
            // Two zones along one side of the first: it has no vertex where they meet.
            &[(100., 0.), (200., 0.), (200., 40.), (100., 40.)],
            &[(100., 40.), (200., 40.), (200., 100.), (100., 100.)],
            // Touches the first in a corner alone.
            &[(-50., 100.), (0., 100.), (0., 150.), (-50., 150.)],
        ]);
        let borders = shared_borders(&zones);
        let pairs: Vec<([usize; 2], f64)> =
            borders.iter().map(|border| (border.zones, border.length)).collect();
        assert_eq!(pairs, [([0, 1], 40.0), ([0, 2], 60.0), ([1, 2], 100.0)]);
        assert!(borders.iter().all(|border| border.line.0.len() == 1));
    }

    #[test]
    fn an_island_within_a_zone_has_one_border() {
        let hole = LineString::from(vec![(20., 20.), (40., 20.), (40., 40.), (20., 40.), (20., 20.)]);
        let outer = LineString::from(vec![(0., 0.), (100., 0.), (100., 100.), (0., 100.)]);
        let around = Polygon::new(outer, vec![hole.clone()]);
        let zones = GeometryColumn::new([around.into(), Polygon::new(hole, Vec::new()).into()], Crs::CC46);
        let [border] = &shared_borders(&zones)[..] else { panic!("one pair") };
        assert_eq!((border.length, border.line.0.len()), (80.0, 1));
    }

    proptest! {
        /// Of a chessboard of rectangles, every inner side is found once, whatever the order of the zones.
        #[test]
        fn a_grid_has_all_its_inner_sides(
            widths in prop::collection::vec(1.0..9.0f64, 1..5),
            heights in prop::collection::vec(1.0..9.0f64, 1..5),
            backwards in any::<bool>(),
        ) {
            let edges = |sizes: &[f64]| {
                let mut at = vec![0.0];
                for size in sizes { at.push(at[at.len() - 1] + size); }
                at
            };
            let (x, y) = (edges(&widths), edges(&heights));
            let mut cells = Vec::new();
            for j in 0..heights.len() {
                for i in 0..widths.len() {
                    let (a, b) = (Coord { x: x[i], y: y[j] }, Coord { x: x[i + 1], y: y[j + 1] });
                    cells.push(Rect::new(a, b).to_polygon().into());
                }
            }
            if backwards {
                cells.reverse();
            }
            let borders = shared_borders(&GeometryColumn::new(cells, Crs::CC46));
            let (n, m) = (widths.len(), heights.len());
            prop_assert_eq!(borders.len(), (n - 1) * m + n * (m - 1));
            let total: f64 = borders.iter().map(|border| border.length).sum();
            let expected = (n - 1) as f64 * y[m] + (m - 1) as f64 * x[n];
            prop_assert!((total - expected).abs() < 1e-6 * (1.0 + expected));
        }
    }
}
