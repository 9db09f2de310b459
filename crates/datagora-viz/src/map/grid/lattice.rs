//! Cells that cover the plane.
use datagora_geo::types::{Coord, LineString, Polygon};

/// Half the height of a hexagon whose flat sides are 1 apart.
const HALF_HEIGHT: f64 = 0.577_350_269_189_625_8;

/// Squares or hexagons of one size, in their place whatever is counted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::map) enum Lattice {
    /// Squares of this side, with corners at its multiples.
    Squares(f64),
    /// Hexagons with a vertex in the north, of this width from flat side to flat side; one has its centre at the origin.
    Hexagons(f64),
}

/// A cell: its row from south to north, and its number within the row from west to east.
pub(in crate::map) type Cell = (i64, i64);

impl Lattice {
    pub(in crate::map) fn size(self) -> f64 {
        match self {
            Lattice::Squares(side) => side,
            Lattice::Hexagons(width) => width,
        }
    }

    /// Surface of a cell, m².
    pub(in crate::map) fn area(self) -> f64 {
        match self {
            Lattice::Squares(side) => side * side,
            Lattice::Hexagons(width) => 1.5 * HALF_HEIGHT * width * width,
        }
    }

    /// The cell that holds a place; of places on a border, the one in the north or east.
    pub(in crate::map) fn cell_at(self, at: Coord) -> Cell {
        match self {
            Lattice::Squares(side) => ((at.y / side).floor() as i64, (at.x / side).floor() as i64),
            Lattice::Hexagons(width) => {
                // The two rows of centres between which the place is; the nearer centre has it.
                let below = (at.y / (1.5 * HALF_HEIGHT * width)).floor() as i64;
                let nearest = |row: i64| {
                    let shift = if row.rem_euclid(2) == 1 { 0.5 } else { 0.0 };
                    (row, (at.x / width - shift + 0.5).floor() as i64)
                };
                let away = |cell: Cell| {
                    let centre = self.centre(cell);
                    (centre.x - at.x).powi(2) + (centre.y - at.y).powi(2)
                };
                let (low, high) = (nearest(below), nearest(below + 1));
                if away(high) <= away(low) { high } else { low }
            }
        }
    }

    pub(in crate::map) fn centre(self, (row, column): Cell) -> Coord {
        match self {
            Lattice::Squares(side) => Coord { x: (column as f64 + 0.5) * side, y: (row as f64 + 0.5) * side },
            Lattice::Hexagons(_) => self.vertex(self.halves((row, column))),
        }
    }

    /// The outline of a cell; neighbours have the same vertices to the last bit.
    pub(in crate::map) fn polygon(self, (row, column): Cell) -> Polygon {
        let ring: LineString = match self {
            Lattice::Squares(side) => [(0, 0), (1, 0), (1, 1), (0, 1)]
                .map(|(i, j)| Coord { x: (column + i) as f64 * side, y: (row + j) as f64 * side })
                .into_iter()
                .collect(),
            Lattice::Hexagons(_) => {
                let (x, y) = self.halves((row, column));
                let around = [(0, -2), (1, -1), (1, 1), (0, 2), (-1, 1), (-1, -1)];
                around.map(|(i, j)| self.vertex((x + i, y + j))).into_iter().collect()
            }
        };
        Polygon::new(ring, Vec::new())
    }

    /// Centre of a hexagon in half widths and quarter heights: all vertices are at whole numbers of them.
    fn halves(self, (row, column): Cell) -> (i64, i64) {
        (2 * column + row.rem_euclid(2), 3 * row)
    }

    fn vertex(self, (x, y): (i64, i64)) -> Coord {
        let width = self.size();
        Coord { x: x as f64 * 0.5 * width, y: y as f64 * 0.5 * HALF_HEIGHT * width }
    }
}

#[cfg(test)]
mod tests {
    use datagora_core::Crs;
    use datagora_geo::{GeometryColumn, Metric, area, locate, union_all};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hexagons_cover_the_ground_once() {
        let lattice = Lattice::Hexagons(100.0);
        let cells: Vec<Cell> = (-3..4).flat_map(|row| (-3..4).map(move |column| (row, column))).collect();
        let column = GeometryColumn::new(cells.iter().map(|&cell| lattice.polygon(cell).into()), Crs::CC46);
        let areas = area(&column, Metric::Planar).unwrap();
        assert!(areas.iter().all(|found| (found / lattice.area() - 1.0).abs() < 1e-12));
        let together = area(&union_all(&column).unwrap(), Metric::Planar).unwrap();
        assert!((together[0] / (49.0 * lattice.area()) - 1.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn a_place_is_in_its_cell(x in -1e4..1e4f64, y in -1e4..1e4f64, size in 50.0..900.0f64, hexagons in prop::bool::ANY) {
            let lattice = if hexagons { Lattice::Hexagons(size) } else { Lattice::Squares(size) };
            let at = Coord { x, y };
            let cell = lattice.cell_at(at);
            prop_assert_eq!(lattice.cell_at(lattice.centre(cell)), cell);
            let zone = GeometryColumn::new([lattice.polygon(cell).into()], Crs::CC46);
            let point = GeometryColumn::points(vec![x], vec![y], Crs::CC46);
            let found = locate(&point, &zone, datagora_geo::Boundary::Covers).unwrap();
            prop_assert_eq!(found.get(0), Some(0));
        }
    }
}
