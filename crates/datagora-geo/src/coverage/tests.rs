mod degenerate;
mod even_odd;

use geo::{Area, BooleanOps};
use proptest::prelude::*;

use super::*;
use crate::types::{Coord, Geometry, LineString, MultiPolygon, Polygon, Rect};

fn rect(west: f64, south: f64, east: f64, north: f64) -> Geometry {
    Rect::new(Coord { x: west, y: south }, Coord { x: east, y: north }).into()
}

fn column(shapes: impl IntoIterator<Item = Geometry>) -> GeometryColumn {
    GeometryColumn::new(shapes, Crs::CC46)
}

fn grid(columns: usize, rows: usize, cell: f64) -> Grid {
    Grid::new([0.0, rows as f64 * cell], [cell, cell], columns, rows, Crs::CC46).expect("a grid")
}

fn shares(grid: &Grid, polygons: &GeometryColumn, overlaps: OverlapRule) -> Vec<f64> {
    coverage(grid, polygons, CoverageOptions::default().with_overlaps(overlaps)).expect("shares")
}

fn close(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    for (cell, (a, b)) in found.iter().zip(expected).enumerate() {
        assert!((a - b).abs() <= tolerance, "cell {cell}: {a} instead of {b}");
    }
}

/// A star about a point, counter-clockwise.
fn star(x: f64, y: f64, radii: &[f64]) -> Polygon {
    let ring = radii.iter().enumerate().map(|(k, radius)| {
        let angle = k as f64 / radii.len() as f64 * std::f64::consts::TAU;
        Coord { x: x + radius * angle.cos(), y: y + radius * angle.sin() }
    });
    Polygon::new(ring.collect(), vec![])
}

/// Stars, some of them with level and upright edges on whole and half numbers.
fn stars(
    count: std::ops::Range<usize>,
    place: std::ops::Range<f64>,
    size: std::ops::Range<f64>,
) -> impl Strategy<Value = Vec<Polygon>> {
    let radii = prop::collection::vec(size, 3..12);
    let one = (place.clone(), place, radii, 0..3_usize).prop_map(|(x, y, radii, kind)| match kind {
        0 => star(x, y, &radii),
        1 => Rect::new(Coord { x, y }, Coord { x: x + radii[0], y: y + radii[1] }).to_polygon(),
        _ => {
            let (x, y, wide, high) = (x.round(), y.round(), radii[0].ceil(), radii[1].ceil());
            let ring = [
                (0.0, 0.0),
                (wide, 0.0),
                (wide, high),
                (0.5 * wide, high),
                (0.5 * wide, 0.5 * high),
                (0.0, 0.5 * high),
            ];
            Polygon::new(ring.iter().map(|(dx, dy)| (x + dx, y + dy)).collect(), vec![])
        }
    });
    prop::collection::vec(one, count)
}

fn cell_shape(grid: &Grid, cell: usize) -> MultiPolygon {
    MultiPolygon(vec![grid.cell_rect(cell).to_polygon()])
}

/// Share of each cell by `geo`'s overlay: the oracle.
fn overlaid(grid: &Grid, shapes: &[MultiPolygon]) -> Vec<f64> {
    let share = |cell| {
        let areas = shapes.iter().map(|shape| shape.intersection(&cell_shape(grid, cell)).unsigned_area());
        areas.sum::<f64>() / grid.cell_area()
    };
    (0..grid.len()).map(share).collect()
}

#[test]
fn a_patch_that_is_a_cell_covers_it_and_nothing_else() {
    for cell in [5.0, 0.1, 0.2, 1.0 / 3.0, 1e-3, 1e5] {
        for (west, north) in [(0.0, 0.0), (842_000.0, 6_519_000.0), (0.3, 0.7)] {
            let Ok(grid) = Grid::new([west, north], [cell, cell], 9, 9, Crs::CC46) else { continue };
            for patch in 0..grid.len() {
                let layer = column([grid.cell_rect(patch).into()]);
                for rule in [OverlapRule::Dissolve, OverlapRule::Sum] {
                    let expected: Vec<f64> = (0..grid.len()).map(|at| f64::from(at == patch)).collect();
                    assert_eq!(shares(&grid, &layer, rule), expected, "{cell} {west} {patch}");
                }
            }
        }
    }
}

#[test]
fn a_patch_at_any_offset_covers_four_cells_by_products() {
    let grid = grid(4, 4, 5.0);
    for dx in [0.0, 0.01, 1.0, 2.5, 4.999] {
        for dy in [0.0, 1e-9, 2.0, 3.7] {
            let layer = column([rect(5.0 + dx, 5.0 + dy, 10.0 + dx, 10.0 + dy)]);
            let (x, y) = (dx / 5.0, dy / 5.0);
            let mut expected = [0.0; 16];
            expected[grid.index(1, 2)] = (1.0 - x) * (1.0 - y);
            expected[grid.index(2, 2)] = x * (1.0 - y);
            expected[grid.index(1, 1)] = (1.0 - x) * y;
            expected[grid.index(2, 1)] = x * y;
            close(&shares(&grid, &layer, OverlapRule::Dissolve), &expected, 1e-14);
        }
    }
}

#[test]
fn holes_and_parts_and_windings() {
    let grid = grid(4, 4, 5.0);
    let ring = |west: f64, south: f64, east: f64, north: f64| -> LineString {
        vec![(west, south), (east, south), (east, north), (west, north), (west, south)].into()
    };
    let mut expected = [1.0; 16];
    expected[grid.index(1, 1)] = 0.0;
    expected[grid.index(2, 1)] = 0.5;
    // `geo` closes rings but leaves windings; reverse them in all ways.
    for reversed in 0..4 {
        let mut outer = ring(-3.0, -3.0, 23.0, 23.0);
        let mut hole = ring(5.0, 10.0, 12.5, 15.0);
        if reversed & 1 == 1 {
            outer.0.reverse();
        }
        if reversed & 2 == 2 {
            hole.0.reverse();
        }
        let layer = column([Polygon::new(outer, vec![hole]).into()]);
        for rule in [OverlapRule::Dissolve, OverlapRule::Sum] {
            close(&shares(&grid, &layer, rule), &expected, 1e-15);
        }
    }
    let parts = MultiPolygon(vec![
        Polygon::new(ring(0.0, 0.0, 5.0, 2.0), vec![]),
        Polygon::new(ring(0.0, 2.0, 5.0, 3.0), vec![]),
    ]);
    let layer = column([parts.into()]);
    close(&shares(&grid, &layer, OverlapRule::Dissolve)[12..13], &[0.6], 1e-15);
    let mut cells = CoveredCells::new(&grid, &layer).expect("cells");
    let runs = cells.runs_of(0);
    assert_eq!(runs.len(), 1);
    assert!((runs[0].share - 0.6).abs() < 1e-15);
}

#[test]
fn duplicates_and_neighbours_are_dissolved() {
    let grid = grid(3, 3, 10.0);
    let triangle = |x: f64| -> Geometry {
        Polygon::new(vec![(x, 1.0), (x + 17.0, 3.0), (x + 4.0, 25.0)].into(), vec![]).into()
    };
    let once = shares(&grid, &column([triangle(3.0)]), OverlapRule::Dissolve);
    let layer = column([triangle(3.0), triangle(3.0), triangle(3.0)]);
    close(&shares(&grid, &layer, OverlapRule::Dissolve), &once, 1e-14);
    let thrice: Vec<f64> = once.iter().map(|share| 3.0 * share).collect();
    close(&shares(&grid, &layer, OverlapRule::Sum), &thrice, 1e-14);
    // Two halves along a slanting border.
    let half = |far: (f64, f64)| -> Geometry {
        Polygon::new(vec![(2.0, 3.0), (27.0, 24.0), far].into(), vec![]).into()
    };
    let (left, right) = (half((1.0, 28.0)), half((29.0, 2.0)));
    let both = column([left.clone(), right.clone()]);
    let sum = shares(&grid, &both, OverlapRule::Sum);
    close(&shares(&grid, &both, OverlapRule::Dissolve), &sum, 1e-14);
}

#[test]
fn missing_and_empty_rows_cover_nothing() {
    let grid = grid(2, 2, 5.0);
    let empty = Geometry::Polygon(Polygon::new(LineString(vec![]), vec![]));
    let flat = Polygon::new(vec![(1.0, 1.0), (4.0, 1.0), (2.0, 1.0)].into(), vec![]).into();
    let point = Polygon::new(vec![(1.0, 1.0), (1.0, 1.0)].into(), vec![]).into();
    let rows = [None, Some(empty), Some(flat), Some(point), Some(rect(5.0, 5.0, 10.0, 10.0))];
    let layer = GeometryColumn::from_options(rows, Crs::CC46);
    assert_eq!(shares(&grid, &layer, OverlapRule::Dissolve), [0.0, 1.0, 0.0, 0.0]);
    let mut cells = CoveredCells::new(&grid, &layer).expect("cells");
    assert!((0..4).all(|row| cells.runs_of(row).is_empty()));
    assert_eq!(cells.runs_of(4), [CellRun { row: 0, columns: 1..2, share: 1.0 }]);
    let nothing = GeometryColumn::from_options([None, None], Crs::CC46);
    assert_eq!(shares(&grid, &nothing, OverlapRule::Sum), [0.0; 4]);
    let no_row = column([]);
    assert_eq!(shares(&grid, &no_row, OverlapRule::Dissolve), [0.0; 4]);
    let no_layer = Coverage::new(&grid, &[], CoverageOptions::default()).expect("no layer");
    assert_eq!(no_layer.map_bands(|band| band.layers().len()), [0]);
}

#[test]
fn what_does_not_suit_is_named() {
    let grid = grid(2, 2, 5.0);
    let sound = column([rect(0.0, 0.0, 1.0, 1.0)]);
    let error = |layer: &GeometryColumn| {
        Coverage::new(&grid, &[&sound, layer], CoverageOptions::default()).map(|_| ()).expect_err("an error")
    };
    let other = GeometryColumn::new([], Crs::LAMBERT_93);
    let mismatch = CoverageError::CrsMismatch { layer: 1, found: Crs::LAMBERT_93, grid: Crs::CC46 };
    assert_eq!(error(&other), mismatch);
    let points = GeometryColumn::points(vec![1.0], vec![1.0], Crs::CC46);
    let found = GeometryKind::Point;
    assert_eq!(error(&points), CoverageError::NotPolygons { layer: 1, row: 0, found });
    let infinite = column([rect(0.0, 0.0, 1.0, 1.0), rect(0.0, 0.0, f64::INFINITY, 1.0)]);
    assert_eq!(error(&infinite), CoverageError::NotFinite { layer: 1, row: 1 });
    let nan = column([Polygon::new(vec![(0.0, 0.0), (f64::NAN, 1.0), (1.0, 1.0)].into(), vec![]).into()]);
    assert_eq!(error(&nan), CoverageError::NotFinite { layer: 1, row: 0 });
    assert!(CoveredCells::new(&grid, &points).is_err());
}

#[test]
fn enormous_polygons_are_clipped() {
    let grid = grid(7, 5, 5.0);
    for size in [1e3, 1e9, 1e15, 1e100] {
        let all = column([rect(-size, -size, size, size)]);
        assert_eq!(shares(&grid, &all, OverlapRule::Dissolve), vec![1.0; 35]);
        let mut cells = CoveredCells::new(&grid, &all).expect("cells");
        let runs: Vec<CellRun> = (0..5).map(|row| CellRun { row, columns: 0..7, share: 1.0 }).collect();
        assert_eq!(cells.runs_of(0), runs);
        let east = column([rect(12.5, -size, size, size)]);
        let expected: Vec<f64> = (0..35).map(|cell| [0.0, 0.0, 0.5, 1.0, 1.0, 1.0, 1.0][cell % 7]).collect();
        assert_eq!(shares(&grid, &east, OverlapRule::Dissolve), expected);
        let south = column([rect(-size, -size, size, 12.5)]);
        let expected: Vec<f64> = (0..35).map(|cell| [0.0, 0.0, 0.5, 1.0, 1.0][cell / 7]).collect();
        assert_eq!(shares(&grid, &south, OverlapRule::Dissolve), expected);
        let away = column([rect(size, size, 2.0 * size, 2.0 * size)]);
        assert_eq!(shares(&grid, &away, OverlapRule::Dissolve), vec![0.0; 35]);
    }
    // Numbers whose differences overflow: no answer is promised, but one comes.
    let most = column([rect(f64::MIN, f64::MIN, f64::MAX, f64::MAX)]);
    assert_eq!(shares(&grid, &most, OverlapRule::Dissolve).len(), 35);
}

/// The whole and its halves in x and y.
fn quarters(fine: &Grid, found: &[f64], columns: usize, rows: usize) -> Vec<f64> {
    let mut sums = vec![0.0; columns * rows];
    for (cell, share) in found.iter().enumerate() {
        let (column, row) = fine.position(cell);
        sums[row / 2 * columns + column / 2] += 0.25 * share;
    }
    sums
}

fn shapes(polygons: &[Polygon]) -> GeometryColumn {
    column(polygons.iter().cloned().map(Geometry::from))
}

fn union_of(polygons: &[Polygon]) -> MultiPolygon {
    polygons
        .iter()
        .fold(MultiPolygon(vec![]), |union, polygon| union.union(&MultiPolygon(vec![polygon.clone()])))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn dissolved_shares_are_those_of_the_union(polygons in stars(1..8, -5.0..45.0, 0.5..20.0)) {
        let grid = grid(8, 7, 5.0);
        let found = shares(&grid, &shapes(&polygons), OverlapRule::Dissolve);
        // The oracle works on a grid of 2⁻³⁰ of the extent or so.
        close(&found, &overlaid(&grid, &[union_of(&polygons)]), 1e-6);
        prop_assert!(found.iter().all(|share| (0.0..=1.0).contains(share)));
        let summed = shares(&grid, &shapes(&polygons), OverlapRule::Sum);
        let each: Vec<_> = polygons.iter().map(|polygon| MultiPolygon(vec![polygon.clone()])).collect();
        close(&summed, &overlaid(&grid, &each), 1e-6);
    }

    #[test]
    fn many_small_ones_in_few_cells(polygons in stars(1..20, 0.0..10.0, 0.1..2.0)) {
        let grid = grid(2, 2, 5.0);
        let found = shares(&grid, &shapes(&polygons), OverlapRule::Dissolve);
        close(&found, &overlaid(&grid, &[union_of(&polygons)]), 1e-6);
    }

    #[test]
    fn areas_add_up(polygons in stars(1..30, 30.0..70.0, 0.1..25.0), cell in 0.7..30.0_f64, west in -9.0..0.0_f64) {
        let grid = Grid::new([west, 110.0], [cell, 0.7 * cell], (120.0 / cell) as usize + 2, (180.0 / cell) as usize + 2, Crs::CC46).expect("a grid");
        let found = shares(&grid, &shapes(&polygons), OverlapRule::Sum).iter().sum::<f64>() * grid.cell_area();
        let area: f64 = polygons.iter().map(|polygon| polygon.unsigned_area()).sum();
        prop_assert!((found - area).abs() <= 1e-11 * area, "{} {}", found, area);
    }

    #[test]
    fn bands_and_order_change_nothing(polygons in stars(1..12, -5.0..45.0, 0.2..20.0), band in 1..9_usize) {
        let grid = grid(40, 37, 1.0);
        let layer = shapes(&polygons);
        let whole = shares(&grid, &layer, OverlapRule::Dissolve);
        let options = CoverageOptions::default().with_band_rows(band);
        prop_assert_eq!(&coverage(&grid, &layer, options).expect("shares"), &whole);
        let coverage = Coverage::new(&grid, &[&layer], options).expect("shares");
        let joined: Vec<f64> = coverage.bands().flat_map(|band| band.shares(0).to_vec()).collect();
        prop_assert_eq!(&joined, &whole);
        let reversed: Vec<Polygon> = polygons.iter().rev().cloned().collect();
        close(&shares(&grid, &shapes(&reversed), OverlapRule::Dissolve), &whole, 1e-12);
    }

    #[test]
    fn four_quarters_make_a_cell(polygons in stars(1..6, -5.0..45.0, 0.2..20.0)) {
        let (coarse, fine) = (grid(8, 8, 5.0), grid(16, 16, 2.5));
        let layer = shapes(&polygons);
        for rule in [OverlapRule::Dissolve, OverlapRule::Sum] {
            close(&quarters(&fine, &shares(&fine, &layer, rule), 8, 8), &shares(&coarse, &layer, rule), 1e-12);
        }
    }

    #[test]
    fn cells_of_polygons_are_their_coverage(polygons in stars(1..6, -15.0..55.0, 0.2..30.0)) {
        let grid = grid(40, 40, 1.0);
        let layer = shapes(&polygons);
        let mut cells = CoveredCells::new(&grid, &layer).expect("cells");
        let mut sums = vec![0.0; grid.len()];
        for row in 0..layer.len() {
            let mut before = (0, 0);
            cells.cells_of(row, |run| {
                assert!(run.share > 0.0 && run.share <= 1.0 && !run.columns.is_empty());
                assert!((run.row, run.columns.start) >= before);
                before = (run.row, run.columns.end);
                for column in run.columns.clone() {
                    sums[grid.index(column, run.row)] += run.share;
                }
            });
        }
        close(&shares(&grid, &layer, OverlapRule::Sum), &sums, 1e-13);
    }

    #[test]
    fn holes_are_not_covered(outer in prop::collection::vec(10.0..30.0_f64, 3..9), inner in prop::collection::vec(0.5..4.0_f64, 3..9)) {
        let grid = grid(12, 12, 3.0);
        let (hull, hole) = (star(18.0, 18.0, &outer), star(18.0, 18.0, &inner));
        prop_assume!(hull.difference(&hole).unsigned_area() > hull.unsigned_area() - hole.unsigned_area() - 1e-9);
        let (solid, filled) = (shapes(std::slice::from_ref(&hull)), shapes(std::slice::from_ref(&hole)));
        prop_assume!(hole.intersection(&hull).unsigned_area() > hole.unsigned_area() - 1e-9);
        let ring = shapes(&[Polygon::new(hull.exterior().clone(), vec![hole.exterior().clone()])]);
        let rule = OverlapRule::Dissolve;
        let sums: Vec<f64> = shares(&grid, &ring, rule).iter().zip(shares(&grid, &filled, rule)).map(|(a, b)| a + b).collect();
        close(&sums, &shares(&grid, &solid, rule), 1e-12);
    }
}
