//! Layers of unusual size and shape: no panic, and areas that add up.
use super::*;
use crate::{Metric, area};

/// Covered ground by both rules.
fn covered(grid: &Grid, layer: &GeometryColumn) -> [f64; 2] {
    [OverlapRule::Sum, OverlapRule::Dissolve]
        .map(|rule| shares(grid, layer, rule).iter().sum::<f64>() * grid.cell_area())
}

fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance * expected.abs(), "{found} instead of {expected}");
}

/// Squares side by side with gaps, so many along and across, one in each square of `pitch` from the origin.
fn squares(count: usize, pitch: f64, side: f64) -> impl Iterator<Item = Geometry> {
    let at = move |k: usize| pitch * k as f64 + 0.2 * pitch;
    (0..count * count).map(move |k| {
        let (x, y) = (at(k % count), at(k / count));
        rect(x, y, x + side, y + side)
    })
}

#[test]
fn a_polygon_of_a_million_vertices() {
    const VERTICES: usize = 1_000_000;
    let radius = |k: usize| 900.0 + 80.0 * ((k % 1_000) as f64 / 500.0 - 1.0).abs() + (k % 7) as f64 * 0.002;
    let radii: Vec<f64> = (0..VERTICES).map(radius).collect();
    let layer = column([star(1_000.0, 1_000.0, &radii).into()]);
    let expected = area(&layer, Metric::Planar).expect("areas")[0];
    // Some tens of vertices in a cell, thousands of them, all of them.
    for (cells, size) in [(400, 5.0), (20, 100.0), (1, 2_000.0)] {
        let grid = grid(cells, cells, size);
        covered(&grid, &layer).iter().for_each(|found| near(*found, expected, 1e-11));
        let mut sum = 0.0;
        let mut cells = CoveredCells::new(&grid, &layer).expect("cells");
        cells.cells_of(0, |run| sum += run.share * run.columns.len() as f64);
        near(sum * grid.cell_area(), expected, 1e-11);
    }
}

#[test]
fn an_enormous_polygon_among_many_tiny_ones() {
    let enormous = star(500.0, 500.0, &[2e6, 480.0, 490.0, 1e4, 470.0, 480.0, 450.0]);
    let layer = column(std::iter::once(enormous.into()).chain(squares(140, 7.0, 1.5)));
    let grid = grid(200, 200, 5.0);
    let (first, others) = (layer.take(&[0]), layer.take(&(1..layer.len()).collect::<Vec<_>>()));
    let [alone, _] = covered(&grid, &first);
    let [tiny, _] = covered(&grid, &others);
    near(tiny, 140.0 * 140.0 * 1.5 * 1.5, 1e-12);
    let [sum, dissolved] = covered(&grid, &layer);
    near(sum, alone + tiny, 1e-12);
    // What of the tiny ones is outside of the enormous one, by `geo`.
    let outside: f64 = others
        .iter()
        .flatten()
        .filter_map(|shape| Polygon::try_from(shape).ok())
        .map(|square| {
            square
                .difference(&star(500.0, 500.0, &[2e6, 480.0, 490.0, 1e4, 470.0, 480.0, 450.0]))
                .unsigned_area()
        })
        .sum();
    assert!(outside > 1_000.0, "{outside}");
    near(dissolved, alone + outside, 1e-6);
}

#[test]
fn a_million_small_polygons() {
    let layer = column(squares(1_000, 1.0, 0.5));
    // A quarter of each cell, whether it holds a part of a square, some or ten thousand.
    for (cells, size) in [(500, 2.0), (200, 5.0), (10, 100.0)] {
        let grid = grid(cells, cells, size);
        for rule in [OverlapRule::Sum, OverlapRule::Dissolve] {
            let found = shares(&grid, &layer, rule);
            assert!(found.iter().all(|share| (share - 0.25).abs() < 1e-11), "{size} {rule:?}");
        }
    }
    let grid = grid(2_000, 2_000, 0.5);
    covered(&grid, &layer).iter().for_each(|found| near(*found, 250_000.0, 1e-10));
}

#[test]
fn cells_much_smaller_than_a_polygon() {
    let shape = star(5.0, 5.0, &[4.9, 3.0, 4.5, 2.0, 4.0]);
    let expected = shape.unsigned_area();
    let grid = grid(2_000, 2_000, 0.005);
    covered(&grid, &column([shape.into()])).iter().for_each(|found| near(*found, expected, 1e-11));
}

#[test]
fn many_overlapping_polygons_in_one_cell() {
    let radii = [2.0, 1.0, 3.0, 1.5, 2.5];
    let spread = |k: usize, factor: usize| (k * factor % 997) as f64 / 997.0 * 36.0 + 2.0;
    let layer: Vec<Polygon> = (0..600).map(|k| star(spread(k, 7), spread(k, 131), &radii)).collect();
    let layer = shapes(&layer);
    let fine = covered(&grid(80, 80, 0.5), &layer);
    for (cells, size) in [(1, 40.0), (2, 20.0), (8, 5.0)] {
        let coarse = covered(&grid(cells, cells, size), &layer);
        near(coarse[0], fine[0], 1e-12);
        near(coarse[1], fine[1], 1e-12);
    }
    assert!(fine[1] < 0.95 * 1_600.0 && fine[1] < 0.5 * fine[0], "{fine:?}");
}

/// Numbers of a lattice, of any size.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        6 => (-2..12_i32).prop_map(f64::from),
        3 => -5.0..15.0_f64,
        1 => prop::sample::select(vec![1e15, -1e15, 1e100, 1e300, -1e300, f64::MAX, f64::MIN, f64::MIN_POSITIVE, 1e-300]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_finite_numbers_make_a_panic(
        rings in prop::collection::vec(prop::collection::vec((number(), number()), 0..8), 1..4),
        cell in prop::sample::select(vec![1e-3, 1.0, 3.0, 10.0, 1e6]),
    ) {
        let parts = rings.into_iter().map(|ring| Polygon::new(ring.into(), vec![])).collect();
        let layer = column([MultiPolygon(parts).into()]);
        let side = ((10.0 / cell) as usize).clamp(1, 30);
        for rule in [OverlapRule::Sum, OverlapRule::Dissolve] {
            let found = shares(&grid(side, side, cell), &layer, rule);
            prop_assert!(found.iter().all(|share| (0.0..=1.0 + 1e-9).contains(share)), "{:?}", found);
        }
    }
}
