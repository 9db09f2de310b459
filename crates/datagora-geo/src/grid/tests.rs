use proptest::prelude::*;

use super::*;

fn rect(west: f64, south: f64, east: f64, north: f64) -> Rect {
    Rect::new(Coord { x: west, y: south }, Coord { x: east, y: north })
}

#[test]
fn aligned_grids_hold_their_bounds_and_no_more() {
    let grid = Grid::aligned(rect(-0.1, 0.0, 10.0, 5.0), 5.0, Crs::CC46).expect("a grid");
    assert_eq!((grid.west(), grid.south(), grid.east(), grid.north()), (-5.0, 0.0, 10.0, 5.0));
    assert_eq!((grid.columns(), grid.rows()), (3, 1));
    // A point on a corner still has a cell.
    let grid = Grid::aligned(rect(10.0, 10.0, 10.0, 10.0), 5.0, Crs::CC46).expect("a grid");
    assert_eq!(grid.len(), 1);
    assert_eq!(grid.cell_at(10.0, 10.0), Some(0));
}

#[test]
fn points_on_lines_belong_to_the_east_and_north() {
    let grid = Grid::new([0.0, 20.0], [10.0, 10.0], 2, 2, Crs::CC46).expect("a grid");
    assert_eq!(grid.cell_at(0.0, 0.0), Some(2));
    assert_eq!(grid.cell_at(10.0, 10.0), Some(1));
    assert_eq!(grid.cell_at(9.999, 9.999), Some(2));
    assert_eq!(grid.cell_at(20.0, 5.0), None);
    assert_eq!(grid.cell_at(5.0, 20.0), None);
    assert_eq!(grid.cell_at(f64::NAN, 5.0), None);
    assert_eq!(grid.cell_at(f64::INFINITY, f64::NEG_INFINITY), None);
}

#[test]
fn refused_numbers_say_why() {
    let new = |corner, cell, columns, rows| Grid::new(corner, cell, columns, rows, Crs::CC46).map(|_| ());
    assert_eq!(new([0.0, 0.0], [0.0, 1.0], 1, 1), Err(GridError::CellSize { width: 0.0, height: 1.0 }));
    assert!(matches!(new([0.0, 0.0], [f64::NAN, 1.0], 1, 1), Err(GridError::CellSize { .. })));
    assert!(matches!(new([f64::INFINITY, 0.0], [1.0, 1.0], 1, 1), Err(GridError::NotFinite { .. })));
    assert!(matches!(new([0.0, 0.0], [1e300, 1.0], usize::MAX, 1), Err(GridError::TooManyCells { .. })));
    assert!(matches!(new([0.0, 0.0], [1e308, 1.0], 100, 1), Err(GridError::NotFinite { .. })));
    assert_eq!(new([0.0, 0.0], [1.0, 1.0], 0, 1), Err(GridError::NoCells { columns: 0, rows: 1 }));
    assert!(matches!(new([1e9, 0.0], [1e-4, 1.0], 1, 1), Err(GridError::TooFine { .. })));
    let aligned = |bounds, cell| Grid::aligned(bounds, cell, Crs::CC46).map(|_| ());
    assert!(matches!(aligned(rect(0.0, 0.0, 1.0, 1.0), -1.0), Err(GridError::CellSize { .. })));
    assert!(matches!(aligned(rect(0.0, 0.0, f64::INFINITY, 1.0), 1.0), Err(GridError::NotFinite { .. })));
    assert!(matches!(aligned(rect(0.0, 0.0, 1e12, 1.0), 1.0), Err(GridError::TooManyCells { .. })));
    assert!(matches!(aligned(rect(1e9, 0.0, 1e9, 1.0), 1e-4), Err(GridError::TooFine { .. })));
    let grid = Grid::new([0.0, 0.0], [1.0, 1.0], 3, 3, Crs::CC46).expect("a grid");
    for (columns, rows) in [(0..4, 0..1), (1..1, 0..1), (0..1, 2..9)] {
        assert!(matches!(grid.window(columns, rows), Err(GridError::Window { .. })));
    }
}

#[test]
fn equal_grids_may_have_been_made_in_different_ways() {
    let aligned = Grid::aligned(rect(10.0, 10.0, 30.0, 30.0), 5.0, Crs::CC46).expect("a grid");
    let given = Grid::new([10.0, 30.0], [5.0, 5.0], 4, 4, Crs::CC46).expect("a grid");
    assert_eq!(aligned, given);
    assert_ne!(aligned, Grid::new([10.0, 30.0], [5.0, 5.0], 4, 4, Crs::LAMBERT_93).expect("a grid"));
    assert_ne!(aligned, given.window(0..4, 0..3).expect("a window"));
}

#[test]
fn cells_over_what_lies_outside() {
    let grid = Grid::new([0.0, 30.0], [10.0, 10.0], 3, 3, Crs::CC46).expect("a grid");
    assert_eq!(grid.cells_over(rect(-10.0, 5.0, 0.0, 6.0)), None);
    assert_eq!(grid.cells_over(rect(30.0, 5.0, 40.0, 6.0)), None);
    assert_eq!(grid.cells_over(rect(0.0, 0.0, 0.0, 0.0)), Some((0..1, 2..3)));
    assert_eq!(grid.cells_over(rect(-1e300, -1e300, 1e300, 1e300)), Some((0..3, 0..3)));
    assert_eq!(grid.cells_over(rect(10.0, 10.0, 20.0, 20.0)), Some((1..2, 1..2)));
    assert_eq!(grid.cells_over(rect(f64::NAN, 0.0, 1.0, 1.0)), None);
}

proptest! {
    #[test]
    fn the_cell_of_a_point_holds_it(
        west in -1e7..1e7_f64, north in -1e7..1e7_f64, width in 0.01..1e3_f64, height in 0.01..1e3_f64,
        column in 0..50_usize, row in 0..50_usize, share in 0.0..1.0_f64,
    ) {
        let grid = Grid::new([west, north], [width, height], 50, 50, Crs::CC46).expect("a grid");
        let rect = grid.cell_rect(grid.index(column, row));
        prop_assert_eq!(grid.cell_at(rect.min().x, rect.min().y), Some(grid.index(column, row)));
        let point = (rect.min().x + share * 0.99 * width, rect.min().y + share * 0.99 * height);
        prop_assert_eq!(grid.cell_at(point.0, point.1), Some(grid.index(column, row)));
        let centre = grid.cell_centre(grid.index(column, row));
        prop_assert_eq!(grid.cell_at(centre.x, centre.y), Some(grid.index(column, row)));
        prop_assert_eq!(grid.cells_over(rect), Some((column..column + 1, row..row + 1)));
    }

    #[test]
    fn aligned_grids_are_least(x in -1e7..1e7_f64, y in -1e7..1e7_f64, w in 0.0..99.0_f64, h in 0.0..99.0_f64, cell in 0.1..50.0_f64) {
        let bounds = rect(x, y, x + w, y + h);
        let grid = Grid::aligned(bounds, cell, Crs::CC46).expect("a grid");
        prop_assert!(grid.west() <= x && grid.south() <= y && grid.east() >= x + w && grid.north() >= y + h);
        prop_assert!(grid.column_edge(1) > x && grid.row_edge(grid.rows() - 1) > y);
        prop_assert!(grid.columns() == 1 || grid.column_edge(grid.columns() - 1) < x + w);
        prop_assert!(grid.rows() == 1 || grid.row_edge(1) < y + h);
        prop_assert_eq!(grid.west(), (grid.west() / cell).round() * cell);
    }

    #[test]
    fn windows_have_the_same_lines(west in -1e7..1e7_f64, cell in 0.01..9.0_f64, start in 0..40_usize, len in 1..10_usize) {
        let grid = Grid::new([west, west], [cell, cell], 50, 50, Crs::CC46).expect("a grid");
        let window = grid.window(start..start + len, start..start + len).expect("a window");
        for line in 0..=len {
            prop_assert_eq!(window.column_edge(line), grid.column_edge(start + line));
            prop_assert_eq!(window.row_edge(line), grid.row_edge(start + line));
        }
    }
}
