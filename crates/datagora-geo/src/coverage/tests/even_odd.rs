//! Rows that are not valid: the even–odd rule, everywhere.
use super::*;
use crate::{AreaRule, RepairOptions, repair, repair_with};

fn ring(points: &[(f64, f64)]) -> LineString {
    points.to_vec().into()
}

fn square(x: f64, y: f64, side: f64) -> LineString {
    ring(&[(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)])
}

/// The area a row covers, by both rules and seen from the polygon.
fn areas(grid: &Grid, shape: Geometry) -> [f64; 3] {
    let layer = column([shape]);
    let total = |rule| shares(grid, &layer, rule).iter().sum::<f64>() * grid.cell_area();
    let mut cells = CoveredCells::new(grid, &layer).expect("cells");
    let mut area = 0.0;
    cells.cells_of(0, |run| area += run.share * run.columns.len() as f64 * grid.cell_area());
    [total(OverlapRule::Sum), total(OverlapRule::Dissolve), area]
}

#[test]
fn both_halves_of_a_figure_eight_are_covered_whatever_the_cells() {
    // Halves of 8 and 2 m², wound against each other, that meet at a vertex or not.
    let crossing = ring(&[(1.0, 1.0), (7.0, 7.0), (7.0, 5.0), (1.0, 5.0)]);
    let vertex = ring(&[(1.0, 1.0), (5.0, 5.0), (7.0, 7.0), (7.0, 5.0), (5.0, 5.0), (1.0, 5.0)]);
    for eight in [crossing, vertex] {
        for cell in [10.0, 5.0, 1.0, 0.7, 0.1] {
            let side = (10.0_f64 / cell).ceil() as usize;
            let found = areas(&grid(side, side, cell), Polygon::new(eight.clone(), vec![]).into());
            assert!(found.iter().all(|area| (area - 10.0).abs() < 1e-12), "{cell}: {found:?}");
        }
    }
    // Two halves of equal size: the sums of their edges cancel out.
    let bow_tie = Polygon::new(ring(&[(1.0, 1.0), (4.0, 4.0), (4.0, 1.0), (1.0, 4.0)]), vec![]);
    for cell in [10.0, 5.0, 1.0, 0.5] {
        let side = (10.0 / cell) as usize;
        let found = areas(&grid(side, side, cell), bow_tie.clone().into());
        assert!(found.iter().all(|area| (area - 4.5).abs() < 1e-12), "{cell}: {found:?}");
    }
}

#[test]
fn ground_gone_round_twice_is_not_covered() {
    let point = |k: usize| {
        let angle = (k * 2 % 5) as f64 / 5.0 * std::f64::consts::TAU;
        (5.0 + 4.0 * angle.cos(), 5.0 + 4.0 * angle.sin())
    };
    let pentagram = ring(&(0..5).map(point).collect::<Vec<_>>());
    let (mended, _) = repair(&column([Polygon::new(pentagram.clone(), vec![]).into()]));
    let expected = mended.get(0).expect("a row").unsigned_area();
    let twice = LineString([&square(1.0, 1.0, 3.0).0[..], &square(1.0, 1.0, 3.0).0[1..]].concat());
    for cell in [10.0, 2.5, 0.3] {
        let side = (10.0_f64 / cell).ceil() as usize;
        let grid = grid(side, side, cell);
        let found = areas(&grid, Polygon::new(pentagram.clone(), vec![]).into());
        assert!(found.iter().all(|area| (area - expected).abs() < 1e-7), "{cell}: {found:?}, not {expected}");
        assert_eq!(areas(&grid, Polygon::new(twice.clone(), vec![]).into()), [0.0; 3], "{cell}");
    }
}

#[test]
fn holes_and_parts_that_are_out_of_place() {
    let with_hole = |hole| Polygon::new(square(0.0, 0.0, 6.0), vec![hole]);
    let parts = |parts: [LineString; 2]| MultiPolygon(parts.map(|ring| Polygon::new(ring, vec![])).into());
    let outside = with_hole(square(7.0, 7.0, 2.0));
    let across = with_hole(square(4.0, 4.0, 4.0));
    let nested = Polygon::new(square(0.0, 0.0, 6.0), vec![square(1.0, 1.0, 4.0), square(2.0, 2.0, 2.0)]);
    let overlapping = parts([square(0.0, 0.0, 6.0), square(4.0, 4.0, 4.0)]);
    let side_by_side = parts([square(0.0, 0.0, 6.0), square(6.0, 0.0, 3.0)]);
    let cases: [(Geometry, f64); 5] = [
        (outside.into(), 40.0),
        (across.into(), 36.0 + 16.0 - 8.0),
        (nested.into(), 36.0 - 16.0 + 4.0),
        (overlapping.clone().into(), 36.0 + 16.0 - 8.0),
        (side_by_side.into(), 45.0),
    ];
    for (shape, expected) in cases {
        for cell in [10.0, 5.0, 1.0, 0.3] {
            let side = (10.0_f64 / cell).ceil() as usize;
            let found = areas(&grid(side, side, cell), shape.clone());
            assert!(
                found.iter().all(|area| (area - expected).abs() < 1e-11),
                "{cell}: {found:?}, not {expected}"
            );
        }
    }
    // Another rule is asked for by repairing.
    let options = RepairOptions::default().with_rule(AreaRule::Union);
    let (mended, _) = repair_with(&column([overlapping.into()]), &options);
    let found = areas(&grid(5, 5, 2.0), mended.get(0).expect("a row"));
    assert!(found.iter().all(|area| (area - 48.0).abs() < 1e-7), "{found:?}");
}

/// One of them only touches a cell that is contested between the others; whether it is cut once more depends on
/// what else is in the band.
#[test]
fn a_polygon_that_touches_a_contested_cell_changes_no_bit_of_it() {
    let ring = |corners: &[(f64, f64)]| -> LineString { corners.iter().copied().collect() };
    let polygons = [
        Polygon::new(
            ring(&[(-4.440079198549452, 5.447159443861165), (0.0, 42.48641077131658), (0.0, 0.0)]),
            vec![ring(&[(0.0, 33.5331619080563), (0.0, 24.672760815823555), (27.265430428050987, 0.0)])],
        ),
        Polygon::new(
            ring(&[
                (0.0, 38.38699349185401),
                (5.173848683846919, 13.580033859110161),
                (0.0, 0.9112919783811777),
                (0.0, 0.0),
            ]),
            vec![],
        ),
        Polygon::new(
            ring(&[(0.0, 0.0), (11.979242711581048, 26.660815287455932), (30.189250974995907, 0.0)]),
            vec![ring(&[
                (44.674385419871996, 19.626477592282153),
                (18.90258899655878, -2.30017080400615),
                (-2.3365198705405237, 3.1541226767676918),
            ])],
        ),
    ];
    let grid = grid(20, 20, 2.0);
    let layer = shapes(&polygons);
    let whole = shares(&grid, &layer, OverlapRule::Dissolve);
    for band in 1..20 {
        let options = CoverageOptions::default().with_overlaps(OverlapRule::Dissolve).with_band_rows(band);
        assert_eq!(coverage(&grid, &layer, options).expect("shares"), whole, "bands of {band}");
    }
}

/// Rings that may cross themselves.
fn tangles(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Polygon>> {
    let ring = |corners| prop::collection::vec((-5.0..45.0_f64, -5.0..45.0_f64), corners);
    let one = (ring(3..9), prop::collection::vec(ring(3..5), 0..2), any::<bool>());
    let one = one.prop_map(|(exterior, holes, whole)| {
        let line = |ring: Vec<(f64, f64)>| -> LineString {
            ring.into_iter().map(|(x, y)| if whole { (x.round(), y.round()) } else { (x, y) }).collect()
        };
        Polygon::new(line(exterior), holes.into_iter().map(line).collect())
    });
    prop::collection::vec(one, count)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn rows_count_as_repair_mends_them(polygons in tangles(1..4), cell in prop::sample::select(vec![40.0, 8.0, 2.5, 1.0])) {
        let side = (40.0_f64 / cell) as usize;
        let grid = grid(side, side, cell);
        let layer = shapes(&polygons);
        let (mended, _) = repair(&layer);
        for rule in [OverlapRule::Sum, OverlapRule::Dissolve] {
            // Repair rounds to 2⁻³⁰ of the extent.
            close(&shares(&grid, &layer, rule), &shares(&grid, &mended, rule), 2e-6 / cell);
        }
        let row = MultiPolygon(polygons);
        let layer = column([row.into()]);
        let (mended, _) = repair(&layer);
        close(&shares(&grid, &layer, OverlapRule::Sum), &shares(&grid, &mended, OverlapRule::Sum), 2e-6 / cell);
    }

    #[test]
    fn four_quarters_make_a_cell_of_any_row(polygons in tangles(1..5)) {
        let (coarse, fine) = (grid(8, 8, 5.0), grid(16, 16, 2.5));
        let layer = shapes(&polygons);
        for rule in [OverlapRule::Dissolve, OverlapRule::Sum] {
            close(&quarters(&fine, &shares(&fine, &layer, rule), 8, 8), &shares(&coarse, &layer, rule), 1e-12);
        }
    }

    #[test]
    fn bands_and_cells_of_polygons_agree_for_any_row(polygons in tangles(1..5), band in 1..9_usize) {
        let grid = grid(20, 20, 2.0);
        let layer = shapes(&polygons);
        for rule in [OverlapRule::Dissolve, OverlapRule::Sum] {
            let options = CoverageOptions::default().with_overlaps(rule);
            let whole = coverage(&grid, &layer, options).expect("shares");
            prop_assert_eq!(&coverage(&grid, &layer, options.with_band_rows(band)).expect("shares"), &whole);
        }
        let mut cells = CoveredCells::new(&grid, &layer).expect("cells");
        let mut sums = vec![0.0; grid.len()];
        for row in 0..layer.len() {
            cells.cells_of(row, |run| {
                assert!(run.share > 0.0 && run.share <= 1.0 && !run.columns.is_empty());
                run.columns.clone().for_each(|column| sums[grid.index(column, run.row)] += run.share);
            });
        }
        close(&shares(&grid, &layer, OverlapRule::Sum), &sums, 1e-13);
    }
}
