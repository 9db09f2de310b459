use std::collections::BTreeMap;

use datagora_core::Crs;
use datagora_geo::types::{Rect, coord};
use datagora_geo::{Band, Grid, Raster, Transform};

use super::decoded;
use crate::tiles::pyramid::HALF;
use crate::tiles::{CellAggregate, GridLayer, TileArchive, TileSet};

const SIDE: usize = 120;

/// Classes 1 to 5 in patches, with holes.
fn scores(side: usize) -> Vec<u8> {
    let class = |cell: usize| {
        let (row, column) = (cell / side, cell % side);
        let wave =
            (row as f64 / 7.0).sin() + (column as f64 / 5.0).cos() + 0.3 * ((row * column) as f64).sin();
        ((wave + 2.3) * 1.3) as u8
    };
    (0..side * side).map(class).collect()
}

fn raster(values: Vec<u8>, crs: Crs, corner: [f64; 2], cell: f64) -> Raster {
    let side = (values.len() as f64).sqrt() as usize;
    let grid = Grid::new(corner, [cell, cell], side, side, crs).unwrap();
    Raster::new(grid, [Band::new(values).with_no_data(0)]).unwrap()
}

fn city() -> Raster {
    raster(scores(SIDE), Crs::CC46, [1_842_003.0, 5_175_001.0], 5.0)
}

fn build(layer: GridLayer<'_>) -> TileArchive {
    TileSet::new("test").with_grid(layer).build().unwrap()
}

/// Whether a point, in units of a tile, lies in the rings of a feature.
fn holds(parts: &[Vec<[i32; 2]>], x: f64, y: f64) -> bool {
    let crosses = |a: [i32; 2], b: [i32; 2]| {
        let ([ax, ay], [bx, by]) = (a.map(f64::from), b.map(f64::from));
        (ay > y) != (by > y) && x < ax + (y - ay) / (by - ay) * (bx - ax)
    };
    let edges = parts.iter().flat_map(|ring| (0..ring.len()).map(|k| (ring[k], ring[(k + 1) % ring.len()])));
    edges.filter(|&(a, b)| crosses(a, b)).count() % 2 == 1
}

/// For points all over a raster: the class that the tiles of a zoom say, and that of the raster.
fn compare(archive: &TileArchive, raster: &Raster, zoom: u8, mut see: impl FnMut(Option<f64>, usize)) {
    let grid = raster.grid();
    let to_mercator = Transform::between(grid.crs(), &Crs::WEB_MERCATOR).unwrap();
    let tiles: BTreeMap<(u32, u32), _> =
        decoded(archive, zoom).into_iter().map(|(tile, layers)| (tile.place(), layers)).collect();
    for cell in 0..grid.len() {
        let centre = grid.cell_centre(cell);
        let (x, y) = to_mercator.convert(&[centre.x], &[centre.y]).unwrap();
        let units = 4096.0 * f64::from(1u32 << zoom) / (2.0 * HALF);
        let (x, y) = ((x[0] + HALF) * units, (HALF - y[0]) * units);
        let place = ((x / 4096.0) as u32, (y / 4096.0) as u32);
        let (x, y) = (x - f64::from(place.0) * 4096.0, y - f64::from(place.1) * 4096.0);
        let of_tile = tiles.get(&place).map_or(&[][..], |layers| &layers[0].features);
        let mut found = of_tile.iter().filter(|feature| holds(&feature.parts, x, y));
        let class = found.next().map(|feature| feature.number("class").unwrap());
        assert!(found.next().is_none(), "no two cells at one place");
        see(class, cell);
    }
}

#[test]
fn the_highest_zoom_has_the_cells_themselves() {
    let raster = city();
    let archive = build(GridLayer::new("score", &raster).with_zooms(13..=16));
    let mut seen = 0;
    compare(&archive, &raster, 16, |class, cell| {
        assert_eq!(class, raster.bands()[0].value(cell), "cell {cell}");
        seen += usize::from(class.is_some());
    });
    assert!(seen > SIDE * SIDE / 2);
    // One feature per class and tile.
    for (_, layers) in decoded(&archive, 16) {
        let mut classes: Vec<f64> = layers[0].features.iter().map(|f| f.number("class").unwrap()).collect();
        let before = classes.len();
        classes.dedup();
        assert_eq!(classes.len(), before);
        assert!(classes.is_sorted());
    }
}

#[test]
fn blocks_are_of_the_majority() {
    let raster = city();
    let archive = build(GridLayer::new("score", &raster).with_zooms(12..=16));
    let said: Vec<(u8, u64)> = archive.thinning().iter().map(|said| (said.zoom, said.factor)).collect();
    assert_eq!(said, [(12, 8), (13, 4), (14, 2), (15, 1), (16, 1)]);
    for (zoom, factor) in [(14, 2), (13, 4), (12, 8)] {
        let value = |cell: usize| raster.bands()[0].value(cell);
        let mut drawn = 0;
        compare(&archive, &raster, zoom, |class, cell| {
            let (column, row) = (cell % SIDE / factor * factor, cell / SIDE / factor * factor);
            let block = (row..row + factor)
                .flat_map(|row| (column..column + factor).map(move |column| row * SIDE + column));
            let mut counts: BTreeMap<u64, usize> = BTreeMap::new();
            let mut present = 0;
            for value in block.filter_map(value) {
                *counts.entry(value as u64).or_default() += 1;
                present += 1;
            }
            let most = counts.iter().max_by_key(|(class, count)| (**count, std::cmp::Reverse(**class)));
            let expected = most.filter(|_| 2 * present >= factor * factor).map(|(class, _)| *class as f64);
            assert_eq!(class, expected, "zoom {zoom}, cell {cell}");
            drawn += u64::from(class.is_some());
        });
        let said = archive.thinning().iter().find(|said| said.zoom == zoom).unwrap();
        assert_eq!(said.drawn * (factor * factor) as u64, drawn);
    }
}

/// Sides that each of two features has, in opposite directions; and those that one has.
fn sides(archive: &TileArchive, zoom: u8) -> (usize, usize) {
    let mut counts = (0, 0);
    for (_, layers) in decoded(archive, zoom) {
        let mut edges: BTreeMap<([i32; 2], [i32; 2]), usize> = BTreeMap::new();
        for ring in layers[0].features.iter().flat_map(|feature| &feature.parts) {
            for k in 0..ring.len() {
                *edges.entry((ring[k], ring[(k + 1) % ring.len()])).or_default() += 1;
            }
        }
        assert!(edges.values().all(|&count| count == 1), "no side twice in one direction");
        let shared = edges.keys().filter(|(a, b)| edges.contains_key(&(*b, *a))).count();
        counts = (counts.0 + shared, counts.1 + edges.len() - shared);
    }
    counts
}

#[test]
fn neighbours_share_their_sides() {
    // Without missing cells only the outline belongs to one.
    let values: Vec<u8> = scores(SIDE).into_iter().map(|class| class.max(1)).collect();
    for crs in [Crs::CC46, Crs::LAMBERT_93] {
        let corner = if crs == Crs::CC46 { [1_842_003.0, 5_175_001.0] } else { [842_000.0, 6_519_700.0] };
        let raster = raster(values.clone(), crs, corner, 5.0);
        let archive = build(GridLayer::new("score", &raster).with_zooms(12..=16));
        let (shared, single) = sides(&archive, 13);
        assert!(shared > 10 * single, "{shared} {single}");
        // All area is there once: the union is the outline.
        for (_, layers) in decoded(&archive, 12) {
            let area: i64 = layers[0].features.iter().map(|feature| feature.doubled_area()).sum();
            let points = || layers[0].features.iter().flat_map(|feature| feature.parts.iter().flatten());
            assert!(area > 0 && points().count() > 10);
        }
    }
}

#[test]
fn means_weigh_cells_and_pass_over_missing_ones() {
    let grid = Grid::new([1_842_000.0, 5_175_000.0], [5.0, 5.0], 4, 2, Crs::CC46).unwrap();
    let values = vec![1.0, 2.0, f64::NAN, f64::NAN, 4.0, f64::NAN, f64::NAN, 9.0];
    let raster = Raster::new(grid, [Band::new(values)]).unwrap();
    let layer = GridLayer::new("heat", &raster)
        .with_zooms(14..=16)
        .with_aggregate(CellAggregate::MajorityAndMean { step: 0.1 });
    let archive = build(layer.clone());
    let found = decoded(&archive, 14);
    // The block to the east has a value in a quarter of its area only.
    let features = &found[0].1[0].features;
    assert_eq!(features.len(), 1);
    assert_eq!((features[0].number("class"), features[0].number("mean")), (Some(1.0), Some(2.3)));
    let all = build(layer.with_least_share(0.0));
    let found = decoded(&all, 14);
    assert_eq!(found[0].1[0].features.len(), 2);
    assert!(all.metadata_json().contains(r#""fields":{"class":"Number","mean":"Number"}"#));
}

#[test]
fn cells_have_attributes_at_the_highest_zoom_only() {
    let raster = raster(vec![3; 16], Crs::CC46, [1_842_000.0, 5_175_000.0], 5.0);
    let code =
        |cell: usize| (cell >= 2).then(|| if cell < 8 { "wall".to_owned() } else { "tree".to_owned() });
    let codes: Vec<Option<String>> = (0..16).map(code).collect();
    let archive = build(GridLayer::new("why", &raster).with_zooms(14..=16).with_attribute("code", codes));
    let top = decoded(&archive, 16);
    let features = &top[0].1[0].features;
    // Without code, wall, tree.
    assert_eq!(features.len(), 3);
    assert_eq!(features.iter().filter(|feature| feature.attributes.contains_key("code")).count(), 2);
    assert_eq!(decoded(&archive, 14)[0].1[0].features.len(), 1);
}

#[test]
fn an_edit_replaces_tiles() {
    let raster = city();
    let mut values = scores(SIDE);
    for row in 50..54 {
        values[row * SIDE + 60..row * SIDE + 70].fill(5);
    }
    let edited = super::cells::raster(values, Crs::CC46, [1_842_003.0, 5_175_001.0], 5.0);
    let (from, to) = (raster.grid().cell_rect(50 * SIDE + 60), raster.grid().cell_rect(53 * SIDE + 69));
    let rect =
        Rect::new(coord! { x: from.min().x, y: to.min().y }, coord! { x: to.max().x, y: from.max().y });
    let layer = |raster| GridLayer::new("score", raster).with_zooms(11..=17);
    let mut archive = build(layer(&raster));
    let set = TileSet::new("test").with_grid(layer(&edited));
    let replaced = set.update(&mut archive, rect, &Crs::CC46).unwrap();
    assert!(replaced < archive.len(), "{replaced} of {}", archive.len());
    let expected = set.build().unwrap();
    for tile in expected.tiles() {
        assert_eq!(archive.tile(tile).unwrap(), expected.tile(tile).unwrap(), "{tile}");
    }
    assert_eq!(archive.len(), expected.len());
}

#[test]
fn grids_in_degrees_weigh_rows_by_their_area() {
    let values: Vec<f64> = (0..64).map(f64::from).collect();
    let grid = Grid::new([4.0, 80.0], [5.0, 5.0], 8, 8, Crs::WGS84).unwrap();
    let raster = Raster::new(grid, [Band::new(values)]).unwrap();
    let layer = GridLayer::new("world", &raster)
        .with_zooms(0..=3)
        .with_aggregate(CellAggregate::Mean { step: 1e-6 })
        .with_cell_size(200.0)
        .with_factors([1, 8]);
    let archive = build(layer);
    let found = decoded(&archive, 0);
    let weight = |row: usize| (77.5 - 5.0 * row as f64).to_radians().cos();
    let (mut sum, mut whole) = (0.0, 0.0);
    for row in 0..8 {
        sum += weight(row) * (8.0 * row as f64 + 3.5);
        whole += weight(row);
    }
    let mean = found[0].1[0].features[0].number("mean").unwrap();
    assert!((mean - sum / whole).abs() < 1e-6, "{mean} {}", sum / whole);
}
