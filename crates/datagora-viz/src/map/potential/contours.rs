//! Lines of equal value through a grid of nodes, as surfaces.
use std::collections::HashMap;

use datagora_geo::types::{Coord, LineString, MultiPolygon, Polygon};

/// Values at the nodes of a grid, from south to north, from west to east; NaN where there is none.
pub(super) struct Field<'a> {
    pub(super) values: &'a [f64],
    pub(super) columns: usize,
    /// The south-western node.
    pub(super) origin: Coord,
    /// Between neighbouring nodes, m.
    pub(super) step: f64,
}

/// An edge between neighbouring nodes: that to the east of a node, or that to the north.
type Edge = (i64, i64, bool);

/// A line never runs through a node, or surfaces would touch in it: it passes at least this share of a step from it.
const AWAY: f64 = 1e-5;

impl Field<'_> {
    fn rows(&self) -> usize {
        self.values.len() / self.columns.max(1)
    }

    /// The value at a node; nothing beyond the grid and where it is missing.
    fn at(&self, column: i64, row: i64) -> Option<f64> {
        let inside = (0..self.columns as i64).contains(&column) && (0..self.rows() as i64).contains(&row);
        let value = inside.then(|| self.values[row as usize * self.columns + column as usize])?;
        (!value.is_nan()).then_some(value)
    }

    /// The ground on which the field is at least this high, with holes where it is lower: linear between nodes, and
    /// closed along the edge of the grid. Of higher levels it lies within that of lower ones.
    ///
    /// Where two high corners of a square face two low ones, the mean of the four tells whether the high ones are joined.
    ///
    /// # References
    ///
    /// Marching squares, the plane case of Lorensen, W. E., Cline, H. E. (1987). Marching cubes. *SIGGRAPH* 21(4), 163–169.
    pub(super) fn at_least(&self, level: f64) -> MultiPolygon {
        surfaces(self.rings(level))
    }

    /// Closed lines with the high ground on their left.
    fn rings(&self, level: f64) -> Vec<Vec<Coord>> {
        let high = |column: i64, row: i64| self.at(column, row).is_some_and(|value| value >= level);
        // Each line through a square goes from one of its edges to another; it goes on in the square beyond.
        let mut next: HashMap<Edge, Edge> = HashMap::new();
        for row in -1..self.rows() as i64 {
            for column in -1..self.columns as i64 {
                let corners = [(0, 0), (1, 0), (1, 1), (0, 1)].map(|(i, j)| high(column + i, row + j));
                // South, east, north, west: edge k lies between the corners k and k + 1.
                let edges = [
                    (column, row, true),
                    (column + 1, row, false),
                    (column, row + 1, true),
                    (column, row, false),
                ];
                let crossed = |k: usize| corners[k] != corners[(k + 1) % 4];
                match (0..4).filter(|&k| crossed(k)).count() {
                    0 => {}
                    2 => {
                        // Counter-clockwise the line enters where high ground begins to end: from high to low.
                        let from = (0..4).find(|&k| corners[k] && !corners[(k + 1) % 4]).unwrap_or(0);
                        let to = (0..4).find(|&k| !corners[k] && corners[(k + 1) % 4]).unwrap_or(0);
                        next.insert(edges[from], edges[to]);
                    }
                    _ => {
                        let joined = self.middle(column, row).is_some_and(|mean| mean >= level);
                        for from in (0..4).filter(|&k| corners[k]) {
                            // Joined: around the low corner that follows; apart: around the high corner itself.
                            let to = if joined { (from + 1) % 4 } else { (from + 3) % 4 };
                            next.insert(edges[from], edges[to]);
                        }
                    }
                }
            }
        }
        let mut starts: Vec<Edge> = next.keys().copied().collect();
        starts.sort_unstable();
        let mut rings = Vec::new();
        for start in starts {
            let mut ring = Vec::new();
            let mut edge = start;
            while let Some(to) = next.remove(&edge) {
                ring.push(self.crossing(edge, level));
                edge = to;
            }
            if ring.len() >= 3 {
                rings.push(ring);
            }
        }
        rings
    }

    fn middle(&self, column: i64, row: i64) -> Option<f64> {
        let corner = |i, j| self.at(column + i, row + j);
        Some(0.25 * (corner(0, 0)? + corner(1, 0)? + corner(0, 1)? + corner(1, 1)?))
    }

    /// Where an edge has the level.
    fn crossing(&self, (column, row, east): Edge, level: f64) -> Coord {
        let (to_column, to_row) = if east { (column + 1, row) } else { (column, row + 1) };
        let (a, b) = (self.at(column, row), self.at(to_column, to_row));
        let share = match (a, b) {
            (Some(a), Some(b)) => (level - a) / (b - a),
            // Beyond the grid and beside what is missing the ground ends at the last node.
            (Some(_), None) => 0.0,
            _ => 1.0,
        };
        let share = share.clamp(AWAY, 1.0 - AWAY);
        let between = |from: i64, to: i64| from as f64 + share * (to - from) as f64;
        Coord {
            x: self.origin.x + self.step * between(column, to_column),
            y: self.origin.y + self.step * between(row, to_row),
        }
    }
}

/// Polygons of rings that do not cross: those that turn left are outer rings, the others holes of the smallest around.
fn surfaces(rings: Vec<Vec<Coord>>) -> MultiPolygon {
    let (mut outer, holes): (Vec<_>, Vec<_>) =
        rings.into_iter().map(|ring| (signed_area(&ring), ring)).partition(|(area, _)| *area > 0.0);
    outer.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut inner: Vec<Vec<LineString>> = vec![Vec::new(); outer.len()];
    for (_, hole) in holes {
        if let Some(around) = outer.iter().position(|(_, ring)| holds(ring, hole[0])) {
            inner[around].push(LineString(hole));
        }
    }
    let polygons = outer.into_iter().zip(inner);
    MultiPolygon(polygons.map(|((_, ring), holes)| Polygon::new(LineString(ring), holes)).collect())
}

fn signed_area(ring: &[Coord]) -> f64 {
    let origin = ring[0];
    let at = |i: usize| ring[i % ring.len()] - origin;
    (0..ring.len()).map(|i| (at(i), at(i + 1))).map(|(a, b)| a.x * b.y - b.x * a.y).sum()
}

fn holds(ring: &[Coord], at: Coord) -> bool {
    let mut inside = false;
    for i in 0..ring.len() {
        let (a, b) = (ring[i], ring[(i + 1) % ring.len()]);
        if (a.y > at.y) != (b.y > at.y) && at.x < a.x + (at.y - a.y) / (b.y - a.y) * (b.x - a.x) {
            inside = !inside;
        }
    }
    inside
}

#[cfg(test)]
mod tests {
    use datagora_core::Crs;
    use datagora_geo::{GeometryColumn, Metric, area, clip, faults};
    use proptest::prelude::*;

    use super::*;

    fn field(values: &[f64], columns: usize) -> Field<'_> {
        Field { values, columns, origin: Coord { x: 840_000.0, y: 6_520_000.0 }, step: 100.0 }
    }

    fn column(surface: MultiPolygon) -> GeometryColumn {
        GeometryColumn::new([surface.into()], Crs::LAMBERT_93)
    }

    fn surface(field: &Field<'_>, level: f64) -> f64 {
        area(&column(field.at_least(level)), Metric::Planar).unwrap()[0]
    }

    /// A cone: what is higher than h is a disc, with a hole of what is missing at its top.
    #[test]
    fn a_cone_has_round_lines() {
        let side = 101;
        let away =
            |k: usize| (((k % side) as f64 - 50.0).powi(2) + ((k / side) as f64 - 50.0).powi(2)).sqrt();
        let mut values: Vec<f64> = (0..side * side).map(|k| 50.0 - away(k)).collect();
        let disc = std::f64::consts::PI * 30.0 * 30.0 * 100.0 * 100.0;
        assert!((surface(&field(&values, side), 20.0) / disc - 1.0).abs() < 1e-3);
        values[50 * side + 50] = f64::NAN;
        let holed = field(&values, side).at_least(20.0);
        assert_eq!((holed.0.len(), holed.0[0].interiors().len()), (1, 1));
        assert!(field(&values, side).at_least(60.0).0.is_empty());
    }

    #[test]
    fn the_whole_grid_is_closed_along_its_edge() {
        let values = [5.0; 12];
        assert!((surface(&field(&values, 4), 5.0) / (300.0 * 200.0) - 1.0).abs() < 1e-3);
        assert!(field(&[], 1).at_least(0.0).0.is_empty());
    }

    #[test]
    fn saddles_are_joined_by_their_mean() {
        let apart = [1.0, 0.0, 0.0, 1.0];
        assert_eq!(field(&apart, 2).at_least(0.6).0.len(), 2);
        assert_eq!(field(&apart, 2).at_least(0.4).0.len(), 1);
    }

    proptest! {
        #[test]
        fn surfaces_are_valid_and_lie_within_each_other(
            values in prop::collection::vec(prop_oneof![9 => -5.0..5.0f64, 2 => Just(0.0), 1 => Just(f64::NAN)], 6..80),
            columns in 1usize..9,
            levels in (-5.0..5.0f64, 0.0..3.0f64),
        ) {
            let whole = values.len() / columns * columns;
            let field = field(&values[..whole], columns);
            let (low, high) = (column(field.at_least(levels.0)), column(field.at_least(levels.0 + levels.1)));
            for found in [&low, &high] {
                let invalid: Vec<_> = faults(found).into_iter().filter(|fault| fault.kind.is_invalid()).collect();
                prop_assert!(invalid.is_empty(), "{invalid:?}");
            }
            let both: f64 = clip(&high, &low).unwrap().origins.iter().map(|origin| origin.measure).sum();
            let alone = area(&high, Metric::Planar).unwrap()[0];
            prop_assert!((both - alone).abs() <= 1e-6 * alone.max(1.0), "{both} {alone}");
        }
    }
}
