use proptest::prelude::*;

use super::*;
use crate::types::{Rect, coord};
use crate::{Metric, area};

/// Made by `tests/golden/h3_cells.py` with h3 4.5.0.
const GOLDEN: &str = include_str!("../../tests/golden/h3_cells.csv");

fn resolution(level: u8) -> Resolution {
    Resolution::new(level).unwrap()
}

fn by_h3o(x: f64, y: f64, level: u8) -> H3Cell {
    h3o::LatLng::new(y, x).unwrap().to_cell(resolution(level).h3o()).into()
}

/// Every point against `h3o`; how many there were.
fn compare(x: Vec<f64>, y: Vec<f64>, level: u8) -> usize {
    let points = GeometryColumn::points(x, y, Crs::WGS84);
    let cells = h3_cells(&points, resolution(level)).unwrap();
    let (x, y) = points.as_points().unwrap();
    for (k, cell) in cells.iter().enumerate() {
        let expected = by_h3o(x[k], y[k], level);
        assert_eq!(*cell, Some(expected), "({:?}, {:?}) at {level}", x[k], y[k]);
    }
    cells.len()
}

/// Numbers from 0 to 1 that anybody gets again: Steele, Lea and Flood's SplitMix64.
fn numbers(mut state: u64) -> impl FnMut() -> f64 {
    move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// Regions of every size around places of every kind, with every resolution; how many points there were.
fn compare_regions(regions: usize, points: usize, seed: u64) -> usize {
    let mut next = numbers(seed);
    let pentagons: Vec<H3Cell> =
        h3o::CellIndex::base_cells().filter(|cell| cell.is_pentagon()).map(H3Cell::from).collect();
    let mut count = 0;
    for region in 0..regions {
        let level = (next() * 16.0) as u8;
        let (x, y) = match region % 4 {
            // Anywhere
            0 => (360.0 * next() - 180.0, (2.0 * next() - 1.0).asin().to_degrees()),
            // A pentagon, which is also the corner of five faces
            1 => pentagons[(next() * 12.0) as usize].centre(),
            // The middle between the centres of two neighbouring faces: on their border
            2 => {
                let a = icosahedron::CENTRES[(next() * 20.0) as usize];
                let near = |b: &&[f64; 3]| (0.5..0.9).contains(&(a[0] * b[0] + a[1] * b[1] + a[2] * b[2]));
                let others: Vec<&[f64; 3]> = icosahedron::CENTRES.iter().filter(near).collect();
                let b = others[(next() * others.len() as f64) as usize];
                (
                    (a[1] + b[1]).atan2(a[0] + b[0]).to_degrees(),
                    ((a[2] + b[2]) / (2.0 * 0.9342)).clamp(-1.0, 1.0).asin().to_degrees(),
                )
            }
            // The centre of a face
            _ => {
                let [x, y, z] = icosahedron::CENTRES[(next() * 20.0) as usize];
                (y.atan2(x).to_degrees(), z.asin().to_degrees())
            }
        };
        let size = 10f64.powf(1.3 - 7.0 * next());
        let around =
            |centre: f64, limit: f64, share: f64| (centre + size * (share - 0.5)).clamp(-limit, limit);
        let (x, y) = (0..points).map(|_| (around(x, 180.0, next()), around(y, 90.0, next()))).unzip();
        count += compare(x, y, level);
    }
    count
}

#[test]
fn every_point_has_the_cell_that_h3o_gives() {
    assert_eq!(compare_regions(400, 2_500, 1), 1_000_000);
}

/// `cargo test --release -p datagora-geo --features h3,parallel --lib h3 -- --ignored`
#[test]
#[ignore = "minutes; the quick version is above"]
fn every_one_of_fifty_million_points_has_the_cell_that_h3o_gives() {
    assert_eq!(compare_regions(5_000, 10_000, 2), 50_000_000);
}

#[test]
fn corners_and_borders_of_cells_are_left_to_h3o() {
    let mut next = numbers(3);
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for level in [5, 9, 12] {
        for _ in 0..300 {
            let cell = by_h3o(4.7 + 0.3 * next(), 45.6 + 0.3 * next(), level);
            let ring = cell.outline();
            for (a, b) in ring.exterior().0.iter().zip(&ring.exterior().0[1..]) {
                let share = next();
                x.extend([a.x, a.x + share * (b.x - a.x)]);
                y.extend([a.y, a.y + share * (b.y - a.y)]);
            }
        }
        compare(x.clone(), y.clone(), level);
    }
}

#[test]
fn a_city_is_looked_up_in_tables() {
    let mut next = numbers(4);
    for level in [0, 7, 9, 10, 11] {
        let (x, y) = (0..100_000).map(|_| (4.6 + 0.5 * next(), 45.5 + 0.4 * next())).unzip();
        compare(x, y, level);
    }
}

#[test]
fn agrees_with_the_reference_implementation() {
    let rows: Vec<Vec<&str>> = GOLDEN.lines().skip(2).map(|line| line.split(',').collect()).collect();
    assert!(rows.len() > 90);
    for row in rows {
        let number = |k: usize| row[k].parse::<f64>().unwrap();
        let level = resolution(row[2].parse().unwrap());
        let point = GeometryColumn::points(vec![number(0)], vec![number(1)], Crs::WGS84);
        let cell = h3_cells(&point, level).unwrap()[0].unwrap();
        assert_eq!(cell.to_string(), row[3]);
        assert_eq!(cell.resolution(), level);
        assert_eq!(cell.parent(resolution(level.get() - 1)).unwrap().to_string(), row[4]);
        let centre = cell.centre();
        assert!((centre.0 - number(5)).abs() < 2e-9 && (centre.1 - number(6)).abs() < 2e-9);
        assert_eq!(cell.h3o().boundary().len(), row[7].parse::<usize>().unwrap());
        let disk = cell.disk(2);
        assert_eq!(disk.len(), row[8].parse::<usize>().unwrap());
        let digest = disk.iter().fold(0, |digest, cell| digest ^ cell.to_bits());
        assert_eq!(format!("{digest:x}"), row[9]);
        assert_eq!(cell.ring(2).len() + cell.disk(1).len(), disk.len());
        assert!(cell.children(level).eq([cell]));
    }
}

#[test]
fn names_are_read_strictly() {
    let cell: H3Cell = "891f9020933ffff".parse().unwrap();
    assert_eq!(H3Cell::from_bits(cell.to_bits()), Ok(cell));
    for wrong in
        ["", "8", "+891f9020933ffff", "891f90ae03bfffg", "ffffffffffffffff", "é", "891f9020933ffff0000000"]
    {
        let refused = wrong.parse::<H3Cell>().unwrap_err();
        assert_eq!(refused, H3Error::Cell { found: wrong.to_owned() });
    }
    assert_eq!(size_of::<Option<H3Cell>>(), 8);
    assert_eq!(cell.parent(resolution(10)), None);
}

#[test]
fn what_is_no_point_of_the_earth_is_named() {
    let level = resolution(9);
    let projected = GeometryColumn::points(vec![842_622.6], vec![6_519_479.0], Crs::LAMBERT_93);
    assert_eq!(h3_cells(&projected, level), Err(H3Error::NotGeographic { found: Crs::LAMBERT_93 }));
    let mut x = vec![4.85; 100_000];
    let y = vec![45.75; 100_000];
    (x[3], x[99_000], x[70_000]) = (f64::NAN, f64::INFINITY, 842_622.6);
    let points = GeometryColumn::points(x.clone(), y.clone(), Crs::WGS84);
    assert_eq!(h3_cells(&points, level), Err(H3Error::OutsideDomain { row: 70_000, x: 842_622.6, y: 45.75 }));
    (x[99_000], x[70_000]) = (4.85, 4.85);
    let cells = h3_cells(&GeometryColumn::points(x, y, Crs::WGS84), level).unwrap();
    assert_eq!(cells.iter().filter(|cell| cell.is_none()).count(), 1);
    let square = Rect::new(coord! { x: 0., y: 0. }, coord! { x: 1., y: 1. });
    let refused = h3_cells(&GeometryColumn::new([square.into()], Crs::WGS84), level).unwrap_err();
    assert_eq!(refused.to_string(), "row 0 is a Polygon; points are needed");
    let refused =
        h3_cover(&GeometryColumn::points(vec![4.8], vec![45.7], Crs::WGS84), level, CellRule::Centre);
    assert!(matches!(refused, Err(H3Error::Kind { found: GeometryKind::Point, .. })));
    assert_eq!(h3_cells(&GeometryColumn::new([], Crs::WGS84), level), Ok(vec![]));
}

#[test]
fn outlines_go_on_across_the_date_line_and_along_the_pole() {
    let cells = [(179.999, 52.0, 4), (0.0, 90.0, 3), (10.0, -90.0, 2), (4.83, 45.76, 9)]
        .map(|(x, y, level)| Some(by_h3o(x, y, level)));
    let outlines = h3_polygons(&cells);
    for row in 0..4 {
        let bounds = outlines.row_bounds(row).unwrap();
        let whole = (bounds.width() - 360.0).abs() < 1e-9;
        assert_eq!(whole, row == 1 || row == 2, "{bounds:?}");
        assert!(whole || bounds.width() < 5.0);
        // Cells of a resolution differ by a factor of 2 at most.
        let levels = [4, 3, 2, 9];
        let mean = 510_065_600.0 / (2.0 + 120.0 * 7f64.powi(levels[row]));
        if !whole {
            let km2 = area(&outlines.take(&[row]), Metric::Geodesic).unwrap()[0] / 1e6;
            assert!((0.5..2.0).contains(&(km2 / mean)), "{km2} {mean}");
        }
    }
}

#[test]
fn polygons_are_filled() {
    let zone = Rect::new(coord! { x: 4.82, y: 45.74 }, coord! { x: 4.84, y: 45.77 });
    let zones = GeometryColumn::from_options([Some(zone.into()), None], Crs::WGS84);
    // h3 4.5.0: polygon_to_cells_experimental, contain = center, full, overlap.
    for (rule, count) in [(CellRule::Centre, 52), (CellRule::Within, 36), (CellRule::Covering, 70)] {
        let cover = h3_cover(&zones, resolution(9), rule).unwrap();
        assert_eq!((cover[0].len(), cover[1].len()), (count, 0), "{rule:?}");
    }
    let inner = h3_cover(&zones, resolution(9), CellRule::Centre).unwrap();
    let centres = h3_centres(&inner[0].iter().map(|cell| Some(*cell)).collect::<Vec<_>>());
    let (x, y) = centres.as_points().unwrap();
    assert!(x.iter().all(|x| (4.82..4.84).contains(x)) && y.iter().all(|y| (45.74..45.77).contains(y)));
}

proptest! {
    #[test]
    fn any_point_has_the_cell_that_h3o_gives(
        points in prop::collection::vec((-180.0..180.0f64, -90.0..90.0f64), 1..50), level in 0u8..16,
    ) {
        let (x, y) = points.into_iter().unzip();
        compare(x, y, level);
    }
}
